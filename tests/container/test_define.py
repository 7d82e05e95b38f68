# SPDX-License-Identifier: LGPL-2.1-or-later
"""What virsh define refuses is not stored. The texts are for the unit tests."""

import tap
from harness import Domain, OurInstance
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
]

KEPT = [
    ('default', "<capabilities policy='default'><mknod state='on'/>"
                "</capabilities>"),
    ('deny', "<capabilities policy='deny'><chown state='on'/></capabilities>"),
    ('allow', "<capabilities policy='allow'><sys_time state='off'/>"
              "</capabilities>"),
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

    @rows(KEPT)
    def test_kept(self, xml):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=xml)
        self.addCleanup(domain.remove)
        domain.define()
        text = ours.virsh('dumpxml', domain.name)
        self.assertIn(xml, text.replace('\n', '').replace('  ', ''))


if __name__ == '__main__':
    tap.main()
