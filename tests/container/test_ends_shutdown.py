# SPDX-License-Identifier: LGPL-2.1-or-later
"""virsh shutdown and reboot: success means that something has received the request."""

import os
import shutil
import signal
import stat
import subprocess
import time

import tap
from ends import container, reason, wait_off
from harness import IDMAP, SLOWNESS, Domain, LoopDevice, OurInstance, wait_for
from tap import Case, Sandbox, rows

TERM = signal.SIGTERM
NO_READER = 'nothing in the container reads from an initctl pipe'
NO_TERM = 'init does not handle signal 15 (SIGTERM)'
BUSYBOX = '/bin/busybox'


def nothing(domain):
    pass


def run(domain):
    (domain.root / 'run').mkdir(exist_ok=True)
    return domain.root / 'run' / 'initctl'


def fifo(domain):
    os.mkfifo(run(domain), 0o600)


def file(domain):
    run(domain).write_text('not a pipe')


def directory(domain):
    run(domain).mkdir()


def link(target):
    def change(domain):
        run(domain).symlink_to(target.format(work=domain.instance.work))
    return change


def link_to_fifo(domain):
    fifo(domain)
    run(domain).rename(domain.root / 'etc' / 'real')
    run(domain).symlink_to('/etc/real')


class Shutdown(Case):
    @rows([
        # What is at /run/initctl, what init does, reason
        ('nothing, handler', nothing, ('handle', TERM, 0), 'shutdown'),
        ('nothing, blocked', nothing, ('block', TERM, 0), 'shutdown'),
        ('nothing, handler that fails', nothing, ('handle', TERM, 1), 'failed'),
        ('FIFO without reader, handler', fifo, ('handle', TERM, 0), 'shutdown'),
        ('FIFO with reader', fifo, ('read', '/run/initctl'), 'shutdown'),
        ('link to a FIFO with reader', link_to_fifo, ('read', '/etc/real'), 'shutdown'),
        ('link to nowhere, handler', link('/no/where'), ('handle', TERM, 0), 'shutdown'),
        ('loop of links, handler', link('initctl'), ('handle', TERM, 0), 'shutdown'),
        ('file, handler', file, ('handle', TERM, 0), 'shutdown'),
        ('directory, handler', directory, ('handle', TERM, 0), 'shutdown'),
    ])
    def test_works(self, change, args, why):
        domain = container(self, *args)
        change(domain)
        domain.run()
        domain.instance.virsh('shutdown', domain.name)
        wait_off(domain, 5)
        self.assertEqual(reason(domain), f'shut off ({why})')

    @rows([
        # What is at /run/initctl, what init does, options, error
        ('nothing, no handler', nothing, ('default',), (), (NO_READER, NO_TERM)),
        ('nothing, ignored', nothing, ('ignore',), (), (NO_READER, NO_TERM)),
        ('FIFO without reader', fifo, ('default',), (), (NO_READER, NO_TERM)),
        ('file', file, ('default',), (), (NO_READER, NO_TERM)),
        ('directory', directory, ('default',), (), (NO_READER, NO_TERM)),
        ('link to nowhere', link('/no/where'), ('default',), (), (NO_READER, NO_TERM)),
        ('by initctl', nothing, ('handle', TERM, 0), ('--mode', 'initctl'), (NO_READER,)),
        ('by initctl, FIFO without reader', fifo, ('handle', TERM, 0),
         ('--mode', 'initctl'), (NO_READER,)),
        ('by initctl, file', file, ('handle', TERM, 0), ('--mode', 'initctl'),
         (NO_READER,)),
        ('by signal', fifo, ('default',), ('--mode', 'signal'), ('SIGTERM',)),
    ])
    def test_is_refused(self, change, args, options, texts):
        domain = container(self, *args)
        change(domain)
        domain.run()
        before = domain.instance.virsh('domid', domain.name)
        begun = time.monotonic()
        status, _, error = domain.instance.run('shutdown', domain.name, *options)
        self.assertLess(time.monotonic() - begun, 10 * SLOWNESS)
        self.assertNotEqual(status, 0)
        for text in texts:
            self.assertIn(text, error)
        self.assertEqual(domain.state(), 'running')
        self.assertEqual(domain.instance.virsh('domid', domain.name), before)
        if change == file:
            self.assertEqual(run(domain).read_text(), 'not a pipe')

    def test_writes_to_no_device(self):
        """A node of the host's disk, which root of the container can make."""
        domain = container(self, 'default')
        device = LoopDevice(Sandbox.work, domain.name)
        self.addCleanup(device.remove)
        run(domain)
        os.mknod(domain.root / 'run/initctl', stat.S_IFBLK | 0o600,
                 os.stat(device.path).st_rdev)
        domain.run()
        status, _, error = domain.instance.run('shutdown', domain.name)
        os.sync()
        self.assertTrue(device.file.read_bytes().startswith(LoopDevice.TEXT))
        self.assertNotEqual(status, 0)
        self.assertIn(NO_READER, error)

    @rows([
        ('absolute', '{fifo}'),
        ('relative', '../../../../../../../../../../../../../../{fifo}'),
    ])
    def test_follows_no_link_to_the_host(self, target):
        domain = container(self, 'default')
        pipe = Sandbox.work / f'{domain.name}.fifo'
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        link(target.format(fifo=pipe))(domain)
        domain.run()
        status, _, error = domain.instance.run('shutdown', domain.name)
        self.assertNotEqual(status, 0)
        self.assertIn(NO_READER, error)
        self.assertEqual(os.read(reader, 1), b'')

    def test_of_a_container_with_idmap(self):
        domain = container(self, 'handle', TERM, 0, idmap=IDMAP)
        domain.run()
        domain.instance.virsh('shutdown', domain.name)
        wait_off(domain, 5)

    def test_of_many_groups(self):
        """They come before the masks of signals in /proc/PID/status."""
        domain = Domain(Sandbox.instance(OurInstance), then='ignore 65536')
        self.addCleanup(domain.remove)
        domain.run()
        status, _, error = domain.instance.run('shutdown', domain.name)
        self.assertNotEqual(status, 0)
        self.assertIn(NO_TERM, error)


class Busybox(Case):
    """Its init reboots on SIGTERM."""

    def start(self):
        domain = Domain(Sandbox.instance(OurInstance), init='/sbin/init')
        self.addCleanup(domain.remove)
        for name in ('sbin', 'bin'):
            (domain.root / name).mkdir()
        shutil.copy(BUSYBOX, domain.root / 'bin/busybox')
        (domain.root / 'sbin/init').symlink_to('../bin/busybox')
        (domain.root / 'etc/inittab').write_text(
            '::sysinit:/bin/busybox sh /etc/begin\n'
            '::shutdown:/bin/busybox sh /etc/end\n'
            'null::respawn:/bin/busybox sleep 1000\n')
        (domain.root / 'etc/begin').write_text('echo end= >> /out\n')
        (domain.root / 'etc/end').write_text('echo shutdown= >> /out\n')
        domain.run()
        # It handles signals before it starts this.
        respawned = ['pgrep', '-f', '-P', str(domain.init()), 'sleep 1000']
        wait_for(lambda: subprocess.run(respawned, stdout=subprocess.DEVNULL,
                                        check=False).returncode == 0, 60, 'no respawn')
        return domain

    def test_shutdown(self):
        domain = self.start()
        domain.instance.virsh('shutdown', domain.name)
        wait_off(domain, 60)
        self.assertEqual(reason(domain), 'shut off (shutdown)')
        self.assertEqual(domain.out.read_text(), 'end=\nshutdown=\n')

    def test_reboot(self):
        domain = self.start()
        first = domain.init()
        domain.instance.virsh('reboot', domain.name)
        wait_for(lambda: domain.out.read_text().count('end=') == 2, 60, 'no reboot')
        wait_for(lambda: domain.state() == 'running', 60, 'not running')
        self.assertNotEqual(domain.init(), first)


if __name__ == '__main__':
    tap.main()
