# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains whose init ends in a given way, and what is said about it."""

import re
import shutil
import subprocess

from harness import HERE, SLOWNESS, Domain, OurInstance, wait_for
from tap import Sandbox

TIMESTAMP = re.compile(r'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+0000: ')

# How often a domain that is restarted has ended when it is tested in the pause that
# follows: longer than what the test does there takes.
ENDS = 5 if SLOWNESS == 1 else 8


def pause(ends):
    """The seconds between so many failures and the next start."""
    return 0.1 * 2 ** (ends - 1)


def program(work):
    path = work / 'end_init'
    if not path.exists():
        subprocess.run(['cc', '-D_GNU_SOURCE', '-std=gnu11', '-static', '-O1',
                        '-Wall', '-Wextra', '-Werror', '-o', path,
                        HERE / 'end_init.c'], check=True)
    return path


def container(case, *args, on_crash='', instance=OurInstance, **kwargs):
    """A domain whose init is end_init ARGS."""
    domain = Domain(Sandbox.instance(instance), init='/init', **kwargs)
    case.addCleanup(domain.remove)
    shutil.copy(program(Sandbox.work), domain.root / 'init')
    domain.xml = domain.xml.replace('</init>', '</init>' + ''.join(
        f'<initarg>{arg}</initarg>' for arg in args))
    if on_crash:
        domain.xml = domain.xml.replace(
            '<devices>', f'<on_crash>{on_crash}</on_crash><devices>')
    return domain


def reason(domain):
    """The output of domstate --reason."""
    return domain.instance.virsh('domstate', '--reason', domain.name)


def wait_off(domain, timeout=20):
    wait_for(lambda: domain.state() == 'shut off', timeout, 'still running')


def log_path(domain, name):
    return domain.instance.path(domain.instance.top / 'var/log/libvirt/lxc' / name)


def stamped_lines(domain):
    """What the domain's log says about its ends."""
    lines = log_path(domain, f'{domain.name}.log').read_text().splitlines()
    return [line for line in lines
            if TIMESTAMP.match(line) and 'starting up' not in line and
            not re.match(r'.{30}\d+: (info|warning|error|debug) :', line)]


def log_lines(domain):
    """The same without time stamps."""
    return [TIMESTAMP.sub('', line, count=1) for line in stamped_lines(domain)]


def log_ends(domain):
    """The time stamps, as datetime.fromisoformat() reads them."""
    return [line[:23] for line in stamped_lines(domain)]


def frozen(domain):
    """Whether the kernel says so."""
    groups = domain.cgroups()
    if 'freezer' in groups and domain.instance.name != 'version2':
        return (groups['freezer'] / 'freezer.state').read_text() == 'FROZEN\n'
    return 'frozen 1' in (groups['unified'] / 'cgroup.events').read_text()


class Events:
    """Lifecycle events of one domain, as virsh prints them."""

    def __init__(self, case, domain):
        self.domain = domain
        self.path = domain.instance.work / f'{domain.name}.events'
        self.file = self.path.open('w')
        self.process = domain.instance.command(
            'stdbuf', '-oL', domain.instance.client, '-q', '-c', 'lxc:///system',
            'event', '--loop', '--event', 'lifecycle', stdout=self.file,
            stderr=subprocess.STDOUT)
        case.addCleanup(self.stop)
        wait_for(self.ready, 20, 'virsh event does not show events')

    def ready(self):
        self.domain.define()
        return self.all()

    def all(self):
        start = f"event 'lifecycle' for domain '{self.domain.name}': "
        return [line.removeprefix(start)
                for line in self.path.read_text().splitlines()
                if line.startswith(start)]

    def since_definition(self):
        return [event for event in self.all() if not event.startswith('Defined')]

    def wait(self, *wanted):
        """For these, and no others, since the definition."""
        wait_for(lambda: self.since_definition() == list(wanted), 10,
                 lambda: str(self.all()))

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.file.close()
