# SPDX-License-Identifier: LGPL-2.1-or-later
"""System calls of set-up and enforcement fail once each, in the process that makes
them (tests/data/faults/start.txt for libvirt_lxc and the container, daemon.txt for the
daemon): the start fails and says why, or the container is as confined as ever; nothing
is left behind.

With CONFINEMENT_FAULTS=all, every call that libvirt_lxc makes fails, with each of
several errors. What the message says is not compared then."""

import functools
import os
import platform
import re
import shutil
from pathlib import Path

import sandbox
import tap
from forget import Host
from harness import HERE, Domain, Failed, status_of, wait_for
from tap import Case, Sandbox, rows, skip

TABLES = HERE.parent / 'data' / 'faults'

FEATURES = '''<capabilities policy='deny'/><no-new-privs/><seccomp/>
  <landlock><fs><path target='/' allow='read write execute create'/></fs></landlock>'''

WRAPPER = '''#!/bin/sh
exec strace -D -f -qqq -o {log} -e trace={call} -e signal=none \\
    -e inject={call}:{fault}:when=1 {paths} {program} "$@"
'''

RECORDER = '''#!/bin/sh
exec strace -D -f -qqq -o {log} -e signal=none {program} "$@"
'''

ERRORS = ('EPERM', 'EIO', 'ENOMEM', 'EINVAL')
# They cannot fail, or (writev) leave a request to FUSE unanswered.
OTHERS = {'exit', 'exit_group', 'rt_sigreturn', 'getpid', 'gettid', 'getuid', 'geteuid',
          'getgid', 'getegid', 'writev'}

CONFINED = ('CapEff', 'CapBnd', 'NoNewPrivs', 'Seccomp', 'Seccomp_filters')


def table(name):
    """Rows of "call fault [path] [@release] [@version]: expected", where those for
    different versions of libvirt are one row, with an expectation for each version. Behind
    " | " is what is expected where there is cgroup version 2 only."""
    alone = sandbox.version2_only()
    unified = '/sys/fs/cgroup' if alone else '/sys/fs/cgroup/unified'
    release = platform.freedesktop_os_release().get('VERSION_ID', '')
    table = {}
    for line in (TABLES / name).read_text().splitlines():
        if line and not line.startswith('#'):
            what, expected = line.split(': ', 1)
            words = what.replace('UNIFIED', unified).split()
            conditions = {'version' if '.' in word else 'release': word[1:]
                          for word in words if word.startswith('@')}
            if conditions.get('release', release) == release:
                fault = tuple(word for word in words if not word.startswith('@'))
                table.setdefault(fault, {})[conditions.get('version')] = (
                    expected.split(' | ')[-alone])
    return [(' '.join(fault), fault, expected) for fault, expected in table.items()]


@functools.cache
def prepare_instances():
    """Instances, which copy the mounts of the tests, know users from /etc/passwd only:
    systemd's library knows root without it. What GLib calls critical ends the daemon."""
    os.environ['G_DEBUG'] = 'fatal-criticals'
    names = Sandbox.work / 'nsswitch.conf'
    names.write_text('passwd: files\ngroup: files\n')
    sandbox.mount(names, '/etc/nsswitch.conf', flags=sandbox.MS_BIND)


class Fault(Case):
    devices = ''
    expected = None

    def setUp(self):
        if not shutil.which('strace'):
            skip('strace is missing')
        prepare_instances()

    def domain(self, **kwargs):
        domain = Domain(Host.get().instance, features=FEATURES, **kwargs)
        self.addCleanup(domain.remove)
        domain.define()
        return domain

    def confinement(self, domain):
        """Of init: capabilities and filters, and its mounts with their options."""
        pid = domain.init()
        status = status_of(pid)
        mounts = [line.split() for line in
                  Path(f'/proc/{pid}/mountinfo').read_text().splitlines()]
        return ({name: status[name] for name in CONFINED},
                [(fields[4], fields[5]) for fields in mounts])

    def wrapper(self, instance, call, fault, *path):
        log = instance.work / 'strace'
        log.unlink(missing_ok=True)
        wrapper = instance.work / 'injector'
        program = instance.libvirt / 'src' / 'libvirt_lxc'
        fault = f'signal={fault}' if fault.startswith('SIG') else f'error={fault}'
        wrapper.write_text(WRAPPER.format(
            log=log, call=call, fault=fault, program=program,
            paths=' '.join(f'-P {item}' for item in path)))
        wrapper.chmod(0o755)
        return wrapper, log

    def assertStarted(self, domain, status, error, expected):
        version = domain.instance.libvirt.name.removeprefix('libvirt-')
        expected = expected.get(version) or expected[None]
        if expected == 'as confined as ever':
            self.assertEqual(status, 0, error)
            self.assertEqual(self.confinement(domain), self.expected)
            domain.instance.virsh('destroy', domain.name)
        elif expected == 'stops at once':
            self.assertEqual(status, 0, error)
            wait_for(lambda: domain.state() == 'shut off', 20, 'still running')
        else:
            self.assertNotEqual(status, 0)
            self.assertIn(expected, error)
            self.assertNotIn('no error', error)
            self.assertEqual(domain.state(), 'shut off')

    def learn(self):
        """How init is confined without a fault."""
        if not self.expected:
            domain = self.domain(devices=self.devices)
            domain.start()
            type(self).expected = self.confinement(domain)
            domain.remove()


class Faults(Fault):
    @rows(table('start.txt'))
    def test_fault(self, fault, expected):
        instance = Host.get().instance
        self.learn()
        wrapper, log = self.wrapper(instance, *fault)
        domain = self.domain(devices=f'<emulator>{wrapper}</emulator>')
        before = instance.snapshot()
        status, _, error = instance.run('start', domain.name)
        mark = '= ?' if fault[1].startswith('SIG') else '(INJECTED)'
        wait_for(lambda: mark in log.read_text(), 10, 'no fault was injected')
        self.assertStarted(domain, status, error, expected)
        self.assertNothingLeft(instance, before)


class Daemon(Fault):
    devices = "<interface type='ethernet'/>"

    def inject(self, instance, log, call, fault, *path):
        """strace on all threads of the daemon, but not on what they create."""
        log.unlink(missing_ok=True)
        tasks = Path(f'/proc/{instance.daemon.pid}/task')
        threads = [task.name for task in tasks.iterdir()]
        argv = ['strace', '-qqq', '-o', log, '-e', f'trace={call}', '-e', 'signal=none',
                '-e', f'inject={call}:error={fault}:when=1']
        for item in path:
            argv += ['-P', item]
        tracer = instance.command(*argv, *(f'-p{thread}' for thread in threads))
        self.addCleanup(tracer.wait)
        self.addCleanup(tracer.terminate)
        wait_for(lambda: not any('TracerPid:\t0' in (tasks / thread / 'status').read_text()
                                 for thread in threads), 10, 'strace is not attached')
        return tracer

    @rows(table('daemon.txt'))
    def test_fault(self, fault, expected):
        instance, log = Host.get().instance, Host.get().instance.work / 'strace'
        self.learn()
        domain = self.domain(devices=self.devices)
        before = instance.snapshot()
        tracer = self.inject(instance, log, *fault)
        status, _, error = instance.run('start', domain.name)
        tracer.terminate()
        tracer.wait()
        self.assertIsNone(instance.daemon.poll(), 'the daemon has died')
        self.assertIn('(INJECTED)', log.read_text(), 'no fault was injected')
        self.assertStarted(domain, status, error, expected)
        self.assertNothingLeft(instance, before)


class Every(Fault):
    def calls(self):
        instance = Host.get().instance
        log, path = instance.work / 'record', instance.work / 'recorder'
        program = instance.libvirt / 'src' / 'libvirt_lxc'
        path.write_text(RECORDER.format(log=log, program=program))
        path.chmod(0o755)
        domain = self.domain(devices=f'<emulator>{path}</emulator>')
        domain.start()
        instance.virsh('destroy', domain.name)
        return set(re.findall(r'^\d+ +(\w+)\(', log.read_text(), re.M)) - OTHERS

    def fault(self, call, error):
        instance = Host.get().instance
        wrapper, _ = self.wrapper(instance, call, error)
        domain = self.domain(devices=f'<emulator>{wrapper}</emulator>')
        before = instance.snapshot()
        status, _, text = instance.run('start', domain.name)
        if status == 0 and domain.state() == 'running':
            try:
                self.assertEqual(self.confinement(domain), self.expected)
            except (Failed, OSError, ValueError):
                wait_for(lambda: domain.state() == 'shut off', 20, 'still running')
            instance.run('destroy', domain.name)
        elif status != 0:
            self.assertNotIn('no error', text)
        self.assertEqual(domain.state(), 'shut off')
        self.assertNothingLeft(instance, before)
        domain.remove()

    def test_calls(self):
        self.learn()
        failures = []
        for call in sorted(self.calls()):
            for error in ERRORS:
                try:
                    self.fault(call, error)
                except (AssertionError, Failed) as failure:
                    failures.append(f'{call} {error}: {failure}')
                    print(f'# {failures[-1]}', flush=True)
        self.assertEqual(failures, [])


if os.environ.get('CONFINEMENT_FAULTS') != 'all':
    del Every


if __name__ == '__main__':
    tap.main()
