/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reports of the unit test of policies, and changes of them.
 */
#ifndef TEST_REPORT_VALUES_H
#define TEST_REPORT_VALUES_H

#include "report/report.h"

static struct ccg_snp snp;
static struct ccg_tdx tdx;
static struct ccg_token token;

#define BYTES(p)	{ (const uint8_t *)(p), sizeof(p) - 1 }

static void make_tcb(struct ccg_snp_tcb *tcb)
{
	*tcb = (struct ccg_snp_tcb) { .has = 0x1f, .svn = { 1, 4, 2, 24, 219 } };
}

static void make_snp(void)
{
	snp = (struct ccg_snp) {
		.product = CCG_SNP_TURIN, .version = 5, .guest_svn = 7,
		.policy = 0x3001f | 1 << 20, .platform_info = 0x65,
		.current_version = { 1, 55, 29 }, .committed_version = { 1, 55, 29 },
		.has_mitigations = true, .launch_mitigations = 0x3f,
		.current_mitigations = 0x7f, .reserved = -1,
	};
	memset(snp.report_data, 0xdd, 8);
	memset(snp.measurement, 0x11, sizeof(snp.measurement));
	memset(snp.host_data, 0x12, sizeof(snp.host_data));
	memset(snp.id_key_digest, 0x13, sizeof(snp.id_key_digest));
	memset(snp.author_key_digest, 0x14, sizeof(snp.author_key_digest));
	memset(snp.family_id, 0x15, sizeof(snp.family_id));
	memset(snp.image_id, 0x16, sizeof(snp.image_id));
	memset(snp.report_id_ma, 0x17, sizeof(snp.report_id_ma));
	memset(snp.chip_id, 0x18, sizeof(snp.chip_id));
	make_tcb(&snp.current_tcb);
	make_tcb(&snp.reported_tcb);
	make_tcb(&snp.committed_tcb);
	make_tcb(&snp.launch_tcb);
}

static void make_tdx(void)
{
	tdx = (struct ccg_tdx) {
		.version = 5, .has_15 = true, .td_attributes = 1 << 28,
		.xfam = 0x61ae7, .tee_tcb_svn = { 7, 1, 3 },
		.tee_tcb_svn_2 = { 7, 1, 4 },
	};
	memset(tdx.report_data, 0xdd, 8);
	memset(tdx.mr_td, 0x21, sizeof(tdx.mr_td));
	memset(tdx.mr_config_id, 0x22, sizeof(tdx.mr_config_id));
	memset(tdx.mr_owner, 0x23, sizeof(tdx.mr_owner));
	memset(tdx.mr_owner_config, 0x24, sizeof(tdx.mr_owner_config));
	memset(tdx.mr_seam, 0x25, sizeof(tdx.mr_seam));
	memset(tdx.mr_service_td, 0x26, sizeof(tdx.mr_service_td));
	for (int i = 0; i < CCG_TDX_RTMRS; i++)
		memset(tdx.rtmr[i], 0x30 + i, sizeof(tdx.rtmr[i]));
}

static void make_token(void)
{
	token = (struct ccg_token) {
		.len = 32, .has_lifecycle = true, .lifecycle = 0x3001,
		.implementation = BYTES("implementation"),
		.instance = BYTES("instance"), .rpv = BYTES("rpv"),
		.challenge = BYTES("\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd"),
		.n_components = 2,
		.components = {
			{ .type = BYTES("BL"), .measurement = BYTES("one") },
			{ .type = BYTES("RMM"), .measurement = BYTES("two") },
		},
	};
	for (int i = 0; i < 5; i++)
		memset(token.regs[i], 0x40 + i, 32);
}

/* ---- changes ---- */

static void snp_debug(void)
{
	snp.policy |= CCG_SNP_POLICY_DEBUG;
}

static void snp_vmpl(void)
{
	snp.vmpl = 2;
}

static void tdx_debug(void)
{
	tdx.td_attributes |= CCG_TDX_DEBUG;
}

static void tdx_signer(void)
{
	tdx.mr_signer_seam[0] = 1;
}

static void snp_provisional(void)
{
	snp.committed_tcb.svn[CCG_SNP_MICROCODE]--;
}

static void cca_debug(void)
{
	token.lifecycle = 0x4000;
}

static void snp_masked(void)
{
	memset(snp.chip_id, 0, sizeof(snp.chip_id));
}

static void snp_no_product(void)
{
	snp.product = CCG_SNP_UNKNOWN;
	memset(&snp.reported_tcb, 0, sizeof(snp.reported_tcb));
	memset(&snp.current_tcb, 0, sizeof(snp.current_tcb));
	memset(&snp.committed_tcb, 0, sizeof(snp.committed_tcb));
	memset(&snp.launch_tcb, 0, sizeof(snp.launch_tcb));
	snp.current_tcb.raw = 1;
}

static void snp_no_fmc(void)
{
	snp.current_tcb.has &= ~(1U << CCG_SNP_FMC);
}

static void snp_old_launch(void)
{
	snp.launch_tcb.svn[CCG_SNP_SNP] = 23;
}

static void snp_old_current(void)
{
	snp.current_tcb.svn[CCG_SNP_SNP] = 23;
}

static void snp_version_2(void)
{
	snp.version = 2;
	snp.has_mitigations = false;
}

static void snp_no_launch_mitigation(void)
{
	snp.launch_mitigations = 0;
}

static void snp_migrates(void)
{
	snp.policy |= CCG_SNP_POLICY_MIGRATE_MA;
}

static void snp_bit_17(void)
{
	snp.policy &= ~CCG_SNP_POLICY_MUST_BE_1;
}

static void snp_bit_63(void)
{
	snp.policy |= 1ULL << 63;
}

static void snp_vmpl_64(void)
{
	snp.vmpl = 64;
}

static void snp_old_firmware(void)
{
	snp.committed_version[2]--;
}

static void tdx_migrates(void)
{
	tdx.td_attributes |= 1 << 29;
}

static void tdx_profiled(void)
{
	tdx.td_attributes |= 1 << 7;
}

static void tdx_10(void)
{
	tdx.has_15 = false;
}

static void tdx_old_module(void)
{
	tdx.tee_tcb_svn_2[2] = 2;
}

static void cca_no_lifecycle(void)
{
	token.has_lifecycle = false;
}

static void cca_odd_lifecycle(void)
{
	token.lifecycle = 0xffff;
}

static void cca_no_rpv(void)
{
	token.rpv.p = NULL;
}

static void cca_long_challenge(void)
{
	static const uint8_t data[65] = { 0xdd, 0xdd, 0xdd, 0xdd, 0xdd, 0xdd, 0xdd, 0xdd };

	token.challenge = (struct ccg_bytes) { data, sizeof(data) };
}

static void cca_no_components(void)
{
	token.n_components = 0;
}

#endif /* TEST_REPORT_VALUES_H */
