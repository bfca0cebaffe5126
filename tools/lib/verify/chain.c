// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searches for the reason why a register that events extend differs from the
 * log, as fault.c does for a RIM.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>
#include <ccguest/verify.h>

#include "log/digest.h"
#include "log/hashed.h"
#include "verify/verify.h"

/* Limit for the events that extend a register: each is tried as the fault. */
#define EXTENDS_MAX	256

/**
 * struct extend - an event that extends a register
 * @nr: number of the event
 * @digest: digest that extends the register
 * @n_data: number of @data
 * @data: digests of the data that @digest may cover
 */
struct extend {
	size_t nr;
	const uint8_t *digest;
	size_t n_data;
	uint8_t data[HASHED_FORMS_MAX][EVP_MAX_MD_SIZE];
};

/* A register, its value before the first event, and the events that extend it. */
struct chain {
	const struct job *j;
	const struct ccg_expected *e;
	const EVP_MD *md;
	uint8_t start[EVP_MAX_MD_SIZE];
	size_t n;
	struct extend events[EXTENDS_MAX];
};

static void take_extend(struct chain *c, const struct cc_log_event *ev,
			const uint8_t *digest)
{
	struct extend *x = &c->events[c->n++];
	struct hashed h;

	*x = (struct extend) { .nr = ev->nr, .digest = digest };
	ccg_hashed_forms(ev, &h);
	for (size_t i = 0; i < h.n; i++)
		if (!ccg_form_digest(&h.forms[i], c->e->alg,
				     x->data[x->n_data]))
			x->n_data++;
}

/* Returns false if there are more than EXTENDS_MAX events. */
static bool take_extends(struct chain *c)
{
	struct cc_log_event ev;

	ccg_register_reset(c->j->summary, c->e->index, c->start, c->e->len);
	ccg_log_rewind(c->j->log);
	while (ccg_log_next(c->j->log, &ev)) {
		if (!c->n)
			ccg_register_locality(c->j->summary, &ev, c->e->index,
					      c->start, c->e->len);
		if (ev.index != c->e->index || ev.type == CC_EV_NO_ACTION)
			continue;
		for (size_t i = 0; i < ev.n_digests; i++) {
			if (ev.digests[i].alg != c->e->alg)
				continue;
			if (c->n == EXTENDS_MAX)
				return false;
			take_extend(c, &ev, ev.digests[i].data);
		}
	}
	return true;
}

/*
 * H(old || digest); may pad a realm's digest, see cc_rem_extend().
 */
static bool extend(const struct chain *c, uint8_t *value, const uint8_t *digest)
{
	bool padded = c->j->v->padded && c->j->summary->is_realm;
	uint8_t buf[2 * EVP_MAX_MD_SIZE] = {};
	size_t len = c->e->len;

	memcpy(buf, value, len);
	memcpy(buf + len, digest, len);
	return EVP_Digest(buf, padded ? len + CC_RIM_LEN : 2 * len, value, NULL,
			  c->md, NULL) == 1;
}

/* Whether @digest, if set, and the events from @i on give the register. */
static bool leads(const struct chain *c, const uint8_t *before,
		  const uint8_t *digest, size_t i)
{
	uint8_t value[EVP_MAX_MD_SIZE];
	bool good = true;

	memcpy(value, before, sizeof(value));
	if (digest)
		good = extend(c, value, digest);
	for (; good && i < c->n; i++)
		good = extend(c, value, c->events[i].digest);
	return good && !memcmp(value, c->e->value, c->e->len);
}

static bool leads_swapped(const struct chain *c, const uint8_t *before,
			  size_t i)
{
	uint8_t value[EVP_MAX_MD_SIZE];

	memcpy(value, before, sizeof(value));
	return i + 1 < c->n && extend(c, value, c->events[i + 1].digest) &&
	       leads(c, value, c->events[i].digest, i + 2);
}

static bool leads_by_data(const struct chain *c, const uint8_t *before,
			  size_t i)
{
	for (size_t k = 0; k < c->events[i].n_data; k++)
		if (leads(c, before, c->events[i].data[k], i + 1))
			return true;
	return false;
}

/* Describes the fault of an event; @before: the register before the event. */
static bool find(const struct chain *c, size_t i, const uint8_t *before,
		 char *text, size_t size)
{
	size_t nr = c->events[i].nr;

	if (leads(c, before, NULL, i + 1))
		snprintf(text, size, "event %zu did not happen, or was not measured",
			 nr);
	else if (leads(c, before, NULL, c->n))
		snprintf(text, size, "event %zu and all later events were not measured",
			 nr);
	else if (leads_swapped(c, before, i))
		snprintf(text, size, "events %zu and %zu happened in the other order",
			 nr, c->events[i + 1].nr);
	else if (leads_by_data(c, before, i))
		snprintf(text, size, "event %zu has another digest than its data",
			 nr);
	else
		return false;
	return true;
}

static bool search(const struct chain *c, char *text, size_t size)
{
	uint8_t value[EVP_MAX_MD_SIZE];

	memcpy(value, c->start, sizeof(value));
	for (size_t i = 0; i < c->n; i++)
		if (find(c, i, value, text, size))
			return true;
		else if (!extend(c, value, c->events[i].digest))
			return false;
	return false;
}

/*
 * No fault explains the register. The value before an unknown digest cannot be
 * calculated, so an extension without an event and a wrong log look the same. If
 * the kernel can extend the register, the former is usual.
 */
static void not_explained(struct ccg_expected *e, bool searched, char *text,
			  size_t size)
{
	if (!searched)
		snprintf(text, size, "not searched: more than %d events extend it",
			 EXTENDS_MAX);
	else if (e->runtime)
		snprintf(text, size,
			 "extended without a log entry, or events of the log are wrong");
	if (e->runtime)
		e->match = CCG_UNEXPLAINED;
}

/**
 * ccg_register_fault - report the fault that explains a register
 * @j: the job
 * @e: the register, which events extend; its result becomes CCG_UNEXPLAINED if no
 *     fault explains the register, and the kernel can extend it
 */
void ccg_register_fault(struct job *j, struct ccg_expected *e)
{
	char name[16], text[128] = "an event is wrong or missing";
	struct chain *c;
	bool searched;

	/* ccg_blame() would ignore the result. */
	if (!e->runtime && !ccg_is_worst(j, e))
		return;
	c = calloc(1, sizeof(*c));
	if (!c) {
		j->rc = -ENOMEM;
		return;
	}
	c->j = j;
	c->e = e;
	c->md = ccg_log_md(e->alg);
	searched = !c->md || take_extends(c);
	if (!c->md || !searched || !search(c, text, sizeof(text)))
		not_explained(e, searched, text, sizeof(text));
	ccg_log_register_name(j->summary, e->index, name, sizeof(name));
	ccg_blame(j, e, "%s: %s", name, text);
	free(c);
}
