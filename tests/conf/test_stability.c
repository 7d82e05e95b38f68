/*
 * test_stability.c: whether two definitions ask for the same
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Stage: validate. In: pairs of documents. Out: the first lines that differ.
 */

#include "cases.h"

#define END "</seccomp>"
#define RULE(name, action) "<syscall name='" name "' action='" action "'/>"
#define CLONE(action, args) \
    "<syscall name='clone' action='" action "'>" args "</syscall>"
#define ARG(index, value) "<arg index='" index "' op='eq' value='" value "'/>"

/* Two documents, and the lines in which they differ first; NULL when they ask
 * for the same. */
static const struct {
    const char *src;
    const char *dst;
    const char *srcLine;
    const char *dstLine;
} rows[] = {
    {"<seccomp><syscall group='swap' action='allow'/>" END,
     "<seccomp><syscall action='allow' group='swap'></syscall>" END, NULL,
     NULL},
    {"<seccomp><syscall group='swap' action='allow'/>" END,
     "<seccomp><syscall group='swap' action='log'/>" END,
     "<syscall group='swap' action='allow'/>",
     "<syscall group='swap' action='log'/>"},
    {"<seccomp><syscall group='swap' action='allow'/>" END,
     "<seccomp>" RULE("swapon", "allow") RULE("swapoff", "allow") END,
     "<syscall group='swap' action='allow'/>",
     "<syscall name='swapon' action='allow'/>"},
    {"", "", NULL, NULL},
    {"", "<capabilities/>", NULL, NULL},
    {"<capabilities><chown/><kill state='off'/></capabilities>",
     "<capabilities><kill state='off'/><chown state='on'/></capabilities>",
     NULL, NULL},
    {"<capabilities><cap number='0'/></capabilities>",
     "<capabilities><chown/></capabilities>", NULL, NULL},
    {"", "<capabilities policy='deny'/>", "<no-new-privs state='off'/>",
     "<capabilities policy='deny'/>"},
    {"<capabilities policy='deny'/>", "<capabilities policy='allow'/>",
     "<capabilities policy='deny'/>", "<capabilities policy='allow'/>"},
    {"<capabilities><chown/></capabilities>", "",
     "<capabilities policy='default'>", "<no-new-privs state='off'/>"},
    {"", "<capabilities><chown state='off'/></capabilities>",
     "<no-new-privs state='off'/>", "<capabilities policy='default'>"},
    {"<capabilities><mknod/></capabilities>",
     "<capabilities><mknod state='off'/></capabilities>", "<mknod state='on'/>",
     "<mknod state='off'/>"},
    {"<capabilities><cap number='63'/></capabilities>", "",
     "<capabilities policy='default'>", "<no-new-privs state='off'/>"},
    {"", "<no-new-privs state='off'/>", NULL, NULL},
    {"", "<no-new-privs/>", "<no-new-privs state='off'/>",
     "<no-new-privs state='on'/>"},
    {"<no-new-privs/>", "<no-new-privs state='off'/>",
     "<no-new-privs state='on'/>", "<no-new-privs state='off'/>"},
    {"<landlock abi='4'><net/></landlock>",
     "<landlock abi='4'><net/></landlock><no-new-privs/>", NULL, NULL},
    {"<no-new-privs/>", "<landlock abi='4'><net/></landlock>", "</features>",
     "<landlock mode='required' abi='4' log='off'>"},
    {"<landlock abi='4'><net/></landlock>", "<no-new-privs/>",
     "<landlock mode='required' abi='4' log='off'>", "</features>"},
    {"<landlock abi='4'><fs/><net/></landlock>",
     "<landlock log='off' mode='required' abi='4'><net/><fs/></landlock>", NULL,
     NULL},
    {"<landlock abi='4'><fs/></landlock>",
     "<landlock abi='4' mode='best-effort'><fs/></landlock>",
     "<landlock mode='required' abi='4' log='off'>",
     "<landlock mode='best-effort' abi='4' log='off'>"},
    {"<landlock abi='4'><fs/></landlock>", "<landlock abi='5'><fs/></landlock>",
     "<landlock mode='required' abi='4' log='off'>",
     "<landlock mode='required' abi='5' log='off'>"},
    {"<landlock abi='4'><fs/></landlock>", "<landlock><fs/></landlock>",
     "<landlock mode='required' abi='4' log='off'>",
     "<landlock mode='required' log='off'>"},
    {"<landlock><fs/></landlock>", "<landlock log='on'><fs/></landlock>",
     "<landlock mode='required' log='off'>",
     "<landlock mode='required' log='on'>"},
    {"<landlock><fs/></landlock>", "<landlock><net/></landlock>", "<fs/>",
     "<net/>"},
    {"<landlock><fs/></landlock>", "<landlock><fs/><net/></landlock>",
     "</landlock>", "<net/>"},
    {"<landlock><fs/><scope/></landlock>", "<landlock><fs/></landlock>",
     "<scope abstract-unix-socket='on' signal='on'/>", "</landlock>"},
    {"<landlock><fs><path target='/a' allow='read'/><path target='/b' "
     "allow='write'/></fs></landlock>",
     "<landlock><fs><path target='/b' allow='truncate write_file'/><path "
     "target='/a' missing='error' allow='read'/></fs></landlock>",
     "<path target='/a' allow='read'/>",
     "<path target='/b' allow='truncate write_file'/>"},
    {"<landlock><fs><path target='/a' allow='read'/></fs></landlock>",
     "<landlock><fs/></landlock>", "<fs>", "<fs/>"},
    {"<landlock><fs/></landlock>",
     "<landlock><fs><path target='/a' allow='read write'/></fs></landlock>",
     "<fs/>", "<fs>"},
    {"<landlock><fs><path target='/a' allow='read'/></fs></landlock>",
     "<landlock><fs><path target='/a' allow='write'/></fs></landlock>",
     "<path target='/a' allow='read'/>", "<path target='/a' allow='write'/>"},
    {"<landlock><fs><path target='/a' allow='read'/></fs></landlock>",
     "<landlock><fs><path target='/a' allow='read' "
     "missing='skip'/></fs></landlock>",
     "<path target='/a' allow='read'/>",
     "<path target='/a' allow='read' missing='skip'/>"},
    {"<landlock><net><port protocol='tcp' number='1' "
     "allow='bind'/></net></landlock>",
     "<landlock><net><port protocol='tcp' number='1' "
     "allow='bind_tcp'/></net></landlock>",
     "<port protocol='tcp' number='1' allow='bind'/>",
     "<port protocol='tcp' number='1' allow='bind_tcp'/>"},
    {"<landlock><net><port protocol='tcp' number='1' "
     "allow='bind'/></net></landlock>",
     "<landlock><net><port protocol='udp' number='1' "
     "allow='bind'/></net></landlock>",
     "<port protocol='tcp' number='1' allow='bind'/>",
     "<port protocol='udp' number='1' allow='bind'/>"},
    {"<landlock><net/></landlock>",
     "<landlock><net><port protocol='udp' number='1' "
     "allow='bind'/></net></landlock>",
     "<net/>", "<net>"},
    {"<landlock><net><port protocol='tcp' number='1' "
     "allow='bind'/></net></landlock>",
     "<landlock><net><port protocol='tcp' number='1' "
     "allow='connect'/></net></landlock>",
     "<port protocol='tcp' number='1' allow='bind'/>",
     "<port protocol='tcp' number='1' allow='connect'/>"},
    {"<landlock><scope signal='on'/></landlock>",
     "<landlock><scope abstract-unix-socket='on'/></landlock>", NULL, NULL},
    {"<landlock><scope/></landlock>",
     "<landlock><scope signal='off'/></landlock>",
     "<scope abstract-unix-socket='on' signal='on'/>",
     "<scope abstract-unix-socket='on' signal='off'/>"},
    {"<seccomp/>", "<seccomp log='off' policy='default'/>", NULL, NULL},
    {"<seccomp/>", "<seccomp policy='allow'/>",
     "<seccomp policy='default' log='off'/>",
     "<seccomp policy='allow' log='off'/>"},
    {"<seccomp profile='a'/>", "<seccomp profile='b'/>",
     "<seccomp policy='default' profile='a' log='off'/>",
     "<seccomp policy='default' profile='b' log='off'/>"},
    {"<seccomp/>", "<seccomp profile='b'/>",
     "<seccomp policy='default' log='off'/>",
     "<seccomp policy='default' profile='b' log='off'/>"},
    {"<seccomp log='on'/>", "<seccomp/>",
     "<seccomp policy='default' log='on'/>",
     "<seccomp policy='default' log='off'/>"},
    {"<seccomp><denied action='errno'/></seccomp>",
     "<seccomp><denied action='errno' errno='1'/></seccomp>", NULL, NULL},
    {"<seccomp><denied action='errno'/></seccomp>",
     "<seccomp><denied action='errno' errno='EACCES'/></seccomp>",
     "<denied action='errno' errno='EPERM'/>",
     "<denied action='errno' errno='EACCES'/>"},
    {"<seccomp><denied action='errno'/></seccomp>", "<seccomp/>",
     "<seccomp policy='default' log='off'>",
     "<seccomp policy='default' log='off'/>"},
    {"<seccomp><unknown action='trap'/></seccomp>",
     "<seccomp><unknown action='log'/></seccomp>", "<unknown action='trap'/>",
     "<unknown action='log'/>"},
    {"<seccomp/>", "<seccomp><unknown action='errno' errno='4095'/></seccomp>",
     "<seccomp policy='default' log='off'/>",
     "<seccomp policy='default' log='off'>"},
    {"<seccomp><unknown action='trap' kernel='6.1'/></seccomp>",
     "<seccomp><unknown action='trap' kernel='6.12'/></seccomp>",
     "<unknown action='trap' kernel='6.1'/>",
     "<unknown action='trap' kernel='6.12'/>"},
    {"<seccomp><unknown action='trap' kernel='6.1'/></seccomp>",
     "<seccomp><unknown action='trap'/></seccomp>",
     "<unknown action='trap' kernel='6.1'/>", "<unknown action='trap'/>"},
    {"<seccomp><arch name='x32'/><arch name='i686'/></seccomp>",
     "<seccomp><arch name='i686'/><arch name='x32'/></seccomp>",
     "<arch name='x32'/>", "<arch name='i686'/>"},
    {"<seccomp><arch name='x32'/></seccomp>",
     "<seccomp><arch name='i686'/></seccomp>", "<arch name='x32'/>",
     "<arch name='i686'/>"},
    {"<seccomp><arch name='x32'/></seccomp>", "<seccomp/>",
     "<seccomp policy='default' log='off'>",
     "<seccomp policy='default' log='off'/>"},
    /* Order counts, of elements of any kind. */
    {"<seccomp>" RULE("read", "allow") RULE("write", "log") END,
     "<seccomp>" RULE("write", "log") RULE("read", "allow") END,
     "<syscall name='read' action='allow'/>",
     "<syscall name='write' action='log'/>"},
    {"<seccomp>" RULE("read", "allow") END,
     "<seccomp>" RULE("read", "errno") END,
     "<syscall name='read' action='allow'/>",
     "<syscall name='read' action='errno' errno='EPERM'/>"},
    {"<seccomp>" RULE("read", "allow") RULE("write", "log") END,
     "<seccomp>" RULE("read", "allow") END,
     "<syscall name='write' action='log'/>", "</seccomp>"},
    {"<seccomp/>", "<seccomp>" RULE("read", "allow") END,
     "<seccomp policy='default' log='off'/>",
     "<seccomp policy='default' log='off'>"},
    {"<seccomp>" CLONE("allow", ARG("0", "1") ARG("1", "2")) END,
     "<seccomp>" CLONE("allow", ARG("1", "0x2") ARG("0", "0x1")) END,
     "<arg index='0' op='eq' value='0x1'/>",
     "<arg index='1' op='eq' value='0x2'/>"},
    {"<seccomp>" CLONE("allow", ARG("0", "1")) CLONE("trap", ARG("1", "2"))
         RULE("read", "allow") END,
     "<seccomp>" CLONE("allow", ARG("0", "1")) RULE("read", "allow")
         CLONE("trap", ARG("1", "2")) END,
     "<syscall name='clone' action='trap'>",
     "<syscall name='read' action='allow'/>"},
    {"<seccomp>" CLONE("allow", ARG("0", "1")) CLONE("trap", ARG("1", "2")) END,
     "<seccomp>" CLONE("trap", ARG("1", "2")) CLONE("allow", ARG("0", "1")) END,
     "<syscall name='clone' action='allow'>",
     "<syscall name='clone' action='trap'>"},
    {"<seccomp>" CLONE(
         "allow", "<arg index='0' op='masked-eq' mask='3' value='1'/>") END,
     "<seccomp>" CLONE(
         "allow", "<arg index='0' op='masked-eq' mask='1' value='1'/>") END,
     "<arg index='0' op='masked-eq' mask='0x3' value='0x1'/>",
     "<arg index='0' op='masked-eq' mask='0x1' value='0x1'/>"},
    {"<seccomp profile='a'><listener path='/a'/></seccomp>",
     "<seccomp profile='a'/>",
     "<seccomp policy='default' profile='a' log='off'>",
     "<seccomp policy='default' profile='a' log='off'/>"},
    {"<seccomp profile='a'><listener path='/a'/></seccomp>",
     "<seccomp profile='a'><listener path='/a' metadata=''/></seccomp>",
     "<listener path='/a'/>", "<listener path='/a' metadata=''/>"},
    {"", "<seccomp/>", "</features>", "<seccomp policy='default' log='off'/>"},
};

static void
testCheck(const virLXCConfinementDef *src, const virLXCConfinementDef *dst,
          const char *srcLine, const char *dstLine)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *message =
        g_strdup_printf("confinement differs: the source has %s where the "
                        "destination has %s",
                        srcLine, dstLine);
    int rc = virLXCConfinementDefCheckABIStability(src, dst, &error);

    g_assert_cmpint(rc, ==, srcLine ? -1 : 0);
    g_assert_cmpstr(error ? error->message : NULL, ==,
                    srcLine ? message : NULL);
    if (error)
        g_assert_error(error, VIR_LXC_CONFINEMENT_ERROR,
                       VIR_LXC_CONFINEMENT_ERROR_INVALID);
}

/* What differs one way differs the other way. */
static void
testStability(void)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(virLXCConfinementDef) src = testDefFromElements(rows[i].src);
        g_autoptr(virLXCConfinementDef) dst = testDefFromElements(rows[i].dst);

        testCheck(src, dst, rows[i].srcLine, rows[i].dstLine);
        testCheck(dst, src, rows[i].dstLine, rows[i].srcLine);
    }
}

/* An empty <seccomp> means the default profile; without the element there is no
 * filter. */
static void
testNone(void)
{
    g_autoptr(virLXCConfinementDef) none = testDefFromElements("<acpi/>");
    g_autoptr(virLXCConfinementDef) some = testDefFromElements("<seccomp/>");
    const char *line = "<seccomp policy='default' log='off'/>";

    testCheck(NULL, NULL, NULL, NULL);
    testCheck(NULL, none, NULL, NULL);
    testCheck(NULL, some, "</features>", line);
    testCheck(some, none, line, "</features>");
}

/* What is in effect on one host or another is not a difference. */
static void
testEffective(void)
{
    const char *xml = "<capabilities><chown/></capabilities><no-new-privs/>"
                      "<landlock abi='6'><scope/></landlock><seccomp/>";
    g_autoptr(virLXCConfinementDef) running = testDefFromElements(xml);
    g_autoptr(virLXCConfinementDef) stored = testDefFromElements(xml);
    g_autofree char *shown = NULL;

    running->capabilities.hasEffective = true;
    running->capabilities.effective = 1;
    running->noNewPrivsEffective = VIR_LXC_SWITCH_ON;
    running->landlock->effective = g_new0(virLXCLandlockEffective, 1);
    running->seccomp->effective = g_new0(virLXCSeccompEffective, 1);
    running->seccomp->effective->digest = g_strnfill(64, '0');
    testCheck(running, stored, NULL, NULL);
    testCheck(stored, running, NULL, NULL);

    /* It is still there. */
    shown = virLXCConfinementDefFormat(running, 0);
    g_assert_nonnull(strstr(shown, "<effective digest='0"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/stability/rows", testStability);
    g_test_add_func("/stability/none", testNone);
    g_test_add_func("/stability/effective", testEffective);
    return g_test_run();
}
