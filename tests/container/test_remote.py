# SPDX-License-Identifier: LGPL-2.1-or-later
"""virsh over TLS: a second libvirtd on another host, which is a network namespace."""

import subprocess

import tap
from execution import ShellDomain
from harness import OurInstance
from tap import Case, Sandbox, rows
from test_exec_remote import PORT, ListeningInstance

HERE, THERE, OTHER = '192.0.2.1', '192.0.2.2', '192.0.2.3'
FEATURES = ("<capabilities policy='deny'><kill state='on'/></capabilities>"
            "<landlock><fs><path target='/' allow='read write execute'/></fs></landlock>"
            "<seccomp/>")

# What is wrong, the element and the error
MISTAKES = [
    ('capability', '<capabilities><fly/></capabilities>', "'fly'"),
    ('right', "<landlock><fs><path target='/usr' allow='look'/></fs></landlock>",
     "'look'"),
    ('attribute', "<seccomp polcy='deny'/>", "'polcy'"),
]


def ip(*arguments):
    subprocess.run(['ip', *map(str, arguments)], check=True)


class OtherHost(ListeningInstance):
    """A libvirtd that can be reached over the network only"""

    name, label, address, listen = 'other-host', 'h', THERE, '0.0.0.0'

    def prepare(self):
        super().prepare()
        self.host = subprocess.Popen(
            ['unshare', '--net', 'sh', '-c', 'echo ready; exec sleep infinity'],
            stdout=subprocess.PIPE, text=True)
        self.host.stdout.readline()
        inside = ['nsenter', f'--net=/proc/{self.host.pid}/ns/net']
        ip('link', 'add', 'here', 'type', 'veth', 'peer', 'name', 'there', 'netns',
           self.host.pid)
        ip('address', 'add', f'{HERE}/24', 'dev', 'here')
        ip('link', 'set', 'here', 'up')
        for arguments in (['address', 'add', f'{THERE}/24', 'dev', 'there'],
                          ['address', 'add', f'{OTHER}/24', 'dev', 'there'],
                          ['link', 'set', 'there', 'up']):
            subprocess.run([*inside, 'ip', *arguments], check=True)
        self.daemon_argv = [*inside, *self.daemon_argv]

    def stop(self):
        super().stop()
        self.host.kill()
        self.host.wait()
        self.host.stdout.close()


class Virsh(Case):
    def setUp(self):
        self.here = Sandbox.instance(OurInstance)
        self.there = Sandbox.instance(OtherHost)
        self.uri = f'lxc+tls://{THERE}:{PORT}/system?pkipath={self.there.pki}'

    def remote(self, *arguments):
        """A client of this host, as (status, stdout, stderr)"""
        process = self.here.command(self.here.client, '-q', '-c', self.uri, *arguments,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, error = process.communicate(timeout=60)
        return process.returncode, out.strip(), error.strip()

    def test_domain(self):
        """Defined, started, shown and destroyed from here"""
        domain = ShellDomain(self.there, features=FEATURES)
        self.addCleanup(domain.remove)
        path = self.here.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        for arguments in (['define', '--validate', path], ['start', domain.name]):
            self.assertEqual(self.remote(*arguments)[::2], (0, ''))
        status, text, error = self.remote('dumpxml', domain.name)
        self.assertEqual((status, error), (0, ''))
        self.assertEqual(text, self.there.virsh('dumpxml', domain.name))
        self.assertEqual(text.count('<effective'), 5)
        self.assertNotIn(domain.name, self.here.virsh('list', '--all', '--name'))
        self.assertEqual(self.remote('destroy', domain.name)[0], 0)
        self.assertEqual(domain.state(), 'shut off')

    def test_capabilities(self):
        status, text, error = self.remote('domcapabilities', '--virttype', 'lxc')
        self.assertEqual((status, error), (0, ''))
        self.assertEqual(text, self.there.virsh('domcapabilities'))
        self.assertIn('<landlock supported=', text)

    @rows(MISTAKES)
    def test_mistake(self, xml, text):
        domain = ShellDomain(self.there, features=xml)
        path = self.here.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        status, _, error = self.remote('define', '--validate', path)
        self.assertEqual(status, 1)
        self.assertIn(text, error)
        line = domain.xml[:domain.xml.index(xml)].count('\n') + 1
        self.assertIn(f'(line {line})', error)

    def test_other_address(self):
        """For which the certificate is not valid"""
        self.uri = self.uri.replace(THERE, OTHER)
        status, _, error = self.remote('uri')
        self.assertEqual(status, 1)
        self.assertIn(f"does not match the hostname {OTHER}", error)


if __name__ == '__main__':
    tap.main()
