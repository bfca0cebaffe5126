// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is said about an authentication, in the same words in the kernel's log
 * and on a terminal.
 */
#include "spdm_text.h"

static void name_detail(const struct x509_verdict *v, const char *expected,
			char *detail, size_t size)
{
	int n = snprintf(detail, size, v->name ? "expected %s, found " :
						 "expected %s", expected);

	if (v->name && n >= 0 && (size_t)n < size)
		x509_text(v->name, v->name_len, detail + n, size - n);
}

/**
 * spdm_chain_fault - tell why a chain was refused
 * @v: what x509_verify_chain() said about it
 * @err: what it returned
 * @policy: what was asked of it
 * @fault: set
 */
void spdm_chain_fault(const struct x509_verdict *v, int err,
		      const struct x509_policy *policy,
		      struct spdm_fault *fault)
{
	size_t size = sizeof(fault->detail);

	*fault = (struct spdm_fault) {
		.what = v->fault.what,
		.field = v->fault.field,
		.offset = v->fault.offset,
	};
	if (err == -ENOKEY)
		x509_name_text(v->issuer, v->issuer_len, fault->detail, size);
	else if (err == -EBADMSG && v->fault.field)
		snprintf(fault->detail, size,
			 "certificate %zu, %s at offset %zu", v->at,
			 v->fault.field, v->fault.offset);
	else if (policy->name && v->name_checked)
		name_detail(v, policy->name, fault->detail, size);
	else
		snprintf(fault->detail, size, "certificate %zu", v->at);
}

/* "slot 0: ", or nothing. */
static int put_slot(const struct spdm_failure *f, char *buf, size_t size)
{
	if (f->slot == SPDM_NO_SLOT)
		return 0;
	return snprintf(buf, size, "Slot %u: ", f->slot);
}

/**
 * spdm_failure_text - say in one sentence why an authentication failed
 * @f: what failed
 * @anchors: where the trusted certificates are, as ".cma keyring"
 * @buf: set to the sentence, without a period
 * @size: of @buf in bytes; SPDM_TEXT_MAX is enough
 *
 * Return: what snprintf() returns.
 */
int spdm_failure_text(const struct spdm_failure *f, const char *anchors,
		      char *buf, size_t size)
{
	const struct spdm_fault *x = &f->fault;
	int n;

	/* The words that users of earlier requesters search for. */
	if (f->stage == SPDM_STAGE_CHAIN && f->err == -ENOKEY)
		return snprintf(buf, size,
				"Root certificate for slot %u not found in %s: %s",
				f->slot, anchors, x->detail);

	n = put_slot(f, buf, size);
	if ((size_t)n >= size)
		return n;
	buf += n;
	size -= n;
	if (x->error)
		return n + snprintf(buf, size, "%s (ERROR 0x%02x, data 0x%02x)",
				    x->what, x->error, x->value);
	if (x->detail[0])
		return n + snprintf(buf, size, "%s: %s", x->what, x->detail);
	if (x->field)
		return n + snprintf(buf, size,
				    "%s: %s at offset %zu (%#x against %#x)",
				    x->what, x->field, x->offset, x->value,
				    x->limit);
	if (x->limit)
		return n + snprintf(buf, size, "%s: %u bytes, at %s %u wanted",
				    x->what, x->value,
				    f->err == -EMSGSIZE ? "most" : "least",
				    x->limit);
	return n + snprintf(buf, size, "%s: error %d", x->what, f->err);
}
