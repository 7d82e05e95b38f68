/*
 * exec_pump.c: carry bytes between a client and its program
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the descriptors of a client and of a program. Out: the program's wait
 * status.
 */

#include "exec_pump.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "descriptor.h"
#include "exec_message.h"

/* Without limits, a program that does not read, or a client that does not,
 * would use up the memory of the host. */
#define LXC_EXEC_INPUT_MAX ((size_t)1024 * 1024)
#define LXC_EXEC_OUTPUT_MAX ((size_t)128 * 1024)

/* A pipe does not hold more by default (fs.pipe-max-size in pipe(7)) */
#define LXC_EXEC_LAST_OUTPUT_MAX ((size_t)1024 * 1024)

#define LXC_EXEC_USEC G_GINT64_CONSTANT(1000000)

/**
 * @pump: the descriptors, -1 when closed
 * @received: bytes of incomplete messages
 * @input: bytes for the program
 * @inputEnds: whether its input is closed after @input
 * @output: messages for the client
 * @ended: whether the program has ended
 * @status: its wait status
 * @deadline: when it is killed, on the monotonic clock, or 0
 */
typedef struct {
    virLXCExecPump *pump;
    GByteArray *received;
    GByteArray *input;
    bool inputEnds;
    GByteArray *output;
    bool ended;
    int status;
    gint64 deadline;
} lxcExecState;

/* A pidfd never refers to another process that has got the same number. */
static void
lxcExecSignal(const lxcExecState *state, int signum)
{
    if (!state->ended)
        syscall(SYS_pidfd_send_signal, state->pump->process, signum, NULL, 0);
}

/* On a terminal, the kernel finds the foreground process group */
static void
lxcExecSignalAny(const lxcExecState *state, guint32 signum)
{
    if (signum < 1 || signum > (guint32)SIGRTMAX)
        return;

    if (!state->pump->terminal || state->pump->input < 0 ||
        ioctl(state->pump->input, TIOCSIG, signum) < 0)
        lxcExecSignal(state, (int)signum);
}

static void
lxcExecResize(const lxcExecState *state, const guint32 *numbers)
{
    struct winsize size = {
        .ws_row = (unsigned short)MIN(numbers[0], G_MAXUINT16),
        .ws_col = (unsigned short)MIN(numbers[1], G_MAXUINT16),
    };

    if (state->pump->terminal && state->pump->input >= 0)
        ioctl(state->pump->input, TIOCSWINSZ, &size);
}

/* Closing the terminal makes the kernel send SIGHUP to its session, too. */
static void
lxcExecHangup(lxcExecState *state)
{
    virLXCDescriptorClose(&state->pump->stream);
    g_byte_array_set_size(state->output, 0);
    if (state->pump->detached)
        return;

    virLXCDescriptorClose(&state->pump->input);
    if (state->pump->terminal)
        virLXCDescriptorClose(&state->pump->output);
    lxcExecSignal(state, SIGHUP);
    lxcExecSignal(state, SIGCONT);
    state->deadline =
        g_get_monotonic_time() + VIR_LXC_EXEC_HANGUP_SECONDS * LXC_EXEC_USEC;
}

/* On a terminal, the end of input is a character, if the program wants it. */
static void
lxcExecEndInput(lxcExecState *state)
{
    struct termios mode;

    if (!state->pump->terminal) {
        state->inputEnds = true;
        return;
    }

    if (tcgetattr(state->pump->input, &mode) == 0 && (mode.c_lflag & ICANON))
        g_byte_array_append(state->input, &mode.c_cc[VEOF], 1);
}

static void
lxcExecHandle(lxcExecState *state, const virLXCExecMessage *message)
{
    switch ((virLXCExecMessageType)message->type) {
    case VIR_LXC_EXEC_MESSAGE_STDIN:
        if (state->pump->input < 0 || state->inputEnds)
            break;
        if (message->length == 0)
            lxcExecEndInput(state);
        else
            g_byte_array_append(state->input, message->data, message->length);
        break;
    case VIR_LXC_EXEC_MESSAGE_RESIZE:
        lxcExecResize(state, message->numbers);
        break;
    case VIR_LXC_EXEC_MESSAGE_SIGNAL:
        lxcExecSignalAny(state, message->numbers[0]);
        break;
    case VIR_LXC_EXEC_MESSAGE_DETACH:
        state->pump->detached = true;
        break;
    case VIR_LXC_EXEC_MESSAGE_STDOUT:
    case VIR_LXC_EXEC_MESSAGE_STDERR:
    case VIR_LXC_EXEC_MESSAGE_EXIT:
    case VIR_LXC_EXEC_MESSAGE_SIGNALED:
        break;
    }
}

static void
lxcExecReadStream(lxcExecState *state)
{
    guint8 part[VIR_LXC_EXEC_MESSAGE_MAX];
    ssize_t got = read(state->pump->stream, part, sizeof(part));
    virLXCExecMessage message;
    gsize done = 0;
    gssize length = 0;

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;

    if (got > 0)
        g_byte_array_append(state->received, part, got);
    while (got > 0 && (length = virLXCExecMessageParse(
                           state->received->data + done,
                           state->received->len - done, &message, NULL)) > 0) {
        lxcExecHandle(state, &message);
        done += length;
    }
    if (done > 0)
        g_byte_array_remove_range(state->received, 0, done);
    if (got <= 0 || length < 0)
        lxcExecHangup(state);
}

/* Returns whether @fd still works. */
static bool
lxcExecFlush(int fd, GByteArray *buffer)
{
    ssize_t sent;

    if (buffer->len == 0)
        return true;

    sent = write(fd, buffer->data, buffer->len);
    if (sent < 0)
        return errno == EAGAIN || errno == EINTR;

    g_byte_array_remove_range(buffer, 0, sent);
    return true;
}

static void
lxcExecWriteInput(lxcExecState *state)
{
    bool works = lxcExecFlush(state->pump->input, state->input);

    if (!works || (state->inputEnds && state->input->len == 0)) {
        g_byte_array_set_size(state->input, 0);
        virLXCDescriptorClose(&state->pump->input);
    }
}

/* Returns whether there was output. A terminal whose other ends are all closed
 * returns EIO. */
static bool
lxcExecReadOutput(lxcExecState *state, int *fd, virLXCExecMessageType type)
{
    guint8 part[VIR_LXC_EXEC_MESSAGE_MAX];
    ssize_t got;

    if (*fd < 0)
        return false;

    got = read(*fd, part, sizeof(part));
    if (got > 0 && state->pump->stream >= 0)
        virLXCExecMessageAppend(state->output, type, part, got);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        virLXCDescriptorClose(fd);
    return got > 0;
}

static void
lxcExecReap(lxcExecState *state)
{
    pid_t rc;

    do {
        rc = waitpid(state->pump->program, &state->status, 0);
    } while (rc < 0 && errno == EINTR);
    if (rc < 0)
        state->status = SIGKILL;
    state->ended = true;
    state->deadline = 0;
    virLXCDescriptorClose(&state->pump->process);
}

static void
lxcExecAppendEnd(lxcExecState *state)
{
    if (WIFEXITED(state->status))
        virLXCExecMessageAppendNumber(state->output, VIR_LXC_EXEC_MESSAGE_EXIT,
                                      WEXITSTATUS(state->status));
    else
        virLXCExecMessageAppendNumber(state->output,
                                      VIR_LXC_EXEC_MESSAGE_SIGNALED,
                                      WTERMSIG(state->status));
}

static int
lxcExecTimeout(lxcExecState *state)
{
    gint64 left;

    if (!state->deadline)
        return -1;

    left = state->deadline - g_get_monotonic_time();
    if (left <= 0) {
        lxcExecSignal(state, SIGKILL);
        state->deadline = 0;
        return -1;
    }
    return (int)(left / 1000) + 1;
}

/* What a program writes is discarded when there is no client, so that a
 * detached program does not block. */
static void
lxcExecPoll(lxcExecState *state)
{
    virLXCExecPump *pump = state->pump;
    short reads = state->output->len < LXC_EXEC_OUTPUT_MAX ? POLLIN : 0;
    struct pollfd fds[] = {
        {.fd = pump->stream},
        {.fd = state->input->len || state->inputEnds ? pump->input : -1,
         .events = POLLOUT},
        {.fd = reads ? pump->output : -1, .events = POLLIN},
        {.fd = reads ? pump->errors : -1, .events = POLLIN},
        {.fd = pump->process, .events = POLLIN},
    };

    if (state->input->len < LXC_EXEC_INPUT_MAX)
        fds[0].events |= POLLIN;
    if (state->output->len > 0)
        fds[0].events |= POLLOUT;

    if (poll(fds, G_N_ELEMENTS(fds), lxcExecTimeout(state)) < 0)
        return;

    if (fds[4].revents)
        lxcExecReap(state);
    if (fds[2].revents)
        lxcExecReadOutput(state, &pump->output, VIR_LXC_EXEC_MESSAGE_STDOUT);
    if (fds[3].revents)
        lxcExecReadOutput(state, &pump->errors, VIR_LXC_EXEC_MESSAGE_STDERR);
    if (fds[1].revents)
        lxcExecWriteInput(state);
    if (fds[0].revents & POLLOUT && !lxcExecFlush(pump->stream, state->output))
        lxcExecHangup(state);
    else if (fds[0].revents & (POLLIN | POLLHUP | POLLERR))
        lxcExecReadStream(state);
}

/* Waits for the client only, which may be slow. */
static bool
lxcExecFlushToClient(lxcExecState *state)
{
    struct pollfd stream = {.fd = state->pump->stream, .events = POLLOUT};

    while (state->pump->stream >= 0 && state->output->len > 0) {
        if (poll(&stream, 1, -1) < 0 && errno != EINTR)
            return false;
        if (!(stream.revents & POLLOUT) ||
            !lxcExecFlush(state->pump->stream, state->output))
            return false;
    }
    return state->pump->stream >= 0;
}

/* Everything that the program wrote before it ended can be read now. What its
 * children go on writing is limited. Returns whether there was output. */
static bool
lxcExecDrain(lxcExecState *state, int *fd, virLXCExecMessageType type,
             size_t *limit)
{
    guint before = state->output->len;

    if (*limit == 0 || !lxcExecReadOutput(state, fd, type))
        return false;

    *limit -= MIN(*limit, state->output->len - before);
    return true;
}

static void
lxcExecFinish(lxcExecState *state)
{
    size_t limits[] = {LXC_EXEC_LAST_OUTPUT_MAX, LXC_EXEC_LAST_OUTPUT_MAX};
    bool more = true;

    while (more && state->pump->stream >= 0) {
        more = lxcExecDrain(state, &state->pump->output,
                            VIR_LXC_EXEC_MESSAGE_STDOUT, &limits[0]);
        if (lxcExecDrain(state, &state->pump->errors,
                         VIR_LXC_EXEC_MESSAGE_STDERR, &limits[1]))
            more = true;
        if (!lxcExecFlushToClient(state))
            return;
    }

    lxcExecAppendEnd(state);
    if (lxcExecFlushToClient(state))
        shutdown(state->pump->stream, SHUT_WR);
}

int
virLXCExecPumpRun(virLXCExecPump *pump)
{
    g_autoptr(GByteArray) received = g_byte_array_new();
    g_autoptr(GByteArray) input = g_byte_array_new();
    g_autoptr(GByteArray) output = g_byte_array_new();
    lxcExecState state = {
        .pump = pump,
        .received = received,
        .input = input,
        .output = output,
    };

    signal(SIGPIPE, SIG_IGN);
    while (!state.ended)
        lxcExecPoll(&state);
    lxcExecFinish(&state);

    virLXCDescriptorClose(&pump->input);
    virLXCDescriptorClose(&pump->output);
    virLXCDescriptorClose(&pump->errors);
    return state.status;
}

/* If the socket were closed while the daemon still passes input on, its write
 * would fail, and the client would get that error instead of the exit status.
 */
void
virLXCExecPumpDrain(virLXCExecPump *pump)
{
    gint64 end =
        g_get_monotonic_time() + VIR_LXC_EXEC_HANGUP_SECONDS * LXC_EXEC_USEC;
    struct pollfd stream = {.fd = pump->stream, .events = POLLIN};
    guint8 part[VIR_LXC_EXEC_MESSAGE_MAX];
    gint64 left;

    while (pump->stream >= 0 && (left = end - g_get_monotonic_time()) > 0) {
        ssize_t got;

        if (poll(&stream, 1, (int)(left / 1000) + 1) <= 0)
            continue;
        got = read(pump->stream, part, sizeof(part));
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            break;
    }
    virLXCDescriptorClose(&pump->stream);
}
