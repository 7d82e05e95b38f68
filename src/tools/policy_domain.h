/*
 * policy_domain.h: what the verbs of virt-lxc-policy need to know of a domain
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "confinement_conf.h"
#include "policy_input.h"

/**
 * virLXCPolicyDomain: a domain, or only its <features>.
 *
 * @doc: its document, which owns all nodes
 * @features: whether the document is a <features> without a domain
 * @name: <name>, or NULL
 * @uuid: <uuid>, or NULL
 * @id: process ID of the controller of a running domain, or 0
 * @init: <init>, or NULL
 * @initUser: <inituser>, or NULL
 * @arch: the arch of <type>, or NULL
 * @hasIdmap: whether the container has a user namespace of its own: <idmap> has
 *     <uid> and <gid>
 * @hasHalfIdmap: whether it has only one of them, which is an error
 * @mapsRoot: whether it maps user and group 0 of the container
 * @idmap: the elements of <idmap> as text, or NULL
 * @mapsHostRoot: whether <idmap> maps an ID to user or group 0 of the host
 * @hasNetwork: whether the container has a network namespace of its own
 * @hasBlkio: whether <blkiotune> sets a limit
 * @shares: the namespaces that <lxc:namespace> makes it share with others: type
 *     and name of the other one, by the name of the namespace
 * @labelModel: model of its <seclabel>, or NULL if it is not to be labelled
 * @label: <label> of that, or NULL
 * @def: its confinement as requested, or NULL until
 *     virLXCPolicyDomainParse()
 * @live: the same with what is in effect, or likewise NULL
 */
typedef struct {
    xmlDoc *doc;
    bool features;
    char *name;
    char *uuid;
    unsigned int id;
    char *init;
    char *initUser;
    char *arch;
    bool hasIdmap;
    bool hasHalfIdmap;
    bool mapsRoot;
    char *idmap;
    bool mapsHostRoot;
    bool hasNetwork;
    bool hasBlkio;
    GHashTable *shares;
    char *labelModel;
    char *label;
    virLXCConfinementDef *def;
    virLXCConfinementDef *live;
} virLXCPolicyDomain;

/**
 * virLXCPolicyDomainNew:
 * @doc: a document, which is freed with the domain, also on failure
 * @name: what messages call it
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_XML if it is not a <domain>, a
 *     <domstatus> or a <features>
 *
 * Reads everything but the confinement.
 *
 * Returns a domain, which the caller frees with virLXCPolicyDomainFree(), or
 * NULL.
 */
virLXCPolicyDomain *
virLXCPolicyDomainNew(xmlDoc *doc, const char *name, GError **error);

/**
 * virLXCPolicyDomainParse:
 * @domain: a domain
 * @error: the error that defining the domain would report
 *
 * Reads the confinement.
 *
 * Returns 0 or -1.
 */
int virLXCPolicyDomainParse(virLXCPolicyDomain *domain, GError **error);

/**
 * virLXCPolicyDomainRead:
 * @policy: the program
 * @argument: a DOMAIN or FILE
 * @error: set to any error of the functions above
 *
 * Reads a domain and its confinement.
 *
 * Returns a domain, which the caller frees with virLXCPolicyDomainFree(), or
 * NULL.
 */
virLXCPolicyDomain *
virLXCPolicyDomainRead(const virLXCPolicy *policy, const char *argument,
                       GError **error);

/**
 * virLXCPolicyDomainInitIsRoot:
 * @domain: a domain
 *
 * Returns whether init runs as the container's root, judging by the name or
 * number in <inituser>, as the driver does.
 */
bool virLXCPolicyDomainInitIsRoot(const virLXCPolicyDomain *domain);

/**
 * virLXCPolicyDomainFree:
 * @domain: a domain, or NULL
 */
void virLXCPolicyDomainFree(virLXCPolicyDomain *domain);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCPolicyDomain, virLXCPolicyDomainFree)
