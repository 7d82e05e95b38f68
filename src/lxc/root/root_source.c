/*
 * root_source.c: opens sources on the host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a path of the host, a part of which the container may have prepared. Out:
 * a descriptor. Directories are compared by device and inode, because a path
 * can be written in many ways, and a directory can have many.
 */

#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "root_private.h"

/* The kernel's limit, too (path_resolution(7)). */
#define LXC_ROOT_MAX_LINKS 40

static char *
lxcRootIdentity(int fd)
{
    struct stat found;

    if (fstat(fd, &found) < 0)
        return NULL;
    return g_strdup_printf("%ju %ju", (uintmax_t)found.st_dev,
                           (uintmax_t)found.st_ino);
}

/* Links of the container are followed here: they can add directories, but
 * cannot hide one whose path is the host's. */
static int
lxcRootFindSource(virLXCRoot *root, const virLXCRootMount *mount,
                  GError **error)
{
    VIR_LXC_AUTOCLOSE fd =
        open(mount->source, O_PATH | O_DIRECTORY | O_CLOEXEC);
    char *identity = NULL;

    if (fd < 0 && errno == ENOTDIR)
        return 0;
    if (fd < 0 || !(identity = lxcRootIdentity(fd)))
        return lxcRootSourceError(mount, error);
    g_hash_table_add(root->sources, identity);
    return 0;
}

int
lxcRootFindSources(virLXCRoot *root, GError **error)
{
    VIR_LXC_AUTOCLOSE top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    g_autofree char *identity = top < 0 ? NULL : lxcRootIdentity(top);
    size_t i;

    if (!identity)
        return virLXCSetSystemError(error, errno,
                                    _("Cannot open the host's root"));
    for (i = 0; i < root->items->len; i++) {
        const virLXCRootMount *mount = lxcRootItemAt(root, i)->mount;

        if (mount->kind == VIR_LXC_ROOT_BIND &&
            lxcRootFindSource(root, mount, error) < 0)
            return -1;
    }
    g_hash_table_remove(root->sources, identity);
    return 0;
}

/* Returns 1 for the directory of a source, 0 for another one, or -1. */
static int
lxcRootIsSource(const virLXCRoot *root, int fd)
{
    g_autofree char *identity = lxcRootIdentity(fd);

    if (!identity)
        return -1;
    return g_hash_table_contains(root->sources, identity);
}

/* The next component is the last element. */
static void
lxcRootPush(GPtrArray *rest, const char *path)
{
    g_auto(GStrv) components = lxcRootComponents(path);
    size_t i;

    for (i = g_strv_length(components); i > 0; i--)
        g_ptr_array_add(rest, g_strdup(components[i - 1]));
}

static char *
lxcRootPop(GPtrArray *rest)
{
    return g_ptr_array_steal_index(rest, rest->len - 1);
}

/* Everything below @outer is the container's. */
static int
lxcRootOpenInside(const virLXCRoot *root, int outer, GPtrArray *rest, int flags)
{
    g_autoptr(GString) path = g_string_new(".");

    while (rest->len > 0) {
        g_autofree char *name = lxcRootPop(rest);
        bool last = rest->len == 0;
        VIR_LXC_AUTOCLOSE fd = -1;
        int source;

        if (g_str_equal(name, "..")) {
            errno = EXDEV;
            return -1;
        }
        g_string_append_printf(path, "/%s", name);
        fd = lxcRootOpenat2(outer, path->str,
                            O_PATH | (last ? flags : O_DIRECTORY),
                            RESOLVE_BENEATH);
        if (fd < 0 || last)
            return virLXCDescriptorSteal(&fd);
        if ((source = lxcRootIsSource(root, fd)) < 0)
            return -1;
        if (source)
            return lxcRootOpenInside(root, fd, rest, flags);
    }
    g_assert_not_reached();
}

/* Follows a link of the host. The text of a magic link does not say where it
 * leads: opening it fails. */
static int
lxcRootFollow(int at, const char *name, const char *text, GPtrArray *rest)
{
    VIR_LXC_AUTOCLOSE end = lxcRootOpenat2(at, name, O_PATH, 0);

    if (end < 0)
        return -1;
    lxcRootPush(rest, text);
    return *text == '/' ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)
                        : lxcRootOpenat2(at, ".", O_PATH | O_DIRECTORY, 0);
}

/* Returns the directory or file of the next component, or the directory that
 * the rest is relative to after a link. */
static int
lxcRootStep(int at, GPtrArray *rest, int flags, size_t *links)
{
    g_autofree char *name = lxcRootPop(rest);
    char text[PATH_MAX];
    ssize_t length = readlinkat(at, name, text, sizeof(text));

    if (length < 0)
        return lxcRootOpenat2(at, name,
                              O_PATH | (rest->len > 0 ? O_DIRECTORY : flags),
                              RESOLVE_NO_SYMLINKS);
    if (length == sizeof(text) || ++*links > LXC_ROOT_MAX_LINKS) {
        errno = ELOOP;
        return -1;
    }
    text[length] = '\0';
    return lxcRootFollow(at, name, text, rest);
}

int
lxcRootOpenSource(const virLXCRoot *root, const char *source, int flags)
{
    g_autoptr(GPtrArray) rest = g_ptr_array_new_with_free_func(g_free);
    VIR_LXC_AUTOCLOSE at = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    size_t links = 0;

    lxcRootPush(rest, source);
    while (at >= 0 && rest->len > 0) {
        int inside = lxcRootIsSource(root, at);
        int next;

        if (inside < 0)
            return -1;
        if (inside)
            return lxcRootOpenInside(root, at, rest, flags);
        next = lxcRootStep(at, rest, flags, &links);
        virLXCDescriptorClose(&at);
        at = next;
    }
    return virLXCDescriptorSteal(&at);
}
