# SPDX-License-Identifier: LGPL-2.1-or-later
"""The commands of the guides in docs and of examples/README.md, word for word.

A block of Markdown that begins with ```sh is executed by a shell, which is the same for
all blocks of a guide; "```sh fails" says that its last command does not succeed. A block
```text after it must be what it prints. "..." stands for any text. "```sh docker" and
"```sh podman" are for one of these; other blocks are executed with either.

Run by scripts/test-guides. /srv is a directory of the tests."""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import sandbox
import tap
from harness import HERE, OurInstance, wait_for
from packages import MODULES, PYTHON_PACKAGES, fetch
from sandbox import processes
from tap import Case, Sandbox, rows

TOP = HERE.parents[1]
GUIDES = [*sorted((TOP / 'docs').glob('guide-*.md')), TOP / 'examples/README.md']
BLOCK = re.compile(r'^```(\w+)( \w+)?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
PODMAN = re.compile(r'\bpodman (?=(import|run|export|rm) )')
DOCKER_PACKAGES = ['docker.io', 'containerd', 'tini']
MAKE = re.compile(r'^mmdebstrap (.*) (/srv/[\w-]+)$', re.MULTILINE)
TIMEOUT = 120
LIMIT = Path('/proc/sys/kernel/printk_ratelimit')

# Unpacks what was made while there was a network.
MMDEBSTRAP = '''#!/bin/sh -e
for target; do :; done
mkdir -p "$target"
tar -xf "{archives}/$(echo "$*" | tr -c 'a-z0-9\\n' -).tar" -C "$target"
'''


def archive(arguments):
    return re.sub('[^a-z0-9]', '-', arguments) + '.tar'


def systems():
    """The commands that make root file systems: {arguments: without the target}"""
    found = {}
    for path in GUIDES:
        for options, target in MAKE.findall(path.read_text()):
            found[f'{options} {target}'] = options
    return found


def docker_packages():
    """The client has a package of its own in Debian 13."""
    known = subprocess.run(['apt-cache', 'pkgnames', 'docker-cli'], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split()
    return DOCKER_PACKAGES + [name for name in known if name == 'docker-cli']


def prepare(build):
    fetch(build, 'python3-libvirt', PYTHON_PACKAGES)
    fetch(build, 'docker', docker_packages())
    archives = build / 'guides'
    archives.mkdir(exist_ok=True)
    made = {}
    for arguments, options in systems().items():
        target = archives / archive(arguments)
        if not target.exists():
            print(f'# mmdebstrap {arguments}', flush=True)
            if options in made:
                target.symlink_to(made[options].name)
            else:
                new = archives / 'new.tar'
                subprocess.run(['mmdebstrap', '--quiet', '--mode=root',
                                *options.split(), new], check=True,
                               stdout=subprocess.DEVNULL)
                new.rename(target)
        made[options] = target


# There may be no systemd, crun does not know both versions of cgroups together, and root of
# the machine may not be able to raise its limits.
PODMAN_CONFIG = '''[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
'''
STORAGE_CONFIG = '''[storage]
driver = "vfs"
runroot = "/run/containers/storage"
graphroot = "/var/lib/containers/storage"
'''
DOCKERD = ['dockerd', '--containerd', '/run/containerd/containerd.sock', '--bridge', 'none',
           '--storage-driver', 'vfs', '--iptables=false', '--ip6tables=false',
           '--ip-forward=false', '--default-ulimit', 'nofile=1024:1024']


class GuideInstance(OurInstance):
    """With commands in PATH, and an empty /srv"""

    name, label = 'guide', 'g'

    def mount(self):
        super().mount()
        for directory in ('/srv', '/var/log', '/run', '/dev/shm', '/var/tmp'):
            sandbox.mount('ct', directory, 'tmpfs', data='mode=0755')
        for directory in ('/etc', '/var/lib'):
            parts = [self.top / f'{Path(directory).name}-{name}'
                     for name in ('upper', 'scratch')]
            for part in parts:
                part.mkdir()
            sandbox.mount('ct', directory, 'overlay', data=f'lowerdir={directory},'
                          f'upperdir={parts[0]},workdir={parts[1]}')
        Path('/etc/containers').mkdir(exist_ok=True)
        Path('/etc/containers/containers.conf').write_text(PODMAN_CONFIG)
        Path('/etc/containers/storage.conf').write_text(STORAGE_CONFIG)
        # Where the guides say they are
        for directory in ('/var/log/libvirt', '/etc/libvirt'):
            Path(directory).mkdir(exist_ok=True)
            ours = self.top / directory.lstrip('/')
            ours.mkdir(parents=True)
            sandbox.mount(ours, directory, flags=sandbox.MS_BIND)

    def prepare(self):
        super().prepare()
        subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)
        programs = self.work / 'bin'
        programs.mkdir()
        wrapper = programs / 'mmdebstrap'
        wrapper.write_text(MMDEBSTRAP.format(archives=self.build / 'guides'))
        wrapper.chmod(0o755)
        tools = self.client.parent
        docker = self.build / 'docker' / 'usr'
        script = (tools / 'virt-xml-validate').read_text()
        schemas = self.libvirt_schemas()
        (programs / 'virt-xml-validate').write_text(
            re.sub('SCHEMA=".*/', f'SCHEMA="{schemas}/', script))
        (programs / 'virt-xml-validate').chmod(0o755)
        (programs / 'python3').symlink_to('/usr/bin/python3')
        self.environment |= {
            'PYTHONPATH': str(self.build / 'python3-libvirt' / MODULES),
            'PATH': ':'.join(map(str, (programs, tools, docker / 'bin', docker / 'sbin',
                                       os.environ['PATH']))),
            'EDITOR': 'false', 'HOME': str(self.work)}

    def start_docker(self):
        """As Debian does, with containerd first"""
        for number, argv in enumerate((['containerd'], DOCKERD)):
            with open(self.work / f'docker{number}.log', 'w') as log:
                self.command(*argv, stdout=log, stderr=log)
        client = ('docker', 'version')
        wait_for(lambda: self.command(*client, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL).wait() == 0, 60,
                 lambda: (self.work / 'docker1.log').read_text())

    def libvirt_schemas(self):
        return TOP / 'subprojects' / self.libvirt.name / 'src/conf/schemas'


def own_cgroups():
    """Those in which docker and podman put the cgroups of containers"""
    return {path for top in sandbox.hierarchies() for name in ('docker', 'libpod_parent')
            if (path := top / name).exists()}


def end_all(cgroup):
    """Kills the processes of containers that a guide has left; whether none is left."""
    pids = {int(pid) for file in cgroup.rglob('cgroup.procs')
            for pid in file.read_text().split()}
    for pid in pids & processes().keys():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return not pids


class Shell:
    """Executes blocks, as a person would in a terminal."""

    def __init__(self, instance):
        self.instance = instance
        self.directory = Path(instance.work) / f'shell-{time.monotonic_ns()}'
        self.directory.mkdir()
        for name in ('examples', 'scripts'):
            (self.directory / name).symlink_to(TOP / name)
        self.process = instance.command(
            'bash', '-c', f'cd {self.directory}; exec bash', stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.count = 0

    def execute(self, block):
        """(status, what it printed)"""
        self.count += 1
        script = self.instance.work / f'block{self.count}'
        script.write_text(block)
        mark = f'--- end of block {self.count}: '
        self.process.stdin.write(f'. {script} </dev/null; echo "{mark}$?"\n')
        self.process.stdin.flush()
        text, end = '', time.monotonic() + TIMEOUT
        while not (match := re.search(f'{mark}(\\d+)\n', text)):
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f'no end of:\n{block}\nso far:\n{text}')
            if select.select([self.process.stdout], [], [], 1)[0]:
                text += os.read(self.process.stdout.fileno(), 65536).decode()
        return int(match[1]), text[:match.start()]

    def close(self):
        self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def matches(expected, text):
    """Regardless of the number of blanks, which differ where numbers do"""
    pattern = r'\s+'.join('.*'.join(re.escape(part) for part in word.split('...'))
                          for word in expected.split())
    return re.fullmatch(pattern.replace(r'\s+.*\s+', r'\s.*\s'), text.strip(), re.DOTALL)


class Guides(Case):
    def setUp(self):
        self.lift_limit()
        self.before = own_cgroups()
        self.instance = Sandbox.instance(GuideInstance)
        self.shell = Shell(self.instance)
        self.addCleanup(self.clean)

    def lift_limit(self):
        """Of the kernel's messages, which other processes may have exhausted"""
        before = LIMIT.read_text()
        LIMIT.write_text('0')
        self.addCleanup(LIMIT.write_text, before)

    def clean(self):
        self.shell.close()
        ours = self.instance
        for name in ours.virsh('list', '--name').split():
            ours.run('destroy', name)
        for name in ours.virsh('list', '--all', '--name').split():
            ours.run('undefine', name)
        subprocess.run(['find', ours.path('/srv'), '-mindepth', '1', '-delete'], check=True)
        for path in own_cgroups() - self.before:
            wait_for(lambda: end_all(path), 20, f'processes in {path} do not end')
            sandbox.remove_tree(path)

    def execute(self, block, fails=False):
        status, text = self.shell.execute(block)
        for line in (block + text).splitlines():
            print('#', line)
        self.assertEqual(status != 0, fails, f'status {status}')
        return text

    @rows([(path.stem.removeprefix('guide-'), path) for path in GUIDES])
    def test_works(self, path):
        self.works(path, 'podman')

    def works(self, path, flavor):
        blocks = BLOCK.findall(path.read_text())
        self.assertTrue(any(kind == 'sh' for kind, _, _ in blocks))
        shown = None
        for kind, word, text in blocks:
            if kind == 'sh':
                word = word.strip()
                if word in ('docker', 'podman') and word != flavor:
                    shown = None
                    continue
                if flavor == 'docker':
                    text = PODMAN.sub('docker ', text)
                shown = self.execute(text, word == 'fails')
            elif kind == 'text' and shown is not None:
                self.assertTrue(matches(text, shown),
                                f'the guide says:\n{text}\nbut it is:\n{shown}')
                shown = None

    def test_works_docker_with_docker(self):
        self.instance.start_docker()
        self.works(TOP / 'docs/guide-docker.md', 'docker')


if __name__ == '__main__':
    tap.main(prepare)
