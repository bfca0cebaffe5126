// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a certificate of SEV, in each of the two formats.
 *
 * Checks that keys and signatures lie inside the input, and that a fault has a
 * reason.
 */
#include "../../tools/lib/sev/cert.h"
#include "fuzz.h"

static void inside(const u8 *data, size_t size, const u8 *p, size_t len)
{
	require(p >= data && p <= data + size);
	require(len <= (size_t)(data + size - p));
}

static void check(const u8 *data, size_t size, const struct sev_cert *c)
{
	require(c->raw == data && c->len <= size && c->body_len <= c->len);
	require(ccg_sev_hash_bits(c->key.algo));
	require(ccg_sev_algo_is_rsa(c->key.algo) != ccg_sev_algo_is_ec(c->key.algo));
	require(c->key.len * 8 == c->key.bits);
	inside(data, c->body_len, c->key.a, c->key.len);
	inside(data, c->body_len, c->key.b, c->key.len);
	if (c->key_id) {
		inside(data, c->body_len, c->key_id, SEV_KEY_ID_LEN);
		inside(data, c->body_len, c->signer_id, SEV_KEY_ID_LEN);
	}
	require(c->n_sigs <= SEV_CERT_SIGS);
	for (size_t i = 0; i < c->n_sigs; i++)
		inside(data, c->len, c->sigs[i].data, c->sigs[i].len);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct sev_fault fault = {};
	struct sev_cert cert;

	if (!ccg_sev_cert_parse(data, size, &cert, &fault))
		check(data, size, &cert);
	else
		require(fault.what && fault.offset < SEV_CERT_LEN);
	fault = (struct sev_fault) {};
	if (!ccg_sev_ca_parse(data, size, &cert, &fault))
		check(data, size, &cert);
	else
		require(fault.what && fault.offset < SEV_CA_CERT_MAX);
	return 0;
}
