// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports of SEV-SNP from the device /dev/sev-guest, for kernels without
 * configfs-tsm. The kernel's Documentation/virt/coco/sev-guest.rst describes the
 * device.
 */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/sev-guest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report/get.h"
#include "report/report.h"
#include "sev/answer.h"

#define SEV_DEVICE	"/dev/sev-guest"

/* The kernel accepts at most this size of a certificate table. */
#define TABLE_MAX	0x4000

/* Offset of the report behind status and size in a response. */
#define RESPONSE_HEAD	0x20

/* What the kernel reports if it has not called the firmware. */
#define NOT_CALLED	0xff

/* Errors of the host, in the upper half of the kernel's exitinfo2. */
#define HOST_INVALID_LEN	1
#define HOST_BUSY		2

/**
 * struct sev_call - a request to the firmware
 * @ctx: the context
 * @fd: the device
 * @fw_error: error of the firmware
 * @host_error: error of the host
 * @resp: the response
 * @table: the certificate table
 */
struct sev_call {
	struct ccg_ctx *ctx;
	int fd;
	uint32_t fw_error;
	uint32_t host_error;
	struct snp_report_resp resp;
	uint8_t table[TABLE_MAX];
};

static int call(struct sev_call *c, unsigned long request, void *req)
{
	struct snp_guest_request_ioctl io = {
		.msg_version = 1,
		.req_data = (uintptr_t)req,
		.resp_data = (uintptr_t)&c->resp,
	};
	uint64_t error;
	int rc;

	/* The last member has another name in headers before Linux 6.4. */
	_Static_assert(sizeof(io) == 32, "the error is in the last 8 bytes");
	rc = ioctl(c->fd, request, &io) < 0 ? -errno : 0;
	memcpy(&error, (char *)&io + sizeof(io) - sizeof(error), sizeof(error));
	c->fw_error = rc ? (uint32_t)error : 0;
	c->host_error = rc ? error >> 32 : 0;
	return rc;
}

static int fail_refused(struct sev_call *c, int rc, uint32_t code)
{
	const struct sev_fw_error *e = ccg_sev_fw_error(code);

	ccg_fail(c->ctx, rc, CCG_FAILED, SEV_DEVICE,
		 "the firmware refused the request with error %s (%#x): %s",
		 e ? e->name : "of an unknown name", code,
		 e ? e->why : "the specification has no such error");
	ccg_hint(c->ctx,
		 "try --privlevel with a level from that of this guest to 3");
	return rc;
}

static int call_failed(struct sev_call *c, int rc)
{
	struct ccg_ctx *ctx = c->ctx;

	if (rc == -EINTR)
		return ccg_get_interrupted(ctx, SEV_DEVICE);
	if (c->host_error == HOST_BUSY || rc == -ETIMEDOUT || rc == -EAGAIN) {
		ccg_fail(ctx, rc, CCG_FAILED, SEV_DEVICE,
			 "the host is busy: %s", strerror(-rc));
		ccg_hint(ctx, "try again in a minute");
		return rc;
	}
	if (c->host_error)
		return ccg_fail(ctx, rc, CCG_FAILED, SEV_DEVICE,
				"the host refused the request with error %u",
				c->host_error);
	if (c->fw_error && c->fw_error != NOT_CALLED &&
	    c->fw_error != UINT32_MAX)
		return fail_refused(c, rc, c->fw_error);
	if (rc == -ENOTTY) {
		ccg_fail(ctx, rc, CCG_UNSUPPORTED, SEV_DEVICE,
			 "is not the device of SEV-SNP, or the guest's key for messages is lost");
		ccg_hint(ctx, "the kernel's log has messages of sev-guest");
		return rc;
	}
	return ccg_fail_errno(ctx, rc, SEV_DEVICE);
}

static int take_report(struct sev_call *c, struct ccg_report_answer *a)
{
	uint32_t status, size;

	memcpy(&status, c->resp.data, sizeof(status));
	memcpy(&size, c->resp.data + 4, sizeof(size));
	status = le32toh(status);
	size = le32toh(size);
	if (status)
		return fail_refused(c, -EREMOTEIO, status);
	if (size > sizeof(c->resp.data) - RESPONSE_HEAD)
		return ccg_fail(c->ctx, -EBADMSG, CCG_FAILED, SEV_DEVICE,
				"the report's size at offset 4 is %u, limit %zu",
				size, sizeof(c->resp.data) - RESPONSE_HEAD);
	a->report = malloc(size ? size : 1);
	if (!a->report)
		return ccg_fail_errno(c->ctx, -ENOMEM, SEV_DEVICE);
	memcpy(a->report, c->resp.data + RESPONSE_HEAD, size);
	a->report_len = size;
	return 0;
}

static int take_table(struct sev_call *c, struct ccg_report_answer *a)
{
	size_t len = ccg_cert_table_len(c->table, sizeof(c->table));

	if (!len)
		return 0;
	a->aux = malloc(len);
	if (!a->aux)
		return ccg_fail_errno(c->ctx, -ENOMEM, SEV_DEVICE);
	memcpy(a->aux, c->table, len);
	a->aux_len = len;
	return 0;
}

/* A host whose table is too long for the kernel still gives a report. */
static int ask(struct sev_call *c, const struct ccg_report_request *req,
	       struct ccg_report_answer *a)
{
	struct snp_ext_report_req ext = {
		.data.vmpl = req->privlevel < 0 ? 0 : req->privlevel,
		.certs_address = (uintptr_t)c->table,
		.certs_len = sizeof(c->table),
	};
	int rc;

	memcpy(ext.data.user_data, req->data, CCG_REPORT_DATA_LEN);
	snprintf(a->provider, sizeof(a->provider), "sev_guest");
	a->privlevel = ext.data.vmpl;
	rc = call(c, SNP_GET_EXT_REPORT, &ext);
	if (rc && c->host_error == HOST_INVALID_LEN) {
		memset(c->table, 0, sizeof(c->table));
		rc = call(c, SNP_GET_REPORT, &ext.data);
	}
	if (rc)
		return call_failed(c, rc);
	rc = take_report(c, a);
	return rc ? rc : take_table(c, a);
}

int ccg_get_sev(struct ccg_ctx *ctx, const struct ccg_report_request *req,
		struct ccg_report_answer *a)
{
	struct sev_call *c;
	int rc, fd = ccg_get_open(ctx, SEV_DEVICE);

	if (fd < 0)
		return fd;
	c = calloc(1, sizeof(*c));
	if (c) {
		c->ctx = ctx;
		c->fd = fd;
		rc = ccg_get_stopped(req) ? ccg_get_interrupted(ctx, SEV_DEVICE) :
					    ask(c, req, a);
		free(c);
	} else {
		rc = ccg_fail_errno(ctx, -ENOMEM, SEV_DEVICE);
	}
	close(fd);
	return rc;
}
