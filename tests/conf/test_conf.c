/*
 * test_conf.c: the functions of src/conf, apart from what documents can show
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: table, format, errors. In: rows of this file. Out:
 * verdicts.
 */

#include <errno.h>

#include "cases.h"

static void
testTable(void)
{
    size_t nrows = 0;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);
    guint64 seen = 0;
    size_t i;

    for (i = 0; i < nrows; i++) {
        g_assert_cmpuint(rows[i].number, <=, VIR_LXC_CAPABILITY_MAX);
        seen |= VIR_LXC_CAPABILITY_BIT(rows[i].number);
        g_assert_true(virLXCCapabilityByName(rows[i].name) == &rows[i]);
        g_assert_true(virLXCCapabilityByNumber(rows[i].number) == &rows[i]);
    }

    /* 0 to 40 without a gap, none twice. */
    g_assert_cmpuint(nrows, ==, 41);
    g_assert_cmphex(seen, ==, VIR_LXC_CAPABILITY_BIT(41) - 1);
    g_assert_null(virLXCCapabilityByName("cap_chown"));
    g_assert_null(virLXCCapabilityByName("CHOWN"));
    g_assert_null(virLXCCapabilityByNumber(41));
    g_assert_null(virLXCCapabilityByNumber(G_MAXUINT));
}

static void
testDefaults(void)
{
    size_t nrows = 0;
    const virLXCCapability *rows = virLXCCapabilityTable(&nrows);
    g_autoptr(GString) dropped = g_string_new("");
    size_t i;

    for (i = 0; i < nrows; i++) {
        if (rows[i].byDefault == VIR_LXC_CAPABILITY_DROPPED)
            g_string_append_printf(dropped, "%s ", rows[i].name);
        g_assert_true((rows[i].byDefault ==
                       VIR_LXC_CAPABILITY_DROPPED_UNLESS_REBOOT_CONTAINED) ==
                      g_str_equal(rows[i].name, "sys_boot"));
    }

    g_assert_cmpstr(dropped->str, ==,
                    "audit_control mac_admin mknod sys_module sys_time ");
}

static void
testNothing(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) doc = testDocFromString("<domain/>");
    g_autoptr(virLXCConfinementDef) def =
        virLXCConfinementDefParse(testDocDomain(doc), &error);
    g_autofree char *empty = virLXCConfinementDefFormat(NULL, 0);
    g_autofree char *absent = virLXCConfinementDefFormat(def, 0);

    g_assert_no_error(error);
    g_assert_false(def->present);
    g_assert_cmpstr(empty, ==, "");
    g_assert_cmpstr(absent, ==, "");
    virLXCConfinementDefFree(NULL);
}

static void
testPresent(void)
{
    g_autoptr(virLXCConfinementDef) absent = testDefFromElements("<acpi/>");
    g_autoptr(virLXCConfinementDef) empty =
        testDefFromElements("<capabilities/>");

    g_assert_false(absent->present);
    g_assert_true(empty->present);
    g_assert_true(virLXCConfinementIsElement("capabilities"));
    g_assert_false(virLXCConfinementIsElement("acpi"));
}

static void
testValues(void)
{
    g_autoptr(virLXCConfinementDef) def = testDefFromElements(
        "<capabilities policy='deny'>"
        "<chown/><wake_alarm state='off'/><cap number='63'/>"
        "</capabilities>");

    g_assert_cmpint(def->capabilities.policy, ==,
                    VIR_LXC_CAPABILITIES_POLICY_DENY);
    g_assert_cmphex(def->capabilities.on, ==,
                    VIR_LXC_CAPABILITY_BIT(0) | VIR_LXC_CAPABILITY_BIT(63));
    g_assert_cmphex(def->capabilities.off, ==, VIR_LXC_CAPABILITY_BIT(35));
    g_assert_false(def->capabilities.hasEffective);
}

static void
testIndent(void)
{
    g_autoptr(virLXCConfinementDef) def = testDefFromElements(
        "<capabilities policy='deny'><chown/></capabilities>");
    g_autofree char *text = virLXCConfinementDefFormat(def, 4);

    g_assert_cmpstr(text, ==,
                    "    <capabilities policy='deny'>\n"
                    "      <chown state='on'/>\n"
                    "    </capabilities>\n");
}

/* What libvirt itself does not know would make it lose the running domain. */
static void
testStatus(void)
{
    g_autoptr(virLXCConfinementDef) def = testDefFromElements(
        "<capabilities policy='deny'><chown/></capabilities>");
    g_autofree char *asked = virLXCConfinementDefFormatStatus(def, 0);
    g_autofree char *status = NULL;

    g_assert_cmpstr(asked, ==,
                    "<capabilities policy='deny'>\n"
                    "  <chown state='on'/>\n"
                    "</capabilities>\n");

    def->capabilities.hasEffective = true;
    def->capabilities.effective = 1;
    status = virLXCConfinementDefFormatStatus(def, 0);
    g_assert_cmpstr(status, ==,
                    "<capabilities policy='deny' effective='chown'>\n"
                    "  <chown state='on'/>\n"
                    "</capabilities>\n");
}

/* On failure outputs are untouched, and NULL is a good GError **. */
static void
testUntouched(void)
{
    g_autofree char *text = testDocWrap("<capabilities policy='deny'>"
                                        "<chown/><chwon/></capabilities>",
                                        FALSE);
    g_autoptr(xmlDoc) doc = testDocFromString(text);
    xmlNode *node = xmlFirstElementChild(testDocFeatures(doc));
    virLXCCapabilitiesDef def = {.on = 5};

    g_assert_cmpint(virLXCCapabilitiesDefParse(&def, node, false, NULL), ==,
                    -1);
    g_assert_cmphex(def.on, ==, 5);
    g_assert_cmpint(def.policy, ==, VIR_LXC_CAPABILITIES_POLICY_DEFAULT);
}

static void
testSystemError(void)
{
    g_autoptr(GError) error = NULL;

    virLXCSetSystemError(&error, ENOENT, "cannot open %s", "/x");
    g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                   VIR_LXC_CONFINEMENT_ERROR_SYSTEM);
    g_assert_cmpstr(error->message, ==,
                    "cannot open /x: No such file or directory");
    virLXCSetSystemError(NULL, ENOENT, "nobody asks");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/conf/table", testTable);
    g_test_add_func("/conf/defaults", testDefaults);
    g_test_add_func("/conf/nothing", testNothing);
    g_test_add_func("/conf/present", testPresent);
    g_test_add_func("/conf/values", testValues);
    g_test_add_func("/conf/indent", testIndent);
    g_test_add_func("/conf/status", testStatus);
    g_test_add_func("/conf/untouched", testUntouched);
    g_test_add_func("/conf/system-error", testSystemError);
    return g_test_run();
}
