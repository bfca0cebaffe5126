// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device authenticate --connect: by a requester in this process
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/auth.h>
#include <ccguest/cert.h>
#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "cmd_device_connect.h"

#define REPEAT_MAX	1000000

/*
 * Returns the leaf of the slot that was authenticated. If no slot was, returns
 * the leaf of the first slot with certificates.
 */
static const struct ccg_cert *leaf_of(const struct ccg_evidence *e)
{
	int i;

	for (i = 0; i < CCG_SLOTS; i++) {
		const struct ccg_certs *certs = e->slots[i].certs;

		if (certs && certs->n && (e->slot < 0 || e->slot == i))
			return &certs->certs[certs->n - 1];
	}
	return NULL;
}

static void json_run(struct json_object *runs, const struct ccg_auth_result *r)
{
	struct json_object *item = out_json_item(runs);

	out_json_bool(item, "authenticated", r->authenticated);
	out_json_int(item, "messages", r->messages);
	out_json_int(item, "sent", r->sent);
	out_json_int(item, "received", r->received);
	out_json_int(item, "chains_read", r->fetched);
	out_json_int(item, "microseconds", r->us);
}

static void json_slots(struct json_object *o, const char *key, uint8_t mask)
{
	struct json_object *array = out_json_array(o, key);
	int i;

	for (i = 0; i < CCG_SLOTS; i++)
		if (mask & 1 << i)
			out_json_int(array, NULL, i);
}

static void connected_json(const struct cmd *cmd,
			   const struct ccg_auth_result *r,
			   struct json_object *runs)
{
	const struct ccg_cert *leaf = leaf_of(&r->evidence);
	struct json_object *o = connect_json(cmd, r);

	out_json_bool(o, "authenticated", r->authenticated);
	device_json_slot(o, r->evidence.slot);
	json_slots(o, "trusted_slots", r->trusted);
	json_slots(o, "proved_slots", r->proved);
	out_json_str(o, "subject", leaf ? leaf->subject : NULL);
	out_json_str(o, "anchor", r->anchor);
	out_json_str(o, "device_name", leaf ? leaf->device_name : NULL);
	out_json_str(o, "expected_name", cmd->opt[AUTH_SAN]);
	out_json_str(o, "expired", r->expired);
	device_json_slots(o, &r->evidence);
	out_json_add(o, "runs", json_object_get(runs));
	out_json_print(cmd, o);
}

static void connected_text(const struct cmd *cmd,
			   const struct ccg_auth_result *r)
{
	const struct ccg_evidence *e = &r->evidence;
	const struct ccg_cert *leaf = leaf_of(e);

	if (out_quiet())
		return;
	device_print_verdict(cmd->opt[CONN_CONNECT], r->authenticated);
	printf("\n");
	if (e->version)
		out_result("  %-12sSPDM %s, %s, %s", "protocol", e->version,
			   e->asym, e->hash);
	if (e->slot >= 0)
		out_result("  %-12s%d", "slot", e->slot);
	if (leaf) {
		out_result("  %-12s%s", "subject", leaf->subject);
		out_result("  %-12s%s%s", "name",
			   leaf->device_name ? leaf->device_name : "none",
			   cmd->opt[AUTH_SAN] && r->authenticated ?
			   "" : " (not checked)");
	}
	if (r->anchor)
		out_result("  %-12s%s", "trusted", r->anchor);
	if (r->expired)
		out_result("  %-12s%s", "warning", r->expired);
	if (cmd->verbose)
		out_result("  %-12s%u exchanges, %llu bytes sent, %llu received, %llu us",
			   "took", r->messages, (unsigned long long)r->sent,
			   (unsigned long long)r->received,
			   (unsigned long long)r->us);
}

/* Returns what the user can do about a failure, or NULL. */
static const char *connected_hint(const struct cmd *cmd,
				  const struct ccg_evidence *e)
{
	static const char none_fits[] =
		"no certificate of --ca matches: see ccguest device certificates --connect";
	size_t i;

	for (i = 0; i < e->n_failures; i++) {
		switch (e->failures[i].code) {
		case -ENOKEY:
			if (cmd->opt[AUTH_CA])
				return none_fits;
			return "give the certificate of that issuer with --ca, if you trust it";
		case -EPERM:
			return "the --ca certificate of that name may not sign this certificate";
		case -ENOPKG:
			return "SHA-1, and RSA keys below 2048 bits, are too weak";
		case -EKEYEXPIRED:
			return "--validity=warn accepts an expired certificate";
		case -ETIMEDOUT:
			if (cmd->opt[CONN_TIMEOUT])
				break;
			return "--timeout sets a longer limit for a slow device";
		}
	}
	return cmd->verbose ? NULL : "-v shows each message";
}

static void connected_verdict(const struct cmd *cmd,
			      const struct ccg_auth_result *r, int status)
{
	const char *hint = connected_hint(cmd, &r->evidence);

	if (!r->authenticated || !out_quiet())
		connect_failures(cmd, &r->evidence, status);
	if (!r->authenticated && hint)
		fprintf(stderr, "ccguest: hint: %s\n", hint);
}

static int run_connected(struct cmd *cmd, struct ccg_auth *a,
			 uint64_t repeat)
{
	struct json_object *runs = out_json_have(json_object_new_array());
	const struct ccg_auth_result *r = ccg_auth_result(a);
	int status = 0;

	while (repeat-- && !status) {
		if (ccg_auth_run(a))
			status = ccg_error(cmd->ctx)->kind;
		json_run(runs, r);
	}
	if (cmd->json)
		connected_json(cmd, r, runs);
	/* Without an agreed version, there is nothing to print. */
	else if (r->authenticated || r->evidence.version)
		connected_text(cmd, r);
	connected_verdict(cmd, r, status);
	json_object_put(runs);
	return status;
}

static int load_trust(struct cmd *cmd, struct ccg_trust *trust)
{
	size_t i;

	for (i = 0; i < cmd->n_given; i++)
		if (cmd->given[i].opt == AUTH_CA &&
		    ccg_trust_add(trust, cmd->given[i].arg))
			return fail(cmd);
	return 0;
}

static int parse_validity(struct cmd *cmd, enum ccg_validity *validity)
{
	const char *text = cmd->opt[AUTH_VALIDITY];

	if (!text || !strcmp(text, "warn"))
		*validity = CCG_VALIDITY_WARN;
	else if (!strcmp(text, "off"))
		*validity = CCG_VALIDITY_OFF;
	else if (!strcmp(text, "enforce"))
		*validity = CCG_VALIDITY_ENFORCE;
	else
		return usage_error(cmd, text,
				   "--validity is off, warn or enforce");
	return 0;
}

static int parse_connected(struct cmd *cmd, struct connection *conn,
			   uint64_t *repeat)
{
	int status;

	status = connect_prepare(cmd, conn);
	if (!status)
		status = parse_validity(cmd, &conn->options.validity);
	if (!status)
		status = option_number(cmd, AUTH_REPEAT, 1, REPEAT_MAX, repeat);
	if (status)
		return status;
	if (!cmd->opt[AUTH_CA])
		return usage_error(cmd, cmd->verb->name,
				   "needs --ca=FILE, the trusted certificates");
	if (cmd->opt[AUTH_SAN] && !*cmd->opt[AUTH_SAN])
		return usage_error(cmd, "--san", "needs a name");
	conn->options.san = cmd->opt[AUTH_SAN];
	return load_trust(cmd, conn->trust);
}

int device_authenticate_connected(struct cmd *cmd)
{
	uint64_t repeat = 1;
	struct connection conn;
	int status;

	status = parse_connected(cmd, &conn, &repeat);
	if (!status)
		status = connect_open(cmd, &conn);
	if (!status)
		status = run_connected(cmd, conn.auth, repeat);
	connect_close(&conn);
	return status;
}
