// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a flattened Device Tree.
 *
 * Checks that strings end inside the tree, that memory ranges do not overflow,
 * that a refusal has a reason, and that each opened object is closed.
 */
#include <ccguest/log.h>

#include "../../tools/lib/log/dtb.h"
#include "fuzz.h"

/* A sink that counts calls. */
struct checker {
	struct ccg_sink sink;
	int depth;
	size_t bytes;
};

static void on_open(struct ccg_sink *sink, const char *key, bool list)
{
	(void)key;
	(void)list;
	((struct checker *)sink)->depth++;
}

static void on_close(struct ccg_sink *sink)
{
	require(((struct checker *)sink)->depth-- > 0);
}

static void on_text(struct ccg_sink *sink, const char *key, const char *text,
		    size_t len)
{
	require(key && strlen(text) == len);
	((struct checker *)sink)->bytes += len;
}

static void on_number(struct ccg_sink *sink, const char *key, uint64_t val,
		      enum ccg_number kind)
{
	(void)val;
	(void)kind;
	require(key);
	((struct checker *)sink)->bytes++;
}

static void on_yes_no(struct ccg_sink *sink, const char *key, bool yes)
{
	(void)yes;
	require(key);
	((struct checker *)sink)->bytes++;
}

static void check_string(const char *text, const u8 *tree, size_t len)
{
	const char *end = (const char *)tree + len;

	if (!text)
		return;
	require(text >= (const char *)tree && text < end);
	require(memchr(text, 0, end - text));
}

static void check_ranges(const struct ccg_dtb_ranges *list)
{
	require(list->n <= CCG_DTB_RANGES_MAX);
	for (size_t i = 0; i < list->n; i++)
		require(list->r[i].size <= UINT64_MAX - list->r[i].base);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct checker c = {
		.sink = {
			.open = on_open,
			.close = on_close,
			.text = on_text,
			.number = on_number,
			.yes_no = on_yes_no,
		},
	};
	u8 *tree = malloc(size ? size : 1);
	struct ccg_dtb d;

	require(tree);
	memcpy(tree, data, size);
	if (ccg_dtb_parse(&d, tree, size)) {
		require(!*d.fault && d.size <= size);
		check_string(d.model, tree, d.size);
		check_string(d.bootargs, tree, d.size);
		check_ranges(&d.memory);
		check_ranges(&d.logs);
		require(d.initrd.size <= UINT64_MAX - d.initrd.base);
	} else {
		require(*d.fault && memchr(d.fault, 0, sizeof(d.fault)));
	}
	ccg_dtb_decode(&d, &c.sink);
	require(!c.depth && c.bytes);
	free(tree);
	return 0;
}
