// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parser of flattened Device Trees; Devicetree Specification 0.4. The host
 * controls the tree. Therefore fdt_check_full() checks the whole tree before
 * another function of libfdt reads it.
 */
#include <libfdt.h>
#include <stdarg.h>

#include <ccguest/log.h>

#include "core/ctx.h"
#include "log/dtb.h"
#include "place.h"

/* Version 17 is from 2005; older ones lack the lengths of the parts. */
#define VERSION_MIN	17
/* Devicetree Specification 0.4, 2.2.4: 31 characters; some are longer. */
#define NAME_LEN_MAX	255

/* A tree that is being parsed. */
struct reading {
	struct ccg_dtb *d;
	const void *fdt;
};

__printf(2, 3)
static bool refuse(struct reading *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->d->fault, sizeof(r->d->fault), fmt, ap);
	va_end(ap);
	return false;
}

/*
 * libfdt searches for the end of a property's name each time it reads the
 * property. A hostile tree with one long name for all properties would keep
 * libfdt busy for minutes.
 */
static bool names_are_short(const void *fdt)
{
	const char *p = (const char *)fdt + fdt_off_dt_strings(fdt);
	size_t left = fdt_size_dt_strings(fdt), n;

	while (left) {
		n = strnlen(p, left);
		if (n > NAME_LEN_MAX || n == left)
			return false;
		p += n + 1;
		left -= n + 1;
	}
	return true;
}

static bool check(struct reading *r, size_t len)
{
	int rc, next;

	if (len < sizeof(struct fdt_header))
		return refuse(r, "size: %zu bytes, %zu at least", len,
			      sizeof(struct fdt_header));
	rc = fdt_check_header(r->fdt);
	if (rc)
		return refuse(r, "header: %s", fdt_strerror(rc));
	if (fdt_version(r->fdt) < VERSION_MIN)
		return refuse(r, "version: %u, %d at least",
			      fdt_version(r->fdt), VERSION_MIN);
	r->d->size = fdt_totalsize(r->fdt);
	if (r->d->size > len || r->d->size > CCG_DTB_MAX)
		return refuse(r, "totalsize: %zu, limit %zu", r->d->size,
			      len < CCG_DTB_MAX ? len : (size_t)CCG_DTB_MAX);
	if (!names_are_short(r->fdt))
		return refuse(r, "strings: a name without an end, or longer than %d",
			      NAME_LEN_MAX);
	rc = fdt_check_full(r->fdt, len);
	if (rc)
		return refuse(r, "structure: %s", fdt_strerror(rc));
	/* libfdt accepts a tree without a root node. */
	return fdt_next_tag(r->fdt, 0, &next) == FDT_BEGIN_NODE ||
	       refuse(r, "structure: no root");
}

/* Properties --------------------------------------------------------------- */

static bool take_string(struct reading *r, int node, const char *name,
			const char **textp)
{
	int len;
	const char *p = fdt_getprop(r->fdt, node, name, &len);

	*textp = p;
	return !p || (len && memchr(p, 0, len) == p + len - 1) ||
	       refuse(r, "%s: is not a string", name);
}

/* Reads a number of one or two cells. */
static bool take_number(struct reading *r, int node, const char *name,
			bool *there, u64 *val)
{
	int len;
	const u8 *p = fdt_getprop(r->fdt, node, name, &len);

	*there = p;
	if (!p)
		return true;
	return !place_cells(p, len, val) ||
	       refuse(r, "%s: %d bytes, not 4 or 8", name, len);
}

static bool add_range(struct reading *r, const char *what,
		      struct ccg_dtb_ranges *to, u64 base, u64 size)
{
	if (to->n == CCG_DTB_RANGES_MAX)
		return refuse(r, "%s: more than %d pieces", what,
			      CCG_DTB_RANGES_MAX);
	if (size > UINT64_MAX - base)
		return refuse(r, "%s: address and size overflow", what);
	to->r[to->n++] = (struct cc_range) { base, size };
	return true;
}

/* Devicetree Specification 0.4, 2.3.6. */
static bool take_reg(struct reading *r, int node, int parent, const char *what,
		     struct ccg_dtb_ranges *to)
{
	int n_addr = fdt_address_cells(r->fdt, parent);
	int n_size = fdt_size_cells(r->fdt, parent);
	const int len_addr = n_addr * (int)sizeof(fdt32_t);
	const int len_size = n_size * (int)sizeof(fdt32_t);
	int len, each = len_addr + len_size;
	const u8 *p = fdt_getprop(r->fdt, node, "reg", &len);
	u64 base, size;

	if (n_addr < 1 || n_addr > 2 || n_size < 1 || n_size > 2)
		return refuse(r, "%s: addresses of %d cells, sizes of %d", what,
			      n_addr, n_size);
	if (!p || !len || len % each)
		return refuse(r, "%s: reg is missing, or no multiple of %d bytes",
			      what, each);
	for (; len; len -= each, p += each)
		if (place_cells(p, len_addr, &base) ||
		    place_cells(p + len_addr, len_size, &size) ||
		    !add_range(r, what, to, base, size))
			return false;
	return true;
}

/* Nodes -------------------------------------------------------------------- */

/* Reads memory nodes below the root; Devicetree Specification 0.4, 3.4. */
static bool take_memory(struct reading *r)
{
	static const char kind[] = "memory";
	int node, len;
	const char *p;

	fdt_for_each_subnode(node, r->fdt, 0) {
		p = fdt_getprop(r->fdt, node, "device_type", &len);
		if (!p || len != sizeof(kind) || memcmp(p, kind, sizeof(kind)))
			continue;
		if (!take_reg(r, node, 0, "memory", &r->d->memory))
			return false;
	}
	return true;
}

static bool take_chosen(struct reading *r)
{
	int node = fdt_path_offset(r->fdt, "/chosen");
	bool has_start, has_end;
	u64 start = 0, end = 0;

	if (node < 0)
		return true;
	if (!take_string(r, node, "bootargs", &r->d->bootargs) ||
	    !take_number(r, node, "linux,initrd-start", &has_start, &start) ||
	    !take_number(r, node, "linux,initrd-end", &has_end, &end))
		return false;
	if (has_start != has_end || end < start)
		return refuse(r, "linux,initrd-end: does not go with linux,initrd-start");
	r->d->has_initrd = has_start;
	r->d->initrd = (struct cc_range) { start, end - start };
	return true;
}

/* Node of the log, as QEMU, kvmtool and consumers in Linux define it. */
static bool take_log_reg(struct reading *r, int node)
{
	return take_reg(r, node, fdt_parent_offset(r->fdt, node),
			"cc-event-log", &r->d->logs);
}

/* Node of the log, as veraison's measurement-log document defines it. */
static bool take_log_doc(struct reading *r, int node)
{
	bool has_base, has_size;
	u64 base = 0, size = 0;

	if (!take_number(r, node, "log-base", &has_base, &base) ||
	    !take_number(r, node, "log-size", &has_size, &size))
		return false;
	if (!has_base || !has_size)
		return refuse(r, "log-base: it or log-size is missing");
	return add_range(r, "log-base", &r->d->logs, base, size);
}

static bool take_logs(struct reading *r, const char *compatible,
		      bool (*take)(struct reading *r, int node))
{
	int node = -1;

	for (;;) {
		node = fdt_node_offset_by_compatible(r->fdt, node, compatible);
		if (node < 0)
			return true;
		if (!take(r, node))
			return false;
	}
}

/**
 * ccg_dtb_parse - parse a Device Tree
 * @d: set to the contents of the tree, or to the fault
 * @fdt: the tree; aligned to 8 bytes for libfdt
 * @len: length of @fdt in bytes; the tree may be shorter
 *
 * Return: true if @fdt has a valid tree; otherwise d->fault has the reason.
 */
bool ccg_dtb_parse(struct ccg_dtb *d, const void *fdt, size_t len)
{
	struct reading r = { d, fdt };

	*d = (struct ccg_dtb) {};
	return check(&r, len) && take_string(&r, 0, "model", &d->model) &&
	       take_memory(&r) && take_chosen(&r) &&
	       take_logs(&r, "cc-event-log", take_log_reg) &&
	       take_logs(&r, "confidential-computing-event-log", take_log_doc);
}

/* Output ------------------------------------------------------------------- */

static void text(struct ccg_sink *s, const char *key, const char *val)
{
	if (val)
		s->text(s, key, val, strlen(val));
}

static void ranges(struct ccg_sink *s, const char *key,
		   const struct ccg_dtb_ranges *list)
{
	if (!list->n)
		return;
	s->open(s, key, true);
	for (size_t i = 0; i < list->n; i++) {
		s->open(s, NULL, false);
		s->number(s, "Base", list->r[i].base, CCG_VALUE);
		s->number(s, "Size", list->r[i].size, CCG_SIZE);
		s->close(s);
	}
	s->close(s);
}

/**
 * ccg_dtb_decode - output the contents of a tree
 * @d: the tree
 * @s: the sink; the members go into the open object
 */
void ccg_dtb_decode(const struct ccg_dtb *d, struct ccg_sink *s)
{
	if (*d->fault) {
		text(s, "Fault", d->fault);
		return;
	}
	s->number(s, "Size", d->size, CCG_COUNT);
	text(s, "Model", d->model);
	ranges(s, "Memory", &d->memory);
	text(s, "BootArgs", d->bootargs);
	if (d->has_initrd) {
		s->number(s, "InitrdStart", d->initrd.base, CCG_VALUE);
		s->number(s, "InitrdEnd", d->initrd.base + d->initrd.size,
			  CCG_VALUE);
	}
	ranges(s, "Logs", &d->logs);
}
