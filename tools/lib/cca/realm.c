// SPDX-License-Identifier: GPL-2.0-only
/*
 * Computes the initial measurement of a guest from its description, and writes
 * the log that a VMM or a firmware would write for the guest.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/log.h>

#include "cca/hash.h"
#include "cca/realm.h"
#include "core/ctx.h"
#include "log/digest.h"

/* Logs --------------------------------------------------------------------- */

/*
 * A log that grows; @bad stays set after an allocation failed. With @no_digests,
 * zeros replace the digests of images, whose sizes are known.
 */
struct out {
	const struct ccg_realm *r;
	bool no_digests;
	uint8_t *buf;
	size_t len;
	size_t size;
	bool bad;
};

static void put(struct out *o, const void *data, size_t len)
{
	uint8_t *buf;

	if (len > o->size - o->len) {
		o->size = 2 * (o->len + len);
		buf = realloc(o->buf, o->size);
		if (!buf) {
			o->bad = true;
			o->size = o->len;
			return;
		}
		o->buf = buf;
	}
	if (o->bad)
		return;
	if (data)
		memcpy(o->buf + o->len, data, len);
	else
		memset(o->buf + o->len, 0, len);
	o->len += len;
}

static void le(struct out *o, uint64_t val, size_t n)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < n; i++)
		bytes[i] = val >> 8 * i;
	put(o, bytes, n);
}

/* QEMU and kvmtool: one digest for NO_ACTION, no NULs, padding. */
static bool is_vmm(const struct ccg_realm *r)
{
	return r->dialect == CC_LOG_REALM_QEMU_RFC ||
	       r->dialect == CC_LOG_REALM_QEMU ||
	       r->dialect == CC_LOG_REALM_KVMTOOL;
}

static bool is_realm(const struct ccg_realm *r)
{
	return is_vmm(r) || r->dialect == CC_LOG_REALM_DOC ||
	       r->dialect == CC_LOG_REALM_BLOBS;
}

static void put_header(struct out *o)
{
	const struct ccg_realm *r = o->r;

	le(o, r->dialect == CC_LOG_CCEL || r->dialect == CC_LOG_CSV, 4);
	le(o, CC_EV_NO_ACTION, 4);
	put(o, NULL, 20);
	le(o, CC_LOG_SPEC_MIN + 4 * r->n_algs, 4);
	put(o, "Spec ID Event03", 16);
	le(o, 0, 4);
	/* Spec version 2.0 errata 106; a UINTN has 64 bits. */
	put(o, "\0\2\152\2", 4);
	le(o, r->n_algs, 4);
	for (size_t i = 0; i < r->n_algs; i++) {
		le(o, r->algs[i].id, 2);
		le(o, r->algs[i].len, 2);
	}
	le(o, 0, 1);
}

static void put_event(struct out *o, uint32_t index, uint32_t type,
		      size_t n_digests)
{
	le(o, index, 4);
	le(o, type, 4);
	le(o, n_digests, 4);
}

/* NO_ACTION: a digest of zeros, of algorithm 0 or of each algorithm. */
static void put_no_action(struct out *o, size_t size)
{
	size_t n = is_vmm(o->r) ? 1 : o->r->n_algs;

	put_event(o, 0, CC_EV_NO_ACTION, n);
	for (size_t i = 0; i < n; i++) {
		le(o, is_vmm(o->r) ? 0 : o->r->algs[i].id, 2);
		put(o, NULL, o->r->algs[i].len);
	}
	le(o, size, 4);
}

static void put_vm_version(struct out *o)
{
	const struct ccg_realm *r = o->r;
	bool vmm = is_vmm(r);
	uint64_t ram = 0;

	for (size_t i = 0; i < r->n_ram; i++)
		ram += r->ram[i].size;
	put_no_action(o, vmm ? 112 : 116);
	put(o, "VM VERSION\0\0\0\0\0", 16);
	put(o, r->name, sizeof(r->name));
	put(o, r->version, sizeof(r->version));
	if (!vmm) {
		le(o, r->log.base, 8);
		le(o, r->log.size, 8);
	}
	le(o, ram, 8);
	le(o, r->num_cpus, 4);
	if (vmm)
		put(o, NULL, 4 + 8);
}

static void put_tag(struct out *o, uint32_t tag, size_t size)
{
	const struct ccg_realm *r = o->r;

	put_event(o, 0, CC_EV_EVENT_TAG, is_vmm(r) ? 0 : 1);
	if (!is_vmm(r)) {
		le(o, r->algs[0].id, 2);
		put(o, NULL, r->algs[0].len);
	}
	le(o, size + 8, 4);
	le(o, tag, 4);
	le(o, size, 4);
}

static void put_params(struct out *o)
{
	const struct cc_realm_params *p = &o->r->params;

	put_tag(o, 1, is_vmm(o->r) ? 16 : 14);
	le(o, p->flags, 8);
	le(o, p->s2sz, 1);
	le(o, p->sve_vl, 1);
	le(o, p->num_bps, 1);
	le(o, p->num_wps, 1);
	le(o, p->pmu_num_ctrs, 1);
	le(o, p->hash_algo, 1);
	put(o, NULL, is_vmm(o->r) ? 2 : 0);
	for (size_t i = 0; i < o->r->n_ram; i++) {
		put_tag(o, 2, 16);
		le(o, o->r->ram[i].base, 8);
		le(o, o->r->ram[i].size, 8);
	}
}

static void put_rec(struct out *o)
{
	put_tag(o, 3, 80);
	le(o, o->r->rec.flags, 8);
	le(o, o->r->rec.pc, 8);
	for (size_t i = 0; i < CC_REC_GPRS; i++)
		le(o, o->r->rec.gprs[i], 8);
}

static void put_blob(struct out *o, const char *name, uint64_t base,
		     uint64_t size)
{
	size_t len = strlen(name) + !is_vmm(o->r);

	le(o, 17 + len, 4);
	le(o, len, 1);
	put(o, name, len);
	le(o, base, 8);
	le(o, size, 8);
}

static int no_granules(void *arg, const uint8_t *digests, size_t n)
{
	(void)arg;
	(void)digests;
	(void)n;
	return 0;
}

static int put_image(struct out *o, const struct realm_image *image)
{
	const struct ccg_realm *r = o->r;
	uint8_t algo = r->params.hash_algo, digest[CC_RIM_LEN] = {};
	size_t i;
	uint64_t size = image->size;
	int rc = 0;

	for (i = 0; i < r->n_algs && r->algs[i].len != cc_rim_hash_len(algo);)
		i++;
	if (i == r->n_algs)
		return ccg_fail(r->ctx, -EINVAL, CCG_FAILED, r->path,
				"hash: logs of this dialect do not have this algorithm");
	if (!o->no_digests)
		rc = ccg_granules(r->ctx, image->path, algo, 0,
				  CC_LOG_BLOBS_MAX, no_granules, NULL, digest,
				  &size);
	if (rc)
		return rc;
	put_event(o, 0, CC_EV_POST_CODE2, 1);
	le(o, r->algs[i].id, 2);
	put(o, digest, r->algs[i].len);
	put_blob(o, image->name, image->base, size);
	return 0;
}

static int put_realm(struct out *o)
{
	const struct ccg_realm *r = o->r;
	bool blobs_only = r->dialect == CC_LOG_REALM_BLOBS;
	int rc = 0;

	if (!blobs_only) {
		put_vm_version(o);
		put_params(o);
	}
	for (size_t i = 0; !rc && i < r->n_images; i++)
		rc = put_image(o, &r->images[i]);
	if (rc || blobs_only)
		return rc;
	if (r->has_rec)
		put_rec(o);
	if (!r->log.size)
		return 0;
	put_event(o, 0, CC_EV_POST_CODE2, !is_vmm(r));
	if (!is_vmm(r)) {
		le(o, r->algs[0].id, 2);
		put(o, NULL, r->algs[0].len);
	}
	put_blob(o, "LOG", r->log.base, r->log.size);
	return 0;
}

static void put_extend(struct out *o, const struct realm_extend *ev)
{
	bool measured = ev->type != CC_EV_NO_ACTION;
	uint8_t digest[EVP_MAX_MD_SIZE] = {};

	put_event(o, ev->index, ev->type, o->r->n_algs);
	for (size_t i = 0; i < o->r->n_algs; i++) {
		le(o, o->r->algs[i].id, 2);
		if (measured &&
		    EVP_Digest(ev->data, ev->len, digest, NULL,
			       ccg_log_md(o->r->algs[i].id), NULL) != 1)
			o->bad = true;
		put(o, digest, o->r->algs[i].len);
	}
	le(o, ev->len, 4);
	put(o, ev->data, ev->len);
}

/* Parses the new log with the project's own reader. */
static int check(struct out *o)
{
	struct ccg_ctx *ctx = o->r->ctx;
	struct cc_log_fault f;
	struct cc_log_event ev;
	struct cc_log log;
	int rc = cc_log_check(&log, o->buf, o->len, NULL, &ev, &f);

	if (rc)
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, o->r->path,
				"gives a log that is refused: event %zu: %s",
				f.event, f.what);
	if (log.dialect != o->r->dialect)
		return ccg_fail(ctx, -EINVAL, CCG_FAILED, o->r->path,
				"gives a log that is recognized as dialect %s",
				ccg_log_dialect_name(&log));
	return 0;
}

/* RMM 1.0 loads images into memory that the host declared before. */
static int check_memory(const struct ccg_realm *r)
{
	if (r->dialect == CC_LOG_REALM_BLOBS || r->rmm != CC_RMM_1_0 ||
	    r->n_ram || !r->n_images)
		return 0;
	return ccg_fail(r->ctx, -EINVAL, CCG_FAILED, r->path,
			"ram: is missing; RMM 1.0 loads images into declared memory only");
}

/* Frees the log on failure. */
static int write_log(struct out *o)
{
	const struct ccg_realm *r = o->r;
	int rc = 0;

	put_header(o);
	if (is_realm(r))
		rc = check_memory(r);
	if (!rc && is_realm(r))
		rc = put_realm(o);
	for (size_t i = 0; i < r->n_events; i++)
		put_extend(o, &r->events[i]);
	if (!rc && o->len < r->log.size)
		put(o, NULL, r->log.size - o->len);
	if (!rc && o->bad)
		rc = ccg_fail_errno(r->ctx, -ENOMEM, r->path);
	if (!rc && r->log.size && o->len > r->log.size)
		rc = ccg_fail(r->ctx, -EMSGSIZE, CCG_FAILED, r->path,
			      "the log needs %zu bytes", o->len);
	if (!rc)
		rc = check(o);
	if (rc)
		free(o->buf);
	return rc;
}

int ccg_realm_log(struct ccg_realm *r, uint8_t **bufp, size_t *lenp)
{
	struct out o = { .r = r };
	int rc = write_log(&o);

	if (rc)
		return rc;
	*bufp = o.buf;
	*lenp = o.len;
	return 0;
}

/* Initial measurement ------------------------------------------------------ */

static const struct cc_alg realm_algs[] = {
	[CC_REALM_SHA256] = { CC_ALG_SHA256, 32 },
	[CC_REALM_SHA512] = { CC_ALG_SHA512, 64 },
	[CC_REALM_SHA384] = { CC_ALG_SHA384, 48 },
};

/*
 * Refuses a realm whose log ccg_realm_log() would refuse: no RMM creates it. The
 * rules are those of lib/cc_log_realm.c. A dialect without the parameters of a
 * realm is replaced.
 */
static int check_realm(const struct ccg_realm *r, bool images)
{
	struct ccg_realm copy = *r;
	struct out o = { .r = &copy, .no_digests = true };
	int rc;

	if (!is_realm(r) || r->dialect == CC_LOG_REALM_BLOBS) {
		copy.dialect = CC_LOG_REALM_QEMU_RFC;
		snprintf(copy.name, sizeof(copy.name), "QEMU");
		snprintf(copy.version, sizeof(copy.version), "9.1");
		copy.algs[0] = realm_algs[r->params.hash_algo];
		copy.n_algs = 1;
		copy.n_events = 0;
	}
	if (!images)
		copy.n_images = 0;
	rc = write_log(&o);
	if (!rc)
		free(o.buf);
	return rc;
}

static int load_image(struct ccg_realm *r, struct realm_image *image,
		      struct cc_rim *rim)
{
	struct loading l = {
		.rim = rim,
		.ipa = image->base & ~(uint64_t)(CC_GRANULE - 1),
		.digest_len = cc_rim_hash_len(rim->algo),
	};

	return ccg_granules(r->ctx, image->path, rim->algo,
			    image->base % CC_GRANULE, CC_LOG_BLOBS_MAX,
			    ccg_load_granules, &l, NULL, &image->size);
}

static int rim_steps(struct ccg_realm *r, struct cc_rim *rim)
{
	int rc = cc_rim_create(rim, &r->params);

	for (size_t i = 0; !rc && i < r->n_ram; i++)
		rc = cc_rim_ripas(rim, &r->ram[i]);
	if (rc)
		return ccg_fail_errno(r->ctx, rc, r->path);
	for (size_t i = 0; !rc && i < r->n_images; i++)
		rc = load_image(r, &r->images[i], rim);
	if (rc)
		return rc;
	if (r->has_rec)
		rc = cc_rim_rec(rim, &r->rec);
	if (!rc)
		rc = cc_rim_unmeasured(rim, &r->log);
	return rc ? ccg_fail_errno(r->ctx, rc, r->path) : 0;
}

int ccg_realm_rim(struct ccg_realm *r, uint8_t *rim, size_t *lenp,
		  uint16_t *algp)
{
	struct hasher h;
	struct cc_rim c = {
		.ops = &ccg_hash_ops, .ctx = &h, .rmm = r->rmm,
		.blocks = r->blocks,
		.budget = 2 * CC_LOG_BLOBS_MAX / CC_GRANULE,
	};
	int rc = check_realm(r, false);

	if (rc)
		return rc;
	if (!ccg_hasher_init(&h, r->params.hash_algo))
		return ccg_fail_errno(r->ctx, -ENOMEM, r->path);
	rc = rim_steps(r, &c);
	ccg_hasher_free(&h);
	/* The sizes of the images are known now. */
	if (!rc)
		rc = check_realm(r, true);
	memcpy(rim, c.value, CC_RIM_LEN);
	*lenp = cc_rim_hash_len(r->params.hash_algo);
	*algp = realm_algs[r->params.hash_algo].id;
	return rc;
}
