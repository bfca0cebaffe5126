// SPDX-License-Identifier: GPL-2.0-only
/*
 * physmem read ADDR SIZE		memory to standard output
 * physmem write ADDR SIZE		standard input to memory, then zeros
 * physmem put ADDR NUMBER		a number of 8 bytes, little-endian
 *
 * Accesses physical memory that is not RAM, through /dev/mem. It copies one
 * byte at a time, because the mapping may allow aligned accesses only.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	unsigned long long addr, base, number;
	volatile unsigned char *mem;
	size_t size, offset;
	int fd, c = 0;

	if (argc != 4)
		errx(2, "usage: physmem read|write ADDR SIZE, physmem put ADDR NUMBER");
	addr = strtoull(argv[2], NULL, 0);
	number = strtoull(argv[3], NULL, 0);
	size = strcmp(argv[1], "put") ? number : sizeof(number);
	base = addr & ~(sysconf(_SC_PAGESIZE) - 1ULL);
	offset = addr - base;

	fd = open("/dev/mem", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(1, "/dev/mem");
	mem = mmap(NULL, offset + size, PROT_READ | PROT_WRITE, MAP_SHARED,
		   fd, base);
	if (mem == MAP_FAILED)
		err(1, "mmap of %#llx", addr);
	mem += offset;

	for (size_t i = 0; i < size; i++) {
		if (!strcmp(argv[1], "read")) {
			putchar(mem[i]);
			continue;
		}
		if (!strcmp(argv[1], "put")) {
			mem[i] = number >> 8 * i;
			continue;
		}
		if (c != EOF)
			c = getchar();
		mem[i] = c == EOF ? 0 : c;
	}
	if (fflush(stdout))
		err(1, "stdout");
	return 0;
}
