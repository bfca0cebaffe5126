// SPDX-License-Identifier: GPL-2.0-only
/*
 * What certificates say about devices and firmwares, by the DICE architecture.
 */
#include <errno.h>
#include <openssl/objects.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/cert.h>
#include <ccguest/text.h>

#include "core/text.h"
#include "x509/cert.h"
#include "x509_dice.h"

/* OperationalFlags, TCG DICE Attestation Architecture 1.1, 6.1.1. */
static const char *const flags[] = {
	"notConfigured", "notSecure", "recovery", "debug", "notReplayProtected",
	"notIntegrityProtected", "notRuntimeMeasured", "notImmutable", "notTcb",
};

/* NULL stays NULL; *@err is set if memory is short. */
static char *text_of(const struct x509_tcb *t, size_t field, int *err)
{
	char *text;

	if (!t->data[field])
		return NULL;
	/* A NUL cannot be shown: such a string is cut there. */
	text = strndup((const char *)t->data[field], t->len[field]);
	if (!text)
		*err = -ENOMEM;
	return text;
}

static char *hex_of(const u8 *data, size_t len, int *err)
{
	char *text;

	if (!data)
		return NULL;
	text = ccg_hex_text(data, len);
	if (!text)
		*err = -ENOMEM;
	return text;
}

static char *hex_field(const struct x509_tcb *t, size_t field, int *err)
{
	return hex_of(t->data[field], t->len[field], err);
}

/* lib/ accepts up to eight bytes without a sign. */
static int64_t number_of(const struct x509_tcb *t, size_t field)
{
	uint64_t val = 0;

	if (!t->data[field])
		return -1;
	for (size_t i = 0; i < t->len[field]; i++)
		val = val << 8 | t->data[field][i];
	return (int64_t)val;
}

/* A BIT STRING of four octets at most; the first bit is the highest. */
static char *flags_of(const struct x509_tcb *t, size_t field, int *err)
{
	const u8 *data = t->data[field];
	const size_t len = t->len[field];
	char text[32 * 24] = "";
	size_t n = 0;
	char *copy;

	if (!data)
		return NULL;
	for (size_t bit = 0; bit < 8 * (len - 1); bit++) {
		if (!(data[1 + bit / 8] & 0x80 >> bit % 8))
			continue;
		n += bit < ARRAY_SIZE(flags) ?
		     snprintf(text + n, sizeof(text) - n, "%s%s",
			      n ? "," : "", flags[bit]) :
		     snprintf(text + n, sizeof(text) - n, "%sbit%zu",
			      n ? "," : "", bit);
	}
	copy = strdup(text);
	if (!copy)
		*err = -ENOMEM;
	return copy;
}

/* @oid: contents of an OBJECT IDENTIFIER. */
static char *algorithm_of(const u8 *oid, size_t len, int *err)
{
	char text[80] = "?";
	u8 der[2 + 127];
	const u8 *p = der;
	ASN1_OBJECT *obj = NULL;
	char *copy;

	if (len <= 127) {
		der[0] = 6;
		der[1] = len;
		memcpy(der + 2, oid, len);
		obj = d2i_ASN1_OBJECT(NULL, &p, 2 + len);
	}
	if (obj) {
		int nid = OBJ_obj2nid(obj);

		if (nid != NID_undef)
			snprintf(text, sizeof(text), "%s", OBJ_nid2ln(nid));
		else
			OBJ_obj2txt(text, sizeof(text), obj, 1);
	}
	ASN1_OBJECT_free(obj);
	copy = strdup(text);
	if (!copy)
		*err = -ENOMEM;
	return copy;
}

static int add_fwids(struct ccg_tcb *to, const struct x509_tcb *tcb)
{
	const u8 *oid, *digest;
	size_t pos = 0, oid_len, len;
	int err = 0;

	while (!err && !x509_next_fwid(tcb, &pos, &oid, &oid_len, &digest, &len)) {
		struct ccg_fwid *bigger;

		bigger = realloc(to->fwids, (to->n_fwids + 1) * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		to->fwids = bigger;
		bigger[to->n_fwids++] = (struct ccg_fwid) {
			.algorithm = algorithm_of(oid, oid_len, &err),
			.digest = hex_of(digest, len, &err),
		};
	}
	return err;
}

static int add_tcb(struct ccg_cert *cert, const struct x509_tcb *t)
{
	struct ccg_tcb *bigger, *to;
	int err = 0;

	bigger = realloc(cert->tcbs, (cert->n_tcbs + 1) * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	cert->tcbs = bigger;
	to = &bigger[cert->n_tcbs++];
	*to = (struct ccg_tcb) {
		.vendor = text_of(t, X509_TCB_VENDOR, &err),
		.model = text_of(t, X509_TCB_MODEL, &err),
		.version = text_of(t, X509_TCB_VERSION, &err),
		.svn = number_of(t, X509_TCB_SVN),
		.layer = number_of(t, X509_TCB_LAYER),
		.index = number_of(t, X509_TCB_INDEX),
		.flags = flags_of(t, X509_TCB_FLAGS, &err),
		.flags_mask = flags_of(t, X509_TCB_FLAGS_MASK, &err),
		.vendor_info = hex_field(t, X509_TCB_VENDOR_INFO, &err),
		.type = hex_field(t, X509_TCB_TYPE, &err),
	};
	return err ? err : add_fwids(to, t);
}

/**
 * ccg_dice_add - add what a certificate says by the DICE architecture
 * @cert: certificate; its ueid and tcbs are set
 * @walked: the same certificate, parsed by lib/
 *
 * Return: 0 or -ENOMEM; then ccg_dice_clear() frees what was added.
 */
int ccg_dice_add(struct ccg_cert *cert, const struct x509_cert *walked)
{
	const u8 *value, *ueid;
	size_t pos = 0, len, n;
	enum x509_dice kind;
	int err = 0;

	while (!err && !x509_next_dice(walked, &pos, &kind, &value, &len)) {
		struct x509_tcb tcb;
		size_t at = 0;

		if (kind == X509_DICE_UEID) {
			free(cert->ueid);
			cert->ueid = x509_ueid(value, len, &ueid, &n) ?
				     NULL : hex_of(ueid, n, &err);
			continue;
		}
		while (!err && !x509_next_tcb(kind, value, len, &at, &tcb))
			err = add_tcb(cert, &tcb);
	}
	return err;
}

/**
 * ccg_dice_clear - free what ccg_dice_add() added
 * @cert: certificate
 */
void ccg_dice_clear(struct ccg_cert *cert)
{
	for (size_t i = 0; i < cert->n_tcbs; i++) {
		struct ccg_tcb *t = &cert->tcbs[i];

		for (size_t j = 0; j < t->n_fwids; j++) {
			free(t->fwids[j].algorithm);
			free(t->fwids[j].digest);
		}
		free(t->fwids);
		free(t->vendor);
		free(t->model);
		free(t->version);
		free(t->flags);
		free(t->flags_mask);
		free(t->vendor_info);
		free(t->type);
	}
	free(cert->tcbs);
	free(cert->ueid);
	cert->tcbs = NULL;
	cert->n_tcbs = 0;
	cert->ueid = NULL;
}
