# SPDX-License-Identifier: LGPL-2.1-or-later
"""CONFINEMENT_CONTAINERS in a daemon with 1,024 descriptors: the error of the first one
too many names the limit, nothing that runs is lost, and the daemon answers while 50 of
them reboot at once. For comparison, 50 of stock libvirt reboot."""

import os
import resource
import time

import tap
from answers import table
from forget import Host
from harness import StockInstance
from many import Crowd
from tap import Case, Sandbox

CONTAINERS = int(os.environ.get('CONFINEMENT_CONTAINERS', '500'))
REBOOTS = 50
DESCRIPTORS, MORE = 1024, 8192  # of systemd, and of the unit files
LONGEST = 1000  # milliseconds


class Many(Case):
    def limit(self, soft):
        pid = Host.get().instance.daemon.pid
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, MORE))

    def test_ours(self):
        host = Host.get()
        self.limit(DESCRIPTORS)
        crowd = Crowd(host.instance, REBOOTS)
        begin = time.monotonic()
        errors = crowd.fill(range(CONTAINERS))
        print(f'# {len(crowd.names)} started in {time.monotonic() - begin:.0f} s')
        self.assertGreater(len(errors), 0)
        for error in errors:
            self.assertIn(f'of at most {DESCRIPTORS} file descriptors', error)
        print(f'# {errors[0]}')
        self.assertEqual(crowd.running(), set(crowd.names))
        self.reboot(crowd)

        self.limit(MORE)
        missing = [number for number in range(CONTAINERS)
                   if crowd.xml(number)[0] not in crowd.names]
        self.assertEqual(crowd.fill(missing), [])
        self.reboot(crowd)
        begin = time.monotonic()
        host.restart()
        print(f'# the daemon has started again in {time.monotonic() - begin:.2f} s')
        self.assertEqual(len(crowd.names), CONTAINERS)
        self.assertEqual(crowd.running(), set(crowd.names))

    def reboot(self, crowd):
        begin = time.monotonic()
        times = crowd.reboot()
        print(f'# {REBOOTS} of {len(crowd.names)} have rebooted in '
              f'{time.monotonic() - begin:.1f} s: {table(times)}', flush=True)
        self.assertLess(times[-1][-1], LONGEST)

    def test_fifty(self):
        crowd = Crowd(Host.get().instance, REBOOTS)
        self.assertEqual(crowd.fill(range(REBOOTS)), [])
        self.reboot(crowd)

    def test_stock(self):
        crowd = Crowd(Sandbox.instance(StockInstance), REBOOTS)
        self.assertEqual(crowd.fill(range(REBOOTS)), [])
        times = crowd.reboot()
        print(f'# stock libvirt, {REBOOTS} reboot: {table(times)}')


if __name__ == '__main__':
    tap.main(StockInstance.fetch)
