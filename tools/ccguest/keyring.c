// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest keyring: list, add, remove, load
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/cert.h>
#include <ccguest/keyring.h>

#include "out.h"

static const char again[] =
	"next: ccguest device authenticate --all authenticates the devices again";

static const char keyring_help[] = "the keyring, by name or number; .cma if not given";

/* ---- what all verbs need ---- */

static int open_keyring(struct cmd *cmd, size_t opt, struct ccg_keyring **kp)
{
	if (ccg_keyring_open(cmd->ctx, cmd->opt[opt], kp))
		return fail(cmd);
	return 0;
}

static void id_text(int32_t id, char *text, size_t size)
{
	snprintf(text, size, "0x%08x", (unsigned int)id);
}

static void json_id(struct json_object *o, int32_t id)
{
	char text[16];

	out_json_int(o, "id", (uint64_t)id);
	id_text(id, text, sizeof(text));
	out_json_str(o, "hex", text);
}

static void json_keyring(struct json_object *o, const struct ccg_keyring *k)
{
	struct json_object *item = out_json_have(json_object_new_object());

	out_json_str(item, "name", ccg_keyring_name(k));
	json_id(item, ccg_keyring_id(k));
	out_json_add(o, "keyring", item);
}

static const char *key_name(const struct ccg_key *key)
{
	return key->subject ? key->subject : strerror(-key->error);
}

/* ---- list ---- */

enum { LIST_KEYRING, LIST_IDS };

static const struct opt list_opts[] = {
	[LIST_KEYRING] = { "keyring", 0, "KEYRING", keyring_help },
	[LIST_IDS] = {
		"ids", 0, NULL, "print only the numbers, one on a line"
	},
};

static void json_key(struct json_object *o, const struct ccg_key *key)
{
	json_id(o, key->id);
	out_json_str(o, "type", key->type);
	out_json_str(o, "subject", key->subject);
	out_json_str(o, "sha256", key->fingerprint);
	out_json_str(o, "key_id", key->key_id);
	out_json_str(o, "algorithm", key->algorithm);
	out_json_str(o, "expires", key->expires);
	out_json_str(o, "description", key->description);
	out_json_str(o, "error", key->error ? strerrorname_np(-key->error) :
					      NULL);
}

static void list_json(const struct cmd *cmd, const struct ccg_keyring *k)
{
	struct json_object *o = out_json(cmd), *array;
	const struct ccg_key *key;
	size_t i;

	json_keyring(o, k);
	array = out_json_array(o, "keys");
	for (i = 0; (key = ccg_keyring_at(k, i)); i++)
		json_key(out_json_item(array), key);
	out_json_print(cmd, o);
}

/* So much of it as keyring remove takes, unless all is asked for. */
static void cell_print(struct out_table *t, const struct cmd *cmd,
		       const struct ccg_key *key)
{
	const char *digits = key->fingerprint ? key->fingerprint : key->key_id;
	char text[160];

	if (!digits) {
		out_cell(t, 3, OUT_PLAIN, NULL);
		return;
	}
	snprintf(text, sizeof(text), "%s%.*s",
		 key->fingerprint ? "sha256:" : "", cmd->verbose ? 128 : 16,
		 digits);
	out_cell(t, 3, OUT_PLAIN, text);
}

static void list_text(const struct cmd *cmd, const struct ccg_keyring *k)
{
	static const char *const heads[] = {
		"ID", "ALGORITHM", "EXPIRES", "FINGERPRINT", "SUBJECT",
	};
	const struct ccg_key *key;
	struct out_table t;
	char id[16];
	size_t i;

	out_table_init(&t, heads, ARRAY_SIZE(heads), 0);
	for (i = 0; (key = ccg_keyring_at(k, i)); i++) {
		bool gone = key->error ||
			    (key->expires && !strcmp(key->expires, "expired"));

		id_text(key->id, id, sizeof(id));
		out_cell(&t, 0, OUT_PLAIN, id);
		out_cell(&t, 1, OUT_PLAIN,
			 key->algorithm ? key->algorithm : key->type);
		out_cell(&t, 2, gone ? OUT_BAD : OUT_PLAIN, key->expires);
		cell_print(&t, cmd, key);
		out_cell(&t, 4, key->error ? OUT_BAD : OUT_PLAIN,
			 key_name(key));
	}
	out_table_print(&t);
}

static void list_ids(const struct ccg_keyring *k)
{
	const struct ccg_key *key;
	size_t i;

	for (i = 0; (key = ccg_keyring_at(k, i)); i++)
		printf("0x%08x\n", (unsigned int)key->id);
}

static int run_list(struct cmd *cmd)
{
	struct ccg_keyring *k = NULL;
	int status;

	if (cmd->json && cmd->opt[LIST_IDS])
		return usage_error(cmd, "--ids", "is not for --json");
	status = open_keyring(cmd, LIST_KEYRING, &k);
	if (status)
		return status;
	if (cmd->json)
		list_json(cmd, k);
	else if (cmd->opt[LIST_IDS])
		list_ids(k);
	else if (ccg_keyring_at(k, 0))
		list_text(cmd, k);
	else
		out_note("keyring %s is empty", ccg_keyring_name(k));
	ccg_keyring_close(k);
	return 0;
}

/* ---- add and load ---- */

/**
 * struct adding - certificates that are being added
 * @cmd: the command
 * @k: to this keyring
 * @o: JSON of the whole, or NULL
 * @array: JSON of the certificates
 * @n: how many have been added
 * @status: exit status so far
 */
struct adding {
	struct cmd *cmd;
	struct ccg_keyring *k;
	struct json_object *o;
	struct json_object *array;
	size_t n;
	int status;
};

/* The first failure says how it all ends, and the others go on. */
static void note_failure(struct adding *a)
{
	int status = fail(a->cmd);

	if (!a->status)
		a->status = status;
}

/* What is allowed, and yet may not be meant. */
static void note_certificate(const char *path, const struct ccg_cert *cert)
{
	if (!cert->ca)
		out_note("%s: %s: is no CA: it stands for itself, and vouches for no other",
			 path, cert->subject);
	if (cert->time == CCG_CERT_EXPIRED)
		out_note("%s: %s: expired on %s", path, cert->subject,
			 cert->not_after);
	if (cert->time == CCG_CERT_NOT_YET)
		out_note("%s: %s: is not valid before %s", path, cert->subject,
			 cert->not_before);
}

static void add_one(struct adding *a, const char *path,
		    const struct ccg_cert *cert)
{
	struct json_object *item;
	bool replaced = false;
	int32_t id = 0;
	int rc;

	note_certificate(path, cert);
	rc = ccg_keyring_add(a->k, cert, &id, &replaced);
	if (rc)
		note_failure(a);
	else
		a->n++;
	if (a->o) {
		item = out_json_item(a->array);
		out_json_str(item, "file", path);
		out_json_str(item, "subject", cert->subject);
		out_json_str(item, "sha256", cert->fingerprint);
		out_json_bool(item, "ca", cert->ca);
		out_json_str(item, "not_before", cert->not_before);
		out_json_str(item, "not_after", cert->not_after);
		out_json_bool(item, "added", !rc);
		if (!rc) {
			json_id(item, id);
			out_json_bool(item, "replaced", replaced);
		}
	} else if (!rc) {
		out_result("%s 0x%08x %s (%s, sha256:%s)",
			   replaced ? "replaced" : "added", (unsigned int)id,
			   cert->subject, cert->key, cert->fingerprint);
	}
}

static void add_all(struct adding *a, const char *path,
		    struct ccg_certs *certs)
{
	size_t i;

	for (i = 0; i < certs->n; i++)
		add_one(a, path, &certs->certs[i]);
	ccg_certs_free(certs);
}

static int start_adding(struct adding *a, struct cmd *cmd, size_t opt)
{
	int status;

	*a = (struct adding) { .cmd = cmd };
	status = open_keyring(cmd, opt, &a->k);
	if (status || !cmd->json)
		return status;
	a->o = out_json(cmd);
	json_keyring(a->o, a->k);
	a->array = out_json_array(a->o, "certificates");
	return 0;
}

static int end_adding(struct adding *a)
{
	if (a->o)
		out_json_print(a->cmd, a->o);
	if (a->n)
		out_note("%s", again);
	ccg_keyring_close(a->k);
	return a->status;
}

enum { ADD_KEYRING };

static const struct opt add_opts[] = {
	[ADD_KEYRING] = { "keyring", 0, "KEYRING", keyring_help },
};

static int run_add(struct cmd *cmd)
{
	struct ccg_certs *certs = NULL;
	struct adding a;
	int i, status;

	status = start_adding(&a, cmd, ADD_KEYRING);
	if (status)
		return status;
	for (i = 0; i < cmd->argc; i++) {
		if (ccg_certs_load(cmd->ctx, cmd->argv[i], &certs))
			note_failure(&a);
		else
			add_all(&a, cmd->argv[i], certs);
	}
	return end_adding(&a);
}

enum { LOAD_KEYRING, LOAD_DIR };

static const struct opt load_opts[] = {
	[LOAD_KEYRING] = { "keyring", 0, "KEYRING", keyring_help },
	[LOAD_DIR] = {
		"dir", 0, "DIR", "take the files of DIR instead"
	},
};

static int run_load(struct cmd *cmd)
{
	struct ccg_cert_dir *d = NULL;
	struct ccg_certs *certs = NULL;
	struct adding a;
	int status;
	size_t i;

	if (ccg_cert_dir_open(cmd->ctx, cmd->opt[LOAD_DIR], &d))
		return fail(cmd);
	status = start_adding(&a, cmd, LOAD_KEYRING);
	if (status) {
		ccg_cert_dir_free(d);
		return status;
	}
	for (i = 0; i < d->n; i++) {
		if (ccg_cert_dir_load(d, i, &certs))
			note_failure(&a);
		else
			add_all(&a, d->paths[i], certs);
	}
	if (!d->n)
		out_note("%s: no file whose name ends in .der or .pem",
			 cmd->opt[LOAD_DIR] ? cmd->opt[LOAD_DIR] : CCG_CMA_DIR);
	ccg_cert_dir_free(d);
	return end_adding(&a);
}

/* ---- remove ---- */

enum { REMOVE_KEYRING };

static const struct opt remove_opts[] = {
	[REMOVE_KEYRING] = { "keyring", 0, "KEYRING", keyring_help },
};

/* All are looked up before the first one goes. */
static int choose(struct cmd *cmd, struct ccg_keyring *k,
		  const struct ccg_key **keys)
{
	int i;

	for (i = 0; i < cmd->argc; i++)
		if (ccg_keyring_find(k, cmd->argv[i], &keys[i]))
			return fail(cmd);
	return 0;
}

static int remove_chosen(struct cmd *cmd, struct ccg_keyring *k,
			 const struct ccg_key *const *keys)
{
	struct json_object *o = NULL, *array = NULL, *item;
	int i, rc, status = 0;
	size_t n = 0;

	if (cmd->json) {
		o = out_json(cmd);
		json_keyring(o, k);
		array = out_json_array(o, "keys");
	}
	for (i = 0; i < cmd->argc; i++) {
		rc = ccg_keyring_remove(k, keys[i]);
		if (rc)
			status = status ? status : fail(cmd);
		else
			n++;
		if (cmd->json) {
			item = out_json_item(array);
			json_key(item, keys[i]);
			out_json_bool(item, "removed", !rc);
		} else if (!rc) {
			out_result("removed 0x%08x %s",
				   (unsigned int)keys[i]->id,
				   key_name(keys[i]));
		}
	}
	if (cmd->json)
		out_json_print(cmd, o);
	if (n)
		out_note("%s", again);
	return status;
}

static int run_remove(struct cmd *cmd)
{
	const struct ccg_key **keys;
	struct ccg_keyring *k = NULL;
	int status;

	status = open_keyring(cmd, REMOVE_KEYRING, &k);
	if (status)
		return status;
	keys = out_alloc(NULL, cmd->argc * sizeof(*keys));
	status = choose(cmd, k, keys);
	if (!status)
		status = remove_chosen(cmd, k, keys);
	free(keys);
	ccg_keyring_close(k);
	return status;
}

static const struct verb keyring_verbs[] = {
	{
		.name = "list",
		.args = "",
		.summary = "Lists the certificates that are trusted",
		.opts = list_opts,
		.n_opts = ARRAY_SIZE(list_opts),
		.run = run_list,
	},
	{
		.name = "add",
		.args = "FILE...",
		.summary = "Adds certificates from files, in DER or PEM",
		.text =
"FILE is - for standard input. All certificates of a file are added. A device is\n"
"authenticated if its chain has one of them or is signed by one of them.\n",
		.opts = add_opts,
		.n_opts = ARRAY_SIZE(add_opts),
		.min_args = 1,
		.max_args = -1,
		.run = run_add,
	},
	{
		.name = "remove",
		.args = "ID...",
		.summary = "Removes certificates",
		.text =
"ID is a number, the beginning of a fingerprint, or a subject, as list shows\n"
"them.\n",
		.opts = remove_opts,
		.n_opts = ARRAY_SIZE(remove_opts),
		.min_args = 1,
		.max_args = -1,
		.run = run_remove,
	},
	{
		.name = "load",
		.args = "",
		.summary = "Adds the certificates in " CCG_CMA_DIR,
		.text =
"That is, of all files there whose names end in .der or .pem.\n",
		.opts = load_opts,
		.n_opts = ARRAY_SIZE(load_opts),
		.run = run_load,
	},
};

const struct group keyring_group = {
	.name = "keyring",
	.summary = "Certificates that PCI devices are authenticated against",
	.verbs = keyring_verbs,
	.n_verbs = ARRAY_SIZE(keyring_verbs),
};
