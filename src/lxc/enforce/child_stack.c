/*
 * child_stack.c: the stack of a child created with clone(2)
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "child_stack.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "i18n.h"

int
virLXCChildStackMap(virLXCChildStack *stack, GError **error)
{
    gsize guard = sysconf(_SC_PAGESIZE);
    gsize size = guard + VIR_LXC_CHILD_STACK_SIZE;
    char *base = mmap(NULL, size, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

    if (base == MAP_FAILED)
        return virLXCSetSystemError(error, errno,
                                    _("cannot map the child's stack"));

    if (mprotect(base + guard, size - guard, PROT_READ | PROT_WRITE) < 0) {
        virLXCSetSystemError(error, errno, _("cannot map the child's stack"));
        munmap(base, size);
        return -1;
    }

    *stack = (virLXCChildStack){base, size, base + size};
    return 0;
}

void
virLXCChildStackUnmap(virLXCChildStack *stack)
{
    if (stack->base)
        munmap(stack->base, stack->size);
    *stack = (virLXCChildStack){0};
}
