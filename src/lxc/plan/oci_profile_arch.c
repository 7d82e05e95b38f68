/*
 * oci_profile_arch.c: parse architectures of a seccomp profile
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: architectures or archMap, and the architecture of the host. Out: ABIs.
 */

#include "i18n.h"
#include "oci_profile_parts.h"

/* Names in the specification that libseccomp 2.5.4 does not support. We do not
 * support such hosts either, so these names are ignored. */
static const char *const lxcOCIOtherArchs[] = {
    "SCMP_ARCH_LOONGARCH64",
    "SCMP_ARCH_M68K",
    "SCMP_ARCH_SH",
    "SCMP_ARCH_SHEB",
    NULL,
};

/* Values of GOARCH, and docker's names (daemon/seccomp_linux.go:
 * goToNative). */
static const struct {
    const char *name;
    const char *oci;
} lxcOCIGoArchs[] = {
    {"386", "SCMP_ARCH_X86"},
    {"amd64", "SCMP_ARCH_X86_64"},
    {"arm", "SCMP_ARCH_ARM"},
    {"arm64", "SCMP_ARCH_AARCH64"},
    {"loong64", "SCMP_ARCH_LOONGARCH64"},
    {"loongarch64", "SCMP_ARCH_LOONGARCH64"},
    {"mips", "SCMP_ARCH_MIPS"},
    {"mips3l64n32", "SCMP_ARCH_MIPSEL64N32"}, /* docker's spelling */
    {"mips64", "SCMP_ARCH_MIPS64"},
    {"mips64le", "SCMP_ARCH_MIPSEL64"},
    {"mips64n32", "SCMP_ARCH_MIPS64N32"},
    {"mips64p32", "SCMP_ARCH_MIPS64N32"},
    {"mips64p32le", "SCMP_ARCH_MIPSEL64N32"},
    {"mipsel", "SCMP_ARCH_MIPSEL"},
    {"mipsel64", "SCMP_ARCH_MIPSEL64"},
    {"mipsel64n32", "SCMP_ARCH_MIPSEL64N32"},
    {"mipsle", "SCMP_ARCH_MIPSEL"},
    {"ppc", "SCMP_ARCH_PPC"},
    {"ppc64", "SCMP_ARCH_PPC64"},
    {"ppc64le", "SCMP_ARCH_PPC64LE"},
    {"riscv64", "SCMP_ARCH_RISCV64"},
    {"s390", "SCMP_ARCH_S390"},
    {"s390x", "SCMP_ARCH_S390X"},
    {"x32", "SCMP_ARCH_X32"},
    {"x86", "SCMP_ARCH_X86"},
};

int
virLXCOCIArchIsGo(const virLXCSeccompArch *arch, const virLXCJSON *value,
                  bool *is, GError **error)
{
    const char *name = virLXCJSONGetString(value, error);
    size_t i;

    if (!name)
        return -1;

    for (i = 0; i < G_N_ELEMENTS(lxcOCIGoArchs); i++) {
        if (g_str_equal(lxcOCIGoArchs[i].name, name)) {
            *is = g_str_equal(lxcOCIGoArchs[i].oci, arch->oci);
            return 0;
        }
    }

    return virLXCJSONSetError(value, error, _("unknown architecture '%1$s'"),
                              name);
}

/* Sets @arch to NULL if the architecture is not in our table. */
static int
lxcOCIArchParse(const virLXCJSON *value, const virLXCSeccompArch **arch,
                GError **error)
{
    size_t nrows = 0;
    const virLXCSeccompArch *rows = virLXCSeccompArchTable(&nrows);
    const char *name = virLXCJSONGetString(value, error);
    size_t i;

    if (!name)
        return -1;

    for (i = 0; i < nrows; i++) {
        if (g_str_equal(rows[i].oci, name)) {
            *arch = &rows[i];
            return 0;
        }
    }

    if (g_strv_contains(lxcOCIOtherArchs, name)) {
        *arch = NULL;
        return 0;
    }

    return virLXCJSONSetError(value, error, _("unknown architecture '%1$s'"),
                              name);
}

/* Appends those of @values that a kernel of @native can run to @archs. */
static int
lxcOCIArchsAppend(const GPtrArray *values, const virLXCSeccompArch *native,
                  GPtrArray *archs, GError **error)
{
    size_t i;

    for (i = 0; values && i < values->len; i++) {
        const virLXCSeccompArch *arch = NULL;

        if (lxcOCIArchParse(g_ptr_array_index(values, i), &arch, error) < 0)
            return -1;
        if (arch && g_strcmp0(arch->runsUnder, native->name) == 0 &&
            !g_ptr_array_find(archs, arch, NULL))
            g_ptr_array_add(archs, (gpointer)arch);
    }

    return 0;
}

/* Parses an entry of archMap. Entries for other hosts are checked as well. */
static int
lxcOCIArchMapEntryParse(const virLXCJSON *entry,
                        const virLXCSeccompArch *native, GPtrArray *archs,
                        GError **error)
{
    static const char *const members[] = {"architecture", "subArchitectures",
                                          NULL};
    g_autoptr(GPtrArray) ignored = g_ptr_array_new();
    const virLXCSeccompArch *arch = NULL;
    const virLXCJSON *name;
    const GPtrArray *others;

    if (virLXCJSONCheckMembers(entry, members, error) < 0 ||
        !(name = virLXCJSONRequire(entry, "architecture", error)) ||
        lxcOCIArchParse(name, &arch, error) < 0 ||
        virLXCJSONGetList(entry, "subArchitectures", &others, error) < 0)
        return -1;

    return lxcOCIArchsAppend(others, native,
                             arch && arch == native ? archs : ignored, error);
}

/* Returns whether the architecture of @child is in an earlier entry. */
static bool
lxcOCIArchMapIsRepeated(const GPtrArray *entries, guint child)
{
    const virLXCJSON *last = g_ptr_array_index(entries, child);
    const char *name = virLXCJSONFind(last, "architecture")->text;
    size_t i;

    for (i = 0; i < child; i++) {
        const virLXCJSON *entry = g_ptr_array_index(entries, i);

        if (g_str_equal(virLXCJSONFind(entry, "architecture")->text, name))
            return true;
    }

    return false;
}

static int
lxcOCIArchMapParse(const GPtrArray *entries, const virLXCSeccompArch *native,
                   GPtrArray *archs, GError **error)
{
    size_t i;

    for (i = 0; i < entries->len; i++) {
        const virLXCJSON *entry = g_ptr_array_index(entries, i);

        if (lxcOCIArchMapEntryParse(entry, native, archs, error) < 0)
            return -1;
        if (lxcOCIArchMapIsRepeated(entries, i))
            return virLXCJSONSetError(
                entry, error, _("architecture '%1$s' is listed twice"),
                virLXCJSONFind(entry, "architecture")->text);
    }

    return 0;
}

int
virLXCOCIArchsParse(const virLXCJSON *profile, const virLXCSeccompArch *native,
                    GPtrArray *archs, GError **error)
{
    const GPtrArray *list = NULL;
    const GPtrArray *map = NULL;

    if (virLXCJSONGetList(profile, "architectures", &list, error) < 0 ||
        virLXCJSONGetList(profile, "archMap", &map, error) < 0)
        return -1;

    if (list && list->len > 0 && map && map->len > 0)
        return virLXCJSONSetError(virLXCJSONGet(profile, "archMap"), error,
                                  _("'%1$s' and '%2$s' are mutually exclusive"),
                                  "architectures", "archMap");

    g_ptr_array_add(archs, (gpointer)native);
    return map && map->len > 0 ? lxcOCIArchMapParse(map, native, archs, error)
                               : lxcOCIArchsAppend(list, native, archs, error);
}
