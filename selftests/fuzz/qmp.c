// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the input is a line of QMP, which is read as each message that
 * `ccguest sev launch` expects.
 *
 * Checks that names have only the characters that may be printed, and that a
 * refusal has a reason.
 */
#include <json-c/json.h>

#include "../../tools/lib/core/ctx.h"
#include "../../tools/lib/qmp/answer.h"
#include "fuzz.h"

static struct ccg_ctx ctx;

/* A refusal of -EBADMSG is in the context; other failures are lack of memory. */
static bool good(int rc)
{
	if (rc)
		require(ctx.error.code == rc && ctx.error.why[0]);
	memset(&ctx.error, 0, sizeof(ctx.error));
	return !rc;
}

static void is_name(const char *name, size_t max)
{
	require(*name && strlen(name) <= max);
	for (; *name; name++)
		require((*name >= 'a' && *name <= 'z') ||
			(*name >= 'A' && *name <= 'Z') ||
			(*name >= '0' && *name <= '9') || *name == '-' ||
			*name == '_');
}

static void read_all(const struct qmp_source *s, const struct qmp_message *m)
{
	struct ccg_qmp_measurement measurement;
	struct ccg_qmp_version version;
	struct ccg_qmp_status status;
	struct ccg_qmp_sev sev;

	if (good(ccg_qmp_get_version(s, m, &version)))
		require(version.major <= 9999 && version.minor <= 9999);
	if (good(ccg_qmp_get_status(s, m, &status)))
		is_name(status.state, sizeof(status.state) - 1);
	if (good(ccg_qmp_get_sev(s, m, &sev))) {
		is_name(sev.state, sizeof(sev.state) - 1);
		require(sev.snp || sev.policy <= UINT32_MAX);
	}
	good(ccg_qmp_get_measurement(s, m, &measurement));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const struct qmp_source s = { &ctx, "qmp", "query-sev" };
	struct qmp_message m;

	if (good(ccg_qmp_parse(&s, data, size, &m))) {
		require(m.root);
		switch (m.kind) {
		case QMP_EVENT:
			is_name(m.name, 64);
			break;
		case QMP_ERROR:
			is_name(m.name, 64);
			require(m.text && m.value);
			break;
		default:
			read_all(&s, &m);
		}
	}
	ccg_qmp_message_free(&m);
	require(!m.root);
	return 0;
}
