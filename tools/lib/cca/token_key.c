// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys of attestation tokens: the platform's, which the user gives as PEM, as a
 * JWK or among trust anchors, and the realm's, which is in the token.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
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

#define KEY_MAX		0x10000
#define COORD_MAX	66
/* Implementation IDs have 32 bytes, instance IDs have 33. */
#define ID_MAX		64

/* COSE algorithms and their curves. */
static const struct curve curves[] = {
	{ -7, 1, "P-256", "prime256v1", "SHA256", 32 },
	{ -35, 2, "P-384", "secp384r1", "SHA384", 48 },
	{ -36, 3, "P-521", "secp521r1", "SHA512", 66 },
};

static EVP_PKEY *key_of_coords(const struct curve *c, const u8 *x, const u8 *y)
{
	u8 point[1 + 2 * COORD_MAX] = { POINT_CONVERSION_UNCOMPRESSED };

	memcpy(point + 1, x, c->len);
	memcpy(point + 1 + c->len, y, c->len);
	return ccg_ecdsa_key(c->group, point, 1 + 2 * c->len);
}

/**
 * ccg_token_curve - find the curve of a COSE algorithm
 * @val: the value of the item, which is negative: the algorithm is -1 - @val
 *
 * Return: the curve; NULL if the algorithm is not one of ECDSA.
 */
const struct curve *ccg_token_curve(u64 val)
{
	for (size_t i = 0; i < ARRAY_SIZE(curves); i++)
		if (val == (u64)(-1 - curves[i].alg))
			return &curves[i];
	return NULL;
}

/* A coordinate has exactly @len bytes; RFC 7518, 6.2.1.2. */
static bool coordinate(const char *text, u8 *buf, size_t len)
{
	size_t n;

	return !ccg_unbase64url(text, buf, len, &n) && n == len;
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
		    coordinate(member(o, "x"), x, curves[i].len) &&
		    coordinate(member(o, "y"), y, curves[i].len))
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

/**
 * ccg_token_key - read the platform's key
 * @j: the token
 * @path: the file: PEM, a JWK, or trust anchors
 *
 * Return: the key; NULL on failure.
 */
EVP_PKEY *ccg_token_key(const struct token *j, const char *path)
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

/**
 * ccg_token_rak - make the realm's key
 * @raw: the claim: a point, or a COSE_Key in newer drafts
 *
 * Return: the key; NULL if it is not valid, or memory is short.
 */
EVP_PKEY *ccg_token_rak(const struct cbor *raw)
{
	struct cbor c = *raw, value, x, y;
	struct cbor_map map;
	struct cbor_item crv;

	for (size_t i = 0; i < ARRAY_SIZE(curves); i++)
		if (raw->left == 1 + 2 * curves[i].len &&
		    raw->p[0] == POINT_CONVERSION_UNCOMPRESSED)
			return ccg_ecdsa_key(curves[i].group, raw->p, raw->left);
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
