// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading the measurements of a device over a connection.
 */
#include "spdm/auth.h"

static int run_signed(struct ccg_auth *a)
{
	int rc = spdm_authenticate(&a->req);

	return rc ? rc : ccg_measurements_copy(&a->measures, &a->req);
}

static int run_unsigned(struct ccg_auth *a)
{
	int rc = spdm_read_measurements(&a->req);

	return rc ? rc : ccg_measurements_copy(&a->measures, &a->req);
}

int ccg_auth_measure(struct ccg_auth *a, const struct ccg_measure *what,
		     const struct ccg_measurements **mp)
{
	int rc;

	ccg_measurements_clear(&a->measures);
	a->ask = (struct spdm_meas_ask) {
		.operation = what->operation,
		.raw = what->raw,
	};
	a->req.ask = &a->ask;
	a->nonce = what->nonce;
	rc = ccg_auth_do(a, what->sign ? run_signed : run_unsigned);
	a->req.ask = NULL;
	a->nonce = NULL;
	if (!rc)
		*mp = &a->measures;
	return rc;
}
