/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: reference values, in the terms of CoMID.
 */
#ifndef CCGUEST_REPORT_ENDORSE_H
#define CCGUEST_REPORT_ENDORSE_H

#include <ccguest/endorse.h>

#include "core/cbor_out.h"
#include "core/text.h"

#define UUID_LEN	16
#define UUID_TEXT	37

/* Roles of an entity: of a CoMID, and of a CoRIM. */
enum { ROLE_TAG_CREATOR = 0, ROLE_MANIFEST_CREATOR = 1 };

/**
 * struct endorse_id - an identifier
 * @text: the text; NULL for @uuid
 * @uuid: the UUID, in the order of its text
 */
struct endorse_id {
	const char *text;
	uint8_t uuid[UUID_LEN];
};

/**
 * struct endorse_env - an environment
 * @oid: OID of its class, as text; NULL if the measurement is the class
 * @instance: the measurement is the instance
 */
struct endorse_env {
	const char *oid;
	bool instance;
};

/**
 * struct endorse_value - an expected value
 * @name: name of the measured element; NULL for @number
 * @number: number of the measured element
 * @raw: the value is bytes, not a digest
 * @p: the value
 * @len: its length in bytes
 */
struct endorse_value {
	const char *name;
	uint64_t number;
	bool raw;
	const uint8_t *p;
	size_t len;
};

/**
 * struct endorse_model - a CoRIM with one CoMID
 * @e: the caller's description
 * @uri: URI of the profile
 * @alg: the hash algorithm, by the IANA registry of Named Information
 * @id: identifier of the CoRIM
 * @tag_id: identifier of the CoMID
 * @n_envs: number of @envs
 * @envs: environments, which have the same values
 * @n: number of @values
 * @values: the values
 */
struct endorse_model {
	const struct ccg_endorse *e;
	const char *uri;
	unsigned int alg;
	struct endorse_id id;
	struct endorse_id tag_id;
	size_t n_envs;
	struct endorse_env envs[2];
	size_t n;
	struct endorse_value values[6];
};

void ccg_endorse_put_comid(const struct endorse_model *m, struct cbor_out *o);
void ccg_endorse_put_corim(const struct endorse_model *m, struct cbor_out *o);
/* endorse_cbor.c: what the derived identifiers depend on */
void ccg_endorse_put_contents(const struct endorse_model *m, struct cbor_out *o);
/* endorse_json.c: the CBOR of the CoMID with its tag is @comid */
void ccg_endorse_json_comid(const struct endorse_model *m, struct ccg_text *t);
void ccg_endorse_json_corim(const struct endorse_model *m,
			    const struct cbor_out *comid, struct ccg_text *t);
/* endorse_cbor.c: the CoMID with its tag, as a CoRIM has it */
void ccg_endorse_put_tag(const struct endorse_model *m, struct cbor_out *o);

#endif /* CCGUEST_REPORT_ENDORSE_H */
