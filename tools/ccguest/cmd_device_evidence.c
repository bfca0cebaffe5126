// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device evidence: for a verifier elsewhere
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/auth.h>
#include <ccguest/evidence.h>
#include <ccguest/file.h>

#include "cmd_device_connect.h"

enum { EVID_NONCE = N_CONN, EVID_SLOT, EVID_OUTPUT, EVID_CBOR };

static const struct opt evidence_opts[] = {
	DEVICE_CONNECT_OPTS,
	[EVID_NONCE] = {
		"nonce", 0, "HEX", "nonce of the verifier, 32 bytes"
	},
	[EVID_SLOT] = { "slot", 0, "N", "let the key of slot N sign, 0 to 7" },
	[EVID_OUTPUT] = {
		"output", 'o', "PATH", "write a new directory, or the file NAME.json"
	},
	[EVID_CBOR] = {
		"cbor", 0, NULL, "write a file with CBOR (draft-poirier-rats-eat-da)"
	},
};

/* What the evidence says; nothing is verified here. */
static int json_answer(struct cmd *cmd, struct json_object *doc,
		       const struct ccg_objects *o)
{
	struct ccg_auth_options options;
	struct ccg_objects_want want = { .options = &options };
	struct ccg_objects_verdict v;
	struct ccg_trust *trust;
	int status = 0;

	if (ccg_trust_new(cmd->ctx, &trust))
		return fail(cmd);
	ccg_auth_defaults(&options);
	want.trust = trust;
	if (ccg_objects_verify(o, &want, &v)) {
		status = fail(cmd);
	} else {
		out_json_str(doc, "version", v.version);
		out_json_str(doc, "asym_algorithm", v.asym);
		out_json_str(doc, "hash_algorithm", v.hash);
		device_json_slot(doc, v.slot);
		out_json_str(doc, "proved_by", device_proofs[v.proof]);
		if (v.proof) {
			device_json_bytes(doc, "nonce", v.nonce, sizeof(v.nonce));
			device_json_bytes(doc, "responder_nonce", v.device_nonce,
					  sizeof(v.device_nonce));
		} else {
			out_json_str(doc, "nonce", NULL);
			out_json_str(doc, "responder_nonce", NULL);
		}
	}
	ccg_objects_verdict_clear(&v);
	ccg_trust_free(trust);
	return status;
}

static int make_json(struct cmd *cmd, const struct ccg_objects *o,
		     struct json_object **docp)
{
	struct json_object *doc = out_json(cmd), *array, *item;
	int status;

	out_json_str(doc, "bdf", cmd->argc ? cmd->argv[0] : NULL);
	out_json_str(doc, "connect", cmd->opt[CONN_CONNECT]);
	status = json_answer(cmd, doc, o);
	array = out_json_array(doc, "objects");
	for (int i = 0; i < CCG_N_OBJECTS; i++) {
		if (!o->of[i].data)
			continue;
		item = out_json_item(array);
		out_json_str(item, "name", ccg_object_name(i));
		out_json_int(item, "size", o->of[i].len);
		device_json_bytes(item, "data", o->of[i].data, o->of[i].len);
	}
	*docp = doc;
	return status;
}

static int save_json(struct cmd *cmd, const struct ccg_objects *o,
		     const char *path)
{
	struct json_object *doc;
	const char *text;
	int status = make_json(cmd, o, &doc);

	if (!status) {
		text = out_json_line(doc);
		if (ccg_file_save(cmd->ctx, path, (const uint8_t *)text,
				  strlen(text)))
			status = fail(cmd);
	}
	json_object_put(doc);
	return status;
}

static int save_cbor(struct cmd *cmd, const struct ccg_objects *o,
		     const char *path)
{
	uint8_t *buf = NULL;
	size_t len;
	int status = 0;

	if (ccg_objects_cbor(o, &buf, &len) ||
	    ccg_file_save(cmd->ctx, path, buf, len))
		status = fail(cmd);
	free(buf);
	return status;
}

static bool is_json_name(const char *path)
{
	size_t len = strlen(path);

	return len > 5 && !strcmp(path + len - 5, ".json");
}

static int save(struct cmd *cmd, const struct ccg_objects *o)
{
	const char *path = cmd->opt[EVID_OUTPUT];

	if (!path)
		return 0;
	if (cmd->opt[EVID_CBOR])
		return save_cbor(cmd, o, path);
	if (is_json_name(path))
		return save_json(cmd, o, path);
	return ccg_objects_save(o, path) ? fail(cmd) : 0;
}

static void print_objects(struct cmd *cmd, const struct ccg_objects *o)
{
	char names[256];
	size_t len = 0;

	for (int i = 0; i < CCG_N_OBJECTS; i++)
		if (o->of[i].data)
			len += snprintf(names + len, sizeof(names) - len, "%s%s",
					len ? ", " : "", ccg_object_name(i));
	out_result("%s: %s", cmd->opt[EVID_OUTPUT], names);
}

static int give(struct cmd *cmd, const struct ccg_objects *o)
{
	struct json_object *doc;
	int status = save(cmd, o);

	if (status)
		return status;
	if (!cmd->json) {
		print_objects(cmd, o);
		return 0;
	}
	status = make_json(cmd, o, &doc);
	if (status)
		json_object_put(doc);
	else
		out_json_print(cmd, doc);
	return status;
}

static int collect_connected(struct cmd *cmd, const uint8_t *nonce, int slot,
			     struct ccg_objects **op)
{
	struct connection conn;
	int status = connect_prepare(cmd, &conn);

	if (!status)
		status = connect_open(cmd, &conn);
	if (!status && ccg_auth_collect(conn.auth, nonce, slot, op)) {
		status = ccg_error(cmd->ctx)->kind;
		connect_verdict(cmd, ccg_auth_result(conn.auth), status);
	}
	connect_close(&conn);
	return status;
}

static int collect_kernel(struct cmd *cmd, const uint8_t *nonce,
			  struct ccg_objects **op)
{
	struct ccg_devices *d;
	int status = 0;

	if (ccg_devices_get(cmd->ctx, cmd->argv[0], &d))
		return fail(cmd);
	if (ccg_device_collect(d, nonce, op))
		status = fail(cmd);
	ccg_devices_free(d);
	return status;
}

static int check_args(struct cmd *cmd)
{
	bool connected = cmd->opt[CONN_CONNECT];

	if (connected && cmd->argc)
		return usage_error(cmd, cmd->argv[0],
				   "cannot be used with --connect");
	if (!connected && !cmd->argc)
		return usage_error(cmd, "evidence", "needs a BDF, or --connect");
	if (!cmd->opt[EVID_OUTPUT] && (!cmd->json || cmd->opt[EVID_CBOR]))
		return usage_error(cmd, "evidence", cmd->opt[EVID_CBOR] ?
				   "--cbor needs -o FILE" :
				   "needs -o PATH, or --json");
	if (connected)
		return 0;
	if (cmd->opt[EVID_SLOT])
		return usage_error(cmd, "--slot",
				   "needs --connect: the kernel chooses the slot");
	return connect_refuse_options(cmd, N_CONN, N_CONN - 1);
}

static int run_evidence(struct cmd *cmd)
{
	uint8_t nonce[CCG_NONCE_LEN], *given = NULL;
	struct ccg_objects *o = NULL;
	uint64_t slot = UINT64_MAX;
	int status = check_args(cmd);

	if (!status && cmd->opt[EVID_NONCE]) {
		status = device_nonce(cmd, cmd->opt[EVID_NONCE], nonce);
		given = nonce;
	}
	if (!status)
		status = option_number(cmd, EVID_SLOT, 0, CCG_SLOTS - 1, &slot);
	if (status)
		return status;
	if (cmd->opt[CONN_CONNECT])
		status = collect_connected(cmd, given,
					   slot < CCG_SLOTS ? (int)slot : -1, &o);
	else
		status = collect_kernel(cmd, given, &o);
	if (!status && o)
		status = give(cmd, o);
	ccg_objects_free(o);
	return status;
}

const struct verb device_evidence_verb = {
	.name = "evidence",
	.args = "BDF|--connect=HOST:PORT -o PATH",
	.summary = "Collects what a device signed, for a verifier elsewhere",
	.text =
"Nobody decides here whether the device can be trusted: ccguest device verify does.\n"
"With --nonce, the device signs anew. Without, the newest evidence of the kernel is\n"
"taken; with --connect, the nonce is random.\n",
	.opts = evidence_opts,
	.n_opts = ARRAY_SIZE(evidence_opts),
	.max_args = 1,
	.run = run_evidence,
};
