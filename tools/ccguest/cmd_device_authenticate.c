// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device authenticate: by the kernel
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>
#include <ccguest/keyring.h>
#include <ccguest/module.h>

#include "cmd_device_connect.h"

static const struct opt authenticate_opts[] = {
	[AUTH_ALL] = {
		"all", 'a', NULL, "all devices that can be authenticated"
	},
	DEVICE_CONNECT_OPTS,
	DEVICE_TRUST_OPTS,
	[AUTH_REPEAT] = {
		"repeat", 0, "N", "authenticate N times, over one connection"
	},
};

/* For --all: drops the devices without the attribute. */
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

/* @bdf: a device without the attribute; NULL for all devices */
static void hint_unsupported(struct cmd *cmd, const char *bdf, char *hint,
			     size_t size)
{
	struct ccg_advice a;

	ccg_module_advice(cmd->ctx, "pci_cma", &a);
	if (a.obstacle)
		snprintf(hint, size, "%s", a.hint);
	else
		snprintf(hint, size,
			 "module pci_cma found no mailbox for CMA: ccguest device %s%s shows the mailboxes",
			 bdf ? "show " : "list", bdf ? bdf : "");
}

/* No certificate of the keyring matches the chains of the device. */
static void hint_untrusted(struct cmd *cmd, const char *bdf, char *hint,
			   size_t size)
{
	bool empty = true;

	if (ccg_cma_keyring(cmd->ctx, &empty) <= 0 || empty)
		snprintf(hint, size,
			 "ccguest keyring add FILE adds the certificate of its maker's CA");
	else
		snprintf(hint, size,
			 "no certificate in .cma matches the chain: compare ccguest device certificates %s and ccguest keyring list",
			 bdf);
}

static void hint_for(struct cmd *cmd, const struct ccg_device *dev, int rc,
		     char *hint, size_t size)
{
	const char *bdf = dev->bdf;

	hint[0] = '\0';
	if (dev->by_tsm && rc != -EACCES && rc != -EPERM) {
		snprintf(hint, size,
			 "the kernel leaves the device to a TSM: /sys/bus/pci/devices/%s/tsm/connect accepts a name in /sys/class/tsm",
			 bdf);
		return;
	}
	switch (rc) {
	case -ENOENT:
		hint_unsupported(cmd, bdf, hint, size);
		break;
	case -ENOKEY:
		hint_untrusted(cmd, bdf, hint, size);
		break;
	case -EACCES:
	case -EPERM:
		snprintf(hint, size, "%s", geteuid() ? "run as root" :
			 CCG_SPDM_MESSAGES);
		break;
	case -ENOTTY:
		snprintf(hint, size, "dmesg | grep SPDM");
		break;
	default:
		snprintf(hint, size, "%s", CCG_SPDM_MESSAGES);
	}
}

/* Returns the kernel's message for this failure, or a general one. */
static const char *reason_for(const struct ccg_device *dev, int rc,
			      const struct ccg_evidence *e)
{
	size_t i;

	if (dev->by_tsm)
		return rc == -ENXIO ? "this platform has no TSM that can connect to the device" :
				      strerror(-rc);
	if (rc == -ENOENT)
		return "cannot be authenticated";
	if (rc == -ENOTTY)
		return "the kernel could not determine whether it supports authentication";
	for (i = 0; i < e->n_failures; i++)
		if (e->failures[i].code == rc)
			return e->failures[i].text;
	return strerror(-rc);
}

static void verdict_text(const struct cmd *cmd, const struct ccg_device *dev,
			 int rc, const struct ccg_evidence *e)
{
	if (!out_quiet() && !rc && dev->by_tsm) {
		printf("%s: connected to %s\n", dev->bdf, dev->tsm);
	} else if (!out_quiet()) {
		device_print_verdict(dev->bdf, !rc);
		if (!rc && e->slot >= 0)
			printf(" (slot %d)", e->slot);
		else if (rc && e->proved >= 0)
			printf(" (proved to have the key of slot %d)", e->proved);
		printf("\n");
	}
	if (cmd->verbose && e->n_failures)
		device_print_failures(e);
}

static void verdict_json(struct json_object *array,
			 const struct ccg_device *dev, int rc,
			 const struct ccg_evidence *e)
{
	struct json_object *item = out_json_item(array);

	out_json_str(item, "bdf", dev->bdf);
	out_json_bool(item, "authenticated", !rc && !dev->by_tsm);
	out_json_str(item, "tsm", dev->tsm[0] ? dev->tsm : NULL);
	out_json_str(item, "errno", rc ? strerrorname_np(-rc) : NULL);
	out_json_str(item, "why", rc ? reason_for(dev, rc, e) : NULL);
	out_json_str(item, "state", device_states[dev->state]);
	out_json_str(item, "version", e->version);
	device_json_slot(item, e->slot);
	device_json_proof(item, e);
	device_json_failures(item, e);
}

/*
 * A failed authentication takes precedence over a failed exchange, and both
 * take precedence over a device that cannot be authenticated.
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

/* @last: result of the previous device; an equal result has no hint */
static int verdict(struct cmd *cmd, const struct ccg_device *dev, int rc,
		   int last, struct json_object *array)
{
	struct ccg_evidence *e = NULL;
	char hint[512] = "";

	if (ccg_device_evidence(cmd->ctx, dev, &e))
		return fail(cmd);
	if (array)
		verdict_json(array, dev, rc, e);
	else
		verdict_text(cmd, dev, rc, e);
	if (rc && rc != last)
		hint_for(cmd, dev, rc, hint, sizeof(hint));
	if (rc)
		out_error(dev->bdf, reason_for(dev, rc, e), hint);
	else if (dev->by_tsm)
		out_note("%s: whoever relies on the device must verify the evidence of %s",
			 dev->bdf, dev->tsm);
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

static int authenticate_devices(struct cmd *cmd, const char *bdf)
{
	struct ccg_devices *d = NULL;
	char hint[512];
	int status;
	size_t n;

	if (ccg_devices_get(cmd->ctx, bdf, &d))
		return fail(cmd);
	n = d->n;
	if (!bdf)
		keep_cma(d);
	if (d->n) {
		status = authenticate(cmd, d);
	} else {
		hint_unsupported(cmd, NULL, hint, sizeof(hint));
		out_error("--all", "no PCI device can be authenticated", hint);
		status = CCG_NOT_FOUND;
	}
	d->n = n;
	ccg_devices_free(d);
	return status;
}

static int run_authenticate(struct cmd *cmd)
{
	const char *bdf = cmd->argc ? cmd->argv[0] : NULL;
	int status;

	if (cmd->opt[CONN_CONNECT]) {
		if (bdf || cmd->opt[AUTH_ALL])
			return usage_error(cmd, bdf ? bdf : "--all",
					   "cannot be used with --connect");
		return device_authenticate_connected(cmd);
	}
	status = connect_refuse_options(cmd, AUTH_CA, AUTH_REPEAT);
	if (status)
		return status;
	if (!bdf && !cmd->opt[AUTH_ALL])
		return usage_error(cmd, "authenticate",
				   "needs the address of a device, --all or --connect");
	if (bdf && cmd->opt[AUTH_ALL])
		return usage_error(cmd, bdf, "cannot be used with --all");
	return authenticate_devices(cmd, bdf);
}

const struct verb device_authenticate = {
	.name = "authenticate",
	.args = "BDF | --all | --connect=HOST:PORT [--ca=FILE]",
	.summary = "Authenticates PCI devices",
	.text =
"The kernel authenticates the devices. With --connect, this command authenticates\n"
"the device by the same rules. Without --ca, nothing is trusted: the command only\n"
"finds out whether the device has the key of its certificate.\n"
"Exit status: 0 all devices are authenticated, 5 a device is not authenticated,\n"
"1 the communication with a device failed.\n",
	.opts = authenticate_opts,
	.n_opts = ARRAY_SIZE(authenticate_opts),
	.max_args = 1,
	.schema = 2,
	.run = run_authenticate,
};
