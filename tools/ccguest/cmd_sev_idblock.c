// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev idblock build, show and verify
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_launch.h"
#include "out_table.h"

/* The policy of QEMU's object sev-snp-guest by default. */
#define POLICY_DEFAULT	0x30000
#define POLICY_DEBUG	0x80000

/**
 * struct blocks - ID block and ID authentication
 * @block: the ID block
 * @auth: the ID authentication
 */
struct blocks {
	uint8_t block[CCG_IDBLOCK_LEN];
	uint8_t auth[CCG_IDAUTH_LEN];
};

enum {
	ID_DIGEST, ID_KEY, ID_AUTHOR, ID_FAMILY, ID_IMAGE, ID_SVN, ID_POLICY,
	ID_BLOCK, ID_AUTH, ID_RAW,
};

static const struct opt build_opts[] = {
	[ID_DIGEST] = {
		"digest", 0, "HEX", "launch digest, from ccguest sev measure snp"
	},
	[ID_KEY] = { "id-key", 0, "FILE", "private ID key, P-384, PEM" },
	[ID_AUTHOR] = {
		"author-key", 0, "FILE", "private author key, signs the ID key"
	},
	[ID_FAMILY] = { "family", 0, "HEX", "family of the guest, 16 bytes" },
	[ID_IMAGE] = { "image", 0, "HEX", "image of the guest, 16 bytes" },
	[ID_SVN] = { "svn", 0, "N", "security version of the guest" },
	[ID_POLICY] = { "policy", 0, "N", "policy (default 0x30000)" },
	[ID_BLOCK] = { "block", 0, "FILE", "write the ID block into FILE" },
	[ID_AUTH] = {
		"auth", 0, "FILE", "write the ID authentication into FILE"
	},
	[ID_RAW] = { "raw", 0, NULL, "write bytes instead of base64" },
};

static int parse_hex(struct cmd *cmd, size_t opt, uint8_t *buf, size_t len)
{
	char why[64];

	if (!cmd->opt[opt] || sev_bytes(cmd->opt[opt], buf, len))
		return 0;
	snprintf(why, sizeof(why), "expected %zu bytes, in hex or base64", len);
	return sev_bad_option(cmd, opt, why);
}

static int parse_number(struct cmd *cmd, size_t opt, uint64_t max, uint64_t *n)
{
	if (!cmd->opt[opt] ||
	    !ccg_parse_number(cmd->opt[opt], 0, max, n, NULL))
		return 0;
	return sev_bad_option(cmd, opt, "is not a number, or too large");
}

static int parse_build(struct cmd *cmd, struct ccg_idblock *b)
{
	uint64_t svn = 0;
	int status;

	if (!cmd->opt[ID_DIGEST] || !cmd->opt[ID_KEY])
		return usage_error(cmd, "build",
				   "--digest and --id-key are required");
	if (!cmd->opt[ID_BLOCK] != !cmd->opt[ID_AUTH])
		return usage_error(cmd, "build",
				   "--block and --auth belong together");
	b->policy = POLICY_DEFAULT;
	status = parse_hex(cmd, ID_DIGEST, b->digest, sizeof(b->digest));
	if (!status)
		status = parse_hex(cmd, ID_FAMILY, b->family,
				   sizeof(b->family));
	if (!status)
		status = parse_hex(cmd, ID_IMAGE, b->image, sizeof(b->image));
	if (!status)
		status = parse_number(cmd, ID_SVN, UINT32_MAX, &svn);
	if (!status)
		status = parse_number(cmd, ID_POLICY, UINT64_MAX, &b->policy);
	if (!status)
		status = sev_check_snp_policy(cmd, ID_POLICY, b->policy);
	b->svn = svn;
	return status;
}

static char *to_base64(const uint8_t *buf, size_t len)
{
	char *text = out_alloc(NULL, CCG_BASE64_TEXT(len));

	ccg_base64(buf, len, text);
	return text;
}

/* The bytes are public; only the key is secret. */
static int save(struct cmd *cmd, const struct blocks *b, const char *block,
		const char *auth)
{
	const struct ccg_new_file raw[] = {
		{ cmd->opt[ID_BLOCK], b->block, sizeof(b->block) },
		{ cmd->opt[ID_AUTH], b->auth, sizeof(b->auth) },
	};
	const struct ccg_new_file text[] = {
		{ cmd->opt[ID_BLOCK], (const uint8_t *)block, strlen(block) },
		{ cmd->opt[ID_AUTH], (const uint8_t *)auth, strlen(auth) },
	};

	if (!cmd->opt[ID_BLOCK])
		return 0;
	return ccg_files_create(cmd->ctx, cmd->opt[ID_RAW] ? raw : text, 2) ?
	       fail(cmd) : 0;
}

static void put_hex(struct json_object *o, struct out_table *t, const char *key,
		    const uint8_t *p, size_t len)
{
	char text[2 * 48 + 1];

	if (o) {
		sev_json_bytes(o, key, p, len);
		return;
	}
	ccg_hex(p, len, text);
	out_row(t, key, OUT_PLAIN, "%s", text);
}

static void describe(struct json_object *o, struct out_table *t,
		     const struct ccg_idblock *b)
{
	put_hex(o, t, "launch_digest", b->digest, sizeof(b->digest));
	put_hex(o, t, "family", b->family, sizeof(b->family));
	put_hex(o, t, "image", b->image, sizeof(b->image));
	if (o) {
		out_json_int(o, "svn", b->svn);
		out_json_hex(o, "policy", b->policy);
	} else {
		out_row(t, "svn", OUT_PLAIN, "%u", b->svn);
		out_row(t, "policy", b->policy & POLICY_DEBUG ? OUT_BAD : OUT_PLAIN,
			"%#" PRIx64, b->policy);
	}
	put_hex(o, t, "id_key_digest", b->id_key_digest,
		sizeof(b->id_key_digest));
	if (b->has_author || o)
		put_hex(o, t, "author_key_digest",
			b->has_author ? b->author_key_digest : NULL,
			sizeof(b->author_key_digest));
}

static void report_build(struct cmd *cmd, const struct blocks *b,
			 const char *block, const char *auth)
{
	struct ccg_idblock info;
	struct json_object *o;

	ccg_idblock_parse(b->block, b->auth, &info);
	if (info.policy & POLICY_DEBUG)
		out_note("policy %#" PRIx64 ": the host may decrypt the guest's memory",
			 info.policy);
	if (cmd->json) {
		o = out_json(cmd);
		describe(o, NULL, &info);
		out_json_str(o, "id_block", block);
		out_json_str(o, "id_auth", auth);
		out_json_print(cmd, o);
	} else if (!cmd->opt[ID_BLOCK]) {
		printf("policy=%#" PRIx64 ",id-block=%s,id-auth=%s%s\n",
		       info.policy, block, auth,
		       info.has_author ? ",author-key-enabled=on" : "");
	}
}

static int run_build(struct cmd *cmd)
{
	struct ccg_idblock b = {};
	struct blocks *made;
	char *block, *auth;
	int status = parse_build(cmd, &b);

	if (status)
		return status;
	if (ccg_no_core_dumps(cmd->ctx))
		return fail(cmd);
	made = out_alloc(NULL, sizeof(*made));
	if (ccg_idblock_make(cmd->ctx, &b, cmd->opt[ID_KEY],
			     cmd->opt[ID_AUTHOR], made->block, made->auth)) {
		free(made);
		return fail(cmd);
	}
	block = to_base64(made->block, sizeof(made->block));
	auth = to_base64(made->auth, sizeof(made->auth));
	status = save(cmd, made, block, auth);
	if (!status)
		report_build(cmd, made, block, auth);
	free(block);
	free(auth);
	free(made);
	return status;
}

static int load_both(struct cmd *cmd, struct blocks *b)
{
	int status = sev_load_bytes(cmd, cmd->argv[0], b->block,
				    sizeof(b->block));

	return status ? status : sev_load_bytes(cmd, cmd->argv[1], b->auth,
						sizeof(b->auth));
}

static void print_blocks(struct cmd *cmd, const struct blocks *b,
			 const char *why)
{
	struct ccg_idblock info;
	struct out_table t;
	struct json_object *o;

	ccg_idblock_parse(b->block, b->auth, &info);
	if (cmd->json) {
		o = out_json(cmd);
		describe(o, NULL, &info);
		out_json_bool(o, "valid", !why);
		out_json_str(o, "why", why);
		out_json_print(cmd, o);
		return;
	}
	out_table_init(&t, NULL, 2, 0);
	describe(NULL, &t, &info);
	out_row(&t, "signatures", why ? OUT_BAD : OUT_GOOD, "%s",
		why ? why : "correct");
	out_table_print(&t);
}

static int run_read(struct cmd *cmd, bool must_verify)
{
	struct blocks *b = out_alloc(NULL, sizeof(*b));
	const char *why;
	int status = load_both(cmd, b);

	if (!status) {
		why = ccg_idblock_verify(b->block, b->auth);
		if (!must_verify || cmd->json)
			print_blocks(cmd, b, why);
		if (must_verify && why) {
			out_error(cmd->argv[1], why, NULL);
			status = CCG_UNVERIFIED;
		}
	}
	free(b);
	return status;
}

static int run_show(struct cmd *cmd)
{
	return run_read(cmd, false);
}

static int run_verify(struct cmd *cmd)
{
	return run_read(cmd, true);
}

const struct verb sev_idblock_build = {
	.name = "idblock build",
	.args = "",
	.summary = "Makes and signs the ID block of a SNP guest",
	.text =
"Without --block and --auth, the properties of QEMU's object sev-snp-guest are\n"
"printed.\n",
	.opts = build_opts,
	.n_opts = ARRAY_SIZE(build_opts),
	.run = run_build,
};

const struct verb sev_idblock_show = {
	.name = "idblock show",
	.args = "BLOCK AUTH",
	.summary = "Prints an ID block and the digests of its keys",
	.min_args = 2,
	.max_args = 2,
	.run = run_show,
};

const struct verb sev_idblock_verify = {
	.name = "idblock verify",
	.args = "BLOCK AUTH",
	.summary = "Verifies the signatures of an ID block",
	.min_args = 2,
	.max_args = 2,
	.run = run_verify,
};
