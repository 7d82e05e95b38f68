# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same program against Debian's libvirt and ours: can root in a container
leave its cgroups, read a device that it was not given, lift its limits?"""

import escape
import tap
from escape import FEW, LIMITS, MORE, outermost
from harness import IDMAP, Domain, LoopDevice, OurInstance, StockInstance
from tap import Case, Sandbox, rows

BLKIO = '''<blkiotune><device><path>{}</path>
    <read_bytes_sec>1048576</read_bytes_sec></device></blkiotune>'''


class Stock(escape.Attempts):
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


class Escape(escape.Escape):
    kind = OurInstance


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
