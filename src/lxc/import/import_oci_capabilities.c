/*
 * import_oci_capabilities.c: capability sets of a config.json
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: five sets of capabilities. Out: <capabilities>, which lists what init and
 * all other processes can have at most.
 */

#include "import_oci_capabilities.h"

#include <string.h>

#include "capabilities_table.h"
#include "i18n.h"

enum {
    BOUNDING,
    EFFECTIVE,
    INHERITABLE,
    PERMITTED,
    AMBIENT,
    SETS,
};

static const char *const lxcSets[] = {"bounding",  "effective", "inheritable",
                                      "permitted", "ambient",   NULL};

/* The table has the kernel's names in lower case without "CAP_". */
static const virLXCCapability *
lxcCapabilityByName(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    g_autofree char *upper = g_ascii_strup(name, -1);

    if (!g_str_has_prefix(name, "CAP_") || !g_str_equal(upper, name))
        return NULL;
    return virLXCCapabilityByName(lower + strlen("cap_"));
}

static int
lxcSetParse(virLXCImport *import, const virLXCImportSource *source,
            const virLXCJSON *object, const char *name, guint64 *set,
            GError **error)
{
    const GPtrArray *values = NULL;
    size_t i;

    if (virLXCJSONGetList(object, name, &values, error) < 0)
        return -1;

    for (i = 0; values && i < values->len; i++) {
        const virLXCJSON *value = g_ptr_array_index(values, i);
        const char *text = virLXCJSONGetString(value, error);
        const virLXCCapability *row;

        if (!text)
            return -1;
        row = lxcCapabilityByName(text);
        if (row)
            *set |= VIR_LXC_CAPABILITY_BIT(row->number);
        else
            virLXCImportAddJSON(import, true, source->file, value,
                                _("the capability '%1$s' is not known, so the "
                                  "container does not have it"),
                                text);
    }
    return 0;
}

/* Whether process.user is root of the container. */
static int
lxcUserIsRoot(const virLXCJSON *process, bool *isRoot, GError **error)
{
    const virLXCJSON *user = NULL;
    const virLXCJSON *uid;
    guint64 number = 0;

    if (virLXCJSONGetObject(process, "user", &user, error) < 0)
        return -1;

    uid = user ? virLXCJSONGet(user, "uid") : NULL;
    if (uid && virLXCJSONGetUnsigned(uid, G_MAXUINT32, &number, error) < 0)
        return -1;

    *isRoot = number == 0;
    return 0;
}

/* What capabilities(7) says of execve(2). Root gets its inheritable and its
 * bounding set, with no_new_privs only as far as they are permitted already.
 * Other users keep their ambient set, which is what <capabilities> gives to an
 * <inituser>. */
static guint64
lxcSetsResult(const guint64 *sets, bool isRoot, bool noNewPrivs)
{
    guint64 root = sets[INHERITABLE] | sets[BOUNDING];

    if (!isRoot)
        return sets[AMBIENT] & sets[PERMITTED] & sets[INHERITABLE];
    return noNewPrivs ? root & sets[PERMITTED] : root;
}

int
virLXCImportOCICapabilities(virLXCImport *import,
                            const virLXCImportSource *source,
                            const virLXCJSON *value, GError **error)
{
    virLXCCapabilitiesDef *def = &import->def->capabilities;
    bool noNewPrivs = import->def->noNewPrivs == VIR_LXC_SWITCH_ON;
    guint64 sets[SETS] = {0};
    bool isRoot = true;
    size_t i;

    if (virLXCJSONCheckMembers(value, lxcSets, error) < 0 ||
        lxcUserIsRoot(value->parent, &isRoot, error) < 0)
        return -1;

    for (i = 0; i < SETS; i++) {
        if (lxcSetParse(import, source, value, lxcSets[i], &sets[i], error) < 0)
            return -1;
    }

    def->on = lxcSetsResult(sets, isRoot, noNewPrivs);
    if (sets[BOUNDING] & ~def->on)
        virLXCImportAddJSON(
            import, false, source->file, value,
            isRoot ? _("the bounding set has capabilities that the process "
                       "cannot acquire with no_new_privs; they are left out")
                   : _("the bounding set has capabilities that the process "
                       "does not have, as it does not run as root; they are "
                       "left out"));
    return 0;
}
