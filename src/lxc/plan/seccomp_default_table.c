/*
 * seccomp_default_table.c: rows of the built-in seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * docs/lxc-seccomp-default.rst explains the reasons.
 */

#include "seccomp_default_table.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <sched.h>
#include <sys/socket.h>

#include "capabilities_table.h"

#define CAP(name) VIR_LXC_CAPABILITY_BIT(CAP_##name)
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The argument is an int: the kernel ignores the upper half of the register. */
/* clang-format off */
#define INT_EQ(index, value) \
    {index, VIR_LXC_SECCOMP_MASKED_EQ, value, G_MAXUINT32}
#define NO_BITS(index, bits) {index, VIR_LXC_SECCOMP_MASKED_EQ, 0, bits}
/* clang-format on */

#define LXC_CLONE_NAMESPACES                                                \
    ((guint64)CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
     CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define LXC_UNSHARE_NO_NAMESPACE \
    ((guint64)CLONE_FILES | CLONE_FS | CLONE_SYSVSEM)

static const char *const lxcX86_64[] = {"x86_64", "x32", NULL};
static const char *const lxcX86[] = {"x86_64", "x32", "i686", NULL};
static const char *const lxcARM[] = {"aarch64", "armv7l", NULL};
static const char *const lxcPPC64LE[] = {"ppc64le", NULL};
static const char *const lxcRISCV[] = {"riscv64", NULL};
static const char *const lxcS390[] = {"s390x", "s390", NULL};
static const char *const lxcMIPS[] = {
    "mips64el", "mips64eln32", "mipsel", "mips64", "mips64n32", "mips", NULL,
};

/* The default for .action is VIR_LXC_SECCOMP_ALLOW. */
static const virLXCSeccompDefaultGroup lxcSeccompGroups[] = {
    {
        .purpose = "opening, reading, writing and closing files",
        .names = NAMES(
            "_llseek", "cachestat", "close", "close_range", "copy_file_range",
            "creat", "dup", "dup2", "dup3", "fadvise64", "fadvise64_64",
            "fallocate", "fcntl", "fcntl64", "fdatasync", "flock", "fsync",
            "ftruncate", "ftruncate64", "ioctl", "lseek", "open", "openat",
            "openat2", "pipe", "pipe2", "pread64", "preadv", "preadv2",
            "pwrite64", "pwritev", "pwritev2", "read", "readahead", "readv",
            "sendfile", "sendfile64", "splice", "sync", "sync_file_range",
            "syncfs", "tee", "truncate", "truncate64", "write", "writev"),
    },
    {
        .purpose = "directories and their entries",
        .names =
            NAMES("access", "chdir", "faccessat", "faccessat2", "fchdir",
                  "getcwd", "getdents", "getdents64", "link", "linkat", "mkdir",
                  "mkdirat", "mknod", "mknodat", "name_to_handle_at", "readdir",
                  "readlink", "readlinkat", "rename", "renameat", "renameat2",
                  "rmdir", "symlink", "symlinkat", "unlink", "unlinkat"),
    },
    {
        .purpose = "attributes of files and file systems",
        .names = NAMES(
            "chmod", "chown", "chown32", "fchmod", "fchmodat", "fchmodat2",
            "fchown", "fchown32", "fchownat", "fgetxattr", "file_getattr",
            "file_setattr", "flistxattr", "fremovexattr", "fsetxattr", "fstat",
            "fstat64", "fstatat64", "fstatfs", "fstatfs64", "futimesat",
            "getxattr", "getxattrat", "lchown", "lchown32", "lgetxattr",
            "listmount", "listxattr", "listxattrat", "llistxattr",
            "lremovexattr", "lsetxattr", "lstat", "lstat64", "newfstatat",
            "removexattr", "removexattrat", "setxattr", "setxattrat", "stat",
            "stat64", "statfs", "statfs64", "statmount", "statx", "umask",
            "utime", "utimensat", "utimensat_time64", "utimes"),
    },
    {
        .purpose = "waiting for events and watching files",
        .names =
            NAMES("_newselect", "epoll_create", "epoll_create1", "epoll_ctl",
                  "epoll_ctl_old", "epoll_pwait", "epoll_pwait2", "epoll_wait",
                  "epoll_wait_old", "eventfd", "eventfd2", "fanotify_mark",
                  "inotify_add_watch", "inotify_init", "inotify_init1",
                  "inotify_rm_watch", "poll", "ppoll", "ppoll_time64",
                  "pselect6", "pselect6_time64", "select"),
    },
    {
        .purpose = "asynchronous I/O",
        .names =
            NAMES("io_cancel", "io_destroy", "io_getevents", "io_pgetevents",
                  "io_pgetevents_time64", "io_setup", "io_submit"),
    },
    {
        .purpose = "memory",
        .names = NAMES("brk", "get_mempolicy", "madvise", "map_shadow_stack",
                       "mbind", "membarrier", "memfd_create", "memfd_secret",
                       "mincore", "mlock", "mlock2", "mlockall", "mmap",
                       "mmap2", "mprotect", "mremap", "mseal", "msync",
                       "munlock", "munlockall", "munmap", "pkey_alloc",
                       "pkey_free", "pkey_mprotect", "remap_file_pages",
                       "set_mempolicy", "set_mempolicy_home_node"),
    },
    {
        .purpose = "processes and programs",
        .names =
            NAMES("execve", "execveat", "exit", "exit_group", "fork", "getpgid",
                  "getpgrp", "getpid", "getppid", "getsid", "gettid", "kill",
                  "pidfd_open", "pidfd_send_signal", "prctl",
                  "process_mrelease", "setpgid", "setsid", "tgkill", "tkill",
                  "uprobe", "uretprobe", "vfork", "wait4", "waitid", "waitpid"),
    },
    {
        .purpose = "threads",
        .names = NAMES("futex", "futex_requeue", "futex_time64", "futex_wait",
                       "futex_waitv", "futex_wake", "get_robust_list",
                       "get_thread_area", "getcpu", "rseq", "rseq_slice_yield",
                       "set_robust_list", "set_thread_area", "set_tid_address"),
    },
    {
        .purpose = "signals",
        .names =
            NAMES("alarm", "pause", "restart_syscall", "rt_sigaction",
                  "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo",
                  "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait",
                  "rt_sigtimedwait_time64", "rt_tgsigqueueinfo", "sigaction",
                  "sigaltstack", "signal", "signalfd", "signalfd4",
                  "sigpending", "sigprocmask", "sigreturn", "sigsuspend"),
    },
    {
        .purpose = "process credentials",
        .names = NAMES(
            "capget", "capset", "getegid", "getegid32", "geteuid", "geteuid32",
            "getgid", "getgid32", "getgroups", "getgroups32", "getresgid",
            "getresgid32", "getresuid", "getresuid32", "getuid", "getuid32",
            "setfsgid", "setfsgid32", "setfsuid", "setfsuid32", "setgid",
            "setgid32", "setgroups", "setgroups32", "setregid", "setregid32",
            "setresgid", "setresgid32", "setresuid", "setresuid32", "setreuid",
            "setreuid32", "setuid", "setuid32"),
    },
    {
        .purpose = "self-restriction",
        .names = NAMES("landlock_add_rule", "landlock_create_ruleset",
                       "landlock_restrict_self", "lsm_get_self_attr",
                       "lsm_list_modules", "seccomp"),
    },
    {
        .purpose = "scheduling and resource limits",
        .names = NAMES("getpriority", "getrlimit", "getrusage", "ioprio_get",
                       "ioprio_set", "prlimit64", "sched_get_priority_max",
                       "sched_get_priority_min", "sched_getaffinity",
                       "sched_getattr", "sched_getparam", "sched_getscheduler",
                       "sched_rr_get_interval", "sched_rr_get_interval_time64",
                       "sched_setaffinity", "sched_setattr", "sched_setparam",
                       "sched_setscheduler", "sched_yield", "setpriority",
                       "setrlimit", "ugetrlimit"),
    },
    /* adjtimex and similar calls can also read the clock. To change it, the
     * kernel requires CAP_SYS_TIME. */
    {
        .purpose = "time and timers",
        .names = NAMES(
            "adjtimex", "clock_adjtime", "clock_adjtime64", "clock_getres",
            "clock_getres_time64", "clock_gettime", "clock_gettime64",
            "clock_nanosleep", "clock_nanosleep_time64", "getitimer",
            "gettimeofday", "nanosleep", "setitimer", "time", "timer_create",
            "timer_delete", "timer_getoverrun", "timer_gettime",
            "timer_gettime64", "timer_settime", "timer_settime64", "timerfd",
            "timerfd_create", "timerfd_gettime", "timerfd_gettime64",
            "timerfd_settime", "timerfd_settime64", "times"),
    },
    /* AF_ALG exposes kernel code that containers do not need. AF_VSOCK reaches
     * the hypervisor from any network namespace. Programs handle EAFNOSUPPORT
     * as on a kernel without these families. On s390, the C library creates all
     * sockets through socketcall(2), where a filter cannot distinguish them. */
    {
        .purpose = "sockets that reach past the container",
        .names = NAMES("socket", "socketpair"),
        .notArchs = lxcS390,
        .action = {VIR_LXC_SECCOMP_ERRNO, EAFNOSUPPORT},
        .conditions = {INT_EQ(0, AF_ALG)},
        .nconditions = 1,
    },
    {
        .purpose = "sockets that reach past the container",
        .names = NAMES("socket", "socketpair"),
        .notArchs = lxcS390,
        .action = {VIR_LXC_SECCOMP_ERRNO, EAFNOSUPPORT},
        .conditions = {INT_EQ(0, AF_VSOCK)},
        .nconditions = 1,
    },
    /* Behaves like a kernel without auditing, which programs handle better than
     * EPERM. The kernel itself prevents them from writing records. A filter
     * cannot inspect the arguments if sockets are created through
     * socketcall(2). */
    {
        .purpose = "audit sockets",
        .names = NAMES("socket"),
        .without = CAP(AUDIT_WRITE),
        .notArchs = lxcS390,
        .action = {VIR_LXC_SECCOMP_ERRNO, EINVAL},
        .conditions = {INT_EQ(0, AF_NETLINK), INT_EQ(2, NETLINK_AUDIT)},
        .nconditions = 2,
    },
    {
        .purpose = "sockets",
        .names = NAMES("accept", "accept4", "bind", "connect", "getpeername",
                       "getsockname", "getsockopt", "listen", "recv",
                       "recvfrom", "recvmmsg", "recvmmsg_time64", "recvmsg",
                       "send", "sendmmsg", "sendmsg", "sendto", "setsockopt",
                       "shutdown", "socket", "socketpair"),
    },
    {
        .purpose = "message queues, semaphores and shared memory",
        .names =
            NAMES("mq_getsetattr", "mq_notify", "mq_open", "mq_timedreceive",
                  "mq_timedreceive_time64", "mq_timedsend",
                  "mq_timedsend_time64", "mq_unlink", "msgctl", "msgget",
                  "msgrcv", "msgsnd", "semctl", "semget", "semop", "semtimedop",
                  "semtimedop_time64", "shmat", "shmctl", "shmdt", "shmget"),
    },
    {
        .purpose = "system-wide operations",
        .names = NAMES("getrandom", "sysinfo", "uname"),
    },
    {
        .purpose = "kernel log",
        .names = NAMES("syslog"),
        .with = CAP(SYSLOG) | CAP(SYS_ADMIN),
    },
    {
        .purpose = "reboot",
        .names = NAMES("reboot"),
        .with = CAP(SYS_BOOT),
    },
    {
        .purpose = "execution domain",
        .names = NAMES("personality"),
        .conditions = {INT_EQ(0, 0x0)},
        .nconditions = 1,
    },
    {
        .purpose = "execution domain",
        .names = NAMES("personality"),
        .conditions = {INT_EQ(0, 0x8)},
        .nconditions = 1,
    },
    {
        .purpose = "execution domain",
        .names = NAMES("personality"),
        .conditions = {INT_EQ(0, 0x20000)},
        .nconditions = 1,
    },
    {
        .purpose = "execution domain",
        .names = NAMES("personality"),
        .conditions = {INT_EQ(0, 0x20008)},
        .nconditions = 1,
    },
    {
        .purpose = "execution domain",
        .names = NAMES("personality"),
        .conditions = {INT_EQ(0, 0xffffffff)},
        .nconditions = 1,
    },
    {
        .purpose = "creating and entering namespaces",
        .names = NAMES("clone", "clone3", "setns", "unshare"),
        .with = CAP(SYS_ADMIN),
    },
    /* On s390, flags are the second argument. */
    {
        .purpose = "creating processes without new namespaces",
        .names = NAMES("clone"),
        .without = CAP(SYS_ADMIN),
        .archs = lxcS390,
        .conditions = {NO_BITS(1, LXC_CLONE_NAMESPACES)},
        .nconditions = 1,
    },
    {
        .purpose = "creating processes without new namespaces",
        .names = NAMES("clone"),
        .without = CAP(SYS_ADMIN),
        .notArchs = lxcS390,
        .conditions = {NO_BITS(0, LXC_CLONE_NAMESPACES)},
        .nconditions = 1,
    },
    /* The flags are in memory, where a filter cannot inspect them. */
    {
        .purpose = "creating processes without new namespaces",
        .names = NAMES("clone3"),
        .without = CAP(SYS_ADMIN),
        .action = {VIR_LXC_SECCOMP_ERRNO, ENOSYS},
    },
    {
        .purpose = "unsharing attributes other than namespaces",
        .names = NAMES("unshare"),
        .without = CAP(SYS_ADMIN),
        .conditions = {NO_BITS(0, ~LXC_UNSHARE_NO_NAMESPACE)},
        .nconditions = 1,
    },
    {
        .purpose = "mounts",
        .names = NAMES("fsconfig", "fsmount", "fsopen", "fspick", "mount",
                       "mount_setattr", "move_mount", "open_tree",
                       "open_tree_attr", "pivot_root", "umount", "umount2"),
        .with = CAP(SYS_ADMIN),
    },
    {
        .purpose = "system administration",
        .names = NAMES("fanotify_init", "lookup_dcookie", "quotactl",
                       "quotactl_fd", "setdomainname", "sethostname"),
        .with = CAP(SYS_ADMIN),
    },
    {
        .purpose = "BPF",
        .names = NAMES("bpf"),
        .with = CAP(SYS_ADMIN) | CAP(BPF),
    },
    {
        .purpose = "performance monitoring",
        .names = NAMES("perf_event_open"),
        .with = CAP(SYS_ADMIN) | CAP(PERFMON),
    },
    {
        .purpose = "changing the root directory",
        .names = NAMES("chroot", "fchroot"),
        .with = CAP(SYS_CHROOT),
    },
    {
        .purpose = "kernel modules",
        .names = NAMES("delete_module", "finit_module", "init_module",
                       "query_module"),
        .with = CAP(SYS_MODULE),
    },
    {
        .purpose = "process accounting",
        .names = NAMES("acct"),
        .with = CAP(SYS_PACCT),
    },
    {
        .purpose = "inspecting and tracing other processes",
        .names = NAMES("kcmp", "pidfd_getfd", "process_madvise",
                       "process_vm_readv", "process_vm_writev", "ptrace"),
        .with = CAP(SYS_PTRACE),
    },
    {
        .purpose = "I/O ports",
        .names = NAMES("ioperm", "iopl"),
        .with = CAP(SYS_RAWIO),
    },
    {
        .purpose = "setting the clock",
        .names =
            NAMES("clock_settime", "clock_settime64", "settimeofday", "stime"),
        .with = CAP(SYS_TIME),
    },
    {
        .purpose = "hanging up terminals",
        .names = NAMES("vhangup"),
        .with = CAP(SYS_TTY_CONFIG),
    },
    {
        .purpose = "architecture-specific calls",
        .names = NAMES("arch_prctl"),
        .archs = lxcX86_64,
    },
    {
        .purpose = "architecture-specific calls",
        .names = NAMES("modify_ldt"),
        .archs = lxcX86,
    },
    {
        .purpose = "architecture-specific calls",
        .names = NAMES("arm_fadvise64_64", "arm_sync_file_range", "breakpoint",
                       "cacheflush", "get_tls", "set_tls", "sync_file_range2"),
        .archs = lxcARM,
    },
    {
        .purpose = "architecture-specific calls",
        .names = NAMES("sync_file_range2"),
        .archs = lxcPPC64LE,
    },
    {
        .purpose = "architecture-specific calls",
        .names = NAMES("riscv_flush_icache", "riscv_hwprobe"),
        .archs = lxcRISCV,
    },
    {
        .purpose = "architecture-specific calls",
        .names = NAMES("s390_guarded_storage", "s390_pci_mmio_read",
                       "s390_pci_mmio_write", "s390_runtime_instr"),
        .archs = lxcS390,
    },
    {
        .purpose = "architecture-specific calls",
        .names = NAMES("cacheflush"),
        .archs = lxcMIPS,
    },
    {
        .purpose = "hidden: operations that bypass the filter",
        .names = NAMES("io_uring_enter", "io_uring_register", "io_uring_setup"),
        .action = {VIR_LXC_SECCOMP_ERRNO, ENOSYS},
    },
    {
        .purpose = "hidden: access to resources outside the container",
        .names = NAMES("add_key", "keyctl", "listns", "lsm_set_self_attr",
                       "request_key", "s390_sthyi"),
        .action = {VIR_LXC_SECCOMP_ERRNO, ENOSYS},
    },
    {
        .purpose = "hidden: architecture-specific and rarely used",
        .names = NAMES("modify_ldt"),
        .notArchs = lxcX86,
        .action = {VIR_LXC_SECCOMP_ERRNO, ENOSYS},
    },
    {
        .purpose = "hidden: architecture-specific and rarely used",
        .names = NAMES("cachectl", "rtas", "spu_create", "spu_run",
                       "subpage_prot", "switch_endian", "sys_debug_setcontext",
                       "sysmips", "usr26", "usr32"),
        .action = {VIR_LXC_SECCOMP_ERRNO, ENOSYS},
    },
    {
        .purpose = "removed from Linux or never implemented",
        .names =
            NAMES("_sysctl", "afs_syscall", "break", "create_module", "ftime",
                  "get_kernel_syms", "getpmsg", "gtty", "idle", "lock", "mpx",
                  "multiplexer", "prof", "profil", "putpmsg", "security",
                  "stty", "tuxcall", "ulimit", "vserver"),
        .action = {VIR_LXC_SECCOMP_ERRNO, ENOSYS},
    },
    {
        .purpose = "denied: access to resources outside the container",
        .names = NAMES("kexec_file_load", "kexec_load", "open_by_handle_at",
                       "pciconfig_iobase", "pciconfig_read", "pciconfig_write",
                       "swapoff", "swapon"),
        .denied = true,
    },
    {
        .purpose = "denied: commonly used to exploit the kernel",
        .names = NAMES("migrate_pages", "move_pages", "userfaultfd", "vm86",
                       "vm86old", "vmsplice"),
        .denied = true,
    },
    {
        .purpose = "denied: obsolete",
        .names =
            NAMES("bdflush", "nfsservctl", "nice", "oldfstat", "oldlstat",
                  "oldolduname", "oldstat", "olduname", "sgetmask", "ssetmask",
                  "swapcontext", "syscall", "sysfs", "uselib", "ustat"),
        .denied = true,
    },
};

const virLXCSeccompDefaultGroup *
virLXCSeccompDefaultGroups(size_t *nrows)
{
    *nrows = G_N_ELEMENTS(lxcSeccompGroups);
    return lxcSeccompGroups;
}
