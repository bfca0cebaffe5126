// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets with secrets.
 *
 * SEV API (55766), LAUNCH_SECRET: the payload is encrypted with TEK. The MAC in
 * the header covers the payload and the measurement, so that the packet is
 * valid for one launch only.
 */
#include <errno.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/sev.h>

#include "core/ctx.h"
#include "env.h"
#include "sev/packet.h"
#include "sev/used.h"

/* Offsets in the header. */
#define HEADER_FLAGS	0
#define HEADER_IV	4
#define HEADER_MAC	20

/* First byte of the message: the MAC is that of a packet. */
#define CONTEXT_SECRET	1

/**
 * ccg_sev_packet_derive - make a packet
 * @in: keys, IV and measurement
 * @table: the bytes to encrypt
 * @len: length of @table in bytes
 * @header: set to the header, CCG_SEV_HEADER_LEN bytes
 * @payload: set to the encrypted bytes, @len bytes
 *
 * Return: true; false if OpenSSL fails.
 */
bool ccg_sev_packet_derive(const struct sev_packet *in, const uint8_t *table,
			   size_t len, uint8_t *header, uint8_t *payload)
{
	const uint8_t context = CONTEXT_SECRET;
	uint8_t lengths[8];
	const struct sev_part parts[] = {
		{ &context, 1 },
		{ header, HEADER_MAC },
		{ lengths, sizeof(lengths) },
		{ payload, len },
		{ in->measure, SEV_MAC_LEN },
	};

	put_unaligned_le32(0, header + HEADER_FLAGS);
	memcpy(header + HEADER_IV, in->iv, SEV_KEY_LEN);
	/* Length in the guest, and length of the payload. */
	put_unaligned_le32(len, lengths);
	put_unaligned_le32(len, lengths + 4);
	return ccg_sev_ctr(in->tek, in->iv, table, len, payload) &&
	       ccg_sev_hmac(in->tik, SEV_KEY_LEN, parts, ARRAY_SIZE(parts),
			    header + HEADER_MAC);
}

static int check_len(struct ccg_ctx *ctx, size_t len, size_t area)
{
	if (!len || len % CCG_SEV_PACKET_ALIGN)
		return ccg_fail(ctx, -EINVAL, CCG_USAGE, "packet",
				"%zu bytes are not a multiple of %d", len,
				CCG_SEV_PACKET_ALIGN);
	if (len > CCG_SEV_PACKET_MAX)
		return ccg_fail(ctx, -EMSGSIZE, CCG_FAILED, "packet",
				"the secrets have %zu bytes, a packet has %d at most",
				len, CCG_SEV_PACKET_MAX);
	if (area && len > area)
		return ccg_fail(ctx, -EMSGSIZE, CCG_FAILED, "packet",
				"the secrets have %zu bytes, the firmware's area has %zu",
				len, area);
	return 0;
}

int ccg_sev_packet_make(struct ccg_ctx *ctx, const struct ccg_sev_secrets *s,
			uint8_t *header, uint8_t *payload)
{
	uint8_t iv[SEV_KEY_LEN];
	const struct sev_packet in = {
		.tek = s->tek, .tik = s->tik, .iv = iv, .measure = s->measure,
	};
	int rc = check_len(ctx, s->len, s->area);

	if (rc)
		return rc;
	rc = ccg_sev_random(iv, sizeof(iv));
	if (!rc && !ccg_sev_packet_derive(&in, s->table, s->len, header, payload))
		rc = -ENOMEM;
	return rc ? ccg_fail_errno(ctx, rc, "packet") : 0;
}

int ccg_sev_packet_save(struct ccg_ctx *ctx, const struct ccg_sev_use *use,
			const struct ccg_new_file *header,
			const struct ccg_new_file *payload)
{
	struct ccg_new_file files[CCG_SEV_USE_KEYS + 2];
	struct sev_marks marks;
	size_t n;
	int rc;

	rc = ccg_sev_marks_make(ctx, use, &marks, files, &n);
	if (rc)
		return rc;
	files[n++] = *header;
	files[n++] = *payload;
	rc = ccg_files_create(ctx, files, n);
	ccg_sev_marks_free(&marks);
	return rc;
}
