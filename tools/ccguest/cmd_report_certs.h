/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest report verify: the files that its options name
 */
#ifndef CCGUEST_CMD_REPORT_CERTS_H
#define CCGUEST_CMD_REPORT_CERTS_H

#include <ccguest/report.h>

#include "cli.h"

/**
 * struct report_certs - certificates and revocation lists of several files
 * @all: the certificates of all files; @lists own their members
 * @lists: the certificates of each file
 * @n_lists: number of @lists
 * @crls: the revocation lists, in DER
 * @n_crls: number of @crls
 */
struct report_certs {
	struct ccg_certs all;
	struct ccg_certs **lists;
	size_t n_lists;
	struct ccg_bytes *crls;
	size_t n_crls;
};

/**
 * report_certs_add - read certificates
 * @cmd: the command
 * @c: the certificates are added
 * @path: a file, or a folder with files .der and .pem
 *
 * Return: 0 or the exit status.
 */
int report_certs_add(struct cmd *cmd, struct report_certs *c, const char *path);

/**
 * report_crls_add - read a revocation list
 * @cmd: the command
 * @c: the list is added
 * @path: the file
 *
 * Return: 0 or the exit status.
 */
int report_crls_add(struct cmd *cmd, struct report_certs *c, const char *path);

/**
 * report_certs_free - free certificates and lists
 * @c: certificates and lists, or zeros
 */
void report_certs_free(struct report_certs *c);

/**
 * report_launch_digest - read the launch digest that sev measure wrote
 * @cmd: the command
 * @path: the output of `ccguest sev measure snp`, text or JSON
 * @hex: set to the digest, 96 hexadecimal digits and a NUL
 *
 * Return: 0 or the exit status.
 */
int report_launch_digest(struct cmd *cmd, const char *path, char hex[97]);

#endif /* CCGUEST_CMD_REPORT_CERTS_H */
