/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy for certificates outside their validity. include/linux/spdm.h
 * includes this header too.
 */
#ifndef CCGUEST_LIB_X509_POLICY_H
#define CCGUEST_LIB_X509_POLICY_H

/**
 * enum x509_validity - policy for certificates outside their validity
 * @X509_VALIDITY_OFF: the validity is not checked
 * @X509_VALIDITY_WARN: the certificate is accepted, with a warning
 * @X509_VALIDITY_ENFORCE: the certificate is refused
 */
enum x509_validity {
	X509_VALIDITY_OFF,
	X509_VALIDITY_WARN,
	X509_VALIDITY_ENFORCE,
};

#endif /* CCGUEST_LIB_X509_POLICY_H */
