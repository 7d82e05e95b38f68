/*
 * test_exec_message.c: messages and requests of the exec server
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error.h"
#include "exec_channel.h"
#include "exec_message.h"
#include "exec_request.h"

static void
testMessages(void)
{
    g_autoptr(GByteArray) buffer = g_byte_array_new();
    virLXCExecMessage message;
    gsize done = 0;
    gsize i;

    virLXCExecMessageAppend(buffer, VIR_LXC_EXEC_MESSAGE_STDIN, "abc", 3);
    virLXCExecMessageAppend(buffer, VIR_LXC_EXEC_MESSAGE_RESIZE,
                            "\0\0\1\0\0\0\0\7", 8);
    virLXCExecMessageAppendNumber(buffer, VIR_LXC_EXEC_MESSAGE_SIGNAL, 15);
    virLXCExecMessageAppend(buffer, VIR_LXC_EXEC_MESSAGE_DETACH, NULL, 0);
    g_assert_cmpmem(buffer->data, 11, "\0\0\0\1\0\0\0\3abc", 11);

    for (i = 0; i < 11; i++)
        g_assert_cmpint(virLXCExecMessageParse(buffer->data, i, &message, NULL),
                        ==, 0);

    g_assert_cmpint(
        virLXCExecMessageParse(buffer->data, buffer->len, &message, NULL), ==,
        11);
    g_assert_cmpint(message.type, ==, VIR_LXC_EXEC_MESSAGE_STDIN);
    g_assert_cmpmem(message.data, message.length, "abc", 3);
    done = 11;
    g_assert_cmpint(virLXCExecMessageParse(buffer->data + done,
                                           buffer->len - done, &message, NULL),
                    ==, 16);
    g_assert_cmpint(message.numbers[0], ==, 256);
    g_assert_cmpint(message.numbers[1], ==, 7);
    done += 16;
    g_assert_cmpint(virLXCExecMessageParse(buffer->data + done,
                                           buffer->len - done, &message, NULL),
                    ==, 12);
    g_assert_cmpint(message.numbers[0], ==, 15);
    done += 12;
    g_assert_cmpint(virLXCExecMessageParse(buffer->data + done,
                                           buffer->len - done, &message, NULL),
                    ==, 8);
    g_assert_cmpint(message.type, ==, VIR_LXC_EXEC_MESSAGE_DETACH);
}

/* What only the other side sends is invalid, too. */
static void
testInvalidMessages(void)
{
    static const struct {
        guint32 type;
        guint32 length;
    } rows[] = {
        {0, 0},          {VIR_LXC_EXEC_MESSAGE_STDIN, 65537},
        {2, 7},          {2, 9},
        {3, 0},          {3, 8},
        {4, 1},          {VIR_LXC_EXEC_MESSAGE_STDOUT, 1},
        {6, 1},          {7, 4},
        {8, 4},          {9, 0},
        {0xffffffff, 0}, {1, 0xffffffff},
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        guint32 header[2] = {GUINT32_TO_BE(rows[i].type),
                             GUINT32_TO_BE(rows[i].length)};
        g_autoptr(GError) error = NULL;
        virLXCExecMessage message;

        g_assert_cmpint(virLXCExecMessageParse((const guint8 *)header,
                                               sizeof(header), &message,
                                               &error),
                        ==, -1);
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_INVALID);
    }
}

typedef struct {
    int ours;
    int theirs;
} testPair;

static testPair
testPairNew(void)
{
    int fds[2];

    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==,
                    0);
    return (testPair){fds[0], fds[1]};
}

static void
testRequest(void)
{
    char *argv[] = {(char *)"/bin/\xff", (char *)"", (char *)"b c", NULL};
    char *env[] = {(char *)"A=1", NULL};
    virLXCExecRequest sent = {
        .uuid = (char *)"u",
        .argv = argv,
        .env = env,
        .user = (char *)"alice",
        .cwd = (char *)"/tmp",
        .rows = 24,
        .columns = 80,
        .flags = VIR_LXC_EXEC_TTY,
        .timeout = 30,
        .max = 64,
    };
    testPair pair = testPairNew();
    testPair stream = testPairNew();
    g_autoptr(virLXCExecRequest) got = NULL;
    g_autoptr(GError) error = NULL;
    int passed = -1;

    g_assert_cmpint(
        virLXCExecRequestSend(pair.ours, &sent, stream.theirs, &error), ==, 0);
    close(stream.theirs);
    got = virLXCExecRequestReceive(pair.theirs, &passed, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(got->uuid, ==, "u");
    g_assert_cmpstrv(got->argv, argv);
    g_assert_cmpstrv(got->env, env);
    g_assert_cmpstr(got->user, ==, "alice");
    g_assert_null(got->group);
    g_assert_cmpstr(got->cwd, ==, "/tmp");
    g_assert_cmpint(got->rows, ==, 24);
    g_assert_cmpint(got->columns, ==, 80);
    g_assert_cmpint(got->flags, ==, VIR_LXC_EXEC_TTY);
    g_assert_cmpint(got->timeout, ==, 30);
    g_assert_cmpint(got->max, ==, 64);
    g_assert_cmpint(write(passed, "x", 1), ==, 1);
    close(passed);
    close(stream.ours);
    close(pair.ours);
    close(pair.theirs);
}

static void
testSendVariant(int fd, const char *text)
{
    g_autoptr(GVariant) variant =
        g_variant_ref_sink(g_variant_new_parsed(text));
    guint32 size = g_variant_get_size(variant);

    g_assert_cmpint(virLXCExecSend(fd, &size, sizeof(size), -1), ==, 0);
    g_assert_cmpint(virLXCExecSend(fd, g_variant_get_data(variant), size, -1),
                    ==, 0);
}

static void
testInvalidRequests(void)
{
    static const char *rows[] = {
        "@a{sv} {}",
        "{'argv': <@aay []>, 'flags': <@u 2>}",
        "{'argv': <[b'']>, 'flags': <@u 2>}",
        "{'argv': <[b'/a']>, 'flags': <@u 0>}",
        "{'argv': <[b'/a']>, 'flags': <@u 18>}",
        "{'argv': <'/a'>, 'flags': <@u 2>}",
        "{'argv': <[b'/a']>, 'flags': <'2'>}",
        "{'argv': <[b'/a']>, 'flags': <@u 2>, 'new': <1>}",
        "{'argv': <[b'/a']>, 'argv': <[b'/b']>, 'flags': <@u 2>}",
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        testPair pair = testPairNew();
        g_autoptr(GError) error = NULL;
        int passed = -1;

        testSendVariant(pair.ours, rows[i]);
        g_assert_null(virLXCExecRequestReceive(pair.theirs, &passed, &error));
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_INVALID);
        close(pair.ours);
        close(pair.theirs);
    }
}

/* Bytes that are not a GVariant, and messages that are too long or end early */
static void
testGarbage(void)
{
    guint32 i;

    for (i = 0; i < 2000; i++) {
        testPair pair = testPairNew();
        g_autoptr(virLXCExecRequest) got = NULL;
        g_autoptr(GError) error = NULL;
        guint8 bytes[64];
        guint32 size = g_test_rand_int_range(0, 80);
        int passed = -1;
        size_t j;

        for (j = 0; j < sizeof(bytes); j++)
            bytes[j] = (guint8)g_test_rand_int();
        if (i % 10 == 0)
            size = VIR_LXC_EXEC_SIZE_MAX + 1 + i;
        g_assert_cmpint(virLXCExecSend(pair.ours, &size, sizeof(size), -1), ==,
                        0);
        g_assert_cmpint(virLXCExecSend(pair.ours, bytes, sizeof(bytes), -1), ==,
                        0);
        close(pair.ours);
        got = virLXCExecRequestReceive(pair.theirs, &passed, &error);
        g_assert_null(got);
        g_assert_nonnull(error);
        close(pair.theirs);
    }
}

static void
testReply(void)
{
    virLXCExecReply sent = {
        .kind = VIR_LXC_EXEC_NOT_EXECUTED,
        .number = -2,
        .message = (char *)"no",
    };
    testPair pair = testPairNew();
    g_autoptr(virLXCExecReply) got = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(virLXCExecReplySend(pair.ours, &sent, &error), ==, 0);
    got = virLXCExecReplyReceive(pair.theirs, &error);
    g_assert_no_error(error);
    g_assert_cmpint(got->kind, ==, VIR_LXC_EXEC_NOT_EXECUTED);
    g_assert_cmpint(got->number, ==, -2);
    g_assert_cmpstr(got->message, ==, "no");

    close(pair.ours);
    g_assert_null(virLXCExecReplyReceive(pair.theirs, &error));
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                   VIR_LXC_CONFINEMENT_ERROR_SYSTEM);
    close(pair.theirs);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exec/messages", testMessages);
    g_test_add_func("/exec/invalid-messages", testInvalidMessages);
    g_test_add_func("/exec/request", testRequest);
    g_test_add_func("/exec/invalid-requests", testInvalidRequests);
    g_test_add_func("/exec/garbage", testGarbage);
    g_test_add_func("/exec/reply", testReply);
    return g_test_run();
}
