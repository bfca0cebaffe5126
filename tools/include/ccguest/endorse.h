/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: reference values of guests as CoRIM (draft-ietf-rats-corim-11), in
 * CBOR, and in the JSON of the project Veraison, as the draft defines no JSON.
 */
#ifndef LIBCCGUEST_ENDORSE_H
#define LIBCCGUEST_ENDORSE_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * enum ccg_endorse_profile - profiles of CoRIM
 * @CCG_ENDORSE_REALM: realms of Arm CCA, tag:arm.com,2025:cca_realm#1.0.0;
 *		       draft-ydb-rats-cca-endorsements-03
 * @CCG_ENDORSE_SNP_2024: SEV-SNP, tag:amd.com,2024:snp-corim-profile, in the form
 *			  that Veraison demands: the launch digest is the instance too
 * @CCG_ENDORSE_SNP_2025: SEV-SNP, tag:amd.com,2025:snp-corim-profile: what follows
 *			  draft-deeglaze-amd-sev-snp-corim-profile-02
 */
enum ccg_endorse_profile {
	CCG_ENDORSE_REALM,
	CCG_ENDORSE_SNP_2024,
	CCG_ENDORSE_SNP_2025,
};

/**
 * enum ccg_endorse_form - forms of reference values
 * @CCG_ENDORSE_CORIM: CoRIM, unsigned: CBOR with tag 501
 * @CCG_ENDORSE_COMID: its CoMID alone, CBOR
 * @CCG_ENDORSE_CORIM_JSON: CoRIM in JSON; the CoMID in it is CBOR in base64
 * @CCG_ENDORSE_COMID_JSON: CoMID in JSON, a template of cocli
 */
enum ccg_endorse_form {
	CCG_ENDORSE_CORIM,
	CCG_ENDORSE_COMID,
	CCG_ENDORSE_CORIM_JSON,
	CCG_ENDORSE_COMID_JSON,
};

/* Lengths: the largest measurement, and a realm's personalization value. */
#define CCG_ENDORSE_LEN_MAX	64
#define CCG_ENDORSE_RPV_LEN	64

/**
 * struct ccg_measured - measurements of a guest, computed before its start
 * @len: length of each measurement in bytes: 32, 48 or 64
 * @initial: the RIM of a realm, or the launch digest
 * @has_rem: bit I says that @rem[I] is expected
 * @rem: REMs of a realm
 */
struct ccg_measured {
	size_t len;
	uint8_t initial[CCG_ENDORSE_LEN_MAX];
	unsigned int has_rem;
	uint8_t rem[4][CCG_ENDORSE_LEN_MAX];
};

/**
 * ccg_measured_launch - read what `ccguest sev measure snp` printed
 * @ctx: the context
 * @path: the file, text or JSON, "-" for standard input
 * @m: set to the launch digest
 *
 * Return: 0; -EINVAL if the file has no launch digest of SEV-SNP; or another
 * negative errno.
 */
int ccg_measured_launch(struct ccg_ctx *ctx, const char *path,
			struct ccg_measured *m);

/**
 * ccg_measured_registers - read what `ccguest log rim --json` or `ccguest log
 * replay --json` printed
 * @ctx: the context
 * @path: the file, "-" for standard input
 * @m: measurements, all zero or with the RIM; the registers of the file are added
 *
 * Return: 0; -EINVAL if there is no RIM, a register twice, or a register of
 * something else than a realm; or another negative errno.
 */
int ccg_measured_registers(struct ccg_ctx *ctx, const char *path,
			   struct ccg_measured *m);

/**
 * struct ccg_endorse - reference values
 * @profile: the profile
 * @m: the measurements; SEV-SNP has 48 bytes and no REM
 * @rpv: personalization value of a realm, CCG_ENDORSE_RPV_LEN bytes; NULL accepts
 *	 every value
 * @id: identifier of the CoRIM, a UUID or another text; NULL for a UUID that
 *	depends on the contents only
 * @tag_id: identifier of the CoMID, as @id
 * @tag_version: version of the CoMID; a newer one replaces an older one with the
 *		 same @tag_id
 * @creator: name of the organization that answers for the values, UTF-8, or NULL
 * @regid: its identifier, an absolute URI, or NULL
 */
struct ccg_endorse {
	enum ccg_endorse_profile profile;
	const struct ccg_measured *m;
	const uint8_t *rpv;
	const char *id;
	const char *tag_id;
	uint32_t tag_version;
	const char *creator;
	const char *regid;
};

/**
 * ccg_endorse_uri - get the URI of a profile
 * @profile: the profile
 *
 * Return: the URI; NULL if there is no such profile.
 */
const char *ccg_endorse_uri(enum ccg_endorse_profile profile);

/**
 * ccg_endorse_write - write reference values
 * @ctx: the context
 * @e: the reference values
 * @form: the form
 * @bufp: set to the bytes; free them with free()
 * @lenp: set to their number
 *
 * The same values give the same bytes. Nothing is signed.
 *
 * Return: 0; -EINVAL if @e does not fit its profile, or has a malformed text; or
 * -ENOMEM.
 */
int ccg_endorse_write(struct ccg_ctx *ctx, const struct ccg_endorse *e,
		      enum ccg_endorse_form form, uint8_t **bufp, size_t *lenp);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_ENDORSE_H */
