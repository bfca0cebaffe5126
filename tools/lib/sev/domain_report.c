// SPDX-License-Identifier: GPL-2.0-only
/*
 * The output of `virsh domlaunchsecinfo`: lines of NAME, colon and value.
 */
#include <errno.h>
#include <string.h>

#include <ccguest/domain.h>
#include <ccguest/text.h>

#include "core/ctx.h"

/* Room for a value, which is the measurement in base64 at most. */
#define VALUE_MAX	128

enum { MEASUREMENT, API_MAJOR, API_MINOR, BUILD, POLICY, N_FIELDS };

static const struct {
	const char *name;
	uint64_t max;
} fields[N_FIELDS] = {
	[MEASUREMENT] = { "sev-measurement", 0 },
	[API_MAJOR] = { "sev-api-major", UINT8_MAX },
	[API_MINOR] = { "sev-api-minor", UINT8_MAX },
	[BUILD] = { "sev-build-id", UINT8_MAX },
	[POLICY] = { "sev-policy", UINT32_MAX },
};

/**
 * struct parsing - a report that is being read
 * @ctx: the context
 * @r: the report
 * @seen: fields that were read
 * @numbers: the values of the fields but the measurement
 */
struct parsing {
	struct ccg_ctx *ctx;
	struct ccg_domain_report *r;
	bool seen[N_FIELDS];
	uint64_t numbers[N_FIELDS];
};

static int refuse(struct parsing *p, size_t field, const char *why)
{
	return ccg_fail(p->ctx, -EBADMSG, CCG_FAILED, "virsh domlaunchsecinfo",
			"%s: %s", fields[field].name, why);
}

static int parse_value(struct parsing *p, size_t field, const char *value)
{
	size_t len;

	if (p->seen[field])
		return refuse(p, field, "occurs twice");
	p->seen[field] = true;
	if (field != MEASUREMENT)
		return ccg_parse_number(value, 10, fields[field].max,
					&p->numbers[field], NULL) ?
		       refuse(p, field, "is not a number, or too large") : 0;
	if (!ccg_unbase64(value, p->r->measurement, sizeof(p->r->measurement),
			  &len) && len == sizeof(p->r->measurement))
		return 0;
	return refuse(p, field, "expected 48 bytes in base64");
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Skips lines of other names. */
static int parse_line(struct parsing *p, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	size_t name_len = colon ? colon - line : 0, field;
	char value[VALUE_MAX + 1];

	while (name_len && is_blank(line[name_len - 1]))
		name_len--;
	for (field = 0; field < N_FIELDS; field++)
		if (strlen(fields[field].name) == name_len &&
		    !memcmp(fields[field].name, line, name_len))
			break;
	if (!colon || field == N_FIELDS)
		return 0;
	len -= colon + 1 - line;
	line = colon + 1;
	for (; len && is_blank(*line); line++)
		len--;
	while (len && is_blank(line[len - 1]))
		len--;
	if (len > VALUE_MAX || memchr(line, '\0', len))
		return refuse(p, field, "is malformed");
	memcpy(value, line, len);
	value[len] = '\0';
	return parse_value(p, field, value);
}

int ccg_domain_report_parse(struct ccg_ctx *ctx, const char *text, size_t len,
			    struct ccg_domain_report *r)
{
	struct parsing p = { .ctx = ctx, .r = r };
	const char *end;
	size_t n;
	int rc;

	*r = (struct ccg_domain_report) {};
	for (; len; text += n, len -= n) {
		end = memchr(text, '\n', len);
		n = end ? (size_t)(end - text) : len;
		rc = parse_line(&p, text, n);
		if (rc)
			return rc;
		n += end ? 1 : 0;
	}
	r->has_measurement = p.seen[MEASUREMENT];
	r->has_platform = p.seen[API_MAJOR] && p.seen[API_MINOR] &&
			  p.seen[BUILD] && p.seen[POLICY];
	r->api_major = p.numbers[API_MAJOR];
	r->api_minor = p.numbers[API_MINOR];
	r->build = p.numbers[BUILD];
	r->policy = p.numbers[POLICY];
	return 0;
}
