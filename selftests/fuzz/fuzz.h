/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by all fuzz targets. A target is one file with one function. The build
 * links it with libFuzzer (`make fuzz`) or with replay.c (`make check`).
 */
#ifndef CCGUEST_FUZZ_H
#define CCGUEST_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "../../lib/env.h"

/* As assert(), but never compiled out. */
#define require(cond) do {						\
	if (!(cond)) {							\
		fprintf(stderr, "%s:%d: does not hold: %s\n",		\
			__FILE__, __LINE__, #cond);			\
		abort();						\
	}								\
} while (0)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#endif /* CCGUEST_FUZZ_H */
