// SPDX-License-Identifier: GPL-2.0-only
/*
 * One authentication: the functions that the requester of lib/spdm_req.c calls,
 * and publishing the result.
 */
#include "internal.h"

#include <crypto/hash.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#define TIMEOUT_MAX_S	60u

static unsigned int timeout = 10;
module_param(timeout, uint, 0644);
MODULE_PARM_DESC(timeout, "time limit of an authentication in seconds (1 to 60, default 10)");

/* The lowest version that is accepted, and in the low byte the highest. */
static u16 versions = SPDM_VER_10 << 8 | SPDM_VER_14;

static int versions_set(const char *val, const struct kernel_param *kp)
{
	char text[sizeof("1.0-1.4\n")];
	u8 low, high;
	int rc;

	if (strscpy(text, val, sizeof(text)) < 0)
		return -EINVAL;
	rc = spdm_parse_versions(strim(text), &low, &high);
	if (!rc)
		WRITE_ONCE(versions, low << 8 | high);
	return rc;
}

static int versions_get(char *buf, const struct kernel_param *kp)
{
	u16 v = READ_ONCE(versions);

	return sprintf(buf, "1.%d-1.%d\n", (v >> 8) - SPDM_VER_10,
		       (v & 0xff) - SPDM_VER_10);
}

static const struct kernel_param_ops versions_ops = {
	.set = versions_set,
	.get = versions_get,
};
module_param_cb(versions, &versions_ops, NULL, 0644);
MODULE_PARM_DESC(versions, "accepted versions of SPDM, as 1.2 or 1.2-1.3 (default 1.0-1.4)");

/* BaseAsymAlgo and BaseHashAlgo: the algorithms that the kernel has. */
static u32 offered_asym;
static u32 offered_hash;

static u32 timeout_ms(void)
{
	return clamp(READ_ONCE(timeout), 1u, TIMEOUT_MAX_S) * MSEC_PER_SEC;
}

/*
 * Does the kernel have the algorithm? It has P-521 from 6.10 on. Its ML-DSA takes
 * no context (FIPS 204, 5.2), which signatures of SPDM have.
 */
static bool __init has_asym(const struct spdm_asym *a)
{
	char name[24];

	if (a->kind == SPDM_RSASSA)
		return crypto_has_alg("rsa", 0, 0);
	snprintf(name, sizeof(name), "ecdsa-nist-p%u", a->key_bits);
	return a->kind == SPDM_ECDSA && crypto_has_alg(name, 0, 0);
}

void __init spdm_run_init(void)
{
	for (size_t i = 0; i < SPDM_N_ASYM; i++)
		if (has_asym(&spdm_asyms[i]))
			offered_asym |= spdm_asyms[i].bit;
	/* The kernel cannot verify signatures over SHA-3. */
	for (size_t i = 0; i < SPDM_N_HASH; i++)
		if (strncmp(spdm_hashes[i].alg, "sha3-", 5) &&
		    crypto_has_shash(spdm_hashes[i].alg, 0, 0))
			offered_hash |= spdm_hashes[i].bit;
}

void spdm_run_offer(struct spdm_dev *sd)
{
	spdm_default_offer(&sd->req.offer, offered_asym, offered_hash);
}

int spdm_run_stopped(const struct spdm_dev *sd)
{
	int why;

	if (READ_ONCE(sd->gone))
		return -ENODEV;
	why = READ_ONCE(sd->suspended);
	if (!why && sd->run.distrusts != atomic_read(&sd->distrusts))
		why = -EAGAIN;
	return why;
}

int spdm_stopped(const struct spdm_run *run)
{
	int rc = spdm_run_stopped(run->sd);

	if (rc)
		return rc;
	return ktime_to_ms(ktime_get()) < run->sd->req.deadline ? 0 : -ETIMEDOUT;
}

static int run_exchange(void *ctx, const u8 *req, size_t len, u8 *rsp,
			size_t size)
{
	struct spdm_run *run = ctx;
	struct spdm_dev *sd = run->sd;
	int rc = spdm_run_stopped(sd);

	if (rc)
		return rc;
	return sd->transport->exchange(sd->priv, req, len, rsp, size);
}

static int run_random(void *ctx, u8 *buf, size_t len)
{
	return get_random_bytes_wait(buf, len);
}

static u64 run_now_ms(void *ctx)
{
	return ktime_to_ms(ktime_get());
}

static int run_sleep_ms(void *ctx, u32 ms)
{
	struct spdm_run *run = ctx;
	struct spdm_dev *sd = run->sd;

	wait_event_timeout(sd->wait, spdm_run_stopped(sd), msecs_to_jiffies(ms));
	return spdm_run_stopped(sd);
}

/*
 * Make the buffer for new chains larger. Meanwhile the files show the chains of
 * the last authentication, which have another buffer.
 */
static int run_room(void *ctx, size_t size)
{
	struct spdm_run *run = ctx;
	struct spdm_req *r = &run->sd->req;
	u8 *chains;

	chains = kvzalloc(size, GFP_KERNEL);
	if (!chains)
		return -ENOMEM;
	if (run->chains)
		memcpy(chains, run->chains, run->chains_size);
	kvfree(run->chains);
	run->chains = chains;
	run->chains_size = size;
	r->chains = chains;
	r->chains_size = size;
	return 0;
}

static const struct spdm_req_ops run_ops = {
	.hash = {
		.init = spdm_hash_init,
		.update = spdm_hash_update,
		.final = spdm_hash_final,
	},
	.exchange = run_exchange,
	.verify_chain = spdm_verify_chain,
	.take_leaf = spdm_take_leaf,
	.verify_signature = spdm_verify_signature,
	.signature = spdm_signature,
	.nonce = spdm_nonce,
	.random = run_random,
	.room = run_room,
	.now_ms = run_now_ms,
	.sleep_ms = run_sleep_ms,
};

/*
 * Log a sentence for each failure. Returns one line per failure, to be freed;
 * NULL if there is no failure, or no memory.
 */
static char *log_failures(struct spdm_dev *sd)
{
	const struct spdm_req *r = &sd->req;
	char *text, *lines, *kept;
	int len = 0;

	if (!r->n_failures)
		return NULL;
	/* Room for one sentence, and for the lines: sysfs shows a page. */
	text = kmalloc(SPDM_TEXT_MAX + PAGE_SIZE, GFP_KERNEL);
	if (!text)
		return NULL;
	lines = text + SPDM_TEXT_MAX;
	for (size_t i = 0; i < r->n_failures; i++) {
		const struct spdm_failure *f = &r->failures[i];
		char slot[4] = "-";

		spdm_failure_text(f, sd->transport->keyring_name, text,
				  SPDM_TEXT_MAX);
		dev_err(sd->dev, "%s\n", text);
		if (f->slot != SPDM_NO_SLOT)
			snprintf(slot, sizeof(slot), "%u", f->slot);
		len += scnprintf(lines + len, PAGE_SIZE - len, "%s %s %d %s\n",
				 spdm_stage_name(f->stage), slot, f->err, text);
	}
	kept = kstrdup(lines, GFP_KERNEL);
	kfree(text);
	return kept;
}

/* Note the offset of each chain's certificates, after the chain's header. */
static void note_certs(const struct spdm_req *r, struct spdm_result *res)
{
	for (u8 i = 0; i < SPDM_SLOTS; i++) {
		const struct spdm_slot *s = &r->slots[i];
		size_t head;

		if (!s->len)
			continue;
		head = sizeof(struct spdm_chain_header) + s->hash->len;
		res->certs[i] = s->offset + head;
		res->certs_len[i] = s->len > head ? s->len - head : 0;
	}
}

/*
 * Copy the received chains to a buffer of the right size. NULL if no chain was
 * received: the old chains stay.
 */
static u8 *chains_to_keep(const struct spdm_req *r, u8 **received)
{
	size_t used = 0;
	u8 *chains;

	if (!*received)
		return NULL;
	for (u8 i = 0; i < SPDM_SLOTS; i++)
		used = max(used, r->slots[i].offset + r->slots[i].len);
	chains = kvmalloc(max_t(size_t, used, 1), GFP_KERNEL);
	if (chains)
		memcpy(chains, *received, used);
	else
		swap(chains, *received);
	return chains;
}

/*
 * Two facts authenticate a device: its chain is trusted, and it has the private
 * key of the leaf. The requester returns 0 if one slot has both. A proof of a slot
 * that is not trusted is evidence for others, and opens nothing here.
 */
static enum spdm_state state_of(const struct spdm_req *r, int rc)
{
	if (!rc)
		return SPDM_AUTHENTICATED;
	if (r->trusted)
		return SPDM_UNPROVED;
	return r->proved ? SPDM_UNTRUSTED : SPDM_UNAUTHENTICATED;
}

/* Publish the result of an authentication, @rc; returns the published one. */
static int publish(struct spdm_dev *sd, u8 **received, int rc)
{
	const struct spdm_req *r = &sd->req;
	struct spdm_result res = {
		.state = state_of(r, rc),
		.version = r->c.asym ? r->c.version : 0,
		.asym = r->c.asym,
		.hash = r->c.hash,
		.slot = r->slot,
		.proved = r->proved,
		.n_signatures = sd->n_signatures,
		.failure = spdm_run_stopped(sd) ? NULL : log_failures(sd),
		.distrusts = sd->run.distrusts,
	};
	u8 *chains = chains_to_keep(r, received);
	u8 news = 0;

	if (rc && sd->run.replaced)
		res.state = SPDM_REPLACED;
	note_certs(r, &res);

	mutex_lock(&sd->lock);
	/*
	 * The device was suspended or reset meanwhile: it may be another device
	 * now.
	 */
	if (sd->suspended || res.distrusts != atomic_read(&sd->distrusts)) {
		res.state = sd->result.state == SPDM_PENDING ? SPDM_PENDING :
							       SPDM_RESET;
		rc = sd->suspended ?: -EAGAIN;
	}
	if (sd->result.state != res.state)
		news |= SPDM_NEWS_STATE;
	if (sd->result.n_signatures != res.n_signatures)
		news |= SPDM_NEWS_EVIDENCE;
	swap(sd->result, res);
	if (chains)
		swap(sd->chains, chains);
	if (!rc) {
		spdm_pin_keep(sd);
		dev_info(sd->dev, "Authenticated with certificate slot %u\n",
			 sd->result.slot);
	}
	spdm_sysfs_changed(sd, news);
	mutex_unlock(&sd->lock);

	kfree(res.failure);
	kvfree(chains);
	return rc;
}

/* Fail before the first message is sent. */
static int fail(struct spdm_req *r, int err, const char *what)
{
	struct spdm_failure *f = &r->failures[0];

	memset(f, 0, sizeof(*f));
	f->stage = SPDM_STAGE_VERSION;
	f->slot = SPDM_NO_SLOT;
	f->err = err;
	f->fault.what = what;
	r->n_failures = 1;
	r->trusted = 0;
	r->proved = 0;
	r->slot = SPDM_NO_SLOT;
	memset(&r->c, 0, sizeof(r->c));
	return err;
}

static int run_requester(struct spdm_run *run)
{
	struct spdm_dev *sd = run->sd;
	struct spdm_req *r = &sd->req;
	u16 accepted;
	int rc;

	r->ops = &run_ops;
	r->ctx = run;
	r->timeout_ms = timeout_ms();
	accepted = READ_ONCE(versions);
	r->offer.min_version = accepted >> 8;
	r->offer.max_version = accepted & 0xff;
	/* The old chains are read. New ones go into a buffer of run_room(). */
	r->chains = sd->chains;
	r->chains_size = 0;
	r->rsp_size = sd->transport->rsp_max;
	r->large_size = SPDM_LARGE_MAX;
	r->rsp = kvmalloc(r->rsp_size + r->large_size, GFP_KERNEL);
	if (!r->rsp)
		return fail(r, -ENOMEM, "No memory for a response");

	rc = spdm_authenticate(r);

	kvfree(r->rsp);
	r->rsp = NULL;
	r->ctx = NULL;
	return rc;
}

static void free_run(struct spdm_run *run)
{
	spdm_chain_free(run);
	spdm_hash_free(run);
	kvfree(run->chains);
	kvfree(run->transcript);
}

int spdm_run_once(struct spdm_dev *sd)
{
	struct spdm_run *run = &sd->run;
	int rc;

	memset(run, 0, sizeof(*run));
	run->sd = sd;
	run->distrusts = atomic_read(&sd->distrusts);
	rc = spdm_run_stopped(sd);
	if (rc)
		return rc;

	run->validity = sd->transport->validity(sd->priv);
	rc = sd->transport->begin(sd->priv);
	if (rc == -EAGAIN)
		return rc;
	/* To power the device on may reset the device. */
	run->distrusts = atomic_read(&sd->distrusts);
	if (rc) {
		fail(&sd->req, rc, "Transport is not ready");
	} else {
		rc = run_requester(run);
		sd->transport->end(sd->priv);
	}
	rc = publish(sd, &run->chains, rc);
	free_run(run);
	return rc;
}
