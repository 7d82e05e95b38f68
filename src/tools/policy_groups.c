/*
 * policy_groups.c: list the groups of system calls
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "error.h"
#include "i18n.h"
#include "policy_json.h"
#include "policy_table.h"
#include "policy_verb.h"
#include "syscall_table.h"

/* NULL-terminated; the names are static. */
static const char **
lxcPolicyGroupCalls(const virLXCSyscallGroupRow *group)
{
    size_t ncalls = 0;
    const virLXCSyscall *calls = virLXCSyscallTable(&ncalls);
    GPtrArray *names = g_ptr_array_new();
    size_t i;

    for (i = 0; i < ncalls; i++) {
        if (calls[i].group == group->group)
            g_ptr_array_add(names, (char *)calls[i].name);
    }
    g_ptr_array_add(names, NULL);
    return (const char **)g_ptr_array_free(names, FALSE);
}

static void
lxcPolicyGroupsJSON(const virLXCSyscallGroupRow *groups, size_t ngroups,
                    GString *out)
{
    g_autoptr(virLXCPolicyJSON) json = virLXCPolicyJSONNew();
    size_t i;

    virLXCPolicyJSONBeginArray(json, "groups");
    for (i = 0; i < ngroups; i++) {
        g_autofree const char **calls = lxcPolicyGroupCalls(&groups[i]);

        virLXCPolicyJSONBeginObject(json, NULL);
        virLXCPolicyJSONString(json, "name", groups[i].name);
        virLXCPolicyJSONString(json, "purpose", groups[i].purpose);
        virLXCPolicyJSONStrings(json, "calls", calls);
        virLXCPolicyJSONEnd(json);
    }
    virLXCPolicyJSONEnd(json);
    virLXCPolicyJSONFinish(json, out);
}

static void
lxcPolicyGroupsText(const virLXCSyscallGroupRow *groups, size_t ngroups,
                    GString *out)
{
    g_autoptr(virLXCPolicyTable) table = virLXCPolicyTableNew(2);
    size_t i;

    for (i = 0; i < ngroups; i++) {
        const char *cells[] = {groups[i].name, groups[i].purpose};

        virLXCPolicyTableAdd(table, cells);
    }
    virLXCPolicyTablePrint(table, out);
}

static void
lxcPolicyGroupText(const virLXCSyscallGroupRow *group, GString *out)
{
    g_autofree const char **calls = lxcPolicyGroupCalls(group);
    const char **call;

    for (call = calls; *call; call++)
        g_string_append_printf(out, "%s\n", *call);
}

int
virLXCPolicyGroups(virLXCPolicy *policy, char **arguments,
                   virLXCPolicyStatus *status, GError **error)
{
    size_t ngroups = 0;
    const virLXCSyscallGroupRow *groups = virLXCSyscallGroupTable(&ngroups);
    const char *name = arguments[0];

    if (name) {
        if (!(groups = virLXCSyscallGroupByName(name)))
            return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                                  _("unknown group '%1$s' of system calls"),
                                  name);
        ngroups = 1;
    }

    if (policy->json)
        lxcPolicyGroupsJSON(groups, ngroups, policy->out);
    else if (name)
        lxcPolicyGroupText(groups, policy->out);
    else
        lxcPolicyGroupsText(groups, ngroups, policy->out);

    *status = VIR_LXC_POLICY_YES;
    return 0;
}
