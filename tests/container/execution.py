# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that virt-lxc-exec runs in a container."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

from harness import (GROUP, HERE, PASSWD, SLOWNESS, Domain, Failed,
                     OurInstance)
from tap import Case, Sandbox

BUSYBOX_ROOT = HERE.parents[1] / 'scripts' / 'busybox-root'
ROWS, COLUMNS = 33, 99


def busybox_root(work):
    """A tree with busybox, made once for all domains of a test file."""
    tree = work / 'busybox-root'
    if not tree.exists():
        subprocess.run([BUSYBOX_ROOT, tree], check=True)
    return tree


class ShellDomain(Domain):
    """Its container has busybox."""

    def make_root(self):
        super().make_root()
        subprocess.run(['cp', '-a', f'{busybox_root(self.instance.work)}/.', self.root],
                       check=True)
        (self.root / 'etc' / 'passwd').write_text(PASSWD)
        (self.root / 'etc' / 'group').write_text(GROUP)
        if self.mapped:
            for path in [self.root, *self.root.rglob('*')]:
                os.chown(path, 100000, 100000, follow_symlinks=False)


class Terminal:
    """A terminal, and a client that has it as its controlling terminal."""

    def __init__(self, popen, *argv):
        self.master, self.slave = pty.openpty()
        self.resize(ROWS, COLUMNS)
        self.text = b''
        self.initial = termios.tcgetattr(self.slave)
        self.client = popen(*argv, stdin=self.slave, stdout=self.slave,
                            stderr=self.slave, terminal=True)

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack('HHHH', rows, columns, 0, 0))

    def type(self, text):
        os.write(self.master, text)

    def read_until(self, text, timeout=20 * SLOWNESS):
        """All that has been shown so far, which includes @text."""
        end = time.monotonic() + timeout
        while text not in self.text:
            if not select.select([self.master], [], [], 0.1)[0]:
                if time.monotonic() > end:
                    raise Failed(f'no {text!r} in {self.text!r}')
                continue
            self.text += os.read(self.master, 65536)
        return self.text

    def is_raw(self):
        return not termios.tcgetattr(self.slave)[3] & termios.ICANON

    def is_restored(self):
        return termios.tcgetattr(self.slave) == self.initial

    def close(self):
        if self.client.poll() is None:
            self.client.kill()
        self.client.wait()
        os.close(self.master)
        os.close(self.slave)


class Executing(Case):
    TOOL = 'virt-lxc-exec'

    def started(self, features='', **kwargs):
        domain = ShellDomain(Sandbox.instance(OurInstance), features=features,
                             **kwargs)
        self.addCleanup(domain.remove_later)
        domain.run()
        return domain

    def command(self, domain, argv, options):
        tools = domain.instance.client.parent
        return [tools / self.TOOL, '-c', 'lxc:///system', *options, domain.name,
                '--', *argv]

    def popen(self, domain, *argv, options=(), env=(), terminal=False,
              **kwargs):
        ours = domain.instance

        def enter():
            ours.enter()
            if terminal:
                os.setsid()
                fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        arguments = [str(arg) for arg in self.command(domain, argv, options)]
        process = subprocess.Popen(
            arguments, preexec_fn=enter,
            env=os.environ | {'LC_ALL': 'C.UTF-8'} | ours.environment | dict(env),
            **{'stdin': subprocess.DEVNULL, 'stdout': subprocess.PIPE,
               'stderr': subprocess.PIPE} | kwargs)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()

    def execute(self, domain, *argv, data=b'', timeout=30 * SLOWNESS, **kwargs):
        """The status, what it printed, and its errors."""
        process = self.popen(domain, *argv, stdin=subprocess.PIPE, **kwargs)
        out, error = process.communicate(data, timeout=timeout)
        return process.returncode, out.decode(), error.decode()

    def shell(self, domain, script, **kwargs):
        return self.execute(domain, '/bin/sh', '-c', script, **kwargs)

    def terminal(self, domain, *argv, **others):
        def popen(*argv, **kwargs):
            return self.popen(domain, *argv, **kwargs, **others)
        terminal = Terminal(popen, *argv)
        self.addCleanup(terminal.close)
        return terminal

    def assertPrints(self, domain, text, script, **kwargs):
        self.assertEqual(self.shell(domain, script, **kwargs), (0, text, ''))

    def assertAlone(self, domain, members):
        """Nothing but these processes is left in the container."""
        end = time.monotonic() + 10 * SLOWNESS
        while left := set(domain.members()) - members:
            if time.monotonic() > end:
                self.fail(f'still running: {left}')
            time.sleep(0.05)


def number(name):
    return int(getattr(signal, name))
