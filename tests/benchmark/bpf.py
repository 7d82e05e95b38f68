# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs of seccomp filters, as the kernel has them."""

import struct

INSTRUCTION = struct.Struct('=HBBI')

LOAD, AND, RETURN = 0x20, 0x54, 0x06
ALLOW = 0x7fff0000
TESTS = {
    0x15: lambda a, k: a == k,
    0x25: lambda a, k: a > k,
    0x35: lambda a, k: a >= k,
    0x45: lambda a, k: a & k != 0,
}
JUMP = 0x05

# struct seccomp_data
NUMBER, ARCH, POINTER = 0, 4, 8


def executed(program, number, arch):
    """How many instructions decide a call whose arguments do not matter."""
    code = list(INSTRUCTION.iter_unpack(program))
    data = {NUMBER: number, ARCH: arch}
    at, count, value = 0, 0, 0
    while True:
        op, yes, no, k = code[at]
        at, count = at + 1, count + 1
        if op == LOAD:
            value = data[k]
        elif op == AND:
            value &= k
        elif op == JUMP:
            at += k
        elif op in TESTS:
            at += yes if TESTS[op](value, k) else no
        elif op == RETURN:
            return count
        else:
            raise ValueError(f'instruction {op:#x}')


def without_bitmap(program):
    """The same program, for which the kernel cannot tell beforehand which calls
    it allows: it looks at something else than number and architecture first."""
    return INSTRUCTION.pack(LOAD, 0, 0, POINTER) + program


def way_to_allow(length):
    """What allows every call after length instructions of no effect; the kernel
    can tell beforehand."""
    return b''.join([INSTRUCTION.pack(LOAD, 0, 0, NUMBER),
                     INSTRUCTION.pack(AND, 0, 0, 0xffffffff) * length,
                     INSTRUCTION.pack(RETURN, 0, 0, ALLOW)])
