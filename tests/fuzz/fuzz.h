/*
 * fuzz.h: what every fuzzer offers to libFuzzer and to replay.c
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * LLVMFuzzerTestOneInput:
 * @data: any bytes
 * @size: how many
 *
 * Returns 0. Crashes when it has found a fault.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
