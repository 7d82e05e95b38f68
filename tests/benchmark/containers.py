# SPDX-License-Identifier: LGPL-2.1-or-later
"""Containers of the benchmark, of libvirt, crun or runc: all with the same root
file system, init, namespaces and capabilities."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import oci
from libvirt import Connection

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'container'))

import harness
import sandbox

CAPABILITIES = ''.join(f"<{name} state='on'/>" for name in oci.CAPABILITIES)

# What podman's profile is called in domains
PROFILE = 'podman'
XML = {'none': '', 'default': "<seccomp policy='default'/>",
       PROFILE: f"<seccomp profile='{PROFILE}'/>"}


class Bench:
    """What all containers share. crun refuses to work where version 2 of cgroups
    has controllers besides version 1, so it is not mounted, for none of them."""

    def __init__(self, build, work, tag):
        self.work, self.tag, self.count = work, tag, 0
        self.tools = build / 'tests' / 'benchmark'
        self.root = work / 'root'
        self.make_root()
        self.instance = instance = harness.Version1Instance(build, work, tag)
        sandbox.setns(instance.mounts)
        self.cache = instance.top / 'var/cache/libvirt/lxc/seccomp'
        self.profiles = instance.top / 'etc/libvirt/lxc/seccomp'
        self.add_profile()
        self.connection = Connection(
            harness.built_libvirt(build) / 'src' / 'libvirt.so.0')

    def make_root(self):
        for name in ('proc', 'sys', 'dev'):
            (self.root / name).mkdir(parents=True)
        shutil.copy(self.tools / 'init', self.root / 'init')
        for name in ('file', 'begun'):
            (self.root / name).touch()
        os.mkfifo(self.root / 'end')

    def add_profile(self):
        text = Path(oci.PODMAN_PROFILE).read_text(encoding='utf-8')
        self.oci = {'none': None, PROFILE: oci.resolve(json.loads(text))}
        self.profiles.mkdir(parents=True)
        (self.profiles / f'{PROFILE}.json').write_text(text, encoding='utf-8')

    def fifo(self, name):
        """Both ends, so that nobody waits for the other to open it."""
        path = self.root / name
        if not path.exists():
            os.mkfifo(path)
        return os.open(path, os.O_RDWR)

    def define(self, name, seccomp, args):
        self.count += 1
        uuid = f'{sandbox.uuid_prefix(self.tag)}{self.count:04x}'
        features = f"<capabilities policy='deny'>{CAPABILITIES}</capabilities>"
        return self.connection.define(harness.DOMAIN.format(
            name=f'{self.tag}{name}', uuid=uuid, root=self.root,
            features=features + XML[seccomp], user='', idmap='', devices='', tune='',
            init='/init',
            initargs=''.join(f'<initarg>{arg}</initarg>' for arg in args)))

    def cached(self):
        """Files of filters that have been built before."""
        return set(self.cache.glob('*'))


class OurContainer:
    """A cold one builds its filter at each start."""

    def __init__(self, bench, name, seccomp, args, cold=False):
        self.domain = bench.define(name, seccomp, args)
        self.start = self.domain.start
        self.stop = self.domain.destroy
        self.remove = self.domain.remove
        self.forgets = self.own_cached(bench) if cold else ()

    def own_cached(self, bench):
        for entry in bench.cached():
            entry.unlink()
        self.start()
        self.stop()
        return bench.cached()

    def prepare(self):
        for entry in self.forgets:
            entry.unlink(missing_ok=True)

    def has_ended(self):
        return not self.domain.is_active()

    def kill(self):
        """Takes a tenth of the time of stop()."""
        os.kill(self.pid(), signal.SIGKILL)

    def wait(self):
        harness.wait_for(self.has_ended, 5, 'a container does not end')

    def pid(self):
        controller = self.domain.number()

        def children():
            return [pid for pid, parent in sandbox.processes().items()
                    if parent == controller]
        return harness.wait_for(children, 5, 'the container has no init')[0]


class OCIContainer:
    """Run in the foreground until it ends, or detached."""

    OPTIONS = {'crun': ['--cgroup-manager=cgroupfs'], 'runc': []}

    def __init__(self, bench, runtime, name, profile, args, detach=False):
        self.name, self.detach = f'{bench.tag}{name}', detach
        bundle = bench.work / name
        oci.write_bundle(bundle, bench.root, args, f'/{self.name}', bench.oci[profile])
        self.pid_file, self.errors = bundle / 'pid', bundle / 'errors'
        self.runtime = [runtime, *self.OPTIONS[runtime],
                        '--root', str(bench.work / runtime)]
        self.command = [*self.runtime, 'run', '--bundle', str(bundle)]
        if detach:
            self.command += ['--detach', '--pid-file', str(self.pid_file)]
        self.command.append(self.name)

    def prepare(self):
        pass

    def start(self):
        with open(self.errors, 'wb') as errors:
            status = subprocess.run(self.command, check=False, stdout=errors,
                                    stderr=errors, stdin=subprocess.DEVNULL)
        if status.returncode != 0:
            raise harness.Failed(f'{self.command}: {self.errors.read_text()}')

    def kill(self):
        subprocess.run([*self.runtime, 'delete', '--force', self.name], check=True,
                       stdout=subprocess.DEVNULL)

    def wait(self):
        pass

    def has_ended(self):
        return not self.detach

    def remove(self):
        pass

    def pid(self):
        return int(self.pid_file.read_text())
