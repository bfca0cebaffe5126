// SPDX-License-Identifier: GPL-2.0-only
/*
 * Comparing a launch with a reported value, and the search for the variant of
 * the launch that has this value.
 *
 * The search goes through the inputs in the order in which they are measured,
 * and keeps the digest of the inputs before. So the firmware is hashed twice
 * at most.
 */
#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/cpu.h"
#include "sev/launch.h"
#include "sev/mac.h"

/* A variant has this many changes at most. */
#define CHANGES_MAX		4
/* Each number of CPUs is tried with this many other changes at most. */
#define CHANGES_ALL_CPUS	2

/* SEV_FEATURES that hosts have had. */
static const uint64_t snp_features[] = { 0x1, 0x21, 0x201, 0x221 };
static const uint64_t es_features[] = { 0, 0x20 };

/**
 * struct search - state of a search
 * @l: the launch
 * @base: the launch as described
 * @key: makes a MAC of a digest; or NULL
 * @mac: the key, prepared
 * @reported: the value to find
 * @len: its length in bytes
 * @levels: digest after the firmware, its tables, and CPUs
 * @r: the result
 * @bad: OpenSSL failed
 */
struct search {
	struct ccg_launch *l;
	struct ccg_launch_variant base;
	const struct ccg_launch_key *key;
	struct sev_hmac mac;
	const uint8_t *reported;
	size_t len;
	struct ccg_digest levels[3];
	struct ccg_launch_result *r;
	bool bad;
};

/* @a: the launch as described. Another VMM brings its own value of RDX. */
static unsigned int differences(const struct ccg_launch_variant *a,
				const struct ccg_launch_variant *b)
{
	unsigned int varies = 0;
	uint32_t rdx = a->rdx;

	if (a->vmm != b->vmm)
		ccg_vmm_rdx(b->vmm, &rdx);

	if (a->code_only != b->code_only)
		varies |= CCG_VARIES_FIRMWARE;
	if (a->vmm != b->vmm)
		varies |= CCG_VARIES_VMM;
	if (a->no_hashes != b->no_hashes)
		varies |= CCG_VARIES_KERNEL;
	if (a->no_initrd != b->no_initrd)
		varies |= CCG_VARIES_INITRD;
	if (a->cmdline != b->cmdline)
		varies |= CCG_VARIES_CMDLINE;
	if (a->form != b->form)
		varies |= CCG_VARIES_FORM;
	if (a->features != b->features)
		varies |= CCG_VARIES_FEATURES;
	if (b->rdx != rdx)
		varies |= CCG_VARIES_CPU;
	if (a->cpus != b->cpus)
		varies |= CCG_VARIES_CPUS;
	return varies;
}

static int n_changes(const struct search *s, const struct ccg_launch_variant *v)
{
	return __builtin_popcount(differences(&s->base, v));
}

/* True if a match with @v would be better than the best match so far. */
static bool is_wanted(const struct search *s,
		      const struct ccg_launch_variant *v)
{
	int n = n_changes(s, v);

	if (s->r->found)
		return n < __builtin_popcount(s->r->variant.varies);
	return n <= CHANGES_MAX;
}

static void value_of(struct search *s, struct ccg_digest *d, uint8_t *value)
{
	uint8_t digest[SNP_DIGEST_LEN];

	ccg_digest_value(d, s->key ? digest : value);
	if (s->key && !ccg_mac_of(&s->mac, s->key, digest, value))
		s->bad = true;
}

/* Compares the digest @d of @v with the reported value. */
static void try(struct search *s, struct ccg_digest *d,
		const struct ccg_launch_variant *v)
{
	uint8_t value[SNP_DIGEST_LEN];

	value_of(s, d, value);
	s->r->n_tried++;
	s->r->tried |= differences(&s->base, v);
	if (CRYPTO_memcmp(value, s->reported, s->len) || !is_wanted(s, v))
		return;
	s->r->found = true;
	s->r->variant = *v;
	s->r->variant.varies = differences(&s->base, v);
}

static void try_cpus(struct search *s, struct ccg_launch_variant v)
{
	bool all = n_changes(s, &v) <= CHANGES_ALL_CPUS;
	uint32_t max = all ? CCG_LAUNCH_CPUS_MAX : s->base.cpus;
	struct ccg_digest *d = &s->levels[2];
	struct ccg_launch_cpu cpus[2];

	if (!is_wanted(s, &v))
		return;
	ccg_digest_copy(d, &s->levels[1]);
	ccg_launch_cpus(s->l, d, &v, cpus);
	for (v.cpus = 1; v.cpus <= max; v.cpus++) {
		ccg_launch_add_cpu(d, &cpus[v.cpus > 1]);
		if (all || v.cpus == s->base.cpus)
			try(s, d, &v);
	}
}

/* The processors that QEMU's guests have, and that of this machine. */
static void try_signatures(struct search *s, struct ccg_launch_variant v)
{
	const struct ccg_sev_cpu *cpu;
	uint32_t signature;

	for (size_t i = 0; (cpu = ccg_sev_cpu_at(i)); i++) {
		v.rdx = cpu->signature;
		v.cpu = cpu->what;
		try_cpus(s, v);
	}
	if (ccg_sev_cpu_host(s->l->ctx, &signature)) {
		v.rdx = signature;
		v.cpu = "processor of this machine";
		try_cpus(s, v);
	}
}

static void try_processors(struct search *s, struct ccg_launch_variant v)
{
	uint32_t fixed;

	try_cpus(s, v);
	if (!ccg_vmm_rdx(v.vmm, &fixed)) {
		try_signatures(s, v);
		return;
	}
	v.rdx = fixed;
	try_cpus(s, v);
	/* RDX was 0 on EC2 until 2025. */
	v.rdx = 0;
	if (v.vmm == CCG_VMM_EC2)
		try_cpus(s, v);
}

static void try_features(struct search *s, struct ccg_launch_variant v)
{
	bool snp = s->l->kind == CCG_LAUNCH_SNP;
	const uint64_t *list = snp ? snp_features : es_features;
	size_t n = snp ? ARRAY_SIZE(snp_features) : ARRAY_SIZE(es_features);

	try_processors(s, v);
	for (size_t i = 0; i < n; i++) {
		v.features = list[i];
		if (v.features != s->base.features)
			try_processors(s, v);
	}
}

static void try_forms(struct search *s, struct ccg_launch_variant v)
{
	/* Pages from files are not varied. */
	if (s->l->pages[0] || s->l->pages[1]) {
		try_cpus(s, v);
		return;
	}
	try_features(s, v);
	if (s->l->kind == CCG_LAUNCH_SNP)
		return;
	v.form = v.form == CCG_VMSA_LEGACY ? CCG_VMSA_INIT2 : CCG_VMSA_LEGACY;
	try_features(s, v);
}

static void try_tables(struct search *s, const struct ccg_launch_variant *v)
{
	ccg_digest_copy(&s->levels[1], &s->levels[0]);
	ccg_launch_tables(s->l, &s->levels[1], v);
	if (s->l->kind == CCG_LAUNCH_SEV)
		try(s, &s->levels[1], v);
	else
		try_forms(s, *v);
}

static void try_kernel(struct search *s, struct ccg_launch_variant v)
{
	bool hashed = !s->base.no_hashes;

	for (unsigned int form = 0; hashed && form < CCG_N_CMDLINES; form++) {
		v.cmdline = form;
		v.no_initrd = s->base.no_initrd;
		try_tables(s, &v);
		v.no_initrd = true;
		if (!s->base.no_initrd)
			try_tables(s, &v);
	}
	v.no_hashes = true;
	v.no_initrd = s->base.no_initrd;
	v.cmdline = s->base.cmdline;
	try_tables(s, &v);
}

static bool is_vmm_of(enum ccg_launch_kind kind, enum ccg_vmm vmm)
{
	switch (vmm) {
	case CCG_VMM_QEMU:
		return true;
	case CCG_VMM_KRUN:
		return kind == CCG_LAUNCH_SEV_ES;
	default:
		return kind == CCG_LAUNCH_SNP;
	}
}

static void try_vmms(struct search *s, struct ccg_launch_variant v)
{
	try_kernel(s, v);
	for (unsigned int vmm = 0; vmm < CCG_N_VMMS; vmm++) {
		v.vmm = vmm;
		if (vmm != s->base.vmm && is_vmm_of(s->l->kind, vmm))
			try_kernel(s, v);
	}
}

static void try_firmware(struct search *s)
{
	struct ccg_launch_variant v = s->base;

	try_vmms(s, v);
	if (!s->l->info.vars_len || s->l->has_seed)
		return;
	v.code_only = true;
	ccg_digest_free(&s->levels[0]);
	if (!ccg_digest_init(&s->levels[0], s->l->kind == CCG_LAUNCH_SNP)) {
		s->bad = true;
		return;
	}
	ccg_launch_firmware(s->l, &s->levels[0], true);
	try_vmms(s, v);
}

static void compare(struct search *s)
{
	struct ccg_digest *d = &s->levels[1];
	struct ccg_launch_cpu cpus[2];

	ccg_launch_firmware(s->l, &s->levels[0], false);
	ccg_digest_copy(d, &s->levels[0]);
	ccg_launch_tables(s->l, d, &s->base);
	if (s->base.cpus)
		ccg_launch_cpus(s->l, d, &s->base, cpus);
	for (uint32_t i = 0; i < s->base.cpus; i++)
		ccg_launch_add_cpu(d, &cpus[i > 0]);
	value_of(s, d, s->r->value);
	s->r->n_tried = 1;
	s->r->matches = !CRYPTO_memcmp(s->r->value, s->reported, s->len);
	if (!s->r->matches)
		try_firmware(s);
}

int ccg_launch_compare(struct ccg_launch *l, const struct ccg_launch_key *key,
		       const uint8_t *reported, struct ccg_launch_result *r)
{
	struct search s = {
		.l = l,
		.base = ccg_launch_as_described(l),
		.key = key,
		.reported = reported,
		.len = ccg_launch_digest_len(l->kind),
		.r = r,
	};
	bool good = !key || ccg_sev_hmac_init(&s.mac, key->tik, CCG_SEV_KEY_LEN);
	size_t i;

	*r = (struct ccg_launch_result) {};
	for (i = 0; good && i < ARRAY_SIZE(s.levels); i++)
		good = ccg_digest_init(&s.levels[i], l->kind == CCG_LAUNCH_SNP);
	if (good)
		compare(&s);
	for (i = 0; i < ARRAY_SIZE(s.levels); i++) {
		good &= !s.levels[i].bad;
		ccg_digest_free(&s.levels[i]);
	}
	if (key)
		ccg_sev_hmac_free(&s.mac);
	if (!good || s.bad)
		return ccg_fail_errno(l->ctx, -ENOMEM, l->path);
	return 0;
}
