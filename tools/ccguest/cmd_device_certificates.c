// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device certificates: from the kernel, or from a device
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/auth.h>
#include <ccguest/cert.h>
#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "cmd_device_connect.h"
#include "out_table.h"

enum {
	CERTS_SLOT = N_CONN, CERTS_PEM, CERTS_DER, CERTS_FORCE,
};

static const struct opt certificates_opts[] = {
	DEVICE_CONNECT_OPTS,
	[CERTS_SLOT] = { "slot", 0, "N", "print only slot N, 0 to 7" },
	[CERTS_PEM] = { "pem", 0, NULL, "print the certificates in PEM" },
	[CERTS_DER] = {
		"der", 0, NULL, "write certificates of one slot unchanged, in DER"
	},
	[CERTS_FORCE] = {
		"force", 0, NULL, "write --der to a terminal too"
	},
};

static int print_pem(struct cmd *cmd, size_t slot, const struct ccg_cert *cert)
{
	char *pem, *subject;

	if (ccg_cert_pem(cmd->ctx, cert, &pem))
		return fail(cmd);
	subject = out_printable(cert->subject);
	printf("# slot %zu: %s\n%s", slot, subject, pem);
	free(subject);
	free(pem);
	return 0;
}

static void print_number(struct out_table *t, const char *what, int64_t value)
{
	if (value >= 0)
		out_row(t, what, OUT_PLAIN, "%lld", (long long)value);
}

static void print_text(struct out_table *t, const char *what, const char *text)
{
	if (text)
		out_row(t, what, OUT_PLAIN, "%s", *text ? text : "none");
}

/* DiceTcbInfo, TCG DICE Attestation Architecture 1.1, 6.1.1. */
static void print_tcb(struct out_table *t, const struct ccg_tcb *tcb)
{
	out_row(t, "  firmware", OUT_PLAIN, "%s", tcb->vendor ? tcb->vendor :
		"of an unnamed vendor");
	print_text(t, "    model", tcb->model);
	print_text(t, "    version", tcb->version);
	print_number(t, "    svn", tcb->svn);
	print_number(t, "    layer", tcb->layer);
	print_number(t, "    index", tcb->index);
	for (size_t i = 0; i < tcb->n_fwids; i++)
		out_row(t, "    digest", OUT_PLAIN, "%s:%s",
			tcb->fwids[i].algorithm, tcb->fwids[i].digest);
	print_text(t, "    flags", tcb->flags);
	print_text(t, "    of flags", tcb->flags_mask);
	print_text(t, "    vendor info", tcb->vendor_info);
	print_text(t, "    type", tcb->type);
}

static void print_cert(size_t slot, size_t i, const struct ccg_cert *cert)
{
	bool in_time = cert->time == CCG_CERT_IN_TIME;
	struct out_table t;
	char head[64];

	snprintf(head, sizeof(head), "slot %zu, certificate %zu", slot, i);
	out_colored(OUT_BOLD, head);
	printf("\n");
	out_table_init(&t, NULL, 2, 0);
	out_row(&t, "  subject", OUT_PLAIN, "%s", cert->subject);
	out_row(&t, "  issuer", OUT_PLAIN, "%s", cert->issuer);
	out_row(&t, "  valid", in_time ? OUT_PLAIN : OUT_WARN, "%s to %s%s%s",
		cert->not_before, cert->not_after, in_time ? "" : ", ",
		in_time ? "" : device_cert_times[cert->time]);
	out_row(&t, "  key", OUT_PLAIN, "%s%s", cert->key,
		cert->ca ? ", of a CA" : "");
	if (cert->device_name)
		out_row(&t, "  for", OUT_PLAIN, "%s", cert->device_name);
	print_text(&t, "  dmtf name", cert->dmtf_name);
	out_row(&t, "  sha256", OUT_PLAIN, "%s", cert->fingerprint);
	if (cert->key_sha256)
		out_row(&t, "  pin", OUT_PLAIN, "sha256:%s", cert->key_sha256);
	print_text(&t, "  device id", cert->ueid);
	for (size_t j = 0; j < cert->n_tcbs; j++)
		print_tcb(&t, &cert->tcbs[j]);
	out_table_print(&t);
}

/* check_der() ensured that there is one slot. */
static int write_der(const struct ccg_evidence *e)
{
	size_t i;

	for (i = 0; i < CCG_SLOTS; i++)
		if (e->slots[i].der)
			return out_bytes(e->slots[i].der, e->slots[i].size);
	return 0;
}

static int print_certs(struct cmd *cmd, const struct ccg_evidence *e)
{
	int status = 0;
	size_t i, j;

	for (i = 0; i < CCG_SLOTS; i++) {
		const struct ccg_slot *slot = &e->slots[i];

		for (j = 0; slot->certs && j < slot->certs->n && !status; j++) {
			if (cmd->opt[CERTS_PEM])
				status = print_pem(cmd, i,
						   &slot->certs->certs[j]);
			else
				print_cert(i, j, &slot->certs->certs[j]);
		}
	}
	return status;
}

/* Drops the slots that --slot does not name, and checks that one is left. */
static int choose_slot(struct cmd *cmd, const char *what,
		       struct ccg_evidence *e)
{
	const char *text = cmd->opt[CERTS_SLOT];
	size_t i, n = 0;
	char why[64];

	for (i = 0; i < CCG_SLOTS; i++) {
		if (text && i != (size_t)(text[0] - '0'))
			e->slots[i] = (struct ccg_slot) {};
		n += e->slots[i].der || e->slots[i].error;
	}
	if (n)
		return 0;
	snprintf(why, sizeof(why), "the %s has no certificates %s",
		 cmd->opt[CONN_CONNECT] ? "device" : "kernel",
		 text ? "in this slot" : "of this device");
	out_error(what, why, cmd->opt[CONN_CONNECT] ? NULL :
		  "ccguest device show prints the kernel's results for a device");
	return CCG_NOT_FOUND;
}

/* DER of several slots would not show where the next slot begins. */
static int check_der(struct cmd *cmd, const struct ccg_evidence *e)
{
	size_t i, n = 0;

	for (i = 0; i < CCG_SLOTS; i++)
		n += !!e->slots[i].der;
	if (!cmd->opt[CERTS_DER] || n < 2)
		return 0;
	return usage_error(cmd, "--der",
			   "there are several slots, choose one with --slot");
}

static int print_slots(struct cmd *cmd, const struct ccg_evidence *e,
		       struct json_object *o)
{
	if (cmd->opt[CERTS_DER])
		return write_der(e);
	if (!cmd->json)
		return print_certs(cmd, e);
	device_json_slots(o, e);
	out_json_print(cmd, o);
	return 0;
}

/* @e: a shallow copy of the evidence; @o: JSON without slots, or NULL */
static int show_slots(struct cmd *cmd, const char *what, struct ccg_evidence *e,
		      struct json_object *o)
{
	char why[544];
	int status;
	size_t i;

	status = choose_slot(cmd, what, e);
	if (!status)
		status = check_der(cmd, e);
	if (status)
		json_object_put(o);
	else
		status = print_slots(cmd, e, o);
	for (i = 0; i < CCG_SLOTS; i++) {
		if (!e->slots[i].error)
			continue;
		snprintf(why, sizeof(why), "slot %zu: %s", i,
			 e->slots[i].error);
		out_error(what, why, NULL);
		status = status ? status : CCG_FAILED;
	}
	return status;
}

static int show_kernels(struct cmd *cmd)
{
	struct ccg_devices *d = NULL;
	struct json_object *o = NULL;
	struct ccg_evidence *e, copy;
	int status = 0;

	e = device_evidence(cmd, &d, &status);
	if (!e)
		return status;
	if (cmd->json) {
		o = out_json(cmd);
		out_json_str(o, "bdf", d->devices[0].bdf);
	}
	copy = *e;
	status = show_slots(cmd, d->devices[0].bdf, &copy, o);
	ccg_evidence_free(e);
	ccg_devices_free(d);
	return status;
}

/*
 * This verb trusts no certificate, so no chain can be verified. This expected
 * failure is dropped. Failures of earlier stages are kept, because the
 * certificates may then be incomplete.
 */
static void drop_untrusted(struct ccg_evidence *e)
{
	size_t i, n = 0;

	for (i = 0; i < e->n_failures; i++)
		if (strcmp(e->failures[i].stage, "chain"))
			e->failures[n++] = e->failures[i];
	e->n_failures = n;
}

static bool has_slots(const struct ccg_evidence *e)
{
	size_t i;

	for (i = 0; i < CCG_SLOTS; i++)
		if (e->slots[i].der)
			return true;
	return false;
}

static int show_sent(struct cmd *cmd, struct ccg_auth *a)
{
	struct ccg_auth_result r;
	int shown, status = 0;

	if (ccg_auth_run(a))
		status = ccg_error(cmd->ctx)->kind;
	r = *ccg_auth_result(a);
	drop_untrusted(&r.evidence);
	if (status == CCG_UNVERIFIED && !r.evidence.n_failures &&
	    has_slots(&r.evidence))
		status = 0;
	connect_failures(cmd, &r.evidence, status);
	if (!has_slots(&r.evidence))
		return status;
	shown = show_slots(cmd, cmd->opt[CONN_CONNECT], &r.evidence,
			   cmd->json ? connect_json(cmd, &r) : NULL);
	return status ? status : shown;
}

static int show_connected(struct cmd *cmd)
{
	struct connection conn;
	int status;

	status = connect_prepare(cmd, &conn);
	conn.options.chains_only = true;
	if (!status)
		status = connect_open(cmd, &conn);
	if (!status)
		status = show_sent(cmd, conn.auth);
	connect_close(&conn);
	return status;
}

static int check_form(struct cmd *cmd)
{
	if (!!cmd->json + !!cmd->opt[CERTS_PEM] + !!cmd->opt[CERTS_DER] > 1)
		return usage_error(cmd, cmd->opt[CERTS_DER] ? "--der" : "--pem",
				   "give only one of --json, --pem and --der");
	if (!cmd->opt[CERTS_DER] || cmd->opt[CERTS_FORCE] ||
	    !isatty(STDOUT_FILENO))
		return 0;
	out_error("standard output",
		  "is a terminal, and the bytes of a certificate can be control characters",
		  "use a pipe, --force, or --pem");
	return CCG_USAGE;
}

static int check_slot(struct cmd *cmd)
{
	const char *text = cmd->opt[CERTS_SLOT];

	if (text && (text[0] < '0' || text[0] > '7' || text[1]))
		return usage_error(cmd, text, "--slot is a number from 0 to 7");
	return 0;
}

static int run_certificates(struct cmd *cmd)
{
	bool connected = cmd->opt[CONN_CONNECT];
	int status = 0;

	if (connected && cmd->argc)
		return usage_error(cmd, cmd->argv[0],
				   "cannot be used with --connect");
	if (!connected)
		status = connect_refuse_options(cmd, N_CONN, N_CONN - 1);
	if (!status && !connected && !cmd->argc)
		return usage_error(cmd, "certificates",
				   "needs the address of a device, or --connect");
	if (!status)
		status = check_form(cmd);
	if (!status)
		status = check_slot(cmd);
	if (status)
		return status;
	return connected ? show_connected(cmd) : show_kernels(cmd);
}

const struct verb device_certificates = {
	.name = "certificates",
	.args = "BDF | --connect=HOST:PORT",
	.summary = "Shows the certificates of a PCI device",
	.opts = certificates_opts,
	.n_opts = ARRAY_SIZE(certificates_opts),
	.max_args = 1,
	.from_is_root = true,
	.schema = 2,
	.run = run_certificates,
};
