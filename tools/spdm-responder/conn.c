// SPDX-License-Identifier: GPL-2.0-only
/*
 * State of a conversation, and functions that the handlers share.
 */
#include <stdarg.h>
#include <string.h>

#include "spdm.h"

int refuse(struct conn *c, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	return code;
}

int sized(struct conn *c, struct req *q, size_t size)
{
	if (q->len < size || q->len - size > 3)
		return refuse(c, E_INVALID_REQUEST, "has %zu bytes instead of %zu", q->len, size);
	q->exact = size;
	return 0;
}

void put_header(struct conn *c, struct msg *m, unsigned int code,
		unsigned int param1, unsigned int param2)
{
	put8(m, code == VERSION ? 0x10 : c->version ? c->version : c->tried ? c->tried : 0x10);
	put8(m, code);
	put8(m, param1);
	put8(m, param2);
}

uint32_t flags_of(unsigned int version)
{
	static const uint32_t known[] = { 0x3f, 0x1ffff, 0x3fffff, 0x3fffffff, 0xffffffff };
	unsigned int minor = version & 15;

	return minor < ARRAY_SIZE(known) ? known[minor] : 0;
}

uint32_t caps_of(const struct conn *c, unsigned int version)
{
	return c->cfg->caps & flags_of(version);
}

unsigned int versions_of(const struct conn *c)
{
	return c->later && c->cfg->later_versions ? c->cfg->later_versions : c->cfg->versions;
}

void conn_reset(struct conn *c)
{
	slots_free(c);
	c->state = ST_START;
	c->version = 0;
	c->tried = 0;
	c->a_len = 0;
	c->l1_open = false;
	c->deferred_len = 0;
	c->large.len = 0;
	c->data_size = MSG_MAX;
	c->max_size = MSG_MAX;
	c->asym = NULL;
	c->hash = NULL;
	c->opaque_fmt = false;
	c->multi_key = false;
	c->later = c->cfg->challenged;
}

void conn_init(struct conn *c, struct config *cfg)
{
	memset(c, 0, sizeof(*c));
	c->cfg = cfg;
	c->m1 = hash_new();
	c->l1 = hash_new();
	c->rng = cfg->seed ^ 0x9e3779b97f4a7c15ull;
	if (!c->rng)
		c->rng = 1;
	conn_reset(c);
}

void conn_free(struct conn *c)
{
	slots_free(c);
	EVP_MD_CTX_free(c->m1);
	EVP_MD_CTX_free(c->l1);
}
