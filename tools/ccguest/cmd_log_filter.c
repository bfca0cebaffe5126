// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log show: the events to print, by register and by type
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ccguest/log.h>
#include <ccguest/text.h>

#include "cmd_log_filter.h"

/* Compares names of registers: "pcr4" is "PCR 4". */
static bool same_name(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, " ");
		b += strspn(b, " ");
		if (strncasecmp(a, b, 1))
			return false;
		if (!*a)
			return true;
	}
}

static bool find_register(const struct cc_log *log, const char *name,
			  uint32_t *index)
{
	uint64_t number;
	char text[16];

	if (!ccg_parse_number(name, 10, CC_INDEX_PCR_MAX, &number, NULL)) {
		*index = number;
		return true;
	}
	for (*index = 0; *index <= CC_INDEX_PCR_MAX; ++*index) {
		ccg_log_register_name(log, *index, text, sizeof(text));
		if (same_name(text, name))
			return true;
	}
	return false;
}

static int add_register(struct log_filter *f, const struct cmd *cmd,
			const struct cc_log *log, const char *name)
{
	uint32_t index;

	if (!strcmp(name, "-")) {
		f->unassigned = true;
		return 0;
	}
	if (!find_register(log, name, &index))
		return usage_error(cmd, name,
				   "--register is a number of 0 to 23, or a name that log show prints for this log");
	f->registers |= 1U << index;
	return 0;
}

static int add_type(struct log_filter *f, const struct cmd *cmd,
		    const char *name)
{
	uint64_t number;

	if (ccg_parse_number(name, 0, UINT32_MAX, &number, NULL) &&
	    !ccg_log_type_number(name, &number))
		return usage_error(cmd, name,
				   "--type is a number, or the name of a type, such as EV_IPL");
	f->types = out_alloc(f->types, (f->n_types + 1) * sizeof(*f->types));
	f->types[f->n_types++] = number;
	return 0;
}

int log_filter_init(struct log_filter *f, const struct cmd *cmd,
		    const struct cc_log *log, size_t opt_register,
		    size_t opt_type)
{
	int status = 0;

	*f = (struct log_filter) {};
	for (size_t i = 0; !status && i < cmd->n_given; i++) {
		const struct given *g = &cmd->given[i];

		if (g->opt == opt_register)
			status = add_register(f, cmd, log, g->arg);
		else if (g->opt == opt_type)
			status = add_type(f, cmd, g->arg);
	}
	return status;
}

static bool has_register(const struct log_filter *f, uint32_t index)
{
	if (!f->registers && !f->unassigned)
		return true;
	if (index > CC_INDEX_PCR_MAX)
		return f->unassigned;
	return f->registers & 1U << index;
}

static bool has_type(const struct log_filter *f, uint32_t type)
{
	for (size_t i = 0; i < f->n_types; i++)
		if (f->types[i] == type)
			return true;
	return !f->n_types;
}

bool log_filter_has(struct log_filter *f, const struct cc_log_event *ev)
{
	if (!has_register(f, ev->index) || !has_type(f, ev->type))
		return false;
	f->n_matched++;
	return true;
}

void log_filter_free(struct log_filter *f)
{
	free(f->types);
	f->types = NULL;
}

enum ccg_data_match log_filter_compare(struct log_filter *f,
				       struct ccg_log *log,
				       const struct cc_log_event *ev)
{
	enum ccg_data_match m;

	if (ccg_log_data_match(log, ev, &m)) {
		f->failed = true;
		return CCG_DATA_UNKNOWN;
	}
	if (m == CCG_DATA_DIFFERS && !f->n_forged++)
		f->forged = ev->nr;
	return m;
}

int log_filter_status(const struct log_filter *f, struct cmd *cmd,
		      const struct ccg_log *log)
{
	char what[96];

	if (f->failed)
		return fail(cmd);
	if (!f->n_forged)
		return 0;
	snprintf(what, sizeof(what),
		 "event %zu: the digest is not that of the data", f->forged);
	out_error(ccg_log_path(log), "forged", what);
	return CCG_UNVERIFIED;
}

void log_filter_note(const struct log_filter *f)
{
	if (!f->n_matched && (f->registers || f->unassigned || f->n_types))
		out_note("no event matches --register and --type");
}
