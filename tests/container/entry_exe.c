/*
 * entry_exe.c: what a container's ELF interpreter can do to the executable
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Takes the place of the dynamic loader: the kernel runs it in a process whose
 * /proc/self/exe is the program that asked for a loader. No C library: that
 * would look for that program's own data.
 */

#include <fcntl.h>
#include <sys/syscall.h>

/* Linux before 6.7 clears the rest of the page behind a loader's last segment,
 * and refuses the loader if this segment is not writable. */
static volatile long out = -1;

static long
call(long number, long a, long b, long c)
{
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c)
                     : "rcx", "r11", "memory");
    return result;
}

void _start(void);
void
_start(void)
{
    long exe = call(SYS_open, (long)"/proc/self/exe", O_RDONLY, 0);
    long changed = call(SYS_fchmod, exe, 04755, 0);

    out = call(SYS_open, (long)"/out", O_WRONLY | O_APPEND, 0);

    call(SYS_write, out, (long)(exe >= 0 ? "opened=1\n" : "opened=0\n"), 9);
    call(SYS_write, out, (long)(changed == 0 ? "changed=1\n" : "changed=0\n"),
         10);
    call(SYS_write, out, (long)"end=\n", 5);
    for (;;)
        call(SYS_pause, 0, 0, 0);
}
