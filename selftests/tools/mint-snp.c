// SPDX-License-Identifier: GPL-2.0-only
/*
 * mint-snp DIR: writes reports of SEV-SNP, made with keys of its own, for tests of
 * the command. For each kind NAME.report and its certificate, NAME.der and NAME.pem;
 * for each product the ARK, ASK and ASVK, PRODUCT.der, and revocation lists,
 * PRODUCT.crl, PRODUCT.pem.crl and PRODUCT.revoked.crl, which has the ASK.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>

#include "snp-scene.h"

static FILE *create(const char *dir, const char *name, const char *suffix)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s%s", dir, name, suffix);
	f = fopen(path, "wb");
	if (!f) {
		perror(path);
		exit(1);
	}
	return f;
}

static void save(const char *dir, const char *name, const char *suffix,
		 const void *p, size_t len)
{
	FILE *f = create(dir, name, suffix);

	if (fwrite(p, 1, len, f) != len || fclose(f))
		exit(1);
}

static void save_crl(const char *dir, int f, const char *suffix, long serial)
{
	char ark[32];
	uint8_t der[2048], *p = der;
	X509_CRL *crl;

	family_name(ark, "ARK-", f);
	crl = mint_crl(ark, keys[f].ark, serial, MINT_NOW - MINT_YEAR,
		       MINT_NOW + MINT_YEAR);
	save(dir, families[f], suffix, der, i2d_X509_CRL(crl, &p));
	if (serial == 99) {
		FILE *file = create(dir, families[f], ".pem.crl");

		if (!PEM_write_X509_CRL(file, crl) || fclose(file))
			exit(1);
	}
	X509_CRL_free(crl);
}

static void save_scene(const char *dir, size_t kind)
{
	static const char *const names[N_KINDS] = {
		"milan-v2", "milan-v3", "milan-vlek", "genoa-v3", "turin-v5",
		"turin-vlek",
	};
	struct scene *s = new_scene(kind);
	X509 *vek = mint_vek(&s->vek, s->ec, s->by);
	FILE *pem = create(dir, names[kind], ".pem");
	uint8_t der[4096];

	mint_sign(s->report, s->key);
	save(dir, names[kind], ".report", s->report, sizeof(s->report));
	save(dir, names[kind], ".der", der, mint_der(vek, der, sizeof(der)));
	if (!PEM_write_X509(pem, vek) || fclose(pem))
		exit(1);
	X509_free(vek);
	free_scene(s);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("usage: mint-snp DIR\n", stderr);
		return 2;
	}
	for (int f = 0; f < N_FAMILIES; f++) {
		make_root(f);
		save(argv[1], families[f], ".der", root_der[f], roots[f].len);
		save_crl(argv[1], f, ".crl", 99);
		save_crl(argv[1], f, ".revoked.crl", 2);
	}
	for (size_t i = 0; i < N_KINDS; i++)
		save_scene(argv[1], i);
	return 0;
}
