# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tables and expectations, on stdout and kept; medians, and how sure they are."""

import math
import sys
from statistics import median


def say(text):
    """Progress: stdout belongs to the results."""
    print(f'benchmark: {text}', file=sys.stderr, flush=True)


def quartiles(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return median(ordered[:middle]), median(ordered), median(ordered[-middle:])


def interval(values):
    """95 % confidence interval of the median: order statistics, which assume
    nothing of the distribution."""
    ordered = sorted(values)
    n = len(ordered)
    low = max(0, math.floor((n - 1.96 * math.sqrt(n)) / 2))
    return ordered[low], ordered[n - 1 - low]


def difference(values, base):
    """Median of the differences within each round, and its interval."""
    differences = [a - b for a, b in zip(values, base, strict=True)]
    return median(differences), *interval(differences)


class Report:
    def __init__(self):
        self.lines = []
        self.expectations = []

    def text(self, *lines):
        for line in lines:
            print(line, flush=True)
            self.lines.append(line)

    def title(self, text):
        self.text('', text, '-' * len(text), '')

    def table(self, head, rows):
        """The first column is aligned to the left, the others to the right."""
        rows = [head, *rows]
        width = [max(len(row[i]) for row in rows) for i in range(len(head))]
        for row in rows:
            cells = [cell.ljust(width[i]) if i == 0 else cell.rjust(width[i])
                     for i, cell in enumerate(row)]
            self.text('  ' + '  '.join(cells).rstrip())

    def expect(self, holds, text):
        self.expectations.append((holds, text))

    def end(self):
        """Whether all expectations hold."""
        self.title('What is expected')
        for holds, text in self.expectations:
            self.text(f"  {'holds         ' if holds else 'DOES NOT HOLD '} {text}")
        return all(holds for holds, _ in self.expectations)
