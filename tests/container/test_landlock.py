# SPDX-License-Identifier: LGPL-2.1-or-later
"""<landlock> and <no-new-privs> as a whole: what kernels lack, what is left
unrestricted, and what else a domain has."""

import shutil
import subprocess

import landlock
import tap
from harness import IDMAP, Domain, Failed, OurInstance, status_of
from tap import Case, Sandbox, rows

ALL_PARTS = {'fs': landlock.probe_paths(), 'net': '', 'scope': ''}
ADMIN = "<capabilities policy='allow'/>"


class ABI(Case):
    """A kernel that is older than what the domain asks for."""

    def domain(self, mode, *parts):
        abi = landlock.host_abi()
        if not landlock.lost('fs', 'net'):
            tap.skip(f'Landlock ABI {abi} lacks nothing')
        self.abi = abi
        domain = Domain(
            Sandbox.instance(OurInstance), job=['read open r /etc/passwd'],
            features=landlock.element(
                f"mode='{mode}' abi='{landlock.NEWEST}'",
                **{part: ALL_PARTS[part] for part in parts}))
        self.addCleanup(domain.remove)
        self.lost = landlock.lost(*parts)
        return domain

    @rows([('fs', 'fs'), ('net', 'net'), ('all', 'fs', 'net', 'scope')])
    def test_required(self, *parts):
        domain = self.domain('required', *parts)
        self.assertStartFails(domain, [f'ABI {landlock.NEWEST}',
                                       f'ABI {self.abi}', *self.lost])

    @rows([('fs', 'fs'), ('net', 'net'), ('all', 'fs', 'net', 'scope')])
    def test_best_effort(self, *parts):
        domain = self.domain('best-effort', *parts)
        if self.lost == [name for part in parts for name in landlock.ABIS[part]]:
            self.assertStartFails(domain, ['cannot enforce any of the rights'])
            return
        results = domain.run()
        self.assertEqual(results['read'], 'EACCES' if 'fs' in parts else 'OK')
        ours, lost = domain.instance, ' '.join(self.lost)
        self.assertIn(f"<effective abi='{self.abi}' lost='{lost}'/>",
                      ours.virsh('dumpxml', domain.name))
        log = (ours.work / f'{ours.name}.log').read_text()
        self.assertRegex(log, f"'{domain.name}'.*{lost}")

    @rows([(mode, mode) for mode in ('required', 'best-effort')])
    def test_nothing_lost(self, mode):
        """No ABI after 6 has another scope."""
        domain = self.domain(mode, 'scope')
        if self.lost:
            tap.skip(f'Landlock ABI {self.abi} has no scopes')
        domain.run()
        self.assertIn(f"<effective abi='{self.abi}'/>",
                      domain.instance.virsh('dumpxml', domain.name))


class Parts(Case):
    @rows([
        ('none', '', 'OK'),
        ('net and scope', landlock.element(net='', scope=''), 'OK'),
        ('fs', landlock.element(fs=landlock.probe_paths()), 'EPERM'),
        ('fs that allows all',
         landlock.element(fs=landlock.paths({'/': landlock.FS_RIGHTS})), 'EPERM'),
    ])
    def test_mount(self, xml, outcome):
        domain = Domain(Sandbox.instance(OurInstance), features=ADMIN + xml,
                        job=['mount mount tmpfs /mnt'])
        self.addCleanup(domain.remove)
        self.assertEqual(domain.run()['mount'], outcome)

    @rows([
        ('fs', landlock.element(fs=landlock.probe_paths()),
         {'read': 'EACCES', 'listen': 'OK'}),
        ('net', landlock.element(net=''), {'read': 'OK', 'listen': 'EACCES'}),
        ('scope', landlock.element(scope=''), {'read': 'OK', 'listen': 'OK'}),
    ])
    def test_absent_is_unrestricted(self, xml, outcomes):
        domain = Domain(Sandbox.instance(OurInstance), features='<privnet/>' + xml,
                        job=['read open r /etc/passwd', 'listen listen 7001'])
        self.addCleanup(domain.remove)
        results = domain.run()
        self.assertEqual({name: results[name] for name in outcomes}, outcomes)


ON, OFF = ("<no-new-privs state='on'/>", "<no-new-privs state='off'/>")


class NoNewPrivs(Case):
    @rows([(f'{name}{suffix}', xml, value, mapping)
           for suffix, mapping in (('', ''), (', idmap', IDMAP))
           for name, xml, value in [
               ('absent', '', 0), ('on', ON, 1), ('plain', '<no-new-privs/>', 1),
               ('off', OFF, 0),
               ('filled in', landlock.element(scope=''), 1),
               ('with landlock', ON + landlock.element(scope=''), 1)]])
    def test_setuid_program(self, xml, value, mapping):
        domain = Domain(Sandbox.instance(OurInstance), idmap=mapping,
                        features='<privnet/>' + xml,
                        job=['as as 1000 exec program /setuid status'])
        self.addCleanup(domain.remove)
        program = domain.root / 'setuid'
        shutil.copy2(domain.root / 'probe', program)
        if mapping:
            shutil.chown(program, 100000, 100000)
        program.chmod(0o4755)
        results = domain.run()
        self.assertEqual(status_of(domain.init())['NoNewPrivs'], str(value))
        self.assertEqual(results['program.Uid'].split()[1],
                         '1000' if value else '0')
        self.assertEqual(int(results['program.CapEff'], 16) == 0, bool(value))

    @rows([
        ('root', '', ''), ('alice', '<inituser>alice</inituser>', ''),
        ('deny', '', "<capabilities policy='deny'/>"),
        ('alice, deny', '<inituser>alice</inituser>',
         "<capabilities policy='deny'/>"),
        ('alice keeps what is listed', '<inituser>alice</inituser>',
         "<capabilities policy='deny'><chown/></capabilities>"),
    ])
    def test_capabilities_are_the_same(self, user, features):
        """That is, init's execve(2) gives it what it would without."""
        sets = []
        for xml in ('', ON, landlock.element(scope='', net='')):
            domain = Domain(Sandbox.instance(OurInstance), user=user,
                            features=features + xml)
            self.addCleanup(domain.remove)
            domain.run()
            status = status_of(domain.init())
            sets.append({name: value for name, value in status.items()
                         if name.startswith('Cap')})
        self.assertEqual(sets[1:], sets[:1] * 2)


FILESYSTEM = '''<filesystem type='{kind}'>{driver}
  <source {source}/><target dir='{target}'/>{readonly}</filesystem>'''

IN_MOUNT = {'open r /mnt/open/file': 'OK', 'open w /mnt/open/file': 'OK',
            'list /mnt': 'EACCES', 'open r /mnt/closed/file': 'EACCES',
            'open r /etc/passwd': 'EACCES'}
IN_READ_ONLY = IN_MOUNT | {'open w /mnt/open/file': 'EROFS'}


def directory(test, domain):
    return 'mount', '', f"dir='{test.tree(domain)}'"


def within(test, domain):
    """A directory of the container's root itself, at a second place."""
    shutil.copytree(test.tree(domain), domain.root / 'inner')
    return 'bind', '', "dir='/inner'"


def image(test, domain):
    path = domain.instance.work / f'{domain.name}.img'
    if not (shutil.which('mke2fs') and shutil.which('losetup')):
        tap.skip('no mke2fs, no losetup')
    subprocess.run(['mke2fs', '-q', '-t', 'ext4', '-d', test.tree(domain), path,
                    '4M'], check=True, stdout=subprocess.DEVNULL)
    return path


def image_file(test, domain):
    return ('file', "<driver type='loop' format='raw'/>",
            f"file='{image(test, domain)}'")


def block_device(test, domain):
    device = subprocess.run(
        ['losetup', '--find', '--show', image(test, domain)], check=True,
        text=True, stdout=subprocess.PIPE).stdout.strip()
    test.addCleanup(subprocess.run, ['losetup', '-d', device], check=False)
    return 'block', '', f"dev='{device}'"


class FileSystems(Case):
    """Rules on what is mounted into the container's root."""

    RULES = {'/mnt/open': ['read', 'write']}

    @rows([(f"{name}{', read-only' if readonly else ''}", source, readonly)
           for name, source in [
               ('mount', directory), ('bind', within), ('file', image_file),
               ('block', block_device)]
           for readonly in ('', '<readonly/>')])
    def test_second(self, source, readonly):
        deeds = IN_READ_ONLY if readonly else IN_MOUNT
        domain = self.domain(deeds)
        kind, driver, where = source(self, domain)
        self.add(domain, kind=kind, driver=driver, source=where, target='/mnt',
                 readonly=readonly)
        self.assertDeeds(domain, deeds)

    def test_ram(self):
        deeds = {'create /mnt/file': 'OK', 'open r /mnt/file': 'EACCES'}
        domain = self.domain(deeds, {'/mnt': ['make_reg', 'write_file']})
        self.add(domain, kind='ram', driver='', source="usage='1024' units='KiB'",
                 target='/mnt', readonly='')
        self.assertDeeds(domain, deeds)

    def test_rule_on_what_is_mounted_twice(self):
        """It is about the directory, whichever way leads there."""
        deeds = {'open r /inner/open/file': 'OK', 'open r /mnt/open/file': 'OK',
                 'open r /inner/closed/file': 'EACCES'}
        domain = self.domain(deeds)
        kind, driver, where = within(self, domain)
        self.add(domain, kind=kind, driver=driver, source=where, target='/mnt',
                 readonly='')
        self.assertDeeds(domain, deeds)

    def test_many(self):
        deeds = {'open r /mnt/a/open/file': 'OK',
                 'open r /mnt/b/open/file': 'EACCES',
                 'open r /mnt/c/open/file': 'OK'}
        domain = self.domain(deeds, {'/mnt/a': ['read'], '/mnt/c': ['read']})
        for name in 'abc':
            (domain.root / 'mnt' / name).mkdir()
            self.add(domain, kind='mount', driver='', readonly='',
                     source=f"dir='{self.tree(domain, name)}'",
                     target=f'/mnt/{name}')
        self.assertDeeds(domain, deeds)

    def test_read_only_root(self):
        deeds = {'open r /etc/passwd': 'OK', 'open w /etc/passwd': 'EROFS',
                 'open r /etc/group': 'EACCES', 'create /mnt/new': 'OK'}
        domain = self.domain(deeds, {'/etc/passwd': ['read', 'write'],
                                     '/mnt': ['read', 'write', 'create']})
        domain.xml = (domain.xml.replace("<target dir='/'/>",
                                         "<target dir='/'/><readonly/>")
                      .replace('/out', '/mnt/out'))
        tree = self.tree(domain)
        domain.out = tree / 'out'
        domain.out.write_text('')
        self.add(domain, kind='mount', driver='', source=f"dir='{tree}'",
                 target='/mnt', readonly='')
        self.assertDeeds(domain, deeds)

    @rows([(f"{name}{', alice' if user else ''}", mapping, user)
           for name, mapping in (('host ids', ''), ('idmap', IDMAP))
           for user in ('', '<inituser>alice</inituser>')])
    def test_second_for(self, mapping, user):
        """Rules are made with root's eyes, and permissions still count."""
        deeds = {'open r /mnt/open/file': 'OK', 'open r /mnt/open/private':
                 'EACCES' if user or mapping else 'OK'}
        domain = self.domain(deeds, idmap=mapping, user=user)
        self.add(domain, kind='mount', driver='',
                 source=f"dir='{self.tree(domain)}'", target='/mnt', readonly='')
        self.assertDeeds(domain, deeds)

    def domain(self, deeds, rules=None, **kwargs):
        domain = Domain(
            Sandbox.instance(OurInstance), job=landlock.job(deeds),
            features='<privnet/>' + landlock.element(
                fs=landlock.probe_paths(rules or self.RULES)), **kwargs)
        self.addCleanup(domain.remove)
        return domain

    def tree(self, domain, name='tree'):
        top = domain.instance.work / f'{domain.name}.{name}'
        for name in ('open', 'closed'):
            (top / name).mkdir(parents=True)
            (top / name / 'file').write_text('text')
        (top / 'open' / 'private').write_text('text')
        (top / 'open' / 'private').chmod(0o600)
        return top

    def add(self, domain, **values):
        domain.xml = domain.xml.replace(
            '<console', FILESYSTEM.format(**values) + '<console')

    def assertDeeds(self, domain, deeds):
        domain.define()
        before = domain.instance.snapshot()
        domain.start()
        results = domain.results()
        self.assertEqual({deed: results[landlock.label(deed)] for deed in deeds},
                         deeds)
        domain.instance.virsh('destroy', domain.name)
        self.assertNothingLeft(domain.instance, before)


TUN = '''<hostdev mode='capabilities' type='misc'>
  <source><char>/dev/net/tun</char></source></hostdev>'''


class Document(Case):
    @rows([
        ('fs', landlock.element('', fs=''), 1),
        ('net', landlock.element('', net=''), landlock.NET_ABI),
        ('scope', landlock.element('', scope=''), landlock.SCOPE_ABI),
        ('best-effort', landlock.element("mode='best-effort'", net=''), landlock.NET_ABI),
    ])
    def test_filled_in(self, xml, needed):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=xml)
        self.addCleanup(domain.remove)
        if landlock.host_abi() < needed:
            with self.assertRaisesRegex(Failed, f'needs Landlock ABI {needed}, but the '
                                        f'domain has ABI {landlock.host_abi()}'):
                domain.define()
            return
        domain.define()
        first = ours.virsh('dumpxml', domain.name)
        self.assertRegex(first, "<no-new-privs state='on'/>")
        self.assertRegex(first, f"<landlock mode='[a-z-]+' "
                                f"abi='{landlock.host_abi()}' log='off'>")
        domain.xml = first
        domain.define()
        self.assertEqual(ours.virsh('dumpxml', domain.name), first)

    def test_abi_is_kept(self):
        """The host's is not what the domain was given."""
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=landlock.element(
            "abi='1'", fs=landlock.probe_paths()))
        self.addCleanup(domain.remove)
        domain.run()
        text = ours.virsh('dumpxml', domain.name)
        self.assertRegex(text, "<landlock mode='required' abi='1' log='off'>")
        self.assertRegex(text, "<effective abi='1'/>")
        self.assertNotRegex(ours.virsh('dumpxml', '--inactive', domain.name),
                            '<effective')

    def test_transient(self):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=landlock.element('', fs=landlock.probe_paths()))
        self.addCleanup(domain.remove)
        path = ours.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        ours.virsh('create', path)
        domain.results()
        text = ours.virsh('dumpxml', domain.name)
        for part in ("<no-new-privs state='on'>", f"abi='{landlock.host_abi()}'",
                     f"<effective abi='{landlock.host_abi()}'/>"):
            self.assertIn(part, text)

    def test_effective_stays(self):
        """Whatever else of the running domain is changed."""
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=landlock.element(
            "abi='1'", fs=landlock.probe_paths()))
        self.addCleanup(domain.remove)
        domain.run()
        device = ours.work / f'{domain.name}-device.xml'
        device.write_text(TUN)
        for command in (['attach-device', domain.name, device, '--live'],
                        ['desc', domain.name, '--live', '--config', 'text'],
                        ['detach-device', domain.name, device, '--live']):
            ours.virsh(*command)
            self.assertIn("<effective abi='1'/>",
                          ours.virsh('dumpxml', domain.name), command)
            self.assertNotIn('<effective', ours.virsh('dumpxml', '--inactive',
                                                      domain.name), command)

    def test_abi_decides_what_is_handled(self):
        """truncate came with ABI 3, TCP with 4: they are not restricted."""
        domain = Domain(
            Sandbox.instance(OurInstance), job=['truncate truncate /etc/passwd',
                                                'write open w /etc/passwd'],
            features=landlock.element("abi='2'", fs=landlock.probe_paths()))
        self.addCleanup(domain.remove)
        results = domain.run()
        self.assertEqual((results['truncate'], results['write']),
                         ('OK', 'EACCES'))


if __name__ == '__main__':
    tap.main()
