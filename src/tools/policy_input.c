/*
 * policy_input.c: read what the arguments of virt-lxc-policy name
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the name of a domain or file. Out: a document.
 */

#include "policy_input.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <string.h>

#include "descriptor.h"
#include "error.h"
#include "i18n.h"
#include "text_file.h"

#define POLICY_STDIN "-"

char *
virLXCPolicyFileRead(const char *path, size_t max, GError **error)
{
    VIR_LXC_AUTOCLOSE fd = -1;
    g_autofree char *title = g_strdup_printf("'%s'", path);

    fd = g_str_equal(path, POLICY_STDIN)
             ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
             : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        virLXCSetSystemError(error, errno, _("cannot open '%1$s'"), path);
        return NULL;
    }
    return virLXCTextRead(fd, title, max, error);
}

bool
virLXCPolicyIsFile(const char *argument)
{
    return g_str_equal(argument, POLICY_STDIN) || strchr(argument, '/') ||
           g_str_has_suffix(argument, ".xml");
}

static void
lxcPolicySetXMLError(const xmlError *cause, const char *name, GError **error)
{
    g_autofree char *text =
        g_strchomp(g_strdup(cause && cause->message ? cause->message : ""));

    virLXCSetErrorAtLine(
        error, VIR_LXC_CONFINEMENT_ERROR_XML, cause ? cause->line : 0,
        _("'%1$s' is not well-formed XML: %2$s (line %3$d, column %4$d)"), name,
        text, cause ? cause->line : 0, cause ? cause->int2 : 0);
}

xmlDoc *
virLXCPolicyXMLParse(const char *text, const char *name, GError **error)
{
    xmlParserCtxt *context = xmlNewParserCtxt();
    g_autoptr(xmlDoc) doc =
        xmlCtxtReadMemory(context, text, (int)strlen(text), NULL, NULL,
                          XML_PARSE_NONET | XML_PARSE_NOERROR |
                              XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);

    if (!doc)
        lxcPolicySetXMLError(xmlCtxtGetLastError(context), name, error);
    xmlFreeParserCtxt(context);

    if (doc && doc->intSubset && doc->intSubset->entities) {
        virLXCSetError(
            error, VIR_LXC_CONFINEMENT_ERROR_XML,
            _("document '%1$s' declares entities, which are not supported"),
            name);
        return NULL;
    }
    return g_steal_pointer(&doc);
}

/* This program only knows the properties of its own host. */
static char *
lxcPolicyGetDomain(const virLXCPolicy *policy, const char *name, GError **error)
{
    g_autofree char *host = NULL;
    g_autofree char *text =
        policy->getDomain(policy->uri, name, policy->next, &host, error);

    if (text && host && !policy->takesHost) {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("domain '%1$s' is on host '%2$s': run this program "
                         "there, or pass the domain capabilities of that host "
                         "with --host"),
                       name, host);
        return NULL;
    }
    return g_steal_pointer(&text);
}

xmlDoc *
virLXCPolicyXMLRead(const virLXCPolicy *policy, const char *argument,
                    GError **error)
{
    g_autofree char *text = NULL;

    if (virLXCPolicyIsFile(argument)) {
        text = virLXCPolicyFileRead(argument, VIR_LXC_POLICY_XML_MAX, error);
    } else if (policy->getDomain) {
        text = lxcPolicyGetDomain(policy, argument, error);
    } else {
        virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                       _("'%1$s' is not a file: its path must contain a '/' or "
                         "end in '.xml', because this program cannot ask "
                         "libvirt for domains"),
                       argument);
    }

    return text ? virLXCPolicyXMLParse(text, argument, error) : NULL;
}
