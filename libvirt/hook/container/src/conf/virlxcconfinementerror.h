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
 * Reports @error as a libvirt error.
 */
void virLXCConfinementReportError(const GError *error);
