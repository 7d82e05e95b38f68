/*
 * import_oci_process.c: the process of a config.json
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: process.args, env, cwd, user, and the mappings of users. Out: <os> and
 * <idmap>.
 */

#include <string.h>

#include "i18n.h"
#include "import_oci.h"

/* The mask that init of every domain has */
#define LXC_UMASK "18"

#define NO_EQUIVALENT N_("there is no equivalent")

/* Returns the value of PATH, which the runtime looks for programs in. */
static const char *
lxcProcessPath(const virLXCJSON *process)
{
    const virLXCJSON *env = virLXCJSONGet(process, "env");
    size_t i;

    for (i = 0; env && env->children && i < env->children->len; i++) {
        const virLXCJSON *value = g_ptr_array_index(env->children, i);

        if (value->type == VIR_LXC_JSON_STRING &&
            g_str_has_prefix(value->text, "PATH="))
            return value->text + strlen("PATH=");
    }
    return "";
}

/* Returns the path of the root directory, as written. */
static const char *
lxcProcessRoot(const virLXCJSON *process)
{
    return virLXCJSONGet(virLXCJSONGet(process->parent, "root"), "path")->text;
}

/* Returns the absolute path of a program in the container. */
static char *
lxcProgramFind(virLXCImportOCIState *state, const virLXCJSON *value)
{
    const char *root = lxcProcessRoot(value->parent->parent);
    g_auto(GStrv) directories =
        g_strsplit(lxcProcessPath(value->parent->parent), ":", -1);
    const char *first = NULL;
    size_t i;

    for (i = 0; directories[i]; i++) {
        g_autofree char *path =
            g_build_filename(directories[i], value->text, NULL);

        if (path[0] != '/')
            continue;
        if (!first)
            first = directories[i];
        if (state->source->files &&
            virLXCImportFilesHasProgram(state->source->files, root, path))
            return g_steal_pointer(&path);
    }

    virLXCImportOCIAdd(state, true, value,
                       _("'%1$s' has not been found in a directory of PATH "
                         "below '%2$s': replace <init> by its absolute path"),
                       value->text, state->domain->root->source);
    return g_build_filename(first ? first : "/", value->text, NULL);
}

static char *
lxcProgramResolve(virLXCImportOCIState *state, const virLXCJSON *value)
{
    const virLXCJSON *cwd = virLXCJSONGet(value->parent->parent, "cwd");
    const char *from = cwd && cwd->type == VIR_LXC_JSON_STRING ? cwd->text : "";

    if (value->text[0] == '/')
        return g_strdup(value->text);
    if (!strchr(value->text, '/'))
        return lxcProgramFind(state, value);
    return g_canonicalize_filename(value->text, from[0] == '/' ? from : "/");
}

static int
lxcArgConvert(virLXCImportOCIState *state, const virLXCJSON *value,
              GError **error)
{
    virLXCImportDomain *domain = state->domain;
    const char *text = virLXCJSONGetString(value, error);

    if (!text)
        return -1;
    if (value->index == 0 && text[0] == '\0')
        return virLXCJSONSetError(value, error, _("expected a program"));

    if (value->index == 0)
        domain->init = lxcProgramResolve(state, value);
    else if (text[0] == '\0')
        virLXCImportOCIAdd(state, true, value,
                           _("an <initarg> must not be empty, so the argument "
                             "is left out"));
    else
        g_ptr_array_add(domain->initArgs, g_strdup(text));
    return 0;
}

int
virLXCImportOCIArgs(virLXCImportOCIState *state, const virLXCJSON *value,
                    GError **error)
{
    if (virLXCImportOCIEach(state, value, lxcArgConvert, error) < 0)
        return -1;

    if (!state->domain->init)
        return virLXCJSONSetError(value, error, _("expected a program"));
    return 0;
}

static int
lxcEnvConvert(virLXCImportOCIState *state, const virLXCJSON *value,
              GError **error)
{
    const char *text = virLXCJSONGetString(value, error);
    const char *why;

    if (!text)
        return -1;

    why = virLXCImportDomainAddEnv(state->domain, text);
    if (why)
        virLXCImportOCIAdd(state, true, value,
                           _("the variable is left out: %1$s"), why);
    return 0;
}

int
virLXCImportOCIEnv(virLXCImportOCIState *state, const virLXCJSON *value,
                   GError **error)
{
    return virLXCImportOCIEach(state, value, lxcEnvConvert, error);
}

int
virLXCImportOCICwd(virLXCImportOCIState *state, const virLXCJSON *value,
                   GError **error)
{
    const char *path = virLXCJSONGetString(value, error);

    if (!path)
        return -1;
    if (path[0] != '/')
        return virLXCJSONSetError(value, error, _("expected an absolute path"));

    if (!g_str_equal(path, "/"))
        state->domain->initDir = g_strdup(path);
    return 0;
}

static int
lxcIDConvert(const virLXCJSON *value, char **id, GError **error)
{
    guint64 number = 0;

    if (virLXCJSONGetUnsigned(value, G_MAXUINT32 - 1, &number, error) < 0)
        return -1;

    if (number > 0)
        *id = g_strdup_printf("+%" G_GUINT64_FORMAT, number);
    return 0;
}

static int
lxcUIDConvert(virLXCImportOCIState *state, const virLXCJSON *value,
              GError **error)
{
    if (lxcIDConvert(value, &state->domain->initUser, error) < 0)
        return -1;

    if (state->domain->initUser)
        virLXCImportOCIAdd(state, false, value, "%s", _(VIR_LXC_IMPORT_GROUPS));
    return 0;
}

static int
lxcGIDConvert(virLXCImportOCIState *state, const virLXCJSON *value,
              GError **error)
{
    return lxcIDConvert(value, &state->domain->initGroup, error);
}

static int
lxcUmaskConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                GError **error G_GNUC_UNUSED)
{
    if (g_strcmp0(value->text, LXC_UMASK) != 0)
        virLXCImportOCIAdd(state, true, value,
                           _("the mask of every domain is 022"));
    return 0;
}

int
virLXCImportOCIUser(virLXCImportOCIState *state, const virLXCJSON *value,
                    GError **error)
{
    static const virLXCImportOCIMember members[] = {
        {"uid", NULL, lxcUIDConvert, true, N_("set the user with <inituser>")},
        {"gid", NULL, lxcGIDConvert, true,
         N_("set the group with <initgroup>")},
        {"umask", NULL, lxcUmaskConvert, true, NO_EQUIVALENT},
        {"additionalGids", NULL, NULL, true, NO_EQUIVALENT},
        {"username", NULL, NULL, true, NO_EQUIVALENT},
        VIR_LXC_IMPORT_OCI_END,
    };

    return virLXCImportOCIMembers(state, value, members, error);
}

static int
lxcMappingConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                  char type, GError **error)
{
    static const char *const members[] = {"containerID", "hostID", "size",
                                          NULL};
    virLXCImportIDMap map = {.type = type};
    unsigned int *const numbers[] = {&map.start, &map.target, &map.count};
    size_t i;

    if (virLXCJSONCheckMembers(value, members, error) < 0)
        return -1;

    for (i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const virLXCJSON *number = virLXCJSONRequire(value, members[i], error);
        guint64 n = 0;

        if (!number ||
            virLXCJSONGetUnsigned(number, G_MAXUINT32, &n, error) < 0)
            return -1;
        *numbers[i] = (unsigned int)n;
    }

    g_array_append_val(state->domain->idmap, map);
    if (map.target == 0)
        virLXCImportOCIAdd(state, false, value,
                           _("ID %1$u of the container is root of the host"),
                           map.start);
    return 0;
}

static int
lxcUIDMappingConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                     GError **error)
{
    return lxcMappingConvert(state, value, 'u', error);
}

static int
lxcGIDMappingConvert(virLXCImportOCIState *state, const virLXCJSON *value,
                     GError **error)
{
    return lxcMappingConvert(state, value, 'g', error);
}

int
virLXCImportOCIUIDs(virLXCImportOCIState *state, const virLXCJSON *value,
                    GError **error)
{
    return virLXCImportOCIEach(state, value, lxcUIDMappingConvert, error);
}

int
virLXCImportOCIGIDs(virLXCImportOCIState *state, const virLXCJSON *value,
                    GError **error)
{
    return virLXCImportOCIEach(state, value, lxcGIDMappingConvert, error);
}
