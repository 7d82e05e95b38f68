/*
 * domain_caps_parse.c: a host from its domain capabilities
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: XML that domain_caps.c has written. Out: a virLXCHostInfo.
 *
 * Each list that matters is a row below, with the function that reads it.
 */

#include "domain_caps_parse.h"

#include <string.h>

#include "capabilities_table.h"
#include "i18n.h"
#include "landlock_table.h"
#include "number.h"
#include "seccomp_conf.h"
#include "xml.h"

/* CONFIG_NR_CPUS is 8192 at most on any architecture. */
#define LXC_CAPS_CPUS_MAX 8192

#define LXC_CAPS_ERRATUM_MAX 32

/* Reads the values of the list @node. */
typedef int (*lxcCapsReadFunc)(virLXCHostInfo *info, const xmlNode *node,
                               char **values, GError **error);

/* @element: below <features> if @feature, otherwise below the root; @name: name
 * of its list */
typedef struct {
    bool feature;
    const char *element;
    const char *name;
    lxcCapsReadFunc read;
} lxcCapsList;

static int
lxcCapsSetInvalid(const xmlNode *node, const char *value, GError **error)
{
    g_autofree char *name = virLXCXMLGetAttribute(node, "name");

    return virLXCXMLSetError(
        node, error, _("invalid value '%1$s' in <enum name='%2$s'> of <%3$s>"),
        value ? value : "", name, (const char *)node->parent->name);
}

static int
lxcCapsReadNumber(const xmlNode *node, char **values, unsigned int max,
                  unsigned int *number, GError **error)
{
    if (g_strv_length(values) != 1 ||
        !virLXCNumberFromString(values[0], max, number))
        return lxcCapsSetInvalid(node, values[0], error);
    return 0;
}

/* reboot(2): "Behavior inside PID namespaces" */
static int
lxcCapsReadVersion(virLXCHostInfo *info, const xmlNode *node, char **values,
                   GError **error)
{
    const virLXCKernelVersion rebootContained = {3, 4};
    virLXCHost *host = &info->host;

    if (g_strv_length(values) != 1 ||
        !virLXCKernelVersionFromString(values[0], &host->kernel))
        return lxcCapsSetInvalid(node, values[0], error);

    host->rebootContained =
        virLXCKernelVersionCompare(host->kernel, rebootContained) >= 0;
    return 0;
}

static int
lxcCapsReadCPUs(virLXCHostInfo *info, const xmlNode *node, char **values,
                GError **error)
{
    return lxcCapsReadNumber(node, values, LXC_CAPS_CPUS_MAX, &info->host.cpus,
                             error);
}

static int
lxcCapsReadLastCapability(virLXCHostInfo *info, const xmlNode *node,
                          char **values, GError **error)
{
    return lxcCapsReadNumber(node, values, VIR_LXC_CAPABILITY_MAX,
                             &info->host.lastCap, error);
}

static int
lxcCapsReadDisabled(virLXCHostInfo *info, G_GNUC_UNUSED const xmlNode *node,
                    char **values, G_GNUC_UNUSED GError **error)
{
    info->host.landlockDisabled =
        g_strv_contains((const char *const *)values, "landlock");
    return 0;
}

static int
lxcCapsReadUserNamespaces(virLXCHostInfo *info,
                          G_GNUC_UNUSED const xmlNode *node,
                          G_GNUC_UNUSED char **values,
                          G_GNUC_UNUSED GError **error)
{
    info->userNamespaces = true;
    return 0;
}

static int
lxcCapsReadCgroups(virLXCHostInfo *info, G_GNUC_UNUSED const xmlNode *node,
                   char **values, G_GNUC_UNUSED GError **error)
{
    const char *const *versions = (const char *const *)values;

    if (g_strv_contains(versions, "1"))
        info->cgroups |= VIR_LXC_CGROUP_VERSION_1;
    if (g_strv_contains(versions, "2"))
        info->cgroups |= VIR_LXC_CGROUP_VERSION_2;
    return 0;
}

/* The kernel's name of a module, or its number */
static bool
lxcCapsIsLSM(const char *name)
{
    const char *each;

    for (each = name; *each; each++) {
        if (!g_ascii_isalnum(*each) && !strchr("_-", *each))
            return false;
    }
    return *name;
}

static int
lxcCapsReadLSMs(virLXCHostInfo *info, const xmlNode *node, char **values,
                GError **error)
{
    size_t i;

    for (i = 0; values[i]; i++) {
        if (!lxcCapsIsLSM(values[i]))
            return lxcCapsSetInvalid(node, values[i], error);
    }
    info->lsms = g_strdupv(values);
    return 0;
}

static int
lxcCapsReadBounding(virLXCHostInfo *info, G_GNUC_UNUSED const xmlNode *node,
                    char **values, G_GNUC_UNUSED GError **error)
{
    for (; *values; values++) {
        const virLXCCapability *row = virLXCCapabilityByName(*values);
        unsigned int number = row ? row->number : 0;

        if (row ||
            virLXCNumberFromString(*values, VIR_LXC_CAPABILITY_MAX, &number))
            info->host.bounding |= VIR_LXC_CAPABILITY_BIT(number);
    }
    return 0;
}

/* The ABIs are listed in their order. */
static int
lxcCapsReadLandlockABI(virLXCHostInfo *info, const xmlNode *node, char **values,
                       GError **error)
{
    for (; *values; values++) {
        unsigned int abi = 0;

        if (!virLXCNumberFromString(*values, G_MAXINT, &abi) ||
            abi != info->host.landlockABI + 1)
            return lxcCapsSetInvalid(node, *values, error);
        info->host.landlockABI = abi;
    }
    return 0;
}

static int
lxcCapsReadErrata(virLXCHostInfo *info, const xmlNode *node, char **values,
                  GError **error)
{
    for (; *values; values++) {
        unsigned int number = 0;

        if (!virLXCNumberFromString(*values, LXC_CAPS_ERRATUM_MAX, &number) ||
            number == 0)
            return lxcCapsSetInvalid(node, *values, error);
        info->host.landlockErrata |= 1U << (number - 1);
    }
    return 0;
}

static int
lxcCapsReadProfiles(virLXCHostInfo *info, const xmlNode *node, char **values,
                    GError **error)
{
    size_t i;

    for (i = 0; values[i]; i++) {
        if (!virLXCSeccompProfileNameIsValid(values[i]))
            return lxcCapsSetInvalid(node, values[i], error);
    }
    g_strfreev(info->profiles);
    info->profiles = g_strdupv(values);
    return 0;
}

static int
lxcCapsReadActions(virLXCHostInfo *info, G_GNUC_UNUSED const xmlNode *node,
                   char **values, G_GNUC_UNUSED GError **error)
{
    const virLXCSeccompActionRow *rows = virLXCSeccompActionTable();
    size_t i;

    for (i = 0; i < VIR_LXC_SECCOMP_ACTIONS; i++) {
        if (g_strv_contains((const char *const *)values, rows[i].name))
            info->host.seccompActions |= 1U << i;
    }
    return 0;
}

static int
lxcCapsReadFlags(virLXCHostInfo *info, G_GNUC_UNUSED const xmlNode *node,
                 char **values, G_GNUC_UNUSED GError **error)
{
    size_t nrows = 0;
    const virLXCSeccompFlagRow *rows = virLXCSeccompFlagTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (g_strv_contains((const char *const *)values, rows[i].oci))
            info->host.seccompFlags |= rows[i].flag;
    }
    return 0;
}

/* Whether the listed architectures are those that run on @native */
static bool
lxcCapsIsNative(const virLXCSeccompArch *native, char **values)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (virLXCSeccompArchRunsOn(&rows[i], native) !=
            g_strv_contains((const char *const *)values, rows[i].name))
            return false;
    }
    return true;
}

static int
lxcCapsReadArchs(virLXCHostInfo *info, const xmlNode *node, char **values,
                 GError **error)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    g_autofree char *list = NULL;
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (lxcCapsIsNative(&rows[i], values)) {
            info->host.seccompArch = &rows[i];
            return 0;
        }
    }

    list = g_strjoinv(" ", values);
    return lxcCapsSetInvalid(node, list, error);
}

static const lxcCapsList lxcCapsLists[] = {
    {false, "kernel", "version", lxcCapsReadVersion},
    {false, "kernel", "cpus", lxcCapsReadCPUs},
    {false, "kernel", "lastCapability", lxcCapsReadLastCapability},
    {false, "kernel", "disabled", lxcCapsReadDisabled},
    {false, "idmap", "capability", lxcCapsReadUserNamespaces},
    {false, "cgroup", "version", lxcCapsReadCgroups},
    {false, "lsm", "module", lxcCapsReadLSMs},
    {true, "capabilities", "capability", lxcCapsReadBounding},
    {true, "landlock", "abi", lxcCapsReadLandlockABI},
    {true, "landlock", "fixedErratum", lxcCapsReadErrata},
    {true, "seccomp", "profile", lxcCapsReadProfiles},
    {true, "seccomp", "action", lxcCapsReadActions},
    {true, "seccomp", "arch", lxcCapsReadArchs},
    {true, "seccomp", "flag", lxcCapsReadFlags},
};

/* A second one would have to be merged with the first. */
static int
lxcCapsFindChild(xmlNode *parent, const char *name, const char *list,
                 xmlNode **found, GError **error)
{
    xmlNode *child;

    g_assert(parent);
    *found = NULL;
    for (child = xmlFirstElementChild(parent); child;
         child = xmlNextElementSibling(child)) {
        g_autofree char *value = NULL;

        if (!virLXCXMLNodeIs(child, name))
            continue;
        value = list ? virLXCXMLGetAttribute(child, "name") : NULL;
        if (list && g_strcmp0(value, list) != 0)
            continue;
        if (*found)
            return virLXCXMLSetRepeated(child, error);
        *found = child;
    }

    if (!*found && list)
        return virLXCXMLSetError(
            parent, error, _("<%1$s> does not have an <enum name='%2$s'>"),
            (const char *)parent->name, list);
    if (!*found)
        return virLXCXMLSetError(
            parent, error,
            _("<%1$s> does not have a <%2$s>: these are not the domain "
              "capabilities of an LXC host with confinement"),
            (const char *)parent->name, name);
    return 0;
}

static char *
lxcCapsGetText(const xmlNode *node)
{
    xmlChar *content = xmlNodeGetContent(node);
    char *text = g_strstrip(g_strdup(content ? (char *)content : ""));

    xmlFree(content);
    return text;
}

static char **
lxcCapsGetValues(const xmlNode *list)
{
    GPtrArray *values = g_ptr_array_new();
    xmlNode *child;

    for (child = xmlFirstElementChild((xmlNode *)list); child;
         child = xmlNextElementSibling(child)) {
        if (virLXCXMLNodeIs(child, "value"))
            g_ptr_array_add(values, lxcCapsGetText(child));
    }
    g_ptr_array_add(values, NULL);
    return (char **)g_ptr_array_free(values, FALSE);
}

/* @element is not supported: what it lists is not there. */
static int
lxcCapsIsSupported(const xmlNode *element, bool *supported, GError **error)
{
    static const char *const values[] = {"no", "yes", NULL};
    unsigned int value = 0;

    if (virLXCXMLRequireEnum(element, "supported", values, &value, error) < 0)
        return -1;

    *supported = value;
    return 0;
}

static int
lxcCapsReadList(virLXCHostInfo *info, xmlNode *parent, const lxcCapsList *row,
                GError **error)
{
    g_auto(GStrv) values = NULL;
    xmlNode *element = NULL;
    xmlNode *list = NULL;
    bool supported = false;

    if (lxcCapsFindChild(parent, row->element, NULL, &element, error) < 0 ||
        lxcCapsIsSupported(element, &supported, error) < 0)
        return -1;
    if (!supported)
        return 0;

    if (lxcCapsFindChild(element, "enum", row->name, &list, error) < 0)
        return -1;
    values = lxcCapsGetValues(list);
    return row->read(info, list, values, error);
}

static int
lxcCapsCheckDomain(xmlNode *root, GError **error)
{
    g_autofree char *text = NULL;
    xmlNode *domain = NULL;

    if (!virLXCXMLNodeIs(root, "domainCapabilities"))
        return virLXCXMLSetError(root, error, _("element <%1$s> is not <%2$s>"),
                                 (const char *)root->name,
                                 "domainCapabilities");

    if (virLXCXMLCheckNoEntities(root, error) < 0 ||
        lxcCapsFindChild(root, "domain", NULL, &domain, error) < 0)
        return -1;

    text = lxcCapsGetText(domain);
    if (!g_str_equal(text, "lxc"))
        return virLXCXMLSetError(
            domain, error,
            _("the domain capabilities are those for domains of type '%1$s', "
              "not 'lxc'"),
            text);
    return 0;
}

virLXCHostInfo *
virLXCDomainCapsParse(xmlNode *root, GError **error)
{
    g_autoptr(virLXCHostInfo) info = g_new0(virLXCHostInfo, 1);
    xmlNode *features = NULL;
    size_t i;

    if (lxcCapsCheckDomain(root, error) < 0 ||
        lxcCapsFindChild(root, "features", NULL, &features, error) < 0)
        return NULL;

    info->profiles = g_new0(char *, 1);
    for (i = 0; i < G_N_ELEMENTS(lxcCapsLists); i++) {
        const lxcCapsList *row = &lxcCapsLists[i];

        if (lxcCapsReadList(info, row->feature ? features : root, row, error) <
            0)
            return NULL;
    }
    return g_steal_pointer(&info);
}
