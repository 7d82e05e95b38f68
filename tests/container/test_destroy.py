# SPDX-License-Identifier: LGPL-2.1-or-later
"""virsh destroy: when it returns with success no process of the container is
left, wherever it went and whatever it ignores."""

import tap
from harness import Domain, OurInstance, StockInstance, processes
from tap import Case, Sandbox, rows

ALL = "<capabilities policy='allow'/>"
FEW = "<capabilities policy='deny'><chown/><mknod/></capabilities>"


class Destroy(Case):
    def left_over(self, instance, job, features, then='ignore', pause=False):
        """(processes before, those of them that outlive destroy)"""
        domain = Domain(instance, features=features, then=then,
                        job=[row.format(tag=instance.tag) for row in job])
        self.addCleanup(domain.remove)
        domain.run()
        before = domain.members()
        if pause:
            instance.virsh('suspend', domain.name)
        instance.virsh('destroy', domain.name)
        alive = processes()
        self.assertEqual(domain.state(), 'shut off')
        return before, [pid for pid in before if pid in alive]

    def test_stock_leaves_processes(self):
        before, left = self.left_over(Sandbox.instance(StockInstance),
                                      ['scatter scatter {tag} top'], FEW)
        self.assertTrue(left, before)

    @rows([
        ('polite init', ['nothing status'], '', 'sleep', False, 1),
        ('stubborn init', ['nothing status'], '', 'ignore', False, 1),
        ('many sessions', ['spawn spawn 100'], '', 'ignore', False, 100),
        ('many paused', ['spawn spawn 20'], '', 'ignore', True, 20),
        ('paused', ['nothing status'], '', 'sleep', True, 1),
        ('scattered', ['scatter scatter {tag} top'], '', 'ignore', False, 5),
        ('scattered deep', ['scatter scatter {tag} deep'], '', 'ignore', False, 5),
        ('scattered few caps', ['scatter scatter {tag} top'], FEW, 'ignore',
         False, 5),
        ('scattered all caps', ['scatter scatter {tag} top'], ALL, 'ignore',
         False, 5),
        ('scattered deep all caps', ['scatter scatter {tag} deep'], ALL, 'ignore',
         False, 5),
        ('scattered paused', ['scatter scatter {tag} deep'], ALL, 'ignore', True,
         5),
        ('frozen by itself', ['freeze freeze {tag}'], ALL, 'ignore', False, 2),
    ])
    def test_all_gone(self, job, features, then, pause, least):
        before, left = self.left_over(Sandbox.instance(OurInstance), job,
                                      features, then, pause)
        self.assertGreaterEqual(len(before), least)
        self.assertEqual(left, [])

    def test_leaves_nothing(self):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=ALL,
                        job=[f'scatter scatter {ours.tag} deep'])
        self.addCleanup(domain.remove)
        self.assertLeavesNothing(domain)


if __name__ == '__main__':
    tap.main(StockInstance.fetch)
