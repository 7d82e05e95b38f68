# SPDX-License-Identifier: LGPL-2.1-or-later
"""virDomainLxcExec(): what it runs, how, and what it refuses."""

import tap
from execs import Executing, encode
from harness import IDMAP
from libvirtlxc import DETACH, TTY
from tap import rows

# Of virterror.h
CONFIG_UNSUPPORTED, INVALID_ARG, SYSTEM_ERROR = 67, 8, 38
OPERATION_FAILED, OPERATION_INVALID, OPERATION_TIMEOUT = 9, 55, 68
OPERATION_DENIED = 29

CONFINED = ("<capabilities policy='deny'/><no-new-privs state='on'/>"
            "<seccomp/><landlock><fs><path target='/' allow='read write execute ioctl_dev'/></fs></landlock>")
STACKS = [
    ('plain', '', ''),
    ('deny', "<capabilities policy='deny'/>", ''),
    ('seccomp', "<capabilities policy='deny'/><seccomp/>", ''),
    ('all', CONFINED, ''),
    ('idmap', CONFINED, IDMAP),
]


class Runs(Executing):
    @rows(STACKS)
    def test_streams(self, features, idmap):
        domain = self.busy(features, idmap=idmap)
        found = self.shell(domain, 'cat; echo oops >&2; exit 7', send=[
            ['stdin', encode(b'hello')], ['end']])
        self.assertEqual((found.get('out'), found.get('err'), found.get('exit')),
                         ('hello', 'oops\n', 7), found)

    @rows(STACKS)
    def test_terminal(self, features, idmap):
        domain = self.busy(features, idmap=idmap)
        found = self.shell(domain, 'tty; stty size; exit 3', flags=TTY, rows=33,
                           columns=99)
        self.assertEqual((found.get('out'), found.get('exit')),
                         ('/dev/pts/1\r\n33 99\r\n', 3), found)


if __name__ == '__main__':
    tap.main()
