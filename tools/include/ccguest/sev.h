/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: the owner's side of SEV: certificates of a platform, and sessions.
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
 * @present: the chain has this certificate
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
 * struct ccg_sev_files - files with a certificate chain
 * @sev: PDH, PEK, OCA and CEK; ASK and ARK may follow; "-" for standard input
 * @oca: another OCA, or NULL
 * @ca: ASK and ARK, or NULL for those of @sev or of libccguest
 * @lone_pdh: @sev may have only the PDH
 */
struct ccg_sev_files {
	const char *sev;
	const char *oca;
	const char *ca;
	bool lone_pdh;
};

/**
 * ccg_sev_chain_load - read a certificate chain
 * @ctx: the context
 * @files: the files
 * @cp: set to the chain; free it with ccg_sev_chain_free()
 *
 * Return: 0; -EBADMSG if a file is malformed; -EFBIG if a file is too long; or
 * another negative errno.
 */
int ccg_sev_chain_load(struct ccg_ctx *ctx, const struct ccg_sev_files *files,
		       struct ccg_sev_chain **cp);

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

/* ---- policies ---- */

#define CCG_SEV_POLICY_NODBG	0x01
#define CCG_SEV_POLICY_NOKS	0x02
#define CCG_SEV_POLICY_ES	0x04
#define CCG_SEV_POLICY_NOSEND	0x08
#define CCG_SEV_POLICY_DOMAIN	0x10
#define CCG_SEV_POLICY_SEV	0x20

/* Size of the longest text of a policy. */
#define CCG_SEV_POLICY_TEXT	64

/**
 * ccg_sev_policy_parse - read a policy
 * @ctx: the context
 * @text: a decimal number; a hexadecimal number with 0x; or names with commas
 *	  between them, such as "NODBG,ES,FW=0.24"
 * @policy: set to the policy
 *
 * Return: 0; -EINVAL with class CCG_USAGE if @text is not a policy, or sets
 * reserved bits.
 */
int ccg_sev_policy_parse(struct ccg_ctx *ctx, const char *text,
			 uint32_t *policy);

/**
 * ccg_sev_policy_text - write the names of a policy
 * @policy: the policy
 * @text: set to the names, with commas between them
 */
void ccg_sev_policy_text(uint32_t policy, char text[CCG_SEV_POLICY_TEXT]);

/**
 * ccg_sev_policy_advice - get a weakness of a policy
 * @policy: the policy
 * @n: number of the weakness, from 0
 *
 * Return: the weakness in one sentence, NULL after the last.
 */
const char *ccg_sev_policy_advice(uint32_t policy, size_t n);

/* ---- sessions ---- */

/**
 * struct ccg_sev_session_paths - the files of a session, in one directory
 * @godh: certificate of the owner, in base64, for the host
 * @session: wrapped keys, in base64, for the host
 * @tik: Transport Integrity Key, secret
 * @tek: Transport Encryption Key, secret
 */
struct ccg_sev_session_paths {
	const char *godh;
	const char *session;
	const char *tik;
	const char *tek;
};

/* A session: keys that a guest's owner and a platform share. */
struct ccg_sev_session;

/**
 * ccg_sev_session_new - open a session
 * @c: certificate chain of the platform; the caller has verified it
 * @policy: policy of the guest
 * @sp: set to the session; free it with ccg_sev_session_free()
 *
 * Return: 0; -EKEYREJECTED with class CCG_UNVERIFIED if the key of the platform
 * is not on the curve P-384; or another negative errno.
 */
int ccg_sev_session_new(struct ccg_sev_chain *c, uint32_t policy,
			struct ccg_sev_session **sp);

/**
 * ccg_sev_session_free - wipe and free a session
 * @s: the session, or NULL
 */
void ccg_sev_session_free(struct ccg_sev_session *s);

/**
 * ccg_sev_session_save - write the files of a session, all or none
 * @s: the session
 * @paths: names of the files; existing files are not replaced
 *
 * Return: 0; -EEXIST if a file exists; or another negative errno.
 */
int ccg_sev_session_save(struct ccg_sev_session *s,
			 const struct ccg_sev_session_paths *paths);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_SEV_H */
