/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: an SPDM requester, made of lib/spdm_req.c, a socket and
 * OpenSSL.
 */
#ifndef CCGUEST_SPDM_ROOM_H
#define CCGUEST_SPDM_ROOM_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <ccguest/auth.h>
#include <ccguest/cert.h>
#include <ccguest/ctx.h>
#include <ccguest/device.h>
#include <ccguest/measure.h>
#include <ccguest/policy.h>

#include "spdm_text.h"

/*
 * QEMU drops longer replies (its SPDM_SOCKET_MAX_MESSAGE_BUFFER_SIZE). A
 * responder for QEMU therefore never sends longer replies.
 */
#define CCG_LINK_MAX	0x1200
/* Vendor, type and length in front of a data object; PCIe r6.1, 6.30.1. */
#define CCG_DOE_HEADER	8

struct ccg_record;

/* Size of a name's text. */
#define CCG_NAME_TEXT	512

/**
 * struct ccg_link - a connection to a responder
 * @fd: the socket, or -1
 * @deadline: end of the connection's time, in the unit of ccg_now_us()
 * @why: reason why the last exchange failed, a phrase
 */
struct ccg_link {
	int fd;
	uint64_t deadline;
	char why[160];
};

/**
 * struct ccg_loaded - a parsed certificate
 * @x: the certificate for OpenSSL
 * @cert: the certificate for lib/; points into @der, or into the chain
 * @der: bytes of the certificate if this struct owns them, or NULL
 */
struct ccg_loaded {
	X509 *x;
	struct x509_cert cert;
	uint8_t *der;
};

/**
 * struct ccg_trust - trusted certificates
 * @ctx: the context
 * @certs: the certificates
 * @n: number of @certs
 */
struct ccg_trust {
	struct ccg_ctx *ctx;
	struct ccg_loaded *certs;
	size_t n;
};

/**
 * struct ccg_walk - a chain that is being verified
 * @trust: the trusted certificates
 * @start: first byte of the chain
 * @parsed: the chain's certificates, as far as OpenSSL can parse them
 * @at: number of the certificate that was loaded last
 * @name: device name that the leaf must have; NULL for any name
 * @rule: rule of the policy for the device, instead of @name alone; or NULL
 * @named: verdict on the name of the leaf: 1 as required, -1 not as required, 0 if
 *	   there was no check
 * @hash: algorithm of @root_hash
 * @root_hash: RootHash of the chain; NULL if it is not known
 * @certs: the certificate that was loaded last, and the one before it
 * @n: number of certificates that were loaded; @certs has the last two
 * @ca: the trusted CA that was found last
 */
struct ccg_walk {
	const struct ccg_trust *trust;
	const u8 *start;
	const struct ccg_certs *parsed;
	size_t at;
	const char *name;
	const struct ccg_rule *rule;
	int named;
	const struct spdm_hash *hash;
	const u8 *root_hash;
	struct ccg_loaded certs[2];
	size_t n;
	const struct ccg_loaded *ca;
};

/**
 * struct ccg_auth - a connection to a device, and its authentication
 * @ctx: the context
 * @address: address of the responder
 * @options: options of the authentication
 * @link: the connection
 * @link_failed: the connection or this machine failed, not the device
 * @req: the requester
 * @md: hashes in progress
 * @walk: the last chain that was verified
 * @result: the result
 * @ask: the measurements that @req reads
 * @measures: the measurements that were read last
 * @nonce: the nonce that the caller gave, or NULL
 * @record: the signed bytes are recorded here, and no certificate need be
 *	    trusted; or NULL
 * @last: while an authentication runs: the evidence of the last one
 * @anchor: string of @result
 * @expired: string of @result
 * @rsp: buffer for a response
 * @chains: buffer for the chains
 */
struct ccg_auth {
	struct ccg_ctx *ctx;
	char *address;
	struct ccg_auth_options options;
	struct ccg_link link;
	bool link_failed;
	struct spdm_req req;
	struct evp_md_ctx_st *md[SPDM_N_HASH_CTX];
	struct ccg_walk walk;
	struct ccg_auth_result result;
	struct spdm_meas_ask ask;
	struct ccg_measurements measures;
	const uint8_t *nonce;
	struct ccg_record *record;
	struct ccg_evidence last;
	char anchor[CCG_NAME_TEXT];
	char expired[CCG_NAME_TEXT];
	u8 rsp[CCG_LINK_MAX - CCG_DOE_HEADER + SPDM_LARGE_MAX];
	u8 chains[SPDM_CHAINS_MAX];
};

/* auth.c */
int ccg_auth_do(struct ccg_auth *a, int (*run)(struct ccg_auth *a));

/* measurements.c */
void ccg_measurements_clear(struct ccg_measurements *m);
int ccg_measurements_copy(struct ccg_measurements *m, const struct spdm_req *r);
int ccg_measurements_values(struct ccg_measurements *m, const struct spdm_conn *c,
			    const struct spdm_measurements *from);
enum ccg_change ccg_measurements_change(const struct spdm_measurements *m);

/* link.c */
int ccg_link_open(struct ccg_link *link, struct ccg_ctx *ctx,
		  const char *address, unsigned int timeout_ms);
int ccg_link_exchange(struct ccg_link *link, const uint8_t *req, size_t len,
		      uint8_t *rsp, size_t size);
void ccg_link_close(struct ccg_link *link);

/* trust.c */
extern const struct x509_chain_ops ccg_chain_ops;
void ccg_walk_clear(struct ccg_walk *w);
const struct ccg_loaded *ccg_walk_leaf(const struct ccg_walk *w);
int ccg_walk_take_leaf(struct ccg_walk *w, const struct x509_cert *leaf,
		       const struct ccg_slot *slot);
struct x509_policy ccg_chain_policy(const struct ccg_auth_options *o,
				    bool generic);
void ccg_note_chain(const struct x509_verdict *v, char anchor[CCG_NAME_TEXT],
		    char expired[CCG_NAME_TEXT]);

/* crypto.c */
const char *ccg_version_text(u8 version);
bool ccg_has_mldsa(void);
int ccg_hash_init(EVP_MD_CTX *md, const struct spdm_hash *alg);
bool ccg_key_fits(EVP_PKEY *key, const struct spdm_asym *asym);
int ccg_verify_tbs(EVP_PKEY *key, const struct spdm_conn *c,
		   const struct spdm_tbs *tbs, const u8 *sig);

#endif /* CCGUEST_SPDM_ROOM_H */
