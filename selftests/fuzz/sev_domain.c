// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is what virsh prints: the XML of a guest, the
 * capabilities of a host, or the report about a launch.
 *
 * Checks that a description has sane contents, and that a failure has a reason.
 */
#include <dlfcn.h>
#include <string.h>

#include <ccguest/domain.h>

#include "../../tools/lib/core/ctx.h"
#include "fuzz.h"

static struct ccg_ctx ctx = { .root_fd = -1 };

/* Each reading loads libxml2; here the library stays loaded. */
__attribute__((__constructor__))
static void keep_library(void)
{
	require(dlopen("libxml2.so.2", RTLD_NOW) || dlopen("libxml2.so.16", RTLD_NOW));
}

static void check_failure(int rc)
{
	require(rc == -EBADMSG || rc == -EFBIG || rc == -ENODATA);
	require(ctx.error.code == rc && *ctx.error.what && *ctx.error.why);
}

static void check_path(const char *path)
{
	require(!path || *path == '/');
}

static void check_domain(const struct ccg_domain *d)
{
	const struct ccg_domain_info *i = ccg_domain_info(d);
	struct ccg_domain_finding f;
	enum ccg_vmsa_form form;
	size_t n = 0;

	require(i->cpus && (i->has_policy || !i->policy));
	require(i->security == CCG_DOMAIN_SNP || i->policy <= UINT32_MAX);
	check_path(i->loader);
	check_path(i->kernel);
	check_path(i->initrd);
	while (ccg_domain_finding(d, n, &f)) {
		require(*f.place && *f.text);
		n++;
	}
	require(n < 16);
	if (ccg_domain_form(i->machine, &form))
		require(form == CCG_VMSA_LEGACY || form == CCG_VMSA_INIT2);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char cpu[CCG_DOMAIN_CPU_TEXT];
	struct ccg_domain_report r;
	struct ccg_domain *d;
	int rc;

	rc = ccg_domain_parse(&ctx, "xml", data, size, &d);
	if (rc) {
		check_failure(rc);
	} else {
		check_domain(d);
		ccg_domain_free(d);
	}
	rc = ccg_domain_host_cpu(&ctx, data, size, cpu);
	if (rc)
		check_failure(rc);
	else
		require(strlen(cpu) >= strlen("1/1/1"));
	rc = ccg_domain_report_parse(&ctx, (const char *)data, size, &r);
	if (rc)
		check_failure(rc);
	return 0;
}
