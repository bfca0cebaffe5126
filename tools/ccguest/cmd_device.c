// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device: functions that several verbs share
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/auth.h>
#include <ccguest/cert.h>
#include <ccguest/device.h>

#include "cmd_device.h"
#include "out_table.h"

const char *const device_proofs[] = {
	[CCG_PROOF_NONE] = NULL,
	[CCG_PROOF_CHALLENGE] = "challenge",
	[CCG_PROOF_MEASUREMENTS] = "measurements",
};

const char *const device_states[] = {
	[CCG_DEVICE_PLAIN] = NULL,
	[CCG_DEVICE_PENDING] = "pending",
	[CCG_DEVICE_RESET] = "reset",
	[CCG_DEVICE_AUTHENTICATED] = "authenticated",
	[CCG_DEVICE_UNPROVED] = "unproved",
	[CCG_DEVICE_UNAUTHENTICATED] = "unauthenticated",
	[CCG_DEVICE_UNKNOWN] = "unknown",
	[CCG_DEVICE_CONNECTED] = "connected",
	[CCG_DEVICE_DISCONNECTED] = "disconnected",
	[CCG_DEVICE_REPLACED] = "replaced",
	[CCG_DEVICE_UNTRUSTED] = "untrusted",
};

const enum out_color device_colors[] = {
	[CCG_DEVICE_PLAIN] = OUT_PLAIN,
	[CCG_DEVICE_PENDING] = OUT_WARN,
	[CCG_DEVICE_RESET] = OUT_WARN,
	[CCG_DEVICE_AUTHENTICATED] = OUT_GOOD,
	[CCG_DEVICE_UNPROVED] = OUT_BAD,
	[CCG_DEVICE_UNAUTHENTICATED] = OUT_BAD,
	[CCG_DEVICE_UNKNOWN] = OUT_WARN,
	[CCG_DEVICE_CONNECTED] = OUT_PLAIN,
	[CCG_DEVICE_DISCONNECTED] = OUT_WARN,
	[CCG_DEVICE_REPLACED] = OUT_BAD,
	[CCG_DEVICE_UNTRUSTED] = OUT_BAD,
};

/* Protocols of PCIe r6.1, table 6-36, and of CXL 3.1, 8.1.11. */
static const struct {
	uint16_t vendor;
	uint8_t type;
	const char *name;
} protocols[] = {
	{ 0x0001, 0x00, "discovery" },
	{ 0x0001, 0x01, "CMA" },
	{ 0x0001, 0x02, "secured CMA" },
	{ 0x1e98, 0x00, "CXL compliance" },
	{ 0x1e98, 0x02, "CXL CDAT" },
};

static void protocol_text(const struct ccg_doe_protocol *p, char *text,
			  size_t size)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(protocols); i++) {
		if (protocols[i].vendor == p->vendor &&
		    protocols[i].type == p->type) {
			snprintf(text, size, "%s", protocols[i].name);
			return;
		}
	}
	snprintf(text, size, "%04x:%02x", p->vendor, p->type);
}

bool device_has_doe(const struct ccg_device *dev)
{
	return dev->n_doe || dev->listed || dev->cma;
}

void device_doe_text(const struct ccg_device *dev, char *text, size_t size)
{
	char one[32];
	size_t i, len = 0;

	text[0] = '\0';
	for (i = 0; i < dev->n_protocols && len < size; i++) {
		/* Every mailbox supports discovery. */
		if (dev->protocols[i].vendor == 0x0001 &&
		    !dev->protocols[i].type)
			continue;
		protocol_text(&dev->protocols[i], one, sizeof(one));
		len += snprintf(text + len, size - len, "%s%s",
				len ? ", " : "", one);
	}
	if (len)
		return;
	if (dev->cma)
		snprintf(text, size, "CMA");
	else if (dev->n_doe || dev->listed)
		snprintf(text, size, "DOE");
	else if (!dev->extended)
		snprintf(text, size, "?");
}

void device_json_hex(struct json_object *o, const char *key, unsigned int n,
		     int width)
{
	char text[16];

	snprintf(text, sizeof(text), "%0*x", width, n);
	out_json_str(o, key, text);
}

void device_json(struct json_object *o, const struct ccg_device *dev)
{
	struct json_object *array;
	char text[32];
	size_t i;

	out_json_str(o, "bdf", dev->bdf);
	device_json_hex(o, "vendor", dev->vendor, 4);
	device_json_hex(o, "device", dev->device, 4);
	device_json_hex(o, "class", dev->class_code, 6);
	out_json_str(o, "name", dev->name);
	out_json_str(o, "class_name", dev->class_name);
	out_json_str(o, "driver", dev->driver);
	/* null if the configuration space was not readable */
	if (dev->extended || device_has_doe(dev))
		out_json_bool(o, "doe", device_has_doe(dev));
	else
		out_json_str(o, "doe", NULL);
	out_json_bool(o, "protocols_listed", dev->listed);
	array = out_json_array(o, "protocols");
	for (i = 0; i < dev->n_protocols; i++) {
		snprintf(text, sizeof(text), "%04x:%02x",
			 dev->protocols[i].vendor, dev->protocols[i].type);
		out_json_str(array, NULL, text);
	}
	out_json_bool(o, "cma", dev->cma);
	out_json_str(o, "tsm", dev->tsm[0] ? dev->tsm : NULL);
	out_json_str(o, "state", device_states[dev->state]);
	out_json_bool(o, "gated", dev->gated);
}

void device_json_slot(struct json_object *o, int slot)
{
	if (slot < 0)
		out_json_str(o, "slot", NULL);
	else
		out_json_int(o, "slot", slot);
}

static void json_count(struct json_object *o, const char *key, int64_t n)
{
	if (n < 0)
		out_json_str(o, key, NULL);
	else
		out_json_int(o, key, n);
}

void device_json_proof(struct json_object *o, const struct ccg_evidence *e)
{
	json_count(o, "proved_slot", e->proved);
	json_count(o, "evidence", e->newest);
}

void device_json_failures(struct json_object *o, const struct ccg_evidence *e)
{
	struct json_object *array = out_json_array(o, "failures"), *item;
	size_t i;

	for (i = 0; i < e->n_failures; i++) {
		const struct ccg_failure *f = &e->failures[i];

		item = out_json_item(array);
		out_json_str(item, "stage", f->stage);
		device_json_slot(item, f->slot);
		out_json_str(item, "errno",
			     f->code ? strerrorname_np(-f->code) : NULL);
		out_json_str(item, "text", f->text);
	}
}

void device_print_failures(const struct ccg_evidence *e)
{
	static const char *const heads[] = { "STAGE", "SLOT", "ERROR", "WHY" };
	struct out_table t;
	char slot[16];
	size_t i;

	out_table_init(&t, heads, ARRAY_SIZE(heads), 0);
	for (i = 0; i < e->n_failures; i++) {
		const struct ccg_failure *f = &e->failures[i];

		snprintf(slot, sizeof(slot), "%d", f->slot);
		out_cell(&t, 0, OUT_PLAIN, f->stage);
		out_cell(&t, 1, OUT_PLAIN, f->slot >= 0 ? slot : NULL);
		out_cell(&t, 2, OUT_PLAIN,
			 f->code ? strerrorname_np(-f->code) : NULL);
		out_cell(&t, 3, OUT_PLAIN, f->text);
	}
	out_table_print(&t);
}

const char *const device_cert_times[] = {
	[CCG_CERT_IN_TIME] = "valid",
	[CCG_CERT_NOT_YET] = "not yet valid",
	[CCG_CERT_EXPIRED] = "expired",
};

static void json_number(struct json_object *o, const char *key, int64_t value)
{
	if (value < 0)
		out_json_add(o, key, NULL);
	else
		out_json_hex(o, key, (uint64_t)value);
}

static void json_tcb(struct json_object *o, const struct ccg_tcb *tcb)
{
	struct json_object *fwids, *item;

	out_json_str(o, "vendor", tcb->vendor);
	out_json_str(o, "model", tcb->model);
	out_json_str(o, "version", tcb->version);
	json_number(o, "svn", tcb->svn);
	json_number(o, "layer", tcb->layer);
	json_number(o, "index", tcb->index);
	out_json_str(o, "flags", tcb->flags);
	out_json_str(o, "flags_mask", tcb->flags_mask);
	out_json_str(o, "vendor_info", tcb->vendor_info);
	out_json_str(o, "type", tcb->type);
	fwids = out_json_array(o, "fwids");
	for (size_t i = 0; i < tcb->n_fwids; i++) {
		item = out_json_item(fwids);
		out_json_str(item, "algorithm", tcb->fwids[i].algorithm);
		out_json_str(item, "digest", tcb->fwids[i].digest);
	}
}

static void json_cert(struct json_object *o, const struct ccg_cert *cert)
{
	struct json_object *tcbs;

	out_json_str(o, "subject", cert->subject);
	out_json_str(o, "issuer", cert->issuer);
	out_json_str(o, "sha256", cert->fingerprint);
	out_json_str(o, "key", cert->key);
	out_json_str(o, "key_id", cert->key_id);
	out_json_bool(o, "ca", cert->ca);
	out_json_str(o, "not_before", cert->not_before);
	out_json_str(o, "not_after", cert->not_after);
	out_json_str(o, "time", device_cert_times[cert->time]);
	out_json_str(o, "key_sha256", cert->key_sha256);
	out_json_str(o, "device_name", cert->device_name);
	out_json_str(o, "dmtf_name", cert->dmtf_name);
	out_json_int(o, "size", cert->der_len);
	out_json_str(o, "ueid", cert->ueid);
	tcbs = out_json_array(o, "tcb_info");
	for (size_t i = 0; i < cert->n_tcbs; i++)
		json_tcb(out_json_item(tcbs), &cert->tcbs[i]);
}

void device_json_slots(struct json_object *o, const struct ccg_evidence *e)
{
	struct json_object *array = out_json_array(o, "slots"), *item, *certs;
	size_t i, j;

	for (i = 0; i < CCG_SLOTS; i++) {
		const struct ccg_slot *slot = &e->slots[i];

		if (!slot->size && !slot->error)
			continue;
		item = out_json_item(array);
		out_json_int(item, "slot", i);
		out_json_int(item, "size", slot->size);
		out_json_str(item, "error", slot->error);
		certs = out_json_array(item, "certificates");
		for (j = 0; slot->certs && j < slot->certs->n; j++)
			json_cert(out_json_item(certs), &slot->certs->certs[j]);
	}
}

void device_print_verdict(const char *what, bool authenticated)
{
	char *safe = out_printable(what);

	printf("%s: ", safe);
	free(safe);
	out_colored(authenticated ? OUT_GOOD : OUT_BAD,
		    authenticated ? "authenticated" : "not authenticated");
}

struct ccg_evidence *device_evidence(struct cmd *cmd, struct ccg_devices **dp,
				     int *status)
{
	struct ccg_evidence *e = NULL;

	if (ccg_devices_get(cmd->ctx, cmd->argv[0], dp)) {
		*status = fail(cmd);
		return NULL;
	}
	if (ccg_device_evidence(cmd->ctx, &(*dp)->devices[0], &e)) {
		*status = fail(cmd);
		ccg_devices_free(*dp);
		return NULL;
	}
	return e;
}
