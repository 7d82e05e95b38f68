# SPDX-License-Identifier: LGPL-2.1-or-later
"""virt-lxc-policy check: what it says of a domain is what happens to it."""

import ctypes
import errno
import json
import os
import re
import struct
from pathlib import Path

import landlock
import tap
from harness import IDMAP
from notify import listener
from policy import FAILED, NO, YES, Policy
from sandbox import version2_only
from seccomp import element, profile_directory, rule
from tap import rows

DENY = "<capabilities policy='deny'><chown/><kill/></capabilities>"
OTHER = 's390x' if os.uname().machine != 's390x' else 'x86_64'
FS_PART = {'fs': landlock.paths(landlock.PROBE_RULES)}
FS = landlock.element(**FS_PART)
# Rights that kernels of this ABI lack
NEWER = landlock.element(f"abi='{landlock.NEWEST}'", fs=landlock.paths(landlock.PROBE_RULES),
                         net='', scope="signal='on'")
BEST = NEWER.replace('<landlock ', "<landlock mode='best-effort' ")
USERS = "<uid start='0' target='100000' count='1000'/>"
BLKIO = '<blkiotune><weight>500</weight></blkiotune>'
OTHERS = 'whether elements that are not about confinement, such as <devices>, prevent the start'
PROFILE = '{"defaultAction": "SCMP_ACT_ALLOW"}'
# A confined host in the data of the tests
HOST = Path(__file__).resolve().parents[1] / 'data' / 'report' / 'confined' / 'domcaps.xml'


# What a client runs instead of ssh
RELAY = """#!/usr/bin/env python3
import os, select, socket
daemon = socket.socket(socket.AF_UNIX)
daemon.connect("{socket}")
while True:
    for fd in select.select([0, daemon], [], [])[0]:
        data = os.read(0, 65536) if fd == 0 else daemon.recv(65536)
        if not data:
            raise SystemExit
        if fd == 0:
            daemon.sendall(data)
        else:
            os.write(1, data)
"""


class Checked(Policy):
    def needs_older_kernel(self, features):
        """NEWER and BEST are about what kernels lack."""
        if features in (NEWER, BEST) and not landlock.lost('fs', 'net'):
            tap.skip(f'Landlock ABI {landlock.host_abi()} lacks nothing')

    def check(self, *arguments, **kwargs):
        status, out, error = self.policy('check', '--json', *arguments, **kwargs)
        self.assertEqual(error, '')
        found = json.loads(out)
        self.assertEqual(found['starts'], status == YES)
        return status, found


def confinement(xml):
    """Our elements in <features>, without indentation"""
    found = re.search('<features>(.*)</features>', xml, re.S)
    return [line.strip() for line in found.group(1).splitlines()
            if line.strip() and 'privnet' not in line] if found else []


class AgreesWithDriver(Checked):
    """Check first, and then let the driver do it."""

    @rows([
        ('nothing', '', {}),
        ('capabilities', DENY, {}),
        ('idmap', DENY, {'idmap': IDMAP}),
        ('user', DENY, {'user': '<inituser>alice</inituser>'}),
        ('user and idmap', "<capabilities><sys_time/></capabilities>",
         {'user': '<inituser>alice</inituser>', 'idmap': IDMAP}),
        ('no-new-privs', '<no-new-privs/>', {}),
        ('seccomp', '<seccomp/>', {}),
        ('seccomp and capabilities', DENY + '<seccomp/>', {'idmap': IDMAP}),
        ('seccomp deny', element(policy='allow'), {}),
        ('landlock without abi', re.sub(" abi='.*?'", '', FS), {}),
        ('landlock net', landlock.element(**(landlock.known(net='') or FS_PART)), {}),
        ('landlock best-effort', BEST, {}),
        ('kernel-files', "<kernel-files/>", {}),
        ('all', DENY + FS + '<seccomp/><privnet/>', {}),
    ])
    def test_starts(self, features, parts):
        domain = self.defined(features, **parts)
        status, found = self.check('-', data=domain.xml)
        self.assertEqual(status, YES, found)
        self.assertEqual(self.check(domain.name)[0], YES)
        domain.start()
        live = confinement(domain.instance.virsh('dumpxml', domain.name))
        self.assertEqual([line.strip() for line in found['effective']['xml'].splitlines()], live)

    @rows([
        ('none', DENY + '<kernel-files/>' + element("<namespace type='user' action='errno'/>"),
         {}, 0),
        ('kernel files and user namespaces', DENY, {}, 2),
        ('rights that are lost', BEST, {}, 1),
        # The container can lift the limits of version 1 only.
        ('blkio', '', {'tune': BLKIO}, 0 if version2_only() else 1),
        ('blkio and no sys_admin', DENY, {'tune': BLKIO}, 2),
        ('capability that the host lacks', "<capabilities><cap number='63'/></capabilities>", {}, 1),
    ])
    def test_warnings(self, features, parts, at_least):
        self.needs_older_kernel(features)
        domain = self.defined(features, **parts)
        _, found = self.check(domain.name)
        domain.start()
        log = (domain.instance.work / f'{domain.instance.name}.log').read_text()
        logged = set(re.findall(f"warning : .*Domain '{domain.name}': (.*)", log))
        self.assertEqual(set(found['warnings']), logged)
        self.assertGreaterEqual(len(logged), at_least)

    def errors(self, domain):
        """What virsh says, and at which stage"""
        path = domain.instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        status, _, error = domain.instance.run('define', path)
        if status != 0:
            return 'define', error.splitlines()[-1].removeprefix('error: ')
        status, _, error = domain.instance.run('start', domain.name)
        self.assertNotEqual(status, 0, 'the domain has started')
        return 'start', error.splitlines()[-1].removeprefix('error: ')

    @rows([
        ('ABI that the kernel lacks', NEWER, 'start'),
        ('architecture of another host', element(f"<arch name='{OTHER}'/>"), 'start'),
        ('agent that does not run', element(
            rule('getppid', 'notify'), listener('/missing/agent.sock')), 'start'),
        ('profile that is missing', "<seccomp profile='missing'/>", 'define'),
        ('profile that is invalid', "<seccomp profile='bad'/>", 'define'),
        ('execve denied', "<seccomp policy='deny'/>", 'define'),
        ('typo', "<capabilities policy='denied'/>", 'define'),
        ('capability that does not exist', "<capabilities><fly/></capabilities>", 'define'),
        ('contradiction', "<no-new-privs state='off'/>" + FS, 'define'),
        ('call that does not exist', element(rule('fly', 'allow')), 'define'),
        ('element in the wrong place', '<apic><seccomp/></apic>', 'define'),
        ('mapping of users without groups', '', 'define', f'<idmap>{USERS}</idmap>'),
        ('mapping without root', '', 'define',
         f"<idmap>{USERS}{USERS.replace('uid', 'gid').replace('0', '1', 1)}</idmap>"),
    ])
    def test_fails(self, features, stage, idmap=''):
        self.needs_older_kernel(features)
        (profile_directory(self.ours) / 'bad.json').write_text('{"defaultAction": "X"}')
        domain = self.undefined(features, idmap=idmap)
        status, found = self.check('-', data=domain.xml)
        print(f"# {found['error']}")
        self.assertEqual((status, found['fails']), (NO, stage))
        self.assertNotIn('effective', found)
        self.assertEqual(self.errors(domain), (stage, found['error']))
        if stage == 'start':
            # The lines are those of another document.
            again = self.check(domain.name)[1]
            self.assertEqual(re.sub(r'line \d+', 'line', again['error']),
                             re.sub(r'line \d+', 'line', found['error']))

    def undefined(self, features, **kwargs):
        domain = self.domain(features, **kwargs)
        self.addCleanup(domain.remove_later)
        return domain

    def test_definition_of_the_next_start(self):
        domain = self.started('<no-new-privs/>')
        domain.xml = domain.xml.replace('<no-new-privs/>', element(f"<arch name='{OTHER}'/>"))
        domain.define()
        status, found = self.check(domain.name)
        self.assertEqual((status, found['fails']), (NO, 'start'))

    @rows([('root', True, NO), ('another user', False, YES)])
    def test_no_user_namespaces(self, is_root, status):
        """What another user cannot do is not what the driver cannot do."""
        def enter():
            refuse_unshare()
            if not is_root:
                os.setgid(65534)
                os.setuid(65534)
        xml = self.domain('', idmap=IDMAP).xml
        found = self.check('-', data=xml, enter=enter)
        self.assertEqual(found[0], status, found[1])
        self.assertEqual('whether root can create user namespaces, which <idmap> requires'
                         in found[1]['unchecked'], not is_root)

    def test_nothing_is_left(self):
        domain = self.defined('<seccomp/><privnet/>', idmap=IDMAP)
        before = domain.instance.snapshot()
        self.check(domain.name)
        self.assertEqual(domain.instance.snapshot(), before)


def refuse_unshare():
    """With a filter: EPERM, as where users must not create namespaces"""
    libc = ctypes.CDLL(None, use_errno=True)
    number = {'x86_64': 272, 'aarch64': 97}[os.uname().machine]
    instructions = ctypes.create_string_buffer(b''.join(
        struct.pack('=HBBI', *each) for each in (
            (0x20, 0, 0, 0), (0x15, 0, 1, number), (0x6, 0, 0, 0x50000 | errno.EPERM),
            (0x6, 0, 0, 0x7fff0000))))
    program = struct.pack('@HP', 4, ctypes.addressof(instructions))
    if libc.prctl(22, 2, program, 0, 0):  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
        raise OSError(ctypes.get_errno(), 'prctl')


class Hosts(Checked):
    def test_own_capabilities(self):
        """The document of this host gives the same answers as the host itself."""
        (profile_directory(self.ours) / 'mine.json').write_text(PROFILE)
        path = self.ours.work / 'host.xml'
        path.write_text(self.ours.virsh('domcapabilities', '--virttype', 'lxc'))
        for features in ('', DENY, '<seccomp/>', FS, NEWER, BEST, "<seccomp profile='missing'/>",
                         element(f"<arch name='{OTHER}'/>"), '<kernel-files/>'):
            for idmap in ('', IDMAP):
                xml = self.domain(features, idmap=idmap).xml
                self.assertEqual(self.check('--host', path, '-', data=xml),
                                 self.check('-', data=xml))
        xml = self.domain("<seccomp profile='mine'/>").xml
        status, found = self.check('--host', path, '-', data=xml)
        self.assertEqual(status, YES)
        others, unchecked = found['unchecked']
        self.assertEqual(others, OTHERS)
        self.assertIn("whether seccomp profile 'mine' of that host is the one in", unchecked)

    def test_other_host(self):
        xml = self.domain(landlock.element("abi='7' log='on'", fs='')).xml
        status, found = self.check('--host', HOST, '-', data=xml)
        self.assertEqual((status, found['fails'], found['error']), (
            NO, 'start', 'unsupported configuration: <landlock> requires ABI 7, but this kernel '
            'has ABI 6 and cannot enforce: log_new_exec_on'))
        self.assertEqual(self.check('--host', HOST, '-', data=self.domain('', idmap=IDMAP).xml)
                         [1]['error'],
                         'unsupported configuration: <idmap> requires user namespaces, which '
                         'cannot be created on this host')

    def test_agent_of_another_host(self):
        features = element(rule('getppid', 'errno'), rule('getpid', 'notify'),
                           listener('/missing/agent.sock'))
        path = self.ours.work / 'host.xml'
        path.write_text(self.ours.virsh('domcapabilities', '--virttype', 'lxc'))
        status, found = self.check('--host', path, '-', data=self.domain(features).xml)
        self.assertEqual((status, found['unchecked']), (YES, [
            OTHERS, "whether the seccomp agent at '/missing/agent.sock' accepts connections"]))

    def test_domain_of_another_host(self):
        """What this host would do with it is not the answer."""
        domain = self.defined(DENY)
        relay = self.ours.work / 'relay'
        relay.write_text(RELAY.format(socket=self.ours.top / 'run/libvirt/virtlxcd-sock'))
        relay.chmod(0o755)
        uri = f'lxc+ext://other/system?command={relay}'
        for verb, arguments in (('check', []), ('score', []), ('show', []),
                                ('compare', [domain.name])):
            status, out, error = self.policy(verb, *arguments, domain.name, uri=uri)
            self.assertEqual((status, out), (FAILED, ''), verb)
            self.assertIn(f"domain '{domain.name}' is on host 'other'", error)
        path = self.ours.work / 'host.xml'
        path.write_text(self.ours.virsh('domcapabilities', '--virttype', 'lxc'))
        self.assertEqual(self.check('--host', path, domain.name, uri=uri),
                         self.check('--host', path, domain.name))

    def test_wrong_document(self):
        domain = self.defined()
        path = self.ours.work / 'wrong.xml'
        path.write_text('<domain/>')
        status, out, error = self.policy('check', '--host', path, domain.name)
        self.assertEqual((status, out), (FAILED, ''))
        self.assertIn('element <domain> is not <domainCapabilities> (line 1)', error)


if __name__ == '__main__':
    tap.main()
