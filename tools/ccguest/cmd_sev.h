/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest sev: its verbs, and functions that several verbs share
 */
#ifndef CCGUEST_CMD_SEV_H
#define CCGUEST_CMD_SEV_H

#include <ccguest/sev.h>

#include "cli.h"
#include "out_json.h"

extern const struct verb sev_verify;
extern const struct verb sev_session;
extern const struct verb sev_secret_build;
extern const struct verb sev_report_verify;
extern const struct verb sev_idblock_build;
extern const struct verb sev_idblock_show;
extern const struct verb sev_idblock_verify;
extern const struct verb sev_vmsa_build;
extern const struct verb sev_vmsa_show;
extern const struct verb sev_vmsa_update;
extern const struct verb sev_measure;
extern const struct verb sev_validate;
extern const struct verb sev_ok;
extern const struct verb sev_show;
extern const struct verb sev_export;
extern const struct verb sev_generate;
extern const struct verb sev_provision;
extern const struct verb sev_reset;
extern const struct verb sev_rotate;
extern const struct verb sev_args;
extern const struct verb sev_launch;
extern const struct verb sev_domain;

/**
 * sev_picture - print the picture of a certificate chain
 * @v: the result of its verification
 *
 * The picture has the form that users of sevctl know. In a locale without
 * UTF-8, the picture is ASCII.
 */
void sev_picture(const struct ccg_sev_verdict *v);

#endif /* CCGUEST_CMD_SEV_H */
