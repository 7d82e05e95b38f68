/*
 * init.c: what runs in the containers of the benchmark
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   init begin [FIFO]              writes when it began, and ends; not before
 *                                  a byte has come through the FIFO
 *   init wait                      waits for ever
 *   init calls NAME CPU [FILTER]   measures calls, once for each byte that
 *                                  comes through the FIFO go.NAME
 *
 * Times are of CLOCK_MONOTONIC, which all containers share. Files are those of
 * the working directory.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Descriptors that are open at once. */
#define OPEN 64

static int64_t
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void
fail(const char *what)
{
    fprintf(stderr, "init: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int
openFile(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);

    if (fd < 0)
        fail(path);
    return fd;
}

/* --- calls ---------------------------------------------------------------- */

/* What the rows of one measurement share. */
typedef struct {
    int zero;
    char byte;
    int fds[OPEN];
} Context;

static long
callGetppid(Context *context, unsigned int i)
{
    (void)context;
    (void)i;
    return syscall(SYS_getppid);
}

static long
callRead(Context *context, unsigned int i)
{
    (void)i;
    return syscall(SYS_read, context->zero, &context->byte, 1);
}

static long
callOpenat(Context *context, unsigned int i)
{
    context->fds[i] = syscall(SYS_openat, AT_FDCWD, "file", O_RDONLY);
    return context->fds[i];
}

static long
callClose(Context *context, unsigned int i)
{
    return syscall(SYS_close, context->fds[i]);
}

static long
callOpenatMissing(Context *context, unsigned int i)
{
    (void)context;
    (void)i;
    return syscall(SYS_openat, AT_FDCWD, "missing", O_RDONLY);
}

/* It asks for the personality, and is allowed with this argument. */
static long
callPersonality(Context *context, unsigned int i)
{
    (void)context;
    (void)i;
    return syscall(SYS_personality, 0xffffffff);
}

static long
callSwapon(Context *context, unsigned int i)
{
    (void)context;
    (void)i;
    return syscall(SYS_swapon, NULL, 0);
}

/* Rows that follow each other in a turn share its descriptors. */
static const struct {
    const char *name;
    long (*call)(Context *context, unsigned int i);
} rows[] = {
    {"getppid", callGetppid},
    {"read", callRead},
    {"openat", callOpenat},
    {"close", callClose},
    {"openat-missing", callOpenatMissing},
    {"personality", callPersonality},
    {"swapon", callSwapon},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))
#define TURNS 64

static int
compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Each row is called OPEN times in a turn. The clock, which is read twice for
 * that, costs some 50 ns: less than 1 ns a call. The median is that of the
 * turns, so that interrupts and other processes do not count. */
static void
measure(FILE *out, Context *context)
{
    static int64_t spent[ROWS][TURNS];
    int error[ROWS] = {0};
    unsigned int turn;
    size_t row;
    size_t i;

    for (turn = 0; turn < TURNS; turn++) {
        for (row = 0; row < ROWS; row++) {
            int64_t begun = now();
            long result = 0;

            for (i = 0; i < OPEN; i++)
                result = rows[row].call(context, i);
            spent[row][turn] = now() - begun;
            error[row] = result < 0 ? errno : 0;
        }
    }
    for (row = 0; row < ROWS; row++) {
        qsort(spent[row], TURNS, sizeof(spent[row][0]), compare);
        fprintf(out, "%s=%.3f/%d ", rows[row].name,
                (double)spent[row][TURNS / 2] / OPEN, error[row]);
    }
    fprintf(out, "\n");
    fflush(out);
}

static void
pin(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (sched_setaffinity(0, sizeof(set), &set) < 0)
        fail("sched_setaffinity");
}

static void
loadFilter(const char *path)
{
    static struct sock_filter instructions[BPF_MAXINSNS];
    struct sock_fprog program = {.filter = instructions};
    int fd = openFile(path, O_RDONLY);

    program.len =
        read(fd, instructions, sizeof(instructions)) / sizeof(instructions[0]);
    close(fd);
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) < 0)
        fail("seccomp");
}

static int
calls(const char *name, int cpu, const char *filter)
{
    Context context = {.zero = openFile("/dev/zero", O_RDONLY)};
    char path[64];
    FILE *out = NULL;
    char byte;
    int go;

    snprintf(path, sizeof(path), "go.%s", name);
    go = openFile(path, O_RDONLY);
    snprintf(path, sizeof(path), "out.%s", name);
    out = fdopen(openFile(path, O_WRONLY), "w");
    if (!out)
        fail("fdopen");
    pin(cpu);
    if (filter)
        loadFilter(filter);

    while (read(go, &byte, 1) == 1)
        measure(out, &context);
    return 0;
}

/* --- begin ---------------------------------------------------------------- */

static int
begin(const char *fifo)
{
    int64_t begun = now();
    int out = openFile("begun", O_WRONLY);
    char byte;

    if (write(out, &begun, sizeof(begun)) != sizeof(begun))
        fail("begun");
    if (fifo && read(openFile(fifo, O_RDONLY), &byte, 1) != 1)
        fail(fifo);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc >= 2 && strcmp(argv[1], "wait") == 0)
        pause();
    if (argc >= 2 && strcmp(argv[1], "begin") == 0)
        return begin(argv[2]);
    if (argc >= 4 && strcmp(argv[1], "calls") == 0)
        return calls(argv[2], atoi(argv[3]), argv[4]);
    return 2;
}
