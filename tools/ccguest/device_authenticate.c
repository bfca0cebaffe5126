// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device authenticate: by the kernel, or by a requester in userland
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/auth.h>
#include <ccguest/cert.h>
#include <ccguest/ctx.h>
#include <ccguest/device.h>
#include <ccguest/keyring.h>
#include <ccguest/module.h>

#include "device.h"

#define REPEAT_MAX	1000000

const struct opt device_authenticate_opts[N_AUTH] = {
	[AUTH_ALL] = {
		"all", 'a', NULL, "all devices that can be authenticated"
	},
	DEVICE_CONNECT_OPTS,
	[AUTH_CA] = {
		"ca", 0, "FILE", "trust the certificates in FILE, DER or PEM; again for more"
	},
	[AUTH_SAN] = {
		"san", 0, "NAME", "the name that the device must have"
	},
	[AUTH_VALIDITY] = {
		"validity", 0, "WHAT", "of certificates: off, warn (default) or enforce"
	},
	[AUTH_REPEAT] = {
		"repeat", 0, "N", "authenticate N times, over one connection"
	},
};

/* The line of a device, whose end is left to the caller. */
static void print_verdict(const char *what, bool authenticated)
{
	char *safe = out_escaped(what);

	printf("%s: ", safe);
	free(safe);
	out_colored(authenticated ? OUT_GOOD : OUT_BAD,
		    authenticated ? "authenticated" : "not authenticated");
}

/* ---- by the kernel ---- */

/* Those without the attribute are not asked for by --all. */
static void keep_cma(struct ccg_devices *d)
{
	size_t i, n = 0;
	struct ccg_device plain;

	for (i = 0; i < d->n; i++) {
		if (!d->devices[i].cma)
			continue;
		plain = d->devices[n];
		d->devices[n++] = d->devices[i];
		d->devices[i] = plain;
	}
	d->n = n;
}

/* For a device without the attribute, or for all; @bdf: NULL for all */
static void hint_unsupported(struct cmd *cmd, const char *bdf, char *hint,
			     size_t size)
{
	struct ccg_advice a;

	ccg_module_advice(cmd->ctx, "pci_cma", &a);
	if (a.obstacle)
		snprintf(hint, size, "%s", a.hint);
	else
		snprintf(hint, size,
			 "module pci_cma found no mailbox for CMA: ccguest device %s%s shows the mailboxes",
			 bdf ? "show " : "list", bdf ? bdf : "");
}

/* Where something is trusted already, it was not the right thing. */
static void hint_untrusted(struct cmd *cmd, const char *bdf, char *hint,
			   size_t size)
{
	bool empty = true;

	if (ccg_cma_keyring(cmd->ctx, &empty) <= 0 || empty)
		snprintf(hint, size,
			 "ccguest keyring add FILE adds the certificate of its maker's CA");
	else
		snprintf(hint, size,
			 "no certificate in .cma fits: ccguest device certificates %s shows its chain, ccguest keyring list the others",
			 bdf);
}

static void hint_for(struct cmd *cmd, const char *bdf, int rc, char *hint,
		     size_t size)
{
	hint[0] = '\0';
	switch (rc) {
	case -ENOENT:
		hint_unsupported(cmd, bdf, hint, size);
		break;
	case -ENOKEY:
		hint_untrusted(cmd, bdf, hint, size);
		break;
	case -EACCES:
	case -EPERM:
		snprintf(hint, size, "%s", geteuid() ? "run as root" :
			 CCG_SPDM_MESSAGES);
		break;
	case -ENOTTY:
		snprintf(hint, size, "dmesg | grep SPDM");
		break;
	default:
		snprintf(hint, size, "%s", CCG_SPDM_MESSAGES);
	}
}

/* The kernel's own sentence, where it has one for this failure. */
static const char *reason_for(int rc, const struct ccg_evidence *e)
{
	size_t i;

	if (rc == -ENOENT)
		return "cannot be authenticated";
	if (rc == -ENOTTY)
		return "whether it can be authenticated could not be determined";
	for (i = 0; i < e->n_failures; i++)
		if (e->failures[i].code == rc)
			return e->failures[i].text;
	return strerror(-rc);
}

static void verdict_text(const struct cmd *cmd, const struct ccg_device *dev,
			 int rc, const struct ccg_evidence *e)
{
	if (!out_quiet()) {
		print_verdict(dev->bdf, !rc);
		if (!rc && e->slot >= 0)
			printf(" (slot %d)", e->slot);
		printf("\n");
	}
	if (cmd->verbose && e->n_failures)
		device_print_failures(e);
}

static void verdict_json(struct json_object *array,
			 const struct ccg_device *dev, int rc,
			 const struct ccg_evidence *e)
{
	struct json_object *item = out_json_item(array);

	out_json_str(item, "bdf", dev->bdf);
	out_json_bool(item, "authenticated", !rc);
	out_json_str(item, "errno", rc ? strerrorname_np(-rc) : NULL);
	out_json_str(item, "why", rc ? reason_for(rc, e) : NULL);
	out_json_str(item, "state", device_states[dev->state]);
	out_json_str(item, "version", e->version);
	device_json_slot(item, e->slot);
	device_json_failures(item, e);
}

/*
 * A device that could not be talked to must not hide one that failed, nor one
 * that is not there either of them.
 */
static int worse(int a, int b)
{
	static const int order[] = {
		CCG_UNVERIFIED, CCG_FAILED, CCG_UNSUPPORTED,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return 0;
}

/* @last: of the device before, whose hint need not be given again. */
static int verdict(struct cmd *cmd, const struct ccg_device *dev, int rc,
		   int last, struct json_object *array)
{
	struct ccg_evidence *e = NULL;
	char hint[512] = "";

	if (ccg_device_evidence(cmd->ctx, dev, &e))
		return fail(cmd);
	if (array)
		verdict_json(array, dev, rc, e);
	else
		verdict_text(cmd, dev, rc, e);
	if (rc && rc != last)
		hint_for(cmd, dev->bdf, rc, hint, sizeof(hint));
	if (rc)
		out_error(dev->bdf, reason_for(rc, e), hint);
	ccg_evidence_free(e);
	return rc ? (int)ccg_authenticate_class(rc) : 0;
}

static int authenticate(struct cmd *cmd, struct ccg_devices *d)
{
	struct json_object *o = NULL, *array = NULL;
	int *results, status = 0;
	size_t i;

	results = out_alloc(NULL, d->n * sizeof(*results));
	if (ccg_devices_authenticate(d, results)) {
		free(results);
		return fail(cmd);
	}
	if (cmd->json) {
		o = out_json(cmd);
		array = out_json_array(o, "devices");
	}
	for (i = 0; i < d->n; i++)
		status = worse(status, verdict(cmd, &d->devices[i], results[i],
					       i ? results[i - 1] : 0, array));
	if (cmd->json)
		out_json_print(cmd, o);
	free(results);
	return status;
}

static int authenticate_devices(struct cmd *cmd, const char *bdf)
{
	struct ccg_devices *d = NULL;
	char hint[512];
	int status;
	size_t n;

	if (ccg_devices_get(cmd->ctx, bdf, &d))
		return fail(cmd);
	n = d->n;
	if (!bdf)
		keep_cma(d);
	if (d->n) {
		status = authenticate(cmd, d);
	} else {
		hint_unsupported(cmd, NULL, hint, sizeof(hint));
		out_error("--all", "no PCI device can be authenticated", hint);
		status = CCG_NOT_FOUND;
	}
	d->n = n;
	ccg_devices_free(d);
	return status;
}

/* ---- by a requester here ---- */

/* The leaf of the slot that was authenticated, else of the first there is. */
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

static void connected_json(const struct cmd *cmd,
			   const struct ccg_auth_result *r,
			   struct json_object *runs)
{
	const struct ccg_cert *leaf = leaf_of(&r->evidence);
	struct json_object *o = connect_json(cmd, r);

	out_json_bool(o, "authenticated", r->authenticated);
	device_json_slot(o, r->evidence.slot);
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
	print_verdict(cmd->opt[CONN_CONNECT], r->authenticated);
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

/* What to do about it, where that is known. */
static const char *connected_hint(const struct cmd *cmd,
				  const struct ccg_evidence *e)
{
	static const char none_fits[] =
		"no --ca fits: ccguest device certificates --connect shows the chain";
	size_t i;

	for (i = 0; i < e->n_failures; i++) {
		switch (e->failures[i].code) {
		case -ENOKEY:
			if (cmd->opt[AUTH_CA])
				return none_fits;
			return "give the certificate of that issuer with --ca, if you trust it";
		case -EPERM:
			return "a certificate of --ca has that name, but may not sign this one";
		case -ENOPKG:
			return "SHA-1, and RSA keys below 2048 bits, are too weak";
		case -EKEYEXPIRED:
			return "--validity=warn lets it pass";
		case -ETIMEDOUT:
			if (cmd->opt[CONN_TIMEOUT])
				break;
			return "--timeout is for slow devices";
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
			 unsigned long repeat)
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
	/* Where nobody spoke SPDM, there is nothing to show. */
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
			   unsigned long *repeat)
{
	int status;

	status = connect_prepare(cmd, conn);
	if (!status)
		status = parse_validity(cmd, &conn->options.validity);
	if (!status)
		status = connect_parse_number(cmd, AUTH_REPEAT, 1, REPEAT_MAX,
					      repeat);
	if (status)
		return status;
	if (!cmd->opt[AUTH_CA])
		return usage_error(cmd, cmd->verb->name,
				   "needs --ca=FILE: whom to trust");
	if (cmd->opt[AUTH_SAN] && !*cmd->opt[AUTH_SAN])
		return usage_error(cmd, "--san", "needs a name");
	conn->options.san = cmd->opt[AUTH_SAN];
	return load_trust(cmd, conn->trust);
}

static int authenticate_connected(struct cmd *cmd)
{
	unsigned long repeat = 1;
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

/**
 * device_authenticate - authenticate devices
 * @cmd: the command
 *
 * Return: the exit status.
 */
int device_authenticate(struct cmd *cmd)
{
	const char *bdf = cmd->argc ? cmd->argv[0] : NULL;
	int status;

	if (cmd->opt[CONN_CONNECT]) {
		if (bdf || cmd->opt[AUTH_ALL])
			return usage_error(cmd, bdf ? bdf : "--all",
					   "not together with --connect");
		return authenticate_connected(cmd);
	}
	status = connect_refuse_options(cmd, AUTH_CA, AUTH_REPEAT);
	if (status)
		return status;
	if (!bdf && !cmd->opt[AUTH_ALL])
		return usage_error(cmd, "authenticate",
				   "needs the address of a device, --all or --connect");
	if (bdf && cmd->opt[AUTH_ALL])
		return usage_error(cmd, bdf, "not together with --all");
	return authenticate_devices(cmd, bdf);
}
