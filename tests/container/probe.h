/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <sys/types.h>

typedef struct {
    const char *name;
    int minArgs;
    void (*run)(char **args);
} Deed;

/* Writes one line "label=text", or "label.key=text" with a key. Whole lines
 * are written at once, so that forked children do not mix theirs. */
void say(const char *key, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "OK" for rc >= 0, else the name of errno. */
const char *outcome(int rc);

/* Runs the deed called @args[0]; complains in the output if there is none. */
void deedRun(char **args);

/* Tables end with a row without a name. */
extern const Deed fileDeeds[];
extern const Deed processDeeds[];
extern const Deed cgroupDeeds[];
extern const Deed landlockDeeds[];
extern const Deed seccompDeeds[];
extern const Deed attackDeeds[];
