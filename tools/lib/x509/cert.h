/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to libccguest: certificates of a slot, of which some may be
 * malformed.
 */
#ifndef CCGUEST_X509_CERT_H
#define CCGUEST_X509_CERT_H

#include <ccguest/cert.h>
#include <ccguest/ctx.h>

#include "x509_walk.h"

/*
 * Limit for the certificates, and for the files of a directory. A bundle of all
 * public CAs has fewer than 200 certificates.
 */
#define CCG_CERTS_MAX	1024

int ccg_certs_parse_der(struct ccg_ctx *ctx, const char *what,
			const uint8_t *buf, size_t len,
			struct ccg_certs **certsp);

/* dice.c */
int ccg_dice_add(struct ccg_cert *cert, const struct x509_cert *walked);
void ccg_dice_clear(struct ccg_cert *cert);

#endif /* CCGUEST_X509_CERT_H */
