# SPDX-License-Identifier: LGPL-2.1-or-later
"""virDomainLxcExec(): what it runs, how, and what it refuses."""

import os
import signal
import subprocess
import time

import landlock
import tap
from execs import SHELL, Executing, encode
from harness import IDMAP, SLOWNESS, OurInstance, processes, status_of, wait_for
from libvirtlxc import DETACH, PARAM_STRING, TTY, UNCONFINED
from tap import Sandbox, rows

# Of virterror.h
INVALID_ARG, OPERATION_FAILED, SYSTEM_ERROR = 8, 9, 38
OPERATION_INVALID, CONFIG_UNSUPPORTED, OPERATION_TIMEOUT = 55, 67, 68
OPERATION_DENIED, ARGUMENT_UNSUPPORTED = 29, 74
ENOENT, EACCES, ENOEXEC = 2, 13, 8

DENY = "<capabilities policy='deny'/>"
ROOT_RIGHTS = 'read write execute' + ' ioctl_dev' * ('ioctl_dev' in landlock.FS_RIGHTS)
CONFINED = (DENY + "<no-new-privs state='on'/><seccomp/><landlock><fs>"
            f"<path target='/' allow='{ROOT_RIGHTS}'/></fs></landlock>")
STACKS = [
    ('plain', '', ''),
    ('deny', DENY, ''),
    ('seccomp', DENY + '<seccomp/>', ''),
    ('all', CONFINED, ''),
    ('idmap', CONFINED, IDMAP),
]


class Runs(Executing):
    def assertResult(self, found, **expected):
        self.assertEqual({name: found.get(name) for name in expected}, expected, found)

    @rows(STACKS)
    def test_streams(self, features, idmap):
        domain = self.busy(features, idmap=idmap)
        found = self.shell(domain, 'cat; echo oops >&2; exit 7', send=[
            ['stdin', encode(b'hello')], ['end']])
        self.assertResult(found, out='hello', err='oops\n', exit=7)

    @rows(STACKS)
    def test_terminal(self, features, idmap):
        domain = self.busy(features, idmap=idmap)
        found = self.shell(domain, 'tty; stty size; ls -l $(tty) | cut -c1-10; exit 3',
                           flags=TTY, rows=33, columns=99)
        self.assertResult(found, out='/dev/pts/1\r\n33 99\r\ncrw--w----\r\n', exit=3)

    def test_much(self):
        """More than any buffer holds, in both directions at once."""
        domain = self.busy()
        data = os.urandom(30000)
        found = self.shell(domain, 'cat | md5sum; head -c 20000000 /dev/zero', send=[
            ['stdin', encode(data)] for _ in range(100)] + [['end']])
        digest = subprocess.run(['md5sum'], input=data * 100, capture_output=True,
                                check=True).stdout.decode()
        self.assertEqual(found['out'][:len(digest)], digest)
        self.assertEqual(len(found['out']), len(digest) + 20000000)
        self.assertResult(found, exit=0)

    def test_output_before_exit(self):
        domain = self.busy()
        for _ in range(20):
            found = self.shell(domain, 'head -c 60000 /dev/zero; exit 5')
            self.assertEqual((len(found['out']), found['exit']), (60000, 5))

    def test_signals(self):
        domain = self.busy()
        script = 'trap "echo got; exit 9" USR1; echo ready; while :; do sleep 0.1; done'
        found = self.shell(domain, script, send=[['sleep', 1], ['signal', signal.SIGUSR1]])
        self.assertResult(found, out='ready\ngot\n', exit=9)
        found = self.shell(domain, 'sleep 60', send=[['sleep', 0.5],
                                                     ['signal', signal.SIGKILL]])
        self.assertResult(found, signal=9)
        # A group of its own is in the foreground of the terminal.
        found = self.shell(domain, 'sleep 60; exit 4', flags=TTY, send=[
            ['sleep', 0.5], ['signal', signal.SIGINT]])
        self.assertResult(found, signal=2)

    def test_resize(self):
        domain = self.busy()
        found = self.shell(domain, 'read line; stty size', flags=TTY, rows=10,
                           columns=20, send=[['resize', 44, 55],
                                             ['stdin', encode(b'\n')]])
        self.assertResult(found, out='\r\n44 55\r\n', exit=0)

    @rows([
        ('exit', 'exit 7', {}, [7, 0]),
        ('signal', 'kill -9 $$', {}, [-1, 9]),
        ('terminal', 'exit 3', {'flags': TTY}, [3, 0]),
        ('detached', 'exit 4', {'flags': DETACH, 'stream': False}, [4, 0]),
    ])
    def test_event(self, script, request, end):
        domain = self.busy()
        other = self.busy()
        for scope in ('all', 'domain'):
            self.shell(other, 'exit 1')
            found = self.shell(domain, script, event=scope, **request)
            self.assertEqual(found['event'], [found['id'], *end], found)
            self.assertEqual(found.get('deregistered', 0), 0)

    def test_event_of_destroyed(self):
        """How the program ended is not known."""
        domain = self.busy()
        client = self.begin(domain, SHELL, 'sleep', 3351, event='domain')
        wait_for(lambda: any('sleep\x003351' in sandbox_command(pid)
                             for pid in processes()), 20, 'not started')
        domain.instance.virsh('destroy', domain.name)
        found = client.result()
        self.assertEqual(found['event'][0], found['id'])
        self.assertIn(found['event'][1:], ([-1, 0], [-1, 9]))

    def test_end_of_input_of_terminal(self):
        domain = self.busy()
        found = self.execute(domain, SHELL, 'cat', flags=TTY, send=[
            ['stdin', encode(b'a\n')], ['end']])
        self.assertResult(found, out='a\r\na\r\n', exit=0)

    def test_errors_before_exit(self):
        """Whoever holds the output does not suppress them."""
        domain = self.busy()
        found = self.shell(domain, 'yes & sleep 0.2; echo why >&2; exit 1')
        self.assertResult(found, err='why\n', exit=1)

    def test_killed_before_exec(self):
        """Init kills all that it sees; the call never reports success for these."""
        domain = self.busy()
        killer = self.begin(domain, SHELL, 'sh', '-c', 'while :; do for p in /proc/[0-9]*;'
                            ' do p=${p#/proc/}; [ $p -gt $$ ] && kill -9 $p; done;'
                            ' done 2>/dev/null')
        time.sleep(1)
        for _ in range(20):
            found = self.execute(domain, SHELL, 'sleep', '3')
            if 'id' in found:
                self.assertEqual(found.get('signal'), 9, found)
            else:
                self.assertIn('was killed', found['error'])
        killer.stop()

    def test_left_behind(self):
        """Nobody waits for what holds the output."""
        domain = self.busy()
        begun = time.monotonic()
        found = self.shell(domain, '(sleep 100; echo late) & echo now')
        self.assertResult(found, out='now\n', exit=0)
        self.assertLess(time.monotonic() - begun, 20 * SLOWNESS)

    @rows([
        ('path', {}, 'echo $PATH',
         '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'),
        ('root', {}, 'echo $HOME $USER $LOGNAME $SHELL', '/ root root /bin/false'),
        ('user', {'user': 'alice'}, 'echo $HOME $USER; id -u; id -g; id -G',
         '/ alice\n1000\n1000\n1000'),
        ('number', {'user': '1000'}, 'echo $USER; id -u; id -G', 'alice\n1000\n1000'),
        ('group', {'user': 'alice', 'group': 'users'}, 'id -g; id -G', '100\n100 1000'),
        ('unlisted', {'user': '4711', 'group': '12'}, 'echo $USER.$HOME; id -u; id -g',
         './\n4711\n12'),
        ('env', {'env': ['A=b c', 'PATH=/bin', 'TERM=x=y']}, 'echo "$A $PATH $TERM"',
         'b c /bin x=y'),
        ('exact', {}, 'env | cut -d= -f1 | sort | grep -vx -e PWD -e SHLVL',
         'HOME\nLOGNAME\nPATH\nSHELL\nUSER\ncontainer\ncontainer_uuid'),
        ('cwd', {'cwd': '/tmp'}, 'pwd', '/tmp'),
        ('cwd default', {}, 'pwd', '/'),
        ('pid', {}, 'cut -d" " -f4 /proc/$$/stat', '0'),
    ])
    def test_settings(self, request, script, expected):
        domain = self.busy()
        found = self.shell(domain, f'PATH=$PATH:/bin; alias x=; {script}'.replace(
            'PATH=$PATH:/bin; alias x=; ', 'for a in cut sort grep env id; do '
            'eval "$a() { /bin/busybox $a \\"\\$@\\"; }"; done; '), **request)
        self.assertResult(found, err='', out=expected + '\n', exit=0)

    @rows([
        ('missing', ['/nothing'], {}, SYSTEM_ERROR, ENOENT,
         "cannot execute '/nothing': No such file"),
        ('missing in PATH', ['nothing'], {}, SYSTEM_ERROR, ENOENT,
         "cannot execute 'nothing': No such file"),
        ('directory', ['/tmp'], {}, SYSTEM_ERROR, EACCES,
         "cannot execute '/tmp': Permission denied"),
        ('not executable', ['/etc/passwd'], {}, SYSTEM_ERROR, EACCES,
         "cannot execute '/etc/passwd': Permission denied"),
        ('no program', ['/text'], {}, SYSTEM_ERROR, ENOEXEC,
         "cannot execute '/text': Exec format error"),
        ('no interpreter', ['/script'], {}, SYSTEM_ERROR, ENOENT,
         "cannot execute '/script': No such file"),
        ('empty', [''], {}, INVALID_ARG, -1, 'the name of the program is empty'),
        ('no user', ['/probe'], {'user': 'bob'}, INVALID_ARG, 0,
         "user 'bob' does not exist in the container's /etc/passwd"),
        ('no group', ['/probe'], {'group': 'none'}, INVALID_ARG, 0,
         "group 'none' does not exist in the container's /etc/group"),
        ('group needed', ['/probe'], {'user': '4711'}, INVALID_ARG, 0,
         "user '4711' is not listed in the container's /etc/passwd, so a group"),
        ('no cwd', ['/probe'], {'cwd': '/no'}, INVALID_ARG, 0,
         "cannot change to directory '/no' of the container: No such file"),
        ('cwd file', ['/probe'], {'cwd': '/probe'}, INVALID_ARG, 0,
         "cannot change to directory '/probe' of the container: Not a directory"),
        ('cwd relative', ['/probe'], {'cwd': 'tmp'}, INVALID_ARG, -1,
         "working directory 'tmp' must be an absolute path"),
        ('env', ['/probe'], {'env': ['novalue']}, INVALID_ARG, -1,
         "environment variable 'novalue' must have the form NAME=value"),
        ('parameter', ['/probe'], {'params': [('uid', PARAM_STRING, '0')]},
         ARGUMENT_UNSUPPORTED, -1, "parameter 'uid' not supported"),
        ('flag', ['/probe'], {'flags': 64}, INVALID_ARG, -1, 'unsupported flags (0x40)'),
        ('unconfined', ['/probe'], {'flags': UNCONFINED}, OPERATION_DENIED, 0,
         "not allowed by 'exec_unconfined' in lxc.conf"),
        ('no stream', ['/probe'], {'stream': False}, INVALID_ARG, -1, 'stream'),
    ])
    def test_refused(self, argv, request, code, number, text):
        for features in ('', CONFINED):
            domain = self.busy(features)
            self.files(domain)
            members = set(domain.members())
            found = self.execute(domain, *argv, **request)
            self.assertIn(text, found.get('error', ''), found)
            self.assertEqual(found['code'], code, found)
            if number > 0:
                self.assertEqual(found['int1'], number, found)
            self.assertEqual(set(domain.members()), members)

    def files(self, domain):
        for name, text in (('text', 'hello\n'), ('script', '#!/no/shell\n')):
            path = domain.root / name
            path.write_text(text)
            path.chmod(0o755)

    def test_fifo_as_passwd(self):
        domain = self.busy()
        (domain.root / 'etc' / 'passwd').unlink()
        os.mkfifo(domain.root / 'etc' / 'passwd')
        found = self.execute(domain, '/probe', user='alice')
        self.assertEqual(found['code'], INVALID_ARG)
        self.assertIn("'/etc/passwd' of the container is not a regular file",
                      found['error'])
        self.assertResult(self.shell(domain, 'echo root gets in'),
                          out='root gets in\n', exit=0)

    def test_landlock_names_program(self):
        domain = self.busy("<landlock><fs><path target='/probe' allow='read execute'/>"
                           "<path target='/job' allow='read'/>"
                           "<path target='/out' allow='read write'/></fs></landlock>")
        found = self.execute(domain, SHELL, 'true')
        self.assertIn("'/bin/busybox' could not be executed under <landlock>: no <path> "
                      "allows", found['error'])
        self.assertNotIn('init', found['error'])

    def test_no_terminal(self):
        domain = self.busy()
        found = self.shell(domain, '/bin/busybox mount -t tmpfs none /dev/pts; echo $?')
        self.assertResult(found, out='0\n')
        found = self.shell(domain, 'true', flags=TTY)
        self.assertEqual(found['code'], OPERATION_FAILED, found)
        self.assertIn("cannot open '/dev/pts/ptmx' of the container", found['error'])

    def test_domain_states(self):
        domain = self.busy()
        domain.instance.virsh('suspend', domain.name)
        found = self.execute(domain, '/probe')
        self.assertIn('is paused', found['error'])
        self.assertEqual(found['code'], OPERATION_INVALID)
        domain.instance.virsh('resume', domain.name)
        self.assertResult(self.shell(domain, 'exit 2'), exit=2)
        domain.instance.virsh('destroy', domain.name)
        found = self.execute(domain, '/probe')
        self.assertEqual(found['code'], OPERATION_INVALID)


class Ends(Executing):
    """Of clients, containers and daemons."""

    def sleeper(self, domain, number):
        """Processes that sleep for so many seconds."""
        def find():
            return [pid for pid in processes()
                    if f'sleep\0{number}\0' in sandbox_command(pid)]
        return find

    @rows([
        ('abort', [['sleep', 1], ['abort']]),
        ('die', [['sleep', 1], ['die']]),
        ('invalid', [['sleep', 1], ['raw', encode(b'\xff' * 8)], ['sleep', 2], ['die']]),
    ])
    def test_client_gone(self, send):
        for number, flags in ((3301, 0), (3302, TTY)):
            domain = self.busy()
            find = self.sleeper(domain, number)
            self.begin(domain, SHELL, 'sleep', number, flags=flags, send=send)
            wait_for(find, 20, 'not started')
            wait_for(lambda: not find(), 20, 'the program survived its client')

    def test_client_gone_ignored(self):
        """Who ignores SIGHUP is killed."""
        domain = self.busy()
        find = self.sleeper(domain, 3311)
        self.begin(domain, SHELL, 'sh', '-c', 'trap "" HUP; sleep 3311; sleep 3311',
                   send=[['sleep', 1], ['die']])
        wait_for(find, 20, 'not started')
        parent = int(status_of(find()[0])['PPid'])
        wait_for(lambda: not os.path.exists(f'/proc/{parent}'), 20, 'not killed')

    @rows([
        ('flag', {'flags': DETACH, 'send': [['sleep', 1], ['die']]}),
        ('message', {'send': [['sleep', 1], ['detach'], ['sleep', 1], ['die']]}),
        ('no stream', {'flags': DETACH, 'stream': False}),
    ])
    def test_detached(self, request):
        domain = self.busy()
        find = self.sleeper(domain, 3321)
        client = self.begin(domain, SHELL, 'sleep', 3321, **request)
        wait_for(find, 20, 'not started')
        client.process.wait(20 * SLOWNESS)
        time.sleep(1)
        self.assertEqual(len(find()), 1)
        domain.instance.virsh('destroy', domain.name)
        self.assertEqual(find(), [])

    def test_destroyed(self):
        domain = self.busy()
        client = self.begin(domain, SHELL, 'sleep', 3331)
        wait_for(self.sleeper(domain, 3331), 20, 'not started')
        domain.instance.virsh('destroy', domain.name)
        found = client.result(20)
        self.assertNotIn('exit', found)

    def test_daemon_restarted(self):
        domain = self.busy()
        ours = domain.instance
        stays = self.sleeper(domain, 3341)
        goes = self.sleeper(domain, 3342)
        self.execute(domain, SHELL, 'sleep', 3341, flags=DETACH, stream=False)
        self.begin(domain, SHELL, 'sleep', 3342)
        wait_for(goes, 20, 'not started')
        ours.kill()
        wait_for(lambda: not goes(), 20, 'the program survived the daemon')
        ours.start()
        self.assertEqual(len(stays()), 1)
        self.assertEqual(self.shell(domain, 'exit 6').get('exit'), 6)

    def test_nothing_left(self):
        domain = self.busy()
        before = domain.instance.snapshot()
        for _ in range(30):
            self.assertEqual(self.shell(domain, 'exit 1', flags=TTY).get('exit'), 1)
        self.assertNothingLeft(domain.instance, before)

    def test_many_at_once(self):
        """On a slow machine, starting one may take as long as others wait at most."""
        domain = self.busy()
        ours = domain.instance
        self.shell(domain, 'true')
        before = ours.snapshot(), len(os.listdir(f'/proc/{ours.daemon.pid}/fd'))
        clients = [self.begin(domain, SHELL, 'sh', '-c', f'echo {n}; exit {n}')
                   for n in range(50)]
        for n, client in enumerate(clients):
            found = client.result(120)
            while SLOWNESS > 1 and 'without progress' in found.get('error', ''):
                found = self.shell(domain, f'echo {n}; exit {n}')
            self.assertEqual((found.get('out'), found.get('exit')), (f'{n}\n', n), found)
        self.assertNothingLeft(ours, before[0])
        wait_for(lambda: len(os.listdir(f'/proc/{ours.daemon.pid}/fd')) <= before[1],
                 10, 'descriptors are left')


def sandbox_command(pid):
    try:
        with open(f'/proc/{pid}/cmdline', encoding='utf-8', errors='replace') as file:
            return file.read()
    except OSError:
        return ''


class Limited(Executing):
    def setUp(self):
        super().setUp()
        self.ours = Sandbox.instance(OurInstance)
        self.file = self.ours.top / 'etc' / 'libvirt' / 'lxc.conf'

    def inside(self, script):
        """In the mounts of the daemon, which may not run"""
        self.assertEqual(self.ours.command('sh', '-c', script).wait(), 0)

    def restore(self):
        self.inside(f'rm {self.file}')
        self.restart()

    def restart(self):
        self.ours.daemon.terminate()
        self.ours.daemon.wait()
        self.ours.start()

    def write(self, text):
        self.inside(f"mkdir -p {self.file.parent}; echo '{text}' >{self.file}")
        self.addCleanup(self.restore)

    def configured(self, text):
        self.write(text)
        self.restart()

    def test_per_domain(self):
        self.configured('exec_max_per_domain = 2')
        domain = self.busy()
        for _ in range(2):
            self.execute(domain, SHELL, 'sleep', '3401', flags=DETACH, stream=False)
        found = self.execute(domain, SHELL, 'true')
        self.assertEqual(found['code'], OPERATION_FAILED)
        self.assertIn('2 programs are already running in domain', found['error'])

    def test_all(self):
        self.configured('exec_max = 1')
        domain = self.busy()
        self.execute(domain, SHELL, 'sleep', '3402', flags=DETACH, stream=False)
        found = self.execute(domain, SHELL, 'true')
        self.assertEqual(found['code'], OPERATION_FAILED)
        self.assertIn("limit set by 'exec_max' in lxc.conf", found['error'])

    def test_unconfined(self):
        self.configured('exec_unconfined = 1')
        for idmap in ('', IDMAP):
            domain = self.busy(CONFINED, idmap=idmap)
            script = 'grep -E "Cap(Eff|Bnd)|NoNewPrivs|Seccomp:" /proc/self/status'
            confined = self.shell(domain, f'/bin/busybox {script}')['out']
            free = self.shell(domain, f'/bin/busybox {script}', flags=UNCONFINED)['out']
            self.assertIn('NoNewPrivs:\t1', confined)
            self.assertIn('NoNewPrivs:\t0\nSeccomp:\t0', free)
            self.assertNotIn('CapEff:\t0000000000000000', free)

    @rows([('running', False, OPERATION_TIMEOUT, 'did not respond within 7 seconds'),
           ('suspended meanwhile', True, OPERATION_INVALID, 'is paused')])
    def test_timeout(self, suspended, code, text):
        """A FUSE file system of the container could do the same."""
        self.configured('exec_timeout = 2')
        domain = self.busy()
        server = [pid for pid in processes()
                  if comm(pid) == 'lxc_exec_server' and domain.name in sandbox_command(pid)]
        self.assertEqual(len(server), 1)
        os.kill(server[0], signal.SIGSTOP)
        program = self.begin(domain, SHELL, 'touch', '/late', flags=DETACH, stream=False)
        if suspended:
            time.sleep(2)
            domain.instance.virsh('suspend', domain.name)
        found = program.result()
        if suspended:
            domain.instance.virsh('resume', domain.name)
        os.kill(server[0], signal.SIGCONT)
        self.assertEqual(found['code'], code)
        self.assertIn(text, found['error'])
        time.sleep(2)
        self.assertFalse((domain.root / 'late').exists())
        self.assertEqual(self.shell(domain, 'exit 3').get('exit'), 3)

    def test_blocked_container(self):
        """A container that delays programs does not block other domains."""
        self.configured('exec_timeout = 600')
        domain = self.busy()
        server = [pid for pid in processes() if comm(pid) == 'lxc_exec_server' and
                  domain.name in sandbox_command(pid)]
        os.kill(server[0], signal.SIGSTOP)
        clients = [self.begin(domain, SHELL, 'true') for _ in range(30)]
        wait_for(lambda: sum(one.process.poll() is not None for one in clients) > 5, 20,
                 'the daemon waits for the container')
        begun = time.monotonic()
        other = self.busy()
        self.assertEqual(self.shell(other, 'exit 3').get('exit'), 3)
        print(f'# {time.monotonic() - begun:.1f} s')
        os.kill(server[0], signal.SIGCONT)
        found = [client.result(90) for client in clients]
        refused = [one for one in found if 'without progress' in one.get('error', '')]
        self.assertGreater(len(refused), 5, found)

    def test_namespaces_refused(self):
        """virsh does not need them (see test_exec_holes for clients that do)."""
        self.configured('confinement_open_namespace = "refuse"')
        domain = self.busy(DENY)
        status, _, error = domain.instance.run('lxc-enter-namespace', domain.name, '--',
                                               SHELL, 'sh', '-c', 'exit 7')
        self.assertEqual((status, error), (7, ''))

    @rows([
        ('number', 'exec_max = 0', "the value of 'exec_max' must be between 1 and"),
        ('timeout', 'exec_timeout = 100000', "'exec_timeout' must be between 1 and 86400"),
        ('word', 'confinement_open_namespace = "maybe"',
         'must be "allow" or "refuse", but is "maybe"'),
    ])
    def test_bad_value(self, line, text):
        self.write(line)
        ours = self.ours
        ours.daemon.terminate()
        ours.daemon.wait()
        daemon = ours.command(*ours.daemon_argv, '--config', ours.work / f'{ours.name}.conf')
        daemon.wait(20 * SLOWNESS)
        self.assertIn(text, (ours.work / f'{ours.name}.log').read_text())


def comm(pid):
    try:
        with open(f'/proc/{pid}/comm', encoding='utf-8') as file:
            return file.read().strip()
    except OSError:
        return ''


if __name__ == '__main__':
    tap.main()
