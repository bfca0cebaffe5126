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
 * The attribute "authenticated" decides the state, and "spdm/state" adds details
 * only. Where the device has a directory "tsm", both are not of interest: the
 * first has another meaning then, and the second is from before.
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_device_state(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	char path[512], *text;
	int rc;

	rc = ccg_tsm_state(ctx, dev);
	if (rc || dev->by_tsm)
		return rc;
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
	else if (!strcmp(text, "reset"))
		dev->state = CCG_DEVICE_RESET;
	else if (!strcmp(text, "unproved") &&
		 dev->state == CCG_DEVICE_UNAUTHENTICATED)
		dev->state = CCG_DEVICE_UNPROVED;
	else if (!strcmp(text, "untrusted") &&
		 dev->state == CCG_DEVICE_UNAUTHENTICATED)
		dev->state = CCG_DEVICE_UNTRUSTED;
	else if (!strcmp(text, "replaced") &&
		 dev->state == CCG_DEVICE_UNAUTHENTICATED)
		dev->state = CCG_DEVICE_REPLACED;
	else if (!strcmp(text, "unknown"))
		dev->state = CCG_DEVICE_UNKNOWN;
	free(text);
	return 0;
}

/**
 * struct job - devices that are being authenticated
 * @devices: the devices
 * @fds: descriptors of the files "authenticated" or "tsm/connect", or negative
 *	 errnos
 * @tsms: the platform's TSMs
 * @results: results of the writes
 */
struct job {
	const struct ccg_device *devices;
	int *fds;
	struct ccg_tsms tsms;
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

	if (!job->devices[i].by_tsm)
		job->results[i] = write_re(job->fds[i]);
	else if (!job->devices[i].tsm[0])
		job->results[i] = ccg_tsm_connect(&job->tsms, job->fds[i]);
	else
		job->results[i] = 0;
}

int ccg_devices_authenticate(struct ccg_devices *d, int *results)
{
	struct job job = { .devices = d->devices, .results = results };
	char path[512];
	size_t i;
	int rc = 0;

	job.fds = calloc(d->n ? d->n : 1, sizeof(*job.fds));
	if (!job.fds)
		return ccg_fail_errno(d->ctx, -ENOMEM, "authenticate");
	/* If the TSMs cannot be listed, none can connect. */
	ccg_tsms_get(d->ctx, &job.tsms);
	for (i = 0; i < d->n; i++) {
		ccg_attr_path(&d->devices[i], d->devices[i].by_tsm ?
			      "tsm/connect" : "authenticated", path,
			      sizeof(path));
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
	case -ENXIO:		/* no TSM */
	case -ENOENT:		/* not ENOTTY: the device may have caused it */
		return CCG_UNSUPPORTED;
	}
	return CCG_FAILED;
}
