/*
 * confinement_module.h: the confinement elements of <features>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row for each element. A new element is a new row.
 */

#pragma once

#include "capabilities_conf.h"
#include "error.h"
#include "kernel_files_conf.h"
#include "landlock_conf.h"
#include "no_new_privs_conf.h"
#include "seccomp_conf.h"

/**
 * virLXCConfinementDef: the confinement in a domain's XML. A module adds its
 * definition as a member.
 *
 * @present: whether the document had any of our elements, empty ones included
 * @capabilities: <capabilities>
 * @noNewPrivs: <no-new-privs>
 * @noNewPrivsEffective: what is in effect of it in a running domain, or absent
 * @kernelFiles: <kernel-files>, or NULL
 * @landlock: <landlock>, or NULL
 * @seccomp: <seccomp>, or NULL
 */
typedef struct _virLXCConfinementDef {
    bool present;
    virLXCCapabilitiesDef capabilities;
    virLXCSwitch noNewPrivs;
    virLXCSwitch noNewPrivsEffective;
    virLXCKernelFilesDef *kernelFiles;
    virLXCLandlockDef *landlock;
    virLXCSeccompDef *seccomp;
} virLXCConfinementDef;

/**
 * virLXCConfinementModule: a child of <features>.
 *
 * @name: name of the element
 * @parse: reads the element into @def; returns 0, or -1 with @error set
 * @format: appends the element to @out, or nothing where @def has none; @status
 *     is true if @out is libvirt's own status of a running domain
 */
typedef struct {
    const char *name;
    int (*parse)(virLXCConfinementDef *def, struct _xmlNode *node, bool live,
                 GError **error);
    void (*format)(const virLXCConfinementDef *def, GString *out,
                   unsigned int indent, bool status);
} virLXCConfinementModule;

/**
 * virLXCConfinementModules:
 * @nrows: filled with the number of rows
 *
 * Returns the table, in the order in which the elements are formatted. Static,
 * never to be freed.
 */
const virLXCConfinementModule *virLXCConfinementModules(size_t *nrows);

/**
 * virLXCConfinementIsElement:
 * @name: the name of a child of <features>
 *
 * Returns whether the element is one of ours.
 */
bool virLXCConfinementIsElement(const char *name);
