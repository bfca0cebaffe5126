/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: the owner's side of SEV: certificates of a platform.
 */
#ifndef LIBCCGUEST_SEV_H
#define LIBCCGUEST_SEV_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- certificates ---- */

/**
 * enum ccg_sev_role - a place in a certificate chain
 * @CCG_SEV_PDH: Platform Diffie-Hellman key: sessions are encrypted for it
 * @CCG_SEV_PEK: Platform Endorsement Key
 * @CCG_SEV_OCA: certificate authority of the platform's owner
 * @CCG_SEV_CEK: Chip Endorsement Key
 * @CCG_SEV_ASK: AMD's signing key of a generation
 * @CCG_SEV_ARK: AMD's root key of a generation
 * @CCG_SEV_N_ROLES: number of places
 */
enum ccg_sev_role {
	CCG_SEV_PDH,
	CCG_SEV_PEK,
	CCG_SEV_OCA,
	CCG_SEV_CEK,
	CCG_SEV_ASK,
	CCG_SEV_ARK,
	CCG_SEV_N_ROLES
};

/* Number of signatures in a chain. */
#define CCG_SEV_N_LINKS	7

/**
 * struct ccg_sev_cert - a certificate of a chain
 * @present: the chain has this certificate; false only for ASK and ARK
 * @usage: its name: "PDH"
 * @algorithm: key and digest, such as "EP384 E256" or "R4096 R384"
 * @digest: digest of the signed part, in hexadecimal
 */
struct ccg_sev_cert {
	bool present;
	const char *usage;
	char algorithm[16];
	char digest[97];
};

/**
 * struct ccg_sev_link - one signature of a chain
 * @signer: the certificate whose key made it
 * @target: the certificate that has it
 * @valid: it is correct
 * @why: why it is not correct; empty if @valid
 */
struct ccg_sev_link {
	enum ccg_sev_role signer;
	enum ccg_sev_role target;
	bool valid;
	char why[96];
};

/**
 * struct ccg_sev_verdict - the result of a verification
 * @certs: the certificates, by enum ccg_sev_role
 * @links: the signatures
 * @generation: the generation of processors whose ASK signed the CEK, such as
 *		"Rome"; NULL if no ASK of AMD signed it
 * @built_in: ASK and ARK are those that libccguest has
 * @pinned: ASK and ARK are the ones of @generation that libccguest knows
 * @valid: all signatures are correct, and @pinned
 */
struct ccg_sev_verdict {
	struct ccg_sev_cert certs[CCG_SEV_N_ROLES];
	struct ccg_sev_link links[CCG_SEV_N_LINKS];
	const char *generation;
	bool built_in;
	bool pinned;
	bool valid;
};

/* A certificate chain of a platform. */
struct ccg_sev_chain;

/**
 * ccg_sev_chain_load - read a certificate chain
 * @ctx: the context
 * @sev: file with PDH, PEK, OCA and CEK; ASK and ARK may follow; "-" for standard
 *	 input
 * @oca: file with another OCA, or NULL
 * @ca: file with ASK and ARK, or NULL for those of @sev or of libccguest
 * @cp: set to the chain; free it with ccg_sev_chain_free()
 *
 * Return: 0; -EBADMSG if a file is malformed; -EFBIG if a file is too long; or
 * another negative errno.
 */
int ccg_sev_chain_load(struct ccg_ctx *ctx, const char *sev, const char *oca,
		       const char *ca, struct ccg_sev_chain **cp);

/**
 * ccg_sev_chain_free - free a certificate chain
 * @c: the chain, or NULL
 */
void ccg_sev_chain_free(struct ccg_sev_chain *c);

/**
 * ccg_sev_chain_verify - check all signatures of a chain
 * @c: the chain
 * @v: set to the result
 *
 * Return: 0, also if @v->valid is false; or -ENOMEM.
 */
int ccg_sev_chain_verify(struct ccg_sev_chain *c, struct ccg_sev_verdict *v);

/**
 * ccg_sev_verdict_fail - note why a chain is not valid
 * @c: the chain
 * @v: the result of its verification
 *
 * Return: 0 if @v->valid; otherwise -EKEYREJECTED with class CCG_UNVERIFIED.
 */
int ccg_sev_verdict_fail(struct ccg_sev_chain *c,
			 const struct ccg_sev_verdict *v);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_SEV_H */
