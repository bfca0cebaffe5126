// SPDX-License-Identifier: GPL-2.0-only
/*
 * The measurement log of a guest: framing, end of the events.
 *
 * The host, or firmware that the host supplied, writes the bytes. Every
 * function takes a buffer that no longer changes, and trusts none of its
 * fields. An event has at least 16 bytes, so the length of the buffer bounds
 * the work.
 */
#include "cc_log_internal.h"

/* Offsets in TCG_PCR_EVENT2. */
#define EVENT_TYPE	4
#define EVENT_COUNT	8
#define EVENT_DIGESTS	12
/* Length without digests and data. */
#define EVENT_MIN	16

/* Offsets in TCG_PCR_EVENT of TPM 1.2, and the length without data. */
#define EVENT_12_DIGEST	8
#define EVENT_12_SIZE	28
#define EVENT_12_MIN	32

/**
 * cc_log_begin - parse the header of a log
 * @log: set
 * @buf: the log, with or without padding at the end
 * @len: length of @buf in bytes
 * @opts: options; NULL for no flags
 * @fault: set if the result is -EBADMSG
 *
 * Return: 0; -EBADMSG if the header is malformed.
 */
int cc_log_begin(struct cc_log *log, const u8 *buf, size_t len,
		 const struct cc_log_opts *opts, struct cc_log_fault *fault)
{
	memset(log, 0, sizeof(*log));
	log->buf = buf;
	log->len = len;
	if (opts)
		log->opts = *opts;
	log->is_realm = log->opts.flags & CC_LOG_REALM;
	return cc_log_header(log, fault);
}

/* Events ------------------------------------------------------------------- */

static int cut_off(const struct cc_log *log, struct cc_log_fault *fault,
		   size_t pos, size_t need)
{
	return cc_log_refuse(log, fault, "event is cut off", "event", pos,
			     log->len - pos, need);
}

/*
 * QEMU and kvmtool: one digest with algorithm 0, of the declared length. Returns
 * NULL if this is another event.
 */
static const struct cc_alg *alg_0(struct cc_log *log,
				  const struct cc_log_event *ev, size_t pos)
{
	if (ev->type != CC_EV_NO_ACTION || ev->n_digests != 1 ||
	    log->n_algs != 1 || log->opts.flags & CC_LOG_STRICT)
		return NULL;
	cc_log_note(log, CC_LOG_Q_ALG_0, pos);
	return &log->algs[0];
}

/*
 * The profile, 10.4.5: NO_ACTION extends no register, and its digests are zero.
 * Windows and the records of NV indexes have digests, and the index of no
 * register. With the index of a register, a simple reader could extend it.
 */
static int check_no_action(struct cc_log *log, const struct cc_log_event *ev,
			   const struct cc_digest *d, struct cc_log_fault *fault)
{
	size_t pos = d->data - log->buf;

	if (ev->type != CC_EV_NO_ACTION || cc_log_is_zero(d->data, d->len))
		return 0;
	if (ev->index <= CC_INDEX_PCR_MAX && !(log->opts.flags & CC_LOG_LENIENT))
		return cc_log_refuse(log, fault, "digest of NO_ACTION is not zero",
				     "digest", pos, d->data[0], 0);
	cc_log_note(log, CC_LOG_Q_NO_ACTION_DIGEST, pos);
	return 0;
}

static int take_digest(struct cc_log *log, struct cc_log_event *ev, size_t i,
		       size_t *pos, struct cc_log_fault *fault)
{
	const struct cc_alg *alg;
	u16 id;

	if (log->len - *pos < 2)
		return cut_off(log, fault, *pos, 2);
	id = get_unaligned_le16(log->buf + *pos);
	alg = cc_log_find_alg(log, id);
	if (!alg && !id)
		alg = alg_0(log, ev, *pos);
	if (!alg)
		return cc_log_refuse(log, fault, "algorithm is not declared",
				     "algorithm", *pos, id, log->n_algs);
	for (size_t j = 0; j < i; j++)
		if (ev->digests[j].alg == id)
			return cc_log_refuse(log, fault, "algorithm is there twice",
					     "algorithm", *pos, id, j);
	*pos += 2;
	if (alg->len > log->len - *pos)
		return cut_off(log, fault, *pos, alg->len);
	ev->digests[i] = (struct cc_digest) {
		.alg = id,
		.len = alg->len,
		.data = log->buf + *pos,
	};
	*pos += alg->len;
	return check_no_action(log, ev, &ev->digests[i], fault);
}

static int take_digests(struct cc_log *log, struct cc_log_event *ev,
			size_t *pos, struct cc_log_fault *fault)
{
	u32 count = get_unaligned_le32(log->buf + *pos + EVENT_COUNT);
	int rc = 0;

	if (count > log->n_algs)
		return cc_log_refuse(log, fault,
				     "more digests than algorithms declared",
				     "digests", *pos + EVENT_COUNT, count,
				     log->n_algs);
	ev->n_digests = count;
	if (count && count < log->n_algs)
		cc_log_note(log, CC_LOG_Q_FEWER_DIGESTS, *pos + EVENT_COUNT);
	*pos += EVENT_DIGESTS;
	for (size_t i = 0; !rc && i < count; i++)
		rc = take_digest(log, ev, i, pos, fault);
	return rc;
}

static int take_data(struct cc_log *log, struct cc_log_event *ev, size_t pos,
		     struct cc_log_fault *fault)
{
	u32 size;

	if (log->len - pos < 4)
		return cut_off(log, fault, pos, 4);
	size = get_unaligned_le32(log->buf + pos);
	if (size > CC_LOG_EVENT_MAX)
		return cc_log_refuse(log, fault, "event is too large", "size",
				     pos, size, CC_LOG_EVENT_MAX);
	if (size > log->len - pos - 4)
		return cc_log_refuse(log, fault, "event is longer than the log",
				     "size", pos, size, log->len - pos - 4);
	ev->data_offset = pos + 4;
	ev->data = log->buf + ev->data_offset;
	ev->size = size;
	ev->len = ev->data_offset + size - ev->offset;
	return 0;
}

static bool is_log_blob(const struct cc_log_event *ev)
{
	struct cc_blob blob;

	return ev->type == CC_EV_POST_CODE2 &&
	       !cc_blob_parse(ev->data, ev->size, &blob) &&
	       blob.desc_len == 3 && !memcmp(blob.desc, "LOG", 3);
}

/* EVENT_TAG and LOG of QEMU and kvmtool have no digests. */
static int check_count(struct cc_log *log, const struct cc_log_event *ev,
		       struct cc_log_fault *fault)
{
	if (ev->n_digests)
		return 0;
	if (log->opts.flags & CC_LOG_STRICT ||
	    (ev->type != CC_EV_EVENT_TAG && !is_log_blob(ev)))
		return cc_log_refuse(log, fault, "event has no digest", "digests",
				     ev->offset + EVENT_COUNT, 0, 1);
	cc_log_note(log, CC_LOG_Q_NO_DIGEST, ev->offset + EVENT_COUNT);
	return 0;
}

static int check_index(struct cc_log *log, const struct cc_log_event *ev,
		       struct cc_log_fault *fault)
{
	u32 max = cc_log_is_cc(log) ? CC_INDEX_MR_MAX : CC_INDEX_PCR_MAX;

	if (ev->index == CC_INDEX_NONE && ev->type == CC_EV_NO_ACTION) {
		cc_log_note(log, CC_LOG_Q_INDEX_NONE, ev->offset);
		return 0;
	}
	/* The profile, 10.4.5: a record of an NV index has the NV index. */
	if (ev->index > max && ev->type == CC_EV_NO_ACTION) {
		cc_log_note(log, CC_LOG_Q_INDEX_NV, ev->offset);
		return 0;
	}
	if (ev->index > max)
		return cc_log_refuse(log, fault, "no such register", "index",
				     ev->offset, ev->index, max);
	if (ev->index > log->max_index)
		log->max_index = ev->index;
	return 0;
}

static int check_spec_id(const struct cc_log *log,
			 const struct cc_log_event *ev,
			 struct cc_log_fault *fault)
{
	if (!cc_log_is_spec_id(ev))
		return 0;
	return cc_log_refuse(log, fault, "second Spec ID event", "signature",
			     ev->data_offset, log->nr, 0);
}

/* End ---------------------------------------------------------------------- */

/* Does padding begin at log->pos? No event begins with so many bytes @fill. */
static bool is_fill(const struct cc_log *log, u8 fill)
{
	size_t left = log->len - log->pos;
	size_t min = log->form == CC_LOG_FORM_12 ? EVENT_12_MIN : EVENT_MIN;
	size_t need = fill ? 8 : min;

	for (size_t i = 0; i < left && i < need; i++)
		if (log->buf[log->pos + i] != fill)
			return false;
	return true;
}

static void settle(struct cc_log *log, enum cc_log_dialect dialect,
		   const char *basis)
{
	log->dialect = dialect;
	log->basis = basis;
}

static void settle_dialect(struct cc_log *log)
{
	if (log->dialect)
		return;
	if (log->form == CC_LOG_FORM_12)
		settle(log, CC_LOG_TPM12, "the form is that of TPM 1.2");
	else if (log->form == CC_LOG_FORM_AGENT)
		settle(log, CC_LOG_AGENT, "tag AAEL, without a header");
	else if (log->is_realm && !log->realm.created)
		settle(log, CC_LOG_REALM_BLOBS,
		       "blobs with the names of a realm's, no parameters");
	else if (log->is_realm)
		settle(log, CC_LOG_REALM_OTHER, "REALM_CREATE");
	else if (cc_log_has_alg(log, CC_ALG_SHA1))
		settle(log, CC_LOG_TPM, "SHA-1 is declared");
	else if (log->n_algs == 1 && log->algs[0].id == CC_ALG_SM3)
		settle(log, CC_LOG_CSV, "SM3 is the only algorithm");
	else if (log->index)
		settle(log, CC_LOG_CCEL, "the header has index 1");
	else if (log->max_index > CC_INDEX_MR_MAX)
		settle(log, CC_LOG_TPM, "indexes above 4");
	else if (log->n_algs == 1 && log->algs[0].id == CC_ALG_SHA384)
		settle(log, CC_LOG_CCEL, "SHA-384 is the only algorithm");
	else
		settle(log, CC_LOG_UNDETERMINED, "nothing in the log tells");
}

static int end(struct cc_log *log, u8 fill)
{
	if (log->ended)
		return -ENODATA;
	log->ended = true;
	log->fill = fill;
	for (size_t i = log->pos; i < log->len; i++) {
		if (log->buf[i] == fill)
			continue;
		if (!log->n_trailing++)
			log->trailing = i;
	}
	if (log->n_trailing)
		cc_log_note(log, CC_LOG_Q_TRAILING, log->trailing);
	settle_dialect(log);
	return -ENODATA;
}

static int take_event_2(struct cc_log *log, struct cc_log_event *ev,
			struct cc_log_fault *fault)
{
	size_t pos = log->pos;
	int rc;

	if (log->len - pos < EVENT_MIN)
		return cut_off(log, fault, pos, EVENT_MIN);
	rc = take_digests(log, ev, &pos, fault);
	if (!rc)
		rc = take_data(log, ev, pos, fault);
	return rc ? rc : check_count(log, ev, fault);
}

static int take_event_12(struct cc_log *log, struct cc_log_event *ev,
			 struct cc_log_fault *fault)
{
	size_t pos = log->pos;
	int rc;

	if (log->len - pos < EVENT_12_MIN)
		return cut_off(log, fault, pos, EVENT_12_MIN);
	ev->n_digests = 1;
	ev->digests[0] = (struct cc_digest) {
		.alg = log->algs[0].id,
		.len = log->algs[0].len,
		.data = log->buf + pos + EVENT_12_DIGEST,
	};
	rc = check_no_action(log, ev, &ev->digests[0], fault);
	return rc ? rc : take_data(log, ev, pos + EVENT_12_SIZE, fault);
}

static int take_event(struct cc_log *log, struct cc_log_event *ev,
		      struct cc_log_fault *fault)
{
	size_t pos = log->pos;

	ev->nr = log->nr;
	ev->offset = pos;
	ev->has_locality = false;
	ev->realm.kind = CC_REALM_NONE;
	log->event_quirks = 0;
	if (log->len - pos < 8)
		return cut_off(log, fault, pos, 8);
	ev->index = get_unaligned_le32(log->buf + pos);
	ev->type = get_unaligned_le32(log->buf + pos + EVENT_TYPE);
	return log->form == CC_LOG_FORM_12 ? take_event_12(log, ev, fault) :
					     take_event_2(log, ev, fault);
}

/**
 * cc_log_next - parse the next event
 * @log: the log, started with cc_log_begin()
 * @ev: set to the event if the result is 0
 * @fault: set if the result is -EBADMSG
 *
 * Return: 0; -ENODATA at the end, with the offset of the end in @log->pos;
 * -EBADMSG if the event is malformed.
 */
int cc_log_next(struct cc_log *log, struct cc_log_event *ev,
		struct cc_log_fault *fault)
{
	int rc;

	if (is_fill(log, 0xff) && log->pos < log->len)
		return end(log, 0xff);
	if (is_fill(log, 0))
		return end(log, 0);

	rc = take_event(log, ev, fault);
	if (!rc)
		rc = check_spec_id(log, ev, fault);
	if (!rc)
		rc = cc_log_realm_event(log, ev, fault);
	if (!rc)
		rc = check_index(log, ev, fault);
	if (rc)
		return rc;
	cc_log_content(log, ev);
	ev->quirks = log->event_quirks;
	log->pos += ev->len;
	log->nr++;
	return 0;
}

/**
 * cc_log_check - parse and check a whole log
 * @log: set, with the facts about the log
 * @buf: the log, with or without padding at the end
 * @len: length of @buf in bytes
 * @opts: options; NULL for no flags
 * @ev: memory for an event
 * @fault: set if the result is -EBADMSG, or if @log->broken is set
 *
 * Return: 0, with the length of the log in @log->pos; -EBADMSG if the log is
 * malformed. With CC_LOG_PARTLY, a fault behind the header ends the log: the
 * result is 0, @log->pos is the start of the event with the fault, and
 * @log->broken is set.
 */
int cc_log_check(struct cc_log *log, const u8 *buf, size_t len,
		 const struct cc_log_opts *opts, struct cc_log_event *ev,
		 struct cc_log_fault *fault)
{
	int rc = cc_log_begin(log, buf, len, opts, fault);

	if (rc)
		return rc;
	while (!rc)
		rc = cc_log_next(log, ev, fault);
	if (rc == -ENODATA)
		return 0;
	if (!(log->opts.flags & CC_LOG_PARTLY))
		return rc;
	log->broken = true;
	settle_dialect(log);
	return 0;
}

/**
 * cc_log_uses_pcrs - find out whether the registers of a log are PCRs
 * @log: the log, read to its end
 *
 * Return: true for PCRs; false for measurement registers. True if the log does
 * not tell.
 */
bool cc_log_uses_pcrs(const struct cc_log *log)
{
	switch (log->dialect) {
	case CC_LOG_TPM:
	case CC_LOG_TPM12:
	case CC_LOG_UNDETERMINED:
		return true;
	case CC_LOG_AGENT:
		return log->max_index > CC_INDEX_MR_MAX;
	default:
		return false;
	}
}
