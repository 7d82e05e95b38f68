/*
 * host_check.c: what a host lacks
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCHostInfo. Out: checks with results and hints.
 */

#include "host_check.h"

#include "capabilities_table.h"
#include "i18n.h"
#include "landlock_plan.h"
#include "syscall_table.h"

/* Returns a hint if something is missing, or NULL. */
typedef char *(*lxcHostCheckFunc)(const virLXCHostInfo *info);

/* @missing: the result if something is missing; @detail: what is there, or NULL
 */
typedef struct {
    const char *what;
    virLXCHostCheckResult missing;
    lxcHostCheckFunc hint;
    lxcHostCheckFunc detail;
} lxcHostCheckRow;

/* Returns the names as a list, or NULL if there are none. */
static char *
lxcHostNames(GPtrArray *names)
{
    if (names->len == 0)
        return NULL;

    g_ptr_array_add(names, NULL);
    return g_strjoinv(", ", (char **)names->pdata);
}

static char *
lxcHostNeedsNewerKernel(GPtrArray *names)
{
    g_autofree char *list = lxcHostNames(names);

    if (!list)
        return NULL;

    return g_strdup_printf(_("a newer kernel is required for: %1$s"), list);
}

static char *
lxcHostCheckKernel(const virLXCHostInfo *info)
{
    virLXCKernelVersion since = virLXCSyscallByName("mount_setattr")->since;

    if (virLXCKernelVersionCompare(info->host.kernel, since) >= 0)
        return NULL;

    return g_strdup_printf(_("containers cannot be started: use Linux "
                             "%1$u.%2$u or later"),
                           since.major, since.minor);
}

static char *
lxcHostCheckCgroup(const virLXCHostInfo *info)
{
    if (info->cgroups != 0)
        return NULL;

    return g_strdup(_("containers cannot be started: mount cgroup2 at "
                      "/sys/fs/cgroup"));
}

static char *
lxcHostCheckCgroupVersion(const virLXCHostInfo *info)
{
    if (info->cgroups == VIR_LXC_CGROUP_VERSION_2)
        return NULL;
    if (info->cgroups == 0)
        return lxcHostCheckCgroup(info);

    return g_strdup(
        _("hierarchies of version 1 are mounted, whose limitations are listed "
          "in lxc-device-acl(7): boot with "
          "systemd.unified_cgroup_hierarchy=1"));
}

static char *
lxcHostCheckUserNamespaces(const virLXCHostInfo *info)
{
    if (info->userNamespaces)
        return NULL;

    return g_strdup(_("domains with <idmap> cannot be started: use a kernel "
                      "with CONFIG_USER_NS, and check "
                      "/proc/sys/user/max_user_namespaces"));
}

static char *
lxcHostCheckCapabilities(const virLXCHostInfo *info)
{
    g_autoptr(GPtrArray) missing = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *list = NULL;
    unsigned int i;

    for (i = 0; i <= info->host.lastCap; i++) {
        if (!(info->host.bounding & VIR_LXC_CAPABILITY_BIT(i)))
            g_ptr_array_add(missing, virLXCCapabilityLabel(i));
    }

    list = lxcHostNames(missing);
    if (!list)
        return NULL;

    return g_strdup_printf(_("without <idmap>, domains cannot have: %1$s"),
                           list);
}

static char *
lxcHostCheckLandlock(const virLXCHostInfo *info)
{
    if (info->host.landlockABI > 0)
        return NULL;

    if (info->host.landlockDisabled)
        return g_strdup(_("<landlock> cannot be used: add 'landlock' to the "
                          "kernel parameter 'lsm', and reboot"));

    return g_strdup(_("<landlock> cannot be used: use Linux 5.13 or later with "
                      "CONFIG_SECURITY_LANDLOCK"));
}

static char *
lxcHostCheckLandlockRights(const virLXCHostInfo *info)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    g_autoptr(GPtrArray) missing = g_ptr_array_new();
    size_t i;

    if (info->host.landlockABI == 0)
        return lxcHostCheckLandlock(info);

    for (i = 0; i < nrows; i++) {
        if (rows[i].kind != VIR_LXC_LANDLOCK_RESTRICT &&
            rows[i].abi > info->host.landlockABI)
            g_ptr_array_add(missing, (gpointer)rows[i].name);
    }

    return lxcHostNeedsNewerKernel(missing);
}

static char *
lxcHostCheckLandlockErrata(const virLXCHostInfo *info)
{
    unsigned int unfixed =
        virLXCLandlockUnfixedErrata(&info->host, info->host.landlockABI);
    g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *list = NULL;
    unsigned int number;

    if (info->host.landlockABI == 0)
        return lxcHostCheckLandlock(info);

    for (number = 1; unfixed; number++, unfixed >>= 1) {
        if (unfixed & 1)
            g_ptr_array_add(numbers, g_strdup_printf("%u", number));
    }

    list = lxcHostNames(numbers);
    if (!list)
        return NULL;

    return g_strdup_printf(_("the kernel does not report as fixed: %1$s"),
                           list);
}

static char *
lxcHostCheckSeccomp(const virLXCHostInfo *info)
{
    if (info->host.seccompActions == 0)
        return g_strdup(_("<seccomp> cannot be used: use a kernel with "
                          "CONFIG_SECCOMP_FILTER"));
    if (!info->host.seccompArch)
        return g_strdup(_("<seccomp> cannot be used on this architecture"));

    return NULL;
}

static char *
lxcHostCheckSeccompActions(const virLXCHostInfo *info)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    g_autoptr(GPtrArray) missing = g_ptr_array_new();
    size_t i;

    if (info->host.seccompActions == 0)
        return lxcHostCheckSeccomp(info);

    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        if (!(info->host.seccompActions & (1U << i)))
            g_ptr_array_add(missing, (gpointer)rows[i].name);
    }

    return lxcHostNeedsNewerKernel(missing);
}

static char *
lxcHostCheckSeccompFlags(const virLXCHostInfo *info)
{
    size_t nrows = 0;
    const virLXCSeccompFlagRow *rows = virLXCSeccompFlagTable(&nrows);
    g_autoptr(GPtrArray) missing = g_ptr_array_new();
    size_t i;

    if (info->host.seccompActions == 0)
        return lxcHostCheckSeccomp(info);

    for (i = 0; i < nrows; i++) {
        if (rows[i].flag & ~info->host.seccompFlags)
            g_ptr_array_add(missing, (gpointer)rows[i].oci);
    }

    return lxcHostNeedsNewerKernel(missing);
}

static char *
lxcHostCheckLSM(const virLXCHostInfo *info)
{
    if (info->lsms)
        return NULL;

    return g_strdup(_("the active modules are unknown: mount securityfs at "
                      "/sys/kernel/security"));
}

/* The security drivers of libvirt's LXC driver */
static char *
lxcHostCheckLabels(const virLXCHostInfo *info)
{
    const char *const *lsms = (const char *const *)info->lsms;

    if (!lsms)
        return lxcHostCheckLSM(info);
    if (g_strv_contains(lsms, "selinux") || g_strv_contains(lsms, "apparmor"))
        return NULL;

    return g_strdup(_("<seclabel> cannot be used: add 'selinux' or 'apparmor' "
                      "to the kernel parameter 'lsm', and reboot"));
}

static char *
lxcHostDetailKernel(const virLXCHostInfo *info)
{
    return g_strdup_printf("%u.%u", info->host.kernel.major,
                           info->host.kernel.minor);
}

static char *
lxcHostDetailLandlock(const virLXCHostInfo *info)
{
    if (info->host.landlockABI == 0)
        return NULL;

    return g_strdup_printf(_("ABI %1$u"), info->host.landlockABI);
}

static char *
lxcHostDetailLSM(const virLXCHostInfo *info)
{
    return info->lsms ? g_strjoinv(", ", info->lsms) : NULL;
}

#define NOTE VIR_LXC_HOST_CHECK_NOTE
#define WARN VIR_LXC_HOST_CHECK_WARN
#define FAIL VIR_LXC_HOST_CHECK_FAIL

static const lxcHostCheckRow lxcHostCheckRows[] = {
    {N_("for the kernel version"), FAIL, lxcHostCheckKernel,
     lxcHostDetailKernel},
    {N_("for cgroups"), FAIL, lxcHostCheckCgroup, NULL},
    {N_("if only cgroup version 2 is mounted"), WARN, lxcHostCheckCgroupVersion,
     NULL},
    {N_("if user namespaces can be created"), WARN, lxcHostCheckUserNamespaces,
     NULL},
    {N_("if all capabilities can be granted"), WARN, lxcHostCheckCapabilities,
     NULL},
    {N_("for Landlock"), WARN, lxcHostCheckLandlock, lxcHostDetailLandlock},
    {N_("for all known Landlock rights and scopes"), NOTE,
     lxcHostCheckLandlockRights, NULL},
    {N_("for fixes of all known Landlock errata"), NOTE,
     lxcHostCheckLandlockErrata, NULL},
    {N_("for seccomp filters"), WARN, lxcHostCheckSeccomp, NULL},
    {N_("for all seccomp actions"), NOTE, lxcHostCheckSeccompActions, NULL},
    {N_("for all seccomp flags"), NOTE, lxcHostCheckSeccompFlags, NULL},
    {N_("for the order of LSMs"), WARN, lxcHostCheckLSM, lxcHostDetailLSM},
    {N_("for SELinux or AppArmor"), WARN, lxcHostCheckLabels, NULL},
};

void
virLXCHostCheckFree(gpointer opaque)
{
    virLXCHostCheck *check = opaque;

    g_free(check->what);
    g_free(check->hint);
    g_free(check);
}

GPtrArray *
virLXCHostChecks(const virLXCHostInfo *info)
{
    GPtrArray *checks = g_ptr_array_new_with_free_func(virLXCHostCheckFree);
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcHostCheckRows); i++) {
        const lxcHostCheckRow *row = &lxcHostCheckRows[i];
        virLXCHostCheck *check = g_new0(virLXCHostCheck, 1);
        g_autofree char *detail = row->detail ? row->detail(info) : NULL;

        check->what = detail ? g_strdup_printf("%s: %s", _(row->what), detail)
                             : g_strdup(_(row->what));
        check->hint = row->hint(info);
        check->result = check->hint ? row->missing : VIR_LXC_HOST_CHECK_PASS;
        g_ptr_array_add(checks, check);
    }
    return checks;
}
