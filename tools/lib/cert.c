// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificates: out of files in DER or PEM, and what they say of themselves.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"
#include "x509_chain.h"

/* A bundle of every public CA there is has fewer than 200. */
#define CERTS_MAX	1024
/* A Name that is longer is cut, as it is in the kernel's log. */
#define NAME_TEXT_MAX	1024

/* ---- what a certificate says ---- */

static char *to_hex(const uint8_t *buf, size_t len)
{
	char *text = malloc(2 * len + 1);

	if (text)
		ccg_hex(buf, len, text);
	return text;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/**
 * ccg_unescape - undo what x509_text() does
 * @text: text with \xNN in it; changed in place
 *
 * The kernel and lib/ escape what they say. Whoever prints it escapes it again,
 * and must not do so twice. A NUL stays as it is, \x00.
 *
 * Return: @text.
 */
char *ccg_unescape(char *text)
{
	char *to = text;
	const char *s;
	int high, low;

	for (s = text; *s; s++) {
		*to = *s;
		if (s[0] == '\\' && s[1] == 'x') {
			high = hex_digit(s[2]);
			low = high < 0 ? -1 : hex_digit(s[3]);
			if (low >= 0 && (high || low)) {
				*to = (char)(high * 16 + low);
				s += 3;
			}
		}
		to++;
	}
	*to = '\0';
	return text;
}

/* As in the kernel's log, so that one can be looked for in the other. */
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
	} else {
		rc = asprintf(&text, "%s %d", type ? type : "?",
			      EVP_PKEY_get_bits(key));
	}
	return rc < 0 ? NULL : text;
}

/* As ISO 8601 has it; left empty where the certificate's own is malformed. */
static void time_text(const ASN1_TIME *t, char *text, size_t size)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm))
		strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static enum ccg_cert_time check_time(const X509 *x)
{
	if (X509_cmp_current_time(X509_get0_notAfter(x)) < 0)
		return CCG_CERT_EXPIRED;
	if (X509_cmp_current_time(X509_get0_notBefore(x)) > 0)
		return CCG_CERT_NOT_YET;
	return CCG_CERT_IN_TIME;
}

/* The name of a device, PCIe r6.1, 6.31.3; none in what lib/ cannot read. */
static int get_device_name(struct ccg_cert *cert)
{
	struct x509_fault fault = {};
	struct x509_cert walked;
	size_t pos = 0, len;
	char text[NAME_TEXT_MAX];
	const u8 *name;

	if (x509_walk(cert->der, cert->der_len, &walked, &fault) ||
	    x509_next_cma_name(&walked, &pos, &name, &len, &fault))
		return 0;
	x509_text(name, len, text, sizeof(text));
	cert->device_name = strdup(ccg_unescape(text));
	return cert->device_name ? 0 : -ENOMEM;
}

static int describe(struct ccg_cert *cert, X509 *x)
{
	const ASN1_OCTET_STRING *skid = X509_get0_subject_key_id(x);
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int hash_len = 0;
	int ca = X509_check_ca(x);

	/* 3: a root of X.509 version 1, which cannot say that it is a CA. */
	cert->ca = ca == 1 || ca == 3;
	cert->time = check_time(x);
	time_text(X509_get0_notBefore(x), cert->not_before,
		  sizeof(cert->not_before));
	time_text(X509_get0_notAfter(x), cert->not_after,
		  sizeof(cert->not_after));
	cert->subject = name_text(X509_get_subject_name(x));
	cert->issuer = name_text(X509_get_issuer_name(x));
	cert->key = key_text(x);
	if (!EVP_Digest(cert->der, cert->der_len, hash, &hash_len, EVP_sha256(),
			NULL))
		return -ENOMEM;
	cert->fingerprint = to_hex(hash, hash_len);
	if (skid) {
		cert->key_id = to_hex(ASN1_STRING_get0_data(skid),
				      ASN1_STRING_length(skid));
		if (!cert->key_id)
			return -ENOMEM;
	}
	if (!cert->subject || !cert->issuer || !cert->key || !cert->fingerprint)
		return -ENOMEM;
	return get_device_name(cert);
}

/* ---- taking files apart ---- */

/**
 * struct parser - certificates that are being read
 * @ctx: the context
 * @what: the file or the thing that they are in
 * @certs: those read so far
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

	if (certs->n == CERTS_MAX)
		return ccg_fail(p->ctx, -E2BIG, CCG_FAILED, p->what,
				"has more than %d certificates", CERTS_MAX);
	bigger = realloc(certs->certs, (certs->n + 1) * sizeof(*bigger));
	if (!bigger)
		return ccg_fail_errno(p->ctx, -ENOMEM, p->what);
	certs->certs = bigger;
	cert = &bigger[certs->n++];
	*cert = (struct ccg_cert) { .der_len = len };
	cert->der = malloc(len);
	if (!cert->der)
		return ccg_fail_errno(p->ctx, -ENOMEM, p->what);
	memcpy(cert->der, der, len);
	if (describe(cert, x))
		return ccg_fail_errno(p->ctx, -ENOMEM, p->what);
	return 0;
}

/* What OpenSSL says about its last failure. */
static const char *ssl_reason(void)
{
	const char *why = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return why ? why : "malformed";
}

/* Certificates one behind the other, as they are in a slot of a device. */
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

/* One block of a PEM file; what is no certificate is left alone. */
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
		/* It may have been a private key. */
		OPENSSL_clear_free(data, n);
	}
	BIO_free(bio);
	/* Where nothing more begins, the file is at its end. */
	if (!rc && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		return ccg_fail(p->ctx, -EBADMSG, CCG_FAILED, p->what,
				"certificate %zu: %s", p->certs->n,
				ssl_reason());
	ERR_clear_error();
	return rc;
}

/**
 * ccg_certs_parse - take certificates apart
 * @ctx: the context
 * @what: the file or the thing that they are in, for the error
 * @buf: certificates in DER, one behind the other; or text with certificates
 *	 in PEM, of which other blocks are left alone
 * @len: its length in bytes
 * @certsp: set to the certificates, one at least; free them with
 *	    ccg_certs_free()
 *
 * Return: 0; -EBADMSG where one is malformed; -ENODATA where there is none; or
 * another negative errno.
 */
int ccg_certs_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *buf,
		    size_t len, struct ccg_certs **certsp)
{
	/* A SEQUENCE whose length takes more than a byte: never text. */
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
 * ccg_slot_fill - take the certificates of a slot apart
 * @ctx: the context
 * @slot: set; what is malformed is noted in it, and is no failure
 * @der: its bytes, certificates in DER; @slot has them from now on
 * @size: their number
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_slot_fill(struct ccg_ctx *ctx, struct ccg_slot *slot, uint8_t *der,
		  size_t size)
{
	struct parser p = { .ctx = ctx, .what = "slot" };
	int rc;

	slot->der = der;
	slot->size = size;
	p.certs = calloc(1, sizeof(*p.certs));
	slot->certs = p.certs;
	if (!p.certs)
		return -ENOMEM;
	ERR_clear_error();
	rc = parse_der(&p, der, size);
	if (!rc || rc == -ENOMEM)
		return rc;
	slot->error = strdup(ctx->error.why);
	return slot->error ? 0 : -ENOMEM;
}

/**
 * ccg_certs_load - read certificates from a file that the user named
 * @ctx: the context; its root directory does not matter
 * @path: the file, or "-" for standard input
 * @certsp: set to the certificates; free them with ccg_certs_free()
 *
 * Return: as ccg_certs_parse().
 */
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

/**
 * ccg_certs_free - free certificates
 * @certs: the certificates, or NULL
 */
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
		free(cert->device_name);
	}
	free(certs->certs);
	free(certs);
}

/* ---- the directory with the certificates of this machine ---- */

static bool is_cert_file(const struct dirent *de)
{
	const char *dot = strrchr(de->d_name, '.');

	/* Editors hide what they have not finished. */
	return dot && *de->d_name != '.' &&
	       (!strcmp(dot, ".der") || !strcmp(dot, ".pem"));
}

static int by_text(const void *va, const void *vb)
{
	return strcmp(*(const char *const *)va, *(const char *const *)vb);
}

/* The user named @dir; without it, it is the machine's own. */
static int open_cert_dir(struct ccg_ctx *ctx, const char *dir, DIR **dp)
{
	if (!dir)
		return ccg_opendir(ctx, CCG_CMA_DIR, dp);
	*dp = opendir(dir);
	return *dp ? 0 : -errno;
}

/* Devices are trusted by what is there: whoever can write there decides. */
static int check_private(struct ccg_ctx *ctx, int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st))
		return ccg_fail_errno(ctx, -errno, path);
	if (ccg_is_private(&st))
		return 0;
	ccg_fail(ctx, -EPERM, CCG_FAILED, path,
		 "can be changed by others than root: owner %u, mode %04o",
		 st.st_uid, st.st_mode & 07777);
	ccg_hint(ctx, "if its content is right: chown root and chmod go-w");
	return -EPERM;
}

static int add_path(struct ccg_cert_dir *d, const char *dir, const char *name)
{
	char **bigger;

	bigger = realloc(d->paths, (d->n + 1) * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	d->paths = bigger;
	if (asprintf(&bigger[d->n], "%s/%s", dir, name) < 0)
		return -ENOMEM;
	d->n++;
	return 0;
}

/**
 * ccg_cert_dir_open - look for files with certificates
 * @ctx: the context
 * @dir: the directory; NULL for CCG_CMA_DIR of this machine
 * @dp: set to what is there, in the order of the names; free it with
 *	ccg_cert_dir_free()
 *
 * Return: 0; -ENOENT where there is no such directory; or another negative
 * errno.
 */
int ccg_cert_dir_open(struct ccg_ctx *ctx, const char *dir,
		      struct ccg_cert_dir **dp)
{
	const char *what = dir ? dir : CCG_CMA_DIR;
	struct ccg_cert_dir *d;
	struct dirent *de;
	DIR *stream;
	int rc;

	rc = open_cert_dir(ctx, dir, &stream);
	if (rc == -ENOENT) {
		ccg_fail(ctx, rc, CCG_NOT_FOUND, what, "no such directory");
		ccg_hint(ctx,
			 "put certificates there, as NAME.der or NAME.pem");
		return rc;
	}
	if (rc)
		return ccg_fail_errno(ctx, rc, what);
	rc = dir ? 0 : check_private(ctx, dirfd(stream), what);
	if (rc) {
		closedir(stream);
		return rc;
	}
	d = calloc(1, sizeof(*d));
	if (!d) {
		closedir(stream);
		return ccg_fail_errno(ctx, -ENOMEM, what);
	}
	d->ctx = ctx;
	d->own = !dir;
	do {
		errno = 0;
		de = readdir(stream);
		rc = de ? 0 : -errno;
		if (de && is_cert_file(de))
			rc = d->n < CERTS_MAX ? add_path(d, what, de->d_name) :
						-E2BIG;
	} while (de && !rc);
	closedir(stream);
	if (rc) {
		ccg_cert_dir_free(d);
		return ccg_fail_errno(ctx, rc, what);
	}
	if (d->n)
		qsort(d->paths, d->n, sizeof(*d->paths), by_text);
	*dp = d;
	return 0;
}

/**
 * ccg_cert_dir_load - read the certificates of one file of a directory
 * @d: the directory
 * @i: number of the file, less than its n
 * @certsp: set to the certificates; free them with ccg_certs_free()
 *
 * Return: as ccg_certs_parse().
 */
int ccg_cert_dir_load(struct ccg_cert_dir *d, size_t i,
		      struct ccg_certs **certsp)
{
	/* O_NONBLOCK: a pipe must not stop the start of the machine. */
	int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	const char *path = d->paths[i];
	uint8_t *buf = NULL;
	struct stat st;
	size_t len = 0;
	int fd, rc;

	fd = d->own ? ccg_open(d->ctx, path, flags) : open(path, flags);
	if (fd < 0)
		return ccg_fail_errno(d->ctx, d->own ? fd : -errno, path);
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		rc = ccg_fail(d->ctx, -EINVAL, CCG_FAILED, path,
			      "is not a regular file");
	else
		rc = d->own ? check_private(d->ctx, fd, path) : 0;
	if (!rc)
		rc = ccg_load_fd(d->ctx, fd, path, CCG_CERTS_FILE_MAX, &buf,
				 &len);
	close(fd);
	if (rc)
		return rc;
	rc = ccg_certs_parse(d->ctx, path, buf, len, certsp);
	ccg_wipe_free(buf, len);
	return rc;
}

/**
 * ccg_cert_dir_free - free what ccg_cert_dir_open() found
 * @d: the directory, or NULL
 */
void ccg_cert_dir_free(struct ccg_cert_dir *d)
{
	size_t i;

	if (!d)
		return;
	for (i = 0; i < d->n; i++)
		free(d->paths[i]);
	free(d->paths);
	free(d);
}

/**
 * ccg_cert_pem - make PEM of a certificate
 * @ctx: the context
 * @cert: the certificate
 * @pemp: set to text, lines with a newline each; free it with free()
 *
 * Return: 0 or -ENOMEM.
 */
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
