# SPDX-License-Identifier: LGPL-2.1-or-later
"""<seccomp> that is refused: when it is defined, with nothing stored, or at the
start, with nothing left behind."""

import starts
import tap
from harness import OurInstance, wait_for
from seccomp import PROBE_RULES, Confined, denied, element, rule
from tap import Sandbox, rows

LINE = 14  # of <features> in harness.DOMAIN

UNSUPPORTED, XML = 'unsupported configuration: ', 'XML error: '
NO_EXEC = (UNSUPPORTED + "init could not be executed: <seccomp> has action '%s' "
           f"for system call 'execve' (line {LINE})")
NO_EXEC_RULE = (UNSUPPORTED + 'init could not be executed: <seccomp> has no rule for '
                "system call 'execve', and its default action is '%s'")
LISTENER = "<listener path='/run/agent.sock'/>"
ERRNO = (XML + "invalid value '%s' for attribute 'errno' of <syscall> "
         f'(line {LINE}): expected the name of an errno, such as EPERM, or a '
         'decimal number from 1 to 4095')

# Name, XML, error of the parser, also where the schema is asked first
REFUSED = [
    ('nothing allowed', element(policy='deny'),
     NO_EXEC_RULE % 'errno'),
    ('execve not listed',
     element(denied('trap'), rule('getpid', 'allow'), policy='deny'),
     NO_EXEC_RULE % 'trap'),
    ('execve denied', element(rule('execve', 'kill-process')),
     NO_EXEC % 'kill-process'),
    ('execve allowed at times',
     element(rule('execve', 'allow', (0, 'eq', '1')),
             rule('execve', 'errno', (0, 'eq', '2')), policy='allow'),
     NO_EXEC % 'errno'),
    ('execve not listed, nor an architecture of this host',
     element("<arch name='aarch64'/>", policy='deny'),
     NO_EXEC_RULE % 'errno'),
    ('too many rules',
     element(*[rule('mkdir', 'log', (0, 'eq', number)) for number in range(1100)],
             policy='allow'),
     UNSUPPORTED + 'the rules of <seccomp> need 4430 BPF instructions, but the '
     'kernel accepts at most 4096'),
    ('unknown call', element(rule('getpidd', 'allow')),
     XML + "unknown system call 'getpidd' in attribute 'name' of <syscall> "
     f'(line {LINE})'),
    ('unknown action', element(rule('getpid', 'forbid')),
     XML + "invalid value 'forbid' for attribute 'action' of <syscall> "
     f"(line {LINE}): expected one of 'allow', 'log', 'trace', 'notify', 'errno', "
     "'trap', 'kill-thread', 'kill-process'"),
    ('unknown errno', element(rule('getpid', 'errno', errno='EFOO')),
     ERRNO % 'EFOO'),
    ('errno 0', element(rule('getpid', 'errno', errno='0')), ERRNO % '0'),
    ('number too high', element(rule('getpid', 'errno', errno='4096')),
     ERRNO % '4096'),
    ('never reached', element(rule('getpid', 'errno'), rule('getpid', 'allow')),
     UNSUPPORTED + f"<syscall name='getpid'> (line {LINE}) is never reached: the "
     f'earlier one (line {LINE}) has no conditions'),
    ('path as profile', element(profile='../x'),
     XML + "invalid value '../x' for attribute 'profile' of <seccomp> "
     f"(line {LINE}): expected at most 64 letters, digits, '_', '-' and '.', "
     'beginning with a letter or digit'),
    ('profile that is not there', element(profile='none'),
     "cannot read seccomp profile '@TOP@/etc/libvirt/lxc/seccomp/none.json': No "
     'such file or directory'),
    ('profile of another policy', element(policy='deny', profile='x'),
     UNSUPPORTED + "attribute 'profile' of <seccomp> contradicts policy 'deny': a "
     f"profile replaces the built-in one of policy 'default' (line {LINE})"),
    ('notify by default', element(denied('notify'), LISTENER),
     UNSUPPORTED + "action 'notify' is not allowed in <denied>: an agent may need "
     f'any call that no <syscall> names in order to respond (line {LINE})'),
    ('notify without listener', element(rule('getpid', 'notify')),
     UNSUPPORTED + "action 'notify' of <syscall name='getpid'> needs a <listener>, "
     f"which names the agent's socket (line {LINE})"),
    ('listener without notify', element(LISTENER),
     UNSUPPORTED + '<listener> is never used: no <syscall> has action '
     f"'notify' (line {LINE})"),
    ('unknown architecture', element("<arch name='vax'/>"),
     XML + "unknown architecture 'vax' in attribute 'name' of <arch> "
     f'(line {LINE})'),
    ('unknown element', element("<sycall name='getpid' action='allow'/>"),
     XML + f'unexpected element <sycall> in <seccomp> (line {LINE})'),
]

OTHER_DOMAIN = """<domain type='test'>
  <name>other</name><memory>1024</memory><vcpu>1</vcpu>
  <os><type>hvm</type></os>
  <features>{features}</features>
</domain>
"""


class Define(Confined):
    @rows([(f'{name}, {option or "plain"}', xml, error, option)
           for name, xml, error in REFUSED
           for option in ('', '--validate')])
    def test_refused(self, xml, error, option):
        ours = Sandbox.instance(OurInstance)
        domain = self.domain(xml)
        before = ours.snapshot()
        path = ours.work / f'{domain.name}.xml'
        path.write_text(domain.xml)
        status, _, said = ours.run('define', path, *option.split())
        self.assertNotEqual(status, 0)
        self.assertEqual(said, f'error: Failed to define domain from {path}\nerror: ' +
                         error.replace('@TOP@', str(ours.top)))
        self.assertNotIn(domain.name, ours.virsh('list', '--all', '--name'))
        self.assertNothingLeft(ours, before)

    @rows([(option or 'plain', option) for option in ('', '--validate')])
    def test_other_domains(self, option):
        """Which nobody would confine; one without is all right."""
        ours = Sandbox.instance(OurInstance)
        path = ours.work / 'other.xml'
        for features, refused in (('<acpi/>', False), (element(), True)):
            path.write_text(OTHER_DOMAIN.format(features=features))
            status, _, error = ours.run('-c', 'test:///default', 'define', path,
                                        *option.split())
            self.assertEqual(bool(status), refused, error)
        self.assertIn('<capabilities>, <no-new-privs>, <landlock>, <seccomp> and '
                      '<kernel-files> in <features> are only supported for domains '
                      "of type 'lxc', not 'test'", error)


EXECVE = [row for row in starts.FAILURES if row[0] in (
    'not executable', 'no interpreter', 'garbage', 'another machine')]


class Start(Confined):
    @rows([(f'{name}, {action}', change, action, texts)
           for name, change, _, texts in EXECVE
           for action in ('errno', 'kill-process')] +
          [('no interpreter, kill-thread', EXECVE[1][1], 'kill-thread',
            EXECVE[1][3])])
    def test_exec_fails(self, change, action, texts):
        """Under filters that let whoever has loaded them execute, nothing more."""
        domain = self.domain(element(denied(action), rule('execve', 'allow'),
                                     policy='deny'))
        change(domain)
        self.assertStartFailsSoon(domain, ['cannot execute binary', *texts])

    @rows([('aarch64', 'aarch64'), ('s390x', 's390x'), ('armv7l', 'armv7l')])
    def test_architecture(self, name):
        domain = self.domain(element(f"<arch name='{name}'/>"))
        self.assertStartFailsSoon(domain, [
            f"unsupported configuration: architecture '{name}' in <seccomp> "
            "cannot run on a host of architecture 'x86_64' "
            f'(line {LINE})'])

    @rows([('errno', 'errno'), ('trap', 'trap'), ('kill-thread', 'kill-thread'),
           ('kill-process', 'kill-process')])
    def test_init_that_can_do_nothing(self, action):
        """It was started, and ends."""
        ours = Sandbox.instance(OurInstance)
        domain = self.domain(element(denied(action), rule('execve', 'allow'),
                                     policy='deny'))
        domain.define()
        before = ours.snapshot()
        domain.start()
        wait_for(lambda: domain.state() == 'shut off', 20, 'still running')
        self.assertNothingLeft(ours, before)

    def test_after_a_failure(self):
        domain = self.domain(element(PROBE_RULES, policy='deny'),
                             ['call getppid'])
        starts.missing(domain)
        self.assertStartFails(domain, ['/probe'])
        domain.make_root()
        domain.start()
        self.assertResults(domain.results(), {'call getppid': 'EPERM'})


if __name__ == '__main__':
    tap.main()
