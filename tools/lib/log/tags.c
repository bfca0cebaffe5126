// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tags of EV_EVENT_TAG: the Attestation Agent, systemd, Linux, Windows.
 */
#include <inttypes.h>
#include <string.h>

#include "log/words.h"

/* More tags of an event are counted only. */
#define TAGS_MAX	16

/*
 * Sources: docs/TPM2_PCR_MEASUREMENTS.md of systemd; the EFI stub of Linux;
 * wbcl.h of the Windows SDK; the Attestation Agent's kbs/docs.
 */
static const struct {
	u32 id;
	const char *name;
} names[] = {
	{ CC_TAG_AGENT, "AAEL" },
	{ 0xf5bc582a, "systemd-boot configuration" },
	{ 0x6c46f751, "systemd-stub Device Tree" },
	{ 0x49dffe0f, "systemd-stub initrd" },
	{ 0xdac08e1a, "systemd-stub microcode" },
	{ 0x13aed6db, "systemd-stub profile" },
	{ 0xd5cb7cbc, "systemd SMBIOS type 1" },
	{ 0xe0d47bc8, "systemd SMBIOS type 2" },
	{ 0xc0b3bd23, "systemd SMBIOS type 11" },
	{ 0x8f3b22ec, "Linux initrd" },
	{ 0x8f3b22ed, "Linux load options" },
	{ 0x40010001, "Windows trust boundary" },
	{ 0x40010002, "Windows ELAM aggregation" },
	{ 0x40010003, "Windows loaded modules" },
	{ 0x40010005, "Windows KSR aggregation" },
	{ 0xc0010004, "Windows trust point" },
};

/* An entry of the agent: domain, operation and content, between spaces. */
struct agent {
	const u8 *domain, *operation, *content;
	size_t domain_len, operation_len, content_len;
};

static const char *name_of(u32 id)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].id == id)
			return names[i].name;
	return NULL;
}

static bool take_agent(const struct cc_tag *tag, struct agent *a)
{
	const u8 *end = tag->data + tag->size, *space;

	if (tag->id != CC_TAG_AGENT)
		return false;
	space = memchr(tag->data, ' ', tag->size);
	if (!space)
		return false;
	a->domain = tag->data;
	a->domain_len = space - a->domain;
	a->operation = space + 1;
	space = memchr(a->operation, ' ', end - a->operation);
	if (!space)
		return false;
	a->operation_len = space - a->operation;
	a->content = space + 1;
	a->content_len = end - a->content;
	return true;
}

static void put_contents(struct ccg_text *l, const struct cc_tag *tag)
{
	if (ccg_is_utf16(tag->data, tag->size) ||
	    ccg_is_text(tag->data, tag->size))
		ccg_put_string(l, tag->data, tag->size);
	else
		ccg_put_size(l, tag->size);
}

static void put_tag(struct ccg_text *l, const struct cc_tag *tag)
{
	const char *name = name_of(tag->id);
	struct agent a;

	if (name)
		ccg_text_put(l, "%s: ", name);
	else
		ccg_text_put(l, "tag %#" PRIx32 ": ", tag->id);
	if (!take_agent(tag, &a)) {
		put_contents(l, tag);
		return;
	}
	ccg_text_put(l, "domain ");
	ccg_put_text(l, a.domain, a.domain_len);
	ccg_text_put(l, ", operation ");
	ccg_put_text(l, a.operation, a.operation_len);
	ccg_text_put(l, ", content ");
	ccg_put_text(l, a.content, a.content_len);
}

/**
 * ccg_tags_words - describe the tags of an event
 * @l: the line
 * @ev: the event, of any type
 *
 * Return: false if its data are not tags.
 */
bool ccg_tags_words(struct ccg_text *l, const struct cc_log_event *ev)
{
	size_t n = cc_tags_count(ev->data, ev->size), pos = 0;
	struct cc_tag tag;

	for (size_t i = 0; i < n && i < TAGS_MAX; i++) {
		cc_tag_next(ev->data, ev->size, &pos, &tag);
		ccg_text_put(l, "%s", i ? "; " : "");
		put_tag(l, &tag);
	}
	if (n > TAGS_MAX)
		ccg_text_put(l, "; %zu more", n - TAGS_MAX);
	return n;
}

static void bytes(struct ccg_sink *s, const char *key, const u8 *p, size_t len)
{
	s->text(s, key, (const char *)p, len);
}

static void decode_tag(struct ccg_sink *s, const struct cc_tag *tag)
{
	const char *name = name_of(tag->id);
	struct agent a;

	s->number(s, "TaggedEventID", tag->id, CCG_VALUE);
	if (name)
		bytes(s, "TagName", (const u8 *)name, strlen(name));
	if (take_agent(tag, &a)) {
		bytes(s, "Domain", a.domain, a.domain_len);
		bytes(s, "Operation", a.operation, a.operation_len);
		bytes(s, "Content", a.content, a.content_len);
	} else if (ccg_is_text(tag->data, tag->size)) {
		bytes(s, "String", tag->data, tag->size);
	} else {
		s->number(s, "TaggedEventDataSize", tag->size, CCG_COUNT);
	}
}

/**
 * ccg_tags_decode - decode the tags of an event
 * @s: receives the tags
 * @ev: the event, of any type
 *
 * Return: false if its data are not tags.
 */
bool ccg_tags_decode(struct ccg_sink *s, const struct cc_log_event *ev)
{
	size_t n = cc_tags_count(ev->data, ev->size), pos = 0;
	struct cc_tag tag;

	if (!n)
		return false;
	s->open(s, "Event", false);
	s->open(s, "Tags", true);
	for (size_t i = 0; i < n && i < TAGS_MAX; i++) {
		cc_tag_next(ev->data, ev->size, &pos, &tag);
		s->open(s, NULL, false);
		decode_tag(s, &tag);
		s->close(s);
	}
	s->close(s);
	s->number(s, "NumberOfTags", n, CCG_COUNT);
	s->close(s);
	return true;
}
