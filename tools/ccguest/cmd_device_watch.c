// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest device watch
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/device.h>
#include <ccguest/text.h>

#include "cmd_device.h"

enum { WATCH_UNTIL, WATCH_TIMEOUT };

static const struct opt watch_opts[] = {
	[WATCH_UNTIL] = {
		"until", 0, "STATE", "end when all watched devices have STATE"
	},
	[WATCH_TIMEOUT] = { "timeout", 0, "SECONDS", "end after this time" },
};

/**
 * struct seen - a device, as the last line about it says
 * @bdf: its address
 * @state: its state
 * @tsm: name of the TSM that is connected to it, or empty
 * @newest: number of its newest signature, or -1
 */
struct seen {
	char bdf[CCG_BDF_TEXT];
	enum ccg_device_state state;
	char tsm[CCG_TSM_NAME];
	int64_t newest;
};

/**
 * struct watch - a run of the command
 * @cmd: the command
 * @bdf: the only device to watch; empty for all
 * @until: the state to wait for; CCG_DEVICE_PLAIN for none
 * @n: number of @seen
 * @seen: the devices that support authentication
 */
struct watch {
	struct cmd *cmd;
	char bdf[CCG_BDF_TEXT];
	enum ccg_device_state until;
	size_t n;
	struct seen *seen;
};

static struct seen *find(const struct watch *w, const char *bdf)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (!strcmp(w->seen[i].bdf, bdf))
			return &w->seen[i];
	return NULL;
}

static const char *now_text(char *text)
{
	time_t now = time(NULL);
	struct tm tm;

	ccg_time_text(gmtime_r(&now, &tm), text);
	return text;
}

/*
 * @why: what there is to say beside the state, or NULL
 * @newest: number of a new signature, or -1
 */
static void print_text(const char *bdf, const char *state, enum out_color color,
		       const char *why, int64_t newest)
{
	char time[CCG_TIME_TEXT];

	printf("%s  %s  ", now_text(time), bdf);
	out_colored(color, state);
	if (why) {
		fputs("  ", stdout);
		out_text(why);
	}
	if (newest >= 0)
		printf("  evidence %lld", (long long)newest);
	putchar('\n');
}

/* @newest: number of a new signature, or -1 */
static void print_device(const struct watch *w, const struct ccg_device *dev,
			 const struct ccg_evidence *e, int64_t newest)
{
	struct json_object *o;
	char text[CCG_TIME_TEXT], slot[16];
	const char *why = NULL;

	if (w->cmd->json) {
		o = out_json(w->cmd);
		out_json_str(o, "time", now_text(text));
		out_json_bool(o, "present", true);
		device_json(o, dev);
		device_json_slot(o, e->slot);
		device_json_proof(o, e);
		device_json_failures(o, e);
		out_json_print(w->cmd, o);
		return;
	}
	snprintf(slot, sizeof(slot), "slot %d", e->slot);
	if (dev->state == CCG_DEVICE_AUTHENTICATED && e->slot >= 0)
		why = slot;
	else if (dev->state != CCG_DEVICE_AUTHENTICATED && e->n_failures)
		why = e->failures[0].text;
	print_text(dev->bdf, dev->tsm[0] ? dev->tsm : device_states[dev->state],
		   device_colors[dev->state], why, newest);
}

static void print_gone(const struct watch *w, const char *bdf)
{
	struct json_object *o;
	char text[CCG_TIME_TEXT];

	if (!w->cmd->json) {
		print_text(bdf, "gone", OUT_PLAIN, NULL, -1);
		return;
	}
	o = out_json(w->cmd);
	out_json_str(o, "time", now_text(text));
	out_json_bool(o, "present", false);
	out_json_str(o, "bdf", bdf);
	out_json_print(w->cmd, o);
}

/* The device has left, or no longer supports authentication. */
static void lose(struct watch *w, struct seen *seen)
{
	size_t after = w->n - 1 - (seen - w->seen);

	print_gone(w, seen->bdf);
	memmove(seen, seen + 1, after * sizeof(*seen));
	w->n--;
}

/*
 * Prints the device if that is new; @spdm: there is a new result, or new evidence, in
 * any case.
 */
static int look_at(struct watch *w, const struct ccg_device *dev, bool spdm)
{
	struct seen *seen = find(w, dev->bdf);
	struct ccg_evidence *e = NULL;

	if (!dev->cma && seen)
		lose(w, seen);
	if (!dev->cma)
		return 0;
	if (ccg_device_evidence(w->cmd->ctx, dev, &e))
		return fail(w->cmd);
	if (seen && !spdm && seen->state == dev->state &&
	    !strcmp(seen->tsm, dev->tsm) && seen->newest == e->newest) {
		ccg_evidence_free(e);
		return 0;
	}
	if (!seen) {
		w->seen = out_alloc(w->seen, (w->n + 1) * sizeof(*w->seen));
		seen = &w->seen[w->n++];
		memcpy(seen->bdf, dev->bdf, sizeof(seen->bdf));
		seen->newest = -1;
	}
	print_device(w, dev, e, e->newest == seen->newest ? -1 : e->newest);
	seen->newest = e->newest;
	ccg_evidence_free(e);
	seen->state = dev->state;
	memcpy(seen->tsm, dev->tsm, sizeof(seen->tsm));
	return 0;
}

/* Looks at all devices; a device that was seen and is not there has left. */
static int look_at_all(struct watch *w)
{
	struct ccg_devices *d = NULL;
	int status = 0;
	size_t i, j;

	if (ccg_devices_get(w->cmd->ctx, w->bdf[0] ? w->bdf : NULL, &d))
		return fail(w->cmd);
	for (i = w->n; i-- > 0;) {
		for (j = 0; j < d->n; j++)
			if (!strcmp(d->devices[j].bdf, w->seen[i].bdf))
				break;
		if (j == d->n)
			lose(w, &w->seen[i]);
	}
	for (i = 0; i < d->n && !status; i++)
		status = look_at(w, &d->devices[i], false);
	ccg_devices_free(d);
	return status;
}

static int look_at_one(struct watch *w, const struct ccg_device_event *event)
{
	struct seen *seen = find(w, event->bdf);
	struct ccg_devices *d = NULL;
	int status, rc;

	rc = ccg_devices_get(w->cmd->ctx, event->bdf, &d);
	if (rc == -ENOENT) {
		if (seen)
			lose(w, seen);
		return 0;
	}
	if (rc)
		return fail(w->cmd);
	status = look_at(w, &d->devices[0], event->spdm);
	ccg_devices_free(d);
	return status;
}

static int handle_uevents(struct watch *w, int fd)
{
	struct ccg_device_event event;
	int status, rc;

	for (;;) {
		rc = ccg_uevents_read(w->cmd->ctx, fd, &event);
		if (rc == -EAGAIN)
			return 0;
		if (rc)
			return fail(w->cmd);
		if (event.lost)
			status = look_at_all(w);
		else if (!w->bdf[0] || !strcmp(w->bdf, event.bdf))
			status = look_at_one(w, &event);
		else
			continue;
		if (status)
			return status;
	}
}

static bool is_reached(const struct watch *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->seen[i].state != w->until)
			return false;
	return w->n && w->until != CCG_DEVICE_PLAIN;
}

/* @deadline: in milliseconds of the monotonic clock; 0 for none */
static int wait_ms(uint64_t deadline)
{
	struct timespec t;
	uint64_t now;

	if (!deadline)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &t);
	now = t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
	return now < deadline ? (int)(deadline - now) : 0;
}

static int follow(struct watch *w, int fd, uint64_t seconds)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		/* The reader of a pipe has ended. */
		{ .fd = STDOUT_FILENO },
	};
	struct timespec t;
	uint64_t deadline;
	int status, n;

	clock_gettime(CLOCK_MONOTONIC, &t);
	deadline = seconds ? (t.tv_sec + seconds) * 1000 + t.tv_nsec / 1000000 : 0;
	status = look_at_all(w);
	if (!status && !w->n)
		out_note("no device supports authentication yet; waiting");
	while (!status && !is_reached(w)) {
		if (fflush(stdout))
			return 0;
		n = poll(fds, 2, wait_ms(deadline));
		if (!n && w->until != CCG_DEVICE_PLAIN)
			return CCG_UNVERIFIED;
		if (!n || fds[1].revents)
			return 0;
		if (n > 0)
			status = handle_uevents(w, fd);
	}
	return status;
}

static int parse_state(struct cmd *cmd, enum ccg_device_state *state)
{
	const char *word = cmd->opt[WATCH_UNTIL];
	size_t i;

	for (i = 0; word && i <= CCG_DEVICE_UNTRUSTED; i++) {
		if (device_states[i] && !strcmp(device_states[i], word)) {
			*state = i;
			return 0;
		}
	}
	if (!word)
		return 0;
	return usage_error(cmd, word,
			   "--until is a state that device list shows, as authenticated");
}

static int run_watch(struct cmd *cmd)
{
	struct watch w = { .cmd = cmd };
	uint64_t seconds = 0;
	int status, fd;

	status = option_number(cmd, WATCH_TIMEOUT, 1, TIMEOUT_MAX, &seconds);
	if (!status)
		status = parse_state(cmd, &w.until);
	if (status)
		return status;
	if (cmd->argc && ccg_bdf_parse(cmd->argv[0], w.bdf))
		return usage_error(cmd, cmd->argv[0],
				   "not the address of a PCI device, as 0000:00:03.0");
	/* One object on each line. */
	if (cmd->json)
		cmd->json = JSON_SHORT;
	/* Before the devices are read, so that no change is missed. */
	if (ccg_uevents_open(cmd->ctx, &fd))
		return fail(cmd);
	status = follow(&w, fd, seconds);
	close(fd);
	free(w.seen);
	return status;
}

const struct verb device_watch = {
	.name = "watch",
	.args = "[BDF]",
	.summary = "Prints a line whenever the state of a device changes",
	.opts = watch_opts,
	.n_opts = ARRAY_SIZE(watch_opts),
	.max_args = 1,
	.run = run_watch,
};
