// SPDX-License-Identifier: GPL-2.0-only
/*
 * spdm: authenticates devices that speak SPDM (DMTF DSP0274), over whatever
 * transport the module that finds them has.
 *
 * The protocol is in lib/, where it is tested and fuzzed without a kernel; this
 * module gives it hashes, keys, time and memory, and shows the results.
 *
 * An authentication runs in a workqueue: so that devices are authenticated side
 * by side, and so that it does not matter who asked for it. One device has one
 * at a time. Whoever asks while one is running waits for the next, because the
 * running one may have looked at the keyring already.
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

#define TIMEOUT_MAX_S	60u

static unsigned int timeout = 10;
module_param(timeout, uint, 0644);
MODULE_PARM_DESC(timeout, "most seconds of an authentication (1 to 60, default 10)");

static struct workqueue_struct *spdm_wq;
/* What the kernel can verify and compute; BaseAsymAlgo, BaseHashAlgo. */
static u32 offered_asym;
static u32 offered_hash;

static u32 timeout_ms(void)
{
	return clamp(READ_ONCE(timeout), 1u, TIMEOUT_MAX_S) * MSEC_PER_SEC;
}

static int stopped(const struct spdm_dev *sd)
{
	if (READ_ONCE(sd->gone))
		return -ENODEV;
	return READ_ONCE(sd->asleep) ? -EAGAIN : 0;
}

/**
 * spdm_stopped - is it time to end an authentication?
 * @run: authentication
 *
 * Return: 0; -ENODEV where the device is going away; -EAGAIN where the system
 * goes to sleep; -ETIMEDOUT where time is up.
 */
int spdm_stopped(const struct spdm_run *run)
{
	int rc = stopped(run->sd);

	if (rc)
		return rc;
	return ktime_to_ms(ktime_get()) < run->sd->req.deadline ? 0 : -ETIMEDOUT;
}

static int run_exchange(void *ctx, const u8 *req, size_t len, u8 *rsp,
			size_t size)
{
	struct spdm_run *run = ctx;
	struct spdm_dev *sd = run->sd;
	int rc = stopped(sd);

	if (rc)
		return rc;
	return sd->transport->exchange(sd->priv, req, len, rsp, size);
}

static int run_random(void *ctx, u8 *buf, size_t len)
{
	struct spdm_run *run = ctx;

	return len == SPDM_NONCE_LEN ? spdm_nonce(run->sd, buf) :
				       get_random_bytes_wait(buf, len);
}

static u64 run_now_ms(void *ctx)
{
	return ktime_to_ms(ktime_get());
}

static int run_sleep_ms(void *ctx, u32 ms)
{
	struct spdm_run *run = ctx;
	struct spdm_dev *sd = run->sd;

	wait_event_timeout(sd->wait, stopped(sd), msecs_to_jiffies(ms));
	return stopped(sd);
}

/*
 * The chains that are kept are shown meanwhile, so new ones go into a buffer
 * of their own. It grows as the device claims that its chains are long.
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
	.verify_signature = spdm_verify_signature,
	.signature = spdm_signature,
	.random = run_random,
	.room = run_room,
	.now_ms = run_now_ms,
	.sleep_ms = run_sleep_ms,
};

/* Is there an algorithm for the key of a signature? P-521: from 6.10 on. */
static bool __init has_asym(const struct spdm_asym *a)
{
	char name[24];

	if (a->kind == SPDM_RSASSA)
		return crypto_has_alg("rsa", 0, 0);
	snprintf(name, sizeof(name), "ecdsa-nist-p%u", a->key_bits);
	return a->kind == SPDM_ECDSA && crypto_has_alg(name, 0, 0);
}

static void __init find_algorithms(void)
{
	for (size_t i = 0; i < SPDM_N_ASYM; i++)
		if (has_asym(&spdm_asyms[i]))
			offered_asym |= spdm_asyms[i].bit;
	/* Signatures over SHA-3 are nothing that the kernel's keys know. */
	for (size_t i = 0; i < SPDM_N_HASH; i++)
		if (strncmp(spdm_hashes[i].alg, "sha3-", 5) &&
		    crypto_has_shash(spdm_hashes[i].alg, 0, 0))
			offered_hash |= spdm_hashes[i].bit;
}

/*
 * The sentences for the kernel's log, and a line for each, to be freed; NULL
 * where there is none, or no memory for it.
 */
static char *tell_failures(struct spdm_dev *sd)
{
	const struct spdm_req *r = &sd->req;
	char *text, *lines, *kept;
	int len = 0;

	if (!r->n_failures)
		return NULL;
	/* One text, and lines as long as sysfs shows. */
	text = kmalloc(SPDM_TEXT_MAX + PAGE_SIZE, GFP_KERNEL);
	if (!text)
		return NULL;
	lines = text + SPDM_TEXT_MAX;
	for (size_t i = 0; i < r->n_failures; i++) {
		const struct spdm_failure *f = &r->failures[i];
		char slot[4] = "-";

		spdm_failure_text(f, sd->transport->keyring_name, text,
				  SPDM_TEXT_MAX);
		spdm_log(sd, LOGLEVEL_ERR, "%s", text);
		if (f->slot != SPDM_NO_SLOT)
			snprintf(slot, sizeof(slot), "%u", f->slot);
		len += scnprintf(lines + len, PAGE_SIZE - len, "%s %s %d %s\n",
				 spdm_stage_name(f->stage), slot, f->err, text);
	}
	kept = kstrdup(lines, GFP_KERNEL);
	kfree(text);
	return kept;
}

/* Where the certificates are behind the head of each chain. */
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
 * The chains that were received, in no more memory than they need; NULL where
 * none were, and the old ones stay.
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

/* What was found out is what is shown from now on; returns what that is. */
static int publish(struct spdm_dev *sd, u8 **received, int rc,
		   unsigned int distrusted)
{
	const struct spdm_req *r = &sd->req;
	struct spdm_result res = {
		.state = rc ? SPDM_UNAUTHENTICATED : SPDM_AUTHENTICATED,
		.version = r->c.asym ? r->c.version : 0,
		.asym = r->c.asym,
		.hash = r->c.hash,
		.slot = r->slot,
		.failure = tell_failures(sd),
	};
	u8 *chains = chains_to_keep(r, received);
	bool changed;

	note_certs(r, &res);

	mutex_lock(&sd->lock);
	/* It may have been another device before the system slept. */
	if (sd->asleep || sd->distrusted != distrusted) {
		res.state = SPDM_PENDING;
		rc = -EAGAIN;
	}
	changed = sd->result.state != res.state;
	swap(sd->result, res);
	if (chains)
		swap(sd->chains, chains);
	if (!rc)
		spdm_log(sd, LOGLEVEL_INFO,
			 "Authenticated with certificate slot %u",
			 sd->result.slot);
	if (changed)
		spdm_sysfs_changed(sd);
	mutex_unlock(&sd->lock);

	kfree(res.failure);
	kvfree(chains);
	return rc;
}

/* Fails before the first message. */
static int fail(struct spdm_dev *sd, int err, const char *what)
{
	sd->req.failures[0] = (struct spdm_failure) {
		.stage = SPDM_STAGE_VERSION,
		.slot = SPDM_NO_SLOT,
		.err = err,
		.fault = { .what = what },
	};
	sd->req.n_failures = 1;
	sd->req.slot = SPDM_NO_SLOT;
	sd->req.c = (struct spdm_conn) {};
	return err;
}

static int run_requester(struct spdm_run *run)
{
	struct spdm_dev *sd = run->sd;
	struct spdm_req *r = &sd->req;
	int rc;

	r->rsp_size = sd->transport->rsp_max;
	r->rsp = kvmalloc(r->rsp_size, GFP_KERNEL);
	if (!r->rsp)
		return fail(sd, -ENOMEM, "No memory for a response");
	sd->policy(sd->priv, &run->policy);
	r->ops = &run_ops;
	r->ctx = run;
	r->timeout_ms = timeout_ms();
	/* No room: the chains that are kept are read, never written. */
	r->chains = sd->chains;
	r->chains_size = 0;

	rc = spdm_authenticate(r);

	kvfree(r->rsp);
	r->rsp = NULL;
	r->ctx = NULL;
	return rc;
}

static int run_once(struct spdm_dev *sd)
{
	unsigned int distrusted;
	struct spdm_run *run;
	int rc;

	mutex_lock(&sd->lock);
	distrusted = sd->distrusted;
	rc = stopped(sd);
	mutex_unlock(&sd->lock);
	if (rc)
		return rc;

	run = kvzalloc(sizeof(*run), GFP_KERNEL);
	if (!run) {
		u8 *none = NULL;

		rc = fail(sd, -ENOMEM, "No memory");
		return publish(sd, &none, rc, distrusted);
	}
	run->sd = sd;
	rc = run_requester(run);
	rc = publish(sd, &run->chains, rc, distrusted);

	spdm_chain_free(run);
	spdm_hash_free(run);
	kvfree(run->chains);
	kvfree(run->transcript);
	kvfree(run);
	return rc;
}

static void spdm_work(struct work_struct *work)
{
	struct spdm_dev *sd = container_of(work, struct spdm_dev, work);
	unsigned long n;
	int rc;

	spin_lock(&sd->count_lock);
	n = ++sd->started;
	spin_unlock(&sd->count_lock);

	rc = run_once(sd);

	spin_lock(&sd->count_lock);
	sd->done = n;
	sd->rc = rc;
	spin_unlock(&sd->count_lock);
	wake_up_all(&sd->wait);
}

/* Has authentication number @n ended? Then *@rc is that of it or a later one. */
static bool has_ended(struct spdm_dev *sd, unsigned long n, int *rc)
{
	bool ended;

	spin_lock(&sd->count_lock);
	ended = (long)(sd->done - n) >= 0;
	*rc = sd->rc;
	spin_unlock(&sd->count_lock);
	return ended;
}

/**
 * spdm_dev_start - have a device authenticated
 * @sd: device
 *
 * Does not wait. Any context.
 */
void spdm_dev_start(struct spdm_dev *sd)
{
	if (sd->transport && !READ_ONCE(sd->gone))
		queue_work(spdm_wq, &sd->work);
}
EXPORT_SYMBOL_GPL(spdm_dev_start);

/**
 * spdm_dev_wait - wait until nothing that spdm_dev_start() began goes on
 * @sd: device
 *
 * Sleeps for no longer than twice the parameter timeout and an exchange: one
 * authentication may go on and another one wait for its turn.
 */
void spdm_dev_wait(struct spdm_dev *sd)
{
	flush_work(&sd->work);
}
EXPORT_SYMBOL_GPL(spdm_dev_wait);

/**
 * spdm_dev_authenticate - authenticate a device now
 * @sd: device
 *
 * Begins after the call, and waits for the result; a fatal signal ends the
 * waiting, not the authentication.
 *
 * Return: 0; -EINTR after a signal; -EAGAIN where the system goes to sleep;
 * -ENOTTY where it cannot be told how to talk to the device; -ENODEV where the
 * device is going away; what spdm_authenticate() of lib/spdm_req.c returns.
 */
int spdm_dev_authenticate(struct spdm_dev *sd)
{
	unsigned long want;
	int rc = 0;

	if (!sd->transport)
		return -ENOTTY;
	spin_lock(&sd->count_lock);
	want = sd->started + 1;
	spin_unlock(&sd->count_lock);

	spdm_dev_start(sd);
	if (wait_event_killable(sd->wait, has_ended(sd, want, &rc) ||
				READ_ONCE(sd->gone)))
		return -EINTR;
	return has_ended(sd, want, &rc) ? rc : -ENODEV;
}
EXPORT_SYMBOL_GPL(spdm_dev_authenticate);

/**
 * spdm_dev_suspend - the system goes to sleep
 * @sd: device
 *
 * What was found out is worth nothing from now on, because it may be another
 * device when it is there again. An authentication that goes on ends with the
 * next exchange, for which spdm_dev_wait() waits, and none begins: they give
 * -EAGAIN. (A freezable workqueue would have those wait who hold what the
 * suspend needs: a notifier of the bus holds the rescan lock.) May sleep.
 */
void spdm_dev_suspend(struct spdm_dev *sd)
{
	mutex_lock(&sd->lock);
	sd->distrusted++;
	WRITE_ONCE(sd->asleep, true);
	if (sd->transport && sd->result.state != SPDM_PENDING) {
		sd->result.state = SPDM_PENDING;
		spdm_sysfs_changed(sd);
	}
	mutex_unlock(&sd->lock);
	wake_up_all(&sd->wait);
}
EXPORT_SYMBOL_GPL(spdm_dev_suspend);

/**
 * spdm_dev_resume - the system has woken up
 * @sd: device
 *
 * Has it authenticated.
 */
void spdm_dev_resume(struct spdm_dev *sd)
{
	mutex_lock(&sd->lock);
	WRITE_ONCE(sd->asleep, false);
	mutex_unlock(&sd->lock);
	spdm_dev_start(sd);
}
EXPORT_SYMBOL_GPL(spdm_dev_resume);

/**
 * spdm_dev_stop - a device is going away
 * @sd: device
 *
 * Comes before spdm_dev_destroy(), so that many can end at the same time: an
 * authentication ends with the next exchange.
 */
void spdm_dev_stop(struct spdm_dev *sd)
{
	WRITE_ONCE(sd->gone, true);
	wake_up_all(&sd->wait);
}
EXPORT_SYMBOL_GPL(spdm_dev_stop);

/**
 * spdm_dev_create - make a device known
 * @dev: device
 * @transport: how to talk to it; NULL where that cannot be told although it
 *	       should be possible: then its files say ENOTTY
 * @priv: for @transport and @policy
 * @keyring: what is trusted; must outlive the result
 * @policy: is called before each authentication, for what is asked of the
 *	    certificates
 *
 * Makes its files, and does nothing else yet. May sleep.
 *
 * Return: the device, for spdm_dev_destroy(), or an ERR_PTR: -ENOMEM; -EEXIST
 * where somebody else has made such files.
 */
struct spdm_dev *spdm_dev_create(struct device *dev,
				 const struct spdm_transport *transport,
				 void *priv, struct key *keyring,
				 void (*policy)(void *priv,
						struct spdm_policy *policy))
{
	struct spdm_dev *sd;
	int rc;

	sd = kzalloc(sizeof(*sd), GFP_KERNEL);
	if (!sd)
		return ERR_PTR(-ENOMEM);
	sd->dev = get_device(dev);
	sd->transport = transport;
	sd->priv = priv;
	sd->keyring = keyring;
	sd->policy = policy;
	sd->result.state = transport ? SPDM_PENDING : SPDM_UNKNOWN;
	sd->result.slot = SPDM_NO_SLOT;
	INIT_WORK(&sd->work, spdm_work);
	init_waitqueue_head(&sd->wait);
	spin_lock_init(&sd->count_lock);
	mutex_init(&sd->lock);
	spdm_default_offer(&sd->req.offer, offered_asym, offered_hash);

	rc = spdm_sysfs_add(sd);
	if (!rc)
		return sd;
	put_device(sd->dev);
	kfree(sd);
	return ERR_PTR(rc);
}
EXPORT_SYMBOL_GPL(spdm_dev_create);

/**
 * spdm_dev_destroy - forget a device
 * @sd: device
 *
 * Its files are gone afterwards, and @transport, @priv and @keyring are used
 * no more. Waits for an exchange that goes on. The device must not be removed
 * from sysfs meanwhile.
 */
void spdm_dev_destroy(struct spdm_dev *sd)
{
	spdm_dev_stop(sd);
	/* Nobody can ask for another authentication then. */
	spdm_sysfs_remove(sd);
	cancel_work_sync(&sd->work);
	/* Nothing is signed any more. */
	spdm_evidence_remove(sd);

	kvfree(sd->chains);
	kfree(sd->result.failure);
	mutex_destroy(&sd->lock);
	put_device(sd->dev);
	kfree(sd);
}
EXPORT_SYMBOL_GPL(spdm_dev_destroy);

static int __init spdm_init(void)
{
	find_algorithms();
	spdm_wq = alloc_workqueue("spdm", WQ_UNBOUND, 0);
	return spdm_wq ? 0 : -ENOMEM;
}
module_init(spdm_init);

static void __exit spdm_exit(void)
{
	destroy_workqueue(spdm_wq);
}
module_exit(spdm_exit);

MODULE_DESCRIPTION("SPDM requester: authenticates devices (DMTF DSP0274)");
MODULE_AUTHOR("The ccguest developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(CCGUEST_VERSION);
