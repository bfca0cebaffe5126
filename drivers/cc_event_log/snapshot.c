// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checking a place that the host names, and copying the log from it.
 *
 * memremap() returns the kernel's own mapping for an address that is RAM. So
 * without a check, the files could show the kernel's memory.
 */
#include "cc_event_log.h"
#include "../../lib/cc_log.h"

#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>

/* Number of events between two calls of cond_resched(). */
#define EVENTS_AT_A_TIME	1024

/*
 * Did the kernel reserve this memory because of the node? The lookup compares
 * only the last part of the node's name, so compare address and size as well.
 * Memory with operations belongs to a driver, for example to a DMA pool.
 */
static bool is_reserved_by(struct device_node *np, u64 base, u64 size)
{
	const struct reserved_mem *rmem = of_reserved_mem_lookup(np);

	return rmem && rmem->base == base && rmem->size == size && !rmem->ops;
}

static bool is_reserved_in_dt(u64 base, u64 size)
{
	struct device_node *parent, *np;
	bool found = false;

	parent = of_find_node_by_path("/reserved-memory");
	if (!parent)
		return false;
	for_each_child_of_node(parent, np) {
		found = is_reserved_by(np, base, size);
		if (found)
			break;
	}
	of_node_put(np);
	of_node_put(parent);
	return found;
}

/*
 * Is each page of the range still reserved? A node may overlap memory with
 * another owner, such as the initramfs, whose pages the kernel uses after it is
 * unpacked. A page that the page allocator never had stays reserved.
 */
static bool is_kept_from_kernel(u64 base, u64 size)
{
	unsigned long pfn = PHYS_PFN(base);
	unsigned long last = PHYS_PFN(base + size - 1);

	for (; pfn <= last; pfn++)
		if (!pfn_valid(pfn) || !PageReserved(pfn_to_page(pfn)))
			return false;
	return true;
}

/* Returns the fault of a place, a phrase; NULL if the place is valid. */
static const char *why_refused(const struct cc_place *place, u64 max_size)
{
	struct place_limits limits = firmware_limits();
	u64 base = place->base, size = place->size;
	enum place_fault fault;

	/* The EFI stub allocates memory that is not aligned to pages. */
	if (place->origin != CC_FROM_EFI)
		limits.align = SZ_4K;
	limits.max_size = max_size;
	fault = place_check(base, size, &limits);
	if (fault)
		return place_fault_text(fault);
	if (!firmware_range_readable(base, size) &&
	    !(is_reserved_in_dt(base, size) && is_kept_from_kernel(base, size)))
		return "it is not in memory that firmware or Device Tree reserved for it";
	/* Mapping such a range would call WARN(). */
	if (region_intersects(base, size, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) == REGION_MIXED)
		return "it is partly RAM and partly not";
	return NULL;
}

static int copy_place(const struct cc_place *place, u8 *buf)
{
	void *mapping = firmware_map(place->base, place->size);

	if (!mapping)
		return -ENOMEM;
	memcpy(buf, mapping, place->size);
	firmware_unmap(mapping);
	return 0;
}

/**
 * struct reading - data for reading a log; too large for the stack
 * @log: the log
 * @opts: options of the reader
 * @event: the last event
 * @fault: reason why the log is refused
 */
struct reading {
	struct cc_log log;
	struct cc_log_opts opts;
	struct cc_log_event event;
	struct cc_log_fault fault;
};

static int read_log(struct reading *r, const struct cc_place *place,
		    const u8 *buf)
{
	int rc;

	/*
	 * The log has the address at which the VMM put it. A VMM that makes the
	 * Device Tree names this address. Firmware may move the log.
	 */
	if (place->origin == CC_FROM_DT) {
		r->opts.flags = CC_LOG_PLACED;
		r->opts.place.base = place->base;
		r->opts.place.size = place->size;
	}
	rc = cc_log_begin(&r->log, buf, place->size, &r->opts, &r->fault);
	while (!rc) {
		rc = cc_log_next(&r->log, &r->event, &r->fault);
		if (!(r->log.nr % EVENTS_AT_A_TIME))
			cond_resched();
	}
	return rc == -ENODATA ? 0 : rc;
}

/* Does not print the field: memory without a log may hold secrets. */
static void report_fault(const struct cc_place *place,
			 const struct cc_log_fault *fault)
{
	pr_err("%s at %#llx: refused: event %zu: %s: %s (at offset %#zx)\n",
	       place->source, place->base, fault->event, fault->field,
	       fault->what, fault->offset);
}

static void report_log(const struct cc_place *place, const struct cc_log *log)
{
	if (log->n_trailing)
		pr_warn("%s at %#llx: %zu bytes behind the end of the log, from offset %#zx, are no padding: not shown\n",
			place->source, place->base, log->n_trailing,
			log->trailing);
	pr_info("%s at %#llx: %zu events, %zu of %llu bytes\n", place->source,
		place->base, log->nr, log->pos, place->size);
}

/* Check the log in the buffer, and copy it without the padding. */
static int trim_log(const struct cc_place *place, const u8 *buf,
		    struct cc_log_copy *copy)
{
	struct reading *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int rc;

	if (!r)
		return -ENOMEM;
	rc = read_log(r, place, buf);
	if (rc) {
		report_fault(place, &r->fault);
		rc = -EINVAL;
		goto out;
	}
	copy->len = r->log.pos;
	copy->events = r->log.nr;
	copy->data = kvmalloc(copy->len, GFP_KERNEL | __GFP_NOWARN);
	if (!copy->data) {
		rc = -ENOMEM;
		goto out;
	}
	memcpy(copy->data, buf, copy->len);
	report_log(place, &r->log);
out:
	kfree(r);
	return rc;
}

int cc_snapshot(const struct cc_place *place, u64 max_size,
		struct cc_log_copy *copy)
{
	const char *why = why_refused(place, max_size);
	u8 *buf;
	int rc;

	if (why) {
		pr_err("%s at %#llx, %#llx bytes: refused: %s\n",
		       place->source, place->base, place->size, why);
		return -EINVAL;
	}
	buf = kvmalloc(place->size, GFP_KERNEL | __GFP_NOWARN);
	if (!buf)
		return -ENOMEM;
	rc = copy_place(place, buf);
	if (!rc)
		rc = trim_log(place, buf, copy);
	kvfree(buf);
	return rc;
}
