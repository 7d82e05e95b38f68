# SPDX-License-Identifier: LGPL-2.1-or-later
"""systemd as init of a container: boots, manages its own cgroups, shuts down."""

import os
import platform
import subprocess
import tempfile
import time
from pathlib import Path

import landlock
import sandbox
import seccomp
import tap
from harness import IDMAP, Domain, Failed, OurInstance, wait_for
from tap import Case, Sandbox, rows

TARBALL = 'systemd-root.tar'

# Not a oneshot: the boot would wait for it, and it for the boot.
UNIT = '''[Service]
Type=exec
ExecStart=/bin/sh -c 'systemctl is-system-running --wait; \\
    systemctl --no-pager --failed; cat /proc/self/cgroup; touch /report-done'
StandardOutput=file:/report
'''


def fetch(build):
    """A Debian with systemd, made once. To be called where there is a network."""
    if (build / TARBALL).exists():
        return
    with tempfile.TemporaryDirectory(dir=build) as scratch:
        new = Path(scratch) / TARBALL
        subprocess.run(
            ['mmdebstrap', '--quiet', '--variant=minbase', '--mode=root',
             '--include=systemd-sysv', platform.freedesktop_os_release()['VERSION_CODENAME'],
             new], check=True,
            stdout=subprocess.DEVNULL)
        new.rename(build / TARBALL)


PROGRAMS = r'''#!/bin/bash
PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec </dev/null >/report 2>/report.errors
check() {
    "${@:2}" >"/$1.out" 2>&1
    echo "$1=$?"
}
check apt-version apt-get --version
check apt-list apt list --installed
check apt-simulate apt-get --simulate upgrade
check dpkg dpkg --list
check audit dpkg --audit
check perl perl -e 'exit(fork == 0 ? 0 : wait < 0)'
check find find /etc /bin/ -newer /etc/fstab -ls
check tar tar -C / -cf /etc.tar ./etc
check untar tar -C /tmp -xf /etc.tar
check su su nobody -s /bin/sh -c id
check pipe bash -c 'set -o pipefail; seq 9999 | sort -R | xargs -P 4 -n 99 | wc'
check timeout timeout 5 sleep 0.01
set -m
sleep 60 &
kill -STOP %1
while read -r state < <(jobs) && [[ $state != *Stopped* ]]; do :; done
echo "stopped job=$(jobs | tr -s ' ' | cut -d' ' -f2-)"
kill -CONT %1
kill %1
sed -n 's/^Seccomp:\t/mode=/p' /proc/self/status
'''


# All but <fs>, under which it could mount nothing
OTHER_PARTS = landlock.element(net=landlock.ports({22: 'bind'}), scope='')


class SystemdDomain(Domain):
    def make_root(self):
        tarball = self.instance.build / TARBALL
        if not tarball.exists():
            raise Failed('no Debian could be made')
        self.root.mkdir()
        subprocess.run(['tar', '-xf', tarball, '-C', self.root], check=True)
        system = self.root / 'etc/systemd/system'
        (system / 'report.service').write_text(UNIT)
        wants = system / 'multi-user.target.wants'
        wants.mkdir(exist_ok=True)
        (wants / 'report.service').symlink_to('../report.service')
        if self.mapped:
            self.shift()

    def shift(self):
        """Gives all files to the user namespace of IDMAP."""
        for top, dirs, files in os.walk(self.root):
            for name in ['.', *files, *dirs]:
                path = os.path.join(top, name)
                status = os.lstat(path)
                if status.st_uid < 65536:
                    os.lchown(path, status.st_uid + 100000,
                              status.st_gid + 100000)
                    if not os.path.islink(path):
                        os.chmod(path, status.st_mode & 0o7777)


class Systemd(Case):
    @rows([
        ('default', '<privnet/>', ''),
        ('allow', "<privnet/><capabilities policy='allow'/>", ''),
        ('idmap', '<privnet/>', IDMAP),
        ('landlock', '<privnet/>' + OTHER_PARTS, ''),
        ('landlock, idmap', '<privnet/>' + OTHER_PARTS, IDMAP),
        ('seccomp', '<privnet/>' + seccomp.element(), ''),
        ('seccomp, idmap', '<privnet/>' + seccomp.element(), IDMAP),
    ])
    def test_boots(self, features, idmap):
        ours = Sandbox.instance(OurInstance)
        domain = SystemdDomain(ours, features=features, idmap=idmap,
                               init='/sbin/init')
        self.addCleanup(domain.remove)
        domain.define()
        before = ours.snapshot()
        begun = time.monotonic()
        domain.start()
        report = domain.root / 'report'
        wait_for((domain.root / 'report-done').exists, 60,
                 lambda: self.state(domain))
        print(f'# up after {time.monotonic() - begun:.1f} s')
        lines = report.read_text().splitlines()
        for line in lines:
            print('#', line)
        self.assertIn(lines[0], ('running', 'degraded'))
        self.check_cgroups(domain, lines)

        ours.virsh('shutdown', domain.name)
        wait_for(lambda: domain.state() == 'shut off', 30, 'no shutdown')
        self.assertNothingLeft(ours, before)

    def test_programs(self):
        """That a Debian has anyway, under the default profile; each ends with 0."""
        domain = SystemdDomain(Sandbox.instance(OurInstance), init='/programs',
                               features='<privnet/>' + seccomp.element())
        self.addCleanup(domain.remove)
        script = domain.root / 'programs'
        script.write_text(PROGRAMS)
        script.chmod(0o755)
        domain.define()
        domain.start()
        wait_for(lambda: domain.state() == 'shut off', 60,
                 lambda: self.state(domain))
        report = (domain.root / 'report').read_text()
        results = dict(line.split('=', 1) for line in report.splitlines())
        self.assertEqual(results.pop('mode'), '2')
        self.assertEqual(results.pop('stopped job'), 'Stopped sleep 60')
        self.assertGreater(len(results), 8)
        for name, status in results.items():
            self.assertEqual(status, '0', (domain.root / f'{name}.out').read_text())

    @rows([
        ('fs', landlock.element(fs=landlock.probe_paths()), True),
        ('other parts', OTHER_PARTS, False),
    ])
    def test_warning(self, features, warned):
        """That all mounts will be refused, when the domain is defined."""
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=features, init='/sbin/init')
        self.addCleanup(domain.remove)
        domain.define()
        log = (ours.work / f'{ours.name}.log').read_text()
        lines = [line for line in log.splitlines()
                 if f"'{domain.name}'" in line and 'mount' in line]
        self.assertEqual(bool(lines), warned, lines)

    def check_cgroups(self, domain, lines):
        own = [path for path in sandbox.cgroups(domain.instance.tag)
               if path.name == 'system.slice']
        self.assertTrue(own, 'systemd made no cgroup')
        self.assertTrue(any('system.slice/report.service' in line
                            for line in lines), lines)
        for pid in domain.members():
            for line in Path(f'/proc/{pid}/cgroup').read_text().split():
                self.assertTrue(domain.owns(line), line)

    def state(self, domain):
        processes = ' '.join(Path(f'/proc/{pid}/comm').read_text().strip()
                             for pid in domain.members())
        return f'not up; processes: {processes}'


if __name__ == '__main__':
    tap.main(fetch)
