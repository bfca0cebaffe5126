// SPDX-License-Identifier: GPL-2.0-only
/*
 * Evidence: details of a device's last authentication.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/cert.h>
#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "core/ctx.h"
#include "core/io.h"
#include "core/text.h"
#include "env.h"
#include "pci/device.h"
#include "pci/evidence.h"
#include "x509/cert.h"

#define FAILURES_TEXT_MAX	65536
/* What the kernel keeps of all slots; SPDM_CHAINS_MAX in lib/spdm_req.h. */
#define SLOT_MAX	(8 * 65535)

/* The word "none" and an empty file both give NULL. */
static int get_word(struct ccg_ctx *ctx, const struct ccg_device *dev,
		    const char *name, char **wordp)
{
	int rc = ccg_device_attr(ctx, dev, name, wordp);

	if (rc)
		return rc == -ENOMEM ? rc : 0;
	if (!**wordp || !strcmp(*wordp, "none")) {
		free(*wordp);
		*wordp = NULL;
	}
	return 0;
}

static bool parse_slot(const char *text, int *slot)
{
	if (text[0] < '0' || text[0] > '7' || text[1])
		return false;
	*slot = text[0] - '0';
	return true;
}

/* Sets a slot, if the file has one. */
static int get_slot_number(struct ccg_ctx *ctx, const struct ccg_device *dev,
			   const char *name, int *slot)
{
	char *text = NULL;
	int rc = get_word(ctx, dev, name, &text);

	if (text)
		parse_slot(text, slot);
	free(text);
	return rc;
}

/* Sets the number of the newest signature, if there is one. */
static int get_newest(struct ccg_ctx *ctx, const struct ccg_device *dev,
		      int64_t *newest)
{
	char *text = NULL, *end;
	int rc = get_word(ctx, dev, "spdm/evidence", &text);
	unsigned long n;

	if (text && *text >= '0' && *text <= '9') {
		n = strtoul(text, &end, 10);
		if (!*end && n <= UINT32_MAX)
			*newest = n;
	}
	free(text);
	return rc;
}

/* "STAGE SLOT ERRNO SENTENCE"; a line of another form becomes the sentence. */
static int parse_failure(char *line, struct ccg_failure *f)
{
	char *save = NULL, *end, *word[3];
	char *copy = strdup(line);
	long code;
	size_t i;

	*f = (struct ccg_failure) { .slot = -1 };
	if (!copy)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(word); i++) {
		word[i] = strtok_r(i ? NULL : copy, " ", &save);
		if (!word[i])
			break;
	}
	if (i == ARRAY_SIZE(word) &&
	    (!strcmp(word[1], "-") || parse_slot(word[1], &f->slot))) {
		code = strtol(word[2], &end, 10);
		if (!*end && code < 0 && code >= -4095) {
			f->code = (int)code;
			f->stage = strdup(word[0]);
			f->text = strdup(save);
		}
	}
	free(copy);
	if (!f->code) {
		f->slot = -1;
		f->text = strdup(line);
	}
	if (!f->text || (f->code && !f->stage)) {
		free(f->stage);
		free(f->text);
		return -ENOMEM;
	}
	ccg_unescape(f->text);
	return 0;
}

static int take_failure(char *line, void *arg)
{
	struct ccg_evidence *e = arg;
	int rc;

	if (!*line || e->n_failures == CCG_FAILURES_MAX)
		return 0;
	rc = parse_failure(line, &e->failures[e->n_failures]);
	if (!rc)
		e->n_failures++;
	return rc;
}

/**
 * ccg_slot_fill - parse the certificates of a slot
 * @ctx: the context
 * @slot: set; a malformed certificate is noted in it and is not a failure
 * @der: certificates in DER, one after the other; @slot takes ownership
 * @size: number of bytes in @der
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_slot_fill(struct ccg_ctx *ctx, struct ccg_slot *slot, uint8_t *der,
		  size_t size)
{
	int rc;

	slot->der = der;
	slot->size = size;
	rc = ccg_certs_parse_der(ctx, "slot", der, size, &slot->certs);
	if (!rc || rc == -ENOMEM)
		return rc;
	slot->error = strdup(ctx->error.why);
	return slot->error ? 0 : -ENOMEM;
}

/**
 * ccg_slot_clear - free the members of a slot
 * @slot: the slot; it is empty then
 */
void ccg_slot_clear(struct ccg_slot *slot)
{
	free(slot->der);
	ccg_certs_free(slot->certs);
	free(slot->error);
	*slot = (struct ccg_slot) {};
}

/* The error is noted in the slot; the other slots stay useful. */
static int note_slot_error(struct ccg_slot *slot, const char *why)
{
	slot->error = strdup(why);
	return slot->error ? 0 : -ENOMEM;
}

static int get_slot(struct ccg_ctx *ctx, const struct ccg_device *dev,
		    size_t i, struct ccg_slot *slot)
{
	char path[512], name[32];
	size_t size;
	u8 *buf;
	int fd, rc;

	snprintf(name, sizeof(name), "certificates/slot%zu", i);
	ccg_attr_path(dev, name, path, sizeof(path));
	fd = ccg_open(ctx, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return note_slot_error(slot, strerror(-fd));
	rc = ccg_load_fd(ctx, fd, path, SLOT_MAX, &buf, &size);
	close(fd);
	if (rc)
		return rc == -ENOMEM ? rc : note_slot_error(slot,
							    ctx->error.why);
	if (size)
		return ccg_slot_fill(ctx, slot, buf, size);
	free(buf);
	return 0;
}

int ccg_device_evidence(struct ccg_ctx *ctx, const struct ccg_device *dev,
			struct ccg_evidence **evidencep)
{
	struct ccg_evidence *e = calloc(1, sizeof(*e));
	size_t i;
	int rc;

	if (!e)
		return ccg_fail_errno(ctx, -ENOMEM, dev->bdf);
	e->slot = -1;
	e->proved = -1;
	e->newest = -1;
	/* Files of pci_cma are from before the TSM took the device over. */
	if (dev->by_tsm) {
		*evidencep = e;
		return 0;
	}
	rc = get_word(ctx, dev, "spdm/version", &e->version);
	if (!rc)
		rc = get_word(ctx, dev, "spdm/asym_algorithm", &e->asym);
	if (!rc)
		rc = get_word(ctx, dev, "spdm/hash_algorithm", &e->hash);
	if (!rc)
		rc = get_slot_number(ctx, dev, "spdm/slot", &e->slot);
	if (!rc)
		rc = get_slot_number(ctx, dev, "spdm/proved_slot", &e->proved);
	if (!rc)
		rc = get_newest(ctx, dev, &e->newest);
	if (!rc)
		rc = ccg_attr_lines(ctx, dev, "spdm/failure", FAILURES_TEXT_MAX,
				    take_failure, e);
	if (!rc)
		rc = ccg_pin_get(ctx, dev, &e->pin);
	for (i = 0; !rc && i < CCG_SLOTS; i++)
		rc = get_slot(ctx, dev, i, &e->slots[i]);
	if (rc) {
		ccg_evidence_free(e);
		return ccg_fail_errno(ctx, rc, dev->bdf);
	}
	*evidencep = e;
	return 0;
}

/**
 * ccg_evidence_clear - free the members of evidence
 * @e: the evidence; empty afterwards
 */
void ccg_evidence_clear(struct ccg_evidence *e)
{
	size_t i;

	for (i = 0; i < e->n_failures; i++) {
		free(e->failures[i].stage);
		free(e->failures[i].text);
	}
	for (i = 0; i < CCG_SLOTS; i++)
		ccg_slot_clear(&e->slots[i]);
	ccg_pin_clear(&e->pin);
	free(e->version);
	free(e->asym);
	free(e->hash);
	*e = (struct ccg_evidence) { .slot = -1, .proved = -1, .newest = -1 };
}

void ccg_evidence_free(struct ccg_evidence *e)
{
	if (!e)
		return;
	ccg_evidence_clear(e);
	free(e);
}
