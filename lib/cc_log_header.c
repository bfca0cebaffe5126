// SPDX-License-Identifier: GPL-2.0-only
/*
 * The form of a log, and its header.
 */
#include "cc_log_internal.h"

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
/* A Spec ID event of TPM 1.2 has no algorithms. */
#define SPEC_12_VENDOR	(CC_LOG_HEADER_LEN + 24)
#define SPEC_12_MIN	25

/* An entry of the Attestation Agent: its digest, and its data behind it. */
#define AGENT_COUNT	8
#define AGENT_ALG	12
#define AGENT_DIGEST	14

static const char spec_id_00[CC_LOG_SIGNATURE_LEN] = "Spec ID Event00";
static const char spec_id_02[CC_LOG_SIGNATURE_LEN] = "Spec ID Event02";
static const char spec_id_03[CC_LOG_SIGNATURE_LEN] = "Spec ID Event03";
/* The part that all versions share. */
#define SPEC_ID_ANY	13

/* TCG Algorithm Registry, and the length of a digest. */
static const struct cc_alg known_algs[] = {
	{ CC_ALG_SHA1, HEADER_SHA1_LEN },
	{ CC_ALG_SHA256, 32 },
	{ CC_ALG_SHA384, 48 },
	{ CC_ALG_SHA512, 64 },
	{ CC_ALG_SM3, 32 },
	{ CC_ALG_SHA3_256, 32 },
	{ CC_ALG_SHA3_384, 48 },
	{ CC_ALG_SHA3_512, 64 },
};

static const struct cc_alg *known_alg(u16 id)
{
	for (size_t i = 0; i < ARRAY_SIZE(known_algs); i++)
		if (known_algs[i].id == id)
			return &known_algs[i];
	return NULL;
}

/* TPM 1.2 ------------------------------------------------------------------ */

/* Types that the profile and the EFI Platform Specification define. */
static bool is_known_type(u32 type)
{
	return type <= 0x14 || (type > 0x80000000 && type <= 0x800000ff);
}

/*
 * Can an event of TPM 1.2 be at @pos? An event that extends a PCR has a digest,
 * so zeros are no event.
 */
static bool is_event_12(const struct cc_log *log, size_t pos)
{
	const u8 *p = log->buf + pos;
	u32 index, type, size;

	if (log->len - pos < CC_LOG_HEADER_LEN)
		return false;
	index = get_unaligned_le32(p);
	type = get_unaligned_le32(p + HEADER_TYPE);
	size = get_unaligned_le32(p + HEADER_SIZE);
	if (!is_known_type(type) || size > CC_LOG_EVENT_MAX ||
	    size > log->len - pos - CC_LOG_HEADER_LEN)
		return false;
	if (type == CC_EV_NO_ACTION)
		return index <= CC_INDEX_PCR_MAX || index == CC_INDEX_NONE;
	return index <= CC_INDEX_PCR_MAX &&
	       !cc_log_is_zero(p + HEADER_DIGEST, HEADER_SHA1_LEN);
}

/* Has the first event, a NO_ACTION, this signature? Its size was checked. */
static bool has_signature(const struct cc_log *log, const char *signature,
			  size_t len)
{
	return get_unaligned_le32(log->buf + HEADER_SIZE) >= CC_LOG_SIGNATURE_LEN &&
	       !memcmp(log->buf + CC_LOG_HEADER_LEN, signature, len);
}

/*
 * The first event of a log of TPM 1.2 is a header of version 00 or 02, or any
 * event at all. A NO_ACTION alone could be anything, so another event has to
 * follow it.
 */
static bool is_form_12(const struct cc_log *log)
{
	u32 size;

	if (!is_event_12(log, 0))
		return false;
	if (get_unaligned_le32(log->buf + HEADER_TYPE) != CC_EV_NO_ACTION)
		return true;
	if (has_signature(log, spec_id_00, sizeof(spec_id_00)) ||
	    has_signature(log, spec_id_02, sizeof(spec_id_02)))
		return true;
	size = get_unaligned_le32(log->buf + HEADER_SIZE);
	return !has_signature(log, spec_id_03, SPEC_ID_ANY) &&
	       is_event_12(log, CC_LOG_HEADER_LEN + size);
}

static void take_spec_fields(struct cc_log *log)
{
	log->signature = (const char *)log->buf + CC_LOG_HEADER_LEN;
	log->platform_class = get_unaligned_le32(log->buf + SPEC_CLASS);
	log->minor = log->buf[SPEC_MINOR];
	log->major = log->buf[SPEC_MAJOR];
	log->errata = log->buf[SPEC_ERRATA];
	log->uintn = log->buf[SPEC_UINTN];
}

static int take_form_12(struct cc_log *log, struct cc_log_fault *fault)
{
	bool has_header = has_signature(log, spec_id_03, SPEC_ID_ANY);
	const u8 *sig = log->buf + CC_LOG_HEADER_LEN;
	u32 size = get_unaligned_le32(log->buf + HEADER_SIZE);

	if (!(log->opts.flags & CC_LOG_LENIENT) || log->is_realm)
		return has_header ?
		       cc_log_refuse(log, fault, "is a log of TPM 1.2",
				     "signature", CC_LOG_HEADER_LEN, sig[14], '3') :
		       cc_log_refuse(log, fault, "is a log of TPM 1.2", "type",
				     HEADER_TYPE,
				     get_unaligned_le32(log->buf + HEADER_TYPE),
				     CC_EV_NO_ACTION);
	log->form = CC_LOG_FORM_12;
	log->algs[log->n_algs++] = known_algs[0];
	if (!has_header) {
		log->nr = 1;
		return 0;
	}
	if (size < SPEC_12_MIN)
		return cc_log_refuse(log, fault, "is too short for a Spec ID event",
				     "size", HEADER_SIZE, size, SPEC_12_MIN);
	take_spec_fields(log);
	log->index = 0;
	log->header_size = size;
	log->vendor_len = log->buf[SPEC_12_VENDOR];
	log->vendor = log->buf + SPEC_12_VENDOR + 1;
	if (log->vendor_len != size - SPEC_12_MIN)
		return cc_log_refuse(log, fault,
				     "vendor bytes are not as long as the event",
				     "vendorInfoSize", SPEC_12_VENDOR,
				     log->vendor_len, size - SPEC_12_MIN);
	log->pos = CC_LOG_HEADER_LEN + size;
	log->nr = 1;
	return 0;
}

/* The Attestation Agent ---------------------------------------------------- */

/*
 * The agent appends its entries to a file of their own: one digest each, in the
 * algorithm of the platform, and one tag.
 */
static const struct cc_alg *agent_alg(const struct cc_log *log)
{
	const struct cc_alg *alg;
	size_t data;

	if (log->len < AGENT_DIGEST ||
	    get_unaligned_le32(log->buf + HEADER_TYPE) != CC_EV_EVENT_TAG ||
	    get_unaligned_le32(log->buf + AGENT_COUNT) != 1)
		return NULL;
	alg = known_alg(get_unaligned_le16(log->buf + AGENT_ALG));
	if (!alg)
		return NULL;
	data = AGENT_DIGEST + alg->len + 4;
	if (log->len < data + 4 ||
	    get_unaligned_le32(log->buf + data) != CC_TAG_AGENT)
		return NULL;
	return alg;
}

static void take_form_agent(struct cc_log *log, const struct cc_alg *alg)
{
	log->form = CC_LOG_FORM_AGENT;
	log->algs[log->n_algs++] = *alg;
	log->nr = 1;
}

/* TPM 2.0 ------------------------------------------------------------------ */

static int check_header(struct cc_log *log, struct cc_log_fault *fault)
{
	const u8 *buf = log->buf;
	u32 type, size;

	log->index = get_unaligned_le32(buf);
	if (log->index > 1)
		return cc_log_refuse(log, fault, "index of the header is not 0 or 1",
				     "index", 0, log->index, 1);
	type = get_unaligned_le32(buf + HEADER_TYPE);
	if (type != CC_EV_NO_ACTION)
		return cc_log_refuse(log, fault, "first event is not EV_NO_ACTION",
				     "type", HEADER_TYPE, type, CC_EV_NO_ACTION);
	if (!cc_log_is_zero(buf + HEADER_DIGEST, HEADER_SHA1_LEN))
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
	if (!has_signature(log, spec_id_03, sizeof(spec_id_03)))
		return cc_log_refuse(log, fault, "signature is not \"Spec ID Event03\"",
				     "signature", CC_LOG_HEADER_LEN,
				     buf[CC_LOG_HEADER_LEN], 'S');
	log->header_size = size;
	return 0;
}

static int take_alg(struct cc_log *log, size_t pos, struct cc_log_fault *fault)
{
	u16 id = get_unaligned_le16(log->buf + pos);
	u16 len = get_unaligned_le16(log->buf + pos + 2);
	const struct cc_alg *known = known_alg(id);

	if (cc_log_find_alg(log, id))
		return cc_log_refuse(log, fault, "algorithm is declared twice",
				     "algorithm", pos, id, 0);
	if (!len || len > CC_LOG_DIGEST_MAX)
		return cc_log_refuse(log, fault, "digest size cannot be",
				     "digest size", pos + 2, len,
				     CC_LOG_DIGEST_MAX);
	if (known && known->len != len)
		return cc_log_refuse(log, fault,
				     "digest size is not the algorithm's",
				     "digest size", pos + 2, len, known->len);
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

static int take_form_2(struct cc_log *log, struct cc_log_fault *fault)
{
	size_t pos = 0, end;
	int rc = check_header(log, fault);

	if (rc)
		return rc;
	end = CC_LOG_HEADER_LEN + log->header_size;
	take_spec_fields(log);
	rc = take_algs(log, end, &pos, fault);
	if (!rc)
		rc = take_vendor(log, pos, &end, fault);
	if (rc)
		return rc;
	log->pos = end;
	log->nr = 1;
	return 0;
}

/**
 * cc_log_header - find the form of a log, and parse its header
 * @log: the log; set, with the offset of the first event in @log->pos
 * @fault: set if the result is -EBADMSG
 *
 * Return: 0; -EBADMSG if the header is malformed.
 */
int cc_log_header(struct cc_log *log, struct cc_log_fault *fault)
{
	const struct cc_alg *alg;

	if (log->len >= 5 && !memcmp(log->buf, "INIT/", 5))
		return cc_log_refuse(log, fault,
				     "is a log of the Attestation Agent in text form",
				     "log", 0, log->buf[0], 0);
	if (log->len < CC_LOG_HEADER_LEN)
		return cc_log_refuse(log, fault, "log is shorter than a header",
				     "log", 0, log->len, CC_LOG_HEADER_LEN);
	alg = log->opts.flags & CC_LOG_LENIENT ? agent_alg(log) : NULL;
	if (alg && !log->is_realm) {
		take_form_agent(log, alg);
		return 0;
	}
	return is_form_12(log) ? take_form_12(log, fault) :
				 take_form_2(log, fault);
}

/**
 * cc_log_is_spec_id - test whether an event is a header
 * @ev: the event, with its data
 *
 * Return: true for a Spec ID event of any version.
 */
bool cc_log_is_spec_id(const struct cc_log_event *ev)
{
	return ev->type == CC_EV_NO_ACTION && ev->size >= CC_LOG_SIGNATURE_LEN &&
	       !memcmp(ev->data, spec_id_03, SPEC_ID_ANY);
}
