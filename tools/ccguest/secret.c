// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest secret: list, show, read, wipe, build
 *
 * No byte of a secret goes into JSON or comes from the command line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out.h"
#include "secret_table.h"

static void more_help(void)
{
	const struct ccg_known *k;
	char left[64];
	size_t i;

	printf("\nNames that may stand for a GUID:\n");
	for (i = 0; (k = ccg_known_at(i)); i++) {
		snprintf(left, sizeof(left), "%s%s%s", k->name,
			 k->alias ? ", " : "", k->alias ? k->alias : "");
		printf("  %-26s %s\n", left, k->guid);
	}
}

static const char *secret_name(const struct ccg_secret *secret)
{
	return secret->known ? secret->known->name : NULL;
}

static int open_secrets(struct cmd *cmd, bool writable,
			struct ccg_secrets **sp)
{
	if (ccg_no_core_dumps(cmd->ctx) ||
	    ccg_secrets_open(cmd->ctx, cmd->from, writable, sp))
		return fail(cmd);
	out_lock(cmd->ctx);
	return 0;
}

/* ---- what list, show, read and wipe print of a secret ---- */

static void json_source(struct json_object *o,
			const struct ccg_secrets_info *info)
{
	struct json_object *src = out_json_have(json_object_new_object());

	out_json_str(src, "kind", info->live ? "securityfs" : "file");
	out_json_str(src, "path", info->path);
	if (!info->live) {
		out_json_int(src, "area_size", info->area_len);
		out_json_int(src, "table_length", info->table_len);
	}
	out_json_add(o, "source", src);
}

static void json_secret(struct json_object *item,
			const struct ccg_secrets_info *info,
			const struct ccg_secret *secret)
{
	char guid[CCG_GUID_TEXT], mode[8];

	ccg_guid_format(&secret->guid, guid);
	out_json_str(item, "guid", guid);
	out_json_str(item, "name", secret_name(secret));
	if (secret->size_known)
		out_json_int(item, "size", secret->size);
	else
		out_json_str(item, "size", NULL);
	if (info->live) {
		snprintf(mode, sizeof(mode), "%04o", secret->mode);
		out_json_str(item, "mode", mode);
	} else {
		out_json_int(item, "entry", secret->index);
		out_json_int(item, "offset", secret->offset);
	}
}

/* What show adds to that. */
static void json_purpose(struct json_object *item,
			 const struct ccg_known *known)
{
	out_json_str(item, "alias", known ? known->alias : NULL);
	out_json_str(item, "purpose", known ? known->purpose : NULL);
	out_json_str(item, "consumer", known ? known->consumer : NULL);
}

static void text_size(const struct ccg_secret *secret, char *text, size_t size)
{
	if (secret->size_known)
		snprintf(text, size, "%zu", secret->size);
	else
		snprintf(text, size, "?");
}

/* What is odd about the secrets as a whole. */
static void note_oddities(const struct cmd *cmd, const struct ccg_secrets *s)
{
	const struct ccg_secrets_info *info = ccg_secrets_info(s);
	const struct ccg_secret *secret;
	char guid[CCG_GUID_TEXT];
	const char *name;
	size_t i;

	for (i = 0; info->n_hidden && (secret = ccg_secrets_at(s, i)); i++) {
		if (!secret->hidden)
			continue;
		ccg_guid_format(&secret->guid, guid);
		out_note("%s: entry %zu at offset %zu is a hidden duplicate of %s",
			 info->path, secret->index, secret->offset, guid);
	}
	if (info->n_skipped)
		out_note("%s: skipped %zu that %s no secret%s", info->path,
			 info->n_skipped, info->n_skipped == 1 ? "is" : "are",
			 info->n_skipped == 1 ? "" : "s");
	if (!cmd->verbose)
		return;
	for (i = 0; (name = ccg_secrets_skipped_at(s, i)); i++)
		out_note("%s: skipped %s", info->path, name);
	if (info->n_deleted)
		out_note("%s: %zu deleted", info->path, info->n_deleted);
	if (info->n_trailing)
		out_note("%s: %zu bytes behind the last entry", info->path,
			 info->n_trailing);
}

/* ---- list ---- */

enum { LIST_NAMES };

static const struct opt list_opts[] = {
	[LIST_NAMES] = {
		"names", 0, NULL, "print only the GUIDs, one on a line"
	},
};

static void list_json(const struct cmd *cmd, const struct ccg_secrets *s)
{
	const struct ccg_secrets_info *info = ccg_secrets_info(s);
	struct json_object *o = out_json(cmd), *shown, *hidden;
	const struct ccg_secret *secret;
	size_t i;

	json_source(o, info);
	shown = out_json_array(o, "secrets");
	hidden = out_json_array(o, "hidden_duplicates");
	for (i = 0; (secret = ccg_secrets_at(s, i)); i++)
		json_secret(out_json_item(secret->hidden ? hidden : shown),
			    info, secret);
	out_json_int(o, "deleted", info->n_deleted);
	out_json_int(o, "trailing_bytes", info->n_trailing);
	out_json_int(o, "skipped", info->n_skipped);
	out_json_print(cmd, o);
}

static void list_text(const struct ccg_secrets *s)
{
	static const char *const heads[] = { "GUID", "NAME", "SIZE", "MODE" };
	static const char *const file_heads[] = {
		"GUID", "NAME", "SIZE", "OFFSET",
	};
	const struct ccg_secrets_info *info = ccg_secrets_info(s);
	char guid[CCG_GUID_TEXT], text[32];
	const struct ccg_secret *secret;
	struct out_table t;
	size_t i;

	out_table_init(&t, info->live ? heads : file_heads, ARRAY_SIZE(heads),
		       1 << 2 | (info->live ? 0 : 1 << 3));
	for (i = 0; (secret = ccg_secrets_at(s, i)); i++) {
		if (secret->hidden)
			continue;
		ccg_guid_format(&secret->guid, guid);
		out_cell(&t, 0, OUT_PLAIN, guid);
		out_cell(&t, 1, OUT_PLAIN, secret_name(secret));
		text_size(secret, text, sizeof(text));
		out_cell(&t, 2, OUT_PLAIN, text);
		if (info->live)
			snprintf(text, sizeof(text), "%04o", secret->mode);
		else
			snprintf(text, sizeof(text), "%zu",
				 secret->offset);
		out_cell(&t, 3, OUT_PLAIN, text);
	}
	out_table_print(&t);
}

static void list_names(const struct ccg_secrets *s)
{
	const struct ccg_secret *secret;
	char guid[CCG_GUID_TEXT];
	size_t i;

	for (i = 0; (secret = ccg_secrets_at(s, i)); i++) {
		if (secret->hidden)
			continue;
		ccg_guid_format(&secret->guid, guid);
		puts(guid);
	}
}

static int run_list(struct cmd *cmd)
{
	struct ccg_secrets *s = NULL;
	int status;

	if (cmd->json && cmd->opt[LIST_NAMES])
		return usage_error(cmd, "--names", "is not for --json");
	status = open_secrets(cmd, false, &s);
	if (status)
		return status;

	note_oddities(cmd, s);
	if (cmd->json)
		list_json(cmd, s);
	else if (cmd->opt[LIST_NAMES])
		list_names(s);
	else if (ccg_secrets_info(s)->n)
		list_text(s);
	else
		out_note("no secrets");
	ccg_secrets_close(s);
	return 0;
}

/* ---- choosing secrets ---- */

/**
 * struct choice - the secrets that a verb works on
 * @secrets: the secrets
 * @n: number of them
 */
struct choice {
	const struct ccg_secret **secrets;
	size_t n;
};

static bool chosen(const struct choice *c, const struct ccg_secret *secret)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->secrets[i] == secret)
			return true;
	return false;
}

/* Those that the operands name, each once; without operands, all. */
static int choose(struct cmd *cmd, struct ccg_secrets *s, struct choice *c)
{
	const struct ccg_secret *secret;
	size_t i, n = ccg_secrets_info(s)->n;
	int arg;

	*c = (struct choice) {};
	c->secrets = out_alloc(NULL, (n + 1) * sizeof(struct ccg_secret *));
	if (!cmd->argc) {
		for (i = 0; (secret = ccg_secrets_at(s, i)); i++)
			if (!secret->hidden)
				c->secrets[c->n++] = secret;
		return 0;
	}
	for (arg = 0; arg < cmd->argc; arg++) {
		if (ccg_secrets_find(s, cmd->argv[arg], &secret)) {
			free(c->secrets);
			*c = (struct choice) {};
			return fail(cmd);
		}
		if (!chosen(c, secret))
			c->secrets[c->n++] = secret;
	}
	return 0;
}

/* ---- show ---- */

static void show_json(const struct cmd *cmd, const struct ccg_secrets *s,
		      const struct choice *c)
{
	const struct ccg_secrets_info *info = ccg_secrets_info(s);
	struct json_object *o = out_json(cmd), *array, *item;
	size_t i;

	json_source(o, info);
	array = out_json_array(o, "secrets");
	for (i = 0; i < c->n; i++) {
		item = out_json_item(array);
		json_secret(item, info, c->secrets[i]);
		json_purpose(item, c->secrets[i]->known);
	}
	out_json_print(cmd, o);
}

static void show_text(const struct ccg_secrets_info *info,
		      const struct ccg_secret *secret, const uint8_t *buf,
		      size_t len)
{
	const struct ccg_known *k = secret->known;
	char guid[CCG_GUID_TEXT];

	ccg_guid_format(&secret->guid, guid);
	out_colored(OUT_BOLD, guid);
	printf("\n");
	if (k) {
		printf("  name      %s%s%s\n", k->name,
		       k->alias ? ", " : "", k->alias ? k->alias : "");
		printf("  purpose   %s\n", k->purpose);
		printf("  consumer  %s\n", k->consumer);
	}
	printf("  size      %zu\n", len);
	if (info->live)
		printf("  mode      %04o\n", secret->mode);
	else
		printf("  offset    %zu (entry %zu)\n", secret->offset,
		       secret->index);
	out_dump(buf, len);
}

static int run_show(struct cmd *cmd)
{
	const struct ccg_secrets_info *info;
	struct ccg_secrets *s = NULL;
	struct choice c;
	int status;
	size_t i;

	status = open_secrets(cmd, false, &s);
	if (status)
		return status;
	info = ccg_secrets_info(s);
	note_oddities(cmd, s);
	status = choose(cmd, s, &c);
	if (status) {
		ccg_secrets_close(s);
		return status;
	}

	if (cmd->json) {
		show_json(cmd, s, &c);
	} else {
		if (!c.n)
			out_note("no secrets");
		for (i = 0; i < c.n; i++) {
			uint8_t *buf;
			size_t len;

			if (ccg_secrets_read(s, c.secrets[i], &buf, &len)) {
				status = fail(cmd);
				continue;
			}
			if (i)
				printf("\n");
			show_text(info, c.secrets[i], buf, len);
			ccg_secret_free(buf);
		}
	}
	free(c.secrets);
	ccg_secrets_close(s);
	return status;
}

/* Secrets are put into no JSON, and only by --force onto a terminal. */
static int check_output(struct cmd *cmd, const char *path, bool force,
			const char *hint)
{
	if (cmd->json && !path)
		return usage_error(cmd, "--json",
				   "the bytes of a secret are never put into JSON, use it with --output");
	if (path && !*path)
		return usage_error(cmd, "--output", "needs the name of a file");
	if (path || force || !isatty(STDOUT_FILENO))
		return 0;
	out_error("standard output",
		  "is a terminal, the bytes of a secret could do anything to it",
		  hint);
	return CCG_USAGE;
}

/* ---- read ---- */

enum { READ_OUTPUT, READ_STRIP, READ_FORCE };

static const struct opt read_opts[] = {
	[READ_OUTPUT] = {
		"output", 'o', "FILE", "write into FILE, with mode 0600"
	},
	[READ_STRIP] = {
		"strip", 0, NULL, "without the NUL or the newline at the end"
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
 * One byte at most: what GRUB takes for the passphrase may end in a newline,
 * and a key of random bytes in anything. Says so where the rest looks odd.
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

/* @stripped: how many bytes were behind those in @buf */
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
		json_source(o, info);
		item = out_json_have(json_object_new_object());
		json_secret(item, info, secret);
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

	status = check_output(cmd, path, cmd->opt[READ_FORCE],
			      "use --output FILE, a pipe, or --force; secret show escapes them");
	if (status)
		return status;
	status = open_secrets(cmd, false, &s);
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

/* ---- wipe ---- */

enum { WIPE_ALL };

static const struct opt wipe_opts[] = {
	[WIPE_ALL] = { "all", 0, NULL, "wipe all secrets" },
};

static void wipe_text(const struct ccg_secret *secret)
{
	const char *name = secret_name(secret);
	char guid[CCG_GUID_TEXT], size[32];

	ccg_guid_format(&secret->guid, guid);
	text_size(secret, size, sizeof(size));
	out_result("wiped %s (%s%s%s bytes)", guid, name ? name : "",
		   name ? ", " : "", size);
}

static int wipe_chosen(struct cmd *cmd, struct ccg_secrets *s,
		       const struct choice *c)
{
	const struct ccg_secrets_info *info = ccg_secrets_info(s);
	struct json_object *o = NULL, *array = NULL, *item;
	int status = 0, one;
	size_t i;

	if (cmd->json) {
		o = out_json(cmd);
		json_source(o, info);
		array = out_json_array(o, "secrets");
	}
	/* One that fails must not keep the others from being wiped. */
	for (i = 0; i < c->n; i++) {
		one = 0;
		if (ccg_secrets_wipe(s, c->secrets[i])) {
			one = fail(cmd);
			if (!status)
				status = one;
		}
		if (cmd->json) {
			item = out_json_item(array);
			json_secret(item, info, c->secrets[i]);
			out_json_bool(item, "wiped", !one);
		} else if (!one) {
			wipe_text(c->secrets[i]);
		}
	}
	if (cmd->json)
		out_json_print(cmd, o);
	return status;
}

static int run_wipe(struct cmd *cmd)
{
	struct ccg_secrets *s = NULL;
	struct choice c;
	int status;

	if (!cmd->argc && !cmd->opt[WIPE_ALL])
		return usage_error(cmd, "wipe",
				   "needs the GUIDs of secrets, or --all");
	if (cmd->argc && cmd->opt[WIPE_ALL])
		return usage_error(cmd, cmd->argv[0], "not together with --all");

	status = open_secrets(cmd, true, &s);
	if (status)
		return status;
	/* All names are looked up before the first secret goes. */
	status = choose(cmd, s, &c);
	if (!status) {
		if (!c.n)
			out_note("no secrets");
		status = wipe_chosen(cmd, s, &c);
		free(c.secrets);
	}
	ccg_secrets_close(s);
	return status;
}

/* ---- build ---- */

enum {
	BUILD_OUTPUT, BUILD_SIZE, BUILD_FORCE, BUILD_DUPLICATES, BUILD_ZERO,
};

static const struct opt build_opts[] = {
	[BUILD_OUTPUT] = {
		"output", 'o', "FILE", "write into FILE, with mode 0600"
	},
	[BUILD_SIZE] = {
		"size", 0, "N", "fill up with zeros to N bytes"
	},
	[BUILD_FORCE] = {
		"force", 0, NULL, "write the table to a terminal too"
	},
	[BUILD_DUPLICATES] = {
		"allow-duplicates", 0, NULL, "let a GUID be there twice"
	},
	[BUILD_ZERO] = {
		"allow-zero-guid", 0, NULL,
		"let the zero GUID be there, for tests"
	},
};

static int parse_size(struct cmd *cmd, size_t *sizep)
{
	const char *text = cmd->opt[BUILD_SIZE];
	unsigned long n;
	char *end;

	*sizep = 0;
	if (!text)
		return 0;
	errno = 0;
	n = strtoul(text, &end, 0);
	/* strtoul() takes a sign and blanks. */
	if (*text < '0' || *text > '9' || *end || errno || !n)
		return usage_error(cmd, text, "--size is a number of bytes");
	*sizep = n;
	return 0;
}

static int build_one(struct cmd *cmd, struct ccg_build *b, char *arg,
		     struct ccg_guid *guid, size_t *lenp)
{
	unsigned int flags = 0;
	char *file = strchr(arg, ':');
	uint8_t *buf;
	int rc;

	*file++ = '\0';
	if (cmd->opt[BUILD_DUPLICATES])
		flags |= CCG_BUILD_DUPLICATE;
	if (cmd->opt[BUILD_ZERO])
		flags |= CCG_BUILD_ZERO;
	if (ccg_guid_from_name(cmd->ctx, arg, guid) ||
	    ccg_secret_load(cmd->ctx, file, SECRET_AREA_MAX, &buf, lenp))
		return fail(cmd);
	rc = ccg_build_add(b, guid, buf, *lenp, flags);
	ccg_secret_free(buf);
	return rc ? fail(cmd) : 0;
}

static void build_json_item(struct json_object *array,
			    const struct ccg_guid *guid, size_t len)
{
	const struct ccg_known *known = ccg_known_by_guid(guid);
	struct json_object *item = out_json_item(array);
	char text[CCG_GUID_TEXT];

	ccg_guid_format(guid, text);
	out_json_str(item, "guid", text);
	out_json_str(item, "name", known ? known->name : NULL);
	out_json_int(item, "size", len);
}

static int build_write(struct cmd *cmd, struct ccg_build *b, size_t size,
		       struct json_object *array)
{
	const char *path = cmd->opt[BUILD_OUTPUT];
	size_t len, table_len;
	const uint8_t *buf;
	struct json_object *o;

	if (ccg_build_finish(b, size, &buf, &len, &table_len))
		return fail(cmd);
	if (!path)
		return out_bytes(buf, len);
	if (ccg_file_save(cmd->ctx, path, buf, len))
		return fail(cmd);
	if (cmd->json) {
		o = out_json(cmd);
		out_json_str(o, "output", path);
		out_json_int(o, "table_length", table_len);
		out_json_int(o, "written", len);
		out_json_add(o, "secrets", json_object_get(array));
		out_json_print(cmd, o);
	} else {
		out_result("%s: %d secret%s, table of %zu bytes, %zu bytes written",
			   path, cmd->argc, cmd->argc == 1 ? "" : "s",
			   table_len, len);
	}
	return 0;
}

static int check_build_args(struct cmd *cmd)
{
	const char *path = cmd->opt[BUILD_OUTPUT], *file;
	bool have_stdin = false;
	int i;

	for (i = 0; i < cmd->argc; i++) {
		file = strchr(cmd->argv[i], ':');
		if (!file || !file[1])
			return usage_error(cmd, cmd->argv[i],
					   "is not of the form GUID:FILE");
		if (strcmp(file + 1, "-"))
			continue;
		if (have_stdin)
			return usage_error(cmd, cmd->argv[i],
					   "standard input can be read only once");
		have_stdin = true;
	}
	return check_output(cmd, path, cmd->opt[BUILD_FORCE],
			    "use --output FILE, a pipe, or --force");
}

static int run_build(struct cmd *cmd)
{
	struct json_object *array;
	struct ccg_build *b;
	struct ccg_guid guid = {};
	size_t size, len = 0;
	int i, status;

	status = check_build_args(cmd);
	if (!status)
		status = parse_size(cmd, &size);
	if (status)
		return status;
	if (ccg_no_core_dumps(cmd->ctx) || ccg_build_new(cmd->ctx, &b))
		return fail(cmd);

	array = out_json_have(json_object_new_array());
	for (i = 0; !status && i < cmd->argc; i++) {
		status = build_one(cmd, b, cmd->argv[i], &guid, &len);
		if (!status)
			build_json_item(array, &guid, len);
	}
	if (!status)
		status = build_write(cmd, b, size, array);
	json_object_put(array);
	ccg_build_free(b);
	return status;
}

static const struct verb secret_verbs[] = {
	{
		.name = "list",
		.args = "",
		.summary = "Lists the secrets, without their bytes",
		.opts = list_opts,
		.n_opts = ARRAY_SIZE(list_opts),
		.takes_from = true,
		.run = run_list,
	},
	{
		.name = "show",
		.args = "[GUID...]",
		.summary = "Shows secrets in hexadecimal and as text",
		.text =
"Without a GUID, all of them. With --json, what is known of them instead of\n"
"their bytes.\n",
		.max_args = -1,
		.takes_from = true,
		.run = run_show,
	},
	{
		.name = "read",
		.args = "GUID",
		.summary = "Writes the bytes of a secret to standard output",
		.text =
"Exactly as they are; with --strip, without the last byte if that is a NUL or a\n"
"newline. A passphrase that GRUB reads ends with a NUL, which is no part of it:\n"
"  ccguest secret read --strip luks-key | cryptsetup open --key-file=- DEV NAME\n",
		.opts = read_opts,
		.n_opts = ARRAY_SIZE(read_opts),
		.min_args = 1,
		.max_args = 1,
		.takes_from = true,
		.run = run_read,
	},
	{
		.name = "wipe",
		.args = "GUID... | --all",
		.summary = "Wipes secrets, for good",
		.text =
"The memory, or the part of the file, is overwritten with zeros. It does not\n"
"ask. With -F, duplicates that a secret hides are wiped with it.\n",
		.opts = wipe_opts,
		.n_opts = ARRAY_SIZE(wipe_opts),
		.max_args = -1,
		.takes_from = true,
		.run = run_wipe,
	},
	{
		.name = "build",
		.args = "GUID:FILE...",
		.summary = "Makes a secret table out of files",
		.text =
"FILE is - for standard input. The table is filled up with zeros to a multiple\n"
"of 16 bytes, as a launch-secret packet has to be.\n",
		.opts = build_opts,
		.n_opts = ARRAY_SIZE(build_opts),
		.min_args = 1,
		.max_args = -1,
		.run = run_build,
	},
};

const struct group secret_group = {
	.name = "secret",
	.summary = "Secrets that the guest's owner put in",
	.verbs = secret_verbs,
	.n_verbs = ARRAY_SIZE(secret_verbs),
	.more_help = more_help,
};
