/*
 * compare_range.c: sets of values of an argument of a system call
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a range, and conditions. Out: whether they hold, and smaller ranges in
 * which that is known.
 */

#include "compare_range.h"

virLXCCompareRange
virLXCCompareRangeAll(void)
{
    return (virLXCCompareRange){.high = G_MAXUINT64};
}

/* Returns the bits from 0 to @bit. */
static guint64
lxcBitsUpTo(unsigned int bit)
{
    return G_MAXUINT64 >> (63 - bit);
}

static unsigned int
lxcHighestBit(guint64 value)
{
    return 63 - (unsigned int)__builtin_clzll(value);
}

/* Finds the lowest value that is at least @value and has @bits under the mask
 * @known. At the highest bit that is wrong in @value, either a 1 is needed,
 * which makes the result greater already; or a 0, and then a bit above that is
 * free must be carried into. */
static bool
lxcRoundUp(guint64 value, guint64 known, guint64 bits, guint64 *result)
{
    guint64 wrong = (value ^ bits) & known;
    guint64 upTo;
    guint64 carry;

    if (wrong == 0) {
        *result = value;
        return true;
    }

    upTo = lxcBitsUpTo(lxcHighestBit(wrong));
    if (bits & ~(upTo >> 1) & upTo) {
        *result = (value & ~upTo) | (bits & upTo);
        return true;
    }

    carry = ~value & ~known & ~upTo;
    if (carry == 0)
        return false;
    carry &= -carry;
    *result = (value & ~(carry | (carry - 1))) | carry | (bits & (carry - 1));
    return true;
}

/* Moves the limits to values that belong to @range, and adds the bits that both
 * limits share from the top. Returns false if there are no such values. */
static bool
lxcRangeNormalize(virLXCCompareRange *range)
{
    guint64 inverse = 0;
    guint64 same;

    if (range->low > range->high ||
        !lxcRoundUp(range->low, range->known, range->bits, &range->low) ||
        !lxcRoundUp(~range->high, range->known, ~range->bits & range->known,
                    &inverse))
        return false;

    range->high = ~inverse;
    if (range->low > range->high)
        return false;

    same = range->low == range->high
               ? G_MAXUINT64
               : ~lxcBitsUpTo(lxcHighestBit(range->low ^ range->high));
    range->known |= same;
    range->bits |= range->low & same;
    return true;
}

static virLXCCompareTruth
lxcTruth(bool always, bool never)
{
    if (always)
        return VIR_LXC_COMPARE_ALWAYS;
    return never ? VIR_LXC_COMPARE_NEVER : VIR_LXC_COMPARE_SOMETIMES;
}

static virLXCCompareTruth
lxcNot(virLXCCompareTruth truth)
{
    return lxcTruth(truth == VIR_LXC_COMPARE_NEVER,
                    truth == VIR_LXC_COMPARE_ALWAYS);
}

static virLXCCompareTruth
lxcIsEqual(const virLXCCompareRange *range, guint64 value)
{
    return lxcTruth(range->low == value && range->high == value,
                    value < range->low || value > range->high ||
                        ((value ^ range->bits) & range->known));
}

static virLXCCompareTruth
lxcIsMaskedEqual(const virLXCCompareRange *range, guint64 mask, guint64 value)
{
    return lxcTruth(
        (mask & ~range->known) == 0 && (range->bits & mask) == value,
        (value & ~mask) || ((value ^ range->bits) & range->known & mask));
}

virLXCCompareTruth
virLXCCompareRangeEvaluate(const virLXCCompareRange *range,
                           const virLXCSeccompCondition *condition)
{
    guint64 value = condition->value;

    switch (condition->op) {
    case VIR_LXC_SECCOMP_EQ:
        return lxcIsEqual(range, value);
    case VIR_LXC_SECCOMP_NE:
        return lxcNot(lxcIsEqual(range, value));
    case VIR_LXC_SECCOMP_LT:
        return lxcTruth(range->high < value, range->low >= value);
    case VIR_LXC_SECCOMP_LE:
        return lxcTruth(range->high <= value, range->low > value);
    case VIR_LXC_SECCOMP_GT:
        return lxcTruth(range->low > value, range->high <= value);
    case VIR_LXC_SECCOMP_GE:
        return lxcTruth(range->low >= value, range->high < value);
    case VIR_LXC_SECCOMP_MASKED_EQ:
        return lxcIsMaskedEqual(range, condition->mask, value);
    }

    return VIR_LXC_COMPARE_SOMETIMES;
}

void
virLXCCompareRangeCuts(const virLXCCompareRange *range,
                       const virLXCSeccompCondition *condition, GArray *cuts)
{
    bool before = condition->op != VIR_LXC_SECCOMP_LE &&
                  condition->op != VIR_LXC_SECCOMP_GT;
    bool after = condition->op != VIR_LXC_SECCOMP_LT &&
                 condition->op != VIR_LXC_SECCOMP_GE;
    guint64 next = condition->value + 1;

    if (before && condition->value > range->low)
        g_array_append_val(cuts, condition->value);
    if (after && condition->value < range->high)
        g_array_append_val(cuts, next);
}

void
virLXCCompareRangeCut(const virLXCCompareRange *range, guint64 cut,
                      virLXCCompareRange parts[2])
{
    parts[0] = *range;
    parts[0].high = cut - 1;
    lxcRangeNormalize(&parts[0]);

    parts[1] = *range;
    parts[1].low = cut;
    lxcRangeNormalize(&parts[1]);
}

unsigned int
virLXCCompareRangeSplit(const virLXCCompareRange *range,
                        const virLXCSeccompCondition *condition,
                        virLXCCompareRange parts[2])
{
    guint64 open = condition->mask & ~range->known;
    guint64 bit = G_GUINT64_CONSTANT(1) << lxcHighestBit(open);
    unsigned int n = 0;
    unsigned int i;

    for (i = 0; i < 2; i++) {
        parts[n] = *range;
        parts[n].known |= bit;
        parts[n].bits |= i ? bit : 0;
        n += lxcRangeNormalize(&parts[n]);
    }
    return n;
}

bool
virLXCCompareConditionHolds(const virLXCSeccompCondition *condition,
                            guint64 value)
{
    const virLXCCompareRange range = {value, value, G_MAXUINT64, value};

    return virLXCCompareRangeEvaluate(&range, condition) ==
           VIR_LXC_COMPARE_ALWAYS;
}
