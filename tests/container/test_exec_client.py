# SPDX-License-Identifier: LGPL-2.1-or-later
"""virt-lxc-exec: streams, terminals, signals, and how it ends."""

import hashlib
import os
import select
import signal
import subprocess
import time
from pathlib import Path

import landlock
import tap
from execution import COLUMNS, ROWS, Executing, number
from harness import SLOWNESS, status_of, wait_for
from seccomp import element
from tap import Sandbox, rows

FAILED, NOT_EXECUTABLE, NOT_FOUND, SIGNALED = 125, 126, 127, 128
MEGABYTE = 1 << 20
# How often a receiving thread unlocks a mutex before it waits for data
UNLOCKS = 6
# Not busybox
FS = landlock.element(fs=landlock.paths({
    '/probe': ['execute', 'read_file'], '/job': ['read_file'],
    '/out': ['write_file'], '/tmp': ['read_dir']}))


class Ends(Executing):
    def test_status(self):
        domain = self.started()
        for status in (0, 1, 7, FAILED, NOT_EXECUTABLE, NOT_FOUND, 255):
            self.assertEqual(self.shell(domain, f'exit {status}'),
                             (status, '', ''))

    def test_signal(self):
        domain = self.started()
        for name in ('SIGKILL', 'SIGTERM', 'SIGSEGV', 'SIGUSR1'):
            self.assertEqual(
                self.shell(domain, f'kill -{number(name)} $$'),
                (SIGNALED + number(name), '', ''))

    @rows([(f'{name}{label}', argv, options, status, text)
           for label, options in (('', []), (', no seclabel', ['--no-seclabel']))
           for name, argv, status, text in (
               ('missing', ['/missing'], NOT_FOUND, '/missing'),
               ('missing in PATH', ['missing'], NOT_FOUND, 'missing'),
               ('file', ['/etc/passwd'], NOT_EXECUTABLE, 'Permission denied'),
               ('directory', ['/etc'], NOT_EXECUTABLE, 'Permission denied'),
               ('format', ['/tmp/text'], NOT_EXECUTABLE, 'Exec format error'))])
    def test_not_executed(self, argv, options, status, text):
        domain = self.started()
        script = domain.root / 'tmp' / 'text'
        script.write_text('not a program\n')
        script.chmod(0o755)
        found, out, error = self.execute(domain, *argv, options=options)
        print(f'# {error!r}')
        self.assertEqual((found, out), (status, ''))
        self.assertIn(text, error)
        self.assertTrue(error.startswith('virt-lxc-exec: '))
        self.assertEqual(error.count('\n'), 1)

    def test_landlock_says_program(self):
        """The error is that of the program, not of init."""
        domain = self.started(FS)
        status, _, error = self.execute(domain, '/bin/busybox', 'true')
        print(f'# {error!r}')
        self.assertEqual(status, NOT_EXECUTABLE)
        self.assertIn("'/bin/busybox' could not be executed under <landlock>: "
                      'no <path> allows', error)
        self.assertNotIn('init could not', error)
        self.assertEqual(domain.state(), 'running')

    @rows([
        ('user', ['--user', 'bob'], 'bob'),
        ('group', ['--user', 'root:nobodies'], 'nobodies'),
        ('directory', ['--cwd', '/missing'], '/missing'),
        ('not a directory', ['--cwd', '/etc/passwd'], '/etc/passwd'),
        ('relative', ['--cwd', 'tmp'], 'tmp'),
        ('unconfined', ['--unconfined'], 'exec_unconfined'),
        ('variable', ['--env', 'A'], 'NAME=VALUE'),
        ('option', ['--nothing'], '--nothing'),
        ('tty and detach', ['--tty', '--detach'], '--detach'),
    ])
    def test_refused(self, options, text):
        domain = self.started()
        before = set(domain.members())
        status, out, error = self.execute(domain, '/bin/true', options=options)
        print(f'# {error!r}')
        self.assertEqual((status, out), (FAILED, ''))
        self.assertIn(text, error)
        self.assertNotIn('internal error', error)
        self.assertEqual(set(domain.members()), before)

    def test_no_domain(self):
        domain = self.started()
        domain.instance.virsh('destroy', domain.name)
        status, _, error = self.execute(domain, '/bin/true')
        self.assertEqual((status, 'not running' in error), (FAILED, True))
        domain.instance.virsh('undefine', domain.name)
        status, _, error = self.execute(domain, '/bin/true')
        self.assertEqual((status, domain.name in error), (FAILED, True))

    def test_usage(self):
        domain = self.started()
        tool = str(self.command(domain, [], [])[0])
        environment = os.environ | domain.instance.environment
        for arguments, status, text in (
                (['--help'], 0, 'Usage'), (['--version'], 0, 'libvirt'),
                ([], FAILED, 'domain is missing'),
                ([domain.name], FAILED, 'command is missing')):
            done = subprocess.run([tool, *arguments], env=environment, text=True,
                                  capture_output=True, check=False)
            self.assertEqual(done.returncode, status)
            self.assertIn(text, done.stderr if status else done.stdout)

    def test_destroyed(self):
        domain = self.started()
        client = self.popen(domain, '/bin/sleep', '100')
        wait_for(lambda: len(domain.members()) > 1, 20, 'nothing joined')
        domain.instance.virsh('destroy', domain.name)
        _, error = client.communicate(timeout=10 * SLOWNESS)
        print(f'# {client.returncode} {error!r}')
        self.assertIn(client.returncode, (FAILED, SIGNALED + signal.SIGKILL))

    def test_uuid(self):
        domain = self.started()
        domain.name, name = domain.uuid, domain.name
        try:
            self.assertPrints(domain, 'here\n', 'echo here')
        finally:
            domain.name = name


class Program(Executing):
    """What the program is, and what it does not get."""

    def test_environment(self):
        domain = self.started()
        secret = {'SECRET': 'host', 'LANG': 'de_DE.UTF-8', 'TERM': 'vt100'}
        status, out, _ = self.execute(domain, 'env', env=secret,
                                      options=['--env', 'A=1=2', '--env', 'B='])
        found = dict(line.split('=', 1) for line in out.splitlines())
        print(f'# {found}')
        self.assertEqual(status, 0)
        self.assertEqual(set(found) - {'container', 'container_uuid'},
                         {'PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'A', 'B'})
        self.assertEqual((found['A'], found['B'], found['USER']),
                         ('1=2', '', 'root'))

    @rows([
        ('root', [], '0 0 / 0'),
        ('name', ['--user', 'alice'], '1000 1000 / 1000'),
        ('group', ['--user', 'alice:users'], '1000 100 / 100 1000'),
        ('number', ['--user', '1000:1000'], '1000 1000 / 1000'),
        ('directory', ['--cwd', '/tmp'], '0 0 /tmp 0'),
    ])
    def test_user(self, options, expected):
        domain = self.started()
        self.assertPrints(domain, expected + '\n',
                          'echo $(id -u) $(id -g) $PWD $(id -G)',
                          options=options)

    @rows([('plain', ''), ('deny', "<capabilities policy='deny'/>"),
           ('seccomp', '<no-new-privs/>' + element())])
    def test_confined(self, features):
        domain = self.started(features)
        self.popen(domain, '/bin/sleep', '100')
        pid = wait_for(lambda: set(domain.members()) - {domain.init()}, 20,
                       'nothing joined').pop()
        wait_for(lambda: b'sleep' in Path(f'/proc/{pid}/cmdline').read_bytes(),
                 20, 'nothing executed')
        mine, its = status_of(pid), status_of(domain.init())
        for name in ('CapBnd', 'CapEff', 'NoNewPrivs', 'Seccomp'):
            self.assertEqual(mine[name], its[name], name)

    def test_own_options(self):
        """Options after the domain are the program's."""
        domain = self.started()
        self.assertEqual(self.execute(domain, '/bin/echo', '--help', '-t'),
                         (0, '--help -t\n', ''))


class Streams(Executing):
    def test_separate(self):
        domain = self.started()
        self.assertEqual(self.shell(domain, 'cat; echo error >&2', data=b'in'),
                         (0, 'in', 'error\n'))

    def test_end_of_input(self):
        domain = self.started()
        self.assertPrints(domain, '3\n', 'wc -c', data=b'abc')
        self.assertPrints(domain, '0\n', 'wc -c')

    def test_input_not_read(self):
        """The program's status is not lost when it does not read."""
        domain = self.started()
        for i in range(20):
            with open('/dev/zero', 'rb') as zero:
                client = self.popen(domain, '/bin/sh', '-c', f'exit {i}',
                                    stdin=zero)
                self.assertEqual(client.wait(20 * SLOWNESS), i)

    def test_large(self):
        """100 MB in and out again, all bytes"""
        domain = self.started()
        data = os.urandom(MEGABYTE) * 100
        client = self.popen(domain, '/bin/cat', stdin=subprocess.PIPE)
        out, error = client.communicate(data, timeout=60 * SLOWNESS)
        self.assertEqual((client.returncode, error, len(out)),
                         (0, b'', len(data)))
        self.assertEqual(hashlib.sha256(out).digest(),
                         hashlib.sha256(data).digest())

    def test_large_output(self):
        domain = self.started()
        self.assertEqual(
            self.shell(domain, 'head -c 100000000 /dev/zero | tee /dev/stderr'
                       ' | sha1sum; exit 5', timeout=60 * SLOWNESS)[0::2],
            (5, '\0' * 100000000))

    def test_no_reader(self):
        """As of a program that SIGPIPE has killed, and it is killed, too."""
        domain = self.started()
        before = set(domain.members())
        client = self.popen(domain, 'yes')
        self.assertEqual(client.stdout.read(2), b'y\n')
        client.stdout.close()
        self.assertEqual(client.wait(20 * SLOWNESS), SIGNALED + signal.SIGPIPE)
        self.assertEqual(client.stderr.read(), b'')
        self.assertAlone(domain, before)

    @rows([(name, f'{fd}>&-') for name, fd in (('output', 1), ('error', 2))]
          + [('input', '0<&-')])
    def test_closed(self, redirection):
        """The connection does not take its place."""
        domain = self.started()
        words = [str(word) for word in self.command(
            domain, ['/bin/sh', '-c', 'cat; echo text; echo text >&2; exit 3'], [])]
        self.command = lambda *_: ['/bin/sh', '-c', f'exec "$@" {redirection}',
                                   'sh', *words]
        self.assertEqual(self.execute(domain)[0], 3)

    @rows([(f'after unlock {number}', number) for number in range(1, UNLOCKS + 1)])
    def test_received_meanwhile(self, number):
        """By another thread, just before the receiving thread waits for it."""
        domain = self.started()
        reached, until = (Sandbox.work / f'{domain.name}-{name}'
                          for name in ('reached', 'until'))
        client = self.popen(
            domain, '/bin/sh', '-c',
            'while [ ! -e /tmp/go ]; do sleep 0.05; done; echo ready; read x; exit 3',
            stdin=subprocess.PIPE, env={
                'LD_PRELOAD': Sandbox.build / 'tests' / 'container' / 'stall.so',
                'STALL_THREAD': 'lxc-exec-recv', 'STALL_NUMBER': str(number),
                'STALL_REACHED': reached, 'STALL_UNTIL': until})
        wait_for(reached.exists, 20, 'not stalled')
        (domain.root / 'tmp' / 'go').touch()
        time.sleep(0.5)  # is received if it ever is
        until.touch()
        self.assertTrue(select.select([client.stdout], [], [], 20 * SLOWNESS)[0], 'no output')
        self.assertEqual(client.stdout.readline(), b'ready\n')
        client.communicate(b'\n', timeout=20 * SLOWNESS)
        self.assertEqual(client.returncode, 3)

    def test_slow_reader(self):
        """What nobody reads is not stored by the client. The daemon does not
        think that the client is dead."""
        domain = self.started()
        client = self.popen(domain, 'yes')
        time.sleep(45)
        used = int(status_of(client.pid)['VmRSS'].split()[0]) // 1024
        print(f'# {used} MB')
        self.assertLess(used, 100)
        self.assertEqual(client.stdout.read(20 * MEGABYTE),
                         b'y\n' * (10 * MEGABYTE))
        self.assertIsNone(client.poll())

    def test_directory_as_input(self):
        domain = self.started()
        top = os.open('/', os.O_RDONLY)
        self.addCleanup(os.close, top)
        client = self.popen(domain, '/bin/cat', stdin=top)
        _, error = client.communicate(timeout=20 * SLOWNESS)
        self.assertEqual(client.returncode, FAILED)
        self.assertIn(b'Is a directory', error)


TRAP = ('trap "echo got; exit 9" {name}; echo ready;'
        ' while :; do sleep 0.1; done')


class Signals(Executing):
    @rows([(name, name) for name in ('INT', 'TERM', 'HUP', 'QUIT', 'USR1')])
    def test_passed_on(self, name):
        domain = self.started()
        client = self.popen(domain, '/bin/sh', '-c', TRAP.format(name=name))
        self.assertEqual(client.stdout.readline(), b'ready\n')
        client.send_signal(number(f'SIG{name}'))
        self.assertEqual(client.communicate(timeout=20 * SLOWNESS), (b'got\n', b''))
        self.assertEqual(client.returncode, 9)

    def test_kills(self):
        domain = self.started()
        client = self.popen(domain, '/bin/sh', '-c', 'echo ready; exec sleep 100')
        self.assertEqual(client.stdout.readline(), b'ready\n')
        client.terminate()
        self.assertEqual(client.wait(20 * SLOWNESS), SIGNALED + signal.SIGTERM)

    def test_not_deliverable(self):
        """Behind input that the program does not read."""
        domain = self.started()
        before = set(domain.members())
        with open('/dev/zero', 'rb') as zero:
            client = self.popen(domain, '/bin/sleep', '100', stdin=zero)
            wait_for(lambda: len(domain.members()) > len(before), 20, 'no start')
            time.sleep(2)
            client.terminate()
            client.wait(10 * SLOWNESS)
        print(f'# {client.returncode}')
        self.assertIn(client.returncode, (-signal.SIGTERM, SIGNALED + signal.SIGTERM))
        self.assertAlone(domain, before)

    @rows([('SIGHUP', 'true'), ('SIGHUP ignored', 'trap "" HUP')])
    def test_client_vanishes(self, command):
        domain = self.started()
        before = set(domain.members())
        client = self.popen(domain, '/bin/sh', '-c',
                            f'{command}; echo ready; exec sleep 100')
        self.assertEqual(client.stdout.readline(), b'ready\n')
        client.kill()
        client.wait()
        self.assertAlone(domain, before)

    def test_daemon_dies(self):
        domain = self.started()
        before = set(domain.members())
        client = self.popen(domain, '/bin/sh', '-c', 'echo ready; exec sleep 100')
        self.assertEqual(client.stdout.readline(), b'ready\n')
        domain.instance.kill()
        try:
            _, error = client.communicate(timeout=10 * SLOWNESS)
        finally:
            domain.instance.start()
        print(f'# {error!r}')
        self.assertEqual(client.returncode, FAILED)
        self.assertTrue(error.startswith(b'virt-lxc-exec: '))
        self.assertAlone(domain, before)
        self.assertPrints(domain, 'again\n', 'echo again')


class Detached(Executing):
    def test_goes_on(self):
        domain = self.started()
        before = set(domain.members())
        status, out, error = self.shell(
            domain, 'echo lost; read a; while [ ! -e /tmp/go ]; do sleep 0.1; done; '
            'echo "<$a>" >/tmp/over', options=['--detach'])
        self.assertEqual((status, out, error), (0, '', ''))
        over = domain.root / 'tmp' / 'over'
        self.assertFalse(over.exists())
        (domain.root / 'tmp' / 'go').touch()
        wait_for(over.exists, 20, 'it did not go on')
        wait_for(lambda: over.read_text() == '<>\n', 20, 'wrong text')
        self.assertAlone(domain, before)

    def test_not_found(self):
        domain = self.started()
        status, _, error = self.execute(domain, '/missing', options=['--detach'])
        self.assertEqual((status, '/missing' in error), (NOT_FOUND, True))


class Terminals(Executing):
    def test_terminal(self):
        domain = self.started()
        terminal = self.terminal(
            domain, '/bin/sh', '-c',
            'tty; stty size; echo "TERM=$TERM"; echo read; read a; echo "<$a>";'
            ' stty size; exit 6', env={'TERM': 'vt100'})
        text = terminal.read_until(b'read\r\n')
        self.assertIn(b'/dev/', text)
        self.assertIn(f'{ROWS} {COLUMNS}\r\n'.encode(), text)
        self.assertIn(b'TERM=vt100\r\n', text)
        self.assertTrue(terminal.is_raw())
        terminal.resize(44, 111)
        time.sleep(0.5 * SLOWNESS)
        terminal.type(b'line\r')
        terminal.read_until(b'<line>\r\n44 111\r\n')
        self.assertEqual(terminal.client.wait(20 * SLOWNESS), 6)
        self.assertTrue(terminal.is_restored())

    def test_job_control(self):
        domain = self.started()
        terminal = self.terminal(domain, '/bin/sh', '-c', TRAP.format(name='INT'))
        terminal.read_until(b'ready\r\n')
        terminal.type(b'\x03')
        terminal.read_until(b'got\r\n')
        self.assertEqual(terminal.client.wait(20 * SLOWNESS), 9)

    def test_end_of_input(self):
        domain = self.started()
        terminal = self.terminal(domain, '/bin/sh', '-c', 'echo ready; wc -c')
        terminal.read_until(b'ready\r\n')
        terminal.type(b'ab\r\x04')
        terminal.read_until(b'\n3\r\n')
        self.assertEqual(terminal.client.wait(20 * SLOWNESS), 0)

    @rows([
        ('default', [], {}, 'no'),
        ('forced', ['-t'], {}, 'yes'),
        ('refused', ['-T'], {'terminal': True}, 'no'),
    ])
    def test_wanted(self, options, where, expected):
        domain = self.started()
        script = 'test -t 0 && test -t 1 && test -t 2 && echo yes || echo no'
        if where:
            terminal = self.terminal(domain, '/bin/sh', '-c', script,
                                     options=options)
            terminal.read_until(expected.encode())
            self.assertEqual(terminal.client.wait(20 * SLOWNESS), 0)
        else:
            status, out, _ = self.shell(domain, script, options=options)
            self.assertEqual((status, out.strip()), (0, expected))

    @rows([(name, number(f'SIG{name}')) for name in
           ('TERM', 'HUP', 'INT', 'QUIT', 'SEGV', 'ABRT')])
    def test_restored(self, sent):
        """When the client is killed; and the program ends."""
        domain = self.started()
        before = set(domain.members())
        terminal = self.terminal(domain, '/bin/sh', '-c', 'echo ready; exec sleep 100')
        terminal.read_until(b'ready')
        self.assertTrue(terminal.is_raw())
        terminal.client.send_signal(sent)
        self.assertEqual(terminal.client.wait(20 * SLOWNESS), -sent)
        self.assertTrue(terminal.is_restored())
        self.assertAlone(domain, before)

    def test_restored_after_error(self):
        domain = self.started()
        terminal = self.terminal(domain, '/missing')
        terminal.read_until(b'/missing')
        self.assertEqual(terminal.client.wait(20 * SLOWNESS), NOT_FOUND)
        self.assertTrue(terminal.is_restored())

    def test_restored_without_daemon(self):
        domain = self.started()
        terminal = self.terminal(domain, '/bin/sh', '-c', 'echo ready; exec sleep 100')
        terminal.read_until(b'ready')
        self.assertTrue(terminal.is_raw())
        domain.instance.kill()
        try:
            self.assertEqual(terminal.client.wait(10 * SLOWNESS), FAILED)
        finally:
            domain.instance.start()
        self.assertTrue(terminal.is_restored())
        terminal.read_until(b'virt-lxc-exec: ')


if __name__ == '__main__':
    tap.main()
