/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest sev: the result of comparing a launch with a reported value, for
 * validate and launch
 */
#ifndef CCGUEST_CMD_SEV_VERDICT_H
#define CCGUEST_CMD_SEV_VERDICT_H

#include <ccguest/launch.h>

#include "cli.h"
#include "out_json.h"

/* Length of a measurement: MAC and nonce. */
#define SEV_MEASUREMENT_LEN	(CCG_SEV_DIGEST_LEN + CCG_SEV_NONCE_LEN)

/**
 * struct sev_reported - the value that a host reported
 * @bytes: launch digest, or MAC and nonce
 * @len: length of @bytes
 * @value_len: length of the part of @bytes that is compared
 * @is_mac: the value is a MAC
 */
struct sev_reported {
	uint8_t bytes[CCG_SNP_DIGEST_LEN];
	size_t len;
	size_t value_len;
	bool is_mac;
};

/**
 * sev_read_reported - parse the value that a host reported
 * @cmd: the command, with LAUNCH_OPTS
 * @kind: SEV, SEV-ES or SNP
 * @digest: the argument of --digest, or NULL
 * @mac: the argument of --measurement, or NULL
 * @r: set to the value
 *
 * Return: 0 or the exit status.
 */
int sev_read_reported(struct cmd *cmd, enum ccg_launch_kind kind,
		      const char *digest, const char *mac,
		      struct sev_reported *r);

/**
 * sev_use_nonce - take the nonce that comes with a MAC
 * @cmd: the command; --nonce has the nonce that the caller expects
 * @rep: the reported value, a MAC
 * @key: the nonce is set
 *
 * Return: 0 or the exit status.
 */
int sev_use_nonce(const struct cmd *cmd, const struct sev_reported *rep,
		  struct ccg_launch_key *key);

/**
 * sev_verdict - print the result of a comparison
 * @rep: the reported value
 * @r: the result
 *
 * Return: the exit status.
 */
int sev_verdict(const struct sev_reported *rep,
		const struct ccg_launch_result *r);

/**
 * sev_verdict_fail - print the error about a value that differs
 * @rep: the reported value
 * @r: the result
 *
 * Return: the exit status.
 */
int sev_verdict_fail(const struct sev_reported *rep,
		     const struct ccg_launch_result *r);

/**
 * sev_json_verdict - add the result of a comparison
 * @o: the object
 * @rep: the reported value
 * @r: the result
 */
void sev_json_verdict(struct json_object *o, const struct sev_reported *rep,
		      const struct ccg_launch_result *r);

#endif /* CCGUEST_CMD_SEV_VERDICT_H */
