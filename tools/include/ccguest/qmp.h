/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libccguest: QMP, the monitor protocol of QEMU, as far as the launch of a guest
 * with SEV needs it.
 *
 * The host is not trusted. Each answer has a time limit. A line has 1 MiB at
 * most.
 */
#ifndef LIBCCGUEST_QMP_H
#define LIBCCGUEST_QMP_H

#include <ccguest/ctx.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Size of the name of a state, in bytes, including the terminating NUL. */
#define CCG_QMP_STATE	32

/**
 * struct ccg_qmp_version - version of QEMU
 * @major: major version
 * @minor: minor version
 * @micro: micro version
 */
struct ccg_qmp_version {
	unsigned int major;
	unsigned int minor;
	unsigned int micro;
};

/**
 * struct ccg_qmp_status - state of the guest
 * @running: the virtual CPUs run
 * @state: name of the state, such as "prelaunch": lower-case letters, digits and
 *	   hyphens
 */
struct ccg_qmp_status {
	bool running;
	char state[CCG_QMP_STATE];
};

/**
 * struct ccg_qmp_sev - SEV of the guest
 * @enabled: SEV is enabled
 * @snp: the guest is a SNP guest
 * @api_major: version of the platform's API
 * @api_minor: version of the platform's API
 * @build: build of the platform's firmware
 * @policy: policy of the guest; 32 bits without SNP
 * @state: state of the launch, such as "launch-secret": lower-case letters,
 *	   digits and hyphens
 */
struct ccg_qmp_sev {
	bool enabled;
	bool snp;
	uint8_t api_major;
	uint8_t api_minor;
	uint8_t build;
	uint64_t policy;
	char state[CCG_QMP_STATE];
};

/**
 * struct ccg_qmp_measurement - the measurement of a launch
 * @bytes: MAC, 32 bytes, and nonce, 16 bytes
 */
struct ccg_qmp_measurement {
	uint8_t bytes[48];
};

/**
 * struct ccg_qmp_packet - a packet with secrets
 * @header: the header
 * @header_len: length of @header in bytes
 * @payload: the encrypted secrets
 * @payload_len: length of @payload in bytes
 * @has_gpa: QEMU must not choose the address
 * @gpa: address in the guest's memory
 */
struct ccg_qmp_packet {
	const uint8_t *header;
	size_t header_len;
	const uint8_t *payload;
	size_t payload_len;
	bool has_gpa;
	uint64_t gpa;
};

/**
 * typedef ccg_qmp_note_fn - a callback that reports commands and events
 * @arg: the argument that was given with the callback
 * @what: "command" or "event"
 * @name: its name: letters, digits, hyphens and underscores
 */
typedef void ccg_qmp_note_fn(void *arg, const char *what, const char *name);

/**
 * struct ccg_qmp_opts - options of a connection
 * @timeout_ms: limit for connecting, and for each answer, in milliseconds
 * @note: reports commands and events; or NULL
 * @arg: first argument of @note
 */
struct ccg_qmp_opts {
	unsigned int timeout_ms;
	ccg_qmp_note_fn *note;
	void *arg;
};

/* A connection to a monitor. */
struct ccg_qmp;

/**
 * ccg_qmp_open - connect to a monitor, and negotiate
 * @ctx: the context
 * @address: "fd:" and the number of a socket that is open; HOST:PORT; or the
 *	     path of a socket, with or without "unix:" in front. A path with a
 *	     colon needs "unix:" or a slash.
 * @opts: the options
 * @version: set to the version that QEMU reports
 * @qp: set to the connection; close it with ccg_qmp_close()
 *
 * Return: 0;
 *  -EINVAL with class CCG_USAGE if @address has another form;
 *  -ETIMEDOUT if there is no greeting in time;
 *  -ECONNRESET if QEMU closes the connection;
 *  -EBADMSG if the greeting is malformed; or another negative errno.
 */
int ccg_qmp_open(struct ccg_ctx *ctx, const char *address,
		 const struct ccg_qmp_opts *opts,
		 struct ccg_qmp_version *version, struct ccg_qmp **qp);

/**
 * ccg_qmp_close - end a connection
 * @q: the connection, or NULL
 */
void ccg_qmp_close(struct ccg_qmp *q);

/**
 * ccg_qmp_query_status - get the state of the guest
 * @q: the connection
 * @status: set to the state
 *
 * Return, of this function and of the following ones: 0;
 *  -EREMOTEIO if QEMU answers with an error; the class is CCG_UNSUPPORTED if
 *  QEMU has no such command, or the guest has no SEV;
 *  -ECANCELED if QEMU reports, before ccg_qmp_cont(), that the guest began to
 *  run, was reset, or ended;
 *  -ETIMEDOUT if there is no answer in time;
 *  -ECONNRESET if QEMU closes the connection;
 *  -EBADMSG if the answer is malformed; or another negative errno.
 *
 * After a failure, the state of the command is not known. -EREMOTEIO means that
 * QEMU refused the command. Use the connection for nothing else then.
 */
int ccg_qmp_query_status(struct ccg_qmp *q, struct ccg_qmp_status *status);

/**
 * ccg_qmp_query_sev - get the state of SEV
 * @q: the connection
 * @sev: set to the state
 *
 * Return: as ccg_qmp_query_status().
 */
int ccg_qmp_query_sev(struct ccg_qmp *q, struct ccg_qmp_sev *sev);

/**
 * ccg_qmp_query_measurement - get the measurement of a launch
 * @q: the connection
 * @m: set to the measurement
 *
 * Return: as ccg_qmp_query_status().
 */
int ccg_qmp_query_measurement(struct ccg_qmp *q, struct ccg_qmp_measurement *m);

/**
 * ccg_qmp_inject - give a packet with secrets to the guest
 * @q: the connection
 * @packet: the packet
 *
 * Return: as ccg_qmp_query_status(). Whatever the result is, the host may have
 * the packet.
 */
int ccg_qmp_inject(struct ccg_qmp *q, const struct ccg_qmp_packet *packet);

/**
 * ccg_qmp_cont - let the guest run
 * @q: the connection
 *
 * Return: as ccg_qmp_query_status().
 */
int ccg_qmp_cont(struct ccg_qmp *q);

#ifdef __cplusplus
}
#endif

#endif /* LIBCCGUEST_QMP_H */
