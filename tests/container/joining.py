# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that join a running container by virsh lxc-enter-namespace."""

import os
import signal
import subprocess
from pathlib import Path

import sandbox
from harness import SLOWNESS, command_of, processes, status_of, wait_for
from notify import descriptors
from seccomp import Confined, label, spell

SPACES = ('cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts')
JOIN = ['/probe', 'run', '/join', '/joined']


def output(domain):
    return domain.root / 'joined'


def prepare(domain, deeds):
    """What the probe will do once it has joined."""
    (domain.root / 'join').write_text(''.join(
        f'{label(deed)} {spell(deed)}\n' for deed in deeds))
    output(domain).write_text('')
    output(domain).chmod(0o666)


def results(domain):
    return dict(line.split('=', 1)
                for line in output(domain).read_text().splitlines())


class Joined:
    """A program in the container, and the client that has brought it there."""

    def __init__(self, domain, client):
        """@client is called, and returns a process with pipes."""
        self.domain = domain
        self.before = set(domain.members())
        self.client = client()

    def ready(self):
        """When the job is done; returns its results."""
        wait_for(lambda: 'end' in results(self.domain)
                 or self.client.poll() is not None, 20, 'no end of the job')
        return results(self.domain)

    def pid(self):
        """Of the one process that is new in the container."""
        def find():
            return set(self.domain.members()) - self.before
        found = wait_for(find, 20, lambda: f'nobody joined: {self.end()}')
        if len(found) != 1:
            raise AssertionError('more than the program joined: '
                                 f'{[command_of(pid) for pid in found]}')
        return found.pop()

    def end(self, timeout=20):
        """virsh's status and error; nothing hangs."""
        _, error = self.client.communicate(timeout=timeout * SLOWNESS)
        return self.client.returncode, error.strip()

    def stop(self):
        parents = processes()
        for pid in parents:
            if sandbox.descends(pid, self.client.pid, parents):
                os.kill(pid, signal.SIGKILL)
        self.client.wait()
        # Who is left in the container may have them open, too.
        self.client.stdout.close()
        self.client.stderr.close()


class Joining(Confined):
    def started(self, features='', deeds=(), **kwargs):
        """A domain whose init has done the deeds, if any are given."""
        domain = self.domain(features, deeds, **kwargs)
        prepare(domain, ())
        domain.first = domain.run()
        return domain

    def enter(self, domain, *argv, options=()):
        """virsh's status and error."""
        joined = self.begin(domain, *argv, options=options)
        return joined.end()

    def begin(self, domain, *argv, options=(), **kwargs):
        ours = domain.instance
        joined = Joined(domain, lambda: ours.command(
            ours.client, '-q', '-c', 'lxc:///system', 'lxc-enter-namespace',
            *options, domain.name, *argv, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, **kwargs))
        self.addCleanup(joined.stop)
        return joined

    def deeds(self, domain, *deeds, **kwargs):
        """What came of them, in a process that joined and has ended."""
        prepare(domain, deeds)
        joined = self.begin(domain, *JOIN, 'exit', '0', **kwargs)
        self.assertEqual(joined.end(), (0, ''))
        found = results(domain)
        self.assertEqual(found.get('end'), 'OK')
        return found

    def waiting(self, domain, *deeds, **kwargs):
        """A process that has joined, has done them, and waits."""
        prepare(domain, deeds)
        joined = self.begin(domain, *JOIN, 'sleep', **kwargs)
        joined.results = joined.ready()
        return joined

    def assertFails(self, domain, argv, *texts, options=(), status=1):
        """With these texts in virsh's error; without any, there is none."""
        before = set(domain.members())
        found, error = self.enter(domain, *argv, options=options)
        print(f'# {error!r}')
        self.assertEqual(found, status)
        self.assertEqual(bool(error), bool(texts))
        for text in texts:
            self.assertIn(text, error)
        self.assertEqual(set(domain.members()), before)
        self.assertEqual(domain.state(), 'running')
        return error

    def assertLike(self, joined, domain, uid=0, gid=0, groups=(0,)):
        """Confined as init is, as that user; returns the process."""
        pid, init = joined.pid(), domain.init()
        mine, its = status_of(pid), status_of(init)
        shift = 100000 if domain.mapped else 0
        self.assertEqual(mine['Uid'].split(), [str(uid + shift)] * 4)
        self.assertEqual(mine['Gid'].split(), [str(gid + shift)] * 4)
        self.assertEqual({int(group) - shift for group in mine['Groups'].split()},
                         set(groups))
        for name in ('CapBnd', 'NoNewPrivs', 'Seccomp', 'Seccomp_filters'):
            self.assertEqual(mine[name], its[name], name)
        for name in SPACES:
            self.assertEqual(os.readlink(f'/proc/{pid}/ns/{name}'),
                             os.readlink(f'/proc/{init}/ns/{name}'))
        # Were it above, a cgroup namespace of its own would show it the host's.
        self.assertEqual(*(Path(f'/proc/{one}/cgroup').read_text()
                           for one in (pid, init)))
        self.assertOnlyStreams(pid)
        return pid

    def assertOnlyStreams(self, pid):
        """Nothing of the host's; the probe has opened its results."""
        streams = ('pipe:', '/dev/null')
        others = [fd for fd in descriptors(pid) if not fd.startswith(streams)
                  and not fd.endswith('/joined')]
        self.assertEqual(others, [])
