// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands for NV indexes of a TPM, and their answers.
 */
#include <string.h>

#include "report/tpm.h"

#define ST_NO_SESSIONS	0x8001
#define ST_SESSIONS	0x8002
#define RS_PW		0x40000009
#define ALG_SHA256	0x000b

#define CC_NV_DEFINE_SPACE	0x12a
#define CC_NV_WRITE		0x137
#define CC_NV_READ		0x14e
#define CC_NV_READ_PUBLIC	0x169

static void put16(struct tpm_cmd *c, uint16_t v)
{
	c->buf[c->len++] = v >> 8;
	c->buf[c->len++] = v;
}

static void put32(struct tpm_cmd *c, uint32_t v)
{
	put16(c, v >> 16);
	put16(c, v);
}

static void begin(struct tpm_cmd *c, uint16_t tag, uint32_t code)
{
	c->len = 0;
	put16(c, tag);
	put32(c, 0);
	put32(c, code);
}

/* The authorization with an empty password. */
static void put_password(struct tpm_cmd *c)
{
	put32(c, 9);
	put32(c, RS_PW);
	put16(c, 0);
	c->buf[c->len++] = 0;
	put16(c, 0);
}

/* Writes the length into the header. */
static void end(struct tpm_cmd *c)
{
	size_t len = c->len;

	c->len = 2;
	put32(c, len);
	c->len = len;
}

void ccg_tpm_read_public(struct tpm_cmd *c, uint32_t index)
{
	begin(c, ST_NO_SESSIONS, CC_NV_READ_PUBLIC);
	put32(c, index);
	end(c);
}

void ccg_tpm_read(struct tpm_cmd *c, uint32_t auth, uint32_t index,
		  uint16_t size, uint16_t offset)
{
	begin(c, ST_SESSIONS, CC_NV_READ);
	put32(c, auth);
	put32(c, index);
	put_password(c);
	put16(c, size);
	put16(c, offset);
	end(c);
}

void ccg_tpm_define(struct tpm_cmd *c, uint32_t index, uint32_t attributes,
		    uint16_t size)
{
	begin(c, ST_SESSIONS, CC_NV_DEFINE_SPACE);
	put32(c, TPM_RH_OWNER);
	put_password(c);
	put16(c, 0);	/* no password of the index */
	put16(c, 14);	/* the public area */
	put32(c, index);
	put16(c, ALG_SHA256);
	put32(c, attributes);
	put16(c, 0);	/* no policy */
	put16(c, size);
	end(c);
}

void ccg_tpm_write(struct tpm_cmd *c, uint32_t auth, uint32_t index,
		   const uint8_t *buf, uint16_t len)
{
	begin(c, ST_SESSIONS, CC_NV_WRITE);
	put32(c, auth);
	put32(c, index);
	put_password(c);
	if (len > TPM_NV_CHUNK)
		len = TPM_NV_CHUNK;
	put16(c, len);
	memcpy(c->buf + c->len, buf, len);
	c->len += len;
	put16(c, 0);	/* offset */
	end(c);
}

/**
 * ccg_tpm_is_busy - find out whether the TPM wants the same command again
 * @rc: a response code
 *
 * Return: true for TPM_RC_YIELDED, TPM_RC_TESTING, TPM_RC_NV_RATE and
 * TPM_RC_RETRY.
 */
bool ccg_tpm_is_busy(uint32_t rc)
{
	return rc == 0x908 || rc == 0x90a || rc == 0x920 || rc == 0x922;
}

/**
 * struct answer - an answer that is being read
 * @p: the next byte
 * @left: number of bytes from @p on
 * @bad: the answer is too short
 */
struct answer {
	const uint8_t *p;
	size_t left;
	bool bad;
};

static const uint8_t *take(struct answer *a, size_t len)
{
	const uint8_t *p = a->p;

	if (a->bad || len > a->left) {
		a->bad = true;
		return NULL;
	}
	a->p += len;
	a->left -= len;
	return p;
}

static uint32_t take_number(struct answer *a, size_t len)
{
	const uint8_t *p = take(a, len);
	uint32_t v = 0;

	for (size_t i = 0; p && i < len; i++)
		v = v << 8 | p[i];
	return v;
}

static const char *take_header(struct answer *a, const uint8_t *buf, size_t len,
			       uint16_t want_tag, uint32_t *rc)
{
	uint32_t tag, size;

	*a = (struct answer) { .p = buf, .left = len };
	tag = take_number(a, 2);
	size = take_number(a, 4);
	*rc = take_number(a, 4);
	if (a->bad)
		return "the header is too short";
	if (size != len)
		return "the length in the header, at offset 2, is not that of the answer";
	if (tag != (*rc ? ST_NO_SESSIONS : want_tag))
		return "the tag, at offset 0, is another than expected";
	return NULL;
}

const char *ccg_tpm_parse(const uint8_t *buf, size_t len, uint32_t *rc)
{
	struct answer a;

	return take_header(&a, buf, len, ST_SESSIONS, rc);
}

const char *ccg_tpm_parse_public(const uint8_t *buf, size_t len, uint32_t *rc,
				 struct tpm_index *index)
{
	struct answer a;
	const char *why = take_header(&a, buf, len, ST_NO_SESSIONS, rc);
	size_t area;

	if (why || *rc)
		return why;
	area = take_number(&a, 2);
	if (a.bad || area > a.left)
		return "the public area, at offset 10, is too short";
	a.left = area;
	take(&a, 4 + 2);	/* the index, and the hash of its name */
	index->attributes = take_number(&a, 4);
	take(&a, take_number(&a, 2));	/* the policy */
	index->size = take_number(&a, 2);
	return a.bad || a.left ? "the public area, at offset 10, has another form" :
				 NULL;
}

const char *ccg_tpm_parse_read(const uint8_t *buf, size_t len, uint32_t *rc,
			       const uint8_t **data, size_t *data_len)
{
	struct answer a;
	const char *why = take_header(&a, buf, len, ST_SESSIONS, rc);
	size_t params;

	if (why || *rc)
		return why;
	params = take_number(&a, 4);
	if (a.bad || params > a.left)
		return "the parameters, at offset 10, are too short";
	a.left = params;
	*data_len = take_number(&a, 2);
	*data = take(&a, *data_len);
	return a.bad || a.left ? "the length of the data, at offset 14, is wrong" :
				 NULL;
}
