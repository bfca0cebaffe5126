// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares the data of events with their digests.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/log.h>

#include "core/ctx.h"
#include "log/digest.h"
#include "log/efi.h"
#include "log/hashed.h"
#include "log/log.h"

/* UEFI 2.10, 5.3: DiskGUID, and UniquePartitionGUID of an entry. */
#define GPT_DISK_GUID	56
#define GPT_UNIQUE_GUID	16
#define GUID_LEN	16

/* Hashes UEFI_GPT_DATA with zeros in the place of the unique GUIDs. */
static int digest_gpt(const struct hashed_form *form, const EVP_MD *md,
		      uint8_t *digest)
{
	struct cc_log_event ev = { .data = form->p, .size = form->len };
	u8 *copy = malloc(form->len);
	const u8 *first;
	size_t n, size;
	int rc = -EIO;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, form->p, form->len);
	first = ccg_gpt_entries(&ev, &n, &size);
	memset(copy + GPT_DISK_GUID, 0, GUID_LEN);
	for (size_t i = 0; first && i < n; i++)
		memset(copy + (first - form->p) + i * size + GPT_UNIQUE_GUID, 0,
		       GUID_LEN);
	if (EVP_Digest(copy, form->len, digest, NULL, md, NULL) == 1)
		rc = 0;
	free(copy);
	return rc;
}

/**
 * ccg_form_digest - compute the digest of a form
 * @form: the form
 * @alg: the hash algorithm, see lib/cc_log.h
 * @digest: set to the digest, EVP_MAX_MD_SIZE bytes
 *
 * Return: 0; -ENOENT if the algorithm is not known; -ENOMEM or -EIO if the
 * digest cannot be computed.
 */
int ccg_form_digest(const struct hashed_form *form, uint16_t alg,
		    uint8_t *digest)
{
	const EVP_MD *md = ccg_log_md(alg);

	if (!md)
		return -ENOENT;
	if (form->no_guids)
		return digest_gpt(form, md, digest);
	return EVP_Digest(form->p, form->len, digest, NULL, md, NULL) == 1 ?
	       0 : -EIO;
}

/**
 * ccg_digest_compare - compare a digest of an event with the event's data
 * @ev: the event
 * @d: the digest
 * @m: set to the result
 *
 * Return: 0; -ENOMEM or -EIO if a digest cannot be computed.
 */
int ccg_digest_compare(const struct cc_log_event *ev, const struct cc_digest *d,
		       enum ccg_data_match *m)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	struct hashed h;
	int rc;

	*m = CCG_DATA_UNKNOWN;
	ccg_hashed_forms(ev, &h);
	for (size_t i = 0; i < h.n; i++) {
		rc = ccg_form_digest(&h.forms[i], d->alg, digest);
		if (rc)
			return rc == -ENOENT ? 0 : rc;
		if (memcmp(digest, d->data, d->len))
			continue;
		*m = h.forms[i].whole ? CCG_DATA_MATCHES : CCG_DATA_IN_PART;
		return 0;
	}
	if (h.known)
		*m = CCG_DATA_DIFFERS;
	return 0;
}

int ccg_log_data_match(struct ccg_log *log, const struct cc_log_event *ev,
		       enum ccg_data_match *m)
{
	enum ccg_data_match one;
	int rc;

	*m = CCG_DATA_UNKNOWN;
	/* The digests of a realm's RIM are those of files, or zeros. */
	if (ev->type == CC_EV_NO_ACTION ||
	    (log->summary.is_realm && !ev->index))
		return 0;
	for (size_t i = 0; i < ev->n_digests; i++) {
		rc = ccg_digest_compare(ev, &ev->digests[i], &one);
		if (rc)
			return ccg_fail_errno(log->ctx, rc, log->path);
		if (!i || one < *m)
			*m = one;
	}
	return 0;
}
