/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions that build and print JSON.
 */
#ifndef CCGUEST_OUT_JSON_H
#define CCGUEST_OUT_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include <ccguest/log.h>

#include "cli.h"
#include "out_text.h"

/**
 * out_json_have - end the process if json-c returned no value
 * @val: the value that json-c returned
 *
 * Return: the value, which is not NULL.
 */
struct json_object *out_json_have(struct json_object *val);

/**
 * out_json_add - add a value to an object or an array
 * @o: the object, or an array
 * @key: the key in the object; NULL for an array
 * @val: the value; @o takes ownership; NULL for null
 */
void out_json_add(struct json_object *o, const char *key,
		  struct json_object *val);

/**
 * out_json - start the object that a verb prints
 * @cmd: the command
 *
 * Return: the object, with its schema.
 */
struct json_object *out_json(const struct cmd *cmd);

/**
 * out_json_text - add a string to an object or an array
 * @o: the object, or an array
 * @key: the key in the object; NULL for an array
 * @value: any bytes, also NULs; bytes that are not UTF-8 become \xNN; NULL for
 *	   null
 * @len: length of @value in bytes
 */
void out_json_text(struct json_object *o, const char *key, const char *value,
		   size_t len);

/**
 * out_json_str - add a string to an object or an array
 * @o: the object, or an array
 * @key: the key in the object; NULL for an array
 * @value: any bytes; bytes that are not UTF-8 become \xNN; NULL for null
 */
void out_json_str(struct json_object *o, const char *key, const char *value);

/**
 * out_json_int - add a number to an object or an array
 * @o: the object, or an array
 * @key: the key in the object; NULL for an array
 * @value: a count, a size or a small number; see out_json_hex()
 */
void out_json_int(struct json_object *o, const char *key, uint64_t value);

/**
 * out_json_hex - add an address or another 64-bit value, as a string "0x..."
 * @o: the object, or an array
 * @key: the key in the object; NULL for an array
 * @value: the value
 *
 * Many programs read numbers of JSON as floating-point numbers, which have 53
 * bits.
 */
void out_json_hex(struct json_object *o, const char *key, uint64_t value);

/**
 * out_json_bool - add a boolean to an object
 * @o: the object
 * @key: the key
 * @value: the value
 */
void out_json_bool(struct json_object *o, const char *key, bool value);

/**
 * out_json_array - add an array to an object
 * @o: the object
 * @key: the key
 *
 * Return: the array, empty.
 */
struct json_object *out_json_array(struct json_object *o, const char *key);

/**
 * out_json_item - add an object to an array
 * @array: the array
 *
 * Return: the object, empty.
 */
struct json_object *out_json_item(struct json_object *array);

/**
 * out_json_line - make the text of an object
 * @o: the object, which owns the text
 *
 * Return: one line, without the newline.
 */
const char *out_json_line(struct json_object *o);

/**
 * out_json_print - print an object, and free it
 * @cmd: the command
 * @o: the object
 */
void out_json_print(const struct cmd *cmd, struct json_object *o);

/**
 * struct out_json_list - an array that is printed item by item
 * @cmd: the command
 * @n: number of items so far
 *
 * The memory that printing takes does not depend on the number of items.
 */
struct out_json_list {
	const struct cmd *cmd;
	size_t n;
};

/**
 * out_json_list - print an object, with an array as its last member
 * @cmd: the command
 * @o: the object with all its other members, one or more; it is freed
 * @key: the key of the array
 *
 * Whoever calls this function has checked everything that can fail: what is
 * printed cannot be taken back.
 *
 * Return: the array; end it with out_json_list_end().
 */
struct out_json_list out_json_list(const struct cmd *cmd, struct json_object *o,
				   const char *key);

/**
 * out_json_list_put - print an item of an array
 * @l: the array
 * @item: the object; it is freed
 */
void out_json_list_put(struct out_json_list *l, struct json_object *item);

/**
 * out_json_list_end - print the end of an array, and of its object
 * @l: the array
 */
void out_json_list_end(struct out_json_list *l);

/**
 * struct out_json_sink - a sink that builds JSON
 * @sink: the functions of the sink
 * @depth: current level of nesting
 * @at: the open object or list of each level
 * @name: the name of the last member
 */
struct out_json_sink {
	struct ccg_sink sink;
	int depth;
	struct json_object *at[OUT_DEPTH_MAX];
	char name[64];
};

/**
 * out_json_to - make a sink that adds to an object
 * @o: the object
 *
 * The names of a specification are converted to the style of the members:
 * "MyLBA" becomes "my_lba".
 *
 * Return: the sink.
 */
struct out_json_sink out_json_to(struct json_object *o);

#endif /* CCGUEST_OUT_JSON_H */
