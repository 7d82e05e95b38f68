/*
 * fuzz_conf.c: no document breaks the parser, and what it reads it reads back
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: parse and format. In: any bytes. Out: a crash when something is wrong.
 */

#include "cases.h"
#include "fuzz.h"

static char *
fuzzFormat(const char *text, gboolean *live)
{
    g_autoptr(xmlDoc) doc = testDocFromString(text);
    xmlNode *features = doc ? testDocFeatures(doc) : NULL;
    g_autoptr(virLXCConfinementDef) def = NULL;

    if (!features || !(def = virLXCConfinementDefParse(features, NULL)))
        return NULL;

    *live = g_str_equal(xmlDocGetRootElement(doc)->name, "domstatus");
    return virLXCConfinementDefFormat(def, 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    gboolean live = FALSE;
    g_autofree char *once = fuzzFormat(text, &live);
    g_autofree char *document = NULL;
    g_autofree char *twice = NULL;

    if (!once)
        return 0;

    document = testDocWrap(once, live);
    twice = fuzzFormat(document, &live);
    g_assert_cmpstr(once, ==, twice);
    return 0;
}
