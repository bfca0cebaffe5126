// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of libccguest, with calls that fail on request. The test prints TAP
 * on standard output.
 *
 * Arguments: a directory for temporary files, which the test does not remove;
 * and a directory with certificates.
 *
 * tools/Makefile links the test so that the calls in "wraps" lead to this file.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/pem.h>

#include <ccguest/auth.h>
#include <ccguest/cca.h>
#include <ccguest/cert.h>
#include <ccguest/device.h>
#include <ccguest/file.h>
#include <ccguest/keyring.h>
#include <ccguest/log.h>
#include <ccguest/module.h>
#include <ccguest/secret.h>
#include <ccguest/status.h>
#include <ccguest/verify.h>

#include "../lib/bytes.h"
#include "cca/hash.h"
#include "cca/lanes.h"
#include "wrap.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static const char guid_a[] = "aaaaaaaa-0001-4000-8000-00000000000a";
static const char guid_b[] = "bbbbbbbb-0002-4000-8000-00000000000b";
static const char disk[] = "736869e5-84f0-4973-92ec-06879ce3da0b";

static int n_tests, n_bad;
static const char *dir, *certs_dir;

#define DEVICE	"/bus/pci/devices/0000:00:03.0"

__attribute((__format__(printf, 2, 3)))
static void ok(bool good, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %d - lib: ", good ? "" : "not ", ++n_tests);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	n_bad += !good;
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- calls that fail ---- */

/**
 * struct fault - a call that fails on request
 * @name: name of the call
 * @err: errno of the failure
 * @after: number of calls that succeed before
 * @hits: number of failures so far
 */
static struct fault {
	const char *name;
	int err;
	int after;
	int hits;
} fault;

static bool fails(const char *name)
{
	if (!fault.name || strcmp(fault.name, name))
		return false;
	if (fault.after-- > 0)
		return false;
	fault.hits++;
	errno = fault.err;
	return true;
}

static void break_call(const char *name, int err, int after)
{
	fault = (struct fault) { .name = name, .err = err, .after = after };
}

static int mend(void)
{
	int hits = fault.hits;

	fault.name = NULL;
	return hits;
}

ssize_t __wrap_read(int fd, void *buf, size_t n)
{
	return fails("read") ? -1 : __real_read(fd, buf, n);
}

ssize_t __wrap_pwrite64(int fd, const void *buf, size_t n, off_t o)
{
	return fails("pwrite") ? -1 : __real_pwrite64(fd, buf, n, o);
}

int __wrap_fsync(int fd)
{
	if (fails("kill in fsync"))
		raise(SIGKILL);
	return fails("fsync") ? -1 : __real_fsync(fd);
}

/* Descriptors that a child of the program would inherit. */
static int n_closed, n_inherited;

static void check_cloexec(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	n_closed++;
	if (flags < 0 || !(flags & FD_CLOEXEC))
		n_inherited++;
}

int __wrap_closedir(DIR *d)
{
	check_cloexec(dirfd(d));
	return __real_closedir(d);
}

int __wrap_close(int fd)
{
	int rc;

	check_cloexec(fd);
	rc = __real_close(fd);
	return fails("close") ? -1 : rc;
}

int __wrap_rename(const char *from, const char *to)
{
	return fails("rename") ? -1 : __real_rename(from, to);
}

int __wrap_linkat(int from_dir, const char *from, int to_dir, const char *to,
		  int flags)
{
	return fails("linkat") ? -1 :
	       __real_linkat(from_dir, from, to_dir, to, flags);
}

int __wrap_open64(const char *path, int flags, ...)
{
	bool tmp = (flags & O_TMPFILE) == O_TMPFILE;
	mode_t mode = 0;
	va_list ap;

	if (flags & O_CREAT || tmp) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return tmp && fails("O_TMPFILE") ? -1 :
	       __real_open64(path, flags, mode);
}

/* open() of a fortified build with flags that are not constant. */
int __wrap___open64_2(const char *path, int flags)
{
	return __wrap_open64(path, flags);
}

void *__wrap_malloc(size_t n)
{
	return fails("alloc") ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails("alloc") ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t n)
{
	return fails("alloc") ? NULL : __real_realloc(old, n);
}

char *__wrap_strdup(const char *s)
{
	return fails("alloc") ? NULL : __real_strdup(s);
}

/* Checks whether freed memory contained a secret. */
static const char secret_text[] = "tOpSeCrEt-tOpSeCrEt-tOpSeCrEt!!";
static bool watch_frees;
static int dirty_frees;

void __wrap_free(void *p)
{
	if (p && watch_frees &&
	    memmem(p, malloc_usable_size(p), "SeCrEt", 6))
		dirty_frees++;
	__real_free(p);
}

/* The first page of a secret's memory is the head, the last is the guard. */
int __wrap_munmap(void *p, size_t n)
{
	size_t page = sysconf(_SC_PAGESIZE);

	if (watch_frees && n > 2 * page &&
	    memmem((char *)p + page, n - 2 * page, "SeCrEt", 6))
		dirty_frees++;
	return __real_munmap(p, n);
}

void *__wrap_mmap64(void *p, size_t n, int prot, int flags, int fd, off_t o)
{
	return fails("alloc") ? MAP_FAILED :
	       __real_mmap64(p, n, prot, flags, fd, o);
}

int __wrap_mlock(const void *p, size_t n)
{
	return fails("mlock") ? -1 : __real_mlock(p, n);
}

/* ---- helpers ---- */

static struct ccg_ctx *new_ctx(void)
{
	struct ccg_ctx *ctx;

	must(!ccg_ctx_new(&ctx), "ccg_ctx_new");
	return ctx;
}

static char *in_dir(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void write_file(const char *path, const void *buf, size_t len)
{
	/* Not with stdio: its buffers would keep a copy. */
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, buf, len) == (ssize_t)len && !close(fd),
	     path);
}

static bool file_has(const char *path, const char *text)
{
	static char buf[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	must(fd >= 0, path);
	n = __real_read(fd, buf, sizeof(buf));
	must(n >= 0, path);
	__real_close(fd);
	return !!memmem(buf, n, text, strlen(text));
}

/* An area built by hand: two secrets, the first of them twice. */
static void write_area(const char *path)
{
	static const uint8_t header[] = {
		0x42, 0xf5, 0x74, 0x1e, 0xdd, 0x71, 0x66, 0x4d,
		0x96, 0x3e, 0xef, 0x42, 0x87, 0xff, 0x17, 0x3b,
		20 + 3 * 51, 0, 0, 0
	};
	static const uint8_t a[] = {
		0xaa, 0xaa, 0xaa, 0xaa, 0x01, 0x00, 0x00, 0x40,
		0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0a, 51, 0, 0, 0
	};
	static const uint8_t b[] = {
		0xbb, 0xbb, 0xbb, 0xbb, 0x02, 0x00, 0x00, 0x40,
		0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0b, 51, 0, 0, 0
	};
	uint8_t area[256] = {}, *p = area;
	int i;

	memcpy(p, header, sizeof(header));
	p += sizeof(header);
	for (i = 0; i < 3; i++) {
		memcpy(p, i == 1 ? b : a, sizeof(a));
		memcpy(p + sizeof(a), secret_text, 31);
		p += 51;
	}
	write_file(path, area, sizeof(area));
}

static bool error_is(struct ccg_ctx *ctx, int code, enum ccg_class kind,
		     const char *why)
{
	const struct ccg_error *e = ccg_error(ctx);

	if (e->code == code && e->kind == kind && strstr(e->why, why))
		return true;
	printf("# error: %d, %d, %s: %s (%s)\n", e->code, e->kind, e->what,
	       e->why, e->hint);
	return false;
}

/* ---- tests ---- */

static void test_guid(void)
{
	static const char *const wrong[] = {
		"", "7", "736869e5-84f0-4973-92ec-06879ce3da0",
		"736869e5-84f0-4973-92ec-06879ce3da0bb",
		"736869e5084f0-4973-92ec-06879ce3da0b",
		"736869e5-84f0049730-92ec-06879ce3da0",
		"736869e5-84f0-4973-92ec006879ce3da0b",
		"g36869e5-84f0-4973-92ec-06879ce3da0b",
		"736869e5-84f0-4973-92ec-06879ce3da0g",
		"736869e5-84f0-4973-92ec-06879ce3da b",
		"736869e5-84f0-4973-92ec-06879ce3da0b ",
		" 736869e5-84f0-4973-92ec-06879ce3da0b",
		"{36869e5-84f0-4973-92ec-06879ce3da0}",
		"+36869e5-84f0-4973-92ec-06879ce3da0b",
	};
	/* From the known bytes of the table's header. */
	static const struct ccg_guid header = { {
		0x42, 0xf5, 0x74, 0x1e, 0xdd, 0x71, 0x66, 0x4d,
		0x96, 0x3e, 0xef, 0x42, 0x87, 0xff, 0x17, 0x3b,
	} };
	static const char header_text[] =
		"1e74f542-71dd-4d66-963e-ef4287ff173b";
	struct ccg_guid g, was;
	char text[CCG_GUID_TEXT];
	size_t i;
	bool good = true;

	ok(!ccg_guid_parse(header_text, &g) && ccg_guid_equal(&g, &header),
	   "guid: parsed into EFI's order");
	ccg_guid_format(&header, text);
	ok(!strcmp(text, header_text), "guid: formatted");
	ok(!ccg_guid_parse("1E74F542-71DD-4D66-963E-EF4287FF173B", &g) &&
	   ccg_guid_equal(&g, &header), "guid: upper case");
	was = g;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (ccg_guid_parse(wrong[i], &g) != -EINVAL ||
		    !ccg_guid_equal(&g, &was)) {
			printf("# accepted: %s\n", wrong[i]);
			good = false;
		}
	}
	ok(good, "guid: invalid text is refused, and changes nothing");
	for (i = 0; i < sizeof(g.b); i++)
		g.b[i] = 0x10 + i;
	ccg_guid_format(&g, text);
	ok(!strcmp(text, "13121110-1514-1716-1819-1a1b1c1d1e1f") &&
	   !ccg_guid_parse(text, &was) && ccg_guid_equal(&g, &was),
	   "guid: every byte has its place");
	ok(!ccg_guid_is_zero(&g) &&
	   !ccg_guid_parse("00000000-0000-0000-0000-000000000000", &g) &&
	   ccg_guid_is_zero(&g), "guid: zero");
}

static void test_known(void)
{
	struct ccg_ctx *ctx = new_ctx();
	const struct ccg_known *k, *k2;
	struct ccg_guid g, g2;
	bool good = true;
	size_t i, j;

	for (i = 0; (k = ccg_known_at(i)); i++) {
		char text[CCG_GUID_TEXT];

		good = good && !ccg_guid_parse(k->guid, &g) &&
		       ccg_known_by_guid(&g) == k &&
		       !ccg_guid_from_name(ctx, k->name, &g2) &&
		       ccg_guid_equal(&g, &g2) &&
		       ccg_guid_parse(k->name, &g2) && *k->purpose &&
		       *k->consumer && !strchr(k->name, ':');
		if (k->alias)
			good = good && !ccg_guid_from_name(ctx, k->alias, &g2) &&
			       ccg_guid_equal(&g, &g2);
		ccg_guid_format(&g, text);
		good = good && !strcmp(text, k->guid);
		for (j = 0; j < i; j++) {
			k2 = ccg_known_at(j);
			good = good && strcmp(k->guid, k2->guid) &&
			       strcmp(k->name, k2->name) &&
			       (!k->alias || strcmp(k->alias, k2->name));
		}
	}
	ok(good && i >= 4, "known: every name leads to its GUID and back");
	ok(!ccg_guid_from_name(ctx, "luks-key", &g) &&
	   !ccg_guid_parse(disk, &g2) && ccg_guid_equal(&g, &g2),
	   "known: luks-key is the passphrase of the disk");
	ok(ccg_guid_from_name(ctx, "frob", &g) == -EINVAL &&
	   error_is(ctx, -EINVAL, CCG_USAGE, "neither a GUID nor"),
	   "known: an unknown name is refused");
	ccg_ctx_free(ctx);
}

static void test_area(void)
{
	char *path = in_dir("area");
	struct ccg_ctx *ctx = new_ctx();
	const struct ccg_secrets_info *info;
	const struct ccg_secret *sec = NULL;
	struct ccg_secrets *s;
	uint8_t *buf;
	size_t len;

	write_area(path);
	ok(!ccg_secrets_open(ctx, path, false, &s), "area: opened");
	info = ccg_secrets_info(s);
	ok(info->n == 3 && info->n_hidden == 1 && !info->live &&
	   info->table_len == 173 && info->area_len == 256 &&
	   !info->n_deleted && !info->n_trailing, "area: as a whole");
	ok(!ccg_secrets_at(s, 0)->hidden && !ccg_secrets_at(s, 1)->hidden &&
	   ccg_secrets_at(s, 2)->hidden && !ccg_secrets_at(s, 3),
	   "area: the second of the same GUID is hidden");
	ok(!ccg_secrets_find(s, guid_a, &sec) && sec == ccg_secrets_at(s, 0),
	   "area: found by its GUID");
	ok(ccg_secrets_find(s, disk, &sec) == -ENOENT &&
	   error_is(ctx, -ENOENT, CCG_NOT_FOUND, "no such secret"),
	   "area: not found");
	ok(!ccg_secrets_read(s, ccg_secrets_at(s, 0), &buf, &len) &&
	   len == 31 && !memcmp(buf, secret_text, 31), "area: read");
	ccg_secret_free(buf);
	ok(ccg_secrets_wipe(s, ccg_secrets_at(s, 0)) == -EBADF,
	   "area: not opened for wiping");
	ok(file_has(path, secret_text), "area: and not wiped");
	ccg_secrets_close(s);
	ccg_ctx_free(ctx);
}

static void test_wipe(void)
{
	char *path = in_dir("wipe");
	struct ccg_ctx *ctx = new_ctx();
	const struct ccg_secret *sec = NULL, *other;
	struct ccg_secrets *s;
	uint8_t *buf;
	size_t len;
	int after, hits, rc;
	bool good = true;

	write_area(path);
	must(!ccg_secrets_open(ctx, path, true, &s), "open");
	must(!ccg_secrets_find(s, guid_a, &sec), "find");
	ok(!ccg_secrets_wipe(s, sec) && sec->wiped &&
	   ccg_secrets_at(s, 2)->wiped && !ccg_secrets_at(s, 1)->wiped,
	   "wipe: this one and what it hides");
	ok(ccg_secrets_read(s, sec, &buf, &len) == -ESTALE &&
	   error_is(ctx, -ESTALE, CCG_NOT_FOUND, "has been wiped"),
	   "wipe: cannot be read any more");
	ok(ccg_secrets_wipe(s, sec) == -ESTALE, "wipe: not twice");
	must(!ccg_secrets_find(s, guid_b, &other), "find");
	ok(!ccg_secrets_read(s, other, &buf, &len) && len == 31 &&
	   !memcmp(buf, secret_text, 31), "wipe: the other is as it was");
	ccg_secret_free(buf);
	ok(file_has(path, secret_text) && !ccg_secrets_wipe(s, other) &&
	   !file_has(path, "SeCrEt"), "wipe: nothing is left in the file");
	ccg_secrets_close(s);

	/* If any call fails, the wipe does not report success. */
	for (after = 0; after < 8; after++) {
		write_area(path);
		must(!ccg_secrets_open(ctx, path, true, &s), "open");
		must(!ccg_secrets_find(s, guid_a, &sec), "find");
		break_call(after < 4 ? "pwrite" : "fsync", EIO, after % 4);
		rc = ccg_secrets_wipe(s, sec);
		hits = mend();
		if (!!rc != !!hits || (rc && rc != -EIO) ||
		    sec->wiped == !!rc)
			good = false;
		/* A failed wipe leaves the first secret in its place. */
		ccg_secrets_close(s);
		if (rc) {
			must(!ccg_secrets_open(ctx, path, true, &s), "open");
			if (after % 4 < 2 &&
			    ccg_secrets_find(s, guid_a, &sec))
				good = false;
			ccg_secrets_close(s);
		}
	}
	ok(good, "wipe: errors of pwrite() and fsync() are errors");
	ccg_ctx_free(ctx);
}

static void test_live(void)
{
	char path[4200], text[] = "a secret";
	struct ccg_ctx *ctx = new_ctx();
	const struct ccg_secret *sec;
	struct ccg_secrets *s;
	char *root = in_dir("root");
	uint8_t *buf;
	size_t len;
	int err;

	snprintf(path, sizeof(path),
		 "mkdir -p '%s/sys/kernel/security/secrets/coco'", root);
	must(!system(path), "mkdir");
	snprintf(path, sizeof(path), "%s%s/%s", root, CCG_SECRETS_DIR, guid_a);
	write_file(path, text, strlen(text));
	must(!ccg_ctx_set_root(ctx, root), "root");
	ok(!ccg_secrets_open(ctx, NULL, true, &s) &&
	   ccg_secrets_info(s)->live && ccg_secrets_info(s)->n == 1,
	   "live: opened");
	sec = ccg_secrets_at(s, 0);
	ok(!ccg_secrets_read(s, sec, &buf, &len) && len == strlen(text) &&
	   !memcmp(buf, text, len), "live: read");
	ccg_secret_free(buf);

	break_call("read", ESTALE, 0);
	err = ccg_secrets_read(s, sec, &buf, &len);
	ok(mend() == 1 && err == -ESTALE &&
	   error_is(ctx, -ESTALE, CCG_NOT_FOUND, "wiped meanwhile"),
	   "live: wiped while it is open, before the first byte");
	break_call("read", ESTALE, 1);
	err = ccg_secrets_read(s, sec, &buf, &len);
	ok(mend() == 1 && err == -ESTALE, "live: and after it");
	break_call("read", EIO, 0);
	err = ccg_secrets_read(s, sec, &buf, &len);
	ok(mend() && err == -EIO && error_is(ctx, -EIO, CCG_FAILED, "nput/output"),
	   "live: cannot be read");
	unlink(path);
	ok(ccg_secrets_read(s, sec, &buf, &len) == -ENOENT &&
	   error_is(ctx, -ENOENT, CCG_NOT_FOUND, "wiped meanwhile"),
	   "live: read: the secret is gone");
	ok(ccg_secrets_wipe(s, sec) == -ENOENT &&
	   error_is(ctx, -ENOENT, CCG_NOT_FOUND, "wiped meanwhile"),
	   "live: wipe: the secret is gone");
	ccg_secrets_close(s);
	ccg_ctx_free(ctx);
}

static void test_build(void)
{
	struct ccg_ctx *ctx = new_ctx();
	const uint8_t *buf = NULL;
	struct ccg_guid a, zero = {};
	size_t len = 0, table_len = 0;
	struct ccg_build *b;

	must(!ccg_guid_parse(guid_a, &a), "guid");
	must(!ccg_build_new(ctx, &b), "build");
	ok(!ccg_build_finish(b, 0, &buf, &len, &table_len) && len == 32 &&
	   table_len == 20 && buf[16] == 20, "build: empty");
	ok(!ccg_build_add(b, &a, (const uint8_t *)"abc", 3, 0) &&
	   !ccg_build_finish(b, 0, &buf, &len, &table_len) && len == 48 &&
	   table_len == 43 && buf[16] == 43 && buf[36] == 23 &&
	   !memcmp(buf + 40, "abc\0\0\0\0\0", 8), "build: one");
	ok(ccg_build_add(b, &a, NULL, 0, 0) == -EEXIST &&
	   error_is(ctx, -EEXIST, CCG_USAGE, "twice"), "build: the same again");
	ok(ccg_build_add(b, &zero, NULL, 0, 0) == -EINVAL,
	   "build: the zero GUID");
	ok(!ccg_build_finish(b, 0, &buf, &len, &table_len) && table_len == 43,
	   "build: nothing was added");
	ok(!ccg_build_add(b, &a, NULL, 0, CCG_BUILD_DUPLICATE) &&
	   !ccg_build_add(b, &zero, NULL, 0, CCG_BUILD_ZERO) &&
	   !ccg_build_finish(b, 0, &buf, &len, &table_len) && table_len == 83,
	   "build: allowed");
	ok(!ccg_build_finish(b, 4096, &buf, &len, &table_len) && len == 4096,
	   "build: a given size");
	ok(ccg_build_finish(b, 80, &buf, &len, &table_len) == -EMSGSIZE &&
	   ccg_build_finish(b, 97, &buf, &len, &table_len) == -EINVAL &&
	   ccg_build_finish(b, 2097152, &buf, &len, &table_len) == -EMSGSIZE,
	   "build: sizes that cannot be");
	ccg_build_free(b);
	ccg_ctx_free(ctx);
}

/* Checks for a file whose name is this name, a dot and more. */
static bool left_over(const char *name)
{
	char command[4200];

	snprintf(command, sizeof(command), "ls '%s' | grep -q '^%s\\.'", dir,
		 name);
	return !system(command);
}

/* Checks that the file was replaced, by a file of mode 0600. */
static bool saves(struct ccg_ctx *ctx, const char *path, const char *text)
{
	struct stat st;

	return !ccg_file_save(ctx, path, (const uint8_t *)text,
			      strlen(text)) &&
	       !lstat(path, &st) && S_ISREG(st.st_mode) &&
	       (st.st_mode & 07777) == 0600 && st.st_nlink == 1 &&
	       st.st_size == (off_t)strlen(text) && file_has(path, text);
}

static void test_save(void)
{
	static const char *const calls[] = {
		"pwrite", "fsync", "close", "rename",
	};
	char *path = in_dir("saved");
	struct ccg_ctx *ctx = new_ctx();
	size_t i;
	int rc;

	umask(0);
	ok(saves(ctx, path, "old"), "save: mode 0600");
	umask(0777);
	ok(saves(ctx, path, "dlo") && saves(ctx, path, "old"),
	   "save: whatever the umask");
	umask(022);
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		break_call(calls[i], ENOSPC, 0);
		rc = ccg_file_save(ctx, path, (const uint8_t *)"new one", 7);
		ok(mend() == 1 && rc == -ENOSPC && file_has(path, "old"),
		   "save: %s() fails, the old file stays", calls[i]);
	}
	ok(!left_over("saved"), "save: nothing is left over");
	for (i = 0; i < 3; i++) {
		unlink(path);
		break_call(calls[i], ENOSPC, 0);
		rc = ccg_file_save(ctx, path, (const uint8_t *)"new one", 7);
		ok(mend() == 1 && rc == -ENOSPC && access(path, F_OK),
		   "save: %s() fails, there is no new file", calls[i]);
	}
	ok(!left_over("saved"), "save: nor is anything else");
	ok(saves(ctx, path, "old") && saves(ctx, path, "new one"),
	   "save: replaced");
	ccg_ctx_free(ctx);
}

/* File systems and roots without /proc that need a named file. */
static void test_save_named(void)
{
	static const struct {
		const char *call;
		int err;
	} without[] = {
		{ "O_TMPFILE", EOPNOTSUPP },
		{ "O_TMPFILE", EISDIR },
		{ "linkat", ENOENT },
		{ "linkat", EPERM },
	};
	char *path = in_dir("named");
	struct ccg_ctx *ctx = new_ctx();
	bool good, used;
	size_t i;
	int rc;

	for (i = 0; i < ARRAY_SIZE(without); i++) {
		unlink(path);
		break_call(without[i].call, without[i].err, 0);
		good = saves(ctx, path, "new") && saves(ctx, path, "newer");
		used = mend();
		ok(good && used && !left_over("named"),
		   "save: %s: %s, then with a name", without[i].call,
		   strerror(without[i].err));
	}
	/* All random names are in use. */
	break_call("linkat", EEXIST, 0);
	rc = ccg_file_save(ctx, path, (const uint8_t *)"newest", 6);
	good = mend() > 1 && (!rc || (rc == -EEXIST && file_has(path, "newer")));
	ok(good && !left_over("named"), "save: an error if all random names are in use");
	ccg_ctx_free(ctx);
}

/* The number of files that exist; they must have mode 0600 and their text. */
static int n_created(const struct ccg_new_file *files, size_t n)
{
	struct stat st;
	int found = 0;

	for (size_t i = 0; i < n; i++) {
		if (lstat(files[i].path, &st))
			continue;
		must((st.st_mode & 07777) == 0600 && st.st_nlink == 1 &&
		     st.st_size == (off_t)files[i].len &&
		     file_has(files[i].path, (const char *)files[i].buf),
		     files[i].path);
		found++;
	}
	return found;
}

static void unlink_all(const struct ccg_new_file *files, size_t n)
{
	while (n)
		unlink(files[--n].path);
}

/* All files or none, with and without files that have no name at first. */
static void test_create(void)
{
	static const struct {
		const char *call;
		int err;
	} without[] = {
		{ "O_TMPFILE", EOPNOTSUPP },
		{ "linkat", ENOENT },
		{ "linkat", EPERM },
	};
	static const char *const calls[] = { "pwrite", "fsync" };
	char *a = strdup(in_dir("created-a"));
	char *b = strdup(in_dir("created-b"));
	const struct ccg_new_file files[] = {
		{ a, (const uint8_t *)"one", 3 },
		{ b, (const uint8_t *)"two", 3 },
	};
	struct ccg_new_file many[CCG_NEW_FILES_MAX + 1];
	struct ccg_ctx *ctx = new_ctx();
	bool good, used;
	int rc;

	umask(0777);
	ok(!ccg_files_create(ctx, files, 2) && n_created(files, 2) == 2,
	   "create: mode 0600, whatever the umask");
	umask(022);
	unlink(files[0].path);
	rc = ccg_files_create(ctx, files, 2);
	ok(error_is(ctx, -EEXIST, CCG_FAILED, "exists, and is not replaced") &&
	   rc == -EEXIST && access(files[0].path, F_OK) &&
	   n_created(files, 2) == 1, "create: the second file exists");
	unlink_all(files, 2);
	for (size_t i = 0; i < ARRAY_SIZE(without); i++) {
		break_call(without[i].call, without[i].err, 0);
		good = !ccg_files_create(ctx, files, 2) &&
		       n_created(files, 2) == 2 &&
		       ccg_files_create(ctx, files, 2) == -EEXIST;
		used = mend();
		ok(good && used && n_created(files, 2) == 2,
		   "create: %s: %s, then with names", without[i].call,
		   strerror(without[i].err));
		unlink_all(files, 2);
	}
	/* Each of the two files, then the directory. */
	for (int i = 0; i < 5; i++) {
		break_call(calls[i > 1], ENOSPC, i > 1 ? i - 2 : i);
		rc = ccg_files_create(ctx, files, 2);
		ok(mend() && rc == -ENOSPC && !n_created(files, 2),
		   "create: %s() fails, there is no file", calls[i > 1]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = files[0];
	ok(ccg_files_create(ctx, many, ARRAY_SIZE(many)) == -E2BIG &&
	   !n_created(files, 2), "create: too many files");
	free(a);
	free(b);
	ccg_ctx_free(ctx);
}

/* A killed process never leaves a part of a secret in a file. */
static void test_save_killed(void)
{
	char *path = in_dir("killed");
	struct ccg_ctx *ctx = new_ctx();
	int status, fd, old;
	pid_t pid;

	fd = open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0) {
		ok(true, "save: killed # SKIP no O_TMPFILE here");
		ccg_ctx_free(ctx);
		return;
	}
	close(fd);
	for (old = 0; old < 2; old++) {
		fflush(stdout);
		pid = fork();
		must(pid >= 0, "fork");
		if (!pid) {
			break_call("kill in fsync", 0, 0);
			ccg_file_save(ctx, path, (const uint8_t *)secret_text,
				      31);
			_exit(0);
		}
		must(waitpid(pid, &status, 0) == pid, "waitpid");
		ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL &&
		   !left_over("killed") &&
		   (old ? file_has(path, "old") : access(path, F_OK)),
		   "save: killed, nothing is left over%s",
		   old ? ", the old file stays" : "");
		must(saves(ctx, path, "old"), "save");
	}
	ccg_ctx_free(ctx);
}

static void test_core(void)
{
	struct ccg_ctx *ctx = new_ctx();
	struct rlimit lim;

	ok(!ccg_no_core_dumps(ctx) && !getrlimit(RLIMIT_CORE, &lim) &&
	   !lim.rlim_cur && !lim.rlim_max, "no core files");
	ok(!prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), "other processes cannot read the memory");
	ccg_ctx_free(ctx);
}

/* A field of /proc/self/smaps for an address; or -1. */
static long mapping(const void *at, const char *field, char *flags, size_t size)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	unsigned long from, to;
	bool here = false;
	char line[512];
	long kb = -1;

	must(f, "open");
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = (uintptr_t)at >= from && (uintptr_t)at < to;
		else if (here && !strncmp(line, field, strlen(field)))
			kb = strtol(line + strlen(field), NULL, 10);
		else if (here && !strncmp(line, "VmFlags:", 8))
			snprintf(flags, size, "%s", line + 8);
	}
	fclose(f);
	return kb;
}

/*
 * The signal that ends a child process that accesses @p: SIGUSR1 if the byte is
 * zero, SIGUSR2 if it is not, or that of the access. An exit status may be that of
 * valgrind, which finds memory that the child has inherited.
 */
static int touch(volatile uint8_t *p, bool write)
{
	int status = 0;
	pid_t pid = fork();

	must(pid >= 0, "fork");
	if (!pid) {
		/* A sanitizer would catch the signal and report it. */
		signal(SIGSEGV, SIG_DFL);
		if (write)
			*p = 1;
		kill(getpid(), *p ? SIGUSR2 : SIGUSR1);
		_exit(1);
	}
	must(waitpid(pid, &status, 0) == pid, "wait");
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/* mlock() of the address sanitizer does nothing. */
#ifdef __SANITIZE_ADDRESS__
#define LOCKED_KB	0
#else
#define LOCKED_KB	8
#endif

static void test_secret_memory(void)
{
	static const size_t sizes[] = { 0, 1, 31, 4096, 5000, 1048577 };
	struct ccg_ctx *ctx = new_ctx();
	char flags[512];
	uint8_t *p;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = ccg_secret_alloc(ctx, sizes[i]);
		must(p, "memory");
		if (sizes[i])
			p[0] = p[sizes[i] - 1] = 0xa5;
		ccg_secret_free(p);
	}
	ccg_secret_free(NULL);
	p = ccg_secret_alloc(ctx, 5000);
	must(p, "memory");
	memcpy(p, secret_text, sizeof(secret_text));
	flags[0] = '\0';
	ok(mapping(p, "Locked:", flags, sizeof(flags)) == LOCKED_KB &&
	   !ccg_lock_error(ctx), "secret memory: locked");
	ok(strstr(flags, " dd") && strstr(flags, " wf"),
	   "secret memory: not in core files, and not in children:%s", flags);
	ok(touch(p, false) == SIGUSR1, "secret memory: zero in a child");
	ok(touch(p + 5000, false) == SIGSEGV,
	   "secret memory: a read behind the end faults");
	ok(touch(p - (2 * 4096 - 5000) - 1, true) == SIGSEGV,
	   "secret memory: a write before the beginning faults");
	watch_frees = true;
	dirty_frees = 0;
	ccg_secret_free(p);
	watch_frees = false;
	ok(!dirty_frees, "secret memory: overwritten before it is freed");

	break_call("mlock", ENOMEM, 0);
	p = ccg_secret_alloc(ctx, 31);
	ok(p && mend() == 1 && ccg_lock_error(ctx) == -ENOMEM,
	   "secret memory: without a lock, which is noted");
	ccg_secret_free(p);
	ccg_ctx_free(ctx);
}

/* A chain of three certificates of the corpus in a device's slot. */
static void make_device(const char *root)
{
	static const char *const dirs[] = {
		"", "/bus", "/bus/pci", "/bus/pci/devices", DEVICE,
		DEVICE "/certificates", DEVICE "/spdm", DEVICE "/doe_features",
		DEVICE "/doe_features/0001:01",
	};
	static const char *const files[][2] = {
		{ DEVICE "/vendor", "0x1b36\n" },
		{ DEVICE "/device", "0x0010\n" },
		{ DEVICE "/class", "0x010802\n" },
		{ DEVICE "/authenticated", "0\n" },
		{ DEVICE "/spdm/state", "unauthenticated\n" },
		{ DEVICE "/spdm/version", "1.2\n" },
		{ DEVICE "/spdm/failure", "chain 0 -126 x\nversion - -110 y\n" },
	};
	static uint8_t chain[8192];
	char path[4200];
	size_t i, len = 0;
	ssize_t n;
	int fd;

	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		snprintf(path, sizeof(path), "%s/sys%s", root, dirs[i]);
		must(!mkdir(path, 0755) || errno == EEXIST, path);
	}
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/sys%s", root, files[i][0]);
		write_file(path, files[i][1], strlen(files[i][1]));
	}
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/cma-p256-%zu", certs_dir, i);
		fd = __real_open64(path, O_RDONLY | O_CLOEXEC, 0);
		must(fd >= 0, path);
		n = __real_read(fd, chain + len, sizeof(chain) - len);
		must(n > 0, path);
		len += n;
		__real_close(fd);
	}
	snprintf(path, sizeof(path), "%s/sys" DEVICE "/certificates/slot0",
		 root);
	write_file(path, chain, len);
}

static int everything_of_devices(struct ccg_ctx *ctx)
{
	struct ccg_evidence *e = NULL;
	struct ccg_devices *d = NULL;
	char *pem = NULL;
	int rc, result;

	rc = ccg_devices_get(ctx, NULL, &d);
	if (rc)
		return rc;
	rc = ccg_device_evidence(ctx, &d->devices[0], &e);
	if (!rc && e->slots[0].certs)
		rc = ccg_cert_pem(ctx, &e->slots[0].certs->certs[0], &pem);
	if (!rc)
		rc = ccg_devices_authenticate(d, &result);
	free(pem);
	ccg_evidence_free(e);
	ccg_devices_free(d);
	return rc;
}

static void test_device(void)
{
	struct ccg_ctx *ctx = new_ctx();
	struct ccg_devices *d = NULL;
	struct ccg_evidence *e = NULL;
	const struct ccg_device *dev;
	char root[4096], name[CCG_DEVICE_NAME];
	int result = 1;

	snprintf(root, sizeof(root), "%s/root", dir);
	make_device(root);
	must(!ccg_ctx_set_root(ctx, root), "root");
	ok(!ccg_devices_get(ctx, NULL, &d) && d->n == 1, "device: found");
	must(d, "device");
	dev = &d->devices[0];
	ok(dev->vendor == 0x1b36 && dev->device == 0x0010 &&
	   dev->class_code == 0x010802, "device: its numbers");
	ok(dev->cma && dev->state == CCG_DEVICE_UNAUTHENTICATED,
	   "device: its state");
	ok(dev->listed && dev->n_protocols == 1 &&
	   dev->protocols[0].vendor == 1 && dev->protocols[0].type == 1,
	   "device: its protocols");
	ok(!ccg_device_cma_name(dev, name),
	   "device: no name without a configuration space");
	ok(!ccg_device_evidence(ctx, dev, &e), "device: evidence");
	must(e, "evidence");
	ok(e->slots[0].certs && e->slots[0].certs->n == 3 &&
	   e->slots[0].certs->certs[0].ca && !e->slots[0].certs->certs[2].ca &&
	   e->slots[0].certs->certs[2].device_name, "device: certificates");
	ok(e->n_failures == 2 && e->failures[0].code == -ENOKEY &&
	   !e->failures[0].slot && e->failures[1].slot == -1,
	   "device: failures");
	break_call("pwrite", EKEYREJECTED, 0);
	ok(!ccg_devices_authenticate(d, &result) && result == -EKEYREJECTED &&
	   ccg_authenticate_class(result) == CCG_UNVERIFIED,
	   "device: rejected is a verdict");
	mend();
	break_call("pwrite", ENOTTY, 0);
	ok(!ccg_devices_authenticate(d, &result) && result == -ENOTTY &&
	   ccg_authenticate_class(result) == CCG_FAILED,
	   "device: an unknown state is not 'unsupported'");
	mend();
	ok(!ccg_devices_authenticate(d, &result) && !result,
	   "device: authenticated");
	ccg_evidence_free(e);
	ccg_devices_free(d);
	ccg_ctx_free(ctx);
}

/* Fails each allocation once: no crash, no leak, and an error. */
static int everything(const char *area, const char *root)
{
	const struct ccg_secret *sec;
	struct ccg_status *st = NULL;
	struct ccg_secrets *s = NULL;
	struct ccg_build *b = NULL;
	const uint8_t *out;
	uint8_t *buf;
	struct ccg_ctx *ctx;
	struct ccg_guid a;
	size_t len, table_len;
	int rc;

	rc = ccg_ctx_new(&ctx);
	if (rc)
		return rc;
	rc = ccg_secrets_open(ctx, area, true, &s);
	if (!rc)
		rc = ccg_secrets_find(s, guid_a, &sec);
	if (!rc)
		rc = ccg_secrets_read(s, sec, &buf, &len);
	if (!rc)
		ccg_secret_free(buf);
	ccg_secrets_close(s);
	s = NULL;
	if (!rc)
		rc = ccg_secret_load(ctx, area, 4096, &buf, &len);
	if (!rc) {
		rc = ccg_build_new(ctx, &b);
		if (!rc)
			rc = ccg_guid_parse(guid_a, &a);
		if (!rc)
			rc = ccg_build_add(b, &a, buf, len, 0);
		if (!rc)
			rc = ccg_build_finish(b, 0, &out, &len, &table_len);
		ccg_build_free(b);
		ccg_secret_free(buf);
	}
	if (!rc)
		rc = ccg_ctx_set_root(ctx, root);
	if (!rc)
		rc = ccg_secrets_open(ctx, NULL, false, &s);
	if (!rc)
		rc = ccg_secrets_read(s, ccg_secrets_at(s, 0), &buf, &len);
	if (!rc)
		ccg_secret_free(buf);
	ccg_secrets_close(s);
	if (!rc)
		rc = ccg_status_get(ctx, &st);
	ccg_status_free(st);
	if (!rc)
		rc = everything_of_devices(ctx);
	if (rc && ccg_error(ctx)->code != rc)
		rc = -EBADE;
	ccg_ctx_free(ctx);
	return rc;
}

static void test_no_memory(void)
{
	char area[4096], root[4096], path[4200];
	bool good = true;
	int i, rc, hits;

	snprintf(area, sizeof(area), "%s/nomem", dir);
	snprintf(root, sizeof(root), "%s/root", dir);
	write_area(area);
	snprintf(path, sizeof(path), "%s%s/%s", root, CCG_SECRETS_DIR, guid_a);
	write_file(path, "x", 1);
	rc = everything(area, root);
	ok(!rc, "memory: enough");
	for (i = 0; i < 1000; i++) {
		break_call("alloc", ENOMEM, i);
		fault.after = i;
		rc = everything(area, root);
		hits = mend();
		if (!hits)
			break;
		/*
		 * A failure may be ignored only for an optional fact; it is
		 * never reported as another error.
		 */
		if (rc && rc != -ENOMEM) {
			printf("# allocation %d: %d\n", i, rc);
			good = false;
		}
	}
	ok(good && i > 30 && i < 1000, "memory: each of %d allocations fails once", i);
}

/* ---- logs ---- */

/* The shortest form of the head; RFC 8949, 4.2.1. */
static void cbor(struct bytes *b, unsigned int major, size_t n)
{
	u8 tiny[] = { major << 5 | n };
	u8 small[] = { major << 5 | 24, n };
	u8 large[] = { major << 5 | 25, n >> 8, n };

	if (n < 24)
		append(b, tiny, sizeof(tiny));
	else if (n < 256)
		append(b, small, sizeof(small));
	else
		append(b, large, sizeof(large));
}

static void cbor_bytes(struct bytes *b, const void *data, size_t len)
{
	cbor(b, 2, len);
	append(b, data, len);
}

static void cbor_text(struct bytes *b, const char *text)
{
	cbor(b, 3, strlen(text));
	append(b, text, strlen(text));
}

/* RFC 9052, 4.4; ES384. */
static void sign(EVP_PKEY *key, const struct bytes *tbs, u8 *raw)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	u8 der[256];
	const u8 *p = der;
	size_t len = sizeof(der);
	ECDSA_SIG *sig;

	must(ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha384(), NULL, key) == 1 &&
	     EVP_DigestSign(ctx, der, &len, tbs->buf, tbs->len) == 1, "sign");
	sig = d2i_ECDSA_SIG(NULL, &p, len);
	must(sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, 48) == 48 &&
	     BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + 48, 48) == 48, "sign");
	ECDSA_SIG_free(sig);
	EVP_MD_CTX_free(ctx);
}

static void cbor_sign1(struct bytes *b, EVP_PKEY *key,
		       const struct bytes *claims)
{
	static const u8 protected[] = { 0xa1, 0x01, 0x38, 0x22 };
	struct bytes tbs = {}, m = {};
	u8 raw[96];

	cbor(&tbs, 4, 4);
	cbor_text(&tbs, "Signature1");
	cbor_bytes(&tbs, protected, sizeof(protected));
	cbor_bytes(&tbs, "", 0);
	cbor_bytes(&tbs, claims->buf, claims->len);
	sign(key, &tbs, raw);
	cbor(&m, 6, 18);
	cbor(&m, 4, 4);
	cbor_bytes(&m, protected, sizeof(protected));
	cbor(&m, 5, 0);
	cbor_bytes(&m, claims->buf, claims->len);
	cbor_bytes(&m, raw, sizeof(raw));
	cbor_bytes(b, m.buf, m.len);
	free(tbs.buf);
	free(m.buf);
}

/* A COSE_Key of P-384; RFC 9053, 7.1.1. */
static void cbor_key(struct bytes *b, const u8 *point)
{
	cbor(b, 5, 4);
	cbor(b, 0, 1);
	cbor(b, 0, 2);
	cbor(b, 1, 0);
	cbor(b, 0, 2);
	cbor(b, 1, 1);
	cbor_bytes(b, point + 1, 48);
	cbor(b, 1, 2);
	cbor_bytes(b, point + 49, 48);
}

/* Writes a token and its key. */
static void write_token(const char *path, const char *key_path, const u8 *rim,
			bool cose_key)
{
	EVP_PKEY *platform = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	struct bytes b = {}, realm = {}, claims = {}, rak = {};
	u8 point[97], digest[32], zero[64] = {};
	FILE *f = fopen(key_path, "w");
	size_t len;

	must(platform && key && f && PEM_write_PUBKEY(f, platform) && !fclose(f) &&
	     EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", point,
					     sizeof(point), &len) == 1, "keys");
	if (cose_key)
		cbor_key(&rak, point);
	else
		append(&rak, point, sizeof(point));
	must(EVP_Digest(rak.buf, rak.len, digest, NULL, EVP_sha256(), NULL) == 1,
	     "digest");
	cbor(&claims, 5, 2);
	cbor(&claims, 0, 10);
	cbor_bytes(&claims, digest, sizeof(digest));
	/* The lifecycle: secured. */
	cbor(&claims, 0, 2395);
	cbor(&claims, 0, 0x3000);
	cbor(&realm, 5, 6);
	cbor(&realm, 0, 10);
	cbor_bytes(&realm, zero, sizeof(zero));
	cbor(&realm, 0, 44236);
	cbor_text(&realm, "sha-256");
	cbor(&realm, 0, 44237);
	cbor_bytes(&realm, rak.buf, rak.len);
	cbor(&realm, 0, 44238);
	cbor_bytes(&realm, rim, 32);
	cbor(&realm, 0, 44239);
	cbor(&realm, 4, 4);
	for (int i = 0; i < 4; i++)
		cbor_bytes(&realm, zero, 32);
	cbor(&realm, 0, 44240);
	cbor_text(&realm, "sha-256");
	cbor(&b, 6, 399);
	cbor(&b, 5, 2);
	cbor(&b, 0, 44234);
	cbor_sign1(&b, platform, &claims);
	cbor(&b, 0, 44241);
	cbor_sign1(&b, key, &realm);
	write_file(path, b.buf, b.len);
	free(b.buf);
	free(claims.buf);
	free(realm.buf);
	free(rak.buf);
	EVP_PKEY_free(platform);
	EVP_PKEY_free(key);
}

/* Paths of the files of a realm. */
static struct {
	char json[4200];
	char log[4200];
	char token[4200];
	char key[4200];
	char registers[4200];
	char reference[4200];
	char images[4200];
	char database[4200];
} at;

/* 1 MiB of memory, an image, a vCPU and an event. */
static const char *const realm_json[] = {
	"{\"s2sz\": 40, \"ram\": [{\"base\": 0, \"size\": 1048576}],",
	"\"images\": [{\"name\": \"K\", \"file\": \"images/k\", \"base\": 4096}],",
	"\"vcpu\": {\"pc\": 4096}, \"events\": [{\"index\": 1, \"type\": 13}]}",
};

static const char *const registers_json[] = {
	"{\"registers\": [{\"register\": \"REM0\", \"algorithm\": \"sha256\",",
	"\"value\": \"5555555555555555555555555555555555555555555555555555555555555555\"}]}",
};

static const char *const reference_json[] = {
	"{\"lifecycle_name\": \"secured\", \"components\": []}",
};

static void write_lines(const char *path, const char *const *lines, size_t n)
{
	struct bytes b = {};

	for (size_t i = 0; i < n; i++)
		append(&b, lines[i], strlen(lines[i]));
	write_file(path, b.buf, b.len);
	free(b.buf);
}

static int make_log(struct ccg_ctx *ctx, uint8_t *rim)
{
	struct ccg_realm *realm = NULL;
	uint8_t *buf;
	uint16_t alg;
	size_t len;
	int rc = ccg_realm_load(ctx, at.json, &realm);

	if (rc)
		return rc;
	rc = ccg_realm_rim(realm, rim, &len, &alg);
	if (!rc)
		rc = ccg_realm_log(realm, &buf, &len);
	if (!rc) {
		rc = ccg_file_save(ctx, at.log, buf, len);
		free(buf);
	}
	ccg_realm_free(realm);
	return rc;
}

/*
 * Verifies with a token if @good, otherwise with a register that differs. A
 * wrong RIM needs too many allocations to fail each of them here:
 * alloc_tests.py tests this case.
 */
static int verify_log(struct ccg_ctx *ctx, struct ccg_log *log, bool good)
{
	struct ccg_verify *v = __real_calloc(1, sizeof(*v));
	const struct ccg_token_want want = {
		.key = at.key, .reference = at.reference,
	};
	struct ccg_token *token = NULL;
	int rc;

	v->images = at.images;
	v->database = at.database;
	rc = good ? ccg_token_load(ctx, at.token, &token) :
		    ccg_verify_registers(ctx, log, at.registers, v);
	if (!rc && good)
		rc = ccg_token_verify(token, &want);
	if (!rc && good)
		ccg_verify_token(v, token);
	if (!rc)
		rc = ccg_verify_log(ctx, log, v);
	/* The token has another REM0 than the log, and the right RIM. */
	if (!rc && v->expected[0].match != (good ? CCG_MATCHES : CCG_DIFFERS))
		rc = -EBADE;
	ccg_token_free(token);
	ccg_verify_free(v);
	__real_free(v);
	return rc;
}

static int everything_of_logs(void)
{
	struct ccg_register *regs;
	struct ccg_log *log = NULL;
	struct ccg_ctx *ctx;
	uint8_t rim[64];
	size_t n;
	int rc;

	if (ccg_ctx_new(&ctx))
		return -ENOMEM;
	rc = make_log(ctx, rim);
	if (!rc)
		rc = ccg_log_open(ctx, at.log, NULL, &log);
	if (!rc)
		rc = ccg_log_replay(log, &regs, &n);
	if (!rc) {
		free(regs);
		rc = verify_log(ctx, log, true);
	}
	if (!rc)
		rc = verify_log(ctx, log, false);
	if (rc && ccg_error(ctx)->code != rc)
		rc = -EBADE;
	ccg_log_close(log);
	ccg_ctx_free(ctx);
	return rc;
}

static void write_realm(void)
{
	struct ccg_ctx *ctx = new_ctx();
	u8 rim[64];

	snprintf(at.json, sizeof(at.json), "%s/realm.json", dir);
	snprintf(at.log, sizeof(at.log), "%s/realm.log", dir);
	snprintf(at.token, sizeof(at.token), "%s/token", dir);
	snprintf(at.key, sizeof(at.key), "%s/token.key", dir);
	snprintf(at.registers, sizeof(at.registers), "%s/registers", dir);
	snprintf(at.reference, sizeof(at.reference), "%s/reference", dir);
	snprintf(at.images, sizeof(at.images), "%s/images", dir);
	must(!mkdir(at.images, 0700), at.images);
	write_file(in_dir("images/k"), secret_text, 31);
	write_lines(at.json, realm_json, ARRAY_SIZE(realm_json));
	write_lines(at.registers, registers_json, ARRAY_SIZE(registers_json));
	write_lines(at.reference, reference_json, ARRAY_SIZE(reference_json));
	must(!make_log(ctx, rim), "a realm's log");
	write_token(at.token, at.key, rim, false);
	ccg_ctx_free(ctx);
}

/* Loads and verifies a token; rim: the expected RIM, or NULL. */
static int take_token(struct ccg_ctx *ctx, const char *path, const char *key,
		      const u8 *rim)
{
	const struct ccg_token_want want = { .key = key };
	struct ccg_token *t = NULL;
	int rc = ccg_token_load(ctx, path, &t);

	if (!rc)
		rc = ccg_token_verify(t, &want);
	if (!rc && rim && (t->len != 32 || memcmp(t->regs[0], rim, 32)))
		rc = -EBADE;
	ccg_token_free(t);
	return rc;
}

/* Flips one bit, then all bits, of each byte; FLIP_STEP skips bytes. */
static void flip_token(const char *name, bool cose_key)
{
	const char *text = getenv("FLIP_STEP");
	size_t step = text ? strtoul(text, NULL, 10) : 1;
	char path[4200], key[4200], bad_path[4200];
	struct ccg_ctx *ctx = new_ctx();
	const u8 rim[32] = { 1 };
	size_t len, taken = 0;
	uint8_t *buf;

	snprintf(path, sizeof(path), "%s/flip", dir);
	snprintf(bad_path, sizeof(bad_path), "%s/flipped", dir);
	snprintf(key, sizeof(key), "%s/flip.key", dir);
	write_token(path, key, rim, cose_key);
	ok(!take_token(ctx, path, key, rim), "token: %s is good", name);
	must(!ccg_file_load(ctx, path, 4096, &buf, &len), path);
	for (size_t i = 0; i < 2 * len; i += step) {
		u8 bits = i % 2 ? 0xff : 1 << i / 2 % 8;

		buf[i / 2] ^= bits;
		write_file(bad_path, buf, len);
		buf[i / 2] ^= bits;
		if (take_token(ctx, bad_path, key, NULL) == -EKEYREJECTED &&
		    ccg_error(ctx)->kind == CCG_UNVERIFIED)
			continue;
		printf("# byte %zu: %#x is taken\n", i / 2, bits);
		taken++;
	}
	ok(!taken, "token: %s, each of %zu bytes flipped", name, len);
	free(buf);
	ccg_ctx_free(ctx);
}

static void test_token(void)
{
	flip_token("with a point", false);
	flip_token("with a COSE_Key", true);
}

/* A failed allocation is an error, not a verdict; saved files are whole. */
static void test_logs(void)
{
	bool good = true;
	int i, rc;

	write_realm();
	snprintf(at.database, sizeof(at.database), "%s/granules", dir);
	rc = everything_of_logs();
	ok(!rc, "logs: no allocation fails: %d", rc);
	for (i = 0; i < 1000; i++) {
		snprintf(at.database, sizeof(at.database), "%s/granules-%d",
			 dir, i);
		break_call("alloc", ENOMEM, i);
		rc = everything_of_logs();
		if (!mend())
			break;
		if (rc && rc != -ENOMEM) {
			printf("# allocation %d: %d\n", i, rc);
			good = false;
		}
	}
	ok(good && i > 20 && i < 1000, "logs: each of %d allocations fails once", i);
}

/* ---- authenticating over a connection ---- */

/* A self-signed certificate, in PEM and in DER. */
static void write_ca(const char *pem, const char *der)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	X509 *x = X509_new();
	FILE *p = fopen(pem, "w"), *d = fopen(der, "w");

	must(p && d && key && x, "certificate");
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 60);
	X509_set_pubkey(x, key);
	must(X509_sign(x, key, EVP_sha256()) > 0 && PEM_write_X509(p, x) &&
	     i2d_X509_fp(d, x) && !fclose(p) && !fclose(d), "certificate");
	X509_free(x);
	EVP_PKEY_free(key);
}

/* Listens, and never accepts a connection. */
static int listen_somewhere(char *address, size_t size)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(fd >= 0 && !bind(fd, (struct sockaddr *)&in, sizeof(in)) &&
	     !listen(fd, 1000) &&
	     !getsockname(fd, (struct sockaddr *)&in, &len), "listen");
	snprintf(address, size, "127.0.0.1:%u", ntohs(in.sin_port));
	return fd;
}

static int connect_with(const char *address, const char *pem, const char *der)
{
	struct ccg_trust *trust = NULL;
	struct ccg_auth_options o;
	struct ccg_auth *a = NULL;
	struct ccg_ctx *ctx;
	int rc;

	if (ccg_ctx_new(&ctx))
		return -ENOMEM;
	ccg_auth_defaults(&o);
	rc = ccg_trust_new(ctx, &trust);
	if (!rc)
		rc = ccg_trust_add(trust, pem);
	if (!rc)
		rc = ccg_trust_add(trust, der);
	if (!rc)
		rc = ccg_auth_open(ctx, address, trust, &o, &a);
	if (rc && ccg_error(ctx)->code != rc)
		rc = -EBADE;
	ccg_auth_close(a);
	ccg_trust_free(trust);
	ccg_ctx_free(ctx);
	return rc;
}

static void test_connect(void)
{
	char pem[4096], der[4096], address[32];
	bool good = true;
	int i, rc, fd;

	snprintf(pem, sizeof(pem), "%s/ca.pem", dir);
	snprintf(der, sizeof(der), "%s/ca.der", dir);
	write_ca(pem, der);
	fd = listen_somewhere(address, sizeof(address));
	ok(!connect_with(address, pem, der), "connect: no allocation fails");
	for (i = 0; i < 1000; i++) {
		break_call("alloc", ENOMEM, i);
		rc = connect_with(address, pem, der);
		if (!mend())
			break;
		if (rc != -ENOMEM) {
			printf("# allocation %d: %d\n", i, rc);
			good = false;
		}
	}
	ok(good && i > 8 && i < 1000, "connect: each of %d allocations fails once", i);
	close(fd);
	ok(connect_with(address, pem, der) == -ECONNREFUSED,
	   "connect: no server listens");
}

static void test_timeout(void)
{
	struct ccg_ctx *ctx = new_ctx();
	const struct ccg_auth_result *r;
	struct ccg_trust *trust = NULL;
	struct ccg_auth_options o;
	struct ccg_auth *a = NULL;
	char address[32];
	int fd, rc;

	ccg_auth_defaults(&o);
	o.timeout_ms = 100;
	fd = listen_somewhere(address, sizeof(address));
	must(!ccg_trust_new(ctx, &trust) &&
	     !ccg_auth_open(ctx, address, trust, &o, &a), "connect");
	r = ccg_auth_result(a);
	ok(!r->authenticated && r->evidence.slot == -1 && !r->messages,
	   "connect: nothing is known before");
	rc = ccg_auth_run(a);
	ok(rc == -ETIMEDOUT && ccg_error(ctx)->kind == CCG_FAILED &&
	   r->messages == 1 && r->us >= 100000 && r->us < 20000000,
	   "connect: an answer that does not come is waited for %u ms",
	   o.timeout_ms);
	close(fd);
	rc = ccg_auth_run(a);
	ok(rc == -ECONNRESET && !r->authenticated && r->evidence.n_failures == 1,
	   "connect: a connection that is gone: %d", rc);
	ccg_auth_close(a);
	ccg_trust_free(trust);
	ccg_ctx_free(ctx);
}

/* No buffer with the secret is freed before it is overwritten. */
static void test_traces(void)
{
	char area[4096], path[4200], root[4096];
	struct ccg_ctx *ctx;
	struct ccg_secrets *s;
	struct ccg_build *b;
	struct ccg_guid a;
	uint8_t *buf;
	size_t len;

	snprintf(area, sizeof(area), "%s/traces", dir);
	snprintf(root, sizeof(root), "%s/root", dir);
	snprintf(path, sizeof(path), "%s%s/%s", root, CCG_SECRETS_DIR, guid_a);
	write_area(area);
	write_file(path, secret_text, 31);
	must(!ccg_guid_parse(guid_a, &a), "guid");

	dirty_frees = 0;
	buf = __real_calloc(1, 64);
	memcpy(buf, secret_text, 31);
	watch_frees = true;
	__wrap_free(buf);
	watch_frees = false;
	ok(dirty_frees == 1, "traces: the test detects a secret in freed memory");

	ctx = new_ctx();
	dirty_frees = 0;
	watch_frees = true;
	must(!ccg_secret_load(ctx, path, 4096, &buf, &len), "load");
	must(!ccg_build_new(ctx, &b), "build");
	must(!ccg_build_add(b, &a, buf, len, 0), "add");
	ccg_secret_free(buf);
	ccg_build_free(b);
	must(!ccg_ctx_set_root(ctx, root), "root");
	must(!ccg_secrets_open(ctx, NULL, false, &s), "open");
	must(!ccg_secrets_read(s, ccg_secrets_at(s, 0), &buf, &len), "read");
	ccg_secret_free(buf);
	break_call("read", EIO, 1);
	must(ccg_secrets_read(s, ccg_secrets_at(s, 0), &buf, &len), "read");
	mend();
	ccg_secrets_close(s);
	must(!ccg_secrets_open(ctx, area, false, &s), "open");
	must(!ccg_secrets_read(s, ccg_secrets_at(s, 0), &buf, &len), "read");
	ccg_secret_free(buf);
	ccg_secrets_close(s);
	watch_frees = false;
	ok(!dirty_frees, "traces: no secret in freed memory");
	ccg_ctx_free(ctx);
}

/* ---- hashing ---- */

/* Compares with OpenSSL: different granules, in order, no overwrite. */
static void test_lanes(void)
{
	static uint8_t granules[16 * CC_GRANULE], out[16 * CC_RIM_LEN + 1];
	uint8_t digest[CC_RIM_LEN];
	struct hasher h;

	for (size_t i = 0; i < sizeof(granules); i++)
		granules[i] = i * 31 + (i >> 8) * 17 + (i >> 12);
	for (uint8_t algo = CC_REALM_SHA256; algo <= CC_REALM_SHA384; algo++) {
		size_t n = ccg_lanes(algo), len = cc_rim_hash_len(algo);
		bool good = ccg_hasher_init(&h, algo) && n <= 16;

		memset(out, 0xa5, sizeof(out));
		if (n)
			ccg_lanes_digest(algo, granules, out);
		for (size_t i = 0; good && i < n; i++)
			good = ccg_hasher_digest(&h, granules + i * CC_GRANULE,
						 CC_GRANULE, digest) &&
			       !memcmp(digest, out + i * len, len);
		ok(good && out[n * len] == 0xa5,
		   "granules in %zu lanes, algorithm %u", n, algo);
		ccg_hasher_free(&h);
	}
}

/* ---- uevents ---- */

static void test_uevents(void)
{
	/* Variables, each ends with a NUL; more NULs are more, empty variables. */
	static const struct {
		const char *what;
		char data[96];
		const char *bdf;
		bool removed, spdm;
		size_t len;
	} t[] = {
		{ "result", "change@/d\0ACTION=change\0SUBSYSTEM=pci\0"
				   "SPDM_STATE=reset\0PCI_SLOT_NAME=0000:00:03.0",
		  "0000:00:03.0", false, true, 0 },
		{ "evidence", "change@/d\0SUBSYSTEM=pci\0SPDM_EVIDENCE=7\0"
			      "PCI_SLOT_NAME=0000:00:03.0",
		  "0000:00:03.0", false, true, 0 },
		{ "removed", "remove@/d\0ACTION=remove\0"
				    "PCI_SLOT_NAME=10000:e1:00.7\0SUBSYSTEM=pci",
		  "10000:e1:00.7", true, false, 0 },
		{ "another bus", "add@/d\0ACTION=add\0SUBSYSTEM=pci_bus\0"
					"PCI_SLOT_NAME=0000:00:03.0",
		  NULL, false, false, 0 },
		{ "no bus", "add@/d\0ACTION=add\0PCI_SLOT_NAME=0000:00:03.0",
		  NULL, false, false, 0 },
		{ "no address", "add@/d\0ACTION=add\0SUBSYSTEM=pci",
		  NULL, false, false, 0 },
		{ "bad address", "add@/d\0SUBSYSTEM=pci\0PCI_SLOT_NAME=0000:00:20.0",
		  NULL, false, false, 0 },
		{ "longer key", "add@/d\0SUBSYSTEM=pci\0PCI_SLOT_NAMES=0000:00:03.0",
		  NULL, false, false, 0 },
		{ "no end", "SUBSYSTEM=pci\0PCI_SLOT_NAME=0000:00:03.0",
		  NULL, false, false, 40 },
		{ "empty", "", NULL, false, false, 0 },
	};
	struct ccg_device_event e;

	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		bool good = ccg_uevent_parse(t[i].data, t[i].len ?: sizeof(t[i].data), &e);

		ok(good == !!t[i].bdf &&
		   (!good || (e.removed == t[i].removed && e.spdm == t[i].spdm &&
			      !e.lost && !strcmp(e.bdf, t[i].bdf))),
		   "uevent: %s", t[i].what);
	}
}

int main(int argc, char **argv)
{
	must(argc == 3, "usage: test-libccguest DIRECTORY CERTIFICATES");
	dir = argv[1];
	certs_dir = argv[2];
	/* Reused memory must not look like a trace of a secret. */
	mallopt(M_PERTURB, 0x5a);
	test_guid();
	test_lanes();
	test_known();
	test_area();
	test_wipe();
	test_live();
	test_build();
	test_save();
	test_save_named();
	test_save_killed();
	test_create();
	test_device();
	test_uevents();
	test_no_memory();
	test_logs();
	test_token();
	test_connect();
	test_timeout();
	test_traces();
	test_secret_memory();
	test_core();
	ok(n_closed > 100 && !n_inherited, "files are closed on exec");
	printf("1..%d\n", n_tests);
	return n_bad ? 1 : 0;
}
