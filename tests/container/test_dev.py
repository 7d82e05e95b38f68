# SPDX-License-Identifier: LGPL-2.1-or-later
"""/dev/shm: a tmpfs for all users of the container, unless the domain says
otherwise."""

import os
import stat
from pathlib import Path

import tap
from execution import Executing
from harness import IDMAP, Domain, OurInstance
from tap import Case, Sandbox, rows

STRICT = ("<capabilities policy='deny'/><seccomp/><landlock><fs>"
          "<path target='/' allow='read execute'/>"
          "<path target='/out' allow='write'/>"
          "<path target='/dev/shm' allow='read write create remove'/>"
          "</fs></landlock>")
RAM = '''<filesystem type='ram'>
      <source usage='1024' units='KiB'/><target dir='/dev/shm'/>
    </filesystem>'''
HOSTDEV = '''<hostdev mode='capabilities' type='misc'>
      <source><char>{}</char></source></hostdev>'''
USE = 'set -e; cd /dev/shm; echo text >{0}; cat {0}; stat -c %a .; rm {0}; ls'


def mounted(domain):
    """The options of the mounts on /dev/shm and of their file systems, the last first"""
    lines = Path(f'/proc/{domain.init()}/mountinfo').read_text().splitlines()
    return [(line.split()[5], *line.split(' - ')[1].split())
            for line in reversed(lines) if line.split()[4] == '/dev/shm']


class SharedMemory(Executing):
    @rows([
        ('root', '', '', ()),
        ('idmap', '<privnet/>', IDMAP, ()),
        ('user', '', '', ('--user', 'alice')),
        ('confined', STRICT, '', ()),
    ])
    def test_used(self, features, idmap, options):
        domain = self.started(features, idmap=idmap)
        self.assertEqual(self.shell(domain, USE.format('file'), options=options),
                         (0, 'text\n1777\n', ''))
        [(attributes, kind, _, _)] = mounted(domain)
        self.assertEqual(kind, 'tmpfs')
        self.assertLess({'rw', 'nosuid', 'nodev'}, set(attributes.split(',')))

    def test_own(self):
        """Each container has another."""
        first, second = self.started(), self.started()
        self.assertEqual(self.shell(first, 'echo text >/dev/shm/file')[0], 0)
        self.assertEqual(self.shell(second, 'ls /dev/shm'), (0, '', ''))
        self.assertFalse(Path('/dev/shm/file').exists())

    def test_filesystem(self):
        """Of the domain takes its place."""
        domain = self.started(devices=RAM)
        self.assertEqual(self.shell(domain, USE.format('file'))[:2][0], 0)
        self.assertIn('size=1024k', mounted(domain)[0][3])


class Devices(Case):
    """That the tmpfs would hide are refused."""

    def setUp(self):
        self.instance = Sandbox.instance(OurInstance)
        self.node = Path(f'/dev/shm/{self.instance.next_name()}')

    def make(self, node):
        if not node.parent.exists():
            node.parent.mkdir()
            self.addCleanup(node.parent.rmdir)
        os.mknod(node, stat.S_IFCHR | 0o600, os.makedev(1, 5))
        self.addCleanup(node.unlink)
        return HOSTDEV.format(node)

    def domain(self, **kwargs):
        domain = Domain(self.instance, **kwargs)
        self.addCleanup(domain.remove)
        return domain

    @rows([('mapped', IDMAP), ('unmapped', '')])
    def test_refused_at_start(self, idmap):
        domain = self.domain(devices=self.make(self.node), idmap=idmap)
        self.assertStartFails(domain, [
            f"device '{self.node}' would be hidden by the container's tmpfs on '/dev/shm'"])

    def test_refused_at_start_below(self):
        domain = self.domain(devices=self.make(self.node / 'below'))
        self.assertStartFails(domain, [f"device '{self.node}' would be hidden"])

    @rows([('mapped', IDMAP), ('unmapped', '')])
    def test_refused_later(self, idmap):
        domain = self.domain(idmap=idmap)
        domain.run()
        xml = self.instance.work / f'{domain.name}.device.xml'
        for node in (self.node, self.node.with_suffix('.d') / 'below'):
            xml.write_text(self.make(node))
            status, _, error = self.instance.run('attach-device', '--live', domain.name,
                                                 xml)
            self.assertEqual(status, 1)
            self.assertRegex(error, f"cannot make '{self.node}.*' in the container: "
                             'devices on that file system cannot be opened')
        self.assertEqual(os.listdir(f'/proc/{domain.init()}/root/dev/shm'), [])
        self.assertNotIn('<hostdev', self.instance.virsh('dumpxml', domain.name))


if __name__ == '__main__':
    tap.main()
