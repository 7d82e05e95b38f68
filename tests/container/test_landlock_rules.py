# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which files the rules of <fs> are about, and which starts they prevent."""

import os
import re
import shutil
import subprocess

import landlock
import tap
from harness import Domain, OurInstance, wait_for
from tap import Case, Sandbox, rows

ON_FILES = ('execute', 'write_file', 'read_file', 'truncate', 'ioctl_dev')


class RulesCase(Case):
    def domain(self, rules, job=(), missing=(), **kwargs):
        domain = Domain(
            Sandbox.instance(OurInstance), job=landlock.job(job),
            features=landlock.element(fs=landlock.probe_paths(rules, missing)),
            **kwargs)
        self.addCleanup(domain.remove)
        return domain

    def assertDeeds(self, domain, deeds):
        results = domain.run()
        self.assertEqual({deed: results[landlock.label(deed)] for deed in deeds},
                         deeds)


# What is in the container's root: {path: target of the link}
LINKS = {'up': '../../../../etc', 'tmp/out': '../..', 'abs': '/etc',
         'mnt/chain': '/up', 'loop': 'loop', 'host': '@HOST@',
         'fd': '/proc/self/fd'}


class Targets(RulesCase):
    """The root is a root: nothing leads out of it."""

    def linked(self, *args, **kwargs):
        domain = self.domain(*args, **kwargs)
        host = domain.instance.work / f'{domain.name}.host'
        host.mkdir()
        for name, target in LINKS.items():
            (domain.root / name).symlink_to(target.replace('@HOST@', str(host)))
        (domain.root / 'other').write_text('other')
        return domain

    @rows([(target, target) for target in (
        '/etc', '/etc/', '//etc/.', '/up', '/abs', '/mnt/chain', '/tmp/out/etc',
        '/mnt/../etc', '/../../../../etc', '/tmp/out/../../up/../etc')])
    def test_inside(self, target):
        deeds = {'open r /etc/passwd': 'OK', 'open r /up/passwd': 'OK',
                 'open r /abs/passwd': 'OK', 'open w /etc/passwd': 'EACCES',
                 'list /etc': 'OK', 'open r /other': 'EACCES',
                 'list /': 'EACCES', 'list /mnt': 'EACCES'}
        self.assertDeeds(self.linked({target: ['read']}, deeds), deeds)

    @rows([
        ('not there', '/nowhere', 'No such file or directory'),
        ('below a file', '/other/file', 'Not a directory'),
        ('directory of the host', '/host', 'No such file or directory'),
        ('of the host, up', '/../../host', 'No such file or directory'),
    ])
    def test_missing(self, target, why):
        domain = self.linked({target: ['read']})
        self.assertStartFails(domain, [f"'{target}'", why])
        deeds = {'open r /other': 'EACCES'}
        self.assertDeeds(self.linked({target: ['read']}, deeds, [target]), deeds)

    @rows([(f'{name}, {missing or "error"}', target, missing)
           for name, target in (('loop', '/loop'), ('magic', '/proc/self/root/etc'),
                                ('magic descriptor', '/fd/0'))
           for missing in ('', 'skip')])
    def test_no_way(self, target, missing):
        """Neither there nor missing."""
        domain = self.linked({target: ['read']},
                             missing=[target] if missing else [])
        self.assertStartFails(
            domain, [f"'{target}'", 'Too many levels of symbolic links'])

    def test_same_file_twice(self):
        """Rights of rules on one file add up."""
        deeds = {'open r /etc/passwd': 'OK', 'open w /etc/passwd': 'OK'}
        self.assertDeeds(self.linked({'/etc': ['read'], '/up': ['write']}, deeds),
                         deeds)


class Replaced(RulesCase):
    """The container replaces the target of a rule by a link to the whole tree."""

    RULES = {'/srv': ['create', 'remove'], '/srv/app': ['read']}
    DEEDS = {'open r /etc/passwd': 'EACCES', 'rmdir /srv/app': 'OK',
             'link-to / /srv/app': 'OK'}
    MESSAGE = ["'/srv/app'", "'/srv'", 'symbolic link']

    def replaced(self):
        domain = self.domain(self.RULES, self.DEEDS)
        (domain.root / 'srv' / 'app').mkdir(parents=True)
        self.assertDeeds(domain, self.DEEDS)
        self.assertTrue((domain.root / 'srv' / 'app').is_symlink())
        return domain

    def test_next_start(self):
        domain = self.replaced()
        domain.instance.virsh('destroy', domain.name)
        self.assertStartFails(domain, self.MESSAGE)

    def test_join(self):
        domain = self.replaced()
        status, _, error = domain.instance.run(
            'lxc-enter-namespace', domain.name, '--noseclabel', '--', '/probe',
            'one', 'deed', 'open', 'r', '/etc/passwd')
        self.assertNotEqual(status, 0)
        for text in self.MESSAGE:
            self.assertIn(text, error)

    def test_directory(self):
        """Another directory in its place is what the rule then applies to."""
        rules = self.RULES | {'/srv/app/deep': ['read']}
        deeds = {'list /srv/app/deep': 'OK', 'list /srv': 'EACCES'}
        domain = self.domain(rules, deeds)
        (domain.root / 'srv' / 'app' / 'deep').mkdir(parents=True)
        self.assertDeeds(domain, deeds)


LOST = landlock.lost('fs')


def known(words):
    """Those that this kernel has."""
    return [word for word in words.split() if word not in LOST]


class Words(RulesCase):
    @rows([(right, right) for right in landlock.FS_RIGHTS
           if right not in ON_FILES])
    def test_exact_on_file(self, right):
        domain = self.domain({'/etc/passwd': ['read_file', right]})
        self.assertStartFails(domain, ["'/etc/passwd'", right])

    @rows([
        ('all on a file', 'execute write_file read_file truncate ioctl_dev', 'OK',
         'OK', 'OK'),
        ('read', 'read', 'OK', 'EACCES', 'EACCES'),
        ('write', 'write', 'EACCES', 'OK', 'OK'),
        ('read create remove', 'read create remove', 'OK', 'EACCES', 'EACCES'),
    ])
    def test_on_file(self, words, read, write, truncate):
        if 'truncate' in LOST:
            truncate = 'OK'
        deeds = {'open r /etc/passwd': read, 'open w /etc/passwd': write,
                 'truncate /etc/passwd': truncate, 'open r /etc/group': 'EACCES'}
        self.assertDeeds(self.domain({'/etc/passwd': known(words)}, deeds), deeds)

    @rows([(word, word) for word in ('create', 'remove')])
    def test_nothing_is_left_of_group(self, word):
        self.assertStartFails(self.domain({'/etc/passwd': [word]}),
                              ["'/etc/passwd'"])

    @rows([(kind, kind) for kind in ('fifo', 'node')])
    def test_special_file(self, kind):
        """A special file is treated like a regular one."""
        def make(domain):
            if kind == 'fifo':
                os.mkfifo(domain.root / 'special')
            else:
                os.mknod(domain.root / 'special', 0o20666, os.makedev(1, 8))
        deeds = {'ioctl /special': 'OK'} if kind == 'node' else {
            'open rw /special': 'OK'}
        domain = self.domain({'/special': known('read write_file ioctl_dev')}, deeds)
        make(domain)
        self.assertDeeds(domain, deeds)
        domain = self.domain({'/special': ['read_dir']})
        make(domain)
        self.assertStartFails(domain, ["'/special'", 'read_dir'])


def needs_of(program):
    """The files that ldd names: (ELF interpreter, libraries)."""
    text = subprocess.run(['ldd', program], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    files = re.findall(r'(/\S+) \(0x', text)
    return ([path for path in files if '/ld-' in path],
            [path for path in files if '/ld-' not in path])


SHELL = '/bin/dash'
SCRIPT = f'''#!{SHELL}
exec /probe run /job /out sleep
'''
LOADER, LIBRARIES = needs_of(SHELL)


def shell_rules(*extra):
    """What a script with a shell that is linked dynamically cannot do without:
    [(what it is, path, rights)]"""
    return [('script', '/script', ['read_file', 'execute']),
            ('shell', SHELL, ['read_file', 'execute']),
            *(('loader', path, ['read_file', 'execute']) for path in LOADER),
            *(('library', path, ['read_file']) for path in LIBRARIES), *extra]


class Init(RulesCase):
    """The start fails when init could not be executed, and says why."""

    def scripted(self, rules, init='/script'):
        domain = self.domain(rules, ['open r /etc/passwd'], init=init)
        for path in [SHELL, *LOADER, *LIBRARIES]:
            (domain.root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, domain.root / path[1:])
        (domain.root / 'script').write_text(SCRIPT)
        (domain.root / 'script').chmod(0o755)
        (domain.root / 'link').symlink_to('etc/../script')
        (domain.root / 'second').write_text('#!/script\n')
        (domain.root / 'second').chmod(0o755)
        return domain

    @rows([
        ('script', '/script', ()), ('link', '/link', ()),
        ('script of a script', '/second',
         [('second', '/second', ['read_file', 'execute'])]),
    ])
    def test_enough(self, init, extra):
        """Nothing more is asked for than is needed."""
        rules = {path: rights for _, path, rights in shell_rules(*extra)}
        domain = self.scripted(rules, init)
        self.assertEqual(domain.run()[landlock.label('open r /etc/passwd')],
                         'EACCES')

    @rows([(path, path) for path in LIBRARIES])
    def test_library(self, path):
        """The dynamic loader, not the driver, finds that it cannot read one."""
        rules = {path: list(rights) for _, path, rights in shell_rules()}
        del rules[path]
        domain = self.scripted(rules)
        domain.define()
        _, _, error = domain.instance.run('start', domain.name)
        wait_for(lambda: domain.state() == 'shut off', 20, 'init has not ended')
        self.assertNotIn('<landlock>', error)
        self.assertEqual(domain.out.read_text(), '')

    @rows([(f'{what}, {right}', path, right)
           for what, path, rights in shell_rules() for right in rights
           if what != 'library'])
    def test_not_enough(self, path, right):
        rules = {path: list(rights) for _, path, rights in shell_rules()}
        rules[path].remove(right)
        if not rules[path]:
            del rules[path]
        self.assertStartFails(self.scripted(rules),
                              [f"'{right}'", f"'{path}'"])

    @rows([(right, right) for right in ('read_file', 'execute')])
    def test_static(self, right):
        domain = Domain(Sandbox.instance(OurInstance), features=landlock.element(
            fs=landlock.paths({'/probe': [right], '/job': ['read_file']})))
        self.addCleanup(domain.remove)
        other = ({'read_file', 'execute'} - {right}).pop()
        self.assertStartFails(domain, [f"'{other}'", "'/probe'"])

    def test_empty(self):
        domain = Domain(Sandbox.instance(OurInstance),
                        features=landlock.element(fs=''))
        self.addCleanup(domain.remove)
        self.assertStartFails(domain, ["'execute read_file'", "'/probe'"])

    def test_on_another_file_system(self):
        """A rule on a directory reaches what is mounted beneath it."""
        domain = self.domain({'/mnt': ['read', 'execute']}, init='/mnt/probe')
        tree = domain.instance.work / f'{domain.name}.tree'
        tree.mkdir()
        shutil.copy(domain.root / 'probe', tree)
        domain.xml = domain.xml.replace(
            '</init>', ''.join(['</init>', *(f'<initarg>{arg}</initarg>' for arg in
                                             ('run', '/job', '/out', 'sleep'))])
        ).replace('<console', f"<filesystem><source dir='{tree}'/>"
                  "<target dir='/mnt'/></filesystem><console")
        self.assertDeeds(domain, {})

    @rows([('root', '/'), ('directories', None)])
    def test_rule_above(self, target):
        """A rule on a directory is one on all that is beneath it."""
        tops = {'/' + path.split('/')[1]
                for path in (SHELL, *LOADER, *LIBRARIES)}
        rules = {top: ['read', 'execute'] for top in
                 ([target] if target else sorted(tops | {'/script'}))}
        self.scripted(rules).run()


if __name__ == '__main__':
    tap.main()
