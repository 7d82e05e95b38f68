# SPDX-License-Identifier: LGPL-2.1-or-later
"""What holds a container, where cgroup version 1 is all there is."""

import devices
import escape
import tap
from harness import Version1Instance


class Devices(devices.Devices):
    kind = Version1Instance


class Escape(escape.Escape):
    kind = Version1Instance


if __name__ == '__main__':
    tap.main()
