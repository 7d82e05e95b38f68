# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domain capabilities, virt-host-validate and virsh capabilities say what the kernel
says."""

import ctypes
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import sandbox
import sanitizers
import tap
from grammar import Grammar
from harness import SLOWNESS, OurInstance, caps, libvirt_source, status_of
from packages import MODULES, PYTHON_PACKAGES, fetch
from sandbox import LIBC
from seccomp import profile_directory
from tap import Case, Sandbox, rows

LANDLOCK_CREATE_RULESET, LSM_LIST_MODULES, SECCOMP = 444, 461, 317
VERSION, ERRATA = 1, 2
ABI_MAX = 11
LAST_CAP = int(Path('/proc/sys/kernel/cap_last_cap').read_text())
HEADER = Path('/usr/include/linux/capability.h')
# Where our names differ from the kernel's by more than hyphens
ACTIONS = {'user_notif': 'notify'}
FLAGS = {'SECCOMP_FILTER_FLAG_LOG': 2, 'SECCOMP_FILTER_FLAG_SPEC_ALLOW': 4,
         # It requires SECCOMP_FILTER_FLAG_NEW_LISTENER.
         'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV': 32 | 8}
LINE = re.compile(r' *LXC: Checking (.*?) *: ((?:PASS|FAIL|WARN|NOTE)(?: .*)?)')
INVALID_ARG, OPERATION_DENIED = 8, 29

CLIENT = '''
import sys
import libvirt
libvirt.registerErrorHandler(lambda *_: None, None)
conn = (libvirt.openReadOnly if sys.argv[1] == 'ro' else libvirt.open)('lxc:///system')
arguments = [argument or None for argument in sys.argv[2:]]
try:
    print(conn.getDomainCapabilities(*arguments))
except libvirt.libvirtError as error:
    print(error.get_error_code(), error)
'''


def capability_numbers():
    """{name: number}, from the kernel's header"""
    found = {}
    for line in HEADER.read_text().splitlines():
        words = line.split()
        if len(words) == 3 and words[1].startswith('CAP_') and words[2].isdigit():
            found[words[1][4:].lower()] = int(words[2])
    return found


def kernel_lsms():
    """From securityfs, which names them itself"""
    path = Path('/sys/kernel/security/lsm')
    mounted = path.exists()
    if not mounted:
        sandbox.mount('securityfs', path.parent, 'securityfs')
    try:
        return path.read_text().strip().split(',')
    finally:
        if not mounted:
            sandbox.umount(path.parent)


def child_can(deed):
    pid = os.fork()
    if pid == 0:
        try:
            deed()
            os._exit(0)
        except OSError:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


class Capabilities(Case):
    def setUp(self):
        self.ours = Sandbox.instance(OurInstance)

    def document(self, *options):
        return self.ours.virsh('domcapabilities', *options)

    def element(self, path):
        element = ET.fromstring(self.document('--virttype', 'lxc')).find(path)
        self.assertEqual(element.get('supported'), 'yes')
        return element

    def values(self, path, name):
        found = self.element(path).findall(f"enum[@name='{name}']")
        self.assertEqual(len(found), 1, name)
        return [value.text for value in found[0]]


class Kernel(Capabilities):
    """Each value against its source"""

    def test_landlock(self):
        abi = LIBC.syscall(LANDLOCK_CREATE_RULESET, None, 0, VERSION)
        errata = LIBC.syscall(LANDLOCK_CREATE_RULESET, None, 0, ERRATA)
        print(f'# ABI {abi}, errata {errata:#x}')
        self.assertGreater(abi, 0)
        self.assertEqual(self.values('features/landlock', 'abi'),
                         [str(n) for n in range(1, min(abi, ABI_MAX) + 1)])
        self.assertEqual(self.values('features/landlock', 'fixedErratum'),
                         [str(n + 1) for n in range(32)
                          if max(errata, 0) >> n & 1])
        self.assertEqual('refer' in self.values('features/landlock', 'fs'), abi >= 2)
        self.assertEqual('signal' in self.values('features/landlock', 'scope'),
                         abi >= 6)
        self.assertEqual('on' in self.values('features/landlock', 'log'), abi >= 7)
        self.assertEqual('bind_udp' in self.values('features/landlock', 'net'),
                         abi >= 10)

    def test_kernel(self):
        self.assertEqual(self.values('kernel', 'version'),
                         ['.'.join(os.uname().release.split('.')[:2])])
        self.assertEqual(self.values('kernel', 'cpus'), [str(os.sysconf('SC_NPROCESSORS_CONF'))])
        self.assertEqual(self.values('kernel', 'lastCapability'), [str(LAST_CAP)])
        self.assertEqual(self.values('kernel', 'disabled'), [])

    def numbers(self, path):
        known = capability_numbers()
        return {known.get(name, name) for name in self.values(path, 'capability')}

    def test_capabilities(self):
        held = caps(status_of(self.ours.daemon.pid)['CapBnd'])
        self.assertTrue(held)
        self.assertEqual(self.numbers('features/capabilities'), held)

    def test_idmap(self):
        self.assertTrue(child_can(lambda: sandbox.unshare(0x10000000)))
        self.assertEqual(self.numbers('idmap'), set(range(LAST_CAP + 1)))

    def test_lsm(self):
        self.assertEqual(self.values('lsm', 'module'), kernel_lsms())

    def test_seccomp_actions(self):
        kernel = Path('/proc/sys/kernel/seccomp/actions_avail').read_text().split()
        self.assertEqual(set(self.values('features/seccomp', 'action')),
                         {ACTIONS.get(name, name.replace('_', '-'))
                          for name in kernel})

    @rows([(name, name, flag) for name, flag in FLAGS.items()])
    def test_seccomp_flag(self, name, flag):
        """EFAULT: only the filter, which is missing, is wrong."""
        LIBC.syscall(SECCOMP, 1, flag, None)
        self.assertEqual(name in self.values('features/seccomp', 'flag'),
                         ctypes.get_errno() == 14)

    def test_seccomp_archs(self):
        self.assertEqual(self.values('features/seccomp', 'arch'),
                         ['x86_64', 'i686', 'x32'])

    def test_cgroups(self):
        mounts = Path(f'/proc/{self.ours.daemon.pid}/mounts').read_text()
        kinds = {line.split()[2] for line in mounts.splitlines()}
        self.assertEqual(self.values('cgroup', 'version'),
                         ['1'] * ('cgroup' in kinds) + ['2'] * ('cgroup2' in kinds))

    def test_path(self):
        root = ET.fromstring(self.document())
        self.assertEqual(root.find('domain').text, 'lxc')
        self.assertEqual(root.find('arch').text, os.uname().machine)
        self.assertTrue(os.access(root.find('path').text, os.X_OK))


class Profiles(Capabilities):
    def test_changes(self):
        """Without a restart"""
        directory = profile_directory(self.ours)
        names = lambda: self.values('features/seccomp', 'profile')
        self.assertEqual(names(), [])
        (directory / 'web.json').write_text('{}')
        (directory / 'other.txt').write_text('{}')
        (directory / 'link.json').symlink_to('web.json')
        self.assertEqual(names(), ['web'])
        (directory / 'a-1.json').write_text('{}')
        self.assertEqual(names(), ['a-1', 'web'])
        for file in directory.iterdir():
            file.unlink()
        self.assertEqual(names(), [])


class Arguments(Capabilities):
    def client(self, mode, *arguments):
        """python3-libvirt"""
        modules = self.ours.build / 'python3-libvirt' / MODULES
        self.assertTrue(modules.exists(), 'python3-libvirt was not downloaded')
        process = self.ours.command(
            *sanitizers.preloaded(), 'env', f'PYTHONPATH={modules}', '/usr/bin/python3', '-c',
            CLIENT, mode, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, error = process.communicate(timeout=60 * SLOWNESS)
        self.assertEqual((process.returncode, error), (0, ''))
        return out.strip()

    def test_python(self):
        self.assertEqual(self.client('rw'), self.document())
        self.assertEqual(self.client('rw', '', '', '', 'lxc'), self.document())

    @rows([
        ('virttype', '', '', '', 'lxc'),
        ('arch', '', 'x86_64', '', ''),
        ('all', 'PATH', 'x86_64', '', 'lxc'),
    ])
    def test_same(self, emulator, arch, machine, virttype):
        path = ET.fromstring(self.document()).find('path').text
        arguments = (emulator.replace('PATH', path), arch, machine, virttype)
        options = [word for name, value in zip(
            ('emulatorbin', 'arch', 'machine', 'virttype'), arguments) if value
            for word in (f'--{name}', value)]
        self.assertEqual(self.document(*options), self.document())

    def test_other_arch(self):
        """A domain can have the 32-bit personality."""
        self.assertEqual(
            self.document('--arch', 'i686'),
            self.document().replace('<arch>x86_64</arch>', '<arch>i686</arch>'))

    @rows([
        ('unknown virttype', '', '', '', 'fly', 'fly'),
        ('virttype of another driver', '', '', '', 'qemu', 'domaintype=qemu'),
        ('unknown arch', '', 'z80', '', '', 'z80'),
        ('arch of another host', '', 'aarch64', '', '', 'arch=aarch64'),
        ('machine', '', '', 'pc', '', "machine 'pc'"),
        ('emulator', '/bin/true', '', '', '', 'emulator=/bin/true'),
    ])
    def test_refused(self, emulator, arch, machine, virttype, text):
        out = self.client('rw', emulator, arch, machine, virttype)
        print(f'# {out}')
        code, _, message = out.partition(' ')
        self.assertEqual(int(code), INVALID_ARG)
        self.assertIn(text, message)

    def test_read_only(self):
        out = self.client('ro')
        print(f'# {out}')
        self.assertEqual(int(out.partition(' ')[0]), OPERATION_DENIED)


class Schema(Capabilities):
    def grammar(self, name):
        return Grammar(libvirt_source(Sandbox.build) / 'src/conf/schemas' / name)

    def test_document(self):
        grammar = self.grammar('domaincaps.rng')
        text = self.document()
        self.assertTrue(grammar.accepts(text))
        self.assertFalse(grammar.accepts(text.replace('<landlock', '<seashore')
                                         .replace('</landlock', '</seashore')))

    def test_qemu(self):
        """libvirt's own documents"""
        grammar = self.grammar('domaincaps.rng')
        files = sorted((libvirt_source(Sandbox.build) / 'tests/domaincapsdata').glob('*.xml'))
        self.assertGreater(len(files), 50)
        self.assertEqual([file.name for file in files
                          if not grammar.accepts(file.read_text())], [])

    def test_host(self):
        text = self.ours.virsh('capabilities')
        self.assertTrue(self.grammar('capability.rng').accepts(text))
        self.assertEqual([module.text for module in
                          ET.fromstring(text).findall('host/lsm/module')],
                         kernel_lsms())


class Validate(Capabilities):
    def validate(self):
        """{what is checked: result}"""
        process = self.ours.command(self.ours.client.parent / 'virt-host-validate',
                                    'lxc', stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE)
        out, error = process.communicate(timeout=60 * SLOWNESS)
        for line in out.splitlines():
            print(f'# {line}')
        self.assertEqual(error, '')
        found = dict(LINE.fullmatch(line).groups() for line in out.splitlines())
        failed = any(result.startswith('FAIL') for result in found.values())
        self.assertEqual(process.returncode, 1 if failed else 0)
        return found

    def test_lines(self):
        found = self.validate()
        abi = LIBC.syscall(LANDLOCK_CREATE_RULESET, None, 0, VERSION)
        self.assertEqual(found[f'for Landlock: ABI {abi}'], 'PASS')
        self.assertEqual(found['for the order of LSMs: ' + ', '.join(kernel_lsms())],
                         'PASS')
        self.assertEqual(found['for seccomp filters'], 'PASS')
        self.assertEqual(found['if user namespaces can be created'], 'PASS')
        missing = set(range(LAST_CAP + 1)) - caps(status_of('self')['CapBnd'])
        names = {number: name for name, number in capability_numbers().items()}
        result = found['if all capabilities can be granted']
        self.assertEqual(result == 'PASS', not missing)
        for number in missing:
            self.assertIn(names[number], result)

    def test_profiles(self):
        directory = profile_directory(self.ours)
        good, bad = directory / 'good.json', directory / 'bad.json'
        good.write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
        bad.write_text('{"defaultAction": "SCMP_ACT_FLY"}')
        self.addCleanup(good.unlink)
        self.addCleanup(bad.unlink)
        found = self.validate()
        self.assertEqual(found["if seccomp profile 'good' is valid"], 'PASS')
        result = found["if seccomp profile 'bad' is valid"]
        self.assertTrue(result.startswith('WARN'))
        self.assertIn('SCMP_ACT_FLY', result)


def prepare(build):
    fetch(build, 'python3-libvirt', PYTHON_PACKAGES)


if __name__ == '__main__':
    tap.main(prepare)
