# SPDX-License-Identifier: LGPL-2.1-or-later
"""The few functions of libvirt's API that the benchmark times: virsh takes longer
to begin than a container does, and Debian's python3-libvirt knows another libvirt."""

import ctypes
import os

P, S, I = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
FUNCTIONS = {
    'virConnectOpen': (P, S),
    'virConnectClose': (I, P),
    'virDomainDefineXML': (P, P, S),
    'virDomainCreate': (I, P),
    'virDomainDestroy': (I, P),
    'virDomainUndefine': (I, P),
    'virDomainFree': (I, P),
    'virDomainIsActive': (I, P),
    'virDomainGetID': (ctypes.c_uint, P),
    'virDomainGetXMLDesc': (P, P, ctypes.c_uint),
    'virGetLastErrorMessage': (S,),
}

# Without it errors go to stderr, too.
HANDLER = ctypes.CFUNCTYPE(None, P, P)
SILENT = HANDLER(lambda data, error: None)


class Error(Exception):
    """What libvirt says."""


class Connection:
    def __init__(self, library):
        os.environ.update(LIBVIRT_DIR_OVERRIDE='1', LIBVIRT_AUTOSTART='0')
        self.library = ctypes.CDLL(str(library))
        for name, (result, *args) in FUNCTIONS.items():
            function = getattr(self.library, name)
            function.restype, function.argtypes = result, args
        self.library.virSetErrorFunc(None, SILENT)
        self.connection = self.call('virConnectOpen', b'lxc:///system')

    def call(self, name, *args):
        result = getattr(self.library, name)(*args)
        if result in (None, -1):
            raise Error(self.library.virGetLastErrorMessage().decode())
        return result

    def define(self, xml):
        return Domain(self, self.call('virDomainDefineXML', self.connection,
                                      xml.encode()))

    def close(self):
        self.call('virConnectClose', self.connection)


class Domain:
    def __init__(self, connection, domain):
        self.connection, self.domain = connection, domain
        self.create = connection.library.virDomainCreate

    def call(self, name, *args):
        return self.connection.call(name, self.domain, *args)

    def start(self):
        # As little of Python as can be: this is timed.
        if self.create(self.domain) < 0:
            raise Error(self.connection.library.virGetLastErrorMessage().decode())

    def destroy(self):
        self.call('virDomainDestroy')

    def is_active(self):
        return self.call('virDomainIsActive') == 1

    def number(self):
        """The process ID of the controller."""
        return self.call('virDomainGetID')

    def xml(self):
        text = self.call('virDomainGetXMLDesc', 0)
        value = ctypes.string_at(text).decode()
        ctypes.CDLL(None).free(ctypes.c_void_p(text))
        return value

    def remove(self):
        self.call('virDomainUndefine')
        self.call('virDomainFree')
