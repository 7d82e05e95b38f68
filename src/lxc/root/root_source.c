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

/**
 * @identities: of what the container gets, without the host's root directory
 */
struct _virLXCRootSources {
    GHashTable *identities;
};

virLXCRootSources *
virLXCRootSourcesNew(void)
{
    virLXCRootSources *sources = g_new0(virLXCRootSources, 1);

    sources->identities =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return sources;
}

void
virLXCRootSourcesFree(virLXCRootSources *sources)
{
    if (!sources)
        return;

    g_hash_table_unref(sources->identities);
    g_free(sources);
}

/* Links of the container are followed here: they can add directories, but
 * cannot hide one whose path is the host's. */
int
lxcRootAddSource(virLXCRootSources *sources, const char *path)
{
    VIR_LXC_AUTOCLOSE top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    VIR_LXC_AUTOCLOSE fd = open(path, O_PATH | O_CLOEXEC);
    g_autofree char *host = top < 0 ? NULL : lxcRootIdentity(top);
    g_autofree char *identity = fd < 0 ? NULL : lxcRootIdentity(fd);

    if (!host || !identity)
        return -1;
    if (!g_str_equal(host, identity))
        g_hash_table_add(sources->identities, g_steal_pointer(&identity));
    return 0;
}

int
virLXCRootSourcesAdd(virLXCRootSources *sources, const char *path,
                     GError **error)
{
    if (lxcRootAddSource(sources, path) < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot open the source '%1$s' of a "
                                      "<filesystem>"),
                                    path);
    return 0;
}

/* Returns 1 for a source, 0 for something else, or -1. */
static int
lxcRootIsSource(const virLXCRootSources *sources, int fd)
{
    g_autofree char *identity = lxcRootIdentity(fd);

    if (!identity)
        return -1;
    return g_hash_table_contains(sources->identities, identity);
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
lxcRootOpenInside(const virLXCRootSources *sources, int outer, GPtrArray *rest,
                  int flags)
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
        fd = virLXCOpenat2(outer, path->str,
                           O_PATH | (last ? flags : O_DIRECTORY),
                           RESOLVE_BENEATH);
        if (fd < 0 || last)
            return virLXCDescriptorSteal(&fd);
        if ((source = lxcRootIsSource(sources, fd)) < 0)
            return -1;
        if (source)
            return lxcRootOpenInside(sources, fd, rest, flags);
    }
    g_assert_not_reached();
}

/* Follows a link of the host. The text of a magic link does not say where it
 * leads: opening it fails. */
static int
lxcRootFollow(int at, const char *name, const char *text, GPtrArray *rest)
{
    VIR_LXC_AUTOCLOSE end = virLXCOpenat2(at, name, O_PATH, 0);

    if (end < 0)
        return -1;
    lxcRootPush(rest, text);
    return *text == '/' ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)
                        : virLXCOpenat2(at, ".", O_PATH | O_DIRECTORY, 0);
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
        return virLXCOpenat2(at, name,
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
lxcRootOpenSource(const virLXCRootSources *sources, const char *source,
                  int flags, bool *inside)
{
    g_autoptr(GPtrArray) rest = g_ptr_array_new_with_free_func(g_free);
    VIR_LXC_AUTOCLOSE at = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    size_t links = 0;

    *inside = false;
    lxcRootPush(rest, source);
    while (at >= 0 && rest->len > 0) {
        int found = lxcRootIsSource(sources, at);
        int next;

        if (found < 0)
            return -1;
        if (found) {
            *inside = true;
            return lxcRootOpenInside(sources, at, rest, flags);
        }
        next = lxcRootStep(at, rest, flags, &links);
        virLXCDescriptorClose(&at);
        at = next;
    }
    return virLXCDescriptorSteal(&at);
}

static int
lxcRootRefuse(const char *path, const char *why, GError **error)
{
    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                          _("'%1$s' of the host cannot be used: %2$s"), path,
                          why);
}

static int
lxcRootCheckImage(const char *path, mode_t mode, bool inside, GError **error)
{
    if (S_ISREG(mode) || (S_ISBLK(mode) && !inside))
        return 0;
    return lxcRootRefuse(path,
                         inside ? _("it is not a regular file, and lies in the "
                                    "source of a <filesystem>, where the "
                                    "container could have made it")
                                : _("it is neither a regular file nor a block "
                                    "device"),
                         error);
}

static int
lxcRootCheckKind(const char *path, virLXCRootSourceKind kind, mode_t mode,
                 bool inside, GError **error)
{
    switch (kind) {
    case VIR_LXC_ROOT_SOURCE_IMAGE:
        return lxcRootCheckImage(path, mode, inside, error);
    case VIR_LXC_ROOT_SOURCE_DEVICE:
        if (!inside)
            return 0;
        return lxcRootRefuse(path,
                             _("it lies in the source of a <filesystem>, where "
                               "the container could replace a device by "
                               "another one"),
                             error);
    }
    g_assert_not_reached();
}

static int
lxcRootSourcesFail(const char *path, int errnum, GError **error)
{
    if (errnum == EXDEV)
        return lxcRootRefuse(path,
                             _("it lies in the source of a <filesystem>, and a "
                               "symbolic link or '..' leads out of it"),
                             error);
    return virLXCSetSystemError(error, errnum,
                                _("cannot open '%1$s' of the host"), path);
}

int
virLXCRootSourcesOpen(const virLXCRootSources *sources, const char *path,
                      virLXCRootSourceKind kind, bool *inside, GError **error)
{
    bool below = false;
    VIR_LXC_AUTOCLOSE fd = lxcRootOpenSource(sources, path, 0, &below);
    struct stat found;
    int bound = 0;

    if (fd < 0 || fstat(fd, &found) < 0 ||
        (bound = lxcRootIsSource(sources, fd)) < 0)
        return lxcRootSourcesFail(path, errno, error);
    if (lxcRootCheckKind(path, kind, found.st_mode, below, error) < 0)
        return -1;

    if (inside)
        *inside = below || bound;
    return virLXCDescriptorSteal(&fd);
}
