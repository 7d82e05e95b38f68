# SPDX-License-Identifier: LGPL-2.1-or-later
"""The daemon is killed at random instants of operations on several domains. After
its next start, no container is less confined than its XML, unknown or lost, no
domain is running that is dead, and nothing is left behind.

CONFINEMENT_ROUNDS is how often it is killed. CONFINEMENT_SEED selects the operations
and the delays; ./check always has the same, scripts/torture chooses."""

import os
import random
import time

import tap
import torture
from forget import Host
from harness import SLOWNESS, rounds
from tap import Case

ROUNDS = rounds(100)
SEED = int(os.environ.get('CONFINEMENT_SEED') or 1)
LIFE = 8            # rounds until all domains are removed
DOWN = (0, 0, 0.05, 0.3)
START = 0.15 * SLOWNESS  # seconds that a start of the daemon takes
AGAIN = 0.3         # how often it is killed meanwhile


class Killed(Case):
    def test_daemon(self):
        print(f'# seed {SEED}')
        host, rng = Host.get(), random.Random(SEED)
        self.kills, told = 0, 0
        while self.kills < ROUNDS:
            stage = torture.Stage(host)
            for _ in range(LIFE):
                self.round(stage, rng)
            stage.clear(self)
            if self.kills >= told + 100:
                told = self.kills
                print(f'# {told} rounds', flush=True)

    def round(self, stage, rng):
        stage.choose(rng)
        try:
            self.kill(stage, rng)
            stage.check({player: player.ends for player in stage.players})
        except Exception as error:
            raise AssertionError(f'round {self.kills}: {error}; {stage.tell()}') from error

    def kill(self, stage, rng):
        end = max(player.delay for player in stage.players)
        torture.play([(end - player.delay, player.begin) for player in stage.players]
                     + [(end, stage.instance.kill)])
        self.kills += 1
        stage.finish()
        time.sleep(rng.choice(DOWN))
        again, delay = rng.random(), rng.uniform(0, START)
        if again < AGAIN:
            stage.instance.spawn()
            time.sleep(delay)
            stage.instance.kill()
            self.kills += 1
        stage.instance.start()


if __name__ == '__main__':
    tap.main()
