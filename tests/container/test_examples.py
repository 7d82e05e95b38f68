# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every domain of examples/ starts, and is worth what its comment says; its floor is one."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import landlock
import tap
from execution import busybox_root
from harness import HERE, SLOWNESS, Domain, OurInstance, status_of, wait_for
from sandbox import processes
from tap import Case, Sandbox, rows
from test_exec_api import fetch

TOP = HERE.parents[1]
EXAMPLES = sorted((TOP / 'examples').glob('*.xml'))
# Which scripts/test-guides starts: their file systems are those of a Debian
DEBIANS = ('postgresql', 'systemd')
BUSYBOX = '/bin/busybox'

NGINX_PACKAGES = ['libc6', 'libcrypt1', 'libpcre2-8-0', 'libssl3', 'libzstd1', 'nginx',
                  'nginx-common', 'zlib1g']
NGINX_SITE = 'server { listen 80; root /srv/www; }\n'

PAGE = 'a page\n'
SERVER = 'http://127.0.0.1:8080/'

# Shell command, what it prints; run by the web server's own process
TRIED = [
    ('cat /srv/www/index.html', PAGE.strip()),
    ('cat /etc/passwd', 'Permission denied'),
    ('ls /', 'Permission denied'),
    ('cat /var/log/httpd.log', 'Permission denied'),
    ('echo x >/srv/www/index.html', 'Permission denied'),
    ('echo x >/srv/www/new', 'Permission denied'),
    ('echo x >/tmp/new', 'Permission denied'),
    ('echo x >/var/log/httpd.log', 'Permission denied'),
    ('mv /var/log/httpd.log /var/log/old', 'Permission denied'),
    ('busybox nc -l -p 8081', 'Permission denied'),
    ('busybox nc 127.0.0.1 8080', 'Permission denied'),
    ('busybox chown 7 /var/log', 'Operation not permitted'),
    ('busybox mount -t tmpfs tmpfs /tmp', 'permission denied'),
    ('busybox chroot / true', 'Operation not permitted'),
    ('busybox unshare -U true', 'Operation not permitted'),
    ('busybox hostname new', 'Operation not permitted'),
    ('busybox ip link', 'Address family not supported'),
    ('echo x >/var/log/more && echo done', 'done'),
]


# The ABI of Landlock that refuses it
ABIS = {'echo x >/var/log/httpd.log': landlock.ABIS['fs']['truncate'],
        'busybox nc -l -p 8081': landlock.NET_ABI,
        'busybox nc 127.0.0.1 8080': landlock.NET_ABI}


def restricted(command):
    """Whether this kernel can restrict what is tried."""
    return landlock.host_abi() >= ABIS.get(command, 1)


class Example(Domain):
    def __init__(self, instance, path):
        self.nginx = path.stem == 'nginx'
        super().__init__(instance)
        self.xml = re.sub('<name>.*</name>',
                          f'<name>{self.name}</name><uuid>{self.uuid}</uuid>',
                          re.sub("<source dir='.*'/>", f"<source dir='{self.root}'/>",
                                 path.read_text()))
        if landlock.host_abi() < landlock.SCOPE_ABI:
            # What the file says of older kernels
            self.xml = self.xml.replace("mode='required'", "mode='best-effort'")

    def make_root(self):
        subprocess.run(['cp', '-a', f'{busybox_root(self.instance.work)}/.', self.root],
                       check=True)
        for name in ('srv/www', 'var/log'):
            (self.root / name).mkdir(parents=True)
        (self.root / 'srv/www/index.html').write_text(PAGE)
        if self.nginx:
            self.add_nginx()

    def add_nginx(self):
        """As if the package was installed."""
        shutil.copytree(self.instance.build / 'nginx', self.root, symlinks=True,
                        dirs_exist_ok=True)
        # In Debian 13, no package contains files in these.
        for name in ('lib', 'lib64'):
            if not (self.root / name).exists():
                (self.root / name).symlink_to(f'usr/{name}')
        (self.root / 'etc/nginx/sites-enabled/default').write_text(NGINX_SITE)
        for name, row in (('passwd', 'www-data:x:33:33::/var/www:/bin/false\n'),
                          ('group', 'www-data:x:33:\n')):
            with open(self.root / 'etc' / name, 'a', encoding='ascii') as file:
                file.write(row)


def fetch_page(domain, *args):
    """By a client in the container's network, and in nothing else of it."""
    return subprocess.run(
        ['nsenter', f'--target={domain.init()}', '--net', 'busybox', 'wget', '-q',
         '-O', '-', *args], text=True, timeout=10 * SLOWNESS, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL).stdout


def children(pid):
    return [child for child, parent in processes().items() if parent == pid]


class Examples(Case):
    @rows([(path.stem, path) for path in EXAMPLES])
    def test_defined(self, path):
        """As it is"""
        ours = Sandbox.instance(OurInstance)
        ours.virsh('define', '--validate', path)
        ours.virsh('undefine', path.stem)

    @rows([(path.stem, path) for path in EXAMPLES if path.stem not in DEBIANS])
    def test_starts(self, path):
        """And stays, and is ended."""
        domain = self.example(path)
        domain.define()
        before = domain.instance.snapshot()
        domain.start()
        status = status_of(domain.init())
        self.assertEqual(domain.state(), 'running')
        self.assertEqual(int(status['CapAmb'], 16), 0)
        domain.instance.virsh('destroy', domain.name)
        self.assertNothingLeft(domain.instance, before)

    def example(self, path):
        domain = Example(Sandbox.instance(OurInstance), path)
        self.addCleanup(domain.remove)
        return domain


class WebServer(Case):
    results = {}

    def test_serves(self):
        self.assertEqual(self.outcome('get'), PAGE)

    def test_logs(self):
        self.assertIn('url:/index.html', self.outcome('log'))

    @rows([(command, command, text) for command, text in TRIED])
    def test_taken_over(self, command, text):
        if not restricted(command):
            tap.skip(f'Landlock ABI {landlock.host_abi()} does not refuse it')
        self.assertIn(text, self.outcome(command))

    def test_policy(self):
        status = self.outcome('status')
        self.assertEqual(status['NoNewPrivs'], '1')
        self.assertEqual({name: int(value, 16) for name, value in status.items()
                          if name.startswith('Cap')},
                         dict.fromkeys(('CapInh', 'CapPrm', 'CapEff', 'CapBnd',
                                        'CapAmb'), 0))

    def outcome(self, what):
        if not WebServer.results:
            WebServer.results.update(self.run_container())
        return WebServer.results[what]

    def run_container(self):
        domain = Example(Sandbox.instance(OurInstance),
                         TOP / 'examples' / 'web-server.xml')
        self.addCleanup(domain.remove)
        # What is sent there is run by a shell: the server is taken over.
        (domain.root / 'srv/www/cgi-bin').mkdir()
        (domain.root / 'srv/www/cgi-bin/sh').symlink_to(BUSYBOX)
        domain.define()
        domain.start()
        log = domain.root / 'var/log/httpd.log'
        page = wait_for(lambda: self.fetch(domain, 'index.html'), 10,
                        lambda: f'no page; its log: {log.read_text()}')
        return {'get': page, 'status': status_of(domain.init()),
                **{command: self.take_over(domain, command)
                   for command, _ in TRIED if restricted(command)},
                'log': log.read_text()}

    def take_over(self, domain, command):
        script = f"echo 'Content-Type: text/plain'; echo; ({command}) 2>&1"
        return self.fetch(domain, 'cgi-bin/sh', f'--post-data={script}')

    def fetch(self, domain, path, *options):
        return fetch_page(domain, *options, SERVER + path)


# Shell command, what it prints; run under nginx's filter
REFUSED = [
    ('busybox mount -t tmpfs tmpfs /tmp', 'permission denied'),
    ('busybox unshare -U true', 'Operation not permitted'),
    ('busybox chroot / true', 'Operation not permitted'),
    ('busybox hostname new', 'Operation not permitted'),
    ('busybox renice 5 1', 'Operation not permitted'),
    ('busybox ip link', 'Address family not supported'),
    ('ulimit -n 5', 'Operation not permitted'),
    ('ulimit -n >/dev/null && busybox chown 7 /tmp && echo done', 'done'),
]


class Nginx(Case):
    results = {}

    def test_serves(self):
        self.assertEqual(self.outcome('get'), PAGE)

    def test_workers(self):
        """Run as another user, under the same filter."""
        self.assertTrue(self.outcome('workers'))
        for status in self.outcome('workers'):
            self.assertEqual(status['Uid'].split(), ['33'] * 4)
            self.assertEqual((status['Seccomp'], status['NoNewPrivs']), ('2', '1'))
            self.assertEqual(int(status['CapEff'], 16), 0)

    def test_log(self):
        """Nothing that nginx asks for is refused."""
        self.assertEqual(self.outcome('log'), '')

    @rows([(command, command, text) for command, text in REFUSED])
    def test_refused(self, command, text):
        self.assertIn(text, self.outcome(command))

    def outcome(self, what):
        if not Nginx.results:
            Nginx.results.update(self.run_container())
        return Nginx.results[what]

    def run_container(self):
        domain = Example(Sandbox.instance(OurInstance),
                         TOP / 'examples' / 'nginx.xml')
        self.addCleanup(domain.remove)
        domain.define()
        domain.start()
        log = domain.root / 'var/log/nginx/error.log'
        page = wait_for(lambda: fetch_page(domain, 'http://127.0.0.1/index.html'),
                        10, lambda: f'no page; its log: {log.read_text()}')
        return {'get': page, 'log': log.read_text(),
                'workers': [status_of(pid) for pid in children(domain.init())],
                **{command: self.execute(domain, command) for command, _ in REFUSED}}

    def execute(self, domain, command):
        return domain.instance.virsh('lxc-enter-namespace', domain.name, '/bin/sh',
                                     '-c', f'({command}) 2>&1; true')


ADJUSTER = TOP / 'examples/adjuster/60-tighten'
FLOOR = '/etc/libvirt/lxc-floor.xml'


class FloorInstance(OurInstance):
    """With the hook of examples/floor"""

    name, label = 'floor', 'f'

    def prepare(self):
        super().prepare()
        self.floor = Path(f'{self.top}{FLOOR}')
        self.environment['PATH'] = f"{self.client.parent}:{os.environ['PATH']}"

    def mount(self):
        super().mount()
        hook = self.top / 'etc/libvirt/hooks/lxc.d/50-floor'
        hook.parent.mkdir(parents=True)
        hook.write_text((TOP / 'examples/floor' / hook.name).read_text()
                        .replace(FLOOR, str(self.floor)))
        hook.chmod(0o755)
        shutil.copy(TOP / 'examples/floor/floor.xml', self.floor)


def features(path):
    """Those in a file"""
    return re.search('<features>(.*)</features>', path.read_text(), re.DOTALL).group(1)


# Features of a domain; what the message about it says, or None if it starts
FLOORS = [
    ('nothing', '', r'capabilities +looser +dropped -> held by init.* sys_rawio'),
    ('a capability more', features(TOP / 'examples/floor/floor.xml').replace(
        "<syslog state='off'/>", "<syslog state='on'/>"),
     r'capabilities +looser +dropped -> held by init +syslog\n'),
    ('a call more', features(TOP / 'examples/floor/floor.xml').replace(
        "<syscall name='keyctl' action='errno'/>", ''),
     r'seccomp +looser +errno EPERM -> allow +x86_64: keyctl\n'),
    ('the same', features(TOP / 'examples/floor/floor.xml'), None),
    ('example', features(TOP / 'examples/example.xml'), None),
]


class Floor(Case):
    @rows(FLOORS)
    def test_floor(self, policy, message):
        """The hook refuses to start domains with a looser policy, and nothing is left."""
        domain = self.domain(policy)
        if message is None:
            domain.start()
            self.assertEqual(domain.state(), 'running')
            return
        before = domain.instance.snapshot()
        status, _, error = domain.instance.run('start', domain.name)
        self.assertNotEqual(status, 0)
        self.assertRegex(error, message)
        self.assertNotRegex(error, 'tighter  |equal')
        self.assertEqual(domain.state(), 'shut off')
        self.assertNothingLeft(domain.instance, before)

    def test_no_floor(self):
        """Nothing starts while the floor cannot be read."""
        domain = self.domain(features(TOP / 'examples/example.xml'))
        floor = domain.instance.path(domain.instance.floor)
        floor.rename(f'{floor}.away')
        try:
            status, _, error = domain.instance.run('start', domain.name)
        finally:
            Path(f'{floor}.away').rename(floor)
        self.assertNotEqual(status, 0)
        self.assertIn(str(domain.instance.floor), error)

    def domain(self, policy):
        domain = Domain(Sandbox.instance(FloorInstance), features=policy)
        self.addCleanup(domain.remove)
        domain.define()
        return domain


class AdjusterInstance(FloorInstance):
    """With examples/adjuster, too"""

    name, label = 'adjuster', 'a'

    def mount(self):
        super().mount()
        shutil.copy(ADJUSTER, self.top / 'etc/libvirt/hooks/lxc.d')


class Adjuster(Case):
    def test_adjuster(self):
        """A domain starts after it has been defined as the message says."""
        domain = Domain(Sandbox.instance(AdjusterInstance))
        self.addCleanup(domain.remove)
        domain.define()
        status, _, error = domain.instance.run('start', domain.name)
        self.assertNotEqual(status, 0)
        self.assertRegex(error, f'Define what this prints: virsh dumpxml --inactive {domain.name} '
                         rf'\| .*/{ADJUSTER.name} {domain.name} adjust')
        domain.xml = subprocess.run(
            [ADJUSTER, domain.name, 'adjust'], text=True, stdout=subprocess.PIPE, check=True,
            input=domain.instance.virsh('dumpxml', '--inactive', domain.name)).stdout
        domain.define()
        domain.start()
        self.assertEqual(status_of(domain.init())['Seccomp'], '2')


def prepare(build):
    fetch(build, 'nginx', NGINX_PACKAGES)


if __name__ == '__main__':
    tap.main(prepare)
