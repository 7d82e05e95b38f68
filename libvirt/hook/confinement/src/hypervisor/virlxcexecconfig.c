/*
 * virlxcexecconfig.c: settings of virDomainLxcExec() in lxc.conf
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <config.h>

#include "virlxcexecconfig.h"

#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_LXC

/* A day is as good as no limit, and its milliseconds fit into an int. */
#define LXC_EXEC_TIMEOUT_MAX (24 * 60 * 60)


void
virLXCExecConfigInit(virLXCExecConfig *config)
{
    config->max = 1024;
    config->maxPerDomain = 64;
    config->timeout = 30;
    config->unconfined = false;
    config->openNamespace = true;
}


static int
virLXCExecConfigLoadNumber(virConf *conf,
                           const char *filename,
                           const char *key,
                           unsigned int max,
                           unsigned int *value)
{
    unsigned int number = *value;

    if (virConfGetValueUInt(conf, key, &number) < 0)
        return -1;

    if (number < 1 || number > max) {
        virReportError(VIR_ERR_CONF_SYNTAX,
                       _("%1$s: the value of '%2$s' must be between 1 and %3$u, but is %4$u"),
                       filename, key, max, number);
        return -1;
    }

    *value = number;
    return 0;
}


static int
virLXCExecConfigLoadOpenNamespace(virLXCExecConfig *config,
                                  virConf *conf,
                                  const char *filename)
{
    const char *key = "confinement_open_namespace";
    g_autofree char *value = NULL;

    if (virConfGetValueString(conf, key, &value) < 0)
        return -1;

    if (!value || STREQ(value, "allow")) {
        config->openNamespace = true;
    } else if (STREQ(value, "refuse")) {
        config->openNamespace = false;
    } else {
        virReportError(VIR_ERR_CONF_SYNTAX,
                       _("%1$s: the value of '%2$s' must be \"allow\" or \"refuse\", but is \"%3$s\""),
                       filename, key, value);
        return -1;
    }

    return 0;
}


int
virLXCExecConfigLoad(virLXCExecConfig *config,
                     virConf *conf,
                     const char *filename)
{
    if (virLXCExecConfigLoadNumber(conf, filename, "exec_max", INT_MAX,
                                   &config->max) < 0 ||
        virLXCExecConfigLoadNumber(conf, filename, "exec_max_per_domain", INT_MAX,
                                   &config->maxPerDomain) < 0 ||
        virLXCExecConfigLoadNumber(conf, filename, "exec_timeout",
                                   LXC_EXEC_TIMEOUT_MAX, &config->timeout) < 0 ||
        virConfGetValueBool(conf, "exec_unconfined", &config->unconfined) < 0)
        return -1;

    return virLXCExecConfigLoadOpenNamespace(config, conf, filename);
}
