# SPDX-License-Identifier: LGPL-2.1-or-later
"""A container of the benchmark, of libvirt, crun or runc: all with the same root
file system, init, namespaces and capabilities."""

import subprocess
import sys
from pathlib import Path

import oci
from libvirt import Connection

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'container'))

import harness
import sandbox

CAPABILITIES = ''.join(f"<{name} state='on'/>" for name in oci.CAPABILITIES)


class Libvirt:
    """Makes domains; a connection that is open already is part of the deal."""

    def __init__(self, instance, root):
        self.root, self.tag, self.count = root, instance.tag, 0
        library = instance.build / 'subprojects/libvirt-9.0.0/src/libvirt.so.0'
        sandbox.setns(instance.mounts)
        self.top = instance.top
        self.connection = Connection(library)

    def define(self, name, seccomp, args):
        self.count += 1
        uuid = f'{sandbox.uuid_prefix(self.tag)}{self.count:04x}'
        features = f"<capabilities policy='deny'>{CAPABILITIES}</capabilities>"
        return self.connection.define(harness.DOMAIN.format(
            name=f'{self.tag}{name}', uuid=uuid, root=self.root,
            features=features + seccomp, user='', idmap='', devices='', tune='',
            init='/init',
            initargs=''.join(f'<initarg>{arg}</initarg>' for arg in args)))

    def cache(self):
        return self.top / 'var/cache/libvirt/lxc/seccomp'

    def add_profile(self, name, text):
        directory = self.top / 'etc/libvirt/lxc/seccomp'
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f'{name}.json').write_text(text)


class OurContainer:
    def __init__(self, libvirt, name, seccomp, args, cold=False):
        self.libvirt, self.cold = libvirt, cold
        self.domain = libvirt.define(name, seccomp, args)
        self.start = self.domain.start
        self.stop = self.domain.destroy
        self.remove = self.domain.remove

    def prepare(self):
        if self.cold:
            for entry in self.libvirt.cache().iterdir():
                entry.unlink()

    def pid(self):
        controller = self.domain.number()

        def child():
            return [pid for pid, parent in sandbox.processes().items()
                    if parent == controller]
        return harness.wait_for(child, 5, 'the container has no init')[0]


class OCIContainer:
    """Run in the foreground, unless it is to be measured while it runs."""

    OPTIONS = {'crun': ['--cgroup-manager=cgroupfs'], 'runc': []}

    def __init__(self, runtime, work, tag, name, root, seccomp, args, detach=False):
        self.name = f'{tag}{name}'
        self.bundle = work / name
        oci.write_bundle(self.bundle, root, args, f'/{self.name}', seccomp)
        self.runtime = [runtime, *self.OPTIONS[runtime], '--root', str(work / runtime)]
        self.pid_file = self.bundle / 'pid'
        self.detach = detach
        self.command = [*self.runtime, 'run', '--bundle', str(self.bundle)]
        if detach:
            self.command += ['--detach', '--pid-file', str(self.pid_file)]
        self.command.append(self.name)
        self.errors = self.bundle / 'errors'

    def prepare(self):
        pass

    def start(self):
        with open(self.errors, 'wb') as errors:
            status = subprocess.run(self.command, check=False, stdout=errors,
                                    stderr=errors, stdin=subprocess.DEVNULL)
        if status.returncode != 0:
            raise harness.Failed(f'{self.command}: {self.errors.read_text()}')

    def stop(self):
        if self.detach:
            subprocess.run([*self.runtime, 'delete', '--force', self.name],
                           check=True, stdout=subprocess.DEVNULL)

    def remove(self):
        pass

    def pid(self):
        return int(self.pid_file.read_text())
