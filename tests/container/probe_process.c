/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Deeds of a process on itself, on others and on the kernel. All are without
 * effect on the host when they succeed.
 */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

/* status: the lines of /proc/self/status, one result each */
static void
deedStatus(char **args __attribute__((unused)))
{
    char line[1024];
    FILE *file = fopen("/proc/self/status", "re");

    while (file && fgets(line, sizeof(line), file)) {
        char *colon = strchr(line, ':');

        line[strcspn(line, "\n")] = 0;
        if (!colon)
            continue;
        *colon = 0;
        say(line, "%s", colon + 1 + strspn(colon + 1, " \t"));
    }
}

static void
deedSetuid(char **args)
{
    uid_t uid = atoi(args[0]);

    say(NULL, "%s", outcome(setresuid(uid, uid, uid)));
}

static void
deedSetgid(char **args)
{
    gid_t gid = atoi(args[0]);

    say(NULL, "%s", outcome(setresgid(gid, gid, gid)));
}

/* exec LABEL PATH DEED ARGS…: what a probe at PATH can do after exec */
static void
deedExec(char **args)
{
    char *argv[62] = {args[1], "one", args[0]};
    int i;

    for (i = 0; i < 58 && args[2 + i]; i++)
        argv[3 + i] = args[2 + i];
    execv(args[1], argv);
    say(NULL, "%s", outcome(-1));
}

/* as UID DEED ARGS… */
static void
deedAs(char **args)
{
    uid_t uid = atoi(args[0]);

    if (setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0)
        say(NULL, "%s", outcome(-1));
    else
        deedRun(args + 1);
}

/* kill: a signal to a process of another user; needs setuid to make one */
static void
deedKill(char **args __attribute__((unused)))
{
    int ready[2];
    char byte;
    pid_t child;

    if (pipe(ready) < 0 || (child = fork()) < 0) {
        say(NULL, "%s", outcome(-1));
        return;
    }
    if (child == 0) {
        if (setresuid(7, 7, 7) < 0 || write(ready[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1)
        say(NULL, "no other user");
    else
        say(NULL, "%s", outcome(kill(child, SIGKILL)));
}

static void
deedBind(char **args)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(atoi(args[0])),
    };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    say(NULL, "%s",
        outcome(bind(fd, (struct sockaddr *)&address, sizeof(address))));
}

static void
deedRawSocket(char **args __attribute__((unused)))
{
    say(NULL, "%s", outcome(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)));
}

static void
deedSocketForce(char **args __attribute__((unused)))
{
    int size = 4096;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    say(NULL, "%s",
        outcome(
            setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size))));
}

static void
deedMlock(char **args __attribute__((unused)))
{
    static char page[4096];
    const struct rlimit none = {0, 0};

    setrlimit(RLIMIT_MEMLOCK, &none);
    say(NULL, "%s", outcome(mlock(page, sizeof(page))));
}

static void
deedSethostname(char **args)
{
    say(NULL, "%s", outcome(sethostname(args[0], strlen(args[0]))));
}

/* EINVAL where reboot is permitted: there is no such command */
static void
deedRebootCheck(char **args __attribute__((unused)))
{
    say(NULL, "%s", outcome(reboot(0x12345)));
}

/* reboot MARK: once, so that the restarted container stays up */
static void
deedReboot(char **args)
{
    if (mkdir(args[0], 0755) < 0)
        say(NULL, "second boot");
    else
        say(NULL, "%s", outcome(reboot(RB_AUTOBOOT)));
}

static void
deedNice(char **args __attribute__((unused)))
{
    say(NULL, "%s", outcome(setpriority(PRIO_PROCESS, 0, -1)));
}

static void
deedRaiseLimit(char **args __attribute__((unused)))
{
    struct rlimit limit = {64, 64};

    setrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_max = 65;
    say(NULL, "%s", outcome(setrlimit(RLIMIT_NOFILE, &limit)));
}

/* Sets the clock's tick to what it is */
static void
deedClock(char **args __attribute__((unused)))
{
    struct timex clock = {0};

    adjtimex(&clock);
    clock.modes = ADJ_TICK;
    say(NULL, "%s", outcome(adjtimex(&clock)));
}

/* SYSLOG_ACTION_SIZE_UNREAD: needs the capability whatever dmesg_restrict is */
static void
deedSyslog(char **args __attribute__((unused)))
{
    say(NULL, "%s", outcome(klogctl(9, NULL, 0)));
}

static void
deedAlarm(char **args __attribute__((unused)))
{
    say(NULL, "%s", outcome(timerfd_create(CLOCK_BOOTTIME_ALARM, 0)));
}

static void
deedBpf(char **args __attribute__((unused)))
{
    union bpf_attr attr = {
        .map_type = BPF_MAP_TYPE_LPM_TRIE,
        .key_size = 8,
        .value_size = 8,
        .max_entries = 1,
        .map_flags = BPF_F_NO_PREALLOC,
    };

    say(NULL, "%s",
        outcome(syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr))));
}

static void
deedUnshare(char **args)
{
    int flags = strcmp(args[0], "user") == 0     ? CLONE_NEWUSER
                : strcmp(args[0], "cgroup") == 0 ? CLONE_NEWCGROUP
                                                 : CLONE_NEWNS;

    say(NULL, "%s", outcome(unshare(flags)));
}

/* spawn COUNT: that many sessions of processes that ignore what they can */
static void
deedSpawn(char **args)
{
    int i;
    int signum;

    for (i = 0; i < atoi(args[0]); i++) {
        pid_t child = fork();

        if (child == 0) {
            setsid();
            for (signum = 1; signum < 32; signum++)
                signal(signum, SIG_IGN);
            (void)!fork();
            for (;;)
                pause();
        }
    }
    say(NULL, "OK");
}

/* eat MEGABYTES: touches so much memory, tells how the eater ended */
static void
deedEat(char **args)
{
    size_t size = strtoul(args[0], NULL, 0) << 20;
    int status = 0;
    pid_t child = fork();
    size_t i;

    if (child == 0) {
        char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        for (i = 0; memory != MAP_FAILED && i < size; i += 4096)
            memory[i] = 1;
        _exit(memory == MAP_FAILED);
    }
    waitpid(child, &status, 0);
    say(NULL, "%s", WIFSIGNALED(status) ? "killed" : "OK");
}

const Deed processDeeds[] = {
    {"status", 0, deedStatus},
    {"setuid", 1, deedSetuid},
    {"setgid", 1, deedSetgid},
    {"exec", 3, deedExec},
    {"as", 2, deedAs},
    {"kill", 0, deedKill},
    {"bind", 1, deedBind},
    {"raw-socket", 0, deedRawSocket},
    {"socket-force", 0, deedSocketForce},
    {"mlock", 0, deedMlock},
    {"sethostname", 1, deedSethostname},
    {"reboot-check", 0, deedRebootCheck},
    {"reboot", 1, deedReboot},
    {"nice", 0, deedNice},
    {"raise-limit", 0, deedRaiseLimit},
    {"clock", 0, deedClock},
    {"syslog", 0, deedSyslog},
    {"alarm", 0, deedAlarm},
    {"bpf", 0, deedBpf},
    {"unshare", 1, deedUnshare},
    {"spawn", 1, deedSpawn},
    {"eat", 1, deedEat},
    {NULL, 0, NULL},
};
