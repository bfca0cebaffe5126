// SPDX-License-Identifier: GPL-2.0-only
/*
 * CBOR (RFC 8949), as strict as attestation tokens are.
 */
#include "cbor.h"

/**
 * ccg_cbor_next - take the head of an item, and a string's bytes
 * @c: the reader
 * @item: set to the item
 *
 * Return: whether there was one; an indefinite length counts as none.
 */
bool ccg_cbor_next(struct cbor *c, struct cbor_item *item)
{
	size_t n;
	u8 info;

	if (!c->left)
		return false;
	item->major = c->p[0] >> 5;
	info = c->p[0] & 0x1f;
	c->p++;
	c->left--;
	item->val = info;
	if (info >= 24) {
		n = (size_t)1 << (info - 24);
		if (info > 27 || n > c->left)
			return false;
		for (item->val = 0; n; n--, c->left--)
			item->val = item->val << 8 | *c->p++;
	}
	if (item->major != CBOR_BYTES && item->major != CBOR_TEXT)
		return true;
	if (item->val > c->left)
		return false;
	item->data = c->p;
	c->p += item->val;
	c->left -= item->val;
	return true;
}

/**
 * ccg_cbor_is - take an item that must be a certain one
 * @c: the reader
 * @major: its major type
 * @val: its number or count
 *
 * Return: whether it is that one.
 */
bool ccg_cbor_is(struct cbor *c, enum cbor_major major, u64 val)
{
	struct cbor_item item;

	return ccg_cbor_next(c, &item) && item.major == major && item.val == val;
}

/**
 * ccg_cbor_string - take a string
 * @c: the reader
 * @major: CBOR_BYTES or CBOR_TEXT
 * @str: set to its bytes
 *
 * Return: whether there was one.
 */
bool ccg_cbor_string(struct cbor *c, enum cbor_major major, struct cbor *str)
{
	struct cbor_item item;

	if (!ccg_cbor_next(c, &item) || item.major != major)
		return false;
	*str = (struct cbor) { item.data, item.val };
	return true;
}

/**
 * ccg_cbor_skip - take an item with all that is in it
 * @c: the reader
 * @depth: how deep this is already
 *
 * Return: whether there was one that is not too deep.
 */
bool ccg_cbor_skip(struct cbor *c, int depth)
{
	struct cbor_item item;
	u64 n = 0;

	if (depth > CBOR_DEPTH_MAX || !ccg_cbor_next(c, &item))
		return false;
	if (item.major == CBOR_ARRAY)
		n = item.val;
	else if (item.major == CBOR_MAP && item.val <= c->left)
		n = 2 * item.val;
	else if (item.major == CBOR_MAP)
		return false;
	else if (item.major == CBOR_TAG)
		n = 1;
	/* Each takes a byte at least, so this ends. */
	for (; n; n--)
		if (!ccg_cbor_skip(c, depth + 1))
			return false;
	return true;
}

static bool take_pair(struct cbor *c, struct cbor_map *map)
{
	struct cbor *value = &map->values[map->n];
	struct cbor_item key;
	s64 k;

	if (!ccg_cbor_next(c, &key) || key.val > INT64_MAX)
		return false;
	if (key.major == CBOR_UINT)
		k = key.val;
	else if (key.major == CBOR_NEGATIVE)
		k = -1 - (s64)key.val;
	else
		return false;
	for (size_t i = 0; i < map->n; i++)
		if (map->keys[i] == k)
			return false;
	*value = *c;
	if (!ccg_cbor_skip(c, 1))
		return false;
	value->left -= c->left;
	map->keys[map->n++] = k;
	return true;
}

/**
 * ccg_cbor_map - take a map whose keys are integers
 * @c: the reader
 * @map: set to it
 *
 * Return: whether there was one, without a key that is there twice.
 */
bool ccg_cbor_map(struct cbor *c, struct cbor_map *map)
{
	struct cbor_item item;

	map->n = 0;
	if (!ccg_cbor_next(c, &item) || item.major != CBOR_MAP ||
	    item.val > CBOR_PAIRS_MAX)
		return false;
	while (map->n < item.val)
		if (!take_pair(c, map))
			return false;
	return true;
}

/**
 * ccg_cbor_find - find a value in a map
 * @map: the map
 * @key: its key
 * @value: set to a reader of the value
 *
 * Return: whether it is there.
 */
bool ccg_cbor_find(const struct cbor_map *map, s64 key, struct cbor *value)
{
	for (size_t i = 0; i < map->n; i++)
		if (map->keys[i] == key) {
			*value = map->values[i];
			return true;
		}
	return false;
}
