// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the number of the anchor, two sets of negotiated parameters, and a
 * chain of certificates.
 *
 * Checks that the pinned certificates of an accepted chain are whole certificates
 * of it: the leaf ends the chain, and the device certificate is not above the
 * anchor and is marked as such or the leaf; and that of two connections one at most
 * is a downgrade of the other one, except where the version and the algorithms
 * change in different directions.
 */
#include "../../lib/spdm_pin.h"
#include "fuzz.h"

struct setup {
	u8 anchor;
	u8 version[2];
	u8 asym[2];
	u8 hash[2];
	u8 key[2];
};

static void compare(const struct setup *s)
{
	struct spdm_pin pin[2];
	struct spdm_fault fault;
	int rc[2];

	for (size_t i = 0; i < 2; i++) {
		pin[i] = (struct spdm_pin) {
			.version = SPDM_VER_10 + s->version[i] % 5,
			.asym = &spdm_asyms[s->asym[i] % SPDM_N_ASYM],
			.hash = &spdm_hashes[s->hash[i] % SPDM_N_HASH],
		};
		memset(pin[i].leaf, s->key[i], sizeof(pin[i].leaf));
		memset(pin[i].device, ~s->key[i], sizeof(pin[i].device));
		require(!spdm_pin_downgrade(&pin[i], &pin[i], &fault));
		require(!spdm_pin_other(&pin[i], &pin[i], SPDM_PIN_LEAF, &fault));
	}
	rc[0] = spdm_pin_downgrade(&pin[0], &pin[1], &fault);
	require(!rc[0] || (rc[0] == -EPROTO && fault.what && *fault.detail));
	rc[1] = spdm_pin_downgrade(&pin[1], &pin[0], &fault);
	if (pin[0].asym == pin[1].asym && pin[0].hash == pin[1].hash)
		require(!rc[0] + !rc[1] == 1 + (pin[0].version == pin[1].version));
	rc[0] = spdm_pin_other(&pin[0], &pin[1], SPDM_PIN_LEAF, &fault);
	require(!rc[0] == (s->key[0] == s->key[1]));
	require(rc[0] == spdm_pin_other(&pin[1], &pin[0], SPDM_PIN_DEVICE, &fault));
	require(!spdm_pin_other(&pin[0], &pin[1], SPDM_PIN_OFF, &fault));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct x509_cert device = {}, leaf = {}, cert;
	struct x509_fault fault;
	struct setup s;
	size_t pos = 0, n = 0;
	bool found = false;

	if (size < sizeof(s))
		return 0;
	memcpy(&s, data, sizeof(s));
	compare(&s);
	data += sizeof(s);
	size -= sizeof(s);
	if (spdm_pin_find(data, size, s.anchor, &device, &leaf))
		return 0;
	require(leaf.raw + leaf.raw_len == data + size);
	while (pos < size) {
		require(!x509_walk(data + pos, size - pos, &cert, &fault));
		pos += cert.raw_len;
		if (cert.raw != device.raw) {
			require(found || n < s.anchor || !spdm_pin_is_device(&cert));
			n++;
			continue;
		}
		found = true;
		require(device.raw_len == cert.raw_len);
		require(cert.raw == leaf.raw ||
			(n >= s.anchor && spdm_pin_is_device(&cert)));
		n++;
	}
	require(found);
	return 0;
}
