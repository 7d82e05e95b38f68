# SPDX-License-Identifier: LGPL-2.1-or-later
"""Devices, where cgroup versions 1 and 2 are mixed."""

import devices
import tap
from harness import OurInstance


class Devices(devices.Devices):
    kind = OurInstance


if __name__ == '__main__':
    tap.main()
