# SPDX-License-Identifier: LGPL-2.1-or-later
"""What <kernel-files> keeps from root without a capability: the machine's reset,
and its memory. For the virtual machine only, which the last test resets."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'container'))

import tap
from harness import IDMAP, Domain, OurInstance
from tap import Case, Sandbox, rows

DENY = "<capabilities policy='deny'/>"
# Without it the kernel itself refuses to open /proc/kcore.
RAWIO = "<capabilities policy='deny'><sys_rawio/></capabilities>"
DEFAULT = "<kernel-files policy='default'/>"
NONE = "<kernel-files policy='none'/>"
RESET = 'reset append /proc/sysrq-trigger b'
ELF = '7f454c46'


def announce_reset():
    """boot.py takes the end of the machine for the test's success from here on."""
    print('# reset expected', flush=True)


class Machine(Case):
    def run_domain(self, *deeds, **kwargs):
        domain = Domain(Sandbox.instance(OurInstance), job=deeds, **kwargs)
        self.addCleanup(domain.remove)
        return domain.run()


class Kcore(Machine):
    @rows([
        ('deny and seccomp', DENY + '<seccomp/>', ''),
        ('sys_rawio and seccomp', RAWIO + '<seccomp/>' + DEFAULT, ''),
        ('sys_rawio', RAWIO + DEFAULT, ''),
        ('sys_rawio without restrictions', RAWIO + NONE, ELF),
    ])
    def test_read(self, features, expected):
        results = self.run_domain('core peek /proc/kcore 0 4', features=features)
        self.assertEqual(results['core'], expected)


class Refused(Machine):
    @rows([
        ('deny and seccomp', DENY + '<seccomp/>', '', 'EROFS'),
        ('deny and default', DENY + DEFAULT, '', 'EROFS'),
        ('default', DEFAULT, '', 'EROFS'),
        ('idmap', DENY + DEFAULT + '<privnet/>', IDMAP, 'EACCES'),
    ])
    def test_reset(self, features, idmap, expected):
        results = self.run_domain(RESET, features=features, idmap=idmap)
        self.assertEqual(results['reset'], expected)


class Resets(Machine):
    def test_without_restrictions(self):
        announce_reset()
        results = self.run_domain(RESET, features=DENY + '<seccomp/>' + NONE)
        self.fail(f'the machine is up: {results}')


if __name__ == '__main__':
    tap.main()
