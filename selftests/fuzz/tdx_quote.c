// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a quote of TDX, and the extension of a PCK certificate.
 *
 * Checks that all parts of a quote lie inside the input, and that no byte of the
 * quote is left out.
 */
#include "../../tools/lib/report/tdx_verify.h"
#include "fuzz.h"

static void inside(const u8 *data, size_t size, const u8 *p, size_t len)
{
	require(p >= data && p <= data + size);
	require(len <= (size_t)(data + size - p));
}

static void check(const u8 *data, const struct tdx_quote *q)
{
	size_t len = q->t.len, covered;

	require(q->t.version == 4 || q->t.version == 5);
	require(q->t.body_type == (q->t.has_15 ? 3 : 2));
	require(q->t.version == 5 || !q->t.has_15);
	require(q->body.p == data);
	inside(data, len, q->body.p, q->body.len);
	inside(data, len, q->signature, TDX_SIG_LEN);
	inside(data, len, q->key, TDX_KEY_LEN);
	inside(data, len, q->qe_report, TDX_QE_REPORT_LEN);
	inside(data, len, q->qe_signature, TDX_SIG_LEN);
	inside(data, len, q->qe_auth.p, q->qe_auth.len);
	inside(data, len, q->chain.p, q->chain.len);
	/* Three types, four lengths: what is between the parts. */
	covered = q->body.len + 4 + TDX_SIG_LEN + TDX_KEY_LEN + 6 +
		  TDX_QE_REPORT_LEN + TDX_SIG_LEN + 2 + q->qe_auth.len + 6 +
		  q->chain.len;
	require(covered == len);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct report_fault fault = { .offset = SIZE_MAX };
	struct tdx_quote q;
	struct tdx_pck p;

	if (!ccg_tdx_parse(data, size, &q, &fault)) {
		require(q.t.len <= size);
		check(data, &q);
		for (size_t i = q.t.len; i < size; i++)
			require(!data[i]);
	} else {
		require(fault.offset <= size && *fault.why);
	}
	fault = (struct report_fault) { .offset = SIZE_MAX };
	if (!ccg_tdx_pck_parse(data, size, &p, &fault))
		require(p.pcesvn <= 0xffff);
	else
		require(fault.offset <= size && *fault.why);
	return 0;
}
