// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collecting the evidence of a device that the kernel has kept: the directories
 * certificates/ and signatures/ of the device in sysfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ccguest/evidence.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/io.h"
#include "pci/device.h"
#include "spdm/objects.h"

/* The kernel may remove the oldest signatures while they are read. */
#define TRIES	3

/* The last file of a signature that the kernel makes. */
#define LAST_FILE	"_certificate_chain"

static int load(struct ccg_ctx *ctx, const struct ccg_device *dev,
		const char *name, size_t max, u8 **bufp, size_t *lenp)
{
	char path[512];
	int fd, rc;

	*bufp = NULL;
	*lenp = 0;
	ccg_attr_path(dev, name, path, sizeof(path));
	fd = ccg_open(ctx, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return ccg_fail_errno(ctx, fd, path);
	rc = ccg_load_fd(ctx, fd, path, max, bufp, lenp);
	close(fd);
	return rc;
}

/* As load(), for file @file of signature @n. */
static int load_file(struct ccg_ctx *ctx, const struct ccg_device *dev,
		     uint64_t n, const char *file, size_t max, u8 **bufp,
		     size_t *lenp)
{
	char name[96];

	snprintf(name, sizeof(name), "signatures/%llu%s", (unsigned long long)n,
		 file);
	return load(ctx, dev, name, max, bufp, lenp);
}

static bool has_nonce(struct ccg_ctx *ctx, const struct ccg_device *dev,
		      uint64_t n, const uint8_t *nonce)
{
	size_t len;
	bool same;
	u8 *buf;

	if (load_file(ctx, dev, n, "_requester_nonce", CCG_NONCE_LEN, &buf, &len))
		return false;
	same = len == CCG_NONCE_LEN && !memcmp(buf, nonce, len);
	free(buf);
	return same;
}

static int no_evidence(struct ccg_ctx *ctx, const struct ccg_device *dev)
{
	ccg_fail(ctx, -EOPNOTSUPP, CCG_UNSUPPORTED, dev->bdf, "has no evidence");
	ccg_hint(ctx,
		 "module pci_cma collects the evidence of devices with a mailbox for CMA");
	return -EOPNOTSUPP;
}

/* Finds the newest signature, or the newest one with a nonce. */
static int find_signature(struct ccg_ctx *ctx, const struct ccg_device *dev,
			  const uint8_t *nonce, uint64_t *np)
{
	char path[512];
	struct dirent *entry;
	bool found = false;
	const char *end;
	uint64_t n;
	DIR *dir;
	int rc;

	ccg_attr_path(dev, "signatures", path, sizeof(path));
	rc = ccg_opendir(ctx, path, &dir);
	if (rc == -ENOENT)
		return no_evidence(ctx, dev);
	if (rc)
		return ccg_fail_errno(ctx, rc, path);
	while ((entry = readdir(dir))) {
		if (ccg_parse_number(entry->d_name, 10, UINT32_MAX, &n, &end) ||
		    strcmp(end, LAST_FILE) || (found && n < *np) ||
		    (nonce && !has_nonce(ctx, dev, n, nonce)))
			continue;
		found = true;
		*np = n;
	}
	closedir(dir);
	return found ? 0 : -ENOENT;
}

/* The negotiation is not signed: only the kernel has the algorithms. */
static int add_algorithms(struct ccg_objects *o, const struct ccg_device *dev,
			  uint64_t n)
{
	const struct spdm_asym *asym = NULL;
	char *name, hash[16];
	size_t len;
	u8 *buf;
	int rc;

	rc = ccg_device_attr(o->ctx, dev, "spdm/asym_algorithm", &name);
	if (rc)
		return ccg_fail_errno(o->ctx, rc, dev->bdf);
	for (size_t i = 0; i < SPDM_N_ASYM; i++)
		if (!strcmp(spdm_asyms[i].name, name))
			asym = &spdm_asyms[i];
	free(name);
	rc = load_file(o->ctx, dev, n, "_hash_algorithm", sizeof(hash) - 1, &buf,
		       &len);
	if (rc)
		return rc;
	snprintf(hash, sizeof(hash), "%.*s", (int)len, (char *)buf);
	free(buf);
	if (!asym)
		return ccg_fail(o->ctx, -EBADMSG, CCG_FAILED, dev->bdf,
				"spdm/asym_algorithm names no known algorithm");
	return ccg_objects_state(o, asym, hash);
}

static int add_transcript(struct ccg_objects *o, const struct ccg_device *dev,
			  uint64_t n)
{
	size_t len, sig_len;
	u8 *buf, *sig;
	int rc;

	rc = load_file(o->ctx, dev, n, "_transcript", CCG_ANSWER_OBJECT_MAX,
		       &buf, &len);
	if (rc)
		return rc;
	rc = load_file(o->ctx, dev, n, "_signature", SPDM_SIG_MAX, &sig,
		       &sig_len);
	if (!rc) {
		rc = ccg_objects_take_transcript(o, dev->bdf, buf, len, sig,
						 sig_len);
		free(sig);
	}
	free(buf);
	return rc;
}

/* The slot of the signer, whose chain the kernel has kept with the signature. */
static int add_signer(struct ccg_objects *o, const struct ccg_device *dev,
		      uint64_t n, struct ccg_parsed *p)
{
	size_t len;
	u8 *buf;
	int rc;

	if (ccg_objects_parse(o, p))
		return ccg_fail(o->ctx, -EBADMSG, CCG_FAILED, dev->bdf, "%s",
				p->why);
	rc = load_file(o->ctx, dev, n, LAST_FILE, CCG_CHAIN_OBJECT_MAX, &buf,
		       &len);
	if (rc)
		return rc;
	rc = ccg_objects_set(o, CCG_OBJECT_CERT0 + p->e.slot, buf, len);
	free(buf);
	return rc;
}

/* The chains of the other slots. */
static int add_chains(struct ccg_objects *o, const struct ccg_device *dev,
		      u8 signer)
{
	char name[32];
	size_t len;
	u8 *buf;
	int rc;

	for (int i = 0; i < CCG_SLOTS; i++) {
		if (i == signer)
			continue;
		snprintf(name, sizeof(name), "certificates/slot%d", i);
		rc = load(o->ctx, dev, name, CCG_CHAIN_OBJECT_MAX, &buf, &len);
		if (rc == -ENOENT)
			continue;
		if (rc)
			return rc;
		rc = len ? ccg_objects_set(o, CCG_OBJECT_CERT0 + i, buf, len) : 0;
		free(buf);
		if (rc)
			return rc;
	}
	return 0;
}

static int collect(struct ccg_objects *o, const struct ccg_device *dev,
		   uint64_t n)
{
	struct ccg_parsed p;
	int rc = add_transcript(o, dev, n);

	if (!rc && !o->of[CCG_OBJECT_VCA].data)
		rc = add_algorithms(o, dev, n);
	if (!rc)
		rc = add_signer(o, dev, n, &p);
	return rc ? rc : add_chains(o, dev, p.e.slot);
}

/* Gives the kernel the nonce, and lets it authenticate the device. */
static int use_nonce(struct ccg_devices *d, const uint8_t *nonce, int *result)
{
	char path[512];
	int fd, rc;

	ccg_attr_path(&d->devices[0], "signatures/next_requester_nonce", path,
		      sizeof(path));
	fd = ccg_open(d->ctx, path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
	rc = fd < 0 ? fd : ccg_write_at(fd, nonce, CCG_NONCE_LEN, 0);
	if (fd >= 0)
		close(fd);
	if (rc == -ENOENT)
		return no_evidence(d->ctx, &d->devices[0]);
	if (rc)
		return ccg_fail_errno(d->ctx, rc, path);
	return ccg_devices_authenticate(d, result);
}

static int no_signature(struct ccg_ctx *ctx, const struct ccg_device *dev,
			const uint8_t *nonce, int result)
{
	if (!nonce) {
		ccg_fail(ctx, -ENOENT, CCG_NOT_FOUND, dev->bdf,
			 "the kernel has kept no signature of this device");
		ccg_hint(ctx, "--nonce makes the device sign");
		return -ENOENT;
	}
	ccg_fail(ctx, -ENOENT, CCG_UNVERIFIED, dev->bdf,
		 "the device signed nothing with this nonce: %s",
		 result ? strerror(-result) : "another program authenticated the device");
	ccg_hint(ctx, "ccguest device show prints the failures");
	return -ENOENT;
}

int ccg_device_collect(struct ccg_devices *d, const uint8_t *nonce,
		       struct ccg_objects **op)
{
	const struct ccg_device *dev = &d->devices[0];
	struct ccg_objects *o;
	int rc = 0, result = 0;
	uint64_t n = 0;

	if (nonce)
		rc = use_nonce(d, nonce, &result);
	for (int i = 0; !rc && i < TRIES; i++) {
		rc = find_signature(d->ctx, dev, nonce, &n);
		if (rc == -ENOENT)
			return no_signature(d->ctx, dev, nonce, result);
		if (rc)
			return rc;
		o = ccg_objects_new(d->ctx);
		if (!o)
			return ccg_fail_errno(d->ctx, -ENOMEM, dev->bdf);
		rc = collect(o, dev, n);
		if (!rc) {
			*op = o;
			return 0;
		}
		ccg_objects_free(o);
		/* The signature was removed: there is a newer one. */
		if (rc == -ENOENT && i + 1 < TRIES)
			rc = 0;
	}
	return rc;
}
