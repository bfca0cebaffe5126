// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device measurements
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/auth.h>
#include <ccguest/ctx.h>
#include <ccguest/measure.h>
#include <ccguest/text.h>

#include "cmd_device_connect.h"
#include "out_table.h"

enum {
	MEAS_NONCE = N_TRUST, MEAS_INDEX, MEAS_COUNT, MEAS_RAW, MEAS_UNSIGNED,
};

static const struct opt measurements_opts[] = {
	DEVICE_CONNECT_OPTS,
	DEVICE_TRUST_OPTS,
	[MEAS_NONCE] = {
		"nonce", 0, "HEX", "nonce of the request, 32 bytes; default random"
	},
	[MEAS_INDEX] = { "index", 0, "N", "only measurement N, 1 to 254" },
	[MEAS_COUNT] = { "count", 0, NULL, "only the number of measurements" },
	[MEAS_RAW] = {
		"raw", 0, NULL, "measured data instead of digests, where there is any"
	},
	[MEAS_UNSIGNED] = {
		"unsigned", 0, NULL, "without a signature: this proves nothing"
	},
};

void device_json_bytes(struct json_object *o, const char *key,
		       const uint8_t *p, size_t len)
{
	char *text = out_alloc(NULL, 2 * len + 1);

	ccg_hex(p, len, text);
	out_json_str(o, key, text);
	free(text);
}

static void json_change(struct json_object *o, enum ccg_change change)
{
	if (change == CCG_CHANGE_UNKNOWN)
		out_json_str(o, "changed", NULL);
	else
		out_json_bool(o, "changed", change == CCG_CHANGE_YES);
}

void device_json_measurements(struct json_object *o,
			      const struct ccg_measurements *m)
{
	struct json_object *array, *item;

	out_json_str(o, "measurement_hash", m->hash);
	json_change(o, m->change);
	array = out_json_array(o, "measurements");
	for (size_t i = 0; i < m->n; i++) {
		const struct ccg_measurement *x = &m->items[i];

		item = out_json_item(array);
		out_json_int(item, "index", x->index);
		out_json_int(item, "type", x->type);
		out_json_str(item, "type_name", x->name);
		out_json_bool(item, "raw", x->raw);
		device_json_bytes(item, "value", x->value, x->size);
	}
}

/* @m: NULL if there are none */
static void print_json(const struct cmd *cmd, const struct ccg_auth_result *r,
		       const struct ccg_measurements *m)
{
	static const struct ccg_measurements none = { .indices = -1 };
	struct json_object *o = connect_json(cmd, r);

	connect_json_result(cmd, o, r);
	out_json_bool(o, "signed", m && m->is_signed);
	if (m && m->is_signed)
		device_json_bytes(o, "nonce", m->nonce, sizeof(m->nonce));
	else
		out_json_str(o, "nonce", NULL);
	if (m) {
		device_json_bytes(o, "responder_nonce", m->device_nonce,
				  sizeof(m->device_nonce));
		device_json_bytes(o, "opaque", m->opaque, m->opaque_len);
	} else {
		out_json_str(o, "responder_nonce", NULL);
		out_json_str(o, "opaque", NULL);
		m = &none;
	}
	if (m->indices < 0)
		out_json_str(o, "count", NULL);
	else
		out_json_int(o, "count", m->indices);
	device_json_measurements(o, m);
	out_json_print(cmd, o);
}

static bool is_text(const struct ccg_measurement *x)
{
	for (size_t i = 0; i < x->size; i++)
		if (!isascii(x->value[i]) || !isprint(x->value[i]))
			return false;
	return x->raw && x->size;
}

/* A raw value of printable characters is shown as text too. */
static char *value_text(const struct ccg_measurements *m,
			const struct ccg_measurement *x)
{
	size_t size = 3 * x->size + 64;
	char *text = out_alloc(NULL, size);
	int n = 0;

	if (!x->raw)
		n = snprintf(text, size, "%s:", m->hash ? m->hash : "digest");
	ccg_hex(x->value, x->size, text + n);
	n += 2 * x->size;
	if (is_text(x))
		snprintf(text + n, size - n, " \"%.*s\"", (int)x->size,
			 (const char *)x->value);
	return text;
}

void device_print_measurements(const struct ccg_measurements *m)
{
	static const char *const heads[] = { "INDEX", "TYPE", "VALUE" };
	struct out_table t;
	char text[16];

	if (!m->n)
		return;
	out_table_init(&t, heads, ARRAY_SIZE(heads), 1);
	for (size_t i = 0; i < m->n; i++) {
		const struct ccg_measurement *x = &m->items[i];
		char *value = value_text(m, x);

		snprintf(text, sizeof(text), "%u", x->index);
		out_cell(&t, 0, OUT_PLAIN, text);
		snprintf(text, sizeof(text), "type %u", x->type);
		out_cell(&t, 1, OUT_PLAIN, x->name ? x->name : text);
		out_cell(&t, 2, OUT_PLAIN, x->size ? value : NULL);
		free(value);
	}
	out_table_print(&t);
}

static void print_text(const struct cmd *cmd, const struct ccg_auth_result *r,
		       const struct ccg_measurements *m)
{
	char hex[2 * CCG_NONCE_LEN + 1];

	if (m->is_signed) {
		device_print_verdict(cmd->opt[CONN_CONNECT], true);
		printf("\n");
	} else {
		out_text(cmd->opt[CONN_CONNECT]);
		printf(": ");
		out_colored(OUT_WARN, "not signed: nothing is proved");
		printf("\n");
	}
	connect_text(r);
	if (m->is_signed) {
		ccg_hex(m->nonce, sizeof(m->nonce), hex);
		out_result("  %-12s%s", "nonce", hex);
	}
	if (m->change == CCG_CHANGE_YES)
		out_result("  %-12s%s", "warning",
			   "measurements changed while they were read");
	if (m->indices >= 0)
		out_result("  %-12s%d measurements", "count", m->indices);
	device_print_measurements(m);
}

static int run_measure(struct cmd *cmd, struct ccg_auth *a,
		       const struct ccg_measure *what)
{
	const struct ccg_auth_result *r = ccg_auth_result(a);
	const struct ccg_measurements *m = NULL;
	int status = 0;

	if (ccg_auth_measure(a, what, &m))
		status = ccg_error(cmd->ctx)->kind;
	if (cmd->json)
		print_json(cmd, r, m);
	else if (m && !out_quiet())
		print_text(cmd, r, m);
	connect_verdict(cmd, r, status);
	return status;
}

int device_nonce(struct cmd *cmd, const char *text, uint8_t *nonce)
{
	size_t len = 0;

	if (!ccg_unhex(text, nonce, CCG_NONCE_LEN, &len) && len == CCG_NONCE_LEN)
		return 0;
	return usage_error(cmd, text,
			   "--nonce is 64 hexadecimal digits, 32 bytes");
}

static int parse_nonce(struct cmd *cmd, uint8_t *nonce, struct ccg_measure *what)
{
	const char *text = cmd->opt[MEAS_NONCE];
	int status;

	if (!text)
		return 0;
	if (!what->sign)
		return usage_error(cmd, "--nonce", "cannot be used with --unsigned");
	status = device_nonce(cmd, text, nonce);
	what->nonce = nonce;
	return status;
}

static int parse_what(struct cmd *cmd, uint8_t *nonce, struct ccg_measure *what)
{
	uint64_t index = CCG_MEASURE_ALL;
	int status;

	if (cmd->opt[MEAS_COUNT] && cmd->opt[MEAS_INDEX])
		return usage_error(cmd, "--count", "cannot be used with --index");
	status = option_number(cmd, MEAS_INDEX, 1, CCG_MEASURE_ALL - 1, &index);
	if (status)
		return status;
	what->operation = cmd->opt[MEAS_COUNT] ? CCG_MEASURE_COUNT : index;
	what->raw = cmd->opt[MEAS_RAW];
	what->sign = !cmd->opt[MEAS_UNSIGNED];
	return parse_nonce(cmd, nonce, what);
}

/* Options about trust make no sense if nothing is signed. */
static int refuse_trust(struct cmd *cmd)
{
	static const char *const names[] = { "--ca", "--san", "--validity" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (cmd->opt[AUTH_CA + i])
			return usage_error(cmd, names[i],
					   "cannot be used with --unsigned");
	return 0;
}

/* Values are printed only if their signer is trusted. */
static int need_trust(struct cmd *cmd, struct connection *conn)
{
	if (!cmd->opt[AUTH_CA])
		return usage_error(cmd, "measurements",
				   "needs --ca=FILE, the trusted certificates");
	return connect_trust(cmd, conn);
}

static int measure_connected(struct cmd *cmd)
{
	uint8_t nonce[CCG_NONCE_LEN];
	struct ccg_measure what = {};
	struct connection conn;
	int status;

	status = connect_prepare(cmd, &conn);
	if (!status)
		status = parse_what(cmd, nonce, &what);
	if (!status)
		status = what.sign ? need_trust(cmd, &conn) : refuse_trust(cmd);
	if (!status)
		status = connect_open(cmd, &conn);
	if (!status)
		status = run_measure(cmd, conn.auth, &what);
	connect_close(&conn);
	return status;
}

static int run_measurements(struct cmd *cmd)
{
	int status;

	if (cmd->opt[CONN_CONNECT]) {
		if (cmd->argc)
			return usage_error(cmd, cmd->argv[0],
					   "cannot be used with --connect");
		return measure_connected(cmd);
	}
	status = connect_refuse_options(cmd, N_CONN, MEAS_UNSIGNED);
	if (status)
		return status;
	if (!cmd->argc)
		return usage_error(cmd, "measurements",
				   "needs --connect, where an SPDM responder listens");
	out_error(cmd->argv[0],
		  "the kernel modules do not read measurements for their own sake",
		  "signatures/ of the device in sysfs has those of devices that cannot be challenged");
	return CCG_UNSUPPORTED;
}

const struct verb device_measurements = {
	.name = "measurements",
	.args = "--connect=HOST:PORT (--ca=FILE | --unsigned)",
	.summary = "Reads the measurements of a PCI device",
	.text =
"The device signs its measurements with the key of a trusted chain.\n"
"Exit status: 0 the signature was verified, or --unsigned was given and the\n"
"measurements were read; 5 the device is not authenticated or its answer is wrong,\n"
"1 the communication with the device failed, 4 without --connect.\n",
	.opts = measurements_opts,
	.n_opts = ARRAY_SIZE(measurements_opts),
	.max_args = 1,
	.run = run_measurements,
};
