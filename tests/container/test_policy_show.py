# SPDX-License-Identifier: LGPL-2.1-or-later
"""virt-lxc-policy show: what it says of containers is what the kernel says."""

import ctypes
import json
import os
import re
import struct
import subprocess
import sys
import threading
from pathlib import Path

import jsonschema

import landlock
import tap
from harness import (HERE, IDMAP, OurInstance, Version1Instance, Version2Instance,
                     status_of, wait_for)
from policy import FAILED, NO, YES, Policy, init_of
from tap import rows

sys.path.insert(0, str(HERE.parent / 'tools'))
import page  # pylint: disable=wrong-import-position

TOP = HERE.parents[1]
DENY = "<capabilities policy='deny'><chown/><kill/></capabilities>"
FS_PART = {'fs': landlock.paths(landlock.PROBE_RULES)}
FS = landlock.element(**FS_PART)
NET = landlock.element(**(landlock.known(net='') or FS_PART))
EVERYTHING = DENY + '<no-new-privs/><seccomp/><privnet/>'
SETS = ['effective', 'permitted', 'inheritable', 'bounding', 'ambient']
PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 22, 24, 38
SECCOMP_MODE_FILTER, SECCOMP_RET_ALLOW, RETURN = 2, 0x7fff0000, 6
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 0x1000, 0x4000, 0x40000
UNDEFINED = "Domain not found"


class Agrees(Policy):
    @rows([
        ('nothing', '', {}),
        ('capabilities', DENY, {}),
        ('capabilities that are all allowed', "<capabilities policy='allow'/>", {}),
        ('user', DENY, {'user': '<inituser>alice</inituser>'}),
        ('user and nothing', '', {'user': '<inituser>alice</inituser>'}),
        ('user and all capabilities', "<capabilities policy='allow'><kill/></capabilities>",
         {'user': '<inituser>alice</inituser>'}),
        ('user and default', "<capabilities><kill/></capabilities>",
         {'user': '<inituser>1000</inituser>'}),
        ('user and idmap', DENY, {'user': '<inituser>alice</inituser>', 'idmap': IDMAP}),
        ('no-new-privs', '<no-new-privs/>', {}),
        ('seccomp', '<seccomp/>', {}),
        ('seccomp and idmap', '<seccomp/>', {'idmap': IDMAP}),
        ('landlock', FS, {}),
        ('landlock net without seccomp', NET, {}),
        ('kernel-files', "<kernel-files/>", {}),
        ('everything', EVERYTHING, {}),
        ('everything and idmap', EVERYTHING, {'idmap': IDMAP}),
    ])
    def test_confined(self, features, parts):
        domain = self.started(features, **parts)
        status, found = self.show(domain.name)
        verdicts = {what: each['verdict'] for what, each in found.items()}
        print(f'# {verdicts} {found["kernel files"]["kernel"]}')
        self.assertEqual(verdicts['session keyring'], 'UNREPORTED')
        self.assertEqual(verdicts['Landlock'], 'UNREPORTED' if '<landlock' in features else 'OK')
        self.assertLessEqual(set(verdicts.values()), {'OK', 'UNREPORTED'})
        self.assertEqual(status, YES)

    def test_landlock(self):
        """What the kernel reports of other things must not contradict it."""
        domain = self.started(FS)
        xml = domain.instance.virsh('dumpxml', domain.name)
        status, found = self.show('-', data=xml)
        self.assertEqual((status, found['Landlock']['verdict']), (YES, 'UNREPORTED'))
        self.assertRegex(found['Landlock']['effective'], r'^ABI \d+$')
        self.assertIsNone(found['Landlock']['kernel'])
        later = landlock.host_abi() + 1
        status, found = self.show('-', data=re.sub(r"(<effective abi=')\d+'", rf"\g<1>{later}'", xml))
        self.assertEqual((status, found['Landlock']['verdict']), (NO, 'DIFFERS'))
        # Without a record, or of another process, nothing is known.
        without = re.sub(r"<effective abi='\d+'/>", '', xml)
        self.assertNotEqual(without, xml)
        status, found = self.show('-', data=without)
        self.assertEqual((status, found['Landlock']['verdict']), (NO, 'UNKNOWN'))
        child = subprocess.Popen(['setpriv', '--no-new-privs', 'sleep', '1000'])
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        wait_for(lambda: status_of(child.pid)['NoNewPrivs'] == '1', 5, 'no no_new_privs')
        found = self.show('--pid', child.pid, domain.name)[1]
        self.assertEqual([found[what]['verdict'] for what in ('Landlock', 'session keyring')],
                         ['UNKNOWN'] * 2)
        found = self.show('--pid', os.getpid(), domain.name)[1]
        self.assertEqual(found['Landlock']['verdict'], 'DIFFERS')

    def test_columns(self):
        domain = self.started(EVERYTHING, idmap=IDMAP)
        _, found = self.show(domain.name)
        self.assertEqual([found['permitted capabilities'][key]
                          for key in ('asked', 'effective', 'kernel')], ['chown kill'] * 3)
        self.assertEqual([found['ambient capabilities'][key]
                          for key in ('asked', 'effective', 'kernel')], ['none'] * 3)
        self.assertEqual([found['no_new_privs'][key]
                          for key in ('asked', 'effective', 'kernel')], ['on'] * 3)
        self.assertEqual(found['namespaces']['kernel'], 'mnt pid ipc uts net cgroup user')
        self.assertEqual(found['namespaces']['asked'], 'mnt pid ipc uts net cgroup user')
        self.assertRegex(found['seccomp']['kernel'],
                         r'^filter [0-9a-f]{12} of \d+ instructions$')
        self.assertEqual(found['seccomp']['kernel'], found['seccomp']['effective'])
        self.assertIn(domain.name, found['cgroup']['kernel'])
        self.assertRegex(found['kernel files']['kernel'], r'^\d\d+ restricted$')
        self.assertEqual(found['kernel files']['effective'], 'locked')

    def test_text(self):
        domain = self.started(EVERYTHING)
        status, out, error = self.policy('show', domain.name)
        print('# ' + out.replace('\n', '\n# '))
        self.assertEqual((status, error), (YES, ''))
        self.assertIn(f'kernel (process {init_of(domain)})', out)
        self.assertNotIn('DIFFERS', out)
        self.assertEqual(sum(line.endswith('  OK') for line in out.splitlines()), 12)

    def test_file_and_uuid(self):
        domain = self.started(DENY)
        by_name = self.policy('show', domain.name)
        self.assertEqual(by_name[0], YES)
        self.assertEqual(self.policy('show', domain.uuid), by_name)
        xml = domain.instance.virsh('dumpxml', domain.name)
        self.assertEqual(self.policy('show', '-', data=xml), by_name)

    def test_init_goes_on(self):
        """It has been stopped in order to read its filter."""
        domain = self.started('<seccomp/>')
        init = init_of(domain)
        self.show(domain.name)
        wait_for(lambda: status_of(init)['State'].startswith('S'), 5, 'init has not gone on')
        self.assertEqual(status_of(init)['TracerPid'], '0')
        self.assertEqual(domain.state(), 'running')

    def test_suspended(self):
        domain = self.started('<seccomp/>')
        domain.instance.virsh('suspend', domain.name)
        self.addCleanup(domain.instance.virsh, 'resume', domain.name)
        status, found = self.show(domain.name)
        self.assertIn(found['seccomp']['verdict'], ('OK', 'UNKNOWN'))
        self.assertEqual(status, YES if found['seccomp']['verdict'] == 'OK' else NO)


def cover(target, file):
    """In a mount namespace of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    for failed in (libc.unshare(CLONE_NEWNS),
                   libc.mount(None, b'/', None, MS_REC | MS_PRIVATE, None),
                   libc.mount(bytes(file), target.encode(), None, MS_BIND, None)):
        if failed:
            raise OSError(ctypes.get_errno(), 'mount')


class Label(Policy):
    """What an LSM would report, in a file that is mounted over that of the kernel: with
    AppArmor, the mode of the profile follows; with SELinux, a NUL."""

    @rows([
        ('enforced', 'libvirt-1', 'libvirt-1 (enforce)\n', 'OK'),
        ('killed', 'libvirt-1', 'libvirt-1 (kill)\n', 'OK'),
        ('complaining', 'libvirt-1', 'libvirt-1 (complain)\n', 'DIFFERS'),
        ('context', 'a:b:c:s0:c1,c2', 'a:b:c:s0:c1,c2\0', 'OK'),
        ('other categories', 'a:b:c:s0:c1,c2', 'a:b:c:s0:c1,c23\0', 'DIFFERS'),
        ('longer', 'libvirt-1', 'libvirt-11 (enforce)\n', 'DIFFERS'),
        ('shorter', 'libvirt-11', 'libvirt-1 (enforce)\n', 'DIFFERS'),
        ('unconfined', 'libvirt-1', 'unconfined\n', 'DIFFERS'),
        ('nothing', 'libvirt-1', '', 'DIFFERS'),
        ('none asked', None, 'unconfined\n', 'OK'),
        ('none at all', None, '', 'OK'),
    ])
    def test_label(self, asked, reported, verdict):
        domain = self.started(DENY)
        xml = domain.instance.virsh('dumpxml', domain.name)
        if asked:
            xml = xml.replace('</domain>', "<seclabel type='dynamic' model='apparmor' relabel='yes'>"
                              f'<label>{asked}</label></seclabel></domain>')
        file = self.ours.work / 'label'
        file.write_text(reported)
        target = f'/proc/{init_of(domain)}/attr/current'

        status, found = self.show('-', data=xml, enter=lambda: cover(target, file))
        self.assertEqual(found['label']['verdict'], verdict)
        self.assertEqual(found['label']['effective'], asked)
        self.assertEqual(status, NO if verdict == 'DIFFERS' else YES)


    @rows([('missing', 'dynamic', NO, 'UNKNOWN'), ('not wanted', 'none', YES, 'OK')])
    def test_no_label(self, kind, status, verdict):
        """A domain that is to be labelled, but the document does not say how."""
        domain = self.started(DENY)
        xml = domain.instance.virsh('dumpxml', domain.name).replace(
            '</domain>', f"<seclabel type='{kind}' model='apparmor'/></domain>")
        found = self.show('-', data=xml)
        self.assertEqual((found[0], found[1]['label']['verdict']), (status, verdict))


class Version1(Policy):
    kind = Version1Instance

    @rows([('without idmap', ''), ('idmap', IDMAP)])
    def test_cgroup(self, idmap):
        domain = self.started(EVERYTHING, idmap=idmap)
        status, found = self.show(domain.name)
        self.assertEqual((status, found['cgroup']['verdict']), (YES, 'OK'))
        # A process of the host, the controller, and init of another domain
        other = init_of(self.started(EVERYTHING, idmap=idmap))
        for pid in (os.getpid(), int(domain.instance.virsh('domid', domain.name)), other):
            found = self.show('--pid', pid, domain.name)[1]
            self.assertEqual(found['cgroup']['verdict'], 'DIFFERS', found)


class Version2(Version1):
    kind = Version2Instance


class Version1And2(Version1):
    kind = OurInstance


class Documented(Policy):
    def test_schema(self):
        schema = json.loads((TOP / 'src/tools/lxcpolicy.schema.json').read_text())
        schema['anyOf'] = [{'$ref': '#/$defs/show'}]
        validator = jsonschema.Draft202012Validator(schema)
        for arguments in ([self.started(EVERYTHING).name], [self.defined().name]):
            validator.validate(json.loads(self.policy('show', '--json', *arguments)[1]))

    def test_page(self):
        """The example of the manual; numbers and what depends on their length differ.
        Where there is AppArmor, the label is "unconfined"."""
        def normal(text):
            text = re.sub(r'^(label .*) unconfined ', r'\1 - ', text, flags=re.M)
            return re.sub(' {2,}', '  ', re.sub(r'\d{2,}', 'N', text))

        text = (TOP / 'docs/virt-lxc-policy.rst').read_text()
        [example] = [commands for commands in page.examples(text)
                     if page.needs_domain(commands)]
        features = re.sub('</?features>', '', example[0][1])
        self.ours.next_name()  # UUIDs are numbered as names are.
        domain = self.started(features, name='web')
        tools = self.ours.client.parent
        environment = {**os.environ, **self.ours.environment, 'LC_ALL': 'C.UTF-8',
                       'PATH': f'{tools}:/usr/bin:/bin', 'LIBVIRT_DEFAULT_URI': 'lxc:///system'}
        wrong = page.differences(example, Path(domain.root), environment, normal,
                                 self.ours.enter)
        self.assertEqual(wrong, [], '\n'.join(wrong))


class Differs(Policy):
    """A process of the host in place of init, with --pid: this one, whose
    capabilities, filters and namespaces are known."""

    def process(self, prepare=lambda: None):
        child = subprocess.Popen(['sleep', '1000'], preexec_fn=prepare)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        return child.pid

    def test_unconfined_process(self):
        domain = self.started(EVERYTHING)
        status, found = self.show('--pid', self.process(), domain.name)
        self.assertEqual(status, NO)
        verdicts = {what: each['verdict'] for what, each in found.items()}
        print(f'# {verdicts}')
        self.assertEqual(
            {what for what, verdict in verdicts.items() if verdict == 'DIFFERS'},
            {'effective capabilities', 'permitted capabilities', 'bounding capabilities',
             'no_new_privs', 'seccomp', 'kernel files', 'namespaces', 'cgroup'})
        self.assertEqual(found['seccomp']['kernel'], 'off')
        self.assertEqual(found['no_new_privs']['kernel'], 'off')
        self.assertIn('/proc/keys', found['kernel files']['kernel'])
        status, out, _ = self.policy('show', '--pid', self.process(), domain.name)
        self.assertEqual(status, NO)
        self.assertIn('  DIFFERS\n', out)

    def test_one_capability_more(self):
        domain = self.started(DENY)
        self.assertEqual(self.show(domain.name)[0], YES)
        xml = domain.instance.virsh('dumpxml', domain.name)
        status, found = self.show('-', data=xml.replace('<chown', '<setuid')
                                  .replace("'chown kill'", "'setuid kill'")
                                  .replace("chown", "setuid"))
        self.assertEqual(status, NO)
        self.assertEqual(found['permitted capabilities']['verdict'], 'DIFFERS')

    def test_other_filter(self):
        domain = self.started('<seccomp/>')
        xml = domain.instance.virsh('dumpxml', domain.name)
        digest = xml.split("digest='")[1][:64]
        status, found = self.show('-', data=xml.replace(digest, '0' * 64))
        self.assertEqual((status, found['seccomp']['verdict']), (NO, 'DIFFERS'))
        self.assertIn(digest[:12], found['seccomp']['kernel'])

    def test_filter_that_is_not_recorded(self):
        """A filter is not the right one only because it is one."""
        domain = self.defined('<seccomp/>')
        xml = domain.instance.virsh('dumpxml', domain.name)
        domain.start()
        domain.results()
        _, found = self.show('--pid', init_of(domain), '-', data=xml)
        self.assertEqual((found['seccomp']['effective'], found['seccomp']['verdict']),
                         (None, 'OK'))
        for features in (xml, domain.instance.virsh('dumpxml', self.started(NET).name)):
            _, found = self.show('--pid', self.process(allow_all), '-', data=features)
            self.assertEqual(found['seccomp']['verdict'], 'UNKNOWN')
            self.assertIn('of 1 instructions', found['seccomp']['kernel'])

    def test_given_up(self):
        """A process that gives up more than it has to is tighter, which is not a fault."""
        def prepare():
            libc = ctypes.CDLL(None)
            libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            libc.prctl(PR_CAPBSET_DROP, 0, 0, 0, 0)
        domain = self.started("<capabilities policy='allow'/>")
        _, found = self.show('--pid', self.process(prepare), domain.name)
        self.assertEqual(found['bounding capabilities']['verdict'], 'TIGHTER')
        self.assertEqual(found['no_new_privs']['verdict'], 'TIGHTER')

    def test_filter_that_cannot_be_read(self):
        """It takes CAP_SYS_ADMIN: what is not known is not said to agree."""
        domain = self.started('<seccomp/>')
        status, found = self.show(domain.name, enter=lambda: drop(21))
        self.assertEqual((status, found['seccomp']['verdict']), (NO, 'UNKNOWN'))

    @rows([
        ('unmounted', 'umount2(b"/proc/keys", 2)', '/proc/keys'),
        ('another procfs', 'mount(b"x", b"/proc", b"proc", 0, None)', '/proc/keys'),
        # Last in the list of mounts, but below the file
        ('mask below', 'mount(b"x", b"/d", b"proc", 0, None);'
         ' mount(b"x", b"/proc", b"tmpfs", 0, None);'
         ' mount(b"/d", b"/proc", None, 8192, None)', '/proc/keys'),
        ('bind mount below', 'mount(b"x", b"/d", b"proc", 0, None);'
         ' mount(b"/d/bus/input", b"/proc/bus/input", None, 4096, None);'
         ' umount2(b"/d", 2)', '/proc/bus/input'),
        ('procfs elsewhere', 'mount(b"x", b"/d", b"proc", 0, None)', '/d'),
        ('sysfs elsewhere', 'mount(b"x", b"/d", b"sysfs", 0, None)', '/d'),
        ('file elsewhere', 'mount(b"x", b"/d", b"proc", 0, None);'
         ' mount(b"/d/keys", b"/file", None, 4096, None); umount2(b"/d", 2)', '/file'),
        ('writable', 'mount(None, b"/proc/sys", None, 4096 | 32, None)', '/proc/sys'),
    ])
    def test_container_mounts(self, calls, named):
        """Root with sys_admin undoes <kernel-files>, as "not locked" says."""
        domain = self.started("<capabilities policy='allow'/><kernel-files/>")
        (Path(domain.root) / 'd').mkdir()
        (Path(domain.root) / 'file').touch()
        status, found = self.show(domain.name)
        self.assertEqual((status, found['kernel files']['effective']), (YES, 'not locked'))
        subprocess.run(['python3', '-c', MOUNT, str(init_of(domain)), calls], check=True)
        status, found = self.show(domain.name)
        print(f"# {found['kernel files']}")
        self.assertEqual((status, found['kernel files']['verdict']), (NO, 'DIFFERS'))
        self.assertIn(f' {named}', found['kernel files']['kernel'])


MOUNT = '''
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)

def mount(*arguments):
    if libc.mount(*arguments):
        raise OSError(ctypes.get_errno(), arguments)

def umount2(*arguments):
    if libc.umount2(*arguments):
        raise OSError(ctypes.get_errno(), arguments)

libc.setns(os.open(f'/proc/{sys.argv[1]}/ns/mnt', os.O_RDONLY), 0)
os.chroot('/')
exec(sys.argv[2])
'''


def allow_all():
    """A filter with one instruction"""
    libc = ctypes.CDLL(None, use_errno=True)
    instruction = ctypes.create_string_buffer(
        struct.pack('=HBBI', RETURN, 0, 0, SECCOMP_RET_ALLOW))
    program = struct.pack('@HP', 1, ctypes.addressof(instruction))
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), 'prctl')


def drop(capability):
    """From the bounding set, so that the program does not get it at execve."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


class Refuses(Policy):
    def fails(self, message, *arguments, **kwargs):
        status, out, error = self.policy('show', *arguments, **kwargs)
        self.assertEqual((status, out), (FAILED, ''))
        self.assertIn(message, error)
        self.assertEqual(error.count('\n'), 1)

    def test_not_running(self):
        domain = self.defined(EVERYTHING)
        status, found = self.show(domain.name)
        self.assertEqual(status, NO)
        self.assertEqual({each['verdict'] for each in found.values()}, {None})
        self.assertEqual(found['permitted capabilities']['asked'], 'chown kill')
        self.assertEqual({each['kernel'] for each in found.values()}, {None})
        self.assertIn('kernel (not running)', self.policy('show', domain.name)[1])
        # The document does not say whether it runs.
        xml = domain.instance.virsh('dumpxml', '--inactive', domain.name)
        domain.start()
        status, out, _ = self.policy('show', '-', data=xml)
        self.assertEqual(status, NO)
        self.assertIn('kernel (no process)', out)

    def test_wrong_arguments(self):
        self.fails(UNDEFINED, 'missing')
        self.fails('cannot open', './missing.xml')
        self.fails('/missing', 'x', uri='lxc+unix:///?socket=/missing')

    def test_other_controller(self):
        """A document of another host, or an old one"""
        domain = self.started(DENY)
        xml = domain.instance.virsh('dumpxml', domain.name)
        number = domain.instance.virsh('domid', domain.name)
        self.fails('is not the controller', '-', data=xml.replace(
            f"id='{number}'", f"id='{os.getpid()}'"))
        self.fails('is not the controller', '-', data=xml.replace(
            f'<name>{domain.name}<', '<name>other<'))

    @rows([('init', True, 'is being started or destroyed'),
           ('other process', False, 'ended while it was examined')])
    def test_ends(self, is_init, message):
        """What is read of processes that end, or of others that get their IDs, is not printed.
        The label is the last file that is read."""
        domain = self.started('<seccomp/>')
        other = subprocess.Popen(['sleep', '1000'])
        self.addCleanup(other.wait)
        self.addCleanup(other.kill)
        fifo = self.ours.work / 'fifo'
        os.mkfifo(fifo)
        self.addCleanup(fifo.unlink)

        def end():
            with open(fifo, 'w', encoding='ascii'):
                if is_init:
                    domain.instance.virsh('destroy', domain.name)
                else:
                    other.kill()
                    other.wait()
        thread = threading.Thread(target=end)
        thread.start()
        self.addCleanup(thread.join)
        pid = init_of(domain) if is_init else other.pid
        self.fails(message, *([] if is_init else ['--pid', pid]), domain.name,
                   enter=lambda: cover(f'/proc/{pid}/attr/current', fifo))

    def test_other_process(self):
        self.fails('cannot open', '--pid', '4194303', self.defined(DENY).name)


if __name__ == '__main__':
    tap.main()
