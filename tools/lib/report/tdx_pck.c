// SPDX-License-Identifier: GPL-2.0-only
/*
 * The extension of Intel's PCK certificates that is about the platform.
 *
 * Intel SGX PCK Certificate and Certificate Revocation List Profile Specification,
 * 1.3.5, "SGX Extensions": a sequence of pairs of an object identifier and a value.
 */
#include <errno.h>
#include <string.h>

#include "der.h"
#include "env.h"
#include "report/tdx_verify.h"

/* 1.2.840.113741.1.13.1 */
static const u8 sgx[] = { 0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01 };

/* The last component of identifiers in the extension. */
#define SGX_TCB		2
#define SGX_PCE_ID	3
#define SGX_FMSPC	4
/* The last component of identifiers in the value of SGX_TCB. */
#define TCB_PCESVN	17
#define TCB_CPUSVN	18

/**
 * struct walk - a walk through the extension
 * @buf: the extension
 * @p: set
 * @fault: set where the extension is malformed
 * @seen: the pairs that were seen, by their last component
 * @seen_tcb: likewise, in the value of SGX_TCB
 */
struct walk {
	const u8 *buf;
	struct tdx_pck *p;
	struct report_fault *fault;
	u32 seen;
	u32 seen_tcb;
};

static int bad_field(struct walk *w, const struct der *at, const char *field)
{
	ccg_fault_at(w->fault, at->raw - w->buf, "%s is malformed", field);
	return -EBADMSG;
}

static int take_bytes(struct walk *w, const struct der *value, u8 *to, size_t len,
		      const char *field)
{
	if (value->tag != DER_OCTET_STRING || value->len != len)
		return bad_field(w, value, field);
	memcpy(to, value->data, len);
	return 0;
}

/* Security version numbers have 16 bits. */
static int take_pcesvn(struct walk *w, const struct der *value)
{
	const u8 *p = value->data;
	size_t len = value->len;

	if (value->tag != DER_INTEGER || !len || p[0] & 0x80)
		return bad_field(w, value, "PCESVN");
	if (!p[0] && len > 1) {
		p++;
		len--;
	}
	if (len > 2)
		return bad_field(w, value, "PCESVN");
	w->p->pcesvn = len == 2 ? p[0] << 8 | p[1] : p[0];
	return 0;
}

/*
 * Takes the next pair. Sets @last to the last component of its identifier; 0 if the
 * identifier does not begin with @prefix.
 */
static int take_pair(struct walk *w, const struct der *in, size_t *pos,
		     const u8 *prefix, size_t len, unsigned int *last,
		     struct der *value)
{
	struct der pair, oid;
	size_t at = 0;

	if (der_expect(in, pos, DER_SEQUENCE, &pair) ||
	    der_expect(&pair, &at, DER_OID, &oid) ||
	    der_next(pair.data, pair.len, &at, value) || at != pair.len)
		return bad_field(w, in, "a pair of the extension");
	*last = 0;
	if (oid.len == len + 1 && !memcmp(oid.data, prefix, len) &&
	    oid.data[len] < 32)
		*last = oid.data[len];
	return 0;
}

static int see(struct walk *w, u32 *seen, unsigned int last, const struct der *at)
{
	if (last && *seen & 1U << last)
		return ccg_fault_at(w->fault, at->raw - w->buf,
				    "there are two pairs with number %u", last);
	*seen |= 1U << last;
	return 0;
}

static int take_tcb(struct walk *w, const struct der *tcb)
{
	u8 prefix[sizeof(sgx) + 1];
	struct der value;
	unsigned int last;
	size_t pos = 0;
	int rc = 0;

	memcpy(prefix, sgx, sizeof(sgx));
	prefix[sizeof(sgx)] = SGX_TCB;
	if (tcb->tag != DER_SEQUENCE)
		return bad_field(w, tcb, "the TCB");
	while (!rc && pos < tcb->len) {
		if (take_pair(w, tcb, &pos, prefix, sizeof(prefix), &last, &value) ||
		    see(w, &w->seen_tcb, last, &value))
			return -EBADMSG;
		if (last == TCB_PCESVN)
			rc = take_pcesvn(w, &value);
		else if (last == TCB_CPUSVN)
			rc = take_bytes(w, &value, w->p->cpusvn, TDX_CPUSVN_LEN,
					"CPUSVN");
	}
	return rc;
}

static int take_value(struct walk *w, unsigned int last, const struct der *value)
{
	switch (last) {
	case SGX_TCB:
		return take_tcb(w, value);
	case SGX_PCE_ID:
		return take_bytes(w, value, w->p->pce_id, TDX_PCE_ID_LEN, "PCE ID");
	case SGX_FMSPC:
		return take_bytes(w, value, w->p->fmspc, TDX_FMSPC_LEN, "FMSPC");
	default:
		return 0;
	}
}

static int check_seen(struct walk *w)
{
	const char *field = NULL;

	if (!(w->seen & 1U << SGX_FMSPC))
		field = "FMSPC";
	else if (!(w->seen & 1U << SGX_PCE_ID))
		field = "PCE ID";
	else if (!(w->seen_tcb & 1U << TCB_PCESVN))
		field = "PCESVN";
	else if (!(w->seen_tcb & 1U << TCB_CPUSVN))
		field = "CPUSVN";
	return field ? ccg_fault_at(w->fault, 0, "there is no %s", field) : 0;
}

/**
 * ccg_tdx_pck_parse - parse the extension of a PCK certificate
 * @buf: value of the extension
 * @len: length of @buf in bytes
 * @p: set to the contents; undefined on failure
 * @fault: set to the reason of a failure
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_tdx_pck_parse(const uint8_t *buf, size_t len, struct tdx_pck *p,
		      struct report_fault *fault)
{
	struct walk w = { .buf = buf, .p = p, .fault = fault };
	struct der all, value;
	unsigned int last;
	size_t pos = 0;

	*p = (struct tdx_pck) { 0 };
	if (der_next(buf, len, &pos, &all) || all.tag != DER_SEQUENCE || pos != len)
		return ccg_fault_at(fault, 0, "the extension is not one sequence");
	pos = 0;
	while (pos < all.len) {
		if (take_pair(&w, &all, &pos, sgx, sizeof(sgx), &last, &value) ||
		    see(&w, &w.seen, last, &value) || take_value(&w, last, &value))
			return -EBADMSG;
	}
	return check_seen(&w);
}
