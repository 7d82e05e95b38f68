# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bundles for crun and runc, and podman's seccomp profile as they take it."""

import json
import platform

# What podman gives to a container: for its containers and for ours.
CAPABILITIES = ('chown', 'dac_override', 'fowner', 'fsetid', 'kill',
                'net_bind_service', 'setfcap', 'setgid', 'setpcap', 'setuid',
                'sys_chroot')

PODMAN_PROFILE = '/usr/share/containers/seccomp.json'

# Names of this architecture in OCI's profiles and in podman's conditions
ARCHITECTURES = {'x86_64': ('SCMP_ARCH_X86_64', 'amd64'),
                 'aarch64': ('SCMP_ARCH_AARCH64', 'arm64')}

NAMESPACES = ('pid', 'ipc', 'uts', 'mount')

MOUNTS = (
    ('/proc', 'proc', ['nosuid', 'noexec', 'nodev']),
    ('/dev', 'tmpfs', ['nosuid', 'mode=755', 'size=65536k']),
    ('/dev/pts', 'devpts', ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666']),
    ('/sys', 'sysfs', ['nosuid', 'noexec', 'nodev', 'ro']),
)


def holds(rule, arch, capabilities):
    """Whether the includes and excludes of one of podman's rules hold."""
    wanted, unwanted = rule.get('includes') or {}, rule.get('excludes') or {}
    return (all(cap in capabilities for cap in wanted.get('caps', ()))
            and arch in wanted.get('arches', (arch,))
            and not any(cap in capabilities for cap in unwanted.get('caps', ()))
            and arch not in unwanted.get('arches', ()))


def resolve(profile):
    """A profile of podman's for this host and CAPABILITIES, as linux.seccomp of
    the runtime specification."""
    name, arch = ARCHITECTURES[platform.machine()]
    capabilities = {f'CAP_{name.upper()}' for name in CAPABILITIES}
    others = [row['subArchitectures'] for row in profile['archMap']
              if row['architecture'] == name]
    members = ('names', 'action', 'errnoRet', 'args')
    return {
        'defaultAction': profile['defaultAction'],
        'defaultErrnoRet': profile['defaultErrnoRet'],
        'architectures': [name, *(others[0] if others else ())],
        'syscalls': [{key: rule[key] for key in members if rule.get(key)}
                     for rule in profile['syscalls']
                     if holds(rule, arch, capabilities)],
    }


def config(root, args, cgroup, seccomp):
    """config.json; seccomp may be None."""
    capabilities = [f'CAP_{name.upper()}' for name in CAPABILITIES]
    linux = {
        'cgroupsPath': cgroup,
        'namespaces': [{'type': name} for name in NAMESPACES],
        'resources': {'devices': [{'allow': False, 'access': 'rwm'}]},
    }
    if seccomp:
        linux['seccomp'] = seccomp
    return {
        'ociVersion': '1.0.0',
        'process': {
            'user': {'uid': 0, 'gid': 0},
            'args': ['/init', *args],
            'env': ['PATH=/'],
            'cwd': '/',
            'capabilities': {name: capabilities for name in
                             ('bounding', 'effective', 'permitted')},
        },
        'root': {'path': str(root)},
        'hostname': 'benchmark',
        'mounts': [{'destination': target, 'type': kind, 'source': kind,
                    'options': options} for target, kind, options in MOUNTS],
        'linux': linux,
    }


def write_bundle(directory, *args):
    directory.mkdir()
    (directory / 'config.json').write_text(json.dumps(config(*args)))
