# SPDX-License-Identifier: LGPL-2.1-or-later
"""What <seccomp> says is what calls of a container get: policies, actions,
conditions, ABIs."""

import operator

import tap
from seccomp import (PROBE_RULES, Confined, denied, element, rule, unknown)
from tap import rows

DENY = {'policy': 'deny'}
ALLOW = {'policy': 'allow'}

# Numbers that no call has, and never will: -1 is what tracers skip calls by.
NONE, SKIPPED = 'call 600', 'call -1'


class Policy(Confined):
    @rows([
        ('deny', element(PROBE_RULES, rule('getppid', 'allow'), **DENY),
         {'call getppid': 'OK', 'call getuid': 'EPERM', 'call openat2': 'EPERM',
          'thread getppid': 'OK', 'thread getuid': 'EPERM', 'int80 20': 'EPERM',
          NONE: 'ENOSYS', SKIPPED: 'ENOSYS', 'call 0x40000027': 'EPERM'}),
        ('allow', element(rule('getppid', 'errno'),
                          rule('getuid', 'errno', errno='ENOANO'), **ALLOW),
         {'call getppid': 'EPERM', 'call getuid': 'ENOANO', 'call getgid': 'OK',
          'thread getgid': 'OK', 'int80 20': 'EPERM', NONE: 'ENOSYS',
          SKIPPED: 'ENOSYS', 'call 0x40000027': 'EPERM'}),
        ('default', element(rule('getppid', 'errno', errno='EXDEV'),
                            rule('userfaultfd', 'allow'),
                            rule('personality', 'allow', (0, 'eq', '0x40000'))),
         {'call getppid': 'EXDEV', 'call getuid': 'OK', 'thread getuid': 'OK',
          'call userfaultfd 0xffff': 'EINVAL', 'call vmsplice': 'EPERM',
          'call personality 0x40000': 'OK', 'call personality 0x8': 'OK',
          'call personality 0x80000': 'EPERM', 'int80 20': 'EPERM',
          NONE: 'ENOSYS', SKIPPED: 'ENOSYS', 'call 0x40000027': 'EPERM'}),
    ])
    def test_policy(self, features, deeds):
        self.assertDeeds(features, deeds)

    def test_none(self):
        """Without the element none of the above is refused."""
        self.assertDeeds('', {'call getppid': 'OK', 'call getuid': 'OK',
                              'call personality 0x80000': 'OK',
                              'int80 20': 'OK', 'trap call getppid': 'OK'})


class Actions(Confined):
    def test_of_rules(self):
        self.assertDeeds(element(
            rule('getppid', 'errno', errno='ENOANO'),
            rule('getuid', 'errno', errno='133'),
            rule('gettid', 'errno', errno='1'),
            rule('getgid', 'trap'), rule('geteuid', 'kill-thread'),
            rule('getegid', 'kill-process'), rule('getpgrp', 'trace'),
            rule('sched_yield', 'log'), rule('setsid', 'allow'), **ALLOW), {
                'call getppid': 'ENOANO', 'call getuid': 'EHWPOISON',
                'call gettid': 'EPERM',
                'trap call getgid': 'trap 104 0xc000003e 1 0',
                'fate call getgid': 'SIGSYS',
                'fate thread geteuid': 'thread ended',
                'fate call geteuid': 'SIGSYS',
                'fate thread getegid': 'SIGSYS', 'fate call getegid': 'SIGSYS',
                'call getpgrp': 'ENOSYS', 'call sched_yield': 'OK',
                'call setsid': 'OK'})

    @rows([
        ('errno 1', 'errno', '1', {'call gettid': 'EPERM', 'call getppid': 'EPERM'}),
        ('errno EXDEV', 'errno', 'EXDEV', {'call getppid': 'EXDEV'}),
        ('trap', 'trap', None, {'trap call getppid': 'trap 110 0xc000003e 1 0',
                                'trap int80 20': 'trap 20 0x40000003 1 0'}),
        ('trace', 'trace', None, {'call getppid': 'ENOSYS'}),
        ('kill-thread', 'kill-thread', None,
         {'fate thread getppid': 'thread ended', 'fate int80 20': 'SIGSYS'}),
        ('kill-process', 'kill-process', None,
         {'fate thread getppid': 'SIGSYS', 'fate int80 20': 'SIGSYS'}),
        # A trial run does not open other ABIs.
        ('log', 'log', None, {'call getppid': 'OK', 'int80 20': 'EPERM'}),
    ])
    def test_denied(self, action, errno, deeds):
        """Calls that are denied, newer than the policy, allowed."""
        self.assertDeeds(
            element(denied(action, errno), unknown('errno', 'EDOM'), PROBE_RULES,
                    rule('getuid', 'allow'), **DENY),
            deeds | {'call getuid': 'OK', NONE: 'EDOM'})

    @rows([
        ('errno', 'errno', 'ENOANO', '5.5',
         {NONE: 'ENOANO', 'call openat2': 'ENOANO', 'call clone3': 'EXDEV'}),
        ('kernel', 'errno', None, '5.0',
         {NONE: 'ENOSYS', 'call openat2': 'ENOSYS', 'call clone3': 'ENOSYS'}),
        ('kill-process', 'kill-process', None, '5.5',
         {f'fate {NONE}': 'SIGSYS', 'fate call openat2': 'SIGSYS',
          'call clone3': 'EXDEV'}),
    ])
    def test_unknown(self, action, errno, kernel, deeds):
        """clone3 came with Linux 5.3, openat2 with 5.6."""
        rules = PROBE_RULES.replace(rule('clone3', 'allow'), '')
        self.assertDeeds(
            element(denied('errno', 'EXDEV'), unknown(action, errno, kernel),
                    rules, rule('getuid', 'allow'), **DENY),
            deeds | {'call getuid': 'OK', 'call getppid': 'EXDEV',
                     SKIPPED: 'ENOSYS'})


# Calls that ignore their arguments, filters do not.
DEAF = ['getppid', 'getuid', 'geteuid', 'getgid', 'getegid', 'getpgrp', 'gettid']
OPERATORS = {'eq': operator.eq, 'ne': operator.ne, 'lt': operator.lt,
             'le': operator.le, 'gt': operator.gt, 'ge': operator.ge}
BOUNDARY = 1 << 32
VALUES = [0, 1, BOUNDARY - 1, BOUNDARY, BOUNDARY + 1, 2 * BOUNDARY - 1,
          2 * BOUNDARY, (1 << 63) - 1, 1 << 63, (1 << 64) - 1]


def with_argument(name, index, value):
    return ' '.join(['call', name, *['0'] * index, hex(value)])


class Conditions(Confined):
    @rows([(hex(value), value) for value in (BOUNDARY - 1, BOUNDARY, 1 << 63)])
    def test_operators(self, value):
        rules, deeds = [], {}
        for name, (op, holds) in zip(DEAF, OPERATORS.items()):
            rules.append(rule(name, 'errno', (2, op, hex(value)), errno='EXDEV'))
            deeds |= {with_argument(name, 2, given):
                      'EXDEV' if holds(given, value) else 'OK'
                      for given in VALUES}
        self.assertDeeds(element(*rules, **ALLOW), deeds)

    @rows([('both halves', 0xffffffff0000ffff, 0x100000001),
           ('upper half', 0xffffffff00000000, 0x100000000),
           ('lower half', 0xffffffff, 0xffffffff), ('nothing', 0xf, 0x0)])
    def test_masked(self, mask, value):
        self.assertDeeds(
            element(rule('getppid', 'errno', (5, 'masked-eq', hex(value),
                                              hex(mask)), errno='EXDEV'),
                    **ALLOW),
            {with_argument('getppid', 5, given):
             'EXDEV' if given & mask == value else 'OK' for given in VALUES})

    def test_several(self):
        """Conditions of one rule must all hold, the first such rule counts."""
        self.assertDeeds(element(
            rule('getppid', 'errno', (0, 'ge', '0x10'), (0, 'lt', '0x100000000'),
                 errno='EXDEV'),
            rule('getppid', 'errno', (0, 'eq', '0x20'), errno='EDOM'),
            rule('getppid', 'errno', (0, 'le', '1'), errno='EDOM'),
            rule('getppid', 'allow', (1, 'eq', '7')),
            rule('getppid', 'errno', errno='ENOANO'),
            rule('getuid', 'allow', (0, 'eq', '1'), (5, 'eq', '2')),
            rule('getuid', 'errno', (0, 'eq', '1'), errno='EXDEV'), **ALLOW), {
                'call getppid 0xf': 'ENOANO', 'call getppid 0x10': 'EXDEV',
                'call getppid 0x20': 'EXDEV', 'call getppid 0xffffffff': 'EXDEV',
                'call getppid 0x100000000': 'ENOANO', 'call getppid 1': 'EDOM',
                'call getppid 0 7': 'EDOM', 'call getppid 2 7': 'OK',
                'call getuid 1': 'EXDEV', 'call getuid 1 0 0 0 0 2': 'OK',
                'call getuid 2 0 0 0 0 2': 'OK'})


I686 = "<arch name='i686'/>"
X32 = "<arch name='x32'/>"
X32_BIT = 0x40000000


class ABIs(Confined):
    """Programs of x86-64 that use the kernel's other doors."""

    def test_deny(self):
        self.assertDeeds(
            element(I686, PROBE_RULES, rule('getppid listen semget', 'allow'),
                    rule('getuid getuid32', 'errno', errno='EXDEV'), **DENY), {
                'int80 getppid': 'OK', 'int80 getuid': 'EXDEV',
                'int80 getuid32': 'EXDEV', 'int80 getgid32': 'EPERM',
                'int80 getpid': 'EPERM', 'int80 600': 'ENOSYS',
                'socketcall 4 0xffff': 'EBADF',  # listen
                'socketcall 1 1 1': 'EPERM',     # socket
                'socketcall 99': 'EPERM',
                'int80 ipc 2 0 1 0600': 'OK',    # semget
                'int80 ipc 13 0 0600': 'EPERM',  # msgget
                'int80 ipc 0x1000d 0 0600': 'EPERM',
                'int80 socket 1 1 0': 'EPERM', 'int80 -1': 'ENOSYS',
                f'call {X32_BIT | 39:#x}': 'EPERM'})

    def test_allow(self):
        self.assertDeeds(
            element(I686, X32, rule('socket msgget', 'errno', errno='EXDEV'),
                    rule('getppid', 'errno', (0, 'eq', '7'), errno='EDOM'),
                    rule('bind', 'errno', (0, 'eq', '7'), errno='EDOM'),
                    **ALLOW), {
                'int80 getpid': 'OK', 'int80 getppid 7': 'EDOM',
                'int80 getppid 8': 'OK',
                'socketcall 1 1 1': 'EXDEV', 'int80 socket 1 1 0': 'EXDEV',
                'call socket 1 1 0': 'EXDEV', 'socketcall 4 0xffff': 'EBADF',
                # What the condition is about is where no filter can look.
                'socketcall 2 8': 'EDOM', 'int80 bind 0xff': 'EBADF',
                'int80 ipc 13 0 0600': 'EXDEV', 'int80 msgget 0 0600': 'EXDEV',
                'int80 ipc 2 0 1 0600': 'OK',
                # Allowed, where the kernel has it
                f'call {X32_BIT | 39:#x}': ('OK', 'ENOSYS'),
                f'call {X32_BIT | 110:#x} 7': ('EDOM', 'ENOSYS')})

    def test_arguments_in_memory(self):
        """Where no filter can look: the worst that the rules could answer."""
        writable = 'memory80 mmap 0 4096 3 0x22 0xffffffff 0'
        executable = 'memory80 mmap 0 4096 7 0x22 0xffffffff 0'
        nothing = 'memory80 select 0 0 0 0 0x1000'
        self.assertDeeds(
            element(I686, rule('mmap mmap2', 'errno', (2, 'masked-eq', 4, 4),
                               errno='EACCES'), **ALLOW), {
                executable: 'EACCES', writable: 'EACCES', nothing: 'EFAULT',
                'int80 mmap2 0 4096 7 0x22 0xffffffff 0': 'EACCES',
                'int80 mmap2 0 4096 3 0x22 0xffffffff 0': 'OK'})
        self.assertDeeds(
            element(I686, rule('select', 'errno', (0, 'gt', 8), errno='EDOM'),
                    **ALLOW), {
                executable: 'OK', writable: 'OK', nothing: 'EDOM'})

    def test_default(self):
        self.assertDeeds(
            element(I686), {
                'int80 getpid': 'OK', 'int80 socket 1 1 0': 'OK',
                'int80 socket 38 5 0': 'EAFNOSUPPORT',
                'int80 socket 40 1 0': 'EAFNOSUPPORT',
                # It could be of any family.
                'socketcall 1 1 1': 'EAFNOSUPPORT',
                'int80 ipc 2 0 1 0600': 'OK',
                'int80 personality 0x8': 'OK',
                'int80 personality 0x80000': 'EPERM', 'int80 olduname': 'EPERM',
                'int80 vm86': 'EPERM', 'int80 600': 'ENOSYS',
                f'call {X32_BIT | 39:#x}': 'EPERM'})

    def test_default_of_all_families(self):
        self.assertDeeds(
            element(I686, "<socket family='alg' action='allow'/>"
                          "<socket family='vsock' action='allow'/>"), {
                'socketcall 1 1 1': 'OK', 'int80 socket 1 1 0': 'OK'})


def family(name, errno):
    return f"<socket family='{name}' action='errno' errno='{errno}'/>"


class Families(Confined):
    """<socket>; with errnos that no kernel returns for a family."""

    def test_some(self):
        self.assertDeeds(
            element(family('alg', 'EXDEV'), family('vsock', 'EDOM'),
                    family('packet', 'ENOANO'), family('smc', 'EBADE'), **ALLOW), {
                'call socket 38 5 0': 'EXDEV', 'call socketpair 38 5 0 0': 'EXDEV',
                'call socket 40 1 0': 'EDOM', 'call socketpair 40 1 0 0': 'EDOM',
                # The kernel looks at 32 bits.
                'call socket 0x100000026 5 0': 'EXDEV',
                'call socket 0xffffffff00000028 1 0': 'EDOM',
                'call socket 17 3 0': 'ENOANO', 'call socket 43 1 0': 'EBADE',
                # Ways to get these by way of others: SOCK_PACKET, IPPROTO_SMC
                'call socket 2 10 0x300': 'ENOANO', 'call socket 2 0x8000a 0': 'ENOANO',
                'call socket 2 1 256': 'EBADE', 'call socket 10 1 256': 'EBADE',
                'call socket 1 1 0': 'OK', 'call socket 2 1 6': 'OK',
                'call socket 2 2 0': 'OK', 'call socket 16 3 0': 'OK',
                'call io_uring_setup 1 1': 'ENOSYS'})

    def test_rest(self):
        self.assertDeeds(
            element("<socket action='errno' errno='EXDEV'/>",
                    "<socket family='unix' action='allow'/>", **ALLOW), {
                'call socket 1 1 0': 'OK', 'call socket 0x100000001 1 0': 'OK',
                'call socket 2 1 0': 'EXDEV', 'call socket 16 3 0': 'EXDEV',
                'call socket 0 1 0': 'EXDEV', 'call socket 999 1 0': 'EXDEV'})


# linux/sched.h
FLAGS = {'user': 0x10000000, 'mnt': 0x20000, 'net': 0x40000000, 'pid': 0x20000000,
         'ipc': 0x8000000, 'uts': 0x4000000, 'cgroup': 0x2000000, 'time': 0x80}


class Namespaces(Confined):
    @rows([(name, name) for name in FLAGS])
    def test_type(self, name):
        """One is refused, all others can be made."""
        deeds = {'call setns -1 0': 'EXDEV', 'call clone3 1 88': 'ENOSYS',
                 'clone 0': 'OK', 'call unshare 0x400': 'OK'}
        for other, flag in FLAGS.items():
            refused = other == name
            deeds[f'call setns -1 {flag:#x}'] = 'EXDEV' if refused else 'EBADF'
            deeds[f'call unshare {flag:#x}'] = 'EXDEV' if refused else 'OK'
            deeds[f'call unshare {flag | 0x400:#x}'] = 'EXDEV' if refused else 'OK'
            if other != 'time':
                deeds[f'clone {flag:#x}'] = 'EXDEV' if refused else 'OK'
        self.assertDeeds(
            element(f"<namespace type='{name}' action='errno' errno='EXDEV'/>",
                    **ALLOW), deeds)


if __name__ == '__main__':
    tap.main()
