/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Deeds that reach for the host, or for another container. None of them changes
 * anything if it succeeds.
 */
#include "probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define PIDS 4096

#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif

/* node b|c MAJOR MINOR: makes a device node and opens it */
static void
deedNode(char **args)
{
    mode_t type = args[0][0] == 'b' ? S_IFBLK : S_IFCHR;
    char path[64];
    int fd;

    snprintf(path, sizeof(path), "/tmp/node-%d", getpid());
    if (mknod(path, type | 0600, makedev(atoi(args[1]), atoi(args[2]))) < 0) {
        say(NULL, "mknod:%s", outcome(-1));
        return;
    }
    fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    say(NULL, fd < 0 ? "open:%s" : "%s", outcome(fd));
    unlink(path);
}

/* finit-module: this program is not a module */
static void
deedFinitModule(char **args __attribute__((unused)))
{
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

    say(NULL, "%s", outcome(syscall(SYS_finit_module, fd, "", 0)));
}

/* perf: counts the events of a whole CPU */
static void
deedPerf(char **args __attribute__((unused)))
{
    struct perf_event_attr attr = {
        .type = PERF_TYPE_SOFTWARE,
        .size = sizeof(attr),
        .config = PERF_COUNT_SW_CPU_CLOCK,
    };

    say(NULL, "%s", outcome(syscall(SYS_perf_event_open, &attr, -1, 0, -1, 0)));
}

/* io-uring: a ring with one entry */
static void
deedIoUring(char **args __attribute__((unused)))
{
    char params[120] = "";

    say(NULL, "%s", outcome(syscall(SYS_io_uring_setup, 1, params)));
}

static void
readKey(const char *name)
{
    char data[64];
    long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING,
                       "user", name, 0);

    if (key >= 0)
        key = syscall(SYS_keyctl, KEYCTL_READ, key, data, sizeof(data));
    say(NULL, "%s", outcome(key < 0 ? -1 : 0));
}

/* key NAME: reads a key of the session that the daemon was started in */
static void
deedKey(char **args)
{
    readKey(args[0]);
}

/* user-key NAME: reads a key of its user, from whatever session */
static void
deedUserKey(char **args)
{
    if (syscall(SYS_keyctl, KEYCTL_LINK, KEY_SPEC_USER_KEYRING,
                KEY_SPEC_SESSION_KEYRING) < 0)
        say(NULL, "%s", outcome(-1));
    else
        readKey(args[0]);
}

static int
isOutside(pid_t pid)
{
    char path[64], name[32] = "";
    int fd;

    snprintf(path, sizeof(path), "/proc/%d/comm", pid);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return 1;
    if (read(fd, name, sizeof(name) - 1) < 0)
        name[0] = 0;
    close(fd);
    return strcmp(name, "probe\n") != 0;
}

static int
seize(pid_t pid)
{
    int rc = ptrace(PTRACE_SEIZE, pid, NULL, NULL);

    if (rc == 0)
        ptrace(PTRACE_DETACH, pid, NULL, NULL);
    return rc;
}

/* It need not have this address. */
static int
readMemory(pid_t pid)
{
    static char byte;
    struct iovec here = {&byte, 1}, there = {&byte, 1};
    int rc = process_vm_readv(pid, &here, 1, &there, 1, 0);

    return rc < 0 && errno == EFAULT ? 0 : rc;
}

static int
find(pid_t pid)
{
    return syscall(SYS_pidfd_open, pid, 0);
}

static int
signalNone(pid_t pid)
{
    return kill(pid, 0);
}

/* process own|outside seize|read|find|signal: what can be done to a child, or
 * to the first process that is not the probe. Reading it gives EFAULT, as it
 * need not have this address. */
static void
deedProcess(char **args)
{
    int (*act)(pid_t) = strcmp(args[1], "seize") == 0  ? seize
                        : strcmp(args[1], "read") == 0 ? readMemory
                        : strcmp(args[1], "find") == 0 ? find
                                                       : signalNone;
    int rc = -1;
    pid_t child, pid;

    if (strcmp(args[0], "outside") == 0) {
        errno = ESRCH;
        for (pid = 1; pid < PIDS && rc < 0 && errno == ESRCH; pid++) {
            if (isOutside(pid))
                rc = act(pid);
        }
        say(NULL, "%s", outcome(rc));
        return;
    }
    if ((child = fork()) == 0) {
        for (;;)
            pause();
    }
    say(NULL, "%s", outcome(act(child)));
    kill(child, SIGKILL);
}

/* umount: marks /proc for expiry, which no one completes */
static void
deedUmount(char **args __attribute__((unused)))
{
    say(NULL, "%s", outcome(umount2("/proc", MNT_EXPIRE)));
}

/* bind: mounts /tmp on /mnt, and removes the mount */
static void
deedBindMount(char **args __attribute__((unused)))
{
    int rc = mount("/tmp", "/mnt", NULL, MS_BIND, NULL);

    say(NULL, "%s", outcome(rc));
    if (rc == 0)
        umount2("/mnt", MNT_DETACH);
}

/* fsopen TYPE: begins a mount */
static void
deedFsopen(char **args)
{
    say(NULL, "%s", outcome(syscall(SYS_fsopen, args[0], 0)));
}

/* open-tree PATH: a detached copy of a mount */
static void
deedOpenTree(char **args)
{
    say(NULL, "%s",
        outcome(syscall(SYS_open_tree, AT_FDCWD, args[0], OPEN_TREE_CLONE)));
}

/* setns TYPE: its own namespace, by the descriptor of init's */
static void
deedSetns(char **args)
{
    char path[64];
    int fd;

    snprintf(path, sizeof(path), "/proc/1/ns/%s", args[0]);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    say(NULL, fd < 0 ? "open:%s" : "%s", outcome(fd < 0 ? fd : setns(fd, 0)));
}

/* setns-inherited: any namespace that it has a descriptor of */
static void
deedSetnsInherited(char **args __attribute__((unused)))
{
    int fd, rc = -1, error = EBADF;

    for (fd = 0; fd < PIDS && rc < 0; fd++) {
        if (fcntl(fd, F_GETFD) < 0)
            continue;
        rc = setns(fd, 0);
        error = errno;
    }
    errno = error;
    say(NULL, "%s", outcome(rc));
}

/* userns: becomes root of a user namespace, and mounts in it */
static void
deedUserns(char **args __attribute__((unused)))
{
    int rc = unshare(CLONE_NEWUSER);

    if (rc < 0) {
        say(NULL, "%s", outcome(-1));
        return;
    }
    rc = unshare(CLONE_NEWNS);
    if (rc == 0)
        rc = mount("none", "/tmp", "tmpfs", 0, NULL);
    say(NULL, rc < 0 ? "then:%s" : "%s", outcome(rc));
}

/* handle PATH: opens a file by its handle */
static void
deedHandle(char **args)
{
    char buffer[sizeof(struct file_handle) + MAX_HANDLE_SZ];
    struct file_handle *handle = (struct file_handle *)buffer;
    int id, mount = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    handle->handle_bytes = MAX_HANDLE_SZ;
    if (name_to_handle_at(AT_FDCWD, args[0], handle, &id, 0) < 0)
        say(NULL, "name:%s", outcome(-1));
    else
        say(NULL, "%s",
            outcome(open_by_handle_at(mount, handle, O_RDONLY | O_CLOEXEC)));
}

/* inject: types a character on its own terminal, and discards it */
static void
deedInject(char **args __attribute__((unused)))
{
    int rc = ioctl(STDIN_FILENO, TIOCSTI, "x");

    say(NULL, "%s", outcome(rc));
    if (rc == 0)
        tcflush(STDIN_FILENO, TCIFLUSH);
}

/* linux-console: asks a virtual terminal for its shift state */
static void
deedLinuxConsole(char **args __attribute__((unused)))
{
    static const char *paths[] = {"/dev/stdin", "/dev/console", "/dev/tty0",
                                  "/dev/tty1"};
    int rc = -1;
    size_t i;

    for (i = 0; i < sizeof(paths) / sizeof(paths[0]) && rc < 0; i++) {
        char subcode = 6;
        int fd = open(paths[i], O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

        if (fd >= 0)
            rc = ioctl(fd, TIOCLINUX, &subcode);
    }
    say(NULL, "%s", rc < 0 ? "ENOTTY" : "OK");
}

/* socket FAMILY TYPE PROTOCOL */
static void
deedSocket(char **args)
{
    say(NULL, "%s",
        outcome(socket(atoi(args[0]), atoi(args[1]), atoi(args[2]))));
}

/* set-link: asks for the loopback interface to be up, as it is */
static void
deedSetLink(char **args __attribute__((unused)))
{
    struct {
        struct nlmsghdr header;
        struct ifinfomsg link;
    } request = {
        .header = {sizeof(request), RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1,
                   0},
        .link = {.ifi_index = 1, .ifi_flags = IFF_UP, .ifi_change = IFF_UP},
    };
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
        char more[512];
    } answer = {0};
    int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

    if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0 ||
        recv(fd, &answer, sizeof(answer), 0) < 0) {
        say(NULL, "no answer: %s", outcome(-1));
        return;
    }
    errno = -answer.error.error;
    say(NULL, "%s", outcome(errno ? -1 : 0));
}

static socklen_t
abstract(struct sockaddr_un *address, const char *name)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    strncpy(address->sun_path + 1, name, sizeof(address->sun_path) - 2);
    return offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);
}

/* abstract NAME: connects to an abstract socket */
static void
deedAbstract(char **args)
{
    struct sockaddr_un address;
    socklen_t length = abstract(&address, args[0]);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    say(NULL, "%s", outcome(connect(fd, (struct sockaddr *)&address, length)));
}

/* shm KEY: a segment of shared memory that another process made */
static void
deedShm(char **args)
{
    say(NULL, "%s", outcome(shmget(atoi(args[0]), 4096, 0)));
}

/* offer NAME KEY: what deeds of another container look for */
static void
deedOffer(char **args)
{
    struct sockaddr_un address;
    socklen_t length = abstract(&address, args[0]);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int segment = shmget(atoi(args[1]), 4096, IPC_CREAT | 0666);

    if (segment < 0 || bind(fd, (struct sockaddr *)&address, length) < 0 ||
        listen(fd, 8) < 0) {
        say(NULL, "%s", outcome(-1));
        return;
    }
    if (fork() == 0) {
        for (;;)
            pause();
    }
    say(NULL, "OK");
}

/* io-ports: access to all of them */
static void
deedIoPorts(char **args __attribute__((unused)))
{
#ifdef __x86_64__
    say(NULL, "%s", outcome(iopl(3)));
#else
    say(NULL, "ENOSYS");
#endif
}

/* read PATH: a byte; "empty" where there is none */
static void
deedRead(char **args)
{
    char byte;
    int fd = open(args[0], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, &byte, 1);

    say(NULL, "%s", got == 0 ? "empty" : outcome(got < 0 ? -1 : 0));
}

const Deed attackDeeds[] = {
    {"node", 3, deedNode},
    {"finit-module", 0, deedFinitModule},
    {"perf", 0, deedPerf},
    {"io-uring", 0, deedIoUring},
    {"key", 1, deedKey},
    {"user-key", 1, deedUserKey},
    {"process", 2, deedProcess},
    {"umount", 0, deedUmount},
    {"bind-mount", 0, deedBindMount},
    {"fsopen", 1, deedFsopen},
    {"open-tree", 1, deedOpenTree},
    {"setns", 1, deedSetns},
    {"setns-inherited", 0, deedSetnsInherited},
    {"userns", 0, deedUserns},
    {"handle", 1, deedHandle},
    {"inject", 0, deedInject},
    {"linux-console", 0, deedLinuxConsole},
    {"socket", 3, deedSocket},
    {"set-link", 0, deedSetLink},
    {"abstract", 1, deedAbstract},
    {"shm", 1, deedShm},
    {"offer", 2, deedOffer},
    {"io-ports", 0, deedIoPorts},
    {"read", 1, deedRead},
    {NULL, 0, NULL},
};
