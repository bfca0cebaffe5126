/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CBOR (RFC 8949), as strict as attestation tokens are: definite lengths, a
 * bounded depth, no key twice. Nothing is allocated.
 */
#ifndef CCGUEST_CBOR_H
#define CCGUEST_CBOR_H

#include "env.h"

/* Major types; RFC 8949, 3.1. */
enum cbor_major {
	CBOR_UINT, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP,
	CBOR_TAG, CBOR_SIMPLE,
};

/* Pairs of a map, and how deep things may nest. */
#define CBOR_PAIRS_MAX	64
#define CBOR_DEPTH_MAX	8

/**
 * struct cbor_fault - the first thing that was not as it must be
 * @field: what is being read, for whoever reads it to set
 * @at: where it is, or NULL
 * @what: what it is, or NULL
 */
struct cbor_fault {
	const char *field;
	const u8 *at;
	const char *what;
};

/**
 * struct cbor - bytes that are read
 * @p: where the reader stands
 * @left: bytes that are left
 * @fault: what is wrong with them; all that is taken out of them shares it
 */
struct cbor {
	const u8 *p;
	size_t left;
	struct cbor_fault *fault;
};

/**
 * struct cbor_item - the head of an item, and a string's bytes
 * @major: its major type
 * @val: its number, length or count; of CBOR_SIMPLE always 0
 * @data: a string's bytes
 * @indefinite: it has no length, or is the end of one that has none
 */
struct cbor_item {
	enum cbor_major major;
	u64 val;
	const u8 *data;
	bool indefinite;
};

/**
 * struct cbor_map - a map whose keys are integers
 * @at: where it is
 * @fault: see struct cbor
 * @n: number of pairs
 * @keys: their keys
 * @values: their values, an item each
 */
struct cbor_map {
	const u8 *at;
	struct cbor_fault *fault;
	size_t n;
	s64 keys[CBOR_PAIRS_MAX];
	struct cbor values[CBOR_PAIRS_MAX];
};

bool ccg_cbor_next(struct cbor *c, struct cbor_item *item);
bool ccg_cbor_end(const struct cbor *c);
bool ccg_cbor_is(struct cbor *c, enum cbor_major major, u64 val);
bool ccg_cbor_string(struct cbor *c, enum cbor_major major, struct cbor *str);
bool ccg_cbor_skip(struct cbor *c, int depth);
bool ccg_cbor_map(struct cbor *c, struct cbor_map *map);
bool ccg_cbor_find(const struct cbor_map *map, s64 key, struct cbor *value);

#endif /* CCGUEST_CBOR_H */
