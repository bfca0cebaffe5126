// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the first byte has the flags, the rest is a log.
 *
 * Checks that events are contiguous, that the pointers of an event point into
 * the event, that blobs and memory obey their limits, that a fault has an
 * offset inside the log, and that a log cut at its end parses like the whole
 * log.
 */
#include "../../lib/cc_log.h"
#include "fuzz.h"

static void check_event(const struct cc_log *log, const struct cc_log_event *ev,
			size_t begin)
{
	const u8 *pos = log->buf + begin + 12;

	require(ev->offset == begin && ev->len >= 16 &&
		ev->len <= log->len - begin);
	require(ev->n_digests <= log->n_algs);
	for (size_t i = 0; i < ev->n_digests; i++) {
		require(ev->digests[i].data == pos + 2);
		pos += 2 + ev->digests[i].len;
	}
	require(ev->data == pos + 4 && ev->data == log->buf + ev->data_offset);
	require(ev->data_offset + ev->size == begin + ev->len);
	require(ev->index <= CC_INDEX_PCR_MAX || ev->index == CC_INDEX_NONE);
}

static void check_realm(const struct cc_log *log, const struct cc_log_event *ev)
{
	const struct cc_realm_event *r = &ev->realm;
	const u8 *end = ev->data + ev->size;

	switch (r->kind) {
	case CC_REALM_VM_VERSION:
		require(strlen(r->vm.name) < 32 && strlen(r->vm.version) < 40);
		break;
	case CC_REALM_DTB:
		require(r->dtb >= ev->data && r->dtb <= end &&
			r->dtb_len <= (size_t)(end - r->dtb));
		break;
	case CC_REALM_BLOB:
	case CC_REALM_LOG:
		require(r->blob.desc > ev->data && r->blob.desc_len < 256);
		require(r->blob.desc + r->blob.desc_len + 16 <= end);
		require(r->blob.range.size <= CC_LOG_BLOBS_MAX);
		require(r->blob.range.base <= ~0ULL - r->blob.range.size);
		break;
	case CC_REALM_RIPAS:
		require(log->realm.created && r->ripas.size &&
			r->ripas.base + r->ripas.size <=
			1ULL << (log->realm.params.s2sz - 1));
		break;
	default:
		break;
	}
	require(log->realm.n_blobs <= CC_LOG_RANGES_MAX &&
		log->realm.n_ripas <= CC_LOG_RANGES_MAX);
	require(log->realm.blob_bytes <= CC_LOG_BLOBS_MAX);
}

/* The module's file has the log without its padding. */
static void check_trimmed(const struct cc_log *log)
{
	struct cc_log_fault fault;
	struct cc_log_event ev;
	struct cc_log again;

	require(!cc_log_check(&again, log->buf, log->pos, &log->opts, &ev,
			      &fault));
	require(again.pos == log->pos && again.nr == log->nr &&
		again.dialect == log->dialect && !again.n_trailing);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cc_log_opts opts = { .place = { 0x48010000, 0x10000 } };
	struct cc_log_fault fault = {};
	struct cc_log_event ev;
	struct cc_log log;
	size_t begin = 0;
	int rc;

	if (!size)
		return 0;
	opts.flags = data[0] & 7;
	rc = cc_log_begin(&log, data + 1, size - 1, &opts, &fault);
	while (!rc) {
		begin = log.pos;
		rc = cc_log_next(&log, &ev, &fault);
		if (!rc) {
			check_event(&log, &ev, begin);
			check_realm(&log, &ev);
			require(log.pos == begin + ev.len);
		}
	}
	if (rc == -ENODATA) {
		require(log.ended && log.pos <= log.len && log.basis);
		require(log.n_trailing <= log.len - log.pos);
		check_trimmed(&log);
		return 0;
	}
	require(rc == -EBADMSG && fault.what && fault.field);
	require(fault.event == log.nr && fault.offset <= log.len);
	return 0;
}
