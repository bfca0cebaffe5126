/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: hash algorithms of a log, and initial values of
 * registers.
 */
#ifndef CCGUEST_LOG_DIGEST_H
#define CCGUEST_LOG_DIGEST_H

#include <openssl/evp.h>

#include "cc_log.h"

const struct evp_md_st *ccg_log_md(uint16_t alg);
void ccg_register_reset(const struct cc_log *log, uint32_t index,
			uint8_t *value, size_t len);
void ccg_register_locality(const struct cc_log *log,
			   const struct cc_log_event *ev, uint32_t index,
			   uint8_t *value, size_t len);

#endif /* CCGUEST_LOG_DIGEST_H */
