# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a test file where it cannot leave anything behind.

The tests run in PID, mount and network namespaces of their own: whatever they
forget, the kernel ends with the first process of the PID namespace. Cgroups, loop
devices and files are shared with the host; they carry a tag and are removed here.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x20000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
PR_SET_PDEATHSIG = 1
KEYCTL, ADD_KEY = 250, 248
JOIN_SESSION_KEYRING, INVALIDATE = 1, 21
SESSION_KEYRING, USER_KEYRING = -3, -4


def check(rc, what):
    if rc < 0:
        errno = ctypes.get_errno()
        raise OSError(errno, f'{what}: {os.strerror(errno)}')


def unshare(flags):
    check(LIBC.unshare(flags), 'unshare')


def setns(fd):
    check(LIBC.setns(fd, 0), 'setns')


def add_key(name, keyring):
    """Returns its number."""
    key = LIBC.syscall(ADD_KEY, b'user', name.encode(), b'secret', ctypes.c_size_t(6),
                       keyring)
    check(key, 'add_key')
    return key


def remove_key(key):
    check(LIBC.syscall(KEYCTL, INVALIDATE, key), 'keyctl')


def join_session_with_key(name):
    """A session keyring with a key, which the instances will have."""
    check(LIBC.syscall(KEYCTL, JOIN_SESSION_KEYRING, b'ct'), 'keyctl')
    add_key(name, SESSION_KEYRING)


def mount(source, target, kind=None, flags=0, data=None):
    def text(value):
        return None if value is None else str(value).encode()
    check(LIBC.mount(text(source), text(target), text(kind),
                     ctypes.c_ulong(flags), text(data)), f'mount {target}')


def umount(target):
    check(LIBC.umount2(str(target).encode(), 2), f'umount {target}')


def hierarchies():
    """Mount points of all cgroup file systems, v1 and v2."""
    for line in Path('/proc/self/mountinfo').read_text().splitlines():
        left, right = line.split(' - ', 1)
        if right.startswith('cgroup'):
            yield Path(left.split()[4])


# Where memory is if version 1 has it and nothing else: a container has it there, too,
# on a tmpfs, and systemd does not look for cgroups there.
MEMORY = Path('/dev/mapper/memory')


def named_hierarchies():
    """{name: mount point}"""
    # Where there is version 2 only, it has no directory of its own.
    names = {Path('/sys/fs/cgroup'): 'unified', MEMORY: 'memory'}
    return {names.get(top, top.name): top for top in hierarchies()}


# "v2": the tests run as on a host that mounts cgroup version 2 only.
CGROUP = os.environ.get('CONFINEMENT_CGROUP', '')


def version2_only():
    """Whether the tests run where cgroup version 2 is all there is, or nearly all."""
    return CGROUP == 'v2' or set(named_hierarchies()) == {'unified'}


def unified_options():
    """Of the file system of cgroup version 2, such as nsdelegate."""
    for line in Path('/proc/self/mountinfo').read_text().splitlines():
        kind, _, options = line.split(' - ', 1)[1].split()[:3]
        if kind == 'cgroup2':
            return ','.join(item for item in options.split(',') if item not in ('rw', 'ro'))
    return ''


def mount_version2_only():
    """libvirt also needs the memory controller, which version 1 may have. The options of
    version 2 are those of all its mounts: they stay as they are."""
    before = list(hierarchies())
    options = unified_options()
    unified = named_hierarchies()['unified']
    controllers = (unified / 'cgroup.controllers').read_text().split()
    for path in before:
        umount(path)
    mount('cgroup2', '/sys/fs/cgroup', 'cgroup2', data=options)
    if 'memory' not in controllers:
        mount('ct', MEMORY.parent, 'tmpfs')
        MEMORY.mkdir()
        mount('cgroup', MEMORY, 'cgroup', data='memory')


def uuid_prefix(tag):
    """All but four digits of a domain's UUID."""
    return f'00000000-0000-4c74-8000-{int(tag.strip("ct-")):08x}'


def cgroups(tag):
    """All cgroup directories that belong to the tag, the deepest first."""
    found = []
    for top in hierarchies():
        for path, dirs, _ in os.walk(top):
            if tag in path or uuid_prefix(tag) in path:
                found.append(Path(path))
    return sorted(found, key=lambda p: -len(p.parts))


def processes():
    """{pid: parent's pid} of all that live; zombies are over."""
    found = {}
    for path in Path('/proc').glob('[0-9]*/stat'):
        try:
            fields = path.read_text().rpartition(')')[2].split()
        except OSError:
            continue
        if fields[0] not in 'ZX':
            found[int(path.parts[2])] = int(fields[1])
    return found


def descends(pid, ancestor, parents):
    while pid not in (0, ancestor):
        pid = parents.get(pid, 0)
    return pid == ancestor


def thaw(tag, ancestor):
    """What the tag has frozen: by path, and by process where none is that long."""
    for path in cgroups(tag):
        state = path / 'freezer.state'
        if state.exists():
            state.write_text('THAWED')
    parents = processes()
    for top in hierarchies():
        if top.name != 'freezer':
            continue
        for pid in parents:
            if descends(pid, ancestor, parents):
                try:
                    (top / 'cgroup.procs').write_text(str(pid))
                except OSError:
                    pass


def remove_tree(path):
    """A cgroup and those below, of which there may be more than there are
    descriptors, and deeper than a path can name."""
    fd, way = os.open(path, os.O_RDONLY), []
    try:
        while True:
            below = [entry.name for entry in os.scandir(fd) if entry.is_dir()]
            if below:
                way.append(below[0])
            elif not way:
                break
            step = below[0] if below else '..'
            new = os.open(step, os.O_RDONLY, dir_fd=fd)
            os.close(fd)
            fd = new
            if not below:
                os.rmdir(way.pop(), dir_fd=fd)
    finally:
        os.close(fd)
    os.rmdir(path)


def remove_cgroups(tag, timeout=5):
    end = time.monotonic() + timeout
    while left := cgroups(tag):
        for path in left:
            try:
                remove_tree(path)
            except OSError:
                pass
        if time.monotonic() > end:
            return left
    return []


def loop_devices(work):
    for backing in Path('/sys/block').glob('loop*/loop/backing_file'):
        try:
            if backing.read_text().startswith(str(work)):
                yield '/dev/' + backing.parts[3]
        except OSError:
            pass


def init(run):
    """First process of the PID namespace: reaps until the tests are over."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    unshare(CLONE_NEWNS | CLONE_NEWNET)
    mount(None, '/', flags=MS_REC | MS_PRIVATE)
    mount('proc', '/proc', 'proc')
    if CGROUP == 'v2':
        mount_version2_only()
    tests = os.fork()
    if tests == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        status = 1
        try:
            status = run()
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    while True:
        pid, status = os.wait()
        if pid == tests:
            os._exit(os.waitstatus_to_exitcode(status) & 0xff)


def supervise(build, run):
    """Calls run(work, tag) in the sandbox and returns its status."""
    tag = f'ct{os.getpid()}-'
    work = Path(tempfile.mkdtemp(prefix='ct-', dir=build))
    work.chmod(0o755)
    child = None

    def stop(signum, frame):
        if child:
            os.kill(child, signal.SIGKILL)
            thaw(tag, child)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    host = os.open('/proc/self/ns/pid', os.O_RDONLY)
    unshare(CLONE_NEWPID)
    child = os.fork()
    if child == 0:
        init(lambda: run(work, tag))
    signal.signal(signal.SIGTERM, stop)
    while True:
        # A frozen process does not die, and the namespace waits for it.
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        if (work / 'over').exists():
            thaw(tag, child)
        time.sleep(0.02)
    status = os.waitstatus_to_exitcode(status)
    # No process can be created in a namespace whose first one has exited.
    setns(host)
    os.close(host)
    for device in loop_devices(work):
        subprocess.run(['losetup', '-d', device], check=False)
    if left := remove_cgroups(tag):
        print(f'# cgroups that cannot be removed: {left}')
        status = status or 1
    shutil.rmtree(work, ignore_errors=True)
    return status
