/*
 * virt-host-validate-lxc-confinement.c: what confinement needs of a host
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virt-host-validate-lxc-confinement.h"

#include "host_check.h"

#include "virerror.h"
#include "hypervisor/virlxcconfinementhost.h"
#include "virt-host-validate-common.h"

#include "conf/virlxcconfinementcompat.h"

#define VIR_FROM_THIS VIR_FROM_NONE


static int
virHostValidateLXCPrint(const virLXCHostCheck *check)
{
    virValidateLevel level = VIR_VALIDATE_FAIL;

    virValidateCheckWhat("LXC", check->what);

    switch (check->result) {
    case VIR_LXC_HOST_CHECK_PASS:
        virValidatePass();
        return 0;
    case VIR_LXC_HOST_CHECK_NOTE:
        level = VIR_VALIDATE_NOTE;
        break;
    case VIR_LXC_HOST_CHECK_WARN:
        level = VIR_VALIDATE_WARN;
        break;
    case VIR_LXC_HOST_CHECK_FAIL:
        level = VIR_VALIDATE_FAIL;
        break;
    }

    virValidateFail(level, "%s", check->hint);
    return VIR_VALIDATE_FAILURE(level);
}


int
virHostValidateLXCConfinement(void)
{
    g_autoptr(GPtrArray) checks = virLXCConfinementHostChecks();
    int ret = 0;
    size_t i;

    if (!checks) {
        virValidateCheckWhat("LXC", _("for support of confinement"));
        virValidateFail(VIR_VALIDATE_FAIL, "%s",
                        virGetLastErrorMessage());
        return -1;
    }

    for (i = 0; i < checks->len; i++) {
        if (virHostValidateLXCPrint(g_ptr_array_index(checks, i)) < 0)
            ret = -1;
    }

    return ret;
}
