// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a certificate chain from files.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/file.h>
#include <ccguest/sev.h>

#include "core/ctx.h"
#include "sev/armor.h"
#include "sev/chain.h"

/* PDH, PEK, OCA, CEK, ASK, ARK. */
#define CHAIN_MAX	(4 * SEV_CERT_LEN + 2 * SEV_CA_CERT_MAX)

enum { FILE_SEV, FILE_OCA, FILE_CA, FILE_CEK };

/* Text takes two characters per byte, and up to two blanks. */
#define TEXT_MAX(len)	(4 * (len))

static const struct {
	const char *name;
	uint32_t usage;
} roles[] = {
	[CCG_SEV_PDH] = { "PDH", SEV_USAGE_PDH },
	[CCG_SEV_PEK] = { "PEK", SEV_USAGE_PEK },
	[CCG_SEV_OCA] = { "OCA", SEV_USAGE_OCA },
	[CCG_SEV_CEK] = { "CEK", SEV_USAGE_CEK },
	[CCG_SEV_ASK] = { "ASK", SEV_USAGE_ASK },
	[CCG_SEV_ARK] = { "ARK", SEV_USAGE_ARK },
};

/**
 * ccg_sev_role_name - get the name of a place in a chain
 * @role: the place
 *
 * Return: the name, such as "PDH".
 */
const char *ccg_sev_role_name(enum ccg_sev_role role)
{
	return roles[role].name;
}

/**
 * struct reading - a file whose certificates are being parsed
 * @c: the chain
 * @path: of the file
 * @buf: the bytes
 * @len: length of @buf in bytes
 * @pos: number of bytes that were parsed
 */
struct reading {
	struct ccg_sev_chain *c;
	const char *path;
	const uint8_t *buf;
	size_t len;
	size_t pos;
};

/* Parses the next certificate, which must be the one of @role. */
static int next_cert(struct reading *r, enum ccg_sev_role role)
{
	struct sev_cert *cert = &r->c->certs[role];
	const char *name = roles[role].name;
	const uint8_t *p = r->buf + r->pos;
	size_t left = r->len - r->pos;
	struct sev_fault fault;
	int rc;

	if (role < CCG_SEV_ASK)
		rc = ccg_sev_cert_parse(p, left, cert, &fault);
	else
		rc = ccg_sev_ca_parse(p, left, cert, &fault);
	if (rc)
		return ccg_fail(r->c->ctx, rc, CCG_FAILED, r->path,
				"%s at offset %zu: %s (at offset %" PRIu64 ": %#" PRIx64 ")",
				name, r->pos, fault.what, r->pos + fault.offset,
				fault.value);
	if (cert->usage != roles[role].usage)
		return ccg_fail(r->c->ctx, -EBADMSG, CCG_FAILED, r->path,
				"expected the %s at offset %zu, found a certificate of usage %#x",
				name, r->pos, cert->usage);
	r->pos += cert->len;
	return 0;
}

/**
 * ccg_sev_same_body - compare the signed parts of two certificates
 * @a: a certificate
 * @b: another one
 *
 * Return: true if they are equal.
 */
bool ccg_sev_same_body(const struct sev_cert *a, const struct sev_cert *b)
{
	return a->body_len == b->body_len && !memcmp(a->raw, b->raw, a->body_len);
}

/**
 * ccg_sev_root_of - find the generation whose ASK signed a CEK
 * @cek: the CEK
 * @ask: set to the ASK of the generation
 * @ark: set to the ARK of the generation
 *
 * Return: the certificates of the generation; NULL if no known ASK signed @cek.
 */
const struct sev_root *ccg_sev_root_of(const struct sev_cert *cek,
				       struct sev_cert *ask,
				       struct sev_cert *ark)
{
	const struct sev_root *root;
	const char *why;

	for (size_t i = 0; (root = ccg_sev_root_at(i)); i++)
		if (!ccg_sev_root_parse(root, ask, ark) &&
		    !ccg_sev_check_sig(ask, cek, &why))
			break;
	return root;
}

/*
 * The ARK of Naples was published without its signature: takes the built-in
 * certificate with the same body.
 */
static int complete_ark(struct reading *r)
{
	struct sev_cert *ark = &r->c->certs[CCG_SEV_ARK];
	struct sev_cert ask, known;
	const struct sev_root *root;
	size_t i;

	if (ark->n_sigs)
		return 0;
	for (i = 0; (root = ccg_sev_root_at(i)); i++) {
		if (ccg_sev_root_parse(root, &ask, &known) ||
		    !ccg_sev_same_body(&known, ark))
			continue;
		*ark = known;
		return 0;
	}
	return ccg_fail(r->c->ctx, -EBADMSG, CCG_FAILED, r->path,
			"the file ends before the signature of the ARK (at offset %zu)",
			r->len);
}

static int parse_ca(struct reading *r)
{
	int rc = next_cert(r, CCG_SEV_ASK);

	if (!rc)
		rc = next_cert(r, CCG_SEV_ARK);
	if (!rc)
		rc = complete_ark(r);
	r->c->have_ca = !rc;
	return rc;
}

static int at_end(struct reading *r)
{
	if (r->pos == r->len)
		return 0;
	return ccg_fail(r->c->ctx, -EBADMSG, CCG_FAILED, r->path,
			"%zu bytes follow the last certificate (at offset %zu)",
			r->len - r->pos, r->pos);
}

static int too_long(struct ccg_sev_chain *c, const char *path, size_t max)
{
	ccg_fail(c->ctx, -EFBIG, CCG_FAILED, path,
		 "is longer than the %zu bytes allowed here", max);
	return -EFBIG;
}

/* Converts the bytes of a file, which may be text. */
static int take_bytes(struct ccg_sev_chain *c, const char *path, size_t max,
		      const uint8_t *text, size_t len, int which)
{
	struct sev_fault fault;
	uint8_t *buf = malloc(len + 1);

	if (!buf)
		return ccg_fail_errno(c->ctx, -ENOMEM, path);
	memcpy(buf, text, len);
	c->bufs[which] = buf;
	c->lens[which] = len;
	if (ccg_sev_unarmor(buf, &c->lens[which], &fault))
		return ccg_fail(c->ctx, -EBADMSG, CCG_FAILED, path,
				"%s (at offset %" PRIu64 ": %" PRIu64 ")",
				fault.what, fault.offset, fault.value);
	return c->lens[which] > max ? too_long(c, path, max) : 0;
}

static int read_file(struct ccg_sev_chain *c, const char *path, size_t max,
		     int which, struct reading *r)
{
	uint8_t *text = NULL;
	size_t len;
	int rc = ccg_file_load(c->ctx, path, TEXT_MAX(max), &text, &len);

	if (rc == -EFBIG)
		return too_long(c, path, max);
	if (!rc)
		rc = take_bytes(c, path, max, text, len, which);
	free(text);
	*r = (struct reading) {
		.c = c, .path = path, .buf = c->bufs[which],
		.len = c->lens[which],
	};
	return rc;
}

/* Parses the certificates of the platform. */
static int parse_sev(struct reading *r, bool lone_pdh)
{
	int role, rc = next_cert(r, CCG_SEV_PDH);

	if (!rc && lone_pdh && r->pos == r->len)
		return 0;
	for (role = CCG_SEV_PEK; !rc && role <= CCG_SEV_CEK; role++)
		rc = next_cert(r, role);
	r->c->have_sev = !rc;
	if (!rc && r->pos < r->len)
		rc = parse_ca(r);
	return rc ? rc : at_end(r);
}

static int load_sev(struct ccg_sev_chain *c, const char *path, bool lone_pdh)
{
	struct reading r;
	int rc = read_file(c, path, CHAIN_MAX, FILE_SEV, &r);

	return rc ? rc : parse_sev(&r, lone_pdh);
}

/* Reads a file with one certificate of the firmware's format. */
static int load_one(struct ccg_sev_chain *c, const char *path, int which,
		    enum ccg_sev_role role)
{
	struct reading r;
	int rc;

	rc = read_file(c, path, SEV_CERT_LEN, which, &r);
	return rc ? rc : next_cert(&r, role);
}

static int load_ca(struct ccg_sev_chain *c, const char *path)
{
	struct reading r;
	int rc;

	rc = read_file(c, path, 2 * SEV_CA_CERT_MAX, FILE_CA, &r);
	if (!rc)
		rc = parse_ca(&r);
	return rc ? rc : at_end(&r);
}

/* Without ASK and ARK in files: takes the built-in ASK that signed the CEK. */
static void find_ca(struct ccg_sev_chain *c)
{
	struct sev_cert ask, ark;

	if (!ccg_sev_root_of(&c->certs[CCG_SEV_CEK], &ask, &ark))
		return;
	c->certs[CCG_SEV_ASK] = ask;
	c->certs[CCG_SEV_ARK] = ark;
	c->have_ca = true;
	c->built_in = true;
}

/* Replaces certificates by those of other files. */
static int load_others(struct ccg_sev_chain *c,
		       const struct ccg_sev_files *files)
{
	int rc = 0;

	if (files->oca)
		rc = load_one(c, files->oca, FILE_OCA, CCG_SEV_OCA);
	if (!rc && files->cek)
		rc = load_one(c, files->cek, FILE_CEK, CCG_SEV_CEK);
	if (!rc && files->ca)
		rc = load_ca(c, files->ca);
	if (!rc && c->have_sev && !c->have_ca)
		find_ca(c);
	return rc;
}

static struct ccg_sev_chain *new_chain(struct ccg_ctx *ctx, const char *path)
{
	struct ccg_sev_chain *c = calloc(1, sizeof(*c));

	if (c) {
		c->ctx = ctx;
		c->path = strdup(path);
	}
	if (c && c->path)
		return c;
	free(c);
	ccg_fail_errno(ctx, -ENOMEM, path);
	return NULL;
}

/* Reads the other files, unless the first one failed with @rc; or frees @c. */
static int complete(struct ccg_sev_chain *c, int rc,
		    const struct ccg_sev_files *files, struct ccg_sev_chain **cp)
{
	if (!rc)
		rc = load_others(c, files);
	if (rc) {
		ccg_sev_chain_free(c);
		return rc;
	}
	*cp = c;
	return 0;
}

int ccg_sev_chain_load(struct ccg_ctx *ctx, const struct ccg_sev_files *files,
		       struct ccg_sev_chain **cp)
{
	struct ccg_sev_chain *c = new_chain(ctx, files->sev);
	int rc;

	if (!c)
		return -ENOMEM;
	rc = load_sev(c, files->sev, files->lone_pdh);
	return complete(c, rc, files, cp);
}

/**
 * ccg_sev_chain_of - make a chain of certificates in memory
 * @ctx: the context
 * @name: what the certificates come from, for errors
 * @buf: PDH, PEK, OCA and CEK
 * @len: number of bytes
 * @files: files with certificates that replace them
 * @cp: set to the chain; free it with ccg_sev_chain_free()
 *
 * Return: 0; -EBADMSG if a certificate is malformed; or another negative errno.
 */
int ccg_sev_chain_of(struct ccg_ctx *ctx, const char *name, const uint8_t *buf,
		     size_t len, const struct ccg_sev_files *files,
		     struct ccg_sev_chain **cp)
{
	struct ccg_sev_chain *c = new_chain(ctx, name);
	struct reading r;
	int rc = -ENOMEM;

	if (!c)
		return -ENOMEM;
	c->bufs[FILE_SEV] = malloc(len);
	if (!c->bufs[FILE_SEV]) {
		ccg_fail_errno(ctx, -ENOMEM, name);
	} else {
		memcpy(c->bufs[FILE_SEV], buf, len);
		r = (struct reading) {
			.c = c, .path = name, .buf = c->bufs[FILE_SEV], .len = len,
		};
		rc = parse_sev(&r, false);
	}
	return complete(c, rc, files, cp);
}

int ccg_sev_chain_save(struct ccg_sev_chain *c, const char *path, bool full)
{
	int n = full ? CCG_SEV_N_ROLES : CCG_SEV_ASK;
	uint8_t buf[CHAIN_MAX];
	struct ccg_new_file file = { .path = path, .buf = buf };

	if (!c->have_sev || (full && !c->have_ca))
		return ccg_fail(c->ctx, -ENODATA, CCG_FAILED, c->path,
				"ASK and ARK of this chain are not known");
	for (int i = 0; i < n; i++) {
		memcpy(buf + file.len, c->certs[i].raw, c->certs[i].len);
		file.len += c->certs[i].len;
	}
	return ccg_files_create(c->ctx, &file, 1);
}

void ccg_sev_chain_api(const struct ccg_sev_chain *c, uint8_t *major,
		       uint8_t *minor)
{
	*major = c->certs[CCG_SEV_PDH].raw[4];
	*minor = c->certs[CCG_SEV_PDH].raw[5];
}

void ccg_sev_chain_free(struct ccg_sev_chain *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(c->bufs); i++)
		free(c->bufs[i]);
	free(c->path);
	free(c);
}
