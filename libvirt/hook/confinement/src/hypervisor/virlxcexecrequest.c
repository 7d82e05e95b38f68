/*
 * virlxcexecrequest.c: the request that parameters of virDomainLxcExec() describe
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcexecrequest.h"

#include "virerror.h"
#include "virstring.h"
#include "virtypedparam.h"

#define VIR_FROM_THIS VIR_FROM_LXC

G_STATIC_ASSERT((int) VIR_LXC_EXEC_TTY == VIR_DOMAIN_LXC_EXEC_TTY);
G_STATIC_ASSERT((int) VIR_LXC_EXEC_DETACHED == VIR_DOMAIN_LXC_EXEC_DETACH);
G_STATIC_ASSERT((int) VIR_LXC_EXEC_UNCONFINED == VIR_DOMAIN_LXC_EXEC_UNCONFINED);
G_STATIC_ASSERT((int) VIR_LXC_EXEC_NO_LABEL == VIR_DOMAIN_LXC_EXEC_NO_SECLABEL);


static int
virLXCExecCheckEnv(const char *value)
{
    const char *equals = strchr(value, '=');

    if (equals && equals != value)
        return 0;

    virReportError(VIR_ERR_INVALID_ARG,
                   _("environment variable '%1$s' must have the form NAME=value"),
                   value);
    return -1;
}


static int
virLXCExecCheckCwd(const char *cwd)
{
    if (!cwd || g_path_is_absolute(cwd))
        return 0;

    virReportError(VIR_ERR_INVALID_ARG,
                   _("working directory '%1$s' must be an absolute path"), cwd);
    return -1;
}


/* Returns the values of all parameters of that name. */
static char **
virLXCExecGetStrings(virTypedParameterPtr params,
                     int nparams,
                     const char *name)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
    int i;

    for (i = 0; i < nparams; i++) {
        if (STREQ(params[i].field, name))
            g_ptr_array_add(values, g_strdup(params[i].value.s));
    }
    g_ptr_array_add(values, NULL);

    return (char **) g_ptr_array_free(g_steal_pointer(&values), FALSE);
}


static int
virLXCExecSetParams(virLXCExecRequest *request,
                    virTypedParameterPtr params,
                    int nparams)
{
    g_auto(GStrv) groups = NULL;
    const char *text = NULL;
    size_t i;

    if (virTypedParamsValidate(params, nparams,
                               VIR_DOMAIN_LXC_EXEC_USER, VIR_TYPED_PARAM_STRING,
                               VIR_DOMAIN_LXC_EXEC_GROUP,
                               VIR_TYPED_PARAM_STRING | VIR_TYPED_PARAM_MULTIPLE,
                               VIR_DOMAIN_LXC_EXEC_ARG0, VIR_TYPED_PARAM_STRING,
                               VIR_DOMAIN_LXC_EXEC_CWD, VIR_TYPED_PARAM_STRING,
                               VIR_DOMAIN_LXC_EXEC_ENV,
                               VIR_TYPED_PARAM_STRING | VIR_TYPED_PARAM_MULTIPLE,
                               VIR_DOMAIN_LXC_EXEC_ROWS, VIR_TYPED_PARAM_UINT,
                               VIR_DOMAIN_LXC_EXEC_COLUMNS, VIR_TYPED_PARAM_UINT,
                               NULL) < 0)
        return -1;

    request->env = virLXCExecGetStrings(params, nparams, VIR_DOMAIN_LXC_EXEC_ENV);
    for (i = 0; request->env[i]; i++) {
        if (virLXCExecCheckEnv(request->env[i]) < 0)
            return -1;
    }

    groups = virLXCExecGetStrings(params, nparams, VIR_DOMAIN_LXC_EXEC_GROUP);
    if (groups[0]) {
        request->group = g_strdup(groups[0]);
        if (groups[1])
            request->groups = g_strdupv(groups + 1);
    }

    if (virTypedParamsGetString(params, nparams, VIR_DOMAIN_LXC_EXEC_USER, &text) > 0)
        request->user = g_strdup(text);
    if (virTypedParamsGetString(params, nparams, VIR_DOMAIN_LXC_EXEC_ARG0, &text) > 0)
        request->arg0 = g_strdup(text);
    if (virTypedParamsGetString(params, nparams, VIR_DOMAIN_LXC_EXEC_CWD, &text) > 0)
        request->cwd = g_strdup(text);
    ignore_value(virTypedParamsGetUInt(params, nparams, VIR_DOMAIN_LXC_EXEC_ROWS,
                                       &request->rows));
    ignore_value(virTypedParamsGetUInt(params, nparams, VIR_DOMAIN_LXC_EXEC_COLUMNS,
                                       &request->columns));
    return virLXCExecCheckCwd(request->cwd);
}


virLXCExecRequest *
virLXCExecRequestFromParams(const virLXCExecConfig *config,
                            const char **argv,
                            unsigned int nargv,
                            virTypedParameterPtr params,
                            int nparams,
                            unsigned int flags)
{
    g_autoptr(virLXCExecRequest) request = g_new0(virLXCExecRequest, 1);
    size_t i;

    request->flags = flags;
    request->timeout = config->timeout;
    request->max = config->maxPerDomain;
    request->argv = g_new0(char *, nargv + 1);
    for (i = 0; i < nargv; i++) {
        if (!argv[i]) {
            virReportError(VIR_ERR_INVALID_ARG,
                           _("argument %1$zu of the program is missing"), i);
            return NULL;
        }
        request->argv[i] = g_strdup(argv[i]);
    }

    if (STREQ(request->argv[0], "")) {
        virReportError(VIR_ERR_INVALID_ARG, "%s",
                       _("the name of the program is empty"));
        return NULL;
    }

    if (virLXCExecSetParams(request, params, nparams) < 0)
        return NULL;

    return g_steal_pointer(&request);
}
