// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device authenticate and certificates, with --connect: a requester in
 * userland, to which a device is something that listens on a port.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "device.h"
#include "out.h"

/* The most that --timeout and --repeat take: a day. */
#define TIMEOUT_MAX	86400
#define REPEAT_MAX	1000000

static int parse_number(struct cmd *cmd, size_t opt, unsigned long low,
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
	status = parse_number(cmd, CONN_TIMEOUT, 1, TIMEOUT_MAX, &seconds);
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

/* ---- what both verbs print ---- */

static void time_text(int64_t t, char *buf, size_t size)
{
	time_t secs = t;
	struct tm tm;

	if (!gmtime_r(&secs, &tm) ||
	    !strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(buf, size, "%lld", (long long)t);
}

static void json_cert(struct json_object *item, const struct ccg_auth_cert *cert)
{
	char text[32];

	out_json_str(item, "subject", cert->subject);
	out_json_str(item, "issuer", cert->issuer);
	time_text(cert->not_before, text, sizeof(text));
	out_json_str(item, "not_before", text);
	time_text(cert->not_after, text, sizeof(text));
	out_json_str(item, "not_after", text);
	out_json_bool(item, "ca", cert->ca);
	out_json_str(item, "device_name", cert->san);
	out_json_int(item, "size", cert->len);
}

static void json_chain(struct json_object *item, const struct ccg_auth_chain *chain)
{
	struct json_object *certs;
	size_t i;

	out_json_int(item, "slot", chain->slot);
	out_json_int(item, "size", chain->len);
	certs = out_json_array(item, "certificates");
	for (i = 0; i < chain->n; i++)
		json_cert(out_json_item(certs), &chain->certs[i]);
	out_json_str(item, "error", chain->malformed);
}

static void json_slot(struct json_object *o, int slot)
{
	if (slot < 0)
		out_json_str(o, "slot", NULL);
	else
		out_json_int(o, "slot", slot);
}

static void json_failures(struct json_object *o,
			  const struct ccg_auth_result *r)
{
	struct json_object *array = out_json_array(o, "failures"), *item;
	size_t i;

	for (i = 0; i < r->n_failures; i++) {
		const struct ccg_auth_failure *f = &r->failures[i];

		item = out_json_item(array);
		out_json_str(item, "stage", f->stage);
		json_slot(item, f->slot);
		out_json_str(item, "errno", strerrorname_np(-f->err));
		out_json_str(item, "text", f->text);
	}
}

static void json_negotiated(struct json_object *o,
			    const struct ccg_auth_result *r)
{
	char flags[16];

	out_json_str(o, "version", r->version);
	out_json_str(o, "asym", r->asym);
	out_json_str(o, "hash", r->hash);
	snprintf(flags, sizeof(flags), "0x%08x", r->flags);
	out_json_str(o, "capabilities", r->version ? flags : NULL);
}

static void json_chains(struct json_object *o, const struct ccg_auth_result *r)
{
	struct json_object *array = out_json_array(o, "slots");
	size_t i;

	for (i = 0; i < r->n_chains; i++)
		json_chain(out_json_item(array), &r->chains[i]);
}

/* Texts of the library are printable already, see ccguest.h. */
static void text_line(const char *what, const char *text)
{
	printf("  %-12s%s\n", what, text);
}

static void text_negotiated(const struct ccg_auth_result *r)
{
	if (r->version)
		printf("  %-12sSPDM %s, %s, %s\n", "protocol", r->version,
		       r->asym, r->hash);
}

/* What failed, one line each; under -q only if all did. */
static void print_failures(const struct cmd *cmd,
			   const struct ccg_auth_result *r)
{
	size_t i;

	if (r->authenticated && out_quiet())
		return;
	for (i = 0; i < r->n_failures; i++)
		out_sentence(cmd->opt[CONN_CONNECT], r->failures[i].text);
}

/* ---- authenticate ---- */

/* The leaf of the slot that was authenticated, else of the first there is. */
static const struct ccg_auth_cert *leaf_of(const struct ccg_auth_result *r)
{
	size_t i;

	for (i = 0; i < r->n_chains; i++) {
		const struct ccg_auth_chain *chain = &r->chains[i];

		if (chain->n && (r->slot < 0 || chain->slot == (unsigned int)r->slot))
			return &chain->certs[chain->n - 1];
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

static void authenticate_json(const struct cmd *cmd,
			      const struct ccg_auth_result *r,
			      struct json_object *runs)
{
	const struct ccg_auth_cert *leaf = leaf_of(r);
	struct json_object *o = out_json(cmd);

	out_json_str(o, "connect", cmd->opt[CONN_CONNECT]);
	out_json_bool(o, "authenticated", r->authenticated);
	json_slot(o, r->slot);
	json_negotiated(o, r);
	out_json_str(o, "subject", leaf ? leaf->subject : NULL);
	out_json_str(o, "anchor", r->anchor);
	out_json_str(o, "device_name", leaf ? leaf->san : NULL);
	out_json_str(o, "expected_name", cmd->opt[AUTH_SAN]);
	out_json_str(o, "expired", r->expired);
	json_failures(o, r);
	json_chains(o, r);
	out_json_add(o, "runs", json_object_get(runs));
	out_json_print(cmd, o);
}

static void authenticate_text(const struct cmd *cmd,
			      const struct ccg_auth_result *r)
{
	const struct ccg_auth_cert *leaf = leaf_of(r);
	char *address;

	if (out_quiet())
		return;
	address = out_escaped(cmd->opt[CONN_CONNECT]);
	printf("%s: ", address);
	free(address);
	out_colored(r->authenticated ? OUT_GOOD : OUT_BAD,
		    r->authenticated ? "authenticated" : "not authenticated");
	printf("\n");
	text_negotiated(r);
	if (r->slot >= 0)
		printf("  %-12s%d\n", "slot", r->slot);
	if (leaf) {
		text_line("subject", leaf->subject);
		printf("  %-12s%s%s\n", "name", leaf->san ? leaf->san : "none",
		       cmd->opt[AUTH_SAN] && r->authenticated ?
		       "" : " (not checked)");
	}
	if (r->anchor)
		text_line("trusted", r->anchor);
	if (r->expired)
		text_line("warning", r->expired);
	if (cmd->verbose)
		printf("  %-12s%u exchanges, %llu bytes sent, %llu received, %llu us\n",
		       "took", r->messages, (unsigned long long)r->sent,
		       (unsigned long long)r->received,
		       (unsigned long long)r->us);
}

/* What to do about it, where that is known. */
static const char *hint_for(const struct cmd *cmd,
			    const struct ccg_auth_result *r)
{
	size_t i;

	for (i = 0; i < r->n_failures; i++) {
		switch (r->failures[i].err) {
		case -ENOKEY:
			return "give the certificate of that issuer with --ca, if you trust it";
		case -EPERM:
			return "a certificate of --ca has that name, but may not sign this one";
		case -ENOPKG:
			return "SHA-1, and RSA keys below 2048 bits, are too weak";
		case -EKEYEXPIRED:
			return "--validity=warn lets it pass";
		case -ETIMEDOUT:
			return "--timeout is for slow devices";
		}
	}
	return cmd->verbose ? NULL : "-v shows each message";
}

static void print_verdict(const struct cmd *cmd,
			  const struct ccg_auth_result *r)
{
	print_failures(cmd, r);
	if (!r->authenticated && !r->n_failures)
		out_sentence(cmd->opt[CONN_CONNECT], ccg_error(cmd->ctx)->why);
	if (!r->authenticated && hint_for(cmd, r))
		fprintf(stderr, "ccguest: hint: %s\n", hint_for(cmd, r));
}

static int authenticate(struct cmd *cmd, struct ccg_auth *a,
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
		authenticate_json(cmd, r, runs);
	/* Where nobody spoke SPDM, there is nothing to show. */
	else if (r->authenticated || r->version)
		authenticate_text(cmd, r);
	print_verdict(cmd, r);
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

/**
 * device_authenticate_connect - authenticate what listens on a port
 * @cmd: the command
 *
 * Return: the exit status.
 */
int device_authenticate_connect(struct cmd *cmd)
{
	struct ccg_trust *trust = NULL;
	struct ccg_auth_options o;
	struct ccg_auth *a = NULL;
	unsigned long repeat = 1;
	int status;

	status = parse_options(cmd, &o);
	if (!status)
		status = parse_validity(cmd, &o.validity);
	if (!status)
		status = parse_number(cmd, AUTH_REPEAT, 1, REPEAT_MAX, &repeat);
	if (status)
		return status;
	if (!cmd->opt[AUTH_CA])
		return usage_error(cmd, cmd->verb->name,
				   "needs --ca=FILE: whom to trust");
	if (cmd->opt[AUTH_SAN] && !*cmd->opt[AUTH_SAN])
		return usage_error(cmd, "--san", "needs a name");
	o.san = cmd->opt[AUTH_SAN];

	if (ccg_trust_new(cmd->ctx, &trust))
		return fail(cmd);
	status = load_trust(cmd, trust);
	if (!status) {
		if (ccg_auth_open(cmd->ctx, cmd->opt[CONN_CONNECT], trust, &o,
				  &a))
			status = fail(cmd);
		else
			status = authenticate(cmd, a, repeat);
	}
	ccg_auth_close(a);
	ccg_trust_free(trust);
	return status;
}

/* ---- certificates ---- */

static void certificates_json(const struct cmd *cmd,
			      const struct ccg_auth_result *r)
{
	struct json_object *o = out_json(cmd);

	out_json_str(o, "connect", cmd->opt[CONN_CONNECT]);
	json_negotiated(o, r);
	json_failures(o, r);
	json_chains(o, r);
	out_json_print(cmd, o);
}

static void certificates_text(const struct ccg_auth_chain *chain)
{
	char from[32], to[32];
	size_t i;

	printf("slot %u: %zu certificate%s, %zu bytes\n", chain->slot,
	       chain->n, chain->n == 1 ? "" : "s", chain->len);
	for (i = 0; i < chain->n; i++) {
		const struct ccg_auth_cert *c = &chain->certs[i];

		time_text(c->not_before, from, sizeof(from));
		time_text(c->not_after, to, sizeof(to));
		printf("  %-4zu%-9s%s%s\n", i, "subject", c->subject,
		       c->ca ? " (CA)" : "");
		printf("      %-9s%s\n", "issuer", c->issuer);
		printf("      %-9s%s to %s\n", "valid", from, to);
		if (c->san)
			printf("      %-9s%s\n", "name", c->san);
	}
	if (chain->malformed)
		printf("  %-4zu%s\n", i, chain->malformed);
}

static int certificates_pem(const struct cmd *cmd,
			    const struct ccg_auth_chain *chain)
{
	char *pem;
	size_t i;

	for (i = 0; i < chain->n; i++) {
		if (ccg_auth_cert_pem(cmd->ctx, &chain->certs[i], &pem))
			return fail(cmd);
		printf("# slot %u, %s\n%s", chain->slot,
		       chain->certs[i].subject, pem);
		free(pem);
	}
	return 0;
}

static int certificates_der(const struct ccg_auth_chain *chain)
{
	int rc = out_bytes(chain->der, chain->len);

	if (!rc)
		return 0;
	out_error("standard output", strerror(-rc), NULL);
	return CCG_FAILED;
}

static int print_chains(struct cmd *cmd, const struct ccg_auth_result *r)
{
	int status = 0;
	size_t i;

	if (cmd->opt[CERTS_DER])
		return certificates_der(&r->chains[0]);
	if (cmd->json) {
		certificates_json(cmd, r);
		return 0;
	}
	for (i = 0; i < r->n_chains && !status; i++) {
		if (cmd->opt[CERTS_PEM])
			status = certificates_pem(cmd, &r->chains[i]);
		else
			certificates_text(&r->chains[i]);
	}
	return status;
}

/*
 * Nothing is trusted here, so no chain verifies, and that is no failure. What
 * came before is: without it the result would not be what the device has.
 */
static void drop_untrusted(struct ccg_auth_result *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->n_failures; i++)
		if (strcmp(r->failures[i].stage, "chain"))
			r->failures[n++] = r->failures[i];
	r->n_failures = n;
}

/* Leaves only the chain of one slot in the result. */
static int pick_slot(struct ccg_auth_result *r, unsigned long slot)
{
	char text[32];
	size_t i;

	for (i = 0; i < r->n_chains; i++) {
		if (r->chains[i].slot != slot)
			continue;
		r->chains[0] = r->chains[i];
		r->n_chains = 1;
		return 0;
	}
	snprintf(text, sizeof(text), "slot %lu", slot);
	out_error(text, "no certificate chain was read from it", NULL);
	return CCG_NOT_FOUND;
}

static int certificates(struct cmd *cmd, struct ccg_auth *a, unsigned long slot)
{
	struct ccg_auth_result r;
	int status = 0;

	if (ccg_auth_run(a))
		status = ccg_error(cmd->ctx)->kind;
	r = *ccg_auth_result(a);
	drop_untrusted(&r);
	if (!r.n_failures && r.n_chains)
		status = 0;
	print_failures(cmd, &r);
	if (status && !r.n_failures)
		out_sentence(cmd->opt[CONN_CONNECT], ccg_error(cmd->ctx)->why);
	if (!r.n_chains)
		return status;
	if (cmd->opt[CERTS_SLOT] && pick_slot(&r, slot))
		return status ? status : CCG_NOT_FOUND;
	if (cmd->opt[CERTS_DER] && r.n_chains > 1)
		return usage_error(cmd, "--der",
				   "there are several chains, choose one with --slot");
	return print_chains(cmd, &r) ?: status;
}

static int check_formats(struct cmd *cmd)
{
	if (!!cmd->json + !!cmd->opt[CERTS_PEM] + !!cmd->opt[CERTS_DER] > 1)
		return usage_error(cmd, cmd->verb->name,
				   "--json, --pem and --der do not go together");
	if (cmd->opt[CERTS_DER] && !cmd->opt[CERTS_FORCE] &&
	    isatty(STDOUT_FILENO)) {
		out_error("standard output",
			  "is a terminal, certificates in DER could do anything to it",
			  "use --pem, a pipe, or --force");
		return CCG_USAGE;
	}
	return 0;
}

/**
 * device_certificates_connect - show the chains of what listens on a port
 * @cmd: the command
 *
 * Return: the exit status.
 */
int device_certificates_connect(struct cmd *cmd)
{
	struct ccg_trust *nothing = NULL;
	struct ccg_auth_options o;
	struct ccg_auth *a = NULL;
	unsigned long slot = 0;
	int status;

	status = parse_options(cmd, &o);
	if (!status)
		status = parse_number(cmd, CERTS_SLOT, 0, CCG_AUTH_SLOTS - 1, &slot);
	if (!status)
		status = check_formats(cmd);
	if (status)
		return status;

	if (ccg_trust_new(cmd->ctx, &nothing) ||
	    ccg_auth_open(cmd->ctx, cmd->opt[CONN_CONNECT], nothing, &o, &a))
		status = fail(cmd);
	else
		status = certificates(cmd, a, slot);
	ccg_auth_close(a);
	ccg_trust_free(nothing);
	return status;
}
