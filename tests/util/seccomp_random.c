/*
 * seccomp_random.c: any ruleset, any call
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: tests of filters. In: chance. Out: rulesets and calls.
 */

#include "seccomp_random.h"

#include <linux/audit.h>

#include "seccomp_number.h"
#include "seccomp_reference.h"

static const guint64 values[] = {
    0x0,
    0x1,
    0x2,
    0x8,
    0x28,
    0x7fffffff,
    0x80000000,
    0xfffffffe,
    0xffffffff,
    0x100000000,
    0x100000001,
    0x1ffffffff,
    0x200000000,
    0x7fffffffffffffff,
    0x8000000000000000,
    0xfffffffe00000000,
    0xfffffffeffffffff,
    0xffffffff00000000,
    0xffffffff00000001,
    0xfffffffffffffffe,
    0xffffffffffffffff,
};

/* Calls that are often named. */
static const char *const names[] = {
    "ioctl",    "personality", "clone",      "clone3", "prctl",  "read",
    "socket",   "bind",        "connect",    "accept", "send",   "recvmmsg",
    "sendmmsg", "accept4",     "socketcall", "ipc",    "semop",  "semctl",
    "shmat",    "msgget",      "semtimedop", "mseal",  "openat", "openat2",
    "futex",    "cachestat",   "mmap",       "mmap2",  "select", "madvise",
    "_llseek",
};

/* Bytes that are used up. */
typedef struct {
    const guint8 *data;
    size_t size;
} testBytes;

static guint8
testByte(testBytes *bytes)
{
    if (bytes->size == 0)
        return 0;
    bytes->size--;
    return *bytes->data++;
}

static guint64
testValueFromBytes(testBytes *bytes)
{
    guint8 kind = testByte(bytes);
    guint64 value = 0;
    size_t i;

    if (kind < 0xe0)
        return values[kind % G_N_ELEMENTS(values)];
    for (i = 0; i < 8; i++)
        value = value << 8 | testByte(bytes);
    return value;
}

static virLXCSeccompAction
testActionFromBytes(testBytes *bytes)
{
    guint8 byte = testByte(bytes);
    virLXCSeccompAction action = {byte % VIR_LXC_SECCOMP_ACTIONS, 0};

    if (virLXCSeccompActionTable()[action.kind].takesErrno)
        action.number = byte >= 0xf8 ? VIR_LXC_SECCOMP_ERRNO_MAX : byte / 8;
    return action;
}

static const char *
testNameFromBytes(testBytes *bytes)
{
    guint8 byte = testByte(bytes);
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);

    if (byte < 0x80)
        return names[byte % G_N_ELEMENTS(names)];
    return rows[(byte * 256 + testByte(bytes)) % nrows].name;
}

static virLXCSeccompCondition
testConditionFromBytes(testBytes *bytes)
{
    guint8 byte = testByte(bytes);
    virLXCSeccompCondition condition = {
        .index = byte % VIR_LXC_SECCOMP_ARGUMENTS,
        .op = byte / VIR_LXC_SECCOMP_ARGUMENTS % VIR_LXC_SECCOMP_OPERATORS,
        .value = testValueFromBytes(bytes),
    };

    if (condition.op == VIR_LXC_SECCOMP_MASKED_EQ) {
        condition.mask = testValueFromBytes(bytes);
        /* The highest numbers leave what can never hold. */
        if (byte < 0xf0)
            condition.value &= condition.mask;
    }
    return condition;
}

static virLXCSeccompRule *
testRuleFromBytes(testBytes *bytes)
{
    const char *name = testNameFromBytes(bytes);
    virLXCSeccompAction action = testActionFromBytes(bytes);
    virLXCSeccompRule *rule = virLXCSeccompRuleNew(name, action, 0);
    guint8 n = testByte(bytes) % 8;

    for (guint8 i = 0; i < (n < 6 ? n / 2 : n); i++) {
        virLXCSeccompCondition condition = testConditionFromBytes(bytes);

        g_array_append_val(rule->conditions, condition);
    }
    return rule;
}

/* A native ABI, and of those that its kernels run what the bits of a byte
 * say. */
static void
testArchsFromBytes(testBytes *bytes, GPtrArray *archs)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    const virLXCSeccompArch *native = &rows[testByte(bytes) % nrows];
    guint8 others = testByte(bytes);
    size_t i;

    g_ptr_array_add(archs, (void *)native);
    for (i = 0; i < nrows; i++) {
        if (g_strcmp0(rows[i].runsUnder, native->name) != 0)
            continue;
        if (others & 1)
            g_ptr_array_add(archs, (void *)&rows[i]);
        others >>= 1;
    }
}

/* x32 and x86_64 are only ever native together. */
static bool
testArchsAreSane(const GPtrArray *archs)
{
    const virLXCSeccompArch *native = g_ptr_array_index(archs, 0);

    return !g_str_equal(native->name, "x32");
}

virLXCSeccompRuleset *
testSeccompRulesetFromBytes(const guint8 *data, size_t size)
{
    testBytes bytes = {data, size};
    virLXCSeccompRuleset *ruleset = virLXCSeccompRulesetEmpty();
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);

    testArchsFromBytes(&bytes, ruleset->archs);
    if (!testArchsAreSane(ruleset->archs))
        g_ptr_array_set_size(ruleset->archs, 0);
    ruleset->defaultAction = testActionFromBytes(&bytes);
    ruleset->unknown = testActionFromBytes(&bytes);
    ruleset->badArch = testActionFromBytes(&bytes);
    /* Any version that brought a call. */
    ruleset->kernel = rows[(testByte(&bytes) * 3) % nrows].since;

    while (bytes.size > 0)
        g_ptr_array_add(ruleset->rules, testRuleFromBytes(&bytes));
    virLXCSeccompRulesetIndex(ruleset);
    return ruleset;
}

static guint
testBelow(GRand *rand, guint end)
{
    return (guint)g_rand_int_range(rand, 0, (gint)end);
}

static guint64
testAnyBits(GRand *rand)
{
    return (guint64)g_rand_int(rand) << 32 | g_rand_int(rand);
}

/* What could be taken for @value. */
static guint64
testNear(GRand *rand, guint64 value)
{
    guint64 low = value & G_MAXUINT32;
    guint64 high = value - low;

    switch (testBelow(rand, 12)) {
    case 0:
        return value + 1;
    case 1:
        return value - 1;
    case 2:
        return value ^ G_GUINT64_CONSTANT(1) << testBelow(rand, 64);
    case 3:
        return low;
    case 4:
        return high;
    case 5:
        return high | g_rand_int(rand);
    case 6:
        return (guint64)g_rand_int(rand) << 32 | low;
    case 7:
        return value ^ testAnyBits(rand);
    }
    return value;
}

static guint64
testAnyArgument(GRand *rand)
{
    switch (testBelow(rand, 4)) {
    case 0:
        return testAnyBits(rand);
    case 1:
        return testBelow(rand, 50);
    }
    return testNear(rand, values[testBelow(rand, G_N_ELEMENTS(values))]);
}

/* Arguments near those that @rule is about. */
static void
testAimAtRule(GRand *rand, const virLXCSeccompRule *rule, testBPFCall *call)
{
    size_t i;

    for (i = 0; i < rule->conditions->len; i++) {
        const virLXCSeccompCondition *condition =
            &g_array_index(rule->conditions, virLXCSeccompCondition, i);
        guint64 value = testNear(rand, condition->value);

        if (condition->op == VIR_LXC_SECCOMP_MASKED_EQ && testBelow(rand, 2))
            value ^= testAnyBits(rand) & ~condition->mask;
        if (testBelow(rand, 8))
            call->args[condition->index] = value;
    }
}

/* The first argument of a call that makes others. */
static void
testAimAtSubCall(GRand *rand, const char *name, testBPFCall *call)
{
    guint32 number = 0;

    if (!testSeccompSubCall(name, testBelow(rand, 20), &number) ||
        testBelow(rand, 10) == 0)
        return;

    call->args[0] = number;
    if (testBelow(rand, 4) == 0)
        call->args[0] |= (guint64)g_rand_int(rand) << 16 * testBelow(rand, 3);
}

static guint32
testAnyNumber(GRand *rand)
{
    switch (testBelow(rand, 8)) {
    case 0:
        return g_rand_int(rand);
    case 1:
        return 0xffffffffU - testBelow(rand, 2);
    case 2:
        return 0x40000000U - 1 + testBelow(rand, 3);
    case 3:
        return 0x40000000U + testBelow(rand, 0x300);
    case 4:
        return 4000 + testBelow(rand, 3000);
    }
    return testBelow(rand, 600);
}

/* The number of some call of @arch, most often one that @rule names, or that
 * can make one that it names. */
static guint32
testNumberNear(GRand *rand, const virLXCSeccompArch *arch,
               const virLXCSeccompRule *rule)
{
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    const char *name = rule && testBelow(rand, 4)
                           ? rule->name
                           : rows[testBelow(rand, (guint)nrows)].name;
    int number;

    if (testBelow(rand, 8) == 0)
        name = testBelow(rand, 2) ? "socketcall" : "ipc";
    number = virLXCSyscallNumber(name, arch);
    if (number < 0)
        return testAnyNumber(rand);
    if (testBelow(rand, 12) == 0)
        return (guint32)number - 1 + testBelow(rand, 3);
    return (guint32)number;
}

testBPFCall
testSeccompAnyCall(GRand *rand, const virLXCSeccompRuleset *ruleset)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    const virLXCSeccompArch *arch = &rows[testBelow(rand, (guint)nrows)];
    const virLXCSeccompRule *rule = NULL;
    testBPFCall call = {.pointer = testAnyBits(rand)};
    const char *name;
    size_t i;

    if (ruleset->archs->len > 0 && testBelow(rand, 12))
        arch = g_ptr_array_index(ruleset->archs,
                                 testBelow(rand, ruleset->archs->len));
    if (ruleset->rules->len > 0)
        rule = g_ptr_array_index(ruleset->rules,
                                 testBelow(rand, ruleset->rules->len));

    call.audit = testBelow(rand, 100) ? arch->audit : g_rand_int(rand);
    call.number = testBelow(rand, 8) ? testNumberNear(rand, arch, rule)
                                     : testAnyNumber(rand);
    for (i = 0; i < VIR_LXC_SECCOMP_ARGUMENTS; i++)
        call.args[i] = testAnyArgument(rand);
    if (rule)
        testAimAtRule(rand, rule, &call);

    name = testSeccompCallName(arch, call.number);
    if (name)
        testAimAtSubCall(rand, name, &call);
    if (!(arch->audit & __AUDIT_ARCH_64BIT) && testBelow(rand, 4)) {
        for (i = 0; i < VIR_LXC_SECCOMP_ARGUMENTS; i++)
            call.args[i] &= G_MAXUINT32;
    }
    return call;
}
