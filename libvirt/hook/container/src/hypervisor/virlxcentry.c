/*
 * virlxcentry.c: prepare processes for entering a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "virlxcentry.h"

#include "account.h"
#include "child_stack.h"
#include "locale_leave.h"
#include "root_file.h"
#include "sealed_exec.h"

#include "domain_conf.h"
#include "virerror.h"
#include "virfile.h"
#include "virlog.h"
#include "virlxcconfinementerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC

VIR_LOG_INIT("hypervisor.virlxcentry");


int
virLXCEntrySealedExec(char **argv)
{
    g_autoptr(GError) error = NULL;

    if (virLXCSealedExec(argv, &error) < 0) {
        fprintf(stderr, "%s: %s\n", argv[0], error->message);
        return -1;
    }

    return 0;
}


pid_t
virLXCEntryClone(int (*func)(void *),
                 int flags,
                 void *opaque)
{
    g_auto(virLXCChildStack) stack = { 0 };
    g_autoptr(GError) error = NULL;
    pid_t pid;

    if (virLXCChildStackMap(&stack, &error) < 0) {
        virLXCConfinementReportError(error);
        return -1;
    }

    /* The child has a copy of the stack */
    if ((pid = clone(func, stack.top, flags, opaque)) < 0)
        virReportSystemError(errno, "%s",
                             _("Failed to run clone container"));

    return pid;
}


int
virLXCEntryEndWithController(void)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) {
        virReportSystemError(errno, "%s",
                             _("cannot set the signal that is sent when the controller exits"));
        return -1;
    }

    return 0;
}


int
virLXCEntryCheckController(int handshake)
{
    struct pollfd peer = { .fd = handshake };

    if (poll(&peer, 1, 0) == 0)
        return 0;

    virReportError(VIR_ERR_OPERATION_FAILED, "%s",
                   _("the controller has exited"));
    return -1;
}


int
virLXCEntryLeaveHost(void)
{
    if (virLXCEntryEndWithController() < 0)
        return -1;

    if (virLXCLocaleLeave() < 0) {
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s",
                       _("cannot switch to the locale C.UTF-8"));
        return -1;
    }

    return 0;
}


/* Without the file, names are unknown, but numbers still work */
static int
virLXCEntryReadFile(int root,
                    const char *path,
                    char **text)
{
    g_autoptr(GError) error = NULL;

    if (faccessat(root, path + 1, F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
        return 0;

    if (!(*text = virLXCRootFileGet(root, path, VIR_LXC_ACCOUNT_FILE_MAX, NULL, &error))) {
        virLXCConfinementReportError(error);
        return -1;
    }

    return 0;
}


int
virLXCEntryFindAccount(const virDomainDef *def,
                       uid_t *uid,
                       gid_t *gid,
                       gid_t **groups,
                       size_t *ngroups)
{
    VIR_AUTOCLOSE root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    g_autoptr(GError) error = NULL;
    g_autofree char *passwd = NULL;
    g_autofree char *group = NULL;
    g_autoptr(virLXCAccount) account = NULL;

    if (root < 0) {
        virReportSystemError(errno, "%s",
                             _("cannot open the container's root directory"));
        return -1;
    }

    if ((def->os.inituser || def->os.initgroup) &&
        (virLXCEntryReadFile(root, "/etc/passwd", &passwd) < 0 ||
         virLXCEntryReadFile(root, "/etc/group", &group) < 0))
        return -1;

    if (!(account = virLXCAccountNew(def->os.inituser, def->os.initgroup,
                                     passwd, group, &error))) {
        virLXCConfinementReportError(error);
        return -1;
    }

    *uid = account->uid;
    *gid = account->gid;
    *ngroups = account->groups->len;
    *groups = g_new0(gid_t, *ngroups + 1);
    /* memcpy() does not accept the NULL of an empty array */
    if (*ngroups > 0)
        memcpy(*groups, account->groups->data, *ngroups * sizeof(gid_t));
    return 0;
}


int
virLXCEntryProtectController(void)
{
    if (virFileWriteStr("/proc/self/oom_score_adj", "-1000", 0) == 0)
        return 0;

    /* libvirtd in a container may not have the capability */
    if (errno == EACCES) {
        VIR_WARN("Without CAP_SYS_RESOURCE, the OOM killer may kill the controller of a container");
        return 0;
    }

    virReportSystemError(errno, "%s",
                         _("cannot protect the controller from the OOM killer"));
    return -1;
}
