/*
 * seccomp_start.h: an init started under a filter, with all that takes part
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <linux/seccomp.h>

#include "seccomp_exec.h"

#define ALLOW SECCOMP_RET_ALLOW
#define NOTIFY SECCOMP_RET_USER_NOTIF
#define FAIL(errnum) (SECCOMP_RET_ERRNO | (errnum))

/* The parent of init according to its agent. No process has this ID, so a
 * process that sees it has got the agent's answer. */
#define PARENT "4711"

typedef enum {
    AGENT_CONTINUES,  /* and lets getppid(2) return PARENT */
    AGENT_REFUSES,    /* the first call, with ENOSPC */
    AGENT_DIES,       /* at the first call */
    AGENT_READS_NOT,  /* but closes its connection */
    AGENT_INTERRUPTS, /* the first call, with SIGUSR1 */
    AGENT_KILLS,      /* the process that makes the first call */
} testAgent;

typedef enum {
    CONTROLLER_ANSWERS,
    CONTROLLER_GOES,
    CONTROLLER_ANSWERS_WRONG,
} testController;

typedef enum {
    POWER_NONE,      /* no_new_privs */
    POWER_EFFECTIVE, /* all capabilities */
    POWER_PERMITTED, /* all, but not in effect */
    POWER_USER,      /* permitted of a user other than root, some ambient */
    POWER_ABSENT,    /* neither */
} testPower;

typedef struct {
    int number;
    guint32 answer;
} testException;

/**
 * testRow: an init.
 *
 * @name: of the test
 * @answer: of the filter to all calls except @exceptions
 * @exceptions: ends with a row of zeros
 * @isBad: the filter is invalid, because it does not have any instructions
 * @flags: virLXCSeccompFlags
 * @kernelFlags: flags with which seccomp(2) is expected to be called, failing
 *     with EXFULL; or 0
 * @notifies: whether there is an agent
 * @agent: what it does
 * @controller: what it does once it has the listener
 * @power: what init may load the filter with
 * @namespaces: CLONE_NEW…
 * @init: what is executed
 * @outcome: what is expected to come out, see testStart()
 */
typedef struct {
    const char *name;
    guint32 answer;
    testException exceptions[4];
    bool isBad;
    unsigned int flags;
    unsigned int kernelFlags;
    bool notifies;
    testAgent agent;
    testController controller;
    testPower power;
    int namespaces;
    const char *init[5];
    const char *outcome;
} testRow;

/**
 * testStart:
 * @row: an init
 * @isPlain: whether it is executed without a filter, to compare with
 *
 * Returns "HANDSHAKE|OUTPUT|exit STATUS|NAME" or "…|signal NUMBER|NAME", to be
 * freed by the caller: what the controller was told, what init printed, how it
 * ended, and the name that it had by then, which is "test" until it has been
 * executed.
 */
char *testStart(const testRow *row, bool isPlain);
