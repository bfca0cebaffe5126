/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ccguest sev domain: what virsh tells about a guest, and does with it
 */
#ifndef CCGUEST_CMD_SEV_VIRSH_H
#define CCGUEST_CMD_SEV_VIRSH_H

#include <ccguest/domain.h>

#include "cli.h"

/**
 * struct sev_virsh - a guest of libvirt
 * @cmd: the command
 * @uri: the connection, or NULL for virsh's default
 * @name: name, UUID or number of the guest
 * @seconds: each call of virsh may take this time
 */
struct sev_virsh {
	struct cmd *cmd;
	const char *uri;
	const char *name;
	unsigned int seconds;
};

/**
 * enum sev_guest_state - state of a guest
 * @SEV_GUEST_OFF: it does not run
 * @SEV_GUEST_PAUSED: it waits
 * @SEV_GUEST_RUNS: it runs, or is in another state
 */
enum sev_guest_state {
	SEV_GUEST_OFF,
	SEV_GUEST_PAUSED,
	SEV_GUEST_RUNS,
};

/*
 * Each of these functions returns 0 or the exit status. Texts are freed with
 * free().
 */
int sev_virsh_is_local(const struct sev_virsh *v, bool *local);
int sev_virsh_state(const struct sev_virsh *v, enum sev_guest_state *state);
int sev_virsh_xml(const struct sev_virsh *v, char **xmlp, size_t *lenp);
int sev_virsh_report(const struct sev_virsh *v, struct ccg_domain_report *r);
int sev_virsh_cpu(const struct sev_virsh *v, char cpu[CCG_DOMAIN_CPU_TEXT]);
int sev_virsh_inject(const struct sev_virsh *v, const char *header,
		     const char *payload, const char *address);
int sev_virsh_resume(const struct sev_virsh *v);

#endif /* CCGUEST_CMD_SEV_VIRSH_H */
