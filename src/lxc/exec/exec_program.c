/*
 * exec_program.c: find a program of a container, and make its environment
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: names from a request. Out: what execve(2) needs. Everything is looked up
 * in the container, which is not trusted.
 */

#include "exec_program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "error.h"
#include "i18n.h"
#include "root_file.h"

/* As Debian's login(1) has it for root */
#define LXC_EXEC_PATH \
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static int
lxcExecReadFile(int root, const char *path, char **text, GError **error)
{
    if (faccessat(root, path + 1, F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
        errno == ENOENT)
        return 0;

    *text =
        virLXCRootFileGet(root, path, VIR_LXC_ACCOUNT_FILE_MAX, NULL, error);
    return *text ? 0 : -1;
}

static int
lxcExecReadFiles(char **passwd, char **group, GError **error)
{
    VIR_LXC_AUTOCLOSE root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

    if (root < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot open the container's root directory"));
    if (lxcExecReadFile(root, "/etc/passwd", passwd, error) < 0 ||
        lxcExecReadFile(root, "/etc/group", group, error) < 0)
        return -1;
    return 0;
}

/* Replaces the supplementary groups that the container's files list. */
static int
lxcExecSetGroups(virLXCAccount *account, char *const *groups, const char *text,
                 GError **error)
{
    g_autoptr(GArray) gids = g_array_new(FALSE, FALSE, sizeof(gid_t));
    size_t i;

    g_array_append_val(gids, account->gid);
    for (i = 0; groups[i]; i++) {
        g_autoptr(virLXCAccount) one =
            virLXCAccountNew(NULL, groups[i], NULL, text, error);

        if (!one)
            return -1;
        if (one->gid != account->gid)
            g_array_append_val(gids, one->gid);
    }

    g_array_unref(account->groups);
    account->groups = g_steal_pointer(&gids);
    return 0;
}

virLXCAccount *
virLXCExecFindAccount(const char *user, const char *group, char *const *groups,
                      GError **error)
{
    g_autofree char *passwd = NULL;
    g_autofree char *text = NULL;
    g_autoptr(virLXCAccount) account = NULL;
    g_autoptr(GError) ignored = NULL;
    bool isExplicit = user || group;

    if (lxcExecReadFiles(&passwd, &text, isExplicit ? error : &ignored) < 0 &&
        isExplicit)
        return NULL;

    if (!(account =
              virLXCAccountNew(user ? user : "0",
                               group  ? group
                               : user ? NULL
                                      : "0",
                               passwd, text, isExplicit ? error : &ignored)))
        account =
            isExplicit ? NULL : virLXCAccountNew("0", "0", NULL, NULL, error);
    if (!account)
        return NULL;

    if (account->gid == (gid_t)-1)
        account->gid = account->primary;
    if (account->gid == (gid_t)-1) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("user '%1$s' is not listed in the container's "
                         "/etc/passwd, so a group must be specified"),
                       user);
        return NULL;
    }
    if (groups && lxcExecSetGroups(account, groups, text, error) < 0)
        return NULL;
    return g_steal_pointer(&account);
}

char **
virLXCExecEnvironment(const virLXCAccount *account, const char *uuid,
                      char *const *extra)
{
    bool isRoot = account->uid == 0;
    char **env = NULL;
    size_t i;

    env = g_environ_setenv(env, "PATH", LXC_EXEC_PATH, TRUE);
    env = g_environ_setenv(env, "HOME",
                           account->home ? account->home
                           : isRoot      ? "/root"
                                         : "/",
                           TRUE);
    env = g_environ_setenv(env, "SHELL",
                           account->shell ? account->shell : "/bin/sh", TRUE);
    if (account->name || isRoot) {
        const char *name = account->name ? account->name : "root";

        env = g_environ_setenv(env, "USER", name, TRUE);
        env = g_environ_setenv(env, "LOGNAME", name, TRUE);
    }
    env = g_environ_setenv(env, "container", "lxc-libvirt", TRUE);
    env = g_environ_setenv(env, "container_uuid", uuid, TRUE);

    for (i = 0; extra && extra[i]; i++) {
        const char *equals = strchr(extra[i], '=');
        g_autofree char *name = NULL;

        if (!equals || equals == extra[i])
            continue;

        name = g_strndup(extra[i], equals - extra[i]);
        env = g_environ_setenv(env, name, equals + 1, TRUE);
    }
    return env;
}

static int
lxcExecCheckProgram(const char *path)
{
    struct stat info;

    if (stat(path, &info) < 0)
        return errno;
    if (!S_ISREG(info.st_mode) ||
        faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0)
        return EACCES;
    return 0;
}

static char *
lxcExecFindInPath(const char *name, char **env, int *errnum)
{
    const char *path = g_environ_getenv(env, "PATH");
    g_auto(GStrv) directories = g_strsplit(path ? path : "", ":", 0);
    size_t i;

    *errnum = ENOENT;
    for (i = 0; directories[i]; i++) {
        g_autofree char *candidate = NULL;
        int rc;

        if (directories[i][0] != '/')
            continue;

        candidate = g_build_filename(directories[i], name, NULL);
        if ((rc = lxcExecCheckProgram(candidate)) == 0)
            return g_steal_pointer(&candidate);
        if (rc != ENOENT && rc != ENOTDIR)
            *errnum = rc;
    }
    return NULL;
}

char *
virLXCExecFindProgram(const char *name, char **env, int *errnum)
{
    g_autofree char *path = NULL;
    g_autofree char *cwd = NULL;

    if (!strchr(name, '/'))
        return lxcExecFindInPath(name, env, errnum);

    cwd = g_get_current_dir();
    path = g_path_is_absolute(name) ? g_strdup(name)
                                    : g_build_filename(cwd, name, NULL);
    *errnum = lxcExecCheckProgram(path);
    return *errnum ? NULL : g_steal_pointer(&path);
}
