/*
 * import_oci_mounts.c: mounts and devices of a config.json
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: mounts and linux.devices. Out: <filesystem>, <kernel-files>, and
 * findings.
 */

#include "i18n.h"
#include "import_devices.h"
#include "import_mount.h"
#include "import_oci.h"

/* Returns the value of a member that is a string, or "". */
static const char *
lxcTextGet(const virLXCJSON *object, const char *name, GError **error)
{
    const virLXCJSON *value = virLXCJSONGet(object, name);

    return value ? virLXCJSONGetString(value, error) : "";
}

static int
lxcMountSetOptions(virLXCImportMount *mount, const virLXCJSON *value,
                   GError **error)
{
    const GPtrArray *options = NULL;
    size_t i;

    if (virLXCJSONGetList(value, "options", &options, error) < 0)
        return -1;

    mount->options = g_new0(char *, (options ? options->len : 0) + 1);
    for (i = 0; options && i < options->len; i++) {
        const char *option =
            virLXCJSONGetString(g_ptr_array_index(options, i), error);

        if (!option)
            return -1;
        mount->options[i] = g_strdup(option);
    }
    return 0;
}

static virLXCImportMount *
lxcMountParse(const virLXCImportOCIState *state, const virLXCJSON *value,
              GError **error)
{
    g_autoptr(virLXCImportMount) mount = g_new0(virLXCImportMount, 1);
    const virLXCJSON *target = virLXCJSONRequire(value, "destination", error);
    const char *path = target ? virLXCJSONGetString(target, error) : NULL;
    const char *source = path ? lxcTextGet(value, "source", error) : NULL;
    const char *type = source ? lxcTextGet(value, "type", error) : NULL;

    if (!type || lxcMountSetOptions(mount, value, error) < 0)
        return NULL;

    mount->file = state->source->file;
    mount->line = value->line;
    mount->name = virLXCJSONPath(value);
    mount->target = g_canonicalize_filename(path, "/");
    mount->type = g_strdup(type);
    mount->source = virLXCImportMountIsBind(mount)
                        ? virLXCImportOCIPath(state, source)
                        : NULL;
    if (!mount->source)
        mount->source = g_strdup(source);
    return g_steal_pointer(&mount);
}

static int
lxcMountConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                GError **error)
{
    static const char *const members[] = {"destination", "source", "type",
                                          "options", NULL};
    g_autoptr(virLXCImportMount) mount = NULL;
    size_t i;

    if (value->type != VIR_LXC_JSON_OBJECT)
        return virLXCJSONSetError(value, error, _("expected an object"));
    if (!(mount = lxcMountParse(state, value, error)))
        return -1;

    for (i = 0; i < value->children->len; i++) {
        const virLXCJSON *member = g_ptr_array_index(value->children, i);

        if (!g_strv_contains(members, member->name))
            virLXCImportOCIAdd(state, true, member,
                               _("there is no equivalent"));
    }

    virLXCImportMountConvert(state->import, state->domain, mount);
    return 0;
}

int
virLXCImportOCIMounts(virLXCImportOCIState *state, const virLXCJSON *value,
                      GError **error)
{
    return virLXCImportOCIEach(state, value, lxcMountConvert, error);
}

static int
lxcNodeConvert(virLXCImportOCIState *state, const virLXCJSON *value,
               GError **error)
{
    const virLXCJSON *path = NULL;

    if (value->type != VIR_LXC_JSON_OBJECT)
        return virLXCJSONSetError(value, error, _("expected an object"));
    if (!(path = virLXCJSONRequire(value, "path", error)) ||
        !virLXCJSONGetString(path, error))
        return -1;

    if (!virLXCImportDeviceIsDefault(path->text))
        virLXCImportOCIAdd(state, true, value,
                           _("'%1$s' is left out: to add devices, use "
                             "<hostdev>"),
                           path->text);
    return 0;
}

int
virLXCImportOCINodes(virLXCImportOCIState *state, const virLXCJSON *value,
                     GError **error)
{
    return virLXCImportOCIEach(state, value, lxcNodeConvert, error);
}
