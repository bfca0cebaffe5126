// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest keyring: functions that several verbs share
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ccguest/cert.h>
#include <ccguest/keyring.h>

#include "cmd_keyring.h"

int keyring_open(struct cmd *cmd, size_t opt, struct ccg_keyring **kp)
{
	if (ccg_keyring_open(cmd->ctx, cmd->opt[opt], kp))
		return fail(cmd);
	return 0;
}

void keyring_id_text(int32_t id, char *text, size_t size)
{
	snprintf(text, size, "0x%08x", (unsigned int)id);
}

void keyring_note_changed(void)
{
	out_note("next: ccguest device authenticate --all authenticates the devices again");
}

void keyring_json_id(struct json_object *o, int32_t id)
{
	char text[16];

	out_json_int(o, "id", (uint64_t)id);
	keyring_id_text(id, text, sizeof(text));
	out_json_str(o, "hex", text);
}

void keyring_json(struct json_object *o, const struct ccg_keyring *k)
{
	struct json_object *item = out_json_have(json_object_new_object());

	out_json_str(item, "name", ccg_keyring_name(k));
	keyring_json_id(item, ccg_keyring_id(k));
	out_json_add(o, "keyring", item);
}

const char *keyring_key_name(const struct ccg_key *key)
{
	return key->subject ? key->subject : strerror(-key->error);
}

void keyring_json_key(struct json_object *o, const struct ccg_key *key)
{
	keyring_json_id(o, key->id);
	out_json_str(o, "type", key->type);
	out_json_str(o, "subject", key->subject);
	out_json_str(o, "sha256", key->fingerprint);
	out_json_str(o, "key_id", key->key_id);
	out_json_str(o, "algorithm", key->algorithm);
	out_json_str(o, "expires", key->expires);
	out_json_bool(o, "limits_kept", key->certificate);
	out_json_str(o, "description", key->description);
	out_json_str(o, "error", key->error ? strerrorname_np(-key->error) :
					      NULL);
}

void keyring_json_cert(struct json_object *o, const char *path,
		       const struct ccg_cert *cert)
{
	out_json_str(o, "file", path);
	out_json_str(o, "subject", cert->subject);
	out_json_str(o, "sha256", cert->fingerprint);
	out_json_bool(o, "ca", cert->ca);
	out_json_str(o, "limits", cert->limits);
	out_json_str(o, "not_before", cert->not_before);
	out_json_str(o, "not_after", cert->not_after);
}

int keyring_each_file(struct cmd *cmd, struct ccg_cert_dir *d,
		      void (*use)(void *arg, const char *path,
				  struct ccg_certs *certs), void *arg)
{
	struct ccg_certs *certs = NULL;
	int status = 0, one;

	for (size_t i = 0; i < d->n; i++) {
		if (!ccg_cert_dir_load(d, i, &certs)) {
			use(arg, d->paths[i], certs);
			continue;
		}
		one = fail(cmd);
		if (!status)
			status = one;
	}
	return status;
}

void keyring_note_failure(struct keyring_adding *a)
{
	int status = fail(a->cmd);

	if (!a->status)
		a->status = status;
}

void keyring_note_cert(const char *path, const struct ccg_cert *cert)
{
	if (!cert->ca)
		out_note("%s: %s: not a CA: trusts only the device with this certificate",
			 path, cert->subject);
	if (cert->ca && !cert->cert_sign)
		out_note("%s: %s: has no keyCertSign: trusts only chains that contain it",
			 path, cert->subject);
	if (cert->time == CCG_CERT_EXPIRED)
		out_note("%s: %s: expired on %s", path, cert->subject,
			 cert->not_after);
	if (cert->time == CCG_CERT_NOT_YET)
		out_note("%s: %s: is not valid before %s", path, cert->subject,
			 cert->not_before);
}

/* Modules of an older version, and other keyrings, have only the key. */
static void note_limits(const char *path, const struct ccg_cert *cert,
			const struct ccg_key *key)
{
	if (cert->limits && !key->certificate)
		out_note("%s: %s: the kernel does not keep these limits: %s",
			 path, cert->subject, cert->limits);
}

static void add_one(struct keyring_adding *a, const char *path,
		    const struct ccg_cert *cert)
{
	const struct ccg_key *key = NULL;
	struct json_object *item;
	bool replaced = false;
	int rc;

	keyring_note_cert(path, cert);
	rc = ccg_keyring_add(a->k, cert, &key, &replaced);
	if (rc) {
		keyring_note_failure(a);
	} else {
		note_limits(path, cert, key);
		a->n++;
	}
	if (a->o) {
		item = out_json_item(a->array);
		keyring_json_cert(item, path, cert);
		out_json_bool(item, "added", !rc);
		if (!rc) {
			keyring_json_id(item, key->id);
			out_json_bool(item, "replaced", replaced);
			out_json_bool(item, "limits_kept", key->certificate);
		}
	} else if (!rc) {
		out_result("%s 0x%08x %s (%s, sha256:%s)",
			   replaced ? "replaced" : "added",
			   (unsigned int)key->id, cert->subject, cert->key, cert->fingerprint);
	}
}

void keyring_add_certs(struct keyring_adding *a, const char *path,
		       struct ccg_certs *certs)
{
	size_t i;

	for (i = 0; i < certs->n; i++)
		add_one(a, path, &certs->certs[i]);
	ccg_certs_free(certs);
}

int keyring_start_adding(struct keyring_adding *a, struct cmd *cmd, size_t opt)
{
	int status;

	*a = (struct keyring_adding) { .cmd = cmd };
	status = keyring_open(cmd, opt, &a->k);
	if (status || !cmd->json)
		return status;
	a->o = out_json(cmd);
	keyring_json(a->o, a->k);
	a->array = out_json_array(a->o, "certificates");
	return 0;
}

int keyring_end_adding(struct keyring_adding *a)
{
	if (a->o)
		out_json_print(a->cmd, a->o);
	if (a->n)
		keyring_note_changed();
	ccg_keyring_close(a->k);
	return a->status;
}
