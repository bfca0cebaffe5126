// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same device as at the last success.
 */
#include "der.h"
#include "spdm_pin.h"
#include "x509_text.h"

/* 1.3.6.1.4.1.412.274: 6, id-DMTF-SPDM-extension; 2, hardware-identity. */
static const u8 id_extension[] = {
	0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x1c, 0x82, 0x12, 0x06,
};

static const u8 id_hardware_identity[] = {
	0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x1c, 0x82, 0x12, 0x02,
};

static bool is_oid(const struct der *el, const u8 *oid, size_t len)
{
	return el->len == len && !memcmp(el->data, oid, len);
}

/* DSP0274 1.2.1, 10.6.1: a SEQUENCE of SEQUENCE { OID, definition OPTIONAL }. */
static bool has_identity(const u8 *value, size_t len)
{
	struct der list, item, oid;
	size_t pos = 0, p;

	if (der_next(value, len, &pos, &list) || list.tag != DER_SEQUENCE ||
	    pos != len)
		return false;
	pos = 0;
	while (!der_next(list.data, list.len, &pos, &item)) {
		p = 0;
		if (item.tag != DER_SEQUENCE ||
		    der_expect(&item, &p, DER_OID, &oid))
			return false;
		if (is_oid(&oid, id_hardware_identity,
			   sizeof(id_hardware_identity)))
			return true;
	}
	return false;
}

bool spdm_pin_is_device(const struct x509_cert *cert)
{
	struct der ext, oid, el;
	size_t pos = 0, p;

	while (!der_next(cert->exts, cert->exts_len, &pos, &ext)) {
		p = 0;
		if (der_expect(&ext, &p, DER_OID, &oid))
			return false;
		der_optional(&ext, &p, DER_BOOLEAN, &el);
		if (der_expect(&ext, &p, DER_OCTET_STRING, &el))
			return false;
		if (is_oid(&oid, id_extension, sizeof(id_extension)))
			return has_identity(el.data, el.len);
	}
	return false;
}

int spdm_pin_find(const u8 *certs, size_t len, size_t anchor,
		  struct x509_cert *device, struct x509_cert *leaf)
{
	struct x509_fault fault;
	bool found = false;
	size_t pos = 0;
	int rc;

	if (!len)
		return -EBADMSG;
	for (size_t i = 0; pos < len; i++) {
		rc = x509_walk(certs + pos, len - pos, leaf, &fault);
		if (rc)
			return rc;
		pos += leaf->raw_len;
		if (found || i < anchor || !spdm_pin_is_device(leaf))
			continue;
		*device = *leaf;
		found = true;
	}
	if (!found)
		*device = *leaf;
	return 0;
}

/* Bits of security; NIST SP 800-57, part 1, table 2, with RSA 4096 in between. */
static u32 strength(const struct spdm_asym *asym)
{
	/* FIPS 204, table 1: categories 2, 3 and 5 */
	if (asym->kind == SPDM_MLDSA)
		return asym->key_bits >= 87 ? 256 :
		       asym->key_bits >= 65 ? 192 : 128;
	if (asym->kind == SPDM_ECDSA)
		return asym->key_bits / 2;
	if (asym->key_bits >= 4096)
		return 140;
	return asym->key_bits >= 3072 ? 128 : 112;
}

static int weaker(struct spdm_fault *fault, const char *what, const char *now,
		  const char *before)
{
	*fault = (struct spdm_fault) { .what = what };
	snprintf(fault->detail, sizeof(fault->detail), "%s, was %s", now, before);
	return -EPROTO;
}

int spdm_pin_downgrade(const struct spdm_pin *pin, const struct spdm_pin *now,
		       struct spdm_fault *fault)
{
	char v[2][8];

	if (!pin->version)
		return 0;
	if (now->version < pin->version) {
		snprintf(v[0], sizeof(v[0]), "%u.%u", now->version >> 4 & 15,
			 now->version & 15);
		snprintf(v[1], sizeof(v[1]), "%u.%u", pin->version >> 4 & 15,
			 pin->version & 15);
		return weaker(fault, "Version is lower than at the last success",
			      v[0], v[1]);
	}
	if (strength(now->asym) < strength(pin->asym))
		return weaker(fault,
			      "Signature algorithm is weaker than at the last success",
			      now->asym->word, pin->asym->word);
	if (now->hash->len < pin->hash->len)
		return weaker(fault, "Hash is weaker than at the last success",
			      now->hash->alg, pin->hash->alg);
	return 0;
}

int spdm_pin_other(const struct spdm_pin *pin, const struct spdm_pin *now,
		   enum spdm_pin_policy policy, struct spdm_fault *fault)
{
	char hex[2][2 * SPDM_PIN_LEN + 1];
	bool leaf = policy == SPDM_PIN_LEAF;
	const u8 *a = leaf ? pin->leaf : pin->device;
	const u8 *b = leaf ? now->leaf : now->device;

	if (!pin->version || policy == SPDM_PIN_OFF ||
	    !memcmp(a, b, SPDM_PIN_LEN))
		return 0;
	*fault = (struct spdm_fault) {
		.what = leaf ? "Key is not that of the last success" :
			       "Key of the device certificate is not that of the last success",
	};
	x509_hex(a, SPDM_PIN_LEN, hex[0]);
	x509_hex(b, SPDM_PIN_LEN, hex[1]);
	snprintf(fault->detail, sizeof(fault->detail), "expected %s, found %s",
		 hex[0], hex[1]);
	return -EKEYREJECTED;
}
