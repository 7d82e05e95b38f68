# SPDX-License-Identifier: LGPL-2.1-or-later
"""Daemons that are killed, and their files meanwhile."""

import subprocess
from pathlib import Path

from harness import OurInstance, command_of, wait_for
from tap import Sandbox


class Host:
    """The instance, whose files can be reached while the daemon is not running."""

    def __init__(self):
        self.instance = Sandbox.instance(OurInstance)
        self.holder = self.instance.command('sleep', 'infinity',
                                            stdout=subprocess.DEVNULL)
        wait_for(lambda: command_of(self.holder.pid).startswith(b'sleep'), 10, 'no holder')
        self.top = Path(f'/proc/{self.holder.pid}/root{self.instance.top}')
        self.definitions = self.top / 'etc/libvirt/lxc'
        self.states = self.top / 'run/libvirt/lxc'
        self.definitions.mkdir(parents=True, exist_ok=True)

    @classmethod
    def get(cls):
        if not hasattr(cls, 'only'):
            cls.only = cls()
        if cls.only.instance.daemon.poll() is not None:
            cls.only.instance.start()
        return cls.only

    def restart(self, meanwhile=lambda: None):
        self.instance.kill()
        meanwhile()
        self.instance.start()

    def names(self):
        return set(self.instance.virsh('list', '--all', '--name').split())
