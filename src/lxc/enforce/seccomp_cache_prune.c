/*
 * seccomp_cache_prune.c: bound the cache of compiled filters
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "seccomp_cache_prune.h"

#include <dirent.h>
#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LXC_HOUR ((time_t)3600)
#define LXC_DAY (24 * LXC_HOUR)

typedef struct {
    char *name;
    time_t used;
} lxcCacheFile;

static void
lxcCacheFileClear(gpointer data)
{
    lxcCacheFile *file = data;

    g_free(file->name);
}

/* Most recently used first. */
static gint
lxcCacheFileCompare(gconstpointer a, gconstpointer b)
{
    const lxcCacheFile *left = a;
    const lxcCacheFile *right = b;

    return (left->used < right->used) - (left->used > right->used);
}

static GArray *
lxcCacheList(int directory)
{
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(lxcCacheFile));
    int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    struct dirent *entry;

    g_array_set_clear_func(files, lxcCacheFileClear);
    if (fd >= 0 && !stream)
        close(fd);

    while (stream && (entry = readdir(stream))) {
        lxcCacheFile *file;
        struct stat info;

        if (fstatat(directory, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) < 0 ||
            !S_ISREG(info.st_mode))
            continue;

        g_array_set_size(files, files->len + 1);
        file = &g_array_index(files, lxcCacheFile, files->len - 1);
        file->name = g_strdup(entry->d_name);
        file->used = info.st_mtime;
    }

    if (stream)
        closedir(stream);
    return g_steal_pointer(&files);
}

void
virLXCSeccompCacheUsed(int entry)
{
    struct stat info;

    if (fstat(entry, &info) == 0 && info.st_mtime < time(NULL) - LXC_HOUR)
        futimens(entry, NULL);
}

void
virLXCSeccompCachePrune(int directory)
{
    g_autoptr(GArray) files = lxcCacheList(directory);
    time_t now = time(NULL);
    size_t kept = 0;
    guint i;

    g_array_sort(files, lxcCacheFileCompare);
    for (i = 0; i < files->len; i++) {
        const lxcCacheFile *file = &g_array_index(files, lxcCacheFile, i);
        bool temporary = file->name[0] == '.';

        if (file->used < now - (temporary
                                    ? LXC_HOUR
                                    : VIR_LXC_SECCOMP_CACHE_DAYS * LXC_DAY) ||
            (!temporary && kept == VIR_LXC_SECCOMP_CACHE_ENTRIES))
            unlinkat(directory, file->name, 0);
        else if (!temporary)
            kept++;
    }
}
