/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The group device: what its files share.
 */
#ifndef CCGUEST_DEVICE_H
#define CCGUEST_DEVICE_H

#include <ccguest/auth.h>
#include <ccguest/device.h>

#include "out.h"

/* Options that begin those of both verbs that connect. */
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
		"versions", 0, "RANGE", "of SPDM: 1.2, or 1.0-1.3 (default)" \
	},								\
	[CONN_ASYM] = {							\
		"asym", 0, "LIST", "signature algorithms to offer, default all" \
	},								\
	[CONN_HASH] = {							\
		"hash", 0, "LIST", "hash algorithms to offer, default all" \
	}

enum {
	AUTH_ALL = N_CONN, AUTH_CA, AUTH_SAN, AUTH_VALIDITY, AUTH_REPEAT,
	N_AUTH
};

enum {
	CERTS_SLOT = N_CONN, CERTS_PEM, CERTS_DER, CERTS_FORCE,
	N_CERTS
};

/* device_authenticate.c */
extern const struct opt device_authenticate_opts[N_AUTH];
int device_authenticate(struct cmd *cmd);

/* device_certificates.c */
extern const struct opt device_certificates_opts[N_CERTS];
int device_certificates(struct cmd *cmd);
void device_json_slots(struct json_object *o, const struct ccg_evidence *e);

/**
 * struct connection - a connection to a device, and what is said over it
 * @trust: which certificates are trusted
 * @options: how to authenticate
 * @auth: the connection
 */
struct connection {
	struct ccg_trust *trust;
	struct ccg_auth_options options;
	struct ccg_auth *auth;
};

/* device_connect.c */
int connect_parse_number(struct cmd *cmd, size_t opt, unsigned long low,
			 unsigned long high, unsigned long *n);
int connect_prepare(struct cmd *cmd, struct connection *conn);
int connect_open(struct cmd *cmd, struct connection *conn);
void connect_close(struct connection *conn);
struct json_object *connect_json(const struct cmd *cmd,
				 const struct ccg_auth_result *r);
void connect_failures(const struct cmd *cmd, const struct ccg_evidence *e,
		      int status);
int connect_refuse_options(struct cmd *cmd, size_t first, size_t last);

/* device_out.c */
extern const char *const device_states[];
void device_doe_text(const struct ccg_device *dev, char *text, size_t size);
void device_json_slot(struct json_object *o, int slot);
void device_json_failures(struct json_object *o, const struct ccg_evidence *e);
void device_print_failures(const struct ccg_evidence *e);
struct ccg_evidence *device_evidence(struct cmd *cmd, struct ccg_devices **dp,
				     int *status);

#endif /* CCGUEST_DEVICE_H */
