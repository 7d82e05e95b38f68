/*
 * entry_init.c: an init that lists what it was given
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Writes its descriptors, its environment and what it finds in its session
 * keyring to /out, as "key=value". With the argument "reboot" it first makes
 * /etc/passwd a FIFO, and then reboots.
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

static void
list(FILE *out)
{
    int fd;
    char **entry;

    for (fd = 0; fd < 4096; fd++) {
        if (fd != fileno(out) && fcntl(fd, F_GETFD) >= 0)
            fprintf(out, "fd.%d=1\n", fd);
    }
    for (entry = environ; *entry; entry++)
        fprintf(out, "env.%s\n", *entry);
    fprintf(out, "key=%d\n",
            syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user",
                    "ct-host-key", 0) >= 0);
}

int
main(int argc, char **argv)
{
    FILE *out = fopen("/out", "ae");

    if (argc > 1 && strcmp(argv[1], "reboot") == 0) {
        unlink("/etc/passwd");
        mkfifo("/etc/passwd", 0666);
        fputs("fifo=1\n", out);
        fflush(out);
        reboot(RB_AUTOBOOT);
    }

    list(out);
    fputs("end=\n", out);
    fclose(out);
    for (;;)
        pause();
}
