# SPDX-License-Identifier: LGPL-2.1-or-later
"""The C API of libvirt-lxc, called in a process of its own.

    python3 libvirtlxc.py LIBDIR REQUEST

REQUEST is a file with a JSON object: see run(). The result is a JSON object on stdout. The
process is started by an instance, whose mounts and libraries it needs.
"""

import base64
import ctypes
import json
import os
import struct
import sys
import threading
import time

# See harness.py, which is not imported here.
SLOWNESS = int(os.environ.get('CONFINEMENT_SLOWNESS', '1'))

TTY, DETACH, UNCONFINED, NO_SECLABEL = 1, 2, 4, 8
STDIN, RESIZE, SIGNAL, DETACHING = 1, 2, 3, 4
STDOUT, STDERR, EXIT, SIGNALED = 5, 6, 7, 8
PARAM_UINT, PARAM_STRING = 2, 7


class Value(ctypes.Union):
    _fields_ = [('ui', ctypes.c_uint), ('l', ctypes.c_longlong), ('s', ctypes.c_char_p)]


class Parameter(ctypes.Structure):
    _fields_ = [('field', ctypes.c_char * 80), ('type', ctypes.c_int),
                ('value', Value)]


class LastError(ctypes.Structure):
    _fields_ = [('code', ctypes.c_int), ('domain', ctypes.c_int),
                ('message', ctypes.c_char_p), ('level', ctypes.c_int),
                ('conn', ctypes.c_void_p), ('dom', ctypes.c_void_p),
                ('str1', ctypes.c_char_p), ('str2', ctypes.c_char_p),
                ('str3', ctypes.c_char_p), ('int1', ctypes.c_int),
                ('int2', ctypes.c_int), ('net', ctypes.c_void_p)]


class Error(Exception):
    def __init__(self, last):
        super().__init__(last.message.decode())
        self.code, self.int1 = last.code, last.int1


class Library:
    def __init__(self, directory):
        self.virt = ctypes.CDLL(f'{directory}/libvirt.so.0')
        self.lxc = ctypes.CDLL(f'{directory}/libvirt-lxc.so.0')
        for name in ('virConnectOpen', 'virDomainLookupByName', 'virStreamNew'):
            getattr(self.virt, name).restype = ctypes.c_void_p
        self.virt.virGetLastError.restype = ctypes.POINTER(LastError)
        silent = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
        self.silent = silent(lambda *_: None)
        self.virt.virSetErrorFunc(None, self.silent)
        self.virt.virEventRegisterDefaultImpl()

    def check(self, result, failed=lambda result: result is None or result < 0):
        if failed(result):
            raise Error(self.virt.virGetLastError().contents)
        return result

    def pointer(self, result):
        return ctypes.c_void_p(self.check(result, lambda found: not found))

    def connect(self, uri):
        return self.pointer(self.virt.virConnectOpen(uri.encode()))

    def domain(self, connection, name):
        return self.pointer(self.virt.virDomainLookupByName(connection, name.encode()))


def parameters(request):
    """Of virDomainLxcExec()"""
    rows = []
    for name in ('user', 'group', 'cwd'):
        if name in request:
            rows.append((name, PARAM_STRING, request[name]))
    rows += [('env', PARAM_STRING, value) for value in request.get('env', ())]
    for name in ('rows', 'columns'):
        if name in request:
            rows.append((name, PARAM_UINT, request[name]))
    rows += [tuple(row) for row in request.get('params', ())]
    array = (Parameter * len(rows))()
    for at, (name, kind, value) in enumerate(rows):
        array[at].field = name.encode()
        array[at].type = kind
        if kind == PARAM_STRING:
            array[at].value.s = value.encode()
        else:
            array[at].value.ui = value
    return array


class Exec:
    """A program that runs."""

    def __init__(self, library, connection, domain, request):
        self.library = library
        argv = [arg.encode() for arg in request['argv']]
        params = parameters(request)
        flags = request.get('flags', 0)
        self.stream = None
        if request.get('stream', True):
            self.stream = library.pointer(library.virt.virStreamNew(connection, 0))
        self.id = library.check(library.lxc.virDomainLxcExec(
            domain, self.stream, (ctypes.c_char_p * len(argv))(*argv), len(argv),
            params, len(params), flags))
        self.received = bytearray()

    def send(self, kind, data=b''):
        message = struct.pack('>II', kind, len(data)) + data
        while message:
            sent = self.library.check(self.library.virt.virStreamSend(
                self.stream, message, ctypes.c_size_t(len(message))))
            message = message[sent:]

    def read(self, length):
        """None at the end of the stream."""
        buffer = ctypes.create_string_buffer(65536)
        while len(self.received) < length:
            got = self.library.check(self.library.virt.virStreamRecv(
                self.stream, buffer, ctypes.c_size_t(len(buffer))))
            if got == 0:
                return None
            self.received += memoryview(buffer)[:got]
        data = bytes(self.received[:length])
        del self.received[:length]
        return data

    def receive(self):
        """A message as (type, data), or None."""
        header = self.read(8)
        if header is None:
            return None
        kind, length = struct.unpack('>II', header)
        return kind, self.read(length) if length else b''


def steps(run, request):
    """Of a client: each is a list, of which the first is its name."""
    for step in request.get('send', ()):
        name, *args = step
        if name == 'stdin':
            run.send(STDIN, base64.b64decode(args[0]))
        elif name == 'end':
            run.send(STDIN)
        elif name == 'resize':
            run.send(RESIZE, struct.pack('>II', *args))
        elif name == 'signal':
            run.send(SIGNAL, struct.pack('>I', args[0]))
        elif name == 'detach':
            run.send(DETACHING)
        elif name == 'raw':
            data = base64.b64decode(args[0])
            run.library.virt.virStreamSend(run.stream, data, ctypes.c_size_t(len(data)))
        elif name == 'sleep':
            time.sleep(args[0] * SLOWNESS)
        elif name == 'abort':
            run.library.virt.virStreamAbort(run.stream)
            return False
        elif name == 'die':
            os._exit(3)
    return True


CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int,
                            ctypes.c_int, ctypes.c_int, ctypes.c_void_p)


class Events:
    """Ends of programs, as (ID, exit status, signal)."""

    def __init__(self, library, connection, domain):
        self.library, self.connection = library, connection
        self.found = []
        self.callback = CALLBACK(lambda conn, dom, *end: self.found.append(end[:3]))
        self.id = library.check(library.lxc.virConnectDomainLxcExecEventRegister(
            connection, domain, self.callback, None, None, 0))
        self.thread = threading.Thread(target=self.loop, daemon=True)
        self.thread.start()

    def loop(self):
        while self.library.virt.virEventRunDefaultImpl() == 0:
            pass

    def wait(self, number, timeout=10):
        end = time.monotonic() + timeout * SLOWNESS
        while time.monotonic() < end:
            for event in self.found:
                if event[0] == number:
                    return event
            time.sleep(0.01)
        return None

    def stop(self):
        return self.library.lxc.virConnectDomainLxcExecEventDeregister(
            self.connection, self.id)


def run(directory, request):
    """Keys: uri, domain, argv, user, group, cwd, env, rows, columns, flags,
    stream, send, params; event: None, or "all" or "domain"."""
    library = Library(directory)
    connection = library.connect(request.get('uri', 'lxc:///system'))
    # As bytes, each message would copy all that came before.
    result = {'out': bytearray(), 'err': bytearray()}
    try:
        domain = library.domain(connection, request['domain'])
        if request.get('event'):
            events = Events(library, connection,
                            domain if request['event'] == 'domain' else None)
        program = Exec(library, connection, domain, request)
    except Error as error:
        return {'error': str(error), 'code': error.code, 'int1': error.int1}
    result['id'] = program.id
    if program.stream is None:
        if request.get('event'):
            result['event'] = events.wait(program.id)
        return result
    answers = {'goes on': None}

    def sender():
        answers['goes on'] = steps(program, request)
    thread = threading.Thread(target=sender)
    thread.start()
    if any(step[0] in ('abort', 'die') for step in request.get('send', ())):
        thread.join()
        return result
    while message := program.receive():
        kind, data = message
        if kind == STDOUT:
            result['out'] += data
        elif kind == STDERR:
            result['err'] += data
        else:
            result['exit' if kind == EXIT else 'signal'] = struct.unpack('>I', data)[0]
    thread.join()
    library.virt.virStreamFinish(program.stream)
    if request.get('event'):
        result['event'] = events.wait(program.id)
        result['deregistered'] = events.stop()
    return result


def main():
    with open(sys.argv[2], encoding='utf-8') as file:
        request = json.load(file)
    result = run(sys.argv[1], request)
    for name in ('out', 'err'):
        if name in result:
            result[name] = base64.b64encode(result[name]).decode()
    print(json.dumps(result))


if __name__ == '__main__':
    main()
