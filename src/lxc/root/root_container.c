/*
 * root_container.c: the tree of a container, planned
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: what a domain has. Out: rows of a plan.
 */

#include "root_container.h"

#define LXC_ROOT_SAFE \
    (VIR_LXC_ROOT_NOSUID | VIR_LXC_ROOT_NODEV | VIR_LXC_ROOT_NOEXEC)

static void
lxcRootVolumeFree(gpointer opaque)
{
    virLXCRootVolume *volume = opaque;

    g_free(volume->source);
    g_free(volume->target);
    g_free(volume->types);
    g_free(volume);
}

virLXCRootContainer *
virLXCRootContainerNew(void)
{
    virLXCRootContainer *container = g_new0(virLXCRootContainer, 1);

    container->volumes = g_ptr_array_new_with_free_func(lxcRootVolumeFree);
    return container;
}

void
virLXCRootContainerFree(virLXCRootContainer *container)
{
    if (!container)
        return;

    g_free(container->state);
    g_strfreev(container->consoles);
    g_strfreev(container->security);
    g_free(container->options);
    g_ptr_array_unref(container->volumes);
    g_free(container);
}

virLXCRootVolume *
virLXCRootContainerAddVolume(virLXCRootContainer *container,
                             virLXCRootVolumeKind kind, const char *source,
                             const char *target)
{
    virLXCRootVolume *volume = g_new0(virLXCRootVolume, 1);

    volume->kind = kind;
    volume->source = g_strdup(source);
    volume->target = g_strdup(target);
    g_ptr_array_add(container->volumes, volume);
    return volume;
}

static virLXCRootMount *
lxcRootPlanDevice(virLXCRootPlan *plan, const virLXCRootContainer *container,
                  const virLXCRootVolume *volume)
{
    virLXCRootMount *mount = virLXCRootPlanAdd(plan, VIR_LXC_ROOT_FILESYSTEM,
                                               volume->source, volume->target);

    mount->types = g_strsplit(volume->types ? volume->types : "", " ", -1);
    mount->options = g_strdup(container->options);
    return mount;
}

static virLXCRootMount *
lxcRootPlanMemory(virLXCRootPlan *plan, const virLXCRootContainer *container,
                  const virLXCRootVolume *volume)
{
    g_autofree char *options =
        g_strdup_printf("size=%llu%s", volume->size, container->options);
    virLXCRootMount *mount =
        virLXCRootPlanAddFilesystem(plan, "tmpfs", options, volume->target,
                                    VIR_LXC_ROOT_NOSUID | VIR_LXC_ROOT_NODEV);

    mount->flags = 0;
    return mount;
}

static virLXCRootMount *
lxcRootPlanVolume(virLXCRootPlan *plan, const virLXCRootContainer *container,
                  const virLXCRootVolume *volume)
{
    virLXCRootMount *mount = NULL;

    switch (volume->kind) {
    case VIR_LXC_ROOT_VOLUME_HOST:
        mount = virLXCRootPlanAdd(plan, VIR_LXC_ROOT_BIND, volume->source,
                                  volume->target);
        break;
    case VIR_LXC_ROOT_VOLUME_DEVICE:
        mount = lxcRootPlanDevice(plan, container, volume);
        break;
    case VIR_LXC_ROOT_VOLUME_MEMORY:
        mount = lxcRootPlanMemory(plan, container, volume);
        break;
    case VIR_LXC_ROOT_VOLUME_INNER:
        mount = virLXCRootPlanAdd(plan, VIR_LXC_ROOT_INNER, volume->source,
                                  volume->target);
        break;
    }

    if (volume->readonly)
        mount->attributes |= VIR_LXC_ROOT_READONLY;
    return mount;
}

static void
lxcRootPlanState(virLXCRootPlan *plan, const virLXCRootContainer *container,
                 const char *name, const char *target)
{
    g_autofree char *source = g_strconcat(container->state, name, NULL);

    virLXCRootPlanAdd(plan, VIR_LXC_ROOT_BIND, source, target)->flags =
        VIR_LXC_ROOT_STRICT;
}

/* A root that is the host's brings the host's mounts with it. In a user
 * namespace they cannot be taken away. */
static void
lxcRootPlanShared(virLXCRootPlan *plan, const virLXCRootContainer *container)
{
    static const char *const states[] = {".dev", ".devpts", ".fuse"};
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(states); i++) {
        g_autofree char *path = g_strconcat(container->state, states[i], NULL);

        virLXCRootPlanDetach(plan, path);
    }
    virLXCRootPlanDetach(plan, "/sys");
    virLXCRootPlanDetach(plan, "/dev");
    virLXCRootPlanDetach(plan, "/proc");
}

static void
lxcRootPlanRoot(virLXCRootPlan *plan, const virLXCRootContainer *container)
{
    size_t i;

    for (i = 0; i < container->volumes->len; i++) {
        const virLXCRootVolume *volume =
            g_ptr_array_index(container->volumes, i);
        virLXCRootMount *mount;

        if (!g_str_equal(volume->target, "/"))
            continue;

        mount = lxcRootPlanVolume(plan, container, volume);
        if (volume->kind != VIR_LXC_ROOT_VOLUME_HOST)
            return;
        mount->flags = VIR_LXC_ROOT_RECURSIVE;
        if (g_str_equal(volume->source, "/") && !container->mapped)
            lxcRootPlanShared(plan, container);
        return;
    }
}

static virLXCRootMount *
lxcRootPlanInner(virLXCRootPlan *plan, const char *path, unsigned int flags)
{
    virLXCRootMount *mount =
        virLXCRootPlanAdd(plan, VIR_LXC_ROOT_INNER, path, path);

    mount->flags = VIR_LXC_ROOT_STRICT | flags;
    return mount;
}

static void
lxcRootPlanProc(virLXCRootPlan *plan, const virLXCRootContainer *container)
{
    unsigned int own = VIR_LXC_ROOT_OPTIONAL | VIR_LXC_ROOT_WRITABLE;

    virLXCRootPlanAddFilesystem(plan, "proc", NULL, "/proc", LXC_ROOT_SAFE);
    lxcRootPlanInner(plan, "/proc/sys", 0)->attributes =
        LXC_ROOT_SAFE | VIR_LXC_ROOT_READONLY;
    /* The container's own network is the container's to configure. */
    if (!container->hostNetwork) {
        lxcRootPlanInner(plan, "/proc/sys/net/ipv4", own);
        lxcRootPlanInner(plan, "/proc/sys/net/ipv6", own);
    }
    if (container->meminfo)
        lxcRootPlanState(plan, container, ".fuse/meminfo", "/proc/meminfo");
}

static void
lxcRootPlanSys(virLXCRootPlan *plan, const virLXCRootContainer *container)
{
    unsigned int attributes = LXC_ROOT_SAFE | VIR_LXC_ROOT_READONLY;

    /* The kernel refuses a new sysfs there: its network belongs to another
     * user namespace. The container's own directory stands in for it, and
     * nothing can be made in it any more once it is read-only. */
    if (container->mapped && container->hostNetwork) {
        virLXCRootPlanAdd(plan, VIR_LXC_ROOT_DIRECTORY, NULL, "/sys/fs/cgroup")
            ->flags = VIR_LXC_ROOT_STRICT;
        lxcRootPlanInner(plan, "/sys", 0)->attributes = attributes;
    } else {
        virLXCRootPlanAddFilesystem(plan, "sysfs", NULL, "/sys", attributes);
    }

    for (char **module = container->security; module && module[0]; module += 2)
        virLXCRootPlanAddFilesystem(plan, module[0], NULL, module[1],
                                    attributes);
}

void
virLXCRootPlanSystem(virLXCRootPlan *plan, const virLXCRootContainer *container)
{
    if (container->mapped && container->noUserNamespaces)
        virLXCRootPlanSet(plan, "sys/user/max_user_namespaces", "0");
    lxcRootPlanRoot(plan, container);
    lxcRootPlanProc(plan, container);
    lxcRootPlanSys(plan, container);
}

static void
lxcRootPlanConsoles(virLXCRootPlan *plan, const virLXCRootContainer *container)
{
    size_t i;

    for (i = 0; container->consoles && container->consoles[i]; i++) {
        g_autofree char *name = g_path_get_basename(container->consoles[i]);
        g_autofree char *pty = g_strconcat(".devpts/", name, NULL);
        g_autofree char *tty = g_strdup_printf("/dev/tty%zu", i + 1);

        lxcRootPlanState(plan, container, pty, tty);
        if (i == 0)
            lxcRootPlanState(plan, container, pty, "/dev/console");
    }
}

/* Its pages count against the memory limit of the container. */
static void
lxcRootPlanSharedMemory(virLXCRootPlan *plan,
                        const virLXCRootContainer *container)
{
    g_autofree char *options =
        g_strconcat("mode=1777", container->options, NULL);

    virLXCRootPlanAddFilesystem(plan, "tmpfs", options, "/dev/shm",
                                VIR_LXC_ROOT_NOSUID | VIR_LXC_ROOT_NODEV);
}

void
virLXCRootPlanDevices(virLXCRootPlan *plan,
                      const virLXCRootContainer *container)
{
    static const struct {
        const char *path;
        const char *text;
    } links[] = {
        {"/dev/stdin", "/proc/self/fd/0"},
        {"/dev/stdout", "/proc/self/fd/1"},
        {"/dev/stderr", "/proc/self/fd/2"},
        {"/dev/fd", "/proc/self/fd"},
    };
    size_t i;

    lxcRootPlanState(plan, container, ".dev", "/dev");
    lxcRootPlanState(plan, container, ".devpts", "/dev/pts");
    lxcRootPlanSharedMemory(plan, container);
    for (i = 0; i < G_N_ELEMENTS(links); i++)
        virLXCRootPlanAdd(plan, VIR_LXC_ROOT_LINK, links[i].text, links[i].path)
            ->flags = VIR_LXC_ROOT_STRICT;
    lxcRootPlanState(plan, container, ".devpts/ptmx", "/dev/ptmx");
    lxcRootPlanConsoles(plan, container);
}

void
virLXCRootPlanVolumes(virLXCRootPlan *plan,
                      const virLXCRootContainer *container)
{
    size_t i;

    for (i = 0; i < container->volumes->len; i++) {
        const virLXCRootVolume *volume =
            g_ptr_array_index(container->volumes, i);

        if (!g_str_equal(volume->target, "/"))
            lxcRootPlanVolume(plan, container, volume);
    }
}
