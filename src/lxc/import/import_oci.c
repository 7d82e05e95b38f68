/*
 * import_oci.c: config.json of the OCI runtime specification
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the JSON of a container. Out: a domain, or only the elements of
 * <features> if it has no root directory or no program. Each member has a row,
 * which says whether it is converted, why it need not be, or why it cannot be.
 */

#include "import_oci.h"

#include <string.h>

#include "i18n.h"
#include "import_oci_capabilities.h"

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

void
virLXCImportOCIAdd(virLXCImportOCIState *state, bool lost,
                   const virLXCJSON *value, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    virLXCImportAddJSON(state->import, lost, state->source->file, value, "%s",
                        text);
}

char *
virLXCImportOCIPath(const virLXCImportOCIState *state, const char *path)
{
    if (path[0] != '/' && !state->source->directory)
        return NULL;
    return g_canonicalize_filename(path, state->source->directory);
}

int
virLXCImportOCIEach(virLXCImportOCIState *state, const virLXCJSON *list,
                    virLXCImportOCIConvert convert, GError **error)
{
    size_t i;

    if (list->type != VIR_LXC_JSON_LIST)
        return virLXCJSONSetError(list, error, _("expected a list"));

    for (i = 0; i < list->children->len; i++) {
        if (convert(state, g_ptr_array_index(list->children, i), error) < 0)
            return -1;
    }
    return 0;
}

static int
lxcMemberConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                 const virLXCImportOCIMember *member, GError **error)
{
    if (member->convert)
        return member->convert(state, value, error);
    if (member->domain && state->domain)
        return member->domain(state, value, error);

    if (member->text && !lxcValueIsEmpty(value))
        virLXCImportOCIAdd(state, member->lost, value, "%s", _(member->text));
    return 0;
}

int
virLXCImportOCIMembers(virLXCImportOCIState *state, const virLXCJSON *object,
                       const virLXCImportOCIMember *members, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i;

    if (object->type != VIR_LXC_JSON_OBJECT)
        return virLXCJSONSetError(object, error, _("expected an object"));

    for (; members->name; members++) {
        const virLXCJSON *value = virLXCJSONGet(object, members->name);

        g_hash_table_add(known, (gpointer)members->name);
        if (value && lxcMemberConvert(state, value, members, error) < 0)
            return -1;
    }

    for (i = 0; i < object->children->len; i++) {
        const virLXCJSON *value = g_ptr_array_index(object->children, i);

        if (!g_hash_table_contains(known, value->name))
            virLXCImportOCIAdd(state, true, value,
                               _("the member is not known"));
    }
    return 0;
}

static int
lxcNoNewPrivilegesConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                          GError **error)
{
    bool on = false;

    if (virLXCJSONGetBoolean(value, &on, error) < 0)
        return -1;

    if (on)
        state->import->def->noNewPrivs = VIR_LXC_SWITCH_ON;
    return 0;
}

/* A profile whose name means that there is none. */
static int
lxcLabelConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                GError **error)
{
    const char *label = virLXCJSONGetString(value, error);

    if (!label)
        return -1;

    if (label[0] && !g_str_equal(label, "unconfined"))
        virLXCImportOCIAdd(state, true, value,
                           _("'%1$s' cannot be converted: libvirt generates "
                             "security labels, see <seclabel>"),
                           label);
    return 0;
}

static int
lxcCapabilitiesConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                       GError **error)
{
    return virLXCImportOCICapabilities(state->import, state->source, value,
                                       error);
}

static int
lxcLandlockConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                   GError **error)
{
    return virLXCImportLandlockValue(state->import, state->source, value,
                                     error);
}

static int
lxcSeccompConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                  GError **error)
{
    return virLXCImportSeccompValue(state->import, state->source, value, error);
}

/* Every domain has a console. */
static int
lxcTerminalConvert(virLXCImportOCIState *state G_GNUC_UNUSED,
                   const virLXCJSON *value, GError **error)
{
    bool on = false;

    return virLXCJSONGetBoolean(value, &on, error);
}

static int
lxcProcessConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                  GError **error)
{
    static const virLXCImportOCIMember members[] = {
        {"noNewPrivileges", lxcNoNewPrivilegesConvert, NULL, false, NULL},
        {"capabilities", lxcCapabilitiesConvert, NULL, false, NULL},
        {"landlock", lxcLandlockConvert, NULL, false, NULL},
        {"user", virLXCImportOCIUser, NULL, false, NULL},
        {"apparmorProfile", lxcLabelConvert, NULL, false, NULL},
        {"selinuxLabel", lxcLabelConvert, NULL, false, NULL},
        {"rlimits", NULL, NULL, true, NO_EQUIVALENT},
        {"scheduler", NULL, NULL, true, NO_EQUIVALENT},
        {"ioPriority", NULL, NULL, true, NO_EQUIVALENT},
        {"execCPUAffinity", NULL, NULL, true, NO_EQUIVALENT},
        {"oomScoreAdj", NULL, NULL, false, NO_MEANING},
        {"terminal", NULL, lxcTerminalConvert, false, NO_MEANING},
        {"consoleSize", NULL, NULL, false, NO_MEANING},
        {"args", NULL, virLXCImportOCIArgs, false, ELSEWHERE},
        {"commandLine", NULL, NULL, false, ELSEWHERE},
        {"env", NULL, virLXCImportOCIEnv, false, ELSEWHERE},
        {"cwd", NULL, virLXCImportOCICwd, false, ELSEWHERE},
        VIR_LXC_IMPORT_OCI_END,
    };

    if (value->type == VIR_LXC_JSON_OBJECT &&
        !virLXCJSONGet(value, "capabilities"))
        virLXCImportOCIAdd(state, false, value,
                           _("'%1$s' is missing, so the container does not "
                             "have any"),
                           "capabilities");

    return virLXCImportOCIMembers(state, value, members, error);
}

static int
lxcRootPathConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                   GError **error)
{
    const char *path = virLXCJSONGetString(value, error);
    virLXCImportFilesystem *root;

    if (!path)
        return -1;
    if (path[0] == '\0')
        return virLXCJSONSetError(value, error, _("expected a path"));

    root = state->domain->root = g_new0(virLXCImportFilesystem, 1);
    root->type = "mount";
    root->source = virLXCImportOCIPath(state, path);
    root->target = g_strdup("/");
    return 0;
}

static int
lxcRootReadonlyConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                       GError **error)
{
    return virLXCJSONGetBoolean(value, &state->domain->root->readonly, error);
}

static int
lxcRootConvert(virLXCImportOCIState *state, const virLXCJSON *value,
               GError **error)
{
    static const virLXCImportOCIMember members[] = {
        {"path", NULL, lxcRootPathConvert, false, ELSEWHERE},
        {"readonly", NULL, lxcRootReadonlyConvert, true,
         N_("add <readonly/> to the <filesystem> of the root directory")},
        VIR_LXC_IMPORT_OCI_END,
    };

    return virLXCImportOCIMembers(state, value, members, error);
}

/* libvirt derives the host name from the name of the domain. */
static int
lxcHostnameConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                   GError **error)
{
    const char *name = virLXCJSONGetString(value, error);

    if (!name)
        return -1;
    if (strpbrk(name, "/\n") || g_str_equal(name, ".") ||
        g_str_equal(name, ".."))
        return virLXCJSONSetError(value, error,
                                  _("expected a name without '/'"));

    if (name[0])
        state->domain->name = g_strdup(name);
    return 0;
}

/* Adds a list of paths to <kernel-files>. */
static int
lxcPathsConvert(virLXCImportOCIState *state, const virLXCJSON *list,
                virLXCKernelFileAccess access, GError **error)
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
        if (!virLXCImportKernelFile(state->import, path, access))
            virLXCImportOCIAdd(state, true, value,
                               _("<kernel-files> cannot restrict '%1$s', only "
                                 "files of the kernel below /proc and /sys"),
                               path);
    }
    return 0;
}

static int
lxcMaskedPathsConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                      GError **error)
{
    return lxcPathsConvert(state, value, VIR_LXC_KERNEL_FILE_MASKED, error);
}

static int
lxcReadonlyPathsConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                        GError **error)
{
    return lxcPathsConvert(state, value, VIR_LXC_KERNEL_FILE_READONLY, error);
}

static bool
lxcListHasValues(const virLXCJSON *list)
{
    return list && list->type == VIR_LXC_JSON_LIST && list->children->len > 0;
}

/* Whether a user namespace is converted: it comes with its mappings. */
static bool
lxcHasIDMap(const virLXCImportOCIState *state, const virLXCJSON *namespace)
{
    const virLXCJSON *settings = namespace->parent->parent;

    return state->domain &&
           lxcListHasValues(virLXCJSONGet(settings, "uidMappings")) &&
           lxcListHasValues(virLXCJSONGet(settings, "gidMappings"));
}

/* The namespaces that the driver creates, always or on demand (runtime-spec,
 * config-linux.md, "Namespaces"; a runtime must refuse types that are not
 * listed there) */
static bool
lxcNamespaceIsKnown(const char *type)
{
    static const char *const known[] = {"cgroup", "ipc",  "mount", "network",
                                        "pid",    "user", "uts",   NULL};

    return g_strv_contains(known, type);
}

/* The driver always creates all namespaces except those for the network and
 * for users. */
static int
lxcNamespaceConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                    GError **error)
{
    static const char *const members[] = {"type", "path", NULL};
    const virLXCJSON *type = NULL;

    if (virLXCJSONCheckMembers(value, members, error) < 0 ||
        !(type = virLXCJSONRequire(value, "type", error)) ||
        !virLXCJSONGetString(type, error))
        return -1;

    if (g_str_equal(type->text, "network"))
        state->import->privnet = true;
    if (virLXCJSONGet(value, "path"))
        virLXCImportOCIAdd(state, true, value,
                           _("an existing namespace cannot be joined"));
    else if (g_str_equal(type->text, "user") && !lxcHasIDMap(state, value))
        virLXCImportOCIAdd(state, true, value,
                           _("create a user namespace with <idmap>"));
    else if (!lxcNamespaceIsKnown(type->text))
        virLXCImportOCIAdd(state, true, value, "%s", _(NO_EQUIVALENT));
    return 0;
}

static int
lxcNamespacesConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                     GError **error)
{
    return virLXCImportOCIEach(state, value, lxcNamespaceConvert, error);
}

static int
lxcLinuxConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                GError **error)
{
    static const virLXCImportOCIMember members[] = {
        {"seccomp", lxcSeccompConvert, NULL, false, NULL},
        {"maskedPaths", lxcMaskedPathsConvert, NULL, false, NULL},
        {"readonlyPaths", lxcReadonlyPathsConvert, NULL, false, NULL},
        {"namespaces", lxcNamespacesConvert, NULL, false, NULL},
        {"resources", virLXCImportOCIResources, NULL, false, NULL},
        {"mountLabel", lxcLabelConvert, NULL, false, NULL},
        {"uidMappings", NULL, virLXCImportOCIUIDs, true,
         N_("map users with <idmap>")},
        {"gidMappings", NULL, virLXCImportOCIGIDs, true,
         N_("map groups with <idmap>")},
        {"timeOffsets", NULL, NULL, true, NO_EQUIVALENT},
        {"sysctl", NULL, NULL, true, NO_EQUIVALENT},
        {"intelRdt", NULL, NULL, true, NO_EQUIVALENT},
        {"personality", NULL, NULL, true, NO_EQUIVALENT},
        {"memoryPolicy", NULL, NULL, true, NO_EQUIVALENT},
        {"devices", NULL, virLXCImportOCINodes, false, ELSEWHERE},
        {"netDevices", NULL, NULL, true, N_("move interfaces with <hostdev>")},
        {"cgroupsPath", NULL, NULL, false, NO_MEANING},
        {"rootfsPropagation", NULL, NULL, false, NO_MEANING},
        VIR_LXC_IMPORT_OCI_END,
    };

    return virLXCImportOCIMembers(state, value, members, error);
}

static const virLXCJSON *
lxcMemberOf(const virLXCJSON *config, const char *object, const char *name)
{
    const virLXCJSON *value = virLXCJSONGet(config, object);

    return value && value->type == VIR_LXC_JSON_OBJECT
               ? virLXCJSONGet(value, name)
               : NULL;
}

/* A domain needs a root directory and a program. */
static bool
lxcConfigIsDomain(virLXCImportOCIState *state, const virLXCJSON *config)
{
    const virLXCJSON *path = lxcMemberOf(config, "root", "path");

    if (state->source->featuresOnly || !path ||
        !lxcMemberOf(config, "process", "args"))
        return false;

    if (state->source->directory || path->type != VIR_LXC_JSON_STRING ||
        path->text[0] == '/')
        return true;

    virLXCImportOCIAdd(state, true, path,
                       _("the path is relative, and the directory of the "
                         "document is not known, so the result is not a whole "
                         "domain"));
    return false;
}

static int
lxcConfigFinish(virLXCImportOCIState *state, const virLXCJSON *config,
                GError **error)
{
    virLXCImportDomain *domain = state->domain;
    const virLXCJSON *settings = virLXCJSONGet(config, "linux");

    if (!domain)
        return 0;

    if (!domain->name)
        domain->name = g_strdup(state->source->domain);
    if (!domain->name)
        return virLXCJSONSetError(config, error, _("'%1$s' is missing"),
                                  "hostname");

    domain->hostNetwork = !state->import->privnet;
    if (!domain->memory)
        virLXCImportAdd(state->import, false, state->source->file, 0,
                        "linux.resources.memory.limit",
                        _("the memory is not limited, but that of a domain has "
                          "to be: <memory> is 64 MiB"));
    if (!settings ||
        !lxcListHasValues(lxcMemberOf(settings, "resources", "devices")))
        virLXCImportAdd(state->import, false, state->source->file, 0,
                        "linux.resources.devices",
                        _("there are no rules for devices, and the device ACL "
                          "of every domain allows access to /dev/fuse"));
    state->import->xml = virLXCImportDomainFormat(domain, state->import);
    return 0;
}

int
virLXCImportOCIConfig(virLXCImport *import, const virLXCImportSource *source,
                      GError **error)
{
    static const virLXCImportOCIMember members[] = {
        {"ociVersion", NULL, NULL, false, NULL},
        {"root", lxcRootConvert, NULL, false, NULL},
        {"process", lxcProcessConvert, NULL, false, NULL},
        {"linux", lxcLinuxConvert, NULL, false, NULL},
        {"hooks", NULL, NULL, true, NO_EQUIVALENT},
        {"hostname", NULL, lxcHostnameConvert, false, ELSEWHERE},
        {"domainname", NULL, NULL, true, NO_EQUIVALENT},
        {"mounts", NULL, virLXCImportOCIMounts, false, ELSEWHERE},
        {"annotations", NULL, NULL, false, NO_MEANING},
        {"windows", NULL, NULL, true, NO_DOMAIN},
        {"solaris", NULL, NULL, true, NO_DOMAIN},
        {"vm", NULL, NULL, true, NO_DOMAIN},
        {"zos", NULL, NULL, true, NO_DOMAIN},
        VIR_LXC_IMPORT_OCI_END,
    };
    virLXCImportOCIState state = {.import = import, .source = source};
    g_autoptr(virLXCJSON) root = virLXCImportJSON(source, error);
    g_autoptr(virLXCImportDomain) domain = NULL;

    if (!root)
        return -1;

    if (root->type == VIR_LXC_JSON_OBJECT && lxcConfigIsDomain(&state, root))
        domain = virLXCImportDomainNew();
    state.domain = domain;

    import->def->capabilities.policy = VIR_LXC_CAPABILITIES_POLICY_DENY;
    if (virLXCImportOCIMembers(&state, root, members, error) < 0)
        return -1;

    return lxcConfigFinish(&state, root, error);
}
