// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults on request.
 *
 * A fault in a field is applied before the transcript is hashed. The signature
 * covers the wrong field, so that only the requester's check of this field can
 * refuse the response. A fault of the transport is applied to the signed
 * message.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"

void fault_list(FILE *f)
{
	size_t i;

	for (i = 0; i < n_fault_kinds; i++)
		fprintf(f, "  %-20s %s\n", fault_kinds[i].name, fault_kinds[i].text);
}

static const struct fault_kind *kind_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < n_fault_kinds; i++)
		if (!strcmp(fault_kinds[i].name, name))
			return &fault_kinds[i];
	return NULL;
}

static int parse_code(const char *name)
{
	char *end;
	long code = error_by_name(name);

	if (code >= 0)
		return (int)code;
	code = strtol(name, &end, 0);
	return *name && !*end && code > 0 && code <= 0xff ? (int)code : -1;
}

static int parse_name(struct fault *f, const char *name)
{
	int code;

	if (strncmp(name, "error-", 6)) {
		f->kind = kind_by_name(name);
		if (f->kind)
			return 0;
		return error("--fault %s: unknown fault; spdm-responder --help lists them", name);
	}
	f->kind = kind_by_name("error-CODE");
	code = parse_code(name + 6);
	if (code < 0)
		return error("--fault %s: the code is a name as Busy, or 0x01 to 0xff", name);
	f->code = code;
	return 0;
}

int fault_add(struct config *cfg, const char *arg)
{
	struct fault *f = &cfg->faults[cfg->n_faults];
	char *copy, *at, *colon, *end;
	int err = 0;

	if (cfg->n_faults == N_FAULTS)
		return error("--fault: given more than %d times", N_FAULTS);
	*f = (struct fault) { .row = -1, .left = -1 };
	copy = xstrdup(arg);
	colon = strchr(copy, ':');
	if (colon) {
		*colon++ = '\0';
		f->left = strtol(colon, &end, 10);
		if (*colon < '0' || *colon > '9' || *end || f->left < 1)
			err = error("--fault %s: the count is a number from 1 on", arg);
	}
	at = strchr(copy, '@');
	if (at) {
		*at++ = '\0';
		f->row = message_by_name(at, strlen(at));
		if (!err && f->row < 0)
			err = error("--fault %s: %s is not a message", arg, at);
	}
	if (!err)
		err = parse_name(f, copy);
	free(copy);
	if (!err)
		cfg->n_faults++;
	return err;
}

static bool applies(const struct fault *f, enum fault_when when, int row)
{
	return f->kind->when == when && f->left && (f->row < 0 || f->row == row);
}

static void used(struct fault *f)
{
	if (f->left > 0)
		f->left--;
}

bool fault_error(struct conn *c, int row, uint8_t *code)
{
	size_t i;

	for (i = 0; i < c->cfg->n_faults; i++) {
		struct fault *f = &c->cfg->faults[i];

		if (!applies(f, ON_REQUEST, row))
			continue;
		*code = f->code;
		used(f);
		return true;
	}
	return false;
}

bool fault_slots(struct conn *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->cfg->n_faults; i++) {
		struct fault *f = &c->cfg->faults[i];

		if (f->kind->when != ON_SLOTS || !f->left || strcmp(f->kind->name, name))
			continue;
		note(1, "fault: %s", name);
		used(f);
		return true;
	}
	return false;
}

static void make_all(struct conn *c, struct msg *m, enum fault_when when)
{
	size_t i;

	for (i = 0; i < c->cfg->n_faults; i++) {
		struct fault *f = &c->cfg->faults[i];

		if (!applies(f, when, m->row) || !m->len || !f->kind->make(c, m))
			continue;
		note(1, "fault: %s in the answer to %s", f->kind->name,
		     m->row < 0 ? "an unknown request" : messages[m->row].req_name);
		used(f);
	}
}

void fault_content(struct conn *c, struct msg *m)
{
	make_all(c, m, ON_CONTENT);
}

void fault_signed(struct conn *c, struct msg *m)
{
	make_all(c, m, ON_SIGNED);
}

void fault_wire(struct conn *c, struct msg *m)
{
	make_all(c, m, ON_WIRE);
}
