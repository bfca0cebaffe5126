// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keyrings of the kernel: which certificates are trusted.
 *
 * The root directory does not matter here, because system calls know none: the
 * numbers in another machine's /proc/keys would mean other keys of this one.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <keyutils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"
#include "x509_chain.h"

#define PROC_KEYS	"/proc/keys"
#define NO_SUCH_KEYRING	"no such keyring in " PROC_KEYS
#define PROC_KEYS_MAX	4194304
#define CMA_MODULE	"/sys/module/pci_cma"

/* Digits of a fingerprint that tell enough. */
#define PREFIX_MIN	8
#define FINGERPRINT_MARK	"sha256:"
#define FINGERPRINT_LEN	64

/**
 * struct ccg_keyring - a keyring
 * @ctx: the context
 * @id: its serial number
 * @name: its description
 * @n: number of @keys
 * @keys: its keys
 */
struct ccg_keyring {
	struct ccg_ctx *ctx;
	int32_t id;
	char *name;
	size_t n;
	struct ccg_key *keys;
};

/* ---- what the kernel says of a key ---- */

/**
 * struct about - what keyctl_describe() says
 * @type: type of the key
 * @uid: its owner
 * @description: its description
 * @text: where the three are
 * @error: why it says nothing, a negative errno
 */
struct about {
	const char *type;
	const char *uid;
	const char *description;
	char *text;
	int error;
};

/* TYPE;UID;GID;PERM;DESCRIPTION, where only the last may hold anything. */
static bool describe(int32_t id, struct about *about)
{
	char *field[5], *text;
	size_t i;

	*about = (struct about) { .error = -EPROTO };
	if (keyctl_describe_alloc(id, &text) < 0) {
		about->error = -errno;
		return false;
	}
	field[0] = text;
	for (i = 1; i < ARRAY_SIZE(field); i++) {
		field[i] = strchr(field[i - 1], ';');
		if (!field[i]) {
			free(text);
			return false;
		}
		*field[i]++ = '\0';
	}
	*about = (struct about) {
		.type = field[0],
		.uid = field[1],
		.description = field[4],
		.text = text,
	};
	return true;
}

static int read_proc_keys(struct ccg_ctx *ctx, char **textp)
{
	uint8_t *buf;
	size_t len;
	int fd, rc;

	fd = open(PROC_KEYS, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		rc = -errno;
		ccg_fail_errno(ctx, rc, PROC_KEYS);
		if (rc == -ENOENT)
			ctx->error.kind = CCG_UNSUPPORTED;
		return rc;
	}
	rc = ccg_load_fd(ctx, fd, PROC_KEYS, PROC_KEYS_MAX, &buf, &len);
	close(fd);
	if (rc)
		return rc;
	*textp = strndup((const char *)buf, len);
	ccg_wipe_free(buf, len);
	return *textp ? 0 : ccg_fail_errno(ctx, -ENOMEM, PROC_KEYS);
}

/**
 * struct line - one line of /proc/keys
 * @id: serial number
 * @timeout: how long the key has
 * @type: its type, cut to nine characters
 * @rest: what the type has to say, from the description on
 *
 * Not to be trusted: a description may have a newline in it, so that anybody
 * can put lines there.
 */
struct line {
	int32_t id;
	const char *timeout;
	const char *type;
	const char *rest;
};

/* ID FLAGS USAGE TIMEOUT PERM UID GID TYPE DESCRIPTION; @text is cut up. */
static bool next_line(char **text, struct line *line)
{
	char *field[8], *save, *end, *s;
	size_t i;

	while ((s = strsep(text, "\n"))) {
		save = NULL;
		for (i = 0; i < ARRAY_SIZE(field); i++) {
			field[i] = strtok_r(i ? NULL : s, " ", &save);
			if (!field[i])
				break;
		}
		if (i < ARRAY_SIZE(field) || !save)
			continue;
		*line = (struct line) {
			.id = strtoul(field[0], &end, 16),
			.timeout = field[3],
			.type = field[7],
			.rest = save + strspn(save, " "),
		};
		if (strlen(field[0]) == 8 && !*end)
			return true;
	}
	return false;
}

/* ---- finding the keyring ---- */

static bool is_keyring(int32_t id, const char *name, bool of_root)
{
	struct about about;
	bool good;

	if (!describe(id, &about))
		return false;
	good = !strcmp(about.type, "keyring") &&
	       !strcmp(about.description, name) &&
	       (!of_root || !strcmp(about.uid, "0"));
	free(about.text);
	return good;
}

/* Of this machine, whatever --root names. */
static int fail_no_module(struct ccg_ctx *ctx, const char *name)
{
	struct ccg_advice a;
	struct ccg_ctx *own;

	if (ccg_ctx_new(&own))
		return ccg_fail_errno(ctx, -ENOMEM, name);
	ccg_module_advice(own, "pci_cma", &a);
	ccg_ctx_free(own);
	return ccg_fail_advised(ctx, -ENOENT, name, NO_SUCH_KEYRING, &a);
}

static int fail_no_keyring(struct ccg_ctx *ctx, const char *name)
{
	if (strcmp(name, CCG_CMA_KEYRING))
		return ccg_fail(ctx, -ENOENT, CCG_NOT_FOUND, name,
				NO_SUCH_KEYRING);
	if (access(CMA_MODULE, F_OK))
		return fail_no_module(ctx, name);
	if (geteuid()) {
		ccg_fail(ctx, -EACCES, CCG_FAILED, name,
			 "only root may see this keyring");
		ccg_hint(ctx, "run as root");
		return -EACCES;
	}
	ccg_fail(ctx, -ENOENT, CCG_UNSUPPORTED, name,
		 NO_SUCH_KEYRING ", though module pci_cma is loaded");
	ccg_hint(ctx,
		 "a container does not see it: run ccguest outside, in the guest itself");
	return -ENOENT;
}

/*
 * Nobody but the kernel can make a keyring whose name starts with a dot; in a
 * container its owner may be another number than 0, which then is not trusted.
 */
static int find_by_name(struct ccg_ctx *ctx, const char *name, int32_t *idp)
{
	bool of_root = name[0] == '.';
	char *text = NULL, *pos;
	struct line line;
	int32_t id = 0;
	int rc;

	rc = read_proc_keys(ctx, &text);
	if (rc)
		return rc;
	pos = text;
	while (!rc && next_line(&pos, &line)) {
		if (line.id == id || !is_keyring(line.id, name, of_root))
			continue;
		if (id)
			rc = ccg_fail(ctx, -ENOTUNIQ, CCG_USAGE, name,
				      "there is more than one keyring of this name: 0x%08x, 0x%08x",
				      id, line.id);
		id = line.id;
	}
	free(text);
	if (rc)
		return rc;
	*idp = id;
	return id ? 0 : fail_no_keyring(ctx, name);
}

static bool parse_id(const char *text, int base, int32_t *idp)
{
	unsigned long n;
	char *end;

	/* strtoul() takes a sign and blanks. */
	if (!isxdigit(*text))
		return false;
	errno = 0;
	n = strtoul(text, &end, base);
	if (*end || errno || !n || n > INT32_MAX)
		return false;
	*idp = (int32_t)n;
	return true;
}

static int find_keyring(struct ccg_ctx *ctx, const char *name, int32_t *idp)
{
	static const struct {
		const char *name;
		int32_t id;
	} special[] = {
		{ "@s", KEY_SPEC_SESSION_KEYRING },
		{ "@u", KEY_SPEC_USER_KEYRING },
		{ "@us", KEY_SPEC_USER_SESSION_KEYRING },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(special); i++) {
		if (strcmp(name, special[i].name))
			continue;
		*idp = keyctl_get_keyring_ID(special[i].id, 0);
		return *idp < 0 ? ccg_fail_errno(ctx, -errno, name) : 0;
	}
	if (parse_id(name, 0, idp))
		return 0;
	return find_by_name(ctx, name + (strncmp(name, "%:", 2) ? 0 : 2), idp);
}

/* ---- its keys ---- */

static bool is_hex(const char *s)
{
	size_t len = strspn(s, "0123456789abcdef");

	return len && !s[len];
}

/*
 * SUBJECT: sha256:FINGERPRINT is what ccg_keyring_add() writes; the kernel
 * writes SUBJECT: KEYID for those who leave the description empty.
 */
static int take_apart(struct ccg_key *key)
{
	const char *s = key->description, *tail = NULL, *at = s;
	size_t mark = strlen(FINGERPRINT_MARK);
	char **whose = NULL;

	while ((at = strstr(at, ": "))) {
		at += 2;
		tail = at;
	}
	if (tail && !strncmp(tail, FINGERPRINT_MARK, mark) &&
	    strlen(tail + mark) == FINGERPRINT_LEN && is_hex(tail + mark)) {
		whose = &key->fingerprint;
		*whose = strdup(tail + mark);
	} else if (tail && is_hex(tail)) {
		whose = &key->key_id;
		*whose = strdup(tail);
	}
	key->subject = whose ? strndup(s, tail - 2 - s) : strdup(s);
	if (!key->subject || (whose && !*whose))
		return -ENOMEM;
	ccg_unescape(key->subject);
	return 0;
}

static int get_key(struct ccg_key *key)
{
	struct about about;

	if (!describe(key->id, &about)) {
		key->error = about.error;
		return key->error == -ENOMEM ? -ENOMEM : 0;
	}
	key->type = strdup(about.type);
	key->description = strdup(about.description);
	free(about.text);
	return key->type && key->description ? take_apart(key) : -ENOMEM;
}

/* What only /proc/keys tells: "DESCRIPTION: ALGORITHM KEYID []". */
static int add_line(struct ccg_key *key, const struct line *line)
{
	size_t len = key->description ? strlen(key->description) : 0;
	const char *algorithm, *expires = line->timeout;

	/* A second line for the same key: one of them is not the kernel's. */
	if (key->expires) {
		free(key->expires);
		free(key->algorithm);
		key->expires = NULL;
		key->algorithm = NULL;
		key->error = -EBADMSG;
		return 0;
	}
	if (key->error)
		return 0;
	if (!strcmp(expires, "perm"))
		expires = "never";
	else if (!strcmp(expires, "expd"))
		expires = "expired";
	key->expires = strdup(expires);
	if (!key->expires)
		return -ENOMEM;
	if (!len || strncmp(line->type, "asymmetric", 9) ||
	    strncmp(line->rest, key->description, len) ||
	    strncmp(line->rest + len, ": ", 2))
		return 0;
	algorithm = line->rest + len + 2;
	key->algorithm = strndup(algorithm, strcspn(algorithm, " "));
	return key->algorithm ? 0 : -ENOMEM;
}

static int add_lines(struct ccg_keyring *k)
{
	struct line line;
	char *text = NULL, *pos;
	size_t i;
	int rc;

	/* Done without, where it cannot be had. */
	rc = read_proc_keys(k->ctx, &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	pos = text;
	while (!rc && next_line(&pos, &line))
		for (i = 0; !rc && i < k->n; i++)
			if (k->keys[i].id == line.id)
				rc = add_line(&k->keys[i], &line);
	free(text);
	return rc;
}

static int read_keys(struct ccg_keyring *k)
{
	int32_t *ids;
	size_t i, n;
	int len, rc = 0;
	void *buf;

	len = keyctl_read_alloc(k->id, &buf);
	if (len < 0)
		return -errno;
	n = (size_t)len / sizeof(*ids);
	ids = buf;
	k->keys = calloc(n ? n : 1, sizeof(*k->keys));
	if (!k->keys)
		rc = -ENOMEM;
	for (i = 0; !rc && i < n; i++) {
		k->keys[k->n].id = ids[i];
		rc = get_key(&k->keys[k->n++]);
	}
	free(buf);
	return rc ? rc : add_lines(k);
}

static int open_keyring(struct ccg_keyring *k, const char *name)
{
	struct about about;
	int rc;

	rc = find_keyring(k->ctx, name, &k->id);
	if (rc)
		return rc;
	if (!describe(k->id, &about)) {
		rc = about.error;
		if (rc != -ENOKEY)
			return ccg_fail_errno(k->ctx, rc, name);
		return ccg_fail(k->ctx, rc, CCG_NOT_FOUND, name,
				"no such keyring");
	}
	if (strcmp(about.type, "keyring"))
		rc = -ENOTDIR;
	k->name = strdup(about.description);
	free(about.text);
	if (rc)
		return ccg_fail(k->ctx, rc, CCG_USAGE, name,
				"is a key, and no keyring");
	rc = k->name ? read_keys(k) : -ENOMEM;
	return rc ? ccg_fail_errno(k->ctx, rc, name) : 0;
}

/**
 * ccg_keyring_open - open a keyring of the kernel that runs
 * @ctx: the context; its root directory does not matter
 * @name: its name, also with "%:" before it; its number; or @s, @u, @us as
 *	  keyctl(1) has them; NULL for .cma
 * @kp: set to the keyring and what is in it now; close it with
 *	ccg_keyring_close()
 *
 * Return: 0; -ENOENT where there is none; or another negative errno.
 */
int ccg_keyring_open(struct ccg_ctx *ctx, const char *name,
		     struct ccg_keyring **kp)
{
	struct ccg_keyring *k;
	int rc;

	k = calloc(1, sizeof(*k));
	if (!k)
		return ccg_fail_errno(ctx, -ENOMEM, "keyring");
	k->ctx = ctx;
	rc = open_keyring(k, name ? name : CCG_CMA_KEYRING);
	if (rc) {
		ccg_keyring_close(k);
		return rc;
	}
	*kp = k;
	return 0;
}

static void clear_key(struct ccg_key *key)
{
	free(key->type);
	free(key->description);
	free(key->subject);
	free(key->fingerprint);
	free(key->key_id);
	free(key->algorithm);
	free(key->expires);
}

/**
 * ccg_keyring_close - close a keyring
 * @k: the keyring, or NULL
 */
void ccg_keyring_close(struct ccg_keyring *k)
{
	size_t i;

	if (!k)
		return;
	for (i = 0; i < k->n; i++)
		clear_key(&k->keys[i]);
	free(k->keys);
	free(k->name);
	free(k);
}

/**
 * ccg_keyring_id - say which keyring it is
 * @k: the keyring
 *
 * Return: its serial number.
 */
int32_t ccg_keyring_id(const struct ccg_keyring *k)
{
	return k->id;
}

/**
 * ccg_keyring_name - say which keyring it is
 * @k: the keyring
 *
 * Return: its description, valid until @k is closed.
 */
const char *ccg_keyring_name(const struct ccg_keyring *k)
{
	return k->name;
}

/**
 * ccg_keyring_at - walk over the keys that were there when it was opened
 * @k: the keyring
 * @i: from 0
 *
 * Return: the key of that number, valid until @k is closed; NULL behind the
 * last.
 */
const struct ccg_key *ccg_keyring_at(const struct ccg_keyring *k, size_t i)
{
	return i < k->n ? &k->keys[i] : NULL;
}

/* ---- finding a key ---- */

/* Hexadecimal digits without what people put between and before them. */
static bool get_digits(const char *text, char *digits, size_t size)
{
	size_t len = 0;

	if (!strncasecmp(text, FINGERPRINT_MARK, strlen(FINGERPRINT_MARK)))
		text += strlen(FINGERPRINT_MARK);
	for (; *text; text++) {
		if (*text == ':')
			continue;
		if (!isxdigit(*text) || len + 1 >= size)
			return false;
		digits[len++] = (char)tolower(*text);
	}
	digits[len] = '\0';
	return len >= PREFIX_MIN;
}

static bool starts(const char *text, const char *with)
{
	return text && !strncmp(text, with, strlen(with));
}

static bool same(const char *a, const char *b)
{
	return a && !strcmp(a, b);
}

/**
 * ccg_keyring_find - find a key
 * @k: the keyring
 * @text: its number, as 0x0a1b2c3d, 169552957 or 0a1b2c3d; or else its
 *	  description, the subject of its certificate, or the first 8 or more
 *	  digits of the fingerprint or of the key identifier
 * @keyp: set to the key
 *
 * Return: 0; -ENOENT where there is none; -ENOTUNIQ where there are several.
 */
int ccg_keyring_find(struct ccg_keyring *k, const char *text,
		     const struct ccg_key **keyp)
{
	int32_t by_rule = 0, by_proc = 0;
	char digits[2 * FINGERPRINT_LEN];
	bool hex = get_digits(text, digits, sizeof(digits));
	size_t i, n = 0;

	parse_id(text, 0, &by_rule);
	if (strlen(text) == 8)
		parse_id(text, 16, &by_proc);
	for (i = 0; i < k->n; i++) {
		const struct ccg_key *key = &k->keys[i];

		if (key->id != by_rule && key->id != by_proc &&
		    !same(key->description, text) &&
		    !same(key->subject, text) &&
		    !(hex && (starts(key->fingerprint, digits) ||
			      starts(key->key_id, digits))))
			continue;
		*keyp = key;
		n++;
	}
	if (n == 1)
		return 0;
	if (!n)
		return ccg_fail(k->ctx, -ENOENT, CCG_NOT_FOUND, text,
				"no such key in keyring %s", k->name);
	ccg_fail(k->ctx, -ENOTUNIQ, CCG_USAGE, text,
		 "means %zu keys of keyring %s", n, k->name);
	ccg_hint(k->ctx, "name one by its number");
	return -ENOTUNIQ;
}

/* ---- adding and removing ---- */

static int fail_add(struct ccg_keyring *k, int rc, const struct ccg_cert *cert)
{
	switch (rc) {
	case -EKEYREJECTED:
		return ccg_fail(k->ctx, rc, CCG_UNVERIFIED, cert->subject,
				"the kernel rejects this certificate: it or its key is blacklisted, or keyring %s is restricted",
				k->name);
	case -ENOPKG:
	case -ENOENT:
		return ccg_fail(k->ctx, rc, CCG_UNSUPPORTED, cert->subject,
				"this kernel lacks an algorithm of this certificate: its key is %s",
				cert->key);
	case -EBADMSG:
	case -EINVAL:
		return ccg_fail(k->ctx, rc, CCG_FAILED, cert->subject,
				"the kernel cannot read this certificate: its key is %s",
				cert->key);
	case -ENODEV:
		return ccg_fail(k->ctx, rc, CCG_UNSUPPORTED, cert->subject,
				"this kernel has no keys of type asymmetric");
	}
	return ccg_fail_errno(k->ctx, rc, k->name);
}

/* The kernel lets a new key take the place of one of the same description. */
static struct ccg_key *replaced_key(struct ccg_keyring *k,
				    const char *description)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		if (same(k->keys[i].description, description))
			return &k->keys[i];
	return NULL;
}

/* So that the same certificate is known when it comes again. */
static int note_added(struct ccg_keyring *k, int32_t id, char *description)
{
	struct ccg_key *key = replaced_key(k, description);

	if (key) {
		key->id = id;
		free(description);
		return 0;
	}
	key = realloc(k->keys, (k->n + 1) * sizeof(*key));
	if (!key) {
		free(description);
		return -ENOMEM;
	}
	k->keys = key;
	k->keys[k->n] = (struct ccg_key) {
		.id = id,
		.description = description,
	};
	return take_apart(&k->keys[k->n++]);
}

/**
 * ccg_keyring_add - add a certificate
 * @k: the keyring; what ccg_keyring_at() gave before is not valid any more
 * @cert: the certificate
 * @idp: set to the number of the new key
 * @replacedp: set to whether the same certificate was there and has been
 *	       replaced
 *
 * The description has the fingerprint: one made by the kernel is the same for
 * all certificates of a key, and the second would replace the first.
 *
 * Return: 0; -EKEYREJECTED where the kernel refuses it; or another negative
 * errno.
 */
int ccg_keyring_add(struct ccg_keyring *k, const struct ccg_cert *cert,
		    int32_t *idp, bool *replacedp)
{
	char subject[1024], *description;
	int rc;

	/* /proc/keys shows it as it is, to everybody's terminal. */
	x509_text((const u8 *)cert->subject, strlen(cert->subject), subject,
		  sizeof(subject));
	if (asprintf(&description, "%s: " FINGERPRINT_MARK "%s", subject,
		     cert->fingerprint) < 0)
		return ccg_fail_errno(k->ctx, -ENOMEM, k->name);
	*replacedp = replaced_key(k, description);
	*idp = add_key("asymmetric", description, cert->der, cert->der_len,
		       k->id);
	if (*idp < 0) {
		rc = -errno;
		free(description);
		return fail_add(k, rc, cert);
	}
	rc = note_added(k, *idp, description);
	return rc ? ccg_fail_errno(k->ctx, rc, k->name) : 0;
}

/**
 * ccg_keyring_remove - remove a key from a keyring
 * @k: the keyring; what ccg_keyring_at() shows does not change
 * @key: the key
 *
 * Return: 0 or a negative errno.
 */
int ccg_keyring_remove(struct ccg_keyring *k, const struct ccg_key *key)
{
	char what[32];

	if (!keyctl_unlink(key->id, k->id))
		return 0;
	snprintf(what, sizeof(what), "key 0x%08x", key->id);
	if (errno == ENOENT || errno == ENOKEY)
		return ccg_fail(k->ctx, -errno, CCG_NOT_FOUND, what,
				"has been removed from keyring %s meanwhile",
				k->name);
	return ccg_fail_errno(k->ctx, -errno, what);
}
