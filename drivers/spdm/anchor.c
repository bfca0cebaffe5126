// SPDX-License-Identifier: GPL-2.0-only
/*
 * Key type spdm_certificate: the certificate of a trusted CA, in DER.
 *
 * A key of type asymmetric keeps the public key of a certificate and three
 * flags. It does not keep pathLenConstraint, nameConstraints, the validity and
 * critical extensions. A chain that begins below its root would escape these
 * limits. So root can add the certificate once more to the same keyring, as a
 * key of this type. Such a key alone makes nothing trusted.
 */
#include "internal.h"

#include <crypto/public_key.h>
#include <keys/asymmetric-subtype.h>
#include <keys/asymmetric-type.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/key.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "../../lib/x509_walk.h"

/* The longest chain in a slot is not longer; DSP0274, table "GET_CERTIFICATE". */
#define DER_MAX		65535

/* A certificate is found by the last bytes of its signature. */
#define TAIL_LEN	20
#define TAIL_SIZE	(2 * TAIL_LEN + 1)

/**
 * struct anchor - payload of a key
 * @tail: last bytes of the certificate's signature, in hexadecimal
 * @len: length of @der in bytes
 * @der: the certificate
 */
struct anchor {
	char tail[TAIL_SIZE];
	size_t len;
	u8 der[];
};

static void get_tail(const struct public_key_signature *sig, char *tail)
{
	u32 len = min_t(u32, sig->s_size, TAIL_LEN);

	snprintf(tail, TAIL_SIZE, "%*phN", len, sig->s + sig->s_size - len);
}

/* The kernel's own parser must accept the certificate, for a key of type asymmetric. */
static int parse(struct anchor *a, struct key_preparsed_payload *prep)
{
	struct key_preparsed_payload key = {
		.data = a->der,
		.datalen = a->len,
		.expiry = TIME64_MAX,
	};
	const struct public_key_signature *sig;
	int rc;

	rc = key_type_asymmetric.preparse(&key);
	if (!rc) {
		sig = key.payload.data[asym_auth];
		if (sig && sig->s)
			get_tail(sig, a->tail);
		else
			rc = -ENOPKG;
	}
	swap(prep->description, key.description);
	key_type_asymmetric.free_preparse(&key);
	return rc;
}

static int anchor_preparse(struct key_preparsed_payload *prep)
{
	struct x509_fault fault;
	struct x509_cert cert;
	struct anchor *a;
	int rc;

	if (!prep->datalen || prep->datalen > DER_MAX)
		return -EINVAL;
	a = kvmalloc(struct_size(a, der, prep->datalen), GFP_KERNEL);
	if (!a)
		return -ENOMEM;
	prep->payload.data[0] = a;
	prep->quotalen = prep->datalen;
	a->len = prep->datalen;
	memcpy(a->der, prep->data, a->len);
	rc = x509_walk(a->der, a->len, &cert, &fault);
	if (rc)
		return rc;
	return cert.raw_len == a->len ? parse(a, prep) : -EBADMSG;
}

/* The key core calls this function after a failure of anchor_preparse(), too. */
static void anchor_free_preparse(struct key_preparsed_payload *prep)
{
	kvfree(prep->payload.data[0]);
	kfree(prep->description);
}

static void anchor_destroy(struct key *key)
{
	kvfree(key->payload.data[0]);
}

/* The key core also calls this function for keys without a payload. */
static bool is_described(const struct key *key,
			 const struct key_match_data *match)
{
	const struct anchor *a;

	if (!key_is_positive(key))
		return false;
	a = key->payload.data[0];
	return !strcmp(a->tail, match->raw_data) ||
	       !strcmp(key->description, match->raw_data);
}

static int anchor_match_preparse(struct key_match_data *match)
{
	match->lookup_type = KEYRING_SEARCH_LOOKUP_ITERATE;
	match->cmp = is_described;
	return 0;
}

static void anchor_describe(const struct key *key, struct seq_file *m)
{
	const struct anchor *a = key->payload.data[0];

	seq_puts(m, key->description);
	if (key_is_positive(key))
		seq_printf(m, ": %zu", a->len);
}

static long anchor_read(const struct key *key, char *buf, size_t len)
{
	const struct anchor *a = key->payload.data[0];

	if (buf)
		memcpy(buf, a->der, min(len, a->len));
	return a->len;
}

static struct key_type key_type_anchor = {
	.name = "spdm_certificate",
	.preparse = anchor_preparse,
	.free_preparse = anchor_free_preparse,
	.instantiate = generic_key_instantiate,
	.match_preparse = anchor_match_preparse,
	.destroy = anchor_destroy,
	.describe = anchor_describe,
	.read = anchor_read,
};

struct key *spdm_anchor_find(struct key *keyring,
			     const struct public_key_signature *sig)
{
	char tail[TAIL_SIZE];
	key_ref_t ref;

	if (!sig || !sig->s)
		return NULL;
	get_tail(sig, tail);
	ref = keyring_search(make_key_ref(keyring, 1), &key_type_anchor, tail,
			     false);
	if (!IS_ERR(ref))
		return key_ref_to_ptr(ref);
	return PTR_ERR(ref) == -EAGAIN ? NULL : ERR_CAST(ref);
}

const u8 *spdm_anchor_der(const struct key *anchor, size_t *len)
{
	const struct anchor *a = anchor->payload.data[0];

	*len = a->len;
	return a->der;
}

int spdm_anchor_init(void)
{
	return register_key_type(&key_type_anchor);
}

void spdm_anchor_exit(void)
{
	unregister_key_type(&key_type_anchor);
}
