/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CBOR (RFC 8949), limited to the forms that attestation tokens may use:
 * definite lengths, a bounded depth, unique keys. Nothing is allocated.
 */
#ifndef CCGUEST_CBOR_H
#define CCGUEST_CBOR_H

#include "env.h"

/* Major types; RFC 8949, 3.1. */
enum cbor_major {
	CBOR_UINT, CBOR_NEGATIVE, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP,
	CBOR_TAG, CBOR_SIMPLE,
};

/* Limits: pairs of a map, and depth of nested items. */
#define CBOR_PAIRS_MAX	64
#define CBOR_DEPTH_MAX	8

/**
 * struct cbor_fault - the first fault that was found
 * @field: name of the field that is read now; the caller sets it
 * @at: position of the malformed item, or NULL if there is no fault
 * @what: the fault, a phrase; or NULL
 */
struct cbor_fault {
	const char *field;
	const u8 *at;
	const char *what;
};

/**
 * struct cbor - a reader of bytes
 * @p: the next byte
 * @left: number of bytes from @p on
 * @fault: the fault; readers of parts of these bytes share it
 */
struct cbor {
	const u8 *p;
	size_t left;
	struct cbor_fault *fault;
};

/**
 * struct cbor_item - the head of an item, and a string's bytes
 * @major: its major type
 * @val: its number, length or count; 0 for CBOR_SIMPLE
 * @data: bytes of a string
 * @indefinite: the item has an indefinite length, or ends such an item
 */
struct cbor_item {
	enum cbor_major major;
	u64 val;
	const u8 *data;
	bool indefinite;
};

/**
 * struct cbor_map - a map whose keys are integers
 * @at: position of the map
 * @fault: as in struct cbor
 * @n: number of pairs
 * @keys: the keys
 * @values: readers of the values, one item each
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
