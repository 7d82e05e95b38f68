# SPDX-License-Identifier: LGPL-2.1-or-later
"""A client that calls the daemon at random.

    python3 clients.py LIBDIR SEED PLAN [CALL]

PLAN is a JSON file: the domains with their files. Prints a line of JSON for each call,
with its error code, until SIGTERM. With CALL, that is the only one.
"""

import ctypes
import json
import os
import random
import signal
import sys
import time

from libvirtlxc import Error, Exec, Library

LIVE = 1    # VIR_DOMAIN_AFFECT_LIVE
TEXT = ctypes.c_char_p


class Client:
    def __init__(self, directory, seed, domains):
        self.library = Library(directory)
        self.virt = self.library.virt
        for name in ('virDomainDefineXML', 'virDomainCreateXML', 'virDomainGetXMLDesc'):
            getattr(self.virt, name).restype = ctypes.c_void_p
        self.connection = self.library.connect('lxc:///system')
        self.rng = random.Random(int(seed))
        self.domains = domains
        self.over = False
        signal.signal(signal.SIGTERM, self.stop)

    def stop(self, *_):
        self.over = True

    # --- calls, each with a row of the plan ----------------------------------

    def on(self, row, function, *args):
        domain = self.library.domain(self.connection, row['name'])
        try:
            return self.library.check(getattr(self.virt, function)(domain, *args))
        finally:
            self.virt.virDomainFree(domain)

    def list(self, _):
        domains = ctypes.POINTER(ctypes.c_void_p)()
        number = self.library.check(self.virt.virConnectListAllDomains(
            self.connection, ctypes.byref(domains), 0))
        state = ctypes.c_int()
        for at in range(number):
            domain = ctypes.c_void_p(domains[at])
            self.virt.virDomainGetState(domain, ctypes.byref(state), None, 0)
            self.virt.virDomainFree(domain)

    def define(self, row):
        self.free(self.virt.virDomainDefineXML(self.connection, row['xml'].encode()))

    def create_transient(self, row):
        self.free(self.virt.virDomainCreateXML(self.connection, row['xml'].encode(), 0))

    def free(self, domain):
        self.virt.virDomainFree(self.library.pointer(domain))

    def start(self, row):
        self.on(row, 'virDomainCreate')

    def destroy(self, row):
        self.on(row, 'virDomainDestroy')

    def undefine(self, row):
        self.on(row, 'virDomainUndefine')

    def suspend(self, row):
        self.on(row, 'virDomainSuspend')

    def resume(self, row):
        self.on(row, 'virDomainResume')

    def shutdown(self, row):
        self.on(row, 'virDomainShutdown')

    def state(self, row):
        state = ctypes.c_int()
        self.on(row, 'virDomainGetState', ctypes.byref(state), None, 0)

    def info(self, row):
        self.on(row, 'virDomainGetInfo', ctypes.create_string_buffer(64))

    def xml(self, row):
        domain = self.library.domain(self.connection, row['name'])
        try:
            self.library.pointer(self.virt.virDomainGetXMLDesc(domain, 0))
        finally:
            self.virt.virDomainFree(domain)

    def attach(self, row):
        self.on(row, 'virDomainAttachDeviceFlags', TEXT(row['device'].encode()), LIVE)

    def detach(self, row):
        self.on(row, 'virDomainDetachDeviceFlags', TEXT(row['device'].encode()), LIVE)

    def reboot(self, row):
        """The container's own doing."""
        try:
            fd = os.open(row['order'], os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # init does not wait for it
            return
        os.write(fd, b'\n')
        os.close(fd)

    def join(self, row):
        domain = self.library.domain(self.connection, row['name'])
        try:
            program = Exec(self.library, self.connection, domain,
                           {'argv': ['/busybox', 'true']})
            while program.receive():
                pass
            self.virt.virStreamFinish(program.stream)
            self.virt.virStreamFree(program.stream)
        finally:
            self.virt.virDomainFree(domain)

    # -------------------------------------------------------------------------

    CALLS = (list, state, info, xml, define, create_transient, start, start, start,
             destroy, undefine, suspend, resume, resume, shutdown, reboot, join, join,
             attach, detach)

    def call(self, call):
        row = self.rng.choice(self.domains)
        begin = time.monotonic()
        code, text = 0, ''
        try:
            call(self, row)
        except Error as error:
            code, text = error.code, str(error)
        print(json.dumps([call.__name__, row['kind'], code, text,
                          time.monotonic() - begin]), flush=True)

    def run(self):
        while not self.over:
            self.call(self.rng.choice(self.CALLS))
            time.sleep(self.rng.uniform(0, 0.05))


if __name__ == '__main__':
    with open(sys.argv[3], encoding='utf-8') as plan:
        client = Client(sys.argv[1], sys.argv[2], json.load(plan))
    if len(sys.argv) > 4:
        client.call(getattr(Client, sys.argv[4]))
    else:
        client.run()
