// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit tests of lib/cc_log_content.c and lib/cc_log_header.c: contents that are
 * odd, forms other than that of TPM 2.0, logs with a fault behind some events.
 */
#include "log_bytes.h"

#define Q(quirk)	(1U << CC_LOG_Q_##quirk)

static const struct cc_log_opts lenient = { .flags = CC_LOG_LENIENT };
static const struct cc_log_opts partly = {
	.flags = CC_LOG_LENIENT | CC_LOG_PARTLY,
};

static struct bytes tpm(void)
{
	return header(0, SHA1, SHA256, 0);
}

/* Adds an event with both digests. */
static size_t tpm_event(struct bytes *b, u32 index, u32 type, const void *data,
			size_t size)
{
	u8 digest = type == CC_EV_NO_ACTION ? 0 : 0xab;
	size_t offset = b->len;

	le(b, index, 4);
	le(b, type, 4);
	le(b, 2, 4);
	le(b, SHA1, 2);
	fill(b, digest, 20);
	le(b, SHA256, 2);
	fill(b, digest, 32);
	le(b, size, 4);
	append(b, data, size);
	return offset;
}

/* Adds an event in the form of TPM 1.2. */
static size_t event_12(struct bytes *b, u32 index, u32 type, u8 digest,
		       const void *data, size_t size)
{
	size_t offset = b->len;

	le(b, index, 4);
	le(b, type, 4);
	fill(b, digest, 20);
	le(b, size, 4);
	append(b, data, size);
	return offset;
}

/* The quirks of the last event. */
static unsigned int last_quirks(struct bytes b, struct cc_log_event *ev)
{
	struct cc_log_fault f;
	struct cc_log log;
	int rc = cc_log_check(&log, b.buf, b.len, &lenient, ev, &f);

	free(b.buf);
	return rc ? ~0U : ev->quirks;
}

/* Tags -------------------------------------------------------------------- */

static void test_tags(void)
{
	static const struct {
		const char *name;
		const char *data;
		size_t size;
		size_t n;
	} cases[] = {
		{ "bare text", "LOADED_IMAGE::LoadOptions", 26, 0 },
		{ "no data", "", 0, 0 },
		{ "3 bytes", "abc", 3, 0 },
		{ "7 bytes", "\1\0\0\0\0\0\0", 7, 0 },
		{ "a tag shorter than it says", "\1\0\0\0\2\0\0\0x", 9, 0 },
		{ "a tag of 2^32 - 7 bytes", "\1\0\0\0\371\377\377\377x", 9, 0 },
		{ "a byte behind a tag", "\1\0\0\0\0\0\0\0x", 9, 0 },
		{ "a tag without data", "\1\0\0\0\0\0\0", 8, 1 },
		{ "a tag", "\1\0\0\0\1\0\0\0x", 9, 1 },
		{ "two tags", "\1\0\0\0\1\0\0\0x\2\0\0\0\0\0\0", 17, 2 },
	};
	struct cc_log_event ev;
	struct cc_tag tag;
	size_t pos = 0;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct bytes b = tpm();
		unsigned int want = 0;

		if (!cases[i].n)
			want = Q(TAG_FORM);
		if (cases[i].n > 1)
			want = Q(TAGS);
		tpm_event(&b, 9, CC_EV_EVENT_TAG, cases[i].data, cases[i].size);
		ok(last_quirks(b, &ev) == want &&
		   cc_tags_count((const u8 *)cases[i].data, cases[i].size) ==
		   cases[i].n, "tags: %s", cases[i].name);
	}
	ok(cc_tag_next((const u8 *)cases[9].data, 17, &pos, &tag) &&
	   tag.id == 1 && tag.size == 1 && tag.data[0] == 'x' &&
	   cc_tag_next((const u8 *)cases[9].data, 17, &pos, &tag) &&
	   tag.id == 2 && !tag.size && pos == 17 &&
	   !cc_tag_next((const u8 *)cases[9].data, 17, &pos, &tag),
	   "tags: both are found");
}

/* NO_ACTION --------------------------------------------------------------- */

static void test_no_action(void)
{
	struct bytes b = tpm();
	struct cc_log_event ev;
	struct cc_log log;
	size_t at;

	at = tpm_event(&b, 0, CC_EV_NO_ACTION, "x", 1);
	put(&b, at + 14, 1, 1);
	refused("NO_ACTION of a PCR with a digest", b,
		"digest of NO_ACTION is not zero", at + 14);
	b = tpm();
	at = tpm_event(&b, 0, CC_EV_NO_ACTION, "x", 1);
	put(&b, at + 14, 1, 1);
	ok(last_quirks(b, &ev) == Q(NO_ACTION_DIGEST), "lenient: is a quirk");

	/* Windows; NV indexes of the profile. */
	b = tpm();
	at = tpm_event(&b, CC_INDEX_NONE, CC_EV_NO_ACTION, "\4\0\1\300\0\0\0", 8);
	put(&b, at + 14, 1, 1);
	log = good_log("NO_ACTION of no register with a digest", b, NULL);
	ok(log.quirks == (Q(NO_ACTION_DIGEST) | Q(INDEX_NONE)), "is a quirk");
	b = tpm();
	at = tpm_event(&b, 0x01c40200, CC_EV_NO_ACTION, "NvIndexInstance", 16);
	put(&b, at + 14, 1, 1);
	log = good_log("NO_ACTION of an NV index with a digest", b, NULL);
	ok(log.quirks == (Q(NO_ACTION_DIGEST) | Q(INDEX_NV)) &&
	   !log.max_index, "is a quirk");
	b = tpm();
	at = tpm_event(&b, 24, 4, "", 0);
	refused_with("lenient: an extension of PCR 24", b, &lenient,
		     "no such register", at);
}

/* StartupLocality --------------------------------------------------------- */

static struct bytes locality(u32 index, const char *tail, size_t len)
{
	struct bytes b = tpm(), d = {};

	append(&d, "StartupLocality", 16);
	append(&d, tail, len);
	tpm_event(&b, index, CC_EV_NO_ACTION, d.buf, d.len);
	free(d.buf);
	return b;
}

static void test_locality(void)
{
	struct cc_log_event ev;
	struct bytes b;

	ok(!last_quirks(locality(0, "\3", 1), &ev) && ev.has_locality &&
	   ev.locality == 3, "locality: 3");
	ok(!last_quirks(locality(0, "", 1), &ev) && ev.has_locality &&
	   !ev.locality, "locality: 0");
	ok(last_quirks(locality(0, "\3\0\0\0\0\0\0\0", 8), &ev) ==
	   Q(LOCALITY_PAD) && ev.has_locality && ev.locality == 3,
	   "locality: padded, and obeyed");
	ok(last_quirks(locality(0, "\3\0\0\1", 4), &ev) ==
	   Q(LOCALITY_FORM) && !ev.has_locality, "locality: other bytes follow");
	ok(last_quirks(locality(0, "", 0), &ev) == Q(LOCALITY_FORM) &&
	   !ev.has_locality, "locality: missing");
	ok(last_quirks(locality(0, "\5", 1), &ev) == Q(LOCALITY_FORM) &&
	   !ev.has_locality, "locality: 5");
	ok(last_quirks(locality(1, "\3", 1), &ev) == Q(LOCALITY_INDEX) &&
	   !ev.has_locality, "locality: of PCR 1");

	b = locality(0, "\3", 1);
	tpm_event(&b, 0, CC_EV_NO_ACTION, "StartupLocality\0\4", 17);
	ok(last_quirks(b, &ev) == Q(LOCALITY_LATE) && !ev.has_locality,
	   "locality: a second one");
	b = tpm();
	tpm_event(&b, 0, 8, "x", 1);
	tpm_event(&b, 0, CC_EV_NO_ACTION, "StartupLocality\0\3", 17);
	ok(last_quirks(b, &ev) == Q(LOCALITY_LATE) && !ev.has_locality,
	   "locality: behind an event of PCR 0");
	b = tpm();
	tpm_event(&b, 1, 8, "x", 1);
	tpm_event(&b, 0, CC_EV_NO_ACTION, "StartupLocality\0\3", 17);
	ok(!last_quirks(b, &ev) && ev.has_locality,
	   "locality: behind an event of PCR 1");
}

/* Separators -------------------------------------------------------------- */

static unsigned int behind_separator(u32 index, u32 type)
{
	struct cc_log_event ev;
	struct bytes b = tpm();

	tpm_event(&b, index, CC_EV_SEPARATOR, "\0\0\0", 4);
	tpm_event(&b, index, type, "x", 1);
	return last_quirks(b, &ev);
}

static void test_separators(void)
{
	static const u32 open[][2] = {
		{ 1, 0x80000002 }, { 4, 0x80000003 }, { 5, 0x80000006 },
		{ 7, 0x800000e0 }, { 7, 0x800000e4 }, { 8, 0x0d },
		{ 12, CC_EV_SEPARATOR }, { 0, CC_EV_NO_ACTION },
	};
	static const u32 closed[][2] = {
		{ 0, 0x80000008 }, { 2, 0x80000004 }, { 3, 0x80000001 },
		{ 6, 0x0c }, { 7, 0x80000001 },
	};
	struct cc_log_event ev;
	struct cc_log log;
	struct bytes b;

	for (u32 i = 0; i < 8; i++)
		ok(behind_separator(i, CC_EV_SEPARATOR) == Q(SEPARATOR_TWICE),
		   "separators: two of PCR %u", i);
	for (size_t i = 0; i < ARRAY_SIZE(open); i++)
		ok(!behind_separator(open[i][0], open[i][1]),
		   "separators: type %#x follows that of PCR %u", open[i][1],
		   open[i][0]);
	for (size_t i = 0; i < ARRAY_SIZE(closed); i++)
		ok(behind_separator(closed[i][0], closed[i][1]) ==
		   Q(SEPARATOR_AFTER),
		   "separators: type %#x is behind that of PCR %u", closed[i][1],
		   closed[i][0]);

	/* A measurement register stands for several PCRs. */
	b = header(1, SHA384, 0, 0);
	for (int i = 0; i < 3; i++)
		event(&b, 1, CC_EV_SEPARATOR, SHA384, 1, "\0\0\0", 4);
	for (int i = 0; i < 5; i++)
		event(&b, 2, CC_EV_SEPARATOR, SHA384, 1, "\0\0\0", 4);
	event(&b, 2, 0x80000003, SHA384, 1, "x", 1);
	log = good_log("three separators of RTMR0, five of RTMR1", b, NULL);
	ok(!log.quirks, "is no quirk");
	for (u32 index = 1; index < 3; index++) {
		b = header(1, SHA384, 0, 0);
		for (u32 i = 0; i < 2 + 2 * index; i++)
			event(&b, index, CC_EV_SEPARATOR, SHA384, 1, "", 0);
		ok(last_quirks(b, &ev) == Q(SEPARATOR_TWICE),
		   "separators: one too many of RTMR%u", index - 1);
	}
	b = tpm();
	for (int i = 0; i < 300; i++)
		tpm_event(&b, 9, CC_EV_SEPARATOR, "", 0);
	ok(last_quirks(b, &ev) != ~0U, "separators: 300 do not overflow");
}

/* TPM 1.2 ----------------------------------------------------------------- */

static struct bytes header_12(u8 version, size_t vendor)
{
	struct bytes b = {}, d = {};

	append(&d, "Spec ID Event0", 14);
	fill(&d, version, 1);
	fill(&d, 0, 1);
	le(&d, 0, 4);
	append(&d, "\2\1\2\1", 4);
	le(&d, vendor, 1);
	fill(&d, 'v', vendor);
	event_12(&b, 0, CC_EV_NO_ACTION, 0, d.buf, d.len);
	free(d.buf);
	return b;
}

static struct bytes sha1_log(void)
{
	struct bytes b = {};

	event_12(&b, 0, 8, 0xab, "v", 2);
	event_12(&b, 0, CC_EV_SEPARATOR, 0xcd, "\0\0\0", 4);
	return b;
}

static void test_tpm_12(void)
{
	const struct cc_log_opts realm = { .flags = CC_LOG_LENIENT | CC_LOG_REALM };
	struct cc_log_event ev;
	struct cc_log log;
	struct bytes b;
	size_t at;

	log = good_log("TPM 1.2 without a header", sha1_log(), &lenient);
	ok(log.form == CC_LOG_FORM_12 && log.dialect == CC_LOG_TPM12 &&
	   cc_log_uses_pcrs(&log) && log.nr == 3 && log.pos == 70 &&
	   !log.signature && log.n_algs == 1 && log.algs[0].id == SHA1,
	   "has two events");
	refused("TPM 1.2 without a header", sha1_log(), "is a log of TPM 1.2", 4);
	refused_with("TPM 1.2, where it must be a realm's", sha1_log(), &realm,
		     "is a log of TPM 1.2", 4);
	for (u8 v = '0'; v <= '2'; v += 2) {
		b = header_12(v, 3);
		event_12(&b, 7, 0x80000001, 1, "x", 1);
		fill(&b, 0xff, 50);
		log = good_log("TPM 1.2 with a header", b, &lenient);
		ok(log.form == CC_LOG_FORM_12 && log.nr == 2 && log.signature &&
		   log.header_size == 28 && log.vendor_len == 3 &&
		   log.major == 1 && log.minor == 2 && log.max_index == 7 &&
		   log.fill == 0xff, "of version 0%c", v);
		refused("TPM 1.2 with a header", header_12(v, 0),
			"is a log of TPM 1.2", 32);
	}
	b = header_12('2', 3);
	put(&b, 32 + 24, 4, 1);
	refused_with("TPM 1.2: too many vendor bytes", b, &lenient,
		     "vendor bytes are not as long as the event", 56);
	b = header_12('2', 0);
	put(&b, 28, 24, 4);
	refused_with("TPM 1.2: a header of 24 bytes", b, &lenient,
		     "is too short for a Spec ID event", 28);

	b = (struct bytes) {};
	event_12(&b, 0, CC_EV_NO_ACTION, 0, "StartupLocality\0\3", 17);
	event_12(&b, 0, 8, 0xab, "v", 2);
	log = good_log("TPM 1.2 that begins with StartupLocality", b, &lenient);
	ok(log.nr == 3 && log.located, "has two events");
	b = sha1_log();
	event_12(&b, CC_INDEX_NONE, CC_EV_NO_ACTION, 7, "\4\0\1\300\0\0\0", 8);
	ok(last_quirks(b, &ev) == (Q(INDEX_NONE) | Q(NO_ACTION_DIGEST)) &&
	   ev.nr == 3 && ev.n_digests == 1 && ev.digests[0].len == 20 &&
	   ev.size == 8, "TPM 1.2: NO_ACTION of Windows");
	b = sha1_log();
	fill(&b, 0, 20);
	log = good_log("TPM 1.2 with padding", b, &lenient);
	ok(log.pos == 70 && log.nr == 3, "ends in front of the padding");
	b = sha1_log();
	at = event_12(&b, 24, 8, 1, "v", 1);
	refused_with("TPM 1.2: PCR 24", b, &lenient, "no such register", at);
	b = sha1_log();
	at = event_12(&b, 1, 8, 1, "v", 1);
	put(&b, at + 28, 2, 4);
	refused_with("TPM 1.2: an event longer than the log", b, &lenient,
		     "event is longer than the log", at + 28);
	b = sha1_log();
	at = event_12(&b, 1, 8, 1, "", 0);
	b.len--;
	refused_with("TPM 1.2: cut off", b, &lenient, "event is cut off", at);

	/* An event that extends has a digest; zeros are no log. */
	b = (struct bytes) {};
	event_12(&b, 0, 8, 0, "v", 2);
	refused_with("TPM 1.2: no digest", b, &lenient,
		     "first event is not EV_NO_ACTION", 4);
	b = (struct bytes) {};
	event_12(&b, 0, 0x15, 1, "v", 2);
	refused_with("TPM 1.2: an unknown type", b, &lenient,
		     "first event is not EV_NO_ACTION", 4);
	b = (struct bytes) {};
	event_12(&b, 0, CC_EV_NO_ACTION, 0, "StartupLocality\0\3", 17);
	refused_with("TPM 1.2: a NO_ACTION alone", b, &lenient,
		     "is too short for a Spec ID event", 28);
	b = (struct bytes) {};
	fill(&b, 0, 100);
	refused_with("zeros", b, &lenient, "first event is not EV_NO_ACTION", 4);
}

/* The Attestation Agent --------------------------------------------------- */

static struct bytes agent(u32 index, u16 alg)
{
	struct bytes b = {};

	for (int i = 0; i < 2; i++)
		event(&b, index, CC_EV_EVENT_TAG, alg, 0xab, "LEAA\5\0\0\0a b c",
		      13);
	return b;
}

static void test_agent(void)
{
	struct cc_log log;
	struct bytes b;

	log = good_log("AAEL of RTMR3", agent(4, SHA384), &lenient);
	ok(log.form == CC_LOG_FORM_AGENT && log.dialect == CC_LOG_AGENT &&
	   !cc_log_uses_pcrs(&log) && log.nr == 3 && log.n_algs == 1 &&
	   log.algs[0].id == SHA384 && !log.quirks, "has two events");
	log = good_log("AAEL of PCR 17", agent(17, SHA256), &lenient);
	ok(cc_log_uses_pcrs(&log) && log.nr == 3, "has two events");
	refused("AAEL, not lenient", agent(4, SHA384),
		"index of the header is not 0 or 1", 0);
	b = agent(4, SHA384);
	put(&b, 14 + 48 + 4, 'l', 1);
	refused_with("AAEL: another tag", b, &lenient,
		     "index of the header is not 0 or 1", 0);
	b = agent(4, SHA384);
	b.len = 14 + 48 + 4 + 3;
	refused_with("AAEL: cut off in the tag", b, &lenient,
		     "index of the header is not 0 or 1", 0);
	b = (struct bytes) {};
	append(&b, "INIT/sha256 00\n", 15);
	refused_with("AAEL: text", b, &lenient,
		     "is a log of the Attestation Agent in text form", 0);
}

/* A fault behind some events ----------------------------------------------- */

static void test_partly(void)
{
	struct bytes b = tpm();
	struct cc_log_fault f;
	struct cc_log log;
	size_t at;

	tpm_event(&b, 0, 8, "x", 1);
	tpm_event(&b, 9, CC_EV_SEPARATOR, "\0\0\0", 4);
	at = b.len;
	append(&b, "this is no event", 16);
	ok(check(&b, &lenient, &log, &f) == -EBADMSG, "a fault: is refused");
	ok(!check(&b, &partly, &log, &f) && log.broken && !log.ended &&
	   log.nr == 3 && log.pos == at && f.event == 3 &&
	   f.offset == at + 8 && log.dialect == CC_LOG_TPM,
	   "a fault: the events in front of it are accepted");
	b.len = at;
	ok(!check(&b, &partly, &log, &f) && !log.broken && log.ended,
	   "without a fault, the log is whole");
	b.len = 40;
	ok(check(&b, &partly, &log, &f) == -EBADMSG,
	   "a fault in the header is refused");
	free(b.buf);
}

int main(void)
{
	test_tags();
	test_no_action();
	test_locality();
	test_separators();
	test_tpm_12();
	test_agent();
	test_partly();
	return tap_done();
}
