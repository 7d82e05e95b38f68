# SPDX-License-Identifier: LGPL-2.1-or-later
"""Starts that fail: what is wrong with init, or with the root it is in."""

import shutil
import struct

# An ELF file of a machine that this is not
ALIEN = (b'\x7fELF\x02\x01\x01' + bytes(9) +
         struct.pack('<HHIQQQIHHHHHH', 2, 0xf3, 1, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0))


def program(content, mode=0o755):
    """A change to a domain: its init becomes this file."""
    def change(domain):
        path = domain.root / 'probe'
        path.unlink()
        path.write_bytes(content)
        path.chmod(mode)
    return change


def missing(domain):
    (domain.root / 'probe').unlink()


def directory(domain):
    missing(domain)
    (domain.root / 'probe').mkdir()


def dangling(domain):
    missing(domain)
    (domain.root / 'probe').symlink_to('/nowhere')


def nothing(domain):
    pass


def no_root(domain):
    shutil.move(domain.root, f'{domain.root}.away')


def file_as_root(domain):
    no_root(domain)
    domain.root.touch()


FAILURES = [
    # Name, change, <inituser>, what the message has to say
    ('no init', missing, '', ('/probe', 'No such file or directory')),
    ('dangling link', dangling, '', ('/probe', 'No such file or directory')),
    ('not executable', program(b'\x7fELF', 0o644), '',
     ('/probe', 'Permission denied')),
    ('no interpreter', program(b'#!/no/such\n'), '',
     ('/probe', 'No such file or directory')),
    ('garbage', program(b'\1\2\3garbage'), '', ('/probe', 'Exec format error')),
    ('empty file', program(b''), '', ('/probe', 'Exec format error')),
    ('another machine', program(ALIEN), '', ('/probe', 'Exec format error')),
    ('directory', directory, '', ('/probe', 'Permission denied')),
    ('unknown user', nothing, '<inituser>bob</inituser>', ('bob',)),
    ('unknown group', nothing,
     '<inituser>alice</inituser><initgroup>bobs</initgroup>', ('bobs',)),
    ('not for alice', program(b'', 0o700), '<inituser>alice</inituser>',
     ('/probe', 'Permission denied')),
    ('no root', no_root, '', ('No such file or directory',)),
    ('a file as root', file_as_root, '', ('Not a directory',)),
]
