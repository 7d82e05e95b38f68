/*
 * bpf_kernel.c: programs of seccomp filters in the running kernel
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: tests of filters. In: a program, calls. Out: what the kernel made of
 * them, which the child that lives under the filter leaves in shared memory: it
 * cannot count on any other way, nor on ending as others do.
 */

#include "bpf_kernel.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEST_BPF_NOT_DONE G_MAXUINT

#if defined(__x86_64__)
#define TEST_BPF_NATIVE AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define TEST_BPF_NATIVE AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define TEST_BPF_NATIVE AUDIT_ARCH_AARCH64
#elif defined(__s390x__)
#define TEST_BPF_NATIVE AUDIT_ARCH_S390X
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define TEST_BPF_NATIVE AUDIT_ARCH_PPC64LE
#elif defined(__riscv) && __riscv_xlen == 64
#define TEST_BPF_NATIVE AUDIT_ARCH_RISCV64
#else
#define TEST_BPF_NATIVE 0
#endif

#ifdef __x86_64__

/* A call of i386, which 64-bit processes can make. The red zone is left alone.
 */
static int
testBPFCallI386(const testBPFCall *call)
{
    long result;

    __asm__ volatile(
        "lea -128(%%rsp), %%rsp\n\t"
        "push %%rbp\n\t"
        "mov %[sixth], %%ebp\n\t"
        "int $0x80\n\t"
        "pop %%rbp\n\t"
        "lea 128(%%rsp), %%rsp"
        : "=a"(result)
        : "a"(call->number), "b"((guint32)call->args[0]),
          "c"((guint32)call->args[1]), "d"((guint32)call->args[2]),
          "S"((guint32)call->args[3]),
          "D"((guint32)call->args[4]), [sixth] "r"((guint32)call->args[5])
        : "memory", "cc", "r8", "r9", "r10", "r11");

    return (int)result < 0 ? -(int)result : 0;
}

#else

static int
testBPFCallI386(G_GNUC_UNUSED const testBPFCall *call)
{
    g_assert_not_reached();
}

#endif

static guint
testBPFCallMake(const testBPFCall *call)
{
    const guint64 *args = call->args;
    long result;

    if (call->audit != TEST_BPF_NATIVE)
        return testBPFCallI386(call);

    result = syscall((long)(int)call->number, args[0], args[1], args[2],
                     args[3], args[4], args[5]);
    return result < 0 ? errno : 0;
}

static void *
testBPFShare(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    g_assert_true(memory != MAP_FAILED);
    memset(memory, 0xff, size);
    return memory;
}

/* The child: never returns. @results: whether the filter was taken, then the
 * errno of each call. */
G_NORETURN static void
testBPFLive(const struct sock_filter *program, size_t length,
            const testBPFCall *calls, size_t ncalls, volatile guint *results)
{
    const struct rlimit none = {0, 0};
    const struct sock_fprog filter = {
        .len = (unsigned short)length,
        .filter = (struct sock_filter *)program,
    };
    size_t i;

    setrlimit(RLIMIT_CORE, &none);
    signal(SIGILL, SIG_DFL);
    signal(SIGTRAP, SIG_DFL);
    signal(SIGSEGV, SIG_DFL);
    signal(SIGSYS, SIG_DFL);

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        results[0] = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter)
                         ? (guint)errno
                         : 0;
        for (i = 0; results[0] == 0 && i < ncalls; i++)
            results[1 + i] = testBPFCallMake(&calls[i]);
    }
    /* No system call: the filter may refuse it. */
    __builtin_trap();
}

/* Returns shared memory of 1 + @ncalls results. */
static guint *
testBPFInChild(const struct sock_filter *program, size_t length,
               const testBPFCall *calls, size_t ncalls)
{
    guint *results = testBPFShare((1 + ncalls) * sizeof(*results));
    pid_t pid = fork();
    int status = 0;

    g_assert_cmpint(pid, !=, -1);
    if (pid == 0)
        testBPFLive(program, length, calls, ncalls, results);

    while (waitpid(pid, &status, 0) == -1)
        g_assert_cmpint(errno, ==, EINTR);
    g_assert_true(WIFSIGNALED(status));
    return results;
}

int
testBPFKernelError(const struct sock_filter *program, size_t length)
{
    guint *results = testBPFInChild(program, length, NULL, 0);
    guint error = results[0];

    munmap(results, sizeof(*results));
    g_assert_cmpuint(error, !=, TEST_BPF_NOT_DONE);
    return (int)error;
}

guint *
testBPFKernelErrors(const struct sock_filter *program, size_t length,
                    const testBPFCall *calls, size_t ncalls)
{
    guint *results = testBPFInChild(program, length, calls, ncalls);
    guint *errors = g_new(guint, ncalls + 1);

    g_assert_cmpuint(results[0], ==, 0);
    memcpy(errors, results + 1, ncalls * sizeof(*errors));
    munmap(results, (1 + ncalls) * sizeof(*results));
    return errors;
}

bool
testBPFKernelCanCall(guint32 audit)
{
    static const struct sock_filter refuse[] = {
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
    };
    const testBPFCall call = {.audit = audit};
    g_autofree guint *errors = NULL;

    if (audit == TEST_BPF_NATIVE)
        return true;
    if (TEST_BPF_NATIVE != AUDIT_ARCH_X86_64 || audit != AUDIT_ARCH_I386)
        return false;

    /* Kernels without IA32_EMULATION end the process. */
    errors = testBPFKernelErrors(refuse, G_N_ELEMENTS(refuse), &call, 1);
    return errors[0] == 1;
}

/* Position of @value in @values, where it is put when it is new, from 1. */
static guint
testBPFIndex(GArray *values, guint32 value)
{
    size_t i;

    for (i = 0; i < values->len; i++) {
        if (g_array_index(values, guint32, i) == value)
            return i + 1;
    }

    g_array_append_val(values, value);
    return values->len;
}

guint32 *
testBPFKernelRun(const struct sock_filter *program, size_t length,
                 const testBPFCall *calls, size_t ncalls)
{
    g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autofree struct sock_filter *refusing = g_new(struct sock_filter, length);
    g_autofree guint *errors = NULL;
    guint32 *verdicts = g_new(guint32, ncalls);
    size_t i;

    memcpy(refusing, program, length * sizeof(*program));
    for (i = 0; i < length; i++) {
        if (BPF_CLASS(program[i].code) != BPF_RET)
            continue;
        g_assert_cmpuint(program[i].code, ==, BPF_RET | BPF_K);
        refusing[i].k = SECCOMP_RET_ERRNO | testBPFIndex(values, program[i].k);
    }

    errors = testBPFKernelErrors(refusing, length, calls, ncalls);
    for (i = 0; i < ncalls; i++) {
        g_assert_cmpuint(errors[i] - 1, <, values->len);
        verdicts[i] = g_array_index(values, guint32, errors[i] - 1);
    }
    return verdicts;
}
