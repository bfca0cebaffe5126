/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The measurement log of a guest: framing, events, and the events of realms
 * (Arm CCA).
 *
 * One header event in the form of TPM 1.2, then events in the form of TPM 2.0,
 * back to back, then padding. All integers are little-endian, nothing is
 * aligned:
 *
 *	+--------------------------------+ 0
 *	| u32 index, u32 type = 3        |   TCG_PCClientPCREvent
 *	| u8 sha1[20] = 0, u32 size      |
 *	| "Spec ID Event03", algorithms  |   size bytes
 *	+--------------------------------+ 32 + size
 *	| u32 index, u32 type            |   TCG_PCR_EVENT2
 *	| u32 count, count digests:      |
 *	|     u16 algorithm, bytes       |
 *	| u32 size, data                 |
 *	+--------------------------------+
 *	| next event ...                 |
 *	+--------------------------------+ the true end
 *	| 0x00 or 0xff                   |
 *	+--------------------------------+
 *
 * Two other forms are read if the caller asks for them: enum cc_log_form.
 *
 * Sources: TCG PC Client Platform Firmware Profile 1.06 ("the profile"),
 * clauses 10.2 and 10.4; TCG EFI Platform Specification 1.22, clause 7, for
 * TPM 1.2; UEFI 2.10, chapter 38; Arm RMM specification
 * (DEN0137) for the realm's parameters; for the realm's events, the
 * measurement-log document of veraison/cca-realm-measurements, and the logs of
 * QEMU and kvmtool.
 */
#ifndef CCGUEST_LIB_CC_LOG_H
#define CCGUEST_LIB_CC_LOG_H

#include "env.h"

/* Limits for every log. The profile requires events below 1 MiB. */
#define CC_LOG_EVENT_MAX	0x100000
#define CC_LOG_ALGS_MAX		16
#define CC_LOG_DIGEST_MAX	64
/* Limit for the sum of a realm's blobs: each granule needs a hash. */
#define CC_LOG_BLOBS_MAX	0x1000000000ULL
/* Limits for the number of memory ranges, and of blobs, of a realm. */
#define CC_LOG_RANGES_MAX	32
#define CC_LOG_CPUS_MAX		0x10000

/* The header event without, and with, a Spec ID event without algorithms. */
#define CC_LOG_HEADER_LEN	32
#define CC_LOG_SPEC_MIN		29
/* Length of the signature of a NO_ACTION event. */
#define CC_LOG_SIGNATURE_LEN	16

/* TCG Algorithm Registry, "TPM_ALG_ID". */
#define CC_ALG_SHA1		0x0004
#define CC_ALG_SHA256		0x000b
#define CC_ALG_SHA384		0x000c
#define CC_ALG_SHA512		0x000d
#define CC_ALG_SM3		0x0012
#define CC_ALG_SHA3_256		0x0027
#define CC_ALG_SHA3_384		0x0028
#define CC_ALG_SHA3_512		0x0029

/* Types of the events that these functions check; the profile, table 14. */
#define CC_EV_NO_ACTION		0x03
#define CC_EV_SEPARATOR		0x04
#define CC_EV_EVENT_TAG		0x06
#define CC_EV_POST_CODE2	0x13
#define CC_EV_EFI_BLOB2		0x8000000a
#define CC_EV_EFI_AUTHORITY	0x800000e0
#define CC_EV_SPDM_AUTHORITY	0x800000e4

/* The tag of an entry of the Attestation Agent: "AAEL", big-endian. */
#define CC_TAG_AGENT		0x4141454c

/* Measurement registers 0 to 4, PCRs 0 to 23. */
#define CC_INDEX_MR_MAX		4
#define CC_INDEX_PCR_MAX	23
#define CC_INDEX_NONE		0xffffffff

/**
 * enum cc_log_form - framing of a log
 * @CC_LOG_FORM_2: a header, and events of TPM 2.0
 * @CC_LOG_FORM_12: events of TPM 1.2, with one SHA-1 digest each; the first one
 *		    may be a header of version 00 or 02
 * @CC_LOG_FORM_AGENT: events of TPM 2.0 without a header, as the Attestation
 *		       Agent of Confidential Containers writes them
 */
enum cc_log_form {
	CC_LOG_FORM_2,
	CC_LOG_FORM_12,
	CC_LOG_FORM_AGENT,
};

/**
 * enum cc_log_dialect - writer of a log
 * @CC_LOG_UNDETERMINED: unknown
 * @CC_LOG_TPM: firmware of a guest with a TPM; an index is the number of a PCR
 * @CC_LOG_TPM12: as CC_LOG_TPM, in the form of TPM 1.2
 * @CC_LOG_CCEL: firmware of a guest without a TPM, such as TDX with EDK2; an
 *		 index is the number of a measurement register, 0 the initial
 *		 one
 * @CC_LOG_CSV: as CC_LOG_CCEL, on Hygon CSV, with SM3
 * @CC_LOG_AGENT: the Attestation Agent of Confidential Containers, alone
 * @CC_LOG_REALM_QEMU_RFC: QEMU before 10, RFC patches for realms
 * @CC_LOG_REALM_QEMU: QEMU 10 and later with patches for realms
 * @CC_LOG_REALM_KVMTOOL: kvmtool with patches for realms
 * @CC_LOG_REALM_DOC: a VMM that follows the measurement-log document
 * @CC_LOG_REALM_BLOBS: a realm's log with blobs only, without its parameters
 * @CC_LOG_REALM_OTHER: another VMM, for a realm
 * @CC_LOG_N_DIALECTS: number of dialects
 */
enum cc_log_dialect {
	CC_LOG_UNDETERMINED,
	CC_LOG_TPM,
	CC_LOG_TPM12,
	CC_LOG_CCEL,
	CC_LOG_CSV,
	CC_LOG_AGENT,
	CC_LOG_REALM_QEMU_RFC,
	CC_LOG_REALM_QEMU,
	CC_LOG_REALM_KVMTOOL,
	CC_LOG_REALM_DOC,
	CC_LOG_REALM_BLOBS,
	CC_LOG_REALM_OTHER,
	CC_LOG_N_DIALECTS,
};

/**
 * enum cc_log_quirk - deviations from the profile that are accepted
 *
 * A fault of the framing ends a log: nothing behind the fault can be found. Odd
 * contents of an event are a quirk: the event keeps its bytes, and the events
 * behind it are read.
 *
 * @CC_LOG_Q_ALG_0: NO_ACTION with one digest of algorithm 0
 * @CC_LOG_Q_NO_DIGEST: EVENT_TAG or LOG without a digest
 * @CC_LOG_Q_FEWER_DIGESTS: fewer digests than algorithms declared
 * @CC_LOG_Q_VENDOR_BEHIND: vendor bytes after the stated size of the header
 * @CC_LOG_Q_INDEX_NONE: NO_ACTION with the index 0xffffffff
 * @CC_LOG_Q_CREATE_PAD: REALM_CREATE of 16 bytes instead of 14
 * @CC_LOG_Q_RIPAS_ORDER: INIT_RIPAS not ascending
 * @CC_LOG_Q_RIPAS_OVERLAP: INIT_RIPAS overlaps another
 * @CC_LOG_Q_RECS_RUNNABLE: more than one runnable REC
 * @CC_LOG_Q_REC_STOPPED: a REC that is not runnable, and not measured
 * @CC_LOG_Q_TRAILING: other bytes than padding follow the last event
 * @CC_LOG_Q_NO_ACTION_DIGEST: NO_ACTION with a digest that is not zero; only
 *			       with CC_LOG_LENIENT if the index is a register
 * @CC_LOG_Q_INDEX_NV: NO_ACTION with the index of no register, such as an NV
 *		       index
 * @CC_LOG_Q_TAG_FORM: EVENT_TAG whose data are not a tag
 * @CC_LOG_Q_TAGS: EVENT_TAG with more than one tag
 * @CC_LOG_Q_LOCALITY_PAD: StartupLocality with zeros behind it; it is obeyed
 * @CC_LOG_Q_LOCALITY_FORM: StartupLocality of another form or value; it has no
 *			    effect
 * @CC_LOG_Q_LOCALITY_INDEX: StartupLocality with another index than 0; likewise
 * @CC_LOG_Q_LOCALITY_LATE: StartupLocality behind an event that extends PCR 0,
 *			    or a second one; likewise
 * @CC_LOG_Q_SEPARATOR_TWICE: more separators for a register than it can have
 * @CC_LOG_Q_SEPARATOR_AFTER: an event behind the separator of PCR 0, 2, 3 or 6,
 *			      or a configuration behind that of PCR 7
 * @CC_LOG_N_QUIRKS: number of quirks
 */
enum cc_log_quirk {
	CC_LOG_Q_ALG_0,
	CC_LOG_Q_NO_DIGEST,
	CC_LOG_Q_FEWER_DIGESTS,
	CC_LOG_Q_VENDOR_BEHIND,
	CC_LOG_Q_INDEX_NONE,
	CC_LOG_Q_CREATE_PAD,
	CC_LOG_Q_RIPAS_ORDER,
	CC_LOG_Q_RIPAS_OVERLAP,
	CC_LOG_Q_RECS_RUNNABLE,
	CC_LOG_Q_REC_STOPPED,
	CC_LOG_Q_TRAILING,
	CC_LOG_Q_NO_ACTION_DIGEST,
	CC_LOG_Q_INDEX_NV,
	CC_LOG_Q_TAG_FORM,
	CC_LOG_Q_TAGS,
	CC_LOG_Q_LOCALITY_PAD,
	CC_LOG_Q_LOCALITY_FORM,
	CC_LOG_Q_LOCALITY_INDEX,
	CC_LOG_Q_LOCALITY_LATE,
	CC_LOG_Q_SEPARATOR_TWICE,
	CC_LOG_Q_SEPARATOR_AFTER,
	CC_LOG_N_QUIRKS,
};

/**
 * struct cc_log_fault - why a log is refused, for a message
 * @what: the fault in words, a constant string without a newline
 * @field: the name of the field
 * @event: number of the event, 0 for the header
 * @offset: of the field, in bytes from the start of the log
 * @value: value of the field
 * @limit: the expected value, or the least or the greatest one
 */
struct cc_log_fault {
	const char *what;
	const char *field;
	size_t event;
	size_t offset;
	u64 value;
	u64 limit;
};

/**
 * enum cc_log_flags - how to read a log
 * @CC_LOG_STRICT: refuse deviations that TPM logs never have: CC_LOG_Q_ALG_0,
 *		   CC_LOG_Q_NO_DIGEST, CC_LOG_Q_VENDOR_BEHIND
 * @CC_LOG_REALM: the log is a realm's: the rules for realms hold from the
 *		  first event on
 * @CC_LOG_PLACED: the place of the log is known
 * @CC_LOG_LENIENT: accept CC_LOG_Q_NO_ACTION_DIGEST for a register, and the
 *		    forms CC_LOG_FORM_12 and CC_LOG_FORM_AGENT. The kernel
 *		    module does not set this flag. It shows a log to programs
 *		    that know none of these functions: the events behind a
 *		    header of TPM 2.0, and no digest that such a program could
 *		    add to a register by mistake. All other quirks leave the
 *		    framing and the registers as they are.
 * @CC_LOG_PARTLY: cc_log_check() accepts the events in front of a fault
 */
enum cc_log_flags {
	CC_LOG_STRICT = 1,
	CC_LOG_REALM = 2,
	CC_LOG_PLACED = 4,
	CC_LOG_LENIENT = 8,
	CC_LOG_PARTLY = 16,
};

/**
 * struct cc_range - a piece of guest memory
 * @base: address
 * @size: in bytes; @base + @size does not overflow
 */
struct cc_range {
	u64 base;
	u64 size;
};

/**
 * struct cc_log_opts - how to read a log
 * @flags: of enum cc_log_flags
 * @place: the place of the log, with CC_LOG_PLACED
 */
struct cc_log_opts {
	unsigned int flags;
	struct cc_range place;
};

/**
 * struct cc_alg - an algorithm that a log declares
 * @id: its number
 * @len: length of its digests
 */
struct cc_alg {
	u16 id;
	u16 len;
};

/* Flags of struct cc_realm_params; DEN0137, RmiRealmFlags. */
#define CC_REALM_LPA2		1
#define CC_REALM_SVE		2
#define CC_REALM_PMU		4
/* RmiHashAlgorithm. */
#define CC_REALM_SHA256		0
#define CC_REALM_SHA512		1
#define CC_REALM_SHA384		2

#define CC_REC_RUNNABLE		1
#define CC_REC_GPRS		8

/**
 * struct cc_realm_params - parameters of a realm that are measured
 * @flags: CC_REALM_LPA2 and so on
 * @s2sz: width of its addresses in bits
 * @sve_vl: length of SVE's vectors
 * @num_bps: breakpoints
 * @num_wps: watchpoints
 * @pmu_num_ctrs: counters
 * @hash_algo: CC_REALM_SHA256 and so on
 */
struct cc_realm_params {
	u64 flags;
	u8 s2sz;
	u8 sve_vl;
	u8 num_bps;
	u8 num_wps;
	u8 pmu_num_ctrs;
	u8 hash_algo;
};

/**
 * struct cc_rec_params - parameters of a vCPU of a realm
 * @flags: CC_REC_RUNNABLE
 * @pc: address of its first instruction
 * @gprs: x0 to x7
 */
struct cc_rec_params {
	u64 flags;
	u64 pc;
	u64 gprs[CC_REC_GPRS];
};

/**
 * struct cc_blob - data that was loaded
 * @desc: description, printable
 * @desc_len: length of @desc without a NUL
 * @nul: the length in the log includes a NUL
 * @range: its memory
 */
struct cc_blob {
	const u8 *desc;
	size_t desc_len;
	bool nul;
	struct cc_range range;
};

/**
 * struct cc_vm_version - the VMM of the guest
 * @name: name of the VMM, with a NUL
 * @version: version of the VMM, with a NUL
 * @has_place: @log is set
 * @log: the memory into which the VMM wrote the log
 * @ram_size: size of the guest's memory in bytes
 * @num_cpus: number of the guest's CPUs
 * @has_flags: @flags is set
 * @flags: flags that the VMM defines
 * @tail: number of unknown bytes at the end
 */
struct cc_vm_version {
	const char *name;
	const char *version;
	bool has_place;
	struct cc_range log;
	u64 ram_size;
	u32 num_cpus;
	bool has_flags;
	u64 flags;
	size_t tail;
};

/**
 * enum cc_realm_kind - kind of an event of a realm
 * @CC_REALM_NONE: unknown, or no event of a realm
 * @CC_REALM_VM_VERSION: the VMM
 * @CC_REALM_DTB: the Device Tree itself
 * @CC_REALM_CREATE: the realm's parameters
 * @CC_REALM_RIPAS: memory of the realm
 * @CC_REALM_REC: a vCPU
 * @CC_REALM_BLOB: data that was loaded, measured
 * @CC_REALM_LOG: the log itself, not measured
 */
enum cc_realm_kind {
	CC_REALM_NONE,
	CC_REALM_VM_VERSION,
	CC_REALM_DTB,
	CC_REALM_CREATE,
	CC_REALM_RIPAS,
	CC_REALM_REC,
	CC_REALM_BLOB,
	CC_REALM_LOG,
};

/**
 * struct cc_realm_event - an event of a realm
 * @kind: kind of the event; determines the valid member
 * @vm: CC_REALM_VM_VERSION
 * @dtb: CC_REALM_DTB: the Device Tree
 * @dtb_len: length of @dtb in bytes
 * @create: CC_REALM_CREATE
 * @ripas: CC_REALM_RIPAS
 * @rec: CC_REALM_REC
 * @blob: CC_REALM_BLOB and CC_REALM_LOG
 */
struct cc_realm_event {
	enum cc_realm_kind kind;
	union {
		struct cc_vm_version vm;
		struct {
			const u8 *dtb;
			size_t dtb_len;
		};
		struct cc_realm_params create;
		struct cc_range ripas;
		struct cc_rec_params rec;
		struct cc_blob blob;
	};
};

/**
 * struct cc_digest - a digest of an event
 * @alg: algorithm ID; 0 with CC_LOG_Q_ALG_0
 * @len: length of the digest in bytes
 * @data: bytes of the digest
 */
struct cc_digest {
	u16 alg;
	u16 len;
	const u8 *data;
};

/**
 * struct cc_tag - TCG_PCClientTaggedEvent
 * @id: taggedEventID
 * @data: taggedEventData
 * @size: length of @data in bytes
 */
struct cc_tag {
	u32 id;
	const u8 *data;
	u32 size;
};

/**
 * struct cc_log_event - an event
 * @nr: number of the event; the first event after the header is 1
 * @offset: offset of the event from the start of the log, in bytes
 * @len: length of the event in bytes
 * @index: number of the register
 * @type: type of the event
 * @n_digests: number of @digests
 * @digests: digests of the event
 * @data: data of the event
 * @size: length of @data in bytes
 * @data_offset: offset of @data from the start of the log, in bytes
 * @quirks: the quirks of the event, bit mask by enum cc_log_quirk
 * @has_locality: the event sets PCR 0 before its first extension
 * @locality: the last byte of PCR 0, with @has_locality
 * @realm: parsed contents, if the event is one of a realm
 *
 * All pointers point into the log.
 */
struct cc_log_event {
	size_t nr;
	size_t offset;
	size_t len;
	u32 index;
	u32 type;
	size_t n_digests;
	struct cc_digest digests[CC_LOG_ALGS_MAX];
	const u8 *data;
	size_t size;
	size_t data_offset;
	unsigned int quirks;
	bool has_locality;
	u8 locality;
	struct cc_realm_event realm;
};

/**
 * struct cc_realm - a realm, from the events so far
 * @created: the log has a REALM_CREATE so far
 * @params: parameters of the REALM_CREATE
 * @named: the log has a VM VERSION so far
 * @n_recs: number of runnable RECs
 * @n_ripas: number of @ripas
 * @ripas: memory ranges; adjacent ranges are merged
 * @n_blobs: number of @blobs
 * @blobs: loaded granules, including those of the log
 * @blob_bytes: sum of the sizes of @blobs in bytes
 */
struct cc_realm {
	bool created;
	struct cc_realm_params params;
	bool named;
	size_t n_recs;
	size_t n_ripas;
	struct cc_range ripas[CC_LOG_RANGES_MAX];
	size_t n_blobs;
	struct cc_range blobs[CC_LOG_RANGES_MAX];
	u64 blob_bytes;
};

/**
 * struct cc_log - a log that is being parsed
 * @buf: the log
 * @len: length of the log with padding, in bytes
 * @opts: options
 * @form: framing of the log
 * @signature: signature of the header event, terminated; NULL if there is none.
 *	       Without a header, the next members up to @uintn are 0
 * @index: register of the header event
 * @header_size: stated size of the Spec ID event in bytes
 * @platform_class: platformClass of the Spec ID event
 * @major: major version of the profile
 * @minor: minor version of the profile
 * @errata: errata version of the profile
 * @uintn: uintnSize: 1 for 32 bits, 2 for 64
 * @n_algs: number of @algs
 * @algs: algorithms that the log declares
 * @vendor: vendorInfo
 * @vendor_len: length of @vendor in bytes
 * @nr: number of the next event; at the end, the number of all events, and of
 *	the header, which counts even if there is none
 * @pos: offset of the next event; at the end, the length without padding
 * @ended: the end of the log is reached
 * @broken: a fault ended the log, with CC_LOG_PARTLY
 * @fill: byte of the padding, 0x00 or 0xff, if there is padding
 * @n_trailing: number of bytes after the end that are not padding
 * @trailing: offset of the first trailing byte
 * @quirks: bit mask by enum cc_log_quirk
 * @quirk_at: offset of the first quirk of each kind
 * @event_quirks: quirks of the event that is being parsed
 * @separators: number of separators of each register, 255 at most
 * @located: the log has had a StartupLocality that is obeyed
 * @started: an event has extended register 0
 * @is_realm: the log is the log of a realm
 * @max_index: highest index of an event, except CC_INDEX_NONE
 * @dialect: program that wrote the log; set at the end
 * @basis: the reason for @dialect
 * @realm: the realm, from the events so far
 */
struct cc_log {
	const u8 *buf;
	size_t len;
	struct cc_log_opts opts;
	enum cc_log_form form;
	const char *signature;
	u32 index;
	u32 header_size;
	u32 platform_class;
	u8 major;
	u8 minor;
	u8 errata;
	u8 uintn;
	size_t n_algs;
	struct cc_alg algs[CC_LOG_ALGS_MAX];
	const u8 *vendor;
	u8 vendor_len;
	size_t nr;
	size_t pos;
	bool ended;
	bool broken;
	u8 fill;
	size_t n_trailing;
	size_t trailing;
	unsigned int quirks;
	size_t quirk_at[CC_LOG_N_QUIRKS];
	unsigned int event_quirks;
	u8 separators[CC_INDEX_PCR_MAX + 1];
	bool located;
	bool started;
	bool is_realm;
	u32 max_index;
	enum cc_log_dialect dialect;
	const char *basis;
	struct cc_realm realm;
};

int cc_log_begin(struct cc_log *log, const u8 *buf, size_t len,
		 const struct cc_log_opts *opts, struct cc_log_fault *fault);
int cc_log_next(struct cc_log *log, struct cc_log_event *ev,
		struct cc_log_fault *fault);
int cc_log_check(struct cc_log *log, const u8 *buf, size_t len,
		 const struct cc_log_opts *opts, struct cc_log_event *ev,
		 struct cc_log_fault *fault);

/**
 * cc_log_has_alg - test whether a log declares an algorithm
 * @log: the log
 * @id: the algorithm
 *
 * Return: true if the log declares the algorithm.
 */
bool cc_log_has_alg(const struct cc_log *log, u16 id);

bool cc_log_uses_pcrs(const struct cc_log *log);

int cc_blob_parse(const u8 *data, size_t size, struct cc_blob *blob);
bool cc_tag_next(const u8 *data, size_t size, size_t *pos, struct cc_tag *tag);
size_t cc_tags_count(const u8 *data, size_t size);

#endif /* CCGUEST_LIB_CC_LOG_H */
