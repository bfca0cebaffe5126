// SPDX-License-Identifier: GPL-2.0-only
/*
 * The measurement log of a guest: header, framing, end of the events.
 *
 * The host, or firmware that the host supplied, writes the bytes. Every
 * function takes a buffer that no longer changes, and trusts none of its
 * fields. An event has at least 16 bytes, so the length of the buffer bounds
 * the work.
 */
#include "cc_log.h"

/* Offsets in TCG_PCClientPCREvent, and in the Spec ID event that it holds. */
#define HEADER_TYPE	4
#define HEADER_DIGEST	8
#define HEADER_SHA1_LEN	20
#define HEADER_SIZE	28
#define SPEC_CLASS	(CC_LOG_HEADER_LEN + 16)
#define SPEC_MINOR	(CC_LOG_HEADER_LEN + 20)
#define SPEC_MAJOR	(CC_LOG_HEADER_LEN + 21)
#define SPEC_ERRATA	(CC_LOG_HEADER_LEN + 22)
#define SPEC_UINTN	(CC_LOG_HEADER_LEN + 23)
#define SPEC_N_ALGS	(CC_LOG_HEADER_LEN + 24)
#define SPEC_ALGS	(CC_LOG_HEADER_LEN + 28)
#define SPEC_ALG_LEN	4

/* Offsets in TCG_PCR_EVENT2. */
#define EVENT_TYPE	4
#define EVENT_COUNT	8
#define EVENT_DIGESTS	12
/* Length without digests and data. */
#define EVENT_MIN	16

#define SIGNATURE_LEN	16
static const u8 spec_id_03[SIGNATURE_LEN] = "Spec ID Event03";
/* The part that all versions share. */
#define SPEC_ID_ANY	13

/* TCG Algorithm Registry, and the length of a digest. */
static const struct cc_alg known_algs[] = {
	{ CC_ALG_SHA1, 20 },
	{ CC_ALG_SHA256, 32 },
	{ CC_ALG_SHA384, 48 },
	{ CC_ALG_SHA512, 64 },
	{ CC_ALG_SM3, 32 },
	{ 0x0027, 32 },		/* SHA3-256 */
	{ 0x0028, 48 },		/* SHA3-384 */
	{ 0x0029, 64 },		/* SHA3-512 */
};

static bool is_zero(const u8 *p, size_t len)
{
	while (len--)
		if (*p++)
			return false;
	return true;
}

/* Header ------------------------------------------------------------------- */

static int check_header(struct cc_log *log, struct cc_log_fault *fault)
{
	const u8 *buf = log->buf;
	u32 type, size;

	if (log->len < CC_LOG_HEADER_LEN)
		return cc_log_refuse(log, fault, "log is shorter than a header",
				     "log", 0, log->len, CC_LOG_HEADER_LEN);
	log->index = get_unaligned_le32(buf);
	if (log->index > 1)
		return cc_log_refuse(log, fault, "index of the header is not 0 or 1",
				     "index", 0, log->index, 1);
	type = get_unaligned_le32(buf + HEADER_TYPE);
	if (type != CC_EV_NO_ACTION)
		return cc_log_refuse(log, fault, "first event is not EV_NO_ACTION",
				     "type", HEADER_TYPE, type, CC_EV_NO_ACTION);
	if (!is_zero(buf + HEADER_DIGEST, HEADER_SHA1_LEN))
		return cc_log_refuse(log, fault, "digest of the header is not zero",
				     "digest", HEADER_DIGEST, buf[HEADER_DIGEST], 0);
	size = get_unaligned_le32(buf + HEADER_SIZE);
	if (size > CC_LOG_EVENT_MAX)
		return cc_log_refuse(log, fault, "event is too large",
				     "size", HEADER_SIZE, size, CC_LOG_EVENT_MAX);
	if (size > log->len - CC_LOG_HEADER_LEN)
		return cc_log_refuse(log, fault, "event is longer than the log",
				     "size", HEADER_SIZE, size,
				     log->len - CC_LOG_HEADER_LEN);
	if (size < CC_LOG_SPEC_MIN)
		return cc_log_refuse(log, fault, "is too short for a Spec ID event",
				     "size", HEADER_SIZE, size, CC_LOG_SPEC_MIN);
	log->header_size = size;
	return 0;
}

/* A log of TPM 1.2 begins with "Spec ID Event00" or "Spec ID Event02". */
static int check_signature(struct cc_log *log, struct cc_log_fault *fault)
{
	const u8 *sig = log->buf + CC_LOG_HEADER_LEN;

	if (!memcmp(sig, spec_id_03, SIGNATURE_LEN))
		return 0;
	if (!memcmp(sig, "Spec ID Event00", SIGNATURE_LEN) ||
	    !memcmp(sig, "Spec ID Event02", SIGNATURE_LEN))
		return cc_log_refuse(log, fault, "is a log of TPM 1.2",
				     "signature", CC_LOG_HEADER_LEN, sig[14], '3');
	return cc_log_refuse(log, fault, "signature is not \"Spec ID Event03\"",
			     "signature", CC_LOG_HEADER_LEN, sig[0], 'S');
}

static int take_alg(struct cc_log *log, size_t pos, struct cc_log_fault *fault)
{
	u16 id = get_unaligned_le16(log->buf + pos);
	u16 len = get_unaligned_le16(log->buf + pos + 2);

	if (cc_log_find_alg(log, id))
		return cc_log_refuse(log, fault, "algorithm is declared twice",
				     "algorithm", pos, id, 0);
	if (!len || len > CC_LOG_DIGEST_MAX)
		return cc_log_refuse(log, fault, "digest size cannot be",
				     "digest size", pos + 2, len,
				     CC_LOG_DIGEST_MAX);
	for (size_t i = 0; i < ARRAY_SIZE(known_algs); i++)
		if (known_algs[i].id == id && known_algs[i].len != len)
			return cc_log_refuse(log, fault,
					     "digest size is not the algorithm's",
					     "digest size", pos + 2, len,
					     known_algs[i].len);
	log->algs[log->n_algs++] = (struct cc_alg) { id, len };
	return 0;
}

static int take_algs(struct cc_log *log, size_t end, size_t *pos,
		     struct cc_log_fault *fault)
{
	u32 n = get_unaligned_le32(log->buf + SPEC_N_ALGS);
	int rc = 0;

	if (!n || n > CC_LOG_ALGS_MAX)
		return cc_log_refuse(log, fault, "number of algorithms cannot be",
				     "algorithms", SPEC_N_ALGS, n,
				     CC_LOG_ALGS_MAX);
	if (n * SPEC_ALG_LEN > end - SPEC_ALGS - 1)
		return cc_log_refuse(log, fault,
				     "algorithms are longer than the event",
				     "algorithms", SPEC_N_ALGS, n,
				     (end - SPEC_ALGS - 1) / SPEC_ALG_LEN);
	for (*pos = SPEC_ALGS; !rc && n; n--, *pos += SPEC_ALG_LEN)
		rc = take_alg(log, *pos, fault);
	return rc;
}

/*
 * Reads vendorInfoSize and vendorInfo, which end the event. A sample of
 * tpm2-tools has its vendorInfo behind the stated size.
 */
static int take_vendor(struct cc_log *log, size_t pos, size_t *end,
		       struct cc_log_fault *fault)
{
	size_t left = *end - pos - 1;

	log->vendor_len = log->buf[pos];
	log->vendor = log->buf + pos + 1;
	if (left == log->vendor_len)
		return 0;
	if (left > log->vendor_len)
		return cc_log_refuse(log, fault,
				     "Spec ID event is longer than its fields",
				     "size", HEADER_SIZE, log->header_size,
				     log->header_size - left + log->vendor_len);
	if (left || log->opts.flags & CC_LOG_STRICT ||
	    log->vendor_len > log->len - *end)
		return cc_log_refuse(log, fault,
				     "vendor bytes are longer than the event",
				     "vendorInfoSize", pos, log->vendor_len, left);
	cc_log_note(log, CC_LOG_Q_VENDOR_BEHIND, pos);
	*end += log->vendor_len;
	return 0;
}

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
	size_t pos = 0, end;
	int rc;

	memset(log, 0, sizeof(*log));
	log->buf = buf;
	log->len = len;
	if (opts)
		log->opts = *opts;
	log->is_realm = log->opts.flags & CC_LOG_REALM;

	rc = check_header(log, fault);
	if (!rc)
		rc = check_signature(log, fault);
	if (rc)
		return rc;
	end = CC_LOG_HEADER_LEN + log->header_size;
	log->platform_class = get_unaligned_le32(buf + SPEC_CLASS);
	log->minor = buf[SPEC_MINOR];
	log->major = buf[SPEC_MAJOR];
	log->errata = buf[SPEC_ERRATA];
	log->uintn = buf[SPEC_UINTN];
	rc = take_algs(log, end, &pos, fault);
	if (!rc)
		rc = take_vendor(log, pos, &end, fault);
	if (rc)
		return rc;
	log->pos = end;
	log->nr = 1;
	return 0;
}

/* Events ------------------------------------------------------------------- */

static int cut_off(const struct cc_log *log, struct cc_log_fault *fault,
		   size_t pos, size_t need)
{
	return cc_log_refuse(log, fault, "event is cut off", "event", pos,
			     log->len - pos, need);
}

/* QEMU and kvmtool: one digest with algorithm 0, of the declared length. */
static int digest_of_alg_0(struct cc_log *log, const struct cc_log_event *ev,
			   size_t pos, const struct cc_alg **alg,
			   struct cc_log_fault *fault)
{
	if (ev->type != CC_EV_NO_ACTION || ev->n_digests != 1 ||
	    log->n_algs != 1 || log->opts.flags & CC_LOG_STRICT)
		return cc_log_refuse(log, fault, "algorithm is not declared",
				     "algorithm", pos, 0, log->n_algs);
	cc_log_note(log, CC_LOG_Q_ALG_0, pos);
	*alg = &log->algs[0];
	return 0;
}

static int take_digest(struct cc_log *log, struct cc_log_event *ev, size_t i,
		       size_t *pos, struct cc_log_fault *fault)
{
	const struct cc_alg *alg;
	u16 id;
	int rc;

	if (log->len - *pos < 2)
		return cut_off(log, fault, *pos, 2);
	id = get_unaligned_le16(log->buf + *pos);
	alg = cc_log_find_alg(log, id);
	if (!alg && id)
		return cc_log_refuse(log, fault, "algorithm is not declared",
				     "algorithm", *pos, id, log->n_algs);
	if (!alg) {
		rc = digest_of_alg_0(log, ev, *pos, &alg, fault);
		if (rc)
			return rc;
	}
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
	/* The profile, 10.4.5: NO_ACTION does not extend a register. */
	if (ev->type == CC_EV_NO_ACTION && !is_zero(log->buf + *pos, alg->len))
		return cc_log_refuse(log, fault, "digest of NO_ACTION is not zero",
				     "digest", *pos, log->buf[*pos], 0);
	*pos += alg->len;
	return 0;
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

static bool is_cc(const struct cc_log *log)
{
	return log->index || log->is_realm ||
	       (log->n_algs == 1 && log->algs[0].id == CC_ALG_SM3);
}

static int check_index(struct cc_log *log, const struct cc_log_event *ev,
		       struct cc_log_fault *fault)
{
	u32 max = is_cc(log) ? CC_INDEX_MR_MAX : CC_INDEX_PCR_MAX;

	if (ev->index == CC_INDEX_NONE && ev->type == CC_EV_NO_ACTION) {
		cc_log_note(log, CC_LOG_Q_INDEX_NONE, ev->offset);
		return 0;
	}
	if (ev->index > max)
		return cc_log_refuse(log, fault, "no such register", "index",
				     ev->offset, ev->index, max);
	if (ev->index > log->max_index)
		log->max_index = ev->index;
	return 0;
}

/* The profile, 10.4.2.1: TCG_PCClientTaggedEvent. */
static int check_tag(const struct cc_log *log, const struct cc_log_event *ev,
		     struct cc_log_fault *fault)
{
	u32 size;

	if (ev->type != CC_EV_EVENT_TAG)
		return 0;
	if (ev->size < 8)
		return cc_log_refuse(log, fault, "is too short for a tag",
				     "size", ev->data_offset - 4, ev->size, 8);
	size = get_unaligned_le32(ev->data + 4);
	if (size != ev->size - 8)
		return cc_log_refuse(log, fault,
				     "tag is not as long as its event",
				     "taggedEventDataSize", ev->data_offset + 4,
				     size, ev->size - 8);
	return 0;
}

static int check_spec_id(const struct cc_log *log,
			 const struct cc_log_event *ev,
			 struct cc_log_fault *fault)
{
	if (ev->type != CC_EV_NO_ACTION || ev->size < SIGNATURE_LEN ||
	    memcmp(ev->data, spec_id_03, SPEC_ID_ANY))
		return 0;
	return cc_log_refuse(log, fault, "second Spec ID event", "signature",
			     ev->data_offset, log->nr, 0);
}

/* End ---------------------------------------------------------------------- */

/* Does padding begin at log->pos? No event begins with so many bytes @fill. */
static bool is_fill(const struct cc_log *log, u8 fill)
{
	size_t left = log->len - log->pos;
	size_t need = fill ? 8 : EVENT_MIN;

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
	if (log->is_realm && !log->realm.created)
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

static int take_event(struct cc_log *log, struct cc_log_event *ev,
		      struct cc_log_fault *fault)
{
	size_t pos = log->pos;
	int rc;

	if (log->len - pos < EVENT_MIN)
		return cut_off(log, fault, pos, EVENT_MIN);
	ev->nr = log->nr;
	ev->offset = pos;
	ev->index = get_unaligned_le32(log->buf + pos);
	ev->type = get_unaligned_le32(log->buf + pos + EVENT_TYPE);
	ev->realm.kind = CC_REALM_NONE;
	rc = take_digests(log, ev, &pos, fault);
	return rc ? rc : take_data(log, ev, pos, fault);
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
		rc = check_count(log, ev, fault);
	if (!rc)
		rc = check_spec_id(log, ev, fault);
	if (!rc)
		rc = check_tag(log, ev, fault);
	if (!rc)
		rc = cc_log_realm_event(log, ev, fault);
	if (!rc)
		rc = check_index(log, ev, fault);
	if (rc)
		return rc;
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
 * @fault: set if the result is -EBADMSG
 *
 * Return: 0, with the length of the log in @log->pos; -EBADMSG if the log is
 * malformed.
 */
int cc_log_check(struct cc_log *log, const u8 *buf, size_t len,
		 const struct cc_log_opts *opts, struct cc_log_event *ev,
		 struct cc_log_fault *fault)
{
	int rc = cc_log_begin(log, buf, len, opts, fault);

	while (!rc)
		rc = cc_log_next(log, ev, fault);
	return rc == -ENODATA ? 0 : rc;
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
	return log->dialect == CC_LOG_TPM || log->dialect == CC_LOG_UNDETERMINED;
}
