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

/* What is wrong with an instruction, seen alone; @after is how many follow. */
static const char *
testBPFCheckOne(const struct sock_filter *insn, size_t after)
{
    switch (insn->code) {
    case BPF_LD | BPF_W | BPF_ABS:
        if (insn->k % 4 != 0)
            return "loads across words";
        return insn->k >= TEST_BPF_DATA_SIZE ? "loads from outside" : NULL;
    case BPF_JMP | BPF_JA:
        return insn->k >= after ? "jumps outside" : NULL;
    case BPF_JMP | BPF_JEQ | BPF_K:
    case BPF_JMP | BPF_JGE | BPF_K:
    case BPF_JMP | BPF_JGT | BPF_K:
    case BPF_JMP | BPF_JSET | BPF_K:
        return MAX(insn->jt, insn->jf) >= after ? "branches outside" : NULL;
    case BPF_ALU | BPF_AND | BPF_K:
    case BPF_RET | BPF_K:
        return NULL;
    default:
        return "is not an instruction that filters use";
    }
}

char *
testBPFCheck(const struct sock_filter *program, size_t length)
{
    size_t i;

    if (length == 0 || length > BPF_MAXINSNS)
        return g_strdup_printf("%zu instructions", length);

    for (i = 0; i < length; i++) {
        const char *fault = testBPFCheckOne(&program[i], length - i - 1);

        if (fault)
            return g_strdup_printf("%zu (%#x, %#x) %s", i, program[i].code,
                                   program[i].k, fault);
    }

    if (BPF_CLASS(program[length - 1].code) != BPF_RET)
        return g_strdup("falls off its end");
    return NULL;
}

/* What is known of an instruction: whether there is a path to it, and whether
 * all of them have loaded the accumulator. */
typedef struct {
    bool reached;
    bool loaded;
} testBPFPlace;

static void
testBPFFlow(testBPFPlace *to, bool loaded)
{
    to->loaded = loaded && (to->loaded || !to->reached);
    to->reached = true;
}

/* All jumps go forward, so one pass is enough. */
static testBPFPlace *
testBPFFollow(const struct sock_filter *program, size_t length)
{
    testBPFPlace *places = g_new0(testBPFPlace, length);
    size_t i;

    places[0].reached = true;
    for (i = 0; i < length; i++) {
        const struct sock_filter *insn = &program[i];
        bool loaded = places[i].loaded || BPF_CLASS(insn->code) == BPF_LD;

        if (!places[i].reached || BPF_CLASS(insn->code) == BPF_RET)
            continue;
        if (insn->code == (BPF_JMP | BPF_JA)) {
            testBPFFlow(&places[i + 1 + insn->k], loaded);
        } else if (BPF_CLASS(insn->code) == BPF_JMP) {
            testBPFFlow(&places[i + 1 + insn->jt], loaded);
            testBPFFlow(&places[i + 1 + insn->jf], loaded);
        } else {
            testBPFFlow(&places[i + 1], loaded);
        }
    }
    return places;
}

static bool
testBPFUsesAccumulator(guint16 code)
{
    return BPF_CLASS(code) == BPF_ALU ||
           (BPF_CLASS(code) == BPF_JMP && BPF_OP(code) != BPF_JA);
}

char *
testBPFCheckAccumulator(const struct sock_filter *program, size_t length)
{
    g_autofree testBPFPlace *places = testBPFFollow(program, length);
    size_t i;

    for (i = 0; i < length; i++) {
        if (places[i].reached && !places[i].loaded &&
            testBPFUsesAccumulator(program[i].code))
            return g_strdup_printf("%zu uses an accumulator that is not set",
                                   i);
    }
    return NULL;
}

size_t
testBPFUnreached(const struct sock_filter *program, size_t length)
{
    g_autofree testBPFPlace *places = testBPFFollow(program, length);
    size_t n = 0;
    size_t i;

    for (i = 0; i < length; i++)
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

guint32
testBPFRun(const struct sock_filter *program, size_t length,
           const testBPFCall *call, bool bigEndian)
{
    guint32 a = 0;
    size_t i;

    for (i = 0; i < length; i++) {
        const struct sock_filter *insn = &program[i];

        switch (insn->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            a = testBPFLoad(call, bigEndian, insn->k);
            break;
        case BPF_ALU | BPF_AND | BPF_K:
            a &= insn->k;
            break;
        case BPF_JMP | BPF_JA:
            i += insn->k;
            break;
        case BPF_JMP | BPF_JEQ | BPF_K:
            i += a == insn->k ? insn->jt : insn->jf;
            break;
        case BPF_JMP | BPF_JGE | BPF_K:
            i += a >= insn->k ? insn->jt : insn->jf;
            break;
        case BPF_JMP | BPF_JGT | BPF_K:
            i += a > insn->k ? insn->jt : insn->jf;
            break;
        case BPF_JMP | BPF_JSET | BPF_K:
            i += a & insn->k ? insn->jt : insn->jf;
            break;
        case BPF_RET | BPF_K:
            return insn->k;
        default:
            g_assert_not_reached();
        }
    }

    g_assert_not_reached();
}
