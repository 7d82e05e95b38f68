# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where cgroup version 2 is all there is: what a container sees, what holds it,
and whether it can undo that. For the virtual machine only."""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'container'))

import tap
from harness import IDMAP, Domain, LoopDevice, OurInstance
from tap import Case, Sandbox, rows

TOP = Path('/sys/fs/cgroup')

DENY = "<capabilities policy='deny'><mknod/><chown/></capabilities>"
SYS_ADMIN = ("<capabilities policy='deny'><mknod/><chown/><dac_override/>"
             "<sys_admin/></capabilities>")
DEFAULT = "<capabilities><mknod state='on'/></capabilities>"
ALLOW = "<capabilities policy='allow'><mknod/></capabilities>"

POLICIES = [('deny', DENY), ('deny sys_admin', SYS_ADMIN), ('default', DEFAULT),
            ('allow', ALLOW)]

TUNE = '''<memtune><hard_limit unit='MiB'>64</hard_limit></memtune>
  <cputune><shares>512</shares><period>100000</period><quota>40000</quota>
    </cputune>'''
LIMITS = {'memory.max': str(64 << 20), 'cpu.max': '40000 100000',
          'cpu.weight': '512'}


class Unified(Case):
    def domain(self, job, **kwargs):
        domain = Domain(Sandbox.instance(OurInstance), job=job, **kwargs)
        self.addCleanup(domain.remove)
        shutil.copy(domain.instance.build / 'vm' / 'attack', domain.root)
        return domain

    def place(self, domain):
        """The cgroup of the container's init on the host."""
        text = Path(f'/proc/{domain.init()}/cgroup').read_text()
        return TOP / text.strip().removeprefix('0::/')

    def held(self, domain):
        """The cgroup that libvirt has made, which has what holds the container."""
        path = self.place(domain)
        while domain.owns(path.parent):
            path = path.parent
        return path

    def assertHeld(self, domain):
        top = self.held(domain)
        values = {name: (top / name).read_text().strip() for name in LIMITS}
        self.assertEqual(values, LIMITS)

    @rows([('root', '', ''), ('idmap', IDMAP, '<privnet/>'),
           ('idmap shared net', IDMAP, '')])
    def test_view(self, idmap, features):
        domain = self.domain(['cgroup cat /proc/1/cgroup',
                              'mounts cat /proc/1/mountinfo',
                              'sub subcgroup /sys/fs/cgroup own'],
                             idmap=idmap, features=features)
        results = domain.run()
        self.assertEqual(results['cgroup'].strip(';'), '0::/')
        mounts = [line.split() for line in results['mounts'].split(';')
                  if ' - cgroup' in line]
        self.assertEqual([(fields[3], fields[4]) for fields in mounts],
                         [('/', str(TOP))])
        self.assertEqual(results['sub'], 'OK')
        self.assertTrue(domain.owns(self.place(domain)))

    @rows(POLICIES)
    def test_limits(self, features):
        domain = self.domain(['escape escape own /dev/null', 'eat eat 128'],
                             features=features, tune=TUNE)
        results = domain.run()
        self.assertHeld(domain)
        self.assertEqual(results['eat'], 'killed')
        self.assertEqual(results['escape.foreign-count'], '0')

    @rows([('idmap', IDMAP, '<privnet/>')])
    def test_limits_mapped(self, idmap, features):
        domain = self.domain(['escape escape own /dev/null', 'eat eat 128'],
                             features=features, idmap=idmap, tune=TUNE)
        results = domain.run()
        self.assertHeld(domain)
        self.assertEqual(results['eat'], 'killed')

    @rows([(f'{attack} {name}', attack, features) for name, features in POLICIES
           for attack in ('maps', 'detach')])
    def test_attack(self, attack, features):
        loop = LoopDevice(Sandbox.instance(OurInstance).work, f'loop-{id(self)}')
        self.addCleanup(loop.remove)
        domain = self.domain([f'mknod mknod b {loop.number} /disk',
                              f'job exec attack /attack {attack} /disk',
                              'after open r /disk'],
                             features=features, tune=TUNE)
        results = domain.run()
        print('# ' + ', '.join(f'{key} {value}' for key, value in results.items()
                               if key.startswith('attack.')))
        self.assertEqual(results['mknod'], 'OK')
        self.assertEqual((results['attack.device'], results['after']),
                         ('EPERM', 'EPERM'))
        self.assertHeld(domain)
        outside = [line for pid in domain.members()
                   for line in Path(f'/proc/{pid}/cgroup').read_text().split()
                   if not domain.owns(line)]
        self.assertEqual(outside, [])


if __name__ == '__main__':
    tap.main()
