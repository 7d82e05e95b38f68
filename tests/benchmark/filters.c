/*
 * filters.c: the seccomp filters of a process, as the kernel has them
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   filters PID [FILE]
 *
 * Prints the number of instructions of each filter, the one that was loaded
 * last first, and writes that one to FILE. Needs CAP_SYS_ADMIN and no filter of
 * its own (ptrace(2), PTRACE_SECCOMP_GET_FILTER).
 */

#include <errno.h>
#include <linux/filter.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static void
fail(const char *what)
{
    fprintf(stderr, "filters: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* It goes on when this process ends. */
static void
stop(pid_t pid)
{
    int status;

    if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0 ||
        ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0 ||
        waitpid(pid, &status, __WALL) < 0 || !WIFSTOPPED(status))
        fail("cannot stop the process");
}

static void
save(const char *path, const struct sock_filter *program, size_t length)
{
    FILE *file = fopen(path, "w");

    if (!file || fwrite(program, sizeof(*program), length, file) != length ||
        fclose(file) != 0)
        fail(path);
}

int
main(int argc, char **argv)
{
    static struct sock_filter program[BPF_MAXINSNS];
    pid_t pid = argc > 1 ? atoi(argv[1]) : 0;
    unsigned long index;
    long length;

    if (pid <= 0)
        return 2;

    stop(pid);
    for (index = 0;
         (length = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, index, program)) >= 0;
         index++) {
        printf("%ld\n", length);
        if (index == 0 && argc > 2)
            save(argv[2], program, length);
    }
    /* No filter at all is EINVAL, no further one ENOENT. */
    if (errno != ENOENT && errno != EINVAL)
        fail("PTRACE_SECCOMP_GET_FILTER");
    return 0;
}
