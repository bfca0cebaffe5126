// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signatures of processors.
 *
 * Sources: AMD APM volume 3, appendix E.3.2; QEMU target/i386/cpu.c.
 */
#include <string.h>

#include <ccguest/launch.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/cpu.h"
#include "sev/cpuid.h"

/* Versions of a model, such as EPYC-Rome-v4, have the same signature. */
static const struct ccg_sev_cpu cpus[] = {
	{ "EPYC", "model EPYC", 0x00800f12 },
	{ "EPYC-IBPB", "model EPYC-IBPB", 0x00800f12 },
	{ "EPYC-Rome", "model EPYC-Rome", 0x00830f10 },
	{ "EPYC-Milan", "model EPYC-Milan", 0x00a00f11 },
	{ "EPYC-Genoa", "model EPYC-Genoa", 0x00a10f10 },
	{ "EPYC-Turin", "model EPYC-Turin", 0x00b00f00 },
	{ NULL, "model host on Genoa", 0x00a10f11 },
	{ NULL, "model host on Bergamo or Siena", 0x00aa0f02 },
	{ NULL, "model host on Turin", 0x00b00f21 },
};

/**
 * ccg_sev_cpu_at - get a known processor by number
 * @i: its number, from 0
 *
 * Return: the processor, NULL after the last.
 */
const struct ccg_sev_cpu *ccg_sev_cpu_at(size_t i)
{
	return i < ARRAY_SIZE(cpus) ? &cpus[i] : NULL;
}

/* True for "" and for the version of a model, "-v3". */
static bool is_version(const char *text)
{
	if (!*text)
		return true;
	if (strncmp(text, "-v", 2) || !text[2])
		return false;
	text += 2;
	return strspn(text, "0123456789") == strlen(text);
}

static bool by_name(const char *name, uint32_t *signature)
{
	size_t len;

	for (size_t i = 0; i < ARRAY_SIZE(cpus); i++) {
		if (!cpus[i].name)
			continue;
		len = strlen(cpus[i].name);
		if (strncmp(name, cpus[i].name, len) || !is_version(name + len))
			continue;
		*signature = cpus[i].signature;
		return true;
	}
	return false;
}

static uint32_t make_signature(uint32_t family, uint32_t model,
			       uint32_t stepping)
{
	uint32_t sig = stepping | (model & 0xf) << 4 | (model >> 4) << 16;

	if (family > 0xf)
		return sig | 0xf00 | (family - 0xf) << 20;
	return sig | family << 8;
}

/**
 * ccg_sev_cpu_host - get the signature of the processor of this machine
 * @ctx: the context
 * @signature: set to the signature
 *
 * Return: true if the processor is from AMD.
 */
bool ccg_sev_cpu_host(struct ccg_ctx *ctx, uint32_t *signature)
{
	struct sev_cpuid r;

	/* The vendor is in EBX, EDX and ECX: "AuthenticAMD". */
	if (ccg_cpuid(ctx, 0, &r) || r.ebx != 0x68747541 ||
	    r.edx != 0x69746e65 || r.ecx != 0x444d4163 ||
	    ccg_cpuid(ctx, 1, &r))
		return false;
	*signature = r.eax;
	return true;
}

/* Parses FAMILY/MODEL/STEPPING, the largest values of which a signature has. */
static bool parse_numbers(const char *text, uint32_t *signature)
{
	static const uint32_t max[] = { 0xf + 0xff, 0xff, 0xf };
	uint64_t n[ARRAY_SIZE(max)];

	for (size_t i = 0; i < ARRAY_SIZE(max); i++) {
		if (ccg_parse_number(text, 10, max[i], &n[i], &text))
			return false;
		if (*text++ != (i + 1 < ARRAY_SIZE(max) ? '/' : '\0'))
			return false;
	}
	*signature = make_signature(n[0], n[1], n[2]);
	return true;
}

int ccg_cpu_parse(struct ccg_ctx *ctx, const char *text, uint32_t *signature)
{
	uint64_t n;

	if (!strcmp(text, "host")) {
		if (ccg_sev_cpu_host(ctx, signature))
			return 0;
		return ccg_fail(ctx, -ENOENT, CCG_UNSUPPORTED, text,
				"the processor of this machine is not from AMD");
	}
	if (!strncmp(text, "sig:", 4) &&
	    !ccg_parse_number(text + 4, 0, UINT32_MAX, &n, NULL)) {
		*signature = n;
		return 0;
	}
	if (parse_numbers(text, signature) ||
	    by_name(text, signature))
		return 0;
	ccg_fail(ctx, -EINVAL, CCG_USAGE, text, "unknown processor");
	ccg_hint(ctx, "use a model such as EPYC-Milan, FAMILY/MODEL/STEPPING, sig:0x..., or host");
	return -EINVAL;
}
