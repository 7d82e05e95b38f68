/*
 * policy_process.c: what the kernel reports of a process
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: /proc/PID. Out: a virLXCPolicyProcess. All files are read through one
 * descriptor of the directory, so that they belong to the same process even if
 * its ID is used again.
 */

#include "policy_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "error.h"
#include "i18n.h"
#include "root_mountinfo.h"

#define POLICY_LINK_MAX 256
#define POLICY_CHUNK 65536

/* The text after "@name:\t" in /proc/PID/status, or NULL */
static char *
lxcPolicyStatusGet(const char *status, const char *name)
{
    g_autofree char *key = g_strdup_printf("\n%s:\t", name);
    const char *found = strstr(status, key);
    const char *value = found ? found + strlen(key) : NULL;

    return value ? g_strndup(value, strcspn(value, "\n")) : NULL;
}

static int
lxcPolicyStatusNumber(const char *status, const char *name, unsigned int base,
                      guint64 *number, GError **error)
{
    g_autofree char *text = lxcPolicyStatusGet(status, name);

    if (text &&
        g_ascii_string_to_unsigned(text, base, 0, G_MAXUINT64, number, NULL))
        return 0;
    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
                          _("the kernel does not report '%1$s' of the process"),
                          name);
}

static int
lxcPolicyOpenProcess(pid_t pid, GError **error)
{
    g_autofree char *path = g_strdup_printf("/proc/%d", (int)pid);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        virLXCSetSystemError(error, errno, _("cannot open '%1$s'"), path);
    return fd;
}

static char *
lxcPolicyReadFile(int dir, const char *name, GError **error)
{
    VIR_LXC_AUTOCLOSE fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    g_autoptr(GString) text = g_string_new(NULL);
    char chunk[POLICY_CHUNK];
    ssize_t got = fd;

    while (got >= 0 && (got = read(fd, chunk, sizeof(chunk))) > 0)
        g_string_append_len(text, chunk, got);

    if (got < 0) {
        virLXCSetSystemError(error, errno,
                             _("cannot read '%1$s' of the process"), name);
        return NULL;
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static int
lxcPolicyReadStatus(int dir, virLXCPolicyProcess *process, GError **error)
{
    static const char *const names[] = {
        [VIR_LXC_POLICY_SET_EFFECTIVE] = "CapEff",
        [VIR_LXC_POLICY_SET_PERMITTED] = "CapPrm",
        [VIR_LXC_POLICY_SET_INHERITABLE] = "CapInh",
        [VIR_LXC_POLICY_SET_BOUNDING] = "CapBnd",
        [VIR_LXC_POLICY_SET_AMBIENT] = "CapAmb",
    };
    g_autofree char *status = lxcPolicyReadFile(dir, "status", error);
    guint64 noNewPrivs = 0;
    guint64 seccomp = 0;
    size_t i;

    if (!status)
        return -1;

    for (i = 0; i < G_N_ELEMENTS(names); i++) {
        if (lxcPolicyStatusNumber(status, names[i], 16, &process->sets[i],
                                  error) < 0)
            return -1;
    }
    if (lxcPolicyStatusNumber(status, "NoNewPrivs", 10, &noNewPrivs, error) <
            0 ||
        lxcPolicyStatusNumber(status, "Seccomp", 10, &seccomp, error) < 0)
        return -1;

    process->noNewPrivs = noNewPrivs;
    process->seccomp = seccomp;
    return 0;
}

/* The links are "TYPE:[INODE]"; proc_pid_ns(5). */
static int
lxcPolicyReadNamespaces(int dir, virLXCPolicyProcess *process, GError **error)
{
    static const char *const names[] = {"cgroup", "ipc",  "mnt", "net",
                                        "pid",    "user", "uts"};
    char link[POLICY_LINK_MAX];
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = g_strdup_printf("ns/%s", names[i]);
        ssize_t length = readlinkat(dir, name, link, sizeof(link));

        if (length < 0 || length == sizeof(link))
            return virLXCSetSystemError(
                error, length < 0 ? errno : ENAMETOOLONG,
                _("cannot read '%1$s' of the process"), name);
        g_hash_table_insert(process->namespaces, g_strdup(names[i]),
                            g_strndup(link, length));
    }
    return 0;
}

/* "unconfined", where no LSM or the container's has a label, is one as well. */
static void
lxcPolicyReadLabel(int dir, virLXCPolicyProcess *process)
{
    g_autofree char *label = lxcPolicyReadFile(dir, "attr/current", NULL);

    if (label && *g_strchomp(label))
        process->label = g_steal_pointer(&label);
}

virLXCPolicyProcess *
virLXCPolicyProcessRead(pid_t pid, GError **error)
{
    g_autoptr(virLXCPolicyProcess) process = g_new0(virLXCPolicyProcess, 1);
    g_autofree char *mounts = NULL;
    int dir = lxcPolicyOpenProcess(pid, error);

    process->pid = pid;
    process->dir = dir;
    process->namespaces =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    if (dir < 0 || lxcPolicyReadStatus(dir, process, error) < 0 ||
        lxcPolicyReadNamespaces(dir, process, error) < 0 ||
        !(mounts = lxcPolicyReadFile(dir, "mountinfo", error)) ||
        !(process->mounts = virLXCRootMountinfoParse(mounts, error)) ||
        !(process->cgroup = lxcPolicyReadFile(dir, "cgroup", error)))
        return NULL;

    lxcPolicyReadLabel(dir, process);
    return g_steal_pointer(&process);
}

int
virLXCPolicyProcessCheckAlive(const virLXCPolicyProcess *process,
                              GError **error)
{
    g_autofree char *status = lxcPolicyReadFile(process->dir, "status", NULL);

    if (status)
        return 0;
    return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
                          _("process %1$d ended while it was examined"),
                          (int)process->pid);
}

/* The arguments of the controller are "libvirt_lxc --name DOMAIN ...". */
static bool
lxcPolicyIsController(const virLXCPolicyProcess *process, const char *name)
{
    g_autofree char *text = lxcPolicyReadFile(process->dir, "cmdline", NULL);
    const char *option = text && *text ? text + strlen(text) + 1 : "";
    const char *value = *option ? option + strlen(option) + 1 : "";

    return text && g_str_has_suffix(text, "libvirt_lxc") &&
           g_str_equal(option, "--name") && g_strcmp0(value, name) == 0;
}

virLXCPolicyProcess *
virLXCPolicyProcessReadController(pid_t pid, const char *name, GError **error)
{
    g_autoptr(virLXCPolicyProcess) process = virLXCPolicyProcessRead(pid, NULL);

    if (process && lxcPolicyIsController(process, name))
        return g_steal_pointer(&process);

    virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
                   _("process %1$d is not the controller of domain '%2$s': the "
                     "domain has ended, or runs on another host"),
                   (int)pid, name ? name : "");
    return NULL;
}

/* Until it has been executed, init is a copy of the controller. */
static bool
lxcPolicyIsCopy(int dir, const virLXCPolicyProcess *controller)
{
    struct stat own;
    struct stat other;

    return fstatat(dir, "exe", &own, 0) < 0 ||
           fstatat(controller->dir, "exe", &other, 0) < 0 ||
           (own.st_dev == other.st_dev && own.st_ino == other.st_ino);
}

/* A child of the controller that is the first process of a PID namespace below
 * the caller's */
static bool
lxcPolicyIsInit(int dir, const virLXCPolicyProcess *controller)
{
    g_autofree char *status =
        dir < 0 ? NULL : lxcPolicyReadFile(dir, "status", NULL);
    g_autofree char *parent =
        status ? lxcPolicyStatusGet(status, "PPid") : NULL;
    g_autofree char *inner =
        status ? lxcPolicyStatusGet(status, "NSpid") : NULL;

    return parent && inner &&
           g_ascii_strtoll(parent, NULL, 10) == controller->pid &&
           g_str_has_suffix(inner, "\t1") && !lxcPolicyIsCopy(dir, controller);
}

static pid_t
lxcPolicyFindInit(const virLXCPolicyProcess *controller)
{
    g_autoptr(GDir) proc = g_dir_open("/proc", 0, NULL);
    const char *entry;

    while (proc && (entry = g_dir_read_name(proc))) {
        pid_t pid = (pid_t)g_ascii_strtoll(entry, NULL, 10);
        VIR_LXC_AUTOCLOSE dir = pid > 0 ? lxcPolicyOpenProcess(pid, NULL) : -1;

        if (lxcPolicyIsInit(dir, controller))
            return pid;
    }
    return -1;
}

virLXCPolicyProcess *
virLXCPolicyProcessReadInit(const virLXCPolicyProcess *controller,
                            const char *name, GError **error)
{
    pid_t pid = lxcPolicyFindInit(controller);
    g_autoptr(virLXCPolicyProcess) process =
        pid > 0 ? virLXCPolicyProcessRead(pid, NULL) : NULL;

    /* The ID may have been used again. */
    if (process && lxcPolicyIsInit(process->dir, controller))
        return g_steal_pointer(&process);

    virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
                   _("domain '%1$s' does not have an init: it is being started "
                     "or destroyed"),
                   name);
    return NULL;
}

void
virLXCPolicyProcessFree(virLXCPolicyProcess *process)
{
    if (!process)
        return;

    if (process->dir >= 0)
        close(process->dir);
    g_hash_table_unref(process->namespaces);
    if (process->mounts)
        g_ptr_array_unref(process->mounts);
    g_free(process->cgroup);
    g_free(process->label);
    g_free(process);
}
