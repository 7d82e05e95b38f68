# SPDX-License-Identifier: LGPL-2.1-or-later
"""The capability sets of a container's init, and what it can do with them."""

import os
import shutil
import struct
from itertools import product
from pathlib import Path

import tap
from capabilities import (ALL, CHOWN, DEFAULT, HOST, INITS, LISTS, MAPS, SETGID,
                          SETUID, SYS_RESOURCE, SYS_TIME, expected, features)
from harness import IDMAP, Domain, OurInstance, caps, status_of
from tap import Case, Sandbox, rows

class Sets(Case):
    @rows([(' '.join((policy, *names)), policy, *names)
           for policy, *names in product(('default', 'deny', 'allow'), LISTS,
                                         INITS, MAPS)])
    def test_sets(self, policy, entries, init, idmap):
        xml, on, off = LISTS[entries]
        user, uid, gid = INITS[init]
        mapping, extra = MAPS[idmap]
        self.check(features(policy, xml) + extra, user, mapping, uid, gid,
                   expected(policy, on, off, uid, ALL if mapping else HOST))

    @rows([('no element', ''), ('no policy', features(None, ''))])
    def test_absent(self, xml):
        self.check(xml, '', '', 0, 0, expected('default', set(), set(), 0))

    def test_absent_alice(self):
        self.check('', INITS['alice'][0], '', 1000, 0,
                   expected('default', set(), set(), 1000))

    def check(self, features, user, idmap, uid, gid, sets):
        domain = Domain(Sandbox.instance(OurInstance), features=features,
                        user=user, idmap=idmap, job=['self status'])
        self.addCleanup(domain.remove_later)
        results = domain.run()
        init = status_of(domain.init())
        shift = 100000 if idmap else 0
        self.assertEqual(init['Uid'].split(), [str(uid + shift)] * 4)
        self.assertEqual(init['Gid'].split(), [str(gid + shift)] * 4)
        self.assertEqual({name: caps(init[name]) for name in sets}, sets)
        # A process that init makes has the same.
        self.assertEqual({name: caps(results[f'self.{name}']) for name in sets},
                         sets)


# Deed, capability that it needs, others that it needs as well
DEEDS = [
    ('chown /tmp 7', 'chown'),
    ('open w /secret', 'dac_override'),
    ('open r /secret', 'dac_read_search'),
    ('chmod /secret 644', 'fowner'),
    ('kill', 'kill', 'setuid'),
    ('setgid 7', 'setgid'),
    ('setuid 7', 'setuid'),
    ('bind 80', 'net_bind_service'),
    ('socket-force', 'net_admin'),
    ('raw-socket', 'net_raw'),
    ('mlock', 'ipc_lock'),
    ('chroot /tmp', 'sys_chroot'),
    ('sethostname probe', 'sys_admin'),
    ('mount tmpfs /mnt', 'sys_admin'),
    ('reboot-check', 'sys_boot'),
    ('nice', 'sys_nice'),
    ('raise-limit', 'sys_resource'),
    ('clock', 'sys_time'),
    ('mknod c 1 3 /null', 'mknod'),
    ('setfcap /mine', 'setfcap'),
    ('syslog', 'syslog'),
    ('alarm', 'wake_alarm'),
    ('bpf', 'bpf'),
]
# Which sys_admin implies: bpf, and with some kernels, 6.1 among them, syslog
OF_SYS_ADMIN = ('bpf', 'syslog')
REFUSED = {'EPERM', 'EACCES'}


class Deeds(Case):
    @rows([(f'{init} {row[0]}', init, *row) for row in DEEDS
           for init in ('root', 'alice')
           if row[1] != 'sys_resource' or SYS_RESOURCE in HOST])
    def test_deed(self, init, deed, needed, *others):
        """With the capability alone, with all but it: the deed decides."""
        others = ''.join(f'<{name}/>' for name in others)
        allowed = self.outcome(features('deny', f'<{needed}/>{others}'), init,
                               deed)
        self.assertNotIn(allowed, REFUSED)
        without = others
        if init == 'root' and needed not in ('dac_override', 'dac_read_search'):
            denied = self.outcome(
                features('allow', f"<{needed} state='off'/>" +
                         ("<sys_admin state='off'/>" if needed in OF_SYS_ADMIN else '')),
                init, deed)
        else:
            denied = self.outcome(features('deny', without), init, deed)
        self.assertIn(denied, REFUSED)

    def outcome(self, xml, init, deed):
        user, uid, _ = INITS[init]
        domain = Domain(Sandbox.instance(OurInstance), features=xml, user=user,
                        job=[f'deed {deed}'])
        self.addCleanup(domain.remove_later)
        secret = domain.root / 'secret'
        secret.touch(mode=0o600)
        os.chown(secret, 99, 99)
        (domain.root / 'mine').touch()
        os.chown(domain.root / 'mine', uid, 0)
        os.chown(domain.root, uid, 0)
        return domain.run()['deed']


# VFS_CAP_REVISION_2 with the effective bit: chown and sys_time
FILE_CAPS = struct.pack('<5I', 0x02000001, 1 << CHOWN | 1 << SYS_TIME, 0, 0, 0)


class Regain(Case):
    """What exec of a privileged file gives to an unprivileged process."""

    @rows([
        # Features, what set-uid root gets, what the file capabilities give
        ('default', features('default', ''), set(), None),
        ('default on', features('default', '<chown/><sys_time/>'),
         {CHOWN, SYS_TIME}, {CHOWN, SYS_TIME}),
        ('deny', features('deny', ''), set(), None),
        ('deny on', features('deny', '<kill/>'), {5}, None),
        ('allow off', features('allow', "<sys_time state='off'/>"),
         ALL - {SYS_TIME}, None),
        ('allow', features('allow', ''), ALL, {CHOWN, SYS_TIME}),
    ])
    def test_alice(self, xml, setuid, filecaps):
        results = self.run_both(xml, INITS['alice'][0], '')
        self.verify(results, setuid, filecaps)

    @rows([
        ('default', features('default', ''), DEFAULT, None),
        ('deny', features('deny', '<setuid/><setgid/>'), {SETUID, SETGID}, None),
        ('allow', features('allow', ''), ALL, {CHOWN, SYS_TIME}),
    ])
    def test_root_that_becomes_alice(self, xml, setuid, filecaps):
        results = self.run_both(xml, '', 'as 1000 ')
        self.verify(results, setuid, filecaps)

    def run_both(self, xml, user, become):
        domain = Domain(Sandbox.instance(OurInstance), features=xml, user=user,
                        job=[f'job {become}exec setuid /setuid status',
                             f'job {become}exec filecaps /filecaps status'])
        self.addCleanup(domain.remove_later)
        for name in ('setuid', 'filecaps'):
            shutil.copy(domain.root / 'probe', domain.root / name)
        (domain.root / 'setuid').chmod(0o4755)
        os.setxattr(domain.root / 'filecaps', 'security.capability', FILE_CAPS)
        return domain.run()

    def verify(self, results, setuid, filecaps):
        setuid = setuid & HOST
        self.assertEqual(results['setuid.Uid'].split()[1], '0')
        self.assertEqual(caps(results['setuid.CapPrm']), setuid)
        self.assertEqual(caps(results['setuid.CapEff']), setuid)
        if filecaps is None:
            # The kernel refuses rather than give less than the file says.
            self.assertEqual(results.get('job'), 'EPERM')
        else:
            self.assertEqual(caps(results['filecaps.CapEff']), filecaps)


LIMIT = 'sys/user/max_user_namespaces'
PERMITS = ("<seccomp policy='allow'><namespace type='user' action='allow'/>"
           "</seccomp>")
OFF = "<capabilities><sys_admin state='off'/></capabilities>"


class UserNamespaces(Case):
    """With <idmap>, the kernel's limit for the container's user namespace."""

    def domain(self, elements, idmap, user='', job=()):
        domain = Domain(
            Sandbox.instance(OurInstance), features=elements + '<privnet/>',
            idmap=idmap, user=user, job=job,
            devices="<filesystem type='mount'><source dir='/proc'/>"
                    "<target dir='/procfs'/></filesystem>")
        self.addCleanup(domain.remove_later)
        return domain

    @rows([
        ('deny', features('deny', ''), IDMAP, '', 'ENOSPC'),
        ('deny, alice', features('deny', ''), IDMAP, INITS['alice'][0], 'ENOSPC'),
        ('off', OFF, IDMAP, '', 'ENOSPC'),
        ('deny, seccomp', features('deny', '') + "<seccomp policy='allow'/>",
         IDMAP, '', 'ENOSPC'),
        ('permitted', features('deny', '') + PERMITS, IDMAP, '', 'OK'),
        ('deny, sys_admin', features('deny', '<sys_admin/>'), IDMAP, '', 'OK'),
        ('default', features('default', ''), IDMAP, '', 'OK'),
        ('no element', '', IDMAP, '', 'OK'),
        ('allow', features('allow', ''), IDMAP, '', 'OK'),
        ('deny, no idmap', features('deny', ''), '', '', 'OK'),
    ])
    def test_made(self, elements, idmap, user, outcome):
        before = Path(f'/proc/{LIMIT}').read_text()
        results = self.domain(elements, idmap, user, ['made userns']).run()
        self.assertEqual(results['made'], outcome)
        self.assertEqual(Path(f'/proc/{LIMIT}').read_text(), before)

    @rows([
        ('deny', '', '0;', 'EACCES', 'ENOSPC'),
        ('sys_resource', '<sys_resource/>', '0;', 'OK', 'OK'),
    ])
    def test_raised(self, entries, limit, outcome, made):
        """By what has sys_resource in the container, and only through a procfs
        of the host: its own is read-only."""
        results = self.domain(features('deny', entries), IDMAP, job=[
            f'limit cat /proc/{LIMIT}', f'own append /proc/{LIMIT} 5',
            f'other append /procfs/{LIMIT} 5',
            'made userns']).run()
        self.assertEqual(results['limit'], limit)
        self.assertEqual(results['own'], 'EROFS' if entries else 'EACCES')
        self.assertEqual(results['other'], outcome)
        self.assertEqual(results['made'], made)


if __name__ == '__main__':
    tap.main()
