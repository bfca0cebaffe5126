// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser of QMP's messages: a line of JSON each.
 *
 * Source: QEMU, docs/interop/qmp-spec.rst and qapi/misc-i386.json. Members that
 * are not used here are ignored, because each version of QEMU adds some.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/json.h"
#include "qmp/answer.h"

#define LOWER	"abcdefghijklmnopqrstuvwxyz"
#define UPPER	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"
/* Limit for the name of an event or of a class of errors, in bytes. */
#define NAME_MAX_LEN	64
/* Limit for a part of QEMU's version. */
#define VERSION_MAX	9999

__printf(2, 3)
static void say_why(const struct qmp_source *s, const char *fmt, ...)
{
	char why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	ccg_fail(s->ctx, -EBADMSG, CCG_FAILED, s->address,
		 "%s: the message of QEMU is malformed: %s", s->command, why);
}

/* -EBADMSG, and the reason in the context. */
#define refuse(...)	(say_why(__VA_ARGS__), -EBADMSG)

/* ---- members of an object ---- */

static int get_object(const struct qmp_source *s, struct json_object *o,
		      const char *key, struct json_object **val)
{
	if (!json_object_object_get_ex(o, key, val) ||
	    !json_object_is_type(*val, json_type_object))
		return refuse(s, "%s: expected an object", key);
	return 0;
}

static int get_bool(const struct qmp_source *s, struct json_object *o,
		    const char *key, bool *val)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_boolean))
		return refuse(s, "%s: expected true or false", key);
	*val = json_object_get_boolean(v);
	return 0;
}

static int get_number(const struct qmp_source *s, struct json_object *o,
		      const char *key, uint64_t max, uint64_t *val)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_int) ||
	    json_object_get_int64(v) < 0 || json_object_get_uint64(v) > max)
		return refuse(s, "%s: expected a number from 0 to %llu", key,
			      (unsigned long long)max);
	*val = json_object_get_uint64(v);
	return 0;
}

static int get_u8(const struct qmp_source *s, struct json_object *o,
		  const char *key, uint8_t *val)
{
	uint64_t n;
	int rc = get_number(s, o, key, UINT8_MAX, &n);

	if (!rc)
		*val = n;
	return rc;
}

static int get_string(const struct qmp_source *s, struct json_object *o,
		      const char *key, const char **val)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string) ||
	    strlen(json_object_get_string(v)) !=
	    (size_t)json_object_get_string_len(v))
		return refuse(s, "%s: expected a string without NULs", key);
	*val = json_object_get_string(v);
	return 0;
}

/* A name is printed: it consists of the characters of @set. */
static int get_name(const struct qmp_source *s, struct json_object *o,
		    const char *key, const char *set, size_t max,
		    const char **val)
{
	size_t len;
	int rc = get_string(s, o, key, val);

	if (rc)
		return rc;
	len = strlen(*val);
	if (!len || len > max || strspn(*val, set) != len)
		return refuse(s, "%s: the name has other characters, or a wrong length",
			      key);
	return 0;
}

static int get_state(const struct qmp_source *s, struct json_object *o,
		     const char *key, char *state)
{
	const char *name;
	int rc = get_name(s, o, key, LOWER DIGITS "-", CCG_QMP_STATE - 1, &name);

	if (!rc)
		memcpy(state, name, strlen(name) + 1);
	return rc;
}

/* ---- messages ---- */

/*
 * An empty array or object takes json-c hundreds of bytes: without this limit, a
 * line of 1 MiB would take more than 500 MiB.
 */
static bool has_too_many(const uint8_t *line, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += line[i] == ',' || line[i] == '[' || line[i] == '{';
	return n > QMP_VALUES_MAX;
}

static int take_error(const struct qmp_source *s, struct qmp_message *m)
{
	int rc = get_name(s, m->value, "class", LOWER UPPER, NAME_MAX_LEN,
			  &m->name);

	return rc ? rc : get_string(s, m->value, "desc", &m->text);
}

static int take_id(const struct qmp_source *s, struct qmp_message *m)
{
	struct json_object *v;

	m->has_id = json_object_object_get_ex(m->root, "id", &v);
	return m->has_id ? get_number(s, m->root, "id", UINT64_MAX, &m->id) : 0;
}

static int take(const struct qmp_source *s, struct qmp_message *m)
{
	static const char *const keys[] = {
		[QMP_GREETING] = "QMP",
		[QMP_EVENT] = "event",
		[QMP_RETURN] = "return",
		[QMP_ERROR] = "error",
	};
	size_t n = 0;

	if (!json_object_is_type(m->root, json_type_object))
		return refuse(s, "expected an object");
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!json_object_object_get_ex(m->root, keys[i], NULL))
			continue;
		m->kind = i;
		n++;
	}
	if (n != 1)
		return refuse(s, "expected one of QMP, event, return and error");
	if (m->kind == QMP_EVENT)
		return get_name(s, m->root, "event", UPPER DIGITS "_",
				NAME_MAX_LEN, &m->name);
	if (get_object(s, m->root, keys[m->kind], &m->value) || take_id(s, m))
		return -EBADMSG;
	return m->kind == QMP_ERROR ? take_error(s, m) : 0;
}

/**
 * ccg_qmp_parse - parse a line of QMP
 * @s: where the line comes from
 * @line: the line, with or without its end
 * @len: length of @line in bytes
 * @m: set to the message; free it with ccg_qmp_message_free(), also on failure
 *
 * Return: 0; -EBADMSG if the line is not a message of QMP; or -ENOMEM.
 */
int ccg_qmp_parse(const struct qmp_source *s, const uint8_t *line, size_t len,
		  struct qmp_message *m)
{
	char why[sizeof(ccg_error(s->ctx)->why)];
	int rc;

	*m = (struct qmp_message) {};
	if (len > QMP_LINE_MAX || has_too_many(line, len))
		return refuse(s, "the line is longer than %d bytes, or has more than %d values",
			      QMP_LINE_MAX, QMP_VALUES_MAX);
	rc = ccg_json_parse(s->ctx, s->address, line, len, &m->root);
	if (rc == -EINVAL) {
		snprintf(why, sizeof(why), "%s", ccg_error(s->ctx)->why);
		return refuse(s, "%s", why);
	}
	return rc ? rc : take(s, m);
}

/**
 * ccg_qmp_message_free - free a message
 * @m: the message
 */
void ccg_qmp_message_free(struct qmp_message *m)
{
	json_object_put(m->root);
	*m = (struct qmp_message) {};
}

/**
 * ccg_qmp_get_version - read the greeting
 * @s: where the message comes from
 * @m: the greeting
 * @v: set to the version of QEMU
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_qmp_get_version(const struct qmp_source *s, const struct qmp_message *m,
			struct ccg_qmp_version *v)
{
	struct json_object *version, *qemu;
	uint64_t major, minor, micro;

	if (get_object(s, m->value, "version", &version) ||
	    get_object(s, version, "qemu", &qemu) ||
	    get_number(s, qemu, "major", VERSION_MAX, &major) ||
	    get_number(s, qemu, "minor", VERSION_MAX, &minor) ||
	    get_number(s, qemu, "micro", VERSION_MAX, &micro))
		return -EBADMSG;
	*v = (struct ccg_qmp_version) { major, minor, micro };
	return 0;
}

/**
 * ccg_qmp_get_status - read the answer to query-status
 * @s: where the message comes from
 * @m: the answer
 * @status: set to the state of the guest
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_qmp_get_status(const struct qmp_source *s, const struct qmp_message *m,
		       struct ccg_qmp_status *status)
{
	if (get_bool(s, m->value, "running", &status->running) ||
	    get_state(s, m->value, "status", status->state))
		return -EBADMSG;
	return 0;
}

/* QEMU before 9.1 has no sev-type: it has no SNP. */
static int get_type(const struct qmp_source *s, struct json_object *o,
		    bool *snp)
{
	const char *type;
	int rc;

	*snp = false;
	if (!json_object_object_get_ex(o, "sev-type", NULL))
		return 0;
	rc = get_string(s, o, "sev-type", &type);
	if (rc)
		return rc;
	*snp = !strcmp(type, "sev-snp");
	return *snp || !strcmp(type, "sev") ? 0 :
	       refuse(s, "sev-type: expected sev or sev-snp");
}

/**
 * ccg_qmp_get_sev - read the answer to query-sev
 * @s: where the message comes from
 * @m: the answer
 * @sev: set to the state of SEV
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_qmp_get_sev(const struct qmp_source *s, const struct qmp_message *m,
		    struct ccg_qmp_sev *sev)
{
	struct json_object *o = m->value;
	int rc;

	*sev = (struct ccg_qmp_sev) {};
	if (get_bool(s, o, "enabled", &sev->enabled) ||
	    get_type(s, o, &sev->snp) ||
	    get_u8(s, o, "api-major", &sev->api_major) ||
	    get_u8(s, o, "api-minor", &sev->api_minor) ||
	    get_u8(s, o, "build-id", &sev->build) ||
	    get_state(s, o, "state", sev->state))
		return -EBADMSG;
	if (sev->snp)
		rc = get_number(s, o, "snp-policy", UINT64_MAX, &sev->policy);
	else
		rc = get_number(s, o, "policy", UINT32_MAX, &sev->policy);
	return rc;
}

/**
 * ccg_qmp_get_measurement - read the answer to query-sev-launch-measure
 * @s: where the message comes from
 * @m: the answer
 * @measurement: set to the measurement
 *
 * Return: 0 or -EBADMSG.
 */
int ccg_qmp_get_measurement(const struct qmp_source *s,
			    const struct qmp_message *m,
			    struct ccg_qmp_measurement *measurement)
{
	size_t want = sizeof(measurement->bytes), n;
	const char *data;

	if (get_string(s, m->value, "data", &data))
		return -EBADMSG;
	if (ccg_unbase64(data, measurement->bytes, want, &n) || n != want)
		return refuse(s, "data: expected %zu bytes in base64", want);
	return 0;
}
