# SPDX-License-Identifier: LGPL-2.1-or-later
"""Other clients of virDomainLxcExec(): the examples in C and Python, and
Ansible's connection plugin, which calls virsh."""

import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

import sanitizers
import tap
from execution import Executing, number
from harness import HERE, SLOWNESS, Failed
from packages import MODULES, PYTHON_PACKAGES, fetch
from tap import rows

EXAMPLES = HERE.parents[1] / 'examples'
ANSIBLE_PACKAGES = ['ansible', 'ansible-core', 'python3-cffi-backend',
                    'python3-cryptography', 'python3-jinja2',
                    'python3-markupsafe', 'python3-packaging',
                    'python3-resolvelib', 'python3-yaml']


class Client(Executing):
    """The same for all of them."""

    def assertRuns(self, domain):
        self.assertEqual(self.shell(domain, 'echo out; echo error >&2; exit 7'),
                         (7, 'out\n', 'error\n'))
        self.assertEqual(self.shell(domain, f'kill -{number("SIGKILL")} $$'),
                         (128 + signal.SIGKILL, '', ''))
        self.assertEqual(self.shell(domain, 'cat; head -c 1000000 /dev/zero'),
                         (0, '\0' * 1000000, ''))
        status, out, error = self.execute(domain, '/missing')
        print(f'# {error!r}')
        self.assertNotEqual(status, 0)
        self.assertEqual(out, '')
        self.assertIn("cannot execute '/missing'", error)


class Examples(Client):
    env = {'LIBVIRT_DEFAULT_URI': 'lxc:///system'}

    def popen(self, *args, **kwargs):
        return super().popen(*args, **kwargs, env=self.env)

    def test_c(self):
        domain = self.started()
        program = domain.instance.work / 'lxc-exec'
        built = domain.instance.libvirt
        source = HERE.parents[1] / 'subprojects' / built.name
        subprocess.run(
            [*sanitizers.compiler(), '-Wall', '-Wextra', '-Werror', EXAMPLES / 'lxc-exec.c',
             '-o', program,
             f'-I{source / "include"}', f'-I{built / "include"}',
             f'-L{built / "src"}', '-lvirt', '-lvirt-lxc'],
            check=True)
        self.command = lambda domain, argv, _: [program, domain.name, *argv]
        self.assertRuns(domain)

    def test_python(self):
        domain = self.started()
        modules = domain.instance.build / 'python3-libvirt' / MODULES
        self.assertTrue(modules.exists(), 'python3-libvirt was not downloaded')
        self.env = self.env | {'PYTHONPATH': str(modules)}
        self.command = lambda domain, argv, _: [
            *sanitizers.preloaded(), '/usr/bin/python3', EXAMPLES / 'lxc-exec.py',
            domain.name, *argv]
        self.assertRuns(domain)


class Virsh(Client):
    """virsh lxc-enter-namespace, as Ansible's plugin calls it"""

    TOOL = 'virsh'
    options = []

    def command(self, domain, argv, options):
        return [domain.instance.client, '-q', '-c', 'lxc:///',
                'lxc-enter-namespace', *self.options, *options, domain.name, '--',
                *argv]

    @rows([('default', []), ('noseclabel', ['--noseclabel'])])
    def test_runs(self, options):
        self.options = options
        self.assertRuns(self.started())

    @rows([('empty', b''), ('small', b'text\n'),
           ('large', os.urandom(1 << 20) * 20)])
    def test_files(self, content):
        """Copied there and back by dd, with its input and output"""
        domain = self.started()
        local = domain.instance.work / 'local'
        local.write_bytes(content)
        count = '' if content else ' count=0'
        with open(local, 'rb') as source:
            client = self.popen(domain, '/bin/sh', '-c',
                                f'dd of=/tmp/new bs=65536{count}', stdin=source)
            client.communicate(timeout=60 * SLOWNESS)
        self.assertEqual(client.returncode, 0)
        self.assertEqual((domain.root / 'tmp' / 'new').read_bytes(), content)
        client = self.popen(domain, '/bin/sh', '-c', 'dd if=/tmp/new bs=65536',
                            stdin=subprocess.PIPE)
        out, _ = client.communicate(timeout=60 * SLOWNESS)
        self.assertEqual((client.returncode, out == content), (0, True))

    def test_interactive(self):
        """A terminal within virsh, which works afterwards"""
        domain = self.started()
        name = domain.name
        self.command = lambda domain, *_: [domain.instance.client, '-q', '-c',
                                           'lxc:///']
        terminal = self.terminal(domain)
        for status in (3, 0):
            terminal.type(f'lxc-enter-namespace {name} /bin/sh\r'.encode())
            terminal.type(f'tty && echo a{status}$((1+1))b\r'.encode())
            terminal.read_until(f'a{status}2b'.encode())
            terminal.type(f'exit {status}\r'.encode())
            time.sleep(0.5 * SLOWNESS)
            terminal.type(f'domstate {name}\r'.encode())
            terminal.read_until(b'running')
            terminal.text = b''
        terminal.type(b'quit\r')
        self.assertEqual(terminal.client.wait(20 * SLOWNESS), 0)
        self.assertTrue(terminal.is_restored())

    def test_pipelining(self):
        """A script on standard input"""
        domain = self.started()
        self.assertEqual(
            self.shell(domain, '/bin/sh', data=b'echo $((1+1)); exit 5'),
            (5, '2\n', ''))


# The plugin finds virsh in PATH.
PLUGIN = '''
import sys
from ansible.playbook.play_context import PlayContext
from ansible.plugins import loader
if hasattr(loader, 'init_plugin_loader'):  # required since ansible-core 2.15
    loader.init_plugin_loader()
context = PlayContext()
context.remote_addr = sys.argv[1]
plugin = loader.connection_loader.get('community.libvirt.libvirt_lxc', context,
                                      open('/dev/null'))
plugin._connect()
print(plugin.exec_command('echo out; echo error >&2; exit 7'))
print(plugin.exec_command('cat', in_data=b'data'))
plugin.put_file(sys.argv[2], '/tmp/copied')
plugin.fetch_file('/tmp/copied', sys.argv[2] + '.back')
try:
    plugin.fetch_file('/missing', sys.argv[2] + '.none')
except Exception as error:
    print(type(error).__name__)
'''


class Ansible(Executing):
    """Debian's plugin itself"""

    def test_plugin(self):
        domain = self.started()
        ours = domain.instance
        root = ours.build / 'ansible'
        if not root.exists():
            raise Failed("Debian's ansible could not be downloaded")
        file = ours.work / 'file'
        file.write_bytes(os.urandom(1 << 20) + b'end')
        self.command = lambda domain, *_: ['/usr/bin/python3', '-c', PLUGIN, domain.name,
                                           file]
        status, out, error = self.execute(domain, timeout=120 * SLOWNESS, env={
            'PYTHONPATH': str(root / MODULES), 'HOME': str(ours.work),
            'PATH': f'{ours.client.parent}:{os.environ["PATH"]}'})
        print(f'# {shlex.quote(error[-500:])}')
        self.assertEqual((status, out.splitlines()), (0, [
            str((7, b'out\n', b'error\n')), str((0, b'data', b'')),
            'AnsibleError']))
        for copy in (domain.root / 'tmp' / 'copied', Path(f'{file}.back')):
            self.assertEqual(copy.read_bytes(), file.read_bytes())


def prepare(build):
    fetch(build, 'python3-libvirt', PYTHON_PACKAGES)
    fetch(build, 'ansible', ANSIBLE_PACKAGES)


if __name__ == '__main__':
    tap.main(prepare)
