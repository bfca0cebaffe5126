/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy for PCI devices: which name or key the certificates of a device
 * must have. ccguest-device-policy(5) describes the format.
 *
 * The policy stays text. Each function reads the text, and keeps nothing.
 */
#ifndef CCGUEST_LIB_CMA_POLICY_H
#define CCGUEST_LIB_CMA_POLICY_H

#include "x509_chain.h"

/* Limits for a policy and for a line, in bytes. */
#define CMA_POLICY_MAX		65536
#define CMA_POLICY_LINE_MAX	1024

/* Length of a pin: SHA-256. */
#define CMA_PIN_LEN		32

/**
 * struct cma_id - address and numbers of a PCI device
 * @has_address: @domain, @bus, @slot and @function are known
 * @has_subsystem: @sub_vendor and @sub_device are known; they are 0 for a device
 *		   that has none
 * @domain: domain of the address
 * @bus: bus
 * @slot: device number
 * @function: function number
 * @vendor: Vendor ID
 * @device: Device ID
 * @sub_vendor: Subsystem Vendor ID
 * @sub_device: Subsystem ID
 */
struct cma_id {
	bool has_address;
	bool has_subsystem;
	u32 domain;
	u8 bus;
	u8 slot;
	u8 function;
	u16 vendor;
	u16 device;
	u16 sub_vendor;
	u16 sub_device;
};

/**
 * struct cma_policy_fault - the fault of a policy, for a message
 * @what: the fault in words, a constant string without a newline
 * @line: number of the line, from 1 on; 0 for the whole policy
 * @word: points to the word at fault, any bytes; or NULL
 * @word_len: its length
 */
struct cma_policy_fault {
	const char *what;
	size_t line;
	const u8 *word;
	size_t word_len;
};

/**
 * struct cma_rule - a rule of a policy
 * @line: number of its line, from 1 on
 * @text: points to the requirements, the words behind those that name devices
 * @len: their length
 */
struct cma_rule {
	size_t line;
	const u8 *text;
	size_t len;
};

/**
 * struct cma_sha256 - the hash function of the caller
 * @digest: set @out to the SHA-256 of @data; returns 0 or a negative errno
 * @ctx: first argument of @digest
 */
struct cma_sha256 {
	int (*digest)(void *ctx, const u8 *data, size_t len,
		      u8 out[CMA_PIN_LEN]);
	void *ctx;
};

/**
 * cma_parse_address - parse the address of a device
 * @text: the address, as "0000:00:03.0", or "00:03.0" in domain 0
 * @len: its length
 * @id: has_address, domain, bus, slot and function are set
 *
 * Return: true if @text is an address.
 */
bool cma_parse_address(const u8 *text, size_t len, struct cma_id *id);

/**
 * cma_parse_numbers - parse the numbers of a device
 * @text: one, two or four numbers of four hexadecimal digits each, with colons
 *	  between them: vendor, device, subsystem vendor, subsystem
 * @len: its length
 * @id: has_subsystem and the numbers are set; those that @text lacks to 0
 *
 * Return: how many numbers @text has; 0 if @text has another form.
 */
size_t cma_parse_numbers(const u8 *text, size_t len, struct cma_id *id);

/**
 * cma_policy_check - check a whole policy
 * @text: the policy
 * @len: its length in bytes
 * @rules: set to the number of rules if the result is 0
 * @fault: set if the result is not 0
 *
 * The work is proportional to @len.
 *
 * Return: 0; -EINVAL if a line is malformed; -E2BIG if the policy is longer than
 * CMA_POLICY_MAX.
 */
int cma_policy_check(const u8 *text, size_t len, size_t *rules,
		     struct cma_policy_fault *fault);

/**
 * cma_policy_find - find the rule for a device
 * @text: a policy that cma_policy_check() accepted
 * @len: its length in bytes
 * @id: the device
 * @rule: set to the first rule that names the device
 *
 * Return: 1; 0 if no rule names the device; -ENODATA if @id lacks something that
 * a rule in front of any match names, with @rule set to this rule; -EINVAL if a
 * line is malformed.
 */
int cma_policy_find(const u8 *text, size_t len, const struct cma_id *id,
		    struct cma_rule *rule);

/**
 * cma_rule_wants_pci_name - does a rule accept the name of PCIe?
 * @rule: rule
 *
 * Return: true if cma_rule_check_name() needs the name that PCIe gives the device.
 */
bool cma_rule_wants_pci_name(const struct cma_rule *rule);

/**
 * cma_rule_wants_name - must the leaf have a name by a rule?
 * @rule: rule
 *
 * Return: false for a rule with name none.
 */
bool cma_rule_wants_name(const struct cma_rule *rule);

/**
 * cma_rule_check_name - check the name of a device against a rule
 * @rule: the rule of the device
 * @leaf: its certificate
 * @pci_name: the name that PCIe gives the device (PCIe r6.1, 6.31.3); may be
 *	      NULL if cma_rule_wants_pci_name() is false
 * @fault: set if the result is not 0
 * @detail: set to what was expected and found: escaped, terminated, cut where
 *	    it does not fit
 * @size: of @detail in bytes
 *
 * If the rule has names, the leaf must have one of them. A caller must check the
 * pins, too: cma_rule_check_pin().
 *
 * Return: 0; -EKEYREJECTED if the name is another one; -EBADMSG if the subject
 * alternative name is malformed.
 */
int cma_rule_check_name(const struct cma_rule *rule, const struct x509_cert *leaf,
			const char *pci_name, struct x509_fault *fault,
			char *detail, size_t size);

/**
 * cma_rule_check_pin - check the keys of a device against a rule
 * @rule: the rule of the device
 * @path: its certificates, from the trusted one to the leaf, verified
 * @sha: hash function
 * @fault: set if the result is not 0
 * @detail: as for cma_rule_check_name()
 * @size: of @detail in bytes
 *
 * If the rule has pins, one of them must be the SHA-256 of the
 * subjectPublicKeyInfo of a certificate of @path.
 *
 * Return: 0; -EKEYREJECTED if no key is pinned; or the errno of @sha.
 */
int cma_rule_check_pin(const struct cma_rule *rule, const struct x509_path *path,
		       const struct cma_sha256 *sha, struct x509_fault *fault,
		       char *detail, size_t size);

#endif /* CCGUEST_LIB_CMA_POLICY_H */
