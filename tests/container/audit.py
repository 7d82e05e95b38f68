# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kernel's audit records, and the switch that turns auditing on.

Both are to be had outside of the sandbox only, in the initial namespaces: begin()
is for tap.main(prepare), what it opens is used within."""

import os
import select
import socket
import struct

import tap

NETLINK_AUDIT, READ_GROUP = 9, 1
SO_RCVBUFFORCE = 33
NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 1, 4, 2
AUDIT_GET, AUDIT_SET, STATUS_ENABLED = 1000, 1001, 1
LANDLOCK_ACCESS = 1423
HEADER = struct.Struct('=IHHII')
STATUS = struct.Struct('=11I')  # struct audit_status
QUIET = 0.3  # seconds after which no record is on its way any more


def ask(kind, payload=b''):
    """The first reply that is not a bare acknowledgement, or b''."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT) as link:
        link.settimeout(2)
        link.send(HEADER.pack(HEADER.size + len(payload), kind,
                              NLM_F_REQUEST | NLM_F_ACK, 1, 0) + payload)
        while True:
            data = link.recv(65536)
            answer = HEADER.unpack_from(data)[1]
            if answer == NLMSG_ERROR:
                error = struct.unpack_from('=i', data, HEADER.size)[0]
                if error:
                    raise OSError(-error, os.strerror(-error))
                if kind != AUDIT_GET:
                    return b''
            elif answer == kind:
                return data[HEADER.size:]


def is_enabled():
    return struct.unpack_from('=I', ask(AUDIT_GET), 4)[0]


def enable(value):
    ask(AUDIT_SET, STATUS.pack(STATUS_ENABLED, value, *[0] * 9))


class Audit:
    """records() since the last time, with auditing as switch() said."""

    def __init__(self):
        self.link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  NETLINK_AUDIT)
        # Others on the host cause records, too.
        self.link.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
        self.link.bind((0, 1 << (READ_GROUP - 1)))
        before = is_enabled()
        enable(before)
        order, self.order = os.pipe()
        self.answer, answer = os.pipe()
        if os.fork() == 0:
            os.close(self.order)
            self.serve(order, answer, before)
        os.close(order)
        os.close(answer)

    def serve(self, order, answer, before):
        """Until the last of those who could ask is gone, whatever ended it."""
        try:
            while value := os.read(order, 1):
                enable(int(value))
                os.write(answer, value)
        finally:
            enable(before)
            os._exit(0)

    def switch(self, value):
        os.write(self.order, str(value).encode())
        if not os.read(self.answer, 1):
            raise OSError('auditing cannot be switched')
        self.records()

    def records(self):
        """[(type, text)]"""
        found = []
        while select.select([self.link], [], [], QUIET)[0]:
            data = self.link.recv(65536)
            found.append((HEADER.unpack_from(data)[1],
                          data[HEADER.size:].decode(errors='replace')))
        return found


class Kernel:
    """What begin() has opened, or why it could not."""
    log = None
    why = ''


def begin(build):
    try:
        Kernel.log = Audit()
    except OSError as error:
        Kernel.why = f"the kernel's audit records cannot be had: {error}"


def log():
    """The Audit of this run; skips the test if there is none."""
    if not Kernel.log:
        tap.skip(Kernel.why)
    return Kernel.log
