/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest sev domain: the launch of a guest of libvirt
 */
#ifndef CCGUEST_CMD_SEV_DOMAIN_H
#define CCGUEST_CMD_SEV_DOMAIN_H

#include <ccguest/domain.h>

#include "cli.h"
#include "cmd_sev_launch.h"
#include "cmd_sev_virsh.h"
#include "out_json.h"

/* The options that follow LAUNCH_OPTS. */
enum {
	DOMAIN_DIGEST = N_LAUNCH, DOMAIN_MEASUREMENT, DOMAIN_CONNECT,
	DOMAIN_TEK, DOMAIN_TK, DOMAIN_SECRET, DOMAIN_HEADER, DOMAIN_PAYLOAD,
	DOMAIN_GPA, DOMAIN_TRUST_XML, DOMAIN_INSECURE,
	DOMAIN_IGNORE_CONFIG, DOMAIN_TIMEOUT,
};

/**
 * struct sev_domain - a guest of libvirt, and its launch
 * @cmd: the command
 * @source: the operand
 * @virsh: the guest; its name is NULL if the operand is a file
 * @is_local: this machine is the host
 * @xml: the description
 * @info: its contents
 * @report: what the host reports
 * @told: the command, with the options that come from @xml and from @report
 * @made: texts of @told
 * @n_made: number of @made
 * @kind: SEV, SEV-ES or SNP
 * @doubts: what the measurement does not prove, for JSON
 * @n_doubts: their number
 */
struct sev_domain {
	struct cmd *cmd;
	const char *source;
	struct sev_virsh virsh;
	bool is_local;
	struct ccg_domain *xml;
	const struct ccg_domain_info *info;
	struct ccg_domain_report report;
	struct cmd told;
	char *made[8];
	size_t n_made;
	enum ccg_launch_kind kind;
	struct json_object *doubts;
	size_t n_doubts;
};

/**
 * sev_domain_read - read the description, and what the host reports
 * @d: the guest; @cmd, @source and @virsh are set; end it with
 *     sev_domain_end(), also on failure
 *
 * Return: 0 or the exit status.
 */
int sev_domain_read(struct sev_domain *d);

/**
 * sev_domain_describe - derive the launch
 * @d: the guest, read; @told and @kind are set
 *
 * Return: 0, or the exit status if the launch can not be verified.
 */
int sev_domain_describe(struct sev_domain *d);

/**
 * sev_domain_end - free what belongs to a guest
 * @d: the guest
 */
void sev_domain_end(struct sev_domain *d);

#endif /* CCGUEST_CMD_SEV_DOMAIN_H */
