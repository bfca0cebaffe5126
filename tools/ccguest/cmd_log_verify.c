// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log verify
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/log.h>
#include <ccguest/text.h>
#include <ccguest/verify.h>

#include "cmd_log.h"
#include "cmd_log_report.h"

enum {
	VERIFY_IMAGES = N_READ, VERIFY_DATABASE, VERIFY_TOKEN, VERIFY_KEY,
	VERIFY_NONCE, VERIFY_LIFECYCLE, VERIFY_REFERENCE, VERIFY_REGISTERS,
	VERIFY_RMM, VERIFY_RIPAS, VERIFY_REM, VERIFY_LIVE,
	VERIFY_REPORT, VERIFY_CRL, VERIFY_AT, VERIFY_POLICY,
};

static const struct opt verify_opts[] = {
	READ_OPTS,
	[VERIFY_IMAGES] = {
		"images", 0, "DIR", "directory of known-good images"
	},
	[VERIFY_DATABASE] = {
		"database", 0, "DIR", "directory for the digests of the images' granules"
	},
	[VERIFY_TOKEN] = { "token", 0, "FILE", "attestation token of Arm CCA" },
	[VERIFY_KEY] = { TOKEN_KEY_OPT },
	[VERIFY_NONCE] = { TOKEN_NONCE_OPT },
	[VERIFY_LIFECYCLE] = { TOKEN_LIFECYCLE_OPT },
	[VERIFY_REFERENCE] = { TOKEN_REFERENCE_OPT },
	[VERIFY_REGISTERS] = {
		"registers", 0, "FILE", "expected values of registers, in JSON"
	},
	[VERIFY_RMM] = { "rmm", 0, "VERSION", "1.0, 2.0 or auto (default)" },
	[VERIFY_RIPAS] = {
		"ripas-blocks", 0, "SIZE",
		"largest memory block of the host, or auto (default)"
	},
	[VERIFY_REM] = {
		"rem-extend", 0, "FORM", "tf-rmm (default) or padded"
	},
	[VERIFY_LIVE] = {
		"live", 0, NULL,
		"expect the registers that the kernel of this machine reads"
	},
	[VERIFY_REPORT] = {
		"report", 0, "FILE", "quote of TDX, or token of Arm CCA"
	},
	[VERIFY_CRL] = {
		"crl", 0, "FILE", "a revocation list for --report; repeatable"
	},
	[VERIFY_AT] = {
		"at", 0, "TIME",
		"the certificates of --report must be valid at this time"
	},
	[VERIFY_POLICY] = {
		"policy", 0, "FILE",
		"what is accepted of --report, see ccguest-report-policy(5)"
	},
};

/*
 * The database is a cache: a digest that is lost is calculated again. The XDG
 * Base Directory Specification says that relative paths are ignored, and that
 * a missing directory is created.
 */
static int default_database(char **pathp)
{
	static const char hint[] = "name a directory with --database";
	const char *cache = getenv("XDG_CACHE_HOME"), *below = "";
	char *path;
	size_t len;

	if (!cache || *cache != '/') {
		cache = getenv("HOME");
		below = "/.cache";
	}
	if (!cache || *cache != '/') {
		out_error("database", "neither XDG_CACHE_HOME nor HOME is an absolute path",
			  hint);
		return CCG_FAILED;
	}
	len = strlen(cache) + strlen(below) + sizeof("/ccguest-granules");
	path = out_alloc(NULL, len);
	*pathp = path;
	snprintf(path, len, "%s%s", cache, below);
	if (mkdir(path, 0700) && errno != EEXIST) {
		out_error(path, strerror(errno), hint);
		return CCG_FAILED;
	}
	strcat(path, "/ccguest-granules");
	return 0;
}

/* The options about the sources of registers. */
static int source_args(struct cmd *cmd)
{
	bool token = cmd->opt[VERIFY_TOKEN], report = cmd->opt[VERIFY_REPORT];

	if (!token && !report && !cmd->opt[VERIFY_REGISTERS] &&
	    !cmd->opt[VERIFY_LIVE])
		return usage_error(cmd, "verify",
				   "needs --report, --token and --key, --live, or --registers");
	if (token && report)
		return usage_error(cmd, "--token", "cannot be used with --report");
	if (token && !cmd->opt[VERIFY_KEY])
		return usage_error(cmd, "--token", "needs --key");
	if (!token && !report && (cmd->opt[VERIFY_KEY] || cmd->opt[VERIFY_NONCE]))
		return usage_error(cmd, "--key and --nonce", "need --token or --report");
	if (!token && (cmd->opt[VERIFY_LIFECYCLE] || cmd->opt[VERIFY_REFERENCE]))
		return usage_error(cmd, "--allow-lifecycle and --reference",
				   "need --token");
	if (!report && (cmd->opt[VERIFY_CRL] || cmd->opt[VERIFY_AT] ||
			cmd->opt[VERIFY_POLICY]))
		return usage_error(cmd, "--crl, --at and --policy", "need --report");
	return 0;
}

static int verify_args(struct cmd *cmd, struct ccg_verify *v)
{
	const char *rmm = cmd->opt[VERIFY_RMM], *rem = cmd->opt[VERIFY_REM];
	const char *ripas = cmd->opt[VERIFY_RIPAS];
	int status;

	v->images = cmd->opt[VERIFY_IMAGES];
	v->database = cmd->opt[VERIFY_DATABASE];
	status = source_args(cmd);
	if (status)
		return status;
	if (rmm && !strcmp(rmm, "1.0"))
		v->rmm = 1;
	else if (rmm && !strcmp(rmm, "2.0"))
		v->rmm = 2;
	else if (rmm && strcmp(rmm, "auto"))
		return usage_error(cmd, rmm, "--rmm is 1.0, 2.0 or auto");
	if (rem && !strcmp(rem, "padded"))
		v->padded = true;
	else if (rem && strcmp(rem, "tf-rmm"))
		return usage_error(cmd, rem, "--rem-extend is tf-rmm or padded");
	if (ripas && strcmp(ripas, "auto"))
		return log_ripas_blocks(cmd, ripas, &v->blocks);
	return 0;
}

/* With --json, an invalid token gives a verdict too. */
static int token_failed(struct cmd *cmd)
{
	const struct ccg_error *e = ccg_error(cmd->ctx);
	struct json_object *o;

	if (!cmd->json || e->kind != CCG_UNVERIFIED)
		return fail(cmd);
	o = out_json(cmd);
	out_json_bool(o, "adds_up", false);
	out_json_str(o, "verdict", "the token is not good");
	out_json_str(o, "culprit", e->why);
	out_json_print(cmd, o);
	return fail(cmd);
}

/* A token or a report that was verified, and what it was verified against. */
struct proof {
	struct ccg_token *token;
	struct ccg_token_want want;
	uint8_t nonce[64];
	struct log_report report;
};

static int take_report(struct cmd *cmd, struct proof *p)
{
	static const struct log_report_opts opts = {
		VERIFY_REPORT, VERIFY_NONCE, VERIFY_KEY, VERIFY_CRL, VERIFY_AT,
		VERIFY_POLICY,
	};

	return log_report_take(cmd, &opts, &p->report);
}

static int take_token(struct cmd *cmd, struct ccg_verify *v, struct proof *p)
{
	static const struct token_opts opts = {
		VERIFY_KEY, VERIFY_NONCE, VERIFY_LIFECYCLE, VERIFY_REFERENCE,
	};
	const char *path = cmd->opt[VERIFY_TOKEN];
	int status = path ? log_token_take(cmd, &opts, p->nonce, &p->want) : 0;

	if (status || !path)
		return status;
	if (ccg_token_load(cmd->ctx, path, &p->token) ||
	    ccg_token_verify(p->token, &p->want))
		return token_failed(cmd);
	log_token_notes(path, p->token, &p->want);
	ccg_verify_token(v, p->token);
	return 0;
}

static const char *const trusts[CCG_N_BELIEFS] = {
	[CCG_FORGED] = "FORGED",
	[CCG_CLAIMED] = "CLAIMED",
	[CCG_CONSISTENT] = "CONSISTENT",
	[CCG_VERIFIED] = "VERIFIED",
};

static const enum out_color trust_colors[CCG_N_BELIEFS] = {
	[CCG_FORGED] = OUT_BAD,
	[CCG_CLAIMED] = OUT_WARN,
	[CCG_CONSISTENT] = OUT_PLAIN,
	[CCG_VERIFIED] = OUT_GOOD,
};

static const char *const matches[] = {
	[CCG_MATCHES] = "matches",
	[CCG_UNLOGGED] = "extended without a log entry",
	[CCG_UNKNOWN_VALUE] = "cannot be worked out",
	[CCG_UNEXPLAINED] = "differs, and is not explained",
	[CCG_DIFFERS] = "differs",
};

static void text_events(struct ccg_log *log, const struct ccg_verify *v)
{
	static const char *const heads[] = {
		"EVENT", "WHERE", "TRUST", "MEANING",
	};
	const struct cc_log *s = ccg_log_summary(log);
	char reg[16], text[1024];
	struct cc_log_event ev;
	struct out_table t;

	out_table_init(&t, heads, ARRAY_SIZE(heads), 1);
	while (ccg_log_next(log, &ev)) {
		snprintf(text, sizeof(text), "%zu", ev.nr);
		out_cell(&t, 0, OUT_PLAIN, text);
		ccg_log_register_name(s, ev.index, reg, sizeof(reg));
		out_cell(&t, 1, OUT_PLAIN, reg);
		out_cell(&t, 2, trust_colors[v->trust[ev.nr - 1]],
			 trusts[v->trust[ev.nr - 1]]);
		ccg_log_meaning(&ev, text, sizeof(text));
		out_cell(&t, 3, OUT_PLAIN, text);
	}
	out_table_print(&t);
}

static void text_registers(struct ccg_log *log, const struct ccg_verify *v)
{
	static const char *const heads[] = { "REGISTER", "RESULT", "VALUE" };
	const struct cc_log *s = ccg_log_summary(log);
	struct out_table t;
	char reg[16];

	out_table_init(&t, heads, ARRAY_SIZE(heads), 0);
	for (size_t i = 0; i < v->n_expected; i++) {
		const struct ccg_expected *e = &v->expected[i];

		ccg_log_register_name(s, e->index, reg, sizeof(reg));
		out_cell(&t, 0, OUT_PLAIN, reg);
		out_cell(&t, 1, e->match == CCG_MATCHES ? OUT_GOOD : OUT_BAD,
			 matches[e->match]);
		log_cell_hex(&t, 2, e->value, e->len);
	}
	out_table_print(&t);
}

static void verify_text(struct ccg_log *log, const struct ccg_verify *v,
			const struct ccg_trees *trees, const struct proof *p)
{
	const struct ccg_tree *t;

	if (p->token) {
		log_token_text(p->token, &p->want);
		printf("\n");
	}
	if (p->report.r)
		log_report_text(&p->report);
	text_events(log, v);
	printf("\n");
	text_registers(log, v);
	printf("\n");
	if (ccg_ripas_name(v->blocks_found))
		printf("The initial measurement is that of RMM 1.0, memory in blocks up to %s.\n",
		       ccg_ripas_name(v->blocks_found));
	else if (v->rmm_found)
		printf("The initial measurement is that of RMM %d.0.\n",
		       v->rmm_found);
	printf("Events: %zu verified, %zu consistent, %zu claimed, %zu forged\n",
	       v->n_trust[CCG_VERIFIED], v->n_trust[CCG_CONSISTENT],
	       v->n_trust[CCG_CLAIMED], v->n_trust[CCG_FORGED]);
	for (size_t i = 0; (t = ccg_trees_at(trees, i)); i++)
		printf("Device Tree of event %zu: %s\n", t->event,
		       trusts[ccg_verify_tree(v, t)]);
	printf("Verdict: %s\n", ccg_verdict_text(v->verdict));
}

static void json_counts(struct json_object *o, const struct ccg_verify *v)
{
	struct json_object *counts = out_json_have(json_object_new_object());

	out_json_int(counts, "verified", v->n_trust[CCG_VERIFIED]);
	out_json_int(counts, "consistent", v->n_trust[CCG_CONSISTENT]);
	out_json_int(counts, "claimed", v->n_trust[CCG_CLAIMED]);
	out_json_int(counts, "forged", v->n_trust[CCG_FORGED]);
	out_json_add(o, "counts", counts);
}

static void json_events(struct json_object *array, struct ccg_log *log,
			const struct ccg_verify *v)
{
	const struct cc_log *s = ccg_log_summary(log);
	struct json_object *item;
	struct cc_log_event ev;
	char text[1024];

	while (ccg_log_next(log, &ev)) {
		item = out_json_item(array);
		out_json_int(item, "event", ev.nr);
		ccg_log_register_name(s, ev.index, text, sizeof(text));
		out_json_str(item, "register", text);
		out_json_str(item, "trust", trusts[v->trust[ev.nr - 1]]);
		log_json_match(item, v->data[ev.nr - 1]);
		ccg_log_meaning(&ev, text, sizeof(text));
		out_json_str(item, "meaning", text);
	}
}

static void json_registers(struct json_object *array, struct ccg_log *log,
			   const struct ccg_verify *v)
{
	const struct cc_log *s = ccg_log_summary(log);
	struct json_object *item;
	char text[16];

	for (size_t i = 0; i < v->n_expected; i++) {
		const struct ccg_expected *e = &v->expected[i];

		item = out_json_item(array);
		ccg_log_register_name(s, e->index, text, sizeof(text));
		out_json_str(item, "register", text);
		out_json_str(item, "algorithm", ccg_log_alg_name(e->alg));
		out_json_str(item, "result", matches[e->match]);
		out_json_bool(item, "extended", e->extended);
		log_json_hex(item, "value", e->value, e->len);
	}
}

static void json_trees(struct json_object *array, const struct ccg_verify *v,
		       const struct ccg_trees *trees)
{
	const struct ccg_tree *t;
	struct json_object *item;

	for (size_t i = 0; (t = ccg_trees_at(trees, i)); i++) {
		item = out_json_item(array);
		out_json_int(item, "event", t->event);
		out_json_str(item, "trust", trusts[ccg_verify_tree(v, t)]);
	}
}

static void verify_json(const struct cmd *cmd, struct ccg_log *log,
			const struct ccg_verify *v,
			const struct ccg_trees *trees, const struct proof *p)
{
	struct json_object *o = out_json(cmd), *token = NULL;

	log_json_summary(o, log);
	out_json_bool(o, "adds_up", v->good);
	out_json_str(o, "verdict", ccg_verdict_text(v->verdict));
	out_json_str(o, "culprit", *v->culprit ? v->culprit : NULL);
	json_counts(o, v);
	out_json_str(o, "rmm", v->rmm_found == 1 ? "1.0" :
			       v->rmm_found == 2 ? "2.0" : NULL);
	out_json_str(o, "ripas_blocks", ccg_ripas_name(v->blocks_found));
	json_events(out_json_array(o, "events"), log, v);
	json_registers(out_json_array(o, "registers"), log, v);
	json_trees(out_json_array(o, "device_trees"), v, trees);
	if (p->token) {
		token = out_json_have(json_object_new_object());
		log_token_json(token, p->token, &p->want);
	}
	out_json_add(o, "token", token);
	log_report_json(o, &p->report);
	out_json_print(cmd, o);
}

/* The guest uses a Device Tree even if no register confirms the tree. */
static void note_claimed(const struct ccg_verify *v,
			 const struct ccg_trees *trees)
{
	const struct ccg_tree *t;

	log_note_trees(trees);
	for (size_t i = 0; (t = ccg_trees_at(trees, i)); i++)
		if (ccg_verify_tree(v, t) != CCG_VERIFIED)
			out_note("event %zu: " CCG_TREE_CLAIMED, t->event);
}

/* Only the initial measurement of a realm depends on images. */
static bool has_images(const struct ccg_log *log, const struct ccg_verify *v)
{
	if (!v->realm && !ccg_log_summary(log)->is_realm)
		return false;
	for (size_t i = 0; i < v->n_expected; i++)
		if (!v->expected[i].index)
			return true;
	return false;
}

static int choose_database(const struct ccg_log *log, struct ccg_verify *v,
			   char **pathp)
{
	int status;

	if (v->database || !has_images(log, v))
		return 0;
	status = default_database(pathp);
	v->database = *pathp;
	return status;
}

static int verify_open(struct cmd *cmd, struct ccg_log *log,
		       struct ccg_verify *v, const struct proof *p,
		       char **database)
{
	const char *file = cmd->opt[VERIFY_REGISTERS];
	struct ccg_trees *trees;
	int status;

	if (p->report.r && ccg_verify_report(cmd->ctx, log, p->report.r, v))
		return fail(cmd);
	if (cmd->opt[VERIFY_LIVE] && ccg_verify_live(cmd->ctx, log, v))
		return fail(cmd);
	if (file && ccg_verify_registers(cmd->ctx, log, file, v))
		return fail(cmd);
	status = choose_database(log, v, database);
	if (status)
		return status;
	/* Everything that can fail is done before the verdict is printed. */
	if (ccg_verify_log(cmd->ctx, log, v) ||
	    ccg_log_trees(cmd->ctx, log, v->images, &trees))
		return fail(cmd);
	ccg_verify_trees(v, trees);
	if (cmd->json)
		verify_json(cmd, log, v, trees, p);
	else
		verify_text(log, v, trees, p);
	note_claimed(v, trees);
	log_report_notes(&p->report);
	if (cmd->opt[VERIFY_LIVE])
		out_note("nobody signs the registers of --live: they prove nothing to others");
	ccg_trees_free(trees);
	if (v->good)
		return 0;
	out_error(ccg_log_path(log), ccg_verdict_text(v->verdict),
		  *v->culprit ? v->culprit : NULL);
	return CCG_UNVERIFIED;
}

static int run_verify(struct cmd *cmd)
{
	struct ccg_verify *v = out_alloc(NULL, sizeof(*v));
	char *database = NULL;
	struct ccg_log *log = NULL;
	struct proof p = {};
	int status;

	memset(v, 0, sizeof(*v));
	status = verify_args(cmd, v);
	if (!status)
		status = take_token(cmd, v, &p);
	if (!status)
		status = take_report(cmd, &p);
	if (!status)
		status = log_open(cmd, &log);
	if (!status) {
		status = verify_open(cmd, log, v, &p, &database);
		log_note_quirks(log);
		ccg_log_close(log);
	}
	ccg_token_free(p.token);
	log_report_free(&p.report);
	ccg_verify_free(v);
	free(v);
	free(database);
	return status;
}

const struct verb log_verify = {
	.name = "verify",
	.args = "[FILE|NUMBER]",
	.summary = "Verifies a log against the measurements of the hardware",
	.text =
"The exit status is 5 unless the log adds up to all expected registers. The\n"
"registers come from a quote or a token, from this machine, or from a file that\n"
"log replay --json or log rim --json printed. A realm's initial measurement is\n"
"calculated from the log and known-good images.\n",
	.opts = verify_opts,
	.n_opts = ARRAY_SIZE(verify_opts),
	.max_args = 1,
	.takes_from = true,
	.schema = 2,
	.run = run_verify,
};
