# SPDX-License-Identifier: LGPL-2.1-or-later
"""The sample agent as a process, and what the tests of <listener> share."""

import json
import os
import subprocess
import sys
from pathlib import Path

from harness import HERE


class Agent:
    """tests/container/agent.py as a process."""

    def __init__(self, instance, name, *options):
        self.path = instance.work / f'{name}.sock'
        self.payload = instance.work / f'{name}.json'
        self.log = instance.work / f'{name}.log'
        self.log.write_text('')
        self.process = subprocess.Popen(
            [sys.executable, HERE / 'agent.py', '--payload', self.payload,
             '--log', self.log, *map(str, options), self.path],
            stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def document(self):
        return json.loads(self.payload.read_text())

    def calls(self):
        """Numbers of those that it was told of, by container."""
        found = {}
        for line in self.log.read_text().splitlines():
            call = json.loads(line)
            found.setdefault(call['container'], []).append(call['nr'])
        return found

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def listener(path, metadata=None):
    text = '' if metadata is None else f" metadata='{metadata}'"
    return f"<listener path='{path}'{text}/>"


def escaped(text):
    return text.replace('&', '&amp;').replace("'", '&apos;').replace('"', '&quot;')


def descriptors(pid):
    return [os.readlink(path) for path in Path(f'/proc/{pid}/fd').iterdir()]
