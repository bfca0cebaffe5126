// SPDX-License-Identifier: GPL-2.0-only
/*
 * Creates certificate chains for tests: a conforming one with the Subject
 * Alternative Name of CMA (PCIe r6.1, 6.31.3), and chains with one fault each.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "responder.h"

#define MANY		40
#define DAY		(24 * 60 * 60l)
#define YEARS_10	3650

/* Responder authentication, DSP0274, "Extended Key Usage authentication OIDs". */
#define SPDM_EKU	"1.3.6.1.4.1.412.274.3"
#define REQUESTER_EKU	"1.3.6.1.4.1.412.274.4"
/* DSP0274, id-DMTF-device-info: manufacturer, product and serial number. */
#define DMTF_NAME	"otherName:1.3.6.1.4.1.412.274.1;UTF8:ccguest:test-device:0123456789"

enum shape {
	NORMAL, SELF_SIGNED, UNRELATED_ROOT, OTHER_ROOT, SWAPPED, TWO_MIDS, FORTY, TRAILING
};

/* A member that is NULL means the default; "" omits the extension. */
struct plan {
	const char *name;
	enum shape shape;
	const char *mid_bc;
	const char *leaf_bc;
	const char *leaf_ku;
	const char *leaf_eku;
	enum { RIGHT, WRONG, NONE, DMTF, BOTH } san;
	bool unknown;
	int from_day, to_day;
};

static const struct plan plans[] = {
	{ .name = "good" },
	{ .name = "expired", .from_day = -365, .to_day = -1 },
	{ .name = "not-yet-valid", .from_day = 365, .to_day = YEARS_10 },
	{ .name = "wrong-san", .san = WRONG },
	{ .name = "no-san", .san = NONE },
	{ .name = "dmtf-name", .san = DMTF },
	{ .name = "both-names", .san = BOTH },
	{ .name = "ca-leaf", .leaf_bc = "critical,CA:TRUE",
	  .leaf_ku = "critical,digitalSignature,keyCertSign" },
	{ .name = "intermediate-no-ca", .mid_bc = "critical,CA:FALSE" },
	{ .name = "pathlen-exceeded", .shape = TWO_MIDS },
	{ .name = "wrong-usage", .leaf_ku = "critical,keyEncipherment" },
	{ .name = "wrong-eku", .leaf_eku = REQUESTER_EKU },
	{ .name = "unknown-critical", .unknown = true },
	{ .name = "self-signed-leaf", .shape = SELF_SIGNED },
	{ .name = "unrelated-root", .shape = UNRELATED_ROOT },
	{ .name = "other-root", .shape = OTHER_ROOT },
	{ .name = "swapped-order", .shape = SWAPPED },
	{ .name = "forty-certificates", .shape = FORTY, .mid_bc = "critical,CA:TRUE" },
	{ .name = "trailing-bytes", .shape = TRAILING },
};

/* @asym is the row in asyms[] of an algorithm that hashes by itself. */
static const struct alg {
	const char *name;
	const char *curve;
	unsigned int bits;
	const char *md;
	const char *asym;
} algs[] = {
	{ "rsa2048", NULL, 2048, "SHA2-256", NULL }, { "rsa3072", NULL, 3072, "SHA2-384", NULL },
	{ "rsa4096", NULL, 4096, "SHA2-512", NULL }, { "p256", "P-256", 0, "SHA2-256", NULL },
	{ "p384", "P-384", 0, "SHA2-384", NULL }, { "p521", "P-521", 0, "SHA2-512", NULL },
	{ "mldsa44", NULL, 0, NULL, "mldsa-44" }, { "mldsa65", NULL, 0, NULL, "mldsa-65" },
	{ "mldsa87", NULL, 0, NULL, "mldsa-87" },
};

/* Material for all chains of an algorithm. */
struct maker {
	const struct alg *alg;
	char *dir;
	EVP_PKEY *root_key, *mid_key, *leaf_key, *other_key;
	X509 *root, *other_root;
	char san[128], wrong_san[128];
};

/* A certificate to make. */
struct order {
	const char *cn;
	EVP_PKEY *key;
	X509 *issuer; /* NULL: self-signed */
	EVP_PKEY *issuer_key;
	const char *bc, *ku, *eku, *san;
	bool dmtf, unknown;
	int from_day, to_day;
};

static int crypto_error(const char *what)
{
	char text[160];

	ERR_error_string_n(ERR_get_error(), text, sizeof(text));
	return error("%s: %s", what, text);
}

static bool add_ext(X509 *x, X509V3_CTX *ctx, int nid, const char *value)
{
	X509_EXTENSION *ext;
	bool ok;

	if (!value || !*value)
		return true;
	ext = X509V3_EXT_nconf_nid(NULL, ctx, nid, value);
	ok = ext && X509_add_ext(x, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	return ok;
}

/* A critical extension that no requester knows. */
static bool add_unknown(X509 *x)
{
	static const uint8_t null[] = { 0x05, 0x00 };
	ASN1_OBJECT *obj = OBJ_txt2obj("1.3.6.1.4.1.59999.1.1", 1);
	ASN1_OCTET_STRING *data = ASN1_OCTET_STRING_new();
	X509_EXTENSION *ext = NULL;
	bool ok;

	ok = obj && data && ASN1_OCTET_STRING_set(data, null, sizeof(null)) == 1;
	if (ok)
		ext = X509_EXTENSION_create_by_OBJ(NULL, obj, 1, data);
	ok = ext && X509_add_ext(x, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	ASN1_OCTET_STRING_free(data);
	ASN1_OBJECT_free(obj);
	return ok;
}

static bool add_extensions(X509 *x, const struct order *o)
{
	const char *dmtf = o->san ? "," DMTF_NAME : DMTF_NAME;
	char san[256] = "";
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, o->issuer ? o->issuer : x, x, NULL, NULL, 0);
	if (o->san)
		snprintf(san, sizeof(san), "otherName:2.23.147;UTF8:%s", o->san);
	if (o->dmtf)
		strcat(san, dmtf);
	return add_ext(x, &ctx, NID_subject_key_identifier, "hash") &&
	       add_ext(x, &ctx, NID_authority_key_identifier, "keyid:always") &&
	       add_ext(x, &ctx, NID_basic_constraints, o->bc) &&
	       add_ext(x, &ctx, NID_key_usage, o->ku) &&
	       add_ext(x, &ctx, NID_ext_key_usage, o->eku) &&
	       add_ext(x, &ctx, NID_subject_alt_name, san) &&
	       (!o->unknown || add_unknown(x));
}

static bool set_serial(X509 *x)
{
	uint64_t serial;

	return RAND_bytes((uint8_t *)&serial, sizeof(serial)) == 1 &&
	       ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), serial >> 1 | 1) == 1;
}

static bool set_names(X509 *x, const struct order *o)
{
	X509_NAME *name = X509_get_subject_name(x);

	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)o->cn, -1,
					  -1, 0) == 1 &&
	       X509_set_issuer_name(x, o->issuer ? X509_get_subject_name(o->issuer) : name) == 1;
}

static X509 *make_cert(const struct maker *k, const struct order *o)
{
	X509 *x = X509_new();
	EVP_MD *md = k->alg->md ? EVP_MD_fetch(NULL, k->alg->md, NULL) : NULL;
	bool ok;

	ok = x && !md == !k->alg->md && X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
	     set_names(x, o) && X509_set_pubkey(x, o->key) == 1 &&
	     X509_gmtime_adj(X509_getm_notBefore(x), o->from_day * DAY) &&
	     X509_gmtime_adj(X509_getm_notAfter(x), o->to_day * DAY) &&
	     add_extensions(x, o) && X509_sign(x, o->issuer ? o->issuer_key : o->key, md) > 0;
	EVP_MD_free(md);
	if (ok)
		return x;
	crypto_error(o->cn);
	X509_free(x);
	return NULL;
}

static X509 *make_root(const struct maker *k, const char *cn, EVP_PKEY *key)
{
	const struct order o = {
		.cn = cn, .key = key, .bc = "critical,CA:TRUE",
		.ku = "critical,keyCertSign,cRLSign", .from_day = -1, .to_day = 2 * YEARS_10,
	};

	return make_cert(k, &o);
}

static X509 *make_mid(const struct maker *k, const struct plan *p, unsigned int n, X509 *issuer,
		      EVP_PKEY *issuer_key)
{
	char cn[64];
	const struct order o = {
		.cn = cn, .key = k->mid_key, .issuer = issuer, .issuer_key = issuer_key,
		.bc = p->mid_bc ? p->mid_bc : "critical,CA:TRUE,pathlen:0",
		.ku = "critical,keyCertSign,cRLSign", .from_day = -1, .to_day = YEARS_10,
	};

	snprintf(cn, sizeof(cn), "Test device CA %u %s", n, k->alg->name);
	return make_cert(k, &o);
}

static X509 *make_leaf(const struct maker *k, const struct plan *p, X509 *issuer)
{
	const struct order o = {
		.cn = "Test device", .key = k->leaf_key, .issuer = issuer,
		.issuer_key = k->mid_key,
		.bc = p->leaf_bc ? p->leaf_bc : "critical,CA:FALSE",
		.ku = p->leaf_ku ? p->leaf_ku : "critical,digitalSignature",
		.eku = p->leaf_eku ? p->leaf_eku : SPDM_EKU,
		.san = p->san == RIGHT || p->san == BOTH ? k->san :
		       p->san == WRONG ? k->wrong_san : NULL,
		.dmtf = p->san == DMTF || p->san == BOTH,
		.unknown = p->unknown,
		.from_day = p->to_day ? p->from_day : -1,
		.to_day = p->to_day ? p->to_day : YEARS_10,
	};

	return make_cert(k, &o);
}

static void free_chain(X509 **chain, size_t n)
{
	while (n--)
		X509_free(chain[n]);
}

/* Root, intermediate CAs, leaf. Returns the number, or 0 on failure. */
static size_t make_chain(const struct maker *k, const struct plan *p, X509 **chain)
{
	bool other = p->shape == OTHER_ROOT;
	EVP_PKEY *key = other ? k->other_key : k->root_key;
	size_t n = 1, mids = 1;

	if (p->shape == SELF_SIGNED) {
		chain[0] = make_leaf(k, p, NULL);
		return chain[0] ? 1 : 0;
	}
	if (p->shape == TWO_MIDS)
		mids = 2;
	else if (p->shape == FORTY)
		mids = MANY - 2;
	chain[0] = other ? k->other_root : k->root;
	X509_up_ref(chain[0]);
	for (; n <= mids; n++) {
		chain[n] = make_mid(k, p, n, chain[n - 1], key);
		if (!chain[n])
			goto fail;
		key = k->mid_key;
	}
	chain[n] = make_leaf(k, p, chain[n - 1]);
	if (chain[n])
		return n + 1;
fail:
	free_chain(chain, n);
	return 0;
}

/* Adds the faults that affect the chain as a whole. */
static void break_chain(const struct maker *k, const struct plan *p, X509 **chain)
{
	X509 *tmp;

	if (p->shape == UNRELATED_ROOT) {
		X509_free(chain[0]);
		chain[0] = k->other_root;
		X509_up_ref(chain[0]);
	} else if (p->shape == SWAPPED) {
		tmp = chain[1];
		chain[1] = chain[2];
		chain[2] = tmp;
	}
}

static FILE *create(const struct maker *k, const char *name, const char *suffix, int mode)
{
	char path[4096];
	FILE *f;
	int fd;

	snprintf(path, sizeof(path), "%s/%s%s", k->dir, name, suffix);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		error("%s: %s", path, strerror(errno));
	return f;
}

static int finish(const struct maker *k, FILE *f, bool ok, const char *name)
{
	ok = !ferror(f) && ok;
	if (fclose(f) || !ok)
		return error("%s/%s: cannot be written; is the disk full?", k->dir, name);
	return 0;
}

static int write_chain(const struct maker *k, const struct plan *p, X509 **chain, size_t n)
{
	FILE *f = create(k, p->name, ".pem", 0644);
	bool ok = true;
	size_t i;

	if (!f)
		return -1;
	for (i = 0; i < n; i++)
		ok = PEM_write_X509(f, chain[i]) == 1 && ok;
	if (finish(k, f, ok, p->name))
		return -1;
	f = create(k, p->name, ".der", 0644);
	if (!f)
		return -1;
	for (i = 0; i < n; i++)
		ok = i2d_X509_fp(f, chain[i]) == 1 && ok;
	if (p->shape == TRAILING)
		ok = fwrite("\0\0\0\0\0\0\0", 1, 7, f) == 7 && ok;
	return finish(k, f, ok, p->name);
}

static int write_plan(const struct maker *k, const struct plan *p)
{
	X509 *chain[MANY] = {};
	size_t n = make_chain(k, p, chain);
	int err;

	if (!n)
		return -1;
	break_chain(k, p, chain);
	err = write_chain(k, p, chain, n);
	free_chain(chain, n);
	return err;
}

/* Writes the trust anchor in DER and in PEM. */
static int write_root(const struct maker *k, const char *name, X509 *x)
{
	FILE *f = create(k, name, ".pem", 0644);

	if (!f || finish(k, f, PEM_write_X509(f, x) == 1, name))
		return -1;
	f = create(k, name, ".der", 0644);
	return f ? finish(k, f, i2d_X509_fp(f, x) == 1, name) : -1;
}

static int write_key(const struct maker *k)
{
	FILE *f = create(k, "leaf", ".key", 0600);
	bool ok;

	if (!f)
		return -1;
	ok = PEM_write_PrivateKey(f, k->leaf_key, NULL, NULL, 0, NULL, NULL) == 1;
	return finish(k, f, ok, "leaf.key");
}

static const struct asym *asym_of(const struct alg *a)
{
	size_t i;

	for (i = 0; a->asym && i < n_asyms; i++)
		if (!strcmp(asyms[i].name, a->asym))
			return &asyms[i];
	return NULL;
}

static EVP_PKEY *make_pqc_key(const struct asym *asym)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, asym->pqc, NULL);
	EVP_PKEY *key = NULL;

	if (ctx && EVP_PKEY_keygen_init(ctx) == 1)
		EVP_PKEY_generate(ctx, &key);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* EVP_EC_gen() is a macro that casts const away, which -Wcast-qual refuses. */
static EVP_PKEY *make_key(const struct alg *a)
{
	const struct asym *asym = asym_of(a);

	if (asym)
		return make_pqc_key(asym);
	return a->curve ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", a->curve) :
			  EVP_RSA_gen(a->bits);
}

static int make_roots(struct maker *k)
{
	char cn[64];

	k->root_key = make_key(k->alg);
	k->mid_key = make_key(k->alg);
	k->leaf_key = make_key(k->alg);
	k->other_key = make_key(k->alg);
	if (!k->root_key || !k->mid_key || !k->leaf_key || !k->other_key)
		return crypto_error(k->alg->name);
	snprintf(cn, sizeof(cn), "Test device root %s", k->alg->name);
	k->root = make_root(k, cn, k->root_key);
	snprintf(cn, sizeof(cn), "Test other root %s", k->alg->name);
	k->other_root = make_root(k, cn, k->other_key);
	return k->root && k->other_root ? 0 : -1;
}

static void free_maker(struct maker *k)
{
	EVP_PKEY_free(k->root_key);
	EVP_PKEY_free(k->mid_key);
	EVP_PKEY_free(k->leaf_key);
	EVP_PKEY_free(k->other_key);
	X509_free(k->root);
	X509_free(k->other_root);
	free(k->dir);
}

static int make_dir(const char *path)
{
	if (mkdir(path, 0777) && errno != EEXIST)
		return error("%s: %s", path, strerror(errno));
	return 0;
}

static int make_all(struct maker *k, const char *dir)
{
	size_t i;

	k->dir = xalloc(NULL, strlen(dir) + strlen(k->alg->name) + 2);
	sprintf(k->dir, "%s/%s", dir, k->alg->name);
	if (make_dir(k->dir) || make_roots(k) || write_root(k, "ca", k->root) ||
	    write_root(k, "other-ca", k->other_root) || write_key(k))
		return -1;
	for (i = 0; i < ARRAY_SIZE(plans); i++)
		if (write_plan(k, &plans[i]))
			return -1;
	if (verbosity >= 0)
		printf("%s: %zu chains\n", k->dir, ARRAY_SIZE(plans));
	return 0;
}

/* PCIe r6.1, 6.31.3: lower case, SSVID and SSID for header type 0 only. */
static int make_san(struct maker *k, const char *device)
{
	unsigned int v, d, cc, rev, sv, s;
	char tail[64] = "";
	unsigned long long dsn;
	int n, used = 0, used6 = 0, used7 = 0;

	n = sscanf(device, "%4x:%4x:%6x:%2x%n:%4x:%4x%n:%16llx%n", &v, &d, &cc, &rev, &used, &sv,
		   &s, &used6, &dsn, &used7);
	if (n == 6)
		used = used6;
	else if (n == 7)
		used = used7;
	if ((n != 4 && n != 6 && n != 7) || device[used])
		return error("%s: --device is VENDOR:DEVICE:CLASS:REV:SSVID:SSID[:SERIAL]",
			     device);
	if (n >= 6)
		snprintf(tail, sizeof(tail), ":SSVID=%04x:SSID=%04x", sv, s);
	if (n == 7)
		snprintf(tail + strlen(tail), sizeof(tail) - strlen(tail), ":%016llx", dsn);
	snprintf(k->san, sizeof(k->san), "Vendor=%04x:Device=%04x:CC=%06x:REV=%02x%s", v, d, cc,
		 rev, tail);
	snprintf(k->wrong_san, sizeof(k->wrong_san), "Vendor=%04x:Device=%04x:CC=%06x:REV=%02x%s",
		 v, d ^ 1, cc, rev, tail);
	return 0;
}

static bool listed(const char *list, const char *name)
{
	size_t len;

	for (; list; list = list[len] ? list + len + 1 : NULL) {
		len = strcspn(list, ",");
		if (same_name(name, list, len))
			return true;
	}
	return false;
}

/* Checks that all names of the list are known, and that OpenSSL has them. */
static int check_list(const char *list)
{
	const struct asym *asym;
	const char *word;
	size_t i, len;

	for (word = list; word; word = word[len] ? word + len + 1 : NULL) {
		len = strcspn(word, ",");
		for (i = 0; i < ARRAY_SIZE(algs) && !same_name(algs[i].name, word, len); i++)
			;
		if (i == ARRAY_SIZE(algs))
			return error("%s: a name is unknown; --help lists the algorithms",
				     list);
		asym = asym_of(&algs[i]);
		if (asym && !asym_exists(asym))
			return pqc_missing("algorithms", algs[i].name);
	}
	return 0;
}

int certs(const char *dir, const char *device, const char *algorithms)
{
	struct maker k = {};
	size_t i;
	int err;

	if (make_san(&k, device) || check_list(algorithms) || make_dir(dir))
		return -1;
	for (i = 0; i < ARRAY_SIZE(algs); i++) {
		struct maker one = k;

		if (algorithms ? !listed(algorithms, algs[i].name) : !!algs[i].asym)
			continue;
		one.alg = &algs[i];
		err = make_all(&one, dir);
		free_maker(&one);
		if (err)
			return -1;
	}
	return 0;
}
