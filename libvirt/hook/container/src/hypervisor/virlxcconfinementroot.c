/*
 * virlxcconfinementroot.c: create a domain's mount tree
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcconfinementroot.h"

#include <sys/stat.h>

#include "cgroup.h"
#include "prepare.h"
#include "root.h"
#include "root_container.h"

#include "domain_conf.h"
#include "virerror.h"
#include "virfile.h"
#include "virlog.h"
#include "virlxcconfinementcgroup.h"
#include "virlxcconfinementerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("hypervisor.virlxcconfinementroot");


/* Appends the file system types in @path, one per line, which are tried for a
 * device of unknown type. Types without a device are skipped. */
static void
lxcConfinementAddTypes(GString *types,
                       const char *path)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    size_t i;

    if (!g_file_get_contents(path, &text, NULL, NULL))
        return;

    lines = g_strsplit(text, "\n", -1);
    for (i = 0; lines[i]; i++) {
        char *type = g_strstrip(lines[i]);

        /* An asterisk in /etc/filesystems refers to /proc/filesystems. */
        if (*type && *type != '#' && STRNEQ(type, "*") &&
            !strstr(type, "nodev"))
            g_string_append_printf(types, "%s%s", types->len ? " " : "", type);
    }
}


static char *
lxcConfinementKnownTypes(void)
{
    GString *types = g_string_new(NULL);

    lxcConfinementAddTypes(types, "/etc/filesystems");
    lxcConfinementAddTypes(types, "/proc/filesystems");
    return g_string_free(types, FALSE);
}


static int
lxcConfinementSetTypes(virLXCRootVolume *volume,
                       const virLXCConfinementRootData *data)
{
    if (data->detect(volume->source, &volume->types) < 0)
        return -1;

    if (!volume->types)
        volume->types = lxcConfinementKnownTypes();
    return 0;
}


static int
lxcConfinementAddVolume(virLXCRootContainer *container,
                        const virDomainFSDef *fs,
                        const virLXCConfinementRootData *data)
{
    const char *source = fs->src ? fs->src->path : NULL;
    virLXCRootVolumeKind kind = VIR_LXC_ROOT_VOLUME_HOST;
    virLXCRootVolume *volume;

    switch ((virDomainFSType) fs->type) {
    case VIR_DOMAIN_FS_TYPE_MOUNT:
        break;
    case VIR_DOMAIN_FS_TYPE_BLOCK:
        kind = VIR_LXC_ROOT_VOLUME_DEVICE;
        break;
    case VIR_DOMAIN_FS_TYPE_RAM:
        kind = VIR_LXC_ROOT_VOLUME_MEMORY;
        break;
    case VIR_DOMAIN_FS_TYPE_BIND:
        kind = VIR_LXC_ROOT_VOLUME_INNER;
        break;
    /* The controller has attached files to block devices. */
    case VIR_DOMAIN_FS_TYPE_FILE:
    case VIR_DOMAIN_FS_TYPE_TEMPLATE:
    case VIR_DOMAIN_FS_TYPE_VOLUME:
    case VIR_DOMAIN_FS_TYPE_LAST:
    default:
        virReportError(VIR_ERR_CONFIG_UNSUPPORTED,
                       _("Cannot mount filesystem type %s"),
                       virDomainFSTypeToString(fs->type));
        return -1;
    }

    volume = virLXCRootContainerAddVolume(container, kind, source, fs->dst);
    volume->size = fs->usage;
    volume->readonly = fs->readonly;
    return kind == VIR_LXC_ROOT_VOLUME_DEVICE ?
        lxcConfinementSetTypes(volume, data) : 0;
}


/* Adds the file systems of security modules that the host has mounted. They
 * cannot be mounted in a user namespace. */
static int
lxcConfinementSetSecurity(virLXCRootContainer *container)
{
    static const char *const rows[][2] = {
        { "securityfs", "/sys/kernel/security" },
#if WITH_SELINUX
        { "selinuxfs", "/sys/fs/selinux" },
#endif
    };
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(rows) && !container->mapped; i++) {
        int mounted = virFileIsMountPoint(rows[i][1]);

        if (mounted < 0)
            return -1;
        if (mounted == 0)
            continue;
        g_ptr_array_add(found, g_strdup(rows[i][0]));
        g_ptr_array_add(found, g_strdup(rows[i][1]));
    }

    g_ptr_array_add(found, NULL);
    container->security = (char **) g_ptr_array_free(g_steal_pointer(&found),
                                                     FALSE);
    return 0;
}


static virLXCRootContainer *
lxcConfinementContainer(const virDomainDef *def,
                        const virLXCConfinementRootData *data)
{
    g_autoptr(virLXCRootContainer) container = virLXCRootContainerNew();
    g_autofree char *stateDir = NULL;
    size_t i;

    if (virFileResolveAllLinks(data->stateDir, &stateDir) < 0) {
        virReportSystemError(errno, _("cannot resolve the links in '%1$s'"),
                             data->stateDir);
        return NULL;
    }

    container->state = g_strdup_printf("%s/%s", stateDir, def->name);
    container->mapped = def->idmap.nuidmap > 0;
    container->noUserNamespaces =
        data->prepared && data->prepared->plan->noUserNamespaces;
    container->hostNetwork = data->hostNetwork;
#if WITH_FUSE
    container->meminfo = true;
#endif
    container->options = g_strdup(NULLSTR_EMPTY(data->mountOptions));
    container->consoles = g_new0(char *, data->nconsoles + 1);
    for (i = 0; i < data->nconsoles; i++)
        container->consoles[i] = g_strdup(data->consoles[i]);

    if (lxcConfinementSetSecurity(container) < 0)
        return NULL;

    for (i = 0; i < def->nfss; i++) {
        if (lxcConfinementAddVolume(container, def->fss[i], data) < 0)
            return NULL;
    }

    return g_steal_pointer(&container);
}


/* Must follow the volumes, one of which may be a procfs as well. */
static void
lxcConfinementPlanKernelFiles(virLXCRootPlan *plan,
                              const virLXCPrepared *prepared)
{
    static const virLXCRootAccess accesses[] = {
        [VIR_LXC_KERNEL_FILE_MASKED] = VIR_LXC_ROOT_ACCESS_MASKED,
        [VIR_LXC_KERNEL_FILE_READONLY] = VIR_LXC_ROOT_ACCESS_READONLY,
        [VIR_LXC_KERNEL_FILE_WRITABLE] = VIR_LXC_ROOT_ACCESS_WRITABLE,
    };
    const virLXCKernelFilesPlan *wanted = NULL;
    size_t i;

    if (prepared)
        wanted = prepared->plan->kernelFiles;

    for (i = 0; wanted && i < wanted->files->len; i++) {
        const virLXCKernelFile *file = g_ptr_array_index(wanted->files, i);

        virLXCRootPlanAddAccess(plan, file->path, accesses[file->access]);
    }
}


/* Refuses devices that the tmpfs on /dev/shm would hide. The controller has
 * made their nodes in @state. */
static int
lxcConfinementCheckSharedMemory(const char *state)
{
    g_autofree char *path = g_strdup_printf("%s.dev/shm", state);
    g_autoptr(GDir) directory = NULL;
    const char *name = NULL;
    struct stat found;

    if (lstat(path, &found) < 0) {
        if (errno == ENOENT)
            return 0;
        virReportSystemError(errno, _("cannot look up '%1$s'"), path);
        return -1;
    }

    if ((directory = g_dir_open(path, 0, NULL)))
        name = g_dir_read_name(directory);
    virReportError(VIR_ERR_CONFIG_UNSUPPORTED,
                   _("device '/dev/shm%1$s%2$s' would be hidden by the container's tmpfs on '/dev/shm'"),
                   name ? "/" : "", NULLSTR_EMPTY(name));
    return -1;
}


int
virLXCConfinementMakeRoot(const virDomainDef *def,
                          const virLXCConfinementRootData *data)
{
    g_autoptr(GPtrArray) cgroups = NULL;
    g_autoptr(virLXCRootContainer) container = NULL;
    g_autoptr(virLXCRootPlan) plan = virLXCRootPlanNew();
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;

    if (!(cgroups = virLXCConfinementCgroupEnter()) ||
        !(container = lxcConfinementContainer(def, data)) ||
        lxcConfinementCheckSharedMemory(container->state) < 0)
        return -1;

    virLXCRootPlanSystem(plan, container);
    virLXCPayloadPlan(cgroups, container->options, plan);
    virLXCRootPlanDevices(plan, container);
    virLXCRootPlanVolumes(plan, container);
    lxcConfinementPlanKernelFiles(plan, data->prepared);
    text = virLXCRootPlanFormat(plan);
    VIR_DEBUG("Making the tree of %s:\n%s", def->name, text);

    if (virLXCRootMake(plan, &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}
