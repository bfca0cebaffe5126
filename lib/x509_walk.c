// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parsing an X.509 certificate, RFC 5280.
 *
 * A device sends the certificates: they are as untrusted as its other data.
 * This file checks neither signatures nor keys.
 */
#include "der.h"
#include "x509_dice.h"
#include "x509_walk.h"

/* Extensions below 2.5.29 (id-ce, RFC 5280, 4.2.1) by their last octet. */
#define CE_LEN			3
#define CE_SUBJECT_KEY_ID	14
#define CE_KEY_USAGE		15
#define CE_SUBJECT_ALT_NAME	17
#define CE_BASIC_CONSTRAINTS	19
#define CE_NAME_CONSTRAINTS	30
#define CE_POLICIES		32
#define CE_POLICY_MAPPINGS	33
#define CE_AUTHORITY_KEY_ID	35
#define CE_POLICY_CONSTRAINTS	36
#define CE_EXT_KEY_USAGE	37
#define CE_INHIBIT_ANY_POLICY	54

static const u8 id_ce[] = { 0x55, 0x1d };

/* Two decimal digits, or -1. */
static int two_digits(const u8 *p)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return -1;
	return (p[0] - '0') * 10 + p[1] - '0';
}

/* Count the days from 1970-01-01 to a date, of the years 1950 to 9999. */
static int days(int year, int month, int day, s64 *out)
{
	static const u8 len[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100) || year % 400 == 0;
	int y = year - 1;
	s64 n;

	if (month < 1 || month > 12 || day < 1)
		return -EBADMSG;
	if (day > len[month - 1] + (month == 2 && leap))
		return -EBADMSG;

	/* There are 719162 days from 0001-01-01 to 1970-01-01. */
	n = y * 365L + y / 4 - y / 100 + y / 400 - 719162;
	for (int m = 0; m < month - 1; m++)
		n += len[m];
	*out = n + (month > 2 && leap) + day - 1;
	return 0;
}

/*
 * Time, RFC 5280, 4.1.2.5: YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ. Only CAs, and not
 * applications, are told which years have which form. Caliptra writes the year
 * 2023 in the second form, which the parser of the kernel's keyrings refuses.
 */
static int parse_time(const struct der *el, s64 *out)
{
	size_t year_len = el->tag == DER_UTC_TIME ? 2 : 4;
	const u8 *p = el->data;
	int year, part[5];
	s64 d;

	if (el->tag != DER_UTC_TIME && el->tag != DER_GENERALIZED_TIME)
		return -EBADMSG;
	if (el->len != year_len + 11 || p[el->len - 1] != 'Z')
		return -EBADMSG;

	year = two_digits(p);
	if (year < 0)
		return -EBADMSG;
	if (year_len == 2) {
		year += year < 50 ? 2000 : 1900;
	} else {
		int low = two_digits(p + 2);

		if (low < 0)
			return -EBADMSG;
		year = year * 100 + low;
	}
	for (size_t i = 0; i < 5; i++) {
		part[i] = two_digits(p + year_len + 2 * i);
		if (part[i] < 0)
			return -EBADMSG;
	}
	if (year < 1950 || part[2] > 23 || part[3] > 59 || part[4] > 59)
		return -EBADMSG;
	if (days(year, part[0], part[1], &d))
		return -EBADMSG;
	*out = ((d * 24 + part[2]) * 60 + part[3]) * 60 + part[4];
	return 0;
}

static int parse_validity(const struct der *in, struct x509_cert *cert)
{
	struct der el;
	size_t pos = 0;

	if (der_next(in->data, in->len, &pos, &el) ||
	    parse_time(&el, &cert->not_before))
		return -EBADMSG;
	if (der_next(in->data, in->len, &pos, &el) ||
	    parse_time(&el, &cert->not_after))
		return -EBADMSG;
	return pos == in->len ? 0 : -EBADMSG;
}

static int parse_path_len(const struct der *el, struct x509_cert *cert)
{
	u32 len = 0;

	if (!el->len || el->data[0] & 0x80)
		return -EBADMSG;
	for (size_t i = 0; i < el->len && len <= X509_PATH_LEN_LIMIT; i++)
		len = len << 8 | el->data[i];
	cert->path_len = len < X509_PATH_LEN_LIMIT ? len : X509_PATH_LEN_LIMIT;
	return 0;
}

/* BasicConstraints, RFC 5280, 4.2.1.9. */
static int parse_basic(const struct der *in, struct x509_cert *cert)
{
	struct der seq, el;
	size_t pos = 0;

	if (der_expect(in, &pos, DER_SEQUENCE, &seq) || pos != in->len)
		return -EBADMSG;
	pos = 0;
	if (der_optional(&seq, &pos, DER_BOOLEAN, &el)) {
		if (el.len != 1 || (el.data[0] && el.data[0] != 0xff))
			return -EBADMSG;
		cert->ca = el.data[0];
	}
	if (der_optional(&seq, &pos, DER_INTEGER, &el) &&
	    parse_path_len(&el, cert))
		return -EBADMSG;
	return pos == seq.len ? 0 : -EBADMSG;
}

/*
 * KeyUsage, RFC 5280, 4.2.1.3. Bit 0 is the highest; X.690, 11.2: unused bits
 * are 0.
 */
static int parse_key_usage(const struct der *in, struct x509_cert *cert)
{
	struct der el;
	size_t pos = 0;

	if (der_expect(in, &pos, DER_BIT_STRING, &el) || pos != in->len)
		return -EBADMSG;
	if (el.len < 2 || el.len > 3 || el.data[0] > 7)
		return -EBADMSG;
	if (el.data[el.len - 1] & ((1 << el.data[0]) - 1))
		return -EBADMSG;
	for (size_t bit = 0; bit < 8 * (el.len - 1); bit++)
		if (el.data[1 + bit / 8] & 0x80 >> bit % 8)
			cert->key_usage |= 1 << bit;
	cert->has_key_usage = true;
	return 0;
}

/* Check a SEQUENCE of one element or more; its contents are parsed later. */
static int parse_sequence(const struct der *in, const u8 **data, size_t *len)
{
	struct der el;
	size_t pos = 0;

	if (der_expect(in, &pos, DER_SEQUENCE, &el) || pos != in->len || !el.len)
		return -EBADMSG;
	*data = el.data;
	*len = el.len;
	return 0;
}

/*
 * SubjectKeyIdentifier, RFC 5280, 4.2.1.2. Key identifiers are hints, and the
 * signature is the proof: only the form is checked here, and below. The parser of
 * the kernel's keyrings has the same limits.
 */
static int parse_subject_key_id(const struct der *in, struct x509_cert *cert)
{
	struct der el;
	size_t pos = 0;

	if (der_expect(in, &pos, DER_OCTET_STRING, &el) || pos != in->len)
		return -EBADMSG;
	cert->subject_key_id = el.data;
	cert->subject_key_id_len = el.len;
	return el.len && el.len < 0x80 ? 0 : -EBADMSG;
}

/* GeneralNames, RFC 5280, 4.2.1.6; the only form that is used is directoryName. */
static int parse_auth_issuer(const struct der *in, struct x509_cert *cert)
{
	struct der el, name;
	size_t pos = 0, at;

	while (pos < in->len) {
		if (der_next(in->data, in->len, &pos, &el) ||
		    (el.tag & 0xc0) != 0x80)
			return -EBADMSG;
		if (el.tag != DER_CONTEXT(4))
			continue;
		at = 0;
		if (der_expect(&el, &at, DER_SEQUENCE, &name) || at != el.len)
			return -EBADMSG;
		cert->auth_issuer = name.data;
		cert->auth_issuer_len = name.len;
	}
	return 0;
}

/* AuthorityKeyIdentifier, RFC 5280, 4.2.1.1. */
static int parse_authority_key_id(const struct der *in, struct x509_cert *cert)
{
	struct der seq, el;
	size_t pos = 0;

	if (der_expect(in, &pos, DER_SEQUENCE, &seq) || pos != in->len)
		return -EBADMSG;
	pos = 0;
	if (der_optional(&seq, &pos, 0x80, &el)) {	/* keyIdentifier */
		cert->auth_key_id = el.data;
		cert->auth_key_id_len = el.len;
	}
	if (der_optional(&seq, &pos, DER_CONTEXT(1), &el) &&
	    parse_auth_issuer(&el, cert))
		return -EBADMSG;
	if (der_optional(&seq, &pos, 0x82, &el)) {	/* authorityCertSerialNumber */
		cert->auth_serial = el.data;
		cert->auth_serial_len = el.len;
	}
	return pos == seq.len ? 0 : -EBADMSG;
}

/* Parse an extension; -ENOENT if it is an unknown one. */
static int parse_known(u8 id, const struct der *value, struct x509_cert *cert)
{
	switch (id) {
	case CE_BASIC_CONSTRAINTS:
		return parse_basic(value, cert);
	case CE_KEY_USAGE:
		return parse_key_usage(value, cert);
	case CE_EXT_KEY_USAGE:
		return parse_sequence(value, &cert->eku, &cert->eku_len);
	case CE_SUBJECT_ALT_NAME:
		return parse_sequence(value, &cert->san, &cert->san_len);
	case CE_NAME_CONSTRAINTS:
		return parse_sequence(value, &cert->constraints,
				      &cert->constraints_len);
	case CE_POLICIES:
	case CE_POLICY_MAPPINGS:
	case CE_POLICY_CONSTRAINTS:
	case CE_INHIBIT_ANY_POLICY:
		/* The requester accepts any policy; RFC 5280, 6.1.1 (c) to (g). */
		return 0;
	case CE_SUBJECT_KEY_ID:
		return parse_subject_key_id(value, cert);
	case CE_AUTHORITY_KEY_ID:
		return parse_authority_key_id(value, cert);
	}
	return -ENOENT;
}

/* Extension, RFC 5280, 4.2. @seen: bits of the id-ce extensions so far. */
static noinline_for_stack
int parse_extension(const struct der *in, u64 *seen, struct x509_cert *cert)
{
	struct der oid, el, value;
	bool critical = false;
	size_t pos = 0;
	int rc = -ENOENT;
	u8 id;

	if (der_expect(in, &pos, DER_OID, &oid) || !oid.len)
		return -EBADMSG;
	if (der_optional(in, &pos, DER_BOOLEAN, &el)) {
		if (el.len != 1)
			return -EBADMSG;
		critical = el.data[0];
	}
	if (der_expect(in, &pos, DER_OCTET_STRING, &value) || pos != in->len)
		return -EBADMSG;

	id = oid.data[oid.len - 1];
	if (oid.len == CE_LEN && !memcmp(oid.data, id_ce, sizeof(id_ce)) &&
	    id < 64) {
		if (*seen & 1ULL << id)
			return -EBADMSG;
		*seen |= 1ULL << id;
		rc = parse_known(id, &value, cert);
	}
	if (rc != -ENOENT)
		return rc;
	/* A DICE extension that is malformed is an unknown one. */
	if (x509_dice_known(oid.data, oid.len, value.data, value.len))
		return 0;
	if (critical && !cert->critical) {
		cert->critical = oid.data;
		cert->critical_len = oid.len;
	}
	return 0;
}

/* Extensions, in [3] EXPLICIT. */
static int parse_extensions(const struct der *in, struct x509_cert *cert,
			    struct x509_fault *fault)
{
	struct der seq, ext;
	size_t pos = 0;
	u64 seen = 0;

	if (der_expect(in, &pos, DER_SEQUENCE, &seq) || pos != in->len || !seq.len)
		return x509_malformed(fault, cert->raw, in->raw, "extensions");
	cert->exts = seq.data;
	cert->exts_len = seq.len;
	pos = 0;
	while (pos < seq.len) {
		const u8 *at = seq.data + pos;

		if (der_expect(&seq, &pos, DER_SEQUENCE, &ext) ||
		    parse_extension(&ext, &seen, cert))
			return x509_malformed(fault, cert->raw, at, "extensions");
	}
	return 0;
}

/* Parse issuer, validity and subject. */
static noinline_for_stack
int parse_names(const struct der *tbs, size_t *pos, struct x509_cert *cert,
		struct x509_fault *fault)
{
	const u8 *at = tbs->data + *pos;
	struct der el;

	if (der_expect(tbs, pos, DER_SEQUENCE, &el))
		return x509_malformed(fault, cert->raw, at, "issuer");
	cert->issuer = el.raw;
	cert->issuer_len = el.raw_len;

	at = tbs->data + *pos;
	if (der_expect(tbs, pos, DER_SEQUENCE, &el) || parse_validity(&el, cert))
		return x509_malformed(fault, cert->raw, at, "validity");

	at = tbs->data + *pos;
	if (der_expect(tbs, pos, DER_SEQUENCE, &el))
		return x509_malformed(fault, cert->raw, at, "subject");
	cert->subject = el.raw;
	cert->subject_len = el.raw_len;
	return 0;
}

/*
 * AlgorithmIdentifier of the signature. RFC 5280, 4.1.1.2: it is there twice,
 * and both are the same.
 */
static int parse_sig_alg(const struct der *in, const struct der *alg,
			 struct x509_cert *cert)
{
	struct der oid;
	size_t pos = 0;

	if (in->raw_len != alg->raw_len ||
	    memcmp(in->raw, alg->raw, in->raw_len) ||
	    der_expect(in, &pos, DER_OID, &oid))
		return -EBADMSG;
	cert->sig_alg = oid.data;
	cert->sig_alg_len = oid.len;
	return 0;
}

/*
 * The signature. The first octet counts unused bits, of which the signatures of
 * RFC 3279, 2.2, have none.
 */
static int parse_sig(const struct der *bits, struct x509_cert *cert)
{
	if (bits->len < 2 || bits->data[0])
		return -EBADMSG;
	cert->sig = bits->data + 1;
	cert->sig_len = bits->len - 1;
	return 0;
}

/* TBSCertificate, RFC 5280, 4.1. @alg: signatureAlgorithm. */
static int parse_tbs(const struct der *tbs, const struct der *alg,
		     struct x509_cert *cert, struct x509_fault *fault)
{
	const u8 *at = tbs->data;
	struct der el;
	size_t pos = 0;
	int rc;

	der_optional(tbs, &pos, DER_CONTEXT(0), &el);	/* version */
	if (der_expect(tbs, &pos, DER_INTEGER, &el))
		return x509_malformed(fault, cert->raw, at, "serialNumber");
	cert->serial = el.data;
	cert->serial_len = el.len;
	at = tbs->data + pos;
	if (der_expect(tbs, &pos, DER_SEQUENCE, &el) ||
	    parse_sig_alg(&el, alg, cert))
		return x509_malformed(fault, cert->raw, at, "signature");
	rc = parse_names(tbs, &pos, cert, fault);
	if (rc)
		return rc;
	at = tbs->data + pos;
	if (der_expect(tbs, &pos, DER_SEQUENCE, &el))
		return x509_malformed(fault, cert->raw, at, "subjectPublicKeyInfo");
	cert->key = el.raw;
	cert->key_len = el.raw_len;
	der_optional(tbs, &pos, 0x81, &el);		/* issuerUniqueID */
	der_optional(tbs, &pos, 0x82, &el);		/* subjectUniqueID */
	if (der_optional(tbs, &pos, DER_CONTEXT(3), &el)) {
		rc = parse_extensions(&el, cert, fault);
		if (rc)
			return rc;
	}
	if (pos != tbs->len)
		return x509_malformed(fault, cert->raw, tbs->data + pos, "extensions");
	return 0;
}

int x509_walk(const u8 *buf, size_t len, struct x509_cert *cert,
	      struct x509_fault *fault)
{
	struct der outer, tbs, alg, el;
	size_t pos = 0;

	*cert = (struct x509_cert) { .path_len = X509_PATH_LEN_NONE };
	if (der_next(buf, len, &pos, &outer) || outer.tag != DER_SEQUENCE)
		return x509_malformed(fault, buf, buf, "Certificate");
	cert->raw = outer.raw;
	cert->raw_len = outer.raw_len;

	pos = 0;
	if (der_expect(&outer, &pos, DER_SEQUENCE, &tbs))
		return x509_malformed(fault, buf, outer.data, "tbsCertificate");
	cert->tbs = tbs.raw;
	cert->tbs_len = tbs.raw_len;
	if (der_expect(&outer, &pos, DER_SEQUENCE, &alg))
		return x509_malformed(fault, buf, tbs.raw + tbs.raw_len,
				      "signatureAlgorithm");
	if (der_expect(&outer, &pos, DER_BIT_STRING, &el) || pos != outer.len ||
	    parse_sig(&el, cert))
		return x509_malformed(fault, buf, outer.data + pos, "signatureValue");
	return parse_tbs(&tbs, &alg, cert, fault);
}
