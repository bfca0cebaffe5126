// SPDX-License-Identifier: GPL-2.0-only
/*
 * The measurements that a verifier expects: reading lines, and comparing.
 */
#include <stdlib.h>
#include <string.h>

#include <ccguest/text.h>

#include "spdm/reference.h"

/* Type of a value without the bit for raw values. */
#define TYPE_MAX	0x7f

/**
 * ccg_reference_add - add an expected measurement
 * @r: the measurements; @r->data has room for the value
 * @index: the index
 * @type: the type
 * @raw: the value is the measured data
 * @hex: the value in hexadecimal
 * @fault: its what is set if the result is not 0
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_reference_add(struct ccg_reference *r, uint64_t index, uint64_t type,
		      bool raw, const char *hex, struct ref_fault *fault)
{
	struct ref_value *v;
	size_t len;

	fault->what = NULL;
	if (index < SPDM_MEAS_INDEX_MIN || index > SPDM_MEAS_INDEX_MAX)
		fault->what = "INDEX is 1 to 254";
	else if (type > TYPE_MAX)
		fault->what = "TYPE is 0 to 127";
	else if (r->values[index].known)
		fault->what = "an earlier line has this INDEX";
	else if (ccg_unhex(hex, r->data + r->len, strlen(hex) / 2, &len))
		fault->what = "VALUE is hexadecimal, two digits per byte";
	else if (!raw && !len)
		fault->what = "VALUE is empty";
	if (fault->what)
		return -EBADMSG;
	v = &r->values[index];
	*v = (struct ref_value) {
		.known = true,
		.type = type,
		.raw = raw,
		.at = r->len,
		.len = len,
	};
	r->len += len;
	return 0;
}

static int parse_line(struct ccg_reference *r, char *line,
		      struct ref_fault *fault)
{
	static const char blanks[] = " \t\r";
	char *save = NULL, *word[3];
	uint64_t index, type;
	bool raw;

	for (size_t i = 0; i < ARRAY_SIZE(word); i++) {
		word[i] = strtok_r(i ? NULL : line, blanks, &save);
		if (!i && (!word[0] || *word[0] == '#'))
			return 0;
		if (!word[i]) {
			fault->what = "expected INDEX TYPE VALUE";
			return -EBADMSG;
		}
	}
	if (strtok_r(NULL, blanks, &save)) {
		fault->what = "more than INDEX TYPE VALUE";
		return -EBADMSG;
	}
	if (ccg_parse_number(word[0], 10, 0xff, &index, NULL) ||
	    ccg_parse_number(word[1], 10, 0xff, &type, NULL)) {
		fault->what = "INDEX and TYPE are numbers up to 255";
		return -EBADMSG;
	}
	raw = !strncmp(word[2], "raw:", 4);
	return ccg_reference_add(r, index, type, raw, word[2] + (raw ? 4 : 0),
				 fault);
}

/**
 * ccg_reference_parse - parse lines "INDEX TYPE VALUE"
 * @r: set, zeros before; free @r->data, also on failure
 * @text: the lines, changed
 * @fault: set if the result is -EBADMSG
 *
 * VALUE is a digest in hexadecimal; or "raw:" and measured data. Blank lines and
 * lines that begin with '#' are ignored.
 *
 * Return: 0; -EBADMSG if a line is malformed; or -ENOMEM.
 */
int ccg_reference_parse(struct ccg_reference *r, char *text,
			struct ref_fault *fault)
{
	char *line;
	int rc = 0;

	*fault = (struct ref_fault) {};
	r->data = malloc(strlen(text) / 2 + 1);
	if (!r->data)
		return -ENOMEM;
	while (!rc && (line = strsep(&text, "\n"))) {
		fault->line++;
		rc = parse_line(r, line, fault);
	}
	return rc;
}

static bool is_expected(const struct ccg_reference *r, const struct ref_value *v,
			const struct ccg_measurement *m)
{
	return v->type == m->type && v->raw == m->raw && v->len == m->size &&
	       (!v->len || !memcmp(r->data + v->at, m->value, v->len));
}

/**
 * ccg_reference_compare - compare measurements with those that are expected
 * @r: the expected measurements
 * @m: the measurements
 * @why: set to the reason
 * @size: size of @why in bytes
 *
 * Return: CCG_FOUND_GOOD if each measurement is expected, and each expected one
 * is there; CCG_FOUND_BAD if a value differs or is missing; CCG_FOUND_UNKNOWN if
 * the reference lacks an index.
 */
enum ccg_finding ccg_reference_compare(const struct ccg_reference *r,
				       const struct ccg_measurements *m,
				       char *why, size_t size)
{
	bool seen[ARRAY_SIZE(r->values)] = {};
	int unknown = -1;

	for (size_t i = 0; i < m->n; i++) {
		const struct ccg_measurement *x = &m->items[i];
		const struct ref_value *v = &r->values[x->index];

		if (!v->known && unknown < 0)
			unknown = x->index;
		if (v->known && !is_expected(r, v, x)) {
			snprintf(why, size, "measurement %u is not that of the reference: %s",
				 x->index, v->type != x->type ? "another type" :
				 v->raw != x->raw ? "one is raw, and one a digest" :
				 "another value");
			return CCG_FOUND_BAD;
		}
		seen[x->index] = true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++) {
		if (!r->values[i].known || seen[i])
			continue;
		snprintf(why, size, "measurement %zu of the reference is missing",
			 i);
		return CCG_FOUND_BAD;
	}
	if (unknown >= 0) {
		snprintf(why, size, "the reference has no measurement %d",
			 unknown);
		return CCG_FOUND_UNKNOWN;
	}
	snprintf(why, size, "%zu measurements are those of the reference", m->n);
	return CCG_FOUND_GOOD;
}
