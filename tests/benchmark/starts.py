# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long a container takes to start."""

import os
import random
import sys
import time
from statistics import median

from containers import OCIContainer, OurContainer, harness
from report import difference, quartiles, say

ROUNDS, WARMUP = 60, 3
# The two that the expectation is about, and how often in a round
PAIR, PAIRS = ('ours, no filter', 'ours, default, cached'), 4
SETTLE_SECONDS = 0.03
LIMIT_MS = 2.0

NOTES = (
    '  init runs: from the request until the first instruction of init.',
    '  answered: libvirt: virDomainCreate() returns; crun, runc: the program, which is',
    '  started for it, has ended, and so has init.',
    '  added: to a start without a filter, in the same round (Hodges and Lehmann).',
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
        # virDomainDestroy() takes ten times as long.
        harness.wait_for(container.has_ended, 5, 'init does not end')
    time.sleep(SETTLE_SECONDS)
    ran = int.from_bytes(text, sys.byteorder)
    return (ran - asked) / 1e6, (answered - asked) / 1e6


def order(names):
    """One round: both of the pair follow each other each time."""
    units = [random.sample(PAIR, 2) for _ in range(PAIRS)]
    units += [[name] for name in names if name not in PAIR]
    random.shuffle(units)
    return [name for unit in units for name in unit]


def measure(bench):
    """{variant: ms of each start, of each round} until init runs, and until the
    answer"""
    containers = variants(bench)
    ran = {name: [] for name in containers}
    answered = {name: [] for name in containers}
    end = bench.fifo('end')
    for number in range(-WARMUP, ROUNDS):
        if (number + WARMUP) % 10 == 0:
            say(f'starts, round {number + WARMUP} of {WARMUP + ROUNDS} ...')
        for times in (ran, answered):
            for rounds in times.values():
                rounds.append([])
        for name in order(containers):
            one = start_once(containers[name], bench.root / 'begun', end)
            ran[name][-1].append(one[0])
            answered[name][-1].append(one[1])
        if number < 0:
            for times in (ran, answered):
                for rounds in times.values():
                    rounds.clear()
    os.close(end)
    for container in containers.values():
        container.remove()
    return ran, answered


def added(times, name):
    """To a start without a filter: one, or the median one of the round."""
    base = times[f"{name.split(',')[0]}, no filter"]
    return difference([
        pair for some, others in zip(times[name], base, strict=True)
        for pair in zip(some, others if len(some) == len(others) else [median(others)])])


def row(name, ran, answered):
    cells = [f'{value:.2f}' for value in
             (*quartiles(sum(ran[name], [])), median(sum(answered[name], [])))]
    if name.endswith('no filter'):
        return name, *cells, '', ''
    more, low, high = added(ran, name)
    return name, *cells, f'{more:+.2f}', f'{low:+.2f} … {high:+.2f}'


def report(bench, out):
    ran, answered = measure(bench)
    out.title(f'Start of a container, ms ({ROUNDS} rounds in random order; the first '
              f'two {PAIRS} times in each)')
    out.table(('init runs', 'quartile', 'median', 'quartile', 'answered', 'added',
               '95 % interval'), [row(name, ran, answered) for name in ran])
    out.text('', *NOTES)
    for what, times in (('init runs', ran), ('virDomainCreate() returns', answered)):
        more, low, high = added(times, PAIR[1])
        out.expect(more < LIMIT_MS,
                   f'a cached start adds less than {LIMIT_MS:g} ms until {what}: '
                   f'{more:+.2f} ({low:+.2f} … {high:+.2f})', certain=high < LIMIT_MS)
