# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the end of init is reported: state, event, the domain's log, the daemon's."""

import os
import signal
import time

import tap
from ends import Events, container, log_lines, reason, wait_off
from harness import IDMAP, processes, wait_for
from tap import Case, rows

KILL = "<seccomp policy='default'><syscall name='getrandom' action='kill-process'/></seccomp>"
ALL = "<capabilities policy='allow'/>"


class Reported(Case):
    @rows([
        # What init does, features, reason, event, log
        ('exit 0', ('exit', 0), '', 'shutdown', 'Shutdown',
         'init has exited with status 0'),
        ('exit 1', ('exit', 1), '', 'failed', 'Failed',
         'init has exited with status 1'),
        ('exit 3', ('exit', 3), '', 'failed', 'Failed',
         'init has exited with status 3'),
        ('exit 255', ('exit', 255), '', 'failed', 'Failed',
         'init has exited with status 255'),
        ('a fault', ('fault',), '', 'crashed', 'Crashed',
         'init was killed by signal 11 (SIGSEGV)'),
        ('a system call', ('call',), KILL, 'crashed', 'Crashed',
         'init was killed by signal 31 (SIGSYS)'),
        ('no memory', ('memory',), '', 'crashed', 'Crashed',
         'init was killed by signal 9 (SIGKILL)'),
        ('power off', ('reboot', 'off'), ALL, 'shutdown', 'Shutdown',
         'the container has called reboot(2) to power off'),
        ('halt', ('reboot', 'halt'), ALL, 'shutdown', 'Shutdown',
         'the container has called reboot(2) to power off'),
    ])
    def test_end(self, args, features, why, event, line):
        domain = container(self, *args, features=features)
        events = Events(self, domain)
        domain.start()
        wait_off(domain)
        self.assertEqual(reason(domain), f'shut off ({why})')
        events.wait('Started Booted', f'Stopped {event}')
        logged = log_lines(domain)
        self.assertEqual(len(logged), 1, logged)
        self.assertTrue(logged[0].startswith(line), logged)
        if why != 'shutdown':  # of which the daemon does not warn
            log = domain.instance.work / f'{domain.instance.name}.log'
            self.assertIn(f'Domain {domain.name} has stopped: {line}',
                          log.read_text())

    @rows([('', ''), ('with idmap', IDMAP)])
    def test_killed_from_outside(self, idmap):
        domain = container(self, 'default', idmap=idmap)
        domain.run()
        os.kill(domain.init(), signal.SIGKILL)
        wait_off(domain)
        self.assertEqual(reason(domain), 'shut off (crashed)')
        self.assertEqual(log_lines(domain), ['init was killed by signal 9 (SIGKILL)'])

    def test_controller_killed(self):
        domain = container(self, 'default')
        events = Events(self, domain)
        domain.run()
        os.kill(domain.controller(), signal.SIGKILL)
        wait_off(domain)
        self.assertEqual(reason(domain), 'shut off (failed)')
        events.wait('Started Booted', 'Stopped Failed')

    def test_reboot(self):
        domain = container(self, 'reboot', 'restart', features=ALL)
        domain.define()
        domain.start()
        wait_for(lambda: domain.out.read_text().count('end=') > 2, 20, 'no reboot')
        domain.instance.virsh('destroy', domain.name)
        self.assertIn('the container has called reboot(2) to restart',
                      log_lines(domain))

    def test_destroyed(self):
        domain = container(self, 'default')
        events = Events(self, domain)
        domain.run()
        domain.instance.virsh('destroy', domain.name)
        self.assertEqual(reason(domain), 'shut off (destroyed)')
        time.sleep(0.3)
        self.assertEqual(reason(domain), 'shut off (destroyed)')
        events.wait('Started Booted', 'Stopped Destroyed')

    def test_after_a_restart_of_the_daemon(self):
        domain = container(self, 'handle', signal.SIGUSR1, 7)
        domain.run()
        init = domain.init()
        domain.instance.kill()
        domain.instance.start()
        os.kill(init, signal.SIGUSR1)
        wait_off(domain)
        self.assertEqual(reason(domain), 'shut off (failed)')
        self.assertEqual(log_lines(domain), ['init has exited with status 7'])

    def test_while_no_daemon_runs(self):
        domain = container(self, 'handle', signal.SIGUSR1, 7)
        domain.run()
        init = domain.init()
        domain.instance.kill()
        os.kill(init, signal.SIGUSR1)
        wait_for(lambda: init not in processes(), 5, 'still running')
        domain.instance.start()
        self.assertEqual(log_lines(domain), ['init has exited with status 7'])
        self.assertEqual(reason(domain), 'shut off (failed)')


if __name__ == '__main__':
    tap.main()
