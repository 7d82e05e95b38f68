# SPDX-License-Identifier: LGPL-2.1-or-later
"""Private libvirt instances, and domains whose init is the probe."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import sandbox
import sanitizers
from sandbox import processes

HERE = Path(__file__).resolve().parent

# By which limits of time are multiplied: emulated machines are slow. wait_for() and virsh
# do it themselves.
SLOWNESS = int(os.environ.get('CONFINEMENT_SLOWNESS', '1'))

DOMAIN = '''<domain type='lxc'>
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit='KiB'>262144</memory>
  {tune}
  <vcpu>1</vcpu>
  <os>
    <type>exe</type>
    <init>{init}</init>
    {initargs}
    {user}
  </os>
  {idmap}
  <features>{features}</features>
  <devices>
    <filesystem type='mount'><source dir='{root}'/><target dir='/'/></filesystem>
    <console type='pty'/>
    {devices}
  </devices>
</domain>
'''

IDMAP = '''<idmap>
    <uid start='0' target='100000' count='65536'/>
    <gid start='0' target='100000' count='65536'/>
  </idmap>'''

PASSWD = 'root:x:0:0::/:/bin/false\nalice:x:1000:1000::/:/bin/false\n'
GROUP = 'root:x:0:\nalice:x:1000:\nusers:x:100:\n'


class Failed(Exception):
    """virsh or the environment failed; the text says how."""


def rounds(number):
    """How often a test repeats what is random, unless CONFINEMENT_ROUNDS says so. An
    emulated machine does a quarter, which takes longer than all elsewhere."""
    return int(os.environ.get('CONFINEMENT_ROUNDS') or number // (1 if SLOWNESS == 1 else 4))


def wait_for(what, timeout, why):
    end = time.monotonic() + timeout * SLOWNESS
    while not (value := what()):
        if time.monotonic() > end:
            raise Failed(why() if callable(why) else why)
        time.sleep(0.005)
    return value


def status_of(pid):
    """/proc/PID/status as a dictionary."""
    lines = Path(f'/proc/{pid}/status').read_text().splitlines()
    return dict(line.split(':\t', 1) for line in lines if ':\t' in line)


class Instance:
    """A libvirt daemon with mounts of its own. Subclasses say which."""

    def __init__(self, build, work, tag):
        self.build, self.work, self.tag = build, work, tag
        self.count = 0
        self.daemon = None
        self.mounts = None
        self.over = []
        self.prepare()
        self.enter_new_mounts()
        self.start()

    def prepare(self):
        """Before the mount namespace is made."""

    def enter_new_mounts(self):
        ready, tell = os.pipe()
        done, finish = os.pipe()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                sandbox.unshare(sandbox.CLONE_NEWNS)
                self.mount()
                os.write(tell, b'x')
                os.close(finish)
                os.read(done, 1)
                code = 0
            except OSError as error:
                os.write(2, f'# {error}\n'.encode())
            finally:
                os._exit(code)
        os.close(tell)
        os.close(done)
        if os.read(ready, 1) == b'x':
            self.mounts = os.open(f'/proc/{child}/ns/mnt', os.O_RDONLY)
        os.close(ready)
        os.close(finish)
        os.waitpid(child, 0)
        if self.mounts is None:
            raise Failed('the mount namespace could not be prepared')

    def enter(self):
        """Signals may be ignored where tests run in the background."""
        sandbox.setns(self.mounts)
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)

    def command(self, *argv, **kwargs):
        env = os.environ | {'LC_ALL': 'C.UTF-8'} | self.environment
        return subprocess.Popen([str(arg) for arg in argv], env=env,
                                preexec_fn=self.enter, text=True,
                                **{'stdin': subprocess.DEVNULL} | kwargs)

    def spawn(self):
        config = self.work / f'{self.name}.conf'
        log = self.work / f'{self.name}.log'
        config.write_text('auth_unix_rw = "none"\n'
                          f'log_outputs = "2:file:{log}"\n')
        self.daemon = self.command(*sanitizers.daemon(), *self.daemon_argv, '--config', config)

    def start(self):
        self.spawn()
        wait_for(lambda: self.run('uri')[0] == 0, 20,
                 lambda: f"no daemon: {self.run('uri')[2]}")

    def path(self, path):
        """How a path of the instance is reached from here."""
        return Path(f'/proc/{self.daemon.pid}/root{path}')

    def kill(self):
        self.daemon.kill()
        self.daemon.wait()

    def stop(self):
        self.remove_over()
        if self.daemon.poll() is None:
            self.daemon.terminate()
            try:
                self.daemon.wait(5 * SLOWNESS)
            except subprocess.TimeoutExpired:
                self.kill()

    def run(self, *args, timeout=30):
        """virsh ARGS as (status, stdout, stderr)."""
        process = self.command(self.client, '-q', '-c', 'lxc:///system', *args,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, err = process.communicate(timeout=timeout * SLOWNESS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise Failed(f'virsh {args}: no end after {timeout * SLOWNESS} s') from None
        return process.returncode, out, err.strip()

    def virsh(self, *args, **kwargs):
        status, out, err = self.run(*args, **kwargs)
        if status != 0:
            raise Failed(f"virsh {' '.join(map(str, args))}: {err}")
        return out.strip()

    def remove_later(self, name, at_once=8):
        """A destroy waits more than it works: many at once take as long as one.
        While one waits, nothing can be defined."""
        self.over.append(name)
        if len(self.over) == at_once:
            self.remove_over()

    def remove_over(self):
        removals = [self.command(self.client, '-q', '-c', 'lxc:///system',
                                 f'destroy {name}; undefine {name}',
                                 stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
                    for name in self.over]
        self.over.clear()
        for removal in removals:
            removal.wait()

    def next_name(self):
        self.count += 1
        return f'{self.tag}{self.label}{self.count}'

    def snapshot(self, domain_files=True):
        """What a start must not leave behind, as a set of lines."""
        found = {f'process {pid} {command_of(pid)}' for pid in processes()
                 if pid not in (1, os.getpid(), self.daemon.pid)}
        found |= {f'cgroup {path}' for path in sandbox.cgroups(self.tag)}
        # Not by their targets: others rename directories that they are below.
        mounts = Path(f'/proc/{self.daemon.pid}/mountinfo').read_text()
        for line in mounts.splitlines():
            found.add(f"mount {line.split()[0]} {line.split(' - ')[1]}")
        for line in Path('/proc/net/dev').read_text().splitlines()[2:]:
            found.add('interface ' + line.split(':')[0].strip())
        here = str(self.path(''))
        for top in self.state:
            for path, dirs, files in os.walk(self.path(top)):
                names = {f'{path}/{name}'.removeprefix(here) for name in files + dirs}
                found |= {f'file {name}' for name in names
                          if '/var/log' not in name and '/var/cache' not in name}
        return found


def command_of(pid):
    try:
        return Path(f'/proc/{pid}/cmdline').read_bytes().replace(b'\0', b' ')
    except OSError:
        return b''


def built_libvirt(build):
    """The directory of libvirt in a build directory; its name ends with the version."""
    [libvirt] = (build / 'subprojects').glob('libvirt-[0-9]*')
    return libvirt


def libvirt_source(build):
    """The source tree of the libvirt in a build directory."""
    return HERE.parents[1] / 'subprojects' / built_libvirt(build).name


class OurInstance(Instance):
    """The build tree's virtlxcd; all its state is below BUILD/i."""

    name, label = 'ours', 'o'
    unmounted = ()  # names of hierarchies that the daemon's host does not mount

    def prepare(self):
        self.libvirt = libvirt = built_libvirt(self.build)
        self.client = libvirt / 'tools' / 'virsh'
        if not self.client.exists():
            raise Failed(f'{self.client} is not built')
        self.top = self.build / 'i'
        self.top.mkdir(exist_ok=True)
        self.environment = {'LIBVIRT_DIR_OVERRIDE': '1',
                            'LD_LIBRARY_PATH': str(libvirt / 'src')}
        self.daemon_argv = [libvirt / 'src' / 'virtlxcd',
                            '-p', self.top / 'virtlxcd.pid']
        self.state = [self.top]

    def mount(self):
        sandbox.mount('ct', self.top, 'tmpfs', data='mode=0755')
        for name in ('run', 'var', 'etc'):
            (self.top / name).mkdir()
        # Clients look for the socket below localstatedir, not runstatedir.
        (self.top / 'var' / 'run').symlink_to('../run')
        for path in list(sandbox.hierarchies()):
            if path.name in self.unmounted:
                sandbox.umount(path)


class Version1Instance(OurInstance):
    """Where cgroup version 1 is all there is."""

    name, label, unmounted = 'version1', 'v', ('unified',)


class Version2Instance(OurInstance):
    """Where cgroup version 2 is all there is."""

    name, label = 'version2', 'w'

    def mount(self):
        super().mount()
        sandbox.mount_version2_only()


class NoPidsInstance(OurInstance):
    """Where a hierarchy that libvirt does not know is not mounted."""

    name, label, unmounted = 'nopids', 'p', ('pids',)


def put(new, cache):
    """Moves a directory to its place, where another test may have put one."""
    try:
        new.rename(cache)
    except OSError:
        if not cache.exists():
            raise
        shutil.rmtree(new)


def renamed(packages):
    """Their names in this Debian: in Debian 13, those of some libraries end with t64."""
    known = set(subprocess.run(['apt-cache', 'pkgnames'], check=True, text=True,
                               stdout=subprocess.PIPE).stdout.split())
    return [name + 't64' if name + 't64' in known else name for name in packages]


class StockInstance(Instance):
    """Debian's libvirt, laid over /usr of a private mount namespace."""

    name, label = 'stock', 's'
    PACKAGES = ['libvirt0', 'libvirt-daemon', 'libvirt-daemon-driver-lxc',
                'libvirt-clients', 'libparted2', 'libpcap0.8', 'libssh-4']

    client = '/usr/bin/virsh'
    daemon_argv = ['/usr/sbin/libvirtd', '-p', '/run/libvirtd.pid']
    state = ['/run', '/var/lib/libvirt', '/etc/libvirt']
    environment = {}

    def prepare(self):
        self.cache = self.build / 'stock-libvirt'
        if not (self.cache / 'usr').exists():
            raise Failed("Debian's libvirt could not be downloaded")

    @staticmethod
    def fetch(build):
        """Downloads and unpacks; nothing is installed on the host. To be called
        outside the sandbox, which has no network."""
        cache = build / 'stock-libvirt'
        if (cache / 'usr').exists():
            return
        new = Path(tempfile.mkdtemp(prefix='stock-', dir=build))
        debs = new / 'debs'
        debs.mkdir()
        subprocess.run(['apt-get', '-qq', '-o', 'APT::Sandbox::User=root', 'download',
                        *renamed(StockInstance.PACKAGES)], cwd=debs, check=True)
        for deb in debs.glob('*.deb'):
            subprocess.run(['dpkg-deb', '-x', deb, new], check=True)
        shutil.rmtree(debs)
        drivers = next(new.glob('usr/lib/*/libvirt/connection-driver'))
        for driver in drivers.iterdir():
            if driver.name != 'libvirt_driver_lxc.so':
                driver.unlink()
        put(new, cache)

    def mount(self):
        # Debian's /lib is a link to /usr/lib: only /usr counts.
        sandbox.mount('ct', '/usr', 'overlay',
                      data=f'lowerdir={self.cache}/usr:/usr')
        sandbox.mount('ct', '/run', 'tmpfs', data='mode=0755')
        for name in ('etc', 'var'):
            upper, scratch = Path(f'/run/{name}.up'), Path(f'/run/{name}.work')
            upper.mkdir()
            scratch.mkdir()
            sandbox.mount('ct', f'/{name}', 'overlay', data=
                          f'lowerdir=/{name},upperdir={upper},workdir={scratch}')
        # Where cgroup v1 and v2 are mixed it cannot start a container.
        unified = Path('/sys/fs/cgroup/unified')
        if unified.exists():
            sandbox.umount(unified)


class Domain:
    """A container; the probe is its init unless said otherwise."""

    def __init__(self, instance, *, features='', user='', idmap='', devices='',
                 tune='', init='/probe', job=(), then='sleep', name=None):
        self.instance = instance
        self.name = name or instance.next_name()
        self.root = instance.work / self.name
        self.mapped = bool(idmap)
        self.out = self.root / 'out'
        if init == '/probe':
            args = ['run', '/job', '/out', *then.split()]
        else:
            args = []
        self.make_root()
        self.write_job(job)
        self.uuid = f'{sandbox.uuid_prefix(instance.tag)}{instance.count:04x}'
        self.xml = DOMAIN.format(
            name=self.name, uuid=self.uuid, root=self.root,
            features=features, user=user, idmap=idmap, devices=devices, tune=tune, init=init,
            initargs=''.join(f'<initarg>{arg}</initarg>' for arg in args))

    def owns(self, cgroup):
        """Whether a path or a line of /proc/PID/cgroup is of this domain."""
        return self.name in str(cgroup) or self.uuid in str(cgroup)

    def make_root(self):
        for name in ('proc', 'sys', 'dev', 'etc', 'tmp', 'mnt'):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        (self.root / 'tmp').chmod(0o777)
        sanitizers.prepare(self.root)
        (self.root / 'etc' / 'passwd').write_text(PASSWD)
        (self.root / 'etc' / 'group').write_text(GROUP)
        shutil.copy(probe(self.instance), self.root / 'probe')
        if self.mapped:
            for path in [self.root, *self.root.rglob('*')]:
                os.chown(path, 100000, 100000)

    def write_job(self, job):
        """Rows of "label deed args…", and an output file open to all."""
        (self.root / 'job').write_text(''.join(f'{row}\n' for row in job))
        self.out.write_text('')
        self.out.chmod(0o666)

    def define(self):
        path = self.instance.work / f'{self.name}.xml'
        path.write_text(self.xml)
        self.instance.virsh('define', path)

    def start(self):
        self.instance.virsh('start', self.name)

    def run(self):
        """define, start, wait for the job; returns its results."""
        self.define()
        self.start()
        return self.results()

    def results(self, timeout=20):
        """When the job has ended. @timeout is how long it may do nothing, in seconds."""
        text = ''
        while '\nend=' not in '\n' + text:
            known = text
            wait_for(lambda: self.out.read_text() != known, timeout,
                     lambda: f'no end of the job in {self.out.read_text()!r}')
            text = self.out.read_text()
        return dict(line.split('=', 1)
                    for line in self.out.read_text().splitlines())

    def state(self):
        return self.instance.virsh('domstate', self.name)

    def controller(self):
        return int(self.instance.virsh('domid', self.name))

    def wait_for_another(self, controller):
        """Until it runs under another libvirt_lxc. It is listed as running with the
        old one until that one's remains have been removed."""
        wait_for(lambda: self.instance.virsh('domid', self.name) not in
                 ('-', '', str(controller)), 20, f'{self.name} was not restarted')

    def init(self):
        """The container's first process."""
        def child():
            # A domain that reboots gets another controller.
            controller = self.instance.virsh('domid', self.name)
            return [pid for pid, parent in processes().items()
                    if str(parent) == controller]
        return wait_for(child, 20, 'the container has no init')[0]

    def members(self):
        """All processes in the container's PID namespace or below."""
        space = os.readlink(f'/proc/{self.init()}/ns/pid')
        found = []
        for pid in processes():
            try:
                if os.readlink(f'/proc/{pid}/ns/pid') == space:
                    found.append(pid)
            except OSError:
                pass
        return found

    def cgroups(self):
        """{controller: the directory of the container's init}, on the host."""
        found = {}
        mounts = sandbox.named_hierarchies()
        for line in Path(f'/proc/{self.init()}/cgroup').read_text().splitlines():
            number, names, path = line.split(':', 2)
            name = names.removeprefix('name=').split(',')[0] or 'unified'
            if name in mounts:
                found[name] = mounts[name] / path.lstrip('/')
        return found

    def inside(self, *deed):
        """The results of a deed of the probe, run as part of the container with
        the powers of the test: its root and devices, and its device list."""
        groups = list(self.cgroups().values())
        if not groups:
            raise Failed('the cgroups of the container were not found')
        root = f'/proc/{self.init()}/root'

        def enter():
            for group in groups:
                (group / 'cgroup.procs').write_text('0')
            os.chroot(root)
            os.chdir('/')
        done = subprocess.run(['/probe', 'one', 'deed', *deed], text=True,
                              preexec_fn=enter, stdout=subprocess.PIPE, check=True)
        return done.stdout.strip().removeprefix('deed=')

    def remove(self):
        """Whatever state it is in; failures are for the leak checker."""
        self.instance.run('destroy', self.name)
        self.instance.run('undefine', self.name)
        sanitizers.collect(self.root)
        shutil.rmtree(self.root, ignore_errors=True)

    def remove_later(self):
        """For tests that look for nothing else than their domain. Its files go
        with all of the run's."""
        self.instance.remove_later(self.name)


def probe(instance):
    """The probe: Meson's, or built here for a run by hand."""
    built = instance.build / 'tests' / 'container' / 'probe'
    if built.exists():
        return built
    own = instance.work / 'probe'
    if not own.exists():
        subprocess.run(['cc', '-D_GNU_SOURCE', '-std=gnu11', '-static', '-O1',
                        '-o', own, *HERE.glob('probe*.c')], check=True)
    return own


class LoopDevice:
    """A block device of the host with a known text at its beginning."""

    TEXT = b'secret of the host'

    def __init__(self, work, name):
        self.file = work / f'{name}.disk'
        self.file.write_bytes(self.TEXT.ljust(1 << 20, b'.'))
        self.path = subprocess.run(
            ['losetup', '--find', '--show', self.file], check=True, text=True,
            stdout=subprocess.PIPE).stdout.strip()
        number = os.stat(self.path).st_rdev
        self.number = f'{os.major(number)} {os.minor(number)}'

    def remove(self):
        subprocess.run(['losetup', '-d', self.path], check=False)
        self.file.unlink()


def caps(text):
    """A set from a hexadecimal mask."""
    mask = int(text, 16)
    return {bit for bit in range(64) if mask >> bit & 1}
