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
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/key.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "../../lib/x509_name.h"
#include "../../lib/x509_walk.h"

/* The longest chain in a slot is not longer; DSP0274, table "GET_CERTIFICATE". */
#define DER_MAX		65535

/* A certificate is found by the last bytes of its signature. */
#define TAIL_LEN	20
#define TAIL_SIZE	(2 * TAIL_LEN + 1)

/*
 * A search for the CAs of a name: the number of CAs to skip, and the name in
 * hexadecimal, as in searches for keys of type asymmetric.
 */
#define ISSUER		"issuer:"
#define ISSUER_SIZE	(sizeof(ISSUER) + 20 + 1)

/**
 * struct anchor - payload of a key
 * @tail: last bytes of the certificate's signature, in hexadecimal
 * @subject: subject in @der, a Name in DER
 * @subject_len: length of @subject in bytes
 * @len: length of @der in bytes
 * @der: the certificate
 */
struct anchor {
	char tail[TAIL_SIZE];
	const u8 *subject;
	size_t subject_len;
	size_t len;
	u8 der[];
};

/**
 * struct query - a search for the CAs of a name
 * @cert: a certificate with this issuer; its other members are not set
 * @skip: number of CAs to skip
 * @name: the issuer, a Name in DER
 */
struct query {
	struct x509_cert cert;
	size_t skip;
	u8 name[];
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
	a->subject = cert.subject;
	a->subject_len = cert.subject_len;
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

static bool is_issuer(const struct key *key, const struct key_match_data *match)
{
	struct query *q = match->preparsed;
	struct x509_cert ca = {};
	const struct anchor *a;

	if (!key_is_positive(key))
		return false;
	a = key->payload.data[0];
	ca.subject = a->subject;
	ca.subject_len = a->subject_len;
	return x509_issued_by(&q->cert, &ca) && !q->skip--;
}

/* User space may search for any text. */
static int parse_query(struct key_match_data *match)
{
	const char *text = match->raw_data;
	struct query *q;
	size_t skip, len;
	int pos = 0;

	if (sscanf(text, ISSUER "%zu:%n", &skip, &pos) != 1 || !pos)
		return -EINVAL;
	len = strlen(text + pos) / 2;
	q = kvzalloc(struct_size(q, name, len), GFP_KERNEL);
	if (!q)
		return -ENOMEM;
	if (hex2bin(q->name, text + pos, len)) {
		kvfree(q);
		return -EINVAL;
	}
	q->cert.issuer = q->name;
	q->cert.issuer_len = len;
	q->skip = skip;
	match->preparsed = q;
	return 0;
}

static int anchor_match_preparse(struct key_match_data *match)
{
	match->lookup_type = KEYRING_SEARCH_LOOKUP_ITERATE;
	match->cmp = is_described;
	if (!strstarts(match->raw_data, ISSUER))
		return 0;
	match->cmp = is_issuer;
	return parse_query(match);
}

static void anchor_match_free(struct key_match_data *match)
{
	kvfree(match->preparsed);
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
	.match_free = anchor_match_free,
	.destroy = anchor_destroy,
	.describe = anchor_describe,
	.read = anchor_read,
};

static struct key *search(struct key *keyring, const char *text)
{
	key_ref_t ref = keyring_search(make_key_ref(keyring, 1),
				       &key_type_anchor, text, false);

	if (!IS_ERR(ref))
		return key_ref_to_ptr(ref);
	return PTR_ERR(ref) == -EAGAIN ? NULL : ERR_CAST(ref);
}

struct key *spdm_anchor_find(struct key *keyring,
			     const struct public_key_signature *sig)
{
	char tail[TAIL_SIZE];

	if (!sig || !sig->s)
		return NULL;
	get_tail(sig, tail);
	return search(keyring, tail);
}

struct key *spdm_anchor_issuer(struct key *keyring,
			       const struct x509_cert *cert, size_t n)
{
	struct key *key;
	char *text, *p;

	text = kvmalloc(ISSUER_SIZE + 2 * cert->issuer_len, GFP_KERNEL);
	if (!text)
		return ERR_PTR(-ENOMEM);
	p = text + sprintf(text, ISSUER "%zu:", n);
	p = bin2hex(p, cert->issuer, cert->issuer_len);
	*p = '\0';
	key = search(keyring, text);
	kvfree(text);
	if (key == ERR_PTR(-EKEYEXPIRED) || key == ERR_PTR(-EKEYREVOKED))
		return NULL;
	return key;
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
