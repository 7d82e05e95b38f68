# SPDX-License-Identifier: LGPL-2.1-or-later
"""<seccomp> beside all else that a domain has: init gets what it would get without,
and the filter that the live XML names."""

import re
from itertools import product

import capabilities
import landlock
import tap
from harness import IDMAP, caps, status_of, wait_for
from seccomp import Confined, effective, element, loaded, rule
from tap import rows

# Name: XML, whether no_new_privs is set
PRIVS = {
    '': ('', '0'),
    'no-new-privs': ('<no-new-privs/>', '1'),
    'landlock': (landlock.element(fs=landlock.probe_paths(),
                                  **landlock.known(scope='')),
                 '1'),
}
USERS = {name: capabilities.INITS[name] for name in ('root', 'alice')}
MAPS = {'host ids': ('', ''), 'idmap': (IDMAP, '<privnet/>')}

# Policy, entries, capabilities that these switch on: without sys_admin, which it
# takes to load a filter, and with all that may not be lost.
CAPABILITIES = {
    'deny': ('deny', '<chown/>', {0}),
    'default': ('default', '<chown/>', {0}),
    'allow': ('allow', '', set()),
}

POLICY = element(rule('getppid', 'errno', errno='EXDEV'))
DEEDS = {'call getppid': 'EXDEV', 'call getuid': 'OK'}


def combinations():
    """Each value of each table with each of every other."""
    for (number, names) in enumerate(product(PRIVS, USERS, MAPS)):
        policies = ['deny', ('default', 'allow')[number % 2]]
        for policy in policies if names[0] == '' else policies[:1]:
            yield (' '.join(filter(None, (policy, *names))), policy, *names)


class Init(Confined):
    @rows(list(combinations()))
    def test_sets(self, policy, privs, user, mapping):
        policy, entries, on = CAPABILITIES[policy]
        xml, no_new_privs = PRIVS[privs]
        who, uid, gid = USERS[user]
        idmap, extra = MAPS[mapping]
        domain = self.assertDeeds(
            capabilities.features(policy, entries) + extra + xml + POLICY,
            DEEDS, user=who, idmap=idmap)
        self.assertLoaded(domain)

        status = status_of(domain.init())
        self.assertEqual(status['NoNewPrivs'], no_new_privs)
        shift = 100000 if idmap else 0
        self.assertEqual(status['Uid'].split(), [str(uid + shift)] * 4)
        available = capabilities.ALL if idmap else capabilities.HOST
        sets = capabilities.expected(policy, on, set(), uid, available)
        self.assertEqual({name: caps(status[name]) for name in sets}, sets)

    def test_landlock_holds_too(self):
        self.assertDeeds(PRIVS['landlock'][0] + POLICY,
                         DEEDS | {'open r /etc/passwd': 'EACCES'})


MANY = element("<arch name='i686'/>", rule('getuid getgid', 'errno', errno='EDOM'),
               POLICY.removeprefix('<seccomp>').removesuffix('</seccomp>'))


class Document(Confined):
    @rows([('default', POLICY), ('several ABIs', MANY),
           ('allow', element(policy='allow'))])
    def test_effective(self, xml):
        """Of the live document only, and true until the domain ends."""
        domain = self.domain(xml)
        domain.run()
        ours = domain.instance
        live = effective(domain)
        self.assertLoaded(domain)
        self.assertNotIn('<effective digest',
                         ours.virsh('dumpxml', '--inactive', domain.name))

        init = domain.init()
        ours.kill()
        self.assertEqual(loaded(init), live[:2])
        ours.start()
        self.assertEqual(domain.init(), init)
        self.assertEqual(effective(domain), live)
        self.assertLoaded(domain)

        ours.virsh('destroy', domain.name)
        self.assertNotIn('<effective digest',
                         ours.virsh('dumpxml', domain.name))
        domain.xml = ours.virsh('dumpxml', domain.name)
        domain.define()
        domain.start()
        self.assertEqual(effective(domain), live)

    def test_given_effective_is_ignored(self):
        domain = self.domain(POLICY.replace(
            '<syscall', "<effective digest='" + 64 * '0' + "' instructions='1'/>"
            '<syscall', 1))
        domain.run()
        self.assertNotIn(64 * '0', domain.instance.virsh('dumpxml', domain.name))
        self.assertLoaded(domain)

    @rows([('default', ''), ('deny', "<capabilities policy='deny'><sys_boot/>"
                             "</capabilities>")])
    def test_reboot(self, features):
        domain = self.domain(features + POLICY)
        domain.write_job(['first call 110', 'reboot reboot /tmp/mark',
                          'second call 110', 'self status'])
        results = domain.run()
        self.assertEqual(results['reboot'], 'second boot')
        text = domain.out.read_text()
        self.assertEqual(re.findall('first=(.*)', text), ['EXDEV'] * 2)
        self.assertEqual(results['second'], 'EXDEV')
        self.assertEqual(results['self.Seccomp_filters'], '1')
        wait_for(lambda: domain.state() == 'running', 20, 'not running')
        self.assertLoaded(domain)


if __name__ == '__main__':
    tap.main()
