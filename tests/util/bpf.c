/*
 * bpf.c: programs of seccomp filters without a kernel
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: tests of filters. In: a program, a call. Out: whether kernels accept
 * the program, and its verdict.
 */

#include "bpf.h"

#define TEST_BPF_DATA_SIZE 64

typedef enum {
    TEST_BPF_LOAD,
    TEST_BPF_LENGTH,
    TEST_BPF_IMMEDIATE,
    TEST_BPF_MEMORY,
    TEST_BPF_STORE,
    TEST_BPF_MOVE,
    TEST_BPF_ALU,
    TEST_BPF_JUMP,
    TEST_BPF_BRANCH,
    TEST_BPF_RETURN,
} testBPFClass;

/* Registers, as bits. */
#define A 1
#define X 2

/* What an instruction reads and sets. */
typedef struct {
    guint16 code;
    testBPFClass class;
    unsigned int reads;
    unsigned int sets;
} testBPFRow;

static const testBPFRow rows[] = {
    {BPF_LD | BPF_W | BPF_ABS, TEST_BPF_LOAD, 0, A},
    {BPF_LD | BPF_W | BPF_LEN, TEST_BPF_LENGTH, 0, A},
    {BPF_LDX | BPF_W | BPF_LEN, TEST_BPF_LENGTH, 0, X},
    {BPF_LD | BPF_IMM, TEST_BPF_IMMEDIATE, 0, A},
    {BPF_LDX | BPF_IMM, TEST_BPF_IMMEDIATE, 0, X},
    {BPF_LD | BPF_MEM, TEST_BPF_MEMORY, 0, A},
    {BPF_LDX | BPF_MEM, TEST_BPF_MEMORY, 0, X},
    {BPF_ST, TEST_BPF_STORE, A, 0},
    {BPF_STX, TEST_BPF_STORE, X, 0},
    {BPF_MISC | BPF_TAX, TEST_BPF_MOVE, A, X},
    {BPF_MISC | BPF_TXA, TEST_BPF_MOVE, X, A},
    {BPF_ALU | BPF_ADD | BPF_K, TEST_BPF_ALU, A, A},
    {BPF_ALU | BPF_ADD | BPF_X, TEST_BPF_ALU, A | X, A},
    {BPF_ALU | BPF_SUB | BPF_K, TEST_BPF_ALU, A, A},
    {BPF_ALU | BPF_SUB | BPF_X, TEST_BPF_ALU, A | X, A},
    {BPF_ALU | BPF_MUL | BPF_K, TEST_BPF_ALU, A, A},
    {BPF_ALU | BPF_MUL | BPF_X, TEST_BPF_ALU, A | X, A},
    {BPF_ALU | BPF_DIV | BPF_K, TEST_BPF_ALU, A, A},
    {BPF_ALU | BPF_DIV | BPF_X, TEST_BPF_ALU, A | X, A},
    {BPF_ALU | BPF_AND | BPF_K, TEST_BPF_ALU, A, A},
    {BPF_ALU | BPF_AND | BPF_X, TEST_BPF_ALU, A | X, A},
    {BPF_ALU | BPF_OR | BPF_K, TEST_BPF_ALU, A, A},
    {BPF_ALU | BPF_OR | BPF_X, TEST_BPF_ALU, A | X, A},
    {BPF_ALU | BPF_XOR | BPF_K, TEST_BPF_ALU, A, A},
    {BPF_ALU | BPF_XOR | BPF_X, TEST_BPF_ALU, A | X, A},
    {BPF_ALU | BPF_LSH | BPF_K, TEST_BPF_ALU, A, A},
    {BPF_ALU | BPF_LSH | BPF_X, TEST_BPF_ALU, A | X, A},
    {BPF_ALU | BPF_RSH | BPF_K, TEST_BPF_ALU, A, A},
    {BPF_ALU | BPF_RSH | BPF_X, TEST_BPF_ALU, A | X, A},
    {BPF_ALU | BPF_NEG, TEST_BPF_ALU, A, A},
    {BPF_JMP | BPF_JA, TEST_BPF_JUMP, 0, 0},
    {BPF_JMP | BPF_JEQ | BPF_K, TEST_BPF_BRANCH, A, 0},
    {BPF_JMP | BPF_JEQ | BPF_X, TEST_BPF_BRANCH, A | X, 0},
    {BPF_JMP | BPF_JGE | BPF_K, TEST_BPF_BRANCH, A, 0},
    {BPF_JMP | BPF_JGE | BPF_X, TEST_BPF_BRANCH, A | X, 0},
    {BPF_JMP | BPF_JGT | BPF_K, TEST_BPF_BRANCH, A, 0},
    {BPF_JMP | BPF_JGT | BPF_X, TEST_BPF_BRANCH, A | X, 0},
    {BPF_JMP | BPF_JSET | BPF_K, TEST_BPF_BRANCH, A, 0},
    {BPF_JMP | BPF_JSET | BPF_X, TEST_BPF_BRANCH, A | X, 0},
    {BPF_RET | BPF_K, TEST_BPF_RETURN, 0, 0},
    {BPF_RET | BPF_A, TEST_BPF_RETURN, A, 0},
};

static const testBPFRow *
testBPFRowFor(guint16 code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].code == code)
            return &rows[i];
    }
    return NULL;
}

/* What is wrong with an operation's constant. */
static const char *
testBPFCheckALU(const struct sock_filter *insn)
{
    if (BPF_SRC(insn->code) != BPF_K)
        return NULL;

    switch (BPF_OP(insn->code)) {
    case BPF_DIV:
        return insn->k == 0 ? "divides by zero" : NULL;
    case BPF_LSH:
    case BPF_RSH:
        return insn->k >= 32 ? "shifts too far" : NULL;
    }
    return NULL;
}

/* What is wrong with an instruction, seen alone; @after is how many follow. */
static const char *
testBPFCheckOne(const struct sock_filter *insn, size_t after)
{
    const testBPFRow *row = testBPFRowFor(insn->code);

    if (!row)
        return "is no instruction of seccomp";

    switch (row->class) {
    case TEST_BPF_LOAD:
        if (insn->k % 4 != 0)
            return "loads across words";
        return insn->k >= TEST_BPF_DATA_SIZE ? "loads from outside" : NULL;
    case TEST_BPF_MEMORY:
    case TEST_BPF_STORE:
        return insn->k >= BPF_MEMWORDS ? "is outside of memory" : NULL;
    case TEST_BPF_ALU:
        return testBPFCheckALU(insn);
    case TEST_BPF_JUMP:
        return insn->k >= after ? "jumps outside" : NULL;
    case TEST_BPF_BRANCH:
        return MAX(insn->jt, insn->jf) >= after ? "branches outside" : NULL;
    case TEST_BPF_LENGTH:
    case TEST_BPF_IMMEDIATE:
    case TEST_BPF_MOVE:
    case TEST_BPF_RETURN:
        return NULL;
    }
    return NULL;
}

/* What of memory is set wherever control comes from: check_load_and_stores() of
 * the kernel, which knows no more than this does. */
static char *
testBPFCheckMemory(const struct sock_filter *program, size_t length)
{
    g_autofree guint16 *masks = g_new(guint16, length);
    guint16 set = 0;

    for (size_t i = 0; i < length; i++)
        masks[i] = G_MAXUINT16;

    for (size_t i = 0; i < length; i++) {
        const struct sock_filter *insn = &program[i];
        const testBPFRow *row = testBPFRowFor(insn->code);

        set &= masks[i];
        if (row->class == TEST_BPF_STORE) {
            set |= 1U << insn->k;
        } else if (row->class == TEST_BPF_MEMORY) {
            if (!(set & 1U << insn->k))
                return g_strdup_printf("%zu reads memory that is not set", i);
        } else if (row->class == TEST_BPF_JUMP) {
            masks[i + 1 + insn->k] &= set;
            set = G_MAXUINT16;
        } else if (row->class == TEST_BPF_BRANCH) {
            masks[i + 1 + insn->jt] &= set;
            masks[i + 1 + insn->jf] &= set;
            set = G_MAXUINT16;
        }
    }

    return NULL;
}

char *
testBPFCheck(const struct sock_filter *program, size_t length)
{
    if (length == 0 || length > BPF_MAXINSNS)
        return g_strdup_printf("%zu instructions", length);

    for (size_t i = 0; i < length; i++) {
        const char *fault = testBPFCheckOne(&program[i], length - i - 1);

        if (fault)
            return g_strdup_printf("%zu (%#x, %#x) %s", i, program[i].code,
                                   program[i].k, fault);
    }

    if (testBPFRowFor(program[length - 1].code)->class != TEST_BPF_RETURN)
        return g_strdup("falls off its end");
    return testBPFCheckMemory(program, length);
}

/* What is known of an instruction: whether there is a path to it, and what is
 * set on all of them. */
typedef struct {
    bool reached;
    unsigned int sets;
} testBPFPlace;

static void
testBPFFlow(testBPFPlace *to, unsigned int sets)
{
    to->sets = to->reached ? to->sets & sets : sets;
    to->reached = true;
}

/* All jumps go forward, so one pass is enough. */
static testBPFPlace *
testBPFFollow(const struct sock_filter *program, size_t length)
{
    testBPFPlace *places = g_new0(testBPFPlace, length);

    places[0].reached = true;
    for (size_t i = 0; i < length; i++) {
        const struct sock_filter *insn = &program[i];
        const testBPFRow *row = testBPFRowFor(insn->code);
        unsigned int sets = places[i].sets | row->sets;

        if (!places[i].reached || row->class == TEST_BPF_RETURN)
            continue;
        if (row->class == TEST_BPF_JUMP) {
            testBPFFlow(&places[i + 1 + insn->k], sets);
        } else if (row->class == TEST_BPF_BRANCH) {
            testBPFFlow(&places[i + 1 + insn->jt], sets);
            testBPFFlow(&places[i + 1 + insn->jf], sets);
        } else {
            testBPFFlow(&places[i + 1], sets);
        }
    }
    return places;
}

char *
testBPFCheckRegisters(const struct sock_filter *program, size_t length)
{
    g_autofree testBPFPlace *places = testBPFFollow(program, length);

    for (size_t i = 0; i < length; i++) {
        const testBPFRow *row = testBPFRowFor(program[i].code);

        if (places[i].reached && row->reads & ~places[i].sets)
            return g_strdup_printf("%zu reads a register that is not set", i);
    }
    return NULL;
}

size_t
testBPFUnreached(const struct sock_filter *program, size_t length)
{
    g_autofree testBPFPlace *places = testBPFFollow(program, length);
    size_t n = 0;

    for (size_t i = 0; i < length; i++)
        n += !places[i].reached;
    return n;
}

/* The word at @offset of struct seccomp_data. */
static guint32
testBPFLoad(const testBPFCall *call, bool bigEndian, guint32 offset)
{
    bool second = offset % 8 == 4;
    guint64 value;

    if (offset < 8)
        return second ? call->audit : call->number;

    value = offset < 16 ? call->pointer : call->args[(offset - 16) / 8];
    return second == bigEndian ? (guint32)value : (guint32)(value >> 32);
}

static bool
testBPFTest(guint16 code, guint32 left, guint32 right)
{
    switch (BPF_OP(code)) {
    case BPF_JEQ:
        return left == right;
    case BPF_JGE:
        return left >= right;
    case BPF_JGT:
        return left > right;
    case BPF_JSET:
        return (left & right) != 0;
    }
    g_assert_not_reached();
}

/* Shifts by a register use five bits of it, as kernels' interpreter does. */
static guint32
testBPFCompute(guint16 code, guint32 left, guint32 right)
{
    switch (BPF_OP(code)) {
    case BPF_ADD:
        return left + right;
    case BPF_SUB:
        return left - right;
    case BPF_MUL:
        return left * right;
    case BPF_DIV:
        return left / right;
    case BPF_AND:
        return left & right;
    case BPF_OR:
        return left | right;
    case BPF_XOR:
        return left ^ right;
    case BPF_LSH:
        return left << (right & 31);
    case BPF_RSH:
        return left >> (right & 31);
    case BPF_NEG:
        return -left;
    }
    g_assert_not_reached();
}

typedef struct {
    guint32 a;
    guint32 x;
    guint32 memory[BPF_MEMWORDS];
} testBPFState;

/* An instruction that only changes the state. */
static void
testBPFStep(testBPFState *state, const struct sock_filter *insn,
            const testBPFRow *row, guint32 operand, const testBPFCall *call,
            bool bigEndian)
{
    guint32 *target = row->sets == X ? &state->x : &state->a;

    switch (row->class) {
    case TEST_BPF_LOAD:
        *target = testBPFLoad(call, bigEndian, insn->k);
        break;
    case TEST_BPF_LENGTH:
        *target = TEST_BPF_DATA_SIZE;
        break;
    case TEST_BPF_IMMEDIATE:
        *target = insn->k;
        break;
    case TEST_BPF_MEMORY:
        *target = state->memory[insn->k];
        break;
    case TEST_BPF_STORE:
        state->memory[insn->k] = row->reads == X ? state->x : state->a;
        break;
    case TEST_BPF_MOVE:
        *target = row->reads == X ? state->x : state->a;
        break;
    case TEST_BPF_ALU:
        *target = testBPFCompute(insn->code, state->a, operand);
        break;
    case TEST_BPF_JUMP:
    case TEST_BPF_BRANCH:
    case TEST_BPF_RETURN:
        g_assert_not_reached();
    }
}

guint32
testBPFRun(const struct sock_filter *program, size_t length,
           const testBPFCall *call, bool bigEndian)
{
    testBPFState state = {0};

    for (size_t i = 0; i < length; i++) {
        const struct sock_filter *insn = &program[i];
        const testBPFRow *row = testBPFRowFor(insn->code);
        guint32 operand = row->reads & X ? state.x : insn->k;

        switch (row->class) {
        case TEST_BPF_RETURN:
            return insn->code == (BPF_RET | BPF_A) ? state.a : insn->k;
        case TEST_BPF_JUMP:
            i += insn->k;
            continue;
        case TEST_BPF_BRANCH:
            i +=
                testBPFTest(insn->code, state.a, operand) ? insn->jt : insn->jf;
            continue;
        case TEST_BPF_ALU:
            /* A division by zero ends the program (seccomp: the thread). */
            if (BPF_OP(insn->code) == BPF_DIV && operand == 0)
                return 0;
            break;
        case TEST_BPF_LOAD:
        case TEST_BPF_LENGTH:
        case TEST_BPF_IMMEDIATE:
        case TEST_BPF_MEMORY:
        case TEST_BPF_STORE:
        case TEST_BPF_MOVE:
            break;
        }
        testBPFStep(&state, insn, row, operand, call, bigEndian);
    }

    g_assert_not_reached();
}
