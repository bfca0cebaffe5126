// SPDX-License-Identifier: GPL-2.0-only
/*
 * The responder's three measurements; they never change.
 */
#include <string.h>

#include "conn.h"

/* DSP0274, table "DMTF measurement specification format". */
#define DMTF_SPEC	1
#define RAW		0x80

static const struct {
	uint8_t type;
	bool tcb;
	const char *value;
} blocks[] = {
	{ 0x00, true, "spdm-responder: immutable ROM" },
	{ 0x01, true, "spdm-responder: mutable firmware" },
	{ 0x03, false, "spdm-responder: firmware configuration" },
};

size_t meas_count(void)
{
	return ARRAY_SIZE(blocks);
}

bool meas_put(struct conn *c, struct msg *m, unsigned int index, bool raw)
{
	const char *value;
	uint8_t digest[HASH_MAX];
	size_t len;

	if (!index || index > ARRAY_SIZE(blocks))
		return false;
	value = blocks[index - 1].value;
	len = raw ? strlen(value) : c->hash->size;
	hash_of(c->hash, value, strlen(value), digest);
	put8(m, index);
	put8(m, DMTF_SPEC);
	put16(m, 3 + len);
	put8(m, blocks[index - 1].type | (raw ? RAW : 0));
	put16(m, len);
	put(m, raw ? (const void *)value : digest, len);
	return true;
}

void meas_summary(struct conn *c, unsigned int type, uint8_t *digest)
{
	struct msg all = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		if (type == 0xff || blocks[i].tcb)
			meas_put(c, &all, i + 1, false);
	hash_of(c->hash, all.data, all.len, digest);
}
