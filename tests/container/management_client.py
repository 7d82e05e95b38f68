# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a management application does with python3-libvirt: serve URI answers
requests, a JSON object on each line; join URI DOMAIN PIDFILE COMMAND... joins a
container by itself."""

import ctypes
import json
import os
import sys
import threading
from pathlib import Path
from xml.etree import ElementTree

import libvirt
import libvirt_lxc

PR_CAPBSET_DROP = 24
CAPABILITIES = '''chown dac_override dac_read_search fowner fsetid kill setgid setuid
    setpcap linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock
    ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin sys_boot
    sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control
    setfcap mac_override mac_admin syslog wake_alarm block_suspend audit_read perfmon
    bpf checkpoint_restore'''.split()
LIFECYCLE = {number: name.removeprefix('VIR_DOMAIN_EVENT_').lower()
             for name, number in vars(libvirt).items()
             if name in ('VIR_DOMAIN_EVENT_DEFINED', 'VIR_DOMAIN_EVENT_UNDEFINED',
                         'VIR_DOMAIN_EVENT_STARTED', 'VIR_DOMAIN_EVENT_SUSPENDED',
                         'VIR_DOMAIN_EVENT_RESUMED', 'VIR_DOMAIN_EVENT_STOPPED',
                         'VIR_DOMAIN_EVENT_SHUTDOWN', 'VIR_DOMAIN_EVENT_CRASHED')}


def first_child(pid):
    """It takes this process for init."""
    return int(Path(f'/proc/{pid}/task/{pid}/children').read_text().split()[0])


# --- serve ---------------------------------------------------------------------

def run_events():
    while True:
        libvirt.virEventRunDefaultImpl()


def plain(value):
    return value.name() if isinstance(value, libvirt.virDomain) else value


def serve(uri):
    libvirt.registerErrorHandler(lambda *_: None, None)
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=run_events, daemon=True).start()
    connection = libvirt.open(uri)
    events = []
    connection.domainEventRegisterAny(
        None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE,
        lambda _, domain, event, detail, __:
            events.append([domain.name(), LIFECYCLE.get(event, str(event))]), None)
    for line in sys.stdin:
        name, method, *args = json.loads(line)
        try:
            if method == 'events':
                value = [event for domain, event in events if domain == name]
            elif method == 'namespaces':
                spaces = namespaces(connection.lookupByName(name))
                value = {kind: os.readlink(f'/proc/self/fd/{fd}')
                         for kind, fd in spaces.items()}
                for fd in spaces.values():
                    os.close(fd)
            else:
                what = connection.lookupByName(name) if name else connection
                value = plain(getattr(what, method)(*args))
            answer = {'value': value}
        except libvirt.libvirtError as error:
            answer = {'error': str(error), 'code': error.get_error_code()}
        print(json.dumps(answer), flush=True)


# --- join ----------------------------------------------------------------------

def dropped(xml):
    """What the XML of a running domain switches off, by name."""
    tree = ElementTree.fromstring(xml)
    return [element.tag for element in tree.findall('./features/capabilities/*[@state]')
            if element.get('state') == 'off']


def namespaces(domain):
    """{type: descriptor}"""
    return {os.readlink(f'/proc/self/fd/{fd}').split(':')[0]: fd
            for fd in libvirt_lxc.lxcOpenNamespace(domain, 0)}


def enter_cgroup(pid):
    """That of another process, in each hierarchy that is mounted."""
    tops = {}
    for line in Path('/proc/self/mountinfo').read_text().splitlines():
        left, right = line.split(' - ', 1)
        kind, _, options = right.split(' ', 2)
        if kind in ('cgroup', 'cgroup2'):
            tops[left.split()[4]] = '' if kind == 'cgroup2' else options.strip()
    for line in Path(f'/proc/{pid}/cgroup').read_text().splitlines():
        _, controllers, path = line.split(':', 2)
        for top, options in tops.items():
            if (not controllers and not options) or (
                    controllers and set(controllers.split(',')) <= set(options.split(','))):
                Path(f'{top}{path}/cgroup.procs').write_text('0')


def join(uri, name, pid_file, command):
    domain = libvirt.open(uri).lookupByName(name)
    init = first_child(int(Path(pid_file).read_text()))
    # As it does for a libvirt that does not open this one
    spaces = {'cgroup': os.open(f'/proc/{init}/ns/cgroup', os.O_RDONLY),
              **namespaces(domain)}
    drop = dropped(domain.XMLDesc())
    libc = ctypes.CDLL(None, use_errno=True)
    enter_cgroup(domain.ID())
    for kind in sorted(spaces, key=lambda kind: kind == 'user'):
        if libc.setns(spaces[kind], 0) < 0:
            # It is in that namespace already if the domain has no <idmap>.
            if kind != 'user' or ctypes.get_errno() != 22:
                raise OSError(ctypes.get_errno(), f'setns {kind}')
    child = os.fork()
    if child == 0:
        for capability in drop:
            if libc.prctl(PR_CAPBSET_DROP, CAPABILITIES.index(capability), 0, 0, 0) < 0:
                raise OSError(ctypes.get_errno(), f'PR_CAPBSET_DROP {capability}')
        os.chdir('/')
        os.setgid(0)
        os.setuid(0)
        os.execve(command[0], command, {'PATH': '/usr/bin:/bin:/usr/sbin:/sbin'})
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == '__main__':
    if sys.argv[1] == 'serve':
        serve(sys.argv[2])
    else:
        sys.exit(join(*sys.argv[2:5], sys.argv[5:]))
