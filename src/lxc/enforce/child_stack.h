/*
 * child_stack.h: the stack of a child created with clone(2)
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/** Size of the stack in bytes, excluding the guard page. */
#define VIR_LXC_CHILD_STACK_SIZE ((gsize)1024 * 1024)

/**
 * virLXCChildStack: memory for the stack of a child.
 *
 * @base: lowest address of the mapping, which starts with the guard page
 * @size: size of the mapping in bytes
 * @top: first address above the stack, as clone(2) expects it
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
 * Maps a stack of VIR_LXC_CHILD_STACK_SIZE bytes. A child that overflows its
 * stack hits the guard page and is killed, instead of corrupting the heap.
 *
 * Returns 0 or -1.
 */
int virLXCChildStackMap(virLXCChildStack *stack, GError **error);

/**
 * virLXCChildStackUnmap:
 * @stack: filled by virLXCChildStackMap(), or all zeros
 */
void virLXCChildStackUnmap(virLXCChildStack *stack);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(virLXCChildStack, virLXCChildStackUnmap)
