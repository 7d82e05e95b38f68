/*
 * virlxcproctree.c: find the processes of a container by descent
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A container cannot control the length or the format of the files that are
 * read here.
 */

#include <config.h>

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "virlxcproctree.h"
#include "virfile.h"
#include "virstring.h"


/* /proc/PID/stat is "pid (name) state ppid ...", with a name of at most 15
 * bytes. */
pid_t
virLXCProcTreeParent(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/stat", (long long) pid);
    g_autofree char *stat = NULL;
    const char *rest;
    char *end;
    int parent;

    if (virFileReadAllQuiet(path, 4096, &stat) < 0 ||
        !(rest = strrchr(stat, ')')) ||
        strlen(rest) < 4 ||
        virStrToLong_i(rest + 4, &end, 10, &parent) < 0)
        return 0;

    return parent;
}


/* Returns a table of all processes and their parents */
static GHashTable *
virLXCProcTreeParents(void)
{
    GHashTable *parents = g_hash_table_new(NULL, NULL);
    g_autoptr(GDir) dir = g_dir_open("/proc", 0, NULL);
    const char *name;
    int pid;

    while (dir && (name = g_dir_read_name(dir))) {
        if (virStrToLong_i(name, NULL, 10, &pid) == 0)
            g_hash_table_insert(parents, GINT_TO_POINTER(pid),
                                GINT_TO_POINTER(virLXCProcTreeParent(pid)));
    }

    return parents;
}


/* If processes are created or exit while the table is read, it may contain a
 * cycle. A chain of parents is never longer than the table. */
static bool
virLXCProcTreeDescends(GHashTable *parents,
                       pid_t pid,
                       pid_t ancestor)
{
    guint i;

    for (i = 0; pid > 1 && i < g_hash_table_size(parents); i++) {
        if (pid == ancestor)
            return true;
        pid = GPOINTER_TO_INT(g_hash_table_lookup(parents, GINT_TO_POINTER(pid)));
    }

    return false;
}


bool
virLXCProcTreeInOtherPidNamespace(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/ns/pid", (long long) pid);
    g_autofree char *theirs = g_file_read_link(path, NULL);
    g_autofree char *ours = g_file_read_link("/proc/self/ns/pid", NULL);

    return theirs && STRNEQ_NULLABLE(theirs, ours);
}


pid_t
virLXCProcTreeFindInit(pid_t controller)
{
    g_autoptr(GHashTable) parents = virLXCProcTreeParents();
    GHashTableIter iter;
    gpointer pid;
    gpointer parent;

    g_hash_table_iter_init(&iter, parents);
    while (g_hash_table_iter_next(&iter, &pid, &parent)) {
        if (GPOINTER_TO_INT(parent) == controller &&
            virLXCProcTreeInOtherPidNamespace(GPOINTER_TO_INT(pid)))
            return GPOINTER_TO_INT(pid);
    }

    return 0;
}


/* As long as @pidfd can be signalled, @pid is its process ID, and was it while
 * the link was opened. */
static int
virLXCProcTreeOpenNamespace(pid_t pid,
                            int pidfd)
{
    g_autofree char *path = g_strdup_printf("/proc/%lld/ns/pid", (long long) pid);
    VIR_AUTOCLOSE space = open(path, O_RDONLY | O_CLOEXEC);
    int found = space;

    if (found < 0 || syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) < 0)
        return -1;

    space = -1;
    return found;
}


/* Takes ownership of @space */
static bool
virLXCProcTreeIsBelow(int space,
                      int ancestor)
{
    struct stat expected;
    struct stat found;
    int parent;

    if (fstat(ancestor, &expected) < 0)
        VIR_FORCE_CLOSE(space);

    while (space >= 0 && fstat(space, &found) == 0) {
        if (found.st_ino == expected.st_ino && found.st_dev == expected.st_dev) {
            VIR_FORCE_CLOSE(space);
            return true;
        }
        parent = ioctl(space, NS_GET_PARENT);
        VIR_FORCE_CLOSE(space);
        space = parent;
    }

    VIR_FORCE_CLOSE(space);
    return false;
}


static void
virLXCProcTreeVisit(pid_t pid,
                    int initSpace,
                    virLXCProcTreeVisitor visit,
                    const void *opaque)
{
    VIR_AUTOCLOSE pidfd = syscall(SYS_pidfd_open, pid, 0);

    if (pidfd >= 0 &&
        virLXCProcTreeIsBelow(virLXCProcTreeOpenNamespace(pid, pidfd), initSpace))
        visit(pid, pidfd, opaque);
}


void
virLXCProcTreeForEach(pid_t init,
                      int initfd,
                      virLXCProcTreeVisitor visit,
                      const void *opaque)
{
    VIR_AUTOCLOSE space = virLXCProcTreeOpenNamespace(init, initfd);
    g_autoptr(GHashTable) parents = virLXCProcTreeParents();
    GHashTableIter iter;
    gpointer pid;

    if (space < 0)
        return;

    g_hash_table_iter_init(&iter, parents);
    while (g_hash_table_iter_next(&iter, &pid, NULL)) {
        if (virLXCProcTreeDescends(parents, GPOINTER_TO_INT(pid), init))
            virLXCProcTreeVisit(GPOINTER_TO_INT(pid), space, visit, opaque);
    }
}
