# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reports of the sanitizers, where libvirt is built with them (scripts/sanitize-daemon).

Each process of a test file writes what the sanitizers find to a file in one directory,
and one such report fails the test file. The root of each container has a directory with
the same path, for the processes that have entered it.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

OPTIONS = {
    # Freed memory that ASan keeps counts as memory of the container and of the daemon.
    # libvirt_lxc and libvirt.so contain the same objects. Looking up names takes longer than
    # libvirt_lxc may take to exit, and is not possible in a container: see named().
    'ASAN_OPTIONS': 'detect_leaks=0:detect_odr_violation=0:symbolize=0:'
                    'quarantine_size_mb=16:log_path={}',
    'UBSAN_OPTIONS': 'print_stacktrace=1:log_path={}',
}
FRAME = re.compile(r'^( +#\d+ 0x[0-9a-f]+ +)\((.+)\+(0x[0-9a-f]+)\).*', re.M)

# ASan says this in a child of clone(2) that has a stack of its own and ends with _exit(2):
# what the function has poisoned of that stack stays so. Nothing runs there afterwards.
STACK = re.compile(r'==\d+==WARNING: ASan is ignoring requested __asan_handle_no_return: '
                   r'.*\nFalse positive error reports may follow\nFor details see .*\n')

# LeakSanitizer says this in a daemon that a test traces.
TRACED = re.compile(r'==\d+==LeakSanitizer has encountered a fatal error\.\n'
                    r'(==\d+==HINT: .*\n?)+')

# Where the processes write reports; None if libvirt is built without sanitizers.
directory = None


def used(build):
    """Whether the build has sanitizers."""
    path = build / 'meson-info' / 'intro-buildoptions.json'
    options = json.loads(path.read_text()) if path.exists() else []
    return any(option['name'] == 'b_sanitize' and option['value'] != 'none'
               for option in options)


def daemon():
    """What is in front of the daemon. It alone is searched for leaks when it exits:
    clients may be traced, which LeakSanitizer cannot be, and libvirt_lxc does not free
    everything that its threads use."""
    return ['env', 'LSAN_OPTIONS=detect_leaks=1'] if directory else []


def preloaded():
    """What is in front of a program that loads libvirt and has no sanitizers itself. ASan
    finds the functions of libtirpc only if it is loaded as early."""
    if not directory:
        return []
    library = subprocess.run(
        ['clang', f'-print-file-name=libclang_rt.asan-{os.uname().machine}.so'],
        check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    return ['env', f'LD_PRELOAD={library} libtirpc.so.3']


def compiler():
    """What links a program with libvirt."""
    return ['clang', '-fsanitize=address,undefined'] if directory else ['cc']


def begin(build):
    """Before any process of the tests is created."""
    global directory
    if not used(build):
        return
    directory = Path(tempfile.mkdtemp(prefix='reports-', dir=build))
    # The users of containers have other IDs.
    directory.chmod(0o1777)
    for name, options in OPTIONS.items():
        os.environ[name] = options.format(directory / 'report')


def environment():
    """What a program needs that does not get the environment of the tests."""
    return {name: os.environ[name] for name in OPTIONS} if directory else {}


def inside(root):
    """The directory as a process that has that root sees it."""
    return root / directory.relative_to('/')


def prepare(root):
    if directory:
        inside(root).mkdir(parents=True, exist_ok=True)
        inside(root).chmod(0o1777)


def collect(root):
    """Before the root of a container is removed."""
    if directory and inside(root).exists():
        for path in inside(root).iterdir():
            shutil.move(path, directory / f'{root.name}-{path.name}')


def named(text, build):
    """With the names of functions in what is built. libvirt_lxc runs from a copy."""
    def name(frame):
        start, program, offset = frame.groups()
        if program.startswith('/memfd:'):
            program = next(build.glob('subprojects/libvirt-*/src/libvirt_lxc'))
        if not Path(program).is_relative_to(build):
            return frame[0]
        found = subprocess.run(['addr2line', '-f', '-e', program, offset], check=False,
                               text=True, stdout=subprocess.PIPE).stdout
        return f'{start}{found.partition(chr(10))[0]} ({Path(program).name}+{offset})'
    return FRAME.sub(name, text)


def end(build):
    """The reports, when all processes have exited."""
    found = []
    for path in sorted(directory.iterdir()):
        text = path.read_text(errors='replace')
        text = TRACED.sub('', STACK.sub('', text)).strip()
        if text:
            found.append(f'{path.name}\n{named(text, build)}')
    shutil.rmtree(directory)
    return found
