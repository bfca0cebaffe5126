// SPDX-License-Identifier: GPL-2.0-only
/*
 * The firmware of SEV behind /dev/sev.
 *
 * Linux: include/uapi/linux/psp-sev.h, drivers/crypto/ccp/sev-dev.c. The kernel
 * copies the answers of the firmware as they are: each length is checked here.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/psp-sev.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/ctx.h"
#include "core/io.h"
#include "sev/answer.h"
#include "sev/chain.h"
#include "sev/oca.h"
#include "sev/platform.h"

/* Linux 6.11 added this command; older headers lack it. */
#define SNP_STATUS_COMMAND	9

/* The kernel's own errno, which user space has no name for. */
#define KERNEL_ENOTSUPP		524

/* PEK, OCA and CEK. */
#define SIGNERS_LEN		(3 * SEV_CERT_LEN)

static const char *const names[] = {
	[SEV_FACTORY_RESET] = "PLATFORM_RESET",
	[SEV_PLATFORM_STATUS] = "PLATFORM_STATUS",
	[SEV_PEK_CSR] = "PEK_CSR",
	[SEV_PDH_GEN] = "PDH_GEN",
	[SEV_PDH_CERT_EXPORT] = "PDH_CERT_EXPORT",
	[SEV_PEK_CERT_IMPORT] = "PEK_CERT_IMPORT",
	[SEV_GET_ID2] = "GET_ID",
	[SNP_STATUS_COMMAND] = "SNP_PLATFORM_STATUS",
};

static int issue_ioctl(struct ccg_platform *p, uint32_t cmd, void *data,
		       uint32_t *fw_error)
{
	struct sev_issue_cmd input = {
		.cmd = cmd,
		.data = (uintptr_t)data,
	};
	int rc = ioctl(p->fd, SEV_ISSUE_CMD, &input) < 0 ? -errno : 0;

	*fw_error = input.error;
	return rc;
}

static int no_device(struct ccg_ctx *ctx, int rc)
{
	ccg_fail(ctx, rc, CCG_UNSUPPORTED, SEV_DEVICE, "%s", strerror(-rc));
	ccg_hint(ctx,
		 "this command needs a host with AMD SEV; ccguest sev ok tells what is missing");
	return rc;
}

int ccg_platform_open(struct ccg_ctx *ctx, struct ccg_platform **pp)
{
	struct ccg_platform *p;
	int fd = ccg_open(ctx, SEV_DEVICE, O_RDWR);

	if (fd == -EACCES || fd == -EPERM || fd == -EROFS)
		fd = ccg_open(ctx, SEV_DEVICE, O_RDONLY);
	if (fd == -ENOENT || fd == -ENOTDIR || fd == -ENODEV || fd == -ENXIO)
		return no_device(ctx, fd);
	if (fd < 0)
		return ccg_fail_errno(ctx, fd, SEV_DEVICE);
	p = malloc(sizeof(*p));
	if (!p) {
		close(fd);
		return ccg_fail_errno(ctx, -ENOMEM, SEV_DEVICE);
	}
	*p = (struct ccg_platform) { .ctx = ctx, .issue = issue_ioctl, .fd = fd };
	*pp = p;
	return 0;
}

void ccg_platform_close(struct ccg_platform *p)
{
	if (!p)
		return;
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

/* The firmware refused a command. */
static int fw_failed(struct ccg_platform *p, uint32_t cmd, uint32_t code)
{
	const struct sev_fw_error *e = ccg_sev_fw_error(code);

	ccg_fail(p->ctx, -EREMOTEIO, CCG_FAILED, SEV_DEVICE,
		 "the firmware refused %s with error %s (%#x): %s", names[cmd],
		 e ? e->name : "of an unknown name", code,
		 e ? e->why : "the specification has no such error");
	if (e && e->hint)
		ccg_hint(p->ctx, "%s", e->hint);
	return -EREMOTEIO;
}

/* The kernel did not give a command to the firmware. */
static int not_called(struct ccg_platform *p, uint32_t cmd, int rc)
{
	struct ccg_ctx *ctx = p->ctx;

	switch (rc) {
	case -ENODEV:
		return no_device(ctx, rc);
	case -ENOTTY:
		return ccg_fail(ctx, rc, CCG_UNSUPPORTED, SEV_DEVICE,
				"is not the device of AMD SEV");
	case -EINVAL:
	case -EOPNOTSUPP:
	case -KERNEL_ENOTSUPP:
		return ccg_fail(ctx, -EOPNOTSUPP, CCG_UNSUPPORTED, SEV_DEVICE,
				"%s: the kernel or the firmware does not support this command",
				names[cmd]);
	case -EBUSY:
		ccg_fail(ctx, rc, CCG_FAILED, SEV_DEVICE,
			 "%s: the platform has guests with SEV", names[cmd]);
		ccg_hint(ctx, "stop these guests first");
		return rc;
	}
	ccg_fail(ctx, rc, CCG_FAILED, SEV_DEVICE, "%s: %s", names[cmd],
		 strerror(-rc));
	if (rc == -EPERM || rc == -EACCES)
		ccg_hint(ctx, "the device must be writable: run as root");
	if (rc == -ETIMEDOUT || rc == -EIO)
		ccg_hint(ctx, "the kernel's log has messages of ccp");
	return rc;
}

/* Gives a command to the firmware; *@code is set to the firmware's error. */
static int issue(struct ccg_platform *p, uint32_t cmd, void *data,
		 uint32_t *code)
{
	int rc = p->issue(p, cmd, data, code);

	if (rc && *code && *code != SEV_FW_NOT_CALLED)
		return fw_failed(p, cmd, *code);
	if (rc)
		return not_called(p, cmd, rc);
	/* The kernel reports all errors of the firmware by an errno as well. */
	return *code ? fw_failed(p, cmd, *code) : 0;
}

static int simple(struct ccg_platform *p, uint32_t cmd)
{
	uint32_t code;

	return issue(p, cmd, NULL, &code);
}

static int bad_answer(struct ccg_platform *p, uint32_t cmd,
		      const struct sev_fault *f)
{
	return ccg_fail(p->ctx, -EBADMSG, CCG_FAILED, SEV_DEVICE,
			"answer to %s: %s (at offset %" PRIu64 ": %" PRIu64 ", limit %" PRIu64 ")",
			names[cmd], f->what, f->offset, f->value, f->limit);
}

static int bad_length(struct ccg_platform *p, uint32_t cmd, const char *what,
		      size_t len, size_t want)
{
	return ccg_fail(p->ctx, -EBADMSG, CCG_FAILED, SEV_DEVICE,
			"answer to %s: expected %zu bytes of %s, the firmware has %zu",
			names[cmd], want, what, len);
}

int ccg_platform_status(struct ccg_platform *p, struct ccg_platform_status *st)
{
	uint8_t buf[SEV_STATUS_LEN] = {};
	struct sev_fault fault;
	uint32_t code;
	int rc;

	_Static_assert(sizeof(struct sev_user_data_status) == SEV_STATUS_LEN,
		       "the kernel writes this number of bytes");
	rc = issue(p, SEV_PLATFORM_STATUS, buf, &code);
	if (!rc && ccg_sev_status_parse(buf, sizeof(buf), st, &fault))
		rc = bad_answer(p, SEV_PLATFORM_STATUS, &fault);
	return rc;
}

int ccg_platform_snp_status(struct ccg_platform *p, struct ccg_snp_status *st)
{
	uint8_t buf[SEV_SNP_STATUS_LEN] = {};
	struct sev_fault fault;
	uint32_t code;
	int rc;

	rc = issue(p, SNP_STATUS_COMMAND, buf, &code);
	if (!rc && ccg_snp_status_parse(buf, sizeof(buf), st, &fault))
		rc = bad_answer(p, SNP_STATUS_COMMAND, &fault);
	return rc;
}

int ccg_platform_identify(struct ccg_platform *p, struct ccg_platform_id *id)
{
	struct sev_user_data_get_id2 data;
	uint32_t code;
	int rc;

	/* Firmware that has a longer identifier returns its length. */
	*id = (struct ccg_platform_id) { .len = CCG_PLATFORM_ID_LEN };
	data = (struct sev_user_data_get_id2) {
		.address = (uintptr_t)id->b,
		.length = CCG_PLATFORM_ID_LEN,
	};
	rc = issue(p, SEV_GET_ID2, &data, &code);
	if (rc && code == SEV_FW_INVALID_LEN &&
	    data.length > CCG_PLATFORM_ID_LEN &&
	    data.length <= CCG_PLATFORM_ID_MAX) {
		id->len = data.length;
		rc = issue(p, SEV_GET_ID2, &data, &code);
	}
	if (rc)
		return rc;
	if (!data.length || data.length > id->len)
		return bad_length(p, SEV_GET_ID2, "the identifier", data.length,
				  id->len);
	id->len = data.length;
	return 0;
}

static int get_chain(struct ccg_platform *p, uint8_t *chain)
{
	struct sev_user_data_pdh_cert_export data = {
		.pdh_cert_address = (uintptr_t)chain,
		.pdh_cert_len = SEV_CERT_LEN,
		.cert_chain_address = (uintptr_t)(chain + SEV_CERT_LEN),
		.cert_chain_len = SIGNERS_LEN,
	};
	uint32_t code = 0;
	int rc = issue(p, SEV_PDH_CERT_EXPORT, &data, &code);

	if (rc && code != SEV_FW_INVALID_LEN)
		return rc;
	if (data.pdh_cert_len != SEV_CERT_LEN)
		return bad_length(p, SEV_PDH_CERT_EXPORT, "the PDH",
				  data.pdh_cert_len, SEV_CERT_LEN);
	if (data.cert_chain_len != SIGNERS_LEN)
		return bad_length(p, SEV_PDH_CERT_EXPORT, "PEK, OCA and CEK",
				  data.cert_chain_len, SIGNERS_LEN);
	return rc;
}

int ccg_platform_export(struct ccg_platform *p,
			const struct ccg_sev_files *files,
			struct ccg_sev_chain **cp)
{
	uint8_t chain[SEV_CERT_LEN + SIGNERS_LEN] = {};
	int rc = get_chain(p, chain);

	return rc ? rc : ccg_sev_chain_of(p->ctx, SEV_DEVICE, chain,
					  sizeof(chain), files, cp);
}

int ccg_platform_reset(struct ccg_platform *p)
{
	return simple(p, SEV_FACTORY_RESET);
}

int ccg_platform_rotate(struct ccg_platform *p)
{
	return simple(p, SEV_PDH_GEN);
}

static int get_csr(struct ccg_platform *p, uint8_t *pek)
{
	struct sev_user_data_pek_csr data = {
		.address = (uintptr_t)pek,
		.length = SEV_CERT_LEN,
	};
	uint32_t code = 0;
	int rc = issue(p, SEV_PEK_CSR, &data, &code);

	if (rc && code != SEV_FW_INVALID_LEN)
		return rc;
	if (data.length != SEV_CERT_LEN)
		return bad_length(p, SEV_PEK_CSR, "the PEK", data.length,
				  SEV_CERT_LEN);
	return rc;
}

/* Refuses what the firmware would refuse, before the owner's key is used. */
static int check_state(struct ccg_platform *p)
{
	struct ccg_platform_status st;
	int rc = ccg_platform_status(p, &st);

	if (rc)
		return rc;
	if (st.state == CCG_PLATFORM_WORKING)
		return not_called(p, SEV_PEK_CERT_IMPORT, -EBUSY);
	if (!st.owned)
		return 0;
	ccg_fail(p->ctx, -EALREADY, CCG_FAILED, SEV_DEVICE,
		 "the platform has an owner");
	ccg_hint(p->ctx, "ccguest sev reset removes the owner");
	return -EALREADY;
}

static int provision(struct ccg_platform *p, const struct sev_owner *o)
{
	uint8_t pek[SEV_CERT_LEN] = {};
	struct sev_user_data_pek_cert_import data = {
		.pek_cert_address = (uintptr_t)pek,
		.pek_cert_len = sizeof(pek),
		.oca_cert_address = (uintptr_t)o->cert,
		.oca_cert_len = sizeof(o->cert),
	};
	uint32_t code;
	int rc = get_csr(p, pek);

	if (!rc)
		rc = ccg_sev_owner_sign(p->ctx, SEV_DEVICE, o, pek);
	return rc ? rc : issue(p, SEV_PEK_CERT_IMPORT, &data, &code);
}

int ccg_platform_provision(struct ccg_platform *p, const char *cert,
			   const char *key)
{
	struct sev_owner o;
	int rc = ccg_sev_owner_load(p->ctx, cert, key, &o);

	if (rc)
		return rc;
	rc = check_state(p);
	if (!rc)
		rc = provision(p, &o);
	EVP_PKEY_free(o.key);
	return rc;
}
