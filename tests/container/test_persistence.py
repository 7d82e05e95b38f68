# SPDX-License-Identifier: LGPL-2.1-or-later
"""A policy outlives the daemon, a reboot, and a way through dumpxml."""

import re

import landlock
import tap
from harness import Domain, OurInstance, status_of
from tap import Case, Sandbox, rows

POLICIES = [
    ('default', "<capabilities><mknod state='on'/></capabilities>"),
    ('deny', "<capabilities policy='deny'><chown/><kill/></capabilities>"),
    ('allow', "<capabilities policy='allow'><sys_time state='off'/>"
              "</capabilities>"),
    ('landlock', "<capabilities policy='deny'/>" + landlock.element(
        '', fs=landlock.probe_paths(), **landlock.known(net='', scope=''))),
]

SETS = ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp')


def sets(domain):
    status = status_of(domain.init())
    return {name: status[name] for name in SETS}


class Daemon(Case):
    @rows(POLICIES)
    def test_killed(self, features):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=features)
        self.addCleanup(domain.remove)
        domain.run()
        init, before = domain.init(), sets(domain)
        live = ours.virsh('dumpxml', domain.name)
        stored = self.features(domain)

        ours.kill()
        self.assertEqual(status_of(init)['CapEff'], before['CapEff'])
        ours.start()

        self.assertEqual(domain.state(), 'running')
        self.assertEqual(domain.init(), init)
        self.assertEqual(ours.virsh('dumpxml', domain.name), live)
        self.assertEqual(self.features(domain), stored)
        ours.virsh('destroy', domain.name)
        self.assertEqual(domain.state(), 'shut off')

    def features(self, domain):
        """Of the stored document: libvirt adds its <resource> only at a start."""
        text = domain.instance.virsh('dumpxml', '--inactive', domain.name)
        return re.search('<features>.*</features>', text, re.DOTALL)[0]


class Reboot(Case):
    @rows([
        ('default', '', ''),
        ('deny', "<capabilities policy='deny'><sys_boot/><mknod/></capabilities>",
         ''),
        ('allow', "<capabilities policy='allow'><sys_time state='off'/>"
                  "</capabilities>", ''),
        ('alice', "<capabilities policy='deny'><sys_boot/></capabilities>",
         '<inituser>alice</inituser>'),
        ('landlock', landlock.element(fs=landlock.probe_paths(
            {'/proc': ['read'], '/tmp': ['create']}), **landlock.known(net='')), ''),
    ])
    def test_from_inside(self, features, user):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=features, user=user, job=[
            'first status', 'view cat /proc/1/cgroup', 'reboot reboot /tmp/mark',
            'second status', 'view2 cat /proc/1/cgroup',
            'refused open r /etc/passwd'])
        self.addCleanup(domain.remove)
        results = domain.run()
        self.assertEqual(results['reboot'], 'second boot')
        boots = domain.out.read_text().count('first.CapBnd')
        self.assertEqual(boots, 2)
        for name in SETS:
            values = re.findall(rf'^\w+\.{name}=(.*)$', domain.out.read_text(),
                                re.MULTILINE)
            self.assertEqual(len(set(values)), 1, (name, values))
        self.assertEqual(set(re.findall(r'\d+:[^:]*:([^;]*);',
                                        results['view2'])), {'/'})
        self.assertEqual(results['refused'],
                         'EACCES' if 'landlock' in features else 'OK')
        self.assertEqual(domain.state(), 'running')

    def test_at_once(self):
        """While the daemon still learns that the container runs."""
        domain = Domain(Sandbox.instance(OurInstance), job=[
            f'reboot{number} reboot /tmp/mark{number}' for number in range(30)])
        self.addCleanup(domain.remove)
        self.assertEqual(set(domain.run().values()), {'second boot', 'OK'})


class Document(Case):
    @rows([('none', ''), *POLICIES])
    def test_round_trip(self, features):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=features)
        self.addCleanup(domain.remove)
        domain.define()
        first = ours.virsh('dumpxml', domain.name)
        ours.virsh('undefine', domain.name)
        domain.xml = first
        domain.define()
        self.assertEqual(ours.virsh('dumpxml', domain.name), first)

    @rows(POLICIES)
    def test_effective(self, features):
        """Only the live document says what is enforced, and it may be defined."""
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=features)
        self.addCleanup(domain.remove)
        domain.run()
        live = ours.virsh('dumpxml', domain.name)
        for name in {'capabilities', *re.findall('<(landlock|no-new-privs)', live)}:
            block = re.search(f'<{name}[ >].*?</{name}>', live, re.DOTALL)
            self.assertIn('<effective ', block[0])
        for text in (ours.virsh('dumpxml', '--inactive', domain.name),
                     self.redefined(domain, live)):
            self.assertNotRegex(text, '<effective')

    def test_status(self):
        """A libvirt without confinement can read what is recorded of a domain that could be
        its own."""
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features="<capabilities policy='deny'><chown/></capabilities>")
        self.addCleanup(domain.remove)
        domain.run()
        status = ours.path(ours.top / f'run/libvirt/lxc/{domain.name}.xml').read_text()
        self.assertIn("<capabilities policy='deny' effective='chown'>", status)
        self.assertNotIn('<effective', status)
        shown = ours.virsh('dumpxml', domain.name)
        self.assertIn("<effective capabilities='chown'/>", shown)
        ours.kill()
        ours.start()
        self.assertEqual(ours.virsh('dumpxml', domain.name), shown)

    def redefined(self, domain, live):
        domain.xml = live
        domain.define()
        return domain.instance.virsh('dumpxml', '--inactive', domain.name)


if __name__ == '__main__':
    tap.main()
