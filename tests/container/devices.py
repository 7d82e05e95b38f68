# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices in the XML decide who reads and writes; CAP_MKNOD decides nothing but
the making of nodes."""

import os
import stat
from itertools import product

from harness import Domain, LoopDevice
from tap import Case, Sandbox, rows

CONTROL = '/dev/loop-control'
TUN = '/dev/net/tun'

DISK = '''<disk type='block' device='disk'><driver name='host'/>
  <source dev='{}'/><target dev='{}' bus='virtio'/>{}</disk>'''
HOSTDEV = '''<hostdev mode='capabilities' type='misc'>
  <source><char>{}</char></source></hostdev>'''

# Name: (may be read, may be written)
DEVICES = {
    'null': (True, True),
    'hostdev': (True, True),
    'disk': (True, True),
    'read-only disk': (True, False),
    'other block device': (False, False),
    'other char device': (False, False),
}

SWITCHES = {'absent': '', 'on': "<mknod state='on'/>",
            'off': "<mknod state='off'/>"}


def number(path):
    status = os.stat(path)
    kind = 'b' if stat.S_ISBLK(status.st_mode) else 'c'
    return (f'{kind} {os.major(status.st_rdev)} {os.minor(status.st_rdev)}')


def verdict(good):
    return 'OK' if good else 'EPERM'


class Devices(Case):
    kind = None  # of instance
    results = {}  # of a container, by instance, policy and mknod

    @rows([(f'{policy}, mknod {switch}, {device}', policy, switch, device)
           for policy, switch, device in product(('default', 'deny', 'allow'),
                                                 SWITCHES, DEVICES)])
    def test_device(self, policy, switch, device):
        results = self.container(policy, switch)
        read, write = DEVICES[device]
        kept = switch == 'on' or (policy == 'allow' and switch == 'absent')
        made = kept and (switch == 'on' or read)
        key = device.replace(' ', '-')
        self.assertEqual(
            {deed: results[f'{deed}-{key}'] for deed in
             ('make', 'read', 'write', 'both')},
            {'make': verdict(made), 'read': verdict(read),
             'write': verdict(write), 'both': verdict(read and write)})
        if made:
            self.assertEqual(results[f'own-read-{key}'], verdict(read))
            self.assertEqual(results[f'own-write-{key}'], verdict(write))

    def container(self, policy, switch):
        """The results of one container for all devices."""
        key = self.kind, policy, switch
        if key not in self.results:
            self.results[key] = self.run_container(policy, switch)
        return self.results[key]

    def run_container(self, policy, switch):
        ours = Sandbox.instance(self.kind)
        loops = [LoopDevice(ours.work, ours.next_name()) for _ in range(3)]
        for loop in loops:
            self.addCleanup(loop.remove)
        paths = dict(zip(DEVICES, ['/dev/null', CONTROL,
                                   *(loop.path for loop in loops), TUN]))
        job = []
        for device, path in paths.items():
            key = device.replace(' ', '-')
            job += [f'make-{key} mknod {number(path)} /own-{key}',
                    f'own-read-{key} open r /own-{key}',
                    f'own-write-{key} open w /own-{key}',
                    f'read-{key} open r /given-{key}',
                    f'write-{key} open w /given-{key}',
                    f'both-{key} open rw /given-{key}']
        domain = Domain(
            ours, job=job, features=f"<capabilities policy='{policy}'>"
            f"{SWITCHES[switch]}</capabilities>",
            devices=HOSTDEV.format(CONTROL) +
            DISK.format(loops[0].path, 'vda', '') +
            DISK.format(loops[1].path, 'vdb', '<readonly/>'))
        self.addCleanup(domain.remove)
        for device, path in paths.items():
            given = domain.root / f"given-{device.replace(' ', '-')}"
            os.mknod(given, os.stat(path).st_mode, os.stat(path).st_rdev)
        return domain.run()
