# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every right of Landlock up to ABI 7 in a container: allowed, the deed is done;
not allowed, it is refused."""

import os
import shutil
import socket
import stat
from itertools import product

import landlock
import tap
from harness import IDMAP, Domain, OurInstance
from tap import Case, Sandbox, rows

# Right: (what else its deeds need, {deed: outcome where the right is missing}).
# @ is the directory that the rule is on. EXDEV is what programs expect of a
# rename that cannot be one.
ALL_RIGHTS = {
    'execute': (['read_file'], {'exec LABEL @/probe wait /': 'EACCES'}),
    'write_file': ([], {'append @/file text': 'EACCES',
                        'open w @/file': 'EACCES'}),
    'read_file': ([], {'open r @/file': 'EACCES'}),
    'read_dir': ([], {'list @/dir': 'EACCES'}),
    'remove_dir': ([], {'rmdir @/empty': 'EACCES'}),
    'remove_file': ([], {'unlink @/old': 'EACCES'}),
    'make_char': ([], {'mknod c 1 3 @/char': 'EACCES'}),
    'make_dir': ([], {'mkdir @/made': 'EACCES'}),
    'make_reg': (['write_file'], {'create @/reg': 'EACCES'}),
    'make_sock': ([], {'bind-unix @/sock': 'EACCES'}),
    'make_fifo': ([], {'mkfifo @/fifo': 'EACCES'}),
    'make_block': ([], {'mknod b 7 0 @/block': 'EACCES'}),
    'make_sym': ([], {'symlink @/sym': 'EACCES'}),
    'refer': (['make_reg', 'remove_file', 'make_dir', 'remove_dir'],
              {'rename @/one @/dir/one': 'EXDEV',
               'link @/two @/dir/two': 'EXDEV',
               'rename @/full @/dir/full': 'EXDEV'}),
    'truncate': ([], {'truncate @/file': 'EACCES'}),
    'ioctl_dev': (['read_file'], {'ioctl @/random': 'EACCES'}),
}
RIGHTS = {right: row for right, row in ALL_RIGHTS.items() if right in landlock.FS_RIGHTS}

FILES = ('file', 'old', 'one', 'two')
DIRS = ('dir', 'empty', 'full')

# What a user namespace refuses by itself
DEVICES = {'make_char', 'make_block'}

# Name: (<inituser>, <idmap>, features, rights that cannot be seen)
INITS = {
    'root': ('', '', "<capabilities><mknod/></capabilities>", set()),
    'alice': ('<inituser>alice</inituser>', '',
              "<capabilities policy='deny'><mknod/></capabilities>", set()),
    'idmap': ('', IDMAP, '<privnet/>', DEVICES),
    'idmap alice': ('<inituser>alice</inituser>', IDMAP, '<privnet/>', DEVICES),
    'no capabilities': ('', '', "<capabilities policy='deny'/>", DEVICES),
}


def deed_rows():
    for right, (_, deeds) in RIGHTS.items():
        for deed, refusal in deeds.items():
            yield right, deed, refusal


class FileSystem(Case):
    """One container for each row of INITS has, for every right, a directory in
    which nothing but that right is allowed, and one in which all but it are."""
    results = {}

    def test_all_rights_are_tried(self):
        self.assertEqual(set(RIGHTS), set(landlock.FS_RIGHTS))

    @rows([(f'{init}, {deed}', init, right, deed)
           for init, (right, deed, _) in product(INITS, deed_rows())
           if right not in INITS[init][-1]])
    def test_allowed(self, init, right, deed):
        self.assertEqual(self.outcome(init, 'with', right, deed), 'OK')

    @rows([(f'{init}, {deed}', init, right, deed, refusal)
           for init, (right, deed, refusal) in product(INITS, deed_rows())])
    def test_refused(self, init, right, deed, refusal):
        self.assertEqual(self.outcome(init, 'without', right, deed), refusal)

    @rows([(init, init) for init in INITS])
    def test_elsewhere(self, init):
        """No rule, no right."""
        self.assertEqual(self.container(init)['elsewhere'], 'EACCES')

    def outcome(self, init, side, right, deed):
        return self.container(init)[landlock.label(self.deed(side, right, deed))]

    def deed(self, side, right, deed):
        return deed.replace('@', f'/{side}/{right}')

    def container(self, init):
        if init not in FileSystem.results:
            FileSystem.results[init] = self.run_container(init)
        return FileSystem.results[init]

    def run_container(self, init):
        user, idmap, features, _ = INITS[init]
        rules = {}
        for right, (needs, _) in RIGHTS.items():
            rules[f'/with/{right}'] = [right, *needs]
            rules[f'/without/{right}'] = [name for name in landlock.FS_RIGHTS
                                          if name != right]
        deeds = [self.deed(side, right, deed) for side, (right, deed, _)
                 in product(('with', 'without'), deed_rows())]
        domain = Domain(
            Sandbox.instance(OurInstance), user=user, idmap=idmap,
            job=['elsewhere open r /etc/passwd', *landlock.job(deeds)],
            features=features + landlock.element(fs=landlock.probe_paths(rules)))
        self.addCleanup(domain.remove)
        uid = (1000 if user else 0) + (100000 if idmap else 0)
        for side, right in product(('with', 'without'), RIGHTS):
            furnish(domain.root / side / right, uid)
        return domain.run()


def furnish(top, uid):
    """All that the deeds are done to."""
    top.mkdir(parents=True)
    for name in DIRS:
        (top / name).mkdir()
    for name in FILES:
        (top / name).write_text('text')
    shutil.copy(top.parents[1] / 'probe', top / 'probe')
    os.mknod(top / 'random', stat.S_IFCHR | 0o666, os.makedev(1, 8))
    for path in [top, *top.iterdir()]:
        os.chown(path, uid, uid)


# Deed on a port, outcome; ports of PORTS
PORTS = {0: 'bind', 7001: 'bind connect', 7002: 'bind', 7003: 'connect',
         7004: 'bind_tcp', 7005: 'connect_tcp'}
NET = [
    ('listen 7001', 'OK'),
    ('connect 7001', 'OK'),
    ('listen 7002', 'OK'),
    ('connect 7002', 'EACCES'),
    ('bind 7003', 'EACCES'),
    ('connect 7003', 'ECONNREFUSED'),
    ('bind 7004', 'OK'),
    ('connect 7004', 'EACCES'),
    ('bind 7005', 'EACCES'),
    ('connect 7005', 'ECONNREFUSED'),
    ('bind 7006', 'EACCES'),
    ('connect 7006', 'EACCES'),
    # Any that is free: a rule of its own
    ('bind 0', 'OK'),
    # Not before ABI 10
    ('send-udp 7006', 'OK'),
]
NO_PORT = [('listen 7001', 'EACCES'), ('connect 7001', 'EACCES'),
           ('bind 0', 'EACCES'), ('send-udp 7001', 'OK')]
# Ways of using TCP that Landlock does not check; 262 is MPTCP, 256 is SMC.
BYPASSES = [
    ('listen 7001', 'OK'),
    ('connect 7001', 'OK'),
    ('listen-by 262 7006', 'EPROTONOSUPPORT'),
    ('connect-by 262 7006', 'EPROTONOSUPPORT'),
    ('connect-by 262 7001', 'EPROTONOSUPPORT'),
    ('connect-by 256 7006', 'EPROTONOSUPPORT'),
    ('fast-open sendto 7006', 'EACCES'),
    ('fast-open sendmsg 7006', 'EACCES'),
    ('fast-open sendmmsg 7006', 'EACCES'),
]
# On the kernel that runs the tests, these work where nothing denies them.
UNDENIED = [('listen 7001', 'OK'), ('listen-by 262 7006', 'OK'),
            ('connect-by 262 7001', 'OK'), ('connect-by 262 7006', 'OK'),
            ('fast-open sendto 7001', 'OK'), ('fast-open sendmsg 7001', 'OK'),
            ('fast-open sendmmsg 7001', 'OK')]
WITHOUT_NET = [('listen 7006', 'OK'), ('connect 7006', 'OK')]


class Net(Case):
    results = {}

    @rows([(deed, deed, outcome) for deed, outcome in NET])
    def test_ports(self, deed, outcome):
        self.assertEqual(self.container(
            landlock.element(net=landlock.ports(PORTS)), NET)[deed], outcome)

    @rows([(deed, deed, outcome) for deed, outcome in NO_PORT])
    def test_no_port(self, deed, outcome):
        self.assertEqual(self.container(landlock.element(net=''),
                                        NO_PORT)[deed], outcome)

    @rows([(deed, deed, outcome) for deed, outcome in BYPASSES])
    def test_bypass(self, deed, outcome):
        self.assertEqual(self.container(
            landlock.element(net=landlock.ports(PORTS)), BYPASSES)[deed], outcome)

    @rows([(deed, deed, outcome) for deed, outcome in BYPASSES])
    def test_bypass_with_seccomp(self, deed, outcome):
        self.assertEqual(self.container(
            landlock.element(net=landlock.ports(PORTS)) + '<seccomp/>',
            BYPASSES)[deed], outcome)

    @rows([(deed, deed, outcome) for deed, outcome in UNDENIED])
    def test_bypass_works_without_net(self, deed, outcome):
        self.assertEqual(self.container(landlock.element(scope=''),
                                        UNDENIED)[deed], outcome)

    @rows([(deed, deed, outcome) for deed, outcome in WITHOUT_NET])
    def test_part_is_absent(self, deed, outcome):
        self.assertEqual(self.container(landlock.element(scope=''),
                                        WITHOUT_NET)[deed], outcome)

    def container(self, xml, table):
        if (xml, id(table)) not in Net.results:
            domain = Domain(Sandbox.instance(OurInstance),
                            features='<privnet/>' + xml,
                            job=landlock.job(deed for deed, _ in table))
            self.addCleanup(domain.remove)
            results = domain.run()
            Net.results[xml, id(table)] = {
                deed: results[landlock.label(deed)] for deed, _ in table}
        return Net.results[xml, id(table)]


# <scope>, whether sockets of others are out of reach, and their processes
SCOPES = [
    ('both', '', True, True),
    ('socket', "signal='off'", True, False),
    ('signal', "abstract-unix-socket='off'", False, True),
    ('no part', None, False, False),
]


class Scope(Case):
    @rows([(f'{name}, {mapping or "host ids"}', scope, restricted, mapping)
           for (name, scope, restricted, _), mapping
           in product(SCOPES, ('', 'idmap'))])
    def test_abstract_socket(self, scope, restricted, mapping):
        """Of a process of the host, whose network the container shares."""
        ours = Sandbox.instance(OurInstance)
        name = f'{ours.next_name()}-abstract'
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind('\0' + name)
        listener.listen()
        domain = Domain(ours, features=self.features(scope),
                        idmap=IDMAP if mapping else '', job=[
                            f'outside connect-unix @{name}',
                            f'listen listen-unix @{name}-own',
                            f'inside connect-unix @{name}-own'])
        self.addCleanup(domain.remove)
        results = domain.run()
        self.assertEqual(results['outside'], 'EPERM' if restricted else 'OK')
        self.assertEqual((results['listen'], results['inside']), ('OK', 'OK'))

    @rows([(name, scope, restricted) for name, scope, _, restricted in SCOPES])
    def test_signal(self, scope, restricted):
        """To a process that the host put into the container."""
        domain = Domain(Sandbox.instance(OurInstance),
                        features=self.features(scope), job=[
                            'kill kill', 'wait wait /guest',
                            'signal signal /guest'])
        self.addCleanup(domain.remove)
        domain.define()
        domain.start()
        guest = landlock.Guest(domain)
        self.addCleanup(guest.remove)
        (domain.root / 'guest.new').write_text(guest.inner_pid())
        (domain.root / 'guest.new').rename(domain.root / 'guest')
        results = domain.results()
        self.assertEqual((results['kill'], results['wait']), ('OK', 'OK'))
        self.assertEqual(results['signal'], 'EPERM' if restricted else 'OK')
        self.assertEqual(guest.dies(), not restricted)

    def features(self, scope):
        return landlock.element(scope=scope, fs=landlock.paths(
            {'/': ['read', 'write', 'execute']}))


if __name__ == '__main__':
    tap.main()
