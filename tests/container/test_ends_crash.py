# SPDX-License-Identifier: LGPL-2.1-or-later
"""<on_crash>: what follows when init has failed."""

import os
import signal
import time
from datetime import datetime

import tap
from ends import (ENDS, Events, container, log_ends, log_lines, pause, reason,
                  wait_off)
from harness import SLOWNESS, wait_for
from tap import Case, rows

TRANSIENT = 'transient'
STAYS = 1.0 * SLOWNESS  # seconds without a restart, of which the first takes 0.1


class OnCrash(Case):
    @rows([
        # What <on_crash> says, what init does, whether it is started again
        ('nothing', '', ('count', '/n', 3), False),
        ('destroy', 'destroy', ('count', '/n', 3), False),
        ('preserve', 'preserve', ('count', '/n', 3), False),
        ('coredump-destroy', 'coredump-destroy', ('count', '/n', 3), False),
        ('restart', 'restart', ('count', '/n', 3), True),
        ('rename-restart', 'rename-restart', ('count', '/n', 3), True),
        ('coredump-restart', 'coredump-restart', ('count', '/n', 3), True),
    ])
    def test_is_taken(self, action, args, again):
        domain = container(self, *args, on_crash=action)
        events = Events(self, domain)
        domain.start()
        if again:
            domain.results()
            self.assertEqual(domain.state(), 'running')
            events.wait(*['Started Booted', 'Stopped Failed'] * 2, 'Started Booted')
        else:
            wait_off(domain)
            time.sleep(STAYS)
            self.assertEqual(reason(domain), 'shut off (failed)')
            self.assertEqual((domain.root / 'n').read_text(), '.')

    def test_a_signal_is_a_crash(self):
        domain = container(self, 'default', on_crash='restart')
        domain.run()
        first = domain.controller()
        os.kill(domain.init(), signal.SIGKILL)
        domain.wait_for_another(first)

    def test_a_killed_controller_is_a_crash(self):
        domain = container(self, 'default', on_crash='restart')
        domain.run()
        first = domain.controller()
        os.kill(first, signal.SIGKILL)
        domain.wait_for_another(first)

    @rows([
        ('exit 0', ('exit', 0)),
        ('power off', ('reboot', 'off')),
    ])
    def test_not_taken_after(self, args):
        domain = container(self, *args, on_crash='restart',
                           features="<capabilities policy='allow'/>")
        domain.define()
        domain.start()
        wait_off(domain)
        time.sleep(STAYS)
        self.assertEqual(reason(domain), 'shut off (shutdown)')
        self.assertEqual(domain.out.read_text().count('end='), 1)

    @rows([
        # Exit status of the handler, what the state is then
        ('exit 3', 3, 'failed'),
        ('exit 143', 143, 'shutdown'),
    ])
    def test_not_taken_after_a_shutdown(self, status, why):
        domain = container(self, 'handle', signal.SIGTERM, status, on_crash='restart')
        domain.run()
        domain.instance.virsh('shutdown', domain.name)
        wait_off(domain)
        time.sleep(STAYS)
        self.assertEqual(reason(domain), f'shut off ({why})')

    def test_not_taken_after_destroy(self):
        domain = container(self, 'default', on_crash='restart')
        domain.run()
        domain.instance.virsh('destroy', domain.name)
        time.sleep(STAYS)
        self.assertEqual(reason(domain), 'shut off (destroyed)')

    def transient(self, *args):
        domain = container(self, *args, on_crash='restart')
        path = domain.instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        domain.instance.virsh('create', path)
        return domain

    def test_taken_by_a_transient_domain(self):
        domain = self.transient('count', '/n', 3)
        domain.results()
        self.assertEqual(domain.state(), 'running')

    def test_a_start_that_fails_ends_it(self):
        domain = self.transient('exit', 1)
        (domain.root / 'init').unlink()
        wait_for(lambda: domain.instance.run('domstate', domain.name)[0] != 0, 20,
                 'the domain is still there')


class Loop(Case):
    def loop(self):
        """A domain that is started again and again."""
        domain = container(self, 'exit', 1, on_crash='restart')
        domain.define()
        domain.start()
        return domain

    def starts(self, domain):
        return domain.out.read_text().count('end=')

    def wait_pause(self, domain, ends):
        wait_for(lambda: len(log_ends(domain)) == ends, 20, 'not restarted')
        wait_for(lambda: domain.state() == 'shut off', 5, 'still running')

    def test_slows_down(self):
        domain = self.loop()

        def five():
            asked = time.monotonic()
            domain.instance.virsh('list', '--all')
            self.assertLess(time.monotonic() - asked, 1 * SLOWNESS)
            return len(log_ends(domain)) >= 5
        wait_for(five, 6, lambda: f'only {self.starts(domain)} starts')
        ends = [datetime.fromisoformat(end) for end in log_ends(domain)]
        for i, (one, next_one) in enumerate(zip(ends, ends[1:]), 1):
            self.assertGreaterEqual((next_one - one).total_seconds(), pause(i), ends)

    @rows([('destroy', 'destroy'), ('undefine', 'undefine')])
    def test_is_ended_by(self, verb):
        domain = self.loop()
        self.wait_pause(domain, ENDS)
        domain.instance.virsh(verb, domain.name)
        time.sleep(3 * pause(ENDS))
        self.assertEqual(self.starts(domain), ENDS)
        self.assertEqual(len(log_lines(domain)), ENDS)

    def test_start_does_not_wait(self):
        domain = self.loop()
        self.wait_pause(domain, ENDS + 1)
        begun = time.monotonic()
        domain.start()
        self.assertLess(time.monotonic() - begun, 0.9 * pause(ENDS + 1))
        wait_for(lambda: self.starts(domain) == ENDS + 2, 5, 'init does not run')


if __name__ == '__main__':
    tap.main()
