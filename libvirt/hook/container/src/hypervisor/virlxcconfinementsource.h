/*
 * virlxcconfinementsource.h: open a domain's images and devices
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Translates between libvirt's types and errors and those of the confinement
 * libraries.
 */

#pragma once

#include "internal.h"
#include "virconftypes.h"

/**
 * virLXCConfinementCheckSources:
 * @def: the domain definition, which stays as it is
 *
 * Checks that the container could not have chosen any of its images and devices
 * (see root_source.h), before the security driver labels them by their paths.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementCheckSources(virDomainDef *def);

/**
 * virLXCConfinementOpenSources:
 * @def: the domain definition
 *
 * Does the same, opens each raw image, and replaces its path in @def with one
 * that leads to the descriptor.
 *
 * An image in another format keeps its path, because qemu-nbd finds backing
 * files relative to it. It must be outside of the container's directories, as
 * its header can name any file of the host.
 *
 * Returns the descriptors, which the caller keeps until the images are
 * attached, and then frees with g_array_unref(); or NULL with an error
 * reported.
 */
GArray *virLXCConfinementOpenSources(virDomainDef *def);

/**
 * virLXCConfinementCheckDevice:
 * @def: the definition of a running domain
 * @device: a device that will be attached to it
 *
 * Checks that the container could not have chosen the device of the host: it
 * is outside of the container's directories, so that its path stays valid.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementCheckDevice(const virDomainDef *def,
                                 const virDomainDeviceDef *device);

/**
 * virLXCConfinementMakeNode:
 * @def: the definition of a running domain
 * @path: absolute path in the container
 * @mode: type and permissions of the device node
 * @device: device number
 *
 * Makes a device node that belongs to the container's root. The caller must
 * have the container's root directory.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCConfinementMakeNode(const virDomainDef *def,
                              const char *path,
                              mode_t mode,
                              dev_t device);
