// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the authentication state of a device, and starts authentication.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>

#include "core/ctx.h"
#include "core/io.h"
#include "core/parallel.h"
#include "env.h"
#include "pci/device.h"

/**
 * ccg_device_state - read the authentication state of a device
 * @ctx: the context
 * @dev: the device; cma and state are set
 *
 * The attribute "authenticated" decides the state. Any driver may have added
 * the attribute: on Linux 7 also a TSM driver. "spdm/state" adds details only.
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_device_state(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	char path[512], *text;
	int rc;

	ccg_attr_path(dev, "authenticated", path, sizeof(path));
	if (ccg_exists(ctx, path) <= 0)
		return 0;
	dev->cma = true;
	dev->state = CCG_DEVICE_UNKNOWN;
	/* ENOTTY: the driver does not know whether the device supports CMA. */
	rc = ccg_device_attr(ctx, dev, "authenticated", &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	if (!strcmp(text, "1"))
		dev->state = CCG_DEVICE_AUTHENTICATED;
	else if (!strcmp(text, "0"))
		dev->state = CCG_DEVICE_UNAUTHENTICATED;
	free(text);

	rc = ccg_device_attr(ctx, dev, "spdm/state", &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	if (!strcmp(text, "pending"))
		dev->state = CCG_DEVICE_PENDING;
	else if (!strcmp(text, "unproved") &&
		 dev->state == CCG_DEVICE_UNAUTHENTICATED)
		dev->state = CCG_DEVICE_UNPROVED;
	else if (!strcmp(text, "unknown"))
		dev->state = CCG_DEVICE_UNKNOWN;
	free(text);
	return 0;
}

/**
 * struct job - devices that are being authenticated
 * @fds: descriptors of the files "authenticated", or negative errnos
 * @results: results of the writes
 */
struct job {
	int *fds;
	int *results;
};

/* write() returns after the authentication, which may take seconds. */
static int write_re(int fd)
{
	return fd < 0 ? fd : ccg_write_at(fd, (const u8 *)"re", 2, 0);
}

static void authenticate(void *arg, size_t i)
{
	struct job *job = arg;

	job->results[i] = write_re(job->fds[i]);
}

int ccg_devices_authenticate(struct ccg_devices *d, int *results)
{
	struct job job = { .results = results };
	char path[512];
	size_t i;
	int rc = 0;

	job.fds = calloc(d->n ? d->n : 1, sizeof(*job.fds));
	if (!job.fds)
		return ccg_fail_errno(d->ctx, -ENOMEM, "authenticate");
	for (i = 0; i < d->n; i++) {
		ccg_attr_path(&d->devices[i], "authenticated", path, sizeof(path));
		job.fds[i] = ccg_open(d->ctx, path,
				      O_WRONLY | O_NONBLOCK | O_NOCTTY);
	}
	ccg_parallel(d->n, authenticate, &job);
	for (i = 0; i < d->n; i++) {
		if (job.fds[i] >= 0)
			close(job.fds[i]);
		if (!rc)
			rc = ccg_device_state(d->ctx, &d->devices[i]);
	}
	free(job.fds);
	return rc ? ccg_fail_errno(d->ctx, rc, "authenticate") : 0;
}

enum ccg_class ccg_authenticate_class(int rc)
{
	switch (rc) {
	case -ENOKEY:		/* no path to a trusted certificate */
	case -EKEYREJECTED:	/* failed rule, signature or digest */
	case -EKEYEXPIRED:
	case -EKEYREVOKED:
	case -EBADMSG:		/* malformed certificate */
	case -EPROTO:		/* malformed response */
	case -EIO:		/* response too short, or no response */
	case -EPROTONOSUPPORT:	/* no common version or algorithm */
	case -ENOPKG:		/* unknown signature algorithm */
		return CCG_UNVERIFIED;
	case -ENOENT:		/* not ENOTTY: the device may have caused it */
		return CCG_UNSUPPORTED;
	}
	return CCG_FAILED;
}
