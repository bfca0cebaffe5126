// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device: list, show, authenticate, certificates
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "out.h"

static const char *const states[] = {
	[CCG_DEVICE_PLAIN] = NULL,
	[CCG_DEVICE_PENDING] = "pending",
	[CCG_DEVICE_AUTHENTICATED] = "authenticated",
	[CCG_DEVICE_UNAUTHENTICATED] = "unauthenticated",
	[CCG_DEVICE_UNKNOWN] = "unknown",
};

static const enum out_color state_colors[] = {
	[CCG_DEVICE_PLAIN] = OUT_PLAIN,
	[CCG_DEVICE_PENDING] = OUT_WARN,
	[CCG_DEVICE_AUTHENTICATED] = OUT_GOOD,
	[CCG_DEVICE_UNAUTHENTICATED] = OUT_BAD,
	[CCG_DEVICE_UNKNOWN] = OUT_WARN,
};

static const char *const cert_times[] = {
	[CCG_CERT_IN_TIME] = "valid",
	[CCG_CERT_NOT_YET] = "not yet valid",
	[CCG_CERT_EXPIRED] = "expired",
};

/* ---- what several verbs say of a device ---- */

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

static bool has_doe(const struct ccg_device *dev)
{
	return dev->n_doe || dev->listed || dev->cma;
}

/*
 * What its mailboxes can do. A kernel that does not list it has looked for CMA
 * all the same, and more than that nobody can ask without disturbing it.
 */
static void doe_text(const struct ccg_device *dev, char *text, size_t size)
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

static void name_text(const struct ccg_device *dev, char *text, size_t size)
{
	snprintf(text, size, "%s%s[%04x:%04x]", dev->name ? dev->name : "",
		 dev->name ? " " : "", dev->vendor, dev->device);
}

static void json_hex(struct json_object *o, const char *key, unsigned int n,
		     int width)
{
	char text[16];

	snprintf(text, sizeof(text), "%0*x", width, n);
	out_json_str(o, key, text);
}

static void json_device(struct json_object *o, const struct ccg_device *dev)
{
	struct json_object *array;
	char text[32];
	size_t i;

	out_json_str(o, "bdf", dev->bdf);
	json_hex(o, "vendor", dev->vendor, 4);
	json_hex(o, "device", dev->device, 4);
	json_hex(o, "class", dev->class_code, 6);
	out_json_str(o, "name", dev->name);
	out_json_str(o, "class_name", dev->class_name);
	out_json_str(o, "driver", dev->driver);
	/* null: could not be read. */
	if (dev->extended || has_doe(dev))
		out_json_bool(o, "doe", has_doe(dev));
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
	out_json_str(o, "state", states[dev->state]);
}

static void json_failures(struct json_object *o, const struct ccg_evidence *e)
{
	struct json_object *array = out_json_array(o, "failures"), *item;
	size_t i;

	for (i = 0; i < e->n_failures; i++) {
		const struct ccg_failure *f = &e->failures[i];

		item = out_json_item(array);
		out_json_str(item, "stage", f->stage);
		if (f->slot >= 0)
			out_json_int(item, "slot", f->slot);
		else
			out_json_str(item, "slot", NULL);
		out_json_str(item, "errno",
			     f->code ? strerrorname_np(-f->code) : NULL);
		out_json_str(item, "text", f->text);
	}
}

static void print_failures(const struct ccg_evidence *e)
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

static void json_cert(struct json_object *o, const struct ccg_cert *cert)
{
	out_json_str(o, "subject", cert->subject);
	out_json_str(o, "issuer", cert->issuer);
	out_json_str(o, "sha256", cert->fingerprint);
	out_json_str(o, "key", cert->key);
	out_json_str(o, "key_id", cert->key_id);
	out_json_bool(o, "ca", cert->ca);
	out_json_str(o, "not_before", cert->not_before);
	out_json_str(o, "not_after", cert->not_after);
	out_json_str(o, "time", cert_times[cert->time]);
	out_json_str(o, "device_name", cert->device_name);
}

static void json_slots(struct json_object *o, const struct ccg_evidence *e)
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

/* NULL: it failed, and *status says how. */
static struct ccg_evidence *get_one(struct cmd *cmd, struct ccg_devices **dp,
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

/* Options that say how to talk to a device are for those we talk to. */
static int check_connected(struct cmd *cmd, size_t first, size_t last)
{
	char name[32];
	size_t i;

	for (i = 0; i <= last; i++) {
		if (!cmd->opt[i] || (i >= N_CONN && i < first))
			continue;
		snprintf(name, sizeof(name), "--%s", cmd->verb->opts[i].name);
		return usage_error(cmd, name, "is for --connect");
	}
	return 0;
}

/* ---- list ---- */

enum { LIST_ALL, LIST_BDFS };

static const struct opt list_opts[] = {
	[LIST_ALL] = { "all", 'a', NULL, "also devices without DOE" },
	[LIST_BDFS] = {
		"bdfs", 0, NULL, "print only the addresses, one on a line"
	},
};

static bool is_listed(const struct cmd *cmd, const struct ccg_device *dev)
{
	return cmd->opt[LIST_ALL] || has_doe(dev);
}

static void list_json(const struct cmd *cmd, const struct ccg_devices *d)
{
	struct json_object *o = out_json(cmd), *array;
	size_t i;

	array = out_json_array(o, "devices");
	for (i = 0; i < d->n; i++)
		if (is_listed(cmd, &d->devices[i]))
			json_device(out_json_item(array), &d->devices[i]);
	out_json_int(o, "pci_devices", d->n);
	out_json_print(cmd, o);
}

static size_t list_text(const struct cmd *cmd, const struct ccg_devices *d)
{
	static const char *const heads[] = { "BDF", "STATE", "DOE", "DEVICE" };
	char doe[256], name[320];
	struct out_table t;
	size_t i, n = 0;

	out_table_init(&t, heads, ARRAY_SIZE(heads), 0);
	for (i = 0; i < d->n; i++) {
		const struct ccg_device *dev = &d->devices[i];

		if (!is_listed(cmd, dev))
			continue;
		if (cmd->opt[LIST_BDFS]) {
			puts(dev->bdf);
			continue;
		}
		n++;
		out_cell(&t, 0, OUT_PLAIN, dev->bdf);
		out_cell(&t, 1, state_colors[dev->state], states[dev->state]);
		doe_text(dev, doe, sizeof(doe));
		out_cell(&t, 2, OUT_PLAIN, doe);
		name_text(dev, name, sizeof(name));
		out_cell(&t, 3, OUT_PLAIN, name);
	}
	if (n)
		out_table_print(&t);
	return n;
}

/* Why something may be missing in the list. */
static void note_blind(const struct ccg_devices *d)
{
	size_t i, n = 0;

	for (i = 0; i < d->n; i++)
		n += !d->devices[i].extended && !has_doe(&d->devices[i]);
	if (n)
		out_note("%zu more may have DOE: only root sees the extended configuration space",
			 n);
}

static int run_list(struct cmd *cmd)
{
	struct ccg_devices *d = NULL;

	if (cmd->json && cmd->opt[LIST_BDFS])
		return usage_error(cmd, "--bdfs", "is not for --json");
	if (ccg_devices_get(cmd->ctx, NULL, &d))
		return fail(cmd);
	if (cmd->json)
		list_json(cmd, d);
	else if (!list_text(cmd, d) && !cmd->opt[LIST_BDFS])
		out_note("no PCI device with DOE, of %zu; --all lists them all",
			 d->n);
	note_blind(d);
	ccg_devices_free(d);
	return 0;
}

/* ---- show ---- */

__printf(4, 5)
static void row(struct out_table *t, const char *name, enum out_color color,
		const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	out_cell(t, 0, OUT_PLAIN, name);
	out_cell(t, 1, color, text);
	free(text);
}

static const char *const link_attrs[] = {
	"current_link_speed", "current_link_width", "max_link_speed",
	"max_link_width",
};

/* Only PCI Express has links, and what is part of the root complex has none. */
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
		row(t, "link", OUT_PLAIN, "%s x%s, at most %s x%s", text[0],
		    text[1], text[2], text[3]);
	for (i = 0; i < ARRAY_SIZE(link_attrs); i++)
		free(text[i]);
}

static void row_doe(struct out_table *t, const struct ccg_device *dev)
{
	char text[512];
	size_t i, len = 0;

	if (!dev->extended && !has_doe(dev)) {
		row(t, "doe", OUT_PLAIN, "not known, only root can see");
		return;
	}
	for (i = 0; i < dev->n_doe && i < ARRAY_SIZE(dev->doe); i++)
		len += snprintf(text + len, sizeof(text) - len, "%s0x%03x",
				len ? ", " : "at ", dev->doe[i]);
	if (!len)
		len = snprintf(text, sizeof(text), "%s",
			       has_doe(dev) ? "at an unknown place" : "none");
	if (has_doe(dev)) {
		len += snprintf(text + len, sizeof(text) - len, ": ");
		doe_text(dev, text + len, sizeof(text) - len);
	}
	row(t, "doe", OUT_PLAIN, "%s", text);
}

/* What pci_cma has been told to make of certificates; NULL where it is not. */
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
		row(t, "rules", *san == 'N' ? OUT_WARN : OUT_PLAIN,
		    "verify_san=%s, validity=%s", san, validity);
	free(san);
	free(validity);
}

static void rows_device(struct out_table *t, const struct cmd *cmd,
			const struct ccg_device *dev)
{
	char name[CCG_DEVICE_NAME];

	row(t, "device", OUT_BOLD, "%s", dev->bdf);
	row(t, "name", OUT_PLAIN, "%s%s[%04x:%04x]", dev->name ? dev->name : "",
	    dev->name ? " " : "", dev->vendor, dev->device);
	row(t, "class", OUT_PLAIN, "%s%s[%06x], revision %02x",
	    dev->class_name ? dev->class_name : "", dev->class_name ? " " : "",
	    dev->class_code, dev->revision);
	row(t, "subsystem", OUT_PLAIN, "%04x:%04x", dev->subsystem_vendor,
	    dev->subsystem_device);
	row(t, "driver", OUT_PLAIN, "%s", dev->driver ? dev->driver : "none");
	if (!dev->extended)
		row(t, "serial", OUT_PLAIN, "not known, only root can see");
	else if (dev->serial)
		row(t, "serial", OUT_PLAIN, "%016llx",
		    (unsigned long long)dev->serial);
	else
		row(t, "serial", OUT_PLAIN, "none");
	row_link(t, cmd, dev);
	row_doe(t, dev);
	if (ccg_device_cma_name(dev, name))
		row(t, "cma-name", OUT_PLAIN, "%s", name);
	else
		row(t, "cma-name", OUT_PLAIN, "not known, only root can see");
	if (dev->cma)
		row_rules(t, cmd);
}

static void rows_evidence(struct out_table *t, const struct ccg_device *dev,
			  const struct ccg_evidence *e)
{
	row(t, "state", state_colors[dev->state], "%s",
	    dev->cma ? states[dev->state] : "cannot be authenticated");
	if (e->version)
		row(t, "spdm", OUT_PLAIN, "%s", e->version);
	if (e->asym || e->hash)
		row(t, "algorithms", OUT_PLAIN, "%s, %s",
		    e->asym ? e->asym : "none", e->hash ? e->hash : "none");
	if (e->slot >= 0)
		row(t, "slot", OUT_PLAIN, "%d", e->slot);
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
	out_cell(t, 3, OUT_PLAIN, cert->device_name);
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
		print_failures(e);
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

static void show_json(const struct cmd *cmd, const struct ccg_device *dev,
		      const struct ccg_evidence *e)
{
	struct json_object *o = out_json(cmd), *array, *spdm;
	char text[CCG_DEVICE_NAME];
	size_t i;

	json_device(o, dev);
	json_hex(o, "subsystem_vendor", dev->subsystem_vendor, 4);
	json_hex(o, "subsystem_device", dev->subsystem_device, 4);
	json_hex(o, "revision", dev->revision, 2);
	snprintf(text, sizeof(text), "%016llx",
		 (unsigned long long)dev->serial);
	out_json_str(o, "serial", dev->serial ? text : NULL);
	array = out_json_array(o, "doe_offsets");
	for (i = 0; i < dev->n_doe && i < ARRAY_SIZE(dev->doe); i++)
		out_json_int(array, NULL, dev->doe[i]);
	for (i = 0; i < ARRAY_SIZE(link_attrs); i++)
		json_attr(o, cmd, dev, link_attrs[i]);
	out_json_str(o, "expected_name",
		     ccg_device_cma_name(dev, text) ? text : NULL);
	json_parameter(o, cmd, "verify_san");
	json_parameter(o, cmd, "validity");
	spdm = out_json_have(json_object_new_object());
	out_json_str(spdm, "version", e->version);
	out_json_str(spdm, "asym_algorithm", e->asym);
	out_json_str(spdm, "hash_algorithm", e->hash);
	if (e->slot >= 0)
		out_json_int(spdm, "slot", e->slot);
	else
		out_json_str(spdm, "slot", NULL);
	out_json_add(o, "spdm", spdm);
	json_failures(o, e);
	json_slots(o, e);
	out_json_print(cmd, o);
}

static int run_show(struct cmd *cmd)
{
	struct ccg_devices *d = NULL;
	struct ccg_evidence *e;
	int status = 0;

	e = get_one(cmd, &d, &status);
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

/* ---- authenticate ---- */

static const struct opt authenticate_opts[] = {
	[AUTH_ALL] = {
		"all", 'a', NULL, "all devices that can be authenticated"
	},
	DEVICE_CONNECT_OPTS,
	[AUTH_CA] = {
		"ca", 0, "FILE", "trust the certificates in FILE, DER or PEM; again for more"
	},
	[AUTH_SAN] = {
		"san", 0, "NAME", "the name that the device must have"
	},
	[AUTH_VALIDITY] = {
		"validity", 0, "WHAT", "of certificates: off, warn (default) or enforce"
	},
	[AUTH_REPEAT] = {
		"repeat", 0, "N", "authenticate N times, over one connection"
	},
};

/* Those without the attribute are not asked for by --all. */
static void keep_cma(struct ccg_devices *d)
{
	size_t i, n = 0;
	struct ccg_device plain;

	for (i = 0; i < d->n; i++) {
		if (!d->devices[i].cma)
			continue;
		plain = d->devices[n];
		d->devices[n++] = d->devices[i];
		d->devices[i] = plain;
	}
	d->n = n;
}

static const char *hint_for(int rc)
{
	switch (rc) {
	case -ENOENT:
		return "no mailbox for CMA, or module pci_cma is not loaded: modprobe pci_cma";
	case -ENOKEY:
		return "ccguest keyring add FILE adds the certificate of its maker's CA";
	case -EACCES:
	case -EPERM:
		return "run as root";
	case -ENOTTY:
		return "dmesg | grep SPDM";
	}
	return NULL;
}

/* The kernel's own sentence, where it has one for this failure. */
static const char *reason_for(int rc, const struct ccg_evidence *e)
{
	size_t i;

	if (rc == -ENOENT)
		return "cannot be authenticated";
	if (rc == -ENOTTY)
		return "whether it can be authenticated could not be determined";
	for (i = 0; i < e->n_failures; i++)
		if (e->failures[i].code == rc)
			return e->failures[i].text;
	return strerror(-rc);
}

static void verdict_text(const struct cmd *cmd, const struct ccg_device *dev,
			 int rc, const struct ccg_evidence *e)
{
	if (!out_quiet()) {
		printf("%s: ", dev->bdf);
		out_colored(rc ? OUT_BAD : OUT_GOOD,
			    rc ? "not authenticated" : "authenticated");
		if (!rc && e->slot >= 0)
			printf(" (slot %d)", e->slot);
		printf("\n");
	}
	if (cmd->verbose && e->n_failures)
		print_failures(e);
}

static void verdict_json(struct json_object *array,
			 const struct ccg_device *dev, int rc,
			 const struct ccg_evidence *e)
{
	struct json_object *item = out_json_item(array);

	out_json_str(item, "bdf", dev->bdf);
	out_json_bool(item, "authenticated", !rc);
	out_json_str(item, "errno", rc ? strerrorname_np(-rc) : NULL);
	out_json_str(item, "why", rc ? reason_for(rc, e) : NULL);
	out_json_str(item, "state", states[dev->state]);
	out_json_str(item, "version", e->version);
	if (e->slot >= 0)
		out_json_int(item, "slot", e->slot);
	else
		out_json_str(item, "slot", NULL);
	json_failures(item, e);
}

/*
 * A device that could not be talked to must not hide one that failed, nor one
 * that is not there either of them.
 */
static int worse(int a, int b)
{
	static const int order[] = {
		CCG_UNVERIFIED, CCG_FAILED, CCG_UNSUPPORTED,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return 0;
}

/* @last: of the device before, whose hint need not be given again. */
static int verdict(struct cmd *cmd, const struct ccg_device *dev, int rc,
		   int last, struct json_object *array)
{
	struct ccg_evidence *e = NULL;

	if (ccg_device_evidence(cmd->ctx, dev, &e))
		return fail(cmd);
	if (array)
		verdict_json(array, dev, rc, e);
	else
		verdict_text(cmd, dev, rc, e);
	if (rc)
		out_error(dev->bdf, reason_for(rc, e),
			  rc == last ? NULL : hint_for(rc));
	ccg_evidence_free(e);
	return rc ? (int)ccg_authenticate_class(rc) : 0;
}

static int authenticate(struct cmd *cmd, struct ccg_devices *d)
{
	struct json_object *o = NULL, *array = NULL;
	int *results, status = 0;
	size_t i;

	results = out_alloc(NULL, d->n * sizeof(*results));
	if (ccg_devices_authenticate(d, results)) {
		free(results);
		return fail(cmd);
	}
	if (cmd->json) {
		o = out_json(cmd);
		array = out_json_array(o, "devices");
	}
	for (i = 0; i < d->n; i++)
		status = worse(status, verdict(cmd, &d->devices[i], results[i],
					       i ? results[i - 1] : 0, array));
	if (cmd->json)
		out_json_print(cmd, o);
	free(results);
	return status;
}

static int run_authenticate(struct cmd *cmd)
{
	const char *bdf = cmd->argc ? cmd->argv[0] : NULL;
	struct ccg_devices *d = NULL;
	size_t n;
	int status;

	if (cmd->opt[CONN_CONNECT]) {
		if (bdf || cmd->opt[AUTH_ALL])
			return usage_error(cmd, bdf ? bdf : "--all",
					   "not together with --connect");
		return device_authenticate_connect(cmd);
	}
	status = check_connected(cmd, AUTH_CA, AUTH_REPEAT);
	if (status)
		return status;
	if (!bdf && !cmd->opt[AUTH_ALL])
		return usage_error(cmd, "authenticate",
				   "needs the address of a device, --all or --connect");
	if (bdf && cmd->opt[AUTH_ALL])
		return usage_error(cmd, bdf, "not together with --all");
	if (ccg_devices_get(cmd->ctx, bdf, &d))
		return fail(cmd);
	n = d->n;
	if (!bdf)
		keep_cma(d);
	if (d->n) {
		status = authenticate(cmd, d);
	} else {
		out_error("--all", "no PCI device can be authenticated",
			  hint_for(-ENOENT));
		status = CCG_NOT_FOUND;
	}
	d->n = n;
	ccg_devices_free(d);
	return status;
}

/* ---- certificates ---- */

static const struct opt certificates_opts[] = {
	DEVICE_CONNECT_OPTS,
	[CERTS_SLOT] = { "slot", 0, "N", "of slot N only, 0 to 7" },
	[CERTS_PEM] = { "pem", 0, NULL, "print them in PEM" },
	[CERTS_DER] = {
		"der", 0, NULL, "write those of one slot as they are"
	},
	[CERTS_FORCE] = {
		"force", 0, NULL, "write --der to a terminal too"
	},
};

static int print_pem(struct cmd *cmd, size_t slot, const struct ccg_cert *cert)
{
	char *pem, *subject;

	if (ccg_cert_pem(cmd->ctx, cert, &pem))
		return fail(cmd);
	subject = out_escaped(cert->subject);
	printf("# slot %zu: %s\n%s", slot, subject, pem);
	free(subject);
	free(pem);
	return 0;
}

static void print_cert(size_t slot, size_t i, const struct ccg_cert *cert)
{
	struct out_table t;
	char head[64];

	snprintf(head, sizeof(head), "slot %zu, certificate %zu", slot, i);
	out_colored(OUT_BOLD, head);
	printf("\n");
	out_table_init(&t, NULL, 2, 0);
	row(&t, "  subject", OUT_PLAIN, "%s", cert->subject);
	row(&t, "  issuer", OUT_PLAIN, "%s", cert->issuer);
	row(&t, "  valid", cert->time == CCG_CERT_IN_TIME ? OUT_PLAIN :
							     OUT_WARN,
	    "%s to %s%s%s", cert->not_before, cert->not_after,
	    cert->time == CCG_CERT_IN_TIME ? "" : ", ",
	    cert->time == CCG_CERT_IN_TIME ? "" : cert_times[cert->time]);
	row(&t, "  key", OUT_PLAIN, "%s%s", cert->key,
	    cert->ca ? ", of a CA" : "");
	if (cert->device_name)
		row(&t, "  for", OUT_PLAIN, "%s", cert->device_name);
	row(&t, "  sha256", OUT_PLAIN, "%s", cert->fingerprint);
	out_table_print(&t);
}

/* The first slot there is: there is no more than one, see check_der(). */
static int write_der(const struct ccg_evidence *e)
{
	const struct ccg_certs *certs = NULL;
	size_t i;
	int rc;

	for (i = 0; i < CCG_SLOTS && !certs; i++)
		certs = e->slots[i].certs;
	for (i = 0; certs && i < certs->n; i++) {
		rc = out_bytes(certs->certs[i].der, certs->certs[i].der_len);
		if (rc) {
			out_error("standard output", strerror(-rc), NULL);
			return CCG_FAILED;
		}
	}
	return 0;
}

static int print_certs(struct cmd *cmd, const struct ccg_evidence *e)
{
	int status = 0;
	size_t i, j;

	for (i = 0; i < CCG_SLOTS; i++) {
		const struct ccg_slot *slot = &e->slots[i];

		for (j = 0; slot->certs && j < slot->certs->n && !status; j++) {
			if (cmd->opt[CERTS_PEM])
				status = print_pem(cmd, i,
						   &slot->certs->certs[j]);
			else
				print_cert(i, j, &slot->certs->certs[j]);
		}
	}
	return status;
}

/* Drops what was not asked for, and looks whether something is left. */
static int choose_slot(struct cmd *cmd, struct ccg_evidence *e)
{
	const char *text = cmd->opt[CERTS_SLOT];
	size_t i, n = 0;

	if (text && (text[0] < '0' || text[0] > '7' || text[1]))
		return usage_error(cmd, text, "--slot is a number from 0 to 7");
	for (i = 0; i < CCG_SLOTS; i++) {
		struct ccg_slot *slot = &e->slots[i];

		if (text && i != (size_t)(text[0] - '0')) {
			ccg_certs_free(slot->certs);
			free(slot->error);
			*slot = (struct ccg_slot) {};
		}
		n += slot->certs || slot->error;
	}
	if (n)
		return 0;
	out_error(cmd->argv[0],
		  text ? "the kernel has no certificates in this slot" :
			 "the kernel has no certificates of this device",
		  "ccguest device show tells what it knows");
	return CCG_NOT_FOUND;
}

static int check_form(struct cmd *cmd)
{
	if (!!cmd->json + !!cmd->opt[CERTS_PEM] + !!cmd->opt[CERTS_DER] > 1)
		return usage_error(cmd, cmd->opt[CERTS_DER] ? "--der" : "--pem",
				   "--json, --pem and --der do not go together");
	if (!cmd->opt[CERTS_DER] || cmd->opt[CERTS_FORCE] ||
	    !isatty(STDOUT_FILENO))
		return 0;
	out_error("standard output",
		  "is a terminal, the bytes of a certificate could do anything to it",
		  "use a pipe, --force, or --pem");
	return CCG_USAGE;
}

/* Nobody could tell where the certificates of the next slot begin. */
static int check_der(struct cmd *cmd, const struct ccg_evidence *e)
{
	size_t i, n = 0;

	for (i = 0; i < CCG_SLOTS; i++)
		n += !!e->slots[i].certs;
	if (!cmd->opt[CERTS_DER] || n < 2)
		return 0;
	return usage_error(cmd, "--der",
			   "there are several slots, choose one with --slot");
}

static int show_certs(struct cmd *cmd, const struct ccg_device *dev,
		      const struct ccg_evidence *e)
{
	struct json_object *o;

	if (cmd->opt[CERTS_DER])
		return write_der(e);
	if (!cmd->json)
		return print_certs(cmd, e);
	o = out_json(cmd);
	out_json_str(o, "bdf", dev->bdf);
	json_slots(o, e);
	out_json_print(cmd, o);
	return 0;
}

static int run_certificates(struct cmd *cmd)
{
	struct ccg_evidence *e = NULL;
	struct ccg_devices *d = NULL;
	int status;
	size_t i;

	if (cmd->opt[CONN_CONNECT]) {
		if (cmd->argc)
			return usage_error(cmd, cmd->argv[0],
					   "not together with --connect");
		return device_certificates_connect(cmd);
	}
	status = check_connected(cmd, N_CONN, N_CONN - 1);
	if (status)
		return status;
	if (!cmd->argc)
		return usage_error(cmd, "certificates",
				   "needs the address of a device, or --connect");
	status = check_form(cmd);
	if (status)
		return status;
	e = get_one(cmd, &d, &status);
	if (!e)
		return status;
	status = choose_slot(cmd, e);
	if (!status)
		status = check_der(cmd, e);
	if (!status)
		status = show_certs(cmd, &d->devices[0], e);
	for (i = 0; i < CCG_SLOTS; i++) {
		if (!e->slots[i].error)
			continue;
		out_error(d->devices[0].bdf, e->slots[i].error, NULL);
		status = status ? status : CCG_FAILED;
	}
	ccg_evidence_free(e);
	ccg_devices_free(d);
	return status;
}

static const struct verb device_verbs[] = {
	{
		.name = "list",
		.args = "",
		.summary = "Lists PCI devices with DOE, and whether they are authenticated",
		.opts = list_opts,
		.n_opts = ARRAY_SIZE(list_opts),
		.run = run_list,
	},
	{
		.name = "show",
		.args = "BDF",
		.summary = "Shows all that is known of a PCI device",
		.min_args = 1,
		.max_args = 1,
		.run = run_show,
	},
	{
		.name = "authenticate",
		.args = "BDF | --all | --connect=HOST:PORT --ca=FILE",
		.summary = "Authenticates PCI devices, now",
		.text =
"The kernel does it, or with --connect this command, by the same rules.\n"
"Exit status: 0 all are authenticated, 5 one is not, 1 one could not be talked\n"
"to.\n",
		.opts = authenticate_opts,
		.n_opts = ARRAY_SIZE(authenticate_opts),
		.max_args = 1,
		.run = run_authenticate,
	},
	{
		.name = "certificates",
		.args = "BDF | --connect=HOST:PORT",
		.summary = "Shows the certificates of a PCI device",
		.opts = certificates_opts,
		.n_opts = ARRAY_SIZE(certificates_opts),
		.max_args = 1,
		.run = run_certificates,
	},
};

const struct group device_group = {
	.name = "device",
	.summary = "PCI devices, and whether they are genuine",
	.verbs = device_verbs,
	.n_verbs = ARRAY_SIZE(device_verbs),
};
