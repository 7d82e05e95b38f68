# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt_lxc: reaps its children, and keeps no capabilities that it does not need."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import sandbox
import tap
from harness import IDMAP, Domain, OurInstance, status_of, wait_for
from tap import Case, Sandbox, rows

CHILDREN = 20

# Children that are older than init, which the kernel reports before it.
WRAPPER = '''#!/usr/bin/python3
import os, subprocess, sys
for _ in range({children}):
    subprocess.Popen(['sleep', '1000'], stdin=subprocess.DEVNULL,
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
os.execv('{program}', ['{program}', *sys.argv[1:]])
'''

DBUS = '''<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context='default'>
    <allow send_destination='*'/> <allow eavesdrop='true'/> <allow own='*'/>
  </policy>
</busconfig>
'''

CAP_KILL = 1 << 5


def children(controller):
    """All children by name, those that have exited included."""
    found = {}
    for path in Path('/proc').glob('[0-9]*'):
        try:
            status = status_of(path.name)
        except OSError:
            continue
        if int(status['PPid']) == controller:
            found.setdefault(status['Name'], []).append(int(path.name))
    return found


def is_zombie(pid):
    return status_of(pid)['State'].startswith('Z')


class Children(Case):
    def started(self):
        instance = Sandbox.instance(OurInstance)
        wrapper = instance.work / 'wrapper'
        program = instance.libvirt / 'src' / 'libvirt_lxc'
        wrapper.write_text(WRAPPER.format(children=CHILDREN, program=program))
        wrapper.chmod(0o755)
        domain = Domain(instance, devices=f'<emulator>{wrapper}</emulator>',
                        job=['nothing status'])
        self.addCleanup(domain.remove)
        domain.run()
        controller = domain.controller()
        found = children(controller)
        self.addCleanup(self.kill, found['sleep'])
        self.assertEqual(len(found['sleep']), CHILDREN)
        return domain, controller, found

    def kill(self, pids):
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def end_together(self, controller, pids):
        """There is one SIGCHLD for all."""
        os.kill(controller, signal.SIGSTOP)
        self.kill(pids)
        wait_for(lambda: all(is_zombie(pid) for pid in pids), 10, 'still running')
        os.kill(controller, signal.SIGCONT)

    def test_all_are_reaped(self):
        domain, controller, found = self.started()
        self.end_together(controller, found['sleep'])
        wait_for(lambda: 'sleep' not in children(controller), 10,
                 lambda: f'not reaped: {children(controller)}')
        self.assertEqual(domain.state(), 'running')

    def test_init_among_them(self):
        domain, controller, found = self.started()
        self.end_together(controller, found['sleep'] + found['probe'])
        wait_for(lambda: domain.state() == 'shut off', 10, 'still running')


class BusInstance(OurInstance):
    """Where there is a system bus, although without systemd."""

    name, label = 'bus', 'b'

    def mount(self):
        super().mount()
        Path('/run/dbus').mkdir(exist_ok=True)
        sandbox.mount('ct', '/run/dbus', 'tmpfs', data='mode=0755')

    def start(self):
        config = self.work / 'bus.conf'
        config.write_text(DBUS)
        self.bus = self.command('dbus-daemon', '--nofork', '--nopidfile',
                                f'--config-file={config}', stderr=subprocess.DEVNULL)
        wait_for(lambda: subprocess.run(
            ['nsenter', f'--mount=/proc/{self.bus.pid}/ns/mnt', 'test', '-S',
             '/run/dbus/system_bus_socket'], check=False).returncode == 0, 10, 'no bus')
        super().start()

    def stop(self):
        super().stop()
        self.bus.kill()
        self.bus.wait()


class Privileges(Case):
    @rows([
        ('plain', OurInstance, {}),
        ('all capabilities', OurInstance, {'features': "<capabilities policy='allow'/>"}),
        ('mapped', OurInstance, {'idmap': IDMAP}),
        ('D-Bus', BusInstance, {}),
    ])
    def test_threads(self, kind, kwargs):
        if kind == BusInstance:
            self.assertTrue(shutil.which('dbus-daemon'), 'dbus-daemon is missing')
        domain = Domain(Sandbox.instance(kind), job=['nothing status'], **kwargs)
        self.addCleanup(domain.remove)
        domain.run()
        controller = domain.controller()
        # /proc/meminfo is served by one of the threads.
        self.assertIn('MemTotal:', Path(f'/proc/{domain.init()}/root/proc/meminfo')
                      .read_text())
        names = set()
        for task in Path(f'/proc/{controller}/task').iterdir():
            status = status_of(f'{controller}/task/{task.name}')
            names.add(status['Name'])
            allowed = CAP_KILL if int(task.name) == controller else 0
            for which in ('CapEff', 'CapPrm', 'CapInh', 'CapAmb', 'CapBnd'):
                self.assertEqual(int(status[which], 16) & ~allowed, 0,
                                 f"{which} of {status['Name']}")
        expected = {'libvirt_lxc', 'lxc-fuse'} | ({'gdbus'} if kind == BusInstance
                                                  else set())
        self.assertEqual(expected - names, set())


if __name__ == '__main__':
    tap.main()
