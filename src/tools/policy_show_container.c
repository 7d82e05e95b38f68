/*
 * policy_show_container.c: compare what surrounds the process
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a domain and a process. Out: rows of the table.
 */

#include <string.h>

#include "cgroup.h"
#include "i18n.h"
#include "policy_show.h"

static void
lxcPolicyShowKernelFiles(virLXCPolicyShowData *data)
{
    const virLXCKernelFilesDef *def = data->domain->live->kernelFiles;
    guint64 kept = data->isRoot ? data->capabilities.bounding
                                : data->capabilities.boundingUser;
    g_autoptr(virLXCKernelFilesPlan) plan =
        def ? virLXCKernelFilesPlanNew(def, &data->host, kept) : NULL;
    g_autoptr(GString) missing = g_string_new(NULL);
    char *effective = NULL;
    char *kernel = NULL;
    unsigned int count = 0;

    if (plan && data->process)
        count = virLXCPolicyShowMounts(data->process->mounts, plan, missing);
    if (def && def->effective)
        effective =
            g_strdup(def->effective->locked ? _("locked") : _("not locked"));
    if (plan && data->process)
        kernel = missing->len
                     ? g_strdup_printf(_("not restricted:%1$s"), missing->str)
                     : g_strdup_printf(_("%1$u restricted"), count);

    virLXCPolicyShowAdd(
        data, "kernel files",
        def ? g_strdup_printf(_("policy %1$s"),
                              virLXCKernelFilesPolicyNames()[def->policy])
            : NULL,
        effective, kernel,
        missing->len ? VIR_LXC_POLICY_DIFFERS : VIR_LXC_POLICY_OK);
}

/* Whether the container has a namespace that is not the host's */
static bool
lxcPolicyExpectsNamespace(const virLXCPolicyDomain *domain, const char *name)
{
    if (g_hash_table_contains(domain->shares, name))
        return false;
    if (g_str_equal(name, "user"))
        return domain->hasIdmap;
    if (g_str_equal(name, "net"))
        return domain->hasNetwork;
    return true;
}

static bool
lxcPolicyHasNamespace(const virLXCPolicyShowData *data, const char *name)
{
    const char *own = g_hash_table_lookup(data->process->namespaces, name);
    const char *outer = g_hash_table_lookup(data->controller->namespaces, name);

    return !g_str_equal(own, outer);
}

/* The controller is in those of the host, except for its mounts. */
static void
lxcPolicyShowNamespaces(virLXCPolicyShowData *data)
{
    static const char *const names[] = {"mnt", "pid",    "ipc", "uts",
                                        "net", "cgroup", "user"};
    bool comparable = data->process && data->controller;
    virLXCPolicyVerdict verdict =
        comparable ? VIR_LXC_POLICY_OK : VIR_LXC_POLICY_NONE;
    GString *asked = g_string_new(NULL);
    GString *kernel = g_string_new(NULL);
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(names); i++) {
        bool expected = lxcPolicyExpectsNamespace(data->domain, names[i]);
        bool found = comparable && lxcPolicyHasNamespace(data, names[i]);

        if (expected)
            g_string_append_printf(asked, "%s%s", asked->len ? " " : "",
                                   names[i]);
        if (found)
            g_string_append_printf(kernel, "%s%s", kernel->len ? " " : "",
                                   names[i]);
        if (comparable && expected && !found)
            verdict = VIR_LXC_POLICY_DIFFERS;
    }

    virLXCPolicyShowAdd(data, "namespaces", g_string_free(asked, FALSE), NULL,
                        g_string_free(kernel, !comparable), verdict);
}

static const virLXCPayloadHierarchy *
lxcPolicyFindHierarchy(const GPtrArray *layout, const char *controllers)
{
    size_t i;

    for (i = 0; i < layout->len; i++) {
        const virLXCPayloadHierarchy *each = g_ptr_array_index(layout, i);

        if (g_str_equal(each->controllers, controllers))
            return each;
    }
    return NULL;
}

static bool
lxcPolicyIsBelow(const char *path, const char *above)
{
    return g_str_has_prefix(path, above) &&
           (path[strlen(above)] == '/' || path[strlen(above)] == '\0');
}

/* In a hierarchy that libvirt does not manage, the parent is named after the
 * domain, and beside the cgroup in which the daemon is, or above it. */
static bool
lxcPolicyIsUnmanaged(const char *path, const char *uuid)
{
    g_autofree char *name =
        g_strdup_printf("/" VIR_LXC_CGROUP_UNMANAGED "/" VIR_LXC_CGROUP_PAYLOAD,
                        uuid ? uuid : "");
    const char *found = uuid ? strstr(path, name) : NULL;

    return found && lxcPolicyIsBelow(found, name);
}

/* In the container's cgroup, or below it: virLXCPayloadDelegate() */
static bool
lxcPolicyIsInCgroup(const virLXCPolicyDomain *domain,
                    const virLXCPayloadHierarchy *found,
                    const virLXCPayloadHierarchy *controller)
{
    g_autofree char *managed =
        g_build_filename(controller->path, VIR_LXC_CGROUP_PAYLOAD, NULL);

    /* Where the limits are those of this cgroup itself */
    if (virLXCPayloadHierarchyHas(found, "blkio") &&
        !g_str_equal(found->path, "/") &&
        lxcPolicyIsBelow(found->path, controller->path))
        return true;
    return lxcPolicyIsBelow(found->path, managed) ||
           lxcPolicyIsUnmanaged(found->path, domain->uuid);
}

static virLXCPolicyVerdict
lxcPolicyCompareCgroups(const virLXCPolicyShowData *data, char **kernel)
{
    g_autoptr(GPtrArray) found =
        virLXCPayloadLayoutParse("", data->process->cgroup);
    g_autoptr(GPtrArray) controller =
        virLXCPayloadLayoutParse("", data->controller->cgroup);
    size_t i;

    for (i = 0; i < found->len; i++) {
        const virLXCPayloadHierarchy *each = g_ptr_array_index(found, i);
        const virLXCPayloadHierarchy *outer =
            lxcPolicyFindHierarchy(controller, each->controllers);

        g_free(*kernel);
        *kernel = g_strdup(each->path);
        if (!outer || !lxcPolicyIsInCgroup(data->domain, each, outer))
            return VIR_LXC_POLICY_DIFFERS;
    }
    return VIR_LXC_POLICY_OK;
}

static void
lxcPolicyShowCgroup(virLXCPolicyShowData *data)
{
    virLXCPolicyVerdict verdict = VIR_LXC_POLICY_NONE;
    char *kernel = NULL;

    if (data->process && data->controller)
        verdict = lxcPolicyCompareCgroups(data, &kernel);
    virLXCPolicyShowAdd(data, "cgroup", g_strdup(_("own")), NULL, kernel,
                        verdict);
}

/* AppArmor appends the mode of the profile: in others, such as "complain", it
 * does not refuse anything. */
static bool
lxcPolicyLabelMatches(const char *asked, const char *found)
{
    static const char *const modes[] = {"", " (enforce)", " (kill)", NULL};

    return found && g_str_has_prefix(found, asked) &&
           g_strv_contains(modes, found + strlen(asked));
}

static virLXCPolicyVerdict
lxcPolicyCompareLabel(const virLXCPolicyShowData *data)
{
    const char *asked = data->domain->label;
    const char *found = data->process->label;

    /* Which one is only known when the domain has been started. */
    if (!asked)
        return data->domain->labelModel ? VIR_LXC_POLICY_UNKNOWN
                                        : VIR_LXC_POLICY_OK;
    return lxcPolicyLabelMatches(asked, found) ? VIR_LXC_POLICY_OK
                                               : VIR_LXC_POLICY_DIFFERS;
}

static void
lxcPolicyShowLabel(virLXCPolicyShowData *data)
{
    const virLXCPolicyDomain *domain = data->domain;

    virLXCPolicyShowAdd(
        data, "label", g_strdup(domain->labelModel), g_strdup(domain->label),
        data->process ? g_strdup(data->process->label) : NULL,
        data->process ? lxcPolicyCompareLabel(data) : VIR_LXC_POLICY_NONE);
}

/* Only a process itself can ask for its session keyring. */
static void
lxcPolicyShowKeyring(virLXCPolicyShowData *data)
{
    virLXCPolicyShowAdd(data, "session keyring", g_strdup(_("own")), NULL, NULL,
                        data->isInit ? VIR_LXC_POLICY_UNREPORTED
                                     : VIR_LXC_POLICY_UNKNOWN);
}

void
virLXCPolicyShowContainer(virLXCPolicyShowData *data)
{
    lxcPolicyShowKernelFiles(data);
    lxcPolicyShowNamespaces(data);
    lxcPolicyShowCgroup(data);
    lxcPolicyShowLabel(data);
    lxcPolicyShowKeyring(data);
}
