// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy for PCI devices: in a file, and in the kernel's keyring .cma.
 */
#include <errno.h>
#include <keyutils.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/policy.h>

#include "cma_policy.h"
#include "core/ctx.h"
#include "core/io.h"
#include "keyring/keyring.h"

/**
 * struct ccg_policy - a policy
 * @ctx: the context
 * @name: its file, or "policy of the kernel"
 * @text: the policy, checked
 * @len: length of @text in bytes
 * @rules: number of rules
 */
struct ccg_policy {
	struct ccg_ctx *ctx;
	char *name;
	uint8_t *text;
	size_t len;
	size_t rules;
};

static int fail_policy(struct ccg_ctx *ctx, const char *name,
		       const struct cma_policy_fault *fault)
{
	int rc = -EBADMSG;

	if (!fault->line)
		return ccg_fail(ctx, rc, CCG_FAILED, name, "%s", fault->what);
	if (fault->word)
		ccg_fail(ctx, rc, CCG_FAILED, name, "line %zu: %s: %.*s",
			 fault->line, fault->what, (int)fault->word_len,
			 fault->word);
	else
		ccg_fail(ctx, rc, CCG_FAILED, name, "line %zu: %s", fault->line,
			 fault->what);
	ccg_hint(ctx, "ccguest-device-policy(5) describes the format");
	return rc;
}

/* Takes ownership of @text. */
static int policy_new(struct ccg_ctx *ctx, const char *name, uint8_t *text,
		      size_t len, struct ccg_policy **pp)
{
	struct ccg_policy *p = calloc(1, sizeof(*p));
	struct cma_policy_fault fault;
	int rc = 0;

	if (!p) {
		free(text);
		return ccg_fail_errno(ctx, -ENOMEM, name);
	}
	p->ctx = ctx;
	p->text = text;
	p->len = len;
	p->name = strdup(name);
	if (!p->name)
		rc = ccg_fail_errno(ctx, -ENOMEM, name);
	else if (cma_policy_check(text, len, &p->rules, &fault))
		rc = fail_policy(ctx, name, &fault);
	if (rc) {
		ccg_policy_free(p);
		return rc;
	}
	*pp = p;
	return 0;
}

void ccg_policy_free(struct ccg_policy *p)
{
	if (!p)
		return;
	free(p->name);
	free(p->text);
	free(p);
}

int ccg_policy_load(struct ccg_ctx *ctx, const char *path,
		    struct ccg_policy **pp)
{
	const char *name = path ? path : CCG_POLICY_FILE;
	uint8_t *text = NULL;
	size_t len = 0;
	int rc;

	rc = ccg_load_regular(ctx, name, !path, CMA_POLICY_MAX, &text, &len);
	if (rc)
		return rc;
	return policy_new(ctx, name, text, len, pp);
}

size_t ccg_policy_rules(const struct ccg_policy *p)
{
	return p->rules;
}

bool ccg_policy_equal(const struct ccg_policy *a, const struct ccg_policy *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

/* ---- rules ---- */

static int parse_id(const struct ccg_policy *p, const char *bdf,
		    const char *text, struct cma_id *id)
{
	*id = (struct cma_id) {};
	if (bdf && !cma_parse_address((const u8 *)bdf, strlen(bdf), id))
		return ccg_fail(p->ctx, -EINVAL, CCG_USAGE, bdf,
				"is not the address of a PCI device");
	if (cma_parse_numbers((const u8 *)text, strlen(text), id) < 2)
		return ccg_fail(p->ctx, -EINVAL, CCG_USAGE, text,
				"is not VENDOR:DEVICE or VENDOR:DEVICE:SUBVENDOR:SUBDEVICE, four hexadecimal digits each");
	return 0;
}

int ccg_policy_find(const struct ccg_policy *p, const char *bdf,
		    const char *id, struct ccg_rule *rule)
{
	struct cma_rule found = {};
	struct cma_id parsed;
	int rc;

	rc = parse_id(p, bdf, id, &parsed);
	if (rc)
		return rc;
	rc = cma_policy_find(p->text, p->len, &parsed, &found);
	*rule = (struct ccg_rule) { found.line, found.text, found.len };
	if (rc < 0)
		return ccg_fail(p->ctx, rc, CCG_USAGE, p->name,
				"line %zu names an address or a subsystem, and that of the device is not given",
				rule->line);
	return rc;
}

bool ccg_rule_wants_pci_name(const struct ccg_rule *rule)
{
	const struct cma_rule r = { rule->line, rule->text, rule->len };

	return cma_rule_wants_pci_name(&r);
}

/* ---- the kernel ---- */

static const struct ccg_key *policy_key(const struct ccg_keyring *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->keys[i].type && !strcmp(k->keys[i].type, CCG_POLICY_TYPE))
			return &k->keys[i];
	return NULL;
}

int ccg_keyring_add_policy(struct ccg_keyring *k, const struct ccg_policy *p,
			   int32_t *idp, bool *replacedp)
{
	int32_t id;

	*replacedp = policy_key(k);
	id = add_key(CCG_POLICY_TYPE, CCG_POLICY_NAME, p->text, p->len, k->id);
	if (id >= 0) {
		*idp = id;
		return 0;
	}
	if (errno == ENODEV)
		return ccg_fail(k->ctx, -ENODEV, CCG_UNSUPPORTED, p->name,
				"this kernel has no keys of type %s: module pci_cma is not loaded, or has no policies",
				CCG_POLICY_TYPE);
	if (errno == EINVAL || errno == E2BIG)
		return ccg_fail(k->ctx, -errno, CCG_FAILED, p->name,
				"the kernel refuses this policy: another version of module pci_cma may be loaded");
	return ccg_fail_errno(k->ctx, -errno, p->name);
}

static int read_policy(struct ccg_keyring *k, struct ccg_policy **pp)
{
	static const char name[] = "policy of the kernel";
	const struct ccg_key *key = policy_key(k);
	void *text;
	int len;

	if (!key)
		return 0;
	len = keyctl_read_alloc(key->id, &text);
	if (len < 0)
		return ccg_fail_errno(k->ctx, -errno, name);
	return policy_new(k->ctx, name, text, len, pp);
}

int ccg_policy_of_kernel(struct ccg_ctx *ctx, struct ccg_policy **pp)
{
	struct ccg_keyring *k;
	int rc;

	*pp = NULL;
	if (ctx->root)
		return 0;
	rc = ccg_keyring_open(ctx, NULL, &k);
	if (rc)
		return rc;
	rc = read_policy(k, pp);
	ccg_keyring_close(k);
	return rc;
}
