/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: everything that the command ccguest does, without printing.
 *
 * Rules that hold for every function here:
 *  - Nothing is printed, and the process is never ended.
 *  - A function that can fail returns 0 or a negative errno, and leaves the
 *    reason in the context, see ccg_error().
 *  - Strings that come out may hold any byte that a file system, a firmware or
 *    a host put there. Escape them before a terminal sees them.
 *  - Files are opened close-on-exec.
 *  - Memory that held a secret is overwritten before it is freed.
 *  - A context and what was made from it belong to one thread at a time.
 */
#ifndef CCGUEST_H
#define CCGUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- context and errors ---- */

/**
 * enum ccg_class - what kind of failure an error is
 * @CCG_FAILED: an operation failed
 * @CCG_USAGE: the caller asked for something that makes no sense
 * @CCG_NOT_FOUND: what was asked for is not there
 * @CCG_UNSUPPORTED: this machine, kernel or configuration does not have it
 * @CCG_UNVERIFIED: a verification or an authentication had a negative result
 *
 * The values are ccguest's exit statuses.
 */
enum ccg_class {
	CCG_FAILED = 1,
	CCG_USAGE = 2,
	CCG_NOT_FOUND = 3,
	CCG_UNSUPPORTED = 4,
	CCG_UNVERIFIED = 5,
};

/**
 * struct ccg_error - why the last call failed
 * @code: the negative errno that was returned; 0 where nothing failed
 * @kind: what kind of failure it is
 * @what: the path or the thing that it is about
 * @why: the reason, a sentence without a period
 * @hint: what to do about it; empty where there is nothing to say
 */
struct ccg_error {
	int code;
	enum ccg_class kind;
	char what[4352];
	char why[512];
	char hint[512];
};

/*
 * What all calls share: the root directory, the last error.
 *
 * Links in a root directory that ccg_ctx_set_root() sets do not lead out of it,
 * as long as the kernel has openat2(); and nobody else may change the tree
 * meanwhile. libkmod knows no root directory, it opens paths: it is given
 * /proc/self/fd/N for what was opened inside. Where /proc is not mounted that
 * cannot be done, and the modules of such a tree are taken for missing.
 */
struct ccg_ctx;

/*
 * Told how far a long call is: what it works on, how much of it is done, and
 * how much there is. Many times a second; all of it done comes last.
 */
typedef void ccg_progress_fn(void *arg, const char *what, uint64_t done,
			     uint64_t all);

const char *ccg_version(void);
int ccg_ctx_new(struct ccg_ctx **ctxp);
void ccg_ctx_free(struct ccg_ctx *ctx);
int ccg_ctx_set_root(struct ccg_ctx *ctx, const char *root);
void ccg_ctx_set_progress(struct ccg_ctx *ctx, ccg_progress_fn *fn, void *arg);
const struct ccg_error *ccg_error(const struct ccg_ctx *ctx);

/* ---- memory and files that hold secrets ---- */

void ccg_wipe_free(void *buf, size_t len);
int ccg_no_core_dumps(struct ccg_ctx *ctx);
int ccg_file_load(struct ccg_ctx *ctx, const char *path, size_t max,
		  uint8_t **bufp, size_t *lenp);
int ccg_file_save(struct ccg_ctx *ctx, const char *path, const uint8_t *buf,
		  size_t len);

/* ---- GUIDs ---- */

/* Size of a GUID's text, the terminating NUL included. */
#define CCG_GUID_TEXT	37

/**
 * struct ccg_guid - a GUID in EFI's form
 * @b: its bytes; the first three fields are little-endian
 */
struct ccg_guid {
	uint8_t b[16];
};

int ccg_guid_parse(const char *text, struct ccg_guid *guid);
void ccg_guid_format(const struct ccg_guid *guid, char *text);
int ccg_unhex(const char *text, uint8_t *buf, size_t max, size_t *lenp);
void ccg_hex(const uint8_t *p, size_t len, char *text);
bool ccg_guid_equal(const struct ccg_guid *a, const struct ccg_guid *b);
bool ccg_guid_is_zero(const struct ccg_guid *guid);

/**
 * struct ccg_known - a GUID that has a meaning outside this project
 * @guid: its text, lower case
 * @name: the name by which the command knows it
 * @alias: another name that others use, or NULL
 * @purpose: what a secret of this GUID is
 * @consumer: who reads it
 */
struct ccg_known {
	const char *guid;
	const char *name;
	const char *alias;
	const char *purpose;
	const char *consumer;
};

const struct ccg_known *ccg_known_at(size_t i);
const struct ccg_known *ccg_known_by_guid(const struct ccg_guid *guid);
int ccg_guid_from_name(struct ccg_ctx *ctx, const char *name,
		       struct ccg_guid *guid);

/* ---- secrets ---- */

/* Where the kernel module shows the secrets. */
#define CCG_SECRETS_DIR	"/sys/kernel/security/secrets/coco"

/**
 * struct ccg_secret - one secret, without its bytes
 * @guid: its GUID
 * @known: what is known about the GUID, or NULL
 * @size_known: @size is true; it is not where the kernel does not tell the
 *		size (the in-tree module) and the file cannot be read
 * @size: in bytes
 * @mode: permissions of the file; 0 in an area file
 * @index: number of the entry in an area file, deleted ones counted, from 0
 * @offset: of the entry in an area file, in bytes
 * @hidden: an earlier entry of the same area file has the same GUID, so that
 *	    the kernel does not show this one
 * @wiped: ccg_secrets_wipe() has wiped it
 */
struct ccg_secret {
	struct ccg_guid guid;
	const struct ccg_known *known;
	bool size_known;
	size_t size;
	unsigned int mode;
	size_t index;
	size_t offset;
	bool hidden;
	bool wiped;
};

/* Secrets of this machine or of an area file, opened. */
struct ccg_secrets;

/**
 * struct ccg_secrets_info - what a set of secrets is as a whole
 * @path: the directory or the file
 * @live: they are those of this machine, in a directory of securityfs
 * @n: number of secrets for ccg_secrets_at(), hidden ones included
 * @n_hidden: how many of them are hidden behind one of the same GUID
 * @n_deleted: number of deleted entries in an area file
 * @n_trailing: bytes behind the last entry of an area file's table that are
 *		too few for another entry
 * @n_skipped: number of things in the directory that are no secrets
 * @table_len: length of an area file's table in bytes
 * @area_len: length of an area file in bytes
 */
struct ccg_secrets_info {
	const char *path;
	bool live;
	size_t n;
	size_t n_hidden;
	size_t n_deleted;
	size_t n_trailing;
	size_t n_skipped;
	size_t table_len;
	size_t area_len;
};

int ccg_secrets_open(struct ccg_ctx *ctx, const char *file, bool writable,
		     struct ccg_secrets **sp);
void ccg_secrets_close(struct ccg_secrets *s);
const struct ccg_secrets_info *ccg_secrets_info(const struct ccg_secrets *s);
const struct ccg_secret *ccg_secrets_at(const struct ccg_secrets *s, size_t i);
const char *ccg_secrets_skipped_at(const struct ccg_secrets *s, size_t i);
int ccg_secrets_find(struct ccg_secrets *s, const char *name,
		     const struct ccg_secret **secretp);
int ccg_secrets_read(struct ccg_secrets *s, const struct ccg_secret *secret,
		     uint8_t **bufp, size_t *lenp);
int ccg_secrets_wipe(struct ccg_secrets *s, const struct ccg_secret *secret);

/* ---- building a secret table ---- */

/* A table's file is a multiple of this: LAUNCH_SECRET takes nothing else. */
#define CCG_BUILD_ALIGN	16

/**
 * enum ccg_build_flags - what ccg_build_add() lets through
 * @CCG_BUILD_DUPLICATE: a GUID that is in the table already
 * @CCG_BUILD_ZERO: the zero GUID, which makes a deleted entry
 */
enum ccg_build_flags {
	CCG_BUILD_DUPLICATE = 1,
	CCG_BUILD_ZERO = 2,
};

/* A secret table that is being built. */
struct ccg_build;

int ccg_build_new(struct ccg_ctx *ctx, struct ccg_build **bp);
void ccg_build_free(struct ccg_build *b);
int ccg_build_add(struct ccg_build *b, const struct ccg_guid *guid,
		  const uint8_t *data, size_t len, unsigned int flags);
int ccg_build_finish(struct ccg_build *b, size_t size, const uint8_t **bufp,
		     size_t *lenp, size_t *table_lenp);

/* ---- the log of what was measured ---- */

/* Where the kernel module shows logs, by number. */
#define CCG_LOG_DIR	"/sys/kernel/security/cc_event_log"
/* The longest log that is read. */
#define CCG_LOG_MAX	0x4000000

/* Of lib/cc_log.h. */
struct cc_log;
struct cc_log_event;
struct cc_log_opts;

/* A log, read and checked. */
struct ccg_log;

int ccg_log_open(struct ccg_ctx *ctx, const char *file,
		 const struct cc_log_opts *opts, struct ccg_log **logp);
void ccg_log_close(struct ccg_log *log);
const char *ccg_log_path(const struct ccg_log *log);
const struct cc_log *ccg_log_summary(const struct ccg_log *log);
void ccg_log_rewind(struct ccg_log *log);
bool ccg_log_next(struct ccg_log *log, struct cc_log_event *ev);

const char *ccg_log_dialect_name(const struct cc_log *log);
const char *ccg_log_dialect_text(const struct cc_log *log);
const char *ccg_log_quirk_text(unsigned int quirk);
const char *ccg_log_type_name(uint32_t type);
const char *ccg_log_alg_name(uint16_t alg);
void ccg_log_register_name(const struct cc_log *log, uint32_t index,
			   char *text, size_t size);

/**
 * struct ccg_sink - takes what is said of an event's data
 * @open: begin a list or an object; @key is NULL within a list
 * @close: end it
 * @text: a string of any bytes; NULL for null
 * @number: a number, which people like in hexadecimal or not
 */
struct ccg_sink {
	void (*open)(struct ccg_sink *sink, const char *key, bool list);
	void (*close)(struct ccg_sink *sink);
	void (*text)(struct ccg_sink *sink, const char *key, const char *text,
		     size_t len);
	void (*number)(struct ccg_sink *sink, const char *key, uint64_t val,
		       bool hex);
};

void ccg_log_decode(const struct cc_log_event *ev, int version,
		    struct ccg_sink *sink);
void ccg_log_decode_header(const struct cc_log *log, struct ccg_sink *sink);
void ccg_log_meaning(const struct cc_log_event *ev, char *text, size_t size);
char *ccg_devpath_text(const uint8_t *path, size_t len);

/**
 * struct ccg_register - a register as a log leaves it
 * @index: its number
 * @alg: the algorithm, of lib/cc_log.h
 * @len: length of @value
 * @n_events: how many events extended it
 * @value: its value
 */
struct ccg_register {
	uint32_t index;
	uint16_t alg;
	uint16_t len;
	size_t n_events;
	uint8_t value[64];
};

int ccg_log_replay(struct ccg_log *log, struct ccg_register **regsp,
		   size_t *np);

/* ---- guests as their description has them ---- */

struct ccg_realm;

int ccg_realm_load(struct ccg_ctx *ctx, const char *file,
		   struct ccg_realm **rp);
void ccg_realm_free(struct ccg_realm *r);
int ccg_realm_rim(struct ccg_realm *r, uint8_t *rim, size_t *lenp,
		  uint16_t *algp);
int ccg_realm_log(struct ccg_realm *r, uint8_t **bufp, size_t *lenp);

/* ---- attestation tokens of Arm CCA ---- */

/**
 * struct ccg_token - what a token vouches for
 * @alg: hash algorithm of the realm, of lib/cc_log.h
 * @hash_differs: its measurements have another length than @alg's digests
 * @len: length of each of @regs
 * @regs: the RIM, and the four REMs
 */
struct ccg_token {
	uint16_t alg;
	bool hash_differs;
	size_t len;
	uint8_t regs[5][64];
};

int ccg_token_verify(struct ccg_ctx *ctx, const char *path, const char *key,
		     const uint8_t *nonce, size_t nonce_len,
		     struct ccg_token *t);

/* ---- does a log add up? ---- */

/**
 * enum ccg_trust - how far an event can be believed
 * @CCG_CLAIMED: only the log says so
 * @CCG_CONSISTENT: a register vouches for its digest, but its data are not
 *		    what was hashed
 * @CCG_VERIFIED: a register vouches for what it says
 */
enum ccg_trust {
	CCG_CLAIMED,
	CCG_CONSISTENT,
	CCG_VERIFIED,
};

/**
 * enum ccg_match - how a register compares
 * @CCG_MATCHES: it is what the log adds up to
 * @CCG_DIFFERS: it is not
 * @CCG_UNLOGGED: it was extended, and the log has no event for it
 * @CCG_UNKNOWN_VALUE: what the log adds up to cannot be worked out
 */
enum ccg_match {
	CCG_MATCHES,
	CCG_DIFFERS,
	CCG_UNLOGGED,
	CCG_UNKNOWN_VALUE,
};

/**
 * struct ccg_expected - a register as it should be, and how it compares
 * @index: its number in the log
 * @alg: its algorithm, of lib/cc_log.h
 * @len: length of @value
 * @value: as it should be
 * @computed: as the log has it
 * @match: how they compare
 */
struct ccg_expected {
	uint32_t index;
	uint16_t alg;
	size_t len;
	uint8_t value[64];
	uint8_t computed[64];
	enum ccg_match match;
};

/* Registers that can be expected at once. */
#define CCG_EXPECTED_MAX	128

/**
 * struct ccg_verify - what to verify a log by, and the result
 * @images: directory of known-good images, or NULL
 * @database: directory of their granules' digests
 * @rmm: 1 for RMM 1.0, 2 for 2.0, 0 to find out
 * @padded: values that extend a REM are filled up
 * @n_expected: number of @expected
 * @expected: registers as they should be, and how they compare
 * @n_events: number of events
 * @trust: of each event, from the first behind the header on
 * @rmm_found: which RMM fits, 0 for none
 * @culprit: what is wrong, or empty
 * @good: it adds up
 */
struct ccg_verify {
	const char *images;
	const char *database;
	int rmm;
	bool padded;
	size_t n_expected;
	struct ccg_expected expected[CCG_EXPECTED_MAX];
	size_t n_events;
	enum ccg_trust *trust;
	int rmm_found;
	char culprit[512];
	bool good;
};

void ccg_verify_token(struct ccg_verify *v, const struct ccg_token *t);
int ccg_verify_registers(struct ccg_ctx *ctx, struct ccg_log *log,
			 const char *file, struct ccg_verify *v);
int ccg_verify_log(struct ccg_ctx *ctx, struct ccg_log *log,
		   struct ccg_verify *v);
void ccg_verify_free(struct ccg_verify *v);

/* ---- kernel modules ---- */

/**
 * enum ccg_module_state - where a module is
 * @CCG_MODULE_MISSING: not installed for this kernel
 * @CCG_MODULE_PRESENT: installed for this kernel, not loaded
 * @CCG_MODULE_LOADED: loaded
 * @CCG_MODULE_BUILTIN: part of the kernel image
 */
enum ccg_module_state {
	CCG_MODULE_MISSING,
	CCG_MODULE_PRESENT,
	CCG_MODULE_LOADED,
	CCG_MODULE_BUILTIN,
};

/**
 * enum ccg_module_origin - whose module it is
 * @CCG_ORIGIN_UNKNOWN: cannot be told
 * @CCG_ORIGIN_OURS: of this project
 * @CCG_ORIGIN_INTREE: came with the kernel
 * @CCG_ORIGIN_OTHER: built out of tree by somebody else
 */
enum ccg_module_origin {
	CCG_ORIGIN_UNKNOWN,
	CCG_ORIGIN_OURS,
	CCG_ORIGIN_INTREE,
	CCG_ORIGIN_OTHER,
};

/**
 * struct ccg_module - one kernel module
 * @name: its name
 * @purpose: what it is for
 * @state: where it is
 * @origin: whose the loaded one is; if none is loaded, the installed one
 * @version: version of the loaded one; if none is loaded, of the installed
 *	     one; NULL where it has none
 * @path: the installed file that modprobe would take, or NULL; below a root
 *	  directory, the name of that directory and the path seen from inside
 * @file_origin: whose that file is
 * @file_version: its version, or NULL
 */
struct ccg_module {
	const char *name;
	const char *purpose;
	enum ccg_module_state state;
	enum ccg_module_origin origin;
	char *version;
	char *path;
	enum ccg_module_origin file_origin;
	char *file_version;
};

size_t ccg_module_count(void);
int ccg_module_get(struct ccg_ctx *ctx, size_t i, struct ccg_module *mod);
void ccg_module_clear(struct ccg_module *mod);

/* ---- the machine as a whole ---- */

/**
 * enum ccg_tristate - whether something is there
 * @CCG_ABSENT: it is not
 * @CCG_PRESENT: it is
 * @CCG_UNKNOWN: that cannot be told
 */
enum ccg_tristate {
	CCG_ABSENT,
	CCG_PRESENT,
	CCG_UNKNOWN,
};

/**
 * struct ccg_facility - something that a confidential guest may have
 * @name: short, stable
 * @state: whether it is there
 * @detail: what was seen, a phrase
 */
struct ccg_facility {
	const char *name;
	enum ccg_tristate state;
	char *detail;
};

/**
 * struct ccg_step - something to do next
 * @command: what to type
 * @why: what for
 */
struct ccg_step {
	char *command;
	char *why;
};

/**
 * struct ccg_status - this machine as far as ccguest is concerned
 * @release: of the kernel
 * @arch: of the machine, as uname -m has it
 * @efi: the kernel was started through EFI
 * @securityfs: securityfs is mounted at its place
 * @lockdown: "none", "integrity", "confidentiality" or "unknown"
 * @n_modules: number of @modules
 * @modules: our modules
 * @n_facilities: number of @facilities
 * @facilities: what there is
 * @n_steps: number of @steps
 * @steps: what to do next
 */
struct ccg_status {
	char *release;
	char *arch;
	bool efi;
	bool securityfs;
	const char *lockdown;
	size_t n_modules;
	struct ccg_module *modules;
	size_t n_facilities;
	struct ccg_facility *facilities;
	size_t n_steps;
	struct ccg_step *steps;
};

int ccg_status_get(struct ccg_ctx *ctx, struct ccg_status **statusp);
void ccg_status_free(struct ccg_status *status);

#ifdef __cplusplus
}
#endif

#endif /* CCGUEST_H */
