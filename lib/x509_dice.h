/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Extensions of the DICE architecture: what a certificate says about the
 * software that a device runs. TCG DICE Attestation Architecture 1.1, 6.1.
 */
#ifndef CCGUEST_LIB_X509_DICE_H
#define CCGUEST_LIB_X509_DICE_H

#include "x509_walk.h"

/**
 * enum x509_dice - the extensions
 * @X509_DICE_TCB_INFO: DiceTcbInfo, 2.23.133.5.4.1
 * @X509_DICE_UEID: TcgUeid, 2.23.133.5.4.4
 * @X509_DICE_MULTI_TCB_INFO: DiceTcbInfoSeq, 2.23.133.5.4.5
 */
enum x509_dice {
	X509_DICE_TCB_INFO = 1,
	X509_DICE_UEID = 4,
	X509_DICE_MULTI_TCB_INFO = 5,
};

/**
 * enum x509_tcb_field - fields of DiceTcbInfo, by their tags
 * @X509_TCB_VENDOR: UTF8String
 * @X509_TCB_MODEL: UTF8String
 * @X509_TCB_VERSION: UTF8String
 * @X509_TCB_SVN: INTEGER
 * @X509_TCB_LAYER: INTEGER
 * @X509_TCB_INDEX: INTEGER
 * @X509_TCB_FWIDS: SEQUENCE OF FWID, for x509_next_fwid()
 * @X509_TCB_FLAGS: BIT STRING
 * @X509_TCB_VENDOR_INFO: OCTET STRING
 * @X509_TCB_TYPE: OCTET STRING
 * @X509_TCB_FLAGS_MASK: BIT STRING
 * @X509_TCB_REGISTERS: SEQUENCE OF IntegrityRegister
 * @X509_TCB_FIELDS: number of fields
 */
enum x509_tcb_field {
	X509_TCB_VENDOR,
	X509_TCB_MODEL,
	X509_TCB_VERSION,
	X509_TCB_SVN,
	X509_TCB_LAYER,
	X509_TCB_INDEX,
	X509_TCB_FWIDS,
	X509_TCB_FLAGS,
	X509_TCB_VENDOR_INFO,
	X509_TCB_TYPE,
	X509_TCB_FLAGS_MASK,
	X509_TCB_REGISTERS,
	X509_TCB_FIELDS,
};

/**
 * struct x509_tcb - a DiceTcbInfo
 * @data: contents of each field, or NULL if the field is not there
 * @len: their lengths
 */
struct x509_tcb {
	const u8 *data[X509_TCB_FIELDS];
	size_t len[X509_TCB_FIELDS];
};

/**
 * x509_dice_known - check whether an extension is a well-formed one of DICE
 * @oid: contents of its extnID
 * @oid_len: their length
 * @value: contents of its extnValue
 * @len: their length
 *
 * Return: true if the extension is understood.
 */
bool x509_dice_known(const u8 *oid, size_t oid_len, const u8 *value, size_t len);

/**
 * x509_next_dice - take the next DICE extension of a certificate
 * @cert: certificate
 * @pos: position of the walk, 0 at its start; moved on
 * @kind: set to the kind of the extension
 * @value: set to point to the contents of its extnValue
 * @len: set to their length
 *
 * Return: 0; -ENODATA if there is no other one that is well-formed.
 */
int x509_next_dice(const struct x509_cert *cert, size_t *pos,
		   enum x509_dice *kind, const u8 **value, size_t *len);

/**
 * x509_next_tcb - take the next DiceTcbInfo of an extension
 * @kind: X509_DICE_TCB_INFO or X509_DICE_MULTI_TCB_INFO
 * @value: from x509_next_dice()
 * @len: its length
 * @pos: position of the walk, 0 at its start; moved on
 * @tcb: set
 *
 * Return: 0; -ENODATA if there is no other one; -EBADMSG if it is malformed.
 */
int x509_next_tcb(enum x509_dice kind, const u8 *value, size_t len,
		  size_t *pos, struct x509_tcb *tcb);

/**
 * x509_next_fwid - take the next FWID of a DiceTcbInfo
 * @tcb: from x509_next_tcb()
 * @pos: position of the walk, 0 at its start; moved on
 * @oid: set to point to the contents of hashAlg
 * @oid_len: set to their length
 * @digest: set to point to the digest
 * @digest_len: set to its length
 *
 * Return: 0; -ENODATA if there is no other one; -EBADMSG if it is malformed.
 */
int x509_next_fwid(const struct x509_tcb *tcb, size_t *pos, const u8 **oid,
		   size_t *oid_len, const u8 **digest, size_t *digest_len);

/**
 * x509_ueid - get the identifier of a TcgUeid
 * @value: from x509_next_dice()
 * @len: its length
 * @ueid: set to point to the identifier
 * @ueid_len: set to its length
 *
 * Return: 0; -EBADMSG if it is malformed.
 */
int x509_ueid(const u8 *value, size_t len, const u8 **ueid, size_t *ueid_len);

#endif /* CCGUEST_LIB_X509_DICE_H */
