/*
 * seccomp_default_table.h: rows of the built-in seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each row is a group of calls with the same purpose and action. Every call of
 * virLXCSyscallTable() is in a row, except ipc and socketcall, for which the
 * rules of the calls that they multiplex apply.
 */

#pragma once

#include "seccomp_conf.h"

/**
 * virLXCSeccompDefaultGroup: a row, which applies if @with, @without, @archs
 * and @notArchs all match.
 *
 * @purpose: purpose of the calls
 * @names: names of the calls, sorted and NULL-terminated
 * @with: bits of capabilities, at least one of which the domain must keep; 0
 *     for any domain
 * @without: bits of capabilities, none of which the domain may keep
 * @archs: NULL-terminated names of host architectures; NULL for any
 * @notArchs: NULL-terminated names of excluded host architectures; NULL for
 *     none
 * @denied: whether the calls get the action of <denied>, and @action is unused
 * @action: action if @conditions hold
 * @conditions: conditions on the arguments
 * @nconditions: number of @conditions
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
 * Returns the static table, which must not be freed. Rows for the same call are
 * tried in order.
 */
const virLXCSeccompDefaultGroup *virLXCSeccompDefaultGroups(size_t *nrows);
