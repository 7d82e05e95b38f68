/*
 * root_enter.c: makes a container's root the root, and leaves the host's
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the detached mount of the root. Out: a namespace that has this mount
 * only.
 */

#include "root_private.h"

static int
lxcRootPivot(int new, int old)
{
    /* The new root covers the old one, is made the root of the namespace, and
     * is covered by the old one, which is then found by its descriptor. */
    if (lxcRootMoveMount(new, old) < 0 || fchdir(new) < 0 ||
        syscall(SYS_pivot_root, ".", ".") < 0)
        return -1;
    if (fchdir(old) < 0 || syscall(SYS_umount2, ".", LXC_ROOT_MNT_DETACH) < 0 ||
        fchdir(new) < 0)
        return -1;
    return chdir("/");
}

/* pivot_root(2) changes the root of processes that had the old one. */
static int
lxcRootCheckEntered(int new)
{
    VIR_LXC_AUTOCLOSE here = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    uint64_t expected;
    uint64_t found;

    if (here < 0 || lxcRootId(new, &expected, NULL) < 0 ||
        lxcRootId(here, &found, NULL) < 0)
        return -1;
    if (expected != found) {
        errno = ESTALE;
        return -1;
    }
    return 0;
}

/* The topmost mount goes first. What is left below is found the next time. */
static int
lxcRootDetach(const virLXCRoot *root, const char *path)
{
    uint64_t top;

    if (lxcRootId(virLXCRootDescriptor(root), &top, NULL) < 0)
        return -1;
    for (;;) {
        VIR_LXC_AUTOCLOSE fd = lxcRootResolve(root, path, O_DIRECTORY, true);
        bool isMount = false;
        uint64_t id;

        if (fd < 0)
            return errno == ENOENT ? 0 : -1;
        if (lxcRootId(fd, &id, &isMount) < 0)
            return -1;
        if (!isMount || id == top)
            return 0;
        if (fchdir(fd) < 0 ||
            syscall(SYS_umount2, ".", LXC_ROOT_MNT_DETACH) < 0 ||
            chdir("/") < 0)
            return -1;
    }
}

int
virLXCRootEnter(virLXCRoot *root, GError **error)
{
    const GPtrArray *detached = root->plan->detached;
    VIR_LXC_AUTOCLOSE old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int new = virLXCRootDescriptor(root);
    size_t i;

    if (old < 0 || lxcRootPivot(new, old) < 0 || lxcRootCheckEntered(new) < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot enter the root file system '%1$s'"),
            lxcRootItemAt(root, 0)->mount->source);

    for (i = 0; i < detached->len; i++) {
        const char *path = g_ptr_array_index(detached, i);

        if (lxcRootDetach(root, path) < 0)
            return virLXCSetSystemError(
                error, errno, _("cannot detach the host's mounts on '%1$s'"),
                path);
    }
    return 0;
}
