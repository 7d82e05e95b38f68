# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same program against Debian's libvirt and ours: can root in a container
leave its cgroups, read a device that it was not given, lift its limits?"""

from pathlib import Path

import tap
from harness import (IDMAP, Domain, LoopDevice, OurInstance, StockInstance)
from tap import Case, Sandbox, rows

FEW = "<capabilities policy='deny'><mknod/><chown/></capabilities>"
MORE = ("<capabilities policy='deny'><mknod/><chown/><dac_override/>"
        "<sys_admin/></capabilities>")
ALL = "<capabilities policy='allow'/>"

LIMITS = '''<memtune><hard_limit unit='MiB'>64</hard_limit>
    <soft_limit unit='MiB'>48</soft_limit></memtune>
  <cputune><shares>512</shares><period>100000</period><quota>40000</quota>
    </cputune>'''

BLKIO = '''<blkiotune><device><path>{}</path>
    <read_bytes_sec>1048576</read_bytes_sec></device></blkiotune>'''

LIMIT_FILES = {
    'memory': {'memory.limit_in_bytes': 64 << 20,
               'memory.soft_limit_in_bytes': 48 << 20},
    'cpu': {'cpu.shares': 512, 'cpu.cfs_quota_us': 40000,
            'cpu.cfs_period_us': 100000},
}


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


class Stock(Attempts):
    def test_is_open(self):
        """What the tests below stand for: they would notice."""
        _, results = self.attempt(Sandbox.instance(StockInstance), features=FEW)
        self.assertGreater(int(results['escape.opened']), 0)
        self.assertGreater(int(results['escape.foreign-count']), 0)

    def test_limits_are_open(self):
        stock = Sandbox.instance(StockInstance)
        domain, results = self.attempt(stock, features=FEW, tune=LIMITS)
        limit = outermost(domain, 'memory') / 'memory.limit_in_bytes'
        self.assertGreater(int(limit.read_text()), 64 << 20)


class Escape(Attempts):
    kind = OurInstance

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
        self.assertGreater(len(members), 5)
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
            values = {file: int((top / file).read_text()) for file in files}
            self.assertEqual(values, files, top)
        self.assertEqual(results['eat'], 'killed')


class Blkio(Case):
    @rows([('deny sys_admin', MORE),
           ('allow', "<capabilities policy='allow'><mknod/></capabilities>")])
    def test_warning(self, features):
        """Version 1 cannot keep these limits from CAP_SYS_ADMIN: it is said."""
        ours = Sandbox.instance(OurInstance)
        loop = LoopDevice(ours.work, ours.next_name())
        self.addCleanup(loop.remove)
        domain = Domain(ours, features=features, tune=BLKIO.format(loop.path))
        self.addCleanup(domain.remove)
        domain.run()
        log = (ours.work / f'{ours.name}.log').read_text()
        self.assertRegex(log, f"'{domain.name}'.*can lift the limits of <blkiotune>")

    @rows([('deny', FEW)])
    def test_limit(self, features):
        ours = Sandbox.instance(OurInstance)
        loop = LoopDevice(ours.work, ours.next_name())
        self.addCleanup(loop.remove)
        domain = Domain(ours, features=features, tune=BLKIO.format(loop.path),
                        job=[f'mknod mknod b {loop.number} /disk',
                             f'escape escape {ours.tag} /disk'])
        self.addCleanup(domain.remove)
        results = domain.run()
        self.assertEqual(results['mknod'], 'OK')
        limit = outermost(domain, 'blkio') / 'blkio.throttle.read_bps_device'
        self.assertEqual(limit.read_text().strip(),
                         f"{loop.number.replace(' ', ':')} 1048576")


class SubCgroups(Case):
    @rows([(name, name) for name in
           ('systemd', 'cpu', 'cpuacct', 'cpuset', 'memory', 'devices',
            'freezer', 'blkio')])
    def test_own(self, controller):
        self.sub_cgroup(controller, '', '')

    def test_own_with_idmap(self):
        self.sub_cgroup('systemd', IDMAP, '<privnet/>')

    def sub_cgroup(self, controller, idmap, features):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, idmap=idmap, features=features, job=[
            f'sub subcgroup /sys/fs/cgroup/{controller} own-{ours.tag}'])
        self.addCleanup(domain.remove)
        # Version 1 of blkio has no limits that would hold for sub-cgroups.
        self.assertEqual(domain.run()['sub'],
                         'EROFS' if controller == 'blkio' else 'OK')


if __name__ == '__main__':
    tap.main(StockInstance.fetch)
