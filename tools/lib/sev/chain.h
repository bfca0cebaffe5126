/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: a certificate chain in memory, and its signatures.
 */
#ifndef CCGUEST_SEV_CHAIN_H
#define CCGUEST_SEV_CHAIN_H

#include <ccguest/sev.h>

#include "sev/cert.h"
#include "sev/roots.h"

/**
 * struct ccg_sev_chain - a certificate chain of a platform
 * @ctx: the context
 * @path: file with the platform's certificates, for errors
 * @bufs: contents of the files: platform, OCA, CA, CEK
 * @lens: their lengths in bytes
 * @certs: the certificates, by enum ccg_sev_role
 * @have_sev: @certs has PEK, OCA and CEK
 * @have_ca: @certs has ASK and ARK
 * @built_in: ASK and ARK are those of roots.c
 */
struct ccg_sev_chain {
	struct ccg_ctx *ctx;
	char *path;
	uint8_t *bufs[4];
	size_t lens[4];
	struct sev_cert certs[CCG_SEV_N_ROLES];
	bool have_sev;
	bool have_ca;
	bool built_in;
};

int ccg_sev_chain_of(struct ccg_ctx *ctx, const char *name, const uint8_t *buf,
		     size_t len, const struct ccg_sev_files *files,
		     struct ccg_sev_chain **cp);
const struct sev_root *ccg_sev_root_of(const struct sev_cert *cek,
				       struct sev_cert *ask,
				       struct sev_cert *ark);
bool ccg_sev_same_body(const struct sev_cert *a, const struct sev_cert *b);
const char *ccg_sev_role_name(enum ccg_sev_role role);
int ccg_sev_check_sig(const struct sev_cert *signer,
		      const struct sev_cert *target, const char **why);
int ccg_sev_body_digest(const struct sev_cert *cert, uint8_t *digest,
			unsigned int *lenp);

#endif /* CCGUEST_SEV_CHAIN_H */
