#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""virt-lxc-policy without a daemon: arguments, input, output, JSON, the manual.

Usage: test_program.py PROGRAM ROOT [TEST...]
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import jsonschema

import page

PROGRAM = Path(sys.argv[1]).resolve()
ROOT = Path(sys.argv[2]).resolve()
DATA = ROOT / 'tests' / 'data' / 'tools'
SCHEMA = ROOT / 'src' / 'tools' / 'lxcpolicy.schema.json'
PAGE = ROOT / 'docs' / 'virt-lxc-policy.rst'
COMPLETION = ROOT / 'src' / 'tools' / 'bash-completion' / 'virt-lxc-policy'
YES, NO, FAILED = 0, 1, 2
ENVIRONMENT = {'PATH': f'{PROGRAM.parent}:/usr/bin:/bin', 'LC_ALL': 'C.UTF-8'}

# For each verb, arguments with which it prints JSON, in the directory of the data
JSON = {
    'check': [['web.xml'], ['--host', 'host.xml', 'web.xml'],
              ['--host', 'host.xml', 'newer.xml'], ['bad.xml']],
    'compare': [[str(ROOT / 'tests/data/compare' / case / name) for name in ('from.xml', 'to.xml')]
                for case in ('capabilities', 'seccomp-conditions', 'everything')],
    'groups': [[], ['swap']],
    'import': [[str(ROOT / 'tests/data/import' / case), *more] for case, more in (
        ('oci-config/whole/in.json', []), ('oci-config/losses/in.json', []),
        ('lxc-config/limits/in.conf', ['--lossy']))],
    'score': [[str(ROOT / 'tests/data/score/rows/idmap' / name)]
              for name in ('exposed.xml', 'improved.xml')],
    'show': [['web.xml']],
}


def run(*arguments, **options):
    options.setdefault('stdin', None if 'input' in options else subprocess.DEVNULL)
    if options['stdin'] is None:
        del options['stdin']
    return subprocess.run([PROGRAM, *arguments], env=ENVIRONMENT, capture_output=True,
                          text=True, check=False, **options)


def verbs():
    listed = re.search(r'^Verbs:\n(.*?)\n\n', run('--help').stdout, re.M | re.S).group(1)
    return [line.split()[0] for line in listed.split('\n')]


class Arguments(unittest.TestCase):
    def fails(self, message, *arguments):
        done = run(*arguments)
        self.assertEqual((done.returncode, done.stdout), (FAILED, ''))
        self.assertIn(message, done.stderr)

    def test_help(self):
        for arguments in [['--help'], *([verb, '--help'] for verb in verbs())]:
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stderr), (YES, ''))
            self.assertIn('Usage:\n  ' + ' '.join(['virt-lxc-policy', *arguments[:-1]]),
                          done.stdout)

    def test_version(self):
        self.assertRegex(run('--version').stdout,
                         r'^virt-lxc-policy \(libvirt-lxc-confinement\) \d+\.\d+\.\d+\n$')

    def test_errors(self):
        self.fails('the verb is missing')
        self.fails("unknown verb 'frobnicate'", 'frobnicate')
        self.fails('Unknown option --frobnicate', '--frobnicate')
        self.fails('Unknown option --frobnicate', 'groups', '--frobnicate')
        self.fails("'groups' takes other arguments: [GROUP]", 'groups', 'swap', 'sync')
        self.fails("unknown group 'frobnicate' of system calls", 'groups', 'frobnicate')
        self.fails("Try 'virt-lxc-policy groups --help'.", 'groups', 'swap', 'sync')

    def test_options_before_and_after_the_verb(self):
        first = run('--json', 'groups', 'swap')
        self.assertEqual(first.returncode, YES)
        self.assertEqual(json.loads(first.stdout)['groups'][0]['calls'], ['swapoff', 'swapon'])
        self.assertEqual(run('groups', '--json', 'swap').stdout, first.stdout)
        self.assertEqual(run('groups', 'swap', '--json').stdout, first.stdout)
        self.assertEqual(run('groups', '--json', '--', 'swap').stdout, first.stdout)

    def test_files(self):
        self.fails("'x' is not a file: its path must contain a '/' or end in '.xml'", 'show', 'x')
        self.fails("cannot open './missing': No such file or directory", 'show', './missing')
        self.fails("cannot read '/': Is a directory", 'show', '/')

    def fails_with(self, message, text):
        done = run('show', '-', input=text)
        self.assertEqual((done.returncode, done.stdout), (FAILED, ''))
        self.assertEqual(done.stderr, f'virt-lxc-policy: {message}\n')

    def test_documents(self):
        head = "<domain type='lxc'>\n<name>web</name>\n"
        self.fails_with("'-' is not well-formed XML: Opening and ending tag mismatch: domain "
                        'line 1 and name (line 1, column 16)', '<domain></name>')
        self.fails_with("'-' is not well-formed XML: Document is empty (line 1, column 1)", '')
        self.fails_with("'-' is a <network>, not a <domain> or <features> (line 1)", '<network/>')
        self.fails_with("the domain is of type 'kvm', but only domains of type 'lxc' can be "
                        'examined (line 1)', "<domain type='kvm'/>")
        self.fails_with("unknown capability 'kil' in <capabilities> (line 4)",
                        f'{head}<features><capabilities>\n<kil/></capabilities></features>'
                        '</domain>')
        self.fails_with("document '-' declares entities, which are not supported",
                        '<!DOCTYPE domain [<!ENTITY a "x">]>' + head + '</domain>')
        self.fails_with("invalid value '?31m?' for attribute 'state' of <no-new-privs> (line 1): "
                        "expected 'on' or 'off'",
                        "<features><no-new-privs state='&#x9b;31m&#10;'/></features>")
        self.fails_with("'-' contains a NUL byte", head + '\0</domain>')

    def test_limits(self):
        """4 MiB, and the depth that libxml2 allows"""
        space = ' ' * (4 * 1024 * 1024 - len("<domain type='lxc'/>"))
        self.assertEqual(run('show', '-', input=f"<domain type='lxc'/>{space}").returncode, NO)
        self.fails_with("'-' is longer than 4194304 bytes", f"<domain type='lxc'/>{space} ")
        done = run('show', '-', input='<a>' * 100000)
        self.assertEqual((done.returncode, done.stdout), (FAILED, ''))
        self.assertIn('depth', done.stderr)

    def test_control_sequences(self):
        """What a document contains does not reach the terminal as it is."""
        path = "<path target='/a\u009bb' allow='read'/>"
        features = f'<features><landlock><fs>{path}</fs></landlock></features>'
        done = run('check', '-', input=features)
        self.assertEqual((done.returncode, done.stderr), (YES, ''))
        self.assertIn("target='/a&#155;b'", done.stdout)
        done = run('check', '--json', '-', input=features)
        self.assertIn('/a&#155;b', json.loads(done.stdout)['effective']['xml'])
        done = run('check', '-', input="<domain type='lxc'><name>a\u009bb</name></domain>")
        self.assertTrue(done.stdout.startswith('a?b: would start\n'), done.stdout)

    def test_features_alone(self):
        done = run('show', '-', input='<features/>')
        self.assertEqual((done.returncode, done.stderr), (NO, ''))

    def test_output_that_cannot_be_written(self):
        """It fails for every verb, and for help, however little has been printed."""
        cases = [['--help'], ['--version'], *([verb, '--help'] for verb in verbs())]
        for verb, arguments in JSON.items():
            cases += [[verb, *more] for more in arguments]
            cases += [[verb, '--json', *more] for more in arguments]
        with open('/dev/full', 'w', encoding='ascii') as full:
            for arguments in cases:
                with self.subTest(arguments=arguments):
                    complete = run(*arguments, cwd=DATA)
                    done = subprocess.run([PROGRAM, *arguments], env=ENVIRONMENT, stdout=full,
                                          cwd=DATA, stderr=subprocess.PIPE, text=True, check=False)
                    if complete.stdout:
                        self.assertEqual(done.returncode, FAILED)
                        self.assertIn('No space left on device', done.stderr)
                    else:
                        self.assertEqual((arguments[0], done.returncode), ('import', NO))
                    closed = subprocess.run(['sh', '-c', '"$@" >&-', 'sh', PROGRAM, *arguments],
                                            env=ENVIRONMENT, cwd=DATA, stderr=subprocess.DEVNULL,
                                            check=False)
                    self.assertEqual(closed.returncode, done.returncode)

class Documents(unittest.TestCase):
    def setUp(self):
        with open(SCHEMA, encoding='utf-8') as schema:
            self.schema = json.load(schema)

    def test_schema_is_valid(self):
        jsonschema.Draft202012Validator.check_schema(self.schema)
        self.assertEqual([each['$ref'] for each in self.schema['anyOf']],
                         [f'#/$defs/{verb}' for verb in verbs()])

    def test_json_conforms(self):
        self.assertEqual(sorted(JSON), sorted(verbs()))
        for verb, cases in JSON.items():
            schema = {**self.schema, 'anyOf': [{'$ref': f'#/$defs/{verb}'}]}
            validator = jsonschema.Draft202012Validator(schema)
            for arguments in cases:
                with self.subTest(verb=verb, arguments=arguments):
                    done = run(verb, '--json', *arguments, cwd=DATA)
                    self.assertIn(done.returncode, (YES, NO), done.stderr)
                    validator.validate(json.loads(done.stdout))
                    with self.assertRaises(jsonschema.ValidationError):
                        validator.validate({**json.loads(done.stdout), 'other': 1})


class Import(unittest.TestCase):
    CONFIG = {'process': {'args': ['sh'], 'env': ['PATH=/usr/bin:/bin'], 'capabilities': {}},
              'root': {'path': 'rootfs'},
              'linux': {'resources': {'memory': {'limit': 1 << 20},
                                      'devices': [{'allow': True, 'access': 'rwm'}]}}}

    def imported(self, config, *options, program=None):
        """The status, and the JSON, for the bundle 'web'."""
        with tempfile.TemporaryDirectory() as name:
            bundle = Path(name, 'web')
            bundle.mkdir()
            (bundle / 'config.json').write_text(json.dumps(config))
            if program:
                (bundle / program).parent.mkdir(parents=True)
                (bundle / program).write_text('')
                (bundle / program).chmod(0o755)
            done = run('import', '--json', *options, bundle / 'config.json')
        self.assertEqual(done.stdout == '', done.returncode == FAILED)
        found = json.loads(done.stdout) if done.stdout else None
        if found and found['xml']:
            found['xml'] = found['xml'].replace(name, 'DIRECTORY')
        return done.returncode, found or done.stderr

    def test_bundle(self):
        """The program is found in the root directory, and paths start from the bundle."""
        status, found = self.imported(self.CONFIG, program='rootfs/usr/bin/sh')
        self.assertEqual((status, found['findings']), (YES, []))
        self.assertIn('<name>web</name>', found['xml'])
        self.assertIn('<init>/usr/bin/sh</init>', found['xml'])
        self.assertIn("<source dir='DIRECTORY/web/rootfs'/>", found['xml'])
        status, found = self.imported(self.CONFIG)
        self.assertEqual((status, [each['name'] for each in found['findings']]),
                         (NO, ['process.args[0]']))

    def test_features(self):
        status, found = self.imported(self.CONFIG, '--features')
        self.assertEqual((status, found['xml']), (NO, None))
        self.assertEqual([each['name'] for each in found['findings'] if each['lost']],
                         ['linux.resources.memory'])
        status, found = self.imported(self.CONFIG, '--features', '--lossy')
        self.assertEqual((status, found['xml'].split('\n')[0]), (YES, '<features>'))

    def test_standard_input(self):
        """It has no directory, and no name."""
        def imported(root, **more):
            config = {**self.CONFIG, 'root': {'path': root}, **more}
            done = run('import', '--json', '-', input=json.dumps(config))
            return done.returncode, done.stdout and json.loads(done.stdout), done.stderr
        status, found, _ = imported('rootfs', hostname='web')
        self.assertEqual((status, found['findings'][0]['name']), (NO, 'root.path'))
        self.assertIn('the directory of the document is not known', found['findings'][0]['text'])
        status, _, error = imported('/')
        self.assertEqual(status, FAILED)
        self.assertIn("'hostname' is missing", error)
        self.assertEqual(imported('/', hostname='web')[0], YES)


class Compare(unittest.TestCase):
    def status(self, *documents):
        """The exit status for two documents, of which the second is standard input."""
        with tempfile.TemporaryDirectory() as name:
            first = Path(name, 'first.xml')
            first.write_text(f'<features>{documents[0]}</features>')
            done = run('compare', first, '-', input=f'<features>{documents[1]}</features>')
        self.assertEqual(done.stdout == '', done.returncode == FAILED)
        return done.returncode

    def test_statuses(self):
        on, off = "<no-new-privs state='on'/>", "<no-new-privs state='off'/>"
        traced = ("<seccomp policy='allow'><syscall name='chroot' action='trace' errno='%u'/>"
                  "</seccomp>")
        self.assertEqual(self.status(on, on), YES)
        self.assertEqual(self.status(off, on), YES)
        self.assertEqual(self.status(on, off), NO)
        self.assertEqual(self.status(traced % 1, traced % 1), YES)
        self.assertEqual(self.status(traced % 1, traced % 2), NO)
        self.assertEqual(self.status(on, '<no-new-privs state="maybe"/>'), FAILED)
        self.assertEqual(self.status("<seccomp profile='of-nobody'/>", on), FAILED)

    def test_host(self):
        """Its Landlock ABI is 6, which does not have UDP."""
        with tempfile.TemporaryDirectory() as name:
            def status(*landlock):
                paths = []
                for i, attributes in enumerate(landlock):
                    paths.append(Path(name, f'{i}.xml'))
                    paths[i].write_text(
                        f'<features><landlock {attributes}><net/></landlock></features>')
                done = run('compare', '--host', DATA / 'host.xml', *paths)
                self.assertEqual(done.stdout == '', done.returncode == FAILED)
                return done.returncode
            self.assertEqual(status("abi='6'", "abi='11' mode='best-effort'"), YES)
            self.assertEqual(status("abi='6'", "abi='3' mode='best-effort'"), FAILED)
            self.assertEqual(status("abi='6'", "abi='11'"), FAILED)
        done = run('score', '--host', DATA / 'bad.xml', DATA / 'web.xml')
        self.assertEqual((done.returncode, done.stdout), (FAILED, ''))

    def test_namespaces(self):
        def domain(features='', devices='', shared=''):
            return ("<domain type='lxc' xmlns:lxc='http://libvirt.org/schemas/domain/lxc/1.0'>"
                    f'<name>x</name><features>{features}</features><devices>{devices}</devices>'
                    f'<lxc:namespace>{shared}</lxc:namespace></domain>')
        def share(what, name):
            return domain('<privnet/>', shared=f"<lxc:share{what} type='name' value='{name}'/>")
        host, own = domain(), domain('<privnet/>')
        interface = domain(devices="<interface type='bridge'/>")
        device = domain(devices="<hostdev mode='capabilities' type='net'/>")
        some, private = '<features/>', '<features><privnet/></features>'
        rows = [
            (own, own, 'equal'), (own, interface, 'equal'), (own, device, 'equal'),
            (own, host, 'looser'), (host, own, 'tighter'), (own, share('net', 'a'), 'looser'),
            (share('net', 'a'), own, 'tighter'), (share('net', 'a'), share('net', 'a'), 'equal'),
            (share('net', 'a'), share('net', 'b'), 'unprovable'),
            (host, share('net', 'a'), 'unprovable'), (share('net', 'a'), host, 'unprovable'),
            (own, share('ipc', 'a'), 'looser'), (share('uts', 'a'), own, 'tighter'),
            (private, private, 'equal'), (private, host, 'equal'), (private, some, 'unprovable'),
            (some, some, 'equal'), (some, private, 'tighter'), (own, some, 'equal'),
            (some, host, 'equal')]
        with tempfile.TemporaryDirectory() as name:
            first, second = Path(name, 'first.xml'), Path(name, 'second.xml')
            for i, (before, after, relation) in enumerate(rows):
                first.write_text(before)
                second.write_text(after)
                done = run('compare', '--json', first, second)
                self.assertEqual(json.loads(done.stdout)['leaves']['namespaces'], relation, i)
                self.assertEqual(done.returncode, YES if relation in ('equal', 'tighter') else NO)

    def test_users(self):
        def domain(target=None, user=''):
            idmap = ''.join(f"<{kind} start='0' target='{target}' count='9'/>"
                            for kind in ('uid', 'gid'))
            return ("<domain type='lxc'><name>x</name>"
                    + (f'<idmap>{idmap}</idmap>' if target is not None else '')
                    + f'<os>{user and f"<inituser>{user}</inituser>"}</os>'
                    "<features><capabilities policy='deny'/></features></domain>")
        plain, mapped = domain(), domain(1000)
        some = "<features><capabilities policy='deny'/></features>"
        rows = [
            (plain, mapped, 'tighter'), (mapped, plain, 'looser'), (mapped, mapped, 'equal'),
            (mapped, domain(0), 'looser'), (domain(0), mapped, 'tighter'),
            (mapped, domain(2000), 'unprovable'), (plain, domain(0), 'unprovable'),
            (plain, domain(user='1000'), 'tighter'), (domain(user='1000'), plain, 'looser'),
            (domain(user='+0'), plain, 'equal'), (domain(user='a'), domain(user='a'), 'equal'),
            (domain(user='a'), domain(user='b'), 'unprovable'),
            (mapped, some, 'equal'), (some, domain(user='a'), 'equal')]
        with tempfile.TemporaryDirectory() as name:
            first, second = Path(name, 'first.xml'), Path(name, 'second.xml')
            for i, (before, after, relation) in enumerate(rows):
                first.write_text(before)
                second.write_text(after)
                leaves = json.loads(run('compare', '--json', first, second).stdout)['leaves']
                self.assertEqual(leaves['user-namespaces'], relation, i)


class Terminal(unittest.TestCase):
    def test_no_control_sequences(self):
        """Not from a document either; JSON has to keep the text."""
        name = 'a\x9b31m\u202e\x7f\U000e0041b\U0001f600'
        document = f"<domain type='lxc'><name>{name}</name></domain>"
        for verb in ('check', 'show'):
            done = run(verb, '--json', '-', input=document)
            self.assertEqual(json.loads(done.stdout)['domain'], name)
            for text in (done.stdout, run(verb, '-', input=document).stdout):
                self.assertTrue(text.replace('\n', '').isprintable(), text)

    def test_no_lines_from_a_document(self):
        for features in ('', "<capabilities policy='x&#10;b: would start'/>",
                         "<seccomp><syscall name='getpid' action='notify'/>"
                         "<listener path='/a&#10;b: would start'/></seccomp>"):
            done = run('check', '--host', DATA / 'host.xml', '-', input=(
                "<domain type='lxc'><name>a\nb: would start</name>"
                f'<features>{features}</features></domain>'))
            self.assertNotIn('b: would start', done.stdout.splitlines(), features)
            self.assertNotEqual(done.returncode, FAILED)


class Score(unittest.TestCase):
    def score(self, *arguments, features='<kernel-files/>'):
        return run('score', '--host', DATA / 'host.xml', *arguments, '-',
                   input=f'<features>{features}</features>')

    def test_threshold(self):
        deny = "<capabilities policy='deny'/>"
        inexact = 0
        for features in ('<kernel-files/>', deny, deny + '<no-new-privs/>',
                         deny + '<no-new-privs/><seccomp policy="allow"/>'):
            hundredths = json.loads(self.score('--json', features=features).stdout)['hundredths']
            # 1.15 * 100 is less than 115, for example.
            inexact += hundredths / 100 * 100 < hundredths
            self.assertEqual(self.score(features=features).returncode, YES)
            for more, status in ((0, YES), (1, YES), (-1, NO)):
                threshold = f'{(hundredths + more) / 100:.2f}'
                self.assertEqual(
                    self.score('--threshold', threshold, features=features).returncode, status)
        self.assertGreater(inexact, 0)
        for wrong in ('-1', '10.1', 'nan', 'x'):
            self.assertEqual(self.score(f'--threshold={wrong}').returncode, FAILED)

    def test_checks_are_documented(self):
        checks = json.loads(self.score('--json').stdout)['checks']
        text = PAGE.read_text(encoding='utf-8').partition('\nThe checks:\n')[2]
        listed = re.findall(r'^``([a-z-]+)``\n(?:   .*\n)*?.*Weight\s+(\d+)\.$', text, re.M)
        self.assertEqual(sorted(listed),
                         sorted((check['name'], str(check['weight'])) for check in checks))

    def test_filter_that_permits(self):
        for features in ('<seccomp policy="allow"/>',
                         '<seccomp policy="deny"><denied action="log"/></seccomp>'):
            found = {check['name']: check['exposure'] for check in json.loads(
                self.score('--json', features=features).stdout)['checks']}
            self.assertEqual((found['system-calls'], found['io-uring']), (50, 100))

    def test_mapping_of_root(self):
        for target, exposure in ((0, 100), (1000, 0)):
            mapping = f"start='0' target='{target}' count='9'"
            done = run('score', '--json', '-', input=(
                f'<domain type="lxc"><idmap><uid {mapping}/><gid {mapping}/></idmap></domain>'))
            [idmap] = [check for check in json.loads(done.stdout)['checks']
                       if check['name'] == 'idmap']
            self.assertEqual(idmap['exposure'], exposure)

    def test_a_features_element_has_no_idmap(self):
        applies = {check['name']: check['applies']
                   for check in json.loads(self.score('--json').stdout)['checks']}
        self.assertEqual([name for name in applies if not applies[name]],
                         ['idmap', 'host-network', 'init-user'])


class Floor(unittest.TestCase):
    """On a host with all capabilities"""

    def test_examples(self):
        """None is weaker than the floor beside it."""
        examples = sorted((ROOT / 'examples').glob('*.xml'))
        self.assertTrue(examples)
        for path in examples:
            with self.subTest(example=path.name):
                done = run('compare', '-H', str(ROOT / 'tests/data/report/newest/domcaps.xml'),
                           str(ROOT / 'examples/floor/floor.xml'), str(path))
                self.assertEqual(done.returncode, 0, done.stdout)


class Adjuster(unittest.TestCase):
    """examples/adjuster"""

    def adjust(self, text, operation='adjust'):
        return subprocess.run([ROOT / 'examples/adjuster/60-tighten', 'web', operation],
                              input=text, capture_output=True, text=True, check=False)

    def test_bad_input(self):
        for text in ('', '<domain>', 'no XML'):
            done = self.adjust(text)
            self.assertEqual((done.returncode, done.stdout), (NO, ''))
            self.assertRegex(done.stderr, '^What is on standard input is not XML: .*\\.\n$')

    def test_policies(self):
        """Each becomes tighter, is on the floor then, and is not changed again."""
        for features in ('', '<features/>', '<features><capabilities policy="allow"/></features>',
                         '<features><capabilities><syslog/></capabilities></features>',
                         '<features><capabilities policy="deny"><chown/><bpf state="on"/>'
                         '</capabilities><seccomp policy="default"/></features>'):
            weak = f"<domain type='lxc'><name>web</name>{features}</domain>"
            with self.subTest(features=features):
                tight = self.adjust(weak).stdout
                self.assertEqual(self.compare(weak, tight).returncode, YES)
                floor = (ROOT / 'examples/floor/floor.xml').read_text(encoding='utf-8')
                self.assertEqual(self.compare(floor, weak).returncode, NO)
                self.assertEqual(self.compare(floor, tight).returncode, YES)
                self.assertEqual(self.adjust(tight).stdout, '')

    def compare(self, one, other):
        with tempfile.TemporaryDirectory() as name:
            Path(name, 'one.xml').write_text(one, encoding='utf-8')
            return run('compare', '-H', str(ROOT / 'tests/data/report/newest/domcaps.xml'),
                       f'{name}/one.xml', '-', input=other)

    def test_rest_of_the_domain(self):
        """It is kept, and so is what the policy denies already."""
        rest = ("<lxc:namespace xmlns:lxc='http://libvirt.org/schemas/domain/lxc/1.0'>"
                "<lxc:sharenet type='netns' value='a &lt;b'/></lxc:namespace>")
        tight = self.adjust(f"<domain type='lxc'>{rest}<features><capabilities policy='deny'>"
                            "<chown/></capabilities></features></domain>").stdout
        self.assertIn(rest.replace("'", '"'), tight)
        self.assertIn('<capabilities policy="deny"><chown/></capabilities>', tight)

    def test_validate(self):
        """It and the hook fail for a domain that would be changed, and print nothing."""
        weak = "<domain type='lxc'/>"
        tight = self.adjust(weak).stdout
        for operation in ('validate', 'prepare'):
            done = self.adjust(weak, operation)
            self.assertEqual((done.returncode, done.stdout), (NO, ''))
            self.assertIn("The policy of domain 'web' must be tighter.", done.stderr)
            self.assertEqual(self.adjust(tight, operation).returncode, YES)
        self.assertEqual(self.adjust(weak, 'release').returncode, YES)


class Manual(unittest.TestCase):
    """Other verbs than those that need a running domain"""

    def test_examples(self):
        text = PAGE.read_text(encoding='utf-8')
        seen = set()
        for commands in page.examples(text):
            seen |= {word for command, _ in commands for word in command.split()}
            if page.needs_domain(commands):
                continue
            with self.subTest(example=commands[0][0]), tempfile.TemporaryDirectory() as name:
                shutil.copy(DATA / 'host.xml', name)
                wrong = page.differences(commands, Path(name), ENVIRONMENT)
                self.assertEqual(wrong, [], '\n'.join(wrong))
        for verb in verbs():
            self.assertIn(f'\n{verb.upper()}\n====', text)
            self.assertIn(f'**{verb}**', text)
            self.assertIn(verb, seen, 'the verb has no worked example')

    def test_options(self):
        text = PAGE.read_text(encoding='utf-8')
        for verb in verbs():
            for option in re.findall(r'--[a-z-]+', run(verb, '--help').stdout):
                self.assertIn(f'``{option}', text)


class Completion(unittest.TestCase):
    def complete(self, *words):
        script = f'''
            . {COMPLETION}
            _init_completion() {{
                words=(virt-lxc-policy "${{ARGUMENTS[@]}}")
                cword=$((${{#words[@]}} - 1))
                cur=${{words[cword]}}
                prev=${{words[cword - 1]}}
            }}
            virsh() {{ echo one; echo two; }}
            ARGUMENTS=("$@")
            _virt_lxc_policy
            printf '%s\\n' "${{COMPREPLY[@]}}"
        '''
        with tempfile.TemporaryDirectory() as empty:
            done = subprocess.run(['bash', '-c', script, 'bash', *words], env=ENVIRONMENT,
                                  cwd=empty, capture_output=True, text=True, check=True)
        self.assertEqual(done.stderr, '')
        return done.stdout.split()

    def test_verbs(self):
        self.assertEqual(self.complete(''), verbs())
        self.assertEqual(self.complete('gr'), ['groups'])

    def test_options(self):
        self.assertIn('--version', self.complete('--v'))
        self.assertEqual(self.complete('groups', '--j'), ['--json'])
        self.assertEqual(self.complete('groups', '--v'), [])

    def test_domains(self):
        for verb in ('check', 'compare', 'score', 'show'):
            self.assertEqual(self.complete(verb, ''), ['one', 'two'])
        self.assertEqual(self.complete('-c', 'lxc:///', 'show', 't'), ['two'])
        self.assertEqual(self.complete('--connect', '=', 'lxc:///', 'show', 't'), ['two'])

    def test_other_arguments(self):
        self.assertEqual(self.complete('import', ''), [])
        self.assertEqual(self.complete('groups', 'swa'), ['swap'])
        self.assertNotIn('one', self.complete('groups', ''))
        kinds = run('import', '--from=?', '/').stderr.partition('one of: ')[2].strip()
        self.assertEqual(self.complete('import', '--from', ''), kinds.split(', '))
        self.assertEqual(self.complete('import', '--from', '=', 'lxc-c'), ['lxc-config'])


if __name__ == '__main__':
    os.environ.clear()
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
