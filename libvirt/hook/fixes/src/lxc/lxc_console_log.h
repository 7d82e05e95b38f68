/*
 * lxc_console_log.h: keep what a container writes to its console
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "internal.h"

/**
 * virLXCConsoleLogConfig: which part of the output is kept
 *
 * @enabled: whether any is
 * @maxSize: size of a file in bytes, LXC_CONSOLE_LOG_MIN_SIZE at least
 * @maxBackups: number of files in addition to the one that is written,
 *              LXC_CONSOLE_LOG_MAX_BACKUPS at most
 */
typedef struct {
    bool enabled;
    size_t maxSize;
    size_t maxBackups;
} virLXCConsoleLogConfig;

#define LXC_CONSOLE_LOG_MIN_SIZE 4096
#define LXC_CONSOLE_LOG_MAX_BACKUPS 32

/* As in virtlogd.conf */
#define VIR_LXC_CONSOLE_LOG_CONFIG_INIT { true, 2097152, 3 }

typedef struct _virLXCConsoleLog virLXCConsoleLog;

/**
 * virLXCConsoleLogConfigCheck:
 * @config: values of lxc.conf
 * @filename: the name of that file, for errors
 *
 * Returns 0, or -1 with an error reported if a value is out of range.
 */
int virLXCConsoleLogConfigCheck(const virLXCConsoleLogConfig *config,
                                const char *filename);

/**
 * virLXCConsoleLogPrepare:
 * @config: what to keep
 * @logDir: directory of the domains' logs
 * @name: name of the domain
 *
 * Makes the directory of the console logs. It is not @logDir, where the console
 * log of one domain could be the log of another whose name is similar.
 *
 * Returns the argument for the --console-log option of libvirt_lxc, which the
 * caller has to free, or NULL with an error reported.
 */
char *virLXCConsoleLogPrepare(const virLXCConsoleLogConfig *config,
                              const char *logDir,
                              const char *name);

/**
 * virLXCConsoleLogOpen:
 * @argument: as returned by virLXCConsoleLogPrepare()
 *
 * Opens the log, which is created with mode 0600. What earlier containers of the
 * domain have written remains as long as there is room for it.
 *
 * Returns the log, to be freed with virLXCConsoleLogFree(), or NULL with an error
 * reported.
 */
virLXCConsoleLog *virLXCConsoleLogOpen(const char *argument);

/**
 * virLXCConsoleLogAppend:
 * @log: log, or NULL
 * @data: bytes that the container has written
 * @len: their number
 *
 * If they cannot be written, because the disk is full for example, they are lost,
 * and so is everything else in the next seconds. The files never become larger
 * than configured.
 */
void virLXCConsoleLogAppend(virLXCConsoleLog *log,
                            const char *data,
                            size_t len);

/**
 * virLXCConsoleLogDrain:
 * @log: log, or NULL
 * @containerfd: the container's side, non-blocking
 * @hostfd: the host's side, non-blocking
 *
 * Appends what is left in the terminal of a container that has ended. It is also
 * written to @hostfd, as far as there is room for it.
 */
void virLXCConsoleLogDrain(virLXCConsoleLog *log,
                           int containerfd,
                           int hostfd);

/**
 * virLXCConsoleLogLastLine:
 * @log: log, or NULL
 *
 * Returns the end of the last line that is not empty, with control characters and
 * bytes that are not ASCII escaped as in C, or NULL if the container has not
 * written anything. The caller has to free it.
 */
char *virLXCConsoleLogLastLine(const virLXCConsoleLog *log);

/**
 * virLXCConsoleLogFree:
 * @log: log, or NULL
 */
void virLXCConsoleLogFree(virLXCConsoleLog *log);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCConsoleLog, virLXCConsoleLogFree);
