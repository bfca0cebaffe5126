// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest report: functions that several verbs share
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/text.h>

#include "cmd_report.h"

/* Longest text of a mask: 64 names of bits. */
#define BITS_TEXT	2048

const char *report_kind_name(enum ccg_report_kind kind)
{
	static const char *const names[] = {
		[CCG_REPORT_SNP] = "snp",
		[CCG_REPORT_TDX] = "tdx",
		[CCG_REPORT_CCA] = "cca",
		[CCG_REPORT_CERT_TABLE] = "cert-table",
		[CCG_REPORT_AZURE] = "azure",
	};

	return names[kind];
}

void report_put_text(struct report_out *o, const char *name, const char *key, const char *text)
{
	if (o->json)
		out_json_str(o->json, key, text);
	else
		out_row(o->table, name, OUT_PLAIN, "%s", text ? text : "-");
}

void report_put_int(struct report_out *o, const char *name, const char *key, uint64_t value)
{
	if (o->json)
		out_json_int(o->json, key, value);
	else
		out_row(o->table, name, OUT_PLAIN, "%" PRIu64, value);
}

void report_put_hex(struct report_out *o, const char *name, const char *key, const uint8_t *p,
		    size_t len)
{
	char *text;

	if (!p) {
		report_put_text(o, name, key, NULL);
		return;
	}
	text = out_alloc(NULL, 2 * len + 1);
	ccg_hex(p, len, text);
	report_put_text(o, name, key, text);
	free(text);
}

static void json_bits(struct json_object *o, const struct report_bits *b)
{
	struct json_object *array;
	uint64_t unknown = 0;
	char key[64];

	out_json_hex(o, b->key, b->value);
	snprintf(key, sizeof(key), "%s_names", b->key);
	array = out_json_array(o, key);
	for (unsigned int bit = 0; bit < 64; bit++) {
		if (!((b->value & ~b->other) >> bit & 1))
			continue;
		if (b->bit_name(bit))
			out_json_str(array, NULL, b->bit_name(bit));
		else
			unknown |= 1ULL << bit;
	}
	snprintf(key, sizeof(key), "%s_unknown", b->key);
	out_json_hex(o, key, unknown);
}

static void text_bits(struct out_table *t, const struct report_bits *b)
{
	enum out_color color = b->value & b->bad ? OUT_BAD : OUT_PLAIN;
	char text[BITS_TEXT];
	const char *sep = ": ";
	int n = snprintf(text, sizeof(text), "%#" PRIx64, b->value);

	for (unsigned int bit = 0; bit < 64; bit++) {
		const char *name = b->bit_name(bit);
		size_t left = sizeof(text) - n;

		if (!((b->value & ~b->other) >> bit & 1))
			continue;
		if (name)
			n += snprintf(text + n, left, "%s%s", sep, name);
		else
			n += snprintf(text + n, left, "%sbit %u (unknown)", sep, bit);
		sep = ", ";
	}
	out_row(t, b->name, color, "%s", text);
}

void report_put_bits(struct report_out *o, const struct report_bits *b)
{
	if (o->json)
		json_bits(o->json, b);
	else
		text_bits(o->table, b);
}
