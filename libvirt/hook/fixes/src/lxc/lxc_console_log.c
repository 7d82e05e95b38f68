/*
 * lxc_console_log.c: keep what a container writes to its console
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include <string.h>
#include <unistd.h>

#include "lxc_console_log.h"
#include "virerror.h"
#include "virfile.h"
#include "virrotatingfile.h"
#include "virstring.h"

#define VIR_FROM_THIS VIR_FROM_LXC

/* After an error, which is logged itself, nothing is written for so long */
#define LXC_RETRY_SECONDS 10

/* More than a terminal can hold */
#define LXC_DRAIN_MAX (1024 * 1024)

#define LXC_LAST_LINE_MAX 256

struct _virLXCConsoleLog {
    char *path;
    size_t maxSize;
    size_t maxBackups;

    virRotatingFileWriter *writer; /* NULL after an error */
    gint64 retryTime; /* monotonic */

    char end[LXC_LAST_LINE_MAX]; /* of what has been written */
    size_t endLen;
};


int
virLXCConsoleLogConfigCheck(const virLXCConsoleLogConfig *config,
                            const char *filename)
{
    if (config->maxSize < LXC_CONSOLE_LOG_MIN_SIZE) {
        virReportError(VIR_ERR_CONF_SYNTAX,
                       _("%1$s: console_log_max_size is %2$zu, but must be at least %3$d"),
                       filename, config->maxSize, LXC_CONSOLE_LOG_MIN_SIZE);
        return -1;
    }

    if (config->maxBackups > LXC_CONSOLE_LOG_MAX_BACKUPS) {
        virReportError(VIR_ERR_CONF_SYNTAX,
                       _("%1$s: console_log_max_backups is %2$zu, but must be at most %3$d"),
                       filename, config->maxBackups, LXC_CONSOLE_LOG_MAX_BACKUPS);
        return -1;
    }

    return 0;
}


char *
virLXCConsoleLogPrepare(const virLXCConsoleLogConfig *config,
                        const char *logDir,
                        const char *name)
{
    g_autofree char *dir = g_strdup_printf("%s/console", logDir);

    if (g_mkdir_with_parents(dir, 0700) < 0) {
        virReportSystemError(errno, _("cannot create log directory '%1$s'"), dir);
        return NULL;
    }

    return g_strdup_printf("%zu:%zu:%s/%s.log", config->maxSize, config->maxBackups,
                           dir, name);
}


virLXCConsoleLog *
virLXCConsoleLogOpen(const char *argument)
{
    g_autoptr(virLXCConsoleLog) log = g_new0(virLXCConsoleLog, 1);
    g_auto(GStrv) parts = g_strsplit(argument, ":", 3);
    unsigned long long maxSize;
    unsigned int maxBackups;

    if (g_strv_length(parts) != 3 ||
        virStrToLong_ullp(parts[0], NULL, 10, &maxSize) < 0 ||
        virStrToLong_uip(parts[1], NULL, 10, &maxBackups) < 0) {
        virReportError(VIR_ERR_INVALID_ARG,
                       _("malformed --console-log argument '%1$s'"), argument);
        return NULL;
    }

    log->maxSize = maxSize;
    log->maxBackups = maxBackups;
    log->path = g_strdup(parts[2]);

    if (!(log->writer = virRotatingFileWriterNew(log->path, log->maxSize,
                                                 log->maxBackups, false, 0600)))
        return NULL;

    return g_steal_pointer(&log);
}


/* Opening the file again finds out its size, which is not known after an error */
static bool
lxcConsoleLogIsOpen(virLXCConsoleLog *log)
{
    if (!log->writer && g_get_monotonic_time() >= log->retryTime)
        log->writer = virRotatingFileWriterNew(log->path, log->maxSize,
                                               log->maxBackups, false, 0600);

    return log->writer != NULL;
}


static void
lxcConsoleLogRemember(virLXCConsoleLog *log,
                      const char *data,
                      size_t len)
{
    size_t kept;

    if (len > sizeof(log->end)) {
        data += len - sizeof(log->end);
        len = sizeof(log->end);
    }

    kept = MIN(log->endLen, sizeof(log->end) - len);
    memmove(log->end, log->end + log->endLen - kept, kept);
    memcpy(log->end + kept, data, len);
    log->endLen = kept + len;
}


void
virLXCConsoleLogAppend(virLXCConsoleLog *log,
                       const char *data,
                       size_t len)
{
    if (!log || len == 0)
        return;

    lxcConsoleLogRemember(log, data, len);

    if (lxcConsoleLogIsOpen(log) &&
        virRotatingFileWriterAppend(log->writer, data, len) >= 0)
        return;

    /* libvirt_lxc takes any error for its own */
    virResetLastError();
    g_clear_pointer(&log->writer, virRotatingFileWriterFree);
    if (g_get_monotonic_time() >= log->retryTime)
        log->retryTime = g_get_monotonic_time() + LXC_RETRY_SECONDS * G_TIME_SPAN_SECOND;
}


void
virLXCConsoleLogDrain(virLXCConsoleLog *log,
                      int containerfd,
                      int hostfd)
{
    char data[1024];
    size_t total = 0;
    ssize_t got;

    if (!log)
        return;

    while (total < LXC_DRAIN_MAX &&
           ((got = read(containerfd, data, sizeof(data))) > 0 ||
            (got < 0 && errno == EINTR))) {
        if (got < 0)
            continue;
        virLXCConsoleLogAppend(log, data, got);
        ignore_value(safewrite(hostfd, data, got));
        total += got;
    }
}


char *
virLXCConsoleLogLastLine(const virLXCConsoleLog *log)
{
    g_autofree char *text = NULL;
    const char *line;

    if (!log)
        return NULL;

    text = g_strndup(log->end, log->endLen);
    /* A byte of 0 ends the line, too */
    g_strchomp(text);
    if (!*text)
        return NULL;

    line = strrchr(text, '\n');
    return g_strescape(line ? line + 1 : text, NULL);
}


void
virLXCConsoleLogFree(virLXCConsoleLog *log)
{
    if (!log)
        return;

    virRotatingFileWriterFree(log->writer);
    g_free(log->path);
    g_free(log);
}
