/*
 * fault.c: make one system call of libvirt_lxc fail
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * To be preloaded. The call number $FAULT_NUMBER of the function $FAULT_CALL
 * that concerns a path below $FAULT_PATH and ending in $FAULT_SUFFIX fails with
 * $FAULT_ERRNO, or kills the process if that is 0. Creates the file $FAULT_MARK
 * then. The path of capset is /, and only the container's process is concerned.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int
number(const char *name)
{
    const char *value = getenv(name);

    return value ? atoi(value) : -1;
}

static bool
concerns(const char *path)
{
    const char *below = getenv("FAULT_PATH");
    const char *suffix = getenv("FAULT_SUFFIX");
    size_t length = strlen(path);

    return below && suffix && strncmp(path, below, strlen(below)) == 0 &&
           length >= strlen(suffix) &&
           strcmp(path + length - strlen(suffix), suffix) == 0;
}

/* Whether this call is the one that fails; sets errno. */
static bool
fails(const char *call, const char *path)
{
    static int count;
    const char *wanted = getenv("FAULT_CALL");

    if (!wanted || strcmp(call, wanted) != 0 || !concerns(path) ||
        ++count != number("FAULT_NUMBER"))
        return false;

    close(open(getenv("FAULT_MARK"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    if (number("FAULT_ERRNO") == 0)
        kill(getpid(), SIGKILL);
    errno = number("FAULT_ERRNO");
    return true;
}

static const char *
pathOf(int fd, char path[PATH_MAX])
{
    char link[64];
    ssize_t length;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = '\0';
    return path;
}

ssize_t
write(int fd, const void *buffer, size_t size)
{
    char path[PATH_MAX];

    return fails("write", pathOf(fd, path)) ? -1
                                            : REAL(write)(fd, buffer, size);
}

int
mkdir(const char *path, mode_t mode)
{
    return fails("mkdir", path) ? -1 : REAL(mkdir)(path, mode);
}

/* strace cannot tell the container's process from threads of libvirt_lxc. */
long
syscall(long call, ...)
{
    long args[6];
    va_list list;

    va_start(list, call);
    for (int i = 0; i < 6; i++)
        args[i] = va_arg(list, long);
    va_end(list);

    if (call == SYS_capset && getpid() == 1 && fails("capset", "/"))
        return -1;

    return REAL(syscall)(call, args[0], args[1], args[2], args[3], args[4],
                         args[5]);
}
