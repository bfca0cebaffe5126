// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adding certificates to a keyring, and removing keys.
 */
#include <errno.h>
#include <keyutils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/cert.h>
#include <ccguest/ctx.h>
#include <ccguest/keyring.h>

#include "core/ctx.h"
#include "keyring/keyring.h"
#include "x509_text.h"

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

/* In the kernel, a new key replaces a key with the same description. */
static struct ccg_key *replaced_key(struct ccg_keyring *k,
				    const char *description)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		if (k->keys[i].description &&
		    !strcmp(k->keys[i].description, description))
			return &k->keys[i];
	return NULL;
}

/*
 * Gives the kernel the whole certificate of a CA, so that the kernel keeps the
 * CA's limits. Modules of an older version do not know the type of the key, and
 * only the keyring .cma is for them.
 */
static int add_certificate(struct ccg_keyring *k, const struct ccg_cert *cert,
			   const char *description, int32_t *idp)
{
	int32_t id;

	*idp = 0;
	if (!cert->ca || strcmp(k->name, CCG_CMA_KEYRING))
		return 0;
	id = add_key(CCG_CERTIFICATE_TYPE, description, cert->der,
		     cert->der_len, k->id);
	if (id < 0)
		return errno == ENODEV ? 0 : -errno;
	*idp = id;
	return 0;
}

/* Notes the new key, so that a second copy of the certificate is found. */
static int note_added(struct ccg_keyring *k, int32_t id, int32_t certificate,
		      char *description, const struct ccg_key **keyp)
{
	struct ccg_key *key = replaced_key(k, description);

	if (key) {
		key->id = id;
		key->certificate = certificate;
		free(description);
		*keyp = key;
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
		.certificate = certificate,
		.description = description,
	};
	*keyp = &k->keys[k->n];
	return ccg_key_take_apart(&k->keys[k->n++]);
}

int ccg_keyring_add(struct ccg_keyring *k, const struct ccg_cert *cert,
		    const struct ccg_key **keyp, bool *replacedp)
{
	char subject[1024], *description;
	int32_t id, certificate;
	int rc;

	/* /proc/keys prints the description unescaped, for all users. */
	x509_text((const u8 *)cert->subject, strlen(cert->subject), subject,
		  sizeof(subject));
	if (asprintf(&description, "%s: " CCG_FINGERPRINT_MARK "%s", subject,
		     cert->fingerprint) < 0)
		return ccg_fail_errno(k->ctx, -ENOMEM, k->name);
	*replacedp = replaced_key(k, description);
	/* First the limits, then the trust. */
	rc = add_certificate(k, cert, description, &certificate);
	if (!rc) {
		id = add_key("asymmetric", description, cert->der,
			     cert->der_len, k->id);
		rc = id < 0 ? -errno : 0;
	}
	if (rc) {
		free(description);
		return fail_add(k, rc, cert);
	}
	rc = note_added(k, id, certificate, description, keyp);
	return rc ? ccg_fail_errno(k->ctx, rc, k->name) : 0;
}

int ccg_keyring_remove(struct ccg_keyring *k, const struct ccg_key *key)
{
	char what[32];

	/* First the trust, then the limits. */
	if (!keyctl_unlink(key->id, k->id)) {
		if (key->certificate)
			keyctl_unlink(key->certificate, k->id);
		return 0;
	}
	snprintf(what, sizeof(what), "key 0x%08x", key->id);
	if (errno == ENOENT || errno == ENOKEY)
		return ccg_fail(k->ctx, -errno, CCG_NOT_FOUND, what,
				"has been removed from keyring %s meanwhile",
				k->name);
	return ccg_fail_errno(k->ctx, -errno, what);
}
