#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each directory of src includes only what its stage may use.

Usage: test_includes.py ROOT

The table is that of docs/design.md: a stage may use the stages above it, and the
headers listed. src/conf and src/lxc/plan must not be able to make a system call;
the headers from linux/ and sys/ listed for them only define constants and types.
"""

import re
import sys
import tempfile
from pathlib import Path

C = {'errno.h', 'glib.h', 'limits.h', 'stdbool.h', 'stddef.h', 'stdint.h', 'stdlib.h',
     'string.h'}
# Any header of the C library or the kernel
LINUX = r'(linux/|sys/)?\w+\.h'

# Directory: (directories whose headers it may include, other headers)
STAGES = {
    'util': ((), {'libintl.h', 'locale.h', 'pthread.h', 'unistd.h'}),
    'tables': (('util',), {'linux/audit.h', 'linux/seccomp.h'}),
    'conf': (('util', 'tables'), {'libxml/tree.h'}),
    'lxc/host': (('util', 'tables', 'conf'), {LINUX}),
    'lxc/plan': (('util', 'tables', 'conf', 'lxc/host'),
                 {'linux/capability.h', 'linux/filter.h', 'linux/netlink.h',
                  'linux/seccomp.h', 'sched.h', 'seccomp.h', 'sys/socket.h',
                  'sys/un.h', 'yajl/yajl_parse.h'}),
    'lxc/root': (('util',), {LINUX}),
    'lxc/enforce': (('util', 'tables', 'conf', 'lxc/host', 'lxc/plan'),
                    {LINUX, 'cap-ng.h', 'yajl/yajl_gen.h'}),
    'lxc/cgroup': (('util', 'lxc/root'), {LINUX}),
}
# Made by the build: the digest of the code that compiles filters
GENERATED = {'lxc/enforce': {'seccomp_compiler.h'}}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def sources(directory):
    return sorted(path for path in directory.glob('*') if path.suffix in ('.c', '.h'))


def fault(src, stage, kind, header):
    """Why a stage may not include a header, or None."""
    uses, others = STAGES[stage]
    if kind == '"':
        places = [stage, *uses]
        if header in GENERATED.get(stage, ()) or any(
                (src / place / header).is_file() for place in places):
            return None
        return f'"{header}" is not in ' + ', '.join(places)
    if any(re.fullmatch(pattern, header) for pattern in C | others):
        return None
    return f'<{header}> is not allowed in {stage}'


def faults(src):
    found = []
    stages = {str(path.parent.relative_to(src)) for path in src.rglob('*.[ch]')}
    for stage in sorted(stages ^ set(STAGES)):
        found.append(f'{stage}: in the table or in src, but not in both')
    for stage in sorted(stages & set(STAGES)):
        for path in sources(src / stage):
            for kind, header in INCLUDE.findall(path.read_text()):
                why = fault(src, stage, kind, header)
                if why:
                    found.append(f'{path.relative_to(src)}: {why}')
    return found


def check_the_check():
    """Each kind of fault is found in a tree that has nothing else wrong."""
    with tempfile.TemporaryDirectory() as name:
        src = Path(name)
        for stage in STAGES:
            (src / stage).mkdir(parents=True)
            own = Path(stage).name + '.h'
            (src / stage / own).write_text('#include <glib.h>\n')
        assert faults(src) == []
        for stage, line in [('conf', '#include <unistd.h>'), ('lxc/plan', '# include <fcntl.h>'),
                            ('lxc/plan', '#include <sys/mount.h>'), ('util', '#include "conf.h"'),
                            ('lxc/plan', '#include "enforce.h"'), ('lxc/root', '#include "plan.h"'),
                            ('lxc/cgroup', '#include "missing.h"')]:
            path = src / stage / 'bad.c'
            path.write_text(line + '\n')
            assert len(faults(src)) == 1, line
            path.unlink()
        (src / 'other').mkdir()
        (src / 'other' / 'other.c').write_text('')
        assert len(faults(src)) == 1


def main():
    check_the_check()
    found = faults(Path(sys.argv[1]) / 'src')
    print('\n'.join(found))
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
