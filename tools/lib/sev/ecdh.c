// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Diffie-Hellman exchange of a session, on P-384.
 */
#include <errno.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "sev/session.h"

/**
 * ccg_sev_scalar_valid - find out whether a number can be a private key
 * @scalar: the number, SEV_P384_LEN bytes, big-endian
 *
 * Return: true if it is from 1 to the order of the curve less 1.
 */
bool ccg_sev_scalar_valid(const uint8_t *scalar)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_secp384r1);
	BIGNUM *k = BN_secure_new();
	bool valid;

	valid = group && k && BN_bin2bn(scalar, SEV_P384_LEN, k) &&
		!BN_is_zero(k) && BN_cmp(k, EC_GROUP_get0_order(group)) < 0;
	BN_clear_free(k);
	EC_GROUP_free(group);
	return valid;
}

/**
 * struct exchange - objects of OpenSSL
 * @group: the curve
 * @ctx: memory for numbers
 * @k: the private key
 * @peer: the other side's public key
 * @point: a result
 */
struct exchange {
	EC_GROUP *group;
	BN_CTX *ctx;
	BIGNUM *k;
	EC_POINT *peer;
	EC_POINT *point;
};

static void drop(struct exchange *e)
{
	EC_POINT_clear_free(e->point);
	EC_POINT_free(e->peer);
	BN_clear_free(e->k);
	BN_CTX_free(e->ctx);
	EC_GROUP_free(e->group);
	ERR_clear_error();
}

static bool make(struct exchange *e, const uint8_t *scalar)
{
	e->group = EC_GROUP_new_by_curve_name(NID_secp384r1);
	e->ctx = BN_CTX_secure_new();
	e->k = BN_secure_new();
	if (!e->group || !e->ctx || !e->k ||
	    !BN_bin2bn(scalar, SEV_P384_LEN, e->k))
		return false;
	BN_set_flags(e->k, BN_FLG_CONSTTIME);
	e->peer = EC_POINT_new(e->group);
	e->point = EC_POINT_new(e->group);
	return e->peer && e->point;
}

/* OpenSSL refuses a point that is not on the curve. */
static bool set_peer(struct exchange *e, const struct sev_key *key)
{
	BIGNUM *x = BN_lebin2bn(key->a, key->len, NULL);
	BIGNUM *y = BN_lebin2bn(key->b, key->len, NULL);
	bool good;

	good = x && y && EC_POINT_set_affine_coordinates(e->group, e->peer, x,
							 y, e->ctx) == 1;
	BN_free(x);
	BN_free(y);
	return good;
}

static bool get_point(struct exchange *e, uint8_t *x, uint8_t *y)
{
	BIGNUM *bx = BN_secure_new(), *by = BN_secure_new();
	bool good;

	good = bx && by &&
	       EC_POINT_get_affine_coordinates(e->group, e->point, bx, by,
					       e->ctx) == 1 &&
	       BN_bn2binpad(bx, x, SEV_P384_LEN) == SEV_P384_LEN &&
	       (!y || BN_bn2binpad(by, y, SEV_P384_LEN) == SEV_P384_LEN);
	BN_clear_free(bx);
	BN_clear_free(by);
	return good;
}

/**
 * ccg_sev_ecdh - compute a shared secret and the public key of this side
 * @peer: public key of the other side, on P-384
 * @scalar: private key of this side, valid, SEV_P384_LEN bytes, big-endian
 * @z: set to the shared secret, SEV_P384_LEN bytes, big-endian
 * @x: set to x of the public key of this side, SEV_P384_LEN bytes, big-endian
 * @y: set to y of the public key, SEV_P384_LEN bytes, big-endian
 *
 * OpenSSL multiplies a point by a secret number in constant time.
 *
 * Return: 0; -EKEYREJECTED if @peer is not on the curve; or -ENOMEM.
 */
int ccg_sev_ecdh(const struct sev_key *peer, const uint8_t *scalar, uint8_t *z,
		 uint8_t *x, uint8_t *y)
{
	struct exchange e = {};
	int rc = -ENOMEM;

	if (!make(&e, scalar))
		goto out;
	rc = -EKEYREJECTED;
	if (!set_peer(&e, peer))
		goto out;
	rc = -ENOMEM;
	if (EC_POINT_mul(e.group, e.point, NULL, e.peer, e.k, e.ctx) == 1 &&
	    get_point(&e, z, NULL) &&
	    EC_POINT_mul(e.group, e.point, e.k, NULL, NULL, e.ctx) == 1 &&
	    get_point(&e, x, y))
		rc = 0;
out:
	drop(&e);
	return rc;
}
