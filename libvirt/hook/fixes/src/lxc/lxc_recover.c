/*
 * lxc_recover.c: domains whose files cannot be read
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <sys/stat.h>
#include <unistd.h>

#include "lxc_recover.h"
#include "lxc_domain.h"
#include "lxc_reboot.h"
#include "lxc_teardown.h"
#include "virbuffer.h"
#include "virerror.h"
#include "virfile.h"
#include "virlog.h"
#include "virlxcproctree.h"
#include "virpidfile.h"
#include "virstring.h"
#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("lxc.lxc_recover");

/* Enough of a file to find a UUID in it */
#define LXC_RECOVER_HEAD 65536

/* More than clients can send */
#define LXC_RECOVER_MAX (32 * 1024 * 1024)

/* Name of a container's cgroup where libvirt does not manage a hierarchy */
#define LXC_RECOVER_CGROUP "/libvirt-lxc-"

#define LXC_RECOVER_PARSE \
    (VIR_DOMAIN_DEF_PARSE_SKIP_VALIDATE | VIR_DOMAIN_DEF_PARSE_ALLOW_POST_PARSE_FAIL)


static pid_t
virLXCRecoverReadPidFile(const char *stateDir,
                         const char *name)
{
    g_autofree char *path = virPidFileBuildPath(stateDir, name);
    pid_t pid;

    if (!virFileIsRegular(path) || virPidFileReadPath(path, &pid) < 0)
        return 0;

    return pid;
}


pid_t
virLXCRecoverReadController(const char *stateDir,
                            const char *name)
{
    pid_t pid = virLXCRecoverReadPidFile(stateDir, name);

    return virLXCTeardownIsController(pid, name) ? pid : 0;
}


pid_t
virLXCRecoverFindController(const char *stateDir,
                            const char *name)
{
    g_autoptr(GDir) dir = NULL;
    const char *entry;
    pid_t pid;
    int number;

    if ((pid = virLXCRecoverReadController(stateDir, name)) > 0)
        return pid;

    dir = g_dir_open("/proc", 0, NULL);
    while (dir && (entry = g_dir_read_name(dir))) {
        if (virStrToLong_i(entry, NULL, 10, &number) == 0 &&
            virLXCTeardownIsController(number, name))
            return number;
    }

    return 0;
}


static bool
virLXCRecoverIsReadable(const char *path)
{
    struct stat sb;

    return stat(path, &sb) == 0 && S_ISREG(sb.st_mode) && sb.st_size <= LXC_RECOVER_MAX;
}


/* Returns the UUID after @mark, unless a domain has it already */
static char *
virLXCRecoverUUIDAfter(virLXCDriver *driver,
                       const char *path,
                       const char *mark)
{
    g_autofree char *text = NULL;
    unsigned char uuid[VIR_UUID_BUFLEN];
    char string[VIR_UUID_STRING_BUFLEN];
    virDomainObj *vm;
    const char *start;

    if (virFileReadHeaderQuiet(path, LXC_RECOVER_HEAD, &text) < 0 ||
        !(start = strstr(text, mark)))
        return NULL;

    g_strlcpy(string, start + strlen(mark), sizeof(string));
    if (virUUIDParse(string, uuid) < 0)
        return NULL;

    if ((vm = virDomainObjListFindByUUID(driver->domains, uuid))) {
        virDomainObjEndAPI(&vm);
        return NULL;
    }

    return g_strdup(string);
}


static char *
virLXCRecoverUUID(virLXCDriver *driver,
                  const char *path,
                  pid_t init)
{
    g_autofree char *cgroup = g_strdup_printf("/proc/%lld/cgroup", (long long) init);
    char *uuid = NULL;

    if (virLXCRecoverIsReadable(path))
        uuid = virLXCRecoverUUIDAfter(driver, path, "<uuid>");
    if (!uuid && init > 0)
        uuid = virLXCRecoverUUIDAfter(driver, cgroup, LXC_RECOVER_CGROUP);

    return uuid;
}


/* Returns a locked domain */
static virDomainObj *
virLXCRecoverStandIn(virLXCDriver *driver,
                     const char *name,
                     const char *path,
                     const char *cause,
                     pid_t init)
{
    g_auto(virBuffer) buf = VIR_BUFFER_INITIALIZER;
    g_autoptr(virDomainDef) def = NULL;
    g_autofree char *uuid = virLXCRecoverUUID(driver, path, init);
    g_autofree char *xml = NULL;

    virBufferAddLit(&buf, "<domain type='lxc'>\n");
    virBufferEscapeString(&buf, "<name>%s</name>\n", name);
    virBufferEscapeString(&buf, "<uuid>%s</uuid>\n", uuid);
    virBufferEscapeString(&buf, "<description>%s</description>\n", cause);
    virBufferAddLit(&buf, "<memory>1024</memory>\n"
                          "<os><type>exe</type><init>/sbin/init</init></os>\n"
                          "<devices><console type='pty'/></devices>\n"
                          "</domain>\n");
    xml = virBufferContentAndReset(&buf);

    if (!(def = virDomainDefParseString(xml, driver->xmlopt, NULL,
                                        VIR_DOMAIN_DEF_PARSE_INACTIVE | LXC_RECOVER_PARSE)))
        return NULL;

    return virDomainObjListAdd(driver->domains, &def, driver->xmlopt, 0, NULL);
}


static void
virLXCRecoverDefinition(virLXCDriver *driver,
                        const char *path,
                        const char *name)
{
    g_autoptr(virDomainDef) def = NULL;
    g_autofree char *cause = NULL;
    virLXCDomainObjPrivate *priv;
    virDomainObj *vm;

    if ((vm = virDomainObjListFindByName(driver->domains, name))) {
        virDomainObjEndAPI(&vm);
        return;
    }

    if (!virLXCRecoverIsReadable(path) ||
        (def = virDomainDefParseFile(path, driver->xmlopt, NULL,
                                     VIR_DOMAIN_DEF_PARSE_INACTIVE | LXC_RECOVER_PARSE)))
        return;

    cause = g_strdup_printf(_("The definition in '%1$s' cannot be read: %2$s"),
                            path, virGetLastErrorMessage());
    if (!(vm = virLXCRecoverStandIn(driver, name, path, cause, 0)))
        return;

    priv = vm->privateData;
    priv->damaged = g_steal_pointer(&cause);
    vm->persistent = 1;
    virDomainObjEndAPI(&vm);
}


/* Otherwise, it would be loaded with the other domains that are running */
static char *
virLXCRecoverStatusError(virLXCDriver *driver,
                         const char *path)
{
    virDomainObj *parsed = NULL;

    if (!virFileExists(path))
        return g_strdup_printf(_("The status file '%1$s' does not exist."), path);

    if (virLXCRecoverIsReadable(path) &&
        (parsed = virDomainObjParseFile(path, driver->xmlopt,
                                        VIR_DOMAIN_DEF_PARSE_STATUS | LXC_RECOVER_PARSE)))
        virDomainObjEndAPI(&parsed);

    return g_strdup_printf(_("The status in '%1$s' cannot be read: %2$s"),
                           path, virGetLastErrorMessage());
}


static void
virLXCRecoverMarkRunning(virLXCDriver *driver,
                         virDomainObj *vm,
                         pid_t pid)
{
    virLXCDomainObjPrivate *priv = vm->privateData;

    if (virDomainObjSetDefTransient(driver->xmlopt, vm, NULL) < 0)
        return;

    if (!vm->def->resource)
        vm->def->resource = g_new0(virDomainResourceDef, 1);
    if (!vm->def->resource->partition)
        vm->def->resource->partition = g_strdup("/machine");

    vm->pid = pid;
    vm->def->id = pid;
    priv->initpid = virLXCProcTreeFindInit(pid);
    virDomainObjSetState(vm, VIR_DOMAIN_RUNNING, VIR_DOMAIN_RUNNING_UNKNOWN);
}


static void
virLXCRecoverRemove(const char *stateDir,
                    const char *name)
{
    g_autofree char *path = virDomainConfigFile(stateDir, name);

    VIR_WARN("Removing the state of domain '%s', which is not running", name);
    if (unlink(path) < 0 && errno != ENOENT)
        VIR_WARN("Cannot remove %s: %s", path, g_strerror(errno));
    virPidFileDelete(stateDir, name);
    virLXCTeardownRemoveState(stateDir, name);
    virLXCRebootForget(stateDir, name);
}


static void
virLXCRecoverRunning(virLXCDriver *driver,
                     const char *stateDir,
                     const char *name)
{
    g_autofree char *path = virDomainConfigFile(stateDir, name);
    g_autofree char *cause = NULL;
    virDomainObj *vm = virDomainObjListFindByName(driver->domains, name);
    pid_t pid;

    if (vm && virDomainObjIsActive(vm)) {
        virDomainObjEndAPI(&vm);
        return;
    }

    /* The process ID is part of the names of its cgroups, even if it has exited */
    if ((pid = virLXCRecoverFindController(stateDir, name)) == 0 &&
        (pid = virLXCRecoverReadPidFile(stateDir, name)) == 0) {
        virLXCRecoverRemove(stateDir, name);
        virDomainObjEndAPI(&vm);
        return;
    }

    cause = virLXCRecoverStatusError(driver, path);
    VIR_ERROR(_("Domain '%1$s' may be running: %2$s"), name, cause);

    if (!vm)
        vm = virLXCRecoverStandIn(driver, name, path, cause,
                                  virLXCProcTreeFindInit(pid));
    if (vm)
        virLXCRecoverMarkRunning(driver, vm, pid);
    virDomainObjEndAPI(&vm);
}


/* Part of a file that replaces another when it has been written */
static void
virLXCRecoverUnsaved(virLXCDriver *driver G_GNUC_UNUSED,
                     const char *path,
                     const char *name G_GNUC_UNUSED)
{
    if (unlink(path) < 0)
        VIR_WARN("Cannot remove %s: %s", path, g_strerror(errno));
}


typedef void (*virLXCRecoverFunc)(virLXCDriver *driver,
                                  const char *where,
                                  const char *name);

static void
virLXCRecoverForEach(virLXCDriver *driver,
                     const char *dir,
                     const char *suffix,
                     bool passPath,
                     virLXCRecoverFunc func)
{
    g_autoptr(GDir) files = g_dir_open(dir, 0, NULL);
    const char *entry;

    while (files && (entry = g_dir_read_name(files))) {
        g_autofree char *name = g_strdup(entry);
        g_autofree char *path = g_strdup_printf("%s/%s", dir, entry);

        if (!virStringStripSuffix(name, suffix) ||
            STREQ(entry, "driver.pid")) /* the driver's own */
            continue;

        func(driver, passPath ? path : dir, name);
        virResetLastError();
    }
}


void
virLXCRecoverDomains(virLXCDriver *driver)
{
    g_autoptr(virLXCDriverConfig) cfg = virLXCDriverGetConfig(driver);

    virLXCRecoverForEach(driver, cfg->configDir, ".xml.new", true, virLXCRecoverUnsaved);
    virLXCRecoverForEach(driver, cfg->stateDir, ".xml.new", true, virLXCRecoverUnsaved);
    virLXCRecoverForEach(driver, cfg->configDir, ".xml", true, virLXCRecoverDefinition);
    virLXCRecoverForEach(driver, cfg->stateDir, ".xml", false, virLXCRecoverRunning);
    virLXCRecoverForEach(driver, cfg->stateDir, ".pid", false, virLXCRecoverRunning);
    virLXCRecoverForEach(driver, cfg->stateDir, ".sock", false, virLXCRecoverRunning);
}
