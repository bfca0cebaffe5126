// SPDX-License-Identifier: GPL-2.0-only
/*
 * Computes registers from the events of a log.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/log.h>

#include "core/ctx.h"
#include "log/digest.h"
#include "log/efi.h"
#include "log/log.h"

/**
 * ccg_log_md - get OpenSSL's digest for an algorithm
 * @alg: the algorithm ID, as in lib/cc_log.h
 *
 * Return: the digest; NULL for an unknown algorithm.
 */
const EVP_MD *ccg_log_md(uint16_t alg)
{
	switch (alg) {
	case CC_ALG_SHA1:
		return EVP_sha1();
	case CC_ALG_SHA256:
		return EVP_sha256();
	case CC_ALG_SHA384:
		return EVP_sha384();
	case CC_ALG_SHA512:
		return EVP_sha512();
	case CC_ALG_SM3:
		return EVP_sm3();
	case CC_ALG_SHA3_256:
		return EVP_sha3_256();
	case CC_ALG_SHA3_384:
		return EVP_sha3_384();
	case CC_ALG_SHA3_512:
		return EVP_sha3_512();
	default:
		return NULL;
	}
}

bool ccg_log_can_hash(uint16_t alg)
{
	return ccg_log_md(alg);
}

/**
 * ccg_register_reset - set a register to its value before the first event
 * @log: properties of the log
 * @index: number of the register
 * @value: set to the value
 * @len: length of @value in bytes
 *
 * The PCRs of a dynamic launch begin with all bits set; TCG PC Client Platform
 * TPM Profile, 3.3. All other registers begin with zeros.
 */
void ccg_register_reset(const struct cc_log *log, uint32_t index,
			uint8_t *value, size_t len)
{
	bool ones = cc_log_uses_pcrs(log) && index >= 17 && index <= 22;

	memset(value, ones ? 0xff : 0, len);
}

/**
 * ccg_register_locality - let an event change a register's initial value
 * @log: properties of the log
 * @ev: an event in front of the first event that extends the register, or that
 *	event
 * @index: number of the register
 * @value: the value; its last byte is set if the event names the locality of
 *	   TPM2_Startup(); the profile, 10.4.5.3
 * @len: length of @value in bytes
 */
void ccg_register_locality(const struct cc_log *log,
			   const struct cc_log_event *ev, uint32_t index,
			   uint8_t *value, size_t len)
{
	if (index || !cc_log_uses_pcrs(log))
		return;
	if (ev->has_locality)
		value[len - 1] = ev->locality;
	/* With an H-CRTM, the locality is 4, without StartupLocality. */
	if (ev->type == EV_EFI_HCRTM_EVENT && !ev->index)
		value[len - 1] = 4;
}

/* All registers of a log: one per algorithm and index. */
struct replay {
	const struct cc_log *log;
	EVP_MD_CTX *md;
	struct ccg_register regs[CC_LOG_ALGS_MAX * (CC_INDEX_PCR_MAX + 1)];
};

static struct ccg_register *reg_of(struct replay *r, uint16_t alg,
				   uint32_t index)
{
	for (size_t i = 0; i < r->log->n_algs; i++)
		if (r->log->algs[i].id == alg)
			return &r->regs[i * (CC_INDEX_PCR_MAX + 1) + index];
	return NULL;
}

static void reset(struct replay *r)
{
	for (size_t i = 0; i < r->log->n_algs; i++)
		for (uint32_t n = 0; n <= CC_INDEX_PCR_MAX; n++) {
			struct ccg_register *reg =
				&r->regs[i * (CC_INDEX_PCR_MAX + 1) + n];

			reg->index = n;
			reg->alg = r->log->algs[i].id;
			reg->len = r->log->algs[i].len;
			ccg_register_reset(r->log, n, reg->value,
					   sizeof(reg->value));
		}
}

/* PCR 0, for all algorithms. */
static void set_locality(struct replay *r, const struct cc_log_event *ev)
{
	for (size_t i = 0; i < r->log->n_algs; i++) {
		struct ccg_register *reg = &r->regs[i * (CC_INDEX_PCR_MAX + 1)];

		if (!reg->n_events)
			ccg_register_locality(r->log, ev, 0, reg->value,
					      reg->len);
	}
}

static bool extend(struct replay *r, struct ccg_register *reg,
		   const struct cc_digest *d)
{
	const EVP_MD *md = ccg_log_md(reg->alg);

	if (!md)
		return true;
	reg->n_events++;
	return EVP_DigestInit_ex(r->md, md, NULL) == 1 &&
	       EVP_DigestUpdate(r->md, reg->value, reg->len) == 1 &&
	       EVP_DigestUpdate(r->md, d->data, d->len) == 1 &&
	       EVP_DigestFinal_ex(r->md, reg->value, NULL) == 1;
}

/*
 * Register 0 of a realm is its initial measurement. It is not the result of
 * extensions by events; see lib/cc_rim.h.
 */
static bool extends(const struct replay *r, const struct cc_log_event *ev)
{
	return ev->type != CC_EV_NO_ACTION && ev->index <= CC_INDEX_PCR_MAX &&
	       (ev->index || !r->log->is_realm);
}

static bool replay_event(struct replay *r, const struct cc_log_event *ev)
{
	bool good = true;

	if (ev->has_locality || ev->type == EV_EFI_HCRTM_EVENT)
		set_locality(r, ev);
	if (!extends(r, ev))
		return true;
	for (size_t i = 0; good && i < ev->n_digests; i++)
		good = extend(r, reg_of(r, ev->digests[i].alg, ev->index),
			      &ev->digests[i]);
	return good;
}

int ccg_log_replay(struct ccg_log *log, struct ccg_register **regsp, size_t *np)
{
	struct replay *r = calloc(1, sizeof(*r));
	struct cc_log_event ev;
	bool good = true;

	*regsp = calloc(ARRAY_SIZE(r->regs), sizeof(**regsp));
	if (!r || !*regsp) {
		free(*regsp);
		free(r);
		return ccg_fail_errno(log->ctx, -ENOMEM, log->path);
	}
	r->log = &log->summary;
	r->md = EVP_MD_CTX_new();
	good = r->md;
	reset(r);
	ccg_log_rewind(log);
	while (good && ccg_log_next(log, &ev))
		good = replay_event(r, &ev);
	ccg_log_rewind(log);

	*np = 0;
	for (size_t i = 0; good && i < ARRAY_SIZE(r->regs); i++)
		if (r->regs[i].n_events)
			(*regsp)[(*np)++] = r->regs[i];
	EVP_MD_CTX_free(r->md);
	free(r);
	if (good)
		return 0;
	free(*regsp);
	return ccg_fail(log->ctx, -EIO, CCG_FAILED, log->path,
			"the registers cannot be hashed");
}
