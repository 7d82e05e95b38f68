# SPDX-License-Identifier: LGPL-2.1-or-later
"""The sample agent of tests/container, without any container."""

import ctypes
import errno
import json
import os
import platform
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

AGENT = Path(__file__).resolve().parents[1] / 'container' / 'agent.py'

# seccomp(2), getppid(2) and getpgid(2)
NUMBERS = {'x86_64': (317, 110, 121), 'aarch64': (277, 173, 155)}
NEW_LISTENER = 1 << 3
RET_USER_NOTIF = 0x7fc00000
RET_ALLOW = 0x7fff0000
PR_SET_NO_NEW_PRIVS = 38

DOCUMENT = {'ociVersion': '1.0.2', 'fds': ['seccompFd'], 'pid': 1,
            'state': {'ociVersion': '1.0.2', 'id': 'guest',
                      'status': 'creating', 'pid': 1, 'bundle': '/'}}

libc = ctypes.CDLL(None, use_errno=True)


def load_filter(seccomp, notified):
    """Returns the listener."""
    code = struct.pack('=HBBI', 0x20, 0, 0, 0)
    for number in notified:
        code += struct.pack('=HBBI', 0x15, 0, 1, number)
        code += struct.pack('=HBBI', 0x06, 0, 0, RET_USER_NOTIF)
    code += struct.pack('=HBBI', 0x06, 0, 0, RET_ALLOW)
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack('@HP', len(code) // 8, ctypes.addressof(buffer))
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return libc.syscall(seccomp, 1, NEW_LISTENER, program)


def be_init(path, out):
    """Makes the two calls and prints what they returned."""
    seccomp, getppid, getpgid = NUMBERS[platform.machine()]
    listener = load_filter(seccomp, [getppid, getpgid])
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(str(path))
    socket.send_fds(connection, [json.dumps(DOCUMENT).encode()], [listener])
    connection.close()
    os.close(listener)
    for number in getppid, getpgid:
        result = libc.syscall(number, 0)
        text = errno.errorcode[ctypes.get_errno()] if result < 0 else result
        os.write(out, f'{text}\n'.encode())


class Agent(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.dir = Path(temporary.name)

    def start(self, *options):
        agent = subprocess.Popen([sys.executable, AGENT, *options,
                                  self.dir / 'agent'], stdout=subprocess.PIPE)
        self.addCleanup(agent.stdout.close)
        self.addCleanup(agent.wait)
        self.addCleanup(agent.terminate)
        self.assertEqual(agent.stdout.readline(), b'ready\n')
        return agent

    def results(self, wait=10):
        """Of the two calls; as many as there are after some seconds."""
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                be_init(self.dir / 'agent', theirs)
            finally:
                os._exit(0)
        os.close(theirs)
        with open(ours, 'rb', buffering=0) as out:
            text = b''
            while select.select([out], [], [], wait)[0]:
                more = out.read(512)
                if not more:
                    break
                text += more
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return text.decode().split()

    def test_continue(self):
        self.start('--payload', self.dir / 'payload', '--log', self.dir / 'log')
        self.assertEqual(self.results(), [str(os.getpid()), str(os.getpgid(0))])
        self.assertEqual(json.loads((self.dir / 'payload').read_text()), DOCUMENT)
        calls = [json.loads(line)
                 for line in (self.dir / 'log').read_text().splitlines()]
        self.assertEqual([call['nr'] for call in calls],
                         list(NUMBERS[platform.machine()][1:]))
        self.assertEqual(calls[1]['args'][0], 0)

    def test_answers(self):
        number = NUMBERS[platform.machine()][1]
        self.start('--answer', 'ENOSPC', '--call', f'{number}=4711')
        self.assertEqual(self.results(), ['4711', 'ENOSPC'])

    def test_two_containers(self):
        self.start('--answer', '7')
        self.assertEqual(self.results(), ['7', '7'])
        self.assertEqual(self.results(), ['7', '7'])

    def test_death(self):
        agent = self.start('--answer', '7', '--die-after', '2')
        self.assertEqual(self.results(), ['7', 'ENOSYS'])
        self.assertEqual(agent.wait(), 1)

    def test_silence(self):
        self.start('--silent')
        self.assertEqual(self.results(wait=0.5), [])


if __name__ == '__main__':
    unittest.main()
