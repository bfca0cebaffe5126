// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files with revocation lists.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ccguest/file.h>

#include "report/report.h"

/* All of the file must be the list. */
static X509_CRL *parse_der(const uint8_t *buf, size_t len)
{
	const unsigned char *pos = buf;
	X509_CRL *crl = d2i_X509_CRL(NULL, &pos, len);

	if (crl && pos != buf + len) {
		X509_CRL_free(crl);
		return NULL;
	}
	return crl;
}

static X509_CRL *parse(const uint8_t *buf, size_t len)
{
	X509_CRL *crl, *second;
	BIO *bio;

	/* A SEQUENCE with a long length: text never begins like this. */
	if (len > 1 && buf[0] == 0x30 && buf[1] & 0x80)
		return parse_der(buf, len);
	bio = BIO_new_mem_buf(buf, len);
	crl = bio ? PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL) : NULL;
	second = crl ? PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	if (!second)
		return crl;
	X509_CRL_free(crl);
	X509_CRL_free(second);
	return NULL;
}

/**
 * ccg_crl_at - parse a revocation list of a verification
 * @ctx: the context
 * @want: what the report is verified against
 * @i: number of the list
 * @crlp: set to the list; free it with X509_CRL_free()
 *
 * Return: 0; -EINVAL with class CCG_FAILED if the list is malformed.
 */
int ccg_crl_at(struct ccg_ctx *ctx, const struct ccg_report_want *want, size_t i,
	       X509_CRL **crlp)
{
	*crlp = parse_der(want->crls[i].p, want->crls[i].len);
	ERR_clear_error();
	if (*crlp)
		return 0;
	ccg_fail(ctx, -EINVAL, CCG_FAILED, "revocation list",
		 "list %zu is malformed", i);
	return -EINVAL;
}

int ccg_report_crl_load(struct ccg_ctx *ctx, const char *path, uint8_t **derp,
			size_t *lenp)
{
	unsigned char *der = NULL;
	X509_CRL *crl;
	uint8_t *buf;
	size_t len;
	int n, rc;

	rc = ccg_file_load(ctx, path, CCG_CRL_FILE_MAX, &buf, &len);
	if (rc)
		return rc;
	crl = parse(buf, len);
	ERR_clear_error();
	ccg_wipe_free(buf, len);
	if (!crl) {
		ccg_fail(ctx, -EBADMSG, CCG_FAILED, path,
			 "expected one revocation list, in DER or PEM");
		return -EBADMSG;
	}
	n = i2d_X509_CRL(crl, &der);
	X509_CRL_free(crl);
	*derp = n > 0 ? malloc(n) : NULL;
	if (*derp) {
		memcpy(*derp, der, n);
		*lenp = n;
	}
	OPENSSL_free(der);
	return *derp ? 0 : ccg_fail_errno(ctx, -ENOMEM, path);
}
