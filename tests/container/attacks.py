# SPDX-License-Identifier: LGPL-2.1-or-later
"""Attacks on the host and on other containers, and what stops each of them.

A row is a deed of the probe and what comes of it. On the host, as root, that is
the control: what happens where nothing stops the deed. In a container it is
"BLOCK:ERRNO[/ERRNO]", where BLOCK is what stops it, or "allowed", which means the
same as on the host if no other result follows.

BLOCK is one of

  capabilities   the kernel asks for a capability that is not kept
  seccomp        the call is refused; the test's filters do so with EBADE, except
                 calls that the built-in profile hides with ENOSYS or
                 EAFNOSUPPORT
  landlock       no rule allows it, or a scope is closed
  idmap          the kernel asks for a capability in its initial user namespace, or
                 the file belongs to a user who is not in the map
  namespace      what is outside has no name in the container
  kernel-files   the file is masked or read-only
  set-up         what every container gets: read-only mounts, a terminal of its own,
                 a keyring of its own, no descriptor of the host
"""

from typing import NamedTuple

from harness import IDMAP
from landlock import element as landlock
from landlock import FS_RIGHTS, SCOPE_ABI, host_abi, known, probe_paths

BLOCKS = ('capabilities', 'seccomp', 'landlock', 'idmap', 'namespace',
          'kernel-files', 'set-up')

DENY = "<capabilities policy='deny'/>"
SECCOMP = (DENY + "<kernel-files/>"
           "<seccomp><denied action='errno' errno='EBADE'/></seccomp>")
ABI = host_abi()
DEVICE_RIGHTS = [right for right in FS_RIGHTS
                 if right in ('read_file', 'write_file', 'ioctl_dev')]
# As far as the kernel can, up to ABI 7
LANDLOCK = SECCOMP + landlock(
    fs=probe_paths({'/': ['read_file', 'read_dir', 'execute'], '/dev': DEVICE_RIGHTS,
                    '/tmp': ['write_file', 'make_reg', 'remove_file']}),
    **known(net='', scope="abstract-unix-socket='on' signal='on'"))

# Name: (features, idmap)
CONFIGURATIONS = {
    'default': ('', ''),
    'deny': (DENY, ''),
    'seccomp': (SECCOMP, ''),
    'landlock': (LANDLOCK, ''),
    'idmap': (SECCOMP + '<privnet/>', IDMAP),
}

OUTSIDE = 'ct-escape-outside'  # an abstract socket of the host
OTHER = 'ct-escape-other'      # one of another container
KEY = 'ct-host-key'            # in the daemon's session
USER_KEY = 'ct-user-key'       # of the host's root
SEGMENT = 0x63740001           # of shared memory: of the host, and of the other
SCOPE = 'landlock:EPERM'       # what <scope> gives


class Attack(NamedTuple):
    name: str
    deed: str
    host: str     # what the deed gives where it is allowed
    default: str
    deny: str
    seccomp: str
    landlock: str
    idmap: str
    absent: str = ''  # what it gives where the kernel lacks the feature


def privileged(name, deed, host, errno='EPERM', default='allowed', absent=''):
    """What a capability that only `deny` drops protects, and a call that the
    filter refuses."""
    refused = 'seccomp:EBADE'
    return Attack(name, deed, host, default, f'capabilities:{errno}', refused,
                  refused, refused, absent)


def kernel_file(path):
    """A file of the host's kernel that its root may write."""
    return Attack(path, f'open w {path}', 'OK', 'allowed', 'allowed',
                  'kernel-files:EROFS', 'kernel-files:EROFS', 'idmap:EACCES', 'ENOENT')


def masked(path, deny='allowed'):
    return Attack(path, f'read {path}', 'OK', 'allowed', deny,
                  *['kernel-files:empty'] * 3, absent='ENOENT')


def read_only(path):
    """A file that no container can write."""
    return Attack(path, f'open w {path}', 'OK', *['set-up:EROFS'] * 4,
                  'idmap:EACCES', 'ENOENT')


def device(name, kind, number, absent=''):
    node = ['capabilities:mknod:EPERM'] * 5
    node[3] = 'landlock:mknod:EACCES'
    return Attack(name, f'node {kind} {number}', 'OK', *node, absent=absent)


def everywhere(name, deed, host, cell):
    return Attack(name, deed, host, *[cell] * 5)


ATTACKS = [
    # Raw memory and devices
    device('/dev/mem', 'c', '1 1', 'open:ENXIO'),
    device('/dev/kmem', 'c', '1 2', 'open:ENXIO'),
    device('/dev/port', 'c', '1 4', 'open:ENXIO'),
    device('/dev/null', 'c', '1 3'),
    privileged('iopl', 'io-ports', 'OK', absent='ENOSYS'),
    # Code and data of the kernel
    privileged('init_module', 'call init_module 1 0 1', 'ENOEXEC',
               default='capabilities:EPERM', absent='ENOSYS'),
    privileged('finit_module', 'finit-module', 'ENOEXEC',
               default='capabilities:EPERM', absent='ENOSYS'),
    privileged('kexec_load', 'call kexec_load 0 17 1 -1', 'EINVAL', absent='ENOSYS'),
    privileged('kexec_file_load', 'call kexec_file_load -1 -1 0 0 -1', 'EINVAL',
               absent='ENOSYS'),
    privileged('bpf', 'bpf', 'OK'),
    privileged('perf_event_open', 'perf', 'OK', 'EACCES'),
    privileged('userfaultfd', 'call userfaultfd 0', 'OK'),
    Attack('io_uring', 'io-uring', 'OK', 'allowed', 'allowed',
           *['seccomp:ENOSYS'] * 3),
    # Other ABIs
    Attack('i386', 'int80 getppid', 'OK', 'allowed', 'allowed',
           *['seccomp:EBADE'] * 3),
    Attack('x32', 'call 0x40000027', 'OK', 'allowed', 'allowed',
           *['seccomp:EBADE'] * 3, absent='ENOSYS'),
    # Keys, processes, descriptors
    Attack("the daemon's key", f'key {KEY}', 'OK', 'set-up:ENOKEY', 'set-up:ENOKEY',
           *['seccomp:ENOSYS'] * 3),
    Attack("keys of the host's root", f'user-key {USER_KEY}', 'OK', 'allowed', 'allowed',
           *['seccomp:ENOSYS'] * 3),
    Attack('ptrace of its own', 'process own seize', 'OK', 'allowed', 'allowed',
           *['seccomp:EBADE'] * 3),
    Attack('ptrace outside', 'process outside seize', 'OK', 'namespace:ESRCH',
           'namespace:ESRCH', *['seccomp:EBADE'] * 3),
    Attack('process_vm_readv outside', 'process outside read', 'OK',
           'namespace:ESRCH', 'namespace:ESRCH', *['seccomp:EBADE'] * 3),
    everywhere('pidfd_open outside', 'process outside find', 'OK', 'namespace:ESRCH'),
    everywhere('kill outside', 'process outside signal', 'OK', 'namespace:ESRCH'),
    Attack('setns by a descriptor', 'setns-inherited', 'OK', 'set-up:EINVAL',
           'set-up:EINVAL', *['seccomp:EBADE'] * 3),
    # Namespaces and mounts
    privileged('setns', 'setns net', 'OK'),
    Attack('user namespace', 'userns', 'OK', 'allowed', 'allowed',
           *['seccomp:EBADE'] * 3),
    *[privileged(f'unshare {name}', f'call unshare {flag}', 'OK') for name, flag in (
        ('mnt', '0x20000'), ('cgroup', '0x2000000'), ('uts', '0x4000000'),
        ('ipc', '0x8000000'), ('pid', '0x20000000'), ('net', '0x40000000'),
        ('time', '0x80'))],
    privileged('mount', 'mount tmpfs /mnt', 'OK'),
    privileged('mount of a directory', 'bind-mount', 'OK'),
    privileged('umount2', 'umount', 'EAGAIN', default='allowed:EBUSY'),
    privileged('fsopen', 'fsopen tmpfs', 'OK'),
    privileged('open_tree', 'open-tree /', 'OK'),
    privileged('pivot_root', 'call pivot_root 1 1', 'EFAULT'),
    privileged('chroot', 'chroot /tmp', 'OK'),
    privileged('open_by_handle_at', 'handle /probe', 'OK'),
    privileged('swapoff', 'call swapoff 1', 'EFAULT'),
    everywhere('clock', 'clock', 'OK', 'capabilities:EPERM'),
    # Files of the kernel
    kernel_file('/proc/irq/default_smp_affinity'),
    kernel_file('/proc/sysrq-trigger'),
    masked('/proc/kallsyms'),
    masked('/proc/kcore', 'capabilities:EPERM'),
    read_only('/proc/sys/kernel/core_pattern'),
    read_only('/proc/sys/kernel/modprobe'),
    read_only('/sys/kernel/uevent_helper'),
    read_only('/sys/kernel/mm/ksm/run'),
    # Terminals
    # EIO where the sysctl dev.tty.legacy_tiocsti is 0
    Attack('TIOCSTI', 'inject', 'OK', 'allowed', *['capabilities:EPERM/EIO'] * 4),
    everywhere('TIOCLINUX', 'linux-console', 'OK', 'set-up:ENOTTY'),
    # Sockets
    *[Attack(name, f'socket {numbers}', 'OK', 'allowed', 'allowed',
             *['seccomp:EAFNOSUPPORT'] * 3, absent='EAFNOSUPPORT')
      for name, numbers in (('AF_VSOCK', '40 1 0'), ('AF_ALG', '38 5 0'))],
    everywhere('AF_NETLINK', 'socket 16 3 0', 'OK', 'allowed'),
    Attack('interfaces of the host', 'set-link', 'OK', 'allowed',
           *['capabilities:EPERM'] * 4),
    Attack('AF_PACKET', 'socket 17 3 0', 'OK', 'allowed', *['capabilities:EPERM'] * 4),
    Attack('raw IP', 'raw-socket', 'OK', 'allowed', *['capabilities:EPERM'] * 4),
    Attack('socket of the host', f'abstract {OUTSIDE}', 'OK', 'allowed',
           'allowed', 'allowed', SCOPE, 'namespace:ECONNREFUSED'),
    # One container against another
    Attack('socket of another container', f'abstract {OTHER}', 'OK',
           'allowed', 'allowed', 'allowed', SCOPE,
           'namespace:ECONNREFUSED'),
    everywhere('memory of another container', f'shm {SEGMENT}', 'OK',
               'namespace:ENOENT'),
]
