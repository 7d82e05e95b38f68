/*
 * descriptor.h: descriptors that close themselves
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * virLXCDescriptorClose:
 * @fd: a descriptor, or -1; set to -1
 *
 * Closes *@fd, and keeps errno, so that it can run between a failure and its
 * report.
 */
void virLXCDescriptorClose(int *fd);

/**
 * virLXCDescriptorSteal:
 * @fd: a descriptor, or -1; set to -1
 *
 * Returns what *@fd was, which the caller now owns.
 */
int virLXCDescriptorSteal(int *fd);

/**
 * VIR_LXC_AUTOCLOSE: declares a descriptor that is closed at the end of its
 * block, as in "VIR_LXC_AUTOCLOSE fd = -1;". GLib 2.76 has g_autofd, which is
 * newer than the oldest GLib supported.
 */
#define VIR_LXC_AUTOCLOSE __attribute__((cleanup(virLXCDescriptorClose))) int
