// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions for all parts of the log reader: refusals, quirks, algorithms.
 */
#include "cc_log.h"

int cc_log_refuse(const struct cc_log *log, struct cc_log_fault *fault,
		  const char *what, const char *field, size_t offset,
		  u64 value, u64 limit)
{
	*fault = (struct cc_log_fault) {
		.what = what,
		.field = field,
		.event = log->nr,
		.offset = offset,
		.value = value,
		.limit = limit,
	};
	return -EBADMSG;
}

void cc_log_note(struct cc_log *log, enum cc_log_quirk quirk, size_t offset)
{
	if (log->quirks & 1U << quirk)
		return;
	log->quirks |= 1U << quirk;
	log->quirk_at[quirk] = offset;
}

const struct cc_alg *cc_log_find_alg(const struct cc_log *log, u16 id)
{
	for (size_t i = 0; i < log->n_algs; i++)
		if (log->algs[i].id == id)
			return &log->algs[i];
	return NULL;
}

bool cc_log_has_alg(const struct cc_log *log, u16 id)
{
	return cc_log_find_alg(log, id);
}
