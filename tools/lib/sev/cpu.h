/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: signatures of processors, EAX of CPUID function 1.
 */
#ifndef CCGUEST_SEV_CPU_H
#define CCGUEST_SEV_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ccg_ctx;

/**
 * struct ccg_sev_cpu - a known processor
 * @name: the model's name in QEMU; NULL for a real processor, which QEMU's
 *	  model "host" reports
 * @what: a description, for messages
 * @signature: the signature
 */
struct ccg_sev_cpu {
	const char *name;
	const char *what;
	uint32_t signature;
};

const struct ccg_sev_cpu *ccg_sev_cpu_at(size_t i);
bool ccg_sev_cpu_host(struct ccg_ctx *ctx, uint32_t *signature);

#endif /* CCGUEST_SEV_CPU_H */
