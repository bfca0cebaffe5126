// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev measure
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/launch.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_launch.h"

enum { MEASURE_FIRMWARE_ONLY = N_LAUNCH, MEASURE_DIGEST, MEASURE_FORMAT };

static const struct opt measure_opts[] = {
	LAUNCH_OPTS,
	[MEASURE_FIRMWARE_ONLY] = {
		"firmware-only", 0, NULL,
		"SNP: print the value for --firmware-digest"
	},
	[MEASURE_DIGEST] = {
		"launch-digest", 0, "HEX",
		"SEV, SEV-ES: make the MAC of this launch digest"
	},
	[MEASURE_FORMAT] = {
		"format", 0, "FORMAT",
		"hex (default of a digest) or base64 (default of a MAC)"
	},
};

/**
 * struct measured - what the verb prints
 * @opts: description of the launch
 * @launch: the launch; NULL with --launch-digest
 * @digest: the launch digest, or the digest of the firmware's pages
 * @len: its length in bytes
 * @has_mac: the value is a MAC
 * @mac: MAC and nonce
 */
struct measured {
	struct ccg_launch_opts opts;
	struct ccg_launch *launch;
	uint8_t digest[CCG_SNP_DIGEST_LEN];
	size_t len;
	bool has_mac;
	uint8_t mac[CCG_SEV_DIGEST_LEN + CCG_SEV_NONCE_LEN];
};

static void print_text(const struct cmd *cmd, const struct measured *m)
{
	const char *format = cmd->opt[MEASURE_FORMAT];
	const uint8_t *p = m->has_mac ? m->mac : m->digest;
	size_t len = m->has_mac ? sizeof(m->mac) : m->len;
	char text[2 * CCG_SNP_DIGEST_LEN + 1];

	if (format ? !strcmp(format, "base64") : m->has_mac)
		ccg_base64(p, len, text);
	else
		ccg_hex(p, len, text);
	printf("%s\n", text);
}

static void print_json(const struct cmd *cmd, const struct measured *m)
{
	struct json_object *o = out_json(cmd);
	char text[CCG_BASE64_TEXT(sizeof(m->mac))];
	bool firmware = cmd->opt[MEASURE_FIRMWARE_ONLY];

	if (m->launch)
		sev_json_launch(o, &m->opts, m->launch);
	sev_json_bytes(o, "firmware_digest", firmware ? m->digest : NULL, m->len);
	sev_json_bytes(o, "launch_digest", firmware ? NULL : m->digest, m->len);
	ccg_base64(m->mac, sizeof(m->mac), text);
	out_json_str(o, "measurement", m->has_mac ? text : NULL);
	out_json_print(cmd, o);
}

/* A section of an unknown type may be measured in another way. */
static void note_sections(const struct measured *m)
{
	struct ccg_launch_section s;

	for (size_t i = 0; ccg_launch_section(m->launch, i, &s); i++)
		if (!s.name)
			out_note("section %zu has the unknown type 0x%x: measured as zero pages",
				 i, s.type);
}

/* The options before LAUNCH_API describe what the digest covers. */
static int take_digest(struct cmd *cmd, struct measured *m, const char *digest)
{
	int status = sev_kind_parse(cmd, cmd->argv[0], &m->opts.kind);

	if (status)
		return status;
	if (m->opts.kind == CCG_LAUNCH_SNP || !cmd->opt[LAUNCH_TIK])
		return usage_error(cmd, digest,
				   "a launch digest is given to make a MAC of it: use sev or sev-es and --tik");
	for (size_t i = 0; i < LAUNCH_API; i++)
		if (cmd->opt[i])
			return sev_bad_option(cmd, i,
					      "is a part of the launch digest that is given");
	m->len = CCG_SEV_DIGEST_LEN;
	if (sev_bytes(digest, m->digest, m->len))
		return 0;
	return usage_error(cmd, digest,
			   "a launch digest has 32 bytes, in hex or base64");
}

static int get_digest(struct cmd *cmd, struct measured *m)
{
	const char *digest = cmd->opt[MEASURE_DIGEST];
	int status;

	if (digest)
		return take_digest(cmd, m, digest);
	status = sev_launch_open(cmd, cmd->opt[MEASURE_FIRMWARE_ONLY], &m->opts,
				 &m->launch);
	if (status)
		return status;
	note_sections(m);
	m->len = ccg_launch_digest_len(m->opts.kind);
	if (cmd->opt[MEASURE_FIRMWARE_ONLY])
		return ccg_launch_firmware_digest(m->launch, m->digest) ?
		       fail(cmd) : 0;
	return ccg_launch_digest(m->launch, m->digest) ? fail(cmd) : 0;
}

static int get_mac(struct cmd *cmd, struct measured *m)
{
	struct ccg_launch_key key;
	uint8_t *tik;
	int status = sev_launch_key(cmd, m->opts.kind, true, &key, &tik);

	if (status || !tik)
		return status;
	if (ccg_launch_mac(cmd->ctx, &key, m->digest, m->mac))
		status = fail(cmd);
	memcpy(m->mac + CCG_SEV_DIGEST_LEN, key.nonce, sizeof(key.nonce));
	m->has_mac = true;
	ccg_secret_free(tik);
	return status;
}

static int check_opts(struct cmd *cmd)
{
	const char *format = cmd->opt[MEASURE_FORMAT];

	if (format && strcmp(format, "hex") && strcmp(format, "base64"))
		return usage_error(cmd, format, "expected hex or base64");
	if (cmd->opt[MEASURE_FIRMWARE_ONLY] && strcmp(cmd->argv[0], "snp"))
		return usage_error(cmd, "--firmware-only", "is for snp only");
	if (cmd->opt[MEASURE_FIRMWARE_ONLY] && cmd->opt[LAUNCH_FIRMWARE_DIGEST])
		return usage_error(cmd, "--firmware-only",
				   "computes what --firmware-digest gives");
	return 0;
}

static int run_measure(struct cmd *cmd)
{
	struct measured m = {};
	int status = check_opts(cmd);

	if (!status)
		status = get_digest(cmd, &m);
	if (!status)
		status = get_mac(cmd, &m);
	if (!status && cmd->json)
		print_json(cmd, &m);
	else if (!status)
		print_text(cmd, &m);
	ccg_launch_close(m.launch);
	return status;
}

const struct verb sev_measure = {
	.name = "measure",
	.args = "sev|sev-es|snp",
	.summary = "Computes what is measured at the launch of a guest",
	.text =
"Prints the launch digest. With --tik, prints the MAC that a platform reports,\n"
"and the nonce. For sev-es and snp, --cpus is required, and --cpu for QEMU.\n",
	.opts = measure_opts,
	.n_opts = ARRAY_SIZE(measure_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_measure,
};
