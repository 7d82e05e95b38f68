# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that virDomainLxcExec() runs."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import sanitizers
from harness import HERE, SLOWNESS
from seccomp import Confined

BUSYBOX = Path('/bin/busybox')
SHELL = '/bin/busybox'


def encode(data):
    return base64.b64encode(data).decode()


class Client:
    """A process that calls virDomainLxcExec() once."""

    count = 0

    def __init__(self, domain, request):
        ours = domain.instance
        libraries = ours.environment.get('LD_LIBRARY_PATH', '/usr/lib')
        Client.count += 1
        path = ours.work / f'request{Client.count}'
        path.write_text(json.dumps({'domain': domain.name} | request))
        self.process = ours.command(
            *sanitizers.preloaded(), sys.executable, HERE / 'libvirtlxc.py', libraries, path,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def result(self, timeout=60):
        out, err = self.process.communicate(timeout=timeout * SLOWNESS)
        if not out:
            raise AssertionError(f'no result: {err}')
        found = json.loads(out)
        for name in ('out', 'err'):
            if name in found:
                found[name] = base64.b64decode(found[name]).decode(errors='replace')
        return found

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


class Executing(Confined):
    def busy(self, features='', **kwargs):
        """A running domain with a shell."""
        domain = self.domain(features, **kwargs)
        (domain.root / 'bin').mkdir(exist_ok=True)
        shutil.copy(BUSYBOX, domain.root / 'bin' / 'busybox')
        if domain.mapped:
            for path in (domain.root / 'bin').rglob('*'):
                os.chown(path, 100000, 100000)
        domain.run()
        return domain

    def begin(self, domain, *argv, **request):
        client = Client(domain, {'argv': [str(arg) for arg in argv]} | request)
        self.addCleanup(client.stop)
        return client

    def execute(self, domain, *argv, **request):
        return self.begin(domain, *argv, **request).result()

    def shell(self, domain, script, **request):
        return self.execute(domain, SHELL, 'sh', '-c', script, **request)
