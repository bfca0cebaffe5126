/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions of a requester under test. Before it includes this file, a test
 * defines the functions in the table.
 */
#ifndef SELFTESTS_LIB_SPDM_REQ_OPS_H
#define SELFTESTS_LIB_SPDM_REQ_OPS_H

#include "../../lib/spdm_req.h"

static const struct spdm_req_ops ops = {
	.hash = { md_init, md_update, md_final },
	.exchange = exchange,
	.verify_chain = verify_chain,
	.take_leaf = take_leaf,
	.verify_signature = verify_signature,
	.random = randomize,
	.signature = signature,
	.now_ms = now_ms,
	.sleep_ms = sleep_ms,
};

#endif /* SELFTESTS_LIB_SPDM_REQ_OPS_H */
