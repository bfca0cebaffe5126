// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processor of this machine: CPUID, model-specific registers, its product.
 *
 * AMD APM volume 3, appendix E; the kernel's devices /dev/cpu/0/cpuid and msr.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#ifdef __x86_64__
#include <cpuid.h>
#endif

#include <ccguest/platform.h>

#include "core/ctx.h"
#include "core/io.h"
#include "env.h"
#include "sev/cpuid.h"
#include "sev/snp.h"

#define CPUID_DEVICE	"/dev/cpu/0/cpuid"
#define MSR_DEVICE	"/dev/cpu/0/msr"

/* The function is an extended one; the greatest one is in EAX of the first. */
#define EXTENDED	0x80000000

static int read_at(struct ccg_ctx *ctx, const char *path, uint32_t at,
		   uint8_t *buf, size_t len)
{
	int rc, fd = ccg_open(ctx, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = pread(fd, buf, len, at);
	rc = n < 0 ? -errno : 0;
	close(fd);
	if (rc)
		return rc;
	return (size_t)n == len ? 0 : -EIO;
}

static int read_leaf(struct ccg_ctx *ctx, uint32_t leaf, struct sev_cpuid *r)
{
	uint8_t buf[16];
	int rc;

	if (!ctx->root) {
#ifdef __x86_64__
		__cpuid_count(leaf, 0, r->eax, r->ebx, r->ecx, r->edx);
		return 0;
#else
		return -EOPNOTSUPP;
#endif
	}
	rc = read_at(ctx, CPUID_DEVICE, leaf, buf, sizeof(buf));
	if (rc)
		return rc == -ENOENT ? -EOPNOTSUPP : rc;
	r->eax = get_unaligned_le32(buf);
	r->ebx = get_unaligned_le32(buf + 4);
	r->ecx = get_unaligned_le32(buf + 8);
	r->edx = get_unaligned_le32(buf + 12);
	return 0;
}

/**
 * ccg_cpuid - get what CPUID returns
 * @ctx: the context; inside a root directory, /dev/cpu/0/cpuid is read
 * @leaf: the function
 * @regs: set to the registers
 *
 * Return: 0; -ENODATA if the processor has no such function; -EOPNOTSUPP if
 * there is no CPUID; or another negative errno. The reason is not noted in the
 * context.
 */
int ccg_cpuid(struct ccg_ctx *ctx, uint32_t leaf, struct sev_cpuid *regs)
{
	uint32_t first = leaf & EXTENDED;
	int rc = read_leaf(ctx, first, regs);

	if (rc || leaf == first)
		return rc;
	if ((regs->eax & EXTENDED) != first || regs->eax < leaf)
		return -ENODATA;
	return read_leaf(ctx, leaf, regs);
}

/**
 * ccg_msr - read a model-specific register of the first processor
 * @ctx: the context
 * @msr: its number
 * @value: set to its value
 *
 * Return: 0 or a negative errno. The reason is not noted in the context.
 */
int ccg_msr(struct ccg_ctx *ctx, uint32_t msr, uint64_t *value)
{
	uint8_t buf[8];
	int rc = read_at(ctx, MSR_DEVICE, msr, buf, sizeof(buf));

	if (!rc)
		*value = get_unaligned_le64(buf);
	return rc;
}

static void find_product(struct ccg_host_cpu *cpu)
{
	if (strcmp(cpu->vendor, "AuthenticAMD"))
		return;
	cpu->product = ccg_snp_product_name(ccg_snp_product_of(cpu->family, cpu->model));
	/* These have SEV, and no SNP; the revision guides of family 17h. */
	if (cpu->family == 0x17 && cpu->model <= 0x0f)
		cpu->product = "Naples";
	else if (cpu->family == 0x17 && cpu->model >= 0x30 && cpu->model <= 0x3f)
		cpu->product = "Rome";
}

static void take_vendor(const struct sev_cpuid *r, struct ccg_host_cpu *cpu)
{
	const uint32_t parts[] = { r->ebx, r->edx, r->ecx };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		put_unaligned_le32(parts[i], cpu->vendor + 4 * i);
}

static void take_signature(uint32_t sig, struct ccg_host_cpu *cpu)
{
	cpu->family = sig >> 8 & 0xf;
	cpu->model = sig >> 4 & 0xf;
	cpu->stepping = sig & 0xf;
	if (cpu->family == 0xf)
		cpu->family += sig >> 20 & 0xff;
	if (cpu->family >= 0xf || cpu->family == 6)
		cpu->model |= (sig >> 16 & 0xf) << 4;
}

/* The name has blanks at its end, and at its beginning on some processors. */
static void take_name(struct ccg_ctx *ctx, struct ccg_host_cpu *cpu)
{
	struct sev_cpuid r;
	char *p = cpu->name;
	size_t len;

	for (uint32_t leaf = 0x80000002; leaf <= 0x80000004; leaf++, p += 16) {
		if (ccg_cpuid(ctx, leaf, &r))
			break;
		put_unaligned_le32(r.eax, p);
		put_unaligned_le32(r.ebx, p + 4);
		put_unaligned_le32(r.ecx, p + 8);
		put_unaligned_le32(r.edx, p + 12);
	}
	len = strspn(cpu->name, " ");
	memmove(cpu->name, cpu->name + len, sizeof(cpu->name) - len);
	len = strlen(cpu->name);
	while (len && cpu->name[len - 1] == ' ')
		cpu->name[--len] = '\0';
}

int ccg_host_cpu(struct ccg_ctx *ctx, struct ccg_host_cpu *cpu)
{
	struct sev_cpuid r;
	int rc;

	*cpu = (struct ccg_host_cpu) {};
	rc = ccg_cpuid(ctx, 0, &r);
	if (!rc) {
		take_vendor(&r, cpu);
		rc = ccg_cpuid(ctx, 1, &r);
	}
	if (rc == -EOPNOTSUPP)
		return ccg_fail(ctx, rc, CCG_UNSUPPORTED, "CPUID",
				"the processor does not have this instruction");
	if (rc)
		return ccg_fail_errno(ctx, rc, CPUID_DEVICE);
	take_signature(r.eax, cpu);
	cpu->is_virtual = r.ecx >> 31;
	take_name(ctx, cpu);
	find_product(cpu);
	return 0;
}
