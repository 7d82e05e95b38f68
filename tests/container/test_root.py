# SPDX-License-Identifier: LGPL-2.1-or-later
"""A container's file system was prepared by its root in an earlier run: set-up
does not trust it, and leaves the host's alone."""

import os
import shutil
import socket
import stat
import subprocess
from pathlib import Path

import tap
from harness import IDMAP, Domain, OurInstance
from tap import Case, Sandbox, rows

STRICT = "<capabilities policy='deny'/><seccomp/><no-new-privs/>"
LANDLOCK = ("<capabilities policy='deny'/><landlock><fs>"
            "<path target='/' allow='read write execute create'/></fs></landlock>")
# The name, the features and the map of each kind of container.
KINDS = (
    ('plain', "<capabilities policy='deny'/>", ''),
    ('seccomp', STRICT, ''),
    ('landlock', LANDLOCK, ''),
    ('idmap', "<capabilities policy='deny'/><privnet/>", IDMAP),
)

# Functions of the C library that set-up may call, made to fail by the
# environment: FAULT_PATH for those that take a path, FAULT_CALL for syscall(2).
FAULTS = r'''
#include <dlfcn.h>
#include <errno.h>
#include <mntent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(const char *path)
{
    const char *fault = getenv("FAULT_PATH");
    return getpid() == 1 && fault && strcmp(path, fault) == 0;
}
FILE *setmntent(const char *path, const char *mode)
{
    FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, "setmntent");
    if (fails(path)) {
        errno = EMFILE;
        return NULL;
    }
    return real(path, mode);
}
int access(const char *path, int mode)
{
    int (*real)(const char *, int) = dlsym(RTLD_NEXT, "access");
    if (fails(path)) {
        errno = EIO;
        return -1;
    }
    return real(path, mode);
}
long syscall(long number, ...)
{
    long (*real)(long, ...) = dlsym(RTLD_NEXT, "syscall");
    const char *fault = getenv("FAULT_CALL");
    long a[6];
    va_list args;
    va_start(args, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(args, long);
    va_end(args);
    if (getpid() == 1 && fault && number == atol(fault)) {
        errno = EPERM;
        return -1;
    }
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
'''


def filesystem(source, target, more=''):
    return (f"<filesystem type='mount'><source dir='{source}'/>"
            f"<target dir='{target}'/>{more}</filesystem>")


def put(path, thing, host):
    """Replaces what is at path."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if thing.startswith('link '):
        path.symlink_to(thing[5:].replace('HOST', str(host)))
    elif thing == 'fifo':
        os.mkfifo(path)
    elif thing == 'file':
        path.write_text('hostile\n')
    elif thing == 'socket':
        with socket.socket(socket.AF_UNIX) as listener:
            os.chdir(path.parent)
            listener.bind(path.name)
            os.chdir('/')
    elif thing == 'device':
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    else:
        path.mkdir()


def own(path):
    """Gives a tree to root of the mapped container."""
    for entry in [path, *path.rglob('*')]:
        os.chown(entry, 100000, 100000, follow_symlinks=False)


class RootCase(Case):
    def setUp(self):
        self.ours = Sandbox.instance(OurInstance)
        self.host = self.ours.work / f'host{self.ours.count}'
        shutil.rmtree(self.host, ignore_errors=True)
        (self.host / 'directory').mkdir(parents=True)
        (self.host / 'directory').chmod(0o777)
        (self.host / 'secret').write_text('secret of the host')
        self.volume = self.ours.work / f'volume{self.ours.count}'
        shutil.rmtree(self.volume, ignore_errors=True)
        self.volume.mkdir()
        (self.volume / 'in-volume').write_text('volume')
        self.before = self.listing()

    def listing(self):
        """Without the time when a directory was read: that is done here."""
        found = []
        for path in [self.host, *self.host.rglob('*')]:
            status = list(path.lstat())
            if path.is_dir():
                del status[stat.ST_ATIME]
            found.append((str(path), status))
        return sorted(found)

    def domain(self, **kwargs):
        domain = Domain(self.ours, **kwargs)
        self.addCleanup(domain.remove)
        if domain.mapped:
            own(self.volume)
        return domain

    def assertHostIsAlone(self, results=()):
        self.assertEqual(self.listing(), self.before, "the host's files changed")
        for name in results:
            self.assertNotIn('secret', results[name], f'{name} shows the host')


class Attacks(RootCase):
    @rows(KINDS)
    def test_oldroot_is_a_link(self, features, idmap):
        domain = self.domain(features=features, idmap=idmap, job=[
            f'read cat /grab{self.host}/secret',
            f'write create /grab{self.host}/directory/made'])
        put(domain.root / 'grab', 'directory', self.host)
        put(domain.root / '.oldroot', 'link grab', self.host)
        if idmap:
            own(domain.root)
        results = domain.run()
        self.assertHostIsAlone(results)
        self.assertIn('ENOENT', results['read'])

    @rows(KINDS)
    def test_target_is_a_link_to_proc(self, features, idmap):
        """The list of mounts is then a file of the volume."""
        domain = self.domain(
            features=features, idmap=idmap,
            devices=filesystem(self.volume, '/vol'))
        (self.volume / 'mounts').write_text('none / none rw 0 0\n')
        put(domain.root / 'vol', 'link /proc', self.host)
        self.assertStartFails(domain, ["'/vol'", '/proc'])
        self.assertHostIsAlone()

    @rows(KINDS)
    def test_proc_is_a_link_into_a_volume(self, features, idmap):
        domain = self.domain(
            features=features, idmap=idmap,
            devices=filesystem(self.volume, '/vol'))
        put(domain.root / 'proc', 'link vol/proc', self.host)
        put(domain.root / 'vol' / 'proc', 'directory', self.host)
        if idmap:
            own(domain.root)
        self.assertStartFails(domain, ["'/proc'", 'symbolic link'])

    @rows(KINDS)
    def test_target_below_a_link_to_oldroot(self, features, idmap):
        domain = self.domain(
            features=features, idmap=idmap,
            devices=filesystem(self.volume, '/parent/made'))
        put(domain.root / 'parent', f'link /.oldroot{self.host}/directory',
            self.host)
        self.assertStartFails(domain, ["'/parent'"])
        self.assertHostIsAlone()

    @rows(KINDS)
    def test_volume_covers_proc(self, features, idmap):
        """The label and the capabilities of init would be set and compared in
        files of the volume."""
        domain = self.domain(features=features, idmap=idmap,
                             devices=filesystem(self.volume, '/proc'))
        process = self.volume / '1'
        process.mkdir()
        (self.volume / 'self').symlink_to('1')
        (self.volume / 'thread-self').symlink_to('1')
        (process / 'status').write_text('CapBnd:\t0000000000000000\n')
        if idmap:
            own(self.volume)
        self.assertStartFails(domain, ["'/proc'", 'not a procfs'])

    @rows([(f'{kind}, {name}', features, idmap, name)
           for kind, features, idmap in KINDS
           for name in ('1/status', 'self/status', 'thread-self/attr/current')])
    def test_file_covers_init(self, features, idmap, name):
        domain = self.domain(
            features=features, idmap=idmap,
            devices=filesystem(self.volume / 'in-volume', f'/proc/{name}'))
        self.assertStartFails(domain, ["'/proc/1/", 'nothing can be mounted'])

    @rows([
        (f'{kind} {flags}', features, idmap, flags)
        for kind, features, idmap in KINDS if kind in ('plain', 'idmap')
        for flags in ('nosuid', 'nodev', 'noexec', 'nosuid,nodev,noexec')
    ])
    def test_readonly_source_keeps_its_attributes(self, features, idmap, flags):
        domain = self.domain(
            features=features, idmap=idmap,
            devices=filesystem(self.volume, '/vol', '<readonly/>'),
            job=['write create /vol/made', 'mounts cat /proc/self/mountinfo'])
        mount = self.ours.command('mount', '--bind', '-o', flags, self.volume,
                                  self.volume)
        self.assertEqual(mount.wait(), 0)
        self.addCleanup(lambda: self.ours.command('umount', self.volume).wait())
        results = domain.run()
        self.assertEqual(results['write'], 'EROFS')
        line = next(line for line in results['mounts'].split(';')
                    if ' /vol ' in line)
        for flag in ('ro', *flags.split(',')):
            self.assertIn(flag, line.split()[5].split(','))


class Types(RootCase):
    """What a <filesystem> can be."""

    def disk(self, name):
        image = self.ours.work / f'{name}{self.ours.count}.img'
        image.write_bytes(b'')
        os.truncate(image, 4 << 20)
        tree = self.ours.work / f'tree{self.ours.count}'
        shutil.copytree(self.volume, tree, dirs_exist_ok=True)
        for directory in ('proc', 'sys', 'dev'):
            (tree / directory).mkdir(exist_ok=True)
        subprocess.run(['mke2fs', '-q', '-t', 'ext4', '-d', tree, image],
                       check=True)
        return image

    def seen(self, devices, path, features="<capabilities policy='deny'/>"):
        """The mount at a path, and what can be read from and made in it."""
        domain = self.domain(features=features, devices=devices, job=[
            f'read cat {path}/in-volume', f'write create {path}/made',
            'mounts cat /proc/self/mountinfo'])
        results = domain.run()
        line = [line for line in results['mounts'].split(';')
                if f' {path} ' in line][-1]
        return line, results['read'], results['write']

    @rows([('writable', '', 'OK'), ('read-only', '<readonly/>', 'EROFS')])
    def test_file(self, more, written):
        line, text, write = self.seen(
            "<filesystem type='file'><driver type='loop' format='raw'/>"
            f"<source file='{self.disk('file')}'/><target dir='/disk'/>{more}"
            '</filesystem>', '/disk')
        self.assertIn(' ext4 ', line)
        self.assertEqual((text, write), ('volume', written))

    @rows([('writable', '', 'OK'), ('read-only', '<readonly/>', 'EROFS')])
    def test_block(self, more, written):
        device = subprocess.run(
            ['losetup', '--find', '--show', self.disk('block')], check=True,
            text=True, stdout=subprocess.PIPE).stdout.strip()
        self.addCleanup(subprocess.run, ['losetup', '-d', device])
        line, text, write = self.seen(
            f"<filesystem type='block'><source dev='{device}'/>"
            f"<target dir='/disk'/>{more}</filesystem>", '/disk')
        self.assertIn(' ext4 ', line)
        self.assertEqual((text, write), ('volume', written))

    @rows([('writable', '', 'OK'), ('read-only', '<readonly/>', 'EROFS')])
    def test_ram(self, more, written):
        line, _, write = self.seen(
            "<filesystem type='ram'><source usage='1024' units='KiB'/>"
            f"<target dir='/tmp'/>{more}</filesystem>", '/tmp')
        self.assertIn('size=1024k', line)
        self.assertIn('nosuid,nodev', line)
        self.assertEqual(write, written)

    @rows([('writable', '', 'OK'), ('read-only', '<readonly/>', 'EROFS')])
    def test_bind(self, more, written):
        _, text, write = self.seen(
            filesystem(self.volume, '/vol') +
            "<filesystem type='bind'><source dir='/vol'/>"
            f"<target dir='/again'/>{more}</filesystem>", '/again')
        self.assertEqual((text, write), ('volume', written))

    def test_bind_of_a_link_to_proc(self):
        """It would be a procfs without what is mounted on it."""
        domain = self.domain(
            features="<capabilities policy='deny'/>",
            devices="<filesystem type='bind'><source dir='/vol'/>"
                    "<target dir='/again'/></filesystem>")
        put(domain.root / 'vol', 'link /proc', self.host)
        self.assertStartFails(domain, ["'/vol'", "'/proc'"])

    @rows([('no idmap', ''), ('idmap', IDMAP)])
    def test_one_file(self, idmap):
        domain = self.domain(
            features="<capabilities policy='deny'/><privnet/>", idmap=idmap,
            devices=filesystem(self.volume / 'in-volume', '/new/file'),
            job=['read cat /new/file', 'memory cat /proc/meminfo'])
        results = domain.run()
        self.assertEqual(results['read'], 'volume')
        self.assertIn('MemTotal:         262144 kB', results['memory'])

    def test_source_below_the_root(self):
        """Whoever has the root has the source, too."""
        domain = self.domain(features="<capabilities policy='deny'/>")
        domain.xml = domain.xml.replace(
            '<console', filesystem(domain.root / 'inner', '/vol') + '<console')
        put(domain.root / 'inner', 'link HOST/directory', self.host)
        self.assertStartFails(domain, [f"'{domain.root}/inner'", "'/vol'"])
        self.assertHostIsAlone()

    def test_host_as_root(self):
        domain = self.domain(features="<capabilities policy='deny'/>",
                             init='/bin/sleep')
        domain.xml = domain.xml.replace(
            f"<source dir='{domain.root}'/>", "<source dir='/'/>").replace(
            '</init>', '</init><initarg>1000</initarg>')
        domain.define()
        domain.start()
        mounts = Path(f'/proc/{domain.init()}/mountinfo').read_text()
        at = [line.split()[4] for line in mounts.splitlines()]
        for target in ('/proc', '/sys', '/dev', '/dev/pts'):
            self.assertEqual(at.count(target), 1, target)
        self.assertFalse([path for path in at if '.oldroot' in path or
                          path.endswith(('.dev', '.devpts', '.fuse'))])


class KernelFiles(RootCase):
    """The mounts that <kernel-files> stands for. Everything but the first row is
    what root without a capability can do by file access alone."""

    @rows([
        ('none', "<kernel-files policy='none'/>", '', 'OK', 'now at'),
        ('default', "<kernel-files policy='default'/>", '', 'EROFS', ''),
        ('masked', "<kernel-files policy='default'>"
                   "<path target='/proc/irq' access='masked'/></kernel-files>",
         '', 'ENOENT', ''),
        ('writable', "<kernel-files policy='default'>"
                     "<path target='/proc/irq' access='writable'/></kernel-files>",
         '', 'OK', ''),
        ('idmap', "<kernel-files policy='default'/>", IDMAP, 'EACCES', ''),
    ])
    def test_files(self, element, idmap, irq, timers):
        domain = self.domain(
            features=f"<capabilities policy='deny'/><privnet/>{element}",
            idmap=idmap, job=[
                'irq open w /proc/irq/default_smp_affinity',
                'timers cat /proc/timer_list', 'memory cat /proc/meminfo'])
        results = domain.run()
        self.assertEqual(results['irq'], irq)
        if timers:
            self.assertIn(timers, results['timers'])
        else:
            self.assertEqual(results['timers'], '')
        self.assertIn('MemTotal:         262144 kB', results['memory'])


class Faults(RootCase):
    """Whatever fails, the host is not left inside and nothing stays writable."""

    def emulator(self, environment):
        library = self.ours.work / 'faults.so'
        if not library.exists():
            source = self.ours.work / 'faults.c'
            source.write_text(FAULTS)
            subprocess.run(['gcc', '-D_GNU_SOURCE', '-shared', '-fPIC', '-o',
                            library, source, '-ldl'], check=True)
        script = self.ours.work / f'emulator{self.ours.count}'
        real = self.ours.libvirt / 'src' / 'libvirt_lxc'
        script.write_text(
            '#!/bin/sh\n'
            f'export LD_PRELOAD={library} {environment}\n'
            f'exec {real} "$@"\n')
        script.chmod(0o755)
        return f'<emulator>{script}</emulator>'

    @rows([
        ('the list of mounts', '/proc/mounts'),
        ('/proc/sys', '/proc/sys'),
        ('/proc/sys of the host', '/.oldroot/proc/sys'),
        ('nothing', '/nowhere'),
    ])
    def test_path(self, path):
        domain = self.domain(
            features="<capabilities policy='deny'/>",
            devices=self.emulator(f'FAULT_PATH={path}'), job=[
                f'read cat /.oldroot{self.host}/secret',
                'sysctl open w /proc/sys/kernel/core_pattern'])
        results = domain.run()
        self.assertHostIsAlone(results)
        self.assertEqual(results['sysctl'], 'EROFS')

    @rows([
        ('open_tree', 428), ('move_mount', 429), ('fsopen', 430),
        ('fsconfig', 431), ('fsmount', 432), ('openat2', 437),
        ('mount_setattr', 442), ('pivot_root', 155), ('umount2', 166),
    ])
    def test_call(self, number):
        domain = self.domain(
            features="<capabilities policy='deny'/>",
            devices=self.emulator(f'FAULT_CALL={number}'))
        self.assertStartFails(domain, ['Operation not permitted'])


# What set-up needs at a name: nothing, a real directory, or a directory.
NAMES = {
    '.oldroot': None, 'proc': '/proc', 'sys': '/sys', 'dev': '/dev',
    'dev/pts': None, 'dev/shm': None, 'dev/console': None,
    'etc/passwd': None, 'etc/group': None,
    'parent': '/parent', 'parent/target': '/parent/target',
}
THINGS = (
    'directory', 'file', 'fifo', 'socket', 'device', 'link /',
    'link HOST/directory', 'link ../../../../../../..', 'link /proc/self/root',
    'link /proc', 'link /nowhere', 'link loop', 'link /.oldroot/etc',
    'link ../HOSTNAME/directory',
)


class Hostile(RootCase):
    """Right, or with an error that names the path."""

    @rows([
        (f'{name} {kind}', name, features, idmap)
        for name in NAMES for kind, features, idmap in KINDS
    ])
    def test_root(self, name, features, idmap):
        needed = NAMES[name]
        refused = 0
        for thing in THINGS:
            thing = thing.replace('HOSTNAME', self.host.name)
            domain = self.domain(
                features=features, idmap=idmap,
                devices=filesystem(self.volume, '/parent/target'), job=[
                    f'read cat {self.host}/secret',
                    f'old cat /.oldroot{self.host}/secret',
                    'volume cat /parent/target/in-volume',
                    'status list /proc/self',
                    'sysctl open w /proc/sys/kernel/core_pattern'])
            put(domain.root / 'loop', 'link loop', self.host)
            put(domain.root / name, thing, self.host)
            if idmap:
                own(domain.root)
            domain.define()
            status, _, error = self.ours.run('start', domain.name)
            if status:
                refused += 1
                self.assertIsNotNone(needed, f'{thing}: {error}')
                self.assertIn(f"'{needed}", error, thing)
            else:
                results = domain.results()
                self.assertHostIsAlone(results)
                self.assertEqual(results['volume'], 'volume', thing)
                self.assertEqual(results['sysctl'],
                                 'EACCES' if idmap else 'EROFS', thing)
            self.assertHostIsAlone()
            domain.remove_later()
        if needed:
            self.assertGreater(refused, 0)


if __name__ == '__main__':
    tap.main()
