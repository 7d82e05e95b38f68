/*
 * import_oci_resources.c: resource limits of a config.json
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: linux.resources. Out: <memtune>, <cputune>, <blkiotune>, and findings
 * about device ACLs.
 */

#include <string.h>

#include "i18n.h"
#include "import_devices.h"
#include "import_oci.h"

#define NO_EQUIVALENT N_("there is no equivalent")
#define NO_MEANING N_("the member does not affect what the container may do")

/* Sets -1 if the member is missing or -1. */
static int
lxcNumberParse(const virLXCJSON *object, const char *name, int *number,
               GError **error)
{
    const virLXCJSON *value = virLXCJSONGet(object, name);
    guint64 n = 0;

    if (!value || g_strcmp0(value->text, "-1") == 0) {
        *number = -1;
        return 0;
    }
    if (virLXCJSONGetUnsigned(value, G_MAXINT, &n, error) < 0)
        return -1;

    *number = (int)n;
    return 0;
}

/* A rule without a type is one for all devices, or for a character device with
 * certain numbers. */
static int
lxcDeviceTypeParse(const virLXCJSON *value, virLXCImportDeviceRule *rule,
                   GError **error)
{
    static const char *const types[] = {"", "a", "b", "c", "u", "p", NULL};
    const char *text = value ? virLXCJSONGetString(value, error) : "";

    if (!text)
        return -1;
    if (!g_strv_contains(types, text))
        return virLXCJSONSetError(
            value, error, _("expected a type of devices, found '%1$s'"), text);

    rule->type = text[0];
    if (!text[0])
        rule->type = rule->major >= 0 || rule->minor >= 0 ? 'c' : 'a';
    return 0;
}

static int
lxcDeviceAccessParse(const virLXCJSON *value, virLXCImportDeviceRule *rule,
                     GError **error)
{
    const char *text = value ? virLXCJSONGetString(value, error) : "rwm";

    if (!text)
        return -1;
    if (strspn(text, "rwm") != strlen(text) ||
        strlen(text) >= sizeof(rule->access))
        return virLXCJSONSetError(
            value, error, _("expected letters of 'rwm', found '%1$s'"), text);

    g_strlcpy(rule->access, text, sizeof(rule->access));
    return 0;
}

static int
lxcDeviceRuleParse(const virLXCJSON *value, virLXCImportDeviceRule *rule,
                   GError **error)
{
    static const char *const members[] = {"allow", "type",   "major",
                                          "minor", "access", NULL};
    const virLXCJSON *allow = NULL;

    if (virLXCJSONCheckMembers(value, members, error) < 0 ||
        !(allow = virLXCJSONRequire(value, "allow", error)) ||
        virLXCJSONGetBoolean(allow, &rule->allow, error) < 0 ||
        lxcNumberParse(value, "major", &rule->major, error) < 0 ||
        lxcNumberParse(value, "minor", &rule->minor, error) < 0)
        return -1;

    if (lxcDeviceTypeParse(virLXCJSONGet(value, "type"), rule, error) < 0)
        return -1;
    return lxcDeviceAccessParse(virLXCJSONGet(value, "access"), rule, error);
}

static int
lxcDevicesConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                  GError **error)
{
    g_autoptr(GArray) rules =
        g_array_new(FALSE, FALSE, sizeof(virLXCImportDeviceRule));
    const GPtrArray *values = NULL;
    size_t i;

    if (virLXCJSONGetList(value->parent, value->name, &values, error) < 0)
        return -1;

    for (i = 0; i < values->len; i++) {
        virLXCImportDeviceRule rule = {0};

        if (lxcDeviceRuleParse(g_ptr_array_index(values, i), &rule, error) < 0)
            return -1;
        g_array_append_val(rules, rule);
    }

    virLXCImportDevicesCheck(state->import, rules, state->source->file,
                             value->line, "linux.resources.devices", true);
    return 0;
}

/* 0 stands for a limit that is not set, and a negative number for none. */
static int
lxcLimitParse(const virLXCJSON *value, guint64 max, guint64 *limit,
              GError **error)
{
    if (value->type == VIR_LXC_JSON_NUMBER && value->text[0] == '-')
        return 0;
    return virLXCJSONGetUnsigned(value, max, limit, error);
}

static int
lxcBytesConvert(const virLXCJSON *value, guint64 *kib, GError **error)
{
    guint64 bytes = 0;

    if (lxcLimitParse(value, G_MAXINT64, &bytes, error) < 0)
        return -1;

    *kib = bytes > 0 ? MAX(bytes / 1024, 1) : 0;
    return 0;
}

static int
lxcLimitConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                GError **error)
{
    return lxcBytesConvert(value, &state->domain->memory, error);
}

static int
lxcReservationConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                      GError **error)
{
    return lxcBytesConvert(value, &state->domain->softLimit, error);
}

static int
lxcSwapConvert(virLXCImportOCIState *state, const virLXCJSON *value,
               GError **error)
{
    return lxcBytesConvert(value, &state->domain->swapLimit, error);
}

static int
lxcMemoryConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                 GError **error)
{
    static const virLXCImportOCIMember members[] = {
        {"limit", NULL, lxcLimitConvert, false, NULL},
        {"reservation", NULL, lxcReservationConvert, false, NULL},
        {"swap", NULL, lxcSwapConvert, false, NULL},
        {"kernel", NULL, NULL, true, NO_EQUIVALENT},
        {"kernelTCP", NULL, NULL, true, NO_EQUIVALENT},
        {"swappiness", NULL, NULL, false, NO_MEANING},
        {"disableOOMKiller", NULL, NULL, true, NO_EQUIVALENT},
        {"useHierarchy", NULL, NULL, false, NO_MEANING},
        {"checkBeforeUpdate", NULL, NULL, false, NO_MEANING},
        VIR_LXC_IMPORT_OCI_END,
    };

    return virLXCImportOCIMembers(state, value, members, error);
}

/* Version 1 of cgroups has numbers up to 262144, with 1024 as the default;
 * libvirt passes them on to version 2, which has up to 10000, and 100. */
static int
lxcSharesConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                 GError **error)
{
    if (lxcLimitParse(value, 262144, &state->domain->shares, error) < 0)
        return -1;

    if (state->domain->shares > 0)
        virLXCImportOCIAdd(state, false, value,
                           _("on a host that has version 2 of cgroups only, "
                             "<shares> is a weight, of which 100 is the "
                             "default"));
    return 0;
}

static int
lxcQuotaConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                GError **error)
{
    guint64 quota = 0;

    if (lxcLimitParse(value, G_MAXINT32, &quota, error) < 0)
        return -1;

    state->domain->quota = (gint64)quota;
    return 0;
}

static int
lxcPeriodConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                 GError **error)
{
    return lxcLimitParse(value, 1000000, &state->domain->period, error);
}

static int
lxcListConvert(const virLXCJSON *value, char **list, GError **error)
{
    const char *text = virLXCJSONGetString(value, error);

    if (!text)
        return -1;
    if (text[0] && !virLXCImportListIsValid(text))
        return virLXCJSONSetError(value, error,
                                  _("expected a list such as '0-3,8'"));

    if (text[0])
        *list = g_strdup(text);
    return 0;
}

static int
lxcCPUsConvert(virLXCImportOCIState *state, const virLXCJSON *value,
               GError **error)
{
    return lxcListConvert(value, &state->domain->cpus, error);
}

static int
lxcNodesConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                GError **error)
{
    return lxcListConvert(value, &state->domain->nodes, error);
}

static int
lxcCPUConvert(virLXCImportOCIState *state, const virLXCJSON *value,
              GError **error)
{
    static const virLXCImportOCIMember members[] = {
        {"shares", NULL, lxcSharesConvert, false, NULL},
        {"quota", NULL, lxcQuotaConvert, false, NULL},
        {"period", NULL, lxcPeriodConvert, false, NULL},
        {"cpus", NULL, lxcCPUsConvert, false, NULL},
        {"mems", NULL, lxcNodesConvert, false, NULL},
        {"burst", NULL, NULL, false, NO_MEANING},
        {"realtimeRuntime", NULL, NULL, true, NO_EQUIVALENT},
        {"realtimePeriod", NULL, NULL, true, NO_EQUIVALENT},
        {"idle", NULL, NULL, true, NO_EQUIVALENT},
        VIR_LXC_IMPORT_OCI_END,
    };

    return virLXCImportOCIMembers(state, value, members, error);
}

/* "MAJOR:MINOR" */
static char *
lxcDeviceNumber(const virLXCJSON *value, GError **error)
{
    static const char *const names[] = {"major", "minor"};
    guint64 numbers[] = {0, 0};
    size_t i;

    if (value->type != VIR_LXC_JSON_OBJECT) {
        virLXCJSONSetError(value, error, _("expected an object"));
        return NULL;
    }

    for (i = 0; i < G_N_ELEMENTS(names); i++) {
        const virLXCJSON *number = virLXCJSONRequire(value, names[i], error);

        if (!number ||
            virLXCJSONGetUnsigned(number, G_MAXINT, &numbers[i], error) < 0)
            return NULL;
    }
    return g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                           numbers[0], numbers[1]);
}

static int
lxcThrottleConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                   GError **error)
{
    /* In the order of virLXCImportBlockDevice.limits */
    static const char *const names[] = {
        "throttleReadIOPSDevice", "throttleWriteIOPSDevice",
        "throttleReadBpsDevice", "throttleWriteBpsDevice"};
    static const char *const members[] = {"major", "minor", "rate", NULL};
    g_autofree char *number = lxcDeviceNumber(value, error);
    const virLXCJSON *rate = NULL;
    virLXCImportBlockDevice *device;
    guint64 limit = 0;
    size_t i;

    if (!number || virLXCJSONCheckMembers(value, members, error) < 0 ||
        !(rate = virLXCJSONRequire(value, "rate", error)) ||
        virLXCJSONGetUnsigned(rate, G_MAXINT64, &limit, error) < 0)
        return -1;

    device = virLXCImportDomainBlockDevice(state->domain, number);
    for (i = 0; i < G_N_ELEMENTS(names); i++) {
        if (g_str_equal(value->parent->name, names[i]))
            device->limits[i] = limit;
    }
    return 0;
}

static int
lxcThrottlesConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                    GError **error)
{
    return virLXCImportOCIEach(state, value, lxcThrottleConvert, error);
}

static int
lxcWeightParse(const virLXCJSON *value, unsigned int *weight, GError **error)
{
    guint64 number = 0;

    if (virLXCJSONGetUnsigned(value, 1000, &number, error) < 0)
        return -1;

    *weight = (unsigned int)number;
    return 0;
}

static int
lxcWeightConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                 GError **error)
{
    return lxcWeightParse(value, &state->domain->weight, error);
}

static int
lxcWeightDeviceConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                       GError **error)
{
    static const char *const members[] = {"major", "minor", "weight",
                                          "leafWeight", NULL};
    g_autofree char *number = lxcDeviceNumber(value, error);
    const virLXCJSON *weight;
    const virLXCJSON *leaf;

    if (!number || virLXCJSONCheckMembers(value, members, error) < 0)
        return -1;

    weight = virLXCJSONGet(value, "weight");
    leaf = virLXCJSONGet(value, "leafWeight");
    if (leaf)
        virLXCImportOCIAdd(state, true, leaf, "%s", _(NO_EQUIVALENT));
    return weight ? lxcWeightParse(
                        weight,
                        &virLXCImportDomainBlockDevice(state->domain, number)
                             ->weight,
                        error)
                  : 0;
}

static int
lxcWeightDevicesConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                        GError **error)
{
    return virLXCImportOCIEach(state, value, lxcWeightDeviceConvert, error);
}

static int
lxcBlockConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                GError **error)
{
    static const virLXCImportOCIMember members[] = {
        {"weight", NULL, lxcWeightConvert, false, NULL},
        {"leafWeight", NULL, NULL, true, NO_EQUIVALENT},
        {"weightDevice", NULL, lxcWeightDevicesConvert, false, NULL},
        {"throttleReadBpsDevice", NULL, lxcThrottlesConvert, false, NULL},
        {"throttleWriteBpsDevice", NULL, lxcThrottlesConvert, false, NULL},
        {"throttleReadIOPSDevice", NULL, lxcThrottlesConvert, false, NULL},
        {"throttleWriteIOPSDevice", NULL, lxcThrottlesConvert, false, NULL},
        VIR_LXC_IMPORT_OCI_END,
    };

    return virLXCImportOCIMembers(state, value, members, error);
}

int
virLXCImportOCIResources(virLXCImportOCIState *state, const virLXCJSON *value,
                         GError **error)
{
    static const virLXCImportOCIMember members[] = {
        {"devices", lxcDevicesConvert, NULL, false, NULL},
        {"memory", NULL, lxcMemoryConvert, true,
         N_("set limits with <memtune>")},
        {"cpu", NULL, lxcCPUConvert, true, N_("set limits with <cputune>")},
        {"blockIO", NULL, lxcBlockConvert, true,
         N_("set limits with <blkiotune>")},
        {"pids", NULL, NULL, true, NO_EQUIVALENT},
        {"hugepageLimits", NULL, NULL, true, NO_EQUIVALENT},
        {"network", NULL, NULL, true, NO_EQUIVALENT},
        {"rdma", NULL, NULL, true, NO_EQUIVALENT},
        {"unified", NULL, NULL, true, NO_EQUIVALENT},
        VIR_LXC_IMPORT_OCI_END,
    };

    return virLXCImportOCIMembers(state, value, members, error);
}
