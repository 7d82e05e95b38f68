/*
 * domain_caps.c: domain capabilities of a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCHostInfo, and the tables of all vocabularies. Out: XML.
 *
 * domain_caps_parse.c reads it. An element has enums, and an enum has values.
 * Both are rows below, which name the functions that say what the host
 * supports.
 */

#include "domain_caps.h"

#include "capabilities_conf.h"
#include "capabilities_table.h"
#include "kernel_files_conf.h"
#include "landlock_conf.h"
#include "namespace_table.h"
#include "seccomp_conf.h"
#include "socket_family_table.h"
#include "syscall_group_table.h"
#include "syscall_table.h"
#include "xml.h"

/* @values owns its strings. */
typedef void (*lxcCapsAddFunc)(GPtrArray *values, const virLXCHostInfo *info);
typedef bool (*lxcCapsSupportedFunc)(const virLXCHostInfo *info);

typedef struct {
    const char *name;
    lxcCapsAddFunc add;
} lxcCapsEnum;

/* @supported may be NULL: everywhere; @enums end with a row without a name. */
typedef struct {
    const char *name;
    lxcCapsSupportedFunc supported;
    const lxcCapsEnum *enums;
} lxcCapsElement;

static void
lxcCapsAdd(GPtrArray *values, const char *value)
{
    g_ptr_array_add(values, g_strdup(value));
}

static void
lxcCapsAddNumber(GPtrArray *values, unsigned int value)
{
    g_ptr_array_add(values, g_strdup_printf("%u", value));
}

static void
lxcCapsAddStrings(GPtrArray *values, const char *const *strings)
{
    for (; *strings; strings++)
        lxcCapsAdd(values, *strings);
}

static void
lxcCapsAddSwitch(GPtrArray *values, bool canBeOn)
{
    if (canBeOn)
        lxcCapsAdd(values, virLXCXMLSwitchName(true));
    lxcCapsAdd(values, virLXCXMLSwitchName(false));
}

static void
lxcCapsAddCapabilities(GPtrArray *values, guint64 set, unsigned int last)
{
    unsigned int i;

    for (i = 0; i <= last; i++) {
        if (set & VIR_LXC_CAPABILITY_BIT(i))
            g_ptr_array_add(values, virLXCCapabilityLabel(i));
    }
}

static void
lxcCapsAddRights(GPtrArray *values, const virLXCHostInfo *info,
                 virLXCLandlockKind kind)
{
    size_t nrows = 0;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].kind == kind && rows[i].abi <= info->host.landlockABI)
            lxcCapsAdd(values, rows[i].name);
    }
}

/* <kernel> */

static void
lxcCapsAddKernelVersion(GPtrArray *values, const virLXCHostInfo *info)
{
    g_ptr_array_add(values, g_strdup_printf("%u.%u", info->host.kernel.major,
                                            info->host.kernel.minor));
}

static void
lxcCapsAddCPUs(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddNumber(values, info->host.cpus);
}

static void
lxcCapsAddLastCapability(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddNumber(values, info->host.lastCap);
}

static void
lxcCapsAddDisabled(GPtrArray *values, const virLXCHostInfo *info)
{
    if (info->host.landlockDisabled)
        lxcCapsAdd(values, "landlock");
}

static const lxcCapsEnum lxcCapsKernel[] = {
    {"version", lxcCapsAddKernelVersion},
    {"cpus", lxcCapsAddCPUs},
    {"lastCapability", lxcCapsAddLastCapability},
    {"disabled", lxcCapsAddDisabled},
    {NULL, NULL},
};

/* <idmap> */

static bool
lxcCapsHasIdmap(const virLXCHostInfo *info)
{
    return info->userNamespaces;
}

/* user_namespaces(7): the bounding set of a new user namespace is full. */
static void
lxcCapsAddIdmapCapabilities(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddCapabilities(values, G_MAXUINT64, info->host.lastCap);
}

static const lxcCapsEnum lxcCapsIdmap[] = {
    {"capability", lxcCapsAddIdmapCapabilities},
    {NULL, NULL},
};

/* <cgroup> */

static bool
lxcCapsHasCgroup(const virLXCHostInfo *info)
{
    return info->cgroups != 0;
}

static void
lxcCapsAddCgroupVersions(GPtrArray *values, const virLXCHostInfo *info)
{
    if (info->cgroups & VIR_LXC_CGROUP_VERSION_1)
        lxcCapsAddNumber(values, 1);
    if (info->cgroups & VIR_LXC_CGROUP_VERSION_2)
        lxcCapsAddNumber(values, 2);
}

static const lxcCapsEnum lxcCapsCgroup[] = {
    {"version", lxcCapsAddCgroupVersions},
    {NULL, NULL},
};

/* <lsm> */

static bool
lxcCapsHasLSM(const virLXCHostInfo *info)
{
    return info->lsms != NULL;
}

static void
lxcCapsAddLSMs(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddStrings(values, (const char *const *)info->lsms);
}

static const lxcCapsEnum lxcCapsLSM[] = {
    {"module", lxcCapsAddLSMs},
    {NULL, NULL},
};

/* <capabilities> */

static void
lxcCapsAddCapabilitiesPolicies(GPtrArray *values,
                               G_GNUC_UNUSED const virLXCHostInfo *info)
{
    lxcCapsAddStrings(values, virLXCCapabilitiesPolicyNames());
}

static void
lxcCapsAddGrantable(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddCapabilities(values, info->host.bounding, info->host.lastCap);
}

static const lxcCapsEnum lxcCapsCapabilities[] = {
    {"policy", lxcCapsAddCapabilitiesPolicies},
    {"capability", lxcCapsAddGrantable},
    {NULL, NULL},
};

/* <no-new-privs> */

static void
lxcCapsAddStates(GPtrArray *values, G_GNUC_UNUSED const virLXCHostInfo *info)
{
    lxcCapsAddSwitch(values, true);
}

static const lxcCapsEnum lxcCapsNoNewPrivs[] = {
    {"state", lxcCapsAddStates},
    {NULL, NULL},
};

/* <landlock> */

static bool
lxcCapsHasLandlock(const virLXCHostInfo *info)
{
    return info->host.landlockABI > 0;
}

static void
lxcCapsAddLandlockModes(GPtrArray *values,
                        G_GNUC_UNUSED const virLXCHostInfo *info)
{
    lxcCapsAddStrings(values, virLXCLandlockModeNames());
}

static void
lxcCapsAddLandlockABIs(GPtrArray *values, const virLXCHostInfo *info)
{
    unsigned int last = MIN(info->host.landlockABI, VIR_LXC_LANDLOCK_ABI_MAX);
    unsigned int abi;

    for (abi = 1; abi <= last; abi++)
        lxcCapsAddNumber(values, abi);
}

static void
lxcCapsAddLandlockLog(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddSwitch(values,
                     virLXCLandlockLogFlag()->abi <= info->host.landlockABI);
}

static void
lxcCapsAddLandlockFS(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddRights(values, info, VIR_LXC_LANDLOCK_FS);
}

static void
lxcCapsAddLandlockNet(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddRights(values, info, VIR_LXC_LANDLOCK_NET);
}

static void
lxcCapsAddLandlockScopes(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddRights(values, info, VIR_LXC_LANDLOCK_SCOPE);
}

static void
lxcCapsAddLandlockErrata(GPtrArray *values, const virLXCHostInfo *info)
{
    unsigned int rest = info->host.landlockErrata;
    unsigned int number;

    for (number = 1; rest; number++, rest >>= 1) {
        if (rest & 1)
            lxcCapsAddNumber(values, number);
    }
}

static const lxcCapsEnum lxcCapsLandlock[] = {
    {"mode", lxcCapsAddLandlockModes},
    {"abi", lxcCapsAddLandlockABIs},
    {"log", lxcCapsAddLandlockLog},
    {"fs", lxcCapsAddLandlockFS},
    {"net", lxcCapsAddLandlockNet},
    {"scope", lxcCapsAddLandlockScopes},
    {"fixedErratum", lxcCapsAddLandlockErrata},
    {NULL, NULL},
};

/* <seccomp> */

static bool
lxcCapsHasSeccomp(const virLXCHostInfo *info)
{
    return info->host.seccompArch && info->host.seccompActions;
}

static void
lxcCapsAddSeccompPolicies(GPtrArray *values,
                          G_GNUC_UNUSED const virLXCHostInfo *info)
{
    lxcCapsAddStrings(values, virLXCSeccompPolicyNames());
}

static void
lxcCapsAddProfiles(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddStrings(values, (const char *const *)info->profiles);
}

static void
lxcCapsAddSeccompLog(GPtrArray *values, const virLXCHostInfo *info)
{
    lxcCapsAddSwitch(values,
                     info->host.seccompFlags & VIR_LXC_SECCOMP_FLAG_LOG);
}

static void
lxcCapsAddSeccompActions(GPtrArray *values, const virLXCHostInfo *info)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        if (info->host.seccompActions & (1U << i))
            lxcCapsAdd(values, rows[i].name);
    }
}

static void
lxcCapsAddSeccompOperators(GPtrArray *values,
                           G_GNUC_UNUSED const virLXCHostInfo *info)
{
    const virLXCSeccompOperatorRow *rows = virLXCSeccompOperatorTable();
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_OPERATORS; i++)
        lxcCapsAdd(values, rows[i].name);
}

static void
lxcCapsAddSeccompArchs(GPtrArray *values, const virLXCHostInfo *info)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (virLXCSeccompArchRunsOn(&rows[i], info->host.seccompArch))
            lxcCapsAdd(values, rows[i].name);
    }
}

static void
lxcCapsAddSyscallGroups(GPtrArray *values,
                        G_GNUC_UNUSED const virLXCHostInfo *info)
{
    size_t nrows = 0;
    const virLXCSyscallGroupRow *rows = virLXCSyscallGroupTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++)
        lxcCapsAdd(values, rows[i].name);
}

static void
lxcCapsAddSocketFamilies(GPtrArray *values,
                         G_GNUC_UNUSED const virLXCHostInfo *info)
{
    size_t nrows = 0;
    const virLXCSocketFamily *rows = virLXCSocketFamilyTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++)
        lxcCapsAdd(values, rows[i].name);
}

static void
lxcCapsAddNamespaces(GPtrArray *values,
                     G_GNUC_UNUSED const virLXCHostInfo *info)
{
    size_t nrows = 0;
    const virLXCNamespace *rows = virLXCNamespaceTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++)
        lxcCapsAdd(values, rows[i].name);
}

static void
lxcCapsAddSeccompFlags(GPtrArray *values, const virLXCHostInfo *info)
{
    size_t nrows = 0;
    const virLXCSeccompFlagRow *rows = virLXCSeccompFlagTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if ((rows[i].flag & info->host.seccompFlags) == rows[i].flag)
            lxcCapsAdd(values, rows[i].oci);
    }
}

static const lxcCapsEnum lxcCapsSeccomp[] = {
    {"policy", lxcCapsAddSeccompPolicies},
    {"profile", lxcCapsAddProfiles},
    {"log", lxcCapsAddSeccompLog},
    {"action", lxcCapsAddSeccompActions},
    {"op", lxcCapsAddSeccompOperators},
    {"arch", lxcCapsAddSeccompArchs},
    {"group", lxcCapsAddSyscallGroups},
    {"family", lxcCapsAddSocketFamilies},
    {"namespace", lxcCapsAddNamespaces},
    {"flag", lxcCapsAddSeccompFlags},
    {NULL, NULL},
};

/* <kernel-files> */

/* The mounts that restrict them are made read-only by this call. */
static bool
lxcCapsHasKernelFiles(const virLXCHostInfo *info)
{
    virLXCKernelVersion since = virLXCSyscallByName("mount_setattr")->since;

    return virLXCKernelVersionCompare(info->host.kernel, since) >= 0;
}

static void
lxcCapsAddKernelFilesPolicies(GPtrArray *values,
                              G_GNUC_UNUSED const virLXCHostInfo *info)
{
    lxcCapsAddStrings(values, virLXCKernelFilesPolicyNames());
}

static void
lxcCapsAddKernelFileAccess(GPtrArray *values,
                           G_GNUC_UNUSED const virLXCHostInfo *info)
{
    lxcCapsAddStrings(values, virLXCKernelFileAccessNames());
}

static const lxcCapsEnum lxcCapsKernelFiles[] = {
    {"policy", lxcCapsAddKernelFilesPolicies},
    {"access", lxcCapsAddKernelFileAccess},
    {NULL, NULL},
};

static const lxcCapsElement lxcCapsTop[] = {
    {"kernel", NULL, lxcCapsKernel},
    {"idmap", lxcCapsHasIdmap, lxcCapsIdmap},
    {"cgroup", lxcCapsHasCgroup, lxcCapsCgroup},
    {"lsm", lxcCapsHasLSM, lxcCapsLSM},
};

/* Named as in <features> of a domain. */
static const lxcCapsElement lxcCapsFeatures[] = {
    {"capabilities", NULL, lxcCapsCapabilities},
    {"no-new-privs", NULL, lxcCapsNoNewPrivs},
    {"landlock", lxcCapsHasLandlock, lxcCapsLandlock},
    {"seccomp", lxcCapsHasSeccomp, lxcCapsSeccomp},
    {"kernel-files", lxcCapsHasKernelFiles, lxcCapsKernelFiles},
};

static void
lxcCapsFormatText(GString *out, unsigned int indent, const char *name,
                  const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);

    g_string_append_printf(out, "%*s<%s>%s</%s>\n", (int)indent, "", name,
                           escaped, name);
}

static void
lxcCapsFormatEnum(GString *out, unsigned int indent, const lxcCapsEnum *row,
                  const virLXCHostInfo *info)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    size_t i;

    row->add(values, info);
    g_string_append_printf(out, "%*s<enum name='%s'", (int)indent, "",
                           row->name);
    if (values->len == 0) {
        g_string_append(out, "/>\n");
        return;
    }

    g_string_append(out, ">\n");
    for (i = 0; i < values->len; i++)
        lxcCapsFormatText(out, indent + 2, "value",
                          g_ptr_array_index(values, i));
    g_string_append_printf(out, "%*s</enum>\n", (int)indent, "");
}

static void
lxcCapsFormatElement(GString *out, unsigned int indent,
                     const lxcCapsElement *row, const virLXCHostInfo *info)
{
    bool supported = !row->supported || row->supported(info);
    const lxcCapsEnum *each = row->enums;

    g_string_append_printf(out, "%*s<%s supported='%s'", (int)indent, "",
                           row->name, supported ? "yes" : "no");
    if (!supported) {
        g_string_append(out, "/>\n");
        return;
    }

    g_string_append(out, ">\n");
    for (; each->name; each++)
        lxcCapsFormatEnum(out, indent + 2, each, info);
    g_string_append_printf(out, "%*s</%s>\n", (int)indent, "", row->name);
}

char *
virLXCDomainCapsFormat(const virLXCHostInfo *info, const char *path,
                       const char *arch)
{
    GString *out = g_string_new("<domainCapabilities>\n");
    size_t i;

    lxcCapsFormatText(out, 2, "path", path);
    lxcCapsFormatText(out, 2, "domain", "lxc");
    lxcCapsFormatText(out, 2, "arch", arch);

    for (i = 0; i < G_N_ELEMENTS(lxcCapsTop); i++)
        lxcCapsFormatElement(out, 2, &lxcCapsTop[i], info);

    g_string_append(out, "  <features>\n");
    for (i = 0; i < G_N_ELEMENTS(lxcCapsFeatures); i++)
        lxcCapsFormatElement(out, 4, &lxcCapsFeatures[i], info);
    g_string_append(out, "  </features>\n</domainCapabilities>\n");

    return g_string_free(out, FALSE);
}
