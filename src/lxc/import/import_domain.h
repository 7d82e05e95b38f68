/*
 * import_domain.h: what a whole domain needs besides <features>
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Internal to src/lxc/import.
 */

#pragma once

#include "import_private.h"

/**
 * virLXCImportFilesystem: a <filesystem>.
 *
 * @type: the attribute type: "mount", "block", "file" or "ram"
 * @source: directory or file on the host; NULL for "ram"
 * @target: absolute path in the container
 * @usage: size in KiB; for "ram" only
 * @readonly: whether it has <readonly/>
 */
typedef struct {
    const char *type;
    char *source;
    char *target;
    guint64 usage;
    bool readonly;
} virLXCImportFilesystem;

/**
 * virLXCImportAddress: an <ip> of an interface.
 */
typedef struct {
    bool ipv6;
    char *address;
    unsigned int prefix;
} virLXCImportAddress;

/**
 * virLXCImportNet: an <interface>, or a <hostdev> of an interface.
 *
 * Members are as in lxc.container.conf(5), NULL if not specified.
 *
 * @addresses: array of virLXCImportAddress
 */
typedef struct {
    char *type;
    char *link;
    char *flags;
    char *name;
    char *hwaddr;
    char *pair;
    char *macvlanMode;
    char *vlanID;
    char *gateway[2];
    GPtrArray *addresses;
} virLXCImportNet;

/**
 * virLXCImportIDMap: a <uid> or <gid> of <idmap>.
 *
 * @type: 'u' or 'g'
 */
typedef struct {
    char type;
    unsigned int start;
    unsigned int target;
    unsigned int count;
} virLXCImportIDMap;

/**
 * virLXCImportBlockDevice: a <device> of <blkiotune>.
 *
 * @path: its path
 * @weight: its weight, or 0
 * @limits: read_iops_sec, write_iops_sec, read_bytes_sec, write_bytes_sec; 0
 *     for none
 */
typedef struct {
    char *path;
    unsigned int weight;
    guint64 limits[4];
} virLXCImportBlockDevice;

/** What a domain does that neither LXC nor OCI runtimes do for a user. */
#define VIR_LXC_IMPORT_GROUPS                                               \
    N_("the process also gets the groups that its user has in /etc/passwd " \
       "and /etc/group of the container")

/**
 * virLXCImportDomain: a domain. Members that are NULL or 0 are not in the XML.
 *
 * @hostNetwork: whether the container shares the network of the host
 * @nets: virLXCImportNet by index, a number as text
 * @netOrder: the same, in the order of the document
 */
typedef struct {
    char *name;
    char *arch;
    char *init;
    GPtrArray *initArgs;
    GPtrArray *initEnv;
    char *initDir;
    char *initUser;
    char *initGroup;
    GPtrArray *filesystems;
    virLXCImportFilesystem *root;
    bool rootReadonly;
    GHashTable *nets;
    GPtrArray *netOrder;
    bool hostNetwork;
    GArray *idmap;
    unsigned int consoles;
    guint64 memory;
    guint64 softLimit;
    guint64 swapLimit;
    guint64 shares;
    guint64 period;
    gint64 quota;
    char *cpus;
    char *nodes;
    unsigned int weight;
    GPtrArray *blockDevices;
} virLXCImportDomain;

/**
 * virLXCImportDomainNew:
 *
 * Returns an empty domain, which the caller frees.
 */
virLXCImportDomain *virLXCImportDomainNew(void);

/**
 * virLXCImportDomainFree:
 * @domain: a domain, or NULL
 */
void virLXCImportDomainFree(virLXCImportDomain *domain);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCImportDomain, virLXCImportDomainFree)

/**
 * virLXCImportDomainAddFilesystem:
 * @domain: the domain
 * @type: as in virLXCImportFilesystem
 * @source: as in virLXCImportFilesystem
 * @target: as in virLXCImportFilesystem
 *
 * Returns the new filesystem, which belongs to @domain.
 */
virLXCImportFilesystem *
virLXCImportDomainAddFilesystem(virLXCImportDomain *domain, const char *type,
                                const char *source, const char *target);

/**
 * virLXCImportDomainNet:
 * @domain: the domain
 * @index: index of the network
 *
 * Returns the network, which belongs to @domain; a new one if there is none
 * with that index.
 */
virLXCImportNet *
virLXCImportDomainNet(virLXCImportDomain *domain, const char *index);

/**
 * virLXCImportDomainBlockDevice:
 * @domain: the domain
 * @number: "MAJOR:MINOR"
 *
 * Returns the <device> of <blkiotune>, which belongs to @domain; a new one if
 * there is none yet.
 */
virLXCImportBlockDevice *
virLXCImportDomainBlockDevice(virLXCImportDomain *domain, const char *number);

/**
 * virLXCImportDomainAddEnv:
 * @domain: the domain
 * @entry: "NAME=VALUE"
 *
 * Adds an <initenv>.
 *
 * Returns NULL, or why libvirt does not accept it: static, translated.
 */
const char *
virLXCImportDomainAddEnv(virLXCImportDomain *domain, const char *entry);

/**
 * virLXCImportSizeParse:
 * @text: a number of bytes, with an optional unit K, M, G, T, KB, KiB and so on
 * @kib: filled on success with the size in KiB, which is at least 1: 0 would
 *     stand for no limit
 *
 * Returns whether @text is a size.
 */
bool virLXCImportSizeParse(const char *text, guint64 *kib);

/**
 * virLXCImportListIsValid:
 * @text: a list of CPUs or of NUMA nodes
 *
 * Returns whether it is of the form '0-3,8'.
 */
bool virLXCImportListIsValid(const char *text);

/**
 * virLXCImportDomainFormat:
 * @domain: a domain with name and root
 * @import: the elements of its <features>
 *
 * Returns its XML, which the caller frees.
 */
char *virLXCImportDomainFormat(const virLXCImportDomain *domain,
                               const virLXCImport *import);
