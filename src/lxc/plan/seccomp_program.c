/*
 * seccomp_program.c: a BPF program written backwards
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "seccomp_program.h"

/* Offsets of conditional jumps have 8 bits. Up to two instructions can be
 * inserted between a jump and the current first instruction, see
 * virLXCSeccompProgramJump(). */
#define LXC_PROGRAM_REACH (G_MAXUINT8 - 2)

virLXCSeccompProgram *
virLXCSeccompProgramNew(void)
{
    virLXCSeccompProgram *program = g_new0(virLXCSeccompProgram, 1);

    program->reversed = g_array_new(FALSE, FALSE, sizeof(struct sock_filter));
    return program;
}

static const struct sock_filter *
lxcProgramAt(const virLXCSeccompProgram *program, guint position)
{
    return &g_array_index(program->reversed, struct sock_filter, position);
}

static guint
lxcProgramAdd(virLXCSeccompProgram *program, struct sock_filter instruction)
{
    g_array_append_val(program->reversed, instruction);
    return program->reversed->len - 1;
}

/* Returns the offset of @position from an instruction that is added next. */
static guint
lxcProgramDistance(const virLXCSeccompProgram *program, guint position)
{
    return program->reversed->len - position - 1;
}

static guint
lxcProgramAddGoto(virLXCSeccompProgram *program, guint position)
{
    struct sock_filter jump =
        BPF_JUMP(BPF_JMP | BPF_JA, lxcProgramDistance(program, position), 0, 0);

    return lxcProgramAdd(program, jump);
}

guint
virLXCSeccompProgramReturn(virLXCSeccompProgram *program, guint32 value)
{
    struct sock_filter instruction = BPF_STMT(BPF_RET | BPF_K, value);
    guint length = program->reversed->len;
    size_t i;

    for (i = length; i > 0 && length - i < LXC_PROGRAM_REACH; i--) {
        const struct sock_filter *old = lxcProgramAt(program, i - 1);

        if (old->code == instruction.code && old->k == value)
            return i - 1;
    }

    return lxcProgramAdd(program, instruction);
}

/* Returns a position within reach of a conditional jump: @position itself, or
 * an equivalent instruction. */
static guint
lxcProgramReachable(virLXCSeccompProgram *program, guint position)
{
    const struct sock_filter *target = lxcProgramAt(program, position);

    if (lxcProgramDistance(program, position) <= LXC_PROGRAM_REACH)
        return position;

    if (target->code == (BPF_RET | BPF_K))
        return virLXCSeccompProgramReturn(program, target->k);

    return lxcProgramAddGoto(program, position);
}

guint
virLXCSeccompProgramJump(virLXCSeccompProgram *program, guint16 test,
                         guint32 value, guint yes, guint no)
{
    guint near = lxcProgramReachable(program, yes);
    guint other = lxcProgramReachable(program, no);
    struct sock_filter jump = BPF_JUMP(BPF_JMP | test | BPF_K, value,
                                       lxcProgramDistance(program, near),
                                       lxcProgramDistance(program, other));

    return lxcProgramAdd(program, jump);
}

guint
virLXCSeccompProgramStmt(virLXCSeccompProgram *program, guint16 code,
                         guint32 value, guint next)
{
    struct sock_filter instruction = BPF_STMT(code, value);

    if (lxcProgramDistance(program, next) > 0)
        lxcProgramAddGoto(program, next);

    return lxcProgramAdd(program, instruction);
}

void
virLXCSeccompProgramFree(virLXCSeccompProgram *program)
{
    if (!program)
        return;

    g_array_unref(program->reversed);
    g_free(program);
}
