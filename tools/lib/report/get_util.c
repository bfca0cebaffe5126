// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that the interfaces for reports share.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "core/io.h"
#include "report/get.h"

/**
 * ccg_get_stopped - find out whether the caller wants the call to end
 * @req: the request
 *
 * Return: true if the call shall end.
 */
bool ccg_get_stopped(const struct ccg_report_request *req)
{
	return req->stop && *req->stop;
}

/**
 * ccg_get_interrupted - note that the caller ended the call
 * @ctx: the context
 * @what: what was being read
 *
 * Return: -EINTR.
 */
int ccg_get_interrupted(struct ccg_ctx *ctx, const char *what)
{
	return ccg_fail(ctx, -EINTR, CCG_FAILED, what,
			"interrupted while the report was made");
}

/**
 * ccg_get_open - open a device that this machine may not have
 * @ctx: the context
 * @path: the device
 *
 * Return: a descriptor; -ENODEV with class CCG_UNSUPPORTED if there is no such
 * device; or another negative errno.
 */
int ccg_get_open(struct ccg_ctx *ctx, const char *path)
{
	int fd = ccg_open(ctx, path, O_RDWR | O_NOCTTY);

	if (fd == -ENOENT || fd == -ENOTDIR || fd == -ENODEV || fd == -ENXIO)
		return ccg_fail(ctx, -ENODEV, CCG_UNSUPPORTED, path, "%s",
				strerror(-fd));
	return fd < 0 ? ccg_fail_errno(ctx, fd, path) : fd;
}
