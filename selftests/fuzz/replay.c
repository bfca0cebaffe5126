// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a fuzz target over the files that are named, without libFuzzer, and
 * over each of them cut short at every length.
 */
#include "fuzz.h"

/* Corpora are small; a target's worst case is another test's concern. */
#define INPUT_MAX	0x100000

/* From a heap block of its own, so that a read too many is seen. */
static void run(const u8 *data, size_t len)
{
	u8 *copy = malloc(len ? len : 1);

	require(copy);
	memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

int main(int argc, char **argv)
{
	static u8 data[INPUT_MAX];

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		size_t len;

		if (!f) {
			perror(argv[i]);
			return 1;
		}
		len = fread(data, 1, sizeof(data), f);
		require(!ferror(f) && !fclose(f));
		for (size_t n = 0; n <= len; n++)
			run(data, n);
		printf("ok %d - %s\n", i, argv[i]);
	}
	printf("1..%d\n", argc - 1);
	return fflush(stdout) ? 1 : 0;
}
