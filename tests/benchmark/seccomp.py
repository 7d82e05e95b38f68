#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""seccomp.py --build BUILD --out FILE: what <seccomp> costs, next to crun and runc.
scripts/benchmark-seccomp runs it. Exits with 1 when an expectation does not hold,
with 2 when the benchmark could not be made."""

import argparse
import json
import os
import platform
import random
import select
import shutil
import subprocess
import sys
import time
import traceback
import xml.etree.ElementTree as ET
from datetime import datetime, timezone
from pathlib import Path
from statistics import median

import bpf
import oci
from containers import Libvirt, OCIContainer, OurContainer, harness, sandbox
from summary import difference, interval, quartiles, table

START_ROUNDS, START_WARMUP = 80, 4
CALL_SETS, CALL_ROUNDS = 5, 30
BUILD_ROUNDS = 60

# What is expected
START_LIMIT_MS = 2.0
CALL_LIMIT_NS, CALL_LIMIT_SHARE = 2.0, 0.03
EXPECTED_CALLS = ('getppid', 'read', 'openat')

# Numbers of these calls, and AUDIT_ARCH_…
MACHINES = {'x86_64': (0xc000003e, {'getppid': 110, 'read': 0, 'openat': 257}),
            'aarch64': (0xc00000b7, {'getppid': 173, 'read': 63, 'openat': 56})}

PROFILE = 'podman'
XML = {'none': '', 'default': "<seccomp policy='default'/>",
       'profile': f"<seccomp profile='{PROFILE}'/>"}


def say(text):
    print(text, file=sys.stderr, flush=True)


class Benchmark:
    def __init__(self, build, work, tag):
        self.build, self.work, self.tag = build, work, tag
        self.tools = build / 'tests' / 'benchmark'
        self.root = work / 'root'
        self.lines, self.broken = [], []
        self.programs, self.effective = {}, {}
        self.spread = {}
        profile = Path(oci.PODMAN_PROFILE).read_text(encoding='utf-8')
        self.oci = {'none': None, 'podman': oci.resolve(json.loads(profile))}
        self.make_root()
        # crun refuses to work where version 2 has controllers besides version 1.
        instance = harness.Version1Instance(build, work, tag)
        self.libvirt = Libvirt(instance, self.root)
        self.libvirt.add_profile(PROFILE, profile)

    def make_root(self):
        for name in ('proc', 'sys', 'dev'):
            (self.root / name).mkdir(parents=True)
        shutil.copy(self.tools / 'init', self.root / 'init')
        for name in ('file', 'begun'):
            (self.root / name).touch()

    # --- results --------------------------------------------------------------

    def print(self, *lines):
        for line in lines:
            print(line, flush=True)
            self.lines.append(line)

    def title(self, text):
        self.print('', text, '-' * len(text), '')

    def table(self, head, rows):
        self.print(*table(head, rows))

    def expect(self, holds, text):
        self.print(f"  {'holds' if holds else 'DOES NOT HOLD'}: {text}")
        if not holds:
            self.broken.append(text)

    # --- start ----------------------------------------------------------------

    def start_variants(self):
        def ours(name, seccomp, cold=False):
            return OurContainer(self.libvirt, name, XML[seccomp],
                                ['begin', 'wait'], cold)

        def other(runtime, profile):
            return OCIContainer(runtime, self.work, self.tag,
                                f'{runtime}-{profile}', self.root,
                                self.oci[profile], ['begin'])
        return {
            'ours, no filter': ours('none', 'none'),
            'ours, default, cached': ours('cached', 'default'),
            'ours, default, not cached': ours('cold', 'default', cold=True),
            'ours, podman, cached': ours('profile', 'profile'),
            'ours, podman, not cached': ours('coldprofile', 'profile', cold=True),
            'crun, no filter': other('crun', 'none'),
            'crun, podman': other('crun', 'podman'),
            'runc, no filter': other('runc', 'none'),
            'runc, podman': other('runc', 'podman'),
        }

    def start_once(self, container):
        """Milliseconds until init runs, and until who was asked is back."""
        begun = self.root / 'begun'
        os.truncate(begun, 0)
        container.prepare()
        asked = time.monotonic_ns()
        container.start()
        answered = time.monotonic_ns()
        text = harness.wait_for(lambda: begun.read_bytes(), 5, 'init does not run')
        container.stop()
        ran = int.from_bytes(text, sys.byteorder)
        return (ran - asked) / 1e6, (answered - asked) / 1e6

    def measure_start(self):
        variants = self.start_variants()
        ran = {name: [] for name in variants}
        answered = {name: [] for name in variants}
        order = list(variants)
        for number in range(START_WARMUP + START_ROUNDS):
            if number % 10 == 0:
                say(f'benchmark: starts, round {number} of '
                    f'{START_WARMUP + START_ROUNDS} ...')
            random.shuffle(order)
            for name in order:
                # A start without the cache empties it: one more, unmeasured,
                # fills it again.
                times = self.start_once(variants[name])
                if name.startswith('ours') and variants[name].cold:
                    self.fill_cache(variants)
                if number >= START_WARMUP:
                    ran[name].append(times[0])
                    answered[name].append(times[1])
        for container in variants.values():
            container.remove()
        return ran, answered

    def fill_cache(self, variants):
        for name in ('ours, default, cached', 'ours, podman, cached'):
            self.start_once(variants[name])

    def report_start(self):
        ran, answered = self.measure_start()
        self.title(f'1. Start of a container, ms ({START_ROUNDS} rounds, '
                   'in random order)')
        rows = []
        for name, values in ran.items():
            base = f"{name.split(',')[0]}, no filter"
            low, middle, high = quartiles(values)
            added = ('',) * 3
            if name != base:
                added = tuple(f'{value:+.2f}' for value in
                              difference(values, ran[base]))
            rows.append((name, f'{low:.2f}', f'{middle:.2f}', f'{high:.2f}',
                         f'{median(answered[name]):.2f}', added[0],
                         f'{added[1]} … {added[2]}' if added[0] else ''))
        self.table(('until init runs', 'quartile', 'median', 'quartile',
                    'answered', 'added', '95 % interval'), rows)
        self.print('', *START_NOTES, '')
        for what, values in (('init runs', ran), ('virDomainCreate() returns',
                                                  answered)):
            added = difference(values['ours, default, cached'],
                               values['ours, no filter'])
            self.expect(added[0] < START_LIMIT_MS,
                        f'a cached start adds less than {START_LIMIT_MS:g} ms '
                        f'until {what}: {added[0]:+.2f} ({added[1]:+.2f} … '
                        f'{added[2]:+.2f})')

    # --- calls ----------------------------------------------------------------

    def call_containers(self, number, cpu):
        """{label: container}, and who waits at which FIFO."""
        def ours(label, seccomp):
            return OurContainer(self.libvirt, f'{label}{number}', XML[seccomp],
                                ['calls', label, cpu])

        def other(label, runtime, profile):
            return OCIContainer(runtime, self.work, self.tag, f'{label}{number}',
                                self.root, self.oci[profile],
                                ['calls', label, str(cpu)], detach=True)
        return {
            'none': ours('none', 'none'),
            'default': ours('default', 'default'),
            'profile': ours('profile', 'profile'),
            'crun-none': other('crun-none', 'crun', 'none'),
            'crun': other('crun', 'crun', 'podman'),
            'runc-none': other('runc-none', 'runc', 'none'),
            'runc': other('runc', 'runc', 'podman'),
        }

    def examine(self, label, container):
        """The filter as the kernel has it."""
        pid = container.pid()
        dump = self.work / f'{label}.bpf'
        dump.unlink(missing_ok=True)
        counts = subprocess.run([self.tools / 'filters', str(pid), dump],
                                check=True, text=True,
                                stdout=subprocess.PIPE).stdout.split()
        self.programs[label] = (counts, dump.read_bytes() if counts else b'')
        self.speculation = harness.status_of(pid).get('Speculation_Store_Bypass')
        if isinstance(container, OurContainer):
            live = ET.fromstring(container.domain.xml())
            effective = live.find('features/seccomp/effective')
            if effective is not None:
                self.effective[label] = effective.get('instructions')

    def start_slow(self, cpu):
        """Processes of the host with the same programs, but without the
        kernel's bitmap. Yields label and process."""
        for label in ('default', 'profile', 'crun', 'runc'):
            name = f'{label}-slow'
            (self.root / f'{name}.bpf').write_bytes(
                bpf.without_bitmap(self.programs[label][1]))
            yield name, subprocess.Popen(['./init', 'calls', name, str(cpu),
                                          f'{name}.bpf'], cwd=self.root)

    def pipes(self, label):
        ends = []
        for name in ('go', 'out'):
            path = self.root / f'{name}.{label}'
            if not path.exists():
                os.mkfifo(path)
            ends.append(os.open(path, os.O_RDWR))
        return ends

    @staticmethod
    def one_turn(pipes):
        go, out = pipes
        os.write(go, b'x')
        text = b''
        while not text.endswith(b'\n'):
            if not select.select([out], [], [], 30)[0]:
                raise harness.Failed('a container does not answer')
            text += os.read(out, 4096)
        return {name: tuple(value.split('/')) for name, value in
                (word.split('=') for word in text.decode().split())}

    def one_set(self, number, cpu, times, errors):
        containers = self.call_containers(number, cpu)
        pipes = {label: self.pipes(label) for label in containers}
        slow = {}
        for label, container in containers.items():
            container.start()
            self.one_turn(pipes[label])
            self.examine(label, container)
        for label in ('default', 'profile', 'crun', 'runc'):
            pipes[f'{label}-slow'] = self.pipes(f'{label}-slow')
        for label, process in self.start_slow(cpu):
            slow[label] = process
            self.one_turn(pipes[label])
        order = list(pipes)
        rounds = {}
        for _ in range(CALL_ROUNDS):
            random.shuffle(order)
            for label in order:
                for call, (value, error) in self.one_turn(pipes[label]).items():
                    rounds.setdefault((label, call), []).append(float(value))
                    errors[label, call] = int(error)
        for key, values in rounds.items():
            times.setdefault(key, []).append(values)
        for container in containers.values():
            container.stop()
            container.remove()
        for process in slow.values():
            process.kill()
            process.wait()
        for ends in pipes.values():
            for end in ends:
                os.close(end)

    def measure_calls(self):
        """{(label, call): lists of ns, one for each set of containers}, and
        {(label, call): errno}"""
        cpu = max(os.sched_getaffinity(0))
        times, errors = {}, {}
        for number in range(CALL_SETS):
            say(f'benchmark: calls, containers {number + 1} of {CALL_SETS} ...')
            self.one_set(number, cpu, times, errors)
        return times, errors

    def report_calls(self):
        times, errors = self.measure_calls()
        middle = {key: median(sum(sets, [])) for key, sets in times.items()}
        lowest = {key: min(sum(sets, [])) for key, sets in times.items()}
        calls = list(dict.fromkeys(call for _, call in times))
        self.title(f'2. Calls, ns each ({CALL_SETS} sets of containers, '
                   f'{CALL_ROUNDS} rounds each, 4096 calls a round)')
        columns = ('none', 'default', 'profile', 'crun-none', 'crun', 'runc-none',
                   'runc')
        heads = ('call', 'none', 'default', 'podman', 'crun: none', 'podman',
                 'runc: none', 'podman')
        self.print('  Median. The first three are our containers.', '')
        self.table(heads, [(call, *(f'{middle[c, call]:.1f}' for c in columns))
                           for call in calls])
        self.print('', '  Minimum.', '')
        self.table(heads, [(call, *(f'{lowest[c, call]:.1f}' for c in columns))
                           for call in calls])
        self.print('', '  Result: 0 or errno.', '')
        self.table(heads, [(call, *(str(errors[c, call]) for c in columns))
                           for call in calls])
        self.print('', *CALL_NOTES, f'  Speculative store bypass: {self.speculation}.',
                   '')
        slow = ('default-slow', 'profile-slow', 'crun-slow', 'runc-slow')
        self.print('  Median of the same programs, made ineligible for the bitmap:', '')
        self.table(('call', 'default', 'podman', 'crun', 'runc'),
                   [(call, *(f'{middle[c, call]:.1f}' for c in slow))
                    for call in calls])
        self.print('')
        with_bitmap = middle['default', 'getppid'] - middle['none', 'getppid']
        without = middle['default-slow', 'getppid'] - middle['none', 'getppid']
        self.print(f'  The bitmap is {"" if with_bitmap < without / 2 else "NOT "}'
                   f'in effect: our filter adds {with_bitmap:.1f} ns to getppid, '
                   f'and {without:.1f} ns without it.', '')
        for label, name in (('default', 'default'), ('profile', "podman's profile")):
            for call in EXPECTED_CALLS:
                self.expect_call(times, label, name, call)

    def expect_call(self, times, label, name, call):
        """What differs from one set of containers to the next is no cost of the
        filter: the median of a set counts once."""
        ours = [median(values) for values in times[label, call]]
        theirs = [median(values) for values in times['crun', call]]
        differences = [a - b for a, b in zip(ours, theirs, strict=True)]
        worse = median(differences)
        holds = (worse <= CALL_LIMIT_NS or
                 worse <= CALL_LIMIT_SHARE * median(theirs))
        low, high = min(differences), max(differences)
        self.expect(holds, f'{call} under our {name} costs no more than under '
                    f"crun's: {worse:+.1f} ns ({low:+.1f} … {high:+.1f}) of "
                    f'{median(theirs):.1f}')

    # --- programs -------------------------------------------------------------

    def report_programs(self):
        self.title('3. Programs, instructions')
        arch, numbers = MACHINES[platform.machine()]
        rows = []
        for label, name in (('default', 'ours, default'), ('profile', 'ours, podman'),
                            ('crun', 'crun, podman'), ('runc', 'runc, podman')):
            counts, program = self.programs[label]
            path = (str(bpf.executed(program, numbers[call], arch))
                    for call in EXPECTED_CALLS)
            rows.append((name, '+'.join(counts), self.effective.get(label, ''), *path))
        self.table(('in the kernel', 'all', '<effective>',
                    *(f'for {call}' for call in EXPECTED_CALLS)), rows)
        self.print('')
        for label in ('none', 'crun-none', 'runc-none'):
            if self.programs[label][0]:
                raise harness.Failed(f'{label} has a filter')
        same = all(self.programs[label][0] == [count]
                   for label, count in self.effective.items())
        self.expect(same and len(self.effective) == 2,
                    '<effective> names the length that the kernel has')

    # --- builds ---------------------------------------------------------------

    def measure_builds(self):
        cache = self.work / 'cache'
        bits = harness_capabilities(oci.CAPABILITIES)
        directory = self.libvirt.top / 'etc/libvirt/lxc/seccomp'
        out = subprocess.run(
            [self.tools / 'build_time', directory, PROFILE, f'{bits:x}', cache,
             str(BUILD_ROUNDS)], check=True, text=True, stdout=subprocess.PIPE).stdout
        found = {}
        for label, step, value in (line.split() for line in out.splitlines()):
            found.setdefault((label, step), []).append(int(value))
        return found

    def report_builds(self):
        say('benchmark: builds ...')
        found = self.measure_builds()
        self.title(f'4. Making a filter, µs ({BUILD_ROUNDS} rounds)')
        rows = []
        for step, name in BUILD_STEPS:
            cells = []
            for label in ('default', 'profile'):
                low, middle, high = (value / 1e3 for value in
                                     quartiles(found[label, step]))
                cells += [f'{low:.0f}', f'{middle:.0f}', f'{high:.0f}']
            rows.append((name, *cells))
        self.table(('', 'default:', 'median', 'quart.', 'podman:', 'median',
                    'quart.'), rows)
        self.print('')
        self.table(('instructions', 'default', 'podman'), [
            (name, *(str(found[label, step][0]) for label in ('default', 'profile')))
            for step, name in (('our-instructions', 'ours'),
                               ('libseccomp-instructions', 'libseccomp'),
                               ('tree-instructions', 'libseccomp, binary tree'))])

    # --- all ------------------------------------------------------------------

    def report_head(self):
        self.print('Benchmark of seccomp filters', '============================', '')
        self.table(('', ''), [
            ('date', datetime.now(timezone.utc).strftime('%Y-%m-%d %H:%M UTC')),
            *machine()])

    def run(self):
        self.report_head()
        self.report_start()
        self.report_calls()
        self.report_programs()
        self.report_builds()
        self.title('Expectations')
        if self.broken:
            self.print('  Not all hold:', *(f'  {text}' for text in self.broken))
        else:
            self.print('  All hold.')
        return 1 if self.broken else 0


START_NOTES = (
    '  added: to a start without a filter, in the median of the rounds.',
    '  answered: libvirt: virDomainCreate() returns; crun, runc: the program, which is',
    '  started for it, has ended, and so has init.',
    '  libvirt is measured on an open connection to its daemon. crun and runc of Debian',
    '  12 have no cache, and make the filter at each start.')

CALL_NOTES = (
    '  openat is of a file that is there, close closes it, openat-missing is of one that',
    '  is not there. personality is allowed for certain arguments only, swapon is refused.',
    "  The kernel (since 5.11) runs a filter once for each call's number when it is",
    '  loaded, and notes in a bitmap which calls it allows whatever the arguments are.',
    '  These are not filtered at all any more: a filter cannot cost more than another',
    '  there. Calls that depend on arguments, and those that are refused, run it.')

BUILD_STEPS = (
    ('ruleset', 'ruleset'),
    ('key', "the cache's key"),
    ('compile', 'compile'),
    ('cold', 'filter, not cached'),
    ('cached', 'filter, cached'),
    ('libseccomp', 'libseccomp'),
    ('libseccomp-tree', 'libseccomp, binary tree'),
)


def harness_capabilities(names):
    """Bits, by the numbers of the kernel's header."""
    bits = 0
    for line in Path('/usr/include/linux/capability.h').read_text().splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == '#define' and words[2].isdigit() and \
                words[1].removeprefix('CAP_').lower() in names:
            bits |= 1 << int(words[2])
    return bits


def output_of(*command):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def machine():
    """Rows of what was measured where."""
    cpu = [line.split(':')[1].strip() for line in
           Path('/proc/cpuinfo').read_text().splitlines()
           if line.startswith('model name')]
    yield 'machine', f"{cpu[0] if cpu else platform.machine()}, {os.cpu_count()} CPUs"
    yield 'load', ' '.join(f'{value:.2f}' for value in os.getloadavg())
    yield 'kernel', platform.release()
    commit = subprocess.run(['git', 'describe', '--always', '--dirty'], check=False,
                            cwd=Path(__file__).parent, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    yield 'ours', f'libvirt 9.0.0, commit {commit.strip() or "unknown"}'
    for runtime in ('crun', 'runc'):
        yield runtime, output_of(runtime, '--version').splitlines()[0].split()[-1]
    packages = ('libseccomp2', 'golang-github-containers-common')
    for line in output_of('dpkg-query', '-W', '-f', '${Package} ${Version}\n',
                          *packages).splitlines():
        yield tuple(line.split())


def run(build, out, work, tag):
    benchmark = None
    try:
        benchmark = Benchmark(build, work, tag)
        status = benchmark.run()
    except KeyboardInterrupt:
        say('benchmark: interrupted')
        return 130
    except Exception:
        traceback.print_exc()
        return 2
    out.write_text('\n'.join(benchmark.lines) + '\n', encoding='utf-8')
    return status


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', type=Path, required=True)
    parser.add_argument('--out', type=Path, required=True)
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    out = arguments.out.resolve()
    status = sandbox.supervise(build, lambda work, tag: run(build, out, work, tag))
    if status in (0, 1):
        say(f'benchmark: the results are in {out}')
    return status


if __name__ == '__main__':
    sys.exit(main())
