# SPDX-License-Identifier: LGPL-2.1-or-later
"""System calls of set-up and enforcement fail once each, in the process that makes
them (tests/data/faults/start.txt): the start fails and says why, or the container is
as confined as ever; nothing is left behind."""

import shutil
from pathlib import Path

import tap
from forget import Host
from harness import HERE, Domain, status_of
from tap import Case, rows, skip

TABLE = HERE.parent / 'data' / 'faults' / 'start.txt'

FEATURES = '''<capabilities policy='deny'/><no-new-privs/><seccomp/>
  <landlock><fs><path target='/' allow='read write execute create'/></fs></landlock>'''

WRAPPER = '''#!/bin/sh
exec strace -D -f -qqq -o {log} -e trace={call} -e signal=none \\
    -e inject={call}:{fault}:when=1 {program} "$@"
'''

CONFINED = ('CapEff', 'CapBnd', 'NoNewPrivs', 'Seccomp', 'Seccomp_filters')


def table():
    """Rows of "call fault: expected"."""
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith('#'):
            what, expected = line.split(': ', 1)
            call, fault = what.split()
            yield what, call, fault, expected


class Faults(Case):
    expected = None

    def domain(self, **kwargs):
        domain = Domain(Host.get().instance, features=FEATURES, **kwargs)
        self.addCleanup(domain.remove)
        domain.define()
        return domain

    def confinement(self, domain):
        """Of init: capabilities and filters, and its mounts with their options."""
        pid = domain.init()
        status = status_of(pid)
        mounts = [line.split() for line in
                  Path(f'/proc/{pid}/mountinfo').read_text().splitlines()]
        return ({name: status[name] for name in CONFINED},
                [(fields[4], fields[5]) for fields in mounts])

    def wrapper(self, instance, call, fault):
        log = instance.work / 'strace'
        log.unlink(missing_ok=True)
        path = instance.work / 'injector'
        program = instance.libvirt / 'src' / 'libvirt_lxc'
        fault = f'signal={fault}' if fault.startswith('SIG') else f'error={fault}'
        path.write_text(WRAPPER.format(log=log, call=call, fault=fault, program=program))
        path.chmod(0o755)
        return path, log

    @rows(list(table()))
    def test_fault(self, call, fault, expected):
        if not shutil.which('strace'):
            skip('strace is missing')
        instance = Host.get().instance
        if not Faults.expected:
            domain = self.domain()
            domain.start()
            Faults.expected = self.confinement(domain)
            domain.remove()
        wrapper, log = self.wrapper(instance, call, fault)
        domain = self.domain(devices=f'<emulator>{wrapper}</emulator>')
        before = instance.snapshot()
        status, _, error = instance.run('start', domain.name)
        self.assertIn('= ?' if fault.startswith('SIG') else '(INJECTED)', log.read_text())
        if expected == 'as confined as ever':
            self.assertEqual(status, 0, error)
            self.assertEqual(self.confinement(domain), Faults.expected)
            instance.virsh('destroy', domain.name)
        else:
            self.assertNotEqual(status, 0)
            self.assertIn(expected, error)
            self.assertNotIn('no error', error)
            self.assertEqual(domain.state(), 'shut off')
        self.assertNothingLeft(instance, before)


if __name__ == '__main__':
    tap.main()
