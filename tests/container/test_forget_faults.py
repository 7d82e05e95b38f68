# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each call of libvirt_lxc that concerns cgroups or a message fails once: the container
never runs outside of its cgroups, and a start that fails leaves nothing behind."""

import errno
import subprocess
from pathlib import Path

import tap
from forget import Host
from harness import HERE, Domain, Failed, wait_for
from sandbox import version2_only
from tap import Case, Sandbox, rows

CGROUPS = '/sys/fs/cgroup/'
MESSAGES = 'socket:'
MOST = 300  # calls in a start
KILLED = 0

WRAPPER = '''#!/bin/sh
export LD_PRELOAD={library} FAULT_CALL={call} FAULT_PATH={path} FAULT_SUFFIX={suffix}
export FAULT_NUMBER={number} FAULT_ERRNO={code} FAULT_MARK={mark}
exec {program} "$@"
'''


def library():
    built = Sandbox.build / 'tests' / 'container' / 'fault.so'
    if built.exists():
        return built
    own = Sandbox.work / 'fault.so'
    if not own.exists():
        subprocess.run(['cc', '-D_GNU_SOURCE', '-std=gnu11', '-shared', '-fPIC', '-O1',
                        '-o', own, HERE / 'fault.c', '-ldl'], check=True)
    return own


def injector(instance, **kwargs):
    """An <emulator>, and the file that tells that the call was made."""
    wrapper, mark = instance.work / 'wrapper', instance.work / 'mark'
    mark.unlink(missing_ok=True)
    wrapper.write_text(WRAPPER.format(
        library=library(), mark=mark, program=instance.libvirt / 'src' / 'libvirt_lxc',
        **kwargs))
    wrapper.chmod(0o755)
    return wrapper, mark


class Faults(Case):
    def start(self, call, path, suffix, code, number):
        """Returns whether the call was made."""
        host = Host.get()
        wrapper, mark = injector(host.instance, call=call, path=path, suffix=suffix,
                                 number=number, code=code)
        domain = Domain(host.instance, tune='<memtune><hard_limit>65536</hard_limit>'
                                            '</memtune>')
        domain.xml = domain.xml.replace(
            '<devices>', f'<devices><emulator>{wrapper}</emulator>')
        try:
            self.check(host.instance, domain, number)
        finally:
            domain.remove()
        return mark.exists()

    def check(self, instance, domain, number):
        domain.define()
        before = instance.snapshot()
        status, _, error = instance.run('start', domain.name)
        if status == 0:
            self.check_running(domain, number)
        else:
            self.assertNotIn('no error', error)
            self.assertNotIn('cause is unknown', error)
            self.assertEqual(domain.state(), 'shut off')
        self.assertNothingLeft(instance, before)

    def check_running(self, domain, number):
        """The daemon ends a container whose connection with it has been lost."""
        try:
            self.assertEqual(self.placement(domain), self.expected, f'call {number}')
        except (Failed, OSError, ValueError):
            wait_for(lambda: domain.state() == 'shut off', 20, 'still running')
        else:
            domain.instance.run('destroy', domain.name)

    def placement(self, domain):
        """In which kind of cgroup init is in each hierarchy."""
        text = Path(f'/proc/{domain.init()}/cgroup').read_text()
        # The number may be a part of the name, and so comes last.
        return sorted(line.replace(domain.name, 'NAME').replace(domain.uuid, 'UUID')
                      .replace(str(domain.controller()), 'PID')
                      .split(':', 1)[1] for line in text.splitlines())

    def setUp(self):
        domain = Domain(Host.get().instance)
        self.addCleanup(domain.remove)
        domain.define()
        domain.start()
        self.expected = self.placement(domain)
        self.assertTrue(all('NAME' in line or 'UUID' in line or line.endswith(':/')
                            for line in self.expected), self.expected)

    @rows([
        *([] if version2_only() else [
            ('version 1 task', 'write', CGROUPS, '/tasks', errno.EIO)]),
        ('process', 'write', CGROUPS, '/cgroup.procs', errno.EIO),
        ('any write', 'write', CGROUPS, '', errno.EINVAL),
        ('directory', 'mkdir', CGROUPS, '', errno.ENOSPC),
        ('killed at a write', 'write', CGROUPS, '', KILLED),
        ('killed at a directory', 'mkdir', CGROUPS, '', KILLED),
        ('message', 'write', MESSAGES, '', errno.EIO),
        ('killed at a message', 'write', MESSAGES, '', KILLED),
    ])
    def test_each(self, call, path, suffix, code):
        number = 1
        while self.start(call, path, suffix, code, number):
            number += 1
            self.assertLess(number, MOST)
        print(f'# {number - 1} calls')
        self.assertGreater(number, 1)


class Capabilities(Case):
    @rows([('EPERM', errno.EPERM, 'Operation not permitted'),
           ('EINVAL', errno.EINVAL, 'Invalid argument')])
    def test_of_the_container(self, code, text):
        host = Host.get()
        # The mark cannot be created: the host's files are out of reach by then.
        wrapper, _ = injector(host.instance, call='capset', path='/', suffix='',
                              number=1, code=code)
        domain = Domain(host.instance, features="<capabilities policy='deny'/>",
                        devices=f'<emulator>{wrapper}</emulator>')
        self.addCleanup(domain.remove)
        self.assertStartFails(
            domain, [f'cannot set the capabilities of the process: {text}'])


class Refused(Case):
    @rows([
        # With version 2, the limit of swap does not include the one of memory.
        *([] if version2_only() else [
            ('swap limit below the limit', "<memtune><hard_limit>65536</hard_limit>"
             "<swap_hard_limit>32768</swap_hard_limit></memtune>", '', 'memory')]),
        ('missing disk', '<blkiotune><device><path>/nowhere</path><read_bytes_sec>1000'
         '</read_bytes_sec></device></blkiotune>', '', "'/nowhere'"),
    ])
    def test_leaves_nothing(self, tune, devices, text):
        host = Host.get()
        domain = Domain(host.instance, tune=tune, devices=devices)
        self.addCleanup(domain.remove)
        self.assertStartFails(domain, [text])


if __name__ == '__main__':
    tap.main()
