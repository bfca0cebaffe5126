/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest device, with --connect: functions that several verbs share
 */
#ifndef CCGUEST_CMD_DEVICE_CONNECT_H
#define CCGUEST_CMD_DEVICE_CONNECT_H

#include <ccguest/auth.h>
#include <ccguest/device.h>
#include <ccguest/policy.h>

#include "cmd_device.h"

/* The first options of these verbs. */
enum {
	CONN_CONNECT, CONN_TIMEOUT, CONN_VERSIONS, CONN_ASYM, CONN_HASH,
	N_CONN
};

#define DEVICE_CONNECT_OPTS						\
	[CONN_CONNECT] = {						\
		"connect", 0, "HOST:PORT", "where an SPDM responder listens" \
	},								\
	[CONN_TIMEOUT] = {						\
		"timeout", 0, "SECONDS", "give up after this time, default 30" \
	},								\
	[CONN_VERSIONS] = {						\
		"versions", 0, "RANGE", "versions of SPDM: 1.2, or 1.0-1.4 (default)" \
	},								\
	[CONN_ASYM] = {							\
		"asym", 0, "LIST", "signature algorithms to offer, default all" \
	},								\
	[CONN_HASH] = {							\
		"hash", 0, "LIST", "hash algorithms to offer, default all" \
	}

/* The next options of authenticate and measurements. */
enum {
	AUTH_CA = N_CONN, AUTH_SAN, AUTH_VALIDITY, AUTH_POLICY, AUTH_BDF, AUTH_ID,
	N_TRUST
};

#define DEVICE_TRUST_OPTS						\
	[AUTH_CA] = {							\
		"ca", 0, "FILE", "trust certificates in FILE, DER or PEM; repeatable" \
	},								\
	[AUTH_SAN] = {							\
		"san", 0, "NAME", "the name that the device must have"	\
	},								\
	[AUTH_VALIDITY] = {						\
		"validity", 0, "WHAT", "check of validity: off, warn (default) or enforce" \
	},								\
	[AUTH_POLICY] = {						\
		"policy", 0, "FILE", "the rule of FILE for the device decides on names" \
	},								\
	[AUTH_BDF] = {							\
		"bdf", 0, "BDF", "address of the device, for --policy"	\
	},								\
	[AUTH_ID] = {							\
		"id", 0, "ID", "VENDOR:DEVICE[:SUBVENDOR:SUBDEVICE] of the device, for --policy" \
	}

/* The other options of authenticate. */
enum { AUTH_REPEAT = N_TRUST, AUTH_ALL };

/**
 * struct connection - a connection to a device
 * @trust: the trusted certificates
 * @policy: the policy, or NULL
 * @rule: rule of the policy for the device, if @options names it
 * @options: the options of the authentication
 * @auth: the requester, or NULL
 */
struct connection {
	struct ccg_trust *trust;
	struct ccg_policy *policy;
	struct ccg_rule rule;
	struct ccg_auth_options options;
	struct ccg_auth *auth;
};

/**
 * connect_prepare - parse the options that all these verbs have
 * @cmd: the command
 * @conn: set; close it with connect_close(), also on failure
 *
 * Return: 0 or the exit status.
 */
int connect_prepare(struct cmd *cmd, struct connection *conn);

/**
 * connect_algorithms - parse the options about versions and algorithms
 * @cmd: the command
 * @o: the options of an authentication, set to the defaults
 *
 * Return: 0 or the exit status.
 */
int connect_algorithms(struct cmd *cmd, struct ccg_auth_options *o);

/**
 * connect_trust - parse the options about trust
 * @cmd: the command
 * @conn: the connection that connect_prepare() set
 *
 * Return: 0 or the exit status.
 */
int connect_trust(struct cmd *cmd, struct connection *conn);

/**
 * connect_open - connect to the device
 * @cmd: the command
 * @conn: the connection that connect_prepare() set
 *
 * Return: 0 or the exit status.
 */
int connect_open(struct cmd *cmd, struct connection *conn);

/**
 * connect_close - close a connection
 * @conn: the connection that connect_prepare() set, open or not
 */
void connect_close(struct connection *conn);

/**
 * connect_json - start the object that a verb prints
 * @cmd: the command
 * @r: result of the authentication
 *
 * Return: the object, with the members that all these verbs print.
 */
struct json_object *connect_json(const struct cmd *cmd,
				 const struct ccg_auth_result *r);

/**
 * connect_json_result - add the result of an authentication
 * @cmd: the command
 * @o: the object
 * @r: result of the authentication
 */
void connect_json_result(const struct cmd *cmd, struct json_object *o,
			 const struct ccg_auth_result *r);

/**
 * connect_text - print the details of an authentication
 * @r: result of the authentication
 */
void connect_text(const struct ccg_auth_result *r);

/**
 * connect_verdict - print the failures of an authentication, and what helps
 * @cmd: the command
 * @r: result of the authentication
 * @status: exit status
 */
void connect_verdict(const struct cmd *cmd, const struct ccg_auth_result *r,
		     int status);

/**
 * connect_failures - print the failures of an authentication, one line each
 * @cmd: the command
 * @e: the evidence of the device
 * @status: exit status; if it is not 0 and @e has no failure, the function
 *	    prints the library's last error
 */
void connect_failures(const struct cmd *cmd, const struct ccg_evidence *e,
		      int status);

/**
 * connect_refuse_options - refuse options that need --connect
 * @cmd: the command, without --connect
 * @first: index of the first such option among the verb's own options
 * @last: index of the last one
 *
 * Return: 0 or the exit status.
 */
int connect_refuse_options(struct cmd *cmd, size_t first, size_t last);

/**
 * device_authenticate_connected - authenticate the device of --connect
 * @cmd: the command
 *
 * Return: the exit status.
 */
int device_authenticate_connected(struct cmd *cmd);

#endif /* CCGUEST_CMD_DEVICE_CONNECT_H */
