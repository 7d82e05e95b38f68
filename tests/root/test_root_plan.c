/*
 * test_root_plan.c: the mounts that are planned for containers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: container.ini of each directory of tests/data/root, with the host's
 * mountinfo and cgroup files where the container has cgroups. Out: the plan,
 * compared with the plan.txt beside it.
 */

#include "cases.h"
#include "cgroup.h"
#include "root_container.h"

static const struct {
    const char *name;
    virLXCRootVolumeKind kind;
} testKinds[] = {
    {"mount", VIR_LXC_ROOT_VOLUME_HOST},
    {"block", VIR_LXC_ROOT_VOLUME_DEVICE},
    {"ram", VIR_LXC_ROOT_VOLUME_MEMORY},
    {"bind", VIR_LXC_ROOT_VOLUME_INNER},
};

static virLXCRootVolumeKind
testKind(const char *name)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(testKinds); i++) {
        if (g_str_equal(testKinds[i].name, name))
            return testKinds[i].kind;
    }
    g_error("'%s' is not a type of <filesystem>", name);
}

static char *
testString(GKeyFile *file, const char *group, const char *key)
{
    return g_key_file_get_string(file, group, key, NULL);
}

static bool
testFlag(GKeyFile *file, const char *group, const char *key)
{
    return g_key_file_get_boolean(file, group, key, NULL);
}

static void
testAddVolume(virLXCRootContainer *container, GKeyFile *file, const char *group)
{
    g_autofree char *type = testString(file, group, "type");
    g_autofree char *source = testString(file, group, "source");
    g_autofree char *target = testString(file, group, "target");
    virLXCRootVolume *volume =
        virLXCRootContainerAddVolume(container, testKind(type), source, target);

    volume->types = testString(file, group, "types");
    volume->size = g_key_file_get_uint64(file, group, "size", NULL);
    volume->readonly = testFlag(file, group, "readonly");
}

static virLXCRootContainer *
testReadContainer(const char *dir)
{
    virLXCRootContainer *container = virLXCRootContainerNew();
    g_autofree char *text = testCaseRead(dir, "container.ini");
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_auto(GStrv) groups = NULL;

    g_assert_true(g_key_file_load_from_data(file, text, -1, 0, NULL));
    container->state = g_strdup("/run/libvirt/lxc/guest");
    container->mapped = testFlag(file, "container", "mapped");
    container->noUserNamespaces =
        testFlag(file, "container", "no-user-namespaces");
    container->hostNetwork = testFlag(file, "container", "host-network");
    container->meminfo = testFlag(file, "container", "meminfo");
    container->options = testString(file, "container", "options");
    container->consoles =
        g_key_file_get_string_list(file, "container", "consoles", NULL, NULL);
    container->security =
        g_key_file_get_string_list(file, "container", "security", NULL, NULL);
    if (!container->options)
        container->options = g_strdup("");

    groups = g_key_file_get_groups(file, NULL);
    for (size_t i = 1; groups[i]; i++)
        testAddVolume(container, file, groups[i]);
    return container;
}

static void
testPlanCgroups(const char *dir, const virLXCRootContainer *container,
                virLXCRootPlan *plan)
{
    g_autofree char *mountinfo = NULL;
    g_autofree char *cgroup = NULL;
    g_autoptr(GPtrArray) layout = NULL;

    if (!testCaseExists(dir, "mountinfo"))
        return;

    mountinfo = testCaseRead(dir, "mountinfo");
    cgroup = testCaseRead(dir, "cgroup");
    layout = virLXCPayloadLayoutParse(mountinfo, cgroup);
    virLXCPayloadPlan(layout, container->options, plan);
}

static void
testPlan(gconstpointer dir)
{
    g_autoptr(virLXCRootContainer) container = testReadContainer(dir);
    g_autoptr(virLXCRootPlan) plan = virLXCRootPlanNew();
    g_autofree char *text = NULL;

    virLXCRootPlanSystem(plan, container);
    testPlanCgroups(dir, container, plan);
    virLXCRootPlanDevices(plan, container);
    virLXCRootPlanVolumes(plan, container);
    virLXCRootPlanAddAccess(plan, "/proc/kcore", VIR_LXC_ROOT_ACCESS_MASKED);
    virLXCRootPlanAddAccess(plan, "/proc/irq", VIR_LXC_ROOT_ACCESS_READONLY);
    virLXCRootPlanAddAccess(plan, "/proc/sys/vm", VIR_LXC_ROOT_ACCESS_WRITABLE);
    text = virLXCRootPlanFormat(plan);
    testCaseCompare(dir, "plan.txt", text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testCasesAdd("/root-plan", "root", testPlan);
    return g_test_run();
}
