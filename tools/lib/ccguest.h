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

const char *ccg_version(void);
int ccg_ctx_new(struct ccg_ctx **ctxp);
void ccg_ctx_free(struct ccg_ctx *ctx);
int ccg_ctx_set_root(struct ccg_ctx *ctx, const char *root);
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

/* ---- authenticating a device over a connection ---- */

/*
 * A requester of SPDM (DSP0274), the same as in the kernel, over a TCP
 * connection that carries PCIe DOE data objects as QEMU's spdm_port does.
 *
 * Texts of this part are printable ASCII, unlike others here: what a
 * certificate has in its names is escaped already.
 */

/* Certificates that are trusted. */
struct ccg_trust;

int ccg_trust_new(struct ccg_ctx *ctx, struct ccg_trust **tp);
void ccg_trust_free(struct ccg_trust *t);
int ccg_trust_add(struct ccg_trust *t, const char *path);

/**
 * enum ccg_validity - what is made of a certificate's time
 * @CCG_VALIDITY_OFF: nothing
 * @CCG_VALIDITY_WARN: it is said, and goes
 * @CCG_VALIDITY_ENFORCE: it is refused
 */
enum ccg_validity {
	CCG_VALIDITY_OFF,
	CCG_VALIDITY_WARN,
	CCG_VALIDITY_ENFORCE,
};

/**
 * struct ccg_auth_step - a request and its response
 * @request: name of the request
 * @response: name of the response, NULL where there was none
 * @sent: length of the request in bytes
 * @received: length of the response, padding included
 * @us: microseconds between the two
 */
struct ccg_auth_step {
	const char *request;
	const char *response;
	size_t sent;
	size_t received;
	uint64_t us;
};

/**
 * struct ccg_auth_options - how to authenticate
 * @san: name that the device must have, or NULL
 * @validity: what is made of the certificates' time
 * @min_version: lowest version of SPDM, 0x10 to 0x13
 * @max_version: highest version of SPDM
 * @asym: signature algorithms to offer, see ccg_auth_parse_asym()
 * @hash: hash algorithms to offer, see ccg_auth_parse_hash()
 * @timeout_ms: how long connecting, and then each authentication, may take
 * @step: called after each exchange, or NULL
 * @arg: for @step
 */
struct ccg_auth_options {
	const char *san;
	enum ccg_validity validity;
	uint8_t min_version;
	uint8_t max_version;
	uint32_t asym;
	uint32_t hash;
	unsigned int timeout_ms;
	void (*step)(void *arg, const struct ccg_auth_step *step);
	void *arg;
};

void ccg_auth_defaults(struct ccg_auth_options *options);
int ccg_auth_parse_versions(struct ccg_auth_options *options, const char *text);
int ccg_auth_parse_asym(struct ccg_auth_options *options, const char *text);
int ccg_auth_parse_hash(struct ccg_auth_options *options, const char *text);

/**
 * struct ccg_auth_cert - a certificate
 * @subject: its subject
 * @issuer: its issuer
 * @san: name of a device, PCIe r6.1, 6.31.3; NULL where there is none
 * @not_before: first second it is valid in, since 1970
 * @not_after: last second it is valid in
 * @ca: it is that of a CA
 * @der: points to it
 * @len: its length in bytes
 */
struct ccg_auth_cert {
	char *subject;
	char *issuer;
	char *san;
	int64_t not_before;
	int64_t not_after;
	bool ca;
	const uint8_t *der;
	size_t len;
};

/**
 * struct ccg_auth_chain - a certificate chain, as it was in a slot
 * @slot: which slot
 * @der: points to the certificates, one after the other, the root first
 * @len: their length in bytes
 * @certs: the certificates
 * @n: their number
 * @malformed: what is wrong behind the last of @certs; NULL where nothing is
 */
struct ccg_auth_chain {
	unsigned int slot;
	const uint8_t *der;
	size_t len;
	struct ccg_auth_cert *certs;
	size_t n;
	char *malformed;
};

#define CCG_AUTH_SLOTS	8

/**
 * struct ccg_auth_failure - why an authentication, or one slot, failed
 * @stage: version, capabilities, algorithms, digests, certificate, chain,
 *	   challenge or signature
 * @slot: which slot, or -1
 * @err: negative errno
 * @text: a sentence without a period
 */
struct ccg_auth_failure {
	const char *stage;
	int slot;
	int err;
	char text[384];
};

/**
 * struct ccg_auth_result - how an authentication went, as far as it got
 * @authenticated: the device proved that it has the key of a trusted chain
 * @slot: of that chain, or -1
 * @version: of SPDM, as "1.2"; NULL where it was not agreed on, like the next
 * @asym: signature algorithm
 * @hash: hash algorithm
 * @flags: the device's capabilities
 * @anchor: subject of the certificate where trust begins; NULL where
 *	    @authenticated is not set, like the next
 * @expired: what is wrong with the time of a certificate that was let through
 * @failures: what failed; there may be some though @authenticated is set
 * @n_failures: their number
 * @chains: the chains that were read
 * @n_chains: their number
 * @messages: requests sent
 * @sent: bytes in them
 * @received: bytes of responses, padding included
 * @fetched: chains that were read in this authentication
 * @us: microseconds that it took
 */
struct ccg_auth_result {
	bool authenticated;
	int slot;
	const char *version;
	const char *asym;
	const char *hash;
	uint32_t flags;
	const char *anchor;
	const char *expired;
	struct ccg_auth_failure failures[CCG_AUTH_SLOTS + 1];
	size_t n_failures;
	struct ccg_auth_chain chains[CCG_AUTH_SLOTS];
	size_t n_chains;
	uint32_t messages;
	uint64_t sent;
	uint64_t received;
	uint32_t fetched;
	uint64_t us;
};

/* A connection to a device, and what is known about it. */
struct ccg_auth;

int ccg_auth_open(struct ccg_ctx *ctx, const char *address,
		  const struct ccg_trust *trust,
		  const struct ccg_auth_options *options,
		  struct ccg_auth **ap);
int ccg_auth_run(struct ccg_auth *a);
const struct ccg_auth_result *ccg_auth_result(const struct ccg_auth *a);
void ccg_auth_close(struct ccg_auth *a);
int ccg_auth_cert_pem(struct ccg_ctx *ctx, const struct ccg_auth_cert *cert,
		      char **pemp);

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
