#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tables of HACKING.md list all patches of each version of libvirt.

Usage: test_patches.py ROOT

There is one table for each stack, whose header starts with the stack's name. A row can
cover several patches, whose subjects are separated by semicolons.
"""

import re
import sys
from pathlib import Path

TABLE = re.compile(r'^\| `(\w+)`: [^|]*\| what breaks \|\n\|---\|---\|\n((?:\|.*\n)+)', re.M)
SUBJECT = re.compile(r'^Subject: (?:\[PATCH[^]]*\] )?(.*(?:\n .*)*)', re.M)


def tables(text):
    """The subjects in each table, by stack."""
    return {stack: [subject.strip() for row in rows.replace('`', '').splitlines()
                    for subject in row.split(' | ')[0].strip('| ').split(';')]
            for stack, rows in TABLE.findall(text)}


def subject(text):
    return SUBJECT.search(text).group(1).replace('\n', '')


def stacks(version):
    return {stack.name: [subject(patch.read_text()) for patch in sorted(stack.glob('*.patch'))]
            for stack in version.iterdir() if stack.is_dir()}


def differences(documented, actual):
    for stack in sorted(documented.keys() | actual.keys()):
        rows, patches = documented.get(stack, []), actual.get(stack, [])
        for name in sorted(set(rows) ^ set(patches)):
            yield f'{stack}: "{name}" is only ' + ('a row' if name in rows else 'a patch')
        if len(rows) != len(set(rows)):
            yield f'{stack}: a row occurs twice'


def check_the_check():
    text = ('| `one`: x | what breaks |\n|---|---|\n| a: `b`; c: d | e |\n\n'
            '| `two`: y | what breaks |\n|---|---|\n| f: g | h |\n')
    expected = {'one': ['a: b', 'c: d'], 'two': ['f: g']}
    assert tables(text) == expected
    assert subject('Subject: a: b\n c\n\nbody\n') == 'a: b c'
    assert not list(differences(expected, expected))
    for wrong in ({}, {'one': ['a: b'], 'two': ['f: g']},
                  expected | {'three': ['i: j']}, expected | {'two': ['f: g', 'f: h']}):
        assert list(differences(expected, wrong)), wrong
    assert list(differences({'one': ['a: b', 'a: b']}, {'one': ['a: b']}))


def main():
    check_the_check()
    root = Path(sys.argv[1])
    documented = tables((root / 'HACKING.md').read_text())
    found = [f'{source.parent.name}: {line}'
             for source in sorted(root.glob('libvirt/*/source'))
             for line in differences(documented, stacks(source.parent))]
    print('\n'.join(found))
    return 1 if found or not documented else 0


if __name__ == '__main__':
    sys.exit(main())
