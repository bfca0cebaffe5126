// SPDX-License-Identifier: GPL-2.0-only
/*
 * The expected registers that a log is compared with.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/log.h>
#include <ccguest/text.h>
#include <ccguest/verify.h>

#include "cc_log.h"
#include "core/ctx.h"
#include "core/json.h"
#include "verify/verify.h"

#define REGISTERS_MAX	0x100000

void ccg_verify_token(struct ccg_verify *v, const struct ccg_token *t)
{
	static const uint16_t by_len[] = {
		[2] = CC_ALG_SHA256, [3] = CC_ALG_SHA384, [4] = CC_ALG_SHA512,
	};

	v->realm = true;
	for (uint32_t i = 0; i < ARRAY_SIZE(t->regs); i++) {
		struct ccg_expected *e = &v->expected[v->n_expected++];

		*e = (struct ccg_expected) {
			.index = i, .alg = by_len[t->len / 16], .len = t->len,
		};
		memcpy(e->value, t->regs[i], t->len);
	}
}

/**
 * ccg_verify_expect - expect a register of hardware that has no PCRs
 * @ctx: the context
 * @log: the log that will be verified
 * @e: the register and its value
 * @source: where the value comes from, for errors
 * @v: the verification
 *
 * Return: 0; -EINVAL if the log is not one of such hardware.
 */
int ccg_verify_expect(struct ccg_ctx *ctx, struct ccg_log *log,
		      const struct ccg_expected *e, const char *source,
		      struct ccg_verify *v)
{
	const struct cc_log *s = ccg_log_summary(log);

	if (ccg_log_uses_pcrs(s)) {
		ccg_fail(ctx, -EINVAL, CCG_FAILED, ccg_log_path(log),
			 "is a log of PCRs, and %s has other registers",
			 source);
		ccg_hint(ctx, "name the log of the firmware: log list lists those that there are");
		return -EINVAL;
	}
	if (!cc_log_has_alg(s, e->alg))
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, ccg_log_path(log),
				"has no %s digests, as the registers of %s",
				ccg_log_alg_name(e->alg), source);
	if (v->n_expected == CCG_EXPECTED_MAX)
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, source,
				"more than %d registers are expected",
				CCG_EXPECTED_MAX);
	v->expected[v->n_expected++] = *e;
	return 0;
}

int ccg_verify_report(struct ccg_ctx *ctx, struct ccg_log *log,
		      const struct ccg_report *r, struct ccg_verify *v)
{
	const struct ccg_token *token = ccg_report_token(r);
	const struct ccg_tdx *tdx = ccg_report_tdx(r);
	struct ccg_expected e = {
		.alg = CC_ALG_SHA384, .len = CCG_TDX_DIGEST_LEN,
	};
	int rc = 0;

	if (token) {
		ccg_verify_token(v, token);
		return 0;
	}
	if (!tdx) {
		ccg_fail(ctx, -EOPNOTSUPP, CCG_UNSUPPORTED, "report",
			 "has no registers that the events of a log extend");
		ccg_hint(ctx,
			 "SEV-SNP measures only the launch: ccguest report verify, ccguest sev measure");
		return -EOPNOTSUPP;
	}
	/* Register 0 is MRTD, which no event extends. */
	for (uint32_t i = 0; !rc && i < CCG_TDX_RTMRS; i++) {
		e.index = i + 1;
		memcpy(e.value, tdx->rtmr[i], e.len);
		rc = ccg_verify_expect(ctx, log, &e, "the quote", v);
	}
	return rc;
}

static const char *member(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return NULL;
	return json_object_get_string(v);
}

static bool take_register(const struct cc_log *log, struct json_object *o,
			  struct ccg_expected *e)
{
	const char *name = member(o, "register"), *alg = member(o, "algorithm");
	const char *value = member(o, "value"), *known;
	char text[16];
	uint32_t i;
	size_t a;

	if (!name || !alg || !value ||
	    ccg_unhex(value, e->value, sizeof(e->value), &e->len))
		return false;
	for (i = 0; i <= CC_INDEX_PCR_MAX; i++) {
		ccg_log_register_name(log, i, text, sizeof(text));
		if (!strcasecmp(text, name))
			break;
	}
	for (a = 0; a < log->n_algs; a++) {
		known = ccg_log_alg_name(log->algs[a].id);
		if (known && !strcasecmp(known, alg))
			break;
	}
	if (i > CC_INDEX_PCR_MAX || a == log->n_algs ||
	    e->len != log->algs[a].len)
		return false;
	e->index = i;
	e->alg = log->algs[a].id;
	return true;
}

static int take_registers(struct ccg_ctx *ctx, const struct cc_log *log,
			  const char *file, struct json_object *o,
			  struct ccg_verify *v)
{
	struct json_object *list;
	size_t n;

	if (!json_object_is_type(o, json_type_object) ||
	    !json_object_object_get_ex(o, "registers", &list) ||
	    !json_object_is_type(list, json_type_array))
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, file,
				"has no array 'registers'");
	n = json_object_array_length(list);
	if (!n || n > CCG_EXPECTED_MAX - v->n_expected)
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, file,
				"has %zu registers, not 1 to %zu", n,
				CCG_EXPECTED_MAX - v->n_expected);
	for (size_t i = 0; i < n; i++)
		if (!take_register(log, json_object_array_get_idx(list, i),
				   &v->expected[v->n_expected++]))
			return ccg_fail(ctx, -EINVAL, CCG_FAILED, file,
					"register %zu: unknown register or algorithm",
					i);
	return 0;
}

int ccg_verify_registers(struct ccg_ctx *ctx, struct ccg_log *log,
			 const char *file, struct ccg_verify *v)
{
	struct json_object *o;
	uint8_t *buf;
	size_t len;
	int rc;

	rc = ccg_file_load(ctx, file, REGISTERS_MAX, &buf, &len);
	if (rc)
		return rc;
	rc = ccg_json_parse(ctx, file, buf, len, &o);
	if (!rc)
		rc = take_registers(ctx, ccg_log_summary(log), file, o, v);
	json_object_put(o);
	free(buf);
	return rc;
}
