# SPDX-License-Identifier: LGPL-2.1-or-later
"""The table of attacks, in every configuration: each container runs all of them.

The same programs run on the host first, where they succeed."""

import contextlib
import fcntl
import os
import socket
import subprocess
import termios

import sandbox
import tap
from attacks import (ABI, ATTACKS, BLOCKS, CONFIGURATIONS, DENY, KEY, OTHER, OUTSIDE,
                     SCOPE, SCOPE_ABI, SEGMENT, USER_KEY)
from harness import Domain, OurInstance
from seccomp import is_of_i386, no_i386, spell
from tap import Case, Sandbox, rows, skip

PIVOT_ROOT, MNT_DETACH = 155, 2
IPC_CREAT, IPC_RMID = 0o1000, 0


def prepare(_build):
    sandbox.join_session_with_key(KEY)


def job(attacks):
    return [f'a{i} {spell(attack.deed)}' for i, attack in enumerate(attacks)]


@contextlib.contextmanager
def targets():
    """What an attack meets outside: an abstract socket, shared memory and a key."""
    segment = sandbox.LIBC.shmget(SEGMENT, 4096, IPC_CREAT | 0o600)
    sandbox.check(segment, 'shmget')
    key = sandbox.add_key(USER_KEY, sandbox.USER_KEYRING)
    try:
        with socket.socket(socket.AF_UNIX) as outside:
            outside.bind(f'\0{OUTSIDE}')
            outside.listen()
            yield
    finally:
        sandbox.remove_key(key)
        sandbox.LIBC.shmctl(segment, IPC_RMID, None)


def enter_root(root):
    """A mount namespace and a terminal for what the probe tries on the host."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    sandbox.unshare(sandbox.CLONE_NEWNS)
    sandbox.mount(root, root, flags=sandbox.MS_BIND)
    for name in ('proc', 'sys', 'dev'):
        sandbox.mount(f'/{name}', root / name,
                      flags=sandbox.MS_BIND | sandbox.MS_REC)
    os.chdir(root)
    sandbox.check(sandbox.LIBC.syscall(PIVOT_ROOT, b'.', b'.'), 'pivot_root')
    sandbox.check(sandbox.LIBC.umount2(b'.', MNT_DETACH), 'umount')


def on_the_host(instance):
    """The results of all attacks, outside of any container."""
    domain = Domain(instance, job=job(ATTACKS))
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(f'\0{OTHER}')
        other.listen()
        main, terminal = os.openpty()
        namespace = os.open('/proc/self/ns/net', os.O_RDONLY)
        subprocess.run(['/probe', 'run', '/job', '/out', 'exit', '0'],
                       stdin=terminal, pass_fds=[namespace],
                       preexec_fn=lambda: enter_root(domain.root), check=True)
        for fd in (main, terminal, namespace):
            os.close(fd)
    return domain.results()


class Runs:
    """Each configuration runs once for all of its rows."""
    results = {}

    @classmethod
    def get(cls, name):
        instance = Sandbox.instance(OurInstance)
        if name not in cls.results:
            with targets():
                cls.results[name] = (on_the_host(instance) if name == 'host' else
                                     cls.in_a_container(instance, name))
        return cls.results[name]

    @staticmethod
    def in_a_container(instance, name):
        other = Domain(instance, features=DENY, job=[f'offer offer {OTHER} {SEGMENT}'])
        features, idmap = CONFIGURATIONS[name]
        domain = Domain(instance, features=features, idmap=idmap, job=job(ATTACKS))
        try:
            assert other.run()['offer'] == 'OK'
            return domain.run()
        finally:
            other.remove()
            domain.remove()


class Attacks(Case):
    def can_be_tried(self, attack):
        if no_i386() and is_of_i386(attack.deed):
            skip(no_i386())

    @rows((attack.name, i) for i, attack in enumerate(ATTACKS))
    def test_on_the_host(self, number):
        attack = ATTACKS[number]
        self.can_be_tried(attack)
        result = Runs.get('host')[f'a{number}']
        if result == attack.absent:
            print(f'# this kernel has no {attack.name}')
        else:
            self.assertEqual(result, attack.host)

    @rows((f'{name}: {attack.name}', name, i) for name in CONFIGURATIONS
          for i, attack in enumerate(ATTACKS))
    def test_in(self, name, number):
        attack = ATTACKS[number]
        self.can_be_tried(attack)
        if name == 'landlock' and attack.landlock == SCOPE and ABI < SCOPE_ABI:
            skip(f"the kernel's Landlock ABI {ABI} has no scopes")
        control = Runs.get('host')[f'a{number}']
        result = Runs.get(name)[f'a{number}']
        block, _, error = getattr(attack, name).partition(':')
        if block == 'allowed':
            self.assertEqual(result, error or control)
        elif control == attack.absent and (block != 'seccomp' or error == control):
            self.assertIn(result, (error, control))
        else:
            self.assertIn(block, BLOCKS)
            self.assertIn(result, error.split('/'))
            self.assertNotEqual(result, control)


if __name__ == '__main__':
    tap.main(prepare)
