# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many containers in one daemon, and many that reboot at once."""

import os
from concurrent.futures import ThreadPoolExecutor

from answers import Answers
from harness import Domain, wait_for

# Reboots whenever something is written to the FIFO
JOB = ('up cat /dev/null', 'order cat /order', 'clean rmdir /mark', 'reboot reboot /mark')
AT_ONCE = 4     # virsh processes


class Crowd:
    """Those that can reboot have a root of their own, the others share that of the
    first."""

    def __init__(self, instance, rebooting):
        self.instance = instance
        self.rebooting = [Domain(instance, job=JOB) for _ in range(rebooting)]
        for domain in self.rebooting:
            os.mkfifo(domain.root / 'order')
        self.shared = Domain(instance)
        self.names = []

    def xml(self, number):
        if number < len(self.rebooting):
            return self.rebooting[number].name, self.rebooting[number].xml
        first, name = self.shared, f'{self.shared.name}-{number}'
        xml = first.xml.replace(f'<name>{first.name}<', f'<name>{name}<')
        return name, xml.replace(first.uuid, f'{first.uuid[:-8]}1{number:07x}')

    def start(self, number):
        """Returns the error, or None."""
        name, xml = self.xml(number)
        path = self.instance.work / f'{name}.xml'
        path.write_text(xml)
        self.instance.virsh('define', path)
        status, _, error = self.instance.run('start', name)
        if status != 0:
            return error
        self.names.append(name)
        return None

    def fill(self, numbers):
        """Returns the errors of those that could not be started."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return [error for error in pool.map(self.start, numbers) if error]

    def remove(self):
        for name in self.names:
            self.instance.remove_later(name)
        self.instance.remove_over()

    def running(self):
        return set(self.instance.virsh('list', '--name').split())

    def boots(self):
        return [domain.out.read_text().count('up=') for domain in self.rebooting]

    def reboot(self):
        """All at once. Returns the milliseconds of the answers meanwhile."""
        before = self.boots()
        orders = [wait_for(lambda path=domain.root / 'order': opened(path), 20,
                           f'init of {domain.name} does not wait')
                  for domain in self.rebooting]
        answers = Answers(self.rebooting[0])
        try:
            for fd in orders:
                os.write(fd, b'\n')
                os.close(fd)
            wait_for(lambda: all(new > old for new, old in zip(self.boots(), before)),
                     120, lambda: f'not rebooted: {before}, {self.boots()}')
        finally:
            times = answers.stop()
        wait_for(lambda: set(self.names) <= self.running(), 20, self.lost)
        return times

    def lost(self):
        return f'lost: {set(self.names) - self.running()}'


def opened(path):
    try:
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:  # nobody reads it yet
        return None
