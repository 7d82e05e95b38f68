/*
 * score_check.h: what the rows of the table of checks look at
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each function is a member expose of virLXCScoreRow. Those that look at
 * several names return the part of them that is exposed.
 */

#pragma once

#include "score.h"

/* The names of capabilities that init holds, or can get */
int virLXCScoreCapabilities(const virLXCScoreSubject *subject,
                            const virLXCScoreRow *row);
/* Whether capabilities that a later kernel adds are kept */
int virLXCScoreFutureCapabilities(const virLXCScoreSubject *subject,
                                  const virLXCScoreRow *row);
/* Whether root of the container is root of the host */
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

/* The names of Landlock rights that are not restricted */
int
virLXCScoreRights(const virLXCScoreSubject *subject, const virLXCScoreRow *row);
/* The names of Landlock rights that are allowed for all files */
int virLXCScoreEverywhere(const virLXCScoreSubject *subject,
                          const virLXCScoreRow *row);
/* Whether there are files that can be written and executed */
int virLXCScoreWriteExecute(const virLXCScoreSubject *subject,
                            const virLXCScoreRow *row);
/* Whether a kernel without Landlock can start the domain */
int virLXCScoreBestEffort(const virLXCScoreSubject *subject,
                          const virLXCScoreRow *row);

/* Whether there is no <seccomp> */
int virLXCScoreSeccomp(const virLXCScoreSubject *subject,
                       const virLXCScoreRow *row);
/* Whether calls of other ABIs than the native one can be made */
int
virLXCScoreABIs(const virLXCScoreSubject *subject, const virLXCScoreRow *row);
/* Whether calls that are newer than the policy can be made */
int virLXCScoreUnknownCalls(const virLXCScoreSubject *subject,
                            const virLXCScoreRow *row);
/* The names of system calls that can be made */
int
virLXCScoreCalls(const virLXCScoreSubject *subject, const virLXCScoreRow *row);
/* The names of families of which sockets can be created */
int virLXCScoreSockets(const virLXCScoreSubject *subject,
                       const virLXCScoreRow *row);

/* The files that policy='default' masks, and which are readable */
int virLXCScoreReadableFiles(const virLXCScoreSubject *subject,
                             const virLXCScoreRow *row);
/* The files that policy='default' makes read-only, and which are writable */
int virLXCScoreWritableFiles(const virLXCScoreSubject *subject,
                             const virLXCScoreRow *row);
