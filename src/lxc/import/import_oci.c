/*
 * import_oci.c: config.json of the OCI runtime specification
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the JSON of a container. Out: the elements of <features>. Each member has
 * a row, which says whether it is converted, why it need not be, or why it
 * cannot be.
 */

#include <string.h>

#include "capabilities_table.h"
#include "i18n.h"
#include "import_devices.h"
#include "import_oci_capabilities.h"
#include "import_private.h"

typedef int (*lxcConvert)(virLXCImport *import,
                          const virLXCImportSource *source,
                          const virLXCJSON *value, GError **error);

/* A member. Without @convert, @text is the text of a finding; @lost says
 * whether the member has no equivalent. Values that are empty, false or 0 are
 * not findings. */
typedef struct {
    const char *name;
    lxcConvert convert;
    bool lost;
    const char *text;
} lxcMember;

#define ELSEWHERE N_("the member corresponds to other parts of the domain")
#define NO_MEANING N_("the member does not affect what the container may do")
#define NO_EQUIVALENT N_("there is no equivalent")
#define NO_DOMAIN N_("the member has no equivalent in <features>")

static bool
lxcValueIsEmpty(const virLXCJSON *value)
{
    switch (value->type) {
    case VIR_LXC_JSON_NULL:
        return true;
    case VIR_LXC_JSON_BOOLEAN:
        return g_str_equal(value->text, "false");
    case VIR_LXC_JSON_NUMBER:
        return g_str_equal(value->text, "0");
    case VIR_LXC_JSON_STRING:
        return value->text[0] == '\0';
    case VIR_LXC_JSON_LIST:
    case VIR_LXC_JSON_OBJECT:
        return value->children->len == 0;
    }
    return false;
}

/* Converts what other members depend on first: @members is in that order. */
static int
lxcMembersConvert(virLXCImport *import, const virLXCImportSource *source,
                  const virLXCJSON *object, const lxcMember *members,
                  GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;

    if (object->type != VIR_LXC_JSON_OBJECT)
        return virLXCJSONSetError(object, error, _("expected an object"));

    for (; members->name; members++) {
        const virLXCJSON *value = virLXCJSONGet(object, members->name);

        g_hash_table_add(known, (gpointer)members->name);
        if (!value)
            continue;
        if (members->convert) {
            if (members->convert(import, source, value, error) < 0)
                return -1;
        } else if (members->text && !lxcValueIsEmpty(value)) {
            virLXCImportAddJSON(import, members->lost, source->file, value,
                                "%s", _(members->text));
        }
    }

    for (i = 0; i < object->children->len; i++) {
        const virLXCJSON *value = g_ptr_array_index(object->children, i);

        if (!g_hash_table_contains(known, value->name))
            virLXCImportAddJSON(import, true, source->file, value,
                                _("the member is not known"));
    }
    return 0;
}

static int
lxcNoNewPrivilegesConvert(virLXCImport *import,
                          const virLXCImportSource *source G_GNUC_UNUSED,
                          const virLXCJSON *value, GError **error)
{
    bool on = false;

    if (virLXCJSONGetBoolean(value, &on, error) < 0)
        return -1;

    if (on)
        import->def->noNewPrivs = VIR_LXC_SWITCH_ON;
    return 0;
}

/* A profile whose name means that there is none. */
static int
lxcLabelConvert(virLXCImport *import, const virLXCImportSource *source,
                const virLXCJSON *value, GError **error)
{
    const char *label = virLXCJSONGetString(value, error);

    if (!label)
        return -1;

    if (label[0] && !g_str_equal(label, "unconfined"))
        virLXCImportAddJSON(import, true, source->file, value,
                            _("'%1$s' cannot be converted: libvirt generates "
                              "security labels, see <seclabel>"),
                            label);
    return 0;
}

static int
lxcUserConvert(virLXCImport *import, const virLXCImportSource *source,
               const virLXCJSON *value, GError **error)
{
    static const lxcMember members[] = {
        {"uid", NULL, true, N_("set the user with <inituser>")},
        {"gid", NULL, true, N_("set the group with <initgroup>")},
        {"umask", NULL, true, NO_EQUIVALENT},
        {"additionalGids", NULL, true, NO_EQUIVALENT},
        {"username", NULL, true, NO_EQUIVALENT},
        {NULL, NULL, false, NULL},
    };

    return lxcMembersConvert(import, source, value, members, error);
}

static int
lxcLandlockConvert(virLXCImport *import, const virLXCImportSource *source,
                   const virLXCJSON *value, GError **error)
{
    return virLXCImportLandlockValue(import, source, value, error);
}

static int
lxcProcessConvert(virLXCImport *import, const virLXCImportSource *source,
                  const virLXCJSON *value, GError **error)
{
    static const lxcMember members[] = {
        {"noNewPrivileges", lxcNoNewPrivilegesConvert, false, NULL},
        {"capabilities", virLXCImportOCICapabilities, false, NULL},
        {"landlock", lxcLandlockConvert, false, NULL},
        {"user", lxcUserConvert, false, NULL},
        {"apparmorProfile", lxcLabelConvert, false, NULL},
        {"selinuxLabel", lxcLabelConvert, false, NULL},
        {"rlimits", NULL, true, NO_EQUIVALENT},
        {"scheduler", NULL, true, NO_EQUIVALENT},
        {"ioPriority", NULL, true, NO_EQUIVALENT},
        {"execCPUAffinity", NULL, true, NO_EQUIVALENT},
        {"oomScoreAdj", NULL, false, NO_MEANING},
        {"terminal", NULL, false, NO_MEANING},
        {"consoleSize", NULL, false, NO_MEANING},
        {"args", NULL, false, ELSEWHERE},
        {"commandLine", NULL, false, ELSEWHERE},
        {"env", NULL, false, ELSEWHERE},
        {"cwd", NULL, false, ELSEWHERE},
        {NULL, NULL, false, NULL},
    };

    if (value->type == VIR_LXC_JSON_OBJECT &&
        !virLXCJSONGet(value, "capabilities"))
        virLXCImportAddJSON(import, false, source->file, value,
                            _("'%1$s' is missing, so the container does not "
                              "have any"),
                            "capabilities");

    return lxcMembersConvert(import, source, value, members, error);
}

static int
lxcRootConvert(virLXCImport *import, const virLXCImportSource *source,
               const virLXCJSON *value, GError **error)
{
    static const lxcMember members[] = {
        {"path", NULL, false, ELSEWHERE},
        {"readonly", NULL, true,
         N_("add <readonly/> to the <filesystem> of the root directory")},
        {NULL, NULL, false, NULL},
    };

    return lxcMembersConvert(import, source, value, members, error);
}

/* Adds a list of paths to <kernel-files>. */
static int
lxcPathsConvert(virLXCImport *import, const virLXCImportSource *source,
                const virLXCJSON *list, virLXCKernelFileAccess access,
                GError **error)
{
    const GPtrArray *values = NULL;
    size_t i;

    if (virLXCJSONGetList(list->parent, list->name, &values, error) < 0)
        return -1;

    for (i = 0; i < values->len; i++) {
        const virLXCJSON *value = g_ptr_array_index(values, i);
        const char *path = virLXCJSONGetString(value, error);

        if (!path)
            return -1;
        if (!virLXCImportKernelFile(import, path, access))
            virLXCImportAddJSON(import, true, source->file, value,
                                _("<kernel-files> cannot restrict '%1$s', only "
                                  "files of the kernel below /proc and /sys"),
                                path);
    }
    return 0;
}

static int
lxcMaskedPathsConvert(virLXCImport *import, const virLXCImportSource *source,
                      const virLXCJSON *value, GError **error)
{
    return lxcPathsConvert(import, source, value, VIR_LXC_KERNEL_FILE_MASKED,
                           error);
}

static int
lxcReadonlyPathsConvert(virLXCImport *import, const virLXCImportSource *source,
                        const virLXCJSON *value, GError **error)
{
    return lxcPathsConvert(import, source, value, VIR_LXC_KERNEL_FILE_READONLY,
                           error);
}

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

static int
lxcDeviceRuleParse(const virLXCJSON *value, virLXCImportDeviceRule *rule,
                   GError **error)
{
    static const char *const members[] = {"allow", "type",   "major",
                                          "minor", "access", NULL};
    const virLXCJSON *allow = NULL;
    const virLXCJSON *type;
    const virLXCJSON *access;

    if (virLXCJSONCheckMembers(value, members, error) < 0 ||
        !(allow = virLXCJSONRequire(value, "allow", error)) ||
        virLXCJSONGetBoolean(allow, &rule->allow, error) < 0 ||
        lxcNumberParse(value, "major", &rule->major, error) < 0 ||
        lxcNumberParse(value, "minor", &rule->minor, error) < 0)
        return -1;

    type = virLXCJSONGet(value, "type");
    access = virLXCJSONGet(value, "access");
    if ((type && !virLXCJSONGetString(type, error)) ||
        (access && !virLXCJSONGetString(access, error)))
        return -1;

    rule->type = 'a';
    if (type && type->text[0])
        rule->type = type->text[0];
    else if (rule->major >= 0 || rule->minor >= 0)
        rule->type = 'c';
    g_strlcpy(rule->access, access ? access->text : "rwm",
              sizeof(rule->access));
    return 0;
}

static int
lxcDevicesConvert(virLXCImport *import, const virLXCImportSource *source,
                  const virLXCJSON *value, GError **error)
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

    virLXCImportDevicesCheck(import, rules, source->file, value->line,
                             "linux.resources.devices", true);
    return 0;
}

static int
lxcResourcesConvert(virLXCImport *import, const virLXCImportSource *source,
                    const virLXCJSON *value, GError **error)
{
    static const lxcMember members[] = {
        {"devices", lxcDevicesConvert, false, NULL},
        {"memory", NULL, true, N_("set limits with <memtune>")},
        {"cpu", NULL, true, N_("set limits with <cputune>")},
        {"blockIO", NULL, true, N_("set limits with <blkiotune>")},
        {"pids", NULL, true, NO_EQUIVALENT},
        {"hugepageLimits", NULL, true, NO_EQUIVALENT},
        {"network", NULL, true, NO_EQUIVALENT},
        {"rdma", NULL, true, NO_EQUIVALENT},
        {"unified", NULL, true, NO_EQUIVALENT},
        {NULL, NULL, false, NULL},
    };

    return lxcMembersConvert(import, source, value, members, error);
}

/* The driver always creates all namespaces except those for the network and
 * for users. */
static int
lxcNamespaceConvert(virLXCImport *import, const virLXCImportSource *source,
                    const virLXCJSON *value, GError **error)
{
    static const char *const members[] = {"type", "path", NULL};
    const virLXCJSON *type = NULL;

    if (virLXCJSONCheckMembers(value, members, error) < 0 ||
        !(type = virLXCJSONRequire(value, "type", error)) ||
        !virLXCJSONGetString(type, error))
        return -1;

    if (virLXCJSONGet(value, "path"))
        virLXCImportAddJSON(import, true, source->file, value,
                            _("an existing namespace cannot be joined"));
    else if (g_str_equal(type->text, "network"))
        import->privnet = true;
    else if (g_str_equal(type->text, "user"))
        virLXCImportAddJSON(import, true, source->file, value,
                            _("create a user namespace with <idmap>"));
    else if (g_str_equal(type->text, "time"))
        virLXCImportAddJSON(import, true, source->file, value, "%s",
                            _(NO_EQUIVALENT));
    return 0;
}

static int
lxcNamespacesConvert(virLXCImport *import, const virLXCImportSource *source,
                     const virLXCJSON *value, GError **error)
{
    const GPtrArray *values = NULL;
    size_t i;

    if (virLXCJSONGetList(value->parent, value->name, &values, error) < 0)
        return -1;

    for (i = 0; i < values->len; i++) {
        if (lxcNamespaceConvert(import, source, g_ptr_array_index(values, i),
                                error) < 0)
            return -1;
    }
    return 0;
}

static int
lxcLinuxConvert(virLXCImport *import, const virLXCImportSource *source,
                const virLXCJSON *value, GError **error)
{
    static const lxcMember members[] = {
        {"seccomp", virLXCImportSeccompValue, false, NULL},
        {"maskedPaths", lxcMaskedPathsConvert, false, NULL},
        {"readonlyPaths", lxcReadonlyPathsConvert, false, NULL},
        {"namespaces", lxcNamespacesConvert, false, NULL},
        {"resources", lxcResourcesConvert, false, NULL},
        {"mountLabel", lxcLabelConvert, false, NULL},
        {"uidMappings", NULL, true, N_("map users with <idmap>")},
        {"gidMappings", NULL, true, N_("map groups with <idmap>")},
        {"timeOffsets", NULL, true, NO_EQUIVALENT},
        {"sysctl", NULL, true, NO_EQUIVALENT},
        {"intelRdt", NULL, true, NO_EQUIVALENT},
        {"personality", NULL, true, NO_EQUIVALENT},
        {"memoryPolicy", NULL, true, NO_EQUIVALENT},
        {"devices", NULL, false, ELSEWHERE},
        {"netDevices", NULL, false, ELSEWHERE},
        {"cgroupsPath", NULL, false, NO_MEANING},
        {"rootfsPropagation", NULL, false, NO_MEANING},
        {NULL, NULL, false, NULL},
    };

    return lxcMembersConvert(import, source, value, members, error);
}

int
virLXCImportOCIConfig(virLXCImport *import, const virLXCImportSource *source,
                      GError **error)
{
    static const lxcMember members[] = {
        {"ociVersion", NULL, false, NULL},
        {"process", lxcProcessConvert, false, NULL},
        {"linux", lxcLinuxConvert, false, NULL},
        {"root", lxcRootConvert, false, NULL},
        {"hooks", NULL, true, NO_EQUIVALENT},
        {"hostname", NULL, false, ELSEWHERE},
        {"domainname", NULL, true, NO_EQUIVALENT},
        {"mounts", NULL, false, ELSEWHERE},
        {"annotations", NULL, false, NO_MEANING},
        {"windows", NULL, true, NO_DOMAIN},
        {"solaris", NULL, true, NO_DOMAIN},
        {"vm", NULL, true, NO_DOMAIN},
        {"zos", NULL, true, NO_DOMAIN},
        {NULL, NULL, false, NULL},
    };
    g_autoptr(virLXCJSON) root = virLXCImportJSON(source, error);

    if (!root)
        return -1;

    import->def->capabilities.policy = VIR_LXC_CAPABILITIES_POLICY_DENY;
    return lxcMembersConvert(import, source, root, members, error);
}
