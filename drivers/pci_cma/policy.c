// SPDX-License-Identifier: GPL-2.0-only
/*
 * Key type cma_policy: the policy for devices, ccguest-device-policy(5).
 *
 * Root adds the policy to the keyring `.cma`, as a key with the description
 * "policy":
 *
 *	keyctl padd cma_policy "" %:.cma < /etc/ccguest/device-policy
 *
 * The kernel's keyrings do what such a file needs. A new key replaces the old one
 * at once and as a whole, since both have one description. A key does not change
 * after it was made, and stays while an authentication uses it. Only root may
 * write to the keyring. A policy with a fault is refused, and the old one stays.
 */
#include "pci_cma.h"
#include "../../lib/cma_policy.h"

#include <crypto/sha2.h>
#include <linux/err.h>
#include <linux/key-type.h>
#include <linux/key.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#define DESCRIPTION	"policy"

/**
 * struct policy - payload of a key
 * @rules: number of rules
 * @len: length of @text in bytes
 * @text: the policy
 */
struct policy {
	size_t rules;
	size_t len;
	u8 text[];
};

/* Any user may add such a key to a keyring of their own: hence the rate limit. */
static int policy_preparse(struct key_preparsed_payload *prep)
{
	struct cma_policy_fault fault;
	struct policy *p;
	int rc;

	if (prep->datalen > CMA_POLICY_MAX)
		return -E2BIG;
	p = kvmalloc(struct_size(p, text, prep->datalen), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	prep->payload.data[0] = p;
	prep->quotalen = prep->datalen;
	p->len = prep->datalen;
	if (p->len)
		memcpy(p->text, prep->data, p->len);
	rc = cma_policy_check(p->text, p->len, &p->rules, &fault);
	if (rc) {
		pr_err_ratelimited("policy is refused: line %zu: %s\n",
				   fault.line, fault.what);
		return rc;
	}
	prep->description = kstrdup(DESCRIPTION, GFP_KERNEL);
	return prep->description ? 0 : -ENOMEM;
}

/* The key core calls this function after a failure of policy_preparse(), too. */
static void policy_free_preparse(struct key_preparsed_payload *prep)
{
	kvfree(prep->payload.data[0]);
	kfree(prep->description);
}

/*
 * Root owns the key, and possesses neither the key nor the keyring: without this
 * permission, only the kernel could read the policy. Nobody else has the key yet.
 */
static int policy_instantiate(struct key *key, struct key_preparsed_payload *prep)
{
	key->perm |= KEY_USR_READ;
	return generic_key_instantiate(key, prep);
}

/* Of two policies in a keyring, one would not be used. */
static int policy_vet_description(const char *description)
{
	return strcmp(description, DESCRIPTION) ? -EINVAL : 0;
}

static void policy_destroy(struct key *key)
{
	kvfree(key->payload.data[0]);
}

static void policy_describe(const struct key *key, struct seq_file *m)
{
	const struct policy *p = key->payload.data[0];

	seq_puts(m, key->description);
	if (key_is_positive(key))
		seq_printf(m, ": %zu", p->rules);
}

static long policy_read(const struct key *key, char *buf, size_t len)
{
	const struct policy *p = key->payload.data[0];

	if (buf)
		memcpy(buf, p->text, min(len, p->len));
	return p->len;
}

static struct key_type key_type_policy = {
	.name = "cma_policy",
	.preparse = policy_preparse,
	.free_preparse = policy_free_preparse,
	.instantiate = policy_instantiate,
	.vet_description = policy_vet_description,
	.destroy = policy_destroy,
	.describe = policy_describe,
	.read = policy_read,
};

/*
 * NULL if there is no policy. A policy that has expired is an error: the devices
 * of its rules must not be judged without these rules.
 */
static struct key *find_policy(void)
{
	key_ref_t ref = keyring_search(make_key_ref(cma_keyring, 1),
				       &key_type_policy, DESCRIPTION, false);

	if (!IS_ERR(ref))
		return key_ref_to_ptr(ref);
	return PTR_ERR(ref) == -EAGAIN ? NULL : ERR_CAST(ref);
}

static int digest(void *ctx, const u8 *data, size_t len, u8 out[CMA_PIN_LEN])
{
	sha256(data, len, out);
	return 0;
}

static struct cma_id id_of(const struct pci_dev *pdev)
{
	struct cma_id id = {
		.has_address = true,
		.has_subsystem = true,
		.domain = pci_domain_nr(pdev->bus),
		.bus = pdev->bus->number,
		.slot = PCI_SLOT(pdev->devfn),
		.function = PCI_FUNC(pdev->devfn),
		.vendor = pdev->vendor,
		.device = pdev->device,
		.sub_vendor = pdev->subsystem_vendor,
		.sub_device = pdev->subsystem_device,
	};

	return id;
}

static int judge(const struct policy *p, const struct cma_id *id,
		 const struct x509_path *path, const char *name,
		 struct x509_fault *fault, char *detail, size_t size)
{
	const struct cma_sha256 sha = { .digest = digest };
	struct cma_rule rule;
	int rc;

	rc = cma_policy_find(p->text, p->len, id, &rule);
	if (!rc)
		return 1;
	if (rc < 0)
		return x509_refused(fault, "Policy cannot be used", NULL);
	rc = cma_rule_check_name(&rule, path->leaf, name, fault, detail, size);
	return rc ?: cma_rule_check_pin(&rule, path, &sha, fault, detail, size);
}

int cma_policy_judge(struct pci_dev *pdev, const struct x509_path *path,
		     const char *name, struct x509_fault *fault, char *detail,
		     size_t size)
{
	const struct cma_id id = id_of(pdev);
	struct key *key = find_policy();
	int rc;

	if (!key)
		return 1;
	if (IS_ERR(key)) {
		snprintf(detail, size, "error %ld", PTR_ERR(key));
		return x509_refused(fault, "Policy cannot be read", NULL);
	}
	rc = judge(key->payload.data[0], &id, path, name, fault, detail, size);
	key_put(key);
	return rc;
}

int cma_policy_init(void)
{
	return register_key_type(&key_type_policy);
}

void cma_policy_exit(void)
{
	unregister_key_type(&key_type_policy);
}
