# SPDX-License-Identifier: LGPL-2.1-or-later
"""virt-lxc-policy with a daemon."""

import json
import os
import subprocess
from pathlib import Path

from harness import Domain, OurInstance
from tap import Case, Sandbox

YES, NO, FAILED = 0, 1, 2
PROGRAM = 'virt-lxc-policy'


class Policy(Case):
    kind = OurInstance

    @property
    def ours(self):
        return Sandbox.instance(self.kind)

    def domain(self, features='', **kwargs):
        return Domain(self.ours, features=features, **kwargs)

    def defined(self, features='', **kwargs):
        domain = self.domain(features, **kwargs)
        self.addCleanup(domain.remove_later)
        domain.define()
        return domain

    def started(self, features='', **kwargs):
        domain = self.defined(features, **kwargs)
        domain.start()
        domain.results()
        return domain

    def policy(self, *arguments, data=None, enter=None, uri='lxc:///system'):
        """Status, output and errors."""
        def prepare():
            self.ours.enter()
            if enter:
                enter()
        process = subprocess.run(
            [self.ours.client.parent / PROGRAM, '-c', uri, *map(str, arguments)],
            env=os.environ | {'LC_ALL': 'C.UTF-8'} | self.ours.environment,
            preexec_fn=prepare, capture_output=True, text=True, check=False, input=data or '')
        return process.returncode, process.stdout, process.stderr

    def show(self, *arguments, **kwargs):
        """The exit status, and {what: comparison}."""
        status, out, error = self.policy('show', '--json', *arguments, **kwargs)
        self.assertEqual(error, '')
        found = json.loads(out)
        self.assertEqual(found['agrees'], status == YES)
        return status, {each['what']: each for each in found['comparisons']}


def init_of(domain):
    """The process that is the only child of the controller."""
    controller = domain.instance.virsh('domid', domain.name)
    [init] = [path.parent.name for path in Path('/proc').glob('[0-9]*/stat')
              if path.read_text().rpartition(')')[2].split()[1] == controller]
    return int(init)
