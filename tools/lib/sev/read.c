// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading and checking the files of a launch.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ccguest/file.h>
#include <ccguest/text.h>

#include "core/ctx.h"
#include "core/io.h"
#include "env.h"
#include "sev/launch.h"

/* Limits for the size of files, in bytes. */
#define FIRMWARE_MAX	0x4000000
#define CMDLINE_MAX	0x100000
#define KERNEL_MAX	UINT32_MAX

/* Number of bytes that are read at a time. */
#define CHUNK		0x20000

#define HUGE_PAGE	0x200000

static int hash_fd(struct ccg_ctx *ctx, int fd, const char *path,
		   EVP_MD_CTX *md, uint8_t *buf)
{
	uint64_t all = 0;
	size_t len;
	int rc;

	do {
		rc = ccg_read_fd(fd, buf, CHUNK, &len);
		if (rc)
			return ccg_fail_errno(ctx, rc, path);
		all += len;
		if (all > KERNEL_MAX)
			return ccg_fail(ctx, -EFBIG, CCG_FAILED, path,
					"is longer than the %" PRIu32 " bytes allowed here",
					KERNEL_MAX);
		if (EVP_DigestUpdate(md, buf, len) != 1)
			return ccg_fail_errno(ctx, -ENOMEM, path);
	} while (len == CHUNK);
	return 0;
}

static int hash_path(struct ccg_ctx *ctx, const char *path, uint8_t *hash)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	uint8_t *buf = malloc(CHUNK);
	int rc, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		rc = ccg_fail_errno(ctx, -errno, path);
	else if (!buf || !md || EVP_DigestInit_ex2(md, EVP_sha256(), NULL) != 1)
		rc = ccg_fail_errno(ctx, -ENOMEM, path);
	else
		rc = hash_fd(ctx, fd, path, md, buf);
	if (!rc && EVP_DigestFinal_ex(md, hash, NULL) != 1)
		rc = ccg_fail_errno(ctx, -ENOMEM, path);
	if (fd >= 0)
		close(fd);
	free(buf);
	EVP_MD_CTX_free(md);
	return rc;
}

/* @name: path of the file, or "sha256:" and the digest */
static int hash_file(struct ccg_ctx *ctx, const char *name, uint8_t *hash)
{
	size_t len;

	if (strncmp(name, "sha256:", 7))
		return hash_path(ctx, name, hash);
	if (!ccg_unhex(name + 7, hash, SEV_HASH_LEN, &len) &&
	    len == SEV_HASH_LEN)
		return 0;
	return ccg_fail(ctx, -EINVAL, CCG_USAGE, name,
			"a SHA-256 digest has 64 hexadecimal digits");
}

/* A file's last newline is not part of the command line. */
static int load_cmdline(struct ccg_launch *l, const char *path, uint8_t **bufp,
			size_t *lenp)
{
	int rc = ccg_file_load(l->ctx, path, CMDLINE_MAX, bufp, lenp);

	if (rc)
		return rc;
	if (*lenp && (*bufp)[*lenp - 1] == '\n')
		--*lenp;
	if (!memchr(*bufp, 0, *lenp))
		return 0;
	free(*bufp);
	*bufp = NULL;
	return ccg_fail(l->ctx, -EINVAL, CCG_FAILED, path,
			"a command line has no NUL bytes");
}

static int hash_cmdline(struct ccg_launch *l, const char *what, char *text,
			size_t len)
{
	/* @text has room for the NUL. */
	text[len] = '\0';
	if (EVP_Digest(text, len + 1, l->cmdlines[CCG_CMDLINE_NUL], NULL,
		       EVP_sha256(), NULL) == 1 &&
	    EVP_Digest(text, len, l->cmdlines[CCG_CMDLINE_BARE], NULL,
		       EVP_sha256(), NULL) == 1 &&
	    EVP_Digest("", 1, l->cmdlines[CCG_CMDLINE_EMPTY], NULL,
		       EVP_sha256(), NULL) == 1)
		return 0;
	return ccg_fail_errno(l->ctx, -ENOMEM, what);
}

static int read_cmdline(struct ccg_launch *l, const char *arg)
{
	uint8_t *file = NULL;
	const char *bytes = arg ? arg : "";
	size_t len = strlen(bytes);
	char *text;
	int rc = 0;

	if (arg && *arg == '@')
		rc = load_cmdline(l, arg + 1, &file, &len);
	if (rc)
		return rc;
	text = malloc(len + 1);
	if (text) {
		memcpy(text, file ? (char *)file : bytes, len);
		rc = hash_cmdline(l, "--cmdline", text, len);
	} else {
		rc = ccg_fail_errno(l->ctx, -ENOMEM, "--cmdline");
	}
	free(text);
	free(file);
	memcpy(l->info.cmdline, l->cmdlines[CCG_CMDLINE_NUL], SEV_HASH_LEN);
	return rc;
}

static int read_kernel(struct ccg_launch *l, const struct ccg_launch_opts *opts)
{
	int rc;

	if (!opts->kernel)
		return 0;
	l->info.hashed = true;
	rc = hash_file(l->ctx, opts->kernel, l->info.kernel);
	if (!rc && opts->initrd) {
		l->has_initrd = true;
		rc = hash_file(l->ctx, opts->initrd, l->info.initrd);
	}
	return rc ? rc : read_cmdline(l, opts->cmdline);
}

static int read_pages(struct ccg_launch *l, const struct ccg_launch_opts *opts)
{
	const char *path;
	size_t len;
	int rc;

	for (size_t i = 0; i < ARRAY_SIZE(l->pages); i++) {
		path = opts->vmsa_files[i];
		if (!path)
			continue;
		rc = ccg_file_load(l->ctx, path, CCG_VMSA_LEN, &l->pages[i],
				   &len);
		if (rc)
			return rc;
		if (len != CCG_VMSA_LEN)
			return ccg_fail(l->ctx, -EBADMSG, CCG_FAILED, path,
					"a VMSA has %u bytes, the file has %zu",
					CCG_VMSA_LEN, len);
	}
	return 0;
}

static int bad_image(struct ccg_launch *l, const struct sev_fault *f)
{
	return ccg_fail(l->ctx, -EBADMSG, CCG_FAILED, l->path,
			"%s (at offset %" PRIu64 ": %" PRIu64 ", limit %" PRIu64 ")",
			f->what, f->offset, f->value, f->limit);
}

static int lacks(struct ccg_launch *l, const char *why)
{
	return ccg_fail(l->ctx, -ENODATA, CCG_FAILED, l->path, "%s", why);
}

/* The pages that libccguest makes need the address; guests of krun do not. */
static int check_reset(struct ccg_launch *l)
{
	bool given = l->pages[0] && (l->pages[1] || l->cpus == 1);

	if (l->kind == CCG_LAUNCH_SEV || l->vmsa.vmm == CCG_VMM_KRUN || given)
		return 0;
	if (!l->tables.has_reset)
		return lacks(l, "the firmware's table has no reset address for SEV-ES");
	if (!l->tables.reset)
		return lacks(l, "the firmware's reset address for SEV-ES is 0");
	return 0;
}

static bool has_hashes_page(const struct ccg_launch *l)
{
	uint32_t base = l->info.hashes_base;
	struct ccg_sev_section s;

	for (uint32_t i = 0; i < l->tables.n_sections; i++) {
		s = ccg_sev_section_at(&l->tables, l->image, i);
		if (s.type == SEV_SECTION_KERNEL_HASHES)
			return s.size == SEV_PAGE &&
			       s.address == base - base % SEV_PAGE;
	}
	return false;
}

static int no_area(struct ccg_launch *l)
{
	lacks(l, "the firmware has no area for kernel hashes: QEMU refuses kernel-hashes=on");
	ccg_hint(l->ctx, "Debian's package ovmf-amdsev has a firmware with this area");
	return -ENODATA;
}

/* Only a kernel that is measured needs the area. */
static int check_hashes(struct ccg_launch *l, bool needed)
{
	const struct ccg_sev_area *a = &l->tables.hashes;

	if (!needed)
		return 0;
	if (!a->present || !a->base)
		return no_area(l);
	if (a->size < SEV_HASHES_LEN ||
	    a->base % SEV_PAGE > SEV_PAGE - SEV_HASHES_LEN)
		return lacks(l, "the firmware's area for kernel hashes is too small");
	if (l->kind == CCG_LAUNCH_SNP && !has_hashes_page(l))
		return lacks(l, "the firmware's SEV metadata has no page for kernel hashes");
	return 0;
}

static int check_tables(struct ccg_launch *l, const struct ccg_launch_opts *opts)
{
	struct sev_fault f;
	int rc;

	if (l->kind == CCG_LAUNCH_SNP) {
		if (!l->tables.has_table)
			return lacks(l, "the firmware has no table of GUIDs at its end");
		if (!l->tables.has_metadata)
			return lacks(l, "the firmware has no SEV metadata: a launch of SNP fails");
		if (ccg_sev_metadata_parse(&l->tables, l->image, l->info.size, &f))
			return bad_image(l, &f);
	}
	rc = check_reset(l);
	return rc ? rc : check_hashes(l, l->info.hashed || opts->needs_hashes);
}

/* With huge pages, 4 MiB take two page faults instead of 1024. */
static uint8_t *alloc_image(size_t size)
{
	void *p;

	if (posix_memalign(&p, size < HUGE_PAGE ? 64 : HUGE_PAGE,
			   size ? size : 1))
		return NULL;
	if (size >= HUGE_PAGE)
		madvise(p, size - size % HUGE_PAGE, MADV_HUGEPAGE);
	return p;
}

/* Reads into a buffer of the file's size: the bytes are not copied again. */
static int load_regular(struct ccg_launch *l, int fd, const char *path,
			size_t size)
{
	uint8_t more;
	size_t n;
	int rc;

	l->image = alloc_image(size);
	if (!l->image)
		return ccg_fail_errno(l->ctx, -ENOMEM, path);
	rc = ccg_read_fd(fd, l->image, size, &l->info.size);
	if (!rc && l->info.size == size)
		rc = ccg_read_fd(fd, &more, 1, &n);
	else
		n = 1;
	if (rc)
		return ccg_fail_errno(l->ctx, rc, path);
	if (n)
		return ccg_fail(l->ctx, -EAGAIN, CCG_FAILED, path,
				"changed while it was read");
	return 0;
}

static int load_firmware(struct ccg_launch *l, const char *path)
{
	struct stat st;
	int rc, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return ccg_fail_errno(l->ctx, -errno, path);
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size <= FIRMWARE_MAX)
		rc = load_regular(l, fd, path, st.st_size);
	else
		rc = ccg_load_fd(l->ctx, fd, path, FIRMWARE_MAX, &l->image,
				 &l->info.size);
	close(fd);
	return rc;
}

static int read_firmware(struct ccg_launch *l, const char *path)
{
	struct sev_fault f;
	int rc = load_firmware(l, path);

	if (rc)
		return rc;
	if (ccg_sev_is_igvm(l->image, l->info.size)) {
		lacks(l, "is an IGVM file, whose directives decide what is measured");
		ccg_hint(l->ctx, "use igvmmeasure of COCONUT-SVSM");
		return -ENODATA;
	}
	if (!l->info.size || l->info.size % SEV_PAGE)
		return ccg_fail(l->ctx, -EBADMSG, CCG_FAILED, path,
				"has %zu bytes: the size of a firmware image is a multiple of %u",
				l->info.size, SEV_PAGE);
	if (ccg_sev_image_parse(&l->tables, l->image, l->info.size, &f))
		return bad_image(l, &f);
	l->info.has_reset = l->tables.has_reset;
	l->info.reset = l->tables.reset;
	l->info.hashes_base = l->tables.hashes.base;
	l->info.hashes_size = l->tables.hashes.size;
	l->info.secret_base = l->tables.secret.base;
	l->info.secret_size = l->tables.secret.size;
	l->info.has_metadata = l->tables.has_metadata;
	l->info.vars_len = ccg_sev_vars_len(l->image, l->info.size);
	return 0;
}

static int check_opts(struct ccg_launch *l, const struct ccg_launch_opts *opts)
{
	const char *why = NULL;

	if (!opts->kernel && (opts->initrd || opts->cmdline))
		why = "an initrd or a command line is measured with a kernel only";
	else if (opts->firmware_digest && opts->kind != CCG_LAUNCH_SNP)
		why = "only SNP can continue from the digest of a firmware";
	else if (opts->kind == CCG_LAUNCH_SNP && opts->vmsa.form == CCG_VMSA_LEGACY)
		why = "the legacy form of the VMSA is for SEV-ES only";
	else if (opts->kind == CCG_LAUNCH_SNP && opts->vmsa.vmm == CCG_VMM_KRUN)
		why = "guests of krun do not use SNP";
	if (why)
		return ccg_fail(l->ctx, -EINVAL, CCG_USAGE, opts->firmware,
				"%s", why);
	if (opts->kind != CCG_LAUNCH_SEV &&
	    (!opts->cpus || opts->cpus > CCG_LAUNCH_CPUS_MAX))
		return ccg_fail(l->ctx, -EINVAL, CCG_USAGE, opts->firmware,
				"a guest has 1 to %u virtual CPUs",
				CCG_LAUNCH_CPUS_MAX);
	return 0;
}

static int read_launch(struct ccg_launch *l, const struct ccg_launch_opts *opts)
{
	int rc = check_opts(l, opts);

	if (rc)
		return rc;
	l->path = strdup(opts->firmware);
	if (!l->path)
		return ccg_fail_errno(l->ctx, -ENOMEM, opts->firmware);
	l->has_seed = opts->firmware_digest;
	if (l->has_seed)
		memcpy(l->seed, opts->firmware_digest, sizeof(l->seed));
	rc = read_firmware(l, opts->firmware);
	if (!rc)
		rc = read_kernel(l, opts);
	if (!rc)
		rc = read_pages(l, opts);
	return rc ? rc : check_tables(l, opts);
}

int ccg_launch_open(struct ccg_ctx *ctx, const struct ccg_launch_opts *opts,
		    struct ccg_launch **lp)
{
	struct ccg_launch *l = calloc(1, sizeof(*l));
	int rc;

	if (!l)
		return ccg_fail_errno(ctx, -ENOMEM, opts->firmware);
	l->ctx = ctx;
	l->kind = opts->kind;
	l->cpus = opts->kind == CCG_LAUNCH_SEV ? 0 : opts->cpus;
	l->vmsa = opts->vmsa;
	rc = read_launch(l, opts);
	if (rc) {
		ccg_launch_close(l);
		return rc;
	}
	*lp = l;
	return 0;
}

void ccg_launch_close(struct ccg_launch *l)
{
	if (!l)
		return;
	free(l->path);
	free(l->image);
	free(l->pages[0]);
	free(l->pages[1]);
	free(l);
}

int ccg_firmware_reset(struct ccg_ctx *ctx, const char *path, uint32_t *reset)
{
	const struct ccg_launch_opts opts = {
		.kind = CCG_LAUNCH_SEV_ES,
		.firmware = path,
		.cpus = 1,
	};
	struct ccg_launch *l = NULL;
	int rc = ccg_launch_open(ctx, &opts, &l);

	if (rc || !l)
		return rc;
	*reset = l->info.reset;
	ccg_launch_close(l);
	return 0;
}
