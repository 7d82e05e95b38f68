/*
 * virlxcconfinementcompat.h: differences between versions of libvirt
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Hooks use the functions of the newest version that is supported; here is what
 * they are in older ones. Included after the headers that declare them.
 */

#pragma once

#if LIBVIR_VERSION_NUMBER < 11003000
/* It reports errors in any case. */
# define virCapabilitiesDomainDataLookup(caps, os, arch, type, emulator, \
                                         machine, report) \
    virCapabilitiesDomainDataLookup(caps, os, arch, type, emulator, machine)

/* Of virt-host-validate */
# define virValidateLevel virHostValidateLevel
# define VIR_VALIDATE_FAIL VIR_HOST_VALIDATE_FAIL
# define VIR_VALIDATE_WARN VIR_HOST_VALIDATE_WARN
# define VIR_VALIDATE_NOTE VIR_HOST_VALIDATE_NOTE
# define VIR_VALIDATE_FAILURE VIR_HOST_VALIDATE_FAILURE
# define virValidatePass virHostMsgPass
# define virValidateFail virHostMsgFail
/* The function adds "Checking" in older versions only. */
# define virValidateCheckWhat(prefix, what) virHostMsgCheck(prefix, "%s", what)
#else
# define virValidateCheckWhat(prefix, what) \
    virValidateCheck(prefix, _("Checking %1$s"), what)
#endif
