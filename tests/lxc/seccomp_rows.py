# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the directories operator-* of tests/data/seccomp-filter.

    seccomp_rows.py DIRECTORY           writes them
    seccomp_rows.py --check DIRECTORY   says whether they are as it would do

One directory for each operator, in it a rule for each argument and value, each
of a call of its own. Which calls they allow is computed here, without the code
that is tested.
"""

import operator
import pathlib
import sys

# Calls of every architecture that can be "native" below.
CALLS = '''
accept4 acct add_key adjtimex bind brk capget capset chdir chroot clock_adjtime
clock_getres clock_gettime clock_nanosleep clock_settime close connect
delete_module dup dup3 epoll_create1 epoll_ctl epoll_pwait eventfd2 execve exit
exit_group faccessat fallocate fanotify_init fanotify_mark fchdir fchmod
fchmodat fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr
fsetxattr fstat fstatfs fsync ftruncate futex get_mempolicy get_robust_list
getcpu getcwd getdents64 getegid geteuid getgid getgroups getitimer getpeername
getpgid getpid getppid getpriority getresgid getresuid getrusage getsid
getsockname getsockopt gettid gettimeofday getuid getxattr init_module
inotify_add_watch inotify_init1 inotify_rm_watch io_cancel io_destroy
io_getevents io_setup io_submit ioctl ioprio_get ioprio_set kexec_load keyctl
kill lgetxattr linkat listen
'''.split()

ARGUMENTS = 6
TOP = 2 ** 64 - 1

VALUES = (
    0x0, 0x1, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x100000001,
    0x1ffffffff, 0x7fffffffffffffff, 0x8000000000000000, 0xfffffffeffffffff,
    0xffffffff00000000, 0xfffffffffffffffe, TOP,
)

# Value and mask.
MASKED = (
    (0x0, 0x0), (0x0, 0x1), (0x1, 0x1), (0x80000000, 0x80000000),
    (0x0, 0xffffffff), (0xffffffff, 0xffffffff), (0x0, 0x7e020000),
    (0x100000000, 0x100000000), (0x0, 0xffffffff00000000),
    (0xffffffff00000000, 0xffffffff00000000), (0x8000000000000000,) * 2,
    (0x100000001, 0x8000000180000001), (0x100000000, TOP), (TOP, TOP),
)

COMPARE = {
    'eq': operator.eq, 'ne': operator.ne, 'lt': operator.lt,
    'le': operator.le, 'gt': operator.gt, 'ge': operator.ge,
}


def conditions(name):
    """All (value, mask) of an operator that can hold."""
    if name == 'masked-eq':
        return MASKED
    never = {'lt': 0, 'gt': TOP}.get(name)
    return [(value, None) for value in VALUES if value != never]


def holds(name, argument, value, mask):
    if name == 'masked-eq':
        return argument & mask == value
    return COMPARE[name](argument, value)


def near(value):
    """Arguments that could be taken for a value."""
    high, low = value >> 32 << 32, value & 0xffffffff
    found = {0, 1, TOP, value, low, high, value ^ 1, high ^ 1 << 32 | low,
             high | low ^ 0x80000000, value ^ 1 << 63, low << 32 | high >> 32,
             high | 0xffffffff, 0xffffffff << 32 | low}
    found |= {(value + step) % (TOP + 1) for step in (-1, 1, 2 ** 32, -2 ** 32)}
    return sorted(found)


def document(name, rules):
    yield "<domain type='lxc'>"
    yield f'  <name>operator-{name}</name>'
    yield '  <features>'
    yield "    <seccomp policy='deny'>"
    for call, index, value, mask in rules:
        bits = '' if mask is None else f" mask='{mask:#x}'"
        yield f"      <syscall name='{call}' action='allow'>"
        yield (f"        <arg index='{index}' op='{name}' "
               f"value='{value:#x}'{bits}/>")
        yield '      </syscall>'
    yield '    </seccomp>'
    yield '  </features>'
    yield '</domain>'


def rows(name, rules):
    yield '# Made by tests/lxc/seccomp_rows.py.'
    yield 'host x86_64|s390x|aarch64 6.12'
    for call, index, value, mask in rules:
        for wanted, verdict in ((True, 'allow'), (False, 'errno EPERM')):
            alike = '|'.join(f'{n:#x}' for n in near(value)
                             if holds(name, n, value, mask) == wanted)
            if alike:
                arguments = ', '.join(['_'] * index + [alike])
                yield f'native {call}({arguments}) {verdict}'


def files():
    for name in (*COMPARE, 'masked-eq'):
        pairs = [(index, value, mask) for index in range(ARGUMENTS)
                 for value, mask in conditions(name)]
        rules = [(call, *pair) for call, pair in zip(CALLS, pairs)]
        assert len(rules) == len(pairs)
        yield f'operator-{name}/in.xml', document(name, rules)
        yield f'operator-{name}/rows.txt', rows(name, rules)


def main():
    check = sys.argv[1] == '--check'
    directory = pathlib.Path(sys.argv[-1])
    differ = False
    for name, lines in files():
        path = directory / name
        text = ''.join(f'{line}\n' for line in lines)
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding='utf-8')
        elif path.read_text(encoding='utf-8') != text:
            print(f'{path} is not what seccomp_rows.py writes')
            differ = True
    sys.exit(differ)


if __name__ == '__main__':
    main()
