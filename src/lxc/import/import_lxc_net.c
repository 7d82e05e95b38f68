/*
 * import_lxc_net.c: networks in container configurations of LXC
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: lxc.net. Out: <interface>, <hostdev>, and whether the container has a
 * network of its own.
 */

#include <arpa/inet.h>
#include <string.h>

#include "i18n.h"
#include "import_lxc_config.h"

typedef enum {
    LXC_NET_STRING,
    LXC_NET_TYPE,
    LXC_NET_ADDRESS4,
    LXC_NET_ADDRESS6,
    LXC_NET_GATEWAY4,
    LXC_NET_GATEWAY6,
    LXC_NET_HWADDR,
    LXC_NET_MACVLAN,
    LXC_NET_MENTIONED,
    LXC_NET_REFUSED,
} lxcNetKind;

/* Keys below lxc.net.INDEX. */
static const struct {
    const char *name;
    lxcNetKind kind;
    size_t offset;
} lxcNetKeys[] = {
    {"type", LXC_NET_TYPE, 0},
    {"link", LXC_NET_STRING, offsetof(virLXCImportNet, link)},
    {"flags", LXC_NET_STRING, offsetof(virLXCImportNet, flags)},
    {"name", LXC_NET_STRING, offsetof(virLXCImportNet, name)},
    {"vlan.id", LXC_NET_STRING, offsetof(virLXCImportNet, vlanID)},
    {"veth.pair", LXC_NET_STRING, offsetof(virLXCImportNet, pair)},
    {"hwaddr", LXC_NET_HWADDR, 0},
    {"macvlan.mode", LXC_NET_MACVLAN, 0},
    {"ipv4", LXC_NET_ADDRESS4, 0},
    {"ipv4.address", LXC_NET_ADDRESS4, 0},
    {"ipv4.gateway", LXC_NET_GATEWAY4, 0},
    {"ipv6", LXC_NET_ADDRESS6, 0},
    {"ipv6.address", LXC_NET_ADDRESS6, 0},
    {"ipv6.gateway", LXC_NET_GATEWAY6, 0},
    {"mtu", LXC_NET_MENTIONED, 0},
    {"veth.n_rxqueues", LXC_NET_MENTIONED, 0},
    {"veth.n_txqueues", LXC_NET_MENTIONED, 0},
    {"script.up", LXC_NET_REFUSED, 0},
    {"script.down", LXC_NET_REFUSED, 0},
    {"l2proxy", LXC_NET_REFUSED, 0},
    {"ipvlan.mode", LXC_NET_REFUSED, 0},
    {"ipvlan.isolation", LXC_NET_REFUSED, 0},
    {"veth.mode", LXC_NET_REFUSED, 0},
    {"veth.ipv4.route", LXC_NET_REFUSED, 0},
    {"veth.ipv6.route", LXC_NET_REFUSED, 0},
    {"veth.vlan.id", LXC_NET_REFUSED, 0},
    {"veth.vlan.tagged.id", LXC_NET_REFUSED, 0},
};

static int
lxcNetSetType(virLXCImportLXCState *state, virLXCImportNet *net,
              const virLXCImportLXCLine *line, GError **error)
{
    static const char *const types[] = {"none", "empty", "veth", "macvlan",
                                        "phys", "vlan",  NULL};

    if (g_strv_contains(types, line->value)) {
        g_free(net->type);
        net->type = g_strdup(line->value);
        state->domain->hostNetwork |= g_str_equal(line->value, "none");
        return 0;
    }

    if (!g_str_equal(line->value, "ipvlan"))
        return virLXCImportLXCSetError(line, error, _("a type of network"));

    g_free(net->type);
    net->type = g_strdup("empty");
    virLXCImportLXCAdd(state, true, line,
                       _("networks of type '%1$s' are not supported"),
                       line->value);
    return 0;
}

/* LXC derives a missing prefix from the class of the address. */
static unsigned int
lxcPrefixDefault(bool ipv6, const unsigned char *address)
{
    if (ipv6)
        return 64;
    return address[0] < 128 ? 8 : address[0] < 192 ? 16 : 24;
}

/* ADDRESS[/PREFIX] [BROADCAST] */
static int
lxcNetAddAddress(virLXCImportLXCState *state, virLXCImportNet *net, bool ipv6,
                 const virLXCImportLXCLine *line, GError **error)
{
    size_t length = strcspn(line->value, "/ \t");
    g_autofree char *text = g_strndup(line->value, length);
    const char *rest = line->value + length;
    unsigned char binary[sizeof(struct in6_addr)] = {0};
    virLXCImportAddress *address;
    guint64 prefix;

    if (inet_pton(ipv6 ? AF_INET6 : AF_INET, text, binary) != 1)
        return virLXCImportLXCSetError(line, error, _("an address"));

    prefix = lxcPrefixDefault(ipv6, binary);
    if (*rest == '/') {
        size_t digits = strcspn(rest + 1, " \t");
        g_autofree char *number = g_strndup(rest + 1, digits);

        if (virLXCImportLXCNumber(line, number, ipv6 ? 128 : 32, &prefix,
                                  error) < 0)
            return -1;
        rest += 1 + digits;
    }

    if (*rest)
        virLXCImportLXCAdd(state, false, line,
                           _("the broadcast address is that of the prefix"));

    address = g_new0(virLXCImportAddress, 1);
    address->ipv6 = ipv6;
    address->address = g_steal_pointer(&text);
    address->prefix = (unsigned int)prefix;
    g_ptr_array_add(net->addresses, address);
    return 0;
}

static int
lxcNetSetGateway(virLXCImportLXCState *state, virLXCImportNet *net, bool ipv6,
                 const virLXCImportLXCLine *line, GError **error)
{
    unsigned char binary[sizeof(struct in6_addr)];

    if (g_str_equal(line->value, "auto") || g_str_equal(line->value, "dev")) {
        virLXCImportLXCAdd(state, true, line,
                           _("the gateway has to be an address, not '%1$s'"),
                           line->value);
        return 0;
    }

    if (inet_pton(ipv6 ? AF_INET6 : AF_INET, line->value, binary) != 1)
        return virLXCImportLXCSetError(line, error, _("an address"));

    g_free(net->gateway[ipv6]);
    net->gateway[ipv6] = g_strdup(line->value);
    return 0;
}

/* Letters "x" stand for random digits; libvirt generates whole addresses. */
static int
lxcNetSetHwaddr(virLXCImportLXCState *state, virLXCImportNet *net,
                const virLXCImportLXCLine *line, GError **error)
{
    static const char form[] = "##:##:##:##:##:##";
    bool isTemplate = strpbrk(line->value, "xX");
    size_t i;

    for (i = 0; form[i]; i++) {
        char c = line->value[i];

        if (form[i] == '#' ? !g_ascii_isxdigit(c) && c != 'x' && c != 'X'
                           : c != form[i])
            return virLXCImportLXCSetError(line, error, _("a MAC address"));
    }
    if (line->value[i])
        return virLXCImportLXCSetError(line, error, _("a MAC address"));

    if (isTemplate) {
        virLXCImportLXCAdd(state, false, line,
                           _("libvirt generates an address"));
        return 0;
    }

    g_free(net->hwaddr);
    net->hwaddr = g_strdup(line->value);
    return 0;
}

static int
lxcNetSetMacvlan(virLXCImportLXCState *state, virLXCImportNet *net,
                 const virLXCImportLXCLine *line, GError **error)
{
    static const char *const modes[] = {"private", "vepa", "bridge", NULL};

    if (g_strv_contains(modes, line->value)) {
        g_free(net->macvlanMode);
        net->macvlanMode = g_strdup(line->value);
        return 0;
    }

    if (!g_str_equal(line->value, "passthru"))
        return virLXCImportLXCSetError(line, error,
                                       _("a mode of macvlan interfaces"));

    virLXCImportLXCAdd(state, true, line,
                       _("the mode '%1$s' is not supported, so it is "
                         "'private'"),
                       line->value);
    return 0;
}

static int
lxcNetSet(virLXCImportLXCState *state, virLXCImportNet *net, size_t row,
          const virLXCImportLXCLine *line, GError **error)
{
    char **member = (char **)((char *)net + lxcNetKeys[row].offset);

    switch (lxcNetKeys[row].kind) {
    case LXC_NET_STRING:
        g_free(*member);
        *member = g_strdup(line->value);
        return 0;
    case LXC_NET_TYPE:
        return lxcNetSetType(state, net, line, error);
    case LXC_NET_ADDRESS4:
    case LXC_NET_ADDRESS6:
        return lxcNetAddAddress(
            state, net, lxcNetKeys[row].kind == LXC_NET_ADDRESS6, line, error);
    case LXC_NET_GATEWAY4:
    case LXC_NET_GATEWAY6:
        return lxcNetSetGateway(
            state, net, lxcNetKeys[row].kind == LXC_NET_GATEWAY6, line, error);
    case LXC_NET_HWADDR:
        return lxcNetSetHwaddr(state, net, line, error);
    case LXC_NET_MACVLAN:
        return lxcNetSetMacvlan(state, net, line, error);
    case LXC_NET_MENTIONED:
        virLXCImportLXCAdd(state, false, line,
                           _("the key does not affect what the container may "
                             "do"));
        return 0;
    case LXC_NET_REFUSED:
        virLXCImportLXCAdd(state, true, line, _("there is no equivalent"));
        return 0;
    }
    return 0;
}

int
virLXCImportLXCNet(virLXCImportLXCState *state, const virLXCImportLXCLine *line,
                   GError **error)
{
    const char *name = strchr(line->suffix, '.');
    g_autofree char *index = NULL;
    size_t i;

    for (i = 0; name && i < G_N_ELEMENTS(lxcNetKeys); i++) {
        if (!g_str_equal(lxcNetKeys[i].name, name + 1))
            continue;
        index = g_strndup(line->suffix, name - line->suffix);
        return lxcNetSet(state, virLXCImportDomainNet(state->domain, index), i,
                         line, error);
    }

    virLXCImportLXCAdd(state, true, line, _("the key is not known"));
    return 0;
}

int
virLXCImportLXCNetFinish(virLXCImportLXCState *state, GError **error)
{
    GHashTableIter iter;
    gpointer index;
    gpointer value;

    g_hash_table_iter_init(&iter, state->domain->nets);
    while (g_hash_table_iter_next(&iter, &index, &value)) {
        const virLXCImportNet *net = value;
        static const char *const linked[] = {"macvlan", "phys", "vlan", NULL};

        if (!net->type)
            return virLXCImportSetError(error, state->source->file, 1, 0,
                                        _("'lxc.net.%1$s.type' is missing"),
                                        (const char *)index);
        if (g_strv_contains(linked, net->type) && !net->link)
            return virLXCImportSetError(error, state->source->file, 1, 0,
                                        _("'lxc.net.%1$s.link' is missing"),
                                        (const char *)index);
        if (state->domain->hostNetwork && !g_str_equal(net->type, "none"))
            return virLXCImportSetError(
                error, state->source->file, 1, 0,
                _("'lxc.net.%1$s' contradicts a network of type 'none', which "
                  "is that of the host"),
                (const char *)index);
    }
    return 0;
}
