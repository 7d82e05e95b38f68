/*
 * import_domain.c: what a whole domain needs besides <features>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a virLXCImportDomain. Out: XML.
 */

#include "import_domain.h"

#include <string.h>

#include "i18n.h"
#include "xml.h"

/* <memory> is mandatory. libvirt's conversion has always used this value. */
#define LXC_MEMORY_DEFAULT 65536

static void
lxcFilesystemFree(gpointer opaque)
{
    virLXCImportFilesystem *filesystem = opaque;

    g_free(filesystem->source);
    g_free(filesystem->target);
    g_free(filesystem);
}

static void
lxcAddressFree(gpointer opaque)
{
    virLXCImportAddress *address = opaque;

    g_free(address->address);
    g_free(address);
}

static void
lxcNetFree(gpointer opaque)
{
    virLXCImportNet *net = opaque;

    g_free(net->type);
    g_free(net->link);
    g_free(net->flags);
    g_free(net->name);
    g_free(net->hwaddr);
    g_free(net->pair);
    g_free(net->macvlanMode);
    g_free(net->vlanID);
    g_free(net->gateway[0]);
    g_free(net->gateway[1]);
    g_ptr_array_unref(net->addresses);
    g_free(net);
}

static void
lxcBlockDeviceFree(gpointer opaque)
{
    virLXCImportBlockDevice *device = opaque;

    g_free(device->path);
    g_free(device);
}

virLXCImportDomain *
virLXCImportDomainNew(void)
{
    virLXCImportDomain *domain = g_new0(virLXCImportDomain, 1);

    domain->initArgs = g_ptr_array_new_with_free_func(g_free);
    domain->initEnv = g_ptr_array_new_with_free_func(g_free);
    domain->filesystems = g_ptr_array_new_with_free_func(lxcFilesystemFree);
    domain->nets = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    domain->netOrder = g_ptr_array_new_with_free_func(lxcNetFree);
    domain->idmap = g_array_new(FALSE, FALSE, sizeof(virLXCImportIDMap));
    domain->blockDevices = g_ptr_array_new_with_free_func(lxcBlockDeviceFree);
    return domain;
}

void
virLXCImportDomainFree(virLXCImportDomain *domain)
{
    if (!domain)
        return;

    g_free(domain->name);
    g_free(domain->arch);
    g_free(domain->init);
    g_free(domain->initDir);
    g_free(domain->initUser);
    g_free(domain->initGroup);
    g_free(domain->cpus);
    g_free(domain->nodes);
    g_ptr_array_unref(domain->initArgs);
    g_ptr_array_unref(domain->initEnv);
    g_ptr_array_unref(domain->filesystems);
    if (domain->root)
        lxcFilesystemFree(domain->root);
    g_hash_table_unref(domain->nets);
    g_ptr_array_unref(domain->netOrder);
    g_array_unref(domain->idmap);
    g_ptr_array_unref(domain->blockDevices);
    g_free(domain);
}

virLXCImportFilesystem *
virLXCImportDomainAddFilesystem(virLXCImportDomain *domain, const char *type,
                                const char *source, const char *target)
{
    virLXCImportFilesystem *filesystem = g_new0(virLXCImportFilesystem, 1);

    filesystem->type = type;
    filesystem->source = g_strdup(source);
    filesystem->target = g_strdup(target);
    g_ptr_array_add(domain->filesystems, filesystem);
    return filesystem;
}

virLXCImportNet *
virLXCImportDomainNet(virLXCImportDomain *domain, const char *index)
{
    virLXCImportNet *net = g_hash_table_lookup(domain->nets, index);

    if (net)
        return net;

    net = g_new0(virLXCImportNet, 1);
    net->addresses = g_ptr_array_new_with_free_func(lxcAddressFree);
    g_hash_table_insert(domain->nets, g_strdup(index), net);
    g_ptr_array_add(domain->netOrder, net);
    return net;
}

virLXCImportBlockDevice *
virLXCImportDomainBlockDevice(virLXCImportDomain *domain, const char *number)
{
    g_autofree char *path = g_strdup_printf("/dev/block/%s", number);
    virLXCImportBlockDevice *device;
    size_t i;

    for (i = 0; i < domain->blockDevices->len; i++) {
        device = g_ptr_array_index(domain->blockDevices, i);
        if (g_str_equal(device->path, path))
            return device;
    }

    device = g_new0(virLXCImportBlockDevice, 1);
    device->path = g_steal_pointer(&path);
    g_ptr_array_add(domain->blockDevices, device);
    return device;
}

static bool
lxcVariableNameIsValid(const char *name, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (!g_ascii_isalpha(name[i]) && name[i] != '_' &&
            (i == 0 || !g_ascii_isdigit(name[i])))
            return false;
    }
    return length > 0;
}

/* Stock libvirt writes the value of an <initenv> into its own XML as it is. */
const char *
virLXCImportDomainAddEnv(virLXCImportDomain *domain, const char *entry)
{
    const char *value = strchr(entry, '=');

    if (!value || !lxcVariableNameIsValid(entry, value - entry))
        return _("its name must consist of letters, digits and underscores");
    if (value[1] == '\0')
        return _("its value must not be empty");
    if (strpbrk(value, "<&\r"))
        return _("its value must not contain '<', '&' or a carriage return");

    g_ptr_array_add(domain->initEnv, g_strdup(entry));
    return NULL;
}

bool
virLXCImportSizeParse(const char *text, guint64 *kib)
{
    static const char units[] = "KMGTP";
    size_t digits = strspn(text, "0123456789");
    g_autofree char *digitsText = g_strndup(text, digits);
    g_autofree char *unit = g_ascii_strup(text + digits, -1);
    const char *found = unit[0] ? strchr(units, unit[0]) : NULL;
    guint64 bytes = 0;
    guint64 factor = 1;

    if (found)
        factor <<= 10 * (found - units + 1);
    if (!g_ascii_string_to_unsigned(digitsText, 10, 0, G_MAXINT64, &bytes,
                                    NULL) ||
        (unit[0] != '\0' &&
         (!found || (unit[1] != '\0' && !g_str_equal(unit + 1, "B") &&
                     !g_str_equal(unit + 1, "IB")))) ||
        !g_uint64_checked_mul(&bytes, bytes, factor))
        return false;

    *kib = MAX(bytes / 1024, 1);
    return true;
}

bool
virLXCImportListIsValid(const char *text)
{
    return g_ascii_isdigit(text[0]) &&
           strspn(text, "0123456789,-") == strlen(text);
}

static void
lxcFormatAttribute(GString *out, const char *name, const char *value)
{
    if (!value)
        return;

    g_string_append_printf(out, " %s='", name);
    virLXCXMLFormatValue(out, value);
    g_string_append_c(out, '\'');
}

static void
lxcFormatText(GString *out, unsigned int indent, const char *name,
              const char *text)
{
    if (!text)
        return;

    g_string_append_printf(out, "%*s<%s>", (int)indent, "", name);
    virLXCXMLFormatValue(out, text);
    g_string_append_printf(out, "</%s>\n", name);
}

static void
lxcFormatNumber(GString *out, unsigned int indent, const char *name,
                const char *attributes, guint64 number)
{
    if (number > 0)
        g_string_append_printf(out, "%*s<%s%s>%" G_GUINT64_FORMAT "</%s>\n",
                               (int)indent, "", name, attributes, number, name);
}

static void
lxcFormatMemory(const virLXCImportDomain *domain, GString *out)
{
    lxcFormatNumber(out, 2, "memory", " unit='KiB'",
                    domain->memory ? domain->memory : LXC_MEMORY_DEFAULT);
    if (!domain->memory && !domain->softLimit && !domain->swapLimit)
        return;

    g_string_append(out, "  <memtune>\n");
    lxcFormatNumber(out, 4, "hard_limit", " unit='KiB'", domain->memory);
    lxcFormatNumber(out, 4, "soft_limit", " unit='KiB'", domain->softLimit);
    lxcFormatNumber(out, 4, "swap_hard_limit", " unit='KiB'",
                    domain->swapLimit);
    g_string_append(out, "  </memtune>\n");
}

static void
lxcFormatBlockDevice(const virLXCImportBlockDevice *device, GString *out)
{
    static const char *const names[] = {"read_iops_sec", "write_iops_sec",
                                        "read_bytes_sec", "write_bytes_sec"};
    size_t i;

    g_string_append(out, "    <device>\n");
    lxcFormatText(out, 6, "path", device->path);
    lxcFormatNumber(out, 6, "weight", "", device->weight);
    for (i = 0; i < G_N_ELEMENTS(names); i++)
        lxcFormatNumber(out, 6, names[i], "", device->limits[i]);
    g_string_append(out, "    </device>\n");
}

static void
lxcFormatBlockTune(const virLXCImportDomain *domain, GString *out)
{
    size_t i;

    if (!domain->weight && domain->blockDevices->len == 0)
        return;

    g_string_append(out, "  <blkiotune>\n");
    lxcFormatNumber(out, 4, "weight", "", domain->weight);
    for (i = 0; i < domain->blockDevices->len; i++)
        lxcFormatBlockDevice(g_ptr_array_index(domain->blockDevices, i), out);
    g_string_append(out, "  </blkiotune>\n");
}

static void
lxcFormatCPU(const virLXCImportDomain *domain, GString *out)
{
    g_string_append(out, "  <vcpu placement='static'");
    lxcFormatAttribute(out, "cpuset", domain->cpus);
    g_string_append(out, ">1</vcpu>\n");

    if (domain->shares || domain->period || domain->quota) {
        g_string_append(out, "  <cputune>\n");
        lxcFormatNumber(out, 4, "shares", "", domain->shares);
        lxcFormatNumber(out, 4, "period", "", domain->period);
        if (domain->quota)
            g_string_append_printf(out,
                                   "    <quota>%" G_GINT64_FORMAT "</quota>\n",
                                   domain->quota);
        g_string_append(out, "  </cputune>\n");
    }

    if (domain->nodes) {
        g_string_append(out, "  <numatune>\n    <memory mode='strict'");
        lxcFormatAttribute(out, "nodeset", domain->nodes);
        g_string_append(out, "/>\n  </numatune>\n");
    }
}

static void
lxcFormatOS(const virLXCImportDomain *domain, GString *out)
{
    size_t i;

    g_string_append(out, "  <os>\n    <type");
    lxcFormatAttribute(out, "arch", domain->arch);
    g_string_append(out, ">exe</type>\n");
    lxcFormatText(out, 4, "init", domain->init ? domain->init : "/sbin/init");
    for (i = 0; i < domain->initArgs->len; i++)
        lxcFormatText(out, 4, "initarg",
                      g_ptr_array_index(domain->initArgs, i));
    for (i = 0; i < domain->initEnv->len; i++) {
        const char *entry = g_ptr_array_index(domain->initEnv, i);
        const char *value = strchr(entry, '=');
        g_autofree char *name = g_strndup(entry, value - entry);

        g_string_append(out, "    <initenv");
        lxcFormatAttribute(out, "name", name);
        g_string_append_c(out, '>');
        virLXCXMLFormatValue(out, value + 1);
        g_string_append(out, "</initenv>\n");
    }
    lxcFormatText(out, 4, "initdir", domain->initDir);
    if (domain->initUser || domain->initGroup) {
        lxcFormatText(out, 4, "inituser",
                      domain->initUser ? domain->initUser : "+0");
        lxcFormatText(out, 4, "initgroup",
                      domain->initGroup ? domain->initGroup : "+0");
    }
    g_string_append(out, "  </os>\n");
}

static void
lxcFormatIDs(const virLXCImportDomain *domain, char type, GString *out)
{
    size_t i;

    for (i = 0; i < domain->idmap->len; i++) {
        const virLXCImportIDMap *map =
            &g_array_index(domain->idmap, virLXCImportIDMap, i);

        if (map->type == type)
            g_string_append_printf(
                out, "    <%cid start='%u' target='%u' count='%u'/>\n", type,
                map->start, map->target, map->count);
    }
}

static void
lxcFormatIDMap(const virLXCImportDomain *domain, GString *out)
{
    if (domain->idmap->len == 0)
        return;

    g_string_append(out, "  <idmap>\n");
    lxcFormatIDs(domain, 'u', out);
    lxcFormatIDs(domain, 'g', out);
    g_string_append(out, "  </idmap>\n");
}

static void
lxcFormatFilesystem(const virLXCImportFilesystem *filesystem, GString *out)
{
    static const struct {
        const char *type;
        const char *attribute;
    } attributes[] = {{"mount", "dir"}, {"block", "dev"}, {"file", "file"}};
    size_t i;

    g_string_append_printf(
        out, "    <filesystem type='%s'%s>\n", filesystem->type,
        g_str_equal(filesystem->type, "file") ? ""
                                              : " accessmode='passthrough'");
    if (g_str_equal(filesystem->type, "file"))
        g_string_append(out, "      <driver type='loop' format='raw'/>\n");
    g_string_append(out, "      <source");
    for (i = 0; i < G_N_ELEMENTS(attributes); i++) {
        if (g_str_equal(attributes[i].type, filesystem->type))
            lxcFormatAttribute(out, attributes[i].attribute,
                               filesystem->source);
    }
    if (!filesystem->source)
        g_string_append_printf(out,
                               " usage='%" G_GUINT64_FORMAT "' units='KiB'",
                               filesystem->usage);
    g_string_append(out, "/>\n      <target");
    lxcFormatAttribute(out, "dir", filesystem->target);
    g_string_append(out, "/>\n");
    if (filesystem->readonly)
        g_string_append(out, "      <readonly/>\n");
    g_string_append(out, "    </filesystem>\n");
}

static void
lxcFormatAddresses(const virLXCImportNet *net, GString *out)
{
    static const char *const families[] = {"ipv4", "ipv6"};
    static const char *const all[] = {"0.0.0.0", "::"};
    size_t i;

    for (i = 0; i < net->addresses->len; i++) {
        const virLXCImportAddress *address =
            g_ptr_array_index(net->addresses, i);

        g_string_append(out, "      <ip");
        lxcFormatAttribute(out, "address", address->address);
        g_string_append_printf(out, " family='%s' prefix='%u'/>\n",
                               families[address->ipv6], address->prefix);
    }
    for (i = 0; i < G_N_ELEMENTS(families); i++) {
        if (!net->gateway[i])
            continue;
        g_string_append_printf(out, "      <route family='%s' address='%s'",
                               families[i], all[i]);
        lxcFormatAttribute(out, "gateway", net->gateway[i]);
        g_string_append(out, "/>\n");
    }
}

static void
lxcFormatElement(GString *out, const char *name, const char *attribute,
                 const char *value)
{
    if (!value)
        return;

    g_string_append_printf(out, "      <%s", name);
    lxcFormatAttribute(out, attribute, value);
    g_string_append(out, "/>\n");
}

static void
lxcFormatInterface(const virLXCImportNet *net, GString *out)
{
    bool isMacvlan = g_str_equal(net->type, "macvlan");
    bool isUp = g_strcmp0(net->flags, "up") == 0;

    g_string_append_printf(out, "    <interface type='%s'>\n",
                           isMacvlan   ? "direct"
                           : net->link ? "bridge"
                                       : "ethernet");
    lxcFormatElement(out, "mac", "address", net->hwaddr);
    if (isMacvlan) {
        g_string_append(out, "      <source");
        lxcFormatAttribute(out, "dev", net->link);
        lxcFormatAttribute(out, "mode",
                           net->macvlanMode ? net->macvlanMode : "private");
        g_string_append(out, "/>\n");
    } else {
        lxcFormatElement(out, "source", "bridge", net->link);
    }
    lxcFormatAddresses(net, out);
    lxcFormatElement(out, "target", "dev", net->pair);
    lxcFormatElement(out, "guest", "dev", net->name);
    lxcFormatElement(out, "link", "state", isUp ? "up" : "down");
    g_string_append(out, "    </interface>\n");
}

static bool
lxcNetIsHostDevice(const virLXCImportNet *net)
{
    return g_str_equal(net->type, "phys") || g_str_equal(net->type, "vlan");
}

static bool
lxcNetIsInterface(const virLXCImportNet *net)
{
    return g_str_equal(net->type, "veth") || g_str_equal(net->type, "macvlan");
}

static void
lxcFormatHostDevice(const virLXCImportNet *net, GString *out)
{
    g_autofree char *name =
        net->vlanID && g_str_equal(net->type, "vlan")
            ? g_strdup_printf("%s.%s", net->link, net->vlanID)
            : g_strdup(net->link);

    g_string_append(out, "    <hostdev mode='capabilities' type='net'>\n"
                         "      <source>\n");
    lxcFormatText(out, 8, "interface", name);
    g_string_append(out, "      </source>\n");
    lxcFormatAddresses(net, out);
    g_string_append(out, "    </hostdev>\n");
}

static void
lxcFormatDevices(const virLXCImportDomain *domain, GString *out)
{
    size_t i;

    g_string_append(out, "  <devices>\n");
    lxcFormatFilesystem(domain->root, out);
    for (i = 0; i < domain->filesystems->len; i++)
        lxcFormatFilesystem(g_ptr_array_index(domain->filesystems, i), out);
    for (i = 0; i < domain->netOrder->len; i++) {
        const virLXCImportNet *net = g_ptr_array_index(domain->netOrder, i);

        if (lxcNetIsInterface(net))
            lxcFormatInterface(net, out);
    }
    for (i = 0; i < domain->netOrder->len; i++) {
        const virLXCImportNet *net = g_ptr_array_index(domain->netOrder, i);

        if (lxcNetIsHostDevice(net))
            lxcFormatHostDevice(net, out);
    }
    /* libvirt requires one, and every container of LXC has /dev/console. */
    for (i = 0; i < MAX(domain->consoles, 1); i++)
        g_string_append_printf(out,
                               "    <console type='pty'>\n"
                               "      <target type='lxc' port='%zu'/>\n"
                               "    </console>\n",
                               i);
    g_string_append(out, "  </devices>\n");
}

/* Without an interface, a container has the network of the host unless
 * <features> has <privnet/>. */
static bool
lxcDomainIsPrivate(const virLXCImportDomain *domain)
{
    size_t i;

    for (i = 0; i < domain->netOrder->len; i++) {
        const virLXCImportNet *net = g_ptr_array_index(domain->netOrder, i);

        if (lxcNetIsInterface(net) || lxcNetIsHostDevice(net))
            return false;
    }
    return !domain->hostNetwork;
}

char *
virLXCImportDomainFormat(const virLXCImportDomain *domain,
                         const virLXCImport *import)
{
    g_autofree char *elements = virLXCConfinementDefFormat(import->def, 4);
    GString *out = g_string_new("<domain type='lxc'>\n");

    lxcFormatText(out, 2, "name", domain->name);
    lxcFormatMemory(domain, out);
    lxcFormatBlockTune(domain, out);
    lxcFormatCPU(domain, out);
    lxcFormatOS(domain, out);
    lxcFormatIDMap(domain, out);
    g_string_append_printf(out, "  <features>\n%s%s  </features>\n",
                           lxcDomainIsPrivate(domain) ? "    <privnet/>\n" : "",
                           elements);
    g_string_append(out, "  <on_poweroff>destroy</on_poweroff>\n"
                         "  <on_reboot>restart</on_reboot>\n"
                         "  <on_crash>destroy</on_crash>\n");
    lxcFormatDevices(domain, out);
    g_string_append(out, "</domain>\n");
    return g_string_free(out, FALSE);
}
