// SPDX-License-Identifier: GPL-2.0-only
/*
 * The objects of evidence: their names, their bounds, and the messages in them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/evidence.h>

#include "core/ctx.h"
#include "spdm/objects.h"

static const char *const names[] = {
	"cert0", "cert1", "cert2", "cert3", "cert4", "cert5", "cert6", "cert7",
	[CCG_OBJECT_VCA] = "vca",
	[CCG_OBJECT_MEASUREMENTS] = "measurements",
	[CCG_OBJECT_REQUEST] = "get_measurements",
	[CCG_OBJECT_CHALLENGE] = "challenge",
	[CCG_OBJECT_ALGORITHMS] = "algorithms",
};

const char *ccg_object_name(enum ccg_object object)
{
	return names[object];
}

/**
 * ccg_object_max - get the bound of an object
 * @object: the object
 *
 * Return: the greatest length in bytes.
 */
size_t ccg_object_max(enum ccg_object object)
{
	switch (object) {
	case CCG_OBJECT_VCA:
		return CCG_VCA_OBJECT_MAX;
	case CCG_OBJECT_REQUEST:
	case CCG_OBJECT_ALGORITHMS:
		return CCG_LINE_OBJECT_MAX;
	case CCG_OBJECT_MEASUREMENTS:
	case CCG_OBJECT_CHALLENGE:
		return CCG_ANSWER_OBJECT_MAX;
	default:
		return CCG_CHAIN_OBJECT_MAX;
	}
}

/**
 * ccg_objects_new - make evidence without objects
 * @ctx: the context
 *
 * Return: the evidence; NULL if there is no memory.
 */
struct ccg_objects *ccg_objects_new(struct ccg_ctx *ctx)
{
	struct ccg_objects *o = calloc(1, sizeof(*o));

	if (o)
		o->ctx = ctx;
	return o;
}

void ccg_objects_free(struct ccg_objects *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < CCG_N_OBJECTS; i++)
		free(o->of[i].data);
	free(o);
}

/**
 * ccg_objects_set - set an object
 * @o: the evidence
 * @object: the object, which @o does not have yet
 * @data: its bytes, copied
 * @len: their number
 *
 * Return: 0; -EFBIG if the object is too long; or -ENOMEM.
 */
int ccg_objects_set(struct ccg_objects *o, enum ccg_object object,
		    const void *data, size_t len)
{
	struct ccg_object_bytes *b = &o->of[object];

	if (len > ccg_object_max(object))
		return ccg_fail(o->ctx, -EFBIG, CCG_FAILED, names[object],
				"has %zu bytes, at most %zu are accepted", len,
				ccg_object_max(object));
	b->data = malloc(len ? len : 1);
	if (!b->data)
		return ccg_fail_errno(o->ctx, -ENOMEM, names[object]);
	if (len)
		memcpy(b->data, data, len);
	b->len = len;
	return 0;
}

/* Describes a fault in an object. */
static void fault_text(const char *name, const struct ccg_evid_fault *f, int rc,
		       char *buf, size_t size)
{
	struct spdm_failure failure = {
		.stage = SPDM_STAGE_VERSION,
		.slot = SPDM_NO_SLOT,
		.err = rc,
		.fault = f->spdm,
	};
	char text[SPDM_TEXT_MAX];

	failure.fault.offset += f->at;
	spdm_failure_text(&failure, "", text, sizeof(text));
	if (failure.fault.field && !failure.fault.error)
		snprintf(buf, size, "%s: %s", name, text);
	else
		snprintf(buf, size, "%s: %s: message at offset %zu", name, text,
			 f->at);
}

static int bad_transcript(struct ccg_objects *o, const char *what,
			  const struct ccg_evid_fault *f, int rc)
{
	char why[512];

	fault_text("transcript", f, rc, why, sizeof(why));
	return ccg_fail(o->ctx, -EBADMSG, CCG_FAILED, what, "%s", why);
}

/* The last object ends with the signature. */
static int set_signed(struct ccg_objects *o, enum ccg_object object,
		      const u8 *data, size_t len, const u8 *sig, size_t sig_len)
{
	u8 *all = malloc(len + sig_len + 1);
	int rc;

	if (!all)
		return ccg_fail_errno(o->ctx, -ENOMEM, names[object]);
	memcpy(all, data, len);
	memcpy(all + len, sig, sig_len);
	rc = ccg_objects_set(o, object, all, len + sig_len);
	free(all);
	return rc;
}

/**
 * ccg_objects_take_transcript - make objects of a signed transcript
 * @o: the evidence
 * @what: name of the transcript, for an error
 * @data: the transcript, M1 or L1 of DSP0274
 * @len: its length
 * @sig: the signature
 * @sig_len: its length
 *
 * Return: 0; -EBADMSG if the transcript is malformed; -EFBIG; or -ENOMEM.
 */
int ccg_objects_take_transcript(struct ccg_objects *o, const char *what,
				const u8 *data, size_t len, const u8 *sig,
				size_t sig_len)
{
	struct ccg_evid_fault f = {};
	struct spdm_conn c;
	size_t used = 0;
	int rc = 0;

	if (len >= 2 && data[1] == SPDM_GET_VERSION) {
		rc = ccg_evid_vca(data, len, &c, &used, &f);
		if (rc)
			return bad_transcript(o, what, &f, rc);
		rc = ccg_objects_set(o, CCG_OBJECT_VCA, data, used);
	}
	if (rc)
		return rc;
	data += used;
	len -= used;
	if (len < 2 || data[1] != SPDM_GET_MEASUREMENTS)
		return set_signed(o, CCG_OBJECT_CHALLENGE, data, len, sig,
				  sig_len);
	rc = ccg_evid_request_len(data, len, &used, &f);
	if (rc)
		return bad_transcript(o, what, &f, rc);
	rc = ccg_objects_set(o, CCG_OBJECT_REQUEST, data, used);
	if (rc)
		return rc;
	return set_signed(o, CCG_OBJECT_MEASUREMENTS, data + used, len - used,
			  sig, sig_len);
}

/**
 * ccg_objects_state - set the object with the names of the algorithms
 * @o: the evidence
 * @asym: the signature algorithm
 * @hash: name of the hash algorithm
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_objects_state(struct ccg_objects *o, const struct spdm_asym *asym,
		      const char *hash)
{
	char line[CCG_LINE_OBJECT_MAX];
	int len = snprintf(line, sizeof(line), "%s %s\n", asym->word, hash);

	return ccg_objects_set(o, CCG_OBJECT_ALGORITHMS, line, len);
}

/* ---- the messages in the objects ---- */

static struct ccg_evid_bytes bytes_of(const struct ccg_objects *o,
				      enum ccg_object object)
{
	return (struct ccg_evid_bytes) { o->of[object].data, o->of[object].len };
}

static int refuse(struct ccg_parsed *p, enum ccg_object object, const char *why)
{
	p->object = object;
	snprintf(p->why, sizeof(p->why), "%s: %s", names[object], why);
	return -EBADMSG;
}

static int refuse_fault(struct ccg_parsed *p, enum ccg_object object,
			const struct ccg_evid_fault *f, int rc)
{
	p->object = object;
	fault_text(names[object], f, rc, p->why, sizeof(p->why));
	return -EBADMSG;
}

/* Takes a word of the object algorithms. */
static bool take_word(const u8 **pos, size_t *left, char end, const char *word)
{
	size_t len = strlen(word);

	if (*left <= len || memcmp(*pos, word, len) || (*pos)[len] != end)
		return false;
	*pos += len + 1;
	*left -= len + 1;
	return true;
}

static int parse_algorithms(const struct ccg_objects *o, struct ccg_parsed *p,
			    u8 version)
{
	const struct ccg_object_bytes *b = &o->of[CCG_OBJECT_ALGORITHMS];
	const struct spdm_asym *asym = NULL;
	const struct spdm_hash *hash = NULL;
	const u8 *pos = b->data;
	size_t left = b->len;

	if (!b->data)
		return refuse(p, CCG_OBJECT_ALGORITHMS,
			      "is missing, and so is the negotiation, vca");
	for (size_t i = 0; !asym && i < SPDM_N_ASYM; i++)
		if (take_word(&pos, &left, ' ', spdm_asyms[i].word))
			asym = &spdm_asyms[i];
	for (size_t i = 0; asym && !hash && i < SPDM_N_HASH; i++)
		if (take_word(&pos, &left, '\n', spdm_hashes[i].alg))
			hash = &spdm_hashes[i];
	if (!hash || left)
		return refuse(p, CCG_OBJECT_ALGORITHMS,
			      "expected one line as \"ecdsa-p384 sha384\" at offset 0");
	ccg_evid_state(&p->e.c, version, asym, hash);
	return 0;
}

static int parse_vca(const struct ccg_objects *o, struct ccg_parsed *p)
{
	const struct ccg_object_bytes *b = &o->of[CCG_OBJECT_VCA];
	struct ccg_evid_fault f;
	char why[96];
	size_t used;
	int rc;

	rc = ccg_evid_vca(b->data, b->len, &p->e.c, &used, &f);
	if (rc)
		return refuse_fault(p, CCG_OBJECT_VCA, &f, rc);
	if (used == b->len)
		return 0;
	snprintf(why, sizeof(why), "%zu bytes follow ALGORITHMS at offset %zu",
		 b->len - used, used);
	return refuse(p, CCG_OBJECT_VCA, why);
}

/* Up to SPDM 1.1, the signature of measurements does not cover the negotiation. */
static int parse_connection(const struct ccg_objects *o, struct ccg_parsed *p)
{
	const struct ccg_object_bytes *r = &o->of[CCG_OBJECT_REQUEST];

	if (o->of[CCG_OBJECT_VCA].data)
		return parse_vca(o, p);
	if (!r->len || r->data[0] < SPDM_VER_10 || r->data[0] > SPDM_VER_11)
		return refuse(p, CCG_OBJECT_VCA,
			      "is missing: the signature covers the negotiation");
	return parse_algorithms(o, p, r->data[0]);
}

static int check_complete(const struct ccg_objects *o, struct ccg_parsed *p)
{
	bool request = o->of[CCG_OBJECT_REQUEST].data;
	bool response = o->of[CCG_OBJECT_MEASUREMENTS].data;
	bool challenge = o->of[CCG_OBJECT_CHALLENGE].data;

	if (challenge && (request || response))
		return refuse(p, CCG_OBJECT_CHALLENGE,
			      "there are two answers: measurements and challenge");
	if (challenge)
		return 0;
	if (request && !response)
		return refuse(p, CCG_OBJECT_MEASUREMENTS, "is missing");
	if (response && !request)
		return refuse(p, CCG_OBJECT_REQUEST,
			      "is missing: the signature covers the request");
	if (!response)
		return refuse(p, CCG_OBJECT_MEASUREMENTS,
			      "is missing, and so is challenge: nothing is signed");
	return 0;
}

/**
 * ccg_objects_parse - parse the messages of evidence
 * @o: the evidence
 * @p: set
 *
 * Certificates are not parsed, and no signature is verified.
 *
 * Return: 0; -EBADMSG if an object is missing or malformed.
 */
int ccg_objects_parse(const struct ccg_objects *o, struct ccg_parsed *p)
{
	struct ccg_evid_bytes vca = bytes_of(o, CCG_OBJECT_VCA);
	struct ccg_evid_fault f;
	bool in_request;
	int rc;

	*p = (struct ccg_parsed) {};
	rc = check_complete(o, p);
	if (!rc)
		rc = parse_connection(o, p);
	if (rc)
		return rc;
	if (o->of[CCG_OBJECT_CHALLENGE].data) {
		rc = ccg_evid_challenge(&p->e, vca, bytes_of(o, CCG_OBJECT_CHALLENGE),
					&f);
		return rc ? refuse_fault(p, CCG_OBJECT_CHALLENGE, &f, rc) : 0;
	}
	rc = ccg_evid_measurements(&p->e, vca, bytes_of(o, CCG_OBJECT_REQUEST),
				   bytes_of(o, CCG_OBJECT_MEASUREMENTS),
				   &in_request, &f);
	if (rc)
		return refuse_fault(p, in_request ? CCG_OBJECT_REQUEST :
				    CCG_OBJECT_MEASUREMENTS, &f, rc);
	return 0;
}
