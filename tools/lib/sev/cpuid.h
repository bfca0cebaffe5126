/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: CPUID and model-specific registers of this machine.
 */
#ifndef CCGUEST_SEV_CPUID_H
#define CCGUEST_SEV_CPUID_H

#include <ccguest/ctx.h>

/**
 * struct sev_cpuid - what CPUID returns
 * @eax: a register
 * @ebx: a register
 * @ecx: a register
 * @edx: a register
 */
struct sev_cpuid {
	uint32_t eax;
	uint32_t ebx;
	uint32_t ecx;
	uint32_t edx;
};

/* The function of CPUID about memory encryption. */
#define CPUID_ENCRYPTION	0x8000001f

int ccg_cpuid(struct ccg_ctx *ctx, uint32_t leaf, struct sev_cpuid *regs);
int ccg_msr(struct ccg_ctx *ctx, uint32_t msr, uint64_t *value);

#endif /* CCGUEST_SEV_CPUID_H */
