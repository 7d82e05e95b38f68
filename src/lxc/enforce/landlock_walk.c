/*
 * landlock_walk.c: resolve targets below writable directories
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a path, and the directories in which the container can replace entries.
 * Out: a descriptor that was reached without following any link that the
 * container could have made. Directories are compared by inode, so that it
 * makes no difference by which name or link they are reached.
 */

#include "landlock_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "openat2.h"

/* The kernel's own limit (path_resolution(7)). */
#define LXC_WALK_MAX_LINKS 40

/* @fd is the directory or file that has been reached, @path the text of
 * the last link, @rest what remains of the way, and @below the writable
 * directory that has been entered, or NULL. */
typedef struct {
    int fd;
    char *path;
    const char *rest;
    unsigned int links;
    GHashTable *writable;
    const virLXCLandlockRule *below;
} lxcWalk;

static guint
lxcRuleHash(gconstpointer opaque)
{
    const virLXCLandlockRule *rule = opaque;

    return (guint)(rule->device * 31 + rule->inode);
}

static gboolean
lxcRuleEqual(gconstpointer a, gconstpointer b)
{
    const virLXCLandlockRule *left = a;
    const virLXCLandlockRule *right = b;

    return left->device == right->device && left->inode == right->inode;
}

GHashTable *
virLXCLandlockWritableFind(const virLXCLandlockPlan *plan)
{
    guint64 rights = virLXCLandlockEntryRights();
    GHashTable *writable = g_hash_table_new_full(lxcRuleHash, lxcRuleEqual,
                                                 virLXCLandlockRuleFree, NULL);
    size_t i;

    for (i = 0; i < plan->paths->len; i++) {
        const virLXCLandlockPlanPath *path = g_ptr_array_index(plan->paths, i);
        VIR_LXC_AUTOCLOSE fd = -1;
        virLXCLandlockRule *rule = NULL;
        struct stat sb;

        if (!(path->allow & rights) ||
            (fd = virLXCLandlockOpen(path->target)) < 0 || fstat(fd, &sb) < 0)
            continue;

        rule = virLXCLandlockRuleNew(path);
        rule->device = sb.st_dev;
        rule->inode = sb.st_ino;
        if (g_hash_table_contains(writable, rule))
            virLXCLandlockRuleFree(rule);
        else
            g_hash_table_add(writable, rule);
    }
    return writable;
}

/* Takes ownership of @fd. */
static void
lxcWalkEnter(lxcWalk *walk, int fd, const struct stat *sb)
{
    const virLXCLandlockRule here = {.device = sb->st_dev, .inode = sb->st_ino};

    if (walk->fd >= 0)
        close(walk->fd);
    walk->fd = fd;

    if (!walk->below)
        walk->below = g_hash_table_lookup(walk->writable, &here);
}

static int
lxcWalkEnterRoot(lxcWalk *walk)
{
    VIR_LXC_AUTOCLOSE fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    struct stat sb;

    if (fd < 0 || fstat(fd, &sb) < 0)
        return -1;

    lxcWalkEnter(walk, virLXCDescriptorSteal(&fd), &sb);
    return 0;
}

/* Magic links, whose text is not where they lead, are refused. */
static int
lxcWalkCheckMagic(int fd, const char *name)
{
    VIR_LXC_AUTOCLOSE target = virLXCOpenat2(fd, name, O_PATH, 0);

    return target < 0 ? -1 : 0;
}

/* Replaces the link @fd, which is @name in the current directory, by its
 * text. */
static int
lxcWalkFollow(lxcWalk *walk, int fd, const char *name)
{
    char text[PATH_MAX];
    ssize_t length;
    char *path = NULL;

    if (walk->below || walk->links++ == LXC_WALK_MAX_LINKS) {
        errno = ELOOP;
        return -1;
    }
    if (lxcWalkCheckMagic(walk->fd, name) < 0 ||
        (length = readlinkat(fd, "", text, sizeof(text) - 1)) < 0)
        return -1;

    text[length] = '\0';
    path = g_strconcat(text, walk->rest, NULL);
    g_free(walk->path);
    walk->path = path;
    walk->rest = path;
    return text[0] == '/' ? lxcWalkEnterRoot(walk) : 0;
}

/* Removes the first component from the rest of the path. Returns NULL at the
 * end. */
static char *
lxcWalkNext(lxcWalk *walk)
{
    const char *start = walk->rest + strspn(walk->rest, "/");
    size_t length = strcspn(start, "/");

    walk->rest = start + length;
    return length > 0 ? g_strndup(start, length) : NULL;
}

static int
lxcWalkStep(lxcWalk *walk, const char *name)
{
    VIR_LXC_AUTOCLOSE fd =
        openat(walk->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat sb;

    if (fd < 0 || fstat(fd, &sb) < 0)
        return -1;
    if (S_ISLNK(sb.st_mode))
        return lxcWalkFollow(walk, fd, name);
    if (walk->rest[0] == '/' && !S_ISDIR(sb.st_mode)) {
        errno = ENOTDIR;
        return -1;
    }

    lxcWalkEnter(walk, virLXCDescriptorSteal(&fd), &sb);
    return 0;
}

static int
lxcWalkAll(lxcWalk *walk)
{
    if (lxcWalkEnterRoot(walk) < 0)
        return -1;

    while (true) {
        g_autofree char *name = lxcWalkNext(walk);

        if (!name)
            return 0;
        if (lxcWalkStep(walk, name) < 0)
            return -1;
    }
}

int
virLXCLandlockWalk(const char *path, GHashTable *writable,
                   const virLXCLandlockRule **found)
{
    lxcWalk walk = {.fd = -1, .rest = path, .writable = writable};
    int rc = lxcWalkAll(&walk);
    int saved = errno;

    g_free(walk.path);
    if (rc == 0)
        return walk.fd;

    if (walk.fd >= 0)
        close(walk.fd);
    if (saved == ELOOP)
        *found = walk.below;
    errno = saved;
    return -1;
}
