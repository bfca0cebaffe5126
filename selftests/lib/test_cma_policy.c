// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/cma_policy.c and lib/cma_rule.c. ../chains has the verdicts on
 * whole chains.
 */
#include <openssl/sha.h>
#include <stdlib.h>

#include "../../lib/cma_policy.h"
#include "tap.h"
#include "x509_make.h"

#define PIN	"sha256:0123456789abcdefABCDEF6789abcdef0123456789abcdef0123456789abcdef"
#define ID_FORM	"ID is not one, two or four numbers of four hexadecimal digits"

/* ---- the parser ---- */

/* @word: the word at fault, NULL for none */
static const struct {
	const char *text;
	const char *what;
	const char *word;
	size_t line;
	size_t rules;
} texts[] = {
	{ "", .rules = 0 },
	{ "\n\t# only a comment\n#\n", .rules = 0 },
	{ "any name none", .rules = 1 },
	{ "any name none # why\n", .rules = 1 },
	{ "address 0000:00:03.0 name pci\naddress 1f:1f.7 name pci\n", .rules = 2 },
	{ "address 10000:e1:00.0 id 8086 name none", .rules = 1 },
	{ "\tid  10DE:2342\tname dmtf NVIDIA:GH100:48B0 ", .rules = 1 },
	{ "id 144d:a80a:144d:a801 name dmtf-prefix \"Example Ltd:\"", .rules = 1 },
	{ "id 144d name dmtf \"a # b\" name dmtf M\xc3\xbcller:1:2 name pci", .rules = 1 },
	{ "any pin " PIN " name none pin " PIN, .rules = 1 },

	{ "any", "Rule without the word name", NULL, 1, 0 },
	{ "any name none\n\nany pin " PIN, "Rule without the word name", NULL, 3, 0 },
	{ "name none", "Rule does not begin with address, id or any", "name", 1, 0 },
	{ "# x\ndevice 8086 name none", "Rule does not begin with address, id or any",
	  "device", 2, 0 },
	{ "Any name none", "Rule does not begin with address, id or any", "Any", 1, 0 },
	{ "any any name none", "Word any is not the only one for devices", "any", 1, 0 },
	{ "id 8086 any name none", "Word any is not the only one for devices", "any", 1, 0 },
	{ "any id 8086 name none", "Word is repeated, or any is in front of it", "id", 1, 0 },
	{ "id 8086 id 8087 name none", "Word is repeated, or any is in front of it",
	  "id", 1, 0 },
	{ "address 00:03.0 address 00:04.0 name none",
	  "Word is repeated, or any is in front of it", "address", 1, 0 },
	{ "id", "Word without the one that must follow", "id", 1, 0 },
	{ "any name", "Word without the one that must follow", "name", 1, 0 },
	{ "any name dmtf # x", "Word without the one that must follow", "dmtf", 1, 0 },
	{ "any name dmtf \"\"", "Word without the one that must follow", "dmtf", 1, 0 },
	{ "any name none pin", "Word without the one that must follow", "pin", 1, 0 },
	{ "id 808 name none", ID_FORM, "808", 1, 0 },
	{ "id 80866 name none", ID_FORM, "80866", 1, 0 },
	{ "id 0x8086 name none", ID_FORM, "0x8086", 1, 0 },
	{ "id 8086: name none", ID_FORM, "8086:", 1, 0 },
	{ "id 8086:1234:8086 name none", ID_FORM, "8086:1234:8086", 1, 0 },
	{ "id 8086:1:2:3 name none", ID_FORM, "8086:1:2:3", 1, 0 },
	{ "id 8086:1234:8086:1234:1234 name none", ID_FORM, "8086:1234:8086:1234:1234", 1, 0 },
	{ "address 3.0 name none", "Address is not DOMAIN:BUS:DEVICE.FUNCTION", "3.0", 1, 0 },
	{ "address 00:20.0 name none", "Address is not DOMAIN:BUS:DEVICE.FUNCTION",
	  "00:20.0", 1, 0 },
	{ "address 00:03.8 name none", "Address is not DOMAIN:BUS:DEVICE.FUNCTION",
	  "00:03.8", 1, 0 },
	{ "address 0:00:03.0 name none", "Address is not DOMAIN:BUS:DEVICE.FUNCTION",
	  "0:00:03.0", 1, 0 },
	{ "address 00:03.0x name none", "Address is not DOMAIN:BUS:DEVICE.FUNCTION",
	  "00:03.0x", 1, 0 },
	{ "any name none colour red", "Unknown word", "colour", 1, 0 },
	{ "any name san", "Kind of name is not pci, dmtf, dmtf-prefix or none", "san", 1, 0 },
	{ "any name none name pci", "Rule has name none and another name", NULL, 1, 0 },
	{ "any name dmtf-prefix ACME", "Prefix of a name does not end with a colon",
	  "ACME", 1, 0 },
	{ "any name none pin sha256:00", "Pin is not sha256: and 64 hexadecimal digits",
	  "sha256:00", 1, 0 },
	{ "any name none pin " PIN "0", "Pin is not sha256: and 64 hexadecimal digits",
	  PIN "0", 1, 0 },
	{ "any name dmtf \"a", "Quotation mark without its second one", "a", 1, 0 },
	{ "any name dmtf a\"b", "Quotation mark inside a word", "a\"b", 1, 0 },
	{ "any name dmtf \"a\"b", "No blank behind a quotation mark", "a", 1, 0 },
	{ "any name none\r\n", "Control character", NULL, 1, 0 },
	{ "any name none\n\x7f", "Control character", NULL, 2, 0 },
};

static bool is_word(const struct cma_policy_fault *fault, const char *want)
{
	if (!want)
		return !fault->word;
	return fault->word && fault->word_len == strlen(want) &&
	       !memcmp(fault->word, want, fault->word_len);
}

static void test_texts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct cma_policy_fault fault;
		size_t rules, len = strlen(texts[i].text);
		u8 *copy = malloc(len + !len);
		int rc;

		memcpy(copy, texts[i].text, len);
		rc = cma_policy_check(copy, len, &rules, &fault);
		if (texts[i].what)
			ok(rc == -EINVAL && !strcmp(fault.what, texts[i].what) &&
			   fault.line == texts[i].line &&
			   is_word(&fault, texts[i].word),
			   "%zu: line %zu: %s", i, texts[i].line, texts[i].what);
		else
			ok(!rc && rules == texts[i].rules, "%zu: %zu rules", i,
			   texts[i].rules);
		free(copy);
	}
}

/* A policy of @len bytes: comments of 64 bytes. */
static u8 *comments(size_t len)
{
	u8 *text = malloc(len);

	memset(text, '#', len);
	for (size_t i = 63; i < len; i += 64)
		text[i] = '\n';
	return text;
}

static void test_bounds(void)
{
	struct cma_policy_fault fault;
	u8 *text = comments(CMA_POLICY_MAX + 1);
	size_t rules;

	ok(!cma_policy_check(text, CMA_POLICY_MAX, &rules, &fault),
	   "the longest policy");
	ok(cma_policy_check(text, CMA_POLICY_MAX + 1, &rules, &fault) == -E2BIG &&
	   !fault.line && fault.what, "a longer one");
	memset(text, '#', CMA_POLICY_MAX);
	ok(!cma_policy_check(text, CMA_POLICY_LINE_MAX, &rules, &fault),
	   "the longest line");
	ok(cma_policy_check(text, CMA_POLICY_LINE_MAX + 1, &rules, &fault) == -EINVAL &&
	   fault.line == 1, "a longer one");
	text[0] = '\0';
	ok(cma_policy_check(text, 1, &rules, &fault) == -EINVAL, "a NUL");
	free(text);
}

/* ---- the rule for a device ---- */

static const struct cma_id nvme = {
	.has_address = true, .has_subsystem = true, .bus = 1,
	.vendor = 0x1b36, .device = 0x0010, .sub_vendor = 0x1af4, .sub_device = 0x1100,
};

static const struct {
	const char *text;
	bool no_address;
	bool no_subsystem;
	int rc;
	size_t line;
} finds[] = {
	{ "", .rc = 0 },
	{ "any name none", .rc = 1, .line = 1 },
	{ "# x\n\nid 1b36 name none\nany name pci", .rc = 1, .line = 3 },
	{ "id 1b37 name none\nid 1b36:0011 name none\nid 1b36:0010 name none",
	  .rc = 1, .line = 3 },
	{ "id 1b36:0010:1af4:1101 name none\nid 1B36:0010:1AF4:1100 name none",
	  .rc = 1, .line = 2 },
	{ "id 1b36:0010:1af5:1100 name none", .rc = 0 },
	{ "address 01:00.0 name none", .rc = 1, .line = 1 },
	{ "address 0000:01:00.1 name none\naddress 0000:01:01.0 name none\n"
	  "address 0000:02:00.0 name none\naddress 0001:01:00.0 name none", .rc = 0 },
	{ "address 01:00.0 id 1b37 name none", .rc = 0 },
	{ "id 1b36 address 01:00.0 name none", .rc = 1, .line = 1 },
	/* What is not known. */
	{ "address 01:00.0 name none\nany name none", true, .rc = -ENODATA, .line = 1 },
	{ "any name none\naddress 01:00.0 name none", true, .rc = 1, .line = 1 },
	{ "address 01:00.0 id 1b37 name none", true, .rc = 0 },
	{ "id 1b36:0010:1af4:1100 name none", false, true, .rc = -ENODATA, .line = 1 },
	{ "id 1b36:0011:1af4:1100 name none", false, true, .rc = 0 },
	{ "id 1b36:0010 name none", false, true, .rc = 1, .line = 1 },
	/* A text that was not checked. */
	{ "id 1 name none\nany name none", .rc = -EINVAL },
};

static void test_find(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(finds); i++) {
		struct cma_rule rule = {};
		struct cma_id id = nvme;
		int rc;

		id.has_address = !finds[i].no_address;
		id.has_subsystem = !finds[i].no_subsystem;
		rc = cma_policy_find((const u8 *)finds[i].text,
				     strlen(finds[i].text), &id, &rule);
		ok(rc == finds[i].rc && rule.line == finds[i].line &&
		   (!rule.line || !strncmp((const char *)rule.text, "name ", 5)),
		   "find %zu: %d, line %zu", i, rc, rule.line);
	}
}

static void test_parse_id(void)
{
	struct cma_id id = {};

	ok(cma_parse_numbers((const u8 *)"1b36:0010:1af4:1100", 19, &id) == 4 &&
	   id.has_subsystem && id.vendor == 0x1b36 && id.device == 0x10 &&
	   id.sub_vendor == 0x1af4 && id.sub_device == 0x1100, "four numbers");
	ok(cma_parse_numbers((const u8 *)"1b36:0010", 9, &id) == 2 &&
	   !id.has_subsystem && !id.sub_vendor, "two numbers");
	ok(cma_parse_address((const u8 *)"abcdef01:fe:1f.7", 16, &id) &&
	   id.has_address && id.domain == 0xabcdef01 && id.bus == 0xfe &&
	   id.slot == 31 && id.function == 7, "the largest address");
}

/* ---- certificates against a rule ---- */

#define PCI	"Vendor=1b36:Device=0010:CC=010802:REV=02:SSVID=1af4:SSID=1100"
#define OTHER_NAME	"otherName:1.3.6.1.4.1.412.274.1;UTF8:"
#define DMTF	"ACME:WIDGET:1234567890"

enum { CA, BOTH, ONLY_DMTF, TWO_DMTF, NO_NAME, N_LEAVES };

static const char *const names[N_LEAVES] = {
	[BOTH] = "otherName:2.23.147;UTF8:" PCI "," OTHER_NAME DMTF,
	[ONLY_DMTF] = OTHER_NAME DMTF,
	[TWO_DMTF] = OTHER_NAME "X:Y:Z," OTHER_NAME DMTF,
	[NO_NAME] = "DNS:example.org",
};

static struct cert certs[N_LEAVES];
static char key_pins[N_LEAVES][80];
static size_t hashed;

static int sha256(void *ctx, const u8 *data, size_t len, u8 out[CMA_PIN_LEN])
{
	int *rc = ctx;

	hashed++;
	SHA256(data, len, out);
	return rc ? *rc : 0;
}

static void make_certs(void)
{
	for (int i = 0; i < N_LEAVES; i++) {
		u8 digest[CMA_PIN_LEN];
		char *pin = key_pins[i];

		key = EVP_EC_gen("P-256");
		certs[i] = MAKE({ names[i] ? NID_subject_alt_name : 0, names[i] });
		EVP_PKEY_free(key);
		if (certs[i].rc)
			abort();
		SHA256(certs[i].x.key, certs[i].x.key_len, digest);
		pin += sprintf(pin, "sha256:");
		for (size_t j = 0; j < sizeof(digest); j++)
			pin += sprintf(pin, "%02x", digest[j]);
	}
}

/* @pin: a pin of this certificate is added; -1 for none */
static const struct {
	const char *wants;
	int leaf;
	int pin;
	int rc;
	const char *what;
	const char *detail;
	size_t hashed;
} verdicts[] = {
	{ "name none", NO_NAME, -1, 0, NULL, NULL, 0 },
	{ "name pci", BOTH, -1, 0, NULL, NULL, 0 },
	{ "name pci", ONLY_DMTF, -1, -EKEYREJECTED,
	  "Leaf certificate has no OtherName with CMA OID",
	  "expected " PCI ", found the DMTF name " DMTF, 0 },
	{ "name dmtf " DMTF, ONLY_DMTF, -1, 0, NULL, NULL, 0 },
	{ "name dmtf " DMTF, BOTH, -1, 0, NULL, NULL, 0 },
	{ "name dmtf " DMTF, TWO_DMTF, -1, 0, NULL, NULL, 0 },
	{ "name dmtf " DMTF "1", ONLY_DMTF, -1, -EKEYREJECTED,
	  "Leaf certificate does not have the name of the policy",
	  "line 7: expected " DMTF "1, found " DMTF, 0 },
	{ "name dmtf ACME:WIDGET:", ONLY_DMTF, -1, -EKEYREJECTED,
	  "Leaf certificate does not have the name of the policy",
	  "line 7: expected ACME:WIDGET:, found " DMTF, 0 },
	{ "name dmtf-prefix ACME:WIDGET:", ONLY_DMTF, -1, 0, NULL, NULL, 0 },
	{ "name dmtf-prefix ACME:OTHER:", ONLY_DMTF, -1, -EKEYREJECTED,
	  "Leaf certificate does not have the name of the policy",
	  "line 7: expected ACME:OTHER:, found " DMTF, 0 },
	{ "name dmtf " DMTF, NO_NAME, -1, -EKEYREJECTED,
	  "Leaf certificate does not have the name of the policy",
	  "line 7: expected " DMTF ", found no name", 0 },
	{ "name pci name dmtf A:B:C", NO_NAME, -1, -EKEYREJECTED,
	  "Leaf certificate does not have the name of the policy",
	  "line 7: expected " PCI " or another one, found no name", 0 },
	{ "name dmtf A:B:C name pci", BOTH, -1, 0, NULL, NULL, 0 },
	{ "name dmtf A:B:C name dmtf " DMTF, ONLY_DMTF, -1, 0, NULL, NULL, 0 },
	{ "name none", NO_NAME, NO_NAME, 0, NULL, NULL, 2 },
	{ "name none", NO_NAME, CA, 0, NULL, NULL, 1 },
	{ "name none pin " PIN, NO_NAME, NO_NAME, 0, NULL, NULL, 2 },
	{ "name none", NO_NAME, BOTH, -EKEYREJECTED,
	  "No certificate has a key that the policy pins", NULL, 2 },
	{ "name dmtf A:B:C", ONLY_DMTF, ONLY_DMTF, -EKEYREJECTED,
	  "Leaf certificate does not have the name of the policy", NULL, 0 },
};

static int judge(size_t i, struct x509_fault *fault, char *detail, size_t size,
		 int *hash_rc)
{
	const struct cma_sha256 sha = { sha256, hash_rc };
	const struct cert *ca = &certs[CA], *leaf = &certs[verdicts[i].leaf];
	struct x509_cert cert;
	struct cma_rule rule;
	char text[512];
	u8 path[2048];
	int rc;

	snprintf(text, sizeof(text), "\n\n\n\n\n\nany %s %s %s", verdicts[i].wants,
		 verdicts[i].pin < 0 ? "" : "pin",
		 verdicts[i].pin < 0 ? "" : key_pins[verdicts[i].pin]);
	memcpy(path, ca->der, ca->len);
	memcpy(path + ca->len, leaf->der, leaf->len);
	x509_walk(path + ca->len, leaf->len, &cert, fault);
	rc = cma_policy_find((const u8 *)text, strlen(text), &nvme, &rule);
	if (rc != 1)
		return rc;
	hashed = 0;
	detail[0] = '\0';
	rc = cma_rule_check_name(&rule, &cert, PCI, fault, detail, size);
	return rc ?: cma_rule_check_pin(&rule, &(struct x509_path) {
			path, ca->len + leaf->len, &cert
		}, &sha, fault, detail, size);
}

static void test_rules(void)
{
	char detail[X509_DETAIL_MAX];
	struct x509_fault fault;
	int hash_rc = -ENOMEM;

	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		const char *want = verdicts[i].detail;
		int rc = judge(i, &fault, detail, sizeof(detail), NULL);

		if (want && strlen(want) > 150)
			abort();
		ok(rc == verdicts[i].rc && hashed == verdicts[i].hashed &&
		   (!rc || !strcmp(fault.what, verdicts[i].what)) &&
		   (!want || !strcmp(detail, want)),
		   "%s, leaf %d, pin %d: %d, %s", verdicts[i].wants,
		   verdicts[i].leaf, verdicts[i].pin, rc, detail);
		if (rc == -EKEYREJECTED && hashed)
			ok(strstr(detail, "line 7: the key of the leaf is ") &&
			   strstr(detail, key_pins[verdicts[i].leaf]),
			   "and the pin of the leaf");
	}
	ok(judge(14, &fault, detail, sizeof(detail), &hash_rc) == -ENOMEM &&
	   !strcmp(fault.what, "Cannot hash"), "the hash fails");
}

static void test_wants(void)
{
	struct cma_rule rule = { .text = (const u8 *)"name dmtf A:B:C name pci" };

	rule.len = strlen((const char *)rule.text);
	ok(cma_rule_wants_pci_name(&rule), "a rule that accepts the name of PCIe");
	rule.len -= 9;
	ok(!cma_rule_wants_pci_name(&rule), "a rule that does not");
	ok(cma_rule_wants_name(&rule), "a rule that wants another name");
	rule.text = (const u8 *)"pin " PIN " name none";
	rule.len = strlen((const char *)rule.text);
	ok(!cma_rule_wants_name(&rule), "a rule that wants none");
}

int main(void)
{
	test_texts();
	test_bounds();
	test_find();
	test_parse_id();
	make_certs();
	test_rules();
	test_wants();
	for (int i = 0; i < N_LEAVES; i++)
		free(certs[i].der);
	return tap_done();
}
