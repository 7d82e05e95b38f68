#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""HACKING.md lists all patches of each version of libvirt, Meson knows the versions, and
no patch adds the marker of a conflict.

Usage: test_patches.py ROOT

There is one table for each stack, whose header starts with the stack's name. A row can
cover several patches, whose subjects are separated by semicolons. With "(until VERSION)"
at the end of its second column, the patches are absent from that version on, and with
"(since VERSION)", they are absent before it.
"""

import re
import sys
from pathlib import Path

TABLE = re.compile(r'^\| `(\w+)`: [^|]*\| what breaks \|\n\|---\|---\|\n((?:\|.*\n)+)', re.M)
CHOICES = re.compile(r"option\('libvirt',.*choices: \[(.*?)\]")
NOTE = re.compile(r'\((since|until) (\d+\.\d+\.\d+)\) \|$')
SUBJECT = re.compile(r'^Subject: (?:\[PATCH[^]]*\] )?(.*(?:\n .*)*)', re.M)

MARKER = re.compile(r'^\+(?:<{7}|\|{7}|>{7}) ', re.M)


def numbers(version):
    return [int(part) for part in version.split('.')]


def applies(row, version):
    note = NOTE.search(row)
    return not note or (numbers(version) < numbers(note[2])) == (note[1] == 'until')


def tables(text, version):
    """The subjects in each table that apply to a version, by stack."""
    return {stack: [subject.strip() for row in rows.replace('`', '').splitlines()
                    if applies(row, version)
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


def markers(version):
    for patch in sorted(version.glob('*/*.patch')):
        if MARKER.search(patch.read_text()):
            yield f'{patch.name} has the marker of a conflict'


def check_the_check():
    for marker in ('<<<<<<< HEAD', '||||||| base', '>>>>>>> one'):
        assert MARKER.search(f' a\n+{marker}\n')
    assert not MARKER.search('+    a <<<<<<< b\n')
    text = ('| `one`: x | what breaks |\n|---|---|\n| a: `b`; c: d | e |\n\n'
            '| `two`: y | what breaks |\n|---|---|\n| f: g | h |\n| i: j | k (until 10.4.0) |\n'
            '| l: m | n (since 10.4.0) |\n')
    expected = {'one': ['a: b', 'c: d'], 'two': ['f: g', 'l: m']}
    assert tables(text, '10.4.0') == tables(text, '11.0.0') == expected
    assert tables(text, '9.10.0') == expected | {'two': ['f: g', 'i: j']}
    assert subject('Subject: a: b\n c\n\nbody\n') == 'a: b c'
    assert not list(differences(expected, expected))
    for wrong in ({}, {'one': ['a: b'], 'two': ['f: g']},
                  expected | {'three': ['i: j']}, expected | {'two': ['f: g', 'f: h']}):
        assert list(differences(expected, wrong)), wrong
    assert list(differences({'one': ['a: b', 'a: b']}, {'one': ['a: b']}))


def main():
    check_the_check()
    root = Path(sys.argv[1])
    text = (root / 'HACKING.md').read_text()
    versions = {source.parent.name: source.parent for source in root.glob('libvirt/*/source')}
    found = [f'{version}: {line}' for version, directory in sorted(versions.items())
             for line in [*differences(tables(text, version), stacks(directory)),
                          *markers(directory)]]
    choices = CHOICES.search((root / 'meson_options.txt').read_text())[1]
    if set(re.findall(r"'(.*?)'", choices)) != versions.keys() | {'auto', 'none'}:
        found.append(f'the choices of meson_options.txt are not those of libvirt/: {choices}')
    print('\n'.join(found))
    return 1 if found or not versions else 0


if __name__ == '__main__':
    sys.exit(main())
