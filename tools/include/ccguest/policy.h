/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: the policy for PCI devices, ccguest-device-policy(5).
 *
 * lib/cma_policy.c has the format. The kernel module pci_cma uses the same file.
 */
#ifndef LIBCCGUEST_POLICY_H
#define LIBCCGUEST_POLICY_H

#include <ccguest/ctx.h>
#include <ccguest/keyring.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The policy of this machine. */
#define CCG_POLICY_FILE	"/etc/ccguest/device-policy"
/* Type and description of the key that has the policy in the kernel. */
#define CCG_POLICY_TYPE	"cma_policy"
#define CCG_POLICY_NAME	"policy"

/* A policy. */
struct ccg_policy;

/**
 * struct ccg_rule - a rule of a policy
 * @line: number of its line, from 1 on
 * @text: the requirements, printable or UTF-8, not terminated; they belong to the
 *	  policy
 * @len: their length in bytes
 */
struct ccg_rule {
	size_t line;
	const uint8_t *text;
	size_t len;
};

/**
 * ccg_policy_load - read a policy from a file
 * @ctx: the context
 * @path: the file; NULL for CCG_POLICY_FILE of this machine
 * @pp: set to the policy; free it with ccg_policy_free()
 *
 * Return: 0; -EBADMSG if a line is malformed; -EFBIG if the file is longer than
 * 65536 bytes; -ENOENT if the file does not exist; -EPERM if users other than
 * root can change CCG_POLICY_FILE; or another negative errno.
 */
int ccg_policy_load(struct ccg_ctx *ctx, const char *path,
		    struct ccg_policy **pp);

/**
 * ccg_policy_of_kernel - read the policy in the keyring .cma
 * @ctx: the context
 * @pp: set to the policy, free it with ccg_policy_free(); NULL if the kernel has
 *	none, or if @ctx has a root directory: the keys are those of the running
 *	kernel
 *
 * Return: 0; or as ccg_keyring_open().
 */
int ccg_policy_of_kernel(struct ccg_ctx *ctx, struct ccg_policy **pp);

/**
 * ccg_policy_free - free a policy
 * @p: the policy, or NULL
 */
void ccg_policy_free(struct ccg_policy *p);

/**
 * ccg_policy_rules - get the number of rules
 * @p: the policy
 *
 * Return: their number.
 */
size_t ccg_policy_rules(const struct ccg_policy *p);

/**
 * ccg_policy_equal - compare two policies
 * @a: policy
 * @b: policy
 *
 * Return: true if they have the same text.
 */
bool ccg_policy_equal(const struct ccg_policy *a, const struct ccg_policy *b);

/**
 * ccg_policy_find - find the rule for a device
 * @p: the policy
 * @bdf: address of the device, as "0000:00:03.0"; NULL if it is not known
 * @id: VENDOR:DEVICE or VENDOR:DEVICE:SUBVENDOR:SUBDEVICE, four hexadecimal
 *	digits each
 * @rule: set to the first rule that names the device
 *
 * Return: 1; 0 if no rule names the device; with class CCG_USAGE, -EINVAL if
 * @bdf or @id is malformed, and -ENODATA if a rule names something of the device
 * that the caller does not know.
 */
int ccg_policy_find(const struct ccg_policy *p, const char *bdf,
		    const char *id, struct ccg_rule *rule);

/**
 * ccg_rule_wants_pci_name - find out whether a rule needs the name that PCIe gives
 *			     the device
 * @rule: the rule
 *
 * Return: true if the rule has "name pci".
 */
bool ccg_rule_wants_pci_name(const struct ccg_rule *rule);

/**
 * ccg_keyring_add_policy - give the kernel a policy
 * @k: the keyring, .cma
 * @p: the policy
 * @idp: set to the number of the key
 * @replacedp: set to true if the policy replaces another one
 *
 * The kernel uses the new policy at the next authentication of a device. After a
 * failure, the kernel still has the old policy.
 *
 * Return: 0; -ENODEV with class CCG_UNSUPPORTED if the module pci_cma is not
 * loaded, or is of a version without policies; or another negative errno.
 */
int ccg_keyring_add_policy(struct ccg_keyring *k, const struct ccg_policy *p,
			   int32_t *idp, bool *replacedp);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_POLICY_H */
