# SPDX-License-Identifier: LGPL-2.1-or-later
"""Damaged, unreadable and unwritable files in the directories of the daemon."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import sandbox
import tap
from forget import Host
from harness import SLOWNESS, Domain, processes, wait_for
from tap import Case, rows

HERE = Path(__file__).resolve().parent


class Unwritable(Case):
    """The directory with the definitions is full or read-only."""

    def mounts(self, host, code):
        """Changes the mounts of the daemon."""
        done = subprocess.run(['/usr/bin/python3', '-c', f'import sandbox; {code}'],
                              preexec_fn=lambda: sandbox.setns(host.instance.mounts),
                              env=os.environ | {'PYTHONPATH': str(HERE)},
                              text=True, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def block(self, host, kind):
        top = f'{host.instance.top}/etc/libvirt/lxc'
        self.unblock = lambda: self.mounts(host, f'sandbox.umount({top!r})')
        self.addCleanup(lambda: self.unblock())
        if kind == 'full':
            self.mounts(host, f"sandbox.mount('ct', {top!r}, 'tmpfs', data='size=4k')")
            (host.definitions / 'fill').write_text('x' * 4096)
        else:
            self.mounts(host, f'sandbox.mount({top!r}, {top!r}, flags=0x1000);'
                              f'sandbox.mount(None, {top!r}, flags=0x1000 | 32 | 1)')

    def refuse(self, host, domain):
        path = host.instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        status, _, error = host.instance.run('define', path)
        self.assertNotEqual(status, 0)
        self.assertIn(f'{domain.name}.xml', error)

    def texts(self, domain):
        return [domain.instance.virsh('dumpxml', *option, domain.name)
                for option in ((), ('--inactive',))]

    @rows([(f'{state}, {kind}', kind, state)
           for kind in ('full', 'read-only') for state in ('running', 'shut off')])
    def test_redefine(self, kind, state):
        host = Host.get()
        domain, other = Domain(host.instance), Domain(host.instance)
        self.addCleanup(domain.remove)
        domain.define()
        if state == 'running':
            domain.start()
        stored, before = host.definitions / f'{domain.name}.xml', self.texts(domain)
        content = stored.read_text()

        self.block(host, kind)
        domain.xml = domain.xml.replace('262144', '131072')
        self.refuse(host, domain)
        self.refuse(host, other)
        self.unblock()
        self.unblock = lambda: None

        self.assertNotIn(other.name, host.names())
        self.assertEqual(domain.state(), state)
        self.assertEqual(self.texts(domain), before)
        self.assertEqual(stored.read_text(), content)
        if state == 'running':
            host.instance.virsh('destroy', domain.name)
        self.assertEqual(domain.state(), 'shut off')
        domain.define()
        self.assertIn('131072', self.texts(domain)[1])
        domain.start()
        self.assertEqual(domain.state(), 'running')

    @rows([('full', 'full'), ('read-only', 'read-only')])
    def test_transient(self, kind):
        """A transient domain that cannot become persistent stays transient."""
        host = Host.get()
        domain = Domain(host.instance)
        self.addCleanup(domain.remove)
        path = host.instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        host.instance.virsh('create', path)
        self.block(host, kind)
        self.refuse(host, domain)
        self.assertEqual(domain.state(), 'running')
        self.assertIn('no', host.instance.virsh('dominfo', domain.name)
                      .split('Persistent:')[1].split('\n')[0])
        host.instance.virsh('destroy', domain.name)
        self.assertNotIn(domain.name, host.names())


def fifo(path):
    os.mkfifo(path)


def directory(path):
    path.mkdir()


def link_to_nothing(path):
    path.symlink_to('/nowhere')


def link_to_fifo(path):
    os.mkfifo(f'{path}.fifo')
    path.symlink_to(Path(f'{path.name}.fifo'))


def zeros(path):
    path.symlink_to('/dev/zero')


def huge(path):
    with path.open('wb') as file:
        file.truncate(1 << 36)


SPECIAL = [(make.__name__.replace('_', ' '), make) for make in (
    fifo, directory, link_to_nothing, link_to_fifo, zeros, huge)]


class Special(Case):
    """Files that are not definitions do not stop the daemon."""

    @rows([(f'{name} in {where}', where, make) for where in ('definitions', 'states')
           for name, make in SPECIAL])
    def test_skipped(self, where, make):
        host = Host.get()
        good = Domain(host.instance)
        self.addCleanup(good.remove)
        good.define()
        good.start()
        path = getattr(host, where) / f'{good.name}bad.xml'
        log = host.instance.work / f'{host.instance.name}.log'
        length = len(log.read_text())
        begun = time.monotonic()
        host.restart(lambda: make(path))
        self.addCleanup(shutil.rmtree, path, ignore_errors=True)
        self.addCleanup(Path(f'{path}.fifo').unlink, missing_ok=True)
        self.addCleanup(self.unlink, path)
        self.assertLess(time.monotonic() - begun, 10 * SLOWNESS)
        self.assertEqual(good.state(), 'running')
        self.assertIn(f"{path.name}'", log.read_text()[length:])
        self.assertNotIn(f'{good.name}bad', host.names())

    def unlink(self, path):
        if path.is_symlink() or path.is_file() or path.is_fifo():
            path.unlink()


DAMAGE = [
    ('truncated', lambda text: text[:len(text) // 2]),
    ('empty', lambda text: ''),
    ('garbage', lambda text: '\0\1\2' * 1000),
    ('not XML', lambda text: 'domain\n'),
    ('unknown element', lambda text: text.replace('<features>', '<features><nonsense/>')),
    ('unknown type', lambda text: text.replace("type='lxc'", "type='new'")),
    ('other root', lambda text: '<network><name>x</name></network>'),
]


class Definition(Case):
    @rows(DAMAGE)
    def test_damaged(self, damage):
        """It is listed with its error, and cannot be started."""
        host = Host.get()
        domain = Domain(host.instance, features='<seccomp/>')
        self.addCleanup(domain.remove)
        domain.define()
        path = host.definitions / f'{domain.name}.xml'
        bad = damage(path.read_text())
        host.restart(lambda: path.write_text(bad))

        self.assertEqual(domain.state(), 'shut off')
        self.assertIn(path.name, host.instance.virsh('desc', domain.name))
        status, _, error = host.instance.run('start', domain.name)
        self.assertNotEqual(status, 0)
        self.assertIn(path.name, error)
        self.assertEqual(path.read_text(), bad)

        if '<uuid>' not in bad:
            host.instance.virsh('undefine', domain.name)
        domain.define()
        domain.start()
        self.assertEqual(domain.state(), 'running')
        self.assertIn('<seccomp', host.instance.virsh('dumpxml', domain.name))
        host.instance.virsh('destroy', domain.name)

    def test_running(self):
        """The container does not depend on the stored definition."""
        host = Host.get()
        domain = Domain(host.instance)
        self.addCleanup(domain.remove)
        domain.define()
        before = host.instance.snapshot()
        domain.start()
        path = host.definitions / f'{domain.name}.xml'
        content = path.read_text()
        host.restart(lambda: path.write_text(content[:100]))
        self.assertEqual(domain.state(), 'running')
        host.instance.virsh('destroy', domain.name)
        self.assertNothingLeft(host.instance, before)

    def test_unfinished(self):
        """The daemon was killed while it wrote a definition."""
        host = Host.get()
        domain = Domain(host.instance)
        self.addCleanup(domain.remove)
        domain.define()
        half = [host.definitions / f'{name}.xml.new' for name in (domain.name, 'half')]
        for path in half:
            path.write_text(domain.xml[:100])
        host.restart()
        self.assertEqual([path for path in half if path.exists()], [])
        self.assertIn(domain.name, host.names())
        self.assertNotIn('half', host.names())

    def test_reload(self):
        """A definition that was repaired can be started after a reload."""
        host = Host.get()
        domain = Domain(host.instance)
        self.addCleanup(domain.remove)
        domain.define()
        path = host.definitions / f'{domain.name}.xml'
        content = path.read_text()
        host.restart(lambda: path.write_text(content.replace('</domain>', '')))
        self.assertNotEqual(host.instance.run('start', domain.name)[0], 0)
        path.write_text(content)
        host.instance.daemon.send_signal(1)
        wait_for(lambda: host.instance.run('start', domain.name)[0] == 0, 10,
                 'it does not start')
        self.assertEqual(domain.state(), 'running')


STATUS = DAMAGE + [
    ('newer', lambda text: text.replace("state='running'", "state='hovering'")),
    ('other root for domain', lambda text: text.replace('domstatus', 'domstatus2')),
    ('no file', lambda text: None),
    ('other process', lambda text: re.sub("pid='[0-9]+'>", "pid='1'>", text, count=1)),
    ('no process', lambda text: re.sub("pid='[0-9]+'>", "pid='4000000'>", text, count=1)),
]


class Status(Case):
    """A container runs on whose status cannot be read."""

    @rows([(f'{kind}, {name}', kind, damage)
           for kind in ('persistent', 'transient') for name, damage in STATUS])
    def test_damaged(self, kind, damage):
        host = Host.get()
        domain = Domain(host.instance, features='<seccomp/>')
        self.addCleanup(domain.remove)
        before = host.instance.snapshot()
        path = host.instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        host.instance.virsh('define' if kind == 'persistent' else 'create', path)
        if kind == 'persistent':
            before = host.instance.snapshot()
            domain.start()
        controller, members = domain.controller(), domain.members()
        self.damage(host, domain, damage)

        self.assertEqual(domain.state(), 'running')
        self.assertEqual(domain.controller(), controller)
        self.assertTrue((host.states / f'{domain.name}.pid').exists())
        status, _, error = host.instance.run('start', domain.name)
        self.assertNotEqual(status, 0)
        self.assertIn('already', error)
        self.assertTrue((host.states / f'{domain.name}.pid').exists())
        host.restart()
        self.assertEqual(domain.controller(), controller)
        host.instance.virsh('destroy', domain.name)
        self.assertEqual(set(members) & set(processes()), set())
        if kind == 'persistent':
            self.assertEqual(domain.state(), 'shut off')
        else:
            self.assertNotIn(domain.name, host.names())
        self.assertNothingLeft(host.instance, before)

    def damage(self, host, domain, damage):
        path = host.states / f'{domain.name}.xml'
        text = damage(path.read_text())
        host.restart(path.unlink if text is None else lambda: path.write_text(text))

    def test_exits_meanwhile(self):
        """Nothing is left, although only the pid file is readable."""
        host = Host.get()
        domain = Domain(host.instance)
        self.addCleanup(domain.remove)
        domain.define()
        before = host.instance.snapshot()
        domain.start()
        controller = domain.controller()

        def meanwhile():
            (host.states / f'{domain.name}.xml').write_text('<')
            os.kill(controller, 9)
        host.restart(meanwhile)
        self.assertEqual(domain.state(), 'shut off')
        self.assertNothingLeft(host.instance, before)

    def test_only_socket(self):
        """Its status and its pid file have been removed."""
        host = Host.get()
        domain = Domain(host.instance)
        self.addCleanup(domain.remove)
        domain.define()
        before = host.instance.snapshot()
        domain.start()
        init = domain.init()
        host.restart(lambda: [path.unlink() for path in
                              host.states.glob(f'{domain.name}.*')
                              if path.is_file()])
        self.assertEqual(domain.state(), 'running')
        host.instance.virsh('destroy', domain.name)
        self.assertNotIn(init, processes())
        self.assertNothingLeft(host.instance, before)


if __name__ == '__main__':
    tap.main()
