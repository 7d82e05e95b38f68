# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long it takes to make a filter."""

import subprocess
from pathlib import Path

import oci
from containers import PROFILE
from report import quartiles, say

ROUNDS = 60

STEPS = (
    ('ruleset', 'ruleset'),
    ('key', 'key of the cache'),
    ('compile', 'compile'),
    ('cold', 'filter, not cached'),
    ('cached', 'filter, cached'),
    ('libseccomp', 'libseccomp'),
    ('libseccomp-tree', 'libseccomp, binary tree'),
)

LENGTHS = (
    ('our-instructions', 'ours'),
    ('libseccomp-instructions', 'libseccomp'),
    ('tree-instructions', 'libseccomp, binary tree'),
)

NOTES = (
    '  A start makes the ruleset and takes the filter twice: in the daemon, and in',
    '  libvirt_lxc. "filter" is key, file and, when it is not cached, compile and a new',
    '  file. libseccomp: the rules of our ruleset added and the program exported, as crun',
    '  does; for our default it is no fair comparison.')

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


def measure(bench):
    """{(profile, step): numbers}"""
    text = subprocess.run(
        [bench.tools / 'build_time', bench.profiles, PROFILE,
         f'{capability_bits(oci.CAPABILITIES):x}', bench.work / 'cache', str(ROUNDS)],
        check=True, text=True, stdout=subprocess.PIPE).stdout
    found = {}
    for label, step, number in (line.split() for line in text.splitlines()):
        found.setdefault((label, step), []).append(int(number))
    return found


def report(bench, out):
    say('builds ...')
    found = measure(bench)
    rows = []
    for step, name in STEPS:
        cells = [f'{number / 1e3:.0f}' for label in LABELS
                 for number in quartiles(found[label, step])]
        rows.append((name, *cells))
    out.title(f'Making a filter, µs ({ROUNDS} rounds)')
    out.table(('', 'default: quartile', 'median', 'quartile', 'podman: quartile',
               'median', 'quartile'), rows)
    out.text('')
    out.table(('instructions', *LABELS),
              [(name, *(str(found[label, step][0]) for label in LABELS))
               for step, name in LENGTHS])
    out.text('', *NOTES)
