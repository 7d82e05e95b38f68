/*
 * policy_domain.c: what the verbs of virt-lxc-policy need to know of a domain
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a document. Out: a virLXCPolicyDomain. Elements other than those of the
 * confinement are only looked for: libvirt checks them.
 */

#include "policy_domain.h"

#include <string.h>

#include "i18n.h"
#include "number.h"
#include "xml.h"

/* Limit of process IDs (proc(5), /proc/sys/kernel/pid_max) */
#define POLICY_PID_MAX (1U << 22)

static xmlNode *
lxcPolicyFindChild(xmlNode *node, const char *name)
{
    xmlNode *child = node ? xmlFirstElementChild(node) : NULL;

    while (child && !virLXCXMLNodeIs(child, name))
        child = xmlNextElementSibling(child);
    return child;
}

/* NULL if the element does not exist */
static char *
lxcPolicyGetText(xmlNode *node, const char *name)
{
    xmlNode *child = lxcPolicyFindChild(node, name);
    xmlChar *content = child ? xmlNodeGetContent(child) : NULL;
    char *text = content ? g_strstrip(g_strdup((char *)content)) : NULL;

    xmlFree(content);
    return text;
}

static void
lxcPolicyReadMapping(virLXCPolicyDomain *domain, xmlNode *node, GString *text)
{
    static const char *const names[] = {"start", "target", "count"};
    size_t i;

    g_string_append(text, (const char *)node->name);
    for (i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *value = virLXCXMLGetAttribute(node, names[i]);

        g_string_append_printf(text, " %s=%s", names[i], value ? value : "");
        if (g_str_equal(names[i], "target") &&
            (!value || g_ascii_strtoull(value, NULL, 0) == 0))
            domain->mapsHostRoot = true;
    }
}

/* Whether one of the elements @name maps root of the container */
static bool
lxcPolicyMapsRoot(xmlNode *idmap, const char *name)
{
    xmlNode *child;

    for (child = xmlFirstElementChild(idmap); child;
         child = xmlNextElementSibling(child)) {
        g_autofree char *start = virLXCXMLGetAttribute(child, "start");

        if (virLXCXMLNodeIs(child, name) && start &&
            g_ascii_strtoull(start, NULL, 10) == 0)
            return true;
    }
    return false;
}

/* The driver needs both kinds of elements. */
static void
lxcPolicyReadIdmap(virLXCPolicyDomain *domain, xmlNode *node)
{
    xmlNode *idmap = lxcPolicyFindChild(node, "idmap");
    g_autoptr(GString) text = g_string_new(NULL);
    bool hasUsers = lxcPolicyFindChild(idmap, "uid");
    bool hasGroups = lxcPolicyFindChild(idmap, "gid");
    xmlNode *child;

    domain->hasIdmap = hasUsers && hasGroups;
    domain->hasHalfIdmap = hasUsers != hasGroups;
    if (!domain->hasIdmap)
        return;

    domain->mapsRoot =
        lxcPolicyMapsRoot(idmap, "uid") && lxcPolicyMapsRoot(idmap, "gid");
    for (child = xmlFirstElementChild(idmap); child;
         child = xmlNextElementSibling(child)) {
        if (text->len > 0)
            g_string_append(text, ", ");
        lxcPolicyReadMapping(domain, child, text);
    }
    domain->idmap = g_string_free(g_steal_pointer(&text), FALSE);
}

/* As lxcNeedNetworkNamespace() of the driver: interfaces, network devices of
 * the host, or <privnet/> */
static bool
lxcPolicyHasNetwork(xmlNode *node)
{
    xmlNode *devices = lxcPolicyFindChild(node, "devices");
    xmlNode *child = devices ? xmlFirstElementChild(devices) : NULL;

    for (; child; child = xmlNextElementSibling(child)) {
        g_autofree char *mode = virLXCXMLGetAttribute(child, "mode");
        g_autofree char *type = virLXCXMLGetAttribute(child, "type");

        if (virLXCXMLNodeIs(child, "interface") ||
            (virLXCXMLNodeIs(child, "hostdev") &&
             g_strcmp0(mode, "capabilities") == 0 &&
             g_strcmp0(type, "net") == 0))
            return true;
    }
    return lxcPolicyFindChild(lxcPolicyFindChild(node, "features"),
                              "privnet") != NULL;
}

static bool
lxcPolicyHasBlkio(xmlNode *node)
{
    xmlNode *tune = lxcPolicyFindChild(node, "blkiotune");

    return lxcPolicyFindChild(tune, "weight") ||
           lxcPolicyFindChild(tune, "device");
}

static void
lxcPolicyReadShares(virLXCPolicyDomain *domain, xmlNode *node)
{
    static const char *const rows[][2] = {
        {"sharenet", "net"},
        {"shareipc", "ipc"},
        {"shareuts", "uts"},
    };
    xmlNode *shared = lxcPolicyFindChild(node, "namespace");
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        xmlNode *child = lxcPolicyFindChild(shared, rows[i][0]);
        g_autofree char *type =
            child ? virLXCXMLGetAttribute(child, "type") : NULL;
        g_autofree char *value =
            child ? virLXCXMLGetAttribute(child, "value") : NULL;

        if (child)
            g_hash_table_insert(
                domain->shares, g_strdup(rows[i][1]),
                g_strdup_printf("%s %s", type ? type : "", value ? value : ""));
    }
}

/* Of the driver that labels processes: "dac" labels files. */
static void
lxcPolicyReadLabel(virLXCPolicyDomain *domain, xmlNode *node)
{
    xmlNode *child;

    for (child = xmlFirstElementChild(node); child;
         child = xmlNextElementSibling(child)) {
        g_autofree char *model = virLXCXMLGetAttribute(child, "model");
        g_autofree char *type = virLXCXMLGetAttribute(child, "type");

        if (virLXCXMLNodeIs(child, "seclabel") && model &&
            !g_str_equal(model, "dac") && g_strcmp0(type, "none") != 0 &&
            !domain->labelModel) {
            domain->labelModel = g_steal_pointer(&model);
            domain->label = lxcPolicyGetText(child, "label");
        }
    }
}

static int
lxcPolicyReadId(virLXCPolicyDomain *domain, xmlNode *node, GError **error)
{
    g_autofree char *id = virLXCXMLGetAttribute(node, "id");

    if (id && !virLXCNumberFromString(id, POLICY_PID_MAX, &domain->id))
        return virLXCXMLSetValueError(node, "id", error, _("a process ID"));
    return 0;
}

static int
lxcPolicyReadDomain(virLXCPolicyDomain *domain, xmlNode *node, GError **error)
{
    g_autofree char *type = virLXCXMLRequireAttribute(node, "type", error);
    xmlNode *os = lxcPolicyFindChild(node, "os");
    xmlNode *osType = lxcPolicyFindChild(os, "type");

    if (!type)
        return -1;
    if (!g_str_equal(type, "lxc"))
        return virLXCXMLSetError(
            node, error,
            _("the domain is of type '%1$s', but only domains of type 'lxc' "
              "can be examined"),
            type);

    domain->name = lxcPolicyGetText(node, "name");
    domain->uuid = lxcPolicyGetText(node, "uuid");
    domain->init = lxcPolicyGetText(os, "init");
    domain->initUser = lxcPolicyGetText(os, "inituser");
    domain->arch = osType ? virLXCXMLGetAttribute(osType, "arch") : NULL;
    lxcPolicyReadIdmap(domain, node);
    domain->hasNetwork = lxcPolicyHasNetwork(node);
    domain->hasBlkio = lxcPolicyHasBlkio(node);
    lxcPolicyReadShares(domain, node);
    lxcPolicyReadLabel(domain, node);
    return lxcPolicyReadId(domain, node, error);
}

/* The element becomes the only child of a new root. */
static xmlNode *
lxcPolicyWrap(xmlDoc *doc, const char *name)
{
    xmlNode *root = xmlNewDocNode(doc, NULL, (const xmlChar *)name, NULL);
    xmlNode *old = xmlDocSetRootElement(doc, root);

    xmlAddChild(root, old);
    return root;
}

/* The <domain>; NULL for any other document. */
static xmlNode *
lxcPolicyFindDomain(xmlNode *root)
{
    if (virLXCXMLNodeIs(root, "domain"))
        return root;
    return virLXCXMLNodeIs(root, "domstatus")
               ? lxcPolicyFindChild(root, "domain")
               : NULL;
}

virLXCPolicyDomain *
virLXCPolicyDomainNew(xmlDoc *doc, const char *name, GError **error)
{
    g_autoptr(virLXCPolicyDomain) domain = g_new0(virLXCPolicyDomain, 1);
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlNode *node;

    domain->doc = doc;
    domain->shares =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_assert(root);

    if (virLXCXMLNodeIs(root, "features")) {
        domain->features = true;
        domain->hasNetwork = lxcPolicyHasNetwork(lxcPolicyWrap(doc, "domain"));
        return g_steal_pointer(&domain);
    }

    if (!(node = lxcPolicyFindDomain(root))) {
        virLXCXMLSetError(root, error,
                          _("'%1$s' is a <%2$s>, not a <domain> or <features>"),
                          name, (const char *)root->name);
        return NULL;
    }
    return lxcPolicyReadDomain(domain, node, error) < 0
               ? NULL
               : g_steal_pointer(&domain);
}

/* The parser reads <effective> only below <domstatus>, because in a document
 * that is going to be defined it is left over from an earlier run. */
int
virLXCPolicyDomainParse(virLXCPolicyDomain *domain, GError **error)
{
    xmlNode *root = xmlDocGetRootElement(domain->doc);
    xmlNode *node = lxcPolicyFindDomain(root);

    if (!(domain->def = virLXCConfinementDefParse(node, error)))
        return -1;

    if (node == root)
        lxcPolicyWrap(domain->doc, "domstatus");
    domain->live = virLXCConfinementDefParse(node, error);
    return domain->live ? 0 : -1;
}

virLXCPolicyDomain *
virLXCPolicyDomainRead(const virLXCPolicy *policy, const char *argument,
                       GError **error)
{
    xmlDoc *doc = virLXCPolicyXMLRead(policy, argument, error);
    g_autoptr(virLXCPolicyDomain) domain =
        doc ? virLXCPolicyDomainNew(doc, argument, error) : NULL;

    if (!domain || virLXCPolicyDomainParse(domain, error) < 0)
        return NULL;

    return g_steal_pointer(&domain);
}

bool
virLXCPolicyDomainInitIsRoot(const virLXCPolicyDomain *domain)
{
    const char *user = domain->initUser;

    if (!user || g_str_equal(user, "root"))
        return true;

    user += user[0] == '+';
    return user[0] && strspn(user, "0") == strlen(user);
}

void
virLXCPolicyDomainFree(virLXCPolicyDomain *domain)
{
    if (!domain)
        return;

    virLXCConfinementDefFree(domain->def);
    virLXCConfinementDefFree(domain->live);
    g_free(domain->name);
    g_free(domain->uuid);
    g_free(domain->init);
    g_free(domain->initUser);
    g_free(domain->idmap);
    g_free(domain->arch);
    g_hash_table_unref(domain->shares);
    g_free(domain->labelModel);
    g_free(domain->label);
    xmlFreeDoc(domain->doc);
    g_free(domain);
}
