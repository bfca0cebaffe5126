/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest log: its verbs, and functions that several verbs share
 */
#ifndef CCGUEST_CMD_LOG_H
#define CCGUEST_CMD_LOG_H

#include <ccguest/cca.h>
#include <ccguest/log.h>

#include "cc_log.h"
#include "cli.h"
#include "out_json.h"
#include "out_table.h"

extern const struct verb log_list;
extern const struct verb log_show;
extern const struct verb log_replay;
extern const struct verb log_verify;
extern const struct verb log_rim;
extern const struct verb log_make;
extern const struct verb log_export;
extern const struct verb log_token;
extern const struct verb log_endorse;

/* The first options of show, replay and verify. */
enum { READ_STRICT, READ_REALM, READ_PLACE, N_READ };

#define READ_OPTS							\
	[READ_STRICT] = {						\
		"strict", 0, NULL,					\
		"refuse quirks that a TPM's log never has"			\
	},								\
	[READ_REALM] = {						\
		"realm", 0, NULL, "the log is an Arm CCA realm's"	\
	},								\
	[READ_PLACE] = {						\
		"place", 0, "BASE+SIZE",				\
		"address and size of the log in memory"			\
	}

/* Indexes of the options about tokens, in the verb's options. */
struct token_opts {
	size_t key;
	size_t nonce;
	size_t lifecycle;
	size_t reference;
};

#define TOKEN_KEY_OPT		"key", 0, "FILE", "public key of the platform"
#define TOKEN_NONCE_OPT							\
	"nonce", 0, "HEX", "challenge that the realm received"
#define TOKEN_LIFECYCLE_OPT						\
	"allow-lifecycle", 0, "NAME",					\
	"accept this lifecycle of the platform besides secured"
#define TOKEN_REFERENCE_OPT						\
	"reference", 0, "FILE", "expected claims of the token, in JSON"

/**
 * log_token_take - read the options about a token
 * @cmd: the command
 * @opts: indexes of the options
 * @nonce: set to the nonce, 64 bytes
 * @want: set to the options
 *
 * Return: 0 or the exit status.
 */
int log_token_take(struct cmd *cmd, const struct token_opts *opts,
		   uint8_t *nonce, struct ccg_token_want *want);

/**
 * log_token_notes - print notes about a verified token
 * @path: path of the token
 * @t: the token
 * @want: what it was verified against
 */
void log_token_notes(const char *path, const struct ccg_token *t,
		     const struct ccg_token_want *want);

/**
 * log_token_text - print the claims of a token
 * @t: the token
 * @want: what it was verified against
 */
void log_token_text(const struct ccg_token *t, const struct ccg_token_want *want);

/**
 * log_token_json - add the claims of a token
 * @o: the object
 * @t: the token
 * @want: what it was verified against
 */
void log_token_json(struct json_object *o, const struct ccg_token *t,
		    const struct ccg_token_want *want);

/**
 * log_token_registers_text - print the registers of a token
 * @t: the token
 */
void log_token_registers_text(const struct ccg_token *t);

/**
 * log_token_registers_json - add the registers of a token
 * @array: the array
 * @t: the token
 */
void log_token_registers_json(struct json_object *array, const struct ccg_token *t);

/**
 * log_open - open the log of the operand, of -F, or of this machine
 * @cmd: the command, with READ_OPTS
 * @logp: set to the log; close it with ccg_log_close()
 *
 * An operand of digits only is the number of a log of this machine.
 *
 * Return: 0 or the exit status.
 */
int log_open(struct cmd *cmd, struct ccg_log **logp);

/**
 * log_open_partly - open a log, which may have a fault behind its header
 * @cmd: the command, with READ_OPTS
 * @logp: set to the log; ccg_log_fault() has the fault
 *
 * Return: as log_open().
 */
int log_open_partly(struct cmd *cmd, struct ccg_log **logp);

/**
 * log_note_quirks - print notes about the quirks of a log
 * @log: the log
 */
void log_note_quirks(const struct ccg_log *log);

/**
 * log_note_trees - print notes about the quirks of Device Trees
 * @trees: the Device Trees
 */
void log_note_trees(const struct ccg_trees *trees);

/**
 * log_ripas_blocks - parse the argument of --ripas-blocks
 * @cmd: the command
 * @name: the argument
 * @blocks: set to the block sizes, a mask as in struct cc_rim
 *
 * Return: 0 or the exit status.
 */
int log_ripas_blocks(struct cmd *cmd, const char *name, unsigned int *blocks);

/**
 * log_hex - format bytes in hexadecimal
 * @p: the bytes
 * @len: their number
 *
 * Return: the text; free it with free().
 */
char *log_hex(const uint8_t *p, size_t len);

/**
 * log_json_hex - add bytes in hexadecimal
 * @o: the object
 * @key: the key
 * @p: the bytes
 * @len: their number
 */
void log_json_hex(struct json_object *o, const char *key, const uint8_t *p,
		  size_t len);

/**
 * log_json_match - add how the data of an event compare with its digests
 * @o: the object
 * @m: the result of ccg_log_data_match()
 */
void log_json_match(struct json_object *o, enum ccg_data_match m);

/**
 * log_cell_hex - set a cell of a table to bytes in hexadecimal
 * @t: the table
 * @col: the column
 * @p: the bytes
 * @len: their number
 */
void log_cell_hex(struct out_table *t, size_t col, const uint8_t *p,
		  size_t len);

/**
 * log_json_summary - add the description of a log as a whole
 * @o: the object
 * @log: the log
 */
void log_json_summary(struct json_object *o, const struct ccg_log *log);

#endif /* CCGUEST_CMD_LOG_H */
