# SPDX-License-Identifier: LGPL-2.1-or-later
"""virt-lxc-exec over TLS: a libvirtd that listens, and a client that only knows
its certificates."""

import hashlib
import os
import signal
import subprocess
import time

import tap
from execution import Executing, ShellDomain
from harness import SLOWNESS, OurInstance
from tap import Sandbox

PORT = 16514
FAILED = 125


def openssl(directory, *arguments):
    subprocess.run(['openssl', *arguments], cwd=directory, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def certificates(directory, address):
    """A CA, a server and a client, in the files that libvirt looks for."""
    directory.mkdir()
    openssl(directory, 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days',
            '2', '-subj', '/CN=ca', '-keyout', 'cakey.pem', '-out', 'cacert.pem')
    (directory / 'extensions').write_text(
        f'subjectAltName=DNS:localhost,IP:{address}\n')
    for name in ('server', 'client'):
        openssl(directory, 'req', '-newkey', 'rsa:2048', '-nodes', '-subj',
                '/CN=localhost', '-keyout', f'{name}key.pem', '-out', 'request')
        openssl(directory, 'x509', '-req', '-in', 'request', '-days', '2',
                '-CA', 'cacert.pem', '-CAkey', 'cakey.pem', '-CAcreateserial',
                '-extfile', 'extensions', '-out', f'{name}cert.pem')


class ListeningInstance(OurInstance):
    """libvirtd with the LXC driver, on a TCP port"""

    name, label = 'listening', 'l'
    address = listen = '127.0.0.1'

    def prepare(self):
        super().prepare()
        self.pki = self.work / 'pki'
        certificates(self.pki, self.address)
        self.daemon_argv = [self.client.parents[1] / 'src' / 'libvirtd', '--listen',
                            '-p', self.top / 'libvirtd.pid']
        # The network of the tests is their own.
        subprocess.run(['ip', 'link', 'set', 'lo', 'up'], check=True)

    def command(self, *argv, **kwargs):
        config = self.work / f'{self.name}.conf'
        if self.daemon_argv[0] in argv:
            config.write_text(config.read_text() + f'''
listen_tls = 1
listen_tcp = 0
tls_port = "{PORT}"
listen_addr = "{self.listen}"
key_file = "{self.pki}/serverkey.pem"
cert_file = "{self.pki}/servercert.pem"
ca_file = "{self.pki}/cacert.pem"
''')
        return super().command(*argv, **kwargs)


class Remote(Executing):
    def started(self, features='', **kwargs):
        domain = ShellDomain(Sandbox.instance(ListeningInstance),
                             features=features, **kwargs)
        self.addCleanup(domain.remove_later)
        domain.run()
        return domain

    def command(self, domain, argv, options):
        ours = domain.instance
        return [ours.client.parent / self.TOOL, '-c',
                f'lxc+tls://localhost:{PORT}/system?pkipath={ours.pki}',
                *options, domain.name, '--', *argv]

    def test_status(self):
        domain = self.started()
        self.assertEqual(self.shell(domain, 'cat; echo error >&2; exit 7',
                                    data=b'in'), (7, 'in', 'error\n'))
        self.assertEqual(self.execute(domain, '/missing')[0], 127)

    def test_large(self):
        domain = self.started()
        data = os.urandom(1 << 20) * 100
        client = self.popen(domain, '/bin/cat', stdin=subprocess.PIPE)
        out, error = client.communicate(data, timeout=60 * SLOWNESS)
        self.assertEqual((client.returncode, error), (0, b''))
        self.assertEqual(hashlib.sha256(out).digest(),
                         hashlib.sha256(data).digest())

    def test_input_only(self):
        domain = self.started()
        client = self.popen(domain, 'sha256sum', stdin=subprocess.PIPE)
        data = os.urandom(1 << 20) * 50
        out, _ = client.communicate(data, timeout=60 * SLOWNESS)
        self.assertEqual(out.split()[0].decode(), hashlib.sha256(data).hexdigest())

    def test_terminal(self):
        domain = self.started()
        terminal = self.terminal(domain, '/bin/sh')
        terminal.type(b'tty && echo a$((1+1))b\r')
        terminal.read_until(b'a2b')
        terminal.type(b'exit 9\r')
        self.assertEqual(terminal.client.wait(20 * SLOWNESS), 9)
        self.assertTrue(terminal.is_restored())

    def test_no_certificate(self):
        domain = self.started()
        other = domain.instance.work / 'other'
        certificates(other, domain.instance.address)
        domain.instance.pki, pki = other, domain.instance.pki
        try:
            status, out, error = self.shell(domain, 'echo here')
        finally:
            domain.instance.pki = pki
        print(f'# {error!r}')
        self.assertEqual((status, out), (FAILED, ''))

    def test_client_vanishes(self):
        domain = self.started()
        before = set(domain.members())
        client = self.popen(domain, '/bin/sh', '-c', 'echo ready; exec sleep 100')
        self.assertEqual(client.stdout.readline(), b'ready\n')
        client.kill()
        self.assertAlone(domain, before)

    def test_connection_freezes(self):
        """Keepalive messages notice it on both sides."""
        domain = self.started()
        before = set(domain.members())
        client = self.popen(domain, '/bin/sh', '-c', 'echo ready; exec sleep 1000')
        self.assertEqual(client.stdout.readline(), b'ready\n')
        os.kill(domain.instance.daemon.pid, signal.SIGSTOP)
        begun = time.monotonic()
        try:
            _, error = client.communicate(timeout=60 * SLOWNESS)
        finally:
            os.kill(domain.instance.daemon.pid, signal.SIGCONT)
        print(f'# {time.monotonic() - begun:.0f} s: {error!r}')
        self.assertEqual(client.returncode, FAILED)
        self.assertAlone(domain, before)


if __name__ == '__main__':
    tap.main()
