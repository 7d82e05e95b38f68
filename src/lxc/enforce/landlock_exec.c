/*
 * landlock_exec.c: tells whether a program could be executed under path rules
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: resolved rules and the program that is to be executed. Out: an error that
 * names the path which lacks a right, instead of a container that dies at once.
 */

#include "landlock_exec.h"

#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf_needed.h"
#include "error.h"
#include "i18n.h"
#include "landlock_rules.h"

/* A script's interpreter may be a script, so many times (execve(2)). */
#define LXC_EXEC_MAX_DEPTH 5

/* Where loaders look by default (ld.so(8)). */
static const char *const lxcExecLibraryDirectories[] = {
    "/lib/*-linux-*", "/usr/lib/*-linux-*", "/lib64", "/usr/lib64",
    "/lib",           "/usr/lib",
};

/* @execute and @read are zero when they are not restricted. */
typedef struct {
    const GPtrArray *rules;
    guint64 execute;
    guint64 read;
    GHashTable *seen;
} lxcExecCheck;

static guint64
lxcExecRight(const virLXCLandlockPlan *plan, const char *name)
{
    size_t nrows;
    const virLXCLandlockRight *rows = virLXCLandlockTable(&nrows);

    for (size_t i = 0; i < nrows; i++) {
        if (rows[i].kind == VIR_LXC_LANDLOCK_FS &&
            g_str_equal(rows[i].name, name))
            return rows[i].bit & plan->handled[VIR_LXC_LANDLOCK_FS];
    }
    g_assert_not_reached();
}

/* The path without symbolic links of what @path names, or NULL. */
static char *
lxcExecResolve(const char *path)
{
    g_autofree char *link = NULL;
    char *resolved;
    int fd = virLXCLandlockOpen(path);

    if (fd < 0)
        return NULL;

    link = g_strdup_printf("/proc/self/fd/%d", fd);
    resolved = g_file_read_link(link, NULL);
    close(fd);
    return resolved;
}

/* @path has no symbolic links; what is no regular file is not opened. */
static virLXCProgramNeeds *
lxcExecReadNeeds(const char *path)
{
    virLXCProgramNeeds *needs = NULL;
    GMappedFile *file = NULL;
    struct stat sb;
    int fd;

    if (lstat(path, &sb) < 0 || !S_ISREG(sb.st_mode))
        return NULL;

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd >= 0 && (file = g_mapped_file_new_from_fd(fd, FALSE, NULL))) {
        needs = virLXCProgramNeedsRead(
            (const guint8 *)g_mapped_file_get_contents(file),
            g_mapped_file_get_length(file));
        g_mapped_file_unref(file);
    }
    if (fd >= 0)
        close(fd);
    return needs;
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
    g_set_error(error, VIR_LXC_CONFINEMENT_ERROR,
                VIR_LXC_CONFINEMENT_ERROR_UNSUPPORTED,
                _("init could not be executed under <landlock>: no <path> "
                  "allows '%1$s' for '%2$s'"),
                names, path);
    return -1;
}

/* Adds where a library's name is there in directories given as a pattern. */
static void
lxcExecAddFrom(GPtrArray *found, const char *pattern, const char *name)
{
    g_autofree char *path = g_build_filename(pattern, name, NULL);
    glob_t matches;

    if (glob(path, 0, NULL, &matches) == 0) {
        for (size_t i = 0; i < matches.gl_pathc; i++) {
            char *resolved = lxcExecResolve(matches.gl_pathv[i]);

            if (resolved)
                g_ptr_array_add(found, resolved);
        }
    }
    globfree(&matches);
}

/* Directories that a file of ld.so.conf(5)'s format lists. */
static void
lxcExecAddFromConf(GPtrArray *found, const char *conf, const char *name)
{
    g_autofree char *path = lxcExecResolve(conf);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!path || !g_file_test(path, G_FILE_TEST_IS_REGULAR) ||
        !g_file_get_contents(path, &text, NULL, NULL))
        return;

    lines = g_strsplit(text, "\n", 0);
    for (size_t i = 0; lines[i]; i++) {
        if (*g_strstrip(lines[i]) == '/')
            lxcExecAddFrom(found, lines[i], name);
    }
}

static void
lxcExecAddFromConfs(GPtrArray *found, const char *name)
{
    glob_t confs;

    lxcExecAddFromConf(found, "/etc/ld.so.conf", name);
    if (glob("/etc/ld.so.conf.d/*.conf", 0, NULL, &confs) == 0) {
        for (size_t i = 0; i < confs.gl_pathc; i++)
            lxcExecAddFromConf(found, confs.gl_pathv[i], name);
    }
    globfree(&confs);
}

/* All places where a loader could find a library: it takes the first that it
 * can read. */
static GPtrArray *
lxcExecFindLibrary(const char *name, const char *user, const char *runpath)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *origin = g_path_get_dirname(user);
    g_auto(GStrv) directories = g_strsplit(runpath ? runpath : "", ":", 0);

    if (strchr(name, '/')) {
        char *resolved = lxcExecResolve(name);

        if (resolved)
            g_ptr_array_add(found, resolved);
        return found;
    }

    for (size_t i = 0; directories[i]; i++) {
        g_autoptr(GString) directory = g_string_new(directories[i]);

        g_string_replace(directory, "$ORIGIN", origin, 0);
        g_string_replace(directory, "${ORIGIN}", origin, 0);
        lxcExecAddFrom(found, directory->str, name);
    }
    lxcExecAddFromConfs(found, name);
    for (size_t i = 0; i < G_N_ELEMENTS(lxcExecLibraryDirectories); i++)
        lxcExecAddFrom(found, lxcExecLibraryDirectories[i], name);

    return found;
}

/* The first that may be read; an error about the first of all when none may. */
static const char *
lxcExecReadableOf(const lxcExecCheck *check, const GPtrArray *found,
                  GError **error)
{
    for (size_t i = 0; i < found->len; i++) {
        const char *path = g_ptr_array_index(found, i);

        if (lxcExecCheckRights(check, path, check->read, NULL) == 0)
            return path;
    }

    if (found->len > 0)
        lxcExecCheckRights(check, g_ptr_array_index(found, 0), check->read,
                           error);
    return NULL;
}

static int
lxcExecCheckLibraries(const lxcExecCheck *check, const char *path,
                      const virLXCProgramNeeds *needs, GError **error)
{
    for (size_t i = 0; needs->libraries && needs->libraries[i]; i++) {
        g_autoptr(GPtrArray) found =
            lxcExecFindLibrary(needs->libraries[i], path, needs->runpath);
        const char *library = lxcExecReadableOf(check, found, error);
        g_autoptr(virLXCProgramNeeds) more = NULL;

        if (!library && found->len > 0)
            return -1;
        if (!library || !g_hash_table_add(check->seen, g_strdup(library)))
            continue;

        more = lxcExecReadNeeds(library);
        if (more && lxcExecCheckLibraries(check, library, more, error) < 0)
            return -1;
    }
    return 0;
}

int
virLXCLandlockCheckExec(const virLXCLandlockPlan *plan, const GPtrArray *rules,
                        const char *init, GError **error)
{
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    lxcExecCheck check = {
        .rules = rules,
        .execute = lxcExecRight(plan, "execute"),
        .read = lxcExecRight(plan, "read_file"),
        .seen = seen,
    };
    g_autofree char *program = lxcExecResolve(init);

    for (int depth = 0; program && depth < LXC_EXEC_MAX_DEPTH; depth++) {
        g_autoptr(virLXCProgramNeeds) needs = NULL;

        if (lxcExecCheckRights(&check, program, check.execute | check.read,
                               error) < 0)
            return -1;

        if (!(needs = lxcExecReadNeeds(program)))
            return 0;
        if (lxcExecCheckLibraries(&check, program, needs, error) < 0)
            return -1;

        g_free(program);
        program =
            needs->interpreter ? lxcExecResolve(needs->interpreter) : NULL;
    }
    return 0;
}
