/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The same device as at the last success: its key, the version of SPDM and the
 * algorithms are compared with those of the last authentication that succeeded.
 */
#ifndef CCGUEST_LIB_SPDM_PIN_H
#define CCGUEST_LIB_SPDM_PIN_H

#include "spdm_msg.h"
#include "x509_walk.h"

/* Length of a SHA-256 digest. */
#define SPDM_PIN_LEN	32

/**
 * enum spdm_pin_policy - the key that must stay the same
 * @SPDM_PIN_OFF: none
 * @SPDM_PIN_LEAF: the key of the leaf, with which the device signs
 * @SPDM_PIN_DEVICE: the key of the device certificate: the leaf of a device with
 *		     DICE changes with its firmware
 */
enum spdm_pin_policy {
	SPDM_PIN_OFF,
	SPDM_PIN_LEAF,
	SPDM_PIN_DEVICE,
};

/**
 * struct spdm_pin - what is compared
 * @version: SPDM_VER_...; 0 if there was no success yet, and nothing else is set
 * @asym: signature algorithm
 * @hash: hash algorithm
 * @leaf: SHA-256 digest of the leaf's subjectPublicKeyInfo
 * @device: the same of the device certificate
 */
struct spdm_pin {
	u8 version;
	const struct spdm_asym *asym;
	const struct spdm_hash *hash;
	u8 leaf[SPDM_PIN_LEN];
	u8 device[SPDM_PIN_LEN];
};

/**
 * spdm_pin_is_device - check whether a certificate is that of a device
 * @cert: certificate
 *
 * DSP0274 1.2.1, 10.6.1, "Device certificate": the certificate has
 * id-DMTF-hardware-identity in the extension id-DMTF-SPDM-extension. Certificates
 * above it are those of the maker, and those below it are made by the device.
 *
 * Return: true if the extension has it, and is well-formed up to it.
 */
bool spdm_pin_is_device(const struct x509_cert *cert);

/**
 * spdm_pin_find - find the certificates whose keys are pinned
 * @certs: a chain, which x509_verify_chain() accepted
 * @len: its length in bytes
 * @anchor: number of its anchor: what is above the anchor is not verified
 * @device: set to the first device certificate from the anchor on; the leaf if
 *	    there is none
 * @leaf: set to the last certificate
 *
 * Return: 0; -EBADMSG if a certificate is malformed.
 */
int spdm_pin_find(const u8 *certs, size_t len, size_t anchor,
		  struct x509_cert *device, struct x509_cert *leaf);

/**
 * spdm_pin_downgrade - check whether a connection is weaker than the last one
 * @pin: of the last success
 * @now: of this connection
 * @fault: set if the result is not 0
 *
 * The version, the strength of the signature algorithm and that of the hash
 * are compared, in this order.
 *
 * Return: 0; -EPROTO if one is less than at the last success.
 */
int spdm_pin_downgrade(const struct spdm_pin *pin, const struct spdm_pin *now,
		       struct spdm_fault *fault);

/**
 * spdm_pin_other - check whether a key is another one than the last one
 * @pin: of the last success
 * @now: of this chain
 * @policy: the key that must stay the same
 * @fault: set if the result is not 0
 *
 * Return: 0; -EKEYREJECTED if the key is another one.
 */
int spdm_pin_other(const struct spdm_pin *pin, const struct spdm_pin *now,
		   enum spdm_pin_policy policy, struct spdm_fault *fault);

#endif /* CCGUEST_LIB_SPDM_PIN_H */
