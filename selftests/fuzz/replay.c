// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs a fuzz target without libFuzzer. The inputs are each named file, and
 * each prefix of the file. With --whole as the first argument, the inputs are
 * the files only, and all files together are one test.
 */
#include "fuzz.h"

/* Files of the corpora are small; other tests measure the worst case. */
#define INPUT_MAX	0x100000

/* The input has a heap block of its own, so that overreads are detected. */
static void run(const u8 *data, size_t len)
{
	u8 *copy = malloc(len ? len : 1);

	require(copy);
	memcpy(copy, data, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

/* Returns the length of the file; exits if the file is not readable. */
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
