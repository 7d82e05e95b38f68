#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Converted seccomp profiles, compared with what their formats say.

Usage: test_import_verdicts.py PROGRAM ROOT

The profiles of tests/data/import, and random ones, are converted by PROGRAM
(import_verdicts.c), which runs the resulting filter. This file evaluates the same
profiles without any code of the converter: the OCI runtime specification,
lxc.container.conf(5), docker's "includes" and "excludes". A filter must never be looser
than the profile, and must be equal to it where both can say the same.
"""

import itertools
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = Path(sys.argv[1]).resolve()
ROOT = Path(sys.argv[2]).resolve()
RANDOM_PROFILES = 60
SEED = 20261126

ACTIONS = ['allow', 'log', 'trace', 'notify', 'errno', 'trap', 'kill-thread', 'kill-process']
RANK = {name: rank for rank, name in enumerate(ACTIONS)}
ENOSYS = 38
ABIS = ['x86_64', 'i686']
# What <capabilities> drops by default (lxc-capabilities(7)); the host is Linux 6.12.
DROPPED = {'CAP_SYS_MODULE', 'CAP_SYS_TIME', 'CAP_MKNOD', 'CAP_AUDIT_CONTROL', 'CAP_MAC_ADMIN'}
KERNEL = (6, 12)
# Calls that multiplex others, or whose arguments are in memory: a filter for i686 has to be
# stricter (lxc-seccomp(7)).
SPECIAL = {'socketcall', 'ipc', 'clone3', 'seccomp', 'mmap', 'select', 'syscall'}
CONDITIONAL = ['personality', 'ioctl', 'socket', 'prctl', 'clone', 'mprotect', 'fcntl', 'kill']
OPERATORS = {
    'NE': lambda arg, value, mask: arg != value,
    'LT': lambda arg, value, mask: arg < value,
    'LE': lambda arg, value, mask: arg <= value,
    'EQ': lambda arg, value, mask: arg == value,
    'GE': lambda arg, value, mask: arg >= value,
    'GT': lambda arg, value, mask: arg > value,
    'MASKED_EQ': lambda arg, value, mask: arg & mask == value & mask,
}
SIGNS = {'!=': 'NE', '<': 'LT', '<=': 'LE', '==': 'EQ', '>=': 'GE', '>': 'GT', '&=': 'MASKED_EQ'}
OCI_ACTIONS = {
    'SCMP_ACT_ALLOW': 'allow', 'SCMP_ACT_LOG': 'log', 'SCMP_ACT_TRACE': 'trace',
    'SCMP_ACT_NOTIFY': 'notify', 'SCMP_ACT_ERRNO': 'errno', 'SCMP_ACT_TRAP': 'trap',
    'SCMP_ACT_KILL': 'kill-thread', 'SCMP_ACT_KILL_THREAD': 'kill-thread',
    'SCMP_ACT_KILL_PROCESS': 'kill-process',
}


class Rule:
    """An action for calls whose arguments satisfy all conditions (index, op, value, mask)."""

    def __init__(self, call, action, number, conditions, abis=None):
        self.call = call
        self.action = action
        self.number = number
        self.conditions = conditions
        self.abis = abis

    def matches(self, abi, args):
        return (self.abis is None or abi in self.abis) and \
            all(OPERATORS[op](args[index], value, mask)
                for index, op, value, mask in self.conditions)


class Profile:
    """Rules, a default action, the ABIs it is for, and whether a conversion can be exact."""

    def __init__(self, rules, default, abis, exact=True):
        self.rules = {}
        for rule in rules:
            self.rules.setdefault(rule.call, []).append(rule)
        self.default = default
        self.abis = abis
        self.exact = exact

    def expected(self, abi, call, args):
        """The strictest actions of matching rules, as (name, number): no order is defined."""
        found = [(rule.action, rule.number) for rule in self.rules.get(call, [])
                 if rule.matches(abi, args)]
        strictest = max((RANK[action] for action, _ in found), default=None)
        return [one for one in found if RANK[one[0]] == strictest] or [self.default]


def oci_holds(rule):
    def held(conditions, some):
        caps = [cap not in DROPPED for cap in conditions.get('caps', [])]
        arches = [arch == 'amd64' for arch in conditions.get('arches', [])]
        kernel = conditions.get('minKernel')
        kernels = [KERNEL >= tuple(map(int, kernel.split('.')))] if kernel else []
        if some:
            return any(caps + arches + kernels)
        return all(caps) and (not arches or any(arches)) and all(kernels)
    return held(rule.get('includes') or {}, False) and not held(rule.get('excludes') or {}, True)


def oci_conditions(rule):
    """Alternatives: an index that is repeated makes each condition one."""
    conditions = []
    for arg in rule.get('args') or []:
        op = arg['op'].removeprefix('SCMP_CMP_')
        value, mask = arg['value'], 2 ** 64 - 1
        if op == 'MASKED_EQ':
            mask, value = arg['value'], arg.get('valueTwo', 0)
        conditions.append((arg['index'], op, value, mask))
    indexes = [index for index, _, _, _ in conditions]
    if len(set(indexes)) < len(indexes):
        return [[condition] for condition in conditions]
    return [conditions]


def oci(text):
    document = json.loads(text)

    def action(object_, name, errno):
        kind = OCI_ACTIONS[object_[name]]
        return kind, object_.get(errno, 1) if kind in ('errno', 'trace') else 0

    rules = []
    for rule in document.get('syscalls') or []:
        if oci_holds(rule):
            kind, number = action(rule, 'action', 'errnoRet')
            rules += [Rule(name, kind, number, conditions) for name in rule['names']
                      for conditions in oci_conditions(rule)]
    abis = ['x86_64']
    if 'SCMP_ARCH_X86' in (document.get('architectures') or []):
        abis.append('i686')
    return Profile(rules, action(document, 'defaultAction', 'defaultErrnoRet'), abis)


def lxc_action(words, default):
    """The action at the start of @words, which it removes."""
    if not words or words[0].startswith(('[', '#')):
        return default
    word = words.pop(0)
    if word == 'errno':
        return 'errno', int(words.pop(0), 0)
    return {'kill': ('kill-thread', 0)}.get(word, (word, 0))


def lxc_conditions(text):
    conditions = []
    for inner in re.findall(r'\[([^]]*)\]', text):
        fields = [field.strip() for field in inner.split(',')]
        op = SIGNS.get(fields[2], fields[2].removeprefix('SCMP_CMP_'))
        octal = [re.sub(r'^0(?=\d)', '0o', field) for field in fields]
        conditions.append((int(octal[0], 0), op, int(octal[1], 0),
                           int(octal[3], 0) if len(fields) > 3 else 2 ** 64 - 1))
    return conditions


def lxc(text, numbers):
    lines = text.split('\n')
    head = lines[1].split()
    allows = head[0] in ('allowlist', 'whitelist')
    default = lxc_action(head[1:], ('kill-thread', 0) if allows else ('allow', 0))
    by_rule = ('allow', 0) if allows else ('kill-thread', 0)
    if lines[0] == '1':
        rules = [Rule(numbers[int(line)], *by_rule, [], ['x86_64'])
                 for line in lines[2:] if line and int(line) in numbers]
        return Profile(rules, default, ['x86_64'])

    rules, abis, exact = [], None, True
    for line in lines[2:]:
        section = re.fullmatch(r'\[(\w+)\]', line.strip())
        if section:
            abis = {'all': None, 'x86': ['i686'], 'x86_64': ['x86_64']}.get(section[1].lower(), [])
            exact = exact and abis is None
        elif line.startswith('reject_force_umount'):
            rules.append(Rule('umount2', 'errno', 13, [(1, 'MASKED_EQ', 1, 1)], abis))
        elif line and not line.startswith(('#', ' ')):
            line = line.split('#')[0]
            words = line.split('[')[0].split()
            call = words.pop(0)
            action, number = lxc_action(words, by_rule)
            exact = exact and action != 'notify' and (action, number) != ('errno', 0)
            rules.append(Rule(call, action, number, lxc_conditions(line), abis))
    return Profile(rules, default, ABIS, exact)


def interesting(profile, call, index, abi):
    """Values of an argument near the constants of its conditions."""
    values = {0, 1, 2 ** 32 - 1, 2 ** 64 - 1}
    for rule in profile.rules.get(call, []):
        for at, _, value, mask in rule.conditions:
            if at == index:
                for base in (value, mask, value & mask, value | ~mask, value ^ 1 << 32):
                    values |= {base - 1, base, base + 1}
    limit = 2 ** 64 if abi == 'x86_64' else 2 ** 32
    return sorted({value % limit for value in values})


def queries(profile, calls, chance):
    """Each call, with all combinations of interesting arguments or 60 of them."""
    for abi in ABIS:
        for call in calls:
            indexes = sorted({index for rule in profile.rules.get(call, [])
                              for index, _, _, _ in rule.conditions})
            lists = [interesting(profile, call, index, abi) for index in indexes]
            combinations = list(itertools.product(*lists))
            if len(combinations) > 60:
                combinations = chance.sample(combinations, 60)
            for combination in combinations:
                args = [0] * 6
                for index, value in zip(indexes, combination):
                    args[index] = value
                yield abi, call, args


def fault(profile, abi, call, args, actual):
    """What is wrong with a verdict, or None."""
    expected = profile.expected(abi, call, args) if abi in profile.abis else [('errno', 1)]
    rank = RANK[expected[0][0]]
    # An ABI for which not all rules are is refused as a whole, with the default action.
    if abi == 'i686' and not profile.exact and RANK[actual[0]] >= RANK['errno']:
        return None
    if RANK[actual[0]] < rank:
        return 'looser'
    if abi not in profile.abis or not profile.exact or actual in expected:
        return None
    if call in SPECIAL and RANK[actual[0]] > rank:
        return None
    # Calls newer than the profile fail with ENOSYS unless its default action allows them or
    # is stricter.
    if call not in profile.rules and RANK['log'] < rank <= RANK['errno'] and \
            actual == ('errno', ENOSYS):
        return None
    return 'different'


def check(kind, name, text, profile, calls, chance):
    asked = list(queries(profile, calls, chance))
    with tempfile.NamedTemporaryFile('w', suffix='.profile') as file:
        file.write(text)
        file.flush()
        done = subprocess.run(
            [PROGRAM, kind, file.name], text=True, capture_output=True, check=False,
            input=''.join(f'{abi} {call} {" ".join(map(str, args))}\n'
                          for abi, call, args in asked))
    if done.returncode:
        return [f'{name}: {done.stderr.strip()}'], 0
    answers = done.stdout.splitlines()
    assert len(answers) == len(asked), f'{name}: {len(answers)} of {len(asked)} answers'
    wrong, compared = [], 0
    for (abi, call, args), answer in zip(asked, answers):
        action, number = answer.split()
        if action == 'absent':
            continue
        compared += 1
        problem = fault(profile, abi, call, args, (action, int(number)))
        if problem:
            wrong.append(f'{name}: {abi} {call}{tuple(map(hex, args))} is {problem}: {answer}, '
                         f'expected {profile.expected(abi, call, args)}')
    return wrong, compared


def random_condition(chance, masked):
    op = chance.choice(list(OPERATORS))
    value = chance.choice([1, 2, 8, 0x10, 0x5412, 2 ** 31, 2 ** 32 + 5, 0xffffffff])
    mask = value | chance.choice([0, 1, 0x30, 2 ** 33])
    return op, value, mask if masked(op) else 0


def random_oci(chance, calls):
    actions = list(OCI_ACTIONS)
    actions.remove('SCMP_ACT_NOTIFY')

    def action(name, errno):
        kind = chance.choice(actions)
        number = {errno: chance.choice([1, 13, 38])} if kind == 'SCMP_ACT_ERRNO' else {}
        return {name: kind, **number}

    document = action('defaultAction', 'defaultErrnoRet')
    document['architectures'] = chance.choice([['SCMP_ARCH_X86_64'],
                                               ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']])
    document['syscalls'] = []
    for _ in range(chance.randrange(1, 12)):
        rule = action('action', 'errnoRet')
        if chance.random() < 0.5:
            rule['names'] = chance.sample(calls, chance.randrange(1, 20))
        else:
            rule['names'] = [chance.choice(CONDITIONAL)]
            rule['args'] = []
            for _ in range(chance.randrange(1, 4)):
                op, value, mask = random_condition(chance, lambda op: op == 'MASKED_EQ')
                arg = {'index': chance.randrange(3), 'value': value, 'op': 'SCMP_CMP_' + op}
                if mask:
                    arg['value'], arg['valueTwo'] = mask, value
                rule['args'].append(arg)
        if chance.random() < 0.3:
            rule[chance.choice(['includes', 'excludes'])] = chance.choice([
                {'caps': ['CAP_SYS_ADMIN']}, {'caps': ['CAP_SYS_TIME']}, {'arches': ['amd64']},
                {'arches': ['arm64']}, {'minKernel': '4.8'}, {'minKernel': '7.1'}])
        document['syscalls'].append(rule)
    return json.dumps(document, indent=1)


def random_lxc(chance, calls):
    actions = ['', 'kill', 'allow', 'trap', 'errno 1', 'errno 38', 'errno 0', 'notify']
    lines = ['2', chance.choice(['allowlist', 'denylist', 'whitelist', 'blacklist']) +
             chance.choice(['', '', ' kill', ' trap', ' errno 1', ' allow'])]
    for _ in range(chance.randrange(1, 30)):
        kind = chance.random()
        if kind < 0.1 and chance.random() < 0.5:
            lines.append(chance.choice(['[all]', '[x86]', '[x86_64]', '[X86_64]', '[arm]']))
        elif kind < 0.15:
            lines.append('reject_force_umount  # comment')
        elif kind < 0.6:
            lines.append(f'{chance.choice(calls)} {chance.choice(actions)}'.strip())
        else:
            line = f'{chance.choice(CONDITIONAL)} {chance.choice(actions[1:])}'
            for index in chance.sample(range(3), chance.randrange(1, 3)):
                op, value, mask = random_condition(chance, lambda op: op == 'MASKED_EQ')
                text = chance.choice([op, 'SIGN'])
                text = next(sign for sign, name in SIGNS.items() if name == op) \
                    if text == 'SIGN' else 'SCMP_CMP_' + op
                line += f' [{index},{value:#x},{text}' + (f',{mask:#x}]' if mask else ']')
            lines.append(line)
    return '\n'.join(lines) + '\n'


def documents(chance, calls, numbers):
    """(kind, name, text, profile) of each document."""
    data = ROOT / 'tests' / 'data' / 'import'
    for path in sorted(data.glob('oci-seccomp/*/in.json')):
        if (path.parent / 'out.xml').exists():
            yield 'oci-seccomp', path.parent.name, path.read_text(), oci(path.read_text())
    for path in sorted(data.glob('lxc-seccomp/*/in.seccomp')):
        if (path.parent / 'out.xml').exists():
            text = path.read_text()
            yield 'lxc-seccomp', path.parent.name, text, lxc(text, numbers)
    for i in range(RANDOM_PROFILES):
        text = random_oci(chance, calls)
        yield 'oci-seccomp', f'random {i}', text, oci(text)
        text = random_lxc(chance, calls)
        yield 'lxc-seccomp', f'random {i}', text, lxc(text, numbers)


def main():
    chance = random.Random(SEED)
    table = (ROOT / 'src' / 'tables' / 'syscall_table.c').read_text()
    calls = re.findall(r'^    \{"(\w+)", \{', table, re.M)
    assert len(calls) > 400, len(calls)
    usual = [call for call in calls if call not in SPECIAL]
    # Numbers of x86_64 (asm/unistd_64.h) for the documents of version 1.
    numbers = {0: 'read', 1: 'write', 59: 'execve', 60: 'exit', 231: 'exit_group'}
    failures, compared, n = [], 0, 0
    for kind, name, text, profile in documents(chance, usual, numbers):
        wrong, done = check(kind, f'{kind} {name}', text, profile, calls, chance)
        failures += wrong[:5]
        compared += done
        n += 1
    print(f'{n} profiles, {compared} calls')
    print('\n'.join(failures[:40]))
    assert n > 2 * RANDOM_PROFILES + 20 and compared > 100000
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
