/*
 * import_mount.c: mounts as <filesystem> and <kernel-files>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a mount. Out: elements of the domain, and findings.
 */

#include "import_mount.h"

#include <string.h>

#include "i18n.h"

#define LXC_CGROUPS "/sys/fs/cgroup"

/* The mode of the root directory of a new tmpfs */
#define LXC_TMPFS_MODE 01777

#define LXC_ALL_READ 0555
#define LXC_ALL_ACCESS 0777

/* The file systems that the driver mounts in every domain, with options that
 * confine, and options without which it mounts them as if they were there. */
static const struct {
    const char *target;
    const char *options;
} lxcDriverMounts[] = {
    {"/proc", "nosuid nodev noexec"},
    {"/sys", "nosuid nodev noexec ro"},
    {LXC_CGROUPS, "nosuid nodev noexec nsdelegate"},
    {"/dev", "nosuid mode=755 mode=0755"},
    {"/dev/pts", "nosuid noexec newinstance ptmxmode=0666 ptmxmode=666 "
                 "mode=0620 mode=620 gid=5"},
    {"/dev/shm", "nosuid nodev mode=1777"},
};

void
virLXCImportMountFree(virLXCImportMount *mount)
{
    if (!mount)
        return;

    g_free(mount->name);
    g_free(mount->source);
    g_free(mount->target);
    g_free(mount->type);
    g_strfreev(mount->options);
    g_free(mount);
}

static void
lxcMountAdd(virLXCImport *import, bool lost, const virLXCImportMount *mount,
            const char *format, ...) G_GNUC_PRINTF(4, 5);

static void
lxcMountAdd(virLXCImport *import, bool lost, const virLXCImportMount *mount,
            const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    virLXCImportAdd(import, lost, mount->file, mount->line, mount->name, "%s",
                    text);
}

static bool
lxcMountHas(const virLXCImportMount *mount, const char *option)
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

bool
virLXCImportMountOptionIsHarmless(const char *option)
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

static void
lxcMountRefuse(virLXCImport *import, const virLXCImportMount *mount,
               const char *why)
{
    bool optional = lxcMountHas(mount, "optional");

    lxcMountAdd(import, !optional, mount,
                optional ? _("the mount on '%1$s', which is optional, is left "
                             "out: %2$s")
                         : _("the mount on '%1$s' is left out: %2$s"),
                mount->target, why);
}

static void
lxcMountRefuseOption(virLXCImport *import, const virLXCImportMount *mount,
                     const char *option)
{
    lxcMountAdd(import, true, mount,
                _("the option '%1$s' of the mount on '%2$s' has no equivalent"),
                option, mount->target);
}

/* Options that the mount of the driver does not have. */
static void
lxcMountDriver(virLXCImport *import, const virLXCImportMount *mount,
               const char *driver)
{
    g_auto(GStrv) has = g_strsplit(driver, " ", -1);
    size_t i;

    lxcMountAdd(import, false, mount,
                _("the driver mounts '%1$s' in every domain"), mount->target);
    for (i = 0; mount->options[i]; i++) {
        const char *option = mount->options[i];

        if (g_strv_contains((const char *const *)has, option) ||
            g_str_has_prefix(option, "size="))
            continue;
        if (g_str_equal(option, "ro")
                ? g_str_equal(mount->target, LXC_CGROUPS) &&
                      virLXCImportKernelFile(import, mount->target,
                                             VIR_LXC_KERNEL_FILE_READONLY)
                : virLXCImportMountOptionIsHarmless(option))
            continue;
        lxcMountRefuseOption(import, mount, option);
    }
}

/* The mode of a <filesystem> of type 'ram' cannot be set, so that everybody may
 * access it. libvirt has always ignored a mode with which everybody may read.
 */
static bool
lxcMountMode(virLXCImport *import, const virLXCImportMount *mount,
             const char *option)
{
    guint64 mode = 0;
    bool isLost;

    if (!g_str_has_prefix(option, "mode=") ||
        !g_ascii_string_to_unsigned(option + strlen("mode="), 8, 0, 07777,
                                    &mode, NULL))
        return false;

    if (mode == LXC_TMPFS_MODE)
        return true;

    isLost = (mode & LXC_ALL_ACCESS) != LXC_ALL_ACCESS;
    if (isLost && (mode & LXC_ALL_READ) == LXC_ALL_READ)
        import->ignored++;
    lxcMountAdd(import, isLost, mount,
                _("'%1$s' has mode %2$o, as the root directory of every new "
                  "file system in memory, despite '%3$s'"),
                mount->target, LXC_TMPFS_MODE, option);
    return true;
}

/* Options that <filesystem> does not have. Those of tmpfs are always nosuid and
 * nodev. */
static void
lxcMountCheckOptions(virLXCImport *import, const virLXCImportMount *mount)
{
    bool isTmpfs = g_str_equal(mount->type, "tmpfs");
    size_t i;

    for (i = 0; mount->options[i]; i++) {
        const char *option = mount->options[i];

        if (virLXCImportMountOptionIsHarmless(option) ||
            (isTmpfs &&
             (g_str_equal(option, "nosuid") || g_str_equal(option, "nodev") ||
              g_str_has_prefix(option, "size=") ||
              lxcMountMode(import, mount, option))))
            continue;
        lxcMountRefuseOption(import, mount, option);
    }
}

static void
lxcMountTmpfs(virLXCImport *import, virLXCImportDomain *domain,
              const virLXCImportMount *mount)
{
    virLXCImportFilesystem *filesystem;
    guint64 usage = 0;
    size_t i;

    for (i = 0; mount->options[i]; i++) {
        const char *option = mount->options[i];

        if (g_str_has_prefix(option, "size=") &&
            !virLXCImportSizeParse(option + strlen("size="), &usage)) {
            lxcMountRefuse(import, mount,
                           _("the option 'size' is not a number of bytes"));
            return;
        }
    }
    if (usage == 0) {
        lxcMountRefuse(import, mount, _("the option 'size' is missing"));
        return;
    }

    lxcMountCheckOptions(import, mount);
    filesystem =
        virLXCImportDomainAddFilesystem(domain, "ram", NULL, mount->target);
    filesystem->usage = usage;
    filesystem->readonly = lxcMountHas(mount, "ro");
}

bool
virLXCImportMountIsBind(const virLXCImportMount *mount)
{
    return lxcMountHas(mount, "bind") || lxcMountHas(mount, "rbind") ||
           g_str_equal(mount->type, "bind");
}

static void
lxcMountHost(virLXCImport *import, virLXCImportDomain *domain,
             const virLXCImportMount *mount)
{
    bool isBind = virLXCImportMountIsBind(mount);
    bool isBlock = !isBind && g_str_has_prefix(mount->source, "/dev/");
    const char *why = NULL;
    virLXCImportFilesystem *filesystem;

    if (!isBind && !isBlock)
        why = _("there are no file systems of that type");
    else if (mount->source[0] != '/' || lxcMountHas(mount, "relative"))
        why = _("the source is in the container");
    else if (isBind && lxcPathIsBelow(mount->source, "/dev"))
        why = _("to add devices, use <hostdev>");

    if (why) {
        lxcMountRefuse(import, mount, why);
        return;
    }

    lxcMountCheckOptions(import, mount);
    filesystem = virLXCImportDomainAddFilesystem(
        domain, isBlock ? "block" : "mount", mount->source, mount->target);
    filesystem->readonly = lxcMountHas(mount, "ro");
}

/* Whether the mount hides a file of the kernel. */
static bool
lxcMountIsMask(const virLXCImportMount *mount)
{
    static const char *const empty[] = {"/dev/null", "dev/null", NULL};

    return virLXCImportMountIsBind(mount) &&
           g_strv_contains(empty, mount->source);
}

/* A tmpfs of a certain size takes the place of that of the driver. */
static const char *
lxcMountOfDriver(const virLXCImportMount *mount)
{
    bool isLimited = false;
    size_t i;

    for (i = 0; mount->options[i]; i++)
        isLimited = isLimited || g_str_has_prefix(mount->options[i], "size=");

    for (i = 0; i < G_N_ELEMENTS(lxcDriverMounts); i++) {
        if (g_str_equal(lxcDriverMounts[i].target, mount->target))
            return g_str_equal(mount->target, "/dev/shm") &&
                           (isLimited || !g_str_equal(mount->type, "tmpfs"))
                       ? NULL
                       : lxcDriverMounts[i].options;
    }
    return NULL;
}

void
virLXCImportMountConvert(virLXCImport *import, virLXCImportDomain *domain,
                         const virLXCImportMount *mount)
{
    const char *driver = lxcMountOfDriver(mount);

    if (driver) {
        lxcMountDriver(import, mount, driver);
        return;
    }

    if (lxcMountIsMask(mount) &&
        virLXCImportKernelFile(import, mount->target,
                               VIR_LXC_KERNEL_FILE_MASKED))
        return;

    if (g_str_equal(mount->target, "/"))
        lxcMountRefuse(import, mount,
                       _("a container has one root directory only"));
    else if (lxcPathIsBelow(mount->target, "/proc") ||
             lxcPathIsBelow(mount->target, "/sys"))
        lxcMountRefuse(import, mount,
                       _("nothing can be mounted below /proc and /sys"));
    else if (g_str_equal(mount->type, "tmpfs") &&
             !virLXCImportMountIsBind(mount))
        lxcMountTmpfs(import, domain, mount);
    else
        lxcMountHost(import, domain, mount);
}
