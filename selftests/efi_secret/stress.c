// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads, reads, unlinks and unloads in a loop, with a fresh table in each
 * round. The kmemleak gate of the rig detects leaks. There are as many rounds as
 * the file ROUNDS_FILE says, or 100.
 */
#include <stdlib.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "../kselftest.h"
#include "module.h"

#define ROUNDS_FILE	"/root/efi_secret-rounds"
#define KEPT	"736869e5-84f0-4973-92ec-06879ce3da0b"
#define REMOVED	"43ced044-42ec-487a-88b7-261bda359f24"

static const unsigned char table[] = {
	0x42, 0xf5, 0x74, 0x1e, 0xdd, 0x71, 0x66, 0x4d,
	0x96, 0x3e, 0xef, 0x42, 0x87, 0xff, 0x17, 0x3b, 68, 0, 0, 0,
	0xe5, 0x69, 0x68, 0x73, 0xf0, 0x84, 0x73, 0x49,
	0x92, 0xec, 0x06, 0x87, 0x9c, 0xe3, 0xda, 0x0b, 24, 0, 0, 0,
	'k', 'e', 'p', 't',
	0x44, 0xd0, 0xce, 0x43, 0xec, 0x42, 0x7a, 0x48,
	0x88, 0xb7, 0x26, 0x1b, 0xda, 0x35, 0x9f, 0x24, 24, 0, 0, 0,
	'g', 'o', 'n', 'e',
};

/* Address of the area, from the module's last message. */
static unsigned long long find_area(void)
{
	static const char words[] = "(area at ";
	int size = klogctl(10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0);
	char *log = calloc(1, size + 1), *p;
	unsigned long long addr = 0;

	if (!log || klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, size) < 0)
		return 0;
	for (p = log; (p = strstr(p, words)); p += sizeof(words))
		addr = strtoull(p + strlen(words), NULL, 0);
	free(log);
	return addr;
}

static volatile unsigned char *map_area(unsigned long long addr)
{
	unsigned long page = sysconf(_SC_PAGESIZE);
	int fd = open("/dev/mem", O_RDWR | O_CLOEXEC);
	volatile unsigned char *mem;

	if (fd < 0)
		return NULL;
	/*
	 * Map one page: /dev/mem denies access to RAM, and the next may be RAM.
	 */
	mem = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   addr & ~(page - 1ULL));
	close(fd);
	return mem == MAP_FAILED ? NULL : mem + (addr & (page - 1));
}

static int has(const char *path, const char *expected)
{
	char buf[16] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, buf, sizeof(buf));
	close(fd);
	return n == (ssize_t)strlen(expected) && !memcmp(buf, expected, n);
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Adds to @load_time the time from the load until the files exist. */
static int one_round(int module, volatile unsigned char *area,
		     double *load_time)
{
	struct stat st;
	double start;
	size_t i;

	for (i = 0; i < sizeof(table); i++)
		area[i] = table[i];
	start = now();
	if (load_module(module) || stat(COCO "/" KEPT, &st))
		return -1;
	*load_time += now() - start;
	if (!has(COCO "/" KEPT, "kept") || !has(COCO "/" REMOVED, "gone"))
		return -1;
	if (unlink(COCO "/" REMOVED) || !has(COCO "/" KEPT, "kept"))
		return -1;
	if (unload_module() || !stat("/sys/kernel/security/secrets", &st))
		return -1;
	/* zeros: GUID and data of the removed entry, not its length */
	for (i = 44; i < sizeof(table); i++)
		if (area[i] != (i == 60 ? 24 : 0))
			return -1;
	return 0;
}

static int rounds_wanted(void)
{
	FILE *file = fopen(ROUNDS_FILE, "re");
	int rounds;

	if (!file)
		return 100;
	if (fscanf(file, "%d", &rounds) != 1)
		rounds = 0;
	fclose(file);
	return rounds;
}

int main(void)
{
	volatile unsigned char *area;
	double start, load_time = 0;
	int rounds = rounds_wanted();
	int module, i, rc;

	ksft_print_header();
	module = open_module();
	if (module < 0)
		ksft_exit_skip("no module efi_secret\n");
	rc = load_module(module);
	if (rc)
		ksft_exit_skip("the module does not load here: %s\n", strerror(-rc));
	area = map_area(find_area());
	unload_module();
	if (!area)
		ksft_exit_skip("cannot write to the area: %s\n", strerror(errno));
	ksft_set_plan(1);

	start = now();
	for (i = 0; i < rounds; i++)
		if (one_round(module, area, &load_time))
			break;
	ksft_print_msg("%d rounds, %.1f ms each; %.2f ms from load to files\n",
		       i, (now() - start) * 1e3 / (i ?: 1),
		       load_time * 1e3 / (i ?: 1));
	ksft_test_result(i && i == rounds, "%d rounds of load, read, unlink, unload\n",
			 rounds);
	ksft_finished();
}
