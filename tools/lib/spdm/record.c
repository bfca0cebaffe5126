// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recording what a device signs: the bytes that go into the hash of the
 * transcript.
 */
#include <stdlib.h>
#include <string.h>

#include "spdm/objects.h"

/* All chains of a device and the longest answer. */
#define RECORD_MAX	(2 * CCG_ANSWER_OBJECT_MAX)

/**
 * ccg_record_begin - begin a transcript
 * @r: the record, or NULL
 */
void ccg_record_begin(struct ccg_record *r)
{
	if (!r)
		return;
	r->len = 0;
	r->lost = false;
	r->signed_len = 0;
}

/**
 * ccg_record_add - add bytes to the transcript
 * @r: the record, or NULL
 * @data: the bytes
 * @len: their number
 */
void ccg_record_add(struct ccg_record *r, const u8 *data, size_t len)
{
	u8 *more;
	size_t size;

	if (!r || r->lost)
		return;
	if (len > RECORD_MAX - r->len) {
		r->lost = true;
		return;
	}
	if (len > r->size - r->len) {
		size = 2 * (r->len + len);
		more = realloc(r->data, size);
		if (!more) {
			r->lost = true;
			return;
		}
		r->data = more;
		r->size = size;
	}
	memcpy(r->data + r->len, data, len);
	r->len += len;
}

/**
 * ccg_record_signature - keep a signature of the transcript
 * @r: the record, or NULL
 * @proof: the signature
 * @len: its length in bytes
 */
void ccg_record_signature(struct ccg_record *r,
			  const struct spdm_proof *proof, size_t len)
{
	if (!r)
		return;
	r->signed_len = r->len;
	r->signature_len = len;
	memcpy(r->signature, proof->signature, len);
}
