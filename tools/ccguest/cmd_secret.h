/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest secret: its verbs, and functions that several verbs share
 */
#ifndef CCGUEST_CMD_SECRET_H
#define CCGUEST_CMD_SECRET_H

#include <ccguest/secret.h>

#include "cli.h"
#include "out_json.h"

extern const struct verb secret_list;
extern const struct verb secret_show;
extern const struct verb secret_read;
extern const struct verb secret_wipe;
extern const struct verb secret_build;

/**
 * struct secret_choice - the secrets that a verb works on
 * @secrets: the secrets
 * @n: number of @secrets
 */
struct secret_choice {
	const struct ccg_secret **secrets;
	size_t n;
};

/**
 * secret_help - print the names of known GUIDs
 */
void secret_help(void);

/**
 * secret_name - look up the name of a secret
 * @secret: the secret
 *
 * Return: the name of its GUID, or NULL.
 */
const char *secret_name(const struct ccg_secret *secret);

/**
 * secret_open - open the secrets of -F or of this machine
 * @cmd: the command
 * @writable: the caller wipes secrets
 * @sp: set to the secrets; close them with ccg_secrets_close()
 *
 * Return: 0 or the exit status.
 */
int secret_open(struct cmd *cmd, bool writable, struct ccg_secrets **sp);

/**
 * secret_json_source - add the source of the secrets
 * @o: the object
 * @info: description of the secrets
 */
void secret_json_source(struct json_object *o,
			const struct ccg_secrets_info *info);

/**
 * secret_json - add the description of a secret, without its bytes
 * @item: the object
 * @info: description of all secrets
 * @secret: the secret
 */
void secret_json(struct json_object *item, const struct ccg_secrets_info *info,
		 const struct ccg_secret *secret);

/**
 * secret_size_text - format the size of a secret
 * @secret: the secret
 * @text: set to the size, or to "?" for an unknown size
 * @size: size of @text in bytes
 */
void secret_size_text(const struct ccg_secret *secret, char *text, size_t size);

/**
 * secret_notes - print notes about unusual secrets
 * @cmd: the command
 * @s: the secrets
 */
void secret_notes(const struct cmd *cmd, const struct ccg_secrets *s);

/**
 * secret_choose - look up the secrets that the operands name
 * @cmd: the command
 * @s: the secrets
 * @c: set to the secrets, each once; without operands, all secrets that are not
 *     hidden; free @c->secrets with free()
 *
 * Return: 0 or the exit status.
 */
int secret_choose(struct cmd *cmd, struct ccg_secrets *s,
		  struct secret_choice *c);

/**
 * secret_check_output - check that the output may receive the bytes of secrets
 * @cmd: the command
 * @path: path of the file to write, or NULL for standard output
 * @force: the user allows a terminal as standard output
 * @hint: advice for the case that standard output is a terminal
 *
 * Return: 0 or the exit status.
 */
int secret_check_output(struct cmd *cmd, const char *path, bool force,
			const char *hint);

#endif /* CCGUEST_CMD_SECRET_H */
