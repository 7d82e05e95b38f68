# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of <capabilities> write into domains, and what init then has."""

from pathlib import Path

from harness import IDMAP, caps, status_of

LAST = int(Path('/proc/sys/kernel/cap_last_cap').read_text())
ALL = set(range(LAST + 1))
# What there is to give: a virtual machine's or container's root may lack some. A
# user namespace begins with all.
HOST = caps(status_of('self')['CapBnd'])
CHOWN, SETGID, SETUID, BIND, SYS_ADMIN, SYS_RESOURCE, SYS_TIME, MKNOD, BPF = (
    0, 6, 7, 10, 21, 24, 25, 27, 39)
# sys_module sys_time mknod audit_control mac_admin
DEFAULT = ALL - {16, 25, 27, 30, 33}

# Name: (XML, on, off)
LISTS = {
    'empty': ('', set(), set()),
    'on': ('<chown/><net_bind_service state="on"/><sys_time/>',
           {CHOWN, BIND, SYS_TIME}, set()),
    'off': ('<chown state="off"/><setuid state="off"/><setgid state="off"/>'
            '<sys_admin state="off"/>',
            set(), {CHOWN, SETUID, SETGID, SYS_ADMIN}),
    'number': ('<cap number="27"/><cap number="39" state="off"/><perfmon/>',
               {MKNOD, 38}, {BPF}),
}

# Name: (XML, uid, gid)
INITS = {
    'root': ('', 0, 0),
    'alice': ('<inituser>alice</inituser>', 1000, 0),
    'number+group': ('<inituser>+1234</inituser><initgroup>users</initgroup>',
                     1234, 100),
}

# Name: (XML, further features)
MAPS = {
    'host ids': ('', ''),
    'idmap': (IDMAP, '<privnet/>'),
    'idmap shared net': (IDMAP, ''),
}

POLICIES = {
    None: lambda on, off: (DEFAULT - off) | on,
    'default': lambda on, off: (DEFAULT - off) | on,
    'deny': lambda on, off: set(on),
    'allow': lambda on, off: ALL - off,
}


def features(policy, entries):
    attribute = f" policy='{policy}'" if policy else ''
    return f'<capabilities{attribute}>{entries}</capabilities>'


def expected(policy, on, off, uid, available=HOST):
    granted = POLICIES[policy](on, off) & available
    on = on & available
    if uid == 0:
        return {'CapInh': set(), 'CapPrm': granted, 'CapEff': granted,
                'CapBnd': granted, 'CapAmb': set()}
    bound = granted if policy == 'allow' else on
    return {'CapInh': on, 'CapPrm': on, 'CapEff': on, 'CapBnd': bound,
            'CapAmb': on}
