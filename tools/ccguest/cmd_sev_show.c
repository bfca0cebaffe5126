// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev show
 */
#include <stdio.h>
#include <string.h>

#include <ccguest/platform.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "out_table.h"

/**
 * struct showing - what is shown
 * @cmd: the command
 * @p: the firmware
 * @json: the object, or NULL for text
 */
struct showing {
	struct cmd *cmd;
	struct ccg_platform *p;
	struct json_object *json;
};

static const char *const states[] = {
	[CCG_PLATFORM_UNINIT] = "uninitialized",
	[CCG_PLATFORM_INIT] = "initialized",
	[CCG_PLATFORM_WORKING] = "working",
};

/* Upper case, as sevctl prints it. */
static void id_text(const struct ccg_platform_id *id,
		    char text[2 * CCG_PLATFORM_ID_MAX + 1])
{
	for (size_t i = 0; i < id->len; i++)
		sprintf(text + 2 * i, "%02X", id->b[i]);
}

static int show_version(struct showing *s)
{
	struct ccg_platform_status st;
	char text[16];

	if (ccg_platform_status(s->p, &st))
		return fail(s->cmd);
	snprintf(text, sizeof(text), "%u.%u.%u", st.api_major, st.api_minor,
		 st.build);
	if (s->json)
		out_json_str(s->json, "version", text);
	else
		puts(text);
	return 0;
}

static int show_state(struct showing *s)
{
	struct ccg_platform_status st;

	if (ccg_platform_status(s->p, &st))
		return fail(s->cmd);
	if (s->json)
		out_json_str(s->json, "state", states[st.state]);
	else
		puts(states[st.state]);
	return 0;
}

static int show_guests(struct showing *s)
{
	struct ccg_platform_status st;

	if (ccg_platform_status(s->p, &st))
		return fail(s->cmd);
	if (s->json)
		out_json_int(s->json, "guests", st.guests);
	else
		printf("%u\n", st.guests);
	return 0;
}

static int show_flags(struct showing *s)
{
	struct json_object *array = NULL;
	struct ccg_platform_status st;

	if (ccg_platform_status(s->p, &st))
		return fail(s->cmd);
	if (s->json) {
		array = out_json_array(s->json, "flags");
		if (st.owned)
			out_json_str(array, NULL, "owned");
		if (st.es)
			out_json_str(array, NULL, "es");
		return 0;
	}
	printf("%s%s", st.owned ? "owned\n" : "", st.es ? "es\n" : "");
	return 0;
}

static int show_identifier(struct showing *s)
{
	char text[2 * CCG_PLATFORM_ID_MAX + 1] = "";
	struct ccg_platform_id id;

	if (ccg_platform_identify(s->p, &id))
		return fail(s->cmd);
	id_text(&id, text);
	if (s->json)
		out_json_str(s->json, "identifier", text);
	else
		puts(text);
	return 0;
}

static int show_cek_url(struct showing *s)
{
	struct ccg_platform_id id;
	char url[CCG_KDS_URL];

	if (ccg_platform_identify(s->p, &id))
		return fail(s->cmd);
	ccg_kds_cek_url(&id, url);
	if (s->json)
		out_json_str(s->json, "cek_url", url);
	else
		puts(url);
	return 0;
}

static const char *product(struct showing *s)
{
	struct ccg_host_cpu cpu;

	return ccg_host_cpu(s->cmd->ctx, &cpu) ? NULL : cpu.product;
}

static int show_vcek_url(struct showing *s)
{
	const char *name = product(s);
	struct ccg_platform_id id;
	struct ccg_snp_status st;
	char url[CCG_KDS_URL];

	if (ccg_platform_snp_status(s->p, &st) ||
	    ccg_platform_identify(s->p, &id))
		return fail(s->cmd);
	if (ccg_kds_vcek_url(name, &id, st.reported_tcb, url)) {
		out_error(name ? name : "processor",
			  "this processor has no VCEK that is known here", NULL);
		return CCG_UNSUPPORTED;
	}
	if (s->json)
		out_json_str(s->json, "vcek_url", url);
	else
		puts(url);
	return 0;
}

static void tcb_text(const char *name, uint64_t raw, char text[96])
{
	struct ccg_snp_tcb t;
	int n = 0;

	if (ccg_snp_tcb_parse(name, raw, &t)) {
		snprintf(text, 96, "0x%016llx", (unsigned long long)raw);
		return;
	}
	if (t.has & 1U << CCG_SNP_FMC)
		n = snprintf(text, 96, "FMC %u, ", t.svn[CCG_SNP_FMC]);
	snprintf(text + n, 96 - n,
		 "boot loader %u, TEE %u, SNP %u, microcode %u",
		 t.svn[CCG_SNP_BOOTLOADER], t.svn[CCG_SNP_TEE], t.svn[CCG_SNP_SNP],
		 t.svn[CCG_SNP_MICROCODE]);
}

static void snp_json(struct showing *s, const struct ccg_snp_status *st)
{
	struct json_object *o = out_json_have(json_object_new_object());
	char text[32];

	snprintf(text, sizeof(text), "%u.%u.%u", st->api_major, st->api_minor,
		 st->build);
	out_json_str(o, "version", text);
	out_json_str(o, "state", st->initialized ? "initialized" : "uninitialized");
	out_json_bool(o, "rmp_initialized", st->rmp);
	out_json_bool(o, "mask_chip_id", st->mask_chip_id);
	out_json_bool(o, "mask_chip_key", st->mask_chip_key);
	out_json_bool(o, "vlek", st->vlek);
	out_json_hex(o, "flags", st->flags);
	out_json_int(o, "guests", st->guests);
	out_json_hex(o, "current_tcb", st->current_tcb);
	out_json_hex(o, "reported_tcb", st->reported_tcb);
	out_json_add(s->json, "snp", o);
}

static const char *yes(bool b)
{
	return b ? "yes" : "no";
}

static int show_snp(struct showing *s)
{
	const char *name = product(s);
	struct ccg_snp_status st;
	struct out_table t;
	char tcb[96];

	if (ccg_platform_snp_status(s->p, &st))
		return fail(s->cmd);
	if (s->json) {
		snp_json(s, &st);
		return 0;
	}
	out_table_init(&t, NULL, 2, 0);
	out_row(&t, "version", OUT_PLAIN, "%u.%u.%u", st.api_major,
		st.api_minor, st.build);
	out_row(&t, "state", OUT_PLAIN, "%s",
		st.initialized ? "initialized" : "uninitialized");
	out_row(&t, "RMP initialized", OUT_PLAIN, "%s", yes(st.rmp));
	out_row(&t, "chip identifier masked", OUT_PLAIN, "%s", yes(st.mask_chip_id));
	out_row(&t, "chip key masked", OUT_PLAIN, "%s", yes(st.mask_chip_key));
	out_row(&t, "VLEK", OUT_PLAIN, "%s", yes(st.vlek));
	out_row(&t, "guests", OUT_PLAIN, "%u", st.guests);
	tcb_text(name, st.current_tcb, tcb);
	out_row(&t, "current TCB", OUT_PLAIN, "%s", tcb);
	tcb_text(name, st.reported_tcb, tcb);
	out_row(&t, "reported TCB", OUT_PLAIN, "%s", tcb);
	out_table_print(&t);
	return 0;
}

static const struct {
	const char *name;
	int (*show)(struct showing *s);
} subjects[] = {
	{ "version", show_version },
	{ "state", show_state },
	{ "flags", show_flags },
	{ "guests", show_guests },
	{ "identifier", show_identifier },
	{ "cek-url", show_cek_url },
	{ "snp-status", show_snp },
	{ "vcek-url", show_vcek_url },
};

static int run_show(struct cmd *cmd)
{
	struct showing s = { .cmd = cmd };
	size_t i = 0;
	int status;

	while (i < ARRAY_SIZE(subjects) && strcmp(subjects[i].name, cmd->argv[0]))
		i++;
	if (i == ARRAY_SIZE(subjects))
		return usage_error(cmd, cmd->argv[0], "is unknown");
	if (ccg_platform_open(cmd->ctx, &s.p))
		return fail(cmd);
	if (cmd->json)
		s.json = out_json(cmd);
	status = subjects[i].show(&s);
	if (s.json && !status)
		out_json_print(cmd, s.json);
	else if (s.json)
		json_object_put(s.json);
	ccg_platform_close(s.p);
	return status;
}

const struct verb sev_show = {
	.name = "show",
	.args = "version | state | flags | guests | identifier | cek-url | snp-status | vcek-url",
	.summary = "Prints what the firmware of this host tells",
	.text =
"The URLs are those of AMD's key server, for the certificates of the CEK and of\n"
"the VCEK. ccguest does not use the network.\n",
	.min_args = 1,
	.max_args = 1,
	.run = run_show,
};
