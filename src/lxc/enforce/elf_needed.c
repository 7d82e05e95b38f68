/*
 * elf_needed.c: reads what a program needs to be run
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: the bytes of a file that a container's administrator controls, so nothing
 * about them is taken for granted. Out: a virLXCProgramNeeds.
 */

#include "elf_needed.h"

#include <elf.h>
#include <string.h>

/* As many program headers and dynamic entries as any real file has. */
#define LXC_ELF_MAX_ENTRIES 4096

/* The fields that are needed, whatever the class of the file. */
typedef struct {
    const guint8 *data;
    gsize size;
    bool wide;
} lxcElf;

typedef struct {
    guint32 type;
    guint64 offset;
    guint64 address;
    guint64 size;
} lxcElfSegment;

static bool
lxcElfCopy(const lxcElf *elf, guint64 offset, void *to, gsize size)
{
    if (offset > elf->size || size > elf->size - offset)
        return false;

    memcpy(to, elf->data + offset, size);
    return true;
}

/* A string that ends within the file, or NULL. */
static char *
lxcElfString(const lxcElf *elf, guint64 offset)
{
    if (offset >= elf->size ||
        !memchr(elf->data + offset, '\0', elf->size - offset))
        return NULL;

    return g_strdup((const char *)elf->data + offset);
}

static bool
lxcElfOpen(lxcElf *elf, guint64 *segments, guint32 *count)
{
    union {
        Elf32_Ehdr narrow;
        Elf64_Ehdr wide;
    } header;
    const guint8 order =
        G_BYTE_ORDER == G_LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB;

    if (!lxcElfCopy(elf, 0, &header, sizeof(header.narrow)) ||
        memcmp(&header, ELFMAG, SELFMAG) != 0 ||
        header.narrow.e_ident[EI_DATA] != order)
        return false;

    elf->wide = header.narrow.e_ident[EI_CLASS] == ELFCLASS64;
    if (elf->wide && !lxcElfCopy(elf, 0, &header, sizeof(header.wide)))
        return false;

    *segments = elf->wide ? header.wide.e_phoff : header.narrow.e_phoff;
    *count = elf->wide ? header.wide.e_phnum : header.narrow.e_phnum;
    return *count <= LXC_ELF_MAX_ENTRIES;
}

static bool
lxcElfSegmentAt(const lxcElf *elf, guint64 table, guint32 i,
                lxcElfSegment *segment)
{
    Elf32_Phdr narrow;
    Elf64_Phdr wide;

    if (elf->wide) {
        if (!lxcElfCopy(elf, table + i * sizeof(wide), &wide, sizeof(wide)))
            return false;
        *segment = (lxcElfSegment){wide.p_type, wide.p_offset, wide.p_vaddr,
                                   wide.p_filesz};
        return true;
    }

    if (!lxcElfCopy(elf, table + i * sizeof(narrow), &narrow, sizeof(narrow)))
        return false;
    *segment = (lxcElfSegment){narrow.p_type, narrow.p_offset, narrow.p_vaddr,
                               narrow.p_filesz};
    return true;
}

static bool
lxcElfDynamicAt(const lxcElf *elf, guint64 table, guint32 i, Elf64_Dyn *entry)
{
    Elf32_Dyn narrow;

    if (elf->wide)
        return lxcElfCopy(elf, table + i * sizeof(*entry), entry,
                          sizeof(*entry));

    if (!lxcElfCopy(elf, table + i * sizeof(narrow), &narrow, sizeof(narrow)))
        return false;
    entry->d_tag = narrow.d_tag;
    entry->d_un.d_val = narrow.d_un.d_val;
    return true;
}

/* Where in the file a virtual address comes from. */
static bool
lxcElfFileOffset(const GArray *loaded, guint64 address, guint64 *offset)
{
    for (guint i = 0; i < loaded->len; i++) {
        const lxcElfSegment *segment = &g_array_index(loaded, lxcElfSegment, i);

        if (address >= segment->address &&
            address - segment->address < segment->size) {
            *offset = segment->offset + (address - segment->address);
            return true;
        }
    }
    return false;
}

static void
lxcElfReadDynamic(const lxcElf *elf, guint64 table, const GArray *loaded,
                  virLXCProgramNeeds *needs)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(guint64));
    guint64 strings = 0;
    guint64 runpath = G_MAXUINT64;
    Elf64_Dyn entry;

    for (guint32 i = 0;
         i < LXC_ELF_MAX_ENTRIES && lxcElfDynamicAt(elf, table, i, &entry) &&
         entry.d_tag != DT_NULL;
         i++) {
        guint64 value = entry.d_un.d_val;

        if (entry.d_tag == DT_STRTAB &&
            !lxcElfFileOffset(loaded, value, &strings))
            return;
        if (entry.d_tag == DT_NEEDED)
            g_array_append_val(wanted, value);
        if (entry.d_tag == DT_RUNPATH || entry.d_tag == DT_RPATH)
            runpath = value;
    }

    for (guint i = 0; i < wanted->len; i++) {
        char *name =
            lxcElfString(elf, strings + g_array_index(wanted, guint64, i));

        if (name)
            g_ptr_array_add(names, name);
    }
    g_ptr_array_add(names, NULL);

    needs->libraries = g_strdupv((char **)names->pdata);
    if (runpath != G_MAXUINT64)
        needs->runpath = lxcElfString(elf, strings + runpath);
}

static void
lxcElfRead(const guint8 *data, gsize size, virLXCProgramNeeds *needs)
{
    g_autoptr(GArray) loaded = g_array_new(FALSE, FALSE, sizeof(lxcElfSegment));
    lxcElf elf = {.data = data, .size = size};
    guint64 dynamic = 0;
    guint64 table;
    guint32 count;

    if (!lxcElfOpen(&elf, &table, &count))
        return;

    for (guint32 i = 0; i < count; i++) {
        lxcElfSegment segment;

        if (!lxcElfSegmentAt(&elf, table, i, &segment))
            return;
        if (segment.type == PT_LOAD)
            g_array_append_val(loaded, segment);
        if (segment.type == PT_DYNAMIC)
            dynamic = segment.offset;
        if (segment.type == PT_INTERP && !needs->interpreter)
            needs->interpreter = lxcElfString(&elf, segment.offset);
    }

    if (dynamic)
        lxcElfReadDynamic(&elf, dynamic, loaded, needs);
}

static void
lxcScriptRead(const guint8 *data, gsize size, virLXCProgramNeeds *needs)
{
    g_autofree char *line =
        g_strndup((const char *)data + 2, MIN(size - 2, 256));
    char *start = line + strspn(line, " \t");

    start[strcspn(start, " \t\n")] = '\0';
    if (*start)
        needs->interpreter = g_strdup(start);
}

virLXCProgramNeeds *
virLXCProgramNeedsRead(const guint8 *data, gsize size)
{
    virLXCProgramNeeds *needs = g_new0(virLXCProgramNeeds, 1);

    if (size > 2 && data[0] == '#' && data[1] == '!')
        lxcScriptRead(data, size, needs);
    else
        lxcElfRead(data, size, needs);

    return needs;
}

void
virLXCProgramNeedsFree(virLXCProgramNeeds *needs)
{
    if (!needs)
        return;

    g_free(needs->interpreter);
    g_strfreev(needs->libraries);
    g_free(needs->runpath);
    g_free(needs);
}
