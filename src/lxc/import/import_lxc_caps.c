/*
 * import_lxc_caps.c: capabilities in container configurations of LXC
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: lxc.cap.drop and lxc.cap.keep. Out: <capabilities>.
 */

#include "capabilities_table.h"
#include "i18n.h"
#include "import_lxc_config.h"

#define LXC_NONE "none"

static int
lxcCapabilityParse(const virLXCImportLXCLine *line, const char *word,
                   guint64 *set, GError **error)
{
    const virLXCCapability *row = virLXCCapabilityByName(word);
    guint64 number = row ? row->number : 0;

    if (!row && !g_ascii_string_to_unsigned(word, 10, 0, VIR_LXC_CAPABILITY_MAX,
                                            &number, NULL))
        return virLXCImportSetError(error, line->file, line->line, 0,
                                    _("unknown capability '%1$s' in %2$s"),
                                    word, line->written);

    *set |= VIR_LXC_CAPABILITY_BIT(number);
    return 0;
}

int
virLXCImportLXCCapDrop(virLXCImportLXCState *state,
                       const virLXCImportLXCLine *line, GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(line->value, " \t", -1);
    size_t i;

    for (i = 0; words[i]; i++) {
        if (words[i][0] &&
            lxcCapabilityParse(line, words[i],
                               &state->import->def->capabilities.off,
                               error) < 0)
            return -1;
    }
    state->drops = line;
    return 0;
}

/* "none" clears those that precede it, and stands for an empty list. */
int
virLXCImportLXCCapKeep(virLXCImportLXCState *state,
                       const virLXCImportLXCLine *line, GError **error)
{
    virLXCCapabilitiesDef *def = &state->import->def->capabilities;
    g_auto(GStrv) words = g_strsplit_set(line->value, " \t", -1);
    size_t i;

    for (i = 0; words[i]; i++) {
        if (g_str_equal(words[i], LXC_NONE))
            def->on = 0;
        else if (words[i][0] &&
                 lxcCapabilityParse(line, words[i], &def->on, error) < 0)
            return -1;
    }
    state->keeps = line;
    return 0;
}

int
virLXCImportLXCCapFinish(virLXCImportLXCState *state, GError **error)
{
    virLXCCapabilitiesDef *def = &state->import->def->capabilities;

    if (!state->keeps)
        return 0;

    if (state->drops)
        return virLXCImportSetError(
            error, state->keeps->file, state->keeps->line, 0,
            _("%1$s contradicts %2$s (line %3$d)"), state->keeps->written,
            state->drops->written, state->drops->line);

    def->policy = VIR_LXC_CAPABILITIES_POLICY_DENY;
    return 0;
}
