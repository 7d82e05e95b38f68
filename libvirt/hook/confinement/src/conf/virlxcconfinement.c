/*
 * virlxcconfinement.c: confinement of LXC domains
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcconfinement.h"

#include "confinement_conf.h"
#include "host.h"

#include "domain_conf.h"
#include "virerror.h"
#include "virlxcconfinementerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC


void
virLXCConfinementExplainInvalid(const char *filename,
                                const char *xml)
{
    g_autoptr(xmlDoc) doc = NULL;
    g_autoptr(xmlXPathContext) ctxt = NULL;
    g_autoptr(virLXCConfinementDef) def = NULL;
    g_autoptr(GError) error = NULL;

    if (virGetLastErrorCode() != VIR_ERR_XML_INVALID_SCHEMA)
        return;

    if (!(doc = virXMLParse(filename, xml, _("(domain_definition)"),
                            "domain", &ctxt, NULL, false)))
        return;

    if (!(def = virLXCConfinementDefParse(ctxt->node, &error)))
        virLXCConfinementReportError(error);
}


bool
virLXCConfinementIsFeature(const xmlChar *name)
{
    return virLXCConfinementIsElement((const char *) name);
}


int
virLXCConfinementParse(virDomainDef *def,
                       xmlXPathContextPtr ctxt)
{
    g_autoptr(GError) error = NULL;

    if (!(def->confinement = virLXCConfinementDefParse(ctxt->node, &error))) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


void
virLXCConfinementFormat(virBuffer *buf,
                        const virDomainDef *def,
                        unsigned int flags)
{
    size_t indent = virBufferGetIndent(buf);
    g_autofree char *xml = NULL;

    if (flags & VIR_DOMAIN_DEF_FORMAT_STATUS)
        xml = virLXCConfinementDefFormatStatus(def->confinement, indent);
    else
        xml = virLXCConfinementDefFormat(def->confinement, indent);

    virBufferSetIndent(buf, 0);
    virBufferAdd(buf, xml, -1);
    virBufferSetIndent(buf, indent);
}


void
virLXCConfinementFree(virDomainDef *def)
{
    g_clear_pointer(&def->confinement, virLXCConfinementDefFree);
}


bool
virLXCConfinementCheckABIStability(const virDomainDef *src,
                                   const virDomainDef *dst)
{
    g_autoptr(GError) error = NULL;

    if (virLXCConfinementDefCheckABIStability(src->confinement,
                                              dst->confinement, &error) < 0) {
        virLXCConfinementReportError(error);
        return false;
    }

    return true;
}


int
virLXCConfinementValidate(const virDomainDef *def)
{
    if (def->confinement && def->confinement->present &&
        def->virtType != VIR_DOMAIN_VIRT_LXC) {
        virReportError(VIR_ERR_CONFIG_UNSUPPORTED,
                       _("<capabilities>, <no-new-privs>, <landlock>, <seccomp> and <kernel-files> in <features> are only supported for domains of type 'lxc', not '%1$s'"),
                       virDomainVirtTypeToString(def->virtType));
        return -1;
    }

    return 0;
}


int
virLXCConfinementComplete(virDomainDef *def)
{
    g_autoptr(GError) error = NULL;
    virLXCHost host;

    if (!def->confinement || !def->confinement->present)
        return 0;

    if (virLXCHostProbe(&host, false, &error) < 0 ||
        virLXCConfinementDefComplete(def->confinement, host.landlockABI,
                                     &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


bool
virLXCConfinementGrantsMknod(const virDomainDef *def)
{
    const virLXCCapability *mknod = virLXCCapabilityByName("mknod");

    return def->confinement &&
        (def->confinement->capabilities.on & VIR_LXC_CAPABILITY_BIT(mknod->number));
}
