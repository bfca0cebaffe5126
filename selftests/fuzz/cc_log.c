// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the first byte has the flags, the rest is a log.
 *
 * Checks that events are contiguous, that the pointers of an event point into
 * the event, that blobs and memory obey their limits, that the kernel module
 * shows no digest of NO_ACTION for a register and no log without a header, that
 * a fault has an offset inside the log, and that a log cut at its end, or in
 * front of its fault, parses like the whole log.
 */
#include "../../lib/cc_log.h"
#include "fuzz.h"

static bool has_digest(const struct cc_log_event *ev)
{
	for (size_t i = 0; i < ev->n_digests; i++)
		for (size_t j = 0; j < ev->digests[i].len; j++)
			if (ev->digests[i].data[j])
				return true;
	return false;
}

/* An event of TPM 1.2 has its digest in front of its size, without a count. */
static void check_event_12(const struct cc_log *log,
			   const struct cc_log_event *ev, size_t begin)
{
	require(ev->offset == begin && ev->len >= 32 &&
		ev->len <= log->len - begin);
	require(ev->n_digests == 1 && ev->digests[0].len == 20 &&
		ev->digests[0].data == log->buf + begin + 8);
	require(ev->data == log->buf + begin + 32 && ev->size == ev->len - 32);
}

static void check_quirks(const struct cc_log *log, const struct cc_log_event *ev)
{
	struct cc_tag tag = {};
	size_t pos = 0;

	require(!(ev->quirks & ~log->quirks));
	require(ev->index <= CC_INDEX_PCR_MAX || ev->type == CC_EV_NO_ACTION);
	require(ev->type != CC_EV_NO_ACTION || !has_digest(ev) ||
		ev->quirks & 1U << CC_LOG_Q_NO_ACTION_DIGEST);
	if (!(log->opts.flags & CC_LOG_LENIENT))
		require(log->signature && (ev->type != CC_EV_NO_ACTION ||
					   ev->index > CC_INDEX_PCR_MAX ||
					   !has_digest(ev)));
	require(!ev->has_locality || (!ev->index && ev->locality <= 4));
	while (cc_tag_next(ev->data, ev->size, &pos, &tag))
		require(tag.data + tag.size == ev->data + pos);
	require(pos <= ev->size);
}

static void check_event(const struct cc_log *log, const struct cc_log_event *ev,
			size_t begin)
{
	const u8 *pos = log->buf + begin + 12;

	check_quirks(log, ev);
	if (log->form == CC_LOG_FORM_12) {
		check_event_12(log, ev, begin);
		return;
	}
	require(ev->offset == begin && ev->len >= 16 &&
		ev->len <= log->len - begin);
	require(ev->n_digests <= log->n_algs);
	for (size_t i = 0; i < ev->n_digests; i++) {
		require(ev->digests[i].data == pos + 2);
		pos += 2 + ev->digests[i].len;
	}
	require(ev->data == pos + 4 && ev->data == log->buf + ev->data_offset);
	require(ev->data_offset + ev->size == begin + ev->len);
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

/* With CC_LOG_PARTLY, a fault behind the header ends the log. */
static void check_partly(const struct cc_log *log,
			 const struct cc_log_fault *fault)
{
	struct cc_log_opts opts = log->opts;
	struct cc_log_fault again;
	struct cc_log_event ev;
	struct cc_log part;
	int rc;

	opts.flags |= CC_LOG_PARTLY;
	rc = cc_log_check(&part, log->buf, log->len, &opts, &ev, &again);
	require(again.what == fault->what && again.offset == fault->offset);
	if (rc) {
		require(!log->nr);
		return;
	}
	require(part.broken && part.pos == log->pos && part.nr == log->nr &&
		part.basis);
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
	opts.flags = data[0] & 15;
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
	check_partly(&log, &fault);
	return 0;
}
