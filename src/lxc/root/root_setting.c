/*
 * root_setting.c: writes the settings of a plan
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: files of procfs, as long as nothing has made them read-only. Out: their
 * values.
 */

#include <string.h>

#include "root_private.h"

static int
lxcRootWriteSetting(const virLXCRoot *root, const virLXCRootSetting *setting,
                    GError **error)
{
    VIR_LXC_AUTOCLOSE fd =
        virLXCOpenat2(root->proc, setting->path, O_WRONLY, RESOLVE_NO_SYMLINKS);
    size_t length = strlen(setting->value);
    ssize_t written = fd < 0 ? -1 : write(fd, setting->value, length);

    if (written < 0 || (size_t)written != length)
        return virLXCSetSystemError(error, written < 0 ? errno : EIO,
                                    _("cannot set '/proc/%1$s' to '%2$s'"),
                                    setting->path, setting->value);
    return 0;
}

int
lxcRootWriteSettings(const virLXCRoot *root, GError **error)
{
    const GPtrArray *settings = root->plan->settings;
    size_t i;

    for (i = 0; i < settings->len; i++) {
        if (lxcRootWriteSetting(root, g_ptr_array_index(settings, i), error) <
            0)
            return -1;
    }
    return 0;
}
