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

/* An fstab(5) line. @target is an absolute path in the container. */
typedef struct {
    char *source;
    char *target;
    char *type;
    char **options;
} lxcMount;

static void
lxcMountFree(lxcMount *mount)
{
    g_free(mount->source);
    g_free(mount->target);
    g_free(mount->type);
    g_strfreev(mount->options);
    g_free(mount);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(lxcMount, lxcMountFree)

static bool
lxcMountHas(const lxcMount *mount, const char *option)
{
    return g_strv_contains((const char *const *)mount->options, option);
}

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

static bool
lxcOptionIsHarmless(const char *option)
{
    static const char *const options[] = {
        "defaults",    "bind",    "rbind",      "rw",          "ro",
        "optional",    "suid",    "dev",        "exec",        "create=dir",
        "create=file", "private", "rprivate",   "slave",       "rslave",
        "relatime",    "noatime", "nodiratime", "strictatime", "auto",
        NULL,
    };

    return option[0] == '\0' || g_strv_contains(options, option);
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
        else if (!lxcOptionIsHarmless(options[i]))
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

static lxcMount *
lxcMountParse(const virLXCImportLXCState *state,
              const virLXCImportLXCLine *line, GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(line->value, " \t", -1);
    g_autofree char *target = NULL;
    char *fields[4] = {NULL};
    lxcMount *mount;
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

    mount = g_new0(lxcMount, 1);
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

static int
lxcMountRefuse(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
               const lxcMount *mount, const char *why)
{
    bool optional = lxcMountHas(mount, "optional");

    virLXCImportLXCAdd(state, !optional, line,
                       optional
                           ? _("the mount on '%1$s', which is optional, is "
                               "left out: %2$s")
                           : _("the mount on '%1$s' is left out: %2$s"),
                       mount->target, why);
    return 0;
}

/* Options that <filesystem> does not have. Those of tmpfs are always nosuid and
 * nodev. */
static void
lxcMountCheckOptions(virLXCImportLXCState *state,
                     const virLXCImportLXCLine *line, const lxcMount *mount)
{
    bool isTmpfs = g_str_equal(mount->type, "tmpfs");
    size_t i;

    for (i = 0; mount->options[i]; i++) {
        const char *option = mount->options[i];

        if (lxcOptionIsHarmless(option) ||
            (isTmpfs &&
             (g_str_equal(option, "nosuid") || g_str_equal(option, "nodev") ||
              g_str_has_prefix(option, "size=") ||
              g_str_equal(option, "mode=755") ||
              g_str_equal(option, "mode=0755"))))
            continue;
        virLXCImportLXCAdd(state, true, line,
                           _("the option '%1$s' of the mount on '%2$s' has no "
                             "equivalent"),
                           option, mount->target);
    }
}

static int
lxcMountTmpfs(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
              const lxcMount *mount, GError **error)
{
    virLXCImportFilesystem *filesystem;
    guint64 usage = 0;
    size_t i;

    for (i = 0; mount->options[i]; i++) {
        if (g_str_has_prefix(mount->options[i], "size=") &&
            virLXCImportLXCSize(line, mount->options[i] + strlen("size="),
                                &usage, error) < 0)
            return -1;
    }
    if (usage == 0)
        return lxcMountRefuse(state, line, mount,
                              _("the option 'size' is missing"));

    lxcMountCheckOptions(state, line, mount);
    filesystem = virLXCImportDomainAddFilesystem(state->domain, "ram", NULL,
                                                 mount->target);
    filesystem->usage = usage;
    filesystem->readonly = lxcMountHas(mount, "ro");
    return 0;
}

static bool
lxcMountIsBind(const lxcMount *mount)
{
    return lxcMountHas(mount, "bind") || lxcMountHas(mount, "rbind");
}

static int
lxcMountHost(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
             const lxcMount *mount)
{
    bool isBind = lxcMountIsBind(mount);
    bool isBlock = !isBind && g_str_has_prefix(mount->source, "/dev/");
    virLXCImportFilesystem *filesystem;

    if (!isBind && !isBlock)
        return lxcMountRefuse(state, line, mount,
                              _("there are no file systems of that type"));
    if (mount->source[0] != '/' || lxcMountHas(mount, "relative"))
        return lxcMountRefuse(state, line, mount,
                              _("the source is in the container"));
    if (isBind && lxcPathIsBelow(mount->source, "/dev"))
        return lxcMountRefuse(state, line, mount,
                              _("to add devices, use <hostdev>"));

    lxcMountCheckOptions(state, line, mount);
    filesystem = virLXCImportDomainAddFilesystem(state->domain,
                                                 isBlock ? "block" : "mount",
                                                 mount->source, mount->target);
    filesystem->readonly = lxcMountHas(mount, "ro");
    return 0;
}

/* Whether the entry hides a file of the kernel. */
static bool
lxcMountIsMask(const lxcMount *mount)
{
    static const char *const empty[] = {"/dev/null", "dev/null", NULL};

    return lxcMountIsBind(mount) && g_strv_contains(empty, mount->source);
}

int
virLXCImportLXCMountEntry(virLXCImportLXCState *state,
                          const virLXCImportLXCLine *line, GError **error)
{
    static const char *const driver[] = {"/proc", "/sys", "/dev", "/dev/pts",
                                         NULL};
    g_autoptr(lxcMount) mount = lxcMountParse(state, line, error);

    if (!mount)
        return -1;

    if (g_strv_contains(driver, mount->target)) {
        virLXCImportLXCAdd(state, false, line,
                           _("the driver mounts '%1$s' in every domain"),
                           mount->target);
        return 0;
    }

    if (lxcMountIsMask(mount) &&
        virLXCImportKernelFile(state->import, mount->target,
                               VIR_LXC_KERNEL_FILE_MASKED))
        return 0;

    if (lxcPathIsBelow(mount->target, "/proc") ||
        lxcPathIsBelow(mount->target, "/sys"))
        return lxcMountRefuse(state, line, mount,
                              _("nothing can be mounted below /proc and "
                                "/sys"));

    if (g_str_equal(mount->type, "tmpfs"))
        return lxcMountTmpfs(state, line, mount, error);
    return lxcMountHost(state, line, mount);
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
        else if (g_str_equal(values[i], "cgroup") ||
                 g_str_has_prefix(values[i], "cgroup:") ||
                 g_str_has_prefix(values[i], "cgroup-full"))
            virLXCImportLXCAdd(state, false, line,
                               _("every domain sees its own cgroups only, "
                                 "whatever '%1$s' is"),
                               values[i]);
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
