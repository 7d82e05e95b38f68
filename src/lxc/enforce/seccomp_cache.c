/*
 * seccomp_cache.c: cache of compiled filters
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a ruleset. Out: its filter, read from a file or compiled.
 */

#include "seccomp_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "seccomp_cache_prune.h"
#include "seccomp_compiler.h"

#define LXC_CACHE_MAGIC "libvirt_lxc seccomp filter 1\n"

#define LXC_DIGEST_LENGTH 64

/**
 * lxcCacheHead: header of an entry, followed by the instructions and a digest
 * of both.
 */
typedef struct {
    char magic[sizeof(LXC_CACHE_MAGIC)];
    char key[LXC_DIGEST_LENGTH];
    guint32 length;
} lxcCacheHead;

static void
lxcKeyAddAction(GString *text, const char *label,
                const virLXCSeccompAction *action)
{
    g_string_append_printf(text, "%s %d %u\n", label, action->kind,
                           action->number);
}

static void
lxcKeyAddRule(GString *text, const virLXCSeccompRule *rule)
{
    size_t i;

    lxcKeyAddAction(text, rule->name, &rule->action);
    for (i = 0; i < rule->conditions->len; i++) {
        const virLXCSeccompCondition *condition =
            &g_array_index(rule->conditions, virLXCSeccompCondition, i);

        g_string_append_printf(
            text, " %u %d %" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x\n",
            condition->index, condition->op, condition->value, condition->mask);
    }
}

char *
virLXCSeccompCacheKey(const virLXCSeccompRuleset *ruleset)
{
    const struct scmp_version *library = seccomp_version();
    g_autoptr(GString) text = g_string_new(VIR_LXC_SECCOMP_COMPILER "\n");
    size_t i;

    g_string_append_printf(text, "%u.%u.%u %u.%u\n", library->major,
                           library->minor, library->micro,
                           ruleset->kernel.major, ruleset->kernel.minor);
    lxcKeyAddAction(text, "defaultAction", &ruleset->defaultAction);
    lxcKeyAddAction(text, "unknown", &ruleset->unknown);
    lxcKeyAddAction(text, "badArch", &ruleset->badArch);

    g_string_append_printf(text, "%u\n", ruleset->archs->len);
    for (i = 0; i < ruleset->archs->len; i++) {
        const virLXCSeccompArch *arch = g_ptr_array_index(ruleset->archs, i);

        g_string_append_printf(text, "%s\n", arch->name);
    }
    for (i = 0; i < ruleset->rules->len; i++)
        lxcKeyAddRule(text, g_ptr_array_index(ruleset->rules, i));

    return g_compute_checksum_for_data(G_CHECKSUM_SHA256,
                                       (const guchar *)text->str, text->len);
}

/* Only files that nobody except the calling user can have written are
 * trusted. */
static bool
lxcCacheIsOurs(int fd, mode_t type)
{
    struct stat info;

    return fstat(fd, &info) == 0 && (info.st_mode & S_IFMT) == type &&
           info.st_uid == geteuid() &&
           (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int
lxcCacheOpenDirectory(const char *directory)
{
    int fd;

    if (g_mkdir_with_parents(directory, 0700) < 0)
        return -1;

    fd = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && !lxcCacheIsOurs(fd, S_IFDIR)) {
        close(fd);
        return -1;
    }
    return fd;
}

static char *
lxcCacheDigest(const GByteArray *entry)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, entry->data,
                                       entry->len);
}

/* Returns an entry without its digest. */
static GByteArray *
lxcCacheEntry(const char *key, const virLXCSeccompFilter *filter)
{
    GByteArray *entry = g_byte_array_new();
    lxcCacheHead head = {.magic = LXC_CACHE_MAGIC, .length = filter->length};

    memcpy(head.key, key, sizeof(head.key));
    g_byte_array_append(entry, (const guint8 *)&head, sizeof(head));
    g_byte_array_append(entry, (const guint8 *)filter->instructions,
                        filter->length * sizeof(struct sock_filter));
    return entry;
}

/* Returns the filter in @entry, or NULL if the entry is not valid for @key. */
static virLXCSeccompFilter *
lxcCacheParse(const char *key, GByteArray *entry)
{
    g_autofree char *digest = NULL;
    const lxcCacheHead *head = (const lxcCacheHead *)entry->data;
    size_t size = entry->len;

    if (size < sizeof(*head) + LXC_DIGEST_LENGTH ||
        memcmp(head->magic, LXC_CACHE_MAGIC, sizeof(head->magic)) != 0 ||
        memcmp(head->key, key, sizeof(head->key)) != 0 || head->length == 0 ||
        head->length > BPF_MAXINSNS ||
        size != sizeof(*head) + head->length * sizeof(struct sock_filter) +
                    LXC_DIGEST_LENGTH)
        return NULL;

    g_byte_array_set_size(entry, size - LXC_DIGEST_LENGTH);
    digest = lxcCacheDigest(entry);
    if (memcmp(digest, entry->data + entry->len, LXC_DIGEST_LENGTH) != 0)
        return NULL;

    return virLXCSeccompFilterNew(
        (const struct sock_filter *)(entry->data + sizeof(*head)),
        head->length);
}

static GByteArray *
lxcCacheReadAll(int fd)
{
    /* One byte more than the longest possible entry. */
    const size_t max = sizeof(lxcCacheHead) +
                       BPF_MAXINSNS * sizeof(struct sock_filter) +
                       LXC_DIGEST_LENGTH + 1;
    GByteArray *entry = g_byte_array_new();
    ssize_t got;

    g_byte_array_set_size(entry, max);
    got = pread(fd, entry->data, max, 0);
    g_byte_array_set_size(entry, MAX(got, 0));
    return entry;
}

static virLXCSeccompFilter *
lxcCacheRead(int directory, const char *key)
{
    g_autoptr(GByteArray) entry = NULL;
    virLXCSeccompFilter *filter;
    int fd = openat(directory, key,
                    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return NULL;

    if (lxcCacheIsOurs(fd, S_IFREG))
        entry = lxcCacheReadAll(fd);
    filter = entry ? lxcCacheParse(key, entry) : NULL;
    if (filter)
        virLXCSeccompCacheUsed(fd);
    close(fd);
    return filter;
}

static bool
lxcCacheWriteAll(int fd, const char *key, const virLXCSeccompFilter *filter)
{
    g_autoptr(GByteArray) entry = lxcCacheEntry(key, filter);
    g_autofree char *digest = lxcCacheDigest(entry);

    g_byte_array_append(entry, (const guint8 *)digest, LXC_DIGEST_LENGTH);
    return write(fd, entry->data, entry->len) == (ssize_t)entry->len;
}

/* Writes to a temporary file first, because other processes and threads can
 * read and write the entry at any time. */
static void
lxcCacheWrite(int directory, const char *key, const virLXCSeccompFilter *filter)
{
    g_autofree char *name = g_strdup_printf(".%s.%d", key, (int)gettid());
    bool written;
    int fd;

    unlinkat(directory, name, 0);
    fd = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return;

    written = lxcCacheWriteAll(fd, key, filter);
    if (close(fd) < 0 || !written ||
        renameat(directory, name, directory, key) < 0)
        unlinkat(directory, name, 0);
    virLXCSeccompCachePrune(directory);
}

static virLXCSeccompFilter *
lxcCacheReadOrBuild(int directory, const virLXCSeccompRuleset *ruleset,
                    GError **error)
{
    g_autofree char *key = virLXCSeccompCacheKey(ruleset);
    virLXCSeccompFilter *filter = lxcCacheRead(directory, key);

    if (filter)
        return filter;

    filter = virLXCSeccompFilterCompile(ruleset, error);
    if (filter)
        lxcCacheWrite(directory, key, filter);
    return filter;
}

virLXCSeccompFilter *
virLXCSeccompCacheGet(const char *directory,
                      const virLXCSeccompRuleset *ruleset, GError **error)
{
    virLXCSeccompFilter *filter = NULL;
    int fd = directory ? lxcCacheOpenDirectory(directory) : -1;

    if (fd < 0)
        return virLXCSeccompFilterCompile(ruleset, error);

    filter = lxcCacheReadOrBuild(fd, ruleset, error);
    close(fd);
    return filter;
}
