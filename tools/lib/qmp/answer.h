/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: the messages of QMP, as bytes.
 */
#ifndef CCGUEST_QMP_ANSWER_H
#define CCGUEST_QMP_ANSWER_H

#include <ccguest/ctx.h>
#include <ccguest/qmp.h>

struct json_object;

/* Limit for a line, in bytes. */
#define QMP_LINE_MAX	1048576
/* Limit for brackets and commas in a line: each is a value for json-c. */
#define QMP_VALUES_MAX	4096

enum qmp_kind {
	QMP_GREETING,
	QMP_EVENT,
	QMP_RETURN,
	QMP_ERROR,
};

/**
 * struct qmp_source - where a message comes from, for errors
 * @ctx: the context
 * @address: address of the monitor
 * @command: the command that awaits its answer; "greeting" before the first
 */
struct qmp_source {
	struct ccg_ctx *ctx;
	const char *address;
	const char *command;
};

/**
 * struct qmp_message - a message of QEMU
 * @kind: greeting, event, or the answer to a command
 * @root: the whole message
 * @value: contents of the greeting or of the answer
 * @has_id: the message has an id that is a number
 * @id: the id
 * @name: name of the event, or class of the error
 * @text: description of the error: any bytes
 */
struct qmp_message {
	enum qmp_kind kind;
	struct json_object *root;
	struct json_object *value;
	bool has_id;
	uint64_t id;
	const char *name;
	const char *text;
};

int ccg_qmp_parse(const struct qmp_source *s, const uint8_t *line, size_t len,
		  struct qmp_message *m);
void ccg_qmp_message_free(struct qmp_message *m);
int ccg_qmp_get_version(const struct qmp_source *s, const struct qmp_message *m,
			struct ccg_qmp_version *v);
int ccg_qmp_get_status(const struct qmp_source *s, const struct qmp_message *m,
		       struct ccg_qmp_status *status);
int ccg_qmp_get_sev(const struct qmp_source *s, const struct qmp_message *m,
		    struct ccg_qmp_sev *sev);
int ccg_qmp_get_measurement(const struct qmp_source *s,
			    const struct qmp_message *m,
			    struct ccg_qmp_measurement *measurement);

#endif /* CCGUEST_QMP_ANSWER_H */
