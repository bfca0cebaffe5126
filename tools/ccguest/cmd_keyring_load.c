// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest keyring load
 */
#include <errno.h>

#include <ccguest/cert.h>
#include <ccguest/policy.h>

#include "cmd_keyring.h"

enum { LOAD_KEYRING, LOAD_DIR, LOAD_POLICY };

static const struct opt load_opts[] = {
	[LOAD_KEYRING] = KEYRING_OPT,
	[LOAD_DIR] = {
		"dir", 0, "DIR", "read the files of DIR instead"
	},
	[LOAD_POLICY] = {
		"policy", 0, "FILE", "read the policy for devices from FILE"
	},
};

static void use_file(void *arg, const char *path, struct ccg_certs *certs)
{
	keyring_add_certs(arg, path, certs);
}

static void policy_json(struct json_object *o, const char *path,
			const struct ccg_policy *p, int32_t id, bool replaced)
{
	struct json_object *item = out_json_have(json_object_new_object());

	out_json_str(item, "file", path);
	out_json_int(item, "rules", ccg_policy_rules(p));
	keyring_json_id(item, id);
	out_json_bool(item, "replaced", replaced);
	out_json_add(o, "policy", item);
}

static void add_policy(struct keyring_adding *a, const char *path,
		       const struct ccg_policy *p)
{
	bool replaced;
	int32_t id;

	if (ccg_keyring_add_policy(a->k, p, &id, &replaced)) {
		keyring_note_failure(a);
		return;
	}
	a->n++;
	if (a->o)
		policy_json(a->o, path, p, id, replaced);
	else
		out_result("%s 0x%08x %s (%zu rule%s)",
			   replaced ? "replaced" : "added", (unsigned int)id,
			   path, ccg_policy_rules(p),
			   ccg_policy_rules(p) == 1 ? "" : "s");
}

/*
 * The policy comes first: no certificate is trusted under an older one. This
 * machine's file need not exist, and is not for another keyring or directory.
 */
static void load_policy(struct keyring_adding *a)
{
	const char *path = a->cmd->opt[LOAD_POLICY];
	struct ccg_policy *p = NULL;
	int rc;

	if (!path && (a->cmd->opt[LOAD_DIR] || a->cmd->opt[LOAD_KEYRING]))
		return;
	rc = ccg_policy_load(a->cmd->ctx, path, &p);
	if (rc == -ENOENT && !path)
		return;
	if (rc)
		keyring_note_failure(a);
	else
		add_policy(a, path ? path : CCG_POLICY_FILE, p);
	ccg_policy_free(p);
}

static int run_load(struct cmd *cmd)
{
	struct ccg_cert_dir *d = NULL;
	struct keyring_adding a;
	int status;

	if (ccg_cert_dir_open(cmd->ctx, cmd->opt[LOAD_DIR], &d))
		return fail(cmd);
	status = keyring_start_adding(&a, cmd, LOAD_KEYRING);
	if (status) {
		ccg_cert_dir_free(d);
		return status;
	}
	load_policy(&a);
	status = keyring_each_file(cmd, d, use_file, &a);
	if (!a.status)
		a.status = status;
	if (!d->n)
		out_note("%s: no file whose name ends in .der or .pem",
			 cmd->opt[LOAD_DIR] ? cmd->opt[LOAD_DIR] : CCG_CMA_DIR);
	ccg_cert_dir_free(d);
	return keyring_end_adding(&a);
}

const struct verb keyring_load = {
	.name = "load",
	.args = "",
	.summary = "Adds the certificates in " CCG_CMA_DIR ", and the policy",
	.text =
"All files of the directory whose names end in .der or .pem are read, and the\n"
"policy for devices in " CCG_POLICY_FILE ", if it exists.\n",
	.opts = load_opts,
	.n_opts = ARRAY_SIZE(load_opts),
	.run = run_load,
};
