/*
 * fuzz_conf.c: no document breaks the parser, and what it reads it reads back
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: any bytes. Out: a crash when something is wrong.
 */

#include "cases.h"
#include "fuzz.h"

static virLXCConfinementDef *
fuzzParse(const char *text, gboolean *live)
{
    g_autoptr(xmlDoc) doc = testDocFromString(text);
    xmlNode *domain = doc ? testDocDomain(doc) : NULL;

    if (!domain)
        return NULL;

    *live = g_str_equal(xmlDocGetRootElement(doc)->name, "domstatus");
    return virLXCConfinementDefParse(domain, NULL);
}

static void
fuzzReadBack(const virLXCConfinementDef *def, gboolean live)
{
    g_autofree char *once = virLXCConfinementDefFormat(def, 0);
    g_autofree char *document = testDocWrap(once, live);
    g_autoptr(virLXCConfinementDef) again = fuzzParse(document, &live);
    g_autofree char *twice = NULL;

    g_assert_nonnull(again);
    twice = virLXCConfinementDefFormat(again, 0);
    g_assert_cmpstr(once, ==, twice);
    g_assert_cmpint(virLXCConfinementDefCheckABIStability(def, again, NULL), ==,
                    0);
}

/* The size stands for the host's ABI. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    gboolean live = FALSE;
    g_autoptr(virLXCConfinementDef) def = fuzzParse(text, &live);
    unsigned int hostABI = size % (VIR_LXC_LANDLOCK_ABI_MAX + 2);

    if (!def)
        return 0;

    fuzzReadBack(def, live);
    if (virLXCConfinementDefComplete(def, hostABI, NULL) == 0)
        fuzzReadBack(def, live);
    return 0;
}
