// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device list
 */
#include <stdio.h>

#include <ccguest/device.h>

#include "cmd_device.h"
#include "out_table.h"

static void name_text(const struct ccg_device *dev, char *text, size_t size)
{
	snprintf(text, size, "%s%s[%04x:%04x]", dev->name ? dev->name : "",
		 dev->name ? " " : "", dev->vendor, dev->device);
}

static void state_text(const struct ccg_device *dev, char *text, size_t size)
{
	const char *state = dev->tsm[0] ? dev->tsm : device_states[dev->state];

	snprintf(text, size, "%s%s%s", state ? state : "",
		 state && dev->gated ? ", " : "", dev->gated ? "gated" : "");
}

enum { LIST_ALL, LIST_BDFS };

static const struct opt list_opts[] = {
	[LIST_ALL] = { "all", 'a', NULL, "also devices without DOE" },
	[LIST_BDFS] = {
		"bdfs", 0, NULL, "print only the addresses, one on a line"
	},
};

static bool is_listed(const struct cmd *cmd, const struct ccg_device *dev)
{
	return cmd->opt[LIST_ALL] || device_has_doe(dev);
}

static void list_json(const struct cmd *cmd, const struct ccg_devices *d)
{
	struct json_object *o = out_json(cmd), *array;
	size_t i;

	array = out_json_array(o, "devices");
	for (i = 0; i < d->n; i++)
		if (is_listed(cmd, &d->devices[i]))
			device_json(out_json_item(array), &d->devices[i]);
	out_json_int(o, "pci_devices", d->n);
	out_json_print(cmd, o);
}

static size_t list_text(const struct cmd *cmd, const struct ccg_devices *d)
{
	static const char *const heads[] = { "BDF", "STATE", "DOE", "DEVICE" };
	char doe[256], name[320], state[64];
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
		state_text(dev, state, sizeof(state));
		out_cell(&t, 1, device_colors[dev->state],
			 state[0] ? state : NULL);
		device_doe_text(dev, doe, sizeof(doe));
		out_cell(&t, 2, OUT_PLAIN, doe);
		name_text(dev, name, sizeof(name));
		out_cell(&t, 3, OUT_PLAIN, name);
	}
	if (n)
		out_table_print(&t);
	return n;
}

/* Prints why the list may be incomplete. */
static void note_blind(const struct ccg_devices *d)
{
	size_t i, n = 0;

	for (i = 0; i < d->n; i++)
		n += !d->devices[i].extended && !device_has_doe(&d->devices[i]);
	if (n)
		out_note("%zu more may have DOE: only root reads the extended configuration space",
			 n);
}

static int run_list(struct cmd *cmd)
{
	struct ccg_devices *d = NULL;

	if (cmd->json && cmd->opt[LIST_BDFS])
		return usage_error(cmd, "--bdfs", "cannot be used with --json");
	if (ccg_devices_get(cmd->ctx, NULL, &d))
		return fail(cmd);
	if (cmd->json)
		list_json(cmd, d);
	else if (!list_text(cmd, d) && !cmd->opt[LIST_BDFS])
		out_note("none of %zu PCI devices has DOE; --all lists all devices",
			 d->n);
	note_blind(d);
	ccg_devices_free(d);
	return 0;
}

const struct verb device_list = {
	.name = "list",
	.args = "",
	.summary = "Lists PCI devices with DOE, and whether they are authenticated",
	.opts = list_opts,
	.n_opts = ARRAY_SIZE(list_opts),
	.from_is_root = true,
	.run = run_list,
};
