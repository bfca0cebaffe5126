// SPDX-License-Identifier: GPL-2.0-only
/*
 * The measurement registers that the kernel of this machine reads: tsm-mr, Linux
 * 6.16. Each register is a file of raw bytes, whose name ends in the name of its
 * hash algorithm.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ccguest/ctx.h>
#include <ccguest/log.h>
#include <ccguest/verify.h>

#include "cc_log.h"
#include "core/ctx.h"
#include "core/io.h"
#include "verify/verify.h"

/* The registers are read until two readings in a row agree. */
#define READINGS_MAX	4
#define LIVE_MAX	5
#define MEASUREMENTS(dev) "/sys/devices/virtual/misc/" dev "/measurements"

/**
 * struct machine - where the kernel shows the registers of a platform
 * @dir: directory of the registers
 * @names: their names, from register 0 on; NULL for a register that is not the
 *	   result of the log. MRTD of TDX is such a register: its value is that of
 *	   pages, in an order that no log has
 */
struct machine {
	const char *dir;
	const char *names[LIVE_MAX];
};

static const struct machine machines[] = {
	{
		MEASUREMENTS("tdx_guest"),
		{ NULL, "rtmr0", "rtmr1", "rtmr2", "rtmr3" },
	}, {
		MEASUREMENTS("arm_cca_guest"),
		{ "rim", "rem0", "rem1", "rem2", "rem3" },
	},
};

static const struct cc_alg live_algs[] = {
	{ CC_ALG_SHA256, 32 }, { CC_ALG_SHA384, 48 }, { CC_ALG_SHA512, 64 },
};

/* One reading of all registers. */
struct reading {
	size_t n;
	struct ccg_expected regs[LIVE_MAX];
};

static int read_register(struct ccg_ctx *ctx, int fd, const char *path,
			 struct ccg_expected *e)
{
	uint8_t buf[CC_LOG_DIGEST_MAX + 1];
	struct stat st;
	size_t len = 0;
	int rc;

	rc = fstat(fd, &st) ? -errno : ccg_read_fd(fd, buf, sizeof(buf), &len);
	if (rc)
		return ccg_fail_errno(ctx, rc, path);
	if (len != e->len)
		return ccg_fail(ctx, -EBADMSG, CCG_FAILED, path,
				"has %zu bytes%s; the digests of its algorithm have %zu",
				len, len > CC_LOG_DIGEST_MAX ? " or more" : "",
				e->len);
	memcpy(e->value, buf, len);
	/* Whoever may write into the file extends the register. */
	e->runtime = st.st_mode & 0222;
	return 0;
}

/* Returns -ENOENT, without a reason, if there is no file for the register. */
static int find_register(struct ccg_ctx *ctx, const char *dir, const char *name,
			 struct ccg_expected *e)
{
	char path[128];
	int fd, rc;

	for (size_t i = 0; i < ARRAY_SIZE(live_algs); i++) {
		snprintf(path, sizeof(path), "%s/%s:%s", dir, name,
			 ccg_log_alg_name(live_algs[i].id));
		fd = ccg_open(ctx, path, O_RDONLY);
		if (fd == -ENOENT || fd == -ENOTDIR)
			continue;
		if (fd < 0)
			return ccg_fail_errno(ctx, fd, path);
		e->alg = live_algs[i].id;
		e->len = live_algs[i].len;
		rc = read_register(ctx, fd, path, e);
		close(fd);
		return rc;
	}
	return -ENOENT;
}

static int read_machine(struct ccg_ctx *ctx, const struct machine *m,
			struct reading *r)
{
	struct ccg_expected *e;
	int rc;

	*r = (struct reading) {};
	for (uint32_t i = 0; i < LIVE_MAX; i++) {
		if (!m->names[i])
			continue;
		e = &r->regs[r->n];
		rc = find_register(ctx, m->dir, m->names[i], e);
		if (rc == -ENOENT)
			continue;
		if (rc)
			return rc;
		e->index = i;
		r->n++;
	}
	return 0;
}

static const struct machine *find_machine(struct ccg_ctx *ctx)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (ccg_exists(ctx, machines[i].dir) > 0)
			return &machines[i];
	return NULL;
}

static bool same(const struct reading *a, const struct reading *b)
{
	for (size_t i = 0; i < a->n && i < b->n; i++)
		if (a->regs[i].index != b->regs[i].index ||
		    memcmp(a->regs[i].value, b->regs[i].value, a->regs[i].len))
			return false;
	return a->n == b->n;
}

static int read_stable(struct ccg_ctx *ctx, const struct machine *m,
		       struct reading *r)
{
	struct reading last;
	int rc = read_machine(ctx, m, r);

	for (int i = 1; !rc && i < READINGS_MAX; i++) {
		last = *r;
		rc = read_machine(ctx, m, r);
		if (!rc && same(&last, r))
			return 0;
	}
	if (rc)
		return rc;
	ccg_fail(ctx, -EAGAIN, CCG_FAILED, m->dir,
		 "the registers change while they are read");
	ccg_hint(ctx, "something extends them now: try again when it has ended");
	return -EAGAIN;
}

static int no_registers(struct ccg_ctx *ctx, const char *what)
{
	ccg_fail(ctx, -ENODEV, CCG_UNSUPPORTED, what,
		 "the kernel of this machine shows no measurement registers");
	ccg_hint(ctx,
		 "a TDX guest needs Linux 6.16 with the module tdx_guest; elsewhere use --report, --token or --registers");
	return -ENODEV;
}

int ccg_verify_live(struct ccg_ctx *ctx, struct ccg_log *log,
		    struct ccg_verify *v)
{
	const struct machine *m = find_machine(ctx);
	struct reading r;
	int rc;

	if (!m)
		return no_registers(ctx, "measurement registers");
	rc = read_stable(ctx, m, &r);
	if (rc)
		return rc;
	if (!r.n)
		return no_registers(ctx, m->dir);
	for (size_t i = 0; i < r.n; i++) {
		rc = ccg_verify_expect(ctx, log, &r.regs[i], m->dir, v);
		if (rc)
			return rc;
	}
	if (m->names[0])
		v->realm = true;
	return 0;
}
