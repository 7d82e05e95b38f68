#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Boots a kernel with our tests and counts what they say.

qemu emulates (TCG): that works without KVM, and is slow. The tests' TAP comes
through the second serial port; the first is the kernel's and goes to a file.
"""

import argparse
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path

RESULT = re.compile(r'(not )?ok \d+(?: - (.*?))?(\s+# SKIP\b.*)?$', re.I)
NUMBERED = re.compile(r'(\d+)\|(.*)')  # a line of a file, see init
PLAN = re.compile(r'1\.\.(\d+)')
WIDTH = 400  # of what is shown; the log has all
COMMAND_LINE_SIZE = 2048  # of the kernel on x86
SOURCE = Path(__file__).resolve().parents[2]
PANIC = re.compile(r'Kernel panic|BUG: |Oops')
# A test that is to reset the machine prints this line before, and the kernel says
# the other one. Such a test is the last of its file.
RESET_EXPECTED = '# reset expected'
RESET = 'sysrq: Resetting'


class TestFile:
    """The TAP of one test file."""

    def __init__(self, name):
        self.name = name
        self.planned = None
        self.passed = self.failed = self.skipped = 0
        self.status = None
        self.reset_expected = False
        self.in_failure = False
        self.point = None  # the last one's place in the report
        self.begun = None  # when it began
        self.seconds = 0.0

    def take(self, line):
        self.seconds = time.monotonic() - self.begun
        if (found := PLAN.match(line)) and self.planned is None:
            self.planned = int(found[1])
        elif found := RESULT.match(line):
            self.failed += bool(found[1])
            self.skipped += bool(not found[1] and found[3])
            self.passed += not found[1] and not found[3]
            self.reset_expected = False
        elif line == RESET_EXPECTED:
            self.reset_expected = True
        elif line.startswith('# end '):
            self.status = int(line.split()[2])

    def troubles(self):
        """What is wrong beyond the tests that failed, as texts."""
        if self.begun is None:
            yield 'it was not begun'
            return
        count = self.passed + self.failed + self.skipped
        if self.status is None:
            yield 'it did not end'
        elif self.status != 0 and not self.failed:
            yield f'it ended with status {self.status}'
        if not count:
            yield 'it ran no test'
        elif count != self.planned:
            yield f'it ran {count} of {self.planned} tests'

    def summary(self):
        return (f'{self.passed} passed, {self.failed} failed, '
                f'{self.skipped} skipped ({self.seconds:.0f} s)')

    def row(self):
        """A line of the table of results."""
        return [self.name, self.passed, self.failed, self.skipped,
                f'{self.seconds:.0f}', '; '.join(self.troubles())]


class Report:
    """Lines as they come, from several files at a time; sums when they are over."""

    def __init__(self, tests, verbose=False):
        self.files = [TestFile(name) for name in tests]
        self.booted = []  # the files of this boot
        self.machine = []  # what went wrong with the machine itself
        self.verbose = verbose
        self.over = False
        self.points = []

    def not_begun(self):
        return [file for file in self.files if file.begun is None]

    def take(self, line):
        if (found := NUMBERED.match(line)) and int(found[1]) < len(self.booted):
            self.take_numbered(int(found[1]), found[2])
        else:
            self.over = self.over or line == '# over'
            print(f'  {line[:WIDTH]}', flush=True)

    def take_numbered(self, number, line):
        file = self.booted[number]
        if file.begun is None:
            file.begun = time.monotonic()
        else:
            file.take(line)
            self.show(file, line)

    def show(self, file, line):
        """Failures with the comments that explain them, and lines that are not TAP."""
        if found := RESULT.match(line):
            file.in_failure = line.startswith('not')
            self.points.append(f"{found[1] or ''}ok {len(self.points) + 1} - "
                               f"{file.name} {found[2]}{found[3] or ''}")
            file.point = len(self.points) - 1
        elif line.startswith('# end '):
            file.in_failure = False
            print(f'{file.name}: {file.summary()}', flush=True)
            return
        elif not line.startswith('#'):
            file.in_failure = PLAN.match(line) is None and 'TAP version' not in line
        if file.in_failure and file.point is not None and line.startswith('#'):
            self.points[file.point] += f'\n{line}'
        if self.verbose or file.in_failure:
            print(f'  {file.name}: {line[:WIDTH]}', flush=True)

    def take_reset(self):
        """Returns whether the only test that ran was to reset the machine."""
        running = [(number, file) for number, file in enumerate(self.booted)
                   if file.begun is not None and file.status is None]
        if len(running) != 1 or not running[0][1].reset_expected:
            return False
        number = running[0][0]
        self.take_numbered(number, 'ok 0 - reset')
        self.take_numbered(number, '# end 0')
        return True

    def troubles(self):
        yield from self.machine
        for file in self.files:
            for text in file.troubles():
                yield f'{file.name}: {text}'

    def tap(self):
        """All points of all files, and one for each trouble."""
        points = self.points + [f'not ok {i} - {text}'.replace('\n', '\n# ') for i, text in
                                enumerate(self.troubles(), len(self.points) + 1)]
        return '\n'.join([f'1..{len(points)}', *points, ''])

    def rows(self):
        """The table of results: a row for each file, and for each trouble of the machine."""
        return [*(file.row() for file in self.files),
                *(['machine', 0, 0, 0, 0, text.splitlines()[0]] for text in self.machine)]

    def sums(self):
        """Passed, failed, skipped. A row with a trouble counts as a failure."""
        rows = self.rows()
        return (sum(row[1] for row in rows), sum(row[2] + bool(row[5]) for row in rows),
                sum(row[3] for row in rows))


def command(options, tests, console):
    arguments = ['console=ttyS0', 'panic=-1', 'quiet', 'mitigations=off',
                 'root=PARTUUID=56d10000-01', 'rootwait', 'rootfstype=ext4', 'rw',
                 'init=/vminit', 'devtmpfs.mount=1', f'vm.cgroup={options.cgroup}',
                 f'vm.source={SOURCE}',
                 f'vm.build={options.build}', f'vm.limit={options.limit}',
                 f'vm.jobs={options.jobs}',
                 f"vm.tests={','.join(tests)}",
                 *options.append.split()]
    if len(' '.join(arguments)) >= COMMAND_LINE_SIZE:
        sys.exit('vm: these are too many tests for the command line of a kernel')
    # Without -cx16 some kernels panic under qemu 7.2.
    return ['qemu-system-x86_64', '-accel', 'tcg,thread=multi',
            '-cpu', 'max,-cx16', '-m', str(options.memory), '-smp', '2',
            '-nodefaults', '-no-reboot', '-display', 'none', '-net', 'none',
            '-serial', f'file:{console}', '-serial', 'stdio',
            '-kernel', options.kernel, '-append', ' '.join(arguments),
            '-drive', f'file={options.image},format=raw,if=none,id=root,'
                      'snapshot=on,cache=unsafe',
            '-device', 'nvme,drive=root,serial=root']


def lines(process, seconds, silence):
    """Lines of its output until it ends. The last is None if it takes too long."""
    end = time.monotonic() + seconds
    waiting = selectors.DefaultSelector()
    waiting.register(process.stdout, selectors.EVENT_READ)
    rest = b''
    while True:
        left = min(silence, end - time.monotonic())
        if left <= 0 or not waiting.select(left):
            yield None
            return
        if not (data := os.read(process.stdout.fileno(), 1 << 16)):
            break
        *whole, rest = (rest + data).split(b'\n')
        for line in whole:
            yield line.decode(errors='replace').rstrip('\r')
    if rest:
        yield rest.decode(errors='replace')


def boot(options, report, log):
    """Returns what went wrong with the machine itself, or None."""
    console = options.log.with_suffix('.console')
    names = [file.name for file in report.booted]
    process = subprocess.Popen(command(options, names, console), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=log)
    try:
        for line in lines(process, options.seconds, options.silence):
            if line is None:
                return (f'timeout: {options.seconds} s are over, or there was no '
                        f'word for {options.silence} s; see {console}')
            log.write(line.encode() + b'\n')
            log.flush()
            report.take(line)
        status = process.wait()
    finally:
        process.kill()
        process.wait()
    text = console.read_text(errors='replace') if console.exists() else ''
    if PANIC.search(text):
        return 'the kernel panicked:\n' + '\n'.join(text.splitlines()[-30:])
    if status == 0 and RESET in text and report.take_reset():
        return None
    if status != 0 or not report.over:
        return (f'the machine ended by itself, and qemu with status {status}; '
                f'see {options.log} and {console}')
    return None


def boot_all(options, report, log):
    """Boots again for the files that have not begun when one has ended the machine, as it
    was to do or not."""
    while not report.over and (left := report.not_begun()):
        report.booted = left
        if trouble := boot(options, report, log):
            report.machine.append(trouble)
        if report.not_begun() == left:
            break


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--kernel', required=True)
    parser.add_argument('--image', required=True)
    parser.add_argument('--build', required=True)
    parser.add_argument('--log', required=True, type=Path)
    parser.add_argument('--cgroup', default='v2')
    parser.add_argument('--append', default='')
    parser.add_argument('--jobs', type=int, default=1, help='files at a time')
    parser.add_argument('--memory', type=int, default=2048)
    parser.add_argument('--results', type=Path, help='gets the table of results')
    parser.add_argument('--tap', type=Path, help='gets all results')
    parser.add_argument('--limit', type=int, default=7200, help='seconds for a file')
    parser.add_argument('--seconds', type=int, default=86400)
    parser.add_argument('--silence', type=int, default=900)
    parser.add_argument('--verbose', action='store_true')
    parser.add_argument('tests', nargs='+')
    options = parser.parse_args()

    # qemu ends with this program, however that ends.
    for number in signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, lambda *_: sys.exit(1))
    begun = time.monotonic()
    report = Report(options.tests, options.verbose)
    with open(options.log, 'wb') as log:
        boot_all(options, report, log)
    if options.results:
        options.results.write_text(''.join(
            '\t'.join(map(str, row)) + '\n' for row in report.rows()))
    if options.tap:
        options.tap.write_text(report.tap())
    for text in report.troubles():
        print(f'vm: {text}')
    passed, failed, skipped = report.sums()
    print(f'{passed} passed, {failed} failed, {skipped} skipped '
          f'({time.monotonic() - begun:.0f} s)', flush=True)
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
