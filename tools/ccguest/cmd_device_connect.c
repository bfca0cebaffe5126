// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device, with --connect: functions that several verbs share
 *
 * The requester runs in this process. The device is a responder that listens on
 * a TCP port.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <ccguest/auth.h>
#include <ccguest/cert.h>
#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "cmd_device_connect.h"

static void print_step(void *arg, const struct ccg_auth_step *step)
{
	const struct cmd *cmd = arg;

	if (step->response)
		out_note("%s: %s, %zu bytes: %s, %zu bytes, %llu us",
			 cmd->opt[CONN_CONNECT], step->request, step->sent,
			 step->response, step->received,
			 (unsigned long long)step->us);
	else
		out_note("%s: %s, %zu bytes: no response, %llu us",
			 cmd->opt[CONN_CONNECT], step->request, step->sent,
			 (unsigned long long)step->us);
}

int connect_algorithms(struct cmd *cmd, struct ccg_auth_options *o)
{
	int rc = 0;

	if (cmd->opt[CONN_VERSIONS] &&
	    ccg_auth_parse_versions(o, cmd->opt[CONN_VERSIONS]))
		return usage_error(cmd, cmd->opt[CONN_VERSIONS],
				   "--versions is one of 1.0, 1.1, 1.2, 1.3, 1.4, or a range as 1.1-1.3");
	if (cmd->opt[CONN_ASYM])
		rc = ccg_auth_parse_asym(o, cmd->opt[CONN_ASYM]);
	if (rc == -EOPNOTSUPP)
		return usage_error(cmd, cmd->opt[CONN_ASYM],
				   "--asym: the OpenSSL of this machine has no ML-DSA; OpenSSL 3.5 and newer have it");
	if (rc)
		return usage_error(cmd, cmd->opt[CONN_ASYM],
				   "--asym is a list of rsassa-, rsapss- with 2048, 3072, 4096, ecdsa- with p256, p384, p521, and mldsa- with 44, 65, 87");
	if (cmd->opt[CONN_HASH] && ccg_auth_parse_hash(o, cmd->opt[CONN_HASH]))
		return usage_error(cmd, cmd->opt[CONN_HASH],
				   "--hash is a list of sha256, sha384, sha512, sha3-256, sha3-384, sha3-512");
	return 0;
}

static int parse_options(struct cmd *cmd, struct ccg_auth_options *o)
{
	uint64_t seconds = 0;
	int status;

	ccg_auth_defaults(o);
	status = option_number(cmd, CONN_TIMEOUT, 1, TIMEOUT_MAX, &seconds);
	if (status)
		return status;
	if (seconds)
		o->timeout_ms = seconds * 1000;
	status = connect_algorithms(cmd, o);
	if (status)
		return status;
	if (cmd->verbose) {
		o->step = print_step;
		o->arg = cmd;
	}
	return 0;
}

int connect_prepare(struct cmd *cmd, struct connection *conn)
{
	*conn = (struct connection) {};
	if (ccg_trust_new(cmd->ctx, &conn->trust))
		return fail(cmd);
	return parse_options(cmd, &conn->options);
}

int connect_open(struct cmd *cmd, struct connection *conn)
{
	if (ccg_auth_open(cmd->ctx, cmd->opt[CONN_CONNECT], conn->trust,
			  &conn->options, &conn->auth))
		return fail(cmd);
	return 0;
}

void connect_close(struct connection *conn)
{
	ccg_auth_close(conn->auth);
	ccg_policy_free(conn->policy);
	ccg_trust_free(conn->trust);
}

struct json_object *connect_json(const struct cmd *cmd,
				 const struct ccg_auth_result *r)
{
	const struct ccg_evidence *e = &r->evidence;
	struct json_object *o = out_json(cmd);
	char flags[16];

	out_json_str(o, "connect", cmd->opt[CONN_CONNECT]);
	out_json_str(o, "version", e->version);
	out_json_str(o, "asym_algorithm", e->asym);
	out_json_str(o, "hash_algorithm", e->hash);
	snprintf(flags, sizeof(flags), "0x%08x", r->flags);
	out_json_str(o, "capabilities", e->version ? flags : NULL);
	device_json_failures(o, e);
	return o;
}

void connect_failures(const struct cmd *cmd, const struct ccg_evidence *e,
		      int status)
{
	size_t i;

	for (i = 0; i < e->n_failures; i++)
		out_error(cmd->opt[CONN_CONNECT], e->failures[i].text, NULL);
	if (status && !e->n_failures)
		out_error(cmd->opt[CONN_CONNECT], ccg_error(cmd->ctx)->why,
			  NULL);
}

int connect_refuse_options(struct cmd *cmd, size_t first, size_t last)
{
	char name[32];
	size_t i;

	for (i = 0; i <= last; i++) {
		if (!cmd->opt[i] || (i >= N_CONN && i < first))
			continue;
		snprintf(name, sizeof(name), "--%s", cmd->verb->opts[i].name);
		return usage_error(cmd, name, "needs --connect");
	}
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

static int load_trust(struct cmd *cmd, struct ccg_trust *trust)
{
	size_t i;

	for (i = 0; i < cmd->n_given; i++)
		if (cmd->given[i].opt == AUTH_CA &&
		    ccg_trust_add(trust, cmd->given[i].arg))
			return fail(cmd);
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

int connect_trust(struct cmd *cmd, struct connection *conn)
{
	int status = parse_validity(cmd, &conn->options.validity);

	if (status)
		return status;
	if (cmd->opt[AUTH_SAN] && !*cmd->opt[AUTH_SAN])
		return usage_error(cmd, "--san", "needs a name");
	conn->options.san = cmd->opt[AUTH_SAN];
	status = find_rule(cmd, conn);
	return status ? status : load_trust(cmd, conn->trust);
}

/*
 * Returns the slot that was authenticated. If no slot was, returns the slot whose key
 * was proved; or the first slot with certificates; or -1.
 */
static int slot_of(const struct ccg_auth_result *r)
{
	const struct ccg_evidence *e = &r->evidence;
	int i;

	if (r->proved && e->slot < 0)
		return ffs(r->proved) - 1;

	for (i = 0; i < CCG_SLOTS; i++) {
		const struct ccg_certs *certs = e->slots[i].certs;

		if (certs && certs->n && (e->slot < 0 || e->slot == i))
			return i;
	}
	return -1;
}

static const struct ccg_cert *leaf_of(const struct ccg_auth_result *r)
{
	int slot = slot_of(r);
	const struct ccg_certs *certs;

	if (slot < 0)
		return NULL;
	certs = r->evidence.slots[slot].certs;
	return &certs->certs[certs->n - 1];
}

static void json_slots(struct json_object *o, const char *key, uint8_t mask)
{
	struct json_object *array = out_json_array(o, key);
	int i;

	for (i = 0; i < CCG_SLOTS; i++)
		if (mask & 1 << i)
			out_json_int(array, NULL, i);
}

void connect_json_result(const struct cmd *cmd, struct json_object *o,
			 const struct ccg_auth_result *r)
{
	const struct ccg_cert *leaf = leaf_of(r);

	out_json_bool(o, "authenticated", r->authenticated);
	device_json_slot(o, r->evidence.slot);
	out_json_str(o, "proved_by", device_proofs[r->proof]);
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
}

/* Two names of one certificate, and the verdict on both. */
static void print_names(const struct ccg_auth_result *r,
			const struct ccg_cert *leaf)
{
	int bit = 1 << slot_of(r);
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

void connect_text(const struct ccg_auth_result *r)
{
	const struct ccg_evidence *e = &r->evidence;
	const struct ccg_cert *leaf = leaf_of(r);

	if (e->version)
		out_result("  %-12sSPDM %s, %s, %s", "protocol", e->version,
			   e->asym, e->hash);
	if (e->slot >= 0)
		out_result("  %-12s%d", "slot", e->slot);
	else if (r->proved)
		out_result("  %-12s%s%d", "proved", "the key of slot ",
			   ffs(r->proved) - 1);
	if (leaf) {
		out_result("  %-12s%s", "subject", leaf->subject);
		print_names(r, leaf);
	}
	if (r->anchor)
		out_result("  %-12s%s", "trusted", r->anchor);
	if (r->expired)
		out_result("  %-12s%s", "warning", r->expired);
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

void connect_verdict(const struct cmd *cmd, const struct ccg_auth_result *r,
		     int status)
{
	const char *hint = connected_hint(cmd, r);

	if (status || !out_quiet())
		connect_failures(cmd, &r->evidence, status);
	if (status && hint)
		fprintf(stderr, "ccguest: hint: %s\n", hint);
}
