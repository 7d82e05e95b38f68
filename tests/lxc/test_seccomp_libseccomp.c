/*
 * test_seccomp_libseccomp.c: our filters and libseccomp's
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: rulesets. Out: where libseccomp can express them, its programs answer as
 * ours do; where it cannot, what it returns instead, which is why our filters
 * are not written by it.
 */

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "seccomp_agree.h"
#include "seccomp_number.h"
#include "seccomp_random.h"
#include "seccomp_reference.h"

#define TEST_SEED 20240909

static const virLXCSeccompAction allow = {VIR_LXC_SECCOMP_ALLOW, 0};
static const virLXCSeccompAction refuse = {VIR_LXC_SECCOMP_ERRNO, EPERM};

/* A program in the byte order of its host. */
typedef struct {
    struct sock_filter instructions[BPF_MAXINSNS];
    size_t length;
} testProgram;

static const enum scmp_compare operators[] = {
    [VIR_LXC_SECCOMP_EQ] = SCMP_CMP_EQ,
    [VIR_LXC_SECCOMP_NE] = SCMP_CMP_NE,
    [VIR_LXC_SECCOMP_LT] = SCMP_CMP_LT,
    [VIR_LXC_SECCOMP_LE] = SCMP_CMP_LE,
    [VIR_LXC_SECCOMP_GT] = SCMP_CMP_GT,
    [VIR_LXC_SECCOMP_GE] = SCMP_CMP_GE,
    [VIR_LXC_SECCOMP_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
};

/* Hands a rule to libseccomp. Returns what it said. */
static int
testTheirRule(scmp_filter_ctx context, const virLXCSeccompRule *rule)
{
    struct scmp_arg_cmp args[VIR_LXC_SECCOMP_ARGUMENTS];
    guint n = rule->conditions->len;
    size_t i;

    for (i = 0; i < n; i++) {
        const virLXCSeccompCondition *condition =
            &g_array_index(rule->conditions, virLXCSeccompCondition, i);
        bool masked = condition->op == VIR_LXC_SECCOMP_MASKED_EQ;

        args[i].arg = condition->index;
        args[i].op = operators[condition->op];
        args[i].datum_a = masked ? condition->mask : condition->value;
        args[i].datum_b = masked ? condition->value : 0;
    }

    return seccomp_rule_add_array(context, testSeccompReturn(&rule->action),
                                  seccomp_syscall_resolve_name(rule->name), n,
                                  args);
}

static void
testTheirExport(scmp_filter_ctx context, bool bigEndian, testProgram *program)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    ssize_t size;
    size_t i;

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(seccomp_export_bpf(context, fd), ==, 0);
    size = pread(fd, program->instructions, sizeof(program->instructions), 0);
    close(fd);
    g_assert_cmpint(size, >, 0);
    program->length = (size_t)size / sizeof(struct sock_filter);

    for (i = 0;
         bigEndian != (G_BYTE_ORDER == G_BIG_ENDIAN) && i < program->length;
         i++) {
        struct sock_filter *insn = &program->instructions[i];

        insn->code = GUINT16_SWAP_LE_BE(insn->code);
        insn->k = GUINT32_SWAP_LE_BE(insn->k);
    }
}

/* A ruleset of one ABI as libseccomp makes it. Returns the last fault that it
 * found with a rule; 0 when there was none. */
static int
testTheirProgram(const virLXCSeccompRuleset *ruleset, guint optimize,
                 testProgram *program)
{
    const virLXCSeccompArch *arch = g_ptr_array_index(ruleset->archs, 0);
    scmp_filter_ctx context =
        seccomp_init(testSeccompReturn(&ruleset->defaultAction));
    g_autofree char *fault = NULL;
    int error = 0;
    size_t i;

    if (arch->token != seccomp_arch_native()) {
        g_assert_cmpint(seccomp_arch_remove(context, SCMP_ARCH_NATIVE), ==, 0);
        g_assert_cmpint(seccomp_arch_add(context, arch->token), ==, 0);
    }
    g_assert_cmpint(seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH,
                                     testSeccompReturn(&ruleset->badArch)),
                    ==, 0);
    g_assert_cmpint(
        seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, optimize), ==, 0);

    for (i = 0; i < ruleset->rules->len; i++) {
        int result =
            testTheirRule(context, g_ptr_array_index(ruleset->rules, i));

        error = result < 0 ? result : error;
    }

    testTheirExport(context, arch->bigEndian, program);
    seccomp_release(context);
    fault = testBPFCheck(program->instructions, program->length);
    g_assert_cmpstr(fault, ==, NULL);
    return error;
}

static virLXCSeccompRuleset *
testRuleset(const char *arch, virLXCSeccompAction defaultAction,
            virLXCSeccompAction unknown)
{
    virLXCSeccompRuleset *ruleset = virLXCSeccompRulesetEmpty();

    g_ptr_array_add(ruleset->archs, (void *)virLXCSeccompArchByName(arch));
    ruleset->kernel = (virLXCKernelVersion){VIR_LXC_SYSCALL_KERNEL_MAJOR,
                                            VIR_LXC_SYSCALL_KERNEL_MINOR};
    ruleset->defaultAction = defaultAction;
    ruleset->unknown = unknown;
    return ruleset;
}

/* What libseccomp makes of rules, and what they mean. */
typedef struct {
    const char *what;
    const char *arch;
    struct {
        const char *name;
        virLXCSeccompAction action;
        virLXCSeccompCondition conditions[2];
        guint nconditions;
    } rules[2];
    guint nrules;
    const char *call;
    int number; /* of a call without a name */
    guint64 args[2];
    int error; /* what libseccomp says of a rule */
    guint32 theirs;
    guint32 ours;
} testDifference;

static const testDifference differences[] = {
    {
        .what = "two conditions on one argument are refused",
        .arch = "x86_64",
        .rules = {{"ioctl",
                   {VIR_LXC_SECCOMP_ALLOW, 0},
                   {{1, VIR_LXC_SECCOMP_GE, 0x5400, 0},
                    {1, VIR_LXC_SECCOMP_LT, 0x5500, 0}},
                   2}},
        .nrules = 1,
        .call = "ioctl",
        .args = {0, 0x5401},
        .error = -EINVAL,
        .theirs = SECCOMP_RET_ERRNO | EPERM,
        .ours = SECCOMP_RET_ALLOW,
    },
    {
        .what =
            "a rule that says what the default says cannot be before others",
        .arch = "x86_64",
        .rules = {{"keyctl",
                   {VIR_LXC_SECCOMP_ERRNO, EPERM},
                   {{0, VIR_LXC_SECCOMP_EQ, 1, 0}},
                   1},
                  {"keyctl", {VIR_LXC_SECCOMP_ALLOW, 0}, {{0}}, 0}},
        .nrules = 2,
        .call = "keyctl",
        .args = {1},
        .error = -EACCES,
        .theirs = SECCOMP_RET_ALLOW,
        .ours = SECCOMP_RET_ERRNO | EPERM,
    },
    {
        .what = "a rule without conditions swallows those before it",
        .arch = "x86_64",
        .rules = {{"personality",
                   {VIR_LXC_SECCOMP_ERRNO, EACCES},
                   {{0, VIR_LXC_SECCOMP_EQ, 8, 0}},
                   1},
                  {"personality", {VIR_LXC_SECCOMP_ALLOW, 0}, {{0}}, 0}},
        .nrules = 2,
        .call = "personality",
        .args = {8},
        .theirs = SECCOMP_RET_ALLOW,
        .ours = SECCOMP_RET_ERRNO | EACCES,
    },
    {
        .what = "rules have an order of their own",
        .arch = "x86_64",
        .rules = {{"personality",
                   {VIR_LXC_SECCOMP_ALLOW, 0},
                   {{0, VIR_LXC_SECCOMP_GT, 50, 0}},
                   1},
                  {"personality",
                   {VIR_LXC_SECCOMP_ERRNO, EACCES},
                   {{0, VIR_LXC_SECCOMP_GT, 100, 0}},
                   1}},
        .nrules = 2,
        .call = "personality",
        .args = {200},
        .theirs = SECCOMP_RET_ERRNO | EACCES,
        .ours = SECCOMP_RET_ALLOW,
    },
    {
        .what = "socketcall(2) is allowed what socket(2) is allowed sometimes",
        .arch = "i686",
        .rules = {{"socket",
                   {VIR_LXC_SECCOMP_ALLOW, 0},
                   {{0, VIR_LXC_SECCOMP_NE, 40, 0}},
                   1}},
        .nrules = 1,
        .call = "socketcall",
        .args = {1},
        .theirs = SECCOMP_RET_ALLOW,
        .ours = SECCOMP_RET_ERRNO | EPERM,
    },
    {
        .what = "an address is taken for the arguments that it points to",
        .arch = "i686",
        .rules = {{"mmap",
                   {VIR_LXC_SECCOMP_ALLOW, 0},
                   {{2, VIR_LXC_SECCOMP_MASKED_EQ, 0, 4}},
                   1}},
        .nrules = 1,
        .call = "mmap",
        .args = {0x10000},
        .theirs = SECCOMP_RET_ALLOW,
        .ours = SECCOMP_RET_ERRNO | EPERM,
    },
    {
        .what = "values are cut to 32 bits on ABIs of 32 bits",
        .arch = "i686",
        .rules = {{"personality",
                   {VIR_LXC_SECCOMP_ALLOW, 0},
                   {{0, VIR_LXC_SECCOMP_EQ, 0x100000000, 0}},
                   1}},
        .nrules = 1,
        .call = "personality",
        .args = {0},
        .theirs = SECCOMP_RET_ALLOW,
        .ours = SECCOMP_RET_ERRNO | EPERM,
    },
    {
        .what = "of alternatives for 64 bits some are forgotten",
        .arch = "x86_64",
        .rules = {{"personality",
                   {VIR_LXC_SECCOMP_ALLOW, 0},
                   {{0, VIR_LXC_SECCOMP_LT, 0x1ffffffff, 0}},
                   1},
                  {"personality",
                   {VIR_LXC_SECCOMP_ALLOW, 0},
                   {{0, VIR_LXC_SECCOMP_LT, 0x1, 0}},
                   1}},
        .nrules = 2,
        .call = "personality",
        .args = {0x8},
        .theirs = SECCOMP_RET_ERRNO | EPERM,
        .ours = SECCOMP_RET_ALLOW,
    },
    {
        .what = "what nobody knows is refused like what somebody does",
        .arch = "x86_64",
        .rules = {{"read", {VIR_LXC_SECCOMP_ALLOW, 0}, {{0}}, 0}},
        .nrules = 1,
        .number = 1000,
        .theirs = SECCOMP_RET_ERRNO | EPERM,
        .ours = SECCOMP_RET_ERRNO | ENOSYS,
    },
};

static virLXCSeccompRuleset *
testDifferenceRuleset(const testDifference *row)
{
    const virLXCSeccompAction lack = {VIR_LXC_SECCOMP_ERRNO, ENOSYS};
    virLXCSeccompRuleset *ruleset = testRuleset(row->arch, refuse, lack);
    size_t i;

    for (i = 0; i < row->nrules; i++) {
        virLXCSeccompRule *rule =
            virLXCSeccompRuleNew(row->rules[i].name, row->rules[i].action, 0);

        g_array_append_vals(rule->conditions, row->rules[i].conditions,
                            row->rules[i].nconditions);
        g_ptr_array_add(ruleset->rules, rule);
    }
    virLXCSeccompRulesetIndex(ruleset);
    return ruleset;
}

/* What is not as it was with libseccomp 2.5.4 is said, and no failure. */
static void
testDifferent(gconstpointer data)
{
    const testDifference *row = data;
    const struct scmp_version *version = seccomp_version();
    g_autoptr(virLXCSeccompRuleset) ruleset = testDifferenceRuleset(row);
    g_autoptr(virLXCSeccompFilter) filter = testSeccompCompile(ruleset);
    const virLXCSeccompArch *arch = g_ptr_array_index(ruleset->archs, 0);
    testBPFCall call = {.number = (guint32)row->number, .audit = arch->audit};
    testProgram theirs;
    guint32 verdict;
    int error = testTheirProgram(ruleset, 1, &theirs);

    if (row->call)
        call.number = (guint32)virLXCSyscallNumber(row->call, arch);
    memcpy(call.args, row->args, sizeof(row->args));

    g_assert_cmphex(testSeccompRun(filter, &call), ==, row->ours);
    g_assert_cmphex(testSeccompReference(ruleset, &call), ==, row->ours);

    verdict = testBPFRun(theirs.instructions, theirs.length, &call, false);
    if (version->major == 2 && version->minor == 5) {
        g_assert_cmpint(error, ==, row->error);
        g_assert_cmphex(verdict, ==, row->theirs);
    } else if (error != row->error || verdict != row->theirs) {
        g_test_message("libseccomp %u.%u.%u: '%s' is true no more",
                       version->major, version->minor, version->micro,
                       row->what);
    }
}

/* Calls of every architecture, without any that can be made through others, or
 * that have their arguments in memory. */
static const char *const names[] = {
    "read",  "write",  "ioctl",   "prctl",   "personality", "clone",
    "fcntl", "mlock",  "futex",   "keyctl",  "unshare",     "openat",
    "close", "setns",  "madvise", "splice",  "statx",       "clone3",
    "dup3",  "capset", "ptrace",  "umount2", "getrandom",   "execve",
};

static const guint64 values[] = {
    0x0,         0x1,         0x7fffffff,         0x80000000,
    0xffffffff,  0x100000000, 0x8000000000000000, 0xffffffff00000000,
    0x1ffffffff, G_MAXUINT64,
};

static guint64
testAnyValue(GRand *rand)
{
    return values[g_rand_int_range(rand, 0, G_N_ELEMENTS(values))];
}

/* Adds a rule that libseccomp can express: of one call only one; @simple: with
 * one condition at most. */
static void
testAddAnyRule(GRand *rand, virLXCSeccompRuleset *ruleset,
               virLXCSeccompAction action, bool simple)
{
    const char *name = names[g_rand_int_range(rand, 0, G_N_ELEMENTS(names))];
    virLXCSeccompRule *rule;
    size_t n = (size_t)g_rand_int_range(rand, 0, simple ? 2 : 4);
    size_t i;

    for (i = 0; i < ruleset->rules->len; i++) {
        rule = g_ptr_array_index(ruleset->rules, i);
        if (g_str_equal(rule->name, name))
            return;
    }
    rule = virLXCSeccompRuleNew(name, action, 0);

    /* On one argument each, and nothing that can never hold. */
    for (i = 0; i < n; i++) {
        virLXCSeccompCondition condition = {
            .index = (guint)(i * 2 + g_rand_boolean(rand)),
            .op = (guint)g_rand_int_range(rand, 0, VIR_LXC_SECCOMP_OPERATORS),
            .value = testAnyValue(rand),
        };

        if (condition.op == VIR_LXC_SECCOMP_MASKED_EQ) {
            condition.mask = testAnyValue(rand) | 1;
            condition.value &= condition.mask;
        }
        g_array_append_val(rule->conditions, condition);
    }
    g_ptr_array_add(ruleset->rules, rule);
}

static guint
testCompare(GRand *rand, const char *arch, bool allowing, bool simple)
{
    const virLXCSeccompAction defaultAction = allowing ? refuse : allow;
    g_autoptr(virLXCSeccompRuleset) ruleset =
        testRuleset(arch, defaultAction, defaultAction);
    g_autoptr(virLXCSeccompFilter) filter = NULL;
    size_t nrules = (size_t)g_rand_int_range(rand, 1, 12);
    testProgram theirs;
    const guint ncalls = 200;
    size_t i;

    for (i = 0; i < nrules; i++)
        testAddAnyRule(rand, ruleset, allowing ? allow : refuse, simple);
    virLXCSeccompRulesetIndex(ruleset);
    filter = testSeccompCompile(ruleset);
    g_assert_cmpint(
        testTheirProgram(ruleset, 1 + g_rand_boolean(rand), &theirs), ==, 0);

    for (i = 0; i < ncalls; i++) {
        testBPFCall call = testSeccompAnyCall(rand, ruleset);
        const virLXCSeccompArch *ours = g_ptr_array_index(ruleset->archs, 0);
        guint32 verdict = testBPFRun(theirs.instructions, theirs.length, &call,
                                     ours->bigEndian);
        g_autofree char *text = testSeccompCallText(&call);

        testSeccompAgree(ruleset, filter, &call);
        /* Which it does not allow. */
        if (call.number == G_MAXUINT32)
            continue;
        if (verdict != testSeccompRun(filter, &call))
            g_error("%s: libseccomp's filter says %#x", text, verdict);
    }
    return ncalls;
}

/* Without conditions and with some, allowing and refusing, all programs of two
 * shapes. */
static void
testAlike(void)
{
    static const char *const archs[] = {"x86_64", "aarch64", "s390x", "riscv64",
                                        "ppc64le"};
    g_autoptr(GRand) rand = g_rand_new_with_seed(TEST_SEED);
    guint calls = 0;
    size_t i;

    for (i = 0; i < 400; i++)
        calls +=
            testCompare(rand, archs[i % G_N_ELEMENTS(archs)], i % 4 < 2, i % 2);
    g_test_message("seed %d: %u calls", TEST_SEED, calls);
}

int
main(int argc, char **argv)
{
    size_t i;

    g_test_init(&argc, &argv, NULL);

    for (i = 0; i < G_N_ELEMENTS(differences); i++) {
        g_autofree char *path =
            g_strdup_printf("/libseccomp/%s", differences[i].what);

        g_test_add_data_func(path, &differences[i], testDifferent);
    }
    g_test_add_func("/libseccomp/alike", testAlike);

    return g_test_run();
}
