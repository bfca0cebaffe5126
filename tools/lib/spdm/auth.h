/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to this room: a requester of SPDM, made of lib/spdm_req.c, a socket
 * and OpenSSL.
 */
#ifndef CCGUEST_SPDM_ROOM_H
#define CCGUEST_SPDM_ROOM_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <ccguest/ctx.h>

#include "spdm_text.h"

/*
 * QEMU drops longer replies (its SPDM_SOCKET_MAX_MESSAGE_BUFFER_SIZE), so no
 * responder that wants to be its device sends them.
 */
#define CCG_LINK_MAX	0x1200
/* Vendor, type and length in front of a data object; PCIe r6.1, 6.30.1. */
#define CCG_DOE_HEADER	8

/* Room for the text of a name in a certificate, and for "rsassa-2048". */
#define CCG_NAME_TEXT	512
#define CCG_ASYM_NAME	16

/**
 * struct ccg_link - a connection to a responder
 * @fd: the socket, or -1
 * @deadline: when to give up, by ccg_now_us()
 * @why: why the last exchange failed, a phrase
 */
struct ccg_link {
	int fd;
	uint64_t deadline;
	char why[160];
};

/**
 * struct ccg_loaded - a certificate that is looked at
 * @x: as OpenSSL has it
 * @cert: as lib/ has it; points into @der, or where the chain is
 * @der: its bytes, where they are ours
 */
struct ccg_loaded {
	X509 *x;
	struct x509_cert cert;
	uint8_t *der;
};

/**
 * struct ccg_trust - certificates that are trusted
 * @ctx: the context
 * @certs: the certificates
 * @n: their number
 */
struct ccg_trust {
	struct ccg_ctx *ctx;
	struct ccg_loaded *certs;
	size_t n;
};

/**
 * struct ccg_walk - a chain that is being verified
 * @trust: what is trusted
 * @validity: what is made of the time of a certificate that is trusted
 * @now: seconds since 1970
 * @name: the device's name that the leaf must have; NULL for any
 * @certs: the chain, as far as it was read
 * @n: number of @certs
 * @anchor: the trusted certificate that was found, where it is not in the chain
 */
struct ccg_walk {
	const struct ccg_trust *trust;
	enum x509_validity validity;
	int64_t now;
	const char *name;
	struct ccg_loaded certs[X509_CHAIN_MAX];
	size_t n;
	const struct ccg_loaded *anchor;
};

/* options.c */
void ccg_asym_name(const struct spdm_asym *asym, char name[CCG_ASYM_NAME]);

/* link.c */
uint64_t ccg_now_us(void);
int ccg_link_open(struct ccg_link *link, struct ccg_ctx *ctx,
		  const char *address, unsigned int timeout_ms);
int ccg_link_exchange(struct ccg_link *link, const uint8_t *req, size_t len,
		      uint8_t *rsp, size_t size);
void ccg_link_close(struct ccg_link *link);

/* trust.c */
extern const struct x509_chain_ops ccg_chain_ops;
void ccg_walk_clear(struct ccg_walk *w);

/* crypto.c */
int ccg_hash_init(EVP_MD_CTX *md, const struct spdm_hash *alg);
bool ccg_key_fits(EVP_PKEY *key, const struct spdm_asym *asym);
int ccg_verify_digest(EVP_PKEY *key, const struct spdm_conn *c,
		      const u8 *digest, const u8 *sig);

#endif /* CCGUEST_SPDM_ROOM_H */
