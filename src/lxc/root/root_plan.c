/*
 * root_plan.c: which mounts the tree of a container consists of
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: rows. Out: a plan, and its text.
 */

#include "root_plan.h"

static void
lxcRootMountFree(gpointer opaque)
{
    virLXCRootMount *mount = opaque;

    g_free(mount->target);
    g_free(mount->source);
    g_strfreev(mount->types);
    g_free(mount->options);
    g_free(mount);
}

static void
lxcRootSettingFree(gpointer opaque)
{
    virLXCRootSetting *setting = opaque;

    g_free(setting->path);
    g_free(setting->value);
    g_free(setting);
}

virLXCRootPlan *
virLXCRootPlanNew(void)
{
    virLXCRootPlan *plan = g_new0(virLXCRootPlan, 1);

    plan->mounts = g_ptr_array_new_with_free_func(lxcRootMountFree);
    plan->detached = g_ptr_array_new_with_free_func(g_free);
    plan->settings = g_ptr_array_new_with_free_func(lxcRootSettingFree);
    return plan;
}

void
virLXCRootPlanFree(virLXCRootPlan *plan)
{
    if (!plan)
        return;

    g_ptr_array_unref(plan->mounts);
    g_ptr_array_unref(plan->detached);
    g_ptr_array_unref(plan->settings);
    g_free(plan);
}

virLXCRootMount *
virLXCRootPlanAdd(virLXCRootPlan *plan, virLXCRootKind kind, const char *source,
                  const char *target)
{
    virLXCRootMount *mount = g_new0(virLXCRootMount, 1);

    mount->kind = kind;
    mount->source = g_strdup(source);
    mount->target = g_strdup(target);
    g_ptr_array_add(plan->mounts, mount);
    return mount;
}

virLXCRootMount *
virLXCRootPlanAddFilesystem(virLXCRootPlan *plan, const char *type,
                            const char *options, const char *target,
                            unsigned int attributes)
{
    virLXCRootMount *mount =
        virLXCRootPlanAdd(plan, VIR_LXC_ROOT_FILESYSTEM, NULL, target);

    mount->types = g_strsplit(type, " ", -1);
    mount->options = g_strdup(options);
    mount->attributes = attributes;
    mount->flags = VIR_LXC_ROOT_STRICT;
    return mount;
}

void
virLXCRootPlanAddAccess(virLXCRootPlan *plan, const char *target,
                        virLXCRootAccess access)
{
    virLXCRootKind kind = access == VIR_LXC_ROOT_ACCESS_MASKED
                              ? VIR_LXC_ROOT_MASK
                              : VIR_LXC_ROOT_INNER;
    const char *source = kind == VIR_LXC_ROOT_INNER ? target : NULL;
    virLXCRootMount *mount = virLXCRootPlanAdd(plan, kind, source, target);

    mount->flags = VIR_LXC_ROOT_STRICT | VIR_LXC_ROOT_OPTIONAL;
    if (kind == VIR_LXC_ROOT_INNER)
        mount->flags |= VIR_LXC_ROOT_RECURSIVE;
    if (access == VIR_LXC_ROOT_ACCESS_READONLY)
        mount->attributes = VIR_LXC_ROOT_READONLY;
    if (access == VIR_LXC_ROOT_ACCESS_WRITABLE)
        mount->flags |= VIR_LXC_ROOT_WRITABLE;
}

void
virLXCRootPlanDetach(virLXCRootPlan *plan, const char *target)
{
    g_ptr_array_add(plan->detached, g_strdup(target));
}

void
virLXCRootPlanSet(virLXCRootPlan *plan, const char *path, const char *value)
{
    virLXCRootSetting *setting = g_new0(virLXCRootSetting, 1);

    setting->path = g_strdup(path);
    setting->value = g_strdup(value);
    g_ptr_array_add(plan->settings, setting);
}

static const char *const lxcRootKinds[] = {
    [VIR_LXC_ROOT_BIND] = "bind",
    [VIR_LXC_ROOT_INNER] = "inner",
    [VIR_LXC_ROOT_FILESYSTEM] = "filesystem",
    [VIR_LXC_ROOT_MASK] = "mask",
    [VIR_LXC_ROOT_DIRECTORY] = "directory",
    [VIR_LXC_ROOT_LINK] = "link",
};

/* In the order of the bits. */
static const char *const lxcRootAttributes[] = {
    "readonly",
    "nosuid",
    "nodev",
    "noexec",
};
static const char *const lxcRootFlags[] = {
    "recursive",
    "strict",
    "optional",
    "writable",
};

static void
lxcRootFormatBits(GString *out, unsigned int bits, const char *const *names,
                  size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (bits & (1U << i))
            g_string_append_printf(out, " %s", names[i]);
    }
}

static void
lxcRootFormatMount(GString *out, const virLXCRootMount *mount)
{
    g_string_append(out, lxcRootKinds[mount->kind]);
    if (mount->types) {
        g_autofree char *types = g_strjoinv("|", mount->types);

        g_string_append_printf(out, " %s", types);
    }
    if (mount->source)
        g_string_append_printf(out, " %s", mount->source);
    if (mount->options && *mount->options)
        g_string_append_printf(out, " (%s)", mount->options);
    g_string_append_printf(out, " at %s", mount->target);
    lxcRootFormatBits(out, mount->attributes, lxcRootAttributes,
                      G_N_ELEMENTS(lxcRootAttributes));
    lxcRootFormatBits(out, mount->flags, lxcRootFlags,
                      G_N_ELEMENTS(lxcRootFlags));
    g_string_append_c(out, '\n');
}

char *
virLXCRootPlanFormat(const virLXCRootPlan *plan)
{
    GString *out = g_string_new(NULL);
    size_t i;

    for (i = 0; i < plan->settings->len; i++) {
        const virLXCRootSetting *setting = g_ptr_array_index(plan->settings, i);

        g_string_append_printf(out, "set %s to %s\n", setting->path,
                               setting->value);
    }
    for (i = 0; i < plan->detached->len; i++)
        g_string_append_printf(out, "detach %s\n",
                               (char *)g_ptr_array_index(plan->detached, i));
    for (i = 0; i < plan->mounts->len; i++)
        lxcRootFormatMount(out, g_ptr_array_index(plan->mounts, i));
    return g_string_free(out, FALSE);
}
