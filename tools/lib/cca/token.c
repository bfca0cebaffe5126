// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attestation tokens of Arm CCA: a COSE_Sign1 message of the platform, a
 * COSE_Sign1 message of the realm, and the hash that binds the realm's key to
 * the platform. RMM specification (DEN0137), "Attestation token"; RFC 9052;
 * draft-ffm-rats-cca-token.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/text.h>

#include "cca/cbor.h"
#include "cca/token.h"
#include "core/ctx.h"
#include "core/json.h"
#include "x509/ecdsa.h"

#define TOKEN_MAX	0x10000
#define KEY_MAX		0x10000

#define TAG_CCA		399
#define TAG_SIGN1	18
#define KEY_PLATFORM	44234
#define KEY_REALM	44241

#define COSE_ALG	1
#define COORD_MAX	66
/* Implementation IDs have 32 bytes, instance IDs have 33. */
#define ID_MAX		64

/* COSE algorithms and their curves. */
static const struct curve {
	s64 alg;
	s64 cose_curve;
	const char *jwk;
	const char *group;
	const char *md;
	size_t len;
} curves[] = {
	{ -7, 1, "P-256", "prime256v1", "SHA256", 32 },
	{ -35, 2, "P-384", "secp384r1", "SHA384", 48 },
	{ -36, 3, "P-521", "secp521r1", "SHA512", 66 },
};

static EVP_PKEY *key_of_point(const char *group, const u8 *point, size_t len)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (bld && ctx &&
	    OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME,
					    group, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY,
					     point, len) == 1)
		params = OSSL_PARAM_BLD_to_param(bld);
	if (!params || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *key_of_coords(const struct curve *c, const u8 *x, const u8 *y)
{
	u8 point[1 + 2 * COORD_MAX] = { POINT_CONVERSION_UNCOMPRESSED };

	memcpy(point + 1, x, c->len);
	memcpy(point + 1 + c->len, y, c->len);
	return key_of_point(c->group, point, 1 + 2 * c->len);
}

/* Messages ----------------------------------------------------------------- */

static const struct curve *find_curve(struct cbor protected)
{
	struct cbor_map map;
	struct cbor_item alg;
	struct cbor value;

	if (!ccg_cbor_map(&protected, &map) || !ccg_cbor_end(&protected) ||
	    !ccg_cbor_find(&map, COSE_ALG, &value) || !ccg_cbor_next(&value, &alg) ||
	    alg.major != CBOR_NEGATIVE)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(curves); i++)
		if (alg.val == (u64)(-1 - curves[i].alg))
			return &curves[i];
	return NULL;
}

/* COSE_Sign1; RFC 9052, 4.2. */
static bool take_message(const struct cbor_map *token, s64 key,
			 struct message *m)
{
	struct cbor_map unprotected;
	struct cbor c, claims;

	if (!ccg_cbor_find(token, key, &c) ||
	    !ccg_cbor_string(&c, CBOR_BYTES, &c) ||
	    !ccg_cbor_is(&c, CBOR_TAG, TAG_SIGN1) || !ccg_cbor_is(&c, CBOR_ARRAY, 4) ||
	    !ccg_cbor_string(&c, CBOR_BYTES, &m->protected) ||
	    !ccg_cbor_map(&c, &unprotected) ||
	    !ccg_cbor_string(&c, CBOR_BYTES, &m->payload) ||
	    !ccg_cbor_string(&c, CBOR_BYTES, &m->signature) || !ccg_cbor_end(&c))
		return false;
	m->curve = find_curve(m->protected);
	claims = m->payload;
	return m->curve && ccg_cbor_map(&claims, &m->claims) &&
	       ccg_cbor_end(&claims);
}

static bool take_token(struct token *j, const u8 *buf, size_t len)
{
	struct cbor c = { buf, len, &j->fault };
	struct cbor_map map;

	if (!ccg_cbor_is(&c, CBOR_TAG, TAG_CCA))
		return false;
	j->fault.field = "the collection";
	if (!ccg_cbor_map(&c, &map) || !ccg_cbor_end(&c) || map.n != 2)
		return false;
	j->fault.field = "the platform's token";
	if (!take_message(&map, KEY_PLATFORM, &j->platform))
		return false;
	j->fault.field = "the realm's token";
	return take_message(&map, KEY_REALM, &j->realm);
}

static int refuse_token(const struct token *j, const u8 *buf)
{
	const struct cbor_fault *f = &j->fault;

	if (!f->field)
		return ccg_fail(j->ctx, -EKEYREJECTED, CCG_UNVERIFIED, j->path,
				"not a CCA token: expected tag %d at offset 0",
				TAG_CCA);
	if (!f->what)
		return ccg_fail(j->ctx, -EKEYREJECTED, CCG_UNVERIFIED, j->path,
				"not a CCA token: %s does not have the expected form",
				f->field);
	return ccg_fail(j->ctx, -EKEYREJECTED, CCG_UNVERIFIED, j->path,
			"not a CCA token: %s: the item at offset %td %s",
			f->field, f->at - buf, f->what);
}

/* Head of a byte string in its shortest form; @len is TOKEN_MAX at most. */
static size_t put_bytes_head(u8 *p, size_t len)
{
	size_t n = len < 24 ? 0 : len <= 0xff ? 1 : len <= 0xffff ? 2 : 4;

	p[0] = CBOR_BYTES << 5 | (n ? 24 + n / 2 : len);
	for (size_t i = 0; i < n; i++)
		p[1 + i] = len >> 8 * (n - 1 - i);
	return 1 + n;
}

/* Sig_structure; RFC 9052, 4.4. Free the result with free(). */
static u8 *to_be_signed(const struct message *m, size_t *lenp)
{
	static const u8 head[] = "\x84\x6aSignature1";
	u8 *buf = malloc(sizeof(head) + 16 + m->protected.left + m->payload.left);
	u8 *p = buf;

	if (!buf)
		return NULL;
	p = mempcpy(p, head, sizeof(head) - 1);
	p += put_bytes_head(p, m->protected.left);
	p = mempcpy(p, m->protected.p, m->protected.left);
	p += put_bytes_head(p, 0);
	p += put_bytes_head(p, m->payload.left);
	p = mempcpy(p, m->payload.p, m->payload.left);
	*lenp = p - buf;
	return buf;
}

static bool is_of_curve(const struct message *m, EVP_PKEY *key)
{
	char group[32];

	return m->signature.left == 2 * m->curve->len &&
	       EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) == 1 &&
	       !strcmp(group, m->curve->group);
}

/* Returns 0, -EKEYREJECTED, or -ENOMEM, which is not a verdict. */
static int verify(const struct message *m, EVP_PKEY *key)
{
	u8 *tbs, der[CCG_ECDSA_DER_MAX];
	EVP_MD_CTX *ctx;
	size_t len = 0;
	int der_len, rc = -ENOMEM;

	if (!is_of_curve(m, key))
		return -EKEYREJECTED;
	ctx = EVP_MD_CTX_new();
	tbs = to_be_signed(m, &len);
	der_len = ccg_ecdsa_to_der(m->signature.p, m->signature.left, der);
	if (ctx && tbs && der_len > 0 &&
	    EVP_DigestVerifyInit_ex(ctx, NULL, m->curve->md, NULL, NULL, key,
				    NULL) == 1)
		rc = EVP_DigestVerify(ctx, der, der_len, tbs, len) == 1 ?
		     0 : -EKEYREJECTED;
	free(tbs);
	EVP_MD_CTX_free(ctx);
	return rc;
}

static int check_signature(const struct token *j, const struct message *m,
			   EVP_PKEY *key, const char *why)
{
	int rc = verify(m, key);

	if (rc == -EKEYREJECTED)
		return ccg_refuse(j, "%s", why);
	return rc ? ccg_fail_errno(j->ctx, rc, j->path) : 0;
}

/* Keys --------------------------------------------------------------------- */

/* Decodes base64url without padding; RFC 7515, 2. */
static bool unbase64(const char *text, u8 *buf, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned int bits = 0, acc = 0;
	const char *d;
	size_t n = 0;

	for (; *text; text++) {
		d = strchr(digits, *text);
		if (!d)
			return false;
		acc = acc << 6 | (d - digits);
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		if (n == len)
			return false;
		buf[n++] = acc >> bits;
	}
	return n == len;
}

static const char *member(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return "";
	return json_object_get_string(v);
}

static EVP_PKEY *key_of_jwk(struct json_object *o)
{
	const char *crv = member(o, "crv");
	u8 x[COORD_MAX], y[COORD_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(curves); i++)
		if (!strcmp(crv, curves[i].jwk) &&
		    unbase64(member(o, "x"), x, curves[i].len) &&
		    unbase64(member(o, "y"), y, curves[i].len))
			return key_of_coords(&curves[i], x, y);
	return NULL;
}

static bool claim_is(const struct message *m, s64 claim, const char *hex)
{
	struct cbor value, str;
	u8 id[ID_MAX];
	size_t len;

	return ccg_cbor_find(&m->claims, claim, &value) &&
	       ccg_cbor_string(&value, CBOR_BYTES, &str) &&
	       !ccg_unhex(hex, id, sizeof(id), &len) && len == str.left &&
	       !memcmp(id, str.p, len);
}

/* Finds this platform's key in a list of trust anchors of ccatoken. */
static EVP_PKEY *key_of_anchors(const struct token *j, struct json_object *list)
{
	struct json_object *o, *pkey;

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		o = json_object_array_get_idx(list, i);
		if (claim_is(&j->platform, CLAIM_IMPLEMENTATION,
			     member(o, "implementation-id")) &&
		    claim_is(&j->platform, CLAIM_INSTANCE,
			     member(o, "instance-id")) &&
		    json_object_object_get_ex(o, "pkey", &pkey))
			return key_of_jwk(pkey);
	}
	return NULL;
}

/* Leaves *keyp NULL where the text is not JSON, or JSON without the key. */
static int key_of_json(const struct token *j, const char *path, const u8 *buf,
		       size_t len, EVP_PKEY **keyp)
{
	struct json_object *o;
	int rc = ccg_json_parse(j->ctx, path, buf, len, &o);

	if (json_object_is_type(o, json_type_object))
		*keyp = key_of_jwk(o);
	else if (json_object_is_type(o, json_type_array))
		*keyp = key_of_anchors(j, o);
	json_object_put(o);
	return rc == -ENOMEM ? rc : 0;
}

/* OpenSSL's default callback would ask for a pass phrase on the terminal. */
static int no_passphrase(char *buf, int size, int rwflag, void *arg)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	(void)arg;
	return -1;
}

static EVP_PKEY *key_of_pem(const uint8_t *buf, size_t len)
{
	BIO *bio = BIO_new_mem_buf(buf, len);
	EVP_PKEY *key = NULL;

	if (bio)
		key = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	return key;
}

/* Whether the first PEM block is an encrypted private key. */
static bool is_encrypted(const uint8_t *buf, size_t len)
{
	BIO *bio = BIO_new_mem_buf(buf, len);
	char *name = NULL, *header = NULL;
	unsigned char *data = NULL;
	bool encrypted = false;
	long data_len;

	if (bio && PEM_read_bio(bio, &name, &header, &data, &data_len))
		encrypted = !strcmp(name, PEM_STRING_PKCS8) ||
			    strstr(header, "ENCRYPTED");
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(data);
	BIO_free(bio);
	return encrypted;
}

static void fail_encrypted(const struct token *j, const char *path)
{
	ccg_fail(j->ctx, -ENOKEY, CCG_FAILED, path,
		 "is an encrypted key; --key takes a public key, which needs no pass phrase");
	ccg_hint(j->ctx,
		 "openssl pkey -in FILE -pubout -out FILE.pub decrypts FILE and writes its public key");
}

static EVP_PKEY *load_key(const struct token *j, const char *path)
{
	bool encrypted;
	EVP_PKEY *key;
	uint8_t *buf;
	size_t len;
	int rc = 0;

	if (ccg_file_load(j->ctx, path, KEY_MAX, &buf, &len))
		return NULL;
	key = key_of_pem(buf, len);
	encrypted = !key && is_encrypted(buf, len);
	if (!key && !encrypted)
		rc = key_of_json(j, path, buf, len, &key);
	free(buf);
	if (encrypted)
		fail_encrypted(j, path);
	else if (!rc && !key)
		ccg_fail(j->ctx, -EINVAL, CCG_FAILED, path,
			 "has no public key for this token: PEM, JWK or trust anchors");
	return key;
}

/* The realm's key: a bare point, or a COSE_Key in newer drafts. */
static EVP_PKEY *rak(const struct cbor *raw)
{
	struct cbor c = *raw, value, x, y;
	struct cbor_map map;
	struct cbor_item crv;

	for (size_t i = 0; i < ARRAY_SIZE(curves); i++)
		if (raw->left == 1 + 2 * curves[i].len &&
		    raw->p[0] == POINT_CONVERSION_UNCOMPRESSED)
			return key_of_point(curves[i].group, raw->p, raw->left);
	if (!ccg_cbor_map(&c, &map) || !ccg_cbor_end(&c) ||
	    !ccg_cbor_find(&map, -1, &value) ||
	    !ccg_cbor_next(&value, &crv) || crv.major != CBOR_UINT ||
	    !ccg_cbor_find(&map, -2, &value) ||
	    !ccg_cbor_string(&value, CBOR_BYTES, &x) ||
	    !ccg_cbor_find(&map, -3, &value) ||
	    !ccg_cbor_string(&value, CBOR_BYTES, &y))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(curves); i++)
		if (crv.val == (u64)curves[i].cose_curve &&
		    x.left == curves[i].len && y.left == curves[i].len)
			return key_of_coords(&curves[i], x.p, y.p);
	return NULL;
}

/* Checks ------------------------------------------------------------------- */

/* The platform's message has the hash of the realm's key. */
static bool is_bound(const struct token *j, const struct cbor *key)
{
	unsigned int len = 0;
	u8 digest[EVP_MAX_MD_SIZE];
	struct cbor nonce;
	const char *md;
	uint16_t alg;

	return ccg_claim_bytes(&j->platform, CLAIM_NONCE, &nonce) &&
	       ccg_claim_hash(&j->realm, CLAIM_RAK_HASH, &md, &alg) &&
	       EVP_Digest(key->p, key->left, digest, &len,
			  EVP_get_digestbyname(md), NULL) == 1 &&
	       nonce.left == len && !memcmp(nonce.p, digest, len);
}

static int check_realm(struct token *j)
{
	struct cbor raw;
	EVP_PKEY *key;
	int rc;

	if (!ccg_claim_bytes(&j->realm, CLAIM_RAK, &raw))
		return ccg_refuse(j, "the realm's token has no key");
	key = rak(&raw);
	if (!key)
		return ccg_refuse(j, "the realm's key is not a valid key");
	rc = check_signature(j, &j->realm, key,
			     "the realm's signature does not verify");
	EVP_PKEY_free(key);
	if (rc)
		return rc;
	if (!is_bound(j, &raw))
		return ccg_refuse(j,
				  "the platform's token does not have the hash of the realm's key");
	return 0;
}

static int check_nonce(struct token *j, const uint8_t *nonce, size_t len)
{
	struct cbor challenge;

	if (!ccg_claim_bytes(&j->realm, CLAIM_NONCE, &challenge))
		return ccg_refuse(j, "the realm's token has no challenge");
	if (!nonce)
		return 0;
	/* RSI_ATTESTATION_TOKEN_INIT: 64 bytes, padded with zeros. */
	for (size_t i = 0; i < challenge.left; i++)
		if (challenge.p[i] != (i < len ? nonce[i] : 0))
			return ccg_refuse(j, "the challenge is not the expected nonce");
	return len > challenge.left ? ccg_refuse(j, "the challenge is not the expected nonce") : 0;
}

int ccg_token_verify(struct ccg_token *t, const struct ccg_token_want *want)
{
	struct token *j = (struct token *)t;
	EVP_PKEY *key = load_key(j, want->key);
	int rc;

	if (!key)
		return ccg_error(j->ctx)->code;
	rc = check_signature(j, &j->platform, key,
			     "the platform's signature does not verify");
	EVP_PKEY_free(key);
	if (!rc)
		rc = check_realm(j);
	if (!rc)
		rc = check_nonce(j, want->nonce, want->nonce_len);
	if (!rc)
		rc = ccg_token_lifecycle(j, want->lifecycle);
	if (!rc && want->reference)
		rc = ccg_token_reference(j, want->reference);
	return rc;
}

int ccg_token_load(struct ccg_ctx *ctx, const char *path, struct ccg_token **tp)
{
	struct token *j = calloc(1, sizeof(*j));
	size_t len = 0;
	int rc;

	if (!j)
		return ccg_fail_errno(ctx, -ENOMEM, path);
	j->ctx = ctx;
	j->path = strdup(path);
	rc = j->path ? ccg_file_load(ctx, path, TOKEN_MAX, &j->buf, &len) :
		       ccg_fail_errno(ctx, -ENOMEM, path);
	if (!rc)
		rc = take_token(j, j->buf, len) ? ccg_token_claims(j) :
						  refuse_token(j, j->buf);
	if (rc)
		ccg_token_free(&j->t);
	else
		*tp = &j->t;
	return rc;
}

void ccg_token_free(struct ccg_token *t)
{
	struct token *j = (struct token *)t;

	if (!j)
		return;
	free(j->path);
	free(j->buf);
	free(j);
}
