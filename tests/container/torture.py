# SPDX-License-Identifier: LGPL-2.1-or-later
"""Several domains, each of which is operated on at a random instant while the daemon
or libvirt_lxc is killed; and what has to hold afterwards."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import sandbox
from execs import BUSYBOX
from harness import SLOWNESS, Domain, Failed, command_of, status_of, wait_for

PLAYERS = 6
FEATURES = "<capabilities policy='deny'><sys_boot/></capabilities><seccomp/>"
SYS_BOOT = 1 << 22
DEVICES = "<interface type='ethernet'/>"
CONTROL = '/dev/loop-control'
HOSTDEV = f'''<hostdev mode='capabilities' type='misc'>
  <source><char>{CONTROL}</char></source></hostdev>'''
# Reboots whenever something is written to the FIFO
JOB = ['order cat /order', 'clean rmdir /mark', 'reboot reboot /mark']
PROGRAMS = ('probe', 'busybox')
HANG = 15 * SLOWNESS
SOON = 10 * SLOWNESS

# State: operation, the seconds after which the kill comes at the latest, the state that
# it leads to. Several operations at once take longer than one.
OPERATIONS = {
    None: [('define', 0.1, 'shut off'), ('create', 0.8, 'running')],
    'shut off': [('start', 0.8, 'running')] * 5 + [('undefine', 0.1, None)],
    'running': [('destroy', 0.6, 'shut off')] * 3 + [('reboot', 1.0, 'running')] * 3 + [
        ('join', 0.5, 'running'), ('join', 0.5, 'running'), ('suspend', 0.2, 'paused'),
        ('attach-device', 0.2, 'running'), ('detach-device', 0.2, 'running')],
    'paused': [('resume', 0.2, 'running'), ('destroy', 0.6, 'shut off')],
}


class Unconfined(Exception):
    """A container is less confined than its XML says."""


def controllers():
    """{name: processes with the name and the arguments of libvirt_lxc}"""
    found = {}
    for pid in sandbox.processes():
        words = command_of(pid).split()
        try:
            if b'--name' in words and status_of(pid)['Name'] == 'libvirt_lxc':
                name = words[words.index(b'--name') + 1].decode()
                found.setdefault(name, []).append(pid)
        except OSError:
            pass
    return found


def program(pid):
    try:
        return status_of(pid)['Name']
    except OSError:
        return None


def executed(controller):
    """Init of a container, or None."""
    for pid, parent in sandbox.processes().items():
        if parent == controller and program(pid) == 'probe':
            return pid
    return None


def init_of(player, controller):
    """None until it is executed. During a reboot, libvirt_lxc outlives the old one."""
    init = executed(controller)
    assert init or controller in sandbox.processes(), f'{player}: libvirt_lxc has exited'
    return init


def waiting(controller):
    """What libvirt_lxc and its children wait for."""
    lines = []
    for pid, parent in sandbox.processes().items():
        if controller not in (pid, parent):
            continue
        for name in ('syscall', 'stack'):
            for path in sorted(Path(f'/proc/{pid}/task').glob(f'*/{name}')):
                try:
                    lines.append(f'{path}: {program(pid)}: {path.read_text()}')
                except OSError as error:
                    lines.append(f'{path}: {error}')
    return '\n'.join(lines)


def play(events):
    """Calls each (time in seconds, function) at its time."""
    begin = time.monotonic()
    for at, function in sorted(events, key=lambda event: event[0]):
        time.sleep(max(0, begin + at - time.monotonic()))
        function()


class Player:
    """A domain, and the operation on it."""

    def __init__(self, host):
        self.instance = host.instance
        self.domain = Domain(self.instance, features=FEATURES, devices=DEVICES, job=JOB)
        self.name = self.domain.name
        shutil.copy(BUSYBOX, self.domain.root / 'busybox')
        os.mkfifo(self.domain.root / 'order')
        self.xml = self.instance.work / f'{self.name}.xml'
        self.xml.write_text(self.domain.xml)
        self.device = self.instance.work / f'{self.name}.device.xml'
        self.device.write_text(HOSTDEV)
        self.state, self.off, self.client, self.init, self.old = [None] * 5
        self.doomed = False  # libvirt_lxc will be dead when it is resumed

    def __str__(self):
        return f'{self.name}: {self.what} after {self.delay:.3f} s, was {self.state}'

    def choose(self, rng):
        """As many random numbers in any case: the sequence is that of the seed."""
        which, delay = rng.random(), rng.random()
        choices = OPERATIONS[self.state]
        self.what, longest, end = choices[int(which * len(choices))]
        self.delay = delay * longest * SLOWNESS
        if self.state in (None, 'shut off'):
            self.off = self.state
        self.ends = (self.state, self.off if end == 'shut off' and
                     self.what == 'destroy' else end)

    def argv(self):
        if self.what == 'join':
            tool = self.instance.client.parent / 'virt-lxc-exec'
            return [tool, '-c', 'lxc:///system', self.name, '--',
                    '/busybox', 'sleep', '0.3']
        args = {'define': [self.xml], 'create': [self.xml],
                'attach-device': ['--live', self.name, self.device],
                'detach-device': ['--live', self.name, self.device]}
        return [self.instance.client, '-q', '-c', 'lxc:///system', self.what,
                *args.get(self.what, [self.name])]

    def begin(self):
        if self.what == 'reboot':
            self.reboot()
        else:
            self.client = self.instance.command(
                *self.argv(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def reboot(self):
        self.old = self.init
        fd = wait_for(self.order, 10, 'init does not wait for the order')
        os.write(fd, b'\n')
        os.close(fd)

    def order(self):
        try:
            return os.open(self.domain.root / 'order', os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads it yet
            return None

    def finish(self):
        """No call hangs."""
        if self.client is None:
            return
        try:
            _, self.error = self.client.communicate(timeout=HANG)
        except subprocess.TimeoutExpired:
            self.client.kill()
            self.client.communicate()
            raise Failed(f'{self.name}: {self.what} hangs') from None
        finally:
            self.client = None

    def processes(self):
        """Of the container, or on their way into it."""
        found = []
        for pid in sandbox.processes():
            try:
                cgroup = Path(f'/proc/{pid}/cgroup').read_text()
            except OSError:
                continue
            if (self.domain.owns(cgroup) or
                    f' --name {self.name} '.encode() in command_of(pid)):
                found.append(pid)
        return found


class Stage:
    """The players, and what they look like."""

    def __init__(self, host):
        self.host, self.instance = host, host.instance
        self.before = self.instance.snapshot()
        self.players = [Player(host) for _ in range(PLAYERS)]

    def choose(self, rng):
        for player in self.players:
            player.choose(rng)

    def finish(self):
        for player in self.players:
            player.finish()

    def states(self):
        """{name: (process ID of libvirt_lxc, state)}"""
        found = {}
        for line in self.instance.virsh('list', '--all').splitlines():
            number, name, state = line.split(None, 2)
            found[name] = (int(number.replace('-', '0')), state)
        return found

    def settle(self):
        """A start that was interrupted ends by itself. Returns the states."""
        seen = {}

        def unsettled():
            seen.clear()
            seen.update(self.states())
            running = controllers()
            for player in self.players:
                pid, state = seen.get(player.name, (0, None))
                # Init has the arguments of libvirt_lxc until it is executed.
                if (running.get(player.name, []) != ([pid] if pid else []) or
                        player.what == 'reboot' and not self.rebooted(player, state)):
                    return f'{player}, is {state}: {pid}, {running}'
            return None
        wait_for(lambda: not unsettled(), HANG, unsettled)
        return seen

    def rebooted(self, player, state):
        return state != 'running' or player.old not in sandbox.processes()

    def check(self, states):
        """@states: {player: those that it may be in}"""
        end = time.monotonic() + SOON
        while True:
            try:
                self.check_once(states, self.settle())
                return
            except (AssertionError, Failed, KeyError, OSError):
                # A start that was interrupted may stop while it is looked at.
                if time.monotonic() > end:
                    raise

    def check_once(self, states, seen):
        left = self.instance.snapshot()
        for player in self.players:
            pid, state = seen.get(player.name, (0, None))
            if state not in states[player]:
                raise AssertionError(f'{player}: is {state}, not {states[player]}')
            if pid:
                self.check_container(player, pid)
            else:
                self.check_stopped(player, left)
        self.check_interfaces(left, sum(pid > 0 for pid, _ in seen.values()))
        for player in self.players:
            player.state = seen.get(player.name, (0, None))[1]
            player.doomed &= player.state == 'paused'

    def check_container(self, player, controller):
        player.init = wait_for(lambda: init_of(player, controller), 10,
                               lambda: f'{player}: init is not executed:\n' +
                               waiting(controller))
        live = self.instance.virsh('dumpxml', player.name)
        assert "<capabilities policy='deny'>" in live and '<seccomp' in live, live
        for pid in player.processes():
            self.check_process(player, pid)
        self.check_devices(player, live)

    def check_process(self, player, pid):
        status = status_of(pid)
        if status['Name'] not in PROGRAMS:
            return  # of libvirt_lxc, or about to join the container
        expected = {'CapBnd': SYS_BOOT, 'CapEff': SYS_BOOT, 'Seccomp': 2}
        found = {name: int(status[name], 16) for name in expected}
        if found != expected:
            raise Unconfined(f'{player}: {status["Name"]} has {found}')

    def check_devices(self, player, live):
        """A device that is not in the XML is not allowed."""
        number = os.stat(CONTROL).st_rdev
        line = f'c {os.major(number)}:{os.minor(number)} '
        for path in self.lists(player):
            if line in path.read_text() and CONTROL not in live:
                raise Unconfined(f'{player}: {path} allows {line}')

    def lists(self, player):
        """The device ACL, where there is cgroup version 1."""
        top = Path('/sys/fs/cgroup/devices')
        for line in Path(f'/proc/{player.init}/cgroup').read_text().splitlines():
            _, names, path = line.split(':', 2)
            if names == 'devices' and top.exists():
                yield top / path.lstrip('/') / 'devices.list'

    def check_stopped(self, player, left):
        mine = [line for line in left if player.name + '.' in line or
                player.name + '/' in line or player.domain.uuid in line]
        mine = [line for line in mine if
                not line.endswith(f'/etc/libvirt/lxc/{player.name}.xml')]
        assert not mine, f'{player}: left behind: {mine}'

    def check_interfaces(self, left, number):
        found = [line for line in left
                 if line.startswith(('interface vnet', 'interface veth'))]
        assert len(found) == number, f'{number} containers, but {found}'

    def clear(self, case):
        for player in self.players:
            self.instance.remove_later(player.name)
        self.instance.remove_over()
        case.assertNothingLeft(self.instance, self.before)
        for player in self.players:
            shutil.rmtree(player.domain.root, ignore_errors=True)

    def tell(self):
        return '; '.join(map(str, self.players))
