// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page with the registers of a virtual CPU.
 *
 * Sources: AMD APM volume 2, table B-4; Linux arch/x86/kvm/svm/sev.c,
 * sev_es_sync_vmsa(); QEMU target/i386/cpu.c, x86_cpu_reset_hold(); libkrun
 * src/arch/src/x86_64/regs.rs.
 */
#include <errno.h>
#include <string.h>

#include <ccguest/launch.h>

#include "env.h"

/* Offsets of the fields that a launch sets. */
enum {
	ES = 0x000, CS = 0x010, SS = 0x020, DS = 0x030, FS = 0x040, GS = 0x050,
	GDTR = 0x060, LDTR = 0x070, IDTR = 0x080, TR = 0x090,
	EFER = 0x0d0, CR4 = 0x148, CR0 = 0x158, DR7 = 0x160, DR6 = 0x168,
	RFLAGS = 0x170, RIP = 0x178, RSP = 0x1d8, G_PAT = 0x268, RDX = 0x310,
	RBP = 0x328, RSI = 0x330, SEV_FEATURES = 0x3b0, XCR0 = 0x3e8,
	MXCSR = 0x408, FCW = 0x410,
};

/* The first instruction of the boot processor is at 0xfffffff0. */
#define BOOT_ADDRESS	0xfffffff0

#define PAT_DEFAULT	0x0007040600070406

/**
 * struct vmm_state - what a VMM or its kernel sets differently
 * @name: name of the VMM
 * @cs_attrib: attributes of CS, of the boot processor and of the others
 * @ss_attrib: attributes of SS
 * @tr_attrib: attributes of TR
 * @rdx: RDX; 0 for the processor's signature
 * @pat: the PAT register
 * @fpu: a VMSA of the new form has initial values of MXCSR and FCW
 * @selector: selector of CS of the other processors, which start at offset 0
 *	      of this segment; 0 if they start at the firmware's reset address
 * @stack: RSP and RBP of the boot processor
 * @rsi: RSI of the boot processor
 */
struct vmm_state {
	const char *name;
	uint16_t cs_attrib[2];
	uint16_t ss_attrib;
	uint16_t tr_attrib;
	uint32_t rdx;
	uint64_t pat;
	bool fpu;
	uint16_t selector;
	uint64_t stack;
	uint64_t rsi;
};

static const struct vmm_state vmms[] = {
	[CCG_VMM_QEMU] = {
		.name = "qemu", .cs_attrib = { 0x9b, 0x9b }, .ss_attrib = 0x93,
		.tr_attrib = 0x8b, .pat = PAT_DEFAULT, .fpu = true,
	},
	[CCG_VMM_KRUN] = {
		.name = "krun", .cs_attrib = { 0x9a, 0x9a }, .ss_attrib = 0x92,
		.tr_attrib = 0x83, .pat = PAT_DEFAULT, .fpu = true,
		.selector = 0x9100, .stack = 0x8ff0, .rsi = 0x7000,
	},
	[CCG_VMM_EC2] = {
		.name = "ec2", .cs_attrib = { 0x9a, 0x9b }, .ss_attrib = 0x92,
		.tr_attrib = 0x83, .pat = PAT_DEFAULT,
		.rdx = 0x600,
	},
	[CCG_VMM_GCE] = {
		.name = "gce", .cs_attrib = { 0x9b, 0x9b }, .ss_attrib = 0x93,
		.tr_attrib = 0x8b, .pat = 0x00070106,
		.rdx = 0x600,
	},
};

const char *ccg_vmm_name(enum ccg_vmm vmm)
{
	return vmms[vmm].name;
}

int ccg_vmm_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(vmms); i++)
		if (!strcmp(name, vmms[i].name))
			return i;
	return -EINVAL;
}

bool ccg_vmm_rdx(enum ccg_vmm vmm, uint32_t *rdx)
{
	if (!vmms[vmm].rdx)
		return false;
	*rdx = vmms[vmm].rdx;
	return true;
}

static void put_le64(uint8_t *p, uint64_t val)
{
	put_unaligned_le32(val, p);
	put_unaligned_le32(val >> 32, p + 4);
}

static void put_segment(uint8_t *page, size_t offset, uint16_t attrib)
{
	put_unaligned_le16(attrib, page + offset + 2);
	put_unaligned_le32(0xffff, page + offset + 4);
}

/* CS and RIP; the VMM's own start address takes precedence. */
static void put_start(uint8_t *page, const struct ccg_vmsa *v)
{
	uint16_t selector = v->other ? vmms[v->vmm].selector : 0;
	uint32_t address = v->other ? v->reset : BOOT_ADDRESS;

	if (selector) {
		put_unaligned_le16(selector, page + CS);
		put_le64(page + CS + 8, selector << 4);
		put_le64(page + RIP, 0);
		return;
	}
	put_unaligned_le16(0xf000, page + CS);
	put_le64(page + CS + 8, address & 0xffff0000);
	put_le64(page + RIP, address & 0xffff);
}

static void put_form(uint8_t *page, const struct ccg_vmsa *v)
{
	bool fpu = vmms[v->vmm].fpu && v->form == CCG_VMSA_INIT2;

	put_unaligned_le32(fpu ? 0x1f80 : 0, page + MXCSR);
	put_unaligned_le16(fpu ? 0x37f : 0, page + FCW);
}

void ccg_vmsa_update(uint8_t *page, const struct ccg_vmsa *v,
		     unsigned int parts)
{
	if (parts & CCG_VMSA_RESET)
		put_start(page, v);
	if (parts & CCG_VMSA_RDX)
		put_le64(page + RDX, v->rdx);
	if (parts & CCG_VMSA_FEATURES)
		put_le64(page + SEV_FEATURES, v->features);
	if (parts & CCG_VMSA_FORM)
		put_form(page, v);
}

void ccg_vmsa_build(const struct ccg_vmsa *v, uint8_t *page)
{
	static const uint8_t data_segments[] = { ES, DS, FS, GS };
	const struct vmm_state *vmm = &vmms[v->vmm];

	memset(page, 0, CCG_VMSA_LEN);
	for (size_t i = 0; i < ARRAY_SIZE(data_segments); i++)
		put_segment(page, data_segments[i], 0x93);
	put_segment(page, CS, vmm->cs_attrib[v->other]);
	put_segment(page, SS, vmm->ss_attrib);
	put_segment(page, GDTR, 0);
	put_segment(page, IDTR, 0);
	put_segment(page, LDTR, 0x82);
	put_segment(page, TR, vmm->tr_attrib);
	/* KVM sets EFER.SVME and CR4.MCE. */
	put_le64(page + EFER, 0x1000);
	put_le64(page + CR4, 0x40);
	put_le64(page + CR0, 0x10);
	put_le64(page + DR6, 0xffff0ff0);
	put_le64(page + DR7, 0x400);
	put_le64(page + RFLAGS, 2);
	put_le64(page + G_PAT, vmm->pat);
	put_le64(page + XCR0, 1);
	if (!v->other) {
		put_le64(page + RSP, vmm->stack);
		put_le64(page + RBP, vmm->stack);
		put_le64(page + RSI, vmm->rsi);
	}
	ccg_vmsa_update(page, v, CCG_VMSA_RESET | CCG_VMSA_RDX |
			CCG_VMSA_FEATURES | CCG_VMSA_FORM);
}
