# SPDX-License-Identifier: LGPL-2.1-or-later
"""/dev/shm: a tmpfs for all users of the container, unless the domain says
otherwise."""

from pathlib import Path

import tap
from execution import Executing
from harness import IDMAP
from tap import rows

STRICT = ("<capabilities policy='deny'/><seccomp/><landlock><fs>"
          "<path target='/' allow='read execute'/>"
          "<path target='/out' allow='write'/>"
          "<path target='/dev/shm' allow='read write create remove'/>"
          "</fs></landlock>")
RAM = '''<filesystem type='ram'>
      <source usage='1024' units='KiB'/><target dir='/dev/shm'/>
    </filesystem>'''
USE = 'set -e; cd /dev/shm; echo text >{0}; cat {0}; stat -c %a .; rm {0}; ls'


def mounted(domain):
    """The options of the mounts on /dev/shm and of their file systems, the last first"""
    lines = Path(f'/proc/{domain.init()}/mountinfo').read_text().splitlines()
    return [(line.split()[5], *line.split(' - ')[1].split())
            for line in reversed(lines) if line.split()[4] == '/dev/shm']


class SharedMemory(Executing):
    @rows([
        ('root', '', '', ()),
        ('idmap', '<privnet/>', IDMAP, ()),
        ('user', '', '', ('--user', 'alice')),
        ('confined', STRICT, '', ()),
    ])
    def test_used(self, features, idmap, options):
        domain = self.started(features, idmap=idmap)
        self.assertEqual(self.shell(domain, USE.format('file'), options=options),
                         (0, 'text\n1777\n', ''))
        [(attributes, kind, _, _)] = mounted(domain)
        self.assertEqual(kind, 'tmpfs')
        self.assertLess({'rw', 'nosuid', 'nodev'}, set(attributes.split(',')))

    def test_own(self):
        """Each container has another."""
        first, second = self.started(), self.started()
        self.assertEqual(self.shell(first, 'echo text >/dev/shm/file')[0], 0)
        self.assertEqual(self.shell(second, 'ls /dev/shm'), (0, '', ''))
        self.assertFalse(Path('/dev/shm/file').exists())

    def test_filesystem(self):
        """Of the domain takes its place."""
        domain = self.started(devices=RAM)
        self.assertEqual(self.shell(domain, USE.format('file'))[:2][0], 0)
        self.assertIn('size=1024k', mounted(domain)[0][3])


if __name__ == '__main__':
    tap.main()
