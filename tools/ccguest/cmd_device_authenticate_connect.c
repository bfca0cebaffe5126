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
 * Returns the slot that was authenticated. If no slot was, returns the first slot
 * with certificates, or -1.
 */
static int slot_of(const struct ccg_evidence *e)
{
	int i;

	for (i = 0; i < CCG_SLOTS; i++) {
		const struct ccg_certs *certs = e->slots[i].certs;

		if (certs && certs->n && (e->slot < 0 || e->slot == i))
			return i;
	}
	return -1;
}

static const struct ccg_cert *leaf_of(const struct ccg_evidence *e)
{
	int slot = slot_of(e);
	const struct ccg_certs *certs;

	if (slot < 0)
		return NULL;
	certs = e->slots[slot].certs;
	return &certs->certs[certs->n - 1];
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
	json_slots(o, "named_slots", r->named);
	json_slots(o, "misnamed_slots", r->misnamed);
	out_json_str(o, "subject", leaf ? leaf->subject : NULL);
	out_json_str(o, "anchor", r->anchor);
	out_json_str(o, "device_name", leaf ? leaf->device_name : NULL);
	out_json_str(o, "dmtf_name", leaf ? leaf->dmtf_name : NULL);
	out_json_str(o, "expected_name", cmd->opt[AUTH_SAN]);
	out_json_str(o, "expired", r->expired);
	device_json_slots(o, &r->evidence);
	out_json_add(o, "runs", json_object_get(runs));
	out_json_print(cmd, o);
}

/* Two names of one certificate, and the verdict on both. */
static void print_names(const struct ccg_auth_result *r,
			const struct ccg_cert *leaf)
{
	int bit = 1 << slot_of(&r->evidence);
	const char *verdict = " (not checked)";

	if (r->misnamed & bit)
		verdict = " (refused)";
	else if (r->named & bit)
		verdict = "";
	out_result("  %-12s%s%s", "name",
		   leaf->device_name ? leaf->device_name : "none", verdict);
	if (leaf->dmtf_name)
		out_result("  %-12s%s%s", "dmtf name", leaf->dmtf_name, verdict);
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
		print_names(r, leaf);
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
				  const struct ccg_auth_result *r)
{
	const struct ccg_evidence *e = &r->evidence;
	static const char none_fits[] =
		"no certificate of --ca matches: see ccguest device certificates --connect";
	size_t i;

	if (r->misnamed)
		return "a rule of --policy can accept another name: ccguest-device-policy(5)";
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
	const char *hint = connected_hint(cmd, r);

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

/*
 * Only the kernel can find out the address and the numbers of a device: the user
 * gives those of the device that the responder stands for.
 */
static int find_rule(struct cmd *cmd, struct connection *conn)
{
	const char *id = cmd->opt[AUTH_ID];
	int rc;

	if (!cmd->opt[AUTH_POLICY]) {
		if (!id && !cmd->opt[AUTH_BDF])
			return 0;
		return usage_error(cmd, id ? "--id" : "--bdf", "needs --policy");
	}
	if (!id)
		return usage_error(cmd, "--policy", "needs --id");
	if (ccg_policy_load(cmd->ctx, cmd->opt[AUTH_POLICY], &conn->policy))
		return fail(cmd);
	rc = ccg_policy_find(conn->policy, cmd->opt[AUTH_BDF], id, &conn->rule);
	if (rc < 0)
		return fail(cmd);
	if (!rc) {
		out_note("%s: no rule for this device: %s", cmd->opt[AUTH_POLICY],
			 cmd->opt[AUTH_SAN] ? "--san decides" : "any name is accepted");
		return 0;
	}
	if (ccg_rule_wants_pci_name(&conn->rule) && !cmd->opt[AUTH_SAN])
		return usage_error(cmd, "--policy",
				   "the rule of this device has name pci, and needs --san");
	if (cmd->verbose)
		out_note("%s: line %zu: %.*s", cmd->opt[AUTH_POLICY],
			 conn->rule.line, (int)conn->rule.len,
			 (const char *)conn->rule.text);
	conn->options.rule = &conn->rule;
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
	status = find_rule(cmd, conn);
	return status ? status : load_trust(cmd, conn->trust);
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
