# SPDX-License-Identifier: LGPL-2.1-or-later
"""<syscall action='notify'>: an agent outside the container decides."""

import errno
import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import landlock
import tap
from harness import IDMAP, SLOWNESS, OurInstance, wait_for
from notify import Agent, descriptors, escaped, listener
from seccomp import (PROBE_CALLS, Confined, effective, element, number,
                     profile_directory, rule)
from tap import Sandbox, rows

METADATA = 'a "quoted" \\ text, ü'


ANSWERS = [f"--call={number('getppid')}=EXDEV", f"--call={number('getuid')}=4711",
           f"--call={number('getgid')}=0x100000001"]
NOTIFIED = rule('getppid getuid getgid geteuid', 'notify')
DEEDS = {'call getppid': 'EXDEV', 'value getuid': '4711',
         'value getgid': str(0x100000001), 'call geteuid': 'OK',
         'thread getppid': 'EXDEV', 'value getpgrp': '1'}
ALLOW = {'policy': 'allow'}


class Notify(Confined):
    def agent(self, *options, name='agent'):
        agent = Agent(Sandbox.instance(OurInstance), name, *options)
        self.addCleanup(agent.stop)
        return agent

    @rows([
        ('plain', '', {}), ('no-new-privs', '<no-new-privs/>', {}),
        ('deny', "<capabilities policy='deny'/>", {}),
        ('idmap', '<privnet/>', {'idmap': IDMAP}),
        ('alice', "<capabilities policy='deny'/>",
         {'user': '<inituser>alice</inituser>'}),
        ('landlock', landlock.element(fs=landlock.probe_paths()), {}),
    ])
    def test_answers(self, features, others):
        agent = self.agent(*ANSWERS)
        domain = self.assertDeeds(
            features + element(NOTIFIED, listener(agent.path, escaped(METADATA)),
                               **ALLOW), DEEDS, **others)
        self.assertLoaded(domain)
        self.assertEqual(effective(domain)[2], str(agent.path))
        self.assertEqual(agent.document(), {
            'ociVersion': '1.0.2', 'fds': ['seccompFd'], 'pid': domain.init(),
            'metadata': METADATA,
            'state': {'ociVersion': '1.0.2', 'id': domain.name,
                      'status': 'creating', 'pid': domain.init(),
                      'bundle': f'{domain.instance.top}/run/libvirt/lxc',
                      'annotations': {'org.libvirt.uuid': domain.uuid}}})
        self.assertNoDescriptors(domain, **others)

    def assertNoDescriptors(self, domain, **others):
        """The agent alone has the listener, and nobody else a connection."""
        plain = self.domain('', **others)
        plain.run()
        self.assertEqual(sorted(descriptors(domain.init())), sorted(
            text.replace(plain.name, domain.name)
            for text in descriptors(plain.init())))
        ours = domain.instance
        for pid in (domain.init(), domain.controller(), ours.daemon.pid):
            self.assertEqual([text for text in descriptors(pid)
                              if 'seccomp' in text], [])
        self.assertEqual(
            *(len([text for text in descriptors(one.controller())
                   if 'socket' in text]) for one in (domain, plain)))

    def test_without_metadata(self):
        agent = self.agent(*ANSWERS)
        self.assertDeeds(element(NOTIFIED, listener(agent.path), **ALLOW), DEEDS)
        self.assertNotIn('metadata', agent.document())

    @rows([
        ('by the start', 'sendmsg sendto write writev connect execve close futex '
                         'read recvmsg fcntl exit exit_group rt_sigaction '
                         'rt_sigprocmask nanosleep prctl capset seccomp'),
        ('by all that a program does', ' '.join(PROBE_CALLS)),
    ])
    def test_notified(self, calls):
        """The start waits for no answer that only comes after it."""
        agent = self.agent()
        domain = self.assertDeeds(
            element(rule(calls, 'notify'), listener(agent.path), **ALLOW),
            {'call getppid': 'OK', 'thread getppid': 'OK'})
        self.assertIn(int(number('execve')), agent.calls()[domain.name])
        self.assertNoDescriptors(domain)

    def test_profile(self):
        """One that says itself who listens; the XML says it otherwise."""
        agent, other = self.agent(*ANSWERS), self.agent(name='other')
        path = profile_directory(agent_instance()) / 'notify.json'
        path.write_text(json.dumps({
            'defaultAction': 'SCMP_ACT_ALLOW', 'listenerPath': str(agent.path),
            'listenerMetadata': 'of the profile',
            'syscalls': [{'names': ['getppid'], 'action': 'SCMP_ACT_NOTIFY'}]}))
        self.addCleanup(path.unlink)
        domain = self.assertDeeds(element(profile='notify'),
                                  {'call getppid': 'EXDEV', 'call getuid': 'OK'})
        self.assertEqual(agent.document()['metadata'], 'of the profile')
        self.assertEqual(effective(domain)[2], str(agent.path))
        self.assertDeeds(element(listener(other.path), profile='notify'),
                         {'call getppid': 'OK'})

    def test_several_containers(self):
        agent = self.agent(*ANSWERS)
        domains = [self.domain(element(NOTIFIED, listener(agent.path), **ALLOW),
                               DEEDS) for _ in range(3)]
        for domain in domains:
            domain.define()
            domain.start()
        for domain in domains:
            self.assertResults(domain.results(), DEEDS)
        self.assertEqual(set(agent.calls()), {domain.name for domain in domains})
        for domain in domains:
            domain.instance.virsh('destroy', domain.name)
        wait_for(lambda: not [text for text in descriptors(agent.process.pid)
                              if 'seccomp' in text], 20, 'listeners are left')

    def test_reboot(self):
        agent = self.agent(*ANSWERS)
        domain = self.domain(element(rule('getppid', 'notify'),
                                     listener(agent.path), **ALLOW))
        domain.write_job(['first call 110', 'reboot reboot /tmp/mark',
                          'second call 110'])
        results = domain.run()
        self.assertEqual((results['reboot'], results['second']),
                         ('second boot', 'EXDEV'))
        self.assertEqual(domain.out.read_text().count('first=EXDEV'), 2)
        self.assertEqual(agent.document()['pid'], domain.init())


def agent_instance():
    return Sandbox.instance(OurInstance)


def stale(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def nobody(path):
    pass


def datagram(path):
    """One that is open, but of another kind."""
    datagram.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    datagram.socket.bind(str(path))


class Absent(Confined):
    """A start that an agent must take part in, and does not."""

    SECONDS = 2 * SLOWNESS

    def path(self):
        path = agent_instance().work / 'none.sock'
        self.addCleanup(path.unlink, missing_ok=True)
        return path

    @rows([('nobody', nobody, errno.ENOENT), ('stale', stale, errno.ECONNREFUSED),
           ('file', Path.touch, errno.ECONNREFUSED),
           ('datagrams', datagram, errno.EPROTOTYPE)])
    def test_no_agent(self, make, number):
        path = self.path()
        make(path)
        domain = self.domain(element(rule('getppid', 'notify'), listener(path),
                                     **ALLOW))
        self.assertLess(self.assertStartFails(domain, [
            f"cannot connect to the seccomp agent at '{path}': "
            f'{os.strerror(number)}']), self.SECONDS)

    def test_dies_over_execve(self):
        """Of which it has been told, but has said nothing."""
        agent = Agent(agent_instance(), 'dies', '--die-after', 1)
        self.addCleanup(agent.stop)
        domain = self.domain(element(rule('execve', 'notify'),
                                     listener(agent.path), **ALLOW))
        self.assertLess(self.assertStartFails(
            domain, ['cannot execute binary /probe: Function not implemented']),
            self.SECONDS)

    @rows([('EACCES', 'EACCES', 'Permission denied'),
           ('ENOENT', 'ENOENT', 'No such file or directory')])
    def test_refuses_execve(self, answer, text):
        agent = Agent(agent_instance(), 'refuses', '--answer', answer)
        self.addCleanup(agent.stop)
        domain = self.domain(element(rule('execve', 'notify'),
                                     listener(agent.path), **ALLOW))
        self.assertLess(self.assertStartFails(
            domain, [f'cannot execute binary /probe: {text}']), self.SECONDS)

    def test_hangs_up(self):
        """Before it has read anything."""
        path = self.path()
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
            server.listen()
            server.settimeout(5 * SLOWNESS)
            domain = self.domain(element(rule('execve', 'notify'),
                                         listener(path), **ALLOW))
            domain.define()
            before = domain.instance.snapshot()
            start = self.begin(domain)
            server.accept()[0].close()
            self.assertFails(start, '')
        self.assertNothingLeft(domain.instance, before)

    def begin(self, domain):
        ours = domain.instance
        return ours.command(ours.client, '-q', '-c', 'lxc:///system', 'start',
                            domain.name, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)

    def assertFails(self, start, text):
        _, error = start.communicate(timeout=20 * SLOWNESS)
        print(f'# {error!r}')
        self.assertNotEqual(start.returncode, 0)
        self.assertIn(text, error)

    def test_thinks_for_ever(self):
        """The start ends when the agent does."""
        agent = Agent(agent_instance(), 'thinks', '--silent')
        self.addCleanup(agent.stop)
        domain = self.domain(element(rule('execve', 'notify'),
                                     listener(agent.path), **ALLOW))
        domain.define()
        before = domain.instance.snapshot()
        start = self.begin(domain)
        wait_for(agent.log.read_text, 20, 'the agent was not asked')
        self.assertIsNone(start.poll())
        agent.process.send_signal(signal.SIGKILL)
        agent.process.wait()
        self.assertFails(start, 'cannot execute binary /probe: Function not '
                                'implemented')
        self.assertNothingLeft(domain.instance, before)

    def test_destroyed_meanwhile(self):
        """The end of the start removes a transient domain."""
        agent = Agent(agent_instance(), 'destroyed', '--silent')
        self.addCleanup(agent.stop)
        domain = self.domain(element(rule('execve', 'notify'),
                                     listener(agent.path), **ALLOW))
        path = domain.instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        create = domain.instance.command(
            domain.instance.client, '-q', '-c', 'lxc:///system', 'create', path,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(agent.log.read_text, 20, 'the agent was not asked')
        domain.instance.virsh('destroy', domain.name)
        self.assertNotEqual(create.wait(20 * SLOWNESS), 0)
        self.assertNotIn(domain.name, domain.instance.virsh('list', '--all', '--name'))

    def test_dies_later(self):
        """The call then fails with ENOSYS, and everything else works."""
        agent = Agent(agent_instance(), 'later', '--die-after', 2, *ANSWERS)
        self.addCleanup(agent.stop)
        domain = self.assertDeeds(
            element(rule('getppid', 'notify'), listener(agent.path), **ALLOW),
            {'call getppid': 'EXDEV', 'call getppid 1': 'ENOSYS',
             'call getppid 2': 'ENOSYS', 'call getuid': 'OK',
             'thread getppid': 'ENOSYS'})
        self.assertEqual(agent.process.wait(5 * SLOWNESS), 1)
        self.assertEqual(domain.state(), 'running')

        # A new one gets those that are started then.
        agent.path.unlink()
        new = Agent(agent_instance(), 'later', *ANSWERS)
        self.addCleanup(new.stop)
        domain.instance.virsh('destroy', domain.name)
        domain.out.write_text('')
        domain.start()
        self.assertResults(domain.results(), {'call getppid 2': 'EXDEV'})

    def test_daemon_restarts(self):
        """The agent does not notice."""
        agent = Agent(agent_instance(), 'stays', *ANSWERS)
        self.addCleanup(agent.stop)
        domain = self.domain(element(rule('getppid', 'notify'),
                                     listener(agent.path), **ALLOW))
        domain.run()
        ours = domain.instance
        ours.kill()
        ours.start()
        self.assertIn('anon_inode:seccomp notify', descriptors(agent.process.pid))
        self.assertEqual(effective(domain)[2], str(agent.path))


if __name__ == '__main__':
    tap.main()
