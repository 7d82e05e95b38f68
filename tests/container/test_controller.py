# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt_lxc reaps its children."""

import os
import signal
from pathlib import Path

import tap
from harness import Domain, OurInstance, status_of, wait_for
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
        program = instance.build / 'subprojects/libvirt-9.0.0/src/libvirt_lxc'
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


if __name__ == '__main__':
    tap.main()
