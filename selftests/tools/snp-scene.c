// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports of SEV-SNP of products with keys of the test. ccg_snp_root_at() takes the
 * place of the one of libccguest, where nothing can replace AMD's roots at run time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snp-scene.h"

/* ---- the products, with keys of this test ---- */

const char *const families[] = { "Milan", "Genoa", "Turin" };

struct mint_keys keys[N_FAMILIES];
uint8_t root_der[N_FAMILIES][4096];
struct snp_root roots[N_FAMILIES];
struct ccg_ctx *ctx;

const struct snp_root *ccg_snp_root_at(size_t i)
{
	return i < N_FAMILIES ? &roots[i] : NULL;
}

void family_name(char *buf, const char *prefix, int family)
{
	snprintf(buf, 32, "%s%s", prefix, families[family]);
}

/* "ARK-", "SEV-" or "SEV-VLEK-", as the issuer @by signs it */
X509 *ca(const char *prefix, int family, EVP_PKEY *key, EVP_PKEY *by)
{
	char name[32], ark[32];

	family_name(name, prefix, family);
	family_name(ark, "ARK-", family);
	return mint_ca(name, key, ark, by, prefix[0] == 'A' ? 1 : prefix[4] ? 3 : 2);
}

static size_t put(uint8_t *buf, size_t len, X509 *x)
{
	len += mint_der(x, buf + len, 4096 - len);
	X509_free(x);
	return len;
}

void make_root(int f)
{
	struct mint_keys *k = &keys[f];
	size_t len;

	*k = (struct mint_keys) {
		mint_rsa(), mint_rsa(), mint_rsa(), mint_ec("P-384"),
	};
	len = put(root_der[f], 0, ca("ARK-", f, k->ark, k->ark));
	len = put(root_der[f], len, ca("SEV-", f, k->ask, k->ark));
	len = put(root_der[f], len, ca("SEV-VLEK-", f, k->asvk, k->ark));
	roots[f] = (struct snp_root) { CCG_SNP_MILAN + f, root_der[f], len };
}

void free_root(int f)
{
	EVP_PKEY_free(keys[f].ark);
	EVP_PKEY_free(keys[f].ask);
	EVP_PKEY_free(keys[f].asvk);
	EVP_PKEY_free(keys[f].vek);
}

/* ---- a report and its certificates ---- */

static const uint8_t nonce[64] = { 1, 2, 3, 4 };

const struct kind kinds[N_KINDS] = {
	{ "Milan v2", MILAN, 2, false }, { "Milan v3", MILAN, 3, false },
	{ "Milan v3 VLEK", MILAN, 3, true }, { "Genoa v3", GENOA, 3, false },
	{ "Turin v5", TURIN, 5, false }, { "Turin v5 VLEK", TURIN, 5, true },
};

static void put_tcb(uint8_t *p, const struct mint_vek *v)
{
	static const uint8_t at[2][5] = { { 0, 0, 1, 6, 7 }, { 0, 1, 2, 3, 7 } };

	for (int i = v->turin ? 0 : 1; i < 5; i++)
		p[at[v->turin][i]] = v->parts[i];
}

void fill_report(struct scene *s)
{
	static const uint8_t cpu[][3] = { { 0x19, 1, 1 }, { 0x19, 0x11, 1 }, { 0x1a, 2, 1 } };
	uint8_t *r = s->report;

	r[0] = s->version;
	r[8] = 0x1f;
	r[10] = 3;
	r[0x34] = 1;
	r[0x48] = s->vek.vlek << 2;
	memcpy(r + 0x50, nonce, 64);
	memset(r + 0x90, 0x33, 48);
	put_tcb(r + 0x38, &s->vek);
	put_tcb(r + 0x180, &s->vek);
	put_tcb(r + 0x1e0, &s->vek);
	put_tcb(r + 0x1f0, &s->vek);
	if (s->version >= 3)
		memcpy(r + 0x188, cpu[s->family], 3);
	if (!s->vek.vlek)
		memcpy(r + 0x1a0, s->vek.hwid, s->vek.turin ? 8 : 64);
}

struct scene *new_scene(size_t kind)
{
	struct scene *s = calloc(1, sizeof(*s));
	int f = kinds[kind].family;
	bool vlek = kinds[kind].vlek;

	if (!s)
		abort();
	s->name = kinds[kind].name;
	s->family = f;
	s->version = kinds[kind].version;
	family_name(s->issuer, vlek ? "SEV-VLEK-" : "SEV-", f);
	s->vek = (struct mint_vek) {
		.vlek = vlek, .turin = f == TURIN, .product = families[f],
		.issuer = s->issuer, .parts = { 1, 4, 5, 24, 219 },
		.csp = "CN=cc.example.com",
	};
	/* An ID may begin as a header of DER does. */
	for (int i = 0; i < 64; i++)
		s->vek.hwid[i] = i ? i : 4;
	s->key = keys[f].vek;
	s->ec = keys[f].vek;
	s->by = vlek ? keys[f].asvk : keys[f].ask;
	s->want = (struct ccg_report_want) {
		.nonce = nonce, .nonce_len = 64, .at = MINT_NOW,
	};
	fill_report(s);
	return s;
}

void give(struct scene *s, X509 *x)
{
	s->len += mint_der(x, s->der + s->len, sizeof(s->der) - s->len);
	X509_free(x);
}

struct verified verify_bytes(const uint8_t *report, size_t len,
			     const struct ccg_report_want *want)
{
	struct report_fault fault;
	struct ccg_snp snp;
	struct ccg_report r = { .ctx = ctx, .kind = CCG_REPORT_SNP, .snp = &snp };
	struct verified res = { .rc = ccg_snp_parse(report, len, &snp, &fault) };

	if (!res.rc)
		res.rc = ccg_snp_verify(&r, want, &res.v);
	return res;
}

struct ccg_certs *certs_of(struct scene *s)
{
	struct ccg_certs *certs = NULL;

	if (!s->no_vek)
		give(s, mint_vek(&s->vek, s->ec, s->by));
	if (s->len && ccg_certs_parse(ctx, "certs", s->der, s->len, &certs))
		abort();
	return certs;
}

void free_scene(struct scene *s)
{
	if (s->key != keys[s->family].vek)
		EVP_PKEY_free(s->key);
	if (s->ec != keys[s->family].vek)
		EVP_PKEY_free(s->ec);
	EVP_PKEY_free(s->own);
	free(s);
}
