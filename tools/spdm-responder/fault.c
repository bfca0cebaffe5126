// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults on request.
 *
 * A fault in a field is applied before the transcript is hashed. The signature
 * covers the wrong field, so that only the requester's check of this field can
 * refuse the response. A fault of the transport is applied to the signed
 * message.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"

struct fault_kind {
	const char *name;
	enum fault_when when;
	/* Returns false if the response has no field to change. */
	bool (*make)(struct conn *c, struct msg *m);
	const char *text;
};

/* xorshift64*; the same seed produces the same faults. */
static uint64_t random64(struct conn *c)
{
	c->rng ^= c->rng >> 12;
	c->rng ^= c->rng << 25;
	c->rng ^= c->rng >> 27;
	return c->rng * 0x2545f4914f6cdd1dull;
}

static bool wrong_code(struct conn *c, struct msg *m)
{
	(void)c;
	m->data[1] = m->data[1] == DIGESTS ? VERSION : DIGESTS;
	return true;
}

static bool wrong_version(struct conn *c, struct msg *m)
{
	(void)c;
	m->data[0] = m->data[0] == 0x11 ? 0x10 : 0x11;
	return true;
}

static bool wrong_slot(struct conn *c, struct msg *m)
{
	(void)c;
	if (m->data[1] == MEASUREMENTS)
		m->data[3] ^= 1;
	else if (m->data[1] == CERTIFICATE || m->data[1] == CHALLENGE_AUTH)
		m->data[2] ^= 1;
	else
		return false;
	return true;
}

static bool bad_length(struct conn *c, struct msg *m)
{
	uint8_t *d = m->data;

	switch (d[1]) {
	case VERSION:
		d[5] += 4;
		return true;
	case CAPABILITIES:
		if (c->version < 0x12)
			return false;
		set32(d + 12, 41);
		return true;
	case ALGORITHMS:
	case CERTIFICATE:
		set16(d + 4, get16(d + 4) + 4);
		return true;
	case CHALLENGE_AUTH:
		set16(d + m->opaque_at, get16(d + m->opaque_at) + 4);
		return true;
	case MEASUREMENTS:
		set16(d + 5, get16(d + 5) + 4);
		return true;
	case CHUNK_RESPONSE:
		set32(d + 8, get32(d + 8) + 4);
		return true;
	}
	return false;
}

static bool bad_remainder(struct conn *c, struct msg *m)
{
	(void)c;
	if (m->data[1] != CERTIFICATE)
		return false;
	set16(m->data + 6, get16(m->data + 6) + 1);
	return true;
}

static bool bad_digest(struct conn *c, struct msg *m)
{
	(void)c;
	if (m->data[1] != DIGESTS || m->len <= 4)
		return false;
	m->data[4] ^= 1;
	return true;
}

static bool bad_chain_hash(struct conn *c, struct msg *m)
{
	(void)c;
	if (m->data[1] != CHALLENGE_AUTH)
		return false;
	m->data[4] ^= 1;
	return true;
}

static bool bad_slot_mask(struct conn *c, struct msg *m)
{
	(void)c;
	if (m->data[1] != DIGESTS && m->data[1] != CHALLENGE_AUTH)
		return false;
	m->data[3] ^= 0x80;
	return true;
}

static bool bad_context(struct conn *c, struct msg *m)
{
	(void)c;
	if (!m->context_at)
		return false;
	m->data[m->context_at] ^= 1;
	return true;
}

/* The first block of a record is at offset 8 of MEASUREMENTS. */
static bool has_block(const struct msg *m)
{
	return m->data[1] == MEASUREMENTS && m->data[4];
}

static bool bad_blocks(struct conn *c, struct msg *m)
{
	(void)c;
	if (m->data[1] != MEASUREMENTS)
		return false;
	m->data[4]++;
	return true;
}

/* The index of the second block, if there is one. */
static bool bad_index(struct conn *c, struct msg *m)
{
	(void)c;
	if (!has_block(m))
		return false;
	m->data[8] = m->data[4] > 1 ? m->data[12 + get16(m->data + 10)] : m->data[8] ^ 0x80;
	return true;
}

static bool bad_meas_spec(struct conn *c, struct msg *m)
{
	(void)c;
	if (!has_block(m))
		return false;
	m->data[9] = 2;
	return true;
}

static bool bad_value_size(struct conn *c, struct msg *m)
{
	(void)c;
	if (!has_block(m))
		return false;
	set16(m->data + 13, get16(m->data + 13) + 1);
	return true;
}

/* Since SPDM 1.2, Param2 says whether measurements changed meanwhile. */
static bool meas_changed(struct conn *c, struct msg *m)
{
	if (m->data[1] != MEASUREMENTS || c->version < 0x12 || m->signer < 0)
		return false;
	m->data[3] = (m->data[3] & 15) | 0x10;
	return true;
}

static bool bad_handle(struct conn *c, struct msg *m)
{
	(void)c;
	if (m->data[1] != CHUNK_RESPONSE)
		return false;
	m->data[3] ^= 1;
	return true;
}

static bool bad_sequence(struct conn *c, struct msg *m)
{
	(void)c;
	if (m->data[1] != CHUNK_RESPONSE)
		return false;
	set16(m->data + 4, get16(m->data + 4) + 1);
	return true;
}

static bool bad_last_chunk(struct conn *c, struct msg *m)
{
	(void)c;
	if (m->data[1] != CHUNK_RESPONSE)
		return false;
	m->data[2] ^= 1;
	return true;
}

/* Cuts a chunk, but not the last one, to @size bytes. */
static bool cut_chunk(struct msg *m, size_t size)
{
	if (m->data[1] != CHUNK_RESPONSE || m->data[2] & 1)
		return false;
	m->len = (get16(m->data + 4) ? 12 : 16) + size;
	set32(m->data + 8, size);
	return true;
}

static bool short_chunk(struct conn *c, struct msg *m)
{
	(void)c;
	return cut_chunk(m, 8);
}

static bool empty_chunk(struct conn *c, struct msg *m)
{
	(void)c;
	return cut_chunk(m, 0);
}

/* Only the first chunk has LargeMessageSize. */
static bool add_large_size(struct msg *m, uint32_t n)
{
	if (m->data[1] != CHUNK_RESPONSE || get16(m->data + 4))
		return false;
	set32(m->data + 12, get32(m->data + 12) + n);
	return true;
}

static bool bad_large_size(struct conn *c, struct msg *m)
{
	(void)c;
	return add_large_size(m, 1);
}

static bool huge_large_size(struct conn *c, struct msg *m)
{
	(void)c;
	return add_large_size(m, 0x7fff0000);
}

static bool set_algorithms(struct msg *m, uint32_t asym, uint32_t hash)
{
	if (m->data[1] != ALGORITHMS)
		return false;
	set32(m->data + 12, asym);
	set32(m->data + 16, hash);
	return true;
}

static bool two_algorithms(struct conn *c, struct msg *m)
{
	return set_algorithms(m, c->asym ? c->asym->bit | (c->asym->bit == 0x10 ? 0x80 : 0x10) : 0,
			      c->hash ? c->hash->bit : 0);
}

static bool no_algorithm(struct conn *c, struct msg *m)
{
	(void)c;
	return set_algorithms(m, 0, 0);
}

/* Selects EdDSA ed448 and SM3_256, which few requesters offer. */
static bool foreign_algorithm(struct conn *c, struct msg *m)
{
	(void)c;
	return set_algorithms(m, 0x800, 0x40);
}

/* As libspdm before 3.1: one structure of each type, selected without an offer. */
static bool extra_algorithms(struct conn *c, struct msg *m)
{
	static const uint8_t structs[] = {
		2, 0x20, 0x10, 0,	/* DHE: secp384r1 */
		3, 0x20, 0x02, 0,	/* AEAD: AES-256-GCM */
		4, 0x20, 0x08, 0,	/* ReqBaseAsymAlg: RSAPSS 3072 */
		5, 0x20, 0x01, 0,	/* KeySchedule: SPDM */
	};

	if (m->data[1] != ALGORITHMS || c->version < 0x11 || m->data[2])
		return false;
	m->data[2] = sizeof(structs) / 4;
	put(m, structs, sizeof(structs));
	set16(m->data + 4, m->len);
	return true;
}

static bool bad_signature(struct conn *c, struct msg *m)
{
	(void)c;
	if (!m->sig_at)
		return false;
	m->data[m->len - 1] ^= 1;
	return true;
}

static bool drop(struct conn *c, struct msg *m)
{
	(void)c;
	m->what = SEND_NOTHING;
	return true;
}

static bool stall(struct conn *c, struct msg *m)
{
	(void)c;
	m->what = STALL;
	return true;
}

static bool hang_up(struct conn *c, struct msg *m)
{
	(void)c;
	m->what = HANG_UP;
	return true;
}

/* Keeps half of the dwords: DOE's padding cannot replace the rest. */
static bool truncate_msg(struct conn *c, struct msg *m)
{
	(void)c;
	m->len = m->len / 2 & ~(size_t)3;
	return true;
}

/* The longest reply that QEMU accepts. */
static bool oversize(struct conn *c, struct msg *m)
{
	(void)c;
	memset(m->data + m->len, 0xa5, MSG_MAX - m->len);
	m->len = MSG_MAX;
	return true;
}

static bool flip_bit(struct conn *c, struct msg *m)
{
	size_t bit = random64(c) % (8 * m->len);

	m->data[bit / 8] ^= 1 << bit % 8;
	note(1, "fault: flip-bit in byte %zu, bit %zu", bit / 8, bit % 8);
	return true;
}

static bool garbage(struct conn *c, struct msg *m)
{
	size_t i;

	for (i = 0; i < m->len; i++)
		m->data[i] = random64(c) >> 32;
	return true;
}

static const struct fault_kind kinds[] = {
	{ "drop", ON_WIRE, drop, "no data object comes back (QEMU's DOE does not answer)" },
	{ "stall", ON_WIRE, stall, "no reply is sent until the requester closes the connection" },
	{ "hang-up", ON_WIRE, hang_up, "the connection is closed instead" },
	{ "truncate", ON_WIRE, truncate_msg, "only the first half is sent" },
	{ "oversize", ON_WIRE, oversize, "the message is filled up to 4600 bytes" },
	{ "flip-bit", ON_WIRE, flip_bit, "one bit is wrong; --seed selects the bit" },
	{ "garbage", ON_WIRE, garbage, "random bytes of the same length; see --seed" },
	{ "bad-signature", ON_SIGNED, bad_signature, "the signature is wrong" },
	{ "wrong-code", ON_CONTENT, wrong_code, "the code of another response" },
	{ "wrong-version", ON_CONTENT, wrong_version, "another version in the header" },
	{ "wrong-slot", ON_CONTENT, wrong_slot, "another slot than requested" },
	{ "bad-length", ON_CONTENT, bad_length,
	  "count of versions, DataTransferSize, Length, PortionLength, ChunkSize, ..." },
	{ "bad-remainder", ON_CONTENT, bad_remainder, "RemainderLength is too large by one" },
	{ "bad-digest", ON_CONTENT, bad_digest, "the first digest in DIGESTS is wrong" },
	{ "bad-cert-chain-hash", ON_CONTENT, bad_chain_hash, "CertChainHash is wrong" },
	{ "bad-slot-mask", ON_CONTENT, bad_slot_mask, "slot 7 is wrong in the mask of slots" },
	{ "bad-context", ON_CONTENT, bad_context, "RequesterContext is wrong (SPDM 1.3)" },
	{ "bad-blocks", ON_CONTENT, bad_blocks, "NumberOfBlocks of MEASUREMENTS is too large" },
	{ "bad-index", ON_CONTENT, bad_index, "the first measurement has a wrong index" },
	{ "bad-measurement-spec", ON_CONTENT, bad_meas_spec,
	  "the first measurement has another specification" },
	{ "bad-value-size", ON_CONTENT, bad_value_size,
	  "the size of the first measurement is too large" },
	{ "measurements-changed", ON_CONTENT, meas_changed,
	  "MEASUREMENTS says that measurements changed meanwhile" },
	{ "bad-handle", ON_CONTENT, bad_handle, "the handle of a chunk is wrong" },
	{ "bad-sequence", ON_CONTENT, bad_sequence, "the number of a chunk is wrong" },
	{ "bad-last-chunk", ON_CONTENT, bad_last_chunk, "LastChunk is wrong" },
	{ "short-chunk", ON_CONTENT, short_chunk, "a chunk, but not the last one, has 8 bytes" },
	{ "empty-chunk", ON_CONTENT, empty_chunk, "a chunk, but not the last one, has no bytes" },
	{ "bad-large-size", ON_CONTENT, bad_large_size, "LargeMessageSize is too large by one" },
	{ "huge-large-size", ON_CONTENT, huge_large_size, "LargeMessageSize is above 2 GiB" },
	{ "two-algorithms", ON_CONTENT, two_algorithms, "two signature algorithms are selected" },
	{ "no-algorithm", ON_CONTENT, no_algorithm, "no signature algorithm is selected" },
	{ "foreign-algorithm", ON_CONTENT, foreign_algorithm, "Ed448 and SM3 are selected" },
	{ "extra-algorithms", ON_CONTENT, extra_algorithms,
	  "AlgStructs that were not requested; a requester may ignore them" },
	{ "bad-root-hash", ON_SLOTS, NULL, "RootHash is wrong; the digests cover it" },
	{ "bad-chain-length", ON_SLOTS, NULL, "the chain's Length is wrong; the digests cover it" },
	{ "error-CODE", ON_REQUEST, NULL, "an ERROR: Busy, ResponseNotReady, 0x05, ..." },
};

void fault_list(FILE *f)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		fprintf(f, "  %-20s %s\n", kinds[i].name, kinds[i].text);
}

static const struct fault_kind *kind_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static int parse_code(const char *name)
{
	char *end;
	long code = error_by_name(name);

	if (code >= 0)
		return (int)code;
	code = strtol(name, &end, 0);
	return *name && !*end && code > 0 && code <= 0xff ? (int)code : -1;
}

static int parse_name(struct fault *f, const char *name)
{
	int code;

	if (strncmp(name, "error-", 6)) {
		f->kind = kind_by_name(name);
		if (f->kind)
			return 0;
		return error("--fault %s: unknown fault; spdm-responder --help lists them", name);
	}
	f->kind = kind_by_name("error-CODE");
	code = parse_code(name + 6);
	if (code < 0)
		return error("--fault %s: the code is a name as Busy, or 0x01 to 0xff", name);
	f->code = code;
	return 0;
}

int fault_add(struct config *cfg, const char *arg)
{
	struct fault *f = &cfg->faults[cfg->n_faults];
	char *copy, *at, *colon, *end;
	int err = 0;

	if (cfg->n_faults == N_FAULTS)
		return error("--fault: given more than %d times", N_FAULTS);
	*f = (struct fault) { .row = -1, .left = -1 };
	copy = xstrdup(arg);
	colon = strchr(copy, ':');
	if (colon) {
		*colon++ = '\0';
		f->left = strtol(colon, &end, 10);
		if (*colon < '0' || *colon > '9' || *end || f->left < 1)
			err = error("--fault %s: the count is a number from 1 on", arg);
	}
	at = strchr(copy, '@');
	if (at) {
		*at++ = '\0';
		f->row = message_by_name(at, strlen(at));
		if (!err && f->row < 0)
			err = error("--fault %s: %s is not a message", arg, at);
	}
	if (!err)
		err = parse_name(f, copy);
	free(copy);
	if (!err)
		cfg->n_faults++;
	return err;
}

static bool applies(const struct fault *f, enum fault_when when, int row)
{
	return f->kind->when == when && f->left && (f->row < 0 || f->row == row);
}

static void used(struct fault *f)
{
	if (f->left > 0)
		f->left--;
}

bool fault_error(struct conn *c, int row, uint8_t *code)
{
	size_t i;

	for (i = 0; i < c->cfg->n_faults; i++) {
		struct fault *f = &c->cfg->faults[i];

		if (!applies(f, ON_REQUEST, row))
			continue;
		*code = f->code;
		used(f);
		return true;
	}
	return false;
}

bool fault_slots(struct conn *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->cfg->n_faults; i++) {
		struct fault *f = &c->cfg->faults[i];

		if (f->kind->when != ON_SLOTS || !f->left || strcmp(f->kind->name, name))
			continue;
		note(1, "fault: %s", name);
		used(f);
		return true;
	}
	return false;
}

static void make_all(struct conn *c, struct msg *m, enum fault_when when)
{
	size_t i;

	for (i = 0; i < c->cfg->n_faults; i++) {
		struct fault *f = &c->cfg->faults[i];

		if (!applies(f, when, m->row) || !m->len || !f->kind->make(c, m))
			continue;
		note(1, "fault: %s in the answer to %s", f->kind->name,
		     m->row < 0 ? "an unknown request" : messages[m->row].req_name);
		used(f);
	}
}

void fault_content(struct conn *c, struct msg *m)
{
	make_all(c, m, ON_CONTENT);
}

void fault_signed(struct conn *c, struct msg *m)
{
	make_all(c, m, ON_SIGNED);
}

void fault_wire(struct conn *c, struct msg *m)
{
	make_all(c, m, ON_WIRE);
}
