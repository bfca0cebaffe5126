// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest report: the fields of a report of SEV-SNP
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd_report.h"

#define ABI_MASK	0xffffULL
#define TCB_TEXT	128
#define PATH_TEXT	256

static bool all_are(const uint8_t *p, size_t len, uint8_t value)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != value)
			return false;
	return true;
}

static void tcb_text(const struct ccg_snp_tcb *tcb, char text[TCB_TEXT])
{
	const char *sep = "";
	int n = 0;

	if (!tcb->has)
		snprintf(text, TCB_TEXT, "%#" PRIx64 ": the product is not known", tcb->raw);
	for (size_t i = 0; i < CCG_SNP_N_PARTS; i++) {
		if (!(tcb->has & 1U << i))
			continue;
		n += snprintf(text + n, TCB_TEXT - n, "%s%s %u", sep, ccg_snp_part_name(i),
			      tcb->svn[i]);
		sep = ", ";
	}
}

static void put_tcb(struct report_out *o, const char *name, const char *key,
		    const struct ccg_snp_tcb *tcb)
{
	struct json_object *item;
	char text[TCB_TEXT];

	if (!o->json) {
		tcb_text(tcb, text);
		report_put_text(o, name, key, text);
		return;
	}
	item = out_json_have(json_object_new_object());
	out_json_hex(item, "raw", tcb->raw);
	for (size_t i = 0; i < CCG_SNP_N_PARTS; i++) {
		if (tcb->has & 1U << i)
			out_json_int(item, ccg_snp_part_name(i), tcb->svn[i]);
		else
			out_json_str(item, ccg_snp_part_name(i), NULL);
	}
	out_json_add(o->json, key, item);
}

static void put_processor(struct report_out *o, const struct ccg_snp *s)
{
	const char *product = ccg_snp_product_name(s->product);
	struct json_object *item;

	if (!o->json) {
		report_put_text(o, "product", "product", product);
		if (s->has_cpuid)
			out_row(o->table, "processor", OUT_PLAIN,
				"family %#x, model %#x, stepping %u", s->cpu_family,
				s->cpu_model, s->cpu_stepping);
		return;
	}
	out_json_str(o->json, "product", product);
	if (!s->has_cpuid) {
		out_json_str(o->json, "cpu", NULL);
		return;
	}
	item = out_json_have(json_object_new_object());
	out_json_int(item, "family", s->cpu_family);
	out_json_int(item, "model", s->cpu_model);
	out_json_int(item, "stepping", s->cpu_stepping);
	out_json_add(o->json, "cpu", item);
}

static void put_policy(struct report_out *o, const struct ccg_snp *s)
{
	const struct report_bits bits = {
		.name = "policy",
		.key = "policy",
		.value = s->policy,
		.other = ABI_MASK | CCG_SNP_POLICY_MUST_BE_1,
		.bad = CCG_SNP_POLICY_DEBUG | CCG_SNP_POLICY_MIGRATE_MA,
		.bit_name = ccg_snp_policy_name,
	};
	char abi[16];

	snprintf(abi, sizeof(abi), "%u.%u", (unsigned int)(s->policy >> 8 & 0xff),
		 (unsigned int)(s->policy & 0xff));
	report_put_bits(o, &bits);
	report_put_text(o, "policy: smallest ABI", "policy_abi", abi);
}

static const char *key_name(unsigned int key)
{
	switch (key) {
	case CCG_SNP_VCEK:
		return "vcek";
	case CCG_SNP_VLEK:
		return "vlek";
	case CCG_SNP_NO_KEY:
		return "none";
	}
	return NULL;
}

static void put_flag(struct report_out *o, const char *name, const char *key, bool value)
{
	if (o->json)
		out_json_bool(o->json, key, value);
	else
		report_put_text(o, name, key, value ? "yes" : "no");
}

static void put_keys(struct report_out *o, const struct ccg_snp *s)
{
	const char *name = key_name(s->signing_key);

	if (o->json || name)
		report_put_text(o, "signed by", "signing_key", name);
	else
		out_row(o->table, "signed by", OUT_BAD, "key %u (reserved)", s->signing_key);
	report_put_int(o, "signature algorithm", "signature_algorithm", s->signature_algo);
	put_flag(o, "author key", "author_key_en", s->key_info & CCG_SNP_AUTHOR_KEY_EN);
	put_flag(o, "chip key masked", "mask_chip_key", s->key_info & CCG_SNP_MASK_CHIP_KEY);
}

static void put_version(struct report_out *o, const char *name, const char *key,
			const uint8_t v[3])
{
	char text[16];

	snprintf(text, sizeof(text), "%u.%u.%u", v[0], v[1], v[2]);
	report_put_text(o, name, key, text);
}

static void put_mitigation(struct report_out *o, const char *name, const char *key,
			   const struct ccg_snp *s, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%#" PRIx64, value);
	if (o->json)
		out_json_str(o->json, key, s->has_mitigations ? text : NULL);
	else if (s->has_mitigations)
		report_put_text(o, name, key, text);
}

/*
 * A report of version 2 does not tell whether Milan or Genoa signed, and has a path
 * for each of them.
 */
static void put_paths(struct report_out *o, const struct ccg_snp *s)
{
	static const enum ccg_snp_product candidates[] = { CCG_SNP_MILAN, CCG_SNP_GENOA };
	size_t n = s->has_cpuid || s->product != CCG_SNP_UNKNOWN ? 1 : ARRAY_SIZE(candidates);
	struct json_object *array = o->json ? out_json_array(o->json, "key_paths") : NULL;
	char path[PATH_TEXT];

	for (size_t i = 0; i < n; i++) {
		ccg_snp_key_path(s, n > 1 ? candidates[i] : s->product, path, sizeof(path));
		if (!*path)
			continue;
		if (array)
			out_json_str(array, NULL, path);
		else
			report_put_text(o, i ? "  or" : "VCEK at AMD's key service", NULL, path);
	}
}

static void put_reserved(struct report_out *o, const struct ccg_snp *s)
{
	if (o->json && s->reserved < 0)
		out_json_str(o->json, "reserved_offset", NULL);
	else if (o->json)
		out_json_int(o->json, "reserved_offset", s->reserved);
	else if (s->reserved >= 0)
		out_row(o->table, "reserved", OUT_BAD, "the byte at %#x must be zero, and is not",
			s->reserved);
}

static void put_identity(struct report_out *o, const struct ccg_snp *s)
{
	report_put_hex(o, "report data", "report_data", s->report_data, sizeof(s->report_data));
	report_put_hex(o, "measurement", "measurement", s->measurement, sizeof(s->measurement));
	report_put_hex(o, "host data", "host_data", s->host_data, sizeof(s->host_data));
	report_put_hex(o, "ID key digest", "id_key_digest", s->id_key_digest,
		       sizeof(s->id_key_digest));
	report_put_hex(o, "author key digest", "author_key_digest", s->author_key_digest,
		       sizeof(s->author_key_digest));
	report_put_hex(o, "report ID", "report_id", s->report_id, sizeof(s->report_id));
	/* Without a migration agent, all bits are set. */
	report_put_hex(o, "migration agent", "report_id_ma",
		       all_are(s->report_id_ma, sizeof(s->report_id_ma), 0xff) ? NULL :
		       s->report_id_ma, sizeof(s->report_id_ma));
	report_put_hex(o, "chip ID", "chip_id",
		       all_are(s->chip_id, sizeof(s->chip_id), 0) ? NULL : s->chip_id,
		       sizeof(s->chip_id));
}

void report_put_snp(struct report_out *o, const struct ccg_snp *s)
{
	const struct report_bits platform = {
		.name = "platform info",
		.key = "platform_info",
		.value = s->platform_info,
		.bit_name = ccg_snp_platform_name,
	};

	report_put_int(o, "version", "version", s->version);
	put_processor(o, s);
	report_put_int(o, "guest SVN", "guest_svn", s->guest_svn);
	report_put_int(o, "VMPL", "vmpl", s->vmpl);
	put_policy(o, s);
	report_put_hex(o, "family ID", "family_id", s->family_id, sizeof(s->family_id));
	report_put_hex(o, "image ID", "image_id", s->image_id, sizeof(s->image_id));
	report_put_bits(o, &platform);
	put_keys(o, s);
	put_identity(o, s);
	put_tcb(o, "current TCB", "current_tcb", &s->current_tcb);
	put_tcb(o, "reported TCB", "reported_tcb", &s->reported_tcb);
	put_tcb(o, "committed TCB", "committed_tcb", &s->committed_tcb);
	put_tcb(o, "launch TCB", "launch_tcb", &s->launch_tcb);
	put_version(o, "current firmware", "current_version", s->current_version);
	put_version(o, "committed firmware", "committed_version", s->committed_version);
	put_mitigation(o, "launch mitigations", "launch_mitigations", s, s->launch_mitigations);
	put_mitigation(o, "current mitigations", "current_mitigations", s,
		       s->current_mitigations);
	put_reserved(o, s);
	put_paths(o, s);
}
