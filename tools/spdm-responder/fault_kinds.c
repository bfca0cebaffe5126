// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each fault does to a response.
 */
#include <string.h>

#include "fault.h"

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

/* CERTIFICATE in the large form of SPDM 1.4, whose lengths have 32 bits. */
static bool is_large_form(const struct msg *m)
{
	return m->data[1] == CERTIFICATE && m->data[2] & 0x80;
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
	case CERTIFICATE:
		if (is_large_form(m)) {
			set32(d + 8, get32(d + 8) + 4);
			return true;
		}
		set16(d + 4, get16(d + 4) + 4);
		return true;
	case ALGORITHMS:
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
	if (is_large_form(m))
		set32(m->data + 12, get32(m->data + 12) + 1);
	else
		set16(m->data + 6, get16(m->data + 6) + 1);
	return true;
}

/* Only the form is wrong: the lengths stay where they are. */
static bool bad_large_form(struct conn *c, struct msg *m)
{
	if (m->data[1] != CERTIFICATE || c->version < 0x14)
		return false;
	m->data[2] ^= 0x80;
	return true;
}

static bool huge_portion(struct conn *c, struct msg *m)
{
	(void)c;
	if (!is_large_form(m))
		return false;
	set32(m->data + 8, get32(m->data + 8) | 0x80000000);
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

/* Since SPDM 1.4, the number has 32 bits. */
static bool huge_sequence(struct conn *c, struct msg *m)
{
	if (m->data[1] != CHUNK_RESPONSE || c->version < 0x14)
		return false;
	set16(m->data + 6, 1);
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
	m->len = (get32(m->data + 4) ? 12 : 16) + size;
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
	if (m->data[1] != CHUNK_RESPONSE || get32(m->data + 4))
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

/* Sets BaseAsymSel, BaseHashSel and, since SPDM 1.4, PqcAsymSel. */
static bool set_algorithms(struct conn *c, struct msg *m, uint32_t asym, uint32_t hash,
			   uint32_t pqc)
{
	if (m->data[1] != ALGORITHMS)
		return false;
	set32(m->data + 12, asym);
	set32(m->data + 16, hash);
	if (c->version >= 0x14)
		set32(m->data + 20, pqc);
	return true;
}

/* Another bit of the field that has @bit. */
static uint32_t other_bit(uint32_t bit, uint32_t one, uint32_t two)
{
	return bit == one ? two : one;
}

static bool two_algorithms(struct conn *c, struct msg *m)
{
	const struct asym *a = c->asym;

	if (!a || !c->hash)
		return false;
	if (a->pqc)
		return set_algorithms(c, m, 0, c->hash->bit, a->bit | other_bit(a->bit, 1, 2));
	return set_algorithms(c, m, a->bit | other_bit(a->bit, 0x10, 0x80), c->hash->bit, 0);
}

static bool no_algorithm(struct conn *c, struct msg *m)
{
	return set_algorithms(c, m, 0, 0, 0);
}

/* Selects EdDSA ed448 and SM3_256, which few requesters offer. */
static bool foreign_algorithm(struct conn *c, struct msg *m)
{
	return set_algorithms(c, m, 0x800, 0x40, 0);
}

/* Sets the other selection too: ECDSA P-384, or ML-DSA-65. */
static bool both_selections(struct conn *c, struct msg *m)
{
	const struct asym *a = c->asym;

	if (c->version < 0x14 || !a || !c->hash)
		return false;
	return set_algorithms(c, m, a->pqc ? 0x80 : a->bit, c->hash->bit, a->pqc ? a->bit : 2);
}

/* Selects SLH-DSA-SHAKE-256f, which few requesters offer. */
static bool foreign_pqc(struct conn *c, struct msg *m)
{
	if (c->version < 0x14 || !c->hash)
		return false;
	return set_algorithms(c, m, 0, c->hash->bit, 0x4000);
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

const struct fault_kind fault_kinds[] = {
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
	{ "bad-large-form", ON_CONTENT, bad_large_form,
	  "LargeCertChain of CERTIFICATE is wrong (from SPDM 1.4 on)" },
	{ "huge-portion", ON_CONTENT, huge_portion, "LargePortionLength is above 2 GiB" },
	{ "bad-digest", ON_CONTENT, bad_digest, "the first digest in DIGESTS is wrong" },
	{ "bad-cert-chain-hash", ON_CONTENT, bad_chain_hash, "CertChainHash is wrong" },
	{ "bad-slot-mask", ON_CONTENT, bad_slot_mask, "slot 7 is wrong in the mask of slots" },
	{ "bad-context", ON_CONTENT, bad_context, "RequesterContext is wrong (from SPDM 1.3 on)" },
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
	{ "huge-sequence", ON_CONTENT, huge_sequence,
	  "the number of a chunk is too large by 65536 (from SPDM 1.4 on)" },
	{ "bad-last-chunk", ON_CONTENT, bad_last_chunk, "LastChunk is wrong" },
	{ "short-chunk", ON_CONTENT, short_chunk, "a chunk, but not the last one, has 8 bytes" },
	{ "empty-chunk", ON_CONTENT, empty_chunk, "a chunk, but not the last one, has no bytes" },
	{ "bad-large-size", ON_CONTENT, bad_large_size, "LargeMessageSize is too large by one" },
	{ "huge-large-size", ON_CONTENT, huge_large_size, "LargeMessageSize is above 2 GiB" },
	{ "two-algorithms", ON_CONTENT, two_algorithms, "two signature algorithms are selected" },
	{ "no-algorithm", ON_CONTENT, no_algorithm, "no signature algorithm is selected" },
	{ "foreign-algorithm", ON_CONTENT, foreign_algorithm, "Ed448 and SM3 are selected" },
	{ "both-selections", ON_CONTENT, both_selections,
	  "BaseAsymSel and PqcAsymSel are both set (from SPDM 1.4 on)" },
	{ "foreign-pqc", ON_CONTENT, foreign_pqc,
	  "SLH-DSA-SHAKE-256f is selected (from SPDM 1.4 on)" },
	{ "extra-algorithms", ON_CONTENT, extra_algorithms,
	  "AlgStructs that were not requested; a requester may ignore them" },
	{ "bad-root-hash", ON_SLOTS, NULL, "RootHash is wrong; the digests cover it" },
	{ "bad-chain-length", ON_SLOTS, NULL, "the chain's Length is wrong; the digests cover it" },
	{ "error-CODE", ON_REQUEST, NULL, "an ERROR: Busy, ResponseNotReady, 0x05, ..." },
};

const size_t n_fault_kinds = ARRAY_SIZE(fault_kinds);
