# SPDX-License-Identifier: LGPL-2.1-or-later
"""A domain that takes long to stop does not keep others waiting."""

import subprocess
import time

import tap
from forget import Host
from harness import SLOWNESS, Domain, processes, wait_for
from tap import Case, rows

# A container that ignores SIGTERM is killed after 1.6 seconds.
LONG = 1.4
ANSWER = 0.9 * SLOWNESS

QUERIES = [('list', 'list', '--all'), ('state', 'domstate', '{name}'),
           ('information', 'dominfo', '{name}'), ('definition', 'dumpxml', '{name}')]


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
        host, domain = self.started()
        domain.define()
        domain.start()
        domain.results()
        begun = time.monotonic()
        client = self.client(host, 'destroy', domain.name)
        time.sleep(0.3)
        self.answers(host, domain, query)
        self.assertIsNone(client.poll(), 'destroy was too fast to be a test')
        self.assertEqual(client.wait(20), 0)
        self.assertGreater(time.monotonic() - begun, LONG)
        self.assertEqual(domain.state(), 'shut off')

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
            results = [client.wait(20) for client in clients]
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
        self.assertEqual(client.wait(20), 0)
        self.assertNotIn(domain.name, host.names())


if __name__ == '__main__':
    tap.main()
