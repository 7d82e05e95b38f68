# SPDX-License-Identifier: LGPL-2.1-or-later
"""virsh suspend and resume, with the freezers of cgroup versions 1 and 2."""

import os
import signal
import time
from pathlib import Path

import sandbox
import tap
from ends import Events, frozen
from execution import Executing, ShellDomain
from harness import SLOWNESS, OurInstance, Version2Instance, wait_for
from tap import Sandbox, rows

KINDS = {'first': OurInstance, 'version 2': Version2Instance}
ALL = "<capabilities policy='allow'/>"

# A process that writes all the time; others can be added to it.
TICKING = '''
{}
echo end= >>/out
while :; do echo >>/ticks; sleep 0.01; done
'''

# Reads from the FUSE file system of libvirt_lxc
MEMINFO = 'for i in 1 2; do while :; do read line </proc/meminfo; done & done'


class Suspend(Executing):
    def ticking(self, kind, script='', features=ALL, tune=''):
        domain = ShellDomain(Sandbox.instance(kind), features=features, tune=tune,
                             init='/bin/sh')
        self.addCleanup(domain.remove)
        (domain.root / 'begin').write_text(TICKING.format(script))
        domain.ticks = domain.root / 'ticks'
        domain.xml = domain.xml.replace('</init>', '</init><initarg>/begin</initarg>')
        domain.run()
        wait_for(domain.ticks.exists, 20, 'it does not run')
        self.assertTicks(domain)
        return domain

    def assertTicks(self, domain):
        size = domain.ticks.stat().st_size
        wait_for(lambda: domain.ticks.stat().st_size > size, 20, 'it does not run')

    def assertStopped(self, domain):
        self.assertTrue(frozen(domain))
        size = domain.ticks.stat().st_size
        time.sleep(0.2)
        self.assertEqual(domain.ticks.stat().st_size, size)

    def suspend(self, domain):
        domain.instance.virsh('suspend', domain.name)
        self.assertEqual(domain.state(), 'paused')
        self.assertStopped(domain)

    def resume(self, domain):
        domain.instance.virsh('resume', domain.name)
        self.assertEqual(domain.state(), 'running')
        self.assertFalse(frozen(domain))
        self.assertTicks(domain)

    @rows(KINDS.items())
    def test_works(self, kind):
        domain = self.ticking(kind)
        events = Events(self, domain)
        for _ in range(5):
            self.suspend(domain)
            domain.instance.virsh('suspend', domain.name)
            self.resume(domain)
        status, _, error = domain.instance.run('resume', domain.name)
        self.assertNotEqual(status, 0)
        self.assertIn('already running', error)
        events.wait(*['Suspended Paused', 'Resumed Unpaused'] * 5)

    @rows(KINDS.items())
    def test_uses_fuse(self, kind):
        """libvirt_lxc, which answers, is frozen as well."""
        domain = self.ticking(kind, MEMINFO)
        for _ in range(8):
            self.suspend(domain)
            self.resume(domain)

    @rows(KINDS.items())
    def test_fails(self, kind):
        """Processes that wait for libvirt_lxc cannot be frozen; they continue."""
        domain = self.ticking(kind, MEMINFO)
        controller = domain.controller()
        os.kill(controller, signal.SIGSTOP)
        try:
            status, _, error = domain.instance.run('suspend', domain.name)
        finally:
            os.kill(controller, signal.SIGCONT)
        print(f'# {error!r}')
        self.assertNotEqual(status, 0)
        self.assertIn('could not be frozen within 3 seconds', error)
        self.assertEqual(domain.state(), 'running')
        self.assertFalse(frozen(domain))
        self.assertTicks(domain)

    @staticmethod
    def enable(group):
        """All controllers below a cgroup, of version 2 or not."""
        if (group / 'cgroup.controllers').exists():
            names = (group / 'cgroup.controllers').read_text().split()
            (group / 'cgroup.subtree_control').write_text(
                ' '.join(f'+{name}' for name in names))

    def test_cgroup_above(self):
        """One that is frozen: the domain cannot be resumed, and stays suspended."""
        ours = Sandbox.instance(Version2Instance)
        groups = [top / 'machine' / f'{ours.tag}.partition'
                  for top in sandbox.hierarchies() if top.name != 'freezer']
        for group in groups:
            group.mkdir(parents=True)
            self.enable(group.parent)
            self.enable(group)
        above = sandbox.named_hierarchies()['unified'] / 'machine' / groups[0].name
        domain = self.ticking(
            Version2Instance, tune='<resource><partition>'
            f'/machine/{ours.tag}</partition></resource>')
        self.suspend(domain)
        (above / 'cgroup.freeze').write_text('1')
        try:
            status, _, error = domain.instance.run('resume', domain.name)
        finally:
            (above / 'cgroup.freeze').write_text('0')
        self.assertNotEqual(status, 0)
        self.assertIn('a cgroup above', error)
        self.assertEqual(domain.state(), 'paused')
        self.assertStopped(domain)
        self.resume(domain)

    @rows(KINDS.items())
    def test_joining_is_refused(self, kind):
        domain = self.ticking(kind)
        self.suspend(domain)
        status, _, error = self.execute(domain, '/bin/true')
        self.assertNotEqual(status, 0)
        self.assertIn('is paused', error)
        self.resume(domain)
        self.assertEqual(self.execute(domain, '/bin/true'), (0, '', ''))

    @rows([(f'{name}, {what}', kind, act) for name, kind in KINDS.items()
           for what, act in (('resume', 'resume'), ('destroy', 'destroy'))])
    def test_daemon_restarts(self, kind, act):
        """It is killed, before it saves that the domain is suspended."""
        domain = self.ticking(kind)
        ours = domain.instance
        status = ours.top / 'run/libvirt/lxc' / f'{domain.name}.xml'
        running = ours.path(status).read_text()
        self.suspend(domain)
        namespace = Path(f'/proc/{domain.controller()}/root')
        ours.kill()
        Path(f'{namespace}{status}').write_text(running)
        ours.start()
        self.assertEqual(domain.state(), 'paused')
        self.assertStopped(domain)
        if act == 'resume':
            self.resume(domain)
        else:
            ours.virsh('destroy', domain.name)

    def freeze_container(self, domain):
        """Its own cgroup, below that of libvirt_lxc."""
        groups = domain.cgroups()
        if 'freezer' in groups and domain.instance.name != 'version2':
            (groups['freezer'] / 'freezer.state').write_text('FROZEN')
        else:
            (groups['unified'] / 'cgroup.freeze').write_text('1')

    @rows(KINDS.items())
    def test_daemon_is_killed(self, kind):
        """While it freezes one cgroup after the other, or thaws them."""
        domain = self.ticking(kind)
        self.freeze_container(domain)
        domain.instance.kill()
        domain.instance.start()
        self.assertEqual(domain.state(), 'running')
        self.assertTicks(domain)
        self.suspend(domain)
        self.freeze_container(domain)
        self.resume(domain)

    @rows(KINDS.items())
    def test_destroy(self, kind):
        domain = self.ticking(kind, 'trap "" TERM; sleep 1000 &')
        ours = domain.instance
        ours.virsh('destroy', domain.name)
        before = ours.snapshot()
        domain.out.write_text('')
        domain.start()
        domain.results()
        members = domain.members()
        self.assertGreater(len(members), 1)
        self.suspend(domain)
        begun = time.monotonic()
        ours.virsh('destroy', domain.name)
        self.assertLess(time.monotonic() - begun, 10 * SLOWNESS)
        self.assertEqual(domain.state(), 'shut off')
        self.assertFalse([pid for pid in members if Path(f'/proc/{pid}').exists()])
        self.assertNothingLeft(ours, before)


if __name__ == '__main__':
    tap.main()
