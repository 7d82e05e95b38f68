# SPDX-License-Identifier: LGPL-2.1-or-later
"""What virsh define refuses is not stored. The texts are for the unit tests."""

import os
import pty
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import tap
from harness import Domain, OurInstance, libvirt_source
from tap import Case, Sandbox, rows

REFUSED = [
    ('unknown capability', '<capabilities><fly/></capabilities>'),
    ('unknown policy', "<capabilities policy='maybe'/>"),
    ('unknown attribute', "<capabilities polcy='deny'/>"),
    ('unknown attribute of an entry',
     "<capabilities><chown stat='off'/></capabilities>"),
    ('unknown state', "<capabilities><chown state='no'/></capabilities>"),
    ('number too high', "<capabilities><cap number='64'/></capabilities>"),
    ('no number', '<capabilities><cap/></capabilities>'),
    ('child of an entry', '<capabilities><chown><kill/></chown></capabilities>'),
    ('text', '<capabilities>chown</capabilities>'),
    ('same twice', '<capabilities><chown/><chown/></capabilities>'),
    ('on and off', "<capabilities><chown/><chown state='off'/></capabilities>"),
    ('name and number', "<capabilities><chown/><cap number='0'/></capabilities>"),
    ('two blocks', "<capabilities policy='deny'/><capabilities/>"),
    ('landlock without a part', '<landlock/>'),
    ('unknown mode', "<landlock mode='maybe'><net/></landlock>"),
    ('ABI too high', "<landlock abi='12'><net/></landlock>"),
    ('unknown part', '<landlock><files/></landlock>'),
    ('relative target',
     "<landlock><fs><path target='usr' allow='read'/></fs></landlock>"),
    ('unknown right',
     "<landlock><fs><path target='/usr' allow='look'/></fs></landlock>"),
    ('right of a file on a port', "<landlock><net><port protocol='tcp' "
     "number='1' allow='make_dir'/></net></landlock>"),
    ('right of a later ABI', "<landlock abi='7'><fs><path target='/' "
     "allow='resolve_unix'/></fs></landlock>"),
    ('part of a later ABI', "<landlock abi='3'><net/></landlock>"),
    ('port too high', "<landlock><net><port protocol='tcp' number='65536' "
     "allow='bind'/></net></landlock>"),
    ('scope of nothing', "<landlock><scope signal='off' "
     "abstract-unix-socket='off'/></landlock>"),
    ('landlock without no-new-privs',
     "<no-new-privs state='off'/><landlock><net/></landlock>"),
    ('unknown state of no-new-privs', "<no-new-privs state='no'/>"),
]

KEPT = [
    ('default', "<capabilities policy='default'><mknod state='on'/>"
                "</capabilities>"),
    ('deny', "<capabilities policy='deny'><chown state='on'/></capabilities>"),
    ('allow', "<capabilities policy='allow'><sys_time state='off'/>"
              "</capabilities>"),
    ('no-new-privs', "<no-new-privs state='off'/>"),
    ('landlock', "<landlock mode='best-effort' abi='10' log='on'><fs>"
                 "<path target='/usr' allow='read execute'/><path target='/opt' "
                 "allow='truncate' missing='skip'/></fs><net><port "
                 "protocol='udp' number='53' allow='connect'/></net>"
                 "<scope abstract-unix-socket='on' signal='off'/></landlock>"),
]


class Define(Case):
    @rows([(f'{name}, {option or "plain"}', xml, option)
           for name, xml in REFUSED for option in ('', '--validate')])
    def test_refused(self, xml, option):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=xml)
        self.addCleanup(domain.remove)
        before = ours.snapshot()
        path = ours.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        status, _, error = ours.run('define', path, *option.split())
        self.assertNotEqual(status, 0)
        self.assertTrue(error)
        self.assertNotIn(domain.name, ours.virsh('list', '--all', '--name'))
        self.assertNothingLeft(ours, before)

    @rows(REFUSED)
    def test_validation(self, xml):
        """Reports the same as the parser, not what the schema says."""
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=xml)
        path = ours.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        error = ours.run('define', path)[2]
        self.assertRegex(error, r'\(line \d+\)')
        status, _, validated = ours.run('define', '--validate', path)
        self.assertEqual((status, validated), (1, error))

    def test_other_elements(self):
        """The schema still reports what is wrong with them."""
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features="<seccomp/><acpi polcy='deny'/>")
        path = ours.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        status, _, error = ours.run('define', '--validate', path)
        self.assertEqual(status, 1)
        self.assertIn('Unable to validate doc', error)

    @rows([(f'{name} in {place}', place, f'<{name}/>', parent)
           for name in ('capabilities', 'no-new-privs', 'landlock', 'seccomp')
           for place, parent in (('tune', 'domain'), ('user', 'os'),
                                 ('devices', 'devices'))])
    def test_misplaced(self, place, xml, parent):
        """Which libvirt would ignore."""
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, **{place: xml})
        path = ours.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        status, _, error = ours.run('define', path)
        self.assertNotEqual(status, 0)
        self.assertIn(f'element {xml.replace("/", "")} belongs in <features>, not in '
                      f'<{parent}> (line ', error)
        self.assertNotIn(domain.name, ours.virsh('list', '--all', '--name'))

    @rows(KEPT)
    def test_kept(self, xml):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=xml)
        self.addCleanup(domain.remove)
        domain.define()
        text = ours.virsh('dumpxml', domain.name)
        self.assertIn(xml, text.replace('\n', '').replace('  ', ''))


class Escaped(Case):
    """Values of other elements are stored as values, not as XML."""

    VALUE = ("</initenv></os><features><capabilities policy='allow'/></features><os>"
             "<initenv name='B'>&")

    @staticmethod
    def restart(ours):
        ours.daemon.terminate()
        ours.daemon.wait()
        ours.start()

    def test_environment(self):
        ours = Sandbox.instance(OurInstance)
        name, value = "A<'>", self.VALUE
        domain = Domain(ours, features="<capabilities policy='deny'/>", user=(
            f'<initenv name={quoteattr(name)}>{escape(value)}</initenv>'
            '<inituser>a&amp;b</inituser><initgroup>&lt;c</initgroup>'))
        self.addCleanup(domain.remove)
        domain.define()
        self.assertStored(domain, name)
        self.restart(ours)
        self.assertStored(domain, name)

    def assertStored(self, domain, name):
        stored = ElementTree.fromstring(domain.instance.virsh('dumpxml', domain.name))
        self.assertEqual([(entry.get('name'), entry.text)
                          for entry in stored.findall('os/initenv')], [(name, self.VALUE)])
        self.assertEqual([stored.findtext('os/inituser'), stored.findtext('os/initgroup')],
                         ['a&b', '<c'])
        self.assertEqual([entry.get('policy')
                          for entry in stored.findall('features/capabilities')], ['deny'])

    def test_reaches_init(self):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, user=f"<initenv name='A'>{escape(self.VALUE)}</initenv>")
        self.addCleanup(domain.remove)
        domain.run()
        environment = Path(f'/proc/{domain.init()}/environ').read_bytes().split(b'\0')
        self.assertIn(f'A={self.VALUE}'.encode(), environment)

    def test_namespace(self):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours)
        self.addCleanup(domain.remove)
        space = 'http://libvirt.org/schemas/domain/lxc/1.0'
        domain.xml = domain.xml.replace(
            '</domain>', f"<lxc:namespace xmlns:lxc='{space}'><lxc:sharenet type='netns' "
            "value='a&amp;&apos;/&gt;'/></lxc:namespace></domain>")
        domain.define()
        self.restart(ours)
        stored = ElementTree.fromstring(ours.virsh('dumpxml', domain.name))
        self.assertEqual(stored.find(f'{{{space}}}namespace/{{{space}}}sharenet').get('value'),
                         "a&'/>")


class Edit(Case):
    """virsh edit, whose editor puts another document in place."""

    @rows(REFUSED)
    def test_refused(self, xml):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features='<seccomp/>')
        self.addCleanup(domain.remove)
        domain.define()
        before = ours.virsh('dumpxml', domain.name)
        new = ours.work / f'{domain.name}-new.xml'
        new.write_text(domain.xml.replace('<seccomp/>', xml))
        status, _, error = self.edit(domain, new)
        self.assertEqual((status, error.splitlines()),
                         (1, ['error: Failed.',
                              ours.run('define', new)[2].splitlines()[-1]]))
        self.assertEqual(ours.virsh('dumpxml', domain.name), before)

    @rows(KEPT)
    def test_kept(self, xml):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours)
        self.addCleanup(domain.remove)
        domain.define()
        new = ours.work / f'{domain.name}-new.xml'
        new.write_text(domain.xml.replace('<features></features>',
                                          f'<features>{xml}</features>'))
        status, _, error = self.edit(domain, new)
        self.assertEqual((status, error), (0, ''))
        text = ours.virsh('dumpxml', domain.name)
        self.assertIn(xml, text.replace('\n', '').replace('  ', ''))

    def test_asks(self):
        """On a terminal, with the error; then the mistake can be corrected."""
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features='<seccomp/>')
        self.addCleanup(domain.remove)
        domain.define()
        new, editor = ours.work / 'corrected.xml', ours.work / 'editor'
        new.write_text(domain.xml.replace('<seccomp/>', "<seccomp log='on'/>"))
        editor.write_text(f"""case $(cat "$1") in
*flog*) cp {new} "$1" ;;
*) sed -i "s/<seccomp/& flog='on'/" "$1" ;;
esac
""")
        master, slave = pty.openpty()
        process = ours.command('env', f'EDITOR=sh {editor}', ours.client, '-q', '-c',
                               'lxc:///system', 'edit', domain.name, stdout=slave,
                               stderr=slave, stdin=slave)
        shown = b''
        while b'Try again?' not in shown:
            shown += os.read(master, 4096)
        os.write(master, b'y')
        self.assertEqual(process.wait(60), 0)
        os.close(slave)
        os.close(master)
        self.assertIn(b"unknown attribute 'flog' of <seccomp> (line ", shown)
        self.assertRegex(ours.virsh('dumpxml', domain.name), "<seccomp [^>]*log='on'")

    def edit(self, domain, new):
        ours = domain.instance
        process = ours.command('env', f'EDITOR=cp {new}', ours.client, '-q', '-c',
                               'lxc:///system', 'edit', domain.name,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, error = process.communicate(timeout=60)
        return process.returncode, out, error.strip()


# What the schema cannot say
ACCEPTED = ('same twice', 'on and off', 'name and number', 'right of a later ABI',
            'part of a later ABI', 'scope of nothing', 'landlock without no-new-privs')


class Validate(Case):
    """virt-xml-validate, which asks no daemon"""

    def validate(self, text, file=''):
        ours = Sandbox.instance(OurInstance)
        tools = ours.client.parent
        script = (tools / 'virt-xml-validate').read_text()
        schemas = libvirt_source(Sandbox.build) / 'src/conf/schemas'
        command = ours.work / 'virt-xml-validate'
        command.write_text(re.sub('SCHEMA=".*/', f'SCHEMA="{schemas}/', script))
        (ours.work / 'file.xml').write_text(text)
        process = ours.command(
            'env', '-C', ours.work, f"PATH={tools}:{os.environ['PATH']}", 'sh', '-c',
            f"sh {command} {file or '- <file.xml'}", stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        _, error = process.communicate(timeout=60)
        return process.returncode, error

    @rows([(f'{name}, {file}', xml, file.split()[0])
           for name, xml in REFUSED if name not in ACCEPTED
           for file in ('file.xml', '- <file.xml')])
    def test_names_mistake(self, xml, file):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=xml)
        path = ours.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        error = ours.run('define', path)[2].split(' error: ')[-1]
        status, shown = self.validate(domain.xml, '' if file == '-' else file)
        self.assertEqual(status, 3)
        self.assertIn(f'virt-lxc-policy: {error}\n', shown)

    @rows(KEPT)
    def test_accepts(self, xml):
        domain = Domain(Sandbox.instance(OurInstance), features=xml)
        status, shown = self.validate(domain.xml, 'file.xml')
        self.assertEqual((status, shown), (0, 'file.xml validates\n'))

    def test_other_type(self):
        """What is wrong with others is xmllint's to say."""
        status, shown = self.validate("<domain type='qemu'><fly/></domain>")
        self.assertEqual(status, 3)
        self.assertNotIn('virt-lxc-policy', shown)


NATIVE = '''lxc.rootfs.path = /srv/web
lxc.uts.name = web
'''


class Native(Case):
    """Configuration of LXC."""

    def convert(self, line):
        ours = Sandbox.instance(OurInstance)
        path = ours.work / 'native.conf'
        path.write_text(NATIVE + line + '\n')
        return ours.run('domxml-from-native', 'lxc-tools', path)

    @rows([
        ('some dropped', 'lxc.cap.drop = sys_time mknod\nlxc.cap.drop = 21',
         ["<sys_time state='off'/>", "<mknod state='off'/>",
          "<sys_admin state='off'/>"]),
        ('kept', 'lxc.cap.keep = chown', ["<capabilities policy='deny'>", '<chown']),
        ('no_new_privs', 'lxc.no_new_privs = 1', ["<no-new-privs state='on'/>"]),
        ('no no_new_privs', 'lxc.no_new_privs = 0',
         ["<capabilities policy='allow'/>"]),
        ('no_new_privs cleared', 'lxc.no_new_privs = 1\nlxc.no_new_privs =',
         ["<capabilities policy='allow'/>"]),
        ('no seccomp', 'lxc.seccomp.profile =', []),
        ('IDs', 'lxc.idmap = u 0 100000 65536\nlxc.idmap = g 0 100000 65536',
         ["<uid start='0' target='100000' count='65536'/>",
          "<gid start='0' target='100000' count='65536'/>"]),
        ('no IDs', 'lxc.idmap =', ["<capabilities policy='allow'/>"]),
        ('storage', 'lxc.rootfs.path = dir:/srv/other', ["<source dir='/srv/other'/>"]),
        ('an MTU', 'lxc.net.0.type = veth\nlxc.net.0.mtu = 1500', ["<interface type='ethernet'>"]),
        ('no network', 'lxc.net.0.type = empty', ['<privnet/>']),
        ('a generated profile', 'lxc.apparmor.profile = generated', []),
        ('an empty network', 'lxc.net.0.type = none\nlxc.namespace.clone = net', ['<privnet/>']),
    ])
    def test_converted(self, line, elements):
        status, text, error = self.convert(line)
        self.assertEqual(status, 0, error)
        for element in elements:
            self.assertIn(element, text)
        self.assertEqual('no-new-privs' in text, line == 'lxc.no_new_privs = 1')
        self.assertEqual('<idmap>' in text, 'idmap = u' in line)

    def test_notes(self):
        """What is only mentioned reaches the client, in a document that can be defined."""
        ours = Sandbox.instance(OurInstance)
        status, text, error = self.convert(
            'lxc.start.auto = 1\nlxc.mount.entry = tmpfs a--b tmpfs size=1m,mode=755')
        self.assertEqual(status, 0, error)
        comment, end, document = text.partition('-->\n')
        self.assertEqual(comment.splitlines()[0], '<!--')
        self.assertTrue(document.startswith('<domain '), document)
        self.assertIn("  note: configuration:3: lxc.start.auto: to start the domain with the "
                      "host, use 'virsh autostart'\n", comment)
        self.assertIn("  not converted: configuration:4: lxc.mount.entry: '/a- -b' has mode 1777",
                      comment)
        self.assertTrue(end)
        path = ours.work / 'noted.xml'
        path.write_text(text)
        ours.virsh('define', '--validate', path)
        self.addCleanup(ours.virsh, 'undefine', 'web')
        self.assertNotIn('note:', ours.virsh('dumpxml', 'web'))

    @rows([(line, line, message) for line, message in (
        ('lxc.apparmor.profile = strict', "the profile 'strict' cannot be used"),
        ('lxc.aa_profile = strict', "the profile 'strict' cannot be used"),
        ('lxc.selinux.context = a:b:c:d', 'cannot be converted'),
        ('lxc.seccomp = /etc/lxc/a.seccomp', 'is not below'),
        ('lxc.seccomp.profile = a.seccomp', 'is not an absolute path'),
        ('lxc.include = /etc/passwd', 'is not below'),
        ('lxc.prlimit.nofile = 1', 'resource limits'),
        ('lxc.net.0.script.up = /x', 'there is no equivalent'),
        ('lxc.hook.start = /x', 'programs cannot be run'),
        ('lxc.mount.entry = tmpfs run tmpfs size=1m,mode=750', 'has mode 1777'),
        ('lxc.namespace.clone = user', "no user namespace without 'lxc.idmap'"),
        ('lxc.frobnicate = 1', 'the key is not known'))])
    def test_refused(self, line, message):
        """Confinement that would be lost: key and line are named."""
        status, text, error = self.convert('lxc.net.0.type = veth\n' + line)
        self.assertNotEqual(status, 0, text)
        self.assertIn(f"configuration:4: {line.split(' ')[0]}: ", error)
        self.assertIn(message, error)

    @rows([(line, line, message) for line, message in (
        ('lxc.no_new_privs = 2', "invalid value '2' of lxc.no_new_privs"),
        ('lxc.idmap = b 0 1 2', "invalid value 'b 0 1 2' of lxc.idmap"),
        ('lxc.idmap = u 0', "invalid value 'u 0' of lxc.idmap"),
        ('lxc.cap.drop = fly', "unknown capability 'fly' in lxc.cap.drop"),
        ('lxc.rootfs.path = zfs:a/b', "invalid value 'zfs:a/b' of lxc.rootfs.path"))])
    def test_invalid(self, line, message):
        status, text, error = self.convert(line)
        self.assertNotEqual(status, 0, text)
        self.assertIn(f"'configuration' (line 3): {message}", error)


if __name__ == '__main__':
    tap.main()
