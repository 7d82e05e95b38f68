# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who init runs as is looked up in the container, by code of the host."""

import shutil
import subprocess

import tap
from harness import IDMAP, Domain, OurInstance, status_of
from tap import Case, Sandbox, rows

# With what it says when it is loaded, and as little as it may depend on
MODULE = '''#include <fcntl.h>
#include <unistd.h>
__attribute__((constructor)) static void loaded(void)
{
    close(open("/marker", O_WRONLY | O_CREAT, 0666));
}
'''

LIBRARIES = ('lib', 'lib64', 'lib/x86_64-linux-gnu', 'usr/lib', 'usr/lib64',
             'usr/lib/x86_64-linux-gnu')

SWITCH = 'passwd: evil files\ngroup: evil files\ninitgroups: evil files\n'
DENY = "<capabilities policy='deny'/>"
NOBODY = '<inituser>nobody</inituser>'


def module(work):
    """A name service that is the container's own."""
    library = work / 'libnss_evil.so.2'
    if not library.exists():
        source = work / 'evil.c'
        source.write_text(MODULE)
        subprocess.run(['gcc', '-shared', '-fPIC', '-o', library, source],
                       check=True)
    return library


class Users(Case):
    @rows([
        ('user', DENY, '', NOBODY, 65534, 0),
        ('user and group', DENY, '', NOBODY + '<initgroup>staff</initgroup>',
         65534, 50),
        ('group', DENY, '', '<initgroup>staff</initgroup>', 0, 50),
        ('allow', "<capabilities policy='allow'/>", '', NOBODY, 65534, 0),
        ('absent', '', '', NOBODY, 65534, 0),
        ('idmap', DENY, IDMAP, NOBODY, 65534, 0),
    ])
    def test_name_service_of_the_container(self, features, idmap, user, uid, gid):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=features, user=user, idmap=idmap)
        self.addCleanup(domain.remove)
        domain.root.chmod(0o777)
        for file, line in (('nsswitch.conf', SWITCH),
                           ('passwd', 'nobody:x:65534:65534::/:\n'),
                           ('group', 'staff:x:50:\n')):
            with open(domain.root / 'etc' / file, 'a') as stream:
                stream.write(line)
        for directory in LIBRARIES:
            (domain.root / directory).mkdir(parents=True, exist_ok=True)
            shutil.copy(module(ours.work), domain.root / directory)
        domain.run()
        self.assertFalse((domain.root / 'marker').exists(),
                         "the container's library was loaded")
        shift = 100000 if idmap else 0
        init = status_of(domain.init())
        self.assertEqual(init['Uid'].split(), [str(uid + shift)] * 4)
        self.assertEqual(init['Gid'].split(), [str(gid + shift)] * 4)


if __name__ == '__main__':
    tap.main()
