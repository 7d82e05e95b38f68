# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rounds in which the daemon is killed at a random instant of an operation. After
its next start, no container is less confined than its XML, unknown or lost, no
domain is running that is dead, and nothing is left behind.

CONFINEMENT_ROUNDS is the number of rounds. CONFINEMENT_SEED selects the operations and
the delays; ./check always has the same, scripts/torture chooses."""

import os
import random
import subprocess
import time
from pathlib import Path

import sandbox
import tap
from forget import Host
from harness import Failed, Domain, command_of, status_of, wait_for
from tap import Case

ROUNDS = int(os.environ.get('CONFINEMENT_ROUNDS', '24'))
SEED = int(os.environ.get('CONFINEMENT_SEED') or 1)

FEATURES = "<capabilities policy='deny'><sys_boot/></capabilities><seccomp/>"
SYS_BOOT = 1 << 22
DEVICES = "<interface type='ethernet'/>"
CONTROL = '/dev/loop-control'
HOSTDEV = f'''<hostdev mode='capabilities' type='misc'>
  <source><char>{CONTROL}</char></source></hostdev>'''
JOB = ['first wait /go', 'reboot reboot /mark', 'nothing status']


class Round:
    """One domain, one operation, one daemon that is killed."""

    def __init__(self, host, rng):
        self.host, self.instance, self.rng = host, host.instance, rng
        self.domain = Domain(self.instance, features=FEATURES, devices=DEVICES, job=JOB)
        self.name = self.domain.name
        self.xml = self.instance.work / f'{self.name}.xml'
        self.xml.write_text(self.domain.xml)
        self.device = self.instance.work / f'{self.name}.device.xml'
        self.device.write_text(HOSTDEV)
        # Operation, the state that it starts in, the longest wait in seconds
        self.what, self.begin, self.longest = rng.choice([
            ('define', None, 0.05), ('create', None, 0.4), ('undefine', 'shut off', 0.05),
            ('start', 'shut off', 0.4), ('start', 'shut off', 0.4),
            ('start', 'shut off', 0.4), ('destroy', 'running', 0.4),
            ('destroy', 'running', 0.4), ('suspend', 'running', 0.1),
            ('resume', 'paused', 0.1), ('destroy', 'paused', 0.2),
            ('reboot', 'running', 0.6), ('reboot', 'running', 0.6),
            ('attach-device', 'running', 0.1), ('detach-device', 'running', 0.1)])

    def __str__(self):
        return f'{self.name}: {self.what}, killed after {self.delay:.4f} s'

    def prepare(self):
        if self.begin:
            self.instance.virsh('define', self.xml)
        if self.begin in ('running', 'paused'):
            self.instance.virsh('start', self.name)
        if self.begin == 'paused':
            self.instance.virsh('suspend', self.name)
        if self.what == 'detach-device':
            self.instance.virsh('attach-device', '--live', self.name, self.device)

    def argv(self):
        if self.what in ('define', 'create'):
            return [self.what, self.xml]
        if self.what.endswith('-device'):
            return [self.what, '--live', self.name, self.device]
        return [self.what, self.name]

    def operate(self):
        """Returns a client that is waiting for the daemon, or None."""
        if self.what == 'reboot':
            (self.domain.root / 'go').touch()
            return None
        return self.instance.command(self.instance.client, '-q', '-c', 'lxc:///system',
                                     *self.argv(), stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)

    def run(self):
        self.delay = self.rng.uniform(0, self.longest)
        self.prepare()
        client = self.operate()
        time.sleep(self.delay)
        self.instance.kill()
        if client:
            client.wait(20)
        time.sleep(self.rng.choice((0, 0, 0.05, 0.3)))
        self.instance.start()

    def controllers(self):
        """Those that have the name and the arguments of libvirt_lxc."""
        found = []
        for pid in sandbox.processes():
            try:
                if (f' --name {self.name} '.encode() in command_of(pid) and
                        status_of(pid)['Name'] == 'libvirt_lxc'):
                    found.append(pid)
            except OSError:
                pass
        return found

    def state(self):
        try:
            return self.domain.state()
        except Failed:
            if self.name in self.host.names():
                raise
            return None

    def settled(self):
        """A start that was interrupted ends by itself."""
        state = self.state()
        # Init has the arguments of libvirt_lxc until it is executed.
        return (state, len(self.controllers())) in (
            ('running', 1), ('paused', 1), ('shut off', 0), (None, 0)) and (state,)


class Killed(Case):
    def test_daemon(self):
        print(f'# seed {SEED}')
        host, rng = Host.get(), random.Random(SEED)
        for number in range(ROUNDS):
            if number % 100 == 99:
                print(f'# {number + 1} rounds', flush=True)
            self.round(Round(host, rng))

    def round(self, this):
        before = this.instance.snapshot()
        try:
            this.run()
            self.check(this)
            this.domain.remove()
            self.assertNothingLeft(this.instance, before)
        except Exception as error:
            raise AssertionError(f'{this}: {error}') from error
        finally:
            this.domain.remove()

    def check(self, this):
        """A domain whose start was interrupted may stop while it is looked at."""
        state = self.check_once(this)
        if state != this.state():
            self.check_once(this)

    def check_once(self, this):
        state, = wait_for(this.settled, 10, lambda: f'{this.state()}, but libvirt_lxc '
                          f'runs as {this.controllers()}')
        self.assertIn(state, {
            'define': (None, 'shut off'), 'undefine': (None, 'shut off'),
            'create': (None, 'running'), 'start': ('shut off', 'running'),
            'destroy': ('shut off', this.begin), 'reboot': ('running',)}.get(
                this.what, ('running', 'paused')))
        try:
            if state in ('running', 'paused'):
                self.check_container(this)
            elif state == 'shut off':
                self.check_stopped(this)
        except (AssertionError, Failed, KeyError, OSError, ValueError):
            if state == this.state():
                raise
        return state

    def check_container(self, this):
        pids = wait_for(this.controllers, 5, 'no libvirt_lxc')
        self.assertEqual(pids, [this.domain.controller()])
        init = this.domain.init()
        wait_for(lambda: status_of(init)['Name'] == 'probe', 10, 'init is not executed')
        status = status_of(init)
        self.assertEqual(int(status['CapBnd'], 16), SYS_BOOT)
        self.assertEqual(int(status['CapEff'], 16), SYS_BOOT)
        self.assertEqual(status['Seccomp'], '2')
        text = Path(f'/proc/{this.domain.init()}/cgroup').read_text()
        self.assertIn(f'{this.name}.libvirt-lxc', text)
        live = this.instance.virsh('dumpxml', this.name)
        self.assertIn("<capabilities policy='deny'>", live)
        self.assertIn('<seccomp', live)

    def check_stopped(self, this):
        left = [line for line in this.instance.snapshot() if this.name in line or
                'libvirt-lxc' in line and this.domain.uuid in line or
                line.startswith('interface vnet') or line.startswith('interface veth')]
        self.assertEqual([line for line in left if not line.endswith(
            f'/etc/libvirt/lxc/{this.name}.xml')], [])


if __name__ == '__main__':
    tap.main()
