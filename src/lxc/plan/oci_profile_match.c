/*
 * oci_profile_match.c: evaluate includes and excludes of a seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a rule's conditions on host and domain, as defined by docker
 * (profiles/seccomp of moby). Out: whether they hold. All of them are checked,
 * so that errors in a profile do not depend on the host.
 */

#include <string.h>

#include "capabilities_table.h"
#include "i18n.h"
#include "oci_profile_parts.h"

/* For each list of includes or excludes, the number of values and the number of
 * those that hold for host and domain. */
typedef struct {
    guint caps;
    guint capsHeld;
    guint arches;
    guint archesHeld;
    bool hasKernel;
    bool kernelHeld;
} lxcOCIMatch;

/* Profiles use the kernel's names; the table has them in lower case without
 * "CAP_". */
static const virLXCCapability *
lxcOCICapabilityByName(const char *name)
{
    g_autofree char *lower = NULL;

    if (!g_str_has_prefix(name, "CAP_") ||
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != strlen(name))
        return NULL;

    lower = g_ascii_strdown(name + strlen("CAP_"), -1);
    return virLXCCapabilityByName(lower);
}

static int
lxcOCICapHolds(const virLXCJSON *value, const virLXCSeccompContext *context,
               bool *holds, GError **error)
{
    const char *name = virLXCJSONGetString(value, error);
    const virLXCCapability *row;

    if (!name)
        return -1;

    if (!(row = lxcOCICapabilityByName(name)))
        return virLXCJSONSetError(value, error, _("unknown capability '%1$s'"),
                                  name);

    *holds = context->capabilities & VIR_LXC_CAPABILITY_BIT(row->number);
    return 0;
}

static int
lxcOCIArchHolds(const virLXCJSON *value, const virLXCSeccompContext *context,
                bool *holds, GError **error)
{
    return virLXCOCIArchIsGo(context->native, value, holds, error);
}

/* Counts the values in list @name of @filter, and those that hold. */
static int
lxcOCICount(const virLXCJSON *filter, const char *name,
            const virLXCSeccompContext *context,
            int (*holds)(const virLXCJSON *, const virLXCSeccompContext *,
                         bool *, GError **),
            guint *all, guint *held, GError **error)
{
    const GPtrArray *values;
    size_t i;

    if (virLXCJSONGetList(filter, name, &values, error) < 0)
        return -1;

    for (i = 0; values && i < values->len; i++) {
        bool one = false;

        if (holds(g_ptr_array_index(values, i), context, &one, error) < 0)
            return -1;
        *all += 1;
        *held += one;
    }

    return 0;
}

static int
lxcOCIKernelHolds(const virLXCJSON *value, const virLXCSeccompContext *context,
                  bool *holds, GError **error)
{
    const char *text = virLXCJSONGetString(value, error);
    virLXCKernelVersion version;

    if (!text)
        return -1;

    if (!virLXCKernelVersionFromString(text, &version))
        return virLXCJSONSetError(
            value, error,
            _("invalid value '%1$s': expected a kernel version, such as 4.8"),
            text);

    *holds = virLXCKernelVersionCompare(context->kernel, version) >= 0;
    return 0;
}

static int
lxcOCIMatchParse(const virLXCJSON *filter, const virLXCSeccompContext *context,
                 lxcOCIMatch *match, GError **error)
{
    static const char *const members[] = {"caps", "arches", "minKernel", NULL};
    const virLXCJSON *kernel;

    if (!filter)
        return 0;

    if (virLXCJSONCheckMembers(filter, members, error) < 0 ||
        lxcOCICount(filter, "caps", context, lxcOCICapHolds, &match->caps,
                    &match->capsHeld, error) < 0 ||
        lxcOCICount(filter, "arches", context, lxcOCIArchHolds, &match->arches,
                    &match->archesHeld, error) < 0)
        return -1;

    if (!(kernel = virLXCJSONGet(filter, "minKernel")))
        return 0;

    match->hasKernel = true;
    return lxcOCIKernelHolds(kernel, context, &match->kernelHeld, error);
}

int
virLXCOCIRuleMatches(const virLXCJSON *rule,
                     const virLXCSeccompContext *context, bool *holds,
                     GError **error)
{
    lxcOCIMatch in = {0};
    lxcOCIMatch ex = {0};

    if (lxcOCIMatchParse(virLXCJSONGet(rule, "includes"), context, &in, error) <
            0 ||
        lxcOCIMatchParse(virLXCJSONGet(rule, "excludes"), context, &ex, error) <
            0)
        return -1;

    *holds = in.capsHeld == in.caps && (in.arches == 0 || in.archesHeld > 0) &&
             (!in.hasKernel || in.kernelHeld) && ex.capsHeld == 0 &&
             ex.archesHeld == 0 && !ex.kernelHeld;
    return 0;
}
