/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: what AMD's processors measure at the launch of a guest.
 *
 * The launch digest of SEV and SEV-ES is a SHA-256 digest. A host reports it as
 * a MAC with a key of the guest's owner. The launch digest of SNP is a chain of
 * SHA-384 digests, and is in the guest's attestation reports.
 */
#ifndef LIBCCGUEST_LAUNCH_H
#define LIBCCGUEST_LAUNCH_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- processors and VMMs ---- */

/**
 * enum ccg_vmm - the program that starts the guest
 * @CCG_VMM_QEMU: QEMU
 * @CCG_VMM_KRUN: libkrun
 * @CCG_VMM_EC2: Amazon EC2
 * @CCG_VMM_GCE: Google Compute Engine
 * @CCG_N_VMMS: number of VMMs
 */
enum ccg_vmm {
	CCG_VMM_QEMU,
	CCG_VMM_KRUN,
	CCG_VMM_EC2,
	CCG_VMM_GCE,
	CCG_N_VMMS,
};

/**
 * ccg_vmm_name - get the name of a VMM
 * @vmm: the VMM
 *
 * Return: the name, such as "qemu".
 */
const char *ccg_vmm_name(enum ccg_vmm vmm);

/**
 * ccg_vmm_by_name - get a VMM by its name
 * @name: the name from ccg_vmm_name()
 *
 * Return: the VMM, or -EINVAL. The reason is not noted in a context.
 */
int ccg_vmm_by_name(const char *name);

/**
 * ccg_vmm_rdx - get the value of RDX that a VMM always sets
 * @vmm: the VMM
 * @rdx: set to the value; unchanged if the result is false
 *
 * Return: false if RDX has the signature of the processor.
 */
bool ccg_vmm_rdx(enum ccg_vmm vmm, uint32_t *rdx);

/**
 * ccg_cpu_parse - get the signature of a processor, EAX of CPUID function 1
 * @ctx: the context
 * @text: a model of QEMU such as "EPYC-Milan-v2"; FAMILY/MODEL/STEPPING in
 *	  decimal; "sig:" and the signature as a number; or "host" for the
 *	  processor of this machine
 * @signature: set to the signature
 *
 * Return: 0; -EINVAL with class CCG_USAGE if @text is none of these; -ENOENT
 * with class CCG_UNSUPPORTED if @text is "host" and the processor is not from
 * AMD.
 */
int ccg_cpu_parse(struct ccg_ctx *ctx, const char *text, uint32_t *signature);

/* ---- the page with the registers of a virtual CPU ---- */

#define CCG_VMSA_LEN	4096

/**
 * enum ccg_vmsa_form - form of the page
 * @CCG_VMSA_INIT2: of KVM_SEV_INIT2; always for SNP
 * @CCG_VMSA_LEGACY: of KVM_SEV_ES_INIT: QEMU's machine types up to 9.0
 */
enum ccg_vmsa_form {
	CCG_VMSA_INIT2,
	CCG_VMSA_LEGACY,
};

/**
 * struct ccg_vmsa - contents of a page
 * @vmm: the VMM
 * @form: form of the page
 * @other: the page is not that of the boot processor
 * @reset: reset address of the firmware; used if @other is set
 * @rdx: RDX: the processor's signature, or the value from ccg_vmm_rdx()
 * @features: SEV_FEATURES
 */
struct ccg_vmsa {
	enum ccg_vmm vmm;
	enum ccg_vmsa_form form;
	bool other;
	uint32_t reset;
	uint32_t rdx;
	uint64_t features;
};

/* Parts of a page for ccg_vmsa_update(). */
#define CCG_VMSA_RESET		1
#define CCG_VMSA_RDX		2
#define CCG_VMSA_FEATURES	4
#define CCG_VMSA_FORM		8

/**
 * struct ccg_vmsa_field - a field of a page
 * @name: name of the field; NULL for bytes that belong to no known field
 * @offset: offset in the page, in bytes
 * @len: length in bytes
 * @segment: the field is a segment register
 * @selector: selector of a segment register
 * @attrib: attributes of a segment register
 * @limit: limit of a segment register
 * @value: value of the field, if @len is 8 at most; base of a segment register
 */
struct ccg_vmsa_field {
	const char *name;
	size_t offset;
	size_t len;
	bool segment;
	uint16_t selector;
	uint16_t attrib;
	uint32_t limit;
	uint64_t value;
};

/**
 * ccg_vmsa_build - make a page
 * @v: its contents
 * @page: set to the page, CCG_VMSA_LEN bytes
 */
void ccg_vmsa_build(const struct ccg_vmsa *v, uint8_t *page);

/**
 * ccg_vmsa_update - change parts of a page
 * @page: the page, CCG_VMSA_LEN bytes
 * @v: the new contents
 * @parts: the parts to change: CCG_VMSA_RESET and so on
 */
void ccg_vmsa_update(uint8_t *page, const struct ccg_vmsa *v,
		     unsigned int parts);

/**
 * ccg_vmsa_next - get the next field of a page
 * @page: the page, CCG_VMSA_LEN bytes
 * @pos: offset from which the field is searched, 0 at the start; moved on
 * @f: set to the field
 *
 * The walk has all fields, and all other bytes that are not zero.
 *
 * Return: false at the end of the page.
 */
bool ccg_vmsa_next(const uint8_t *page, size_t *pos, struct ccg_vmsa_field *f);

/**
 * ccg_sev_feature_name - get the name of a bit of SEV_FEATURES
 * @bit: number of the bit
 *
 * Return: the name, such as "DebugSwap", or NULL.
 */
const char *ccg_sev_feature_name(unsigned int bit);

/**
 * ccg_firmware_reset - get the reset address of a firmware image
 * @ctx: the context
 * @path: the image
 * @reset: set to the address
 *
 * Return: 0; -EBADMSG if the image is malformed; -ENODATA if the image has no
 * reset address for SEV-ES; or another negative errno.
 */
int ccg_firmware_reset(struct ccg_ctx *ctx, const char *path, uint32_t *reset);

/* ---- launches ---- */

/* Length of the launch digest of SNP, and of SEV and SEV-ES, in bytes. */
#define CCG_SNP_DIGEST_LEN	48
#define CCG_SEV_DIGEST_LEN	32
/* Length of the nonce of a measurement, in bytes. */
#define CCG_SEV_NONCE_LEN	16
/* Length of the key TIK, in bytes. */
#define CCG_SEV_KEY_LEN		16
/* The largest number of virtual CPUs. */
#define CCG_LAUNCH_CPUS_MAX	512

/**
 * enum ccg_launch_kind - technology that protects the guest
 * @CCG_LAUNCH_SEV: SEV
 * @CCG_LAUNCH_SEV_ES: SEV-ES
 * @CCG_LAUNCH_SNP: SEV-SNP
 */
enum ccg_launch_kind {
	CCG_LAUNCH_SEV,
	CCG_LAUNCH_SEV_ES,
	CCG_LAUNCH_SNP,
};

/**
 * struct ccg_launch_opts - description of a launch
 * @kind: SEV, SEV-ES or SNP
 * @firmware: file with the firmware image
 * @firmware_digest: digest after the pages of the firmware, CCG_SNP_DIGEST_LEN
 *		     bytes: the pages of @firmware are not hashed then; or NULL;
 *		     for SNP only
 * @kernel: file with the kernel, or "sha256:" and its digest; NULL if the
 *	    kernel is not measured
 * @initrd: file with the initrd, or "sha256:" and its digest; or NULL
 * @cmdline: the kernel's command line; "@" and a file with it; or NULL
 * @needs_hashes: the firmware must have an area for kernel hashes, also without
 *		  @kernel
 * @cpus: number of virtual CPUs, 1 to CCG_LAUNCH_CPUS_MAX; for SEV-ES and SNP
 * @vmsa: contents of the pages with the registers; @other and @reset are not
 *	  used; for SEV-ES and SNP
 * @vmsa_files: files with the page of the boot processor, and with that of all
 *		other processors: the pages are not built then; or NULL
 */
struct ccg_launch_opts {
	enum ccg_launch_kind kind;
	const char *firmware;
	const uint8_t *firmware_digest;
	const char *kernel;
	const char *initrd;
	const char *cmdline;
	bool needs_hashes;
	uint32_t cpus;
	struct ccg_vmsa vmsa;
	const char *vmsa_files[2];
};

/* A launch, with its files read. */
struct ccg_launch;

/**
 * struct ccg_launch_info - properties of a launch
 * @size: size of the firmware in bytes
 * @has_reset: the firmware has a reset address
 * @reset: the reset address
 * @hashes_base: address of the area for kernel hashes; 0 if there is none
 * @hashes_size: its size in bytes
 * @secret_base: address of the area for secrets; 0 if there is none
 * @secret_size: its size in bytes
 * @has_metadata: the firmware has SEV metadata, which SNP needs
 * @vars_len: length of the variables at the start of the image, in bytes
 * @hashed: the kernel is measured; then the following members are set
 * @kernel: SHA-256 digest of the kernel
 * @initrd: SHA-256 digest of the initrd
 * @cmdline: SHA-256 digest of the command line and a NUL
 */
struct ccg_launch_info {
	size_t size;
	bool has_reset;
	uint32_t reset;
	uint32_t hashes_base;
	uint32_t hashes_size;
	uint32_t secret_base;
	uint32_t secret_size;
	bool has_metadata;
	size_t vars_len;
	bool hashed;
	uint8_t kernel[32];
	uint8_t initrd[32];
	uint8_t cmdline[32];
};

/**
 * struct ccg_launch_section - memory that the host prepares for a SNP guest
 * @address: its address
 * @size: its size in bytes
 * @type: its type
 * @name: name of the type; NULL if the type is unknown: it is measured as zero
 *	  pages, as QEMU does
 */
struct ccg_launch_section {
	uint32_t address;
	uint32_t size;
	uint32_t type;
	const char *name;
};

/**
 * ccg_launch_open - read the files of a launch
 * @ctx: the context
 * @opts: the description; libccguest keeps no pointers of it
 * @lp: set to the launch; close it with ccg_launch_close()
 *
 * Return: 0;
 *  -EINVAL with class CCG_USAGE if @opts is contradictory;
 *  -EBADMSG if the firmware is malformed, or is an IGVM file;
 *  -ENODATA if the firmware lacks a table that this launch needs;
 *  -EFBIG if a file is too large; or another negative errno.
 */
int ccg_launch_open(struct ccg_ctx *ctx, const struct ccg_launch_opts *opts,
		    struct ccg_launch **lp);

/**
 * ccg_launch_close - free a launch
 * @l: the launch, or NULL
 */
void ccg_launch_close(struct ccg_launch *l);

/**
 * ccg_launch_info - get the properties of a launch
 * @l: the launch
 *
 * Return: the properties, valid until @l is closed.
 */
const struct ccg_launch_info *ccg_launch_info(const struct ccg_launch *l);

/**
 * ccg_launch_section - get a section of the SEV metadata, for SNP
 * @l: the launch
 * @i: its number, from 0
 * @s: set to the section
 *
 * Return: false after the last.
 */
bool ccg_launch_section(const struct ccg_launch *l, size_t i,
			struct ccg_launch_section *s);

/**
 * ccg_launch_digest_len - get the length of the launch digest
 * @kind: SEV, SEV-ES or SNP
 *
 * Return: the length in bytes.
 */
size_t ccg_launch_digest_len(enum ccg_launch_kind kind);

/**
 * ccg_launch_digest - compute the launch digest
 * @l: the launch
 * @digest: set to the digest, CCG_SNP_DIGEST_LEN bytes at most
 *
 * Return: 0 or a negative errno.
 */
int ccg_launch_digest(struct ccg_launch *l, uint8_t *digest);

/**
 * ccg_launch_firmware_digest - compute the digest after the firmware's pages
 * @l: the launch, of a SNP guest
 * @digest: set to the digest, CCG_SNP_DIGEST_LEN bytes
 *
 * Return: 0 or a negative errno.
 */
int ccg_launch_firmware_digest(struct ccg_launch *l, uint8_t *digest);

/* ---- the measurement of SEV and SEV-ES ---- */

/**
 * struct ccg_launch_key - what the MAC of a measurement is made with
 * @api_major: version of the platform's API
 * @api_minor: version of the platform's API
 * @build: build of the platform's firmware
 * @policy: policy of the guest
 * @tik: the key TIK, CCG_SEV_KEY_LEN bytes
 * @nonce: the nonce that the platform chose
 */
struct ccg_launch_key {
	uint8_t api_major;
	uint8_t api_minor;
	uint8_t build;
	uint32_t policy;
	const uint8_t *tik;
	uint8_t nonce[CCG_SEV_NONCE_LEN];
};

/**
 * ccg_launch_mac - compute the MAC of a measurement
 * @ctx: the context
 * @key: the key and the values that the MAC covers
 * @digest: the launch digest, CCG_SEV_DIGEST_LEN bytes
 * @mac: set to the MAC, CCG_SEV_DIGEST_LEN bytes
 *
 * Return: 0 or a negative errno.
 */
int ccg_launch_mac(struct ccg_ctx *ctx, const struct ccg_launch_key *key,
		   const uint8_t *digest, uint8_t *mac);

/* ---- comparing with a reported value ---- */

/* Inputs of a launch that differ in a variant; see struct ccg_launch_variant. */
#define CCG_VARIES_FIRMWARE	0x01
#define CCG_VARIES_VMM		0x02
#define CCG_VARIES_KERNEL	0x04
#define CCG_VARIES_INITRD	0x08
#define CCG_VARIES_CMDLINE	0x10
#define CCG_VARIES_FORM		0x20
#define CCG_VARIES_FEATURES	0x40
#define CCG_VARIES_CPU		0x80
#define CCG_VARIES_CPUS		0x100

/**
 * enum ccg_launch_cmdline - form of the command line that is hashed
 * @CCG_CMDLINE_NUL: the command line and a NUL, as QEMU does
 * @CCG_CMDLINE_BARE: the command line without a NUL
 * @CCG_CMDLINE_EMPTY: the empty command line and a NUL
 * @CCG_N_CMDLINES: number of forms
 */
enum ccg_launch_cmdline {
	CCG_CMDLINE_NUL,
	CCG_CMDLINE_BARE,
	CCG_CMDLINE_EMPTY,
	CCG_N_CMDLINES,
};

/**
 * struct ccg_launch_variant - inputs of a launch that a search changes
 * @varies: inputs that differ from the description: CCG_VARIES_VMM and so on
 * @code_only: the firmware without the variables at its start
 * @no_hashes: the kernel is not measured
 * @no_initrd: there is no initrd
 * @cmdline: form of the command line
 * @vmm: the VMM
 * @form: form of the pages with the registers
 * @features: SEV_FEATURES
 * @rdx: RDX
 * @cpu: the processor with this signature, in words; or NULL
 * @cpus: number of virtual CPUs
 */
struct ccg_launch_variant {
	unsigned int varies;
	bool code_only;
	bool no_hashes;
	bool no_initrd;
	enum ccg_launch_cmdline cmdline;
	enum ccg_vmm vmm;
	enum ccg_vmsa_form form;
	uint64_t features;
	uint32_t rdx;
	const char *cpu;
	uint32_t cpus;
};

/**
 * struct ccg_launch_result - result of a comparison
 * @matches: the reported value is that of the launch as described
 * @found: a variant of the launch has the reported value
 * @variant: the variant with the fewest changes
 * @tried: inputs that were varied: CCG_VARIES_VMM and so on
 * @n_tried: number of values that were computed
 * @value: the value of the launch as described
 */
struct ccg_launch_result {
	bool matches;
	bool found;
	struct ccg_launch_variant variant;
	unsigned int tried;
	size_t n_tried;
	uint8_t value[CCG_SNP_DIGEST_LEN];
};

/**
 * ccg_launch_compare - compare a launch with a reported value
 * @l: the launch
 * @key: for SEV and SEV-ES: @reported is a MAC; NULL if it is a launch digest
 * @reported: the reported value: a launch digest or a MAC
 * @r: set to the result
 *
 * If the value is not that of the launch, the variants are searched that users
 * commonly confuse. Each number of virtual CPUs is combined with two other
 * changes at most.
 *
 * Return: 0, whatever the result is; or a negative errno.
 */
int ccg_launch_compare(struct ccg_launch *l, const struct ccg_launch_key *key,
		       const uint8_t *reported, struct ccg_launch_result *r);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_LAUNCH_H */
