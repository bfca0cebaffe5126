// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fields of the page with the registers of a virtual CPU.
 *
 * Sources: AMD APM volume 2, table B-4 (fields) and 15.34.3 (SEV_FEATURES).
 */
#include <ccguest/launch.h>

#include "env.h"

/* A segment register: u16 selector, u16 attributes, u32 limit, u64 base. */
#define SEGMENT		16

/**
 * struct field - a field of the page
 * @name: its name in lower case
 * @offset: its offset in bytes
 * @len: its length in bytes; SEGMENT for a segment register; another length
 *	 above 8 for bytes
 */
struct field {
	const char *name;
	uint16_t offset;
	uint16_t len;
};

static const struct field fields[] = {
	{ "es", 0x000, SEGMENT }, { "cs", 0x010, SEGMENT },
	{ "ss", 0x020, SEGMENT }, { "ds", 0x030, SEGMENT },
	{ "fs", 0x040, SEGMENT }, { "gs", 0x050, SEGMENT },
	{ "gdtr", 0x060, SEGMENT }, { "ldtr", 0x070, SEGMENT },
	{ "idtr", 0x080, SEGMENT }, { "tr", 0x090, SEGMENT },
	{ "pl0_ssp", 0x0a0, 8 }, { "pl1_ssp", 0x0a8, 8 },
	{ "pl2_ssp", 0x0b0, 8 }, { "pl3_ssp", 0x0b8, 8 },
	{ "u_cet", 0x0c0, 8 }, { "vmpl", 0x0ca, 1 }, { "cpl", 0x0cb, 1 },
	{ "efer", 0x0d0, 8 }, { "xss", 0x140, 8 }, { "cr4", 0x148, 8 },
	{ "cr3", 0x150, 8 }, { "cr0", 0x158, 8 }, { "dr7", 0x160, 8 },
	{ "dr6", 0x168, 8 }, { "rflags", 0x170, 8 }, { "rip", 0x178, 8 },
	{ "dr0", 0x180, 8 }, { "dr1", 0x188, 8 }, { "dr2", 0x190, 8 },
	{ "dr3", 0x198, 8 }, { "dr0_mask", 0x1a0, 8 }, { "dr1_mask", 0x1a8, 8 },
	{ "dr2_mask", 0x1b0, 8 }, { "dr3_mask", 0x1b8, 8 }, { "rsp", 0x1d8, 8 },
	{ "s_cet", 0x1e0, 8 }, { "ssp", 0x1e8, 8 }, { "isst", 0x1f0, 8 },
	{ "rax", 0x1f8, 8 }, { "star", 0x200, 8 }, { "lstar", 0x208, 8 },
	{ "cstar", 0x210, 8 }, { "sfmask", 0x218, 8 },
	{ "kernel_gs_base", 0x220, 8 }, { "sysenter_cs", 0x228, 8 },
	{ "sysenter_esp", 0x230, 8 }, { "sysenter_eip", 0x238, 8 },
	{ "cr2", 0x240, 8 }, { "g_pat", 0x268, 8 }, { "dbgctl", 0x270, 8 },
	{ "br_from", 0x278, 8 }, { "br_to", 0x280, 8 },
	{ "last_excp_from", 0x288, 8 }, { "last_excp_to", 0x290, 8 },
	{ "pkru", 0x2e8, 4 }, { "tsc_aux", 0x2ec, 4 },
	{ "guest_tsc_scale", 0x2f0, 8 }, { "guest_tsc_offset", 0x2f8, 8 },
	{ "reg_prot_nonce", 0x300, 8 }, { "rcx", 0x308, 8 },
	{ "rdx", 0x310, 8 }, { "rbx", 0x318, 8 }, { "rbp", 0x328, 8 },
	{ "rsi", 0x330, 8 }, { "rdi", 0x338, 8 }, { "r8", 0x340, 8 },
	{ "r9", 0x348, 8 }, { "r10", 0x350, 8 }, { "r11", 0x358, 8 },
	{ "r12", 0x360, 8 }, { "r13", 0x368, 8 }, { "r14", 0x370, 8 },
	{ "r15", 0x378, 8 }, { "guest_exitinfo1", 0x390, 8 },
	{ "guest_exitinfo2", 0x398, 8 }, { "guest_exitintinfo", 0x3a0, 8 },
	{ "guest_nrip", 0x3a8, 8 }, { "sev_features", 0x3b0, 8 },
	{ "vintr_ctrl", 0x3b8, 8 }, { "guest_exit_code", 0x3c0, 8 },
	{ "virtual_tom", 0x3c8, 8 }, { "tlb_id", 0x3d0, 8 },
	{ "pcpu_id", 0x3d8, 8 }, { "eventinj", 0x3e0, 8 },
	{ "xcr0", 0x3e8, 8 }, { "x87_dp", 0x400, 8 }, { "mxcsr", 0x408, 4 },
	{ "x87_ftw", 0x40c, 2 }, { "x87_fsw", 0x40e, 2 },
	{ "x87_fcw", 0x410, 2 }, { "x87_fop", 0x412, 2 },
	{ "x87_ds", 0x414, 2 }, { "x87_cs", 0x416, 2 },
	{ "x87_rip", 0x418, 8 }, { "fpreg_x87", 0x420, 80 },
	{ "fpreg_xmm", 0x470, 256 }, { "fpreg_ymm", 0x570, 256 },
};

/* The first field at @pos or behind it. */
static const struct field *next_field(size_t pos)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(fields) && fields[i].offset < pos)
		i++;
	return i < ARRAY_SIZE(fields) ? &fields[i] : NULL;
}

static void read_segment(struct ccg_vmsa_field *f, const uint8_t *p)
{
	f->segment = true;
	f->selector = get_unaligned_le16(p);
	f->attrib = get_unaligned_le16(p + 2);
	f->limit = get_unaligned_le32(p + 4);
	f->value = get_unaligned_le64(p + 8);
}

bool ccg_vmsa_next(const uint8_t *page, size_t *pos, struct ccg_vmsa_field *f)
{
	const struct field *next = next_field(*pos);
	size_t end = next ? next->offset : CCG_VMSA_LEN;
	size_t start = *pos;

	*f = (struct ccg_vmsa_field) {};
	/* Bytes before the next field, from the first to the last non-zero. */
	while (start < end && !page[start])
		start++;
	if (start < end) {
		while (!page[end - 1])
			end--;
		f->offset = start;
		f->len = end - start;
		*pos = end;
		return true;
	}
	if (!next)
		return false;
	f->name = next->name;
	f->offset = next->offset;
	f->len = next->len;
	if (f->len == SEGMENT)
		read_segment(f, page + f->offset);
	for (size_t i = 0; f->len <= 8 && i < f->len; i++)
		f->value |= (uint64_t)page[f->offset + i] << 8 * i;
	*pos = f->offset + f->len;
	return true;
}

static const char *const features[] = {
	"SNPActive", "vTOM", "ReflectVC", "RestrictedInjection",
	"AlternateInjection", "DebugSwap", "PreventHostIBS", "BTBIsolation",
	"VmplSSS", "SecureTSC", "VmgexitParameter", NULL,
	"IbsVirtualization", NULL, "VmsaRegProt", "SmtProtection",
	"SecureAVIC", NULL, NULL, NULL,
	NULL, "IBPBOnEntry",
};

const char *ccg_sev_feature_name(unsigned int bit)
{
	return bit < ARRAY_SIZE(features) ? features[bit] : NULL;
}
