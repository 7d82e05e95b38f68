# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names in a container's tree change while the container starts: a thread on the
host swaps a directory, or a file, with a symbolic link to the host. 200 starts in
all: each is right, or its error names the path, and the host does not change."""

import os
import random
import re
import shutil
import threading
import time
from pathlib import Path

import sandbox
import tap
from harness import IDMAP, Domain, OurInstance, StockInstance
from tap import Case, Sandbox, rows

RENAMEAT2, AT_FDCWD, RENAME_EXCHANGE = 316, -100, 2
DENY = "<capabilities policy='deny'/>"
# HOST is a directory outside of the container.
LINKS = ('HOST', '/.oldroot/HOST', '../../../../../../../../HOST', '/proc/1/root/HOST')
STARTS = 10  # for each link
PAUSES = (0, 0, 0.0005, 0.002, 0.01, 0.05)  # seconds between two swaps


def exchange(one, other):
    sandbox.check(sandbox.LIBC.syscall(RENAMEAT2, AT_FDCWD, os.fsencode(one), AT_FDCWD,
                                       os.fsencode(other), RENAME_EXCHANGE), 'rename')


class Swapping(threading.Thread):
    """Swaps a name of the container's root and a link beside it, until the end of
    the with block."""

    def __init__(self, path, target):
        super().__init__()
        self.path, self.link = path, path.with_name(f'{path.name}.link')
        self.link.symlink_to(target)
        self.over = threading.Event()
        self.count = 0

    def run(self):
        while not self.over.is_set():
            exchange(self.path, self.link)
            self.count += 1
            time.sleep(random.choice(PAUSES))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


def mounts(domain):
    """What is mounted, wherever: a directory that is mounted on, or bound, moves
    with its name. The names of cgroups have the number of each start."""
    text = Path(f'/proc/{domain.init()}/mountinfo').read_text()
    lines = re.sub(r'/lxc-\d+-', '/lxc-', text.replace('.link ', ' ')).splitlines()
    return sorted((line.split()[3], line.split()[5], line.partition(' - ')[2])
                  for line in lines)


class Racer(threading.Thread):
    """A domain that is started again and again."""

    def __init__(self, domain, path, target):
        super().__init__()
        self.domain, self.path, self.target = domain, path, target
        self.expected, self.errors, self.wrong = None, [], []
        self.swaps = 0

    def start_once(self):
        status, _, error = self.domain.instance.run('start', self.domain.name)
        if status:
            self.errors.append(error)
            return
        found = mounts(self.domain)
        self.expected = self.expected or found
        if found != self.expected:
            self.wrong.append(set(found) ^ set(self.expected))
        self.domain.instance.virsh('destroy', self.domain.name)

    def run(self):
        self.domain.define()
        self.start_once()
        with Swapping(self.path, self.target) as swapping:
            for _ in range(STARTS):
                self.start_once()
        self.swaps = swapping.count


class Races(Case):
    def setUp(self):
        self.host = Sandbox.work / 'host'
        shutil.rmtree(self.host, ignore_errors=True)
        for name in ('target', 'sys', 'pts'):
            (self.host / name).mkdir(parents=True)
        (self.host / 'passwd').write_text('alice:x:0:0::/:\n')
        self.before = self.listing()

    def listing(self):
        return sorted((str(path), path.lstat()[:7], path.lstat().st_mtime_ns)
                      for path in [self.host, *self.host.rglob('*')])

    def domain(self, instance, idmap=''):
        volume = Sandbox.work / 'volume'
        volume.mkdir(exist_ok=True)
        domain = Domain(
            instance, features=DENY, idmap=idmap, user='<inituser>alice</inituser>',
            devices=f"<filesystem type='mount'><source dir='{volume}'/>"
                    "<target dir='/parent/target'/></filesystem>")
        self.addCleanup(domain.remove)
        parent = domain.root / 'parent'
        parent.mkdir()
        if idmap:
            os.chown(parent, 100000, 100000)
        return domain

    @rows((name, name) for name in ('dev', 'proc', 'sys', 'etc/passwd', 'parent'))
    def test_of(self, name):
        end = '/passwd' if name == 'etc/passwd' else ''
        racers = []
        for i, link in enumerate(LINKS):
            domain = self.domain(Sandbox.instance(OurInstance), IDMAP if i % 2 else '')
            target = link.replace('HOST', str(self.host).lstrip('/')) + end
            racers.append(Racer(domain, domain.root / name,
                                f'/{target}' if link == 'HOST' else target))
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        self.assertEqual(self.listing(), self.before, "the host's files changed")

        errors = [error for racer in racers for error in racer.errors]
        print(f'# {len(errors)} of {len(LINKS) * STARTS} starts refused, '
              f'{sum(racer.swaps for racer in racers)} swaps')
        for racer in racers:
            self.assertIsNotNone(racer.expected, racer.errors)
            self.assertEqual(racer.wrong, [])
            self.assertGreater(racer.swaps, STARTS)
        self.assertGreater(len(errors), 0, 'no start has met a link')
        for error in errors:
            self.assertIn(f"/{name}", error)

    def test_of_stock_is_lost_without_a_race(self):
        """What the others stand for: they would notice."""
        domain = self.domain(Sandbox.instance(StockInstance))
        (domain.root / 'parent').rmdir()
        (domain.root / 'parent').symlink_to(f'/.oldroot{self.host}/target')
        domain.define()
        domain.instance.run('start', domain.name)
        self.assertNotEqual(self.listing(), self.before)


if __name__ == '__main__':
    tap.main(StockInstance.fetch)
