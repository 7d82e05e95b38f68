# SPDX-License-Identifier: LGPL-2.1-or-later
"""Profiles of the administrator's, and filters that are kept in the cache."""

import hashlib
import json
import os
import struct

import tap
from harness import OurInstance
from seccomp import (PROBE_CALLS, Confined, cache_directory, element, loaded,
                     profile_directory, program, rule)
from tap import Sandbox, rows

PTRACE = {'names': ['ptrace'], 'action': 'SCMP_ACT_ALLOW',
          'includes': {'caps': ['CAP_SYS_PTRACE']}}

# As docker and podman write them
DOCKER = {
    'defaultAction': 'SCMP_ACT_ERRNO', 'defaultErrno': 'EXDEV',
    'defaultErrnoRet': 18,
    'archMap': [{'architecture': 'SCMP_ARCH_X86_64',
                 'subArchitectures': ['SCMP_ARCH_X86']}],
    'syscalls': [
        {'names': [*PROBE_CALLS, 'getuid', 'getppid', 'openat2'],
         'action': 'SCMP_ACT_ALLOW', 'args': [], 'comment': '', 'includes': {},
         'excludes': {}},
        PTRACE,
        {'names': ['chroot'], 'action': 'SCMP_ACT_ALLOW',
         'excludes': {'caps': ['CAP_SYS_ADMIN']}},
        {'names': ['getgid'], 'action': 'SCMP_ACT_ALLOW',
         'includes': {'arches': ['arm64']}},
        {'names': ['getegid'], 'action': 'SCMP_ACT_ALLOW',
         'includes': {'minKernel': '4.8'}},
        {'names': ['geteuid'], 'action': 'SCMP_ACT_ALLOW',
         'excludes': {'minKernel': '4.8'}},
        {'names': ['personality'], 'action': 'SCMP_ACT_ALLOW',
         'args': [{'index': 0, 'value': 8, 'valueTwo': 0, 'op': 'SCMP_CMP_EQ'}]},
    ],
}

# As in the OCI runtime specification
OCI = {
    'defaultAction': 'SCMP_ACT_ALLOW',
    'architectures': ['SCMP_ARCH_X86_64'],
    'syscalls': [
        {'names': ['getppid'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 33},
        {'names': ['getuid'], 'action': 'SCMP_ACT_ERRNO'},
        {'names': ['getgid'], 'action': 'SCMP_ACT_TRAP'},
        {'names': ['personality'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 33,
         'args': [{'index': 0, 'value': 0xffff0000, 'valueTwo': 0x40000,
                   'op': 'SCMP_CMP_MASKED_EQ'}]},
    ],
}

ADMIN = ['sys_admin', 'sys_ptrace', 'sys_chroot']


def keeps(*names):
    entries = ''.join(f'<{name}/>' for name in names)
    return f"<capabilities policy='deny'>{entries}</capabilities>"


class Profiles(Confined):
    def write(self, name, content):
        """Content is a text, something to be written as JSON, or None to remove the file."""
        path = profile_directory(Sandbox.instance(OurInstance)) / f'{name}.json'
        self.addCleanup(path.unlink, missing_ok=True)
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(content if isinstance(content, str)
                            else json.dumps(content))
        return path

    @rows([
        ('docker', DOCKER, keeps(*ADMIN), '', {
            'call getuid': 'OK', 'call getgid': 'EXDEV', 'call getegid': 'OK',
            'call geteuid': 'EXDEV', 'call ptrace 0': 'OK',
            'call chroot 1': 'EXDEV', 'call personality 8': 'OK',
            'call personality 9': 'EXDEV', 'int80 getppid': 'OK',
            'int80 getpgrp': 'EXDEV',
            # Newer than the profile is what came after all that it names.
            'call 439 -1 1 0 0': 'ENOSYS', 'call 600': 'ENOSYS'}),
        ('docker, less kept', DOCKER, keeps('sys_chroot'), '', {
            'call ptrace 0': 'EXDEV', 'call chroot 1': 'EFAULT'}),
        ('docker, rules in XML', DOCKER, keeps(*ADMIN),
         rule('getuid', 'errno', errno='EDOM') + rule('getgid', 'allow') +
         rule('ptrace', 'errno', errno='EDOM'), {
             'call getuid': 'EDOM', 'call getgid': 'OK', 'call getppid': 'OK',
             'call ptrace 0': 'EDOM', 'call geteuid': 'EXDEV'}),
        ('docker, <denied>', DOCKER, keeps(*ADMIN), "<denied action='errno' "
         "errno='EBADE'/><unknown action='errno' errno='ENOANO' kernel='5.5'/>", {
             'call geteuid': 'EBADE', 'call openat2 -1 1 0 0': ('EFAULT', 'EINVAL'),
             'call 439 -1 1 0 0': 'ENOANO', 'call getuid': 'OK'}),
        ('OCI', OCI, '', '', {
            'call getppid': 'EDOM', 'call getuid': 'EPERM',
            'trap call getgid': 'trap 104 0xc000003e 1 0', 'call getegid': 'OK',
            'call personality 0x40008': 'EDOM', 'call personality 0x8': 'OK',
            'call personality 0x20000': 'OK', 'int80 getppid': 'EPERM'}),
        ('OCI, rules in XML', OCI, '', rule('getppid', 'allow', (0, 'eq', '7')), {
            'call getppid': 'EDOM', 'call getppid 7': 'OK',
            'call getuid': 'EPERM'}),
    ])
    def test_rules(self, profile, features, inner, deeds):
        self.write('rules', profile)
        domain = self.assertDeeds(features + element(inner, profile='rules'),
                                  deeds)
        self.assertLoaded(domain)

    def test_changed(self):
        """What counts is the file at the time of the start."""
        self.write('changed', OCI)
        domain = self.domain(element(profile='changed'), ['call getppid'])
        self.assertResults(domain.run(), {'call getppid': 'EDOM'})
        first = self.assertLoaded(domain)
        ours = domain.instance
        changed = json.loads(json.dumps(OCI))
        changed['syscalls'][0]['errnoRet'] = 18
        self.write('changed', changed)
        for profile, end, same in ((changed, 'EXDEV', False), (OCI, 'EDOM', True)):
            ours.virsh('destroy', domain.name)
            domain.out.write_text('')
            self.write('changed', profile)
            domain.start()
            self.assertResults(domain.results(), {'call getppid': end})
            self.assertEqual(self.assertLoaded(domain) == first, same)

    @rows([
        ('missing', None, 'No such file or directory'),
        ('no JSON', '{"defaultAction": ',
         "seccomp profile 'broken' (line 1): invalid JSON"),
        ('no profile', '{}', 'defaultAction'),
        ('unknown member', {**OCI, 'sysclls': []}, 'sysclls'),
        ('unknown call', {**OCI, 'syscalls': [
            {'names': ['getpidd'], 'action': 'SCMP_ACT_ALLOW'}]}, 'getpidd'),
        ('no execve', {'defaultAction': 'SCMP_ACT_ERRNO'},
         "init could not be executed: <seccomp> has no rule for "
         "system call 'execve', and its default action is 'errno'"),
        ('notify without listener', {**OCI, 'syscalls': [
            {'names': ['getpid'], 'action': 'SCMP_ACT_NOTIFY'}]}, "names an agent's socket"),
    ])
    def test_broken(self, content, text):
        """Refused when defined, and also when it was all right then."""
        ours = Sandbox.instance(OurInstance)
        domain = self.domain(element(profile='broken'))
        xml = ours.work / f'{domain.name}.xml'
        xml.write_text(domain.xml)
        path = self.write('broken', content)
        before = ours.snapshot()
        for command in ('define', 'create'):
            status, _, error = ours.run(command, xml)
            self.assertNotEqual(status, 0)
            self.assertIn(text, error)
            self.assertNotIn(domain.name, ours.virsh('list', '--all', '--name'))
            self.assertNothingLeft(ours, before)

        self.write('broken', OCI)
        domain.define()
        before = ours.snapshot()
        self.write('broken', content)
        status, _, error = ours.run('start', domain.name)
        self.assertNotEqual(status, 0)
        self.assertIn(text, error)
        self.assertEqual(domain.state(), 'shut off')
        path.unlink(missing_ok=True)
        self.write('broken', OCI)
        self.assertNothingLeft(ours, before)

    @rows([
        ('link', lambda path: path.symlink_to('/etc/passwd'),
         'is a symbolic link'),
        ('directory', lambda path: path.mkdir(), 'is not a regular file'),
        ('FIFO', os.mkfifo, 'is not a regular file'),
        ('too long', lambda path: path.write_text(' ' * (1 << 20) + '{}'),
         'is longer than 1048576 bytes'),
    ])
    def test_odd(self, make, text):
        ours = Sandbox.instance(OurInstance)
        path = profile_directory(ours) / 'odd.json'
        make(path)
        self.addCleanup(lambda: path.rmdir() if path.is_dir() else path.unlink())
        domain = self.domain(element(profile='odd'))
        xml = ours.work / f'{domain.name}.xml'
        xml.write_text(domain.xml)
        status, _, error = ours.run('define', xml)
        self.assertNotEqual(status, 0)
        self.assertIn(f"{ours.top}/etc/libvirt/lxc/seccomp/odd.json' {text}",
                      error)


# As in seccomp_cache.c
MAGIC = b'libvirt_lxc seccomp filter 1\n\0'
ALLOW_ALL = struct.pack('=HBBI', 6, 0, 0, 0x7fff0000)  # BPF_RET, SECCOMP_RET_ALLOW


def forge(entry, key=None):
    """A whole entry, of a filter that allows everything."""
    head = MAGIC + (key or entry.name).encode()
    head += bytes(-len(head) % 4) + struct.pack('=I', 1) + ALLOW_ALL
    entry.write_bytes(head + hashlib.sha256(head).hexdigest().encode())


def rewrite(change):
    """With other bytes, which the function makes from those that are there."""
    return lambda entry: entry.write_bytes(change(entry.read_bytes()))


def flip_bit(text):
    place = len(MAGIC) + 64 + 20
    return text[:place] + bytes([text[place] ^ 1]) + text[place + 1:]


def forge_and(change):
    """An entry that would be used, except for one property."""
    def make(entry):
        forge(entry)
        change(entry)
    return make


def link(entry):
    entry.rename(entry.with_name('target'))
    entry.symlink_to('target')


def fifo(entry):
    entry.unlink()
    os.mkfifo(entry)


def away(cache):
    return cache.rename(cache.with_name('away'))


CHANGES = [
    ('truncated', rewrite(lambda text: text[:-1])),
    ('empty', rewrite(lambda text: b'')),
    ('longer', rewrite(lambda text: text + b'\0')),
    ('flipped bit', rewrite(flip_bit)),
    ('of another key', lambda entry: forge(entry, 64 * '0')),
    ('foreign', forge_and(lambda entry: os.chown(entry, 1000, 1000))),
    ('writable to others', forge_and(lambda entry: entry.chmod(0o602))),
    ('writable to its group', forge_and(lambda entry: entry.chmod(0o620))),
    ('link', forge_and(link)),
    ('FIFO', fifo),
]

DIRECTORIES = [
    ('foreign', lambda cache: os.chown(cache, 1000, 1000)),
    ('writable to others', lambda cache: cache.chmod(0o777)),
    ('link', lambda cache: (away(cache), cache.symlink_to('away'))),
    ('file', lambda cache: (away(cache), cache.write_text(''))),
]


class Cache(Confined):
    """An entry is not used if it is damaged, or if the daemon does not own it."""

    number = 0

    def setUp(self):
        self.ours = Sandbox.instance(OurInstance)
        self.cache = cache_directory(self.ours)

    def entries(self):
        if not self.cache.exists():
            return {}
        return {path: path.lstat().st_mtime_ns for path in self.cache.iterdir()}

    def one(self):
        """A custom policy that has run; its domain and its entry."""
        Cache.number += 1
        before = set(self.entries())
        domain = self.domain()
        domain.run()
        new = set(self.entries()) - before
        self.assertEqual(len(new), 1)
        return domain, new.pop()

    def domain(self):
        return super().domain(element(
            rule('getppid', 'errno', errno=str(self.number)), policy='allow'))

    def again(self, domain):
        """Its digest, after a further start."""
        self.ours.run('destroy', domain.name)
        domain.out.write_text('')
        domain.start()
        domain.results()
        return loaded(domain.init())

    def test_used(self):
        domain, entry = self.one()
        digest = loaded(domain.init())
        self.assertEqual(entry.stat().st_mode & 0o7777, 0o600)
        before = self.entries()
        self.assertEqual(self.again(domain), digest)
        self.assertEqual(self.entries(), before)

        other = self.domain()
        other.run()
        self.assertEqual(loaded(other.init()), digest)
        self.assertEqual(self.entries(), before)

    def test_what_is_the_daemons_own_is_trusted(self):
        """So that what follows shows something."""
        domain, entry = self.one()
        forge(entry)
        self.ours.virsh('destroy', domain.name)
        domain.start()
        self.assertEqual(program(domain.init()), ALLOW_ALL)

    @rows(CHANGES)
    def test_not_trusted(self, change):
        domain, entry = self.one()
        digest, before = loaded(domain.init()), entry.read_bytes()
        change(entry)
        target = entry.with_name('target')
        forged = target.exists() and target.read_bytes()
        self.assertEqual(self.again(domain), digest)
        # It has been rewritten, and the target of a link has not.
        self.assertEqual(entry.lstat().st_mode, 0o100600)
        self.assertEqual(entry.read_bytes(), before)
        if forged:
            self.assertEqual(target.read_bytes(), forged)
            target.unlink()

    @rows(DIRECTORIES)
    def test_directory(self, change):
        domain, entry = self.one()
        digest = loaded(domain.init())
        forge(entry)
        self.addCleanup(self.restore)
        change(self.cache)
        self.assertEqual(self.again(domain), digest)

    def restore(self):
        moved = self.cache.with_name('away')
        if moved.exists():
            self.cache.unlink()
            moved.rename(self.cache)
        os.chown(self.cache, 0, 0)
        self.cache.chmod(0o700)

    def test_no_temporary_files(self):
        self.one()
        self.assertEqual([path for path in self.entries()
                          if path.name.startswith('.')], [])


if __name__ == '__main__':
    tap.main()
