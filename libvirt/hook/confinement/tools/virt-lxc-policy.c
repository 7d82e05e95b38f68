/*
 * virt-lxc-policy.c: examine the confinement of LXC domains
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The program is in src/tools of libvirt-lxc-confinement. Only what asks
 * libvirt for a domain is here. It uses nothing but libvirt's public API.
 */

#include <config.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <libxml/uri.h>
#include <stdlib.h>

#include "error.h"
#include "policy.h"

#define LXC_POLICY_DEFAULT_URI "lxc:///system"


static void
lxcPolicySetError(GError **error)
{
    virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM, "%s",
                   virGetLastErrorMessage());
}


static virConnectPtr
lxcPolicyConnect(const char *uri)
{
    if (!uri && !(uri = getenv("LIBVIRT_DEFAULT_URI")))
        uri = LXC_POLICY_DEFAULT_URI;

    if (virInitialize() < 0)
        return NULL;

    return virConnectOpenAuth(uri, virConnectAuthPtrDefault, VIR_CONNECT_RO);
}


/* A name that looks like a UUID but is not one is looked up as well. */
static virDomainPtr
lxcPolicyLookup(virConnectPtr conn,
                const char *name)
{
    virDomainPtr domain = NULL;

    if (g_uuid_string_is_valid(name))
        domain = virDomainLookupByUUIDString(conn, name);

    return domain ? domain : virDomainLookupByName(conn, name);
}


/* lxc+ssh://HOST/system and the like: NULL for lxc:///system */
static char *
lxcPolicyGetHost(virConnectPtr conn)
{
    char *text = conn ? virConnectGetURI(conn) : NULL;
    xmlURIPtr uri = text ? xmlParseURI(text) : NULL;
    char *host = uri && uri->server && *uri->server ? g_strdup(uri->server) : NULL;

    xmlFreeURI(uri);
    free(text);
    return host;
}


static char *
lxcPolicyGetDomain(const char *uri,
                   const char *name,
                   bool next,
                   char **host,
                   GError **error)
{
    unsigned int flags = next ? VIR_DOMAIN_XML_INACTIVE : 0;
    virConnectPtr conn = lxcPolicyConnect(uri);
    virDomainPtr domain = conn ? lxcPolicyLookup(conn, name) : NULL;
    char *xml = domain ? virDomainGetXMLDesc(domain, flags) : NULL;

    if (!xml)
        lxcPolicySetError(error);

    *host = lxcPolicyGetHost(conn);
    if (domain)
        virDomainFree(domain);
    if (conn)
        virConnectClose(conn);
    return xml;
}


static void
lxcPolicyIgnoreError(void *opaque G_GNUC_UNUSED,
                     virErrorPtr error G_GNUC_UNUSED)
{
}


int
main(int argc,
     char **argv)
{
    virSetErrorFunc(NULL, lxcPolicyIgnoreError);
    return virLXCPolicyMain(argc, argv, lxcPolicyGetDomain);
}
