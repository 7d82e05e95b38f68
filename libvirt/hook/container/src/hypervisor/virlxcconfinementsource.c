/*
 * virlxcconfinementsource.c: open a domain's images and devices
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <fcntl.h>
#include <unistd.h>

#include "virlxcconfinementsource.h"

#include "root_node.h"
#include "root_source.h"

#include "domain_conf.h"
#include "virerror.h"
#include "virfile.h"
#include "virlxcconfinementerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC


static virLXCRootSources *
lxcConfinementSources(const virDomainDef *def)
{
    g_autoptr(virLXCRootSources) sources = virLXCRootSourcesNew();
    g_autoptr(GError) error = NULL;
    size_t i;

    for (i = 0; i < def->nfss; i++) {
        const virDomainFSDef *fs = def->fss[i];

        if (fs->type == VIR_DOMAIN_FS_TYPE_MOUNT &&
            virLXCRootSourcesAdd(sources, fs->src->path, &error) < 0) {
            virLXCConfinementReportError(error);
            return NULL;
        }
    }

    return g_steal_pointer(&sources);
}


static int
lxcConfinementOpenSource(const virLXCRootSources *sources,
                         const char *path,
                         virLXCRootSourceKind kind,
                         bool *inside)
{
    g_autoptr(GError) error = NULL;
    int fd = virLXCRootSourcesOpen(sources, path, kind, inside, &error);

    if (fd < 0)
        virLXCConfinementReportError(error);
    return fd;
}


static int
lxcConfinementCheckDevice(const virLXCRootSources *sources,
                          const char *path)
{
    VIR_AUTOCLOSE fd = -1;

    /* The caller reports a missing path. */
    if (!path)
        return 0;

    fd = lxcConfinementOpenSource(sources, path, VIR_LXC_ROOT_SOURCE_DEVICE,
                                  NULL);
    return fd < 0 ? -1 : 0;
}


static int
lxcConfinementCheckFormat(const char *path,
                          int format,
                          bool inside)
{
    if (!inside)
        return 0;

    virReportError(VIR_ERR_CONFIG_UNSUPPORTED,
                   _("'%1$s' of the host cannot be used: it lies in the source "
                     "of a <filesystem>, where the container could name other "
                     "files of the host in an image with the format '%2$s'"),
                   path, virStorageFileFormatTypeToString(format));
    return -1;
}


/* Other processes, such as qemu-nbd, open the path as well. Only checks the
 * image if @images is NULL. */
static int
lxcConfinementOpenImage(const virLXCRootSources *sources,
                        int format,
                        char **path,
                        GArray *images)
{
    VIR_AUTOCLOSE fd = -1;
    bool inside = false;

    if (!*path)
        return 0;

    if ((fd = lxcConfinementOpenSource(sources, *path,
                                       VIR_LXC_ROOT_SOURCE_IMAGE,
                                       &inside)) < 0)
        return -1;

    if (format != VIR_STORAGE_FILE_NONE && format != VIR_STORAGE_FILE_RAW)
        return lxcConfinementCheckFormat(*path, format, inside);

    if (!images)
        return 0;

    g_free(*path);
    *path = g_strdup_printf("/proc/%lld/fd/%d", (long long) getpid(), fd);
    g_array_append_val(images, fd);
    fd = -1;
    return 0;
}


static int
lxcConfinementOpenFilesystem(const virLXCRootSources *sources,
                             virDomainFSDef *fs,
                             GArray *images)
{
    if (fs->type == VIR_DOMAIN_FS_TYPE_FILE)
        return lxcConfinementOpenImage(sources, fs->format, &fs->src->path,
                                       images);
    if (fs->type == VIR_DOMAIN_FS_TYPE_BLOCK)
        return lxcConfinementCheckDevice(sources, fs->src->path);
    return 0;
}


static int
lxcConfinementOpenDisk(const virLXCRootSources *sources,
                       virDomainDiskDef *disk,
                       GArray *images)
{
    if (virDomainDiskGetType(disk) == VIR_STORAGE_TYPE_FILE)
        return lxcConfinementOpenImage(sources, virDomainDiskGetFormat(disk),
                                       &disk->src->path, images);
    return lxcConfinementCheckDevice(sources, disk->src->path);
}


/* Network interfaces do not have a path. */
static int
lxcConfinementCheckHostdev(const virLXCRootSources *sources,
                           const virDomainHostdevDef *hostdev)
{
    const virDomainHostdevCaps *caps = &hostdev->source.caps;
    const virDomainHostdevSubsys *subsys = &hostdev->source.subsys;
    g_autofree char *usb = NULL;

    if (hostdev->mode == VIR_DOMAIN_HOSTDEV_MODE_SUBSYS &&
        subsys->type == VIR_DOMAIN_HOSTDEV_SUBSYS_TYPE_USB) {
        usb = g_strdup_printf("/dev/bus/usb/%03d/%03d", subsys->u.usb.bus,
                              subsys->u.usb.device);
        return lxcConfinementCheckDevice(sources, usb);
    }
    if (hostdev->mode != VIR_DOMAIN_HOSTDEV_MODE_CAPABILITIES)
        return 0;
    if (caps->type == VIR_DOMAIN_HOSTDEV_CAPS_TYPE_STORAGE)
        return lxcConfinementCheckDevice(sources, caps->u.storage.block);
    if (caps->type == VIR_DOMAIN_HOSTDEV_CAPS_TYPE_MISC)
        return lxcConfinementCheckDevice(sources, caps->u.misc.chardev);
    return 0;
}


static void
lxcConfinementCloseImage(void *opaque)
{
    VIR_FORCE_CLOSE(*(int *) opaque);
}


static int
lxcConfinementWalkSources(virDomainDef *def,
                          GArray *images)
{
    g_autoptr(virLXCRootSources) sources = lxcConfinementSources(def);
    size_t i;

    if (!sources)
        return -1;

    for (i = 0; i < def->nfss; i++) {
        if (lxcConfinementOpenFilesystem(sources, def->fss[i], images) < 0)
            return -1;
    }

    for (i = 0; i < def->ndisks; i++) {
        if (lxcConfinementOpenDisk(sources, def->disks[i], images) < 0)
            return -1;
    }

    for (i = 0; i < def->nhostdevs; i++) {
        if (lxcConfinementCheckHostdev(sources, def->hostdevs[i]) < 0)
            return -1;
    }

    return 0;
}


int
virLXCConfinementCheckSources(virDomainDef *def)
{
    return lxcConfinementWalkSources(def, NULL);
}


GArray *
virLXCConfinementOpenSources(virDomainDef *def)
{
    g_autoptr(GArray) images = g_array_new(FALSE, FALSE, sizeof(int));

    g_array_set_clear_func(images, lxcConfinementCloseImage);
    if (lxcConfinementWalkSources(def, images) < 0)
        return NULL;

    return g_steal_pointer(&images);
}


int
virLXCConfinementCheckDevice(const virDomainDef *def,
                             const virDomainDeviceDef *device)
{
    g_autoptr(virLXCRootSources) sources = NULL;

    if (device->type != VIR_DOMAIN_DEVICE_DISK &&
        device->type != VIR_DOMAIN_DEVICE_HOSTDEV)
        return 0;

    if (!(sources = lxcConfinementSources(def)))
        return -1;

    if (device->type == VIR_DOMAIN_DEVICE_DISK)
        return lxcConfinementCheckDevice(sources, device->data.disk->src->path);
    return lxcConfinementCheckHostdev(sources, device->data.hostdev);
}


int
virLXCConfinementMakeNode(const virDomainDef *def,
                          const char *path,
                          mode_t mode,
                          dev_t device)
{
    VIR_AUTOCLOSE root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    uid_t uid = def->idmap.uidmap ? def->idmap.uidmap[0].target : (uid_t) -1;
    gid_t gid = def->idmap.gidmap ? def->idmap.gidmap[0].target : (gid_t) -1;
    g_autoptr(GError) error = NULL;

    if (root < 0) {
        virReportSystemError(errno, "%s",
                             _("cannot open the container's root directory"));
        return -1;
    }

    if (virLXCRootMakeNode(root, path, mode, device, uid, gid, &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}
