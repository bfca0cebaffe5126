// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device verify: the evidence of a device, far from the device
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/auth.h>
#include <ccguest/cert.h>
#include <ccguest/evidence.h>
#include <ccguest/text.h>

#include "cmd_device_connect.h"
#include "out_table.h"

/*
 * The options about versions, algorithms and trust have the numbers that
 * connect_algorithms() and connect_trust() know. There is no connection: others
 * take the numbers of its options.
 */
enum {
	VERIFY_NONCE = CONN_CONNECT, VERIFY_REFERENCE = CONN_TIMEOUT,
	VERIFY_ALLOW = N_TRUST,
};

static const struct opt verify_opts[] = {
	[VERIFY_NONCE] = {
		"nonce", 0, "HEX", "nonce that the device had to sign, 32 bytes"
	},
	[VERIFY_REFERENCE] = {
		"reference", 0, "FILE", "expected measurements"
	},
	[CONN_VERSIONS] = {
		"versions", 0, "RANGE", "accepted versions of SPDM, default 1.0-1.4"
	},
	[CONN_ASYM] = {
		"asym", 0, "LIST", "accepted signature algorithms, default all"
	},
	[CONN_HASH] = {
		"hash", 0, "LIST", "accepted hash algorithms, default all"
	},
	DEVICE_TRUST_OPTS,
	[VERIFY_ALLOW] = {
		"allow-unknown", 0, "STEP",
		"accept that STEP cannot be known; repeatable"
	},
};

static const char *const verdicts[] = {
	[CCG_FOUND_UNKNOWN] = "cannot be known",
	[CCG_FOUND_ACCEPTED] = "not known, accepted",
	[CCG_FOUND_GOOD] = "passed",
	[CCG_FOUND_BAD] = "failed",
};

static const char *const words[] = {
	[CCG_FOUND_UNKNOWN] = "unknown",
	[CCG_FOUND_ACCEPTED] = "accepted",
	[CCG_FOUND_GOOD] = "passed",
	[CCG_FOUND_BAD] = "failed",
};

static const enum out_color colors[] = {
	[CCG_FOUND_UNKNOWN] = OUT_WARN,
	[CCG_FOUND_ACCEPTED] = OUT_WARN,
	[CCG_FOUND_GOOD] = OUT_GOOD,
	[CCG_FOUND_BAD] = OUT_BAD,
};

static const struct ccg_cert *leaf_of(const struct ccg_objects_verdict *v)
{
	return v->certs ? &v->certs->certs[v->certs->n - 1] : NULL;
}

static void json_signer(struct cmd *cmd, struct json_object *o,
			const struct ccg_objects_verdict *v)
{
	const struct ccg_cert *leaf = leaf_of(v);

	out_json_str(o, "version", v->version);
	out_json_str(o, "asym_algorithm", v->asym);
	out_json_str(o, "hash_algorithm", v->hash);
	device_json_slot(o, v->slot);
	out_json_str(o, "proved_by", device_proofs[v->proof]);
	if (v->proof) {
		device_json_bytes(o, "nonce", v->nonce, sizeof(v->nonce));
		device_json_bytes(o, "responder_nonce", v->device_nonce,
				  sizeof(v->device_nonce));
	} else {
		out_json_str(o, "nonce", NULL);
		out_json_str(o, "responder_nonce", NULL);
	}
	out_json_str(o, "subject", leaf ? leaf->subject : NULL);
	out_json_str(o, "anchor", *v->anchor ? v->anchor : NULL);
	out_json_str(o, "device_name", leaf ? leaf->device_name : NULL);
	out_json_str(o, "dmtf_name", leaf ? leaf->dmtf_name : NULL);
	out_json_str(o, "expected_name", cmd->opt[AUTH_SAN]);
	out_json_str(o, "expired", *v->expired ? v->expired : NULL);
}

static void print_json(struct cmd *cmd, const struct ccg_objects_verdict *v)
{
	struct json_object *o = out_json(cmd), *array, *item;

	out_json_str(o, "file", cmd->argv[0]);
	out_json_bool(o, "proven", v->proven);
	array = out_json_array(o, "steps");
	for (int i = 0; i < CCG_N_STEPS; i++) {
		item = out_json_item(array);
		out_json_str(item, "step", ccg_step_name(i));
		out_json_str(item, "verdict", words[v->found[i]]);
		out_json_str(item, "why", v->why[i]);
	}
	json_signer(cmd, o, v);
	device_json_measurements(o, &v->measures);
	out_json_print(cmd, o);
}

static void print_signer(const struct ccg_objects_verdict *v)
{
	static const char *const checks[] = {
		" (refused)", " (not checked)", "",
	};
	const struct ccg_cert *leaf = leaf_of(v);
	const char *check = checks[v->named + 1];

	if (!leaf)
		return;
	out_result("  %-12s%s", "subject", leaf->subject);
	out_result("  %-12s%s%s", "name",
		   leaf->device_name ? leaf->device_name : "none", check);
	if (leaf->dmtf_name)
		out_result("  %-12s%s%s", "dmtf name", leaf->dmtf_name, check);
	if (*v->expired)
		out_result("  %-12s%s", "warning", v->expired);
}

static void print_text(struct cmd *cmd, const struct ccg_objects_verdict *v)
{
	static const char *const heads[] = { "STEP", "VERDICT", "WHY" };
	struct out_table t;

	out_text(cmd->argv[0]);
	printf(": ");
	out_colored(v->proven ? OUT_GOOD : OUT_BAD,
		    v->proven ? "proven" : "not proven");
	printf("\n");
	print_signer(v);
	out_table_init(&t, heads, ARRAY_SIZE(heads), 0);
	for (int i = 0; i < CCG_N_STEPS; i++) {
		out_cell(&t, 0, OUT_PLAIN, ccg_step_name(i));
		out_cell(&t, 1, colors[v->found[i]], verdicts[v->found[i]]);
		out_cell(&t, 2, OUT_PLAIN, v->why[i]);
	}
	out_table_print(&t);
	device_print_measurements(&v->measures);
}

/* The step that decides: the first that failed, or else the first doubt. */
static int deciding_step(const struct ccg_objects_verdict *v)
{
	for (int i = 0; i < CCG_N_STEPS; i++)
		if (v->found[i] == CCG_FOUND_BAD)
			return i;
	for (int i = 0; i < CCG_N_STEPS; i++)
		if (v->found[i] == CCG_FOUND_UNKNOWN)
			return i;
	return CCG_STEP_OBJECTS;
}

static const char *hint_of(const struct cmd *cmd,
			   const struct ccg_objects_verdict *v, int step)
{
	static const char other_name[] =
		"a rule of --policy can accept another name: ccguest-device-policy(5)";
	static const char no_nonce[] =
		"give the nonce with --nonce, or accept old answers with --allow-unknown=freshness";
	static const char no_reference[] =
		"give expected values with --reference, or use --allow-unknown=measurements";
	static const char no_values[] =
		"collect measurements by --connect, or use --allow-unknown=measurements";
	bool failed = v->found[step] == CCG_FOUND_BAD;

	switch (step) {
	case CCG_STEP_NEGOTIATION:
		return failed ? "--versions, --asym and --hash name what you accept" :
		       "--allow-unknown=negotiation accepts that";
	case CCG_STEP_CHAIN:
		return v->named < 0 ? other_name : NULL;
	case CCG_STEP_FRESHNESS:
		if (failed)
			return "collect evidence with your nonce: ccguest device evidence --nonce";
		return cmd->opt[VERIFY_NONCE] ? NULL : no_nonce;
	case CCG_STEP_MEASUREMENTS:
		if (failed && v->measures.n)
			return "the firmware or the configuration of the device is another one";
		if (!v->measures.n)
			return no_values;
		return cmd->opt[VERIFY_REFERENCE] ? NULL : no_reference;
	default:
		return NULL;
	}
}

static int conclude(struct cmd *cmd, const struct ccg_objects_verdict *v)
{
	int step = deciding_step(v);
	char why[640];

	if (v->proven)
		return 0;
	snprintf(why, sizeof(why), "%s: %s: %s", ccg_step_name(step),
		 verdicts[v->found[step]], v->why[step]);
	out_error(cmd->argv[0], why, hint_of(cmd, v, step));
	return CCG_UNVERIFIED;
}

static int parse_accept(struct cmd *cmd, unsigned int *mask)
{
	int step;

	for (size_t i = 0; i < cmd->n_given; i++) {
		const struct given *g = &cmd->given[i];

		if (g->opt != VERIFY_ALLOW)
			continue;
		for (step = CCG_STEP_NEGOTIATION; step < CCG_N_STEPS; step++)
			if (step != CCG_STEP_SIGNATURE &&
			    !strcmp(g->arg, ccg_step_name(step)))
				break;
		if (step == CCG_N_STEPS || step == CCG_STEP_CHAIN)
			return usage_error(cmd, g->arg,
					   "--allow-unknown is negotiation, freshness or measurements");
		*mask |= 1u << step;
	}
	return 0;
}

static int verify(struct cmd *cmd, const struct ccg_objects_want *want)
{
	struct ccg_objects_verdict v;
	struct ccg_objects *o;
	int status;

	if (ccg_objects_load(cmd->ctx, cmd->argv[0], &o))
		return fail(cmd);
	if (ccg_objects_verify(o, want, &v)) {
		status = fail(cmd);
	} else {
		if (cmd->json)
			print_json(cmd, &v);
		else if (!out_quiet())
			print_text(cmd, &v);
		status = conclude(cmd, &v);
	}
	ccg_objects_verdict_clear(&v);
	ccg_objects_free(o);
	return status;
}

/* connect_close() closes @conn. */
static int parse(struct cmd *cmd, struct connection *conn,
		 struct ccg_objects_want *want, uint8_t *nonce,
		 struct ccg_reference **reference)
{
	const char *text = cmd->opt[VERIFY_NONCE];
	int status;

	if (ccg_trust_new(cmd->ctx, &conn->trust))
		return fail(cmd);
	ccg_auth_defaults(&conn->options);
	status = connect_algorithms(cmd, &conn->options);
	if (!status && text)
		status = device_nonce(cmd, text, nonce);
	if (!status)
		status = parse_accept(cmd, &want->accept);
	if (!status && !cmd->opt[AUTH_CA])
		status = usage_error(cmd, cmd->verb->name,
				     "needs --ca=FILE, the trusted certificates");
	if (!status)
		status = connect_trust(cmd, conn);
	/* Unlike a guest at boot, a verifier has a clock. */
	if (!status && !cmd->opt[AUTH_VALIDITY])
		conn->options.validity = CCG_VALIDITY_ENFORCE;
	if (!status && cmd->opt[VERIFY_REFERENCE] &&
	    ccg_reference_load(cmd->ctx, cmd->opt[VERIFY_REFERENCE], reference))
		status = fail(cmd);
	want->trust = conn->trust;
	want->options = &conn->options;
	want->nonce = text ? nonce : NULL;
	want->reference = *reference;
	return status;
}

static int run_verify(struct cmd *cmd)
{
	struct ccg_reference *reference = NULL;
	struct ccg_objects_want want = {};
	uint8_t nonce[CCG_NONCE_LEN];
	struct connection conn = {};
	int status;

	status = parse(cmd, &conn, &want, nonce, &reference);
	if (!status)
		status = verify(cmd, &want);
	ccg_reference_free(reference);
	connect_close(&conn);
	return status;
}

const struct verb device_verify = {
	.name = "verify",
	.args = "PATH --ca=FILE",
	.summary = "Verifies the evidence of a device, far from the device",
	.text =
"PATH is a directory or a JSON file that ccguest device evidence wrote. Each step is\n"
"named, with its verdict. Exit status: 0 every step passed, or was accepted by\n"
"--allow-unknown; 5 a step failed, or cannot be known.\n",
	.opts = verify_opts,
	.n_opts = ARRAY_SIZE(verify_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_verify,
};
