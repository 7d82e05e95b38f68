/*
 * test_compare_paths.c: the comparison of paths and ports is right about each
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: pairs of Landlock rulesets and of lists of kernel files at random. Out:
 * whether the result of the comparison is right for every file of a small tree,
 * every right and every port, each of which is looked up on its own.
 */

#include <string.h>

#include "compare.h"

#define TEST_SEED 20261127
#define TEST_PAIRS 10000

/* Directories that contain each other, names that begin alike, and paths whose
 * text does not show where they lead. */
static const char *const tree[] = {
    "/",    "/a",     "/a/a",   "/a/b",   "/a/b/c", "/a/b/c/d",
    "/a-",  "/a-/b",  "/a.b",   "/aa",    "/aa/b",  "/b",
    "/b/b", "/b/b/b", "/b/b/c", "/c/d/e", "/c/d",   "/c",
};
static const char *const unclear[] = {"/a/../b", "/a/b/..", "/../a", "/c/d/.."};
static const guint ports[] = {0, 1, 80, 443, 8080, 65535};

typedef struct {
    GRand *rand;
    /* Where each of @unclear leads */
    const char *leads[G_N_ELEMENTS(unclear)];
    /* Whether the driver makes each file of @kernelTree read-only */
    bool readonly[2];
    guint verdicts[VIR_LXC_RELATIONS];
    guint files;
} testState;

static guint
testBelow(testState *state, guint end)
{
    return (guint)g_rand_int_range(state->rand, 0, (gint)end);
}

static const char *
testAny(testState *state, const char *const *strings, guint n)
{
    return strings[testBelow(state, n)];
}

#define TEST_ANY(state, strings) testAny(state, strings, G_N_ELEMENTS(strings))

/* The rights that rules allow: few, so that one rule often allows all that
 * another one does. */
#define TEST_RIGHTS 0x200f

static guint64
testAnyBits(testState *state, guint64 bits)
{
    return bits & TEST_RIGHTS & g_rand_int(state->rand);
}

/* Another way to write it. */
static char *
testSpell(testState *state, const char *path)
{
    static const char *const slashes[] = {"/", "/", "/", "//", "/./"};
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    g_autofree char *same = g_strjoinv(TEST_ANY(state, slashes), parts);

    return testBelow(state, 4) ? g_strdup(same) : g_strconcat(same, "/", NULL);
}

static virLXCLandlockPlanPath *
testPathNew(char *target, guint64 allow)
{
    virLXCLandlockPlanPath *path = g_new0(virLXCLandlockPlanPath, 1);

    path->target = target;
    path->allow = allow;
    return path;
}

static void
testPathFree(gpointer opaque)
{
    virLXCLandlockPlanPath *path = opaque;

    g_free(path->target);
    g_free(path);
}

static void
testAddRules(testState *state, virLXCLandlockPlan *plan)
{
    guint n = testBelow(state, 8);
    guint i;

    for (i = 0; i < n; i++) {
        virLXCLandlockPlanPort *port = g_new0(virLXCLandlockPlanPort, 1);
        guint64 bits = testAnyBits(state, plan->handled[VIR_LXC_LANDLOCK_FS]);
        char *target = testBelow(state, 8)
                           ? testSpell(state, TEST_ANY(state, tree))
                           : g_strdup(TEST_ANY(state, unclear));

        g_ptr_array_add(plan->paths, testPathNew(target, bits));
        port->number = ports[testBelow(state, G_N_ELEMENTS(ports))];
        port->allow = testAnyBits(state, plan->handled[VIR_LXC_LANDLOCK_NET]);
        g_ptr_array_add(plan->ports, port);
    }
}

static virLXCLandlockPlan *
testPlanNew(testState *state)
{
    virLXCLandlockPlan *plan = g_new0(virLXCLandlockPlan, 1);
    unsigned int abi = testBelow(state, 2)
                           ? 9
                           : 1 + testBelow(state, VIR_LXC_LANDLOCK_ABI_MAX);
    guint kind;

    plan->refs = 1;
    plan->abi = abi;
    plan->paths = g_ptr_array_new_with_free_func(testPathFree);
    plan->ports = g_ptr_array_new_with_free_func(g_free);
    for (kind = 0; kind < VIR_LXC_LANDLOCK_RESTRICT; kind++)
        plan->handled[kind] =
            testBelow(state, 4) ? virLXCLandlockRights(kind, abi) : 0;
    testAddRules(state, plan);
    return plan;
}

/* The same rules with some left out or changed, so that the result is not
 * nearly always "looser". */
static virLXCLandlockPlan *
testPlanVary(testState *state, const virLXCLandlockPlan *from)
{
    virLXCLandlockPlan *plan = testPlanNew(state);
    guint i;

    if (testBelow(state, 8) == 0)
        return plan;

    memcpy(plan->handled, from->handled, sizeof(plan->handled));
    g_ptr_array_set_size(plan->paths, 0);
    g_ptr_array_set_size(plan->ports, 0);
    for (i = 0; i < from->paths->len; i++) {
        const virLXCLandlockPlanPath *path = g_ptr_array_index(from->paths, i);
        const virLXCLandlockPlanPort *port = g_ptr_array_index(from->ports, i);

        if (testBelow(state, 4) > 0)
            g_ptr_array_add(plan->paths,
                            testPathNew(g_strdup(path->target),
                                        testBelow(state, 4)
                                            ? path->allow
                                            : testAnyBits(state, path->allow)));
        if (testBelow(state, 8) > 0)
            g_ptr_array_add(plan->ports, g_memdup2(port, sizeof(*port)));
    }

    if (testBelow(state, 3) == 0) {
        guint64 bits = testAnyBits(state, plan->handled[VIR_LXC_LANDLOCK_FS]);
        char *target = testBelow(state, 2)
                           ? testSpell(state, TEST_ANY(state, tree))
                           : g_strdup(TEST_ANY(state, unclear));

        g_ptr_array_add(plan->paths, testPathNew(target, bits));
    }
    return plan;
}

static void
testPlanFree(virLXCLandlockPlan *plan)
{
    g_ptr_array_unref(plan->paths);
    g_ptr_array_unref(plan->ports);
    g_free(plan);
}

/* Where @target leads, in the spelling of @tree. */
static char *
testResolve(const testState *state, const char *target)
{
    g_autoptr(GString) path = NULL;
    guint i;

    for (i = 0; i < G_N_ELEMENTS(unclear); i++) {
        if (g_str_equal(unclear[i], target))
            return g_strdup(state->leads[i]);
    }

    path = g_string_new(target);
    g_string_replace(path, "/./", "/", 0);
    g_string_replace(path, "//", "/", 0);
    if (path->len > 1 && path->str[path->len - 1] == '/')
        g_string_truncate(path, path->len - 1);
    return g_strdup(path->str);
}

/* Returns where the targets of all paths lead. */
static GPtrArray *
testResolveAll(const testState *state, const virLXCLandlockPlan *plan)
{
    GPtrArray *targets = g_ptr_array_new_with_free_func(g_free);
    guint i;

    for (i = 0; i < plan->paths->len; i++) {
        const virLXCLandlockPlanPath *path = g_ptr_array_index(plan->paths, i);

        g_ptr_array_add(targets, testResolve(state, path->target));
    }
    return targets;
}

/* The rights that rules give to the file itself. */
static guint64
testAllowedHere(const virLXCLandlockPlan *plan, const GPtrArray *targets,
                const char *file)
{
    guint64 allowed = 0;
    guint i;

    for (i = 0; i < plan->paths->len; i++) {
        const virLXCLandlockPlanPath *path = g_ptr_array_index(plan->paths, i);

        if (g_str_equal(g_ptr_array_index(targets, i), file))
            allowed |= path->allow;
    }
    return allowed;
}

/* The rights to @file: those that it and all directories above it are given.
 * Files cannot be moved if any right is restricted. */
static guint64
testAllowed(const virLXCLandlockPlan *plan, const GPtrArray *targets,
            const char *file)
{
    guint64 all = virLXCLandlockRights(VIR_LXC_LANDLOCK_FS, G_MAXUINT);
    guint64 handled = plan->handled[VIR_LXC_LANDLOCK_FS];
    guint64 allowed = testAllowedHere(plan, targets, "/");
    g_autofree char *at = g_strdup(file);

    if (handled == 0)
        return all;

    handled |= virLXCLandlockRightByName("refer")->bit;
    while (*at != '\0' && !g_str_equal(at, "/")) {
        allowed |= testAllowedHere(plan, targets, at);
        *strrchr(at, '/') = '\0';
    }
    return (all & ~handled) | allowed;
}

static guint64
testAllowedOnPort(const virLXCLandlockPlan *plan, guint number)
{
    guint64 all = virLXCLandlockRights(VIR_LXC_LANDLOCK_NET, G_MAXUINT);
    guint64 allowed = all & ~plan->handled[VIR_LXC_LANDLOCK_NET];
    guint i;

    for (i = 0; i < plan->ports->len; i++) {
        const virLXCLandlockPlanPort *port = g_ptr_array_index(plan->ports, i);

        if (port->number == number)
            allowed |= port->allow;
    }
    return allowed;
}

static virLXCRelation
testRelation(guint64 from, guint64 to)
{
    if (to & ~from)
        return VIR_LXC_RELATION_LOOSER;
    return from & ~to ? VIR_LXC_RELATION_TIGHTER : VIR_LXC_RELATION_EQUAL;
}

/* It must not be looser than what the comparison says, which can be too strict
 * unless @exact: both restrict the same rights, and all paths are clear. */
static void
testCheck(testState *state, const char *what, virLXCRelation claim,
          virLXCRelation worst, bool exact)
{
    state->verdicts[claim]++;
    if ((worst > claim && claim != VIR_LXC_RELATION_UNPROVABLE) ||
        (exact && worst != claim))
        g_error("%s: the comparison says '%s', but it is '%s'", what,
                virLXCRelationName(claim), virLXCRelationName(worst));
}

static bool
testIsClear(const virLXCLandlockPlan *plan)
{
    guint i;

    for (i = 0; i < plan->paths->len; i++) {
        const virLXCLandlockPlanPath *path = g_ptr_array_index(plan->paths, i);

        if (strstr(path->target, ".."))
            return false;
    }
    return true;
}

static void
testCheckLandlock(testState *state, const virLXCLandlockPlan *from,
                  const virLXCLandlockPlan *to,
                  const virLXCComparison *comparison)
{
    static const guint fs = VIR_LXC_LANDLOCK_FS;
    static const guint net = VIR_LXC_LANDLOCK_NET;
    static const guint scope = VIR_LXC_LANDLOCK_SCOPE;
    g_autoptr(GPtrArray) targetsFrom = testResolveAll(state, from);
    g_autoptr(GPtrArray) targetsTo = testResolveAll(state, to);
    virLXCRelation worst = VIR_LXC_RELATION_EQUAL;
    guint i;

    for (i = 0; i < G_N_ELEMENTS(tree); i++)
        worst = MAX(worst, testRelation(testAllowed(from, targetsFrom, tree[i]),
                                        testAllowed(to, targetsTo, tree[i])));
    testCheck(state, "fs", comparison->leaves[VIR_LXC_LEAF_LANDLOCK_FS], worst,
              from->handled[fs] == to->handled[fs] && testIsClear(from) &&
                  testIsClear(to));

    worst = VIR_LXC_RELATION_EQUAL;
    for (i = 0; i < G_N_ELEMENTS(ports); i++)
        worst = MAX(worst, testRelation(testAllowedOnPort(from, ports[i]),
                                        testAllowedOnPort(to, ports[i])));
    testCheck(state, "net", comparison->leaves[VIR_LXC_LEAF_LANDLOCK_NET],
              worst, from->handled[net] == to->handled[net]);

    testCheck(state, "scope", comparison->leaves[VIR_LXC_LEAF_LANDLOCK_SCOPE],
              testRelation(~from->handled[scope], ~to->handled[scope]), true);
    state->files += G_N_ELEMENTS(tree) + G_N_ELEMENTS(ports);
}

static void
testReport(testState *state)
{
    g_test_message("seed %d: %d pairs, %u files and ports", TEST_SEED,
                   TEST_PAIRS, state->files);
    g_test_message("%u equal, %u tighter, %u unprovable, %u looser",
                   state->verdicts[VIR_LXC_RELATION_EQUAL],
                   state->verdicts[VIR_LXC_RELATION_TIGHTER],
                   state->verdicts[VIR_LXC_RELATION_UNPROVABLE],
                   state->verdicts[VIR_LXC_RELATION_LOOSER]);
    g_assert_cmpuint(state->verdicts[VIR_LXC_RELATION_EQUAL], >, 500);
    g_assert_cmpuint(state->verdicts[VIR_LXC_RELATION_TIGHTER], >, 1000);
    g_assert_cmpuint(state->verdicts[VIR_LXC_RELATION_LOOSER], >, 1000);
}

static void
testLandlock(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(TEST_SEED);
    testState state = {.rand = rand};
    guint i;
    guint j;

    for (i = 0; i < TEST_PAIRS; i++) {
        virLXCPlan plans[2] = {0};
        g_autoptr(virLXCComparison) comparison = NULL;

        plans[0].landlock = testPlanNew(&state);
        plans[1].landlock = testPlanVary(&state, plans[0].landlock);
        for (j = 0; j < G_N_ELEMENTS(unclear); j++)
            state.leads[j] = TEST_ANY(&state, tree);

        comparison = virLXCPlanCompare(&plans[0], &plans[1]);
        testCheckLandlock(&state, plans[0].landlock, plans[1].landlock,
                          comparison);
        testPlanFree(plans[0].landlock);
        testPlanFree(plans[1].landlock);
    }

    testReport(&state);
    g_assert_cmpuint(state.verdicts[VIR_LXC_RELATION_UNPROVABLE], >, 100);
}

/* The driver makes /proc/sys read-only, except for parts of it. */
static const char *const kernelTree[] = {
    "/proc/a",
    "/proc/a/b",
    "/proc/a/b/c",
    "/proc/ab",
    "/proc/sys",
    "/proc/sys/net",
    "/proc/sys/net/ipv4",
    "/proc/sys/net/a",
    "/proc/sys/kernel",
    "/proc/sysx",
    "/sys/a",
};

static virLXCKernelFilesPlan *
testFilesNew(testState *state, const virLXCKernelFilesPlan *from)
{
    virLXCKernelFilesPlan *plan = g_new0(virLXCKernelFilesPlan, 1);
    guint i;

    plan->refs = 1;
    plan->locked = true;
    plan->files = g_ptr_array_new_with_free_func(g_free);
    for (i = 0; i < G_N_ELEMENTS(kernelTree); i++) {
        virLXCKernelFile *file = g_new0(virLXCKernelFile, 1);

        file->path = (char *)kernelTree[i];
        file->access = testBelow(state, 3);
        if (testBelow(state, 4) == 0)
            g_ptr_array_add(plan->files, file);
        else
            g_free(file);
    }

    for (i = 0; from && i < from->files->len; i++) {
        if (testBelow(state, 4))
            g_ptr_array_add(plan->files,
                            g_memdup2(g_ptr_array_index(from->files, i),
                                      sizeof(virLXCKernelFile)));
    }
    return plan;
}

/* The access to @path: by the last entry for it, or else for the innermost
 * directory above it. */
static virLXCKernelFileAccess
testAccess(const testState *state, const virLXCKernelFilesPlan *plan,
           const char *path)
{
    g_autofree char *at = g_strdup(path);
    guint i;

    while (!g_str_equal(at, "/")) {
        char *parent = g_path_get_dirname(at);

        for (i = plan->files->len; i > 0; i--) {
            const virLXCKernelFile *file =
                g_ptr_array_index(plan->files, i - 1);

            if (g_str_equal(file->path, at)) {
                g_free(parent);
                return file->access;
            }
        }
        g_free(at);
        at = parent;
    }

    if (g_str_has_prefix(path, "/proc/sys/net/ipv4"))
        return state->readonly[1] ? VIR_LXC_KERNEL_FILE_READONLY
                                  : VIR_LXC_KERNEL_FILE_WRITABLE;
    return g_str_equal(path, "/proc/sys") ||
                   g_str_has_prefix(path, "/proc/sys/")
               ? VIR_LXC_KERNEL_FILE_READONLY
               : VIR_LXC_KERNEL_FILE_WRITABLE;
}

static void
testKernelFiles(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(TEST_SEED);
    testState state = {.rand = rand};
    guint i;
    guint j;

    for (i = 0; i < TEST_PAIRS; i++) {
        virLXCKernelFilesPlan *from = testFilesNew(&state, NULL);
        virLXCKernelFilesPlan *to =
            testFilesNew(&state, testBelow(&state, 4) ? from : NULL);
        const virLXCPlan plans[2] = {{.kernelFiles = from},
                                     {.kernelFiles = to}};
        g_autoptr(virLXCComparison) comparison =
            virLXCPlanCompare(&plans[0], &plans[1]);
        virLXCRelation worst = VIR_LXC_RELATION_EQUAL;

        state.readonly[1] = testBelow(&state, 2);
        for (j = 0; j < G_N_ELEMENTS(kernelTree); j++) {
            int before = testAccess(&state, from, kernelTree[j]);
            int after = testAccess(&state, to, kernelTree[j]);

            worst = MAX(worst, after > before   ? VIR_LXC_RELATION_LOOSER
                               : after < before ? VIR_LXC_RELATION_TIGHTER
                                                : VIR_LXC_RELATION_EQUAL);
        }
        testCheck(&state, "kernel files",
                  comparison->leaves[VIR_LXC_LEAF_KERNEL_FILES], worst, false);
        state.files += G_N_ELEMENTS(kernelTree);

        virLXCKernelFilesPlanUnref(from);
        virLXCKernelFilesPlanUnref(to);
    }

    testReport(&state);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/compare/landlock/pairs", testLandlock);
    g_test_add_func("/compare/kernel-files/pairs", testKernelFiles);
    return g_test_run();
}
