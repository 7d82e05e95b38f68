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
     "<sys_admin state='off'/>", virLXCScoreCapabilities, "sys_admin"},
    {"kernel-code", 10,
     N_("Processes can load code into the kernel, and access its memory and "
        "hardware."),
     "<sys_module state='off'/>", virLXCScoreCapabilities,
     "sys_module sys_rawio"},
    {"tracing", 5,
     N_("Processes can examine others, and load BPF programs into the kernel."),
     "<sys_ptrace state='off'/>", virLXCScoreCapabilities,
     "sys_ptrace perfmon bpf checkpoint_restore"},
    {"file-permissions", 4,
     N_("Processes can ignore the permissions of files."),
     "<dac_read_search state='off'/>", virLXCScoreCapabilities,
     "dac_read_search dac_override fowner linux_immutable"},
    {"mknod", 3, N_("Processes can create device nodes."),
     "<mknod state='off'/>", virLXCScoreCapabilities, "mknod"},
    {"net-admin", 5,
     N_("Processes can configure network devices and the firewall."),
     "<net_admin state='off'/>", virLXCScoreCapabilities, "net_admin"},
    {"net-raw", 3, N_("Processes can send and receive any packets."),
     "<net_raw state='off'/>", virLXCScoreCapabilities, "net_raw"},
    {"users", 4,
     N_("Processes can become any user, and give files capabilities."),
     "<setuid state='off'/>", virLXCScoreCapabilities,
     "setuid setgid setfcap setpcap"},
    {"clock", 2, N_("Processes can set the clocks, and wake up the host."),
     "<sys_time state='off'/>", virLXCScoreCapabilities, "sys_time wake_alarm"},
    {"reboot", 2,
     N_("Processes can reboot the host where the kernel does not contain "
        "that."),
     "<sys_boot state='off'/>", virLXCScoreCapabilities, "sys_boot"},
    {"audit", 2,
     N_("Processes can read and write the host's logs of the kernel and of "
        "audit, or turn audit off."),
     "<syslog state='off'/>", virLXCScoreCapabilities,
     "syslog audit_control audit_read audit_write"},
    {"lsm", 3, N_("Processes can change or bypass mandatory access control."),
     "<mac_admin state='off'/>", virLXCScoreCapabilities,
     "mac_admin mac_override"},
    {"resources", 2,
     N_("Processes can exceed limits, lock memory, and take precedence over "
        "others."),
     "<sys_resource state='off'/>", virLXCScoreCapabilities,
     "sys_resource sys_nice ipc_lock"},
    {"future-capabilities", 3,
     N_("Capabilities that a later kernel adds are kept."),
     "<capabilities policy='deny'/>", virLXCScoreFutureCapabilities, NULL},

    {"idmap", 10, N_("Root of the container is root of the host."), "<idmap>",
     virLXCScoreIdmap, NULL},
    {"host-network", 5,
     N_("Processes use the network of the host or of another container."),
     "<privnet/>", virLXCScoreNetwork, NULL},
    {"init-user", 3, N_("Init runs as the container's root."),
     "<inituser>1000</inituser>", virLXCScoreInitUser, NULL},
    {"no-new-privs", 5,
     N_("Programs such as sudo and su can give processes more privileges."),
     "<no-new-privs state='on'/>", virLXCScoreNoNewPrivs, NULL},
    {"user-namespaces", 5,
     N_("Processes can create user namespaces, in which they have all "
        "capabilities."),
     "<namespace type='user' action='errno'/>", virLXCScoreUserNamespaces,
     NULL},

    {"files", 6,
     N_("Access to the files of the container is not restricted by path."),
     "<fs>", virLXCScoreRights,
     "execute write_file read_file read_dir make_reg remove_file refer "
     "truncate ioctl_dev"},
    {"write-everywhere", 4,
     N_("Processes can create, change and remove files everywhere."),
     "<path target='/' allow='read execute'/>", virLXCScoreEverywhere,
     "write_file make_reg remove_file"},
    {"write-execute", 3,
     N_("Processes can write programs, and then execute them."),
     "<path target='/tmp' allow='read write create'/>", virLXCScoreWriteExecute,
     NULL},
    {"tcp", 4, N_("Processes can use all TCP ports."), "<net>",
     virLXCScoreRights, "bind_tcp connect_tcp"},
    {"udp", 2, N_("Processes can use all UDP ports."), "<landlock abi='10'>",
     virLXCScoreRights, "bind_udp connect_send_udp"},
    {"abstract-sockets", 3,
     N_("Processes can connect to abstract UNIX sockets outside the "
        "container."),
     "<scope abstract-unix-socket='on'/>", virLXCScoreRights,
     "abstract-unix-socket"},
    {"signals", 1,
     N_("Processes can send signals to processes that join the container."),
     "<scope signal='on'/>", virLXCScoreRights, "signal"},
    {"best-effort", 2,
     N_("The domain also starts on kernels that cannot enforce Landlock."),
     "<landlock mode='required'>", virLXCScoreBestEffort, NULL},

    {"system-calls", 10,
     N_("System calls are not filtered, or only some are refused."),
     "<seccomp/>", virLXCScoreSeccomp, NULL},
    {"abis", 3,
     N_("Processes can make system calls of other ABIs, which are less "
        "tested."),
     "<seccomp>", virLXCScoreABIs, NULL},
    {"unknown-calls", 4,
     N_("Processes can make system calls that are newer than the policy."),
     "<unknown action='errno' errno='ENOSYS'/>", virLXCScoreUnknownCalls, NULL},
    {"io-uring", 5,
     N_("Processes can use io_uring, where filters do not see operations."),
     "<syscall name='io_uring_setup' action='errno' errno='ENOSYS'/>",
     virLXCScoreCalls, "io_uring_setup io_uring_enter io_uring_register"},
    {"keyrings", 3, N_("Processes can use the kernel's keyrings."),
     "<syscall name='keyctl' action='errno'/>", virLXCScoreCalls,
     "keyctl add_key request_key"},
    {"bpf-and-perf", 4,
     N_("Processes can call bpf() and perf_event_open(), which have often had "
        "bugs."),
     "<syscall name='bpf' action='errno'/>", virLXCScoreCalls,
     "bpf perf_event_open"},
    {"page-faults", 3,
     N_("Processes can stop the kernel in the middle of an operation, which "
        "helps to exploit bugs."),
     "<syscall name='userfaultfd' action='errno'/>", virLXCScoreCalls,
     "userfaultfd"},
    {"kernel-loading", 3,
     N_("Processes can call the functions that load modules and kernels."),
     "<syscall name='init_module' action='errno'/>", virLXCScoreCalls,
     "init_module finit_module delete_module kexec_load kexec_file_load"},
    {"mounting", 4, N_("Processes can call mount() and its relatives."),
     "<syscall name='mount' action='errno'/>", virLXCScoreCalls,
     "mount umount2 pivot_root open_tree move_mount fsopen fsmount fspick "
     "mount_setattr"},
    {"file-handles", 3,
     N_("Processes can open files by handle, past the container's root."),
     "<syscall name='open_by_handle_at' action='errno'/>", virLXCScoreCalls,
     "open_by_handle_at"},
    {"socket-families", 4,
     N_("Processes can create sockets of families that few programs need."),
     "<socket family='alg' action='errno' errno='EAFNOSUPPORT'/>",
     virLXCScoreSockets,
     "alg vsock packet netlink bluetooth can tipc rds smc x25 nfc xdp"},

    {"kernel-files-read", 4,
     N_("Processes can read files of the kernel that belong to the host."),
     "<kernel-files/>", virLXCScoreReadableFiles, NULL},
    {"kernel-files-write", 6,
     N_("Root of the container can write files of the kernel that belong to "
        "the host."),
     "<kernel-files/>", virLXCScoreWritableFiles, NULL},
};

const virLXCScoreRow *
virLXCScoreTable(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcScoreRows);
    return lxcScoreRows;
}
