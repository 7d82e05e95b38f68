# SPDX-License-Identifier: LGPL-2.1-or-later
"""<seccomp log='on'>, and the action log: calls are in the kernel's audit records."""

import re

import audit
import tap
from harness import IDMAP
from seccomp import PROBE_RULES, Confined, element, number, rule
from tap import rows

SECCOMP = 1326
RECORD = re.compile(r'comm="([^"]*)".* sig=(\d+) arch=(\w+) syscall=(\d+) .*'
                    r'code=(\w+)')
REFUSED, LOGGED, TRAPPED = 'getppid', 'getuid', 'getgid'

RULES = (rule(REFUSED, 'errno', errno='EDOM') + rule(LOGGED, 'log') +
         rule(TRAPPED, 'trap'))
DEEDS = {f'call {REFUSED}': 'EDOM', f'call {LOGGED}': 'OK',
         f'trap call {TRAPPED}': 'trap 104 0xc000003e 1 0', 'call geteuid': 'OK'}

ERRNO = ('0', 'c000003e', number(REFUSED), '0x50000')
LOG = ('0', 'c000003e', number(LOGGED), '0x7ffc0000')
TRAP = ('0', 'c000003e', number(TRAPPED), '0x30000')


class Log(Confined):
    @rows([
        ('on', {'log': 'on'}, '', {ERRNO, LOG, TRAP}),
        ('on, idmap', {'log': 'on'}, IDMAP, {ERRNO, LOG, TRAP}),
        ('off', {'log': 'off'}, '', {LOG}),
        ('absent', {}, '', {LOG}),
    ])
    def test_records(self, attributes, mapping, expected):
        kernel = audit.log()
        kernel.switch(1)
        domain = self.assertDeeds(
            '<privnet/>' + element(RULES, policy='allow', **attributes), DEEDS,
            idmap=mapping)
        self.assertLoaded(domain)
        self.assertEqual(self.records(), expected)

    def records(self):
        """Of probes: signal, ABI, call and answer."""
        texts = [text for kind, text in audit.log().records()
                 if kind == SECCOMP]
        audit.log().switch(0)
        found = [RECORD.search(text) for text in texts]
        self.assertTrue(all(found), texts)
        return {record.groups()[1:] for record in found if record[1] == 'probe'}

    def test_trial(self):
        """What a deny list would refuse, found without refusing it."""
        kernel = audit.log()
        kernel.switch(1)
        self.assertDeeds(element("<denied action='log'/>", PROBE_RULES,
                                 policy='deny'), {f'call {REFUSED}': 'OK'})
        self.assertEqual(self.records(),
                         {('0', 'c000003e', number(REFUSED), '0x7ffc0000')})


if __name__ == '__main__':
    tap.main(audit.begin)
