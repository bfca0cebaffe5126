// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collecting the evidence of a device over a connection. A verifier elsewhere
 * decides whether to trust it.
 */
#include <errno.h>
#include <stdlib.h>

#include <ccguest/evidence.h>

#include "core/ctx.h"
#include "spdm/objects.h"

/* A device that does not sign measurements signs a challenge. */
static int run_collect(struct ccg_auth *a)
{
	int rc = spdm_authenticate(&a->req);

	if (rc != -EPROTONOSUPPORT || spdm_signs_measurements(&a->req.c) ||
	    !(a->req.c.flags & SPDM_CAP_CHAL))
		return rc;
	a->req.ask = NULL;
	return spdm_authenticate(&a->req);
}

static int add_chains(struct ccg_objects *o, const struct ccg_evidence *e)
{
	int rc = 0;

	for (int i = 0; !rc && i < CCG_SLOTS; i++)
		if (e->slots[i].size)
			rc = ccg_objects_set(o, CCG_OBJECT_CERT0 + i,
					     e->slots[i].der, e->slots[i].size);
	return rc;
}

static int fill(struct ccg_objects *o, const struct ccg_auth *a)
{
	const struct spdm_transcript *t = &a->req.t;
	const struct ccg_record *r = a->record;
	int rc;

	if (r->lost || !r->signed_len)
		return ccg_fail_errno(a->ctx, -ENOMEM, a->address);
	rc = ccg_objects_take_transcript(o, a->address, r->data, r->signed_len,
					 r->signature, r->signature_len);
	if (!rc && !o->of[CCG_OBJECT_VCA].data)
		rc = ccg_objects_set(o, CCG_OBJECT_VCA, t->vca, t->vca_len);
	return rc ? rc : add_chains(o, &a->result.evidence);
}

int ccg_auth_collect(struct ccg_auth *a, const uint8_t *nonce, int slot,
		     struct ccg_objects **op)
{
	struct ccg_record record = { .slot = slot };
	struct ccg_objects *o = NULL;
	int rc;

	a->ask = (struct spdm_meas_ask) { .operation = SPDM_MEAS_ALL };
	a->req.ask = &a->ask;
	a->nonce = nonce;
	a->record = &record;
	rc = ccg_auth_do(a, run_collect);
	if (!rc) {
		o = ccg_objects_new(a->ctx);
		rc = o ? fill(o, a) : ccg_fail_errno(a->ctx, -ENOMEM, a->address);
	}
	a->req.ask = NULL;
	a->nonce = NULL;
	a->record = NULL;
	free(record.data);
	if (rc)
		ccg_objects_free(o);
	else
		*op = o;
	return rc;
}
