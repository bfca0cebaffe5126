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

static void connected_json(const struct cmd *cmd,
			   const struct ccg_auth_result *r,
			   struct json_object *runs)
{
	struct json_object *o = connect_json(cmd, r);

	connect_json_result(cmd, o, r);
	device_json_slots(o, &r->evidence);
	out_json_add(o, "runs", json_object_get(runs));
	out_json_print(cmd, o);
}

static void connected_text(const struct cmd *cmd,
			   const struct ccg_auth_result *r)
{
	if (out_quiet())
		return;
	device_print_verdict(cmd->opt[CONN_CONNECT], r->authenticated);
	printf("\n");
	connect_text(r);
	if (cmd->verbose)
		out_result("  %-12s%u exchanges, %llu bytes sent, %llu received, %llu us",
			   "took", r->messages, (unsigned long long)r->sent,
			   (unsigned long long)r->received,
			   (unsigned long long)r->us);
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
	connect_verdict(cmd, r, status);
	json_object_put(runs);
	return status;
}

static int parse_connected(struct cmd *cmd, struct connection *conn,
			   uint64_t *repeat)
{
	int status;

	status = connect_prepare(cmd, conn);
	if (!status)
		status = option_number(cmd, AUTH_REPEAT, 1, REPEAT_MAX, repeat);
	if (status)
		return status;
	return connect_trust(cmd, conn);
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
