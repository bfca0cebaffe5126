/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: getting an attestation report of this guest.
 */
#ifndef LIBCCGUEST_REPORT_GET_H
#define LIBCCGUEST_REPORT_GET_H

#include <signal.h>

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Length of the data that a requester can put into a report, in bytes. */
#define CCG_REPORT_DATA_LEN	64

/* Highest privilege level, the least privileged VMPL of SEV-SNP. */
#define CCG_PRIVLEVEL_MAX	3

/**
 * enum ccg_report_source - interfaces that give reports
 * @CCG_SOURCE_ANY: the first of the others that this machine has
 * @CCG_SOURCE_TSM: the kernel's configfs-tsm: SEV-SNP, TDX, Arm CCA
 * @CCG_SOURCE_SEV_GUEST: the device /dev/sev-guest: SEV-SNP
 * @CCG_SOURCE_AZURE: the vTPM of a confidential guest of Azure
 * @CCG_N_SOURCES: number of values
 */
enum ccg_report_source {
	CCG_SOURCE_ANY,
	CCG_SOURCE_TSM,
	CCG_SOURCE_SEV_GUEST,
	CCG_SOURCE_AZURE,
	CCG_N_SOURCES,
};

/**
 * struct ccg_report_request - which report to get
 * @source: the interface to use
 * @data: data for the report, CCG_REPORT_DATA_LEN bytes
 * @data_optional: a report without @data is accepted from CCG_SOURCE_AZURE, which
 *		   makes one report per boot
 * @privlevel: privilege level (VMPL) for the report, 0 to CCG_PRIVLEVEL_MAX; -1
 *	       for the most privileged level that this guest can have
 * @stop: becomes nonzero when the call shall end early, or NULL. A handler of a
 *	  signal can set it; install the handler without SA_RESTART.
 */
struct ccg_report_request {
	enum ccg_report_source source;
	const uint8_t *data;
	bool data_optional;
	int privlevel;
	const volatile sig_atomic_t *stop;
};

/**
 * struct ccg_report_answer - a report of this guest
 * @source: the interface that gave the report
 * @provider: name of the report's format: "sev_guest", "tdx_guest",
 *	      "arm_cca_guest", "azure", or another name that the kernel has
 * @report: the report
 * @report_len: length of @report in bytes
 * @aux: auxiliary data: the certificate table of SEV-SNP; NULL if there is none
 * @aux_len: length of @aux in bytes
 * @has_data: the report was made for the data of the request
 * @privlevel: privilege level that was requested; -1 if the format has none
 *
 * The host chose @aux and, for TDX, the signed report.
 */
struct ccg_report_answer {
	enum ccg_report_source source;
	char provider[32];
	uint8_t *report;
	size_t report_len;
	uint8_t *aux;
	size_t aux_len;
	bool has_data;
	int privlevel;
};

/**
 * ccg_report_source_name - get the name of an interface
 * @source: the interface, not CCG_SOURCE_ANY
 *
 * Return: "tsm", "sev-guest" or "azure"; NULL for another value.
 */
const char *ccg_report_source_name(enum ccg_report_source source);

/**
 * ccg_report_get - get a report of this guest
 * @ctx: the context
 * @req: which report
 * @a: set to the report; free it with ccg_report_answer_clear(), also on failure
 *
 * The call takes up to a minute if the host is slow. The report is not verified,
 * but a report of SEV-SNP or TDX with other data than @req->data is refused.
 *
 * Return: 0; -ENODEV with class CCG_UNSUPPORTED if this machine has no such
 * interface; -EOPNOTSUPP with class CCG_UNSUPPORTED if the interface does not
 * support @req; -EBADMSG if the answer is malformed, with class CCG_UNVERIFIED if the
 * report was made for other data than @req->data; -EBUSY if another process kept
 * changing the request, or the TPM stayed busy; -EINTR if @req->stop became
 * nonzero; or another negative errno.
 */
int ccg_report_get(struct ccg_ctx *ctx, const struct ccg_report_request *req,
		   struct ccg_report_answer *a);

/**
 * ccg_report_answer_clear - free the members of an answer
 * @a: the answer
 */
void ccg_report_answer_clear(struct ccg_report_answer *a);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_REPORT_GET_H */
