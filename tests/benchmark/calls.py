# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a call costs under a filter, and what the filter is."""

import os
import platform
import random
import select
import subprocess
import xml.etree.ElementTree as ET
from statistics import median

import bpf
from containers import OCIContainer, OurContainer, harness
from report import say

SETS, ROUNDS, WARMUP = 10, 15, 2
LIMIT_NS, LIMIT_SHARE = 2.0, 0.03
EXPECTED = ('getppid', 'read', 'openat')

# AUDIT_ARCH_…, and numbers of these calls
MACHINES = {'x86_64': (0xc000003e, {'getppid': 110, 'read': 0, 'openat': 257}),
            'aarch64': (0xc00000b7, {'getppid': 173, 'read': 63, 'openat': 56})}

# Label, name and whose
CONTAINERS = (('none', 'none'), ('default', 'default'), ('podman', 'podman'),
              ('crun-none', 'crun: none'), ('crun', 'podman'),
              ('runc-none', 'runc: none'), ('runc', 'podman'))
FILTERS = (('default', 'ours, default'), ('podman', 'ours, podman'),
           ('crun', 'crun, podman'), ('runc', 'runc, podman'))

NOTES = (
    '  openat is of a file that is there, close closes it, openat-missing is of one that',
    '  is not. personality is allowed for certain arguments only, swapon is refused.',
    '  When a filter is loaded, the kernel (since 5.11) notes in a bitmap which calls it',
    '  allows whatever the arguments are. For these it does not run the filter, so they',
    '  cost the same under all filters. It runs it for calls that depend on arguments,',
    '  and for those that are refused.')


class Set:
    """One container of each kind, and processes of the host that have the same
    programs, all of which wait to be told to measure."""

    def __init__(self, bench, number, cpu):
        self.bench, self.cpu = bench, cpu
        self.fifos, self.processes, self.programs, self.effective = {}, {}, {}, {}
        self.containers = {
            label: self.container(label, f'{label}-{number}') for label, _ in CONTAINERS}
        for label, container in self.containers.items():
            self.open(label)
            container.start()
            self.turn(label)
            self.examine(label, container)
        for label, program in self.host_programs():
            self.open(label)
            self.spawn(label, program)
            self.turn(label)

    def container(self, label, name):
        args = ['calls', label, str(self.cpu)]
        runtime, _, profile = label.partition('-')
        if runtime in ('crun', 'runc'):
            return OCIContainer(self.bench, runtime, name, profile or 'podman', args,
                                detach=True)
        return OurContainer(self.bench, name, label, args)

    def host_programs(self):
        for label, _ in FILTERS:
            yield f'{label}-run', bpf.without_bitmap(self.programs[label][1])
        yield 'short', bpf.way_to_allow(1)
        yield 'long', bpf.way_to_allow(4000)

    def spawn(self, label, program):
        path = self.bench.root / f'{label}.bpf'
        path.write_bytes(program)
        self.processes[label] = subprocess.Popen(
            ['./init', 'calls', label, str(self.cpu), path.name], cwd=self.bench.root)

    def open(self, label):
        self.fifos[label] = (self.bench.fifo(f'go.{label}'),
                             self.bench.fifo(f'out.{label}'))

    def turn(self, label):
        """{call: (ns, errno)}"""
        go, out = self.fifos[label]
        os.write(go, b'x')
        text = b''
        while not text.endswith(b'\n'):
            if not select.select([out], [], [], 30)[0]:
                raise harness.Failed(f'{label} does not answer')
            text += os.read(out, 4096)
        found = {}
        for word in text.decode().split():
            call, _, result = word.partition('=')
            time, _, errno = result.partition('/')
            found[call] = float(time), int(errno)
        return found

    def examine(self, label, container):
        """The filters as the kernel has them."""
        dump = self.bench.work / f'{label}.bpf'
        dump.unlink(missing_ok=True)
        lengths = subprocess.run(
            [self.bench.tools / 'filters', str(container.pid()), dump], check=True,
            text=True, stdout=subprocess.PIPE).stdout.split()
        self.programs[label] = lengths, dump.read_bytes() if lengths else b''
        if isinstance(container, OurContainer):
            live = ET.fromstring(container.domain.xml())
            effective = live.find('features/seccomp/effective')
            if effective is not None:
                self.effective[label] = effective.get('instructions')

    def end(self):
        for container in self.containers.values():
            container.kill()
        for container in self.containers.values():
            container.wait()
            container.remove()
        for process in self.processes.values():
            process.kill()
            process.wait()
        for ends in self.fifos.values():
            for end in ends:
                os.close(end)


def measure(bench):
    """The last set, {(label, call): lists of ns, one for each set}, and
    {(label, call): errno}"""
    cpu = max(os.sched_getaffinity(0))
    times, errnos = {}, {}
    for number in range(SETS):
        say(f'calls, containers {number + 1} of {SETS} ...')
        one = Set(bench, number, cpu)
        order = list(one.fifos)
        for turn in range(WARMUP + ROUNDS):
            random.shuffle(order)
            for label in order:
                for call, (time, errno) in one.turn(label).items():
                    errnos[label, call] = errno
                    if turn >= WARMUP:
                        sets = times.setdefault((label, call), [])
                        if len(sets) == number:
                            sets.append([])
                        sets[number].append(time)
        one.end()
    return one, times, errnos


def expect(out, times, label, call):
    """The filter does not cause the differences between containers, so each container
    counts once."""
    ours = [median(values) for values in times[label, call]]
    theirs = [median(values) for values in times['crun', call]]
    differences = [a - b for a, b in zip(ours, theirs, strict=True)]
    worse = median(differences)
    out.expect(worse <= max(LIMIT_NS, LIMIT_SHARE * median(theirs)),
               f"{call} costs no more under ours ({label}) than under crun's: "
               f'{worse:+.1f} ns ({min(differences):+.1f} … {max(differences):+.1f}) '
               f'of {median(theirs):.1f}')


def report_times(out, times, errnos):
    calls = list(dict.fromkeys(call for _, call in times))
    middle = {key: median(sum(sets, [])) for key, sets in times.items()}
    lowest = {key: min(sum(sets, [])) for key, sets in times.items()}
    labels = [label for label, _ in CONTAINERS]

    def table(what, values, form):
        out.text(f'  {what}', '')
        out.table(('call', *(name for _, name in CONTAINERS)),
                  [(call, *(form % values[label, call] for label in labels))
                   for call in calls])
        out.text('')
    out.title(f'Calls, ns each ({SETS} containers of each kind, {ROUNDS} rounds, '
              '4096 calls a round)')
    table('Medians; the first three are our containers.', middle, '%.1f')
    table('Minima.', lowest, '%.1f')
    table('Results: 0 or errno.', errnos, '%d')
    out.text(*NOTES, '')
    out.text('  Medians of the same programs on the host, with an instruction before them',
             '  that makes the kernel run them for every call.', '')
    out.table(('call', 'not run', *(name for _, name in FILTERS)),
              [(call, f"{middle['short', call]:.1f}" if call in EXPECTED else '',
                *(f'{middle[f"{label}-run", call]:.1f}' for label, _ in FILTERS))
               for call in calls])
    short, long = (middle[label, 'getppid'] for label in ('short', 'long'))
    out.text('', f"  The bitmap is {'' if long < 2 * short else 'NOT '}in effect: "
             f'getppid takes {short:.1f} ns under a filter of 3 instructions,',
             f'  and {long:.1f} ns under one of 4002, all of which it would have to run.')


def report_programs(out, last):
    arch, numbers = MACHINES[platform.machine()]
    rows = []
    for label, name in FILTERS:
        lengths, program = last.programs[label]
        path = (str(bpf.executed(program, numbers[call], arch)) for call in EXPECTED)
        rows.append((name, '+'.join(lengths), last.effective.get(label, ''), *path))
    out.title('Programs, instructions')
    out.table(('as the kernel has them', 'all', '<effective>',
               *(f'run for {call}' for call in EXPECTED)), rows)
    out.text('', '  run for: without the bitmap.')
    for label, _ in CONTAINERS:
        if label.endswith('none') and last.programs[label][0]:
            raise harness.Failed(f'{label} has a filter')
    out.expect(len(last.effective) == 2 and
               all(last.programs[label][0] == [length]
                   for label, length in last.effective.items()),
               '<effective> has the length that the kernel has')


def report(bench, out):
    last, times, errnos = measure(bench)
    report_times(out, times, errnos)
    for label in ('default', 'podman'):
        for call in EXPECTED:
            expect(out, times, label, call)
    report_programs(out, last)
