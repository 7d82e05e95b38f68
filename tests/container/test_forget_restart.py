# SPDX-License-Identifier: LGPL-2.1-or-later
"""What happened while the daemon was not running, or had just started."""

import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import tap
from ends import ENDS, container
from forget import Host
from harness import IDMAP, SLOWNESS, Domain, processes, status_of, wait_for
from tap import Case, rows, skip

MANY = 1500
# Delays the end of the second start, when the first has left a mark
HOOK = '''#!/bin/sh
[ "$1 $2" = "{name} started" ] && [ -e {root}/mark ] || exit 0
touch {root}/hook
sleep 5
'''


class Start(Case):
    """Containers end at the moment when the daemon starts."""

    def fill(self, host, number):
        """Definitions that take time to load."""
        domain = Domain(host.instance)
        for count in range(number):
            name = f'{domain.name}-{count}'
            xml = domain.xml.replace(f'<name>{domain.name}<', f'<name>{name}<')
            xml = xml.replace(domain.uuid, f'{domain.uuid[:-8]}1{count:07x}')
            (host.definitions / f'{name}.xml').write_text(xml)

    def clear(self, host):
        """The next tests want a daemon that knows few domains."""
        for path in host.definitions.glob('*-*-*.xml'):
            path.unlink()
        host.restart()

    def end(self, inits):
        """Each container ends as soon as the daemon has connected to it."""
        waiting = dict(inits)
        while waiting:
            sockets = Path('/proc/net/unix').read_text()
            for name, init in list(waiting.items()):
                if sockets.count(f'/{name}.sock') > 1:
                    os.kill(init, signal.SIGKILL)
                    del waiting[name]

    def test_ends_while_others_are_loaded(self):
        host = Host.get()
        self.fill(host, MANY)
        self.addCleanup(self.clear, host)
        domains = [Domain(host.instance, job=['nothing status']) for _ in range(8)]
        inits = {}
        for domain in domains:
            self.addCleanup(domain.remove)
            domain.run()
            inits[domain.name] = domain.init()
        thread = threading.Thread(target=self.end, args=(inits,))
        host.restart(thread.start)
        thread.join()

        self.assertEqual({domain.name for domain in domains} - host.names(), set())
        for domain in domains:
            wait_for(lambda: domain.state() == 'shut off', 20, 'still running')


class Interfaces(Case):
    """The daemon is killed after it has created an interface."""

    def test_unused(self):
        host = Host.get()
        domain = Domain(host.instance, devices="<interface type='ethernet'/>",
                        job=['nothing status'])
        self.addCleanup(domain.remove)
        domain.define()
        domain.start()
        domain.results()
        before = host.instance.snapshot()
        names = [line for line in before if line.startswith('interface vnet')]
        self.assertEqual(len(names), 1, names)
        self.assertIn(f'alias libvirt-lxc {domain.uuid}', subprocess.run(
            ['ip', 'link', 'show', names[0].split()[1]], check=True, text=True,
            stdout=subprocess.PIPE).stdout)
        self.link('add', 'half', 'type', 'veth', 'peer', 'name', 'other')
        self.link('set', 'half', 'alias', f'libvirt-lxc {domain.uuid}')
        host.restart()
        self.assertEqual({line for line in host.instance.snapshot()
                          if line.startswith('interface')},
                         {line for line in before if line.startswith('interface')})

    def test_not_ours(self):
        host = Host.get()
        self.link('add', 'foreign', 'type', 'veth', 'peer', 'name', 'other')
        self.addCleanup(self.link, 'del', 'foreign')
        self.link('set', 'foreign', 'alias', 'libvirt-lxc or so')
        host.restart()
        self.assertIn('interface foreign', host.instance.snapshot())

    def is_traced(self, pid):
        return all(int(status_of(f'{pid}/task/{task.name}')['TracerPid'])
                   for task in Path(f'/proc/{pid}/task').iterdir())

    @rows([
        # Which netlink message of the thread, its type, whether there is an interface
        ('before it is created', 1, 'RTM_NEWLINK', False),
        ('before it has an alias', 2, 'RTM_SETLINK', True),
    ])
    def test_killed(self, number, message, created):
        if not shutil.which('strace'):
            skip('strace is missing')
        host = Host.get()
        domain = Domain(host.instance, devices="<interface type='ethernet'/>")
        self.addCleanup(domain.remove)
        domain.define()
        before = host.instance.snapshot()
        pid = host.instance.daemon.pid
        log = host.instance.work / f'{domain.name}.strace'
        strace = host.instance.command(
            'strace', '-f', '-qq', '-o', log, '-e', 'trace=sendmsg', '-e',
            f'inject=sendmsg:signal=SIGKILL:when={number}', '-p', pid)
        wait_for(lambda: self.is_traced(pid), 10, 'strace is not attached')
        host.instance.run('start', domain.name)
        host.instance.daemon.wait(20 * SLOWNESS)
        strace.wait(20 * SLOWNESS)
        self.assertIn(message, [line for line in log.read_text().splitlines()
                                if 'sendmsg(' in line][-1])
        self.assertEqual('vnet' in Path('/proc/net/dev').read_text(), created)
        host.instance.start()
        self.assertEqual(domain.state(), 'shut off')
        self.assertNothingLeft(host.instance, before)

    def test_missing_bridge(self):
        host = Host.get()
        domain = Domain(host.instance, devices='<interface type="bridge">'
                        '<source bridge="missing"/></interface>')
        self.addCleanup(domain.remove)
        self.assertStartFails(domain, ['missing'])

    def test_name_of_another(self):
        """The start fails, and the interface of the host stays."""
        host = Host.get()
        self.link('add', 'taken', 'type', 'veth', 'peer', 'name', 'other')
        self.addCleanup(self.link, 'del', 'taken')
        domain = Domain(host.instance, devices='<interface type="ethernet">'
                        '<target dev="taken"/></interface>')
        self.addCleanup(domain.remove)
        self.assertStartFails(domain, ['taken'])
        self.assertIn('interface taken', host.instance.snapshot())

    def link(self, *args):
        subprocess.run(['ip', 'link', *args], check=True)


class Down(Case):
    """Containers change while the daemon is not running."""

    def started(self, **kwargs):
        host = Host.get()
        domain = Domain(host.instance, job=['nothing status'], **kwargs)
        self.addCleanup(domain.remove)
        domain.define()
        self.before = host.instance.snapshot()
        domain.start()
        domain.results()
        return host, domain

    @rows([
        ('plain', {}),
        ('alice', {'user': '<inituser>alice</inituser>'}),
        ('mapped', {'idmap': IDMAP}),
        ('few capabilities', {'features': "<capabilities policy='deny'/>"}),
        ('all capabilities', {'features': "<capabilities policy='allow'/>"}),
        ('filter', {'features': '<seccomp/>'}),
    ])
    def test_controller_killed(self, kwargs):
        host, domain = self.started(**kwargs)
        controller, members = domain.controller(), domain.members()
        host.instance.kill()
        os.kill(controller, signal.SIGKILL)
        wait_for(lambda: not set(members) & set(processes()), 5,
                 lambda: f'outlive libvirt_lxc: {members}')
        host.instance.start()
        self.assertEqual(domain.state(), 'shut off')
        self.assertNothingLeft(host.instance, self.before)
        domain.start()
        self.assertEqual(domain.state(), 'running')

    def test_transient_ends(self):
        host = Host.get()
        domain = Domain(host.instance)
        self.addCleanup(domain.remove)
        before = host.instance.snapshot()
        path = host.instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        host.instance.virsh('create', path)
        controller = domain.controller()
        host.instance.kill()
        os.kill(controller, signal.SIGKILL)
        host.instance.start()
        self.assertNotIn(domain.name, host.names())
        self.assertNothingLeft(host.instance, before)

    @rows([('persistent', 'define', ''), ('transient', 'create', ''),
           ('with an interface', 'define', "<interface type='ethernet'/>")])
    def test_reboots(self, command, devices):
        host = Host.get()
        domain = Domain(host.instance, devices=devices, job=[
            'first wait /go', 'reboot reboot /mark', 'nothing status'])
        self.addCleanup(domain.remove)
        path = host.instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        host.instance.virsh(command, path)
        if command == 'define':
            domain.start()
        first = domain.init()
        host.instance.kill()
        (domain.root / 'go').touch()
        wait_for(lambda: first not in processes(), 10, 'no reboot')
        host.instance.start()
        domain.results()
        self.assertEqual(domain.state(), 'running')
        self.assertNotEqual(domain.init(), first)
        host.instance.virsh('destroy', domain.name)
        if command == 'define':
            self.assertEqual(domain.state(), 'shut off')
        else:
            self.assertNotIn(domain.name, host.names())

    def test_reboot_is_forgotten(self):
        """The daemon is killed when the container has rebooted, and once more later."""
        host = Host.get()
        domain = Domain(host.instance, job=[
            'first wait /go', 'reboot reboot /mark', 'nothing status'])
        self.addCleanup(domain.remove)
        hook = host.top / 'etc/libvirt/hooks/lxc'
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(HOOK.format(name=domain.name, root=domain.root))
        hook.chmod(0o755)
        self.addCleanup(hook.unlink, missing_ok=True)
        host.restart()
        domain.define()
        domain.start()
        (domain.root / 'go').touch()
        wait_for((domain.root / 'hook').exists, 20, 'the hook was not called')
        host.instance.kill()
        hook.unlink()
        host.instance.start()
        self.assertEqual(domain.state(), 'running')
        controller = domain.controller()
        host.instance.kill()
        os.kill(controller, signal.SIGKILL)
        host.instance.start()
        self.assertEqual(domain.state(), 'shut off')

    @rows([
        ('resume', 'resume'), ('destroy', 'destroy'), ('suspend', 'suspend'),
    ])
    def test_suspended(self, command):
        host, domain = self.started()
        host.instance.virsh('suspend', domain.name)
        host.instance.kill()
        host.instance.start()
        self.assertEqual(domain.state(), 'paused')
        begun = time.monotonic()
        host.instance.virsh(command, domain.name)
        self.assertLess(time.monotonic() - begun, 3 * SLOWNESS)
        self.assertEqual(domain.state(), {'resume': 'running', 'suspend': 'paused',
                                          'destroy': 'shut off'}[command])
        if command == 'suspend':
            host.instance.virsh('resume', domain.name)
            self.assertEqual(domain.state(), 'running')
            host.instance.virsh('destroy', domain.name)
        if command == 'destroy':
            self.assertNothingLeft(host.instance, self.before)


class Crashed(Case):
    """The daemon is restarted while a domain waits for its restart."""

    def waiting(self, command):
        host = Host.get()
        domain = container(self, 'exit', 1, on_crash='restart')
        path = host.instance.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        self.before = host.instance.snapshot()
        host.instance.virsh(command, path)
        if command == 'define':
            domain.start()
        wait_for(lambda: self.starts(domain) == ENDS, 20, 'not restarted')
        wait_for(lambda: domain.state() == 'shut off', 5, 'still running')
        return host, domain

    def starts(self, domain):
        return domain.out.read_text().count('end=')

    @rows([
        ('persistent, killed', 'define', signal.SIGKILL),
        ('persistent, stopped', 'define', signal.SIGTERM),
        ('transient, killed', 'create', signal.SIGKILL),
        ('transient, stopped', 'create', signal.SIGTERM),
    ])
    def test_is_restarted(self, command, number):
        host, domain = self.waiting(command)
        host.instance.daemon.send_signal(number)
        host.instance.daemon.wait(20 * SLOWNESS)
        self.assertEqual(self.starts(domain), ENDS)
        host.instance.start()
        wait_for(lambda: self.starts(domain) > ENDS, 20, 'not restarted')
        self.assertIn(domain.name, host.names())
        host.instance.virsh('destroy', domain.name)
        self.assertEqual(domain.name in host.names(), command == 'define')

    @rows([
        ('destroy', 'define', 'destroy'), ('undefine', 'define', 'undefine'),
        ('destroy, transient', 'create', 'destroy'),
    ])
    def test_not_after(self, command, verb):
        host, domain = self.waiting(command)
        host.instance.virsh(verb, domain.name)
        host.restart()
        time.sleep(1)
        self.assertEqual(self.starts(domain), ENDS)
        listed = command == 'define' and verb == 'destroy'
        self.assertEqual(domain.name in host.names(), listed)
        if listed:
            self.assertEqual(domain.state(), 'shut off')
            host.instance.virsh('undefine', domain.name)
        self.assertNothingLeft(host.instance, self.before)


if __name__ == '__main__':
    tap.main()
