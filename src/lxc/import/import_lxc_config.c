/*
 * import_lxc_config.c: container configurations of LXC
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the text of a configuration, lxc.container.conf(5). Out: a domain, or
 * only the elements of <features> if it does not name a root directory.
 */

#include "import_lxc_config.h"

#include <string.h>

#include "i18n.h"
#include "import_devices.h"

void
virLXCImportLXCAdd(virLXCImportLXCState *state, bool lost,
                   const virLXCImportLXCLine *line, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    virLXCImportAdd(state->import, lost, line->file, line->line, line->written,
                    "%s", text);
}

int
virLXCImportLXCSetError(const virLXCImportLXCLine *line, GError **error,
                        const char *expected)
{
    return virLXCImportSetError(
        error, line->file, line->line, 0,
        _("invalid value '%1$s' of %2$s: expected %3$s"), line->value,
        line->written, expected);
}

int
virLXCImportLXCNumber(const virLXCImportLXCLine *line, const char *text,
                      guint64 max, guint64 *number, GError **error)
{
    g_autofree char *expected = NULL;

    if (g_ascii_string_to_unsigned(text, 10, 0, max, number, NULL))
        return 0;

    expected =
        g_strdup_printf(_("a number from 0 to %1$" G_GUINT64_FORMAT), max);
    return virLXCImportLXCSetError(line, error, expected);
}

int
virLXCImportLXCSize(const virLXCImportLXCLine *line, const char *text,
                    guint64 *kib, GError **error)
{
    if (virLXCImportSizeParse(text, kib))
        return 0;

    return virLXCImportLXCSetError(line, error, _("a number of bytes"));
}

int
virLXCImportLXCNoNewPrivs(virLXCImportLXCState *state,
                          const virLXCImportLXCLine *line, GError **error)
{
    guint64 on = 0;

    if (virLXCImportLXCNumber(line, line->value, 1, &on, error) < 0)
        return -1;

    if (on)
        state->import->def->noNewPrivs = VIR_LXC_SWITCH_ON;
    return 0;
}

int
virLXCImportLXCSeccompProfile(virLXCImportLXCState *state,
                              const virLXCImportLXCLine *line, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) cause = NULL;
    virLXCImportSource source = *state->source;

    if (source.files)
        text = virLXCImportFilesRead(source.files, line->value, &cause);
    if (!text) {
        virLXCImportLXCAdd(state, true, line,
                           _("the profile is not converted: %1$s"),
                           cause ? cause->message : _("files are not read"));
        return 0;
    }

    source.file = line->value;
    source.text = text;
    source.length = strlen(text);
    return virLXCImportLXCSeccomp(state->import, &source, error);
}

int
virLXCImportLXCAppArmor(virLXCImportLXCState *state,
                        const virLXCImportLXCLine *line,
                        GError **error G_GNUC_UNUSED)
{
    if (g_str_equal(line->value, "unconfined"))
        virLXCImportLXCAdd(state, false, line,
                           _("if AppArmor is in use, libvirt confines the "
                             "domain by a profile that it generates"));
    else if (g_str_equal(line->value, "generated"))
        virLXCImportLXCAdd(state, false, line,
                           _("libvirt generates a profile of its own if "
                             "AppArmor is in use"));
    else
        virLXCImportLXCAdd(state, true, line,
                           _("the profile '%1$s' cannot be used: libvirt "
                             "generates one, see <seclabel>"),
                           line->value);
    return 0;
}

int
virLXCImportLXCSELinux(virLXCImportLXCState *state,
                       const virLXCImportLXCLine *line,
                       GError **error G_GNUC_UNUSED)
{
    if (g_str_equal(line->value, "unconfined_t"))
        virLXCImportLXCAdd(state, false, line,
                           _("if SELinux is in use, libvirt confines the "
                             "domain by a context that it generates"));
    else
        virLXCImportLXCAdd(state, true, line,
                           _("the context '%1$s' cannot be converted: libvirt "
                             "generates one, see <seclabel>"),
                           line->value);
    return 0;
}

int
virLXCImportLXCSched(virLXCImportLXCState *state,
                     const virLXCImportLXCLine *line, GError **error)
{
    guint64 on = 0;

    if (virLXCImportLXCNumber(line, line->value, 1, &on, error) < 0)
        return -1;

    if (on)
        virLXCImportLXCAdd(state, true, line,
                           _("the container cannot have CPU cores of its own"));
    return 0;
}

static virLXCImportLXCState
lxcStateNew(virLXCImport *import, const virLXCImportSource *source)
{
    virLXCImportLXCState state = {
        .import = import,
        .source = source,
        .domain = virLXCImportDomainNew(),
    };
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(state.devices); i++)
        state.devices[i] =
            g_array_new(FALSE, FALSE, sizeof(virLXCImportDeviceRule));
    return state;
}

static void
lxcStateClear(virLXCImportLXCState *state)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(state->devices); i++)
        g_array_unref(state->devices[i]);
    virLXCImportDomainFree(state->domain);
}

static int
lxcLineConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
               GError **error)
{
    switch (line->row->use) {
    case VIR_LXC_IMPORT_LXC_CONVERTED:
        return line->row->convert(state, line, error);
    case VIR_LXC_IMPORT_LXC_MENTIONED:
    case VIR_LXC_IMPORT_LXC_REFUSED:
        virLXCImportLXCAdd(state, line->row->use == VIR_LXC_IMPORT_LXC_REFUSED,
                           line, "%s", _(line->row->text));
        break;
    }
    return 0;
}

/* Whether the key does not affect what the container may do. Where the caller
 * wants <features> only, this includes what is run. */
static bool
lxcLineIsHarmless(const virLXCImportLXCState *state,
                  const virLXCImportLXCLine *line)
{
    static const char *const always[] = {"lxc.tty.max", "lxc.uts.name",
                                         "lxc.arch", NULL};
    static const char *const program[] = {"lxc.environment", "lxc.init.cmd",
                                          "lxc.init.cwd", "lxc.rootfs.path",
                                          NULL};

    return g_strv_contains(always, line->key) ||
           (state->source->featuresOnly && g_strv_contains(program, line->key));
}

/* Without a root directory, or if nothing else is wanted, only <features> is
 * printed. */
static void
lxcLinesMentionDomain(virLXCImportLXCState *state, const GPtrArray *lines)
{
    size_t i;

    for (i = 0; i < lines->len; i++) {
        const virLXCImportLXCLine *line = g_ptr_array_index(lines, i);

        if (!line->row->domainOnly || virLXCImportLXCIsDevices(line) ||
            virLXCImportLXCIsOptional(line))
            continue;
        virLXCImportLXCAdd(
            state, !lxcLineIsHarmless(state, line), line, "%s",
            state->source->featuresOnly
                ? _("the key is left out, because the result is only "
                    "<features>")
                : _("the key is left out, because without 'lxc.rootfs.path' "
                    "the result is not a whole domain"));
    }
}

/* libvirt creates a user namespace only if <idmap> has both <uid> and <gid>. */
static void
lxcDomainCheckIdmap(virLXCImportLXCState *state)
{
    const GArray *idmap = state->domain->idmap;
    bool users = false;
    bool groups = false;
    guint i;

    for (i = 0; i < idmap->len; i++) {
        if (g_array_index(idmap, virLXCImportIDMap, i).type == 'u')
            users = true;
        else
            groups = true;
    }

    if (users != groups)
        virLXCImportAdd(state->import, true, state->source->file, 0,
                        "lxc.idmap",
                        _("there is no user namespace unless both users and "
                          "groups are mapped"));
}

/* LXC names a container after its directory. */
static int
lxcDomainFinish(virLXCImportLXCState *state, const GPtrArray *lines,
                GError **error)
{
    virLXCImportDomain *domain = state->domain;

    if (!domain->root || state->source->featuresOnly) {
        lxcLinesMentionDomain(state, lines);
        return 0;
    }

    domain->root->readonly = domain->rootReadonly;
    if (!domain->name)
        domain->name = g_strdup(state->source->domain);
    if (!domain->name)
        return virLXCImportSetError(error, state->source->file, 1, 0,
                                    _("'%1$s' is missing"), "lxc.uts.name");

    lxcDomainCheckIdmap(state);
    if (!domain->memory)
        virLXCImportAdd(state->import, false, state->source->file, 0,
                        "lxc.cgroup.memory.limit_in_bytes",
                        _("the memory is not limited, but that of a domain has "
                          "to be: <memory> is 64 MiB"));
    state->import->xml = virLXCImportDomainFormat(domain, state->import);
    return 0;
}

static int
lxcLinesConvert(virLXCImportLXCState *state, const GPtrArray *lines,
                GError **error)
{
    size_t i;

    for (i = 0; i < lines->len; i++) {
        if (lxcLineConvert(state, g_ptr_array_index(lines, i), error) < 0)
            return -1;
    }

    virLXCImportLXCCgroupFinish(state);
    virLXCImportLXCNamespacesFinish(state);
    if (virLXCImportLXCCapFinish(state, error) < 0 ||
        virLXCImportLXCNetFinish(state, error) < 0)
        return -1;

    return lxcDomainFinish(state, lines, error);
}

int
virLXCImportLXCConfig(virLXCImport *import, const virLXCImportSource *source,
                      GError **error)
{
    g_autoptr(GPtrArray) lines = virLXCImportLXCRead(import, source, error);
    virLXCImportLXCState state;
    int result;

    if (!lines)
        return -1;

    import->def->capabilities.policy = VIR_LXC_CAPABILITIES_POLICY_ALLOW;
    state = lxcStateNew(import, source);
    result = lxcLinesConvert(&state, lines, error);
    lxcStateClear(&state);
    return result;
}
