// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device, with --connect: functions that authenticate and certificates
 * share
 *
 * The requester runs in this process. The device is a responder that listens on
 * a TCP port.
 */
#include <stdio.h>

#include <ccguest/auth.h>
#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "cmd_device_connect.h"

/* Limit for --timeout in seconds: one day. */
#define TIMEOUT_MAX	86400

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
	if (cmd->opt[CONN_VERSIONS] &&
	    ccg_auth_parse_versions(o, cmd->opt[CONN_VERSIONS]))
		return usage_error(cmd, cmd->opt[CONN_VERSIONS],
				   "--versions is one of 1.0, 1.1, 1.2, 1.3, or a range as 1.1-1.3");
	if (cmd->opt[CONN_ASYM] && ccg_auth_parse_asym(o, cmd->opt[CONN_ASYM]))
		return usage_error(cmd, cmd->opt[CONN_ASYM],
				   "--asym is a list of rsassa-, rsapss- with 2048, 3072, 4096, and ecdsa- with p256, p384, p521");
	if (cmd->opt[CONN_HASH] && ccg_auth_parse_hash(o, cmd->opt[CONN_HASH]))
		return usage_error(cmd, cmd->opt[CONN_HASH],
				   "--hash is a list of sha256, sha384, sha512, sha3-256, sha3-384, sha3-512");
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
