// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions for all parts of the log reader: refusals, quirks, algorithms,
 * registers.
 */
#include "cc_log_internal.h"

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
	log->event_quirks |= 1U << quirk;
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

bool cc_log_is_cc(const struct cc_log *log)
{
	return log->index || log->is_realm ||
	       (log->n_algs == 1 && log->algs[0].id == CC_ALG_SM3);
}

/**
 * cc_log_is_zero - test whether bytes are zero
 * @p: the bytes
 * @len: number of bytes
 *
 * Return: true if all bytes are zero.
 */
bool cc_log_is_zero(const u8 *p, size_t len)
{
	while (len--)
		if (*p++)
			return false;
	return true;
}
