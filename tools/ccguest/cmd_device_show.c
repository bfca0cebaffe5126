// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device show
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/cert.h>
#include <ccguest/device.h>
#include <ccguest/module.h>
#include <ccguest/policy.h>

#include "cmd_device.h"
#include "out_table.h"

static const char *const link_attrs[] = {
	"current_link_speed", "current_link_width", "max_link_speed",
	"max_link_width",
};

/* Conventional PCI devices and root complex endpoints have no link. */
static void row_link(struct out_table *t, const struct cmd *cmd,
		     const struct ccg_device *dev)
{
	char *text[ARRAY_SIZE(link_attrs)];
	bool all = true;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(link_attrs); i++) {
		text[i] = NULL;
		if (ccg_device_attr(cmd->ctx, dev, link_attrs[i], &text[i]))
			all = false;
	}
	if (all && strcmp(text[1], "0"))
		out_row(t, "link", OUT_PLAIN, "%s x%s, at most %s x%s", text[0],
			text[1], text[2], text[3]);
	for (i = 0; i < ARRAY_SIZE(link_attrs); i++)
		free(text[i]);
}

static void row_doe(struct out_table *t, const struct ccg_device *dev)
{
	char text[512];
	size_t i, len = 0;

	if (!dev->extended && !device_has_doe(dev)) {
		out_row(t, "doe", OUT_PLAIN, "unknown: only root can read it");
		return;
	}
	for (i = 0; i < dev->n_doe && i < ARRAY_SIZE(dev->doe); i++)
		len += snprintf(text + len, sizeof(text) - len, "%s0x%03x",
				len ? ", " : "at ", dev->doe[i]);
	if (!len)
		len = snprintf(text, sizeof(text), "%s",
			       device_has_doe(dev) ? "at an unknown offset" : "none");
	if (device_has_doe(dev)) {
		len += snprintf(text + len, sizeof(text) - len, ": ");
		device_doe_text(dev, text + len, sizeof(text) - len);
	}
	out_row(t, "doe", OUT_PLAIN, "%s", text);
}

/* Returns a module parameter of pci_cma; NULL if it is not loaded. */
static char *parameter(const struct cmd *cmd, const char *name)
{
	char *value = NULL;

	if (ccg_module_parameter(cmd->ctx, "pci_cma", name, &value))
		return NULL;
	return value;
}

static void row_rules(struct out_table *t, const struct cmd *cmd)
{
	char *san = parameter(cmd, "verify_san");
	char *validity = parameter(cmd, "validity");

	if (san && validity)
		out_row(t, "rules", *san == 'N' ? OUT_WARN : OUT_PLAIN,
			"verify_san=%s, validity=%s", san, validity);
	free(san);
	free(validity);
}

/*
 * Finds the rule of the kernel's policy for a device, which decides at the next
 * authentication. Only root can read the policy. Returns the policy, or NULL.
 */
static struct ccg_policy *kernel_rule(const struct cmd *cmd,
				      const struct ccg_device *dev,
				      struct ccg_rule *rule)
{
	struct ccg_policy *p = NULL;
	char id[24];

	snprintf(id, sizeof(id), "%04x:%04x:%04x:%04x", dev->vendor, dev->device,
		 dev->subsystem_vendor, dev->subsystem_device);
	if (!dev->cma || dev->by_tsm || ccg_policy_of_kernel(cmd->ctx, &p) || !p)
		return NULL;
	if (ccg_policy_find(p, dev->bdf, id, rule) > 0)
		return p;
	ccg_policy_free(p);
	return NULL;
}

static void row_policy(struct out_table *t, const struct cmd *cmd,
		       const struct ccg_device *dev)
{
	struct ccg_rule rule;
	struct ccg_policy *p = kernel_rule(cmd, dev, &rule);

	if (!p)
		return;
	out_row(t, "policy", OUT_PLAIN, "line %zu: %.*s", rule.line,
		(int)rule.len, (const char *)rule.text);
	ccg_policy_free(p);
}

static void rows_device(struct out_table *t, const struct cmd *cmd,
			const struct ccg_device *dev)
{
	char name[CCG_DEVICE_NAME];

	out_row(t, "device", OUT_BOLD, "%s", dev->bdf);
	out_row(t, "name", OUT_PLAIN, "%s%s[%04x:%04x]",
		dev->name ? dev->name : "", dev->name ? " " : "", dev->vendor,
		dev->device);
	out_row(t, "class", OUT_PLAIN, "%s%s[%06x], revision %02x",
		dev->class_name ? dev->class_name : "",
		dev->class_name ? " " : "", dev->class_code, dev->revision);
	out_row(t, "subsystem", OUT_PLAIN, "%04x:%04x", dev->subsystem_vendor,
		dev->subsystem_device);
	out_row(t, "driver", OUT_PLAIN, "%s",
		dev->driver ? dev->driver : "none");
	if (dev->gated)
		out_row(t, "gate", OUT_WARN,
			"closed: no driver binds until the device is authenticated");
	if (!dev->extended)
		out_row(t, "serial", OUT_PLAIN, "unknown: only root can read it");
	else if (dev->serial)
		out_row(t, "serial", OUT_PLAIN, "%016llx",
			(unsigned long long)dev->serial);
	else
		out_row(t, "serial", OUT_PLAIN, "none");
	row_link(t, cmd, dev);
	row_doe(t, dev);
	if (ccg_device_cma_name(dev, name))
		out_row(t, "cma-name", OUT_PLAIN, "%s", name);
	else
		out_row(t, "cma-name", OUT_PLAIN,
			"unknown: only root can read it");
	if (dev->cma && !dev->by_tsm)
		row_rules(t, cmd);
	row_policy(t, cmd, dev);
	if (dev->by_tsm)
		out_row(t, "tsm", OUT_PLAIN, "%s",
			dev->tsm[0] ? dev->tsm : "none");
}

static void rows_pin(struct out_table *t, const struct ccg_pin *pin)
{
	if (!pin->leaf)
		return;
	out_row(t, "pin", OUT_PLAIN, "%s", pin->leaf);
	if (pin->device && strcmp(pin->device, pin->leaf))
		out_row(t, "pin-device", OUT_PLAIN, "%s", pin->device);
	if (pin->version && pin->asym && pin->hash)
		out_row(t, "pin-least", OUT_PLAIN, "SPDM %s, %s, %s",
			pin->version, pin->asym, pin->hash);
}

static void rows_evidence(struct out_table *t, const struct ccg_device *dev,
			  const struct ccg_evidence *e)
{
	out_row(t, "state", device_colors[dev->state], "%s",
		dev->cma ? device_states[dev->state] : "cannot be authenticated");
	if (e->version)
		out_row(t, "spdm", OUT_PLAIN, "%s", e->version);
	if (e->asym || e->hash)
		out_row(t, "algorithms", OUT_PLAIN, "%s, %s",
			e->asym ? e->asym : "none", e->hash ? e->hash : "none");
	if (e->slot >= 0)
		out_row(t, "slot", OUT_PLAIN, "%d", e->slot);
	else if (e->proved >= 0)
		out_row(t, "proved", OUT_PLAIN, "the key of slot %d", e->proved);
	if (e->newest >= 0)
		out_row(t, "evidence", OUT_PLAIN, "signatures/%lld_signature",
			(long long)e->newest);
	rows_pin(t, &e->pin);
}

static void row_cert(struct out_table *t, size_t slot,
		     const struct ccg_cert *cert)
{
	char text[16];

	snprintf(text, sizeof(text), "%zu", slot);
	out_cell(t, 0, OUT_PLAIN, text);
	out_cell(t, 1, cert->time == CCG_CERT_IN_TIME ? OUT_PLAIN : OUT_WARN,
		 cert->not_after);
	out_cell(t, 2, OUT_PLAIN, cert->key);
	out_cell(t, 3, OUT_PLAIN, cert->device_name ? cert->device_name :
						      cert->dmtf_name);
	out_cell(t, 4, OUT_PLAIN, cert->subject);
}

static void print_slots(const struct ccg_evidence *e)
{
	static const char *const heads[] = {
		"SLOT", "VALID UNTIL", "KEY", "FOR", "SUBJECT",
	};
	size_t i, j, n = 0;
	struct out_table t;

	out_table_init(&t, heads, ARRAY_SIZE(heads), 0);
	for (i = 0; i < CCG_SLOTS; i++) {
		const struct ccg_slot *slot = &e->slots[i];

		for (j = 0; slot->certs && j < slot->certs->n; j++, n++)
			row_cert(&t, i, &slot->certs->certs[j]);
	}
	if (!n)
		return;
	printf("\n");
	out_table_print(&t);
}

static void note_slots(const struct ccg_device *dev,
		       const struct ccg_evidence *e)
{
	size_t i;

	for (i = 0; i < CCG_SLOTS; i++)
		if (e->slots[i].error)
			out_note("%s: slot %zu: %s", dev->bdf, i,
				 e->slots[i].error);
}

static void show_text(const struct cmd *cmd, const struct ccg_device *dev,
		      const struct ccg_evidence *e)
{
	struct out_table t;

	out_table_init(&t, NULL, 2, 0);
	rows_device(&t, cmd, dev);
	rows_evidence(&t, dev, e);
	out_table_print(&t);
	if (e->n_failures) {
		printf("\n");
		device_print_failures(e);
	}
	print_slots(e);
	note_slots(dev, e);
}

static void json_attr(struct json_object *o, const struct cmd *cmd,
		      const struct ccg_device *dev, const char *name)
{
	char *text = NULL;

	if (ccg_device_attr(cmd->ctx, dev, name, &text))
		text = NULL;
	out_json_str(o, name, text);
	free(text);
}

static void json_parameter(struct json_object *o, const struct cmd *cmd,
			   const char *name)
{
	char *value = parameter(cmd, name);

	out_json_str(o, name, value);
	free(value);
}

static void json_policy(struct json_object *o, const struct cmd *cmd,
			const struct ccg_device *dev)
{
	struct json_object *item;
	struct ccg_rule rule;
	struct ccg_policy *p = kernel_rule(cmd, dev, &rule);
	char *text;

	if (!p) {
		out_json_str(o, "policy", NULL);
		return;
	}
	item = out_json_have(json_object_new_object());
	text = out_alloc(NULL, rule.len + 1);
	memcpy(text, rule.text, rule.len);
	text[rule.len] = '\0';
	out_json_int(item, "line", rule.line);
	out_json_str(item, "rule", text);
	out_json_add(o, "policy", item);
	free(text);
	ccg_policy_free(p);
}

static void json_pin(struct json_object *o, const struct ccg_pin *pin)
{
	struct json_object *p;

	if (!pin->leaf) {
		out_json_add(o, "pin", NULL);
		return;
	}
	p = out_json_have(json_object_new_object());
	out_json_str(p, "leaf", pin->leaf);
	out_json_str(p, "device", pin->device);
	out_json_str(p, "version", pin->version);
	out_json_str(p, "asym_algorithm", pin->asym);
	out_json_str(p, "hash_algorithm", pin->hash);
	out_json_add(o, "pin", p);
}

static void show_json(const struct cmd *cmd, const struct ccg_device *dev,
		      const struct ccg_evidence *e)
{
	struct json_object *o = out_json(cmd), *array, *spdm;
	char text[CCG_DEVICE_NAME];
	size_t i;

	device_json(o, dev);
	device_json_hex(o, "subsystem_vendor", dev->subsystem_vendor, 4);
	device_json_hex(o, "subsystem_device", dev->subsystem_device, 4);
	device_json_hex(o, "revision", dev->revision, 2);
	if (dev->serial)
		out_json_hex(o, "serial", dev->serial);
	else
		out_json_str(o, "serial", NULL);
	array = out_json_array(o, "doe_offsets");
	for (i = 0; i < dev->n_doe && i < ARRAY_SIZE(dev->doe); i++)
		out_json_int(array, NULL, dev->doe[i]);
	for (i = 0; i < ARRAY_SIZE(link_attrs); i++)
		json_attr(o, cmd, dev, link_attrs[i]);
	out_json_str(o, "expected_name",
		     ccg_device_cma_name(dev, text) ? text : NULL);
	json_parameter(o, cmd, "verify_san");
	json_parameter(o, cmd, "validity");
	json_policy(o, cmd, dev);
	spdm = out_json_have(json_object_new_object());
	out_json_str(spdm, "version", e->version);
	out_json_str(spdm, "asym_algorithm", e->asym);
	out_json_str(spdm, "hash_algorithm", e->hash);
	device_json_slot(spdm, e->slot);
	device_json_proof(spdm, e);
	json_pin(spdm, &e->pin);
	out_json_add(o, "spdm", spdm);
	device_json_failures(o, e);
	device_json_slots(o, e);
	out_json_print(cmd, o);
}

static int run_show(struct cmd *cmd)
{
	struct ccg_devices *d = NULL;
	struct ccg_evidence *e;
	int status = 0;

	e = device_evidence(cmd, &d, &status);
	if (!e)
		return status;
	if (cmd->json)
		show_json(cmd, &d->devices[0], e);
	else
		show_text(cmd, &d->devices[0], e);
	ccg_evidence_free(e);
	ccg_devices_free(d);
	return 0;
}

const struct verb device_show = {
	.name = "show",
	.args = "BDF",
	.summary = "Shows all that is known about a PCI device",
	.min_args = 1,
	.max_args = 1,
	.from_is_root = true,
	.schema = 2,
	.run = run_show,
};
