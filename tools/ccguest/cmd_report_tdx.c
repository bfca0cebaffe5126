// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest report: the fields of a quote of TDX
 */
#include <stdio.h>

#include "cmd_report.h"

static void put_hex64(struct report_out *o, const char *name, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%#llx", (unsigned long long)value);
	report_put_text(o, name, key, value ? text : "0x0");
}

static void put_rtmrs(struct report_out *o, const struct ccg_tdx *t)
{
	char name[16], key[16];

	for (size_t i = 0; i < CCG_TDX_RTMRS; i++) {
		snprintf(name, sizeof(name), "RTMR%zu", i);
		snprintf(key, sizeof(key), "rtmr%zu", i);
		report_put_hex(o, name, key, t->rtmr[i], sizeof(t->rtmr[i]));
	}
}

void report_put_tdx(struct report_out *o, const struct ccg_tdx *t)
{
	const struct report_bits attributes = {
		.name = "TD attributes",
		.key = "td_attributes",
		.value = t->td_attributes,
		.bad = CCG_TDX_DEBUG,
		.bit_name = ccg_tdx_attribute_name,
	};

	report_put_int(o, "version", "version", t->version);
	report_put_int(o, "attestation key type", "key_type", t->key_type);
	report_put_hex(o, "QE vendor", "qe_vendor", t->qe_vendor, sizeof(t->qe_vendor));
	report_put_hex(o, "QE user data", "user_data", t->user_data, sizeof(t->user_data));
	report_put_int(o, "body type", "body_type", t->body_type);
	report_put_hex(o, "TEE TCB SVN", "tee_tcb_svn", t->tee_tcb_svn, sizeof(t->tee_tcb_svn));
	report_put_hex(o, "MRSEAM", "mr_seam", t->mr_seam, sizeof(t->mr_seam));
	report_put_hex(o, "MRSIGNERSEAM", "mr_signer_seam", t->mr_signer_seam,
		       sizeof(t->mr_signer_seam));
	put_hex64(o, "SEAM attributes", "seam_attributes", t->seam_attributes);
	report_put_bits(o, &attributes);
	put_hex64(o, "XFAM", "xfam", t->xfam);
	report_put_hex(o, "MRTD", "mr_td", t->mr_td, sizeof(t->mr_td));
	report_put_hex(o, "MRCONFIGID", "mr_config_id", t->mr_config_id, sizeof(t->mr_config_id));
	report_put_hex(o, "MROWNER", "mr_owner", t->mr_owner, sizeof(t->mr_owner));
	report_put_hex(o, "MROWNERCONFIG", "mr_owner_config", t->mr_owner_config,
		       sizeof(t->mr_owner_config));
	put_rtmrs(o, t);
	report_put_hex(o, "report data", "report_data", t->report_data, sizeof(t->report_data));
	report_put_hex(o, "TEE TCB SVN 2", "tee_tcb_svn_2", t->has_15 ? t->tee_tcb_svn_2 : NULL,
		       sizeof(t->tee_tcb_svn_2));
	report_put_hex(o, "MRSERVICETD", "mr_service_td", t->has_15 ? t->mr_service_td : NULL,
		       sizeof(t->mr_service_td));
}
