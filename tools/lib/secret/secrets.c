// SPDX-License-Identifier: GPL-2.0-only
/*
 * Secrets in the kernel's directory, and secrets in a file that holds a secret
 * area.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/module.h>
#include <ccguest/secret.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/io.h"
#include "kmod/advice.h"
#include "secret_table.h"

#define MODULE_NAME	"efi_secret"

/* Bytes read at a time when the size of a secret is determined. */
#define COUNT_AT_ONCE	4096
/* Limit: an area of the largest size holds no more secrets. */
#define SECRETS_MAX	(SECRET_AREA_MAX / SECRET_HEADER_LEN)

/**
 * struct item - a secret, and the data that only this file needs
 * @pub: data for the caller
 * @prev: the previous secret of the same GUID in an area file, or NULL
 * @next: the next secret of the same GUID in an area file, or NULL
 */
struct item {
	struct ccg_secret pub;
	struct item *prev;
	struct item *next;
};

/**
 * struct ccg_secrets - opened secrets of this machine or of an area file
 * @ctx: the context
 * @info: data for the caller
 * @path: path of the directory or the file
 * @fd: descriptor of the directory, or of a writable file; or -1
 * @area: bytes of the file; NULL for a directory
 * @items: the secrets, @info.n of them
 * @skipped: names of files that are not secrets, @info.n_skipped of them
 */
struct ccg_secrets {
	struct ccg_ctx *ctx;
	struct ccg_secrets_info info;
	char *path;
	int fd;
	uint8_t *area;
	struct item *items;
	char **skipped;
};

static int fail_no_memory(struct ccg_secrets *s)
{
	return ccg_fail_errno(s->ctx, -ENOMEM, s->path);
}

static int by_guid_and_index(const void *va, const void *vb)
{
	const struct item *a = *(const struct item *const *)va;
	const struct item *b = *(const struct item *const *)vb;
	int cmp = memcmp(&a->pub.guid, &b->pub.guid, sizeof(a->pub.guid));

	if (cmp)
		return cmp;
	return (a->pub.index > b->pub.index) - (a->pub.index < b->pub.index);
}

/* Sorts the secrets: pairwise comparison is slow in a full area. */
static int find_duplicates(struct ccg_secrets *s)
{
	struct item **sorted;
	size_t i;

	if (!s->info.n)
		return 0;
	sorted = calloc(s->info.n, sizeof(struct item *));
	if (!sorted)
		return fail_no_memory(s);
	for (i = 0; i < s->info.n; i++)
		sorted[i] = &s->items[i];
	qsort(sorted, s->info.n, sizeof(struct item *), by_guid_and_index);
	for (i = 1; i < s->info.n; i++) {
		if (!ccg_guid_equal(&sorted[i - 1]->pub.guid,
				    &sorted[i]->pub.guid))
			continue;
		sorted[i - 1]->next = sorted[i];
		sorted[i]->prev = sorted[i - 1];
		sorted[i]->pub.hidden = true;
		s->info.n_hidden++;
	}
	free(sorted);
	return 0;
}

/* ---- area files ---- */

static int fail_fault(struct ccg_secrets *s, const struct secret_fault *f)
{
	if (f->in_header)
		return ccg_fail(s->ctx, -EBADMSG, CCG_FAILED, s->path,
				"corrupt secret table: header: %s (at offset %zu: %u, limit %zu)",
				f->what, f->offset, f->value, f->limit);
	return ccg_fail(s->ctx, -EBADMSG, CCG_FAILED, s->path,
			"corrupt secret table: entry %zu: %s (at offset %zu: %u, limit %zu)",
			f->index, f->what, f->offset, f->value, f->limit);
}

static void add_entry(struct ccg_secrets *s, const struct secret_entry *e)
{
	struct ccg_secret *pub;

	if (e->deleted) {
		s->info.n_deleted++;
		return;
	}
	pub = &s->items[s->info.n++].pub;
	memcpy(pub->guid.b, e->guid, sizeof(pub->guid.b));
	pub->known = ccg_known_by_guid(&pub->guid);
	pub->size_known = true;
	pub->size = e->len;
	pub->index = e->index;
	pub->offset = e->offset;
}

static int index_area(struct ccg_secrets *s)
{
	struct secret_cursor cur = {};
	struct secret_fault fault = {};
	struct secret_entry entry;
	size_t table_len, n = 0;
	int rc;

	/* An area shorter than its header has no length field. */
	if (s->info.area_len < SECRET_HEADER_LEN)
		return ccg_fail(s->ctx, -EBADMSG, CCG_FAILED, s->path,
				"corrupt secret table: area is shorter than a header: it has %zu byte%s, a header has %d",
				s->info.area_len,
				s->info.area_len == 1 ? "" : "s",
				SECRET_HEADER_LEN);
	rc = secret_table_len(s->area, s->info.area_len, &table_len, &fault);
	if (rc == -ENODATA) {
		ccg_fail(s->ctx, rc, CCG_NOT_FOUND, s->path,
			 "secret area is not populated: it does not start with a secret table");
		ccg_hint(s->ctx,
			 "the guest's owner adds secrets at launch; ccguest secret build makes a table");
		return rc;
	}
	if (rc)
		return fail_fault(s, &fault);
	s->info.table_len = table_len;

	rc = secret_table_check(s->area, table_len, &n, &s->info.n_trailing,
				&fault);
	if (rc)
		return fail_fault(s, &fault);
	s->items = calloc(n ? n : 1, sizeof(*s->items));
	if (!s->items)
		return fail_no_memory(s);
	while (!secret_table_next(s->area, table_len, &cur, &entry, &fault))
		add_entry(s, &entry);
	return find_duplicates(s);
}

static int open_area(struct ccg_secrets *s, bool writable)
{
	int flags = (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOCTTY;
	struct stat st;
	size_t len;
	int rc;

	s->fd = open(s->path, flags);
	if (s->fd < 0)
		return ccg_fail_errno(s->ctx, -errno, s->path);
	if (fstat(s->fd, &st))
		return ccg_fail_errno(s->ctx, -errno, s->path);
	if (S_ISDIR(st.st_mode))
		return ccg_fail_errno(s->ctx, -EISDIR, s->path);
	if (writable && !S_ISREG(st.st_mode))
		return ccg_fail(s->ctx, -EINVAL, CCG_FAILED, s->path,
				"is not a regular file, so secrets cannot be wiped");
	/* Refuse a large file before the read of a megabyte. */
	if (S_ISREG(st.st_mode) && st.st_size > SECRET_AREA_MAX)
		return ccg_fail(s->ctx, -EFBIG, CCG_FAILED, s->path,
				"has %lld bytes, a secret area has no more than %d",
				(long long)st.st_size, SECRET_AREA_MAX);

	rc = ccg_secret_load_fd(s->ctx, s->fd, s->path, SECRET_AREA_MAX,
				&s->area, &len);
	if (rc)
		return rc;
	s->info.area_len = len;
	return index_area(s);
}

/* ---- the kernel's directory ---- */

static int fail_secret(struct ccg_secrets *s, int rc, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", s->path, name);
	/* ESTALE: efi_secret returns it to readers of a wiped secret. */
	if (rc == -ENOENT || rc == -ESTALE)
		return ccg_fail(s->ctx, rc, CCG_NOT_FOUND, path,
				"secret was wiped meanwhile");
	return ccg_fail_errno(s->ctx, rc, path);
}

static int open_secret(struct ccg_secrets *s, const char *name)
{
	struct stat st;
	int fd;

	fd = openat(s->fd, name,
		    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	return fd;
}

/* The in-tree module reports size 0, so the bytes are counted. */
static void count_bytes(struct ccg_secrets *s, struct ccg_secret *pub,
			const char *name)
{
	uint8_t *buf;
	size_t n;
	int fd;

	pub->size_known = false;
	buf = ccg_secret_alloc(s->ctx, COUNT_AT_ONCE);
	if (!buf)
		return;
	fd = open_secret(s, name);
	if (fd < 0)
		goto out;
	do {
		if (ccg_read_fd(fd, buf, COUNT_AT_ONCE, &n))
			goto out_close;
		pub->size += n;
	} while (n && pub->size <= SECRET_AREA_MAX);
	pub->size_known = true;
out_close:
	close(fd);
out:
	ccg_secret_free(buf);
}

static int add_skipped(struct ccg_secrets *s, const char *name)
{
	char **bigger;

	bigger = realloc(s->skipped,
			 (s->info.n_skipped + 1) * sizeof(*bigger));
	if (!bigger)
		return fail_no_memory(s);
	s->skipped = bigger;
	bigger[s->info.n_skipped] = strdup(name);
	if (!bigger[s->info.n_skipped])
		return fail_no_memory(s);
	s->info.n_skipped++;
	return 0;
}

static int add_file(struct ccg_secrets *s, const char *name)
{
	char text[CCG_GUID_TEXT];
	struct item *bigger;
	struct ccg_secret *pub;
	struct ccg_guid guid;
	struct stat st;

	/* The name must be in the kernel's form to find the file again. */
	if (ccg_guid_parse(name, &guid))
		return add_skipped(s, name);
	ccg_guid_format(&guid, text);
	if (strcmp(name, text))
		return add_skipped(s, name);
	if (fstatat(s->fd, name, &st, AT_SYMLINK_NOFOLLOW)) {
		/* The secret was wiped after readdir(). */
		if (errno == ENOENT)
			return 0;
		return fail_secret(s, -errno, name);
	}
	if (!S_ISREG(st.st_mode))
		return add_skipped(s, name);

	bigger = realloc(s->items, (s->info.n + 1) * sizeof(*bigger));
	if (!bigger)
		return fail_no_memory(s);
	s->items = bigger;
	memset(&bigger[s->info.n], 0, sizeof(*bigger));
	pub = &bigger[s->info.n++].pub;
	pub->guid = guid;
	pub->known = ccg_known_by_guid(&guid);
	pub->size = st.st_size;
	pub->size_known = true;
	pub->mode = st.st_mode & 07777;
	if (!st.st_size)
		count_bytes(s, pub, name);
	return 0;
}

static int by_name(const void *va, const void *vb)
{
	const struct item *a = va, *b = vb;
	char ta[CCG_GUID_TEXT], tb[CCG_GUID_TEXT];

	ccg_guid_format(&a->pub.guid, ta);
	ccg_guid_format(&b->pub.guid, tb);
	return strcmp(ta, tb);
}

static int open_dir(struct ccg_secrets *s)
{
	struct ccg_advice a;
	struct dirent *de;
	int rc = 0, fd;
	DIR *dir;

	s->info.live = true;
	s->fd = ccg_open(s->ctx, s->path, O_RDONLY | O_DIRECTORY);
	if (s->fd == -ENOENT) {
		ccg_module_advice(s->ctx, MODULE_NAME, &a);
		return ccg_fail_advised(s->ctx, s->fd, s->path, "", &a);
	}
	if (s->fd < 0)
		return ccg_fail_errno(s->ctx, s->fd, s->path);

	fd = fcntl(s->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return ccg_fail_errno(s->ctx, -errno, s->path);
	dir = fdopendir(fd);
	if (!dir) {
		rc = ccg_fail_errno(s->ctx, -errno, s->path);
		close(fd);
		return rc;
	}
	do {
		errno = 0;
		de = readdir(dir);
		if (!de) {
			rc = -errno;
			if (rc)
				ccg_fail_errno(s->ctx, rc, s->path);
			break;
		}
		if (!strcmp(de->d_name, ".") || !strcmp(de->d_name, ".."))
			continue;
		if (s->info.n + s->info.n_skipped >= SECRETS_MAX) {
			rc = ccg_fail(s->ctx, -E2BIG, CCG_FAILED, s->path,
				      "has more than %d entries", SECRETS_MAX);
			break;
		}
		rc = add_file(s, de->d_name);
	} while (!rc);
	closedir(dir);
	if (rc)
		return rc;

	if (s->info.n)
		qsort(s->items, s->info.n, sizeof(*s->items), by_name);
	return 0;
}

/* ---- both ---- */

int ccg_secrets_open(struct ccg_ctx *ctx, const char *file, bool writable,
		     struct ccg_secrets **sp)
{
	struct ccg_secrets *s;
	int rc;

	s = calloc(1, sizeof(*s));
	if (!s)
		return ccg_fail_errno(ctx, -ENOMEM, "secrets");
	s->ctx = ctx;
	s->fd = -1;
	s->path = strdup(file ? file : CCG_SECRETS_DIR);
	s->info.path = s->path;
	if (!s->path)
		rc = ccg_fail_errno(ctx, -ENOMEM, "secrets");
	else if (file)
		rc = open_area(s, writable);
	else
		rc = open_dir(s);
	if (rc) {
		ccg_secrets_close(s);
		return rc;
	}
	*sp = s;
	return 0;
}

void ccg_secrets_close(struct ccg_secrets *s)
{
	size_t i;

	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	ccg_secret_free(s->area);
	for (i = 0; i < s->info.n_skipped; i++)
		free(s->skipped[i]);
	free(s->skipped);
	free(s->items);
	free(s->path);
	free(s);
}

const struct ccg_secrets_info *ccg_secrets_info(const struct ccg_secrets *s)
{
	return &s->info;
}

const struct ccg_secret *ccg_secrets_at(const struct ccg_secrets *s, size_t i)
{
	return i < s->info.n ? &s->items[i].pub : NULL;
}

const char *ccg_secrets_skipped_at(const struct ccg_secrets *s, size_t i)
{
	return i < s->info.n_skipped ? s->skipped[i] : NULL;
}

int ccg_secrets_find(struct ccg_secrets *s, const char *name,
		     const struct ccg_secret **secretp)
{
	const struct ccg_secret *secret;
	struct ccg_guid guid;
	size_t i;
	int rc;

	rc = ccg_guid_from_name(s->ctx, name, &guid);
	if (rc)
		return rc;
	for (i = 0; (secret = ccg_secrets_at(s, i)); i++) {
		if (!secret->hidden && ccg_guid_equal(&secret->guid, &guid)) {
			*secretp = secret;
			return 0;
		}
	}
	return ccg_fail(s->ctx, -ENOENT, CCG_NOT_FOUND, name,
			"no such secret in %s", s->path);
}

static int fail_wiped(struct ccg_secrets *s, const struct ccg_secret *secret)
{
	char text[CCG_GUID_TEXT];

	ccg_guid_format(&secret->guid, text);
	return ccg_fail(s->ctx, -ESTALE, CCG_NOT_FOUND, text,
			"secret has been wiped");
}

static int read_file(struct ccg_secrets *s, const struct ccg_secret *secret,
		     uint8_t **bufp, size_t *lenp)
{
	char name[CCG_GUID_TEXT];
	size_t len;
	uint8_t *buf;
	int fd, rc;

	ccg_guid_format(&secret->guid, name);
	fd = open_secret(s, name);
	if (fd < 0)
		return fail_secret(s, fd, name);
	/* Not st_size: the in-tree module reports size 0. */
	buf = ccg_secret_alloc(s->ctx, SECRET_AREA_MAX + 1);
	if (!buf) {
		close(fd);
		return fail_no_memory(s);
	}
	rc = ccg_read_fd(fd, buf, SECRET_AREA_MAX + 1, &len);
	close(fd);
	if (!rc && len > SECRET_AREA_MAX)
		rc = -EFBIG;
	if (rc) {
		ccg_secret_free(buf);
		return fail_secret(s, rc, name);
	}
	*bufp = buf;
	*lenp = len;
	return 0;
}

int ccg_secrets_read(struct ccg_secrets *s, const struct ccg_secret *secret,
		     uint8_t **bufp, size_t *lenp)
{
	uint8_t *buf;

	if (secret->wiped)
		return fail_wiped(s, secret);
	if (s->info.live)
		return read_file(s, secret, bufp, lenp);

	buf = ccg_secret_alloc(s->ctx, secret->size);
	if (!buf)
		return fail_no_memory(s);
	memcpy(buf, s->area + secret->offset + SECRET_HEADER_LEN,
	       secret->size);
	*bufp = buf;
	*lenp = secret->size;
	return 0;
}

static int write_zeros(int fd, size_t len, size_t offset)
{
	static const uint8_t zeros[4096];
	size_t n;
	int rc = 0;

	while (len && !rc) {
		n = len < sizeof(zeros) ? len : sizeof(zeros);
		rc = ccg_write_at(fd, zeros, n, offset);
		offset += n;
		len -= n;
	}
	return rc;
}

static int wipe_entry(struct ccg_secrets *s, struct item *item)
{
	uint8_t *hdr = s->area + item->pub.offset;
	int rc;

	/*
	 * Overwrite the data before the GUID. A concurrent reader then finds a
	 * secret of zeros, and never data without a valid GUID.
	 */
	rc = write_zeros(s->fd, item->pub.size,
			 item->pub.offset + SECRET_HEADER_LEN);
	if (!rc && fsync(s->fd))
		rc = -errno;
	if (!rc)
		rc = write_zeros(s->fd, SECRET_GUID_LEN, item->pub.offset);
	if (!rc && fsync(s->fd))
		rc = -errno;
	if (rc)
		return rc;
	explicit_bzero(hdr, SECRET_HEADER_LEN + item->pub.size);
	return 0;
}

static int wipe_in_area(struct ccg_secrets *s, struct item *item)
{
	int rc = 0;

	/*
	 * Wipe the duplicates that this secret hides too, from the last to the
	 * first. Otherwise the next duplicate would replace the wiped secret.
	 */
	while (item->next)
		item = item->next;
	for (; item && !rc; item = item->prev) {
		rc = wipe_entry(s, item);
		item->pub.wiped = !rc;
	}
	if (rc)
		ccg_fail_errno(s->ctx, rc, s->path);
	return rc;
}

static int wipe_live(struct ccg_secrets *s, struct item *item)
{
	char name[CCG_GUID_TEXT];

	ccg_guid_format(&item->pub.guid, name);
	if (unlinkat(s->fd, name, 0))
		return fail_secret(s, -errno, name);
	item->pub.wiped = true;
	return 0;
}

int ccg_secrets_wipe(struct ccg_secrets *s, const struct ccg_secret *secret)
{
	struct item *item = NULL;
	size_t i;

	for (i = 0; i < s->info.n; i++)
		if (&s->items[i].pub == secret)
			item = &s->items[i];
	if (!item)
		return ccg_fail_errno(s->ctx, -EINVAL, s->path);
	if (item->pub.wiped)
		return fail_wiped(s, secret);
	return s->info.live ? wipe_live(s, item) : wipe_in_area(s, item);
}
