// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device authenticate and certificates, with --connect: a requester in
 * userland, to which a device is something that listens on a port.
 */
#include <errno.h>
#include <stdlib.h>

#include <ccguest/auth.h>
#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "device.h"

/* The most that --timeout takes: a day. */
#define TIMEOUT_MAX	86400

/**
 * connect_parse_number - take an option that is a number
 * @cmd: the command
 * @opt: which option
 * @low: the least that it takes
 * @high: the most
 * @n: set, where the option was given
 *
 * Return: 0 or the exit status.
 */
int connect_parse_number(struct cmd *cmd, size_t opt, unsigned long low,
			 unsigned long high, unsigned long *n)
{
	const char *text = cmd->opt[opt];
	char *end, why[96];

	if (!text)
		return 0;
	errno = 0;
	*n = strtoul(text, &end, 10);
	/* strtoul() takes a sign and blanks. */
	if (*text >= '0' && *text <= '9' && !*end && !errno && *n >= low &&
	    *n <= high)
		return 0;
	snprintf(why, sizeof(why), "--%s is a number from %lu to %lu",
		 cmd->verb->opts[opt].name, low, high);
	return usage_error(cmd, text, why);
}

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
	unsigned long seconds = 0;
	int status;

	ccg_auth_defaults(o);
	status = connect_parse_number(cmd, CONN_TIMEOUT, 1, TIMEOUT_MAX, &seconds);
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

/**
 * connect_prepare - take the options that both verbs have
 * @cmd: the command
 * @conn: set; close it with connect_close(), also where this fails
 *
 * Return: 0 or the exit status.
 */
int connect_prepare(struct cmd *cmd, struct connection *conn)
{
	*conn = (struct connection) {};
	if (ccg_trust_new(cmd->ctx, &conn->trust))
		return fail(cmd);
	return parse_options(cmd, &conn->options);
}

/**
 * connect_open - connect
 * @cmd: the command
 * @conn: what connect_prepare() set
 *
 * Return: 0 or the exit status.
 */
int connect_open(struct cmd *cmd, struct connection *conn)
{
	if (ccg_auth_open(cmd->ctx, cmd->opt[CONN_CONNECT], conn->trust,
			  &conn->options, &conn->auth))
		return fail(cmd);
	return 0;
}

/**
 * connect_close - close a connection
 * @conn: what connect_prepare() set, connected or not
 */
void connect_close(struct connection *conn)
{
	ccg_auth_close(conn->auth);
	ccg_trust_free(conn->trust);
}

/**
 * connect_json - start the object that a verb prints
 * @cmd: the command
 * @r: how it went
 *
 * Return: the object, with what both verbs say.
 */
struct json_object *connect_json(const struct cmd *cmd,
				 const struct ccg_auth_result *r)
{
	const struct ccg_evidence *e = &r->evidence;
	struct json_object *o = out_json(cmd);
	char flags[16];

	out_json_str(o, "connect", cmd->opt[CONN_CONNECT]);
	out_json_str(o, "version", e->version);
	out_json_str(o, "asym", e->asym);
	out_json_str(o, "hash", e->hash);
	snprintf(flags, sizeof(flags), "0x%08x", r->flags);
	out_json_str(o, "capabilities", e->version ? flags : NULL);
	device_json_failures(o, e);
	return o;
}

/**
 * connect_failures - say what failed, one line each
 * @cmd: the command
 * @e: what is known of the device
 * @status: exit status of the run; where nothing is known, the library's last
 *	    error says why it is not 0
 */
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

/**
 * connect_refuse_options - refuse options that say how to talk to a device
 * @cmd: the command, which is not to talk to one itself
 * @first: first of the verb's own options that are for that
 * @last: last of them
 *
 * Return: 0 or the exit status.
 */
int connect_refuse_options(struct cmd *cmd, size_t first, size_t last)
{
	char name[32];
	size_t i;

	for (i = 0; i <= last; i++) {
		if (!cmd->opt[i] || (i >= N_CONN && i < first))
			continue;
		snprintf(name, sizeof(name), "--%s", cmd->verb->opts[i].name);
		return usage_error(cmd, name, "is for --connect");
	}
	return 0;
}
