/*
 * capabilities_plan.h: <capabilities> resolved for a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "capabilities_conf.h"
#include "host.h"

/**
 * virLXCCapabilitiesPlan: capability sets of init after execve(2), as bit
 * masks.
 *
 * @bounding: bounding set; also the permitted and effective sets of a root init
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
 * @init: capability sets of init
 * @isRoot: whether init runs as the container's root
 *
 * Returns the capability sets of a process that joins the container: at most
 * those of init. Its permitted, effective, inheritable and ambient sets stay
 * empty for a non-root user, because @listed applies only to init.
 */
virLXCCapabilitiesPlan
virLXCCapabilitiesPlanMakeJoining(const virLXCCapabilitiesPlan *init,
                                  bool isRoot);

/**
 * virLXCCapabilitiesPlanAddWarnings:
 * @plan: a plan
 * @warnings: array of strings, to which a warning for each missing capability
 *     is appended
 */
void virLXCCapabilitiesPlanAddWarnings(const virLXCCapabilitiesPlan *plan,
                                       GPtrArray *warnings);
