# SPDX-License-Identifier: LGPL-2.1-or-later
"""systemd in a container of a management application, which joins it by itself, and
cgroup version 2."""

import management
import tap
import test_systemd
from harness import SLOWNESS, Version2Instance, wait_for
from management import IDMAP, Managed, ManagedDomain
from tap import rows

# Waits until it is below the root of the container's cgroup namespace, as a person who
# types commands does.
OWN = 'while grep -qF 0::/.. /proc/self/cgroup; do sleep 0.05; done'


class SystemdDomain(ManagedDomain, test_systemd.SystemdDomain):
    def make_root(self):
        test_systemd.SystemdDomain.make_root(self)


class Scope(Managed):
    kind = Version2Instance

    def boot(self, idmap):
        domain = SystemdDomain(self.ours, init='/sbin/init', idmap=idmap)
        self.addCleanup(domain.remove)
        self.client.call(None, 'defineXML', domain.xml.replace(
            '<initarg>one</initarg>', '').replace('<initarg>two words</initarg>', ''))
        self.client.call(domain, 'create')
        wait_for((domain.root / 'report-done').exists, 60,
                 lambda: 'systemd is not up')
        return domain

    @rows([('without idmap', ''), ('idmap', IDMAP)])
    def test_scope(self, idmap):
        domain = self.boot(idmap)
        status, out, error = self.client.join(
            domain, '/bin/sh', '-c',
            f'{OWN}; exec systemd-run --scope --unit=login -- cat /proc/self/cgroup')
        self.assertEqual(status, 0, error)
        self.assertIn('0::/system.slice/login.scope\n', out)

    def test_shutdown(self):
        domain = self.boot('')
        self.assertEqual(self.client.call(domain, 'shutdown'), 0)
        self.wait_state(domain, 5, 60 * SLOWNESS)


def prepare(build):
    management.prepare(build)
    test_systemd.fetch(build)


if __name__ == '__main__':
    tap.main(prepare)
