// SPDX-License-Identifier: GPL-2.0-only
/*
 * The client of QMP: commands and their answers.
 *
 * Each command has a number as its id, and only an answer with this id is
 * accepted. Events may arrive at any time. An event that ends the pause of the
 * guest ends the conversation.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/net.h"
#include "qmp/answer.h"
#include "qmp/link.h"

/**
 * struct ccg_qmp - a connection to a monitor
 * @link: the socket
 * @source: context, address and current command
 * @opts: the options
 * @id: id of the last command
 * @may_run: the guest may run: ccg_qmp_cont() was called
 * @address: text of the address
 */
struct ccg_qmp {
	struct qmp_link link;
	struct qmp_source source;
	struct ccg_qmp_opts opts;
	uint64_t id;
	bool may_run;
	char address[];
};

/* Events of a guest that did not stay paused. */
static const char *const ends_pause[] = {
	"RESUME", "RESET", "SHUTDOWN", "GUEST_PANICKED",
};

#define START_WITH_SEV \
	"start QEMU with -object sev-guest,id=sev0,... -machine memory-encryption=sev0 -S"

/* QEMU's errors, and what to do about them. */
static const struct {
	const char *text;
	enum ccg_class kind;
	const char *hint;
} known_errors[] = {
	{ "SEV launch measurement is not available", CCG_UNSUPPORTED, START_WITH_SEV },
	{ "SEV not enabled for guest", CCG_UNSUPPORTED, START_WITH_SEV },
	{ "SEV is not enabled", CCG_UNSUPPORTED, START_WITH_SEV },
	{ "no secret area found", CCG_FAILED,
	  "the host runs another firmware, or --gpa must name the address" },
	{ "Not in correct state", CCG_FAILED,
	  "secrets are injected after the measurement, before the guest runs for the first time" },
	{ "failed to inject secret", CCG_FAILED,
	  "the platform refused the packet: keys of another session, or another launch" },
};

static int refused(struct ccg_qmp *q, const struct qmp_message *m)
{
	const struct qmp_source *s = &q->source;

	if (!strcmp(m->name, "CommandNotFound")) {
		ccg_fail(s->ctx, -EREMOTEIO, CCG_UNSUPPORTED, s->address,
			 "%s: this QEMU has no such command: %s", s->command,
			 m->text);
		ccg_hint(s->ctx, "QEMU for x86 has the commands of SEV");
		return -EREMOTEIO;
	}
	ccg_fail(s->ctx, -EREMOTEIO, CCG_FAILED, s->address,
		 "%s: QEMU reports %s: %s", s->command, m->name, m->text);
	for (size_t i = 0; i < ARRAY_SIZE(known_errors); i++) {
		if (!strstr(m->text, known_errors[i].text))
			continue;
		s->ctx->error.kind = known_errors[i].kind;
		ccg_hint(s->ctx, "%s", known_errors[i].hint);
		break;
	}
	return -EREMOTEIO;
}

static int take_event(struct ccg_qmp *q, const struct qmp_message *m)
{
	const struct qmp_source *s = &q->source;

	if (q->opts.note)
		q->opts.note(q->opts.arg, "event", m->name);
	for (size_t i = 0; !q->may_run && i < ARRAY_SIZE(ends_pause); i++)
		if (!strcmp(m->name, ends_pause[i]))
			return ccg_fail(s->ctx, -ECANCELED, CCG_FAILED, s->address,
					"%s: the guest did not stay paused: event %s",
					s->command, m->name);
	return 0;
}

/* Describes the failure of the connection. */
static int lost(struct ccg_qmp *q, int rc)
{
	const struct qmp_source *s = &q->source;

	switch (rc) {
	case -ETIMEDOUT:
		ccg_fail(s->ctx, rc, CCG_FAILED, s->address,
			 "%s: no answer within %u s", s->command,
			 q->opts.timeout_ms / 1000);
		if (!q->id)
			ccg_hint(s->ctx, "QEMU serves one client at a time: is there another?");
		return rc;
	case -ECONNRESET:
	case -EPIPE:
		return ccg_fail(s->ctx, -ECONNRESET, CCG_FAILED, s->address,
				"%s: the connection was closed", s->command);
	case -EMSGSIZE:
		return ccg_fail(s->ctx, -EBADMSG, CCG_FAILED, s->address,
				"%s: a line of QEMU has more than %d bytes",
				s->command, QMP_LINE_MAX);
	default:
		return ccg_fail(s->ctx, rc, CCG_FAILED, s->address, "%s: %s",
				s->command, strerror(-rc));
	}
}

/* Receives the next message that is not an event. */
static int next_message(struct ccg_qmp *q, uint64_t deadline,
			struct qmp_message *m)
{
	const uint8_t *line;
	size_t len;
	int rc;

	for (;;) {
		*m = (struct qmp_message) {};
		rc = ccg_qmp_link_line(&q->link, deadline, &line, &len);
		if (rc)
			return lost(q, rc);
		rc = ccg_qmp_parse(&q->source, line, len, m);
		if (rc || m->kind != QMP_EVENT)
			return rc;
		rc = take_event(q, m);
		ccg_qmp_message_free(m);
		if (rc)
			return rc;
	}
}

static int unexpected(struct ccg_qmp *q, const char *what)
{
	const struct qmp_source *s = &q->source;

	return ccg_fail(s->ctx, -EBADMSG, CCG_FAILED, s->address,
			"%s: expected the answer, found %s", s->command, what);
}

/* Checks that a message is the answer to the last command. */
static int check_answer(struct ccg_qmp *q, const struct qmp_message *m)
{
	if (m->kind == QMP_GREETING)
		return unexpected(q, "another greeting");
	if (m->has_id && m->id != q->id)
		return unexpected(q, "the answer to another command");
	if (m->kind == QMP_ERROR)
		return refused(q, m);
	return m->has_id ? 0 : unexpected(q, "an answer without an id");
}

/* Makes the text of a command. Takes ownership of @args. */
static struct json_object *make(struct ccg_qmp *q, struct json_object *args)
{
	struct json_object *o = json_object_new_object();
	bool good;

	if (!o) {
		json_object_put(args);
		return NULL;
	}
	good = !json_object_object_add(o, "execute",
				       json_object_new_string(q->source.command)) &&
	       !json_object_object_add(o, "id", json_object_new_uint64(q->id));
	if (args && json_object_object_add(o, "arguments", args)) {
		json_object_put(args);
		good = false;
	}
	if (good && json_object_object_length(o) == (args ? 3 : 2))
		return o;
	json_object_put(o);
	return NULL;
}

static int send_command(struct ccg_qmp *q, struct json_object *args,
			uint64_t deadline)
{
	struct json_object *o = make(q, args);
	const char *text;
	size_t len;
	int rc;

	if (!o)
		return ccg_fail_errno(q->source.ctx, -ENOMEM, q->address);
	text = json_object_to_json_string_length(o, JSON_C_TO_STRING_PLAIN, &len);
	if (!text) {
		json_object_put(o);
		return ccg_fail_errno(q->source.ctx, -ENOMEM, q->address);
	}
	rc = ccg_qmp_link_send(&q->link, text, len, deadline);
	if (!rc)
		rc = ccg_qmp_link_send(&q->link, "\n", 1, deadline);
	json_object_put(o);
	return rc ? lost(q, rc) : 0;
}

/* Runs a command; free @m with ccg_qmp_message_free() also on failure. */
static int run(struct ccg_qmp *q, const char *command, struct json_object *args,
	       struct qmp_message *m)
{
	uint64_t deadline = ccg_now_us() + q->opts.timeout_ms * 1000ULL;
	int rc;

	*m = (struct qmp_message) {};
	q->source.command = command;
	q->id++;
	if (q->opts.note)
		q->opts.note(q->opts.arg, "command", command);
	rc = send_command(q, args, deadline);
	if (!rc)
		rc = next_message(q, deadline, m);
	return rc ? rc : check_answer(q, m);
}

/* Runs a command whose answer has no contents. */
static int run_simple(struct ccg_qmp *q, const char *command,
		      struct json_object *args)
{
	struct qmp_message m;
	int rc = run(q, command, args, &m);

	ccg_qmp_message_free(&m);
	return rc;
}

static int negotiate(struct ccg_qmp *q, struct ccg_qmp_version *version)
{
	uint64_t deadline = ccg_now_us() + q->opts.timeout_ms * 1000ULL;
	struct qmp_message m;
	int rc = next_message(q, deadline, &m);

	if (!rc && m.kind != QMP_GREETING)
		rc = ccg_fail(q->source.ctx, -EBADMSG, CCG_FAILED, q->address,
			      "expected the greeting of QMP, found another message");
	if (!rc)
		rc = ccg_qmp_get_version(&q->source, &m, version);
	ccg_qmp_message_free(&m);
	return rc ? rc : run_simple(q, "qmp_capabilities", NULL);
}

int ccg_qmp_open(struct ccg_ctx *ctx, const char *address,
		 const struct ccg_qmp_opts *opts,
		 struct ccg_qmp_version *version, struct ccg_qmp **qp)
{
	size_t len = strlen(address) + 1;
	struct ccg_qmp *q = malloc(sizeof(*q) + len);
	int rc;

	*qp = NULL;
	if (!q)
		return ccg_fail_errno(ctx, -ENOMEM, address);
	memcpy(q->address, address, len);
	q->source = (struct qmp_source) { ctx, q->address, "greeting" };
	q->opts = *opts;
	q->id = 0;
	q->may_run = false;
	rc = ccg_qmp_link_open(&q->link, ctx, q->address, opts->timeout_ms);
	if (!rc)
		rc = negotiate(q, version);
	if (rc)
		ccg_qmp_close(q);
	else
		*qp = q;
	return rc;
}

void ccg_qmp_close(struct ccg_qmp *q)
{
	if (!q)
		return;
	ccg_qmp_link_close(&q->link);
	free(q);
}

int ccg_qmp_query_status(struct ccg_qmp *q, struct ccg_qmp_status *status)
{
	struct qmp_message m;
	int rc = run(q, "query-status", NULL, &m);

	if (!rc)
		rc = ccg_qmp_get_status(&q->source, &m, status);
	ccg_qmp_message_free(&m);
	return rc;
}

int ccg_qmp_query_sev(struct ccg_qmp *q, struct ccg_qmp_sev *sev)
{
	struct qmp_message m;
	int rc = run(q, "query-sev", NULL, &m);

	if (!rc)
		rc = ccg_qmp_get_sev(&q->source, &m, sev);
	ccg_qmp_message_free(&m);
	return rc;
}

int ccg_qmp_query_measurement(struct ccg_qmp *q,
			      struct ccg_qmp_measurement *measurement)
{
	struct qmp_message m;
	int rc = run(q, "query-sev-launch-measure", NULL, &m);

	if (!rc)
		rc = ccg_qmp_get_measurement(&q->source, &m, measurement);
	ccg_qmp_message_free(&m);
	return rc;
}

static bool add_base64(struct json_object *o, const char *key,
		       const uint8_t *p, size_t len)
{
	char *text = malloc(CCG_BASE64_TEXT(len));
	struct json_object *v = NULL;

	if (text) {
		ccg_base64(p, len, text);
		v = json_object_new_string(text);
	}
	free(text);
	if (!v)
		return false;
	if (!json_object_object_add(o, key, v))
		return true;
	json_object_put(v);
	return false;
}

int ccg_qmp_inject(struct ccg_qmp *q, const struct ccg_qmp_packet *packet)
{
	struct json_object *args = json_object_new_object(), *gpa = NULL;
	bool good = args &&
		    add_base64(args, "packet-header", packet->header,
			       packet->header_len) &&
		    add_base64(args, "secret", packet->payload,
			       packet->payload_len);

	if (good && packet->has_gpa) {
		gpa = json_object_new_uint64(packet->gpa);
		good = gpa && !json_object_object_add(args, "gpa", gpa);
	}
	if (!good) {
		json_object_put(args);
		return ccg_fail_errno(q->source.ctx, -ENOMEM, q->address);
	}
	return run_simple(q, "sev-inject-launch-secret", args);
}

int ccg_qmp_cont(struct ccg_qmp *q)
{
	q->may_run = true;
	return run_simple(q, "cont", NULL);
}
