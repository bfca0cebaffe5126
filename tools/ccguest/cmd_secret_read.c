// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest secret read
 */
#include <stdio.h>

#include <ccguest/file.h>
#include <ccguest/secret.h>
#include <ccguest/text.h>

#include "cmd_secret.h"
#include "out_json.h"

enum { READ_OUTPUT, READ_STRIP, READ_FORCE };

static const struct opt read_opts[] = {
	[READ_OUTPUT] = {
		"output", 'o', "FILE", "write into FILE, with mode 0600"
	},
	[READ_STRIP] = {
		"strip", 0, NULL, "omit a NUL or a newline at the end"
	},
	[READ_FORCE] = {
		"force", 0, NULL, "write the bytes to a terminal too"
	},
};

static bool ends_text(uint8_t byte)
{
	return !byte || byte == '\n';
}

/*
 * Strips one byte at most: GRUB's passphrase may itself end with a newline, and
 * a random key may end with any byte. Prints a note if the byte before looks
 * like another newline.
 */
static size_t text_length(const struct ccg_secret *secret, const uint8_t *buf,
			  size_t len)
{
	char guid[CCG_GUID_TEXT];

	if (!len || !ends_text(buf[len - 1]))
		return len;
	len--;
	if (len && (ends_text(buf[len - 1]) || buf[len - 1] == '\r')) {
		ccg_guid_format(&secret->guid, guid);
		out_note("%s: one byte stripped, another NUL, newline or return is at the end",
			 guid);
	}
	return len;
}

/* @stripped: number of bytes that were stripped from the end of the secret */
static int read_to_file(struct cmd *cmd, const struct ccg_secrets_info *info,
			const struct ccg_secret *secret, const uint8_t *buf,
			size_t len, size_t stripped)
{
	const char *path = cmd->opt[READ_OUTPUT];
	char guid[CCG_GUID_TEXT];
	struct json_object *o, *item;

	if (ccg_file_save(cmd->ctx, path, buf, len))
		return fail(cmd);
	if (cmd->json) {
		o = out_json(cmd);
		secret_json_source(o, info);
		item = out_json_have(json_object_new_object());
		secret_json(item, info, secret);
		out_json_add(o, "secret", item);
		out_json_str(o, "output", path);
		out_json_int(o, "written", len);
		out_json_int(o, "stripped", stripped);
		out_json_print(cmd, o);
	} else {
		ccg_guid_format(&secret->guid, guid);
		out_result("%s: %zu bytes written to %s%s", guid, len, path,
			   stripped ? ", without the byte at the end" : "");
	}
	return 0;
}

static int run_read(struct cmd *cmd)
{
	const char *path = cmd->opt[READ_OUTPUT];
	const struct ccg_secret *secret;
	struct ccg_secrets *s = NULL;
	size_t len, n;
	uint8_t *buf;
	int status;

	status = secret_check_output(cmd, path, cmd->opt[READ_FORCE],
				     "use --output FILE, a pipe, or --force; secret show escapes them");
	if (status)
		return status;
	status = secret_open(cmd, false, &s);
	if (status)
		return status;
	if (ccg_secrets_find(s, cmd->argv[0], &secret) ||
	    ccg_secrets_read(s, secret, &buf, &len)) {
		status = fail(cmd);
	} else {
		n = cmd->opt[READ_STRIP] ? text_length(secret, buf, len) : len;
		if (path)
			status = read_to_file(cmd, ccg_secrets_info(s), secret,
					      buf, n, len - n);
		else
			status = out_bytes(buf, n);
		ccg_secret_free(buf);
	}
	ccg_secrets_close(s);
	return status;
}

const struct verb secret_read = {
	.name = "read",
	.args = "GUID",
	.summary = "Writes the bytes of a secret to standard output",
	.text =
"The bytes are unchanged. --strip omits the last byte if it is a NUL or a\n"
"newline. A passphrase that GRUB reads ends with a NUL, which is not a part of it:\n"
"  ccguest secret read --strip luks-key | cryptsetup open --key-file=- DEV NAME\n",
	.opts = read_opts,
	.n_opts = ARRAY_SIZE(read_opts),
	.min_args = 1,
	.max_args = 1,
	.takes_from = true,
	.run = run_read,
};
