/*
 * import_lxc_seccomp.c: seccomp profiles of LXC
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a file of version 1 or 2, as lxc.container.conf(5) describes it. Out:
 * <seccomp>.
 */

#include <errno.h>
#include <string.h>

#include "i18n.h"
#include "import_lxc_seccomp_rule.h"
#include "import_private.h"
#include "seccomp_number.h"

/* What is known while the lines are read. */
typedef struct {
    virLXCImport *import;
    const virLXCImportSource *source;
    const virLXCSeccompArch *native;
    char **lines;
    virLXCSeccompAction byDefault;
    virLXCSeccompAction byRule;
    GPtrArray *rules;
    unsigned int section;
} lxcProfile;

static const struct {
    const char *name;
    const char *arch; /* NULL: all ABIs */
} lxcSections[] = {
    {"all", NULL},
    {"x86", "i686"},
    {"x32", "x32"},
    {"x86_64", "x86_64"},
    {"arm", "armv7l"},
    {"arm64", "aarch64"},
    {"ppc64le", "ppc64le"},
    {"ppc64", "ppc64"},
    {"ppc", "ppc"},
    {"mips64", "mips64"},
    {"mips64n32", "mips64n32"},
    {"mips", "mips"},
    {"mipsel64", "mips64el"},
    {"mipsel64n32", "mips64eln32"},
    {"mipsel", "mipsel"},
    {"s390x", "s390x"},
    {"s390", "s390"},
    {"loongarch64", ""},
};

/* The lists that the second line can name, and the actions that they imply. */
static const struct {
    const char *name;
    virLXCSeccompActionKind byDefault;
    virLXCSeccompActionKind byRule;
    bool inVersion1;
} lxcLists[] = {
    {"allowlist", VIR_LXC_SECCOMP_KILL_THREAD, VIR_LXC_SECCOMP_ALLOW, true},
    {"whitelist", VIR_LXC_SECCOMP_KILL_THREAD, VIR_LXC_SECCOMP_ALLOW, true},
    {"denylist", VIR_LXC_SECCOMP_ALLOW, VIR_LXC_SECCOMP_KILL_THREAD, false},
    {"blacklist", VIR_LXC_SECCOMP_ALLOW, VIR_LXC_SECCOMP_KILL_THREAD, false},
};

static bool
lxcSectionIs(const char *line, const char *name)
{
    g_autofree char *lower = g_strdup_printf("[%s]", name);
    g_autofree char *upper = g_ascii_strup(lower, -1);

    return g_str_equal(line, lower) || g_str_equal(line, upper);
}

/* Sets the ABIs that the section is for. */
static int
lxcProfileSection(lxcProfile *profile, const char *line, int number,
                  GError **error)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcSections); i++) {
        if (!lxcSectionIs(line, lxcSections[i].name))
            continue;
        profile->section =
            lxcSections[i].arch
                ? virLXCImportABIs(lxcSections[i].arch, profile->native)
                : VIR_LXC_IMPORT_ABIS_ALL;
        if (profile->section == 0)
            virLXCImportAdd(profile->import, false, profile->source->file,
                            number, line,
                            _("the section does not apply to this host, so "
                              "its rules are left out"));
        return 0;
    }

    return virLXCImportSetError(error, profile->source->file, number, 1,
                                _("unknown architecture '%1$s'"), line);
}

static int
lxcProfileLine(lxcProfile *profile, const char *line, int number,
               GError **error)
{
    g_autoptr(virLXCImportLXCRule) rule = NULL;
    const char *file = profile->source->file;

    if (line[0] == '#' || line[0] == '\0')
        return 0;
    if (line[0] == '[')
        return lxcProfileSection(profile, line, number, error);
    if (profile->section == 0)
        return 0;

    if (line[0] == ' ' || line[0] == '\t') {
        virLXCImportAdd(profile->import, true, file, number, line,
                        _("LXC ignores lines that begin with a blank, and so "
                          "is this rule"));
        return 0;
    }

    rule = virLXCImportLXCRuleParse(profile->import, file, number, line,
                                    profile->byRule, error);
    if (!rule)
        return -1;
    rule->abis = profile->section;
    if (rule->rule)
        g_ptr_array_add(profile->rules, g_steal_pointer(&rule));
    return 0;
}

/* Returns the name of the call with that number, or NULL. */
static const char *
lxcCallByNumber(int number, const virLXCSeccompArch *native)
{
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (virLXCSyscallNumber(rows[i].name, native) == number)
            return rows[i].name;
    }
    return NULL;
}

/* A line of version 1 is a number. */
static int
lxcProfileNumber(lxcProfile *profile, const char *line, int number,
                 GError **error)
{
    size_t digits = strspn(line, "0123456789");
    const char *rest = line + digits + strspn(line + digits, " \t");
    const char *name;
    virLXCImportLXCRule *rule;

    if (line[0] == '\0')
        return 0;
    if (digits == 0 || digits > 6 || (*rest && *rest != '#'))
        return virLXCImportSetError(
            error, profile->source->file, number, 1,
            _("expected the number of a system call, found '%1$s'"), line);

    name =
        lxcCallByNumber((int)g_ascii_strtoll(line, NULL, 10), profile->native);
    if (!name) {
        virLXCImportAdd(profile->import, true, profile->source->file, number,
                        line,
                        _("no system call of this host is known to have that "
                          "number, so it is not allowed"));
        return 0;
    }

    rule = g_new0(virLXCImportLXCRule, 1);
    rule->abis = VIR_LXC_IMPORT_ABIS_NATIVE;
    rule->rule = virLXCSeccompRuleNew(name, profile->byRule, number);
    g_ptr_array_add(profile->rules, rule);
    return 0;
}

/* The first line is the version, the second the kind of list, and in version 2
 * optionally the default action. */
static int
lxcProfileHead(lxcProfile *profile, unsigned int *version, GError **error)
{
    const char *file = profile->source->file;
    const char *first = profile->lines[0] ? profile->lines[0] : "";
    const char *second = first[0] ? profile->lines[1] : NULL;
    const char *rest = NULL;
    size_t i;

    if (!g_str_equal(first, "1") && !g_str_equal(first, "2"))
        return virLXCImportSetError(error, file, 1, 1,
                                    _("expected version 1 or 2, found '%1$s'"),
                                    first);
    *version = first[0] - '0';

    for (i = 0; second && i < G_N_ELEMENTS(lxcLists); i++) {
        if (!g_str_has_prefix(second, lxcLists[i].name) ||
            (*version == 1 && !lxcLists[i].inVersion1))
            continue;
        profile->byDefault.kind = lxcLists[i].byDefault;
        profile->byRule.kind = lxcLists[i].byRule;
        rest = second + strlen(lxcLists[i].name);
        break;
    }

    if (!rest || (*rest && *rest != ' ') || (*version == 1 && *rest))
        return virLXCImportSetError(
            error, file, 2, 1,
            *version == 1 ? _("expected 'allowlist', found '%1$s'")
                          : _("expected 'allowlist' or 'denylist' and an "
                              "action, found '%1$s'"),
            second ? second : "");

    return virLXCImportLXCActionParse(profile->import, file, 2, second, &rest,
                                      &profile->byDefault, error);
}

static int
lxcProfileLines(lxcProfile *profile, GError **error)
{
    unsigned int version = 0;
    size_t i;

    if (lxcProfileHead(profile, &version, error) < 0)
        return -1;

    if (profile->byDefault.kind == VIR_LXC_SECCOMP_NOTIFY)
        return virLXCImportSetError(error, profile->source->file, 2, 1,
                                    _("'%1$s' cannot be the default action"),
                                    "notify");

    for (i = 2; profile->lines[i]; i++) {
        if (version == 1 ? lxcProfileNumber(profile, profile->lines[i],
                                            (int)i + 1, error) < 0
                         : lxcProfileLine(profile, profile->lines[i],
                                          (int)i + 1, error) < 0)
            return -1;
        if (profile->rules->len > VIR_LXC_IMPORT_LXC_RULES_MAX)
            return virLXCImportSetError(
                error, profile->source->file, (int)i + 1, 0,
                _("the profile has more than %1$d rules"),
                VIR_LXC_IMPORT_LXC_RULES_MAX);
    }

    if (version == 1)
        profile->section = VIR_LXC_IMPORT_ABIS_NATIVE;
    return 0;
}

static void
lxcProfileFinish(lxcProfile *profile)
{
    virLXCSeccompDef *def = virLXCSeccompDefNew();
    bool allows = profile->byDefault.kind == VIR_LXC_SECCOMP_ALLOW;

    def->policy =
        allows ? VIR_LXC_SECCOMP_POLICY_ALLOW : VIR_LXC_SECCOMP_POLICY_DENY;
    def->hasDenied = def->hasUnknown = !allows;
    def->denied = def->unknown = profile->byDefault;
    profile->import->def->seccomp = def;
    virLXCImportLXCRules(profile->import, profile->source->file,
                         profile->native, profile->byDefault, profile->rules,
                         def);
}

/* Ends each line at its last character that is not blank. */
static char **
lxcProfileSplit(const virLXCImportSource *source)
{
    g_autofree char *text = g_strndup(source->text, source->length);
    char **lines = g_strsplit(text, "\n", -1);
    size_t i;

    for (i = 0; lines[i]; i++)
        g_strchomp(lines[i]);
    return lines;
}

int
virLXCImportLXCSeccomp(virLXCImport *import, const virLXCImportSource *source,
                       GError **error)
{
    g_auto(GStrv) lines = lxcProfileSplit(source);
    g_autoptr(GPtrArray) rules =
        g_ptr_array_new_with_free_func((GDestroyNotify)virLXCImportLXCRuleFree);
    lxcProfile profile = {
        .import = import,
        .source = source,
        .native = source->host->seccompArch,
        .lines = lines,
        .rules = rules,
        .section = VIR_LXC_IMPORT_ABIS_ALL,
    };

    if (lxcProfileLines(&profile, error) < 0)
        return -1;

    lxcProfileFinish(&profile);
    return 0;
}
