# SPDX-License-Identifier: LGPL-2.1-or-later
"""Definitions with absurd numbers are refused before they take memory. A daemon that
is short of file descriptors starts no further domain and loses none that is running."""

import re
import resource
import time
from pathlib import Path

import sanitizers
import tap
from answers import table
from forget import Host
from harness import SLOWNESS, Domain, libvirt_source, status_of
from many import Crowd
from tap import Case, Sandbox, rows

MOST_KB = 16 * 1024
KEPT_BY_ASAN_KB = 256 * 1024  # of what has been freed
DESCRIPTORS = 64
REBOOT = ('first wait /go', 'reboot reboot /mark', 'nothing status')
MANY = 60  # domains need more descriptors than that
REBOOTS = 20
LONGEST = 2 * SLOWNESS  # seconds that a call may take

VCPU = '<vcpu>1</vcpu>'
DISK = ("<devices><disk type='file'><source file='/x'/><target dev='{target}' bus='scsi'/>"
        '{address}</disk>')
ADDRESS = "<address type='drive' controller='{}' bus='0' target='0' unit='0'/>"
ENTITIES = '<!DOCTYPE domain [<!ENTITY x "{}">]>\n'


def replace(old, new):
    return lambda xml: xml.replace(old, new)


def entities(xml):
    return (ENTITIES.format('x' * 50000)
            + xml.replace('<os>', f"<description>{'&x;' * 5000}</description><os>"))


def nested(xml):
    names = 'abcdefgh'
    declared = ''.join(f'<!ENTITY {name} "{f"&{inner};" * 50}">'
                       for inner, name in zip(names, names[1:]))
    return (f'<!DOCTYPE domain [<!ENTITY a "xxxxxxxxxx">{declared}]>\n'
            + xml.replace('<os>', '<description>&h;</description><os>'))


class Absurd(Case):
    @rows([
        ('CPUs', replace(VCPU, '<vcpu>2147483648</vcpu>'),
         '2147483648 virtual CPUs exceed the limit of 16384'),
        ('one CPU too many', replace(VCPU, '<vcpu>16385</vcpu>'),
         '16385 virtual CPUs exceed the limit of 16384'),
        ('I/O threads', replace(VCPU, f'{VCPU}<iothreads>4294967295</iothreads>'),
         '4294967295 I/O threads exceed the limit of 16384'),
        ('controller of a disk', replace('<devices>', DISK.format(
            target='sda', address=ADDRESS.format(2147483647))),
         "more than 4096 controllers of type 'scsi'"),
        ('name of a disk', replace('<devices>', DISK.format(target='sdzzzz', address='')),
         "more than 4096 controllers of type 'scsi'"),
        ('entity', entities, 'declares entities, which are not supported'),
        ('nested entities', nested, 'ntit'),
    ])
    def test_refused(self, change, error):
        instance = Host.get().instance
        domain = Domain(instance)
        domain.xml = change(domain.xml)
        path = instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        before = self.peak(instance.daemon.pid)
        start = time.monotonic()
        status, _, text = instance.run('define', path)
        seconds = time.monotonic() - start
        self.assertNotEqual(status, 0)
        self.assertIn(error, text)
        self.assertLess(seconds, 5 * SLOWNESS)
        self.assertLess(self.peak(instance.daemon.pid, reset=False) - before,
                        MOST_KB + (KEPT_BY_ASAN_KB if sanitizers.directory else 0))
        self.assertNotIn(domain.name, Host.get().names())

    def test_most_cpus(self):
        instance = Host.get().instance
        domain = Domain(instance)
        self.addCleanup(domain.remove)
        domain.xml = domain.xml.replace(VCPU, '<vcpu>16384</vcpu>')
        domain.define()

    @staticmethod
    def peak(pid, reset=True):
        """In kilobytes, since the last reset."""
        if reset:
            Path(f'/proc/{pid}/clear_refs').write_text('5')
        return int(status_of(pid)['VmHWM'].split()[0])


class Reboots(Case):
    def test_at_once(self):
        """The daemon answers meanwhile."""
        crowd = Crowd(Host.get().instance, REBOOTS)
        self.addCleanup(crowd.remove)
        self.assertEqual(crowd.fill(range(REBOOTS)), [])
        times = crowd.reboot()
        print(f'# {table(times)}')
        self.assertLess(times[-1][-1], LONGEST * 1000)


class Descriptors(Case):
    def test_few(self):
        instance = Host.get().instance
        limit = resource.prlimit(instance.daemon.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(instance.daemon.pid, resource.RLIMIT_NOFILE,
                         (DESCRIPTORS, limit[1]))
        self.addCleanup(resource.prlimit, instance.daemon.pid,
                        resource.RLIMIT_NOFILE, limit)
        running, (domain, error) = self.start_until_refused(instance)
        self.assertIn(f'of at most {DESCRIPTORS} file descriptors', error)
        self.assertEqual(domain.state(), 'shut off')
        self.assertGreater(len(running), 2)

        for one in running:
            self.reboot(one)
        for one in running:
            self.assertEqual(one.state(), 'running')

        running.pop().remove()
        domain.start()

    def test_unit_raises_the_limit(self):
        """That of systemd is 1,024. Newer versions of libvirt put units together from
        files that all daemons share, and raise their limit to the hard one."""
        source = libvirt_source(Sandbox.build) / 'src'
        files = list((source / 'lxc').glob('virtlxcd.service*.in'))
        if 'limitnofile' in (source / 'lxc' / 'meson.build').read_text():
            files += source.glob('virtd.service.limitnofile.*in')
        limits = [int(limit) for file in files for limit in re.findall(
            r'^LimitNOFILE=(?:\d+:)?(\d+)$', file.read_text(), re.M)]
        self.assertGreaterEqual(min(limits), 8192)

    def start_until_refused(self, instance):
        """Returns the domains that run, and the other one with its error."""
        running = []
        while len(running) < MANY:
            domain = Domain(instance, job=REBOOT)
            self.addCleanup(domain.remove)
            domain.define()
            status, _, error = instance.run('start', domain.name)
            if status != 0:
                return running, (domain, error)
            running.append(domain)
        self.fail(f'{MANY} domains run')

    @staticmethod
    def reboot(domain):
        controller = domain.controller()
        (domain.root / 'go').touch()
        domain.wait_for_another(controller)


if __name__ == '__main__':
    tap.main()
