# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains as a management application defines them, and its connection."""

import json
import os
import select
import subprocess
import time
from pathlib import Path

import sanitizers
from execution import ShellDomain
from harness import HERE, SLOWNESS, Failed, OurInstance
from tap import Case, Sandbox
from test_exec_api import MODULES, PYTHON_PACKAGES, fetch

CLIENT = HERE / 'management_client.py'
PYTHON = '/usr/bin/python3'

# Its first process handles SIGTERM.
INIT = '''#!/bin/sh
trap 'exit 0' TERM
{}
echo end= >>/out
while :; do
    sleep 1000 &
    wait $!
done
'''

XML = '''<domain type="lxc" id="{uuid}">
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit="M">1073741824</memory>
  <clock offset="localtime"/>
  <os>
    <type>exe</type>
    <init>{init}</init>
    <initarg>one</initarg>
    <initarg>two words</initarg>
    <initenv name="PURPOSE">conformance</initenv>
    <initdir>/tmp</initdir>
    <inituser>{user}</inituser>
  </os>
  {idmap}
  <features>
    {features}
    <privnet/>
  </features>
  <devices>
    <filesystem type="mount"><source dir="{data}"/><target dir="/mnt/data"/></filesystem>
    <filesystem type="mount"><source dir="{data}/below"/>
      <target dir="/mnt/other/place"/></filesystem>
    {devices}
    <console type="pty"/>
    <filesystem type="mount"><source dir="{root}"/><target dir="/"/></filesystem>
  </devices>
</domain>
'''

# Three ranges: one user of the container is the same user on the host.
IDMAP = '<idmap>{}</idmap>'.format(''.join(f'''
    <{kind} start="0" target="100000" count="1000"/>
    <{kind} start="1000" target="1000" count="1"/>
    <{kind} start="1001" target="101001" count="64535"/>''' for kind in ('uid', 'gid')))


def capabilities(policy='default', **states):
    return (f'<capabilities policy="{policy}">' + ''.join(
        f'<{name} state="{state}"/>' for name, state in states.items()) +
        '</capabilities>')


class ManagedDomain(ShellDomain):
    """init, options of the domain, and what its script does first."""

    def __init__(self, instance, *, features='', devices='', idmap='', script='',
                 init='/begin', user='root'):
        super().__init__(instance, init=init, idmap=idmap)
        self.data = instance.work / f'{self.name}.data'
        (self.data / 'below').mkdir(parents=True)
        (self.data / 'below' / 'file').write_text(self.name)
        if init == '/begin':
            (self.root / 'begin').write_text(INIT.format(script))
            (self.root / 'begin').chmod(0o755)
        self.xml = XML.format(name=self.name, uuid=self.uuid, root=self.root,
                              data=self.data, init=init, user=user,
                              features=features, devices=devices, idmap=idmap)

    def pid_file(self):
        return self.instance.path(
            self.instance.top / 'run/libvirt/lxc' / f'{self.name}.pid')


class Refused(Failed):
    """An error of libvirt, with its number as the second argument."""


class Client:
    """A connection of python3-libvirt that receives events."""

    def __init__(self, instance):
        self.instance = instance
        modules = instance.build / 'python3-libvirt' / MODULES
        if not modules.exists():
            raise Failed('python3-libvirt was not downloaded')
        self.env = os.environ | instance.environment | {'PYTHONPATH': str(modules)}
        self.uri = f'lxc:///system?socket={instance.top}/run/libvirt/virtlxcd-sock'
        self.process = self.popen('serve', self.uri, stdin=subprocess.PIPE)

    def popen(self, *args, **kwargs):
        return subprocess.Popen([*sanitizers.preloaded(), PYTHON, CLIENT, *args],
                                env=self.env, text=True, preexec_fn=self.instance.enter,
                                stdout=subprocess.PIPE, **kwargs)

    def call(self, domain, method, *args):
        """The result of a method of the domain, or of the connection if it is None."""
        request = [domain.name if domain else None, method, *args]
        self.process.stdin.write(json.dumps(request) + '\n')
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], 60 * SLOWNESS)[0]:
            raise Failed(f'no answer to {request}')
        line = self.process.stdout.readline()
        answer = json.loads(line or '{"error": "the client has ended", "code": 0}')
        if 'error' in answer:
            raise Refused(answer['error'], answer['code'])
        return answer['value']

    def join(self, domain, *command):
        """(status, output, error) of a program in the container."""
        process = self.popen('join', self.uri, domain.name, domain.pid_file(), *command,
                             stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        out, error = process.communicate(timeout=60 * SLOWNESS)
        return process.returncode, out, error

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


class Managed(Case):
    kind = OurInstance

    def setUp(self):
        self.ours = Sandbox.instance(self.kind)
        self.client = Client(self.ours)
        self.addCleanup(self.client.stop)

    def domain(self, **kwargs):
        domain = ManagedDomain(self.ours, **kwargs)
        self.addCleanup(domain.remove)
        return domain

    def begin(self, domain):
        """Defines and starts a domain, and waits until its init is ready."""
        domain.out.write_text('')
        self.assertEqual(self.client.call(None, 'defineXML', domain.xml), domain.name)
        self.assertEqual(self.client.call(domain, 'create'), 0)
        domain.results()

    def started(self, **kwargs):
        domain = self.domain(**kwargs)
        self.begin(domain)
        return domain

    def wait_state(self, domain, state, timeout=20 * SLOWNESS):
        end = time.monotonic() + timeout
        while (found := self.client.call(domain, 'state')[0]) != state:
            if time.monotonic() > end:
                self.fail(f'the state is {found}')
            time.sleep(0.02)


def prepare(build):
    fetch(build, 'python3-libvirt', PYTHON_PACKAGES)


def first_child(pid):
    return int(Path(f'/proc/{pid}/task/{pid}/children').read_text().split()[0])
