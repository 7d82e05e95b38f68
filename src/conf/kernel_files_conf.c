/*
 * kernel_files_conf.c: <kernel-files> as a definition
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: the <kernel-files> element. Out: a
 * virLXCKernelFilesDef, and from it the same XML again.
 */

#include "kernel_files_conf.h"

#include <limits.h>
#include <string.h>

#include "i18n.h"
#include "xml.h"

#define LXC_TARGET_MAX (PATH_MAX - 1)

const char *const *
virLXCKernelFilesPolicyNames(void)
{
    static const char *const names[] = {
        [VIR_LXC_KERNEL_FILES_POLICY_DEFAULT] = "default",
        [VIR_LXC_KERNEL_FILES_POLICY_NONE] = "none",
        NULL,
    };

    return names;
}

static void
lxcKernelFilesPathFree(gpointer opaque)
{
    virLXCKernelFilesPath *path = opaque;

    g_free(path->target);
    g_free(path);
}

virLXCKernelFilesDef *
virLXCKernelFilesDefNew(void)
{
    virLXCKernelFilesDef *def = g_new0(virLXCKernelFilesDef, 1);

    def->paths = g_ptr_array_new_with_free_func(lxcKernelFilesPathFree);
    def->byTarget = g_hash_table_new(g_str_hash, g_str_equal);
    return def;
}

void
virLXCKernelFilesDefFree(virLXCKernelFilesDef *def)
{
    if (!def)
        return;

    g_hash_table_unref(def->byTarget);
    g_ptr_array_unref(def->paths);
    g_free(def->effective);
    g_free(def);
}

const virLXCKernelFilesPath *
virLXCKernelFilesDefFindPath(const virLXCKernelFilesDef *def,
                             const char *target)
{
    return g_hash_table_lookup(def->byTarget, target);
}

static int
lxcKernelFilesCheckTarget(const virLXCKernelFilesDef *def, const char *target,
                          const xmlNode *node, GError **error)
{
    if (!virLXCKernelFilePathIsValid(target))
        return virLXCXMLSetValueError(
            node, "target", error, _("a normalised path below /proc or /sys"));

    if (strlen(target) > LXC_TARGET_MAX)
        return virLXCXMLSetContradiction(
            node, error,
            _("a <path> of <kernel-files> has %1$zu bytes, but the kernel "
              "accepts at most %2$d"),
            strlen(target), LXC_TARGET_MAX);

    if (virLXCKernelFilePathIsReserved(target))
        return virLXCXMLSetError(
            node, error,
            _("path '%1$s' cannot be listed in <kernel-files>: files of single "
              "processes and /proc/meminfo are excluded"),
            target);

    if (virLXCKernelFilesDefFindPath(def, target))
        return virLXCXMLSetError(
            node, error, _("path '%1$s' is listed twice in <kernel-files>"),
            target);

    return 0;
}

static int
lxcKernelFilesParsePath(void *opaque, const xmlNode *node, GError **error)
{
    virLXCKernelFilesDef *def = opaque;
    static const char *const attributes[] = {"target", "access", NULL};
    g_autofree char *target = NULL;
    unsigned int value = 0;
    virLXCKernelFilesPath *path = NULL;

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        !(target = virLXCXMLRequireAttribute(node, "target", error)) ||
        lxcKernelFilesCheckTarget(def, target, node, error) < 0 ||
        virLXCXMLRequireEnum(node, "access", virLXCKernelFileAccessNames(),
                             &value, error) < 0)
        return -1;

    path = g_new0(virLXCKernelFilesPath, 1);
    path->target = g_steal_pointer(&target);
    path->access = value;
    path->line = (int)xmlGetLineNo(node);
    g_ptr_array_add(def->paths, path);
    g_hash_table_insert(def->byTarget, path->target, path);
    return 0;
}

static int
lxcKernelFilesParseEffective(void *opaque, const xmlNode *node, GError **error)
{
    virLXCKernelFilesDef *def = opaque;
    static const char *const attributes[] = {"locked", NULL};
    static const char *const values[] = {"no", "yes", NULL};
    unsigned int value = 0;

    if (def->effective)
        return virLXCXMLSetRepeated(node, error);

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLCheckEmpty(node, error) < 0 ||
        virLXCXMLRequireEnum(node, "locked", values, &value, error) < 0)
        return -1;

    def->effective = g_new0(virLXCKernelFilesEffective, 1);
    def->effective->locked = value;
    return 0;
}

/* Returns the set of paths that are masked. */
static GHashTable *
lxcKernelFilesMasks(const virLXCKernelFilesDef *def)
{
    size_t nrows = 0;
    const virLXCKernelFileRow *rows = virLXCKernelFileTable(&nrows);
    GHashTable *masks = g_hash_table_new(g_str_hash, g_str_equal);
    bool defaults = def->policy == VIR_LXC_KERNEL_FILES_POLICY_DEFAULT;
    size_t i;

    for (i = 0; i < def->paths->len; i++) {
        const virLXCKernelFilesPath *path = g_ptr_array_index(def->paths, i);

        if (path->access == VIR_LXC_KERNEL_FILE_MASKED)
            g_hash_table_add(masks, path->target);
    }

    for (i = 0; defaults && i < nrows; i++) {
        if (rows[i].access == VIR_LXC_KERNEL_FILE_MASKED &&
            !virLXCKernelFilesDefFindPath(def, rows[i].path))
            g_hash_table_add(masks, (char *)rows[i].path);
    }

    return masks;
}

/* A mask hides whatever is below, so nothing of it can be shown again. */
static int
lxcKernelFilesCheckMasks(const virLXCKernelFilesDef *def, GError **error)
{
    g_autoptr(GHashTable) masks = lxcKernelFilesMasks(def);
    size_t i;

    for (i = 0; i < def->paths->len; i++) {
        const virLXCKernelFilesPath *path = g_ptr_array_index(def->paths, i);
        const char *mask = virLXCKernelFilePathFindAbove(masks, path->target);

        if (mask && path->access != VIR_LXC_KERNEL_FILE_MASKED)
            return virLXCSetErrorAtLine(
                error, VIR_LXC_CONFINEMENT_ERROR_INVALID, path->line,
                _("path '%1$s' in <kernel-files> cannot be '%2$s', because "
                  "'%3$s' is masked (line %4$d)"),
                path->target, virLXCKernelFileAccessNames()[path->access], mask,
                path->line);
    }

    return 0;
}

virLXCKernelFilesDef *
virLXCKernelFilesDefParse(xmlNode *node, bool live, GError **error)
{
    static const char *const attributes[] = {"policy", NULL};
    const virLXCXMLElement elements[] = {
        {"path", lxcKernelFilesParsePath},
        {"effective", live ? lxcKernelFilesParseEffective : NULL},
        {NULL, NULL},
    };
    g_autoptr(virLXCKernelFilesDef) def = virLXCKernelFilesDefNew();
    unsigned int policy = VIR_LXC_KERNEL_FILES_POLICY_DEFAULT;

    if (virLXCXMLCheckAttributes(node, attributes, error) < 0 ||
        virLXCXMLGetEnum(node, "policy", virLXCKernelFilesPolicyNames(),
                         &policy, error) < 0)
        return NULL;
    def->policy = policy;

    if (virLXCXMLCheckNoText(node, error) < 0 ||
        virLXCXMLParseChildren(node, elements, def, error) < 0 ||
        lxcKernelFilesCheckMasks(def, error) < 0)
        return NULL;

    return g_steal_pointer(&def);
}

static void
lxcKernelFilesFormatChildren(const virLXCKernelFilesDef *def, GString *out,
                             unsigned int indent)
{
    size_t i;

    for (i = 0; i < def->paths->len; i++) {
        const virLXCKernelFilesPath *path = g_ptr_array_index(def->paths, i);

        g_string_append_printf(out, "%*s<path target='", (int)indent, "");
        virLXCXMLFormatValue(out, path->target);
        g_string_append_printf(out, "' access='%s'/>\n",
                               virLXCKernelFileAccessNames()[path->access]);
    }

    if (def->effective)
        g_string_append_printf(out, "%*s<effective locked='%s'/>\n",
                               (int)indent, "",
                               def->effective->locked ? "yes" : "no");
}

void
virLXCKernelFilesDefFormat(const virLXCKernelFilesDef *def, GString *out,
                           unsigned int indent)
{
    g_string_append_printf(out, "%*s<kernel-files policy='%s'", (int)indent, "",
                           virLXCKernelFilesPolicyNames()[def->policy]);
    if (def->paths->len == 0 && !def->effective) {
        g_string_append(out, "/>\n");
        return;
    }

    g_string_append(out, ">\n");
    lxcKernelFilesFormatChildren(def, out, indent + 2);
    g_string_append_printf(out, "%*s</kernel-files>\n", (int)indent, "");
}
