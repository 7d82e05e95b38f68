/*
 * end_init.c: an init that ends in a given way
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   exit N            exit with this status
 *   fault             dereference NULL
 *   call              call getrandom(2)
 *   memory            use more and more memory
 *   reboot WHAT       reboot(2): restart, halt or off
 *   lines N           write N lines to the console, exit with status 1
 *   bytes N           write N MiB to the console, exit with status 0
 *   stay N            the same, but sleep then
 *   wait N            the same after a line was read from the console
 *   text TEXT         write TEXT with octal escapes, exit with status 1
 *   raw TEXT          the same, with the terminal in raw mode
 *   handle SIGNAL N   exit with status N on this signal
 *   block SIGNAL N    the same, with the signal blocked and waited for
 *   ignore            ignore all signals
 *   default           sleep, with the default action for all signals
 *   read PATH         exit with status 0 when a request arrives in this FIFO
 *   count PATH N      append a byte to a file; exit with status 1 until it has
 *                     N bytes, then sleep
 *
 * In all cases, /out says when it is about to do so.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static int status;

static void
handler(int signum)
{
    (void)signum;
    _exit(status);
}

static void
report(const char *what)
{
    FILE *out = fopen("/out", "ae");

    if (out) {
        fprintf(out, "end=%s\n", what);
        fclose(out);
    }
}

static void
fault(void)
{
    volatile uintptr_t nowhere = 0; /* unknown to the compiler */

    *(volatile int *)nowhere = 1;
}

static void
memory(void)
{
    for (;;) {
        char *chunk = malloc(1 << 20);

        if (chunk)
            memset(chunk, 1, 1 << 20);
    }
}

static void
restart(const char *what)
{
    reboot(strcmp(what, "restart") == 0 ? RB_AUTOBOOT
           : strcmp(what, "halt") == 0  ? RB_HALT_SYSTEM
                                        : RB_POWER_OFF);
}

static int
lines(int count)
{
    int i;

    for (i = 1; i <= count; i++)
        printf("line %d\n", i);
    fflush(stdout);
    return 1;
}

static int
bytes(int count)
{
    static char chunk[1 << 20];
    int i;

    memset(chunk, 'x', sizeof(chunk));
    for (i = 0; i < count; i++) {
        size_t done = 0;

        while (done < sizeof(chunk)) {
            ssize_t got = write(1, chunk + done, sizeof(chunk) - done);

            if (got < 0)
                return 3;
            done += got;
        }
    }
    return 0;
}

static int
text(const char *escaped)
{
    while (*escaped) {
        unsigned int byte;
        int length;

        if (sscanf(escaped, "\\%3o%n", &byte, &length) == 1) {
            putchar(byte);
            escaped += length;
        } else {
            putchar(*escaped++);
        }
    }
    fflush(stdout);
    return 1;
}

static void
rawMode(void)
{
    struct termios attr;

    tcgetattr(1, &attr);
    cfmakeraw(&attr);
    tcsetattr(1, TCSANOW, &attr);
}

static int
block(int signum)
{
    sigset_t set;
    int got;

    sigemptyset(&set);
    sigaddset(&set, signum);
    sigprocmask(SIG_BLOCK, &set, NULL);
    report("block");
    sigwait(&set, &got);
    return status;
}

static void
ignore(void)
{
    int i;

    for (i = 1; i < 32; i++)
        signal(i, SIG_IGN);
}

static int
receive(const char *path)
{
    char buffer[512];
    int fd = open(path, O_RDWR | O_CLOEXEC);

    report("read");
    return read(fd, buffer, sizeof(buffer)) == 384 ? 0 : 4;
}

static int
count(const char *path, int wanted)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    struct stat sb;

    if (write(fd, ".", 1) != 1 || fstat(fd, &sb) < 0)
        return 2;
    if (sb.st_size < wanted)
        return 1;
    report("count");
    for (;;)
        pause();
}

int
main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "default";
    const char *arg = argc > 2 ? argv[2] : "";

    status = argc > 3 ? atoi(argv[3]) : 0;

    if (strcmp(what, "read") == 0)
        return receive(arg);
    if (strcmp(what, "block") == 0)
        return block(atoi(arg));
    if (strcmp(what, "count") == 0)
        return count(arg, status);
    if (strcmp(what, "handle") == 0)
        signal(atoi(arg), handler);
    if (strcmp(what, "ignore") == 0)
        ignore();

    report(what);
    if (strcmp(what, "exit") == 0)
        return atoi(arg);
    if (strcmp(what, "fault") == 0)
        fault();
    if (strcmp(what, "call") == 0)
        return getrandom(&status, 1, 0) == 1 ? 0 : 6;
    if (strcmp(what, "memory") == 0)
        memory();
    if (strcmp(what, "reboot") == 0)
        restart(arg);
    if (strcmp(what, "lines") == 0)
        return lines(atoi(arg));
    if (strcmp(what, "bytes") == 0)
        return bytes(atoi(arg));
    if (strcmp(what, "wait") == 0 && getchar() == EOF)
        return 7;
    if (strcmp(what, "stay") == 0 || strcmp(what, "wait") == 0)
        bytes(atoi(arg));
    if (strcmp(what, "raw") == 0)
        rawMode();
    if (strcmp(what, "text") == 0 || strcmp(what, "raw") == 0)
        return text(arg);
    for (;;)
        pause();
}
