// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser of quotes of Intel TDX.
 *
 * Intel TDX DCAP Quoting Library API, "Version 4 Quote Format" and "Version 5 Quote
 * Format". Integers are little-endian, except those of signatures and keys.
 */
#include <errno.h>
#include <string.h>

#include "env.h"
#include "report/report.h"

/* The header; offsets in the quote. */
#define QUOTE_VERSION		0x00
#define QUOTE_KEY_TYPE		0x02
#define QUOTE_TEE		0x04
#define QUOTE_QE_VENDOR		0x0c
#define QUOTE_USER_DATA		0x1c
#define QUOTE_HEADER_LEN	0x30

#define KEY_ECDSA_P256		2
#define TEE_TDX			0x81

/* The body; offsets in the body. */
#define BODY_TEE_TCB_SVN	0x000
#define BODY_MR_SEAM		0x010
#define BODY_MR_SIGNER_SEAM	0x040
#define BODY_SEAM_ATTRIBUTES	0x070
#define BODY_TD_ATTRIBUTES	0x078
#define BODY_XFAM		0x080
#define BODY_MR_TD		0x088
#define BODY_MR_CONFIG_ID	0x0b8
#define BODY_MR_OWNER		0x0e8
#define BODY_MR_OWNER_CONFIG	0x118
#define BODY_RTMR		0x148
#define BODY_REPORT_DATA	0x208
#define BODY_10_LEN		0x248
#define BODY_TEE_TCB_SVN_2	0x248
#define BODY_MR_SERVICE_TD	0x258
#define BODY_15_LEN		0x288

#define BODY_TD_10		2
#define BODY_TD_15		3

/* What the quoting enclave certifies the attestation key with. */
#define CERT_QE_REPORT		6
#define CERT_PCK_CHAIN		5

_Static_assert(BODY_RTMR + CCG_TDX_RTMRS * CCG_TDX_DIGEST_LEN == BODY_REPORT_DATA,
	       "the registers precede the report data");

/**
 * struct reader - a walk through a quote
 * @buf: the quote
 * @pos: offset of the next field
 * @end: end of the part of the quote that has the next field
 * @fault: set where the quote is malformed
 */
struct reader {
	const u8 *buf;
	size_t pos;
	size_t end;
	struct report_fault *fault;
};

/* Returns NULL, with a fault, where fewer bytes are left. */
static const u8 *take(struct reader *r, size_t len, const char *field)
{
	const u8 *p = r->buf + r->pos;

	if (len > r->end - r->pos) {
		ccg_fault_at(r->fault, r->pos, "%s has %zu bytes, but only %zu bytes follow",
			     field, len, r->end - r->pos);
		return NULL;
	}
	r->pos += len;
	return p;
}

static int take_header(struct reader *r, struct ccg_tdx *t)
{
	const u8 *p = take(r, QUOTE_HEADER_LEN, "the header");
	u32 tee;

	if (!p)
		return -EBADMSG;
	t->version = get_unaligned_le16(p + QUOTE_VERSION);
	t->key_type = get_unaligned_le16(p + QUOTE_KEY_TYPE);
	tee = get_unaligned_le32(p + QUOTE_TEE);
	if (t->version != 4 && t->version != 5)
		return ccg_fault_at(r->fault, QUOTE_VERSION,
				    "the version is %u, not 4 or 5", t->version);
	if (t->key_type != KEY_ECDSA_P256)
		return ccg_fault_at(r->fault, QUOTE_KEY_TYPE,
				    "the type of the attestation key is %u, not 2 (ECDSA P-256)",
				    t->key_type);
	if (tee != TEE_TDX)
		return ccg_fault_at(r->fault, QUOTE_TEE,
				    "the TEE type is 0x%x, not 0x81 (TDX)", tee);
	memcpy(t->qe_vendor, p + QUOTE_QE_VENDOR, sizeof(t->qe_vendor));
	memcpy(t->user_data, p + QUOTE_USER_DATA, sizeof(t->user_data));
	return 0;
}

/* A quote of version 5 has the type and the length of its body. */
static int take_body_type(struct reader *r, struct ccg_tdx *t, size_t *len)
{
	size_t start = r->pos;
	const u8 *p;

	t->body_type = BODY_TD_10;
	*len = BODY_10_LEN;
	if (t->version == 4)
		return 0;
	p = take(r, 6, "the descriptor of the body");
	if (!p)
		return -EBADMSG;
	t->body_type = get_unaligned_le16(p);
	if (t->body_type != BODY_TD_10 && t->body_type != BODY_TD_15)
		return ccg_fault_at(r->fault, start,
				    "the type of the body is %u, not 2 (TD 1.0) or 3 (TD 1.5)",
				    t->body_type);
	t->has_15 = t->body_type == BODY_TD_15;
	*len = t->has_15 ? BODY_15_LEN : BODY_10_LEN;
	if (get_unaligned_le32(p + 2) != *len)
		return ccg_fault_at(r->fault, start + 2,
				    "the length of the body is %u, not %zu",
				    get_unaligned_le32(p + 2), *len);
	return 0;
}

static void read_body(const u8 *p, struct ccg_tdx *t)
{
	memcpy(t->tee_tcb_svn, p + BODY_TEE_TCB_SVN, sizeof(t->tee_tcb_svn));
	memcpy(t->mr_seam, p + BODY_MR_SEAM, sizeof(t->mr_seam));
	memcpy(t->mr_signer_seam, p + BODY_MR_SIGNER_SEAM,
	       sizeof(t->mr_signer_seam));
	t->seam_attributes = get_unaligned_le64(p + BODY_SEAM_ATTRIBUTES);
	t->td_attributes = get_unaligned_le64(p + BODY_TD_ATTRIBUTES);
	t->xfam = get_unaligned_le64(p + BODY_XFAM);
	memcpy(t->mr_td, p + BODY_MR_TD, sizeof(t->mr_td));
	memcpy(t->mr_config_id, p + BODY_MR_CONFIG_ID, sizeof(t->mr_config_id));
	memcpy(t->mr_owner, p + BODY_MR_OWNER, sizeof(t->mr_owner));
	memcpy(t->mr_owner_config, p + BODY_MR_OWNER_CONFIG,
	       sizeof(t->mr_owner_config));
	memcpy(t->rtmr, p + BODY_RTMR, sizeof(t->rtmr));
	memcpy(t->report_data, p + BODY_REPORT_DATA, sizeof(t->report_data));
	if (!t->has_15)
		return;
	memcpy(t->tee_tcb_svn_2, p + BODY_TEE_TCB_SVN_2,
	       sizeof(t->tee_tcb_svn_2));
	memcpy(t->mr_service_td, p + BODY_MR_SERVICE_TD,
	       sizeof(t->mr_service_td));
}

static int take_body(struct reader *r, struct tdx_quote *q)
{
	size_t len;
	const u8 *p;

	if (take_body_type(r, &q->t, &len))
		return -EBADMSG;
	p = take(r, len, "the body");
	if (!p)
		return -EBADMSG;
	read_body(p, &q->t);
	q->body = (struct ccg_bytes) { r->buf, r->pos };
	return 0;
}

/* Takes a type and a length, which must be that of all bytes that are left. */
static int take_cert_head(struct reader *r, unsigned int type, const char *field)
{
	size_t start = r->pos;
	const u8 *p = take(r, 6, field);

	if (!p)
		return -EBADMSG;
	if (get_unaligned_le16(p) != type)
		return ccg_fault_at(r->fault, start, "the type of %s is %u, not %u",
				    field, get_unaligned_le16(p), type);
	if (get_unaligned_le32(p + 2) != r->end - r->pos)
		return ccg_fault_at(r->fault, start + 2,
				    "the length of %s is %u, but %zu bytes follow",
				    field, get_unaligned_le32(p + 2),
				    r->end - r->pos);
	return 0;
}

static int take_certification(struct reader *r, struct tdx_quote *q)
{
	const u8 *p;

	if (take_cert_head(r, CERT_QE_REPORT, "the certification data"))
		return -EBADMSG;
	q->qe_report = take(r, TDX_QE_REPORT_LEN, "the report of the quoting enclave");
	if (!q->qe_report)
		return -EBADMSG;
	q->qe_signature = take(r, TDX_SIG_LEN, "the signature of the PCK");
	if (!q->qe_signature)
		return -EBADMSG;
	p = take(r, 2, "the length of the authentication data");
	if (!p)
		return -EBADMSG;
	q->qe_auth.len = get_unaligned_le16(p);
	q->qe_auth.p = take(r, q->qe_auth.len, "the authentication data");
	if (!q->qe_auth.p ||
	    take_cert_head(r, CERT_PCK_CHAIN, "the chain of the PCK"))
		return -EBADMSG;
	q->chain.len = r->end - r->pos;
	q->chain.p = take(r, q->chain.len, "the chain of the PCK");
	return 0;
}

static int take_signature_data(struct reader *r, struct tdx_quote *q)
{
	size_t start = r->pos;
	const u8 *p = take(r, 4, "the length of the signature data");

	if (!p)
		return -EBADMSG;
	if (get_unaligned_le32(p) > r->end - r->pos)
		return ccg_fault_at(r->fault, start,
				    "the signature data has %u bytes, but only %zu bytes follow",
				    get_unaligned_le32(p), r->end - r->pos);
	r->end = r->pos + get_unaligned_le32(p);
	q->signature = take(r, TDX_SIG_LEN, "the signature of the quote");
	if (!q->signature)
		return -EBADMSG;
	q->key = take(r, TDX_KEY_LEN, "the attestation key");
	if (!q->key)
		return -EBADMSG;
	return take_certification(r, q);
}

/**
 * ccg_tdx_parse - parse a quote
 * @buf: the bytes; zeros may follow the quote, as the kernel's buffer is longer
 * @len: number of bytes
 * @q: set to the fields, and to places in @buf; undefined on failure
 * @fault: set to the reason of a failure
 *
 * Each length in the quote must be that of its part: no byte of the quote is
 * left out.
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_tdx_parse(const uint8_t *buf, size_t len, struct tdx_quote *q,
		  struct report_fault *fault)
{
	struct reader r = { .buf = buf, .end = len, .fault = fault };

	*q = (struct tdx_quote) { 0 };
	if (take_header(&r, &q->t) || take_body(&r, q) ||
	    take_signature_data(&r, q))
		return -EBADMSG;
	q->t.len = r.pos;
	for (size_t i = r.pos; i < len; i++)
		if (buf[i])
			return ccg_fault_at(fault, i,
					    "bytes other than zero follow the quote");
	return 0;
}

/* ATTRIBUTES of TD_PARAMS; Intel TDX Module ABI Specification, 3.4.1. */
const char *ccg_tdx_attribute_name(unsigned int bit)
{
	switch (bit) {
	case 0:
		return "debug";
	case 1:
		return "hgs_plus_prof";
	case 2:
		return "perf_prof";
	case 3:
		return "pmt_prof";
	case 16:
		return "icssd";
	case 27:
		return "lass";
	case 28:
		return "sept_ve_disable";
	case 29:
		return "migratable";
	case 30:
		return "pks";
	case 31:
		return "kl";
	case 62:
		return "tpa";
	case 63:
		return "perfmon";
	}
	return NULL;
}
