/*
 * virlxcconfinementplan.h: plan a domain's confinement on this host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translates between libvirt's types and errors and those of the confinement
 * libraries.
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
 * Logs warnings about settings that are likely mistakes.
 *
 * Returns 0, or -1 with an error reported if the domain could never be started
 * on any host.
 */
int virLXCConfinementCheck(const virDomainDef *def);

/**
 * virLXCConfinementInitIsRoot:
 * @def: the domain definition
 *
 * Returns whether init runs as the container's root, judging by the name or
 * number in <inituser>.
 */
bool virLXCConfinementInitIsRoot(const virDomainDef *def);

/**
 * virLXCConfinementPlan:
 * @def: the domain definition
 *
 * Plans and prepares the confinement of init on this host.
 *
 * Returns a plan, which the caller frees with virLXCConfinementPlanFree(), or
 * NULL with an error reported.
 */
virLXCPrepared *virLXCConfinementPlan(const virDomainDef *def);

/**
 * virLXCConfinementPlanFree:
 * @plan: a plan, or NULL
 */
void virLXCConfinementPlanFree(virLXCPrepared *plan);

/**
 * virLXCConfinementPrepare:
 * @def: definition of a domain that is being started
 *
 * Checks that the host can enforce @def, logs warnings and audit records, and
 * records in @def what will be in effect.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementPrepare(virDomainDef *def);
