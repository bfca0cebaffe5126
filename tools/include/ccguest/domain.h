/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: guests of libvirt, described in XML.
 *
 * The XML comes from a host, or went through the hands of its operator. Nothing
 * in it proves anything. See ccg_domain_finding() for what makes a launch
 * unverifiable.
 */
#ifndef LIBCCGUEST_DOMAIN_H
#define LIBCCGUEST_DOMAIN_H

#include <ccguest/ctx.h>
#include <ccguest/launch.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Limit for the length of a description in bytes. */
#define CCG_DOMAIN_MAX	1048576

/**
 * enum ccg_domain_security - the protection that the description asks for
 * @CCG_DOMAIN_PLAIN: none, or one that is not AMD's
 * @CCG_DOMAIN_SEV: SEV, or SEV-ES if the policy says so
 * @CCG_DOMAIN_SNP: SEV-SNP
 */
enum ccg_domain_security {
	CCG_DOMAIN_PLAIN,
	CCG_DOMAIN_SEV,
	CCG_DOMAIN_SNP,
};

/**
 * struct ccg_domain_info - what a description says about the launch
 * @name: name of the guest, or NULL
 * @security: the protection
 * @has_policy: the description has a policy
 * @policy: policy of the guest
 * @has_cert: there is a certificate of the guest's owner
 * @has_session: there is a session
 * @kernel_hashes: the kernel is measured
 * @id_block: ID block of SNP in base64, or NULL
 * @id_auth: ID authentication of SNP in base64, or NULL
 * @machine: type of QEMU's machine, or NULL
 * @loader: path of the firmware on the host, or NULL
 * @is_pflash: the firmware is in flash memory
 * @has_store: there is a file with the firmware's variables
 * @is_stateless: the firmware has no variables
 * @needs_smm: the guest has System Management Mode
 * @has_qemu_args: the description has arguments for QEMU
 * @kernel: path of the kernel on the host, or NULL
 * @initrd: path of the initrd on the host, or NULL
 * @cmdline: the kernel's command line, or NULL
 * @cpus: number of virtual CPUs at the launch
 * @cpu_mode: mode of the processor's description, or NULL
 * @cpu_model: model of the processor, or NULL
 */
struct ccg_domain_info {
	const char *name;
	enum ccg_domain_security security;
	bool has_policy;
	uint64_t policy;
	bool has_cert;
	bool has_session;
	bool kernel_hashes;
	const char *id_block;
	const char *id_auth;
	const char *machine;
	const char *loader;
	bool is_pflash;
	bool has_store;
	bool is_stateless;
	bool needs_smm;
	bool has_qemu_args;
	const char *kernel;
	const char *initrd;
	const char *cmdline;
	uint32_t cpus;
	const char *cpu_mode;
	const char *cpu_model;
};

/* A description. */
struct ccg_domain;

/**
 * ccg_domain_parse - read the description of a guest
 * @ctx: the context
 * @what: where the XML comes from, for the reason of a failure
 * @xml: the XML
 * @len: its length in bytes
 * @dp: set to the description; free it with ccg_domain_free()
 *
 * An element or attribute that this function reads occurs once. Document type
 * declarations are refused.
 *
 * Return: 0; -EBADMSG if the XML is malformed, or no description of a guest;
 * -EFBIG if it is longer than CCG_DOMAIN_MAX; -ENOTSUP with class
 * CCG_UNSUPPORTED if libxml2 is missing; or -ENOMEM.
 */
int ccg_domain_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *xml,
		     size_t len, struct ccg_domain **dp);

/**
 * ccg_domain_free - free a description
 * @d: the description, or NULL
 */
void ccg_domain_free(struct ccg_domain *d);

/**
 * ccg_domain_info - get the contents of a description
 * @d: the description
 *
 * Return: the contents, valid until @d is freed.
 */
const struct ccg_domain_info *ccg_domain_info(const struct ccg_domain *d);

/**
 * enum ccg_domain_weight - weight of a finding
 * @CCG_DOMAIN_UNFIT: the guest can not be started, or not be measured, in this
 *		      way
 * @CCG_DOMAIN_INSECURE: the measurement does not cover the whole launch
 * @CCG_DOMAIN_NOTE: worth knowing
 */
enum ccg_domain_weight {
	CCG_DOMAIN_UNFIT,
	CCG_DOMAIN_INSECURE,
	CCG_DOMAIN_NOTE,
};

/**
 * struct ccg_domain_finding - a fault of a description
 * @weight: its weight
 * @place: the element or attribute
 * @text: the fault
 */
struct ccg_domain_finding {
	enum ccg_domain_weight weight;
	const char *place;
	const char *text;
};

/**
 * ccg_domain_finding - get a fault of a description
 * @d: the description
 * @n: number of the finding, from 0
 * @f: set to the finding
 *
 * Return: false after the last.
 */
bool ccg_domain_finding(const struct ccg_domain *d, size_t n,
			struct ccg_domain_finding *f);

/**
 * ccg_domain_form - get the form of VMSAs that a type of machine has
 * @machine: type of QEMU's machine, or NULL
 * @form: set to the form
 *
 * Return: false if the type is not known.
 */
bool ccg_domain_form(const char *machine, enum ccg_vmsa_form *form);

/* Room for the processor from ccg_domain_host_cpu(). */
#define CCG_DOMAIN_CPU_TEXT	32

/**
 * ccg_domain_host_cpu - read the processor of a host
 * @ctx: the context
 * @xml: the capabilities of the host, as `virsh capabilities` prints them
 * @len: their length in bytes
 * @cpu: set to the processor, for ccg_cpu_parse()
 *
 * Return: 0; -ENODATA if the capabilities do not have the processor; or as
 * ccg_domain_parse().
 */
int ccg_domain_host_cpu(struct ccg_ctx *ctx, const uint8_t *xml, size_t len,
			char cpu[CCG_DOMAIN_CPU_TEXT]);

/**
 * struct ccg_domain_report - what a host reports about a launch
 * @has_measurement: @measurement is set
 * @measurement: MAC and nonce
 * @has_platform: the following members are set
 * @api_major: version of the platform's API
 * @api_minor: version of the platform's API
 * @build: build of the platform's firmware
 * @policy: policy of the guest
 */
struct ccg_domain_report {
	bool has_measurement;
	uint8_t measurement[CCG_SEV_DIGEST_LEN + CCG_SEV_NONCE_LEN];
	bool has_platform;
	uint8_t api_major;
	uint8_t api_minor;
	uint8_t build;
	uint32_t policy;
};

/**
 * ccg_domain_report_parse - read what a host reports about a launch
 * @ctx: the context
 * @text: the output of `virsh domlaunchsecinfo`
 * @len: its length in bytes
 * @r: set to the report
 *
 * Return: 0; or -EBADMSG if the text is malformed.
 */
int ccg_domain_report_parse(struct ccg_ctx *ctx, const char *text, size_t len,
			    struct ccg_domain_report *r);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_DOMAIN_H */
