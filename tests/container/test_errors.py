# SPDX-License-Identifier: LGPL-2.1-or-later
"""Errors as programs get them, by python3-libvirt: the code, int1 and text."""

import errno
import json
import os

import sanitizers
import starts
import tap
from execution import Executing
from harness import Domain, OurInstance
from tap import Sandbox, rows
from test_exec_api import MODULES, PYTHON_PACKAGES, fetch

# libvirt/virterror.h
XML, SYSTEM, UNSUPPORTED = 27, 38, 67
UNKNOWN = -1
# libvirt/libvirt-domain.h
VALIDATE = 1

CLIENT = '''
import json, sys, libvirt
libvirt.registerErrorHandler(lambda *_: None, None)
connection = libvirt.open('lxc:///system')
stage = 'define'
try:
    domain = connection.defineXMLFlags(sys.stdin.read(), int(sys.argv[1]))
    stage = 'start'
    domain.create()
    stage = 'none'
except libvirt.libvirtError as error:
    print(json.dumps([stage, error.get_error_code(), error.get_int1(),
                      error.get_error_message()]))
'''

NOTIFY = ("<seccomp><syscall name='getpid' action='notify'/>"
          "<listener path='/run/none.sock'/></seccomp>")
TARGET = "<landlock><fs>{0}<path target='/none' allow='read'/></fs></landlock>"
PROBE = "<path target='/probe' allow='read execute'/>"

# What is wrong, the element, the code and a part of the text. The line of the
# element is in the text as well.
DEFINE = [
    ('unknown attribute', "<seccomp polcy='deny'/>", XML,
     "unknown attribute 'polcy' of <seccomp>"),
    ('unknown group', "<seccomp><syscall group='files' action='allow'/></seccomp>",
     XML, "unknown group of system calls 'files'"),
    ('unknown capability', '<capabilities><fly/></capabilities>', XML, 'fly'),
    ('twice', "<seccomp><socket action='errno'/><socket action='errno'/></seccomp>",
     XML, '<socket> is listed twice'),
    ('contradiction', "<no-new-privs state='off'/><landlock><net/></landlock>",
     UNSUPPORTED, 'no-new-privs'),
    ('contradictory rules',
     "<seccomp><syscall name='read' action='errno'/>"
     "<syscall name='read' action='allow'/></seccomp>",
     UNSUPPORTED, 'never reached'),
    ('later ABI', "<landlock abi='3'><net/></landlock>", UNSUPPORTED, 'ABI 4'),
    ('init refused', "<seccomp policy='deny'><syscall name='execve' "
     "action='errno'/></seccomp>", UNSUPPORTED, 'init could not be executed'),
]

# What is wrong, the elements, a change to the domain, code, int1 and text
START = [
    ('ABI of a newer kernel', "<landlock abi='11'><net/></landlock>",
     starts.nothing, UNSUPPORTED, UNKNOWN, 'ABI 11'),
    ('missing agent', NOTIFY, starts.nothing, SYSTEM, UNKNOWN, '/run/none.sock'),
    ('missing target', TARGET.format(PROBE), starts.nothing, UNSUPPORTED, UNKNOWN,
     '/none'),
    ('no access to init', TARGET.format('').replace('/none', '/etc'),
     starts.nothing, UNSUPPORTED, UNKNOWN, '/probe'),
] + [
    (f'{name}, {filtered or "without a filter"}', filtered, change, SYSTEM, number,
     os.strerror(number))
    for filtered in ('', '<seccomp/>')
    for name, change, number in (
        ('no init', starts.missing, errno.ENOENT),
        ('garbage', starts.program(b'\1\2\3garbage'), errno.ENOEXEC),
        ('directory', starts.directory, errno.EACCES))
]


class Errors(Executing):
    def command(self, domain, argv, options):
        return [*sanitizers.preloaded(), '/usr/bin/python3', '-c', CLIENT, *argv]

    def domain(self, features, user=''):
        domain = Domain(Sandbox.instance(OurInstance), features=features, user=user)
        self.addCleanup(domain.remove)
        return domain

    def error(self, domain, flags=0):
        """The stage that failed, the code, int1 and the text."""
        modules = domain.instance.build / 'python3-libvirt' / MODULES
        self.assertTrue(modules.exists(), 'python3-libvirt was not downloaded')
        status, out, error = self.execute(
            domain, str(flags), data=domain.xml.encode(), env={'PYTHONPATH': str(modules)})
        self.assertEqual((status, error), (0, ''))
        print(f'# {out.strip()}')
        return json.loads(out)

    @rows([(f'{name}{option}', *row, flags) for name, *row in DEFINE
           for option, flags in (('', 0), (', validated', VALIDATE))])
    def test_define(self, features, code, text, flags):
        domain = self.domain(features)
        before = domain.instance.snapshot()
        stage, found, line, message = self.error(domain, flags)
        self.assertEqual((stage, found), ('define', code))
        self.assertIn(text, message)
        self.assertEqual(line, domain.xml[:domain.xml.index(features)]
                         .count('\n') + 1)
        self.assertIn(f'(line {line})', message)
        self.assertNothingLeft(domain.instance, before)

    def test_define_profile(self):
        """A file of the host, which has no line in the document."""
        stage, code, line, message = self.error(
            self.domain("<seccomp profile='none'/>"))
        self.assertEqual((stage, code, line), ('define', SYSTEM, UNKNOWN))
        self.assertIn('none.json', message)

    @rows(START)
    def test_start(self, features, change, code, number, text):
        self.assertStartFails(self.domain(features), change, code, number, text)

    def test_start_arch(self):
        arch = 'x86_64' if os.uname().machine == 'aarch64' else 'aarch64'
        domain = self.domain(f"<seccomp><arch name='{arch}'/></seccomp>")
        stage, code, line, message = self.error(domain)
        self.assertEqual((stage, code), ('start', UNSUPPORTED))
        self.assertIn(f"architecture '{arch}' in <seccomp> cannot run", message)
        self.assertIn(f'(line {line})', message)

    def test_start_user(self):
        self.assertStartFails(self.domain('', '<inituser>bob</inituser>'),
                              starts.nothing, UNSUPPORTED, UNKNOWN, "user 'bob'")

    def assertStartFails(self, domain, change, code, number, text):
        change(domain)
        *kind, message = self.error(domain)
        self.assertEqual(kind, ['start', code, number])
        self.assertIn(text, message)


def prepare(build):
    fetch(build, 'python3-libvirt', PYTHON_PACKAGES)


if __name__ == '__main__':
    tap.main(prepare)
