/*
 * root_kernel.h: the system calls of the kernel's mount API
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * By number, because the C library of a supported host lacks some of them, and
 * because its sys/mount.h cannot be included together with linux/mount.h. Each
 * returns what the system call returns, with errno set.
 */

#pragma once

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/mount.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The numbers are the same on every architecture but alpha, whose own are
 * higher by 110; its headers have them. */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

/* fcntl.h has it for _GNU_SOURCE only in newer C libraries. */
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

/* Of sys/mount.h. */
#define LXC_ROOT_MNT_DETACH 2

/* First published struct mount_attr of mount_setattr(2). */
typedef struct {
    uint64_t attr_set;
    uint64_t attr_clr;
    uint64_t propagation;
    uint64_t userns_fd;
} lxcRootMountAttr;

static inline int
lxcRootOpenTree(int dirfd, const char *path, unsigned int flags)
{
    return (int)syscall(SYS_open_tree, dirfd, path, flags | OPEN_TREE_CLOEXEC);
}

/* Attaches the detached mount at the directory or file behind the other
 * descriptor. No name is looked up. */
static inline int
lxcRootMoveMount(int mountfd, int targetfd)
{
    return (int)syscall(SYS_move_mount, mountfd, "", targetfd, "",
                        MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static inline int
lxcRootMountSetattr(int fd, unsigned int flags, const lxcRootMountAttr *attr)
{
    return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | flags, attr,
                        sizeof(*attr));
}

static inline int
lxcRootFsopen(const char *type)
{
    return (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
}

static inline int
lxcRootFsconfig(int fd, unsigned int command, const char *key,
                const char *value)
{
    return (int)syscall(SYS_fsconfig, fd, command, key, value, 0);
}

static inline int
lxcRootFsmount(int fd, unsigned int attributes)
{
    return (int)syscall(SYS_fsmount, fd, FSMOUNT_CLOEXEC, attributes);
}
