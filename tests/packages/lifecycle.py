#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The life of our packages on a Debian system with running domains, as TAP: from Debian's
to ours, back, forth, and away. Each step relies on those before it."""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

from system import Failed, System

# Installed before ours: what LXC needs, and the drivers of virtual machines.
STOCK = '''libvirt-clients libvirt-daemon libvirt-daemon-config-network
    libvirt-daemon-config-nwfilter libvirt-daemon-driver-lxc libvirt-daemon-driver-qemu
    libvirt-daemon-driver-storage-gluster libvirt-daemon-driver-storage-iscsi-direct
    libvirt-daemon-driver-storage-rbd libvirt-daemon-driver-storage-zfs
    libvirt-daemon-driver-vbox libvirt-daemon-driver-xen libvirt-daemon-system libvirt-dev
    libvirt-login-shell libvirt0 libnss-libvirt'''.split()
INSTALL = 'apt-get install -qy --no-install-recommends'
DOWNGRADE = f'{INSTALL} --allow-downgrades'
FORCE = 'LIBVIRT_CONFINEMENT_FORCE=1'
VIRSH = 'virsh -q -c lxc:///system'

DOMAIN = '''<domain type='lxc'>
  <name>{name}</name>
  <memory unit='MiB'>64</memory>
  <os><type>exe</type><init>/sbin/init</init></os>
  <features>{features}<privnet/></features>
  <devices>
    <filesystem type='mount' accessmode='passthrough'>
      <source dir='/srv/root'/><target dir='/'/>
    </filesystem>
    <console type='pty'/>
  </devices>
</domain>
'''
CONFINED = '''<capabilities policy='deny'/><seccomp/>
  <landlock><fs><path target='/' allow='read execute write'/></fs></landlock>'''
UNKNOWN = re.compile("unexpected feature '(landlock|seccomp)'")


class Life:
    def __init__(self, arguments):
        self.arguments = arguments
        self.work = Path(tempfile.mkdtemp(prefix='life-', dir=arguments.work))
        self.results = Path(arguments.result)
        self.system = System(arguments.base, self.work)
        self.stock = self.system.run("apt-cache madison libvirt0 | awk '{ print $3; exit }'").strip()
        self.ours = sorted(self.results.glob('libvirt0_*.deb'))[0].name.split('_')[1]

    def close(self):
        self.system.close()
        shutil.rmtree(self.work, ignore_errors=True)

    # --- helpers ---

    def put(self, path, text):
        (self.system.root / path.lstrip('/')).write_text(text)

    def define(self, name, features=''):
        self.put(f'/srv/{name}.xml', DOMAIN.format(name=name, features=features))
        return f'{VIRSH} define /srv/{name}.xml'

    def start(self, name, features=''):
        self.system.run(self.define(name, features))
        self.system.run(f'{VIRSH} start {name}')

    def running(self):
        return set(self.system.run(f'{VIRSH} list --name').split())

    def listed(self):
        return set(self.system.run(f'{VIRSH} list --all --name').split())

    def inits(self, *names):
        """{domain: the processes libvirt_lxc and init}; all of them must live."""
        found = {}
        for name in names:
            pid = self.system.run(f'cat /run/libvirt/lxc/{name}.pid').strip()
            found[name] = pid, self.system.run(f'pgrep -P {pid}').strip()
        return found

    def versions(self):
        """{version: packages of libvirt's that are installed and configured}"""
        found = {}
        for line in self.system.run(
                "dpkg-query -W -f '${source:Package} ${db:Status-Status} ${Version} ${Package}\\n'"
        ).splitlines():
            source, status, version, package = line.split(' ')
            if source == 'libvirt' and status != 'config-files':
                found.setdefault((version, status), set()).add(package)
        return found

    def only(self, version):
        self.same(set(self.versions()), {(version, 'installed')}, 'versions')
        self.same(self.system.run('dpkg --audit'), '', 'dpkg --audit')

    @staticmethod
    def same(value, expected, what):
        if value != expected:
            raise Failed(f'{what}: {value!r} instead of {expected!r}')

    @staticmethod
    def says(output, *patterns):
        for pattern in patterns:
            if not re.search(pattern, output):
                raise Failed(f'no {pattern!r} in:\n{output[-3000:]}')

    def leftovers(self):
        """What a purge leaves, except for logs and what dpkg and systemd keep."""
        return set(self.system.run(
            "find / -xdev \\( -path /proc -o -path /sys -o -path /srv -o -path /var/lib/dpkg"
            " -o -path /var/cache/apt -o -path /var/log -o -path /tmp -o -path /debs"
            " -o -path /var/lib/apt -o -path /dev -o -path /archive -o -path /stock \\) -prune"
            " -o \\( -ipath '*libvirt*' -o -ipath '*confinement*' -o -path '*virtl*' \\) -print"
            "; find /run \\( -ipath '*libvirt*' -o -ipath '*virtl*' \\) -print").split('\n'))

    def ours_again(self):
        self.system.run(f'{INSTALL} --only-upgrade /debs/*.deb')
        self.only(self.ours)

    def back(self, prefix=''):
        return f'{prefix} {DOWNGRADE} ' + ' '.join(
            f'{package}={self.stock}' for packages in self.versions().values()
            for package in sorted(packages))

    # --- the steps ---

    def install_stock(self):
        root = self.system.root
        (root / 'srv/root').mkdir(parents=True)
        subprocess.run([self.arguments.busybox_root, root / 'srv/root'], check=True)
        if not Path('/sys/fs/cgroup/cgroup.controllers').exists():
            # With cgroup version 1, Debian's libvirt and machined do not find each other's
            # machines.
            self.put('/etc/dpkg/dpkg.cfg.d/machined', 'path-exclude=/usr/share/dbus-1/'
                     'system-services/org.freedesktop.machine1.service\n')
        (root / 'debs').mkdir()
        for deb in self.results.glob('*.deb'):
            shutil.copy(deb, root / 'debs')
        self.system.run(f'{INSTALL} {" ".join(STOCK)}')
        self.only(self.stock)

    def purge_of_stock_leaves(self):
        """With domains that have been started and undefined. For comparison."""
        self.start('plain')
        self.system.run(f'{VIRSH} destroy plain; {VIRSH} undefine plain')
        self.system.run('apt-get purge -qy --auto-remove "libvirt*" "libnss-libvirt"')
        self.stock_leftovers = self.leftovers()
        self.system.run(f'{INSTALL} {" ".join(STOCK)}')

    def stock_runs_domains(self):
        self.start('plain')
        self.start('caps', "<capabilities policy='deny'><chown state='on'/></capabilities>")
        self.before = self.inits('plain', 'caps')
        self.says(self.system.fails(self.define('confined', CONFINED)), UNKNOWN)

    def ours_replace_stock(self):
        self.system.run(f'{INSTALL} --only-upgrade /debs/*.deb')
        self.only(self.ours)
        self.same(self.running(), {'plain', 'caps'}, 'running')
        self.same(self.inits('plain', 'caps'), self.before, 'processes')

    def everything_of_ours_is_there(self):
        self.system.run('test -d /etc/libvirt/lxc/seccomp')
        self.system.run('grep -q exec_max /etc/libvirt/lxc.conf')
        self.system.run('test -e /etc/apparmor.d/libvirt/TEMPLATE.lxc')
        self.system.run('test -e /usr/share/man/man1/virt-lxc-exec.1.gz')
        self.system.run('test -e /usr/share/man/man1/virt-lxc-policy.1.gz')
        self.system.run('test -e /usr/share/man/man7/lxc-security.7.gz')
        self.system.run('test -e /usr/share/bash-completion/completions/virt-lxc-exec')
        self.system.run('test -e /usr/share/bash-completion/completions/virt-lxc-policy')
        self.system.run('test -e /usr/share/libvirt/schemas/lxcconfinement.rng')
        self.system.run('test -e /usr/share/libvirt/schemas/lxcpolicy.schema.json')
        self.system.run('test -e /usr/include/libvirt/libvirt-lxc-exec.h')

    def new_xml_works(self):
        self.start('confined', CONFINED)
        self.says(self.system.run(f'{VIRSH} dumpxml confined'), '<effective')
        pid = self.inits('confined')['confined'][1]
        self.says(self.system.run(f'cat /proc/{pid}/status'), r'CapEff:\s*0+\n', r'Seccomp:\s*2')
        self.says(self.system.run('virt-lxc-policy check confined'), 'confined: would start')
        # Its exit status is 1 where a filter of the system prevents reading the domain's.
        shown = self.system.run('virt-lxc-policy show confined || [ $? -eq 1 ]')
        self.says(shown, fr'kernel \(process {pid}\)', '  OK')
        self.same('DIFFERS' in shown, False, 'verdicts')
        self.says(self.system.run('virt-lxc-exec confined /bin/busybox id'), 'uid=0')

    def restart_leaves_containers(self):
        names = 'plain', 'caps', 'confined'
        self.before = self.inits(*names)
        self.system.run('systemctl restart libvirtd')
        self.same(self.running(), set(names), 'running')
        self.same(self.inits(*names), self.before, 'processes')

    def other_drivers_work(self):
        for uri in 'qemu:///system', 'test:///default':
            self.system.run(f'virsh -q -c {uri} list --all')
        self.system.run('virsh -q -c qemu:///system pool-list --all')
        self.says(self.system.run('virsh -q -c qemu:///system net-list --all'), 'default')
        self.says(self.system.run('virsh -q -c qemu:///system nwfilter-list'), 'clean-traffic')

    def apt_keeps_ours(self):
        """From an archive with a fake security update."""
        self.system.run(f'''set -e
            mkdir -p /fake/DEBIAN /archive
            printf '%s\\n' 'Package: libvirt0' 'Source: libvirt' 'Architecture: amd64' \\
                'Version: {self.stock}.1' 'Maintainer: nobody <n@example.org>' \\
                'Multi-Arch: same' 'Description: fake' >/fake/DEBIAN/control
            dpkg-deb -b /fake /archive/libvirt0.deb
            cd /archive; apt-ftparchive packages . >Packages
            echo 'deb [trusted=yes] file:/archive ./' >/etc/apt/sources.list.d/fake.list
            dpkg --compare-versions {self.stock}.1 gt {self.ours}''')
        update = 'apt-get update -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/fake.list ' \
            '-o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=false'
        self.says(self.system.run(update), rf'{re.escape(self.stock)}\.1.*is kept')
        self.says(self.system.run('apt-cache policy libvirt0'),
                  'Candidate: ' + re.escape(self.ours), re.escape(f'{self.stock}.1'))
        for upgrade in 'upgrade', 'dist-upgrade':
            self.says(self.system.run(f'apt-get {upgrade} -sq'), '(?m)^0 upgraded')
        # Without the pin it would be replaced.
        self.says(self.system.run('apt-get install -sq libvirt0 -o Dir::Etc::preferencesparts=/'),
                  rf'Inst libvirt0 .*{re.escape(self.stock)}\.1')
        self.system.run(f'rm /etc/apt/sources.list.d/fake.list; {update} || true')

    def refused_while_running(self):
        """By apt, before anything is changed, and by dpkg."""
        self.system.run(f'mkdir -p /stock; cd /stock; cp /var/cache/apt/archives/*libvirt*_{self.stock.replace(":", "%3a")}_*.deb .')
        for command in (
                self.back(),
                'apt-get remove -qy libvirt-daemon-driver-lxc',
                'apt-get purge -qy libvirt-daemon-driver-lxc',
                'apt-get remove -qy libvirt-daemon',
                'apt-get purge -qy libvirt0',
                'dpkg --remove --force-depends libvirt-daemon-driver-lxc',
                'dpkg --purge --force-depends libvirt-daemon-driver-lxc',
                'dpkg --install /stock/libvirt0_*.deb',
                'dpkg --install /stock/libvirt-daemon-driver-lxc_*.deb'):
            output = self.system.fails(command)
            self.says(output, "cannot (remove|replace) libvirt.*'confined'",
                      'FORCE=1')
            if re.search(r"running: [^.]*'(plain|caps)'", output):
                raise Failed(f'{command} names other domains:\n{output}')
            self.only(self.ours)
        self.same(self.inits('plain', 'caps', 'confined'), self.before, 'processes')
        self.same(self.running(), {'plain', 'caps', 'confined'}, 'running')

    def back_to_stock(self):
        self.system.run(f'{VIRSH} destroy confined')
        before = self.inits('plain', 'caps')
        definition = self.system.run('cat /etc/libvirt/lxc/confined.xml')
        self.says(self.system.run(self.back()), "'confined'.*remain in /etc/libvirt/lxc")
        self.only(self.stock)
        self.same(self.running(), {'plain', 'caps'}, 'running')
        self.same(self.listed(), {'plain', 'caps'}, 'listed')
        self.same(self.inits('plain', 'caps'), before, 'processes')
        self.says(self.system.fails(self.define('confined', CONFINED)), UNKNOWN)
        self.same(self.system.run('cat /etc/libvirt/lxc/confined.xml'), definition, 'definition')
        self.system.fails('test -e /etc/apt/preferences.d/libvirt-confinement.pref')
        self.system.fails('test -e /etc/apt/apt.conf.d/50libvirt-confinement.conf')
        self.system.run(f'{VIRSH} destroy caps && {VIRSH} start caps')

    def ours_come_back(self):
        before = self.inits('plain', 'caps')
        self.ours_again()
        self.same(self.listed(), {'plain', 'caps', 'confined'}, 'listed')
        self.same(self.inits('plain', 'caps'), before, 'processes')
        self.system.run(f'{VIRSH} start confined')

    def forced_while_running(self):
        before = self.inits('plain', 'caps', 'confined')
        self.says(self.system.run(self.back(FORCE)), "nothing manages.*'confined'")
        self.only(self.stock)
        self.same(self.running(), {'plain', 'caps'}, 'running')
        self.ours_again()
        self.same(self.running(), {'plain', 'caps', 'confined'}, 'running')
        self.same(self.inits('plain', 'caps', 'confined'), before, 'processes')
        self.says(self.system.run('virt-lxc-exec confined /bin/busybox id'), 'uid=0')

    def forced_removal(self):
        before = self.inits('plain', 'caps', 'confined')
        self.says(self.system.run(f'{FORCE} apt-get remove -qy libvirt-daemon-driver-lxc'),
                  "nothing manages.*'confined'")
        self.same(self.inits('plain', 'caps', 'confined'), before, 'processes')
        self.system.run(f'{INSTALL} /debs/libvirt-daemon-driver-lxc_*.deb /debs/libvirt-login-shell_*.deb')
        self.system.run('systemctl restart libvirtd')
        self.same(self.running(), {'plain', 'caps', 'confined'}, 'running')
        self.same(self.inits('plain', 'caps', 'confined'), before, 'processes')

    def purge_leaves_nothing(self):
        """Nothing more than that of stock."""
        for name in 'plain', 'caps', 'confined':
            self.system.run(f'{VIRSH} destroy {name}; {VIRSH} undefine {name}')
        self.system.run('apt-get purge -qy --auto-remove "libvirt*" "libnss-libvirt"')
        self.same(self.leftovers() - self.stock_leftovers, set(), 'left')
        self.same(self.versions(), {}, 'packages')


STEPS = [
    Life.install_stock, Life.purge_of_stock_leaves, Life.stock_runs_domains,
    Life.ours_replace_stock, Life.everything_of_ours_is_there, Life.new_xml_works,
    Life.restart_leaves_containers, Life.other_drivers_work, Life.apt_keeps_ours,
    Life.refused_while_running, Life.back_to_stock, Life.ours_come_back,
    Life.forced_while_running, Life.forced_removal, Life.purge_leaves_nothing,
]


def main():
    if sys.argv[1:] == ['--list']:
        print(*STOCK)
        return 0
    parser = argparse.ArgumentParser(description=__doc__)
    for name in '--base', '--work', '--result', '--busybox-root':
        parser.add_argument(name, required=True)
    life = Life(parser.parse_args())
    failed = False
    print(f'1..{len(STEPS)}', flush=True)
    try:
        for number, step in enumerate(STEPS, 1):
            name = step.__name__.replace('_', ' ')
            try:
                if failed:
                    raise Failed('an earlier step has failed')
                step(life)
                print(f'ok {number} - {name}', flush=True)
            except Exception as error:
                text = str(error) if isinstance(error, Failed) else traceback.format_exc()
                print(f'not ok {number} - {name}')
                print('# ' + text.replace('\n', '\n# '), flush=True)
                failed = True
    finally:
        life.close()
    return failed


if __name__ == '__main__':
    sys.exit(main())
