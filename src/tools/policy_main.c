/*
 * policy_main.c: options and exit statuses of virt-lxc-policy
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: arguments. Out: what the verb has to say, printed as a whole or not at
 * all.
 */

#include <locale.h>
#include <stdio.h>

#include "error.h"
#include "i18n.h"
#include "policy.h"
#include "printable.h"

#define POLICY_PROGRAM "virt-lxc-policy"

/* The longest name of a verb, and two spaces */
#define POLICY_VERB_WIDTH 10

static gboolean lxcPolicyVersion;
static gboolean lxcPolicyHelp;

static const gchar *
lxcPolicyTranslate(const gchar *text, G_GNUC_UNUSED gpointer data)
{
    return *text ? virLXCConfinementGettext(text) : text;
}

static int
lxcPolicyFail(const char *command, const char *message, bool usage)
{
    g_autofree char *printable = virLXCPrintable(message, "");

    g_printerr("%s: %s\n", POLICY_PROGRAM, printable);
    if (usage)
        g_printerr(_("Try '%1$s --help'.\n"), command);
    return VIR_LXC_POLICY_FAILED;
}

static char *
lxcPolicyDescription(void)
{
    GString *text = g_string_new(_("Verbs:\n"));
    size_t nverbs = 0;
    const virLXCPolicyVerb *verbs = virLXCPolicyVerbs(&nverbs);
    size_t i;

    for (i = 0; i < nverbs; i++)
        g_string_append_printf(text, "  %-*s%s\n", POLICY_VERB_WIDTH,
                               verbs[i].name, _(verbs[i].summary));

    g_string_append(
        text,
        _("\nThe options of a verb are listed by 'virt-lxc-policy VERB "
          "--help'.\n\nDOMAIN is the name or UUID of a domain. FILE is '-' for "
          "standard input, or contains a\n'/' or ends in '.xml'.\n\nThe exit "
          "status is 0 if the answer is yes, 1 if it is no, and 2 on errors."));
    return g_string_free(text, FALSE);
}

static GOptionContext *
lxcPolicyContext(virLXCPolicy *policy, const char *arguments)
{
    const GOptionEntry entries[] = {
        {"connect", 'c', 0, G_OPTION_ARG_STRING, &policy->uri,
         N_("hypervisor connection URI; default: lxc:///system"), "URI"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &policy->json,
         N_("print JSON instead of text"), NULL},
        {"help", 'h', 0, G_OPTION_ARG_NONE, &lxcPolicyHelp,
         N_("print this summary"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    GOptionContext *context = g_option_context_new(arguments);

    g_option_context_set_translate_func(context, lxcPolicyTranslate, NULL,
                                        NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    /* GLib would not notice that it cannot be printed. */
    g_option_context_set_help_enabled(context, FALSE);
    return context;
}

static void
lxcPolicyAddHelp(virLXCPolicy *policy, GOptionContext *context)
{
    g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);

    if (lxcPolicyHelp)
        g_string_append(policy->out, help);
}

/* The options before the verb, which is then argv[1]. */
static int
lxcPolicyParse(virLXCPolicy *policy, int *argc, char ***argv, GError **error)
{
    static const GOptionEntry entries[] = {
        {"version", 'V', 0, G_OPTION_ARG_NONE, &lxcPolicyVersion,
         N_("print the version"), NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context =
        lxcPolicyContext(policy, N_("VERB [ARGUMENT]..."));
    g_autofree char *description = lxcPolicyDescription();

    g_set_prgname(POLICY_PROGRAM);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_strict_posix(context, TRUE);
    g_option_context_set_summary(
        context, N_("Examines the confinement of LXC domains."));
    g_option_context_set_description(context, description);
    if (!g_option_context_parse(context, argc, argv, error))
        return -1;

    lxcPolicyAddHelp(policy, context);
    return 0;
}

/* A "--" that ends the options is not an argument. */
static int
lxcPolicyParseVerb(virLXCPolicy *policy, const virLXCPolicyVerb *verb,
                   int *argc, char ***argv, GError **error)
{
    g_autofree char *command =
        g_strdup_printf("%s %s", POLICY_PROGRAM, verb->name);
    g_autoptr(GOptionContext) context =
        lxcPolicyContext(policy, verb->arguments);

    g_set_prgname(command);
    g_option_context_set_summary(context, verb->summary);
    if (verb->options)
        g_option_context_add_main_entries(context, verb->options, NULL);
    if (!g_option_context_parse(context, argc, argv, error))
        return -1;

    lxcPolicyAddHelp(policy, context);
    if (lxcPolicyHelp)
        return 0;
    if (*argc > 1 && g_str_equal((*argv)[1], "--")) {
        (*argc)--;
        (*argv)++;
    }
    if (*argc - 1 < verb->min || *argc - 1 > verb->max)
        return virLXCSetError(error, VIR_LXC_CONFINEMENT_ERROR_INVALID,
                              _("'%1$s' takes other arguments: %2$s"),
                              verb->name, _(verb->arguments));
    return 0;
}

static const virLXCPolicyVerb *
lxcPolicyFindVerb(const char *name)
{
    size_t nverbs = 0;
    const virLXCPolicyVerb *verbs = virLXCPolicyVerbs(&nverbs);
    size_t i;

    for (i = 0; i < nverbs; i++) {
        if (g_str_equal(verbs[i].name, name))
            return &verbs[i];
    }
    return NULL;
}

/* A full disk or a closed pipe must not look like success. */
static int
lxcPolicyPrint(const virLXCPolicy *policy, virLXCPolicyStatus status)
{
    g_autofree char *text = policy->json
                                ? g_strdup(policy->out->str)
                                : virLXCPrintable(policy->out->str, "\n");

    if (fputs(text, stdout) == EOF || fflush(stdout)) {
        perror(POLICY_PROGRAM);
        return VIR_LXC_POLICY_FAILED;
    }
    return status;
}

static int
lxcPolicyRun(virLXCPolicy *policy, const virLXCPolicyVerb *verb, int argc,
             char **argv)
{
    g_autofree char *command =
        g_strdup_printf("%s %s", POLICY_PROGRAM, verb->name);
    virLXCPolicyStatus status = VIR_LXC_POLICY_FAILED;
    g_autoptr(GError) error = NULL;

    if (lxcPolicyParseVerb(policy, verb, &argc, &argv, &error) < 0)
        return lxcPolicyFail(command, error->message, true);
    if (lxcPolicyHelp)
        return lxcPolicyPrint(policy, VIR_LXC_POLICY_YES);
    if (verb->run(policy, argv + 1, &status, &error) < 0)
        return lxcPolicyFail(command, error->message, false);

    return lxcPolicyPrint(policy, status);
}

static int
lxcPolicyMain(virLXCPolicy *policy, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *message = NULL;
    const virLXCPolicyVerb *verb;

    if (lxcPolicyParse(policy, &argc, &argv, &error) < 0)
        return lxcPolicyFail(POLICY_PROGRAM, error->message, true);

    if (lxcPolicyHelp)
        return lxcPolicyPrint(policy, VIR_LXC_POLICY_YES);

    if (lxcPolicyVersion) {
        g_string_append_printf(policy->out, "%s (%s) %s\n", POLICY_PROGRAM,
                               GETTEXT_PACKAGE, PROJECT_VERSION);
        return lxcPolicyPrint(policy, VIR_LXC_POLICY_YES);
    }

    if (argc < 2)
        return lxcPolicyFail(POLICY_PROGRAM, _("the verb is missing"), true);

    if (!(verb = lxcPolicyFindVerb(argv[1]))) {
        message = g_strdup_printf(_("unknown verb '%1$s'"), argv[1]);
        return lxcPolicyFail(POLICY_PROGRAM, message, true);
    }
    return lxcPolicyRun(policy, verb, argc - 1, argv + 1);
}

int
virLXCPolicyMain(int argc, char **argv, virLXCPolicyGetDomain getDomain)
{
    virLXCPolicy policy = {.getDomain = getDomain};
    g_auto(GStrv) arguments = g_new0(char *, argc + 1);
    g_autofree char **left = NULL;
    int status;
    int i;

    setlocale(LC_ALL, "");
    for (i = 0; i < argc; i++)
        arguments[i] = g_strdup(argv[i]);
    /* The parser removes options from the array that it gets. */
    left = g_memdup2(arguments, (argc + 1) * sizeof(*arguments));

    policy.out = g_string_new(NULL);
    status = lxcPolicyMain(&policy, argc, left);
    g_string_free(policy.out, TRUE);
    g_free(policy.uri);
    return status;
}
