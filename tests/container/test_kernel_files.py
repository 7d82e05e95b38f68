# SPDX-License-Identifier: LGPL-2.1-or-later
"""<kernel-files>: what root of a container can do to files of the host's kernel."""

import os
from pathlib import Path

import tap
from harness import IDMAP, Domain, OurInstance
from joining import Joining
from tap import Case, Sandbox, rows

DENY = "<capabilities policy='deny'/>"
SECCOMP = '<seccomp/>'
NONE = "<kernel-files policy='none'/>"
AFFINITY = '/proc/irq/default_smp_affinity'
PCI = sorted(Path('/proc/bus/pci').glob('*/*'))


def kernel_files(*paths, policy='default'):
    """The element, with (target, access) of each <path>."""
    listed = ''.join(f"<path target='{target}' access='{access}'/>"
                     for target, access in paths)
    return f"<kernel-files policy='{policy}'>{listed}</kernel-files>"


class Started(Case):
    def run_domain(self, features, deeds, idmap=''):
        """Returns the domain, the results of deeds, and the files that it could
        open for writing."""
        domain = Domain(Sandbox.instance(OurInstance), features=features,
                        idmap=idmap, job=[f'd{i} {deed}'
                                          for i, deed in enumerate(deeds)])
        self.addCleanup(domain.remove)
        domain.define()
        domain.start()
        found = domain.results()
        opened = {line.split('=', 1)[1]
                  for line in domain.out.read_text().splitlines()
                  if '.file=' in line}
        return domain, [found[f'd{i}'] for i in range(len(deeds))], opened


class Writable(Started):
    @rows([
        ('deny and seccomp', DENY + SECCOMP, ''),
        ('deny and no-new-privs', DENY + '<no-new-privs/>', ''),
        ('deny and default', DENY + kernel_files(), ''),
        ('idmap', DENY + SECCOMP, IDMAP),
    ])
    def test_default(self, features, idmap):
        # Without dac_override, so that permissions of files count.
        _, counts, opened = self.run_domain(
            features, ['writable /proc', 'writable /sys'], idmap)
        self.assertEqual(opened, set())
        self.assertEqual(counts, ['0', '0'])

    def test_without_restrictions_the_same_walk_finds_files(self):
        _, _, opened = self.run_domain(DENY + SECCOMP + NONE, ['writable /proc'])
        self.assertIn(AFFINITY, opened)
        for path in PCI:
            self.assertIn(str(path), opened)

    def test_domain_without_blocks_keeps_its_meaning(self):
        domain, (affinity,), _ = self.run_domain(DENY, [f'open w {AFFINITY}'])
        self.assertEqual(affinity, 'OK')
        self.assertNotIn('kernel-files',
                         domain.instance.virsh('dumpxml', domain.name))


class Masked(Started):
    def test_files_are_empty(self):
        paths = [path for path in ('/proc/kcore', '/proc/keys', '/proc/kallsyms',
                                   '/proc/timer_list', '/proc/interrupts',
                                   '/proc/slabinfo', '/proc/kpageflags')
                 if os.path.exists(path)]
        self.assertIn('/proc/kallsyms', paths)
        _, results, _ = self.run_domain(DENY + SECCOMP,
                                        [f'peek {path} 0 1' for path in paths])
        self.assertEqual(results, [''] * len(paths))

    def test_directories_are_empty(self):
        self.assertTrue(os.listdir('/sys/firmware'))
        _, results, _ = self.run_domain(
            DENY + SECCOMP, ['directories /sys/firmware', 'mkdir /sys/firmware/x'])
        self.assertEqual(results, ['0', 'EROFS'])


class Paths(Started):
    def test_writable(self):
        features = DENY + kernel_files(('/proc/irq', 'writable'))
        _, results, opened = self.run_domain(
            features, [f'open w {AFFINITY}', 'writable /proc'])
        self.assertEqual(results[0], 'OK')
        self.assertTrue(opened)
        self.assertTrue(all(path.startswith('/proc/irq/') for path in opened),
                        opened)

    def test_writable_below_readonly(self):
        features = DENY + kernel_files((AFFINITY, 'writable'))
        _, _, opened = self.run_domain(features, ['writable /proc'])
        self.assertEqual(opened, {AFFINITY})

    def test_masked(self):
        features = DENY + kernel_files(('/proc/version', 'masked'),
                                       ('/proc/irq', 'masked'), policy='none')
        _, results, _ = self.run_domain(
            features, ['peek /proc/version 0 1', f'open r {AFFINITY}'])
        self.assertEqual(results, ['', 'ENOENT'])

    def test_readonly(self):
        features = DENY + kernel_files(('/proc/kallsyms', 'readonly'))
        _, results, _ = self.run_domain(features, ['peek /proc/kallsyms 0 1'])
        self.assertEqual(results, ['30'])

    def test_path_that_the_host_lacks(self):
        features = DENY + kernel_files(('/proc/no/such/file', 'masked'))
        _, results, _ = self.run_domain(features, ['cat /proc/no/such/file'])
        self.assertEqual(results, ['ENOENT'])


class Live(Started):
    @rows([
        ('locked', DENY + kernel_files(), 'yes'),
        ('unlocked', kernel_files(), 'no'),
    ])
    def test_effective(self, features, locked):
        domain, _, _ = self.run_domain(features, [])
        self.assertIn(f"<effective locked='{locked}'/>",
                      domain.instance.virsh('dumpxml', domain.name))
        self.assertNotIn('<effective', domain.instance.virsh(
            'dumpxml', '--inactive', domain.name))

    def test_filled_in(self):
        domain, _, _ = self.run_domain(DENY + SECCOMP, [])
        self.assertIn("<kernel-files policy='default'/>", domain.instance.virsh(
            'dumpxml', '--inactive', domain.name))

    def test_without_sys_admin_nothing_is_unmounted(self):
        _, results, _ = self.run_domain(
            DENY + kernel_files(), ['mount proc /mnt', f'open w {AFFINITY}'])
        self.assertEqual(results, ['EPERM', 'EROFS'])


class Joins(Joining):
    def test_same_mounts(self):
        domain = self.started(DENY + kernel_files())
        found = self.deeds(domain, f'open w {AFFINITY}', 'peek /proc/kallsyms 0 1')
        self.assertEqual(list(found.values())[:2], ['EROFS', ''])


if __name__ == '__main__':
    tap.main()
