/*
 * root_mountinfo.c: the mounts of a namespace
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: text of proc_pid_mountinfo(5). Out: its lines as structs.
 */

#include "root_mountinfo.h"

#include "root_file.h"
#include "root_private.h"

/* A host can have thousands of mounts, of a few hundred bytes each. */
#define LXC_ROOT_MOUNTINFO_MAX ((size_t)64 * 1024 * 1024)

/* Fields of a line before the optional ones, and after the "-" behind those. */
enum {
    LXC_ROOT_FIELD_ID,
    LXC_ROOT_FIELD_PARENT,
    LXC_ROOT_FIELD_DEVICE,
    LXC_ROOT_FIELD_ROOT,
    LXC_ROOT_FIELD_PATH,
    LXC_ROOT_FIELD_OPTIONS,
    LXC_ROOT_FIELDS,
};
enum {
    LXC_ROOT_BEHIND_TYPE,
    LXC_ROOT_BEHIND_SOURCE,
    LXC_ROOT_BEHIND_OPTIONS,
    LXC_ROOT_BEHIND,
};

static void
lxcRootMountinfoFree(gpointer opaque)
{
    virLXCRootMountinfo *mount = opaque;

    g_free(mount->device);
    g_free(mount->root);
    g_free(mount->path);
    g_free(mount->type);
    g_free(mount);
}

static unsigned int
lxcRootMountinfoAttributes(const char *options)
{
    size_t i;

    static const struct {
        const char *name;
        unsigned int attribute;
    } rows[] = {
        {"ro", VIR_LXC_ROOT_READONLY},
        {"nosuid", VIR_LXC_ROOT_NOSUID},
        {"nodev", VIR_LXC_ROOT_NODEV},
        {"noexec", VIR_LXC_ROOT_NOEXEC},
    };
    g_auto(GStrv) names = g_strsplit(options, ",", -1);
    unsigned int attributes = 0;

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (g_strv_contains((const char *const *)names, rows[i].name))
            attributes |= rows[i].attribute;
    }
    return attributes;
}

static virLXCRootMountinfo *
lxcRootMountinfoParseLine(const char *line)
{
    g_auto(GStrv) halves = g_strsplit(line, " - ", 2);
    g_auto(GStrv) before = g_strsplit(halves[0], " ", -1);
    g_auto(GStrv) behind = g_strsplit(halves[1] ? halves[1] : "", " ", -1);
    virLXCRootMountinfo *mount;

    if (g_strv_length(before) < LXC_ROOT_FIELDS ||
        g_strv_length(behind) < LXC_ROOT_BEHIND)
        return NULL;

    mount = g_new0(virLXCRootMountinfo, 1);
    mount->id = g_ascii_strtoull(before[LXC_ROOT_FIELD_ID], NULL, 10);
    mount->parent = g_ascii_strtoull(before[LXC_ROOT_FIELD_PARENT], NULL, 10);
    mount->device = g_strdup(before[LXC_ROOT_FIELD_DEVICE]);
    /* Blanks and backslashes are octal numbers. */
    mount->root = g_strcompress(before[LXC_ROOT_FIELD_ROOT]);
    mount->path = g_strcompress(before[LXC_ROOT_FIELD_PATH]);
    mount->type = g_strdup(behind[LXC_ROOT_BEHIND_TYPE]);
    mount->attributes =
        lxcRootMountinfoAttributes(before[LXC_ROOT_FIELD_OPTIONS]);
    /* A file system that is read-only makes each of its mounts so. */
    mount->attributes |=
        lxcRootMountinfoAttributes(behind[LXC_ROOT_BEHIND_OPTIONS]) &
        VIR_LXC_ROOT_READONLY;
    return mount;
}

GPtrArray *
virLXCRootMountinfoParse(const char *text, GError **error)
{
    g_autoptr(GPtrArray) mounts =
        g_ptr_array_new_with_free_func(lxcRootMountinfoFree);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    size_t i;

    for (i = 0; lines[i]; i++) {
        virLXCRootMountinfo *mount;

        if (!*lines[i])
            continue;
        if (!(mount = lxcRootMountinfoParseLine(lines[i]))) {
            virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
                           _("the list of mounts has an unknown line '%1$s'"),
                           lines[i]);
            return NULL;
        }
        g_ptr_array_add(mounts, mount);
    }
    return g_steal_pointer(&mounts);
}

GPtrArray *
virLXCRootMountinfoRead(int proc, GError **error)
{
    VIR_LXC_AUTOCLOSE fd = openat(proc, "self/mountinfo", O_RDONLY | O_CLOEXEC);
    g_autofree char *text = NULL;

    if (fd < 0) {
        virLXCSetSystemError(error, errno, _("cannot open the list of mounts"));
        return NULL;
    }
    if (!(text = virLXCRootFileRead(fd, "mountinfo", LXC_ROOT_MOUNTINFO_MAX,
                                    NULL, error)))
        return NULL;
    return virLXCRootMountinfoParse(text, error);
}

const virLXCRootMountinfo *
virLXCRootMountinfoFind(const GPtrArray *mounts, uint64_t id)
{
    size_t i;

    for (i = 0; i < mounts->len; i++) {
        const virLXCRootMountinfo *mount = g_ptr_array_index(mounts, i);

        if (mount->id == id)
            return mount;
    }
    return NULL;
}
