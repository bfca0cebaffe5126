// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signature databases of UEFI (PK, KEK, db, dbx) in words; UEFI 2.10, 32.4.1.
 */
#include <stdlib.h>
#include <string.h>

#include "log/words.h"
#include "x509_text.h"
#include "x509_walk.h"

/* EFI_SIGNATURE_LIST. */
#define SIG_LIST_MIN	28
#define GUID_LEN	16
/* Subjects of more certificates are not read; text of one subject. */
#define SUBJECTS_MAX	4
#define SUBJECT_MAX	256

static const u8 type_x509[GUID_LEN] = {
	0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
	0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72,
};

static const u8 type_sha256[GUID_LEN] = {
	0x26, 0x16, 0xc4, 0xc1, 0x4c, 0x50, 0x92, 0x40,
	0xac, 0xa9, 0x41, 0xf9, 0x36, 0x93, 0x43, 0x28,
};

/**
 * ccg_signature_list_check - check an EFI_SIGNATURE_LIST
 * @p: the list
 * @end: end of the data
 *
 * Return: the end of the list; NULL if its lengths do not fit.
 */
const u8 *ccg_signature_list_check(const u8 *p, const u8 *end)
{
	u32 len, header, size;

	if (end - p < SIG_LIST_MIN)
		return NULL;
	len = get_unaligned_le32(p + 16);
	header = get_unaligned_le32(p + 20);
	size = get_unaligned_le32(p + 24);
	if (len < SIG_LIST_MIN || len > (size_t)(end - p) || size < GUID_LEN ||
	    header > len - SIG_LIST_MIN || (len - SIG_LIST_MIN - header) % size)
		return NULL;
	return p + len;
}

/**
 * ccg_signature_subject - get the subject of a certificate
 * @der: the certificate
 * @len: length of @der in bytes
 *
 * Return: the text, free it with free(); NULL if the bytes are no certificate,
 * or memory is short.
 */
char *ccg_signature_subject(const u8 *der, size_t len)
{
	struct x509_fault fault;
	struct x509_cert cert;
	char *text;

	if (x509_walk(der, len, &cert, &fault))
		return NULL;
	text = malloc(SUBJECT_MAX);
	if (!text)
		return NULL;
	x509_name_text(cert.subject, cert.subject_len, text, SUBJECT_MAX);
	return ccg_unescape(text);
}

/* Signatures of a variable, counted. */
struct counts {
	size_t certs;
	size_t digests;
	size_t others;
	size_t shown;
};

static void put_subject(struct ccg_text *l, struct counts *n, const u8 *der,
			size_t len)
{
	char *subject;

	if (n->shown == SUBJECTS_MAX)
		return;
	n->shown++;
	subject = ccg_signature_subject(der, len);
	ccg_text_put(l, "%s", n->shown > 1 ? "; " : "");
	if (subject)
		ccg_text_bytes(l, subject, strlen(subject));
	else
		ccg_text_put(l, "unreadable");
	free(subject);
}

static size_t count_in(const u8 *p)
{
	u32 len = get_unaligned_le32(p + 16);
	u32 header = get_unaligned_le32(p + 20);

	return (len - SIG_LIST_MIN - header) / get_unaligned_le32(p + 24);
}

static bool count_lists(const struct efi_var *var, struct counts *n)
{
	const u8 *p = var->data, *end = var->data + var->len, *next;

	for (; p < end; p = next) {
		next = ccg_signature_list_check(p, end);
		if (!next)
			return false;
		if (!memcmp(p, type_x509, GUID_LEN))
			n->certs += count_in(p);
		else if (!memcmp(p, type_sha256, GUID_LEN))
			n->digests += count_in(p);
		else
			n->others += count_in(p);
	}
	return true;
}

static void put_subjects(struct ccg_text *l, const struct efi_var *var,
			 struct counts *n)
{
	const u8 *p = var->data, *end = var->data + var->len, *next, *key;

	for (; p < end && n->shown < SUBJECTS_MAX; p = next) {
		u32 size = get_unaligned_le32(p + 24);

		next = ccg_signature_list_check(p, end);
		if (memcmp(p, type_x509, GUID_LEN))
			continue;
		key = p + SIG_LIST_MIN + get_unaligned_le32(p + 20);
		for (; key < next && n->shown < SUBJECTS_MAX; key += size)
			put_subject(l, n, key + GUID_LEN, size - GUID_LEN);
	}
}

/**
 * ccg_signature_lists_words - describe a signature database
 * @l: the line, with the name of the variable
 * @var: the variable
 *
 * Return: false if its contents are not signature lists.
 */
bool ccg_signature_lists_words(struct ccg_text *l, const struct efi_var *var)
{
	struct counts n = {};

	if (!count_lists(var, &n))
		return false;
	if (!n.certs && !n.digests && !n.others)
		ccg_text_put(l, " is empty");
	if (n.digests) {
		ccg_text_put(l, ", ");
		ccg_put_count(l, n.digests, "SHA-256 digest");
	}
	if (n.others) {
		ccg_text_put(l, ", ");
		ccg_put_count(l, n.others, "other signature");
	}
	if (!n.certs)
		return true;
	ccg_text_put(l, ", ");
	ccg_put_count(l, n.certs, "certificate");
	ccg_text_put(l, ": ");
	put_subjects(l, var, &n);
	if (n.certs > n.shown)
		ccg_text_put(l, "; %zu more", n.certs - n.shown);
	return true;
}

/**
 * ccg_signature_words - describe an EFI_SIGNATURE_DATA with a certificate
 * @l: the line, with the name of the variable
 * @p: owner and certificate
 * @len: length of @p in bytes
 *
 * Return: false if there is no certificate.
 */
bool ccg_signature_words(struct ccg_text *l, const u8 *p, size_t len)
{
	char *subject;

	if (len < GUID_LEN)
		return false;
	subject = ccg_signature_subject(p + GUID_LEN, len - GUID_LEN);
	if (!subject)
		return false;
	ccg_text_put(l, ", certificate ");
	ccg_text_bytes(l, subject, strlen(subject));
	free(subject);
	return true;
}
