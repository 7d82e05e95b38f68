/*
 * build_time.c: how long it takes to make a filter
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *   build_time PROFILE DIRECTORY CAPABILITIES CACHE ROUNDS
 *
 * For the driver's own profile, when PROFILE is "default", or for PROFILE.json
 * of DIRECTORY, with the bits of CAPABILITIES kept. CACHE is a directory of its
 * own; the first round finds there what an earlier process has left. Prints
 * lines "STEP NANOSECONDS", and "WHOSE-instructions NUMBER".
 */

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "profile_file.h"
#include "seccomp_cache.h"
#include "seccomp_decision.h"
#include "seccomp_exec.h"
#include "seccomp_resolve.h"

typedef struct {
    const char *directory;
    const virLXCSeccompDef *def;
    virLXCSeccompContext context;
    const char *cache;
} Case;

/* Returns 0 in a new process; elsewhere when that has ended. */
static pid_t
startProcess(void)
{
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid < 0)
        g_error("fork: %s", g_strerror(errno));
    if (pid > 0)
        waitpid(pid, NULL, 0);
    return pid;
}

static gint64
now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (gint64)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void
tell(const char *step, gint64 number)
{
    printf("%s %" G_GINT64_FORMAT "\n", step, number);
}

static void
check(const GError *error)
{
    if (error)
        g_error("%s", error->message);
}

/* --- ours ----------------------------------------------------------------- */

static virLXCSeccompRuleset *
makeRuleset(const Case *what)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *profile = NULL;
    virLXCSeccompRuleset *ruleset = NULL;

    if (what->def->profile) {
        profile =
            virLXCProfileFileRead(what->directory, what->def->profile, &error);
        check(error);
    }
    ruleset = virLXCSeccompResolve(what->def, &what->context, profile, &error);
    check(error);
    return ruleset;
}

static void
forget(const Case *what, const virLXCSeccompRuleset *ruleset)
{
    g_autofree char *key = virLXCSeccompCacheKey(ruleset);
    g_autofree char *path = g_build_filename(what->cache, key, NULL);

    if (unlink(path) < 0 && errno != ENOENT)
        g_error("%s: %s", path, g_strerror(errno));
}

static void
timeGet(const Case *what, const virLXCSeccompRuleset *ruleset, const char *step)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCSeccompFilter) filter = NULL;
    gint64 begun = now();

    filter = virLXCSeccompCacheGet(what->cache, ruleset, &error);
    tell(step, now() - begun);
    check(error);
}

/* In a separate process, since it cannot be removed. */
static void
timeLoad(const virLXCSeccompFilter *filter)
{
    struct sock_fprog program = {filter->length, filter->instructions};
    gint64 begun;

    if (startProcess() != 0)
        return;

    begun = now();
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
        g_error("seccomp: %s", g_strerror(errno));
    tell("load", now() - begun);
    fflush(stdout);
    _exit(0);
}

static void
execute(const virLXCPreparedSeccomp *prepared)
{
    char *const argv[] = {(char *)"init", (char *)"begin", NULL};
    char *const envp[] = {NULL};
    int handshake[2];

    if (!prepared)
        execve("init", argv, envp);
    else if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, handshake) == 0)
        virLXCSeccompExec(prepared, handshake[1], "e", "init", argv, envp,
                          NULL);
    _exit(1);
}

/* From then on until init runs, under the filter of @prepared or without one.
 */
static void
timeExec(const virLXCPreparedSeccomp *prepared, const char *step)
{
    g_autofree char *begun = NULL;
    gint64 *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    gsize length = 0;

    if (truncate("begun", 0) < 0)
        g_error("begun: %s", g_strerror(errno));
    if (startProcess() == 0) {
        *shared = now();
        execute(prepared);
    }
    if (!g_file_get_contents("begun", &begun, &length, NULL) ||
        length != sizeof(gint64))
        g_error("init has not been executed");
    tell(step, *(gint64 *)begun - *shared);
    munmap(shared, sizeof(*shared));
}

static void
timeCompile(virLXCSeccompRuleset *ruleset)
{
    virLXCSeccompPlan plan = {.refs = 1, .ruleset = ruleset};
    virLXCPreparedSeccomp prepared = {.plan = &plan};
    g_autoptr(GError) error = NULL;
    g_autoptr(virLXCSeccompFilter) filter = NULL;
    gint64 begun = now();

    filter = virLXCSeccompFilterCompile(ruleset, &error);
    tell("compile", now() - begun);
    check(error);
    tell("our-instructions", filter->length);
    timeLoad(filter);
    prepared.filter = filter;
    timeExec(NULL, "execve");
    timeExec(&prepared, "exec");
}

static void
timeKey(const virLXCSeccompRuleset *ruleset)
{
    g_autofree char *key = NULL;
    gint64 begun = now();

    key = virLXCSeccompCacheKey(ruleset);
    tell("key", now() - begun);
}

/* --- libseccomp ----------------------------------------------------------- */

static const enum scmp_compare operators[] = {
    [VIR_LXC_SECCOMP_EQ] = SCMP_CMP_EQ,
    [VIR_LXC_SECCOMP_NE] = SCMP_CMP_NE,
    [VIR_LXC_SECCOMP_LT] = SCMP_CMP_LT,
    [VIR_LXC_SECCOMP_LE] = SCMP_CMP_LE,
    [VIR_LXC_SECCOMP_GT] = SCMP_CMP_GT,
    [VIR_LXC_SECCOMP_GE] = SCMP_CMP_GE,
    [VIR_LXC_SECCOMP_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
};

static void
addRule(scmp_filter_ctx filter, const virLXCSeccompRule *rule)
{
    int number = seccomp_syscall_resolve_name(rule->name);
    struct scmp_arg_cmp args[VIR_LXC_SECCOMP_ARGUMENTS];
    size_t i;

    for (i = 0; i < rule->conditions->len; i++) {
        const virLXCSeccompCondition *condition =
            &g_array_index(rule->conditions, virLXCSeccompCondition, i);
        bool masked = condition->op == VIR_LXC_SECCOMP_MASKED_EQ;

        args[i] = (struct scmp_arg_cmp){
            .arg = condition->index,
            .op = operators[condition->op],
            .datum_a = masked ? condition->mask : condition->value,
            .datum_b = masked ? condition->value : 0,
        };
    }
    /* Calls that it does not know, and rules that say what is said already, it
     * refuses: not our concern here. */
    if (number != __NR_SCMP_ERROR)
        seccomp_rule_add_array(filter, virLXCSeccompAnswer(&rule->action),
                               number, rule->conditions->len, args);
}

static scmp_filter_ctx
makeFilter(const virLXCSeccompRuleset *ruleset, bool tree)
{
    guint32 defaultAction = virLXCSeccompAnswer(&ruleset->defaultAction);
    scmp_filter_ctx filter = seccomp_init(defaultAction);
    size_t i;

    if (tree)
        seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (i = 1; i < ruleset->archs->len; i++) {
        const virLXCSeccompArch *arch = g_ptr_array_index(ruleset->archs, i);

        seccomp_arch_add(filter, arch->token);
    }
    for (i = 0; i < ruleset->rules->len; i++) {
        const virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, i);

        if (virLXCSeccompAnswer(&rule->action) != defaultAction)
            addRule(filter, rule);
    }
    return filter;
}

static void
timeLibseccomp(const virLXCSeccompRuleset *ruleset, bool tree)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    gint64 begun = now();
    scmp_filter_ctx filter = makeFilter(ruleset, tree);

    if (seccomp_export_bpf(filter, fd) < 0)
        g_error("libseccomp cannot make the filter");
    seccomp_release(filter);
    tell(tree ? "libseccomp-tree" : "libseccomp", now() - begun);
    tell(tree ? "tree-instructions" : "libseccomp-instructions",
         lseek(fd, 0, SEEK_END) / sizeof(struct sock_filter));
    close(fd);
}

/* -------------------------------------------------------------------------- */

static void
roundOf(const Case *what)
{
    g_autoptr(virLXCSeccompRuleset) ruleset = NULL;
    gint64 begun = now();

    ruleset = makeRuleset(what);
    tell("ruleset", now() - begun);
    timeGet(what, ruleset, "cached");
    timeKey(ruleset);
    timeCompile(ruleset);
    forget(what, ruleset);
    timeGet(what, ruleset, "cold");
    timeLibseccomp(ruleset, false);
    timeLibseccomp(ruleset, true);
}

int
main(int argc, char **argv)
{
    g_autoptr(virLXCSeccompDef) def = virLXCSeccompDefNew();
    g_autoptr(GError) error = NULL;
    virLXCHost host;
    Case what = {0};
    int i;

    if (argc != 6)
        return 2;

    virLXCHostProbe(&host, false, &error);
    check(error);
    if (!g_str_equal(argv[1], "default"))
        def->profile = g_strdup(argv[1]);
    what = (Case){
        .directory = argv[2],
        .def = def,
        .context = {.native = host.seccompArch,
                    .capabilities = g_ascii_strtoull(argv[3], NULL, 16),
                    .kernel = host.kernel},
        .cache = argv[4],
    };
    for (i = atoi(argv[5]); i > 0; i--)
        roundOf(&what);
    return 0;
}
