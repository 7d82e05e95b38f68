# SPDX-License-Identifier: LGPL-2.1-or-later
"""What holds a container, where cgroup version 1 is all there is."""

import tap
import test_devices
import test_escape
from harness import Version1Instance


class Devices(test_devices.Devices):
    kind = Version1Instance


class Escape(test_escape.Escape):
    kind = Version1Instance


if __name__ == '__main__':
    tap.main()
