# SPDX-License-Identifier: LGPL-2.1-or-later
"""A booted Debian system with packages of libvirt and domains, and steps that test it."""

import argparse
import re
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from system import Failed, System

INSTALL = 'apt-get install -qy --no-install-recommends'
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


class Machine:
    def __init__(self, arguments):
        self.arguments = arguments
        self.work = Path(tempfile.mkdtemp(prefix='life-', dir=arguments.work))
        self.results = [Path(directory) for directory in arguments.result]
        self.ours = self.version_in(self.results[0])
        try:
            self.system = System(arguments.base, self.work)
        except BaseException:
            shutil.rmtree(self.work, ignore_errors=True)
            raise

    def look(self):
        """The version of Debian's packages"""
        self.stock = self.system.run("apt-cache madison libvirt0 | awk '{ print $3; exit }'").strip()

    @staticmethod
    def version_in(directory):
        return sorted(directory.glob('libvirt0_*.deb'))[0].name.split('_')[1]

    def close(self):
        self.system.close()
        shutil.rmtree(self.work, ignore_errors=True)

    def put(self, path, text):
        (self.system.root / path.lstrip('/')).write_text(text)

    # --- domains ---

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

    def is_confined(self, name):
        """A domain with CONFINED."""
        self.says(self.system.run(f'{VIRSH} dumpxml {name}'), '<effective')
        pid = self.inits(name)[name][1]
        self.says(self.system.run(f'cat /proc/{pid}/status'), r'CapEff:\s*0+\n', r'Seccomp:\s*2')
        # Its exit status is 1 where a filter of the system prevents reading the domain's.
        shown = self.system.run(f'virt-lxc-policy show {name} || [ $? -eq 1 ]')
        self.says(shown, fr'kernel \(process {pid}\)', '  OK')
        self.same('DIFFERS' in shown, False, 'verdicts')
        self.says(self.system.run(f'virt-lxc-exec {name} /bin/busybox id'), 'uid=0')

    # --- packages ---

    def versions(self):
        """{(version, status): libvirt's packages}, except those with only configuration files"""
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

    def files(self):
        """Of all packages of libvirt"""
        return set(self.system.run("""dpkg-query -W -f '${source:Package} ${binary:Package}\n' |
            sed -n 's/^libvirt //p' | xargs dpkg-query --listfiles""").splitlines())

    # --- checks ---

    @staticmethod
    def same(value, expected, what):
        if value != expected:
            raise Failed(f'{what}: {value!r} instead of {expected!r}')

    @staticmethod
    def says(output, *patterns):
        for pattern in patterns:
            if not re.search(pattern, output):
                raise Failed(f'no {pattern!r} in:\n{output[-3000:]}')


def run_steps(machine_class, steps, description):
    """Whether a step failed; those after it are not run."""
    parser = argparse.ArgumentParser(description=description)
    for name in '--base', '--work', '--busybox-root':
        parser.add_argument(name, required=True)
    parser.add_argument('--result', required=True, nargs='+')
    # The system ends with this program, however that ends.
    for number in signal.SIGTERM, signal.SIGHUP:
        signal.signal(number, lambda *_: sys.exit(1))
    machine = machine_class(parser.parse_args())
    failed = False
    print(f'1..{len(steps)}', flush=True)
    try:
        machine.look()
        for number, step in enumerate(steps, 1):
            name = step.__name__.replace('_', ' ')
            try:
                if failed:
                    raise Failed('an earlier step has failed')
                step(machine)
                print(f'ok {number} - {name}', flush=True)
            except Exception as error:
                text = str(error) if isinstance(error, Failed) else traceback.format_exc()
                print(f'not ok {number} - {name}')
                print('# ' + text.replace('\n', '\n# '), flush=True)
                failed = True
    finally:
        machine.close()
    return failed
