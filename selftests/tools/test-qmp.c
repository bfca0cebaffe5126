// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of the room qmp of libccguest: QMP's messages, accepted and refused.
 * TAP on standard output.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/ctx.h>
#include <ccguest/qmp.h>

#include "../lib/tap.h"
#include "core/ctx.h"
#include "qmp/answer.h"

static struct ccg_ctx ctx;
static const struct qmp_source source = { &ctx, "monitor", "query-sev" };

/**
 * struct refusal - a message that is refused
 * @line: the message
 * @why: a part of the reason
 */
struct refusal {
	const char *line;
	const char *why;
};

static const struct refusal malformed[] = {
	{ "", "is empty" },
	{ "{", "ends too early" },
	{ "{} x", "is not JSON" },
	{ "null ", "expected an object" },
	{ "[]", "expected an object" },
	{ "{}", "expected one of" },
	{ "{\"return\":{},\"event\":\"A\",\"id\":1}", "expected one of" },
	{ "{\"return\":{},\"return\":{}}", "two members of the same name" },
	{ "{\"return\":{\"a\":1,\"a\":1}}", "two members of the same name" },
	{ "{\"return\":[]}", "return: expected an object" },
	{ "{\"return\":null}", "return: expected an object" },
	{ "{\"QMP\":1}", "QMP: expected an object" },
	{ "{\"return\":{},\"id\":-1}", "id: expected a number" },
	{ "{\"return\":{},\"id\":1.0}", "id: expected a number" },
	{ "{\"return\":{},\"id\":null}", "id: expected a number" },
	{ "{\"return\":{},\"id\":18446744073709551616}", "more than 64 bits" },
	{ "{\"return\":NaN}", "NaN" },
	{ "{\"event\":\"\"}", "event: the name" },
	{ "{\"event\":\"resume\"}", "event: the name" },
	{ "{\"event\":\"A\\u0000\"}", "event: expected a string" },
	{ "{\"error\":\"x\"}", "error: expected an object" },
	{ "{\"error\":{\"class\":\"a b\",\"desc\":\"\"}}", "class: the name" },
	{ "{\"error\":{\"class\":\"A\",\"desc\":{}}}", "desc: expected a string" },
};

/* Parts of the contents of the answer to query-sev. */
#define SEV_API		"\"api-major\":1,\"api-minor\":55,\"build-id\":21"
#define SEV_REST	"\"enabled\":true,\"state\":\"launch-secret\""

static const struct refusal bad_sev[] = {
	{ "{" SEV_API "}", "enabled: expected true or false" },
	{ "{\"enabled\":1," SEV_API "}", "enabled: expected true or false" },
	{ "{" SEV_REST ",\"policy\":5}", "api-major: expected" },
	{ "{" SEV_REST "," SEV_API "}", "policy: expected a number" },
	{ "{" SEV_REST "," SEV_API ",\"policy\":4294967296}", "to 4294967295" },
	{ "{" SEV_REST "," SEV_API ",\"policy\":5,\"sev-type\":\"tdx\"}", "sev-type" },
	{ "{" SEV_REST "," SEV_API ",\"policy\":5,\"sev-type\":\"sev-snp\"}",
	  "snp-policy: expected a number" },
};

static bool refused(const char *why)
{
	bool same = strstr(ccg_error(&ctx)->why, why);

	if (!same)
		printf("# %s\n", ccg_error(&ctx)->why);
	return same;
}

static int parse(const char *line, struct qmp_message *m)
{
	return ccg_qmp_parse(&source, (const uint8_t *)line, strlen(line), m);
}

static void test_malformed(void)
{
	struct qmp_message m;

	for (size_t i = 0; i < ARRAY_SIZE(malformed); i++) {
		ok(parse(malformed[i].line, &m) == -EBADMSG &&
		   refused(malformed[i].why), "refused: %s", malformed[i].line);
		ccg_qmp_message_free(&m);
	}
}

static void test_messages(void)
{
	const char *greeting =
		"{\"QMP\":{\"version\":{\"qemu\":{\"major\":11,\"minor\":1,\"micro\":3}}}}";
	struct ccg_qmp_version v;
	struct qmp_message m;

	ok(!parse("{\"id\":7,\"error\":{\"class\":\"GenericError\",\"desc\":\"a\\tb\"}}\r", &m) &&
	   m.kind == QMP_ERROR && m.has_id && m.id == 7 && !strcmp(m.text, "a\tb"),
	   "an error");
	ccg_qmp_message_free(&m);
	ok(!parse("{\"error\":{\"class\":\"X\",\"desc\":\"\"}}", &m) && !m.has_id,
	   "an error without an id");
	ccg_qmp_message_free(&m);
	ok(!parse("{\"event\":\"RESUME\",\"timestamp\":{}}", &m) &&
	   m.kind == QMP_EVENT && !strcmp(m.name, "RESUME"), "an event");
	ccg_qmp_message_free(&m);
	ok(!parse(greeting, &m) &&
	   m.kind == QMP_GREETING && !ccg_qmp_get_version(&source, &m, &v) &&
	   v.major == 11 && v.minor == 1 && v.micro == 3, "a greeting");
	ccg_qmp_message_free(&m);
}

static int get_sev(const char *contents, struct ccg_qmp_sev *sev)
{
	char line[512];
	struct qmp_message m;
	int rc;

	snprintf(line, sizeof(line), "{\"return\":%s,\"id\":1}", contents);
	rc = parse(line, &m);
	if (!rc)
		rc = ccg_qmp_get_sev(&source, &m, sev);
	ccg_qmp_message_free(&m);
	return rc;
}

static void test_sev(void)
{
	struct ccg_qmp_sev sev;

	ok(!get_sev("{" SEV_REST "," SEV_API ",\"policy\":4294967295}", &sev) &&
	   !sev.snp && sev.policy == UINT32_MAX && sev.api_major == 1 &&
	   sev.api_minor == 55 && sev.build == 21 && sev.enabled &&
	   !strcmp(sev.state, "launch-secret"), "SEV, without sev-type");
	ok(!get_sev("{" SEV_REST "," SEV_API
		    ",\"snp-policy\":18446744073709551615,\"sev-type\":\"sev-snp\"}", &sev) &&
	   sev.snp && sev.policy == UINT64_MAX, "SNP: a policy of 64 bits");
	for (size_t i = 0; i < ARRAY_SIZE(bad_sev); i++)
		ok(get_sev(bad_sev[i].line, &sev) == -EBADMSG &&
		   refused(bad_sev[i].why), "query-sev: refused: %s", bad_sev[i].line);
}

/* An event of @len bytes, with blanks and @commas commas at its end. */
static int parse_long(size_t len, size_t commas)
{
	static const char head[] = "{\"event\":\"RESUME\",\"data\":\"";
	struct qmp_message m;
	char *line = malloc(len);
	int rc;

	if (!line)
		abort();
	memset(line, ' ', len);
	memcpy(line, head, strlen(head));
	memset(line + strlen(head), ',', commas);
	memcpy(line + len - 2, "\"}", 2);
	rc = ccg_qmp_parse(&source, (uint8_t *)line, len, &m);
	ccg_qmp_message_free(&m);
	free(line);
	return rc;
}

static void test_limits(void)
{
	/* The message has one bracket and one comma of its own. */
	const size_t most = QMP_VALUES_MAX - 2;

	ok(!parse_long(QMP_LINE_MAX, 0), "a line of 1 MiB");
	ok(parse_long(QMP_LINE_MAX + 1, 0) == -EBADMSG && refused("1048576 bytes"),
	   "a longer line");
	ok(!parse_long(8192, most), "4096 brackets and commas");
	ok(parse_long(8192, most + 1) == -EBADMSG && refused("4096 values"),
	   "one more comma");
}

int main(void)
{
	test_malformed();
	test_messages();
	test_sev();
	test_limits();
	return tap_done();
}
