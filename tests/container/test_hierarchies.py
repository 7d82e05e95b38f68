# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hierarchies that the host has not mounted, and a container that mounts them:
it sees no more of them than of the others."""

from itertools import product

import sandbox
import tap
from harness import Domain, NoPidsInstance, OurInstance, Version1Instance
from tap import Case, Sandbox, rows

INSTANCES = {'all mounted': OurInstance, 'no version 2': Version1Instance,
             'no pids': NoPidsInstance}

# Name of the mount point on the host: arguments to mount
HIERARCHIES = {
    'unified': 'cgroup2 /mnt',
    'pids': 'cgroup /mnt pids',
    'freezer': 'cgroup /mnt freezer',
    'systemd': 'cgroup /mnt none,name=systemd',
}

FEATURES = {
    'allow': "<capabilities policy='allow'/>",
    'deny': "<capabilities policy='deny'><sys_admin/></capabilities>",
}


class Mounted(Case):
    @rows([(f'{instance}, {hierarchy}, {policy}', instance, hierarchy, policy)
           for instance, hierarchy, policy in product(INSTANCES, HIERARCHIES,
                                                      FEATURES)])
    def test_view(self, instance, hierarchy, policy):
        mounted = {path.name for path in sandbox.hierarchies()}
        if hierarchy not in mounted:
            tap.skip(f'the host has no {hierarchy}')
        instance = Sandbox.instance(INSTANCES[instance])
        other = self.domain(instance, '', [])
        other.run()
        domain = self.domain(instance, FEATURES[policy], [
            f'mount mount {HIERARCHIES[hierarchy]}',
            'mounts cat /proc/self/mountinfo',
            'top directories /mnt',
            'agent open w /mnt/release_agent'])
        results = domain.run()
        self.assertEqual(results['mount'], 'OK')
        roots = {line.split()[3] for line in results['mounts'].split(';')
                 if ' - cgroup' in line}
        self.assertEqual(roots, {'/'})
        self.assertEqual((results['top'], results.get('top.name')), ('0', None))
        self.assertEqual(results['agent'], 'ENOENT')
        top = domain.cgroups()[hierarchy]
        self.assertTrue(domain.owns(top), top)

    @rows(list(INSTANCES.items()))
    def test_leaves_nothing(self, kind):
        instance = Sandbox.instance(kind)
        self.assertLeavesNothing(self.domain(
            instance, FEATURES['allow'], [f'scatter scatter {instance.tag} deep']))

    def domain(self, instance, features, job):
        domain = Domain(instance, features=features, job=job)
        self.addCleanup(domain.remove)
        return domain


if __name__ == '__main__':
    tap.main()
