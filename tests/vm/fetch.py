#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Downloads to the build directory what tests use of Debian, while there is a network:
the virtual machine has none."""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'container'))

import test_examples
import test_exec_api
import test_systemd
from harness import StockInstance
from packages import PYTHON_PACKAGES, fetch

DOWNLOADS = [
    StockInstance.fetch,
    test_systemd.fetch,
    lambda build: fetch(build, 'python3-libvirt', PYTHON_PACKAGES),
    lambda build: fetch(build, 'nginx', test_examples.NGINX_PACKAGES),
    lambda build: fetch(build, 'ansible', test_exec_api.ANSIBLE_PACKAGES),
]

# Without one of them, the tests that need it fail, and say so.
for download in DOWNLOADS:
    try:
        download(Path(sys.argv[1]))
    except (OSError, subprocess.SubprocessError) as error:
        print(f'fetch: {error}', file=sys.stderr)
