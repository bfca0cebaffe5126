// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/spdm_pin.c. The certificates are made by OpenSSL.
 */
#include "../../lib/spdm_pin.h"
#include "tap.h"
#include "x509_make.h"

#define EXTENSION	"1.3.6.1.4.1.412.274.6"
/* OIDs of DSP0274: hardware-identity, and mutable-certificate. */
#define IDENTITY	"060a2b06010401831c821202"
#define MUTABLE		"060a2b06010401831c821205"

/* A certificate with an extension, whose contents are given in hexadecimal. */
static struct cert with(const char *oid, const char *hex)
{
	X509 *x = unsigned_cert("20250101000000Z", "20350101000000Z");
	ASN1_OCTET_STRING *data = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *obj = OBJ_txt2obj(oid, 1);
	X509_EXTENSION *e;
	u8 *bytes;
	long len = 0;

	/* NULL for an empty text */
	bytes = OPENSSL_hexstr2buf(hex, &len);
	ASN1_OCTET_STRING_set(data, bytes, len);
	e = X509_EXTENSION_create_by_OBJ(NULL, obj, 0, data);
	if (!e || !X509_add_ext(x, e, -1))
		abort();
	OPENSSL_free(bytes);
	X509_EXTENSION_free(e);
	ASN1_OBJECT_free(obj);
	ASN1_OCTET_STRING_free(data);
	return finish(x);
}

static const struct {
	const char *name, *oid, *hex;
	bool device;
} exts[] = {
	{ "hardware-identity", EXTENSION, "300e300c" IDENTITY, true },
	{ "hardware-identity with a definition", EXTENSION,
	  "3011300f" IDENTITY "040100", true },
	{ "hardware-identity, second", EXTENSION,
	  "301c300c" MUTABLE "300c" IDENTITY, true },
	{ "mutable-certificate only", EXTENSION, "300e300c" MUTABLE, false },
	{ "an empty list", EXTENSION, "3000", false },
	{ "another extension", "1.3.6.1.4.1.412.274.7", "300e300c" IDENTITY,
	  false },
	{ "not a SEQUENCE", EXTENSION, "310e300c" IDENTITY, false },
	{ "an item that is not a SEQUENCE", EXTENSION, "300c" IDENTITY, false },
	{ "bytes after it", EXTENSION, "300e300c" IDENTITY "00", false },
	{ "cut short", EXTENSION, "300e300c060a2b0601040183", false },
	{ "no OID", EXTENSION, "30053003040100", false },
	{ "empty", EXTENSION, "", false },
};

static void test_is_device(void)
{
	struct cert c;

	for (size_t i = 0; i < ARRAY_SIZE(exts); i++) {
		c = with(exts[i].oid, exts[i].hex);
		ok(!c.rc && spdm_pin_is_device(&c.x) == exts[i].device, "%s",
		   exts[i].name);
		free(c.der);
	}
	c = MAKE({});
	ok(!c.rc && !spdm_pin_is_device(&c.x), "no extensions");
	free(c.der);
}

/* A chain: letters are 'd' for a device certificate, and '-' for another one. */
static u8 *chain_of(const char *letters, size_t *len, size_t at[8])
{
	u8 *chain = NULL;

	*len = 0;
	for (size_t i = 0; letters[i]; i++) {
		struct cert c = letters[i] == 'd' ? with(EXTENSION, exts[0].hex) :
						    MAKE({});

		chain = realloc(chain, *len + c.len);
		if (!chain)
			abort();
		memcpy(chain + *len, c.der, c.len);
		at[i] = *len;
		*len += c.len;
		free(c.der);
	}
	return chain;
}

static const struct {
	const char *chain;
	size_t anchor;
	size_t device;
	const char *name;
} chains[] = {
	{ "--", 0, 1, "no device certificate: the leaf" },
	{ "-d-", 0, 1, "a device certificate above the leaf" },
	{ "-d--", 1, 1, "the anchor itself" },
	{ "-d-", 2, 2, "above the anchor: not verified, the leaf" },
	{ "-dd-", 0, 1, "two: the first" },
	{ "-dd-", 2, 2, "two: the first from the anchor on" },
	{ "--d", 0, 2, "the leaf is the device certificate" },
	{ "d", 0, 0, "one certificate" },
};

static void test_find(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(chains); i++) {
		size_t len, at[8], n = strlen(chains[i].chain);
		u8 *chain = chain_of(chains[i].chain, &len, at);
		struct x509_cert device, leaf;
		int rc;

		rc = spdm_pin_find(chain, len, chains[i].anchor, &device, &leaf);
		ok(!rc && device.raw == chain + at[chains[i].device] &&
		   leaf.raw == chain + at[n - 1], "%s: %s", chains[i].chain,
		   chains[i].name);
		rc = spdm_pin_find(chain, len - 1, chains[i].anchor, &device,
				   &leaf);
		ok(rc == -EBADMSG, "%s, cut short: malformed", chains[i].chain);
		free(chain);
	}
	ok(spdm_pin_find((const u8 *)"", 0, 0, &(struct x509_cert) {},
			 &(struct x509_cert) {}) == -EBADMSG, "no chain: malformed");
}

#define RSA_2048	0x001
#define RSA_3072	0x004
#define P256		0x010
#define RSA_4096	0x020
#define PSS_4096	0x040
#define P384		0x080
#define P521		0x100
/* PqcAsymAlgo in the upper half */
#define MLDSA_44	0x10000
#define MLDSA_87	0x40000
#define SHA256		1
#define SHA384		2
#define SHA512		4

static const struct {
	u8 version[2];
	u32 asym[2];
	u32 hash[2];
	const char *text;	/* NULL: no downgrade */
} downgrades[] = {
	{ { 0x12, 0x12 }, { P384, P384 }, { SHA384, SHA384 }, NULL },
	{ { 0x12, 0x13 }, { P256, P521 }, { SHA256, SHA512 }, NULL },
	{ { 0x13, 0x12 }, { P384, P384 }, { SHA384, SHA384 },
	  "Version is lower than at the last success: 1.2, was 1.3" },
	{ { 0x11, 0x10 }, { P384, P256 }, { SHA384, SHA256 },
	  "Version is lower than at the last success: 1.0, was 1.1" },
	{ { 0x12, 0x13 }, { P384, P256 }, { SHA384, SHA384 },
	  "Signature algorithm is weaker than at the last success: ecdsa-p256, was ecdsa-p384" },
	{ { 0x12, 0x12 }, { RSA_3072, RSA_2048 }, { SHA256, SHA256 },
	  "Signature algorithm is weaker than at the last success: rsassa-2048, was rsassa-3072" },
	{ { 0x12, 0x12 }, { P384, RSA_4096 }, { SHA384, SHA384 },
	  "Signature algorithm is weaker than at the last success: rsassa-4096, was ecdsa-p384" },
	{ { 0x12, 0x12 }, { RSA_3072, P256 }, { SHA256, SHA256 }, NULL },
	{ { 0x13, 0x14 }, { P384, MLDSA_87 }, { SHA384, SHA384 }, NULL },
	{ { 0x14, 0x14 }, { MLDSA_87, MLDSA_44 }, { SHA384, SHA384 },
	  "Signature algorithm is weaker than at the last success: mldsa-44, was mldsa-87" },
	{ { 0x12, 0x12 }, { RSA_4096, PSS_4096 }, { SHA256, SHA256 }, NULL },
	{ { 0x12, 0x12 }, { P384, P384 }, { SHA384, SHA256 },
	  "Hash is weaker than at the last success: sha256, was sha384" },
};

static const struct spdm_asym *find_asym(u32 bits)
{
	return spdm_find_asym(bits & 0xffff, bits >> 16);
}

static void test_downgrade(void)
{
	struct spdm_fault fault;
	char text[300];
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(downgrades); i++) {
		struct spdm_pin p[2];

		fault = (struct spdm_fault) { .what = "" };
		for (size_t j = 0; j < 2; j++)
			p[j] = (struct spdm_pin) {
				.version = downgrades[i].version[j],
				.asym = find_asym(downgrades[i].asym[j]),
				.hash = spdm_find_hash(downgrades[i].hash[j]),
			};
		rc = spdm_pin_downgrade(&p[0], &p[1], &fault);
		snprintf(text, sizeof(text), "%s: %s", fault.what, fault.detail);
		if (downgrades[i].text)
			ok(rc == -EPROTO && !strcmp(text, downgrades[i].text),
			   "%s", downgrades[i].text);
		else
			ok(!rc, "no downgrade, %zu", i);
		p[0].version = 0;
		ok(!spdm_pin_downgrade(&p[0], &p[1], &fault),
		   "no success before, %zu", i);
	}
}

static void test_other(void)
{
	struct spdm_pin pin = { .version = 0x12 }, now = { .version = 0x12 };
	struct spdm_fault fault = {};
	char detail[200];

	snprintf(detail, sizeof(detail), "expected %064d, found %062da5", 0, 0);
	ok(!spdm_pin_other(&pin, &now, SPDM_PIN_LEAF, &fault) &&
	   !spdm_pin_other(&pin, &now, SPDM_PIN_DEVICE, &fault), "the same keys");
	now.leaf[31] = 0xa5;
	ok(spdm_pin_other(&pin, &now, SPDM_PIN_LEAF, &fault) == -EKEYREJECTED &&
	   !strcmp(fault.what, "Key is not that of the last success") &&
	   !strcmp(fault.detail, detail),
	   "another leaf: %s", fault.detail);
	ok(!spdm_pin_other(&pin, &now, SPDM_PIN_DEVICE, &fault),
	   "another leaf of the same device, pin=device");
	ok(!spdm_pin_other(&pin, &now, SPDM_PIN_OFF, &fault),
	   "another leaf, pin=off");
	now.leaf[31] = 0;
	now.device[0] = 1;
	ok(!spdm_pin_other(&pin, &now, SPDM_PIN_LEAF, &fault),
	   "another device certificate with the same leaf, pin=leaf");
	ok(spdm_pin_other(&pin, &now, SPDM_PIN_DEVICE, &fault) == -EKEYREJECTED,
	   "another device: %s", fault.what);
	pin.version = 0;
	ok(!spdm_pin_other(&pin, &now, SPDM_PIN_DEVICE, &fault),
	   "no success before");
}

int main(void)
{
	key = EVP_EC_gen("P-256");
	test_is_device();
	test_find();
	test_downgrade();
	test_other();
	EVP_PKEY_free(key);
	return tap_done();
}
