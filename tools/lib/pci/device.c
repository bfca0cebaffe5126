// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI devices: which there are, what they say of themselves, and whether they
 * are authenticated. All of it from sysfs: a mailbox belongs to the kernel.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "env.h"
#include "internal.h"

#define PCI_DIR		"/sys/bus/pci/devices"

/* Bounds: a bus has 256 functions; no machine has so many buses. */
#define DEVICES_MAX	65536
#define PROTOCOLS_MAX	64
#define ATTR_MAX	4096
#define FAILURES_TEXT_MAX	65536
/* Length of a chain, DSP0274: 16 bits. */
#define SLOT_MAX	65535
/* How many devices are authenticated at once. */
#define WORKERS_MAX	32

/* PCIe r6.1, 7.5.1 and 7.9.3: configuration space. */
#define CONFIG_LEN	4096
#define CONFIG_HEADER_TYPE	0x0e
#define CONFIG_EXTENDED	0x100
#define EXT_CAP_SERIAL	0x03
#define EXT_CAP_DOE	0x2e
#define HEADER_TYPE_MASK	0x7f
#define HEADER_TYPE_UNKNOWN	0xff
#define HEADER_TYPE_DEVICE	0

/* ---- addresses ---- */

/* Takes hexadecimal digits, @min to @max of them. */
static bool take_hex(const char **pos, size_t min, size_t max, unsigned int *n)
{
	size_t len = strspn(*pos, "0123456789abcdefABCDEF");
	char digits[16] = "";

	if (len < min || len > max)
		return false;
	memcpy(digits, *pos, len);
	*n = strtoul(digits, NULL, 16);
	*pos += len;
	return true;
}

static bool take_char(const char **pos, char c)
{
	if (**pos != c)
		return false;
	++*pos;
	return true;
}

/**
 * ccg_bdf_parse - take the address of a PCI device apart
 * @text: as 0000:00:03.0 or 00:03.0
 * @bdf: set to the address as sysfs has it, CCG_BDF_TEXT bytes
 *
 * Return: 0 or -EINVAL.
 */
int ccg_bdf_parse(const char *text, char *bdf)
{
	unsigned int domain = 0, bus, dev, fn;
	const char *pos = text;

	/* Domains behind a VMD have five digits or more. */
	if (!take_hex(&pos, 2, 8, &bus) || !take_char(&pos, ':'))
		return -EINVAL;
	if (strchr(pos, ':')) {
		if (pos - text < 5)
			return -EINVAL;
		domain = bus;
		pos = strchr(text, ':') + 1;
		if (!take_hex(&pos, 2, 2, &bus) || !take_char(&pos, ':'))
			return -EINVAL;
	}
	if (bus > 0xff || !take_hex(&pos, 2, 2, &dev) || dev > 0x1f ||
	    !take_char(&pos, '.') || !take_hex(&pos, 1, 1, &fn) || fn > 7 ||
	    *pos)
		return -EINVAL;
	snprintf(bdf, CCG_BDF_TEXT, "%04x:%02x:%02x.%x", domain, bus, dev, fn);
	return 0;
}

/* ---- files of a device ---- */

static void attr_path(const struct ccg_device *dev, const char *name,
		      char *path, size_t size)
{
	snprintf(path, size, PCI_DIR "/%s/%s", dev->bdf, name);
}

/**
 * ccg_device_attr - read a text file of a device
 * @ctx: the context
 * @dev: the device
 * @name: the file, seen from the device's directory
 * @textp: set to its first line; free it with free()
 *
 * Return: 0 or a negative errno, without a reason in the context.
 */
int ccg_device_attr(struct ccg_ctx *ctx, const struct ccg_device *dev,
		    const char *name, char **textp)
{
	char path[512];
	int rc;

	attr_path(dev, name, path, sizeof(path));
	rc = ccg_read_text(ctx, path, ATTR_MAX, textp);
	if (!rc)
		(*textp)[strcspn(*textp, "\n")] = '\0';
	return rc;
}

/* A number as 0x10de; left alone where there is none. */
static int get_hex(struct ccg_ctx *ctx, const struct ccg_device *dev,
		   const char *name, unsigned int *n)
{
	const char *pos;
	char *text;
	int rc;

	rc = ccg_device_attr(ctx, dev, name, &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	pos = text;
	if (take_char(&pos, '0') && take_char(&pos, 'x'))
		take_hex(&pos, 1, 8, n);
	free(text);
	return 0;
}

static int get_ids(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	unsigned int vendor = 0, device = 0, sub_vendor = 0, sub_device = 0;
	unsigned int class = 0, revision = 0;
	int rc;

	rc = get_hex(ctx, dev, "vendor", &vendor);
	if (!rc)
		rc = get_hex(ctx, dev, "device", &device);
	if (!rc)
		rc = get_hex(ctx, dev, "subsystem_vendor", &sub_vendor);
	if (!rc)
		rc = get_hex(ctx, dev, "subsystem_device", &sub_device);
	if (!rc)
		rc = get_hex(ctx, dev, "class", &class);
	if (!rc)
		rc = get_hex(ctx, dev, "revision", &revision);
	if (rc)
		return rc;
	dev->vendor = vendor;
	dev->device = device;
	dev->subsystem_vendor = sub_vendor;
	dev->subsystem_device = sub_device;
	dev->class_code = class & 0xffffff;
	dev->revision = revision;
	dev->name = ccg_pci_name(ctx, dev->vendor, dev->device);
	dev->class_name = ccg_pci_class_name(ctx, dev->class_code >> 8);
	return 0;
}

/* The driver is the last part of what a link says. */
static int get_driver(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	char path[512], link[512];
	const char *slash;
	ssize_t len;
	int fd;

	attr_path(dev, "driver", path, sizeof(path));
	fd = ccg_open(ctx, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return 0;
	len = readlinkat(fd, "", link, sizeof(link) - 1);
	close(fd);
	if (len < 0)
		return 0;
	link[len] = '\0';
	slash = strrchr(link, '/');
	dev->driver = strdup(slash ? slash + 1 : link);
	return dev->driver ? 0 : -ENOMEM;
}

/* ---- configuration space ---- */

static void add_capability(struct ccg_device *dev, const u8 *config, size_t pos)
{
	u16 id = get_unaligned_le16(config + pos);

	if (id == EXT_CAP_DOE) {
		if (dev->n_doe < ARRAY_SIZE(dev->doe))
			dev->doe[dev->n_doe] = pos;
		dev->n_doe++;
	} else if (id == EXT_CAP_SERIAL && pos <= CONFIG_LEN - 12) {
		dev->serial = get_unaligned_le64(config + pos + 4);
	}
}

/*
 * PCIe r6.1, 7.6.3: a capability's header tells where the next one is. They
 * may come in any order; one that leads back must not lead us round.
 */
static void walk_extended(struct ccg_device *dev, const u8 *config)
{
	size_t left = (CONFIG_LEN - CONFIG_EXTENDED) / 8;
	size_t pos = CONFIG_EXTENDED;
	u32 header;

	dev->extended = true;
	while (pos >= CONFIG_EXTENDED && left--) {
		header = get_unaligned_le32(config + pos);
		if (!header || header == 0xffffffff)
			break;
		add_capability(dev, config, pos);
		pos = header >> 20 & 0xffc;
	}
}

/* Without privileges the kernel gives the first 64 bytes only. */
static int get_config(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	u8 config[CONFIG_LEN];
	char path[512];
	size_t len;
	int fd, rc;

	dev->header_type = HEADER_TYPE_UNKNOWN;
	attr_path(dev, "config", path, sizeof(path));
	fd = ccg_open(ctx, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return 0;
	rc = ccg_read_fd(fd, config, sizeof(config), &len);
	close(fd);
	if (rc || len <= CONFIG_HEADER_TYPE)
		return 0;
	dev->header_type = config[CONFIG_HEADER_TYPE] & HEADER_TYPE_MASK;
	if (len == CONFIG_LEN)
		walk_extended(dev, config);
	else if (len == CONFIG_EXTENDED)
		/* A conventional device, which has no more. */
		dev->extended = true;
	return 0;
}

/**
 * ccg_device_cma_name - work out which name a certificate of a device must have
 * @dev: the device
 * @name: set to it, CCG_DEVICE_NAME bytes
 *
 * PCIe r6.1, 6.31.3.
 *
 * Return: whether enough of its configuration space could be read.
 */
bool ccg_device_cma_name(const struct ccg_device *dev, char *name)
{
	int len;

	if (!dev->extended)
		return false;
	len = snprintf(name, CCG_DEVICE_NAME,
		       "Vendor=%04x:Device=%04x:CC=%06x:REV=%02x", dev->vendor,
		       dev->device, dev->class_code, dev->revision);
	if (dev->header_type == HEADER_TYPE_DEVICE)
		len += snprintf(name + len, CCG_DEVICE_NAME - len,
				":SSVID=%04x:SSID=%04x", dev->subsystem_vendor,
				dev->subsystem_device);
	if (dev->serial)
		snprintf(name + len, CCG_DEVICE_NAME - len, ":%016llx",
			 (unsigned long long)dev->serial);
	return true;
}

/* ---- protocols and state ---- */

static int add_protocol(struct ccg_device *dev, const char *name)
{
	struct ccg_doe_protocol *bigger;
	unsigned int vendor, type;

	/* VVVV:TT; the name "." is there too. */
	if (!take_hex(&name, 4, 4, &vendor) || !take_char(&name, ':') ||
	    !take_hex(&name, 2, 2, &type) || *name)
		return 0;
	if (dev->n_protocols == PROTOCOLS_MAX)
		return 0;
	bigger = realloc(dev->protocols,
			 (dev->n_protocols + 1) * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	dev->protocols = bigger;
	bigger[dev->n_protocols++] = (struct ccg_doe_protocol) {
		.vendor = vendor,
		.type = type,
	};
	return 0;
}

static int by_protocol(const void *va, const void *vb)
{
	const struct ccg_doe_protocol *a = va, *b = vb;

	if (a->vendor != b->vendor)
		return a->vendor < b->vendor ? -1 : 1;
	return a->type - b->type;
}

/* Kernels list them from 6.18 on; asking the mailbox would disturb the kernel. */
static int get_protocols(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	struct dirent *de;
	char path[512];
	int rc = 0;
	DIR *dir;

	attr_path(dev, "doe_features", path, sizeof(path));
	if (ccg_opendir(ctx, path, &dir))
		return 0;
	dev->listed = true;
	while (!rc && (de = readdir(dir)))
		rc = add_protocol(dev, de->d_name);
	closedir(dir);
	if (dev->n_protocols)
		qsort(dev->protocols, dev->n_protocols,
		      sizeof(*dev->protocols), by_protocol);
	return rc;
}

/*
 * The attribute "authenticated" is the kernel's word, whoever has put it there:
 * on Linux 7 a TSM may. "spdm/state" knows more, but nothing better.
 */
static int get_state(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	char path[512], *text;
	int rc;

	attr_path(dev, "authenticated", path, sizeof(path));
	if (ccg_exists(ctx, path) <= 0)
		return 0;
	dev->cma = true;
	dev->state = CCG_DEVICE_UNKNOWN;
	/* ENOTTY: support could not be determined. */
	rc = ccg_device_attr(ctx, dev, "authenticated", &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	if (!strcmp(text, "1"))
		dev->state = CCG_DEVICE_AUTHENTICATED;
	else if (!strcmp(text, "0"))
		dev->state = CCG_DEVICE_UNAUTHENTICATED;
	free(text);

	rc = ccg_device_attr(ctx, dev, "spdm/state", &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	if (!strcmp(text, "pending"))
		dev->state = CCG_DEVICE_PENDING;
	else if (!strcmp(text, "unknown"))
		dev->state = CCG_DEVICE_UNKNOWN;
	free(text);
	return 0;
}

/* ---- all devices ---- */

static void clear_device(struct ccg_device *dev)
{
	free(dev->name);
	free(dev->class_name);
	free(dev->driver);
	free(dev->protocols);
}

static int get_device(struct ccg_ctx *ctx, struct ccg_device *dev)
{
	int rc;

	rc = get_ids(ctx, dev);
	if (!rc)
		rc = get_driver(ctx, dev);
	if (!rc)
		rc = get_config(ctx, dev);
	if (!rc)
		rc = get_protocols(ctx, dev);
	if (!rc)
		rc = get_state(ctx, dev);
	return rc;
}

static int add_device(struct ccg_devices *d, const char *bdf)
{
	struct ccg_device *bigger, *dev;

	if (d->n == DEVICES_MAX)
		return -E2BIG;
	bigger = realloc(d->devices, (d->n + 1) * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	d->devices = bigger;
	dev = &bigger[d->n++];
	memset(dev, 0, sizeof(*dev));
	snprintf(dev->bdf, sizeof(dev->bdf), "%s", bdf);
	return get_device(d->ctx, dev);
}

static int by_bdf(const void *va, const void *vb)
{
	const struct ccg_device *a = va, *b = vb;
	size_t len_a = strlen(a->bdf), len_b = strlen(b->bdf);

	/* Longer ones have larger domains. */
	if (len_a != len_b)
		return len_a < len_b ? -1 : 1;
	return strcmp(a->bdf, b->bdf);
}

static int get_all(struct ccg_devices *d)
{
	char bdf[CCG_BDF_TEXT];
	struct dirent *de;
	int rc = 0;
	DIR *dir;

	rc = ccg_opendir(d->ctx, PCI_DIR, &dir);
	if (rc == -ENOENT)
		return ccg_fail(d->ctx, rc, CCG_UNSUPPORTED, PCI_DIR,
				"this machine has no PCI");
	if (rc)
		return ccg_fail_errno(d->ctx, rc, PCI_DIR);
	while (!rc && (de = readdir(dir)))
		/* Only a name that the kernel gives leads to a device. */
		if (!ccg_bdf_parse(de->d_name, bdf) && !strcmp(bdf, de->d_name))
			rc = add_device(d, bdf);
	closedir(dir);
	if (rc)
		return ccg_fail_errno(d->ctx, rc, PCI_DIR);
	if (d->n)
		qsort(d->devices, d->n, sizeof(*d->devices), by_bdf);
	return 0;
}

static int get_one(struct ccg_devices *d, const char *text)
{
	char bdf[CCG_BDF_TEXT], path[512];
	int rc;

	if (ccg_bdf_parse(text, bdf))
		return ccg_fail(d->ctx, -EINVAL, CCG_USAGE, text,
				"is not the address of a PCI device, as 0000:00:03.0");
	snprintf(path, sizeof(path), PCI_DIR "/%s", bdf);
	rc = ccg_exists(d->ctx, path);
	if (!rc)
		return ccg_fail(d->ctx, -ENOENT, CCG_NOT_FOUND, bdf,
				"no such PCI device");
	if (rc > 0)
		rc = add_device(d, bdf);
	return rc ? ccg_fail_errno(d->ctx, rc, path) : 0;
}

/**
 * ccg_devices_get - look at PCI devices
 * @ctx: the context
 * @bdf: address of a device, as 0000:00:03.0 or 00:03.0; NULL for all
 * @dp: set to them; free them with ccg_devices_free()
 *
 * Return: 0; -EINVAL where @bdf is no address; -ENOENT where there is no such
 * device; or another negative errno.
 */
int ccg_devices_get(struct ccg_ctx *ctx, const char *bdf,
		    struct ccg_devices **dp)
{
	struct ccg_devices *d;
	int rc;

	d = calloc(1, sizeof(*d));
	if (!d)
		return ccg_fail_errno(ctx, -ENOMEM, PCI_DIR);
	d->ctx = ctx;
	rc = bdf ? get_one(d, bdf) : get_all(d);
	if (rc) {
		ccg_devices_free(d);
		return rc;
	}
	*dp = d;
	return 0;
}

/**
 * ccg_devices_free - free what ccg_devices_get() found
 * @d: the devices, or NULL
 */
void ccg_devices_free(struct ccg_devices *d)
{
	size_t i;

	if (!d)
		return;
	for (i = 0; i < d->n; i++)
		clear_device(&d->devices[i]);
	free(d->devices);
	free(d);
}

/* ---- what the kernel knows of an authentication ---- */

/* "none" and nothing at all are the same. */
static int get_word(struct ccg_ctx *ctx, const struct ccg_device *dev,
		    const char *name, char **wordp)
{
	int rc = ccg_device_attr(ctx, dev, name, wordp);

	if (rc)
		return rc == -ENOMEM ? rc : 0;
	if (!**wordp || !strcmp(*wordp, "none")) {
		free(*wordp);
		*wordp = NULL;
	}
	return 0;
}

static bool parse_slot(const char *text, int *slot)
{
	if (text[0] < '0' || text[0] > '7' || text[1])
		return false;
	*slot = text[0] - '0';
	return true;
}

/* "STAGE SLOT ERRNO SENTENCE"; what is none is kept as the sentence. */
static int parse_failure(char *line, struct ccg_failure *f)
{
	char *save = NULL, *end, *word[3];
	char *copy = strdup(line);
	long code;
	size_t i;

	*f = (struct ccg_failure) { .slot = -1 };
	if (!copy)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(word); i++) {
		word[i] = strtok_r(i ? NULL : copy, " ", &save);
		if (!word[i])
			break;
	}
	if (i == ARRAY_SIZE(word) &&
	    (!strcmp(word[1], "-") || parse_slot(word[1], &f->slot))) {
		code = strtol(word[2], &end, 10);
		if (!*end && code < 0 && code >= -4095) {
			f->code = (int)code;
			f->stage = strdup(word[0]);
			f->text = strdup(save);
		}
	}
	free(copy);
	if (!f->code) {
		f->slot = -1;
		f->text = strdup(line);
	}
	if (!f->text || (f->code && !f->stage)) {
		free(f->stage);
		free(f->text);
		return -ENOMEM;
	}
	ccg_unescape(f->text);
	return 0;
}

static int get_failures(struct ccg_ctx *ctx, const struct ccg_device *dev,
			struct ccg_evidence *e)
{
	char path[512], *text, *pos, *line;
	int rc;

	attr_path(dev, "spdm/failure", path, sizeof(path));
	rc = ccg_read_text(ctx, path, FAILURES_TEXT_MAX, &text);
	if (rc)
		return rc == -ENOMEM ? rc : 0;
	pos = text;
	while (!rc && e->n_failures < CCG_FAILURES_MAX &&
	       (line = strsep(&pos, "\n"))) {
		if (!*line)
			continue;
		rc = parse_failure(line, &e->failures[e->n_failures]);
		if (!rc)
			e->n_failures++;
	}
	free(text);
	return rc;
}

/* Not a failure of the whole: the other slots are as interesting. */
static int note_slot_error(struct ccg_slot *slot, const char *why)
{
	slot->error = strdup(why);
	return slot->error ? 0 : -ENOMEM;
}

static int get_slot(struct ccg_ctx *ctx, const struct ccg_device *dev,
		    size_t i, struct ccg_slot *slot)
{
	char path[512], name[32];
	size_t size;
	u8 *buf;
	int fd, rc;

	snprintf(name, sizeof(name), "certificates/slot%zu", i);
	attr_path(dev, name, path, sizeof(path));
	fd = ccg_open(ctx, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return note_slot_error(slot, strerror(-fd));
	rc = ccg_load_fd(ctx, fd, path, SLOT_MAX, &buf, &size);
	close(fd);
	if (rc)
		return rc == -ENOMEM ? rc : note_slot_error(slot,
							    ctx->error.why);
	if (size)
		return ccg_slot_fill(ctx, slot, buf, size);
	free(buf);
	return 0;
}

/**
 * ccg_device_evidence - find out what the kernel knows of an authentication
 * @ctx: the context
 * @dev: the device
 * @evidencep: set to it; free it with ccg_evidence_free()
 *
 * Return: 0 or -ENOMEM. What is not there is no error.
 */
int ccg_device_evidence(struct ccg_ctx *ctx, const struct ccg_device *dev,
			struct ccg_evidence **evidencep)
{
	struct ccg_evidence *e = calloc(1, sizeof(*e));
	char *slot = NULL;
	size_t i;
	int rc;

	if (!e)
		return ccg_fail_errno(ctx, -ENOMEM, dev->bdf);
	e->slot = -1;
	rc = get_word(ctx, dev, "spdm/version", &e->version);
	if (!rc)
		rc = get_word(ctx, dev, "spdm/asym_algorithm", &e->asym);
	if (!rc)
		rc = get_word(ctx, dev, "spdm/hash_algorithm", &e->hash);
	if (!rc)
		rc = get_word(ctx, dev, "spdm/slot", &slot);
	if (slot)
		parse_slot(slot, &e->slot);
	free(slot);
	if (!rc)
		rc = get_failures(ctx, dev, e);
	for (i = 0; !rc && i < CCG_SLOTS; i++)
		rc = get_slot(ctx, dev, i, &e->slots[i]);
	if (rc) {
		ccg_evidence_free(e);
		return ccg_fail_errno(ctx, rc, dev->bdf);
	}
	*evidencep = e;
	return 0;
}

/**
 * ccg_evidence_clear - free what is in evidence
 * @e: the evidence; there is nothing in it then
 */
void ccg_evidence_clear(struct ccg_evidence *e)
{
	size_t i;

	for (i = 0; i < e->n_failures; i++) {
		free(e->failures[i].stage);
		free(e->failures[i].text);
	}
	for (i = 0; i < CCG_SLOTS; i++) {
		free(e->slots[i].der);
		ccg_certs_free(e->slots[i].certs);
		free(e->slots[i].error);
	}
	free(e->version);
	free(e->asym);
	free(e->hash);
	*e = (struct ccg_evidence) { .slot = -1 };
}

/**
 * ccg_evidence_free - free what ccg_device_evidence() found
 * @e: the evidence, or NULL
 */
void ccg_evidence_free(struct ccg_evidence *e)
{
	if (!e)
		return;
	ccg_evidence_clear(e);
	free(e);
}

/* ---- authenticating ---- */

/**
 * struct job - devices that are being authenticated
 * @fds: of each its file "authenticated", or a negative errno
 * @results: of each what the kernel answered
 * @n: number of devices
 * @next: the first that nobody has taken
 */
struct job {
	int *fds;
	int *results;
	size_t n;
	atomic_size_t next;
};

/* The kernel answers when it is done, which may take seconds for each. */
static int write_re(int fd)
{
	return fd < 0 ? fd : ccg_write_at(fd, (const u8 *)"re", 2, 0);
}

static void *work(void *arg)
{
	struct job *job = arg;
	size_t i;

	while ((i = atomic_fetch_add(&job->next, 1)) < job->n)
		job->results[i] = write_re(job->fds[i]);
	return NULL;
}

/* This thread works too, so that all is done where no other can be had. */
static void run_job(struct job *job)
{
	pthread_t threads[WORKERS_MAX - 1];
	size_t n = 0;

	while (n < ARRAY_SIZE(threads) && n + 1 < job->n &&
	       !pthread_create(&threads[n], NULL, work, job))
		n++;
	work(job);
	while (n)
		pthread_join(threads[--n], NULL);
}

/**
 * ccg_devices_authenticate - let the kernel authenticate devices anew
 * @d: the devices, whose state is read anew afterwards
 * @results: set to what the kernel answered for each: 0 or a negative errno,
 *	     -ENOENT where a device cannot be authenticated
 *
 * All at once, because a slow device must not make others wait.
 *
 * Return: 0 or -ENOMEM.
 */
int ccg_devices_authenticate(struct ccg_devices *d, int *results)
{
	struct job job = { .results = results, .n = d->n };
	char path[512];
	size_t i;
	int rc = 0;

	job.fds = calloc(d->n ? d->n : 1, sizeof(*job.fds));
	if (!job.fds)
		return ccg_fail_errno(d->ctx, -ENOMEM, "authenticate");
	for (i = 0; i < d->n; i++) {
		attr_path(&d->devices[i], "authenticated", path, sizeof(path));
		job.fds[i] = ccg_open(d->ctx, path,
				      O_WRONLY | O_NONBLOCK | O_NOCTTY);
	}
	run_job(&job);
	for (i = 0; i < d->n; i++) {
		if (job.fds[i] >= 0)
			close(job.fds[i]);
		if (!rc)
			rc = get_state(d->ctx, &d->devices[i]);
	}
	free(job.fds);
	return rc ? ccg_fail_errno(d->ctx, rc, "authenticate") : 0;
}

/**
 * ccg_authenticate_class - tell what kind of failure an authentication had
 * @rc: what ccg_devices_authenticate() gave for the device
 *
 * Return: CCG_UNVERIFIED where the device answered and could not prove what it
 * is; CCG_UNSUPPORTED where it cannot be authenticated; else CCG_FAILED.
 */
enum ccg_class ccg_authenticate_class(int rc)
{
	switch (rc) {
	case -ENOKEY:		/* no certificate leads to a trusted one */
	case -EKEYREJECTED:	/* a rule, a signature or a digest is wrong */
	case -EKEYEXPIRED:
	case -EKEYREVOKED:
	case -EBADMSG:		/* a certificate is malformed */
	case -EPROTO:		/* an answer is malformed */
	case -EIO:		/* or too short */
	case -EPROTONOSUPPORT:	/* nothing in common */
	case -ENOPKG:		/* nobody here can verify such a signature */
		return CCG_UNVERIFIED;
	case -ENOENT:		/* but not ENOTTY: that may be an attacker's doing */
		return CCG_UNSUPPORTED;
	}
	return CCG_FAILED;
}
