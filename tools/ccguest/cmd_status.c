// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest status
 */
#include <stdio.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/module.h>
#include <ccguest/status.h>

#include "cmd_status.h"
#include "out_json.h"
#include "out_table.h"

static const char *const module_states[] = {
	[CCG_MODULE_MISSING] = "missing",
	[CCG_MODULE_PRESENT] = "present",
	[CCG_MODULE_LOADED] = "loaded",
	[CCG_MODULE_BUILTIN] = "builtin",
};

static const enum out_color module_colors[] = {
	[CCG_MODULE_MISSING] = OUT_BAD,
	[CCG_MODULE_PRESENT] = OUT_WARN,
	[CCG_MODULE_LOADED] = OUT_GOOD,
	[CCG_MODULE_BUILTIN] = OUT_GOOD,
};

/* NULL for an unknown origin: "-" in a table, null in JSON. */
static const char *const origins[] = {
	[CCG_ORIGIN_OURS] = "ccguest",
	[CCG_ORIGIN_INTREE] = "in-tree",
	[CCG_ORIGIN_OTHER] = "other",
};

static const char *const tristates[] = {
	[CCG_ABSENT] = "absent",
	[CCG_PRESENT] = "present",
	[CCG_UNKNOWN] = "unknown",
};

/* Texts for: does the kernel require signatures of modules? */
static const char *const signatures[] = {
	[CCG_ABSENT] = "not required",
	[CCG_PRESENT] = "required",
	[CCG_UNKNOWN] = "unknown",
};

static const enum out_color tristate_colors[] = {
	[CCG_ABSENT] = OUT_PLAIN,
	[CCG_PRESENT] = OUT_GOOD,
	[CCG_UNKNOWN] = OUT_WARN,
};

static void print_modules(const struct ccg_status *st)
{
	static const char *const heads[] = {
		"MODULE", "STATE", "VERSION", "ORIGIN", "FILE",
	};
	struct out_table t;
	size_t i;

	out_table_init(&t, heads, ARRAY_SIZE(heads), 0);
	for (i = 0; i < st->n_modules; i++) {
		const struct ccg_module *m = &st->modules[i];

		out_cell(&t, 0, OUT_PLAIN, m->name);
		out_cell(&t, 1, module_colors[m->state],
			 module_states[m->state]);
		out_cell(&t, 2, OUT_PLAIN, m->version);
		out_cell(&t, 3, OUT_PLAIN, origins[m->origin]);
		out_cell(&t, 4, OUT_PLAIN, m->path);
	}
	out_table_print(&t);
}

static void print_facilities(const struct ccg_status *st)
{
	static const char *const heads[] = { "FACILITY", "STATE", "DETAIL" };
	struct out_table t;
	size_t i;

	out_table_init(&t, heads, ARRAY_SIZE(heads), 0);
	for (i = 0; i < st->n_facilities; i++) {
		const struct ccg_facility *f = &st->facilities[i];

		out_cell(&t, 0, OUT_PLAIN, f->name);
		out_cell(&t, 1, tristate_colors[f->state],
			 tristates[f->state]);
		out_cell(&t, 2, OUT_PLAIN, f->detail);
	}
	out_table_print(&t);
}

static void print_steps(const struct ccg_status *st)
{
	static const char *const heads[] = { "NEXT", "WHAT FOR" };
	struct out_table t;
	size_t i;

	if (!st->n_steps)
		return;
	printf("\n");
	out_table_init(&t, heads, ARRAY_SIZE(heads), 0);
	for (i = 0; i < st->n_steps; i++) {
		out_cell(&t, 0, OUT_PLAIN, st->steps[i].command);
		out_cell(&t, 1, OUT_PLAIN, st->steps[i].why);
	}
	out_table_print(&t);
}

static void print_text(const struct ccg_status *st)
{
	char kernel[256];
	struct out_table t;

	snprintf(kernel, sizeof(kernel), "%s (%s)", st->release, st->arch);
	out_table_init(&t, NULL, 2, 0);
	out_cell(&t, 0, OUT_PLAIN, "kernel");
	out_cell(&t, 1, OUT_PLAIN, kernel);
	out_cell(&t, 0, OUT_PLAIN, "efi");
	out_cell(&t, 1, OUT_PLAIN, st->efi ? "yes" : "no");
	out_cell(&t, 0, OUT_PLAIN, "securityfs");
	out_cell(&t, 1, st->securityfs ? OUT_PLAIN : OUT_BAD,
		 st->securityfs ? "mounted" : "not mounted");
	out_cell(&t, 0, OUT_PLAIN, "lockdown");
	out_cell(&t, 1, OUT_PLAIN, st->lockdown);
	out_cell(&t, 0, OUT_PLAIN, "signatures");
	out_cell(&t, 1, OUT_PLAIN, signatures[st->signatures]);
	out_table_print(&t);
	printf("\n");
	print_modules(st);
	printf("\n");
	print_facilities(st);
	print_steps(st);
}

/* Adds true or false, or null for an unknown state. */
static void json_tristate(struct json_object *o, const char *key,
			  enum ccg_tristate state)
{
	if (state == CCG_UNKNOWN)
		out_json_str(o, key, NULL);
	else
		out_json_bool(o, key, state == CCG_PRESENT);
}

static void json_module(struct json_object *item, const struct ccg_module *m)
{
	out_json_str(item, "name", m->name);
	out_json_str(item, "purpose", m->purpose);
	out_json_str(item, "state", module_states[m->state]);
	out_json_str(item, "version", m->version);
	out_json_str(item, "origin", origins[m->origin]);
	out_json_str(item, "file", m->path);
	out_json_str(item, "file_version", m->file_version);
	out_json_str(item, "file_origin", origins[m->file_origin]);
	json_tristate(item, "file_signed", m->is_signed);
	out_json_str(item, "file_signer", m->signer);
	out_json_str(item, "obstacle", m->advice.obstacle);
	out_json_str(item, "why", m->advice.obstacle ? m->advice.why : NULL);
}

static void print_json(const struct cmd *cmd, const struct ccg_status *st)
{
	struct json_object *o = out_json(cmd), *array, *item;
	size_t i;

	out_json_str(o, "version", ccg_version());
	item = out_json_have(json_object_new_object());
	out_json_str(item, "release", st->release);
	out_json_str(item, "arch", st->arch);
	out_json_add(o, "kernel", item);
	out_json_bool(o, "efi", st->efi);
	out_json_bool(o, "securityfs", st->securityfs);
	out_json_str(o, "lockdown", st->lockdown);
	json_tristate(o, "signatures_required", st->signatures);

	array = out_json_array(o, "modules");
	for (i = 0; i < st->n_modules; i++)
		json_module(out_json_item(array), &st->modules[i]);
	array = out_json_array(o, "facilities");
	for (i = 0; i < st->n_facilities; i++) {
		const struct ccg_facility *f = &st->facilities[i];

		item = out_json_item(array);
		out_json_str(item, "name", f->name);
		out_json_str(item, "state", tristates[f->state]);
		out_json_str(item, "detail", f->detail);
	}
	array = out_json_array(o, "next");
	for (i = 0; i < st->n_steps; i++) {
		item = out_json_item(array);
		out_json_str(item, "command", st->steps[i].command);
		out_json_str(item, "why", st->steps[i].why);
	}
	out_json_print(cmd, o);
}

static int run_status(struct cmd *cmd)
{
	struct ccg_status *st;

	if (ccg_status_get(cmd->ctx, &st))
		return fail(cmd);
	if (cmd->json)
		print_json(cmd, st);
	else
		print_text(st);
	ccg_status_free(st);
	return 0;
}

const struct verb status_verb = {
	.args = "",
	.summary = "Shows the state of this machine, and the next steps",
	.from_is_root = true,
	.run = run_status,
};
