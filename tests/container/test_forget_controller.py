# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt_lxc is killed at random instants of operations on several domains, in some
rounds while the daemon is not running. No call hangs, the container dies with its
libvirt_lxc, and nothing is left behind.

CONFINEMENT_ROUNDS is how often it is killed. CONFINEMENT_SEED selects the operations and
the delays; ./check always has the same, scripts/torture chooses."""

import os
import random
import signal

import sandbox
import tap
import torture
from forget import Host
from harness import rounds, wait_for
from tap import Case

KILLS = rounds(60)
SEED = int(os.environ.get('CONFINEMENT_SEED') or 1)
LIFE = 8            # rounds until all domains are removed
DOWN = 0.3          # how often the daemon is not running meanwhile
CHILD = 0.2         # how often any process with its name is killed, such as init
SPREAD = 0.4        # seconds during which operations begin


class Target:
    """libvirt_lxc of a player."""

    def __init__(self, player, rng):
        self.player = player
        self.begin = rng.uniform(0, SPREAD)
        self.child = rng.random() < CHILD
        self.which = rng.random()
        self.hit, self.killed = False, False
        self.members = ()

    def kill(self):
        found = torture.controllers().get(self.player.name, [])
        parents = sandbox.processes()
        first = [pid for pid in found if parents.get(pid) not in found]
        chosen = found if self.child else first
        if not chosen:
            return
        pid = chosen[int(self.which * len(chosen))]
        self.members = self.player.processes()
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.hit, self.killed = True, pid in first
        self.player.doomed |= self.killed and 'paused' in self.player.ends

    def events(self):
        return [(self.begin, self.player.begin),
                (self.begin + self.player.delay, self.kill)]

    def outlives(self):
        """What is left of the container that was killed."""
        return set(self.members) & set(self.player.processes())

    def states(self):
        ends = set(self.player.ends)
        if self.hit or self.player.doomed:
            ends.add(self.player.off)
        if self.killed:
            # What is frozen dies when it is thawed. It may have told already that the
            # container reboots.
            ends &= {self.player.off, 'paused',
                     'running' if self.player.what == 'reboot' else None}
        return ends


class Killed(Case):
    def test_controller(self):
        print(f'# seed {SEED}')
        host, rng = Host.get(), random.Random(SEED)
        self.kills, told, rounds = 0, 0, 0
        while self.kills < KILLS:
            stage = torture.Stage(host)
            for _ in range(LIFE):
                self.round(stage, rng)
                rounds += 1
            stage.clear(self)
            if self.kills >= told + 100:
                told = self.kills
                print(f'# {told} rounds', flush=True)
        print(f'# {self.kills} killed')

    def round(self, stage, rng):
        stage.choose(rng)
        targets = [Target(player, rng) for player in stage.players]
        down, at = rng.random() < DOWN, rng.random()
        try:
            self.kill(stage, targets, at if down else None)
            stage.check({target.player: target.states() for target in targets})
        except Exception as error:
            raise AssertionError(f'after {self.kills}: {error}; {stage.tell()}; '
                                 f'daemon {down} at {at}') from error

    def kill(self, stage, targets, down):
        events = [event for target in targets for event in target.events()]
        if down is not None:
            events.append((down * SPREAD * 2, stage.instance.kill))
        torture.play(events)
        stage.finish()
        for target in targets:
            if target.killed:
                self.kills += 1
                self.check_dead(target)
        if down is not None:
            stage.instance.start()

    def check_dead(self, target):
        if 'paused' not in target.player.ends:
            wait_for(lambda: not target.outlives(), torture.SOON, lambda:
                     f'{target.player}: outlive libvirt_lxc: {target.outlives()}')


if __name__ == '__main__':
    tap.main()
