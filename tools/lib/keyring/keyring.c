// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keyrings of the kernel, and the certificates in them.
 *
 * The root directory is ignored here. The system calls take serial numbers of
 * keys, and the serial numbers in another machine's /proc/keys would mean other
 * keys on this machine.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <keyutils.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/file.h>
#include <ccguest/keyring.h>
#include <ccguest/module.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/io.h"
#include "core/text.h"
#include "keyring/keyring.h"
#include "kmod/advice.h"
#include "kmod/proc_keys.h"

#define PROC_KEYS	"/proc/keys"
#define NO_SUCH_KEYRING	"no such keyring in " PROC_KEYS
#define PROC_KEYS_MAX	4194304
#define CMA_MODULE	"/sys/module/pci_cma"

/* Smallest number of digits of a fingerprint that may select a key. */
#define PREFIX_MIN	8
#define FINGERPRINT_LEN	64

/* ---- descriptions of keys ---- */

/**
 * struct about - the result of keyctl_describe()
 * @type: type of the key
 * @uid: user ID of the owner, in decimal
 * @description: description of the key
 * @text: memory of the three strings
 * @error: a negative errno if there is no result
 */
struct about {
	const char *type;
	const char *uid;
	const char *description;
	char *text;
	int error;
};

/* TYPE;UID;GID;PERM;DESCRIPTION; only DESCRIPTION may hold semicolons. */
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

/* The advice is about the running kernel, also with --root. */
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
		 "a container cannot see this keyring: run ccguest outside the container");
	return -ENOENT;
}

/*
 * Only the kernel can create a keyring whose name begins with a dot. In a
 * container, the owner may have another user ID than 0; the keyring is not
 * trusted then.
 */
static int find_by_name(struct ccg_ctx *ctx, const char *name, int32_t *idp)
{
	bool of_root = name[0] == '.';
	char *text = NULL, *pos;
	struct ccg_proc_key line;
	int32_t id = 0;
	int rc;

	rc = read_proc_keys(ctx, &text);
	if (rc)
		return rc;
	pos = text;
	while (!rc && ccg_proc_keys_next(&pos, &line)) {
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
	uint64_t n;

	if (ccg_parse_number(text, base, INT32_MAX, &n, NULL) || !n)
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

/* ---- keys of a keyring ---- */

static bool is_hex(const char *s)
{
	size_t len = strspn(s, "0123456789abcdef");

	return len && !s[len];
}

/**
 * ccg_key_take_apart - split the description of a key
 * @key: the key; its subject, and fingerprint or key_id, are set
 *
 * ccg_keyring_add() writes SUBJECT: sha256:FINGERPRINT. The kernel writes
 * SUBJECT: KEYID if a key is added without a description.
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_key_take_apart(struct ccg_key *key)
{
	const char *s = key->description, *tail = NULL, *at = s;
	size_t mark = strlen(CCG_FINGERPRINT_MARK);
	char **whose = NULL;

	while ((at = strstr(at, ": "))) {
		at += 2;
		tail = at;
	}
	if (tail && !strncmp(tail, CCG_FINGERPRINT_MARK, mark) &&
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
	return key->type && key->description ? ccg_key_take_apart(key) :
					       -ENOMEM;
}

/* Adds facts of /proc/keys: "DESCRIPTION: ALGORITHM KEYID []". */
static int add_line(struct ccg_key *key, const struct ccg_proc_key *line)
{
	size_t len = key->description ? strlen(key->description) : 0;
	const char *algorithm, *expires = line->timeout;

	/* Two lines have this ID: one is a part of a user's description. */
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
	struct ccg_proc_key line;
	char *text = NULL, *pos;
	size_t i;
	int rc;

	/* Without /proc/keys, these facts stay unknown. */
	rc = read_proc_keys(k->ctx, &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	pos = text;
	while (!rc && ccg_proc_keys_next(&pos, &line))
		for (i = 0; !rc && i < k->n; i++)
			if (k->keys[i].id == line.id)
				rc = add_line(&k->keys[i], &line);
	free(text);
	return rc;
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

static bool is_type(const struct ccg_key *key, const char *type)
{
	return key->type && !strcmp(key->type, type);
}

/* The key that @cert, a key with a whole certificate, belongs to; or NULL. */
static struct ccg_key *key_of(struct ccg_keyring *k, const struct ccg_key *cert)
{
	struct ccg_key *key = k->keys;

	if (!cert->description || !is_type(cert, CCG_CERTIFICATE_TYPE))
		return NULL;
	for (size_t i = 0; i < k->n; i++, key++)
		if (key->description && is_type(key, "asymmetric") &&
		    !strcmp(key->description, cert->description))
			return key;
	return NULL;
}

static bool is_certificate(const struct ccg_keyring *k, int32_t id)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->keys[i].certificate == id)
			return true;
	return false;
}

/* Makes one entry of a key and of the key that keeps its certificate. */
static void pair_keys(struct ccg_keyring *k)
{
	struct ccg_key *key;
	size_t i, n = 0;

	for (i = 0; i < k->n; i++) {
		key = key_of(k, &k->keys[i]);
		if (key)
			key->certificate = k->keys[i].id;
	}
	for (i = 0; i < k->n; i++) {
		if (is_certificate(k, k->keys[i].id))
			clear_key(&k->keys[i]);
		else
			k->keys[n++] = k->keys[i];
	}
	k->n = n;
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
	if (rc)
		return rc;
	pair_keys(k);
	return add_lines(k);
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
				"is a key, not a keyring");
	rc = k->name ? read_keys(k) : -ENOMEM;
	return rc ? ccg_fail_errno(k->ctx, rc, name) : 0;
}

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

int32_t ccg_keyring_id(const struct ccg_keyring *k)
{
	return k->id;
}

const char *ccg_keyring_name(const struct ccg_keyring *k)
{
	return k->name;
}

const struct ccg_key *ccg_keyring_at(const struct ccg_keyring *k, size_t i)
{
	return i < k->n ? &k->keys[i] : NULL;
}

/* ---- selecting a key ---- */

/* Copies hexadecimal digits; skips separators and a prefix. */
static bool get_digits(const char *text, char *digits, size_t size)
{
	size_t len = 0;

	if (!strncasecmp(text, CCG_FINGERPRINT_MARK, strlen(CCG_FINGERPRINT_MARK)))
		text += strlen(CCG_FINGERPRINT_MARK);
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
		 "matches %zu keys of keyring %s", n, k->name);
	ccg_hint(k->ctx, "name one by its number");
	return -ENOTUNIQ;
}
