/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: the owner's side of SEV: certificates of a platform, sessions, and
 * packets with secrets.
 */
#ifndef LIBCCGUEST_SEV_H
#define LIBCCGUEST_SEV_H

#include <ccguest/ctx.h>
#include <ccguest/file.h>

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
 * @cek_unsigned: the CEK has no signature of any ASK, as the firmware exports it
 * @valid: all signatures are correct, and @pinned
 */
struct ccg_sev_verdict {
	struct ccg_sev_cert certs[CCG_SEV_N_ROLES];
	struct ccg_sev_link links[CCG_SEV_N_LINKS];
	const char *generation;
	bool built_in;
	bool pinned;
	bool cek_unsigned;
	bool valid;
};

/* A certificate chain of a platform. */
struct ccg_sev_chain;

/**
 * struct ccg_sev_files - files with a certificate chain
 * @sev: PDH, PEK, OCA and CEK; ASK and ARK may follow; "-" for standard input
 * @oca: another OCA, or NULL
 * @cek: another CEK, or NULL
 * @ca: ASK and ARK, or NULL for those of @sev or of libccguest
 * @lone_pdh: @sev may have only the PDH
 */
struct ccg_sev_files {
	const char *sev;
	const char *oca;
	const char *cek;
	const char *ca;
	bool lone_pdh;
};

/**
 * ccg_sev_chain_load - read a certificate chain
 * @ctx: the context
 * @files: the files: bytes, base64 or hexadecimal
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

/**
 * ccg_sev_chain_save - write a certificate chain
 * @c: the chain
 * @path: the file; an existing file is not replaced
 * @full: write ASK and ARK too
 *
 * Return: 0; -EEXIST if the file exists; -ENODATA if the chain lacks a
 * certificate; or another negative errno.
 */
int ccg_sev_chain_save(struct ccg_sev_chain *c, const char *path, bool full);

/**
 * ccg_sev_chain_api - get the version of the platform's firmware
 * @c: the chain
 * @major: set to the version of the API that made the PDH
 * @minor: set to the second part of the version
 *
 * The firmware may have been updated since then.
 */
void ccg_sev_chain_api(const struct ccg_sev_chain *c, uint8_t *major,
		       uint8_t *minor);

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

/**
 * ccg_sev_policy_allows - compare a policy with the version of a firmware
 * @policy: the policy
 * @major: version of the firmware's API
 * @minor: the second part of the version
 *
 * Return: true if a firmware of this version may launch the guest.
 */
bool ccg_sev_policy_allows(uint32_t policy, uint8_t major, uint8_t minor);

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
 * Return: 0; -EEXIST if a file exists, or the mark of an old key; or another
 * negative errno.
 */
int ccg_sev_session_save(struct ccg_sev_session *s,
			 const struct ccg_sev_session_paths *paths);

/* Length of the wrapped keys of a session, in bytes. */
#define CCG_SEV_SESSION_LEN	128

/**
 * ccg_sev_session_has_policy - check what policy a session was opened for
 * @ctx: the context
 * @session: the wrapped keys, CCG_SEV_SESSION_LEN bytes
 * @tik: Transport Integrity Key of the session, 16 bytes
 * @policy: policy of the guest
 * @has: set to true if the session is for @policy, and @tik is its key
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_sev_session_has_policy(struct ccg_ctx *ctx, const uint8_t *session,
			       const uint8_t *tik, uint32_t policy, bool *has);

/* ---- packets with secrets ---- */

/* Length of the header of a packet, and of a measurement's MAC, in bytes. */
#define CCG_SEV_HEADER_LEN	52
#define CCG_SEV_MEASURE_LEN	32
/* The payload is a multiple of CCG_SEV_PACKET_ALIGN. */
#define CCG_SEV_PACKET_ALIGN	16
#define CCG_SEV_PACKET_MAX	16384

/**
 * struct ccg_sev_secrets - the contents of a packet
 * @tek: Transport Encryption Key, 16 bytes
 * @tik: Transport Integrity Key, 16 bytes
 * @measure: MAC of the launch's measurement, CCG_SEV_MEASURE_LEN bytes
 * @table: the secret table
 * @len: length of @table in bytes
 * @area: size of the firmware's secret area in bytes; 0 if it is not known
 */
struct ccg_sev_secrets {
	const uint8_t *tek;
	const uint8_t *tik;
	const uint8_t *measure;
	const uint8_t *table;
	size_t len;
	size_t area;
};

/**
 * ccg_sev_packet_make - make a packet
 * @ctx: the context
 * @s: its contents
 * @header: set to the header, CCG_SEV_HEADER_LEN bytes
 * @payload: set to the encrypted table, @s->len bytes
 *
 * The caller has checked the measurement.
 *
 * Return: 0; -EINVAL with class CCG_USAGE if the length of the table is not a
 * multiple of CCG_SEV_PACKET_ALIGN; -EMSGSIZE if the table is too long for the
 * area or for a packet; or another negative errno.
 */
int ccg_sev_packet_make(struct ccg_ctx *ctx, const struct ccg_sev_secrets *s,
			uint8_t *header, uint8_t *payload);

/* The largest number of key files of one use. */
#define CCG_SEV_USE_KEYS	2

/**
 * struct ccg_sev_use - a use of keys
 * @keys: files with the keys; NULL for fewer files
 * @purpose: purpose of the use, for the marks
 * @measure: the measurement, CCG_SEV_MEASURE_LEN bytes
 */
struct ccg_sev_use {
	const char *keys[CCG_SEV_USE_KEYS];
	const char *purpose;
	const uint8_t *measure;
};

/**
 * ccg_sev_key_unused - check that a key was not used
 * @ctx: the context
 * @key: file with the key
 *
 * If @key is a symbolic link, the mark is beside the file that the link leads to.
 *
 * Return: 0; -EEXIST if the file @key.used exists; -EINVAL with class CCG_USAGE if
 * @key is standard input or not a regular file; or another negative errno.
 */
int ccg_sev_key_unused(struct ccg_ctx *ctx, const char *key);

/**
 * ccg_sev_keys_mark - mark keys as used, before a packet is sent
 * @ctx: the context
 * @use: the keys
 *
 * The files @key.used mark the keys, and are on disk when the function returns:
 * all of them, or none. Of two processes that call the function with one key, one
 * fails.
 *
 * Return: 0; -EEXIST if a key was used before; or another negative errno.
 */
int ccg_sev_keys_mark(struct ccg_ctx *ctx, const struct ccg_sev_use *use);

/**
 * ccg_sev_packet_save - write a packet, and mark its keys as used
 * @ctx: the context
 * @use: the keys
 * @header: file for the header
 * @payload: file for the payload
 *
 * The files @key.used mark the keys. All files are written, or none. Existing
 * files are not replaced.
 *
 * Return: 0; -EEXIST if a key was used before, or a file exists; or another
 * negative errno.
 */
int ccg_sev_packet_save(struct ccg_ctx *ctx, const struct ccg_sev_use *use,
			const struct ccg_new_file *header,
			const struct ccg_new_file *payload);

/* ---- attestation reports of SEV and SEV-ES ---- */

#define CCG_SEV_REPORT_LEN	208

/**
 * struct ccg_sev_report - contents of an attestation report
 * @nonce: the nonce of whoever asked for the report
 * @digest: launch digest of the guest
 * @policy: policy of the guest
 */
struct ccg_sev_report {
	uint8_t nonce[16];
	uint8_t digest[32];
	uint32_t policy;
};

/**
 * ccg_sev_report_verify - check the signature of an attestation report
 * @c: certificate chain of the platform; the caller has verified it
 * @buf: the report
 * @len: length of @buf in bytes
 * @r: set to its contents, also if the signature is wrong
 * @why: set to NULL, or to the reason why the signature is wrong
 *
 * The caller compares the contents.
 *
 * Return: 0 if the key PEK of @c signed the report; -EKEYREJECTED if it did not;
 * -ENODATA if @c has no PEK; -EBADMSG if @len is not CCG_SEV_REPORT_LEN.
 */
int ccg_sev_report_verify(const struct ccg_sev_chain *c, const uint8_t *buf,
			  size_t len, struct ccg_sev_report *r,
			  const char **why);

/* ---- ID blocks of SNP ---- */

#define CCG_IDBLOCK_LEN	96
#define CCG_IDAUTH_LEN	4096

/**
 * struct ccg_idblock - ID block, and the digests of its keys
 * @digest: launch digest
 * @family: family of the guest
 * @image: image of the guest
 * @svn: security version of the guest
 * @policy: policy of the guest
 * @has_author: there is an author key
 * @id_key_digest: digest of the ID key, as in attestation reports
 * @author_key_digest: digest of the author key; zeros without author key
 */
struct ccg_idblock {
	uint8_t digest[48];
	uint8_t family[16];
	uint8_t image[16];
	uint32_t svn;
	uint64_t policy;
	bool has_author;
	uint8_t id_key_digest[48];
	uint8_t author_key_digest[48];
};

/**
 * ccg_idblock_make - make and sign an ID block
 * @ctx: the context
 * @b: the ID block; the members about keys are not used
 * @id_key: file with the private ID key, P-384, in PEM
 * @author_key: file with the private author key, or NULL
 * @block: set to the ID block, CCG_IDBLOCK_LEN bytes
 * @auth: set to the ID authentication, CCG_IDAUTH_LEN bytes
 *
 * Return: 0; -EINVAL if a file has no such key; or another negative errno.
 */
int ccg_idblock_make(struct ccg_ctx *ctx, const struct ccg_idblock *b,
		     const char *id_key, const char *author_key, uint8_t *block,
		     uint8_t *auth);

/**
 * ccg_idblock_parse - read an ID block and an ID authentication
 * @block: the ID block, CCG_IDBLOCK_LEN bytes
 * @auth: the ID authentication, CCG_IDAUTH_LEN bytes
 * @b: set to their contents
 */
void ccg_idblock_parse(const uint8_t *block, const uint8_t *auth,
		       struct ccg_idblock *b);

/**
 * ccg_idblock_verify - check form and signatures
 * @block: the ID block, CCG_IDBLOCK_LEN bytes
 * @auth: the ID authentication, CCG_IDAUTH_LEN bytes
 *
 * Return: NULL if all signatures are correct; otherwise the reason.
 */
const char *ccg_idblock_verify(const uint8_t *block, const uint8_t *auth);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_SEV_H */
