/*
 * program_interpreter.c: read the interpreter of a program
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In: a file whose contents are controlled by the container and cannot be
 * trusted. Out: the path of its interpreter.
 */

#include "program_interpreter.h"

#include <elf.h>
#include <glib.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* More program headers than any real file has. */
#define LXC_ELF_MAX_SEGMENTS 4096

/* The kernel does not read further than this (BINPRM_BUF_SIZE, execve(2)). */
#define LXC_SCRIPT_LINE 256

static bool
lxcFileRead(int fd, guint64 offset, void *to, size_t size)
{
    return offset <= G_MAXINT64 &&
           pread(fd, to, size, (off_t)offset) == (ssize_t)size;
}

/* Returns the NUL-terminated string at @offset, or NULL if it exceeds the file
 * or PATH_MAX. */
static char *
lxcFileReadString(int fd, guint64 offset)
{
    char text[PATH_MAX];
    ssize_t got = offset <= G_MAXINT64
                      ? pread(fd, text, sizeof(text), (off_t)offset)
                      : -1;

    if (got <= 0 || !memchr(text, '\0', (size_t)got))
        return NULL;

    return g_strdup(text);
}

/* Sets @offset to the file offset of segment @i, and returns whether the
 * segment is PT_INTERP. */
static bool
lxcElfSegmentIsInterpreter(int fd, bool wide, guint64 table, guint64 i,
                           guint64 *offset)
{
    Elf32_Phdr header32;
    Elf64_Phdr header64;

    if (wide) {
        if (!lxcFileRead(fd, table + i * sizeof(header64), &header64,
                         sizeof(header64)))
            return false;
        *offset = header64.p_offset;
        return header64.p_type == PT_INTERP;
    }

    if (!lxcFileRead(fd, table + i * sizeof(header32), &header32,
                     sizeof(header32)))
        return false;
    *offset = header32.p_offset;
    return header32.p_type == PT_INTERP;
}

static char *
lxcElfInterpreter(int fd)
{
    const guint8 order =
        G_BYTE_ORDER == G_LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB;
    Elf32_Ehdr header32;
    Elf64_Ehdr header64;
    guint64 table;
    guint64 count;
    guint64 i;
    bool wide;

    if (!lxcFileRead(fd, 0, &header32, sizeof(header32)) ||
        memcmp(&header32, ELFMAG, SELFMAG) != 0 ||
        header32.e_ident[EI_DATA] != order)
        return NULL;

    wide = header32.e_ident[EI_CLASS] == ELFCLASS64;
    if (wide && !lxcFileRead(fd, 0, &header64, sizeof(header64)))
        return NULL;

    table = wide ? header64.e_phoff : header32.e_phoff;
    count = wide ? header64.e_phnum : header32.e_phnum;
    for (i = 0; i < MIN(count, LXC_ELF_MAX_SEGMENTS); i++) {
        guint64 offset;

        if (lxcElfSegmentIsInterpreter(fd, wide, table, i, &offset))
            return lxcFileReadString(fd, offset);
    }
    return NULL;
}

static char *
lxcScriptInterpreter(int fd)
{
    char line[LXC_SCRIPT_LINE + 1] = "";
    ssize_t got = pread(fd, line, LXC_SCRIPT_LINE, strlen("#!"));
    char *start = line + strspn(line, " \t");

    if (got <= 0)
        return NULL;

    start[strcspn(start, " \t\n")] = '\0';
    return *start ? g_strdup(start) : NULL;
}

char *
virLXCProgramInterpreter(int fd)
{
    char magic[2];

    if (lxcFileRead(fd, 0, magic, sizeof(magic)) &&
        memcmp(magic, "#!", sizeof(magic)) == 0)
        return lxcScriptInterpreter(fd);

    return lxcElfInterpreter(fd);
}
