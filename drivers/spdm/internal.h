/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of this module know of each other.
 */
#ifndef SPDM_INTERNAL_H
#define SPDM_INTERNAL_H

#include <linux/dev_printk.h>
#include <linux/device.h>
#include <linux/key-type.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spdm.h>
#include <linux/sysfs.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../../lib/spdm_text.h"

struct crypto_shash;
struct public_key;
struct shash_desc;

/**
 * enum spdm_state - what is known about a device
 * @SPDM_PENDING: not authenticated yet, or not since the system slept
 * @SPDM_AUTHENTICATED: it proved who it is
 * @SPDM_UNAUTHENTICATED: it did not
 * @SPDM_UNKNOWN: whether it could be authenticated cannot be told
 */
enum spdm_state {
	SPDM_PENDING,
	SPDM_AUTHENTICATED,
	SPDM_UNAUTHENTICATED,
	SPDM_UNKNOWN,
};

/**
 * struct spdm_result - what the last authentication found out
 * @state: what is known about the device
 * @version: SPDM_VER_..., 0 where none was agreed on
 * @asym: signature algorithm, or NULL
 * @hash: hash algorithm, or NULL
 * @slot: the slot that verified, or SPDM_NO_SLOT
 * @failure: a line per failure, or NULL
 * @certs: where the certificates of each slot are in the device's chains
 * @certs_len: their length, 0 where there are none
 */
struct spdm_result {
	enum spdm_state state;
	u8 version;
	const struct spdm_asym *asym;
	const struct spdm_hash *hash;
	u8 slot;
	char *failure;
	size_t certs[SPDM_SLOTS];
	size_t certs_len[SPDM_SLOTS];
};

/**
 * struct spdm_dev - a device that may be authenticated
 * @node: in the list of all
 * @dev: the device, a reference
 * @transport: how to talk to it; NULL where that cannot be told
 * @priv: for @transport and @policy
 * @keyring: what is trusted
 * @policy: asks for what its certificates must have
 * @work: authenticates
 * @gone: no more exchanges, no more authentications
 * @asleep: likewise, until the system has woken up
 * @wait: for @done, and for @gone
 * @count_lock: for @started, @done, @rc
 * @started: authentications that began
 * @done: the number of the last one that ended
 * @rc: how it ended
 * @req: the requester; in the hands of @work
 * @lock: for @result, @chains, @distrusted and @next_nonce
 * @result: what is shown
 * @chains: the chains that @result is about, kept for the next time
 * @distrusted: counts the times that what was found out became worthless
 * @next_nonce: what the next CHALLENGE is to use
 * @has_next_nonce: there is one
 * @signatures: directory of the same name
 * @nonce_attr: its file next_requester_nonce
 * @signature_list: its signatures, oldest first; in the hands of @work
 * @signatures_size: bytes that they take
 * @n_signatures: the number of the next one
 */
struct spdm_dev {
	struct list_head node;
	struct device *dev;
	const struct spdm_transport *transport;
	void *priv;
	struct key *keyring;
	void (*policy)(void *priv, struct spdm_policy *policy);

	struct work_struct work;
	bool gone;
	bool asleep;
	wait_queue_head_t wait;
	spinlock_t count_lock; /* started, done, rc */
	unsigned long started;
	unsigned long done;
	int rc;

	struct spdm_req req;
	struct mutex lock; /* result, chains, distrusted, next_nonce */
	struct spdm_result result;
	u8 *chains;
	unsigned int distrusted;
	u8 next_nonce[SPDM_NONCE_LEN];
	bool has_next_nonce;

	struct kobject *signatures;
	struct bin_attribute nonce_attr;
	struct list_head signature_list;
	size_t signatures_size;
	u32 n_signatures;
};

/**
 * struct spdm_run - one authentication
 * @sd: of this device
 * @policy: what its certificates must have
 * @tfm: the hash
 * @alg: which one it is
 * @desc: its computations that go on
 * @certs: the chain that was verified last: keys and signatures
 * @n_certs: number of @certs
 * @chains: a new buffer for the chains, or NULL while the old one does
 * @chains_size: its size
 * @transcript: what the next signature will be made over
 * @transcript_len: its length
 * @transcript_size: size of the buffer
 * @transcript_lost: there was no memory for it
 */
struct spdm_run {
	struct spdm_dev *sd;
	struct spdm_policy policy;
	struct crypto_shash *tfm;
	const struct spdm_hash *alg;
	struct shash_desc *desc[SPDM_N_HASH_CTX];
	struct key_preparsed_payload certs[X509_CHAIN_MAX];
	size_t n_certs;
	u8 *chains;
	size_t chains_size;
	u8 *transcript;
	size_t transcript_len;
	size_t transcript_size;
	bool transcript_lost;
};

/* The words that follow are the same for every driver that may be bound. */
#define spdm_log(sd, level, fmt, ...)					\
do {									\
	const struct device *_dev = (sd)->dev;				\
									\
	dev_printk_emit(level, _dev, "%s %s: SPDM: " fmt "\n",		\
			_dev->bus ? _dev->bus->name : "",		\
			dev_name(_dev), ##__VA_ARGS__);			\
} while (0)

int spdm_stopped(const struct spdm_run *run);

int spdm_hash_init(void *ctx, enum spdm_hash_ctx which,
		   const struct spdm_hash *alg);
int spdm_hash_update(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		     size_t len);
int spdm_hash_final(void *ctx, enum spdm_hash_ctx which, u8 *digest);
void spdm_hash_free(struct spdm_run *run);

int spdm_verify_chain(void *ctx, u8 slot, const struct spdm_conn *c,
		      const struct spdm_chain *chain, struct spdm_fault *fault);
int spdm_verify_signature(void *ctx, u8 slot, const struct spdm_conn *c,
			  const u8 *digest, const u8 *sig);
void spdm_chain_free(struct spdm_run *run);

int spdm_sysfs_add(struct spdm_dev *sd);
void spdm_sysfs_remove(struct spdm_dev *sd);
void spdm_sysfs_changed(struct spdm_dev *sd);

int spdm_evidence_add(struct spdm_dev *sd);
void spdm_evidence_remove(struct spdm_dev *sd);
int spdm_nonce(struct spdm_dev *sd, u8 nonce[SPDM_NONCE_LEN]);
void spdm_record(struct spdm_run *run, const u8 *data, size_t len);
void spdm_signature(void *ctx, u8 slot, const struct spdm_challenge *req,
		    const struct spdm_challenge_auth *auth);

#endif /* SPDM_INTERNAL_H */
