/*
 * child_stack.h: the stack of a process made by clone(2)
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/** Size of the stack in bytes, without its guard page. */
#define VIR_LXC_CHILD_STACK_SIZE ((gsize)1024 * 1024)

/**
 * virLXCChildStack: memory for the stack of a child.
 *
 * @base: lowest address of the mapping, which is a page that cannot be accessed
 * @size: size of the mapping in bytes
 * @top: first address above the stack, which clone(2) takes
 */
typedef struct {
    void *base;
    gsize size;
    void *top;
} virLXCChildStack;

/**
 * virLXCChildStackMap:
 * @stack: filled on success
 * @error: set to VIR_LXC_CONFINEMENT_ERROR_SYSTEM
 *
 * Maps a stack of VIR_LXC_CHILD_STACK_SIZE bytes. A child that overflows it
 * runs into a guard page and is killed; it does not write to the heap.
 *
 * Returns 0 or -1.
 */
int virLXCChildStackMap(virLXCChildStack *stack, GError **error);

/**
 * virLXCChildStackUnmap:
 * @stack: what virLXCChildStackMap() has filled, or all zeros
 */
void virLXCChildStackUnmap(virLXCChildStack *stack);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(virLXCChildStack, virLXCChildStackUnmap)
