// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of a launch digest, in the order in which a host takes them:
 * firmware, tables of the firmware, virtual CPUs.
 *
 * Sources: QEMU target/i386/sev.c; Linux arch/x86/kvm/svm/sev.c,
 * snp_launch_update_vmsa().
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/launch.h"

/* KVM gives this address to all pages with registers. */
#define VMSA_ADDRESS	0xfffffffff000

/**
 * struct section_type - a type of sections of the SEV metadata
 * @type: the type
 * @name: its name
 * @page: how its pages are measured
 */
struct section_type {
	uint32_t type;
	const char *name;
	enum ccg_snp_page page;
};

static const struct section_type section_types[] = {
	{ SEV_SECTION_SEC_MEM, "SEC_MEM", SNP_PAGE_ZERO },
	{ SEV_SECTION_SECRETS, "SECRETS", SNP_PAGE_SECRETS },
	{ SEV_SECTION_CPUID, "CPUID", SNP_PAGE_CPUID },
	{ SEV_SECTION_SVSM_CAA, "SVSM_CAA", SNP_PAGE_ZERO },
	{ SEV_SECTION_KERNEL_HASHES, "KERNEL_HASHES", SNP_PAGE_ZERO },
};

static const struct section_type *type_of(uint32_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(section_types); i++)
		if (section_types[i].type == type)
			return &section_types[i];
	return NULL;
}

/* GCE does not measure the content of SEC_MEM. */
static enum ccg_snp_page page_type(enum ccg_vmm vmm, uint32_t type)
{
	const struct section_type *t = type_of(type);

	if (vmm == CCG_VMM_GCE && type == SEV_SECTION_SEC_MEM)
		return SNP_PAGE_UNMEASURED;
	return t ? t->page : SNP_PAGE_ZERO;
}

/* The firmware ends at 4 GiB. */
static void add_firmware(const struct ccg_launch *l, struct ccg_digest *d,
			 size_t start)
{
	size_t n = (l->info.size - start) / SEV_PAGE;
	uint64_t address = (1ULL << 32) - (l->info.size - start);
	uint8_t *contents = malloc(n * SNP_DIGEST_LEN);

	memset(d->ld, 0, sizeof(d->ld));
	if (!contents ||
	    !ccg_digest_contents(d, l->image + start, n, contents))
		d->bad = true;
	for (size_t i = 0; !d->bad && i < n; i++)
		ccg_digest_page(d, SNP_PAGE_NORMAL, address + i * SEV_PAGE,
				contents + i * SNP_DIGEST_LEN);
	free(contents);
}

/**
 * ccg_launch_firmware - measure the firmware
 * @l: the launch
 * @d: a new launch digest
 * @code_only: leave out the variables at the start of the image
 */
void ccg_launch_firmware(const struct ccg_launch *l, struct ccg_digest *d,
			 bool code_only)
{
	size_t start = code_only ? l->info.vars_len : 0;

	if (!d->snp) {
		ccg_digest_bytes(d, l->image + start, l->info.size - start);
		return;
	}
	if (l->has_seed) {
		memcpy(d->ld, l->seed, sizeof(d->ld));
		return;
	}
	add_firmware(l, d, start);
}

static void build_table(const struct ccg_launch *l,
			const struct ccg_launch_variant *v, uint8_t *table)
{
	/* The SHA-256 digest of no bytes. */
	static const uint8_t empty[SEV_HASH_LEN] = {
		0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
		0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
		0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c,
		0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
	};
	const uint8_t *const hashes[SEV_N_HASHES] = {
		[SEV_HASH_CMDLINE] = l->cmdlines[v->cmdline],
		[SEV_HASH_INITRD] = v->no_initrd ? empty : l->info.initrd,
		[SEV_HASH_KERNEL] = l->info.kernel,
	};

	ccg_sev_hashes_build(hashes, table);
}

/* The page with the kernel hashes; ccg_launch_read() has checked the place. */
static void add_hashes(const struct ccg_launch *l, struct ccg_digest *d,
		       const struct ccg_launch_variant *v, uint64_t address)
{
	uint8_t page[SEV_PAGE] = {}, content[SNP_DIGEST_LEN];

	build_table(l, v, page + l->info.hashes_base % SEV_PAGE);
	ccg_digest_hash(d, page, sizeof(page), content);
	ccg_digest_page(d, SNP_PAGE_NORMAL, address, content);
}

static void add_section(const struct ccg_launch *l, struct ccg_digest *d,
			const struct ccg_launch_variant *v,
			const struct ccg_sev_section *s)
{
	enum ccg_snp_page type = page_type(v->vmm, s->type);

	if (s->type == SEV_SECTION_KERNEL_HASHES && !v->no_hashes) {
		add_hashes(l, d, v, s->address);
		return;
	}
	for (uint64_t at = 0; at < s->size; at += SEV_PAGE)
		ccg_digest_page(d, type, s->address + at, NULL);
}

/* EC2 prepares the CPUID page when all other sections are prepared. */
static void add_sections(const struct ccg_launch *l, struct ccg_digest *d,
			 const struct ccg_launch_variant *v)
{
	bool cpuid_last = v->vmm == CCG_VMM_EC2;
	struct ccg_sev_section s;

	for (uint32_t i = 0; i < l->tables.n_sections; i++) {
		s = ccg_sev_section_at(&l->tables, l->image, i);
		if (!cpuid_last || s.type != SEV_SECTION_CPUID)
			add_section(l, d, v, &s);
	}
	for (uint32_t i = 0; cpuid_last && i < l->tables.n_sections; i++) {
		s = ccg_sev_section_at(&l->tables, l->image, i);
		if (s.type == SEV_SECTION_CPUID)
			add_section(l, d, v, &s);
	}
}

/**
 * ccg_launch_tables - measure what the tables of the firmware ask for
 * @l: the launch
 * @d: the launch digest, after the firmware
 * @v: the variant of the launch
 */
void ccg_launch_tables(const struct ccg_launch *l, struct ccg_digest *d,
		       const struct ccg_launch_variant *v)
{
	uint8_t table[SEV_HASHES_LEN];

	if (d->snp) {
		add_sections(l, d, v);
	} else if (!v->no_hashes) {
		build_table(l, v, table);
		ccg_digest_bytes(d, table, sizeof(table));
	}
}

/**
 * ccg_launch_cpus - make the pages with the registers
 * @l: the launch, of SEV-ES or SNP
 * @d: its launch digest; unchanged
 * @v: the variant of the launch
 * @cpus: set to the pages of the boot processor, and of all others
 */
void ccg_launch_cpus(const struct ccg_launch *l, struct ccg_digest *d,
		     const struct ccg_launch_variant *v,
		     struct ccg_launch_cpu cpus[2])
{
	struct ccg_vmsa vmsa = l->vmsa;

	vmsa.vmm = v->vmm;
	vmsa.form = v->form;
	vmsa.features = v->features;
	vmsa.rdx = v->rdx;
	vmsa.reset = l->info.reset;
	for (size_t i = 0; i < 2; i++) {
		vmsa.other = i;
		if (l->pages[i])
			memcpy(cpus[i].page, l->pages[i], CCG_VMSA_LEN);
		else
			ccg_vmsa_build(&vmsa, cpus[i].page);
		if (d->snp)
			ccg_digest_hash(d, cpus[i].page, CCG_VMSA_LEN,
					cpus[i].content);
	}
}

/**
 * ccg_launch_add_cpu - measure a virtual CPU
 * @d: the launch digest
 * @cpu: its page
 */
void ccg_launch_add_cpu(struct ccg_digest *d, const struct ccg_launch_cpu *cpu)
{
	if (d->snp)
		ccg_digest_page(d, SNP_PAGE_VMSA, VMSA_ADDRESS, cpu->content);
	else
		ccg_digest_bytes(d, cpu->page, sizeof(cpu->page));
}

/**
 * ccg_launch_as_described - get the variant without changes
 * @l: the launch
 *
 * Return: the variant.
 */
struct ccg_launch_variant ccg_launch_as_described(const struct ccg_launch *l)
{
	return (struct ccg_launch_variant) {
		.no_hashes = !l->info.hashed,
		.no_initrd = !l->has_initrd,
		.vmm = l->vmsa.vmm,
		.form = l->vmsa.form,
		.features = l->vmsa.features,
		.rdx = l->vmsa.rdx,
		.cpus = l->cpus,
	};
}

static int end(const struct ccg_launch *l, struct ccg_digest *d)
{
	bool bad = d->bad;

	ccg_digest_free(d);
	return bad ? ccg_fail_errno(l->ctx, -ENOMEM, l->path) : 0;
}

int ccg_launch_digest(struct ccg_launch *l, uint8_t *digest)
{
	struct ccg_launch_variant v = ccg_launch_as_described(l);
	struct ccg_launch_cpu cpus[2];
	struct ccg_digest d;

	d.bad = !ccg_digest_init(&d, l->kind == CCG_LAUNCH_SNP);
	if (d.bad)
		return end(l, &d);
	ccg_launch_firmware(l, &d, false);
	ccg_launch_tables(l, &d, &v);
	if (l->kind != CCG_LAUNCH_SEV)
		ccg_launch_cpus(l, &d, &v, cpus);
	for (uint32_t i = 0; l->kind != CCG_LAUNCH_SEV && i < l->cpus; i++)
		ccg_launch_add_cpu(&d, &cpus[i > 0]);
	ccg_digest_value(&d, digest);
	return end(l, &d);
}

int ccg_launch_firmware_digest(struct ccg_launch *l, uint8_t *digest)
{
	struct ccg_digest d;

	d.bad = !ccg_digest_init(&d, true);
	if (d.bad)
		return end(l, &d);
	ccg_launch_firmware(l, &d, false);
	ccg_digest_value(&d, digest);
	return end(l, &d);
}

size_t ccg_launch_digest_len(enum ccg_launch_kind kind)
{
	return kind == CCG_LAUNCH_SNP ? CCG_SNP_DIGEST_LEN : CCG_SEV_DIGEST_LEN;
}

bool ccg_launch_section(const struct ccg_launch *l, size_t i,
			struct ccg_launch_section *s)
{
	const struct section_type *t;
	struct ccg_sev_section section;

	if (i >= l->tables.n_sections)
		return false;
	section = ccg_sev_section_at(&l->tables, l->image, i);
	t = type_of(section.type);
	*s = (struct ccg_launch_section) {
		.address = section.address,
		.size = section.size,
		.type = section.type,
		.name = t ? t->name : NULL,
	};
	return true;
}

const struct ccg_launch_info *ccg_launch_info(const struct ccg_launch *l)
{
	return &l->info;
}
