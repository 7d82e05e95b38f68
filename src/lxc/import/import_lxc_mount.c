/*
 * import_lxc_mount.c: mounts in container configurations of LXC
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: lxc.rootfs, lxc.mount.entry, lxc.mount.auto. Out: <filesystem> and
 * <kernel-files>.
 */

#include <string.h>

#include "i18n.h"
#include "import_lxc_config.h"
#include "import_mount.h"

static bool
lxcPathIsBelow(const char *path, const char *directory)
{
    size_t length = strlen(directory);

    return g_str_has_prefix(path, directory) &&
           (path[length] == '\0' || path[length] == '/');
}

int
virLXCImportLXCRootPath(virLXCImportLXCState *state,
                        const virLXCImportLXCLine *line, GError **error)
{
    virLXCImportFilesystem *root = state->domain->root;
    const char *path = line->value;
    const char *colon = strchr(path, ':');
    const char *type = "mount";

    if (g_str_has_prefix(path, "dir:"))
        path = colon + 1;
    else if (g_str_has_prefix(path, "loop:")) {
        path = colon + 1;
        type = "file";
    } else if (g_str_has_prefix(path, "/dev/"))
        type = "block";

    if (path[0] != '/')
        return virLXCImportLXCSetError(
            line, error,
            _("an absolute path, optionally after 'dir:' or 'loop:'; other "
              "kinds of storage are not supported"));

    if (!root)
        root = state->domain->root = g_new0(virLXCImportFilesystem, 1);
    root->type = type;
    g_free(root->source);
    root->source = g_strdup(path);
    g_free(root->target);
    root->target = g_strdup("/");
    return 0;
}

int
virLXCImportLXCRootOptions(virLXCImportLXCState *state,
                           const virLXCImportLXCLine *line,
                           GError **error G_GNUC_UNUSED)
{
    g_auto(GStrv) options = g_strsplit(line->value, ",", -1);
    size_t i;

    for (i = 0; options[i]; i++) {
        if (g_str_equal(options[i], "ro"))
            state->domain->rootReadonly = true;
        else if (!virLXCImportMountOptionIsHarmless(options[i]))
            virLXCImportLXCAdd(state, true, line,
                               _("the option '%1$s' has no equivalent"),
                               options[i]);
    }
    return 0;
}

/* Returns the path in the container: LXC accepts paths that begin with that of
 * the root directory. */
static char *
lxcTargetResolve(const virLXCImportDomain *domain, const char *target)
{
    const char *root = domain->root ? domain->root->source : NULL;
    g_autofree char *absolute = NULL;

    if (root && target[0] == '/' && lxcPathIsBelow(target, root))
        target += strlen(root);
    absolute = g_strconcat("/", target + strspn(target, "/"), NULL);
    return g_canonicalize_filename(absolute, "/");
}

/* fstab(5) writes blanks as \040. */
static char *
lxcFieldUnescape(const char *field)
{
    return g_strcompress(field);
}

static virLXCImportMount *
lxcMountParse(const virLXCImportLXCState *state,
              const virLXCImportLXCLine *line, GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(line->value, " \t", -1);
    g_autofree char *target = NULL;
    char *fields[4] = {NULL};
    virLXCImportMount *mount;
    size_t n = 0;
    size_t i;

    for (i = 0; words[i] && n < G_N_ELEMENTS(fields); i++) {
        if (words[i][0])
            fields[n++] = words[i];
    }
    if (n < G_N_ELEMENTS(fields)) {
        virLXCImportLXCSetError(line, error,
                                _("a source, a target, a type and options"));
        return NULL;
    }

    mount = g_new0(virLXCImportMount, 1);
    mount->file = line->file;
    mount->line = line->line;
    mount->name = g_strdup(line->written);
    mount->source = lxcFieldUnescape(fields[0]);
    target = lxcFieldUnescape(fields[1]);
    mount->target = lxcTargetResolve(state->domain, target);
    mount->type = g_strdup(fields[2]);
    mount->options = g_strsplit(fields[3], ",", -1);
    return mount;
}

/* A mount that is optional need not be made. */
bool
virLXCImportLXCIsOptional(const virLXCImportLXCLine *line)
{
    g_auto(GStrv) words = g_strsplit_set(line->value, " \t,", -1);

    return g_str_equal(line->key, "lxc.mount.entry") &&
           g_strv_contains((const char *const *)words, "optional");
}

int
virLXCImportLXCMountEntry(virLXCImportLXCState *state,
                          const virLXCImportLXCLine *line, GError **error)
{
    g_autoptr(virLXCImportMount) mount = lxcMountParse(state, line, error);

    if (!mount)
        return -1;

    virLXCImportMountConvert(state->import, state->domain, mount);
    return 0;
}

static bool
lxcAutoIsCgroup(const char *value)
{
    return g_str_equal(value, "cgroup") || g_str_has_prefix(value, "cgroup:") ||
           g_str_has_prefix(value, "cgroup-full");
}

/* "cgroup:ro", and the same for "cgroup-full" and with ":force" */
static void
lxcAutoCgroup(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
              const char *value)
{
    g_auto(GStrv) words = g_strsplit(value, ":", -1);
    bool isLost = g_strv_contains((const char *const *)words, "ro") &&
                  !virLXCImportKernelFile(state->import, "/sys/fs/cgroup",
                                          VIR_LXC_KERNEL_FILE_READONLY);

    virLXCImportLXCAdd(
        state, isLost, line,
        _("every domain sees its own cgroups only, whatever '%1$s' is"), value);
}

int
virLXCImportLXCMountAuto(virLXCImportLXCState *state,
                         const virLXCImportLXCLine *line, GError **error)
{
    static const char *const words[] = {"proc",   "proc:mixed", "proc:rw",
                                        "sys",    "sys:ro",     "sys:mixed",
                                        "sys:rw", NULL};
    g_auto(GStrv) values = g_strsplit_set(line->value, " \t", -1);
    size_t i;

    for (i = 0; values[i]; i++) {
        bool isProc = g_str_has_prefix(values[i], "proc");

        if (values[i][0] == '\0')
            continue;
        if (g_str_has_prefix(values[i], "shmounts:"))
            virLXCImportLXCAdd(state, true, line,
                               _("mounts cannot be shared with the host"));
        else if (lxcAutoIsCgroup(values[i]))
            lxcAutoCgroup(state, line, values[i]);
        else if (!g_strv_contains(words, values[i]))
            return virLXCImportLXCSetError(line, error,
                                           _("file systems of the kernel"));
        else if (isProc && !g_str_has_suffix(values[i], ":rw") &&
                 !state->import->def->kernelFiles)
            state->import->def->kernelFiles = virLXCKernelFilesDefNew();
        else if (g_str_has_suffix(values[i], ":rw"))
            virLXCImportLXCAdd(state, false, line,
                               _("/proc/sys and /sys are read-only in every "
                                 "domain, despite '%1$s'"),
                               values[i]);
    }
    return 0;
}
