/*
 * import_lxc_domain.c: keys of LXC about the domain as a whole
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: lines of a container configuration. Out: name, <os>, <idmap>,
 * namespaces, consoles.
 */

#include <string.h>

#include "i18n.h"
#include "import_lxc_config.h"

#define LXC_CONSOLES_MAX 1024

/* The names of LXC and those of libvirt. */
static const struct {
    const char *lxc;
    const char *libvirt;
} lxcArchs[] = {
    {"aarch64", "aarch64"}, {"amd64", "x86_64"},      {"arm64", "aarch64"},
    {"armv7l", "armv7l"},   {"athlon", "i686"},       {"i386", "i686"},
    {"i486", "i686"},       {"i586", "i686"},         {"i686", "i686"},
    {"linux32", "i686"},    {"linux64", "x86_64"},    {"mips", "mips"},
    {"mips64", "mips64"},   {"mips64el", "mips64el"}, {"mipsel", "mipsel"},
    {"ppc", "ppc"},         {"ppc64", "ppc64"},       {"ppc64el", "ppc64le"},
    {"ppc64le", "ppc64le"}, {"riscv64", "riscv64"},   {"s390x", "s390x"},
    {"x86", "i686"},        {"x86_64", "x86_64"},
};

int
virLXCImportLXCArch(virLXCImportLXCState *state,
                    const virLXCImportLXCLine *line,
                    GError **error G_GNUC_UNUSED)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(lxcArchs); i++) {
        if (g_str_equal(lxcArchs[i].lxc, line->value)) {
            g_free(state->domain->arch);
            state->domain->arch = g_strdup(lxcArchs[i].libvirt);
            return 0;
        }
    }

    virLXCImportLXCAdd(state, true, line,
                       _("the architecture '%1$s' is not known"), line->value);
    return 0;
}

int
virLXCImportLXCName(virLXCImportLXCState *state,
                    const virLXCImportLXCLine *line, GError **error)
{
    if (strpbrk(line->value, "/\n"))
        return virLXCImportLXCSetError(line, error, _("a name without '/'"));

    g_free(state->domain->name);
    state->domain->name = g_strdup(line->value);
    return 0;
}

static void
lxcInitSetCommand(virLXCImportDomain *domain, const char *command)
{
    g_auto(GStrv) words = g_strsplit_set(command, " \t", -1);
    size_t i;

    g_free(domain->init);
    domain->init = g_strdup(words[0]);
    for (i = 1; words[0] && words[i]; i++) {
        if (words[i][0])
            g_ptr_array_add(domain->initArgs, g_strdup(words[i]));
    }
}

static int
lxcInitSetID(const virLXCImportLXCLine *line, char **id, GError **error)
{
    guint64 number = 0;

    if (virLXCImportLXCNumber(line, line->value, G_MAXUINT32 - 1, &number,
                              error) < 0)
        return -1;

    g_free(*id);
    *id = number > 0 ? g_strdup_printf("+%" G_GUINT64_FORMAT, number) : NULL;
    return 0;
}

int
virLXCImportLXCInit(virLXCImportLXCState *state,
                    const virLXCImportLXCLine *line, GError **error)
{
    virLXCImportDomain *domain = state->domain;

    if (g_str_has_suffix(line->key, ".uid")) {
        if (lxcInitSetID(line, &domain->initUser, error) < 0)
            return -1;
        if (domain->initUser)
            virLXCImportLXCAdd(state, false, line, "%s",
                               _(VIR_LXC_IMPORT_GROUPS));
        return 0;
    }
    if (g_str_has_suffix(line->key, ".gid"))
        return lxcInitSetID(line, &domain->initGroup, error);

    if (line->value[0] != '/')
        return virLXCImportLXCSetError(line, error, _("an absolute path"));

    if (g_str_has_suffix(line->key, ".cwd")) {
        g_free(domain->initDir);
        domain->initDir = g_strdup(line->value);
    } else {
        lxcInitSetCommand(domain, line->value);
    }
    return 0;
}

int
virLXCImportLXCEnvironment(virLXCImportLXCState *state,
                           const virLXCImportLXCLine *line,
                           GError **error G_GNUC_UNUSED)
{
    const char *why;

    if (!strchr(line->value, '=')) {
        virLXCImportLXCAdd(state, true, line,
                           _("variables cannot be taken from the environment "
                             "of the host"));
        return 0;
    }

    why = virLXCImportDomainAddEnv(state->domain, line->value);
    if (why)
        virLXCImportLXCAdd(state, true, line,
                           _("the variable is left out: %1$s"), why);
    return 0;
}

/* "u" or "g", the first ID in the container, that on the host, and how many */
int
virLXCImportLXCIDMap(virLXCImportLXCState *state,
                     const virLXCImportLXCLine *line, GError **error)
{
    g_auto(GStrv) words = g_strsplit_set(line->value, " \t", -1);
    virLXCImportIDMap map = {0};
    guint64 numbers[3] = {0};
    size_t n = 0;
    size_t i;

    for (i = 0; words[i]; i++) {
        if (words[i][0] == '\0')
            continue;
        if (n == 0 &&
            (g_str_equal(words[i], "u") || g_str_equal(words[i], "g")))
            map.type = words[i][0];
        else if (n == 0 || n > 3 ||
                 !g_ascii_string_to_unsigned(words[i], 10, 0, G_MAXUINT32,
                                             &numbers[n - 1], NULL))
            break;
        n++;
    }

    if (words[i] || n != 4)
        return virLXCImportLXCSetError(
            line, error,
            _("'u' or 'g', the first ID in the container, the first ID on the "
              "host, and a number of IDs"));

    map.start = (unsigned int)numbers[0];
    map.target = (unsigned int)numbers[1];
    map.count = (unsigned int)numbers[2];
    g_array_append_val(state->domain->idmap, map);
    if (map.target == 0)
        virLXCImportLXCAdd(state, false, line,
                           _("ID %1$u of the container is root of the host"),
                           map.start);
    return 0;
}

int
virLXCImportLXCNamespaces(virLXCImportLXCState *state,
                          const virLXCImportLXCLine *line, GError **error)
{
    static const char *const always[] = {"cgroup", "ipc", "mnt",
                                         "pid",    "uts", NULL};
    g_auto(GStrv) words = g_strsplit_set(line->value, " \t", -1);
    size_t i;

    for (i = 0; words[i]; i++) {
        if (g_str_equal(words[i], "net"))
            state->clonesNet = true;
        else if (g_str_equal(words[i], "user"))
            state->clonesUser = line;
        else if (g_str_equal(words[i], "time"))
            virLXCImportLXCAdd(state, true, line,
                               _("domains do not get a time namespace"));
        else if (words[i][0] != '\0' && !g_strv_contains(always, words[i]))
            return virLXCImportLXCSetError(
                line, error,
                _("names such as 'cgroup', 'ipc', 'mnt', 'net', 'pid', 'user' "
                  "or 'uts'"));
    }

    virLXCImportLXCAdd(state, false, line,
                       _("every domain gets new namespaces for cgroups, IPC, "
                         "mounts, processes and the host name"));
    return 0;
}

/* With a new network namespace, a network of type 'none' is empty. */
void
virLXCImportLXCNamespacesFinish(virLXCImportLXCState *state)
{
    if (state->clonesNet)
        state->domain->hostNetwork = false;
    if (state->clonesUser && state->domain->idmap->len == 0)
        virLXCImportLXCAdd(state, true, state->clonesUser,
                           _("there is no user namespace without 'lxc.idmap'"));
}

int
virLXCImportLXCConsoles(virLXCImportLXCState *state,
                        const virLXCImportLXCLine *line, GError **error)
{
    guint64 number = 0;

    if (virLXCImportLXCNumber(line, line->value, LXC_CONSOLES_MAX, &number,
                              error) < 0)
        return -1;

    state->domain->consoles = (unsigned int)number;
    return 0;
}
