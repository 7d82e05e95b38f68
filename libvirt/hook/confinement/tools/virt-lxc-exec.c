/*
 * virt-lxc-exec.c: run a program in a container
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <fcntl.h>
#include <getopt.h>
#include <unistd.h>

#include "virlxcexecclient.h"
#include "virlxcexecterminal.h"

#include "virerror.h"
#include "virgettext.h"
#include "viruuid.h"

#define VIR_FROM_THIS VIR_FROM_NONE

#define LXC_EXEC_DEFAULT_URI "lxc:///system"
#define LXC_EXEC_KEEPALIVE_INTERVAL 5
#define LXC_EXEC_KEEPALIVE_COUNT 6

enum {
    LXC_EXEC_OPTION_CWD = 256,
    LXC_EXEC_OPTION_DETACH,
    LXC_EXEC_OPTION_NO_SECLABEL,
    LXC_EXEC_OPTION_UNCONFINED,
};

static const struct option options[] = {
    { "connect", required_argument, NULL, 'c' },
    { "cwd", required_argument, NULL, LXC_EXEC_OPTION_CWD },
    { "detach", no_argument, NULL, LXC_EXEC_OPTION_DETACH },
    { "env", required_argument, NULL, 'e' },
    { "help", no_argument, NULL, 'h' },
    { "no-seclabel", no_argument, NULL, LXC_EXEC_OPTION_NO_SECLABEL },
    { "no-tty", no_argument, NULL, 'T' },
    { "tty", no_argument, NULL, 't' },
    { "unconfined", no_argument, NULL, LXC_EXEC_OPTION_UNCONFINED },
    { "user", required_argument, NULL, 'u' },
    { "version", no_argument, NULL, 'V' },
    { NULL, 0, NULL, 0 },
};

static const char *progname = "virt-lxc-exec";

typedef enum {
    LXC_EXEC_TTY_AUTO,
    LXC_EXEC_TTY_ON,
    LXC_EXEC_TTY_OFF,
} lxcExecTTY;

typedef struct {
    const char *uri;
    const char *domain;
    lxcExecTTY tty;
    virLXCExecProgram program;
} lxcExecCommand;


static void
lxcExecUsage(FILE *stream)
{
    fprintf(stream,
            _("\n"
              "Usage:\n"
              "  %1$s [OPTION]... DOMAIN [--] COMMAND [ARGUMENT]...\n"
              "\n"
              "Run a program in a running container, confined as the container is.\n"
              "\n"
              "Options:\n"
              "  -c, --connect=URI       hypervisor connection URI\n"
              "  -u, --user=USER[:GROUP] user and group of the program; default: root\n"
              "      --cwd=DIRECTORY     working directory; default: /\n"
              "  -e, --env=NAME=VALUE    set an environment variable; may be repeated\n"
              "  -t, --tty               give the program a terminal\n"
              "  -T, --no-tty            do not give the program a terminal\n"
              "      --detach            do not wait for the program to end\n"
              "      --unconfined        use only the container's namespaces and cgroups\n"
              "      --no-seclabel       do not set the domain's security label\n"
              "  -h, --help              show this help\n"
              "  -V, --version           show the version\n"
              "\n"
              "The default is a terminal if standard input and output are terminals.\n"
              "The exit status is that of the program; 128 + N if it was killed by\n"
              "signal N; 127 if it was not found; 126 if it could not be executed; and\n"
              "125 for all other errors.\n"),
            progname);
}


static void G_GNUC_NORETURN
lxcExecFail(int status)
{
    fprintf(stderr, "%s: %s\n", progname, virGetLastErrorMessage());
    exit(status);
}


static void G_GNUC_NORETURN G_GNUC_PRINTF(1, 2)
lxcExecUsageError(const char *format,
                  ...)
{
    g_autofree char *message = NULL;
    va_list arguments;

    va_start(arguments, format);
    message = g_strdup_vprintf(format, arguments);
    va_end(arguments);

    fprintf(stderr, _("%1$s: %2$s\nTry '%1$s --help'.\n"), progname, message);
    exit(VIR_LXC_EXEC_STATUS_FAILED);
}


static void
lxcExecAdd(lxcExecCommand *command,
           const char *name,
           const char *value)
{
    if (virLXCExecProgramAdd(&command->program, name, value) < 0)
        lxcExecFail(VIR_LXC_EXEC_STATUS_FAILED);
}


static void
lxcExecAddUser(lxcExecCommand *command,
               const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", 2);

    if (!parts[0] || !*parts[0] || (parts[1] && !*parts[1]))
        lxcExecUsageError(_("'%1$s' is not a user or USER:GROUP"), text);

    lxcExecAdd(command, VIR_DOMAIN_LXC_EXEC_USER, parts[0]);
    lxcExecAdd(command, VIR_DOMAIN_LXC_EXEC_GROUP, parts[1]);
}


static void
lxcExecAddEnv(lxcExecCommand *command,
              const char *text)
{
    if (!strchr(text, '=') || *text == '=')
        lxcExecUsageError(_("'%1$s' does not have the form NAME=VALUE"), text);

    lxcExecAdd(command, VIR_DOMAIN_LXC_EXEC_ENV, text);
}


static void
lxcExecParseOption(lxcExecCommand *command,
                   int option)
{
    switch (option) {
    case 'c':
        command->uri = optarg;
        break;
    case 'u':
        lxcExecAddUser(command, optarg);
        break;
    case LXC_EXEC_OPTION_CWD:
        lxcExecAdd(command, VIR_DOMAIN_LXC_EXEC_CWD, optarg);
        break;
    case 'e':
        lxcExecAddEnv(command, optarg);
        break;
    case 't':
        command->tty = LXC_EXEC_TTY_ON;
        break;
    case 'T':
        command->tty = LXC_EXEC_TTY_OFF;
        break;
    case LXC_EXEC_OPTION_DETACH:
        command->program.flags |= VIR_DOMAIN_LXC_EXEC_DETACH;
        break;
    case LXC_EXEC_OPTION_UNCONFINED:
        command->program.flags |= VIR_DOMAIN_LXC_EXEC_UNCONFINED;
        break;
    case LXC_EXEC_OPTION_NO_SECLABEL:
        command->program.flags |= VIR_DOMAIN_LXC_EXEC_NO_SECLABEL;
        break;
    case 'h':
        lxcExecUsage(stdout);
        exit(EXIT_SUCCESS);
    case 'V':
        printf("%s (%s) %s\n", progname, PACKAGE_NAME, PACKAGE_VERSION);
        exit(EXIT_SUCCESS);
    default:
        /* getopt_long() has printed an error. */
        fprintf(stderr, _("Try '%1$s --help'.\n"), progname);
        exit(VIR_LXC_EXEC_STATUS_FAILED);
    }
}


/* The terminal has to be described to the program, but nothing else of this
 * process' environment. */
static void
lxcExecSetTTY(lxcExecCommand *command)
{
    bool detach = command->program.flags & VIR_DOMAIN_LXC_EXEC_DETACH;

    if (detach && command->tty == LXC_EXEC_TTY_ON)
        lxcExecUsageError(_("%1$s and %2$s cannot be used together"), "--tty", "--detach");

    if (command->tty == LXC_EXEC_TTY_OFF || detach ||
        (command->tty == LXC_EXEC_TTY_AUTO && !virLXCExecTerminalIsInteractive()))
        return;

    command->program.flags |= VIR_DOMAIN_LXC_EXEC_TTY;
    if (virLXCExecProgramAddEnv(&command->program, "TERM", getenv("TERM")) < 0)
        lxcExecFail(VIR_LXC_EXEC_STATUS_FAILED);
}


static void
lxcExecParse(lxcExecCommand *command,
             int argc,
             char **argv)
{
    int option;

    while ((option = getopt_long(argc, argv, "+c:u:e:tThV", options, NULL)) != -1)
        lxcExecParseOption(command, option);

    if (optind == argc)
        lxcExecUsageError("%s", _("the domain is missing"));
    command->domain = argv[optind++];

    if (optind < argc && STREQ(argv[optind], "--"))
        optind++;
    if (optind == argc)
        lxcExecUsageError("%s", _("the command is missing"));
    command->program.argv = (const char **)argv + optind;
    command->program.nargv = argc - optind;
}


static virDomainPtr
lxcExecLookup(virConnectPtr conn,
              const char *name)
{
    unsigned char uuid[VIR_UUID_BUFLEN];
    virDomainPtr domain = NULL;

    if (virUUIDParse(name, uuid) == 0)
        domain = virDomainLookupByUUID(conn, uuid);

    return domain ? domain : virDomainLookupByName(conn, name);
}


static void *
lxcExecRunEvents(void *opaque G_GNUC_UNUSED)
{
    while (virEventRunDefaultImpl() == 0)
        continue;

    return NULL;
}


static virConnectPtr
lxcExecConnect(const char *uri)
{
    virConnectPtr conn;

    if (!uri && !(uri = getenv("LIBVIRT_DEFAULT_URI")))
        uri = LXC_EXEC_DEFAULT_URI;

    if (virEventRegisterDefaultImpl() < 0)
        return NULL;
    g_thread_unref(g_thread_new("events", lxcExecRunEvents, NULL));

    if (!(conn = virConnectOpenAuth(uri, virConnectAuthPtrDefault, 0)))
        return NULL;

    /* Not all daemons support it. */
    ignore_value(virConnectSetKeepAlive(conn, LXC_EXEC_KEEPALIVE_INTERVAL,
                                        LXC_EXEC_KEEPALIVE_COUNT));
    return conn;
}


/* Otherwise, a connection could take the place of a standard stream. */
static void
lxcExecOpenStreams(void)
{
    int fd;

    do {
        if ((fd = open("/dev/null", O_RDWR | O_CLOEXEC)) < 0)
            exit(VIR_LXC_EXEC_STATUS_FAILED);
    } while (fd <= STDERR_FILENO);
    close(fd); /* sc_avoid_close */
}


static void
lxcExecIgnoreError(void *opaque G_GNUC_UNUSED,
                   virErrorPtr error G_GNUC_UNUSED)
{
}


int
main(int argc,
     char **argv)
{
    lxcExecCommand command = { 0 };
    virConnectPtr conn;
    virDomainPtr domain;
    int status = VIR_LXC_EXEC_STATUS_FAILED;

    lxcExecOpenStreams();
    if (virGettextInitialize() < 0 || virInitialize() < 0)
        lxcExecFail(status);
    virSetErrorFunc(NULL, lxcExecIgnoreError);

    lxcExecParse(&command, argc, argv);
    lxcExecSetTTY(&command);

    if (!(conn = lxcExecConnect(command.uri)) ||
        !(domain = lxcExecLookup(conn, command.domain)) ||
        virLXCExecClientRun(domain, &command.program, &status) < 0)
        lxcExecFail(status);

    virLXCExecProgramClear(&command.program);
    virDomainFree(domain);
    virConnectClose(conn);
    return status;
}
