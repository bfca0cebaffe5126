/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest as its description has it; see ccguest-log(1).
 */
#ifndef CCGUEST_REALM_H
#define CCGUEST_REALM_H

#include <ccguest/ctx.h>

#include "cc_rim.h"

/* Events of a guest that is not a realm. */
#define REALM_EVENTS_MAX	1024

/**
 * struct realm_image - something that is loaded
 * @name: what the log calls it
 * @path: the file
 * @base: where it is loaded
 * @size: of the file, known when it has been hashed
 */
struct realm_image {
	char *name;
	char *path;
	uint64_t base;
	uint64_t size;
};

/**
 * struct realm_extend - an event that extends a register
 * @index: the register
 * @type: of the event
 * @data: its data, which are what is hashed
 * @len: their length
 */
struct realm_extend {
	uint32_t index;
	uint32_t type;
	uint8_t *data;
	size_t len;
};

/**
 * struct ccg_realm - a guest as its description has it
 * @ctx: the context
 * @path: the description
 * @dialect: of the log to be made
 * @rmm: which RMM measures it
 * @blocks: with what blocks the host declares memory
 * @name: of the VMM
 * @version: of the VMM
 * @num_cpus: of the guest
 * @params: of a realm
 * @n_algs: number of @algs
 * @algs: what the log declares
 * @n_ram: number of @ram
 * @ram: its memory
 * @n_images: number of @images
 * @images: what is loaded, measured
 * @has_rec: there is a vCPU
 * @rec: the first vCPU
 * @log: where the log is, and its size; a size of 0 for none
 * @n_events: number of @events
 * @events: what extends registers
 */
struct ccg_realm {
	struct ccg_ctx *ctx;
	char *path;
	enum cc_log_dialect dialect;
	enum cc_rmm rmm;
	unsigned int blocks;
	char name[32];
	char version[40];
	uint32_t num_cpus;
	struct cc_realm_params params;
	size_t n_algs;
	struct cc_alg algs[CC_LOG_ALGS_MAX];
	size_t n_ram;
	struct cc_range ram[CC_LOG_RANGES_MAX];
	size_t n_images;
	struct realm_image images[CC_LOG_RANGES_MAX];
	bool has_rec;
	struct cc_rec_params rec;
	struct cc_range log;
	size_t n_events;
	struct realm_extend *events;
};

#endif /* CCGUEST_REALM_H */
