// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test of collections of RATS conceptual messages, of reports of
 * configfs-tsm, and of base64url. TAP on standard output.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/cmw.h>
#include <ccguest/text.h>

#include "../lib/tap.h"
#include "core/ctx.h"

static struct ccg_ctx *ctx;

/* ---- base64url ---- */

static const struct {
	const char *text;
	const char *bytes;
	int rc;
} urls[] = {
	{ "", "", 0 },
	{ "I0faVQ", "\x23\x47\xda\x55", 0 },
	{ "-_8", "\xfb\xff", 0 },
	{ "__-_", "\xff\xff\xbf", 0 },
	{ "+/8", NULL, -EINVAL },
	{ "-_8=", NULL, -EINVAL },
	{ "A", NULL, -EINVAL },
	{ "AAAAA", NULL, -EINVAL },
	{ "-_9", NULL, -EINVAL },
	{ "-w-", NULL, -EINVAL },
	{ "AA A", NULL, -EINVAL },
	{ "AAAAAAA", NULL, -EMSGSIZE },
};

static void test_base64url(void)
{
	uint8_t buf[4];
	char text[8];
	size_t len;
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
		len = 99;
		rc = ccg_unbase64url(urls[i].text, buf, sizeof(buf), &len);
		ok(rc == urls[i].rc && (rc || (len == strlen(urls[i].bytes) &&
					       !memcmp(buf, urls[i].bytes, len))),
		   "base64url %s is read: %d", urls[i].text, urls[i].rc);
		if (rc)
			continue;
		ccg_base64url(buf, len, text);
		ok(!strcmp(text, urls[i].text), "base64url %s is written", text);
	}
}

/* ---- wrong bytes ---- */

/* Bytes, which may be zero. */
struct bytes {
	const char *p;
	size_t len;
};

#define BYTES(b)	{ (b), sizeof(b) - 1 }

#define REC	"\x82\143a/b\x41\x01"
#define URI	"\x68__cmwc_t\143a:b"

static const struct {
	const char *name;
	struct bytes bytes;
	const char *why;
} cbor_faults[] = {
	{ "no byte", BYTES(""), "is not a collection of RFC 9999" },
	{ "a record alone", BYTES(REC), "is not a collection of RFC 9999" },
	{ "an empty map", BYTES("\xa0"), "a collection is empty, at offset 1" },
	{ "a type only", BYTES("\xa1" URI), "a collection is empty, at offset 1" },
	{ "bytes behind", BYTES("\xa1\0" REC "\0"), "is behind the end, at offset 9" },
	{ "an indefinite map", BYTES("\xbf\0" REC "\xff"),
	  "has an indefinite length, at offset 0" },
	{ "an indefinite record", BYTES("\xa1\0\x9f\143a/b\x41\x01\xff"),
	  "has an indefinite length, at offset 2" },
	{ "2^63 pairs", BYTES("\xbb\x80\0\0\0\0\0\0\0\0" REC), "is cut off, at offset 17" },
	{ "a label of bytes", BYTES("\xa1\x41\x61" REC), "a label is neither" },
	{ "a label of 65 bits", BYTES("\xa1\x1b\xff\xff\xff\xff\xff\xff\xff\xff" REC),
	  "a label is neither a text nor a number of 64 bits, at offset 1" },
	{ "a label that is empty", BYTES("\xa1\x60" REC), "the label is empty, at offset 1" },
	{ "a label with a NUL", BYTES("\xa1\x61\0" REC), "a text has a NUL, at offset 1" },
	{ "a label in Latin-1", BYTES("\xa1\x61\xe4" REC), "the label is not UTF-8" },
	{ "a label with a surrogate", BYTES("\xa1\x63\xed\xa0\x80" REC),
	  "the label is not UTF-8" },
	{ "a label in a long form", BYTES("\xa1\x62\xc0\xaf" REC), "the label is not UTF-8" },
	{ "a label that is cut off", BYTES("\xa1\x62\xe2\x82" REC), "the label is not UTF-8" },
	{ "a label twice", BYTES("\xa2\x61x" REC "\x61x" REC),
	  "the label is used twice, at offset 10" },
	{ "a number twice", BYTES("\xa2\x20" REC "\x20" REC), "the label is used twice" },
	{ "two types", BYTES("\xa3" URI URI "\0" REC),
	  "the type of the collection is given twice, at offset 23" },
	{ "a type that is a number", BYTES("\xa2\x68__cmwc_t\0\0" REC),
	  "the type of the collection is not a text, at offset 10" },
	{ "a relative type", BYTES("\xa2\x68__cmwc_t\143a/b\0" REC),
	  "the type of the collection is neither an absolute URI nor an OID" },
	{ "an item that is a number", BYTES("\xa1\0\0"), "an item is neither" },
	{ "a record of one", BYTES("\xa1\0\x81\143a/b"), "a record has neither" },
	{ "a record of four", BYTES("\xa1\0\x84\143a/b\x41\1\4\4"), "a record has neither" },
	{ "a media type", BYTES("\xa1\0\x82\141a\x41\1"), "the type is not a media type" },
	{ "an empty subtype", BYTES("\xa1\0\x82\142a/\x41\1"), "the type is not a media type" },
	{ "a format of 17 bits", BYTES("\xa1\0\x82\x1a\0\1\0\0\x41\1"), "a type is neither" },
	{ "a text as value", BYTES("\xa1\0\x82\143a/b\141a"),
	  "is not a string of the expected type, at offset 7" },
	{ "an empty value", BYTES("\xa1\0\x82\143a/b\x40"), "the value is empty" },
	{ "a value that is cut off",
	  BYTES("\xa1\0\x82\143a/b\x5b\x7f\xff\xff\xff\xff\xff\xff\xff"),
	  "is cut off, at offset 7" },
	{ "indicator 0", BYTES("\xa1\0\x83\143a/b\x41\1\0"), "an indicator is not" },
	{ "indicator 2^32", BYTES("\xa1\0\x83\143a/b\x41\1\x1b\0\0\0\1\0\0\0\0"),
	  "an indicator is not a number from 1 to 2^32 - 1, at offset 9" },
	{ "a tag below", BYTES("\xa1\0\xda\x63\x74\x01\x00\x41\1"), "an item is neither" },
	{ "a tag in a gap", BYTES("\xa1\0\xda\x63\x74\x02\x00\x41\1"), "an item is neither" },
	{ "a tag of text", BYTES("\xa1\0\xda\x63\x74\x01\x01\141a"), "is not a string" },
	{ "five collections", BYTES("\xa1\0\xa1\0\xa1\0\xa1\0\xa1\0" REC),
	  "collections are nested too deep, at offset 7" },
	{ "an empty collection inside", BYTES("\xa1\0\xa0"), "a collection is empty" },
};

static const struct {
	const char *name;
	const char *text;
	const char *why;
} json_faults[] = {
	{ "no JSON", "{", "is not JSON" },
	{ "an array", "[\"a/b\",\"AA\"]", "is not a collection of RFC 9999" },
	{ "an empty object", "{}", "a collection is empty" },
	{ "two labels", "{\"a\":[\"a/b\",\"AA\"],\"a\":[\"a/b\",\"AA\"]}",
	  "an object has two members of the same name" },
	{ "an item that is a text", "{\"a\":\"AA\"}",
	  "item a: is neither a record nor a collection" },
	{ "a record of one", "{\"a\":[\"a/b\"]}",
	  "item a: a record has two or three members" },
	{ "a type that is a number", "{\"a\":[1,\"AA\"]}", "item a: the type is not a text" },
	{ "a type with a NUL",
	  "{\"a\":[\"a/b\\u0000\",\"AA\"]}", "item a: the type is not a text" },
	{ "a type that is no media type", "{\"a\":[\"ab\",\"AA\"]}",
	  "item a: the type is not a media type" },
	{ "padding", "{\"a\":[\"a/b\",\"AA==\"]}", "item a: the value is not base64url" },
	{ "base64", "{\"a\":[\"a/b\",\"+/8\"]}", "item a: the value is not base64url" },
	{ "an empty value", "{\"a\":[\"a/b\",\"\"]}", "item a: the value is empty" },
	{ "a value that is a number", "{\"a\":[\"a/b\",0]}", "item a: the value is not base64url" },
	{ "indicator 0", "{\"a\":[\"a/b\",\"AA\",0]}", "item a: the indicator" },
	{ "indicator 1.5", "{\"a\":[\"a/b\",\"AA\",1.5]}", "item a: the indicator" },
	{ "indicator 2^32", "{\"a\":[\"a/b\",\"AA\",4294967296]}", "item a: the indicator" },
	{ "a type of the collection", "{\"__cmwc_t\":1,\"a\":[\"a/b\",\"AA\"]}",
	  "item __cmwc_t: is not a text" },
	{ "a relative type", "{\"__cmwc_t\":\"3.1\",\"a\":[\"a/b\",\"AA\"]}",
	  "item __cmwc_t: the type of the collection is neither" },
	{ "five collections", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":[\"a/b\",\"AA\"]}}}}}",
	  "item d: collections are nested too deep" },
	{ "an empty collection inside", "{\"a\":{}}", "a collection is empty" },
};

static void refused(const char *name, const char *bytes, size_t len, const char *why)
{
	struct ccg_cmw *c;
	int rc = ccg_cmw_parse(ctx, "file", (const uint8_t *)bytes, len, &c);
	const struct ccg_error *e = ccg_error(ctx);

	ok(rc == -EBADMSG && !c && e->kind == CCG_UNVERIFIED && e->code == rc &&
	   !strncmp(e->why, why, strlen(why)), "no collection: %s", name);
	if (!rc || strncmp(e->why, why, strlen(why)))
		printf("# %d: %s\n", rc, rc ? e->why : "accepted");
	ccg_cmw_free(c);
}

static void test_faults(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cbor_faults); i++)
		refused(cbor_faults[i].name, cbor_faults[i].bytes.p,
			cbor_faults[i].bytes.len, cbor_faults[i].why);
	for (size_t i = 0; i < ARRAY_SIZE(json_faults); i++)
		refused(json_faults[i].name, json_faults[i].text,
			strlen(json_faults[i].text), json_faults[i].why);
}

/* ---- the examples of RFC 9999 ---- */

/* Section 5.4: a Content-Format, a tag, and a media type. */
#define EXAMPLE_TYPE	"\xa4\x68__cmwc_t\x78\047tag:example.com,2024:composite-attester"
#define EXAMPLE_A	"\x00\x83\x19\xfd\xe7\x44\x23\x47\xda\x55\x04"
#define EXAMPLE_B	"\x01\xda\x63\x74\xff\xe6\x44\x23\x47\xda\x55"
#define EXAMPLE_C	"\x02\x83\163application/eat+jwt\x44\x4c\x69\x34\x75\x08"
static const uint8_t example[] = EXAMPLE_TYPE EXAMPLE_A EXAMPLE_B EXAMPLE_C;

static void test_examples(void)
{
	static const char json[] =
		"{ \"__cmwc_t\": \"tag:example.com,2024:another-composite-attester\",\n"
		" \"attester A\": [ \"application/eat-ucs+json\", \"e30K\", 4 ],\n"
		" \"attester B\": [ \"application/eat-ucs+cbor\", \"oA\", 4 ] }\n";
	const struct ccg_cmw_item *item;
	size_t len, size = sizeof(example) - 1;
	struct ccg_cmw *c;
	uint8_t *buf;

	ok(!ccg_cmw_parse(ctx, "example", example, size, &c), "a collection in CBOR");
	if (!c)
		return;
	ok(!strcmp(ccg_cmw_type(c), "tag:example.com,2024:composite-attester"), "type");
	item = ccg_cmw_at(c, 0);
	ok(item && !item->label && item->number == 0 && !item->type &&
	   item->format == 64999 && !item->tagged && item->ind == CCG_CMW_EVIDENCE_IND &&
	   item->len == 4 && !memcmp(item->value, "\x23\x47\xda\x55", 4), "content format");
	item = ccg_cmw_at(c, 1);
	ok(item && item->number == 1 && item->tagged && item->format == 64999 &&
	   !item->ind && item->len == 4, "tag");
	item = ccg_cmw_at(c, 2);
	ok(item && !strcmp(item->type, "application/eat+jwt") && item->ind == 8, "media type");
	ok(!ccg_cmw_at(c, 3) && !ccg_cmw_find(c, "0"), "no more items");
	ok(!ccg_cmw_write(c, CCG_CMW_CBOR, &buf, &len) && len == size &&
	   !memcmp(buf, example, len), "the same bytes are written");
	free(buf);
	ok(ccg_cmw_write(c, CCG_CMW_JSON, &buf, &len) == -EINVAL, "numbers have no form in JSON");
	ccg_cmw_free(c);

	ok(!ccg_cmw_parse(ctx, "example", (const uint8_t *)json, strlen(json), &c),
	   "a collection in JSON");
	if (!c)
		return;
	item = ccg_cmw_find(c, "attester B");
	ok(item && item == ccg_cmw_at(c, 1) && item->len == 1 && *item->value == 0xa0 &&
	   item->ind == CCG_CMW_EVIDENCE_IND, "item of JSON");
	ccg_cmw_free(c);
}

/* ---- building ---- */

static struct ccg_cmw *build(void)
{
	struct ccg_cmw_item item = {
		.label = "tsm-report", .type = CCG_CMW_TSM_CBOR,
		.ind = CCG_CMW_EVIDENCE_IND, .value = (const uint8_t *)"\xff\xfe", .len = 2,
	};
	struct ccg_cmw *c, *nested;

	if (ccg_cmw_new(ctx, CCG_CMW_EVIDENCE, &c) || ccg_cmw_add(c, &item) ||
	    ccg_cmw_add_nested(c, "devices", "1.3.6.1", &nested))
		exit(1);
	item.label = "a \"b\" \\ \xc3\xa4 \x01";
	item.type = "application/eat-ucs+cbor; eat_profile=\"tag:x.org,2025:y#1.0.0\"";
	item.ind = 0;
	if (ccg_cmw_add(nested, &item))
		exit(1);
	return c;
}

static bool same(const struct ccg_cmw *a, const struct ccg_cmw *b)
{
	const struct ccg_cmw_item *x, *y;

	if (strcmp(ccg_cmw_type(a), ccg_cmw_type(b)))
		return false;
	for (size_t i = 0;; i++) {
		x = ccg_cmw_at(a, i);
		y = ccg_cmw_at(b, i);
		if (!x || !y)
			return !x && !y;
		if (strcmp(x->label, y->label) || !x->nested != !y->nested)
			return false;
		if (x->nested && !same(x->nested, y->nested))
			return false;
		if (!x->nested && (strcmp(x->type, y->type) || x->ind != y->ind ||
				   x->len != y->len || memcmp(x->value, y->value, x->len)))
			return false;
	}
}

static void test_round_trip(void)
{
	static const char *const names[] = { "CBOR", "JSON" };
	struct ccg_cmw *c = build(), *again;
	bool cut = true;
	uint8_t *buf;
	size_t len;

	for (enum ccg_cmw_form f = CCG_CMW_CBOR; f <= CCG_CMW_JSON; f++) {
		ok(!ccg_cmw_write(c, f, &buf, &len) && ccg_cmw_is(buf, len), "%s is written",
		   names[f]);
		ok(!ccg_cmw_parse(ctx, "own", buf, len, &again) && same(c, again),
		   "%s is read", names[f]);
		ccg_cmw_free(again);
		/* JSON ends in a newline, which may be missing. */
		for (size_t n = 0; n < len - (f == CCG_CMW_JSON); n++) {
			cut &= ccg_cmw_parse(ctx, "own", buf, n, &again) == -EBADMSG;
			ccg_cmw_free(again);
		}
		ok(cut, "%s is refused at each shorter length", names[f]);
		free(buf);
	}
	ccg_cmw_free(c);
}

static void test_limits(void)
{
	struct ccg_cmw_item item = {
		.type = "a/b", .value = (const uint8_t *)"x", .len = 1,
	};
	struct ccg_cmw *c, *inner[CCG_CMW_DEPTH_MAX];
	uint8_t *buf;
	size_t len;
	int rc = 0;

	ok(ccg_cmw_new(ctx, "no type", &c) == -EINVAL && !c, "a type is an URI or an OID");
	ok(ccg_cmw_new(ctx, "1.02", &c) == -EINVAL && !c, "an OID has no leading zeros");
	ok(!ccg_cmw_new(ctx, NULL, &c), "a collection without type");
	ok(ccg_cmw_write(c, CCG_CMW_CBOR, &buf, &len) == -EINVAL, "an empty collection");
	item.label = "__cmwc_t";
	ok(ccg_cmw_add(c, &item) == -EINVAL, "the reserved label");
	item.label = NULL;
	for (item.number = 0; item.number < CCG_CMW_ITEMS_MAX - 3; item.number++)
		rc |= ccg_cmw_add(c, &item);
	inner[0] = c;
	for (int i = 1; i < CCG_CMW_DEPTH_MAX; i++)
		rc |= ccg_cmw_add_nested(inner[i - 1], "in", NULL, &inner[i]);
	ok(!rc, "as many items as fit");
	ok(ccg_cmw_add(c, &item) == -E2BIG, "one item more");
	ok(ccg_cmw_add_nested(inner[CCG_CMW_DEPTH_MAX - 1], "in", NULL, &inner[0]) == -E2BIG,
	   "one collection deeper");
	item.number = 0;
	ok(ccg_cmw_add(c, &item) == -EINVAL, "a label twice");
	ccg_cmw_free(c);
}

/* ---- reports of configfs-tsm ---- */

static const struct {
	const char *name;
	enum ccg_cmw_form form;
	struct bytes bytes;
	const char *why;
} tsm_faults[] = {
	{ "an array", CCG_CMW_CBOR, BYTES("\x80"), "not a map" },
	{ "no report", CCG_CMW_CBOR, BYTES("\xa1\x68provider\x61x"), "outblob: is missing" },
	{ "no provider", CCG_CMW_CBOR, BYTES("\xa1\x67outblob\x41x"), "provider: is missing" },
	{ "two reports", CCG_CMW_CBOR, BYTES("\xa2\x67outblob\x41x\x67outblob\x41x"),
	  "outblob: is there twice" },
	{ "another member", CCG_CMW_CBOR, BYTES("\xa1\x61z\x41x"), "there is an unknown member" },
	{ "a report of text", CCG_CMW_CBOR, BYTES("\xa1\x67outblob\x61x"),
	  "the item at offset 9 is not a string of the expected type" },
	{ "an empty report", CCG_CMW_CBOR, BYTES("\xa2\x67outblob\x40\x68provider\x61x"),
	  "outblob: is empty, or has a NUL" },
	{ "a NUL", CCG_CMW_CBOR, BYTES("\xa2\x67outblob\x41x\x68provider\x62x\0"),
	  "provider: is empty, or has a NUL" },
	{ "a byte behind", CCG_CMW_CBOR, BYTES("\xa2\x67outblob\x41x\x68provider\x61x\0"),
	  "the item at offset 22 is behind the end" },
	{ "a manifest alone", CCG_CMW_JSON,
	  BYTES("{\"outblob\":\"AA\",\"provider\":\"x\",\"manifestblob\":\"AA\"}"),
	  "manifestblob: there is no service_provider" },
	{ "a number", CCG_CMW_JSON, BYTES("{\"outblob\":1}"), "outblob: is not a string" },
	{ "padding", CCG_CMW_JSON, BYTES("{\"outblob\":\"AA==\"}"),
	  "outblob: is not base64url without padding" },
	{ "another member", CCG_CMW_JSON, BYTES("{\"z\":1}"), "z: is not a member" },
	{ "an array", CCG_CMW_JSON, BYTES("[]"), "not a JSON object" },
};

static void test_tsm(void)
{
	static const char prefix[] = "is not a report of configfs-tsm: ";
	static const char json[] =
		"{\"auxblob\":\"-_8\",\"outblob\":\"AAE\",\"provider\":\"sev_guest\"}";
	struct ccg_tsm_report r = {
		.provider = "sev_guest",
		.outblob = { (const uint8_t *)"\0\1", 2 },
		.auxblob = { (const uint8_t *)"\xfb\xff", 2 },
	}, *again;
	uint8_t *buf;
	size_t len;
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(tsm_faults); i++) {
		rc = ccg_tsm_report_parse(ctx, "file", tsm_faults[i].form,
					  (const uint8_t *)tsm_faults[i].bytes.p,
					  tsm_faults[i].bytes.len, &again);
		ok(rc == -EBADMSG && !again && !strncmp(ctx->error.why, prefix, strlen(prefix)) &&
		   !strcmp(ctx->error.why + strlen(prefix), tsm_faults[i].why),
		   "report of configfs-tsm: %s", tsm_faults[i].name);
		if (rc && strcmp(ctx->error.why + strlen(prefix), tsm_faults[i].why))
			printf("# %s\n", ctx->error.why);
		ccg_tsm_report_free(again);
	}
	for (enum ccg_cmw_form f = CCG_CMW_CBOR; f <= CCG_CMW_JSON; f++) {
		rc = ccg_tsm_report_write(ctx, &r, f, &buf, &len);
		ok(!rc, "report of configfs-tsm is written");
		if (f == CCG_CMW_JSON)
			ok(len == strlen(json) && !memcmp(buf, json, len), "as ratsd writes JSON");
		ok(!ccg_tsm_report_parse(ctx, "own", f, buf, len, &again) &&
		   !strcmp(again->provider, r.provider) && again->outblob.len == 2 &&
		   !memcmp(again->outblob.p, r.outblob.p, 2) && again->auxblob.len == 2 &&
		   !memcmp(again->auxblob.p, r.auxblob.p, 2) && !again->service_provider,
		   "report of configfs-tsm is read");
		ccg_tsm_report_free(again);
		free(buf);
	}
	r.provider = "";
	ok(ccg_tsm_report_write(ctx, &r, CCG_CMW_CBOR, &buf, &len) == -EINVAL, "no provider");
}

int main(void)
{
	if (ccg_ctx_new(&ctx))
		return 1;
	test_base64url();
	test_faults();
	test_examples();
	test_round_trip();
	test_limits();
	test_tsm();
	ccg_ctx_free(ctx);
	return tap_done();
}
