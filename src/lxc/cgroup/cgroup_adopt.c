/*
 * cgroup_adopt.c: move processes that have joined a container to its cgroups
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cgroup_adopt.h"
#include "cgroup_layout.h"

#define LXC_ADOPT_PAUSE (20 * G_TIME_SPAN_MILLISECOND)

/* Returns the file with the processes of the cgroup of @pid, or NULL if it has
 * exited or if version 2 is not mounted. */
static char *
lxcAdoptProcs(pid_t pid)
{
    g_autofree char *process = g_strdup_printf("%d", (int)pid);
    g_autoptr(GPtrArray) layout = virLXCPayloadLayoutRead(process, NULL);
    g_autofree char *directory = NULL;
    size_t i;

    for (i = 0; layout && i < layout->len; i++) {
        const virLXCPayloadHierarchy *hierarchy = g_ptr_array_index(layout, i);

        if (!virLXCPayloadHierarchyIsUnified(hierarchy) ||
            !hierarchy->mountPoint)
            continue;

        directory = virLXCPayloadHierarchyDirectory(hierarchy);
        return g_build_filename(directory, "cgroup.procs", NULL);
    }

    return NULL;
}

static char *
lxcAdoptMountNamespace(const char *pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%s/ns/mnt", pid);

    return g_file_read_link(path, NULL);
}

/* The process ID may be reused, but not between two system calls: the kernel
 * assigns all others first. */
static void
lxcAdoptMove(const char *pid, pid_t init)
{
    g_autofree char *path = lxcAdoptProcs(init);
    int fd = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;

    if (fd < 0)
        return;
    if (write(fd, pid, strlen(pid)) < 0)
        g_debug("cannot move process %s to the container's cgroup", pid);
    close(fd);
}

static void
lxcAdoptAll(const char *procs, const char *space, pid_t init)
{
    g_autofree char *text = NULL;
    g_auto(GStrv) pids = NULL;
    size_t i;

    if (!g_file_get_contents(procs, &text, NULL, NULL))
        return;

    pids = g_strsplit(text, "\n", 0);
    for (i = 0; pids[i]; i++) {
        g_autofree char *other = NULL;

        if (*pids[i] && (other = lxcAdoptMountNamespace(pids[i])) &&
            g_str_equal(other, space))
            lxcAdoptMove(pids[i], init);
    }
}

void
virLXCPayloadAdopt(pid_t init, pid_t controller, unsigned int milliseconds)
{
    gint64 end =
        g_get_monotonic_time() + milliseconds * G_TIME_SPAN_MILLISECOND;
    g_autofree char *procs = lxcAdoptProcs(controller);
    g_autofree char *process = g_strdup_printf("%d", (int)init);
    g_autofree char *space = lxcAdoptMountNamespace(process);

    while (procs && space && g_get_monotonic_time() < end) {
        g_autofree char *now = lxcAdoptMountNamespace(process);

        if (!now || !g_str_equal(now, space))
            return;

        lxcAdoptAll(procs, space, init);
        g_usleep(LXC_ADOPT_PAUSE);
    }
}
