/*
 * seccomp_program.h: a BPF program written backwards
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All jumps in a seccomp filter are forward jumps. If the last instruction is
 * written first, the target of every jump is therefore known when the jump is
 * written. Positions are counted from the end of the program; the last
 * instruction has position 0.
 */

#pragma once

#include <glib.h>
#include <linux/filter.h>

/**
 * virLXCSeccompProgram: a program under construction.
 *
 * @reversed: array of struct sock_filter, the last instruction first
 */
typedef struct {
    GArray *reversed;
} virLXCSeccompProgram;

/**
 * virLXCSeccompProgramNew:
 *
 * Returns an empty program, which the caller frees with
 * virLXCSeccompProgramFree().
 */
virLXCSeccompProgram *virLXCSeccompProgramNew(void);

/**
 * virLXCSeccompProgramReturn:
 * @program: the program
 * @value: SECCOMP_RET_…
 *
 * Returns the position of an instruction that returns @value: an existing one
 * nearby, or a new one.
 */
guint virLXCSeccompProgramReturn(virLXCSeccompProgram *program, guint32 value);

/**
 * virLXCSeccompProgramJump:
 * @program: the program
 * @test: BPF_JEQ, BPF_JGT or BPF_JGE
 * @value: value to compare the accumulator with
 * @yes: target if the comparison holds
 * @no: target if the comparison does not hold
 *
 * Returns the position of the jump.
 */
guint virLXCSeccompProgramJump(virLXCSeccompProgram *program, guint16 test,
                               guint32 value, guint yes, guint no);

/**
 * virLXCSeccompProgramStmt:
 * @program: the program
 * @code: an instruction that does not jump: BPF_LD or BPF_ALU
 * @value: operand of the instruction
 * @next: position of the instruction to execute next
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
