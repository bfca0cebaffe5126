// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies for reports: values of members, from text. Strings, numbers and booleans
 * of JSON come as text too.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/text.h>

#include "report/policy.h"

/* Largest number of characters of a value that is printed in an error. */
#define QUOTE	64

static int __printf(2, 3) bad(struct rule_fault *f, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(f->why, sizeof(f->why), fmt, args);
	va_end(args);
	return -EINVAL;
}

/* ---- lists ---- */

static int append(struct rule *r, const struct rule_value *v,
		  struct rule_fault *fault)
{
	struct rule_value *more;

	for (size_t i = 0; i < r->n; i++)
		if (r->values[i].len == v->len &&
		    !memcmp(r->values[i].b, v->b, v->len))
			return bad(fault, "the value is there twice");
	if (r->n == RULE_VALUES_MAX)
		return bad(fault, "more than %d values", RULE_VALUES_MAX);
	/* Grows to powers of two. */
	if (!(r->n & (r->n - 1))) {
		more = realloc(r->values, (r->n ? 2 * r->n : 1) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		r->values = more;
	}
	r->values[r->n++] = *v;
	return 0;
}

static int add_bytes(const struct policy_member *m, struct rule *r,
		     const char *word, struct rule_fault *fault)
{
	bool exact = m->kind == KIND_BYTES || m->kind == KIND_FLOOR;
	struct rule_value v = { 0 };
	size_t len = 0;
	int rc = ccg_unhex(word, v.b, m->len, &len);

	if (rc == -EINVAL)
		return bad(fault, "expected hexadecimal digits, two for each byte");
	if (rc || !len || (exact && len != m->len))
		return bad(fault, "expected %s%zu bytes (%zu hexadecimal digits), got %zu digits",
			   exact ? "" : "1 to ", m->len, 2 * m->len,
			   strlen(word));
	v.len = m->kind == KIND_PADDED ? m->len : len;
	return append(r, &v, fault);
}

static int add_word(const struct policy_member *m, struct rule *r,
		    const char *word, struct rule_fault *fault)
{
	struct rule_value v = { 0 };
	size_t len = strlen(word);

	if (!m->known(word))
		return bad(fault, "\"%.*s\" is not a name; expected one of %s",
			   QUOTE / 4, word, m->names);
	v.len = len;
	memcpy(v.b, word, len);
	return append(r, &v, fault);
}

/* ---- numbers ---- */

static int set_number(const struct policy_member *m, struct rule *r,
		      const char *word, struct rule_fault *fault)
{
	uint64_t n;

	if (ccg_parse_number(word, 10, m->max, &n, NULL))
		return bad(fault, "expected a number from 0 to %ju",
			   (uintmax_t)m->max);
	if (m->kind == KIND_SET)
		r->number |= 1ULL << n;
	else
		r->number = n;
	return 0;
}

static bool parse_hex(const char *word, uint64_t *n)
{
	return !strncmp(word, "0x", 2) &&
	       !ccg_parse_number(word + 2, 16, UINT64_MAX, n, NULL);
}

static int set_bits(struct rule *r, const char *word, struct rule_fault *fault)
{
	return parse_hex(word, &r->number) ? 0 :
	       bad(fault, "expected a hexadecimal number of up to 64 bits, as 0x3f");
}

static bool parse_bit(const struct policy_member *m, const char *word,
		      uint64_t *bits)
{
	const char *name;

	if (!m->bit_name)
		return false;
	if (!strcmp(word, "unknown")) {
		*bits = ccg_policy_unknown(m);
		return true;
	}
	for (unsigned int i = 0; i < 64; i++) {
		name = m->bit_name(i);
		if (name && !strcmp(name, word)) {
			*bits = 1ULL << i;
			return true;
		}
	}
	return false;
}

static int add_bits(const struct policy_member *m, struct rule *r,
		    const char *word, struct rule_fault *fault)
{
	uint64_t bits;

	if (!parse_hex(word, &bits) && !parse_bit(m, word, &bits))
		return bad(fault,
			   "\"%.*s\" is not %sa hexadecimal number of up to 64 bits, as 0x40",
			   QUOTE, word, m->bit_name ? "the name of a bit, or " : "");
	if (bits & m->fixed)
		return bad(fault, "\"%.*s\": %s", QUOTE, word, m->why_fixed);
	r->number |= bits;
	return 0;
}

static int set_version(const struct policy_member *m, struct rule *r,
		       const char *word, struct rule_fault *fault)
{
	const char *p = word;
	uint64_t all = 0, n;

	for (size_t i = 0; i < m->len; i++) {
		if (ccg_parse_number(p, 10, 0xff, &n, &p) ||
		    *p != (i + 1 < m->len ? '.' : '\0'))
			return bad(fault, "expected %s", m->len == 2 ?
				   "MAJOR.MINOR, as 1.55" :
				   "MAJOR.MINOR.BUILD, as 1.55.29");
		all = all << 8 | n;
		p++;
	}
	r->number = all;
	return 0;
}

static int set_bool(struct rule *r, const char *word, struct rule_fault *fault)
{
	r->number = !strcmp(word, "true");
	return r->number || !strcmp(word, "false") ? 0 :
	       bad(fault, "expected true or false");
}

/**
 * ccg_rule_add - set a rule, or add a value to a rule whose value is a list
 * @m: the member
 * @r: its rule
 * @word: the value, or one value of the list
 * @fault: set on failure
 *
 * Return: 0; -EINVAL if the value has another form, or the rule has a value
 * already; or -ENOMEM.
 */
int ccg_rule_add(const struct policy_member *m, struct rule *r,
		 const char *word, struct rule_fault *fault)
{
	int rc = -EINVAL;

	fault->why[0] = '\0';
	if (r->set && !ccg_policy_is_list(m->kind))
		return bad(fault, "the value is there twice");
	switch (m->kind) {
	case KIND_BYTES:
	case KIND_PADDED:
	case KIND_CLAIM:
	case KIND_FLOOR:
		rc = add_bytes(m, r, word, fault);
		break;
	case KIND_WORDS:
		rc = add_word(m, r, word, fault);
		break;
	case KIND_SET:
	case KIND_NUMBER:
		rc = set_number(m, r, word, fault);
		break;
	case KIND_MASK:
		rc = add_bits(m, r, word, fault);
		break;
	case KIND_VERSION:
		rc = set_version(m, r, word, fault);
		break;
	case KIND_BITS:
		rc = set_bits(r, word, fault);
		break;
	case KIND_BOOL:
		rc = set_bool(r, word, fault);
		break;
	case KIND_COMPONENTS:
		return bad(fault, "only a file can have this member");
	}
	if (!rc)
		r->set = true;
	return rc;
}
