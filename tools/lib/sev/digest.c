// SPDX-License-Identifier: GPL-2.0-only
/*
 * Launch digests.
 *
 * Sources: AMD SEV API (55766), LAUNCH_MEASURE; AMD SNP ABI (56860), table 67,
 * PAGE_INFO.
 */
#include <stdatomic.h>
#include <string.h>

#include "cca/lanes.h"
#include "core/parallel.h"
#include "env.h"
#include "sev/digest.h"

#define PAGE_LEN	4096
/* Number of pages that a thread hashes at a time. */
#define BATCH		64

/* PAGE_INFO */
#define INFO_LEN	0x70
#define INFO_CONTENT	0x30
#define INFO_LENGTH	0x60
#define INFO_TYPE	0x62
#define INFO_ADDRESS	0x68

/**
 * ccg_digest_init - start a launch digest
 * @d: set; free it with ccg_digest_free(), also after a failure
 * @snp: the digest is that of SNP
 *
 * Return: false if OpenSSL fails.
 */
bool ccg_digest_init(struct ccg_digest *d, bool snp)
{
	*d = (struct ccg_digest) { .snp = snp };
	d->md = EVP_MD_fetch(NULL, snp ? "SHA384" : "SHA256", NULL);
	d->run = EVP_MD_CTX_new();
	d->work = EVP_MD_CTX_new();
	return d->md && d->run && d->work &&
	       EVP_DigestInit_ex2(d->run, d->md, NULL) == 1;
}

/**
 * ccg_digest_free - free a launch digest
 * @d: the digest, or zeros
 */
void ccg_digest_free(struct ccg_digest *d)
{
	EVP_MD_CTX_free(d->run);
	EVP_MD_CTX_free(d->work);
	EVP_MD_free(d->md);
	*d = (struct ccg_digest) {};
}

/**
 * ccg_digest_copy - copy a launch digest
 * @to: changed; from ccg_digest_init(), of the same kind as @from
 * @from: the digest
 */
void ccg_digest_copy(struct ccg_digest *to, const struct ccg_digest *from)
{
	to->bad = from->bad;
	if (to->snp)
		memcpy(to->ld, from->ld, sizeof(to->ld));
	else if (EVP_MD_CTX_copy_ex(to->run, from->run) != 1)
		to->bad = true;
}

/**
 * ccg_digest_hash - hash bytes with the algorithm of a launch digest
 * @d: the launch digest; unchanged
 * @p: the bytes
 * @len: number of bytes
 * @out: set to the hash
 */
void ccg_digest_hash(struct ccg_digest *d, const uint8_t *p, size_t len,
		     uint8_t *out)
{
	if (EVP_DigestInit_ex2(d->work, d->md, NULL) != 1 ||
	    EVP_DigestUpdate(d->work, p, len) != 1 ||
	    EVP_DigestFinal_ex(d->work, out, NULL) != 1)
		d->bad = true;
}

/**
 * struct contents - pages that are being hashed
 * @md: the hash algorithm
 * @lanes: number of pages that are hashed at once; 0 if one by one
 * @pages: the pages
 * @n: their number
 * @out: their hashes
 * @bad: OpenSSL failed
 */
struct contents {
	const EVP_MD *md;
	size_t lanes;
	const uint8_t *pages;
	size_t n;
	uint8_t *out;
	atomic_bool bad;
};

/* Hashes some pages from @i on. Returns their number. */
static size_t hash_some(struct contents *c, size_t i, size_t end)
{
	const uint8_t *pages = c->pages + i * PAGE_LEN;
	uint8_t *out = c->out + i * SNP_DIGEST_LEN;

	if (c->lanes && end - i >= c->lanes) {
		ccg_lanes_digest(CC_REALM_SHA384, pages, out);
		return c->lanes;
	}
	if (EVP_Digest(pages, PAGE_LEN, out, NULL, c->md, NULL) != 1)
		atomic_store(&c->bad, true);
	return 1;
}

/* Most pages of OVMF are erased flash, as the page before them. */
static bool repeats(const struct contents *c, size_t i)
{
	const uint8_t *page = c->pages + i * PAGE_LEN;

	return !memcmp(page, page - PAGE_LEN, PAGE_LEN);
}

static void hash_batch(void *arg, size_t batch)
{
	struct contents *c = arg;
	size_t start = batch * BATCH, i = start;
	size_t end = c->n - i < BATCH ? c->n : i + BATCH;
	uint8_t *out;

	while (i < end) {
		if (i == start || !repeats(c, i)) {
			i += hash_some(c, i, end);
			continue;
		}
		out = c->out + i++ * SNP_DIGEST_LEN;
		memcpy(out, out - SNP_DIGEST_LEN, SNP_DIGEST_LEN);
	}
}

/**
 * ccg_digest_contents - hash pages, for SNP
 * @d: the launch digest; unchanged
 * @pages: the pages
 * @n: number of pages
 * @contents: set to their hashes
 *
 * Return: false if OpenSSL fails.
 */
bool ccg_digest_contents(const struct ccg_digest *d, const uint8_t *pages,
			 size_t n, uint8_t *contents)
{
	struct contents c = {
		.md = d->md,
		.lanes = ccg_lanes(CC_REALM_SHA384),
		.pages = pages,
		.n = n,
		.out = contents,
	};

	ccg_parallel((n + BATCH - 1) / BATCH, hash_batch, &c);
	return !atomic_load(&c.bad);
}

/**
 * ccg_digest_bytes - measure bytes, for SEV and SEV-ES
 * @d: the launch digest
 * @p: the bytes
 * @len: number of bytes
 */
void ccg_digest_bytes(struct ccg_digest *d, const uint8_t *p, size_t len)
{
	if (EVP_DigestUpdate(d->run, p, len) != 1)
		d->bad = true;
}

/**
 * ccg_digest_page - measure a page, for SNP
 * @d: the launch digest
 * @type: type of the page
 * @address: its address in the guest's memory
 * @content: SHA-384 digest of the page; NULL if the content is not measured
 *
 * The permissions of the other VMPLs are 0, as KVM has them.
 */
void ccg_digest_page(struct ccg_digest *d, enum ccg_snp_page type,
		     uint64_t address, const uint8_t *content)
{
	uint8_t info[INFO_LEN] = {};

	memcpy(info, d->ld, sizeof(d->ld));
	if (content)
		memcpy(info + INFO_CONTENT, content, SNP_DIGEST_LEN);
	put_unaligned_le16(INFO_LEN, info + INFO_LENGTH);
	info[INFO_TYPE] = type;
	put_unaligned_le32(address, info + INFO_ADDRESS);
	put_unaligned_le32(address >> 32, info + INFO_ADDRESS + 4);
	ccg_digest_hash(d, info, sizeof(info), d->ld);
}

/**
 * ccg_digest_value - get the value of a launch digest so far
 * @d: the launch digest
 * @out: set to the digest
 */
void ccg_digest_value(struct ccg_digest *d, uint8_t *out)
{
	if (d->snp)
		memcpy(out, d->ld, sizeof(d->ld));
	else if (EVP_MD_CTX_copy_ex(d->work, d->run) != 1 ||
		 EVP_DigestFinal_ex(d->work, out, NULL) != 1)
		d->bad = true;
}
