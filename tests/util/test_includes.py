#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each directory of src includes only what its stage may use.

Usage: test_includes.py ROOT

The table of docs/design.md lists the stages and libraries that a stage may use. src/conf
and src/lxc/plan must not be able to make a system call; the headers from linux/ and
sys/ listed for them below only define constants and types.
"""

import re
import sys
import tempfile
from pathlib import Path

C = {'errno.h', 'limits.h', 'stdbool.h', 'stddef.h', 'stdint.h', 'stdlib.h', 'string.h'}
# What the table calls the libraries, and their headers. Linux stands for any header of
# the C library or the kernel.
LIBRARIES = {
    'C library': {'libintl.h', 'locale.h', 'pthread.h', 'unistd.h'},
    'Linux': {r'(linux/|sys/)?\w+\.h'},
    'glib': {'glib.h'},
    'libseccomp': {'seccomp.h'},
    'libxml2': {'libxml/tree.h'},
    'libxml2 (parser)': {'libxml/parser.h', 'libxml/tree.h'},
    'yajl (generator)': {'yajl/yajl_gen.h'},
    'yajl (parser)': {'yajl/yajl_parse.h'},
    'no system calls': set(),
}
# Headers with constants and types
CONSTANTS = {
    'tables': {'linux/audit.h', 'linux/seccomp.h'},
    'lxc/plan': {'linux/capability.h', 'linux/filter.h', 'linux/netlink.h', 'linux/seccomp.h',
                 'sched.h', 'sys/socket.h', 'sys/un.h'},
    'lxc/import': {'arpa/inet.h'},
}
# Made by the build: the digest of the code that compiles filters
GENERATED = {'lxc/enforce': {'seccomp_compiler.h'}}

ROW = re.compile(r'^\| `src/([\w/]+)` \| [^|]* \| ([^|]*) \|$', re.M)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def read_table(text):
    """The stages and headers that each stage may use, by stage."""
    table = {}
    for stage, cell in ROW.findall(text):
        names = re.split('[,;] ', cell)
        uses = [name.strip('`') for name in names if name[0] == '`']
        headers = [LIBRARIES[name] for name in names if name[0] != '`']
        assert set(uses) <= set(table), f'{stage} uses a stage that is not above it'
        table[stage] = (uses, C.union(CONSTANTS.get(stage, ()), *headers))
    return table


def sources(directory):
    return sorted(path for path in directory.glob('*') if path.suffix in ('.c', '.h'))


def fault(src, table, stage, kind, header):
    """Why a stage may not include a header, or None."""
    uses, headers = table[stage]
    if kind == '"':
        places = [stage, *uses]
        if header in GENERATED.get(stage, ()) or any(
                (src / place / header).is_file() for place in places):
            return None
        return f'"{header}" is not in ' + ', '.join(places)
    if any(re.fullmatch(pattern, header) for pattern in headers):
        return None
    return f'<{header}> is not allowed in {stage}'


def faults(src, table):
    found = []
    stages = {str(path.parent.relative_to(src)) for path in src.rglob('*.[ch]')}
    for stage in sorted(stages ^ set(table)):
        found.append(f'{stage}: in the table or in src, but not in both')
    for stage in sorted(stages & set(table)):
        for path in sources(src / stage):
            for kind, header in INCLUDE.findall(path.read_text()):
                why = fault(src, table, stage, kind, header)
                if why:
                    found.append(f'{path.relative_to(src)}: {why}')
    return found


def check_the_check(table):
    """Each kind of fault is found in a tree that has nothing else wrong."""
    with tempfile.TemporaryDirectory() as name:
        src = Path(name)
        for stage in table:
            (src / stage).mkdir(parents=True)
            own = Path(stage).name + '.h'
            (src / stage / own).write_text('#include <glib.h>\n')
        assert faults(src, table) == []
        for stage, line in [('conf', '#include <unistd.h>'), ('lxc/plan', '# include <fcntl.h>'),
                            ('lxc/plan', '#include <sys/mount.h>'), ('util', '#include "conf.h"'),
                            ('lxc/plan', '#include "enforce.h"'), ('lxc/root', '#include "plan.h"'),
                            ('lxc/cgroup', '#include "missing.h"')]:
            path = src / stage / 'bad.c'
            path.write_text(line + '\n')
            assert len(faults(src, table)) == 1, line
            path.unlink()
        (src / 'other').mkdir()
        (src / 'other' / 'other.c').write_text('')
        assert len(faults(src, table)) == 1


def main():
    root = Path(sys.argv[1])
    table = read_table((root / 'docs' / 'design.md').read_text())
    check_the_check(table)
    found = faults(root / 'src', table)
    print('\n'.join(found))
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
