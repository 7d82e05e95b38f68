/*
 * virlxcexecterminal.h: the terminal and the signals of a client of
 *     virDomainLxcExec()
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All state belongs to the process, because there is only one terminal and one
 * set of signal handlers. Not thread-safe, except where stated otherwise.
 */

#pragma once

#include "internal.h"

/**
 * virLXCExecTerminalIsInteractive:
 *
 * Returns whether a program should be given a terminal by default, that is,
 * whether standard input and standard output are terminals.
 */
bool virLXCExecTerminalIsInteractive(void);

/**
 * virLXCExecTerminalGetSize:
 * @rows: filled with the number of rows
 * @columns: filled with the number of columns
 *
 * Reads the window size of the first of the standard streams that is a terminal.
 *
 * Returns 0, or -1 without an error if there is none, or if its size is unknown.
 */
int virLXCExecTerminalGetSize(unsigned int *rows,
                              unsigned int *columns);

/**
 * virLXCExecTerminalMakeRaw:
 *
 * Switches the terminal on standard input, if there is one, to raw mode. It is
 * restored by virLXCExecTerminalRestore(), by exit(3), and by every signal that
 * ends this process and can be caught.
 *
 * Returns 0, or -1 with an error reported.
 */
int virLXCExecTerminalMakeRaw(void);

/**
 * virLXCExecTerminalRestore:
 *
 * Restores the mode that virLXCExecTerminalMakeRaw() found. May be called at any
 * time, even in a signal handler.
 */
void virLXCExecTerminalRestore(void);

/**
 * virLXCExecSignalsCatch:
 * @raw: whether the terminal is in raw mode, so that the program receives the
 *     signals of the keyboard from its own terminal
 *
 * Catches the signals that concern the program. SIGWINCH is always read from
 * the returned descriptor. Signals that are meant for the program are read from
 * it as well, unless @raw is set: then they end this process, after the terminal
 * has been restored. Signals that are ignored remain so. SIGPIPE is ignored.
 *
 * Returns a descriptor from which each signal is read as one byte. It belongs to
 * this module, and is valid until virLXCExecSignalsRelease(). Returns -1 with an
 * error reported on failure.
 */
int virLXCExecSignalsCatch(bool raw);

/**
 * virLXCExecSignalsRelease:
 *
 * Undoes virLXCExecSignalsCatch().
 */
void virLXCExecSignalsRelease(void);

/**
 * virLXCExecSignalsDie:
 * @number: a signal whose default action ends the process
 *
 * Restores the terminal, and ends this process by the signal. Does not return.
 * May be called in a signal handler.
 */
void virLXCExecSignalsDie(int number) G_GNUC_NORETURN;
