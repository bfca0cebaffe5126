/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: certificates.
 */
#ifndef LIBCCGUEST_CERT_H
#define LIBCCGUEST_CERT_H

#include <ccguest/ctx.h>
#include <ccguest/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Largest accepted file with certificates, in bytes. */
#define CCG_CERTS_FILE_MAX	1048576
/* Where an administrator puts the certificates of CAs for PCI devices. */
#define CCG_CMA_DIR	"/etc/ccguest/cma.d"

/**
 * enum ccg_cert_time - validity of a certificate at the time of the clock
 * @CCG_CERT_IN_TIME: the certificate is valid now
 * @CCG_CERT_NOT_YET: the certificate is not valid yet
 * @CCG_CERT_EXPIRED: the certificate has expired
 */
enum ccg_cert_time {
	CCG_CERT_IN_TIME,
	CCG_CERT_NOT_YET,
	CCG_CERT_EXPIRED,
};

/**
 * struct ccg_fwid - digest of a firmware; TCG DICE Attestation Architecture
 * @algorithm: as "sha384", or its OID
 * @digest: in hexadecimal
 */
struct ccg_fwid {
	char *algorithm;
	char *digest;
};

/**
 * struct ccg_tcb - DiceTcbInfo: what a certificate says about a firmware
 * @vendor: or NULL
 * @model: or NULL
 * @version: or NULL
 * @svn: security version number, or -1
 * @layer: or -1
 * @index: or -1
 * @fwids: digests of the firmware
 * @n_fwids: number of @fwids
 * @flags: names of the operational flags that are set, with commas between
 *	   them; NULL if there are no flags
 * @flags_mask: names of the flags that have a meaning, likewise
 * @vendor_info: in hexadecimal, or NULL
 * @type: in hexadecimal, or NULL
 *
 * Strings have any characters that the certificate has.
 */
struct ccg_tcb {
	char *vendor;
	char *model;
	char *version;
	int64_t svn;
	int64_t layer;
	int64_t index;
	struct ccg_fwid *fwids;
	size_t n_fwids;
	char *flags;
	char *flags_mask;
	char *vendor_info;
	char *type;
};

/**
 * struct ccg_cert - one certificate
 * @der: the certificate in DER
 * @der_len: length of @der in bytes
 * @subject: as "C=US, O=Example, CN=Root", in the order of the certificate
 * @issuer: in the same form
 * @key: kind of the key, as "RSA 3072" or "EC P-384"
 * @key_id: subject key identifier in hexadecimal, or NULL
 * @fingerprint: SHA-256 of @der in hexadecimal
 * @key_sha256: SHA-256 of subjectPublicKeyInfo in hexadecimal, as in a pin of
 *		ccguest-device-policy(5); NULL if the certificate is malformed
 * @device_name: name of a PCI device, PCIe r6.1, 6.31.3, or NULL
 * @dmtf_name: name of a device, DSP0274, otherName 1.3.6.1.4.1.412.274.1, by
 *	       convention MANUFACTURER:PRODUCT:SERIAL; or NULL
 * @ueid: identifier of the device (DICE, TcgUeid) in hexadecimal, or NULL
 * @tcbs: what the certificate says about firmwares (DICE)
 * @n_tcbs: number of @tcbs
 * @limits: limits of a CA that the kernel does not keep with its key, as
 *	    "pathLenConstraint 0, nameConstraints"; NULL if there are none
 * @cert_sign: keyUsage has keyCertSign
 * @not_before: first second of the validity, ISO 8601; empty if malformed
 * @not_after: last second of the validity, ISO 8601; empty if malformed
 * @time: validity at the time of the clock
 * @ca: the certificate is that of a CA
 * @x509: the certificate as OpenSSL parsed it, an X509 of <openssl/x509.h>
 */
struct ccg_cert {
	uint8_t *der;
	size_t der_len;
	char *subject;
	char *issuer;
	char *key;
	char *key_id;
	char *fingerprint;
	char *key_sha256;
	char *device_name;
	char *dmtf_name;
	char *ueid;
	struct ccg_tcb *tcbs;
	size_t n_tcbs;
	char *limits;
	bool cert_sign;
	char not_before[CCG_TIME_TEXT];
	char not_after[CCG_TIME_TEXT];
	enum ccg_cert_time time;
	bool ca;
	void *x509;
};

/**
 * struct ccg_certs - certificates of a file or of a slot of a device
 * @n: number of @certs
 * @certs: the certificates, in the order of the file or the slot
 */
struct ccg_certs {
	size_t n;
	struct ccg_cert *certs;
};

/**
 * struct ccg_cert_dir - files with certificates in a directory
 * @ctx: the context
 * @own: the directory is CCG_CMA_DIR of this machine
 * @n: number of @paths
 * @paths: the files whose names end in .der or .pem, sorted by name
 */
struct ccg_cert_dir {
	struct ccg_ctx *ctx;
	bool own;
	size_t n;
	char **paths;
};

/**
 * ccg_certs_parse - parse certificates
 * @ctx: the context
 * @what: name of the file or the object, for the error
 * @buf: certificates in DER, one after the other; or text with certificates in
 *	 PEM; blocks of other kinds are ignored
 * @len: length of @buf in bytes
 * @certsp: set to the certificates, at least one; free them with
 *	    ccg_certs_free()
 *
 * Return: 0; -EBADMSG if a certificate is malformed; -ENODATA if @buf holds no
 * certificate; -E2BIG if it holds more than 1024; all with class CCG_FAILED.
 */
int ccg_certs_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *buf,
		    size_t len, struct ccg_certs **certsp);

/**
 * ccg_certs_load - read certificates from a file
 * @ctx: the context; its root directory is not used
 * @path: the file, or "-" for standard input
 * @certsp: set to the certificates; free them with ccg_certs_free()
 *
 * Return: as ccg_certs_parse(); -EFBIG if the file is longer than
 * CCG_CERTS_FILE_MAX; or another negative errno.
 */
int ccg_certs_load(struct ccg_ctx *ctx, const char *path,
		   struct ccg_certs **certsp);

/**
 * ccg_certs_free - free certificates
 * @certs: the certificates, or NULL
 */
void ccg_certs_free(struct ccg_certs *certs);

/**
 * ccg_cert_pem - convert a certificate to PEM
 * @ctx: the context
 * @cert: the certificate
 * @pemp: set to the text; each line ends in a newline; free it with free()
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_cert_pem(struct ccg_ctx *ctx, const struct ccg_cert *cert, char **pemp);

/**
 * ccg_cert_dir_open - find the files with certificates in a directory
 * @ctx: the context
 * @dir: the directory; NULL for CCG_CMA_DIR of this machine
 * @dp: set to the files; free them with ccg_cert_dir_free()
 *
 * Return: 0; -ENOENT with class CCG_NOT_FOUND if the directory does not exist;
 * -E2BIG if there are more than 1024 files; or another negative errno.
 */
int ccg_cert_dir_open(struct ccg_ctx *ctx, const char *dir,
		      struct ccg_cert_dir **dp);

/**
 * ccg_cert_dir_load - read the certificates of one file of a directory
 * @d: the directory
 * @i: number of the file, less than the directory's n
 * @certsp: set to the certificates; free them with ccg_certs_free()
 *
 * Return: as ccg_certs_load(); -EINVAL if it is not a regular file.
 */
int ccg_cert_dir_load(struct ccg_cert_dir *d, size_t i,
		      struct ccg_certs **certsp);

/**
 * ccg_cert_dir_free - free the files that ccg_cert_dir_open() found
 * @d: the directory, or NULL
 */
void ccg_cert_dir_free(struct ccg_cert_dir *d);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_CERT_H */
