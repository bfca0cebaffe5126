// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parser of certificates in DER and in PEM.
 */
#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ccguest/cert.h>
#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/text.h"
#include "x509/cert.h"
#include "x509_cma.h"
#include "x509_text.h"

/* Limit for a Name; a longer one is cut, as in the kernel's log. */
#define NAME_TEXT_MAX	1024

/* ---- contents of a certificate ---- */

/* The format of the kernel's log, so that both texts compare equal. */
static char *name_text(const X509_NAME *name)
{
	char text[NAME_TEXT_MAX];
	const unsigned char *der;
	size_t len;

	if (!X509_NAME_get0_der(name, &der, &len))
		return NULL;
	x509_name_text(der, len, text, sizeof(text));
	return strdup(ccg_unescape(text));
}

static char *key_text(const X509 *x)
{
	static const char *const curves[][2] = {
		{ "prime256v1", "P-256" }, { "secp384r1", "P-384" },
		{ "secp521r1", "P-521" },
	};
	EVP_PKEY *key = X509_get0_pubkey(x);
	const char *type, *what;
	char curve[64] = "";
	char *text;
	size_t i;
	int rc;

	if (!key)
		return strdup("unknown");
	type = EVP_PKEY_get0_type_name(key);
	if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME,
					   curve, sizeof(curve), NULL)) {
		what = curve;
		for (i = 0; i < ARRAY_SIZE(curves); i++)
			if (!strcmp(curve, curves[i][0]))
				what = curves[i][1];
		rc = asprintf(&text, "%s %s", type ? type : "?", what);
	} else if (type && !strncmp(type, "ML-DSA-", 7)) {
		rc = asprintf(&text, "%s", type);
	} else {
		rc = asprintf(&text, "%s %d", type ? type : "?",
			      EVP_PKEY_get_bits(key));
	}
	return rc < 0 ? NULL : text;
}

/* Leaves the text empty if the time is malformed. */
static void time_text(const ASN1_TIME *t, char *text)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm))
		ccg_time_text(&tm, text);
}

static enum ccg_cert_time check_time(const X509 *x)
{
	if (X509_cmp_current_time(X509_get0_notAfter(x)) < 0)
		return CCG_CERT_EXPIRED;
	if (X509_cmp_current_time(X509_get0_notBefore(x)) > 0)
		return CCG_CERT_NOT_YET;
	return CCG_CERT_IN_TIME;
}

static char *device_name_text(const u8 *name, size_t len)
{
	char text[NAME_TEXT_MAX];

	x509_text(name, len, text, sizeof(text));
	return strdup(ccg_unescape(text));
}

/* The first name of each kind: PCIe r6.1, 6.31.3, and DSP0274. */
static int add_device_names(struct ccg_cert *cert,
			    const struct x509_cert *walked)
{
	size_t pci = 0, dmtf = 0, len;
	struct x509_fault fault = {};
	const u8 *name;

	if (!x509_next_cma_name(walked, &pci, &name, &len, &fault)) {
		cert->device_name = device_name_text(name, len);
		if (!cert->device_name)
			return -ENOMEM;
	}
	if (!x509_next_dmtf_name(walked, &dmtf, &name, &len, &fault)) {
		cert->dmtf_name = device_name_text(name, len);
		if (!cert->dmtf_name)
			return -ENOMEM;
	}
	return 0;
}

static int add_key_hash(struct ccg_cert *cert, const struct x509_cert *walked)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	if (!EVP_Digest(walked->key, walked->key_len, hash, &len, EVP_sha256(),
			NULL))
		return -ENOMEM;
	cert->key_sha256 = ccg_hex_text(hash, len);
	return cert->key_sha256 ? 0 : -ENOMEM;
}

static void add_limit(char *text, size_t size, const char *limit)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, "%s%s", len ? ", " : "", limit);
}

/*
 * The kernel keeps of a CA its key, its names, and whether it is a CA and may
 * sign certificates.
 */
static int add_limits(struct ccg_cert *cert, const struct x509_cert *walked)
{
	char text[160] = "", path[32];

	cert->cert_sign = walked->key_usage & X509_KU_KEY_CERT_SIGN;
	if (!walked->ca)
		return 0;
	if (walked->path_len != X509_PATH_LEN_NONE) {
		snprintf(path, sizeof(path), "pathLenConstraint %u",
			 walked->path_len);
		add_limit(text, sizeof(text), path);
	}
	if (walked->constraints)
		add_limit(text, sizeof(text), "nameConstraints");
	if (walked->eku)
		add_limit(text, sizeof(text), "extKeyUsage");
	if (walked->critical)
		add_limit(text, sizeof(text), "an unknown critical extension");
	if (!*text)
		return 0;
	cert->limits = strdup(text);
	return cert->limits ? 0 : -ENOMEM;
}

/* Adds what OpenSSL does not tell; nothing if lib/ cannot parse the DER. */
static int add_extensions(struct ccg_cert *cert)
{
	struct x509_fault fault = {};
	struct x509_cert walked;

	if (x509_walk(cert->der, cert->der_len, &walked, &fault))
		return 0;
	if (add_device_names(cert, &walked) || add_key_hash(cert, &walked) ||
	    add_limits(cert, &walked))
		return -ENOMEM;
	return ccg_dice_add(cert, &walked);
}

static int describe(struct ccg_cert *cert, X509 *x)
{
	const ASN1_OCTET_STRING *skid = X509_get0_subject_key_id(x);
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int hash_len = 0;
	int ca = X509_check_ca(x);

	/* 3: a root of X.509 version 1, without basicConstraints. */
	cert->ca = ca == 1 || ca == 3;
	cert->time = check_time(x);
	time_text(X509_get0_notBefore(x), cert->not_before);
	time_text(X509_get0_notAfter(x), cert->not_after);
	cert->subject = name_text(X509_get_subject_name(x));
	cert->issuer = name_text(X509_get_issuer_name(x));
	cert->key = key_text(x);
	if (!EVP_Digest(cert->der, cert->der_len, hash, &hash_len, EVP_sha256(),
			NULL))
		return -ENOMEM;
	cert->fingerprint = ccg_hex_text(hash, hash_len);
	if (skid) {
		cert->key_id = ccg_hex_text(ASN1_STRING_get0_data(skid),
					    ASN1_STRING_length(skid));
		if (!cert->key_id)
			return -ENOMEM;
	}
	if (!cert->subject || !cert->issuer || !cert->key || !cert->fingerprint)
		return -ENOMEM;
	return add_extensions(cert);
}

/* ---- files ---- */

/**
 * struct parser - certificates that are being parsed
 * @ctx: the context
 * @what: name of the file or object, for the error
 * @certs: certificates parsed so far
 */
struct parser {
	struct ccg_ctx *ctx;
	const char *what;
	struct ccg_certs *certs;
};

static int add_cert(struct parser *p, const uint8_t *der, size_t len, X509 *x)
{
	struct ccg_certs *certs = p->certs;
	struct ccg_cert *bigger, *cert;

	if (certs->n == CCG_CERTS_MAX)
		return ccg_fail(p->ctx, -E2BIG, CCG_FAILED, p->what,
				"has more than %d certificates", CCG_CERTS_MAX);
	bigger = realloc(certs->certs, (certs->n + 1) * sizeof(*bigger));
	if (!bigger)
		return ccg_fail_errno(p->ctx, -ENOMEM, p->what);
	certs->certs = bigger;
	cert = &bigger[certs->n++];
	*cert = (struct ccg_cert) { .der_len = len };
	cert->der = malloc(len);
	if (!cert->der || X509_up_ref(x) != 1)
		return ccg_fail_errno(p->ctx, -ENOMEM, p->what);
	cert->x509 = x;
	memcpy(cert->der, der, len);
	if (describe(cert, x))
		return ccg_fail_errno(p->ctx, -ENOMEM, p->what);
	return 0;
}

/* Returns OpenSSL's reason for its last failure. */
static const char *ssl_reason(void)
{
	const char *why = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return why ? why : "malformed";
}

/* Parses certificates one after the other, as in a device's slot. */
static int parse_der(struct parser *p, const uint8_t *buf, size_t len)
{
	const unsigned char *pos = buf, *start;
	X509 *x;
	int rc;

	while (pos < buf + len) {
		start = pos;
		x = d2i_X509(NULL, &pos, buf + len - start);
		if (!x)
			return ccg_fail(p->ctx, -EBADMSG, CCG_FAILED, p->what,
					"certificate %zu at offset %zu: %s",
					p->certs->n, (size_t)(start - buf),
					ssl_reason());
		rc = add_cert(p, start, pos - start, x);
		X509_free(x);
		if (rc)
			return rc;
	}
	return 0;
}

/* Parses one block of a PEM file; other blocks are ignored. */
static int parse_block(struct parser *p, const char *name, const uint8_t *der,
		       size_t len)
{
	const unsigned char *pos = der;
	X509 *x;
	int rc;

	if (strcmp(name, PEM_STRING_X509) && strcmp(name, PEM_STRING_X509_OLD))
		return 0;
	x = d2i_X509(NULL, &pos, len);
	if (!x)
		return ccg_fail(p->ctx, -EBADMSG, CCG_FAILED, p->what,
				"certificate %zu: %s", p->certs->n,
				ssl_reason());
	if (pos == der + len)
		rc = add_cert(p, der, len, x);
	else
		rc = ccg_fail(p->ctx, -EBADMSG, CCG_FAILED, p->what,
			      "certificate %zu: %zu bytes behind its end",
			      p->certs->n, (size_t)(der + len - pos));
	X509_free(x);
	return rc;
}

static int parse_pem(struct parser *p, const uint8_t *buf, size_t len)
{
	BIO *bio = BIO_new_mem_buf(buf, len);
	char *name, *header;
	unsigned char *data;
	int rc = 0;
	long n;

	if (!bio)
		return ccg_fail_errno(p->ctx, -ENOMEM, p->what);
	while (!rc && PEM_read_bio(bio, &name, &header, &data, &n)) {
		rc = parse_block(p, name, data, n);
		OPENSSL_free(name);
		OPENSSL_free(header);
		/* The block may have been a private key. */
		OPENSSL_clear_free(data, n);
	}
	BIO_free(bio);
	/* No further block: the end of the file. */
	if (!rc && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		return ccg_fail(p->ctx, -EBADMSG, CCG_FAILED, p->what,
				"certificate %zu: %s", p->certs->n,
				ssl_reason());
	ERR_clear_error();
	return rc;
}

int ccg_certs_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *buf,
		    size_t len, struct ccg_certs **certsp)
{
	/* A SEQUENCE with a long length: text never begins like this. */
	bool der = len > 1 && buf[0] == 0x30 && buf[1] & 0x80;
	struct parser p = { .ctx = ctx, .what = what };
	int rc;

	p.certs = calloc(1, sizeof(*p.certs));
	if (!p.certs)
		return ccg_fail_errno(ctx, -ENOMEM, what);
	ERR_clear_error();
	rc = der ? parse_der(&p, buf, len) : parse_pem(&p, buf, len);
	if (!rc && !p.certs->n) {
		rc = ccg_fail(ctx, -ENODATA, CCG_FAILED, what,
			      "holds no certificate, neither in DER nor in PEM");
	}
	if (rc) {
		ccg_certs_free(p.certs);
		return rc;
	}
	*certsp = p.certs;
	return 0;
}

/**
 * ccg_certs_parse_der - parse certificates up to the first malformed one
 * @ctx: the context
 * @what: name of the object, for the error
 * @buf: certificates in DER, one after the other
 * @len: length of @buf in bytes
 * @certsp: set to the certificates, also on failure, unless memory is short;
 *	    free them with ccg_certs_free()
 *
 * Return: 0; -EBADMSG if a certificate is malformed; -E2BIG if there are too
 * many; -ENOMEM.
 */
int ccg_certs_parse_der(struct ccg_ctx *ctx, const char *what,
			const uint8_t *buf, size_t len,
			struct ccg_certs **certsp)
{
	struct parser p = { .ctx = ctx, .what = what };

	p.certs = calloc(1, sizeof(*p.certs));
	*certsp = p.certs;
	if (!p.certs)
		return -ENOMEM;
	ERR_clear_error();
	return parse_der(&p, buf, len);
}

int ccg_certs_load(struct ccg_ctx *ctx, const char *path,
		   struct ccg_certs **certsp)
{
	uint8_t *buf;
	size_t len;
	int rc;

	rc = ccg_file_load(ctx, path, CCG_CERTS_FILE_MAX, &buf, &len);
	if (rc)
		return rc;
	rc = ccg_certs_parse(ctx, strcmp(path, "-") ? path : "standard input",
			     buf, len, certsp);
	ccg_wipe_free(buf, len);
	return rc;
}

void ccg_certs_free(struct ccg_certs *certs)
{
	size_t i;

	if (!certs)
		return;
	for (i = 0; i < certs->n; i++) {
		struct ccg_cert *cert = &certs->certs[i];

		free(cert->der);
		free(cert->subject);
		free(cert->issuer);
		free(cert->key);
		free(cert->key_id);
		free(cert->fingerprint);
		free(cert->key_sha256);
		free(cert->device_name);
		free(cert->dmtf_name);
		free(cert->limits);
		X509_free(cert->x509);
		ccg_dice_clear(cert);
	}
	free(certs->certs);
	free(certs);
}

int ccg_cert_pem(struct ccg_ctx *ctx, const struct ccg_cert *cert, char **pemp)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long len;

	*pemp = NULL;
	if (bio && PEM_write_bio(bio, PEM_STRING_X509, "", cert->der,
				 cert->der_len)) {
		len = BIO_get_mem_data(bio, &data);
		*pemp = strndup(data, len);
	}
	BIO_free(bio);
	return *pemp ? 0 : ccg_fail_errno(ctx, -ENOMEM, "PEM");
}
