/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Main program of the kselftests named failnth. Before it includes this file, a
 * test defines MODULE, the name of the module; SHOWN, the module's directory in
 * securityfs; and FILES, a list of files in this directory.
 *
 * The program loads the module once per allocation of the init function, and
 * makes this allocation fail, until a load has no failure. Each load must
 * succeed or leave nothing behind. Another process tries to open the files at
 * the same time. The program needs CONFIG_FAILSLAB. It also needs
 * CONFIG_FAULT_INJECTION_STACKTRACE_FILTER, which keeps faults out of the
 * kernel's module loader, because the loader would print warnings.
 */
#ifndef CCGUEST_TEST_FAILNTH_H
#define CCGUEST_TEST_FAILNTH_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

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

/* Limits faults of a kind to calls below do_one_initcall(), unlogged. */
static int confine(const char *kind, const char *start, const char *end)
{
	const char *const settings[][2] = {
		{ "require-start", start }, { "require-end", end },
		{ "stacktrace-depth", "32" }, { "verbose", "0" },
		/* exists for the allocators only */
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

/* Address of a kernel function; the next higher symbol is its end. */
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

/* Shared with the process that opens files while the module loads. */
struct opener {
	atomic_bool go;
	atomic_bool busy;
};

/*
 * A load that fails after it created files must not break processes that open
 * them. The process runs only during the load: race.c tests unloading.
 */
static void open_files(struct opener *opener)
{
	static const char *const names[] = { FILES };
	char path[PATH_MAX];

	for (size_t i = 0; ; i++) {
		int fd;

		opener->busy = true;
		if (!opener->go) {
			opener->busy = false;
			usleep(100);
			continue;
		}
		snprintf(path, sizeof(path), SHOWN "/%s",
			 names[i % (sizeof(names) / sizeof(*names))]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			close(fd);
		opener->busy = false;
	}
}

static struct opener *start_opener(pid_t *pid)
{
	struct opener *opener = mmap(NULL, sizeof(*opener),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (opener == MAP_FAILED)
		return NULL;
	*pid = fork();
	if (*pid < 0)
		return NULL;
	if (!*pid)
		open_files(opener);
	return opener;
}

static int write_nth(int fd, int nth)
{
	char buf[16];
	int len = snprintf(buf, sizeof(buf), "%d", nth);

	return pwrite(fd, buf, len, 0) == len ? 0 : -errno;
}

/* Returns 0 after the fault was injected. */
static int read_nth(int fd)
{
	char buf[16] = "";

	return pread(fd, buf, sizeof(buf) - 1, 0) > 0 ? atoi(buf) : -1;
}

int main(void)
{
	int loaded = 0, refused = 0, dirty = 0, nth, fault, module, rc;
	struct opener *opener;
	char start[32], end[32];
	pid_t pid;
	struct stat st;

	ksft_print_header();
	module = open_module();
	if (module < 0)
		ksft_exit_skip("no module " MODULE "\n");
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

	opener = start_opener(&pid);
	if (!opener)
		ksft_exit_fail_msg("cannot start another process\n");
	for (nth = 1; nth < NTH_MAX; nth++) {
		int left;

		opener->go = true;
		if (write_nth(fault, nth))
			break;
		rc = load_module(module);
		left = read_nth(fault);
		write_nth(fault, 0);
		opener->go = false;
		while (opener->busy)
			usleep(100);
		if (!rc) {
			loaded++;
			if (unload_module())
				break;
		} else {
			refused++;
		}
		if (!stat(SHOWN, &st))
			dirty++;
		if (!rc && left)
			break;
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ksft_print_msg("%d allocations: %d failures survived, %d refused\n",
		       nth - 1, loaded, refused);
	ksft_test_result(nth > 20 && nth < NTH_MAX && refused > 5,
			 "every allocation of a load failed once\n");
	ksft_test_result(!dirty, "a load that fails leaves nothing behind\n");
	rc = load_module(module);
	ksft_test_result(!rc && !unload_module(), "and then it loads\n");
	ksft_finished();
}

#endif /* CCGUEST_TEST_FAILNTH_H */
