# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long a container takes to start."""

import os
import random
import sys
import time
from statistics import median

from containers import OCIContainer, OurContainer, harness
from report import difference, quartiles, say

ROUNDS, WARMUP = 80, 4
SETTLE_SECONDS = 0.03
LIMIT_MS = 2.0

NOTES = (
    '  init runs: from the request until the first instruction of init.',
    '  answered: libvirt: virDomainCreate() returns; crun, runc: the program, which is',
    '  started for it, has ended, and so has init.',
    '  added: to a start without a filter, median of the differences within each round.',
    '  libvirt is measured on an open connection to its daemon. crun and runc of Debian',
    '  12 keep no filters, and make theirs at each start.')


def variants(bench):
    def ours(name, seccomp, cold=False):
        return OurContainer(bench, name, seccomp, ['begin', 'end'], cold)

    def other(runtime, profile):
        return OCIContainer(bench, runtime, f'{runtime}-{profile}', profile, ['begin'])
    return {
        'ours, no filter': ours('none', 'none'),
        'ours, default, cached': ours('default', 'default'),
        'ours, default, not cached': ours('default-cold', 'default', cold=True),
        'ours, podman, cached': ours('podman', 'podman'),
        'ours, podman, not cached': ours('podman-cold', 'podman', cold=True),
        'crun, no filter': other('crun', 'none'),
        'crun, podman': other('crun', 'podman'),
        'runc, no filter': other('runc', 'none'),
        'runc, podman': other('runc', 'podman'),
    }


def start_once(container, begun, end):
    """Milliseconds until init runs, and until who was asked is back."""
    os.truncate(begun, 0)
    container.prepare()
    asked = time.monotonic_ns()
    container.start()
    answered = time.monotonic_ns()
    text = harness.wait_for(begun.read_bytes, 5, 'init does not run')
    if not container.has_ended():
        os.write(end, b'x')
        # A hundredth of what virDomainDestroy() takes
        harness.wait_for(container.has_ended, 5, 'init does not end')
    time.sleep(SETTLE_SECONDS)
    ran = int.from_bytes(text, sys.byteorder)
    return (ran - asked) / 1e6, (answered - asked) / 1e6


def measure(bench):
    """{variant: ms of each round} until init runs, and until the answer"""
    containers = variants(bench)
    ran = {name: [] for name in containers}
    answered = {name: [] for name in containers}
    order = list(containers)
    end = bench.fifo('end')
    for number in range(WARMUP + ROUNDS):
        if number % 20 == 0:
            say(f'starts, round {number} of {WARMUP + ROUNDS} ...')
        random.shuffle(order)
        for name in order:
            times = start_once(containers[name], bench.root / 'begun', end)
            if number >= WARMUP:
                ran[name].append(times[0])
                answered[name].append(times[1])
    os.close(end)
    for container in containers.values():
        container.remove()
    return ran, answered


def base_of(name):
    return f"{name.split(',')[0]}, no filter"


def row(name, ran, answered):
    low, middle, high = quartiles(ran[name])
    cells = [f'{value:.2f}' for value in (low, middle, high, median(answered[name]))]
    if name == base_of(name):
        return name, *cells, '', ''
    added, low, high = difference(ran[name], ran[base_of(name)])
    return name, *cells, f'{added:+.2f}', f'{low:+.2f} … {high:+.2f}'


def report(bench, out):
    ran, answered = measure(bench)
    out.title(f'Start of a container, ms ({ROUNDS} rounds, in random order)')
    out.table(('init runs', 'quartile', 'median', 'quartile', 'answered', 'added',
               '95 % interval'), [row(name, ran, answered) for name in ran])
    out.text('', *NOTES)
    for what, times in (('init runs', ran), ('virDomainCreate() returns', answered)):
        added, low, high = difference(times['ours, default, cached'],
                                      times['ours, no filter'])
        out.expect(added < LIMIT_MS,
                   f'a cached start adds less than {LIMIT_MS:g} ms until {what}: '
                   f'{added:+.2f} ({low:+.2f} … {high:+.2f})')
