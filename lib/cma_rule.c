// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy for PCI devices: a rule, and the certificates of a device.
 */
#include "cma_policy_internal.h"
#include "x509_cma.h"
#include "x509_text.h"

/* Room for the text of a name in a detail. */
#define NAME_ROOM	64

/* The requirements were parsed before: a fault of theirs ends the walk. */
static bool next(const struct cma_rule *rule, size_t *pos,
		 struct cma_requirement *req)
{
	struct cma_policy_fault fault;

	return cma_next_requirement(rule->text, rule->len, pos, req, &fault) > 0;
}

bool cma_rule_wants_pci_name(const struct cma_rule *rule)
{
	struct cma_requirement req;
	size_t pos = 0;

	while (next(rule, &pos, &req))
		if (req.want == CMA_NAME_PCI)
			return true;
	return false;
}

bool cma_rule_wants_name(const struct cma_rule *rule)
{
	struct cma_requirement req;
	size_t pos = 0;

	while (next(rule, &pos, &req))
		if (req.want != CMA_NAME_NONE && req.want != CMA_PIN)
			return true;
	return false;
}

static bool has_text(const struct cma_requirement *req, const u8 *name,
		     size_t len)
{
	if (len < req->text.len || memcmp(name, req->text.s, req->text.len))
		return false;
	return req->want == CMA_NAME_PREFIX || len == req->text.len;
}

/* Returns 1 if the leaf has the name, 0, or a negative errno. */
static int has_name(const struct cma_requirement *req,
		    const struct x509_cert *leaf, const char *pci_name,
		    struct x509_fault *fault)
{
	size_t pos = 0, len;
	const u8 *name;
	int rc;

	if (req->want == CMA_NAME_NONE)
		return 1;
	if (req->want == CMA_NAME_PCI) {
		while (!(rc = x509_next_cma_name(leaf, &pos, &name, &len, fault)))
			if (pci_name && len == strlen(pci_name) &&
			    !memcmp(name, pci_name, len))
				return 1;
	} else {
		while (!(rc = x509_next_dmtf_name(leaf, &pos, &name, &len, fault)))
			if (has_text(req, name, len))
				return 1;
	}
	return rc == -ENODATA ? 0 : rc;
}

/* The text of the first name that a rule expects. */
static void expected_text(const struct cma_rule *rule, const char *pci_name,
			  char *buf, size_t size)
{
	struct cma_requirement req;
	size_t pos = 0;

	buf[0] = '\0';
	while (next(rule, &pos, &req)) {
		if (req.want == CMA_PIN)
			continue;
		if (req.want == CMA_NAME_PCI)
			snprintf(buf, size, "%s", pci_name ? pci_name : "");
		else
			x509_text(req.text.s, req.text.len, buf, size);
		return;
	}
}

static void name_detail(const struct cma_rule *rule,
			const struct x509_cert *leaf, const char *pci_name,
			bool several, char *detail, size_t size)
{
	char expected[NAME_ROOM], found[NAME_ROOM] = "no name";
	struct x509_fault fault;
	size_t dmtf = 0, pci = 0, len;
	const u8 *name;

	expected_text(rule, pci_name, expected, sizeof(expected));
	if (!x509_next_dmtf_name(leaf, &dmtf, &name, &len, &fault) ||
	    !x509_next_cma_name(leaf, &pci, &name, &len, &fault))
		x509_text(name, len, found, sizeof(found));
	snprintf(detail, size, "line %zu: expected %s%s, found %s", rule->line,
		 expected, several ? " or another one" : "", found);
}

noinline_for_stack
int cma_rule_check_name(const struct cma_rule *rule, const struct x509_cert *leaf,
			const char *pci_name, struct x509_fault *fault,
			char *detail, size_t size)
{
	struct cma_requirement req;
	size_t pos = 0, names = 0;
	bool pci = false;
	int rc;

	while (next(rule, &pos, &req)) {
		if (req.want == CMA_PIN)
			continue;
		names++;
		pci |= req.want == CMA_NAME_PCI;
		rc = has_name(&req, leaf, pci_name, fault);
		if (rc)
			return rc < 0 ? rc : 0;
	}
	/* The words of a device for which there is no rule. */
	if (names == 1 && pci && pci_name)
		return x509_check_cma_name(leaf, pci_name, fault, detail, size);
	name_detail(rule, leaf, pci_name, names > 1, detail, size);
	return x509_refused(fault,
			    "Leaf certificate does not have the name of the policy",
			    "subjectAltName");
}

static bool is_pinned(const struct cma_rule *rule, const u8 *digest)
{
	struct cma_requirement req;
	size_t pos = 0;

	while (next(rule, &pos, &req))
		if (req.want == CMA_PIN && !memcmp(req.pin, digest, CMA_PIN_LEN))
			return true;
	return false;
}

static bool has_pins(const struct cma_rule *rule)
{
	struct cma_requirement req;
	size_t pos = 0;

	while (next(rule, &pos, &req))
		if (req.want == CMA_PIN)
			return true;
	return false;
}

static void pin_detail(const struct cma_rule *rule, const u8 *digest,
		       char *detail, size_t size)
{
	char text[2 * CMA_PIN_LEN + 1];

	x509_hex(digest, CMA_PIN_LEN, text);
	snprintf(detail, size, "line %zu: the key of the leaf is sha256:%s",
		 rule->line, text);
}

noinline_for_stack
int cma_rule_check_pin(const struct cma_rule *rule, const struct x509_path *path,
		       const struct cma_sha256 *sha, struct x509_fault *fault,
		       char *detail, size_t size)
{
	u8 digest[CMA_PIN_LEN] = {};
	struct x509_cert cert;
	size_t pos = 0;
	int rc;

	if (!has_pins(rule))
		return 0;
	while (pos < path->len) {
		rc = x509_walk(path->certs + pos, path->len - pos, &cert, fault);
		if (rc)
			return rc;
		rc = sha->digest(sha->ctx, cert.key, cert.key_len, digest);
		if (rc) {
			*fault = (struct x509_fault) { .what = "Cannot hash" };
			return rc;
		}
		if (is_pinned(rule, digest))
			return 0;
		pos += cert.raw_len;
	}
	pin_detail(rule, digest, detail, size);
	return x509_refused(fault, "No certificate has a key that the policy pins",
			    "subjectPublicKeyInfo");
}
