/*
 * landlock_rules.c: resolve path rules inside the container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the targets of a virLXCLandlockPlan. Out: descriptors of these files and
 * directories in the container, with the rights that apply to each of them.
 */

#include "landlock_rules.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "error.h"
#include "i18n.h"
#include "landlock_walk.h"
#include "openat2.h"

virLXCLandlockRule *
virLXCLandlockRuleNew(const virLXCLandlockPlanPath *path)
{
    virLXCLandlockRule *rule = g_new0(virLXCLandlockRule, 1);

    rule->fd = -1;
    rule->target = path->target;
    return rule;
}

void
virLXCLandlockRuleFree(gpointer opaque)
{
    virLXCLandlockRule *rule = opaque;

    if (rule->fd >= 0)
        close(rule->fd);
    g_free(rule);
}

int
virLXCLandlockOpen(const char *path)
{
    VIR_LXC_AUTOCLOSE root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

    return root < 0 ? -1 : virLXCOpenat2(root, path, O_PATH, RESOLVE_IN_ROOT);
}

/* Returns the rights that the kernel accepts for files other than
 * directories. */
static guint64
lxcLandlockFileRights(void)
{
    size_t nrows;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    guint64 rights = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].kind == VIR_LXC_LANDLOCK_FS && rows[i].onFile)
            rights |= rows[i].bit;
    }
    return rights;
}

static int
lxcLandlockRuleFail(GError **error, const char *target, const char *what)
{
    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
                          _("<path target='%1$s'> of <landlock>: %2$s"), target,
                          what);
}

/* Group words such as "create" are reduced to the rights that apply to files. A
 * right that was named explicitly but does not apply is an error. */
static int
lxcLandlockRuleReduce(virLXCLandlockRule *rule,
                      const virLXCLandlockPlanPath *path, mode_t mode,
                      GError **error)
{
    guint64 onFile = lxcLandlockFileRights();
    g_autofree char *wrong = NULL;
    g_autofree char *what = NULL;

    rule->allow = path->allow;
    if (S_ISDIR(mode))
        return 0;

    wrong = virLXCLandlockNames(VIR_LXC_LANDLOCK_FS, path->exact & ~onFile);
    if (*wrong) {
        what = g_strdup_printf(
            _("target is not a directory and cannot have these rights: %1$s"),
            wrong);
        return lxcLandlockRuleFail(error, path->target, what);
    }

    rule->allow &= onFile;
    if (path->allow && !rule->allow)
        return lxcLandlockRuleFail(error, path->target,
                                   _("target is not a directory, and none of "
                                     "the allowed rights applies to files"));
    return 0;
}

/* What the container has made of a path does not determine what the path's rule
 * applies to. */
static int
lxcLandlockRuleRefuseLink(GError **error, const char *target,
                          const char *writable)
{
    return virLXCSetError(
        error, VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
        _("<path target='%1$s'> of <landlock> leads through a symbolic link "
          "below a directory in which <path target='%2$s'> allows the "
          "container to replace files"),
        target, writable);
}

/* Returns 1 if @rule was filled, 0 if the path needs no rule, or -1. */
static int
lxcLandlockRuleResolve(const virLXCLandlockPlanPath *path, GHashTable *writable,
                       virLXCLandlockRule *rule, GError **error)
{
    const virLXCLandlockRule *below = NULL;
    struct stat sb;

    rule->fd = virLXCLandlockWalk(path->target, writable, &below);
    if (below)
        return lxcLandlockRuleRefuseLink(error, path->target, below->target);
    if (rule->fd < 0 && path->skipMissing &&
        (errno == ENOENT || errno == ENOTDIR))
        return 0;

    if (rule->fd < 0 || fstat(rule->fd, &sb) < 0)
        return lxcLandlockRuleFail(error, path->target, g_strerror(errno));

    rule->device = sb.st_dev;
    rule->inode = sb.st_ino;
    if (lxcLandlockRuleReduce(rule, path, sb.st_mode, error) < 0)
        return -1;

    /* The kernel rejects rules that do not allow any right. */
    return rule->allow ? 1 : 0;
}

GPtrArray *
virLXCLandlockRulesResolve(const virLXCLandlockPlan *plan, GError **error)
{
    g_autoptr(GHashTable) writable = virLXCLandlockWritableFind(plan);
    g_autoptr(GPtrArray) rules =
        g_ptr_array_new_with_free_func(virLXCLandlockRuleFree);
    size_t i;

    for (i = 0; i < plan->paths->len; i++) {
        const virLXCLandlockPlanPath *path = g_ptr_array_index(plan->paths, i);
        virLXCLandlockRule *rule = virLXCLandlockRuleNew(path);
        int rc = lxcLandlockRuleResolve(path, writable, rule, error);

        if (rc > 0) {
            g_ptr_array_add(rules, rule);
            continue;
        }

        virLXCLandlockRuleFree(rule);
        if (rc < 0)
            return NULL;
    }

    return g_steal_pointer(&rules);
}

static guint64
lxcLandlockRulesAllowHere(const GPtrArray *rules, const char *path)
{
    guint64 allow = 0;
    struct stat sb;
    size_t i;

    if (lstat(path, &sb) < 0)
        return 0;

    for (i = 0; i < rules->len; i++) {
        const virLXCLandlockRule *rule = g_ptr_array_index(rules, i);

        if (rule->device == sb.st_dev && rule->inode == sb.st_ino)
            allow |= rule->allow;
    }
    return allow;
}

guint64
virLXCLandlockRulesAllow(const GPtrArray *rules, const char *path)
{
    g_autofree char *at = g_strdup(path);
    guint64 allow = lxcLandlockRulesAllowHere(rules, at);

    while (!g_str_equal(at, "/") && !g_str_equal(at, ".")) {
        char *parent = g_path_get_dirname(at);

        g_free(at);
        at = parent;
        allow |= lxcLandlockRulesAllowHere(rules, at);
    }
    return allow;
}
