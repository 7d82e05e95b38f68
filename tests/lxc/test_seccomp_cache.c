/*
 * test_seccomp_cache.c: a cache of filters
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: rulesets, and entries that somebody has tampered with. Out: whether the
 * cache was used, and whether the filter is right all the same.
 */

#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "seccomp_cache.h"
#include "seccomp_cache_prune.h"

/* The action of a tampered entry. */
#define EVIL 0x7fff0000

typedef struct {
    char *directory;
    virLXCSeccompRuleset *ruleset;
    char *key;
    char *entry;
    char *digest;
} testCache;

static virLXCSeccompRuleset *
testRuleset(void)
{
    const virLXCSeccompAction allow = {VIR_LXC_SECCOMP_ALLOW, 0};
    const virLXCSeccompCondition condition = {0, VIR_LXC_SECCOMP_EQ, 8, 0};
    virLXCSeccompRuleset *ruleset = virLXCSeccompRulesetEmpty();
    virLXCSeccompRule *rule = virLXCSeccompRuleNew("personality", allow, 1);

    ruleset->kernel = (virLXCKernelVersion){6, 1};
    g_array_append_val(rule->conditions, condition);
    g_ptr_array_add(ruleset->archs, (void *)virLXCSeccompArchByName("x86_64"));
    g_ptr_array_add(ruleset->rules, rule);
    g_ptr_array_add(ruleset->rules, virLXCSeccompRuleNew("read", allow, 2));
    virLXCSeccompRulesetIndex(ruleset);
    return ruleset;
}

static virLXCSeccompFilter *
testGet(const testCache *cache)
{
    g_autoptr(GError) error = NULL;
    virLXCSeccompFilter *filter =
        virLXCSeccompCacheGet(cache->directory, cache->ruleset, &error);

    g_assert_no_error(error);
    return filter;
}

static void
testSetUp(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *top = g_dir_make_tmp("cache-XXXXXX", NULL);
    g_autoptr(virLXCSeccompFilter) filter = NULL;

    cache->directory = g_build_filename(top, "new", NULL);
    cache->ruleset = testRuleset();
    cache->key = virLXCSeccompCacheKey(cache->ruleset);
    cache->entry = g_build_filename(cache->directory, cache->key, NULL);
    filter = testGet(cache);
    cache->digest = g_strdup(filter->digest);
    g_assert_true(g_file_test(cache->entry, G_FILE_TEST_IS_REGULAR));
}

static void
testTearDown(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *top = g_path_get_dirname(cache->directory);
    const char *argv[] = {"rm", "-rf", top, NULL};

    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                 NULL, NULL, NULL, NULL);
    virLXCSeccompRulesetFree(cache->ruleset);
    g_free(cache->directory);
    g_free(cache->key);
    g_free(cache->entry);
    g_free(cache->digest);
}

static GByteArray *
testReadEntry(const testCache *cache)
{
    char *text = NULL;
    size_t length = 0;

    g_assert_true(g_file_get_contents(cache->entry, &text, &length, NULL));
    return g_byte_array_new_take((guint8 *)text, length);
}

static void
testWriteEntry(const testCache *cache, const GByteArray *entry)
{
    /* As a new file, with the mode of an entry. */
    g_assert_cmpint(g_unlink(cache->entry), ==, 0);
    g_assert_true(g_file_set_contents(cache->entry, (const char *)entry->data,
                                      entry->len, NULL));
    g_assert_cmpint(g_chmod(cache->entry, 0600), ==, 0);
}

/* Whatever the entry is, the filter is the right one; and @used tells that it
 * was not built again, which would have written a new entry. */
static void
testExpect(const testCache *cache, gboolean used)
{
    struct stat before;
    struct stat after;
    g_autoptr(virLXCSeccompFilter) filter = NULL;

    g_assert_cmpint(lstat(cache->entry, &before), ==, 0);
    filter = testGet(cache);
    g_assert_cmpstr(filter->digest, ==, cache->digest);
    g_assert_cmpint(lstat(cache->entry, &after), ==, 0);
    g_assert_cmpint(before.st_ino == after.st_ino, ==, used);
}

static void
testUsed(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    testExpect(cache, TRUE);
}

/* Every byte counts, the program's as well as the others. */
static void
testFlipped(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) entry = testReadEntry(cache);
    size_t i;

    for (i = 0; i < entry->len; i++) {
        entry->data[i] ^= 1;
        testWriteEntry(cache, entry);
        testExpect(cache, FALSE);
        entry->data[i] ^= 1;
    }
    testExpect(cache, TRUE);
}

static void
testCut(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) entry = testReadEntry(cache);
    guint length;

    for (length = entry->len; length > 0; length--) {
        g_byte_array_set_size(entry, length - 1);
        testWriteEntry(cache, entry);
        testExpect(cache, FALSE);
    }
}

static void
testLonger(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GByteArray) entry = testReadEntry(cache);

    g_byte_array_append(entry, (const guint8 *)"", 1);
    testWriteEntry(cache, entry);
    testExpect(cache, FALSE);
}

/* An entry of another policy, in the place of this one's. */
static void
testOther(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(virLXCSeccompRuleset) evil = virLXCSeccompRulesetEmpty();
    g_autoptr(virLXCSeccompFilter) filter = NULL;
    g_autofree char *key = NULL;
    g_autofree char *path = NULL;

    evil->badArch.kind = VIR_LXC_SECCOMP_ALLOW;
    virLXCSeccompRulesetIndex(evil);
    filter = virLXCSeccompCacheGet(cache->directory, evil, NULL);
    g_assert_cmphex(filter->instructions[filter->length - 1].k & EVIL, ==,
                    EVIL);
    key = virLXCSeccompCacheKey(evil);
    path = g_build_filename(cache->directory, key, NULL);
    g_assert_cmpint(g_rename(path, cache->entry), ==, 0);
    testExpect(cache, FALSE);
}

static void
testWritable(testCache *cache, gconstpointer mode)
{
    g_assert_cmpint(g_chmod(cache->entry, GPOINTER_TO_UINT(mode)), ==, 0);
    testExpect(cache, FALSE);
}

static void
testOwner(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    if (geteuid() != 0) {
        g_test_skip("only root can give files away");
        return;
    }
    g_assert_cmpint(chown(cache->entry, 1, -1), ==, 0);
    testExpect(cache, FALSE);
}

static void
testLink(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *real = g_strdup_printf("%s-real", cache->entry);

    g_assert_cmpint(g_rename(cache->entry, real), ==, 0);
    g_assert_cmpint(symlink(real, cache->entry), ==, 0);
    testExpect(cache, FALSE);
}

/* Not used at all: neither read nor written. */
static void
testDirectory(testCache *cache, gconstpointer mode)
{
    g_autoptr(GByteArray) entry = testReadEntry(cache);

    entry->data[entry->len / 2] ^= 1;
    testWriteEntry(cache, entry);
    g_assert_cmpint(g_chmod(cache->directory, GPOINTER_TO_UINT(mode)), ==, 0);
    testExpect(cache, TRUE);
}

static void
testNoDirectory(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(virLXCSeccompFilter) none =
        virLXCSeccompCacheGet(NULL, cache->ruleset, NULL);
    g_autoptr(virLXCSeccompFilter) impossible =
        virLXCSeccompCacheGet("/proc/none", cache->ruleset, NULL);

    g_assert_cmpstr(none->digest, ==, cache->digest);
    g_assert_cmpstr(impossible->digest, ==, cache->digest);
}

static void
testChangeRule(virLXCSeccompRuleset *ruleset, unsigned int i)
{
    virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, 0);
    virLXCSeccompCondition *condition =
        &g_array_index(rule->conditions, virLXCSeccompCondition, 0);

    switch (i) {
    case 0:
        rule->action.kind = VIR_LXC_SECCOMP_LOG;
        break;
    case 1:
        rule->action.number = 1;
        break;
    case 2:
        condition->index = 1;
        break;
    case 3:
        condition->op = VIR_LXC_SECCOMP_NE;
        break;
    case 4:
        condition->value = 9;
        break;
    case 5:
        condition->mask = 1;
        break;
    case 6:
        g_array_set_size(rule->conditions, 0);
        break;
    default:
        g_ptr_array_remove_index(ruleset->rules, 0);
    }
}

static void
testChangeRest(virLXCSeccompRuleset *ruleset, unsigned int i)
{
    switch (i) {
    case 0:
        ruleset->defaultAction.number = ENOSYS;
        break;
    case 1:
        ruleset->unknown.number = ENOSYS;
        break;
    case 2:
        ruleset->badArch.number = ENOSYS;
        break;
    case 3:
        ruleset->kernel.minor = 2;
        break;
    default:
        g_ptr_array_add(ruleset->archs,
                        (void *)virLXCSeccompArchByName("i686"));
    }
}

/* All that reaches the program is in the key; what does not is not. */
static void
testKey(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    g_autoptr(GHashTable) keys =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    size_t i;

    g_hash_table_add(keys, g_strdup(cache->key));
    for (i = 0; i < 8; i++) {
        g_autoptr(virLXCSeccompRuleset) ruleset = testRuleset();

        testChangeRule(ruleset, i);
        g_assert_true(g_hash_table_add(keys, virLXCSeccompCacheKey(ruleset)));
    }
    for (i = 0; i < 5; i++) {
        g_autoptr(virLXCSeccompRuleset) ruleset = testRuleset();

        testChangeRest(ruleset, i);
        g_assert_true(g_hash_table_add(keys, virLXCSeccompCacheKey(ruleset)));
    }

    cache->ruleset->flags = VIR_LXC_SECCOMP_FLAG_LOG;
    cache->ruleset->listenerPath = g_strdup("/socket");
    testExpect(cache, TRUE);
}

/* A file of the cache that was used so many seconds ago. */
static void
testOld(const testCache *cache, const char *name, time_t seconds)
{
    g_autofree char *path = g_build_filename(cache->directory, name, NULL);
    struct utimbuf times = {time(NULL) - seconds, time(NULL) - seconds};

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        g_assert_true(g_file_set_contents(path, "", 0, NULL));
    g_assert_cmpint(g_utime(path, &times), ==, 0);
}

static gboolean
testExists(const testCache *cache, const char *name)
{
    g_autofree char *path = g_build_filename(cache->directory, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static guint
testCount(const testCache *cache)
{
    g_autoptr(GDir) dir = g_dir_open(cache->directory, 0, NULL);
    guint count = 0;

    while (g_dir_read_name(dir))
        count++;
    return count;
}

/* Adds another entry. */
static void
testMiss(testCache *cache)
{
    g_autoptr(virLXCSeccompFilter) filter = NULL;

    cache->ruleset->kernel.minor++;
    filter = testGet(cache);
}

static void
testAge(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    const time_t limit = VIR_LXC_SECCOMP_CACHE_DAYS * 24 * 3600;

    testOld(cache, "old", limit + 60);
    testOld(cache, "recent", limit - 60);
    testOld(cache, ".killed.1", 2 * 3600);
    testOld(cache, ".writing.2", 60);
    testMiss(cache);
    g_assert_false(testExists(cache, "old"));
    g_assert_true(testExists(cache, "recent"));
    g_assert_false(testExists(cache, ".killed.1"));
    g_assert_true(testExists(cache, ".writing.2"));
    g_assert_true(testExists(cache, cache->key));
}

static void
testNumber(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    const guint number = VIR_LXC_SECCOMP_CACHE_ENTRIES + 20;
    guint i;

    for (i = 0; i < number; i++) {
        g_autofree char *name = g_strdup_printf("%u", i);

        testOld(cache, name, 7200 + i * 60);
    }

    /* Using the oldest entry makes it the newest one. */
    testOld(cache, cache->key, 7200 + number * 60);
    testExpect(cache, TRUE);
    testMiss(cache);
    g_assert_cmpuint(testCount(cache), ==, VIR_LXC_SECCOMP_CACHE_ENTRIES);
    g_assert_true(testExists(cache, cache->key));
    g_assert_true(testExists(cache, "0"));
    g_assert_false(testExists(cache, "147"));
}

/* Gets the filter of another ruleset for each @number. */
static void
testGetNumber(const testCache *cache, unsigned int number)
{
    g_autoptr(virLXCSeccompRuleset) ruleset = testRuleset();
    virLXCSeccompRule *rule = g_ptr_array_index(ruleset->rules, 0);
    g_autoptr(virLXCSeccompFilter) cached = NULL;
    g_autoptr(virLXCSeccompFilter) compiled = NULL;

    g_array_index(rule->conditions, virLXCSeccompCondition, 0).value = number;
    cached = virLXCSeccompCacheGet(cache->directory, ruleset, NULL);
    compiled = virLXCSeccompCacheGet(NULL, ruleset, NULL);
    g_assert_cmpstr(cached->digest, ==, compiled->digest);
}

/* Several processes add and remove entries at the same time. */
static void
testTogether(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    pid_t children[4];
    size_t i;
    unsigned int number;

    for (i = 0; i < G_N_ELEMENTS(children); i++) {
        children[i] = fork();
        g_assert_cmpint(children[i], >=, 0);
        if (children[i] > 0)
            continue;
        for (number = 0; number < 2 * VIR_LXC_SECCOMP_CACHE_ENTRIES; number++)
            testGetNumber(cache, number + 10 * i);
        _exit(0);
    }

    for (i = 0; i < G_N_ELEMENTS(children); i++) {
        int status = -1;

        g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
        g_assert_cmpint(status, ==, 0);
    }
    g_assert_cmpuint(testCount(cache), ==, VIR_LXC_SECCOMP_CACHE_ENTRIES);
}

/* Threads of one process start the same domain. */
static gpointer
testThread(gpointer opaque)
{
    const testCache *cache = opaque;
    unsigned int number;

    for (number = 0; number < VIR_LXC_SECCOMP_CACHE_ENTRIES / 2; number++)
        testGetNumber(cache, number);
    return NULL;
}

static void
testThreads(testCache *cache, gconstpointer data G_GNUC_UNUSED)
{
    GThread *threads[4];
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new(NULL, testThread, cache);
    for (i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
    g_assert_cmpuint(testCount(cache), ==, VIR_LXC_SECCOMP_CACHE_ENTRIES / 2);
}

/* A tmpfs in which nothing can be written. */
typedef struct {
    unsigned long flags;
    const char *options;
} testTmpfs;

static const testTmpfs readOnly = {MS_RDONLY, "mode=700"};
static const testTmpfs full = {0, "mode=700,nr_inodes=1"};

static void
testUnwritable(testCache *cache, gconstpointer opaque)
{
    const testTmpfs *tmpfs = opaque;

    if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0) {
        g_test_skip("only root can mount");
        return;
    }
    g_assert_cmpint(mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL), ==, 0);
    g_assert_cmpint(
        mount("cache", cache->directory, "tmpfs", tmpfs->flags, tmpfs->options),
        ==, 0);

    testGetNumber(cache, 1);
    g_assert_cmpuint(testCount(cache), ==, 0);
    g_assert_cmpint(umount(cache->directory), ==, 0);
    testExpect(cache, TRUE);
}

static void
testAdd(const char *name, gconstpointer data,
        void (*func)(testCache *cache, gconstpointer data))
{
    g_autofree char *path = g_strdup_printf("/seccomp-cache/%s", name);

    g_test_add(path, testCache, data, testSetUp, func, testTearDown);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testAdd("used", NULL, testUsed);
    testAdd("key", NULL, testKey);
    testAdd("flipped", NULL, testFlipped);
    testAdd("cut", NULL, testCut);
    testAdd("longer", NULL, testLonger);
    testAdd("other", NULL, testOther);
    testAdd("world-writable", GUINT_TO_POINTER(0602), testWritable);
    testAdd("group-writable", GUINT_TO_POINTER(0620), testWritable);
    testAdd("owner", NULL, testOwner);
    testAdd("link", NULL, testLink);
    testAdd("directory/world-writable", GUINT_TO_POINTER(0702), testDirectory);
    testAdd("directory/group-writable", GUINT_TO_POINTER(0720), testDirectory);
    testAdd("directory/none", NULL, testNoDirectory);
    testAdd("prune/age", NULL, testAge);
    testAdd("prune/number", NULL, testNumber);
    testAdd("prune/together", NULL, testTogether);
    testAdd("threads", NULL, testThreads);
    testAdd("directory/read-only", &readOnly, testUnwritable);
    testAdd("directory/full", &full, testUnwritable);
    return g_test_run();
}
