# SPDX-License-Identifier: LGPL-2.1-or-later
"""The results of tests in virtual machines are complete, whatever happens to a machine:
tests/vm/boot.py with lines that a machine may print, and scripts/vm-tests with another
boot.py. No machine is booted."""

import contextlib
import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(sys.argv[1])
sys.path.insert(0, str(ROOT / 'tests/vm'))
import boot  # pylint: disable=wrong-import-position

GOOD = ('TAP version 13', '1..2', 'ok 1 - a', 'ok 2 - b # SKIP c', '# end 0')
BEGIN = '# file /tests/test_x.py'


def file_of(number, *lines):
    return [f'{number}|{line}' for line in (BEGIN, *lines)]


# Name: tests, the lines and the trouble of each boot, rows without the seconds.
REPORTS = {
    'good': (
        ['one', 'two'],
        [([*file_of(1, *GOOD), *file_of(0, *GOOD), '# over'], None)],
        [['one', 1, 0, 1, ''], ['two', 1, 0, 1, '']]),
    'failed': (
        ['one'], [([*file_of(0, '1..1', 'not ok 1 - a', '# end 1'), '# over'], None)],
        [['one', 0, 1, 0, '']]),
    'dead before it began': (
        ['one', 'two'], [([], 'the kernel panicked:\nline\nline')],
        [['one', 0, 0, 0, 'it was not begun'], ['two', 0, 0, 0, 'it was not begun'],
         ['machine', 0, 0, 0, 'the kernel panicked:']]),
    'dead after the second began': (
        ['one', 'two', 'three'],
        [(file_of(1, '1..2', 'ok 1 - a'), 'timeout'),
         ([*file_of(1, *GOOD), *file_of(0, *GOOD), '# over'], None)],
        [['one', 1, 0, 1, ''],
         ['two', 1, 0, 0, 'it did not end; it ran 1 of 2 tests'],
         ['three', 1, 0, 1, ''], ['machine', 0, 0, 0, 'timeout']]),
    'over without one': (
        ['one', 'two'], [([*file_of(0, *GOOD), '# over'], None)],
        [['one', 1, 0, 1, ''], ['two', 0, 0, 0, 'it was not begun']]),
    'one file, two patterns': (
        ['one:a', 'one:b'],
        [([*file_of(0, *GOOD), *file_of(1, '1..1', 'not ok 1 - a', '# end 1'), '# over'],
          None)],
        [['one:a', 1, 0, 1, ''], ['one:b', 0, 1, 0, '']]),
    'reset': (
        ['one', 'two'],
        [(file_of(0, '1..2', 'ok 1 - a', boot.RESET_EXPECTED), 'reset'),
         ([*file_of(0, *GOOD), '# over'], None)],
        [['one', 2, 0, 0, ''], ['two', 1, 0, 1, '']]),
    'reset of another': (
        ['one'], [(file_of(0, '1..2', 'ok 1 - a'), 'reset')],
        [['one', 1, 0, 0, 'it did not end; it ran 1 of 2 tests'],
         ['machine', 0, 0, 0, 'reset']]),
    'line of no file': (
        ['one'], [([*file_of(0, *GOOD), '7|x', '# over'], None)], [['one', 1, 0, 1, '']]),
}


def report_of(tests, boots):
    """What is reported if the machine prints these lines."""
    boots = iter(boots)

    def machine(_, report, __):
        lines, trouble = next(boots)
        for line in lines:
            report.take(line)
        return None if trouble == 'reset' and report.take_reset() else trouble

    boot.boot = machine
    report = boot.Report(tests)
    with contextlib.redirect_stdout(io.StringIO()):
        boot.boot_all(None, report, None)
    assert next(boots, None) is None, 'a boot is missing'
    return report


def check_report(tests, boots, rows):
    report = report_of(tests, boots)
    found = [row[:4] + row[5:] for row in report.rows()]
    assert found == rows, found
    passed, failed, skipped = report.sums()
    assert (passed, skipped) == (sum(row[1] for row in rows), sum(row[3] for row in rows))
    assert failed == sum(row[2] or bool(row[4]) for row in rows), failed
    bad = [line for line in report.tap().splitlines() if line.startswith('not ok')]
    assert bool(bad) == bool(failed), bad


class Scripts:
    """A source tree with scripts/vm-tests alone; the others do nothing."""

    # Arguments are the kernel and what is tested. It breaks on the kernel 2.
    BOOT = '''#!/bin/bash
while [ "$1" != --results ]; do
    [[ $1 != */2/vmlinuz ]] || exit 1
    shift
done
printf 'start\\t3\\t0\\t1\\t5\\t\\n' >"$2"
'''

    def __init__(self, work):
        self.root = Path(work)
        for name in ('scripts/require', 'scripts/packages', 'scripts/fetch-libvirt',
                     'scripts/build', 'tests/vm/fetch.py', 'tests/vm/image'):
            self.write(name, '#!/bin/sh\n')
        self.write('tests/vm/kernel', '#!/bin/sh\n[ "$1" != 3 ] && echo "/$1"\n')
        self.write('tests/vm/boot.py', self.BOOT)
        self.write('tests/container/test_start.py', '')
        for name in ('vm-tests', 'vm-releases', 'common.bash'):
            shutil.copy(ROOT / 'scripts' / name, self.root / 'scripts')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def run(self, *args, script='vm-tests'):
        """(status, the table's cells, errors)"""
        done = subprocess.run(
            [self.root / 'scripts' / script, '--test', 'start', *args], text=True,
            env={'PATH': '/usr/bin:/bin:/usr/sbin:/sbin'}, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, [line.split() for line in done.stdout.splitlines()], done.stderr


def check_scripts():
    good = ['1', 'start', '3', '0', '1', '5']
    bad = [[name, 'machine', '0', '0', '0', '0', 'no', 'results'] for name in '23']
    with tempfile.TemporaryDirectory() as work:
        scripts = Scripts(work)
        for kernels, rows, failed in (('1', [good], 0), ('12', [good, bad[0]], 1),
                                      ('132', [good, bad[1], bad[0]], 2)):
            status, table, error = scripts.run(*kernels)
            assert (status != 0) == (failed != 0), error
            assert table[1:-1] == rows, (table, error)
            assert ' '.join(table[-1]) == f'3 passed, {failed} failed, 1 skipped', table
        for tap in (['--tap', 'FILE'], ['--tap', 'FILE', '1', '2']):
            status, table, error = scripts.run(*tap)
            assert status != 0 and not table and 'one KERNEL' in error, error
        assert scripts.run('--tap', 'FILE', '1')[:2] == (
            0, [scripts.run('1')[1][0], good, '3 passed, 0 failed, 1 skipped'.split()])


def check_cgroups():
    """Which tests are all depends on the version of cgroups, wherever that is named."""
    everywhere = {'start'}
    with tempfile.TemporaryDirectory() as work:
        scripts = Scripts(work)
        scripts.write('tests/vm/boot.py', '''#!/bin/bash
while [ "$1" != --results ]; do shift; done
printf '%s\\t1\\t0\\t0\\t5\\t\\n' "${@:5}" >"$2"
''')
        for name in ('version1', 'hierarchies', 'unified', 'sysrq'):
            scripts.write(f'tests/container/test_{name}.py', '')
        for args, names in ((['--all'], {'unified'}),
                            (['--all', '--cgroup', 'v1'], {'version1', 'hierarchies'}),
                            (['--cgroup', 'v1', '--all'], {'version1', 'hierarchies'})):
            _, table, error = scripts.run(*args, '1')
            assert {row[1] for row in table[1:-1]} == everywhere | names, (args, table, error)


# What vm-tests prints for each release, which may be nothing, its status, the table
RELEASES = [
    (['a 1\n3 passed, 0 failed, 1 skipped', 'b 2\n2 passed, 0 failed, 0 skipped'], 0,
     ['bookworm a 1', 'bookworm 3 passed, 0 failed, 1 skipped', 'trixie b 2',
      'trixie 2 passed, 0 failed, 0 skipped', '5 passed, 0 failed, 1 skipped']),
    (['a 1\n3 passed, 1 failed, 0 skipped', ''], 1,
     ['bookworm a 1', 'bookworm 3 passed, 1 failed, 0 skipped', 'trixie no results',
      '3 passed, 2 failed, 0 skipped']),
    (['', 'b 2\n2 passed, 0 failed, 0 skipped'], 1,
     ['bookworm no results', 'trixie b 2', 'trixie 2 passed, 0 failed, 0 skipped',
      '2 passed, 1 failed, 0 skipped']),
]


def check_releases():
    for (bookworm, trixie), wanted, rows in RELEASES:
        with tempfile.TemporaryDirectory() as work:
            scripts = Scripts(work)
            scripts.write('scripts/bare-debian', f'''#!/bin/bash
echo "$@" >>{work}/calls
[ $1 = bookworm ] && text='{bookworm}' || text='{trixie}'
[ -z "$text" ] || echo "$text"
[[ $text == *' 0 failed'* ]]
''')
            status, table, error = scripts.run(script='vm-releases')
            assert (status, [' '.join(row) for row in table]) == (wanted, rows), (table, error)
            assert Path(work, 'calls').read_text().splitlines() == [
                f'{release} scripts/vm-tests --test start {kernel}'
                for release, kernel in (('bookworm', '6.1'), ('trixie', '6.12'))]


def main():
    for name, row in REPORTS.items():
        print(name)
        check_report(*row)
    check_scripts()
    check_cgroups()
    check_releases()


if __name__ == '__main__':
    main()
