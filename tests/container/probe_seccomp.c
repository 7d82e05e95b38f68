/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * System calls by number, of any ABI, and the fate of the calling process.
 */
#include "probe.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS 6

#ifndef MAP_32BIT /* of x86 */
#define MAP_32BIT 0
#endif

typedef struct {
    long number;
    long args[ARGUMENTS];
} Call;

static Call
callFrom(char **args)
{
    Call call = {.number = strtol(args[0], NULL, 0)};
    int i;

    for (i = 0; i < ARGUMENTS && args[1 + i]; i++)
        call.args[i] = (long)strtoull(args[1 + i], NULL, 0);
    return call;
}

static long
callMake(const Call *call)
{
    const long *a = call->args;

    return syscall(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* call NUMBER ARGS… */
static void
deedCall(char **args)
{
    Call call = callFrom(args);

    say(NULL, "%s", outcome(callMake(&call) < 0 ? -1 : 0));
}

/* value NUMBER ARGS…: what the call returns */
static void
deedValue(char **args)
{
    Call call = callFrom(args);
    long value = callMake(&call);

    if (value == -1)
        say(NULL, "%s", outcome(-1));
    else
        say(NULL, "%ld", value);
}

static void
trapped(int signum __attribute__((unused)), siginfo_t *info,
        void *context __attribute__((unused)))
{
    say(NULL, "trap %d %#x %d %d", info->si_syscall, info->si_arch,
        info->si_code, info->si_errno);
    _exit(0);
}

/* trap DEED ARGS…: what SIGSYS tells when it does not end the process */
static void
deedTrap(char **args)
{
    struct sigaction action = {
        .sa_sigaction = trapped,
        .sa_flags = SA_SIGINFO,
    };

    sigaction(SIGSYS, &action, NULL);
    deedRun(args);
}

/* fate DEED ARGS…: prints which signal ended the process that did it, if any */
static void
deedFate(char **args)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        deedRun(args);
        _exit(0);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (child < 0)
        say(NULL, "%s", outcome(-1));
    else if (WIFSIGNALED(status))
        say(NULL, "SIG%s", sigabbrev_np(WTERMSIG(status)));
}

static void *
threadRun(void *call)
{
    static char done;
    long rc = callMake(call);

    say(NULL, "%s", outcome(rc < 0 ? -1 : 0));
    return &done;
}

/* thread NUMBER ARGS…: a call of a second thread, which may be its last */
static void
deedThread(char **args)
{
    Call call = callFrom(args);
    void *done = NULL;
    pthread_t thread;

    errno = pthread_create(&thread, NULL, threadRun, &call);
    if (errno != 0)
        say(NULL, "no thread: %s", outcome(-1));
    else if (pthread_join(thread, &done) == 0 && !done)
        say(NULL, "thread ended");
}

/* clone FLAGS: a process, which ends at once */
static void
deedClone(char **args)
{
    long flags = (long)strtoull(args[0], NULL, 0);
    long child = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0);

    if (child == 0)
        _exit(0);
    say(NULL, "%s", outcome(child < 0 ? -1 : 0));
}

/* trace: stops, reads and continues a child process, as debuggers do */
static void
deedTrace(char **args __attribute__((unused)))
{
    static volatile long word = 4711;
    int status = 0;
    pid_t child = fork();
    long seen;

    if (child == 0) {
        for (;;)
            pause();
    }
    if (ptrace(PTRACE_ATTACH, child, NULL, NULL) < 0) {
        say(NULL, "%s", outcome(-1));
    } else {
        waitpid(child, &status, 0);
        seen = ptrace(PTRACE_PEEKDATA, child, &word, NULL);
        say(NULL, "%s", seen == word ? "OK" : "misread");
    }
    kill(child, SIGKILL);
}

/* nnp DEED ARGS… */
static void
deedNoNewPrivs(char **args)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        say(NULL, "%s", outcome(-1));
    else
        deedRun(args);
}

/* filter NUMBER ANSWER DEED ARGS…: the deed under another filter, which gives
 * that call that answer, SECCOMP_RET_…, and allows all others */
static void
deedFilter(char **args)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, strtoul(args[0], NULL, 0), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, strtoul(args[1], NULL, 0)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};

    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
        say(NULL, "no filter: %s", outcome(-1));
    else
        deedRun(args + 2);
}

/* As outcome(), of what the kernel itself returns */
static const char *
outcomeOfInt(int32_t rc)
{
    errno = rc < 0 && rc > -4096 ? -rc : 0;
    return outcome(errno ? -1 : 0);
}

static int32_t
callOfI386(const uint32_t *args)
{
    int64_t rc = args[0];

#ifdef __x86_64__
    /* %rbp, the sixth argument, belongs to the compiler. */
    __asm__ volatile("int $0x80"
                     : "+a"(rc)
                     : "b"((uint64_t)args[1]), "c"((uint64_t)args[2]),
                       "d"((uint64_t)args[3]), "S"((uint64_t)args[4]),
                       "D"((uint64_t)args[5])
                     : "memory", "r8", "r9", "r10", "r11");
#else
    rc = -ENOSYS;
#endif
    return (int32_t)rc;
}

/* int80 NUMBER ARGS…: a call of i386, from a program of x86-64 */
static void
deedInt80(char **args)
{
    uint32_t numbers[1 + ARGUMENTS] = {0};
    int i;

    for (i = 0; i < 1 + ARGUMENTS && args[i]; i++)
        numbers[i] = strtoul(args[i], NULL, 0);
    say(NULL, "%s", outcomeOfInt(callOfI386(numbers)));
}

/* Numbers where a program of i386 can point to */
static uint32_t
inMemory(char **args)
{
    uint32_t *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    int i;

    for (i = 0; i < ARGUMENTS && args[i]; i++)
        low[i] = strtoul(args[i], NULL, 0);
    return (uintptr_t)low;
}

/* socketcall CALL ARGS…: through int 0x80; arguments are in memory */
static void
deedSocketcall(char **args)
{
    uint32_t numbers[1 + ARGUMENTS] = {102, strtoul(args[0], NULL, 0),
                                       inMemory(args + 1)};

    say(NULL, "%s", outcomeOfInt(callOfI386(numbers)));
}

/* memory80 NUMBER ARGS…: through int 0x80; arguments are in memory */
static void
deedMemory80(char **args)
{
    uint32_t numbers[1 + ARGUMENTS] = {strtoul(args[0], NULL, 0),
                                       inMemory(args + 1)};

    say(NULL, "%s", outcomeOfInt(callOfI386(numbers)));
}

const Deed seccompDeeds[] = {
    {"call", 1, deedCall},
    {"value", 1, deedValue},
    {"trap", 1, deedTrap},
    {"fate", 1, deedFate},
    {"thread", 1, deedThread},
    {"clone", 1, deedClone},
    {"trace", 0, deedTrace},
    {"nnp", 1, deedNoNewPrivs},
    {"filter", 3, deedFilter},
    {"int80", 1, deedInt80},
    {"socketcall", 1, deedSocketcall},
    {"memory80", 1, deedMemory80},
    {NULL, 0, NULL},
};
