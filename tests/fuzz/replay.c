/*
 * replay.c: runs a fuzzer over files, for compilers that have no libFuzzer
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: directories, read with all that is below them. Out: how many files were
 * run; none is a failure.
 */

#include <glib.h>

#include "fuzz.h"

static guint replayed;

static void
replayFile(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize size = 0;

    if (!g_file_get_contents(path, &text, &size, &error))
        g_error("%s", error->message);

    LLVMFuzzerTestOneInput((const uint8_t *)text, size);
    replayed++;
}

static void
replayPath(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    if (!dir) {
        replayFile(path);
        return;
    }

    while ((name = g_dir_read_name(dir))) {
        g_autofree char *child = g_build_filename(path, name, NULL);

        replayPath(child);
    }
}

int
main(int argc, char **argv)
{
    int i;

    for (i = 1; i < argc; i++)
        replayPath(argv[i]);

    g_print("%u files\n", replayed);
    return replayed > 0 ? 0 : 1;
}
