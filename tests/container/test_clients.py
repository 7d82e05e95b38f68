# SPDX-License-Identifier: LGPL-2.1-or-later
"""Clients that call at random for CONFINEMENT_SECONDS, on domains of which some are
hostile: no call hangs, every error is one that the call may return, the domains can be
listed at any time, and nothing is left behind.

CONFINEMENT_CLIENTS is their number, CONFINEMENT_LONGEST the seconds that an answer may
take. CONFINEMENT_SEED selects the calls."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter

import sanitizers
import tap
from answers import Answers, table
from execs import BUSYBOX
from forget import Host
from harness import HERE, SLOWNESS, Domain
from many import JOB
from notify import Agent
from seccomp import element, rule
from tap import Case

CLIENTS = int(os.environ.get('CONFINEMENT_CLIENTS', '8'))
SECONDS = int(os.environ.get('CONFINEMENT_SECONDS', '20'))
LONGEST = int(os.environ.get('CONFINEMENT_LONGEST', '5')) * SLOWNESS
SEED = int(os.environ.get('CONFINEMENT_SEED') or 1)
CALL = 60 * SLOWNESS    # a job is waited for for 30 seconds
CONTROL = '/dev/loop-control'
HOSTDEV = f'''<hostdev mode='capabilities' type='misc'>
  <source><char>{CONTROL}</char></source></hostdev>'''
ALICE = '<inituser>alice</inituser>'

# VIR_ERR_*
INTERNAL, FAILED, NO_DOMAIN, INVALID, TIMEOUT, UNSUPPORTED = 1, 9, 42, 55, 68, 84
SYSTEM, CONFIG = 38, 67
STARTS, DEVICES = 'start|create_transient', 'attach|detach'
CHANGES = f'destroy|suspend|resume|shutdown|{DEVICES}'

# Calls, kinds of domains, error code, what the error says: the domain is in a state that
# does not permit the call, or another call on it is in progress, or was faster.
ERRORS = [(re.compile(calls), re.compile(kinds), code, re.compile(text))
          for calls, kinds, code, text in (
    (f'{CHANGES}|start|undefine|state|info|xml|join', '.*', NO_DOMAIN,
     '[Nn]o domain with matching'),
    (f'{CHANGES}|join', '.*', INVALID, 'domain is not running'),
    (STARTS, '.*', INVALID, 'Domain is already running|is already active'),
    ('resume', '.*', INVALID, 'domain is already running'),
    ('undefine', '.*', INVALID, 'Cannot undefine transient domain'),
    ('join', '.*', INVALID, 'is paused|is still being started'),
    (f'{CHANGES}|{STARTS}', 'silent agent', TIMEOUT, 'cannot acquire state change lock'),
    (STARTS, 'silent agent', TIMEOUT, 'the seccomp agent does not respond'),
    (STARTS, 'fifo', CONFIG, "'/etc/passwd' of the container is not a regular file"),
    # Another client destroys the domain before libvirt_lxc can report the cause itself.
    (STARTS, '.*', INTERNAL, 'guest failed to start: (?!no error)'),
    ('attach', '.*', FAILED, 'host device already exists'),
    ('detach', '.*', FAILED, f'hostdev {CONTROL} not found'),
    ('join', '.*', FAILED, 'was stopped before the program was executed'),
    ('join', '.*', SYSTEM, 'the domain is being stopped'),
    ('suspend', '.*', FAILED, 'Suspend operation failed'),
    ('shutdown', '.*', UNSUPPORTED, 'nothing in the container reads from an initctl pipe'),
)]


class Planned(Case):
    """Domains, and what clients need of them."""

    def setUp(self):
        self.domains, self.rows = [], []

    def plan(self, kind, **kwargs):
        instance = Host.get().instance
        domain = Domain(instance, job=JOB, **kwargs)
        self.addCleanup(domain.remove)
        os.mkfifo(domain.root / 'order')
        shutil.copy(BUSYBOX, domain.root / 'busybox')
        self.domains.append(domain)
        self.rows.append({'kind': kind, 'name': domain.name, 'xml': domain.xml,
                          'device': HOSTDEV, 'order': str(domain.root / 'order')})
        return domain

    def begin(self, number, *call):
        instance = Host.get().instance
        plan = instance.work / f'plan{number}.json'
        plan.write_text(json.dumps(self.rows))
        out = instance.work / f'client{number}'
        client = instance.command(
            *sanitizers.preloaded(), sys.executable, HERE / 'clients.py',
            instance.environment['LD_LIBRARY_PATH'], SEED * 1000 + number, plan, *call, stdout=out.open('w'))
        self.addCleanup(client.kill)
        return out, client

    def end(self, out, client):
        """Returns its calls."""
        try:
            self.assertEqual(client.wait(CALL), 0)
        except subprocess.TimeoutExpired:
            client.kill()
            client.wait()
            self.fail('a call hangs')
        return [json.loads(line) for line in out.read_text().splitlines()]


class Transient(Planned):
    def test_started_again(self):
        """The start fails, and the domain is still known. virsh would not try."""
        domain = self.plan('ordinary')
        self.end(*self.begin(1, 'create_transient'))
        (_, _, code, text, _), = self.end(*self.begin(2, 'start'))
        self.assertEqual((code, text), (INVALID, 'Requested operation is not valid: '
                                        'Domain is already running'))
        self.assertEqual(domain.state(), 'running')


class Clients(Planned):
    def set_up_domains(self):
        """Several of a kind, since one client may keep a domain from the others."""
        agent = Agent(Host.get().instance, 'silent', '--silent')
        self.addCleanup(agent.stop)
        for _ in range(4):
            self.plan('ordinary')
        for _ in range(2):
            self.plan('deaf', then='ignore')
        self.plan('silent agent', features=element(
            rule('execve', 'notify'), f"<listener path='{agent.path}'/>"))
        self.fifos = [self.plan('fifo', user=ALICE) for _ in range(2)]
        for domain in self.domains:
            domain.define()

    def swap(self):
        """/etc/passwd of some containers is a FIFO every other second."""
        for domain in self.fifos:
            passwd = domain.root / 'etc' / 'passwd'
            other = domain.root / 'etc' / 'other'
            if not other.exists():
                os.mkfifo(other)
            passwd.rename(domain.root / 'etc' / 'third')
            other.rename(passwd)
            (domain.root / 'etc' / 'third').rename(other)

    def test_at_random(self):
        print(f'# seed {SEED}')
        host = Host.get()
        before = host.instance.snapshot()
        self.set_up_domains()
        daemon = host.instance.daemon
        answers = Answers(self.domains[0])
        self.addCleanup(answers.process.kill)
        clients = [self.begin(number) for number in range(CLIENTS)]
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            self.assertIsNone(daemon.poll(), 'the daemon has exited')
            self.swap()
            time.sleep(1)
        for _, client in clients:
            client.terminate()
        calls = [call for client in clients for call in self.end(*client)]
        times = answers.stop()
        print(f'# {len(calls)} calls; {table(times)}')
        self.judge(calls)
        self.assertLess(times[-1][-1], LONGEST * 1000)
        self.doCleanups()
        self.assertNothingLeft(host.instance, before)

    def judge(self, calls):
        """Every error makes sense."""
        counts = Counter((call, kind, code, re.sub('ct[0-9]+-[a-z0-9]+', 'NAME', text))
                         for call, kind, code, text, _ in calls)
        senseless = []
        for row, count in sorted(counts.items()):
            print('#', count, *row)
            if row[2] and not any(accepts(row, error) for error in ERRORS):
                senseless.append(row)
        self.assertEqual(senseless, [])


def accepts(row, error):
    call, kind, code, text = row
    calls, kinds, number, pattern = error
    return (calls.fullmatch(call) and kinds.fullmatch(kind) and code == number
            and pattern.search(text))


if __name__ == '__main__':
    tap.main()
