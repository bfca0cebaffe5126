// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest report verify: the files that its options name
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <ccguest/cert.h>
#include <ccguest/file.h>
#include <ccguest/text.h>

#include "cmd_report_certs.h"
#include "out_json.h"

/* Limit for the length of the output of sev measure. */
#define LAUNCH_MAX	65536

static void add_list(struct report_certs *c, struct ccg_certs *list)
{
	struct ccg_certs *all = &c->all;

	c->lists = out_alloc(c->lists, (c->n_lists + 1) * sizeof(*c->lists));
	c->lists[c->n_lists++] = list;
	all->certs = out_alloc(all->certs,
			       (all->n + list->n) * sizeof(*all->certs));
	memcpy(all->certs + all->n, list->certs, list->n * sizeof(*list->certs));
	all->n += list->n;
}

static int add_dir(struct cmd *cmd, struct report_certs *c, const char *path)
{
	struct ccg_cert_dir *d;
	struct ccg_certs *list;
	int status = 0;

	if (ccg_cert_dir_open(cmd->ctx, path, &d))
		return fail(cmd);
	for (size_t i = 0; !status && i < d->n; i++) {
		if (ccg_cert_dir_load(d, i, &list))
			status = fail(cmd);
		else
			add_list(c, list);
	}
	ccg_cert_dir_free(d);
	return status;
}

int report_certs_add(struct cmd *cmd, struct report_certs *c, const char *path)
{
	struct ccg_certs *list;
	struct stat st;

	if (strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode))
		return add_dir(cmd, c, path);
	if (ccg_report_certs_load(cmd->ctx, path, &list))
		return fail(cmd);
	add_list(c, list);
	return 0;
}

int report_crls_add(struct cmd *cmd, struct report_certs *c, const char *path)
{
	uint8_t *der;
	size_t len;

	if (ccg_report_crl_load(cmd->ctx, path, &der, &len))
		return fail(cmd);
	c->crls = out_alloc(c->crls, (c->n_crls + 1) * sizeof(*c->crls));
	c->crls[c->n_crls++] = (struct ccg_bytes) { der, len };
	return 0;
}

void report_certs_free(struct report_certs *c)
{
	for (size_t i = 0; i < c->n_lists; i++)
		ccg_certs_free(c->lists[i]);
	for (size_t i = 0; i < c->n_crls; i++)
		free((void *)(uintptr_t)c->crls[i].p);
	free(c->lists);
	free(c->crls);
	free(c->all.certs);
}

/* ---- the launch digest ---- */

static bool take_digest(const char *text, char hex[97])
{
	uint8_t digest[48];
	size_t n;

	if (ccg_unhex(text, digest, sizeof(digest), &n) || n != sizeof(digest))
		return false;
	ccg_hex(digest, n, hex);
	return true;
}

/* With --json, the output has the digest as a member. */
static bool from_json(const char *text, char hex[97])
{
	struct json_object *o = json_tokener_parse(text), *kind, *digest;
	bool good = o && json_object_is_type(o, json_type_object) &&
		    json_object_object_get_ex(o, "kind", &kind) &&
		    json_object_object_get_ex(o, "launch_digest", &digest) &&
		    json_object_is_type(kind, json_type_string) &&
		    !strcmp(json_object_get_string(kind), "snp") &&
		    json_object_is_type(digest, json_type_string) &&
		    take_digest(json_object_get_string(digest), hex);

	json_object_put(o);
	return good;
}

int report_launch_digest(struct cmd *cmd, const char *path, char hex[97])
{
	uint8_t *buf;
	size_t len;
	char *text;
	bool good;

	if (ccg_file_load(cmd->ctx, path, LAUNCH_MAX, &buf, &len))
		return fail(cmd);
	text = out_alloc(NULL, len + 1);
	memcpy(text, buf, len);
	ccg_wipe_free(buf, len);
	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	text[len] = '\0';
	good = strlen(text) == len &&
	       (*text == '{' ? from_json(text, hex) : take_digest(text, hex));
	free(text);
	if (good)
		return 0;
	out_error(path, "expected the launch digest of SNP, as ccguest sev measure snp prints it",
		  NULL);
	return CCG_FAILED;
}
