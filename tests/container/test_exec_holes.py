# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a client of virsh lxc-enter-namespace would bring into a container.

Each attack is tried on Debian's libvirt, too, whose client joins the container by
itself, and where the attack succeeds.
"""

import os
import pty
import re
import shlex
import shutil
import stat
import subprocess
import termios
import tty

import sandbox
import tap
from execs import BUSYBOX, SHELL
from harness import IDMAP, SLOWNESS, Domain, OurInstance, StockInstance, wait_for
from tap import Case, Sandbox, rows
from test_entry import LOADERS, WritableStock, compiled
from test_exec import CONFINED

KEY = 'ct-host-key'
DENY = "<capabilities policy='deny'/>"
CONFIGURATIONS = [
    ('default', '', ''),
    ('deny', DENY, ''),
    ('all', CONFINED, ''),
    ('seccomp idmap', DENY + '<seccomp/>', IDMAP),
    ('idmap', CONFINED, IDMAP),
]


def prepare(build):
    sandbox.join_session_with_key(KEY)
    StockInstance.fetch(build)


class Hole(Case):
    def running(self, instance, features='', idmap=''):
        domain = Domain(Sandbox.instance(instance), features=features, idmap=idmap)
        self.addCleanup(domain.remove)
        (domain.root / 'bin').mkdir()
        shutil.copy(BUSYBOX, domain.root / 'bin' / 'busybox')
        domain.run()
        return domain

    def virsh(self, domain, *argv):
        """The command line of a client. Stock's, where AppArmor is in force, would change to
        the empty label that it gives to these domains, which have none."""
        label = ['--noseclabel'] if isinstance(domain.instance, StockInstance) else []
        return shlex.join(['exec', str(domain.instance.client), '-q', '-c', 'lxc:///system',
                           'lxc-enter-namespace', domain.name, *label, '--', *argv])

    def client(self, domain, *argv, before='', after='', **kwargs):
        """Its output and errors."""
        command = f'{before} {self.virsh(domain, *argv)} {after}'
        process = domain.instance.command('sh', '-c', command, stdout=subprocess.PIPE,
                                          stderr=subprocess.STDOUT, **kwargs)
        return process.communicate(timeout=60 * SLOWNESS)[0]

    # Each attack returns whether it has succeeded.

    def terminal(self, domain):
        """Is the terminal of the host a descriptor in the container?"""
        ours, theirs = pty.openpty()
        tty.setraw(theirs, termios.TCSANOW)
        name = os.ttyname(theirs)
        info = os.fstat(theirs)
        domain.instance.command('sh', '-c', self.virsh(
            domain, SHELL, 'sh', '-c',
            '/bin/busybox stat -L -c "<%d %t:%T>" /proc/self/fd/0') +
            f' <{name} >{name} 2>{name}').wait(60 * SLOWNESS)
        text = os.read(ours, 4096).decode()
        os.close(ours)
        os.close(theirs)
        found = re.search('<([0-9]+) ([0-9a-f]+:[0-9a-f]+)>', text)
        self.assertTrue(found, text)
        same = (str(info.st_dev), f'{os.major(info.st_rdev):x}:{os.minor(info.st_rdev):x}')
        return found.groups() == same

    def keyring(self, domain):
        """Can a key of the host be read?"""
        text = self.client(domain, '/probe', 'one', 'key', 'key', KEY)
        self.assertIn('key=', text)
        return 'key=OK' in text

    def environment(self, domain):
        text = self.client(domain, SHELL, 'env', before='SECRET=of-the-host')
        self.assertIn('PATH=', text)
        return 'of-the-host' in text

    def stdin(self, domain):
        path = domain.instance.work / f'{domain.name}.file'
        path.write_text('of the host')
        path.chmod(0o666)
        self.client(domain, SHELL, 'sh', '-c', 'echo changed >/proc/self/fd/0',
                    after=f'<{path}')
        return path.read_text() != 'of the host'

    def namespaces(self, domain):
        trace = domain.instance.work / f'{domain.name}.trace'
        command = self.virsh(domain, SHELL, 'true').replace(
            'exec ', f'exec strace -f -o {trace} -e trace=setns ', 1)
        domain.instance.command('sh', '-c', command, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL).wait(60 * SLOWNESS)
        return 'setns(' in trace.read_text()

    ATTACKS = ('terminal', 'keyring', 'environment', 'stdin', 'namespaces')


class Holes(Hole):
    @rows([(f'{attack} {name}', attack, features, idmap)
           for attack in Hole.ATTACKS for name, features, idmap in CONFIGURATIONS])
    def test_closed(self, attack, features, idmap):
        domain = self.running(OurInstance, features, idmap)
        self.assertFalse(getattr(self, attack)(domain))

    @rows([(attack, attack) for attack in Hole.ATTACKS])
    def test_open_in_stock(self, attack):
        self.assertTrue(getattr(self, attack)(self.running(StockInstance)))


class Binary(Hole):
    """A script whose interpreter is the client's own binary, and that binary's loader
    is the container's."""

    def attack(self, instance, features='', idmap=''):
        domain = self.running(instance, features, idmap)
        script = domain.root / 'join'
        script.write_text('#!/proc/self/exe\n')
        script.chmod(0o755)
        loader = compiled(Sandbox.work, 'entry_exe', '-nostdlib', '-ffreestanding',
                          '-fno-stack-protector')
        for path in LOADERS:
            (domain.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(loader, domain.root / path)
        domain.out.write_text('')
        joined = domain.instance.command('sh', '-c', self.virsh(domain, '/join'))
        self.addCleanup(joined.wait)
        self.addCleanup(joined.kill)
        wait_for(lambda: 'opened=1' in domain.out.read_text() or
                 joined.poll() is not None, 20, 'neither done nor refused')
        return domain

    @rows(CONFIGURATIONS)
    def test_of_the_host_cannot_be_changed(self, features, idmap):
        ours = Sandbox.instance(OurInstance)
        files = [ours.client, ours.libvirt / 'src' / 'libvirt_lxc']
        before = [os.stat(path).st_mode for path in files]
        for path, mode in zip(files, before):
            self.addCleanup(os.chmod, path, stat.S_IMODE(mode))
        domain = self.attack(OurInstance, features, idmap)
        if 'landlock' not in features:
            self.assertIn('opened=1', domain.out.read_text())
        self.assertEqual([os.stat(path).st_mode for path in files], before)

    def test_of_stock_can_be_changed(self):
        domain = self.attack(WritableStock)
        self.assertIn('opened=1', domain.out.read_text())
        path = domain.instance.path('/usr/bin/virsh')
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o4755)


class StockClient(Hole):
    """Debian's virsh, and our daemon."""

    def enter(self, domain):
        ours = domain.instance
        stock = Sandbox.build / 'stock-libvirt' / 'usr'
        library = next(stock.glob('lib/*/libvirt.so.0')).parent
        socket = ours.top / 'var' / 'run' / 'libvirt' / 'virtlxcd-sock'
        process = ours.command(
            'env', '-u', 'LIBVIRT_DIR_OVERRIDE', f'LD_LIBRARY_PATH={library}',
            stock / 'bin' / 'virsh', '-q', '-c', f'lxc:///system?socket={socket}',
            'lxc-enter-namespace', '--noseclabel', domain.name, '--', SHELL, 'grep',
            'CapEff', '/proc/self/status', stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        return process.communicate(timeout=60 * SLOWNESS)[0]

    def test_is_allowed_and_logged(self):
        domain = self.running(OurInstance, DENY)
        text = self.enter(domain)
        self.assertRegex(text, 'CapEff:\t0000.*[1-9a-f]')
        log = (domain.instance.work / 'ours.log').read_text()
        self.assertIn(f"Domain '{domain.name}': a client has opened its namespaces", log)

    def test_is_refused(self):
        domain = self.running(OurInstance, DENY)
        ours = domain.instance
        path = ours.top / 'etc' / 'libvirt' / 'lxc.conf'
        ours.command('sh', '-c', f"mkdir -p {path.parent}; echo "
                     f"'confinement_open_namespace = \"refuse\"' >{path}").wait()
        self.addCleanup(self.restart, ours)
        self.addCleanup(lambda: ours.command('rm', path).wait())
        self.restart(ours)
        text = self.enter(domain)
        self.assertIn("is not allowed by 'confinement_open_namespace'", text)
        self.assertNotIn('CapEff', text)

    def restart(self, ours):
        ours.daemon.terminate()
        ours.daemon.wait()
        ours.start()


if __name__ == '__main__':
    tap.main(prepare)
