// SPDX-License-Identifier: GPL-2.0-only
/*
 * The responder's measurements; they never change.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"

/* DSP0274, table "DMTF measurement specification format". */
#define DMTF_SPEC	1
#define RAW		0x80

/* The types that the responder counts as its trusted computing base. */
#define TYPE_ROM	0
#define TYPE_FIRMWARE	1

static void add(struct config *cfg, uint8_t index, uint8_t type, const char *value)
{
	cfg->measures[cfg->n_measures++] = (struct measure) {
		.index = index,
		.type = type,
		.value = (uint8_t *)xstrdup(value),
		.len = strlen(value),
	};
}

void measures_default(struct config *cfg)
{
	if (cfg->n_measures)
		return;
	add(cfg, 1, TYPE_ROM, "spdm-responder: immutable ROM");
	add(cfg, 2, TYPE_FIRMWARE, "spdm-responder: mutable firmware");
	add(cfg, 3, 0x03, "spdm-responder: firmware configuration");
}

void measures_free(struct config *cfg)
{
	while (cfg->n_measures)
		free(cfg->measures[--cfg->n_measures].value);
}

/* Reads VALUE: text, or the bytes of a file. */
static int read_value(struct measure *m, const char *arg, const char *text)
{
	size_t len = strlen(text);
	FILE *f;

	m->value = xalloc(NULL, MEASURE_MAX + 1);
	if (*text != '@') {
		m->len = len < MEASURE_MAX ? len : MEASURE_MAX + 1;
		memcpy(m->value, text, m->len);
	} else {
		f = fopen(text + 1, "re");
		if (!f)
			return error("%s: %s", text + 1, strerror(errno));
		m->len = fread(m->value, 1, MEASURE_MAX + 1, f);
		len = ferror(f);
		fclose(f);
		if (len)
			return error("%s: cannot be read", text + 1);
	}
	if (m->len <= MEASURE_MAX)
		return 0;
	return error("--measurement=%.40s: the value has more than %d bytes", arg, MEASURE_MAX);
}

static bool take_number(const char **p, unsigned long max, uint8_t *n)
{
	char *end;
	unsigned long v;

	if (**p < '0' || **p > '9')
		return false;
	v = strtoul(*p, &end, 0);
	*p = end;
	*n = v;
	return v <= max;
}

static bool take_word(const char **p, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*p, word, len))
		return false;
	*p += len;
	return true;
}

int measure_add(struct config *cfg, const char *arg)
{
	struct measure *m = &cfg->measures[cfg->n_measures];
	const char *p = arg;
	size_t i;

	if (cfg->n_measures == N_MEASURES)
		return error("--measurement: given more than %d times", N_MEASURES);
	*m = (struct measure) {};
	if (!take_number(&p, 0xfe, &m->index) || !m->index || *p++ != '=' ||
	    !take_number(&p, 0x7f, &m->type))
		return error("--measurement=%s: needs N=TYPE:VALUE, N 1 to 254, TYPE 0 to 127",
			     arg);
	if (take_word(&p, "/raw"))
		m->form = FORM_RAW;
	else if (take_word(&p, "/digest"))
		m->form = FORM_DIGEST;
	if (*p++ != ':')
		return error("--measurement=%s: after TYPE comes /raw, /digest or :VALUE", arg);
	for (i = 0; i < cfg->n_measures; i++)
		if (cfg->measures[i].index == m->index)
			return error("--measurement=%s: there are two of index %u", arg, m->index);
	/* measures_free() also frees a value that cannot be used. */
	cfg->n_measures++;
	return read_value(m, arg, p);
}

size_t meas_count(const struct conn *c)
{
	return c->cfg->n_measures;
}

static void put_measure(struct conn *c, struct msg *m, const struct measure *x, bool raw)
{
	uint8_t digest[HASH_MAX];
	size_t len;

	if (x->form != FORM_ANY)
		raw = x->form == FORM_RAW;
	len = raw ? x->len : c->hash->size;
	hash_of(c->hash, x->value, x->len, digest);
	put8(m, x->index);
	put8(m, DMTF_SPEC);
	put16(m, 3 + len);
	put8(m, x->type | (raw ? RAW : 0));
	put16(m, len);
	put(m, raw ? x->value : digest, len);
}

size_t meas_put(struct conn *c, struct msg *m, unsigned int index, bool raw)
{
	size_t i, n = 0;

	for (i = 0; i < c->cfg->n_measures; i++) {
		const struct measure *x = &c->cfg->measures[i];

		if (index != 0xff && x->index != index)
			continue;
		put_measure(c, m, x, raw);
		n++;
	}
	return n;
}

void meas_summary(struct conn *c, unsigned int type, uint8_t *digest)
{
	EVP_MD_CTX *ctx = hash_new();
	size_t i;

	hash_start(ctx, c->hash);
	for (i = 0; i < c->cfg->n_measures; i++) {
		const struct measure *x = &c->cfg->measures[i];
		struct msg one = {};

		if (type != 0xff && x->type > TYPE_FIRMWARE)
			continue;
		put_measure(c, &one, x, false);
		hash_add(ctx, one.data, one.len);
	}
	hash_end(ctx, digest);
	EVP_MD_CTX_free(ctx);
}
