// SPDX-License-Identifier: GPL-2.0-only
/*
 * The chains of a device, for people to look at: as it sent them, whether they
 * are to be trusted or not.
 */
#include <errno.h>
#include <stdlib.h>

#include <openssl/pem.h>

#include "auth.h"

static char *name_text(const u8 *name, size_t len)
{
	char buf[CCG_NAME_TEXT];

	x509_name_text(name, len, buf, sizeof(buf));
	return strdup(buf);
}

static char *san_text(const struct x509_cert *x)
{
	struct x509_fault fault;
	char buf[CCG_NAME_TEXT];
	const u8 *name;
	size_t pos = 0, len;

	if (x509_next_cma_name(x, &pos, &name, &len, &fault))
		return NULL;
	x509_text(name, len, buf, sizeof(buf));
	return strdup(buf);
}

static int add_cert(struct ccg_auth_chain *chain, const struct x509_cert *x)
{
	struct ccg_auth_cert *c;

	c = realloc(chain->certs, (chain->n + 1) * sizeof(*c));
	if (!c)
		return -ENOMEM;
	chain->certs = c;
	c += chain->n++;
	*c = (struct ccg_auth_cert) {
		.subject = name_text(x->subject, x->subject_len),
		.issuer = name_text(x->issuer, x->issuer_len),
		.san = san_text(x),
		.not_before = x->not_before,
		.not_after = x->not_after,
		.ca = x->ca,
		.der = x->raw,
		.len = x->raw_len,
	};
	return c->subject && c->issuer ? 0 : -ENOMEM;
}

/**
 * ccg_chain_split - find the certificates of a chain
 * @chain: its bytes; the rest is set, up to a certificate that is none
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_chain_split(struct ccg_auth_chain *chain)
{
	struct x509_fault fault;
	struct x509_cert x;
	size_t pos = 0;
	int rc = 0;

	for (; !rc && pos < chain->len; pos += x.raw_len) {
		if (x509_walk(chain->der + pos, chain->len - pos, &x, &fault))
			return asprintf(&chain->malformed,
					"%s: %s at offset %zu", fault.what,
					fault.field, pos + fault.offset) < 0 ?
			       -ENOMEM : 0;
		rc = add_cert(chain, &x);
	}
	return rc;
}

/**
 * ccg_chain_clear - free what ccg_chain_split() has made
 * @chain: the chain
 */
void ccg_chain_clear(struct ccg_auth_chain *chain)
{
	for (size_t i = 0; i < chain->n; i++) {
		free(chain->certs[i].subject);
		free(chain->certs[i].issuer);
		free(chain->certs[i].san);
	}
	free(chain->certs);
	free(chain->malformed);
}

/**
 * ccg_auth_cert_pem - write a certificate as PEM
 * @ctx: the context
 * @cert: the certificate
 * @pemp: set to the text; free it with free()
 *
 * Return: 0 or a negative errno.
 */
int ccg_auth_cert_pem(struct ccg_ctx *ctx, const struct ccg_auth_cert *cert,
		      char **pemp)
{
	BIO *bio = BIO_new(BIO_s_mem());
	const char *text;
	long len;

	*pemp = NULL;
	if (bio && PEM_write_bio(bio, PEM_STRING_X509, "", cert->der,
				 cert->len)) {
		len = BIO_get_mem_data(bio, &text);
		*pemp = strndup(text, len);
	}
	BIO_free(bio);
	return *pemp ? 0 : ccg_fail_errno(ctx, -ENOMEM, "certificate");
}
