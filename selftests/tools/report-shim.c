// SPDX-License-Identifier: GPL-2.0-only
/*
 * A library for LD_PRELOAD: the kernel's part of configfs-tsm, of /dev/sev-guest
 * and of /dev/tpmrm0, for files of these names below --root. Written from the
 * kernel's tsm.c, sev-guest.c and fs/configfs/file.c.
 *
 *	TSM_PROVIDER	name of the provider, default sev_guest
 *	TSM_FLOOR	the lowest privilege level; without it there are no levels
 *	TSM_REPORT	a report, which gets the data of the request
 *	TSM_TABLE	auxiliary data; without it there is none
 *	TPM_SOCKET	socket of a TPM
 *	REPORT_FAULT	"WHERE KIND VALUE", a fault:
 *			FILE errno N	mkdir, rmdir, or access to FILE fails
 *			generation race N  another process writes in N requests
 *			FILE text TEXT	FILE has this text
 *			FILE missing 0	the entry has no such file
 *			outblob len N	the report has this length
 *			outblob hang 0	the host does not answer
 *			outblob stale 0	the report was made for other data
 *			ext errno N, get errno N  an ioctl fails
 *			ext fw N, ext vmm N  the firmware or the host fails
 *			ext status N, ext size N  a member of the response
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sev-guest.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define real(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

#define REPORT_MAX	(4 << 20)

static char where[32], kind[16], value[256];

static bool fault(const char *file, const char *what)
{
	const char *text = getenv("REPORT_FAULT");

	return text && sscanf(text, "%31s %15s %255s", where, kind, value) == 3 &&
	       !strcmp(where, file) && !strcmp(kind, what);
}

/* Sets errno if this access shall fail. */
static bool fails(const char *file)
{
	if (!fault(file, "errno"))
		return false;
	errno = atoi(value);
	return true;
}

static const char *path_of(int fd, char path[PATH_MAX])
{
	char self[32];
	ssize_t n;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	n = readlink(self, path, PATH_MAX - 1);
	path[n < 0 ? 0 : n] = '\0';
	return path;
}

/* The name of a file of an entry; NULL for other descriptors. */
static const char *attribute(int fd, char path[PATH_MAX])
{
	if (!strstr(path_of(fd, path), "/tsm/report/ccguest-"))
		return NULL;
	return strrchr(path, '/') + 1;
}

static void store(int dir, const char *name, const void *buf, size_t len)
{
	int fd;

	if (fault(name, "missing"))
		return;
	fd = openat(dir, name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || real(write)(fd, buf, len) != (ssize_t)len)
		abort();
	real(close)(fd);
}

static void store_text(int dir, const char *name, const char *text)
{
	store(dir, name, text, strlen(text));
}

static size_t load(int dir, const char *name, void *buf, size_t max)
{
	int fd = openat(dir, name, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = real(read)(fd, buf, max);
	if (n < 0)
		abort();
	real(close)(fd);
	return n;
}

static const char *const texts[] = { "provider", "generation", "privlevel_floor" };

int mkdirat(int dir, const char *name, mode_t mode)
{
	const char *provider = getenv("TSM_PROVIDER"), *floor = getenv("TSM_FLOOR");
	char path[PATH_MAX];
	int rc, fd;

	if (!strstr(path_of(dir, path), "/config/tsm/report"))
		return real(mkdirat)(dir, name, mode);
	if (fails("mkdir"))
		return -1;
	rc = real(mkdirat)(dir, name, mode);
	if (rc)
		return rc;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY);
	store_text(fd, "provider", provider ? provider : "sev_guest");
	store_text(fd, "generation", "0\n");
	store_text(fd, "inblob", "");
	store_text(fd, "outblob", "");
	if (floor) {
		store_text(fd, "privlevel", "");
		store_text(fd, "privlevel_floor", floor);
	}
	if (getenv("TSM_TABLE"))
		store_text(fd, "auxblob", "");
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (fault(texts[i], "text"))
			store_text(fd, texts[i], value);
	real(close)(fd);
	return 0;
}

/* Removes the entry, which the kernel does although it has files. */
int unlinkat(int dir, const char *name, int flags)
{
	struct dirent *de;
	char path[PATH_MAX];
	DIR *d;

	if (!strstr(path_of(dir, path), "/config/tsm/report") || flags != AT_REMOVEDIR)
		return real(unlinkat)(dir, name, flags);
	if (fails("rmdir"))
		return -1;
	d = fdopendir(openat(dir, name, O_RDONLY | O_DIRECTORY));
	if (!d)
		return -1;
	while ((de = readdir(d)))
		if (*de->d_name != '.')
			real(unlinkat)(dirfd(d), de->d_name, 0);
	closedir(d);
	return real(unlinkat)(dir, name, flags);
}

static void advance(int dir)
{
	static int requests;
	unsigned long generation = 0;
	char text[32] = "";

	if (fault("generation", "text"))
		return;
	load(dir, "generation", text, sizeof(text) - 1);
	generation = strtoul(text, NULL, 10) + 1;
	if (fault("generation", "race") && requests++ < atoi(value))
		generation++;
	snprintf(text, sizeof(text), "%lu\n", generation);
	store_text(dir, "generation", text);
}

static int open_parent(const char *path)
{
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(path, '/') - path), path);
	return open(dir, O_RDONLY | O_DIRECTORY);
}

/* The kernel takes a blob when its file is closed, and drops errors. */
int close(int fd)
{
	char path[PATH_MAX];
	const char *file = attribute(fd, path);
	int dir;

	if (file && (!strcmp(file, "inblob") || !strcmp(file, "privlevel")) &&
	    (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY) {
		dir = open_parent(path);
		advance(dir);
		real(close)(dir);
	}
	return real(close)(fd);
}

/* Makes the report for the data; returns its length. */
static size_t make_report(const uint8_t *data, uint8_t *buf)
{
	size_t len = load(AT_FDCWD, getenv("TSM_REPORT"), buf, REPORT_MAX), at = 0x50;

	if (buf[0] == 4 && buf[4] == 0x81)
		at = 0x30 + 0x208;
	if (buf[0] == 5 && buf[4] == 0x81)
		at = 0x36 + 0x208;
	if (!fault("outblob", "stale"))
		memcpy(buf + at, data, 64);
	return fault("outblob", "len") ? (size_t)atoi(value) : len;
}

static void answer(int dir)
{
	static uint8_t buf[REPORT_MAX];
	uint8_t data[65];
	size_t len;

	if (load(dir, "inblob", data, sizeof(data)) != 64)
		abort();
	len = make_report(data, buf);
	store(dir, "outblob", buf, len);
	if (!getenv("TSM_TABLE"))
		return;
	len = load(AT_FDCWD, getenv("TSM_TABLE"), buf, sizeof(buf));
	store(dir, "auxblob", buf, len);
}

/* The device of a TPM: a socket in its place. */
static int tpm(void)
{
	static int s = -1;
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (s >= 0)
		return s;
	s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(to.sun_path, sizeof(to.sun_path), "%s", getenv("TPM_SOCKET"));
	if (s < 0 || connect(s, (struct sockaddr *)&to, sizeof(to)))
		abort();
	return s;
}

static bool is_tpm(int fd, char path[PATH_MAX])
{
	return getenv("TPM_SOCKET") && strstr(path_of(fd, path), "/dev/tpmrm0");
}

static ssize_t shim_read(int fd, void *buf, size_t len)
{
	char path[PATH_MAX];
	const char *file = attribute(fd, path);
	int dir;

	if (is_tpm(fd, path))
		return fails("tpmrm0") ? -1 : recv(tpm(), buf, len, 0);
	if (!file)
		return real(read)(fd, buf, len);
	if (fails(file))
		return -1;
	if (!strcmp(file, "outblob") && !lseek(fd, 0, SEEK_CUR)) {
		if (fault(file, "hang")) {
			pause();
			errno = EINTR;
			return -1;
		}
		dir = open_parent(path);
		answer(dir);
		real(close)(dir);
	}
	return real(read)(fd, buf, len);
}

ssize_t read(int fd, void *buf, size_t len)
{
	return shim_read(fd, buf, len);
}

/* What fortified programs call. */
ssize_t __read_chk(int fd, void *buf, size_t len, size_t room);
ssize_t __read_chk(int fd, void *buf, size_t len, size_t room)
{
	if (len > room)
		abort();
	return shim_read(fd, buf, len);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	char path[PATH_MAX];
	const char *file = attribute(fd, path);

	if (is_tpm(fd, path))
		return send(tpm(), buf, len, 0);
	if (file && fault(file, "short"))
		len = atoi(value);
	if (file && (!strcmp(file, "inblob") || !strcmp(file, "privlevel")) && fails(file))
		return -1;
	return real(write)(fd, buf, len);
}

static int guest_request(unsigned long request, struct snp_guest_request_ioctl *io)
{
	struct snp_ext_report_req *ext = (void *)(uintptr_t)io->req_data;
	const char *name = request == SNP_GET_EXT_REPORT ? "ext" : "get";
	uint8_t *resp = (void *)(uintptr_t)io->resp_data;
	static uint8_t buf[REPORT_MAX];
	uint64_t error = 0xff;
	uint32_t n[2];

	if (io->msg_version != 1 || ext->data.vmpl > 3)
		abort();
	if (fault(name, "fw"))
		error = (uint32_t)strtol(value, NULL, 0);
	if (fault(name, "vmm"))
		error = (uint64_t)strtol(value, NULL, 0) << 32;
	memcpy((char *)io + sizeof(*io) - 8, &error, 8);
	if (fails(name))
		return -1;
	errno = EIO;
	if (error != 0xff)
		return -1;
	n[0] = fault(name, "status") ? htole32(strtol(value, NULL, 0)) : 0;
	n[1] = htole32(make_report(ext->data.user_data, buf));
	if (fault(name, "size"))
		n[1] = htole32(strtol(value, NULL, 0));
	memset(resp, 0, 4000);
	memcpy(resp, n, 8);
	memcpy(resp + 32, buf, 1184);
	if (request != SNP_GET_EXT_REPORT || !getenv("TSM_TABLE"))
		return 0;
	if (ext->certs_len != 0x4000)
		abort();
	load(AT_FDCWD, getenv("TSM_TABLE"), (void *)(uintptr_t)ext->certs_address,
	     ext->certs_len);
	return 0;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (request == SNP_GET_EXT_REPORT || request == SNP_GET_REPORT)
		return guest_request(request, arg);
	return real(ioctl)(fd, request, arg);
}
