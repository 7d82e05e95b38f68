#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long it takes to run a program in a running container, next to crun, runc,
lxc-attach and Debian's virsh. scripts/benchmark-exec runs it. Exits with 1 when an
expectation does not hold, with 2 when nothing was measured."""

import argparse
import contextlib
import os
import random
import shutil
import subprocess
import sys
import time
import traceback
from pathlib import Path

import oci
import seccomp
from containers import Bench, OCIContainer, OurContainer, harness, sandbox
from report import Report, difference, quartiles, say

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'container'))

from libvirtlxc import Exec, Library

ROUNDS = 100
BUSYBOX = '/bin/busybox'
PROGRAM = [BUSYBOX, 'true']
WAIT = ['wait']

LXC_CONFIG = '''lxc.rootfs.path = dir:{root}
lxc.uts.name = bench
lxc.apparmor.profile = unchanged
lxc.cap.keep = {keep}
lxc.mount.auto = proc:mixed sys:ro
lxc.log.file = {work}/lxc.log
'''


def quiet(*command, **kwargs):
    subprocess.run([str(word) for word in command], check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE, **kwargs)


class Ours:
    def __init__(self, bench, build):
        self.container = OurContainer(bench, 'exec', 'default', WAIT)
        self.container.domain.start()
        self.name = f'{bench.tag}exec'
        libvirt = harness.built_libvirt(build)
        self.environment = os.environ | {'LD_LIBRARY_PATH': str(libvirt / 'src')}
        self.client = libvirt / 'tools' / 'virt-lxc-exec'
        self.virsh = libvirt / 'tools' / 'virsh'
        library = Library(str(libvirt / 'src'))
        self.library, self.connection = library, library.connect('lxc:///system')
        self.domain = library.domain(self.connection, self.name)

    def command(self):
        quiet(self.client, '-c', 'lxc:///system', self.name, *PROGRAM,
              env=self.environment)

    def enter(self):
        quiet(self.virsh, '-q', '-c', 'lxc:///system', 'lxc-enter-namespace', self.name,
              '--', *PROGRAM, env=self.environment)

    def call(self):
        program = Exec(self.library, self.connection, self.domain, {'argv': PROGRAM})
        while program.receive():
            pass
        self.library.virt.virStreamFinish(program.stream)
        self.library.virt.virStreamFree(program.stream)


class OCI:
    def __init__(self, bench, runtime):
        self.container = OCIContainer(bench, runtime, f'exec-{runtime}', 'podman', WAIT,
                                      detach=True)
        self.container.start()

    def command(self):
        quiet(*self.container.runtime, 'exec', self.container.name, *PROGRAM)


class LXC:
    def __init__(self, bench):
        self.path = bench.work / 'lxc'
        (self.path / 'bench').mkdir(parents=True)
        (self.path / 'bench' / 'config').write_text(LXC_CONFIG.format(
            root=bench.root, work=bench.work,
            keep=' '.join(oci.CAPABILITIES)))
        quiet('lxc-start', '-P', self.path, '-n', 'bench', '--', '/init', *WAIT)

    def command(self):
        quiet('lxc-attach', '-P', self.path, '-n', 'bench', '--', *PROGRAM)


def prepared(bench, ours):
    """{name: function}; what cannot be started here is told and left out."""
    found = {'virDomainLxcExec(), open connection': ours.call,
             'virt-lxc-exec': ours.command,
             'virsh lxc-enter-namespace': ours.enter}
    for name, make in (('crun exec', lambda: OCI(bench, 'crun')),
                       ('runc exec', lambda: OCI(bench, 'runc')),
                       ('lxc-attach', lambda: LXC(bench))):
        try:
            found[name] = make().command
            found[name]()
        except (harness.Failed, OSError, subprocess.CalledProcessError) as error:
            found.pop(name, None)
            say(f'{name} is not measured: {error} {getattr(error, "stderr", "")}')
    return found


def measure(functions):
    times = {name: [] for name in functions}
    for _ in range(ROUNDS):
        for name in random.sample(sorted(functions), len(functions)):
            begun = time.monotonic()
            functions[name]()
            times[name].append((time.monotonic() - begun) * 1000)
    return times


def usage(bench, ours):
    """Of the daemon and of the container's exec server."""
    daemon = bench.instance.daemon.pid
    status = harness.status_of(daemon)
    processes = [pid for pid in sandbox.processes()
                 if Path(f'/proc/{pid}/comm').read_text().strip() == 'lxc_exec_server']
    return {
        'memory of the daemon, KiB': int(status['VmRSS'].split()[0]),
        'threads of the daemon': int(status['Threads']),
        'descriptors of the daemon': len(os.listdir(f'/proc/{daemon}/fd')),
        'processes of the exec server': len(processes),
        'memory of the exec server, KiB': sum(
            int(harness.status_of(pid)['VmRSS'].split()[0]) for pid in processes),
        'descriptors of the exec server': sum(
            len(os.listdir(f'/proc/{pid}/fd')) for pid in processes),
        'processes in the container': len(Path(
            f'/proc/{ours.container.pid()}/task/{ours.container.pid()}/children'
        ).read_text().split()),
    }


def many(ours, count):
    """Programs at once, each with a client of its own."""
    clients = [subprocess.Popen(
        [ours.client, '-c', 'lxc:///system', ours.name, *PROGRAM], env=ours.environment,
        stdin=subprocess.DEVNULL) for _ in range(count)]
    return [client.wait() for client in clients]


def leaves(bench, ours, out):
    """What 2,000 programs in a row and 40 times 50 at once leave behind."""
    for _ in range(20):
        ours.call()
        many(ours, 50)
    time.sleep(1)
    before = usage(bench, ours)
    for _ in range(2000):
        ours.call()
    time.sleep(1)
    between = usage(bench, ours)
    failed = sum(status != 0 for _ in range(40) for status in many(ours, 50))
    time.sleep(1)
    after = usage(bench, ours)
    out.title('Before, after 2,000 programs in a row, and after 40 times 50 at once')
    out.table(['', 'before', 'in a row', 'at once'],
              [[name, str(before[name]), str(between[name]), str(after[name])]
               for name in before])
    out.expect(failed == 0, f'all programs ran ({failed} failed)')
    for name, limit in (('memory of the daemon, KiB', 2048), ('threads of the daemon', 0),
                        ('descriptors of the daemon', 0),
                        ('processes of the exec server', 0),
                        ('memory of the exec server, KiB', 512),
                        ('descriptors of the exec server', 0),
                        ('processes in the container', 0)):
        out.expect(after[name] - before[name] <= limit,
                   f'{name}: at most {limit} more afterwards')


def report(bench, build, out):
    out.text('Benchmark of programs that join a container',
             '===========================================', '')
    for name, value in seccomp.machine():
        out.text(f'  {name:32}  {value}')
    (bench.root / 'bin').mkdir()
    shutil.copy(BUSYBOX, bench.root / 'bin' / 'busybox')
    ours = Ours(bench, build)
    times = measure(prepared(bench, ours))
    out.title(f'busybox true in a running container, ms, {ROUNDS} times in random order')
    rows = []
    for name, values in times.items():
        low, middle, high = quartiles(values)
        rows.append([name, f'{middle:.1f}', f'{low:.1f}', f'{high:.1f}'])
    out.table(['', 'median', 'lower quartile', 'upper quartile'], rows)
    for name in ('virDomainLxcExec(), open connection', 'virt-lxc-exec'):
        if 'crun exec' in times:
            middle, low, high = difference(list(zip(times[name], times['crun exec'])))
            out.expect(middle < 0, f'{name} is faster than crun exec: {middle:+.1f} ms '
                       f'({low:+.1f} to {high:+.1f})', high < 0)
    leaves(bench, ours, out)
    return 0 if out.end() else 1


def run(build, path, work, tag):
    out = Report()
    try:
        status = report(Bench(build, work, tag), build, out)
    except Exception:
        traceback.print_exc()
        return 2
    path.write_text('\n'.join(out.lines) + '\n', encoding='utf-8')
    return status


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', type=Path, required=True)
    parser.add_argument('--out', type=Path, required=True)
    arguments = parser.parse_args()
    build, path = arguments.build.resolve(), arguments.out.resolve()
    new = [group for group in seccomp.machine_groups() if not group.exists()]
    status = sandbox.supervise(build, lambda work, tag: run(build, path, work, tag))
    for group in new:
        with contextlib.suppress(OSError):
            group.rmdir()
    return status


if __name__ == '__main__':
    sys.exit(main())
