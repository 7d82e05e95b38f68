# SPDX-License-Identifier: LGPL-2.1-or-later
"""<seccomp policy='default'> in containers that keep these or those capabilities.

What the filter denies fails with an errno that no call has of its own; all else
is the kernel's answer to arguments that make the call harmless."""

import tap
from seccomp import Confined, denied, element
from tap import rows

EBADE = denied('errno', 'EBADE')
ADMIN, SYS_PTRACE = {'sys_admin'}, {'sys_ptrace'}

# Deed, capabilities any of which opens it, the kernel's answer then
CONDITIONAL = [
    ('call mount 1 1 1 0 0', ADMIN, 'EFAULT'),
    ('call umount2 1 0', ADMIN, 'EFAULT'),
    ('call pivot_root 1 1', ADMIN, 'EFAULT'),
    ('call fsopen 1 0', ADMIN, 'EFAULT'),
    ('call setns -1 0', ADMIN, 'EBADF'),
    ('call sethostname 1 1', ADMIN, 'EFAULT'),
    ('call quotactl -1 0 0 0', ADMIN, ('EINVAL', 'ENOSYS')),
    ('call unshare 0x10000000', ADMIN, 'OK'),      # CLONE_NEWUSER
    ('call unshare 0x20000', ADMIN, 'OK'),         # CLONE_NEWNS
    ('call unshare 0x80', ADMIN, ('OK', 'EINVAL')),  # CLONE_NEWTIME
    ('call unshare 0x100000400', ADMIN, 'EINVAL'),
    ('clone 0x10000000', ADMIN, 'OK'),
    ('clone 0x20000000', ADMIN, 'OK'),             # CLONE_NEWPID
    ('clone 0x110000000', ADMIN, 'OK'),
    ('call bpf 0xffff 0 0', ADMIN | {'bpf'}, 'EINVAL'),
    ('call perf_event_open 1 0 0 -1 0', ADMIN | {'perfmon'},
     ('EFAULT', 'ENOSYS')),
    ('call chroot 1', {'sys_chroot'}, 'EFAULT'),
    ('call init_module 1 0 1', {'sys_module'}, ('ENOEXEC', 'ENOSYS')),
    ('call delete_module 1 0', {'sys_module'}, ('EFAULT', 'ENOSYS')),
    ('call acct 1', {'sys_pacct'}, ('EFAULT', 'ENOSYS')),
    ('call ptrace 0', SYS_PTRACE, 'OK'),
    ('trace', SYS_PTRACE, 'OK'),
    ('call process_vm_readv 0 0 0 0 0 0', SYS_PTRACE, 'OK'),
    ('call kcmp 0 0 99 0 0', SYS_PTRACE, ('ESRCH', 'ENOSYS')),
    ('call iopl 4', {'sys_rawio'}, ('EINVAL', 'ENOSYS')),
    ('call settimeofday 1 0', {'sys_time'}, 'EFAULT'),
    ('call clock_settime 0 1', {'sys_time'}, 'EFAULT'),
    # The filter lets it through with sys_admin, the kernel wants syslog.
    ('call syslog 10 0 0', ADMIN | {'syslog'}, ('OK', 'EPERM')),
    ('call reboot 0 0 0 0', {'sys_boot'}, 'EINVAL'),
]

AUDIT = ['call socket 16 3 9', 'call socket 0x100000010 3 0x100000009']

ALWAYS = {
    'call getpid': 'OK', 'thread getpid': 'OK', 'clone 0': 'OK',
    'clone 0x100000000': 'OK', 'call unshare 0x400': 'OK',  # CLONE_FILES
    'call keyctl 0 -3 0': ('OK', 'ENOKEY', 'ENOSYS'),
    'call socket 16 3 0': 'OK', 'call socket 1 1 0': 'OK',
    'call socket 2 1 0': 'OK', 'call socketpair 1 1 0 0': 'EFAULT',
    # AF_ALG and AF_VSOCK: the kernel looks at 32 bits
    'call socket 38 5 0': 'EAFNOSUPPORT', 'call socket 40 1 0': 'EAFNOSUPPORT',
    'call socket 0x100000026 5 0': 'EAFNOSUPPORT',
    'call socket 0xffffffff00000028 1 0': 'EAFNOSUPPORT',
    'call socketpair 38 5 0 0': 'EAFNOSUPPORT',
    'call personality 0xffffffff': 'OK', 'call personality 0': 'OK',
    'call personality 0x20008': 'OK', 'call personality 0x500000008': 'OK',
    'call name_to_handle_at -1 1 1 1 0': 'EFAULT',
    # Denied whatever the domain keeps
    'call open_by_handle_at -1 1 0': 'EBADE', 'call kexec_load 0 17 1 -1': 'EBADE',
    'call kexec_file_load -1 -1 0 0 -1': 'EBADE', 'call swapon 1 0': 'EBADE',
    'call userfaultfd -1': 'EBADE', 'call personality 0x40000': 'EBADE',
    'call personality 0x80008': 'EBADE', 'call personality 0xfffffffe': 'EBADE',
    'call vmsplice -1 0 0 0': 'EBADE', 'int80 20': 'EBADE',
    'call 0x40000027': 'EBADE',
    # As if absent
    'call add_key 1 1 1 1 1': 'ENOSYS', 'call request_key 1 1 1 1': 'ENOSYS',
    'call 425 1 1': 'ENOSYS', 'call 600': 'ENOSYS', 'call -1': 'ENOSYS',
}

# A filter that a process of the container adds. What restricts more, counts; of
# two errnos, that of the newer filter: 0x50000 is SECCOMP_RET_ERRNO, 18 EXDEV.
STACKED = {
    'filter getppid 0x50012 call getppid': 'EXDEV',
    'filter getppid 0x50012 call getuid': 'OK',
    'filter getppid 0x50012 call vmsplice': 'EBADE',
    'filter vmsplice 0x50012 call vmsplice': 'EXDEV',
    'filter vmsplice 0x7fff0000 call vmsplice': 'EBADE',
    'fate filter getppid 0x80000000 call getppid': 'SIGSYS',
    'fate filter vmsplice 0x80000000 call vmsplice': 'SIGSYS',
}
UNDER_NNP = {f'nnp {deed}': end for deed, end in STACKED.items()}
REFUSED = {deed: 'no filter: EACCES' for deed in STACKED if 'fate' not in deed}

EVERYTHING = set().union(*(needed for _, needed, _ in CONDITIONAL),
                         {'audit_write'})
# What <capabilities policy='default'> drops
NOT_BY_DEFAULT = {'sys_module', 'sys_time'}
OTHERS = EVERYTHING - ADMIN - {'audit_write'}


def listed(names):
    entries = ''.join(f'<{name}/>' for name in sorted(names))
    return f"<capabilities policy='deny'>{entries}</capabilities>"


class Default(Confined):
    @rows([
        ('default', '', EVERYTHING - NOT_BY_DEFAULT, STACKED | UNDER_NNP),
        ('none', listed([]), set(), REFUSED | UNDER_NNP),
        ('none, no-new-privs', listed([]) + '<no-new-privs/>', set(), STACKED),
        ('sys_admin', listed(ADMIN), ADMIN, STACKED),
        ('all but sys_admin', listed(OTHERS), OTHERS, REFUSED | UNDER_NNP),
        ('allow', "<capabilities policy='allow'/>", EVERYTHING, STACKED),
        ('allow, no-new-privs',
         "<capabilities policy='allow'/><no-new-privs/>", EVERYTHING, STACKED),
    ])
    def test_capabilities(self, features, kept, stacked):
        deeds = {deed: end if needed & kept else 'EBADE'
                 for deed, needed, end in CONDITIONAL}
        deeds |= {deed: 'OK' if 'audit_write' in kept else 'EINVAL'
                  for deed in AUDIT}
        # Its flags are in memory, so there is none where they would matter.
        deeds['call clone3 0 0'] = 'EINVAL' if kept & ADMIN else 'ENOSYS'
        self.assertDeeds(features + element(EBADE), deeds | ALWAYS | stacked)

    @rows([('bpf', 'bpf', 'call bpf 0xffff 0 0'),
           ('perfmon', 'perfmon', 'call perf_event_open 1 0 0 -1 0'),
           ('sys_ptrace', 'sys_ptrace', 'trace')])
    def test_alone(self, capability, deed):
        """It opens what it is about, and nothing else."""
        opened = {deed for deed, needed, _ in CONDITIONAL if capability in needed}
        self.assertIn(deed, opened)
        self.assertDeeds(listed([capability]) + element(EBADE),
                         {deed: end if capability in needed else 'EBADE'
                          for deed, needed, end in CONDITIONAL})

    def test_alice(self):
        """Who is not root has what is listed, and that decides."""
        self.assertDeeds(
            listed(['sys_chroot']) + element(EBADE), user=
            '<inituser>alice</inituser>', deeds=
            {deed: end if needed & {'sys_chroot'} else 'EBADE'
             for deed, needed, end in CONDITIONAL} | ALWAYS | REFUSED | UNDER_NNP)


if __name__ == '__main__':
    tap.main()
