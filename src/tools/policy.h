/*
 * policy.h: the program virt-lxc-policy and its verbs
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A verb is one file, policy_VERB.c, and one row of the table in policy_verb.c.
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCPolicyStatus: exit statuses.
 *
 * @VIR_LXC_POLICY_YES: the answer to the question that the verb asks is yes
 * @VIR_LXC_POLICY_NO: the answer is no
 * @VIR_LXC_POLICY_FAILED: the arguments or the input are not valid, or the
 *     program has failed; nothing has been printed on standard output
 */
typedef enum {
    VIR_LXC_POLICY_YES = 0,
    VIR_LXC_POLICY_NO = 1,
    VIR_LXC_POLICY_FAILED = 2,
} virLXCPolicyStatus;

/**
 * virLXCPolicyGetDomain: reads a domain from libvirt.
 * @uri: connection URI, or NULL for the default
 * @name: name or UUID of the domain
 * @next: whether to read what the next start would use, instead of the live XML
 *     if the domain is running
 * @host: set to the name of the host that the connection URI names, which the
 *     caller frees, or to NULL if the domain is on this host
 * @error: set to any error
 *
 * Returns the XML of the domain, which the caller frees, or NULL.
 */
typedef char *(*virLXCPolicyGetDomain)(const char *uri, const char *name,
                                       bool next, char **host, GError **error);

/**
 * virLXCPolicy: the options that all verbs have, and the output.
 *
 * @uri: connection URI of libvirt, or NULL for the default
 * @json: whether to print JSON instead of text
 * @next: whether domains are read as they would be started next; set by verbs
 * @takesHost: whether domains of other hosts can be read, because the
 * properties of their host are not those of this one; set by verbs
 * @getDomain: reads a domain, or NULL if the program does not use libvirt
 * @out: what is printed on standard output if the verb succeeds
 */
typedef struct {
    char *uri;
    gboolean json;
    bool next;
    bool takesHost;
    virLXCPolicyGetDomain getDomain;
    GString *out;
} virLXCPolicy;

/**
 * virLXCPolicyVerb: a verb. Texts are not translated yet.
 *
 * @name: its name
 * @arguments: what the arguments are called
 * @summary: what the verb does
 * @min, @max: how many arguments it has
 * @options: its own options, or NULL
 * @run: answers the question: appends the text or JSON to @out, and sets
 *     @status to VIR_LXC_POLICY_YES or _NO. Returns 0, or -1 with an error set,
 *     and then @out is not printed.
 */
typedef struct {
    const char *name;
    const char *arguments;
    const char *summary;
    int min;
    int max;
    const GOptionEntry *options;
    int (*run)(virLXCPolicy *policy, char **arguments,
               virLXCPolicyStatus *status, GError **error);
} virLXCPolicyVerb;

/**
 * virLXCPolicyVerbs:
 * @nrows: filled with the number of rows
 *
 * Returns the table of verbs. Static, never to be freed.
 */
const virLXCPolicyVerb *virLXCPolicyVerbs(size_t *nrows);

/**
 * virLXCPolicyMain:
 * @argc, @argv: arguments of the program
 * @getDomain: reads a domain from libvirt, or NULL for a program that only
 *     reads files
 *
 * Returns the exit status, a virLXCPolicyStatus.
 */
int virLXCPolicyMain(int argc, char **argv, virLXCPolicyGetDomain getDomain);
