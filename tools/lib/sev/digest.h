/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: launch digests.
 *
 * SEV and SEV-ES hash all bytes in one go. SNP computes a chain: for each page,
 * the digest is that of a description of the page, which has the digest so far.
 */
#ifndef CCGUEST_SEV_DIGEST_H
#define CCGUEST_SEV_DIGEST_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of SHA-384. */
#define SNP_DIGEST_LEN	48

/* Types of pages, for SNP; AMD 56860, SNP_LAUNCH_UPDATE. */
enum ccg_snp_page {
	SNP_PAGE_NORMAL = 1,
	SNP_PAGE_VMSA,
	SNP_PAGE_ZERO,
	SNP_PAGE_UNMEASURED,
	SNP_PAGE_SECRETS,
	SNP_PAGE_CPUID,
};

/**
 * struct ccg_digest - a launch digest that is being computed
 * @md: the hash algorithm
 * @run: SEV and SEV-ES: the bytes so far
 * @work: for hashes that are complete at once
 * @ld: SNP: the digest so far
 * @snp: the digest is that of SNP
 * @bad: OpenSSL failed
 */
struct ccg_digest {
	EVP_MD *md;
	EVP_MD_CTX *run;
	EVP_MD_CTX *work;
	uint8_t ld[SNP_DIGEST_LEN];
	bool snp;
	bool bad;
};

bool ccg_digest_init(struct ccg_digest *d, bool snp);
void ccg_digest_free(struct ccg_digest *d);
void ccg_digest_copy(struct ccg_digest *to, const struct ccg_digest *from);
void ccg_digest_hash(struct ccg_digest *d, const uint8_t *p, size_t len,
		     uint8_t *out);
bool ccg_digest_contents(const struct ccg_digest *d, const uint8_t *pages,
			 size_t n, uint8_t *contents);
void ccg_digest_bytes(struct ccg_digest *d, const uint8_t *p, size_t len);
void ccg_digest_page(struct ccg_digest *d, enum ccg_snp_page type,
		     uint64_t address, const uint8_t *content);
void ccg_digest_value(struct ccg_digest *d, uint8_t *out);

#endif /* CCGUEST_SEV_DIGEST_H */
