# SPDX-License-Identifier: LGPL-2.1-or-later
"""Debian packages that tests use without installing them."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from harness import put, renamed

PYTHON_PACKAGES = ['python3-libvirt']
MODULES = 'usr/lib/python3/dist-packages'


def fetch(build, name, packages):
    """Downloads and unpacks packages to build/name."""
    cache = build / name
    if cache.exists():
        return
    new = Path(tempfile.mkdtemp(prefix=f'{name}-', dir=build))
    debs = new / 'debs'
    debs.mkdir()
    subprocess.run(['apt-get', '-qq', '-o', 'APT::Sandbox::User=root', 'download',
                    *renamed(packages)], cwd=debs, check=True)
    for deb in debs.glob('*.deb'):
        subprocess.run(['dpkg-deb', '-x', deb, new], check=True)
    shutil.rmtree(debs)
    put(new, cache)
