/*
 * seccomp_default_table.h: the rows of the driver's own seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One row a group of calls that are for the same thing and are decided alike.
 * Every call that virLXCSyscallTable() has is in a row, except the two that
 * make others, ipc and socketcall, which the rules of those decide.
 */

#pragma once

#include "seccomp_conf.h"

/**
 * virLXCSeccompDefaultGroup: one row. It says something where all of @with,
 * @without, @archs and @notArchs hold.
 *
 * @purpose: what the calls are for
 * @names: names of the calls, sorted, NULL at the end
 * @with: bits of capabilities of which the domain keeps one; 0 for any domain
 * @without: bits of capabilities of which it keeps none
 * @archs: names of architectures of which the host has one, NULL at the end;
 *     NULL for any
 * @notArchs: likewise, of which it has none; NULL for none
 * @denied: the calls get what the domain's XML has for refused ones, and
 *     @action says nothing
 * @action: what happens when the conditions hold
 * @conditions: what must hold for the arguments
 * @nconditions: how many of them there are
 */
typedef struct {
    const char *purpose;
    const char *const *names;
    guint64 with;
    guint64 without;
    const char *const *archs;
    const char *const *notArchs;
    bool denied;
    virLXCSeccompAction action;
    virLXCSeccompCondition conditions[2];
    size_t nconditions;
} virLXCSeccompDefaultGroup;

/**
 * virLXCSeccompDefaultGroups:
 * @nrows: filled with the number of rows
 *
 * Returns the table. Rows of one call are tried in order. Static, never to be
 * freed.
 */
const virLXCSeccompDefaultGroup *virLXCSeccompDefaultGroups(size_t *nrows);
