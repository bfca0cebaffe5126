// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest report show
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/text.h>

#include "cmd_log.h"
#include "cmd_report.h"

/* The GUIDs of certificate tables have the order of RFC 4122. */
static void guid_text(const uint8_t guid[16], char text[CCG_GUID_TEXT])
{
	struct ccg_guid g = { {
		guid[3], guid[2], guid[1], guid[0], guid[5], guid[4], guid[7], guid[6],
		guid[8], guid[9], guid[10], guid[11], guid[12], guid[13], guid[14], guid[15],
	} };

	ccg_guid_format(&g, text);
}

/* ---- the certificate table ---- */

static void text_entry(struct out_table *t, const struct ccg_table_entry *e, size_t nr,
		       const struct ccg_cert *cert)
{
	char guid[CCG_GUID_TEXT], number[24];

	guid_text(e->guid, guid);
	out_cell(t, 0, OUT_PLAIN, e->name && !nr ? e->name : nr ? "" : guid);
	snprintf(number, sizeof(number), "%zu", e->offset);
	out_cell(t, 1, OUT_PLAIN, number);
	snprintf(number, sizeof(number), "%zu", e->len);
	out_cell(t, 2, OUT_PLAIN, number);
	out_cell(t, 3, OUT_PLAIN, cert ? cert->subject : NULL);
	out_cell(t, 4, cert && cert->time != CCG_CERT_IN_TIME ? OUT_WARN : OUT_PLAIN,
		 cert ? cert->not_after : NULL);
}

static void text_table(const struct ccg_report *r)
{
	static const char *const heads[] = { "ENTRY", "OFFSET", "BYTES", "SUBJECT", "VALID UNTIL" };
	const struct ccg_certs *certs = ccg_report_certs(r);
	const struct ccg_table_entry *e;
	struct out_table t;
	size_t n;

	e = ccg_report_table(r, &n);
	if (!n)
		return;
	if (ccg_report_kind(r) != CCG_REPORT_CERT_TABLE)
		printf("\n");
	out_table_init(&t, heads, ARRAY_SIZE(heads), 0x6);
	for (size_t i = 0; i < n; i++) {
		if (!e[i].n_certs)
			text_entry(&t, &e[i], 0, NULL);
		for (size_t k = 0; k < e[i].n_certs; k++)
			text_entry(&t, &e[i], k, &certs->certs[e[i].first_cert + k]);
	}
	out_table_print(&t);
}

static void json_cert(struct json_object *o, const struct ccg_cert *cert)
{
	out_json_str(o, "subject", cert->subject);
	out_json_str(o, "issuer", cert->issuer);
	out_json_str(o, "key", cert->key);
	out_json_str(o, "sha256", cert->fingerprint);
	out_json_str(o, "not_before", *cert->not_before ? cert->not_before : NULL);
	out_json_str(o, "not_after", *cert->not_after ? cert->not_after : NULL);
}

static void json_table(struct json_object *o, const struct ccg_report *r)
{
	struct json_object *array = out_json_array(o, "cert_table"), *item, *list;
	const struct ccg_certs *certs = ccg_report_certs(r);
	const struct ccg_table_entry *e;
	char guid[CCG_GUID_TEXT];
	size_t n;

	e = ccg_report_table(r, &n);
	for (size_t i = 0; i < n; i++) {
		guid_text(e[i].guid, guid);
		item = out_json_item(array);
		out_json_str(item, "guid", guid);
		out_json_str(item, "name", e[i].name);
		out_json_int(item, "offset", e[i].offset);
		out_json_int(item, "size", e[i].len);
		list = out_json_array(item, "certificates");
		for (size_t k = 0; k < e[i].n_certs; k++)
			json_cert(out_json_item(list), &certs->certs[e[i].first_cert + k]);
	}
}

/* ---- the blob of Azure ---- */

static const char *const hashes[] = { NULL, "sha256", "sha384", "sha512" };

static void text_azure(const struct ccg_azure *a, bool snp)
{
	char *data = out_alloc(NULL, a->runtime_data.len + 1);
	struct out_table t;

	/* A NUL would hide the rest. */
	for (size_t i = 0; i < a->runtime_data.len; i++)
		data[i] = a->runtime_data.p[i] ? a->runtime_data.p[i] : ' ';
	data[a->runtime_data.len] = '\0';
	out_table_init(&t, NULL, 2, 0);
	out_row(&t, "blob version", OUT_PLAIN, "%u", a->version);
	out_row(&t, "report", OUT_PLAIN, "%s", snp ? "SEV-SNP" : "TDREPORT of TDX");
	out_row(&t, "hash of the runtime data", OUT_PLAIN, "%s", hashes[a->hash_type]);
	if (snp)
		out_row(&t, "in the report data", a->bound ? OUT_PLAIN : OUT_BAD, "%s",
			a->bound ? "yes" : "no: the report is not for these runtime data");
	out_row(&t, "runtime data", OUT_PLAIN, "%s", data);
	out_table_print(&t);
	printf("\n");
	free(data);
}

static void json_azure(struct json_object *o, const struct ccg_azure *a, bool snp)
{
	struct json_object *item;

	if (!a) {
		out_json_str(o, "azure", NULL);
		return;
	}
	item = out_json_have(json_object_new_object());
	out_json_int(item, "version", a->version);
	out_json_str(item, "report", snp ? "snp" : "tdreport");
	out_json_str(item, "hash_algorithm", hashes[a->hash_type]);
	if (snp)
		out_json_bool(item, "bound", a->bound);
	else
		out_json_str(item, "bound", NULL);
	out_json_text(item, "runtime_data", (const char *)a->runtime_data.p,
		      a->runtime_data.len);
	out_json_add(o, "azure", item);
}

/* ---- the verb ---- */

static void print_text(const struct ccg_report *r)
{
	static const struct ccg_token_want nothing;
	const struct ccg_azure *azure = ccg_report_azure(r);
	const struct ccg_token *token = ccg_report_token(r);
	const struct ccg_snp *snp = ccg_report_snp(r);
	const struct ccg_tdx *tdx = ccg_report_tdx(r);
	struct out_table table;
	struct report_out o = { .table = &table };

	if (azure)
		text_azure(azure, snp);
	if (snp || tdx) {
		out_table_init(&table, NULL, 2, 0);
		out_row(&table, "report", OUT_PLAIN, "%s", snp ? "SEV-SNP" : "TDX");
		if (snp)
			report_put_snp(&o, snp);
		else
			report_put_tdx(&o, tdx);
		out_table_print(&table);
	}
	if (token) {
		log_token_text(token, &nothing);
		printf("\n");
		log_token_registers_text(token);
	}
	text_table(r);
}

static void json_token(struct json_object *o, const struct ccg_token *token)
{
	static const struct ccg_token_want nothing;
	struct json_object *item;

	if (!token) {
		out_json_str(o, "cca", NULL);
		return;
	}
	item = out_json_have(json_object_new_object());
	log_token_json(item, token, &nothing);
	log_token_registers_json(out_json_array(item, "registers"), token);
	out_json_add(o, "cca", item);
}

static void print_json(struct cmd *cmd, const struct ccg_report *r)
{
	const struct ccg_snp *snp = ccg_report_snp(r);
	const struct ccg_tdx *tdx = ccg_report_tdx(r);
	struct json_object *o = out_json(cmd);
	struct report_out snp_out = { .json = snp ? json_object_new_object() : NULL };
	struct report_out tdx_out = { .json = tdx ? json_object_new_object() : NULL };

	out_json_str(o, "kind", report_kind_name(ccg_report_kind(r)));
	if (snp)
		report_put_snp(&snp_out, snp);
	if (tdx)
		report_put_tdx(&tdx_out, tdx);
	out_json_add(o, "snp", snp_out.json);
	out_json_add(o, "tdx", tdx_out.json);
	json_token(o, ccg_report_token(r));
	json_azure(o, ccg_report_azure(r), snp);
	json_table(o, r);
	out_json_print(cmd, o);
}

/* What a reader of the table must not overlook. */
static void print_notes(const char *path, const struct ccg_report *r)
{
	static const char debug[] = "debug: the host can read and change the guest's memory";
	const struct ccg_snp *snp = ccg_report_snp(r);
	const struct ccg_tdx *tdx = ccg_report_tdx(r);

	if (snp && snp->policy & CCG_SNP_POLICY_DEBUG)
		out_note("%s: policy: %s", path, debug);
	if (snp && snp->policy & CCG_SNP_POLICY_MIGRATE_MA)
		out_note("%s: policy: migrate_ma: a migration agent can move the guest", path);
	if (snp && !(snp->policy & CCG_SNP_POLICY_MUST_BE_1))
		out_note("%s: policy: bit 17 must be 1, and is 0", path);
	if (snp && !snp->has_cpuid)
		out_note("%s: a report of version 2 does not name the processor", path);
	if (tdx && tdx->td_attributes & CCG_TDX_DEBUG)
		out_note("%s: TD attributes: %s", path, debug);
	out_note("%s: not verified: anybody can write such a file", path);
}

static int run_show(struct cmd *cmd)
{
	const char *path = cmd->argv[0];
	struct ccg_report *r;

	if (ccg_report_load(cmd->ctx, path, &r))
		return fail(cmd);
	if (cmd->json)
		print_json(cmd, r);
	else
		print_text(r);
	print_notes(path, r);
	ccg_report_free(r);
	return 0;
}

const struct verb report_show = {
	.name = "show",
	.args = "FILE",
	.summary = "Prints the fields of a report, and verifies nothing",
	.text =
"FILE is a report of SEV-SNP, a quote of TDX, a token of Arm CCA, a certificate\n"
"table, or the blob of an Azure vTPM: bytes, base64 or hexadecimal.\n",
	.min_args = 1,
	.max_args = 1,
	.run = run_show,
};
