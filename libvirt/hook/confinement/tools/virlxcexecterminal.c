/*
 * virlxcexecterminal.c: the terminal and the signals of a client of
 *     virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "virlxcexecterminal.h"

#include "virerror.h"
#include "virfile.h"
#include "virutil.h"

#define VIR_FROM_THIS VIR_FROM_LXC

/* What happens to a signal */
typedef enum {
    LXC_EXEC_SIGNAL_READ,       /* it is read from the pipe */
    LXC_EXEC_SIGNAL_PROGRAM,    /* likewise, unless the terminal is raw */
    LXC_EXEC_SIGNAL_FATAL,      /* the terminal is restored */
} lxcExecSignalAction;

static const struct {
    int number;
    lxcExecSignalAction action;
} lxcExecSignals[] = {
    { SIGWINCH, LXC_EXEC_SIGNAL_READ },
    { SIGHUP, LXC_EXEC_SIGNAL_PROGRAM },
    { SIGINT, LXC_EXEC_SIGNAL_PROGRAM },
    { SIGQUIT, LXC_EXEC_SIGNAL_PROGRAM },
    { SIGTERM, LXC_EXEC_SIGNAL_PROGRAM },
    { SIGUSR1, LXC_EXEC_SIGNAL_PROGRAM },
    { SIGUSR2, LXC_EXEC_SIGNAL_PROGRAM },
    { SIGALRM, LXC_EXEC_SIGNAL_PROGRAM },
    { SIGABRT, LXC_EXEC_SIGNAL_FATAL },
    { SIGBUS, LXC_EXEC_SIGNAL_FATAL },
    { SIGFPE, LXC_EXEC_SIGNAL_FATAL },
    { SIGILL, LXC_EXEC_SIGNAL_FATAL },
    { SIGSEGV, LXC_EXEC_SIGNAL_FATAL },
    { SIGXCPU, LXC_EXEC_SIGNAL_FATAL },
};

static struct termios lxcExecSavedMode;
static volatile sig_atomic_t lxcExecIsRaw;
static struct sigaction lxcExecOldActions[G_N_ELEMENTS(lxcExecSignals)];
static struct sigaction lxcExecOldPipe;
static int lxcExecSignalPipe[2] = { -1, -1 };


bool
virLXCExecTerminalIsInteractive(void)
{
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}


int
virLXCExecTerminalGetSize(unsigned int *rows,
                          unsigned int *columns)
{
    int fd;

    for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        struct winsize size = { 0 };

        if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) {
            *rows = size.ws_row;
            *columns = size.ws_col;
            return 0;
        }
    }

    return -1;
}


int
virLXCExecTerminalMakeRaw(void)
{
    static bool registered;
    struct termios mode;

    if (lxcExecIsRaw || !isatty(STDIN_FILENO))
        return 0;

    if (!registered && atexit(virLXCExecTerminalRestore) != 0) {
        virReportError(VIR_ERR_INTERNAL_ERROR, "%s",
                       _("the terminal could not be restored at exit"));
        return -1;
    }
    registered = true;

    if (tcgetattr(STDIN_FILENO, &lxcExecSavedMode) < 0) {
        virReportSystemError(errno, "%s", _("cannot read the mode of the terminal"));
        return -1;
    }

    mode = lxcExecSavedMode;
    cfmakeraw(&mode);
    lxcExecIsRaw = 1;
    if (tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) < 0) {
        virReportSystemError(errno, "%s", _("cannot switch the terminal to raw mode"));
        virLXCExecTerminalRestore();
        return -1;
    }

    return 0;
}


void
virLXCExecTerminalRestore(void)
{
    int saved = errno;

    if (lxcExecIsRaw) {
        sigset_t output;
        sigset_t old;

        /* A process in the background must not be stopped here. */
        sigemptyset(&output);
        sigaddset(&output, SIGTTOU);
        pthread_sigmask(SIG_BLOCK, &output, &old);
        ignore_value(tcsetattr(STDIN_FILENO, TCSANOW, &lxcExecSavedMode));
        pthread_sigmask(SIG_SETMASK, &old, NULL);
        lxcExecIsRaw = 0;
    }

    errno = saved;
}


void
virLXCExecSignalsDie(int number)
{
    sigset_t one;

    virLXCExecTerminalRestore();
    signal(number, SIG_DFL);
    sigemptyset(&one);
    sigaddset(&one, number);
    pthread_sigmask(SIG_UNBLOCK, &one, NULL);
    raise(number);
    _exit(128 + number);
}


static void
lxcExecSignalWrite(int number)
{
    unsigned char byte = number;
    int saved = errno;

    /* If the pipe is full, many signals are waiting already. */
    ignore_value(write(lxcExecSignalPipe[1], &byte, 1)); /* sc_avoid_write */
    errno = saved;
}


static void
lxcExecSignalInstall(size_t i,
                     void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

    sigaction(lxcExecSignals[i].number, NULL, &lxcExecOldActions[i]);
    if (lxcExecOldActions[i].sa_handler == SIG_IGN &&
        lxcExecSignals[i].action == LXC_EXEC_SIGNAL_PROGRAM)
        return;

    sigemptyset(&action.sa_mask);
    sigaction(lxcExecSignals[i].number, &action, NULL);
}


int
virLXCExecSignalsCatch(bool raw)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    size_t i;

    if (virPipeNonBlock(lxcExecSignalPipe) < 0)
        return -1;

    for (i = 0; i < G_N_ELEMENTS(lxcExecSignals); i++) {
        lxcExecSignalAction action = lxcExecSignals[i].action;
        bool fatal = action == LXC_EXEC_SIGNAL_FATAL ||
                     (action == LXC_EXEC_SIGNAL_PROGRAM && raw);

        lxcExecSignalInstall(i, fatal ? virLXCExecSignalsDie : lxcExecSignalWrite);
    }

    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, &lxcExecOldPipe);
    return lxcExecSignalPipe[0];
}


void
virLXCExecSignalsRelease(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcExecSignals); i++)
        sigaction(lxcExecSignals[i].number, &lxcExecOldActions[i], NULL);
    sigaction(SIGPIPE, &lxcExecOldPipe, NULL);

    VIR_FORCE_CLOSE(lxcExecSignalPipe[0]);
    VIR_FORCE_CLOSE(lxcExecSignalPipe[1]);
}
