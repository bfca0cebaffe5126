// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots: chains and keys from files, and the bytes that GET_CERTIFICATE reads.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>
#include <openssl/x509.h>

#include "spdm.h"

/*
 * Bytes before the certificates in a slot, with the longest RootHash. With
 * LARGE_RESP_CAP, the limit is that of this program: forty certificates with
 * ML-DSA-87 have 300 KiB.
 */
#define CHAIN_HEAD	(4 + HASH_MAX)
#define CHAIN_MAX	(0x80000 - CHAIN_HEAD)

static uint8_t *read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	uint8_t *data;

	if (!f) {
		error("%s: %s", path, strerror(errno));
		return NULL;
	}
	/* PEM text is longer than its DER. */
	data = xalloc(NULL, 4 * CHAIN_MAX + 1);
	*len = fread(data, 1, 4 * CHAIN_MAX, f);
	data[*len] = '\0';
	if (ferror(f) || !*len || *len == 4 * CHAIN_MAX) {
		error("%s: %s", path, ferror(f) ? strerror(errno) : *len ?
		      "too long for a certificate chain" : "is empty");
		free(data);
		data = NULL;
	}
	fclose(f);
	return data;
}

/* Replaces PEM by the DER of the certificates, one after the other. */
static int from_pem(const char *path, uint8_t **data, size_t *len)
{
	BIO *bio = BIO_new_mem_buf(*data, (int)*len);
	uint8_t *out = xalloc(NULL, *len), *part;
	char *name, *header;
	size_t n = 0;
	long part_len;

	while (bio && PEM_read_bio(bio, &name, &header, &part, &part_len)) {
		if (!strcmp(name, PEM_STRING_X509) && n + part_len <= *len) {
			memcpy(out + n, part, part_len);
			n += part_len;
		}
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_free(part);
	}
	BIO_free(bio);
	free(*data);
	*data = out;
	*len = n;
	return n ? 0 : error("%s: has no certificate: expected PEM or DER, root first",
			     path);
}

/* Length of the outermost DER element in bytes; 0 if it does not fit. */
static size_t der_size(const uint8_t *p, size_t len)
{
	size_t n, i, size = 0;

	if (len < 2 || p[0] != 0x30)
		return 0;
	if (p[1] < 0x80)
		return 2u + p[1] <= len ? 2u + p[1] : 0;
	n = p[1] & 0x7f;
	if (!n || n > 3 || 2 + n > len)
		return 0;
	for (i = 0; i < n; i++)
		size = size << 8 | p[2 + i];
	return size <= len - 2 - n ? 2 + n + size : 0;
}

static int read_chain(struct chain *c, const char *path)
{
	c->der = read_file(path, &c->len);
	if (!c->der)
		return -1;
	if (c->der[0] != 0x30 && from_pem(path, &c->der, &c->len))
		return -1;
	c->root_len = der_size(c->der, c->len);
	if (!c->root_len)
		return error("%s: does not start with a certificate in DER or PEM", path);
	if (c->len > CHAIN_MAX)
		return error("%s: %zu bytes of certificates, the limit is %d", path, c->len,
			     CHAIN_MAX);
	return 0;
}

static FILE *open_suffix(const char *chain, const char *end, const char *suffix,
			 char **path)
{
	*path = xalloc(NULL, strlen(chain) + strlen(suffix) + 1);
	sprintf(*path, "%.*s%s", (int)(end - chain), chain, suffix);
	return fopen(*path, "re");
}

/* Without @key: the name of the chain with .key, or leaf.key. */
static FILE *open_key(const char *chain, const char *key, char **path)
{
	const char *slash = strrchr(chain, '/');
	const char *dot = strrchr(chain, '.');
	FILE *f;

	if (key)
		return open_suffix(key, key, key, path);
	if (!dot || (slash && dot < slash))
		dot = chain + strlen(chain);
	f = open_suffix(chain, dot, ".key", path);
	if (f || errno != ENOENT)
		return f;
	free(*path);
	return open_suffix(chain, slash ? slash + 1 : chain, "leaf.key", path);
}

/* OpenSSL's default callback would ask for a pass phrase on the terminal. */
static int no_passphrase(char *buf, int size, int rwflag, void *encrypted)
{
	(void)buf;
	(void)size;
	(void)rwflag;
	*(bool *)encrypted = true;
	return -1;
}

static int read_key(struct chain *c, const char *chain, const char *key)
{
	char *path;
	FILE *f = open_key(chain, key, &path);
	bool encrypted = false;
	int err = 0;
	size_t i;

	if (!f) {
		err = error("%s: %s; --slot N=CHAIN:KEY names the leaf's private key", path,
			    strerror(errno));
		goto out;
	}
	c->key = PEM_read_PrivateKey(f, NULL, no_passphrase, &encrypted);
	fclose(f);
	if (!c->key && encrypted) {
		err = error("%s: is an encrypted key; openssl pkey -in FILE -out NEW decrypts it",
			    path);
		goto out;
	}
	if (!c->key) {
		err = error("%s: is not a private key in PEM that OpenSSL %s can read", path,
			    OpenSSL_version(OPENSSL_VERSION_STRING));
		goto out;
	}
	for (i = 0; i < n_asyms && !key_fits(&asyms[i], c->key); i++)
		;
	if (i == n_asyms)
		err = error("%s: is not RSA 2048, 3072, 4096, ECDSA P-256, P-384, P-521 or ML-DSA",
			    path);
out:
	free(path);
	return err;
}

static int read_root(struct chain *c, const char *path)
{
	struct chain root = {};
	int err;

	if (!path)
		return 0;
	err = read_chain(&root, path);
	c->root = root.der;
	c->root_len = root.root_len;
	return err;
}

int chain_load(struct config *cfg, bool later, const char *arg)
{
	struct chain *c = &cfg->chains[cfg->n_chains];
	char *copy, *key, *root = NULL;
	int err;

	if (arg[0] < '0' || arg[0] >= '0' + N_SLOTS || arg[1] != '=' || !arg[2])
		return error("%s: --slot is N=CHAIN:KEY:ROOT, with N from 0 to 7", arg);
	if (cfg->n_chains == N_CHAINS)
		return error("%s: --slot is given more than %d times", arg, N_CHAINS);
	cfg->n_chains++;
	c->slot = arg[0] - '0';
	c->later = later;
	copy = xstrdup(arg + 2);
	key = strchr(copy, ':');
	if (key) {
		*key++ = '\0';
		root = strchr(key, ':');
	}
	if (root)
		*root++ = '\0';
	err = read_chain(c, copy);
	if (!err)
		err = read_root(c, root);
	if (!err)
		err = read_key(c, copy, key && *key ? key : NULL);
	free(copy);
	return err;
}

/* The versions of a chain's conversations; bit n is set for SPDM 1.n. */
static unsigned int versions_for(const struct config *cfg, const struct chain *chain)
{
	if (!cfg->later_versions)
		return cfg->versions;
	return cfg->later_versions | (chain->later ? 0 : cfg->versions);
}

int chains_check(const struct config *cfg)
{
	size_t i;

	for (i = 0; i < cfg->n_chains; i++) {
		const struct chain *c = &cfg->chains[i];

		if (c->len <= SMALL_CHAIN_MAX - CHAIN_HEAD ||
		    (cfg->caps & CAP_LARGE_RESP && versions_for(cfg, c) >> 4 & 1))
			continue;
		return error("slot %u: %zu bytes of certificates need SPDM 1.4 and LARGE_RESP",
			     c->slot, c->len);
	}
	return 0;
}

void chains_free(struct config *cfg)
{
	size_t i;

	for (i = 0; i < cfg->n_chains; i++) {
		free(cfg->chains[i].der);
		free(cfg->chains[i].root);
		EVP_PKEY_free(cfg->chains[i].key);
	}
	cfg->n_chains = 0;
}

/* DSP0274, table "Certificate chain format". */
static void slot_build(struct conn *c, struct slot *s, bool bad_root, bool bad_length)
{
	size_t size = c->hash->size;

	s->len = 4 + size + s->chain->len;
	s->blob = xalloc(NULL, s->len);
	/* Before SPDM 1.4, Length has 16 bits; 16 reserved bits follow. */
	set32(s->blob, s->len + (bad_length ? 4 : 0));
	hash_of(c->hash, s->chain->root ? s->chain->root : s->chain->der, s->chain->root_len,
		s->blob + 4);
	if (bad_root)
		s->blob[4] ^= 1;
	memcpy(s->blob + 4 + size, s->chain->der, s->chain->len);
	hash_of(c->hash, s->blob, s->len, s->digest);
}

bool chain_is_used(const struct conn *c, const struct chain *chain)
{
	bool later = false;
	size_t i;

	for (i = 0; i < c->cfg->n_chains; i++)
		if (c->cfg->chains[i].slot == chain->slot && c->cfg->chains[i].later)
			later = c->later;
	return chain->later == later;
}

/* The length of @blob that the version and the capabilities allow. */
static size_t slot_max(const struct conn *c)
{
	return c->version >= 0x14 && caps_of(c, c->version) & CAP_LARGE_RESP ?
	       CHAIN_HEAD + CHAIN_MAX : SMALL_CHAIN_MAX;
}

void slots_build(struct conn *c)
{
	bool bad_root = fault_slots(c, "bad-root-hash");
	bool bad_length = fault_slots(c, "bad-chain-length");
	size_t i;

	slots_free(c);
	for (i = 0; i < c->cfg->n_chains; i++) {
		const struct chain *chain = &c->cfg->chains[i];
		struct slot *s = &c->slots[chain->slot];

		if (s->chain || !chain_is_used(c, chain) || !key_fits(c->asym, chain->key))
			continue;
		if (4 + c->hash->size + chain->len > slot_max(c)) {
			note(0, "slot %u is empty: %zu bytes need SPDM 1.4 and LARGE_RESP",
			     chain->slot, chain->len);
			continue;
		}
		s->chain = chain;
		slot_build(c, s, bad_root, bad_length);
	}
}

void slots_free(struct conn *c)
{
	size_t i;

	for (i = 0; i < N_SLOTS; i++) {
		free(c->slots[i].blob);
		c->slots[i] = (struct slot) {};
	}
}

unsigned int slots_mask(const struct conn *c)
{
	unsigned int i, mask = 0;

	for (i = 0; i < N_SLOTS; i++)
		if (c->slots[i].chain)
			mask |= 1u << i;
	return mask;
}
