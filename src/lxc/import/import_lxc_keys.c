/*
 * import_lxc_keys.c: the keys of lxc.container.conf(5)
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a key. Out: its row, which says what becomes of it. There is a row for
 * each key of LXC 5.0, and one for each key of older versions.
 */

#include <string.h>

#include "i18n.h"
#include "import_lxc_config.h"

#define CONVERTED VIR_LXC_IMPORT_LXC_CONVERTED
#define MENTIONED VIR_LXC_IMPORT_LXC_MENTIONED
#define REFUSED VIR_LXC_IMPORT_LXC_REFUSED

#define NO_MEANING N_("the key does not affect what the container may do")
#define NO_EQUIVALENT N_("there is no equivalent")
#define AUTOSTART N_("to start the domain with the host, use 'virsh autostart'")
#define CONSOLE N_("see <console> for the consoles of a domain")
#define CGROUP N_("libvirt determines the cgroups of a domain")
#define HOOK N_("programs cannot be run at this point")
#define STORAGE N_("libvirt does not manage the storage of a domain")

/* Name, use, list, needs a domain, function, text. */
static const virLXCImportLXCKey lxcKeys[] = {
    {"lxc.apparmor.allow_incomplete", MENTIONED, false, false, NULL,
     N_("libvirt does not start a domain if its profile cannot be loaded")},
    {"lxc.apparmor.allow_nesting", MENTIONED, false, false, NULL,
     N_("the profile that libvirt generates does not allow nesting")},
    {"lxc.apparmor.profile", CONVERTED, false, false, virLXCImportLXCAppArmor,
     NULL},
    {"lxc.apparmor.raw", REFUSED, true, false, NULL,
     N_("lines cannot be added to the profile that libvirt generates")},
    {"lxc.arch", CONVERTED, false, true, virLXCImportLXCArch, NULL},
    {"lxc.autodev", MENTIONED, false, false, NULL,
     N_("the driver always creates /dev")},
    {"lxc.autodev.tmpfs.size", MENTIONED, false, false, NULL,
     N_("the driver always creates /dev")},
    {"lxc.cap.drop", CONVERTED, true, false, virLXCImportLXCCapDrop, NULL},
    {"lxc.cap.keep", CONVERTED, true, false, virLXCImportLXCCapKeep, NULL},
    {"lxc.cgroup.dir", MENTIONED, false, false, NULL, CGROUP},
    {"lxc.cgroup.dir.container", MENTIONED, false, false, NULL, CGROUP},
    {"lxc.cgroup.dir.container.inner", MENTIONED, false, false, NULL, CGROUP},
    {"lxc.cgroup.dir.monitor", MENTIONED, false, false, NULL, CGROUP},
    {"lxc.cgroup.dir.monitor.pivot", MENTIONED, false, false, NULL, CGROUP},
    {"lxc.cgroup.relative", MENTIONED, false, false, NULL, CGROUP},
    {"lxc.cgroup.", CONVERTED, true, true, virLXCImportLXCCgroup, NULL},
    {"lxc.cgroup2.", CONVERTED, true, true, virLXCImportLXCCgroup, NULL},
    {"lxc.console.buffer.size", MENTIONED, false, false, NULL, CONSOLE},
    {"lxc.console.logfile", MENTIONED, false, false, NULL, CONSOLE},
    {"lxc.console.path", MENTIONED, false, false, NULL, CONSOLE},
    {"lxc.console.rotate", MENTIONED, false, false, NULL, CONSOLE},
    {"lxc.console.size", MENTIONED, false, false, NULL, CONSOLE},
    {"lxc.environment", CONVERTED, true, true, virLXCImportLXCEnvironment,
     NULL},
    {"lxc.ephemeral", MENTIONED, false, false, NULL, STORAGE},
    {"lxc.execute.cmd", MENTIONED, false, false, NULL,
     N_("the key is for lxc-execute only")},
    {"lxc.group", MENTIONED, true, false, NULL, AUTOSTART},
    {"lxc.hook.clone", MENTIONED, true, false, NULL,
     N_("the program is not run when a container is started")},
    {"lxc.hook.destroy", MENTIONED, true, false, NULL,
     N_("the program is not run when a container is started")},
    {"lxc.hook.version", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.hook.", REFUSED, true, false, NULL, HOOK},
    {"lxc.idmap", CONVERTED, true, true, virLXCImportLXCIDMap, NULL},
    {"lxc.init.cmd", CONVERTED, false, true, virLXCImportLXCInit, NULL},
    {"lxc.init.cwd", CONVERTED, false, true, virLXCImportLXCInit, NULL},
    {"lxc.init.gid", CONVERTED, false, true, virLXCImportLXCInit, NULL},
    {"lxc.init.groups", REFUSED, false, false, NULL, NO_EQUIVALENT},
    {"lxc.init.uid", CONVERTED, false, true, virLXCImportLXCInit, NULL},
    {"lxc.keyring.session", MENTIONED, false, false, NULL,
     N_("every domain gets a new session keyring")},
    {"lxc.kmsg", MENTIONED, false, false, NULL,
     N_("/dev/kmsg is never created")},
    {"lxc.log.file", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.log.level", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.log.syslog", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.monitor.signal.pdeath", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.monitor.unshare", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.mount.auto", CONVERTED, true, false, virLXCImportLXCMountAuto, NULL},
    {"lxc.mount.entry", CONVERTED, true, true, virLXCImportLXCMountEntry, NULL},
    {"lxc.mount.fstab", REFUSED, false, false, NULL,
     N_("replace the key with a 'lxc.mount.entry' for each line of the file")},
    {"lxc.namespace.clone", CONVERTED, true, false, virLXCImportLXCNamespaces,
     NULL},
    {"lxc.namespace.keep", REFUSED, false, false, NULL,
     N_("namespaces cannot be shared with the host")},
    {"lxc.namespace.share.", REFUSED, false, false, NULL,
     N_("to share namespaces, use <lxc:namespace>")},
    {"lxc.net.", CONVERTED, true, true, virLXCImportLXCNet, NULL},
    {"lxc.no_new_privs", CONVERTED, false, false, virLXCImportLXCNoNewPrivs,
     NULL},
    {"lxc.pivotdir", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.prlimit.", REFUSED, false, false, NULL,
     N_("resource limits of processes cannot be set")},
    {"lxc.proc.", REFUSED, false, false, NULL, NO_EQUIVALENT},
    {"lxc.pty.max", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.rootfs.backend", MENTIONED, false, false, NULL, STORAGE},
    {"lxc.rootfs.managed", MENTIONED, false, false, NULL, STORAGE},
    {"lxc.rootfs.mount", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.rootfs.options", CONVERTED, false, true, virLXCImportLXCRootOptions,
     NULL},
    {"lxc.rootfs.path", CONVERTED, false, true, virLXCImportLXCRootPath, NULL},
    {"lxc.sched.core", CONVERTED, false, false, virLXCImportLXCSched, NULL},
    {"lxc.seccomp.allow_nesting", MENTIONED, false, false, NULL,
     N_("the filter is always loaded, in addition to others")},
    {"lxc.seccomp.notify.cookie", MENTIONED, false, false, NULL,
     N_("LXC's agents are not supported, see <listener>")},
    {"lxc.seccomp.notify.proxy", MENTIONED, false, false, NULL,
     N_("LXC's agents are not supported, see <listener>")},
    {"lxc.seccomp.profile", CONVERTED, false, false,
     virLXCImportLXCSeccompProfile, NULL},
    {"lxc.selinux.context", CONVERTED, false, false, virLXCImportLXCSELinux,
     NULL},
    {"lxc.selinux.context.keyring", CONVERTED, false, false,
     virLXCImportLXCSELinux, NULL},
    {"lxc.signal.halt", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.signal.reboot", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.signal.stop", MENTIONED, false, false, NULL, NO_MEANING},
    {"lxc.start.auto", MENTIONED, false, false, NULL, AUTOSTART},
    {"lxc.start.delay", MENTIONED, false, false, NULL, AUTOSTART},
    {"lxc.start.order", MENTIONED, false, false, NULL, AUTOSTART},
    {"lxc.sysctl.", REFUSED, false, false, NULL,
     N_("kernel parameters cannot be set")},
    {"lxc.time.offset.boot", REFUSED, false, false, NULL, NO_EQUIVALENT},
    {"lxc.time.offset.monotonic", REFUSED, false, false, NULL, NO_EQUIVALENT},
    {"lxc.tty.dir", MENTIONED, false, false, NULL, CONSOLE},
    {"lxc.tty.max", CONVERTED, false, true, virLXCImportLXCConsoles, NULL},
    {"lxc.uts.name", CONVERTED, false, true, virLXCImportLXCName, NULL},
};

/* Keys of LXC before 2.1 and their successors. */
static const struct {
    const char *old;
    const char *current;
} lxcOldKeys[] = {
    {"lxc.aa_allow_incomplete", "lxc.apparmor.allow_incomplete"},
    {"lxc.aa_profile", "lxc.apparmor.profile"},
    {"lxc.console", "lxc.console.path"},
    {"lxc.devttydir", "lxc.tty.dir"},
    {"lxc.haltsignal", "lxc.signal.halt"},
    {"lxc.id_map", "lxc.idmap"},
    {"lxc.init_cmd", "lxc.init.cmd"},
    {"lxc.init_gid", "lxc.init.gid"},
    {"lxc.init_uid", "lxc.init.uid"},
    {"lxc.logfile", "lxc.log.file"},
    {"lxc.loglevel", "lxc.log.level"},
    {"lxc.mount", "lxc.mount.fstab"},
    {"lxc.pts", "lxc.pty.max"},
    {"lxc.rebootsignal", "lxc.signal.reboot"},
    {"lxc.rootfs", "lxc.rootfs.path"},
    {"lxc.se_context", "lxc.selinux.context"},
    {"lxc.seccomp", "lxc.seccomp.profile"},
    {"lxc.stopsignal", "lxc.signal.stop"},
    {"lxc.syslog", "lxc.log.syslog"},
    {"lxc.tty", "lxc.tty.max"},
    {"lxc.utsname", "lxc.uts.name"},
};

/* Keys that had no index: "type" started the next network. */
#define LXC_OLD_NET "lxc.network."
#define LXC_OLD_LIMIT "lxc.limit."

const virLXCImportLXCKey *
virLXCImportLXCKeys(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcKeys);
    return lxcKeys;
}

char *
virLXCImportLXCKeyCurrent(const char *key, unsigned int *nets)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcOldKeys); i++) {
        if (g_str_equal(lxcOldKeys[i].old, key))
            return g_strdup(lxcOldKeys[i].current);
    }

    if (g_str_equal(key, "lxc.network"))
        return g_strdup("lxc.net");
    if (g_str_has_prefix(key, LXC_OLD_LIMIT))
        return g_strconcat("lxc.prlimit.", key + strlen(LXC_OLD_LIMIT), NULL);
    if (!g_str_has_prefix(key, LXC_OLD_NET))
        return g_strdup(key);

    key += strlen(LXC_OLD_NET);
    if (g_str_equal(key, "type"))
        (*nets)++;
    return g_strdup_printf("lxc.net.old%u.%s", *nets, key);
}
