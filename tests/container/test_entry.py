# SPDX-License-Identifier: LGPL-2.1-or-later
"""What enters a container, and what the container can do to it.

Each attack is tried on Debian's libvirt, too, where it succeeds.
"""

import os
import shutil
import socket
import stat
import subprocess
import threading
import time
from pathlib import Path

import sandbox
import tap
from harness import (HERE, IDMAP, SLOWNESS, Domain, OurInstance, StockInstance,
                     processes, status_of, wait_for)
from tap import Case, Sandbox, rows

DENY = "<capabilities policy='deny'/>"
SECCOMP = DENY + '<seccomp/>'
CONFIGURATIONS = [
    ('default', '', ''),
    ('deny', DENY, ''),
    ('seccomp', SECCOMP, ''),
    ('idmap', SECCOMP, IDMAP),
]
LOADERS = ('lib64/ld-linux-x86-64.so.2',)
ENVIRONMENT = {'PATH', 'TERM', 'container', 'HOME', 'container_uuid',
               'LIBVIRT_LXC_UUID', 'LIBVIRT_LXC_NAME'}
AT_ONCE = 2 * SLOWNESS  # seconds


class WritableStock(StockInstance):
    """Debian's libvirt in files that can be changed, and thrown away."""

    name, label = 'writable', 'w'

    def mount(self):
        super().mount()
        for name in ('usr.up', 'usr.work'):
            Path('/run', name).mkdir()
        sandbox.mount('ct', '/usr', 'overlay',
                      data='lowerdir=/usr,upperdir=/run/usr.up,workdir=/run/usr.work')


def compiled(work, name, *flags):
    program = work / name
    if not program.exists():
        subprocess.run(['gcc', '-O1', '-D_GNU_SOURCE', '-static', *flags, '-o',
                        program, HERE / f'{name}.c'], check=True)
    return program


def prepare(build):
    sandbox.join_session_with_key('ct-host-key')
    StockInstance.fetch(build)


def container(case, instance, program='entry_init', argument='', **kwargs):
    """A domain whose init is one of the programs beside this file."""
    domain = Domain(Sandbox.instance(instance), init='/init', **kwargs)
    case.addCleanup(domain.remove)
    shutil.copy(compiled(Sandbox.work, program), domain.root / 'init')
    if argument:
        domain.xml = domain.xml.replace('</init>',
                                        f'</init><initarg>{argument}</initarg>')
    return domain


class Executable(Case):
    def attack(self, instance, features, idmap):
        """Init is a script whose interpreter is its own process's program, and
        that program's loader is the container's."""
        domain = Domain(Sandbox.instance(instance), init='/init',
                        features=features, idmap=idmap)
        self.addCleanup(domain.remove)
        (domain.root / 'init').write_text('#!/proc/self/exe\n')
        (domain.root / 'init').chmod(0o755)
        loader = compiled(Sandbox.work, 'entry_exe', '-nostdlib', '-ffreestanding',
                          '-fno-stack-protector')
        for path in LOADERS:
            (domain.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(loader, domain.root / path)
        domain.define()
        domain.start()
        results = domain.results()
        self.assertEqual(results['opened'], '1', 'the attack did not run')
        return results

    def controller(self, instance):
        ours = instance is OurInstance
        libvirt = next(Sandbox.build.glob('subprojects/libvirt-*'))
        return (libvirt / 'src' / 'libvirt_lxc' if ours else
                Sandbox.instance(instance).path('/usr/lib/libvirt/libvirt_lxc'))

    def mode(self, instance):
        return stat.S_IMODE(os.stat(self.controller(instance)).st_mode)

    @rows(CONFIGURATIONS)
    def test_of_the_host_cannot_be_changed(self, features, idmap):
        before = self.mode(OurInstance)
        self.addCleanup(os.chmod, self.controller(OurInstance), before)
        self.attack(OurInstance, features, idmap)
        self.assertEqual(oct(self.mode(OurInstance)), oct(before))

    def test_of_stock_can_be_changed(self):
        self.attack(WritableStock, '', '')
        self.assertEqual(oct(self.mode(WritableStock)), oct(0o4755))

    def test_of_a_running_controller_is_sealed(self):
        domain = container(self, OurInstance, features=DENY)
        domain.run()
        exe = os.readlink(f'/proc/{domain.controller()}/exe')
        self.assertEqual(exe, '/memfd:libvirt_lxc (deleted)')
        comm = Path(f'/proc/{domain.controller()}/comm').read_text()
        self.assertEqual(comm, 'libvirt_lxc\n')

    def test_of_a_controller_is_spared_by_the_oom_killer(self):
        domain = container(self, OurInstance)
        domain.run()
        def score(pid):
            return Path(f'/proc/{pid}/oom_score_adj').read_text().strip()
        ours = Path('/proc/self/oom_score_adj').read_text().strip()
        self.assertEqual(score(domain.init()), ours)
        if int(status_of(os.getpid())['CapEff'], 16) >> 24 & 1:
            self.assertEqual(score(domain.controller()), '-1000')
        else:
            log = (domain.instance.top / 'var/log/libvirt/lxc' /
                   f'{domain.name}.log')
            path = domain.instance.path(log)
            self.assertIn('CAP_SYS_RESOURCE', path.read_text())


class Inherited(Case):
    @rows(CONFIGURATIONS)
    def test_descriptors_and_environment(self, features, idmap):
        domain = container(self, OurInstance, features=features, idmap=idmap)
        results = domain.run()
        fds = {key for key in results if key.startswith('fd.')}
        self.assertEqual(fds, {'fd.0', 'fd.1', 'fd.2'})
        env = {key.removeprefix('env.') for key in results if key.startswith('env.')}
        self.assertEqual(env, ENVIRONMENT)

    def test_what_the_domain_asks_for(self):
        domain = container(self, OurInstance, devices="<console type='pty'/>")
        domain.xml = domain.xml.replace(
            '</init>', "</init><initenv name='ASKED'>yes</initenv>"
                       '<cmdline>quiet</cmdline>')
        domain.define()
        passed, end = os.pipe()
        self.addCleanup(os.close, passed)
        self.addCleanup(os.close, end)
        start = domain.instance.command(
            domain.instance.client, '-q', '-c', 'lxc:///system', 'start', domain.name,
            '--pass-fds', f'{passed},{end}', pass_fds=[passed, end])
        self.assertEqual(start.wait(), 0)
        results = domain.results()
        fds = {key for key in results if key.startswith('fd.')}
        self.assertEqual(fds, {f'fd.{fd}' for fd in range(5)})
        env = {key.removeprefix('env.') for key in results if key.startswith('env.')}
        self.assertEqual(env, ENVIRONMENT | {'ASKED', 'LIBVIRT_LXC_CMDLINE',
                                             'container_ttys'})

    @rows(CONFIGURATIONS)
    def test_no_key_of_the_daemon(self, features, idmap):
        domain = container(self, OurInstance, features=features, idmap=idmap)
        self.assertEqual(domain.run()['key'], '0')

    def test_key_of_the_daemon_in_stock(self):
        domain = container(self, WritableStock)
        self.assertEqual(domain.run()['key'], '1')


class Accounts(Case):
    @rows([
        ('user', '<inituser>1000</inituser>', 'passwd', '1000:x:0:0::/:\n', '1000 0'),
        ('plus', '<inituser>+1000</inituser>', 'passwd', '1000:x:0:0::/:\n', '1000 0'),
        ('group', '<initgroup>50</initgroup>', 'group', '50:x:7:\n', '0 50'),
    ])
    def test_number_is_a_number(self, user, file, line, expected):
        domain = container(self, OurInstance, features=DENY, user=user)
        with open(domain.root / 'etc' / file, 'w') as stream:
            stream.write(line)
        domain.run()
        init = status_of(domain.init())
        self.assertEqual(f"{init['Uid'].split()[0]} {init['Gid'].split()[0]}",
                         expected)

    @rows([(f'{kind} {name}', name, kind)
           for name in ('passwd', 'group')
           for kind in ('fifo', 'socket', 'directory', 'device', 'huge')])
    def test_odd_file_is_refused_at_once(self, name, kind):
        domain = container(self, OurInstance, user='<inituser>alice</inituser>'
                                                  '<initgroup>users</initgroup>')
        path = domain.root / 'etc' / name
        path.unlink()
        if kind == 'fifo':
            os.mkfifo(path)
        elif kind == 'socket':
            with socket.socket(socket.AF_UNIX) as end:
                directory = os.open(path.parent, os.O_PATH)
                end.bind(f'/proc/self/fd/{directory}/{name}')
                os.close(directory)
        elif kind == 'directory':
            path.mkdir()
        elif kind == 'device':
            os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
        else:
            path.write_bytes(b'x' * (1 << 21))
        domain.define()
        begin = time.monotonic()
        status, _, error = domain.instance.run('start', domain.name)
        self.assertNotEqual(status, 0)
        self.assertIn(f'/etc/{name}', error)
        self.assertLess(time.monotonic() - begin, AT_ONCE * 4)


class Waiting(Case):
    """While a start waits for a container, the driver works."""

    def hung(self):
        """A domain whose agent never says whether init may be executed."""
        domain = container(self, OurInstance)
        path = Sandbox.work / f'{domain.name}.sock'
        agent = socket.socket(socket.AF_UNIX)
        self.addCleanup(agent.close)
        agent.bind(str(path))
        agent.listen()
        domain.xml = domain.xml.replace(
            '<features></features>',
            "<features><seccomp><syscall name='execve' action='notify'/>"
            f"<listener path='{path}'/></seccomp></features>")
        domain.define()
        held = []
        def start():
            held.append(domain.instance.run('start', domain.name, timeout=90))
        thread = threading.Thread(target=start)
        thread.start()
        self.addCleanup(thread.join)
        connection, _ = agent.accept()
        self.addCleanup(connection.close)
        message = socket.recv_fds(connection, 65536, 1)
        self.addCleanup(os.close, message[1][0])
        return domain, thread, held

    def test_list_and_destroy(self):
        domain, thread, held = self.hung()
        begin = time.monotonic()
        # The driver waits 30 seconds for an agent, on slow machines, too.
        for _ in range(5 if SLOWNESS == 1 else 1):
            domain.instance.virsh('list', '--all')
            domain.instance.virsh('dumpxml', domain.name)
            # Its status is that of the label, which only init has.
            self.assertIn('CPU(s)', domain.instance.run('dominfo', domain.name)[1])
        self.assertLess(time.monotonic() - begin, AT_ONCE * 5)
        self.assertTrue(thread.is_alive())
        init = domain.init()
        begin = time.monotonic()
        domain.instance.virsh('destroy', domain.name)
        thread.join()
        self.assertLess(time.monotonic() - begin, AT_ONCE * 5)
        self.assertNotEqual(held[0][0], 0)
        self.assertEqual(domain.state(), 'shut off')
        self.assertNotIn(init, processes())

    def test_reboot_does_not_stop_the_daemon(self):
        domain = container(self, OurInstance, argument='reboot',
                           user='<initgroup>users</initgroup>')
        domain.define()
        domain.start()
        wait_for(lambda: 'fifo=1' in domain.out.read_text(), 10, 'no reboot')
        begin = time.monotonic()
        for _ in range(10):
            domain.instance.virsh('list', '--all')
        self.assertLess(time.monotonic() - begin, AT_ONCE * 5)
        wait_for(lambda: domain.state() == 'shut off', 20, 'the reboot hangs')


if __name__ == '__main__':
    tap.main(prepare)
