# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long it takes to make a filter."""

import subprocess
from pathlib import Path
from statistics import median

import oci
from containers import PROFILE
from report import quartiles, say

ROUNDS, PROCESSES = 40, 20

STEPS = (
    ('first ruleset', 'ruleset, in a new process'),
    ('first cached', 'filter, cached, in a new process'),
    ('ruleset', 'ruleset'),
    ('cached', 'filter, cached'),
    ('cold', 'filter, not cached'),
    ('key', 'of these: key of the cache'),
    ('compile', 'of these: compile'),
    ('load', 'load it into the kernel'),
    ('execve', 'execute init'),
    ('exec', 'load it and execute init, as we do'),
    ('libseccomp', 'libseccomp'),
    ('libseccomp-tree', 'libseccomp, binary tree'),
)

LENGTHS = (
    ('our-instructions', 'ours'),
    ('libseccomp-instructions', 'libseccomp'),
    ('tree-instructions', 'libseccomp, binary tree'),
)

NOTES = (
    '  libseccomp: the rules of our ruleset added and the program exported, as crun does.',
    '  A start makes the ruleset and takes the filter twice: in the daemon, and in a new',
    '  libvirt_lxc, whose child loads it and executes init.')

# What a cached start does that one without a filter does not
ADDED = ('ruleset', 'cached', 'first ruleset', 'first cached', 'exec')

LABELS = ('default', PROFILE)


def capability_bits(names):
    """By the numbers of the kernel's header."""
    bits = 0
    for line in Path('/usr/include/linux/capability.h').read_text().splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == '#define' and words[2].isdigit() and \
                words[1].removeprefix('CAP_').lower() in names:
            bits |= 1 << int(words[2])
    return bits


def one_process(bench, label, rounds):
    """Yields step and number."""
    text = subprocess.run(
        [bench.tools / 'build_time', label, bench.profiles,
         f'{capability_bits(oci.CAPABILITIES):x}', bench.work / 'cache', str(rounds)],
        check=True, text=True, cwd=bench.root, stdout=subprocess.PIPE).stdout
    for line in text.splitlines():
        step, number = line.split()
        yield step, int(number)


def measure(bench):
    """{(profile, step): numbers}"""
    found = {}
    for label in LABELS:
        for step, number in one_process(bench, label, ROUNDS):
            found.setdefault((label, step), []).append(number)
        for _ in range(PROCESSES):
            for step, number in one_process(bench, label, 1):
                found.setdefault((label, f'first {step}'), []).append(number)
    return found


def report(bench, out):
    say('builds ...')
    found = measure(bench)
    rows = []
    for step, name in STEPS:
        cells = [f'{number / 1e3:.0f}' for label in LABELS
                 for number in quartiles(found[label, step])]
        rows.append((name, *cells))
    out.title(f'Making a filter, µs ({ROUNDS} rounds; {PROCESSES} new processes)')
    out.table(('', 'default: quartile', 'median', 'quartile', 'podman: quartile',
               'median', 'quartile'), rows)
    out.text('')
    out.table(('instructions', *LABELS),
              [(name, *(str(found[label, step][0]) for label in LABELS))
               for step, name in LENGTHS])
    out.text('', *NOTES)
    for label in LABELS:
        middle = {step: median(found[label, step]) for step in (*ADDED, 'execve')}
        whole = sum(middle[step] for step in ADDED) - middle['execve']
        out.text(f'  These add {whole / 1e6:.2f} ms to a cached start ({label}).')
