// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Device Trees that the events of a realm's log measured. Most logs have
 * only the address, size and digest of a tree, so this file searches for the
 * tree.
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
#include <ccguest/log.h>

#include "cc_rim.h"
#include "core/ctx.h"
#include "core/io.h"
#include "log/digest.h"
#include "log/dtb.h"
#include "log/log.h"

/* Real logs have one tree; more trees of a hostile log are only reported. */
#define TREES_MAX	8

/* The Device Tree of this machine's kernel. */
#define LIVE_TREE	"/sys/firmware/fdt"

/* A tree, and the buffer and the source of its bytes. */
struct tree {
	struct ccg_tree tree;
	char *source;
	uint8_t *buf;
	size_t len;
	struct ccg_dtb dtb;
};

/**
 * struct ccg_trees - trees of a log
 * @n: number of @trees
 * @trees: the trees
 */
struct ccg_trees {
	size_t n;
	struct tree trees[TREES_MAX];
};

/* The log and the images that are searched. */
struct job {
	struct ccg_ctx *ctx;
	const char *images;
	bool live;
	struct ccg_trees *trees;
};

static bool has_tree(const struct cc_log_event *ev)
{
	static const char name[] = "DTB";
	const struct cc_blob *b = &ev->realm.blob;
	size_t len;

	if (ev->realm.kind != CC_REALM_BLOB)
		return ev->realm.kind == CC_REALM_DTB;
	for (len = b->desc_len; len && !b->desc[len - 1]; len--)
		;
	return len == strlen(name) && !memcmp(b->desc, name, len);
}

/* All digests with a known algorithm match, and there is one or more. */
static bool has_digest(const struct cc_log_event *ev, const uint8_t *buf,
		       size_t len)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	bool any = false;

	for (size_t i = 0; i < ev->n_digests; i++) {
		const EVP_MD *md = ccg_log_md(ev->digests[i].alg);

		if (!md)
			continue;
		if (EVP_Digest(buf, len, digest, NULL, md, NULL) != 1 ||
		    memcmp(digest, ev->digests[i].data, ev->digests[i].len))
			return false;
		any = true;
	}
	return any;
}

/* Search for trees --------------------------------------------------------- */

/* Takes ownership of @source and @buf, also on failure. */
static int add(struct job *j, const struct cc_log_event *ev, size_t measured,
	       char *source, uint8_t *buf, size_t len)
{
	struct tree *t = &j->trees->trees[j->trees->n];

	if (!source || !buf) {
		free(source);
		free(buf);
		return ccg_fail_errno(j->ctx, -ENOMEM, "Device Tree");
	}
	j->trees->n++;
	*t = (struct tree) { .source = source, .buf = buf, .len = len };
	t->tree.event = ev->nr;
	t->tree.measured = measured;
	t->tree.source = source;
	t->tree.dtb = &t->dtb;
	if (!ccg_dtb_parse(&t->dtb, buf, len))
		t->tree.quirks |= 1U << CCG_TREE_MALFORMED;
	return 0;
}

/* Copies the tree, because libfdt requires alignment. */
static int take_carried(struct job *j, const struct cc_log_event *ev)
{
	size_t len = ev->realm.dtb_len;
	uint8_t *buf = malloc(len ? len : 1);

	if (buf)
		memcpy(buf, ev->realm.dtb, len);
	return add(j, ev, 0, strdup("the event itself"), buf, len);
}

/*
 * Sets the event in each tree that has the event's digest, whatever the tree's
 * name is. Returns true if there is such a tree. A realm's log has
 * CC_LOG_RANGES_MAX blobs at most.
 */
static bool find_measured(struct ccg_trees *trees, const struct cc_log_event *ev)
{
	bool found = false;

	for (size_t i = 0; i < trees->n; i++) {
		struct tree *t = &trees->trees[i];

		if (t->tree.measured || !has_digest(ev, t->buf, t->len))
			continue;
		t->tree.measured = ev->nr;
		found = true;
	}
	return found;
}

static int try_image(struct job *j, const struct cc_log_event *ev,
		     const char *name, bool *found)
{
	uint8_t *buf;
	char *path;
	size_t len;
	int rc;

	if (asprintf(&path, "%s/%s", j->images, name) < 0)
		return ccg_fail_errno(j->ctx, -ENOMEM, j->images);
	rc = ccg_file_load(j->ctx, path, CCG_DTB_MAX, &buf, &len);
	if (!rc && has_digest(ev, buf, len)) {
		*found = true;
		return add(j, ev, ev->nr, path, buf, len);
	}
	if (!rc)
		free(buf);
	free(path);
	return rc;
}

/* Tries each known-good image of the tree's size. */
static int search(struct job *j, const struct cc_log_event *ev, bool *found)
{
	DIR *dir = opendir(j->images);
	struct dirent *d;
	struct stat st;
	int rc = 0;

	if (!dir)
		return ccg_fail_errno(j->ctx, -errno, j->images);
	while (!rc && !*found && (d = readdir(dir)))
		if (!fstatat(dirfd(dir), d->d_name, &st, 0) &&
		    S_ISREG(st.st_mode) && st.st_size <= CCG_DTB_MAX &&
		    (uint64_t)st.st_size == ev->realm.blob.range.size)
			rc = try_image(j, ev, d->d_name, found);
	closedir(dir);
	return rc;
}

/*
 * The EFI stub and the kernel change the tree before it can be read. A tree
 * with another digest may therefore still be the measured one, but it proves
 * nothing.
 */
static int take_live(struct job *j, const struct cc_log_event *ev, bool *found)
{
	int fd = ccg_open(j->ctx, LIVE_TREE, O_RDONLY), rc;
	uint8_t *buf;
	size_t len;

	/* A user who may read the log may lack access to the tree. */
	if (fd == -ENOENT || fd == -ENOTDIR || fd == -EACCES || fd == -EPERM)
		return 0;
	if (fd < 0)
		return ccg_fail_errno(j->ctx, fd, LIVE_TREE);
	rc = ccg_load_fd(j->ctx, fd, LIVE_TREE, CCG_DTB_MAX, &buf, &len);
	close(fd);
	if (rc)
		return rc;
	*found = true;
	return add(j, ev, has_digest(ev, buf, len) ? ev->nr : 0,
		   strdup(LIVE_TREE), buf, len);
}

static int not_found(struct job *j, const struct cc_log_event *ev)
{
	struct tree *t = &j->trees->trees[j->trees->n];

	*t = (struct tree) { .source = strdup(j->images) };
	if (!t->source)
		return ccg_fail_errno(j->ctx, -ENOMEM, j->images);
	t->tree.event = ev->nr;
	t->tree.measured = ev->nr;
	t->tree.source = t->source;
	t->tree.quirks = 1U << CCG_TREE_NOT_FOUND;
	j->trees->n++;
	return 0;
}

static int find(struct job *j, const struct cc_log_event *ev)
{
	bool found = false;
	int rc = 0;

	if (ev->realm.kind == CC_REALM_DTB)
		return take_carried(j, ev);
	if (j->images)
		rc = search(j, ev, &found);
	if (!rc && !found && j->live)
		rc = take_live(j, ev, &found);
	if (!rc && !found && j->images)
		rc = not_found(j, ev);
	return rc;
}

/* Searches for the trees of all events of a kind. */
static int find_all(struct job *j, struct ccg_log *log, enum cc_realm_kind kind)
{
	struct cc_log_event ev;
	int rc = 0;

	ccg_log_rewind(log);
	while (!rc && ccg_log_next(log, &ev)) {
		if (ev.realm.kind != kind || !has_tree(&ev) ||
		    (kind == CC_REALM_BLOB && find_measured(j->trees, &ev)))
			continue;
		if (j->trees->n == TREES_MAX) {
			j->trees->trees[TREES_MAX - 1].tree.quirks |=
				1U << CCG_TREE_MORE;
			break;
		}
		rc = find(j, &ev);
	}
	ccg_log_rewind(log);
	return rc;
}

/* Comparison with the log -------------------------------------------------- */

static bool names_log(const struct ccg_dtb *d, const struct cc_range *log)
{
	for (size_t i = 0; i < d->logs.n; i++)
		if (d->logs.r[i].base == log->base &&
		    d->logs.r[i].size == log->size)
			return true;
	return false;
}

/* Loaded files are measured in granules, padded with zeros. */
static bool has_initrd(const struct cc_range *blob, const struct cc_range *initrd)
{
	uint64_t mask = CC_GRANULE - 1;
	uint64_t base = blob->base & ~mask;
	uint64_t last = (blob->base + blob->size - 1) | mask;

	return blob->size && initrd->base >= base &&
	       initrd->base + initrd->size - 1 <= last;
}

static void compare(struct tree *t, const struct cc_log_event *ev)
{
	const struct cc_range *range = &ev->realm.blob.range;

	if (ev->realm.kind == CC_REALM_LOG) {
		t->tree.log = ev->nr;
		if (!names_log(&t->dtb, range))
			t->tree.quirks |= 1U << CCG_TREE_LOG;
	}
	if (ev->realm.kind == CC_REALM_BLOB && t->dtb.has_initrd &&
	    t->dtb.initrd.size && has_initrd(range, &t->dtb.initrd))
		t->tree.initrd = ev->nr;
}

static bool is_read(const struct tree *t)
{
	return t->tree.dtb && !*t->dtb.fault;
}

static void compare_all(struct ccg_trees *trees, struct ccg_log *log)
{
	struct cc_log_event ev;

	while (ccg_log_next(log, &ev)) {
		if (ev.realm.kind == CC_REALM_BLOB)
			find_measured(trees, &ev);
		for (size_t i = 0; i < trees->n; i++)
			if (is_read(&trees->trees[i]))
				compare(&trees->trees[i], &ev);
	}
	ccg_log_rewind(log);
	for (size_t i = 0; i < trees->n; i++) {
		struct tree *t = &trees->trees[i];

		if (t->tree.dtb && !t->tree.measured)
			t->tree.quirks |= 1U << CCG_TREE_UNMEASURED;
		if (is_read(t) && t->dtb.has_initrd && t->dtb.initrd.size &&
		    !t->tree.initrd)
			t->tree.quirks |= 1U << CCG_TREE_INITRD;
	}
}

int ccg_log_trees(struct ccg_ctx *ctx, struct ccg_log *log, const char *images,
		  struct ccg_trees **treesp)
{
	struct job j = {
		.ctx = ctx, .images = images, .live = ccg_log_is_live(log),
		.trees = calloc(1, sizeof(*j.trees)),
	};
	int rc = 0;

	*treesp = j.trees;
	if (!j.trees)
		return ccg_fail_errno(ctx, -ENOMEM, "Device Tree");
	/* Only a realm's log has trees; avoid a second walk over other logs. */
	if (!ccg_log_summary(log)->is_realm)
		return 0;
	/* Trees in the log come first: no search is needed for them. */
	rc = find_all(&j, log, CC_REALM_DTB);
	if (!rc)
		rc = find_all(&j, log, CC_REALM_BLOB);
	if (!rc && j.trees->n)
		compare_all(j.trees, log);
	if (!rc)
		return 0;
	ccg_trees_free(j.trees);
	*treesp = NULL;
	return rc;
}

void ccg_trees_free(struct ccg_trees *trees)
{
	for (size_t i = 0; trees && i < trees->n; i++) {
		free(trees->trees[i].source);
		free(trees->trees[i].buf);
	}
	free(trees);
}

const struct ccg_tree *ccg_trees_at(const struct ccg_trees *trees, size_t i)
{
	return i < trees->n ? &trees->trees[i].tree : NULL;
}

const struct ccg_tree *ccg_trees_of(const struct ccg_trees *trees, size_t event)
{
	for (size_t i = 0; i < trees->n; i++)
		if (trees->trees[i].tree.event == event &&
		    trees->trees[i].tree.dtb)
			return &trees->trees[i].tree;
	return NULL;
}

const char *ccg_tree_quirk_text(unsigned int quirk)
{
	static const char *const quirks[CCG_TREE_N_QUIRKS] = {
		[CCG_TREE_NOT_FOUND] = "has no file with the Device Tree's digest",
		[CCG_TREE_MALFORMED] = "is not a Device Tree",
		[CCG_TREE_UNMEASURED] =
			"is not the Device Tree that was measured: no event has its digest",
		[CCG_TREE_LOG] = "has another address of the log than the LOG event",
		[CCG_TREE_INITRD] = "names an initrd that no event measures",
		[CCG_TREE_MORE] = "is followed by more Device Trees, which are not decoded",
	};

	return quirk < CCG_TREE_N_QUIRKS ? quirks[quirk] : NULL;
}

/* Output ------------------------------------------------------------------- */

static void text(struct ccg_sink *s, const char *key, const char *val)
{
	s->text(s, key, val, strlen(val));
}

void ccg_tree_decode(const struct ccg_tree *t, struct ccg_sink *s)
{
	s->open(s, "DeviceTree", false);
	text(s, "Source", t->source);
	s->yes_no(s, "Measured", t->measured);
	ccg_dtb_decode(t->dtb, s);
	if (t->log)
		s->yes_no(s, "LogAgrees", !(t->quirks & 1U << CCG_TREE_LOG));
	if (t->initrd)
		s->number(s, "InitrdEvent", t->initrd, CCG_COUNT);
	s->close(s);
}
