# SPDX-License-Identifier: LGPL-2.1-or-later
"""What root in a container tries to get out of its cgroups."""

from pathlib import Path

from harness import IDMAP, Domain, LoopDevice
from sandbox import version2_only
from tap import Case, Sandbox, rows

FEW = "<capabilities policy='deny'><mknod/><chown/></capabilities>"
MORE = ("<capabilities policy='deny'><mknod/><chown/><dac_override/>"
        "<sys_admin/></capabilities>")
ALL = "<capabilities policy='allow'/>"

# Above the soft limit, version 2 makes a process sleep, for seconds at a time: it is to
# reach the other one soon.
LIMITS = '''<memtune><hard_limit unit='MiB'>64</hard_limit>
    <soft_limit unit='MiB'>63</soft_limit></memtune>
  <cputune><shares>512</shares><period>100000</period><quota>40000</quota>
    </cputune>'''

VERSION1_FILES = {
    'memory': {'memory.limit_in_bytes': str(64 << 20),
               'memory.soft_limit_in_bytes': str(63 << 20)},
    'cpu': {'cpu.shares': '512', 'cpu.cfs_quota_us': '40000',
            'cpu.cfs_period_us': '100000'},
}
VERSION2_FILES = {
    'unified': {'memory.max': str(64 << 20), 'memory.high': str(63 << 20),
                'cpu.weight': '512', 'cpu.max': '40000 100000'},
}
LIMIT_FILES = VERSION2_FILES if version2_only() else VERSION1_FILES


def outermost(domain, controller):
    """The domain's own directory: what is above it belongs to others."""
    path = domain.cgroups()[controller]
    while domain.owns(path.parent):
        path = path.parent
    return path


class Attempts(Case):
    def attempt(self, instance, job=(), **kwargs):
        loop = LoopDevice(instance.work, instance.next_name())
        self.addCleanup(loop.remove)
        domain = Domain(instance, job=[
            f'mknod mknod b {loop.number} /disk',
            'before peek /disk 0 18',
            f'escape escape {instance.tag} /disk',
            'after peek /disk 0 18',
            *job], **kwargs)
        self.addCleanup(domain.remove)
        results = domain.run()
        self.assertEqual(results['mknod'], 'OK')
        self.assertEqual(results['before'], 'EPERM')
        return domain, results


class Escape(Attempts):
    kind = None  # of instance

    @rows([
        ('deny mknod', FEW, ''),
        ('deny sys_admin', MORE, ''),
        ('default', "<capabilities><mknod state='on'/></capabilities>", ''),
        ('allow', ALL, ''),
    ])
    def test_closed(self, features, idmap):
        ours = Sandbox.instance(self.kind)
        if features == ALL:
            # The node cannot be made: the device is not granted.
            features = ("<capabilities policy='allow'><mknod state='on'/>"
                        "</capabilities>")
        domain, results = self.attempt(ours, features=features, idmap=idmap)
        got_out = {key: value for key, value in results.items()
                   if 'open-after' in key and value == 'OK'}
        self.assertEqual(got_out, {})
        self.assertEqual(results['escape.opened'], '0', results)
        self.assertEqual(results['after'], 'EPERM')
        foreign = [v for k, v in results.items() if k == 'escape.foreign']
        self.assertEqual((results['escape.foreign-count'], foreign), ('0', []))
        self.assertNotEqual(results.get('escape.release-agent'), 'OK')

    @rows([('root', '', ''), ('idmap', IDMAP, '<privnet/>')])
    def test_view(self, idmap, features):
        """The container sees no more than its own part of each tree."""
        ours = Sandbox.instance(self.kind)
        domain = Domain(ours, idmap=idmap, features=features, job=[
            'cgroup cat /proc/1/cgroup', 'mounts cat /proc/1/mountinfo'])
        self.addCleanup(domain.remove)
        results = domain.run()
        for line in results['cgroup'].strip(';').split(';'):
            self.assertEqual(line.split(':', 2)[2], '/', line)
        mounts = [line.split() for line in results['mounts'].split(';')
                  if ' - cgroup' in line]
        self.assertTrue(mounts, results['mounts'])
        for fields in mounts:
            self.assertEqual(fields[3], '/', fields)

    @rows([('allow', ALL), ('default', '')])
    def test_place(self, features):
        """On the host, all processes stay below the domain's directories."""
        ours = Sandbox.instance(self.kind)
        domain = Domain(ours, features=features, then='ignore',
                        job=[f'scatter scatter {ours.tag} top'])
        self.addCleanup(domain.remove)
        domain.run()
        members = domain.members()
        # init, and in each hierarchy three more
        self.assertGreater(len(members), 3 if version2_only() else 5)
        outside = {line for pid in members
                   for line in Path(f'/proc/{pid}/cgroup').read_text().split()
                   if not domain.owns(line)}
        self.assertEqual(outside, set())

    @rows([('deny', FEW), ('deny sys_admin', MORE), ('allow', ALL),
           ('default', '')])
    def test_limits(self, features):
        ours = Sandbox.instance(self.kind)
        domain = Domain(ours, features=features, tune=LIMITS, job=[
            f'escape escape {ours.tag} /dev/null', 'eat eat 128'])
        self.addCleanup(domain.remove)
        results = domain.run()
        for controller, files in LIMIT_FILES.items():
            top = outermost(domain, controller)
            values = {file: (top / file).read_text().strip() for file in files}
            self.assertEqual(values, files, top)
        self.assertEqual(results['eat'], 'killed')
