# SPDX-License-Identifier: LGPL-2.1-or-later
"""What init writes to its console is kept, within bounds."""

import os
import select
import stat
import time

import sandbox
import tap
from ends import container, log_lines, log_path, wait_off
from harness import SLOWNESS, OurInstance, wait_for
from tap import Case, rows

MIB = 1 << 20
LIMIT, BACKUPS = 2 * MIB, 3  # of lxc.conf
SOON = 20


class Configured(OurInstance):
    """With an lxc.conf."""

    def mount(self):
        super().mount()
        (self.top / 'etc/libvirt').mkdir()
        (self.top / 'etc/libvirt/lxc.conf').write_text(self.configuration)


class Off(Configured):
    name, label = 'off', 'f'
    configuration = 'console_log = 0\n'


class Small(Configured):
    name, label = 'small', 'm'
    configuration = 'console_log_max_size = 8192\nconsole_log_max_backups = 1\n'


class Full(OurInstance):
    """Where the disk with the console logs is full very soon."""

    name, label = 'full', 'u'

    def mount(self):
        super().mount()
        path = self.top / 'var/log/libvirt/lxc/console'
        path.mkdir(parents=True)
        sandbox.mount('ct', path, 'tmpfs', data='size=64k,mode=0700')


def files(domain):
    """The console logs of a domain, the newest first."""
    path = log_path(domain, f'console/{domain.name}.log')
    found = [path] + [path.with_name(f'{path.name}.{i}') for i in range(9)]
    return [path for path in found if path.exists()]


def logged(domain):
    """In the order in which it was written, with the terminal's line ends."""
    return b''.join(path.read_bytes() for path in reversed(files(domain)))


def ended(case, *args, timeout=SOON, **kwargs):
    domain = container(case, *args, **kwargs)
    domain.define()
    domain.start()
    wait_off(domain, timeout)
    return domain


class Kept(Case):
    def test_lines_of_an_init_that_exits_at_once(self):
        domain = ended(self, 'lines', 1000)
        expected = b''.join(b'line %d\r\n' % i for i in range(1, 1001))
        self.assertEqual(logged(domain), expected)
        self.assertEqual(log_lines(domain), [
            'init has exited with status 1; the last line on its console was "line 1000"'])

    @rows([
        # What init writes, the last line as the domain's log has it
        ('one line', 'no such file', 'no such file'),
        ('a carriage return', 'some\\15thing', 'some\\rthing'),
        ('escape sequences', '\\33[2J\\33]0;title\\7done', '\\033[2J\\033]0;title\\007done'),
        ('quotes', 'say &quot;no&quot;', 'say \\"no\\"'),
        ('empty lines at the end', 'words\\12\\12 \\12', 'words'),
        ('UTF-8', '\\303\\244', '\\303\\244'),
        ('a line of a log', 'x\\0122026-11-26 00:00:00.000+0000: init has exited',
         '2026-11-26 00:00:00.000+0000: init has exited'),
    ])
    def test_last_line(self, text, line):
        domain = ended(self, 'text', text)
        self.assertEqual(log_lines(domain), [
            f'init has exited with status 1; the last line on its console was "{line}"'])

    def test_without_a_line(self):
        domain = ended(self, 'exit', 1)
        self.assertEqual(logged(domain), b'')
        self.assertEqual(log_lines(domain), ['init has exited with status 1'])

    def test_raw_bytes(self):
        domain = ended(self, 'raw', 'a\\12b\\15\\0\\377\\33c')
        self.assertEqual(logged(domain), b'a\nb\r\0\xff\x1bc')

    def test_of_all_starts(self):
        domain = ended(self, 'text', 'first\\12')
        domain.start()
        wait_off(domain)
        self.assertEqual(logged(domain), b'first\r\n' * 2)

    def test_by_root_only(self):
        domain = ended(self, 'text', 'words')
        path = files(domain)[0]
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)

    def test_not_if_it_is_disabled(self):
        domain = ended(self, 'text', 'words', instance=Off)
        self.assertEqual(files(domain), [])
        self.assertEqual(log_lines(domain), ['init has exited with status 1'])


class Bounded(Case):
    def assertBounded(self, domain, limit, backups):
        sizes = [path.stat().st_size for path in files(domain)]
        self.assertEqual(len(sizes), backups + 1, sizes)
        self.assertLessEqual(max(sizes), limit)

    def test_50_megabytes(self):
        domain = ended(self, 'bytes', 50, timeout=10 * SOON)
        self.assertBounded(domain, LIMIT, BACKUPS)
        self.assertGreater(len(logged(domain)), BACKUPS * LIMIT)

    def test_limits_of_the_administrator(self):
        domain = ended(self, 'lines', 5000, instance=Small)
        self.assertBounded(domain, 8192, 1)
        written = b''.join(b'line %d\r\n' % number for number in range(1, 5001))
        self.assertTrue(written.endswith(logged(domain)), 'bytes are lost or repeated')

    def test_full_disk(self):
        domain = ended(self, 'bytes', 5, instance=Full)
        self.assertLessEqual(len(logged(domain)), 65536)
        self.assertLess(log_path(domain, f'{domain.name}.log').stat().st_size, 16384)
        domain.start()
        wait_off(domain, SOON)


class Client(Case):
    def attach(self, domain):
        """A client that has the console open."""
        path = domain.instance.virsh('ttyconsole', domain.name)
        client = os.open(path, os.O_RDWR | os.O_NOCTTY)
        self.addCleanup(os.close, client)
        return client

    def read(self, client):
        self.assertTrue(select.select([client], [], [], SOON * SLOWNESS)[0], 'nothing to read')
        return os.read(client, 4096)

    def test_that_does_not_read(self):
        domain = container(self, 'stay', 0)
        domain.xml = domain.xml.replace('<initarg>0<', '<initarg>5<')
        domain.define()
        domain.start()
        self.attach(domain)
        wait_for(lambda: len(logged(domain)) == 5 * MIB, SOON,
                 lambda: f'{len(logged(domain))} bytes')
        self.assertEqual(domain.state(), 'running')

    def test_that_is_slow_loses_nothing(self):
        domain = container(self, 'read', '/run/initctl')
        (domain.root / 'run').mkdir()
        os.mkfifo(domain.root / 'run/initctl')
        domain.xml = domain.xml.replace('<initarg>read</initarg>'
                                        '<initarg>/run/initctl</initarg>',
                                        '<initarg>wait</initarg><initarg>2</initarg>')
        domain.run()
        client = self.attach(domain)
        os.write(client, b'go\n')
        got = b''
        while got.count(b'x') < 2 * MIB:
            time.sleep(0.0005)
            got += self.read(client)
        self.assertEqual(got.count(b'x'), 2 * MIB)
        self.assertEqual(logged(domain).count(b'x'), 2 * MIB)

    def test_that_comes_later_sees_the_end(self):
        domain = container(self, 'stay', 3)
        domain.define()
        domain.start()
        wait_for(lambda: len(logged(domain)) == 3 * MIB, SOON, 'not written')
        client = self.attach(domain)
        os.write(client, b'\n')
        self.assertIn(b'x', self.read(client))


if __name__ == '__main__':
    tap.main()
