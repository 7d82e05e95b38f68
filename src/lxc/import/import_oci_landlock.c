/*
 * import_oci_landlock.c: process.landlock of a config.json
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: JSON as proposed for the OCI runtime specification in its pull requests
 * 1111 and 1241. Out: <landlock>.
 */

#include "i18n.h"
#include "import_landlock.h"

static int
lxcRightsParse(const virLXCJSON *object, const char *name, guint64 *rights,
               GError **error)
{
    const GPtrArray *values = NULL;
    size_t i;

    if (virLXCJSONGetList(object, name, &values, error) < 0)
        return -1;

    for (i = 0; values && i < values->len; i++) {
        const virLXCJSON *value = g_ptr_array_index(values, i);
        const char *word = virLXCJSONGetString(value, error);
        const virLXCLandlockRight *row;

        if (!word)
            return -1;
        row = virLXCLandlockRightByName(word);
        if (!row || row->kind != VIR_LXC_LANDLOCK_FS)
            return virLXCJSONSetError(value, error,
                                      _("unknown Landlock right '%1$s'"), word);
        *rights |= row->bit;
    }
    return 0;
}

static int
lxcPathsParse(virLXCImport *import, const virLXCImportSource *source,
              const GPtrArray *paths, guint64 allow,
              virLXCImportRuleset *ruleset, GError **error)
{
    size_t i;

    for (i = 0; paths && i < paths->len; i++) {
        const virLXCJSON *value = g_ptr_array_index(paths, i);
        const char *path = virLXCJSONGetString(value, error);

        if (!path)
            return -1;
        if (ruleset->paths->len >= VIR_LXC_IMPORT_LANDLOCK_RULES_MAX)
            return virLXCJSONSetError(value, error,
                                      _("there are more than %1$d paths"),
                                      VIR_LXC_IMPORT_LANDLOCK_RULES_MAX);
        if (path[0] == '/' && allow)
            virLXCImportRulesetAddPath(ruleset, path, allow, value->line);
        else if (allow)
            virLXCImportAddJSON(import, true, source->file, value,
                                _("'%1$s' is not an absolute path, so nothing "
                                  "below it is allowed"),
                                path);
    }
    return 0;
}

/* The kernel rejects rules that allow rights which are not handled. */
static int
lxcPathBeneathParse(virLXCImport *import, const virLXCImportSource *source,
                    const virLXCJSON *rule, virLXCImportRuleset *ruleset,
                    GError **error)
{
    static const char *const members[] = {"allowedAccess", "paths", NULL};
    guint64 allow = 0;
    guint64 more;
    const GPtrArray *paths = NULL;
    g_autofree char *names = NULL;

    if (virLXCJSONCheckMembers(rule, members, error) < 0 ||
        lxcRightsParse(rule, "allowedAccess", &allow, error) < 0 ||
        virLXCJSONGetList(rule, "paths", &paths, error) < 0)
        return -1;

    more = allow & ~ruleset->handled[VIR_LXC_LANDLOCK_FS];
    names = virLXCLandlockNames(VIR_LXC_LANDLOCK_FS, more);
    if (more)
        return virLXCJSONSetError(
            rule, error,
            _("the rule allows rights that the ruleset does not handle: %1$s"),
            names);

    return lxcPathsParse(import, source, paths, allow, ruleset, error);
}

static int
lxcRulesParse(virLXCImport *import, const virLXCImportSource *source,
              const virLXCJSON *rules, virLXCImportRuleset *ruleset,
              GError **error)
{
    static const char *const members[] = {"pathBeneath", NULL};
    const GPtrArray *values = NULL;
    size_t i;

    if (!rules)
        return 0;

    if (virLXCJSONCheckMembers(rules, members, error) < 0 ||
        virLXCJSONGetList(rules, "pathBeneath", &values, error) < 0)
        return -1;

    for (i = 0; values && i < values->len; i++) {
        if (lxcPathBeneathParse(import, source, g_ptr_array_index(values, i),
                                ruleset, error) < 0)
            return -1;
    }
    return 0;
}

static int
lxcLandlockParse(virLXCImport *import, const virLXCImportSource *source,
                 const virLXCJSON *landlock, virLXCImportRuleset *ruleset,
                 GError **error)
{
    static const char *const members[] = {"ruleset", "rules",
                                          "disableBestEffort", NULL};
    static const char *const handled[] = {"handledAccessFS", NULL};
    const virLXCJSON *strict;
    const virLXCJSON *rights;
    bool required = false;

    if (virLXCJSONCheckMembers(landlock, members, error) < 0)
        return -1;

    strict = virLXCJSONGet(landlock, "disableBestEffort");
    rights = virLXCJSONGet(landlock, "ruleset");
    if ((strict && virLXCJSONGetBoolean(strict, &required, error) < 0) ||
        (rights &&
         (virLXCJSONCheckMembers(rights, handled, error) < 0 ||
          lxcRightsParse(rights, handled[0],
                         &ruleset->handled[VIR_LXC_LANDLOCK_FS], error) < 0)))
        return -1;

    ruleset->line = landlock->line;
    ruleset->bestEffort = !required;
    return lxcRulesParse(import, source, virLXCJSONGet(landlock, "rules"),
                         ruleset, error);
}

int
virLXCImportLandlockValue(virLXCImport *import,
                          const virLXCImportSource *source,
                          const virLXCJSON *landlock, GError **error)
{
    g_auto(virLXCImportRuleset) ruleset = {0};

    virLXCImportRulesetInit(&ruleset);
    if (lxcLandlockParse(import, source, landlock, &ruleset, error) < 0)
        return -1;

    if (ruleset.handled[VIR_LXC_LANDLOCK_FS]) {
        virLXCImportRulesetFinish(import, source, &ruleset);
        return 0;
    }

    virLXCImportAddJSON(import, false, source->file, landlock,
                        _("the ruleset does not handle any right, so it does "
                          "not restrict anything"));
    return 0;
}
