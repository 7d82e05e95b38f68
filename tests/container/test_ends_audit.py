# SPDX-License-Identifier: LGPL-2.1-or-later
"""The system call that has killed init, as the kernel's audit log has it.

That log exists in the initial namespaces only, so the container is started before
the sandbox is entered."""

import os
import shutil
import tempfile
from pathlib import Path

import sandbox
import tap
from ends import log_lines, program, reason, wait_off
from harness import Domain, OurInstance
from tap import Case, rows

GETRANDOM = 318  # of x86_64
INITIAL = 4026531836  # PROC_PID_INIT_INO of the kernel
INITS = {
    'kill-process': ('call', "<seccomp><syscall name='getrandom' action='kill-process'/></seccomp>"),
    'kill-thread': ('call', "<seccomp><syscall name='getrandom' action='kill-thread'/></seccomp>"),
    'fault': ('fault', '<seccomp/>'),
}
found = {}  # init: (reason, lines of the domain's log)


class Outside(OurInstance):
    """In the host's PID and network namespaces."""

    name, label = 'outside', 'x'

    def mount(self):
        sandbox.mount(None, '/', flags=sandbox.MS_REC | sandbox.MS_PRIVATE)
        super().mount()


def run(instance, what, features):
    domain = Domain(instance, init='/init', features=features)
    shutil.copy(program(instance.work), domain.root / 'init')
    domain.xml = domain.xml.replace('</init>', f'</init><initarg>{what}</initarg>')
    try:
        domain.define()
        domain.start()
        wait_off(domain)
        return reason(domain), log_lines(domain)
    finally:
        domain.remove()


def is_initial():
    return os.stat('/proc/self/ns/pid').st_ino == INITIAL


def prepare(build):
    if not is_initial():
        return
    tag = f'ct{os.getpid()}-'
    work = Path(tempfile.mkdtemp(prefix='ct-', dir=build))
    work.chmod(0o755)
    try:
        instance = Outside(build, work, tag)
        try:
            for name, (what, features) in INITS.items():
                found[name] = run(instance, what, features)
        finally:
            instance.stop()
    finally:
        sandbox.remove_cgroups(tag)
        shutil.rmtree(work)


class Call(Case):
    @rows([('kill-process', 'kill-process'), ('kill-thread', 'kill-thread')])
    def test_is_named(self, init):
        if os.uname().machine != 'x86_64':
            tap.skip('the number is known for x86_64 only')
        if not found:
            tap.skip('not in the initial PID namespace')
        why, lines = found[init]
        self.assertEqual(why, 'shut off (crashed)')
        self.assertEqual(lines, [
            'init was killed by signal 31 (SIGSYS) because of '
            f'system call {GETRANDOM} of architecture 0xc000003e'])

    def test_is_not_named_after_a_fault(self):
        if not found:
            tap.skip('not in the initial PID namespace')
        why, lines = found['fault']
        self.assertEqual(why, 'shut off (crashed)')
        self.assertEqual(lines, ['init was killed by signal 11 (SIGSEGV)'])


if __name__ == '__main__':
    tap.main(prepare)
