# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of <landlock> write into domains, and find there."""

import os
import re
import signal
import subprocess

import sandbox
from harness import SLOWNESS, command_of, processes, status_of, wait_for

# What came with which ABI, as in the kernel's Documentation/userspace-api/landlock.rst
ABIS = {
    'fs': dict.fromkeys(['execute', 'write_file', 'read_file', 'read_dir', 'remove_dir',
                         'remove_file', 'make_char', 'make_dir', 'make_reg', 'make_sock',
                         'make_fifo', 'make_block', 'make_sym'], 1) |
          {'refer': 2, 'truncate': 3, 'ioctl_dev': 5, 'resolve_unix': 9},
    'net': {'bind_tcp': 4, 'connect_tcp': 4, 'bind_udp': 10, 'connect_send_udp': 10},
    'scope': {'abstract-unix-socket': 6, 'signal': 6},
    'log': {'log_new_exec_on': 7},
}
NET_ABI, SCOPE_ABI, LOG_ABI = 4, 6, 7
TRIED, NEWEST = 7, 11  # of which all is tried, and the newest

SYS_CREATE_RULESET, VERSION = 444, 1

# Without which the probe can neither begin nor report.
PROBE_RULES = {'/probe': ['read_file', 'execute'], '/job': ['read_file'],
               '/out': ['write_file']}


def host_abi():
    return max(sandbox.LIBC.syscall(SYS_CREATE_RULESET, None, 0, VERSION), 0)


# Debian's kernels have 2 (6.1) and 6 (6.12).
FS_RIGHTS = [right for right, abi in ABIS['fs'].items() if abi <= min(host_abi(), TRIED)]


def lost(*parts):
    """What this kernel lacks of the newest ABI, in the order of messages."""
    return [name for part in parts for name, abi in ABIS[part].items() if abi > host_abi()]


def known(**parts):
    """Those that this kernel has, for element()."""
    return {name: content for name, content in parts.items()
            if min(ABIS[name].values()) <= host_abi()}


def refusal(error):
    """Why this kernel is too old for a domain, if the driver has rightly said so."""
    found = re.search(r'<landlock> requires ABI (\d+), but this kernel has ABI (\d+) and '
                      r'cannot enforce: ([\w -]+)', error)
    if not found or int(found[2]) != host_abi() or int(found[1]) <= host_abi():
        return None
    if not set(found[3].split()) <= set(lost(*ABIS)):
        return None
    return f'refused, as this kernel has Landlock ABI {found[2]}, not {found[1]}'


def paths(rules, missing=''):
    """The content of <fs> from {target: words}; a target in @missing, a list,
    may be."""
    return ''.join(
        f"<path target='{target}' allow='{' '.join(words)}'"
        f"{' missing=' + repr('skip') if target in missing else ''}/>"
        for target, words in rules.items())


def ports(rules):
    """The content of <net> from {TCP port: words}."""
    return ''.join(f"<port protocol='tcp' number='{port}' allow='{words}'/>"
                   for port, words in rules.items())


def element(attributes=None, *, fs=None, net=None, scope=None):
    """<landlock>; a part that is None is absent. @scope holds attributes. Without
    @attributes, the ABI is the kernel's, or a later one that the parts need."""
    if attributes is None:
        attributes = "abi='{}'".format(max(
            min(host_abi(), TRIED), NET_ABI if net is not None else 1,
            SCOPE_ABI if scope is not None else 1))
    parts = [f'<{name}>{content}</{name}>'
             for name, content in (('fs', fs), ('net', net))
             if content is not None]
    if scope is not None:
        parts.append(f'<scope {scope}/>')
    return f"<landlock {attributes}>{''.join(parts)}</landlock>"


def probe_paths(rules=(), missing=''):
    """paths() with what the probe needs."""
    return paths(PROBE_RULES | dict(rules), missing)


def label(deed):
    return deed.replace(' ', '-').replace('=', '')


def job(deeds):
    """Rows of a job that are labelled by what they do. LABEL stands for that
    label, where a program that is executed has to be told."""
    return [f"{label(deed)} {deed.replace('LABEL', label(deed))}"
            for deed in deeds]


class Guest:
    """A process of the host's in the container's PID namespace, and so in none
    of the container's Landlock domains."""

    def __init__(self, domain):
        self.process = subprocess.Popen(
            ['nsenter', f'--target={domain.init()}', '--pid', 'sleep', '60'])
        # nsenter waits for the one that is inside.
        self.pid = wait_for(self.find, 20, 'no process in the container')

    def find(self):
        return next((pid for pid, parent in processes().items()
                     if parent == self.process.pid
                     and command_of(pid).startswith(b'sleep')), None)

    def inner_pid(self):
        """Its number in the container."""
        return status_of(self.pid)['NSpid'].split()[-1]

    def dies(self):
        """Whether it ends without our doing."""
        try:
            self.process.wait(0.3 * SLOWNESS)
        except subprocess.TimeoutExpired:
            return False
        return True

    def remove(self):
        if self.process.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
            self.process.wait()
