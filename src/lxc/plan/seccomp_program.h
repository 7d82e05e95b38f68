/*
 * seccomp_program.h: a BPF program written from its end
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All jumps of a seccomp filter go forward, so whoever writes the last
 * instruction first knows every target of a jump when it is written. Positions
 * count from the end of the program, the last instruction being 0.
 */

#pragma once

#include <glib.h>
#include <linux/filter.h>

/**
 * virLXCSeccompProgram: the instructions so far, the last one first.
 */
typedef struct {
    GArray *reversed;
} virLXCSeccompProgram;

/**
 * virLXCSeccompProgramNew:
 *
 * Returns an empty program, which the caller frees.
 */
virLXCSeccompProgram *virLXCSeccompProgramNew(void);

/**
 * virLXCSeccompProgramReturn:
 * @program: the program
 * @value: SECCOMP_RET_…
 *
 * Returns the position of an instruction that returns @value, which is one that
 * is near already, or a new one.
 */
guint virLXCSeccompProgramReturn(virLXCSeccompProgram *program, guint32 value);

/**
 * virLXCSeccompProgramJump:
 * @program: the program
 * @test: BPF_JEQ, BPF_JGT or BPF_JGE
 * @value: what the accumulator is compared with
 * @yes: position to go to when the comparison holds
 * @no: position to go to when it does not
 *
 * Returns the position of the jump.
 */
guint virLXCSeccompProgramJump(virLXCSeccompProgram *program, guint16 test,
                               guint32 value, guint yes, guint no);

/**
 * virLXCSeccompProgramStmt:
 * @program: the program
 * @code: an instruction that does not jump: BPF_LD or BPF_ALU
 * @value: its operand
 * @next: position of what is done next
 *
 * Returns the position of the instruction.
 */
guint virLXCSeccompProgramStmt(virLXCSeccompProgram *program, guint16 code,
                               guint32 value, guint next);

/**
 * virLXCSeccompProgramFree:
 * @program: a program, or NULL
 */
void virLXCSeccompProgramFree(virLXCSeccompProgram *program);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCSeccompProgram, virLXCSeccompProgramFree)
