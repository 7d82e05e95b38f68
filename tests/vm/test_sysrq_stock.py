# SPDX-License-Identifier: LGPL-2.1-or-later
"""With Debian's libvirt, root without a capability resets the machine. For the
virtual machine only."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'container'))

import tap
from harness import Domain, StockInstance
from tap import Case, Sandbox
from test_sysrq import DENY, RESET, announce_reset


class Stock(Case):
    def test_resets(self):
        domain = Domain(Sandbox.instance(StockInstance), features=DENY, job=[RESET])
        self.addCleanup(domain.remove)
        announce_reset()
        results = domain.run()
        self.fail(f'the machine is up: {results}')


if __name__ == '__main__':
    tap.main()
