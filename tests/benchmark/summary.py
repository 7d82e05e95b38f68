# SPDX-License-Identifier: LGPL-2.1-or-later
"""Medians, and how sure they are."""

import math
from statistics import median


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


def table(head, rows):
    """Lines; the first column is text, the others are aligned to the right."""
    rows = [head, *rows]
    width = [max(len(row[i]) for row in rows) for i in range(len(head))]
    for row in rows:
        cells = [cell.ljust(width[i]) if i == 0 else cell.rjust(width[i])
                 for i, cell in enumerate(row)]
        yield '  ' + '  '.join(cells).rstrip()
