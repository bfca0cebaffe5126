// SPDX-License-Identifier: GPL-2.0-only
/*
 * The description of a guest, in JSON.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include <ccguest/cca.h>
#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/log.h>
#include <ccguest/text.h>

#include "cca/realm.h"
#include "core/ctx.h"
#include "core/json.h"

#define DESCRIPTION_MAX	0x100000
#define EVENT_TEXT_MAX	0x10000

/*
 * The host declares memory in the largest blocks that fit, up to a limit of the
 * host's choice: the size of a block at one level of the translation tables.
 */
static const char *const largest_blocks[CC_RIM_BLOCKS_ALL + 1] = {
	[0x1] = "4K", [0x3] = "2M", [0x7] = "1G", [CC_RIM_BLOCKS_ALL] = "512G",
};

const char *ccg_ripas_name(unsigned int blocks)
{
	return blocks <= CC_RIM_BLOCKS_ALL ? largest_blocks[blocks] : NULL;
}

unsigned int ccg_ripas_blocks(const char *name)
{
	unsigned int i;

	for (i = CC_RIM_BLOCKS_ALL; i; i >>= 1)
		if (!strcasecmp(largest_blocks[i], name))
			break;
	return i;
}

/* The description, and the member that is read now, for the error. */
struct reader {
	struct ccg_realm *r;
	char where[128];
};

__printf(2, 3)
static int bad(struct reader *rd, const char *why, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, why);
	vsnprintf(text, sizeof(text), why, ap);
	va_end(ap);
	return ccg_fail(rd->r->ctx, -EINVAL, CCG_FAILED, rd->r->path, "%s: %s",
			rd->where, text);
}

static struct json_object *get(struct reader *rd, struct json_object *o,
			       const char *key)
{
	struct json_object *val = NULL;

	snprintf(rd->where, sizeof(rd->where), "%s", key);
	json_object_object_get_ex(o, key, &val);
	return val;
}

/*
 * Refuses unknown members and null: a member with a misspelt name, or without a
 * value, would otherwise be missing from the measurement.
 */
static int check_members(struct reader *rd, struct json_object *o,
			 const char *const *names, size_t n)
{
	size_t i;

	if (!json_object_is_type(o, json_type_object))
		return bad(rd, "is not an object");
	json_object_object_foreach(o, key, val) {
		for (i = 0; i < n && strcmp(names[i], key); i++)
			;
		if (i < n && val)
			continue;
		snprintf(rd->where, sizeof(rd->where), "%s", key);
		if (i < n)
			return bad(rd, "is null; omit the member for its default");
		return bad(rd,
			   "is not a member of this object; see ccguest-log(1), DESCRIPTION OF A GUEST");
	}
	return 0;
}

/* Reads a number, or a string that holds one, such as "0x1000". */
static int get_number(struct reader *rd, struct json_object *o, const char *key,
		      uint64_t max, uint64_t *val)
{
	struct json_object *v = get(rd, o, key);

	if (!v)
		return 0;
	if (json_object_is_type(v, json_type_string)) {
		if (ccg_parse_number(json_object_get_string(v), 0, UINT64_MAX,
				     val, NULL))
			return bad(rd, "is not a number");
	} else if (json_object_is_type(v, json_type_int) &&
		   json_object_get_int64(v) >= 0) {
		*val = json_object_get_uint64(v);
	} else {
		return bad(rd, "is not a number");
	}
	return *val > max ? bad(rd, "is more than %" PRIu64, max) : 0;
}

static int get_u8(struct reader *rd, struct json_object *o, const char *key,
		  uint8_t *val)
{
	uint64_t n = *val;
	int rc = get_number(rd, o, key, 0xff, &n);

	*val = n;
	return rc;
}

/* Leaves NULL if the member is missing; refuses "\u0000" in a string. */
static int get_text(struct reader *rd, struct json_object *o, const char *key,
		    const char **text)
{
	struct json_object *v = get(rd, o, key);

	*text = NULL;
	if (!v)
		return 0;
	if (!json_object_is_type(v, json_type_string))
		return bad(rd, "is not a string");
	*text = json_object_get_string(v);
	if (strlen(*text) != (size_t)json_object_get_string_len(v))
		return bad(rd, "has a NUL in it");
	return 0;
}

static int get_fixed(struct reader *rd, struct json_object *o, const char *key,
		     char *buf, size_t size)
{
	const char *text;
	int rc = get_text(rd, o, key, &text);

	if (rc || !text)
		return rc;
	if (strlen(text) >= size)
		return bad(rd, "has more than %zu characters", size - 1);
	snprintf(buf, size, "%s", text);
	return 0;
}

/* Reads one of several words; leaves *val if the member is missing. */
static int get_word(struct reader *rd, struct json_object *o, const char *key,
		    const char *const *words, size_t n, unsigned int *val)
{
	const char *text;
	int rc = get_text(rd, o, key, &text);

	if (rc || !text)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (words[i] && !strcmp(words[i], text)) {
			*val = i;
			return 0;
		}
	return bad(rd, "'%s' is not known", text);
}

static int get_array(struct reader *rd, struct json_object *o, const char *key,
		     size_t max, struct json_object **array, size_t *np)
{
	*np = 0;
	*array = get(rd, o, key);
	if (!*array)
		return 0;
	if (!json_object_is_type(*array, json_type_array))
		return bad(rd, "is not an array");
	*np = json_object_array_length(*array);
	return *np > max ? bad(rd, "has more than %zu items", max) : 0;
}

static int get_range(struct reader *rd, struct json_object *o,
		     struct cc_range *range)
{
	static const char *const names[] = { "base", "size" };
	int rc = check_members(rd, o, names, ARRAY_SIZE(names));

	if (!rc)
		rc = get_number(rd, o, "base", ~0ULL, &range->base);
	return rc ? rc : get_number(rd, o, "size", ~0ULL - range->base,
				    &range->size);
}

static int take_ram(struct reader *rd, struct json_object *o)
{
	struct json_object *array;
	size_t n;
	int rc = get_array(rd, o, "ram", CC_LOG_RANGES_MAX, &array, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		struct cc_range *r = &rd->r->ram[rd->r->n_ram];

		rc = get_range(rd, json_object_array_get_idx(array, i), r);
		if (!rc && (!r->size || (r->base | r->size) % CC_GRANULE))
			rc = bad(rd, "is not one or more whole granules of 4096 bytes");
		rd->r->n_ram++;
	}
	return rc;
}

/* Relative names of files start at the directory of the description. */
static char *beside(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	char *full;

	if (*name == '/' || !slash)
		return strdup(name);
	if (asprintf(&full, "%.*s/%s", (int)(slash - path), path, name) < 0)
		return NULL;
	return full;
}

static int take_image(struct reader *rd, struct json_object *o)
{
	struct realm_image *image = &rd->r->images[rd->r->n_images];
	static const char *const names[] = { "name", "file", "base" };
	const char *name, *file;
	int rc;

	rc = check_members(rd, o, names, ARRAY_SIZE(names));
	if (!rc)
		rc = get_text(rd, o, "name", &name);
	if (rc)
		return rc;
	if (!name || !*name || strlen(name) > 254)
		return bad(rd, "of an image is missing or too long");
	if (!strcmp(name, "LOG"))
		return bad(rd, "LOG is the name of the log, which is not measured");
	rc = get_text(rd, o, "file", &file);
	if (rc)
		return rc;
	if (!file)
		return bad(rd, "of an image is missing");
	rc = get_number(rd, o, "base", ~0ULL, &image->base);
	if (rc)
		return rc;
	image->name = strdup(name);
	image->path = beside(rd->r->path, file);
	rd->r->n_images++;
	return image->name && image->path ? 0 :
	       ccg_fail_errno(rd->r->ctx, -ENOMEM, rd->r->path);
}

static int take_images(struct reader *rd, struct json_object *o)
{
	struct json_object *array;
	size_t n;
	int rc = get_array(rd, o, "images", CC_LOG_RANGES_MAX - 1, &array, &n);

	for (size_t i = 0; !rc && i < n; i++)
		rc = take_image(rd, json_object_array_get_idx(array, i));
	return rc;
}

static int take_rec(struct reader *rd, struct json_object *o)
{
	struct json_object *cpu = get(rd, o, "vcpu");
	static const char *const names[] = {
		"pc", "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7",
	};
	struct cc_rec_params *rec = &rd->r->rec;
	int rc;

	if (!cpu)
		return 0;
	rd->r->has_rec = true;
	rec->flags = CC_REC_RUNNABLE;
	rc = check_members(rd, cpu, names, ARRAY_SIZE(names));
	if (!rc)
		rc = get_number(rd, cpu, "pc", ~0ULL, &rec->pc);
	for (size_t i = 0; !rc && i < CC_REC_GPRS; i++)
		rc = get_number(rd, cpu, names[1 + i], ~0ULL, &rec->gprs[i]);
	return rc;
}

static int take_params(struct reader *rd, struct json_object *o)
{
	static const char *const hashes[] = {
		[CC_REALM_SHA256] = "sha256",
		[CC_REALM_SHA512] = "sha512",
		[CC_REALM_SHA384] = "sha384",
	};
	struct cc_realm_params *p = &rd->r->params;
	unsigned int hash = CC_REALM_SHA256;
	uint64_t lpa2 = 0;
	int rc;

	p->s2sz = 48;
	rc = get_word(rd, o, "hash", hashes, ARRAY_SIZE(hashes), &hash);
	p->hash_algo = hash;
	if (!rc)
		rc = get_u8(rd, o, "s2sz", &p->s2sz);
	if (!rc && (p->s2sz < 32 || p->s2sz > 52))
		rc = bad(rd, "expected 32 to 52, found %u", p->s2sz);
	if (!rc)
		rc = get_number(rd, o, "lpa2", 1, &lpa2);
	if (!rc)
		rc = get_u8(rd, o, "sve_vl", &p->sve_vl);
	if (!rc)
		rc = get_u8(rd, o, "breakpoints", &p->num_bps);
	if (!rc)
		rc = get_u8(rd, o, "watchpoints", &p->num_wps);
	if (!rc)
		rc = get_u8(rd, o, "pmu_counters", &p->pmu_num_ctrs);
	if (lpa2)
		p->flags |= CC_REALM_LPA2;
	if (get(rd, o, "sve_vl"))
		p->flags |= CC_REALM_SVE;
	if (get(rd, o, "pmu_counters"))
		p->flags |= CC_REALM_PMU;
	return rc;
}

static int take_event(struct reader *rd, struct json_object *o)
{
	struct realm_extend *ev = &rd->r->events[rd->r->n_events];
	static const char *const names[] = { "index", "type", "data", "text" };
	uint64_t index = 0, type = 0;
	const char *text, *hex;
	int rc;

	rc = check_members(rd, o, names, ARRAY_SIZE(names));
	if (!rc)
		rc = get_number(rd, o, "index", CC_INDEX_PCR_MAX, &index);
	if (!rc)
		rc = get_number(rd, o, "type", 0xffffffff, &type);
	if (!rc)
		rc = get_text(rd, o, "data", &hex);
	if (!rc)
		rc = get_text(rd, o, "text", &text);
	if (!rc && hex && text)
		rc = bad(rd, "an event has a text or data, not both");
	if (rc)
		return rc;
	ev->index = index;
	ev->type = type;
	ev->data = malloc(EVENT_TEXT_MAX);
	rd->r->n_events++;
	if (!ev->data)
		return ccg_fail_errno(rd->r->ctx, -ENOMEM, rd->r->path);
	if (hex)
		return ccg_unhex(hex, ev->data, EVENT_TEXT_MAX, &ev->len) ?
		       bad(rd, "data of an event is not hexadecimal") : 0;
	ev->len = text ? strlen(text) : 0;
	if (ev->len > EVENT_TEXT_MAX)
		return bad(rd, "is too long");
	memcpy(ev->data, text ? text : "", ev->len);
	return 0;
}

static int take_events(struct reader *rd, struct json_object *o)
{
	struct json_object *array;
	size_t n;
	int rc = get_array(rd, o, "events", REALM_EVENTS_MAX, &array, &n);

	if (rc || !n)
		return rc;
	rd->r->events = calloc(n, sizeof(*rd->r->events));
	if (!rd->r->events)
		return ccg_fail_errno(rd->r->ctx, -ENOMEM, rd->r->path);
	for (size_t i = 0; !rc && i < n; i++)
		rc = take_event(rd, json_object_array_get_idx(array, i));
	return rc;
}

/* Algorithms that each dialect declares; a TPM's log declares two. */
static void set_algs(struct ccg_realm *r)
{
	static const struct cc_alg realm[] = {
		[CC_REALM_SHA256] = { CC_ALG_SHA256, 32 },
		[CC_REALM_SHA512] = { CC_ALG_SHA512, 64 },
		[CC_REALM_SHA384] = { CC_ALG_SHA384, 48 },
	};

	r->n_algs = 1;
	switch (r->dialect) {
	case CC_LOG_TPM:
		r->algs[0] = (struct cc_alg) { CC_ALG_SHA1, 20 };
		r->algs[1] = realm[CC_REALM_SHA256];
		r->n_algs = 2;
		break;
	case CC_LOG_CCEL:
		r->algs[0] = realm[CC_REALM_SHA384];
		break;
	case CC_LOG_CSV:
		r->algs[0] = (struct cc_alg) { CC_ALG_SM3, 32 };
		break;
	case CC_LOG_REALM_DOC:
		r->algs[0] = realm[CC_REALM_SHA256];
		r->algs[1] = realm[CC_REALM_SHA512];
		r->n_algs = 2;
		break;
	default:
		r->algs[0] = realm[r->params.hash_algo];
	}
}

static int take_all(struct reader *rd, struct json_object *o)
{
	static const char *const rmms[] = {
		[CC_RMM_1_0] = "1.0", [CC_RMM_2_0] = "2.0",
	};
	static const char *const members[] = {
		"dialect", "rmm", "vmm", "vmm_version", "cpus", "hash", "s2sz",
		"lpa2", "sve_vl", "breakpoints", "watchpoints", "pmu_counters",
		"ram", "images", "vcpu", "events", "log",
	};
	struct ccg_realm *r = rd->r;
	unsigned int dialect = CC_LOG_REALM_QEMU_RFC, rmm = CC_RMM_1_0;
	const char *names[CC_LOG_N_DIALECTS] = {};
	struct json_object *log;
	uint64_t cpus = 1;
	int rc;

	/* ccg_realm_log() writes the others. */
	for (size_t i = CC_LOG_TPM; i < CC_LOG_REALM_OTHER; i++)
		if (i != CC_LOG_TPM12 && i != CC_LOG_AGENT)
			names[i] = ccg_log_dialect_name(&(struct cc_log){ .dialect = i });
	rc = check_members(rd, o, members, ARRAY_SIZE(members));
	if (!rc)
		rc = get_word(rd, o, "dialect", names, ARRAY_SIZE(names),
			      &dialect);
	r->dialect = dialect;
	if (!rc)
		rc = get_word(rd, o, "rmm", rmms, ARRAY_SIZE(rmms), &rmm);
	r->rmm = rmm;
	snprintf(r->name, sizeof(r->name), "%s",
		 dialect == CC_LOG_REALM_KVMTOOL ? "kvmtool" : "QEMU");
	snprintf(r->version, sizeof(r->version), "%s",
		 dialect == CC_LOG_REALM_QEMU ? "10.0" : "9.1");
	if (!rc)
		rc = get_fixed(rd, o, "vmm", r->name, sizeof(r->name));
	if (!rc)
		rc = get_fixed(rd, o, "vmm_version", r->version,
			       sizeof(r->version));
	if (!rc)
		rc = get_number(rd, o, "cpus", CC_LOG_CPUS_MAX, &cpus);
	r->num_cpus = cpus;
	if (!rc)
		rc = take_params(rd, o);
	if (!rc)
		rc = take_ram(rd, o);
	if (!rc)
		rc = take_images(rd, o);
	if (!rc)
		rc = take_rec(rd, o);
	if (!rc)
		rc = take_events(rd, o);
	log = rc ? NULL : get(rd, o, "log");
	if (log)
		rc = get_range(rd, log, &r->log);
	if (!rc && r->log.size > CC_LOG_EVENT_MAX)
		rc = bad(rd, "log is too large");
	set_algs(r);
	return rc;
}

static int parse(struct ccg_realm *r, const uint8_t *buf, size_t len)
{
	struct reader rd = { .r = r };
	struct json_object *o;
	int rc = ccg_json_parse(r->ctx, r->path, buf, len, &o);

	if (rc)
		return rc;
	if (!json_object_is_type(o, json_type_object))
		rc = ccg_fail(r->ctx, -EINVAL, CCG_FAILED, r->path,
			      "is not the description of a guest: expected a JSON object");
	else
		rc = take_all(&rd, o);
	json_object_put(o);
	return rc;
}

int ccg_realm_load(struct ccg_ctx *ctx, const char *file, struct ccg_realm **rp)
{
	struct ccg_realm *r = calloc(1, sizeof(*r));
	uint8_t *buf = NULL;
	size_t len = 0;
	int rc;

	if (!r)
		return ccg_fail_errno(ctx, -ENOMEM, file);
	r->ctx = ctx;
	r->blocks = CC_RIM_BLOCKS_ALL;
	r->path = strdup(file);
	rc = r->path ? ccg_file_load(ctx, file, DESCRIPTION_MAX, &buf, &len) :
		       ccg_fail_errno(ctx, -ENOMEM, file);
	if (!rc)
		rc = parse(r, buf, len);
	free(buf);
	if (rc)
		ccg_realm_free(r);
	else
		*rp = r;
	return rc;
}

void ccg_realm_set_blocks(struct ccg_realm *r, unsigned int blocks)
{
	r->blocks = blocks;
}

void ccg_realm_free(struct ccg_realm *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_images; i++) {
		free(r->images[i].name);
		free(r->images[i].path);
	}
	for (size_t i = 0; i < r->n_events; i++)
		free(r->events[i].data);
	free(r->events);
	free(r->path);
	free(r);
}
