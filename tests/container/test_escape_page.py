# SPDX-License-Identifier: LGPL-2.1-or-later
"""The tables of attacks in the man page are those that the tests prove."""

from pathlib import Path

import tap
from attacks import ATTACKS
from tap import Case

PAGE = Path(__file__).resolve().parents[2] / 'docs' / 'lxc-security.rst'


def documented(columns):
    """{attack: what stops it} of the table with these columns in the man page."""
    lines = iter(PAGE.read_text().splitlines())
    header = ['attack', *columns]
    for line in lines:
        if line.split() == header:
            break
    found = {}
    for line in lines:
        if not line:
            break
        words = line.split()
        found[' '.join(words[:-len(columns)])] = tuple(words[-len(columns):])
    return found


def blocks(attack, columns):
    return tuple(getattr(attack, name).partition(':')[0] for name in columns)


class Documented(Case):
    def test_first_table(self):
        columns = 'default', 'deny', 'seccomp'
        self.assertEqual(documented(columns),
                         {attack.name: blocks(attack, columns) for attack in ATTACKS})

    def test_what_landlock_and_idmap_change(self):
        columns = 'landlock', 'idmap'
        changed = {attack.name: blocks(attack, columns) for attack in ATTACKS
                   if set(blocks(attack, columns)) != set(blocks(attack, ['seccomp']))}
        self.assertEqual(documented(columns), changed)


if __name__ == '__main__':
    tap.main()
