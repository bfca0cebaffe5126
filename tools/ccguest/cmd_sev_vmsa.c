// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev vmsa
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/launch.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_launch.h"

/* The order from VMSA_CPU to VMSA_FORM is that of sev_vmsa_opts(). */
enum {
	VMSA_CPU, VMSA_VMM, VMSA_FEATURES, VMSA_FORM, VMSA_FIRMWARE, VMSA_INDEX,
};

static const struct opt vmsa_opts[] = {
	[VMSA_CPU] = {
		"cpu", 0, "CPU",
		"MODEL of QEMU, FAMILY/MODEL/STEPPING, sig:0x..., or host"
	},
	[VMSA_VMM] = { "vmm", 0, "VMM", "qemu (default), krun, ec2 or gce" },
	[VMSA_FEATURES] = { "features", 0, "N", "SEV_FEATURES; default 0" },
	[VMSA_FORM] = { "vmsa", 0, "FORM", "init2 (default) or legacy" },
	[VMSA_FIRMWARE] = {
		"firmware", 0, "FILE", "the firmware image, for its reset address"
	},
	[VMSA_INDEX] = {
		"index", 0, "N", "number of the virtual CPU; default 0"
	},
};

/* The reset address matters for all CPUs but the boot processor. */
static int read_reset(struct cmd *cmd, struct ccg_vmsa *v)
{
	const char *path = cmd->opt[VMSA_FIRMWARE];

	if (!path)
		return 0;
	return ccg_firmware_reset(cmd->ctx, path, &v->reset) ? fail(cmd) : 0;
}

static int parse_vmsa(struct cmd *cmd, bool need_cpu, struct ccg_vmsa *v)
{
	uint64_t index = 0;
	int status = option_number(cmd, VMSA_INDEX, 0,
				   CCG_LAUNCH_CPUS_MAX - 1, &index);

	if (status)
		return status;
	v->other = index;
	status = sev_vmsa_opts(cmd, VMSA_CPU, need_cpu, v);
	return status ? status : read_reset(cmd, v);
}

static int save(struct cmd *cmd, const char *path, const uint8_t *page)
{
	struct json_object *o;

	if (ccg_file_save(cmd->ctx, path, page, CCG_VMSA_LEN))
		return fail(cmd);
	if (cmd->json) {
		o = out_json(cmd);
		out_json_str(o, "output", path);
		out_json_print(cmd, o);
	}
	return 0;
}

static int load(struct cmd *cmd, const char *path, uint8_t *page)
{
	uint8_t *file;
	size_t len;

	if (ccg_file_load(cmd->ctx, path, CCG_VMSA_LEN, &file, &len))
		return fail(cmd);
	if (len == CCG_VMSA_LEN)
		memcpy(page, file, len);
	free(file);
	if (len == CCG_VMSA_LEN)
		return 0;
	out_error(path, "is not a VMSA: expected 4096 bytes", NULL);
	return CCG_FAILED;
}

static int run_build(struct cmd *cmd)
{
	uint8_t page[CCG_VMSA_LEN];
	struct ccg_vmsa v = {};
	int status = parse_vmsa(cmd, true, &v);

	if (status)
		return status;
	if (v.other && v.vmm != CCG_VMM_KRUN && !cmd->opt[VMSA_FIRMWARE])
		return usage_error(cmd, "--firmware",
				   "is required: only the boot processor starts at a fixed address");
	ccg_vmsa_build(&v, page);
	return save(cmd, cmd->argv[0], page);
}

static int run_update(struct cmd *cmd)
{
	uint8_t page[CCG_VMSA_LEN];
	struct ccg_vmsa v = {};
	unsigned int parts = 0;
	int status = parse_vmsa(cmd, false, &v);

	if (!status)
		status = load(cmd, cmd->argv[0], page);
	if (status)
		return status;
	/* As with sevctl, only other processors have the firmware's address. */
	if (cmd->opt[VMSA_FIRMWARE] && v.other)
		parts |= CCG_VMSA_RESET;
	if (cmd->opt[VMSA_CPU])
		parts |= CCG_VMSA_RDX;
	if (cmd->opt[VMSA_FEATURES])
		parts |= CCG_VMSA_FEATURES;
	if (cmd->opt[VMSA_FORM])
		parts |= CCG_VMSA_FORM;
	if (!parts)
		return usage_error(cmd, cmd->argv[0],
				   "give --cpu, --features, --vmsa, or --firmware with --index");
	ccg_vmsa_update(page, &v, parts);
	return save(cmd, cmd->argv[0], page);
}

static char *field_bytes(const uint8_t *page, const struct ccg_vmsa_field *f)
{
	char *hex = out_alloc(NULL, 2 * f->len + 1);

	ccg_hex(page + f->offset, f->len, hex);
	return hex;
}

static bool is_zero(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i])
			return false;
	return true;
}

static void print_field(const uint8_t *page, const struct ccg_vmsa_field *f)
{
	char *text;

	printf("0x%03zx  %-17s ", f->offset, f->name ? f->name : "-");
	if (f->segment) {
		printf("selector 0x%04x attrib 0x%04x limit 0x%08x base 0x%llx\n",
		       f->selector, f->attrib, f->limit,
		       (unsigned long long)f->value);
		return;
	}
	if (f->name && !strcmp(f->name, "sev_features"))
		text = sev_features_text(f->value);
	else if (f->name && f->len <= 8)
		text = NULL;
	else
		text = field_bytes(page, f);
	if (text)
		printf("%s\n", text);
	else
		printf("0x%llx\n", (unsigned long long)f->value);
	free(text);
}

static void json_field(struct json_object *array, const uint8_t *page,
		       const struct ccg_vmsa_field *f)
{
	struct json_object *item = out_json_item(array);
	char *hex;

	out_json_str(item, "name", f->name);
	out_json_hex(item, "offset", f->offset);
	if (f->segment) {
		out_json_hex(item, "selector", f->selector);
		out_json_hex(item, "attrib", f->attrib);
		out_json_hex(item, "limit", f->limit);
		out_json_hex(item, "base", f->value);
	} else if (f->name && f->len <= 8) {
		out_json_hex(item, "value", f->value);
	} else {
		hex = field_bytes(page, f);
		out_json_str(item, "bytes", hex);
		free(hex);
	}
}

/* JSON has all fields. */
static int run_show(struct cmd *cmd)
{
	struct json_object *o, *array;
	uint8_t page[CCG_VMSA_LEN];
	struct ccg_vmsa_field f;
	size_t pos = 0;
	int status = load(cmd, cmd->argv[0], page);

	if (status)
		return status;
	if (cmd->json) {
		o = out_json(cmd);
		array = out_json_array(o, "fields");
		while (ccg_vmsa_next(page, &pos, &f))
			json_field(array, page, &f);
		out_json_print(cmd, o);
		return 0;
	}
	while (ccg_vmsa_next(page, &pos, &f))
		if (cmd->verbose || !is_zero(page + f.offset, f.len))
			print_field(page, &f);
	return 0;
}

const struct verb sev_vmsa_build = {
	.name = "vmsa build",
	.args = "FILE",
	.summary = "Makes a page with the registers of a virtual CPU",
	.opts = vmsa_opts,
	.n_opts = ARRAY_SIZE(vmsa_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_build,
};

const struct verb sev_vmsa_show = {
	.name = "vmsa show",
	.args = "FILE",
	.summary = "Prints a page with the registers of a virtual CPU",
	.text = "With -v, fields that are zero are printed too.\n",
	.min_args = 1,
	.max_args = 1,
	.run = run_show,
};

const struct verb sev_vmsa_update = {
	.name = "vmsa update",
	.args = "FILE",
	.summary = "Changes a page with the registers of a virtual CPU",
	.text = "Changes only what options are given for.\n",
	.opts = vmsa_opts,
	.n_opts = ARRAY_SIZE(vmsa_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_update,
};
