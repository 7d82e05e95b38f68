#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Usage: lxc-exec.py DOMAIN COMMAND [ARGUMENT]...

Run a program in a container, and print what it prints. python3-libvirt does not
know virDomainLxcExec(), so it is called through ctypes; everything else is done
with the module's objects. See lxc-exec-api(7) for all messages."""

import ctypes
import struct
import sys

import libvirt

LIBRARY = ctypes.CDLL('libvirt-lxc.so.0')
STDIN, STDOUT, STDERR, EXIT, SIGNALED = 1, 5, 6, 7, 8


def pointer(wrapped, kind):
    """The C object in one of libvirt's Python objects."""
    function = ctypes.pythonapi.PyCapsule_GetPointer
    function.restype = ctypes.c_void_p
    function.argtypes = [ctypes.py_object, ctypes.c_char_p]
    return ctypes.c_void_p(function(wrapped._o, kind))


def receive(stream, length):
    data = b''
    while len(data) < length and (part := stream.recv(length - len(data))):
        data += part
    return data


def run(domain, arguments):
    """Returns the exit status."""
    stream = domain.connect().newStream(0)
    argv = (ctypes.c_char_p * len(arguments))(*map(str.encode, arguments))
    if LIBRARY.virDomainLxcExec(pointer(domain, b'virDomainPtr'),
                                pointer(stream, b'virStreamPtr'),
                                argv, len(argv), None, 0, 0) < 0:
        raise libvirt.libvirtError('virDomainLxcExec() failed')

    stream.send(struct.pack('!II', STDIN, 0))  # the end of its input
    while header := receive(stream, 8):
        kind, length = struct.unpack('!II', header)
        data = receive(stream, length)
        if kind in (STDOUT, STDERR):
            (sys.stdout if kind == STDOUT else sys.stderr).buffer.write(data)
        elif kind in (EXIT, SIGNALED):
            stream.finish()
            return struct.unpack('!I', data)[0] + (128 if kind == SIGNALED else 0)
    raise RuntimeError('the container was stopped')


if __name__ == '__main__':
    sys.exit(run(libvirt.open().lookupByName(sys.argv[1]), sys.argv[2:]))
