/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sentence that states why an authentication failed. The kernel's log and
 * the tools use the same words.
 */
#ifndef CCGUEST_LIB_SPDM_TEXT_H
#define CCGUEST_LIB_SPDM_TEXT_H

#include "spdm_req.h"
#include "x509_chain.h"

/* Size of a buffer for any sentence. */
#define SPDM_TEXT_MAX	384

/**
 * spdm_chain_fault - describe the failure of a chain
 * @v: result of x509_verify_chain()
 * @err: return value of x509_verify_chain()
 * @fault: set
 */
void spdm_chain_fault(const struct x509_verdict *v, int err,
		      struct spdm_fault *fault);

/**
 * spdm_failure_text - describe a failure in one sentence
 * @f: the failure
 * @anchors: name of the set of trusted certificates, as ".cma keyring"
 * @buf: set to the sentence, without a period
 * @size: of @buf in bytes; SPDM_TEXT_MAX is enough
 *
 * Return: what snprintf() returns.
 */
int spdm_failure_text(const struct spdm_failure *f, const char *anchors,
		      char *buf, size_t size);

/**
 * spdm_parse_versions - parse a range of versions
 * @text: "1.2", or "1.1-1.3"; 1.0 to 1.4
 * @low: set to the lowest version, SPDM_VER_...
 * @high: set to the highest version
 *
 * Return: 0; -EINVAL if the text is something else, with nothing set.
 */
int spdm_parse_versions(const char *text, u8 *low, u8 *high);

#endif /* CCGUEST_LIB_SPDM_TEXT_H */
