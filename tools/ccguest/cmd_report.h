/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest report: its verbs, and functions that several verbs share
 */
#ifndef CCGUEST_CMD_REPORT_H
#define CCGUEST_CMD_REPORT_H

#include <ccguest/report.h>

#include "cli.h"
#include "out_json.h"
#include "out_table.h"

extern const struct verb report_get;
extern const struct verb report_show;
extern const struct verb report_verify;

/**
 * struct report_out - where fields are printed
 * @json: the object for JSON, or NULL for text
 * @table: the table for text
 */
struct report_out {
	struct json_object *json;
	struct out_table *table;
};

/**
 * report_put_text - print a field with a text
 * @o: where
 * @name: name of the field, for text
 * @key: its member in JSON
 * @text: the text; NULL for null
 */
void report_put_text(struct report_out *o, const char *name, const char *key, const char *text);

/**
 * report_put_int - print a field with a small number
 * @o: where
 * @name: name of the field, for text
 * @key: its member in JSON
 * @value: the number
 */
void report_put_int(struct report_out *o, const char *name, const char *key, uint64_t value);

/**
 * report_put_hex - print a field with bytes
 * @o: where
 * @name: name of the field, for text
 * @key: its member in JSON
 * @p: the bytes; NULL for null
 * @len: number of bytes
 */
void report_put_hex(struct report_out *o, const char *name, const char *key, const uint8_t *p,
		    size_t len);

/**
 * struct report_bits - a field with a mask of bits
 * @name: name of the field, for text
 * @key: its member in JSON; members with _names and _unknown follow it
 * @value: the bits
 * @other: bits of @value that are no flags
 * @bad: flags that a guest's owner does not want
 * @bit_name: returns the name of a bit, or NULL
 */
struct report_bits {
	const char *name;
	const char *key;
	uint64_t value;
	uint64_t other;
	uint64_t bad;
	const char *(*bit_name)(unsigned int bit);
};

/**
 * report_put_bits - print a field with a mask of bits
 * @o: where
 * @b: the field
 */
void report_put_bits(struct report_out *o, const struct report_bits *b);

/**
 * report_put_snp - print the fields of a report of SEV-SNP
 * @o: where
 * @s: the report
 */
void report_put_snp(struct report_out *o, const struct ccg_snp *s);

/**
 * report_put_tdx - print the fields of a quote of TDX
 * @o: where
 * @t: the quote
 */
void report_put_tdx(struct report_out *o, const struct ccg_tdx *t);

/**
 * report_kind_name - get the name of a kind of reports
 * @kind: the kind
 *
 * Return: its name in JSON, as "snp".
 */
const char *report_kind_name(enum ccg_report_kind kind);

#endif /* CCGUEST_CMD_REPORT_H */
