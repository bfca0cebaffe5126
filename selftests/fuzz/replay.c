// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a fuzz target over the named files, without libFuzzer: over each file,
 * and over its beginning of every length. With --whole as the first argument,
 * over the files only; all of them are one test then.
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

/* Returns the length of the file; ends the program where it cannot be read. */
static size_t read_input(const char *name, u8 *data)
{
	FILE *f = fopen(name, "rb");
	size_t len;

	if (!f) {
		perror(name);
		exit(1);
	}
	len = fread(data, 1, INPUT_MAX, f);
	require(!ferror(f) && !fclose(f));
	return len;
}

static void replay_whole(char **names, int n)
{
	static u8 data[INPUT_MAX];

	for (int i = 0; i < n; i++)
		run(data, read_input(names[i], data));
	printf("ok 1 - %d inputs, whole\n1..1\n", n);
}

static void replay_cut(char **names, int n)
{
	static u8 data[INPUT_MAX];

	for (int i = 0; i < n; i++) {
		size_t len = read_input(names[i], data);

		for (size_t cut = 0; cut <= len; cut++)
			run(data, cut);
		printf("ok %d - %s\n", i + 1, names[i]);
	}
	printf("1..%d\n", n);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--whole"))
		replay_whole(argv + 2, argc - 2);
	else
		replay_cut(argv + 1, argc - 1);
	return fflush(stdout) ? 1 : 0;
}
