// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the first bytes of the input select the negotiated parameters and
 * the request, the rest is a MEASUREMENTS.
 *
 * Checks that each measurement of an accepted response lies inside the record,
 * after the one before it, with an index of its own and, as a digest, with the
 * length of the negotiated hash; that a walk ends at the end of the record; and
 * that a refusal names its field and the field's offset.
 */
#include "../../lib/spdm_meas.h"
#include "fuzz.h"

struct setup {
	u8 version;
	u8 hash;
	u8 asym;
	u8 meas_hash;
	u8 attributes;
	u8 operation;
	u8 slot;
	u8 format;
};

static void refused(int rc, const struct spdm_fault *f, size_t len)
{
	require(rc == -EIO || rc == -EPROTO || f->error);
	require(f->what);
	require(rc != -EPROTO || (f->field && f->offset <= len));
}

static u16 digest_len(u8 meas_hash)
{
	static const u16 lens[] = { 0, 32, 48, 64, 32, 48, 64, 32 };

	for (size_t i = 0; i < 8; i++)
		if (meas_hash == 1 << i)
			return lens[i];
	return 0;
}

static void walk(const struct spdm_conn *c, const struct spdm_measurements *m,
		 size_t len)
{
	bool seen[256] = {};
	struct spdm_meas_walk w = {};
	struct spdm_fault fault = {};
	struct spdm_meas_value v = {};
	const u8 *last = m->record;
	size_t n = 0;
	int rc;

	for (;;) {
		rc = spdm_meas_next(c, m, &w, &v, &fault);
		if (rc)
			break;
		require(v.value >= last);
		require(v.len <= m->record_len - (size_t)(v.value - m->record));
		require(v.index && v.index != 0xff && !seen[v.index]);
		require(v.type < 0x80);
		require(v.raw || (v.len && v.len == digest_len(c->meas_hash)));
		seen[v.index] = true;
		last = v.value + v.len;
		n++;
	}
	if (rc == -ENODATA)
		require(n == m->blocks && w.pos == m->record_len);
	else
		refused(rc, &fault, len);
	require(!spdm_meas_check(c, m, &fault) == (rc == -ENODATA));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct spdm_fault fault = {};
	struct spdm_measurements m;
	struct spdm_meas_req req;
	struct spdm_conn c;
	struct setup s;
	size_t used, len;
	int rc;

	if (size < sizeof(s))
		return 0;
	memcpy(&s, data, sizeof(s));
	data += sizeof(s);
	len = size - sizeof(s);
	c = (struct spdm_conn) {
		.version = SPDM_VER_10 + s.version % 5,
		.hash = &spdm_hashes[s.hash % SPDM_N_HASH],
		.asym = &spdm_asyms[s.asym % SPDM_N_ASYM],
		.meas_spec = SPDM_MEAS_SPEC_DMTF,
		.meas_hash = s.meas_hash,
		.other_params = s.format & SPDM_OPAQUE_FMT_GENERAL,
	};
	req = (struct spdm_meas_req) {
		.attributes = s.attributes & 3,
		.operation = s.operation,
		.slot = s.slot & 7,
	};
	rc = spdm_check_measurements(&c, &req, data, len, &m, &used, &fault);
	if (rc) {
		refused(rc, &fault, len);
		return 0;
	}
	require(used <= len);
	require(m.record >= data && m.record_len <= used);
	require(!!m.signature == !!(req.attributes & SPDM_MEAS_SIGNATURE));
	require(!m.signature || m.signature + c.asym->sig_len == data + used);
	require(m.opaque + m.opaque_len <= data + used);
	require(m.nonce == m.record + m.record_len);
	require(m.change <= SPDM_MEAS_CHANGE_MASK);
	require(!digest_len(c.meas_hash) || spdm_meas_hash(&c));
	walk(&c, &m, len);
	return 0;
}
