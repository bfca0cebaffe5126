/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: evidence as objects, recording it, and the messages in it.
 */
#ifndef CCGUEST_SPDM_OBJECTS_H
#define CCGUEST_SPDM_OBJECTS_H

#include <ccguest/evidence.h>

#include "spdm/auth.h"
#include "spdm/evidence.h"

/* Bounds of the objects in bytes. */
#define CCG_CHAIN_OBJECT_MAX	SPDM_CHAINS_MAX
#define CCG_VCA_OBJECT_MAX	4096
#define CCG_ANSWER_OBJECT_MAX	1048576
#define CCG_LINE_OBJECT_MAX	64

/**
 * struct ccg_record - the signed bytes of a conversation
 * @slot: slot whose key must sign; -1 for any
 * @data: the transcript so far
 * @len: its length
 * @size: size of @data
 * @lost: there was no memory, or the transcript is too long
 * @signed_len: bytes of @data that it covers; 0 if there is no signature
 * @signature: the signature
 * @signature_len: its length
 */
struct ccg_record {
	int slot;
	u8 *data;
	size_t len;
	size_t size;
	bool lost;
	size_t signed_len;
	u8 signature[SPDM_SIG_MAX];
	size_t signature_len;
};

/* record.c */
void ccg_record_begin(struct ccg_record *r);
void ccg_record_add(struct ccg_record *r, const u8 *data, size_t len);
void ccg_record_signature(struct ccg_record *r,
			  const struct spdm_proof *proof, size_t len);

/* objects.c */
struct ccg_objects *ccg_objects_new(struct ccg_ctx *ctx);
size_t ccg_object_max(enum ccg_object object);
int ccg_objects_set(struct ccg_objects *o, enum ccg_object object,
		    const void *data, size_t len);
int ccg_objects_take_transcript(struct ccg_objects *o, const char *what,
				const u8 *data, size_t len, const u8 *sig,
				size_t sig_len);
int ccg_objects_state(struct ccg_objects *o, const struct spdm_asym *asym,
		      const char *hash);

/**
 * struct ccg_parsed - the messages of evidence
 * @e: the answer
 * @object: the object of the fault
 * @why: the fault, or empty
 */
struct ccg_parsed {
	struct evid e;
	enum ccg_object object;
	char why[512];
};

int ccg_objects_parse(const struct ccg_objects *o, struct ccg_parsed *p);

#endif /* CCGUEST_SPDM_OBJECTS_H */
