/*
 * score_check.h: what the rows of the table of checks look at
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The functions are members of virLXCScoreRow.
 */

#pragma once

#include "score.h"

/* @isExposed: whether init holds a capability, or can get it */
bool
virLXCScoreHoldsCapability(const virLXCScoreSubject *subject, const char *name);

/* Whether capabilities that a later kernel adds are kept */
int virLXCScoreFutureCapabilities(const virLXCScoreSubject *subject,
                                  const virLXCScoreRow *row);
/* Whether root of the container is root of the host, or can become it */
int
virLXCScoreIdmap(const virLXCScoreSubject *subject, const virLXCScoreRow *row);
/* Whether the network is the host's or another container's */
int virLXCScoreNetwork(const virLXCScoreSubject *subject,
                       const virLXCScoreRow *row);
/* Whether init runs as root */
int virLXCScoreInitUser(const virLXCScoreSubject *subject,
                        const virLXCScoreRow *row);
/* Whether exec can gain privileges */
int virLXCScoreNoNewPrivs(const virLXCScoreSubject *subject,
                          const virLXCScoreRow *row);
/* Whether user namespaces can be created */
int virLXCScoreUserNamespaces(const virLXCScoreSubject *subject,
                              const virLXCScoreRow *row);

/* @isExposed: whether a Landlock right is not restricted */
bool
virLXCScoreIsUnrestricted(const virLXCScoreSubject *subject, const char *name);
/* @isExposed: the same for abstract UNIX sockets, which belong to a network
 * namespace */
bool virLXCScoreReachesAbstractSockets(const virLXCScoreSubject *subject,
                                       const char *name);
/* @isExposed: whether a Landlock right is allowed for all files */
bool
virLXCScoreIsEverywhere(const virLXCScoreSubject *subject, const char *name);
/* Whether there are files that can be written and executed */
int virLXCScoreWriteExecute(const virLXCScoreSubject *subject,
                            const virLXCScoreRow *row);
/* @suggest: the first of these files, with fewer rights */
char *
virLXCScoreSuggestWriteExecute(const virLXCScoreSubject *subject,
                               const virLXCScoreRow *row, const char *name);
/* Whether a kernel without Landlock can start the domain */
int virLXCScoreBestEffort(const virLXCScoreSubject *subject,
                          const virLXCScoreRow *row);
/* @suggest: what the Landlock ABI of the host can restrict, with the ABI if
 * that of the definition is too old */
char *virLXCScoreSuggestLandlock(const virLXCScoreSubject *subject,
                                 const virLXCScoreRow *row, const char *name);

/* Whether known system calls without a rule can be made */
int virLXCScoreSeccomp(const virLXCScoreSubject *subject,
                       const virLXCScoreRow *row);
/* @suggest: <seccomp/>, or the action of its <denied> */
char *virLXCScoreSuggestSeccomp(const virLXCScoreSubject *subject,
                                const virLXCScoreRow *row, const char *name);
/* Whether calls of other ABIs than the native one can be made */
int
virLXCScoreABIs(const virLXCScoreSubject *subject, const virLXCScoreRow *row);
/* Whether calls that are newer than the policy can be made */
int virLXCScoreUnknownCalls(const virLXCScoreSubject *subject,
                            const virLXCScoreRow *row);
/* @isExposed: whether a system call can be made, with any arguments */
bool virLXCScoreIsCallable(const virLXCScoreSubject *subject, const char *name);
/* @isExposed: whether sockets of a family can be created */
bool
virLXCScoreIsFamilyUsable(const virLXCScoreSubject *subject, const char *name);

/* The files that policy='default' masks, and which are readable */
int virLXCScoreReadableFiles(const virLXCScoreSubject *subject,
                             const virLXCScoreRow *row);
/* The files that policy='default' makes read-only, and which are writable */
int virLXCScoreWritableFiles(const virLXCScoreSubject *subject,
                             const virLXCScoreRow *row);
/* @suggest: <kernel-files/>, or the first of these files */
char *virLXCScoreSuggestFile(const virLXCScoreSubject *subject,
                             const virLXCScoreRow *row, const char *name);
