// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel's X.509 parser does not tell about a certificate.
 *
 * Certificates come from a device and are as hostile as the rest. Signatures
 * and keys are not looked at here.
 */
#include "der.h"
#include "x509_walk.h"

/* Extensions below 2.5.29 (id-ce, RFC 5280, 4.2.1) by their last octet. */
#define CE_LEN			3
#define CE_SUBJECT_KEY_ID	14
#define CE_KEY_USAGE		15
#define CE_SUBJECT_ALT_NAME	17
#define CE_BASIC_CONSTRAINTS	19
#define CE_AUTHORITY_KEY_ID	35
#define CE_EXT_KEY_USAGE	37

static const u8 id_ce[] = { 0x55, 0x1d };

/* 2.23.147: PCI-SIG's otherName; PCIe r6.1, 6.31.3. */
static const u8 id_cma[] = { 0x67, 0x81, 0x13 };

/* 1.2.840.113549.1.1.1, rsaEncryption; RFC 8017, A.1. */
static const u8 id_rsa[] = {
	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01
};

/* What a leaf may be for, where it says what it is for. */
static const struct {
	u8 len;
	u8 oid[10];
} ekus[] = {
	/* 1.3.6.1.4.1.412.274.3, id-DMTF-eku-responder-auth; DSP0274 1.2 */
	{ 10, { 0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0x1c, 0x82, 0x12, 0x03 } },
	/* 2.5.29.37.0, anyExtendedKeyUsage; RFC 5280, 4.2.1.12 */
	{ 4, { 0x55, 0x1d, 0x25, 0x00 } },
	/*
	 * 1.3.6.1.5.5.7.3.1, id-kp-serverAuth: what DMTF's sample certificates
	 * have, which are older than the first one.
	 */
	{ 8, { 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01 } },
};

static int bad(struct x509_fault *fault, const u8 *start, const u8 *at,
	       const char *field)
{
	*fault = (struct x509_fault) {
		.what = "Malformed certificate",
		.field = field,
		.offset = at - start,
	};
	return -EBADMSG;
}

static int refused(struct x509_fault *fault, const char *what,
		   const char *field)
{
	*fault = (struct x509_fault) { .what = what, .field = field };
	return -EKEYREJECTED;
}

/* The next element, which must have @tag. */
static int expect(const struct der *in, size_t *pos, u8 tag, struct der *el)
{
	int rc = der_next(in->data, in->len, pos, el);

	if (rc)
		return -EBADMSG;
	return el->tag == tag ? 0 : -EBADMSG;
}

/* Like expect(), but where the next element has another tag, it stays. */
static bool optional(const struct der *in, size_t *pos, u8 tag, struct der *el)
{
	size_t p = *pos;

	if (der_next(in->data, in->len, &p, el) || el->tag != tag)
		return false;
	*pos = p;
	return true;
}

/* Two decimal digits, or -1. */
static int two_digits(const u8 *p)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return -1;
	return (p[0] - '0') * 10 + p[1] - '0';
}

/* Days from 1970-01-01 to a day of the Gregorian calendar, 1950 to 9999. */
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

	/* 719162 days lie between 0001-01-01 and 1970-01-01. */
	n = y * 365L + y / 4 - y / 100 + y / 400 - 719162;
	for (int m = 0; m < month - 1; m++)
		n += len[m];
	*out = n + (month > 2 && leap) + day - 1;
	return 0;
}

/* Time, RFC 5280, 4.1.2.5: YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ. */
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

/* BasicConstraints, RFC 5280, 4.2.1.9. */
static int parse_basic(const struct der *in, struct x509_cert *cert)
{
	struct der seq, el;
	size_t pos = 0;

	if (expect(in, &pos, DER_SEQUENCE, &seq) || pos != in->len)
		return -EBADMSG;
	pos = 0;
	if (optional(&seq, &pos, DER_BOOLEAN, &el)) {
		if (el.len != 1 || (el.data[0] && el.data[0] != 0xff))
			return -EBADMSG;
		cert->ca = el.data[0];
	}
	if (optional(&seq, &pos, DER_INTEGER, &el)) {
		if (!el.len || el.data[0] & 0x80)
			return -EBADMSG;
		/* No chain is as long as 254; more is as good as none. */
		cert->path_len = el.data[el.len - 1];
		if (el.len > 1 || cert->path_len > 0x7f)
			cert->path_len = 254;
	}
	return pos == seq.len ? 0 : -EBADMSG;
}

/* KeyUsage, RFC 5280, 4.2.1.3; X.690, 11.2: bits from the top, named. */
static int parse_key_usage(const struct der *in, struct x509_cert *cert)
{
	struct der el;
	size_t pos = 0;

	if (expect(in, &pos, DER_BIT_STRING, &el) || pos != in->len)
		return -EBADMSG;
	if (el.len < 1 || el.len > 3 || el.data[0] > 7)
		return -EBADMSG;
	if (el.len == 1 && el.data[0])
		return -EBADMSG;
	for (size_t bit = 0; bit < 8 * (el.len - 1); bit++)
		if (el.data[1 + bit / 8] & 0x80 >> bit % 8)
			cert->key_usage |= 1 << bit;
	cert->has_key_usage = true;
	return 0;
}

/* A SEQUENCE of one element or more; its contents are left for later. */
static int parse_sequence(const struct der *in, const u8 **data, size_t *len)
{
	struct der el;
	size_t pos = 0;

	if (expect(in, &pos, DER_SEQUENCE, &el) || pos != in->len || !el.len)
		return -EBADMSG;
	*data = el.data;
	*len = el.len;
	return 0;
}

/* An extension that is understood; -ENOENT with any other. */
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
	case CE_SUBJECT_KEY_ID:
	case CE_AUTHORITY_KEY_ID:
		/* Hints for finding an issuer, which the keys prove anyway. */
		return 0;
	}
	return -ENOENT;
}

/* Extension, RFC 5280, 4.2; @seen: those of id-ce, each at most once. */
static int parse_extension(const struct der *in, u64 *seen,
			   struct x509_cert *cert)
{
	struct der oid, el, value;
	bool critical = false;
	size_t pos = 0;
	int rc = -ENOENT;
	u8 id;

	if (expect(in, &pos, DER_OID, &oid) || !oid.len)
		return -EBADMSG;
	if (optional(in, &pos, DER_BOOLEAN, &el)) {
		if (el.len != 1)
			return -EBADMSG;
		critical = el.data[0];
	}
	if (expect(in, &pos, DER_OCTET_STRING, &value) || pos != in->len)
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

	if (expect(in, &pos, DER_SEQUENCE, &seq) || pos != in->len || !seq.len)
		return bad(fault, cert->raw, in->raw, "extensions");
	pos = 0;
	while (pos < seq.len) {
		const u8 *at = seq.data + pos;

		if (expect(&seq, &pos, DER_SEQUENCE, &ext) ||
		    parse_extension(&ext, &seen, cert))
			return bad(fault, cert->raw, at, "extensions");
	}
	return 0;
}

/* From validity to subject, which lie between issuer and key. */
static int parse_names(const struct der *tbs, size_t *pos,
		       struct x509_cert *cert, struct x509_fault *fault)
{
	const u8 *at = tbs->data + *pos;
	struct der el;

	if (expect(tbs, pos, DER_SEQUENCE, &el))
		return bad(fault, cert->raw, at, "issuer");
	cert->issuer = el.raw;
	cert->issuer_len = el.raw_len;

	at = tbs->data + *pos;
	if (expect(tbs, pos, DER_SEQUENCE, &el) || parse_validity(&el, cert))
		return bad(fault, cert->raw, at, "validity");

	at = tbs->data + *pos;
	if (expect(tbs, pos, DER_SEQUENCE, &el))
		return bad(fault, cert->raw, at, "subject");
	cert->subject = el.raw;
	cert->subject_len = el.raw_len;
	return 0;
}

/* TBSCertificate, RFC 5280, 4.1. */
static int parse_tbs(const struct der *tbs, struct x509_cert *cert,
		     struct x509_fault *fault)
{
	const u8 *at = tbs->data;
	struct der el;
	size_t pos = 0;
	int rc;

	optional(tbs, &pos, DER_CONTEXT(0), &el);	/* version */
	if (expect(tbs, &pos, DER_INTEGER, &el))
		return bad(fault, cert->raw, at, "serialNumber");
	at = tbs->data + pos;
	if (expect(tbs, &pos, DER_SEQUENCE, &el))
		return bad(fault, cert->raw, at, "signature");
	rc = parse_names(tbs, &pos, cert, fault);
	if (rc)
		return rc;
	at = tbs->data + pos;
	if (expect(tbs, &pos, DER_SEQUENCE, &el))
		return bad(fault, cert->raw, at, "subjectPublicKeyInfo");
	cert->key = el.raw;
	cert->key_len = el.raw_len;
	optional(tbs, &pos, 0x81, &el);		/* issuerUniqueID */
	optional(tbs, &pos, 0x82, &el);		/* subjectUniqueID */
	if (optional(tbs, &pos, DER_CONTEXT(3), &el)) {
		rc = parse_extensions(&el, cert, fault);
		if (rc)
			return rc;
	}
	if (pos != tbs->len)
		return bad(fault, cert->raw, tbs->data + pos, "extensions");
	return 0;
}

/**
 * x509_walk - walk over a certificate
 * @buf: the certificate, in DER; what follows it is not looked at
 * @len: of @buf in bytes
 * @cert: set to what is in it
 * @fault: set where the result is not 0
 *
 * Return: 0; -EBADMSG where the certificate is malformed.
 */
int x509_walk(const u8 *buf, size_t len, struct x509_cert *cert,
	      struct x509_fault *fault)
{
	struct der outer, tbs, el;
	size_t pos = 0;

	*cert = (struct x509_cert) { .path_len = X509_PATH_LEN_NONE };
	if (der_next(buf, len, &pos, &outer) || outer.tag != DER_SEQUENCE)
		return bad(fault, buf, buf, "Certificate");
	cert->raw = outer.raw;
	cert->raw_len = outer.raw_len;

	pos = 0;
	if (expect(&outer, &pos, DER_SEQUENCE, &tbs))
		return bad(fault, buf, outer.data, "tbsCertificate");
	if (expect(&outer, &pos, DER_SEQUENCE, &el))
		return bad(fault, buf, tbs.raw + tbs.raw_len,
			   "signatureAlgorithm");
	if (expect(&outer, &pos, DER_BIT_STRING, &el) || pos != outer.len)
		return bad(fault, buf, outer.data + pos, "signatureValue");
	return parse_tbs(&tbs, cert, fault);
}

static bool same_name(const u8 *a, size_t a_len, const u8 *b, size_t b_len)
{
	return a_len == b_len && !memcmp(a, b, a_len);
}

/**
 * x509_self_issued - are issuer and subject the same?
 * @cert: certificate
 *
 * RFC 5280, 6.1: which does not mean that it is signed with its own key.
 *
 * Return: true if they are, byte for byte.
 */
bool x509_self_issued(const struct x509_cert *cert)
{
	return same_name(cert->issuer, cert->issuer_len, cert->subject,
			 cert->subject_len);
}

/**
 * x509_issued_by - is the issuer of a certificate the subject of another?
 * @cert: certificate
 * @issuer: the other
 *
 * Return: true if it is, byte for byte; RFC 5280, 6.1.3 (a)(4).
 */
bool x509_issued_by(const struct x509_cert *cert,
		    const struct x509_cert *issuer)
{
	return same_name(cert->issuer, cert->issuer_len, issuer->subject,
			 issuer->subject_len);
}

/* Length of an INTEGER that is not negative, without the zeros before it. */
static int number_len(const struct der *in, size_t *pos, size_t *len)
{
	struct der el;

	if (expect(in, pos, DER_INTEGER, &el))
		return -EBADMSG;
	while (el.len && !*el.data) {
		el.data++;
		el.len--;
	}
	*len = el.len;
	return 0;
}

/**
 * x509_rsa_sizes - how long are the numbers of an RSA key?
 * @key: RSAPublicKey in DER; RFC 8017, A.1.1
 * @len: its length in bytes
 * @n_len: set to the length of the modulus in bytes
 * @e_len: set to that of the public exponent
 *
 * Return: 0; -EBADMSG where the key is malformed.
 */
int x509_rsa_sizes(const u8 *key, size_t len, size_t *n_len, size_t *e_len)
{
	struct der seq;
	size_t pos = 0;

	if (der_next(key, len, &pos, &seq) || seq.tag != DER_SEQUENCE)
		return -EBADMSG;
	pos = 0;
	if (number_len(&seq, &pos, n_len) || number_len(&seq, &pos, e_len))
		return -EBADMSG;
	return 0;
}

/**
 * x509_check_key - does verifying with a certificate's key take bounded time?
 * @cert: certificate
 * @fault: set where the result is not 0
 *
 * The work of RSA grows with the public exponent, which whoever makes the key
 * may choose as long as the modulus. Nobody uses more than 64 bits.
 *
 * Return: 0; -EKEYREJECTED where it does not; -EBADMSG where the key is
 * malformed.
 */
int x509_check_key(const struct x509_cert *cert, struct x509_fault *fault)
{
	struct der spki, alg, oid, bits;
	size_t pos = 0, n_len, e_len;

	/* SubjectPublicKeyInfo, RFC 5280, 4.1: x509_walk() has seen the first. */
	if (der_next(cert->key, cert->key_len, &pos, &spki))
		return bad(fault, cert->raw, cert->key, "subjectPublicKeyInfo");
	pos = 0;
	if (expect(&spki, &pos, DER_SEQUENCE, &alg) ||
	    expect(&spki, &pos, DER_BIT_STRING, &bits))
		return bad(fault, cert->raw, cert->key, "subjectPublicKeyInfo");
	pos = 0;
	if (expect(&alg, &pos, DER_OID, &oid))
		return bad(fault, cert->raw, alg.raw, "subjectPublicKeyInfo");
	if (oid.len != sizeof(id_rsa) || memcmp(oid.data, id_rsa, oid.len))
		return 0;
	/* The first octet counts unused bits; X.690 8.6.2. */
	if (!bits.len ||
	    x509_rsa_sizes(bits.data + 1, bits.len - 1, &n_len, &e_len))
		return bad(fault, cert->raw, bits.raw, "subjectPublicKey");
	if (e_len > sizeof(u64))
		return refused(fault, "Public exponent is too long",
			       "subjectPublicKey");
	return 0;
}

/**
 * x509_check_time - is a certificate valid at a time?
 * @cert: certificate
 * @now: seconds since 1970
 * @fault: set where the result is not 0
 *
 * Return: 0; -EKEYEXPIRED after its validity; -EKEYREJECTED before it.
 */
int x509_check_time(const struct x509_cert *cert, s64 now,
		    struct x509_fault *fault)
{
	if (now < cert->not_before)
		return refused(fault, "Certificate is not valid yet",
			       "notBefore");
	if (now <= cert->not_after)
		return 0;
	refused(fault, "Certificate has expired", "notAfter");
	return -EKEYEXPIRED;
}

static int check_critical(const struct x509_cert *cert,
			  struct x509_fault *fault)
{
	if (!cert->critical)
		return 0;
	refused(fault, "Certificate has an unknown critical extension",
		"extensions");
	fault->offset = cert->critical - cert->raw;
	return -EKEYREJECTED;
}

/**
 * x509_check_ca - may a certificate sign those below it?
 * @cert: certificate
 * @below: how many certificates lie between it and the leaf, self-issued ones
 *	   not counted
 * @fault: set where the result is not 0
 *
 * RFC 5280, 6.1.4 (k) to (o).
 *
 * Return: 0; -EKEYREJECTED where it may not.
 */
int x509_check_ca(const struct x509_cert *cert, size_t below,
		  struct x509_fault *fault)
{
	if (!cert->ca)
		return refused(fault, "Certificate is not that of a CA",
			       "basicConstraints");
	if (cert->path_len != X509_PATH_LEN_NONE && below > cert->path_len)
		return refused(fault, "Certificate chain is too long for its CA",
			       "pathLenConstraint");
	/* "If present": a root without keyUsage is not restricted. */
	if (cert->has_key_usage && !(cert->key_usage & X509_KU_KEY_CERT_SIGN))
		return refused(fault,
			       "Certificate is not for signing certificates",
			       "keyUsage");
	return check_critical(cert, fault);
}

/* True where one of the purposes in @cert is among those of a responder. */
static bool eku_fits(const struct x509_cert *cert)
{
	struct der el;
	size_t pos = 0;

	while (!der_next(cert->eku, cert->eku_len, &pos, &el)) {
		if (el.tag != DER_OID)
			return false;
		for (size_t i = 0; i < ARRAY_SIZE(ekus); i++)
			if (el.len == ekus[i].len &&
			    !memcmp(el.data, ekus[i].oid, el.len))
				return true;
	}
	return false;
}

/**
 * x509_check_leaf - may a certificate's key sign for a responder?
 * @cert: certificate
 * @fault: set where the result is not 0
 *
 * DSP0274, "Leaf certificate"; RFC 5280, 4.2.1.3 and 4.2.1.12.
 *
 * Return: 0; -EKEYREJECTED where it may not.
 */
int x509_check_leaf(const struct x509_cert *cert, struct x509_fault *fault)
{
	if (cert->ca)
		return refused(fault, "Leaf certificate is that of a CA",
			       "basicConstraints");
	if (cert->has_key_usage) {
		if (cert->key_usage & X509_KU_KEY_CERT_SIGN)
			return refused(fault,
				       "Leaf certificate is for signing certificates",
				       "keyUsage");
		if (!(cert->key_usage & X509_KU_DIGITAL_SIGNATURE))
			return refused(fault,
				       "Leaf certificate is not for signing",
				       "keyUsage");
	}
	if (cert->eku && !eku_fits(cert))
		return refused(fault, "Leaf certificate is not for a responder",
			       "extKeyUsage");
	return check_critical(cert, fault);
}

/**
 * x509_next_cma_name - take the next name that PCI-SIG defined
 * @cert: certificate
 * @pos: where the walk stands, 0 to start it; moved on
 * @name: set to point to the string, which is not terminated and may hold
 *	  anything
 * @len: set to its length
 * @fault: set where the result is -EBADMSG
 *
 * PCIe r6.1, 6.31.3: an otherName 2.23.147 with a UTF8String. Other names are
 * passed over.
 *
 * Return: 0; -ENODATA where there is none any more; -EBADMSG where the
 * subject alternative name is malformed.
 */
int x509_next_cma_name(const struct x509_cert *cert, size_t *pos,
		       const u8 **name, size_t *len, struct x509_fault *fault)
{
	struct der gn, oid, value, str;
	size_t p;
	int rc;

	if (!cert->san)
		return -ENODATA;
	for (;;) {
		rc = der_next(cert->san, cert->san_len, pos, &gn);
		if (rc == -ENODATA)
			return rc;
		if (rc)
			return bad(fault, cert->raw, cert->san + *pos,
				   "subjectAltName");
		if (gn.tag != DER_CONTEXT(0))
			continue;
		p = 0;
		if (expect(&gn, &p, DER_OID, &oid) ||
		    expect(&gn, &p, DER_CONTEXT(0), &value) || p != gn.len)
			return bad(fault, cert->raw, gn.raw, "otherName");
		if (oid.len == sizeof(id_cma) &&
		    !memcmp(oid.data, id_cma, sizeof(id_cma)))
			break;
	}

	p = 0;
	if (expect(&value, &p, DER_UTF8_STRING, &str) || p != value.len)
		return bad(fault, cert->raw, value.raw, "otherName");
	*name = str.data;
	*len = str.len;
	return 0;
}
