// SPDX-License-Identifier: GPL-2.0-only
/*
 * Certificates of the keys that sign reports of SEV-SNP: names and extensions.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <openssl/objects.h>
#include <openssl/x509.h>

#include "core/ctx.h"
#include "report/snp_cert.h"
#include "sev/snp.h"

/* ---- names ---- */

/* The common name of a Name that has exactly one; false otherwise. */
static bool common_name(const X509_NAME *name, char *text, size_t size)
{
	int i = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	const ASN1_STRING *s;
	size_t len;

	if (i < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, i) >= 0)
		return false;
	s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
	len = ASN1_STRING_length(s);
	if (len >= size || memchr(ASN1_STRING_get0_data(s), 0, len))
		return false;
	memcpy(text, ASN1_STRING_get0_data(s), len);
	text[len] = '\0';
	return true;
}

static enum snp_role role_of(const X509_NAME *name, enum ccg_snp_product *product)
{
	/* "SEV-VLEK-" must come before "SEV-", which it begins with. */
	static const struct {
		const char *prefix;
		enum snp_role role;
	} cas[] = {
		{ "ARK-", SNP_ARK }, { "SEV-VLEK-", SNP_ASVK }, { "SEV-", SNP_ASK },
	};
	char cn[64];

	*product = CCG_SNP_UNKNOWN;
	if (!common_name(name, cn, sizeof(cn)))
		return SNP_OTHER;
	if (!strcmp(cn, "SEV-VCEK"))
		return SNP_VCEK;
	if (!strcmp(cn, "SEV-VLEK"))
		return SNP_VLEK;
	for (size_t i = 0; i < ARRAY_SIZE(cas); i++) {
		size_t len = strlen(cas[i].prefix);

		if (strncmp(cn, cas[i].prefix, len))
			continue;
		*product = ccg_snp_product_find(cn + len);
		return *product == CCG_SNP_UNKNOWN ? SNP_OTHER : cas[i].role;
	}
	return SNP_OTHER;
}

/**
 * ccg_snp_cert_role - find out what a certificate is for, by its name
 * @cert: the certificate
 * @product: set to the product in the name; CCG_SNP_UNKNOWN for a VCEK or VLEK
 *
 * Return: the role.
 */
enum snp_role ccg_snp_cert_role(const struct ccg_cert *cert,
				enum ccg_snp_product *product)
{
	return role_of(X509_get_subject_name(cert->x509), product);
}

/* ---- extensions ---- */

/* 1.3.6.1.4.1.3704.1, of AMD. */
static const uint8_t amd[] = { 0x2b, 6, 1, 4, 1, 0x9c, 0x78, 1 };

enum ext {
	EXT_OTHER, EXT_VERSION, EXT_PRODUCT, EXT_SPL, EXT_HWID, EXT_CSP,
};

/* @spl: set to n of an OID that ends in 3.n. */
static enum ext ext_of(const ASN1_OBJECT *oid, unsigned int *spl)
{
	const uint8_t *p = OBJ_get0_data(oid);
	size_t len = OBJ_length(oid);

	if (len < sizeof(amd) || memcmp(p, amd, sizeof(amd)))
		return EXT_OTHER;
	p += sizeof(amd);
	len -= sizeof(amd);
	if (len == 2 && p[0] == 3 && p[1] >= 1 && p[1] <= 9) {
		*spl = p[1];
		return EXT_SPL;
	}
	if (len != 1)
		return EXT_OTHER;
	return p[0] == 1 ? EXT_VERSION : p[0] == 2 ? EXT_PRODUCT :
	       p[0] == 4 ? EXT_HWID : p[0] == 5 ? EXT_CSP : EXT_OTHER;
}

/* An INTEGER from 0 to 255, in DER. */
static bool take_byte(const uint8_t *p, size_t len, uint8_t *val)
{
	if (len == 3 && p[0] == 2 && p[1] == 1 && p[2] < 0x80) {
		*val = p[2];
		return true;
	}
	if (len == 4 && p[0] == 2 && p[1] == 2 && !p[2] && p[3] >= 0x80) {
		*val = p[3];
		return true;
	}
	return false;
}

/* An IA5String with printable ASCII, in DER, of fewer than @size characters. */
static bool take_text(const uint8_t *p, size_t len, char *text, size_t size)
{
	if (len < 3 || p[0] != 0x16 || p[1] > 127 || p[1] != len - 2 ||
	    len - 2 >= size)
		return false;
	for (size_t i = 2; i < len; i++)
		if (p[i] < 0x20 || p[i] > 0x7e)
			return false;
	memcpy(text, p + 2, len - 2);
	text[len - 2] = '\0';
	return true;
}

/*
 * Most certificates have the bytes of the ID without a DER header, a few of 2023
 * have an OCTET STRING. Only the length tells: an ID may begin like a header.
 */
static bool take_hwid(const uint8_t *p, size_t len, struct snp_vek *vek)
{
	if (len == SNP_HWID_LEN + 2 || len == SNP_HWID_TURIN_LEN + 2) {
		if (p[0] != 4 || p[1] != len - 2)
			return false;
		p += 2;
		len -= 2;
	}
	if (len != SNP_HWID_LEN && len != SNP_HWID_TURIN_LEN)
		return false;
	memcpy(vek->hwid, p, len);
	vek->hwid_len = len;
	return true;
}

static bool take_product(const uint8_t *p, size_t len, struct snp_vek *vek)
{
	char text[64];

	if (!take_text(p, len, text, sizeof(text)))
		return false;
	/* "Milan-B0": what follows the product is not reliable. */
	text[strcspn(text, "-")] = '\0';
	vek->named = ccg_snp_product_find(text);
	return true;
}

static bool take_spl(const uint8_t *p, size_t len, unsigned int spl,
		     struct snp_vek *vek)
{
	static const enum ccg_snp_part parts[] = {
		[1] = CCG_SNP_BOOTLOADER, [2] = CCG_SNP_TEE, [3] = CCG_SNP_SNP,
		[8] = CCG_SNP_MICROCODE, [9] = CCG_SNP_FMC,
	};
	uint8_t val;

	if (!take_byte(p, len, &val))
		return false;
	if (spl >= 4 && spl <= 7) {
		vek->reserved[spl - 4] = val;
		return true;
	}
	vek->svn[parts[spl]] = val;
	vek->has |= 1U << parts[spl];
	return true;
}

static bool take_ext(enum ext ext, unsigned int spl, const ASN1_OCTET_STRING *s,
		     struct snp_vek *vek)
{
	const uint8_t *p = ASN1_STRING_get0_data(s);
	size_t len = ASN1_STRING_length(s);
	uint8_t version;

	switch (ext) {
	case EXT_VERSION:
		return take_byte(p, len, &version);
	case EXT_PRODUCT:
		return take_product(p, len, vek);
	case EXT_SPL:
		return take_spl(p, len, spl, vek);
	case EXT_HWID:
		return take_hwid(p, len, vek);
	case EXT_CSP:
		if (!take_text(p, len, vek->csp, sizeof(vek->csp)))
			return false;
		vek->csp_len = strlen(vek->csp);
		return true;
	default:
		return true;
	}
}

static const char *ext_name(enum ext ext)
{
	static const char *const names[] = {
		[EXT_VERSION] = "structVersion", [EXT_PRODUCT] = "productName",
		[EXT_SPL] = "spl", [EXT_HWID] = "hwID", [EXT_CSP] = "cspID",
	};

	return names[ext];
}

static int bad_ext(char *why, enum ext ext, unsigned int spl, const char *fault)
{
	char nr[16] = "";

	if (ext == EXT_SPL)
		snprintf(nr, sizeof(nr), " 3.%u", spl);
	snprintf(why, SNP_CERT_WHY, "its extension %s%s %s", ext_name(ext), nr,
		 fault);
	return -EBADMSG;
}

static int take_exts(const X509 *x, struct snp_vek *vek, char *why)
{
	unsigned int seen = 0, seen_spl = 0, spl = 0;
	int n = X509_get_ext_count(x);

	for (int i = 0; i < n; i++) {
		X509_EXTENSION *e = X509_get_ext(x, i);
		enum ext ext = ext_of(X509_EXTENSION_get_object(e), &spl);
		unsigned int *mask = ext == EXT_SPL ? &seen_spl : &seen;
		unsigned int bit = 1U << (ext == EXT_SPL ? spl : ext);

		if (ext == EXT_OTHER)
			continue;
		if (*mask & bit)
			return bad_ext(why, ext, spl, "is there twice");
		*mask |= bit;
		if (!take_ext(ext, spl, X509_EXTENSION_get_data(e), vek))
			return bad_ext(why, ext, spl, "is malformed");
	}
	if (!(seen & 1U << EXT_PRODUCT)) {
		snprintf(why, SNP_CERT_WHY, "it has no extension productName");
		return -EBADMSG;
	}
	return 0;
}

/* ---- a certificate ---- */

/* Rules of a VCEK and a VLEK, whatever the report is. */
static const char *bad_vek(const struct snp_vek *vek)
{
	unsigned int need = 1U << CCG_SNP_BOOTLOADER | 1U << CCG_SNP_TEE |
			    1U << CCG_SNP_SNP | 1U << CCG_SNP_MICROCODE;

	if (vek->product == CCG_SNP_TURIN || vek->product == CCG_SNP_VENICE)
		need |= 1U << CCG_SNP_FMC;
	if ((vek->has & need) != need)
		return "it lacks an extension with a part of the TCB version";
	if (vek->role == SNP_VCEK && !vek->hwid_len)
		return "a VCEK has the extension hwID";
	if (vek->role == SNP_VLEK && vek->hwid_len)
		return "a VLEK has no extension hwID";
	if (vek->role == SNP_VLEK && !vek->csp_len)
		return "a VLEK has the extension cspID";
	if (vek->role == SNP_VCEK && vek->csp_len)
		return "a VCEK has no extension cspID";
	return NULL;
}

/**
 * ccg_snp_vek_parse - parse a VCEK or VLEK
 * @cert: the certificate, whose role is SNP_VCEK or SNP_VLEK
 * @vek: set to its contents, also on failure, as far as they are known
 * @why: set to the reason of a failure
 *
 * Return: 0; -EBADMSG if the certificate is not as AMD specifies it.
 */
int ccg_snp_vek_parse(const struct ccg_cert *cert, struct snp_vek *vek,
		      char why[SNP_CERT_WHY])
{
	X509 *x = cert->x509;
	enum ccg_snp_product none;
	const char *fault;

	*vek = (struct snp_vek) { .cert = cert };
	vek->role = ccg_snp_cert_role(cert, &none);
	vek->issuer = role_of(X509_get_issuer_name(x), &vek->product);
	if (take_exts(x, vek, why))
		return -EBADMSG;
	fault = strcmp(cert->key, "EC P-384") ? "its key is not EC P-384" :
		bad_vek(vek);
	if (!fault)
		return 0;
	snprintf(why, SNP_CERT_WHY, "%s", fault);
	return -EBADMSG;
}
