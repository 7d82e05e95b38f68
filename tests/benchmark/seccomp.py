#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What <seccomp> costs, next to crun and runc. scripts/benchmark-seccomp runs it.
Exits with 1 when an expectation does not hold, with 2 when nothing was measured."""

import argparse
import contextlib
import os
import platform
import signal
import subprocess
import sys
import traceback
from datetime import datetime, timezone
from pathlib import Path

import builds
import calls
import starts
from containers import Bench, sandbox
from report import Report, say


def output_of(*command, **kwargs):
    done = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, **kwargs)
    return done.stdout.strip()


def machine():
    """Rows of what is measured where."""
    cpu = [line.split(':')[1].strip() for line in
           Path('/proc/cpuinfo').read_text().splitlines()
           if line.startswith('model name')]
    yield 'date', datetime.now(timezone.utc).strftime('%Y-%m-%d %H:%M UTC')
    yield 'machine', f'{cpu[0] if cpu else platform.machine()}, {os.cpu_count()} CPUs'
    yield 'load before', ' '.join(f'{value:.2f}' for value in os.getloadavg())
    yield 'kernel', platform.release()
    yield 'ours', f'libvirt {os.environ["LIBVIRT"]}, commit ' + output_of(
        'git', 'describe', '--always', '--dirty', cwd=Path(__file__).parent)
    for package in ('crun', 'runc', 'libseccomp2', 'golang-github-containers-common'):
        yield package, output_of('dpkg-query', '-W', '-f', '${Version}', package)
    yield 'capabilities', "podman's, for all containers"
    yield 'profile podman', 'seccomp.json of golang-github-containers-common'


def report(bench, out):
    out.text('Benchmark of <seccomp>', '======================', '')
    for name, value in machine():
        out.text(f'  {name:32}  {value}')
    for part in (starts, calls, builds):
        part.report(bench, out)
    return 0 if out.end() else 1


def interrupted(signum, frame):
    """The sandbox ends with this process, and all that was started with it. An
    exception would get lost while libvirt is being called."""
    say('interrupted')
    os._exit(130)


def run(build, path, work, tag):
    signal.signal(signal.SIGINT, interrupted)
    out = Report()
    try:
        status = report(Bench(build, work, tag), out)
    except Exception:
        traceback.print_exc()
        return 2
    path.write_text('\n'.join(out.lines) + '\n', encoding='utf-8')
    return status


def machine_groups():
    """What libvirt keeps the cgroups of its containers in."""
    return [top / 'machine' for top in sandbox.hierarchies()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', type=Path, required=True)
    parser.add_argument('--out', type=Path, required=True)
    arguments = parser.parse_args()
    build, path = arguments.build.resolve(), arguments.out.resolve()
    new = [path for path in machine_groups() if not path.exists()]
    status = sandbox.supervise(build, lambda work, tag: run(build, path, work, tag))
    for group in new:
        with contextlib.suppress(OSError):
            group.rmdir()
    if status in (0, 1):
        say(f'the results are in {path}')
    return status


if __name__ == '__main__':
    sys.exit(main())
