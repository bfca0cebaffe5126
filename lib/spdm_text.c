// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sentence that states why an authentication failed. The kernel's log and
 * the tools use the same words.
 */
#include "spdm_text.h"
#include "x509_text.h"

void spdm_chain_fault(const struct x509_verdict *v, int err,
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
	else if (v->detail[0])
		snprintf(fault->detail, size, "%s", v->detail);
	else if (err == -EBADMSG && v->fault.field)
		snprintf(fault->detail, size,
			 "certificate %zu, %s at offset %zu", v->at,
			 v->fault.field, v->fault.offset);
	else
		snprintf(fault->detail, size, "certificate %zu", v->at);
}

/* "Slot 0: ", or nothing if the failure has no slot. */
static int put_slot(const struct spdm_failure *f, char *buf, size_t size)
{
	if (f->slot == SPDM_NO_SLOT)
		return 0;
	return snprintf(buf, size, "Slot %u: ", f->slot);
}

int spdm_failure_text(const struct spdm_failure *f, const char *anchors,
		      char *buf, size_t size)
{
	const struct spdm_fault *x = &f->fault;
	int n;

	/* The words of the kernel series under review: users search for them. */
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
		return n + snprintf(buf, size,
				    "%s (ERROR 0x%02x, data 0x%02x)%s%s%s%s",
				    x->what, x->error, x->value,
				    x->request ? " in answer to " : "",
				    x->request ? x->request : "",
				    x->detail[0] ? ": " : "", x->detail);
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

/* Parses "1.0" to "1.4". */
static bool parse_version(const char *text, u8 *version)
{
	if (strncmp(text, "1.", 2) || text[2] < '0' || text[2] > '4')
		return false;
	*version = SPDM_VER_10 + text[2] - '0';
	return true;
}

int spdm_parse_versions(const char *text, u8 *low, u8 *high)
{
	u8 first, last;

	if (!parse_version(text, &first))
		return -EINVAL;
	last = first;
	if (text[3] && (text[3] != '-' || !parse_version(text + 4, &last) ||
			text[7]))
		return -EINVAL;
	if (first > last)
		return -EINVAL;
	*low = first;
	*high = last;
	return 0;
}
