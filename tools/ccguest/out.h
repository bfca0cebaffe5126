/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that the command writes.
 */
#ifndef CCGUEST_OUT_H
#define CCGUEST_OUT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "command.h"

enum out_color {
	OUT_PLAIN,
	OUT_BOLD,
	OUT_GOOD,
	OUT_BAD,
	OUT_WARN,
};

enum out_when {
	OUT_AUTO,
	OUT_ALWAYS,
	OUT_NEVER,
};

/* Columns of a table at most. */
#define OUT_COLS_MAX	6

/**
 * struct out_table - a table for people
 * @heads: headings, or NULL
 * @n_cols: number of columns
 * @right: bit mask of the columns that are numbers
 * @n_rows: number of rows so far
 * @cells: their cells
 * @colors: and the colours of them
 */
struct out_table {
	const char *const *heads;
	size_t n_cols;
	unsigned int right;
	size_t n_rows;
	char **cells;
	enum out_color *colors;
};

void out_init(void);
void out_lock(struct ccg_ctx *ctx);
void out_set(enum out_when color, bool quiet);
int out_close(int status);
bool out_quiet(void);

void *out_alloc(void *old, size_t size);
char *out_escaped(const char *s);
void out_text(const char *s);
void out_column(const char *text, size_t width, bool right);
void out_quoted(const char *s, size_t len);
void out_error(const char *what, const char *why, const char *hint);
__printf(1, 2) void out_note(const char *fmt, ...);
__printf(1, 2) void out_result(const char *fmt, ...);
void out_progress(void *arg, const char *what, uint64_t done, uint64_t all);
void out_colored(enum out_color color, const char *text);
int out_bytes(const uint8_t *buf, size_t len);
void out_dump(const uint8_t *buf, size_t len);

void out_table_init(struct out_table *t, const char *const *heads,
		    size_t n_cols, unsigned int right);
void out_cell(struct out_table *t, size_t col, enum out_color color,
	      const char *text);
__printf(4, 5)
void out_row(struct out_table *t, const char *name, enum out_color color,
	     const char *fmt, ...);
void out_table_print(struct out_table *t);

struct json_object *out_json(const struct cmd *cmd);
struct json_object *out_json_have(struct json_object *val);
void out_json_add(struct json_object *o, const char *key,
		  struct json_object *val);
void out_json_str(struct json_object *o, const char *key, const char *value);
void out_json_text(struct json_object *o, const char *key, const char *value,
		   size_t len);
void out_json_int(struct json_object *o, const char *key, uint64_t value);
void out_json_bool(struct json_object *o, const char *key, bool value);
struct json_object *out_json_array(struct json_object *o, const char *key);
struct json_object *out_json_item(struct json_object *array);
void out_json_print(const struct cmd *cmd, struct json_object *o);

#endif /* CCGUEST_OUT_H */
