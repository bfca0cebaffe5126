/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: the host's side of SEV: the firmware behind /dev/sev, the key of a
 * platform's owner, and what a host must have.
 */
#ifndef LIBCCGUEST_PLATFORM_H
#define LIBCCGUEST_PLATFORM_H

#include <ccguest/ctx.h>
#include <ccguest/sev.h>
#include <ccguest/snp.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the firmware ---- */

/* The firmware of SEV on this machine: /dev/sev. */
struct ccg_platform;

/**
 * enum ccg_platform_state - the state of the firmware
 * @CCG_PLATFORM_UNINIT: it was not initialized
 * @CCG_PLATFORM_INIT: it is initialized, and has no guests
 * @CCG_PLATFORM_WORKING: it has guests
 */
enum ccg_platform_state {
	CCG_PLATFORM_UNINIT,
	CCG_PLATFORM_INIT,
	CCG_PLATFORM_WORKING,
};

/**
 * struct ccg_platform_status - the answer to PLATFORM_STATUS
 * @api_major: version of the firmware's API
 * @api_minor: the second part of the version
 * @build: build of the firmware
 * @state: its state
 * @flags: all flags
 * @owned: an owner has provisioned the platform
 * @es: the firmware was initialized for SEV-ES
 * @guests: number of guests
 */
struct ccg_platform_status {
	uint8_t api_major;
	uint8_t api_minor;
	uint8_t build;
	enum ccg_platform_state state;
	uint32_t flags;
	bool owned;
	bool es;
	uint32_t guests;
};

/**
 * struct ccg_snp_status - the answer to SNP_PLATFORM_STATUS
 * @api_major: version of the firmware's API
 * @api_minor: the second part of the version
 * @build: build of the firmware
 * @initialized: the firmware was initialized for SNP
 * @rmp: the reverse map table was initialized
 * @mask_chip_id: attestation reports have no chip identifier
 * @mask_chip_key: attestation reports are not signed with the chip's key
 * @vlek: a VLEK was loaded
 * @flags: all flags, as the firmware returned them
 * @guests: number of guests
 * @current_tcb: version of the TCB that runs
 * @reported_tcb: version of the TCB in attestation reports
 */
struct ccg_snp_status {
	uint8_t api_major;
	uint8_t api_minor;
	uint32_t build;
	bool initialized;
	bool rmp;
	bool mask_chip_id;
	bool mask_chip_key;
	bool vlek;
	uint32_t flags;
	uint32_t guests;
	uint64_t current_tcb;
	uint64_t reported_tcb;
};

/* Length of the identifier of one socket, and the greatest length, in bytes. */
#define CCG_PLATFORM_ID_LEN	64
#define CCG_PLATFORM_ID_MAX	256

/**
 * struct ccg_platform_id - the unique identifier of the processor
 * @b: its bytes
 * @len: number of bytes
 */
struct ccg_platform_id {
	uint8_t b[CCG_PLATFORM_ID_MAX];
	size_t len;
};

/**
 * ccg_platform_open - open the firmware of this machine
 * @ctx: the context
 * @pp: set to the firmware; close it with ccg_platform_close()
 *
 * Without the permission to write, the device is opened for reading: the kernel
 * then refuses commands that change the platform.
 *
 * Return: 0; -ENOENT with class CCG_UNSUPPORTED if there is no /dev/sev; or
 * another negative errno.
 */
int ccg_platform_open(struct ccg_ctx *ctx, struct ccg_platform **pp);

/**
 * ccg_platform_close - close the firmware
 * @p: the firmware, or NULL
 */
void ccg_platform_close(struct ccg_platform *p);

/**
 * ccg_platform_status - get version and state of the firmware
 * @p: the firmware
 * @st: set to the status
 *
 * Return: 0; -EBADMSG if the answer is malformed; -EREMOTEIO if the firmware
 * refused the command; or another negative errno.
 */
int ccg_platform_status(struct ccg_platform *p, struct ccg_platform_status *st);

/**
 * ccg_platform_snp_status - get version and state of the firmware for SNP
 * @p: the firmware
 * @st: set to the status
 *
 * Return: as ccg_platform_status(); -EOPNOTSUPP with class CCG_UNSUPPORTED if
 * the kernel does not know the command, which Linux 6.11 added.
 */
int ccg_platform_snp_status(struct ccg_platform *p, struct ccg_snp_status *st);

/**
 * ccg_platform_identify - get the identifier of the processor
 * @p: the firmware
 * @id: set to the identifier
 *
 * Return: as ccg_platform_status().
 */
int ccg_platform_identify(struct ccg_platform *p, struct ccg_platform_id *id);

/**
 * ccg_platform_export - export the certificate chain of the platform
 * @p: the firmware
 * @files: files with certificates that replace those of the firmware; @files->sev
 *	   is not used
 * @cp: set to the chain; free it with ccg_sev_chain_free()
 *
 * The firmware has no signature of AMD for its CEK: @files->cek should name the
 * certificate from AMD's key server.
 *
 * Return: as ccg_platform_status().
 */
int ccg_platform_export(struct ccg_platform *p,
			const struct ccg_sev_files *files,
			struct ccg_sev_chain **cp);

/**
 * ccg_platform_provision - make the holder of a key the owner of the platform
 * @p: the firmware
 * @cert: file with the certificate of the owner (OCA)
 * @key: file with its private key, P-384 in DER or PEM
 *
 * The key signs a new certificate of the platform's PEK. Certificates that were
 * exported before are no longer valid.
 *
 * Return: as ccg_platform_status(); -EINVAL if @key is not the key of @cert;
 * -EKEYREJECTED with class CCG_UNVERIFIED if @cert is not self-signed; -EBUSY if
 * the platform has guests; -EALREADY if it has another owner.
 */
int ccg_platform_provision(struct ccg_platform *p, const char *cert,
			   const char *key);

/**
 * ccg_platform_reset - reset the platform
 * @p: the firmware
 *
 * The owner, the PEK and the PDH are deleted; the firmware makes new keys.
 *
 * Return: as ccg_platform_status(); -EBUSY if the platform has guests.
 */
int ccg_platform_reset(struct ccg_platform *p);

/**
 * ccg_platform_rotate - replace the PDH of the platform
 * @p: the firmware
 *
 * Sessions that were opened with the old PDH are of no use any more.
 *
 * Return: as ccg_platform_status().
 */
int ccg_platform_rotate(struct ccg_platform *p);

/**
 * ccg_oca_generate - make the key and the certificate of a platform's owner
 * @ctx: the context
 * @cert: file for the certificate
 * @key: file for the private key, in DER
 *
 * Both files are written, or none. No file is replaced.
 *
 * Return: 0; -EEXIST if a file exists; or another negative errno.
 */
int ccg_oca_generate(struct ccg_ctx *ctx, const char *cert, const char *key);

/* ---- AMD's key server ---- */

/* Size of the longest URL, in bytes, including the terminating NUL. */
#define CCG_KDS_URL	256

/**
 * ccg_kds_cek_url - write the URL of the CEK's certificate
 * @id: identifier of the processor
 * @url: set to the URL
 */
void ccg_kds_cek_url(const struct ccg_platform_id *id, char url[CCG_KDS_URL]);

/**
 * ccg_snp_tcb_parse - read the version of a TCB
 * @product: name of the product, from ccg_host_cpu()
 * @raw: the version
 * @tcb: set to the versions of its parts
 *
 * Return: 0; -ENOENT if the layout of @product is not known. The reason is not
 * noted in a context.
 */
int ccg_snp_tcb_parse(const char *product, uint64_t raw,
		      struct ccg_snp_tcb *tcb);

/**
 * ccg_kds_vcek_url - write the URL of the VCEK's certificate
 * @product: name of the product, from ccg_host_cpu()
 * @id: identifier of the processor
 * @tcb: version of the TCB in attestation reports
 * @url: set to the URL
 *
 * Return: 0; -ENOENT if @product has no VCEK or is not known. The reason is not
 * noted in a context.
 */
int ccg_kds_vcek_url(const char *product, const struct ccg_platform_id *id,
		     uint64_t tcb, char url[CCG_KDS_URL]);

/* ---- what a host must have ---- */

/**
 * struct ccg_host_cpu - the processor of this machine
 * @vendor: "AuthenticAMD" for AMD; empty if it is not known
 * @name: its name; empty if it is not known
 * @family: family, with the extended family
 * @model: model, with the extended model
 * @stepping: stepping
 * @product: its name at AMD's key server, such as "Milan"; "Naples" and "Rome"
 *	     have no SNP; NULL for other processors
 * @is_virtual: a hypervisor runs this machine
 */
struct ccg_host_cpu {
	char vendor[13];
	char name[49];
	unsigned int family;
	unsigned int model;
	unsigned int stepping;
	const char *product;
	bool is_virtual;
};

/**
 * ccg_host_cpu - get the processor of this machine
 * @ctx: the context; inside a root directory, /dev/cpu/0/cpuid is read
 * @cpu: set to the processor
 *
 * Return: 0; -EOPNOTSUPP with class CCG_UNSUPPORTED if the processor has no
 * CPUID; or another negative errno.
 */
int ccg_host_cpu(struct ccg_ctx *ctx, struct ccg_host_cpu *cpu);

/**
 * enum ccg_host_kind - what a check is for; each kind includes those before it
 * @CCG_HOST_SEV: guests with SEV
 * @CCG_HOST_ES: guests with SEV-ES
 * @CCG_HOST_SNP: guests with SNP
 * @CCG_HOST_AUTO: the last kind that the processor supports
 */
enum ccg_host_kind {
	CCG_HOST_SEV,
	CCG_HOST_ES,
	CCG_HOST_SNP,
	CCG_HOST_AUTO,
};

/**
 * enum ccg_host_verdict - the result of a check
 * @CCG_HOST_PASSED: the host has what the check looks for
 * @CCG_HOST_FAILED: the host does not have it
 * @CCG_HOST_UNKNOWN: this cannot be known here
 */
enum ccg_host_verdict {
	CCG_HOST_PASSED,
	CCG_HOST_FAILED,
	CCG_HOST_UNKNOWN,
};

/**
 * struct ccg_host_check - one check
 * @name: its name, for programs
 * @subject: what was looked for
 * @kind: what it is for
 * @verdict: the result
 * @detail: what was found
 * @advice: what to do; NULL if it passed
 */
struct ccg_host_check {
	const char *name;
	const char *subject;
	enum ccg_host_kind kind;
	enum ccg_host_verdict verdict;
	char detail[256];
	const char *advice;
};

#define CCG_HOST_CHECKS_MAX	24

/**
 * struct ccg_host_report - the results of all checks
 * @kind: the kind that was checked
 * @checks: the checks
 * @n: number of @checks
 * @passed: number of checks that passed
 * @failed: number of checks that failed
 */
struct ccg_host_report {
	enum ccg_host_kind kind;
	struct ccg_host_check checks[CCG_HOST_CHECKS_MAX];
	size_t n;
	size_t passed;
	size_t failed;
};

/**
 * ccg_host_check - find out whether this machine can run guests with SEV
 * @ctx: the context
 * @kind: what to check
 * @r: set to the results
 *
 * The function changes nothing. It opens /dev/sev and /dev/kvm.
 */
void ccg_host_check(struct ccg_ctx *ctx, enum ccg_host_kind kind,
		    struct ccg_host_report *r);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_PLATFORM_H */
