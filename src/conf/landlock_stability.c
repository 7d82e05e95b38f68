/*
 * landlock_stability.c: whether two <landlock> ask for the same
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: validate. In: two definitions. Out: the first difference.
 */

#include "landlock_conf.h"

#include "stability.h"

static const char *
lxcLandlockState(bool on)
{
    return on ? "on" : "off";
}

static int
lxcLandlockCompareABI(unsigned int src, unsigned int dst, GError **error)
{
    g_autofree char *a = src ? g_strdup_printf("%u", src) : NULL;
    g_autofree char *b = dst ? g_strdup_printf("%u", dst) : NULL;

    return virLXCStabilityCompare("attribute 'abi' of <landlock>", a, b, error);
}

/* Rights as they are written; NULL is a path or port that is not there. */
static int
lxcLandlockComparePath(const char *target, const virLXCLandlockPath *src,
                       const virLXCLandlockPath *dst, GError **error)
{
    g_autofree char *what = g_strdup_printf("<path target='%s'>", target);
    g_autofree char *missing =
        g_strdup_printf("attribute 'missing' of %s", what);

    if (!src || !dst || src->allow != dst->allow)
        return virLXCStabilityCompare(what, src ? src->words : NULL,
                                      dst ? dst->words : NULL, error);

    return virLXCStabilityCompare(missing, src->skipMissing ? "skip" : "error",
                                  dst->skipMissing ? "skip" : "error", error);
}

static int
lxcLandlockComparePort(virLXCLandlockProtocol protocol, unsigned int number,
                       const virLXCLandlockPort *src,
                       const virLXCLandlockPort *dst, GError **error)
{
    g_autofree char *what =
        g_strdup_printf("<port protocol='%s' number='%u'>",
                        virLXCLandlockProtocolName(protocol), number);

    if (src && dst && src->allow == dst->allow)
        return 0;

    return virLXCStabilityCompare(what, src ? src->words : NULL,
                                  dst ? dst->words : NULL, error);
}

/* All of the source's, then those that only the destination has. */
static int
lxcLandlockComparePaths(const virLXCLandlockDef *src,
                        const virLXCLandlockDef *dst, GError **error)
{
    guint i;

    for (i = 0; i < src->paths->len; i++) {
        const virLXCLandlockPath *a = g_ptr_array_index(src->paths, i);
        const virLXCLandlockPath *b = virLXCLandlockDefFindPath(dst, a->target);

        if (lxcLandlockComparePath(a->target, a, b, error) < 0)
            return -1;
    }

    for (i = 0; i < dst->paths->len; i++) {
        const virLXCLandlockPath *b = g_ptr_array_index(dst->paths, i);

        if (!virLXCLandlockDefFindPath(src, b->target))
            return lxcLandlockComparePath(b->target, NULL, b, error);
    }

    return 0;
}

static int
lxcLandlockComparePorts(const virLXCLandlockDef *src,
                        const virLXCLandlockDef *dst, GError **error)
{
    guint i;

    for (i = 0; i < src->ports->len; i++) {
        const virLXCLandlockPort *a = g_ptr_array_index(src->ports, i);
        const virLXCLandlockPort *b =
            virLXCLandlockDefFindPort(dst, a->protocol, a->number);

        if (lxcLandlockComparePort(a->protocol, a->number, a, b, error) < 0)
            return -1;
    }

    for (i = 0; i < dst->ports->len; i++) {
        const virLXCLandlockPort *b = g_ptr_array_index(dst->ports, i);

        if (!virLXCLandlockDefFindPort(src, b->protocol, b->number))
            return lxcLandlockComparePort(b->protocol, b->number, NULL, b,
                                          error);
    }

    return 0;
}

static int
lxcLandlockCompareScope(const virLXCLandlockDef *src,
                        const virLXCLandlockDef *dst, GError **error)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        g_autofree char *what =
            g_strdup_printf("attribute '%s' of <scope>", rows[i].name);

        if (rows[i].kind == VIR_LXC_LANDLOCK_SCOPE &&
            virLXCStabilityCompare(
                what, lxcLandlockState(src->scope & rows[i].bit),
                lxcLandlockState(dst->scope & rows[i].bit), error) < 0)
            return -1;
    }

    return 0;
}

/* What there is once in each definition. */
static int
lxcLandlockCompareSelf(const virLXCLandlockDef *src,
                       const virLXCLandlockDef *dst, GError **error)
{
    const char *const *modes = virLXCLandlockModeNames();

    if (virLXCStabilityCompare("attribute 'mode' of <landlock>",
                               modes[src->mode], modes[dst->mode], error) < 0 ||
        lxcLandlockCompareABI(src->abi, dst->abi, error) < 0 ||
        virLXCStabilityCompare("attribute 'log' of <landlock>",
                               lxcLandlockState(src->log),
                               lxcLandlockState(dst->log), error) < 0 ||
        virLXCStabilityCompare("<fs>", virLXCStabilityPresence(src->hasFS),
                               virLXCStabilityPresence(dst->hasFS),
                               error) < 0 ||
        virLXCStabilityCompare("<net>", virLXCStabilityPresence(src->hasNet),
                               virLXCStabilityPresence(dst->hasNet), error) < 0)
        return -1;

    return virLXCStabilityCompare(
        "<scope>", virLXCStabilityPresence(src->hasScope),
        virLXCStabilityPresence(dst->hasScope), error);
}

int
virLXCLandlockDefCheckABIStability(const virLXCLandlockDef *src,
                                   const virLXCLandlockDef *dst, GError **error)
{
    if (!src || !dst)
        return virLXCStabilityCompare("<landlock>",
                                      virLXCStabilityPresence(src),
                                      virLXCStabilityPresence(dst), error);

    if (lxcLandlockCompareSelf(src, dst, error) < 0 ||
        lxcLandlockComparePaths(src, dst, error) < 0 ||
        lxcLandlockComparePorts(src, dst, error) < 0)
        return -1;

    return lxcLandlockCompareScope(src, dst, error);
}
