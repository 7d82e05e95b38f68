# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which files a process of the host opens in a container, seen by strace: from
entering the container's tree until it executes init or ends.

The daemon's messages are in a language other than C, so that the C library would
look for a catalogue to translate an error."""

import re
from typing import NamedTuple

import tap
from harness import Domain, OurInstance, StockInstance, wait_for
from landlock import element, paths
from tap import Case, Sandbox, rows

CALLS = 'open,openat,openat2,pivot_root,setns,execve,execveat'
LINE = re.compile(r'(\w+)\((.*)\) += (-?\d+)')
END = re.compile(r'\+\+\+ ')  # exited or killed
UNFINISHED, RESUMED = ' <unfinished ...>', re.compile(r'<\.\.\. \w+ resumed>')
DENY = "<capabilities policy='deny'/>"
USER = '<inituser>alice</inituser><initgroup>users</initgroup>'
CONFINED = (DENY + '<seccomp/>' +
            element(fs=paths({'/': ['read', 'write', 'execute']})))
# How a name is resolved, if not to read what it names
BY_DESCRIPTOR = re.compile(r'RESOLVE_NO_MAGICLINKS.*RESOLVE_(IN_ROOT|BENEATH)')
ROOT = 'AT_FDCWD</>, "/", O_RDONLY|O_CLOEXEC|O_PATH|O_DIRECTORY'

DEVICE = '''<hostdev mode='capabilities' type='misc'>
  <source><char>/dev/loop-control</char></source></hostdev>'''


class Call(NamedTuple):
    thread: str
    name: str
    arguments: str
    result: int

    def path(self):
        return re.search('"(.*?)"', self.arguments).group(1)


class Tracing:
    """A daemon that is traced, with all that it starts. LANGUAGE is not for
    strace, whose output is parsed here."""

    def prepare(self):
        super().prepare()
        self.trace = self.work / f'{self.name}.trace'
        self.daemon_argv = ['strace', '-D', '-f', '-q', '-y', '-s', '4096',
                            '-E', 'LANGUAGE=de', '-e', f'trace={CALLS}',
                            '-o', self.trace, *self.daemon_argv]

    def calls(self):
        """All that have ended, in that order, and the ends of threads."""
        begun = {}
        for line in self.trace.read_text().splitlines():
            thread, text = line.split(maxsplit=1)
            if text.endswith(UNFINISHED):
                begun[thread] = text.removesuffix(UNFINISHED)
                continue
            text = RESUMED.sub(lambda _: begun.pop(thread), text)
            if found := LINE.match(text):
                yield Call(thread, found[1], found[2], int(found[3]))
            elif END.match(text):
                yield Call(thread, 'end', '', 0)


class Traced(Tracing, OurInstance):
    name, label = 'traced', 't'


class TracedStock(Tracing, StockInstance):
    name, label = 'traced-stock', 'u'


def is_entry(call):
    return call.result == 0 and (call.name == 'pivot_root' or
                                 call.name == 'setns' and 'mnt:' in call.arguments)


def stays(calls):
    """Yields, for each process that has entered a container's tree and left, or
    has executed init, its calls there. Threads that it makes are new, and count."""
    calls = list(calls)
    for i, entry in enumerate(calls):
        if not is_entry(entry):
            continue
        before = {call.thread for call in calls[:i]} - {entry.thread}
        stay = []
        for call in calls[i + 1:]:
            if call.thread in before:
                continue
            stay.append(call)
            if (call.name.startswith('exec') and call.result == 0 or
                    call.name == 'end' and call.thread == entry.thread):
                yield stay
                break


def opened(stay):
    """What is read or executed; several times in a row count once."""
    found = []
    for call in stay:
        if 'O_PATH' in call.arguments or call.name in ('pivot_root', 'setns', 'end'):
            continue
        name = f"{'execute ' if 'exec' in call.name else ''}{call.path()}"
        if found[-1:] != [name]:
            found.append(name)
    return found


class Opens(Case):
    def assertOnlyByDescriptor(self, stay):
        paths_only = [call for call in stay if 'O_PATH' in call.arguments]
        self.assertTrue(paths_only, 'strace shows no call')
        for call in paths_only:
            self.assertTrue(call.arguments == ROOT or
                            BY_DESCRIPTOR.search(call.arguments), call)

    def stays_of(self, act, count, kind=Traced):
        """What processes do that enter a container while act() runs."""
        instance = Sandbox.instance(kind)
        before = len(list(instance.calls()))
        act()
        def found():
            stayed = list(stays(list(instance.calls())[before:]))
            return stayed if len(stayed) == count else None
        return wait_for(found, 10, f'not {count} processes have entered')

    @rows([
        ('default', '', '',
         ['self/mountinfo', 'execute /probe']),
        ('group', '', '<initgroup>users</initgroup>',
         ['self/mountinfo', '/etc/passwd', '/etc/group', 'execute /probe']),
        ('number', '', '<inituser>1000</inituser>',
         ['self/mountinfo', '/etc/passwd', '/etc/group', 'execute /probe']),
        ('user', '', USER,
         ['self/mountinfo', '/etc/passwd', '/etc/group', 'execute /probe']),
        ('confined', CONFINED, USER,
         ['self/mountinfo', '/etc/passwd', '/etc/group', '/probe',
          'execute /probe']),
    ])
    def test_of_a_start(self, features, user, expected):
        domain = Domain(Sandbox.instance(Traced), features=features, user=user)
        self.addCleanup(domain.remove)
        stay, = self.stays_of(domain.run, 1)
        self.assertEqual(opened(stay), expected)
        self.assertOnlyByDescriptor(stay)

    @rows([('default', '', ''), ('confined', CONFINED, USER)])
    def test_of_a_start_that_fails(self, features, user):
        domain = Domain(Sandbox.instance(Traced), features=features, user=user,
                        init='/missing')
        self.addCleanup(domain.remove)
        domain.define()
        stay, = self.stays_of(
            lambda: domain.instance.run('start', domain.name), 1)
        self.assertEqual(opened(stay), ['self/mountinfo'])
        self.assertOnlyByDescriptor(stay)

    def test_of_a_start_that_fails_in_stock(self):
        """What the others stand for: they would notice a character conversion."""
        domain = Domain(Sandbox.instance(TracedStock), init='/missing')
        self.addCleanup(domain.remove)
        domain.define()
        stay, = self.stays_of(
            lambda: domain.instance.run('start', domain.name), 1, TracedStock)
        self.assertIn('gconv-modules', ' '.join(opened(stay)))

    def test_of_a_reboot(self):
        domain = Domain(Sandbox.instance(Traced), user=USER, features=
                        "<capabilities policy='deny'><sys_boot/></capabilities>",
                        job=['reboot reboot /tmp/mark'])
        self.addCleanup(domain.remove)
        for stay in self.stays_of(domain.run, 2):
            self.assertEqual(opened(stay), ['self/mountinfo', '/etc/passwd',
                                            '/etc/group', 'execute /probe'])
            self.assertOnlyByDescriptor(stay)

    def test_of_a_device_that_is_attached(self):
        domain = Domain(Sandbox.instance(Traced))
        self.addCleanup(domain.remove)
        domain.run()
        path = domain.instance.work / 'device.xml'
        path.write_text(DEVICE)
        stay, = self.stays_of(
            lambda: domain.instance.virsh('attach-device', domain.name, path), 1)
        self.assertEqual(opened(stay), [])


if __name__ == '__main__':
    tap.main(StockInstance.fetch)
