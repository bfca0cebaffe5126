/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest, as its description states it; see ccguest-log(1).
 */
#ifndef CCGUEST_REALM_H
#define CCGUEST_REALM_H

#include <ccguest/ctx.h>

#include "cc_rim.h"

/* Limit for events of a guest that is not a realm. */
#define REALM_EVENTS_MAX	1024

/**
 * struct realm_image - a file that is loaded into a guest
 * @name: name of the image in the log
 * @path: path of the file
 * @base: address at which the file is loaded
 * @size: size of the file in bytes; set when the file has been hashed
 */
struct realm_image {
	char *name;
	char *path;
	uint64_t base;
	uint64_t size;
};

/**
 * struct realm_extend - an event that extends a register
 * @index: number of the register
 * @type: type of the event
 * @data: event data; their digest extends the register
 * @len: length of @data in bytes
 */
struct realm_extend {
	uint32_t index;
	uint32_t type;
	uint8_t *data;
	size_t len;
};

/**
 * struct ccg_realm - a guest, as its description states it
 * @ctx: the context
 * @path: path of the description
 * @dialect: dialect of the log to write
 * @rmm: version of the RMM that measures the realm
 * @blocks: largest blocks in which the host declares memory
 * @name: name of the VMM
 * @version: version of the VMM
 * @num_cpus: number of the guest's CPUs
 * @params: parameters of the realm
 * @n_algs: number of @algs
 * @algs: hash algorithms that the log declares
 * @n_ram: number of @ram
 * @ram: ranges of the guest's memory
 * @n_images: number of @images
 * @images: files that are loaded and measured
 * @has_rec: the description has a vCPU
 * @rec: the first vCPU; REC
 * @log: address and size of the log in the guest; size 0 for no log
 * @n_events: number of @events
 * @events: events that extend registers
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
