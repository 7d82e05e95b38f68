/*
 * landlock_exec.c: check that a program can be executed under path rules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: resolved rules and the program to be executed. Out: an error naming the
 * path and the missing right. Otherwise, the container would start and exit
 * immediately.
 */

#include "landlock_exec.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "error.h"
#include "i18n.h"
#include "landlock_rules.h"
#include "program_interpreter.h"

/* The interpreter of a script can itself be a script, up to this depth
 * (execve(2)). */
#define LXC_EXEC_MAX_DEPTH 5

/* @execute and @read are 0 if the right is not restricted. */
typedef struct {
    const char *program;
    const GPtrArray *rules;
    guint64 execute;
    guint64 read;
} lxcExecCheck;

static guint64
lxcExecRight(const virLXCLandlockPlan *plan, const char *name)
{
    size_t nrows;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].kind == VIR_LXC_LANDLOCK_FS &&
            g_str_equal(rows[i].name, name))
            return rows[i].bit & plan->handled[VIR_LXC_LANDLOCK_FS];
    }
    g_assert_not_reached();
}

/* Returns @path with all symbolic links resolved, or NULL. Does not use the
 * container's /proc: a process that joins the container is not in it. */
static char *
lxcExecResolve(const char *path)
{
    VIR_LXC_AUTOCLOSE fd = virLXCLandlockOpen(path);

    return fd < 0 ? NULL : realpath(path, NULL);
}

/* @path must not contain symbolic links. Only regular files are opened. */
static char *
lxcExecInterpreter(const char *path)
{
    VIR_LXC_AUTOCLOSE fd = -1;
    g_autofree char *interpreter = NULL;
    struct stat sb;

    if (lstat(path, &sb) < 0 || !S_ISREG(sb.st_mode))
        return NULL;

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &sb) < 0 || !S_ISREG(sb.st_mode))
        return NULL;

    interpreter = virLXCProgramInterpreter(fd);
    return interpreter ? lxcExecResolve(interpreter) : NULL;
}

static int
lxcExecCheckRights(const lxcExecCheck *check, const char *path, guint64 rights,
                   GError **error)
{
    guint64 lacks = rights & ~virLXCLandlockRulesAllow(check->rules, path);
    g_autofree char *names = NULL;

    if (!lacks)
        return 0;

    names = virLXCLandlockNames(VIR_LXC_LANDLOCK_FS, lacks);
    return virLXCSetError(
        error, VIR_LXC_CONFINEMENT_ERROR_NOT_EXECUTABLE,
        _("'%1$s' could not be executed under <landlock>: no <path> "
          "allows '%2$s' for '%3$s'"),
        check->program, names, path);
}

int
virLXCLandlockCheckExec(const virLXCLandlockPlan *plan, const GPtrArray *rules,
                        const char *init, GError **error)
{
    lxcExecCheck check = {
        .program = init,
        .rules = rules,
        .execute = lxcExecRight(plan, "execute"),
        .read = lxcExecRight(plan, "read_file"),
    };
    g_autofree char *program = lxcExecResolve(init);
    size_t depth;

    for (depth = 0; program && depth < LXC_EXEC_MAX_DEPTH; depth++) {
        char *interpreter = NULL;

        if (lxcExecCheckRights(&check, program, check.execute | check.read,
                               error) < 0)
            return -1;

        interpreter = lxcExecInterpreter(program);
        g_free(program);
        program = interpreter;
    }
    return 0;
}
