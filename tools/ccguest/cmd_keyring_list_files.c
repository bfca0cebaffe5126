// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest keyring list -F
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <ccguest/cert.h>

#include "cmd_keyring.h"
#include "out_table.h"

/**
 * struct listing - certificates that are being listed
 * @cmd: the command
 * @table: the table that is printed, unless @array is set
 * @array: the array of certificates in the JSON object, or NULL
 * @n: number of certificates so far
 * @status: the exit status
 */
struct listing {
	struct cmd *cmd;
	struct out_table table;
	struct json_object *array;
	size_t n;
	int status;
};

static void list_row(struct listing *l, const char *path,
		     const struct ccg_cert *cert)
{
	char digits[80];

	snprintf(digits, sizeof(digits), "sha256:%.*s",
		 l->cmd->verbose ? 64 : 16, cert->fingerprint);
	out_cell(&l->table, 0, OUT_PLAIN, path);
	out_cell(&l->table, 1, OUT_PLAIN, cert->key);
	out_cell(&l->table, 2,
		 cert->time == CCG_CERT_IN_TIME ? OUT_PLAIN : OUT_BAD,
		 cert->not_after);
	out_cell(&l->table, 3, OUT_PLAIN, digits);
	out_cell(&l->table, 4, OUT_PLAIN, cert->subject);
}

static void list_certs(void *arg, const char *path, struct ccg_certs *certs)
{
	struct listing *l = arg;

	for (size_t i = 0; i < certs->n; i++) {
		keyring_note_cert(path, &certs->certs[i]);
		if (l->array)
			keyring_json_cert(out_json_item(l->array), path,
					  &certs->certs[i]);
		else
			list_row(l, path, &certs->certs[i]);
	}
	l->n += certs->n;
	ccg_certs_free(certs);
}

static void list_dir(struct listing *l)
{
	struct ccg_cert_dir *d = NULL;

	if (ccg_cert_dir_open(l->cmd->ctx, l->cmd->from, &d)) {
		l->status = fail(l->cmd);
		return;
	}
	l->status = keyring_each_file(l->cmd, d, list_certs, l);
	if (!d->n)
		out_note("%s: no file whose name ends in .der or .pem",
			 l->cmd->from);
	ccg_cert_dir_free(d);
}

static void list_file(struct listing *l)
{
	struct ccg_certs *certs = NULL;

	if (ccg_certs_load(l->cmd->ctx, l->cmd->from, &certs))
		l->status = fail(l->cmd);
	else
		list_certs(l, l->cmd->from, certs);
}

static bool is_directory(const char *path)
{
	struct stat st;

	return strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode);
}

int keyring_list_files(struct cmd *cmd)
{
	static const char *const heads[] = {
		"FILE", "KEY", "NOT AFTER", "FINGERPRINT", "SUBJECT",
	};
	struct listing l = { .cmd = cmd };
	struct json_object *o = NULL;

	if (cmd->json) {
		o = out_json(cmd);
		out_json_str(o, "from", cmd->from);
		l.array = out_json_array(o, "certificates");
	}
	out_table_init(&l.table, heads, ARRAY_SIZE(heads), 0);
	if (is_directory(cmd->from))
		list_dir(&l);
	else
		list_file(&l);
	if (o)
		out_json_print(cmd, o);
	else if (l.n)
		out_table_print(&l.table);
	return l.status;
}
