/*
 * virlxcconfinementplan.h: what a domain's confinement comes to on this host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translates between libvirt's types and errors and those of the confinement
 * libraries, and does nothing else.
 */

#pragma once

#include "internal.h"
#include "virconftypes.h"
#include "virlxcconfinement.h"

typedef struct _virLXCPrepared virLXCPrepared;

/**
 * virLXCConfinementCheck:
 * @def: definition of a domain that is being defined
 *
 * Logs what it asks for and may not mean.
 *
 * Returns 0, or -1 with an error reported for what could never start.
 */
int virLXCConfinementCheck(const virDomainDef *def);

/**
 * virLXCConfinementInitIsRoot:
 * @def: the domain definition
 *
 * Returns whether init runs as the container's root, by its name.
 */
bool virLXCConfinementInitIsRoot(const virDomainDef *def);

/**
 * virLXCConfinementPlan:
 * @def: the domain definition
 *
 * Plans and prepares what is to be enforced on init on this host.
 *
 * Returns a plan for virLXCConfinementPlanFree(), or NULL with an error
 * reported.
 */
virLXCPrepared *virLXCConfinementPlan(const virDomainDef *def);

/**
 * virLXCConfinementPlanJoining:
 * @def: the definition of a running domain
 *
 * As virLXCConfinementPlan(), for a process that joins the container.
 */
virLXCPrepared *virLXCConfinementPlanJoining(const virDomainDef *def);

/**
 * virLXCConfinementPlanFree:
 * @plan: a plan, or NULL
 */
void virLXCConfinementPlanFree(virLXCPrepared *plan);

/**
 * virLXCConfinementPrepare:
 * @def: definition of a domain about to start
 *
 * Fails where the host cannot enforce what @def asks for, and records in @def
 * what will be in effect.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementPrepare(virDomainDef *def);
