/*
 * virnetlinkunrecorded.h: interfaces that have been created, but not recorded
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * virNetlinkDelUnrecorded:
 * @ifname: name of an interface
 *
 * Deletes the interface if it exists and is in VIR_NETLINK_GROUP_UNRECORDED. For use
 * when the kernel's answer to a request to create it could not be read. Does not
 * change the error that was reported last.
 */
void
virNetlinkDelUnrecorded(const char *ifname);
