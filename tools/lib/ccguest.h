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
 *  - Memory that holds a secret is locked where the limits allow that, and is
 *    overwritten before it is freed.
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

uint8_t *ccg_secret_alloc(struct ccg_ctx *ctx, size_t len);
void ccg_secret_free(void *secret);
void ccg_lock_memory(struct ccg_ctx *ctx, const void *p, size_t len);
int ccg_lock_error(const struct ccg_ctx *ctx);
void ccg_wipe_free(void *buf, size_t len);
int ccg_no_core_dumps(struct ccg_ctx *ctx);
int ccg_file_load(struct ccg_ctx *ctx, const char *path, size_t max,
		  uint8_t **bufp, size_t *lenp);
int ccg_secret_load(struct ccg_ctx *ctx, const char *path, size_t max,
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

/* ---- certificates ---- */

/* The most that a file with certificates may have, in bytes. */
#define CCG_CERTS_FILE_MAX	1048576
/* Where an administrator puts those that devices are authenticated against. */
#define CCG_CMA_DIR	"/etc/ccguest/cma.d"

/**
 * enum ccg_cert_time - how a certificate stands to this machine's clock
 * @CCG_CERT_IN_TIME: it is valid now
 * @CCG_CERT_NOT_YET: it will be
 * @CCG_CERT_EXPIRED: it was
 */
enum ccg_cert_time {
	CCG_CERT_IN_TIME,
	CCG_CERT_NOT_YET,
	CCG_CERT_EXPIRED,
};

/**
 * struct ccg_cert - one certificate
 * @der: it, in DER
 * @der_len: its length in bytes
 * @subject: as "C=US, O=Example, CN=Root", the order of the certificate
 * @issuer: likewise
 * @key: kind of key, as "RSA 3072" or "EC P-384"
 * @key_id: subject key identifier in hexadecimal, or NULL
 * @fingerprint: SHA-256 of @der in hexadecimal
 * @device_name: name of a PCI device, PCIe r6.1, 6.31.3, or NULL
 * @not_before: first second that it is valid in, ISO 8601; empty if malformed
 * @not_after: last second, likewise
 * @time: what the clock says to that
 * @ca: it may sign others
 */
struct ccg_cert {
	uint8_t *der;
	size_t der_len;
	char *subject;
	char *issuer;
	char *key;
	char *key_id;
	char *fingerprint;
	char *device_name;
	char not_before[32];
	char not_after[32];
	enum ccg_cert_time time;
	bool ca;
};

/**
 * struct ccg_certs - certificates of one file or of one slot of a device
 * @n: number of @certs
 * @certs: in the order in which they are there
 */
struct ccg_certs {
	size_t n;
	struct ccg_cert *certs;
};

int ccg_certs_parse(struct ccg_ctx *ctx, const char *what, const uint8_t *buf,
		    size_t len, struct ccg_certs **certsp);
int ccg_certs_load(struct ccg_ctx *ctx, const char *path,
		   struct ccg_certs **certsp);
void ccg_certs_free(struct ccg_certs *certs);
int ccg_cert_pem(struct ccg_ctx *ctx, const struct ccg_cert *cert, char **pemp);

/**
 * struct ccg_cert_dir - files with certificates in a directory
 * @ctx: the context
 * @own: it is CCG_CMA_DIR of this machine
 * @n: number of @paths
 * @paths: files whose names end in .der or .pem
 */
struct ccg_cert_dir {
	struct ccg_ctx *ctx;
	bool own;
	size_t n;
	char **paths;
};

int ccg_cert_dir_open(struct ccg_ctx *ctx, const char *dir,
		      struct ccg_cert_dir **dp);
int ccg_cert_dir_load(struct ccg_cert_dir *d, size_t i,
		      struct ccg_certs **certsp);
void ccg_cert_dir_free(struct ccg_cert_dir *d);

/* ---- keyrings ---- */

/* The kernel's keyring that PCI devices are authenticated against. */
#define CCG_CMA_KEYRING	".cma"
/* A hint for devices that the kernel has judged. */
#define CCG_SPDM_MESSAGES \
	"Documentation/spdm.md, \"Messages\", tells what to do"

/**
 * struct ccg_key - one key of a keyring
 * @id: its serial number
 * @type: its type, or NULL where the kernel does not tell
 * @description: its description, or NULL likewise
 * @subject: of the certificate, from the description
 * @fingerprint: of the certificate, where the description has it, or NULL
 * @key_id: what else the description has to tell keys apart, or NULL
 * @algorithm: as the kernel calls it, as "X509.rsa", or NULL
 * @expires: when the key goes: "never", "expired", or as /proc/keys has it, as
 *	     "3d"; NULL where that is not known
 * @error: why the kernel does not tell, a negative errno; or 0
 */
struct ccg_key {
	int32_t id;
	char *type;
	char *description;
	char *subject;
	char *fingerprint;
	char *key_id;
	char *algorithm;
	char *expires;
	int error;
};

/* A keyring of the kernel that runs, whatever the root directory is. */
struct ccg_keyring;

int ccg_keyring_open(struct ccg_ctx *ctx, const char *name,
		     struct ccg_keyring **kp);
void ccg_keyring_close(struct ccg_keyring *k);
int32_t ccg_keyring_id(const struct ccg_keyring *k);
const char *ccg_keyring_name(const struct ccg_keyring *k);
const struct ccg_key *ccg_keyring_at(const struct ccg_keyring *k, size_t i);
int ccg_keyring_find(struct ccg_keyring *k, const char *text,
		     const struct ccg_key **keyp);
int ccg_keyring_add(struct ccg_keyring *k, const struct ccg_cert *cert,
		    int32_t *idp, bool *replacedp);
int ccg_keyring_remove(struct ccg_keyring *k, const struct ccg_key *key);

/* ---- PCI devices ---- */

/* Slots for certificates that a device has: DSP0274, GET_CERTIFICATE. */
#define CCG_SLOTS	8
/* The most failures that are kept of an authentication. */
#define CCG_FAILURES_MAX	64
/* Size of the text of a device's address, the terminating NUL included. */
#define CCG_BDF_TEXT	20
/* Size of the text of a device's name, likewise. */
#define CCG_DEVICE_NAME	96

/**
 * enum ccg_device_state - what is known of a device's authenticity
 * @CCG_DEVICE_PLAIN: it cannot be authenticated, or nobody does
 * @CCG_DEVICE_PENDING: it is being authenticated
 * @CCG_DEVICE_AUTHENTICATED: it is authenticated
 * @CCG_DEVICE_UNAUTHENTICATED: it is not
 * @CCG_DEVICE_UNKNOWN: whether it can be could not be determined
 */
enum ccg_device_state {
	CCG_DEVICE_PLAIN,
	CCG_DEVICE_PENDING,
	CCG_DEVICE_AUTHENTICATED,
	CCG_DEVICE_UNAUTHENTICATED,
	CCG_DEVICE_UNKNOWN,
};

/**
 * struct ccg_doe_protocol - a protocol of a data object exchange mailbox
 * @vendor: who has defined it
 * @type: which of the vendor's it is
 */
struct ccg_doe_protocol {
	uint16_t vendor;
	uint8_t type;
};

/**
 * struct ccg_device - one PCI device
 * @bdf: its address, as "0000:00:03.0"
 * @vendor: Vendor ID
 * @device: Device ID
 * @subsystem_vendor: Subsystem Vendor ID
 * @subsystem_device: Subsystem ID
 * @class_code: three bytes
 * @revision: Revision ID
 * @name: of vendor and device, from pci.ids, or NULL
 * @class_name: from pci.ids, or NULL
 * @driver: name of the driver that is bound, or NULL
 * @header_type: layout of its configuration header; 0xff where not known
 * @extended: its extended configuration space could be read: @n_doe and
 *	      @serial are true
 * @n_doe: number of DOE mailboxes
 * @doe: offsets of the first of them, 8 at most
 * @serial: Device Serial Number, 0 where it has none
 * @listed: the kernel lists @protocols
 * @n_protocols: number of @protocols
 * @protocols: of all mailboxes, each once
 * @cma: it has an attribute "authenticated"
 * @state: whether it is authenticated
 */
struct ccg_device {
	char bdf[CCG_BDF_TEXT];
	uint16_t vendor;
	uint16_t device;
	uint16_t subsystem_vendor;
	uint16_t subsystem_device;
	uint32_t class_code;
	uint8_t revision;
	char *name;
	char *class_name;
	char *driver;
	uint8_t header_type;
	bool extended;
	size_t n_doe;
	uint16_t doe[8];
	uint64_t serial;
	bool listed;
	size_t n_protocols;
	struct ccg_doe_protocol *protocols;
	bool cma;
	enum ccg_device_state state;
};

/**
 * struct ccg_devices - PCI devices, in the order of their addresses
 * @ctx: the context
 * @n: number of @devices
 * @devices: the devices
 */
struct ccg_devices {
	struct ccg_ctx *ctx;
	size_t n;
	struct ccg_device *devices;
};

/**
 * struct ccg_failure - why an authentication failed, one of the reasons
 * @stage: version, capabilities, algorithms, digests, certificate, chain,
 *	   challenge or signature; NULL where the kernel's words make no sense
 * @slot: the slot, or -1
 * @code: a negative errno, or 0
 * @text: a sentence
 */
struct ccg_failure {
	char *stage;
	int slot;
	int code;
	char *text;
};

/**
 * struct ccg_slot - one slot of a device
 * @size: bytes of its certificates; 0 where it has none
 * @der: these bytes as the device gave them, or NULL
 * @certs: the certificates, up to one that is malformed, or NULL
 * @error: why they, or those behind, cannot be shown, or NULL
 */
struct ccg_slot {
	size_t size;
	uint8_t *der;
	struct ccg_certs *certs;
	char *error;
};

/**
 * struct ccg_evidence - what is known of a device's authentication
 * @version: of SPDM, or NULL
 * @asym: algorithm of signatures, or NULL; the kernel calls it as DSP0274 does,
 *	  ccg_auth_run() as ccg_auth_parse_asym() takes it
 * @hash: hash algorithm likewise, or NULL
 * @slot: slot that it was authenticated with, or -1
 * @n_failures: number of @failures
 * @failures: why it failed last
 * @slots: certificates
 */
struct ccg_evidence {
	char *version;
	char *asym;
	char *hash;
	int slot;
	size_t n_failures;
	struct ccg_failure failures[CCG_FAILURES_MAX];
	struct ccg_slot slots[CCG_SLOTS];
};

int ccg_bdf_parse(const char *text, char *bdf);
int ccg_devices_get(struct ccg_ctx *ctx, const char *bdf,
		    struct ccg_devices **dp);
void ccg_devices_free(struct ccg_devices *d);
int ccg_device_attr(struct ccg_ctx *ctx, const struct ccg_device *dev,
		    const char *name, char **textp);
bool ccg_device_cma_name(const struct ccg_device *dev, char *name);
int ccg_device_evidence(struct ccg_ctx *ctx, const struct ccg_device *dev,
			struct ccg_evidence **evidencep);
void ccg_evidence_free(struct ccg_evidence *e);
int ccg_devices_authenticate(struct ccg_devices *d, int *results);
enum ccg_class ccg_authenticate_class(int rc);

/* ---- authenticating a device over a connection ---- */

/*
 * A requester of SPDM (DSP0274), the same as in the kernel, over a TCP
 * connection that carries PCIe DOE data objects as QEMU's spdm_port does.
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
 * struct ccg_auth_result - how an authentication went, as far as it got
 * @authenticated: the device proved that it has the key of a trusted chain
 * @evidence: what is known of it, also where it failed; there may be failures
 *	      though @authenticated is set
 * @flags: the device's capabilities
 * @anchor: subject of the certificate where trust begins; NULL where
 *	    @authenticated is not set, like the next
 * @expired: what is wrong with the time of a certificate that was let through
 * @messages: requests sent
 * @sent: bytes in them
 * @received: bytes of responses, padding included
 * @fetched: chains that were read in this authentication
 * @us: microseconds that it took
 */
struct ccg_auth_result {
	bool authenticated;
	struct ccg_evidence evidence;
	uint32_t flags;
	const char *anchor;
	const char *expired;
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
bool ccg_log_is_live(const struct ccg_log *log);

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

/* Of tools/lib/dtb.h. */
struct ccg_dtb;

/* The Device Trees that a log speaks of. */
struct ccg_trees;

/**
 * enum ccg_tree_quirk - what is odd about a Device Tree
 * @CCG_TREE_NOT_FOUND: it is not among the images
 * @CCG_TREE_MALFORMED: it is none
 * @CCG_TREE_UNMEASURED: no event has its digest
 * @CCG_TREE_LOG: it does not say of the log what the log's LOG event says
 * @CCG_TREE_INITRD: no event has its initrd
 * @CCG_TREE_MORE: there are more than are looked into
 * @CCG_TREE_N_QUIRKS: number of them
 */
enum ccg_tree_quirk {
	CCG_TREE_NOT_FOUND,
	CCG_TREE_MALFORMED,
	CCG_TREE_UNMEASURED,
	CCG_TREE_LOG,
	CCG_TREE_INITRD,
	CCG_TREE_MORE,
	CCG_TREE_N_QUIRKS,
};

/**
 * struct ccg_tree - a Device Tree that a log speaks of
 * @event: number of the event that does
 * @measured: number of the event that has its digest, or 0
 * @log: number of the LOG event that it was compared with, or 0
 * @initrd: number of the event of its initrd, or 0
 * @source: where it was found, or looked for
 * @dtb: what it tells; NULL where it was not found
 * @quirks: bit mask by enum ccg_tree_quirk
 */
struct ccg_tree {
	size_t event;
	size_t measured;
	size_t log;
	size_t initrd;
	const char *source;
	const struct ccg_dtb *dtb;
	unsigned int quirks;
};

int ccg_log_trees(struct ccg_ctx *ctx, struct ccg_log *log, const char *images,
		  struct ccg_trees **treesp);
void ccg_trees_free(struct ccg_trees *trees);
const struct ccg_tree *ccg_trees_at(const struct ccg_trees *trees, size_t i);
const struct ccg_tree *ccg_trees_of(const struct ccg_trees *trees,
				    size_t event);
const char *ccg_tree_quirk_text(unsigned int quirk);
void ccg_tree_decode(const struct ccg_tree *t, struct ccg_sink *s);
void ccg_tree_meaning(const struct ccg_tree *t, char *text, size_t size);

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

const char *ccg_ripas_name(unsigned int blocks);
unsigned int ccg_ripas_blocks(const char *name);
void ccg_realm_set_blocks(struct ccg_realm *r, unsigned int blocks);

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
 * enum ccg_belief - how far an event can be believed
 * @CCG_CLAIMED: only the log says so
 * @CCG_CONSISTENT: a register vouches for its digest, but its data are not
 *		    what was hashed
 * @CCG_VERIFIED: a register vouches for what it says
 */
enum ccg_belief {
	CCG_CLAIMED,
	CCG_CONSISTENT,
	CCG_VERIFIED,
};

/**
 * enum ccg_match - how a register compares, from good to bad
 * @CCG_MATCHES: it is what the log adds up to
 * @CCG_UNLOGGED: it was extended, and the log has no event for it
 * @CCG_UNKNOWN_VALUE: what the log adds up to cannot be worked out
 * @CCG_DIFFERS: it is not what the log adds up to
 */
enum ccg_match {
	CCG_MATCHES,
	CCG_UNLOGGED,
	CCG_UNKNOWN_VALUE,
	CCG_DIFFERS,
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
 * @blocks: with what blocks the host declares memory, see ccg_ripas_blocks();
 *	    0 to find out
 * @padded: values that extend a REM are filled up
 * @realm: register 0 is a RIM, whatever the log looks like
 * @n_expected: number of @expected
 * @expected: registers as they should be, and how they compare
 * @n_events: number of events
 * @trust: of each event, from the first behind the header on
 * @rmm_found: which RMM fits, 0 for none
 * @blocks_found: the blocks that fit; 0 for none, or if the RMM does not measure
 *		  them
 * @verdict: on the whole: the worst of @expected
 * @culprit: what is wrong, or empty
 * @good: it adds up
 */
struct ccg_verify {
	const char *images;
	const char *database;
	int rmm;
	unsigned int blocks;
	bool padded;
	bool realm;
	size_t n_expected;
	struct ccg_expected expected[CCG_EXPECTED_MAX];
	size_t n_events;
	enum ccg_belief *trust;
	int rmm_found;
	unsigned int blocks_found;
	enum ccg_match verdict;
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
 * struct ccg_advice - what keeps a module from being of use, and what to do
 * @obstacle: what does, a stable word for programs; NULL where nothing does
 * @why: what does, a phrase; empty where nothing does
 * @command: what to type; empty where nothing that can be typed helps
 * @purpose: what for
 * @hint: @command and what to know besides, as a hint is printed; may be empty
 */
struct ccg_advice {
	const char *obstacle;
	char why[512];
	char command[128];
	char purpose[1024];
	char hint[512];
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
 * @file_srcversion: checksum of the source that it was built from, or NULL
 * @is_signed: whether it is signed
 * @signer: the name in its signature; NULL where there is none
 * @advice: what keeps the module from being of use, and what to do
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
	char *file_srcversion;
	enum ccg_tristate is_signed;
	char *signer;
	struct ccg_advice advice;
};

size_t ccg_module_count(void);
int ccg_module_get(struct ccg_ctx *ctx, size_t i, struct ccg_module *mod);
void ccg_module_clear(struct ccg_module *mod);
int ccg_module_parameter(struct ccg_ctx *ctx, const char *module,
			 const char *name, char **valuep);
void ccg_module_advice(struct ccg_ctx *ctx, const char *name,
		       struct ccg_advice *a);

/* ---- the machine as a whole ---- */

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
 * @signatures: the kernel takes signed modules only
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
	enum ccg_tristate signatures;
	size_t n_modules;
	struct ccg_module *modules;
	size_t n_facilities;
	struct ccg_facility *facilities;
	size_t n_steps;
	struct ccg_step *steps;
};

int ccg_cma_keyring(struct ccg_ctx *ctx, bool *empty);
int ccg_status_get(struct ccg_ctx *ctx, struct ccg_status **statusp);
void ccg_status_free(struct ccg_status *status);

#ifdef __cplusplus
}
#endif

#endif /* CCGUEST_H */
