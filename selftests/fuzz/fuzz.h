/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz targets share. Each is one file with one function, to be
 * linked with libFuzzer (`make fuzz`) or with replay.c (`make check`).
 */
#ifndef CCGUEST_FUZZ_H
#define CCGUEST_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "../../lib/env.h"

/* Unlike assert(), never compiled out. */
#define require(cond) do {						\
	if (!(cond)) {							\
		fprintf(stderr, "%s:%d: does not hold: %s\n",		\
			__FILE__, __LINE__, #cond);			\
		abort();						\
	}								\
} while (0)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#endif /* CCGUEST_FUZZ_H */
