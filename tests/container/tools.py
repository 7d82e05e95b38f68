# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tools that people use with libvirt make of confined domains.

Run by scripts/test-tools, where they are installed."""

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET

import tap
from execution import ShellDomain
from harness import HERE, OurInstance, status_of
from tap import Case, Sandbox, rows

URI = 'lxc:///system'
ELEMENTS = ('capabilities', 'no-new-privs', 'landlock', 'seccomp', 'kernel-files')

# One with much in it
POLICY = '''<capabilities policy='deny'><chown state='on'/><kill state='on'/></capabilities>
<no-new-privs state='on'/>
<landlock abi='6'>
  <fs><path target='/' allow='read execute'/><path target='/out' allow='write'/></fs>
  <net><port protocol='tcp' number='80' allow='bind'/></net>
  <scope signal='on'/>
</landlock>
<seccomp log='on'>
  <syscall name='keyctl' action='errno' errno='ENOSYS'/>
  <syscall name='personality' action='allow'><arg index='0' op='eq' value='0x0'/></syscall>
  <socket family='packet' action='errno' errno='EAFNOSUPPORT'/>
</seccomp>
<kernel-files><path target='/proc/irq' access='masked'/></kernel-files>
<privnet/>'''


def policy(text):
    """The confinement elements of a domain, without what differs while it runs"""
    features = ET.fromstring(text).find('features')
    found = {}
    for name in ELEMENTS:
        element = features.find(name) if features is not None else None
        if element is None:
            continue
        for effective in element.findall('effective'):
            element.remove(effective)
        for part in element.iter():
            part.tail = None
            part.text = (part.text or '').strip() or None
        found[name] = ET.tostring(element, encoding='unicode')
    return found


class Tool(Case):
    def setUp(self):
        self.ours = Sandbox.instance(OurInstance)

    def run_tool(self, *argv, env=()):
        """(status, what it printed, and its errors)"""
        tools = self.ours.client.parent
        process = self.ours.command(
            'env', f"PATH={tools}:{os.environ['PATH']}", *env, *argv,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, error = process.communicate(timeout=120)
        return process.returncode, out, error.strip()

    def check_tool(self, *argv, **kwargs):
        status, out, error = self.run_tool(*argv, **kwargs)
        self.assertEqual(status, 0, f'{out}\n{error}')
        return out

    def domain(self, features=POLICY):
        domain = ShellDomain(self.ours, features=features)
        self.addCleanup(domain.remove)
        return domain

    def dumped(self, name, *options):
        return policy(self.ours.virsh('dumpxml', *options, name))

    def assertNamed(self, error, text):
        """A mistake, with its line"""
        self.assertIn(text, error)
        self.assertRegex(error, r'\(line \d+\)')


class VirtInstall(Tool):
    ARGUMENTS = ['--connect', URI, '--memory', '128', '--network', 'none',
                 '--noautoconsole', '--init', '/probe']

    def install(self, domain, *arguments):
        return self.run_tool('virt-install', *self.ARGUMENTS, '--name', domain.name,
                             '--filesystem', f'{domain.root},/', *arguments)

    @rows([
        ('--features sets capabilities', {
            '--features': 'privnet=on,xpath1.set=./capabilities/@policy,xpath1.value=deny,'
                          'xpath2.set=./capabilities/chown/@state,xpath2.value=on'},
         {'capabilities': '<capabilities policy="deny"><chown state="on" /></capabilities>'}),
        ('--xml sets seccomp and no-new-privs', {
            '--xml': './features/no-new-privs/@state=on',
            '--xml ': 'xpath.create=./features/seccomp'},
         {'no-new-privs': '<no-new-privs state="on" />'}),
        ('--xml sets landlock', {
            '--xml': './features/landlock/net/port/@protocol=tcp',
            '--xml ': './features/landlock/net/port/@number=80',
            '--xml  ': './features/landlock/net/port/@allow=bind'},
         {'no-new-privs': '<no-new-privs state="on" />'}),
    ])
    def test_installs(self, arguments, elements):
        domain = self.domain()
        words = [word for option, value in arguments.items()
                 for word in (option.strip(), value)]
        status, out, error = self.install(domain, *words)
        self.assertEqual(status, 0, f'{out}\n{error}')
        self.assertEqual(domain.state(), 'running')
        found = self.dumped(domain.name, '--inactive')
        self.assertLessEqual(elements.items(), found.items())

    @rows([
        ('attribute', './features/seccomp/@polcy=deny',
         "unknown attribute 'polcy' of <seccomp>"),
        ('capability', './features/capabilities/fly/@state=on', "'fly'"),
    ])
    def test_names_mistake(self, value, text):
        domain = self.domain()
        status, _, error = self.install(domain, '--xml', value)
        print('#', error.replace('\n', '\n# '))
        self.assertNotEqual(status, 0)
        self.assertNamed(error, text)
        self.assertNotIn(domain.name, self.ours.virsh('list', '--all', '--name'))


class VirtXml(Tool):
    def defined(self):
        domain = self.domain()
        domain.define()
        return domain, self.dumped(domain.name)

    def edit(self, domain, *arguments):
        return self.run_tool('virt-xml', '--connect', URI, domain.name, '--edit',
                             *arguments)

    @rows([
        ('memory', '--memory', '100'),
        ('metadata', '--metadata', 'title=other'),
        ('features', '--features', 'privnet=off'),
    ])
    def test_keeps_policy(self, option, value):
        domain, before = self.defined()
        self.assertEqual(len(before), len(ELEMENTS))
        status, out, error = self.edit(domain, option, value)
        self.assertEqual(status, 0, f'{out}\n{error}')
        self.assertEqual(self.dumped(domain.name), before)

    @rows([
        ('value', './features/capabilities/@policy=allow', 'capabilities', 'policy="allow"'),
        ('child', './features/capabilities/mknod/@state=off', 'capabilities',
         '<mknod state="off" />'),
        ('port', './features/landlock/net/port[2]/@protocol=udp', None,
         "missing attribute"),
        ('rule', './features/seccomp/syscall[1]/@errno=EPERM', 'seccomp',
         'name="keyctl" action="errno" errno="EPERM"'),
    ])
    def test_sets(self, argument, name, text):
        domain, before = self.defined()
        status, _, error = self.edit(domain, '--xml', argument)
        after = self.dumped(domain.name)
        if name is None:
            self.assertNotEqual(status, 0)
            self.assertNamed(error, text)
            self.assertEqual(after, before)
            return
        self.assertEqual(status, 0, error)
        self.assertIn(text, after.pop(name))
        before.pop(name)
        self.assertEqual(after, before)

    def test_deletes(self):
        domain, before = self.defined()
        status, _, error = self.edit(domain, '--xml', 'xpath.delete=./features/seccomp')
        self.assertEqual(status, 0, error)
        before.pop('seccomp')
        self.assertEqual(self.dumped(domain.name), before)

    def test_names_mistake(self):
        domain, before = self.defined()
        status, _, error = self.edit(domain, '--xml', './features/landlock/@abi=99')
        print('#', error.replace('\n', '\n# '))
        self.assertNotEqual(status, 0)
        self.assertNamed(error, '99')
        self.assertEqual(self.dumped(domain.name), before)

    def test_prints(self):
        """A document from stdin, which no daemon sees"""
        domain = self.domain()
        path = self.ours.work / 'input.xml'
        path.write_text(domain.xml)
        out = self.check_tool('sh', '-c', f'virt-xml --edit --memory 100 <{path}')
        self.assertEqual(policy(out), policy(domain.xml))


class VirtClone(Tool):
    def test_keeps_policy(self):
        domain = self.domain()
        domain.define()
        name = f'{domain.name}-clone'
        out = self.check_tool('virt-clone', '--connect', URI, '--original', domain.name,
                              '--name', name, '--auto-clone')
        self.addCleanup(self.ours.run, 'undefine', name)
        print('#', out.replace('\n', '\n# '))
        self.assertEqual(self.dumped(name), self.dumped(domain.name))
        self.ours.virsh('start', name)
        self.addCleanup(self.ours.run, 'destroy', name)
        text = self.ours.virsh('dumpxml', name)
        self.assertEqual(text.count('<effective'), len(ELEMENTS))


class Ansible(Tool):
    """The connection community.libvirt.libvirt_lxc, without Python in the container"""

    def ansible(self, domain, module, argument):
        status, out, error = self.run_tool(
            'ansible', '-i', f'{domain.name},', '-c', 'community.libvirt.libvirt_lxc',
            domain.name, '-m', module, '-a', argument, env=[
                'ANSIBLE_STDOUT_CALLBACK=json', 'ANSIBLE_LOAD_CALLBACK_PLUGINS=1',
                'ANSIBLE_DEPRECATION_WARNINGS=0'])
        print('#', error.replace('\n', '\n# '))
        [play] = json.loads(out[out.index('{'):])['plays']
        return status, play['tasks'][0]['hosts'][domain.name]

    def started(self):
        domain = self.domain()
        domain.run()
        return domain

    def test_runs_confined(self):
        domain = self.started()
        status, result = self.ansible(domain, 'raw', 'cat /proc/self/status')
        self.assertEqual(status, 0, result)
        found = dict(line.split(':\t', 1) for line in result['stdout'].splitlines()
                     if ':\t' in line)
        init = status_of(domain.init())
        for name in ('Seccomp', 'NoNewPrivs', 'CapEff', 'CapBnd', 'CapPrm'):
            self.assertEqual(found[name].strip(), init[name].strip(), name)
        self.assertEqual(found['Seccomp'].strip(), '2')

    def test_is_refused(self):
        status, result = self.ansible(self.started(), 'raw', 'echo x >/etc/passwd')
        self.assertNotEqual(status, 0)
        self.assertIn('Permission denied', result['stdout'] + result['stderr'])

    def test_status(self):
        _, result = self.ansible(self.started(), 'raw', 'exit 7')
        self.assertEqual(result['rc'], 7)

    def test_script(self):
        """Which is written to the container before"""
        script = self.ours.work / 'script'
        script.write_text('#!/bin/sh\necho "$1" from process $$\n')
        domain = ShellDomain(self.ours, features=re.sub(
            '(?s)<landlock.*</landlock>', '', POLICY))
        self.addCleanup(domain.remove)
        domain.run()
        status, result = self.ansible(domain, 'script', f'{script} hello')
        self.assertEqual(status, 0, result)
        self.assertIn('hello from process', result['stdout'])


class VirtManager(Tool):
    """In a window of Xvfb"""

    SETTINGS = ('[org/virt-manager/virt-manager]\nxmleditor-enabled=true\n')

    def start(self, domain, wrong, right):
        screenshots = Sandbox.build / 'tools/screenshots'
        for name, text in (('wrong', wrong), ('right', right)):
            (self.ours.work / f'{name}.xml').write_text(text)
        config = self.ours.work / 'config/glib-2.0/settings'
        config.mkdir(parents=True)
        (config / 'keyfile').write_text(self.SETTINGS)
        out = self.check_tool(
            'xvfb-run', '--server-args=-screen 0 1280x1024x24', 'dbus-run-session',
            '/usr/bin/python3', HERE / 'desktop.py', URI, domain.name, screenshots,
            self.ours.work / 'wrong.xml', self.ours.work / 'right.xml',
            env=['GSETTINGS_BACKEND=keyfile', f'XDG_CONFIG_HOME={self.ours.work}/config',
                 'GTK_MODULES=gail:atk-bridge', 'NO_AT_BRIDGE=0',
                 f'XDG_RUNTIME_DIR={self.ours.work}', f'XDG_CACHE_HOME={self.ours.work}'])
        return json.loads(out.splitlines()[-1])

    def test_edits(self):
        """Connects, shows the domain, names the mistake in an edit, applies another."""
        domain = self.domain()
        domain.define()
        before = self.dumped(domain.name)
        text = self.ours.virsh('dumpxml', domain.name)
        result = self.start(domain, text.replace("<seccomp", "<seccomp polcy='deny'"),
                            text.replace("<seccomp policy='default'",
                                         "<seccomp policy='allow'"))
        for line in json.dumps(result, indent=1).splitlines():
            print('#', line)
        self.assertEqual(policy(result['shown']), before)
        self.assertNamed(' '.join(' '.join(result['error']).split()),
                         "unknown attribute 'polcy' of <seccomp>")
        self.assertIn('policy="allow"', policy(result['applied'])['seccomp'])
        self.assertIn('policy="allow"', self.dumped(domain.name)['seccomp'])


if __name__ == '__main__':
    tap.main()
