/*
 * test_seccomp_bpf.c: the interpreter that filters are tested with
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: programs, written by hand and at random. Out: what the interpreter makes
 * of them, compared with what is known and with the kernel.
 */

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <string.h>

#include "bpf.h"
#include "bpf_kernel.h"
#include "cases.h"
#include "seccomp_table.h"

#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

typedef struct sock_filter testProgram[8];

typedef struct {
    const char *name;
    size_t length;
    testProgram program;
    const char *fault; /* of testBPFCheck() */
    const char *unset; /* of testBPFCheckRegisters() */
    size_t unreached;
} testVerdictRow;

/* What is wrong with programs. */
static const testVerdictRow verdicts[] = {
    {"one", 1, {ALLOW}, NULL, NULL, 0},
    {"none", 0, {ALLOW}, "0 instructions", NULL, 0},
    {"load",
     2,
     {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 60), BPF_STMT(BPF_RET | BPF_A, 0)},
     NULL,
     NULL,
     0},
    {"load outside",
     2,
     {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), ALLOW},
     "0 (0x20, 0x40) loads from outside",
     NULL,
     0},
    {"load far outside",
     2,
     {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0xfffffffc), ALLOW},
     "0 (0x20, 0xfffffffc) loads from outside",
     NULL,
     0},
    {"load across",
     2,
     {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), ALLOW},
     "0 (0x20, 0x2) loads across words",
     NULL,
     0},
    {"load half a word",
     2,
     {BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), ALLOW},
     "0 (0x28, 0) is no instruction of seccomp",
     NULL,
     0},
    {"load indirectly",
     2,
     {BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), ALLOW},
     "0 (0x40, 0) is no instruction of seccomp",
     NULL,
     0},
    {"modulo",
     3,
     {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), ALLOW},
     "1 (0x94, 0x3) is no instruction of seccomp",
     NULL,
     0},
    {"return X",
     2,
     {BPF_STMT(BPF_LDX | BPF_IMM, 0), BPF_STMT(BPF_RET | BPF_X, 0)},
     "1 (0xe, 0) is no instruction of seccomp",
     NULL,
     0},
    {"divide by zero",
     2,
     {BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), ALLOW},
     "0 (0x34, 0) divides by zero",
     NULL,
     0},
    {"shift too far",
     2,
     {BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 32), ALLOW},
     "0 (0x74, 0x20) shifts too far",
     NULL,
     0},
    {"memory outside",
     2,
     {BPF_STMT(BPF_ST, 16), ALLOW},
     "0 (0x2, 0x10) is outside of memory",
     NULL,
     0},
    {"memory not set",
     2,
     {BPF_STMT(BPF_LD | BPF_MEM, 3), ALLOW},
     "0 reads memory that is not set",
     NULL,
     0},
    {"memory set on one path",
     4,
     {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1), BPF_STMT(BPF_ST, 3),
      BPF_STMT(BPF_LD | BPF_MEM, 3), ALLOW},
     "2 reads memory that is not set",
     NULL,
     0},
    {"falls off",
     1,
     {BPF_STMT(BPF_LD | BPF_IMM, 0)},
     "falls off its end",
     NULL,
     0},
    {"jump outside",
     2,
     {BPF_STMT(BPF_JMP | BPF_JA, 1), ALLOW},
     "0 (0x5, 0x1) jumps outside",
     NULL,
     0},
    {"jump back",
     2,
     {BPF_STMT(BPF_JMP | BPF_JA, 0xffffffff), ALLOW},
     "0 (0x5, 0xffffffff) jumps outside",
     NULL,
     0},
    {"branch outside",
     2,
     {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), ALLOW},
     "0 (0x15, 0) branches outside",
     NULL,
     0},
    {"branch outside, other way",
     2,
     {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 255), ALLOW},
     "0 (0x15, 0) branches outside",
     NULL,
     0},
    {"A not set",
     2,
     {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 0), ALLOW},
     NULL,
     "0 reads a register that is not set",
     0},
    {"A set on one path",
     5,
     {BPF_STMT(BPF_LDX | BPF_IMM, 0), BPF_STMT(BPF_JMP | BPF_JA, 0),
      BPF_STMT(BPF_MISC | BPF_TXA, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 0), ALLOW},
     NULL,
     NULL,
     0},
    {"never reached",
     3,
     {BPF_STMT(BPF_JMP | BPF_JA, 1), ALLOW, ALLOW},
     NULL,
     NULL,
     1},
};

static void
testVerdicts(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(verdicts); i++) {
        const testVerdictRow *row = &verdicts[i];
        g_autofree char *fault = testBPFCheck(row->program, row->length);
        g_autofree char *unset =
            fault ? NULL : testBPFCheckRegisters(row->program, row->length);
        size_t unreached =
            fault ? 0 : testBPFUnreached(row->program, row->length);

        g_test_message("%s", row->name);
        g_assert_cmpstr(fault, ==, row->fault);
        g_assert_cmpstr(unset, ==, row->unset);
        g_assert_cmpuint(unreached, ==, row->unreached);
        g_assert_cmpint(testBPFKernelError(row->program, row->length), ==,
                        fault ? EINVAL : 0);
    }
}

static void
testLongest(void)
{
    g_autofree struct sock_filter *program =
        g_new(struct sock_filter, BPF_MAXINSNS + 1);
    const struct sock_filter allow = ALLOW;
    g_autofree char *fits = NULL;
    g_autofree char *tooLong = NULL;

    for (size_t i = 0; i <= BPF_MAXINSNS; i++)
        program[i] = allow;

    fits = testBPFCheck(program, BPF_MAXINSNS);
    tooLong = testBPFCheck(program, BPF_MAXINSNS + 1);
    g_assert_cmpstr(fits, ==, NULL);
    g_assert_cmpstr(tooLong, ==, "4097 instructions");
    g_assert_cmpint(testBPFKernelError(program, BPF_MAXINSNS), ==, 0);
    g_assert_cmpint(testBPFKernelError(program, BPF_MAXINSNS + 1), ==, EINVAL);
}

/* Where each word of a call is, in either byte order. */
static void
testLayout(void)
{
    const testBPFCall call = {
        .number = 1,
        .audit = 2,
        .pointer = 0x0000000300000004,
        .args = {0x0000000500000006, 0x0000000700000008, 0x000000090000000a,
                 0x0000000b0000000c, 0x0000000d0000000e, 0x0000000f00000010},
    };

    for (guint32 word = 0; word < 16; word++) {
        const struct sock_filter program[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, word * 4),
            BPF_STMT(BPF_RET | BPF_A, 0),
        };
        guint32 big = testBPFRun(program, 2, &call, true);
        guint32 little = testBPFRun(program, 2, &call, false);

        g_assert_cmpuint(big, ==, word + 1);
        g_assert_cmpuint(little, ==, word < 2 ? word + 1 : (word ^ 1) + 1);
    }
}

static void
testDivisionByZero(void)
{
    const struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_IMM, 7),
        BPF_STMT(BPF_LDX | BPF_IMM, 0),
        BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
    };
    const testBPFCall call = {.audit = AUDIT_ARCH_X86_64};
    g_autofree guint *errors = NULL;

    g_assert_cmphex(testBPFRun(program, 4, &call, false), ==,
                    SECCOMP_RET_KILL_THREAD);
    if (!testBPFKernelCanCall(call.audit))
        return;
    errors = testBPFKernelErrors(program, 4, &call, 1);
    g_assert_cmpuint(errors[0], ==, G_MAXUINT);
}

static const guint32 values[] = {
    0,  1,  2,  3,          4,          15,         16,         20,
    31, 32, 33, 0x7fffffff, 0x80000000, 0xffffffff, 0x12345678,
};

static guint32
testAnyValue(GRand *rand)
{
    if (g_rand_int_range(rand, 0, 4) == 0)
        return g_rand_int(rand);
    return values[g_rand_int_range(rand, 0, G_N_ELEMENTS(values))];
}

/* An instruction of a program; @last: whether it is its last one. */
static struct sock_filter
testAnyInstruction(GRand *rand, bool last)
{
    static const guint16 codes[] = {
        0x20, 0x80, 0x81, 0x00, 0x01, 0x60, 0x61, 0x02, 0x03, 0x07, 0x87,
        0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x54, 0x5c, 0x44,
        0x4c, 0xa4, 0xac, 0x64, 0x6c, 0x74, 0x7c, 0x84, 0x05, 0x15, 0x1d,
        0x35, 0x3d, 0x25, 0x2d, 0x45, 0x4d, 0x06, 0x16,
    };
    struct sock_filter insn = {
        .code = codes[g_rand_int_range(rand, 0, G_N_ELEMENTS(codes))],
        .jt = (guint8)g_rand_int_range(rand, 0, 4),
        .jf = (guint8)g_rand_int_range(rand, 0, 4),
        .k = testAnyValue(rand),
    };

    if (last)
        insn.code = BPF_RET | BPF_K;
    if (BPF_CLASS(insn.code) == BPF_RET && g_rand_boolean(rand))
        insn.code ^= (BPF_RET | BPF_K) ^ (BPF_RET | BPF_A);
    if (g_rand_int_range(rand, 0, 60) == 0)
        insn.code = (guint16)g_rand_int_range(rand, 0, 0x200);
    return insn;
}

/* Whatever the kernel takes we take, and the other way round. */
static void
testAcceptance(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20240901);
    struct sock_filter program[6];
    guint accepted = 0;

    for (guint i = 0; i < 600; i++) {
        size_t length = (size_t)g_rand_int_range(rand, 1, 7);
        g_autofree char *fault = NULL;
        int error;

        for (size_t j = 0; j < length; j++)
            program[j] = testAnyInstruction(rand, j + 1 == length);
        fault = testBPFCheck(program, length);
        error = testBPFKernelError(program, length);

        if (error != (fault ? EINVAL : 0))
            g_error("program %u: %s, kernel: %s", i, fault, strerror(error));
        accepted += !fault;
    }

    g_test_message("600 programs, %u of them accepted", accepted);
    g_assert_cmpuint(accepted, >, 100);
    g_assert_cmpuint(accepted, <, 500);
}

/* A program without early end whose result, twelve bits of it, the kernel
 * returns as an errno. */
static size_t
testAnyComputation(GRand *rand, struct sock_filter *program)
{
    const struct sock_filter begin[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 20),
        BPF_STMT(BPF_ST, 0),
        BPF_STMT(BPF_STX, 1),
        BPF_STMT(BPF_MISC | BPF_TAX, 0),
        BPF_STMT(BPF_STX, 2),
        BPF_STMT(BPF_ST, 3),
        BPF_STMT(BPF_ST, 4),
        BPF_STMT(BPF_ST, 15),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
    };
    const struct sock_filter end[] = {
        BPF_STMT(BPF_ALU | BPF_RSH | BPF_K,
                 (guint32)g_rand_int_range(rand, 0, 21)),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff),
        BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO),
        BPF_STMT(BPF_RET | BPF_A, 0),
    };
    size_t length = G_N_ELEMENTS(begin);
    size_t body = length + (size_t)g_rand_int_range(rand, 2, 12);

    memcpy(program, begin, sizeof(begin));
    while (length < body) {
        struct sock_filter insn = testAnyInstruction(rand, false);

        if (BPF_CLASS(insn.code) == BPF_LD && BPF_MODE(insn.code) == BPF_ABS)
            insn.k = 4 * (guint32)g_rand_int_range(rand, 4, 16);
        if (insn.code == BPF_RET + BPF_K)
            insn.k = SECCOMP_RET_ERRNO | (insn.k & 0xfff);
        if (insn.code != (BPF_RET | BPF_A))
            program[length++] = insn;
    }
    memcpy(program + length, end, sizeof(end));
    return length + G_N_ELEMENTS(end);
}

static testBPFCall
testAnyCall(GRand *rand)
{
    testBPFCall call = {
        .number = testAnyValue(rand),
        .audit = AUDIT_ARCH_X86_64,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(call.args); i++)
        call.args[i] = (guint64)testAnyValue(rand) << 32 | testAnyValue(rand);
    return call;
}

/* Compares one program on calls; returns how many they were. */
static guint
testCompareComputation(GRand *rand, const struct sock_filter *program,
                       size_t length)
{
    testBPFCall calls[40];
    guint32 expected[40];
    g_autofree guint *errors = NULL;
    guint n = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(calls); i++) {
        calls[n] = testAnyCall(rand);
        expected[n] = testBPFRun(program, length, &calls[n], false);
        /* The others divide by zero. */
        n += (expected[n] & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
    }

    errors = testBPFKernelErrors(program, length, calls, n);
    for (guint i = 0; i < n; i++) {
        guint number = expected[i] & SECCOMP_RET_DATA;

        g_assert_cmpuint(errors[i], ==, MIN(number, VIR_LXC_SECCOMP_ERRNO_MAX));
    }
    return n;
}

static void
testComputation(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20240902);
    struct sock_filter program[32];
    guint programs = 0;
    guint calls = 0;

    if (!testBPFKernelCanCall(AUDIT_ARCH_X86_64)) {
        testSkip("calls of x86_64 cannot be made here");
        return;
    }

    while (programs < 300) {
        size_t length = testAnyComputation(rand, program);
        g_autofree char *fault = testBPFCheck(program, length);

        if (fault)
            continue;
        calls += testCompareComputation(rand, program, length);
        programs++;
    }

    g_test_message("%u programs, %u calls", programs, calls);
    g_assert_cmpuint(calls, >, 6000);
}

/* The numbers and arguments of both ABIs reach programs unchanged. */
static void
testArguments(void)
{
    static const guint32 audits[] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386};
    g_autoptr(GRand) rand = g_rand_new_with_seed(20240903);

    for (size_t i = 0; i < G_N_ELEMENTS(audits); i++) {
        if (!testBPFKernelCanCall(audits[i])) {
            testSkip("calls of an ABI of x86 cannot be made here");
            return;
        }

        for (guint32 offset = 0; offset < 64; offset += 4) {
            testBPFCall call = testAnyCall(rand);
            struct sock_filter program[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
            };
            const struct sock_filter look[] = {
                program[0],
                BPF_STMT(BPF_RET | BPF_A, 0),
            };
            g_autofree guint32 *result = NULL;

            call.audit = audits[i];
            for (size_t j = 0; audits[i] == AUDIT_ARCH_I386 && j < 6; j++)
                call.args[j] &= G_MAXUINT32;
            program[1].k = testBPFRun(look, 2, &call, false);
            result = testBPFKernelRun(program, 4, &call, 1);
            if (offset / 8 != 1)
                g_assert_cmphex(result[0], ==, SECCOMP_RET_ALLOW);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    g_test_add_func("/bpf/verdicts", testVerdicts);
    g_test_add_func("/bpf/longest", testLongest);
    g_test_add_func("/bpf/layout", testLayout);
    g_test_add_func("/bpf/division-by-zero", testDivisionByZero);
    g_test_add_func("/bpf/acceptance", testAcceptance);
    g_test_add_func("/bpf/computation", testComputation);
    g_test_add_func("/bpf/arguments", testArguments);

    return g_test_run();
}
