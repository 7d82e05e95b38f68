#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A sample agent: answers the calls that <seccomp> notifies.

    agent.py /run/agent.sock                            lets every call pass
    agent.py --answer EPERM /run/agent.sock             refuses every call
    agent.py --call 83=ENOSPC --call 110=4711 ...       by number of the call

An answer is "continue", the name of an errno that the call fails with, or the
number that it returns. One process serves any number of containers. To be
started before them; it says "ready" when it listens.

What each container's listener comes with is config-linux.md of the OCI runtime
specification, "The Container Process State"; what is done with a listener is
seccomp_unotify(2). This agent looks at numbers only. One that lets a call pass
because of what its arguments point to must know that another thread can have
changed it by then.
"""

import argparse
import errno
import fcntl
import json
import os
import select
import signal
import socket
import struct
import sys
import threading
from pathlib import Path

# linux/seccomp.h
NOTIF = struct.Struct('=QIIiIQ6Q')      # id, pid, flags, nr, arch, ip, args
RESPONSE = struct.Struct('=QqiI')       # id, val, error, flags
FLAG_CONTINUE = 1


def iowr(number, size):
    return 3 << 30 | size << 16 | ord('!') << 8 | number


NOTIF_RECV = iowr(0, NOTIF.size)
NOTIF_SEND = iowr(1, RESPONSE.size)

# A newer kernel's structures may be longer (SECCOMP_GET_NOTIF_SIZES), and what
# it is given must be zero.
ROOM = 1024


def parse_answer(text):
    """(val, error, flags) of the response."""
    if text == 'continue':
        return 0, 0, FLAG_CONTINUE
    if hasattr(errno, text):
        return 0, -getattr(errno, text), 0
    return int(text, 0), 0, 0


def parse_call(text):
    number, _, answer = text.partition('=')
    return int(number), parse_answer(answer)


class Agent:
    def __init__(self, options):
        self.options = options
        self.calls = dict(options.call)
        self.lock = threading.Lock()
        self.seen = 0

    def receive(self, connection):
        """The document, and the listener. The end of the document is that of
        the connection; descriptors come with its first byte."""
        text, fds, _, _ = socket.recv_fds(connection, 65536, 8)
        while more := connection.recv(65536):
            text += more
        document = json.loads(text)
        if len(fds) != 1 or document['fds'] != ['seccompFd']:
            raise ValueError(f'{len(fds)} descriptors: {document["fds"]}')
        return document, fds[0]

    def note(self, document, call):
        """What there is to be told of a call; the last one may be the death of
        the agent."""
        number, pid, _, nr, arch, _, *args = call
        with self.lock:
            self.seen += 1
            if self.options.log:
                line = {'container': document['state']['id'], 'pid': pid,
                        'nr': nr, 'arch': arch, 'args': args}
                with self.options.log.open('a') as log:
                    print(json.dumps(line), file=log)
            if self.seen == self.options.die_after:
                os._exit(1)
        return number, nr

    def answer(self, listener, document):
        """One call."""
        buffer = bytearray(ROOM)
        try:
            fcntl.ioctl(listener, NOTIF_RECV, buffer)
        except FileNotFoundError:       # the caller was killed
            return
        call = NOTIF.unpack_from(buffer)
        number, nr = self.note(document, call)
        if self.options.silent:
            return
        buffer = bytearray(ROOM)
        RESPONSE.pack_into(buffer, 0, number,
                           *self.calls.get(nr, self.options.answer))
        try:
            fcntl.ioctl(listener, NOTIF_SEND, buffer)
        except FileNotFoundError:
            pass

    def serve(self, connection):
        """One container, until its last process has ended."""
        with connection:
            try:
                document, listener = self.receive(connection)
            except ValueError as error:  # of a start that has failed
                print(f'no listener: {error}', file=sys.stderr)
                return
        if self.options.payload:
            self.options.payload.write_text(json.dumps(document))
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        while True:
            events = poll.poll()[0][1]
            if events & select.POLLIN:
                self.answer(listener, document)
            elif events:
                break
        os.close(listener)

    def listen(self, server):
        print('ready', flush=True)
        while True:
            connection, _ = server.accept()
            threading.Thread(target=self.serve, args=[connection],
                             daemon=True).start()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('socket', type=Path)
    parser.add_argument('--answer', type=parse_answer, default='continue',
                        help='to calls that no --call is about')
    parser.add_argument('--call', type=parse_call, action='append', default=[],
                        metavar='NUMBER=ANSWER')
    parser.add_argument('--payload', type=Path, metavar='FILE',
                        help='gets the document of the last container')
    parser.add_argument('--log', type=Path, metavar='FILE',
                        help='gets a line of JSON for each call')
    parser.add_argument('--silent', action='store_true',
                        help='answer nothing')
    parser.add_argument('--die-after', type=int, metavar='N',
                        help='at the Nth call, which is not answered')
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())

    path = options.socket
    if path.is_socket():                # of an agent that was killed
        path.unlink()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(path))
        try:
            server.listen()
            Agent(options).listen(server)
        finally:
            path.unlink(missing_ok=True)


if __name__ == '__main__':
    main()
