# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long the daemon takes to answer.

    python3 answers.py LIBDIR DOMAIN

asks every 50 ms for what `virsh list --all` and `virsh domstate DOMAIN` ask, each in a
connection of its own. Prints the milliseconds that the list, the state, and the longest of
all calls have taken. Ends after SIGTERM.
"""

import ctypes
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import sanitizers
from harness import HERE, SLOWNESS, wait_for
from libvirtlxc import Error, Library

EVERY = 0.05
HANG = 60
NO_DOMAIN = 42


class Answers:
    """A process that keeps asking."""

    def __init__(self, domain):
        instance = domain.instance
        libraries = instance.environment.get('LD_LIBRARY_PATH', '/usr/lib')
        self.process = instance.command(
            *sanitizers.preloaded(), sys.executable, HERE / 'answers.py', libraries, domain.name,
            stdout=(instance.work / 'answers').open('w+', encoding='ascii'))
        self.path = instance.work / 'answers'
        wait_for(lambda: self.path.stat().st_size, HANG, 'no first answer')

    def stop(self):
        """Returns the milliseconds, the shortest first: of lists, of states, and of
        the longest call of each round."""
        self.process.terminate()
        try:
            status = self.process.wait(HANG * SLOWNESS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f'no answer in {HANG * SLOWNESS} s') from None
        if status != 0:
            raise AssertionError(f'no answer: status {status}')
        rounds = [map(float, line.split()) for line in self.path.open(encoding='ascii')]
        return [sorted(column) for column in zip(*rounds)]


def table(times):
    names = ('list', 'state', 'longest call')
    return '; '.join(f'{name}: median {column[len(column) // 2]:.0f} ms, '
                     f'most {column[-1]:.0f} ms' for name, column in zip(names, times))


class Asking:
    def __init__(self, directory, name):
        found = next(Path(directory).rglob('libvirt.so.0'))
        self.library, self.name = Library(found.parent), name
        self.virt = self.library.virt
        # It closes the sockets of connections.
        threading.Thread(target=self.loop, daemon=True).start()
        signal.signal(signal.SIGTERM, self.stop)
        self.over = False

    def loop(self):
        while self.virt.virEventRunDefaultImpl() == 0:
            pass

    def stop(self, *_):
        self.over = True

    def timed(self, function, *args):
        begin = time.monotonic()
        result = function(*args)
        self.longest = max(self.longest, time.monotonic() - begin)
        return result

    def time(self, ask):
        begin = time.monotonic()
        connection = self.timed(self.library.connect, 'lxc:///system')
        ask(connection)
        self.virt.virConnectClose(connection)
        return time.monotonic() - begin

    def list(self, connection):
        domains = ctypes.POINTER(ctypes.c_void_p)()
        number = self.library.check(self.timed(
            self.virt.virConnectListAllDomains, connection, ctypes.byref(domains), 0))
        for at in range(number):
            self.state_of(ctypes.c_void_p(domains[at]))

    def state(self, connection):
        try:
            self.state_of(self.timed(self.library.domain, connection, self.name))
        except Error as error:
            if error.code != NO_DOMAIN:
                raise

    def state_of(self, domain):
        state = ctypes.c_int()
        self.timed(self.virt.virDomainGetState, domain, ctypes.byref(state), None, 0)
        self.virt.virDomainFree(domain)

    def run(self):
        while not self.over:
            begin, self.longest = time.monotonic(), 0
            seconds = self.time(self.list), self.time(self.state), self.longest
            print(*(f'{1000 * one:.1f}' for one in seconds), flush=True)
            time.sleep(max(0, begin + EVERY - time.monotonic()))


if __name__ == '__main__':
    Asking(*sys.argv[1:]).run()
