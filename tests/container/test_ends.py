# SPDX-License-Identifier: LGPL-2.1-or-later
"""However a container ends, and whatever it has done before: all of it ends, and
nothing else does."""

import os
import signal
import time
from pathlib import Path

import tap
from ends import frozen
from harness import SLOWNESS, Domain, OurInstance, processes, wait_for
from sandbox import version2_only
from tap import Case, Sandbox, rows

ALL = "<capabilities policy='allow'/>"
VERSION2 = version2_only()
FREEZER = Path('/sys/fs/cgroup' if VERSION2 else '/sys/fs/cgroup/freezer')
# Too deep for a path. Version 2 takes a time in proportion to its square.
DEPTH = 500 if VERSION2 else 2500
# init, and in each hierarchy three more
SCATTERED = 4 if VERSION2 else 20


def destroy(domain):
    domain.instance.virsh('destroy', domain.name)


def kill_controller(domain):
    os.kill(domain.controller(), signal.SIGKILL)
    wait_for(lambda: domain.state() == 'shut off', 20, 'still running')


def kill_and_destroy(domain):
    """Whether the daemon or virsh is the first to know does not matter."""
    os.kill(domain.controller(), signal.SIGKILL)
    status, _, error = domain.instance.run('destroy', domain.name)
    if status != 0 and 'is not running' not in error:
        raise AssertionError(error)
    wait_for(lambda: domain.state() == 'shut off', 20, 'still running')


def suspend_and_destroy(domain):
    domain.instance.virsh('suspend', domain.name)
    destroy(domain)


def suspend_and_kill(domain):
    domain.instance.virsh('suspend', domain.name)
    kill_and_destroy(domain)


def by_itself(domain):
    wait_for(lambda: domain.state() == 'shut off', 20, 'still running')


def fail_to_start(domain):
    (domain.root / 'probe').unlink()
    status = domain.instance.run('start', domain.name)[0]
    assert status != 0, 'it started'


class Others(Case):
    @rows([
        # What ends, its last act, its end
        ('that fails to start', (), 'sleep', fail_to_start),
        ('that exits', (), 'exit 0', by_itself),
        ('whose libvirt_lxc is killed', (), 'ignore', kill_controller),
        ('that is destroyed', (), 'sleep', destroy),
        ('that ignores it', ('crowd spawn 5',), 'ignore', destroy),
        ('that is frozen', ('freeze freeze {tag}',), 'ignore', destroy),
        ('that is suspended', (), 'ignore', suspend_and_destroy),
    ])
    def test_stay_suspended_beside_one(self, job, then, end):
        ours = Sandbox.instance(OurInstance)
        suspended = Domain(ours, features=ALL)
        self.addCleanup(suspended.remove)
        suspended.run()
        init = suspended.init()
        ours.virsh('suspend', suspended.name)

        domain = Domain(ours, features=ALL, then=then,
                        job=[row.format(tag=ours.tag) for row in job])
        self.addCleanup(domain.remove)
        domain.define()
        if end != fail_to_start:
            domain.start()
            domain.results()
        end(domain)

        self.assertEqual(domain.state(), 'shut off')
        self.assertTrue(frozen(suspended))
        self.assertEqual(suspended.state(), 'paused')
        ours.virsh('resume', suspended.name)
        self.assertFalse(frozen(suspended))
        self.assertIn(init, processes())
        ours.virsh('destroy', suspended.name)
        self.assertNotIn(init, processes())


class Whole(Case):
    @rows([
        # What it does, its last act, its end, processes, rounds
        ('deep cgroups', ['deep freeze-deep {freezer} {depth}'], 'ignore', destroy,
         2, 1),
        ('deep cgroups, libvirt_lxc killed', ['deep freeze-deep {freezer} {depth}'],
         'ignore', kill_and_destroy, 2, 1),
        ('many groups', ['scatter scatter {tag} deep'], 'ignore 20000', destroy,
         SCATTERED, 1),
        ('many groups, libvirt_lxc killed', ['scatter scatter {tag} top'],
         'ignore 20000', kill_and_destroy, SCATTERED, 1),
        ('libvirt_lxc killed', ['crowd spawn 5'], 'ignore', kill_and_destroy, 11,
         1),
        ('libvirt_lxc killed, not destroyed', ['crowd spawn 5'], 'ignore',
         kill_controller, 11, 1),
        ('libvirt_lxc killed, frozen by itself', ['freeze freeze {tag}'],
         'ignore', kill_and_destroy, 2, 1),
        ('libvirt_lxc killed, suspended', ['crowd spawn 5'], 'ignore',
         suspend_and_kill, 11, 1),
        ('suspended', [], 'sleep', suspend_and_destroy, 1, 5),
        ('suspended, stubborn', ['freeze freeze {tag}'], 'ignore',
         suspend_and_destroy, 2, 1),
    ])
    def test_goes(self, job, then, end, least, rounds):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=ALL, then=then, job=[
            row.format(tag=ours.tag, freezer=FREEZER, depth=DEPTH) for row in job])
        self.addCleanup(domain.remove)
        domain.define()
        before = ours.snapshot()
        for _ in range(rounds):
            domain.out.write_text('')
            domain.start()
            for label, result in domain.results().items():
                if label in ('deep', 'scatter', 'crowd'):
                    self.assertEqual(result, 'OK', label)
                if label == 'freeze':
                    self.assertNotEqual(result, '0')
            members = domain.members()
            self.assertGreaterEqual(len(members), least)

            begun = time.monotonic()
            end(domain)
            self.assertLess(time.monotonic() - begun, 20 * SLOWNESS)
            alive = processes()
            self.assertEqual([pid for pid in members if pid in alive], [])
            self.assertNothingLeft(ours, before)


if __name__ == '__main__':
    tap.main()
