// SPDX-License-Identifier: GPL-2.0-only
/*
 * CBOR (RFC 8949), limited to the forms that attestation tokens may use.
 *
 * cbor_load() of libcbor would allocate as many items as the input claims.
 * Therefore libcbor decodes only the head of one item at a time. The functions
 * of this file check how items nest.
 */
#include <cbor/streaming.h>

#include "cca/cbor.h"

/* Older versions of libcbor pass lengths to the callbacks as size_t. */
#if CBOR_MAJOR_VERSION == 0 && CBOR_MINOR_VERSION < 10
#define cbor_len size_t
#else
#define cbor_len uint64_t
#endif

static bool refuse(struct cbor_fault *fault, const u8 *at, const char *what)
{
	if (!fault->what) {
		fault->at = at;
		fault->what = what;
	}
	return false;
}

/* Callbacks of libcbor ----------------------------------------------------- */

static void take(void *item, enum cbor_major major, u64 val, const u8 *data)
{
	*(struct cbor_item *)item = (struct cbor_item) { major, val, data, false };
}

/* libcbor has one callback for each of the four widths of a number. */
#define TAKE_NUMBER(name, width, major)					\
static void take_##name##width(void *item, uint##width##_t val)		\
{									\
	take(item, major, val, NULL);					\
}

TAKE_NUMBER(uint, 8, CBOR_UINT)
TAKE_NUMBER(uint, 16, CBOR_UINT)
TAKE_NUMBER(uint, 32, CBOR_UINT)
TAKE_NUMBER(uint, 64, CBOR_UINT)
TAKE_NUMBER(negint, 8, CBOR_NEGATIVE)
TAKE_NUMBER(negint, 16, CBOR_NEGATIVE)
TAKE_NUMBER(negint, 32, CBOR_NEGATIVE)
TAKE_NUMBER(negint, 64, CBOR_NEGATIVE)

static void take_bytes(void *item, cbor_data data, cbor_len len)
{
	take(item, CBOR_BYTES, len, data);
}

static void take_text(void *item, cbor_data data, cbor_len len)
{
	take(item, CBOR_TEXT, len, data);
}

static void take_array(void *item, cbor_len n)
{
	take(item, CBOR_ARRAY, n, NULL);
}

static void take_map(void *item, cbor_len n)
{
	take(item, CBOR_MAP, n, NULL);
}

static void take_tag(void *item, uint64_t val)
{
	take(item, CBOR_TAG, val, NULL);
}

/* No claim of a token is a simple value or a float: the value is ignored. */
static void take_simple(void *item)
{
	take(item, CBOR_SIMPLE, 0, NULL);
}

static void take_bool(void *item, bool val)
{
	(void)val;
	take_simple(item);
}

static void take_float(void *item, float val)
{
	(void)val;
	take_simple(item);
}

static void take_double(void *item, double val)
{
	(void)val;
	take_simple(item);
}

static void take_indefinite(void *item)
{
	((struct cbor_item *)item)->indefinite = true;
}

static const struct cbor_callbacks callbacks = {
	.uint8 = take_uint8,
	.uint16 = take_uint16,
	.uint32 = take_uint32,
	.uint64 = take_uint64,
	.negint8 = take_negint8,
	.negint16 = take_negint16,
	.negint32 = take_negint32,
	.negint64 = take_negint64,
	.byte_string = take_bytes,
	.byte_string_start = take_indefinite,
	.string = take_text,
	.string_start = take_indefinite,
	.array_start = take_array,
	.indef_array_start = take_indefinite,
	.map_start = take_map,
	.indef_map_start = take_indefinite,
	.tag = take_tag,
	.float2 = take_float,
	.float4 = take_float,
	.float8 = take_double,
	.undefined = take_simple,
	.null = take_simple,
	.boolean = take_bool,
	.indef_break = take_indefinite,
};

/* Items -------------------------------------------------------------------- */

/*
 * libcbor before 0.11 does not decode tags 6 to 20 in their short form of one
 * byte. Tag 18, COSE_Sign1, is one of these tags. decode() passes the long form
 * of two bytes to libcbor.
 */
static struct cbor_decoder_result decode(const struct cbor *c,
					 struct cbor_item *item)
{
	struct cbor_decoder_result res;
	u8 tag[] = { 0xd8, 0 };

	if (!c->left || c->p[0] < 0xc6 || c->p[0] > 0xd4)
		return cbor_stream_decode(c->p, c->left, &callbacks, item);
	tag[1] = c->p[0] & 0x1f;
	res = cbor_stream_decode(tag, sizeof(tag), &callbacks, item);
	res.read = 1;
	return res;
}

/**
 * ccg_cbor_next - read the head of an item, and the bytes of a string
 * @c: the reader; advanced past the head and the bytes
 * @item: set to the item
 *
 * Return: false if the item is malformed, is cut off or has an indefinite
 * length; the fault of @c is set then.
 */
bool ccg_cbor_next(struct cbor *c, struct cbor_item *item)
{
	struct cbor_decoder_result res;

	*item = (struct cbor_item) {};
	res = decode(c, item);
	if (res.status == CBOR_DECODER_NEDATA)
		return refuse(c->fault, c->p, "is cut off");
	if (res.status != CBOR_DECODER_FINISHED)
		return refuse(c->fault, c->p, "is not valid CBOR");
	if (item->indefinite)
		return refuse(c->fault, c->p, "has an indefinite length");
	if (!res.read || res.read > c->left)
		return refuse(c->fault, c->p, "is not valid CBOR");
	c->p += res.read;
	c->left -= res.read;
	return true;
}

/**
 * ccg_cbor_end - check that no bytes are left
 * @c: the reader
 *
 * Return: true if none are left; otherwise the fault of @c is set.
 */
bool ccg_cbor_end(const struct cbor *c)
{
	return !c->left || refuse(c->fault, c->p, "is behind the end");
}

/**
 * ccg_cbor_is - read an item of an expected type and value
 * @c: the reader; advanced past the item
 * @major: the expected major type
 * @val: the expected number or count
 *
 * Return: true if the item is as expected; otherwise the fault of @c is set.
 */
bool ccg_cbor_is(struct cbor *c, enum cbor_major major, u64 val)
{
	const u8 *at = c->p;
	struct cbor_item item;

	if (!ccg_cbor_next(c, &item))
		return false;
	return (item.major == major && item.val == val) ||
	       refuse(c->fault, at, "is not the expected item");
}

/**
 * ccg_cbor_string - read a string
 * @c: the reader; advanced past the string
 * @major: CBOR_BYTES or CBOR_TEXT
 * @str: set to a reader of the string's bytes
 *
 * Return: true if the item is such a string; otherwise the fault of @c is set.
 */
bool ccg_cbor_string(struct cbor *c, enum cbor_major major, struct cbor *str)
{
	const u8 *at = c->p;
	struct cbor_item item;

	if (!ccg_cbor_next(c, &item))
		return false;
	if (item.major != major)
		return refuse(c->fault, at, "is not a string of the expected type");
	*str = (struct cbor) { item.data, item.val, c->fault };
	return true;
}

/**
 * ccg_cbor_skip - read an item and all items in it
 * @c: the reader; advanced past the items
 * @depth: number of items around this one
 *
 * Return: false if the item is malformed or nests too deep; the fault of @c is
 * set then.
 */
bool ccg_cbor_skip(struct cbor *c, int depth)
{
	const u8 *at = c->p;
	struct cbor_item item;
	u64 n = 0;

	if (depth > CBOR_DEPTH_MAX)
		return refuse(c->fault, at, "is nested too deep");
	if (!ccg_cbor_next(c, &item))
		return false;
	if (item.major == CBOR_ARRAY)
		n = item.val;
	else if (item.major == CBOR_MAP && item.val <= c->left)
		n = 2 * item.val;
	else if (item.major == CBOR_MAP)
		return refuse(c->fault, at, "is cut off");
	else if (item.major == CBOR_TAG)
		n = 1;
	/* Each item takes one byte or more, so the loop ends with the input. */
	for (; n; n--)
		if (!ccg_cbor_skip(c, depth + 1))
			return false;
	return true;
}

static bool take_pair(struct cbor *c, struct cbor_map *map)
{
	struct cbor *value = &map->values[map->n];
	const u8 *at = c->p;
	struct cbor_item key;
	s64 k;

	if (!ccg_cbor_next(c, &key))
		return false;
	if (key.val > INT64_MAX ||
	    (key.major != CBOR_UINT && key.major != CBOR_NEGATIVE))
		return refuse(c->fault, at, "is not an integer key");
	k = key.major == CBOR_UINT ? (s64)key.val : -1 - (s64)key.val;
	for (size_t i = 0; i < map->n; i++)
		if (map->keys[i] == k)
			return refuse(c->fault, at, "is a duplicate key");
	*value = *c;
	if (!ccg_cbor_skip(c, 1))
		return false;
	value->left -= c->left;
	map->keys[map->n++] = k;
	return true;
}

/**
 * ccg_cbor_map - read a map whose keys are integers
 * @c: the reader; advanced past the map
 * @map: set to the map
 *
 * Return: false if the item is not such a map, has more than CBOR_PAIRS_MAX
 * pairs, or repeats a key; the fault of @c is set then.
 */
bool ccg_cbor_map(struct cbor *c, struct cbor_map *map)
{
	struct cbor_item item;

	map->at = c->p;
	map->fault = c->fault;
	map->n = 0;
	if (!ccg_cbor_next(c, &item))
		return false;
	if (item.major != CBOR_MAP)
		return refuse(c->fault, map->at, "is not a map");
	if (item.val > CBOR_PAIRS_MAX)
		return refuse(c->fault, map->at, "has too many pairs");
	while (map->n < item.val)
		if (!take_pair(c, map))
			return false;
	return true;
}

/**
 * ccg_cbor_find - find the value of a key in a map
 * @map: the map
 * @key: the key
 * @value: set to a reader of the value
 *
 * Return: true if the map has the key.
 */
bool ccg_cbor_find(const struct cbor_map *map, s64 key, struct cbor *value)
{
	for (size_t i = 0; i < map->n; i++)
		if (map->keys[i] == key) {
			*value = map->values[i];
			return true;
		}
	return refuse(map->fault, map->at, "lacks a key");
}
