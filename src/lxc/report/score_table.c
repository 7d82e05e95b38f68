/*
 * score_table.c: the table of checks
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Weights: 10 for what gives root of the container control over the host by
 * itself, 5 for what is a usual way there if the kernel has a bug, 2 for what
 * discloses information or uses up resources, and values between them.
 */

#include "i18n.h"
#include "score_check.h"

static const virLXCScoreRow lxcScoreRows[] = {
    {"sys-admin", 10,
     N_("Processes can mount file systems and administer most of the kernel."),
     "<NAME state='off'/>", NULL, "sys_admin", virLXCScoreHoldsCapability,
     NULL},
    {"kernel-code", 10,
     N_("Processes can load code into the kernel, and access its memory and "
        "hardware."),
     "<NAME state='off'/>", NULL, "sys_module sys_rawio",
     virLXCScoreHoldsCapability, NULL},
    {"tracing", 5,
     N_("Processes can examine others, and load BPF programs into the kernel."),
     "<NAME state='off'/>", NULL, "sys_ptrace perfmon bpf checkpoint_restore",
     virLXCScoreHoldsCapability, NULL},
    {"file-permissions", 4,
     N_("Processes can ignore the permissions of files."),
     "<NAME state='off'/>", NULL,
     "dac_read_search dac_override fowner linux_immutable",
     virLXCScoreHoldsCapability, NULL},
    {"mknod", 3, N_("Processes can create device nodes."),
     "<NAME state='off'/>", NULL, "mknod", virLXCScoreHoldsCapability, NULL},
    {"net-admin", 5,
     N_("Processes can configure network devices and the firewall."),
     "<NAME state='off'/>", NULL, "net_admin", virLXCScoreHoldsCapability,
     NULL},
    {"net-raw", 3, N_("Processes can send and receive any packets."),
     "<NAME state='off'/>", NULL, "net_raw", virLXCScoreHoldsCapability, NULL},
    {"users", 4,
     N_("Processes can become any user, and give files capabilities."),
     "<NAME state='off'/>", NULL, "setuid setgid setfcap setpcap",
     virLXCScoreHoldsCapability, NULL},
    {"clock", 2, N_("Processes can set the clocks, and wake up the host."),
     "<NAME state='off'/>", NULL, "sys_time wake_alarm",
     virLXCScoreHoldsCapability, NULL},
    {"reboot", 2,
     N_("Processes can reboot the host where the kernel does not contain "
        "that."),
     "<NAME state='off'/>", NULL, "sys_boot", virLXCScoreHoldsCapability, NULL},
    {"audit", 2,
     N_("Processes can read and write the host's logs of the kernel and of "
        "audit, or turn audit off."),
     "<NAME state='off'/>", NULL, "syslog audit_control audit_read audit_write",
     virLXCScoreHoldsCapability, NULL},
    {"lsm", 3, N_("Processes can change or bypass mandatory access control."),
     "<NAME state='off'/>", NULL, "mac_admin mac_override",
     virLXCScoreHoldsCapability, NULL},
    {"resources", 2,
     N_("Processes can exceed limits, lock memory, and take precedence over "
        "others."),
     "<NAME state='off'/>", NULL, "sys_resource sys_nice ipc_lock",
     virLXCScoreHoldsCapability, NULL},
    {"future-capabilities", 3,
     N_("Capabilities that a later kernel adds are kept."),
     "<capabilities policy='deny'/>", virLXCScoreFutureCapabilities, NULL, NULL,
     NULL},

    {"idmap", 10,
     N_("Root of the container is root of the host, or can become it."),
     "<idmap>", virLXCScoreIdmap, NULL, NULL, NULL},
    {"host-network", 5,
     N_("Processes use the network of the host or of another container."),
     "<privnet/>", virLXCScoreNetwork, NULL, NULL, NULL},
    {"init-user", 3, N_("Init runs as the container's root."),
     "<inituser>1000</inituser>", virLXCScoreInitUser, NULL, NULL, NULL},
    {"no-new-privs", 5,
     N_("Programs such as sudo and su can give processes more privileges."),
     "<no-new-privs state='on'/>", virLXCScoreNoNewPrivs, NULL, NULL, NULL},
    {"user-namespaces", 5,
     N_("Processes can create user namespaces, in which they have all "
        "capabilities."),
     "<namespace type='user' action='errno'/>", virLXCScoreUserNamespaces, NULL,
     NULL, NULL},

    {"files", 6,
     N_("Access to the files of the container is not restricted by path."),
     "<fs>", NULL,
     "execute write_file read_file read_dir make_reg remove_file refer "
     "truncate ioctl_dev",
     virLXCScoreIsUnrestricted, virLXCScoreSuggestLandlock},
    {"write-everywhere", 4,
     N_("Processes can create, change and remove files everywhere."),
     "<path target='/' allow='read execute'/>", NULL,
     "write_file make_reg remove_file", virLXCScoreIsEverywhere,
     virLXCScoreSuggestLandlock},
    {"write-execute", 3,
     N_("Processes can write programs, and then execute them."), "<fs>",
     virLXCScoreWriteExecute, NULL, NULL, virLXCScoreSuggestWriteExecute},
    {"tcp", 4, N_("Processes can use all TCP ports."), "<net>", NULL,
     "bind_tcp connect_tcp", virLXCScoreIsUnrestricted,
     virLXCScoreSuggestLandlock},
    {"udp", 2, N_("Processes can use all UDP ports."), "<net>", NULL,
     "bind_udp connect_send_udp", virLXCScoreIsUnrestricted,
     virLXCScoreSuggestLandlock},
    {"abstract-sockets", 3,
     N_("Processes can connect to abstract UNIX sockets outside the "
        "container."),
     "<scope abstract-unix-socket='on'/>", NULL, "abstract-unix-socket",
     virLXCScoreReachesAbstractSockets, virLXCScoreSuggestLandlock},
    {"signals", 1,
     N_("Processes can send signals to processes that join the container."),
     "<scope signal='on'/>", NULL, "signal", virLXCScoreIsUnrestricted,
     virLXCScoreSuggestLandlock},
    {"best-effort", 2,
     N_("The domain also starts on kernels that cannot enforce Landlock."),
     "<landlock mode='required'>", virLXCScoreBestEffort, NULL, NULL,
     virLXCScoreSuggestLandlock},

    {"system-calls", 10,
     N_("System calls are not filtered, or only some are refused."),
     "<seccomp/>", virLXCScoreSeccomp, NULL, NULL, virLXCScoreSuggestSeccomp},
    {"abis", 3,
     N_("Processes can make system calls of other ABIs, which are less "
        "tested."),
     "<seccomp>", virLXCScoreABIs, NULL, NULL, NULL},
    {"unknown-calls", 4,
     N_("Processes can make system calls that are newer than the policy."),
     "<unknown action='errno' errno='ENOSYS'/>", virLXCScoreUnknownCalls, NULL,
     NULL, NULL},
    {"io-uring", 5,
     N_("Processes can use io_uring, where filters do not see operations."),
     "<syscall name='NAME' action='errno' errno='ENOSYS'/>", NULL,
     "io_uring_setup io_uring_enter io_uring_register", virLXCScoreIsCallable,
     NULL},
    {"keyrings", 3, N_("Processes can use the kernel's keyrings."),
     "<syscall name='NAME' action='errno'/>", NULL,
     "keyctl add_key request_key", virLXCScoreIsCallable, NULL},
    {"bpf-and-perf", 4,
     N_("Processes can call bpf() and perf_event_open(), which have often had "
        "bugs."),
     "<syscall name='NAME' action='errno'/>", NULL, "bpf perf_event_open",
     virLXCScoreIsCallable, NULL},
    {"page-faults", 3,
     N_("Processes can stop the kernel in the middle of an operation, which "
        "helps to exploit bugs."),
     "<syscall name='NAME' action='errno'/>", NULL, "userfaultfd",
     virLXCScoreIsCallable, NULL},
    {"kernel-loading", 3,
     N_("Processes can call the functions that load modules and kernels."),
     "<syscall name='NAME' action='errno'/>", NULL,
     "init_module finit_module delete_module kexec_load kexec_file_load",
     virLXCScoreIsCallable, NULL},
    {"mounting", 4, N_("Processes can call mount() and its relatives."),
     "<syscall name='NAME' action='errno'/>", NULL,
     "mount umount2 pivot_root open_tree move_mount fsopen fsmount fspick "
     "mount_setattr",
     virLXCScoreIsCallable, NULL},
    {"file-handles", 3,
     N_("Processes can open files by handle, past the container's root."),
     "<syscall name='NAME' action='errno'/>", NULL, "open_by_handle_at",
     virLXCScoreIsCallable, NULL},
    {"socket-families", 4,
     N_("Processes can create sockets of families that few programs need."),
     "<socket family='NAME' action='errno' errno='EAFNOSUPPORT'/>", NULL,
     "alg vsock packet netlink bluetooth can tipc rds smc x25 nfc xdp",
     virLXCScoreIsFamilyUsable, NULL},

    {"kernel-files-read", 4,
     N_("Processes can read files of the kernel that belong to the host."),
     "<kernel-files/>", virLXCScoreReadableFiles, NULL, NULL,
     virLXCScoreSuggestFile},
    {"kernel-files-write", 6,
     N_("Root of the container can write files of the kernel that belong to "
        "the host."),
     "<kernel-files/>", virLXCScoreWritableFiles, NULL, NULL,
     virLXCScoreSuggestFile},
};

const virLXCScoreRow *
virLXCScoreTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcScoreRows);
    return lxcScoreRows;
}
