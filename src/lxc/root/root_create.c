/*
 * root_create.c: new mounts of file systems, detached
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a row of the plan. Out: a mount that is not attached anywhere yet.
 */

#include <string.h>
#include <sys/statfs.h>

#include "root_private.h"

/* What the file system has to say about its failure: lines that begin with a
 * letter and a blank. */
static char *
lxcRootCreateLog(int fd)
{
    char line[256];
    ssize_t got = read(fd, line, sizeof(line) - 1);

    if (got <= 2)
        return g_strdup("");
    line[got] = '\0';
    return g_strdup_printf(" (%s)", g_strchomp(line + 2));
}

static int
lxcRootCreateFail(const virLXCRootMount *mount, const char *type, int fd,
                  int errnum, GError **error)
{
    g_autofree char *log = fd < 0 ? g_strdup("") : lxcRootCreateLog(fd);

    return virLXCSetSystemError(
        error, errnum,
        _("cannot make the file system %1$s of '%2$s' for '%3$s'%4$s"), type,
        mount->source ? mount->source : "none", mount->target, log);
}

static int
lxcRootCreateOption(int fd, char *option)
{
    char *value = strchr(option, '=');
    size_t length;

    if (!value)
        return lxcRootFsconfig(fd, FSCONFIG_SET_FLAG, option, NULL);

    *value++ = '\0';
    length = strlen(value);
    /* fstab(5) quotes values that have commas, such as labels of SELinux. */
    if (length >= 2 && value[0] == '"' && value[length - 1] == '"') {
        value[length - 1] = '\0';
        value++;
    }
    return lxcRootFsconfig(fd, FSCONFIG_SET_STRING, option, value);
}

/* Cuts the first option off, and returns what is behind it. */
static char *
lxcRootCreateCut(char *options)
{
    bool quoted = false;

    for (; *options; options++) {
        if (*options == '"')
            quoted = !quoted;
        if (*options == ',' && !quoted) {
            *options = '\0';
            return options + 1;
        }
    }
    return options;
}

static int
lxcRootCreateOptions(int fd, const virLXCRootMount *mount, const char *type)
{
    g_autofree char *options = g_strdup(mount->options ? mount->options : "");
    char *rest = options;

    if (lxcRootFsconfig(fd, FSCONFIG_SET_STRING, "source",
                        mount->source ? mount->source : type) < 0)
        return -1;
    if (mount->source && mount->attributes & VIR_LXC_ROOT_READONLY &&
        lxcRootFsconfig(fd, FSCONFIG_SET_FLAG, "ro", NULL) < 0)
        return -1;

    while (*rest) {
        char *option = rest;

        rest = lxcRootCreateCut(option);
        if (*option && lxcRootCreateOption(fd, option) < 0)
            return -1;
    }
    return lxcRootFsconfig(fd, FSCONFIG_CMD_CREATE, NULL, NULL);
}

static int
lxcRootCreateType(const virLXCRootMount *mount, const char *type,
                  GError **error)
{
    VIR_LXC_AUTOCLOSE fd = lxcRootFsopen(type);
    int made;

    if (fd < 0 || lxcRootCreateOptions(fd, mount, type) < 0 ||
        (made = lxcRootFsmount(fd, mount->attributes)) < 0) {
        int errnum = errno;

        lxcRootCreateFail(mount, type, fd, errnum, error);
        errno = errnum;
        return -1;
    }
    return made;
}

int
lxcRootCreate(const virLXCRootMount *mount, GError **error)
{
    size_t i;

    for (i = 0; mount->types[i]; i++) {
        g_autoptr(GError) failure = NULL;
        int fd = lxcRootCreateType(mount, mount->types[i], &failure);

        if (fd >= 0)
            return fd;
        /* These say that the device holds something else (mount(8) has the
         * same rule), except for the last type. */
        if ((errno != EINVAL && errno != ENODEV) || !mount->types[i + 1]) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return -1;
        }
    }
    return lxcRootCreateFail(mount, "", -1, ENODEV, error);
}

int
lxcRootSeal(lxcRootItem *item, GError **error)
{
    const virLXCRootMount *mount = item->mount;
    bool writable = mount->flags & VIR_LXC_ROOT_WRITABLE;
    bool recursive = mount->flags & VIR_LXC_ROOT_RECURSIVE && !writable;
    lxcRootMountAttr attr = {.attr_set = mount->attributes};
    struct statfs now;

    if (writable)
        attr.attr_clr = VIR_LXC_ROOT_READONLY;

    if ((attr.attr_set || attr.attr_clr) &&
        lxcRootMountSetattr(item->fd, recursive ? AT_RECURSIVE : 0, &attr) < 0)
        return virLXCSetSystemError(
            error, errno,
            _("cannot set the attributes of the mount for '%1$s'"),
            mount->target);
    if (fstatfs(item->fd, &now) < 0)
        return virLXCSetSystemError(
            error, errno,
            _("cannot read the attributes of the mount for '%1$s'"),
            mount->target);
    item->attributes = now.f_flags & LXC_ROOT_ATTRIBUTES;
    if ((item->attributes & mount->attributes) != mount->attributes)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
            _("the mount for '%1$s' does not have its attributes"),
            mount->target);
    return 0;
}
