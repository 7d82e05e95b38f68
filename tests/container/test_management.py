# SPDX-License-Identifier: LGPL-2.1-or-later
"""What management applications rely on, such as TrueNAS, which defines, starts and
stops containers with python3-libvirt and joins them by itself. docs/lxc-management.rst
lists these contracts."""

import contextlib
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import threading
import time
from pathlib import Path
from xml.etree import ElementTree

import sandbox
import tap
from harness import OurInstance, caps, processes, status_of, wait_for
from management import (IDMAP, Managed, Refused, capabilities, first_child,
                        prepare)
from tap import rows

RUNNING, PAUSED, SHUTOFF = 1, 3, 5
OPERATION_INVALID = 55
XML_INACTIVE = 2
# Also in emulated machines
ROUNDS = int(os.environ.get('CONFINEMENT_ROUNDS') or 100)
SPACES = ('cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts')
SYS_TIME, MKNOD, NET_RAW, SYS_ADMIN = 25, 27, 13, 21


USB = '''<hostdev mode="subsystem" type="usb"><source>
    <vendor id="0x1d6b"/><product id="0x{}"/></source></hostdev>'''


def capability_set(pid, name='CapBnd'):
    return caps(status_of(pid)[name])


# What the daemon has, and thus a container can have
ALL = capability_set('self')


def groups(pid):
    """{controllers: cgroup}"""
    lines = Path(f'/proc/{pid}/cgroup').read_text().splitlines()
    return dict(line.split(':', 2)[1:] for line in lines)


def environment(pid):
    lines = Path(f'/proc/{pid}/environ').read_bytes().split(b'\0')
    return dict(line.decode().split('=', 1) for line in lines if b'=' in line)


def errors_of_opening(path, domain):
    """The texts of the errors on the host and in the container, which are empty if there are
    none."""
    inside = (domain.root / 'errors').read_text().rpartition(': ')[2].strip()
    try:
        os.close(os.open(path, os.O_RDONLY))
    except OSError as error:
        return error.strerror, inside
    return '', inside


class Definition(Managed):
    """What is in the XML"""

    def test_before_every_start(self):
        domain = self.domain()
        for _ in range(3):
            self.begin(domain)
            self.client.call(domain, 'destroy')
        self.client.call(domain, 'undefine')
        with self.assertRaises(Refused):
            self.client.call(domain, 'state')

    def test_identity(self):
        """The attribute id is a UUID, which is not the ID that the driver gives."""
        domain = self.domain()
        self.client.call(None, 'defineXML', domain.xml)
        self.assertEqual(self.client.call(domain, 'ID'), -1)
        self.assertEqual(self.client.call(domain, 'UUIDString'), domain.uuid)
        self.assertEqual(self.client.call(None, 'lookupByName', domain.name), domain.name)
        self.assertEqual(self.client.call(None, 'lookupByUUIDString', domain.uuid),
                         domain.name)
        self.assertEqual(self.client.call(domain, 'isActive'), 0)
        self.assertEqual(self.client.call(domain, 'state')[0], SHUTOFF)
        self.begin(domain)
        self.assertEqual(self.client.call(domain, 'isActive'), 1)
        self.assertEqual(self.client.call(domain, 'state')[0], RUNNING)
        self.assertEqual(self.client.call(domain, 'OSType'), 'exe')
        number = self.client.call(domain, 'ID')
        self.assertEqual(domain.pid_file().read_text().strip(), str(number))
        tree = ElementTree.fromstring(self.client.call(domain, 'XMLDesc'))
        self.assertEqual((tree.get('type'), tree.get('id')), ('lxc', str(number)))
        self.assertEqual(tree.find('./clock').get('offset'), 'localtime')

    def test_memory(self):
        domain = self.started()
        self.assertEqual(self.client.call(domain, 'memoryStats')['actual'], 1 << 40)

    def test_init(self):
        domain = self.started()
        init = domain.init()
        command = Path(f'/proc/{init}/cmdline').read_bytes().split(b'\0')
        self.assertEqual(command[-4:], [b'/begin', b'one', b'two words', b''])
        self.assertEqual(environment(init)['PURPOSE'], 'conformance')
        self.assertEqual(os.readlink(f'/proc/{init}/cwd'), '/tmp')

    @rows([('root', 'root', '0'), ('alice', 'alice', '1000'), ('number', '1234', '1234')])
    def test_user(self, user, number):
        domain = self.started(user=user)
        self.assertEqual(status_of(domain.init())['Uid'].split(), [number] * 4)

    def test_defined_while_running(self):
        """It means the next start."""
        domain = self.started()
        init = domain.init()
        domain.xml = domain.xml.replace('>conformance<', '>another<')
        self.assertEqual(self.client.call(None, 'defineXML', domain.xml), domain.name)
        self.assertEqual(self.client.call(domain, 'state')[0], RUNNING)
        self.assertEqual(domain.init(), init)
        self.assertIn('>conformance<', self.client.call(domain, 'XMLDesc'))
        self.assertIn('>another<', self.client.call(domain, 'XMLDesc', XML_INACTIVE))
        self.client.call(domain, 'destroy')
        self.begin(domain)
        self.assertEqual(environment(domain.init())['PURPOSE'], 'another')

    def test_file_systems(self):
        """The root file system is the last one in the XML."""
        domain = self.started()
        root = Path(f'/proc/{domain.init()}/root')
        for path in ('mnt/data/below/file', 'mnt/other/place/file'):
            self.assertEqual((root / path).read_text(), domain.name)
        (root / 'mnt/data/new').write_text('')
        self.assertTrue((domain.data / 'new').exists())

    def test_gpu(self):
        """A node with the number of a GPU. The result of opening it is the host's, where
        there need not be one."""
        node = Path('/dev') / f'{self.ours.tag}dri' / 'renderD128'
        node.parent.mkdir()
        self.addCleanup(shutil.rmtree, node.parent)
        os.mknod(node, stat.S_IFCHR | 0o600, os.makedev(226, 128))
        domain = self.started(
            features=capabilities(), devices='<hostdev mode="capabilities" type="misc">'
            f'<source><char>{node}</char></source></hostdev>',
            script=f'(: <{node}) 2>>/errors')
        inside = Path(f'/proc/{domain.init()}/root{node}')
        self.assertEqual(os.stat(inside).st_rdev, os.makedev(226, 128))
        self.assertEqual(*errors_of_opening(node, domain))

    def test_no_usb(self):
        """A device that the host does not have"""
        domain = self.domain(devices=USB.format('fffe'))
        self.client.call(None, 'defineXML', domain.xml)
        tree = ElementTree.fromstring(self.client.call(domain, 'XMLDesc'))
        vendor = tree.find('./devices/hostdev[@type="usb"]/source/vendor')
        self.assertEqual(vendor.get('id'), '0x1d6b')
        with self.assertRaisesRegex(Refused, '1d6b:fffe|/sys/bus/usb'):
            self.client.call(domain, 'create')
        self.assertEqual(self.client.call(domain, 'state')[0], SHUTOFF)

    def test_interfaces(self):
        def ip(*args):
            subprocess.run(['ip', *args], check=True)
        ip('link', 'add', 'br0', 'type', 'bridge')
        self.addCleanup(ip, 'link', 'del', 'br0')
        ip('link', 'add', 'nic0', 'type', 'veth', 'peer', 'name', 'nic1')
        self.addCleanup(ip, 'link', 'del', 'nic0')
        for name in ('br0', 'nic0', 'nic1'):
            ip('link', 'set', name, 'up')
        domain = self.started(devices='''
            <interface type="bridge"><source bridge="br0"/>
              <mac address="52:54:00:00:00:01"/></interface>
            <interface type="direct"><source dev="nic0" mode="bridge"/>
              <mac address="52:54:00:00:00:02"/></interface>''',
            script='cd /sys/class/net; for name in *; do'
            ' echo $(cat $name/address $name/iflink); done >/links')
        lines = (domain.root / 'links').read_text().splitlines()
        links = dict(line.split() for line in lines)
        [port] = json.loads(subprocess.run(
            ['ip', '-json', 'link', 'show', 'master', 'br0'], check=True,
            stdout=subprocess.PIPE).stdout)
        # The other end of a veth, and the interface that a macvlan is on
        self.assertEqual(links['52:54:00:00:00:01'], str(port['ifindex']))
        self.assertEqual(links['52:54:00:00:00:02'], str(socket.if_nametoindex('nic0')))

    def test_idmap(self):
        """Three ranges, of which one is a user of the host."""
        domain = self.started(idmap=IDMAP)
        init = domain.init()
        for kind in ('uid', 'gid'):
            self.assertEqual(
                [line.split() for line in
                 Path(f'/proc/{init}/{kind}_map').read_text().splitlines()],
                [['0', '100000', '1000'], ['1000', '1000', '1'],
                 ['1001', '101001', '64535']])
        self.assertEqual(status_of(init)['Uid'].split(), ['100000'] * 4)

    @rows([
        # policy, states, what init has and does not have
        ('default', 'default', {}, {NET_RAW, SYS_ADMIN}, {SYS_TIME, MKNOD}),
        ('default, changed', 'default', {'sys_time': 'on', 'net_raw': 'off'},
         {SYS_TIME, SYS_ADMIN}, {NET_RAW, MKNOD}),
        ('default, mknod', 'default', {'mknod': 'on'}, {MKNOD, NET_RAW}, {SYS_TIME}),
        ('allow', 'allow', {}, ALL, set()),
        ('allow, changed', 'allow', {'sys_time': 'off', 'mknod': 'off'},
         ALL - {SYS_TIME, MKNOD}, {SYS_TIME, MKNOD}),
        ('deny', 'deny', {'mknod': 'on', 'kill': 'on'}, {MKNOD, 5},
         ALL - {MKNOD, 5}),
    ])
    def test_capabilities(self, policy, states, present, absent):
        domain = self.started(features=capabilities(policy, **states),
                              script='mknod /tmp/node c 1 3 && echo yes >/made')
        found = capability_set(domain.init())
        self.assertEqual((present - found, absent & found), (set(), set()))
        self.assertEqual((domain.root / 'made').exists(), MKNOD in found)


class UsbInstance(OurInstance):
    """Where a USB device with the product ID abcd is the only one on its bus."""

    name, label = 'usb', 'u'
    NODE, NUMBER = Path('/dev/bus/usb/250/002'), os.makedev(189, 250)

    def mount(self):
        super().mount()
        sandbox.mount('ct', '/sys/bus', 'tmpfs')
        device = Path('/sys/bus/usb/devices/250-1')
        device.mkdir(parents=True)
        for name, value in (('idVendor', '1d6b'), ('idProduct', 'abcd'),
                            ('busnum', '250'), ('devnum', '2')):
            (device / name).write_text(f'{value}\n')
        Path('/dev/bus').mkdir(exist_ok=True)
        sandbox.mount('ct', '/dev/bus', 'tmpfs')
        self.NODE.parent.mkdir(parents=True)
        os.mknod(self.NODE, stat.S_IFCHR | 0o600, self.NUMBER)

    def stop(self):
        super().stop()
        with contextlib.suppress(OSError):  # where it was there before
            Path('/dev/bus').rmdir()


class Usb(Managed):
    kind = UsbInstance

    @rows([
        ('product', USB.format('abcd')),
        ('address', '<hostdev mode="subsystem" type="usb"><source>'
         '<address bus="250" device="2"/></source></hostdev>'),
    ])
    def test_device(self, devices):
        """The result of opening it is the host's, where there need not be one."""
        node = UsbInstance.NODE
        domain = self.started(
            features=capabilities(mknod='on'), devices=devices,
            script=f'(: <{node}) 2>>/errors; mknod /other c 189 251; (: </other) 2>>/others')
        inside = Path(f'/proc/{domain.init()}/root{node}')
        self.assertEqual(os.stat(inside).st_rdev, UsbInstance.NUMBER)
        self.assertEqual(*errors_of_opening(self.ours.path(node), domain))
        self.assertIn('Operation not permitted', (domain.root / 'others').read_text())


class Life(Managed):
    """States and events"""

    def test_events(self):
        domain = self.domain()
        self.client.call(None, 'defineXML', domain.xml)
        self.begin(domain)
        for method in ('suspend', 'resume', 'destroy', 'undefine'):
            self.client.call(domain, method)
        wanted = ['defined', 'defined', 'started', 'suspended', 'resumed', 'stopped',
                  'undefined']
        wait_for(lambda: self.client.call(domain, 'events') == wanted, 10,
                 lambda: str(self.client.call(domain, 'events')))

    def test_suspend(self):
        """All processes stand still from when it returns."""
        domain = self.started(
            script='while :; do echo >>/count; sleep 0.01; done &')
        count = domain.root / 'count'

        def counted():
            return count.stat().st_size if count.exists() else 0
        for _ in range(3):
            before = counted()
            wait_for(lambda: counted() > before, 20, 'nothing is counted')
            self.client.call(domain, 'suspend')
            stopped = counted()
            self.assertEqual(self.client.call(domain, 'state')[0], PAUSED)
            self.assertEqual(self.client.call(domain, 'isActive'), 1)
            time.sleep(0.2)
            self.assertEqual(counted(), stopped)
            self.client.call(domain, 'resume')
            self.assertEqual(self.client.call(domain, 'state')[0], RUNNING)
            wait_for(lambda: counted() > stopped, 20, 'it does not go on')

    @rows([
        ('running', '', None), ('suspended', '', 'suspend'),
        ('that ignores SIGTERM', 'trap "" TERM', None),
        ('that ignores SIGTERM, suspended', 'trap "" TERM', 'suspend'),
        ('with many processes', 'for i in 1 2 3 4 5; do setsid sleep 1000 & done', None),
    ])
    def test_destroy(self, script, before):
        """It reports no error, and the domain is off when it returns."""
        domain = self.domain(script=script)
        for _ in range(3):
            self.begin(domain)
            if before:
                self.client.call(domain, before)
            self.assertEqual(self.client.call(domain, 'destroy'), 0)
            self.assertEqual(self.client.call(domain, 'state')[0], SHUTOFF)

    @staticmethod
    def kill(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def test_destroy_while_init_ends(self):
        """The only error is that there was nothing to destroy before. test_destroy.py
        holds the end up, which leaves no other."""
        domain = self.domain()
        for number in range(10):
            self.begin(domain)
            killer = threading.Timer(number / 1000, self.kill, [domain.init()])
            killer.start()
            try:
                self.client.call(domain, 'destroy')
            except Refused as error:
                self.assertEqual(error.args[1], OPERATION_INVALID, error)
                self.assertIn('is not running', str(error))
            killer.join()
            self.wait_state(domain, SHUTOFF)

    def test_shutdown(self):
        """The first request is honoured, in each of $CONFINEMENT_ROUNDS rounds."""
        domains = [self.domain() for _ in range(10)]
        for _ in range((ROUNDS + 9) // 10):
            for domain in domains:
                self.begin(domain)
            for domain in domains:
                self.assertEqual(self.client.call(domain, 'shutdown'), 0)
            for domain in domains:
                self.wait_state(domain, SHUTOFF)

    def test_shutdown_until_it_works(self):
        """A request is refused while nothing handles it, and does no harm."""
        domain = self.domain(script='trap - TERM; echo early= >>/out\n'
                             'while ! [ -e /go ]; do sleep 0.02; done\n'
                             "trap 'exit 0' TERM")
        self.client.call(None, 'defineXML', domain.xml)
        self.client.call(domain, 'create')
        wait_for(lambda: 'early=' in domain.out.read_text(), 20, 'init does not run')
        for _ in range(3):
            with self.assertRaises(Refused):
                self.client.call(domain, 'shutdown')
        self.assertEqual(self.client.call(domain, 'state')[0], RUNNING)
        (domain.root / 'go').touch()
        wait_for(lambda: self.is_honoured(domain), 20, 'no request is honoured')
        self.wait_state(domain, SHUTOFF)

    def is_honoured(self, domain):
        try:
            return self.client.call(domain, 'shutdown') == 0
        except Refused:
            return False


class Processes(Managed):
    """The first child of the process in the PID file is init, at any time."""

    def assertInit(self, domain):
        controller = int(domain.pid_file().read_text())
        child = first_child(controller)
        self.assertEqual(status_of(child)['NSpid'].split()[-1], '1')
        children = [pid for pid, parent in processes().items() if parent == controller]
        self.assertEqual(children, [child])

    def test_from_the_start(self):
        domain = self.domain()
        for _ in range(5):
            self.client.call(None, 'defineXML', domain.xml)
            self.client.call(domain, 'create')
            self.assertInit(domain)
            self.client.call(domain, 'destroy')

    def test_while_programs_run(self):
        """They are started by a process that is not a child of the controller."""
        domain = self.started()
        tool = self.ours.client.parent / 'virt-lxc-exec'
        program = self.ours.command(tool, '-c', 'lxc:///system', domain.name, '--',
                                    '/bin/sleep', '1000')
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        wait_for(lambda: len(domain.members()) == 3, 20, 'nothing runs')
        self.assertInit(domain)

    def test_after_events(self):
        domain = self.started()
        self.client.call(domain, 'suspend')
        self.assertInit(domain)
        self.client.call(domain, 'resume')
        self.assertInit(domain)
        self.client.join(domain, '/bin/true')
        self.assertInit(domain)


class Joining(Managed):
    """A program that the application brings into the container by itself"""

    SCRIPT = '''for name in {}; do readlink /proc/self/ns/$name; done
        id -u; cat /mnt/data/below/file; pwd'''.format(' '.join(SPACES))

    @rows([('without idmap', ''), ('idmap', IDMAP)])
    def test_namespaces(self, idmap):
        domain = self.started(idmap=idmap)
        status, out, error = self.client.join(domain, '/bin/sh', '-c', self.SCRIPT)
        self.assertEqual((status, error), (0, ''))
        spaces = {name: os.readlink(f'/proc/{domain.init()}/ns/{name}') for name in SPACES}
        self.assertEqual(self.client.call(domain, 'namespaces'), spaces)
        self.assertEqual(out.split(), [*spaces.values(), '0', f'{domain.name}/'])

    @rows([
        ('default', 'default', {'net_raw': 'off', 'sys_time': 'on'}, {NET_RAW}),
        ('allow', 'allow', {'net_raw': 'off', 'mknod': 'off', 'sys_time': 'on'},
         {NET_RAW, MKNOD}),
        ('deny', 'deny', {'net_raw': 'off', 'kill': 'on'}, {NET_RAW}),
    ])
    def test_capabilities(self, policy, states, absent):
        """It drops what live XML has switched off, which has names only."""
        domain = self.started(features=capabilities(policy, **states))
        status, out, error = self.client.join(domain, '/bin/sh', '-c',
                                              'grep CapBnd /proc/self/status')
        self.assertEqual((status, error), (0, ''))
        self.assertEqual(ALL - caps(out.split()[1]), absent)

    def test_numbers(self):
        """A capability that has a name is shown with it, even if it was given by its
        number. One without a name has no state, which the reader would take for a name."""
        domain = self.started(
            features='<capabilities policy="allow"><cap number="13" state="off"/>'
            '<cap number="41" state="off"/><cap number="62" state="on"/>'
            '<cap number="63" value="off"/></capabilities>')
        tree = ElementTree.fromstring(self.client.call(domain, 'XMLDesc'))
        found = {element.tag: element.get('state') for element in
                 tree.findall('./features/capabilities/*[@state]')}
        self.assertEqual(found, {'net_raw': 'off'})
        numbers = {element.get('number'): element.get('value') for element in
                   tree.findall('./features/capabilities/cap')}
        self.assertEqual(numbers, {'41': 'off', '62': 'on', '63': 'off'})
        status, out, error = self.client.join(domain, '/bin/sh', '-c',
                                              'grep CapBnd /proc/self/status')
        self.assertEqual((status, error), (0, ''))
        self.assertEqual(ALL - caps(out.split()[1]), {NET_RAW})

    def test_live_xml(self):
        """Defined again, it means the same."""
        domain = self.started(
            features='<capabilities policy="deny"><kill state="on"/>'
            '<cap number="62" value="on"/><cap number="41" state="off"/></capabilities>')
        live = self.client.call(domain, 'XMLDesc')
        self.client.call(None, 'defineXML', live)
        self.client.call(domain, 'destroy')
        domain.xml = self.client.call(domain, 'XMLDesc')
        self.begin(domain)
        self.assertEqual(*(ElementTree.tostring(ElementTree.fromstring(text).find(
            './features/capabilities')) for text in (
                live, self.client.call(domain, 'XMLDesc'))))

    def test_cgroup(self):
        """That of ID(): the limits and the device ACL of the domain apply. With
        version 2, the program is moved to that of init, where they apply as well."""
        domain = self.started()
        number = self.client.call(domain, 'ID')
        command = 'echo >/tmp/ready; while ! [ -e /tmp/over ]; do sleep 0.1; done'
        result = []
        thread = threading.Thread(target=lambda: result.append(
            self.client.join(domain, '/bin/sh', '-c', command)))
        before = set(domain.members())
        thread.start()
        try:
            wait_for((domain.root / 'tmp/ready').exists, 20, lambda: str(result))
            shell = min(set(domain.members()) - before)
            wait_for(lambda: groups(shell).get('') == groups(domain.init()).get(''),
                     9, lambda: str(groups(shell)))
            found = groups(shell)
        finally:
            (domain.root / 'tmp/over').write_text('')
            thread.join()
        for controllers, path in groups(number).items():
            self.assertIn(found[controllers], (path, f'{path}/container'))
        self.assertTrue(any(domain.owns(path) for path in found.values()))
        self.assertEqual(result[0], (0, '', ''))


if __name__ == '__main__':
    tap.main(prepare)
