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

#define UNKNOWN "is not an instruction that filters use"

static const guint16 forms[] = {
    BPF_LD | BPF_W | BPF_ABS,   BPF_ALU | BPF_AND | BPF_K,
    BPF_JMP | BPF_JA,           BPF_JMP | BPF_JEQ | BPF_K,
    BPF_JMP | BPF_JGE | BPF_K,  BPF_JMP | BPF_JGT | BPF_K,
    BPF_JMP | BPF_JSET | BPF_K, BPF_RET | BPF_K,
};

typedef struct sock_filter testProgram[8];

typedef struct {
    const char *name;
    size_t length;
    testProgram program;
    const char *fault; /* of testBPFCheck() */
    const char *unset; /* of testBPFCheckAccumulator() */
    size_t unreached;
} testVerdictRow;

/* What is wrong with programs. */
static const testVerdictRow verdicts[] = {
    {"one", 1, {ALLOW}, NULL, NULL, 0},
    {"none", 0, {ALLOW}, "0 instructions", NULL, 0},
    {"load", 2, {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 60), ALLOW}, NULL, NULL, 0},
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
     "0 (0x28, 0) " UNKNOWN,
     NULL,
     0},
    {"load indirectly",
     2,
     {BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), ALLOW},
     "0 (0x40, 0) " UNKNOWN,
     NULL,
     0},
    {"modulo",
     3,
     {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), ALLOW},
     "1 (0x94, 0x3) " UNKNOWN,
     NULL,
     0},
    {"return X",
     2,
     {BPF_STMT(BPF_LDX | BPF_IMM, 0), BPF_STMT(BPF_RET | BPF_X, 0)},
     "0 (0x1, 0) " UNKNOWN,
     NULL,
     0},
    {"divide by zero",
     2,
     {BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), ALLOW},
     "0 (0x34, 0) " UNKNOWN,
     NULL,
     0},
    {"shift too far",
     2,
     {BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 32), ALLOW},
     "0 (0x74, 0x20) " UNKNOWN,
     NULL,
     0},
    {"memory outside",
     2,
     {BPF_STMT(BPF_ST, 16), ALLOW},
     "0 (0x2, 0x10) " UNKNOWN,
     NULL,
     0},
    {"memory not set",
     2,
     {BPF_STMT(BPF_LD | BPF_MEM, 3), ALLOW},
     "0 (0x60, 0x3) " UNKNOWN,
     NULL,
     0},
    {"memory set on one path",
     4,
     {BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1), BPF_STMT(BPF_ST, 3),
      BPF_STMT(BPF_LD | BPF_MEM, 3), ALLOW},
     "1 (0x2, 0x3) " UNKNOWN,
     NULL,
     0},
    {"falls off",
     1,
     {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0)},
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
     "0 uses an accumulator that is not set",
     0},
    {"A set by a masked load",
     4,
     {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 1),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1, 0, 0), ALLOW},
     NULL,
     NULL,
     0},
    {"A masked before it is set",
     3,
     {BPF_STMT(BPF_JMP | BPF_JA, 0), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 1),
      ALLOW},
     NULL,
     "1 uses an accumulator that is not set",
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
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(verdicts); i++) {
        const testVerdictRow *row = &verdicts[i];
        g_autofree char *fault = testBPFCheck(row->program, row->length);
        g_autofree char *unset =
            fault ? NULL : testBPFCheckAccumulator(row->program, row->length);
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
    size_t i;

    for (i = 0; i <= BPF_MAXINSNS; i++)
        program[i] = allow;

    fits = testBPFCheck(program, BPF_MAXINSNS);
    tooLong = testBPFCheck(program, BPF_MAXINSNS + 1);
    g_assert_cmpstr(fits, ==, NULL);
    g_assert_cmpstr(tooLong, ==, "4097 instructions");
    g_assert_cmpint(testBPFKernelError(program, BPF_MAXINSNS), ==, 0);
    g_assert_cmpint(testBPFKernelError(program, BPF_MAXINSNS + 1), ==, EINVAL);
}

/* The forms that the kernel accepts and real filters do without are rejected,
 * not misread. */
static void
testForms(void)
{
    size_t accepted = 0;
    guint32 code;
    size_t i;

    for (code = 0; code <= G_MAXUINT16; code++) {
        const struct sock_filter program[] = {{(guint16)code, 0, 0, 0}, ALLOW};
        g_autofree char *fault = testBPFCheck(program, 2);

        accepted += !fault;
    }
    g_assert_cmpuint(accepted, ==, G_N_ELEMENTS(forms));

    for (i = 0; i < G_N_ELEMENTS(forms); i++) {
        const struct sock_filter program[] = {{forms[i], 0, 0, 0}, ALLOW};
        g_autofree char *fault = testBPFCheck(program, 2);

        g_assert_cmpstr(fault, ==, NULL);
    }
}

static bool
testWordIs(const testBPFCall *call, guint32 word, guint32 value, bool bigEndian)
{
    const struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, word * 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1),
        ALLOW,
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };

    return testBPFRun(program, 4, call, bigEndian) == SECCOMP_RET_ALLOW;
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
    guint32 word;

    for (word = 0; word < 16; word++) {
        guint32 little = word < 2 ? word + 1 : (word ^ 1) + 1;

        g_assert_true(testWordIs(&call, word, word + 1, true));
        g_assert_true(testWordIs(&call, word, little, false));
        g_assert_false(testWordIs(&call, word, 17, true));
    }
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
    struct sock_filter insn = {
        .code = forms[g_rand_int_range(rand, 0, G_N_ELEMENTS(forms))],
        .jt = (guint8)g_rand_int_range(rand, 0, 4),
        .jf = (guint8)g_rand_int_range(rand, 0, 4),
        .k = testAnyValue(rand),
    };

    if (last)
        insn.code = BPF_RET | BPF_K;
    if (g_rand_int_range(rand, 0, 60) == 0)
        insn.code = (guint16)g_rand_int_range(rand, 0, 0x200);
    return insn;
}

/* The kernel accepts what testBPFCheck() accepts, and the other way round if
 * only known forms are used. */
static void
testAcceptance(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20240901);
    struct sock_filter program[6];
    guint accepted = 0;
    size_t i;
    size_t j;

    for (i = 0; i < 600; i++) {
        size_t length = (size_t)g_rand_int_range(rand, 1, 7);
        g_autofree char *fault = NULL;
        int error;

        for (j = 0; j < length; j++)
            program[j] = testAnyInstruction(rand, j + 1 == length);
        fault = testBPFCheck(program, length);
        error = testBPFKernelError(program, length);

        if (!(fault && g_str_has_suffix(fault, UNKNOWN)) &&
            error != (fault ? EINVAL : 0))
            g_error("program %zu: %s, kernel: %s", i, fault, strerror(error));
        accepted += !fault;
    }

    g_test_message("600 programs, %u of them accepted", accepted);
    g_assert_cmpuint(accepted, >, 100);
    g_assert_cmpuint(accepted, <, 500);
}

/* A program all of whose results are errnos. */
static size_t
testAnyComputation(GRand *rand, struct sock_filter *program)
{
    size_t body = (size_t)g_rand_int_range(rand, 3, 16);
    size_t length = body + 4;
    size_t i;

    for (i = 0; i < length; i++) {
        program[i] = testAnyInstruction(rand, i >= body);
        if (i == 0)
            program[i].code = BPF_LD | BPF_W | BPF_ABS;
        if (program[i].code == (BPF_LD | BPF_W | BPF_ABS))
            program[i].k = 4 * (guint32)g_rand_int_range(rand, 4, 16);
        if (program[i].code == (BPF_JMP | BPF_JA))
            program[i].k = (guint32)g_rand_int_range(rand, 0, 4);
        if (program[i].code == (BPF_RET | BPF_K))
            program[i].k =
                SECCOMP_RET_ERRNO | (guint32)g_rand_int_range(rand, 0, 0x1000);
    }
    return length;
}

static testBPFCall
testAnyCall(GRand *rand)
{
    testBPFCall call = {
        .number = testAnyValue(rand),
        .audit = AUDIT_ARCH_X86_64,
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(call.args); i++)
        call.args[i] = (guint64)testAnyValue(rand) << 32 | testAnyValue(rand);
    return call;
}

/* Compares one program on calls; returns whether their results differ. */
static bool
testCompareComputation(GRand *rand, const struct sock_filter *program,
                       size_t length)
{
    testBPFCall calls[40];
    guint32 expected[40];
    g_autofree guint *errors = NULL;
    bool differ = false;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(calls); i++) {
        calls[i] = testAnyCall(rand);
        expected[i] = testBPFRun(program, length, &calls[i], false);
        g_assert_cmphex(expected[i] & SECCOMP_RET_ACTION_FULL, ==,
                        SECCOMP_RET_ERRNO);
    }

    errors = testBPFKernelErrors(program, length, calls, G_N_ELEMENTS(calls));
    for (i = 0; i < G_N_ELEMENTS(calls); i++) {
        guint number = expected[i] & SECCOMP_RET_DATA;

        g_assert_cmpuint(errors[i], ==, MIN(number, VIR_LXC_SECCOMP_ERRNO_MAX));
        differ |= expected[i] != expected[0];
    }
    return differ;
}

static void
testComputation(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20240902);
    struct sock_filter program[32];
    guint programs = 0;
    guint differing = 0;

    if (!testBPFKernelCanCall(AUDIT_ARCH_X86_64)) {
        testSkip("calls of x86_64 cannot be made here");
        return;
    }

    while (programs < 300) {
        size_t length = testAnyComputation(rand, program);
        g_autofree char *fault = testBPFCheck(program, length);

        if (fault)
            continue;
        differing += testCompareComputation(rand, program, length);
        programs++;
    }

    g_test_message("%u programs, %u of them with different results", programs,
                   differing);
    g_assert_cmpuint(differing, >, 100);
}

/* The word at @offset of a call on x86. */
static guint32
testWordOf(const testBPFCall *call, guint32 offset)
{
    guint64 arg;

    if (offset < 8)
        return offset == 0 ? call->number : call->audit;
    arg = call->args[(offset - 16) / 8];
    return (guint32)(offset % 8 ? arg >> 32 : arg);
}

/* The numbers and arguments of both ABIs reach programs unchanged. */
static void
testArguments(void)
{
    static const guint32 audits[] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386};
    g_autoptr(GRand) rand = g_rand_new_with_seed(20240903);
    guint32 offset;
    size_t i;
    size_t j;

    for (i = 0; i < G_N_ELEMENTS(audits); i++) {
        if (!testBPFKernelCanCall(audits[i])) {
            testSkip("calls of an ABI of x86 cannot be made here");
            return;
        }

        for (offset = 0; offset < 64; offset += offset == 4 ? 12 : 4) {
            testBPFCall call = testAnyCall(rand);
            struct sock_filter program[] = {
                BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset),
                BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
                BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
            };
            g_autofree guint32 *result = NULL;

            call.audit = audits[i];
            for (j = 0; audits[i] == AUDIT_ARCH_I386 && j < 6; j++)
                call.args[j] &= G_MAXUINT32;
            program[1].k = testWordOf(&call, offset);
            result = testBPFKernelRun(program, 4, &call, 1);
            g_assert_cmphex(result[0], ==, SECCOMP_RET_ALLOW);
            g_assert_cmphex(testBPFRun(program, 4, &call, false), ==,
                            SECCOMP_RET_ALLOW);
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
    g_test_add_func("/bpf/forms", testForms);
    g_test_add_func("/bpf/acceptance", testAcceptance);
    g_test_add_func("/bpf/computation", testComputation);
    g_test_add_func("/bpf/arguments", testArguments);

    return g_test_run();
}
