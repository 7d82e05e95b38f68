# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that join a running container: virsh lxc-enter-namespace and
virt-login-shell. What init is confined by, they are."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import termios

import landlock
import sandbox
import sanitizers
import tap
from capabilities import (ALL, DEFAULT, HOST, INITS, LISTS, MAPS, expected,
                          features)
from execution import Terminal
from harness import (IDMAP, SLOWNESS, Domain, LoopDevice, OurInstance, Version1Instance,
                     caps, status_of, wait_for)
from joining import JOIN, Joined, Joining, prepare
from notify import Agent, descriptors, listener
from seccomp import (effective, element, loaded, number, profile_directory,
                     rule)
from tap import Sandbox, rows

SETS = ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb')
NOT_EXECUTABLE, NOT_FOUND, SIGNALED = 126, 127, 128
# What the probe needs when it has joined
JOIN_RULES = {'/join': ['read_file'], '/joined': ['write_file']}
ALLOW = {'policy': 'allow'}


class Sets(Joining):
    @rows([(', '.join((policy, names, init, ids)), policy, names, init, ids)
           for policy in ('default', 'deny', 'allow')
           for names in ('on', 'off')
           for init, ids in (('root', 'host ids'), ('alice', 'host ids'),
                             ('root', 'idmap'))])
    def test_sets(self, policy, names, init, ids):
        xml, on, off = LISTS[names]
        user, uid, _ = INITS[init]
        mapping, extra = MAPS[ids]
        available = ALL if mapping else HOST
        domain = self.started(features(policy, xml) + extra, user=user,
                              idmap=mapping)
        joined = self.waiting(domain, 'status')
        pid = self.assertLike(joined, domain)
        # A user's listed capabilities are ambient; root's all come from the
        # bounding set, which is that user's.
        bound = expected(policy, on, off, uid, available)['CapBnd']
        sets = {'CapInh': set(), 'CapPrm': bound, 'CapEff': bound,
                'CapBnd': bound, 'CapAmb': set()}
        self.assertEqual({name: caps(status_of(pid)[name]) for name in SETS},
                         sets)
        # A process that it makes has the same.
        self.assertEqual({name: caps(joined.results[f'status.{name}'])
                          for name in SETS}, sets)
        self.assertEqual(joined.results['status.NoNewPrivs'], '0')
        self.assertEqual(joined.results['status.Seccomp'], '0')

    def test_no_blocks(self):
        domain = self.started()
        found = self.deeds(domain, 'status', 'clock', 'mknod mknod c 1 3 /null',
                           'chown /tmp 7', 'mount tmpfs /mnt')
        self.assertEqual(caps(found['status.CapEff']), DEFAULT & HOST)
        self.assertEqual(found['clock'], 'EPERM')
        self.assertEqual(found['chown-/tmp-7'], 'OK')


FS = landlock.element(
    fs=landlock.probe_paths(JOIN_RULES | {'/tmp': ['read_dir', 'make_reg',
                                                   'write_file']}),
    **landlock.known(net=''))
# <net> allows no port.
LISTEN = {'listen 7001': 'EACCES'} if '<net>' in FS else {}
SCOPE = landlock.element(scope="signal='on' abstract-unix-socket='on'")


class Blocks(Joining):
    """Deeds of init, and the same ones of a program that joined."""

    def assertSame(self, features, deeds, **kwargs):
        """Returns the domain, and the program, which waits."""
        domain = self.started(features, deeds, **kwargs)
        self.assertResults(domain.first, deeds)
        joined = self.waiting(domain, *deeds)
        self.assertResults(joined.results, deeds)
        return domain, self.assertLike(joined, domain)

    @rows([
        ('default', element(rule('getppid', 'errno', errno='EXDEV')), {},
         {'call getppid': 'EXDEV', 'call getuid': 'OK', 'call vmsplice': 'EPERM',
          'thread getppid': 'EXDEV', 'call 600': 'ENOSYS', 'int80 20': 'EPERM'}),
        ('allow', element(rule('getppid', 'errno', errno='EXDEV'),
                          rule('getgid', 'kill-process'), **ALLOW), {},
         {'call getppid': 'EXDEV', 'call getuid': 'OK',
          'fate call getgid': 'SIGSYS'}),
        ('idmap', '<privnet/>' + element(rule('getppid', 'errno')),
         {'idmap': IDMAP}, {'call getppid': 'EPERM', 'call getuid': 'OK'}),
        # Its capabilities decide what the built-in profile allows.
        ('alice', features('default', '') + element(),
         {'user': INITS['alice'][0]},
         {'call getuid': 'OK', 'call mount': 'EPERM', 'call chroot': 'EPERM'}),
        ('no-new-privs', '<no-new-privs/>' + element(rule('getppid', 'errno')),
         {}, {'call getppid': 'EPERM'}),
        ('deny without sys_admin', features('deny', '<chown/>')
         + element(rule('getppid', 'errno')), {}, {'call getppid': 'EPERM'}),
        ('landlock', FS + element(rule('getppid', 'errno')), {},
         {'call getppid': 'EPERM', 'open r /etc/passwd': 'EACCES'}),
    ])
    def test_seccomp(self, features, others, deeds):
        domain, pid = self.assertSame(features, deeds, **others)
        digest = self.assertLoaded(domain)
        self.assertEqual(loaded(pid)[0], digest)

    @rows([
        ('root', '', {}), ('alice', '', {'user': INITS['alice'][0]}),
        ('idmap', '', {'idmap': IDMAP}),
        ('deny', features('deny', ''), {}),
    ])
    def test_landlock_fs(self, xml, others):
        """And its rules are found in the container."""
        domain, pid = self.assertSame(
            '<privnet/>' + xml + FS, {
                'open r /probe': 'OK', 'open r /etc/passwd': 'EACCES',
                'open w /etc/passwd': 'EACCES', 'list /etc': 'EACCES',
                'mkdir /tmp/new': 'EACCES', 'open r /proc/self/status': 'EACCES',
                **LISTEN}, **others)
        self.assertEqual(status_of(pid)['NoNewPrivs'], '1')

    def test_landlock_scope(self):
        """Its domain is its own, so it does not reach init's."""
        domain = self.started('<privnet/>' + SCOPE, ['listen-unix @init'])
        self.assertResults(domain.first, {'listen-unix @init': 'OK'})
        (domain.root / 'tmp' / 'pid').write_text('1\n')
        found = self.deeds(domain, 'signal /tmp/pid', 'connect-unix @init')
        self.assertResults(found, {'signal /tmp/pid': 'EPERM',
                                   'connect-unix @init': 'EPERM'})

    def test_no_new_privs(self):
        self.assertSame('<no-new-privs/>', {'call getuid': 'OK'})


class Ends(Joining):
    """What virsh says of the end of what it executed."""

    PLAIN, FILTER = '', element(rule('getppid', 'kill-process'), **ALLOW)

    @rows([(f'{name}{suffix}', xml, options)
           for name, xml in (('plain', ''), ('seccomp', FILTER),
                             ('landlock', FS))
           for suffix, options in (('', []), (', noseclabel', ['--noseclabel']))])
    def test_ends(self, xml, options):
        domain = self.started(xml)
        prepare(domain, [])
        (domain.root / 'tmp' / 'text').write_text('no program\n')
        wrong = {'/missing': (NOT_FOUND, 'No such file or directory')}
        if 'landlock' in xml:
            shutil.copy(domain.root / 'probe', domain.root / 'tool')
            self.assertFails(domain, ['/tool'], "'/tool' could not be executed "
                             'under <landlock>: no <path> allows', options=options,
                             status=NOT_EXECUTABLE)
            self.assertFails(domain, ['/job'], "'/job': Permission denied",
                             options=options, status=NOT_EXECUTABLE)
        else:
            wrong |= {path: (NOT_EXECUTABLE, 'Permission denied')
                      for path in ('/tmp/text', '/tmp')}
        for path, (status, text) in wrong.items():
            self.assertFails(domain, [path],
                             f"error: cannot execute '{path}': {text}",
                             options=options, status=status)
        # The program's status, of which virsh says nothing
        for status in (1, 3, 125, 255):
            self.assertFails(domain, [*JOIN, 'exit', str(status)],
                             options=options, status=status)
        self.assertFails(domain, [*JOIN, 'kill', str(int(signal.SIGKILL))],
                         options=options, status=SIGNALED + signal.SIGKILL)
        self.assertEqual(self.enter(domain, *JOIN, 'exit', '0', options=options),
                         (0, ''))

    def test_several_commands(self):
        """virsh's exit status is that of the last one."""
        domain = self.started()
        prepare(domain, [])
        program = ' '.join(['lxc-enter-namespace', domain.name, *JOIN, 'exit'])
        for commands, expected in (('X 3; X 4', 4), ('X 3; X 0', 0),
                                   ('X 0; X 3', 3), ('X 3; domid nothing', 1),
                                   ('X 3; domid ' + domain.name, 0)):
            status, _, _ = domain.instance.run(commands.replace('X', program))
            self.assertEqual(status, expected, commands)

    def test_killed_by_the_filter(self):
        domain = self.started(self.FILTER)
        for deed in ('call', 'thread'):
            self.assertFails(domain, ['/probe', 'one', 'x', deed,
                                      number('getppid')],
                             status=SIGNALED + signal.SIGSYS)

    def test_no_interpreter(self):
        domain = self.started(self.FILTER)
        script = domain.root / 'script'
        script.write_text('#!/missing\n')
        script.chmod(0o755)
        self.assertFails(domain, ['/script'],
                         "cannot execute '/script': No such file",
                         status=NOT_FOUND)

    def test_destroyed(self):
        domain = self.started(self.FILTER)
        joined = self.waiting(domain)
        domain.instance.virsh('destroy', domain.name)
        self.assertEqual(joined.end(5), (SIGNALED + signal.SIGKILL, ''))

    def test_shut_off(self):
        domain = self.domain('')
        domain.define()
        status, _, error = domain.instance.run('lxc-enter-namespace',
                                               domain.name, *JOIN)
        self.assertEqual(status, 1)
        self.assertIn('not running', error)


NOTIFY = rule('getppid', 'notify')


class Notify(Joining):
    def agent(self, *options):
        agent = Agent(Sandbox.instance(OurInstance), 'joined', *options)
        self.addCleanup(agent.stop)
        return agent

    @rows([('root', '', {}), ('alice', '', {'user': INITS['alice'][0]}),
           ('idmap', '<privnet/>', {'idmap': IDMAP}),
           ('landlock', FS, {})])
    def test_asked(self, features, others):
        agent = self.agent(f"--call={number('getppid')}=EXDEV")
        domain = self.started(features + element(
            NOTIFY, listener(agent.path, 'text'), **ALLOW), **others)
        joined = self.waiting(domain, 'call getppid', 'call getuid')
        self.assertEqual((joined.results['call-getppid'],
                          joined.results['call-getuid']), ('EXDEV', 'OK'))
        pid = self.assertLike(joined, domain)
        document = agent.document()
        self.assertEqual((document['pid'], document['metadata'],
                          document['state']['id']), (pid, 'text', domain.name))
        self.assertEqual(document['state']['annotations'],
                         {'org.libvirt.uuid': domain.uuid})
        self.assertEqual(loaded(pid)[0], effective(domain)[0])
        self.assertEqual(descriptors(agent.process.pid).count(
            'anon_inode:seccomp notify'), 2)

    def test_execve(self):
        """An agent may refuse the program."""
        agent = self.agent()
        domain = self.started(element(rule('execve', 'notify'),
                                      listener(agent.path), **ALLOW))
        prepare(domain, ())
        self.assertEqual(self.enter(domain, *JOIN, 'exit', '0'), (0, ''))
        agent.stop()
        self.agent('--answer', 'EACCES')
        self.assertFails(domain, JOIN,
                         "cannot execute '/probe': Permission denied",
                         status=NOT_EXECUTABLE)

    def test_absent(self):
        agent = self.agent()
        domain = self.started(element(NOTIFY, listener(agent.path), **ALLOW))
        agent.stop()
        for text in ('Connection refused', 'No such file or directory'):
            self.assertFails(domain, [*JOIN, 'exit', '0'], 'cannot connect to '
                             f"the seccomp agent at '{agent.path}': {text}")
            agent.path.unlink(missing_ok=True)

    @rows([('host ids', '', {}), ('idmap', '<privnet/>', {'idmap': IDMAP})])
    def test_while_it_thinks(self, features, others):
        """Before its program is executed, a process has nothing of the host, and root
        in a user namespace cannot access it."""
        agent = self.agent()
        domain = self.started(features + element(
            rule('execve', 'notify'), listener(agent.path), **ALLOW), **others)
        agent.stop()
        agent = self.agent('--silent')
        prepare(domain, ())
        joined = self.begin(domain, *JOIN)
        wait_for(agent.log.read_text, 20, 'the agent was not asked')
        pid = joined.pid()
        handshake, *rest = [fd for fd in descriptors(pid)
                            if not fd.startswith(('pipe:', '/dev/null'))]
        self.assertRegex(handshake, '^socket:')
        self.assertEqual(rest, [])
        if domain.mapped:
            self.assertEqual(self.as_root(domain, pid), 'EACCES')
            self.assertEqual(self.as_root(domain, domain.init()), 'OK')
        agent.process.kill()
        status, error = joined.end(5)
        self.assertEqual(status, NOT_EXECUTABLE)
        self.assertIn("cannot execute '/probe': Function not implemented", error)

    def as_root(self, domain, pid):
        """Whether root of the container can look into a process of it."""
        inner = status_of(pid)['NSpid'].split()[-1]
        done = subprocess.run(
            ['nsenter', f'--target={domain.init()}', '--user', '--mount', '--pid',
             '--setuid=0', '--setgid=0', '/probe', 'one', 'x', 'list',
             f'/proc/{inner}/fd'], check=True, text=True, stdout=subprocess.PIPE)
        return done.stdout.strip().removeprefix('x=')


class Profile(Joining):
    """One of the administrator's, which may change while a domain runs."""

    CONTENT = {'defaultAction': 'SCMP_ACT_ALLOW',
               'syscalls': [{'names': ['getppid'], 'action': 'SCMP_ACT_ERRNO',
                             'errnoRet': 18}]}

    def test_changed(self):
        """What was in effect when the domain was started counts."""
        path = profile_directory(Sandbox.instance(OurInstance)) / 'join.json'
        self.addCleanup(path.unlink, missing_ok=True)
        text = json.dumps(self.CONTENT)
        path.write_text(text)
        domain = self.started(element(profile='join'), ['call getppid'])
        deed = 'call-getppid'
        self.assertEqual(self.deeds(domain, 'call getppid')[deed], 'EXDEV')
        digest = loaded(domain.init())[0]
        for content in (text.replace('18', '19'), '{', None):
            if content is None:
                path.unlink()
            else:
                path.write_text(content)
            joined = self.waiting(domain, 'call getppid')
            self.assertEqual(joined.results[deed], 'EXDEV')
            self.assertEqual(loaded(joined.pid())[0], digest)
            joined.stop()


class Cgroups(Joining):
    kinds = [('host', OurInstance), ('version 1', Version1Instance)]

    @rows([(f'{name}, {where}', kind, where) for name, kind in kinds
           for where in ('top', 'deep')])
    def test_place(self, kind, where):
        """With init, wherever that has gone; and the list of devices holds."""
        ours = Sandbox.instance(kind)
        loop = LoopDevice(ours.work, ours.next_name())
        self.addCleanup(loop.remove)
        domain = Domain(ours, features='<capabilities><mknod/></capabilities>',
                        job=[f'scatter scatter {ours.tag} {where}'])
        self.addCleanup(domain.remove_later)
        prepare(domain, ())
        domain.run()
        joined = self.waiting(domain, f'mknod b {loop.number} /disk',
                              'peek /disk 0 18')
        self.assertLike(joined, domain)
        self.assertResults(joined.results, {
            f'mknod b {loop.number} /disk': 'OK', 'peek /disk 0 18': 'EPERM'})


class Nothing(Joining):
    """What a program does not bring in from the host."""

    @rows([('plain', '', {}), ('seccomp', element(), {}),
           ('idmap', '<privnet/>', {'idmap': IDMAP})])
    def test_of_the_host(self, features, others):
        domain = self.started(features, **others)
        low = os.open('/', os.O_RDONLY | os.O_DIRECTORY)
        self.addCleanup(os.close, low)
        top = fcntl.fcntl(low, fcntl.F_DUPFD, 50)  # a number that the program does not use
        self.addCleanup(os.close, top)
        out = f'open r /proc/self/fd/{top}/proc'
        joined = self.waiting(domain, out, 'cat /proc/self/cgroup', 'status',
                              pass_fds=[top], extra_groups=[4, 27, 100])
        self.assertLike(joined, domain)
        self.assertResults(joined.results, {out: 'ENOENT'})
        self.assertEqual(joined.results['status.Groups'].strip(), '0')
        for line in joined.results['cat-/proc/self/cgroup'].strip(';').split(';'):
            self.assertEqual(line.split(':', 2)[2], '/')


def configuration(*shell, users='ct*'):
    words = ', '.join(f'"{word}"' for word in shell)
    return f'allowed_users = [ "{users}" ]\nshell = [ {words} ]\n'


CONF = configuration(*JOIN, 'sleep')


class LoginShell(Joining):
    """virt-login-shell, which brings a user of the host into their container."""

    UID, GID, OTHERS = 4711, 4712, [100, 4713]

    def shell(self, domain, conf, *arguments, env=(), **streams):
        """The helper, where the domain's name is a user's."""
        ours, name = domain.instance, domain.name
        etc = ours.path(ours.top / 'etc/libvirt')
        etc.mkdir(exist_ok=True)
        (etc / 'virt-login-shell.conf').write_text(conf)
        passwd, group = ours.work / 'passwd', ours.work / 'group'
        passwd.write_text('root:x:0:0::/:/bin/sh\n'
                          f'{name}:x:{self.UID}:{self.GID}::/tmp:/probe\n')
        group.write_text(f'root:x:0:\nusers:x:100:{name}\n{name}:x:{self.GID}:\n'
                         f'more:x:4713:{name}\nothers:x:4714:\n')

        def enter():
            sandbox.setns(ours.mounts)
            sandbox.unshare(sandbox.CLONE_NEWNS)
            sandbox.mount(passwd, '/etc/passwd', flags=sandbox.MS_BIND)
            sandbox.mount(group, '/etc/group', flags=sandbox.MS_BIND)
            if streams:
                os.setsid()
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        helper = ours.client.parent / 'virt-login-shell-helper'
        return subprocess.Popen(
            [helper, *arguments, str(self.UID), str(self.GID)], text=True,
            env={'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8',
                 **sanitizers.environment(), **ours.environment, **dict(env)},
            preexec_fn=enter, extra_groups=[4, 27],
            **{'stdin': subprocess.DEVNULL, 'stdout': subprocess.PIPE,
               'stderr': subprocess.PIPE} | streams)

    def begin(self, domain, conf=CONF):
        joined = Joined(domain, lambda: self.shell(domain, conf))
        self.addCleanup(joined.stop)
        return joined

    @rows([
        ('none', '', {}, {'call getuid': 'OK'}),
        ('deny', features('deny', '<chown/>'), {}, {'chown /tmp 7': 'EPERM'}),
        ('allow', features('allow', ''), {}, {'chown /tmp 7': 'EPERM'}),
        ('alice', features('default', '<chown/>'),
         {'user': INITS['alice'][0]}, {'chown /tmp 7': 'EPERM'}),
        ('idmap', '<privnet/>' + element(), {'idmap': IDMAP},
         {'call vmsplice': 'EPERM'}),
        ('no-new-privs', '<no-new-privs/>', {}, {'call getuid': 'OK'}),
        ('landlock', FS, {}, {'open r /etc/passwd': 'EACCES'}),
        ('seccomp', element(rule('getppid', 'errno', errno='EXDEV')), {},
         {'call getppid': 'EXDEV', 'call getuid': 'OK'}),
        ('seccomp, deny', features('deny', '')
         + element(rule('getppid', 'errno', errno='EXDEV')), {},
         {'call getppid': 'EXDEV', 'call getuid': 'OK'}),
    ])
    def test_user(self, features, others, deeds):
        domain = self.started(features, **others)
        prepare(domain, deeds)
        joined = self.begin(domain)
        self.assertResults(joined.ready(), deeds)
        pid = self.assertLike(joined, domain, self.UID, self.GID,
                              [self.GID, *self.OTHERS])
        status = status_of(pid)
        for name in ('CapInh', 'CapPrm', 'CapEff', 'CapAmb'):
            self.assertEqual(caps(status[name]), set(), name)
        if status['Seccomp'] == '2':
            self.assertEqual(loaded(pid), loaded(domain.init()))
        if 'seccomp' in features:
            self.assertEqual(loaded(pid)[0], effective(domain)[0])

    @rows([('plain', ''), ('seccomp', element())])
    def test_errors(self, features):
        domain = self.started(features)
        for shell, status, text in (
                ('/missing', NOT_FOUND, "cannot execute '/missing': No such"),
                ('/etc/passwd', NOT_EXECUTABLE, 'Permission denied'),
                ('/probe', 3, ''), ('/probe', 0, '')):
            joined = self.begin(domain, configuration(
                shell, *JOIN[1:], 'exit', status))
            code, error = joined.end()
            print(f'# {error!r}')
            self.assertEqual((code, text in error), (status, True))
            self.assertEqual(bool(text), bool(error))
        joined = self.begin(domain, configuration(*JOIN, users='bob'))
        self.assertIn('not matched', joined.end()[1])

    def with_shell(self):
        domain = self.started()
        (domain.root / 'bin').mkdir()
        shutil.copy(shutil.which('busybox'), domain.root / 'bin' / 'sh')
        return domain

    def test_login(self):
        """A login shell, in the user's home, without the host's environment"""
        domain = self.with_shell()
        script = 'echo $0 $PWD; export -p; exit 4'
        client = self.shell(domain, configuration('/bin/sh'), '-c', script,
                            env={'SECRET': 'host', 'TERM': 'vt100'})
        out, error = client.communicate(timeout=20 * SLOWNESS)
        print(f'# {out!r}')
        self.assertEqual((client.returncode, error), (4, ''))
        first, *rest = out.splitlines()
        self.assertEqual(first, '-sh /tmp')
        found = dict(line.removeprefix('export ').split('=', 1) for line in rest)
        self.assertEqual(
            {name: value.strip("'") for name, value in found.items()
             if not name.startswith('container')
             and name not in ('PWD', 'SHLVL')},
            {'PATH': '/bin:/usr/bin', 'SHELL': '/bin/sh', 'USER': domain.name,
             'LOGNAME': domain.name, 'HOME': '/tmp', 'TERM': 'vt100'})

    def test_terminal(self):
        """It is one of the container, not the user's."""
        domain = self.with_shell()

        def popen(stdin, terminal, **streams):
            return self.shell(domain, configuration('/bin/sh'), stdin=stdin,
                              **streams)
        terminal = Terminal(popen)
        self.addCleanup(terminal.close)
        terminal.type(b'[ -t 0 ] && echo a$((1+1))b\r')
        terminal.read_until(b'a2b')
        pid = (set(domain.members()) - {domain.init()}).pop()
        for fd in os.listdir(f'/proc/{pid}/fd'):
            self.assertFalse(os.path.samestat(os.stat(f'/proc/{pid}/fd/{fd}'),
                                              os.fstat(terminal.slave)))
        terminal.type(b'exit 7\r')
        self.assertEqual(terminal.client.wait(20 * SLOWNESS), 7)
        self.assertTrue(terminal.is_restored())


if __name__ == '__main__':
    tap.main()
