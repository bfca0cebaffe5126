/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: measurement logs. The structures of a log and of an event are
 * those of lib/cc_log.h.
 */
#ifndef LIBCCGUEST_LOG_H
#define LIBCCGUEST_LOG_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longest accepted log, in bytes. */
#define CCG_LOG_MAX	0x4000000

/* Defined in lib/cc_log.h. */
struct cc_log;
struct cc_log_event;
struct cc_log_fault;
struct cc_log_opts;

/* ---- logs ---- */

/* A log that was read and checked. */
struct ccg_log;

/**
 * ccg_log_open - read a log and check it
 * @ctx: the context
 * @file: the file, "-" for standard input; NULL for the log of this machine
 * @opts: how to read the log, or NULL
 * @logp: set to the log; close it with ccg_log_close()
 *
 * Logs in the form of TPM 1.2, and those of the Attestation Agent, are read too.
 * With CC_LOG_PARTLY in @opts, a log with a fault behind its header is opened;
 * ccg_log_next() stops in front of the fault, and ccg_log_fault() has it.
 *
 * Return: 0; -ENODEV with class CCG_UNSUPPORTED if this machine shows no log;
 * -EBADMSG if the log is malformed; -EFBIG if it is longer than CCG_LOG_MAX; or
 * another negative errno.
 */
int ccg_log_open(struct ccg_ctx *ctx, const char *file,
		 const struct cc_log_opts *opts, struct ccg_log **logp);

/**
 * ccg_log_open_number - read a log of the module cc_event_log and check it
 * @ctx: the context
 * @number: the number of the log, see ccg_log_numbers()
 * @opts: how to read the log, or NULL
 * @logp: set to the log; close it with ccg_log_close()
 *
 * Return: 0; -ENODEV with class CCG_UNSUPPORTED if the module shows no logs;
 * -ENOENT with class CCG_NOT_FOUND if there is no log of this number; or as
 * ccg_log_open().
 */
int ccg_log_open_number(struct ccg_ctx *ctx, uint32_t number,
			const struct cc_log_opts *opts, struct ccg_log **logp);

/**
 * ccg_log_numbers - list the logs of the module cc_event_log
 * @ctx: the context
 * @numbersp: set to the numbers of the logs, in ascending order; free it with
 *	      free(); NULL if there are none
 * @np: set to the number of logs
 *
 * Return: 0; -ENODEV with class CCG_UNSUPPORTED if the module shows no logs; or
 * another negative errno.
 */
int ccg_log_numbers(struct ccg_ctx *ctx, uint32_t **numbersp, size_t *np);

/**
 * ccg_log_attribute - read a file that describes a log of cc_event_log
 * @ctx: the context
 * @number: the number of the log
 * @name: name of the file, such as "source"
 *
 * Return: the first line, any bytes; free it with free(). NULL if the file
 * cannot be read or memory is short; the reason is not noted in the context.
 */
char *ccg_log_attribute(struct ccg_ctx *ctx, uint32_t number, const char *name);

/**
 * ccg_log_close - free a log
 * @log: the log, or NULL
 */
void ccg_log_close(struct ccg_log *log);

/**
 * ccg_log_path - get the file that a log was read from
 * @log: the log
 *
 * Return: the path, or "standard input"; valid until @log is closed.
 */
const char *ccg_log_path(const struct ccg_log *log);

/**
 * ccg_log_summary - get the properties of a log
 * @log: the log
 *
 * Return: the properties, see lib/cc_log.h; valid until @log is closed.
 */
const struct cc_log *ccg_log_summary(const struct ccg_log *log);

/**
 * ccg_log_fault - get the fault of a log that was opened with CC_LOG_PARTLY
 * @log: the log
 *
 * Return: the fault, see lib/cc_log.h; NULL if the log has none.
 */
const struct cc_log_fault *ccg_log_fault(const struct ccg_log *log);

/**
 * ccg_log_fail - note the fault of a log in the context
 * @log: the log; ccg_log_fault() is not NULL
 *
 * Return: -EBADMSG.
 */
int ccg_log_fail(struct ccg_log *log);

/**
 * ccg_log_is_live - test whether a log is the log of this machine
 * @log: the log
 *
 * Return: true if ccg_log_open() was given no file, or if
 * ccg_log_open_number() opened the log.
 */
bool ccg_log_is_live(const struct ccg_log *log);

/**
 * ccg_log_uses_pcrs - test whether the registers of a log are PCRs
 * @log: the properties of the log
 *
 * Return: true for PCRs, false for measurement registers.
 */
bool ccg_log_uses_pcrs(const struct cc_log *log);

/**
 * ccg_log_rewind - start again at the first event
 * @log: the log
 */
void ccg_log_rewind(struct ccg_log *log);

/**
 * ccg_log_next - get the next event after the header
 * @log: the log
 * @ev: set to the event; its data are valid until @log is closed
 *
 * Return: false after the last event.
 */
bool ccg_log_next(struct ccg_log *log, struct cc_log_event *ev);

/**
 * struct ccg_register - the value of a register after the events of a log
 * @index: number of the register
 * @alg: hash algorithm, see lib/cc_log.h
 * @len: length of @value in bytes
 * @n_events: number of events that extended it
 * @value: its value
 */
struct ccg_register {
	uint32_t index;
	uint16_t alg;
	uint16_t len;
	size_t n_events;
	uint8_t value[64];
};

/**
 * ccg_log_replay - compute the registers from the events of a log
 * @log: the log; it is rewound
 * @regsp: set to the registers that the log extends, sorted by algorithm and
 *	   number; free them with free()
 * @np: set to the number of registers
 *
 * Return: 0; -EIO if a digest cannot be computed; or -ENOMEM.
 */
int ccg_log_replay(struct ccg_log *log, struct ccg_register **regsp,
		   size_t *np);

/**
 * ccg_log_can_hash - test whether the registers of a bank can be computed
 * @alg: hash algorithm of the bank
 *
 * ccg_log_replay() has no registers of other banks.
 *
 * Return: true if the algorithm is known.
 */
bool ccg_log_can_hash(uint16_t alg);

/* ---- other formats ---- */

/**
 * enum ccg_cel - encodings of the Canonical Event Log Format of the TCG
 * @CCG_CEL_JSON: CEL-JSON, one record on a line
 * @CCG_CEL_CBOR: CEL-CBOR, an array of records, deterministic
 * @CCG_CEL_TLV: CEL-TLV
 */
enum ccg_cel {
	CCG_CEL_JSON,
	CCG_CEL_CBOR,
	CCG_CEL_TLV,
};

/**
 * ccg_log_export - convert a log to the Canonical Event Log Format
 * @log: the log; it is rewound
 * @form: the encoding
 * @bufp: set to the result; free it with free()
 * @lenp: set to its length in bytes
 * @n_leftp: set to the number of events that are left out: they name neither a
 *	     register nor an NV index, and extend nothing
 *
 * A record has the number that the log has for the register: on a guest without a
 * TPM, this is the number of a measurement register, not of a PCR. The header of the
 * log is the first record.
 *
 * Return: 0; -EOPNOTSUPP if @form has no number for an algorithm of the log; or
 * -ENOMEM.
 */
int ccg_log_export(struct ccg_log *log, enum ccg_cel form, uint8_t **bufp,
		   size_t *lenp, size_t *n_leftp);

/* ---- names ---- */

/**
 * ccg_log_dialect_name - get the dialect of a log, for programs
 * @log: the properties of the log
 *
 * Return: a word.
 */
const char *ccg_log_dialect_name(const struct cc_log *log);

/**
 * ccg_log_dialect_text - get the dialect of a log, for people
 * @log: the properties of the log
 *
 * Return: a phrase.
 */
const char *ccg_log_dialect_text(const struct cc_log *log);

/**
 * ccg_log_quirk_text - describe an oddity of a log
 * @quirk: of enum cc_log_quirk
 *
 * Return: a phrase; NULL after the last quirk.
 */
const char *ccg_log_quirk_text(unsigned int quirk);

/**
 * ccg_log_type_name - get the name of an event type
 * @type: the type
 *
 * Return: the name; NULL if the type has none.
 */
const char *ccg_log_type_name(uint32_t type);

/**
 * ccg_log_type_number - find an event type by name
 * @name: the name, with or without "EV_" in front, in upper or lower case
 * @type: set to the type
 *
 * Return: false if no type has this name.
 */
bool ccg_log_type_number(const char *name, uint64_t *type);

/**
 * ccg_log_alg_name - get the name of a hash algorithm
 * @alg: the algorithm
 *
 * Return: the name; NULL if the algorithm has none.
 */
const char *ccg_log_alg_name(uint16_t alg);

/**
 * ccg_log_register_name - get the name of a register
 * @log: the properties of the log
 * @index: number of the register in the log
 * @text: set to the name
 * @size: size of @text in bytes
 *
 * The same number names another register on another platform: for example PCR 0
 * of a TPM, and the initial measurement of a realm. See UEFI 2.10, 38.4.
 */
void ccg_log_register_name(const struct cc_log *log, uint32_t index,
			   char *text, size_t size);

/* ---- contents of events ---- */

/**
 * enum ccg_number - the kinds of numbers in the data of an event
 * @CCG_COUNT: a count, a length, or a small number; decimal in YAML
 * @CCG_SIZE: a size of memory in bytes; hexadecimal in YAML, a number in JSON
 * @CCG_VALUE: an address, a mask of bits, a checksum, or a register;
 *	       hexadecimal in YAML, a string "0x..." in JSON
 */
enum ccg_number {
	CCG_COUNT,
	CCG_SIZE,
	CCG_VALUE,
};

/**
 * struct ccg_sink - receives the decoded data of an event
 * @open: begin a list or an object; @key is NULL inside a list
 * @close: end the list or the object
 * @text: a string of any bytes; NULL for null
 * @number: a number
 * @yes_no: a statement that is true or false
 * @heading: a line of tpm2_eventlog's YAML that has a name but no value; or
 *	     NULL if the sink needs no headings
 * @tpm2_eventlog: give only what tpm2_eventlog prints, in its own forms
 */
struct ccg_sink {
	void (*open)(struct ccg_sink *sink, const char *key, bool list);
	void (*close)(struct ccg_sink *sink);
	void (*text)(struct ccg_sink *sink, const char *key, const char *text,
		     size_t len);
	void (*number)(struct ccg_sink *sink, const char *key, uint64_t val,
		       enum ccg_number kind);
	void (*yes_no)(struct ccg_sink *sink, const char *key, bool yes);
	void (*heading)(struct ccg_sink *sink, const char *name);
	bool tpm2_eventlog;
};

/**
 * ccg_log_decode - decode the data of an event
 * @ev: the event
 * @version: 1 or 2, the version of tpm2_eventlog's YAML; version 2 decodes
 *	     variables and partition tables
 * @sink: receives the data, under the key "Event"
 */
void ccg_log_decode(const struct cc_log_event *ev, int version,
		    struct ccg_sink *sink);

/**
 * ccg_log_decode_header - decode the header of a log
 * @log: the properties of the log
 * @sink: receives the header, under the key "SpecID"; nothing if the log has no
 *	  header
 */
void ccg_log_decode_header(const struct cc_log *log, struct ccg_sink *sink);

/**
 * ccg_log_meaning - describe an event in one line
 * @ev: the event
 * @text: set to the line, cut if it does not fit; it can hold any byte but NUL
 * @size: size of @text in bytes, not 0
 */
void ccg_log_meaning(const struct cc_log_event *ev, char *text, size_t size);

/**
 * enum ccg_data_match - how the data of an event compare with its digests, from
 *			 bad to good
 * @CCG_DATA_DIFFERS: a digest is that of other data
 * @CCG_DATA_UNKNOWN: the log does not have what was hashed, or the event has no
 *		      digest of a known algorithm
 * @CCG_DATA_IN_PART: the digests are those of a part of the data
 * @CCG_DATA_MATCHES: the digests are those of all data
 */
enum ccg_data_match {
	CCG_DATA_DIFFERS,
	CCG_DATA_UNKNOWN,
	CCG_DATA_IN_PART,
	CCG_DATA_MATCHES,
};

/**
 * ccg_log_data_match - compare the data of an event with its digests
 * @log: the log
 * @ev: the event
 * @m: set to the result, the worst of all digests
 *
 * The digests themselves are not verified: see ccg_verify_log().
 *
 * Return: 0; -ENOMEM or -EIO if a digest cannot be computed.
 */
int ccg_log_data_match(struct ccg_log *log, const struct cc_log_event *ev,
		       enum ccg_data_match *m);

/**
 * ccg_devpath_text - convert a UEFI device path to text
 * @path: the device path
 * @len: length of @path in bytes; bytes after its end node are ignored
 *
 * The text has the form of UEFI 2.10, 10.6.1.6, with the parameters of all
 * nodes. Nodes that the specification does not name are Msg(subtype,data) and the
 * like, or Path(type,subtype,data).
 *
 * Return: the text, which can hold any byte but NUL; free it with free(). NULL
 * if the path is malformed or memory is short.
 */
char *ccg_devpath_text(const uint8_t *path, size_t len);

/**
 * ccg_devpath_efivar - convert a UEFI device path to text, as libefivar does
 * @path: the device path
 * @len: length of @path in bytes; bytes after its end node are ignored
 *
 * tpm2_eventlog prints this text. It says SCSI for Scsi, and FvVol for Fv.
 *
 * Return: as ccg_devpath_text().
 */
char *ccg_devpath_efivar(const uint8_t *path, size_t len);

/* ---- Device Trees ---- */

/* Defined in tools/lib/log/dtb.h. */
struct ccg_dtb;

/* The Device Trees of a log. */
struct ccg_trees;

/**
 * enum ccg_tree_quirk - an oddity of a Device Tree
 * @CCG_TREE_NOT_FOUND: no image has the digest of the tree
 * @CCG_TREE_MALFORMED: it is not a Device Tree
 * @CCG_TREE_UNMEASURED: no event has the digest of the tree
 * @CCG_TREE_LOG: the tree and the LOG event have different addresses of the log
 * @CCG_TREE_INITRD: no event measures the initrd of the tree
 * @CCG_TREE_MORE: there are more trees than libccguest decodes
 * @CCG_TREE_N_QUIRKS: number of quirks
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
 * struct ccg_tree - a Device Tree of a log
 * @event: number of the event that names it
 * @measured: number of the event that has its digest, or 0
 * @log: number of the LOG event that it was compared with, or 0
 * @initrd: number of the event of its initrd, or 0
 * @source: the file where it was found or searched for
 * @dtb: the decoded tree; NULL if it was not found
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

/**
 * ccg_log_trees - find the Device Trees of a log
 * @ctx: the context
 * @log: the log; it is rewound
 * @images: directory of known-good images, or NULL
 * @treesp: set to the trees; free them with ccg_trees_free()
 *
 * A tree is taken from the log itself, or from the image that has its digest,
 * or, if @log is the log of this machine, from the kernel.
 *
 * Return: 0, even if there are no trees; or a negative errno.
 */
int ccg_log_trees(struct ccg_ctx *ctx, struct ccg_log *log, const char *images,
		  struct ccg_trees **treesp);

/**
 * ccg_trees_free - free Device Trees
 * @trees: the trees, or NULL
 */
void ccg_trees_free(struct ccg_trees *trees);

/**
 * ccg_trees_at - get a Device Tree by number
 * @trees: the trees
 * @i: its number, from 0
 *
 * Return: the tree; NULL after the last.
 */
const struct ccg_tree *ccg_trees_at(const struct ccg_trees *trees, size_t i);

/**
 * ccg_trees_of - get the Device Tree of an event
 * @trees: the trees
 * @event: number of the event
 *
 * Return: the tree; NULL if the event has none, or if it was not found.
 */
const struct ccg_tree *ccg_trees_of(const struct ccg_trees *trees,
				    size_t event);

/**
 * ccg_tree_quirk_text - describe an oddity of a Device Tree
 * @quirk: of enum ccg_tree_quirk
 *
 * Return: a phrase that continues a sentence which begins with the source of
 * the tree; NULL after the last quirk.
 */
const char *ccg_tree_quirk_text(unsigned int quirk);

/**
 * ccg_tree_decode - decode a Device Tree, and its comparison with the log
 * @t: the tree
 * @s: receives the data, under the key "DeviceTree"
 */
void ccg_tree_decode(const struct ccg_tree *t, struct ccg_sink *s);

/**
 * ccg_tree_meaning - describe a Device Tree in one line
 * @t: the tree
 * @text: set to the line, cut if it does not fit; it can hold any byte but NUL
 * @size: size of @text in bytes, not 0
 */
void ccg_tree_meaning(const struct ccg_tree *t, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_LOG_H */
