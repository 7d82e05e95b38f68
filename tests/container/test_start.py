# SPDX-License-Identifier: LGPL-2.1-or-later
"""A start that fails says why, at once, and leaves nothing behind."""

import shutil

import tap
from harness import (HERE, Domain, OurInstance, caps, status_of, wait_for)
from starts import FAILURES
from tap import Case, Sandbox, rows

MISSING_DEVICE = '''<hostdev mode='capabilities' type='misc'>
  <source><char>/dev/nope</char></source></hostdev>'''
EXAMPLE = HERE.parent.parent / 'examples' / 'example.xml'

class Start(Case):
    @rows(FAILURES)
    def test_fails(self, change, user, texts):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, user=user)
        self.addCleanup(domain.remove)
        change(domain)
        self.assertStartFailsSoon(domain, texts)
        self.mend(domain)

    @rows([
        # While libvirt_lxc waits for init, which has not been executed
        ('device', '', MISSING_DEVICE, ('/dev/nope', 'No such file or directory')),
        ('agent', "<seccomp><syscall name='mkdir' action='notify'/>"
                  "<listener path='/run/nobody.sock'/></seccomp>", '',
         ('/run/nobody.sock',)),
    ])
    def test_fails_before_exec(self, features, devices, texts):
        domain = Domain(Sandbox.instance(OurInstance), features=features,
                        devices=devices)
        self.addCleanup(domain.remove)
        self.assertStartFailsSoon(domain, texts)

    def mend(self, domain):
        """The cause is gone: so is the failure."""
        if domain.root.is_file():
            domain.root.unlink()
        shutil.rmtree(domain.root, ignore_errors=True)
        shutil.rmtree(f'{domain.root}.away', ignore_errors=True)
        domain.make_root()
        domain.write_job([])
        for name, line in (('passwd', 'bob:x:1001:1001::/:\n'),
                           ('group', 'bobs:x:1001:\n')):
            with open(domain.root / 'etc' / name, 'a') as file:
                file.write(line)
        domain.start()
        self.assertEqual(domain.state(), 'running')

    def test_example(self):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours)
        self.addCleanup(domain.remove)
        domain.xml = EXAMPLE.read_text().replace('/srv/example', str(domain.root))
        domain.xml = domain.xml.replace('<name>example<',
                                        f'<name>{domain.name}<')
        (domain.root / 'sbin').mkdir()
        init = domain.root / 'sbin' / 'init'
        init.symlink_to('/probe')
        domain.define()
        domain.start()
        domain.results()
        self.assertEqual(caps(status_of(domain.init())['CapBnd']),
                         {0, 5, 6, 7, 10})
        ours.virsh('destroy', domain.name)

    @rows([('exit 0', 'exit 0'), ('exit 3', 'exit 3'), ('signal', 'kill 11')])
    def test_early_end_is_no_failure(self, then):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, then=then)
        self.addCleanup(domain.remove)
        domain.define()
        before = ours.snapshot()
        for _ in range(5):
            domain.start()
            wait_for(lambda: domain.state() == 'shut off', 20, 'still running')
        self.assertNothingLeft(ours, before)

    def test_start_destroy_leaves_nothing(self):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features='<privnet/>')
        self.addCleanup(domain.remove)
        domain.define()
        before = ours.snapshot()
        for _ in range(5):
            domain.start()
            ours.virsh('destroy', domain.name)
        self.assertNothingLeft(ours, before)


if __name__ == '__main__':
    tap.main()
