# SPDX-License-Identifier: LGPL-2.1-or-later
"""A Debian system that has been booted, and commands in it."""

import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
# After these, something hangs.
BOOT_SECONDS, COMMAND_SECONDS = 600, 3600


class Failed(Exception):
    """What a command has printed, and why that is wrong."""


class System:
    """Boots the directory `base` with a layer above it, which is in `work`."""

    def __init__(self, base, work):
        self.root = work / 'root'
        for name in ('root', 'upper', 'overlay'):
            (work / name).mkdir(parents=True)
        self.mount = subprocess.run(
            ['mount', '-t', 'overlay', '-o',
             f'lowerdir={base},upperdir={work}/upper,workdir={work}/overlay',
             'packages', self.root], check=True)
        self.log = open(work / 'boot.log', 'w')
        self.boot = subprocess.Popen([HERE / 'boot', self.root, work / 'pid'],
                                     stdout=self.log, stderr=self.log)
        try:
            self.pid = self.wait_for(lambda: (work / 'pid').read_text().strip(), 'init')
            self.wait_for(lambda: self.result('systemctl is-system-running')[1].strip() in
                          ('running', 'degraded'), 'systemd')
        except BaseException:
            self.close()
            raise

    def wait_for(self, condition, what, seconds=BOOT_SECONDS):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.boot.poll() is not None:
                raise Failed(f'{what}: the system has ended: ' + Path(self.log.name).read_text())
            try:
                value = condition()
            except (OSError, Failed):
                value = None
            if value:
                return value
            time.sleep(0.2)
        raise Failed(f'{what}: not within {seconds} s')

    def result(self, command):
        """(exit status, everything printed)"""
        done = subprocess.run(
            ['nsenter', '-t', self.pid, '-m', '-u', '-i', '-n', '-p', '-C', '-r', '-w',
             'env', '-i', 'HOME=/root', 'LC_ALL=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive',
             'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'bash', '-c', command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=COMMAND_SECONDS, check=False)
        return done.returncode, done.stdout

    def run(self, command):
        """What the command prints. It must succeed."""
        status, output = self.result(command)
        if status != 0:
            raise Failed(f'{command}: exit status {status}\n{output[-3000:]}')
        return output

    def fails(self, command):
        """What the command prints. It must fail."""
        status, output = self.result(command)
        if status == 0:
            raise Failed(f'{command}: succeeds\n{output[-3000:]}')
        return output

    def close(self):
        self.boot.terminate()
        try:
            self.boot.wait(30)
        finally:
            self.log.close()
            subprocess.run(['umount', '--lazy', self.root], check=False)
