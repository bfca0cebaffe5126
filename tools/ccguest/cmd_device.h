/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest device: its verbs, and functions that several verbs share
 */
#ifndef CCGUEST_CMD_DEVICE_H
#define CCGUEST_CMD_DEVICE_H

#include <ccguest/device.h>
#include <ccguest/measure.h>

#include "cli.h"
#include "out_json.h"

extern const struct verb device_list;
extern const struct verb device_show;
extern const struct verb device_authenticate;
extern const struct verb device_certificates;
extern const struct verb device_watch;
extern const struct verb device_measurements;
extern const struct verb device_evidence_verb;
extern const struct verb device_verify;

/* The names of enum ccg_device_state; NULL for CCG_DEVICE_PLAIN. */
extern const char *const device_states[];
/* The names of enum ccg_proof; NULL for CCG_PROOF_NONE. */
extern const char *const device_proofs[];
/* The colours of these names. */
extern const enum out_color device_colors[];
/* The names of enum ccg_cert_time. */
extern const char *const device_cert_times[];

/**
 * device_has_doe - find out whether a device has a DOE mailbox
 * @dev: the device
 *
 * Return: true if a mailbox is known.
 */
bool device_has_doe(const struct ccg_device *dev);

/**
 * device_doe_text - list the protocols that the mailboxes of a device support
 * @dev: the device
 * @text: set to the list
 * @size: size of @text in bytes
 *
 * All kernels find the mailbox for CMA, also kernels that do not list the
 * protocols. The function does not query the mailbox: a query could disturb the
 * kernel.
 */
void device_doe_text(const struct ccg_device *dev, char *text, size_t size);

/**
 * device_json_hex - add a number in hexadecimal, as a string
 * @o: the object
 * @key: the key
 * @n: the number
 * @width: number of digits
 */
void device_json_hex(struct json_object *o, const char *key, unsigned int n,
		     int width);

/**
 * device_json - add the description of a device
 * @o: the object
 * @dev: the device
 */
void device_json(struct json_object *o, const struct ccg_device *dev);

/**
 * device_json_slot - add the number of a slot
 * @o: the object
 * @slot: the slot; -1 for null
 */
void device_json_slot(struct json_object *o, int slot);

/**
 * device_json_proof - add what a device proved, trusted or not
 * @o: the object
 * @e: the evidence of the device
 */
void device_json_proof(struct json_object *o, const struct ccg_evidence *e);

/**
 * device_json_failures - add the failures of an authentication
 * @o: the object
 * @e: the evidence of the authentication
 */
void device_json_failures(struct json_object *o, const struct ccg_evidence *e);

/**
 * device_print_failures - print the failures of an authentication as a table
 * @e: the evidence of the authentication
 */
void device_print_failures(const struct ccg_evidence *e);

/**
 * device_json_slots - add the certificates in the slots of a device
 * @o: the object
 * @e: the evidence of the device
 */
void device_json_slots(struct json_object *o, const struct ccg_evidence *e);

/**
 * device_print_verdict - print whether a device is authenticated
 * @what: name of the device
 * @authenticated: whether it is authenticated
 *
 * The caller prints the end of the line.
 */
void device_print_verdict(const char *what, bool authenticated);

/**
 * device_json_bytes - add bytes in hexadecimal
 * @o: the object
 * @key: the key
 * @p: the bytes
 * @len: their number
 */
void device_json_bytes(struct json_object *o, const char *key,
		       const uint8_t *p, size_t len);

/**
 * device_json_measurements - add measurements
 * @o: the object
 * @m: the measurements
 *
 * Adds the members measurement_hash, changed and measurements.
 */
void device_json_measurements(struct json_object *o,
			      const struct ccg_measurements *m);

/**
 * device_print_measurements - print measurements as a table
 * @m: the measurements
 */
void device_print_measurements(const struct ccg_measurements *m);

/**
 * device_nonce - parse the nonce of a verifier
 * @cmd: the command
 * @text: the argument of --nonce
 * @nonce: set to the nonce, CCG_NONCE_LEN bytes
 *
 * Return: 0 or the exit status.
 */
int device_nonce(struct cmd *cmd, const char *text, uint8_t *nonce);

/**
 * device_evidence - get the kernel's evidence of the device that the user named
 * @cmd: the command
 * @dp: set to the device; free it with ccg_devices_free()
 * @status: set to the exit status on failure
 *
 * Return: the evidence, free it with ccg_evidence_free(); NULL on failure.
 */
struct ccg_evidence *device_evidence(struct cmd *cmd, struct ccg_devices **dp,
				     int *status);

#endif /* CCGUEST_CMD_DEVICE_H */
