/*
 * test_seccomp_listener.c: a listener on its way to the agent
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "seccomp_listener.h"

/* Any descriptor will do. */
static int
testOpen(void)
{
    int fd = open("/", O_PATH | O_CLOEXEC);

    g_assert_no_errno(fd);
    return fd;
}

static unsigned int
testCountOpen(void)
{
    unsigned int n = 0;
    int fd;

    for (fd = 0; fd < 256; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void
testSend(int fd, const char *text, const int *fds, size_t n)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(32 * sizeof(int))];
    } control = {0};
    struct iovec data = {.iov_base = (char *)text, .iov_len = strlen(text)};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};

    if (n > 0) {
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(n * sizeof(int));
        memcpy(CMSG_DATA(&control.header), fds, n * sizeof(int));
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(n * sizeof(int));
    }
    g_assert_no_errno((int)sendmsg(fd, &message, 0));
}

/* --- from init to the controller ----------------------------------------- */

typedef struct {
    const char *name;
    const char *text;
    size_t fds;
    const char *error; /* or NULL */
} testReceiveRow;

#define ELSE "the container sent something other than its seccomp listener"

static const testReceiveRow testReceiveRows[] = {
    {"one", "l", 1, NULL},
    {"more-follows", "lmore", 1, NULL},
    {"none", "l", 0, ELSE},
    {"two", "l", 2, ELSE},
    {"thirty", "l", 30, ELSE},
    {"another-byte", "e", 1, ELSE},
    {"an-error", "etext", 0, ELSE},
    {"nothing", "", 0,
     "the container exited before sending its seccomp listener"},
};

static void
testReceive(const void *opaque)
{
    const testReceiveRow *row = opaque;
    g_autoptr(GError) error = NULL;
    unsigned int open = testCountOpen();
    int fds[32] = {0};
    int sockets[2];
    int fd;

    g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
    if (row->text[0])
        testSend(sockets[0], row->text, fds, row->fds);
    close(sockets[0]);

    fd = virLXCSeccompListenerReceive(sockets[1], &error);
    if (row->error) {
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_SYSTEM);
        g_assert_cmpstr(error->message, ==, row->error);
        g_assert_cmpint(fd, ==, -1);
    } else {
        g_assert_no_error(error);
        g_assert_cmpint(fcntl(fd, F_GETFD), ==, FD_CLOEXEC);
        close(fd);
    }
    close(sockets[1]);
    g_assert_cmpuint(testCountOpen(), ==, open);
}

/* --- the connection ------------------------------------------------------ */

static int
testListen(const char *path, int backlog)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
    g_assert_no_errno(bind(server, (void *)&address, sizeof(address)));
    g_assert_no_errno(listen(server, backlog));
    return server;
}

static void
testCannotConnect(const char *path, const char *expected)
{
    g_autoptr(GError) error = NULL;
    unsigned int open = testCountOpen();

    g_assert_cmpint(virLXCSeccompListenerConnect(path, &error), ==, -1);
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                   VIR_LXC_CONFINEMENT_ERROR_SYSTEM);
    g_assert_cmpstr(error->message, ==, expected);
    g_assert_cmpuint(testCountOpen(), ==, open);
}

static void
testConnectNobody(void)
{
    g_autofree char *name = g_strnfill(107, 'x');
    g_autofree char *longer = g_strnfill(108, 'x');
    g_autofree char *notFound = NULL;
    g_autofree char *tooLong = NULL;

    name[0] = longer[0] = '/';
    notFound = g_strdup_printf("cannot connect to the seccomp agent at '%s': "
                               "No such file or directory",
                               name);
    tooLong =
        g_strdup_printf("the path of the seccomp agent's socket is longer "
                        "than 107 bytes: '%s'",
                        longer);

    testCannotConnect("/", "cannot connect to the seccomp agent at '/': "
                           "Connection refused");
    testCannotConnect(name, notFound);
    testCannotConnect(longer, tooLong);
}

/* Too many wait to be accepted already. */
static void
testConnectBusy(void)
{
    g_autofree char *dir = g_dir_make_tmp("seccomp-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "agent", NULL);
    g_autofree char *expected = g_strdup_printf(
        "cannot connect to the seccomp agent at '%s': Connection timed out",
        path);
    g_autoptr(GError) error = NULL;
    gint64 begun = g_get_monotonic_time();
    int server = testListen(path, 0);
    int fd = virLXCSeccompListenerConnect(path, &error);

    g_assert_no_error(error);
    g_assert_cmpint(fcntl(fd, F_GETFD), ==, FD_CLOEXEC);
    testCannotConnect(path, expected);
    g_assert_cmpint(g_get_monotonic_time() - begun, >, 4 * G_TIME_SPAN_SECOND);

    close(fd);
    close(server);
    unlink(path);
    rmdir(dir);
}

/* --- from the controller to the agent ------------------------------------ */

#define BEGIN "{\"ociVersion\":\"1.0.2\",\"fds\":[\"seccompFd\"],\"pid\":4422,"
#define STATE_OF(status, init)                                              \
    "\"state\":{\"ociVersion\":\"1.0.2\",\"id\":\"guest\","                 \
    "\"status\":\"" status "\",\"pid\":" init ",\"bundle\":\"/run/guest\"," \
    "\"annotations\":{\"org.libvirt.uuid\":\"c7a5\"}}}"
#define STATE STATE_OF("creating", "4422")

/* A connection as virLXCSeccompListenerConnect() makes it, and its other end.
 */
static int
testConnect(int *agent)
{
    g_autofree char *dir = g_dir_make_tmp("seccomp-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "agent", NULL);
    g_autoptr(GError) error = NULL;
    int server = testListen(path, 1);
    int fd = virLXCSeccompListenerConnect(path, &error);

    g_assert_no_error(error);
    *agent = accept(server, NULL, NULL);
    g_assert_no_errno(*agent);
    close(server);
    unlink(path);
    rmdir(dir);
    return fd;
}

static virLXCSeccompListenerState
testStateMake(const char *metadata)
{
    return (virLXCSeccompListenerState){
        .id = "guest",
        .uuid = "c7a5",
        .bundle = "/run/guest",
        .pid = 4422,
        .init = 4422,
        .metadata = metadata,
    };
}

/* Reads to the end: one descriptor, with the first byte. */
static char *
testAgentRead(int agent, int fd)
{
    char byte;
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec data = {&byte, 1};
    GString *text = g_string_new(NULL);
    struct stat sent, got;
    int copy = -1;
    ssize_t n;

    do {
        struct msghdr message = {
            .msg_iov = &data,
            .msg_iovlen = 1,
            .msg_control = &control,
            .msg_controllen = sizeof(control),
        };

        n = recvmsg(agent, &message, 0);
        g_assert_no_errno((int)n);
        g_string_append_len(text, &byte, n);
        g_assert_cmpuint(message.msg_controllen != 0, ==, text->len == 1 && n);
        if (message.msg_controllen)
            memcpy(&copy, CMSG_DATA(&control.header), sizeof(int));
    } while (n > 0);

    g_assert_no_errno(fstat(fd, &sent));
    g_assert_no_errno(fstat(copy, &got));
    g_assert_cmpuint(sent.st_ino, ==, got.st_ino);
    close(copy);
    return g_string_free(text, FALSE);
}

static void
testSendText(const virLXCSeccompListenerState *state, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    int fd = testOpen();
    int agent;
    int connection = testConnect(&agent);

    g_assert_cmpint(virLXCSeccompListenerSend(connection, fd, state, &error),
                    ==, 0);
    g_assert_no_error(error);
    text = testAgentRead(agent, fd);
    g_assert_cmpstr(text, ==, expected);
    close(connection);
    close(agent);
    close(fd);
}

static void
testSendTexts(void)
{
    virLXCSeccompListenerState state = testStateMake(NULL);

    testSendText(&state, BEGIN STATE);
    state.metadata = "";
    testSendText(&state, BEGIN "\"metadata\":\"\"," STATE);
    state.metadata = "a=\"ä\\\n\"";
    testSendText(&state, BEGIN "\"metadata\":\"a=\\\"ä\\\\\\n\\\"\"," STATE);
}

/* One that joins is not the container's init. */
static void
testSendJoining(void)
{
    virLXCSeccompListenerState state = testStateMake(NULL);

    state.init = 17;
    testSendText(&state, BEGIN STATE_OF("running", "17"));
}

static void
testCannotSend(int connection, const char *metadata, const char *expected)
{
    virLXCSeccompListenerState state = testStateMake(metadata);
    g_autoptr(GError) error = NULL;
    int fd = testOpen();

    g_assert_cmpint(virLXCSeccompListenerSend(connection, fd, &state, &error),
                    ==, -1);
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                   VIR_LXC_CONFINEMENT_ERROR_SYSTEM);
    g_assert_cmpstr(error->message, ==, expected);
    close(fd);
}

static void
testSendNotText(void)
{
    int agent;
    int connection = testConnect(&agent);

    testCannotSend(connection, "\xff",
                   "the state for the seccomp agent is not valid UTF-8");
    close(connection);
    close(agent);
}

static void
testSendToNobody(void)
{
    int agent;
    int connection = testConnect(&agent);

    close(agent);
    testCannotSend(
        connection, NULL,
        "cannot send the seccomp listener to the agent: Broken pipe");
    close(connection);
}

/* More than the socket's buffer holds. The limit is that of connecting, except
 * for a test that is long. */
static void
testSendToSleeper(void)
{
    struct timeval limit = {.tv_usec = 100000};
    g_autofree char *metadata = g_strnfill(4 << 20, 'x');
    int agent;
    int connection = testConnect(&agent);

    g_assert_no_errno(
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)));
    testCannotSend(connection, metadata,
                   "cannot send the seccomp listener to the agent: "
                   "Connection timed out");
    close(connection);
    close(agent);
}

int
main(int argc, char **argv)
{
    size_t i;

    g_test_init(&argc, &argv, NULL);

    for (i = 0; i < G_N_ELEMENTS(testReceiveRows); i++) {
        g_autofree char *path = g_strconcat("/seccomp/listener/receive/",
                                            testReceiveRows[i].name, NULL);

        g_test_add_data_func(path, &testReceiveRows[i], testReceive);
    }
    g_test_add_func("/seccomp/listener/connect/nobody", testConnectNobody);
    g_test_add_func("/seccomp/listener/connect/busy", testConnectBusy);
    g_test_add_func("/seccomp/listener/send/text", testSendTexts);
    g_test_add_func("/seccomp/listener/send/joining", testSendJoining);
    g_test_add_func("/seccomp/listener/send/not-text", testSendNotText);
    g_test_add_func("/seccomp/listener/send/nobody", testSendToNobody);
    g_test_add_func("/seccomp/listener/send/sleeper", testSendToSleeper);
    return g_test_run();
}
