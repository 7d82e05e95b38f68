/*
 * virlxcconfinementerror.h: errors of the confinement libraries
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "internal.h"

/**
 * virLXCConfinementReportError:
 * @error: an error of the confinement libraries
 *
 * Reports @error as a libvirt error: VIR_ERR_XML_ERROR if the document is
 * malformed, VIR_ERR_CONFIG_UNSUPPORTED if it is contradictory or this host
 * cannot enforce it, VIR_ERR_SYSTEM_ERROR if a system call has failed. The int1
 * of the error is the line of the document that is at fault, or -1.
 */
void virLXCConfinementReportError(const GError *error);
