# SPDX-License-Identifier: LGPL-2.1-or-later
"""virsh destroy: when it returns with success no process of the container is
left, wherever it went and whatever it ignores."""

import os
import signal
import subprocess
import time
from pathlib import Path

import tap
from harness import (SLOWNESS, Domain, OurInstance, StockInstance, processes, status_of,
                     wait_for)
from sandbox import version2_only
from tap import Case, Sandbox, rows

# init, and in each hierarchy three more
SCATTERED = 4 if version2_only() else 5

ALL = "<capabilities policy='allow'/>"
FEW = "<capabilities policy='deny'><chown/><mknod/></capabilities>"

# kill(2) and pidfd_open(2) of the process ID in HELD/hold wait as long as this
# file exists. HELD/held says that one does.
HOLD = r'''
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void hold(long pid)
{
    char held[4096], path[4096];
    long wanted = 0;
    FILE *file;
    snprintf(path, sizeof(path), "%s/hold", getenv("HELD"));
    snprintf(held, sizeof(held), "%s/held", getenv("HELD"));
    if (!(file = fopen(path, "r")))
        return;
    if (fscanf(file, "%ld", &wanted) != 1)
        wanted = 0;
    fclose(file);
    if (wanted != pid)
        return;
    if ((file = fopen(held, "w")))
        fclose(file);
    while (access(path, F_OK) == 0)
        usleep(1000);
}
int kill(pid_t pid, int number)
{
    int (*real)(pid_t, int) = dlsym(RTLD_NEXT, "kill");
    hold(pid);
    return real(pid, number);
}
long syscall(long number, ...)
{
    long (*real)(long, ...) = dlsym(RTLD_NEXT, "syscall");
    long a[6];
    va_list args;
    va_start(args, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(args, long);
    va_end(args);
    if (number == SYS_pidfd_open)
        hold(a[0]);
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
'''


class HeldInstance(OurInstance):
    """Whose daemon can be stopped before it signals a process, and logs its jobs."""

    name, label = 'held', 'h'

    def prepare(self):
        super().prepare()
        source, library = self.work / 'hold.c', self.work / 'hold.so'
        source.write_text(HOLD)
        subprocess.run(['gcc', '-D_GNU_SOURCE', '-shared', '-fPIC', '-o', library,
                        source, '-ldl'], check=True)
        self.environment |= {'LD_PRELOAD': str(library), 'HELD': str(self.work)}
        self.jobs = self.work / 'jobs.log'
        self.daemon_argv = ['env', 'LIBVIRT_LOG_FILTERS=1:conf.virdomainjob',
                            f'LIBVIRT_LOG_OUTPUTS=1:file:{self.jobs}', *self.daemon_argv]

    def hold(self, case, pid):
        """Until the file that is returned has been removed."""
        (self.work / 'held').unlink(missing_ok=True)
        hold = self.work / 'hold'
        hold.write_text(str(pid))
        case.addCleanup(hold.unlink, missing_ok=True)
        return hold

    def wait_held(self):
        wait_for((self.work / 'held').exists, 20, 'nothing is signalled')

    def destroying(self, domain):
        return self.command(self.client, '-q', '-c', 'lxc:///system', 'destroy', domain.name,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Destroy(Case):
    def left_over(self, instance, job, features, then='ignore', pause=False):
        """(processes before, those of them that outlive destroy)"""
        domain = Domain(instance, features=features, then=then,
                        job=[row.format(tag=instance.tag) for row in job])
        self.addCleanup(domain.remove)
        domain.run()
        before = domain.members()
        if pause:
            instance.virsh('suspend', domain.name)
        instance.virsh('destroy', domain.name)
        alive = processes()
        self.assertEqual(domain.state(), 'shut off')
        return before, [pid for pid in before if pid in alive]

    def test_stock_leaves_processes(self):
        before, left = self.left_over(Sandbox.instance(StockInstance),
                                      ['scatter scatter {tag} top'], FEW)
        self.assertTrue(left, before)

    @rows([
        ('polite init', ['nothing status'], '', 'sleep', False, 1),
        ('stubborn init', ['nothing status'], '', 'ignore', False, 1),
        ('many sessions', ['spawn spawn 100'], '', 'ignore', False, 100),
        ('many paused', ['spawn spawn 20'], '', 'ignore', True, 20),
        ('paused', ['nothing status'], '', 'sleep', True, 1),
        ('scattered', ['scatter scatter {tag} top'], '', 'ignore', False, SCATTERED),
        ('scattered deep', ['scatter scatter {tag} deep'], '', 'ignore', False, SCATTERED),
        ('scattered few caps', ['scatter scatter {tag} top'], FEW, 'ignore',
         False, SCATTERED),
        ('scattered all caps', ['scatter scatter {tag} top'], ALL, 'ignore',
         False, SCATTERED),
        ('scattered deep all caps', ['scatter scatter {tag} deep'], ALL, 'ignore',
         False, SCATTERED),
        ('scattered paused', ['scatter scatter {tag} deep'], ALL, 'ignore', True,
         SCATTERED),
        ('frozen by itself', ['freeze freeze {tag}'], ALL, 'ignore', False, 2),
    ])
    def test_all_gone(self, job, features, then, pause, least):
        before, left = self.left_over(Sandbox.instance(OurInstance), job,
                                      features, then, pause)
        self.assertGreaterEqual(len(before), least)
        self.assertEqual(left, [])

    def test_leaves_nothing(self):
        ours = Sandbox.instance(OurInstance)
        domain = Domain(ours, features=ALL,
                        job=[f'scatter scatter {ours.tag} deep'])
        self.addCleanup(domain.remove)
        self.assertLeavesNothing(domain)


class Numbers(Case):
    """A process exits while the daemon is about to signal it, and its number goes
    to a process of the host."""

    def victim(self, number):
        last = Path('/proc/sys/kernel/ns_last_pid')
        for _ in range(100):
            last.write_text(str(number - 1))
            child = subprocess.Popen(['sleep', '1000'])
            self.addCleanup(child.wait)
            self.addCleanup(child.kill)
            if child.pid == number:
                return child
        raise AssertionError(f'{number} was not reused')

    def test_reused(self):
        held = Sandbox.instance(HeldInstance)
        domain = Domain(held, then='ignore', job=['spawn spawn 1'])
        self.addCleanup(domain.remove)
        domain.run()
        init = domain.init()
        parents = processes()
        # The kernel reaps it, because its parent ignores SIGCHLD.
        number = next(pid for pid in domain.members()
                      if init not in (pid, parents[pid]))
        hold = held.hold(self, number)
        destroy = held.destroying(domain)
        held.wait_held()
        os.kill(number, signal.SIGKILL)
        wait_for(lambda: number not in processes(), 5, 'it is still there')
        victim = self.victim(number)
        hold.unlink()
        error = destroy.communicate(timeout=30 * SLOWNESS)[1]
        self.assertEqual((destroy.returncode, error), (0, ''))
        self.assertIsNone(victim.poll(), 'a process of the host was killed')


class Ending(Case):
    """A domain ends by itself while destroy waits."""

    @rows([('persistent', False), ('transient', True)])
    def test_no_error(self, transient):
        held = Sandbox.instance(HeldInstance)
        domain = Domain(held, job=['nothing status'])
        self.addCleanup(domain.remove)
        domain.run()
        if transient:
            held.virsh('undefine', domain.name)
        hold = held.hold(self, domain.controller())
        os.kill(domain.init(), signal.SIGKILL)
        held.wait_held()
        self.assertEqual(domain.state(), 'running')
        destroy = held.destroying(domain)
        wait_for(lambda: self.waits(held, domain), 20, lambda: held.jobs.read_text())
        hold.unlink()
        error = destroy.communicate(timeout=30 * SLOWNESS)[1].strip()
        self.assertEqual((destroy.returncode, error), (0, ''))
        self.assertEqual(domain.name in held.virsh('list', '--all', '--name').split(),
                         not transient)
        if not transient:
            self.assertEqual(domain.state(), 'shut off')

    @staticmethod
    def waits(held, domain):
        """Whether destroy asks for its job: it has seen that the domain is running."""
        return any(f'name={domain.name},' in line and 'API=remoteDispatchDomainDestroy' in line
                   for line in held.jobs.read_text().splitlines())


class Exit(Case):
    def test_reboot_is_completed(self):
        """The daemon is told to exit while it starts a container again."""
        ours = Sandbox.instance(OurInstance)
        slow = ours.work / 'slow'
        script = ours.work / 'emulator-slow'
        real = ours.libvirt / 'src' / 'libvirt_lxc'
        script.write_text(f'#!/bin/sh\n[ -e {slow} ] && sleep {3 * SLOWNESS}\n'
                          f'exec {real} "$@"\n')
        script.chmod(0o755)
        domain = Domain(ours, devices=f'<emulator>{script}</emulator>',
                        job=['first wait /go', 'reboot reboot /mark',
                             'nothing status'])
        self.addCleanup(domain.remove)
        domain.define()
        domain.start()
        first = domain.init()
        slow.touch()
        (domain.root / 'go').touch()
        wait_for(lambda: first not in processes(), 10, 'no reboot')
        wait_for(lambda: any(b'emulator-slow' in line for line in self.commands()),
                 10, 'no start')
        ours.daemon.terminate()
        self.assertEqual(ours.daemon.wait(20 * SLOWNESS), 0)
        self.assertEqual(domain.results(1)['reboot'], 'second boot')
        ours.start()
        self.assertEqual(domain.state(), 'running')

    @staticmethod
    def commands():
        for pid in processes():
            try:
                yield Path(f'/proc/{pid}/cmdline').read_bytes()
            except OSError:
                pass


# prctl(PR_SET_PDEATHSIG) waits in a process that is to become init, from the
# second time on.
DELAY = r'''
#include <dlfcn.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <unistd.h>

int prctl(int option, ...)
{
    int (*real)(int, ...) = dlsym(RTLD_NEXT, "prctl");
    static int count;
    long a[4];
    va_list args;
    va_start(args, option);
    for (int i = 0; i < 4; i++)
        a[i] = va_arg(args, long);
    va_end(args);
    if (option == PR_SET_PDEATHSIG && getpid() == 1 && count++ > 0)
        sleep(SECONDS);
    return real(option, a[0], a[1], a[2], a[3]);
}
'''


class Orphan(Case):
    """The controller is killed after init has changed its user, and before init
    is executed."""

    @rows([('root', ''), ('alice', '<inituser>alice</inituser>')])
    def test_is_not_executed(self, user):
        ours = Sandbox.instance(OurInstance)
        source, library = ours.work / 'delay.c', ours.work / 'delay.so'
        source.write_text(DELAY)
        subprocess.run(['gcc', '-D_GNU_SOURCE', f'-DSECONDS={3 * SLOWNESS}', '-shared',
                        '-fPIC', '-o', library, source, '-ldl'], check=True)
        script = ours.work / 'emulator-delay'
        real = ours.libvirt / 'src' / 'libvirt_lxc'
        script.write_text(f'#!/bin/sh\nexport LD_PRELOAD={library}\n'
                          f'exec {real} "$@"\n')
        script.chmod(0o755)
        domain = Domain(ours, user=user, job=['first status'],
                        devices=f'<emulator>{script}</emulator>')
        self.addCleanup(domain.remove)
        domain.define()
        start = ours.command(ours.client, '-q', '-c', 'lxc:///system', 'start',
                             domain.name, stderr=subprocess.DEVNULL)
        self.addCleanup(start.wait)
        init = wait_for(lambda: self.waiting(domain.name), 20, 'no init')
        time.sleep(0.5)
        # The daemon would kill what is left, but it may be gone, too.
        os.kill(ours.daemon.pid, signal.SIGSTOP)
        self.addCleanup(os.kill, ours.daemon.pid, signal.SIGCONT)
        os.kill(processes()[init], signal.SIGKILL)
        wait_for(lambda: not self.runs(init), 10, 'init survives')
        self.assertEqual(domain.out.read_text(), '')

    @staticmethod
    def runs(pid):
        try:
            return status_of(pid)['State'][0] != 'Z'
        except OSError:
            return False

    @staticmethod
    def waiting(name):
        """A process 1 that still has the arguments of libvirt_lxc."""
        for pid in processes():
            try:
                argv = Path(f'/proc/{pid}/cmdline').read_bytes().split(b'\0')
                status = status_of(pid)
            except OSError:
                continue
            if name.encode() in argv and status.get('NSpid', '').endswith('\t1'):
                return pid
        return None


if __name__ == '__main__':
    tap.main(StockInstance.fetch)
