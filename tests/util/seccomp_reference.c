/*
 * seccomp_reference.c: what a seccomp ruleset means
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: tests of filters. In: a ruleset, a call. Out: the verdict. As simple
 * as can be, and slow.
 */

#include "seccomp_reference.h"

#include <linux/audit.h>
#include <linux/ipc.h>
#include <linux/net.h>
#include <linux/seccomp.h>

#include "seccomp_number.h"

guint32
testSeccompReturn(const virLXCSeccompAction *action)
{
    switch (action->kind) {
    case VIR_LXC_SECCOMP_ALLOW:
        return SECCOMP_RET_ALLOW;
    case VIR_LXC_SECCOMP_LOG:
        return SECCOMP_RET_LOG;
    case VIR_LXC_SECCOMP_TRACE:
        return SECCOMP_RET_TRACE + action->number;
    case VIR_LXC_SECCOMP_NOTIFY:
        return SECCOMP_RET_USER_NOTIF;
    case VIR_LXC_SECCOMP_ERRNO:
        return SECCOMP_RET_ERRNO + action->number;
    case VIR_LXC_SECCOMP_TRAP:
        return SECCOMP_RET_TRAP;
    case VIR_LXC_SECCOMP_KILL_THREAD:
        return SECCOMP_RET_KILL_THREAD;
    case VIR_LXC_SECCOMP_KILL_PROCESS:
        return SECCOMP_RET_KILL_PROCESS;
    }
    g_assert_not_reached();
}

char *
testSeccompReturnName(guint32 verdict)
{
    guint number = verdict & SECCOMP_RET_DATA;
    guint kind;

    for (kind = 0; kind < VIR_LXC_SECCOMP_ACTIONS; kind++) {
        const virLXCSeccompAction action = {kind, number};
        const char *name = virLXCSeccompActionTable()[kind].name;

        if (testSeccompReturn(&action) != verdict)
            continue;
        if (!virLXCSeccompActionTable()[kind].takesErrno)
            return g_strdup(name);
        if (kind == VIR_LXC_SECCOMP_ERRNO && virLXCErrnoName(number))
            return g_strdup_printf("%s %s", name, virLXCErrnoName(number));
        return g_strdup_printf("%s %u", name, number);
    }
    return g_strdup_printf("%#x", verdict);
}

/* The names of all numbers. */
static GHashTable *
testSeccompNumbers(const virLXCSeccompArch *arch)
{
    GHashTable *numbers = g_hash_table_new(NULL, NULL);
    size_t nrows = 0;
    const virLXCSyscall *rows = virLXCSyscallTable(&nrows);
    size_t i;

    for (i = 0; i < nrows; i++) {
        int number = virLXCSyscallNumber(rows[i].name, arch);

        /* No call has two names. */
        if (number >= 0)
            g_assert_true(g_hash_table_insert(numbers, GINT_TO_POINTER(number),
                                              (void *)rows[i].name));
    }
    return numbers;
}

const char *
testSeccompCallName(const virLXCSeccompArch *arch, guint32 number)
{
    static GHashTable *archs;
    GHashTable *numbers = NULL;

    if (!archs)
        archs = g_hash_table_new(NULL, NULL);
    numbers = g_hash_table_lookup(archs, arch);
    if (!numbers) {
        numbers = testSeccompNumbers(arch);
        g_hash_table_insert(archs, (void *)arch, numbers);
    }

    return g_hash_table_lookup(numbers, GINT_TO_POINTER((gint)number));
}

/* In the order of linux/net.h and linux/ipc.h. */
static const struct {
    guint32 number;
    const char *name;
} socketCalls[] =
    {
        {SYS_SOCKET, "socket"},
        {SYS_BIND, "bind"},
        {SYS_CONNECT, "connect"},
        {SYS_LISTEN, "listen"},
        {SYS_ACCEPT, "accept"},
        {SYS_GETSOCKNAME, "getsockname"},
        {SYS_GETPEERNAME, "getpeername"},
        {SYS_SOCKETPAIR, "socketpair"},
        {SYS_SEND, "send"},
        {SYS_RECV, "recv"},
        {SYS_SENDTO, "sendto"},
        {SYS_RECVFROM, "recvfrom"},
        {SYS_SHUTDOWN, "shutdown"},
        {SYS_SETSOCKOPT, "setsockopt"},
        {SYS_GETSOCKOPT, "getsockopt"},
        {SYS_SENDMSG, "sendmsg"},
        {SYS_RECVMSG, "recvmsg"},
        {SYS_ACCEPT4, "accept4"},
        {SYS_RECVMMSG, "recvmmsg"},
        {SYS_SENDMMSG, "sendmmsg"},
},
  ipcCalls[] = {
      {SEMOP, "semop"},           {SEMGET, "semget"}, {SEMCTL, "semctl"},
      {SEMTIMEDOP, "semtimedop"}, {MSGSND, "msgsnd"}, {MSGRCV, "msgrcv"},
      {MSGGET, "msgget"},         {MSGCTL, "msgctl"}, {SHMAT, "shmat"},
      {SHMDT, "shmdt"},           {SHMGET, "shmget"}, {SHMCTL, "shmctl"},
};

const char *
testSeccompSubCall(const char *multiplexer, size_t i, guint32 *number)
{
    if (g_str_equal(multiplexer, "socketcall") &&
        i < G_N_ELEMENTS(socketCalls)) {
        *number = socketCalls[i].number;
        return socketCalls[i].name;
    }
    if (g_str_equal(multiplexer, "ipc") && i < G_N_ELEMENTS(ipcCalls)) {
        *number = ipcCalls[i].number;
        return ipcCalls[i].name;
    }
    return NULL;
}

/* The call that a multiplexer makes for a first argument: socketcall(2)'s is an
 * int; the upper half of ipc(2)'s is a version. */
static const char *
testSubCallByArgument(const char *multiplexer, guint64 argument)
{
    guint32 wanted =
        g_str_equal(multiplexer, "ipc") ? (guint16)argument : (guint32)argument;
    const char *name;
    guint32 number;
    size_t i;

    for (i = 0; (name = testSeccompSubCall(multiplexer, i, &number)); i++) {
        if (number == wanted)
            return name;
    }
    return NULL;
}

static bool
testIsMultiplexer(const char *name)
{
    return g_str_equal(name, "socketcall") || g_str_equal(name, "ipc");
}

/* Only the address of the arguments is in a register. */
static bool
testTakesStructure(guint32 audit, const char *name)
{
    switch (audit) {
    case AUDIT_ARCH_I386:
        return g_str_equal(name, "mmap") || g_str_equal(name, "select");
    case AUDIT_ARCH_PPC:
        return g_str_equal(name, "select");
    case AUDIT_ARCH_S390:
        return g_str_equal(name, "mmap") || g_str_equal(name, "mmap2") ||
               g_str_equal(name, "fadvise64_64");
    case AUDIT_ARCH_S390X:
        return g_str_equal(name, "mmap");
    default:
        return false;
    }
}

static bool
testHolds(const virLXCSeccompCondition *condition, const guint64 *args)
{
    guint64 argument = args[condition->index];

    switch (condition->op) {
    case VIR_LXC_SECCOMP_EQ:
        return argument == condition->value;
    case VIR_LXC_SECCOMP_NE:
        return argument != condition->value;
    case VIR_LXC_SECCOMP_LT:
        return argument < condition->value;
    case VIR_LXC_SECCOMP_LE:
        return argument <= condition->value;
    case VIR_LXC_SECCOMP_GT:
        return argument > condition->value;
    case VIR_LXC_SECCOMP_GE:
        return argument >= condition->value;
    case VIR_LXC_SECCOMP_MASKED_EQ:
        return (argument & condition->mask) == condition->value;
    }
    g_assert_not_reached();
}

static bool
testAllHold(const virLXCSeccompRule *rule, const guint64 *args)
{
    size_t i;

    for (i = 0; i < rule->conditions->len; i++) {
        if (!testHolds(
                &g_array_index(rule->conditions, virLXCSeccompCondition, i),
                args))
            return false;
    }
    return true;
}

static bool
testIsNamed(const virLXCSeccompRuleset *ruleset, const char *name)
{
    size_t i;

    for (i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);

        if (g_str_equal(rule->name, name))
            return true;
    }
    return false;
}

static const virLXCSeccompAction *
testFallback(const virLXCSeccompRuleset *ruleset, const char *name)
{
    virLXCKernelVersion since = virLXCSyscallByName(name)->since;
    virLXCKernelVersion kernel = ruleset->kernel;
    bool asOld = since.major < kernel.major ||
                 (since.major == kernel.major && since.minor <= kernel.minor);

    if (asOld || testIsNamed(ruleset, name))
        return &ruleset->defaultAction;
    return &ruleset->unknown;
}

/* The first rule of @name whose conditions hold; NULL when none does. */
static const virLXCSeccompAction *
testFirstRule(const virLXCSeccompRuleset *ruleset, const char *name,
              const guint64 *args)
{
    size_t i;

    for (i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);

        if (g_str_equal(rule->name, name) && testAllHold(rule, args))
            return &rule->action;
    }
    return NULL;
}

/* The conditions of a rule, as they are written. */
static char *
testConditionsText(const virLXCSeccompRule *rule)
{
    g_autoptr(GString) text = g_string_new(rule->name);
    size_t i;

    for (i = 0; i < rule->conditions->len; i++) {
        const virLXCSeccompCondition *condition =
            &g_array_index(rule->conditions, virLXCSeccompCondition, i);

        g_string_append_printf(
            text, " %u %u %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
            condition->index, condition->op, condition->value, condition->mask);
    }
    return g_strdup(text->str);
}

/* Whether an earlier rule of the same call has taken all that this one is
 * about. */
static bool
testIsRepeated(const virLXCSeccompRuleset *ruleset, guint index)
{
    g_autofree char *text =
        testConditionsText(g_ptr_array_index(ruleset->rules, index));
    size_t i;

    for (i = 0; i < index; i++) {
        g_autofree char *earlier =
            testConditionsText(g_ptr_array_index(ruleset->rules, i));

        if (g_str_equal(earlier, text))
            return true;
    }
    return false;
}

/* What the rules of @name could answer when nobody knows the arguments; of that
 * the most restrictive. */
static const virLXCSeccompAction *
testWorst(const virLXCSeccompRuleset *ruleset, const char *name)
{
    const virLXCSeccompAction *possible[BPF_MAXINSNS];
    const virLXCSeccompAction *worst = NULL;
    bool ended = false;
    guint n = 0;
    size_t i;

    for (i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);

        if (ended || !g_str_equal(rule->name, name) ||
            testIsRepeated(ruleset, i))
            continue;
        g_assert_cmpuint(n, <, G_N_ELEMENTS(possible) - 1);
        possible[n++] = &rule->action;
        ended = rule->conditions->len == 0;
    }
    if (!ended)
        possible[n++] = &ruleset->defaultAction;

    for (i = n; i > 0; i--) {
        if (!worst || possible[i - 1]->kind >= worst->kind)
            worst = possible[i - 1];
    }
    return worst;
}

static const virLXCSeccompAction *
testDecideMultiplexer(const virLXCSeccompRuleset *ruleset,
                      const char *multiplexer, const guint64 *args)
{
    const char *name = testSubCallByArgument(multiplexer, args[0]);
    const virLXCSeccompAction *action;

    if (name && testIsNamed(ruleset, name))
        return testWorst(ruleset, name);

    action = testFirstRule(ruleset, multiplexer, args);
    if (action)
        return action;
    return testFallback(ruleset, name ? name : multiplexer);
}

static const virLXCSeccompAction *
testDecideCall(const virLXCSeccompRuleset *ruleset,
               const virLXCSeccompArch *arch, const testBPFCall *call)
{
    const char *name = testSeccompCallName(arch, call->number);
    const virLXCSeccompAction *action;

    if (!name)
        return &ruleset->unknown;
    if (testIsMultiplexer(name))
        return testDecideMultiplexer(ruleset, name, call->args);
    if (testTakesStructure(call->audit, name) && testIsNamed(ruleset, name))
        return testWorst(ruleset, name);

    action = testFirstRule(ruleset, name, call->args);
    return action ? action : testFallback(ruleset, name);
}

/* x32 has separate numbers from a base on, under x86_64's AUDIT_ARCH_…. */
static bool
testArchHas(const virLXCSeccompArch *arch, const testBPFCall *call)
{
    bool x32 = g_str_equal(arch->name, "x32");

    if (arch->audit != call->audit)
        return false;
    if (x32 || g_str_equal(arch->name, "x86_64"))
        return x32 == (call->number >= 0x40000000);
    return true;
}

guint32
testSeccompReference(const virLXCSeccompRuleset *ruleset,
                     const testBPFCall *call)
{
    size_t i;

    for (i = 0; i < ruleset->archs->len; i++) {
        const virLXCSeccompArch *arch = g_ptr_array_index(ruleset->archs, i);

        if (arch->audit == call->audit && call->number == 0xffffffff)
            return SECCOMP_RET_ALLOW;
        if (testArchHas(arch, call))
            return testSeccompReturn(testDecideCall(ruleset, arch, call));
    }
    return testSeccompReturn(&ruleset->badArch);
}
