# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of <seccomp> write into domains, and find there."""

import ctypes
import functools
import hashlib
import os
import re
import signal
import subprocess
from xml.etree import ElementTree

import sandbox
from harness import Domain, OurInstance, status_of
from landlock import label
from tap import Case, Sandbox

LIBRARY = ctypes.CDLL('libseccomp.so.2')

# AUDIT_ARCH_… of linux/audit.h
ARCHS = {'x86_64': 0xc000003e, 'i686': 0x40000003}

# asm/unistd_32.h: what libseccomp takes for parts of socketcall(2) and ipc(2)
OF_THEIR_OWN = {'socket': 359, 'bind': 361, 'semget': 393, 'msgget': 399}

# Words of deeds that a call's name or number follows, and the ABI it is of
CALLERS = {'call': 'x86_64', 'value': 'x86_64', 'thread': 'x86_64',
           'filter': 'x86_64', 'int80': 'i686', 'memory80': 'i686'}

# What the probe needs to begin, to report, and to make processes and threads.
PROBE_CALLS = '''arch_prctl brk clone clone3 close dup2 execve exit exit_group fstat
    fcntl futex getrandom lseek madvise mmap mprotect munmap newfstatat open
    openat pause prlimit64 read readlink readlinkat rseq rt_sigaction
    rt_sigprocmask rt_sigreturn set_robust_list set_tid_address wait4
    write'''.split()


def number(name, arch='x86_64'):
    """Of a system call."""
    if re.match('-?[0-9]', name):
        return name
    found = LIBRARY.seccomp_syscall_resolve_name_arch(ARCHS[arch], name.encode())
    if found < 0 and arch == 'i686':
        found = OF_THEIR_OWN.get(name, found)
    assert found >= 0, name
    return str(found)


def attributes(values):
    return ''.join(f" {name}='{value}'" for name, value in values.items()
                   if value is not None)


def element(*content, **values):
    """<seccomp>"""
    return f"<seccomp{attributes(values)}>{''.join(content)}</seccomp>"


def denied(action, errno=None):
    return f"<denied{attributes({'action': action, 'errno': errno})}/>"


def unknown(action, errno=None, kernel=None):
    values = {'action': action, 'errno': errno, 'kernel': kernel}
    return f'<unknown{attributes(values)}/>'


def rule(names, action, *conditions, errno=None):
    """A <syscall> for each of the names; conditions are (index, operator, value)
    or (index, operator, value, mask)."""
    inner = ''.join(
        f"<arg{attributes(dict(zip(('index', 'op', 'value', 'mask'), row)))}/>"
        for row in conditions)
    return ''.join(
        f"<syscall name='{name}'{attributes({'action': action, 'errno': errno})}>"
        f'{inner}</syscall>' for name in names.split())


@functools.cache
def no_i386():
    """Why system calls of i386 cannot be tried here, or ''. The kernel, or what it runs on,
    may have none: then int 0x80 kills the process before any filter is asked."""
    done = subprocess.run([Sandbox.build / 'tests/container/probe', 'one', 'deed', 'int80',
                           number('getpid', 'i686')], stdout=subprocess.DEVNULL, check=False)
    died = done.returncode == -signal.SIGSEGV
    return 'this machine has no system calls of i386' if died else ''


def is_of_i386(deed):
    return not {'int80', 'socketcall', 'memory80'}.isdisjoint(deed.split())


PROBE_RULES = rule(' '.join(PROBE_CALLS), 'allow')


def spell(deed):
    """With numbers in the place of names of calls."""
    words = deed.split()
    for i, word in enumerate(words[:-1]):
        if word in CALLERS:
            words[i + 1] = number(words[i + 1], CALLERS[word])
    return ' '.join(words)


class Confined(Case):
    """Tests of domains with <seccomp>."""

    def domain(self, features, deeds=(), **kwargs):
        domain = Domain(Sandbox.instance(OurInstance), features=features,
                        job=[f'{label(deed)} {spell(deed)}' for deed in deeds],
                        **kwargs)
        self.addCleanup(domain.remove_later)
        return domain

    def assertResults(self, results, deeds):
        """That what was done came out as the dictionary says; a tuple holds
        several possible ends. What the machine cannot do is left out."""
        if no_i386() and any(map(is_of_i386, deeds)):
            self.leave_out(no_i386())
            deeds = {deed: end for deed, end in deeds.items() if not is_of_i386(deed)}
        wrong = {deed: results.get(label(deed)) for deed, end in deeds.items()
                 if results.get(label(deed)) not in
                 (end if isinstance(end, tuple) else (end,))}
        self.assertEqual(wrong, {deed: deeds[deed] for deed in wrong})

    def assertDeeds(self, features, deeds, **kwargs):
        """Runs the domain; returns it."""
        domain = self.domain(features, deeds, **kwargs)
        self.assertResults(domain.run(), deeds)
        return domain

    def assertLoaded(self, domain):
        """One filter, the one that the live XML names; returns its digest."""
        init = domain.init()
        status = status_of(init)
        self.assertEqual((status['Seccomp'], status['Seccomp_filters']),
                         ('2', '1'))
        digest, length = loaded(init)
        self.assertEqual(effective(domain)[:2], (digest, length))
        return digest


def effective(domain):
    """What the live XML says: digest, instructions, listener or None."""
    text = domain.instance.virsh('dumpxml', domain.name)
    found = ElementTree.fromstring(text).find('features/seccomp/effective')
    assert found is not None, 'there is no <effective> in <seccomp>'
    return found.get('digest'), int(found.get('instructions')), found.get('listener')


PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT = 17, 0x4206, 0x4207
PTRACE_SECCOMP_GET_FILTER, WALL = 0x420c, 0x40000000
INSTRUCTION = 8  # bytes: struct sock_filter


def ptrace(request, pid, address=0, data=None):
    rc = sandbox.LIBC.ptrace(ctypes.c_long(request), ctypes.c_long(pid),
                             ctypes.c_void_p(address), data)
    sandbox.check(rc, f'ptrace {request:#x}')
    return rc


def program(pid):
    """The instructions of the newest filter of a process, as the kernel got
    them."""
    ptrace(PTRACE_SEIZE, pid)
    try:
        ptrace(PTRACE_INTERRUPT, pid)
        os.waitpid(pid, WALL)
        length = ptrace(PTRACE_SECCOMP_GET_FILTER, pid)
        text = ctypes.create_string_buffer(length * INSTRUCTION)
        ptrace(PTRACE_SECCOMP_GET_FILTER, pid, 0, text)
    finally:
        ptrace(PTRACE_DETACH, pid)
    return text.raw


def loaded(pid):
    """The filter of a process: its SHA-256, and how many instructions."""
    text = program(pid)
    return hashlib.sha256(text).hexdigest(), len(text) // INSTRUCTION


def profile_directory(instance):
    path = instance.path(instance.top / 'etc/libvirt/lxc/seccomp')
    path.mkdir(parents=True, exist_ok=True)
    return path


def cache_directory(instance):
    return instance.path(instance.top / 'var/cache/libvirt/lxc/seccomp')
