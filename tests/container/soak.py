# SPDX-License-Identifier: LGPL-2.1-or-later
"""Domains that come and go for CONFINEMENT_MINUTES: nothing of the daemon grows."""

import os
import shutil
import subprocess
import time

import tap
from execs import BUSYBOX
from forget import Host
from harness import Domain, status_of
from tap import Case

MINUTES = int(os.environ.get('CONFINEMENT_MINUTES', '1'))
ROWS = 12
WARM = 3        # rows until the allocator and the cache have what they need
CACHED = 128    # VIR_LXC_SECCOMP_CACHE_ENTRIES
POLICIES = 200  # more than are cached
POLICY = """<seccomp><syscall name='personality' action='errno'>
  <arg index='0' op='eq' value='{}'/></syscall></seccomp>"""

# Column, and by how much it may grow after the first rows.
COLUMNS = {'memory KiB': 2048, 'descriptors': 2, 'threads': 2, 'files KiB': 16384}


class Soak(Case):
    def cycle(self, number):
        instance = Host.get().instance
        number %= POLICIES
        domain = Domain(instance, name=f'{instance.tag}soak{number}',
                        features=POLICY.format(number))
        try:
            shutil.copy(BUSYBOX, domain.root / 'busybox')
            domain.run()
            self.join(instance, domain)
        finally:
            domain.remove()
            shutil.rmtree(domain.root, ignore_errors=True)

    def join(self, instance, domain):
        client = instance.libvirt / 'tools' / 'virt-lxc-exec'
        joined = instance.command(client, '-c', 'lxc:///system', domain.name, '--',
                                  '/busybox', 'true', stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE)
        _, error = joined.communicate(timeout=60)
        self.assertEqual(joined.returncode, 0, error)

    def measure(self, host):
        pid = host.instance.daemon.pid
        disk = os.statvfs(host.instance.work)
        status = status_of(pid)
        files = sum(path.lstat().st_blocks for top in (host.top, host.instance.work)
                    for path in top.rglob('*'))
        cache = host.top / 'var/cache/libvirt/lxc/seccomp'
        return {'memory KiB': int(status['VmRSS'].split()[0]),
                'descriptors': len(os.listdir(f'/proc/{pid}/fd')),
                'threads': int(status['Threads']),
                'files KiB': files // 2,
                'free disk MiB': disk.f_bavail * disk.f_frsize >> 20,
                'cached filters': len(list(cache.iterdir())) if cache.exists() else 0}

    def test_nothing_grows(self):
        host = Host.get()
        begin = time.monotonic()
        table, cycles = [], 0
        print('# seconds cycles', *self.measure(host), sep=' | ')
        while len(table) < ROWS:
            self.cycle(cycles)
            cycles += 1
            seconds = time.monotonic() - begin
            if seconds >= MINUTES * 60 * (len(table) + 1) / ROWS:
                table.append(self.measure(host))
                print(f'# {seconds:.0f}', cycles, *table[-1].values(), sep=' | ',
                      flush=True)
        for name, most in COLUMNS.items():
            early = max(row[name] for row in table[:WARM])
            late = min(row[name] for row in table[-WARM:])
            self.assertLessEqual(late - early, most, f'{name} grows')
        self.assertLessEqual(table[-1]['cached filters'], CACHED)


if __name__ == '__main__':
    tap.main()
