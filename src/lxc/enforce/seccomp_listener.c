/*
 * seccomp_listener.c: pass the seccomp listener to the agent
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a listener from init, and the state of its container. Out: both have been
 * sent to the agent.
 */

#include "seccomp_listener.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <yajl/yajl_gen.h>

#include "i18n.h"

/* Timeout for an agent that neither accepts nor reads. */
#define LXC_SECCOMP_AGENT_SECONDS 5

#define LXC_SECCOMP_OCI_VERSION "1.0.2"

/* More than one descriptor is an error, but all of them must be closed. */
#define LXC_SECCOMP_FDS_MAX 16

typedef union {
    struct cmsghdr header;
    char space[CMSG_SPACE(LXC_SECCOMP_FDS_MAX * sizeof(int))];
} lxcSeccompControl;

G_DEFINE_AUTO_CLEANUP_FREE_FUNC(yajl_gen, yajl_gen_free, NULL)

/* The timeout also applies to connect(2) while the agent's backlog is full. */
static int
lxcSeccompConnect(int fd, const struct sockaddr_un *address)
{
    struct timeval limit = {.tv_sec = LXC_SECCOMP_AGENT_SECONDS};
    int rc;

    if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) < 0)
        return -1;

    do {
        rc = connect(fd, (const struct sockaddr *)address, sizeof(*address));
    } while (rc < 0 && errno == EINTR);

    if (rc < 0 && errno == EAGAIN)
        errno = ETIMEDOUT;
    return rc;
}

int
virLXCSeccompListenerConnect(const char *path, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (g_strlcpy(address.sun_path, path, sizeof(address.sun_path)) >=
        sizeof(address.sun_path))
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
            _("the path of the seccomp agent's socket is longer than "
              "%1$zu bytes: '%2$s'"),
            sizeof(address.sun_path) - 1, path);

    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || lxcSeccompConnect(fd, &address) < 0) {
        virLXCSetSystemError(error, errno,
                             _("cannot connect to the seccomp agent at '%1$s'"),
                             path);
        if (fd >= 0)
            close(fd);
        return -1;
    }

    return fd;
}

static void
lxcSeccompTakeDescriptors(struct msghdr *message, GArray *fds)
{
    struct cmsghdr *header;

    for (header = CMSG_FIRSTHDR(message); header;
         header = CMSG_NXTHDR(message, header)) {
        size_t length = header->cmsg_len - CMSG_LEN(0);

        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
            g_array_append_vals(fds, CMSG_DATA(header), length / sizeof(int));
    }
}

/* Returns one byte, or -1, and appends the descriptors received with it to
 * @fds. */
static int
lxcSeccompReceive(int handshake, GArray *fds, GError **error)
{
    char byte = '\0';
    lxcSeccompControl control = {0};
    struct iovec data = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &data,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof(control),
    };
    ssize_t got;

    do {
        got = recvmsg(handshake, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);

    if (got < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot receive the container's seccomp listener"));
    if (got == 0)
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
            _("the container exited before sending its seccomp listener"));

    lxcSeccompTakeDescriptors(&message, fds);
    return (unsigned char)byte;
}

int
virLXCSeccompListenerReceive(int handshake, GError **error)
{
    g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));
    int byte = lxcSeccompReceive(handshake, fds, error);
    size_t i;

    if (byte < 0)
        return -1;

    if (fds->len == 1 && byte == VIR_LXC_SECCOMP_LISTENER_BYTE)
        return g_array_index(fds, int, 0);

    for (i = 0; i < fds->len; i++)
        close(g_array_index(fds, int, i));
    return virLXCSetError(
        error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
        _("the container sent something other than its seccomp listener"));
}

static void
lxcSeccompAddString(yajl_gen json, const char *text)
{
    yajl_gen_string(json, (const unsigned char *)text, strlen(text));
}

static void
lxcSeccompAddMember(yajl_gen json, const char *name, const char *value)
{
    lxcSeccompAddString(json, name);
    lxcSeccompAddString(json, value);
}

static void
lxcSeccompAddPid(yajl_gen json, pid_t pid)
{
    lxcSeccompAddString(json, "pid");
    yajl_gen_integer(json, pid);
}

/* runtime.md of the OCI runtime specification, "State" */
static void
lxcSeccompAddState(yajl_gen json, const virLXCSeccompListenerState *state)
{
    lxcSeccompAddString(json, "state");
    yajl_gen_map_open(json);
    lxcSeccompAddMember(json, "ociVersion", LXC_SECCOMP_OCI_VERSION);
    lxcSeccompAddMember(json, "id", state->id);
    lxcSeccompAddMember(json, "status",
                        state->pid == state->init ? "creating" : "running");
    lxcSeccompAddPid(json, state->init);
    lxcSeccompAddMember(json, "bundle", state->bundle);
    lxcSeccompAddString(json, "annotations");
    yajl_gen_map_open(json);
    lxcSeccompAddMember(json, "org.libvirt.uuid", state->uuid);
    yajl_gen_map_close(json);
    yajl_gen_map_close(json);
}

/* config-linux.md of the OCI runtime specification, "The Container Process
 * State" */
static void
lxcSeccompAddProcessState(yajl_gen json,
                          const virLXCSeccompListenerState *state)
{
    yajl_gen_map_open(json);
    lxcSeccompAddMember(json, "ociVersion", LXC_SECCOMP_OCI_VERSION);
    lxcSeccompAddString(json, "fds");
    yajl_gen_array_open(json);
    lxcSeccompAddString(json, "seccompFd");
    yajl_gen_array_close(json);
    lxcSeccompAddPid(json, state->pid);
    if (state->metadata)
        lxcSeccompAddMember(json, "metadata", state->metadata);
    lxcSeccompAddState(json, state);
    yajl_gen_map_close(json);
}

static bool
lxcSeccompIsText(const virLXCSeccompListenerState *state)
{
    return g_utf8_validate(state->id, -1, NULL) &&
           g_utf8_validate(state->uuid, -1, NULL) &&
           g_utf8_validate(state->bundle, -1, NULL) &&
           (!state->metadata || g_utf8_validate(state->metadata, -1, NULL));
}

static int
lxcSeccompSend(int agent, struct iovec *data, int listener)
{
    lxcSeccompControl control = {0};
    struct msghdr message = {.msg_iov = data, .msg_iovlen = 1};
    ssize_t sent;

    if (listener >= 0) {
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.header), &listener, sizeof(int));
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int));
    }

    do {
        sent = sendmsg(agent, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);

    if (sent < 0) {
        errno = errno == EAGAIN ? ETIMEDOUT : errno;
        return -1;
    }
    data->iov_base = (char *)data->iov_base + sent;
    data->iov_len -= sent;
    return 0;
}

/* The listener is sent with the first byte, and only once. */
static int
lxcSeccompSendAll(int agent, const char *text, size_t length, int listener)
{
    struct iovec data = {.iov_base = (char *)text, .iov_len = length};

    if (lxcSeccompSend(agent, &data, listener) < 0)
        return -1;
    while (data.iov_len > 0) {
        if (lxcSeccompSend(agent, &data, -1) < 0)
            return -1;
    }
    return shutdown(agent, SHUT_WR);
}

int
virLXCSeccompListenerSend(int agent, int listener,
                          const virLXCSeccompListenerState *state,
                          GError **error)
{
    g_auto(yajl_gen) json = NULL;
    const unsigned char *text;
    size_t length;

    if (!lxcSeccompIsText(state))
        return virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_SYSTEM,
            _("the state for the seccomp agent is not valid UTF-8"));

    json = yajl_gen_alloc(NULL);
    lxcSeccompAddProcessState(json, state);
    yajl_gen_get_buf(json, &text, &length);

    if (lxcSeccompSendAll(agent, (const char *)text, length, listener) < 0)
        return virLXCSetSystemError(
            error, errno, _("cannot send the seccomp listener to the agent"));
    return 0;
}
