#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The upgrade of Debian 12 with our packages and running domains to Debian 13 with ours, as
TAP. Each step relies on those before it. scripts/test-packages has installed our packages and
downloaded those of Debian 13, for which apt is configured."""

import subprocess
import sys

from machine import CONFINED, VIRSH, Machine, run_steps

# Installed before the upgrade, with ours in place of Debian's.
PACKAGES = '''libvirt-clients libvirt-daemon-config-network libvirt-daemon-driver-lxc
    libvirt-daemon-driver-qemu libvirt-daemon-system'''.split()
RUNNING = 'plain', 'caps', 'confined'


class Upgrade(Machine):
    def __init__(self, arguments):
        super().__init__(arguments)
        self.before = None
        self.newer = self.version_in(self.results[1])

    def domains_run_on_debian_12(self):
        root = self.system.root
        (root / 'srv/root').mkdir(parents=True)
        subprocess.run([self.arguments.busybox_root, root / 'srv/root'], check=True)
        self.only(self.ours)
        self.start('plain')
        self.start('caps', "<capabilities policy='deny'><chown state='on'/></capabilities>")
        self.start('confined', CONFINED)
        self.system.run(self.define('stored', CONFINED))
        self.before = self.inits(*RUNNING)

    def confined_domains_do_not_stop_the_upgrade(self):
        # As Debian's release notes say.
        self.system.run('apt-get upgrade -qy --without-new-pkgs')
        self.same(self.running(), set(RUNNING), 'running')
        self.system.run('apt-get dist-upgrade -qy')
        self.says(self.system.run('cat /etc/debian_version'), '^13')
        self.only(self.newer)

    def domains_keep_running(self):
        self.same(self.inits(*RUNNING), self.before, 'processes')
        self.same(self.running(), set(RUNNING), 'running')
        self.same(self.listed(), {*RUNNING, 'stored'}, 'listed')
        self.is_confined('confined')

    def restart_leaves_containers(self):
        self.system.run('systemctl restart libvirtd')
        self.same(self.running(), set(RUNNING), 'running')
        self.same(self.inits(*RUNNING), self.before, 'processes')

    def domains_start_on_debian_13(self):
        for name in RUNNING:
            self.system.run(f'{VIRSH} destroy {name}')
        for name in (*RUNNING, 'stored'):
            self.system.run(f'{VIRSH} start {name}')
        self.is_confined('confined')
        self.is_confined('stored')

    def other_drivers_work(self):
        self.says(self.system.run('virsh -q -c qemu:///system net-list --all'), 'default')


STEPS = [
    Upgrade.domains_run_on_debian_12, Upgrade.confined_domains_do_not_stop_the_upgrade,
    Upgrade.domains_keep_running, Upgrade.restart_leaves_containers,
    Upgrade.domains_start_on_debian_13, Upgrade.other_drivers_work,
]


def main():
    if sys.argv[1:] == ['--list']:
        print(*PACKAGES)
        return 0
    return run_steps(Upgrade, STEPS, __doc__)


if __name__ == '__main__':
    sys.exit(main())
