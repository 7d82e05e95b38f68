# SPDX-License-Identifier: LGPL-2.1-or-later
"""A start that fails says why, at once, and leaves nothing behind."""

import shutil
import struct

import tap
from harness import (HERE, Domain, OurInstance, caps, status_of, wait_for)
from tap import Case, Sandbox, rows

EXAMPLE = HERE.parent.parent / 'examples' / 'example.xml'

SECONDS = 0.9  # libvirt's own wait was a whole one

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


class Start(Case):
    @rows(FAILURES)
    def test_fails(self, change, user, texts):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, user=user)
        self.addCleanup(domain.remove)
        change(domain)
        self.assertLess(self.assertStartFails(domain, texts), SECONDS)
        self.mend(domain)

    def mend(self, domain):
        """The cause is gone: so is the failure."""
        if domain.root.is_file():
            domain.root.unlink()
        shutil.rmtree(domain.root, ignore_errors=True)
        shutil.rmtree(f'{domain.root}.away', ignore_errors=True)
        domain.make_root()
        domain.write_job([])
        for name, line in (('passwd', 'bob:x:1001:1001::/:\n'),
                           ('group', 'bobs:x:1001:\n')):
            with open(domain.root / 'etc' / name, 'a') as file:
                file.write(line)
        domain.start()
        self.assertEqual(domain.state(), 'running')

    def test_example(self):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours)
        self.addCleanup(domain.remove)
        domain.xml = EXAMPLE.read_text().replace('@ROOT@', str(domain.root))
        domain.xml = domain.xml.replace('<name>example<',
                                        f'<name>{domain.name}<')
        (domain.root / 'sbin').mkdir()
        init = domain.root / 'sbin' / 'init'
        init.symlink_to('/probe')
        domain.define()
        domain.start()
        domain.results()
        self.assertEqual(caps(status_of(domain.init())['CapBnd']),
                         {0, 5, 6, 7, 10})
        ours.virsh('destroy', domain.name)

    @rows([('exit 0', 'exit 0'), ('exit 3', 'exit 3'), ('signal', 'kill 11')])
    def test_early_end_is_no_failure(self, then):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, then=then)
        self.addCleanup(domain.remove)
        domain.define()
        before = ours.snapshot()
        for _ in range(5):
            domain.start()
            wait_for(lambda: domain.state() == 'shut off', 20, 'still running')
        self.assertNothingLeft(ours, before)

    def test_start_destroy_leaves_nothing(self):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features='<privnet/>')
        self.addCleanup(domain.remove)
        domain.define()
        before = ours.snapshot()
        for _ in range(5):
            domain.start()
            ours.virsh('destroy', domain.name)
        self.assertNothingLeft(ours, before)


if __name__ == '__main__':
    tap.main()
