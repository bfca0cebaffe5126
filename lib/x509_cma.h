/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of a device in its leaf certificate: that of PCIe r6.1, 6.31.3, and
 * that of DMTF, DSP0274, "Leaf certificate".
 */
#ifndef CCGUEST_LIB_X509_CMA_H
#define CCGUEST_LIB_X509_CMA_H

#include "x509_walk.h"

/**
 * x509_next_cma_name - take the next device name of a certificate
 * @cert: certificate
 * @pos: position of the walk, 0 at its start; moved on
 * @name: set to point to the string, which is not terminated and may hold
 *	  any bytes
 * @len: set to its length
 * @fault: set if the result is -EBADMSG
 *
 * The name is a UTF8String in an otherName 2.23.147. Other names are skipped.
 *
 * Return: 0; -ENODATA if there is no other name; -EBADMSG if the
 * subject alternative name is malformed.
 */
int x509_next_cma_name(const struct x509_cert *cert, size_t *pos,
		       const u8 **name, size_t *len, struct x509_fault *fault);

/**
 * x509_next_dmtf_name - take the next DMTF name of a certificate
 * @cert: certificate
 * @pos: as in x509_next_cma_name()
 * @name: likewise
 * @len: likewise
 * @fault: likewise
 *
 * The name is a UTF8String in an otherName 1.3.6.1.4.1.412.274.1, by convention
 * MANUFACTURER:PRODUCT:SERIAL. Other names are skipped.
 *
 * Return: as x509_next_cma_name().
 */
int x509_next_dmtf_name(const struct x509_cert *cert, size_t *pos,
			const u8 **name, size_t *len, struct x509_fault *fault);

/**
 * x509_check_cma_name - check that a leaf certificate has a device's name
 * @leaf: certificate
 * @want: the name that the device must have
 * @fault: set if the result is not 0
 * @detail: set to the names expected and found, if the result is
 *	    -EKEYREJECTED: escaped, terminated, cut where they do not fit. Without
 *	    a name of PCIe, the DMTF name is the one that was found.
 * @size: of @detail in bytes
 *
 * One of the names in the certificate must be @want, byte for byte.
 *
 * Return: 0; -EKEYREJECTED if no name is @want; -EBADMSG if the subject
 * alternative name is malformed.
 */
int x509_check_cma_name(const struct x509_cert *leaf, const char *want,
			struct x509_fault *fault, char *detail, size_t size);

#endif /* CCGUEST_LIB_X509_CMA_H */
