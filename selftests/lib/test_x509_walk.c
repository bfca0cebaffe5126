// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/x509_walk.c, lib/x509_check.c and lib/der.c.
 */
#define _GNU_SOURCE
#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "../../lib/der.h"
#include "../../lib/x509_check.h"
#include "../../lib/x509_cma.h"
#include "../../lib/x509_name.h"
#include "tap.h"
#include "x509_make.h"

#define NVME "Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100"
#define CMA_SAN "otherName:2.23.147;UTF8:" NVME
#define EKU_RESPONDER "1.3.6.1.4.1.412.274.3"

static struct cert make_valid(const char *from, const char *to)
{
	return finish(unsigned_cert(from, to));
}

static void test_der(void)
{
	static const struct {
		const char *what;
		u8 buf[6];
		size_t len;
		int rc;
	} cases[] = {
		{ "nothing", {}, 0, -ENODATA },
		{ "only a tag", { 0x30 }, 1, -EBADMSG },
		{ "no contents", { 0x30, 0 }, 2, 0 },
		{ "contents longer than the rest", { 0x04, 2, 1 }, 3, -EBADMSG },
		{ "indefinite length", { 0x30, 0x80, 0, 0 }, 4, -EBADMSG },
		{ "long form of a short length", { 0x04, 0x81, 1, 0 }, 4, -EBADMSG },
		{ "leading zero in the length", { 0x04, 0x82, 0, 0x80 }, 4, -EBADMSG },
		{ "length of the length outside", { 0x04, 0x82, 1 }, 3, -EBADMSG },
		{ "length of four bytes", { 0x04, 0x84, 1, 0, 0, 0 }, 6, -EBADMSG },
		{ "length 2^24 - 1", { 0x04, 0x83, 0xff, 0xff, 0xff, 0 }, 6, -EBADMSG },
		{ "high tag number", { 0x1f, 1, 0 }, 3, -EBADMSG },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 *copy = malloc(cases[i].len + 1);
		size_t pos = 1;
		struct der el;

		/* Not at offset 0, so that the position matters. */
		memcpy(copy + 1, cases[i].buf, cases[i].len);
		ok(der_next(copy, cases[i].len + 1, &pos, &el) == cases[i].rc,
		   "DER: %s", cases[i].what);
		free(copy);
	}
}

static void test_leaf(void)
{
	struct cert c = MAKE({ NID_basic_constraints, "critical,CA:FALSE" },
			     { NID_key_usage, "critical,digitalSignature" },
			     { NID_ext_key_usage, EKU_RESPONDER },
			     { NID_subject_alt_name,
			       "DNS:example,otherName:1.2.3;UTF8:x," CMA_SAN });
	const u8 *name = NULL;
	size_t pos = 0, len = 0, bad = 0;

	ok(!c.rc && c.x.raw == c.der && c.x.raw_len == c.len, "leaf");
	ok(!c.x.ca && c.x.path_len == X509_PATH_LEN_NONE && c.x.has_key_usage &&
	   c.x.key_usage == X509_KU_DIGITAL_SIGNATURE && !c.x.critical,
	   "its constraints and usage");
	ok(c.x.not_before == 1735689600 && c.x.not_after == 2051222400,
	   "its validity");
	ok(!x509_check_leaf(&c.x, false, &c.fault), "is valid as a leaf");
	ok(x509_check_ca(&c.x, 0, &c.fault) == -EKEYREJECTED, "is not a CA");
	ok(!x509_self_issued(&c.x) && !x509_issued_by(&c.x, &c.x),
	   "is not self-issued");
	ok(!x509_next_cma_name(&c.x, &pos, &name, &len, &c.fault) &&
	   len == strlen(NVME) && !memcmp(name, NVME, len),
	   "its CMA name, behind other names");
	ok(x509_next_cma_name(&c.x, &pos, &name, &len, &c.fault) == -ENODATA,
	   "and no other");

	for (size_t n = 0; n < c.len; n++) {
		u8 *cut = malloc(n ? n : 1);
		struct x509_cert x;

		memcpy(cut, c.der, n);
		bad += x509_walk(cut, n, &x, &c.fault) == -EBADMSG &&
		       c.fault.what && c.fault.field;
		free(cut);
	}
	ok(bad == c.len, "cut short anywhere: malformed");
	free(c.der);
}

static void test_checks(void)
{
	static const struct {
		const char *what;
		struct ext exts[4];
		bool leaf;
		size_t below;
		const char *field;	/* NULL: good */
	} cases[] = {
		{ "leaf without extensions", {}, true, 0, NULL },
		{ "leaf that is a CA", { { NID_basic_constraints, "CA:TRUE" } },
		  true, 0, "basicConstraints" },
		{ "leaf with keyCertSign", { { NID_key_usage, "digitalSignature,keyCertSign" } },
		  true, 0, "keyUsage" },
		{ "leaf with keyAgreement only", { { NID_key_usage, "keyAgreement" } },
		  true, 0, "keyUsage" },
		{ "leaf with decipherOnly, the ninth bit",
		  { { NID_key_usage, "digitalSignature,keyAgreement,decipherOnly" } },
		  true, 0, NULL },
		{ "leaf for signing code", { { NID_ext_key_usage, "codeSigning" } },
		  true, 0, NULL },
		{ "leaf for DICE purposes only",
		  { { NID_ext_key_usage, "critical,2.23.133.5.4.100.9" } },
		  true, 0, NULL },
		{ "leaf for a server and a requester",
		  { { NID_ext_key_usage, "serverAuth,1.3.6.1.4.1.412.274.4" } },
		  true, 0, "extKeyUsage" },
		{ "leaf for anything and a requester",
		  { { NID_ext_key_usage, "anyExtendedKeyUsage,1.3.6.1.4.1.412.274.4" } },
		  true, 0, "extKeyUsage" },
		{ "leaf for a requester and a responder",
		  { { NID_ext_key_usage, "1.3.6.1.4.1.412.274.4," EKU_RESPONDER } },
		  true, 0, NULL },
		{ "leaf for a longer OID than a requester's",
		  { { NID_ext_key_usage, "1.3.6.1.4.1.412.274.4.1" } },
		  true, 0, NULL },
		{ "leaf for a requester", { { NID_ext_key_usage, "1.3.6.1.4.1.412.274.4" } },
		  true, 0, "extKeyUsage" },
		{ "leaf for code and responder",
		  { { NID_ext_key_usage, "codeSigning," EKU_RESPONDER } },
		  true, 0, NULL },
		{ "leaf for anything", { { NID_ext_key_usage, "anyExtendedKeyUsage" } },
		  true, 0, NULL },
		{ "leaf with the usage of DMTF's samples",
		  { { NID_ext_key_usage, "critical,serverAuth,clientAuth,OCSPSigning" } },
		  true, 0, NULL },
		{ "leaf with name constraints, critical",
		  { { NID_name_constraints, "critical,permitted;DNS:x" } },
		  true, 0, NULL },
		{ "leaf with name constraints, not critical",
		  { { NID_name_constraints, "permitted;DNS:x" } }, true, 0, NULL },
		{ "CA without keyUsage", { { NID_basic_constraints, "CA:TRUE" } },
		  false, 7, NULL },
		{ "CA without keyCertSign",
		  { { NID_basic_constraints, "CA:TRUE" }, { NID_key_usage, "cRLSign" } },
		  false, 0, "keyUsage" },
		{ "CA:FALSE", { { NID_basic_constraints, "CA:FALSE" } },
		  false, 0, "basicConstraints" },
		{ "pathLen 0 and none below", { { NID_basic_constraints, "CA:TRUE,pathlen:0" } },
		  false, 0, NULL },
		{ "pathLen 0 and one below", { { NID_basic_constraints, "CA:TRUE,pathlen:0" } },
		  false, 1, "pathLenConstraint" },
		{ "pathLen 2 and two below", { { NID_basic_constraints, "CA:TRUE,pathlen:2" } },
		  false, 2, NULL },
		{ "pathLen 2 and three below", { { NID_basic_constraints, "CA:TRUE,pathlen:2" } },
		  false, 3, "pathLenConstraint" },
		{ "pathLen 130 and 130 below",
		  { { NID_basic_constraints, "CA:TRUE,pathlen:130" } }, false, 130, NULL },
		{ "pathLen 130 and 131 below",
		  { { NID_basic_constraints, "CA:TRUE,pathlen:130" } },
		  false, 131, "pathLenConstraint" },
		{ "pathLen 255 and 255 below",
		  { { NID_basic_constraints, "CA:TRUE,pathlen:255" } }, false, 255, NULL },
		{ "pathLen 255 and 256 below",
		  { { NID_basic_constraints, "CA:TRUE,pathlen:255" } },
		  false, 256, "pathLenConstraint" },
		{ "pathLen 1000 and 256 below",
		  { { NID_basic_constraints, "CA:TRUE,pathlen:1000" } }, false, 256, NULL },
		{ "pathLen 2^40 and 256 below",
		  { { NID_basic_constraints, "CA:TRUE,pathlen:1099511627776" } },
		  false, 256, NULL },
		{ "CA with policy constraints, critical",
		  { { NID_basic_constraints, "CA:TRUE" },
		    { NID_policy_constraints, "critical,requireExplicitPolicy:0" },
		    { NID_inhibit_any_policy, "critical,0" } },
		  false, 0, NULL },
		{ "CA with policies, critical",
		  { { NID_basic_constraints, "CA:TRUE" },
		    { NID_certificate_policies, "critical,DER:3006300406022a03" },
		    { NID_policy_mappings, "critical,DER:300a300806022a0306022a04" } },
		  false, 0, NULL },
		{ "CA with CRL distribution points, critical",
		  { { NID_basic_constraints, "CA:TRUE" },
		    { NID_crl_distribution_points, "critical,URI:http://x/" } },
		  false, 0, "extensions" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cert c = make(cases[i].exts);
		const char *field = cases[i].field;
		struct x509_fault fault = {};
		int rc;

		if (cases[i].leaf)
			rc = x509_check_leaf(&c.x, true, &fault);
		else
			rc = x509_check_ca(&c.x, cases[i].below, &fault);
		if (field && rc == -EKEYREJECTED && !strcmp(fault.field, field))
			rc = 0;
		ok(!c.rc && !rc && !field == !fault.field, "%s", cases[i].what);
		free(c.der);
	}
}

static void test_duplicate(void)
{
	struct cert c = MAKE({ NID_basic_constraints, "CA:FALSE" },
			     { NID_basic_constraints, "CA:TRUE" });

	ok(c.rc == -EBADMSG && !strcmp(c.fault.field, "extensions"),
	   "an extension twice: malformed");
	free(c.der);
}

/* Extensions that are not DER, or that RFC 5280 forbids. */
static void test_bad_extensions(void)
{
	static const struct {
		const char *what;
		struct ext exts[2];
		int rc;
	} cases[] = {
		{ "cA TRUE with another value than 0xff",
		  { { NID_basic_constraints, "DER:3003010101" } }, -EBADMSG },
		{ "no cA", { { NID_basic_constraints, "DER:3000" } }, 0 },
		{ "keyUsage without bits", { { NID_key_usage, "DER:030100" } }, -EBADMSG },
		/* OpenSSL and the kernel do not see this keyCertSign. */
		{ "keyCertSign among the unused bits of keyUsage",
		  { { NID_key_usage, "DER:03020784" } }, -EBADMSG },
		{ "decipherOnly, with seven unused bits",
		  { { NID_key_usage, "DER:0303078880" } }, 0 },
		{ "subjectKeyIdentifier without bytes",
		  { { NID_subject_key_identifier, "DER:0400" } }, -EBADMSG },
		{ "subjectKeyIdentifier that is no OCTET STRING",
		  { { NID_subject_key_identifier, "DER:03020001" } }, -EBADMSG },
		{ "subjectKeyIdentifier and a byte behind it",
		  { { NID_subject_key_identifier, "DER:04010100" } }, -EBADMSG },
		{ "subjectKeyIdentifier of one byte",
		  { { NID_subject_key_identifier, "DER:040101" } }, 0 },
		{ "authorityKeyIdentifier that is no SEQUENCE",
		  { { NID_authority_key_identifier, "DER:040101" } }, -EBADMSG },
		{ "authorityKeyIdentifier with an unknown field",
		  { { NID_authority_key_identifier, "DER:3003830101" } }, -EBADMSG },
		{ "authorityKeyIdentifier, fields out of order",
		  { { NID_authority_key_identifier, "DER:3006820101800101" } }, -EBADMSG },
		{ "authorityKeyIdentifier without fields",
		  { { NID_authority_key_identifier, "DER:3000" } }, 0 },
		{ "authorityKeyIdentifier with a key, an issuer and a serial number",
		  { { NID_authority_key_identifier, "DER:300c800101a104820178a4820101" } },
		  -EBADMSG },
		{ "authorityKeyIdentifier with a key, a name and a serial number",
		  { { NID_authority_key_identifier, "DER:300b800101a103820178820101" } },
		  0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cert c = make(cases[i].exts);

		ok(c.rc == cases[i].rc &&
		   (!c.rc || !strcmp(c.fault.field, "extensions")), "%s: %d",
		   cases[i].what, cases[i].rc);
		free(c.der);
	}
}

static void test_san(void)
{
	static const struct {
		const char *what;
		const char *san;
		int rc;
	} cases[] = {
		{ "no CMA name", "otherName:1.3.6.1.4.1.412.274.1;UTF8:ACME:WIDGET:1", -ENODATA },
		{ "a longer OID", "otherName:2.23.147.1;UTF8:" NVME, -ENODATA },
		{ "not a UTF8String", "otherName:2.23.147;IA5:" NVME, -EBADMSG },
		{ "empty string", "otherName:2.23.147;UTF8:", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cert c = MAKE({ NID_subject_alt_name, cases[i].san });
		size_t pos = 0, len;
		const u8 *name;

		ok(!c.rc && x509_next_cma_name(&c.x, &pos, &name, &len,
					       &c.fault) == cases[i].rc,
		   "SAN: %s", cases[i].what);
		free(c.der);
	}
}

static void test_time(void)
{
	static const struct {
		const char *from, *to;
		s64 not_before, not_after;
	} cases[] = {
		{ "19700101000000Z", "20380119031408Z", 0, 2147483648LL },
		{ "20240229235959Z", "20491231235959Z", 1709251199, 2524607999LL },
		{ "20500101000000Z", "99991231235959Z", 2524608000LL, 253402300799LL },
		{ "19500101000000Z", "20000301000000Z", -631152000, 951868800 },
	};
	struct x509_fault fault;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct cert c = make_valid(cases[i].from, cases[i].to);

		ok(!c.rc && c.x.not_before == cases[i].not_before &&
		   c.x.not_after == cases[i].not_after, "%s to %s",
		   cases[i].from, cases[i].to);
		ok(x509_check_time(&c.x, c.x.not_before - 1, &fault) == -EKEYREJECTED &&
		   !x509_check_time(&c.x, c.x.not_before, &fault) &&
		   !x509_check_time(&c.x, c.x.not_after, &fault) &&
		   x509_check_time(&c.x, c.x.not_after + 1, &fault) == -EKEYEXPIRED,
		   "valid in between");
		free(c.der);
	}
}

/* An invalid date in the place of a valid one. */
static void test_bad_time(void)
{
	static const char *const bad[] = {
		"250229000000Z", "251301000000Z", "250001000000Z",
		"250100000000Z", "250132000000Z", "250101240000Z",
		"250101006000Z", "250101000060Z", "25010100000aZ",
		"2501010000000", "250431000000Z",
	};
	struct cert c = make_valid("20250101000000Z", "20350101000000Z");
	u8 *at = memmem(c.der, c.len, "250101000000Z", 13);
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		memcpy(at, bad[i], 13);
		n += x509_walk(c.der, c.len, &c.x, &c.fault) == -EBADMSG &&
		     !strcmp(c.fault.field, "validity");
	}
	ok(n == ARRAY_SIZE(bad), "invalid dates: malformed");
	free(c.der);
}

int main(void)
{
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	test_der();
	test_leaf();
	test_checks();
	test_duplicate();
	test_bad_extensions();
	test_san();
	test_time();
	test_bad_time();
	EVP_PKEY_free(key);
	return tap_done();
}
