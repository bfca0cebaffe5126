// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports from the vTPM of a confidential guest of Azure. The software between
 * hypervisor and guest puts a blob with the report into an NV index. The report
 * has the hash of JSON in the same blob.
 *
 * Data of the requester belongs into another index of 64 bytes. The next blob
 * then has the data, as hexadecimal text, in its JSON.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ccguest/text.h>

#include "env.h"
#include "report/get.h"
#include "report/tpm.h"

#define TPM_DEVICE	"/dev/tpmrm0"

/* NV indexes for the blob, and for the requester's data. */
#define INDEX_BLOB	0x01400001
#define INDEX_DATA	0x01400002

/* Header, space for the report, header of the JSON. */
#define BLOB_MIN	0x4d4

/* How often a busy TPM is asked, and how often the blob is read, at most. */
#define BUSY_TRIES	20
#define BLOB_TRIES	6

/**
 * struct tpm - a TPM
 * @ctx: the context
 * @req: the request
 * @fd: the device
 * @cmd: the last command
 * @answer: its answer
 * @len: length of @answer in bytes
 */
struct tpm {
	struct ccg_ctx *ctx;
	const struct ccg_report_request *req;
	int fd;
	struct tpm_cmd cmd;
	uint8_t answer[TPM_ANSWER_MAX];
	size_t len;
};

static int bad_answer(struct tpm *t, const char *why)
{
	return ccg_fail(t->ctx, -EBADMSG, CCG_FAILED, TPM_DEVICE,
			"answer of the TPM: %s", why);
}

static int fail_refused(struct tpm *t, uint32_t index, uint32_t rc)
{
	return ccg_fail(t->ctx, -EREMOTEIO, CCG_FAILED, TPM_DEVICE,
			"the TPM refused access to NV index %#x with response code %#x",
			index, rc);
}

/* A signal ends the pause. */
static void pause_ms(unsigned int ms)
{
	const struct timespec t = {
		.tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L,
	};

	nanosleep(&t, NULL);
}

/* The device takes a command in one write(), and gives the answer in one read(). */
static int exchange(struct tpm *t)
{
	ssize_t n = write(t->fd, t->cmd.buf, t->cmd.len);

	if (n == (ssize_t)t->cmd.len)
		n = read(t->fd, t->answer, sizeof(t->answer));
	else if (n >= 0)
		return bad_answer(t, "the device did not take the whole command");
	if (n < 0 && errno == EINTR && ccg_get_stopped(t->req))
		return ccg_get_interrupted(t->ctx, TPM_DEVICE);
	if (n < 0)
		return ccg_fail_errno(t->ctx, -errno, TPM_DEVICE);
	t->len = n;
	return 0;
}

/* Sends the command until the TPM is no longer busy. */
static int run(struct tpm *t)
{
	uint32_t code;
	int i, rc;

	for (i = 0; i < BUSY_TRIES; i++) {
		if (ccg_get_stopped(t->req))
			return ccg_get_interrupted(t->ctx, TPM_DEVICE);
		rc = exchange(t);
		/* The caller's parser tells what is wrong with another answer. */
		if (rc || t->len < 10)
			return rc;
		code = get_unaligned_be32(t->answer + 6);
		if (!ccg_tpm_is_busy(code))
			return 0;
		pause_ms(50);
	}
	return ccg_fail(t->ctx, -EBUSY, CCG_FAILED, TPM_DEVICE,
			"the TPM is still busy after %u tries", BUSY_TRIES);
}

static int no_blob(struct tpm *t, const char *why)
{
	return ccg_fail(t->ctx, -ENODEV, CCG_UNSUPPORTED, TPM_DEVICE,
			"%s: this is not the vTPM of a confidential guest of Azure",
			why);
}

/* Reads the public area of an index; -ENOENT if the TPM does not have it. */
static int find(struct tpm *t, uint32_t index, struct tpm_index *info)
{
	const char *why;
	uint32_t code;
	int rc;

	ccg_tpm_read_public(&t->cmd, index);
	rc = run(t);
	if (rc)
		return rc;
	why = ccg_tpm_parse_public(t->answer, t->len, &code, info);
	if (why)
		return bad_answer(t, why);
	if (code == TPM_RC_HANDLE_1)
		return -ENOENT;
	return code ? fail_refused(t, index, code) : 0;
}

/* Reads @len bytes at @offset of the blob's index. */
static int read_part(struct tpm *t, uint32_t auth, uint8_t *buf, size_t len,
		     size_t offset)
{
	const uint8_t *data;
	const char *why;
	uint32_t code;
	size_t n;
	int rc;

	ccg_tpm_read(&t->cmd, auth, INDEX_BLOB, len, offset);
	rc = run(t);
	if (rc)
		return rc;
	why = ccg_tpm_parse_read(t->answer, t->len, &code, &data, &n);
	if (why)
		return bad_answer(t, why);
	if (code)
		return fail_refused(t, INDEX_BLOB, code);
	if (n != len)
		return bad_answer(t, "the data has another length than requested");
	memcpy(buf, data, len);
	return 0;
}

static int read_blob(struct tpm *t, uint8_t **bufp, size_t *lenp)
{
	struct tpm_index info;
	size_t pos, len;
	uint32_t auth;
	uint8_t *buf;
	int rc;

	rc = find(t, INDEX_BLOB, &info);
	if (rc == -ENOENT)
		return no_blob(t, "no NV index 0x1400001");
	if (rc)
		return rc;
	if (info.size < BLOB_MIN)
		return no_blob(t, "NV index 0x1400001 is too small");
	buf = malloc(info.size);
	if (!buf)
		return ccg_fail_errno(t->ctx, -ENOMEM, TPM_DEVICE);
	auth = info.attributes & TPM_NV_OWNERREAD ? TPM_RH_OWNER : INDEX_BLOB;
	for (pos = 0; !rc && pos < info.size; pos += len) {
		len = info.size - pos;
		if (len > TPM_NV_CHUNK)
			len = TPM_NV_CHUNK;
		rc = read_part(t, auth, buf + pos, len, pos);
	}
	if (!rc && memcmp(buf, "HCLA", 4))
		rc = no_blob(t, "NV index 0x1400001 has other contents");
	if (rc) {
		free(buf);
		return rc;
	}
	*bufp = buf;
	*lenp = info.size;
	return 0;
}

/* Sends a command whose answer has no contents. */
static int run_plain(struct tpm *t, uint32_t index)
{
	const char *why;
	uint32_t code;
	int rc = run(t);

	if (rc)
		return rc;
	why = ccg_tpm_parse(t->answer, t->len, &code);
	if (why)
		return bad_answer(t, why);
	return code ? fail_refused(t, index, code) : 0;
}

/* Writes the requester's data; makes the index if the TPM does not have it. */
static int write_data(struct tpm *t)
{
	struct tpm_index info = {
		.attributes = TPM_NV_OWNERWRITE | TPM_NV_AUTHWRITE |
			      TPM_NV_OWNERREAD | TPM_NV_AUTHREAD,
		.size = CCG_REPORT_DATA_LEN,
	};
	int rc = find(t, INDEX_DATA, &info);

	if (rc == -ENOENT) {
		ccg_tpm_define(&t->cmd, INDEX_DATA, info.attributes, info.size);
		rc = run_plain(t, INDEX_DATA);
	}
	if (rc)
		return rc;
	if (info.size != CCG_REPORT_DATA_LEN)
		return ccg_fail(t->ctx, -EOPNOTSUPP, CCG_UNSUPPORTED, TPM_DEVICE,
				"NV index 0x1400002 has %u bytes, not %u",
				info.size, CCG_REPORT_DATA_LEN);
	ccg_tpm_write(&t->cmd, info.attributes & TPM_NV_OWNERWRITE ?
		      TPM_RH_OWNER : INDEX_DATA, INDEX_DATA, t->req->data,
		      CCG_REPORT_DATA_LEN);
	return run_plain(t, INDEX_DATA);
}

/* Finds out whether the JSON of a blob has the requester's data. */
static bool has_data(const struct ccg_report_request *req,
		     const struct ccg_report_answer *a)
{
	char text[2 * CCG_REPORT_DATA_LEN + 1];
	const uint8_t *p = a->report + BLOB_MIN;
	size_t left = a->report_len - BLOB_MIN;

	ccg_hex(req->data, CCG_REPORT_DATA_LEN, text);
	for (; left >= sizeof(text) - 1; p++, left--)
		if (!strncasecmp((const char *)p, text, sizeof(text) - 1))
			return true;
	return false;
}

static int no_data(struct tpm *t)
{
	ccg_fail(t->ctx, -EOPNOTSUPP, CCG_UNSUPPORTED, TPM_DEVICE,
		 "the report in the vTPM does not get the data: this guest gets one report per boot");
	ccg_hint(t->ctx,
		 "without --nonce and --data, the command writes this report; a quote of the vTPM then proves freshness");
	return -EOPNOTSUPP;
}

static int get(struct tpm *t, struct ccg_report_answer *a)
{
	int i, rc;

	rc = read_blob(t, &a->report, &a->report_len);
	if (rc)
		return rc;
	a->has_data = false;
	if (t->req->data_optional)
		return 0;
	rc = write_data(t);
	for (i = 0; !rc && i < BLOB_TRIES; i++) {
		free(a->report);
		a->report = NULL;
		rc = read_blob(t, &a->report, &a->report_len);
		if (rc || !a->report)
			return rc;
		a->has_data = has_data(t->req, a);
		if (a->has_data)
			return 0;
		pause_ms(i ? 1000 : 100);
	}
	return rc ? rc : no_data(t);
}

int ccg_get_azure(struct ccg_ctx *ctx, const struct ccg_report_request *req,
		  struct ccg_report_answer *a)
{
	struct tpm *t;
	int rc, fd = ccg_get_open(ctx, TPM_DEVICE);

	if (fd < 0)
		return fd;
	snprintf(a->provider, sizeof(a->provider), "azure");
	t = calloc(1, sizeof(*t));
	if (t) {
		t->ctx = ctx;
		t->req = req;
		t->fd = fd;
		if (req->privlevel > 0)
			rc = ccg_fail(ctx, -EOPNOTSUPP, CCG_UNSUPPORTED,
				      TPM_DEVICE,
				      "the report in the vTPM is for privilege level 0");
		else
			rc = get(t, a);
		free(t);
	} else {
		rc = ccg_fail_errno(ctx, -ENOMEM, TPM_DEVICE);
	}
	close(fd);
	return rc;
}
