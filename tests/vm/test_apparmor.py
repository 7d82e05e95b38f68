# SPDX-License-Identifier: LGPL-2.1-or-later
"""Containers on a host with AppArmor: the daemon is confined by Debian's profile for
libvirtd, and a domain by its own if its XML says so. For the virtual machine only, whose
kernel gets the profiles."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'container'))

import landlock
import sandbox
import tap
from harness import IDMAP, Domain, OurInstance, libvirt_source
from seccomp import element, number, rule
from tap import Case, Sandbox, rows

SETTINGS = Path('/etc/apparmor.d')
PROFILE = 'libvirtd'
# Where the programs would be installed
SBIN, LIBEXEC = Path('/usr/local/sbin'), Path('/usr/local/libexec')
LABELS = "<seclabel type='dynamic' model='apparmor'/>"
CONFINED = 'libvirt-{} (enforce)'
CONFINEMENT = ("<capabilities policy='deny'><chown/></capabilities>"
               + element(rule('getppid', 'errno', errno='EXDEV'), policy='default')
               + landlock.element("abi='1'", fs=landlock.probe_paths(
                   {'/tmp': ['read', 'write'], '/proc': ['read']})))


class AppArmorInstance(OurInstance):
    """Its daemon runs under the profile that libvirt's source has for libvirtd, with
    one more rule for programs of the build directory."""

    name, label = 'apparmor', 'a'

    def mount(self):
        super().mount()
        # The driver of libvirt 11 looks for a profile with the name of the program.
        shutil.copy(self.libvirt / 'src/virtlxcd', self.top / PROFILE)
        source = libvirt_source(self.build) / 'src/security/apparmor'
        settings = self.top / 'etc/apparmor.d'
        shutil.copytree(SETTINGS, settings, symlinks=True, dirs_exist_ok=True)
        (settings / 'libvirt').mkdir(exist_ok=True)
        for name in ('TEMPLATE.lxc', 'TEMPLATE.qemu'):
            shutil.copy(source / name, settings / 'libvirt')
        for name in ('libvirt-lxc', 'libvirt-qemu'):
            shutil.copy(source / name, settings / 'abstractions')
        text = (source / 'usr.sbin.libvirtd.in').read_text()
        for name, path in (('sbindir', SBIN), ('libexecdir', LIBEXEC)):
            text = text.replace(f'@{name}@', str(path))
        text = text.replace(f'{LIBEXEC}/* PUxr,',
                            f'{LIBEXEC}/* PUxr,\n  {self.build}/** PUxr,', 1)
        (settings / 'usr.sbin.libvirtd').write_text(text)
        (settings / 'local/abstractions').mkdir(exist_ok=True)
        for name in ('usr.sbin.libvirtd', 'abstractions/libvirt-lxc'):
            (settings / 'local' / name).touch()
        # The driver does not look for it in the build directory.
        sandbox.mount('ct', LIBEXEC.parent, 'tmpfs')
        LIBEXEC.mkdir()
        (LIBEXEC / 'virt-aa-helper').symlink_to(self.libvirt / 'src/virt-aa-helper')
        # The rules remove LD_LIBRARY_PATH from the environment.
        cache = self.top / 'ld.so.cache'
        subprocess.run(['ldconfig', '-C', cache, self.libvirt / 'src'], check=True)
        sandbox.mount(cache, '/etc/ld.so.cache', flags=sandbox.MS_BIND)
        # apparmor_parser includes files from here, virt-aa-helper writes there.
        sandbox.mount(settings, SETTINGS, flags=sandbox.MS_BIND)
        subprocess.run(['apparmor_parser', '--replace', '--skip-cache',
                        SETTINGS / 'usr.sbin.libvirtd'], check=True)

    def spawn(self):
        self.daemon_argv = ['aa-exec', '-p', PROFILE, '--', self.top / PROFILE,
                            '-p', self.top / 'virtlxcd.pid']
        super().spawn()


def label(pid):
    return Path(f'/proc/{pid}/attr/current').read_text().strip()


class AppArmor(Case):
    def test_daemon(self):
        ours = Sandbox.instance(AppArmorInstance)
        self.assertEqual(label(ours.daemon.pid), f'{PROFILE} (enforce)')
        self.assertIn('<model>apparmor</model>', ours.virsh('capabilities'))

    @rows([
        # <seclabel>, <idmap>, the label of init
        ('default', '', '', 'unconfined'),
        ('default with idmap', '', IDMAP, 'unconfined'),
        ('profile', LABELS, '', CONFINED),
        ('profile with idmap', LABELS, IDMAP, CONFINED),
    ])
    def test_container(self, seclabel, idmap, wanted):
        domain = Domain(Sandbox.instance(AppArmorInstance), idmap=idmap,
                        features=CONFINEMENT + ('<privnet/>' if idmap else ''),
                        job=[f"parent call {number('getppid')}", 'status status',
                             'allowed open w /tmp/new', 'denied open r /etc/passwd'])
        domain.xml = domain.xml.replace('</devices>', f'</devices>{seclabel}')
        (domain.root / 'tmp/new').write_text('')
        (domain.root / 'tmp/new').chmod(0o666)
        self.addCleanup(domain.remove)
        results = domain.run()
        self.assertEqual(label(domain.init()), wanted.format(domain.uuid))
        self.assertEqual((results['parent'], results['allowed'], results['denied']),
                         ('EXDEV', 'OK', 'EACCES'))
        self.assertEqual(results['status.Seccomp'], '2')
        status, out, error = self.enter(domain)
        self.assertEqual((status, error), (0, ''))
        self.assertRegex(out, re.escape(wanted.format(domain.uuid)))
        domain.instance.virsh('destroy', domain.name)
        self.assertEqual(domain.state(), 'shut off')

    def enter(self, domain):
        """What virt-lxc-exec runs says about itself."""
        tool = domain.instance.libvirt / 'tools' / 'virt-lxc-exec'
        process = domain.instance.command(
            tool, '-c', 'lxc:///system', domain.name, '--', '/probe', 'one', 'label', 'cat',
            '/proc/self/attr/current', stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, error = process.communicate(timeout=300)
        return process.returncode, out, error


if __name__ == '__main__':
    tap.main()
