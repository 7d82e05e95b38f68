/*
 * program_interpreter.h: the interpreter of a program
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/**
 * virLXCProgramInterpreter:
 * @fd: descriptor of a regular file, open for reading
 *
 * Recognizes the formats that execve(2) does: scripts, and 32-bit and 64-bit
 * ELF files in the byte order of the host (elf(5)). Errors in the file are
 * ignored, because the kernel refuses to execute such a file anyway. Only the
 * required parts of the file are read, at most PATH_MAX bytes at a time.
 *
 * Returns the path after "#!" or in PT_INTERP, which the caller frees, or NULL
 * if the file does not have an interpreter.
 */
char *virLXCProgramInterpreter(int fd);
