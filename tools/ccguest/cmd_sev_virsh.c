// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev domain: what virsh tells about a guest, and does with it
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <ccguest/program.h>

#include "cmd_sev_virsh.h"

/* Limit for the length of a name, of a state, or of a report, in bytes. */
#define TEXT_MAX	4096
/* Limit for the length of a host's capabilities in bytes. */
#define XML_MAX		CCG_DOMAIN_MAX
/* The most arguments of a call, with the end. */
#define ARGS_MAX	16

/* Calls virsh with a verb and its arguments, which end with NULL. */
static int call(const struct sev_virsh *v, size_t max, char **textp,
		size_t *lenp, const char *const *args)
{
	const char *argv[ARGS_MAX] = { "virsh" };
	struct ccg_program p = {
		.argv = argv,
		.seconds = v->seconds,
		.max = max,
	};
	char what[64];
	size_t n = 1;

	if (v->uri) {
		argv[n++] = "-c";
		argv[n++] = v->uri;
	}
	while (*args && n < ARGS_MAX - 1)
		argv[n++] = *args++;
	snprintf(what, sizeof(what), "virsh %s", argv[v->uri ? 3 : 1]);
	p.what = what;
	if (!ccg_program_run(v->cmd->ctx, &p, textp, lenp))
		return 0;
	if (ccg_error(v->cmd->ctx)->kind != CCG_UNSUPPORTED)
		return fail(v->cmd);
	out_error("virsh", "is not installed",
		  "install libvirt's client; Debian's package is libvirt-clients");
	return CCG_UNSUPPORTED;
}

/* As call(), for a text of one line: removes blanks at its end. */
static int call_line(const struct sev_virsh *v, char **textp,
		     const char *const *args)
{
	size_t len;
	int status = call(v, TEXT_MAX, textp, &len, args);

	if (status)
		return status;
	while (len && strchr(" \t\r\n", (*textp)[len - 1]))
		(*textp)[--len] = '\0';
	return 0;
}

/* As call(), without a text. */
static int call_silent(const struct sev_virsh *v, const char *const *args)
{
	char *text;
	size_t len;
	int status = call(v, TEXT_MAX, &text, &len, args);

	if (!status)
		free(text);
	return status;
}

/* One of the names may lack the domain. */
static bool is_same_host(const char *a, const char *b)
{
	size_t n = strcspn(a, "."), m = strcspn(b, ".");

	if (!a[n] || !b[m])
		return n == m && !strncasecmp(a, b, n);
	return !strcasecmp(a, b);
}

/* libvirt calls its host by the name of the machine, or by its full name. */
static bool is_own_name(const char *name)
{
	const struct addrinfo hints = { .ai_flags = AI_CANONNAME };
	struct addrinfo *list = NULL;
	char own[256] = "";
	bool same;

	gethostname(own, sizeof(own) - 1);
	same = is_same_host(own, name);
	if (same || getaddrinfo(own, NULL, &hints, &list))
		return same;
	same = list->ai_canonname && is_same_host(list->ai_canonname, name);
	freeaddrinfo(list);
	return same;
}

int sev_virsh_is_local(const struct sev_virsh *v, bool *local)
{
	static const char *const args[] = { "hostname", NULL };
	char *name;
	int status = call_line(v, &name, args);

	if (status)
		return status;
	/* A URI without a host; a host that does not tell its name. */
	*local = (v->uri && strstr(v->uri, ":///")) ||
		 is_same_host(name, "localhost") || is_own_name(name);
	free(name);
	return 0;
}

int sev_virsh_state(const struct sev_virsh *v, enum sev_guest_state *state)
{
	const char *const args[] = { "domstate", "--domain", v->name, NULL };
	char *text;
	int status = call_line(v, &text, args);

	if (status)
		return status;
	if (!strcmp(text, "paused"))
		*state = SEV_GUEST_PAUSED;
	else if (!strcmp(text, "shut off") || !strcmp(text, "crashed"))
		*state = SEV_GUEST_OFF;
	else
		*state = SEV_GUEST_RUNS;
	free(text);
	return 0;
}

int sev_virsh_xml(const struct sev_virsh *v, char **xmlp, size_t *lenp)
{
	const char *const args[] = { "dumpxml", "--domain", v->name, NULL };

	return call(v, XML_MAX, xmlp, lenp, args);
}

int sev_virsh_report(const struct sev_virsh *v, struct ccg_domain_report *r)
{
	const char *const args[] = { "domlaunchsecinfo", "--domain", v->name, NULL };
	char *text;
	size_t len;
	int status = call(v, TEXT_MAX, &text, &len, args);

	if (status)
		return status;
	if (ccg_domain_report_parse(v->cmd->ctx, text, len, r))
		status = fail(v->cmd);
	free(text);
	return status;
}

int sev_virsh_cpu(const struct sev_virsh *v, char cpu[CCG_DOMAIN_CPU_TEXT])
{
	static const char *const args[] = { "capabilities", NULL };
	char *xml;
	size_t len;
	int status = call(v, XML_MAX, &xml, &len, args);

	if (status)
		return status;
	if (ccg_domain_host_cpu(v->cmd->ctx, (uint8_t *)xml, len, cpu))
		status = fail(v->cmd);
	free(xml);
	return status;
}

int sev_virsh_inject(const struct sev_virsh *v, const char *header,
		     const char *payload, const char *address)
{
	const char *const args[] = {
		"domsetlaunchsecstate", "--domain", v->name, "--secrethdr",
		header, "--secret", payload, address ? "--set-address" : NULL,
		address, NULL,
	};

	return call_silent(v, args);
}

int sev_virsh_resume(const struct sev_virsh *v)
{
	const char *const args[] = { "resume", "--domain", v->name, NULL };

	return call_silent(v, args);
}
