# SPDX-License-Identifier: LGPL-2.1-or-later
"""The same program against Debian's libvirt and ours: can root in a container
leave its cgroups, read a device that it was not given, lift its limits?"""

import escape
import tap
from escape import FEW, LIMIT_FILES, LIMITS, MORE, outermost
from harness import IDMAP, Domain, LoopDevice, OurInstance, StockInstance
from sandbox import version2_only
from tap import Case, Sandbox, rows

VERSION2 = version2_only()

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
        lifted = {file: (outermost(domain, controller) / file).read_text().strip()
                  for controller, files in LIMIT_FILES.items() for file in files}
        file = 'memory.max' if VERSION2 else 'memory.limit_in_bytes'
        self.assertTrue(lifted[file] == 'max' or int(lifted[file]) > 64 << 20, lifted)


class Escape(escape.Escape):
    kind = OurInstance


class Blkio(Case):
    @rows([('deny sys_admin', MORE),
           ('allow', "<capabilities policy='allow'><mknod/></capabilities>")])
    def test_warning(self, features):
        """Version 1 cannot keep these limits from CAP_SYS_ADMIN: it is said.
        Version 2 can."""
        ours = Sandbox.instance(OurInstance)
        loop = LoopDevice(ours.work, ours.next_name())
        self.addCleanup(loop.remove)
        domain = Domain(ours, features=features, tune=BLKIO.format(loop.path))
        self.addCleanup(domain.remove)
        domain.run()
        log = (ours.work / f'{ours.name}.log').read_text()
        check = self.assertNotRegex if VERSION2 else self.assertRegex
        check(log, f"'{domain.name}'.*can lift the limits of <blkiotune>")

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
        number = loop.number.replace(' ', ':')
        if VERSION2:
            limit, value = ('unified', 'io.max'), f'{number} rbps=1048576 '
        else:
            limit, value = ('blkio', 'blkio.throttle.read_bps_device'), f'{number} 1048576\n'
        text = (outermost(domain, limit[0]) / limit[1]).read_text()
        self.assertTrue(text.startswith(value), text)


class SubCgroups(Case):
    @rows([(name, name) for name in
           (['unified'] if VERSION2 else
            ['systemd', 'cpu', 'cpuacct', 'cpuset', 'memory', 'devices',
             'freezer', 'blkio'])])
    def test_own(self, controller):
        self.sub_cgroup(controller, '', '')

    def test_own_with_idmap(self):
        self.sub_cgroup('unified' if VERSION2 else 'systemd', IDMAP, '<privnet/>')

    def sub_cgroup(self, controller, idmap, features):
        ours = Sandbox.instance(OurInstance)
        top = '/sys/fs/cgroup' + ('' if VERSION2 else f'/{controller}')
        domain = Domain(ours, idmap=idmap, features=features, job=[
            f'sub subcgroup {top} own-{ours.tag}'])
        self.addCleanup(domain.remove)
        # Version 1 of blkio has no limits that would hold for sub-cgroups.
        self.assertEqual(domain.run()['sub'],
                         'EROFS' if controller == 'blkio' else 'OK')


if __name__ == '__main__':
    tap.main(StockInstance.fetch)
