# SPDX-License-Identifier: LGPL-2.1-or-later
"""A device that is given to a running container and taken from it."""

import os
import stat

import tap
from harness import Domain, OurInstance, Version1Instance
from tap import Case, Sandbox, rows

CONTROL = '/dev/loop-control'
HOSTDEV = f'''<hostdev mode='capabilities' type='misc'>
  <source><char>{CONTROL}</char></source></hostdev>'''


class Hotplug(Case):
    @rows([(f'{name}, {policy}', kind, policy)
           for name, kind in (('host', OurInstance),
                              ('version 1', Version1Instance))
           for policy in ('default', 'deny', 'allow')])
    def test_misc(self, kind, policy):
        instance = Sandbox.instance(kind)
        domain = Domain(instance, features=f"<capabilities policy='{policy}'/>")
        self.addCleanup(domain.remove)
        device = os.stat(CONTROL)
        # A node that is there all the time shows the list alone.
        os.mknod(domain.root / 'given', device.st_mode, device.st_rdev)
        xml = instance.work / f'{domain.name}.device.xml'
        xml.write_text(HOSTDEV)
        domain.run()
        self.assertEqual(self.opens(domain), ('ENOENT', 'EPERM'))

        instance.virsh('attach-device', '--live', domain.name, xml)
        node = os.stat(f'/proc/{domain.init()}/root{CONTROL}')
        self.assertTrue(stat.S_ISCHR(node.st_mode), oct(node.st_mode))
        self.assertEqual(node.st_rdev, device.st_rdev)
        self.assertEqual(self.opens(domain), ('OK', 'OK'))

        instance.virsh('detach-device', '--live', domain.name, xml)
        self.assertEqual(self.opens(domain), ('ENOENT', 'EPERM'))

    def opens(self, domain):
        """libvirt's node, the other"""
        return tuple(domain.inside('open', 'rw', path)
                     for path in (CONTROL, '/given'))


if __name__ == '__main__':
    tap.main()
