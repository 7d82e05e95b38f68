/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Attempts to leave the container's cgroups, to widen its device list and to
 * lift its limits, through every cgroup file system that can be seen or
 * mounted.
 *
 * Directories of others are counted, never written to: where the attempt
 * succeeds the host's real tree is in reach. Own are those that are called
 * "machine" or carry the tag the test gives, and the roots of the mounts.
 */
#include "probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static const char *ownTag;
static const char *device;
static int visited;
static int foreign;
static int joined;
static int opened;

typedef struct {
    const char *file;
    const char *value;
} Attempt;

/* What a process would write that wants more than it was given. "0" is the
 * writer itself. */
static const Attempt attempts[] = {
    {"cgroup.procs", "0"},
    {"tasks", "0"},
    {"cgroup.threads", "0"},
    {"devices.allow", "a *:* rwm"},
    {"devices.allow", "b *:* rwm"},
    {"cgroup.clone_children", "1"},
    {"memory.memsw.limit_in_bytes", "-1"},
    {"memory.limit_in_bytes", "-1"},
    {"memory.soft_limit_in_bytes", "-1"},
    {"memory.kmem.limit_in_bytes", "-1"},
    {"memory.max", "max"},
    {"memory.high", "max"},
    {"memory.swap.max", "max"},
    {"cpu.cfs_quota_us", "-1"},
    {"cpu.shares", "262144"},
    {"cpu.max", "max"},
    {"cpu.weight", "10000"},
    {"cpuset.cpus", "0-1"},
    {"cpuset.mems", "0"},
    {"pids.max", "max"},
    {"blkio.weight", "1000"},
    {"freezer.state", "THAWED"},
};

static int
fileWrite(const char *dir, const char *file, const char *value)
{
    char path[PATH_MAX];
    int fd;
    int rc;

    snprintf(path, sizeof(path), "%s/%s", dir, file);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    rc = write(fd, value, strlen(value)) < 0 ? -1 : 0;
    close(fd);
    return rc;
}

/* Whether what was done until now gave the device away */
static int
deviceOpen(void)
{
    int fd = open(device, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return -1;
    opened++;
    close(fd);
    return 0;
}

/* Lifts what limits the rate of the device */
static void
attemptThrottle(const char *dir)
{
    char value[64];
    struct stat sb;
    int rc;

    if (stat(device, &sb) < 0)
        return;
    snprintf(value, sizeof(value), "%u:%u 0", major(sb.st_rdev),
             minor(sb.st_rdev));
    rc = fileWrite(dir, "blkio.throttle.read_bps_device", value);
    if (rc == 0 || errno != ENOENT)
        say("throttle", "%s %s", dir, outcome(rc));
}

static void
attemptAll(const char *dir)
{
    char key[PATH_MAX + 64];
    size_t i;

    for (i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        int rc = fileWrite(dir, attempts[i].file, attempts[i].value);

        if (rc < 0 && errno == ENOENT)
            continue;
        joined += rc == 0 && i < 3;
        snprintf(key, sizeof(key), "write:%s/%s", dir, attempts[i].file);
        say(key, "%s", outcome(rc));
    }
    attemptThrottle(dir);
    snprintf(key, sizeof(key), "open-after:%s", dir);
    say(key, "%s", outcome(deviceOpen()));
}

/* The helper that the kernel starts on the host when a cgroup gets empty: only
 * whether it could be written, since there would be no way back. */
static void
releaseAgent(const char *dir)
{
    char path[PATH_MAX];
    struct stat sb;

    snprintf(path, sizeof(path), "%s/release_agent", dir);
    if (stat(path, &sb) == 0)
        say("release-agent", "%s", outcome(open(path, O_WRONLY | O_CLOEXEC)));
}

static int
isOwn(const char *name)
{
    return strcmp(name, "machine") == 0 || strstr(name, ownTag) != NULL;
}

static void
walk(const char *dir, int depth)
{
    struct dirent *entry;
    DIR *stream;

    visited++;
    attemptAll(dir);
    releaseAgent(dir);
    if (depth == 0 || !(stream = opendir(dir)))
        return;
    while ((entry = readdir(stream))) {
        char path[PATH_MAX];

        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
        if (isOwn(entry->d_name)) {
            walk(path, depth - 1);
        } else {
            foreign++;
            say("foreign", "%s", path);
        }
    }
    closedir(stream);
}

/* Makes a cgroup below @dir and tries to become a member, with every file */
static void
subCgroup(const char *dir, const char *name)
{
    char path[PATH_MAX];
    char key[PATH_MAX + 8];
    int rc;

    snprintf(path, sizeof(path), "%s/%s-%s", dir, name, ownTag);
    snprintf(key, sizeof(key), "mkdir:%s", dir);
    rc = mkdir(path, 0755);
    say(key, "%s", outcome(rc));
    if (rc == 0)
        attemptAll(path);
}

/* Calls @visit for every mount of a cgroup file system */
static void
eachMount(void (*visit)(const char *dir, const char *name), const char *name)
{
    char line[4096];
    char *copy[64] = {NULL};
    size_t count = 0;
    FILE *file = fopen("/proc/self/mountinfo", "re");
    size_t i;

    while (file && fgets(line, sizeof(line), file) && count < 64) {
        char target[1024];
        char *type = strstr(line, " - ");

        if (!type || strncmp(type + 3, "cgroup", 6) != 0)
            continue;
        if (sscanf(line, "%*d %*d %*s %*s %1023s", target) == 1)
            copy[count++] = strdup(target);
    }
    if (file)
        fclose(file);
    for (i = 0; i < count; i++)
        visit(copy[i], name);
}

static void
visitWalk(const char *dir, const char *name __attribute__((unused)))
{
    char up[PATH_MAX];

    walk(dir, 4);
    /* Upwards, as far as there is anything like a cgroup */
    snprintf(up, sizeof(up), "%s/..", dir);
    attemptAll(up);
    snprintf(up, sizeof(up), "%s/../..", dir);
    attemptAll(up);
}

static void
mountAll(const char *round)
{
    static const char *const controllers[] = {
        "cpu",
        "cpuacct",
        "cpuset",
        "memory",
        "devices",
        "freezer",
        "blkio",
        "pids",
        "net_cls",
        "net_prio",
        "perf_event",
        "hugetlb",
        "none,name=systemd",
        "cpu,cpuacct",
        NULL,
    };
    char dir[PATH_MAX];
    char key[128];
    int i;

    for (i = 0; i == 0 || controllers[i - 1]; i++) {
        const char *options = controllers[i];
        int rc;

        snprintf(dir, sizeof(dir), "/mnt-%s-%d", round, i);
        mkdir(dir, 0755);
        rc = mount("probe", dir, options ? "cgroup" : "cgroup2", 0, options);
        snprintf(key, sizeof(key), "mount:%s:%s", round,
                 !options               ? "cgroup2"
                 : strchr(options, '=') ? "named"
                                        : options);
        say(key, "%s", outcome(rc));
    }
}

/* escape TAG DEVICE-NODE: everything, in this order: with what is mounted, with
 * what can be mounted, and the same in a new cgroup namespace. */
static void
deedEscape(char **args)
{
    static const char *const rounds[] = {"seen", "mounted", "unshared"};
    size_t i;

    ownTag = args[0];
    device = args[1];
    say("before", "%s", outcome(deviceOpen()));
    for (i = 0; i < 3; i++) {
        if (i == 2)
            say("unshare", "%s", outcome(unshare(CLONE_NEWCGROUP)));
        if (i > 0)
            mountAll(rounds[i]);
        eachMount(visitWalk, NULL);
        eachMount(subCgroup, rounds[i]);
        say(rounds[i], "%s", outcome(deviceOpen()));
    }
    say("visited", "%d", visited);
    say("foreign-count", "%d", foreign);
    say("joined", "%d", joined);
    say("opened", "%d", opened);
}

/* One sleeper in @dir that only SIGKILL ends */
static void
sleeper(const char *dir)
{
    int signum;

    if (fork() != 0)
        return;
    fileWrite(dir, "cgroup.procs", "0");
    setsid();
    for (signum = 1; signum < 32; signum++)
        signal(signum, SIG_IGN);
    for (;;)
        pause();
}

/* Sleepers in @dir and below, and init in the one of these called @goal */
static void
visitScatter(const char *dir, const char *goal)
{
    char path[PATH_MAX];
    char deep[PATH_MAX + 8];

    sleeper(dir);
    snprintf(path, sizeof(path), "%s/sub-%s", dir, ownTag);
    snprintf(deep, sizeof(deep), "%s/deep", path);
    if (mkdir(path, 0755) == 0)
        sleeper(path);
    if (mkdir(deep, 0755) == 0)
        sleeper(deep);
    fileWrite(strcmp(goal, "top") == 0 ? dir : deep, "cgroup.procs", "1");
}

/* scatter TAG top|deep: processes in every cgroup that can be reached, and the
 * container's init at the top of what it sees or deep down */
static void
deedScatter(char **args)
{
    ownTag = args[0];
    mountAll("scatter");
    eachMount(visitScatter, args[1]);
    usleep(50000);
    say(NULL, "OK");
}

/* With version 1 or 2 */
static int
freeze(const char *dir)
{
    if (fileWrite(dir, "freezer.state", "FROZEN") == 0)
        return 0;
    return fileWrite(dir, "cgroup.freeze", "1");
}

static void
visitFreeze(const char *dir, const char *name)
{
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/%s-%s", dir, name, ownTag);
    if (mkdir(path, 0755) < 0)
        return;
    sleeper(path);
    usleep(20000);
    if (freeze(path) == 0)
        visited++;
    else
        rmdir(path);
}

/* freeze TAG: processes that SIGKILL does not end before they are thawed */
static void
deedFreeze(char **args)
{
    ownTag = args[0];
    eachMount(visitFreeze, "frozen");
    say(NULL, "%d", visited);
}

/* freeze-deep DIR COUNT: makes so many cgroups, each below the one before,
 * which no path can name, and freezes a process in the last */
static void
deedFreezeDeep(char **args)
{
    char name[101];
    int rc = chdir(args[0]);
    int i;

    memset(name, 'd', sizeof(name) - 1);
    name[sizeof(name) - 1] = 0;
    for (i = 0; rc == 0 && i < atoi(args[1]); i++) {
        rc = mkdir(name, 0755);
        if (rc == 0)
            rc = chdir(name);
    }
    if (rc == 0) {
        sleeper(".");
        usleep(50000);
        rc = freeze(".");
    }
    say(NULL, "%s", outcome(rc));
}

/* join FILE: writes itself into the cgroup.procs file at that path */
static void
deedJoin(char **args)
{
    say(NULL, "%s", outcome(fileWrite(args[0], "cgroup.procs", "0")));
}

/* subcgroup MOUNTPOINT NAME: what systemd does: make, enter, remove */
static void
deedSubCgroup(char **args)
{
    char path[PATH_MAX];

    snprintf(path, sizeof(path), "%s/%s", args[0], args[1]);
    if (mkdir(path, 0755) < 0 || fileWrite(path, "cgroup.procs", "0") < 0 ||
        fileWrite(args[0], "cgroup.procs", "0") < 0 || rmdir(path) < 0)
        say(NULL, "%s", outcome(-1));
    else
        say(NULL, "OK");
}

const Deed cgroupDeeds[] = {
    {"escape", 2, deedEscape}, {"scatter", 2, deedScatter},
    {"freeze", 1, deedFreeze}, {"freeze-deep", 2, deedFreezeDeep},
    {"join", 1, deedJoin},     {"subcgroup", 2, deedSubCgroup},
    {NULL, 0, NULL},
};
