// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a host must have to run guests with SEV, SEV-ES and SNP.
 *
 * Linux: arch/x86/kernel/cpu/amd.c (flags), arch/x86/kvm/svm/sev.c (parameters);
 * AMD APM volume 2, 15.34 and 15.36 (SYSCFG, RMP).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/ctx.h"
#include "core/io.h"
#include "sev/cpuid.h"
#include "sev/platform.h"

/* Bits of EAX of CPUID_ENCRYPTION. */
#define CPUID_SME	0x01
#define CPUID_SEV	0x02
#define CPUID_ES	0x08
#define CPUID_SNP	0x10
#define CPUID_VMPL	0x20

#define MSR_SYSCFG	0xc0010010
#define SYSCFG_MEE	0x0800000
#define SYSCFG_SNP	0x1000000
#define SYSCFG_VMPL	0x2000000
#define MSR_RMP_BASE	0xc0010132
#define MSR_RMP_END	0xc0010133
#define MSR_RMP_CFG	0xc0010136
#define RMP_SEGMENTED	0x1

#define CPUINFO_MAX	0x1000000
#define PARAMETER_MAX	64

/* No guest with SEV is smaller, in bytes. */
#define GUEST_MIN	(128ULL << 20)

#define KVM_API		12

/**
 * struct host - what was read before the checks
 * @ctx: the context
 * @cpu: the processor
 * @cpu_rc: why @cpu is not known, a negative errno; or 0
 * @enc: what CPUID_ENCRYPTION returns; zeros if it does not exist
 * @syscfg: the register SYSCFG
 * @syscfg_rc: why @syscfg is not known
 * @flags: the flags of the first processor in /proc/cpuinfo, or NULL
 * @p: the firmware, or NULL
 * @p_why: why there is no @p
 * @p_missing: there is no device
 */
struct host {
	struct ccg_ctx *ctx;
	struct ccg_host_cpu cpu;
	int cpu_rc;
	struct sev_cpuid enc;
	uint64_t syscfg;
	int syscfg_rc;
	char *flags;
	struct ccg_platform *p;
	char p_why[128];
	bool p_missing;
};

__printf(4, 5)
static void set(struct ccg_host_check *c, enum ccg_host_verdict verdict,
		const char *advice, const char *fmt, ...)
{
	va_list ap;

	c->verdict = verdict;
	c->advice = verdict == CCG_HOST_PASSED ? NULL : advice;
	va_start(ap, fmt);
	vsnprintf(c->detail, sizeof(c->detail), fmt, ap);
	va_end(ap);
}

/* ---- the processor ---- */

static bool is_amd(const struct host *h)
{
	return !strcmp(h->cpu.vendor, "AuthenticAMD");
}

/* Returns false if CPUID could not be read. */
static bool know_cpuid(struct host *h, struct ccg_host_check *c)
{
	if (!h->cpu_rc || h->cpu_rc == -EOPNOTSUPP)
		return true;
	set(c, CCG_HOST_UNKNOWN, "run as root", "CPUID: %s",
	    strerror(-h->cpu_rc));
	return false;
}

static void check_cpu(struct host *h, struct ccg_host_check *c)
{
	const struct ccg_host_cpu *cpu = &h->cpu;
	static const char need[] = "SEV needs a processor AMD EPYC";

	if (h->cpu_rc == -EOPNOTSUPP) {
		set(c, CCG_HOST_FAILED, need, "the processor has no CPUID");
		return;
	}
	if (!know_cpuid(h, c))
		return;
	set(c, is_amd(h) ? CCG_HOST_PASSED : CCG_HOST_FAILED, need,
	    "%s, %s, family %u, model %u, stepping %u%s%s%s%s",
	    cpu->vendor, *cpu->name ? cpu->name : "no name", cpu->family,
	    cpu->model, cpu->stepping, cpu->product ? " (" : "",
	    cpu->product ? cpu->product : "", cpu->product ? ")" : "",
	    cpu->is_virtual ? ", in a virtual machine" : "");
}

static void cpuid_bit(struct host *h, struct ccg_host_check *c, uint32_t bit)
{
	if (!know_cpuid(h, c))
		return;
	if (h->enc.eax & bit)
		set(c, CCG_HOST_PASSED, NULL, "CPUID 0x8000001f EAX %#x",
		    h->enc.eax);
	else
		set(c, CCG_HOST_FAILED, is_amd(h) && h->cpu.is_virtual ?
		    "the hypervisor of this virtual machine hides it: check the real host" :
		    "another processor is needed", "CPUID 0x8000001f EAX %#x",
		    h->enc.eax);
}

static void check_sme(struct host *h, struct ccg_host_check *c)
{
	cpuid_bit(h, c, CPUID_SME);
}

static void check_sev(struct host *h, struct ccg_host_check *c)
{
	cpuid_bit(h, c, CPUID_SEV);
	if (c->verdict == CCG_HOST_PASSED)
		set(c, CCG_HOST_PASSED, NULL,
		    "C-bit %u, %u address bits fewer, %u guests at a time",
		    h->enc.ebx & 0x3f, h->enc.ebx >> 6 & 0x3f, h->enc.ecx);
}

static void check_es(struct host *h, struct ccg_host_check *c)
{
	cpuid_bit(h, c, CPUID_ES);
}

static void check_snp(struct host *h, struct ccg_host_check *c)
{
	cpuid_bit(h, c, CPUID_SNP);
}

static void check_vmpl(struct host *h, struct ccg_host_check *c)
{
	cpuid_bit(h, c, CPUID_VMPL);
	if (c->verdict == CCG_HOST_PASSED)
		set(c, CCG_HOST_PASSED, NULL, "%u levels",
		    h->enc.ebx >> 12 & 0xf);
}

/* ---- settings of the BIOS ---- */

static bool has_flag(const struct host *h, const char *flag)
{
	size_t len = strlen(flag);
	const char *p = h->flags;

	while (p) {
		p = strstr(p, flag);
		if (!p)
			return false;
		if ((p[-1] == ' ' || p[-1] == '\t') &&
		    (!p[len] || p[len] == ' '))
			return true;
		p += len;
	}
	return false;
}

/* The kernel drops the flag if the bit of SYSCFG is not set. */
static void syscfg_bit(struct host *h, struct ccg_host_check *c, uint32_t bit,
		       const char *flag, const char *advice)
{
	if (!know_cpuid(h, c))
		return;
	if (!is_amd(h))
		set(c, CCG_HOST_FAILED, "another processor is needed",
		    "only processors of AMD have the register SYSCFG");
	else if (!h->syscfg_rc)
		set(c, h->syscfg & bit ? CCG_HOST_PASSED : CCG_HOST_FAILED,
		    advice, "register SYSCFG %#" PRIx64, h->syscfg);
	else if (flag && has_flag(h, flag))
		set(c, CCG_HOST_PASSED, NULL,
		    "the kernel has the flag %s in /proc/cpuinfo", flag);
	else
		set(c, CCG_HOST_UNKNOWN,
		    "run as root, after modprobe msr; lockdown prevents this",
		    "register SYSCFG: %s", strerror(-h->syscfg_rc));
}

static void check_enabled(struct host *h, struct ccg_host_check *c)
{
	syscfg_bit(h, c, SYSCFG_MEE, "sev",
		   "enable SMEE (Secure Memory Encryption) in the BIOS");
}

static void check_snp_enabled(struct host *h, struct ccg_host_check *c)
{
	syscfg_bit(h, c, SYSCFG_SNP, "sev_snp",
		   "enable SEV-SNP support in the BIOS, and boot without iommu=pt and with iommu=on");
}

static void check_vmpl_enabled(struct host *h, struct ccg_host_check *c)
{
	syscfg_bit(h, c, SYSCFG_VMPL, NULL,
		   "use Linux 6.11 or later, which sets this bit with SNP");
}

static void check_asids(struct host *h, struct ccg_host_check *c)
{
	uint32_t all = h->enc.ecx, min = h->enc.edx;
	uint32_t n = min && all >= min ? all - min + 1 : 0;

	cpuid_bit(h, c, CPUID_SEV);
	if (c->verdict != CCG_HOST_PASSED)
		return;
	set(c, n ? CCG_HOST_PASSED : CCG_HOST_FAILED,
	    "lower \"SEV-ES ASID space limit\" in the BIOS",
	    "%u guests with SEV, ASIDs from %u to %u", n, min, all);
}

static void check_es_asids(struct host *h, struct ccg_host_check *c)
{
	uint32_t n = h->enc.edx ? h->enc.edx - 1 : 0;

	cpuid_bit(h, c, CPUID_ES);
	if (c->verdict != CCG_HOST_PASSED)
		return;
	set(c, n ? CCG_HOST_PASSED : CCG_HOST_FAILED,
	    "raise \"SEV-ES ASID space limit\" in the BIOS",
	    "%u guests with SEV-ES or SNP", n);
}

/* A RMP with segments has no end. */
static bool has_rmp(struct host *h, uint64_t base, uint64_t end)
{
	uint64_t cfg;

	if (!base || end)
		return base && end > base;
	return !ccg_msr(h->ctx, MSR_RMP_CFG, &cfg) && cfg & RMP_SEGMENTED;
}

static void check_rmp(struct host *h, struct ccg_host_check *c)
{
	uint64_t base, end;
	int rc = is_amd(h) ? ccg_msr(h->ctx, MSR_RMP_BASE, &base) : -ENODEV;

	if (!rc)
		rc = ccg_msr(h->ctx, MSR_RMP_END, &end);
	if (!rc)
		set(c, has_rmp(h, base, end) ? CCG_HOST_PASSED : CCG_HOST_FAILED,
		    "enable SNP memory coverage (RMP table) in the BIOS",
		    "from %#" PRIx64 " to %#" PRIx64, base, end);
	else if (has_flag(h, "sev_snp"))
		set(c, CCG_HOST_PASSED, NULL,
		    "the kernel has the flag sev_snp in /proc/cpuinfo");
	else
		set(c, CCG_HOST_UNKNOWN,
		    "run as root, after modprobe msr; lockdown prevents this",
		    "register RMP_BASE: %s", strerror(-rc));
}

/* ---- the kernel ---- */

static void kernel_flag(struct host *h, struct ccg_host_check *c,
			const char *flag, const char *advice)
{
	if (!h->flags)
		set(c, CCG_HOST_UNKNOWN, "mount /proc",
		    "/proc/cpuinfo has no flags");
	else if (has_flag(h, flag))
		set(c, CCG_HOST_PASSED, NULL, "flag %s in /proc/cpuinfo", flag);
	else
		set(c, CCG_HOST_FAILED, advice, "no flag %s in /proc/cpuinfo",
		    flag);
}

static void check_kernel_sev(struct host *h, struct ccg_host_check *c)
{
	kernel_flag(h, c, "sev",
		    "enable SMEE and SMM lock in the BIOS; the kernel needs CONFIG_AMD_MEM_ENCRYPT");
}

static void check_kernel_snp(struct host *h, struct ccg_host_check *c)
{
	kernel_flag(h, c, "sev_snp",
		    "use Linux 6.11 or later with CONFIG_KVM_AMD_SEV, and enable SEV-SNP in the BIOS");
}

static void check_kvm(struct host *h, struct ccg_host_check *c)
{
	int version, fd = ccg_open(h->ctx, "/dev/kvm", O_RDWR);

	if (fd == -EACCES || fd == -EPERM) {
		set(c, CCG_HOST_UNKNOWN,
		    "run as root, or as a member of the group kvm",
		    "/dev/kvm: %s", strerror(-fd));
		return;
	}
	if (fd < 0) {
		set(c, CCG_HOST_FAILED,
		    "modprobe kvm_amd; enable SVM in the BIOS",
		    "/dev/kvm: %s", strerror(-fd));
		return;
	}
	version = ioctl(fd, KVM_GET_API_VERSION, 0);
	if (version < 0)
		set(c, CCG_HOST_FAILED, "modprobe kvm_amd", "/dev/kvm: %s",
		    strerror(errno));
	else
		set(c, version == KVM_API ? CCG_HOST_PASSED : CCG_HOST_FAILED,
		    "use another kernel", "API version %d", version);
	close(fd);
}

/* Reads a parameter of kvm_amd: the kernel clears those that it cannot use. */
static void check_param(struct host *h, struct ccg_host_check *c,
			const char *name, const char *absent)
{
	char path[64], *text;
	int rc;

	snprintf(path, sizeof(path), "/sys/module/kvm_amd/parameters/%s", name);
	rc = ccg_read_text(h->ctx, path, PARAMETER_MAX, &text);
	if (rc == -ENOENT || rc == -ENOTDIR) {
		rc = ccg_exists(h->ctx, "/sys/module/kvm_amd");
		set(c, CCG_HOST_FAILED, rc > 0 ? absent : "modprobe kvm_amd",
		    rc > 0 ? "kvm_amd has no parameter %s" :
			     "the module kvm_amd is not loaded (parameter %s)",
		    name);
		return;
	}
	if (rc) {
		set(c, CCG_HOST_UNKNOWN, "run as root", "%s: %s", path,
		    strerror(-rc));
		return;
	}
	text[strcspn(text, "\n")] = '\0';
	if (!strcmp(text, "Y") || !strcmp(text, "1"))
		set(c, CCG_HOST_PASSED, NULL, "parameter %s is %s", name, text);
	else
		set(c, CCG_HOST_FAILED,
		    "load kvm_amd with this parameter set to 1; the kernel's log tells why it is off",
		    "parameter %s is %.16s", name, text);
	free(text);
}

static void check_kvm_sev(struct host *h, struct ccg_host_check *c)
{
	check_param(h, c, "sev", "the kernel needs CONFIG_KVM_AMD_SEV");
}

static void check_kvm_es(struct host *h, struct ccg_host_check *c)
{
	check_param(h, c, "sev_es", "use Linux 5.11 or later");
}

static void check_kvm_snp(struct host *h, struct ccg_host_check *c)
{
	check_param(h, c, "sev_snp", "use Linux 6.11 or later");
}

/* ---- the firmware ---- */

static const char *const states[] = {
	[CCG_PLATFORM_UNINIT] = "not initialized",
	[CCG_PLATFORM_INIT] = "initialized",
	[CCG_PLATFORM_WORKING] = "has guests",
};

static void no_platform(struct host *h, struct ccg_host_check *c)
{
	if (h->p_missing)
		set(c, CCG_HOST_FAILED,
		    "modprobe ccp; enable SEV in the BIOS; the kernel's log has messages of ccp",
		    "%s", h->p_why);
	else
		set(c, CCG_HOST_UNKNOWN, "run as root", "%s", h->p_why);
}

/* A command failed: keeps the reason of libccguest. */
static void command_failed(struct host *h, struct ccg_host_check *c)
{
	set(c, CCG_HOST_FAILED, "the kernel's log has messages of ccp", "%.200s",
	    ccg_error(h->ctx)->why);
}

static void check_device(struct host *h, struct ccg_host_check *c)
{
	struct ccg_platform_status st;

	if (!h->p)
		no_platform(h, c);
	else if (ccg_platform_status(h->p, &st))
		command_failed(h, c);
	else
		set(c, CCG_HOST_PASSED, NULL,
		    "firmware API %u.%u, build %u, %s%s, %u guests",
		    st.api_major, st.api_minor, st.build, states[st.state],
		    st.owned ? ", has an owner" : "", st.guests);
}

static void check_snp_init(struct host *h, struct ccg_host_check *c)
{
	struct ccg_snp_status st;

	if (!h->p)
		no_platform(h, c);
	else if (ccg_platform_snp_status(h->p, &st))
		command_failed(h, c);
	else
		set(c, st.initialized ? CCG_HOST_PASSED : CCG_HOST_FAILED,
		    "load kvm_amd; the kernel's log has messages of ccp",
		    "firmware API %u.%u, build %u, %s, RMP %s, %u guests",
		    st.api_major, st.api_minor, st.build,
		    st.initialized ? "initialized" : "not initialized",
		    st.rmp ? "initialized" : "not initialized", st.guests);
}

/* ---- limits of this process ---- */

static bool may_lock(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

	return !syscall(SYS_capget, &head, data) &&
	       data[CAP_TO_INDEX(CAP_IPC_LOCK)].effective &
	       CAP_TO_MASK(CAP_IPC_LOCK);
}

/* KVM pins all memory of a guest with SEV. */
static void check_memlock(struct host *h, struct ccg_host_check *c)
{
	struct rlimit limit;

	(void)h;
	if (getrlimit(RLIMIT_MEMLOCK, &limit))
		set(c, CCG_HOST_UNKNOWN, NULL, "%s", strerror(errno));
	else if (limit.rlim_cur == RLIM_INFINITY)
		set(c, CCG_HOST_PASSED, NULL, "no limit for this process");
	else if (may_lock())
		set(c, CCG_HOST_PASSED, NULL,
		    "this process has CAP_IPC_LOCK; users have %llu KiB",
		    (unsigned long long)limit.rlim_cur >> 10);
	else
		set(c, limit.rlim_cur >= GUEST_MIN ? CCG_HOST_PASSED :
						     CCG_HOST_FAILED,
		    "raise RLIMIT_MEMLOCK above the memory of the guest: ulimit -l, limits.conf, or LimitMEMLOCK of systemd",
		    "%llu KiB for this process",
		    (unsigned long long)limit.rlim_cur >> 10);
}

/* ---- all checks ---- */

static const struct {
	const char *name;
	const char *subject;
	enum ccg_host_kind kind;
	void (*check)(struct host *h, struct ccg_host_check *c);
} checks[] = {
	{ "cpu", "processor of AMD", CCG_HOST_SEV, check_cpu },
	{ "cpuid-sme", "processor has SME", CCG_HOST_SEV, check_sme },
	{ "cpuid-sev", "processor has SEV", CCG_HOST_SEV, check_sev },
	{ "cpuid-es", "processor has SEV-ES", CCG_HOST_ES, check_es },
	{ "cpuid-snp", "processor has SNP", CCG_HOST_SNP, check_snp },
	{ "cpuid-vmpl", "processor has VMPLs", CCG_HOST_SNP, check_vmpl },
	{ "bios-sme", "BIOS enables memory encryption", CCG_HOST_SEV,
	  check_enabled },
	{ "bios-asids", "BIOS leaves ASIDs to SEV", CCG_HOST_SEV, check_asids },
	{ "bios-es-asids", "BIOS leaves ASIDs to SEV-ES", CCG_HOST_ES,
	  check_es_asids },
	{ "bios-rmp", "BIOS reserves the RMP", CCG_HOST_SNP, check_rmp },
	{ "snp-enabled", "SNP is enabled", CCG_HOST_SNP, check_snp_enabled },
	{ "vmpl-enabled", "VMPLs are enabled", CCG_HOST_SNP,
	  check_vmpl_enabled },
	{ "kernel-sev", "kernel supports SEV", CCG_HOST_SEV, check_kernel_sev },
	{ "kernel-snp", "kernel supports SNP", CCG_HOST_SNP, check_kernel_snp },
	{ "kvm", "KVM", CCG_HOST_SEV, check_kvm },
	{ "kvm-sev", "KVM runs guests with SEV", CCG_HOST_SEV, check_kvm_sev },
	{ "kvm-es", "KVM runs guests with SEV-ES", CCG_HOST_ES, check_kvm_es },
	{ "kvm-snp", "KVM runs guests with SNP", CCG_HOST_SNP, check_kvm_snp },
	{ "device", "firmware behind /dev/sev", CCG_HOST_SEV, check_device },
	{ "device-snp", "firmware is initialized for SNP", CCG_HOST_SNP,
	  check_snp_init },
	{ "memlock", "limit for locked memory", CCG_HOST_SEV, check_memlock },
};

_Static_assert(ARRAY_SIZE(checks) <= CCG_HOST_CHECKS_MAX, "room in the report");

/* Finds the line of flags of the first processor. */
static void read_flags(struct host *h)
{
	char *text, *line;

	if (ccg_read_text(h->ctx, "/proc/cpuinfo", CPUINFO_MAX, &text))
		return;
	line = strstr(text, "\nflags\t");
	if (line) {
		line[1 + strcspn(line + 1, "\n")] = '\0';
		h->flags = strdup(line);
	}
	free(text);
}

static void open_platform(struct host *h)
{
	const struct ccg_error *e = ccg_error(h->ctx);
	int rc = ccg_platform_open(h->ctx, &h->p);

	if (!rc)
		return;
	h->p = NULL;
	h->p_missing = e->kind == CCG_UNSUPPORTED;
	snprintf(h->p_why, sizeof(h->p_why), "%s: %.100s", SEV_DEVICE, e->why);
}

static void read_host(struct host *h)
{
	h->cpu_rc = ccg_host_cpu(h->ctx, &h->cpu);
	/* Other vendors use these functions of CPUID for something else. */
	if (h->cpu_rc || !is_amd(h) ||
	    ccg_cpuid(h->ctx, CPUID_ENCRYPTION, &h->enc))
		h->enc = (struct sev_cpuid) {};
	h->syscfg_rc = ccg_msr(h->ctx, MSR_SYSCFG, &h->syscfg);
	read_flags(h);
	open_platform(h);
}

static enum ccg_host_kind best_kind(const struct host *h)
{
	if (h->enc.eax & CPUID_SNP)
		return CCG_HOST_SNP;
	return h->enc.eax & CPUID_ES ? CCG_HOST_ES : CCG_HOST_SEV;
}

void ccg_host_check(struct ccg_ctx *ctx, enum ccg_host_kind kind,
		    struct ccg_host_report *r)
{
	struct host h = { .ctx = ctx };
	struct ccg_host_check *c;

	read_host(&h);
	*r = (struct ccg_host_report) {
		.kind = kind == CCG_HOST_AUTO ? best_kind(&h) : kind,
	};
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		if (checks[i].kind > r->kind)
			continue;
		c = &r->checks[r->n++];
		c->name = checks[i].name;
		c->subject = checks[i].subject;
		c->kind = checks[i].kind;
		checks[i].check(&h, c);
		r->passed += c->verdict == CCG_HOST_PASSED;
		r->failed += c->verdict == CCG_HOST_FAILED;
	}
	ccg_platform_close(h.p);
	free(h.flags);
}
