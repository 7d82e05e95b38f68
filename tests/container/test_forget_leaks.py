# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon frees a domain that is gone. Each domain has a long description, so
that one that is kept is noticed."""

import os
import signal
from pathlib import Path

import tap
from forget import Host
from harness import Domain, wait_for
from tap import Case, rows

LONG = 1 << 20  # bytes of the description
FIRST = 4       # cycles until the allocator has what it needs
CYCLES = int(os.environ.get('CONFINEMENT_CYCLES', '10'))
MOST = 4 << 20


def destroy(domain):
    domain.instance.virsh('destroy', domain.name)


def exit_alone(domain):
    os.kill(domain.init(), signal.SIGKILL)
    wait_for(lambda: domain.state() == 'shut off', 20, 'still running')


def kill_controller(domain):
    os.kill(domain.controller(), signal.SIGKILL)
    wait_for(lambda: domain.state() == 'shut off', 20, 'still running')


def suspend(domain):
    domain.instance.virsh('suspend', domain.name)
    domain.instance.virsh('destroy', domain.name)


def reboot(domain):
    controller = domain.controller()
    (domain.root / 'go').touch()
    domain.wait_for_another(controller)
    domain.results()
    destroy(domain)


def redefine(domain):
    domain.define()
    destroy(domain)


# Free memory goes back to the kernel at once.
ALLOCATOR = {'MALLOC_ARENA_MAX': '1', 'MALLOC_MMAP_THRESHOLD_': '65536'}


class Memory(Case):
    def setUp(self):
        instance = Host.get().instance
        if not ALLOCATOR.items() <= instance.environment.items():
            instance.environment |= ALLOCATOR
            Host.get().restart()

    def cycle(self, host, end, job):
        domain = Domain(host.instance, job=job)
        domain.xml = domain.xml.replace(
            '<features>', f'<description>{"x" * LONG}</description><features>')
        try:
            domain.define()
            domain.start()
            end(domain)
        finally:
            domain.remove()

    def resident(self, host):
        status = Path(f'/proc/{host.instance.daemon.pid}/status').read_text()
        return int(status.split('VmRSS:')[1].split()[0]) << 10

    def descriptors(self, host):
        return len(os.listdir(f'/proc/{host.instance.daemon.pid}/fd'))

    @rows([
        ('destroyed', destroy, ()),
        ('exits', exit_alone, ()),
        ('libvirt_lxc killed', kill_controller, ()),
        ('suspended', suspend, ()),
        ('reboots', reboot, ('first wait /go', 'reboot reboot /mark', 'nothing status')),
        ('redefined', redefine, ()),
    ])
    def test_freed(self, end, job):
        host = Host.get()
        for _ in range(FIRST):
            self.cycle(host, end, job)
        memory, descriptors = self.resident(host), self.descriptors(host)
        for _ in range(CYCLES):
            self.cycle(host, end, job)
        growth = self.resident(host) - memory
        print(f'# {growth >> 10} KiB in {CYCLES} cycles')
        self.assertLess(growth, MOST)
        self.assertLessEqual(self.descriptors(host), descriptors + 2)


if __name__ == '__main__':
    tap.main()
