/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The group device: what its files share.
 */
#ifndef CCGUEST_DEVICE_H
#define CCGUEST_DEVICE_H

#include "command.h"

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

enum { AUTH_ALL = N_CONN, AUTH_CA, AUTH_SAN, AUTH_VALIDITY, AUTH_REPEAT };
enum { CERTS_SLOT = N_CONN, CERTS_PEM, CERTS_DER, CERTS_FORCE };

int device_authenticate_connect(struct cmd *cmd);
int device_certificates_connect(struct cmd *cmd);

#endif /* CCGUEST_DEVICE_H */
