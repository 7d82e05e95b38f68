# SPDX-License-Identifier: LGPL-2.1-or-later
"""<landlock log='on'>: denials are in the kernel's audit records."""

import audit
import landlock
import tap
from harness import IDMAP, Domain, OurInstance
from tap import Case, Sandbox, rows

PORT = 7919


class Log(Case):
    @rows([
        ('on', 'on', 1, '', True),
        ('on, idmap', 'on', 1, IDMAP, True),
        ('on, auditing disabled', 'on', 0, '', False),
        ('off', 'off', 1, '', False),
    ])
    def test_denials(self, log, enabled, mapping, seen):
        kernel = audit.log()
        ours = Sandbox.instance(OurInstance)
        domain = Domain(
            ours, idmap=mapping, features='<privnet/>' + landlock.element(
                f"abi='7' log='{log}'", fs=landlock.probe_paths(
                    {'/tmp': ['read']}), net='', scope=''))
        self.addCleanup(domain.remove)
        abi = landlock.host_abi()
        missing = landlock.lost('scope', *['log'] * (log == 'on'))
        if missing:
            self.assertStartFails(domain, [
                f'requires ABI {landlock.LOG_ABI}, but this kernel has ABI {abi} and cannot enforce:',
                *missing])
            return
        domain.write_job([f'file open r /{domain.name}', f'port bind {PORT}',
                          'allowed list /tmp',
                          # A program that init executes, as init is one
                          f'program exec program /probe open r /{domain.name}-2'])
        for name in (domain.name, f'{domain.name}-2'):
            (domain.root / name).write_text('')
        kernel.switch(enabled)
        results = domain.run()
        texts = [text for kind, text in kernel.records()
                 if kind == audit.LANDLOCK_ACCESS]
        self.assertEqual([results[name] for name in ('file', 'port', 'program')],
                         ['EACCES'] * 3)
        self.assertEqual(results['allowed'], 'OK')
        for what in (f'blockers=fs.read_file path="/{domain.name}"',
                     f'blockers=fs.read_file path="/{domain.name}-2"',
                     f'blockers=net.bind_tcp src={PORT}'):
            self.assertEqual(any(what in text for text in texts), seen,
                             (what, texts))


if __name__ == '__main__':
    tap.main(audit.begin)
