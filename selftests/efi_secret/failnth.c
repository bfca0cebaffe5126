// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads the module with the first allocation of its init function failing,
 * then the second, and so on until none fails any more: each time it either
 * loads or leaves nothing behind. Needs CONFIG_FAILSLAB, and
 * CONFIG_FAULT_INJECTION_STACKTRACE_FILTER to keep faults out of the kernel's
 * module loader, which warns about them.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "../kselftest.h"
#include "module.h"

#define NTH_MAX		2000

static int set(const char *path, const char *val)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int rc = -1;

	if (fd < 0)
		return -1;
	if (write(fd, val, strlen(val)) == (ssize_t)strlen(val))
		rc = 0;
	close(fd);
	return rc;
}

/* Let faults of a kind happen only below do_one_initcall(), quietly. */
static int confine(const char *kind, const char *start, const char *end)
{
	const char *const settings[][2] = {
		{ "require-start", start }, { "require-end", end },
		{ "stacktrace-depth", "32" }, { "verbose", "0" },
		/* of the allocators only */
		{ "ignore-gfp-wait", "N" },
	};
	char path[PATH_MAX];
	struct stat st;

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", kind,
			 settings[i][0]);
		if (stat(path, &st) && errno == ENOENT)
			continue;
		if (set(path, settings[i][1]))
			return -1;
	}
	return 0;
}

/* Where a function of the kernel is, by the next higher symbol its end. */
static int find_function(const char *name, char *start, char *end, size_t size)
{
	unsigned long long addr, from = 0, to = ~0ULL;
	char line[512], sym[256];

	for (int pass = 0; pass < 2; pass++) {
		FILE *f = fopen("/proc/kallsyms", "r");

		while (f && fgets(line, sizeof(line), f)) {
			if (sscanf(line, "%llx %*c %255s", &addr, sym) != 2)
				continue;
			if (!pass && !strcmp(sym, name))
				from = addr;
			if (pass && addr > from && addr < to)
				to = addr;
		}
		if (f)
			fclose(f);
	}
	snprintf(start, size, "0x%llx", from);
	snprintf(end, size, "0x%llx", to);
	return from ? 0 : -1;
}

static int write_nth(int fd, int nth)
{
	char buf[16];
	int len = snprintf(buf, sizeof(buf), "%d", nth);

	return pwrite(fd, buf, len, 0) == len ? 0 : -errno;
}

/* 0 once the fault was injected. */
static int read_nth(int fd)
{
	char buf[16] = "";

	return pread(fd, buf, sizeof(buf) - 1, 0) > 0 ? atoi(buf) : -1;
}

int main(void)
{
	int loaded = 0, refused = 0, dirty = 0, nth, fault, module, rc;
	char start[32], end[32];
	struct stat st;

	ksft_print_header();
	module = open_module();
	if (module < 0)
		ksft_exit_skip("no module efi_secret\n");
	rc = load_module(module);
	if (rc)
		ksft_exit_skip("the module does not load here: %s\n", strerror(-rc));
	unload_module();
	fault = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fault < 0 || stat("/sys/kernel/debug/failslab/require-start", &st))
		ksft_exit_skip("this kernel cannot make allocations fail\n");
	ksft_set_plan(3);
	if (find_function("do_one_initcall", start, end, sizeof(start)) ||
	    confine("failslab", start, end) ||
	    confine("fail_page_alloc", start, end) ||
	    confine("fail_usercopy", start, end))
		ksft_exit_fail_msg("cannot set up fault injection\n");

	for (nth = 1; nth < NTH_MAX; nth++) {
		int left;

		if (write_nth(fault, nth))
			break;
		rc = load_module(module);
		left = read_nth(fault);
		write_nth(fault, 0);
		if (!rc) {
			loaded++;
			if (unload_module())
				break;
		} else {
			refused++;
		}
		if (!stat("/sys/kernel/security/secrets", &st))
			dirty++;
		if (!rc && left)
			break;
	}
	ksft_print_msg("%d allocations: %d failures survived, %d refused\n",
		       nth - 1, loaded, refused);
	ksft_test_result(nth > 20 && nth < NTH_MAX && refused > 5,
			 "every allocation of a load failed once\n");
	ksft_test_result(!dirty, "a load that fails leaves nothing behind\n");
	rc = load_module(module);
	ksft_test_result(!rc && !unload_module(), "and then it loads\n");
	ksft_finished();
}
