# SPDX-License-Identifier: LGPL-2.1-or-later
"""Images and devices that lie in a directory of the container: it has replaced
them in an earlier run, or does so while it starts."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

import tap
from harness import IDMAP, Domain, LoopDevice, OurInstance
from tap import Case, Sandbox, rows

IMAGE = b'image of the container'
CONTROL = '/dev/loop-control'
TUN = '/dev/net/tun'

# Each has the name of a path of the host at {}, and the container's name of it.
FILE = ('''<disk type='file' device='disk'><driver name='loop'/>
  <source file='{}'/><target dev='vda' bus='virtio'/></disk>''', '/dev/vda')
BLOCK = ('''<disk type='block' device='disk'><driver name='host'/>
  <source dev='{}'/><target dev='vda' bus='virtio'/></disk>''', '/dev/vda')
STORAGE = ('''<hostdev mode='capabilities' type='storage'>
  <source><block>{}</block></source></hostdev>''', None)
MISC = ('''<hostdev mode='capabilities' type='misc'>
  <source><char>{}</char></source></hostdev>''', None)
VOLUME = ('''<filesystem type='file'><driver type='loop' format='raw'/>
  <source file='{}'/><target dir='/disk'/></filesystem>''', '/disk/secret')
DEVICE = ('''<filesystem type='block'><source dev='{}'/>
  <target dir='/disk'/></filesystem>''', '/disk/secret')
QCOW = '''<disk type='file' device='disk'><driver name='nbd' type='qcow2'/>
  <source file='{}'/><target dev='vda' bus='virtio'/></disk>'''
QCOW_VOLUME = '''<filesystem type='file'><driver type='nbd' format='qcow2'/>
  <source file='{}'/><target dir='/disk'/></filesystem>'''

# What a path is for: an image, a block device or a character device, with or
# without a file system.
KINDS = {
    'file disk': (*FILE, 'image'), 'file system': (*VOLUME, 'tree'),
    'block disk': (*BLOCK, 'block'), 'block file system': (*DEVICE, 'blocktree'),
    'storage': (*STORAGE, 'block'), 'misc': (*MISC, 'char'),
}

OUT = 'a symbolic link or \'..\' leads out of it'
REPLACED = 'the container could replace a device by another one'
MADE = 'it is not a regular file'


def within(path):
    """The name of a host device in the container, without its first component."""
    return '/dev/' + str(path).lstrip('/').split('/', 1)[1]


class Images(Case):
    def setUp(self):
        self.ours = Sandbox.instance(OurInstance)
        self.top = self.ours.work / f'images{self.ours.count}'
        shutil.rmtree(self.top, ignore_errors=True)
        self.shared = self.top / 'shared'
        self.host = self.top / 'host'
        for directory in (self.shared, self.host / 'tree'):
            directory.mkdir(parents=True)
        (self.host / 'tree' / 'secret').write_text('secret of the host')
        (self.host / 'image').write_bytes(LoopDevice.TEXT.ljust(1 << 20, b'.'))
        subprocess.run(['mke2fs', '-q', '-t', 'ext4', '-d', self.host / 'tree',
                        self.host / 'tree.img', '4M'], check=True)

    def secret(self, need):
        """What of the host an attacker is after."""
        if need == 'char':
            return CONTROL
        if need in ('image', 'tree'):
            return self.host / ('image' if need == 'image' else 'tree.img')
        image = self.host / ('image' if need == 'block' else 'tree.img')
        return self.device(image)

    def device(self, image):
        path = subprocess.run(['losetup', '--find', '--show', image], check=True,
                              text=True, stdout=subprocess.PIPE).stdout.strip()
        self.addCleanup(subprocess.run, ['losetup', '-d', path])
        return path

    def domain(self, devices, target, **kwargs):
        """The container has the directory at /shared, writable."""
        domain = Domain(
            self.ours, features="<capabilities policy='deny'/>",
            devices=f"<filesystem type='mount'><source dir='{self.shared}'/>"
                    f"<target dir='/shared'/></filesystem>{devices}",
            job=[f'read cat {target}', f'open open r {target}'], **kwargs)
        self.addCleanup(domain.remove)
        return domain

    def put(self, thing, need):
        """What the container has left at the path; returns the path."""
        path = self.shared / 'given'
        secret = self.secret(need)
        if thing == 'link':
            path.symlink_to(secret)
        elif thing == 'relative link':
            path.symlink_to(os.path.relpath(secret, self.shared))
        elif thing == 'parent':
            (self.shared / 'parent').symlink_to(os.path.dirname(secret))
            path = self.shared / 'parent' / os.path.basename(secret)
        elif thing == 'node':
            status = os.stat(secret)
            os.mknod(path, status.st_mode, status.st_rdev)
        elif thing == 'fifo':
            os.mkfifo(path)
        else:
            path.mkdir()
        return path

    @rows([
        (f'{name}, {thing}', *KINDS[name], thing, error)
        for name in KINDS for thing, error in (
            ('link', OUT), ('relative link', OUT), ('parent', OUT),
            ('fifo', MADE), ('directory', MADE), ('node', MADE))
        if thing != 'node' or KINDS[name][2] in ('block', 'blocktree', 'char')
    ])
    def test_attack(self, xml, target, need, thing, error):
        path = self.put(thing, need)
        if error == MADE and need not in ('image', 'tree'):
            error = REPLACED
        domain = self.domain(xml.format(path), target or within(path))
        self.assertStartFails(domain, [f"'{path}'", error])

    @rows([(f'{name}, {place}', *KINDS[name], place) for name in KINDS
           for place in ('outside', 'link')])
    def test_outside(self, xml, target, need, place):
        """As stock libvirt does it: links of the host are followed."""
        path = self.secret(need)
        if place == 'link':
            link = self.host / 'by-id'
            link.symlink_to(path)
            path = link
        domain = self.domain(xml.format(path), target or within(path))
        results = domain.run()
        self.assertEqual(results['open'], 'OK')
        if need != 'char':
            self.assertIn('secret of the host', results['read'])

    @rows([('file', 'file'), ('link', 'link'), ('deep', 'deep')])
    def test_inside(self, place):
        """A raw image that the container can write is its own affair."""
        real = self.shared / 'given'
        path = real
        if place == 'link':
            path = self.shared / 'link'
            path.symlink_to('given')
        elif place == 'deep':
            (self.shared / 'one' / 'two').mkdir(parents=True)
            path = real = self.shared / 'one' / 'two' / 'given'
        real.write_bytes(IMAGE.ljust(1 << 20, b'.'))
        results = self.domain(FILE[0].format(path), FILE[1]).run()
        self.assertIn(IMAGE.decode(), results['read'])

    @rows([('disk', QCOW), ('file system', QCOW_VOLUME)])
    def test_inside_with_a_header(self, xml):
        """The header of such an image names other files."""
        path = self.shared / 'given'
        path.write_bytes(IMAGE)
        self.assertStartFails(self.domain(xml.format(path), '/disk'),
                              [f"'{path}'", "'qcow2'"])

    def test_format_is_not_probed(self):
        """The bytes do not say what a disk without a format is."""
        path = self.shared / 'given'
        path.write_bytes(b'QFI\xfb\0\0\0\3'.ljust(1 << 20, b'.'))
        domain = self.domain(FILE[0].format(path), '/nowhere')
        domain.run()
        self.assertEqual(domain.inside('peek', FILE[1], '0', '8'),
                         '514649fb00000003')

    def test_dots(self):
        path = self.shared / '..' / 'host' / 'image'
        self.assertStartFails(self.domain(FILE[0].format(path), FILE[1]),
                              [f"'{path}'", OUT])

    @rows([(name, *KINDS[name]) for name in ('block disk', 'storage', 'misc')])
    def test_attach(self, xml, target, need):
        """While the container runs."""
        secret = self.secret(need)
        domain = self.domain('', '/nowhere')
        domain.run()
        path = self.put('link', need)
        device = self.ours.work / f'{domain.name}.device.xml'
        device.write_text(xml.format(path))
        status, _, error = self.ours.run('attach-device', '--live', domain.name,
                                         device)
        self.assertNotEqual(status, 0)
        self.assertIn(f"'{path}'", error)
        self.assertIn(OUT, error)

        device.write_text(xml.format(secret))
        self.ours.virsh('attach-device', '--live', domain.name, device)
        at = target or secret
        self.assertEqual(domain.inside('open', 'r', at), 'OK')

    @rows([('no idmap', ''), ('idmap', IDMAP)])
    def test_attach_below_a_link(self, idmap):
        """The directory of the node leads to files that the host shares."""
        domain = self.domain('', '/nowhere', idmap=idmap)
        domain.run()
        inside = Path(f'/proc/{domain.init()}/root')
        device = self.ours.work / f'{domain.name}.device.xml'
        device.write_text(MISC[0].format(TUN))
        (inside / 'dev/net').symlink_to('/shared')
        status, _, error = self.ours.run('attach-device', '--live', domain.name,
                                         device)
        self.assertNotEqual(status, 0)
        self.assertIn("'/dev/net'", error)
        self.assertEqual(os.listdir(self.shared), [])

        (inside / 'dev/net').unlink()
        self.ours.virsh('attach-device', '--live', domain.name, device)
        node = os.stat(inside / TUN[1:])
        self.assertEqual(node.st_rdev, os.stat(TUN).st_rdev)
        self.assertEqual(node.st_uid, 100000 if idmap else 0)

    @rows([('file disk', *KINDS['file disk']), ('block disk', *KINDS['block disk'])])
    def test_race(self, xml, target, need):
        """A raw image is swapped with a link to one of the host."""
        path, link = self.shared / 'given', self.shared / 'link'
        path.write_bytes(IMAGE.ljust(1 << 20, b'.'))
        link.symlink_to(self.secret(need))
        domain = self.domain(xml.format(path), target)
        domain.define()
        stop = threading.Event()
        swap = threading.Thread(target=self.swap, args=(path, link, stop))
        swap.start()
        self.addCleanup(swap.join)
        self.addCleanup(stop.set)
        started = self.race(domain)
        if need == 'image':
            self.assertGreater(started, 0)
        else:
            self.assertEqual(started, 0)

    def race(self, domain):
        started = 0
        for _ in range(40):
            domain.out.write_text('')
            status, _, error = self.ours.run('start', domain.name)
            if status:
                self.assertIn('given', error)
                continue
            started += 1
            self.assertIn(IMAGE.decode(), domain.results()['read'])
            self.ours.virsh('destroy', domain.name)
        return started

    @staticmethod
    def swap(one, other, stop):
        spare = one.with_name('spare')
        while not stop.is_set():
            one.rename(spare)
            other.rename(one)
            spare.rename(other)


if __name__ == '__main__':
    tap.main()
