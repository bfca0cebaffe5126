// SPDX-License-Identifier: GPL-2.0-only
/*
 * A library for LD_PRELOAD: the kernel's part of /dev/sev and of /dev/cpu/0, in
 * front of soft-psp. Written from the kernel's sev-dev.c and psp-sev.h.
 *
 *	SEV_PSP		the program soft-psp
 *	SEV_PSP_DIR	its platform
 *	SEV_FAULT	"COMMAND KIND VALUE", a fault of this command:
 *			errno N		the kernel fails with this errno
 *			fw N		the firmware fails with this error
 *			need N		INVALID_LEN, and N bytes are needed
 *			len N		the firmware returns this length
 *			flip N		bit 0 of byte N of the answer
 *			set N		byte N / 256 of the answer becomes N % 256
 *
 * The files cpuid and msr below /dev/cpu/0 are text: number and values in
 * hexadecimal, one function or register per line.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/kvm.h>
#include <linux/psp-sev.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define CERT		2084
#define SNP_STATUS	9
#define ANSWER_MAX	(16 * CERT)

static unsigned int fault_cmd;
static char fault_kind[16];
static int fault_value;

static int fault(unsigned int cmd, const char *kind)
{
	const char *text = getenv("SEV_FAULT");

	*fault_kind = '\0';
	if (!text || sscanf(text, "%u %15s %i", &fault_cmd, fault_kind, &fault_value) != 3)
		return 0;
	return fault_cmd == cmd && !strcmp(fault_kind, kind);
}

/* Runs a command of soft-psp; returns the length of the answer. */
static size_t ask(unsigned int cmd, const void *in, size_t in_len, uint8_t *out)
{
	char number[16];
	int to[2], from[2], status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	snprintf(number, sizeof(number), "%u", cmd);
	if (pipe(to) || pipe(from))
		abort();
	pid = fork();
	if (!pid) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		close(to[1]);
		close(from[0]);
		unsetenv("LD_PRELOAD");
		execl(getenv("SEV_PSP"), "soft-psp", "command", getenv("SEV_PSP_DIR"), number,
		      (char *)NULL);
		_exit(126);
	}
	close(to[0]);
	close(from[1]);
	if (pid < 0 || write(to[1], in, in_len) != (ssize_t)in_len)
		abort();
	close(to[1]);
	while ((n = read(from[0], out + len, ANSWER_MAX - len)) > 0)
		len += n;
	close(from[0]);
	if (waitpid(pid, &status, 0) != pid || status || len < 4)
		abort();
	return len - 4;
}

/* A length that the firmware returns. */
static uint32_t returned(unsigned int cmd, uint32_t len)
{
	return fault(cmd, "len") || fault(cmd, "need") ? (uint32_t)fault_value : len;
}

static void copy_out(unsigned int cmd, const uint8_t *bytes, struct sev_issue_cmd *c)
{
	union {
		struct sev_user_data_pdh_cert_export export;
		struct sev_user_data_pek_csr csr;
		struct sev_user_data_get_id2 id;
	} *data = (void *)(uintptr_t)c->data;

	switch (cmd) {
	case SEV_PLATFORM_STATUS:
		memcpy(data, bytes, 12);
		break;
	case SNP_STATUS:
		memcpy(data, bytes, 32);
		break;
	case SEV_PEK_CSR:
		if (!c->error)
			memcpy((void *)(uintptr_t)data->csr.address, bytes, CERT);
		data->csr.length = returned(cmd, CERT);
		break;
	case SEV_PDH_CERT_EXPORT:
		if (!c->error) {
			memcpy((void *)(uintptr_t)data->export.pdh_cert_address, bytes, CERT);
			memcpy((void *)(uintptr_t)data->export.cert_chain_address, bytes + CERT,
			       3 * CERT);
		}
		data->export.cert_chain_len = returned(cmd, 3 * CERT);
		data->export.pdh_cert_len = fault(cmd, "pdh") ? (uint32_t)fault_value : CERT;
		break;
	case SEV_GET_ID2:
		/* A longer identifier: the first buffer is too small for it. */
		if (fault(cmd, "need") && fault_value > 64 &&
		    data->id.length >= (uint32_t)fault_value)
			c->error = 0;
		if (!c->error)
			memcpy((void *)(uintptr_t)data->id.address, bytes, 64);
		data->id.length = returned(cmd, 64);
		break;
	}
}

static int issue(struct sev_issue_cmd *c)
{
	static uint8_t answer[ANSWER_MAX];
	uint8_t *bytes = answer + 4, in[2 * CERT];
	size_t in_len = 0;

	if (fault(c->cmd, "errno")) {
		errno = fault_value;
		return -1;
	}
	if (c->cmd == SEV_PEK_CERT_IMPORT) {
		struct sev_user_data_pek_cert_import *i = (void *)(uintptr_t)c->data;

		if (i->pek_cert_len != CERT || i->oca_cert_len != CERT)
			abort();
		memcpy(in, (void *)(uintptr_t)i->pek_cert_address, CERT);
		memcpy(in + CERT, (void *)(uintptr_t)i->oca_cert_address, CERT);
		in_len = sizeof(in);
	}
	if (fault(c->cmd, "fw") || fault(c->cmd, "need")) {
		c->error = fault(c->cmd, "fw") ? (uint32_t)fault_value : SEV_RET_INVALID_LEN;
		if (fault(c->cmd, "need"))
			ask(c->cmd, in, in_len, answer);
	} else {
		ask(c->cmd, in, in_len, answer);
		memcpy(&c->error, answer, 4);
	}
	if (fault(c->cmd, "flip"))
		bytes[fault_value] ^= 1;
	if (fault(c->cmd, "set"))
		bytes[fault_value / 256] = fault_value % 256;
	if (!fault(c->cmd, "fw"))
		copy_out(c->cmd, bytes, c);
	if (!c->error)
		return 0;
	errno = EIO;
	return -1;
}

int ioctl(int fd, unsigned long request, ...)
{
	static int (*real)(int fd, unsigned long request, ...);
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (request == SEV_ISSUE_CMD)
		return issue(arg);
	if (request == KVM_GET_API_VERSION)
		return KVM_API_VERSION;
	if (!real)
		real = dlsym(RTLD_NEXT, "ioctl");
	return real(fd, request, arg);
}

/* Looks a number up in a file, and copies the values of its line. */
static ssize_t look_up(FILE *f, unsigned long at, void *buf, size_t len)
{
	unsigned long v[5];
	char line[256];
	int n;

	while (fgets(line, sizeof(line), f)) {
		n = sscanf(line, "%lx %lx %lx %lx %lx", v, v + 1, v + 2, v + 3, v + 4);
		if (n < 2 || v[0] != at)
			continue;
		if (len == 8) {
			memcpy(buf, v + 1, 8);
			return 8;
		}
		for (size_t i = 0; i < len / 4; i++)
			memcpy((char *)buf + 4 * i, v + 1 + i, 4);
		return len;
	}
	errno = EIO;
	return -1;
}

static ssize_t shim_pread(int fd, void *buf, size_t len, off64_t at)
{
	static ssize_t (*real)(int fd, void *buf, size_t len, off64_t at);
	char self[32], path[4096] = "";
	ssize_t n;
	FILE *f;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (readlink(self, path, sizeof(path) - 1) < 0 || !strstr(path, "/dev/cpu/0/")) {
		if (!real)
			real = dlsym(RTLD_NEXT, "pread64");
		return real(fd, buf, len, at);
	}
	f = fopen(path, "re");
	if (!f)
		return -1;
	n = look_up(f, at, buf, len);
	fclose(f);
	return n;
}

ssize_t pread64(int fd, void *buf, size_t len, off64_t at)
{
	return shim_pread(fd, buf, len, at);
}

/* What fortified programs call. */
ssize_t __pread64_chk(int fd, void *buf, size_t len, off64_t at, size_t room);
ssize_t __pread64_chk(int fd, void *buf, size_t len, off64_t at, size_t room)
{
	if (len > room)
		abort();
	return shim_pread(fd, buf, len, at);
}
