# SPDX-License-Identifier: LGPL-2.1-or-later
"""A domain that takes long to stop does not keep others waiting."""

import os
import signal
import subprocess
import time
from pathlib import Path

import tap
from forget import Host
from harness import SLOWNESS, Domain, processes, wait_for
from tap import Case, rows, skip

# A container that ignores SIGTERM is killed after 1.6 seconds.
LONG = 1.4
ANSWER = 0.9 * SLOWNESS

QUERIES = [('list', 'list', '--all'), ('state', 'domstate', '{name}'),
           ('information', 'dominfo', '{name}'), ('definition', 'dumpxml', '{name}')]

FREEZER = Path('/sys/fs/cgroup/freezer')

HOOK = '''#!/bin/sh
[ "$1 $2" != "{name} started" ] || exit 1
'''


class Stop(Case):
    def started(self, **kwargs):
        host = Host.get()
        domain = Domain(host.instance, then='ignore', job=['nothing status'], **kwargs)
        self.addCleanup(domain.remove)
        return host, domain

    def client(self, host, *args):
        return host.instance.command(host.instance.client, '-q', '-c', 'lxc:///system',
                                     *args, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)

    def answers(self, host, domain, query):
        begun = time.monotonic()
        host.instance.virsh(*[word.format(name=domain.name) for word in query])
        self.assertLess(time.monotonic() - begun, ANSWER)

    @rows(QUERIES)
    def test_destroy(self, *query):
        """On a slow machine the answer may come when the container has stopped: then
        once in several times."""
        host, domain = self.started()
        domain.define()
        self.assertTrue(any(self.answered_first(host, domain, query)
                            for _ in range(SLOWNESS)), 'the answer waited for destroy')

    def answered_first(self, host, domain, query):
        """Whether the query is answered before destroy."""
        domain.write_job(['nothing status'])
        domain.start()
        domain.results()
        begun = time.monotonic()
        client = self.client(host, 'destroy', domain.name)
        time.sleep(0.3)
        self.answers(host, domain, query)
        first = client.poll() is None
        self.assertEqual(client.wait(20 * SLOWNESS), 0)
        self.assertGreater(time.monotonic() - begun, LONG)
        self.assertEqual(domain.state(), 'shut off')
        return first

    def test_autodestroy(self):
        host, domain = self.started()
        path = host.instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        client = host.instance.command(
            'sh', '-c', f'(echo create --autodestroy {path}; sleep 1000) | '
            f'exec {host.instance.client} -q -c lxc:///system',
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        domain.results()
        members = domain.members()
        virsh = [pid for pid, parent in processes().items() if parent == client.pid]
        for pid in [*virsh, client.pid]:
            subprocess.run(['kill', '-9', str(pid)], check=False)
        client.wait()
        time.sleep(0.3)
        self.assertTrue(set(members) & set(processes()), 'it was too fast to be a test')
        self.answers(host, domain, ('list', '--all'))
        wait_for(lambda: domain.name not in host.names(), 20, 'it was not destroyed')
        self.assertEqual(set(members) & set(processes()), set())

    def test_destroyed_twice(self):
        host, domain = self.started()
        domain.define()
        before = host.instance.snapshot()
        for _ in range(2):
            domain.write_job(['nothing status'])
            domain.start()
            domain.results()
            clients = [self.client(host, 'destroy', domain.name) for _ in range(3)]
            results = [client.wait(20 * SLOWNESS) for client in clients]
            self.assertIn(0, results)
            self.assertEqual(domain.state(), 'shut off')
        self.assertNothingLeft(host.instance, before)

    def test_undefined_meanwhile(self):
        host, domain = self.started()
        domain.define()
        domain.start()
        domain.results()
        client = self.client(host, 'destroy', domain.name)
        time.sleep(0.3)
        host.instance.virsh('undefine', domain.name)
        self.assertEqual(client.wait(20 * SLOWNESS), 0)
        self.assertNotIn(domain.name, host.names())


class Ended(Case):
    """What is left of a container takes long to stop."""

    def started(self):
        if not FREEZER.exists():
            skip('with cgroup version 2, SIGKILL ends a frozen process')
        host = Host.get()
        domain = Domain(host.instance, then='ignore', job=['nothing status'])
        self.addCleanup(domain.remove)
        domain.define()
        self.before = host.instance.snapshot()
        domain.start()
        domain.results()
        return host, domain, domain.init()

    def thaw(self, path, init):
        (path / 'freezer.state').write_text('THAWED')
        wait_for(lambda: init not in processes(), 20, 'init is still there')
        path.rmdir()

    def kill_controller(self, domain, init, controller=None):
        """With cgroup version 1, SIGKILL does not end a frozen process."""
        path = FREEZER / f'{domain.name}frozen'
        path.mkdir()
        self.addCleanup(self.thaw, path, init)
        (path / 'cgroup.procs').write_text(str(init))
        (path / 'freezer.state').write_text('FROZEN')
        controller = controller or domain.controller()
        os.kill(controller, signal.SIGKILL)
        wait_for(lambda: controller not in processes(), 5, 'libvirt_lxc is still there')

    @rows(QUERIES)
    def test_controller_dies(self, *query):
        host, domain, init = self.started()
        other = Domain(host.instance)
        self.addCleanup(other.remove)
        other.define()
        self.kill_controller(domain, init)
        time.sleep(0.3)
        for name in (domain.name, other.name):
            host.instance.virsh(*[word.format(name=name) for word in query])
        self.assertIn(init, processes(), 'the answer waited for init')
        wait_for(lambda: domain.state() == 'shut off', 20, 'still running')
        self.assertNotIn(init, processes())

    def test_controller_dies_without_the_daemon(self):
        host, domain, init = self.started()
        controller = domain.controller()
        host.restart(lambda: self.kill_controller(domain, init, controller))
        self.assertIn(init, processes(), 'the daemon waited for init')
        wait_for(lambda: domain.state() == 'shut off', 20, 'still running')
        self.assertNotIn(init, processes())

    @rows([('at once', 0), ('when the stop has begun', 0.3)])
    def test_daemon_exits(self, delay):
        host, domain, init = self.started()
        self.kill_controller(domain, init)
        time.sleep(delay)
        host.instance.daemon.terminate()
        self.assertEqual(host.instance.daemon.wait(30 * SLOWNESS), 0)
        host.instance.start()
        wait_for(lambda: domain.state() == 'shut off', 20, 'still running')
        self.assertNotIn(init, processes())

    def test_destroyed_meanwhile(self):
        host, domain, init = self.started()
        self.kill_controller(domain, init)
        time.sleep(0.3)
        status, _, error = host.instance.run('destroy', domain.name)
        self.assertTrue(status == 0 or 'is not running' in error, error)
        self.assertNotIn(init, processes())
        self.assertEqual(domain.state(), 'shut off')
        domain.start()
        self.assertEqual(domain.state(), 'running')

    @rows(QUERIES)
    def test_failed_start(self, *query):
        """A hook fails when the container is running already. On a slow machine the
        answer may come when the container has stopped: then once in several times."""
        host = Host.get()
        domain = Domain(host.instance, then='ignore', job=['nothing status'])
        self.addCleanup(domain.remove)
        hook = host.top / 'etc/libvirt/hooks/lxc'
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(HOOK.format(name=domain.name))
        hook.chmod(0o755)
        self.addCleanup(hook.unlink)
        host.restart()
        domain.define()
        self.assertTrue(any(self.answered_first(domain, query) for _ in range(SLOWNESS)),
                        'the answer waited for the start')

    def answered_first(self, domain, query):
        """Whether the query is answered before the start that fails."""
        instance = domain.instance
        domain.write_job(['nothing status'])
        client = instance.command(
            instance.client, '-q', '-c', 'lxc:///system', 'start', domain.name,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        domain.results()
        time.sleep(0.3)
        instance.virsh(*[word.format(name=domain.name) for word in query])
        first = client.poll() is None
        self.assertNotEqual(client.wait(20 * SLOWNESS), 0)
        self.assertEqual(domain.state(), 'shut off')
        return first


if __name__ == '__main__':
    tap.main()
