/*
 * cgroup_layout.c: list the cgroup hierarchies
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: /proc/PID/mountinfo and /proc/PID/cgroup. Out: a list of
 * virLXCPayloadHierarchy.
 */

#include "cgroup_layout.h"

#include <string.h>

#include "error.h"

static void
lxcPayloadHierarchyFree(gpointer opaque)
{
    virLXCPayloadHierarchy *hierarchy = opaque;

    g_free(hierarchy->controllers);
    g_free(hierarchy->mountPoint);
    g_free(hierarchy->mountRoot);
    g_free(hierarchy->path);
    g_free(hierarchy);
}

/* Fields of a line of mountinfo before and after the separator "-". */
enum {
    LXC_MOUNTINFO_ROOT = 3,
    LXC_MOUNTINFO_POINT = 4,
    LXC_MOUNTINFO_FIXED = 6,
};

enum {
    LXC_MOUNTINFO_TYPE = 1,
    LXC_MOUNTINFO_OPTIONS = 3,
    LXC_MOUNTINFO_REST = 4,
};

static bool
lxcPayloadHasAll(char **wanted, char **options)
{
    size_t i;

    for (i = 0; wanted[i]; i++) {
        if (!g_strv_contains((const char *const *)options, wanted[i]))
            return false;
    }
    return true;
}

/* The options of a version 1 mount include its controllers. Version 2 has no
 * controllers in its mount options nor in its line of /proc/PID/cgroup. */
static bool
lxcPayloadIsMountOf(char **rest, const char *controllers)
{
    g_auto(GStrv) wanted = g_strsplit(controllers, ",", 0);
    g_auto(GStrv) options = g_strsplit(rest[LXC_MOUNTINFO_OPTIONS], ",", 0);

    if (!*controllers)
        return g_str_equal(rest[LXC_MOUNTINFO_TYPE], "cgroup2");

    return g_str_equal(rest[LXC_MOUNTINFO_TYPE], "cgroup") &&
           lxcPayloadHasAll(wanted, options);
}

static void
lxcPayloadFindMount(virLXCPayloadHierarchy *hierarchy, char **mounts)
{
    size_t i;

    for (i = 0; mounts[i]; i++) {
        const char *separator = strstr(mounts[i], " - ");
        g_autofree char *start = NULL;
        g_auto(GStrv) fields = NULL;
        g_auto(GStrv) rest = NULL;

        if (!separator)
            continue;

        start = g_strndup(mounts[i], separator - mounts[i]);
        fields = g_strsplit(start, " ", 0);
        if (g_strv_length(fields) < LXC_MOUNTINFO_FIXED)
            continue;

        rest = g_strsplit(separator + 1, " ", LXC_MOUNTINFO_REST);
        if (g_strv_length(rest) < LXC_MOUNTINFO_REST ||
            !lxcPayloadIsMountOf(rest, hierarchy->controllers))
            continue;

        hierarchy->mountRoot = g_strcompress(fields[LXC_MOUNTINFO_ROOT]);
        hierarchy->mountPoint = g_strcompress(fields[LXC_MOUNTINFO_POINT]);
        return;
    }
}

GPtrArray *
virLXCPayloadLayoutParse(const char *mountinfo, const char *cgroup)
{
    g_auto(GStrv) mounts = g_strsplit(mountinfo, "\n", 0);
    g_auto(GStrv) lines = g_strsplit(cgroup, "\n", 0);
    GPtrArray *layout = g_ptr_array_new_with_free_func(lxcPayloadHierarchyFree);
    size_t i;

    for (i = 0; lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], ":", 3);
        virLXCPayloadHierarchy *hierarchy;

        if (g_strv_length(fields) != 3)
            continue;

        hierarchy = g_new0(virLXCPayloadHierarchy, 1);
        hierarchy->controllers = g_strdup(fields[1]);
        hierarchy->path = g_strdup(fields[2]);

        lxcPayloadFindMount(hierarchy, mounts);
        g_ptr_array_add(layout, hierarchy);
    }

    return layout;
}

static char *
lxcPayloadReadFile(const char *path, GError **error)
{
    g_autoptr(GError) cause = NULL;
    char *text = NULL;

    if (!g_file_get_contents(path, &text, NULL, &cause)) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM, "%s",
                       cause->message);
        return NULL;
    }
    return text;
}

static void
lxcPayloadAddUnified(GPtrArray *layout)
{
    g_autofree char *filesystems = NULL;
    virLXCPayloadHierarchy *hierarchy;
    size_t i;

    for (i = 0; i < layout->len; i++) {
        if (virLXCPayloadHierarchyIsUnified(g_ptr_array_index(layout, i)))
            return;
    }

    if (!g_file_get_contents("/proc/filesystems", &filesystems, NULL, NULL) ||
        !strstr(filesystems, "\tcgroup2\n"))
        return;

    hierarchy = g_new0(virLXCPayloadHierarchy, 1);
    hierarchy->controllers = g_strdup("");
    hierarchy->path = g_strdup("/");
    g_ptr_array_add(layout, hierarchy);
}

GPtrArray *
virLXCPayloadLayoutRead(const char *pid, GError **error)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/cgroup", pid);
    g_autofree char *mountinfo =
        lxcPayloadReadFile("/proc/self/mountinfo", error);
    g_autofree char *cgroup = NULL;
    GPtrArray *layout;

    if (!mountinfo || !(cgroup = lxcPayloadReadFile(path, error)))
        return NULL;

    layout = virLXCPayloadLayoutParse(mountinfo, cgroup);
    lxcPayloadAddUnified(layout);
    return layout;
}

bool
virLXCPayloadHierarchyIsUnified(const virLXCPayloadHierarchy *hierarchy)
{
    return !*hierarchy->controllers;
}

bool
virLXCPayloadHierarchyHas(const virLXCPayloadHierarchy *hierarchy,
                          const char *controller)
{
    g_auto(GStrv) controllers = g_strsplit(hierarchy->controllers, ",", 0);

    return g_strv_contains((const char *const *)controllers, controller);
}

char *
virLXCPayloadHierarchyDirectory(const virLXCPayloadHierarchy *hierarchy)
{
    const char *path = hierarchy->path;
    size_t skip = strlen(hierarchy->mountRoot);

    if (skip > 1 && g_str_has_prefix(path, hierarchy->mountRoot) &&
        (path[skip] == '/' || path[skip] == '\0'))
        path += skip;

    return g_build_filename(hierarchy->mountPoint, path, NULL);
}
