/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Declarations for the files of this module.
 */
#ifndef SPDM_INTERNAL_H
#define SPDM_INTERNAL_H

#define dev_fmt(fmt)	"SPDM: " fmt

#include <crypto/public_key.h>
#include <linux/dev_printk.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spdm.h>
#include <linux/sysfs.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../../lib/spdm_pin.h"
#include "../../lib/spdm_text.h"

struct crypto_shash;
struct key;
struct shash_desc;
struct spdm_pinned;

/**
 * enum spdm_state - state of a device
 * @SPDM_PENDING: not authenticated yet, or not since it was suspended
 * @SPDM_RESET: not authenticated since it was reset
 * @SPDM_AUTHENTICATED: the last authentication succeeded
 * @SPDM_UNPROVED: the last authentication failed: a chain is trusted, and the
 *		   device did not prove that it has the private key of its leaf
 * @SPDM_UNTRUSTED: the last authentication failed: no chain is trusted, and the
 *		    device proved that it has the private key of the leaf of one
 * @SPDM_UNAUTHENTICATED: the last authentication failed: no chain is trusted, and
 *			  the device proved nothing
 * @SPDM_REPLACED: the last authentication failed: a chain is trusted, and its
 *		   key is not that of the last success
 * @SPDM_UNKNOWN: the device has no working transport: it may or may not
 *		  support authentication
 * @SPDM_TAKEN: another part of the kernel has taken the device over
 */
enum spdm_state {
	SPDM_PENDING,
	SPDM_RESET,
	SPDM_AUTHENTICATED,
	SPDM_UNPROVED,
	SPDM_UNTRUSTED,
	SPDM_UNAUTHENTICATED,
	SPDM_REPLACED,
	SPDM_UNKNOWN,
	SPDM_TAKEN,
};

/* News for user space: see spdm_sysfs_changed(). */
#define SPDM_NEWS_STATE		0x1
#define SPDM_NEWS_EVIDENCE	0x2

/**
 * struct spdm_result - result of the last authentication
 * @state: state of the device
 * @version: SPDM_VER_..., 0 if no version was negotiated
 * @asym: signature algorithm, or NULL
 * @hash: hash algorithm, or NULL
 * @slot: the slot that verified, or SPDM_NO_SLOT
 * @proved: mask of the slots whose key the device proved to have: one at most
 * @n_signatures: number of the signatures that were kept since the device arrived
 * @failure: a line per failure, or NULL
 * @certs: offset of each slot's certificates in the device's chains
 * @certs_len: length of each slot's certificates in bytes; 0 for no chain
 * @distrusts: the device's @distrusts when the authentication began
 */
struct spdm_result {
	enum spdm_state state;
	u8 version;
	const struct spdm_asym *asym;
	const struct spdm_hash *hash;
	u8 slot;
	u8 proved;
	u32 n_signatures;
	char *failure;
	size_t certs[SPDM_SLOTS];
	size_t certs_len[SPDM_SLOTS];
	int distrusts;
};

/**
 * struct spdm_cert - key and signature of a certificate
 * @key: the key, which points into the certificate
 * @sig: the signature, which points into the certificate, and to @digest; its s
 *	 is NULL if the kernel lacks the hash
 * @digest: digest of tbsCertificate
 *
 * The certificate must stay where it is. Nothing is to be freed.
 */
struct spdm_cert {
	struct public_key key;
	struct public_key_signature sig;
	u8 digest[SPDM_HASH_MAX];
};

/**
 * struct spdm_run - an authentication that runs
 * @sd: the device
 * @distrusts: the device's @distrusts when this authentication began
 * @validity: policy for certificates outside their validity
 * @tfm: the hash
 * @alg: its algorithm
 * @desc: unfinished computations of the hash
 * @certs: the certificate that was loaded last, and the one before it, both in
 *	   the buffer of the chains
 * @n_certs: number of certificates that were loaded; @certs has the last two
 * @ca: the trusted CA that was found last, a reference; or NULL
 * @ca_cert: certificate of @ca, a reference; NULL if it is not known
 * @n_known: number of CAs whose certificate is known that were searched for the
 *	     certificate loaded last
 * @ca_ways: number of ways in which a CA was searched of which only the key is
 *	     known
 * @hash: algorithm of @root_hash
 * @root_hash: RootHash of the chain that is being verified
 * @chains: buffer for the chains received now; NULL while none was needed
 * @chains_size: size of @chains in bytes
 * @transcript: bytes that the next signature covers
 * @transcript_len: length of these bytes
 * @transcript_size: size of the buffer in bytes
 * @transcript_lost: an allocation for @transcript failed
 * @pin: keys of the chain that verified last, version and algorithms; its version
 *	 is 0 if there is none, or if nothing is pinned
 * @replaced: the key of a trusted chain is not that of the last success
 */
struct spdm_run {
	struct spdm_dev *sd;
	int distrusts;
	enum x509_validity validity;
	struct crypto_shash *tfm;
	const struct spdm_hash *alg;
	struct shash_desc *desc[SPDM_N_HASH_CTX];
	struct spdm_cert certs[2];
	size_t n_certs;
	struct key *ca;
	struct key *ca_cert;
	size_t n_known;
	u8 ca_ways;
	const struct spdm_hash *hash;
	const u8 *root_hash;
	u8 *chains;
	size_t chains_size;
	u8 *transcript;
	size_t transcript_len;
	size_t transcript_size;
	bool transcript_lost;
	struct spdm_pin pin;
	bool replaced;
};

/**
 * struct spdm_dev - a device that may be authenticated
 * @node: node in the list of all devices
 * @dev: the device, a reference
 * @transport: functions that send messages; NULL if no transport works
 * @priv: for the functions of @transport
 * @keyring: the trusted certificates
 * @pinned: the pin of its slot; @lock protects the contents
 * @work: runs an authentication
 * @distrust_work: tells user space that a result was dropped
 * @uevent_work: sends a uevent that had to wait for the "add" of the device
 * @gone: the device is being removed: no more exchanges and authentications
 * @suspended: 0; or a negative errno: no more exchanges until the device is
 *	       resumed, authentications end with this result
 * @wait: wait queue for changes of @done, @gone and @suspended
 * @distrusts: number of times that results were dropped
 * @count_lock: protects @wanted, @started, @done and @rc
 * @wanted: number of the last authentication that was requested
 * @started: number of authentications that started
 * @done: number of the last authentication that ended
 * @rc: result of that authentication
 * @run: the authentication that runs; only @work uses it
 * @req: the requester; only @work uses it
 * @lock: protects @result, @chains, @news, @add_seen, @announced and @next_nonce
 * @result: the result that the files show
 * @chains: the chains that @result is about, kept for the next authentication
 * @news: SPDM_NEWS_... that no uevent has told yet
 * @add_seen: the kernel sends the uevent "add" of the device, or has sent it
 * @announced: the kernel has sent it: uevents of this module may follow
 * @next_nonce: nonce for the next CHALLENGE
 * @has_next_nonce: @next_nonce is set
 * @signatures: directory "signatures"
 * @nonce_attr: file next_requester_nonce of the directory
 * @signature_list: signatures, oldest first; only @work uses the list
 * @signatures_size: memory of all signatures, in bytes
 * @n_signatures: number of the next signature
 */
struct spdm_dev {
	struct list_head node;
	struct device *dev;
	const struct spdm_transport *transport;
	void *priv;
	struct key *keyring;
	struct spdm_pinned *pinned;

	struct work_struct work;
	struct work_struct distrust_work;
	struct delayed_work uevent_work;
	bool gone;
	int suspended;
	wait_queue_head_t wait;
	atomic_t distrusts;
	spinlock_t count_lock; /* wanted, started, done, rc */
	unsigned long wanted;
	unsigned long started;
	unsigned long done;
	int rc;

	struct spdm_run run;
	struct spdm_req req;
	struct mutex lock; /* result, chains, news, add_seen, announced, next_nonce */
	struct spdm_result result;
	u8 *chains;
	u8 news;
	bool add_seen;
	bool announced;
	u8 next_nonce[SPDM_NONCE_LEN];
	bool has_next_nonce;

	struct kobject *signatures;
	struct bin_attribute nonce_attr;
	struct list_head signature_list;
	size_t signatures_size;
	u32 n_signatures;
};

/* run.c */

/**
 * spdm_run_init - find the algorithms that the kernel has
 */
void spdm_run_init(void);

/**
 * spdm_run_offer - set the algorithms that a device's requester offers
 * @sd: device
 */
void spdm_run_offer(struct spdm_dev *sd);

/**
 * spdm_is_stale - check whether the result of a device was dropped
 * @sd: device, with its lock held
 *
 * Return: true if spdm_dev_distrust() was called since the authentication began
 * that the result is of.
 */
bool spdm_is_stale(const struct spdm_dev *sd);

/**
 * spdm_run_stopped - check whether a device's authentication must end
 * @sd: device
 *
 * Return: 0; -ENODEV if the device is being removed; the errno that
 * spdm_dev_suspend() got; -EAGAIN after spdm_dev_distrust().
 */
int spdm_run_stopped(const struct spdm_dev *sd);

/**
 * spdm_stopped - check whether an authentication must end
 * @run: authentication
 *
 * Return: as spdm_run_stopped(); -ETIMEDOUT if the time is over.
 */
int spdm_stopped(const struct spdm_run *run);

/**
 * spdm_run_once - authenticate a device, and publish the result
 * @sd: device
 *
 * Context: @sd's work.
 * Return: 0 or a negative errno, as spdm_dev_authenticate().
 */
int spdm_run_once(struct spdm_dev *sd);

/* hash.c: hash functions of struct spdm_req_ops */

/**
 * spdm_hash_init - start a hash
 * @ctx: authentication
 * @which: which of its hashes; an unfinished computation is dropped
 * @alg: its algorithm; two hashes that run at a time have the same
 *
 * Return: 0 or a negative errno.
 */
int spdm_hash_init(void *ctx, enum spdm_hash_ctx which,
		   const struct spdm_hash *alg);

/**
 * spdm_hash_update - add bytes to a hash
 * @ctx: authentication
 * @which: which of its hashes
 * @data: bytes
 * @len: their number
 *
 * Return: 0 or a negative errno.
 */
int spdm_hash_update(void *ctx, enum spdm_hash_ctx which, const u8 *data,
		     size_t len);

/**
 * spdm_hash_final - finish a hash
 * @ctx: authentication
 * @which: which of its hashes
 * @digest: set
 *
 * Return: 0 or a negative errno.
 */
int spdm_hash_final(void *ctx, enum spdm_hash_ctx which, u8 *digest);

/**
 * spdm_hash_free - free the memory of an authentication's hashes
 * @run: authentication
 */
void spdm_hash_free(struct spdm_run *run);

/* chain.c */

/**
 * spdm_verify_chain - verify a chain with the trusted certificates
 * @ctx: authentication
 * @slot: slot of the chain
 * @c: connection
 * @chain: the chain
 * @fault: set if the result is not 0
 *
 * See struct spdm_req_ops.
 *
 * Return: as x509_verify_chain().
 */
int spdm_verify_chain(void *ctx, u8 slot, const struct spdm_conn *c,
		      const struct spdm_chain *chain, struct spdm_fault *fault);

/**
 * spdm_take_leaf - load the leaf's key of a chain that is not trusted
 * @ctx: authentication
 * @slot: slot of the chain
 * @c: connection
 * @chain: the chain
 *
 * See struct spdm_req_ops. The key goes through the same checks as that of a
 * trusted chain, the kernel's blacklist included.
 *
 * Return: 0; a negative errno if the key cannot be used.
 */
int spdm_take_leaf(void *ctx, u8 slot, const struct spdm_conn *c,
		   const struct spdm_chain *chain);

/**
 * spdm_verify_signature - verify a signature with the key of the last chain
 * @ctx: authentication
 * @slot: slot of the chain
 * @c: connection
 * @tbs: what is signed
 * @sig: the signature
 *
 * See struct spdm_req_ops.
 *
 * Return: 0; -EKEYREJECTED if the signature is wrong, or the key does not
 * fit the negotiated algorithm; another negative errno.
 */
int spdm_verify_signature(void *ctx, u8 slot, const struct spdm_conn *c,
			  const struct spdm_tbs *tbs, const u8 *sig);

/**
 * spdm_cert_take - get the key and the signature of a certificate
 * @cert: the certificate, which x509_walk() accepted and x509_check_key() allows;
 *	  it must stay where it is while @c is used
 * @c: set to key and signature; without the hash algorithm, to the key only
 *
 * Nothing is copied but the digest of what was signed. May sleep.
 *
 * Return: 0; -EKEYREJECTED if the certificate is blacklisted, as from the kernel's
 * parser; -ENOMEM; or another errno of the hash.
 */
int spdm_cert_take(const struct x509_cert *cert, struct spdm_cert *c);

/**
 * spdm_cert_made - was a key in a keyring made from a certificate?
 * @c: key and signature of the certificate
 * @key: key of type asymmetric
 *
 * Return: true if the key has the signature and the public key of @c. False if
 * the kernel lacks the hash of the signature.
 */
bool spdm_cert_made(const struct spdm_cert *c, const struct key *key);

/**
 * spdm_chain_free - forget the chain that was verified last
 * @run: authentication
 */
void spdm_chain_free(struct spdm_run *run);

/* anchor.c */

/**
 * spdm_anchor_init - register the key type spdm_certificate
 *
 * Return: 0; -EEXIST if the kernel has a key type of this name.
 */
int spdm_anchor_init(void);

/**
 * spdm_anchor_exit - remove the key type, and all keys of this type
 */
void spdm_anchor_exit(void);

/**
 * spdm_anchor_find - find the certificate that a trusted key was made from
 * @keyring: the keyring of the trusted key
 * @sig: signature of the certificate that the trusted key was made from, or
 *	 NULL
 *
 * Only the last bytes of the signature are compared: the caller must compare
 * the certificates.
 *
 * Return: a key of type spdm_certificate, to be released with key_put(); NULL
 * if nobody added the certificate; an error pointer if the search failed.
 */
struct key *spdm_anchor_find(struct key *keyring,
			     const struct public_key_signature *sig);

/**
 * spdm_anchor_issuer - find the certificates of the CAs that have a name
 * @keyring: keyring to search
 * @cert: certificate whose issuer is the name
 * @n: number of the CA among those of the name
 *
 * The names are compared by RFC 5280, 7.1. The order is arbitrary, and stays
 * while the keyring does not change. Keys that have expired or are revoked are
 * passed over.
 *
 * Return: a key of type spdm_certificate, to be released with key_put(); NULL
 * if there are no more; an error pointer if the search failed.
 */
struct key *spdm_anchor_issuer(struct key *keyring,
			       const struct x509_cert *cert, size_t n);

/**
 * spdm_anchor_der - get the certificate of a key
 * @anchor: key of type spdm_certificate
 * @len: set to the length of the certificate in bytes
 *
 * Return: the certificate in DER, valid while the caller has a reference to
 * the key.
 */
const u8 *spdm_anchor_der(const struct key *anchor, size_t *len);

/* pin.c */

/**
 * spdm_pin_attach - find the pin of a device's slot, or make room for one
 * @sd: device; its pinned is set
 *
 * Return: 0; -ENOMEM; -ENOSPC if too many slots have a pin.
 */
int spdm_pin_attach(struct spdm_dev *sd);

/**
 * spdm_pin_detach - a device is removed; its slot keeps the pin
 * @sd: device
 */
void spdm_pin_detach(struct spdm_dev *sd);

/**
 * spdm_pin_exit - forget all pins
 */
void spdm_pin_exit(void);

/**
 * spdm_pin_check - compare a connection with the pin of the device
 * @run: authentication; its pin and its replaced are set
 * @slot: slot of the chain
 * @c: connection
 * @chain: the chain, which verified
 * @anchor: number of its anchor
 * @fault: set if the result is not 0
 *
 * Return: 0; -EPROTO if version or algorithms are less than at the last success,
 * and may not be; -EKEYREJECTED if the key is another one; -EBADMSG if the chain
 * is malformed.
 */
int spdm_pin_check(struct spdm_run *run, u8 slot, const struct spdm_conn *c,
		   const struct spdm_chain *chain, size_t anchor,
		   struct spdm_fault *fault);

/**
 * spdm_pin_keep - the authentication succeeded: keep its pin
 * @sd: device, with its lock held
 */
void spdm_pin_keep(struct spdm_dev *sd);

/**
 * spdm_pin_show - print the pin of a device
 * @sd: device
 * @buf: a page
 *
 * Return: number of bytes.
 */
ssize_t spdm_pin_show(struct spdm_dev *sd, char *buf);

/**
 * spdm_pin_store - clear the pin of a device
 * @sd: device
 * @buf: "clear"
 * @count: length of @buf
 *
 * Return: @count; -EINVAL if the text is another one.
 */
ssize_t spdm_pin_store(struct spdm_dev *sd, const char *buf, size_t count);

/* sysfs.c */

/**
 * spdm_sysfs_add - make a device's files
 * @sd: device
 *
 * Return: 0; -EEXIST if the device has one of these files already; -ENOMEM.
 */
int spdm_sysfs_add(struct spdm_dev *sd);

/**
 * spdm_sysfs_remove - remove a device's files
 * @sd: device
 *
 * Waits for their readers and writers. The signatures stay:
 * spdm_evidence_remove() removes them.
 */
void spdm_sysfs_remove(struct spdm_dev *sd);

/**
 * spdm_sysfs_changed - notify user space that a device's result changed
 * @sd: device, with its lock held: so the notifications come in order
 * @news: SPDM_NEWS_STATE: there is another state; SPDM_NEWS_EVIDENCE: there are new
 *	  signatures; both; or 0
 *
 * Wakes up poll() on the files of the news, and sends one uevent for all news; later
 * if the kernel has not sent the uevent "add" of the device yet.
 */
void spdm_sysfs_changed(struct spdm_dev *sd, u8 news);

/**
 * spdm_uevent_work - send the uevent that had to wait
 * @work: uevent_work of a device
 */
void spdm_uevent_work(struct work_struct *work);

/* evidence.c */

/**
 * spdm_evidence_add - make a device's directory of signatures
 * @sd: device
 *
 * Return: 0; -EEXIST; -ENOMEM.
 */
int spdm_evidence_add(struct spdm_dev *sd);

/**
 * spdm_evidence_remove - remove a device's directory of signatures
 * @sd: device; no authentication may run
 */
void spdm_evidence_remove(struct spdm_dev *sd);

/**
 * spdm_nonce - get the nonce for a request for a signature
 * @ctx: authentication
 * @nonce: set to the bytes written to next_requester_nonce, which are used
 *	   once; or to random bytes
 *
 * See struct spdm_req_ops.
 *
 * Return: 0 or a negative errno.
 */
int spdm_nonce(void *ctx, u8 nonce[SPDM_NONCE_LEN]);

/**
 * spdm_record - keep a copy of bytes of the transcript
 * @run: authentication
 * @data: bytes
 * @len: their number
 *
 * If memory is short, the signature is not kept, and the authentication
 * continues. SPDM_CHAINS_MAX bounds the chains in a transcript, and
 * SPDM_MESSAGES_MAX the rest.
 */
void spdm_record(struct spdm_run *run, const u8 *data, size_t len);

/**
 * spdm_signature - keep a signature, and the bytes that it covers
 * @ctx: authentication
 * @slot: slot of the chain whose key should verify the signature
 * @proof: the signature
 *
 * See struct spdm_req_ops. Called before the signature is verified: a wrong
 * signature is evidence too.
 */
void spdm_signature(void *ctx, u8 slot, const struct spdm_proof *proof);

#endif /* SPDM_INTERNAL_H */
