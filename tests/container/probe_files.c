/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Deeds on files, device nodes and mounts.
 */
#include "probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/* mknod b|c MAJOR MINOR PATH */
static void
deedMknod(char **args)
{
    mode_t type = args[0][0] == 'b' ? S_IFBLK : S_IFCHR;

    say(NULL, "%s",
        outcome(mknod(args[3], type | 0600,
                      makedev(atoi(args[1]), atoi(args[2])))));
}

/* open r|w|rw PATH; O_NONBLOCK because an open of some devices waits */
static void
deedOpen(char **args)
{
    int flags = strcmp(args[0], "rw") == 0 ? O_RDWR
                : args[0][0] == 'w'        ? O_WRONLY
                                           : O_RDONLY;

    say(NULL, "%s", outcome(open(args[1], flags | O_NONBLOCK | O_CLOEXEC)));
}

/* peek PATH OFFSET LENGTH: the bytes in hex, or the error */
static void
deedPeek(char **args)
{
    unsigned char data[64];
    char text[2 * sizeof(data) + 1] = "";
    size_t length = strtoul(args[2], NULL, 0);
    int fd = open(args[0], O_RDONLY | O_CLOEXEC);
    ssize_t got = -1;

    if (length > sizeof(data))
        length = sizeof(data);
    if (fd >= 0)
        got = pread(fd, data, length, strtol(args[1], NULL, 0));
    for (ssize_t i = 0; i < got; i++)
        sprintf(text + 2 * i, "%02x", data[i]);
    say(NULL, "%s", got < 0 ? outcome(-1) : text);
}

/* cat PATH: its lines joined by ';' */
static void
deedCat(char **args)
{
    char data[8000] = "";
    int fd = open(args[0], O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t got = fd;
    size_t i;

    while (got >= 0 && length < sizeof(data) - 1) {
        got = read(fd, data + length, sizeof(data) - 1 - length);
        if (got <= 0)
            break;
        length += got;
    }
    for (i = 0; i < length; i++) {
        if (data[i] == '\n')
            data[i] = ';';
    }
    say(NULL, "%s", got < 0 ? outcome(-1) : data);
}

/* directories PATH: how many there are in it, and the name of each */
static void
deedDirectories(char **args)
{
    DIR *stream = opendir(args[0]);
    struct dirent *entry;
    int count = 0;

    if (!stream) {
        say(NULL, "%s", outcome(-1));
        return;
    }
    while ((entry = readdir(stream))) {
        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        count++;
        say("name", "%s", entry->d_name);
    }
    closedir(stream);
    say(NULL, "%d", count);
}

static int writableCount;

/* Directories of processes, links to them, and the container's own cgroups. */
static int
isOwn(const char *path)
{
    return fnmatch("/proc/[0-9]*", path, FNM_PATHNAME) == 0 ||
           strcmp(path, "/sys/fs/cgroup") == 0;
}

static int
openForWriting(const char *path, const struct stat *info, int type,
               struct FTW *place)
{
    int fd;

    (void)place;
    if (type == FTW_D || type == FTW_DNR)
        return isOwn(path) ? FTW_SKIP_SUBTREE : FTW_CONTINUE;
    /* A masked file is the null device. */
    if (type != FTW_F || !S_ISREG(info->st_mode))
        return FTW_CONTINUE;

    fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return FTW_CONTINUE;
    close(fd);
    writableCount++;
    say("file", "%s", path);
    return FTW_CONTINUE;
}

/* writable PATH: the files below that can be opened for writing, and how many.
 * Nothing is written. */
static void
deedWritable(char **args)
{
    writableCount = 0;
    if (nftw(args[0], openForWriting, 64, FTW_PHYS | FTW_ACTIONRETVAL) < 0)
        say(NULL, "%s", outcome(-1));
    else
        say(NULL, "%d", writableCount);
}

static void
deedChown(char **args)
{
    say(NULL, "%s", outcome(chown(args[0], atoi(args[1]), atoi(args[1]))));
}

static void
deedChmod(char **args)
{
    say(NULL, "%s", outcome(chmod(args[0], strtol(args[1], NULL, 8))));
}

static void
deedMkdir(char **args)
{
    say(NULL, "%s", outcome(mkdir(args[0], 0755)));
}

static void
deedChroot(char **args)
{
    say(NULL, "%s", outcome(chroot(args[0])));
}

/* mount TYPE TARGET [OPTIONS] */
static void
deedMount(char **args)
{
    say(NULL, "%s", outcome(mount("probe", args[1], args[0], 0, args[2])));
}

/* setfcap PATH: gives the file cap_chown */
static void
deedSetfcap(char **args)
{
    static const unsigned int data[] = {0x02000001, 1, 0, 0, 0};

    say(NULL, "%s",
        outcome(
            setxattr(args[0], "security.capability", data, sizeof(data), 0)));
}

const Deed fileDeeds[] = {
    {"mknod", 4, deedMknod},
    {"open", 2, deedOpen},
    {"peek", 3, deedPeek},
    {"cat", 1, deedCat},
    {"chown", 2, deedChown},
    {"chmod", 2, deedChmod},
    {"mkdir", 1, deedMkdir},
    {"chroot", 1, deedChroot},
    {"mount", 2, deedMount},
    {"setfcap", 1, deedSetfcap},
    {"directories", 1, deedDirectories},
    {"writable", 1, deedWritable},
    {NULL, 0, NULL},
};
