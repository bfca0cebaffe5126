// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies of guests: names, numbers, and advice.
 *
 * SEV API (55766), 2.1: flags in the low 16 bits, then the smallest version of
 * the firmware's API, major before minor.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/text.h"

#define FLAGS		0x3fU
#define FLAGS_MASK	0xffffU
#define MAJOR_SHIFT	16
#define MINOR_SHIFT	24

static const struct {
	const char *name;
	uint32_t flag;
	const char *advice;
} flags[] = {
	{ "NODBG", CCG_SEV_POLICY_NODBG,
	  "without NODBG, the host may decrypt the guest's memory" },
	{ "NOKS", CCG_SEV_POLICY_NOKS,
	  "without NOKS, other guests may share the guest's keys" },
	{ "ES", CCG_SEV_POLICY_ES,
	  "without ES, the host reads and changes the guest's registers" },
	{ "NOSEND", CCG_SEV_POLICY_NOSEND,
	  "without NOSEND, the host may send the guest to another platform" },
	{ "DOMAIN", CCG_SEV_POLICY_DOMAIN, NULL },
	{ "SEV", CCG_SEV_POLICY_SEV, NULL },
};

static int bad_policy(struct ccg_ctx *ctx, const char *text, const char *why)
{
	ccg_fail(ctx, -EINVAL, CCG_USAGE, text, "%s", why);
	ccg_hint(ctx, "ccguest help sev session lists the forms of a policy");
	return -EINVAL;
}

/* Parses MAJOR.MINOR, up to a comma or the end. */
static bool parse_firmware(const char *word, size_t len, uint32_t *policy)
{
	uint64_t major, minor;
	const char *p = word;

	if (ccg_parse_number(p, 10, 255, &major, &p) || *p++ != '.' ||
	    ccg_parse_number(p, 10, 255, &minor, &p) || p != word + len)
		return false;
	*policy |= major << MAJOR_SHIFT | minor << MINOR_SHIFT;
	return true;
}

static bool parse_word(const char *word, size_t len, uint32_t *policy)
{
	if (len > 3 && !strncasecmp(word, "FW=", 3))
		return parse_firmware(word + 3, len - 3, policy);
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (strlen(flags[i].name) != len ||
		    strncasecmp(flags[i].name, word, len))
			continue;
		*policy |= flags[i].flag;
		return true;
	}
	return false;
}

static int parse_names(struct ccg_ctx *ctx, const char *text, uint32_t *policy)
{
	const char *word = text;
	size_t len;

	*policy = 0;
	for (;;) {
		len = strcspn(word, ",");
		if (!parse_word(word, len, policy))
			return bad_policy(ctx, text, "has an unknown name");
		if (!word[len])
			return 0;
		word += len + 1;
	}
}

int ccg_sev_policy_parse(struct ccg_ctx *ctx, const char *text,
			 uint32_t *policy)
{
	int base = strncmp(text, "0x", 2) ? 10 : 16;
	uint64_t n;

	if (!isdigit((unsigned char)*text))
		return parse_names(ctx, text, policy);
	if (ccg_parse_number(text, base, UINT32_MAX, &n, NULL))
		return bad_policy(ctx, text, "is not a number of 32 bits");
	if (n & FLAGS_MASK & ~FLAGS)
		return bad_policy(ctx, text, "sets bits that are reserved");
	*policy = n;
	return 0;
}

void ccg_sev_policy_text(uint32_t policy, char text[CCG_SEV_POLICY_TEXT])
{
	struct ccg_text t = {
		.buf = text, .size = CCG_SEV_POLICY_TEXT, .fixed = true,
	};
	const char *comma = "";

	*text = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		if (!(policy & flags[i].flag))
			continue;
		ccg_text_put(&t, "%s%s", comma, flags[i].name);
		comma = ",";
	}
	if (policy >> MAJOR_SHIFT)
		ccg_text_put(&t, "%sFW=%u.%u", comma,
			     policy >> MAJOR_SHIFT & 0xff,
			     policy >> MINOR_SHIFT);
}

const char *ccg_sev_policy_advice(uint32_t policy, size_t n)
{
	/* With DOMAIN, the guest is sent only to platforms of its domain. */
	if (policy & CCG_SEV_POLICY_DOMAIN)
		policy |= CCG_SEV_POLICY_NOSEND;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (flags[i].advice && !(policy & flags[i].flag) && !n--)
			return flags[i].advice;
	if (!(policy >> MAJOR_SHIFT) && !n--)
		return "without FW=MAJOR.MINOR, old firmware with known faults is accepted";
	return n ? NULL :
	       "SEV and SEV-ES do not protect the integrity of memory; SEV-SNP does";
}

bool ccg_sev_policy_allows(uint32_t policy, uint8_t major, uint8_t minor)
{
	uint8_t want_major = policy >> MAJOR_SHIFT;
	uint8_t want_minor = policy >> MINOR_SHIFT;

	return major > want_major ||
	       (major == want_major && minor >= want_minor);
}
