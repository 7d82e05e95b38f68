/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Deeds that Landlock's rights are about, as far as others have not got them.
 */
#include "probe.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define WAIT_SECONDS 600

static void
deedList(char **args)
{
    say(NULL, "%s", outcome(opendir(args[0]) ? 0 : -1));
}

static void
deedCreate(char **args)
{
    say(NULL, "%s", outcome(open(args[0], O_WRONLY | O_CREAT | O_EXCL, 0600)));
}

/* append PATH TEXT */
static void
deedAppend(char **args)
{
    int fd = open(args[0], O_WRONLY | O_APPEND | O_CLOEXEC);

    say(NULL, "%s", outcome(fd < 0 ? -1 : write(fd, args[1], strlen(args[1]))));
}

static void
deedTruncate(char **args)
{
    say(NULL, "%s", outcome(truncate(args[0], 0)));
}

static void
deedUnlink(char **args)
{
    say(NULL, "%s", outcome(unlink(args[0])));
}

static void
deedRmdir(char **args)
{
    say(NULL, "%s", outcome(rmdir(args[0])));
}

static void
deedMkfifo(char **args)
{
    say(NULL, "%s", outcome(mkfifo(args[0], 0600)));
}

static void
deedSymlink(char **args)
{
    say(NULL, "%s", outcome(symlink("anything", args[0])));
}

/* link-to TARGET PATH: a symbolic link */
static void
deedLinkTo(char **args)
{
    say(NULL, "%s", outcome(symlink(args[0], args[1])));
}

static void
deedRename(char **args)
{
    say(NULL, "%s", outcome(rename(args[0], args[1])));
}

static void
deedLink(char **args)
{
    say(NULL, "%s", outcome(link(args[0], args[1])));
}

/* ioctl PATH: of a random number device; not one of those that Landlock never
 * restricts, as FIONREAD of a file or FIOCLEX are */
static void
deedIoctl(char **args)
{
    int fd = open(args[0], O_RDONLY | O_CLOEXEC);
    int bits;

    say(NULL, "%s", outcome(fd < 0 ? -1 : ioctl(fd, RNDGETENTCNT, &bits)));
}

static int
unixAddress(const char *path, struct sockaddr_un *address)
{
    int length =
        snprintf(address->sun_path, sizeof(address->sun_path), "%s", path);

    address->sun_family = AF_UNIX;
    if (path[0] == '@')
        address->sun_path[0] = 0;
    return offsetof(struct sockaddr_un, sun_path) + length;
}

/* bind-unix PATH: a name in the file system */
static void
deedBindUnix(char **args)
{
    struct sockaddr_un address = {0};
    int length = unixAddress(args[0], &address);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    say(NULL, "%s", outcome(bind(fd, (struct sockaddr *)&address, length)));
}

/* connect-unix PATH|@NAME */
static void
deedConnectUnix(char **args)
{
    struct sockaddr_un address = {0};
    int length = unixAddress(args[0], &address);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    say(NULL, "%s", outcome(connect(fd, (struct sockaddr *)&address, length)));
}

/* A process that lives on, with what it has open */
static void
stay(void)
{
    if (fork() != 0)
        return;
    for (;;)
        pause();
}

/* listen-unix @NAME */
static void
deedListenUnix(char **args)
{
    struct sockaddr_un address = {0};
    int length = unixAddress(args[0], &address);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    int rc = bind(fd, (struct sockaddr *)&address, length);

    if (rc == 0 && (rc = listen(fd, 8)) == 0)
        stay();
    say(NULL, "%s", outcome(rc));
}

static struct sockaddr_in
tcpAddress(const char *port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons(atoi(port)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
}

/* listen PORT */
static void
deedListen(char **args)
{
    struct sockaddr_in address = tcpAddress(args[0]);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int rc = bind(fd, (struct sockaddr *)&address, sizeof(address));

    if (rc == 0 && (rc = listen(fd, 8)) == 0)
        stay();
    say(NULL, "%s", outcome(rc));
}

/* connect PORT */
static void
deedConnect(char **args)
{
    struct sockaddr_in address = tcpAddress(args[0]);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    say(NULL, "%s",
        outcome(connect(fd, (struct sockaddr *)&address, sizeof(address))));
}

/* listen-by PROTOCOL PORT: of TCP's family, by number */
static void
deedListenBy(char **args)
{
    struct sockaddr_in address = tcpAddress(args[1]);
    int fd = socket(AF_INET, SOCK_STREAM, atoi(args[0]));
    int rc =
        fd < 0 ? -1 : bind(fd, (struct sockaddr *)&address, sizeof(address));

    if (rc == 0 && (rc = listen(fd, 8)) == 0)
        stay();
    say(NULL, "%s", outcome(rc));
}

/* connect-by PROTOCOL PORT */
static void
deedConnectBy(char **args)
{
    struct sockaddr_in address = tcpAddress(args[1]);
    int fd = socket(AF_INET, SOCK_STREAM, atoi(args[0]));

    say(NULL, "%s",
        outcome(fd < 0 ? -1
                       : connect(fd, (struct sockaddr *)&address,
                                 sizeof(address))));
}

/* fast-open CALL PORT: connect with data, by sendto, sendmsg or sendmmsg */
static void
deedFastOpen(char **args)
{
    struct sockaddr_in address = tcpAddress(args[1]);
    struct iovec data = {.iov_base = "x", .iov_len = 1};
    struct mmsghdr message = {.msg_hdr = {
                                  .msg_name = &address,
                                  .msg_namelen = sizeof(address),
                                  .msg_iov = &data,
                                  .msg_iovlen = 1,
                              }};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    int rc;

    if (strcmp(args[0], "sendto") == 0)
        rc = sendto(fd, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&address,
                    sizeof(address));
    else if (strcmp(args[0], "sendmsg") == 0)
        rc = sendmsg(fd, &message.msg_hdr, MSG_FASTOPEN);
    else
        rc = sendmmsg(fd, &message, 1, MSG_FASTOPEN);
    say(NULL, "%s", outcome(rc));
}

/* send-udp PORT */
static void
deedSendUdp(char **args)
{
    struct sockaddr_in address = tcpAddress(args[0]);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    say(NULL, "%s",
        outcome(sendto(fd, "x", 1, 0, (struct sockaddr *)&address,
                       sizeof(address))));
}

/* wait PATH: until it is there */
static void
deedWait(char **args)
{
    struct stat sb;
    int i;

    for (i = 0; i < WAIT_SECONDS * 100; i++) {
        if (stat(args[0], &sb) == 0) {
            say(NULL, "OK");
            return;
        }
        usleep(10000);
    }
    say(NULL, "%s", outcome(-1));
}

/* signal PATH: SIGTERM to the process whose number is in the file */
static void
deedSignal(char **args)
{
    FILE *file = fopen(args[0], "re");
    int pid;

    if (!file || fscanf(file, "%d", &pid) != 1)
        say(NULL, "no process");
    else
        say(NULL, "%s", outcome(kill(pid, SIGTERM)));
}

const Deed landlockDeeds[] = {
    {"list", 1, deedList},
    {"create", 1, deedCreate},
    {"append", 2, deedAppend},
    {"truncate", 1, deedTruncate},
    {"unlink", 1, deedUnlink},
    {"rmdir", 1, deedRmdir},
    {"mkfifo", 1, deedMkfifo},
    {"symlink", 1, deedSymlink},
    {"link-to", 2, deedLinkTo},
    {"rename", 2, deedRename},
    {"link", 2, deedLink},
    {"ioctl", 1, deedIoctl},
    {"bind-unix", 1, deedBindUnix},
    {"connect-unix", 1, deedConnectUnix},
    {"listen-unix", 1, deedListenUnix},
    {"listen", 1, deedListen},
    {"connect", 1, deedConnect},
    {"listen-by", 2, deedListenBy},
    {"connect-by", 2, deedConnectBy},
    {"fast-open", 2, deedFastOpen},
    {"send-udp", 1, deedSendUdp},
    {"wait", 1, deedWait},
    {"signal", 1, deedSignal},
    {NULL, 0, NULL},
};
