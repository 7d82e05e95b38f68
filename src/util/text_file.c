/*
 * text_file.c: reads a text of limited length
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "text_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "i18n.h"

#define LXC_CHUNK 65536

static int
lxcTextSetSystemError(GError **error, const char *title)
{
    return virLXCSetSystemError(error, errno, _("cannot read %1$s"), title);
}

/* Returns the bytes up to the end or to one more than @max, or NULL. */
static GByteArray *
lxcTextReadBytes(int fd, const char *title, size_t max, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint8 chunk[LXC_CHUNK];

    while (bytes->len <= max) {
        ssize_t got = read(fd, chunk, MIN(sizeof(chunk), max + 1 - bytes->len));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            lxcTextSetSystemError(error, title);
            return NULL;
        }
        if (got == 0)
            break;
        g_byte_array_append(bytes, chunk, got);
    }
    return g_steal_pointer(&bytes);
}

char *
virLXCTextRead(int fd, const char *title, size_t max, GError **error)
{
    g_autoptr(GByteArray) bytes = lxcTextReadBytes(fd, title, max, error);

    if (!bytes)
        return NULL;

    if (bytes->len > max) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("%1$s is longer than %2$zu bytes"), title, max);
        return NULL;
    }

    g_byte_array_append(bytes, (const guint8 *)"", 1);
    if (strlen((const char *)bytes->data) + 1 < bytes->len) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("%1$s contains a NUL byte"), title);
        return NULL;
    }
    return (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
}

char *
virLXCTextReadRegular(int fd, const char *title, size_t max, GError **error)
{
    struct stat st;

    if (fstat(fd, &st) < 0) {
        lxcTextSetSystemError(error, title);
        return NULL;
    }

    if (!S_ISREG(st.st_mode)) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("%1$s is not a regular file"), title);
        return NULL;
    }
    return virLXCTextRead(fd, title, max, error);
}
