/*
 * fuzz_domain_caps.c: no document breaks the reader of domain capabilities, and
 * what it reads it reads back
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: any bytes. Out: a crash when something is wrong.
 */

#include "cases.h"
#include "domain_caps.h"
#include "domain_caps_parse.h"
#include "fuzz.h"

static virLXCHostInfo *
fuzzParse(const char *text)
{
    g_autoptr(xmlDoc) doc = testDocFromString(text);
    g_autoptr(GError) error = NULL;
    virLXCHostInfo *info = NULL;

    if (!doc || !xmlDocGetRootElement(doc))
        return NULL;

    info = virLXCDomainCapsParse(xmlDocGetRootElement(doc), &error);
    g_assert_true((info == NULL) == (error != NULL));
    return info;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(virLXCHostInfo) info = fuzzParse(text);
    g_autoptr(virLXCHostInfo) again = NULL;
    g_autofree char *once = NULL;
    g_autofree char *twice = NULL;

    if (!info)
        return 0;

    once = virLXCDomainCapsFormat(info, "/p", "x86_64");
    again = fuzzParse(once);
    g_assert_nonnull(again);
    twice = virLXCDomainCapsFormat(again, "/p", "x86_64");
    g_assert_cmpstr(once, ==, twice);
    return 0;
}
