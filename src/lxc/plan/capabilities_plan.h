/*
 * capabilities_plan.h: <capabilities> resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "capabilities_conf.h"
#include "host.h"

/**
 * virLXCCapabilitiesPlan: capability sets of init, as they are after exec.
 *
 * @bounding: bounding set; for root also permitted and effective
 * @listed: capabilities listed with state='on' that the host can grant: the
 *     permitted, effective, inheritable and ambient sets of a non-root init
 * @boundingUser: bounding set of a non-root init
 * @missing: capabilities listed with state='on' that the host cannot grant
 */
typedef struct {
    guint64 bounding;
    guint64 listed;
    guint64 boundingUser;
    guint64 missing;
} virLXCCapabilitiesPlan;

/**
 * virLXCCapabilitiesPlanMake:
 * @def: the definition
 * @host: the host
 *
 * Returns the capability sets of init.
 */
virLXCCapabilitiesPlan
virLXCCapabilitiesPlanMake(const virLXCCapabilitiesDef *def,
                           const virLXCHost *host);

/**
 * virLXCCapabilitiesPlanMakeJoining:
 * @init: the capability sets of init
 * @isRoot: whether init runs as the container's root
 *
 * Returns the capability sets of a process that joins the container: at most
 * those of init. Capabilities listed for a non-root init are not granted to
 * other users.
 */
virLXCCapabilitiesPlan
virLXCCapabilitiesPlanMakeJoining(const virLXCCapabilitiesPlan *init,
                                  bool isRoot);

/**
 * virLXCCapabilitiesPlanAddWarnings:
 * @plan: a plan
 * @warnings: a sentence for each missing capability is appended here
 */
void virLXCCapabilitiesPlanAddWarnings(const virLXCCapabilitiesPlan *plan,
                                       GPtrArray *warnings);
