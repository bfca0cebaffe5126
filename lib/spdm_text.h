/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is said about an authentication, in the same words in the kernel's log
 * and on a terminal.
 */
#ifndef CCGUEST_LIB_SPDM_TEXT_H
#define CCGUEST_LIB_SPDM_TEXT_H

#include "spdm_req.h"
#include "x509_chain.h"

/* Enough for every sentence. */
#define SPDM_TEXT_MAX	384

void spdm_chain_fault(const struct x509_verdict *v, int err,
		      const struct x509_policy *policy,
		      struct spdm_fault *fault);
int spdm_failure_text(const struct spdm_failure *f, const char *anchors,
		      char *buf, size_t size);

#endif /* CCGUEST_LIB_SPDM_TEXT_H */
