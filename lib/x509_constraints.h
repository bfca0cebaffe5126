/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Name constraints; RFC 5280, 4.2.1.10.
 */
#ifndef CCGUEST_LIB_X509_CONSTRAINTS_H
#define CCGUEST_LIB_X509_CONSTRAINTS_H

#include "x509_walk.h"

/*
 * Limit for the comparisons of a name with a subtree, in one chain. A CA with
 * 100 subtrees above five certificates with ten names needs 5,000.
 */
#define X509_COMPARISONS_MAX	65536

/**
 * x509_check_constraints - check that a CA's name constraints can be honoured
 * @ca: certificate
 * @fault: set if the result is not 0
 *
 * Return: 0, also if there are none; -EBADMSG if they are malformed;
 * -EKEYREJECTED if a subtree has a minimum or a maximum.
 */
int x509_check_constraints(const struct x509_cert *ca,
			   struct x509_fault *fault);

/**
 * x509_check_names - check a certificate's names against a CA's constraints
 * @ca: certificate, after x509_check_constraints()
 * @cert: a certificate below @ca
 * @leaf: @cert is the last certificate of the chain
 * @left: comparisons that are left, counted down
 * @fault: set if the result is not 0
 *
 * Names are the subject, its e-mail addresses, and the alternative names. A
 * common name that looks like a DNS name counts as one in a leaf without DNS
 * names among its alternative names. The forms directoryName, dNSName,
 * rfc822Name, uniformResourceIdentifier and iPAddress are compared. A name of
 * another form is refused if a subtree has this form.
 *
 * Return: 0; -EKEYREJECTED if a name is not permitted, or @left is 0; -EBADMSG
 * if a name is malformed.
 */
int x509_check_names(const struct x509_cert *ca, const struct x509_cert *cert,
		     bool leaf, size_t *left, struct x509_fault *fault);

#endif /* CCGUEST_LIB_X509_CONSTRAINTS_H */
