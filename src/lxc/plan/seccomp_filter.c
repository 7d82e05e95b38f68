/*
 * seccomp_filter.c: compile a seccomp ruleset
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a ruleset. Out: a BPF program. It branches by ABI, then searches a binary
 * tree of call numbers, and then compares arguments if the rules have
 * conditions. It does not load arguments of calls that are always allowed, so
 * the kernel caches these in a bitmap and does not run the program for them.
 *
 * libseccomp resolves the names, but does not generate the program: it does not
 * distinguish denied calls from unknown ones, changes the order of rules, drops
 * rules with the default action, accepts only one condition for each argument,
 * does not apply conditional rules to socketcall(2), and truncates values to 32
 * bits on 32-bit ABIs (tests/lxc/test_seccomp_libseccomp.c demonstrates each of
 * these).
 */

#include "seccomp_filter.h"

#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>

#include "i18n.h"
#include "seccomp_decision.h"
#include "seccomp_program.h"

#define LXC_LOAD (BPF_LD | BPF_W | BPF_ABS)

/* Returns the offset of one half of an argument. */
static guint32
lxcFilterOffset(unsigned int index, bool upper, bool bigEndian)
{
    guint32 offset =
        offsetof(struct seccomp_data, args) + sizeof(guint64) * index;

    return upper == bigEndian ? offset : offset + 4;
}

typedef struct {
    virLXCSeccompProgram *program;
    bool bigEndian;
} lxcFilterWriter;

/* Loads and compares one half of an argument. */
static guint
lxcFilterCompareHalf(const lxcFilterWriter *writer,
                     const virLXCSeccompCondition *condition, bool upper,
                     guint16 test, guint yes, guint no)
{
    unsigned int shift = upper ? 32 : 0;
    guint32 value = condition->value >> shift;
    guint position =
        virLXCSeccompProgramJump(writer->program, test, value, yes, no);

    return virLXCSeccompProgramStmt(
        writer->program, LXC_LOAD,
        lxcFilterOffset(condition->index, upper, writer->bigEndian), position);
}

static guint
lxcFilterCompareEqual(const lxcFilterWriter *writer,
                      const virLXCSeccompCondition *condition, guint yes,
                      guint no)
{
    guint lower =
        lxcFilterCompareHalf(writer, condition, false, BPF_JEQ, yes, no);

    return lxcFilterCompareHalf(writer, condition, true, BPF_JEQ, lower, no);
}

/* An argument is greater if its upper half is greater, or if the upper halves
 * are equal and its lower half is greater. */
static guint
lxcFilterCompareGreater(const lxcFilterWriter *writer,
                        const virLXCSeccompCondition *condition, bool orEqual,
                        guint yes, guint no)
{
    guint32 upper = condition->value >> 32;
    guint lower = lxcFilterCompareHalf(writer, condition, false,
                                       orEqual ? BPF_JGE : BPF_JGT, yes, no);
    guint same =
        virLXCSeccompProgramJump(writer->program, BPF_JEQ, upper, lower, no);

    return lxcFilterCompareHalf(writer, condition, true, BPF_JGT, yes, same);
}

static guint
lxcFilterCompareMaskedHalf(const lxcFilterWriter *writer,
                           const virLXCSeccompCondition *condition, bool upper,
                           guint yes, guint no)
{
    unsigned int shift = upper ? 32 : 0;
    guint32 mask = condition->mask >> shift;
    guint32 value = condition->value >> shift;
    guint position;

    if (mask == 0)
        return value == 0 ? yes : no;

    position =
        virLXCSeccompProgramJump(writer->program, BPF_JEQ, value, yes, no);
    if (mask != G_MAXUINT32)
        position = virLXCSeccompProgramStmt(
            writer->program, BPF_ALU | BPF_AND | BPF_K, mask, position);
    return virLXCSeccompProgramStmt(
        writer->program, LXC_LOAD,
        lxcFilterOffset(condition->index, upper, writer->bigEndian), position);
}

static guint
lxcFilterCompareMasked(const lxcFilterWriter *writer,
                       const virLXCSeccompCondition *condition, guint yes,
                       guint no)
{
    guint lower = lxcFilterCompareMaskedHalf(writer, condition, false, yes, no);

    return lxcFilterCompareMaskedHalf(writer, condition, true, lower, no);
}

/* Jumps to @yes if @condition holds, otherwise to @no. */
static guint
lxcFilterCompare(const lxcFilterWriter *writer,
                 const virLXCSeccompCondition *condition, guint yes, guint no)
{
    switch (condition->op) {
    case VIR_LXC_SECCOMP_EQ:
        return lxcFilterCompareEqual(writer, condition, yes, no);
    case VIR_LXC_SECCOMP_NE:
        return lxcFilterCompareEqual(writer, condition, no, yes);
    case VIR_LXC_SECCOMP_LT:
        return lxcFilterCompareGreater(writer, condition, true, no, yes);
    case VIR_LXC_SECCOMP_LE:
        return lxcFilterCompareGreater(writer, condition, false, no, yes);
    case VIR_LXC_SECCOMP_GT:
        return lxcFilterCompareGreater(writer, condition, false, yes, no);
    case VIR_LXC_SECCOMP_GE:
        return lxcFilterCompareGreater(writer, condition, true, yes, no);
    case VIR_LXC_SECCOMP_MASKED_EQ:
        return lxcFilterCompareMasked(writer, condition, yes, no);
    }

    return no;
}

static guint
lxcFilterStep(const lxcFilterWriter *writer, const virLXCSeccompStep *step,
              guint no)
{
    guint yes = virLXCSeccompProgramReturn(writer->program, step->answer);
    size_t i;

    for (i = step->conditions->len; i > 0; i--)
        yes = lxcFilterCompare(
            writer,
            &g_array_index(step->conditions, virLXCSeccompCondition, i - 1),
            yes, no);
    return yes;
}

static guint
lxcFilterSegment(const lxcFilterWriter *writer,
                 const virLXCSeccompSegment *segment)
{
    guint position =
        virLXCSeccompProgramReturn(writer->program, segment->answer);
    size_t i;

    for (i = segment->steps ? segment->steps->len : 0; i > 0; i--)
        position = lxcFilterStep(
            writer, g_ptr_array_index(segment->steps, i - 1), position);
    return position;
}

/* Writes the segments from @first to @end, excluding @end. There is at least
 * one. */
static guint
lxcFilterTree(const lxcFilterWriter *writer, const GPtrArray *segments,
              guint first, guint end)
{
    guint middle = first + (end - first) / 2;
    const virLXCSeccompSegment *segment = g_ptr_array_index(segments, middle);
    guint upper;
    guint lower;

    if (end - first == 1)
        return lxcFilterSegment(writer, segment);

    upper = lxcFilterTree(writer, segments, middle, end);
    lower = lxcFilterTree(writer, segments, first, middle);
    return virLXCSeccompProgramJump(writer->program, BPF_JGE, segment->first,
                                    upper, lower);
}

static guint
lxcFilterABI(virLXCSeccompProgram *program, const virLXCSeccompRuleset *ruleset,
             const virLXCSeccompArch *arch)
{
    lxcFilterWriter writer = {program, arch->bigEndian};
    g_autoptr(GPtrArray) segments = virLXCSeccompDecide(ruleset, arch->audit);
    guint tree = lxcFilterTree(&writer, segments, 0, segments->len);

    return virLXCSeccompProgramStmt(program, LXC_LOAD,
                                    offsetof(struct seccomp_data, nr), tree);
}

/* Returns whether an ABI before the one at @index has the same AUDIT_ARCH_…. */
static bool
lxcFilterHasABI(const virLXCSeccompRuleset *ruleset, guint index)
{
    const virLXCSeccompArch *arch = g_ptr_array_index(ruleset->archs, index);
    size_t i;

    for (i = 0; i < index; i++) {
        const virLXCSeccompArch *other = g_ptr_array_index(ruleset->archs, i);

        if (other->audit == arch->audit)
            return true;
    }
    return false;
}

static void
lxcFilterWrite(virLXCSeccompProgram *program,
               const virLXCSeccompRuleset *ruleset)
{
    guint position = virLXCSeccompProgramReturn(
        program, virLXCSeccompAnswer(&ruleset->badArch));
    size_t i;

    for (i = ruleset->archs->len; i > 0; i--) {
        const virLXCSeccompArch *arch =
            g_ptr_array_index(ruleset->archs, i - 1);
        guint abi;

        if (lxcFilterHasABI(ruleset, i - 1))
            continue;
        abi = lxcFilterABI(program, ruleset, arch);
        position = virLXCSeccompProgramJump(program, BPF_JEQ, arch->audit, abi,
                                            position);
    }

    virLXCSeccompProgramStmt(program, LXC_LOAD,
                             offsetof(struct seccomp_data, arch), position);
}

virLXCSeccompFilter *
virLXCSeccompFilterNew(const struct sock_filter *instructions, size_t length)
{
    virLXCSeccompFilter *filter = g_new0(virLXCSeccompFilter, 1);

    filter->instructions = g_new(struct sock_filter, length);
    memcpy(filter->instructions, instructions,
           length * sizeof(struct sock_filter));
    filter->length = length;
    filter->digest = g_compute_checksum_for_data(
        G_CHECKSUM_SHA256, (const guchar *)instructions,
        length * sizeof(struct sock_filter));
    return filter;
}

static virLXCSeccompFilter *
lxcFilterFromProgram(const virLXCSeccompProgram *program)
{
    guint length = program->reversed->len;
    g_autofree struct sock_filter *forward = g_new(struct sock_filter, length);
    size_t i;

    for (i = 0; i < length; i++)
        forward[i] = g_array_index(program->reversed, struct sock_filter,
                                   length - 1 - i);
    return virLXCSeccompFilterNew(forward, length);
}

virLXCSeccompFilter *
virLXCSeccompFilterCompile(const virLXCSeccompRuleset *ruleset, GError **error)
{
    g_autoptr(virLXCSeccompProgram) program = virLXCSeccompProgramNew();

    lxcFilterWrite(program, ruleset);
    if (program->reversed->len > BPF_MAXINSNS) {
        virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
            _("the rules of <seccomp> need %1$u BPF instructions, but "
              "the kernel accepts at most %2$d"),
            program->reversed->len, BPF_MAXINSNS);
        return NULL;
    }

    return lxcFilterFromProgram(program);
}

void
virLXCSeccompFilterFree(virLXCSeccompFilter *filter)
{
    if (!filter)
        return;

    g_free(filter->instructions);
    g_free(filter->digest);
    g_free(filter);
}
