// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events that the VMM of an Arm CCA realm writes, and the rules for them.
 *
 * The log is not measured, so the host can write any value. A verifier rebuilds
 * the initial measurement of the realm from the log, and a wrong value leads to
 * another measurement. These functions refuse two kinds of events: events that
 * no VMM can produce, and events that would make the rebuilding take too long.
 */
#include "cc_log_internal.h"

#define GRANULE		4096ULL

/* Tags of the VMM in EVENT_TAG, and their data. */
#define TAG_CREATE	1
#define TAG_RIPAS	2
#define TAG_REC		3
#define CREATE_LEN	14
#define CREATE_PADDED	16
#define RIPAS_LEN	16
#define REC_LEN		80

/* DEN0137: a realm's width, and the largest vector length number. */
#define S2SZ_MIN	32
#define S2SZ_MAX	52
#define SVE_VL_MAX	15
/*
 * Arm ARM (DDI 0487): ID_AA64DFR1_EL1 has up to 64 breakpoints and watchpoints,
 * RmiRealmParams one less than their number; PMCR_EL0.N is at most 31.
 */
#define POINTS_MAX	63
#define COUNTERS_MAX	31

/* VM VERSION: strings, then one of three layouts. */
#define VM_SIGNATURE	16
#define VM_NAME_LEN	32
#define VM_VERSION	48
#define VM_VERSION_LEN	40
#define VM_FIELDS	88
#define VM_SHORT	100
#define VM_QEMU		112
#define VM_DOC		116

#define BLOB_MIN	17

/* Names of loaded blobs; without parameters, they identify a realm's log. */
static const char *const blob_names[] = {
	"KERNEL", "INITRD", "DTB", "FIRMWARE",
};

static u64 range_end(const struct cc_range *r)
{
	return r->base + r->size;
}

static bool overlap(const struct cc_range *a, const struct cc_range *b)
{
	return a->base < range_end(b) && b->base < range_end(a);
}

/**
 * cc_blob_parse - parse UEFI_PLATFORM_FIRMWARE_BLOB2
 * @data: data of the event
 * @size: length of @data in bytes
 * @blob: set if the result is 0
 *
 * The description may contain any byte, and the range may overflow.
 *
 * Return: 0; -EBADMSG if the length of the description does not fit.
 */
int cc_blob_parse(const u8 *data, size_t size, struct cc_blob *blob)
{
	size_t len;

	if (size < BLOB_MIN || data[0] != size - BLOB_MIN)
		return -EBADMSG;
	len = data[0];
	blob->desc = data + 1;
	blob->nul = len && !data[len];
	blob->desc_len = len - blob->nul;
	blob->range.base = get_unaligned_le64(data + 1 + len);
	blob->range.size = get_unaligned_le64(data + 9 + len);
	return 0;
}

/* Blobs -------------------------------------------------------------------- */

static bool is_blob_type(u32 type)
{
	return type == CC_EV_POST_CODE2 || type == CC_EV_EFI_BLOB2;
}

static bool desc_is(const struct cc_blob *blob, const char *name)
{
	return blob->desc_len == strlen(name) &&
	       !memcmp(blob->desc, name, blob->desc_len);
}

/* Whether the log has declared all memory of the range. */
static bool in_memory(const struct cc_realm *realm, const struct cc_range *r)
{
	u64 pos = r->base;
	size_t i;

	do {
		for (i = 0; i < realm->n_ripas; i++) {
			const struct cc_range *m = &realm->ripas[i];

			if (m->base <= pos && pos < range_end(m)) {
				pos = range_end(m);
				break;
			}
		}
	} while (i < realm->n_ripas && pos < range_end(r));
	return pos >= range_end(r);
}

static int check_place(struct cc_log *log, const struct cc_range *r,
		       size_t offset, struct cc_log_fault *fault)
{
	const struct cc_range *place = &log->opts.place;

	if (!(log->opts.flags & CC_LOG_PLACED))
		return 0;
	if (r->base != place->base)
		return cc_log_refuse(log, fault, "log was not found there",
				     "log base", offset, r->base, place->base);
	if (r->size != place->size)
		return cc_log_refuse(log, fault,
				     "log was not found with this size",
				     "log size", offset + 8, r->size,
				     place->size);
	return 0;
}

static int add_blob(struct cc_log *log, const struct cc_blob *blob,
		    size_t offset, struct cc_log_fault *fault)
{
	const struct cc_range *r = &blob->range;
	struct cc_realm *realm = &log->realm;
	struct cc_range granules;

	/* Neither the blob nor its last granule may wrap around 2^64. */
	if (r->base > ~0ULL - GRANULE || r->size > ~0ULL - GRANULE - r->base)
		return cc_log_refuse(log, fault, "blob overflows", "blob size",
				     offset + 8, r->size, ~0ULL - r->base);
	if (r->size > CC_LOG_BLOBS_MAX - realm->blob_bytes)
		return cc_log_refuse(log, fault, "blobs are too large",
				     "blob size", offset + 8, r->size,
				     CC_LOG_BLOBS_MAX - realm->blob_bytes);
	/* An empty blob loads nothing, so the RIM could not prove its event. */
	if (!r->size)
		return cc_log_refuse(log, fault, "blob is empty", "blob size",
				     offset + 8, 0, 1);
	if (realm->n_ripas && !in_memory(realm, r))
		return cc_log_refuse(log, fault, "blob is not in memory",
				     "blob base", offset, r->base,
				     realm->ripas[0].base);
	if (realm->n_blobs == CC_LOG_RANGES_MAX)
		return cc_log_refuse(log, fault, "too many blobs", "blob base",
				     offset, realm->n_blobs, CC_LOG_RANGES_MAX);

	granules.base = r->base & ~(GRANULE - 1);
	granules.size = ((range_end(r) + GRANULE - 1) & ~(GRANULE - 1)) -
			granules.base;
	/* The RMM refuses to load into the same granule twice. */
	for (size_t i = 0; i < realm->n_blobs; i++)
		if (overlap(&granules, &realm->blobs[i]))
			return cc_log_refuse(log, fault,
					     "blob shares a granule with another",
					     "blob base", offset, r->base,
					     realm->blobs[i].base);
	realm->blobs[realm->n_blobs++] = granules;
	realm->blob_bytes += r->size;
	return 0;
}

static int take_blob(struct cc_log *log, struct cc_log_event *ev,
		     struct cc_log_fault *fault)
{
	struct cc_blob *blob = &ev->realm.blob;
	size_t len = ev->size ? ev->data[0] : 0;
	int rc = 0;

	if (ev->size < BLOB_MIN)
		return cc_log_refuse(log, fault, "is too short for a blob",
				     "size", ev->data_offset - 4, ev->size,
				     BLOB_MIN);
	if (cc_blob_parse(ev->data, ev->size, blob))
		return cc_log_refuse(log, fault,
				     "description is not as long as its event says",
				     "description length", ev->data_offset, len,
				     ev->size - BLOB_MIN);
	for (size_t i = 0; i < blob->desc_len; i++)
		if (blob->desc[i] < ' ' || blob->desc[i] > '~')
			return cc_log_refuse(log, fault,
					     "description is not printable",
					     "description",
					     ev->data_offset + 1 + i,
					     blob->desc[i], '~');
	if (ev->type == CC_EV_POST_CODE2 && desc_is(blob, "LOG")) {
		ev->realm.kind = CC_REALM_LOG;
		rc = check_place(log, &blob->range, ev->data_offset + 1 + len,
				 fault);
	} else {
		ev->realm.kind = CC_REALM_BLOB;
	}
	return rc ? rc : add_blob(log, blob, ev->data_offset + 1 + len, fault);
}

/* Tags --------------------------------------------------------------------- */

static int check_params(const struct cc_log *log,
			const struct cc_realm_params *p, size_t offset,
			struct cc_log_fault *fault)
{
	static const u16 algs[] = {
		[CC_REALM_SHA256] = CC_ALG_SHA256,
		[CC_REALM_SHA512] = CC_ALG_SHA512,
		[CC_REALM_SHA384] = CC_ALG_SHA384,
	};
	const u64 flags = CC_REALM_LPA2 | CC_REALM_SVE | CC_REALM_PMU;

	if (p->flags & ~flags)
		return cc_log_refuse(log, fault, "unknown flags of a realm",
				     "flags", offset, p->flags, flags);
	if (p->s2sz < S2SZ_MIN || p->s2sz > S2SZ_MAX)
		return cc_log_refuse(log, fault,
				     "width of addresses is not 32 to 52",
				     "s2sz", offset + 8, p->s2sz, S2SZ_MAX);
	if (p->sve_vl > SVE_VL_MAX)
		return cc_log_refuse(log, fault, "no such vector length",
				     "sve_vl", offset + 9, p->sve_vl, SVE_VL_MAX);
	if (p->sve_vl && !(p->flags & CC_REALM_SVE))
		return cc_log_refuse(log, fault, "vector length without SVE",
				     "sve_vl", offset + 9, p->sve_vl, 0);
	if (p->num_bps > POINTS_MAX)
		return cc_log_refuse(log, fault, "no such number of breakpoints",
				     "num_bps", offset + 10, p->num_bps,
				     POINTS_MAX);
	if (p->num_wps > POINTS_MAX)
		return cc_log_refuse(log, fault, "no such number of watchpoints",
				     "num_wps", offset + 11, p->num_wps,
				     POINTS_MAX);
	if (p->pmu_num_ctrs > COUNTERS_MAX)
		return cc_log_refuse(log, fault, "no such number of counters",
				     "pmu_num_ctrs", offset + 12,
				     p->pmu_num_ctrs, COUNTERS_MAX);
	if (p->pmu_num_ctrs && !(p->flags & CC_REALM_PMU))
		return cc_log_refuse(log, fault, "counters without a PMU",
				     "pmu_num_ctrs", offset + 12,
				     p->pmu_num_ctrs, 0);
	if (p->hash_algo >= ARRAY_SIZE(algs))
		return cc_log_refuse(log, fault, "no such hash algorithm",
				     "hash_algo", offset + 13, p->hash_algo,
				     ARRAY_SIZE(algs) - 1);
	if (!cc_log_has_alg(log, algs[p->hash_algo]))
		return cc_log_refuse(log, fault,
				     "hash algorithm is not declared by the log",
				     "hash_algo", offset + 13, p->hash_algo,
				     log->algs[0].id);
	return 0;
}

static int take_create(struct cc_log *log, struct cc_log_event *ev,
		       const u8 *data, size_t size, size_t offset,
		       struct cc_log_fault *fault)
{
	struct cc_realm_params *p = &ev->realm.create;
	struct cc_realm *realm = &log->realm;
	int rc;

	if (realm->created)
		return cc_log_refuse(log, fault, "second REALM_CREATE", "tag",
				     ev->data_offset, TAG_CREATE, 0);
	if (realm->n_blobs)
		return cc_log_refuse(log, fault, "REALM_CREATE behind a blob",
				     "tag", ev->data_offset, TAG_CREATE, 0);
	if (size != CREATE_LEN && size != CREATE_PADDED)
		return cc_log_refuse(log, fault, "REALM_CREATE is not 14 or 16 bytes",
				     "taggedEventDataSize", offset - 4, size,
				     CREATE_LEN);
	if (size == CREATE_PADDED) {
		if (data[14] || data[15])
			return cc_log_refuse(log, fault,
					     "padding of REALM_CREATE is not zero",
					     "padding", offset + 14, data[14], 0);
		cc_log_note(log, CC_LOG_Q_CREATE_PAD, offset);
	}
	*p = (struct cc_realm_params) {
		.flags = get_unaligned_le64(data),
		.s2sz = data[8],
		.sve_vl = data[9],
		.num_bps = data[10],
		.num_wps = data[11],
		.pmu_num_ctrs = data[12],
		.hash_algo = data[13],
	};
	rc = check_params(log, p, offset, fault);
	if (rc)
		return rc;
	ev->realm.kind = CC_REALM_CREATE;
	realm->created = true;
	realm->params = *p;
	return 0;
}

static int check_ripas(const struct cc_log *log, const struct cc_range *r,
		       size_t offset, struct cc_log_fault *fault)
{
	u64 top = 1ULL << (log->realm.params.s2sz - 1);

	if (r->base % GRANULE)
		return cc_log_refuse(log, fault, "memory is not aligned",
				     "base", offset, r->base, GRANULE);
	if (!r->size || r->size % GRANULE)
		return cc_log_refuse(log, fault,
				     "memory is not a number of granules",
				     "size", offset + 8, r->size, GRANULE);
	if (r->size > ~0ULL - r->base)
		return cc_log_refuse(log, fault, "memory overflows", "size",
				     offset + 8, r->size, ~0ULL - r->base);
	/* The upper half of the address space is shared with the host. */
	if (r->base >= top || r->size > top - r->base)
		return cc_log_refuse(log, fault,
				     "memory is not in the protected half",
				     "base", offset, r->base, top);
	return 0;
}

static int take_ripas(struct cc_log *log, struct cc_log_event *ev,
		      const u8 *data, size_t size, size_t offset,
		      struct cc_log_fault *fault)
{
	struct cc_realm *realm = &log->realm;
	struct cc_range r, *last;
	int rc;

	if (size != RIPAS_LEN)
		return cc_log_refuse(log, fault, "INIT_RIPAS is not 16 bytes",
				     "taggedEventDataSize", offset - 4, size,
				     RIPAS_LEN);
	r.base = get_unaligned_le64(data);
	r.size = get_unaligned_le64(data + 8);
	rc = check_ripas(log, &r, offset, fault);
	if (rc)
		return rc;

	for (size_t i = 0; i < realm->n_ripas; i++)
		if (overlap(&r, &realm->ripas[i]))
			cc_log_note(log, CC_LOG_Q_RIPAS_OVERLAP, offset);
	last = realm->n_ripas ? &realm->ripas[realm->n_ripas - 1] : NULL;
	if (last && r.base < range_end(last))
		cc_log_note(log, CC_LOG_Q_RIPAS_ORDER, offset);
	if (last && r.base == range_end(last)) {
		last->size += r.size;
	} else {
		if (realm->n_ripas == CC_LOG_RANGES_MAX)
			return cc_log_refuse(log, fault,
					     "memory is in too many pieces",
					     "base", offset, realm->n_ripas,
					     CC_LOG_RANGES_MAX);
		realm->ripas[realm->n_ripas++] = r;
	}
	ev->realm.kind = CC_REALM_RIPAS;
	ev->realm.ripas = r;
	return 0;
}

static int take_rec(struct cc_log *log, struct cc_log_event *ev,
		    const u8 *data, size_t size, size_t offset,
		    struct cc_log_fault *fault)
{
	struct cc_rec_params *rec = &ev->realm.rec;

	if (size != REC_LEN)
		return cc_log_refuse(log, fault, "REC_CREATE is not 80 bytes",
				     "taggedEventDataSize", offset - 4, size,
				     REC_LEN);
	rec->flags = get_unaligned_le64(data);
	rec->pc = get_unaligned_le64(data + 8);
	for (size_t i = 0; i < CC_REC_GPRS; i++)
		rec->gprs[i] = get_unaligned_le64(data + 16 + 8 * i);
	if (rec->flags & ~(u64)CC_REC_RUNNABLE)
		return cc_log_refuse(log, fault, "unknown flags of a REC",
				     "flags", offset, rec->flags,
				     CC_REC_RUNNABLE);
	if (!(rec->flags & CC_REC_RUNNABLE))
		cc_log_note(log, CC_LOG_Q_REC_STOPPED, offset);
	else if (log->realm.n_recs++)
		cc_log_note(log, CC_LOG_Q_RECS_RUNNABLE, offset);
	ev->realm.kind = CC_REALM_REC;
	return 0;
}

/* A VMM writes one whole tag; the profile, 10.4.2.1. */
static int check_tag(const struct cc_log *log, const struct cc_log_event *ev,
		     struct cc_log_fault *fault)
{
	u32 size;

	if (ev->size < 8)
		return cc_log_refuse(log, fault, "is too short for a tag",
				     "size", ev->data_offset - 4, ev->size, 8);
	size = get_unaligned_le32(ev->data + 4);
	if (size != ev->size - 8)
		return cc_log_refuse(log, fault,
				     "tag is not as long as its event",
				     "taggedEventDataSize", ev->data_offset + 4,
				     size, ev->size - 8);
	return 0;
}

static int take_tag(struct cc_log *log, struct cc_log_event *ev,
		    struct cc_log_fault *fault)
{
	size_t size = ev->size - 8, offset = ev->data_offset + 8;
	const u8 *data = ev->data + 8;
	u32 tag;
	int rc;

	rc = check_tag(log, ev, fault);
	if (rc)
		return rc;
	tag = get_unaligned_le32(ev->data);
	if (tag == TAG_CREATE)
		return take_create(log, ev, data, size, offset, fault);
	if (tag != TAG_RIPAS && tag != TAG_REC)
		return 0;
	if (!log->realm.created)
		return cc_log_refuse(log, fault, "tag before REALM_CREATE",
				     "tag", ev->data_offset, tag, TAG_CREATE);
	if (tag == TAG_RIPAS)
		return take_ripas(log, ev, data, size, offset, fault);
	return take_rec(log, ev, data, size, offset, fault);
}

/* NO_ACTION ---------------------------------------------------------------- */

static bool terminated(const u8 *s, size_t len)
{
	return memchr(s, 0, len);
}

static void settle_vmm(struct cc_log *log, const struct cc_vm_version *vm)
{
	const char *v = vm->version;

	log->basis = "name and layout of VM VERSION";
	if (vm->has_place)
		log->dialect = CC_LOG_REALM_DOC;
	else if (!strcmp(vm->name, "QEMU"))
		/* Since version 10.0, the major number has two digits. */
		log->dialect = v[0] && v[1] >= '0' && v[1] <= '9' ?
			       CC_LOG_REALM_QEMU : CC_LOG_REALM_QEMU_RFC;
	else if (!strcmp(vm->name, "kvmtool"))
		log->dialect = CC_LOG_REALM_KVMTOOL;
	else
		log->dialect = CC_LOG_REALM_OTHER;
}

/* Parses one of three layouts; the length tells which. */
static void vm_fields(const struct cc_log_event *ev, struct cc_vm_version *vm)
{
	const u8 *p = ev->data + VM_FIELDS;

	if (ev->size >= VM_DOC) {
		vm->has_place = true;
		vm->log.base = get_unaligned_le64(p);
		vm->log.size = get_unaligned_le64(p + 8);
		vm->ram_size = get_unaligned_le64(p + 16);
		vm->num_cpus = get_unaligned_le32(p + 24);
		vm->tail = ev->size - VM_DOC;
		return;
	}
	vm->ram_size = get_unaligned_le64(p);
	vm->num_cpus = get_unaligned_le32(p + 8);
	vm->tail = ev->size - VM_SHORT;
	if (ev->size >= VM_QEMU) {
		vm->has_flags = true;
		vm->flags = get_unaligned_le64(p + 16);
		vm->tail = ev->size - VM_QEMU;
	}
}

static int take_vm_version(struct cc_log *log, struct cc_log_event *ev,
			   struct cc_log_fault *fault)
{
	struct cc_vm_version *vm = &ev->realm.vm;
	size_t cpus;

	if (log->nr != 1)
		return cc_log_refuse(log, fault, "VM VERSION is not the second event",
				     "signature", ev->data_offset, log->nr, 1);
	if (ev->size < VM_SHORT)
		return cc_log_refuse(log, fault, "VM VERSION is too short",
				     "size", ev->data_offset - 4, ev->size,
				     VM_SHORT);
	if (!terminated(ev->data + VM_SIGNATURE, VM_NAME_LEN))
		return cc_log_refuse(log, fault, "name of the VMM has no end",
				     "name", ev->data_offset + VM_SIGNATURE,
				     ev->data[VM_VERSION - 1], 0);
	if (!terminated(ev->data + VM_VERSION, VM_VERSION_LEN))
		return cc_log_refuse(log, fault, "version of the VMM has no end",
				     "version", ev->data_offset + VM_VERSION,
				     ev->data[VM_FIELDS - 1], 0);
	*vm = (struct cc_vm_version) {
		.name = (const char *)ev->data + VM_SIGNATURE,
		.version = (const char *)ev->data + VM_VERSION,
	};
	vm_fields(ev, vm);
	cpus = ev->data_offset + VM_FIELDS + (vm->has_place ? 24 : 8);
	if (vm->num_cpus > CC_LOG_CPUS_MAX)
		return cc_log_refuse(log, fault, "too many CPUs", "num_cpus",
				     cpus, vm->num_cpus, CC_LOG_CPUS_MAX);
	ev->realm.kind = CC_REALM_VM_VERSION;
	log->is_realm = true;
	log->realm.named = true;
	settle_vmm(log, vm);
	return vm->has_place ? check_place(log, &vm->log,
					   ev->data_offset + VM_FIELDS, fault) : 0;
}

static int take_no_action(struct cc_log *log, struct cc_log_event *ev,
			  struct cc_log_fault *fault)
{
	static const u8 vm[VM_SIGNATURE] = "VM VERSION";
	static const u8 dtb[VM_SIGNATURE] = "DTB";

	if (ev->size < VM_SIGNATURE)
		return 0;
	if (!memcmp(ev->data, vm, sizeof(vm)))
		return take_vm_version(log, ev, fault);
	if (log->is_realm && !memcmp(ev->data, dtb, sizeof(dtb))) {
		ev->realm.kind = CC_REALM_DTB;
		ev->realm.dtb = ev->data + VM_SIGNATURE;
		ev->realm.dtb_len = ev->size - VM_SIGNATURE;
	}
	return 0;
}

/*
 * A log without VM VERSION counts as a realm's log if it has REALM_CREATE or a
 * blob with a known name. A log with SHA-1, or with a register above 4, is a
 * TPM's log.
 */
static void recognize(struct cc_log *log, const struct cc_log_event *ev)
{
	struct cc_blob blob;

	if (log->is_realm || log->index || log->form != CC_LOG_FORM_2 ||
	    log->max_index > CC_INDEX_MR_MAX ||
	    cc_log_has_alg(log, CC_ALG_SHA1))
		return;
	if (ev->type == CC_EV_EVENT_TAG &&
	    cc_tags_count(ev->data, ev->size) == 1)
		log->is_realm = get_unaligned_le32(ev->data) == TAG_CREATE;
	if (!is_blob_type(ev->type) ||
	    cc_blob_parse(ev->data, ev->size, &blob))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(blob_names); i++)
		if (desc_is(&blob, blob_names[i]))
			log->is_realm = true;
}

/**
 * cc_log_realm_event - check and parse an event of a realm
 * @log: the log
 * @ev: the event with checked framing; @ev->realm is set
 * @fault: set if the result is -EBADMSG
 *
 * Return: 0; -EBADMSG if no VMM can write such an event.
 */
int cc_log_realm_event(struct cc_log *log, struct cc_log_event *ev,
		       struct cc_log_fault *fault)
{
	if (log->form != CC_LOG_FORM_2)
		return 0;
	if (ev->type == CC_EV_NO_ACTION)
		return take_no_action(log, ev, fault);
	/* Register 0 is the RIM; the guest itself extends the others. */
	if (ev->index)
		return 0;
	recognize(log, ev);
	if (!log->is_realm)
		return 0;
	if (ev->type == CC_EV_EVENT_TAG)
		return take_tag(log, ev, fault);
	if (is_blob_type(ev->type))
		return take_blob(log, ev, fault);
	return 0;
}
