/*
 * place.c: a container's root next to a host's files, for tests
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a plan. Out: what came of it, and what happened to the host's files.
 */

#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEST_FIRST_ID 100000

char *
testPlacePath(const testPlace *place, const char *name)
{
    return g_build_filename(place->top, name, NULL);
}

static void
testWrite(const testPlace *place, const char *name, const char *text)
{
    g_autofree char *path = testPlacePath(place, name);

    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(chmod(path, 0644), ==, 0);
}

static void
testDirectory(const testPlace *place, const char *name)
{
    g_autofree char *path = testPlacePath(place, name);

    g_assert_cmpint(g_mkdir_with_parents(path, 0755), ==, 0);
}

static int
testOwn(const char *path, const struct stat *found G_GNUC_UNUSED,
        int type G_GNUC_UNUSED, struct FTW *ftw G_GNUC_UNUSED)
{
    return lchown(path, TEST_FIRST_ID, TEST_FIRST_ID);
}

static int
testRemove(const char *path, const struct stat *found G_GNUC_UNUSED,
           int type G_GNUC_UNUSED, struct FTW *ftw G_GNUC_UNUSED)
{
    return remove(path);
}

static void
testPlaceOwn(const testPlace *place)
{
    static const char *const names[] = {"root", "dev", "volume", "file"};
    size_t i;

    for (i = 0; place->mapped && i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = testPlacePath(place, names[i]);

        g_assert_cmpint(nftw(path, testOwn, 16, FTW_PHYS), ==, 0);
    }
}

testPlace *
testPlaceNew(bool mapped)
{
    testPlace *place = g_new0(testPlace, 1);

    place->mapped = mapped;
    place->top = g_dir_make_tmp("root-XXXXXX", NULL);
    g_assert_nonnull(place->top);
    g_assert_cmpint(chmod(place->top, 0755), ==, 0);

    testDirectory(place, "host/directory");
    testWrite(place, "host/secret", "secret of the host\n");
    testDirectory(place, "root/etc");
    testWrite(place, "root/etc/passwd", "root:x:0:0::/:/bin/false\n");
    testDirectory(place, "dev");
    testWrite(place, "dev/null", "of the place\n");
    testDirectory(place, "volume");
    testWrite(place, "volume/in-volume", "of the volume\n");
    testWrite(place, "file", "of the file\n");
    testPlaceOwn(place);
    return place;
}

void
testPlaceFree(testPlace *place)
{
    if (!place)
        return;

    nftw(place->top, testRemove, 16, FTW_PHYS | FTW_DEPTH);
    g_free(place->top);
    g_free(place);
}

static void
testMakeSocket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_assert_cmpuint(strlen(path), <, sizeof(address.sun_path));
    strcpy(address.sun_path, path);
    g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof(address)), ==,
                    0);
    close(fd);
}

static void
testMakeLink(const testPlace *place, const char *text, const char *path)
{
    g_autofree char *host = testPlacePath(place, "host");
    g_auto(GStrv) parts = g_strsplit(text, "HOST", -1);
    g_autofree char *target = g_strjoinv(host, parts);

    g_assert_cmpint(symlink(target, path), ==, 0);
}

void
testPlaceMake(const testPlace *place, const char *path, const char *what)
{
    g_autofree char *full = g_build_filename(place->top, "root", path, NULL);
    g_autofree char *parent = g_path_get_dirname(full);

    g_assert_cmpint(g_mkdir_with_parents(parent, 0755), ==, 0);
    nftw(full, testRemove, 16, FTW_PHYS | FTW_DEPTH);

    if (g_str_has_prefix(what, "link "))
        testMakeLink(place, what + strlen("link "), full);
    else if (g_str_equal(what, "directory"))
        g_assert_cmpint(mkdir(full, 0755), ==, 0);
    else if (g_str_equal(what, "file"))
        g_assert_true(g_file_set_contents(full, "hostile\n", -1, NULL));
    else if (g_str_equal(what, "fifo"))
        g_assert_cmpint(mkfifo(full, 0644), ==, 0);
    else if (g_str_equal(what, "device"))
        g_assert_cmpint(mknod(full, S_IFCHR | 0666, makedev(1, 5)), ==, 0);
    else if (g_str_equal(what, "socket"))
        testMakeSocket(full);
    else
        g_assert_not_reached();
    testPlaceOwn(place);
}

/* For nftw(), which passes nothing on. */
static GPtrArray *testLines;
static char *const *testSkipped;

static int
testList(const char *path, const struct stat *found, int type G_GNUC_UNUSED,
         struct FTW *ftw G_GNUC_UNUSED)
{
    g_autofree char *text = NULL;
    size_t i;

    for (i = 0; testSkipped[i]; i++) {
        if (g_str_has_prefix(path, testSkipped[i]))
            return 0;
    }
    if (S_ISREG(found->st_mode))
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_ptr_array_add(
        testLines,
        g_strdup_printf("%s %o %u:%u %ld.%ld %ld.%ld %s", path, found->st_mode,
                        found->st_uid, found->st_gid, found->st_mtim.tv_sec,
                        found->st_mtim.tv_nsec, found->st_ctim.tv_sec,
                        found->st_ctim.tv_nsec, text ? text : ""));
    return 0;
}

static int
testCompare(gconstpointer one, gconstpointer other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

char *
testPlaceHost(const testPlace *place)
{
    g_autofree char *root = testPlacePath(place, "root");
    g_autofree char *dev = testPlacePath(place, "dev");
    char *skipped[] = {root, dev, NULL};
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

    testLines = lines;
    testSkipped = skipped;
    g_assert_cmpint(nftw(place->top, testList, 16, FTW_PHYS), ==, 0);
    g_assert_cmpuint(lines->len, >=, 6);
    g_ptr_array_sort(lines, testCompare);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}

static virLXCRootMount *
testAdd(virLXCRootPlan *plan, virLXCRootKind kind, const testPlace *place,
        const char *source, const char *target, unsigned int flags)
{
    g_autofree char *path = kind == VIR_LXC_ROOT_BIND
                                ? testPlacePath(place, source)
                                : g_strdup(source);
    virLXCRootMount *mount = virLXCRootPlanAdd(plan, kind, path, target);

    mount->flags = flags;
    return mount;
}

virLXCRootPlan *
testPlacePlan(const testPlace *place)
{
    unsigned int safe =
        VIR_LXC_ROOT_NOSUID | VIR_LXC_ROOT_NODEV | VIR_LXC_ROOT_NOEXEC;
    virLXCRootPlan *plan = virLXCRootPlanNew();
    virLXCRootMount *mount;

    testAdd(plan, VIR_LXC_ROOT_BIND, place, "root", "/",
            VIR_LXC_ROOT_RECURSIVE);
    virLXCRootPlanAddFilesystem(plan, "proc", NULL, "/proc", safe);
    mount = testAdd(plan, VIR_LXC_ROOT_INNER, place, "/proc/sys", "/proc/sys",
                    VIR_LXC_ROOT_STRICT);
    mount->attributes = safe | VIR_LXC_ROOT_READONLY;
    testAdd(plan, VIR_LXC_ROOT_INNER, place, "/proc/sys/net/ipv4",
            "/proc/sys/net/ipv4",
            VIR_LXC_ROOT_STRICT | VIR_LXC_ROOT_OPTIONAL |
                VIR_LXC_ROOT_WRITABLE);
    /* A sysfs needs a network namespace of the caller's user namespace. */
    virLXCRootPlanAddFilesystem(
        plan, place->mapped ? "tmpfs" : "sysfs", NULL, "/sys",
        safe | (place->mapped ? 0 : VIR_LXC_ROOT_READONLY));
    testAdd(plan, VIR_LXC_ROOT_BIND, place, "dev", "/dev", VIR_LXC_ROOT_STRICT);
    virLXCRootPlanAddFilesystem(plan, "devpts", "newinstance,ptmxmode=0666",
                                "/dev/pts", VIR_LXC_ROOT_NOSUID);
    virLXCRootPlanAddFilesystem(plan, "tmpfs", "size=64k,mode=1777", "/dev/shm",
                                safe);
    testAdd(plan, VIR_LXC_ROOT_LINK, place, "/proc/self/fd", "/dev/fd", 0);
    testAdd(plan, VIR_LXC_ROOT_BIND, place, "file", "/dev/console",
            VIR_LXC_ROOT_STRICT);
    testAdd(plan, VIR_LXC_ROOT_BIND, place, "volume", "/parent/target", 0);
    testAdd(plan, VIR_LXC_ROOT_BIND, place, "file", "/parent/file", 0);
    mount = testAdd(plan, VIR_LXC_ROOT_BIND, place, "volume", "/readonly", 0);
    mount->attributes = VIR_LXC_ROOT_READONLY;
    testAdd(plan, VIR_LXC_ROOT_INNER, place, "/etc", "/inner", 0);
    virLXCRootPlanAddAccess(plan, "/proc/kallsyms", VIR_LXC_ROOT_ACCESS_MASKED);
    virLXCRootPlanAddAccess(plan, "/proc/sys/kernel/none",
                            VIR_LXC_ROOT_ACCESS_READONLY);
    virLXCRootPlanAddAccess(plan, "/proc/irq", VIR_LXC_ROOT_ACCESS_READONLY);
    virLXCRootPlanAddAccess(plan, "/proc/sys/net",
                            VIR_LXC_ROOT_ACCESS_READONLY);
    virLXCRootPlanAddAccess(plan, "/proc/sys/vm", VIR_LXC_ROOT_ACCESS_WRITABLE);
    virLXCRootPlanAddAccess(plan, "/proc/bus", VIR_LXC_ROOT_ACCESS_MASKED);
    virLXCRootPlanAddAccess(plan, "/proc/none", VIR_LXC_ROOT_ACCESS_MASKED);
    return plan;
}

/* In the container's first process. */
static char *
testRunInside(const testPlace *place, const virLXCRootPlan *plan,
              testPlaceCheck check, gpointer opaque)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCRoot) root = NULL;
    g_autofree char *wrong = NULL;

    if (place->mapped && (setgid(0) < 0 || setuid(0) < 0))
        return g_strdup_printf("setuid: %s", g_strerror(errno));
    if (!(root = virLXCRootOpen(plan, &error)) ||
        virLXCRootEnter(root, &error) < 0 ||
        virLXCRootAttach(root, &error) < 0 ||
        virLXCRootVerify(root, &error) < 0)
        return g_strdup(error->message);

    wrong = check ? check(place, root, opaque) : NULL;
    return wrong ? g_strdup_printf("check: %s", wrong) : NULL;
}

typedef struct {
    const testPlace *place;
    const virLXCRootPlan *plan;
    testPlaceCheck check;
    gpointer opaque;
    int go[2];
    int answer[2];
} testRun;

static int
testRunChild(void *opaque)
{
    testRun *run = opaque;
    g_autofree char *answer = NULL;
    char byte;

    close(run->go[1]);
    if (read(run->go[0], &byte, 1) != 1)
        _exit(2);
    answer = testRunInside(run->place, run->plan, run->check, run->opaque);
    if (answer && write(run->answer[1], answer, strlen(answer)) !=
                      (ssize_t)strlen(answer))
        _exit(3);
    _exit(answer ? 1 : 0);
}

static void
testRunMap(pid_t pid, const char *name)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/%s", pid, name);
    g_autofree char *map = g_strdup_printf("0 %d 65536", TEST_FIRST_ID);
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    g_assert_cmpint(write(fd, map, strlen(map)), ==, strlen(map));
    close(fd);
}

static char *
testRunAnswer(testRun *run, pid_t pid)
{
    GString *answer = g_string_new(NULL);
    char part[512];
    ssize_t got;
    int status;

    close(run->answer[1]);
    while ((got = read(run->answer[0], part, sizeof(part))) > 0)
        g_string_append_len(answer, part, got);
    close(run->answer[0]);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    if (status != 0 && answer->len == 0)
        g_string_printf(answer, "the container ended with status %#x", status);
    if (status == 0) {
        g_string_free(answer, TRUE);
        return NULL;
    }
    return g_string_free(answer, FALSE);
}

char *
testPlaceRun(const testPlace *place, const virLXCRootPlan *plan,
             testPlaceCheck check, gpointer opaque)
{
    testRun run = {place, plan, check, opaque, {-1, -1}, {-1, -1}};
    int flags = CLONE_NEWNS | CLONE_NEWPID | SIGCHLD;
    g_autofree char *stack = g_malloc(1 << 20);
    pid_t pid;

    g_assert_cmpint(pipe(run.go), ==, 0);
    g_assert_cmpint(pipe(run.answer), ==, 0);
    pid = clone(testRunChild, stack + (1 << 20),
                flags | (place->mapped ? CLONE_NEWUSER : 0), &run);
    g_assert_cmpint(pid, >, 0);
    if (place->mapped) {
        testRunMap(pid, "uid_map");
        testRunMap(pid, "gid_map");
    }
    close(run.go[0]);
    g_assert_cmpint(write(run.go[1], "x", 1), ==, 1);
    close(run.go[1]);
    return testRunAnswer(&run, pid);
}

virLXCRootMount *
testPlaceMountAt(const virLXCRootPlan *plan, const char *target)
{
    size_t i;

    for (i = 0; i < plan->mounts->len; i++) {
        virLXCRootMount *mount = g_ptr_array_index(plan->mounts, i);

        if (g_str_equal(mount->target, target))
            return mount;
    }
    g_assert_not_reached();
}
