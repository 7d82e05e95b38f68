# SPDX-License-Identifier: LGPL-2.1-or-later
"""virt-lxc-policy import: what it makes of other software's containers can be defined and
started, and is confined as the document says."""

import html
import json
import re
import subprocess
from pathlib import Path

import tap
from harness import HERE, status_of, wait_for
from policy import NO, YES, Policy, init_of
from tap import rows

TOP = HERE.parents[1]
DATA = TOP / 'tests' / 'data' / 'import'
# Domains of the data
CASES = sorted(path for path in DATA.glob('*-config/*/out.xml')
               if path.read_text().startswith('<domain '))
# What the document itself has wrong: the driver says so.
REFUSED = {
    'lxc-config/seccomp-old': "<seccomp> has no rule for system call 'execve'",
    **dict.fromkeys(('lxc-config/idmap-groups', 'oci-config/domain-user-unmapped',
                     'oci-config/mapping-empty'), 'uid and gid should be mapped both'),
}
RUNTIMES = [('runc', 'runc'), ('crun', 'crun')]
# rlimits, /dev/fuse, and two mounts
LOST = {'process.rlimits', 'linux.resources.devices', 'mounts[3]', 'mounts[4]'}
KILL, NET_BIND_SERVICE, AUDIT_WRITE = 1 << 5, 1 << 10, 1 << 29


class Documents(Policy):
    @rows([(str(path.relative_to(DATA).parent), path) for path in CASES])
    def test_valid(self, path):
        """The schema, the driver and virt-lxc-policy check accept it."""
        xml = path.read_text()
        name = html.unescape(re.search('<name>(.*)</name>', xml).group(1))
        copy = self.ours.work / 'imported.xml'
        copy.write_text(xml)
        status, _, error = self.ours.run('define', '--validate', copy)
        refused = REFUSED.get(str(path.relative_to(DATA).parent))
        if refused:
            self.assertNotEqual(status, 0)
            self.assertIn(refused, error)
            return
        self.assertEqual(status, 0, error)
        self.ours.virsh('undefine', name)
        status, out, error = self.policy('check', path)
        self.assertEqual((status, error), (YES, ''), out)

    def test_cases(self):
        self.assertGreater(len(CASES), 40)


class Bundle(Policy):
    """The document that "runc spec" or "crun spec" makes, with a root directory of busybox."""

    def bundle(self, runtime, change=lambda config: None):
        name = self.ours.next_name()
        directory = self.ours.work / name
        directory.mkdir()
        path = directory / 'config.json'
        config = json.loads((DATA / 'oci-config' / f'{runtime}-spec' / 'in.json').read_text())
        config['hostname'] = name
        change(config)
        path.write_text(json.dumps(config, indent=1))
        subprocess.run([TOP / 'scripts' / 'busybox-root', directory / 'rootfs'], check=True,
                       capture_output=True)
        return name, path

    def imported(self, path, *options):
        status, out, _ = self.policy('import', '--json', *options, path)
        found = json.loads(out)
        self.assertEqual(found['complete'], status == YES and '--lossy' not in options)
        return status, found

    def start(self, name, xml):
        path = self.ours.work / f'{name}.xml'
        path.write_text(xml)
        self.ours.virsh('define', '--validate', path)
        self.addCleanup(self.ours.run, 'undefine', name)
        self.addCleanup(self.ours.run, 'destroy', name)
        self.ours.virsh('start', name)

        class Started:
            instance = self.ours
        Started.name = name
        return init_of(Started)

    @rows(RUNTIMES)
    def test_spec(self, runtime):
        name, path = self.bundle(runtime)
        status, found = self.imported(path)
        self.assertEqual((status, found['xml']), (NO, None))
        self.assertEqual({each['name'] for each in found['findings'] if each['lost']}, LOST)
        status, found = self.imported(path, '--lossy')
        self.assertEqual(status, YES)
        init = self.start(name, found['xml'])

        wait_for(lambda: Path(f'/proc/{init}/comm').read_text() == 'sh\n', 20, 'no shell')
        self.assertEqual(subprocess.run(['nsenter', '-t', str(init), '-u', 'uname', '-n'],
                                        check=True, capture_output=True, text=True).stdout,
                         f'{name}\n')
        environment = Path(f'/proc/{init}/environ').read_bytes().split(b'\0')
        self.assertIn(b'TERM=xterm', environment)
        self.assertIn(b'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
                      environment)
        shown = status_of(init)
        self.assertEqual(int(shown['CapBnd'], 16), KILL | NET_BIND_SERVICE | AUDIT_WRITE)
        self.assertEqual((shown['NoNewPrivs'], shown['Umask']), ('1', '0022'))
        mounts = {line.split()[4]: line.split()[5].split(',')
                  for line in Path(f'/proc/{init}/mountinfo').read_text().splitlines()}
        self.assertIn('ro', mounts['/'])
        self.assertIn('ro', mounts['/sys/fs/cgroup'])
        self.assertIn('nosuid', mounts['/dev/shm'])
        self.assertEqual(self.show(name)[0], YES)

    def test_program(self):
        """User, directory, arguments, a mount, and mapped users"""
        def change(config):
            config['process'].update(
                args=['sh', '-c', 'id -u >/data/out; id -g >>/data/out; pwd >>/data/out; '
                      'echo "$0" >>/data/out; touch /x 2>>/data/out; exec sleep 1000', 'a <b> & c'],
                cwd='/tmp', user={'uid': 33, 'gid': 34})
            config['process'].pop('rlimits')
            config['mounts'] = [{'destination': '/data', 'source': 'data', 'options': ['bind']}]
            config['linux']['uidMappings'] = config['linux']['gidMappings'] = [
                {'containerID': 0, 'hostID': 100000, 'size': 65536}]
            config['linux']['namespaces'].append({'type': 'user'})
            config['linux'].pop('resources')
        name, path = self.bundle('runc', change)
        data = path.parent / 'data'
        data.mkdir()
        data.chmod(0o777)
        (path.parent / 'rootfs' / 'data').mkdir()
        status, found = self.imported(path)
        self.assertEqual(status, YES, found)
        init = self.start(name, found['xml'])
        out = data / 'out'
        wait_for(lambda: out.exists() and len(out.read_text().splitlines()) == 5, 20,
                 lambda: out.read_text() if out.exists() else 'nothing')
        self.assertEqual(out.read_text().splitlines(),
                         ['33', '34', '/tmp', 'a <b> & c', 'touch: /x: Read-only file system'])
        self.assertEqual(status_of(init)['Uid'].split(), ['100033'] * 4)

    def test_program_that_is_missing(self):
        def change(config):
            config['process']['args'] = ['no-such-program']
        _, path = self.bundle('runc', change)
        status, found = self.imported(path)
        self.assertEqual(status, NO)
        self.assertIn('process.args[0]', {each['name'] for each in found['findings']
                                          if each['lost']})


if __name__ == '__main__':
    tap.main()
