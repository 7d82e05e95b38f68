/*
 * policy_show.c: compare a domain with what the kernel reports of its init
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a domain and a process. Out: a table of comparisons.
 */

#include "policy_show.h"

#include "error.h"
#include "i18n.h"
#include "policy_json.h"
#include "policy_table.h"
#include "policy_verb.h"

static gint lxcPolicyShowPid;

const GOptionEntry virLXCPolicyShowOptions[] = {
    {"pid", 'p', 0, G_OPTION_ARG_INT, &lxcPolicyShowPid,
     N_("compare with this process; default: the domain's init"), "PID"},
    G_OPTION_ENTRY_NULL,
};

static const char *const lxcPolicyVerdicts[] = {
    [VIR_LXC_POLICY_NONE] = NULL,
    [VIR_LXC_POLICY_OK] = "OK",
    [VIR_LXC_POLICY_TIGHTER] = "TIGHTER",
    [VIR_LXC_POLICY_DIFFERS] = "DIFFERS",
    [VIR_LXC_POLICY_UNKNOWN] = "UNKNOWN",
    [VIR_LXC_POLICY_UNREPORTED] = "UNREPORTED",
};

static void
lxcPolicyShowRowFree(gpointer opaque)
{
    virLXCPolicyShowRow *row = opaque;

    g_free(row->asked);
    g_free(row->effective);
    g_free(row->kernel);
    g_free(row);
}

void
virLXCPolicyShowAdd(virLXCPolicyShowData *data, const char *what, char *asked,
                    char *effective, char *kernel, virLXCPolicyVerdict verdict)
{
    virLXCPolicyShowRow *row = g_new0(virLXCPolicyShowRow, 1);

    row->what = what;
    row->asked = asked;
    row->effective = effective;
    row->kernel = kernel;
    row->verdict = data->process ? verdict : VIR_LXC_POLICY_NONE;
    g_ptr_array_add(data->rows, row);
}

/* Without a process, nothing says that the policy is enforced. */
static virLXCPolicyStatus
lxcPolicyShowStatus(const virLXCPolicyShowData *data)
{
    size_t i;

    if (!data->process)
        return VIR_LXC_POLICY_NO;

    for (i = 0; i < data->rows->len; i++) {
        const virLXCPolicyShowRow *row = g_ptr_array_index(data->rows, i);

        if (row->verdict == VIR_LXC_POLICY_DIFFERS ||
            row->verdict == VIR_LXC_POLICY_UNKNOWN)
            return VIR_LXC_POLICY_NO;
    }
    return VIR_LXC_POLICY_YES;
}

/* A cell with the same text as that on its left */
static const char *
lxcPolicyShowCell(const char *text, const char *left)
{
    return text && g_strcmp0(text, left) == 0 ? "=" : text;
}

/* A document without a process does not tell whether the domain runs. */
static char *
lxcPolicyShowProcess(const virLXCPolicyShowData *data)
{
    if (data->process)
        return g_strdup_printf(_("kernel (process %1$d)"),
                               (int)data->process->pid);
    return g_strdup(data->isFile ? _("kernel (no process)")
                                 : _("kernel (not running)"));
}

static void
lxcPolicyShowText(const virLXCPolicyShowData *data, GString *out)
{
    g_autoptr(virLXCPolicyTable) table = virLXCPolicyTableNew(5);
    g_autofree char *process = lxcPolicyShowProcess(data);
    const char *head[] = {"", _("asked"), _("in effect"), process, ""};
    size_t i;

    virLXCPolicyTableAdd(table, head);
    for (i = 0; i < data->rows->len; i++) {
        const virLXCPolicyShowRow *row = g_ptr_array_index(data->rows, i);
        const char *cells[] = {
            row->what,
            row->asked,
            lxcPolicyShowCell(row->effective, row->asked),
            lxcPolicyShowCell(row->kernel, row->effective),
            lxcPolicyVerdicts[row->verdict],
        };

        virLXCPolicyTableAdd(table, cells);
    }
    virLXCPolicyTablePrint(table, out);
}

static void
lxcPolicyShowJSON(const virLXCPolicyShowData *data, bool agrees, GString *out)
{
    g_autoptr(virLXCPolicyJSON) json = virLXCPolicyJSONNew();
    size_t i;

    virLXCPolicyJSONString(json, "domain", data->domain->name);
    if (data->process)
        virLXCPolicyJSONNumber(json, "pid", data->process->pid);
    virLXCPolicyJSONBool(json, "agrees", agrees);
    virLXCPolicyJSONBeginArray(json, "comparisons");
    for (i = 0; i < data->rows->len; i++) {
        const virLXCPolicyShowRow *row = g_ptr_array_index(data->rows, i);

        virLXCPolicyJSONBeginObject(json, NULL);
        virLXCPolicyJSONString(json, "what", row->what);
        virLXCPolicyJSONString(json, "asked", row->asked);
        virLXCPolicyJSONString(json, "effective", row->effective);
        virLXCPolicyJSONString(json, "kernel", row->kernel);
        virLXCPolicyJSONString(json, "verdict",
                               lxcPolicyVerdicts[row->verdict]);
        virLXCPolicyJSONEnd(json);
    }
    virLXCPolicyJSONEnd(json);
    virLXCPolicyJSONFinish(json, out);
}

/* @controller and @init are NULL if the domain does not run. */
static int
lxcPolicyShowFind(const virLXCPolicyDomain *domain,
                  virLXCPolicyProcess **controller, virLXCPolicyProcess **init,
                  GError **error)
{
    if (lxcPolicyShowPid < 0)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("'%1$d' is not a process ID"),
                              lxcPolicyShowPid);
    if (domain->id == 0)
        return 0;

    if (!(*controller = virLXCPolicyProcessReadController(
              (pid_t)domain->id, domain->name, error)) ||
        !(*init =
              virLXCPolicyProcessReadInit(*controller, domain->name, error)))
        return -1;
    return 0;
}

/* If init or the controller has ended, the domain has, or has been rebooted:
 * its document is that of before. */
static int
lxcPolicyShowCheckAlive(const virLXCPolicyShowData *data, GError **error)
{
    if ((data->process &&
         virLXCPolicyProcessCheckAlive(data->process, error) < 0) ||
        (data->controller &&
         virLXCPolicyProcessCheckAlive(data->controller, error) < 0))
        return -1;
    return 0;
}

static int
lxcPolicyShowCompare(virLXCPolicy *policy, bool isFile,
                     const virLXCPolicyDomain *domain,
                     const virLXCPolicyProcess *process, bool isInit,
                     const virLXCPolicyProcess *controller,
                     virLXCPolicyStatus *status, GError **error)
{
    g_autoptr(GPtrArray) rows =
        g_ptr_array_new_with_free_func(lxcPolicyShowRowFree);
    virLXCPolicyShowData data = {
        .domain = domain,
        .isFile = isFile,
        .isRoot = virLXCPolicyDomainInitIsRoot(domain),
        .process = process,
        .isInit = isInit,
        .controller = controller,
        .rows = rows,
    };

    if (virLXCHostProbe(&data.host, domain->hasIdmap, error) < 0)
        return -1;

    data.capabilities =
        virLXCCapabilitiesPlanMake(&domain->live->capabilities, &data.host);
    virLXCPolicyShowPolicy(&data);
    virLXCPolicyShowContainer(&data);
    if (lxcPolicyShowCheckAlive(&data, error) < 0)
        return -1;

    *status = lxcPolicyShowStatus(&data);
    if (policy->json)
        lxcPolicyShowJSON(&data, *status == VIR_LXC_POLICY_YES, policy->out);
    else
        lxcPolicyShowText(&data, policy->out);
    return 0;
}

int
virLXCPolicyShow(virLXCPolicy *policy, char **arguments,
                 virLXCPolicyStatus *status, GError **error)
{
    g_autoptr(virLXCPolicyDomain) domain =
        virLXCPolicyDomainRead(policy, arguments[0], error);
    g_autoptr(virLXCPolicyProcess) controller = NULL;
    g_autoptr(virLXCPolicyProcess) init = NULL;
    g_autoptr(virLXCPolicyProcess) other = NULL;
    bool isInit;

    if (!domain || lxcPolicyShowFind(domain, &controller, &init, error) < 0)
        return -1;

    isInit = init && (lxcPolicyShowPid == 0 || lxcPolicyShowPid == init->pid);
    if (!isInit && lxcPolicyShowPid > 0 &&
        !(other = virLXCPolicyProcessRead(lxcPolicyShowPid, error)))
        return -1;

    return lxcPolicyShowCompare(policy, virLXCPolicyIsFile(arguments[0]),
                                domain, other ? other : init, isInit,
                                controller, status, error);
}
