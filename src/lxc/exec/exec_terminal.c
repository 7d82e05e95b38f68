/*
 * exec_terminal.c: standard streams of a program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the container's /dev, which is not trusted. Out: descriptors, none of
 * which refers to anything of the host.
 */

#include "exec_terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "descriptor.h"
#include "error.h"
#include "i18n.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif
#define LXC_EXEC_DEVPTS_MAGIC 0x1cd1

/* Device numbers in the kernel's documentation, devices.txt */
#define LXC_EXEC_PTMX makedev(5, 2)
#define LXC_EXEC_NULL makedev(1, 3)

/* Opening another device could have effects, and a FIFO could block. Between
 * the check and open(2), the container could replace the file only by something
 * that it could open itself, and O_NONBLOCK keeps open(2) from blocking. */
static int
lxcExecOpenDevice(const char *path, dev_t device, int flags, GError **error)
{
    VIR_LXC_AUTOCLOSE found = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat info;
    int fd;

    if (found < 0 || fstat(found, &info) < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot open '%1$s' of the container"), path);
    if (!S_ISCHR(info.st_mode) || info.st_rdev != device)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            _("'%1$s' of the container is not the device of this name"), path);

    if ((fd = open(path,
                   flags | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot open '%1$s' of the container"), path);
    return fd;
}

static int
lxcExecOpenMaster(GError **error)
{
    VIR_LXC_AUTOCLOSE fd =
        lxcExecOpenDevice("/dev/pts/ptmx", LXC_EXEC_PTMX, O_RDWR, error);
    struct statfs info;
    int unlock = 0;

    if (fd < 0)
        return -1;

    if (fstatfs(fd, &info) < 0 || info.f_type != LXC_EXEC_DEVPTS_MAGIC)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            _("'/dev/pts' of the container is not a devpts file system"));
    if (ioctl(fd, TIOCSPTLCK, &unlock) < 0)
        return virLXCSetSystemError(error, errno,
                                    _("cannot unlock the terminal"));
    return virLXCDescriptorSteal(&fd);
}

int
virLXCExecStreamsTerminal(virLXCExecStreams *streams, uid_t uid, guint32 rows,
                          guint32 columns, GError **error)
{
    VIR_LXC_AUTOCLOSE master = lxcExecOpenMaster(error);
    VIR_LXC_AUTOCLOSE slave = -1;
    struct winsize size = {
        .ws_row = (unsigned short)MIN(rows, G_MAXUINT16),
        .ws_col = (unsigned short)MIN(columns, G_MAXUINT16),
    };

    if (master < 0)
        return -1;

    slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0 || ioctl(master, TIOCSWINSZ, &size) < 0 ||
        fchown(slave, uid, -1) < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot create a terminal in the container"));

    streams->ours[0] = virLXCDescriptorSteal(&master);
    streams->ours[1] = streams->ours[2] = -1;
    streams->theirs[0] = streams->theirs[1] = streams->theirs[2] =
        virLXCDescriptorSteal(&slave);
    return 0;
}

/* The client's ends are non-blocking. */
static int
lxcExecPipe(int *reader, int *writer, const int *ours, uid_t uid)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;

    *reader = ends[0];
    *writer = ends[1];
    return fchown(ends[0], uid, -1) < 0 || fcntl(*ours, F_SETFL, O_NONBLOCK) < 0
               ? -1
               : 0;
}

int
virLXCExecStreamsPipes(virLXCExecStreams *streams, uid_t uid, GError **error)
{
    int *ours = streams->ours;
    int *theirs = streams->theirs;

    if (lxcExecPipe(&theirs[0], &ours[0], &ours[0], uid) < 0 ||
        lxcExecPipe(&ours[1], &theirs[1], &ours[1], uid) < 0 ||
        lxcExecPipe(&ours[2], &theirs[2], &ours[2], uid) < 0)
        return virLXCSetSystemError(error, errno, _("cannot create a pipe"));
    return 0;
}

int
virLXCExecStreamsNull(virLXCExecStreams *streams, GError **error)
{
    int fd = lxcExecOpenDevice("/dev/null", LXC_EXEC_NULL, O_RDWR, error);
    size_t i;

    if (fd < 0)
        return -1;

    for (i = 0; i < 3; i++) {
        streams->ours[i] = -1;
        streams->theirs[i] = fd;
    }
    return 0;
}
