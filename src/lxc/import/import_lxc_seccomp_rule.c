/*
 * import_lxc_seccomp_rule.c: rules of LXC's seccomp profiles
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: lines of version 2. Out: rules of <seccomp>.
 */

#include "import_lxc_seccomp_rule.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>

#include "i18n.h"

#define LXC_REJECT_FORCE_UMOUNT "reject_force_umount"

/* Where a line is being read. */
typedef struct {
    virLXCImport *import;
    const char *file;
    int line;
    const char *start;
    const char *p;
} lxcCursor;

static const struct {
    const char *name;
    const char *sign;
    virLXCSeccompOperator op;
} lxcOperators[] = {
    {"SCMP_CMP_NE", "!=", VIR_LXC_SECCOMP_NE},
    {"SCMP_CMP_LT", "<", VIR_LXC_SECCOMP_LT},
    {"SCMP_CMP_LE", "<=", VIR_LXC_SECCOMP_LE},
    {"SCMP_CMP_EQ", "==", VIR_LXC_SECCOMP_EQ},
    {"SCMP_CMP_GE", ">=", VIR_LXC_SECCOMP_GE},
    {"SCMP_CMP_GT", ">", VIR_LXC_SECCOMP_GT},
    {"SCMP_CMP_MASKED_EQ", "&=", VIR_LXC_SECCOMP_MASKED_EQ},
};

static const struct {
    const char *name;
    virLXCSeccompActionKind kind;
} lxcActions[] = {
    {"kill", VIR_LXC_SECCOMP_KILL_THREAD}, {"errno", VIR_LXC_SECCOMP_ERRNO},
    {"allow", VIR_LXC_SECCOMP_ALLOW},      {"trap", VIR_LXC_SECCOMP_TRAP},
    {"notify", VIR_LXC_SECCOMP_NOTIFY},
};

void
virLXCImportLXCRuleFree(virLXCImportLXCRule *rule)
{
    if (!rule)
        return;

    virLXCSeccompRuleFree(rule->rule);
    g_free(rule);
}

unsigned int
virLXCImportABIs(const char *name, const virLXCSeccompArch *native)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    unsigned int bit = VIR_LXC_IMPORT_ABIS_NATIVE;
    size_t i;

    if (g_str_equal(native->name, name))
        return bit;

    for (i = 0; i < nrows; i++) {
        if (&rows[i] == native || !virLXCSeccompArchRunsOn(&rows[i], native))
            continue;
        bit <<= 1;
        if (g_str_equal(rows[i].name, name))
            return bit;
    }
    return 0;
}

static int
lxcCursorSetError(const lxcCursor *cursor, const char *what, GError **error)
{
    return virLXCImportSetError(error, cursor->file, cursor->line,
                                (size_t)(cursor->p - cursor->start) + 1,
                                _("expected %1$s, found '%2$s'"), what,
                                cursor->p);
}

static void
lxcCursorSkipBlank(lxcCursor *cursor)
{
    cursor->p += strspn(cursor->p, " \t");
}

static bool
lxcCursorAtEnd(const lxcCursor *cursor)
{
    return cursor->p[0] == '\0' || cursor->p[0] == '#';
}

static bool
lxcCursorSkip(lxcCursor *cursor, char c)
{
    if (*cursor->p != c)
        return false;
    cursor->p++;
    return true;
}

/* Reads a number in decimal, or in hexadecimal after "0x", or in octal after
 * "0". */
static bool
lxcCursorNumber(lxcCursor *cursor, guint64 *number)
{
    char *end = NULL;

    lxcCursorSkipBlank(cursor);
    if (!g_ascii_isdigit(*cursor->p))
        return false;

    errno = 0;
    *number = g_ascii_strtoull(cursor->p, &end, 0);
    if (errno != 0)
        return false;
    cursor->p = end;
    lxcCursorSkipBlank(cursor);
    return true;
}

/* Reads the number of an errno action. A call that fails with errno 0 returns
 * 0, without having been made: XML does not have that. */
static int
lxcCursorErrno(lxcCursor *cursor, virLXCSeccompAction *action, GError **error)
{
    const char *start = cursor->p;
    guint64 number = 0;

    if (!lxcCursorNumber(cursor, &number) ||
        number > VIR_LXC_SECCOMP_ERRNO_MAX) {
        cursor->p = start + strspn(start, " \t");
        return lxcCursorSetError(cursor, _("the number of an errno"), error);
    }

    action->number = (unsigned int)number;
    if (number > 0)
        return 0;

    action->number = EPERM;
    virLXCImportAdd(cursor->import, true, cursor->file, cursor->line, "errno 0",
                    _("a call that is not made cannot return success, so it "
                      "fails with EPERM"));
    return 0;
}

static int
lxcCursorAction(lxcCursor *cursor, virLXCSeccompAction *action, GError **error)
{
    size_t length;
    size_t i;

    lxcCursorSkipBlank(cursor);
    if (lxcCursorAtEnd(cursor))
        return 0;

    length = strcspn(cursor->p, " \t[#");
    for (i = 0; i < G_N_ELEMENTS(lxcActions); i++) {
        if (strlen(lxcActions[i].name) != length ||
            strncmp(cursor->p, lxcActions[i].name, length) != 0)
            continue;
        cursor->p += length;
        *action = (virLXCSeccompAction){.kind = lxcActions[i].kind};
        if (action->kind == VIR_LXC_SECCOMP_ERRNO)
            return lxcCursorErrno(cursor, action, error);
        lxcCursorSkipBlank(cursor);
        return 0;
    }

    return lxcCursorSetError(cursor, _("an action"), error);
}

int
virLXCImportLXCActionParse(virLXCImport *import, const char *file, int line,
                           const char *start, const char **text,
                           virLXCSeccompAction *action, GError **error)
{
    lxcCursor cursor = {import, file, line, start, *text};

    if (lxcCursorAction(&cursor, action, error) < 0)
        return -1;
    if (!lxcCursorAtEnd(&cursor))
        return lxcCursorSetError(&cursor, _("the end of the line"), error);

    *text = cursor.p;
    return 0;
}

static int
lxcCursorOperator(lxcCursor *cursor, virLXCSeccompOperator *op, GError **error)
{
    size_t length;
    size_t i;

    lxcCursorSkipBlank(cursor);
    length = strcspn(cursor->p, " \t,]");
    for (i = 0; i < G_N_ELEMENTS(lxcOperators); i++) {
        g_autofree char *word = g_strndup(cursor->p, length);

        if (!g_str_equal(word, lxcOperators[i].name) &&
            !g_str_equal(word, lxcOperators[i].sign))
            continue;
        *op = lxcOperators[i].op;
        cursor->p += length;
        lxcCursorSkipBlank(cursor);
        return 0;
    }

    return lxcCursorSetError(cursor, _("an operator"), error);
}

/* "[INDEX,VALUE,OPERATOR]" or "[INDEX,VALUE,OPERATOR,MASK]" */
static int
lxcCursorCondition(lxcCursor *cursor, virLXCSeccompCondition *condition,
                   GError **error)
{
    const char *start;
    guint64 index = 0;
    bool masked;

    if (!lxcCursorSkip(cursor, '['))
        return lxcCursorSetError(cursor, _("'['"), error);
    start = cursor->p;
    if (!lxcCursorNumber(cursor, &index) ||
        index >= VIR_LXC_SECCOMP_ARGUMENTS) {
        cursor->p = start;
        return lxcCursorSetError(cursor, _("the index of an argument"), error);
    }
    condition->index = (unsigned int)index;
    if (!lxcCursorSkip(cursor, ','))
        return lxcCursorSetError(cursor, _("','"), error);
    if (!lxcCursorNumber(cursor, &condition->value))
        return lxcCursorSetError(cursor, _("a number"), error);
    if (!lxcCursorSkip(cursor, ','))
        return lxcCursorSetError(cursor, _("','"), error);
    if (lxcCursorOperator(cursor, &condition->op, error) < 0)
        return -1;

    masked = condition->op == VIR_LXC_SECCOMP_MASKED_EQ;
    if (masked && *cursor->p != ',')
        return lxcCursorSetError(cursor, _("a mask"), error);
    if (lxcCursorSkip(cursor, ',') &&
        !lxcCursorNumber(cursor, &condition->mask))
        return lxcCursorSetError(cursor, _("a mask"), error);
    if (!masked)
        condition->mask = 0;
    condition->value &= masked ? condition->mask : G_MAXUINT64;
    if (!lxcCursorSkip(cursor, ']'))
        return lxcCursorSetError(cursor, _("']'"), error);
    lxcCursorSkipBlank(cursor);
    return 0;
}

/* libseccomp rejects several conditions on one argument. */
static int
lxcCursorConditions(lxcCursor *cursor, GArray *conditions, GError **error)
{
    unsigned int indexes = 0;

    while (!lxcCursorAtEnd(cursor)) {
        virLXCSeccompCondition condition = {0};

        if (lxcCursorCondition(cursor, &condition, error) < 0)
            return -1;
        if (indexes & 1U << condition.index)
            return virLXCImportSetError(
                error, cursor->file, cursor->line, 0,
                _("there are several conditions on argument %1$u"),
                condition.index);
        indexes |= 1U << condition.index;
        g_array_append_val(conditions, condition);
    }
    return 0;
}

/* What lxc.container.conf(5) calls reject_force_umount. */
static virLXCSeccompRule *
lxcRuleForceUmount(int line)
{
    const virLXCSeccompAction refused = {VIR_LXC_SECCOMP_ERRNO, EACCES};
    const virLXCSeccompCondition force = {
        .index = 1,
        .op = VIR_LXC_SECCOMP_MASKED_EQ,
        .value = MNT_FORCE,
        .mask = MNT_FORCE,
    };
    virLXCSeccompRule *rule = virLXCSeccompRuleNew("umount2", refused, line);

    g_array_append_val(rule->conditions, force);
    return rule;
}

/* The kernel lets calls fail with ENOSYS if they are notified and no one
 * listens. LXC's agents speak a protocol of their own. */
static virLXCSeccompAction
lxcActionWithoutListener(const lxcCursor *cursor, const char *name,
                         virLXCSeccompAction action)
{
    if (action.kind != VIR_LXC_SECCOMP_NOTIFY)
        return action;

    virLXCImportAdd(cursor->import, true, cursor->file, cursor->line, name,
                    _("'notify' cannot be converted, because the agents of LXC "
                      "and <listener> have different protocols; the call fails "
                      "with ENOSYS"));
    return (virLXCSeccompAction){VIR_LXC_SECCOMP_ERRNO, ENOSYS};
}

virLXCImportLXCRule *
virLXCImportLXCRuleParse(virLXCImport *import, const char *file, int line,
                         const char *text, virLXCSeccompAction action,
                         GError **error)
{
    g_autoptr(virLXCImportLXCRule) parsed = g_new0(virLXCImportLXCRule, 1);
    g_autofree char *name = g_strndup(text, strcspn(text, " \t"));
    lxcCursor cursor = {import, file, line, text, text + strlen(name)};

    if (g_str_equal(name, LXC_REJECT_FORCE_UMOUNT)) {
        lxcCursorSkipBlank(&cursor);
        if (!lxcCursorAtEnd(&cursor)) {
            lxcCursorSetError(&cursor, _("the end of the line"), error);
            return NULL;
        }
        parsed->rule = lxcRuleForceUmount(line);
        return g_steal_pointer(&parsed);
    }

    parsed->rule = virLXCSeccompRuleNew(name, action, line);
    if (lxcCursorAction(&cursor, &parsed->rule->action, error) < 0 ||
        lxcCursorConditions(&cursor, parsed->rule->conditions, error) < 0)
        return NULL;

    if (!virLXCSyscallByName(name)) {
        virLXCImportAdd(import, true, file, line, name,
                        _("the system call is not known, so the rule is left "
                          "out"));
        virLXCSeccompRuleFree(g_steal_pointer(&parsed->rule));
        return g_steal_pointer(&parsed);
    }

    parsed->rule->action =
        lxcActionWithoutListener(&cursor, name, parsed->rule->action);
    return g_steal_pointer(&parsed);
}

/* Rules with the same key are equal except for their sections. */
static char *
lxcRuleKey(const virLXCSeccompRule *rule)
{
    GString *key = g_string_new(rule->name);
    size_t i;

    g_string_append_printf(key, " %d %u", rule->action.kind,
                           rule->action.number);
    for (i = 0; i < rule->conditions->len; i++) {
        const virLXCSeccompCondition *condition =
            &g_array_index(rule->conditions, virLXCSeccompCondition, i);

        g_string_append_printf(
            key, " %u:%d:%" G_GINT64_MODIFIER "x:%" G_GINT64_MODIFIER "x",
            condition->index, condition->op, condition->value, condition->mask);
    }
    return g_string_free(key, FALSE);
}

/* Gives equal rules the ABIs of all of them. */
static void
lxcRulesJoin(const GPtrArray *rules)
{
    g_autoptr(GHashTable) byKey =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    size_t i;

    for (i = 0; i < rules->len; i++) {
        virLXCImportLXCRule *rule = g_ptr_array_index(rules, i);
        char *key = lxcRuleKey(rule->rule);
        virLXCImportLXCRule *first = g_hash_table_lookup(byKey, key);

        if (!first) {
            g_hash_table_insert(byKey, key, rule);
            continue;
        }
        g_free(key);
        first->abis |= rule->abis;
    }

    for (i = 0; i < rules->len; i++) {
        virLXCImportLXCRule *rule = g_ptr_array_index(rules, i);
        g_autofree char *key = lxcRuleKey(rule->rule);
        const virLXCImportLXCRule *first = g_hash_table_lookup(byKey, key);

        rule->abis = first->abis;
    }
}

/* Enables the other ABIs of the host for which all looser rules are. x32 has to
 * be named by a section, since hardly any kernel supports it. */
static void
lxcRulesEnableABIs(virLXCImport *import, const char *file,
                   const virLXCSeccompArch *native, unsigned int abis,
                   virLXCSeccompDef *def)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        virLXCSeccompArchUse use = {.arch = &rows[i]};

        if (&rows[i] == native || !virLXCSeccompArchRunsOn(&rows[i], native))
            continue;
        if (!g_str_equal(rows[i].name, "x32") &&
            abis & virLXCImportABIs(rows[i].name, native))
            g_array_append_val(def->archs, use);
        else
            virLXCImportAdd(import, false, file, 2, rows[i].name,
                            _("calls of this ABI are refused; to allow those "
                              "that the rules allow, add <arch name='%1$s'/>"),
                            rows[i].name);
    }
}

void
virLXCImportLXCRules(virLXCImport *import, const char *file,
                     const virLXCSeccompArch *native,
                     virLXCSeccompAction byDefault, GPtrArray *rules,
                     virLXCSeccompDef *def)
{
    g_autoptr(GPtrArray) taken = virLXCSeccompRulesNew();
    unsigned int abis = VIR_LXC_IMPORT_ABIS_ALL;
    size_t i;

    lxcRulesJoin(rules);
    for (i = 0; i < rules->len; i++) {
        virLXCImportLXCRule *rule = g_ptr_array_index(rules, i);
        bool looser = rule->rule->action.kind < byDefault.kind;

        if (looser && !(rule->abis & VIR_LXC_IMPORT_ABIS_NATIVE)) {
            virLXCImportAdd(import, true, file, rule->rule->line,
                            rule->rule->name,
                            _("the rule is for another ABI than the native one "
                              "only, but <seccomp> has the same rules for all; "
                              "it is left out"));
            abis = VIR_LXC_IMPORT_ABIS_NATIVE;
            continue;
        }
        if (looser)
            abis &= rule->abis;
        if (!looser && rule->abis != VIR_LXC_IMPORT_ABIS_ALL)
            virLXCImportAdd(import, false, file, rule->rule->line,
                            rule->rule->name,
                            _("the rule applies to all ABIs, not only to that "
                              "of its section"));
        g_ptr_array_add(taken, g_steal_pointer(&rule->rule));
    }

    lxcRulesEnableABIs(import, file, native, abis, def);
    virLXCImportSeccompRules(import, file, def, taken);
}
