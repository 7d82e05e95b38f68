# SPDX-License-Identifier: LGPL-2.1-or-later
"""The worked examples of docs/virt-lxc-policy.rst, executed.

An example is a literal block that begins with "$ ". What follows a command is exactly
what it prints, standard error included. "cat FILE" is not executed: it makes a file with
the content that follows. "echo $?" prints the exit status of the command before it.

Examples of verbs that need a running domain belong to the container tests.
"""

import re
import subprocess

BLOCK = re.compile(r'^::\n\n((?:   .*\n|\n)+)', re.M)


def examples(text):
    """A list of examples, each a list of commands with what they print."""
    found = []
    for block in BLOCK.findall(text):
        lines = [line[3:] for line in block.rstrip('\n').split('\n')]
        if not lines[0].startswith('$ '):
            continue
        commands = []
        for line in lines:
            if line.startswith('$ '):
                commands.append([line[2:], ''])
            else:
                commands[-1][1] += line + '\n'
        found.append(commands)
    return found


def differences(commands, directory, environment, normal=lambda text: text, enter=None):
    """Execute one example; what differs from the page, as texts. normal() removes what may
    differ, enter() is called in the process that executes a command."""
    wrong = []
    status = 0
    for command, expected in commands:
        if command.startswith('cat '):
            (directory / command[4:]).write_text(expected)
            continue
        if command == 'echo $?':
            printed = f'{status}\n'
        else:
            done = subprocess.run(['bash', '-c', command], cwd=directory, env=environment,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, check=False,
                                  preexec_fn=enter)
            printed, status = done.stdout, done.returncode
        if normal(printed) != normal(expected):
            wrong.append(f'$ {command}\nexpected:\n{expected}printed:\n{printed}')
    return wrong


def needs_domain(commands):
    """Whether an example asks a daemon: it names a domain and not a file."""
    return any(command.startswith(('virsh ', 'virt-lxc-policy show ')) for command, _ in commands)
