# SPDX-License-Identifier: LGPL-2.1-or-later
"""A container that tries to take over the processes that join it."""

import shutil
import subprocess

import tap
from execs import SHELL, Executing
from harness import IDMAP, wait_for
from tap import Sandbox, rows
from test_entry import compiled

TIMES = 60
SYS_ADMIN = 1 << 21


class Attack(Executing):
    def attacked(self, features, idmap):
        """What init has seen while programs joined."""
        domain = self.domain(features, idmap=idmap, init='/init')
        victim = subprocess.Popen(['sleep', '1000'])
        self.addCleanup(victim.wait)
        self.addCleanup(victim.kill)
        domain.xml = domain.xml.replace(
            '</init>', f'</init><initarg>/out</initarg><initarg>{victim.pid}</initarg>')
        shutil.copy(compiled(Sandbox.work, 'exec_attack'), domain.root / 'init')
        (domain.root / 'bin').mkdir()
        shutil.copy(SHELL, domain.root / 'bin' / 'busybox')
        domain.define()
        domain.start()
        wait_for(lambda: 'ready' in domain.out.read_text(), 20, 'no attack')
        self.addCleanup(domain.instance.virsh, 'destroy', domain.name)
        for _ in range(TIMES // 10):
            for client in [self.begin(domain, SHELL, 'true') for _ in range(10)]:
                client.result()
        lines = [line.split() for line in domain.out.read_text().splitlines()
                 if line.startswith('seen')]
        self.assertIsNone(victim.poll(), 'the victim was killed')
        print(f'# seen {len(lines)} of {TIMES}, {lines[:3]}')
        return lines

    @rows([
        ('deny', "<capabilities policy='deny'/>", ''),
        ('default idmap', '', IDMAP),
        ('sys_ptrace idmap', "<capabilities policy='deny'><sys_ptrace state='on'/>"
         "</capabilities><seccomp/>", IDMAP),
    ])
    def test_fails(self, features, idmap):
        """Neither traced nor looked at"""
        for line in self.attacked(features, idmap):
            self.assertEqual(line[2:], ['EPERM'])

    @rows([
        ('caps', "<capabilities policy='deny'><sys_ptrace state='on'/></capabilities>",
         1 << 19),
        ('seccomp', "<capabilities policy='deny'><sys_ptrace state='on'/></capabilities>"
         "<no-new-privs state='on'/><seccomp/>", 1 << 19),
        ('seccomp without no-new-privs', "<capabilities policy='deny'><sys_ptrace "
         "state='on'/></capabilities><seccomp/>", 1 << 19 | SYS_ADMIN),
    ])
    def test_gains_nothing(self, features, capabilities):
        """With sys_ptrace and without <idmap> it can be traced, but holds nothing of
        the host, and no capability that the container has not (see lxc-security)."""
        for line in self.attacked(features, ''):
            self.assertEqual(int(line[1], 16) & ~capabilities, 0, line)
            others = [fd for fd in line[3:]
                      if not fd.startswith(('socket:', 'pipe:', '/dev/null'))]
            self.assertEqual(others, [], line)
            self.assertLessEqual(sum(fd.startswith('socket:') for fd in line[3:]), 2)


if __name__ == '__main__':
    tap.main()
