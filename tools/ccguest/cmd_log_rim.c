// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest log rim
 */
#include <stdio.h>
#include <stdlib.h>

#include <ccguest/cca.h>
#include <ccguest/log.h>

#include "cmd_log.h"

enum { RIM_RIPAS };

static const struct opt rim_opts[] = {
	[RIM_RIPAS] = {
		"ripas-blocks", 0, "SIZE",
		"largest memory block of the host: 4K, 2M, 1G or 512G"
	},
};

static int run_rim(struct cmd *cmd)
{
	const char *ripas = cmd->opt[RIM_RIPAS];
	unsigned int blocks = 0;
	struct json_object *o, *item;
	struct ccg_realm *realm;
	uint8_t rim[64];
	uint16_t alg = 0;
	size_t len = 0;
	char *hex;
	int rc = ripas ? log_ripas_blocks(cmd, ripas, &blocks) : 0;

	if (rc)
		return rc;
	if (ccg_realm_load(cmd->ctx, cmd->argv[0], &realm))
		return fail(cmd);
	if (ripas)
		ccg_realm_set_blocks(realm, blocks);
	rc = ccg_realm_rim(realm, rim, &len, &alg);
	ccg_realm_free(realm);
	if (rc)
		return fail(cmd);
	hex = log_hex(rim, len);
	if (cmd->json) {
		o = out_json(cmd);
		item = out_json_item(out_json_array(o, "registers"));
		out_json_str(item, "register", "RIM");
		out_json_int(item, "index", 0);
		out_json_str(item, "algorithm", ccg_log_alg_name(alg));
		out_json_str(item, "value", hex);
		out_json_print(cmd, o);
	} else {
		printf("%s\n", hex);
	}
	free(hex);
	return 0;
}

const struct verb log_rim = {
	.name = "rim",
	.args = "DESCRIPTION",
	.summary = "Calculates a realm's initial measurement",
	.text =
"DESCRIPTION is a file in JSON, see ccguest-log(1).\n",
	.opts = rim_opts,
	.n_opts = ARRAY_SIZE(rim_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_rim,
};
