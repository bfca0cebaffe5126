/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest sev: packets with secrets, for secret build and launch
 */
#ifndef CCGUEST_CMD_SEV_PACKET_H
#define CCGUEST_CMD_SEV_PACKET_H

#include <ccguest/launch.h>
#include <ccguest/secret.h>
#include <ccguest/sev.h>

#include "cli.h"
#include "out_json.h"

/**
 * struct sev_packing - a packet that is being made
 * @cmd: the command
 * @key_files: files with the keys, for the marks
 * @table: the secret table
 * @keys: TEK and TIK, CCG_SEV_KEY_LEN bytes each
 * @measurement: MAC and nonce
 * @area: size of the firmware's secret area in bytes; 0 if it is not known
 * @n_secrets: number of secrets
 * @has_stdin: standard input was read
 * @table_len: length of the secret table in bytes, without padding
 * @items: description of the secrets, for JSON
 * @header: the header
 * @payload: the encrypted secrets
 * @len: length of @payload in bytes
 */
struct sev_packing {
	struct cmd *cmd;
	const char *key_files[CCG_SEV_USE_KEYS];
	struct ccg_build *table;
	uint8_t *keys;
	uint8_t measurement[CCG_SEV_DIGEST_LEN + CCG_SEV_NONCE_LEN];
	size_t area;
	size_t n_secrets;
	bool has_stdin;
	size_t table_len;
	struct json_object *items;
	uint8_t header[CCG_SEV_HEADER_LEN];
	uint8_t *payload;
	size_t len;
};

/**
 * struct sev_key_opts - files with the keys
 * @tik: file with TIK, or NULL
 * @tek: file with TEK, or NULL
 * @tk: file with TEK and TIK, or NULL
 */
struct sev_key_opts {
	const char *tik;
	const char *tek;
	const char *tk;
};

/**
 * sev_check_secret - check the form of an argument with a secret
 * @cmd: the command
 * @arg: the argument
 *
 * Return: 0 or the exit status.
 */
int sev_check_secret(struct cmd *cmd, const char *arg);

/**
 * sev_packing_begin - begin a packet, and read its keys
 * @p: set to the packet; end it with sev_packing_end(), also on failure
 * @cmd: the command
 * @opts: files with the keys
 *
 * Keys that were used before are an error.
 *
 * Return: 0 or the exit status.
 */
int sev_packing_begin(struct sev_packing *p, struct cmd *cmd,
		      const struct sev_key_opts *opts);

/**
 * sev_packing_add - read a secret
 * @p: the packet
 * @arg: GUID:FILE, checked by sev_check_secret()
 *
 * Return: 0 or the exit status.
 */
int sev_packing_add(struct sev_packing *p, const char *arg);

/**
 * sev_packing_fit - note the size of the firmware's secret area
 * @p: the packet
 * @path: the firmware
 * @info: properties of the firmware
 *
 * Return: 0, or the exit status if the firmware has no secret area.
 */
int sev_packing_fit(struct sev_packing *p, const char *path,
		    const struct ccg_launch_info *info);

/**
 * sev_packing_make - make header and payload
 * @p: the packet; the measurement is set
 *
 * Return: 0 or the exit status.
 */
int sev_packing_make(struct sev_packing *p);

/**
 * sev_packing_save - write header and payload, and mark the keys as used
 * @p: the packet, made
 * @purpose: purpose of the packet, for the marks
 * @header: file for the header
 * @payload: file for the payload
 * @raw: write bytes instead of base64
 *
 * Return: 0 or the exit status.
 */
int sev_packing_save(struct sev_packing *p, const char *purpose,
		     const char *header, const char *payload, bool raw);

/**
 * sev_packing_json - add the description of a packet
 * @o: the object
 * @p: the packet
 */
void sev_packing_json(struct json_object *o, const struct sev_packing *p);

/**
 * sev_packing_end - wipe and free what belongs to a packet
 * @p: the packet
 */
void sev_packing_end(struct sev_packing *p);

#endif /* CCGUEST_CMD_SEV_PACKET_H */
