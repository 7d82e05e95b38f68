# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cgroups that are opened by their numbers (open_by_handle_at), not by a path: no
namespace and no mount hides them. For the virtual machine only: where this works,
it changes every cgroup of the host."""

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'container'))

import tap
from harness import IDMAP, Domain, LoopDevice, OurInstance
from tap import Case, Sandbox, rows


class Handles(Case):
    @rows([
        # <features>, <idmap>, whether the capability is kept
        ('deny', "<capabilities policy='deny'><mknod/></capabilities>", '', False),
        ('deny sys_admin', "<capabilities policy='deny'><mknod/><sys_admin/>"
                           "</capabilities>", '', False),
        ('deny dac_read_search', "<capabilities policy='deny'><mknod/>"
                                 "<dac_read_search/></capabilities>", '', True),
        ('default', "<capabilities><mknod state='on'/></capabilities>", '', True),
        ('allow', "<capabilities policy='allow'><mknod/></capabilities>", '', True),
        ('idmap', '<privnet/>', IDMAP, False),
    ])
    def test_handles(self, features, idmap, kept):
        """With CAP_DAC_READ_SEARCH, handles can be opened: lxc-device-acl(7) says so, and
        should not if this changes."""
        ours = Sandbox.instance(OurInstance)
        loop = LoopDevice(ours.work, f'loop-{id(self)}')
        self.addCleanup(loop.remove)
        domain = Domain(ours, features=features, idmap=idmap, job=[
            f'mknod mknod b {loop.number} /disk',
            'job exec attack /attack handles /disk', 'after open r /disk'])
        self.addCleanup(domain.remove)
        shutil.copy(ours.build / 'vm' / 'attack', domain.root)
        results = domain.run()
        print('# ' + ', '.join(f'{key} {value}' for key, value in results.items()
                               if key.startswith('attack.')))
        self.assertEqual(results['mknod'], 'EPERM' if idmap else 'OK')
        if kept:
            self.assertNotEqual(results['attack.opened'], '0')
            return
        self.assertEqual(results['after'], 'ENOENT' if idmap else 'EPERM')
        self.assertEqual({key: results[f'attack.{key}'] for key in
                          ('opened', 'lifted', 'detached', 'joined')},
                         dict.fromkeys(('opened', 'lifted', 'detached', 'joined'),
                                       '0'))


if __name__ == '__main__':
    tap.main()
