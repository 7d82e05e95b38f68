/*
 * import_lxc_cgroup.c: cgroups in container configurations of LXC
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: lxc.cgroup and lxc.cgroup2. Out: <memtune>, <cputune>, <blkiotune>, and
 * findings about device ACLs.
 */

#include <string.h>

#include "i18n.h"
#include "import_devices.h"
#include "import_lxc_config.h"

#define LXC_CGROUP2 "lxc.cgroup2."

typedef int (*lxcCgroupConvert)(virLXCImportLXCState *state,
                                const virLXCImportLXCLine *line,
                                GError **error);

static bool
lxcLineIsVersion2(const virLXCImportLXCLine *line)
{
    return g_str_has_prefix(line->key, LXC_CGROUP2);
}

bool
virLXCImportLXCIsDevices(const virLXCImportLXCLine *line)
{
    return line->row->convert == virLXCImportLXCCgroup &&
           g_str_has_prefix(line->suffix, "devices.");
}

/* "max" and -1 stand for no limit. */
static bool
lxcValueIsMax(const char *value)
{
    return g_str_equal(value, "max") || g_str_equal(value, "-1");
}

static int
lxcSizeConvert(const virLXCImportLXCLine *line, guint64 *kib, GError **error)
{
    *kib = 0;
    if (lxcValueIsMax(line->value))
        return 0;
    return virLXCImportLXCSize(line, line->value, kib, error);
}

static int
lxcMemoryConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
                 GError **error)
{
    return lxcSizeConvert(line, &state->domain->memory, error);
}

static int
lxcSoftLimitConvert(virLXCImportLXCState *state,
                    const virLXCImportLXCLine *line, GError **error)
{
    return lxcSizeConvert(line, &state->domain->softLimit, error);
}

static int
lxcSwapLimitConvert(virLXCImportLXCState *state,
                    const virLXCImportLXCLine *line, GError **error)
{
    return lxcSizeConvert(line, &state->domain->swapLimit, error);
}

static int
lxcSharesConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
                 GError **error)
{
    return virLXCImportLXCNumber(line, line->value, 262144,
                                 &state->domain->shares, error);
}

static int
lxcPeriodConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
                 GError **error)
{
    return virLXCImportLXCNumber(line, line->value, 1000000,
                                 &state->domain->period, error);
}

static int
lxcQuotaParse(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
              const char *text, GError **error)
{
    guint64 quota = 0;

    if (lxcValueIsMax(text)) {
        state->domain->quota = -1;
        return 0;
    }
    if (virLXCImportLXCNumber(line, text, G_MAXINT32, &quota, error) < 0)
        return -1;

    state->domain->quota = (gint64)quota;
    return 0;
}

static int
lxcQuotaConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
                GError **error)
{
    return lxcQuotaParse(state, line, line->value, error);
}

/* cpu.max: "QUOTA [PERIOD]" */
static int
lxcCPUMaxConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
                 GError **error)
{
    size_t length = strcspn(line->value, " \t");
    g_autofree char *quota = g_strndup(line->value, length);
    const char *period = line->value + length;

    if (lxcQuotaParse(state, line, quota, error) < 0)
        return -1;

    period += strspn(period, " \t");
    if (*period == '\0')
        return 0;
    return virLXCImportLXCNumber(line, period, 1000000, &state->domain->period,
                                 error);
}

static int
lxcListConvert(const virLXCImportLXCLine *line, char **list, GError **error)
{
    if (!virLXCImportListIsValid(line->value))
        return virLXCImportLXCSetError(line, error,
                                       _("a list such as '0-3,8'"));

    g_free(*list);
    *list = g_strdup(line->value);
    return 0;
}

static int
lxcCPUsConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
               GError **error)
{
    return lxcListConvert(line, &state->domain->cpus, error);
}

static int
lxcNodesConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
                GError **error)
{
    return lxcListConvert(line, &state->domain->nodes, error);
}

static int
lxcWeightConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
                 GError **error)
{
    guint64 weight = 0;

    if (virLXCImportLXCNumber(line, line->value, 1000, &weight, error) < 0)
        return -1;

    state->domain->weight = (unsigned int)weight;
    return 0;
}

/* "MAJOR:MINOR VALUE" */
static int
lxcBlockConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
                GError **error)
{
    static const char *const limits[] = {
        "blkio.throttle.read_iops_device", "blkio.throttle.write_iops_device",
        "blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device"};
    size_t length = strspn(line->value, "0123456789:");
    g_autofree char *number = g_strndup(line->value, length);
    const char *text = line->value + length;
    virLXCImportBlockDevice *device;
    guint64 value = 0;
    size_t i;

    text += strspn(text, " \t");
    if (!strchr(number, ':'))
        return virLXCImportLXCSetError(line, error,
                                       _("the numbers of a device, and a "
                                         "number"));
    if (virLXCImportLXCNumber(line, text, G_MAXINT64, &value, error) < 0)
        return -1;

    device = virLXCImportDomainBlockDevice(state->domain, number);
    for (i = 0; i < G_N_ELEMENTS(limits); i++) {
        if (g_str_equal(line->suffix, limits[i])) {
            device->limits[i] = value;
            return 0;
        }
    }
    if (value > 1000)
        return virLXCImportLXCSetError(line, error, _("a weight up to 1000"));
    device->weight = (unsigned int)value;
    return 0;
}

static bool
lxcDeviceNumber(const char *text, int *number)
{
    guint64 n = 0;

    if (g_str_equal(text, "*")) {
        *number = -1;
        return true;
    }
    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT, &n, NULL))
        return false;

    *number = (int)n;
    return true;
}

/* "a", or "b" or "c", "MAJOR:MINOR", and letters of "rwm" */
static bool
lxcDeviceRuleParse(const char *value, virLXCImportDeviceRule *rule)
{
    g_auto(GStrv) words = g_strsplit_set(value, " \t", -1);
    g_auto(GStrv) numbers = NULL;
    size_t n = g_strv_length(words);

    rule->type = value[0];
    if (g_str_equal(words[0], "a"))
        return true;

    if (n != 3 || strlen(words[0]) != 1 || !strchr("bc", words[0][0]) ||
        words[2][0] == '\0' || strlen(words[2]) >= sizeof(rule->access) ||
        strspn(words[2], "rwm") != strlen(words[2]))
        return false;

    g_strlcpy(rule->access, words[2], sizeof(rule->access));
    numbers = g_strsplit(words[1], ":", -1);
    return g_strv_length(numbers) == 2 &&
           lxcDeviceNumber(numbers[0], &rule->major) &&
           lxcDeviceNumber(numbers[1], &rule->minor);
}

static int
lxcDevicesConvert(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
                  GError **error)
{
    bool isVersion2 = lxcLineIsVersion2(line);
    virLXCImportDeviceRule rule = {
        .allow = g_str_has_suffix(line->suffix, ".allow")};

    if (!lxcDeviceRuleParse(line->value, &rule))
        return virLXCImportLXCSetError(line, error,
                                       _("a rule such as 'c 1:3 rwm'"));

    g_array_append_val(state->devices[isVersion2], rule);
    state->devicesLine[isVersion2] = line;
    return 0;
}

void
virLXCImportLXCCgroupFinish(virLXCImportLXCState *state)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(state->devices); i++) {
        const virLXCImportLXCLine *line = state->devicesLine[i];

        if (!line)
            continue;
        virLXCImportDevicesCheck(state->import, state->devices[i], line->file,
                                 line->line, line->written, false);
        virLXCImportLXCAdd(state, false, line,
                           _("the device ACL of a domain is that of its "
                             "devices: to allow others, use <hostdev>"));
    }
}

int
virLXCImportLXCCgroup(virLXCImportLXCState *state,
                      const virLXCImportLXCLine *line, GError **error)
{
    /* Name, version of cgroups or 0 for both, function. */
    static const struct {
        const char *name;
        unsigned int version;
        lxcCgroupConvert convert;
    } rows[] = {
        {"devices.allow", 0, lxcDevicesConvert},
        {"devices.deny", 0, lxcDevicesConvert},
        {"cpuset.cpus", 0, lxcCPUsConvert},
        {"cpuset.mems", 0, lxcNodesConvert},
        {"memory.limit_in_bytes", 1, lxcMemoryConvert},
        {"memory.soft_limit_in_bytes", 1, lxcSoftLimitConvert},
        {"memory.memsw.limit_in_bytes", 1, lxcSwapLimitConvert},
        {"memory.max", 2, lxcMemoryConvert},
        {"memory.high", 2, lxcSoftLimitConvert},
        {"cpu.shares", 1, lxcSharesConvert},
        {"cpu.cfs_quota_us", 1, lxcQuotaConvert},
        {"cpu.cfs_period_us", 1, lxcPeriodConvert},
        {"cpu.weight", 2, lxcSharesConvert},
        {"cpu.max", 2, lxcCPUMaxConvert},
        {"blkio.weight", 1, lxcWeightConvert},
        {"blkio.device_weight", 1, lxcBlockConvert},
        {"blkio.throttle.read_bps_device", 1, lxcBlockConvert},
        {"blkio.throttle.write_bps_device", 1, lxcBlockConvert},
        {"blkio.throttle.read_iops_device", 1, lxcBlockConvert},
        {"blkio.throttle.write_iops_device", 1, lxcBlockConvert},
    };
    unsigned int version = lxcLineIsVersion2(line) ? 2 : 1;
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (g_str_equal(rows[i].name, line->suffix) &&
            (rows[i].version == 0 || rows[i].version == version))
            return rows[i].convert(state, line, error);
    }

    virLXCImportLXCAdd(state, true, line, _("there is no equivalent"));
    return 0;
}
