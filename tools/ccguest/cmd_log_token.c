// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log token
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/log.h>
#include <ccguest/text.h>

#include "cmd_log.h"

enum { TOKEN_KEY, TOKEN_NONCE, TOKEN_LIFECYCLE, TOKEN_REFERENCE };

static const struct opt token_opts[] = {
	[TOKEN_KEY] = { TOKEN_KEY_OPT },
	[TOKEN_NONCE] = { TOKEN_NONCE_OPT },
	[TOKEN_LIFECYCLE] = { TOKEN_LIFECYCLE_OPT },
	[TOKEN_REFERENCE] = { TOKEN_REFERENCE_OPT },
};

/* Options and notes; log verify shares them. ------------------------------- */

int log_token_take(struct cmd *cmd, const struct token_opts *opts,
		   uint8_t *nonce, struct ccg_token_want *want)
{
	const char *hex = cmd->opt[opts->nonce];

	*want = (struct ccg_token_want) {
		.key = cmd->opt[opts->key],
		.lifecycle = cmd->opt[opts->lifecycle],
		.reference = cmd->opt[opts->reference],
	};
	/* An empty nonce is probably an unset variable of a script. */
	if (hex && (!*hex || ccg_unhex(hex, nonce, 64, &want->nonce_len)))
		return usage_error(cmd, hex,
				   "--nonce is 1 to 64 bytes, in hexadecimal");
	want->nonce = hex ? nonce : NULL;
	if (want->lifecycle && !ccg_lifecycle_known(want->lifecycle))
		return usage_error(cmd, want->lifecycle,
				   "--allow-lifecycle is unknown, assembly-and-test, rot-provisioning, non-rot-debug, recoverable-rot-debug or decommissioned");
	return 0;
}

void log_token_notes(const char *path, const struct ccg_token *t,
		     const struct ccg_token_want *want)
{
	const char *name = ccg_lifecycle_name(t->lifecycle);

	if (t->hash_differs)
		out_note("%s: the measurements do not have the length of the hash algorithm",
			 path);
	if (!want->nonce)
		out_note("no --nonce: the challenge is not compared, the token may be old");
	if (!t->has_lifecycle || !name || strcmp(name, "secured"))
		out_note("--allow-lifecycle: the platform is not secured");
}

/* Text --------------------------------------------------------------------- */

static void row(struct out_table *t, const char *name, const char *value)
{
	out_cell(t, 0, OUT_PLAIN, name);
	out_cell(t, 1, OUT_PLAIN, value);
}

static void row_text(struct out_table *t, const char *name,
		     const struct ccg_bytes *b)
{
	char *text = out_alloc(NULL, b->len + 1);

	/* A NUL would hide the rest. */
	for (size_t i = 0; i < b->len; i++)
		text[i] = b->p[i] ? b->p[i] : ' ';
	text[b->len] = '\0';
	row(t, name, b->p ? text : "-");
	free(text);
}

static void row_hex(struct out_table *t, const char *name,
		    const struct ccg_bytes *b)
{
	out_cell(t, 0, OUT_PLAIN, name);
	if (b->p)
		log_cell_hex(t, 1, b->p, b->len);
	else
		out_cell(t, 1, OUT_PLAIN, "-");
}

static void text_component(struct out_table *t, size_t nr,
			   const struct ccg_component *c)
{
	char name[32];

	snprintf(name, sizeof(name), "component %zu", nr);
	row_text(t, name, &c->type);
	row_text(t, "  version", &c->version);
	row_hex(t, "  measurement", &c->measurement);
	row_text(t, "  hash", &c->hash);
	row_hex(t, "  signer", &c->signer);
}

void log_token_text(const struct ccg_token *t, const struct ccg_token_want *want)
{
	const char *name = ccg_lifecycle_name(t->lifecycle);
	struct out_table table;
	char text[64] = "-";

	out_table_init(&table, NULL, 2, 0);
	row_text(&table, "platform profile", &t->platform_profile);
	row_hex(&table, "implementation", &t->implementation);
	row_hex(&table, "instance", &t->instance);
	if (t->has_lifecycle)
		snprintf(text, sizeof(text), "%#x, %s", t->lifecycle,
			 name ? name : "not defined");
	row(&table, "lifecycle", text);
	row_hex(&table, "configuration", &t->config);
	row_text(&table, "verification service", &t->service);
	row_text(&table, "platform hash", &t->platform_hash);
	for (size_t i = 0; i < t->n_components; i++)
		text_component(&table, i, &t->components[i]);
	row_text(&table, "realm profile", &t->realm_profile);
	row_hex(&table, "personalization value", &t->rpv);
	row_hex(&table, "challenge", &t->challenge);
	row(&table, "nonce", want->nonce ? "compared with the challenge" :
					   "not compared: no --nonce");
	out_table_print(&table);
}

/* JSON --------------------------------------------------------------------- */

static void json_text(struct json_object *o, const char *key,
		      const struct ccg_bytes *b)
{
	out_json_text(o, key, (const char *)b->p, b->len);
}

static void json_hex(struct json_object *o, const char *key,
		     const struct ccg_bytes *b)
{
	if (b->p)
		log_json_hex(o, key, b->p, b->len);
	else
		out_json_str(o, key, NULL);
}

static void json_components(struct json_object *array,
			    const struct ccg_token *t)
{
	for (size_t i = 0; i < t->n_components; i++) {
		const struct ccg_component *c = &t->components[i];
		struct json_object *item = out_json_item(array);

		json_text(item, "type", &c->type);
		json_text(item, "version", &c->version);
		json_text(item, "hash_algorithm", &c->hash);
		json_hex(item, "measurement", &c->measurement);
		json_hex(item, "signer", &c->signer);
	}
}

void log_token_json(struct json_object *o, const struct ccg_token *t,
		    const struct ccg_token_want *want)
{
	json_text(o, "platform_profile", &t->platform_profile);
	json_hex(o, "implementation_id", &t->implementation);
	json_hex(o, "instance_id", &t->instance);
	if (t->has_lifecycle)
		out_json_hex(o, "lifecycle", t->lifecycle);
	else
		out_json_str(o, "lifecycle", NULL);
	out_json_str(o, "lifecycle_name", t->has_lifecycle ?
		     ccg_lifecycle_name(t->lifecycle) : NULL);
	json_hex(o, "config", &t->config);
	json_text(o, "verification_service", &t->service);
	json_text(o, "hash_algorithm", &t->platform_hash);
	json_components(out_json_array(o, "components"), t);
	json_text(o, "realm_profile", &t->realm_profile);
	json_hex(o, "personalization_value", &t->rpv);
	json_hex(o, "challenge", &t->challenge);
	out_json_bool(o, "nonce_compared", want->nonce);
}

/* The verb ----------------------------------------------------------------- */

void log_token_registers_text(const struct ccg_token *t)
{
	static const char *const names[] = {
		"RIM", "REM0", "REM1", "REM2", "REM3",
	};
	struct out_table table;

	out_table_init(&table, NULL, 2, 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		out_cell(&table, 0, OUT_PLAIN, names[i]);
		log_cell_hex(&table, 1, t->regs[i], t->len);
	}
	out_table_print(&table);
}

void log_token_registers_json(struct json_object *array, const struct ccg_token *t)
{
	static const char *const names[] = {
		"RIM", "REM0", "REM1", "REM2", "REM3",
	};
	static const char *const algs[] = {
		[2] = "sha256", [3] = "sha384", [4] = "sha512",
	};
	struct json_object *item;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		item = out_json_item(array);
		out_json_str(item, "register", names[i]);
		out_json_str(item, "algorithm", algs[t->len / 16]);
		log_json_hex(item, "value", t->regs[i], t->len);
	}
}

static void print(struct cmd *cmd, const struct ccg_token *t,
		  const struct ccg_token_want *want, const char *why)
{
	struct json_object *o, *item;

	/* Registers that nobody signed are not for log verify. */
	if (!cmd->json) {
		log_token_text(t, want);
		printf("\n");
		if (!why)
			log_token_registers_text(t);
		printf("%sVerdict: %s\n", why ? "" : "\n",
		       why ? "the token is not good" : "the token is good");
		return;
	}
	o = out_json(cmd);
	out_json_bool(o, "verified", !why);
	out_json_str(o, "culprit", why);
	log_token_json(o, t, want);
	item = out_json_array(o, "registers");
	if (!why)
		log_token_registers_json(item, t);
	out_json_print(cmd, o);
}

/* Everything that fails without a verdict is reported without the claims. */
static int verify(struct cmd *cmd, struct ccg_token *t,
		  const struct ccg_token_want *want)
{
	static const char no_key[] = "not verified: no --key";
	const char *path = cmd->argv[0];

	if (!want->key) {
		print(cmd, t, want, no_key);
		out_error(path, no_key, NULL);
		return CCG_UNVERIFIED;
	}
	if (!ccg_token_verify(t, want)) {
		print(cmd, t, want, NULL);
		log_token_notes(path, t, want);
		return 0;
	}
	if (ccg_error(cmd->ctx)->kind == CCG_UNVERIFIED)
		print(cmd, t, want, ccg_error(cmd->ctx)->why);
	return fail(cmd);
}

static int run_token(struct cmd *cmd)
{
	static const struct token_opts opts = {
		TOKEN_KEY, TOKEN_NONCE, TOKEN_LIFECYCLE, TOKEN_REFERENCE,
	};
	struct ccg_token_want want;
	struct ccg_token *t;
	uint8_t nonce[64];
	int status = log_token_take(cmd, &opts, nonce, &want);

	if (status)
		return status;
	if (ccg_token_load(cmd->ctx, cmd->argv[0], &t))
		return fail(cmd);
	status = verify(cmd, t, &want);
	ccg_token_free(t);
	return status;
}

const struct verb log_token = {
	.name = "token",
	.args = "FILE",
	.summary = "Shows and verifies an attestation token of Arm CCA",
	.text =
"The exit status is 5 unless the signatures verify, the lifecycle of the platform\n"
"is secured, and the claims are those of the reference. Without --key, the token\n"
"is only shown.\n",
	.opts = token_opts,
	.n_opts = ARRAY_SIZE(token_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_token,
};
