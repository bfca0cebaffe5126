// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest sev launch: the owner's part of a launch, over QMP
 *
 * Each step must succeed before the next one. The keys are marked as used
 * before the packet is sent: whatever the host does then, no second packet is
 * made with them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ccguest/launch.h>
#include <ccguest/qmp.h>
#include <ccguest/sev.h>
#include <ccguest/text.h>

#include "cmd_sev.h"
#include "cmd_sev_launch.h"
#include "cmd_sev_packet.h"
#include "cmd_sev_verdict.h"

enum {
	LAUNCH_QMP = N_LAUNCH, LAUNCH_TIMEOUT, LAUNCH_TEK, LAUNCH_TK,
	LAUNCH_SECRET, LAUNCH_GPA, LAUNCH_DRY_RUN,
};

static const struct opt launch_opts[] = {
	LAUNCH_OPTS,
	[LAUNCH_QMP] = {
		"qmp", 0, "ADDRESS",
		"QEMU's monitor: PATH of a socket, HOST:PORT, or fd:N"
	},
	[LAUNCH_TIMEOUT] = {
		"timeout", 0, "SECONDS", "limit for each answer; default 30"
	},
	[LAUNCH_TEK] = { "tek", 0, "FILE", "Transport Encryption Key" },
	[LAUNCH_TK] = { "tk", 0, "FILE", "both keys, TEK and TIK" },
	[LAUNCH_SECRET] = {
		"secret", 0, "GUID:FILE",
		"inject this secret; may be repeated; GUID may be a known name"
	},
	[LAUNCH_GPA] = {
		"gpa", 0, "ADDRESS",
		"inject at this address; default: the firmware's secret area"
	},
	[LAUNCH_DRY_RUN] = {
		"dry-run", 0, NULL, "show each step, and inject nothing"
	},
};

#define TIMEOUT_DEFAULT	30
/**
 * struct launching - a launch that is going on
 * @cmd: the command
 * @qmp: the monitor
 * @version: version of QEMU
 * @guest: state of the guest
 * @sev: state of SEV
 * @expected: --api, --build and --nonce, if they were given
 * @gpa: --gpa
 * @kind: technology that protects the guest
 * @opts: description of the launch
 * @launch: the launch, or NULL
 * @packing: the packet with secrets
 * @reported: the measurement
 * @result: result of the comparison
 * @compared: @result is set
 * @sent: the packet was sent
 * @injected: QEMU injected the packet
 */
struct launching {
	struct cmd *cmd;
	struct ccg_qmp *qmp;
	struct ccg_qmp_version version;
	struct ccg_qmp_status guest;
	struct ccg_qmp_sev sev;
	struct ccg_launch_key expected;
	uint64_t gpa;
	enum ccg_launch_kind kind;
	struct ccg_launch_opts opts;
	struct ccg_launch *launch;
	struct sev_packing packing;
	struct sev_reported reported;
	struct ccg_launch_result result;
	bool compared;
	bool sent;
	bool injected;
};

/* ---- before the connection ---- */

/* Options of SEV and SEV-ES, which SNP does not have. */
static const int secret_opts[] = {
	LAUNCH_TIK, LAUNCH_TEK, LAUNCH_TK, LAUNCH_SECRET, LAUNCH_GPA,
	LAUNCH_API, LAUNCH_BUILD, LAUNCH_NONCE,
};

static int parse_numbers(struct launching *l)
{
	struct ccg_launch_key *e = &l->expected;
	struct cmd *cmd = l->cmd;
	const char *nonce = cmd->opt[LAUNCH_NONCE];
	uint64_t build = 0;
	int status;

	if (nonce && !sev_bytes(nonce, e->nonce, sizeof(e->nonce)))
		return usage_error(cmd, nonce,
				   "a nonce has 16 bytes, in hex or base64");
	status = sev_parse_number(cmd, LAUNCH_GPA, UINT64_MAX, &l->gpa);
	if (!status)
		status = sev_parse_number(cmd, LAUNCH_BUILD, UINT8_MAX, &build);
	if (!status && cmd->opt[LAUNCH_API])
		status = sev_parse_api(cmd, &e->api_major, &e->api_minor);
	e->build = build;
	return status;
}

static int check_args(struct launching *l)
{
	struct cmd *cmd = l->cmd;
	int status = parse_numbers(l);

	if (status)
		return status;
	if (!cmd->opt[LAUNCH_QMP])
		return usage_error(cmd, "--qmp", "is required");
	if (!cmd->opt[LAUNCH_FIRMWARE])
		return usage_error(cmd, "--firmware", "is required");
	if (cmd->argc)
		status = sev_kind_parse(cmd, cmd->argv[0], &l->kind);
	if (status)
		return status;
	if (cmd->argc && l->kind == CCG_LAUNCH_SNP) {
		for (size_t i = 0; i < ARRAY_SIZE(secret_opts); i++)
			if (cmd->opt[secret_opts[i]])
				return sev_bad_option(cmd, secret_opts[i],
						      "is not for SNP: a SNP guest gets no secrets at launch");
		return 0;
	}
	if (!cmd->opt[LAUNCH_SECRET])
		return usage_error(cmd, "--secret", "is required");
	for (size_t i = 0; !status && i < cmd->n_given; i++)
		if (cmd->given[i].opt == LAUNCH_SECRET)
			status = sev_check_secret(cmd, cmd->given[i].arg);
	return status;
}

/* Reads the files that describe the launch. */
static int open_launch(struct launching *l)
{
	struct cmd *cmd = l->cmd;
	const char *policy = cmd->opt[LAUNCH_POLICY];
	int status;

	if (l->launch)
		return 0;
	/* A policy of SNP is checked here, but is not a part of its digest. */
	if (l->kind == CCG_LAUNCH_SNP)
		cmd->opt[LAUNCH_POLICY] = NULL;
	status = sev_kind_opts(cmd, l->kind);
	cmd->opt[LAUNCH_POLICY] = policy;
	return status ? status :
	       sev_launch_open_kind(cmd, l->kind, false, &l->opts, &l->launch);
}

static int read_secrets(struct launching *l)
{
	struct cmd *cmd = l->cmd;
	const struct sev_key_opts keys = {
		cmd->opt[LAUNCH_TIK], cmd->opt[LAUNCH_TEK], cmd->opt[LAUNCH_TK],
	};
	int status;

	if (!cmd->opt[LAUNCH_SECRET])
		return 0;
	status = sev_packing_begin(&l->packing, cmd, &keys);
	for (size_t i = 0; !status && i < cmd->n_given; i++)
		if (cmd->given[i].opt == LAUNCH_SECRET)
			status = sev_packing_add(&l->packing, cmd->given[i].arg);
	return status;
}

/* ---- questions ---- */

__printf(2, 3)
static void say(const struct launching *l, const char *fmt, ...)
{
	char *text;
	va_list ap;

	if (l->cmd->json)
		return;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		out_no_memory();
	va_end(ap);
	out_result("%s", text);
	/* The next step may take time. */
	fflush(stdout);
	free(text);
}

static void print_note(void *arg, const char *what, const char *name)
{
	const struct launching *l = arg;

	if (l->cmd->verbose)
		out_note("%s: %s %s", l->cmd->opt[LAUNCH_QMP], what, name);
}

static int open_monitor(struct launching *l)
{
	struct cmd *cmd = l->cmd;
	uint64_t seconds = TIMEOUT_DEFAULT;
	struct ccg_qmp_opts opts = { .note = print_note, .arg = l };
	int status = option_number(cmd, LAUNCH_TIMEOUT, 1, TIMEOUT_MAX, &seconds);

	if (status)
		return status;
	opts.timeout_ms = seconds * 1000;
	if (ccg_qmp_open(cmd->ctx, cmd->opt[LAUNCH_QMP], &opts, &l->version,
			 &l->qmp))
		return fail(cmd);
	say(l, "%s: QEMU %u.%u.%u", cmd->opt[LAUNCH_QMP], l->version.major,
	    l->version.minor, l->version.micro);
	return 0;
}

__printf(4, 5)
static int failed(const char *what, const char *hint, enum ccg_class kind,
		  const char *fmt, ...)
{
	char why[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	out_error(what, why, hint);
	return kind;
}

static int ask_status(struct launching *l)
{
	if (ccg_qmp_query_status(l->qmp, &l->guest))
		return fail(l->cmd);
	if (l->guest.running || (strcmp(l->guest.state, "prelaunch") &&
				 strcmp(l->guest.state, "paused")))
		return failed(l->cmd->opt[LAUNCH_QMP],
			      "start QEMU with -S: the guest waits then", CCG_FAILED,
			      "the guest is not paused: its state is %s",
			      l->guest.state);
	say(l, "guest: paused (%s)", l->guest.state);
	return 0;
}

/* The kind of the guest; the operand says which kind the owner expects. */
static int take_kind(struct launching *l)
{
	enum ccg_launch_kind kind = CCG_LAUNCH_SNP;

	if (!l->sev.snp)
		kind = l->sev.policy & CCG_SEV_POLICY_ES ? CCG_LAUNCH_SEV_ES :
							   CCG_LAUNCH_SEV;
	if (l->cmd->argc && kind != l->kind)
		return failed(l->cmd->opt[LAUNCH_QMP], NULL, CCG_UNVERIFIED,
			      "expected a guest with %s, found one with %s",
			      sev_kind_name(l->kind), sev_kind_name(kind));
	l->kind = kind;
	return 0;
}

/* The policy of SNP is a number of 64 bits, without names. */
static int check_policy(struct launching *l)
{
	struct cmd *cmd = l->cmd;
	uint64_t policy = 0;
	uint32_t low = 0;
	int status = 0;

	if (!cmd->opt[LAUNCH_POLICY])
		return 0;
	if (l->kind == CCG_LAUNCH_SNP)
		status = sev_parse_number(cmd, LAUNCH_POLICY, UINT64_MAX, &policy);
	else if (ccg_sev_policy_parse(cmd->ctx, cmd->opt[LAUNCH_POLICY], &low))
		return fail(cmd);
	policy |= low;
	if (status || policy == l->sev.policy)
		return status;
	return failed(cmd->opt[LAUNCH_QMP], NULL, CCG_UNVERIFIED,
		      "expected policy 0x%llx, found 0x%llx",
		      (unsigned long long)policy,
		      (unsigned long long)l->sev.policy);
}

static int check_version(struct launching *l)
{
	const struct ccg_launch_key *e = &l->expected;
	const struct ccg_qmp_sev *sev = &l->sev;
	struct cmd *cmd = l->cmd;

	if (cmd->opt[LAUNCH_API] && (e->api_major != sev->api_major ||
				     e->api_minor != sev->api_minor))
		return failed(cmd->opt[LAUNCH_QMP], NULL, CCG_UNVERIFIED,
			      "expected API %u.%u, found %u.%u", e->api_major,
			      e->api_minor, sev->api_major, sev->api_minor);
	if (cmd->opt[LAUNCH_BUILD] && e->build != sev->build)
		return failed(cmd->opt[LAUNCH_QMP], NULL, CCG_UNVERIFIED,
			      "expected build %u, found %u", e->build, sev->build);
	return 0;
}

static void say_sev(const struct launching *l)
{
	char names[CCG_SEV_POLICY_TEXT];

	ccg_sev_policy_text(l->sev.policy, names);
	if (l->kind == CCG_LAUNCH_SNP)
		say(l, "snp: policy 0x%llx", (unsigned long long)l->sev.policy);
	else
		say(l, "%s: API %u.%u, build %u, policy 0x%llx: %s",
		    sev_kind_name(l->kind), l->sev.api_major, l->sev.api_minor,
		    l->sev.build, (unsigned long long)l->sev.policy, names);
}

static int ask_sev(struct launching *l)
{
	int status;

	if (ccg_qmp_query_sev(l->qmp, &l->sev))
		return fail(l->cmd);
	if (!l->sev.enabled)
		return failed(l->cmd->opt[LAUNCH_QMP],
			      "start QEMU with -object sev-guest,id=sev0,... -machine memory-encryption=sev0 -S",
			      CCG_UNSUPPORTED, "SEV is not enabled for this guest");
	status = take_kind(l);
	if (!status)
		status = check_policy(l);
	if (!status)
		status = check_version(l);
	if (status)
		return status;
	say_sev(l);
	if (l->sev.snp || !strcmp(l->sev.state, "launch-secret"))
		return 0;
	return failed(l->cmd->opt[LAUNCH_QMP],
		      "secrets are injected after the measurement, before the guest runs for the first time",
		      CCG_FAILED,
		      "the state of SEV is %s instead of launch-secret",
		      l->sev.state);
}

/* ---- validation ---- */

static int ask_measurement(struct launching *l)
{
	struct ccg_qmp_measurement m;

	if (ccg_qmp_query_measurement(l->qmp, &m))
		return fail(l->cmd);
	l->reported = (struct sev_reported) {
		.len = sizeof(m.bytes),
		.value_len = CCG_SEV_DIGEST_LEN,
		.is_mac = true,
	};
	memcpy(l->reported.bytes, m.bytes, sizeof(m.bytes));
	memcpy(l->packing.measurement, m.bytes, sizeof(m.bytes));
	return 0;
}

static int validate(struct launching *l)
{
	struct cmd *cmd = l->cmd;
	struct ccg_launch_key key = {
		.api_major = l->sev.api_major,
		.api_minor = l->sev.api_minor,
		.build = l->sev.build,
		.policy = l->sev.policy,
		.tik = l->packing.keys + CCG_SEV_KEY_LEN,
	};
	int status;

	memcpy(key.nonce, l->expected.nonce, sizeof(key.nonce));
	status = sev_use_nonce(cmd, &l->reported, &key);
	if (status)
		return status;
	if (ccg_launch_compare(l->launch, &key, l->reported.bytes, &l->result))
		return fail(cmd);
	l->compared = true;
	if (!cmd->json)
		return sev_verdict(&l->reported, &l->result);
	return l->result.matches ? 0 : sev_verdict_fail(&l->reported, &l->result);
}

/* ---- injection ---- */

static int make_packet(struct launching *l)
{
	struct sev_packing *p = &l->packing;
	int status = 0;

	if (!l->cmd->opt[LAUNCH_GPA])
		status = sev_packing_fit(p, l->opts.firmware,
					 ccg_launch_info(l->launch));
	if (!status)
		status = sev_packing_make(p);
	if (!status)
		say(l, "packet: %zu secret%s, %zu bytes encrypted", p->n_secrets,
		    p->n_secrets == 1 ? "" : "s", p->len);
	return status;
}

/* Only one process can mark a key: two launches never share one. */
static int mark_keys(struct launching *l)
{
	const struct sev_packing *p = &l->packing;
	const struct ccg_sev_use use = {
		.keys = { p->key_files[0], p->key_files[1] },
		.purpose = "ccguest sev launch",
		.measure = p->measurement,
	};

	if (ccg_sev_keys_mark(l->cmd->ctx, &use))
		return fail(l->cmd);
	for (size_t i = 0; i < ARRAY_SIZE(p->key_files) && p->key_files[i]; i++)
		say(l, "%s: marked as used", p->key_files[i]);
	return 0;
}

static int inject(struct launching *l)
{
	const struct ccg_qmp_packet packet = {
		.header = l->packing.header,
		.header_len = sizeof(l->packing.header),
		.payload = l->packing.payload,
		.payload_len = l->packing.len,
		.has_gpa = l->cmd->opt[LAUNCH_GPA],
		.gpa = l->gpa,
	};
	int status = mark_keys(l);

	if (status)
		return status;
	l->sent = true;
	if (ccg_qmp_inject(l->qmp, &packet))
		return fail(l->cmd);
	l->injected = true;
	say(l, "secrets: injected");
	return 0;
}

static int let_run(struct launching *l)
{
	if (ccg_qmp_cont(l->qmp) || ccg_qmp_query_status(l->qmp, &l->guest))
		return fail(l->cmd);
	if (!l->guest.running)
		return failed(l->cmd->opt[LAUNCH_QMP], NULL, CCG_FAILED,
			      "the guest does not run: its state is %s",
			      l->guest.state);
	say(l, "guest: running");
	return 0;
}

static int refuse_snp(void)
{
	out_error("SNP",
		  "QEMU reports no measurement, and injects no secrets: nothing can be proven before the guest runs",
		  "let the processor check the launch (ccguest sev idblock build), and give secrets after checking the guest's attestation report");
	return CCG_UNSUPPORTED;
}

/* With an operand, no keys and no secrets were given: the options are checked. */
static int check_snp(struct launching *l)
{
	char hex[2 * CCG_SNP_DIGEST_LEN + 1];
	int status = l->cmd->argc ? open_launch(l) : refuse_snp();

	if (status)
		return status;
	if (ccg_launch_digest(l->launch, l->result.value))
		return fail(l->cmd);
	l->compared = true;
	ccg_hex(l->result.value, CCG_SNP_DIGEST_LEN, hex);
	say(l, "launch digest: %s", hex);
	return refuse_snp();
}

static int converse(struct launching *l)
{
	int status = ask_status(l);

	if (!status)
		status = ask_sev(l);
	if (!status && l->kind == CCG_LAUNCH_SNP)
		return check_snp(l);
	if (!status)
		status = open_launch(l);
	if (!status)
		status = ask_measurement(l);
	if (!status)
		status = validate(l);
	if (!status)
		status = make_packet(l);
	if (status)
		return status;
	if (l->cmd->opt[LAUNCH_DRY_RUN]) {
		say(l, "dry run: not injected; the guest is still paused");
		return 0;
	}
	status = inject(l);
	return status ? status : let_run(l);
}

/* Says how far the launch got: whoever reads this has to act. */
static void note_end(const struct launching *l)
{
	if (l->injected)
		out_note("the secrets were injected; look at the guest: it may be paused");
	else if (l->sent)
		out_note("the packet was sent: the host may have it; open a new session");
	else
		out_note("nothing was injected; the guest was not continued");
}

static void print_json(struct launching *l)
{
	struct json_object *o = out_json(l->cmd);
	char text[CCG_SEV_POLICY_TEXT];
	bool snp = l->kind == CCG_LAUNCH_SNP;

	out_json_str(o, "qmp", l->cmd->opt[LAUNCH_QMP]);
	snprintf(text, sizeof(text), "%u.%u.%u", l->version.major,
		 l->version.minor, l->version.micro);
	out_json_str(o, "qemu", text);
	out_json_bool(o, "dry_run", l->cmd->opt[LAUNCH_DRY_RUN]);
	snprintf(text, sizeof(text), "%u.%u", l->sev.api_major, l->sev.api_minor);
	out_json_str(o, "api", text);
	out_json_int(o, "build", l->sev.build);
	out_json_hex(o, "policy", l->sev.policy);
	if (!snp)
		ccg_sev_policy_text(l->sev.policy, text);
	out_json_str(o, "policy_names", snp ? NULL : text);
	sev_json_launch(o, &l->opts, l->launch);
	if (snp) {
		sev_json_bytes(o, "launch_digest", l->result.value,
			       CCG_SNP_DIGEST_LEN);
	} else {
		sev_json_verdict(o, &l->reported, &l->result);
		sev_packing_json(o, &l->packing);
	}
	if (l->sent && !l->injected)
		out_json_str(o, "injected", NULL);
	else
		out_json_bool(o, "injected", l->injected);
	out_json_bool(o, "running", l->guest.running);
	out_json_print(l->cmd, o);
}

static int run_launch(struct cmd *cmd)
{
	struct launching l = { .cmd = cmd };
	int status = check_args(&l);

	if (!status && cmd->argc)
		status = open_launch(&l);
	if (!status)
		status = read_secrets(&l);
	if (!status)
		status = open_monitor(&l);
	if (!status)
		status = converse(&l);
	if (status && l.qmp)
		note_end(&l);
	if (l.compared && cmd->json)
		print_json(&l);
	ccg_qmp_close(l.qmp);
	ccg_launch_close(l.launch);
	sev_packing_end(&l.packing);
	return status;
}

const struct verb sev_launch = {
	.name = "launch",
	.args = "[sev|sev-es|snp]",
	.summary = "Validates a launch, injects secrets, and lets the guest run",
	.text =
"Speaks QMP with the QEMU of a guest that waits (-S). Any doubt ends the command\n"
"before the injection, and the guest stays paused. API, build and policy come\n"
"from QEMU; options give the expected ones. The keys are used once: the files\n"
"TIK.used and TEK.used mark them before the packet is sent.\n",
	.opts = launch_opts,
	.n_opts = ARRAY_SIZE(launch_opts),
	.max_args = 1,
	.run = run_launch,
};
