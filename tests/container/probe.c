/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The program inside the containers: tries what it is told to try and reports
 * what came of it.
 *
 *   probe run JOB OUT THEN [N]
 *     Each line of JOB is "label deed args"; each is tried in a process of its
 *     own, the results are lines "label=outcome" in OUT. Then, as THEN says:
 *     sleep; ignore (the same, without minding SIGTERM, as member of N groups);
 *     exit N; kill N.
 *
 *   probe
 *     The same as probe run /job /out sleep.
 *
 *   probe one LABEL DEED ARGS
 *     Tries one deed, the result goes to stdout.
 */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *label = "";

void
say(const char *key, const char *fmt, ...)
{
    char text[8192];
    char line[8448];
    va_list args;
    int len;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    len = snprintf(line, sizeof(line), "%s%s%s=%s\n", label, key ? "." : "",
                   key ? key : "", text);
    if (write(STDOUT_FILENO, line, len) != len)
        _exit(125);
}

const char *
outcome(int rc)
{
    const char *name;

    if (rc >= 0)
        return "OK";
    name = strerrorname_np(errno);
    return name ? name : "unknown";
}

static const Deed *
deedFind(const char *name)
{
    static const Deed *tables[] = {fileDeeds,     processDeeds, cgroupDeeds,
                                   landlockDeeds, seccompDeeds, attackDeeds};
    size_t i;

    for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        for (const Deed *deed = tables[i]; deed->name; deed++) {
            if (strcmp(deed->name, name) == 0)
                return deed;
        }
    }
    return NULL;
}

void
deedRun(char **args)
{
    const Deed *deed = deedFind(args[0]);
    int count = 0;

    while (args[count + 1])
        count++;
    if (!deed || count < deed->minArgs)
        say(NULL, "bad deed %s", args[0]);
    else
        deed->run(args + 1);
}

static void
lineRun(char *line)
{
    char *args[64] = {NULL};
    int count = 0;
    pid_t child;

    for (char *word = strtok(line, " \n"); word && count < 63;
         word = strtok(NULL, " \n"))
        args[count++] = word;
    if (count < 2)
        return;

    label = args[0];
    if ((child = fork()) == 0) {
        deedRun(args + 1);
        _exit(0);
    }
    while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
}

static void
jobRun(const char *path)
{
    char line[4096];
    FILE *job = fopen(path, "re");

    label = "job";
    if (!job) {
        say(NULL, "%s", outcome(-1));
        return;
    }
    while (fgets(line, sizeof(line), job))
        lineRun(line);
    fclose(job);
}

static void
terminate(int signum __attribute__((unused)))
{
    _exit(0);
}

static int
finish(const char *then, int number)
{
    if (strcmp(then, "exit") == 0)
        return number;
    if (strcmp(then, "kill") == 0) {
        /* Nothing but SIGKILL from outside gets through to an init. */
        kill(getpid(), number);
        __builtin_trap();
    }
    for (;;) {
        if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD)
            pause();
    }
}

/* Its /proc/PID/status is as long as it likes. */
static int
joinGroups(int count)
{
    static gid_t groups[65536];
    int i;

    for (i = 0; i < count; i++)
        groups[i] = 1000000000 + i;
    return setgroups(count, groups);
}

static int
run(char *const *argv)
{
    const char *then = argv[2];
    int number = argv[3] ? atoi(argv[3]) : 0;
    int out = open(argv[1], O_WRONLY | O_APPEND | O_CREAT, 0666);

    if (out < 0)
        return 126;
    dup2(out, STDOUT_FILENO);
    if (strcmp(then, "ignore") == 0 && number > 0 && joinGroups(number) < 0)
        return 124;
    signal(SIGTERM, strcmp(then, "ignore") == 0 ? SIG_IGN : terminate);
    jobRun(argv[0]);
    label = "end";
    say(NULL, "OK");
    return finish(then, number);
}

int
main(int argc, char **argv)
{
    static char *const alone[] = {"/job", "/out", "sleep", NULL};

    if (argc <= 1)
        return run(alone);
    if (argc >= 5 && strcmp(argv[1], "run") == 0)
        return run(argv + 2);
    if (argc >= 4 && strcmp(argv[1], "one") == 0) {
        label = argv[2];
        deedRun(argv + 3);
        return 0;
    }
    fprintf(stderr, "usage: probe run JOB OUT sleep|ignore|exit|kill [N]\n"
                    "       probe one LABEL DEED ARG…\n");
    return 2;
}
