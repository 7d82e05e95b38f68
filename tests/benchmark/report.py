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


def difference(pairs):
    """How much the first ones of pairs are more than the second ones, and the 95 %
    confidence interval: the estimator of Hodges and Lehmann, and Wilcoxon's signed
    ranks, which assume no distribution and mind no outliers."""
    values = [a - b for a, b in pairs]
    n = len(values)
    means = sorted((values[i] + values[j]) / 2 for i in range(n) for j in range(i + 1))
    tail = n * (n + 1) / 4 - 1.96 * math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    k = max(0, math.floor(tail))
    return median(means), means[k], means[-1 - k]


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

    def expect(self, holds, text, certain=True):
        """certain: whether it would hold anywhere in the interval."""
        verdict = 'DOES NOT HOLD'
        if holds:
            verdict = 'holds' if certain else 'holds in noise'
        self.expectations.append((holds, f'{verdict:14}  {text}'))

    def end(self):
        """Whether all expectations hold."""
        self.title('What is expected')
        self.text(*(f'  {text}' for _, text in self.expectations))
        return all(holds for holds, _ in self.expectations)
