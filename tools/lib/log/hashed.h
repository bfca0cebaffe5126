/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the bytes of an event that its digests cover.
 */
#ifndef CCGUEST_LOG_HASHED_H
#define CCGUEST_LOG_HASHED_H

#include <ccguest/log.h>

#include "cc_log.h"

/* Limit for the forms of an event. */
#define HASHED_FORMS_MAX	4

/**
 * struct hashed_form - bytes that a writer of logs hashes for an event
 * @p: the bytes
 * @len: number of bytes
 * @whole: the bytes are all data of the event
 * @no_guids: the bytes are UEFI_GPT_DATA; zeros replace its unique GUIDs
 */
struct hashed_form {
	const uint8_t *p;
	size_t len;
	bool whole;
	bool no_guids;
};

/**
 * struct hashed - what the digests of an event can cover
 * @known: a digest of other bytes than those of @forms is wrong; otherwise the
 *	   digest may be that of bytes that the log does not have
 * @n: number of @forms
 * @forms: the forms
 */
struct hashed {
	bool known;
	size_t n;
	struct hashed_form forms[HASHED_FORMS_MAX];
};

void ccg_hashed_forms(const struct cc_log_event *ev, struct hashed *h);
int ccg_form_digest(const struct hashed_form *form, uint16_t alg,
		    uint8_t *digest);
int ccg_digest_compare(const struct cc_log_event *ev, const struct cc_digest *d,
		       enum ccg_data_match *m);

#endif /* CCGUEST_LOG_HASHED_H */
