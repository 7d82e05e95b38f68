/*
 * elf_needed.h: what the kernel and the loader open to run a program
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdbool.h>

/**
 * virLXCProgramNeeds: read from the start of a program.
 *
 * @interpreter: the path after "#!", or of PT_INTERP; NULL when there is none
 * @libraries: NULL-terminated names of DT_NEEDED, or NULL
 * @runpath: DT_RUNPATH or DT_RPATH, or NULL
 */
typedef struct {
    char *interpreter;
    char **libraries;
    char *runpath;
} virLXCProgramNeeds;

/**
 * virLXCProgramNeedsRead:
 * @data: the file's contents, which may be anything
 * @size: its length in bytes
 *
 * Understands scripts and ELF files of this machine's byte order, 32 and 64 bit
 * (elf(5)). What is malformed is left out: the kernel is the judge of it.
 *
 * Returns what the program needs, to be freed with virLXCProgramNeedsFree().
 */
virLXCProgramNeeds *virLXCProgramNeedsRead(const guint8 *data, gsize size);

/**
 * virLXCProgramNeedsFree:
 * @needs: what virLXCProgramNeedsRead() returned, or NULL
 */
void virLXCProgramNeedsFree(virLXCProgramNeeds *needs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(virLXCProgramNeeds, virLXCProgramNeedsFree)
