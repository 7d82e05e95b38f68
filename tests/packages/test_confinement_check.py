#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""confinement-check, which the packages' prerm, apt and dpkg call, with invented domains, and
the maintainer scripts. As TAP."""

import functools
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

OURS, NEWER, STOCK = '9.0.0-4+deb12u2+confinement1', '9.0.0-4+deb12u3+confinement2', '9.0.0-4+deb12u2'
CHECK = 'usr/lib/libvirt/confinement-check'

# The <features> of a domain, as libvirt writes them, and whether Debian's libvirt lacks them.
FEATURES = {
    'nothing': ('<privnet/>', False),
    'capabilities': ("<capabilities policy='deny'>\n      <chown state='on'/>", False),
    'capabilities of a running domain': (
        "<capabilities policy='deny' effective='chown'>\n      <chown state='on'/>", False),
    'capabilities with a record of their own': (
        "<capabilities policy='deny'>\n      <effective capabilities='chown'/>", True),
    'landlock': ("<landlock abi='4'>", True),
    'seccomp': ('<seccomp/>', True),
    'seccomp with an attribute': ("<seccomp policy='default'>", True),
    'no-new-privs': ("<no-new-privs state='on'/>", True),
    'kernel-files': ('<kernel-files/>', True),
    'capability by number': ("<capabilities policy='deny'>\n      <cap number='50' state='on'/>", True),
    'new capability': ("<capabilities policy='deny'>\n      <bpf state='on'/>", True),
    'other element': ("<seccompx/>", False),
    'metadata': ("<privnet/>\n  </features>\n  <metadata>\n    <x:y xmlns:x='z'>\n"
                 "      <seccomp/>\n    </x:y>\n  </metadata>\n  <features>", False),
    'after metadata': ("<privnet/>\n  </features>\n  <metadata>\n    <x:y xmlns:x='z'/>\n"
                       "  </metadata>\n  <features>\n    <seccomp/>", True),
    'empty metadata': ("</features>\n  <metadata/>\n  <features>\n    <seccomp/>", True),
    'text': ("<x>a <seccomp/></x>", False),
}
PLAN = '''VERSION 2
APT::Architecture=amd64

libfoo 1 < 2 /var/cache/foo.deb
'''
REMOVE = f'libvirt-daemon-driver-lxc {OURS} > - **REMOVE**\n'
# (what, a running domain is confined, a stored one is, arguments, stdin, forced, status, messages)
COMMANDS = [
    ('removal', True, True, 'remove', '', False, 1, ["cannot remove libvirt", "'r 1'", "'s'"]),
    ('removal, forced', True, True, 'remove', '', True, 0, ["nothing manages", "'r 1'", "'s'"]),
    ('removal, none running', False, True, 'remove', '', False, 0, ["does not list", "'s'"]),
    ('removal, none confined', False, False, 'remove', '', False, 0, []),
    ('way back', True, False, f'upgrade {STOCK}', '', False, 1, [f'by version {STOCK}, which', "'r 1'"]),
    ('way back, forced', True, False, f'upgrade {STOCK}', '', True, 0, ["nothing manages"]),
    ('way back, none running', False, True, f'upgrade {STOCK}', '', False, 0, ["does not list"]),
    ('upgrade', True, True, f'upgrade {NEWER}', '', False, 0, []),
    ('upgrade, version unknown', True, False, 'upgrade', '', False, 1, ['version unknown']),
    ('apt removes', True, False, 'apt', PLAN + REMOVE, False, 1, ['cannot remove']),
    ('apt removes, forced', True, False, 'apt', PLAN + REMOVE, True, 0, ['nothing manages']),
    ('apt goes back', True, False, 'apt',
     PLAN + f'libvirt0 {OURS} > {STOCK} /x.deb\n', False, 1, ['cannot replace', STOCK]),
    ('apt upgrades', True, True, 'apt', PLAN + f'libvirt0 {OURS} < {NEWER} /x.deb\n', False, 0, []),
    ('apt configures', True, True, 'apt',
     PLAN + f'libvirt0 {OURS} < {OURS} **CONFIGURE**\n', False, 0, []),
    ('apt installs over stock', True, False, 'apt',
     PLAN + f'libvirt0 {STOCK} < {OURS} /x.deb\n', False, 0, []),
    ('apt goes back, two architectures', True, False, 'apt',
     PLAN + f'libvirt0 {OURS} > {STOCK} /x.deb\n' * 2, False, 1,
     [f'cannot replace libvirt by version {STOCK}, which']),
    ('apt removes, two architectures', True, False, 'apt',
     PLAN + REMOVE.replace('-daemon-driver-lxc', '0') * 2, False, 1, ['cannot remove']),
    ('apt removes after an upgrade', True, False, 'apt',
     PLAN + f'libvirt0 {OURS} < {NEWER} /x.deb\n' + REMOVE, False, 1, ['cannot remove']),
    ('apt does something else', True, True, 'apt', PLAN, False, 0, []),
    ('list', True, True, 'list', '', False, 0, ['running r 1', 'stored s']),
    ('unknown command', True, True, 'frobnicate', '', False, 2, ["unknown command 'frobnicate'"]),
]
# (what, dpkg's action, its arguments with {stock} etc. for files, forced, status)
DPKG = [
    ('installs stock', 'install', '-i {stock}', False, 1),
    ('installs stock, forced', 'install', '-i {stock}', True, 0),
    ('unpacks stock after others', 'unpack', '--unpack {other} {stock}', False, 1),
    ('unpacks a directory', 'unpack', '--unpack --recursive {directory}', False, 1),
    ('installs stock by another name', 'install', '-i {renamed}', False, 1),
    ('unpacks a directory, stock by another name', 'unpack', '-iR {directory2}', False, 1),
    ('installs ours', 'install', '-i {ours}', False, 0),
    ('installs other packages', 'install', '-i {other} {broken} {missing}', False, 0),
    ('configures', 'configure', '--configure {stock}', False, 0),
    ('installs into another root', 'install', '--root=/mnt -i {stock}', False, 0),
]
# apt's table of versions, with their priorities; (version of Debian's that is held back, table)
SECURITY, BACKPORT = '9.0.0-4+deb12u3', '11.3.0-3~bpo12+1'
UPDATES = [
    ('security update', SECURITY, {OURS: 995, SECURITY: 500, STOCK: 500}),
    ('security update and backport', SECURITY, {BACKPORT: 100, OURS: 995, SECURITY: 500}),
    ('security update of the default release', SECURITY, {OURS: 995, SECURITY: 990}),
    ('backport', None, {BACKPORT: 100, OURS: 995, STOCK: 500}),
    ('backport that is preferred', BACKPORT, {BACKPORT: 500, OURS: 995, STOCK: 500}),
    ('version that is rejected', None, {SECURITY: -1, OURS: 995}),
    ('newer version of ours', None, {NEWER: 995, OURS: 995, SECURITY: 500}),
    ('no update', None, {OURS: 995, STOCK: 500}),
    ('no archive', None, {}),
]
NATIVE = subprocess.run(['dpkg', '--print-architecture'], stdout=subprocess.PIPE, text=True,
                        check=True).stdout.strip()
FOREIGN = 'armhf'
# (package, architecture, status of dpkg, how the way back names it): those of libvirt
INSTALLED = [
    ('libvirt0', NATIVE, 'install ok installed', f'libvirt0:{NATIVE}'),
    ('libvirt0', FOREIGN, 'install ok installed', f'libvirt0:{FOREIGN}'),
    ('libvirt-daemon', NATIVE, 'install ok installed', 'libvirt-daemon'),
    ('libvirt-doc', 'all', 'hold ok installed', 'libvirt-doc'),
    ('libvirt-daemon-dbgsym', NATIVE, 'install ok installed', None),
    ('libvirt-clients', NATIVE, 'deinstall ok config-files', None),
]
# (arguments of prerm, status with a running confined domain)
PRERM = [
    ('remove', 1), (f'upgrade {STOCK}', 1), (f'upgrade {NEWER}', 0),
    (f'failed-upgrade {STOCK}', 0), (f'deconfigure in-favour x 1 removing y 2', 0), ('frobnicate', 1),
]
# (arguments of postrm, whether the cache of filters remains)
POSTRM = [
    ('remove', False), ('purge', False), (f'upgrade {STOCK}', False), (f'upgrade {NEWER}', True),
    ('failed-upgrade', True), (f'abort-upgrade {STOCK}', True), ('abort-install', True),
]


@functools.cache
def deb(package, version):
    """The content of an invented package"""
    with tempfile.TemporaryDirectory(prefix='check-') as directory:
        control, result = Path(directory, 'tree/DEBIAN/control'), Path(directory, 'deb')
        control.parent.mkdir(parents=True)
        control.write_text(f'Package: {package}\nVersion: {version}\nArchitecture: all\n'
                           'Maintainer: nobody <n@example.org>\nDescription: invented\n')
        subprocess.run(['dpkg-deb', '--build', control.parent.parent, result],
                       stdout=subprocess.DEVNULL, check=True)
        return result.read_bytes()


class Machine:
    """A root directory with domains."""

    def __init__(self, source):
        self.directory = tempfile.TemporaryDirectory(prefix='check-')
        self.root = Path(self.directory.name)
        self.source = source
        self.dpkgs = 0

    def __enter__(self):
        for name in 'etc/libvirt/lxc/seccomp', 'run/libvirt/lxc', 'proc', 'usr/lib/libvirt':
            (self.root / name).mkdir(parents=True)
        (self.root / CHECK).symlink_to(self.source / 'debian/files/confinement-check')
        return self

    def __exit__(self, *_):
        self.directory.cleanup()

    def domain(self, name, features, running, pid=100, program='/usr/lib/libvirt/libvirt_lxc'):
        xml = f"<domain type='lxc'>\n  <features>\n    {features}\n  </features>\n</domain>\n"
        if not running:
            (self.root / f'etc/libvirt/lxc/{name}.xml').write_text(xml)
            return
        (self.root / f'run/libvirt/lxc/{name}.xml').write_text(f'<domstatus>\n{xml}</domstatus>\n')
        (self.root / f'run/libvirt/lxc/{name}.pid').write_text(f'{pid}\n')
        if program:
            (self.root / f'proc/{pid}').mkdir()
            (self.root / f'proc/{pid}/cmdline').write_bytes(program.encode() + b'\0--name\0')

    def dpkg(self, arguments):
        """A dpkg that runs with these arguments. Names of files stand for their paths."""
        pid, files = 200 + self.dpkgs, self.root / f'debs with blank {self.dpkgs}'
        self.dpkgs += 1
        names = {'stock': f'libvirt0_{STOCK}.deb', 'ours': f'libvirt0_{OURS}.deb',
                 'other': 'libvirt-dev_1.deb', 'broken': 'libvirt0_broken.deb',
                 'missing': 'libvirt0_missing.deb', 'directory': 'directory',
                 'renamed': 'x [y]', 'directory2': 'directory2'}
        (files / 'directory').mkdir(parents=True)
        (files / 'directory2').mkdir()
        (files / 'directory2' / 'x.deb').symlink_to(files / names['stock'])
        (files / names['renamed']).symlink_to(files / names['stock'])
        (files / 'directory' / 'libvirt0.deb').symlink_to(files / names['stock'])
        (files / names['broken']).touch()
        for name, package, version in (('stock', 'libvirt0', STOCK), ('ours', 'libvirt0', OURS),
                                       ('other', 'libvirt-dev', STOCK)):
            (files / names[name]).write_bytes(deb(package, version))
        paths = {name: files / file for name, file in names.items()}
        command = ['dpkg'] + [word.format(**paths) for word in arguments.split()]
        (self.root / f'proc/{pid}').mkdir()
        (self.root / f'proc/{pid}/cmdline').write_text('\0'.join(command) + '\0')
        return f'dpkg {pid}'

    def hook(self, arguments):
        """The status of dpkg's hook, with the check of this root directory, in a dpkg that
        runs with these arguments."""
        pid = self.dpkg(arguments).split()[1]
        (self.root / f'proc/{pid}').rename(self.root / f'proc/{os.getpid()}')
        settings = (self.source / 'debian/files/libvirt-confinement.dpkg').read_text()
        command = re.search('^pre-invoke="(.*)"$', settings, re.M)[1]
        return subprocess.run(['sh', '-c', command.replace('/usr', f'{self.root}/usr')],
                              env={'PATH': os.environ['PATH'], 'DPKG_ROOT': str(self.root),
                                   'DPKG_HOOK_ACTION': 'install'},
                              stderr=subprocess.DEVNULL, check=False).returncode

    def program(self, name, output, status=0):
        """One that takes the place of the system's."""
        path = self.root / 'programs' / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ncat <<'END'\n{output}END\nexit {status}\n")
        path.chmod(0o755)

    def apt(self, versions, architectures=1):
        """One that knows these {version: priority}, OURS of which is installed."""
        table = ''.join(f' {"***" if version == OURS else "   "} {version} {priority}\n'
                        f'       {priority:4} http://archive.example/debian bookworm/main\n'
                        for version, priority in versions.items())
        self.program('apt-cache', f'libvirt0:\n  Installed: {OURS}\n  Candidate: {OURS}\n'
                     f'  Version table:\n{table}')
        self.program('dpkg-query', f'{OURS}\n' * architectures)

    def run(self, command, stdin='', force=False, script=None, action='install', **variables):
        program = self.source / f'debian/scripts/{script}' if script else self.root / CHECK
        environment = {'PATH': f'{self.root}/programs:{os.environ["PATH"]}',
                       'DPKG_ROOT': str(self.root), 'DPKG_HOOK_ACTION': action, **variables}
        if force:
            environment['LIBVIRT_CONFINEMENT_FORCE'] = '1'
        done = subprocess.run(['sh', program, *command.split()], input=stdin, text=True,
                              env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False)
        return done.returncode, done.stdout


def way_back(machine):
    """What is wrong with the command of the installation guide that does it"""
    admin = machine.root / 'dpkg'
    (admin / 'updates').mkdir(parents=True)
    (admin / 'info').mkdir()
    (admin / 'arch').write_text(f'{NATIVE}\n{FOREIGN}\n')
    (admin / 'status').write_text(''.join(
        f'Package: {package}\nStatus: {status}\nArchitecture: {architecture}\nVersion: {OURS}\n'
        'Source: libvirt\nMaintainer: nobody <n@example.org>\nDescription: invented\n' +
        ('Multi-Arch: same\n' if package == 'libvirt0' else '') + '\n'
        for package, architecture, status, _ in INSTALLED))
    guide = (machine.source / 'docs/install.md').read_text()
    command = re.search(r'(?m)^ {4}(apt install --allow-downgrades .*(?:\n {5}.*)*)', guide)[1]
    done = subprocess.run(['bash', '-c', f'apt() {{ echo "$@"; }}; {command}'], check=True, text=True,
                          stdout=subprocess.PIPE, env={**os.environ, 'DPKG_ADMINDIR': str(admin)})
    found = sorted(done.stdout.split()[2:])
    expected = sorted(f'{name}={STOCK}' for *_, name in INSTALLED if name)
    return None if found == expected else f'{found} instead of {expected}'


def whole_change(machine, removal, frontend, force):
    """(status of each, output) of all that apt or dpkg call for the packages that have a
    prerm of ours"""
    guarded = (machine.source / 'debian/guarded').read_text().split()
    results = []
    if frontend == 'apt':
        steps = (f'{name} {OURS} > {"- **REMOVE**" if removal else STOCK + " /x.deb"}\n'
                 for name in guarded)
        results.append(machine.run('apt', PLAN + ''.join(steps), force))
    variables = {'DPKG_FRONTEND_LOCKED': 'true'} if frontend == 'apt' else {}
    results.append(machine.run(machine.dpkg('-r x' if removal else '-i {stock}'), force=force,
                               action='remove' if removal else 'install', **variables))
    for name in guarded:
        results.append(machine.run('remove' if removal else f'upgrade {STOCK}', script='prerm',
                                   force=force, DPKG_MAINTSCRIPT_PACKAGE=name, **variables))
    return [status for status, _ in results], ''.join(output for _, output in results)


def told_once(machine, removal, frontend):
    """What is wrong, with a domain that is stored and perhaps with one that runs."""
    machine.domain('s', '<seccomp/>', False)
    for running in False, True:
        if running:
            machine.domain('r', '<seccomp/>', True)
        statuses, output = whole_change(machine, removal, frontend, running)
        if any(statuses) or output.count("'s'") != 1 or output.count("'r'") != running:
            return f'{statuses}, {output}'
    return None


def complaint(result, status, messages):
    """What is wrong, if anything is. Where no message is expected there must be none."""
    if result[0] != status:
        return f'status {result[0]} instead of {status}: {result[1]}'
    for message in messages:
        if message not in result[1]:
            return f'no {message!r} in {result[1]!r}'
    return f'unexpected output: {result[1]}' if result[1] and not messages else None


def tests(source):
    """(name, what is wrong) of each test."""
    for name, (features, unknown) in FEATURES.items():
        for running in False, True:
            with Machine(source) as machine:
                machine.domain('d', features, running)
                expected = [f'{"running" if running else "stored"} d'] if unknown else []
                yield (f'{name}, {"running" if running else "stored"}',
                       complaint(machine.run('list'), 0, expected))
    for name, running, stored, command, stdin, force, status, messages in COMMANDS:
        with Machine(source) as machine:
            machine.domain('plain', '<privnet/>', False)
            machine.domain('plain', '<privnet/>', True, 99)
            if running:
                machine.domain('r 1', '<seccomp/>', True)
            if stored:
                machine.domain('s', "<landlock abi='1'>", False)
            yield name, complaint(machine.run(command, stdin, force), status, messages)
    with Machine(source) as machine:
        for name in 'a', "b','c", 'd & \\1':
            machine.domain(name, '<seccomp/>', False)
        yield 'names with quotes', complaint(machine.run('remove'), 0, [r"""'a', 'b','c', 'd & \1'."""])
    with Machine(source) as machine:
        for directory in 'etc/libvirt/lxc', 'run/libvirt/lxc':
            os.mkfifo(machine.root / directory / 'fifo.xml')
            (machine.root / directory / 'directory.xml').mkdir()
        machine.domain('d', '<seccomp/>', False)
        yield 'files that are not regular', complaint(machine.run('list'), 0, ['stored d\n'])
    for name, program in ('no process', None), ('process of another program', '/usr/bin/cat'):
        with Machine(source) as machine:
            machine.domain('r', '<seccomp/>', True, program=program)
            yield f'stale status, {name}', complaint(machine.run('remove'), 0, [])
    for name, action, arguments, force, status in DPKG:
        with Machine(source) as machine:
            machine.domain('r', '<seccomp/>', True)
            command = machine.dpkg(arguments)
            messages = [f'version {STOCK}, which', "'r'"] if status else \
                ['nothing manages'] if force else []
            yield f'dpkg {name}', complaint(
                machine.run(command, force=force, action=action), status, messages)
    with Machine(source) as machine:
        machine.domain('r', '<privnet/>', True)
        yield 'dpkg, none confined', complaint(machine.run(machine.dpkg('-i {stock}')), 0, [])
        yield 'dpkg, its arguments unknown', complaint(machine.run('dpkg 201'), 0, [])
    for name, check, file, status in (('', True, 'ours', 0), (' refuses', True, 'stock', 1),
                                      (' without the check', False, 'stock', 0)):
        with Machine(source) as machine:
            machine.domain('r', '<seccomp/>', True)
            if not check:
                (machine.root / CHECK).unlink()
            found = machine.hook(f'-i {{{file}}}')
            yield f"dpkg's hook{name}", None if found == status else f'status {found}'
    for removal in False, True:
        for frontend in 'apt', 'dpkg':
            with Machine(source) as machine:
                yield (f'{"removal" if removal else "way back"} with {frontend}: domains are named once',
                       told_once(machine, removal, frontend))
    for name, newest, versions in UPDATES:
        for architectures in 1, 2:
            with Machine(source) as machine:
                machine.apt(versions, architectures)
                messages = [f'Debian has version {newest}. ', f'installed {OURS} is'] if newest else []
                yield f'{name}, {architectures} architectures', complaint(
                    machine.run('update'), 0, messages)
    with Machine(source) as machine:
        machine.apt({SECURITY: 500})
        machine.program('dpkg-query', '', 1)
        yield 'update, not installed', complaint(machine.run('update'), 0, [])
    with Machine(source) as machine:
        yield 'packages of the way back', way_back(machine)
    for command, status in PRERM:
        with Machine(source) as machine:
            machine.domain('r', '<seccomp/>', True)
            result = machine.run(command, script='prerm')
            yield f'prerm {command}', complaint(result, status, ["'"] if status else [])
    for command, remains in POSTRM:
        with Machine(source) as machine:
            cache = machine.root / 'var/cache/libvirt/lxc/seccomp'
            cache.mkdir(parents=True)
            (cache / 'filter').touch()
            result = machine.run(command, script='postrm')
            found = [path.name for path in sorted((machine.root / 'var/cache').rglob('*'))]
            expected = ['libvirt', 'lxc', 'seccomp', 'filter'] if remains else []
            yield f'postrm {command}', complaint(result, 0, []) or (
                None if found == expected else f'{found} remain')
    with Machine(source) as machine:
        (machine.root / CHECK).unlink()
        machine.domain('r', '<seccomp/>', True)
        yield 'prerm without the driver', complaint(machine.run('remove', script='prerm'), 0, [])


def main():
    failed = number = 0
    for number, (name, wrong) in enumerate(tests(Path(sys.argv[1])), 1):
        print(f'{"not ok" if wrong else "ok"} {number} - {name}')
        if wrong:
            failed += 1
            print('# ' + wrong.strip().replace('\n', '\n# '))
    print(f'1..{number}')
    return failed > 0 or number < 60


if __name__ == '__main__':
    sys.exit(main())
