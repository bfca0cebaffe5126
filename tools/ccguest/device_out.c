// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device: what several verbs say of a device
 */
#include <stdio.h>
#include <string.h>

#include <ccguest/device.h>

#include "device.h"

const char *const device_states[] = {
	[CCG_DEVICE_PLAIN] = NULL,
	[CCG_DEVICE_PENDING] = "pending",
	[CCG_DEVICE_AUTHENTICATED] = "authenticated",
	[CCG_DEVICE_UNAUTHENTICATED] = "unauthenticated",
	[CCG_DEVICE_UNKNOWN] = "unknown",
};

/* PCIe r6.1, table 6-36, and CXL 3.1, 8.1.11; those that guests meet. */
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

/**
 * device_doe_text - say what the mailboxes of a device can do
 * @dev: the device
 * @text: set to that
 * @size: its size in bytes
 *
 * A kernel that does not list it has looked for CMA all the same, and more than
 * that nobody can ask without disturbing it.
 */
void device_doe_text(const struct ccg_device *dev, char *text, size_t size)
{
	char one[32];
	size_t i, len = 0;

	text[0] = '\0';
	for (i = 0; i < dev->n_protocols && len < size; i++) {
		/* Every mailbox has it. */
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

/**
 * device_json_slot - say which slot something is about
 * @o: to this object
 * @slot: the slot; -1 for null
 */
void device_json_slot(struct json_object *o, int slot)
{
	if (slot < 0)
		out_json_str(o, "slot", NULL);
	else
		out_json_int(o, "slot", slot);
}

/**
 * device_json_failures - say why an authentication failed
 * @o: to this object
 * @e: what is known of it
 */
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

/**
 * device_print_failures - the same for people, as a table
 * @e: what is known of an authentication
 */
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

/**
 * device_evidence - find out what the kernel knows of the device that was named
 * @cmd: the command
 * @dp: set to the device; free it with ccg_devices_free()
 * @status: set to the exit status where that fails
 *
 * Return: it, to be freed with ccg_evidence_free(); NULL where that fails.
 */
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
