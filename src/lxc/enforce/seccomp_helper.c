/*
 * seccomp_helper.c: a thread that is not under the filter
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a socket to the controller, and a listener or an error. Out: the listener
 * or the error has been sent to the controller.
 */

#include "seccomp_helper.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "i18n.h"
#include "seccomp_listener.h"

/* Enough to look up the translation of an errno value's text. */
#define LXC_SECCOMP_STACK ((size_t)256 * 1024)

/* The first thread cannot wake the helper without a system call, so the helper
 * polls. Loading takes microseconds, but the agent can take any time to respond
 * to execve(2). The intervals are in nanoseconds. */
#define LXC_SECCOMP_NAP_MIN 20000L
#define LXC_SECCOMP_NAP_MAX 5000000L

G_STATIC_ASSERT(sizeof(atomic_int) == sizeof(pid_t));

/* If the filter kills only the first thread (SECCOMP_RET_KILL_THREAD), the
 * helper would keep the process alive. */
static bool
lxcSeccompFirstHasEnded(virLXCSeccompHelper *helper)
{
    return atomic_load(&helper->first) == 0;
}

/* Does not use exit(3): handlers and buffers belong to the first thread. */
static void
lxcSeccompEndProcess(void)
{
    syscall(SYS_exit_group, EXIT_FAILURE);
}

/* While the first thread is running, this is all that the helper does. Its
 * system calls do not fail, and so do not change errno. */
static virLXCSeccompStage
lxcSeccompSleepDuring(virLXCSeccompHelper *helper, virLXCSeccompStage stage)
{
    long nap[2] = {0, LXC_SECCOMP_NAP_MIN}; /* __kernel_old_timespec */
    virLXCSeccompStage now;

    while ((now = atomic_load(&helper->stage)) == stage) {
        if (lxcSeccompFirstHasEnded(helper))
            lxcSeccompEndProcess();
        syscall(SYS_nanosleep, nap, NULL);
        nap[1] = MIN(2 * nap[1], LXC_SECCOMP_NAP_MAX);
    }
    return now;
}

static bool
lxcSeccompSendListener(const virLXCSeccompHelper *helper)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {0};
    char byte = VIR_LXC_SECCOMP_LISTENER_BYTE;
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &data,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof(control),
    };
    ssize_t sent;

    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(&control.header), &helper->listener, sizeof(int));

    do {
        sent = sendmsg(helper->handshake, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == 1;
}

static bool
lxcSeccompReceiveAnswer(const virLXCSeccompHelper *helper)
{
    char byte = '\0';
    ssize_t got;

    do {
        got = read(helper->handshake, &byte, 1);
    } while (got < 0 && errno == EINTR);
    return got == 1 && byte == VIR_LXC_SECCOMP_LISTENER_BYTE;
}

/* Closes the listener before waiting for the reply. Only the agent may hold a
 * descriptor of it: otherwise, calls would block forever once the agent has
 * died. */
static bool
lxcSeccompHandOver(const virLXCSeccompHelper *helper)
{
    bool sent = lxcSeccompSendListener(helper);

    close(helper->listener);
    return sent && lxcSeccompReceiveAnswer(helper);
}

static void
lxcSeccompSendError(const virLXCSeccompHelper *helper)
{
    g_autofree char *text =
        g_strconcat(helper->failure, g_strerror(helper->errnum), NULL);
    size_t textLength = strlen(text) + 1;
    size_t length = textLength + sizeof(helper->errnum);
    g_autofree char *data = g_malloc(length);
    size_t done = 0;
    ssize_t sent = 0;

    memcpy(data, text, textLength);
    memcpy(data + textLength, &helper->errnum, sizeof(helper->errnum));
    while (done < length && (sent >= 0 || errno == EINTR)) {
        sent =
            send(helper->handshake, data + done, length - done, MSG_NOSIGNAL);
        if (sent > 0)
            done += sent;
    }
}

/* The first thread spins while the helper sends the listener or an error, so
 * that code may use the C library. */
static int
lxcSeccompHelp(void *opaque)
{
    virLXCSeccompHelper *helper = opaque;
    virLXCSeccompStage stage;

    stage = lxcSeccompSleepDuring(helper, VIR_LXC_SECCOMP_LOADING);
    if (stage == VIR_LXC_SECCOMP_NOT_LOADED)
        return 0;

    if (stage == VIR_LXC_SECCOMP_LOADED) {
        if (!lxcSeccompHandOver(helper))
            lxcSeccompEndProcess();
        atomic_store(&helper->stage, VIR_LXC_SECCOMP_EXECUTING);
    }

    lxcSeccompSleepDuring(helper, VIR_LXC_SECCOMP_EXECUTING);
    lxcSeccompSendError(helper);
    lxcSeccompEndProcess();
    return 0;
}

static int
lxcSeccompCloneThread(virLXCSeccompHelper *helper)
{
    const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
                      CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID |
                      CLONE_CHILD_CLEARTID;
    char *top = (char *)helper->stack + LXC_SECCOMP_STACK;

    return clone(lxcSeccompHelp, top, flags, helper, &helper->second, NULL,
                 &helper->second);
}

int
virLXCSeccompHelperStart(virLXCSeccompHelper *helper, int handshake,
                         const char *failure, GError **error)
{
    void *stack = mmap(NULL, LXC_SECCOMP_STACK, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

    *helper = (virLXCSeccompHelper){
        .first = 1,
        .handshake = handshake,
        .failure = failure,
        .listener = -1,
        .stack = stack,
    };
    if (stack == MAP_FAILED || lxcSeccompCloneThread(helper) < 0) {
        virLXCSetSystemError(
            error, errno,
            _("cannot create a thread outside of the seccomp filter"));
        if (stack != MAP_FAILED)
            munmap(stack, LXC_SECCOMP_STACK);
        return -1;
    }

    syscall(SYS_set_tid_address, &helper->first);
    return 0;
}

void
virLXCSeccompHelperStop(virLXCSeccompHelper *helper)
{
    atomic_store(&helper->stage, VIR_LXC_SECCOMP_NOT_LOADED);
    while (atomic_load(&helper->second) != 0)
        sched_yield();

    syscall(SYS_set_tid_address, NULL);
    munmap(helper->stack, LXC_SECCOMP_STACK);
}

/* Spin without yielding: containers never run under SCHED_FIFO, so even on a
 * single CPU the scheduler will switch to the helper. */
static void
lxcSeccompRelax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void
lxcSeccompSpinDuring(virLXCSeccompHelper *helper, virLXCSeccompStage stage)
{
    while (atomic_load_explicit(&helper->stage, memory_order_acquire) ==
           (int)stage)
        lxcSeccompRelax();
}

void
virLXCSeccompHelperHandOver(virLXCSeccompHelper *helper, int listener)
{
    if (listener < 0) {
        atomic_store(&helper->stage, VIR_LXC_SECCOMP_EXECUTING);
        return;
    }

    helper->listener = listener;
    atomic_store(&helper->stage, VIR_LXC_SECCOMP_LOADED);
    lxcSeccompSpinDuring(helper, VIR_LXC_SECCOMP_LOADED);
}

void
virLXCSeccompHelperReport(virLXCSeccompHelper *helper, int errnum)
{
    helper->errnum = errnum;
    atomic_store(&helper->stage, VIR_LXC_SECCOMP_NOT_EXECUTED);
    lxcSeccompSpinDuring(helper, VIR_LXC_SECCOMP_NOT_EXECUTED);
}
