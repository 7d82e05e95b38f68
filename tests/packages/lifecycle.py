#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The life of our packages on a Debian system with running domains, as TAP: from Debian's
to ours, back, forth, and away. Each step relies on those before it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from machine import CONFINED, INSTALL, VIRSH, Machine, run_steps
from system import Failed

# Installed before ours: what LXC needs, and the drivers of virtual machines.
STOCK = '''libvirt-clients libvirt-daemon libvirt-daemon-config-network
    libvirt-daemon-config-nwfilter libvirt-daemon-driver-lxc libvirt-daemon-driver-qemu
    libvirt-daemon-driver-storage-gluster libvirt-daemon-driver-storage-iscsi-direct
    libvirt-daemon-driver-storage-rbd libvirt-daemon-driver-storage-zfs
    libvirt-daemon-driver-vbox libvirt-daemon-driver-xen libvirt-daemon-system libvirt-dev
    libvirt-login-shell libvirt0 libnss-libvirt'''.split()
# Installed later on.
LATER = ['libseccomp2', 'unattended-upgrades']
# Debian's version in docs/install.md
VERSION_IN_GUIDE = '9.0.0-4+deb12u2'
FORCE = 'LIBVIRT_CONFINEMENT_FORCE=1'
DOCUMENTS = '/usr/share/doc/libvirt-daemon-driver-lxc'
FLOOR, HOOKS = '/etc/libvirt/lxc-floor.xml', '/etc/libvirt/hooks/lxc.d'
UNKNOWN = re.compile("unexpected feature '(landlock|seccomp)'")
# The archive with the fake security update.
FAKE = '/etc/apt/sources.list.d/fake.list'
UPDATE = f'apt-get update -o Dir::Etc::sourcelist={FAKE} -o Dir::Etc::sourceparts=- ' \
    '-o APT::Get::List-Cleanup=false'


class Life(Machine):
    def leftovers(self):
        """What a purge leaves, except for logs and what dpkg and systemd keep."""
        return set(self.system.run(
            "find / -xdev \\( -path /proc -o -path /sys -o -path /srv -o -path /var/lib/dpkg"
            " -o -path /var/cache/apt -o -path /var/log -o -path /tmp -o -path /debs"
            " -o -path /var/lib/apt -o -path /dev -o -path /archive -o -path /stock \\) -prune"
            " -o \\( -ipath '*libvirt*' -o -ipath '*confinement*' -o -path '*virtl*' \\) -print"
            "; find /run \\( -ipath '*libvirt*' -o -ipath '*virtl*' \\) -print").split('\n'))

    @staticmethod
    def guide(start):
        """The command of the installation guide that begins so, word for word."""
        guide = Path(__file__).resolve().parents[2] / 'docs/install.md'
        return re.search(rf'(?m)^ {{4}}({re.escape(start)}.*(?:\n {{5}}.*)*)', guide.read_text())[1]

    def ours_again(self):
        self.system.run(f'cd /debs && {self.guide("apt install --only-upgrade")}')
        self.only(self.ours)

    def back(self, prefix=''):
        command = self.guide('apt install --allow-downgrades')
        return f'{prefix} {command.replace(VERSION_IN_GUIDE, self.stock)}'

    # --- the steps ---

    def install_stock(self):
        root = self.system.root
        # As the guide's commands are run, which ask and install what is recommended.
        self.put('/etc/apt/apt.conf.d/test',
                 'APT::Get::Assume-Yes "true";\nAPT::Install-Recommends "false";\n')
        # They would take apt's lock at any time.
        self.system.run('systemctl mask --now apt-daily.timer apt-daily-upgrade.timer')
        (root / 'srv/root').mkdir(parents=True)
        subprocess.run([self.arguments.busybox_root, root / 'srv/root'], check=True)
        (root / 'debs').mkdir()
        for deb in self.results[0].glob('*.deb'):
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
        before = self.files()
        self.ours_again()
        self.same(before - self.files(), set(), "files that only Debian's packages have")
        self.same(self.running(), {'plain', 'caps'}, 'running')
        self.same(self.inits('plain', 'caps'), self.before, 'processes')

    def lintian_finds_nothing_new(self):
        """In the packages, compared with Debian's, except for the length of names with a suffix"""
        findings = (self.results[0] / 'lintian.txt').read_text().splitlines()
        self.same([line for line in findings if 'package-has-long-file-name' not in line], [], 'findings')

    def everything_of_ours_is_there(self):
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
        self.system.run(f'test -e {DOCUMENTS}/examples/web-server.xml')
        self.system.run(f'test -x {DOCUMENTS}/examples/adjuster/60-tighten')

    def new_xml_works(self):
        self.start('confined', CONFINED)
        self.is_confined('confined')
        self.says(self.system.run('virt-lxc-policy check confined'), 'confined: would start')
        self.start('profile', "<seccomp profile='built-in'/>")
        self.system.run(f'{VIRSH} destroy profile; {VIRSH} undefine profile')

    def floor_of_the_examples(self):
        """Installed by the commands of their README.md, word for word"""
        section = self.system.run(f'sed -n "/^## floor/,/^## adj/p" {DOCUMENTS}/examples/README.md')
        commands = re.findall(r'(?m)^ {4}((?:install|systemctl) .*)$', section)
        self.system.run(f'cd {DOCUMENTS} && {" && ".join(commands)}')
        self.same(self.system.run('/usr/lib/libvirt/confinement-check list'),
                  'running confined\nstored confined\n', 'confinement-check list')
        # Its exit status is 1 if the domain is weaker.
        self.says(self.system.run(f'virt-lxc-policy compare {FLOOR} plain || [ $? -eq 1 ]'), 'looser')
        self.define('weaker')
        self.says(self.system.fails(f'{VIRSH} create /srv/weaker.xml'),
                  'Failed to create domain', r'capabilities +looser .*sys_rawio')
        self.start('stronger', f"{CONFINED}<kernel-files/>")
        self.system.run(f'{VIRSH} destroy stronger; {VIRSH} undefine stronger')
        self.system.run(f'rm -r {HOOKS} {FLOOR} && systemctl restart libvirtd')

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

    def security_update(self):
        """An archive that says it is Debian's, with an update of every installed package of
        libvirt and of the package canary. They are empty."""
        self.system.run(f'''set -e
            dpkg --compare-versions {self.stock}.1 gt {self.ours}
            mkdir /archive
            fake() {{
                mkdir -p /fake/DEBIAN
                printf '%s\\n' "Package: $1" "Architecture: $2" "Version: $3" "Source: $4" \\
                    'Maintainer: nobody <n@example.org>' 'Description: fake' >/fake/DEBIAN/control
                dpkg-deb -b /fake "/archive/$1.deb"
            }}
            dpkg-query -W -f '${{source:Package}} ${{db:Status-Status}} ${{Package}} ${{Architecture}}\\n' |
                sed -n 's/^libvirt installed //p' | while read -r package architecture; do
                    fake "$package" "$architecture" {self.stock}.1 libvirt
                done
            fake canary all 1 canary
            dpkg -i /archive/canary.deb
            fake canary all 2 canary
            cd /archive
            apt-ftparchive packages . >Packages
            . /etc/os-release
            release=APT::FTPArchive::Release
            apt-ftparchive -o $release::Origin=Debian -o $release::Label=Debian-Security \\
                -o $release::Suite=stable-security -o $release::Codename=$VERSION_CODENAME-security \\
                release . >/tmp/Release
            mv /tmp/Release .
            echo 'deb [trusted=yes] file:/archive ./' >{FAKE}''')

    def apt_keeps_ours(self):
        self.security_update()
        self.says(self.system.run(UPDATE), rf'{re.escape(self.stock)}\.1.*is kept')
        self.says(self.system.run('apt-cache policy libvirt0'),
                  'Candidate: ' + re.escape(self.ours), re.escape(f'{self.stock}.1'))
        for upgrade in 'upgrade', 'dist-upgrade':
            self.same(re.findall('(?m)^Inst .*', self.system.run(f'apt-get {upgrade} -sq')),
                      re.findall('(?m)^Inst canary.*', self.system.run('apt-get install -sq canary')),
                      upgrade)
            # Without the pin they would be replaced.
            self.says(self.system.run(f'apt-get {upgrade} -sq -o Dir::Etc::preferencesparts=/'),
                      rf'Inst libvirt0 .*{re.escape(self.stock)}\.1',
                      rf'Inst libvirt-daemon-driver-lxc .*{re.escape(self.stock)}\.1')

    def unattended_upgrades_keep_ours(self):
        """They upgrade canary from the same archive."""
        self.system.run(f'{INSTALL} unattended-upgrades')
        # Without the pin they would replace ours, too.
        pin, replaced = '/etc/apt/preferences.d/libvirt-confinement.pref', r'upgraded:.*\blibvirt0\b'
        dry_run = 'unattended-upgrade --dry-run --verbose'
        self.says(self.system.run(f'mv {pin} /tmp && {dry_run}; mv /tmp/libvirt-*.pref {pin}'), replaced)
        self.says(self.system.run('unattended-upgrade --verbose'), r'upgraded:.*\bcanary\b')
        self.same(self.system.run("dpkg-query -W -f '${Version}' canary"), '2', 'version of canary')
        self.only(self.ours)
        self.same(self.running(), {'plain', 'caps', 'confined'}, 'running')
        self.system.run(f'dpkg --purge canary; rm -r /archive /fake {FAKE}; {UPDATE} || true')

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
        self.same(self.system.run('/usr/lib/libvirt/confinement-check list'),
                  'stored confined\n', 'confinement-check list')
        output = self.system.run(self.back())
        self.says(output, "'confined'.*remain in /etc/libvirt/lxc")
        self.same(output.count("'confined'"), 1, 'times that it is named')
        self.only(self.stock)
        self.same(self.running(), {'plain', 'caps'}, 'running')
        self.same(self.listed(), {'plain', 'caps'}, 'listed')
        self.same(self.inits('plain', 'caps'), before, 'processes')
        self.says(self.system.fails(self.define('confined', CONFINED)), UNKNOWN)
        self.same(self.system.run('cat /etc/libvirt/lxc/confined.xml'), definition, 'definition')
        for link in ('apt/preferences.d/libvirt-confinement.pref', 'dpkg/dpkg.cfg.d/libvirt-confinement',
                     'apt/apt.conf.d/50libvirt-confinement.conf'):
            self.system.fails(f'test -L /etc/{link}')
        self.system.run(f'{VIRSH} destroy caps && {VIRSH} start caps')

    def ours_come_back(self):
        before = self.inits('plain', 'caps')
        self.ours_again()
        self.same(self.listed(), {'plain', 'caps', 'confined'}, 'listed')
        self.same(self.inits('plain', 'caps'), before, 'processes')
        self.system.run(f'{VIRSH} start confined')

    def back_with_domains_of_ours(self):
        """Domains without new elements survive, although ours has started them."""
        for name in 'plain', 'caps':
            self.system.run(f'{VIRSH} destroy {name} && {VIRSH} start {name}')
        self.system.run(f'{VIRSH} destroy confined')
        before = self.inits('plain', 'caps')
        self.same(self.system.run('/usr/lib/libvirt/confinement-check list'),
                  'stored confined\n', 'confinement-check list')
        self.system.run(self.back())
        self.same(self.running(), {'plain', 'caps'}, 'running')
        self.same(self.inits('plain', 'caps'), before, 'processes')
        for name in 'plain', 'caps':
            self.says(self.system.run(f'{VIRSH} dominfo {name}'), r'Used memory: +[1-9]')
            self.system.run(f'{VIRSH} destroy {name} && {VIRSH} start {name}')
        self.ours_again()
        self.same(self.running(), {'plain', 'caps'}, 'running')
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
        left = self.leftovers() - self.stock_leftovers
        if left:
            raise Failed(f'{sorted(left)} are left\n' +
                         self.system.run('pgrep -a libvirtd; journalctl -n 60 -u libvirtd'))
        self.same(self.versions(), {}, 'packages')


STEPS = [
    Life.lintian_finds_nothing_new, Life.install_stock, Life.purge_of_stock_leaves, Life.stock_runs_domains,
    Life.ours_replace_stock, Life.everything_of_ours_is_there, Life.new_xml_works,
    Life.floor_of_the_examples, Life.restart_leaves_containers, Life.other_drivers_work,
    Life.apt_keeps_ours, Life.unattended_upgrades_keep_ours, Life.refused_while_running,
    Life.back_to_stock, Life.ours_come_back, Life.back_with_domains_of_ours,
    Life.forced_while_running, Life.forced_removal, Life.purge_leaves_nothing,
]


def main():
    if sys.argv[1:] == ['--list']:
        print(*STOCK, *LATER)
        return 0
    return run_steps(Life, STEPS, __doc__)


if __name__ == '__main__':
    sys.exit(main())
