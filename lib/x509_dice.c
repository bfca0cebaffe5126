// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extensions of the DICE architecture.
 */
#include "der.h"
#include "x509_dice.h"

/* 2.23.133.5.4, the extensions are below. */
static const u8 id_dice[] = { 0x67, 0x81, 0x05, 0x05, 0x04 };

/* Non-negative, of 63 bits at most: larger numbers have no meaning here. */
static bool is_number(const struct der *el)
{
	return el->len && el->len <= sizeof(u64) && !(el->data[0] & 0x80);
}

/* X.690 8.6.2: the first octet counts the unused bits. */
static bool is_bits(const struct der *el)
{
	return el->len && el->len <= 1 + sizeof(u32) && el->data[0] < 8 &&
	       (el->len > 1 || !el->data[0]);
}

static bool is_sequences(const u8 *data, size_t len)
{
	struct der el;
	size_t pos = 0;

	while (pos < len)
		if (der_next(data, len, &pos, &el) || el.tag != DER_SEQUENCE)
			return false;
	return true;
}

/* The tags are implicit: those of lists are constructed. */
static bool is_list(u8 field)
{
	return field == X509_TCB_FWIDS || field == X509_TCB_REGISTERS;
}

static bool field_fits(u8 field, const struct der *el)
{
	if (el->tag != (is_list(field) ? 0xa0 : 0x80) + field)
		return false;
	switch (field) {
	case X509_TCB_SVN:
	case X509_TCB_LAYER:
	case X509_TCB_INDEX:
		return is_number(el);
	case X509_TCB_FLAGS:
	case X509_TCB_FLAGS_MASK:
		return is_bits(el);
	case X509_TCB_FWIDS:
	case X509_TCB_REGISTERS:
		return is_sequences(el->data, el->len);
	}
	return true;
}

/* DiceTcbInfo: optional fields, in the order of their tags. */
static int parse_tcb(const struct der *in, struct x509_tcb *tcb)
{
	size_t pos = 0;
	u8 next = 0;

	*tcb = (struct x509_tcb) {};
	while (pos < in->len) {
		struct der el;
		u8 field;

		if (der_next(in->data, in->len, &pos, &el))
			return -EBADMSG;
		field = el.tag & 0x1f;
		if (field < next || field >= X509_TCB_FIELDS ||
		    !field_fits(field, &el))
			return -EBADMSG;
		tcb->data[field] = el.data;
		tcb->len[field] = el.len;
		next = field + 1;
	}
	return 0;
}

int x509_next_tcb(enum x509_dice kind, const u8 *value, size_t len,
		  size_t *pos, struct x509_tcb *tcb)
{
	struct der el;
	size_t p = 0;

	if (kind == X509_DICE_MULTI_TCB_INFO) {
		if (der_next(value, len, &p, &el) || el.tag != DER_SEQUENCE)
			return -EBADMSG;
		value = el.data;
		len = el.len;
	}
	if (*pos >= len)
		return -ENODATA;
	if (der_next(value, len, pos, &el) || el.tag != DER_SEQUENCE)
		return -EBADMSG;
	return parse_tcb(&el, tcb);
}

int x509_next_fwid(const struct x509_tcb *tcb, size_t *pos, const u8 **oid,
		   size_t *oid_len, const u8 **digest, size_t *digest_len)
{
	struct der fwid, alg, value;
	size_t p = 0;

	if (*pos >= tcb->len[X509_TCB_FWIDS])
		return -ENODATA;
	if (der_next(tcb->data[X509_TCB_FWIDS], tcb->len[X509_TCB_FWIDS], pos,
		     &fwid) ||
	    der_expect(&fwid, &p, DER_OID, &alg) ||
	    der_expect(&fwid, &p, DER_OCTET_STRING, &value) || p != fwid.len)
		return -EBADMSG;
	*oid = alg.data;
	*oid_len = alg.len;
	*digest = value.data;
	*digest_len = value.len;
	return 0;
}

int x509_ueid(const u8 *value, size_t len, const u8 **ueid, size_t *ueid_len)
{
	struct der seq, el;
	size_t pos = 0;

	if (der_next(value, len, &pos, &seq) || seq.tag != DER_SEQUENCE ||
	    pos != len)
		return -EBADMSG;
	pos = 0;
	if (der_expect(&seq, &pos, DER_OCTET_STRING, &el) || pos != seq.len ||
	    !el.len)
		return -EBADMSG;
	*ueid = el.data;
	*ueid_len = el.len;
	return 0;
}

static bool tcb_known(enum x509_dice kind, const u8 *value, size_t len)
{
	const u8 *oid, *digest;
	size_t oid_len, digest_len, pos = 0, n = 0;
	struct x509_tcb tcb;
	struct der el;
	int rc;

	/* One SEQUENCE, and nothing behind it. */
	if (der_next(value, len, &pos, &el) || pos != len)
		return false;
	pos = 0;
	while (!(rc = x509_next_tcb(kind, value, len, &pos, &tcb))) {
		size_t at = 0;

		while (!(rc = x509_next_fwid(&tcb, &at, &oid, &oid_len, &digest,
					     &digest_len)))
			;
		if (rc != -ENODATA)
			return false;
		n++;
	}
	return rc == -ENODATA && n;
}

bool x509_dice_known(const u8 *oid, size_t oid_len, const u8 *value, size_t len)
{
	size_t ueid_len;
	const u8 *ueid;

	if (oid_len != sizeof(id_dice) + 1 ||
	    memcmp(oid, id_dice, sizeof(id_dice)))
		return false;
	switch (oid[sizeof(id_dice)]) {
	case X509_DICE_TCB_INFO:
	case X509_DICE_MULTI_TCB_INFO:
		return tcb_known(oid[sizeof(id_dice)], value, len);
	case X509_DICE_UEID:
		return !x509_ueid(value, len, &ueid, &ueid_len);
	}
	return false;
}

int x509_next_dice(const struct x509_cert *cert, size_t *pos,
		   enum x509_dice *kind, const u8 **value, size_t *len)
{
	struct der ext, oid, el;
	size_t p;

	while (!der_next(cert->exts, cert->exts_len, pos, &ext)) {
		p = 0;
		if (der_expect(&ext, &p, DER_OID, &oid))
			break;
		der_optional(&ext, &p, DER_BOOLEAN, &el);
		if (der_expect(&ext, &p, DER_OCTET_STRING, &el))
			break;
		if (!x509_dice_known(oid.data, oid.len, el.data, el.len))
			continue;
		*kind = oid.data[oid.len - 1];
		*value = el.data;
		*len = el.len;
		return 0;
	}
	return -ENODATA;
}
