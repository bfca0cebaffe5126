// SPDX-License-Identifier: GPL-2.0-only
/*
 * The measurements that a device sent, as the callers of the library see them.
 */
#include <errno.h>
#include <stdlib.h>

#include "spdm/auth.h"

/**
 * ccg_measurements_clear - free the contents of measurements
 * @m: the measurements; set to none
 */
void ccg_measurements_clear(struct ccg_measurements *m)
{
	free(m->items);
	free(m->data);
	*m = (struct ccg_measurements) { .indices = -1 };
}

/* Adds an item. lib/spdm_req_meas.c has checked all values. */
static void add_item(struct ccg_measurements *m, const struct spdm_meas_value *v,
		     const uint8_t *value)
{
	m->items[m->n++] = (struct ccg_measurement) {
		.index = v->index,
		.type = v->type,
		.name = spdm_meas_type(v->type),
		.raw = v->raw,
		.value = value,
		.size = v->len,
	};
}

/**
 * ccg_measurements_values - copy the values and the opaque data of a response
 * @m: the measurements, cleared
 * @c: the connection
 * @from: the response, checked by spdm_meas_check()
 *
 * Return: 0 or -ENOMEM; then @m must be cleared.
 */
int ccg_measurements_values(struct ccg_measurements *m, const struct spdm_conn *c,
			    const struct spdm_measurements *from)
{
	struct spdm_meas_walk w = {};
	struct spdm_meas_value v;
	struct spdm_fault fault;

	m->data = malloc(from->record_len + from->opaque_len + 1);
	m->items = calloc(from->blocks + 1, sizeof(*m->items));
	if (!m->data || !m->items)
		return -ENOMEM;
	memcpy(m->data, from->record, from->record_len);
	m->opaque = m->data + from->record_len;
	m->opaque_len = from->opaque_len;
	memcpy(m->data + from->record_len, from->opaque, from->opaque_len);
	while (m->n < from->blocks &&
	       !spdm_meas_next(c, from, &w, &v, &fault))
		add_item(m, &v, m->data + (v.value - from->record));
	return 0;
}

/**
 * ccg_measurements_change - find out whether measurements changed meanwhile
 * @m: the response
 *
 * Return: what the device says.
 */
enum ccg_change ccg_measurements_change(const struct spdm_measurements *m)
{
	if (m->change == SPDM_MEAS_CHANGED)
		return CCG_CHANGE_YES;
	return m->change == SPDM_MEAS_UNCHANGED ? CCG_CHANGE_NO :
						  CCG_CHANGE_UNKNOWN;
}

/**
 * ccg_measurements_copy - copy the measurements that a device sent
 * @m: the measurements, cleared
 * @r: the requester that received them
 *
 * Return: 0 or -ENOMEM; then @m must be cleared.
 */
int ccg_measurements_copy(struct ccg_measurements *m, const struct spdm_req *r)
{
	m->hash = spdm_meas_hash(&r->c);
	m->change = ccg_measurements_change(&r->meas);
	if (r->ask->operation == SPDM_MEAS_COUNT)
		m->indices = r->meas.indices;
	memcpy(m->device_nonce, r->meas.nonce, sizeof(m->device_nonce));
	if (r->slot != SPDM_NO_SLOT) {
		m->is_signed = true;
		memcpy(m->nonce, r->nonce, sizeof(m->nonce));
	}
	/* The response is in a buffer that the next message overwrites. */
	return ccg_measurements_values(m, &r->c, &r->meas);
}
