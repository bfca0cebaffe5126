// SPDX-License-Identifier: GPL-2.0-only
/*
 * ccguest report get
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <ccguest/file.h>
#include <ccguest/report_get.h>
#include <ccguest/text.h>

#include "cmd_report.h"

enum { GET_NONCE, GET_DATA, GET_LEVEL, GET_PROVIDER, GET_OUTPUT };

static const struct opt get_opts[] = {
	[GET_NONCE] = {
		"nonce", 0, "HEX", "nonce of the verifier, 1 to 64 bytes"
	},
	[GET_DATA] = {
		"data", 0, "FILE", "data for the report, 1 to 64 bytes"
	},
	[GET_LEVEL] = {
		"privlevel", 0, "N", "privilege level (VMPL), 0 to 3"
	},
	[GET_PROVIDER] = {
		"provider", 0, "NAME", "use tsm, sev-guest or azure only"
	},
	[GET_OUTPUT] = {
		"output", 'o', "FILE", "write into FILE, with mode 0600"
	},
};

/* Length of the nonce that this command makes, in bytes. */
#define RANDOM_LEN	32

/**
 * struct data - the data for a report
 * @bytes: the data, followed by zeros
 * @len: length of the data in bytes
 */
struct data {
	uint8_t bytes[CCG_REPORT_DATA_LEN];
	size_t len;
};

/* The signal that ends the command, or 0. */
static volatile sig_atomic_t stop;

/*
 * A signal that arrives just before a system call does not end the call: the
 * alarm does a second later.
 */
static void on_signal(int sig)
{
	if (sig != SIGALRM)
		stop = sig;
	if (stop)
		alarm(1);
}

static const int signals[] = { SIGHUP, SIGINT, SIGTERM, SIGALRM };

/* Without SA_RESTART, so that a signal ends a system call. */
static void catch_signals(void)
{
	const struct sigaction catch = { .sa_handler = on_signal };
	struct sigaction before;

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (!sigaction(signals[i], NULL, &before) &&
		    before.sa_handler != SIG_IGN)
			sigaction(signals[i], &catch, NULL);
}

static void release_signals(void)
{
	const struct sigaction def = { .sa_handler = SIG_DFL };
	struct sigaction before;

	alarm(0);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (!sigaction(signals[i], NULL, &before) &&
		    before.sa_handler == on_signal)
			sigaction(signals[i], &def, NULL);
	/* The caller sees that the signal ended this process. */
	if (stop)
		raise(stop);
}

static int load_data(struct cmd *cmd, const char *path, struct data *d)
{
	uint8_t *buf;
	size_t len;

	if (ccg_file_load(cmd->ctx, path, 1048576, &buf, &len))
		return fail(cmd);
	if (!len || len > sizeof(d->bytes)) {
		ccg_wipe_free(buf, len);
		out_error(path, "expected 1 to 64 bytes",
			  "longer data: give the report its SHA-512");
		return CCG_FAILED;
	}
	memcpy(d->bytes, buf, len);
	d->len = len;
	ccg_wipe_free(buf, len);
	return 0;
}

static int read_data(struct cmd *cmd, struct data *d)
{
	const char *nonce = cmd->opt[GET_NONCE];

	*d = (struct data) {};
	if (nonce && cmd->opt[GET_DATA])
		return usage_error(cmd, "--data", "cannot be used with --nonce");
	if (cmd->opt[GET_DATA])
		return load_data(cmd, cmd->opt[GET_DATA], d);
	if (nonce) {
		if (ccg_unhex(nonce, d->bytes, sizeof(d->bytes), &d->len) ||
		    !d->len)
			return usage_error(cmd, nonce,
					   "--nonce is 1 to 64 bytes in hexadecimal");
		return 0;
	}
	d->len = RANDOM_LEN;
	if (getrandom(d->bytes, d->len, 0) == (ssize_t)d->len)
		return 0;
	out_error("random numbers", strerror(errno), NULL);
	return CCG_FAILED;
}

static int read_request(struct cmd *cmd, const struct data *d,
			struct ccg_report_request *req)
{
	const char *name = cmd->opt[GET_PROVIDER];
	uint64_t level = 0;
	int status;

	*req = (struct ccg_report_request) {
		.data = d->bytes,
		.data_optional = !cmd->opt[GET_NONCE] && !cmd->opt[GET_DATA],
		.privlevel = -1,
		.stop = &stop,
	};
	if (cmd->opt[GET_LEVEL]) {
		status = option_number(cmd, GET_LEVEL, 0, CCG_PRIVLEVEL_MAX,
				       &level);
		if (status)
			return status;
		req->privlevel = level;
	}
	if (!name)
		return 0;
	for (req->source = CCG_SOURCE_TSM; req->source < CCG_N_SOURCES;
	     req->source++)
		if (!strcmp(name, ccg_report_source_name(req->source)))
			return 0;
	return usage_error(cmd, name, "--provider is tsm, sev-guest or azure");
}

static void report_json(struct cmd *cmd, const struct ccg_report_answer *a,
			const char *aux, const char *data)
{
	struct json_object *o = out_json(cmd);

	out_json_str(o, "output", cmd->opt[GET_OUTPUT]);
	out_json_int(o, "size", a->report_len);
	out_json_str(o, "auxiliary", aux);
	out_json_str(o, "source", ccg_report_source_name(a->source));
	out_json_str(o, "provider", a->provider);
	if (a->privlevel >= 0)
		out_json_int(o, "privlevel", a->privlevel);
	else
		out_json_str(o, "privlevel", NULL);
	out_json_str(o, "nonce", data);
	out_json_print(cmd, o);
}

static void report(struct cmd *cmd, const struct ccg_report_answer *a,
		   const char *aux, const struct data *d)
{
	char hex[2 * CCG_REPORT_DATA_LEN + 1];
	const char *data = a->has_data ? hex : NULL;

	ccg_hex(d->bytes, d->len, hex);
	if (cmd->json) {
		report_json(cmd, a, aux, data);
		return;
	}
	out_result("%s: %zu bytes from %s, format %s", cmd->opt[GET_OUTPUT],
		   a->report_len, ccg_report_source_name(a->source),
		   a->provider);
	if (aux)
		out_result("%s: %zu bytes of auxiliary data", aux, a->aux_len);
	/* The verifier needs a nonce that this command made. */
	if (data && !cmd->opt[GET_NONCE] && !cmd->opt[GET_DATA])
		printf("nonce %s\n", data);
}

/* Notes how far the report can prove freshness. */
static void note_nonce(struct cmd *cmd, const struct ccg_report_answer *a)
{
	if (!a->has_data)
		out_note("the report was made at boot and has no nonce");
	else if (!cmd->opt[GET_NONCE] && !cmd->opt[GET_DATA])
		out_note("this guest chose the nonce: a verifier trusts only its own nonce");
}

static int save(struct cmd *cmd, const struct ccg_report_answer *a,
		const struct data *d)
{
	const char *path = cmd->opt[GET_OUTPUT];
	size_t size = strlen(path) + sizeof(".auxblob");
	char *aux = out_alloc(NULL, size);
	const struct ccg_new_file files[] = {
		{ path, a->report, a->report_len },
		{ aux, a->aux, a->aux_len },
	};
	int status = 0;

	snprintf(aux, size, "%s.auxblob", path);
	if (ccg_files_create(cmd->ctx, files, a->aux ? 2 : 1)) {
		status = fail(cmd);
	} else {
		report(cmd, a, a->aux ? aux : NULL, d);
		note_nonce(cmd, a);
	}
	free(aux);
	return status;
}

static int run_get(struct cmd *cmd)
{
	struct ccg_report_request req;
	struct ccg_report_answer a;
	struct data d;
	int status, rc;

	if (!cmd->opt[GET_OUTPUT])
		return usage_error(cmd, "-o", "is required");
	status = read_data(cmd, &d);
	if (!status)
		status = read_request(cmd, &d, &req);
	if (status)
		return status;
	catch_signals();
	rc = ccg_report_get(cmd->ctx, &req, &a);
	release_signals();
	status = rc ? fail(cmd) : save(cmd, &a, &d);
	ccg_report_answer_clear(&a);
	return status;
}

const struct verb report_get = {
	.name = "get",
	.args = "",
	.summary = "Gets an attestation report of this guest",
	.text =
"The report is written as the platform made it, and is not verified. Auxiliary data,\n"
"for SEV-SNP the certificates that the host offers, is written to FILE.auxblob.\n"
"Existing files are not replaced. The nonce is chosen by whoever verifies the\n"
"report. Without --nonce and --data, a random nonce is used and printed.\n",
	.opts = get_opts,
	.n_opts = ARRAY_SIZE(get_opts),
	.run = run_get,
};
