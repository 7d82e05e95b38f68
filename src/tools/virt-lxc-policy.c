/*
 * virt-lxc-policy.c: virt-lxc-policy without libvirt
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The one with libvirt is libvirt/hook/confinement/tools/virt-lxc-policy.c.
 */

#include "policy.h"

int
main(int argc, char **argv)
{
    return virLXCPolicyMain(argc, argv, NULL);
}
