/*
 * program_interpreter.h: the interpreter that a program names
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * virLXCProgramInterpreter:
 * @fd: a regular file, open for reading, with any contents
 *
 * Understands what execve(2) does: scripts, and ELF files of this machine's
 * byte order, 32 and 64 bit (elf(5)). Malformed parts are ignored, because the
 * kernel refuses to execute such a file anyway. Only the parts that are needed
 * are read, and none is longer than PATH_MAX.
 *
 * Returns the path after "#!" or of PT_INTERP, which the caller frees; NULL
 * when there is none.
 */
char *virLXCProgramInterpreter(int fd);
